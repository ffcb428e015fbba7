"""Write another literal in place of an argument's value, where that is written out."""

from __future__ import annotations

import ast

from skinflint.fixers.code import Code
from skinflint.fixers.declined import Declined
from skinflint.linter.findings import Edit, ReplaceArgument


def edits(op: ReplaceArgument, code: Code) -> list[Edit]:
    """The edits that exchange the value. Raises Declined."""
    value = code.expression(op.value)
    if not _written_out(value):
        raise Declined(f"`{op.parameter}` is computed")
    return [code.edit(*code.range(value), op.new)]


def _written_out(value: ast.expr) -> bool:
    """Whether nothing but literals and names of values stands in it."""
    if isinstance(value, ast.Dict):
        inner = [key for key in value.keys if key is not None] + value.values
        return None not in value.keys and all(isinstance(v, ast.Constant | ast.Name) for v in inner)
    return isinstance(value, ast.Constant)
