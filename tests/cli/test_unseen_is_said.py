"""What ``skinflint check`` could not see, said in one line where it matters."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

Skinflint = Callable[..., int]
Captured = pytest.CaptureFixture[str]
AS_OF = "--as-of=2026-11-22"

SEEN = """\
import anthropic

client = anthropic.Anthropic()


def ask(question):
    return client.messages.create(
        model="claude-sonnet-5-5",
        max_tokens=100,
        messages=[{"role": "user", "content": question}],
    )
"""
HIDDEN = """\
import anthropic

from elsewhere import arguments, pick_model

client = anthropic.Anthropic()


def ask(question):
    return client.messages.create(**arguments(question))


def also(question):
    return client.messages.create(
        model=pick_model(),
        max_tokens=100,
        messages=[{"role": "user", "content": question}],
    )
"""
LINE = "3 requests, 2 with parts unknown: skinflint requests --explain hidden.py:9\n"


def test_all_is_seen(skinflint: Skinflint, capsys: Captured) -> None:
    Path("seen.py").write_text(SEEN)
    assert skinflint("check", AS_OF) == 0
    assert capsys.readouterr() == ("All clean: 1 file, 1 request.\n", "")


def test_a_hole_in_a_part_is_no_unknown_part(skinflint: Skinflint, capsys: Captured) -> None:
    Path("seen.py").write_text(SEEN.replace("question}", 'f"Say {question.lower()}"}'))
    assert skinflint("check", AS_OF) == 0
    assert "unknown" not in capsys.readouterr().out


@pytest.mark.parametrize("how", [(), ("--output-format=concise",), ("--statistics",)])
def test_what_is_not_seen_is_said_in_front_of_the_last_line(
    how: tuple[str, ...], skinflint: Skinflint, capsys: Captured
) -> None:
    Path("seen.py").write_text(SEEN)
    Path("hidden.py").write_text(HIDDEN)
    assert skinflint("check", AS_OF, *how) == 0
    assert capsys.readouterr() == (f"{LINE}All clean: 2 files, 3 requests.\n", "")


def test_the_place_is_one_that_can_be_asked_for(skinflint: Skinflint, capsys: Captured) -> None:
    Path("hidden.py").write_text(HIDDEN)
    assert skinflint("check", AS_OF) == 0
    place = capsys.readouterr().out.split("--explain ")[1].split("\n")[0]
    assert skinflint("requests", "--explain", place) == 0
    assert "unknown" in capsys.readouterr().out


def test_in_a_notebook(skinflint: Skinflint, capsys: Captured) -> None:
    cells = [{"cell_type": "code", "source": HIDDEN, "metadata": {}, "outputs": []}]
    document = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    Path("book.ipynb").write_text(json.dumps(document))
    assert skinflint("check", AS_OF) == 0
    place = capsys.readouterr().out.split("--explain ")[1].split("\n")[0]
    assert place == '"book.ipynb:cell 1:9"'
    assert skinflint("requests", "--explain", place.strip('"')) == 0


def test_findings_come_first(skinflint: Skinflint, capsys: Captured) -> None:
    Path("hidden.py").write_text(HIDDEN)
    Path("seen.py").write_text(SEEN.replace("claude-sonnet-5-5", "claude-3-opus-20240229"))
    assert skinflint("check", AS_OF) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[-2] == LINE.rstrip()
    assert lines[-1].startswith("Found 1 finding")


def test_with_a_diff_it_goes_where_the_report_goes(skinflint: Skinflint, capsys: Captured) -> None:
    Path("hidden.py").write_text(HIDDEN)
    assert skinflint("check", AS_OF, "--diff") == 0
    out, err = capsys.readouterr()
    assert out == ""
    assert "with parts unknown" in err


def test_tests_and_json_say_nothing_of_it(skinflint: Skinflint, capsys: Captured) -> None:
    Path("test_hidden.py").write_text(HIDDEN + "\n\ndef test_it():\n    assert ask('Who?')\n")
    assert skinflint("check", AS_OF) == 0
    assert "unknown" not in capsys.readouterr().out
    Path("hidden.py").write_text(HIDDEN)
    assert skinflint("check", AS_OF, "--output-format=json") == 0
    out, err = capsys.readouterr()
    assert err == ""
    summary = {"files": 2, "requests": 4, "findings": 0, "suppressed": 0, "errors": 0}
    assert json.loads(out)["summary"] == summary
