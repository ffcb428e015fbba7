"""The names of what holds, as keys of a mapping: each takes a line anyway."""

import json

import anthropic

client = anthropic.Anthropic()


def repair(recipe: str, checked: dict) -> str:
    held = [name for name, holds in checked.get("checks", {}).items() if holds]
    reply = client.messages.create(
        model="claude-sonnet-5-5",
        max_tokens=900,
        messages=[
            {
                "role": "user",
                "content": f"{recipe}\n\nThese checks held:\n{json.dumps(held, indent=2)}",
            }
        ],
    )
    return reply.content[0].text
