"""An intake by messenger: a table is read whole for each turn, until a reply settles the case."""

import sqlite3

import anthropic
from fastapi import FastAPI

app = FastAPI()
client = anthropic.Anthropic()

ASKS = "Ask for the make of the boiler, its age and what it shows. Settle once all three are told."
SETTLE = {
    "name": "settle",
    "description": "Say something, and whether all is told.",
    "input_schema": {
        "type": "object",
        "properties": {"words": {"type": "string"}, "told": {"type": "boolean"}},
        "required": ["words", "told"],
    },
}


def table() -> sqlite3.Connection:
    db = sqlite3.connect("intake.db")
    db.row_factory = sqlite3.Row
    return db


@app.post("/intake/{case}")
def intake(case: int, words: str) -> str:
    db = table()
    found = db.execute("SELECT settled FROM cases WHERE id = ?", (case,)).fetchone()
    if found["settled"]:
        return ""
    db.execute("INSERT INTO said (case_id, role, words) VALUES (?, 'user', ?)", (case, words))
    rows = db.execute("SELECT role, words FROM said WHERE case_id = ? ORDER BY id", (case,))
    reply = client.messages.create(
        model="claude-haiku-5-5",
        max_tokens=300,
        system=ASKS,
        messages=[{"role": row["role"], "content": row["words"]} for row in rows],
        tools=[SETTLE],
        tool_choice={"type": "tool", "name": "settle"},
    )
    said = next(block.input for block in reply.content if block.type == "tool_use")
    db.execute(
        "INSERT INTO said (case_id, role, words) VALUES (?, 'assistant', ?)", (case, said["words"])
    )
    if said["told"]:
        db.execute("UPDATE cases SET settled = 1 WHERE id = ?", (case,))
    db.commit()
    return said["words"]
