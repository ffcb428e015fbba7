"""The group of commands, and ``skinflint rule``."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable

import pytest
from by_hand import ByHand

from skinflint import __version__
from skinflint.reports import rule_page
from skinflint.rules.base import Example
from skinflint.rules.registry import all_rules

Skinflint = Callable[..., int]
Captured = pytest.CaptureFixture[str]


@pytest.mark.parametrize("option", ["--version", "-V"])
def test_version(skinflint: Skinflint, capsys: Captured, option: str) -> None:
    assert skinflint(option) == 0
    assert capsys.readouterr() == (f"skinflint {__version__}\n", "")


def test_help_names_the_commands(skinflint: Skinflint, capsys: Captured) -> None:
    assert skinflint("--help") == 0
    out = capsys.readouterr().out
    assert "  check     Find what makes" in out
    assert "  rule      Explain a rule" in out
    assert skinflint("check", "-h") == 0
    assert "--unsafe-fixes" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "missing command"),
        (["chekc"], "no command 'chekc'; did you mean 'check'?"),
        (["."], "no command '.'; to check a path: skinflint check ."),
        (["frobnicate"], "no command 'frobnicate'; there are check, prove, requests, rule"),
        (["--frobnicate"], "no such option"),
        (["rule"], "give rules by id or name, or --all"),
        (["rule", "--all", "SKF101"], "give rules by id or name, or --all"),
        (["rule", "retired-modle"], "did you mean retired-model?"),
    ],
)
def test_a_bad_command_line(
    skinflint: Skinflint, capsys: Captured, arguments: list[str], said: str
) -> None:
    assert skinflint(*arguments) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("error: ")
    assert said in err
    assert err.count("\n") == 1


def test_python_dash_m() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "skinflint", "--version"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == f"skinflint {__version__}\n"


@pytest.mark.parametrize("asked", ["SKF402", "retired-model", "skf402"])
def test_a_page(skinflint: Skinflint, capsys: Captured, asked: str) -> None:
    assert skinflint("rule", asked) == 0
    out = capsys.readouterr().out
    assert out.startswith("# retired-model (SKF402)\n\n")
    assert "severity: error; tier: default; since: 0.1.0; in test files: yes" in out
    assert "## What it does" in out
    assert "Reported (at the lines marked `# <-`):\n\n```python\n" in out
    assert "Not reported:\n\n```python\n" in out


def test_a_page_shows_the_mended_code() -> None:
    class Mending(ByHand):
        """What it is about."""

        examples = (Example("A case", bad="a = 1  # <-\n", fixed="a = 2\n"),)

    assert rule_page.markdown(Mending()) == (
        "# made-by-hand (SKF901)\n\n"
        "A request.\n\n"
        "severity: warning; tier: default; since: 0.1.0; "
        "in test files: only when selected by id or name\n\n"
        "What it is about.\n\n"
        "## Example: A case\n\n"
        "Reported (at the lines marked `# <-`):\n\n```python\na = 1  # <-\n```\n\n"
        "After `--fix --unsafe-fixes`:\n\n```python\na = 2\n```\n"
    )


def test_several_pages(skinflint: Skinflint, capsys: Captured) -> None:
    assert skinflint("rule", "SKF406", "retired-model", "SKF406") == 0
    out = capsys.readouterr().out
    assert out.index("(SKF406)") < out.index("\n---\n\n# retired-model (SKF402)")
    assert out.count("# unknown-model (SKF406)") == 1


def test_all_pages(skinflint: Skinflint, capsys: Captured) -> None:
    assert skinflint("rule", "--all") == 0
    out = capsys.readouterr().out
    for rule in all_rules():
        assert f"# {rule.name} ({rule.id})\n" in out


def test_a_page_as_json(skinflint: Skinflint, capsys: Captured) -> None:
    assert skinflint("rule", "SKF402", "--output-format", "json") == 0
    page = json.loads(capsys.readouterr().out)
    assert list(page) == [
        "id",
        "name",
        "summary",
        "severity",
        "tier",
        "since",
        "in_tests",
        "docs",
        "explanation",
        "examples",
    ]
    assert (page["id"], page["name"], page["severity"]) == ("SKF402", "retired-model", "error")
    assert page["examples"][0]["bad"]
    assert skinflint("rule", "--all", "--output-format", "json") == 0
    pages = json.loads(capsys.readouterr().out)
    assert [each["id"] for each in pages] == [rule.id for rule in all_rules()]
