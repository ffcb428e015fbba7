"""A marker that the rounds of each question read; between visitors little would be saved."""

import anthropic
from flask import Flask, request

app = Flask(__name__)
client = anthropic.Anthropic()
# stands in for two pages about riddles
MANNERS = "Take different things, and let a child be able to find each of them. " * 80
TOOLS = [
    {
        "name": "look",
        "description": "What is on a shelf",
        "input_schema": {"type": "object", "properties": {"shelf": {"type": "string"}}},
    }
]


def search(question: str, prompt: str) -> str:
    messages = [{"role": "user", "content": question}]
    for _ in range(12):
        reply = client.messages.create(
            model="claude-sonnet-4-6",
            max_tokens=900,
            system=[{"type": "text", "text": prompt, "cache_control": {"type": "ephemeral"}}],
            tools=TOOLS,
            messages=messages,
            cache_control={"type": "ephemeral"},
        )
        if reply.stop_reason == "tool_use":
            messages.append({"role": "assistant", "content": reply.content})
            found = [
                {"type": "tool_result", "tool_use_id": b.id, "content": shelf(b.input["shelf"])}
                for b in reply.content
                if b.type == "tool_use"
            ]
            messages.append({"role": "user", "content": found})
            continue
        break
    return reply.content[-1].text


def shelf(name: str) -> str:
    with open(f"shelves/{name}.txt") as file:
        return file.read()[:2000]


@app.post("/riddles")
def riddles() -> str:
    count = int(request.get_json()["count"])
    prompt = f"""You write riddles about what is on the shelves of this shop.

Write {count} of them. Look at the shelves first. {MANNERS} Never name the thing
itself, and put the answers at the end, in a list of their own with the number of the shelf."""
    return search("Begin.", prompt)
