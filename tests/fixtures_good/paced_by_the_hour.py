"""A look at the queue every quarter of an hour, with a cache that lives as long as it has to; one
that is asked every four minutes; and one whose prompt is asked for from a handler in between."""

import time

import anthropic
from fastapi import FastAPI
from harbour.state import queue
from harbour.texts import HANDBOOK, SIGNALS, TIDES

client = anthropic.Anthropic()
app = FastAPI()


def ask(text: str, handbook: str, lives: str) -> str:
    system = [
        {"type": "text", "text": handbook, "cache_control": {"type": "ephemeral", "ttl": lives}}
    ]
    reply = client.messages.create(
        model="claude-sonnet-4-6",
        max_tokens=300,
        system=system,
        messages=[{"role": "user", "content": text}],
    )
    return reply.content[0].text


def each_quarter() -> None:
    while True:
        print(ask(queue(), HANDBOOK, "1h"))
        time.sleep(900)


def each_four_minutes() -> None:
    while True:
        print(ask(queue(), TIDES, "5m"))
        time.sleep(240)


def signals() -> None:
    while True:
        print(about(queue()))
        time.sleep(900)


@app.post("/signals")
def about(question: str) -> str:
    system = [{"type": "text", "text": SIGNALS, "cache_control": {"type": "ephemeral"}}]
    reply = client.messages.create(
        model="claude-sonnet-4-6",
        max_tokens=300,
        system=system,
        messages=[{"role": "user", "content": question}],
    )
    return reply.content[0].text
