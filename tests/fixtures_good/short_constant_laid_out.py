"""A constant of a few lines, laid out in a prompt: its line breaks are no cost worth a change."""

import json

import anthropic

WEATHERS = ["fog over the harbour", "first frost", "a dry week in May"]

client = anthropic.Anthropic()


def verses(town: str) -> str:
    prompt = f"""Write a verse about {town} for each of these:
{json.dumps(WEATHERS, indent=2)}"""
    reply = client.messages.create(
        model="claude-sonnet-5-5",
        max_tokens=500,
        messages=[{"role": "user", "content": prompt}],
    )
    return reply.content[0].text


if __name__ == "__main__":
    print(verses(input("Which town? ")))
