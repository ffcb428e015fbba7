"""Packages as they are installed: what of them nobody starts, imports or is told of."""

from __future__ import annotations

import datetime
from dataclasses import replace
from pathlib import Path

import pytest

from skinflint.linter import config, engine
from skinflint.linter.source import read
from skinflint.rules.base import Context
from skinflint.rules.retired_model import RetiredModel

CONTEXT = Context(as_of=datetime.date(2026, 11, 22))
ASK = """\
import anthropic

MODEL = "claude-3-opus-20240229"


def ask(words):
    return anthropic.Anthropic().messages.create(
        model=MODEL, max_tokens=900, messages=[{"role": "user", "content": words}]
    )
"""
MAIN = '\n\nif __name__ == "__main__":\n    print(ask("Is there anything?"))\n'
WRITER = """\
import anthropic


class Writer:
    def __init__(self, model="claude-3-opus-20240229"):
        self.model = model

    def is_there(self):
        return bool(self)

    def write_letter(self, topic):
        return anthropic.Anthropic().messages.create(
            model=self.model, max_tokens=900, messages=[{"role": "user", "content": topic}]
        )
"""
INFO = "desk-1.0.dist-info/"
ABOUT = "Metadata-Version: 2.4\nName: desk\n\n# Desk\n\n" + (
    "It sorts what comes in by who has to answer it, and by when. " * 20
)
ENGINE = """\
class Engine:
    def start(self, words):
        return self._inner(words)

    def _inner(self, words):
        from desk.letters import ask

        return ask(words)
"""
COMMAND = {INFO + "entry_points.txt": "[console_scripts]\ndesk = desk.cli:main\n"}
CLI = "def main():\n    print('nothing')\n"
SERVES = "import uvicorn\n\n\ndef main():\n    uvicorn.run('desk.web:app')\n"
WEB = """\
from flask import Flask
from desk.letters import ask

app = Flask(__name__)
print(ask(""))
"""
#: Of a few files it isn't asked what leads to them.
AROUND = {f"desk/part{n}.py": "from desk import store\n" for n in range(5)} | {
    "desk/store.py": "ROWS = []\n"
}


def told(folder: Path, files: dict[str, str], *, preview: bool = False) -> bool:
    listed = "".join(f"{name},sha256=0,1\n" for name in files)
    written = {
        INFO + "METADATA": ABOUT,
        INFO + "RECORD": listed,
        INFO + "WHEEL": "Wheel-Version: 1.0\n",
        "desk/__init__.py": "",
        **files,
    }
    for name, said in written.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(said)
    result = engine.check(
        [read(str(path)) for path in sorted(folder.rglob("*.py"))],
        [RetiredModel()],
        config.load(None, None, isolated=True),
        replace(CONTEXT, preview=preview),
    )
    assert result.problems == ()
    return bool(result.findings)


LEFT = {
    "the list of what is installed names each file": {**AROUND, "desk/letters.py": ASK},
    "a module that is dead itself takes it": {
        **AROUND,
        "desk/letters.py": ASK,
        "desk/rounds.py": "from desk.letters import ask\n\n\ndef both(a):\n    return ask(a)\n",
    },
    "others import the SDK, which is called so": {
        **AROUND,
        "desk/__init__.py": "from desk.engine import Engine\n",
        "desk/engine.py": "import anthropic\n\n\nclass Engine:\n    made = anthropic.Anthropic\n",
        "desk/anthropic.py": ASK,
    },
    "a method that nobody calls, and what it alone reads": {
        "desk/__init__.py": "from desk.cli import main\n",
        "desk/cli.py": "from desk.letters import Writer\n\n\ndef main():\n"
        "    print(Writer().is_there())\n",
        "desk/letters.py": WRITER,
        INFO + "METADATA": ABOUT + "`desk.main()`\n",
    },
}
#: These take the preview.
SHOWN = {
    "a program below a module of a package for others": {"desk/letters.py": ASK + MAIN},
    "a program beside the command of a package": {
        **COMMAND,
        "desk/cli.py": CLI,
        "desk/letters.py": ASK + MAIN,
    },
    "the command is of another module of that name": {
        INFO + "entry_points.txt": "[console_scripts]\ndesk = desk.new.letters:main\n",
        "desk/new/__init__.py": "",
        "desk/new/letters.py": CLI,
        "desk/old/__init__.py": "",
        "desk/old/letters.py": ASK + MAIN,
        INFO + "METADATA": ABOUT + "    import desk\n",
    },
}
TOLD = {
    "the page has it": {
        "desk/letters.py": ASK,
        INFO + "METADATA": ABOUT + "    from desk.letters import ask\n    ask('rain')\n",
    },
    "the page speaks of the class that leads to it": {
        "desk/letters.py": ASK,
        "desk/engine.py": ENGINE,
        INFO + "METADATA": ABOUT + "    Engine().start('rain')\n",
    },
    "the top of the package hands on the class that leads to it": {
        **AROUND,
        "desk/__init__.py": "from desk.engine import Engine\n",
        "desk/letters.py": ASK,
        # what leads to the class is asked while the class is asked, and once more behind that
        "desk/engine.py": ENGINE.replace(
            "        return self._inner",
            "        from desk import store\n\n        return self._inner",
        ),
        INFO + "METADATA": ABOUT + "    Engine().start('rain')\n",
    },
    "its command starts a server by its name": {
        **COMMAND,
        "desk/cli.py": SERVES,
        "desk/web.py": WEB,
        "desk/letters.py": ASK + MAIN,
    },
    "its command starts a module by its name": {
        **COMMAND,
        "desk/cli.py": "import subprocess, sys\n\n\ndef main():\n"
        "    subprocess.run([sys.executable, '-m', 'desk.web'])\n",
        "desk/web.py": WEB,
        "desk/letters.py": ASK + MAIN,
    },
    "it is the command": {**COMMAND, "desk/cli.py": ASK + "\n\ndef main():\n    print(ask(''))\n"},
    "a method of a class that the top hands on": {
        **AROUND,
        "desk/__init__.py": "from desk.letters import Writer\n",
        "desk/letters.py": WRITER,
    },
    "a test runner calls it, by a name that is agreed on": {
        **AROUND,
        "desk/plugin.py": ASK.replace("ask(words)", "pytest_terminal_summary(words)"),
        INFO + "entry_points.txt": "[pytest11]\ndesk = desk.plugin\n",
    },
    "another program makes it, and calls what it knows": {
        **AROUND,
        "desk/plugin.py": WRITER,
        INFO + "entry_points.txt": "[flake8.extension]\nDSK = desk.plugin:Writer\n",
    },
    "another program makes it: setup.cfg": {
        **AROUND,
        "desk/plugin.py": WRITER,
        "setup.cfg": "[metadata]\nname = desk\n[options.entry_points]\nflake8.extension =\n"
        "    DSK = desk.plugin:Writer\n",
    },
    "another program makes it: pyproject.toml": {
        **AROUND,
        "desk/plugin.py": WRITER,
        "pyproject.toml": "[project]\nname = 'desk'\n[project.entry-points]\n"
        "'flake8.extension' = {DSK = 'desk.plugin:Writer'}\n",
    },
    "a page lists the module": {
        **AROUND,
        "desk/letters.py": ASK,
        "docs/api.rst": ".. autosummary::\n\n   desk.letters\n",
    },
    "the page has a notebook load it": {
        **AROUND,
        "desk/magic.py": ASK + "\n\ndef load_ipython_extension(shell):\n    shell.add(ask)\n",
        INFO + "METADATA": ABOUT + "    %load_ext desk.magic\n",
    },
    "a page lists all that a module has": {
        **AROUND,
        "desk/letters.py": ASK,
        "docs/api.rst": ".. automodule:: desk.letters\n   :members:\n",
    },
    "a page shows all that a module has": {
        **AROUND,
        "desk/letters.py": ASK,
        "docs/api.md": "# Letters\n\n::: desk.letters\n",
    },
    "the page takes all that a module has": {
        **AROUND,
        "desk/letters.py": ASK,
        INFO + "METADATA": ABOUT + "    from desk.letters import *\n",
    },
    "it is handed on one package after the other": {
        **AROUND,
        "desk/__init__.py": "from .engine import *\n",
        "desk/engine/__init__.py": "from .core import *\n",
        "desk/engine/core.py": ASK,
    },
    "a package below the top hands it on": {
        **AROUND,
        "desk/__init__.py": "from . import engine\n",
        "desk/engine/__init__.py": "from .core import ask\n",
        "desk/engine/core.py": ASK,
    },
    "a command is made of each method": {
        **AROUND,
        **COMMAND,
        "desk/cli.py": "import fire\nfrom desk.letters import Writer\n\n\ndef main():\n"
        "    fire.Fire(Writer)\n",
        "desk/letters.py": WRITER,
    },
    "a command is made of each method, by another name": {
        **AROUND,
        **COMMAND,
        "desk/cli.py": "from fire import Fire\nfrom desk.letters import Writer\n\n\ndef main():\n"
        "    Fire(Writer)\n",
        "desk/letters.py": WRITER,
    },
    "nothing tells of the package": {"desk/letters.py": ASK, INFO + "METADATA": "Name: desk\n"},
}


@pytest.mark.parametrize("name", LEFT)
def test_what_nobody_leads_to(name: str, tmp_path: Path) -> None:
    assert not told(tmp_path, LEFT[name], preview=True)


@pytest.mark.parametrize("name", SHOWN)
def test_what_shows_how_it_works_takes_preview(name: str, tmp_path: Path) -> None:
    assert not told(tmp_path, SHOWN[name])
    assert told(tmp_path, SHOWN[name], preview=True)


@pytest.mark.parametrize("name", TOLD)
def test_what_somebody_is_told_of(name: str, tmp_path: Path) -> None:
    assert told(tmp_path, TOLD[name])


@pytest.mark.parametrize(
    ("page", "is_told"),
    [
        ("The main thing is to ask for rain.", False),
        ("Call `desk.letters.ask`.", True),
        ("    ask('rain')", True),
        ("    from desk.letters import ask", True),
        ("```python\nfrom desk.letters import (\n    tell,\n    ask,\n)\n```", True),
        (".. currentmodule:: desk.letters\n.. autofunction:: ask", True),
    ],
)
def test_a_plain_word_of_a_page_is_no_name(page: str, is_told: bool, tmp_path: Path) -> None:
    files = {"desk/letters.py": ASK, INFO + "METADATA": f"{ABOUT}\n{page}\n"}
    assert told(tmp_path, files) is is_told
