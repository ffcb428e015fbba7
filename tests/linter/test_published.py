"""Notebooks and scripts of a study."""

from __future__ import annotations

import datetime
import json
from dataclasses import replace
from pathlib import Path

import pytest

from skinflint.linter import config, engine
from skinflint.linter.source import read
from skinflint.rules.base import Context
from skinflint.rules.retired_model import RetiredModel

CONTEXT = Context(as_of=datetime.date(2026, 11, 22), preview=False)
CODE = """\
import anthropic

client = anthropic.Anthropic()
reply = client.messages.create(
    model="claude-3-opus-20240229",
    max_tokens=90,
    messages=[{"role": "user", "content": "How do you feel about clocks?"}],
)
print(reply.content[0].text)
"""
CELL = {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": []}
NOTEBOOK = {
    "cells": [{**CELL, "source": CODE.splitlines(keepends=True)}],
    "metadata": {},
    "nbformat": 4,
    "nbformat_minor": 4,
}
RESULT = '{"model": "claude-3-opus-20240229", "says": "often"}\n'
PAPER = "# Clocks and models\n\nThe code of our paper: [arXiv](https://example.org/1234)\n"


@pytest.mark.parametrize(
    ("name", "page", "by_default"),
    [
        ("ask.ipynb", {"README.md": PAPER}, 0),
        ("study/ask.ipynb", {"README": PAPER}, 0),
        ("ask.ipynb", {"CITATION.cff": "title: Clocks\ndoi: 10.5281/zenodo.1\n"}, 0),
        ("ask.ipynb", {"README.md": "# Clocks\n\nHow papers are sorted.\n"}, 1),
        ("ask.ipynb", {"notes.md": PAPER}, 1),
        ("ask.ipynb", {}, 1),
        ("ask.py", {"README.md": PAPER}, 1),
        ("ask.py", {"README.md": PAPER, "results/a.json": RESULT}, 0),
        ("ask.py", {"README.md": PAPER, "results/a.json": RESULT.replace("opus", "haiku")}, 1),
        ("ask.py", {"README.md": PAPER, ".cache/a.json": RESULT}, 1),
        ("ask.py", {"README.md": "# Clocks\n", "results/a.json": RESULT}, 1),
    ],
)
def test_part_of_a_study_that_is_done(
    name: str, page: dict[str, str], by_default: int, tmp_path: Path
) -> None:
    text = json.dumps(NOTEBOOK) if name.endswith(".ipynb") else CODE
    for each, said in {"pyproject.toml": "", name: text, **page}.items():
        (tmp_path / each).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / each).write_text(said)
    for preview, count in ((False, by_default), (True, 1)):
        result = engine.check(
            [read(str(tmp_path / name))],
            [RetiredModel()],
            config.load(None, None, isolated=True),
            replace(CONTEXT, preview=preview),
        )
        assert result.problems == ()
        assert len(result.findings) == count
