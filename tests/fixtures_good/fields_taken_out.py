"""Fields that the API doesn't know are taken out of tools, in whatever order a set has them."""

import copy
import json
from pathlib import Path

import anthropic
from fastapi import FastAPI

app = FastAPI()
client = anthropic.Anthropic()
# stands in for four pages of rules
RULES = "Never promise a delivery before the carrier has confirmed it in writing. " * 60


def cleaned(schema: dict) -> dict:
    kept = copy.deepcopy(schema)
    unknown = {"$schema", "$ref", "definitions", "additionalItems"}
    for field in unknown:
        if field in kept:
            kept.pop(field)
    inner = kept.get("properties", {})
    if isinstance(inner, dict):
        for _, each in inner.items():
            if isinstance(each, dict):
                for field in unknown:
                    if field in each:
                        del each[field]
    return kept


def tools() -> list[dict]:
    made = []
    for each in json.loads(Path("tools.json").read_text("utf-8")):
        tool = {"name": each["name"], "description": each["text"]}
        schema = each.get("takes", {}) or {"type": "object", "properties": {}}
        tool["input_schema"] = cleaned(schema)
        made.append(tool)
    return made


@app.post("/answer")
def answer(mail: str) -> str:
    reply = client.messages.create(
        model="claude-opus-5-5",
        max_tokens=900,
        tools=tools(),
        system=[{"type": "text", "text": RULES, "cache_control": {"type": "ephemeral"}}],
        messages=[{"role": "user", "content": mail}],
    )
    return reply.content[0].text
