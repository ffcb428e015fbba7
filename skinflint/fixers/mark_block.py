"""Give a block that has none a marker of its own."""

from __future__ import annotations

import ast

from skinflint.fixers.blocks import MARKER, WrittenBlock, block_at, marker_value, quote_of
from skinflint.fixers.code import WIDTH, Code
from skinflint.fixers.declined import Declined
from skinflint.linter.findings import Edit, MarkBlock


def edits(op: MarkBlock, code: Code) -> list[Edit]:
    """The edits that add the marker. Raises Declined."""
    if op.form == "string":
        return _listed(code.expression(op.block), code)
    block = block_at(op.block, code)
    if any(entry.name in (MARKER, "") for entry in block.entries):
        raise Declined("the block may have a marker already")
    if not block.entries:
        raise Declined("the block is empty")
    return _added(block, code)


def _added(block: WrittenBlock, code: Code) -> list[Edit]:
    last = max(block.entries, key=lambda entry: entry.end)
    written = code.slice(block.node)
    item = f"{block.key(MARKER, code)}{block.between}{marker_value('5m', quote_of(written))}"
    return code.insert_item(last.value, item, own_line=code.begins_line(last.start))


def _listed(node: ast.expr, code: Code) -> list[Edit]:
    """A plain text as a list of one marked block."""
    if isinstance(node, ast.Starred | ast.NamedExpr):
        raise Declined("the text is not written as an expression of its own")
    start, end = code.outer(node)
    text = code.text[start:end]
    quote = '"' if "'" not in text or '"' in text else "'"
    kind = f"{quote}type{quote}: {quote}text{quote}"
    key, marker = f"{quote}text{quote}: ", f"{quote}{MARKER}{quote}: {marker_value('5m', quote)}"
    head, tail = f"[{{{kind}, {key}", f", {marker}}}]"
    line_start = code.text.rfind("\n", 0, start) + 1
    line_end = code.text.find("\n", end)
    behind = len(code.text if line_end < 0 else code.text[:line_end]) - end
    fits = start - line_start + len(head) + len(text) + len(tail) + behind <= WIDTH
    if "\n" in text or not fits:
        outer = code.indent_at(start)
        one, two = outer + code.indent_unit, outer + 2 * code.indent_unit
        head = f"[\n{one}{{\n{two}{kind},\n{two}{key}"
        tail = f",\n{two}{marker},\n{one}}}\n{outer}]"
    return [code.edit(start, start, head), code.edit(end, end, tail)]
