"""Requests behind a flag that whoever makes the class never sets."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from skinflint.linter import config, engine
from skinflint.linter.source import from_bytes
from skinflint.rules.base import Context
from skinflint.rules.retired_model import RetiredModel

CONTEXT = Context(as_of=datetime.date(2026, 11, 22))
JUDGE = """\
import anthropic


class Judge:
    def __init__(self, name, mock=True):
        self.name = name
        self.mock = mock

    def score(self, text):
        if self.mock:
            return 1
        return self.ask(text)

    def ask(self, text):
        reply = anthropic.Anthropic().messages.create(
            model="claude-3-opus-20240229",
            max_tokens=10,
            messages=[{"role": "user", "content": text}],
        )
        return int(reply.content[0].text)
"""
INSIDE = JUDGE.replace(
    "        if self.mock:\n            return 1\n        return self.ask(text)\n",
    "        if not self.mock:\n            return self.ask(text)\n        return 1\n",
)
MAKES = "from judge import Judge\n\njudge = Judge('spelling', mock=True)\nprint(judge.score('x'))\n"


def silent(folder: Path, text: str, users: str, more: str = "") -> bool:
    (folder / "requirements.txt").write_text("")
    (folder / "judge.py").write_text(text)
    (folder / "app.py").write_text(users)
    (folder / "more.py").write_text(more)
    path = str(folder / "judge.py")
    result = engine.check(
        [from_bytes(path, text.encode())],
        [RetiredModel()],
        config.load(None, None, isolated=True),
        CONTEXT,
    )
    assert result.problems == ()
    assert result.requests
    return not result.findings


@pytest.mark.parametrize(
    ("text", "users"),
    [
        (JUDGE, MAKES),
        (JUDGE, MAKES.replace(", mock=True", "")),
        (JUDGE, MAKES.replace("mock=True", "True")),
        (INSIDE, MAKES),
    ],
)
def test_nobody_opens_it(text: str, users: str, tmp_path: Path) -> None:
    assert silent(tmp_path, text, users)


@pytest.mark.parametrize(
    ("text", "users", "more"),
    [
        (JUDGE, MAKES.replace("True", "False"), ""),
        (JUDGE, MAKES.replace("mock=True", "mock=bool(judges)"), ""),
        (JUDGE, MAKES.replace("mock=True", "**settings"), ""),
        (JUDGE, MAKES, "from judge import Judge\nprint(Judge('tone', mock=False).score('y'))\n"),
        (JUDGE, MAKES, "from app import judge\njudge.mock = False\n"),
        (JUDGE, MAKES + "judge.ask('y')\n", ""),
        (JUDGE, "from judge import Judge\n\ncalls(Judge, 'score')\n", ""),
        (JUDGE.replace("self.mock = mock", "self.mock = mock and bool(name)"), MAKES, ""),
        (JUDGE.replace("return 1\n", "print(1)\n"), MAKES, ""),
        (INSIDE.replace("if not self.mock", "if self.mock"), MAKES, ""),
        (JUDGE + "\n    def real(self):\n        self.mock = False\n", MAKES, ""),
    ],
)
def test_somebody_may_open_it(text: str, users: str, more: str, tmp_path: Path) -> None:
    assert not silent(tmp_path, text, users, more)


MOCKED = """\
import anthropic
from unittest.mock import MagicMock, Mock


def score(text):
    if isinstance(anthropic.Anthropic, Mock):
        return anthropic.Anthropic().messages.create(
            model="claude-3-opus-20240229",
            max_tokens=10,
            messages=[{"role": "user", "content": text}],
        )
    return 1
"""
SCORES = "from judge import score\n\nprint(score('x'))\n"
OF_A_MOCK = "isinstance(anthropic.Anthropic, Mock)"


@pytest.mark.parametrize(
    ("test", "shut"),
    [
        (OF_A_MOCK, True),
        ("isinstance(anthropic.Anthropic, (Mock, MagicMock))", True),
        (OF_A_MOCK + " or 'mock' in str(anthropic.Anthropic.__class__).lower()", True),
        (OF_A_MOCK + " or text", False),
        (f"not {OF_A_MOCK}", False),
        ("isinstance(text, str)", False),
        ("'mock' in text", False),
    ],
)
def test_what_tests_alone_open(test: str, shut: bool, tmp_path: Path) -> None:
    assert silent(tmp_path, MOCKED.replace(OF_A_MOCK, test), SCORES) is shut


REPORT = """\
import anthropic


def report(rows, explain=True):
    text = table(rows)
    if explain and len(rows) > 1:
        text += explained(rows)
    return text


def table(rows):
    return str(rows)


def explained(rows):
    reply = anthropic.Anthropic().messages.create(
        model="claude-3-opus-20240229",
        max_tokens=900,
        messages=[{"role": "user", "content": f"Explain: {rows}"}],
    )
    return reply.content[0].text
"""
LEFT = REPORT.replace(
    "    if explain and len(rows) > 1:\n        text += explained(rows)\n    return text\n",
    "    if not rows or not explain:\n        return text\n    return text + explained(rows)\n",
)
CALLED = "from judge import report\n\nprint(report([1, 2], explain=False))\n"


@pytest.mark.parametrize("text", [REPORT, LEFT])
@pytest.mark.parametrize("users", [CALLED, CALLED.replace("explain=", "")])
def test_a_function_that_all_tell_not_to(text: str, users: str, tmp_path: Path) -> None:
    assert silent(tmp_path, text, users)


@pytest.mark.parametrize(
    ("text", "users"),
    [
        (REPORT, CALLED.replace("False", "True")),
        (REPORT, CALLED.replace(", explain=False", "")),
        (REPORT, CALLED.replace("explain=False", "**{}")),
        (REPORT, CALLED.replace("explain=False", "explain=len(__name__) > 8")),
        (REPORT, CALLED + "print(report([1, 2]))\n"),
        (REPORT, CALLED + "REPORTS = [report]\n"),
        (REPORT, CALLED + "from judge import explained\nprint(explained([1, 2]))\n"),
        (REPORT.replace("if explain and", "if explain or"), CALLED),
        (REPORT.replace("    text = ", "    explain = not rows\n    text = "), CALLED),
    ],
)
def test_a_function_that_may_do_it(text: str, users: str, tmp_path: Path) -> None:
    assert not silent(tmp_path, text, users)


MEMORY = """\
import anthropic


class Extractor:
    MODEL = "claude-3-opus-20240229"

    def __init__(self, client):
        self.client = client

    def extract(self, text):
        return self.client.messages.create(
            model=self.MODEL, max_tokens=900, messages=[{"role": "user", "content": text}]
        )


class Memory:
    def __init__(self, store, client=None, learn=True):
        self.store = store
        self.learn = learn and client is not None
        if self.learn:
            self.extractor = Extractor(client)
        else:
            self.extractor = None

    def take(self, text):
        if self.learn and self.extractor:
            self.store.append(self.extractor.extract(text))
"""
GETTER = """\
from judge import Memory

_memory = None


def get_memory(client=None, learn=True):
    global _memory
    if _memory is None:
        _memory = Memory([], client=client, learn=learn)
    return _memory
"""
GETS = "from app import get_memory\n\nget_memory().take('a')\nget_memory(learn=False).take('b')\n"
PLAIN = (
    MEMORY.replace("        self.learn = learn and client is not None\n", "")
    .replace("if self.learn:", "if client:")
    .replace("if self.learn and", "if")
)
REFUSES = MEMORY.replace(
    "        self.learn = learn and client is not None\n        if self.learn:\n"
    "            self.extractor = Extractor(client)\n        else:\n"
    "            self.extractor = None\n",
    "        self.extractor = None\n        if client is None:\n            return\n"
    "        self.extractor = Extractor(client)\n",
).replace("if self.learn and", "if")


@pytest.mark.parametrize("text", [MEMORY, PLAIN, REFUSES])
@pytest.mark.parametrize("gets", [GETS, GETS.replace("learn=False", "None, False")])
def test_nobody_hands_a_client_in(text: str, gets: str, tmp_path: Path) -> None:
    assert silent(tmp_path, text, GETTER, gets)


@pytest.mark.parametrize(
    ("text", "getter", "gets"),
    [
        (MEMORY, GETTER, GETS + "import anthropic\nget_memory(anthropic.Anthropic())\n"),
        (MEMORY, GETTER, GETS + "get_memory(**{})\n"),
        (MEMORY, GETTER, GETS + "from judge import Memory\nMemory([], object()).take('c')\n"),
        (
            MEMORY,
            GETTER,
            GETS + "from judge import Extractor\nimport anthropic\n"
            "Extractor(anthropic.Anthropic()).extract('c')\n",
        ),
        (MEMORY, GETTER.replace("client=client", "client=client or object()"), GETS),
        (MEMORY, GETTER.replace("    global", "    client = client or object()\n    global"), GETS),
        (MEMORY.replace("client is not None", "client is None"), GETTER, GETS),
        (MEMORY.replace("learn and client", "learn or client"), GETTER, GETS),
        (
            REFUSES.replace("            return\n", "            client = anthropic.Anthropic()\n"),
            GETTER,
            GETS,
        ),
        (PLAIN.replace("if client:", "if client or learn:"), GETTER, GETS),
    ],
)
def test_somebody_may_hand_a_client_in(text: str, getter: str, gets: str, tmp_path: Path) -> None:
    assert not silent(tmp_path, text, getter, gets)
