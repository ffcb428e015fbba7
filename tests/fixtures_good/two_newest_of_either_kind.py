"""A counter lets two messages be marked, whichever of two forms they have; the rest is kept."""

from pathlib import Path

import anthropic

client = anthropic.Anthropic()

GUIDE = Path("guide.md").read_text()


def with_markers(turns):
    sent = []
    marked = 0
    for turn in reversed(turns):
        if turn["role"] == "user" and marked < 2 and isinstance(turn["content"], str):
            mark = {"type": "ephemeral"}
            block = {"type": "text", "text": turn["content"], "cache_control": mark}
            sent.append({"role": "user", "content": [block]})
            marked += 1
        elif turn["role"] == "user" and marked < 2:
            blocks = [dict(block) for block in turn["content"]]
            blocks[-1]["cache_control"] = {"type": "ephemeral"}
            sent.append({"role": "user", "content": blocks})
            marked += 1
        else:
            sent.append(turn)
    return list(reversed(sent))


def answer(turns: list[dict]) -> str:
    system = [{"type": "text", "text": GUIDE, "cache_control": {"type": "ephemeral"}}]
    reply = client.messages.create(
        model="claude-opus-5-5",
        max_tokens=2000,
        system=system,
        messages=with_markers(turns),
    )
    return reply.content[0].text
