"""A list of blocks that other code takes apart by position is not made longer."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

HEAD = """\
import time

import anthropic
from texts import GUIDE

client = anthropic.Anthropic()

"""

BY_NAME = """
def ask(question):
    system = [
        {{
            "type": "text",
            "text": f"{{GUIDE}}\\nIt is {{time.time()}}.",
            "cache_control": {{"type": "ephemeral"}},
        }}
    ]
    {use}
    return client.messages.create(
        model="claude-sonnet-5-5",
        max_tokens=9,
        system=system,
        messages=[{{"role": "user", "content": question}}],
    )
"""

RETURNED = """
def blocks():
    return [
        {{
            "type": "text",
            "text": f"{{GUIDE}}\\nIt is {{time.time()}}.",
            "cache_control": {{"type": "ephemeral"}},
        }}
    ]


def ask(question):
    {use}
    return client.messages.create(
        model="claude-sonnet-5-5",
        max_tokens=9,
        system=blocks(),
        messages=[{{"role": "user", "content": question}}],
    )
"""


def mended(folder: Path, code: str) -> tuple[str, str]:
    """The code after ``--fix --unsafe-fixes``, and what was said on standard error."""
    path = folder / "app.py"
    path.write_text(HEAD + code)
    done = subprocess.run(
        [sys.executable, "-m", "skinflint", "check", "--isolated", "--fix", "--unsafe-fixes", "."],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    return path.read_text(), done.stdout + done.stderr


@pytest.mark.parametrize(
    ("layout", "use"),
    [
        (BY_NAME, "print(system[0])"),
        (BY_NAME, "assert len(system) == 1"),
        (BY_NAME, "(only,) = system"),
        (BY_NAME, "for block in system:\n        print(block)"),
        (RETURNED, "print(blocks()[0])"),
        (RETURNED, "print(len(blocks()))"),
    ],
)
def test_a_list_that_is_counted_stays(tmp_path: Path, layout: str, use: str) -> None:
    code = layout.format(use=use)
    text, said = mended(tmp_path, code)
    assert text == HEAD + code
    assert "by position or number" in " ".join(said.split())


@pytest.mark.parametrize("layout", [BY_NAME, RETURNED])
def test_a_list_that_is_only_sent_is_split(tmp_path: Path, layout: str) -> None:
    text, _ = mended(tmp_path, layout.format(use="print(question)"))
    assert text.count('"type": "text"') == 2
