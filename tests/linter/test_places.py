"""Places that name each other: each is looked through once, however many ways lead to it."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from skinflint.linter import config, engine
from skinflint.linter.places import Places
from skinflint.linter.source import from_bytes
from skinflint.rules.base import Context
from skinflint.rules.registry import all_rules

NAMES = [f"part{n}" for n in range(12)]
#: Each variable of the session may be each other one.
TURNS = "\n".join(
    f"st.session_state.{one} = st.session_state.{other}"
    for one in NAMES
    for other in NAMES
    if one != other
)
PAGE = f"""\
import anthropic
import streamlit as st

{TURNS}
client = anthropic.Anthropic()
st.session_state.part0.add("user", st.chat_input())
reply = client.messages.create(
    model="claude-opus-5-5",
    max_tokens=400,
    messages=st.session_state.part0.messages,
)
st.session_state.part0.add("assistant", reply.content[0].text)
"""


def test_variables_of_a_session_that_name_each_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked = 0
    inner = Places._kept_object

    def counted(self: Places, *args: object) -> object:
        nonlocal looked
        looked += 1
        return inner(self, *args)  # type: ignore[arg-type]

    monkeypatch.setattr(Places, "_kept_object", counted)
    result = engine.check(
        [from_bytes(str(tmp_path / "app.py"), PAGE.encode())],
        [rule() for rule in all_rules()],
        config.load(None, None, isolated=True),
        Context(as_of=datetime.date(2026, 11, 28)),
    )
    assert result.problems == ()
    assert len(result.requests) == 1
    assert 0 < looked < 2_000
