"""Lists of models that are gone through until one of them works."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from skinflint.linter import config, engine
from skinflint.linter.source import from_bytes
from skinflint.rules.base import Context
from skinflint.rules.retired_model import RetiredModel

CONTEXT = Context(as_of=datetime.date(2026, 11, 22))
INLINE = """\
import anthropic

client = anthropic.Anthropic()


def answer(question):
    for model in ("claude-sonnet-5-5", "claude-3-opus-20240229"):
        try:
            reply = client.messages.create(
                model=model,
                max_tokens=600,
                messages=[{"role": "user", "content": question}],
            )
            break
        except anthropic.APIError as error:
            print(model, error)
    return reply
"""
CALLED = """\
import anthropic

MODELS = ["claude-sonnet-5-5", "claude-3-opus-20240229"]
client = anthropic.Anthropic()


def ask(question, model):
    return client.messages.create(
        model=model, max_tokens=600, messages=[{"role": "user", "content": question}]
    )


def answer(question):
    for model in MODELS:
        try:
            return ask(question, model)
        except anthropic.APIError:
            continue
"""


def found(text: str, folder: Path | None = None) -> list[int]:
    path = "app.py"
    if folder is not None:
        (folder / "requirements.txt").touch()
        path = str(folder / path)
        Path(path).write_text(text)
    result = engine.check(
        [from_bytes(path, text.encode())],
        [RetiredModel()],
        config.load(None, None, isolated=True),
        CONTEXT,
    )
    assert result.problems == ()
    return [each.primary.line for each in result.findings]


@pytest.mark.parametrize(
    "text",
    [
        INLINE,
        INLINE.replace("for model in (", "for _, model in enumerate((").replace('"):', '")):'),
        CALLED,
    ],
)
def test_one_in_front_of_it_works(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    ("good", "bad"),
    [
        ('"claude-sonnet-5-5", "claude-3-opus-20240229"', '"claude-3-opus-20240229", "claude-2.1"'),
        ('"claude-sonnet-5-5"', "FIRST"),
        ("            break\n", "            print(reply)\n"),
        ("            print(model, error)\n", "            raise\n"),
        ("        try:\n", "        if question:\n"),
    ],
)
def test_it_may_be_sent(good: str, bad: str) -> None:
    text = INLINE.replace(good, bad)
    if "try:" not in text:
        text = text.replace("        except anthropic.APIError as error:\n", "        else:\n")
    assert 7 in found(text.replace("print(model, error)", "print(model)"))


def test_another_list_is_gone_through() -> None:
    text = CALLED.replace("in MODELS:", "in OTHERS:")
    assert found(
        text.replace("return ask(question, model)", "return ask(question, MODELS[1])")
    ) == [3]


AGAIN = """\
import anthropic

SECOND = "claude-3-opus-20240229"
client = anthropic.Anthropic()


def ask(question, model):
    return client.messages.create(
        model=model, max_tokens=600, messages=[{"role": "user", "content": question}]
    )


def answer(question):
    try:
        return ask(question, "claude-sonnet-5-5")
    except anthropic.APIError as error:
        print(error, SECOND)
        return ask(question, SECOND)


print(answer("?"))
"""
DIRECTLY = AGAIN.replace(
    'ask(question, "claude-sonnet-5-5")',
    "client.messages.create(\n"
    '            model="claude-sonnet-5-5", max_tokens=600, messages=[{"role": "user", '
    '"content": question}]\n        )',
)
IN_ROUNDS = AGAIN.replace(
    """    try:
        return ask(question, "claude-sonnet-5-5")
    except anthropic.APIError as error:
        print(error, SECOND)
        return ask(question, SECOND)
""",
    """    model = "claude-sonnet-5-5"
    for _ in range(4):
        try:
            reply = ask(question, model)
        except anthropic.APIError:
            model = SECOND
            reply = ask(question, model)
    return reply
""",
)


@pytest.mark.parametrize(
    "text",
    [
        AGAIN,
        DIRECTLY,
        IN_ROUNDS,
        AGAIN.replace("anthropic.APIError", "ERRORS"),
        AGAIN.replace("question, SECOND", 'question, "claude-3-opus-20240229"'),
    ],
    ids=["called", "directly", "in rounds", "by a name", "written there"],
)
def test_what_is_sent_where_another_has_failed(text: str, tmp_path: Path) -> None:
    assert found(text, tmp_path) == []
    (tmp_path / "more.py").write_text("from app import SECOND, ask\n\nask('!', SECOND)\n")
    assert found(text, tmp_path) == ([3] if "SECOND)" in text or "= SECOND" in text else [])


@pytest.mark.parametrize(
    ("good", "bad"),
    [
        ('ask(question, "claude-sonnet-5-5")', "look_up(question)"),
        ('"claude-sonnet-5-5"', '"claude-2.1"'),
        ("anthropic.APIError", "KeyError"),
        ('ask(question, "claude-sonnet-5-5")', 'print("claude-sonnet-5-5")'),
        ('SECOND = "', 'FIRST = SECOND = "'),
        ('print(answer("?"))', 'print(answer("?"), ask("!", SECOND))'),
        (
            "    except anthropic.APIError as error:\n        print(error, SECOND)\n",
            "    finally:\n",
        ),
    ],
)
def test_what_is_sent_though_nothing_failed(good: str, bad: str, tmp_path: Path) -> None:
    assert good in AGAIN
    assert 3 in found(AGAIN.replace(good, bad), tmp_path)
