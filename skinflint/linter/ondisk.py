"""Where on the disk is what an expression names, and how long is what lies there?

Nothing is run: a path is known where it is written with ``__file__``, names that are bound once,
and the usual functions of ``pathlib`` and ``os.path``.
"""

from __future__ import annotations

import ast
import os
import warnings
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from skinflint.catalog.models import load
from skinflint.linter.activation import Activation, Thunk
from skinflint.linter.module import FUNCTIONS
from skinflint.linter.values import Known

if TYPE_CHECKING:
    from skinflint.linter.evaluate import Evaluator

#: Functions and methods that leave a path as it is.
_SAME: Final = frozenset(
    ("Path", "PurePath", "str", "fspath", "abspath", "realpath", "normpath", "resolve", "absolute")
) | {"as_posix"}
#: The same with several parts that they join.
_JOINS: Final = frozenset(("Path", "PurePath", "join", "joinpath"))
#: Names that lead to names that lead to names ... end somewhere.
_DEEPEST: Final = 12
#: Bytes of a text that is read for its length.
_LONGEST: Final = 2_000_000


class Paths:
    """Paths as the module at ``file`` writes them.

    ``bound`` gives the one expression that a name stands for, None where there are several or
    none; ``text`` the text of an expression that is a part of a path; ``elsewhere`` the path that a
    name stands for that is bound in other code.
    """

    def __init__(
        self,
        file: str,
        bound: Callable[[str], ast.expr | None],
        text: Callable[[ast.expr], str | None],
        elsewhere: Callable[[str, int], str | None] = lambda name, depth: None,
    ) -> None:
        self.file = os.path.abspath(file)
        self._bound = bound
        self._text = text
        self._elsewhere = elsewhere

    def at(self, node: ast.expr, depth: int = 0) -> str | None:
        """The absolute path that an expression stands for, None if that can't be told."""
        found = self._path(node, depth)
        return os.path.normpath(found) if found is not None and os.path.isabs(found) else None

    def _path(self, node: ast.expr, depth: int) -> str | None:
        if depth > _DEEPEST:
            return None
        if isinstance(node, ast.Name):
            if node.id == "__file__":
                return self.file
            bound = self._bound(node.id)
            if bound is not None:
                return self._path(bound, depth + 1)
            return self._elsewhere(node.id, depth + 1) or self._text(node)
        if isinstance(node, ast.Attribute) and node.attr == "parent":
            return self._above(node.value, 1, depth)
        if isinstance(node, ast.Subscript):
            return self._among_parents(node, depth)
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
            return self._joined([node.left, node.right], depth)
        if isinstance(node, ast.Call):
            return self._called(node, depth)
        return self._text(node)

    def _called(self, node: ast.Call, depth: int) -> str | None:
        func = node.func
        name = func.attr if isinstance(func, ast.Attribute) else getattr(func, "id", "")
        if node.keywords:
            return None
        if name == "dirname" and len(node.args) == 1:
            return self._above(node.args[0], 1, depth)
        if name in _JOINS and node.args:
            own = [func.value] if name == "joinpath" and isinstance(func, ast.Attribute) else []
            return self._joined([*own, *node.args], depth)
        if name in _SAME and len(node.args) == 1:
            return self._path(node.args[0], depth + 1)
        if name in _SAME and not node.args and isinstance(func, ast.Attribute):
            return self._path(func.value, depth + 1)
        return None

    def _above(self, node: ast.expr, steps: int, depth: int) -> str | None:
        found = self.at(node, depth + 1)
        for _ in range(steps):
            found = os.path.dirname(found) if found is not None else None
        return found

    def _among_parents(self, node: ast.Subscript, depth: int) -> str | None:
        base, index = node.value, node.slice
        if not isinstance(base, ast.Attribute) or base.attr != "parents":
            return None
        if not isinstance(index, ast.Constant) or not isinstance(index.value, int):
            return None
        return self._above(base.value, index.value + 1, depth) if index.value >= 0 else None

    def _joined(self, parts: list[ast.expr], depth: int) -> str | None:
        found = [self._path(part, depth + 1) for part in parts]
        known = [part for part in found if part is not None]
        return os.path.join(*known) if len(known) == len(found) else None


class Files:
    """Texts of the project that its code reads, for an :class:`Evaluator`."""

    def __init__(self, evaluator: Evaluator) -> None:
        self.ev = evaluator
        self._sizes: dict[str, tuple[int, int, float] | None] = {}  # by path

    def size(self, node: ast.expr, act: Activation) -> tuple[int, int, float] | None:
        """How long the text is whose path ``node`` stands for.

        Characters without the white space around it and with it, tokens (``most_plain``).
        None where the path can't be told, where no text of the project lies there, and where the
        module that reads it also writes it.
        """
        path = self._at(node, act, 0)
        tree = self.ev.project.tree(act.module) if self.ev.project and path else None
        if path is None or tree is None or not tree.holds(path):
            return None
        if path not in self._sizes:
            self._sizes[path] = _measured(path)
        found = self._sizes[path]
        return None if found is None or self._is_written(path, act) else found

    def _at(self, node: ast.expr, act: Activation, depth: int) -> str | None:
        module = act.module

        def elsewhere(name: str, depth: int) -> str | None:
            return self._handed_in(name, act, depth)

        paths = Paths(
            module.path,
            lambda name: _bound_once(name, act),
            lambda part: self._text(part, act),
            elsewhere,
        )
        return paths.at(node, depth)

    def _text(self, node: ast.expr, act: Activation) -> str | None:
        value = self.ev.evaluate(node, act)
        return value.value if isinstance(value, Known) and isinstance(value.value, str) else None

    def _handed_in(self, name: str, act: Activation, depth: int) -> str | None:
        """The path that a caller hands in under a name, or that another module defines."""
        run: Activation | None = act
        while run is not None and not isinstance(run.node, ast.Module):
            if isinstance(run.node, FUNCTIONS) and name in run.module.parameter_names(run.node):
                given = (run.arguments or {}).get(name)
                if isinstance(given, Thunk):
                    return self._at(given.node, given.activation, depth)
                return None
            run = run.lexical
        stmt = act.module.imports_at_top.get(name)
        if not isinstance(stmt, ast.ImportFrom) or self.ev.project is None:
            return None
        found = self.ev.project.find(act.module, stmt.module or "", stmt.level)
        if found is None or isinstance(found, str):
            return None
        own = next(a.name for a in stmt.names if (a.asname or a.name) == name)
        return self._at(ast.Name(own, ast.Load()), self.ev.root_of(found), depth)

    def _is_written(self, path: str, act: Activation) -> bool:
        for call in act.module.calls:
            func = call.func
            if isinstance(func, ast.Attribute) and func.attr in ("write_text", "write_bytes"):
                target = func.value
            elif isinstance(func, ast.Name) and func.id == "open" and _opens_to_write(call):
                target = call.args[0]
            else:
                continue
            if self._at(target, self.ev.root_of(act.module), 0) == path:
                return True
        return False


def _bound_once(name: str, act: Activation) -> ast.expr | None:
    """What the one statement assigns that binds a name, in a function or around it."""
    run: Activation | None = act
    while run is not None and not isinstance(run.node, ast.Module):
        if name in run.module.locals_of(run.node):
            break
        run = run.lexical
    if run is None:
        return None
    module = run.module
    stores = [
        node
        for node in module.named(name)
        if isinstance(node, ast.Name)
        and isinstance(node.ctx, ast.Store)
        and module.scope(node) is run.node
    ]
    stmt = module.parents.get(stores[0]) if len(stores) == 1 else None
    if isinstance(stmt, ast.Assign) and stmt.targets == stores:
        return stmt.value
    return stmt.value if isinstance(stmt, ast.AnnAssign) else None


def _opens_to_write(call: ast.Call) -> bool:
    modes = [*call.args[1:2], *(k.value for k in call.keywords if k.arg == "mode")]
    return bool(call.args) and not all(
        isinstance(mode, ast.Constant) and set(str(mode.value)) <= set("rbt") for mode in modes
    )


def _measured(path: str) -> tuple[int, int, float] | None:
    try:
        if os.path.getsize(path) > _LONGEST:
            return None
        with open(path, encoding="utf-8") as file:
            text = file.read()
    except (OSError, ValueError):
        return None
    return len(text.strip()), len(text), load().most_plain(text)


def searched_also(text: bytes, file: str) -> tuple[str, ...]:
    """The directories that a file adds to ``sys.path`` as it is imported, as far as it says so."""
    if b"sys.path" not in text:
        return ()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ()
    bound: dict[str, list[ast.expr]] = {}
    added: list[ast.expr] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Name):
                    bound.setdefault(target.id, []).append(node.value)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            position = {"append": 0, "insert": 1}.get(node.func.attr, -1)
            if 0 <= position < len(node.args) and ast.unparse(node.func.value) == "sys.path":
                added.append(node.args[position])
    once = {name: values[0] for name, values in bound.items() if len(values) == 1}
    paths = Paths(file, once.get, _literal)
    found = [paths.at(each) for each in added]
    return tuple(dict.fromkeys(each for each in found if each is not None))


def _literal(node: ast.expr) -> str | None:
    known = isinstance(node, ast.Constant) and isinstance(node.value, str)
    return node.value if known else None  # type: ignore[attr-defined]
