"""At most five notes of two fields, behind a text of any length."""

import json

import anthropic
from harbour.log import notes_of

client = anthropic.Anthropic()


def summed_up(vessel, report: str) -> str:
    recent = list(notes_of(vessel))[-5:]
    notes = [{"author": note.author.name, "body": note.body} for note in recent]
    reply = client.messages.create(
        model="claude-sonnet-5-5",
        max_tokens=600,
        messages=[
            {"role": "user", "content": f"{report}\n\nLast notes:\n{json.dumps(notes, indent=2)}"}
        ],
    )
    return reply.content[0].text
