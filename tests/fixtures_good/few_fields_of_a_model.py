"""A record of three declared fields: what its layout costs is a token or two for each."""

import json

import anthropic
from fastapi import FastAPI
from pydantic import BaseModel

app = FastAPI()
client = anthropic.Anthropic()


class Transfer(BaseModel):
    amount: float
    currency: str = "EUR"
    purpose: str


def assess(transfer: dict) -> str:
    reply = client.messages.create(
        model="claude-sonnet-5-5",
        max_tokens=300,
        messages=[{"role": "user", "content": f"Is this odd?\n{json.dumps(transfer, indent=2)}"}],
    )
    return reply.content[0].text


@app.post("/assess")
def assessed(transfer: Transfer) -> str:
    return assess(transfer.model_dump())


@app.post("/explain")
def explained(transfer: Transfer) -> str:
    reply = client.messages.create(
        model="claude-sonnet-5-5",
        max_tokens=300,
        messages=[{"role": "user", "content": "Explain:\n" + transfer.model_dump_json(indent=2)}],
    )
    return reply.content[0].text
