"""Defaults of constructors that nobody leaves in place."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from skinflint.linter import config, engine
from skinflint.linter.source import from_bytes
from skinflint.rules.base import Context
from skinflint.rules.retired_model import RetiredModel

CONTEXT = Context(as_of=datetime.date(2026, 11, 22))
WRITER = """\
import anthropic


class Writer:
    def __init__(self, key, model="claude-3-opus-20240229", **more):
        self.model = model
        self.client = anthropic.Anthropic(api_key=key)

    def write(self, topic):
        return self.client.messages.create(
            model=self.model, max_tokens=900, messages=[{"role": "user", "content": topic}]
        )
"""
BUILT = """\
[build-system]
requires = ["setuptools"]
build-backend = "setuptools.build_meta"

[tool.setuptools]
py-modules = ["writer"]
"""
HANDS_IN = """
from writer import Writer
def draft(settings, topic):
    return Writer(settings["key"], model=settings["model"]).write(topic)
"""
TABLE = """
from writer import Writer
class Other:
    def __init__(self, key, model, **more):
        pass
KINDS = {"claude": Writer, "other": Other}
def draft(kind, settings, topic):
    if kind not in KINDS:
        raise ValueError(list(KINDS.keys()))
    made = KINDS[kind]
    return made(key=settings["key"], model=settings["model"], **settings["more"]).write(topic)
"""


def silent(
    folder: Path, users: dict[str, str], mark: str = "requirements.txt", writer: str = WRITER
) -> bool:
    (folder / mark).write_text("")
    (folder / "writer.py").write_text(writer)
    for name, text in users.items():
        (folder / name).write_text(text)
    path = str(folder / "writer.py")
    result = engine.check(
        [from_bytes(path, writer.encode())],
        [RetiredModel()],
        config.load(None, None, isolated=True),
        CONTEXT,
    )
    assert result.problems == ()
    assert result.requests
    return not result.findings


@pytest.mark.parametrize(
    "text",
    [
        HANDS_IN,
        HANDS_IN.replace("model=settings", "settings"),
        HANDS_IN.replace("import Writer", "import Writer as W").replace("Writer(", "W("),
        "import writer\n" + HANDS_IN.replace("Writer(", "writer.Writer("),
        TABLE,
        TABLE.replace(
            "KINDS[kind]\n", "KINDS.get(kind)\n    if made is None:\n        return ''\n"
        ),
        HANDS_IN + "def again(writer: Writer, topic):\n    return writer.write(topic)\n",
        HANDS_IN + "def any_of(key) -> dict[str, Writer] | None:\n    return None\n",
        HANDS_IN + "def asks(one):\n    return isinstance(one, (str, Writer))\n",
        HANDS_IN + "__all__ = [\n    'Writer',\n    'draft',\n]\n",
    ],
)
def test_all_hand_in_another(text: str, tmp_path: Path) -> None:
    assert silent(tmp_path, {"app.py": text})


@pytest.mark.parametrize(
    "text",
    [
        "",
        HANDS_IN.replace(', model=settings["model"]', ""),
        HANDS_IN.replace('model=settings["model"]', "**settings"),
        HANDS_IN.replace('settings["key"], model=settings["model"]', "*settings"),
        HANDS_IN + "plain = Writer('key')\n",
        HANDS_IN + "def made_by(make):\n    return make('key')\nprint(made_by(Writer))\n",
        HANDS_IN + "class Poet(Writer):\n    pass\n",
        HANDS_IN + "__all__ = ['draft']\nKNOWN = ['Writer']\n",
        HANDS_IN + "def both():\n    return [make('key') for make in (Writer, str)]\n",
        HANDS_IN + "print(globals()['Writer']('key'))\n",
        TABLE.replace(', model=settings["model"]', ""),
        TABLE.replace("made = KINDS[kind]", "made = register(KINDS[kind])"),
        TABLE + "def anything():\n    return [kind('key') for kind in KINDS.values()]\n",
        TABLE + "def lend():\n    made = KINDS['claude']\n    return made\n",
    ],
)
def test_the_default_may_be_sent(text: str, tmp_path: Path) -> None:
    assert not silent(tmp_path, {"app.py": text})


def test_another_file_may_leave_it_in_place(tmp_path: Path) -> None:
    more = {"app.py": HANDS_IN, "job.py": "from writer import Writer\nWriter('key').write('x')\n"}
    assert not silent(tmp_path, more)
    (tmp_path / "job.py").write_text("")
    table = {"app.py": TABLE, "job.py": "from app import KINDS\nKINDS['claude']('key')\n"}
    assert not silent(tmp_path, table)


def test_others_may_make_what_a_package_holds(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(BUILT)
    assert not silent(tmp_path, {"app.py": HANDS_IN})


def test_a_class_that_is_registered_is_made_unseen(tmp_path: Path) -> None:
    kept = WRITER.replace("class Writer", "from plugins import keep\n\n\n@keep\nclass Writer")
    assert not silent(tmp_path, {"app.py": HANDS_IN}, writer=kept)


FIELDS = """\
import os
from dataclasses import dataclass

import anthropic


@dataclass
class Settings:
    key: str = ""
    model: str = "claude-3-opus-20240229"

    @classmethod
    def read(cls):
        return cls(key=os.environ["KEY"], model=os.environ["MODEL"])


def write(settings: Settings, topic):
    return anthropic.Anthropic(api_key=settings.key).messages.create(
        model=settings.model, max_tokens=900, messages=[{"role": "user", "content": topic}]
    )
"""
READS = "from writer import Settings, write\nrun(write, Settings.read())\n"


def test_a_field_that_all_fill(tmp_path: Path) -> None:
    assert silent(tmp_path, {"app.py": READS}, writer=FIELDS)


@pytest.mark.parametrize(
    "text",
    [
        READS.replace("Settings.read()", "Settings()"),
        READS.replace("Settings.read()", "Settings(**{})"),
        READS + "print(Settings.model)\n",
        READS + "class More(Settings):\n    pass\n",
    ],
)
def test_a_field_that_may_stay(text: str, tmp_path: Path) -> None:
    assert not silent(tmp_path, {"app.py": text}, writer=FIELDS)


@pytest.mark.parametrize(
    ("good", "bad"),
    [
        (', model=os.environ["MODEL"]', ""),
        ("return cls(", "return make(cls, "),
        ("return cls(", "return type(self)("),
        ("return cls(", "return self.__class__("),
        ("@dataclass", "@register"),
        ("class Settings:", "class Settings(Base):"),
    ],
)
def test_a_field_that_the_class_may_leave(good: str, bad: str, tmp_path: Path) -> None:
    assert not silent(tmp_path, {"app.py": READS}, writer=FIELDS.replace(good, bad))
