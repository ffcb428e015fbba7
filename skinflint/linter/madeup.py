"""Code that reaches modules by names which are not written out: ``import_module(f"tools.{name}")``.

As far as the name is written it tells where the modules lie, and a program that runs files says
which ones, mostly: ``spec_from_file_location("store", here / "store.py")``. A test does so with
what it tests.
"""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from skinflint.linter.module import dotted, last_name
from skinflint.linter.tree import Tree

#: What goes through all the modules of some package, and what loads them as they come.
_ALL = re.compile(rb"\b(?:pkgutil|walk_packages)\b|\bentry_points\s*\(")
_LOADS = re.compile(
    rb"""\b(?:entry_points|load_module|find_spec|exec_module|import_string|resolve_name|locate)\b"""
    rb"""|\b(?:import_module|__import__)\s*(?:\(\s*(?![fF]?["'])|as\b)"""
    rb"""|(?s:\b(?:iter_modules|walk_packages)\s*\(.*\b(?:iter_modules|walk_packages)\s*\()"""
)
#: The import of a name that is put together, with how it begins as far as that is written.
_PUT_TOGETHER = re.compile(
    rb"""\b(?:import_module|__import__)\s*\(\s*"""
    rb"""(?:[fF]["'](?P<filled>[\w.]*)"""
    rb"""|["'](?P<begun>[^"'%\n]{0,200})(?:%[^"'\n]{0,200})?["']\s*[+%]|[^()"',]{0,200}\+)"""
)
#: The import of a name that isn't written in the call, and what lists a directory.
_BY_ANY_NAME = re.compile(rb"""\b(?:import_module|__import__)\s*\(\s*(?!["'\s])""")
_LISTS = re.compile(rb"\b(?:listdir|scandir|iterdir|r?glob|walk)\(")
#: How a file speaks of the names of Python files, or of what is a package.
_OF_PYTHON = re.compile(rb"\.py\b|\bstem\b|\bsplitext\b|suffix\b|\[:-3\]")
_LISTING = frozenset(("listdir", "scandir", "iterdir", "glob", "rglob", "walk"))
_IMPORTING = frozenset(("import_module", "__import__"))
#: What runs a file, and what runs a module by its name.
_RUNS_FILES = re.compile(rb"\b(?:spec_from_file_location|run_path)\b")
_RUNS_MODULES = re.compile(rb"\brun_module\b")
#: The files that a program names, and how it speaks of those whose names it makes up or finds.
_NAMED = re.compile(rb"""([^\s"'/\\]+)\.py["']""")
_FOUND = re.compile(rb"""(?<![^\s"'/\\{}*])\.py["']|\b(?:listdir|scandir|iterdir|r?glob|walk)\(""")
#: Files that are named for other reasons.
_SPECIAL = frozenset(("__init__", "__main__", "setup", "conftest"))


class MadeUp(NamedTuple):
    """Where the modules lie that made-up names may stand for, in all files of a project."""

    anywhere: bool
    packages: frozenset[str]  # dotted, as far as they are written
    stems: frozenset[str]  # of files

    def leads_to(self, path: str, root: str) -> bool:
        """Whether one of them may be the module at ``path``, absolute."""
        if self.anywhere:
            return True
        inside = os.path.relpath(path, root).removesuffix(".py")
        dotted = f".{inside.replace(os.sep, '.')}."
        return os.path.basename(inside) in self.stems or any(
            f".{package}." in dotted for package in self.packages
        )


def made_up(tree: Tree, is_test: Callable[[str], bool]) -> MadeUp:
    """What the files of a project make up."""
    packages: set[str] = set()
    stems: set[str] = set()
    everywhere = MadeUp(True, frozenset(), frozenset())
    for path in tree.files():
        data = tree.data(path)
        if data is None:
            return everywhere
        made = list(_PUT_TOGETHER.finditer(data))
        if _ALL.search(data) and (not made or _LOADS.search(data)):
            return everywhere
        for found in made:
            begun = found["filled"] or found["begun"] or b""
            package = begun.rpartition(b".")[0].decode("utf-8", "replace")
            if not package or package.startswith("."):
                return everywhere
            packages.add(package)
        if is_test(path):
            continue
        if _RUNS_MODULES.search(data):
            return everywhere
        if _RUNS_FILES.search(data):
            named = {each.decode("utf-8", "replace") for each in _NAMED.findall(data)} - _SPECIAL
            if not named or _FOUND.search(data):
                return everywhere
            stems |= named
    if packages:
        inside = (os.path.relpath(path, tree.root).removesuffix(".py") for path in tree.files())
        there = {part for path in inside for part in path.split(os.sep)}
        if any(package.partition(".")[0] not in there for package in packages):
            return everywhere  # a package may lie in a directory of another name
    return MadeUp(False, frozenset(packages), frozenset(stems))


def loads_what_it_lists(data: bytes) -> bool:
    """Whether a file imports by any name, and lists directories, where the names may come from."""
    if not (_BY_ANY_NAME.search(data) and _LISTS.search(data)):
        return False
    try:
        tree = ast.parse(data)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return True
    nodes = list(ast.walk(tree))
    calls = [node for node in nodes if isinstance(node, ast.Call)]
    written = set(_written(nodes))
    imported = [
        call.args[0] if call.args else None
        for call in calls
        if last_name(call.func) in _IMPORTING
        and not (call.args and isinstance(call.args[0], ast.Constant))
        and not (call.args and dotted(call.args[0]) in written)
    ]
    if not _OF_PYTHON.search(data):  # it lists something else: ``import_module(manifest.entry)``
        imported = [each for each in imported if not _is_a_field(each)]
    return bool(imported) and any(
        last_name(call.func) in _LISTING and dotted(call.func) != "ast.walk" for call in calls
    )


def _is_a_field(node: ast.expr | None) -> bool:
    """Whether an expression is a field of some object, and not the name of a path."""
    return isinstance(node, ast.Attribute) and node.attr not in ("name", "stem")


def _written(nodes: list[ast.AST]) -> Iterator[str]:
    """The variables of loops that go over texts as they are written there."""
    lists: set[str | None] = set()
    changed: set[str | None] = set()
    for node in nodes:
        if isinstance(node, ast.Assign):
            (lists if _is_of_texts(node.value) else changed).update(map(dotted, node.targets))
        elif isinstance(node, ast.AugAssign):
            changed.add(dotted(node.target))
        elif isinstance(node, ast.arg):
            changed.add(node.arg)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            changed.add(dotted(node.func.value))
    for node in nodes:
        if isinstance(node, (ast.For, ast.comprehension)):
            name = dotted(node.iter)
            if _is_of_texts(node.iter) or (name and name in lists - changed):
                yield dotted(node.target) or ""


def _is_of_texts(node: ast.expr) -> bool:
    return isinstance(node, (ast.List, ast.Tuple)) and all(
        isinstance(each, ast.Constant) for each in node.elts
    )
