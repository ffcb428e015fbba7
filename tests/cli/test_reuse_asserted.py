"""What a project asserts about reuse, as the command line shows it and acts on it."""

from __future__ import annotations

import json
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


def test_the_command_line_says_how_many_calls(
    skinflint: Skinflint, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("app.py").write_text(GLUED, "utf-8")
    assume("calls-per-ttl = 40")
    ratios = []
    for calls in ("3", "200"):
        assert skinflint("check", "--output-format=json", "--calls", calls, "app.py") == 1
        (found,) = json.loads(capsys.readouterr().out)["findings"]
        assert f"{calls} calls with this prefix" in found["cost"]["assumption"]
        ratios.append(found["cost"]["ratio"])
    assert 1 < ratios[0] < ratios[1]


def test_a_number_on_the_command_line_asserts_no_reuse(skinflint: Skinflint) -> None:
    Path("app.py").write_text(MARKED, "utf-8")
    assert skinflint("check", "--fix", "--calls=40", "app.py") == 1
    assert Path("app.py").read_text("utf-8") == MARKED


@pytest.mark.parametrize("wrong", ["0", "-1", "many", "1.5"])
def test_a_number_of_calls_that_is_none(
    wrong: str, skinflint: Skinflint, capsys: pytest.CaptureFixture[str]
) -> None:
    assert skinflint("check", f"--calls={wrong}") == 2
    assert "--calls" in capsys.readouterr().err


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
