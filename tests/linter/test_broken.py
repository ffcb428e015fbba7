"""Programs that fail before they come to what they would send."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from skinflint.linter import config, engine
from skinflint.linter.source import from_bytes
from skinflint.rules.base import Context
from skinflint.rules.retired_model import RetiredModel

WRITER = """\
import anthropic


def write_letter(topic):
    return anthropic.Anthropic().messages.create(
        model="claude-3-opus-20240229",
        max_tokens=900,
        messages=[{"role": "user", "content": topic}],
    )
"""
#: A program that starts, and what lies around it.
DESK = {
    "requirements.txt": "anthropic\n",
    "desk.py": "from post.writer import write_letter\n\nprint(write_letter('rain'))\n",
    "post/__init__.py": "",
    "post/stamps.py": "RED = 1\n",
    "post/inner/__init__.py": "",
} | {f"part{n}.py": "ROWS = []\n" for n in range(4)}
FIRST = "from post.weights import weigh\n"
RUNS = "\n\nif __name__ == '__main__':\n    print(write_letter('rain'))\n"


def told(folder: Path, files: dict[str, str | None]) -> bool:
    """Whether anything is told of the one request; None takes a file out."""
    for name, text in {**DESK, "post/writer.py": WRITER, **files}.items():
        if text is not None:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text)
    path = str(folder / "post" / "writer.py")
    result = engine.check(
        [from_bytes(path, (folder / "post" / "writer.py").read_bytes())],
        [RetiredModel()],
        config.load(None, None, isolated=True),
        Context(as_of=datetime.date(2026, 11, 22)),
    )
    assert result.problems == ()
    return bool(result.findings)


def desk(head: str) -> dict[str, str | None]:
    return {"desk.py": head + DESK["desk.py"]}


@pytest.mark.parametrize(
    "head",
    [
        "from post.weights import weigh\n",
        "import post.weights\n",
        "from post.inner.weights import weigh\n",
        "from post.stamps import GREEN\n",
        "if True:\n    import json\nfrom post.weights import weigh\n",
    ],
)
def test_a_program_that_asks_for_what_is_not_there(tmp_path: Path, head: str) -> None:
    assert not told(tmp_path, desk(head))


@pytest.mark.parametrize(
    "head",
    [
        "",
        "from post.stamps import RED\n",
        "from post import stamps, inner\n",
        "try:\n    from post.weights import weigh\nexcept ImportError:\n    weigh = None\n",
        "def later():\n    from post.weights import weigh\n",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from post.weights import W\n",
        # made when it is built, or kept out of the repository
        "from post.weights_pb2 import weigh\n",
        "from post._version import version\n",
        "from post.secrets import KEY\n",
        "from post.protos.weights import weigh\n",
        "from post import _version, secrets\n",
        "from weights import weigh\n",  # of others, who knows
        "from scales.heavy import weigh\n",
    ],
)
def test_a_program_that_starts(tmp_path: Path, head: str) -> None:
    assert told(tmp_path, desk(head))


@pytest.mark.parametrize(
    "files",
    [
        {".gitignore": "post/weights.py\n"},
        {"post/.gitignore": "weights*\n"},
        {".gitignore": "we?ghts.py\n"},
        {".gitmodules": "[submodule]\npath = post/weights\n"},
        {"post/__init__.py": "__path__.append('../plugins')\n"},
        {"post/__init__.py": "import sys\nsys.modules['post.weights'] = sys\n"},
        {"Makefile": "weights:\n\tcodegen --output post/weights.py\n"},
        {"post/weights.pyx": "def weigh(): pass\n"},
        {"other/post/weights.py": "def weigh(): pass\n"},  # of one of two programs, who knows
        {"requirements.txt": "anthropic\nnordic-post[heavy]>=2\n"},  # may be called so
        {"requirements.txt": "anthropic\npost.py\n"},
        {"requirements.txt": "anthropic\r\npost\r\n"},
        {"requirements.txt": "anthropic\npost  # letters\n"},
        {"requirements/base.txt": "post\n"},
        {"pyproject.toml": "[project]\ndependencies = ['post (>=2,<3)']\n"},
    ],
)
def test_a_module_may_come_from_elsewhere(tmp_path: Path, files: dict[str, str | None]) -> None:
    assert told(tmp_path, desk(FIRST) | files)


def test_what_fails_further_down_fails(tmp_path: Path) -> None:
    files: dict[str, str | None] = {"post/stamps.py": FIRST + "RED = 1\n"}
    assert not told(tmp_path, desk("from post.stamps import RED\n") | files)
    assert told(tmp_path, files)  # nothing needs it


def test_a_package_wins_over_a_module_of_its_name(tmp_path: Path) -> None:
    both: dict[str, str | None] = {"post/bags.py": "BAG = 1\n", "post/bags/__init__.py": ""}
    assert not told(tmp_path, desk("from post.bags import BAG\n") | both)
    both["post/bags/__init__.py"] = None
    assert told(tmp_path / "bare", desk("from post.bags import BAG\n") | both)


def test_a_package_that_is_called_like_one_of_others(tmp_path: Path) -> None:
    text = "from anthropic.types import Message\n" + WRITER
    files: dict[str, str | None] = {
        "requirements.txt": "-r more.in\n",
        "makers/anthropic/__init__.py": "",
        "makers/anthropic/writer.py": text,
        "post/writer.py": WRITER,
        "desk.py": "from makers.anthropic import writer\nfrom post.writer import write_letter\n"
        "print(write_letter('rain'))\n",
    }
    assert told(tmp_path, files)


@pytest.mark.parametrize(
    "files",
    [
        {"post/stamps.py": "import anthropic\n", "requirements.txt": "-r more.in\n"},
        {"post/anthropic.py": "X = 1\n", "requirements.txt": "-r more.in\n"},
        {"post/anthropic/__init__.py": "", "post/anthropic/types.py": "X = 1\n"},
        {"setup.py": "setup(install_requires=['anthropic'])\n", "post/anthropic.py": "X = 1\n"},
    ],
)
def test_a_module_of_a_package_that_is_called_like_others(
    tmp_path: Path, files: dict[str, str]
) -> None:
    text = "from anthropic.types import Message\n" + WRITER
    assert told(tmp_path, {"requirements.txt": "", "post/writer.py": text, **files})


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("setup.py", "from setuptools import Extension\n\nExtension('post.weights', [])\n"),
        ("CMakeLists.txt", "add_library(weights weights.c)\n"),
        ("package.json", '{"scripts": {"make": "cc -o post/weights.so"}}\n'),
        ("build.bat", "cc weights.c\n"),
        ("tools/make.py", "open('post/weights.py', 'w').write('')\n"),
        ("post/__init__.py", "__import__('pkg_resources').declare_namespace(__name__)\n"),
        ("tools/patch.py", "import post.stamps\n\npost.stamps.GREEN = 1\n"),
    ],
)
def test_what_comes_when_it_is_built(tmp_path: Path, name: str, said: str) -> None:
    head = "from post.stamps import GREEN\n" if "GREEN" in said else FIRST
    assert not told(tmp_path / "bare", desk(head))
    assert told(tmp_path / "built", {**desk(head), name: said})


def test_names_that_a_program_puts_where_all_are(tmp_path: Path) -> None:
    files: dict[str, str | None] = {
        "boot.py": "import builtins\nimport json\n\nbuiltins.json = json\n",
        "post/stamps.py": "RED = json.loads('1')\n",
    }
    head = "import boot\nfrom post.stamps import RED\n"
    assert told(tmp_path, desk(head) | files)
    files["boot.py"] = "import json\n"
    assert not told(tmp_path / "bare", desk(head) | files)


@pytest.mark.parametrize(
    ("line", "starts"),
    [
        ("await post.open()\n", False),
        ("if True:\n    async for each in post:\n        print(each)\n", False),
        ("rows = [each async for each in post]\n", True),  # asks no more than a comprehension
        ("async def later():\n    await post.open()\n", True),
        ("later = lambda: (yield)\n", True),
        ("# %%\nawait post.open()\n", True),  # cell by cell, in a console
        ("# Databricks notebook source\nawait post.open()\n", True),
        ("# +\nawait post.open()\n", True),
    ],
)
def test_what_only_a_console_takes(tmp_path: Path, line: str, starts: bool) -> None:
    files: dict[str, str | None] = {"desk.py": "import post\n" + line + DESK["desk.py"]}
    assert told(tmp_path, files) is starts


#: A package as it was installed, and beside it or not a list of what belongs to it.
_AS_INSTALLED = "desk-1.0.dist-info/METADATA"


@pytest.mark.parametrize(
    ("where", "written", "starts"),
    [
        ("post/", WRITER, True),
        ("post-pkg/post/", WRITER, False),
        ("desk-1.0.data/scripts/", WRITER, True),
        ("", WRITER, True),
        ("", f"from .stamps import RED\n{WRITER}", False),
        ("", f"try:\n    from .stamps import RED\nexcept ImportError:\n    pass\n{WRITER}", True),
    ],
)
def test_where_no_import_leads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str, written: str, starts: bool
) -> None:
    path = tmp_path / where / "writer.py"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(written)
    monkeypatch.chdir(tmp_path)

    def told() -> bool:
        result = engine.check(
            [from_bytes(str(path), path.read_bytes())],
            [RetiredModel()],
            config.load(None, None, isolated=True),
            Context(as_of=datetime.date(2026, 11, 22), preview=True),
        )
        return bool(result.findings)

    assert told()
    (tmp_path / _AS_INSTALLED).parent.mkdir()
    (tmp_path / _AS_INSTALLED).write_text("Name: desk\n")
    assert told() is starts
    (tmp_path / ".git").mkdir()
    assert told()


@pytest.mark.parametrize(
    ("head", "files", "starts"),
    [
        ("from rules.post import STAMP\n", {"rules.py": ""}, False),
        ("import rules.post\n", {"rules.py": ""}, False),
        ("from rules import post\n", {"rules.py": "post = 1\n"}, True),
        ("from rules.post import STAMP\n", {}, True),
        (
            "from rules.post import STAMP\n",
            {"rules.py": "", "more/rules/__init__.py": "", "more/rules/post.py": ""},
            True,
        ),
        ("import sys\nsys.path.insert(0, 'x')\nimport rules.post\n", {"rules.py": ""}, True),
    ],
)
def test_a_module_that_is_no_package(
    tmp_path: Path, head: str, files: dict[str, str | None], starts: bool
) -> None:
    program = "if __name__ == '__main__':\n    print(write_letter('rain'))\n"
    asks = head + str(DESK["desk.py"]).partition("print")[0] + program
    assert told(tmp_path, {"desk.py": asks, **files}) is starts


def test_a_module_that_is_run_from_above(tmp_path: Path) -> None:
    """With ``python -m post.writer`` the directory of the file isn't looked into."""
    head = "from rules.post import STAMP\n"
    files: dict[str, str | None] = {"post/rules.py": "", "post/writer.py": head + WRITER + RUNS}
    assert told(tmp_path, {**files, "desk.py": None})
