"""A few fields, most of them long prose and the others counts by name: hardly any layout."""

import json

import anthropic

client = anthropic.Anthropic()


def asked(question: str) -> dict:
    reply = client.messages.create(
        model="claude-sonnet-5-5",
        max_tokens=4000,
        messages=[{"role": "user", "content": question}],
    )
    return {"status": "done", "answer": reply.content[0].text}


def digest(letters) -> str:
    by_place = {}
    for letter in letters:
        by_place[letter.place] = by_place.get(letter.place, 0) + 1
    found = {
        "letters": len(letters),
        "by_place": by_place,
        "complaints": asked("What do people complain of?").get("answer", "nothing"),
        "wishes": asked("What do people wish for?").get("answer", "nothing"),
    }
    reply = client.messages.create(
        model="claude-sonnet-5-5",
        max_tokens=900,
        messages=[{"role": "user", "content": f"Sum up:\n{json.dumps(found, indent=2)}"}],
    )
    return reply.content[0].text
