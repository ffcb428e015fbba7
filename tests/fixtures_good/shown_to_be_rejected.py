"""A request is sent to show that it is rejected; the other one is the one that is wanted."""

import anthropic

client = anthropic.Anthropic()

QUESTION = {"role": "user", "content": "Which of the three warehouses should be closed, and why?"}

try:
    client.messages.create(
        model="claude-opus-5-5",
        max_tokens=8000,
        temperature=0.2,
        messages=[QUESTION],
    )
except anthropic.BadRequestError as error:
    print("a temperature is refused:", error.message)

reply = client.messages.create(model="claude-opus-5-5", max_tokens=8000, messages=[QUESTION])
print(reply.content[0].text)
