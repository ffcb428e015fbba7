"""``skinflint requests`` says which version of the SDK sends them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

Skinflint = Callable[..., int]

CALL = """\
import anthropic

anthropic.Anthropic().messages.create(
    model="claude-opus-5-5", max_tokens=9, messages=[{"role": "user", "content": "hi"}]
)
"""


def test_what_is_pinned(skinflint: Skinflint, capsys: pytest.CaptureFixture[str]) -> None:
    Path(".git").mkdir()
    for folder in ("a", "b"):
        Path(folder).mkdir()
        Path(folder, "app.py").write_text(CALL, "utf-8")
    Path("a/uv.lock").write_text('[[package]]\nname = "anthropic"\nversion = "2.12.0"\n', "utf-8")
    Path("requirements.txt").write_text("anthropic>=1\n", "utf-8")
    Path("pyproject.toml").write_text("anthropic = [\n", "utf-8")
    assert skinflint("requests") == 0
    notes = [line for line in capsys.readouterr().err.splitlines() if "anthropic" in line]
    assert notes[:2] == [
        "note: anthropic 2.12.0 is pinned (a/uv.lock:3)",
        "note: anthropic >=1 is required (requirements.txt:1)",
    ]
    assert notes[2].startswith("note: pyproject.toml is not read for the version of anthropic: ")
    assert len(notes) == 3


def test_nothing_is_said_of_what_nobody_sends(
    skinflint: Skinflint, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("app.py").write_text("import anthropic\n", "utf-8")
    Path("requirements.txt").write_text("anthropic>=1\n", "utf-8")
    assert skinflint("requests") == 0
    assert "anthropic" not in capsys.readouterr().err
