"""The modules under analysis, and the requests each of them sends.

A module is parsed when it is checked itself or when a value leads to it. What its requests are made
of is worked out anew for each file that is checked, so that no result hangs on what was looked at
before; the parsed modules are shared.
"""

from __future__ import annotations

import ast
import gc
import os
import sys
import warnings
from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import TYPE_CHECKING

from skinflint.catalog import sources as source_facts
from skinflint.catalog import surfaces as surface_facts
from skinflint.linter import surfaces
from skinflint.linter.activation import let_go
from skinflint.linter.callers import Callers
from skinflint.linter.evaluate import Evaluator
from skinflint.linter.module import Module, dotted
from skinflint.linter.quoted import LISTED, Quoted
from skinflint.linter.request import PairKind, Request
from skinflint.linter.shapes import MOST_USERS, STACK
from skinflint.linter.source import SourceError, SourceFile, read, read_bytes
from skinflint.linter.surfaces import anthropic
from skinflint.linter.tree import Tree, root_of
from skinflint.records import replace

if TYPE_CHECKING:
    from skinflint.catalog.versions import Versions
    from skinflint.linter.config import Settings
    from skinflint.linter.sdk import Pins


#: Characters of text whose trees are kept; a tree takes about a hundred times the memory.
_KEPT = 1_750_000
#: Evaluations between two collections of what they left in circles: next to nothing.
_COLLECTED = 3_000_000
#: Characters of the modules that are looked through for callers, for the requests of one file.
_USED = 2_400_000


#: What a pair of users becomes where there is only one.
_ONE_USER = ("from one user of ", "from one conversation with ")


class ParseError(Exception):
    """A module that is not valid Python. ``line`` is 1-based, None when unknown."""

    def __init__(self, message: str, line: int | None) -> None:
        super().__init__(message)
        self.message = message
        self.line = line


class Project:
    """Modules by path, parsed when somebody asks. ``overlay`` replaces the text of some paths.

    The project of a file is the directory tree around it (see ``tree.root_of``); a file that is not
    on disk stands for itself alone. ``lasting``: the requests of one file can still be asked when
    the next one was looked at, which takes memory.
    """

    def __init__(
        self,
        settings: Settings,
        overlay: Mapping[str, str] | None = None,
        *,
        lasting: bool = False,
    ) -> None:
        self.settings = settings
        self.lasting = lasting
        self.overlay = dict(overlay or {})
        self._sources = source_facts.load(settings.catalog.get("sources"))
        own = settings.surfaces
        self._surfaces = surface_facts.load().with_clients(own.clients if own else ())
        self._functions = own.functions if own else ()
        self._pins: Pins | None = None
        self._modules: dict[str, Module | None] = {}  # by absolute path, least recently used first
        self._asked: set[str] = set()  # those of them that the file looked at last asked for
        self._trees: dict[str, Tree] = {}
        self._tree_asked: Tree | None = None  # last
        self._roots: dict[str, str] = {}
        self._read_through: dict[str, list[str]] = {}  # by root: the files that are no tests
        self._said: dict[tuple[str, tuple[str, ...]], bool] = {}  # by root and words
        self._quoted: dict[str, Quoted] = {}  # by root
        self._steps = 0
        self._used: set[str] = set()  # modules looked through for callers
        self._used_size = 0  # characters of them
        self._last: Evaluator | None = None  # of the file looked at last
        self._absolute = False  # whether files are shown by their absolute paths
        #: The files that the requests of the file looked at last may be made of, as shown.
        self.reached: frozenset[str] = frozenset()

    def module(self, source: SourceFile) -> Module:
        """The parsed module of a source. Raises ParseError."""
        text = self.overlay.get(source.path)
        if text is not None and text != source.text:
            source = source.replace_text(text)
        self._absolute = os.path.isabs(source.path)
        path = os.path.abspath(source.path)
        known = self._modules.get(path)
        if known is not None and known.source.text == source.text and known.path == source.path:
            return known
        try:
            module = Module(source, module_name(source.path))
        except SyntaxError as error:
            raise ParseError(error.msg or "invalid syntax", error.lineno) from None
        except ValueError as error:
            raise ParseError(str(error), None) from None
        self._modules[path] = module
        return module

    def requests(self, source: SourceFile) -> tuple[Request, ...]:
        """The requests that a file sends, in order of lines. Raises ParseError."""
        self._forget(len(source.text))
        module = self.module(source)
        evaluator = Evaluator(
            module, self._sources, self._surfaces, self.settings.assume.stable, self
        )
        self._last = evaluator
        callers = Callers(evaluator)
        limit = sys.getrecursionlimit()
        sys.setrecursionlimit(max(limit, STACK))
        try:
            test = is_test(source.path) and not _only_named_so(module)

            def pinned() -> Versions | None:
                return self._pinned(source.path)

            found = list(anthropic.requests(module, evaluator, callers, test, pinned))
            own = len(found)
            for name in surfaces.said(module.source.text.encode("utf-8", "ignore")):
                other = import_module(f"{surfaces.__name__}.{name}")
                found += other.requests(module, evaluator, callers, test, pinned)
            if self._functions:
                from skinflint.linter.surfaces import configured

                found += configured.requests(
                    module, evaluator, callers, test, pinned, self._functions
                )
            if len(found) > own:
                found.sort(key=lambda request: request.site.span)
            if any(request.breakpoints for request in found):
                from skinflint.linter.company import acquainted, related

                found = acquainted(found)
            if self.settings.assume.single_user:
                found = [_of_one_user(request) for request in found]
            if any(request.breakpoints for request in found):
                found = related(found)
            return tuple(found)
        finally:
            sys.setrecursionlimit(limit)
            self.reached = frozenset(evaluator.reached)
            self._steps += evaluator.all_steps

    def _pinned(self, path: str) -> Versions | None:
        """The SDK versions that may send the requests of a file; None where nothing says so."""
        if self._pins is None:
            from skinflint.linter.sdk import Pins

            self._pins = Pins(self.settings)
        version = self._pins.pinned_for(path)
        return version.allows if version is not None else None

    # -- other modules ------------------------------------------------------------------------

    def find(self, module: Module, name: str, level: int) -> Module | str | None:
        """What ``module`` gets when it imports ``name`` behind ``level`` dots.

        A module of the project; the path of a directory for a package without ``__init__.py``;
        None for what isn't here or can't be parsed.
        """
        tree = self._tree(module)
        if tree is None or self._surfaces.is_library(name.partition(".")[0]):
            return None
        return self._target(tree.find(os.path.abspath(module.path), name, level))

    def outermost(self, module: Module, name: str) -> str | None:
        """The directory of the first package in the dotted ``name`` that ``module`` imports."""
        tree = self._tree(module)
        path = tree.find(os.path.abspath(module.path), name, 0) if tree is not None else None
        if path is None or self._surfaces.is_library(name.partition(".")[0]):
            return None
        path = path.rstrip(os.sep).removesuffix(f"{os.sep}__init__.py")
        for _ in range(name.count(".")):
            path = os.path.dirname(path)
        return path + os.sep

    def below(self, directory: str, name: str) -> Module | str | None:
        """The module or package ``name`` in the package whose files stand in ``directory``."""
        stem = os.path.join(directory, name)
        for candidate in (os.path.join(stem, "__init__.py"), f"{stem}.py"):
            if os.path.isfile(candidate):
                return self._target(candidate)
        return stem + os.sep if os.path.isdir(stem) else None

    def users(
        self, module: Module, names: tuple[str, ...], called: str, deep: bool
    ) -> list[Module]:
        """The modules (no tests) that may use ``called`` of ``module``, the nearest first.

        ``names`` are those under which it is imported; ``deep``: objects may be handed on.
        """
        tree = self._tree(module)
        if tree is None:
            return []
        found: list[Module] = []
        for path in tree.users(os.path.abspath(module.path), names, called, deep):
            if len(found) >= MOST_USERS or self._used_size > _USED:
                break
            if is_test(os.path.relpath(path, tree.root)):
                continue
            other = self._target(path)
            if isinstance(other, Module):
                if path not in self._used:  # what was parsed once is there for who asks again
                    self._used.add(path)
                    self._used_size += len(other.source.text)
                found.append(other)
        return found

    def every_user(self, module: Module, name: str) -> list[Module] | None:
        """All modules (no tests) that may use a name of ``module``; None if they are too many."""
        tree = self._tree(module)
        if tree is None:
            return None
        found: list[Module] = []
        for path in tree.users(os.path.abspath(module.path), (name,), name, False):
            if is_test(os.path.relpath(path, tree.root)):
                continue
            other = self._target(path)
            if isinstance(other, Module):
                found.append(other)
            if len(found) >= MOST_USERS:
                return None
        return found

    def tree(self, module: Module) -> Tree | None:
        """The files of the project of a module; None where it is not on disk."""
        return self._tree(module)

    def says(self, module: Module, words: tuple[str, ...]) -> bool:
        """Whether some file of the project (no test) has one of the words in it."""
        tree = self._tree(module)
        if tree is None:
            return any(word in module.source.text for word in words)
        found = self._said.get((tree.root, words))
        if found is None:
            needles = [word.encode() for word in words]
            found = any(_has(path, needles) for path in self._no_tests(tree))
            self._said[tree.root, words] = found
        return found

    def is_named(self, module: Module) -> bool:
        """Whether another Python file (no test) that starts programs names the file of a module.

        A file that starts none tells somebody what to run next.
        """
        tree = self._tree(module)
        own = os.path.abspath(module.path)
        return tree is not None and self._texts(tree).starts(own, os.path.basename(own))

    def quotes(self, module: Module, name: str) -> bool:
        """Whether some text of the project (no test) ends in ``name`` behind a dot."""
        tree = self._tree(module)
        if tree is None:
            text = module.source.text
            return f'.{name}"' in text or f".{name}'" in text
        return self._texts(tree).ends(name)

    def _texts(self, tree: Tree) -> Quoted:
        found = self._quoted.get(tree.root)
        if found is None:
            found = self._quoted[tree.root] = Quoted(tree, self._no_tests(tree))
        return found

    def at(self, path: str) -> Module | None:
        """The module of the file at ``path``, absolute; None where it can't be parsed."""
        found = self._target(path)
        return found if isinstance(found, Module) else None

    def no_tests(self, module: Module) -> list[str]:
        """The files of the project of a module that are no tests."""
        tree = self._tree(module)
        return self._no_tests(tree) if tree is not None else []

    def _no_tests(self, tree: Tree) -> list[str]:
        """The files of a project that are no tests."""
        found = self._read_through.get(tree.root)
        if found is None:
            found = [p for p in tree.files() if not is_test(os.path.relpath(p, tree.root))]
            self._read_through[tree.root] = found
        return found

    def _target(self, path: str | None) -> Module | str | None:
        if path is None or path.endswith(os.sep):
            return path
        self._asked.add(path)
        if path in self._modules:
            module = self._modules[path] = self._modules.pop(path)
            return module
        shown = path if self._absolute else os.path.relpath(path)
        shown = shown.replace(os.sep, "/")
        module = None
        try:
            source = read(shown)
            text = self.overlay.get(shown)
            if text is not None:
                source = source.replace_text(text)
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                module = Module(source, module_name(shown))
        except (SourceError, SyntaxError, ValueError, RecursionError, MemoryError):
            pass  # it is no problem of the file that is checked; its own check tells it
        self._modules[path] = module
        return module

    def _tree(self, module: Module) -> Tree | None:
        path = os.path.abspath(module.path)
        directory = os.path.dirname(path)
        root = self._roots.get(directory)
        if root is None:
            if not os.path.isfile(path):
                return None
            root = self._roots[directory] = root_of(path)
        tree = self._trees.get(root)
        if tree is None:
            tree = self._trees[root] = Tree(root, lambda: self._listed(root))
        if tree is not self._tree_asked:
            if self._tree_asked is not None:
                self._tree_asked.let_go()
            self._tree_asked = tree
        return tree

    def _listed(self, root: str) -> Iterator[str]:
        from skinflint.linter.discover import discover

        for path in discover((root,), self.settings).files:
            yield os.path.abspath(path)

    def _forget(self, coming: int) -> None:
        """Let go of trees that were not used for longest, and of what was made of them.

        There has to be room for a module of so many characters that is ``coming``.

        Values lead to the runs they were made in, and those to their values: such circles are cut
        here. A circle that isn't would keep the trees of its modules until the collector finds it.
        """
        self._used.clear()
        self._used_size = 0
        modules = self._modules
        size = sum([len(module.source.text) for module in modules.values() if module])
        most = max(_KEPT - coming, 0)
        if size > most:
            # The files of a project mostly ask for the same modules in the same order: more than
            # are kept. Of those the first ones asked for are asked for again.
            asked = self._asked
            order = [path for path in modules if path not in asked]
            order += [path for path in reversed(modules) if path in asked]
            for path in order:
                module = modules.pop(path)
                size -= len(module.source.text) if module else 0
                if size <= most:
                    break
        self._asked = set()
        let_go()
        if self._last is not None:
            if not self.lasting:
                self._last.close()
            self._last = None
        if self._steps > _COLLECTED:
            self._steps = 0
            gc.collect()
            if gc.get_freeze_count() and not self.lasting:
                gc.freeze()  # as the command did: the trees that are left need no second look


def _has(path: str, needles: list[bytes]) -> bool:
    try:
        data = read_bytes(path)
    except SourceError:
        return True  # it may be there
    if not any(needle in data for needle in needles):
        return False
    used = LISTED.sub(b"", data)
    return any(needle in used for needle in needles)


def _of_one_user(request: Request) -> Request:
    """The request where all calls come from the same person.

    The next caller of a handler is that person again, in another conversation.
    """
    pairs = (
        replace(pair, kind=PairKind.CONVERSATION, label=pair.label.replace(*_ONE_USER, 1))
        if pair.kind is PairKind.USER
        else pair
        for pair in request.pairs
    )
    return replace(request, pairs=tuple(pairs))


def module_name(path: str) -> str:
    """The dotted name of the module at a path, relative to where skinflint runs.

    That of a notebook ends in ``.ipynb``, as nothing can import it.
    """
    stem = path.removesuffix(".py").replace(os.sep, "/").strip("/")
    return stem.removesuffix("/__init__").replace("/", ".").lstrip(".")


def _only_named_so(module: Module) -> bool:
    """Whether a test by its name is none: nothing in it can be collected, and it runs nothing.

    ``test_parser.py`` may be what parses the output of tests, and ``tests/agent.py`` a program that
    somebody talks with.
    """
    place, _, name = module.path.replace(os.sep, "/").rpartition("/")
    if name == "conftest.py":
        return False
    if any(each.name.lower().startswith("test") for each in module.functions):
        return False
    if any("test" in each.lower() for each in module.classes):
        return False
    if is_test(f"{place}/"):
        return not is_test(name) and _talks(module)
    return all(map(_only_defines, module.tree.body))


def _talks(module: Module) -> bool:
    """Whether a module is started by somebody who then answers it, one time after the other."""
    return "__main__" in module.source.text and any(
        isinstance(loop, ast.While)
        for call in module.calls_named.get("input", ())
        if isinstance(call.func, ast.Name)
        for loop in module.loops(call, module.scope(call))
    )


def _only_defines(stmt: ast.stmt) -> bool:
    """Whether a statement of a module does nothing: it defines, imports or names something."""
    if isinstance(stmt, (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.AsyncFunctionDef)):
        return True
    if isinstance(stmt, ast.Expr):
        return isinstance(stmt.value, ast.Constant)
    if isinstance(stmt, (ast.Assign, ast.AnnAssign)) and stmt.value is not None:
        calls = (node for node in ast.walk(stmt.value) if isinstance(node, ast.Call))
        names = (dotted(call.func) or "" for call in calls)
        return all(name.rpartition(".")[2][:1].isupper() for name in names)
    return isinstance(stmt, (ast.ClassDef, ast.AnnAssign))


def is_test(path: str) -> bool:
    """Whether a file is a test: ``test_*.py``, ``*_test.py``, ``conftest.py``, below ``tests/``."""
    parts = path.replace(os.sep, "/").split("/")
    name = parts[-1]
    return (
        name.startswith("test_")
        or name.endswith("_test.py")
        or name == "conftest.py"
        or any(part in ("tests", "test") for part in parts[:-1])
    )
