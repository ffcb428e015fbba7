"""A request that is counted and never sent.

Facts: counting tokens is free and neither reads nor writes a cache, so a changing text under a
marker costs nothing there.
"""

import anthropic

client = anthropic.Anthropic()
GUIDE = "Answer in the tone of the house. " * 400


def size(question: str, passages: str) -> int:
    counted = client.messages.count_tokens(
        model="claude-sonnet-5-5",
        system=[
            {
                "type": "text",
                "text": f"{GUIDE}\n{passages}",
                "cache_control": {"type": "ephemeral"},
            }
        ],
        messages=[{"role": "user", "content": question}],
    )
    return counted.input_tokens


def watch(store) -> None:
    while True:
        question = input("? ")
        print(size(question, store.similarity_search(question)))
