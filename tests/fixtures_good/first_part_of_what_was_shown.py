"""Of what was shown before only the words are kept: how far the talk grows nobody can tell."""

import anthropic
from fastapi import FastAPI

app = FastAPI()
client = anthropic.Anthropic()

TALK: list[dict] = []


def show(words: str, pictures: list[dict]) -> None:
    for message in TALK:
        if isinstance(message["content"], list):
            message["content"] = message["content"][:1]
    TALK.append({"role": "user", "content": [{"type": "text", "text": words}, *pictures]})


@app.post("/look")
def look(words: str, pictures: list[dict]) -> str:
    show(words, pictures)
    reply = client.messages.create(model="claude-sonnet-5-5", max_tokens=300, messages=TALK)
    text = reply.content[0].text
    TALK.append({"role": "assistant", "content": text})
    return text
