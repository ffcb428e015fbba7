"""A clock is handed to a template that has no field for it (and lacks what its own field wants)."""

import datetime

import anthropic

client = anthropic.Anthropic()

PROMPT = """You answer questions about the stars that can be seen tonight. {context}

Name the constellation first, then the direction, then the hour at which it stands highest.
"""


def prompt(place: str) -> str:
    now = datetime.datetime.now(datetime.timezone.utc)
    return PROMPT.format(current_time=now.strftime("%H:%M:%S"), place=place)


def talk(place: str) -> None:
    messages = []
    while True:
        messages.append({"role": "user", "content": input("> ")})
        reply = client.messages.create(
            model="claude-opus-5-5",
            max_tokens=900,
            system=prompt(place),
            messages=messages,
            cache_control={"type": "ephemeral"},
        )
        messages.append({"role": "assistant", "content": reply.content})
        if len(messages) > 80:
            del messages[:-40]
        print(reply.content[0].text)


if __name__ == "__main__":
    talk("Bern")
