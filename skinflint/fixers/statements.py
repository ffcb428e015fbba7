"""Whole statements: taking one out, putting lines behind one."""

from __future__ import annotations

import ast
import re

from skinflint.fixers.code import Code
from skinflint.fixers.declined import Declined
from skinflint.fixers.scope import pure
from skinflint.linter.findings import Edit


def suite_of(code: Code, statement: ast.stmt) -> list[ast.stmt]:
    """The statements that ``statement`` stands among, itself included."""
    parent = code.parents[statement]
    for _, value in ast.iter_fields(parent):
        if isinstance(value, list) and statement in value:
            return value
    raise Declined("the statement can't be found in its block")


def remove(code: Code, statement: ast.stmt) -> Edit:
    """The edit that takes a statement out, with the lines it stands on.

    A condition or loop that would be left empty goes too, if it does nothing else. Raises Declined.
    """
    if len(suite_of(code, statement)) == 1:
        parent = code.parents[statement]
        if isinstance(parent, ast.If) and not parent.orelse and pure(parent.test):
            chained = suite_of(code, parent) == [parent] and _is_elif(code, parent)
            if not chained:
                return remove(code, parent)
        if isinstance(parent, ast.For) and not parent.orelse and pure(parent.iter):
            return remove(code, parent)
        raise Declined("nothing would be left of the block it stands in")
    start, end = code.range(statement)
    rest = re.compile(r"[ \t]*(?:#[^\n]*)?(?:\n|$)").match(code.text, end)
    if not code.begins_line(start) or rest is None:
        raise Declined("another statement stands on its line")
    return code.edit(code.text.rfind("\n", 0, start) + 1, rest.end(), "")


def replace(code: Code, statement: ast.stmt, lines: list[str], indent: str) -> Edit:
    """The edit that puts ``lines`` in the place of a statement and its lines. Raises Declined."""
    gone = remove(code, statement)
    start, end = code.range_of(gone.span)
    return code.edit(start, end, "".join(f"{indent}{line}\n" for line in lines))


def _is_elif(code: Code, node: ast.If) -> bool:
    return code.text.startswith("elif", code.range(node)[0])


def add_behind(code: Code, statement: ast.stmt, lines: list[str]) -> Edit:
    """The edit that puts ``lines`` behind a statement, indented like it. Raises Declined."""
    start, end = code.range(statement)
    rest = re.compile(r"[ \t]*(?:#[^\n]*)?(?=\n|$)").match(code.text, end)
    if rest is None or not code.begins_line(start):
        raise Declined("another statement stands on its line")
    indent = code.indent_at(start)
    new = "".join(f"\n{indent}{line}" for line in lines)
    return code.edit(rest.end(), rest.end(), new)
