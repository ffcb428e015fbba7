"""Cut a text that may have any length."""

from __future__ import annotations

import ast

from skinflint.fixers.code import Code
from skinflint.fixers.declined import Declined
from skinflint.linter.findings import CapText, Edit


def edits(op: CapText, code: Code) -> list[Edit]:
    """The edits that put a slice behind the text. Raises Declined."""
    node = code.expression(op.text)
    if isinstance(node, ast.Starred | ast.Yield | ast.YieldFrom):
        raise Declined("it is no expression that a slice can stand behind")
    start, end = code.range(node)
    cut = f"[:{op.room:_}]"
    if isinstance(node, ast.Name | ast.Attribute | ast.Call | ast.Subscript):
        return [code.edit(end, end, cut)]
    return [code.edit(start, start, "("), code.edit(end, end, f"){cut}")]
