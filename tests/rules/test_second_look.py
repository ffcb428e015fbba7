"""Findings that a second reader took back: talks that end, rounds that seldom send, short names."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest
from judging import judged

from skinflint.linter import config, engine
from skinflint.linter.source import from_bytes
from skinflint.rules.base import Context, Rule
from skinflint.rules.batchable_loop import BatchableLoop
from skinflint.rules.no_cache import NoCache
from skinflint.rules.retired_model import RetiredModel
from skinflint.rules.sliding_window import SlidingWindow
from skinflint.rules.unbounded_history import UnboundedHistory
from skinflint.rules.unknown_model import UnknownModel

DAY = datetime.date(2026, 11, 22)
DEFAULT = Context(as_of=DAY)
PREVIEW = Context(as_of=DAY, preview=True)

TALKS = """\
import anthropic
from fastapi import FastAPI

app = FastAPI()
client = anthropic.Anthropic()
talks = {{}}


@app.post("/begin")
def begin(caller: str):
    talks[caller] = {{"said": []}}


@app.post("/say")
def say(caller: str, words: str):
    talk = talks.get(caller)
    talk["said"].append({{"role": "user", "content": words}})
    reply = client.messages.create(
        model="claude-haiku-5-5", max_tokens=500, messages=talk["said"]
    )
    talk["said"].append({{"role": "assistant", "content": reply.content[0].text}})
    return reply.content[0].text


@app.post("/{name}")
def {name}(caller: str):
    talks.pop(caller, None)
"""

ROWS = """\
import sqlite3

import anthropic
from fastapi import FastAPI

app = FastAPI()
client = anthropic.AsyncAnthropic()


def keep(visitor: str, role: str, words: str) -> None:
    with sqlite3.connect("talks.db") as db:
        db.execute(
            "INSERT INTO said (visitor, role, words) VALUES (?, ?, ?)",
            (visitor, role, words),
        )


def said(visitor: str) -> list[dict]:
    with sqlite3.connect("talks.db") as db:
        rows = db.execute(
            "SELECT role, words FROM said WHERE visitor = ? ORDER BY id", (visitor,)
        ).fetchall()
    return [{"role": role, "content": words} for role, words in rows]


@app.post("/talk/{visitor}")
async def talk(visitor: str, words: str) -> str:
    keep(visitor, "user", words)
    reply = await client.messages.create(
        model="claude-haiku-5-5",
        max_tokens=500,
        cache_control={"type": "ephemeral"},
        messages=said(visitor),
    )
    keep(visitor, "assistant", reply.content[0].text)
    return reply.content[0].text
"""
LAST = "    return reply.content[0].text\n"
CONCLUDED = ROWS.replace(
    LAST, f'    if "Goodbye" in words:\n        visits[visitor].status = "completed"\n{LAST}'
)

TYPED = """\
import anthropic

client = anthropic.Anthropic()


def main():
    messages = []
    while True:
        words = input("> ")
        if words == "/fresh":
            messages = []
            continue
        messages.append({"role": "user", "content": words})
        reply = client.messages.create(
            model="claude-sonnet-5-5",
            max_tokens=900,
            cache_control={"type": "ephemeral"},
            messages=messages,
        )
        messages.append({"role": "assistant", "content": reply.content[0].text})
        print(reply.content[0].text)


main()
"""

SCREENS = """\
import anthropic
import streamlit as st
from screen import TOOLS, look

client = anthropic.Anthropic()


def newest(messages, many):
    if many is None:
        return messages
    shown = [
        block
        for message in messages
        if isinstance(message["content"], list)
        for block in message["content"]
        if block.get("type") == "tool_result"
    ]
    for block in shown[:-many]:
        block["content"] = [part for part in block["content"] if part.get("type") != "image"]
    return messages


def ask(messages, many=2):
    return client.messages.create(
        model="claude-sonnet-5-5", max_tokens=900, tools=TOOLS, messages=newest(messages, many)
    )


if "talk" not in st.session_state:
    st.session_state.talk = []
if words := st.chat_input():
    st.session_state.talk.append({"role": "user", "content": words})
    reply = ask(st.session_state.talk)
    st.session_state.talk.append({"role": "assistant", "content": reply.content})
    st.session_state.talk.append({"role": "user", "content": look(reply)})
"""
TURNED_OFF = SCREENS.replace(
    "def ask(messages, many=2):\n    return",
    "def ask(messages, many=2):\n    if not st.secrets['slow']:\n        many = 0\n"
    "    if many:\n        newest(messages, many)\n    return",
).replace("messages=newest(messages, many)", "messages=messages")

GAME = """\
import anthropic
from world import begin, look, walk

client = anthropic.Anthropic()
RULES = "Tell in short sentences what has become of the travellers and of what they carry. " * 60


def told(text):
    reply = client.messages.create(
        model="claude-opus-5-5",
        max_tokens=400,
        tools=[{"name": "roll", "description": RULES, "input_schema": {"type": "object"}}],
        messages=[{"role": "user", "content": text}],
    )
    return reply.content[0].text


def play():
    history = begin()
    step = 0
    while look():
        step += 1
        tool_name = walk()
        history.append(tool_name)
        CONDITION
            history = [told(str(history))]


play()
"""

LAST_WORD = """\
import anthropic
from shelf import look_up

client = anthropic.Anthropic()
TOOLS = [{"name": "shelf", "description": "Looks it up.", "input_schema": {"type": "object"}}]
GUIDE = "Name the shelf, the row and the box of every part that is asked for. " * 90


class Desk:
    def __init__(self):
        self.messages = []

    def ask(self, question):
        self.messages.append({"role": "user", "content": question})
        reply = client.messages.create(
            model="claude-sonnet-5-5", max_tokens=900, tools=TOOLS, system=GUIDE,
            messages=self.messages,
        )
        self.messages.append({"role": "assistant", "content": reply.content})
        for block in reply.content:
            if block.type == "tool_use":
                self.messages.append({"role": "user", "content": look_up(block)})
                reply = client.messages.create(
                    model="claude-sonnet-5-5", max_tokens=900, TOOLS_TOOsystem=GUIDE,
                    messages=self.messages,
                )
                self.messages.append({"role": "assistant", "content": reply.content})
        return reply


desk = Desk()
while True:
    print(desk.ask(input("? ")))
"""

SHORT = """\
import anthropic

client = anthropic.Anthropic()


def ask(question, model):
    if model == "claude-sonnet-4-5-20250514":
        model = "claude-haiku-5-5"
    return client.messages.create(
        model=model, max_tokens=500, messages=[{"role": "user", "content": question}]
    )


def main():
    print(ask("Where does the swift sleep?", "claude-sonnet-4-5-20250514"))
    print(ask("Where does the crow sleep?", "claude-haiku-5-5"))


main()
"""


def told(rule: type[Rule], text: str, context: Context = DEFAULT) -> bool:
    return bool(judged(rule, text, context))


@pytest.mark.parametrize("name", ["finish_talk", "hang_up", "end"])
def test_a_talk_that_is_forgotten_at_its_end(name: str) -> None:
    assert not told(UnboundedHistory, TALKS.format(name=name))


@pytest.mark.parametrize("name", ["reset", "clear_talk", "new_talk", "forget_me"])
def test_one_that_somebody_clears_is_not_at_its_end(name: str) -> None:
    assert told(UnboundedHistory, TALKS.format(name=name))


def test_rows_of_an_interview_that_is_said_to_be_over() -> None:
    assert not told(UnboundedHistory, ROWS)
    assert told(UnboundedHistory, ROWS, PREVIEW)
    assert not told(UnboundedHistory, CONCLUDED, PREVIEW)
    job = CONCLUDED.replace("visits[visitor].status", "job.status")
    assert told(UnboundedHistory, job, PREVIEW)


def test_what_is_typed_and_cached_and_begun_anew_by_hand() -> None:
    assert not told(UnboundedHistory, TYPED)
    assert told(UnboundedHistory, TYPED, PREVIEW)
    uncached = TYPED.replace('            cache_control={"type": "ephemeral"},\n', "tools=TOOLS,")
    assert told(UnboundedHistory, uncached)
    endless = TYPED.replace('        if words == "/fresh":', "        if not words:")
    assert told(UnboundedHistory, endless.replace("max_tokens=", "tools=TOOLS, max_tokens="))


def test_older_screens_are_taken_out() -> None:
    assert not told(UnboundedHistory, SCREENS)
    assert told(UnboundedHistory, TURNED_OFF)


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        ("if step:", True),
        ("if len(history) >= 60:", False),
        ("if step % 50 == 0:", False),
        ("if tool_name == 'sum_up':", False),
        ("if len(history) > 1:", True),
    ],
)
def test_what_few_rounds_send(condition: str, found: bool) -> None:
    text = GAME.replace("CONDITION", condition)
    bare = text.replace("tools=[", "system=RULES, metadata=[")
    assert told(NoCache, bare, PREVIEW)
    assert not told(NoCache, bare)  # a prompt alone
    assert told(NoCache, text, PREVIEW)
    assert told(NoCache, text) is found


def test_a_last_word_without_the_tools_of_the_talk() -> None:
    same = judged(NoCache, LAST_WORD.replace("TOOLS_TOO", "tools=TOOLS, "), DEFAULT)
    assert {finding.primary.line for finding in same} == {15, 23}
    bare = LAST_WORD.replace("TOOLS_TOO", "")
    assert {finding.primary.line for finding in judged(NoCache, bare, DEFAULT)} == {15}


def test_a_short_name_that_is_put_right() -> None:
    assert not told(UnknownModel, SHORT)
    assert told(
        UnknownModel, SHORT.replace('if model == "claude-sonnet-4-5-20250514"', "if not model")
    )


PAUSED = """\
import json
import time
from pathlib import Path

import anthropic

client = anthropic.Anthropic()


def tagged(path):
    reply = client.messages.create(
        model="claude-haiku-5-5",
        max_tokens=50,
        messages=[{"role": "user", "content": path.read_text()}],
    )
    return reply.content[0].text


def main():
    tags = {}
    for path in sorted(Path("letters").glob("*.txt")):
        tags[path.name] = tagged(path)
        time.sleep(1)
    with open("tags.json", "w") as file:
        json.dump(tags, file)


if __name__ == "__main__":
    main()
"""
BATCHES = "def send(client, asked):\n    return client.messages.batches.create(requests=asked)\n"


@pytest.mark.parametrize("own", [False, True])
def test_a_project_that_has_a_runner_of_batches(tmp_path: Path, own: bool) -> None:
    (tmp_path / "tag.py").write_text(PAUSED)
    (tmp_path / "send.py").write_text(BATCHES if own else "")
    for context in (DEFAULT, PREVIEW):
        result = engine.check(
            [from_bytes(str(tmp_path / "tag.py"), PAUSED.encode())],
            [BatchableLoop()],
            config.load(None, None, isolated=True),
            context,
        )
        assert bool(result.findings) is (context is PREVIEW or not own)


PROBE = """\
import anthropic

client = anthropic.Anthropic()
MODELS = [("claude-3-opus-20240229", "Opus 3"), ("claude-sonnet-5-5", "Sonnet 5.5")]
for model, name in MODELS:
    try:
        client.messages.create(
            model=model, max_tokens=10, messages=[{"role": "user", "content": "Hello?"}]
        )
        print(f"{name} is there")
    except anthropic.APIError as error:
        print(f"{name}: {error}")
"""


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("max_tokens=10", "max_tokens=900"),
        ("claude-sonnet-5-5", "claude-2.1"),  # none of them is served
        ('        print(f"{name}: {error}")', "        raise"),
        ("model=model,", "model=MODELS[0][0],"),
    ],
)
def test_a_probe_of_what_is_served(old: str, new: str) -> None:
    assert not told(RetiredModel, PROBE)
    assert told(RetiredModel, PROBE.replace(old, new))


@pytest.mark.parametrize(("name", "found"), [("tests/test_models.py", False), ("models.py", True)])
def test_a_probe_in_a_test(name: str, found: bool) -> None:
    text = PROBE.replace("max_tokens=10", "max_tokens=100").replace(
        "for model, name in", "for each in"
    )
    text = text.replace("model=model", "model=each[0]").replace("{name}", "{each[1]}")
    for code in (text, text.replace("claude-sonnet-5-5", "claude-2.1")):
        result = engine.check(
            [from_bytes(name, code.encode())],
            [RetiredModel()],
            config.load(None, None, isolated=True),
            DEFAULT,
        )
        assert bool(result.findings) is found
        assert result.requests


HELPED = """\
import anthropic

client = anthropic.Anthropic()
MODELS = ["claude-3-opus-20240229", "claude-sonnet-5-5"]


def works(model):
    try:
        client.messages.create(
            model=model, max_tokens=10, messages=[{"role": "user", "content": "Hello?"}]
        )
        return True
    except anthropic.APIError:
        return False


for each in MODELS:
    print(each, works(each))
"""


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("        return False", "        raise"),
        ("works(each)", "works(MODELS[0])"),
        ("for each in MODELS:", "print(works(MODELS[0]))\nfor each in MODELS:"),
        ("for each in MODELS:", "print(*map(works, MODELS))\nfor each in MODELS:"),
    ],
)
def test_a_probe_in_a_function_of_its_own(old: str, new: str) -> None:
    assert not told(RetiredModel, HELPED)
    listed = HELPED.partition("for each")[0] + "print([works(each) for each in MODELS])\n"
    assert not told(RetiredModel, listed)
    assert told(RetiredModel, HELPED.replace(old, new))


DESK = """\
import anthropic
from fastapi import FastAPI

app = FastAPI()
RULES = "Answer as the one behind the desk would, and leave nothing out. " * 600


class Desk:
    def __init__(self):
        self.client = anthropic.Anthropic()
        self.said = []

    def answer(self, words):
        self.said.append({{"role": "user", "content": words}})
        reply = self.client.messages.create(
            model="claude-sonnet-5-5", max_tokens=900, system=RULES, messages=self.said
        )
        self.said.append({{"role": "assistant", "content": reply.content}})
        return reply.content

    def summary(self):
        asked = [*self.said, {{"role": "user", "content": "What was it about?"}}]
        return self.client.messages.create(
            model="claude-sonnet-5-5", max_tokens=900, system="In short. " * 2000, messages=asked
        ).content

    def forget(self):
        self.said = []


desk = Desk()


@app.post("/say")
def say(words: str):
    return desk.answer(words)


@app.post("/{name}")
def {name}():
    words = desk.summary()
    desk.forget()
    return words
"""


@pytest.mark.parametrize(("name", "ends"), [("end_call", True), ("hang_up", True), ("look", False)])
def test_a_talk_that_is_forgotten_by_what_ends_the_call(name: str, ends: bool) -> None:
    assert told(UnboundedHistory, DESK.format(name=name)) is not ends


@pytest.mark.parametrize(
    ("asked", "aside"),
    [
        ("asked = [", {15: False, 23: True}),
        ("asked = self.said.append({}) or [", {15: False, 23: False}),
    ],
)
def test_what_is_asked_about_a_talk_that_others_carry_on(
    asked: str, aside: dict[int, bool]
) -> None:
    text = DESK.format(name="look").replace("asked = [", asked)
    source = from_bytes("app.py", text.encode())
    result = engine.check([source], [NoCache()], config.load(None, None, isolated=True), DEFAULT)
    talks = {each.site.span.line: each.conversation for each in result.requests}
    assert {line: talk is not None and talk.aside for line, talk in talks.items()} == aside


PATCHED = """\
from unittest.mock import patch

import anthropic

client = anthropic.Anthropic()


def test_a_broken_reply():
    with patch.object(client.messages, "create") as create:
        create.return_value = None
        client.messages.create(
            model="claude-3-opus-20240229",
            max_tokens=90,
            messages=[{"role": "user", "content": "a"}],
        )
"""


@pytest.mark.parametrize(
    ("old", "new", "sent"),
    [
        ("", "", False),
        ('patch.object(client.messages, "create")', 'patch("letters.Anthropic")', False),
        ('patch.object(client.messages, "create")', 'patch("letters.clock")', True),
        ('patch.object(client.messages, "create")', "pytest.raises(ValueError)", True),
    ],
)
def test_a_client_that_a_test_puts_in_its_place(
    old: str, new: str, sent: bool, tmp_path: Path
) -> None:
    path = tmp_path / "tests" / "test_letters.py"
    path.parent.mkdir()
    (tmp_path / "pyproject.toml").write_text("")
    path.write_text(PATCHED.replace(old, new))
    source = from_bytes(str(path), path.read_bytes())
    settings = config.load(None, None, isolated=True)
    found = engine.check([source], [RetiredModel()], settings, DEFAULT).findings
    assert bool(found) is sent


WATCHED = """\
import asyncio
import time

import anthropic
from fastapi import FastAPI, WebSocket

app = FastAPI()
client = anthropic.Anthropic()
TOOLS = [{"name": "look", "description": "Look up a word.", "input_schema": {"type": "object"}}]


class Guide:
    def __init__(self):
        self.said = []

    def reset(self):
        self.said = []

    def answer(self, words):
        self.said.append({"role": "user", "content": words})
        reply = client.messages.create(
            model="claude-haiku-5-5", max_tokens=500, messages=self.said, tools=TOOLS
        )
        self.said.append({"role": "assistant", "content": reply.content[0].text})
        return reply.content[0].text


@app.websocket("/talk")
async def talk(socket: WebSocket):
    guide = Guide()
    last = time.time()

    async def watch():
        while True:
            await asyncio.sleep(30)
            elapsed = time.time() - last
            if elapsed > 300:
                guide.reset()

    asyncio.create_task(watch())
    while True:
        words = await socket.receive_text()
        last = time.time()
        await socket.send_text(guide.answer(words))
"""


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        ("if elapsed > 300:", False),
        ("if await socket.receive_text() == 'begin anew':", True),
        ("if elapsed > 300:\n                limiter.reset()\n            if done:", True),
    ],
)
def test_a_talk_that_is_forgotten_after_some_silence(condition: str, found: bool) -> None:
    text = WATCHED.replace("if elapsed > 300:", condition)
    if "limiter" in condition:
        text = "from desk import limiter\n" + text.replace("guide.reset()", "print(last)")
    assert told(UnboundedHistory, text) is found


BODY = """\
import anthropic
from fastapi import Depends, FastAPI
from pydantic import BaseModel

app = FastAPI()
client = anthropic.Anthropic()


class Question(BaseModel):
    words: str
    said: list = []


@app.post("/ask")
def ask(question: Question):
    said = question.said
    said.append({"role": "user", "content": question.words})
    reply = client.messages.create(model="claude-haiku-5-5", max_tokens=500, messages=said)
    return {"answer": reply.content[0].text, "said": said}
"""


@pytest.mark.parametrize(
    ("taken", "found"),
    [
        ("question: Question", False),
        ('question: "Question"', False),
        ("question: Question = Depends(the_only_one)", True),
        ("question: Annotated[Question, Depends(the_only_one)]", True),
    ],
)
def test_a_talk_that_comes_in_with_each_request(taken: str, found: bool) -> None:
    assert told(UnboundedHistory, BODY.replace("question: Question", taken)) is found


SHORTENED = """\
import anthropic

from desk import TOOLS, run

client = anthropic.Anthropic()


def compact(said):
    return said[:1] + said[-6:]


def command(words, said):
    if words == "/shorter":
        SHORTER
        return True
    return False


def main():
    said = []
    while True:
        words = input("You: ")
        if words.startswith("/") and command(words, said):
            continue
        said.append({"role": "user", "content": words})
        reply = client.messages.create(
            model="claude-haiku-5-5", max_tokens=500, messages=said, tools=TOOLS
        )
        said.append({"role": "assistant", "content": reply.content})
        results = []
        for block in reply.content:
            if block.type == "tool_use":
                result = {"type": "tool_result", "tool_use_id": block.id, "content": run(block)}
                results.append(result)
        if results:
            said.append({"role": "user", "content": results})


main()
"""


@pytest.mark.parametrize(
    ("shorter", "found"),
    [
        ("said[:], spared = compact(said), 6", False),
        ("said[:] = compact(said)", False),
        ("said.clear()", True),
        ("print(compact(said))", True),
        ("print_summary(said)", True),
        ("summarize(said)", True),
    ],
)
def test_a_talk_that_a_command_makes_shorter(shorter: str, found: bool) -> None:
    text = SHORTENED.replace("SHORTER", shorter)
    for name in ("print_summary", "summarize"):
        text = text.replace(
            "def compact", f"def {name}(said):\n    print(len(said))\n\n\ndef compact"
        )
    assert told(UnboundedHistory, text, PREVIEW)
    assert told(UnboundedHistory, text) is found


def test_results_that_are_added_one_by_one() -> None:
    each = SHORTENED.replace(
        "results.append(result)", 'said.append({"role": "user", "content": [result]})'
    )
    assert told(UnboundedHistory, each.replace("SHORTER", "said.clear()"))
    rows = each.replace("in reply.content:", "in shelf.talk:").replace(
        "TOOLS, run", "TOOLS, run, shelf"
    )
    assert not told(UnboundedHistory, rows.replace("SHORTER", "said.clear()"))


ENGINE = """\
import anthropic

from desk import TOOLS, run, shown

client = anthropic.Anthropic()


class Engine:
    def __init__(self, most=100):
        self.most = most
        self.messages = []
        self.rounds = 0

    def reset(self):
        self.messages = []
        self.rounds = 0

    def ask(self, words):
        BEGIN
        self.messages.append({"role": "user", "content": words})
        while self.rounds < self.most:
            self.rounds += 1
            reply = client.messages.create(
                model="claude-sonnet-5-5", max_tokens=900, tools=TOOLS, messages=self.messages
            )
            self.messages.append({"role": "assistant", "content": reply.content})
            if reply.stop_reason != "tool_use":
                return shown(reply)
            self.messages.append({"role": "user", "content": run(reply.content)})


engine = Engine()
while True:
    print(engine.ask(input("> ")))
"""


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("BEGIN", "pass", False),
        ("BEGIN", "self.rounds = 0", True),
        ("BEGIN", "self.rounds -= self.rounds", True),
        ("while self.rounds < self.most:", "while self.rounds < self.most or not self.most:", True),
        ("while self.rounds < self.most:", "while self.rounds < self.most and words:", False),
        ("    print(engine", "    engine.rounds = 0\n    print(engine", True),
    ],
)
def test_rounds_that_an_object_counts_over_all_questions(old: str, new: str, found: bool) -> None:
    assert told(UnboundedHistory, ENGINE.replace(old, new).replace("BEGIN", "pass")) is found


def test_rounds_that_are_counted_for_each_question() -> None:
    text = ENGINE.replace("class Engine", "SAID = []\n\n\nclass Engine").replace("BEGIN", "pass")
    text = text.replace("self.messages = []", "pass").replace("self.messages", "SAID")
    assert told(UnboundedHistory, text.replace("engine.ask(", "Engine().ask("))


NOTES = """\
import anthropic

from desk import TOOLS, run

client = anthropic.Anthropic()


def answer(said, words):
    messages = list(said)
    while True:
        reply = client.messages.create(
            model="claude-sonnet-5-5", max_tokens=900, tools=TOOLS, messages=messages
        )
        if reply.stop_reason != "tool_use":
            return "".join(block.text for block in reply.content if block.type == "text")
        messages.append({"role": "assistant", "content": reply.content})
        messages.append({"role": "user", "content": run(reply.content)})


said = []
while True:
    words = input("> ")
    said.append({"role": "user", "content": words})
    text = answer(said, words)
    said.append({"role": "assistant", "content": KEPT})
    print(text)
"""


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("KEPT", "text", False),
        ("KEPT", "run(text)", True),
        ("KEPT", "[run(text)]", True),
        ('"content": words}', '"content": words.strip()}', False),
        ('"content": words}', '"content": f"{words} {open(words).read()}"}', True),
        ('"content": words}', '"content": f"{words} {run(words)}"}', True),
        ('"content": words}', '"content": words, **run(words)}', True),
    ],
)
def test_a_talk_that_keeps_what_is_said_alone(old: str, new: str, found: bool) -> None:
    text = NOTES.replace(old, new).replace("KEPT", "text")
    assert told(UnboundedHistory, text, PREVIEW)
    assert told(UnboundedHistory, text) is found


def test_a_talk_of_a_served_page_that_keeps_what_is_said() -> None:
    head, _, loop = NOTES.partition("said = []\n")
    socket = loop.replace("while True:", "    while True:").replace("\n    ", "\n        ")
    text = (
        f"from fastapi import FastAPI, WebSocket\n{head}app = FastAPI()\n\n\n"
        f'@app.websocket("/talk")\nasync def talk(socket: WebSocket):\n    said = []\n{socket}'
    ).replace('input("> ")', "await socket.receive_text()")
    assert told(UnboundedHistory, text.replace("KEPT", "f'{words} is done'"))


AGAIN = """\
import anthropic

client = anthropic.Anthropic()
RULES = "Answer as the one behind the desk would, and leave nothing out. " * 60
TOOLS = [{"name": "look", "description": RULES, "input_schema": {"type": "object"}}]
said = []
while True:
    said.append({"role": "user", "content": input("> ")})
    del said[:-40]
    reply = client.messages.create(
        model="claude-sonnet-5-5", max_tokens=900, tools=TOOLS, messages=said
    )
    if reply.stop_reason == "max_tokens":
        reply = client.messages.create(
            model="claude-sonnet-5-5", max_tokens=9000, tools=TOOLS, messages=said
        )
    said.append({"role": "assistant", "content": reply.content})
    print(reply.content[0].text)
"""


def test_what_is_asked_again_where_the_reply_was_cut() -> None:
    either = AGAIN.replace('== "max_tokens":', '== "max_tokens" or said[0]:')
    assert len(judged(NoCache, either, DEFAULT)) == 2
    other = AGAIN.replace('reply.stop_reason == "max_tokens"', "message.photo")
    assert [len(judged(NoCache, AGAIN, each)) for each in (PREVIEW, DEFAULT)] == [2, 1]
    assert [len(judged(NoCache, other, each)) for each in (PREVIEW, DEFAULT)] == [2, 2]


WINDOW = """\
import anthropic

client = anthropic.Anthropic()
RULES = "Never promise a delivery before the carrier has confirmed it in writing. " * 60
said = []


def shorten():
    recent = said[-40:]
    said[:] = recent


while True:
    said.append({"role": "user", "content": input("> ")})
    CUT
    reply = client.messages.create(
        model="claude-sonnet-5-5",
        max_tokens=900,
        system=[
            {"type": "text", "text": RULES, "cache_control": {"type": "ephemeral"}},
            {"type": "text", "text": STATE},
        ],
        cache_control={"type": "ephemeral"},
        messages=said,
    )
    said.append({"role": "assistant", "content": reply.content})
"""


@pytest.mark.parametrize(
    ("cut", "state", "found"),
    [
        ("shorten()", "RULES", True),
        ("if reply_tokens > 140_000:\n        shorten()", "RULES", False),
        ("if 140_000 < reply_tokens:\n        shorten()", "RULES", False),
        ("if reply_tokens > 140_000:\n        break\n    shorten()", "RULES", True),
        ("if tokens_left > 0:\n        shorten()", "RULES", True),
        ("if len(said) > 40:\n        shorten()", "RULES", True),
        ("shorten()", "load()", True),  # nobody says that it changes
        ("shorten()", "str(datetime.datetime.now())", False),  # no turn reads the one before
    ],
)
def test_a_window_that_costs_nothing(cut: str, state: str, found: bool) -> None:
    text = f"import datetime\nfrom desk import load\n{WINDOW}".replace("CUT", cut).replace(
        "STATE", state
    )
    assert told(SlidingWindow, text) is found


#: What is sent of a turn has more in it than what is kept of it.
WITH_NEWS = """\
import anthropic
from desk import news

client = anthropic.Anthropic()
said = []


def answer(question: str) -> str:
    del said[:-40]
    sent = list(said)
    sent.append({"role": "user", "content": f"{news()} {question}"})
    reply = client.messages.create(
        model="claude-sonnet-5-5",
        max_tokens=900,
        cache_control={"type": "ephemeral"},
        messages=sent,
    )
    said.append({"role": "user", "content": question})
    said.append({"role": "assistant", "content": reply.content})
    return reply.content[0].text


while True:
    print(answer(input("> ")))
"""


def test_a_window_of_turns_that_are_kept_in_another_form() -> None:
    """What the last message writes is read by no turn, whatever is dropped in front."""
    assert not told(SlidingWindow, WITH_NEWS)
    kept = WITH_NEWS.replace(
        'said.append({"role": "user", "content": question})', "said.append(sent[-1])"
    )
    assert told(SlidingWindow, kept)


def test_a_window_whose_marker_stands_on_what_is_kept() -> None:
    marked = WITH_NEWS.replace('        cache_control={"type": "ephemeral"},\n', "").replace(
        "    sent = list(said)\n",
        '    mark = {"type": "ephemeral"}\n'
        '    last = [{"type": "text", "text": said[-1]["content"], "cache_control": mark}]\n'
        '    sent = [*said[:-1], {"role": "assistant", "content": last}]\n',
    )
    assert told(SlidingWindow, marked)


def test_a_window_that_a_model_rejects() -> None:
    assert told(SlidingWindow, WITH_NEWS.replace("claude-sonnet-5-5", "claude-fable-5-2"))


#: Rounds of an object whose list goes on, in which no tool is seen.
ROUNDS = """\
import anthropic

client = anthropic.Anthropic()
RULES = "Answer in one sentence, name the shelf, and leave out what nobody asked for. " * 300


class Desk:
    def __init__(self):
        self.said = []

    def polish(self, text, holds):
        self.said.append({"role": "user", "content": text})
        while True:
            reply = client.messages.create(
                model="claude-opus-5-5", max_tokens=900, system=RULES, messages=self.said
            )
            self.said.append({"role": "assistant", "content": reply.content})
            if holds(reply):
                return reply
            self.said.append({"role": "user", "content": f"Once more, in other words than {text}."})


desk = Desk()
while True:
    desk.polish(input("> "), str)
"""


def test_rounds_in_which_no_tool_is_seen() -> None:
    assert not [f for f in judged(NoCache, ROUNDS, DEFAULT) if "round to round" in f.message]
    tool = '{"name": "look", "description": RULES, "input_schema": {"type": "object"}}'
    seen = ROUNDS.replace("system=RULES,", f"system=RULES, tools=[{tool}],")
    assert [f for f in judged(NoCache, seen, DEFAULT) if "round to round" in f.message]
