"""A lesson that asks the same three times at two temperatures and prints what comes back.

Facts: six requests in all, and whoever runs it reads the answers at once. A batch is a detour.
"""

import anthropic

client = anthropic.Anthropic()

QUESTION = "Name a bakery on a corner. The name and nothing else."

for warmth in (0.0, 1.0):
    names = [
        client.messages.create(
            model="claude-haiku-4-5",
            max_tokens=40,
            temperature=warmth,
            messages=[{"role": "user", "content": QUESTION}],
        )
        .content[0]
        .text
        for _ in range(3)
    ]
    print(warmth, names)
