"""Modules that can't be imported. What stands in them is never run.

``from app.memory import Memory`` raises an ImportError where ``app/memory.py`` defines no
``Memory``, a ModuleNotFoundError where the package ``app`` has no module of that name, and
``KEY = os.environ["KEY"]`` a NameError where nothing imports ``os``. So does the import of a module
that fails so.
"""

from __future__ import annotations

import ast
import contextlib
import os
import re
import sys
from collections.abc import Iterator
from typing import NamedTuple

from skinflint.linter.module import COMPREHENSIONS, FUNCTIONS, Module, children
from skinflint.linter.patterns import Patterns
from skinflint.linter.project import Project
from skinflint.linter.source import SourceError, from_bytes, read_bytes
from skinflint.linter.tree import PAGES, Tree

#: Ways in which a module gets names that are not written out in it.
_MADE_UP = (
    *("globals()", "locals()", "vars()", "sys.modules", "exec(", "__getattr__", "__path__"),
    "declare_namespace",
)
#: Modules that are looked into.
_MOST = 80
#: Modules that are made when a program is built or deployed.
_MADE = re.compile(r"_pb2|proto|version|generated|secret|local|private|credential", re.IGNORECASE)
#: Files that say what a project needs, and the words of what they say.
_NEEDS = re.compile(
    r"requirements|^(?:pyproject\.toml|Pipfile|setup\.cfg|setup\.py|environment\.ya?ml)$"
)
_NEED = re.compile(rb"[A-Za-z0-9]+")
#: Marks of the cells of a file that an editor sends to a console one by one.
_CELLS = re.compile(
    r"^# ?(?:%%|In\[|\+(?:\s|$)|Databricks notebook|COMMAND -+|jupytext:|  ?jupytext:)",
    re.MULTILINE,
)
#: What lies beside the packages of a program, in the directory that it is started in.
_BESIDE = ("requirements.txt", "pyproject.toml", "setup.py", "Dockerfile", "manage.py", "Procfile")


def _is_of_a_console(tree: ast.Module) -> bool:
    """Whether a module awaits something outside of functions: only a console takes that."""
    stack: list[ast.AST] = [tree]
    while stack:
        node = stack.pop()
        if isinstance(node, (ast.Await, ast.AsyncFor, ast.AsyncWith)):
            return True
        if not isinstance(node, (*FUNCTIONS, ast.Lambda)):
            stack += children(node)
    return False


def is_broken(module: Module, project: Project | None) -> bool:
    """Whether the import of a module surely fails."""
    if project is None or module.source.notebook is not None:
        return False
    tree = project.tree(module)
    if tree is None:
        return False
    return fails(os.path.abspath(module.path), tree)


def fails(path: str, tree: Tree) -> bool:
    """Whether importing the file at ``path``, absolute, surely fails."""
    found = tree.broken.get(path)
    if found is None:  # each request of it asks
        found = tree.broken[path] = _Run(tree).fails(path)
    return found


class Top:
    """What a file does when it is imported: what it imports, and the names it has then."""

    def __init__(self, text: str) -> None:
        tree = ast.parse(text)
        body = tree.body
        self.names = frozenset(name for stmt in body for name in _bound(stmt))
        self.outside = frozenset[str]()
        if "global " in text or "nonlocal " in text:
            declared = (e for e in ast.walk(tree) if isinstance(e, (ast.Global, ast.Nonlocal)))
            self.outside = frozenset(name for each in declared for name in each.names)
        self.open = "*" in self.names or any(way in text for way in _MADE_UP)
        self.imports = tuple(each for stmt in body for each in _imports(stmt))
        self.fails = any(_lacks_a_name(stmt, self) for stmt in body) or (
            _is_of_a_console(tree) and not _CELLS.search(text)
        )

    def may_have(self, name: str) -> bool:
        """Whether the module may have a name that is not written out at its top."""
        return self.open or name in self.outside or name.startswith("__")


class _Import(NamedTuple):
    """What is imported: dots in front, the module, the names that are taken from it."""

    level: int
    module: str
    names: tuple[str, ...]


class _Run:
    """One run of the statements of modules, as far as they import others of the project."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._left = _MOST
        self._seen: set[str] = set()

    def fails(self, path: str) -> bool:
        """Whether a statement at the top of a file raises, or one of a file it imports."""
        self._seen.add(path)
        top = _top(path, self._tree)
        if top is None:
            return False
        if top.fails and not self._tree.is_imported(b"builtins"):
            return True
        if _is_out_of_reach(path, top, self._tree):
            return True
        return any(self._import_fails(each, path) for each in top.imports)

    def _import_fails(self, what: _Import, path: str) -> bool:
        found = self._tree.find(path, what.module, what.level)
        if found is None:
            return _is_missing(what, path, self._tree)
        if found.endswith(os.sep) or not _is_meant(what, path, found, self._tree):
            return False
        base = _base_of(found, what.module)
        for each in (*reversed([*self._tree.packages(found, base)]), found):
            if each not in self._seen:
                if self._left <= 0:
                    return False
                self._left -= 1
                if self.fails(each):
                    return True
        return not all(self._has(found, each) for each in what.names)

    def _has(self, path: str, name: str) -> bool:
        """Whether a module has a name, or may have it."""
        top = _top(path, self._tree)
        if top is None or top.may_have(name) or name in top.names:
            return True
        word = name.encode()
        set_outside = re.compile(rb"\.%b\s*=[^=]|\bsetattr\(" % re.escape(word))
        if any(
            set_outside.search(self._tree.data(each) or b"") for each in self._tree.naming(word)
        ):
            return True
        return _may_come(os.path.dirname(path), name, self._tree)


def _is_out_of_reach(path: str, top: Top, tree: Tree) -> bool:
    """Whether a file of a package, as it was installed, can't be imported from where it lies.

    No import leads into ``desk-pkg/``, and ``from .post import write`` fails beside the packages.
    """
    *places, _ = os.path.relpath(path, tree.root).split(os.sep)
    if not tree.is_installed() or os.path.lexists(os.path.join(tree.root, ".git")):
        return False  # a repository may hold what it needs, and be run from anywhere
    if not places:
        return any(each.level for each in top.imports)
    return not all(map(str.isidentifier, places)) and not places[0].endswith(".data")


def _top(path: str, tree: Tree) -> Top | None:
    if path not in tree.tops:
        try:
            tree.tops[path] = Top(from_bytes(path, read_bytes(path)).text)
        except (SourceError, SyntaxError, ValueError, RecursionError, MemoryError):
            tree.tops[path] = None  # what can't be read is told where it is checked
    return tree.tops[path]


def _imports(stmt: ast.stmt) -> Iterator[_Import]:
    if isinstance(stmt, ast.ImportFrom):
        names = tuple(alias.name for alias in stmt.names if alias.name != "*")
        yield _Import(stmt.level, stmt.module or "", names)
    elif isinstance(stmt, ast.Import):
        yield from (_Import(0, alias.name, ()) for alias in stmt.names)


def _bound(stmt: ast.stmt) -> Iterator[str]:
    """The names that a statement binds where it stands, or some more."""
    stack: list[ast.AST] = [stmt]
    while stack:
        node = stack.pop()
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            for alias in node.names:
                yield alias.asname or alias.name.partition(".")[0]
        elif isinstance(node, (*FUNCTIONS, ast.ClassDef)):
            yield node.name
            continue
        elif isinstance(node, ast.Name):
            if isinstance(node.ctx, ast.Store):
                yield node.id
        elif isinstance(node, (ast.ExceptHandler, ast.MatchAs, ast.MatchStar)) and node.name:
            yield node.name
        elif isinstance(node, ast.MatchMapping) and node.rest:
            yield node.rest
        if not isinstance(node, ast.Lambda):
            stack.extend(children(node))


def _lacks_a_name(stmt: ast.stmt, top: Top) -> bool:
    """Whether a statement that runs with the module reads a module that nothing imports.

    One of the standard library: other names may be there wherever the code is run, as in a shell.
    """
    if not isinstance(stmt, (ast.Assign, ast.AnnAssign, ast.Expr)) or stmt.value is None:
        return False
    return any(
        node.id in sys.stdlib_module_names
        and node.id not in top.names
        and not top.may_have(node.id)
        for node in _read_at_once(stmt.value)
    )


def _read_at_once(value: ast.expr) -> Iterator[ast.Name]:
    """The names that an expression reads when it is evaluated, and doesn't bind."""
    stack: list[ast.AST] = [value]
    while stack:
        node = stack.pop()
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            yield node
        if not isinstance(node, (ast.Lambda, *COMPREHENSIONS)):
            stack.extend(children(node))


def _is_meant(what: _Import, path: str, found: str, tree: Tree) -> bool:
    """Whether an import in the file at ``path`` says where the module stands.

    One name alone may be of others, but for what lies beside it in a directory of programs: there
    it is looked for first, unless there are more modules of that name.
    """
    if what.level:
        return True
    if _is_required(what.module, tree):
        return False
    if "." in what.module:
        return _is_on_the_path(_base_of(found, what.module), tree)
    own = os.path.dirname(path)
    if path == found or own != os.path.dirname(found):
        return False
    if own != tree.root and tree.is_imported(os.fsencode(os.path.basename(own))):
        return False  # it is a package, and others start the program
    others = [each for each in tree.called(what.module) if each.endswith(f"{what.module}.py")]
    return not os.path.isfile(os.path.join(own, "__init__.py")) and len(others) == 1


def _base_of(found: str, module: str) -> str:
    """The directory in which the first package of a dotted name lies."""
    base = os.path.dirname(found)
    for _ in range(module.count(".") + (os.path.basename(found) == "__init__.py")):
        base = os.path.dirname(base)
    return base


def _is_on_the_path(base: str, tree: Tree) -> bool:
    """Whether Python surely looks for packages in a directory: programs are started there."""
    if os.path.isfile(os.path.join(base, "__init__.py")):
        return False
    if base in (tree.root, os.path.join(tree.root, "src")):
        return True
    return any(os.path.isfile(os.path.join(base, each)) for each in _BESIDE)


def _is_missing(what: _Import, path: str, tree: Tree) -> bool:
    """Whether an import asks for a module that a package of the project hasn't."""
    parts = what.module.split(".") if what.module else []
    package = os.path.dirname(path)
    if what.level:
        for _ in range(what.level - 1):
            package = os.path.dirname(package)
    elif len(parts) > 1 and not _is_required(what.module, tree):
        first = parts.pop(0)
        found = tree.find(path, first, 0) or ""
        package = os.path.dirname(found)
        if found == os.path.join(os.path.dirname(path), f"{first}.py"):
            return _is_no_package(first, found, path, tree)
        if not found.endswith(os.path.join(os.sep, first, "__init__.py")):
            return False  # another module is called like a package of others
        if not _is_on_the_path(os.path.dirname(package), tree):
            return False
    else:
        return False
    if not (package + os.sep).startswith(tree.root + os.sep):
        return False
    if not os.path.isfile(os.path.join(package, "__init__.py")):
        return False  # a directory may merely be called like a package of others
    while parts:
        top = _top(os.path.join(package, "__init__.py"), tree)
        if top is not None and top.open:
            return False
        if not os.path.isdir(os.path.join(package, parts[0])):
            return not _may_come(package, os.sep.join(parts), tree)
        package = os.path.join(package, parts.pop(0))
    return False


def _is_no_package(name: str, found: str, path: str, tree: Tree) -> bool:
    """Whether an import asks for a module of what is one itself: ``config.settings``.

    The file beside a program comes first, unless somebody puts another place in front of it. That
    is so in the directory that a project is started in, whichever way it is started.
    """
    if os.path.dirname(path) != tree.root:
        return False
    text = tree.data(path) or b""
    return tree.called(name) == [found] and b"__main__" in text and b"sys.path.insert" not in text


def _may_come(package: str, name: str, tree: Tree) -> bool:
    """Whether a package has a module, or may have it in the end.

    Some are made when the program is built, or kept out of the repository, or written in another
    language; some are those of another program beside it.
    """
    first = name.partition(os.sep)[0]
    try:
        if any(each.partition(".")[0] == first for each in os.listdir(package)):
            return True
    except OSError:
        return True
    if _MADE.search(name) or os.path.exists(os.path.join(tree.root, ".gitmodules")):
        return True
    if any(each.endswith(f"{os.sep}{name}.py") for each in tree.files()):
        return True
    beside, word = tree.beside(), first.encode()
    if beside is None or any(word in data for path, data in beside if not path.endswith(PAGES)):
        return True
    if any(os.path.basename(path) == "CMakeLists.txt" and word in data for path, data in beside):
        return True
    place = re.escape(os.fsencode(os.path.basename(package)))
    made = re.compile(rb"[\"'](?:[^\"'\n]*[./\\])?%b[./\\]%b\b" % (place, re.escape(word)))
    if any(made.search(tree.data(each) or b"") for each in tree.naming(word)):
        return True
    return any(_keep_out(os.path.join(package, first), tree.root))


def _keep_out(stem: str, root: str) -> Iterator[bool]:
    """Whether each file that keeps something out of the repository keeps out a module."""
    directory = os.path.dirname(stem)
    while (directory + os.sep).startswith(root + os.sep):
        with contextlib.suppress(SourceError):
            patterns = Patterns.of(read_bytes(os.path.join(directory, ".gitignore")))
            inside = os.path.relpath(stem, directory).replace(os.sep, "/")
            yield patterns.covers(f"{inside}.py") or patterns.covers(f"{inside}/x.py")
        directory = os.path.dirname(directory)


def _is_required(module: str, tree: Tree) -> bool:
    """Whether the first name of a module is a word of what the project says it needs.

    A package of others may go by that name.
    """
    if tree.required is None:
        beside = tree.beside()
        if beside is None:
            return True
        setup = os.path.join(tree.root, "setup.py")
        tree.required = frozenset(
            word.lower()
            for path, data in [*beside, (setup, tree.data(setup) or b"")]
            if _NEEDS.search(os.path.basename(path)) or "requirements" in os.path.dirname(path)
            for word in _NEED.findall(data.replace(b"\0", b""))
        )
    first = module.partition(".")[0].lower().encode()
    return any(word in tree.required for word in (first, *first.split(b"_")))
