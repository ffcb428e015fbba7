"""The newest two messages are marked, and copies of them are sent."""

from pathlib import Path

import anthropic

client = anthropic.Anthropic()
RULES = Path("rules.md").read_text()
LONGEST = 20_000


def shortened(content):
    if isinstance(content, str):
        return content[:LONGEST]
    if isinstance(content, list):
        return [shortened(each) for each in content]
    if isinstance(content, dict):
        return {key: shortened(value) for key, value in content.items()}
    return content


def mark_newest(messages):
    left = 2
    for message in reversed(messages):
        if message["role"] == "user" and isinstance(content := message["content"], list):
            if left:
                left -= 1
                content[-1]["cache_control"] = {"type": "ephemeral"}
            else:
                content[-1].pop("cache_control", None)
                break


def run(task: str):
    messages = [{"role": "user", "content": [{"type": "text", "text": task}]}]
    for _ in range(30):
        mark_newest(messages)
        sent = [{"role": m["role"], "content": shortened(m["content"])} for m in messages]
        reply = client.messages.create(
            model="claude-opus-5-5",
            max_tokens=2000,
            system=[{"type": "text", "text": RULES, "cache_control": {"type": "ephemeral"}}],
            tools=[{"name": "look", "description": "Look.", "input_schema": {"type": "object"}}],
            messages=sent,
        )
        results = []
        for block in reply.content:
            if block.type != "tool_use":
                continue
            results.append({"type": "tool_result", "tool_use_id": block.id, "content": "seen"})
        if not results:
            return reply
        messages.append({"role": "assistant", "content": reply.content})
        messages.append({"role": "user", "content": results})
    return None
