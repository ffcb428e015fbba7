"""Await two calls at once instead of one after the other."""

from __future__ import annotations

import ast
import sys

from skinflint.fixers.code import WIDTH, Code
from skinflint.fixers.declined import Declined
from skinflint.linter.findings import Edit, GatherAwaits


def edits(op: GatherAwaits, code: Code) -> list[Edit]:
    """The edits that gather both. Raises Declined."""
    first, second = (code.node(span, ast.Assign) for span in (op.first, op.second))
    if first is None or second is None:
        raise Declined("the two statements are no longer there")
    start, end = code.range(first)[0], code.range(second)[1]
    if not code.begins_line(start) or code.text[end : end + 1] not in ("\n", ""):
        raise Declined("another statement or a comment stands on their lines")
    between = code.text[code.range(first)[1] : code.range(second)[0]]
    if between.strip():
        raise Declined("it would lose a comment")
    names, calls = [], []
    for statement in (first, second):
        if not isinstance(statement.value, ast.Await):
            raise Declined("one of them awaits nothing any more")
        names.append(code.slice(statement.targets[0]))
        calls.append(code.slice(statement.value.value))
    found = [*_import(code)]
    indent = code.indent_at(start)
    one_line = f"{', '.join(names)} = await asyncio.gather({', '.join(calls)})"
    if "\n" in one_line or len(indent) + len(one_line) > WIDTH:
        unit = code.indent_unit
        listed = "".join(f"\n{indent}{unit}{_moved(call, unit)}," for call in calls)
        one_line = f"{', '.join(names)} = await asyncio.gather({listed}\n{indent})"
    return [*found, code.edit(start, end, one_line)]


def _moved(call: str, unit: str) -> str:
    """A call written one level further in."""
    if '"""' in call or "'''" in call or "\\\n" in call:
        raise Declined("a text over several lines stands in one of the calls")
    return call.replace("\n", f"\n{unit}")


def _import(code: Code) -> list[Edit]:
    """The edit that imports asyncio, where the file doesn't."""
    for node in code.tree.body:
        if isinstance(node, ast.Import):
            if any(alias.name == "asyncio" and alias.asname is None for alias in node.names):
                return []
    if "asyncio" in code.names:
        raise Declined("`asyncio` means something else in this file")
    for node in code.tree.body:
        if isinstance(node, ast.ImportFrom) and node.module == "__future__":
            continue
        if isinstance(node, ast.Import | ast.ImportFrom):
            start = code.range(node)[0]
            name = node.names[0].name if isinstance(node, ast.Import) else node.module or ""
            own = name.partition(".")[0] in sys.stdlib_module_names
            return [code.edit(start, start, "import asyncio\n" if own else "import asyncio\n\n")]
    raise Declined("there is no place for `import asyncio` among imports")
