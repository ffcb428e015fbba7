"""Breaks of the cached prefix of which it isn't sure that a call comes in time: with --preview."""

from __future__ import annotations

import datetime

import pytest

from skinflint.linter import config, engine
from skinflint.linter.source import from_bytes
from skinflint.rules.base import Context
from skinflint.rules.registry import all_rules

DAY = datetime.date(2026, 11, 22)
RULES = ("SKF101", "SKF103", "SKF104")

HEAD = """\
import datetime
import random
import time

import anthropic
from fastapi import FastAPI, WebSocket

client = anthropic.Anthropic()
app = FastAPI()
MANNERS = "Weigh what you buy against what it will be worth to somebody in winter. " * 300
MARK = {"type": "ephemeral"}
TOOLS = [
    {
        "name": "price",
        "description": "What a thing costs today",
        "input_schema": {"type": "object", "properties": {"thing": {"type": "string"}}},
    }
]


def rounds(system, task):
    said = [{"role": "user", "content": task}]
    for _ in range(9):
        reply = client.messages.create(
            model="claude-sonnet-5-5",
            max_tokens=900,
            system=[{"type": "text", "text": system, "cache_control": MARK}],
            tools=TOOLS,
            messages=said,
            cache_control=MARK,
        )
        if reply.stop_reason != "tool_use":
            return reply
        said.append({"role": "assistant", "content": reply.content})
        results = [
            {"type": "tool_result", "tool_use_id": each.id, "content": look(**each.input)}
            for each in reply.content
            if each.type == "tool_use"
        ]
        said.append({"role": "user", "content": results})


def look(thing):
    with open(f"prices/{thing}.txt") as file:
        return file.read()


"""

#: The prompt stays as it is in the rounds of one errand, and is written anew for the next one.
TRADER = """\
def trade():
    while True:
        now = datetime.datetime.now().isoformat()
        rounds(f"It is {now}. {MANNERS}", "What shall we buy?")
        time.sleep(int(open("pause.txt").read()))


trade()
"""

#: What is said first shows the time; each task has a conversation of its own.
TASKS = """\
@app.websocket("/tasks")
async def tasks(socket: WebSocket):
    while True:
        asked = await socket.receive_json()
        now = datetime.datetime.now().isoformat()
        rounds(MANNERS, f"{MANNERS} It is {now}, and the task is this: {asked['task']}")
"""

#: The opening is another one each time; the later turns of a talk have one that stays.
OPENING = """\
talks = {}


def opening(said):
    if not said:
        return f"Begin with {random.choice(('tea', 'coal', 'rope'))}. {MANNERS}"
    return MANNERS


@app.post("/talk/{visitor}")
def talk(visitor: str, words: str):
    said = talks.setdefault(visitor, [])
    reply = client.messages.create(
        model="claude-sonnet-5-5",
        max_tokens=900,
        system=[{"type": "text", "text": opening(said), "cache_control": MARK}],
        messages=[*said, {"role": "user", "content": words}],
        cache_control=MARK,
    )
    said.append({"role": "user", "content": words})
    said.append({"role": "assistant", "content": reply.content})
    return reply.content[0].text
"""


def found(code: str, *, preview: bool) -> list[str]:
    result = engine.check(
        [from_bytes("app.py", (HEAD + code).encode())],
        [rule() for rule in all_rules() if rule.id in RULES],
        config.load(None, None, isolated=True),
        Context(as_of=DAY, preview=preview),
    )
    return sorted({each.rule.id for each in result.findings})


@pytest.mark.parametrize(
    ("code", "rule"),
    [(TRADER, "SKF101"), (TASKS, "SKF101"), (OPENING, "SKF103")],
    ids=["a prompt for each errand", "a first message for each task", "an opening of its own"],
)
def test_what_may_come_too_late_is_told_with_preview(code: str, rule: str) -> None:
    assert found(code, preview=False) == []
    assert found(code, preview=True) == [rule]


@pytest.mark.parametrize(
    ("code", "old", "new", "rule"),
    [
        (
            TRADER,
            '        rounds(f"It is {now}. {MANNERS}", "What shall we buy?")',
            "        rounds(MANNERS, str(client.messages.create(\n"
            '            model="claude-sonnet-5-5",\n            max_tokens=90,\n'
            '            system=[{"type": "text", "text": f"{MANNERS} {now}", '
            '"cache_control": MARK}],\n'
            '            messages=[{"role": "user", "content": "What shall we buy?"}],\n'
            "        )))",
            "SKF101",
        ),
        (OPENING, "    return MANNERS", "    return f'{random.random()} {MANNERS}'", "SKF103"),
    ],
    ids=["no rounds read it", "whatever was said"],
)
def test_what_surely_moves_is_told(code: str, old: str, new: str, rule: str) -> None:
    assert code.count(old) == 1
    assert found(code.replace(old, new), preview=False) == [rule]


#: One visitor's words stand in front of rows that were picked for that visitor as well.
PICKED = """\
@app.post("/advise/{visitor}")
def advise(visitor: str, words: str):
    wishes = open(f"wishes/{visitor}.txt").read()
    rows = open("goods.txt").read()
    reply = client.messages.create(
        model="claude-sonnet-5-5",
        max_tokens=900,
        system=[
            {"type": "text", "text": MANNERS, "cache_control": MARK},
            {
                "type": "text",
                "text": f"The wishes: {wishes}\\nThe goods:\\n{rows}",
                "cache_control": MARK,
            },
        ],
        messages=[{"role": "user", "content": words}],
    )
    return reply.content[0].text
"""


@pytest.mark.parametrize(
    ("old", "new", "by_default"),
    [
        ("The wishes: {wishes}", "The wishes: {wishes}", []),
        ("The wishes: {wishes}", "{MANNERS}\\nThe wishes: {wishes}", ["SKF104"]),
        ("{rows}", "{rows}\\n{MANNERS}", ["SKF104"]),
    ],
)
def test_text_behind_one_users_words(old: str, new: str, by_default: list[str]) -> None:
    code = PICKED.replace(old, new)
    assert found(code, preview=False) == by_default
    assert found(code, preview=True) == ["SKF104"]
