"""What a project asserts about reuse, as the command line shows it and acts on it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

Skinflint = Callable[..., int]

MARKED = """\
import anthropic

from notes.texts import ARCHIVIST

client = anthropic.Anthropic()


def ask(question, documents):
    content = [
        {"type": "text", "text": document, "cache_control": {"type": "ephemeral"}}
        for document in documents
    ]
    content.append({"type": "text", "text": question})
    return client.messages.create(
        model="claude-sonnet-5-5",
        max_tokens=1000,
        system=ARCHIVIST,
        messages=[{"role": "user", "content": content}],
    )
"""

GLUED = """\
import anthropic

client = anthropic.Anthropic()
RULES = "Answer in one line, with the source of what you say. " * 400


def ask(user, question):
    return client.messages.create(
        model="claude-opus-5-5",
        max_tokens=99,
        system=[{
            "type": "text",
            "text": RULES + f"You talk to {user}.",
            "cache_control": {"type": "ephemeral"},
        }],
        messages=[{"role": "user", "content": question}],
    )
"""


def assume(text: str) -> None:
    Path("skinflint.toml").write_text(f"[assume]\n{text}\n", "utf-8")


@pytest.mark.parametrize("calls", [3, 40])
def test_ratios_are_of_that_many_calls(
    calls: int, skinflint: Skinflint, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("app.py").write_text(GLUED, "utf-8")
    assume(f"calls-per-ttl = {calls}")
    assert skinflint("check", "app.py") == 1
    assert f"{calls} calls with this prefix within 5 minutes" in capsys.readouterr().out
    assert skinflint("check", "--isolated", "app.py") == 1
    assert "10 calls with this prefix within 5 minutes" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("assumed", "applied"),
    [("", False), ("calls-per-ttl = 1", False), ("calls-per-ttl = 2", True)],
)
def test_reuse_that_is_asserted_lets_price_fixes_apply(
    assumed: str, applied: bool, skinflint: Skinflint, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("app.py").write_text(MARKED, "utf-8")
    assume(assumed)
    assert skinflint("check", "app.py") == 1
    hint = capsys.readouterr().out.splitlines()[-1]
    assert ("--unsafe-fixes" not in hint) is applied, hint
    assert skinflint("check", "--fix", "app.py") == (0 if applied else 1)
    assert (Path("app.py").read_text("utf-8") != MARKED) is applied
    assert skinflint("check", "--fix", "--unsafe-fixes", "app.py") == 0


def test_one_user_only(skinflint: Skinflint) -> None:
    Path("app.py").write_text(GLUED, "utf-8")
    assert skinflint("check", "app.py") == 1
    assume("single-user = true")
    assert skinflint("check", "app.py") == 0


def test_names_that_are_stable(skinflint: Skinflint) -> None:
    Path("app.py").write_text(GLUED, "utf-8")
    assume("stable = ['user']")
    assert skinflint("check", "app.py") == 0
