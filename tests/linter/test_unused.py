"""Code of a program that nothing runs any more."""

from __future__ import annotations

import datetime
import json
from dataclasses import replace
from pathlib import Path

import pytest

from skinflint.linter import config, engine
from skinflint.linter.source import from_bytes
from skinflint.rules.base import Context, Rule
from skinflint.rules.pretty_json_in_prompt import PrettyJsonInPrompt
from skinflint.rules.retired_model import RetiredModel

CONTEXT = Context(as_of=datetime.date(2026, 11, 22))
LETTERS = """\
import anthropic

client = anthropic.Anthropic()


class Letters:
    def write_letter(self, topic):
        return client.messages.create(
            model="claude-3-opus-20240229",
            max_tokens=900,
            messages=[{"role": "user", "content": topic}],
        )


letters = Letters()
"""
AROUND = {f"part{n}.py": "import store\n" for n in range(4)} | {"store.py": "ROWS = []\n"}
PACKED = """\
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"

[project]
name = "old-letters"
"""
USES_THE_MODULE = "from old_letters import letters\n"
CALLS = "from old_letters import letters\nprint(letters.write_letter('rain'))\n"


def silent(
    folder: Path,
    files: dict[str, str],
    text: str = LETTERS,
    around: dict[str, str] = AROUND,
    rule: type[Rule] = RetiredModel,
) -> bool:
    written = {"requirements.txt": "", "old_letters.py": text, **around, **files}
    for name, said in written.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(said)
    path = str(folder / "old_letters.py")
    settings = config.load(None, None, isolated=True)
    context = replace(CONTEXT, preview=True)
    result = engine.check([from_bytes(path, text.encode())], [rule()], settings, context)
    return not result.findings


@pytest.mark.parametrize(
    "files",
    [
        {},
        {"app.py": USES_THE_MODULE},  # its only method is not called
        {"tests/test_letters.py": f"import pytest\n{CALLS}"},
        {"app.py": "def unused():\n    " + CALLS.replace("\n", "\n    ")},
        {"README.md": "`write_letter` writes one letter\n", "app.py": USES_THE_MODULE},
        {"README.md": "- `old_letters.py`: writes letters\n"},
        {"pyproject.toml": "[tool.ruff]\nline-length = 90\n"},
        {"app.py": "from importlib import import_module\nimport_module('more')\n"},
        {"app.py": "import importlib\nfor name in NEEDED:\n    importlib.import_module(name)\n"},
        {f"books/{n}.txt": "Once upon a time. " * 30_000 for n in range(12)},
    ],
)
def test_nothing_runs_it(tmp_path: Path, files: dict[str, str]) -> None:
    assert silent(tmp_path, files)


@pytest.mark.parametrize(
    "files",
    [
        {"app.py": CALLS},
        {"look.ipynb": '{"cells": [], "metadata": {"of": "old_letters.write_letter"}}'},
        {"app.py": "import old_letters\nCALLS = ['write_letter']\n"},
        {"jobs/nightly.sh": "python -c 'from old_letters import letters as l; l.write_letter(1)'"},
        {"pyproject.toml": PACKED},  # others may import it
        {"services/test_maker.py": CALLS},  # its name alone makes no test of it
    ],
)
def test_something_may_run_it(tmp_path: Path, files: dict[str, str]) -> None:
    assert not silent(tmp_path, files)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("class Letters:", "class Letters(Job):"),
        ("    def write", "    @every(hours=1)\n    def write"),
        ("letters = Letters()", "letters = Letters().write_letter('rain')"),
        ("write_letter", "handler"),
    ],
)
def test_whoever_may_call_it_is_not_here(tmp_path: Path, old: str, new: str) -> None:
    assert not silent(tmp_path, {"app.py": USES_THE_MODULE}, LETTERS.replace(old, new))


ALONE = LETTERS.replace("class Letters:\n", "").replace(
    "    def write_letter(self, ", "def write_letter("
)
ALONE = ALONE.replace("\n        ", "\n    ").replace("\nletters = Letters()\n", "\nROWS = []\n")


@pytest.mark.parametrize(
    ("file", "text", "unused"),
    [
        ("app.py", "from old_letters import ROWS, write_letter\nprint(ROWS)\n", True),
        (
            "app.py",
            "from old_letters import (\n    ROWS,\n    write_letter,\n)\nprint(ROWS)\n",
            True,
        ),
        (
            "app.py",
            "from old_letters import write_letter\n\n# write_letter() is for the desk\n",
            True,
        ),
        ("app.py", "from old_letters import write_letter\nwrite_letter('rain')\n", False),
        ("app.py", "from old_letters import write_letter; write_letter('rain')\n", False),
        ("app.py", "from old_letters import write_letter as write\nwrite('rain')\n", False),
        ("app.py", "from old_letters import *\nwrite_letter('rain')\n", False),
        ("app.py", "from old_letters import write_letter\n__all__ = ['write_letter']\n", True),
        ("desk/__init__.py", "from old_letters import write_letter\n", True),
    ],
)
def test_a_function_that_is_only_imported(
    tmp_path: Path, file: str, text: str, unused: bool
) -> None:
    """Whoever imports it has to name it once more to call it, unless by another name."""
    assert silent(tmp_path, {file: text}, ALONE) is unused


NAMESAKE = "def write_letter(topic):\n    return topic\n"
LAZY = "__all__ = ['write_letter']\n\n\ndef __getattr__(name):\n    if name == 'write_letter':\n"
LAZY += "        from old_letters import write_letter\n\n        return write_letter\n"
TOOL = "from old_letters import ROWS\n\nTOOL = {'name': 'write_letter'}\nprint(ROWS)\n"


@pytest.mark.parametrize(
    ("files", "unused"),
    [
        # another thing of that name is meant
        (
            {"other.py": NAMESAKE, "app.py": "from other import write_letter\nwrite_letter(1)\n"},
            True,
        ),
        ({"app.py": NAMESAKE + "\n\nwrite_letter(1)\n"}, True),
        ({"app.py": "import pens\nimport old_letters\npens.write_letter(1)\n"}, True),
        (
            {"app.py": "import old_letters\n\ndef f(write_letter):\n    write_letter()\n\nf(1)\n"},
            True,
        ),
        ({"app.py": "import old_letters\nold_letters.write_letter(1)\n"}, False),
        ({"app.py": "import old_letters as o\no.write_letter(1)\n"}, False),
        ({"app.py": "import old_letters\nfind(old_letters).write_letter(1)\n"}, False),
        ({"app.py": "from there.old_letters import write_letter\nwrite_letter(1)\n"}, False),
        # what a package hands on is used where somebody takes it
        ({"desk/__init__.py": LAZY, "app.py": "import desk\n"}, True),
        (
            {
                "desk/__init__.py": LAZY,
                "app.py": "from desk import write_letter\nwrite_letter(1)\n",
            },
            False,
        ),
        ({"desk/__init__.py": LAZY, "app.py": "import desk\ndesk.write_letter(1)\n"}, False),
        (
            {
                "desk/__init__.py": "from old_letters import write_letter as write\n",
                "app.py": "from desk import write\nwrite(1)\n",
            },
            False,
        ),
        ({"app.py": "import old_letters\nwrite = old_letters.write_letter\n"}, False),
        # a string is what others are told apart by, or what is looked up
        ({"app.py": TOOL + "if block.name == 'write_letter':\n    print()\n"}, True),
        ({"app.py": TOOL}, False),
        (
            {"app.py": TOOL + "if name in ['write_letter']:\n    getattr(old_letters, name)()\n"},
            False,
        ),
        (
            {"jobs.yaml": "about: write_letter() writes one\n", "app.py": "import old_letters\n"},
            True,
        ),
        (
            {
                "jobs.json": '{"about": "Then write_letter does it"}',
                "app.py": "import old_letters\n",
            },
            True,
        ),
        ({"jobs.yaml": "# write_letter\n", "app.py": "import old_letters\n"}, True),
        (
            {"jobs.yaml": "run: python -c 'write_letter()'\n", "app.py": "import old_letters\n"},
            False,
        ),
        (
            {"jobs.yaml": "call: old_letters.write_letter\n", "app.py": "import old_letters\n"},
            False,
        ),
    ],
)
def test_what_a_name_means_elsewhere(tmp_path: Path, files: dict[str, str], unused: bool) -> None:
    assert silent(tmp_path, files, ALONE) is unused


@pytest.mark.parametrize(
    ("app", "unused"),
    [
        ("from old_letters import letters\ndesk.write_letter(1)\n", True),  # of something else
        ("from old_letters import letters\nprint(letters)\ndesk.write_letter(1)\n", False),
        ("from old_letters import Letters\nl = Letters()\nl.write_letter(1)\n", False),
        ("from old_letters import letters as l\nl.write_letter(1)\n", False),
        ("import old_letters\nold_letters.letters.write_letter(1)\n", False),
        # an object calls itself
        (
            "import old_letters\nprint(old_letters.letters)\n\n\nclass Desk:\n"
            "    def open(self):\n        self.write_letter(1)\n\n\nDesk().open()\n",
            True,
        ),
        (
            "from old_letters import Letters\n\n\nclass Desk(Letters):\n"
            "    def open(self):\n        self.write_letter(1)\n\n\nDesk().open()\n",
            False,
        ),
    ],
)
def test_an_object_that_nobody_holds(tmp_path: Path, app: str, unused: bool) -> None:
    assert silent(tmp_path, {"app.py": app}) is unused


@pytest.mark.parametrize(
    ("line", "unused"),
    [
        ("rows = globals()", False),
        ("def every(name):\n    return getattr(sys.modules[__name__], name)", False),
        ("def every(name):\n    return getattr(desk, name)", True),
        ("def text(desk):\n    return TEXT.format(**locals())", True),
        ("# fire", True),
        ("import fire", False),
    ],
)
def test_a_function_that_may_be_looked_up(tmp_path: Path, line: str, unused: bool) -> None:
    text = f"{ALONE}\n\n{line}\n"
    assert silent(tmp_path, {"app.py": "import old_letters\n"}, text) is unused


@pytest.mark.parametrize(
    ("page", "unused"),
    [
        ("Run `python -m old_letters`.", False),
        ("    from old_letters import letters", False),
        ("    uvicorn old_letters:app --reload", False),
        ("from desk import rows as r, old_letters", False),
        ("Every night cron runs old_letters.py", False),
        ("    ipython3 old_letters.py", False),
        ("    import desk, house.old_letters", False),
        ("- Fixed a missing import in old_letters", True),
        ("Press Get started, then old_letters.", True),
        ("old_letters.py:2: import anthropic", True),  # what a search has found
        ("old_letters.py", True),
    ],
)
def test_a_module_that_a_page_names(tmp_path: Path, page: str, unused: bool) -> None:
    """The function is used by its own module, so that the module decides."""
    text = ALONE + "\n\ndef again(topic):\n    write_letter(topic)\n\n\nKEPT = {'again': again}\n"
    assert silent(tmp_path, {"notes.txt": page + "\n"}, text) is unused


def test_a_word_that_is_also_the_name_of_a_module(tmp_path: Path) -> None:
    """A tag or a key is no import of the module of that name in the same package."""
    text = ALONE + "\n\ndef again(topic):\n    write_letter(topic)\n\n\nKEPT = {'again': again}\n"
    starts = {"app.py": "worker(include=['old_letters'])\n"}
    assert not silent(tmp_path, starts, text)
    tags = {"app.py": "route(tags=['old_letters'])\n", "__init__.py": ""}
    assert silent(tmp_path / "package", tags, text)


ROUTES = """\
from fastapi import APIRouter

from old_letters import write_letter

router = APIRouter()


@router.post("/letter")
def letter(topic: str):
    return write_letter(topic)
"""
INCLUDES = "from fastapi import FastAPI\n\nfrom routes import router\n\napp = FastAPI()\n"
INCLUDES += "app.include_router(router)\n"


def test_a_route_that_no_application_includes(tmp_path: Path) -> None:
    assert silent(tmp_path, {"routes.py": ROUTES}, ALONE)
    assert not silent(tmp_path / "more", {"routes.py": ROUTES, "app.py": INCLUDES}, ALONE)


@pytest.mark.parametrize(
    ("app", "unused"),
    [
        ("print('a page')\n", True),
        ("from web import more\n\nprint(more.ROWS)\n", False),  # runs the package first
        ("from web.more import ROWS\n\nprint(ROWS)\n", False),
        ("from letters_of_old.web import more\n\nprint(more.ROWS)\n", False),
        ("serve('web.more:ROWS')\n", False),
    ],
)
def test_a_package_that_nobody_imports(tmp_path: Path, app: str, unused: bool) -> None:
    """What its ``__init__`` imports is reached with it."""
    web = {
        "web/__init__.py": "from web import routes\n",
        "web/routes.py": ROUTES,
        "web/more.py": "ROWS = []\n",
    }
    assert silent(tmp_path, {**web, "app.py": app}, ALONE) is unused


@pytest.mark.parametrize(
    ("text", "unused"),
    [
        ("class Desk(object):", True),
        ("class Desk(Base):", True),  # of this project, and nobody makes one
        ("class Desk(Widget):", False),  # of a framework, which may register it
        ("@service\nclass Desk:", False),
        ("class Desk(Base, table=True):", False),
    ],
)
def test_a_class_that_nobody_makes(tmp_path: Path, text: str, unused: bool) -> None:
    desk = "from old_letters import write_letter\n\n\nclass Base:\n    pass\n\n\n" + text
    desk += "\n    def open(self):\n        write_letter('rain')\n"
    files = {"desk.py": desk, "app.py": "import desk\nfrom ui import window\nwindow.open()\n"}
    assert silent(tmp_path, files, ALONE) is unused
    made = "import desk\ndesk.Desk().open()\n"
    assert not silent(tmp_path / "made", {**files, "app.py": made}, ALONE)


HELD = """\
import anthropic


class Reader:
    def __init__(self, key):
        self.client = anthropic.Anthropic(api_key=key)

    def read(self, page):
        reply = self.client.messages.create(
            model="claude-3-opus-20240229",
            max_tokens=900,
            messages=[{"role": "user", "content": f"Type out this letter.\\n{page}"}],
        )
        return reply.content[0].text

    def read_all(self, pages):
        return [self.read(page) for page in pages]
"""
SHOWS = """\
import streamlit as st
from old_letters import Reader

if st.button("open"):
    st.session_state.reader = Reader(st.secrets["key"])
"""


@pytest.mark.parametrize(
    ("line", "unused"),
    [
        ("st.write(st.session_state.reader.read(st.text_area('page')))\n", False),
        ("st.write(st.session_state.reader.read_all(st.session_state.pages))\n", False),
        ("def later(page):\n    return st.session_state.reader.read(page)\n", True),
        ("", True),
    ],
)
def test_a_method_of_which_one_caller_is_left_behind(
    tmp_path: Path, line: str, unused: bool
) -> None:
    """Called on an object that isn't followed, and by a method that nothing calls."""
    assert silent(tmp_path, {"app.py": f"{SHOWS}{line}"}, HELD) is unused


def test_functions_that_call_one_another_only(tmp_path: Path) -> None:
    ring = "from old_letters import write_letter\n\n\ndef first(n):\n    second(n)\n\n\n"
    ring += "def second(n):\n    write_letter(first(n - 1))\n"
    assert silent(tmp_path, {"ring.py": ring, "app.py": "import ring\n"}, ALONE)
    starts = {"ring.py": ring, "app.py": "import ring\nring.second(2)\n"}
    assert not silent(tmp_path / "more", starts, ALONE)


@pytest.mark.parametrize("folder", ["jobs", "plugins"])
def test_directories_that_are_looked_through(tmp_path: Path, folder: str) -> None:
    job = "from old_letters import write_letter\n\n\nclass Command(Base):\n"
    job += "    def handle(self):\n        write_letter('rain')\n"
    files = {f"{folder}/rain.py": job, f"{folder}/more.py": "", "app.py": f"import {folder}.more\n"}
    assert silent(tmp_path, files, ALONE) is (folder == "jobs")


def test_what_others_read_as_well(tmp_path: Path) -> None:
    """The id is no part of the method that nothing calls: others may send it."""
    shared = 'MODEL = "claude-3-opus-20240229"\n' + LETTERS.replace(
        '"claude-3-opus-20240229"', "MODEL"
    )
    shown = "import old_letters\nprint(old_letters.MODEL)\n"
    assert not silent(tmp_path, {"app.py": shown}, shared)
    assert silent(tmp_path / "else", {"app.py": USES_THE_MODULE}, shared)  # nobody does
    assert silent(tmp_path / "more", {}, shared)  # the whole module is left behind


MADE = """\
import anthropic

client = anthropic.Anthropic()


class Letters:
    def __init__(self, model):
        self.model = model

    def write_letter(self, topic):
        return client.messages.create(
            model=self.model,
            max_tokens=900,
            messages=[{"role": "user", "content": topic}],
        )


def letters():
    return Letters("claude-opus-5-5")


def old_letters():
    return Letters("claude-3-opus-20240229")
"""


def test_an_id_in_a_maker_that_nothing_calls(tmp_path: Path) -> None:
    """The request is sent, and never with that id."""
    calls = "from old_letters import letters, old_letters\nletters().write_letter('rain')\n"
    assert silent(tmp_path, {"app.py": calls}, MADE)
    more = calls + "old_letters().write_letter('snow')\n"
    assert not silent(tmp_path / "more", {"app.py": more}, MADE)


@pytest.mark.parametrize("decorator", ["", "    @counted\n"])
def test_a_method_that_is_defined_again(tmp_path: Path, decorator: str) -> None:
    """Only the last one of a name is there; what a decorator makes of it can't be told."""
    again = f"{decorator}    def write_letter(self, topic):\n        return topic\n\n\nletters ="
    text = LETTERS.replace("\nletters =", again)
    assert silent(tmp_path, {"app.py": CALLS}, text) is not bool(decorator)


@pytest.mark.parametrize(("name", "kept"), [("file_cache", False), ("on_letter", True)])
def test_a_decorator_that_makes_it_known_to_nobody(tmp_path: Path, name: str, kept: bool) -> None:
    text = LETTERS.replace("    def write", f"    @{name}(hours=1)\n    def write")
    assert silent(tmp_path, {"app.py": USES_THE_MODULE}, text) is not kept


def test_what_is_wrong_with_a_request_that_is_never_sent(tmp_path: Path) -> None:
    """Other rules than those about ids leave it alone as well, wherever the defect stands."""
    text = "import json\n" + LETTERS.replace("topic}", "laid_out(topic)}")
    text += "\n\ndef laid_out(topic):\n    return json.dumps(topic, indent=2)\n"
    assert silent(tmp_path, {"app.py": USES_THE_MODULE}, text, rule=PrettyJsonInPrompt)
    calls = "import json\nimport sys\n" + CALLS.replace("'rain'", "json.load(sys.stdin)")
    assert not silent(tmp_path, {"app.py": calls}, text, rule=PrettyJsonInPrompt)


@pytest.mark.parametrize(
    "around",
    [
        {},  # a piece of something
        {f"part{n}.py": "print()\n" for n in range(6)},  # a folder of programs
        {f"more/part{n}.py": "import more.part0\n" for n in range(6)},  # none of them beside it
    ],
)
def test_a_file_that_may_stand_for_itself(tmp_path: Path, around: dict[str, str]) -> None:
    assert not silent(tmp_path, {}, LETTERS, around)


ASKED = "import os\nNEEDED = ['json', 'rich']\nfor name in NEEDED:\n    __import__(name)\n"


@pytest.mark.parametrize(
    "files",
    [
        {"load.py": "from importlib import import_module\nimport_module(f'old_{name}')\n"},
        {"load.py": "import importlib\nimportlib.import_module('old_' + name)\n"},
        {"load.py": "import os\nfor name in os.listdir():\n    __import__(name[:-3])\n"},
        {"load.py": f"{ASKED}NEEDED.append('old_letters')\nprint(os.listdir())\n"},
        {"load.py": f"{ASKED}NEEDED += os.listdir()\n"},
        {"load.py": f"{ASKED}NEEDED = os.listdir()\n"},
        {"load.py": "import os\n__import__(f'{os.listdir()[0]}'[:-3])\nprint 'broken'\n"},
        {"load.py": "for child in HERE.iterdir():\n    __import__(child.stem)\n"},
        {"load.py": "for child in HERE.glob('*.py'):\n    __import__(plan(child).module)\n"},
        {"Procfile": "web: python old_letters.py\n"},
        {"README.md": "Run `python old_letters.py` once a week.\n"},
        {"app.py": "import old_letters\n"},
    ],
)
def test_a_module_that_may_be_run(tmp_path: Path, files: dict[str, str]) -> None:
    """Where the function is named a second time in its own module, the module decides."""
    again = LETTERS + "\n\ndef rewrite_letter(topic):\n    return letters.write_letter(topic)\n"
    again += "\n\ndef again(topic):\n    return rewrite_letter(rewrite_letter(topic))\n"
    twice = again + "\n\nKEPT = {'again': again}\n"
    assert silent(tmp_path, {}, twice)
    assert not silent(tmp_path, files, twice)


@pytest.mark.parametrize(
    "loads",
    [
        f"{ASKED}print(os.listdir())\n",
        "import os\nfor name in ('json', 'rich'):\n    __import__(name)\nprint(os.listdir())\n",
        "import ast\n__import__(NAME)\nprint(list(ast.walk(NAME)))\n",
        "BAD = (r'__import__\\s*\\(', r'os.listdir(')\n",
        "for child in HERE.iterdir():\n    __import__(plan(child / 'plan.json').module)\n",
    ],
)
def test_what_imports_nothing_that_it_finds(tmp_path: Path, loads: str) -> None:
    again = LETTERS + "\n\ndef rewrite_letter(topic):\n    return letters.write_letter(topic)\n"
    again += "\n\ndef again(topic):\n    return rewrite_letter(rewrite_letter(topic))\n"
    assert silent(tmp_path, {"load.py": loads}, again + "\n\nKEPT = {'again': again}\n")


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("archive/jobs/letters.py", True),
        ("docs/backup_2025/letters.py", True),
        ("letters_old.py", True),
        ("letters.bak.py", True),
        ("archiver/letters.py", False),
        ("cold.py", False),
    ],
)
def test_what_is_kept_for_the_record(tmp_path: Path, name: str, kept: bool) -> None:
    home = tmp_path / "backup"  # what lies above the project says nothing
    path = home / name
    path.parent.mkdir(parents=True, exist_ok=True)
    text = LETTERS.replace("Letters()", "Letters().write_letter('rain')")
    path.write_text(text)
    (home / "requirements.txt").write_text("")
    settings = config.load(None, None, isolated=True)
    result = engine.check(
        [from_bytes(str(path), text.encode())], [RetiredModel()], settings, CONTEXT
    )
    assert (not result.findings) is kept


BASE = """\
class Writer:
    def write_letter(self, topic):
        raise NotImplementedError

    def write_all(self, topics):
        return [str(topic) for topic in topics]
"""
DERIVED = LETTERS.replace("class Letters:", "class Letters(Writer):").replace(
    "import anthropic\n", "import anthropic\nfrom writers import Writer\n"
)
WRITES_ALL = "from old_letters import letters\nprint(letters.write_all(['rain']))\n"


@pytest.mark.parametrize(
    ("base", "app", "unused"),
    [
        (BASE, WRITES_ALL, True),
        (BASE.replace("str(topic)", "self.write_letter(topic)"), WRITES_ALL, False),
        (BASE.replace("class Writer", "class Writer(Job)"), WRITES_ALL, False),
        (BASE, CALLS, False),
        (BASE, WRITES_ALL + "WRITERS = [letters]\nWRITERS[0].write_letter('rain')\n", False),
        (BASE, WRITES_ALL + "later(letters.write_letter)\n", False),
        # what is called is something behind it, so it is another thing of that name
        (BASE, WRITES_ALL + "bot.write_letter.now('rain')\n", True),
    ],
)
def test_a_method_that_only_its_base_may_call(
    tmp_path: Path, base: str, app: str, unused: bool
) -> None:
    assert silent(tmp_path, {"writers.py": base, "app.py": app}, DERIVED) is unused


def test_a_property_of_which_something_is_read(tmp_path: Path) -> None:
    text = DERIVED.replace(
        "    def write_letter(self, topic)", "    @property\n    def first(self)"
    )
    text = text.replace("topic}", "first}").replace('"content": topic', '"content": "rain"')
    app = "from old_letters import letters\nprint(letters.first.content)\n"
    assert not silent(tmp_path, {"writers.py": BASE, "app.py": app}, text)


@pytest.mark.parametrize(
    ("word", "unused"),
    [("write_letter", True), ("bot.write_letter.now", True), ("jobs.letters.write_letter", False)],
)
def test_a_word_beside_the_code_is_no_use_of_a_method(
    tmp_path: Path, word: str, unused: bool
) -> None:
    files = {"jobs.yaml": f"nightly: {word}\n", "app.py": USES_THE_MODULE}
    assert silent(tmp_path, files) is unused


GUARDED = """\
try:
    from old_letters import letters
except ImportError:
    letters = None

if letters:
    print(letters.write_letter("rain"))
"""
HANDS_ON = "from .old_letters import letters\n"


@pytest.mark.parametrize(
    ("files", "unused"),
    [
        ({"app.py": GUARDED}, True),
        ({"app.py": GUARDED.replace("except ImportError", "except (OSError, ImportError)")}, True),
        ({"app.py": GUARDED.replace("ImportError", "KeyError")}, False),
        ({"app.py": "import sys\nsys.path.append('writing/letters')\n" + GUARDED}, False),
        ({"app.py": GUARDED, "Procfile": "web: PYTHONPATH=writing/letters python app.py"}, False),
        ({"app.py": GUARDED.replace("from old", "from writing.letters.old")}, False),
        (
            {"app.py": GUARDED, "writing/letters/start.py": "import sys\nsys.path.append('.')"},
            False,
        ),
    ],
)
def test_an_import_that_fails_is_none(tmp_path: Path, files: dict[str, str], unused: bool) -> None:
    package = {"writing/__init__.py": "", "writing/letters/__init__.py": HANDS_ON}
    path = tmp_path / "writing" / "letters" / "old_letters.py"
    for name, said in {"requirements.txt": "", **AROUND, **package, **files}.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(said)
    path.write_text(LETTERS)
    settings = config.load(None, None, isolated=True)
    source = from_bytes(str(path), LETTERS.encode())
    found = engine.check([source], [RetiredModel()], settings, CONTEXT).findings
    assert (not found) is unused


@pytest.mark.parametrize(
    ("files", "unused"),
    [
        ({"jobs.yaml": "topics: [old_letters, news]\n"}, True),
        ({"jobs.yaml": "runs: [writing.old_letters]\n"}, False),
        ({"jobs.yaml": "runs: writing/old_letters.py\n"}, False),
        ({"README.md": "```\nfrom writing import old_letters\n```\n"}, False),
    ],
)
def test_a_word_in_settings_is_no_module_of_a_package(
    tmp_path: Path, files: dict[str, str], unused: bool
) -> None:
    text = LETTERS + "\n\ndef start():\n    return letters.write_letter('rain')\n"
    beside = {"writing/__init__.py": "", "writing/desk.py": "", "app.py": "import writing.desk\n"}
    written = {"requirements.txt": "", **beside, **AROUND, **files}
    for name, said in {**written, "writing/old_letters.py": text}.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(said)
    path = str(tmp_path / "writing" / "old_letters.py")
    settings = config.load(None, None, isolated=True)
    result = engine.check([from_bytes(path, text.encode())], [RetiredModel()], settings, CONTEXT)
    assert (not result.findings) is unused


CELLS = [
    "import anthropic\nclient = anthropic.Anthropic()\n",
    "def ask(text):\n"
    "    return client.messages.create(\n"
    '        model="claude-3-opus-20240229", max_tokens=9,\n'
    '        messages=[{"role": "user", "content": text}],\n'
    "    )\n",
]


@pytest.mark.parametrize(
    ("cell", "files", "unused"),
    [
        ("print('done')\n", {}, True),
        ("print(ask('Hello'))\n", {}, False),
        ("%time ask('Hello')\n", {}, False),
        ("rows['answer'] = rows.text.map(ask)\n", {}, False),
        ("print('done')\n", {"more.ipynb": '{"cells": ["%run desk.ipynb"]}'}, False),
        ("print('done')\n", {"more.ipynb": '{"cells": ["%run other.ipynb"]}'}, True),
    ],
)
def test_a_function_of_a_notebook_that_no_cell_uses(
    tmp_path: Path, cell: str, files: dict[str, str], unused: bool
) -> None:
    for name, said in {"requirements.txt": "", **files}.items():
        (tmp_path / name).write_text(said)
    made = [
        {"cell_type": "code", "metadata": {}, "outputs": [], "source": each}
        for each in (*CELLS, cell)
    ]
    text = json.dumps({"cells": made, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
    path = tmp_path / "desk.ipynb"
    path.write_text(text)
    settings = config.load(None, None, isolated=True)
    source = from_bytes(str(path), text.encode())
    result = engine.check([source], [RetiredModel()], settings, CONTEXT)
    assert result.requests
    assert (not result.findings) is unused


PROGRAM = """\
import anthropic

reply = anthropic.Anthropic().messages.create(
    model="claude-sonnet-5-5", max_tokens=90, messages=[{"role": "user", "content": "A line?"}]
)
print(reply.content[0].text)
"""


@pytest.mark.parametrize(
    ("app", "unused"),
    [
        (PROGRAM, True),
        (f"from old_letters import letters\n{PROGRAM}print(letters.write_letter('x'))\n", False),
        (PROGRAM.replace("reply =", "def ask():\n    return").partition("print")[0], False),
        ("print('hello')\n", False),
    ],
)
def test_a_few_files_with_a_program_that_sends_its_own(
    tmp_path: Path, app: str, unused: bool
) -> None:
    few = {"app.py": app, "store.py": "ROWS = []\n"}
    assert silent(tmp_path, few, around={}) is unused


@pytest.mark.parametrize(
    ("files", "unused"),
    [
        ({"talk.py": "ConversationHandler(entry_points=[start])\n"}, True),
        ({"talk.py": "found = entry_points(group='letters')\n"}, False),
        # a program of several files, and the file beside it has nothing to start
        ({"main.py": "import pages.store\n\nprint()\n", "pages/store.py": "ROWS = []\n"}, True),
        ({"main.py": "print()\n", "pages/store.py": "ROWS = []\n"}, False),
    ],
)
def test_who_looks_modules_up(tmp_path: Path, files: dict[str, str], unused: bool) -> None:
    alone = {f"pages/part{n}.py": "import os\n" for n in range(6)}
    around = AROUND if "talk.py" in files else alone
    assert silent(tmp_path, files, around=around) is unused


@pytest.mark.parametrize(
    ("app", "unused"),
    [
        ("bot.load_extension('cogs.fun')\n", True),
        ("bot.load_extension('cogs.desk')\n", False),
        ("for name in NAMES:\n    bot.load_extension(f'cogs.{name}')\n", False),
        ("bot.load_extension('cogs.fun')\nbot.load_extension(name)\n", False),
        ("print()\n", False),
    ],
)
def test_parts_of_a_bot_that_are_loaded_one_by_one(tmp_path: Path, app: str, unused: bool) -> None:
    desk = f"{USES_THE_MODULE}\n\n@command\ndef ask(topic):\n    letters.write_letter(topic)\n"
    cogs = {"cogs/desk.py": desk, "cogs/fun.py": "def setup(bot):\n    print()\n"}
    assert silent(tmp_path, {"app.py": app, **cogs}) is unused


@pytest.mark.parametrize(
    ("name", "unused"),
    [
        *((f"{name}.py", True) for name in ("desk_backup_20260206_194735", "desk_old", "desk 2")),
        *((f"{name}.py", True) for name in ("desk_bak_2026-02-06", "desk_old2", "desk-old-1")),
        *((f"{name}.py", True) for name in ("desk copy", "desk - Copy (2)", "desk (1)")),
        *((f"{name}.py", False) for name in ("desk2", "desk_2", "photocopy", "desk_v 2x")),
    ],
)
def test_a_copy_of_a_file_leads_nowhere(tmp_path: Path, name: str, unused: bool) -> None:
    assert silent(tmp_path, {name: CALLS, "desk.py": "print()\n"}) is unused


@pytest.mark.parametrize(
    "name", ["lesson 2.py", "lesson (1).py", "lesson copy.py", "age_old_65.py"]
)
def test_a_file_that_has_no_other_is_no_copy(tmp_path: Path, name: str) -> None:
    assert not silent(tmp_path, {name: CALLS})


@pytest.mark.parametrize(
    ("path", "loads", "unused"),
    [
        ("tests/test_parts.py", "util.spec_from_file_location(name, name + '.py')", True),
        ("tools/parts.py", "util.spec_from_file_location(name, name + '.py')", False),
        ("tools/parts.py", "util.spec_from_file_location('r', here / 'routes.py')", False),
        ("tools/parts.py", "util.spec_from_file_location('r', here / 'store.py')", True),
        (
            "tools/parts.py",
            "[util.spec_from_file_location(p.stem, p) for p in d.iterdir() if p != '__init__.py']",
            False,
        ),
        ("tools/parts.py", "util.spec_from_file_location('r', '__init__.py' or path)", False),
        ("tools/parts.py", "util.spec_from_file_location('r', f'{name}.py')", False),
        ("tools/parts.py", "runpy.run_module(name), 'store.py'", False),
        ("tests/test_parts.py", "import_module(f'desk.{name}')", False),
        ("tests/test_parts.py", "import_module('desk.' + name)", False),
        ("tests/test_parts.py", "import_module(f'{name}.routes')", False),
        ("tests/test_parts.py", "import_module(f'.{name}', package)", False),
        ("tools/parts.py", "import_module(f'tools.desk_{name}')", True),
        ("tools/parts.py", "import_module('tools.%s' % name)", True),
        ("tools/parts.py", "import_module(f'house.{name}')", False),  # its directory isn't seen
        (
            "tools/parts.py",
            "[import_module(f'tools.{n}') for _, n, _ in pkgutil.iter_modules(d)]",
            True,
        ),
        ("tools/parts.py", "[import_module(n) for _, n, _ in pkgutil.walk_packages(d)]", False),
        (
            "tools/parts.py",
            "[import_string(n) or import_module(f'tools.{n}') for n in pkgutil.iter_modules(d)]",
            False,
        ),
        ("tools/parts.py", "for each in os.listdir(): import_module(each)", False),
        ("desk/parts.py", "for each in os.listdir(): import_module(each)", False),
        ("parts.py", "for each in os.listdir(): import_module(each)", False),
    ],
)
def test_what_loads_files(tmp_path: Path, path: str, loads: str, unused: bool) -> None:
    """A test runs the file of what it tests."""
    loader = f"from importlib import import_module, util\n\n\ndef test_it(name):\n    {loads}\n"
    routes = f"{USES_THE_MODULE}\n\n@router.post('/ask')\ndef ask(topic):\n"
    routes += "    return letters.write_letter(topic)\n"
    assert silent(tmp_path, {path: loader, "desk/routes.py": routes}) is unused


def test_a_link_that_leads_nowhere(tmp_path: Path) -> None:
    (tmp_path / "notify.py").symlink_to(tmp_path / "gone" / "notify.py")
    again = f"{USES_THE_MODULE}\n\n@router.post('/ask')\ndef ask(topic):\n"
    again += "    return letters.write_letter(topic)\n"
    assert silent(tmp_path, {"routes.py": again})


@pytest.mark.parametrize(
    ("name", "unused"),
    [("desk_backup_20260206", True), ("desk_old", True), ("desk_of_old", True), ("desk", False)],
)
def test_a_copy_that_is_kept_leads_nowhere(tmp_path: Path, name: str, unused: bool) -> None:
    assert silent(tmp_path, {f"{name}/run.py": CALLS}) is unused


def test_what_a_small_program_takes_of_a_file(tmp_path: Path) -> None:
    more = LETTERS.replace(
        "\n\nletters =", "\n    def greet(self):\n        return 'Hello'\n\n\nletters ="
    )
    app = "from old_letters import letters\n\nprint(letters.greet())\n"
    assert silent(tmp_path, {"app.py": app, "store.py": "ROWS = []\n"}, more, {})
    used = app.replace("greet()", "write_letter('rain')")
    few = {"app.py": used, "store.py": "ROWS = []\n"}
    assert not silent(tmp_path / "used", few, more, {})


@pytest.mark.parametrize(
    ("sender", "name", "unused"),
    [
        ("client = None\n", "sign", True),
        ("client = None\n\ndef sign():\n    pass\n", "sign", False),
        (
            "client = None\ntry:\n    from fast import sign\nexcept ImportError:\n    sign = 1\n",
            "sign",
            False,
        ),
        ("client = None\nglobals()['sign'] = 1\n", "sign", False),
        ("client = None\nfrom app.more import *\n", "sign", False),
        ("client = None\n\ndef set_up():\n    global sign\n    sign = 1\n", "sign", False),
        (
            "from app.more import sign\nclient = None\n",
            "sign",
            True,
        ),  # nor has that one such a name
        ("client = None\n", "more", False),  # a module beside it
    ],
)
def test_a_module_that_can_not_be_imported(
    tmp_path: Path, sender: str, name: str, unused: bool
) -> None:
    files = {
        "app.py": CALLS,
        "app/__init__.py": "",
        "app/sender.py": sender,
        "app/more.py": "ROWS = []\n",
    }
    text = LETTERS.replace(
        "import anthropic\n", f"import anthropic\nfrom app.sender import {name}\n"
    )
    assert silent(tmp_path, files, text) is unused


@pytest.mark.parametrize(
    ("line", "unused"),
    [
        ("KEY = os.environ['KEY']", True),
        ("import os\nKEY = os.environ['KEY']", False),
        ("KEY = dbutils.secrets.get('keys', 'key')", False),  # a notebook's
        ("from more import *\nKEY = os.environ['KEY']", False),
        ("KEYS = [key for key in range(3)]", False),
        ("late = lambda: os.environ['KEY']", False),
        ("try:\n    KEY = os.environ['KEY']\nexcept NameError:\n    KEY = ''", False),
        ("from store.rows import ROWS", False),  # store.py may not be what is meant
    ],
)
def test_a_module_that_fails_as_it_is_imported(tmp_path: Path, line: str, unused: bool) -> None:
    text = LETTERS.replace("import anthropic\n", f"import anthropic\n{line}\n")
    assert silent(tmp_path, {"app.py": CALLS}, text) is unused


@pytest.mark.parametrize(
    ("files", "unused"),
    [
        ({"keys.py": "KEY = os.environ['KEY']\n"}, True),
        ({"keys.py": "import os\nKEY = os.environ['KEY']\n"}, False),
        ({"keys.py": "import os\n"}, True),  # has no KEY
        ({"__init__.py": "", "keys.py": "KEY = os.environ['KEY']\n"}, False),  # another's, maybe
        ({"lib/keys.py": "KEY = os.environ['KEY']\n"}, False),
    ],
)
def test_a_module_that_takes_of_one_that_fails(
    tmp_path: Path, files: dict[str, str], unused: bool
) -> None:
    text = LETTERS.replace("import anthropic\n", "import anthropic\nfrom keys import KEY\n")
    assert silent(tmp_path, {"app.py": CALLS, **files}, text) is unused


def test_an_id_in_a_module_that_fails(tmp_path: Path) -> None:
    """Whoever sends it is well; what names it is never run."""
    text = LETTERS.replace("topic):", "topic, model):").replace('"claude-3-opus-20240229"', "model")
    calls = CALLS.replace("'rain'", "'rain', 'claude-3-opus-20240229'")
    assert not silent(tmp_path / "well", {"app.py": calls}, text)
    failing = f"KEY = os.environ['KEY']\n{calls}"
    assert silent(tmp_path / "ill", {"app.py": failing}, text)


@pytest.mark.parametrize(
    ("text", "unused"),
    [
        (LETTERS + "\nif __name__ == '__main__':\n    print(letters)\n", True),
        (
            LETTERS + "\nif __name__ == '__main__':\n    print(letters.write_letter('rain'))\n",
            False,
        ),
        (LETTERS + "\nprint(letters)\n", False),  # a piece of something
        (
            f"{LETTERS}\nif __name__ == '__main__':\n    # letters.write_letter('x')\n    pass\n",
            False,
        ),
    ],
)
def test_a_program_of_one_file(tmp_path: Path, text: str, unused: bool) -> None:
    assert silent(tmp_path, {}, text, {}) is unused


@pytest.mark.parametrize(
    ("files", "unused"),
    [
        ({"letters_v4.py": "ROWS = []\n"}, True),
        ({"letters_v2.py": "ROWS = []\n"}, False),  # the last one
        ({"letters.py": "ROWS = []\n"}, False),
        ({"post_v4.py": "ROWS = []\n"}, False),  # something else
        ({"letters_v4.py": "from letters_v3 import letters\n"}, False),
        ({"letters_v4.py": "ROWS = []\n", "README.md": "Run `python letters_v3.py`.\n"}, False),
    ],
)
def test_a_numbered_copy(tmp_path: Path, files: dict[str, str], unused: bool) -> None:
    for name, said in {"requirements.txt": "", **files}.items():
        (tmp_path / name).write_text(said)
    assert is_left_behind(tmp_path / "letters_v3.py") is unused


@pytest.mark.parametrize(
    ("name", "files", "unused"),
    [
        ("letters_legacy.py", {"letters.py": "ROWS = []\n"}, True),
        ("old_letters.py", {"letters.py": "ROWS = []\n"}, True),
        ("letters_legacy.py", {"letters.py": "", "NOTES.md": "Drop letters_legacy.py.\n"}, True),
        (
            "letters_legacy.py",
            {"letters.py": "", "Procfile": "web: python letters_legacy.py"},
            False,
        ),
        ("letters_legacy.py", {"letters.py": "import letters_legacy\n"}, False),
        ("letters_legacy.py", {"post.py": "ROWS = []\n"}, False),  # the only one there is
        ("letters_plain.py", {"letters.py": "ROWS = []\n"}, False),
    ],
)
def test_what_was_written_anew(
    tmp_path: Path, name: str, files: dict[str, str], unused: bool
) -> None:
    for other, said in {"requirements.txt": "", **files}.items():
        (tmp_path / other).write_text(said)
    assert is_left_behind(tmp_path / name) is unused


@pytest.mark.parametrize(
    ("files", "unused"),
    [
        ({"Makefile.md": "Run `python letters.py`.\n"}, True),
        ({"app.py": "import letters\n"}, True),
        ({}, False),  # who knows which of them is the copy
        ({"app.py": "import letters\n", "Procfile": "web: python desk_letters.py\n"}, False),
        ({"app.py": "import letters, desk_letters\n"}, False),
        ({"app.py": "import letters\n", "letters.py": "ROWS = []\n"}, False),
        ({"app.py": "import letters\n", "run.py": "import os\nos.listdir('.')\n"}, True),
    ],
)
def test_a_copy_under_whatever_name(tmp_path: Path, files: dict[str, str], unused: bool) -> None:
    text = LETTERS + "\nprint(letters.write_letter('rain'))\n"
    for name, said in {"requirements.txt": "", "letters.py": text, **files}.items():
        (tmp_path / name).write_text(said)
    assert is_left_behind(tmp_path / "desk_letters.py") is unused


def is_left_behind(path: Path) -> bool:
    text = LETTERS + "\nprint(letters.write_letter('rain'))\n"
    path.write_text(text)
    settings = config.load(None, None, isolated=True)
    source = from_bytes(str(path), text.encode())
    result = engine.check([source], [RetiredModel()], settings, replace(CONTEXT, preview=True))
    return not result.findings


SUBCLASS = """\
import anthropic

client = anthropic.Anthropic()


class Writer:
    def __init__(self, model):
        self.model = model

    def write(self, topic):
        return client.messages.create(
            model=self.model,
            max_tokens=900,
            messages=[{"role": "user", "content": topic}],
        )


class Old(Writer):
    def __init__(self):
        super().__init__("claude-3-opus-20240229")
"""


@pytest.mark.parametrize(
    ("app", "unused"),
    [
        ("from old_letters import Writer\nprint(Writer('claude-opus-5-5').write('rain'))\n", True),
        ("from old_letters import Old\nprint(Old().write('rain'))\n", False),
    ],
)
def test_an_id_in_a_class_that_nobody_makes(tmp_path: Path, app: str, unused: bool) -> None:
    assert silent(tmp_path, {"app.py": app}, SUBCLASS) is unused


TABLE = """\
import anthropic
from sqlalchemy.orm import DeclarativeBase

client = anthropic.Anthropic()


class Base(DeclarativeBase):
    pass


class Letter(Base):
    def METHOD(self, topic):
        return client.messages.create(
            model="claude-3-opus-20240229",
            max_tokens=900,
            messages=[{"role": "user", "content": topic}],
        )
"""


@pytest.mark.parametrize(
    ("method", "unused"),
    [
        ("write_one_more_letter", True),
        ("write_letter", True),
        ("save", False),
        ("save_letter", False),
    ],
)
def test_a_method_of_a_table(tmp_path: Path, method: str, unused: bool) -> None:
    files = {"app.py": "from old_letters import Letter\nprint(Letter())\n"}
    assert silent(tmp_path, files, TABLE.replace("METHOD", method)) is unused


@pytest.mark.parametrize(
    ("app", "unused"),
    [
        ("from more import ROWS\nprint(ROWS)\n", True),
        ("print('rain')\n", False),  # a few files, each of which may stand alone
    ],
)
def test_a_module_beside_those_that_a_program_takes(tmp_path: Path, app: str, unused: bool) -> None:
    around = {"app.py": app, "more.py": "ROWS = []\n", "store.py": "ROWS = []\n"}
    assert silent(tmp_path, {}, LETTERS, around) is unused


FIELDS = """\
from dataclasses import dataclass

import anthropic


@dataclass
class Settings:
    model: str = "claude-3-opus-20240229"


class Letters:
    def __init__(self, settings: Settings):
        self.settings = settings

    def write(self, topic):
        return anthropic.Anthropic().messages.create(
            model=self.settings.model,
            max_tokens=900,
            messages=[{"role": "user", "content": topic}],
        )
"""


@pytest.mark.parametrize(
    ("app", "unused"),
    [
        ("import other\nprint(other.model)\n", True),  # something else is called that
        ("from old_letters import Settings\nprint(Settings().model)\n", False),
        ("from old_letters import Letters\nLetters(make()).write('rain')\n", True),
    ],
)
def test_a_field_of_a_class_that_nobody_makes(tmp_path: Path, app: str, unused: bool) -> None:
    assert silent(tmp_path, {"app.py": app}, FIELDS) is unused


PROGRAM = {
    "pyproject.toml": PACKED.replace("old-letters", "desk"),
    "desk/__init__.py": "",
    "desk/rows.py": "import store\n",
    "desk/main.py": "from desk import rows\n\nif __name__ == '__main__':\n    print(rows)\n",
}


@pytest.mark.parametrize(
    ("files", "unused"),
    [
        (PROGRAM, True),
        ({**PROGRAM, "README.md": "`Letters` writes letters\n"}, False),
        ({**PROGRAM, "desk/__init__.py": "from desk.old_letters import Letters\n"}, False),
        ({**PROGRAM, "desk/main.py": "from desk import rows\n"}, False),  # starts nothing
        (
            {**PROGRAM, "app.py": "from desk.old_letters import letters as l\nl.write_letter(1)"},
            False,
        ),
    ],
)
def test_what_a_packed_program_leaves_to_itself(
    tmp_path: Path, files: dict[str, str], unused: bool
) -> None:
    (tmp_path / "desk").mkdir()
    (tmp_path / "desk" / "old_letters.py").write_text(LETTERS)
    for name, said in {**AROUND, **files}.items():
        (tmp_path / name).write_text(said)
    path = str(tmp_path / "desk" / "old_letters.py")
    settings = config.load(None, None, isolated=True)
    result = engine.check([from_bytes(path, LETTERS.encode())], [RetiredModel()], settings, CONTEXT)
    assert (not result.findings) is unused


BY_NAME_ANSWERS = """\
class Answers:
    def __init__(self, model):
        self.model = model

    def answer(self, topic):
        return self.model.write_letter(topic)
"""
BY_NAME_ASKS = (
    "from answers import Answers\nfrom {0} import {1}\n\nprint(Answers({1}()).answer('rain'))\n"
)
BY_NAME_ALONE = LETTERS.replace("letters = Letters()\n", "")


@pytest.mark.parametrize(
    ("app", "unused"),
    [
        (BY_NAME_ASKS.format("old_letters", "Letters"), False),
        (
            BY_NAME_ASKS.format("new_letters", "NewLetters"),
            True,
        ),  # a method of its name is another's
        (f"import old_letters\n{BY_NAME_ASKS.format('new_letters', 'NewLetters')}", True),
        ("TAGS = ['write_letter']\n" + BY_NAME_ASKS.format("new_letters", "NewLetters"), True),
    ],
)
def test_a_method_on_the_way_of_a_class_that_nobody_makes(
    tmp_path: Path, app: str, unused: bool
) -> None:
    other = "class NewLetters:\n    def write_letter(self, topic):\n        return topic\n"
    files = {"answers.py": BY_NAME_ANSWERS, "new_letters.py": other, "app.py": app}
    assert silent(tmp_path, files, BY_NAME_ALONE) is unused


ON_ITSELF = LETTERS.replace("client = anthropic.Anthropic()\n", "").replace(
    "return client", "return self.claude"
)


@pytest.mark.parametrize(
    ("old", "new", "unused"),
    [
        ("", "", True),
        ("class Letters:", "class Letters(Desk):", False),
        ("class Letters:", "class Letters:\n    claude = anthropic.Anthropic()\n", False),
        (
            "    def write",
            "    def __init__(self):\n        self.claude = anthropic.Anthropic()\n\n    def write",
            False,
        ),
        (
            "letters = Letters()",
            "letters = Letters()\nletters.claude = anthropic.Anthropic()",
            False,
        ),
        ("letters = Letters()", "letters = Letters()\nsetattr(letters, 'cla' + 'ude', 1)", False),
        (
            "    def write",
            "    @property\n    def claude(self):\n        return make()\n\n    def write",
            False,
        ),
    ],
)
def test_a_client_that_its_object_never_gets(
    tmp_path: Path, old: str, new: str, unused: bool
) -> None:
    assert silent(tmp_path, {"app.py": CALLS}, ON_ITSELF.replace(old, new)) is unused


def test_a_client_that_another_file_gives(tmp_path: Path) -> None:
    gives = CALLS.replace("print", "letters.claude = make()\nprint")
    assert not silent(tmp_path, {"app.py": gives}, ON_ITSELF)
    own = "class Desk:\n    def __init__(self):\n        self.claude = make()\n"
    assert silent(tmp_path, {"app.py": CALLS, "desk.py": own}, ON_ITSELF)


@pytest.mark.parametrize(
    "files",
    [
        {"desk.py": "from old_letters import Letters\n\nclass Desk(Letters):\n    claude = 1\n"},
        {"desk.py": "def give(each):\n    setattr(each, 'claude', 1)\n"},
        {"desk.py": "def give(each):\n    object.__setattr__(each, 'claude', 1)\n"},
    ],
)
def test_a_client_that_may_come_from_elsewhere(tmp_path: Path, files: dict[str, str]) -> None:
    assert not silent(tmp_path, {"app.py": CALLS, **files}, ON_ITSELF)


SAME_ROUTE = """\
import anthropic
from fastapi import FastAPI

app = FastAPI()


@app.post("/letters")
def first(topic):
    return topic


@app.post("/letters")
def second(topic):
    return anthropic.Anthropic().messages.create(
        model="claude-3-opus-20240229",
        max_tokens=900,
        messages=[{"role": "user", "content": topic}],
    )
"""


@pytest.mark.parametrize(
    ("old", "new", "unused"),
    [
        ("", "", True),
        ('"/letters")\ndef second', '"/letters", status_code=201)\ndef second', True),
        ('"/letters")\ndef second', '"/more")\ndef second', False),
        ('post("/letters")\ndef second', 'get("/letters")\ndef second', False),
        ('@app.post("/letters")\ndef first', '@more.post("/letters")\ndef first', False),
        ("    return topic", "    return second(topic)", False),
        ('"/letters")\ndef second', '"/letters", host="post")\ndef second', False),
        (
            '@app.post("/letters")\ndef second',
            'app = FastAPI()\n\n\n@app.post("/letters")\ndef second',
            False,
        ),
        ("fastapi import FastAPI", "bottle import Bottle as FastAPI", False),
        (
            '@app.post("/letters")\ndef second',
            'app, b = two()\n\n\n@app.post("/letters")\ndef second',
            False,
        ),
        (
            '@app.post("/letters")\ndef second',
            '@app.post("/b")\n@app.post("/letters")\ndef second',
            False,
        ),
    ],
)
def test_a_route_that_another_handler_takes(
    tmp_path: Path, old: str, new: str, unused: bool
) -> None:
    assert (
        silent(tmp_path, {"app.py": "import old_letters\n"}, SAME_ROUTE.replace(old, new)) is unused
    )


@pytest.mark.parametrize(
    ("app", "unused"),
    [
        ("def letters_of(name) -> Letters:\n    return Letters()\n", True),
        ("letters: Letters | None = None\n", True),
        ("@provides\ndef letters_of(name) -> Letters:\n    return Letters()\n", False),
        ("def ask(letters: Letters):\n    return letters\n\n\nask()\n", False),
    ],
)
def test_what_a_function_is_said_to_return_is_not_made(
    tmp_path: Path, app: str, unused: bool
) -> None:
    text = LETTERS.replace("\n\nletters = Letters()\n", "")
    calls = "from old_letters import Letters\n\n\n" + app
    use = "\n\ndef later(each):\n    each.write_letter('rain')\n\n\nlater(None)\n"
    assert silent(tmp_path, {"app.py": calls + use}, text) is unused


CIRCLE = {
    "main.py": "from engine import begin\n\nbegin()\n",
    "engine.py": "from helper import Helper\n\nSIZE = 1\n\n\ndef begin():\n"
    "    return Helper().other()\n",
    "helper.py": "class Helper:\n    def other(self):\n        from engine import SIZE\n\n"
    "        return self.pass_on(SIZE)\n\n    def pass_on(self, size):\n"
    "        from old_letters import ask\n\n        return ask(size)\n",
}
ASKS = """\
import anthropic


def ask(topic):
    return anthropic.Anthropic().messages.create(
        model="claude-3-opus-20240229",
        max_tokens=900,
        messages=[{"role": "user", "content": topic}],
    )
"""


def test_what_waits_for_an_answer_is_asked_again(tmp_path: Path) -> None:
    """What leads to the engine is looked for where its helper asks for it, before that is known."""
    assert not silent(tmp_path, CIRCLE, ASKS)
    gone = {**CIRCLE, "main.py": "print('nothing')\n"}
    assert silent(tmp_path, gone, ASKS)
