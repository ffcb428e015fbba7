"""The newest block of a copy is marked, in a helper whose result nobody can follow item by item."""

import anthropic

client = anthropic.Anthropic()

# stands in for four pages of rules
RULES = "Weigh each crate twice and write both weights down, even if they are the same. " * 60
TOOLS = [
    {
        "name": "weigh",
        "description": "The weight of a crate",
        "input_schema": {"type": "object", "properties": {"crate": {"type": "string"}}},
    }
]


def to_send(messages: list[dict], *, moving: bool = True) -> list[dict]:
    sent: list[dict] = []
    for message in messages:
        if sent and sent[-1]["role"] == message["role"]:
            sent[-1] = sent[-1] | {"content": list(sent[-1]["content"]) + message["content"]}
        else:
            sent.append(message)
    if not moving or len(sent) < 2:
        return sent
    content = list(sent[-1]["content"])
    if content and isinstance(content[-1], dict):
        content[-1] = {**content[-1], "cache_control": {"type": "ephemeral"}}
        sent[-1] = sent[-1] | {"content": content}
    return sent


def weigh(question: str) -> str:
    messages = [{"role": "user", "content": [{"type": "text", "text": question}]}]
    for _ in range(8):
        request = {
            "model": "claude-sonnet-5-5",
            "max_tokens": 900,
            "system": [{"type": "text", "text": RULES, "cache_control": {"type": "ephemeral"}}],
            "tools": TOOLS,
            "messages": to_send(messages),
        }
        reply = client.messages.create(**request)
        messages.append({"role": "assistant", "content": reply.content})
        results = [
            {"type": "tool_result", "tool_use_id": b.id, "content": scale(b.input["crate"])}
            for b in reply.content
            if b.type == "tool_use"
        ]
        if not results:
            break
        messages.append({"role": "user", "content": results})
    return reply.content[-1].text


def scale(crate: str) -> str:
    with open(f"scale/{crate}.txt") as file:
        return file.read()[:400]


if __name__ == "__main__":
    print(weigh(input("Which crates? ")))
