"""docs/config.md: what it shows can be written, and nothing that can be written is missing."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from skinflint.linter import config
from skinflint.linter.own import OwnFunction

PAGE = (Path(__file__).parent.parent / "docs" / "config.md").read_text("utf-8")
BLOCKS = [
    "\n".join(line.removeprefix("    ") for line in match[0].splitlines())
    for match in re.finditer(r"(?:^    .*\n|^\n(?=    ))+", PAGE, re.M)
]


def public(cls: type) -> list[str]:
    return [name for name in cls.__annotations__ if not name.startswith("_")]


def test_there_are_examples() -> None:
    assert len(BLOCKS) >= 4


@pytest.mark.parametrize("block", BLOCKS)
def test_examples_can_be_read(block: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("pyproject.toml").write_text(block, "utf-8")
    assert config.load().path == str(tmp_path / "pyproject.toml")


def test_every_key_is_described() -> None:
    words = set(re.findall(r"`\[?([a-z][\w.-]*)\]?`", PAGE))
    tables = {word.removeprefix("tool.skinflint.") for word in words}
    settings = [name.replace("_", "-") for name in public(config.Settings)]
    assumed = [name.replace("_", "-") for name in public(config.Assume)]
    own = [name for name in public(OwnFunction) if name != "name"]
    for key in (*settings, *assumed, *own, "clients", "functions", "extend"):
        if key not in ("root", "path"):
            assert key in tables, key
