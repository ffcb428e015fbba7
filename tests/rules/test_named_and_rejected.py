"""A model that has a name in a table, and a request that its successor rejects."""

from __future__ import annotations

import datetime

from skinflint.linter import config, engine
from skinflint.linter.source import from_bytes
from skinflint.rules.base import Context
from skinflint.rules.retired_model import RetiredModel

CODE = b"""\
import anthropic

MODELS = {"sonnet-4-5": "claude-sonnet-4-5-20250929"}


def ask(text):
    return anthropic.Anthropic().messages.create(
        model=MODELS["sonnet-4-5"],
        max_tokens=900,
        temperature=0.0,
        messages=[{"role": "user", "content": text}],
    )
"""


def test_what_is_rejected_is_said_first() -> None:
    settings = config.load(None, None, isolated=True)
    context = Context(as_of=datetime.date(2026, 11, 26))
    found = engine.check([from_bytes("ask.py", CODE)], [RetiredModel()], settings, context).findings
    assert ["rejects temperature" in (each.no_fix or "") for each in found] == [True]
