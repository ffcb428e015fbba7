"""Where an import leads, who may use a definition, and what a project keeps."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from trees import plant, project, requests_of, system

from skinflint.linter import project as project_module
from skinflint.linter.ondisk import searched_also
from skinflint.linter.source import from_bytes, read
from skinflint.linter.tree import Tree, imported_words, root_of

USE = "def f():\n    SEND(S)\n"
SAID = "S = 'You.'\n"
YOU = ["known 'You.'"]


def systems(root: Path, text: str, path: str = "app.py", mark: str = "pyproject.toml") -> list[str]:
    """The system prompts of the requests of one file."""
    plant(root, text, mark)
    return [system(request) for request in requests_of(root, path)]


def found(root: Path, path: str, name: str, level: int = 0) -> str | None:
    """Where ``name`` leads when the file at ``path`` imports it, relative to the root."""
    files = sorted(str(each) for each in root.rglob("*.py"))
    there = Tree(str(root), lambda: iter(files)).find(str(root / path), name, level)
    if there is None:
        return None
    end = "/" if there.endswith(os.sep) else ""
    return os.path.relpath(there, root).replace(os.sep, "/") + end


# --- from an import to a file ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("added", "leads"),
    [
        ('str(Path(__file__).parent / "llm")', True),
        ('str(Path(__file__).resolve().parents[1] / "src" / "llm")', True),
        ('os.path.join(os.path.dirname(os.path.abspath(__file__)), "llm")', True),
        ('os.path.join(HERE, "..", "src", "llm")', True),
        ('Path(__file__).parent.joinpath("llm").as_posix()', True),
        ('str(Path(__file__).parent / "others")', False),
        ('str(Path.cwd() / "src" / "llm")', False),  # wherever it is started
        ('os.path.join(TWICE, "llm")', False),
        ("where()", False),
        ("LOOP", False),
    ],
)
def test_a_directory_that_the_importer_adds(tmp_path: Path, added: str, leads: bool) -> None:
    (tmp_path / "src" / "llm").mkdir(parents=True)
    (tmp_path / "src" / "llm" / "senders.py").write_text("", "utf-8")
    text = (
        "import os, sys\nfrom pathlib import Path\n"
        "HERE = os.path.dirname(__file__)\nTWICE = HERE\nTWICE = os.path.dirname(HERE)\n"
        f"LOOP = LOOP / 'llm'\nsys.path.insert(0, {added})\nimport senders\n"
    )
    (tmp_path / "src" / "app.py").write_text(text, "utf-8")
    (tmp_path / "src" / "other.py").write_text("import senders\n", "utf-8")
    there = "src/llm/senders.py" if leads else None
    assert found(tmp_path, "src/app.py", "senders") == there
    assert found(tmp_path, "src/other.py", "senders") is None
    assert found(tmp_path, "src/app.py", "json") is None


def test_who_adds_a_directory_uses_what_is_in_it(tmp_path: Path) -> None:
    plant(
        tmp_path,
        """
        ## app.py
        import os, sys

        sys.path.append(os.path.join(os.path.dirname(__file__), "llm"))
        from senders import send

        send("You.")
        ## llm/senders.py
        def send(s):
            SEND(s)
        """,
    )
    assert [system(each) for each in requests_of(tmp_path, "llm/senders.py")] == YOU


def test_what_cannot_be_read_adds_nothing(tmp_path: Path) -> None:
    assert searched_also(b"import sys\nsys.path.append('/x'", "app.py") == ()
    assert searched_also(b"import sys\nsys.path.append('x')\n", "app.py") == ()
    assert searched_also(b"import sys\nsys.path.append('/x')\n", "app.py") == ("/x",)


#: name: (files, importing file, name, level) -> file
LEADS: dict[str, tuple[str, str, str, int, str | None]] = {
    "beside it": ("app.py prompts.py", "app.py", "prompts", 0, "prompts.py"),
    "from the root": ("pkg/__init__.py pkg/a.py pkg/b.py", "pkg/a.py", "pkg.b", 0, "pkg/b.py"),
    "a package": ("app.py pkg/__init__.py", "app.py", "pkg", 0, "pkg/__init__.py"),
    "a file goes before a bare directory": ("app.py pkg.py pkg/a.py", "app.py", "pkg", 0, "pkg.py"),
    "a namespace": ("app.py pkg/a.py", "app.py", "pkg", 0, "pkg/"),
    "in a namespace": ("app.py pkg/a.py", "app.py", "pkg.a", 0, "pkg/a.py"),
    "src": ("src/pkg/__init__.py main.py src/pkg/a.py", "main.py", "pkg.a", 0, "src/pkg/a.py"),
    "inside src": (
        "src/pkg/__init__.py src/pkg/a.py",
        "src/pkg/a.py",
        "pkg",
        0,
        "src/pkg/__init__.py",
    ),
    "src without packages": ("src/a.py src/b.py", "src/a.py", "b", 0, "src/b.py"),
    "src by its own name": ("src/a.py src/b.py", "src/a.py", "src.b", 0, "src/b.py"),
    "from a folder below": ("scripts/run.py app.py", "scripts/run.py", "app", 0, "app.py"),
    "started inside a package": (
        "pkg/__init__.py pkg/a.py pkg/b.py",
        "pkg/a.py",
        "b",
        0,
        "pkg/b.py",
    ),
    "the root goes before the package": (
        "b.py pkg/__init__.py pkg/a.py pkg/b.py",
        "pkg/a.py",
        "b",
        0,
        "b.py",
    ),
    "one dot": ("pkg/__init__.py pkg/a.py pkg/b.py", "pkg/a.py", "b", 1, "pkg/b.py"),
    "one dot alone": ("pkg/__init__.py pkg/a.py", "pkg/a.py", "", 1, "pkg/__init__.py"),
    "one dot in an __init__": ("pkg/__init__.py pkg/a.py", "pkg/__init__.py", "a", 1, "pkg/a.py"),
    "two dots": (
        "pkg/__init__.py pkg/b.py pkg/in/__init__.py",
        "pkg/in/__init__.py",
        "b",
        2,
        "pkg/b.py",
    ),
    "two dots into a package": (
        "pkg/x/a.py pkg/y/b.py",
        "pkg/x/a.py",
        "y.b",
        2,
        "pkg/y/b.py",
    ),
    "dots above the root": ("app.py", "app.py", "other", 3, None),
    "another package of the repository": (
        "one/src/first/a.py two/src/second/__init__.py two/src/second/b.py",
        "one/src/first/a.py",
        "second.b",
        0,
        "two/src/second/b.py",
    ),
    "two candidates": (
        "one/in/second/b.py two/in/second/b.py app.py",
        "app.py",
        "second.b",
        0,
        None,
    ),
    "the nearer of two": (
        "one/a.py one/second/b.py two/second/b.py",
        "one/a.py",
        "second.b",
        0,
        "one/second/b.py",
    ),
    "a lone name is not searched for": ("app.py deep/in/b.py", "app.py", "b", 0, None),
    "the standard library": ("app.py json.py", "app.py", "json", 0, None),
    "below the standard library": ("app.py logging/config.py", "app.py", "logging.config", 0, None),
    "a relative module may be named like it": ("app.py json.py", "app.py", "json", 1, "json.py"),
    "a folder without modules": ("app.py docs/in/a.py", "app.py", "docs", 0, None),
    "nowhere": ("app.py", "app.py", "elsewhere", 0, None),
    "itself": ("pkg/__init__.py pkg/a.py", "pkg/a.py", "pkg.a", 0, "pkg/a.py"),
}


@pytest.mark.parametrize("name", LEADS)
def test_an_import_leads_to(tmp_path: Path, name: str) -> None:
    files, path, imported, level, there = LEADS[name]
    plant(tmp_path, "".join(f"## {file}\n" for file in files.split()))
    assert found(tmp_path, path, imported, level) == there


LAYOUTS = {
    "src": (
        "src/pkg/app.py",
        f"## src/pkg/app.py\nfrom pkg.prompts import S\n{USE}"
        f"## src/pkg/__init__.py\n## src/pkg/prompts.py\n{SAID}",
    ),
    "relative": (
        "pkg/app.py",
        f"## pkg/app.py\nfrom .prompts import S\n{USE}## pkg/__init__.py\n"
        f"## pkg/prompts.py\n{SAID}",
    ),
    "two up": (
        "pkg/in/app.py",
        f"## pkg/in/app.py\nfrom ..prompts import S\n{USE}"
        f"## pkg/__init__.py\n## pkg/in/__init__.py\n## pkg/prompts.py\n{SAID}",
    ),
    "from the package itself": (
        "pkg/app.py",
        f"## pkg/app.py\nfrom . import prompts\ndef f():\n"
        f"    SEND(prompts.S)\n## pkg/__init__.py\n## pkg/prompts.py\n{SAID}",
    ),
    "a constant of the package": (
        "pkg/app.py",
        f"## pkg/app.py\nfrom . import S\n{USE}## pkg/__init__.py\n{SAID}",
    ),
    "two packages of a repository": (
        "one/src/first/app.py",
        f"## one/src/first/app.py\nfrom second.prompts import S\n{USE}"
        f"## one/pyproject.toml\n## two/pyproject.toml\n## two/src/second/prompts.py\n{SAID}",
    ),
    "a script beside the package": (
        "scripts/app.py",
        f"## scripts/app.py\nfrom pkg.prompts import S\n{USE}## pkg/__init__.py\n"
        f"## pkg/prompts.py\n{SAID}",
    ),
}


@pytest.mark.parametrize("name", LAYOUTS)
def test_layouts(tmp_path: Path, name: str) -> None:
    path, text = LAYOUTS[name]
    assert systems(tmp_path, text, path, ".git") == YOU


def test_a_folder_named_like_the_library_is_not_it(tmp_path: Path) -> None:
    text = (
        "## app.py\nimport anthropic\nclient = anthropic.Anthropic()\ndef f():\n    SEND('You.')\n"
        "## anthropic/__init__.py\nAnthropic = None\n"
    )
    assert systems(tmp_path, text) == YOU


def test_a_module_named_like_the_standard_library_is_not_it(tmp_path: Path) -> None:
    text = (
        "## app.py\nimport string\ndef f():\n    SEND(string.digits)\n## string.py\ndigits = 'a'\n"
    )
    told = "unknown: `string.digits` is imported, and its module is not here"
    assert systems(tmp_path, text) == [told]


def test_two_candidates_are_none(tmp_path: Path) -> None:
    text = (
        f"## app.py\nfrom deep.prompts import S\n{USE}## a/in/deep/prompts.py\nS = 'a'\n"
        "## b/in/deep/prompts.py\nS = 'b'\n"
    )
    told = "unknown: `deep.prompts.S` is imported, and its module is not here"
    assert systems(tmp_path, text) == [told]


# --- files that are not what they seem ------------------------------------------------------------


def test_a_loop_of_links(tmp_path: Path) -> None:
    plant(
        tmp_path,
        f"## app.py\nfrom prompts import S\nfrom loop.x import T\n{USE}## prompts.py\n{SAID}",
    )
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner" / "up").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    (tmp_path / "round.py").symlink_to(tmp_path / "round.py")
    assert [system(request) for request in requests_of(tmp_path)] == YOU


def test_a_link_to_itself_is_no_module(tmp_path: Path) -> None:
    plant(tmp_path, f"## app.py\nfrom round import S\n{USE}")
    (tmp_path / "round.py").symlink_to(tmp_path / "round.py")
    told = "unknown: `round.S` is imported, and its module is not here"
    assert [system(request) for request in requests_of(tmp_path)] == [told]


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="everything can be read")
def test_a_file_that_may_not_be_read(tmp_path: Path) -> None:
    plant(tmp_path, f"## app.py\nfrom prompts import S\n{USE}## prompts.py\n{SAID}")
    (tmp_path / "prompts.py").chmod(0)
    told = "unknown: `prompts.S` is imported, and its module is not here"
    assert [system(request) for request in requests_of(tmp_path)] == [told]


def test_a_directory_named_like_a_module(tmp_path: Path) -> None:
    plant(tmp_path, f"## app.py\nfrom prompts import S\n{USE}")
    (tmp_path / "prompts.py").mkdir()
    told = "unknown: `prompts.S` is imported, and its module is not here"
    assert [system(request) for request in requests_of(tmp_path)] == [told]


def test_an_encoding_of_its_own(tmp_path: Path) -> None:
    plant(tmp_path, f"## app.py\nfrom prompts import S\n{USE}")
    (tmp_path / "prompts.py").write_bytes(
        "# -*- coding: latin-1 -*-\nS = 'Grüß.'\n".encode("latin-1")
    )
    assert [system(request) for request in requests_of(tmp_path)] == ["known 'Grüß.'"]


def test_a_file_that_is_not_on_disk_stands_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant(tmp_path, f"## prompts.py\n{SAID}")
    monkeypatch.chdir(tmp_path)
    text = (
        "import anthropic\nfrom prompts import S\nanthropic.Anthropic().messages.create("
        "model='claude-opus-5-5', max_tokens=9, messages=[], system=S)\n"
    )
    (request,) = project().requests(from_bytes("<stdin>", text.encode()))
    told = "unknown: `prompts.S` is imported, and its module is not here"
    assert system(request) == told


# --- the root -------------------------------------------------------------------------------------


def test_the_repository_is_the_root(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "one").mkdir()
    (tmp_path / "one" / "pyproject.toml").write_bytes(b"")
    assert root_of(str(tmp_path / "one" / "a.py")) == str(tmp_path)


def test_the_nearest_mark_is_the_root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "in").mkdir()
    for directory in (tmp_path, tmp_path / "in"):
        (directory / "setup.cfg").write_bytes(b"")
    monkeypatch.chdir(tmp_path)
    assert root_of("in/a.py") == str(tmp_path / "in")


# --- who may use a definition ---------------------------------------------------------------------

WORKER = "## app.py\ndef f(s):\n    SEND(s)\n"


@pytest.mark.parametrize("path", ["tests/run.py", "test_app.py", "app_test.py", "conftest.py"])
def test_tests_are_no_callers(tmp_path: Path, path: str) -> None:
    text = (
        f"{WORKER}## {path}\nfrom app import f\nf('test')\n## main.py\nfrom app import f\nf('You.')"
    )
    assert systems(tmp_path, text) == YOU


def test_what_is_ignored_is_no_caller(tmp_path: Path) -> None:
    text = (
        f"{WORKER}## main.py\nfrom app import f\nf('You.')\n"
        "## .venv/lib/python3/site-packages/x.py\nfrom app import f\nf('x')\n"
        "## node_modules/y.py\nfrom app import f\nf('y')"
    )
    assert systems(tmp_path, text) == YOU


def test_a_function_of_the_same_name_is_another(tmp_path: Path) -> None:
    text = (
        f"{WORKER}## other.py\ndef f(s):\n    return s\n## main.py\nfrom app import f\nf('You.')\n"
        "## more.py\nfrom other import f\nimport app\nf('other')"
    )
    assert systems(tmp_path, text) == YOU


WORDS = {
    "import a": {"a"},
    "import a.b as c": {"a", "b", "c"},
    "from a.b import c, d": {"a", "b", "c", "d"},
    "from . import a": {"a"},
    "from ..a import (\n    b,\n    c,\n)\nx = y": {"a", "b", "c"},
    "from a import b, \\\n    c": {"a", "b", "c"},
    "if x:\n    import a": {"a"},
    "x = 1; import a": {"a"},
    "y = 'from here: import nothing'": set(),
    "# from a import b": set(),
    "important = 1": set(),
    "from a import *": {"a"},
}


@pytest.mark.parametrize("text", WORDS)
def test_the_words_of_imports(text: str) -> None:
    assert imported_words(text.encode()) == {word.encode() for word in WORDS[text]}


# --- what a project keeps -------------------------------------------------------------------------


def test_other_modules_are_read_from_the_overlay(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant(tmp_path, f"## app.py\nfrom prompts import S\n{USE}## prompts.py\nS = 'old'\n")
    monkeypatch.chdir(tmp_path)
    changed = project({"prompts.py": "S = 'new'\n"})
    assert [system(request) for request in changed.requests(read("app.py"))] == ["known 'new'"]


def test_the_file_itself_is_read_from_the_overlay(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant(tmp_path, f"## app.py\nfrom prompts import S\n{USE}## prompts.py\nS = 'a'\nT = 'b'\n")
    monkeypatch.chdir(tmp_path)
    text = read("app.py").text.replace("import S", "import T as S")
    changed = project({"app.py": text})
    assert [system(request) for request in changed.requests(read("app.py"))] == ["known 'b'"]


def test_callers_are_read_from_the_overlay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plant(tmp_path, f"{WORKER}## main.py\nfrom app import f\nf('old')\n")
    monkeypatch.chdir(tmp_path)
    changed = project({"main.py": "from app import f\nf('new')\n"})
    assert [system(request) for request in changed.requests(read("app.py"))] == ["known 'new'"]


MANY = (
    "## a.py\nfrom c import f\nfrom d import S\ndef g():\n    SEND(S)\nf('a')\n"
    "## b.py\nfrom c import f\ndef g(s):\n    SEND(s)\nf('b')\n"
    "## c.py\nimport d, b\ndef f(s):\n    SEND(s)\n    b.g(s)\n"
    "## d.py\nimport a\nS = {'x', 'y'}\ndef g():\n    SEND(f'{sorted(S)} {S}')\n"
)


def test_the_order_of_files_does_not_matter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant(tmp_path, MANY)
    monkeypatch.chdir(tmp_path)
    paths = ["a.py", "b.py", "c.py", "d.py"]
    alone = {path: repr(project().requests(read(path))) for path in paths}
    for order in (paths, paths[::-1], ["c.py", "a.py", "d.py", "b.py", "c.py"]):
        together = project()
        for path in order:
            assert repr(together.requests(read(path))) == alone[path], (order, path)


def test_the_seed_of_hashes_does_not_matter(tmp_path: Path) -> None:
    plant(tmp_path, MANY)
    told = set()
    for seed in ("0", "1", "77"):
        command = [sys.executable, "-m", "skinflint", "requests", ".", "--output-format", "json"]
        env = {**os.environ, "PYTHONHASHSEED": seed}
        run = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, check=True)
        told.add(run.stdout)
    assert len(told) == 1
    assert b"a.py" in told.pop()


def test_a_project_lets_go_of_modules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(project_module, "_KEPT", 20_000)
    filler = "# " + "x" * 4_000
    text = "".join(
        f"## m{n:02}.py\nfrom p{n:02} import S\n{USE}{filler}\n## p{n:02}.py\n{SAID}{filler}\n"
        for n in range(12)
    )
    plant(tmp_path, text)
    monkeypatch.chdir(tmp_path)
    kept = project()
    for n in range(12):
        assert [system(request) for request in kept.requests(read(f"m{n:02}.py"))] == YOU
        modules = [module for module in kept._modules.values() if module is not None]
        # those of this file are let go of when the next one is asked for
        assert sum(len(module.source.text) for module in modules) <= 20_000 + 2 * 4_500
    # the newest are there, the oldest are not, and come back when they are asked for
    assert str(tmp_path / "p11.py") in kept._modules
    assert str(tmp_path / "p00.py") not in kept._modules
    assert [system(request) for request in kept.requests(read("m00.py"))] == YOU


def test_modules_are_parsed_when_something_leads_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = (
        f"## app.py\nimport unused\nfrom prompts import S\n{USE}## prompts.py\nimport other\n{SAID}"
        "## unused.py\n## other.py\n## far.py\nx = 1\n"
    )
    plant(tmp_path, text)
    monkeypatch.chdir(tmp_path)
    asked = project()
    asked.requests(read("app.py"))
    assert {os.path.basename(path) for path in asked._modules} == {"app.py", "prompts.py"}
    assert asked.reached == {"app.py", "prompts.py"}


# --- which files are tests ------------------------------------------------------------------------

#: name: (path, what stands at the end of the file, whether it is a test)
TESTS: dict[str, tuple[str, str, bool]] = {
    "a function to collect": ("test_app.py", "def test_f():\n    f()\n", True),
    "a class to collect": ("app_test.py", "class TestF:\n    def check(self): f()\n", True),
    "a script that tries it": ("test_app.py", "f()\n", True),
    "a main part": ("test_app.py", "if __name__ == '__main__':\n    f()\n", True),
    "something sent on import": ("test_app.py", "REPLY = f()\n", True),
    "fixtures": ("conftest.py", "LIMIT = 3\n", True),
    "a place for tests": ("tests/app.py", "LIMIT = 3\n", True),
    "a program that somebody talks with": (
        "tests/app.py",
        "if __name__ == '__main__':\n    while True:\n        print(input(), f())\n",
        False,
    ),
    "a program that asks once": (
        "tests/app.py",
        "if __name__ == '__main__':\n    print(input(), f())\n",
        True,
    ),
    "a test that somebody talks with": (
        "tests/test_app.py",
        "if __name__ == '__main__':\n    while True:\n        print(input(), f())\n",
        True,
    ),
    "nothing but a name": ("test_parser.py", "LIMIT = 3\nLOCK = Lock()\n", False),
    "another name": ("parser.py", "f()\n", False),
}


@pytest.mark.parametrize("name", TESTS)
def test_test_files(tmp_path: Path, name: str) -> None:
    path, end, expected = TESTS[name]
    plant(tmp_path, f'## {path}\n"""What it does."""\ndef f():\n    SEND("You.")\n{end}')
    [request] = requests_of(tmp_path, path)
    assert request.in_test is expected


def test_a_method_is_used_behind_a_dot_alone(tmp_path: Path) -> None:
    texts = {
        "desk.py": "class Desk:\n    def call(self): ...\n",
        "layout.py": "from desk import Desk\n\ndef f(d: Desk):\n    d.\\\n        call()\n",
        "prose.py": "from desk import Desk\n# One call. call it twice\ndef call(d: Desk): ...\n",
        "user.py": "from desk import Desk\n\ndef f(d: Desk):\n    d.call()\n",
    }
    for name, text in texts.items():
        (tmp_path / name).write_text(text)
    files = [str(tmp_path / name) for name in texts]
    tree = Tree(str(tmp_path), lambda: iter(files))
    deep = tree.users(files[0], ("Desk",), "call", True)
    assert [os.path.basename(each) for each in deep] == ["layout.py", "user.py"]
    plain = tree.users(files[0], ("Desk",), "call", False)
    assert [os.path.basename(each) for each in plain] == ["layout.py", "prose.py", "user.py"]


def test_a_folder_is_read_once_for_all_that_is_imported_from_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "app.py").write_text("")
    tree = Tree(str(tmp_path), lambda: iter([str(tmp_path / "app.py")]))
    asked: list[str] = []
    listed = os.listdir

    def noted(path: str) -> list[str]:
        asked.append(path)
        return listed(path)

    monkeypatch.setattr(os, "listdir", noted)
    for name in ("numpy", "pandas", "requests"):
        assert tree.find(str(tmp_path / "app.py"), name, 0) is None
    assert asked == list(dict.fromkeys(asked))
