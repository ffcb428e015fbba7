"""``skinflint requests``, end to end: what is listed, what is explained, and the exit code."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from json_schema import REQUESTS, mismatches

from skinflint.rules.base import Rule
from skinflint.rules.retired_model import RetiredModel

Skinflint = Callable[..., int]
Captured = pytest.CaptureFixture[str]

ASKS = """\
import anthropic


def answer(question):
    client = anthropic.Anthropic()
    return client.messages.create(
        model="claude-3-opus-20240229",
        max_tokens=100,
        messages=[{"role": "user", "content": question}],
    )
"""
NO_REQUEST = "x = 1\n"


def write(folder: Path, **texts: str) -> None:
    for name, text in texts.items():
        (folder / f"{name}.py").write_text(text, "utf-8")


# --- the list -------------------------------------------------------------------------------------


def test_text(project: Path, skinflint: Skinflint, capsys: Captured) -> None:
    write(project, a=ASKS, b=NO_REQUEST)
    assert skinflint("requests") == 0
    out, err = capsys.readouterr()
    assert out.startswith("a.py:6: anthropic messages.create in answer(), claude-api\n  model: ")
    assert out.endswith("\n1 Claude request in 2 files.\n")
    assert err == ""


def test_json(project: Path, skinflint: Skinflint, capsys: Captured) -> None:
    (project / "below").mkdir()
    write(project, a=ASKS)
    write(project / "below", b=ASKS)
    assert skinflint("requests", "--output-format", "json") == 0
    out, err = capsys.readouterr()
    document = json.loads(out)
    assert mismatches(document, REQUESTS) == []
    assert [entry["path"] for entry in document["requests"]] == ["a.py", "below/b.py"]
    assert err == ""


def test_no_requests(project: Path, skinflint: Skinflint, capsys: Captured) -> None:
    write(project, b=NO_REQUEST)
    assert skinflint("requests") == 0
    assert capsys.readouterr() == ("No Claude requests in 1 file.\n", "")


def test_findings_are_no_matter(project: Path, skinflint: Skinflint, capsys: Captured) -> None:
    write(project, a=ASKS)
    (project / "skinflint.toml").write_text('select = []\nignore = ["ALL"]\n', "utf-8")
    assert skinflint("requests") == 0
    assert "1 Claude request" in capsys.readouterr().out


def test_what_can_not_be_read_is_told_and_the_rest_is_listed(
    project: Path, skinflint: Skinflint, capsys: Captured
) -> None:
    write(project, a=ASKS, b="import anthropic\n(")
    assert skinflint("requests", ".", "missing") == 2
    out, err = capsys.readouterr()
    assert "1 Claude request in 2 files." in out
    assert "error: b.py:2: " in err
    assert "error: missing: there is no such file or directory\n" in err


def test_nothing_to_read_is_no_success(
    project: Path, skinflint: Skinflint, capsys: Captured
) -> None:
    assert skinflint("requests") == 2
    assert "error: .: " in capsys.readouterr().err


def test_standard_input(
    project: Path, skinflint: Skinflint, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(ASKS.encode())))
    assert skinflint("requests", "-", "--stdin-filename", "new.py") == 0
    assert capsys.readouterr().out.startswith("new.py:6: ")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--explain", "a.py"], "--explain takes PATH:LINE such as app.py:12, not 'a.py'"),
        (["--explain", "a.py:0"], "--explain takes PATH:LINE"),
        (["--explain", ":6"], "--explain takes PATH:LINE"),
        (["--explain", "a.py:6", "--output-format", "json"], "exclude each other"),
        (["--config", "x.toml", "--isolated"], "exclude each other"),
        (["-", "a.py"], "read alone"),
        (["--stdin-filename", "a.py"], "needs the path -"),
        (["--as-of", "soon"], "--as-of takes a date"),
    ],
)
def test_command_lines_that_make_no_sense(
    project: Path, skinflint: Skinflint, capsys: Captured, arguments: list[str], said: str
) -> None:
    write(project, a=ASKS)
    assert skinflint("requests", *arguments) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert said in err


# --- one request ----------------------------------------------------------------------------------


def explained(skinflint: Skinflint, capsys: Captured, *arguments: str) -> str:
    assert skinflint("requests", "--as-of", "2026-11-22", *arguments) == 0
    out, err = capsys.readouterr()
    assert err == ""
    return out


@pytest.mark.parametrize("line", [6, 8, 10])
def test_any_line_of_the_call_means_it(
    project: Path, skinflint: Skinflint, capsys: Captured, line: int
) -> None:
    write(project, a=ASKS)
    out = explained(skinflint, capsys, "--explain", f"./a.py:{line}")
    assert out.startswith("a.py:6: anthropic messages.create in answer(), claude-api\n")
    assert "      traced to a listed entry: parameter\n" in out


def test_every_rule_speaks_whatever_was_read_after_it(
    tmp_path: Path, skinflint: Skinflint, capsys: Captured
) -> None:
    write(tmp_path, a=ASKS, b=ASKS)
    assert "it failed" not in explained(skinflint, capsys, "--explain", "a.py:6")


def test_what_rules_say(project: Path, skinflint: Skinflint, capsys: Captured) -> None:
    write(project, a=ASKS)
    out = explained(skinflint, capsys, "--explain", "a.py:6")
    assert "  SKF101 clock-in-prefix: silent: no breakpoint: nothing of it is cached\n" in out
    assert "  SKF402 retired-model: found\n    a.py:7: claude-3-opus-20240229 was retired" in out
    assert "  SKF406 unknown-model: silent: nothing that it looks for is here\n" in out


def test_a_model_that_is_not_seen(project: Path, skinflint: Skinflint, capsys: Captured) -> None:
    write(project, a=ASKS.replace('"claude-3-opus-20240229"', "pick()"))
    out = explained(skinflint, capsys, "--explain", "a.py:6")
    assert "  SKF402 retired-model: silent: the model is unknown: " in out


def test_what_only_preview_tells(project: Path, skinflint: Skinflint, capsys: Captured) -> None:
    text = ASKS.replace("import anthropic\n", "import json\n\nimport anthropic\n", 1)
    text = text.replace('"content": question', '"content": json.dumps(question, indent=2)')
    write(project, a=text, b="import a\n\n\ndef main(what):\n    a.answer(what)\n")
    (project / "skinflint.toml").write_text('extend-select = ["SKF601"]\n', "utf-8")
    line = text[: text.index("messages.create")].count("\n") + 1
    out = explained(skinflint, capsys, "--explain", f"a.py:{line}")
    why = "the rule is less sure of it: --preview tells it"
    assert f"  SKF601 pretty-json-in-prompt: found, not reported: {why}\n" in out


@pytest.mark.parametrize(
    ("file", "config", "why"),
    [
        ("a", 'ignore = ["SKF402"]', "the configuration does not select it"),
        ("a", '[per-file-ignores]\n"a.py" = ["retired-model"]', "per-file-ignores hides it"),
        ("a", "", "a comment hides it, or another rule says more of it"),
        ("test_a", "", "the file is a test"),
    ],
)
def test_why_a_finding_is_not_reported(
    project: Path,
    skinflint: Skinflint,
    capsys: Captured,
    monkeypatch: pytest.MonkeyPatch,
    file: str,
    config: str,
    why: str,
) -> None:
    text = ASKS
    if "comment" in why:
        text = text.replace('20240229",', '20240229",  # skinflint: ignore[SKF402] still there')
    if "test" in why:
        monkeypatch.setattr(RetiredModel, "in_tests", False)
        text += "\n\ndef test_it():\n    assert answer('Who?')\n"
    write(project, **{file: text})
    (project / "skinflint.toml").write_text(config, "utf-8")
    out = explained(skinflint, capsys, "--explain", f"{file}.py:6")
    assert f"  SKF402 retired-model: found, not reported: {why}\n" in out


def test_a_request_that_nothing_runs(project: Path, skinflint: Skinflint, capsys: Captured) -> None:
    text = ASKS.replace("import anthropic\n", "import json\n\nimport anthropic\n", 1)
    text = text.replace(
        '"content": ', '"content": json.dumps(json.load(open("x"))["rows"][-50:], indent=2) + '
    )
    parts = {f"part{n}": "import store\n" for n in range(6)}
    write(project, a=text, store="ROWS = []\n", **parts)
    (project / "requirements.txt").write_text("")
    (project / "skinflint.toml").write_text('extend-select = ["SKF601"]\n', "utf-8")
    line = text[: text.index("messages.create")].count("\n") + 1
    out = explained(skinflint, capsys, "--explain", f"a.py:{line}")
    why = "found, not reported: nothing in the project runs this request"
    assert f"  SKF601 pretty-json-in-prompt: {why}\n" in out
    write(project, b="import a\na.answer('Who?')\n")
    out = explained(skinflint, capsys, "--explain", f"a.py:{line}")
    assert "  SKF601 pretty-json-in-prompt: found\n" in out


def test_a_rule_that_crashes_is_told_and_the_rest_goes_on(
    project: Path, skinflint: Skinflint, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(self: Rule, request: Any, context: Any) -> Any:
        raise ValueError("by hand")

    monkeypatch.setattr(RetiredModel, "check", crash)
    write(project, a=ASKS)
    assert skinflint("requests", "--explain", "a.py:6", "--config", "none.toml") == 2
    capsys.readouterr()
    assert skinflint("requests", "--explain", "a.py:6") == 2
    out, err = capsys.readouterr()
    assert "  SKF402 retired-model: silent: it failed\n  SKF403" in out
    assert "rule SKF402 retired-model failed" in err


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("a.py:1", "no Claude request at a.py:1; the nearest is a.py:6"),
        ("b.py:1", "no Claude request at b.py:1; skinflint requests lists them"),
        ("missing.py:1", "missing.py: there is no such file or directory"),
    ],
)
def test_no_request_there(
    project: Path, skinflint: Skinflint, capsys: Captured, place: str, said: str
) -> None:
    write(project, a=ASKS, b=NO_REQUEST)
    assert skinflint("requests", "--explain", place) == 2
    assert capsys.readouterr() == ("", f"error: {said}\n")


def test_a_notebook_is_asked_by_cell(project: Path, skinflint: Skinflint, capsys: Captured) -> None:
    cells = [
        {"cell_type": "markdown", "metadata": {}, "source": "# Asks"},
        {"cell_type": "code", "metadata": {}, "outputs": [], "source": "x = 1"},
        {"cell_type": "code", "metadata": {}, "outputs": [], "source": ASKS},
    ]
    notebook = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    (project / "a.ipynb").write_text(json.dumps(notebook), "utf-8")
    assert skinflint("requests", "a.ipynb") == 0
    assert capsys.readouterr().out.startswith("a.ipynb:cell 3:6: anthropic messages.create in ")
    out = explained(skinflint, capsys, "--explain", "a.ipynb:cell 3:8")
    assert '    a.ipynb:cell 3:7: literal `"claude-3-opus-20240229"`\n' in out
    assert skinflint("requests", "--explain", "a.ipynb:cell 2:1") == 2
    assert capsys.readouterr().err == (
        "error: no Claude request at a.ipynb:cell 2:1; the nearest is a.ipynb:cell 3:6\n"
    )
    assert skinflint("requests", "a.ipynb", "--output-format", "json") == 0
    [entry] = json.loads(capsys.readouterr().out)["requests"]
    assert entry["line"] == 1 + 1 + 1 + 6  # of the code cells joined, each below a line of its own


def test_callers_are_named(project: Path, skinflint: Skinflint, capsys: Captured) -> None:
    write(project, a=ASKS + "def first():\n    answer('who?')\ndef second():\n    answer('why?')\n")
    out = explained(skinflint, capsys, "--explain", "a.py:6")
    assert "  callers: chain 1 of 2\n    a.py:12: answer() is called here\n" in out
    assert "  callers: chain 2 of 2\n    a.py:14: answer() is called here\n" in out
