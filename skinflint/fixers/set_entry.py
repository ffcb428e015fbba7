"""Give a dict display, or a call that makes a dict, one more entry."""

from __future__ import annotations

import ast

from skinflint.fixers.blocks import WrittenBlock, block_at
from skinflint.fixers.code import Code
from skinflint.fixers.declined import Declined
from skinflint.linter.findings import Edit, SetEntry


def edits(op: SetEntry, code: Code) -> list[Edit]:
    """The edits that set the entry. Raises Declined."""
    block = _around(op, code)
    if any(entry.name == "" for entry in block.entries):
        raise Declined(f"`{op.key}` may be set already")
    for entry in block.entries:
        if entry.name == op.key:
            if not isinstance(entry.value, ast.Constant):
                raise Declined(f"`{op.key}` is computed")
            return [code.edit(*code.range(entry.value), op.value)]
    last = max(block.entries, key=lambda entry: entry.end)
    item = f"{block.key(op.key, code)}{block.between}{op.value}"
    return code.insert_item(last.value, item, own_line=code.begins_line(last.start))


def _around(op: SetEntry, code: Code) -> WrittenBlock:
    """The dict display or call that the entry beside it stands in."""
    node: ast.AST = code.expression(op.beside)
    parent = code.parents.get(node)
    if isinstance(parent, ast.keyword):
        parent = code.parents.get(parent)
    if not isinstance(parent, ast.Dict | ast.Call):
        raise Declined("what it belongs to is not written out as a dict or a call")
    return block_at(code.source.span(parent), code)
