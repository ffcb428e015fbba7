"""Breakpoints that a helper sets: on the newest message each round, and on a few of many."""

from typing import Any, cast

import anthropic

client = anthropic.Anthropic()

RULES = "Answer as the keeper of a herb garden would, plainly and with care. " * 90
MARK = {"type": "ephemeral"}


def mark_newest(messages: list[dict]) -> None:
    for message in messages:
        for block in message["content"]:
            if isinstance(block, dict):
                block.pop("cache_control", None)
    content = messages[-1].get("content")
    if isinstance(content, list) and content:
        newest = cast("dict[str, Any]", content[-1])
        newest["cache_control"] = MARK


def tend(question: str, tools: list[dict], use) -> str:
    messages: list[dict] = [{"role": "user", "content": [{"type": "text", "text": question}]}]
    for _ in range(8):
        mark_newest(messages)
        reply = client.messages.create(
            model="claude-opus-5-5",
            max_tokens=900,
            system=[{"type": "text", "text": RULES, "cache_control": {"type": "ephemeral"}}],
            tools=tools,
            messages=messages,
        )
        if reply.stop_reason != "tool_use":
            return reply.content[0].text
        messages.append({"role": "assistant", "content": reply.content})
        messages.append({"role": "user", "content": use(reply.content)})
    return ""


def mark_two(messages: list[dict]) -> None:
    left = 2
    for message in reversed(messages):
        if message["role"] == "user" and isinstance(content := message["content"], list):
            if not left:
                content[-1].pop("cache_control", None)
                break
            left -= 1
            content[-1]["cache_control"] = MARK


def weed(question: str, tools: list[dict], use) -> str:
    messages: list[dict] = [{"role": "user", "content": [{"type": "text", "text": question}]}]
    while True:
        mark_two(messages)
        sent = [{"role": each["role"], "content": each["content"]} for each in messages]
        reply = client.messages.create(
            model="claude-opus-5-5",
            max_tokens=900,
            system=[{"type": "text", "text": RULES, "cache_control": {"type": "ephemeral"}}],
            tools=tools,
            messages=sent,
        )
        if reply.stop_reason != "tool_use" or len(messages) > 30:
            return reply.content[0].text
        messages.append({"role": "assistant", "content": reply.content})
        messages.append({"role": "user", "content": use(reply.content)})


def two_marked(said: list[dict]) -> list[dict]:
    found, marked = [], 0
    for message in reversed(said):
        text = message["content"]
        if marked < 2 and message["role"] == "user" and isinstance(text, str):
            block = {"type": "text", "text": text, "cache_control": MARK}
            found.append({"role": "user", "content": [block]})
            marked += 1
        elif marked < 2 and message["role"] == "user":
            block = {"type": "text", "text": str(text), "cache_control": MARK}
            found.append({"role": "user", "content": [block]})
            marked += 1
        else:
            found.append(message)
    return list(reversed(found))


def answer(said: list[dict]) -> str:
    reply = client.messages.create(
        model="claude-opus-5-5", max_tokens=900, system=RULES, messages=two_marked(said)
    )
    return reply.content[0].text
