"""One helper marks whatever prompt it is given: a short one here, a long one there."""

from pathlib import Path

import anthropic

client = anthropic.Anthropic()

SHORT = "Say which of the drawers holds the part. Answer with its number."
LONG = Path("handbook.md").read_text()


def ask(system: str, question: str) -> str:
    reply = client.messages.create(
        model="claude-opus-5-5",
        max_tokens=800,
        system=[{"type": "text", "text": system, "cache_control": {"type": "ephemeral"}}],
        messages=[{"role": "user", "content": question}],
    )
    return reply.content[0].text


def drawer(part: str) -> str:
    return ask(SHORT, part)


def advice(question: str) -> str:
    return ask(LONG, question)
