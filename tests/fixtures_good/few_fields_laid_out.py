"""A handful of flat fields, put together where they are sent: no layout worth a change."""

import json

import anthropic

client = anthropic.Anthropic()


def remark(boat, hours: float, best: dict | None, unit: str) -> str:
    season = {
        "boat": str(boat),
        "hours": hours,
        "unit": unit,
        "best": {"day": str(best["day"]), "hours": str(best["hours"])} if best else None,
    }
    reply = client.messages.create(
        model="claude-sonnet-5-5",
        max_tokens=200,
        messages=[
            {
                "role": "user",
                "content": "Remark on this season in a sentence:\n" + json.dumps(season, indent=2),
            }
        ],
    )
    return reply.content[0].text
