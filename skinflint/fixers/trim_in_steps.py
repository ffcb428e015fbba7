"""Cut a window of the newest items in large steps, so that its beginning stays for a while."""

from __future__ import annotations

import ast
import re

from skinflint.fixers import syntax
from skinflint.fixers.code import Code
from skinflint.fixers.declined import Declined
from skinflint.fixers.qualified import dotted
from skinflint.fixers.scope import is_builtin
from skinflint.linter.findings import Edit, TrimInSteps


def edits(op: TrimInSteps, code: Code) -> list[Edit]:
    """The edits that make it so. Raises Declined.

    Where the list itself is cut, it is cut only once it has twice the size. Where only what is sent
    is cut, its beginning moves on by a whole window at a time.
    """
    window = code.node(op.window, ast.Subscript, ast.Delete)
    if isinstance(window, ast.Delete):
        if len(window.targets) != 1 or not isinstance(window.targets[0], ast.Subscript):
            raise Declined("more than the oldest items is deleted")
        return _at_twice(code, window, *_oldest(code, window.targets[0]))
    if not isinstance(window, ast.Subscript):
        raise Declined("the oldest messages go in a way that can't be read as one slice")
    items, size = _newest(code, window)
    if not is_builtin(code, window, "len") or not is_builtin(code, window, "max"):
        raise Declined("`len` or `max` is not the built-in function here")
    parent = code.parents[window]
    if isinstance(parent, ast.Assign) and [_whole(t) for t in parent.targets] == [dotted(items)]:
        return _at_twice(code, parent, items, size)
    start, end = code.range(window.slice)
    listed, number = code.slice(items), code.slice(size)
    return [code.edit(start, end, f"max(len({listed}) // {number} - 1, 0) * {number} :")]


def _whole(target: ast.expr) -> list[str] | None:
    """The path of ``x`` or ``x[:]`` as a target."""
    if isinstance(target, ast.Subscript) and isinstance(target.slice, ast.Slice):
        part = target.slice
        if part.lower is None and part.upper is None and part.step is None:
            return dotted(target.value)
    return dotted(target)


def _newest(code: Code, window: ast.Subscript) -> tuple[ast.expr, ast.expr]:
    """``x`` and ``N`` of ``x[-N:]``."""
    part = window.slice
    if not isinstance(part, ast.Slice) or part.upper is not None or part.step is not None:
        raise Declined("the window is no plain slice of the newest items")
    return _path(window.value), _size(code, part.lower)


def _oldest(code: Code, window: ast.Subscript) -> tuple[ast.expr, ast.expr]:
    """``x`` and ``N`` of ``x[:-N]``."""
    part = window.slice
    if not isinstance(part, ast.Slice) or part.lower is not None or part.step is not None:
        raise Declined("the deletion is no plain slice of the oldest items")
    return _path(window.value), _size(code, part.upper)


def _path(items: ast.expr) -> ast.expr:
    if dotted(items) is None:
        raise Declined("the list is computed where it is cut")
    return items


def _size(code: Code, bound: ast.expr | None) -> ast.expr:
    if isinstance(bound, ast.UnaryOp) and isinstance(bound.op, ast.USub):
        size = bound.operand
        if isinstance(size, ast.Constant) and isinstance(size.value, int) and size.value > 0:
            return size
        path = dotted(size)
        if path is not None and path[-1].isupper():
            return size
    raise Declined("the size of the window is neither a number nor a constant")


def _twice(code: Code, size: ast.expr) -> str:
    if isinstance(size, ast.Constant) and isinstance(size.value, int):
        return str(2 * size.value)
    return f"2 * {code.slice(size)}"


def _at_twice(code: Code, statement: ast.stmt, items: ast.expr, size: ast.expr) -> list[Edit]:
    """Let the statement run only once there are twice as many items as it keeps."""
    parent = code.parents[statement]
    if isinstance(parent, ast.If) and _fills(code, parent, statement, items, size):
        assert isinstance(parent.test, ast.Compare)
        start, end = code.outer(parent.test.comparators[0])
        return [code.edit(start, end, _twice(code, size))]
    start, end = code.range(statement)
    rest = re.compile(r"[ \t]*(?:#[^\n]*)?(?=\n|$)").match(code.text, end)
    if not code.begins_line(start) or rest is None or "\n" in code.text[start:end]:
        raise Declined("another statement stands on its line")
    indent = code.indent_at(start)
    head = f"if len({code.slice(items)}) > {_twice(code, size)}:\n{indent}{code.indent_unit}"
    return [code.edit(start, start, head)]


def _fills(code: Code, guard: ast.If, statement: ast.stmt, items: ast.expr, size: ast.expr) -> bool:
    """Whether ``guard`` asks if the list is longer than its window, and only cuts it then."""
    test = guard.test
    if guard.body != [statement] or guard.orelse or not isinstance(test, ast.Compare):
        return False
    if len(test.ops) != 1 or not isinstance(test.ops[0], ast.Gt | ast.GtE):
        return False
    return ast.dump(test.left) == ast.dump(
        syntax.expression(f"len({code.slice(items)})")
    ) and ast.dump(test.comparators[0]) == ast.dump(size)
