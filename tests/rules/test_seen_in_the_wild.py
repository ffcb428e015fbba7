"""Shapes that real applications have, written anew: what is reported, and where nothing may be."""

from __future__ import annotations

import datetime
from textwrap import dedent

import pytest
from test_examples import OF_PROJECTS

from skinflint.linter import config, engine
from skinflint.linter.findings import Finding, SplitBlock
from skinflint.linter.source import from_bytes
from skinflint.rules.base import Context
from skinflint.rules.entity_value_in_cached_prefix import EntityValueInCachedPrefix
from skinflint.rules.registry import all_rules

HEAD = """\
import asyncio
import json
import uuid
from datetime import date, datetime

import anthropic

from .prompts import RULES
from .store import memory, profiles, run_tool, search, TOOLS

client = anthropic.Anthropic()
MARK = {"type": "ephemeral"}
"""
#: Rules about what changes in a cached prefix.
DYNAMIC = ("SKF101", "SKF104", "SKF105", "SKF202")


def findings(body: str, *, single_user: bool = False) -> list[Finding]:
    """What all rules say about a module that begins like all others."""
    result = engine.check(
        [from_bytes("app.py", (HEAD + dedent(body)).encode())],
        [rule() for rule in all_rules() if rule.id not in OF_PROJECTS],
        config.load(None, None, isolated=True),
        Context(as_of=datetime.date(2026, 11, 22), single_user=single_user, preview=True),
    )
    assert result.problems == ()
    return list(result.findings)


def ids(body: str) -> list[str]:
    return [found.rule.id for found in findings(body)]


REPORTED = {
    "the whole prompt priced, and what was read of it once more": (
        "SKF702",
        """
        def ask(question):
            system = [{"type": "text", "text": RULES, "cache_control": MARK}]
            said = [{"role": "user", "content": question}]
            reply = client.messages.create(
                model="claude-sonnet-5-5", max_tokens=900, system=system, messages=said
            )
            usage = reply.usage
            whole = usage.input_tokens + usage.cache_read_input_tokens
            cost = whole * 2e-6 + usage.cache_read_input_tokens * 1e-7
            return reply.content, cost
        """,
    ),
    "a property with a clock": (
        "SKF101",
        """
        class Agent:
            @property
            def prompt(self):
                return RULES + f"\\nIt is {datetime.now()}."

            def ask(self, question):
                return client.messages.create(
                    model="claude-opus-5-5", max_tokens=100,
                    system=[{"type": "text", "text": self.prompt, "cache_control": MARK}],
                    messages=[{"role": "user", "content": question}],
                )
        """,
    ),
    "a helper that puts a new id in front of a text": (
        "SKF103",
        """
        def headed(text):
            return f"[{uuid.uuid4().hex}] {text}"

        def ask(question):
            return client.messages.create(
                model="claude-haiku-5-5", max_tokens=100,
                system=[
                    {
                        "type": "text",
                        "text": headed(RULES),
                        "cache_control": MARK,
                    }
                ],
                messages=[{"role": "user", "content": question}],
            )
        """,
    ),
    "one call for each student of a comprehension": (
        "SKF104",
        """
        def ask(student):
            return client.messages.create(
                model="claude-opus-5-5", max_tokens=100,
                system=[
                    {"type": "text", "text": f"{RULES}\\n{student['name']}", "cache_control": MARK}
                ],
                messages=[{"role": "user", "content": "Begin."}],
            )

        def run(students):
            return [ask(student) for student in students]
        """,
    ),
    "a set that a loop reads": (
        "SKF106",
        """
        WORDS = {"late", "lost", "broken"}

        def ask(question):
            text = RULES
            for word in WORDS:
                text += f"\\n- {word}"
            return client.messages.create(
                model="claude-opus-5-5", max_tokens=100,
                system=[{"type": "text", "text": text, "cache_control": MARK}],
                messages=[{"role": "user", "content": question}],
            )
        """,
    ),
    "a counter in the rounds of a loop": (
        "SKF202",
        """
        def work(task):
            step = 0
            messages = [{"role": "user", "content": task}]
            while True:
                step += 1
                system = f"{RULES}\\nThis is step {step}."
                reply = client.messages.create(
                    model="claude-opus-5-5", max_tokens=100, messages=messages,
                    system=[{"type": "text", "text": system, "cache_control": MARK}],
                )
                messages.append({"role": "assistant", "content": reply.content})
                if reply.stop_reason == "end_turn":
                    return messages
                messages.append({"role": "user", "content": run_tool(reply)})
        """,
    ),
    "a format with a user's name": (
        "SKF104",
        """
        TEMPLATE = RULES + "\\n\\nYou are talking to {name}."

        def reply(user, text):
            system = TEMPLATE.format(name=user.name)
            return client.messages.create(
                model="claude-opus-5-5", max_tokens=100,
                system=[{"type": "text", "text": system, "cache_control": MARK}],
                messages=[{"role": "user", "content": text}],
            )
        """,
    ),
    "a builder called in an endless loop": (
        "SKF101",
        """
        def build():
            lines = [RULES, f"Now: {datetime.now()}"]
            return "\\n".join(lines)

        def main():
            messages = []
            while True:
                messages.append({"role": "user", "content": input()})
                reply = client.messages.create(
                    model="claude-opus-5-5", max_tokens=100,
                    system=[{"type": "text", "text": build(), "cache_control": MARK}],
                    messages=messages,
                )
                messages.append({"role": "assistant", "content": reply.content})
                if len(messages) > 80:
                    del messages[:-40]
        """,
    ),
    "sections chosen by a flag of the user": (
        "SKF115",
        """
        def ask(user, question):
            text = RULES
            if user.vip:
                text += TOOLS.rules
            return client.messages.create(
                model="claude-opus-5-5", max_tokens=100,
                system=[{"type": "text", "text": text, "cache_control": MARK}],
                messages=[{"role": "user", "content": question}],
            )
        """,
    ),
    "a date": (
        "SKF102",
        """
        def reply(text):
            return client.messages.create(
                model="claude-opus-5-5", max_tokens=100,
                system=[{
                    "type": "text",
                    "text": f"{RULES}\\n{datetime.now().strftime('%A, %d %B')}, {date.today()}.",
                    "cache_control": MARK,
                }],
                messages=[{"role": "user", "content": text}],
            )
        """,
    ),
    "memory found for the message, new every turn": (
        "SKF105",
        """
        def chat():
            messages = []
            while True:
                text = input()
                found = memory.search(text, limit=5)
                messages.append({"role": "user", "content": text})
                reply = client.messages.create(
                    model="claude-opus-5-5", max_tokens=100,
                    system=[{"type": "text", "text": f"{RULES}\\n{found}", "cache_control": MARK}],
                    messages=messages,
                )
                messages.append({"role": "assistant", "content": reply.content})
                if len(messages) > 80:
                    del messages[:-40]
        """,
    ),
    "keyword arguments put together elsewhere": (
        "SKF103",
        """
        class Agent:
            def __init__(self):
                self.client = anthropic.AsyncAnthropic()

            def params(self, messages):
                kwargs = {"model": "claude-opus-5-5", "max_tokens": 100}
                kwargs["system"] = [
                    {"type": "text", "text": f"{RULES}\\n{uuid.uuid4()}", "cache_control": MARK}
                ]
                kwargs.update(messages=messages)
                return kwargs

            async def run(self, goal):
                messages = [{"role": "user", "content": goal}]
                for _ in range(5):
                    reply = await self.client.messages.create(**self.params(messages))
                    messages.append({"role": "assistant", "content": reply.content})
                    messages.append({"role": "user", "content": run_tool(reply)})
        """,
    ),
    "a document in front of marked instructions": (
        "SKF104",
        """
        def summarize(paths):
            for path in paths:
                with open(path) as file:
                    document = file.read()
                client.messages.create(
                    model="claude-opus-5-5", max_tokens=100,
                    system=[
                        {"type": "text", "text": f"The document: {document}"},
                        {"type": "text", "text": RULES, "cache_control": MARK},
                    ],
                    messages=[{"role": "user", "content": "Summarize it."}],
                )
        """,
    ),
    "every block of the last message marked": (
        "SKF204",
        """
        def mark_last(messages):
            last = messages[-1]
            for block in last["content"]:
                block["cache_control"] = {"type": "ephemeral"}
            return messages

        def send(results):
            content = [
                {"type": "tool_result", "tool_use_id": r.id, "content": r.text} for r in results
            ]
            messages = [{"role": "user", "content": content}]
            return client.messages.create(
                model="claude-opus-5-5", max_tokens=100, messages=mark_last(messages)
            )
        """,
    ),
    "the last turns read from a table, ahead of a tool loop": (
        "SKF201",
        """
        from fastapi import FastAPI
        import sqlite3

        app = FastAPI()
        def last_turns(talk):
            rows = sqlite3.connect("talk.db").execute(
                "SELECT role, text FROM turns WHERE talk = ? ORDER BY at DESC LIMIT 10", (talk,)
            )
            turns = [{"role": role, "content": text} for role, text in rows.fetchall()]
            turns.reverse()
            return turns

        def work(turns, question):
            messages = []
            for turn in turns[-10:]:
                messages.append(turn)
            messages.append({"role": "user", "content": question})
            for _ in range(8):
                reply = client.messages.create(
                    model="claude-opus-5-5", max_tokens=100, system=RULES, messages=messages
                )
                messages.append({"role": "assistant", "content": reply.content})
                if reply.stop_reason != "tool_use":
                    return reply
                messages.append({"role": "user", "content": run_tool(reply)})

        @app.post("/ask")
        def ask(talk: str, question: str):
            return work(last_turns(talk), question).content[0].text
        """,
    ),
    "texts that the constructor's helper has read, cut anew in each round": (
        "SKF201",
        """
        from pathlib import Path

        class Shelf:
            def __init__(self, folder):
                self.folder = folder
                self.texts = {}
                self._load()

            def _load(self):
                for file in self.folder.glob("**/GUIDE.md"):
                    text = file.read_text()
                    self.texts[file.parent.name] = text

            def index(self):
                lines = ["The guides:"]
                for name, text in self.texts.items():
                    lines.append(f"{name}: " + "\\n".join(text.split("\\n")[:50]))
                    lines.append(f"({len(text.split(chr(10)))} lines)")
                return "\\n".join(lines)

        class Desk:
            def __init__(self, folder):
                self.shelf = Shelf(folder)

            def ask(self, question):
                messages = [{"role": "user", "content": question}]
                for _ in range(8):
                    reply = client.messages.create(
                        model="claude-opus-5-5", max_tokens=100,
                        system="You help the crew of a tug.\\n" + self.shelf.index(),
                        messages=messages,
                    )
                    messages.append({"role": "assistant", "content": reply.content})
                    if reply.stop_reason != "tool_use":
                        return reply
                    messages.append({"role": "user", "content": run_tool(reply)})

        Desk(Path("guides")).ask(input("> "))
        """,
    ),
    "an answer that each round goes on with, behind the talk so far": (
        "SKF201",
        """
        def last_turns(talk):
            rows = memory.query("SELECT role, text FROM turns WHERE talk = ? LIMIT 20", talk)
            return [{"role": role, "content": text} for role, text in rows]

        def go_on(turns, rounds):
            said = "Well"
            while rounds > 0:
                rounds -= 1
                whole = turns.copy()
                whole.append({"role": "assistant", "content": [{"type": "text", "text": said}]})
                reply = client.messages.create(
                    model="claude-opus-4-6", max_tokens=100, system=RULES, messages=whole
                )
                said += reply.content[0].text.rstrip()
            return said

        print(go_on(last_turns(input("> ")), 8))
        """,
    ),
    "a retired default far from its call": (
        "SKF402",
        """
        JUDGE_MODEL = "claude-3-opus-20240229"

        def judge(answer, model=None):
            return client.messages.create(
                model=model or JUDGE_MODEL, max_tokens=100,
                messages=[{"role": "user", "content": answer}],
            )
        """,
    ),
    "a retired model of an awaited thread": (
        "SKF402",
        """
        async def ask(text):
            return await asyncio.to_thread(
                client.messages.create,
                model="claude-3-opus-20240229", max_tokens=100,
                messages=[{"role": "user", "content": text}],
            )
        """,
    ),
}


#: A talk that a second way of asking keeps as well, cut where ``{cut}`` stands.
KEPT_SHORT = """
talks = {{}}
NAMES = ("find", "read", "list")
FORM = {{"type": "object", "properties": {{"text": {{"type": "string"}}}}}}
OFFERED = [{{"name": name, "description": name, "input_schema": FORM}} for name in NAMES]

def shorten(talk):
    if len(talk) > 30:
        del talk[: len(talk) - 30]

def elsewhere(user, question):
    talk = talks.setdefault(user, [])
    talk.append({{"role": "user", "content": question}})
    answer = search(talk)
    talk.append({{"role": "assistant", "content": answer}})
    shorten(talk)
    return answer

def work(user, question):
    talk = talks.setdefault(user, [])
    talk.append({{"role": "user", "content": question}})
    while True:
        reply = client.messages.create(
            model="claude-opus-5-5", max_tokens=900, system=RULES, tools=OFFERED, messages=talk
        )
        talk.append({{"role": "assistant", "content": reply.content}})
        if reply.stop_reason != "tool_use":
            {last}
            return reply
        talk.append({{"role": "user", "content": run_tool(reply)}})
        {each}

def desk(user):
    while question := input("? "):
        print(work(user, question), elsewhere(user, question))
"""


@pytest.mark.parametrize(
    ("last", "each", "told"),
    [
        ("shorten(talk)", "pass", True),
        ("pass", "shorten(talk)", False),
        ("shorten(talk)", "shorten(talk)", False),
    ],
)
def test_a_cut_on_the_way_out_of_a_tool_loop(last: str, each: str, told: bool) -> None:
    assert ("SKF201" in ids(KEPT_SHORT.format(last=last, each=each))) is told


@pytest.mark.parametrize("name", REPORTED)
def test_reported(name: str) -> None:
    rule, body = REPORTED[name]
    assert ids(body) == [rule]


SILENT = {
    "a marker of the texts that have a cut in them": """
        CUT = "<<cut>>"

        def as_blocks(text):
            if CUT not in text:
                return [{"type": "text", "text": text}]
            kept, _, rest = text.partition(CUT)
            return [
                {"type": "text", "text": kept, "cache_control": {"type": "ephemeral"}},
                {"type": "text", "text": rest},
            ]

        def send(turns):
            messages = [{"role": t.role, "content": as_blocks(t.text)} for t in turns]
            return client.messages.create(
                model="claude-opus-5-5", max_tokens=100, messages=messages
            )
    """,
    "a command that sums up a long document while somebody looks on": """
        import click

        PARTS = "Sum up this part of a document in five sentences."

        @click.command()
        @click.argument("path")
        def sum_up(path):
            found = []
            for part in open(path).read().split("\\f"):
                reply = client.messages.create(
                    model="claude-opus-5-5", max_tokens=300, system=PARTS,
                    messages=[{"role": "user", "content": part}],
                )
                found.append(reply.content[0].text)
            click.echo("\\n".join(found))
        """,
    "a loop over a text that is fixed": """
        def ask(question):
            lines = [RULES]
            for tag in TOOLS:
                lines.append(f"- {tag}")
            return client.messages.create(
                model="claude-opus-5-5", max_tokens=100,
                system=[{"type": "text", "text": "\\n".join(lines), "cache_control": MARK}],
                messages=[{"role": "user", "content": question}],
            )
        """,
    "a clock that is read once and kept in a global": """
        STARTED = None

        def started():
            global STARTED
            if STARTED is None:
                STARTED = datetime.now().isoformat()
            return STARTED

        def ask(question):
            return client.messages.create(
                model="claude-opus-5-5", max_tokens=100,
                system=[{"type": "text", "text": RULES + started(), "cache_control": MARK}],
                messages=[{"role": "user", "content": question}],
            )
        """,
    "the date cut out of a time": """
        def ask(question):
            today = str(datetime.now()).split(" ")[0]
            return client.messages.create(
                model="claude-opus-5-5", max_tokens=100,
                system=[{"type": "text", "text": RULES + today, "cache_control": MARK}],
                messages=[{"role": "user", "content": question}],
            )
        """,
    "what was found, kept in the first message for a whole task": """
        def work(task):
            found = memory.search(task)
            messages = [{"role": "user", "content": f"{found}\\n{task}"}]
            while True:
                reply = client.messages.create(
                    model="claude-opus-5-5", max_tokens=100, system=RULES,
                    messages=messages, cache_control=MARK,
                )
                messages.append({"role": "assistant", "content": reply.content})
                if reply.stop_reason != "tool_use" or len(messages) > 40:
                    return reply
                messages.append({"role": "user", "content": run_tool(reply)})
        """,
    "a clock handed to a template without that field": """
        TEMPLATE = "You are the shop's assistant. Be kind, be brief, and keep to the rules."

        def reply(text):
            system = TEMPLATE.format(current_time=datetime.now())
            return client.messages.create(
                model="claude-opus-5-5", max_tokens=100,
                system=[{"type": "text", "text": RULES + system, "cache_control": MARK}],
                messages=[{"role": "user", "content": text}],
            )
        """,
    "a clock in logs, file names and costs": """
        def reply(text):
            began = datetime.now()
            answer = client.messages.create(
                model="claude-opus-5-5", max_tokens=100,
                system=[{"type": "text", "text": RULES, "cache_control": MARK}],
                messages=[{"role": "user", "content": text}],
            )
            with open(f"log-{began:%H%M%S}.txt", "w") as log:
                log.write(f"{datetime.now() - began} {uuid.uuid4()}")
            return answer
        """,
    "memory read once per question is equal inside the tool loop": """
        def answer(messages):
            found = "\\n".join(profiles)
            for _ in range(8):
                reply = client.messages.create(
                    model="claude-opus-5-5", max_tokens=100, tools=TOOLS,
                    system=[{"type": "text", "text": f"{RULES}\\n{found}", "cache_control": MARK}],
                    messages=messages,
                )
                messages.append({"role": "assistant", "content": reply.content})
                messages.append({"role": "user", "content": run_tool(reply)})
        """,
    "a prompt handed through by a library": """
        def complete(system, messages, model):
            return client.messages.create(
                model=model, max_tokens=100,
                system=[{"type": "text", "text": system, "cache_control": MARK}],
                messages=messages,
            )
        """,
    "unmarked": """
        def reply(user, text):
            return client.messages.create(
                model="claude-opus-5-5", max_tokens=100,
                system=f"{RULES}\\nYou talk to {user.name} at {datetime.now()}.",
                messages=[{"role": "user", "content": text}],
            )
        """,
    "the persona marked, date and memories behind it": """
        def reply(user, text):
            return client.messages.create(
                model="claude-opus-5-5", max_tokens=100,
                system=[
                    {"type": "text", "text": RULES, "cache_control": MARK},
                    {"type": "text", "text": f"{datetime.now()} {memory.search(text)} {user.name}"},
                ],
                messages=[{"role": "user", "content": text}],
            )
        """,
    "a marker on the newest turn of a conversation": """
        def chat():
            messages = []
            while True:
                messages.append({"role": "user", "content": [
                    {"type": "text", "text": input(), "cache_control": MARK}
                ]})
                reply = client.messages.create(
                    model="claude-opus-5-5", max_tokens=100, system=RULES, messages=messages
                )
                del messages[-1]["content"][0]["cache_control"]
                messages.append({"role": "assistant", "content": reply.content})
                if len(messages) > 80:
                    del messages[:-40]
        """,
    "unsorted JSON in the turn, in a log and in a key": """
        def reply(row):
            key = json.dumps(row)
            return client.messages.create(
                model="claude-opus-5-5", max_tokens=100,
                system=[{"type": "text", "text": RULES, "cache_control": MARK}],
                messages=[{"role": "user", "content": key}],
                metadata={"user_id": str(uuid.uuid4())},
            )
        """,
    "a marker guarded by the index": """
        def send(documents):
            content = []
            for index, document in enumerate(documents):
                block = {"type": "text", "text": document}
                if index == len(documents) - 1:
                    block["cache_control"] = {"type": "ephemeral"}
                content.append(block)
            content.append({"type": "text", "text": "Compare them."})
            return client.messages.create(
                model="claude-opus-5-5", max_tokens=100,
                messages=[{"role": "user", "content": content}],
            )
        """,
    "the last message of a copy marked, whatever its content is": """
        class Talk:
            def __init__(self):
                self.history = []

            def marked(self):
                found = []
                for at, turn in enumerate(self.history):
                    if at == len(self.history) - 1 and turn["role"] == "user":
                        if isinstance(turn["content"], str):
                            block = {"type": "text", "text": turn["content"]}
                            found.append(
                                {"role": "user", "content": [{**block, "cache_control": MARK}]}
                            )
                        else:
                            found.append(turn)
                    else:
                        found.append(turn)
                return found

            def say(self, text):
                self.history.append({"role": "user", "content": text})
                reply = client.messages.create(
                    model="claude-opus-5-5", max_tokens=100, messages=self.marked()
                )
                self.history.append({"role": "assistant", "content": reply.content})
                if len(self.history) > 80:
                    del self.history[:-40]
        """,
    "a few characters that each serve everybody": """
        import discord

        class Character(discord.Client):
            def __init__(self, name, persona):
                super().__init__()
                self.prompt = f"{RULES}\\nYou are {name}. {persona}"

            async def on_message(self, message):
                reply = client.messages.create(
                    model="claude-opus-5-5", max_tokens=100,
                    system=[{"type": "text", "text": self.prompt, "cache_control": MARK}],
                    messages=[{"role": "user", "content": message.content}],
                )
                await message.reply(reply.content[0].text)

        async def main():
            await asyncio.gather(
                *[Character(name, persona).start(name) for name, persona in profiles.items()]
            )
        """,
    "a reply that cannot be read is asked for again": """
        RULES = "Answer with one JSON object and nothing else, in the order asked for. " * 200

        def ask(talk, parser=None):
            left = 3
            while True:
                if left == 0:
                    raise ValueError("no reply can be read")
                left -= 1
                try:
                    reply = client.messages.create(
                        model="claude-opus-5-5", max_tokens=100, system=RULES, messages=talk
                    )
                except anthropic.APIStatusError:
                    continue
                if parser:
                    try:
                        found = parser(reply.content[0].text)
                        break
                    except ValueError as error:
                        talk.append({"role": "assistant", "content": reply.content})
                        talk.append({"role": "user", "content": f"That can't be read: {error}"})
                        continue
                else:
                    found = reply.content[0].text
                    break
            return found

        def main():
            print(ask([{"role": "user", "content": open("order.txt").read()}], json.loads))
        """,
    "old pictures taken out in each round of a tool loop": """
        def thin(messages, keep=3):
            for message in messages[:-keep]:
                if message["role"] == "user":
                    message["content"] = "(a picture that was here)"

        def work(task):
            messages = [{"role": "user", "content": task}]
            for _ in range(8):
                thin(messages)
                reply = client.messages.create(
                    model="claude-opus-5-5", max_tokens=100, system="Click.", messages=messages
                )
                messages.append({"role": "assistant", "content": reply.content})
                if reply.stop_reason != "tool_use":
                    return reply
                messages.append({"role": "user", "content": run_tool(reply)})
        """,
    "a window over a table in front of a few rounds, tools and rules marked": """
        from fastapi import FastAPI
        import sqlite3

        app = FastAPI()
        SYSTEM = [{"type": "text", "text": RULES, "cache_control": MARK}]

        def last_turns(talk):
            rows = sqlite3.connect("talk.db").execute(
                "SELECT role, text FROM turns WHERE talk = ? ORDER BY at DESC LIMIT 10", (talk,)
            )
            turns = [{"role": role, "content": text} for role, text in rows.fetchall()]
            turns.reverse()
            return turns

        @app.post("/ask")
        def ask(talk: str, question: str, most: int = 5):
            messages = last_turns(talk)
            messages.append({"role": "user", "content": question})
            for _ in range(1, most + 1):
                reply = client.messages.create(
                    model="claude-opus-5-5", max_tokens=100, system=SYSTEM, messages=messages
                )
                messages.append({"role": "assistant", "content": reply.content})
                if reply.stop_reason != "tool_use":
                    return reply
                messages.append({"role": "user", "content": run_tool(reply)})
        """,
    "the speeds of a few lengths, compared": """
        import time

        def compare():
            lengths = [100, 1000, 4000]
            for most in lengths:
                began = time.time()
                client.messages.create(
                    model="claude-opus-5-5", max_tokens=most,
                    messages=[{"role": "user", "content": "Write a long dialogue."}],
                )
                print(most, time.time() - began)

        compare()
        """,
    "a few samples, one after the other": """
        SAMPLES = ["the first", "the second", "the third"]

        def sum_up(text):
            reply = client.messages.create(
                model="claude-opus-5-5", max_tokens=100,
                messages=[{"role": "user", "content": f"Sum it up: {text}"}],
            )
            return reply.content[0].text

        if __name__ == "__main__":
            found = [sum_up(text) for text in SAMPLES]
            for at, text in enumerate(SAMPLES):
                print(at, sum_up(text), found[at])
        """,
    "models compared on purpose, all of them served": """
        MODELS = ["claude-opus-5-5", "claude-sonnet-5-5", "claude-haiku-5-5"]

        def compare(text):
            return {
                model: client.messages.create(
                    model=model, max_tokens=100, messages=[{"role": "user", "content": text}]
                )
                for model in MODELS
            }
        """,
    "reminders that are due": """
        from discord.ext import tasks

        @tasks.loop(seconds=60)
        async def remind():
            for reminder in await store.due():
                reply = client.messages.create(
                    model="claude-opus-5-5", max_tokens=100,
                    messages=[{"role": "user", "content": f"Remind them: {reminder.text}"}],
                )
                await channel.send(reply.content[0].text)
        """,
    "a persona that is drawn anew for one request": """
        import random

        KINDS = ["a gardener", "a pilot"]
        RULES = "Stay in character and never break off in the middle of a sentence. " * 200

        def invent(topics):
            messages = []
            for topic in topics:
                messages.append({"role": "user", "content": topic})
            return client.messages.create(
                model="claude-opus-5-5", max_tokens=100,
                system=f"You are {random.choice(KINDS)}.\\n{RULES}", messages=messages,
            )
        """,
}


@pytest.mark.parametrize("name", SILENT)
def test_silent(name: str) -> None:
    assert ids(SILENT[name]) == []


TWO_REQUESTS = """
    SYSTEM_PROMPT = "You coach runners. Be kind, be brief, and never promise a time. " * 200

    def prompt(first, profile):
        text = (
            SYSTEM_PROMPT
            + (f"\\n\\nName: {first}" if first else "")
            + (f"\\n\\n{profile}" if profile else "")
        )
        return [{"type": "text", "text": text, "cache_control": {"type": "ephemeral"}}]

    async def handle(user, text):
        return client.messages.create(
            model="claude-opus-5-5", max_tokens=100,
            system=prompt(user.first_name, user.profile),
            messages=[{"role": "user", "content": text}],
        )

    async def with_tools(user, text):
        messages = [{"role": "user", "content": text}]
        system = prompt(user.first_name, user.profile)
        for _ in range(5):
            reply = client.messages.create(
                model="claude-opus-5-5", max_tokens=100, tools=TOOLS, system=system,
                messages=messages,
            )
            messages.append({"role": "assistant", "content": reply.content})
            messages.append({"role": "user", "content": run_tool(reply)})
    """


#: A chat whose list of messages shows in the text of its marked system prompt.
SHOWN = """
def chat():
    talk = []
    while True:
        talk.append({{"role": "user", "content": input("> ")}})
        first = [m for m in talk if m["role"] == "system"]
        lines, kept = [], []
        for message in talk:
            lines.append(message["content"])
        for message in talk:
            if message["role"] != "system":
                continue
            kept.append(message)
        reply = client.messages.create(
            model="claude-opus-5-5", max_tokens=100,
            system=[{{"type": "text", "text": RULES + {shown}, "cache_control": MARK}}],
            messages={sent},
        )
        talk.append({{"role": "assistant", "content": reply.content}})

class Desk:
    def __init__(self):
        self.talk = []

    def answer(self, text):
        self.talk.append({{"role": "user", "content": text}})
        talk = self.talk
        first = [m for m in talk if m["role"] == "system"]
        lines = kept = first
        reply = client.messages.create(
            model="claude-opus-5-5", max_tokens=100,
            system=[{{"type": "text", "text": RULES + {attribute}, "cache_control": MARK}}],
            messages={sent},
        )
        self.talk.append({{"role": "assistant", "content": reply.content}})

def serve():
    desk = Desk()
    while True:
        desk.answer(input("> "))

chat()
serve()
"""


@pytest.mark.parametrize("sent", ["talk", "talk[-10:]"])
@pytest.mark.parametrize(
    "shown",
    [
        "f'{talk}'",
        "str(talk[-4:])",
        "json.dumps(talk)",
        "json.dumps([m['content'] for m in talk])",
        "'; '.join(m['content'] for m in talk)",
        "'; '.join(f\"{m['role']}: {m['content']}\" for m in talk)",
        "'; '.join(lines)",
    ],
)
def test_a_list_that_grows_is_another_text_each_time(shown: str, sent: str) -> None:
    body = SHOWN.format(shown=shown, attribute="'none'", sent=sent)
    found = [each for each in findings(body) if each.rule.id in DYNAMIC]
    assert [each.rule.id for each in found] == ["SKF202"]
    assert found[0].pair is not None
    assert found[0].pair.startswith("from turn to turn of the loop")


@pytest.mark.parametrize("sent", ["talk", "talk[-10:]"])
@pytest.mark.parametrize(
    "shown",
    [
        "talk[0]['content']",
        "str(talk[:1])",
        "json.dumps(first)",
        "json.dumps(talk)[:100]",
        "str(kept)",
        "[m['content'] for m in talk][0]",
        "''.join(m['content'] for m in talk[:2])",
        "'; '.join(m['content'] for m in first)",
        "'; '.join(m['content'] for m in talk if m['role'] == 'system')",
        "'; '.join(m['content'] if m['role'] == 'system' else '' for m in talk)",
    ],
)
def test_what_is_picked_of_a_list_that_grows_may_be_the_same(shown: str, sent: str) -> None:
    found = ids(SHOWN.format(shown=shown, attribute=shown, sent=sent))
    assert [each for each in found if each in DYNAMIC] == []


def test_a_block_shared_by_a_handler_and_a_tool_loop_is_one_finding() -> None:
    tail, found = sorted(findings(TWO_REQUESTS), key=lambda finding: finding.primary, reverse=True)
    assert tail.rule.id == "SKF203"
    assert found.rule.id == "SKF104"
    assert len(found.requests) == 2
    assert found.fix is not None
    (op,) = found.fix.ops
    assert isinstance(op, SplitBlock)
    assert op.at == 1
    assert op.static == (True, False, False)
    assert op.mark_tail, "the tool loop reads the profile again"
    assert op.tail_may_be_blank, "both parts may be empty"
    assert found.cost is not None


def test_one_user_only() -> None:
    (tail,) = findings(TWO_REQUESTS, single_user=True)
    assert tail.rule.id == "SKF203"


def test_the_nearest_setting_is_named_as_the_one_it_is_the_default_of() -> None:
    body = """
        import argparse, os

        class Reader:
            def __init__(self, model="claude-3-opus-20240229"):
                self.model = model

            def read(self, page):
                return client.messages.create(
                    model=self.model, max_tokens=100,
                    messages=[{"role": "user", "content": page}],
                )

        def main():
            parser = argparse.ArgumentParser()
            parser.add_argument("--model", default="claude-3-haiku-20240307")
            given = parser.parse_args()
            Reader(given.model).read("a")
            Reader(os.environ.get("MODEL", "claude-2.1")).read("b")
            Reader().read("c")
        """
    said = {found.message.partition(" was ")[0] for found in findings(body)}
    assert said == {
        "claude-3-opus-20240229 (default of parameter `model`)",
        "claude-3-haiku-20240307 (default of command line argument model)",
        "claude-2.1 (default of environment variable MODEL)",
    }


ADAPTER = """
class Gateway:
    def send(self, system: str, question: str):
        return client.messages.create(
            model="claude-sonnet-5-5",
            max_tokens=900,
            system=[{"type": "text", "text": system, "cache_control": MARK}],
            messages=[{"role": "user", "content": question}],
        )


def describe(tables: list[dict]):
    gateway = Gateway()
    for table in tables:
        gateway.send(f"%s You describe the table {table['name']}.", "What does it hold?")
"""


def by_default(body: str) -> list[str]:
    result = engine.check(
        [from_bytes("app.py", (HEAD + dedent(body)).encode())],
        [rule() for rule in all_rules() if rule.id in DYNAMIC],
        config.load(None, None, isolated=True),
        Context(as_of=datetime.date(2026, 11, 22), preview=False),
    )
    return [found.rule.id for found in result.findings]


def test_what_an_adapter_marks_has_to_be_long_to_be_told_by_default() -> None:
    """It marks whatever it is given: a constant elsewhere may be a sentence or a book."""
    known = ADAPTER % ("You know the schema of a large shop by heart. " * 200)
    elsewhere = ADAPTER % "{RULES}"
    assert ids(elsewhere) == by_default(known) == ["SKF104"]
    assert by_default(elsewhere) == []
    written = elsewhere.replace('"text": system', '"text": RULES + system')
    assert by_default(written) == ["SKF104"]


PRICES = """
from fastapi import FastAPI

app = FastAPI()


@app.post("/judge")
def judge(question: str):
    prices = {"shop": 1, **json.loads(memory.get("prices"))}
    return client.messages.create(
        model="claude-sonnet-5-5",
        max_tokens=900,
        system=[{"type": "text", "text": RULES + %s, "cache_control": MARK}],
        messages=[{"role": "user", "content": question}],
    )
"""


def test_a_number_out_of_parsed_json_has_no_key_order() -> None:
    """It is another number each time, but no order of keys: nothing writes JSON."""
    rules = [rule() for rule in all_rules() if rule.id == "SKF107"]

    def count(shown: str) -> int:
        result = engine.check(
            [from_bytes("app.py", (HEAD + dedent(PRICES % shown)).encode())],
            rules,
            config.load(None, None, isolated=True),
            Context(as_of=datetime.date(2026, 11, 22), preview=False),
        )
        return len(result.findings)

    assert count("json.dumps(prices)") == 1
    assert count('"The price is " + format(prices["rain"], ".3f")') == 0


@pytest.mark.parametrize(
    ("path", "told"),
    [("jobs/night.py", True), ("evals/run.py", False), ("app/evaluation/cases.py", False)],
)
def test_the_cases_of_an_evaluation_share_what_they_are_about(path: str, told: bool) -> None:
    rule = EntityValueInCachedPrefix()
    (job,) = (each.bad for each in rule.examples if each.title.startswith("A record glued"))
    for preview in (False, True):
        result = engine.check(
            [from_bytes(path, job.encode())],
            [rule],
            config.load(None, None, isolated=True),
            Context(as_of=datetime.date(2026, 11, 22), preview=preview),
        )
        assert bool(result.findings) is (told or preview)
