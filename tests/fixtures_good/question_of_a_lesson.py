"""A lesson on tools: one question that is written out, helpers that take a reply or a list."""

import json
from datetime import datetime

import anthropic
from anthropic.types import Message

client = anthropic.Anthropic()
TOOLS = [
    {
        "name": "clock",
        "description": "The time of day",
        "input_schema": {"type": "object", "properties": {}},
    },
    {
        "name": "note",
        "description": "Leaves a note on the door",
        "input_schema": {
            "type": "object",
            "properties": {"content": {"type": "string", "description": "What the note says"}},
            "required": ["content"],
        },
    },
]


def note(content: str) -> None:
    print(f"On the door: {content}")


def say(messages: list, role: str, said: object) -> None:
    content = said.content if isinstance(said, Message) else said
    messages.append({"role": role, "content": content})


def use(name: str, given: dict) -> object:
    if name == "clock":
        return datetime.now().strftime("%H:%M")
    return note(**given)


def used(reply: Message) -> list:
    blocks = []
    for asked in reply.content:
        if asked.type == "tool_use":
            result = json.dumps(use(asked.name, asked.input))
            blocks.append({"type": "tool_result", "tool_use_id": asked.id, "content": result})
    return blocks


def work(messages: list) -> list:
    while len(messages) < 30:
        reply = client.messages.create(
            model="claude-haiku-4-5-20251001", max_tokens=900, tools=TOOLS, messages=messages
        )
        say(messages, "assistant", reply)
        if reply.stop_reason != "tool_use":
            break
        say(messages, "user", used(reply))
    return messages


talk: list = []
say(talk, "user", "What time is it? Leave a note with the time on the door.")
print(work(talk)[-1])
