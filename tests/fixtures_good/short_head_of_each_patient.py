"""What all patients share are two sentences: no model caches so little."""

import sqlite3

import anthropic

client = anthropic.Anthropic()
RULES = "Say in plain words what this record is about. Never guess at a diagnosis."


def told(record):
    reply = client.messages.create(
        model="claude-sonnet-4-6",
        max_tokens=400,
        system=[
            {
                "type": "text",
                "text": f"{RULES}\n\n{record}",
                "cache_control": {"type": "ephemeral"},
            }
        ],
        messages=[{"role": "user", "content": "What is it?"}],
    )
    return reply.content[0].text


def main():
    for (record,) in sqlite3.connect("ward.db").execute("SELECT record FROM patients"):
        print(told(record))


if __name__ == "__main__":
    main()
