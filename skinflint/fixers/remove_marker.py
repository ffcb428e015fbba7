"""Delete a ``cache_control`` marker: a dict entry, a keyword, or an item assignment."""

from __future__ import annotations

import ast

from skinflint.fixers import statements
from skinflint.fixers.blocks import MARKER, copyable
from skinflint.fixers.code import Code
from skinflint.fixers.declined import Declined
from skinflint.linter.findings import Edit, RemoveMarker
from skinflint.linter.spans import Span


def edits(op: RemoveMarker, code: Code) -> list[Edit]:
    """The edits that delete the marker. Raises Declined."""
    return [without(find(op.marker, code), code)]


class Marker:
    """A marker as written: an entry or keyword of ``holder``, or an item assignment."""

    def __init__(
        self, holder: ast.Dict | ast.Call | ast.Assign, value: ast.expr, start: int, key: str
    ) -> None:
        self.holder = holder
        self.value = value
        self.start = start  # of the key or keyword
        self.key = key  # as written


def find(span: Span, code: Code, name: str = MARKER) -> Marker:
    """The marker (or argument) whose entry, value or statement ``span`` is. Raises Declined."""
    start, end = code.range_of(span)
    found: list[tuple[int, Marker]] = []
    for node in ast.walk(code.tree):
        for marker in _markers_in(node, code, name):
            value_start, value_end = code.range(marker.value)
            if marker.start <= start and end <= max(value_end, code.range(marker.holder)[1]):
                near = (start, end) == (value_start, value_end) or start == marker.start
                if near:
                    found.append((value_end - marker.start, marker))
    if not found:
        what = "the marker" if name == MARKER else f"`{name}`"
        raise Declined(f"{what} in line {span.line} is not written in a way that is understood")
    return min(found, key=lambda pair: pair[0])[1]


def _markers_in(node: ast.AST, code: Code, name: str) -> list[Marker]:
    if isinstance(node, ast.Dict):
        return [
            Marker(node, value, code.range(key)[0], code.slice(key))
            for key, value in zip(node.keys, node.values, strict=True)
            if isinstance(key, ast.Constant) and key.value == name
        ]
    if isinstance(node, ast.Call):
        return [
            Marker(node, keyword.value, code.range(keyword)[0], name)
            for keyword in node.keywords
            if keyword.arg == name
        ]
    if isinstance(node, ast.Assign) and len(node.targets) == 1:
        target = node.targets[0]
        if (
            isinstance(target, ast.Subscript)
            and isinstance(target.slice, ast.Constant)
            and target.slice.value == name
        ):
            return [Marker(node, node.value, code.range(node)[0], code.slice(target.slice))]
    return []


def without(marker: Marker, code: Code) -> Edit:
    """The edit that takes a marker away. Raises Declined."""
    if not copyable(marker.value):
        raise Declined("its value is computed, and what computes it may do more")
    if isinstance(marker.holder, ast.Assign):
        return statements.remove(code, marker.holder)
    start = marker.start
    end = code.outer(marker.value)[1]
    if isinstance(marker.holder, ast.Dict):
        open_end = code.range(marker.holder)[0] + 1
    else:
        open_end = code.range(marker.holder.func)[1] + 1
    return code.remove_item(start, end, open_end)
