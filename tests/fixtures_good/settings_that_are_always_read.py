"""The default of a field is out of date, but whoever makes the settings hands a model in."""

from __future__ import annotations

import os
from dataclasses import dataclass

import anthropic
from flask import Flask, current_app, request

app = Flask(__name__)


@dataclass
class Settings:
    key: str = ""
    model: str = "claude-3-opus-20240229"

    @classmethod
    def from_env(cls) -> Settings:
        return cls(key=os.environ["KEY"], model=os.environ.get("MODEL", "claude-opus-4-8"))


class Teller:
    def __init__(self, settings: Settings | None) -> None:
        self.settings = settings or Settings.from_env()

    def tell(self, question: str) -> str:
        reply = anthropic.Anthropic(api_key=self.settings.key).messages.create(
            model=self.settings.model,
            max_tokens=900,
            messages=[{"role": "user", "content": question}],
        )
        return reply.content[0].text


@app.post("/tell")
def tell():
    return Teller(current_app.config["TELLER"]).tell(request.json["question"])
