"""From a symbolic fix to edits: one module per kind of operation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from skinflint.fixers.code import Code, comments
from skinflint.fixers.declined import Declined
from skinflint.fixers.edits import Overlap, applied, ordered, paths
from skinflint.linter.findings import (
    CapLoop,
    Edit,
    Fix,
    MarkBlock,
    MarkLastOnly,
    MarkRequest,
    MoveToTurn,
    Op,
    PriceCacheFields,
    PrintUsage,
    RemoveArgument,
    RemoveMarker,
    RemoveSuppression,
    ReplaceArgument,
    ReplaceString,
    SetKeyword,
    SplitBlock,
    TrimInSteps,
    WrapSorted,
)
from skinflint.linter.source import SourceError, SourceFile
from skinflint.linter.spans import Span

__all__ = ["Declined", "edits_of"]


def edits_of(fix: Fix, source_of: Callable[[str], SourceFile]) -> tuple[Edit, ...]:
    """The edits that make ``fix``, sorted; ``source_of`` gives a file by the path in its spans.

    Raises Declined when the fix can't be made, or not without losing something.
    """
    codes: dict[str, Code] = {}

    def code_of(span: Span) -> Code:
        if span.path not in codes:
            try:
                codes[span.path] = Code(source_of(span.path))
            except (SourceError, KeyError):
                raise Declined(f"{span.path} can't be read") from None
        return codes[span.path]

    taken: set[str] = set()
    splits = tuple(op.text for op in fix.ops if isinstance(op, SplitBlock))
    found: list[Edit] = []
    for op in fix.ops:
        try:
            found += _edits(op, code_of, taken, splits)
        except RecursionError:
            raise Declined("the code is nested too deeply") from None
    if not found:
        raise Declined("there is nothing to change")
    try:
        edits = ordered(found)
    except Overlap:
        raise Declined("its changes would touch each other") from None
    if not any(isinstance(op, RemoveSuppression) for op in fix.ops):
        _must_keep_comments(edits, source_of)
    _must_stay_in_cells(edits, source_of)
    return edits


def _edits(
    op: Op, code_of: Callable[[Span], Code], taken: set[str], splits: tuple[Span, ...]
) -> list[Edit]:
    # each kind is imported when it is needed: two of them bring libcst along
    if isinstance(op, SplitBlock):
        from skinflint.fixers import split_block

        return split_block.edits(op, code_of(op.block), taken, splits)
    if isinstance(op, MoveToTurn):
        from skinflint.fixers import move_to_turn

        return move_to_turn.edits(op, code_of)
    if isinstance(op, WrapSorted):
        from skinflint.fixers import wrap_sorted

        return wrap_sorted.edits(op, code_of(op.expression))
    if isinstance(op, SetKeyword):
        from skinflint.fixers import set_keyword

        return set_keyword.edits(op, code_of(op.call))
    if isinstance(op, MarkLastOnly):
        from skinflint.fixers import mark_last_only

        return mark_last_only.edits(op, code_of(op.marker), taken)
    if isinstance(op, MarkBlock):
        from skinflint.fixers import mark_block

        return mark_block.edits(op, code_of(op.block))
    if isinstance(op, MarkRequest):
        from skinflint.fixers import mark_request

        return mark_request.edits(op, code_of(op.call))
    if isinstance(op, RemoveMarker):
        from skinflint.fixers import remove_marker

        return remove_marker.edits(op, code_of(op.marker))
    if isinstance(op, CapLoop):
        from skinflint.fixers import cap_loop

        return cap_loop.edits(op, code_of(op.loop), taken)
    if isinstance(op, TrimInSteps):
        from skinflint.fixers import trim_in_steps

        return trim_in_steps.edits(op, code_of(op.window))
    if isinstance(op, ReplaceString):
        from skinflint.fixers import replace_string

        return replace_string.edits(op, code_of(op.literal))
    if isinstance(op, RemoveArgument):
        from skinflint.fixers import remove_argument

        return remove_argument.edits(op, code_of(op.value))
    if isinstance(op, ReplaceArgument):
        from skinflint.fixers import replace_argument

        return replace_argument.edits(op, code_of(op.value))
    if isinstance(op, PriceCacheFields):
        from skinflint.fixers import price_cache_fields

        return price_cache_fields.edits(op, code_of(op.tokens))
    if isinstance(op, PrintUsage):
        from skinflint.fixers import print_usage

        return print_usage.edits(op, code_of(op.statement))
    from skinflint.fixers import remove_suppression

    return remove_suppression.edits(op, code_of(op.comment))


def _must_keep_comments(edits: tuple[Edit, ...], source_of: Callable[[str], SourceFile]) -> None:
    for path in paths(edits):
        source = source_of(path)
        before = Counter(comments(source.text))
        after = Counter(comments(applied(source, edits)))
        if before - after:
            raise Declined("it would lose a comment")


def _must_stay_in_cells(edits: tuple[Edit, ...], source_of: Callable[[str], SourceFile]) -> None:
    for path in paths(edits):
        source = source_of(path)
        if source.notebook is not None:
            try:
                source.encode(applied(source, edits))
            except SourceError as error:
                raise Declined(error.message) from None
