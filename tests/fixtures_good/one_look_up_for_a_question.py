"""Two tools that look a question up elsewhere: one answer of them, and the reply."""

import sys

import anthropic
import httpx

client = anthropic.Anthropic()

TOOLS = [
    {
        "name": "timetable",
        "description": "What the timetable of the ferries says about a harbour on a day. " * 6,
        "input_schema": {"type": "object", "properties": {"harbour": {"type": "string"}}},
    },
    {
        "name": "weather",
        "description": "The weather report for a harbour, with the wind and the waves. " * 6,
        "input_schema": {"type": "object", "properties": {"harbour": {"type": "string"}}},
    },
]


def look_up(name: str, harbour: str) -> str:
    return httpx.get(f"https://ferries.example/{name}", params={"harbour": harbour}).text


def answer(question: str) -> str:
    messages: list = [{"role": "user", "content": question}]
    for _ in range(8):
        reply = client.messages.create(
            model="claude-opus-4-8", max_tokens=600, tools=TOOLS, messages=messages
        )
        if reply.stop_reason != "tool_use":
            return reply.content[0].text
        messages.append({"role": "assistant", "content": reply.content})
        results = []
        for block in reply.content:
            if block.type == "tool_use":
                said = look_up(block.name, block.input["harbour"])
                results.append({"type": "tool_result", "tool_use_id": block.id, "content": said})
        messages.append({"role": "user", "content": results})
    return ""


print(answer(sys.argv[1]))
