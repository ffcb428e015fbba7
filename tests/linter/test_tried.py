"""Lists of models that are gone through until one of them works."""

from __future__ import annotations

import datetime

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


def found(text: str) -> list[int]:
    result = engine.check(
        [from_bytes("app.py", text.encode())],
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
