"""Requests that nothing runs: code that was left behind in a program.

It is proven by names alone. The function that stands above all others on the way to a request, or
the module it stands in, must be named nowhere else in the project: not in another module, a test
or a notebook, not in what starts, builds or configures it. A function that is only imported is
called by nobody. Others beside it must be: files that
nothing imports may each be a program of their own. Whatever may be called by somebody who
isn't here is no such function: one with a decorator, a method of a class with bases, one that is
an entry by its name, all there is in a package for others.
"""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Iterator

from skinflint.linter.activation import Activation, runs
from skinflint.linter.callers import ONE_SHOT, Callers
from skinflint.linter.module import FUNCTIONS, FunctionNode, Module
from skinflint.linter.spans import Span
from skinflint.linter.tree import Tree

#: Only projects of at least so many files are programs, and those of more are not looked through.
_LEAST_FILES = 6
_MOST_FILES = 3_000
#: What directories and copies of code are called that is kept for the record.
_AWAY = re.compile(r"_?(archived?|backups?|attic|trash)(?:[-_].*)?$", re.IGNORECASE)
_COPY = re.compile(r"[-_.](backup|bak|old)\.py$|^backup_", re.IGNORECASE)
#: Decorators that hand the function on to nobody.
_PLAIN = ("staticmethod", "classmethod", "property", "cached_property", "lru_cache", "cache")
#: Names that whoever runs a module looks for.
_STARTED = (*ONE_SHOT, "run", "start", "serve", "handler", "application", "app", "register")
#: Code that reaches modules by names it makes up.
_BY_NAME = re.compile(
    rb"""\b(?:import_module|__import__)\s*\(\s*(?!["'])"""
    rb"|\b(?:pkgutil|spec_from_file_location|runpy|walk_packages)\b"
)
_REACHES = ("getattr(", "globals(", "locals(", "__all__", "fire")
#: How a page for people says that a module is used, and not only that it is there.
_RUN = re.compile(rb"python|import|-m\b|run\b|serve|start")


def is_unused(call: ast.Call, act: Activation, callers: Callers, about: Span | None) -> bool:
    """Whether nothing in the project runs the request that ``call`` sends in ``act``.

    What is written at ``about`` may serve others, unless it stands in what nothing runs.
    """
    top = act
    for run, _ in runs(call, act):
        top = run
        if _is_replaced(run.node, run.module):
            return about is None or run.module.span(run.node).contains(about)
    function, module = top.node, top.module
    project = callers.ev.project
    tree = project.tree(module) if project is not None else None
    if project is None or tree is None:
        return False
    if any(_is_put_away(each, tree) for each in (module, callers.module)):
        return True
    if not isinstance(function, FUNCTIONS):
        return False
    function = _outermost(function, module)
    if not project.is_program(module):
        return False
    cls = module.enclosing_class(function)
    owner = function if cls is None else cls
    if isinstance(module.scope(owner), FUNCTIONS) or (cls is not None and cls.bases):
        return False
    if _is_handed_on(function) or (cls is not None and cls.decorator_list):
        return False
    if function.name in _STARTED or callers.of(module).entry(function) is not None:
        return False
    if not _LEAST_FILES <= len(tree.files()) <= _MOST_FILES:
        return False  # a few files may be a piece of something
    if tree.beside() is None or not tree.neighbours(module.path):
        return False
    if any(name.endswith((".dist-info", ".egg-info")) for name in os.listdir(tree.root)):
        return False  # installed: others may import it
    within = about is None or module.span(function).contains(about)
    if within and _is_named_nowhere(function, module, tree):
        return True
    return _is_left_behind(module, tree)


def _is_put_away(module: Module, tree: Tree) -> bool:
    """Whether a file lies where code is kept that is in use no more."""
    path = os.path.relpath(os.path.abspath(module.path), tree.root)
    *places, name = path.split(os.sep)
    return any(_AWAY.match(place) for place in places) or bool(_COPY.search(name))


def _outermost(function: FunctionNode, module: Module) -> FunctionNode:
    scope = module.scope(function)
    while isinstance(scope, FUNCTIONS):
        function, scope = scope, module.scope(scope)
    return function


def _is_replaced(function: ast.AST, module: Module) -> bool:
    """Whether the class defines another method of that name further down."""
    if not isinstance(function, FUNCTIONS) or function.decorator_list:
        return False
    cls = module.scope(function)
    if not isinstance(cls, ast.ClassDef):
        return False
    below = cls.body[cls.body.index(function) + 1 :]
    return any(
        isinstance(other, FUNCTIONS) and other.name == function.name and not other.decorator_list
        for other in below
    )


def _is_handed_on(function: FunctionNode) -> bool:
    """Whether a decorator may make it known to somebody."""
    for decorator in function.decorator_list:
        name = ast.unparse(decorator.func if isinstance(decorator, ast.Call) else decorator)
        if name.rpartition(".")[2] not in _PLAIN:
            return True
    return False


def _is_named_nowhere(function: FunctionNode, module: Module, tree: Tree) -> bool:
    """Whether the name of a function stands where it is defined, and at no other place."""
    name = function.name
    if name.startswith("__"):
        return False
    text = module.source.text
    if any(word in text for word in _REACHES) or len(re.findall(rf"\b{name}\b", text)) > 1:
        return False
    return not any(_named(name.encode(), module, tree))


def _is_left_behind(module: Module, tree: Tree) -> bool:
    """Whether a module that only defines things is imported by none."""
    name = module.name.rpartition(".")[2]
    if name.startswith("_") or name in _STARTED or "__main__" in module.source.text:
        return False
    if not all(map(_only_defines, module.tree.body)):
        return False
    if any(_is_handed_on(function) for function in module.functions):
        return False
    if any(_is_named(name.encode(), module, tree)):
        return False
    return not tree.has(_BY_NAME)


def _only_defines(stmt: ast.stmt) -> bool:
    """Whether running a statement of a module starts nothing."""
    if isinstance(stmt, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return True
    if isinstance(stmt, (ast.Import, ast.ImportFrom, ast.Assign, ast.AnnAssign, ast.Try, ast.If)):
        return True
    if isinstance(stmt, ast.Expr) and isinstance(stmt.value, ast.Call):
        return ast.unparse(stmt.value.func).rpartition(".")[2] in ("load_dotenv", "basicConfig")
    return isinstance(stmt, ast.Expr) and isinstance(stmt.value, ast.Constant)


def _named(name: bytes, module: Module, tree: Tree) -> Iterator[bool]:
    """Whether each file but the module itself uses a name; pages for people count too."""
    yield tree.used(module.path, name)
    for _, data in tree.beside() or ():
        yield name in data


def _is_named(name: bytes, module: Module, tree: Tree) -> Iterator[bool]:
    """The same of a module, which pages for people may list without using it."""
    yield tree.mentioned(module.path, name)
    for path, data in tree.beside() or ():
        if path.endswith((".md", ".rst", ".txt")):
            lines = (line for line in data.splitlines() if name in line)
            yield any(_RUN.search(line) for line in lines)
        else:
            yield name in data
