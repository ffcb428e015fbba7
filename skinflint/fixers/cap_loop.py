"""Give a loop that only its body ends a number of rounds, and an error when they are used up."""

from __future__ import annotations

import ast
import re

from skinflint.fixers.code import Code
from skinflint.fixers.declined import Declined
from skinflint.fixers.scope import fresh_name
from skinflint.linter.findings import CapLoop, Edit

#: What turns a comparison into its opposite.
_OPPOSITES = {"==": "!=", "!=": "==", "is": "is not", "is not": "is", "in": "not in"}
_WRITTEN: dict[type[ast.cmpop], str] = {
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Is: "is",
    ast.IsNot: "is not",
    ast.In: "in",
}


def edits(op: CapLoop, code: Code, taken: set[str]) -> list[Edit]:
    """The edits that cap the loop. Raises Declined.

    ``while True:`` becomes ``for _ in range(n):``; a condition becomes a ``break`` at the top of
    the body. Up to the cap both do the same: ``break`` and ``continue`` mean what they meant.
    """
    loop = code.node(op.loop, ast.While, ast.For, ast.AsyncFor)
    if loop is None:
        raise Declined("there is no loop any more where it was")
    if not isinstance(loop, ast.While):
        raise Declined("the loop counts its rounds itself; give its count an end")
    if loop.orelse:
        raise Declined("the loop has an `else` clause of its own")
    if isinstance(code.scope(loop), ast.ClassDef):
        raise Declined("the loop stands in the body of a class")
    start = code.range(loop)[0]
    first = code.range(loop.body[0])[0]
    if not code.begins_line(start) or not code.begins_line(first):
        raise Declined("the head of the loop and its body stand on one line")
    indent, inner = code.indent_at(start), code.indent_at(first)
    name = "_" if "_" not in code.names else fresh_name(code, ("_round", "_tool_round"), taken)
    head = code.edit(start, code.outer(loop.test)[1], f"for {name} in range({op.rounds})")
    found = [head]
    if not (isinstance(loop.test, ast.Constant) and loop.test.value):
        unit = inner.removeprefix(indent) or code.indent_unit
        lines = f"{inner}if {_negated(code, loop.test)}:\n{inner}{unit}break\n"
        line = code.text.rfind("\n", 0, first) + 1
        found.append(code.edit(line, line, lines))
    end = _end(code, loop, indent)
    message = f"no answer after {op.rounds} {op.of}"
    body = f'{indent}else:\n{inner}raise RuntimeError("{message}")'
    found.append(code.edit(end, end, f"\n{body}"))
    return found


def _negated(code: Code, test: ast.expr) -> str:
    text = code.slice(test)
    if "\n" in text:
        raise Declined("the condition of the loop goes over several lines")
    if isinstance(test, ast.Compare) and len(test.ops) == 1:
        written = _WRITTEN.get(type(test.ops[0]))
        if written is not None:
            left = code.text[slice(*code.outer(test.left))]
            right = code.text[slice(*code.outer(test.comparators[0]))]
            return f"{left} {_OPPOSITES[written]} {right}"
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        return code.text[slice(*code.outer(test.operand))]
    simple = isinstance(test, ast.Name | ast.Attribute | ast.Call | ast.Subscript)
    return f"not {text}" if simple else f"not ({text})"


def _end(code: Code, loop: ast.While, indent: str) -> int:
    """Where the last line of the loop ends, comments that are indented like its body included."""
    end = code.range(loop)[1]
    rest = re.compile(r"[ \t]*(?:#[^\n]*)?(?=\n|$)").match(code.text, end)
    if rest is None:
        raise Declined("another statement stands on the last line of the loop")
    end = rest.end()
    comment = re.compile(rf"(?:\n[ \t]*)*\n{re.escape(indent)}[ \t]+#[^\n]*")
    while (more := comment.match(code.text, end)) is not None:
        end = more.end()
    return end
