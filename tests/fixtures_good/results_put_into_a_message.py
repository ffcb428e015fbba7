"""Results of a line that are put, one by one, into a message that is already made."""

import anthropic

client = anthropic.Anthropic()
TOOLS = [
    {
        "name": "kettle",
        "description": "How hot the water is",
        "input_schema": {"type": "object", "properties": {"room": {"type": "string"}}},
    }
]


def use(name: str, given: dict) -> str:
    if name == "kettle":
        return f"90 degrees in the {given['room']}"
    return "There is no such tool."


def ask() -> None:
    messages = [{"role": "user", "content": "Is the water in the kitchen hot?"}]
    for _ in range(10):
        reply = client.messages.create(
            model="claude-haiku-4-5-20251001", max_tokens=700, tools=TOOLS, messages=messages
        )
        messages.append({"role": "assistant", "content": reply.content})
        answer = {"role": "user", "content": []}
        for block in reply.content:
            if block.type == "tool_use":
                result = use(block.name, block.input)
                answer["content"].append(
                    {"type": "tool_result", "tool_use_id": block.id, "content": result}
                )
        if not answer["content"]:
            break
        messages.append(answer)
    print(reply.content[-1].text)


if __name__ == "__main__":
    ask()
