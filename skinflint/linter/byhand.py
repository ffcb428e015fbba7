"""Programs that a deployed project says nothing of: run by hand once, or left behind.

A project that is deployed says what it runs: its Dockerfile, its compose file, its workflows, the
commands of its package, its pages. Another program beside those, which none of them names and of
which no module is theirs, may have been of use for a day. Tests are run by what looks for them.
What a page calls old is one of them as well.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator

from skinflint.linter.callers import Callers
from skinflint.linter.packed import SHOWN, is_for_others
from skinflint.linter.project import is_test
from skinflint.linter.reach import TOP
from skinflint.linter.scheduled import PROGRAM, taken_by
from skinflint.linter.source import NOTEBOOK
from skinflint.linter.spans import Span
from skinflint.linter.superseded import is_called_old
from skinflint.linter.tree import PAGES, Tree, goes_by

#: Files that say what is run where a project is deployed.
_DEPLOYS = re.compile(
    r"(?:[\w-]+\.)?Dockerfile(?:\.[\w-]+)?$|(?:docker-)?compose[\w.-]*\.ya?ml$|Procfile$"
    r"|(?:render|app|fly|railway|nixpacks)\.(?:ya?ml|toml|json)$|ecosystem\.config\.c?js$",
    re.IGNORECASE,
)
#: The commands of a package, by what they call: `tell = "letters.cli:main"`.
_COMMANDS = re.compile(rb"^[ \t\"']*[\w-]+[ \t]*=[ \t]*[\"']?([\w.]+):\w+", re.MULTILINE)
_OF_COMMANDS = ("pyproject.toml", "setup.cfg", "setup.py", "entry_points.txt")
#: A line that runs something, and what such a line names: a file, a module, a part of one.
_RUNS = re.compile(
    rb"^.*(?:python|\brun\b|\bexec\b|\bserve|\bstart|corn\b|celery|streamlit|entrypoint|\bcmd\b).*$",
    re.MULTILINE | re.IGNORECASE,
)
_NAMED = re.compile(
    rb"(?<![\w./-])([\w./-]+)\.py\b|-m[\"',\s]+([\w.]+)|(?<![\w.])([\w.]+):[A-Za-z_]\w*"
    rb"|(?<=-A )([\w.]+)"
)
#: The name of a file, or of a module, in a text of code that runs it: "tell.py", "letters.api:app".
_SAID = re.compile(rb"[\"'](?:([\w./-]+)\.py|([\w.]+):\w+|(\w+(?:\.\w+)+))[\"']")
#: What is run with a package, and what is run in its place.
_OF_A_PACKAGE = ("__init__.py", "__main__.py")
#: What frameworks and servers start without being told.
_USUAL = frozenset(("__main__", "asgi", "conftest", "manage", "wsgi"))
#: What pages are called that tell of what was done, or is to be done once, and directories of them.
_RECORDS = re.compile(
    r"(?:^|[_.-])(?:archived?|audits?|changelog|changes|history|journal|plans?|progress|reports?"
    r"|retrospectives?|sessions?|sprints?|summar(?:y|ies))(?:[_.-]|$)",
    re.IGNORECASE,
)
_OF_PAGES = ("doc", "docs", "documentation")
#: Projects of more files are not looked through.
_MOST_FILES = 3_000


def is_by_hand(about: Span, callers: Callers) -> bool:
    """Whether what is written at ``about`` serves nothing but programs that are run by hand."""
    module = callers.ev.module_at(about.path)
    tree = callers.tree(module)
    if tree is None or about.path.endswith(NOTEBOOK):
        return False
    path = os.path.abspath(about.path)
    if is_called_old(path, tree):
        return True
    inside = os.path.relpath(path, tree.root)
    if is_test(inside) or any(map(SHOWN.fullmatch, inside.split(os.sep)[:-1])):
        return False  # what looks for them runs them; whoever learns by them does
    if is_for_others(path, tree):
        return _is_alone(path, tree)
    if len(tree.files()) > _MOST_FILES:
        return False
    if tree.by_hand is None:
        tree.by_hand = frozenset(_by_hand(tree))
    return path in tree.by_hand


def _is_alone(path: str, tree: Tree) -> bool:
    """Whether a module in a package for others is one that only such programs of it take.

    Those below a module, which nothing imports, starts or names: they show how it works.
    """
    if os.path.basename(path) in _OF_A_PACKAGE or len(tree.files()) > _MOST_FILES:
        return False
    return tree.beside() is not None and not tree.named().code(path, TOP)


def _by_hand(tree: Tree) -> set[str]:
    """The modules that only programs take which nothing names; none where nothing is deployed."""
    files = [file for file in tree.files() if not is_test(os.path.relpath(file, tree.root))]
    deployed, named = _told(tree, files)
    if not deployed:
        return set()
    known = deployed | named
    known.update(file for file in files if _stem(file) in _USUAL or _is_a_page(file, tree))
    served: set[str] = set()
    while known:
        more = taken_by(known, tree) - served
        served |= more
        around = {each for file in more for each in tree.packages(file, os.path.dirname(tree.root))}
        known = {*_run_by(more, tree), *around} - served
    others = {file for file in files if file not in served}
    taken = set().union(*(tree.imported(file) for file in others)) if others else set()
    alone = {file for file in others if file not in taken}
    programs = {file for file in alone if PROGRAM.search(tree.data(file) or b"")}
    found_somehow = taken_by(alone - programs, tree)
    return {file for file in taken_by(programs, tree) if file in others} - found_somehow


def _is_a_page(file: str, tree: Tree) -> bool:
    """Whether a program of Streamlit shows a file beside itself: `pages/1_Letters.py`."""
    place = os.path.dirname(file)
    return os.path.basename(place) == "pages" and b"streamlit" in (tree.data(file) or b"")


def _told(tree: Tree, files: list[str]) -> tuple[set[str], set[str]]:
    """The files that deploying it starts, and those that some line says how to run."""
    deployed: set[str] = set()
    named: set[str] = set()
    beside = tree.beside()
    if beside is None:
        return deployed, named
    by_stem: dict[str, list[str]] = {}
    for file in files:
        by_stem.setdefault(_stem(file), []).append(file)
    setup = os.path.join(tree.root, "setup.py")
    for path, data in [*beside, (setup, tree.data(setup) or b"")]:
        name = os.path.basename(path)
        if name in _OF_COMMANDS:
            deployed.update(_files(_COMMANDS.findall(data), by_stem))
        if path.endswith(PAGES) and is_a_record(os.path.relpath(path, tree.root)):
            continue
        said = (data,) if _DEPLOYS.match(name) else _RUNS.findall(data)
        words = {word for line in said for found in _NAMED.findall(line) for word in found if word}
        (deployed if _DEPLOYS.match(name) else named).update(_files(words, by_stem))
    return deployed, named


def is_a_record(page: str) -> bool:
    """Whether a page tells of the past: by its own name, or by a directory among the pages."""
    *places, name = page.split(os.sep)
    told = places[1:] if places and places[0].lower() in _OF_PAGES else []
    return any(map(_RECORDS.search, (*told, name)))


def _run_by(served: Iterable[str], tree: Tree) -> Iterator[str]:
    """The files that code starts by their names: ``subprocess.run(["python", "tell.py"])``."""
    found = (each for file in served for each in _SAID.findall(tree.data(file) or b""))
    words = {word.replace(b".", b"/") for each in found for word in each if word}
    stems = {word.decode("utf-8", "replace").rsplit("/", 1)[-1] for word in words}
    return (file for file in tree.files() if _stem(file) in stems)


def _files(words: Iterable[bytes], by_stem: dict[str, list[str]]) -> Iterator[str]:
    """The files that words may mean: `src/app`, `letters.api`, `letters` of a package."""
    for word in words:
        name = word.decode("utf-8", "replace").strip("./").replace("/", ".")
        for file in by_stem.get(name.rpartition(".")[2], ()):
            if goes_by(file, name) or "." not in name or word.startswith(b"/"):
                yield file  # where it lies in a container, the project doesn't say


def _stem(file: str) -> str:
    """The name by which a file is imported: that of its directory where it is a package."""
    place, name = os.path.split(file.removesuffix(".py"))
    return os.path.basename(place) if name == "__init__" else name
