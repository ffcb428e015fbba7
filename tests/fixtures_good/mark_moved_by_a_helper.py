"""A helper takes the mark of the conversation along to its newest block."""

from pathlib import Path
from typing import Any, cast

import anthropic

client = anthropic.Anthropic()
RULES = Path("rules.md").read_text()


def move_mark(messages):
    for message in messages:
        content = message.get("content")
        if isinstance(content, list):
            for block in content:
                if isinstance(block, dict):
                    block.pop("cache_control", None)
    last = messages[-1].get("content")
    if isinstance(last, list) and last and isinstance(last[-1], dict):
        block = cast("dict[str, Any]", last[-1])
        block["cache_control"] = {"type": "ephemeral"}


def run(task: str):
    messages = [{"role": "user", "content": [{"type": "text", "text": task}]}]
    for _ in range(30):
        move_mark(messages)
        reply = client.messages.create(
            model="claude-opus-5-5",
            max_tokens=2000,
            system=[{"type": "text", "text": RULES, "cache_control": {"type": "ephemeral"}}],
            tools=[{"name": "look", "description": "Look.", "input_schema": {"type": "object"}}],
            messages=messages,
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
