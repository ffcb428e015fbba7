"""A conversation about one file, which its first message holds: no result of any length."""

import anthropic

client = anthropic.Anthropic()


def said(text, messages):
    messages = [*messages, {"role": "user", "content": text}]
    reply = client.messages.create(
        model="claude-sonnet-5-5",
        max_tokens=2000,
        cache_control={"type": "ephemeral"},
        messages=messages,
    )
    answer = reply.content[0].text
    return answer, [*messages, {"role": "assistant", "content": answer}]


def improved(path, rounds=3):
    with open(path) as file:
        code = file.read()
    answer, messages = said(f"Improve this:\n{code}", [])
    for _ in range(rounds):
        answer, messages = said("Is there more to improve? Write it again.", messages)
    return answer
