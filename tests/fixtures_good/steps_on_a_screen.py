"""An agent that looks at a screen and says in JSON what to do next.

Facts: fields are read from the reply, but they are the next step of a task, nothing that was taken
out of a text: the model has to understand a picture and to plan. Each step is kept.
"""

import json

from anthropic import Anthropic

client = Anthropic()

TASK = "You steer a computer. Say in JSON what to do next: operation, text, x and y."


def call_with_ocr(messages, picture):
    source = {"type": "base64", "media_type": "image/jpeg", "data": picture}
    messages.append({"role": "user", "content": [{"type": "image", "source": source}]})
    reply = client.messages.create(
        model="claude-opus-4-8", max_tokens=3000, system=TASK, messages=messages
    )
    said = reply.content[0].text
    steps = json.loads(said)
    taken = []
    for step in steps:
        if step.get("operation") == "click":
            taken.append((step["text"], step["x"], step["y"]))
    messages.append({"role": "assistant", "content": said})
    return taken
