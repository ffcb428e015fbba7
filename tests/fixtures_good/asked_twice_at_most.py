"""An only tool that is there if it is needed, and may be called twice: mostly it is once."""

import sys
from pathlib import Path

import anthropic

client = anthropic.Anthropic()

ROUNDS = 2
REGISTER = {
    "name": "register",
    "description": "Reads the page of the parish register that a name stands on.",
    "input_schema": {"type": "object", "properties": {"name": {"type": "string"}}},
}
ASKED = """Somebody asks about a family of the parish. These are the letters we have of it:

{letters}

The question: {question}

Where a date has to be verified, read the register, twice at most. Answer in two sentences."""


def answer(question: str, letters: str) -> str:
    messages: list = [{"role": "user", "content": ASKED.format(question=question, letters=letters)}]
    for _ in range(ROUNDS + 1):
        reply = client.messages.create(
            model="claude-sonnet-4-6", max_tokens=500, tools=[REGISTER], messages=messages
        )
        if reply.stop_reason != "tool_use":
            return reply.content[0].text
        messages.append({"role": "assistant", "content": reply.content})
        results = []
        for block in reply.content:
            if block.type == "tool_use":
                page = Path("register", block.input["name"]).read_text()
                results.append({"type": "tool_result", "tool_use_id": block.id, "content": page})
        messages.append({"role": "user", "content": results})
    return ""


print(answer(sys.argv[1], Path(sys.argv[2]).read_text()))
