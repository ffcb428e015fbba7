"""Put another number in the place of a literal one."""

from __future__ import annotations

import ast

from skinflint.fixers.code import Code
from skinflint.fixers.declined import Declined
from skinflint.linter.findings import Edit, SetNumber


def edits(op: SetNumber, code: Code) -> list[Edit]:
    """The edit that sets the number. Raises Declined."""
    node = code.expression(op.literal)
    if not isinstance(node, ast.Constant) or not isinstance(node.value, int):
        raise Declined("it is not a literal number any more")
    parent = code.parents.get(node)
    if isinstance(parent, ast.Assign | ast.AnnAssign):
        raise Declined("the number has a name, and may be used elsewhere")
    return [code.edit(*code.range(node), op.value)]
