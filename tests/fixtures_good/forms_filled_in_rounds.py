"""Loops that look like an agent's: a call of the tool is the answer, or is only acknowledged."""

import anthropic

client = anthropic.Anthropic()

MODEL = "claude-opus-5-5"
# stands in for six pages of rules
RULES = "Every tour has a start, a rest by the water and a way back for tired legs. " * 90
SYSTEM = [{"type": "text", "text": RULES, "cache_control": {"type": "ephemeral"}}]
FORMS = [
    {"name": "propose_tour", "input_schema": {"type": "object", "properties": {}}},
    {"name": "find_bench", "input_schema": {"type": "object", "properties": {}}},
]


def propose(talk: list[dict]) -> dict | None:
    messages = []
    for said in talk:
        messages.append({"role": said["who"], "content": said["text"]})
    tools = [form for form in FORMS if form["name"] == "propose_tour"]
    rounds = 3
    for _ in range(rounds):
        reply = client.messages.create(
            model=MODEL, max_tokens=4000, system=SYSTEM, messages=messages, tools=tools
        )
        results = []
        for block in reply.content:
            if block.type != "tool_use":
                continue
            tool = block.name
            if tool == "propose_tour":
                return block.input
            results.append({"type": "tool_result", "tool_use_id": block.id, "content": "None."})
        messages.append({"role": "assistant", "content": reply.content})
        messages.append({"role": "user", "content": results})
    return None


def describe(wish: str) -> tuple[dict, str]:
    messages = [{"role": "user", "content": wish}]
    tour = {}
    rounds = 10
    for turn in range(rounds):
        request = {
            "model": MODEL,
            "max_tokens": 4000,
            "system": SYSTEM,
            "messages": messages,
            "tools": [{"name": "note_tour", "input_schema": {"type": "object"}}],
        }
        if turn == 0:
            request["tool_choice"] = {"type": "tool", "name": "note_tour"}
        reply = client.messages.create(**request)
        if reply.stop_reason != "tool_use":
            return tour, reply.content[0].text
        results = []
        for block in reply.content:
            if block.type == "tool_use":
                tour = block.input
                done = "The tour is on the board. Say in one line what is nice about it."
                results.append({"type": "tool_result", "tool_use_id": block.id, "content": done})
        messages.append({"role": "assistant", "content": reply.content})
        messages.append({"role": "user", "content": results})
    return tour, ""
