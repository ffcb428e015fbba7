"""Programs beside those that a deployed project runs."""

from __future__ import annotations

import datetime
from dataclasses import replace
from pathlib import Path

import pytest

from skinflint.linter import config, engine
from skinflint.linter.source import read
from skinflint.rules.base import Context, Rule
from skinflint.rules.retired_model import RetiredModel
from skinflint.rules.uncapped_server_tool import UncappedServerTool
from skinflint.rules.unknown_model import UnknownModel

CONTEXT = Context(as_of=datetime.date(2026, 11, 22), preview=False)
IDS = (RetiredModel(), UnknownModel())
ASK = """\
import anthropic

client = anthropic.Anthropic()


def ask(words):
    return client.messages.create(
        model="claude-3-opus-20240229",
        max_tokens=900,
        messages=[{"role": "user", "content": words}],
    )
"""
MAIN = """\

if __name__ == "__main__":
    print(ask("Which of these letters needs an answer today?"))
"""
TAKES = "from letters.ask import ask\n" + MAIN
SERVES = """\
from flask import Flask

app = Flask(__name__)


@app.get("/")
def first():
    return "Nothing has come."


if __name__ == "__main__":
    app.run()
"""
DOCKER = {"Dockerfile": 'FROM python:3.13\nCOPY . .\nCMD ["gunicorn", "desk.web:app"]\n'}
DESK = {"desk/__init__.py": "", "desk/web.py": SERVES}
LETTERS = {"letters/__init__.py": "", "letters/ask.py": ASK}
SORT = {"sort.py": TAKES}

ANSWERS = SERVES.replace('"Nothing has come."', 'ask("Is there anything?").content[0].text')
HAND = {
    "a program of its own": {**DOCKER, **DESK, "sort.py": ASK + MAIN},
    "what it takes of a module": {**DOCKER, **DESK, **LETTERS, **SORT},
    "beside a command of a package": {
        **DESK,
        "sort.py": ASK + MAIN,
        "pyproject.toml": '[project.scripts]\ndesk = "desk.web:first"\n',
    },
    "a page of no Streamlit": {**DOCKER, **DESK, "pages/sort.py": ASK + MAIN},
    "the port of a service is no module": {
        **DOCKER,
        **DESK,
        "db.py": ASK + MAIN,
        "compose.yaml": "services:\n  db:\n    image: db:16\n",
    },
    "a test takes it, too": {
        **DOCKER,
        **DESK,
        **LETTERS,
        **SORT,
        "tests/test_ask.py": "from letters.ask import ask\n\n\ndef test_ask():\n    ask('')\n",
    },
    "a page calls its directory old": {
        **DESK,
        "_sort/sort.py": ASK + MAIN,
        "README.md": "desk/    the server\n_sort/   old code, for reference\n",
    },
    "a page tells what was done": {
        **DOCKER,
        **DESK,
        "sort.py": ASK + MAIN,
        "docs/SESSION_HISTORY.md": "Ran `python sort.py` over the letters of May.\n",
        "docs/sprint-12/NOTES.md": "    python sort.py\n",
        "REPORT_2026.md": "    python sort.py\n",
    },
    "an id that never was": {
        **DOCKER,
        **DESK,
        "sort.py": (ASK + MAIN).replace("3-opus-20240229", "3-opus-20240301"),
    },
}
PACKED = """\
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"

[project]
name = "desk"
"""
HAND["a program in a package for others"] = {
    **DESK,
    "pyproject.toml": PACKED,
    "desk/try_sorting.py": ASK + MAIN,
}
KNOWN: dict[str, dict[str, str]] = {
    "a program of a package that a page names": {
        **DESK,
        "pyproject.toml": PACKED,
        "desk/try_sorting.py": ASK + MAIN,
        "README.md": "Try `python -m desk.try_sorting`.\n",
    },
    "a program of a package that another part imports": {
        **DESK,
        "pyproject.toml": PACKED,
        "desk/try_sorting.py": ASK + MAIN,
        "desk/all.py": "from desk.try_sorting import ask\n",
    },
    "a part of a package that is no program": {
        **DESK,
        "pyproject.toml": PACKED,
        "desk/try_sorting.py": ASK,
    },
    "nothing is deployed": {**DESK, "sort.py": ASK + MAIN},
    "a page of Streamlit": {
        **DOCKER,
        **DESK,
        "pages/1_Sort.py": f"import streamlit as st\n\n{ASK}\nask(st.text_input('?'))\n",
    },
    "a page says how to run it": {
        **DOCKER,
        **DESK,
        **LETTERS,
        **SORT,
        "README.md": "# Letters\n\n    python sort.py\n",
    },
    "where it lies in a container": {
        **DOCKER,
        **DESK,
        "letters/sort.py": ASK + MAIN,
        "compose.yaml": "services:\n  sort:\n    command: python /app/letters/sort.py\n",
    },
    "a container of its own": {
        **DOCKER,
        **DESK,
        "sort.py": ASK + MAIN,
        "Dockerfile.sort": 'FROM python:3.13\nENTRYPOINT ["python"]\nCMD ["sort.py"]\n',
    },
    "a supervisor starts it": {
        **DOCKER,
        **DESK,
        "sort.py": ASK + MAIN,
        "supervisord.conf": "[program:sort]\ncommand=/venv/bin/python /srv/sort.py\n",
    },
    "pm2 starts it": {
        **DOCKER,
        **DESK,
        "sort.py": ASK + MAIN,
        "ecosystem.config.js": 'module.exports = { apps: [{ script: "sort.py" }] }\n',
    },
    "a page beside it says so": {
        **DOCKER,
        **DESK,
        "reports/sort.py": ASK + MAIN,
        "reports/README.md": "    python reports/sort.py\n",
    },
    "a page of another kind says so": {
        **DOCKER,
        **DESK,
        "sort.py": ASK + MAIN,
        "docs/planning-letters.md": "    python sort.py\n",
    },
    "a workflow runs it": {
        **DOCKER,
        **DESK,
        **LETTERS,
        **SORT,
        ".github/workflows/sort.yml": "jobs:\n  s:\n    steps:\n    - run: python sort.py\n",
    },
    "what is deployed takes the module": {
        **DOCKER,
        **LETTERS,
        **SORT,
        "desk/__init__.py": "",
        "desk/web.py": "from letters.ask import ask\n" + SERVES,
    },
    "by way of its package": {
        **DOCKER,
        **SORT,
        "letters/__init__.py": "from letters.ask import ask\n",
        "letters/ask.py": ASK,
        "letters/tell.py": "MORE = 1\n",
        "desk/__init__.py": "",
        "desk/web.py": "import letters.tell\n" + SERVES,
    },
    "what is deployed starts the program": {
        **DOCKER,
        **LETTERS,
        **SORT,
        "desk/__init__.py": "",
        "desk/web.py": 'import subprocess\n\nsubprocess.run(["python", "sort.py"])\n' + SERVES,
    },
    "something else takes it, nobody knows when": {
        **DOCKER,
        **DESK,
        **LETTERS,
        **SORT,
        "letters/plugin.py": "from letters.ask import ask\n\n\ndef sort():\n    return ask('')\n",
    },
    "a test": {**DOCKER, **DESK, "tests/test_sort.py": ASK + MAIN},
    "an example": {**DOCKER, **DESK, "examples/sort.py": ASK + MAIN},
    "a framework's own way to start": {**DOCKER, **DESK, **LETTERS, "manage.py": TAKES},
}


def count(
    project: dict[str, str], folder: Path, *, preview: bool, rules: tuple[Rule, ...] = IDS
) -> int:
    for name, text in {"pyproject.toml": "", **project}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    result = engine.check(
        [read(str(path)) for path in sorted(folder.rglob("*.py"))],
        list(rules),
        config.load(None, None, isolated=True),
        replace(CONTEXT, preview=preview),
    )
    return len(result.findings)


@pytest.mark.parametrize("name", HAND)
def test_what_is_run_by_hand_is_told_with_preview(name: str, tmp_path: Path) -> None:
    assert count(HAND[name], tmp_path, preview=False) == 0
    assert count(HAND[name], tmp_path, preview=True) == 1


@pytest.mark.parametrize("name", KNOWN)
def test_what_something_runs_is_told(name: str, tmp_path: Path) -> None:
    assert count(KNOWN[name], tmp_path, preview=False) == 1


def test_what_it_costs_is_told_with_preview_too(tmp_path: Path) -> None:
    """A module that the program takes as well is the program's: who sends it is what counts."""
    search = '        tools=[{"type": "web_search_20250305", "name": "web_search"}],\n'
    searches = ASK.replace("        messages=", f"{search}        messages=")
    rules = (UncappedServerTool(),)
    alone = {**DOCKER, **DESK, "sort.py": searches + MAIN}
    assert count(alone, tmp_path / "a", preview=False, rules=rules) == 0
    assert count(alone, tmp_path / "b", preview=True, rules=rules) == 1
    letters = {"letters/__init__.py": "", "letters/ask.py": searches, **SORT}
    assert count({**DOCKER, **DESK, **letters}, tmp_path / "c", preview=False, rules=rules) == 0
    served = {"desk/web.py": f"from letters.ask import ask\n{ANSWERS}"}
    both = {**DOCKER, **DESK, **letters, **served}
    assert count(both, tmp_path / "d", preview=False, rules=rules) == 1
