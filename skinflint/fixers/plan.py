"""From a symbolic fix to edits: one module per kind of operation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from skinflint.fixers import (
    mark_last_only,
    move_to_turn,
    remove_marker,
    remove_suppression,
    replace_string,
    set_keyword,
    split_block,
    wrap_sorted,
)
from skinflint.fixers.code import Code, comments
from skinflint.fixers.declined import Declined
from skinflint.fixers.edits import Overlap, applied, ordered, paths
from skinflint.linter.findings import (
    Edit,
    Fix,
    MarkLastOnly,
    MoveToTurn,
    Op,
    RemoveMarker,
    RemoveSuppression,
    ReplaceString,
    SetKeyword,
    SplitBlock,
    WrapSorted,
)
from skinflint.linter.source import SourceFile
from skinflint.linter.spans import Span

__all__ = ["Declined", "edits_of"]


def edits_of(fix: Fix, source_of: Callable[[str], SourceFile]) -> tuple[Edit, ...]:
    """The edits that make ``fix``, sorted; ``source_of`` gives a file by the path in its spans.

    Raises Declined when the fix can't be made, or not without losing something.
    """
    codes: dict[str, Code] = {}

    def code_of(span: Span) -> Code:
        if span.path not in codes:
            codes[span.path] = Code(source_of(span.path))
        return codes[span.path]

    taken: set[str] = set()
    splits = tuple(op.text for op in fix.ops if isinstance(op, SplitBlock))
    found: list[Edit] = []
    for op in fix.ops:
        found += _edits(op, code_of, taken, splits)
    if not found:
        raise Declined("there is nothing to change")
    try:
        edits = ordered(found)
    except Overlap:
        raise Declined("its changes would touch each other") from None
    if not any(isinstance(op, RemoveSuppression) for op in fix.ops):
        _must_keep_comments(edits, source_of)
    return edits


def _edits(
    op: Op, code_of: Callable[[Span], Code], taken: set[str], splits: tuple[Span, ...]
) -> list[Edit]:
    if isinstance(op, SplitBlock):
        return split_block.edits(op, code_of(op.block), taken, splits)
    if isinstance(op, MoveToTurn):
        return move_to_turn.edits(op, code_of)
    if isinstance(op, WrapSorted):
        return wrap_sorted.edits(op, code_of(op.expression))
    if isinstance(op, SetKeyword):
        return set_keyword.edits(op, code_of(op.call))
    if isinstance(op, MarkLastOnly):
        return mark_last_only.edits(op, code_of(op.marker), taken)
    if isinstance(op, RemoveMarker):
        return remove_marker.edits(op, code_of(op.marker))
    if isinstance(op, ReplaceString):
        return replace_string.edits(op, code_of(op.literal))
    return remove_suppression.edits(op, code_of(op.comment))


def _must_keep_comments(
    edits: tuple[Edit, ...], source_of: Callable[[str], SourceFile]
) -> None:
    for path in paths(edits):
        source = source_of(path)
        before = Counter(comments(source.text))
        after = Counter(comments(applied(source, edits)))
        if before - after:
            raise Declined("it would lose a comment")
