"""Laid-out JSON that is no cost worth a change: a list of words, and what is cut if it is long."""

import json

import anthropic

client = anthropic.Anthropic()


def as_text(found: dict) -> str:
    text = "Found:\n" + json.dumps(found, indent=2)
    if len(text) > 3000:
        text = text[:3000] + "\n(cut)"
    return text


def plan(town: str, wishes: list[str], weather: dict) -> str:
    prompt = f"""Plan a day in {town} with these wishes:
{json.dumps(wishes, indent=2)}

The weather:
{as_text(weather)}"""
    reply = client.messages.create(
        model="claude-sonnet-5-5",
        max_tokens=900,
        messages=[{"role": "user", "content": prompt}],
    )
    return reply.content[0].text
