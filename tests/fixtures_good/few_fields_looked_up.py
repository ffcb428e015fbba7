"""A few fields of what was handed in, each with a word or a number in its place: a dozen lines."""

import json

import anthropic

client = anthropic.Anthropic()


def advise(hive: dict, question: str) -> str:
    told = json.dumps(
        {
            "hive": hive.get("name", "unnamed"),
            "frames": hive.get("frames", 10),
            "queen": hive.get("queen"),
            "place": hive.get("place", "orchard"),
            "days_since_visit": hive.get("days", 7),
        },
        indent=2,
    )
    reply = client.messages.create(
        model="claude-sonnet-5-5",
        max_tokens=400,
        messages=[{"role": "user", "content": f"The hive:\n{told}\n\n{question}"}],
    )
    return reply.content[0].text
