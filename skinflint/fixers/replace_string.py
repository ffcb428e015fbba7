"""Replace the content of a string literal, keeping its quotes and prefix."""

from __future__ import annotations

import ast
import re

from skinflint.fixers import syntax
from skinflint.fixers.code import Code
from skinflint.fixers.declined import Declined
from skinflint.linter.findings import Edit, ReplaceString

_LITERAL = re.compile(r"([rRuU]?)('''|\"\"\"|'|\")(.*)\2", re.DOTALL)


def edits(op: ReplaceString, code: Code) -> list[Edit]:
    """The edits that replace the literal's content. Raises Declined."""
    node = code.expression(op.literal)
    if not (isinstance(node, ast.Constant) and isinstance(node.value, str)):
        raise Declined("it is not a plain string literal")
    if node.value != op.old:
        raise Declined(f"the literal does not say {op.old!r} any more")
    start, end = code.range(node)
    found = _LITERAL.fullmatch(code.text, start, end)
    if found is None or sum(start <= token.start < end for token in code.tokens) != 1:
        raise Declined("the literal is written in several pieces")
    prefix, quote = found[1], found[2]
    body = op.new
    if prefix.lower() != "r":
        body = body.replace("\\", "\\\\").replace(quote[0], f"\\{quote[0]}").replace("\n", "\\n")
    new = f"{prefix}{quote}{body}{quote}"
    try:
        said = syntax.constant(new)
    except (SyntaxError, ValueError):
        said = None  # a raw string can't say everything
    if said != op.new:
        raise Declined("the new text can't be written as a raw string")
    return [code.edit(start, end, new)]
