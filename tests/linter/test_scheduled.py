"""What workflows start, and how often."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from skinflint.linter import config, engine
from skinflint.linter.source import from_bytes
from skinflint.rules.base import Context
from skinflint.rules.pretty_json_in_prompt import PrettyJsonInPrompt

REVIEW = """\
import json
import anthropic


def review(rows: list[dict]):
    found = [{"name": r["name"], "price": r["price"], "size": r["size"]} for r in rows]
    return anthropic.Anthropic().messages.create(
        model="claude-sonnet-5-5",
        max_tokens=900,
        messages=[{"role": "user", "content": json.dumps(found, indent=2)}],
    )
"""
WORKFLOW = """\
on:
  schedule:
    - cron: '{time}'  # UTC
jobs:
  report:
    steps:
      - run: |
          python {file}
"""
MAIN = "from shop import review\nfrom shop.store import rows\n\nprint(review.review(rows()))\n"
STORE = """\
import sqlite3


def rows():
    return sqlite3.connect("shop.db").execute("select * from parts").fetchall()
"""
WEEKLY = WORKFLOW.format(time="0 2 * * 0", file="main.py")


def told(folder: Path, files: dict[str, str]) -> bool:
    project = {
        "pyproject.toml": "",
        "main.py": MAIN,
        "shop/__init__.py": "",
        "shop/review.py": REVIEW,
        "shop/store.py": STORE,
        ".github/workflows/report.yml": WEEKLY,
        **files,
    }
    for name, text in project.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    path = str(folder / "shop" / "review.py")
    result = engine.check(
        [from_bytes(path, REVIEW.encode())],
        [PrettyJsonInPrompt()],
        config.load(None, None, isolated=True),
        Context(as_of=datetime.date(2026, 11, 22), preview=False),
    )
    assert result.problems == ()
    assert result.requests
    return bool(result.findings)


@pytest.mark.parametrize(
    "files",
    [
        {},
        {".github/workflows/report.yml": WEEKLY.replace("* * 0", "1 * *")},
        {".github/workflows/report.yml": WEEKLY.replace("* * 0", "* * MON,THU")},
        {"main.py": "from start import go\ngo()\n", "start.py": "import shop.review\n"},
        {"tests/test_main.py": f"import pytest\n{MAIN}"},
        {"other.py": "if __name__ == '__main__':\n    print('another program')\n"},
    ],
)
def test_once_a_week_is_seldom(files: dict[str, str], tmp_path: Path) -> None:
    assert not told(tmp_path, files)


@pytest.mark.parametrize(
    "files",
    [
        {".github/workflows/report.yml": WEEKLY.replace("* * 0", "* * *")},
        {".github/workflows/report.yml": WEEKLY.replace("* * 0", "* * 1-5")},
        {".github/workflows/more.yml": WORKFLOW.format(time="0 * * * *", file="main.py")},
        {".github/workflows/report.yml": WEEKLY.replace("main.py", "scrape.py"), "scrape.py": ""},
        {".github/workflows/report.yml": WEEKLY.replace("on:\n  schedule:\n    - cron", "a")},
        {"app.py": f"import streamlit as st\n{MAIN}st.title('Shop')\n"},
        {"cli.py": f"if __name__ == '__main__':\n    {MAIN.replace(chr(10), chr(10) + '    ')}\n"},
    ],
)
def test_what_may_run_more_often(files: dict[str, str], tmp_path: Path) -> None:
    assert told(tmp_path, files)
