"""A tool loop whose results are a line each: it ends far below what the model caches from."""

from datetime import datetime

import anthropic

client = anthropic.Anthropic()

PROMPT = "You keep the log book of a lighthouse. Use the tools, then answer in one sentence."
TALK: list[dict] = []
TIDES = {"north": "high at 4:10", "south": "high at 5:25"}
TOOLS = [
    {
        "name": "tide",
        "description": "When the tide is high at a quay",
        "input_schema": {
            "type": "object",
            "properties": {"quay": {"type": "string", "description": "north or south"}},
            "required": ["quay"],
        },
    },
    {
        "name": "watch",
        "description": "The date and the time",
        "input_schema": {"type": "object", "properties": {}},
    },
]


def use(name: str, given: dict) -> str:
    if name == "tide":
        try:
            return TIDES[given["quay"]]
        except KeyError as error:
            return f"There is no quay {error}"
    if name == "watch":
        return datetime.now().strftime("%d %B, %H:%M")
    return f"There is no tool for {given}"


def log(question: str) -> None:
    messages = [{"role": "user", "content": question}]
    for _ in range(10):
        reply = client.messages.create(
            model="claude-haiku-4-5-20251001",
            max_tokens=800,
            system=PROMPT,
            tools=TOOLS,
            messages=messages,
        )
        messages.append({"role": "assistant", "content": reply.content})
        results = []
        for block in reply.content:
            if block.type == "tool_use":
                found = use(block.name, block.input)
                results.append({"type": "tool_result", "tool_use_id": block.id, "content": found})
            elif block.type == "text":
                print(block.text)
        if not results:
            return
        messages.append({"role": "user", "content": results})


while True:
    log(input("Question: "))
