"""Defaults that every call by the name of the taker hands something in for."""

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
ID = "claude-3-opus-20240229"
WRITER = f"""\
import anthropic


class Writer:
    def write(self, topic, model="{ID}", **more):
        client = anthropic.Anthropic()
        return client.messages.create(
            model=model, max_tokens=900, messages=[{{"role": "user", "content": topic}}], **more
        )
"""
SEND = f"""\
import anthropic


def send(topic, model="{ID}"):
    return anthropic.Anthropic().messages.create(
        model=model, max_tokens=900, messages=[{{"role": "user", "content": topic}}]
    )
"""
MADE = f"""\
import anthropic


class Writer:
    def __init__(self, model="{ID}"):
        self.model = model

    def write(self, topic):
        return anthropic.Anthropic().messages.create(
            model=self.model, max_tokens=900, messages=[{{"role": "user", "content": topic}}]
        )
"""
#: Holds what it makes where nobody can follow it.
DESK = "from writer import Writer\nfrom registry import held, model\nheld.append(Writer())\n"
#: Loads a module by a name that nobody knows.
LOADS = "import importlib\nfrom registry import kind, model, held\n"
OUT = "out = importlib.import_module(kind).send\n"


#: Takes what sends out of a table.
TABLE = """\
from sender import send
from registry import kind, model, settings
SENDERS = {}
def register(name, sender):
    SENDERS[name] = sender
register('claude', send)
for name in settings:
    register(name, settings[name])
"""


def told(folder: Path, files: dict[str, str], *, preview: bool = False) -> bool:
    written = {"requirements.txt": "anthropic\nregistry\n", **files}
    for name, said in written.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(said)
    result = engine.check(
        [read(str(path)) for path in sorted(folder.rglob("*.py"))],
        [RetiredModel()],
        config.load(None, None, isolated=True),
        replace(CONTEXT, preview=preview),
    )
    assert result.problems == ()
    return any(ID in each.message for each in result.findings)


@pytest.mark.parametrize(
    "files",
    [
        {"writer.py": WRITER, "main.py": DESK + "held[0].write('a', model=model)\n"},
        {"writer.py": WRITER, "main.py": DESK + "held[0].write('a', model)\n"},
        {"writer.py": WRITER, "main.py": DESK + "held[0].write('a', **held[1])\n"},
        {"sender.py": SEND, "main.py": LOADS + OUT + "out('a', model)\n"},
        {
            "sender.py": SEND,
            "main.py": LOADS + OUT + "out('a', model)\n",
            "README.md": "`send('rain', model='claude-opus-5-5')` sends it.\n",
        },
    ],
)
def test_a_default_that_every_call_replaces_takes_preview(
    tmp_path: Path, files: dict[str, str]
) -> None:
    assert not told(tmp_path, files)
    assert told(tmp_path, files, preview=True)


@pytest.mark.parametrize(
    "files",
    [
        # one call leaves it out; it may be one of something else
        {
            "writer.py": WRITER,
            "main.py": DESK + "held[0].write('a', model)\nheld[0].write('b')\n",
        },
        {"sender.py": SEND, "main.py": LOADS + OUT + "out('a', model)\nheld[0].send('b')\n"},
        # it is handed on
        {"sender.py": SEND, "main.py": LOADS + OUT + "out('a', model)\nheld.append(out)\n"},
        # by another name, and with who knows what
        {
            "sender.py": SEND,
            "main.py": LOADS + OUT + "out('a', model)\n",
            "job.py": "from sender import send as post\nfrom registry import held\nheld(post)\n",
        },
        {"sender.py": SEND, "main.py": LOADS + OUT + "out('a', model)\nout(*held)\n"},
        {"sender.py": SEND, "main.py": LOADS + OUT + "MORE = {'most': 9}\nout('a', **MORE)\n"},
        # a page shows a call without
        {
            "sender.py": SEND,
            "main.py": LOADS + OUT + "out('a', model)\n",
            "README.md": "`send(clean(load(Path('a'))))` sends it.\n",
        },
        {
            "sender.py": SEND,
            "main.py": LOADS + OUT + "out('a', model)\n",
            "README.md": "`send('Describe the model railway')` sends it.\n",
        },
        {
            "sender.py": SEND,
            "main.py": LOADS + OUT + "out('a', model)\n",
            "README.md": "`send('rain')` sends it.\n",
        },
        # it is looked up by its name
        {
            "sender.py": SEND,
            "main.py": LOADS + OUT + "out('a', model)\ngetattr(held, 'send')('b')\n",
        },
        # keywords that are spread may lack it, where an object is made
        {
            "writer.py": MADE,
            "main.py": LOADS + "from writer import Writer\nWriter(**held[1]).write('a')\n",
        },
    ],
)
def test_a_default_that_somebody_may_leave_is_told(tmp_path: Path, files: dict[str, str]) -> None:
    assert told(tmp_path, files)


FIELD = f"""\
import anthropic
from dataclasses import dataclass


@dataclass
class Settings:
    key: str = ""
    model: str = "{ID}"

    def ask(self, topic):
        return anthropic.Anthropic().messages.create(
            model=self.model, max_tokens=900, messages=[{{"role": "user", "content": topic}}]
        )
"""
MORE = SEND.replace(f'topic, model="{ID}"', "topic, **more").replace(
    "model=model", f'model=more.pop("model", "{ID}")'
)
LAZY = "PARTS = {'Writer': '.writer'}\ndef __getattr__(name):\n    return PARTS[name]\n"
PARTS = {f"part{n}.py": "import store\n" for n in range(4)} | {"store.py": "ROWS = []\n"}
MAKES = "from writer import Writer\nfrom registry import model\nWriter(model=model).write('a')\n"
SETS = "from writer import Settings\nfrom registry import model\nSettings(model=model).ask('a')\n"


SPREAD = """\
from writer import Writer
from registry import held, model


def made():
    if held:
        given = {"model": model}
        held[0](**given)
    else:
        given: dict = {"model": held[1]}
    return Writer(**given)


made().write("a")
"""
PACKED = """\
[build-system]
requires = ["setuptools"]
build-backend = "setuptools.build_meta"

[project]
name = "desk"
version = "1"

[tool.setuptools]
packages = ["desk"]
"""
DESKS = {
    "pyproject.toml": PACKED,
    "desk/__init__.py": "from desk.writer import Writer\n",
    "desk/job.py": "from desk.writer import Writer\nfrom registry import model\n"
    "def job(topic):\n    return Writer(model=model).write(topic)\n",
}
LEFT = MADE.replace(f'model="{ID}"', "model=None").replace("= model", f'= model or "{ID}"')


@pytest.mark.parametrize(
    "files",
    [
        {"writer.py": MADE, "main.py": MAKES},
        {"writer.py": FIELD, "main.py": SETS},
        # said of a type, or handed on by a package: neither makes an object
        {"writer.py": FIELD, "main.py": SETS + "def look(at: 'Settings') -> 'Settings': ...\n"},
        {
            "writer.py": MADE,
            "main.py": MAKES,
            "desk/__init__.py": LAZY,
        },
        # taken out of what is handed on
        {
            "sender.py": MORE,
            "main.py": LOADS + OUT + "out('a', model=model)\nout('b', **held[1])\n",
        },
        {
            "writer.py": MADE.replace(
                "def write", "def whoami(self):\n        return 'Writer'\n\n    def write"
            ),
            "main.py": MAKES
            + "from typing import Callable\nTask = Callable[['Writer', int], None]\n",
        },
        # a table that is spread has it, whichever it is
        {"writer.py": MADE, "main.py": SPREAD},
        # a package for others that no page speaks of
        {**DESKS, "desk/writer.py": MADE},
        {**DESKS, "desk/writer.py": LEFT, "README.md": "# Desk\n\n    import desk\n"},
        # nobody makes it
        {**PARTS, "writer.py": MADE, "main.py": LOADS + "held[0].write('a')\nimport writer\n"},
    ],
)
def test_what_whoever_makes_it_hands_in(tmp_path: Path, files: dict[str, str]) -> None:
    assert not told(tmp_path, files)


@pytest.mark.parametrize(
    "files",
    [
        {"writer.py": MADE, "main.py": MAKES, "job.py": MAKES.replace("model=model", "")},
        {"writer.py": FIELD, "main.py": SETS, "job.py": SETS.replace("model=model", "key=model")},
        {"writer.py": MADE, "main.py": SPREAD.replace('"model": held', '"topic": held')},
        {
            "writer.py": MADE,
            "main.py": SPREAD.replace("held[0](", "given.pop('model')\n        held[0]("),
        },
        {
            "writer.py": MADE,
            "main.py": SPREAD.replace("held[0](", "del given['model']\n        held[0]("),
        },
        # looked up in a table by its name
        {"writer.py": MADE, "main.py": MAKES + "from registry import held\nheld['Writer']('a')\n"},
        # a page tells others how it is made, or of it
        {
            **DESKS,
            "desk/writer.py": MADE,
            "README.md": "    from desk import Writer\n    Writer().write('rain')\n",
        },
        {
            **DESKS,
            "desk/writer.py": LEFT,
            "README.md": "    from desk import Writer\n",
        },
    ],
)
def test_what_a_maker_may_leave_out(tmp_path: Path, files: dict[str, str]) -> None:
    assert told(tmp_path, files)


@pytest.mark.parametrize(
    ("taken", "by_default"),
    [
        ("SENDERS[kind]('a', model=model)", False),
        ("for sender in SENDERS.values():\n    sender('a', model)", False),
        ("SENDERS[kind]('a')", True),
        ("kind(SENDERS)", True),
    ],
)
def test_what_is_taken_out_of_a_table_that_is_filled_elsewhere(
    taken: str, by_default: bool, tmp_path: Path
) -> None:
    files = {"sender.py": SEND, "main.py": f"{TABLE}{taken}\n"}
    assert told(tmp_path, files) is by_default


#: What makes a writer with a model of its own choice, or with whatever it has.
_MAKES = "from writer import Writer\nfrom registry import model\n"
_GIVES, _LEAVES = "print(Writer(model).write('a'))\n", "print(Writer().write('a'))\n"
_SHOWN = f"\n\nif __name__ == '__main__':\n    {_LEAVES}"


@pytest.mark.parametrize(
    ("writer", "main", "page", "by_default"),
    [
        (MADE + _SHOWN, _MAKES + _GIVES, "", False),
        (MADE + _SHOWN, _MAKES + _LEAVES, "", True),
        (MADE + _SHOWN, "", "", True),
        (MADE + _SHOWN, _MAKES + _GIVES, "Run `python writer.py` once a week.\n", True),
        (MADE + "\n\n" + _LEAVES, _MAKES + _GIVES, "", True),
        (MADE, _MAKES + _GIVES, "## Writer (`writer.py`)\n", False),
        (MADE, _MAKES + _GIVES, "`Writer(kind='claude-opus-5-5')`\n", False),
    ],
)
def test_what_only_shows_how_it_goes(
    writer: str, main: str, page: str, by_default: bool, tmp_path: Path
) -> None:
    files = {"writer.py": writer, "main.py": main, "README.md": page}
    assert told(tmp_path, files) is by_default


CONNECT = """from writer import Writer


class Quiet(Writer):
    def __init__(self, lines):
        self.lines = lines


def connect(kind, **options):
    if kind == "claude":
        return Writer(**options)
    return Quiet(options["lines"])
"""
_CONNECTS = "from desk import connect\nfrom registry import kind, model\n"


@pytest.mark.parametrize(
    ("desk", "call", "by_default"),
    [
        (CONNECT, "connect(kind, model=model).write('a')", False),
        (CONNECT, "connect(kind).write('a')", True),
        (CONNECT, "kind(connect)", True),
        (
            CONNECT.replace("self.lines = lines", "Writer.__init__(self)"),
            "connect(kind, model=model).write('a')",
            True,
        ),
    ],
)
def test_what_is_only_passed_on(desk: str, call: str, by_default: bool, tmp_path: Path) -> None:
    files = {"writer.py": MADE, "desk.py": desk, "main.py": f"{_CONNECTS}print({call})\n"}
    assert told(tmp_path, files) is by_default
