"""Calls named `messages.create` or `completions.create` that are no Claude requests of the SDK.

Facts: a text message, a post to a room and a message of a thread have no `max_tokens` and no list
of messages; chat completions are another vendor's shape, whatever model they name; a file that
imports the SDK can still hold a client of somebody else.
"""

import anthropic
from house.clients import board, phone

client = anthropic.Anthropic()


def tell(number: str, text: str, **more: object) -> None:
    phone.messages.create(to=number, from_="house", body=text)
    board.messages.create(roomId=number, text=text, **more)


def thread(other, thread_id: str, text: str) -> None:
    other.beta.threads.messages.create(thread_id=thread_id, role="user", content=text)


def gateway(other, text: str) -> str:
    done = other.chat.completions.create(
        model="claude-3-opus-20240229",
        max_tokens=100,
        messages=[{"role": "user", "content": text}],
    )
    return done.choices[0].message.content
