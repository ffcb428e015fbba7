"""A setting that has a text wherever nobody sets it, and another id for where it has none.

Facts: the setting is never empty, so what stands behind `or` is not sent.
"""

import os

import anthropic
from pydantic_settings import BaseSettings

client = anthropic.Anthropic()


class Settings(BaseSettings):
    model: str = "claude-opus-5-5"


settings = Settings()


def log(entry):
    reply = client.messages.create(
        model=settings.model or "claude-3-opus-20240229",
        max_tokens=900,
        messages=[{"role": "user", "content": entry}],
    )
    return reply.content[0].text


print(log(os.environ["ENTRY"]))
