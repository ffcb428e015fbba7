"""A setting that has a text wherever nobody sets it, and another id for where it has none.

Facts: the setting is never empty, so what stands behind `or` is not sent.
"""

import json
import os

import anthropic
from pydantic import BaseModel, Field

client = anthropic.Anthropic()


class Settings(BaseModel):
    model: str = Field(default="claude-opus-5-5")


def loaded():
    found = read("defaults.json")
    for key, value in read("harbour.json").items():
        found[key] = value
    return Settings(**found)


def read(name):
    with open(name) as file:
        return json.load(file)


settings = loaded()


def log(entry):
    reply = client.messages.create(
        model=settings.model or "claude-3-opus-20240229",
        max_tokens=900,
        messages=[{"role": "user", "content": entry}],
    )
    return reply.content[0].text


print(log(os.environ["ENTRY"]))
