"""Where on the disk is what an expression names? Paths that begin at the place of a module.

Nothing is run: a path is known where it is written with ``__file__``, names that are bound once,
and the usual functions of ``pathlib`` and ``os.path``.
"""

from __future__ import annotations

import ast
import os
import warnings
from collections.abc import Callable
from typing import Final

#: Functions and methods that leave a path as it is.
_SAME: Final = frozenset(
    ("Path", "PurePath", "str", "fspath", "abspath", "realpath", "normpath", "resolve", "absolute")
) | {"as_posix"}
#: The same with several parts that they join.
_JOINS: Final = frozenset(("Path", "PurePath", "join", "joinpath"))
#: Names that lead to names that lead to names ... end somewhere.
_DEEPEST: Final = 12


class Paths:
    """Paths as the module at ``file`` writes them.

    ``bound`` gives the one expression that a name stands for, None where there are several or
    none; ``text`` the text of an expression that is a part of a path.
    """

    def __init__(
        self,
        file: str,
        bound: Callable[[str], ast.expr | None],
        text: Callable[[ast.expr], str | None],
    ) -> None:
        self.file = os.path.abspath(file)
        self._bound = bound
        self._text = text

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
            return self._path(bound, depth + 1) if bound is not None else self._text(node)
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
