"""From a symbolic fix to edits: one module per kind of operation."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable

from skinflint.fixers.code import Code, comments
from skinflint.fixers.declined import Declined
from skinflint.fixers.edits import Overlap, applied, ordered, paths
from skinflint.linter.findings import (
    CapLoop,
    CapText,
    CompactJson,
    DropSentence,
    Edit,
    FirstThenRest,
    Fix,
    GatherAwaits,
    KeepResult,
    MarkBlock,
    MarkLastOnly,
    MarkRequest,
    MoveToTurn,
    Op,
    PassBlocks,
    PriceCacheFields,
    PrintUsage,
    RemoveArgument,
    RemoveMarker,
    RemoveSuppression,
    ReplaceArgument,
    ReplaceString,
    SetEntry,
    SetKeyword,
    SetNumber,
    SetTtl,
    SplitBlock,
    TextToBlocks,
    TrimInSteps,
    WrapSorted,
)
from skinflint.linter.source import SourceError, SourceFile
from skinflint.linter.spans import Span

__all__ = ["Declined", "edits_of"]

#: What an id is written with, perhaps in quotes.
_WORDS = re.compile(r"""(["']?)[\w.-]*\1""")


def edits_of(
    fix: Fix, source_of: Callable[[str], SourceFile], kept: dict[str, Code] | None = None
) -> tuple[Edit, ...]:
    """The edits that make ``fix``, sorted; ``source_of`` gives a file by the path in its spans.

    What is worked out of these files is ``kept`` for the next fix. Raises Declined when the fix
    can't be made, or not without losing something.
    """
    codes: dict[str, Code] = {} if kept is None else kept

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
        _must_keep_comments(edits, codes, source_of)
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
    if isinstance(op, SetEntry):
        from skinflint.fixers import set_entry

        return set_entry.edits(op, code_of(op.beside))
    if isinstance(op, DropSentence):
        from skinflint.fixers import drop_sentence

        return drop_sentence.edits(op, code_of(op.literal))
    if isinstance(op, CompactJson):
        from skinflint.fixers import compact_json

        return compact_json.edits(op, code_of(op.call))
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
    if isinstance(op, SetTtl):
        from skinflint.fixers import set_ttl

        return set_ttl.edits(op, code_of(op.marker))
    if isinstance(op, PassBlocks):
        from skinflint.fixers import pass_blocks

        return pass_blocks.edits(op, code_of(op.text))
    if isinstance(op, FirstThenRest):
        from skinflint.fixers import first_then_rest

        return first_then_rest.edits(op, code_of(op.waited), taken)
    if isinstance(op, CapLoop):
        from skinflint.fixers import cap_loop

        return cap_loop.edits(op, code_of(op.loop), taken)
    if isinstance(op, TrimInSteps):
        from skinflint.fixers import trim_in_steps

        return trim_in_steps.edits(op, code_of(op.window))
    if isinstance(op, CapText):
        from skinflint.fixers import cap_text

        return cap_text.edits(op, code_of(op.text))
    if isinstance(op, TextToBlocks):
        from skinflint.fixers import text_to_blocks

        return text_to_blocks.edits(op, code_of(op.text))
    if isinstance(op, SetNumber):
        from skinflint.fixers import set_number

        return set_number.edits(op, code_of(op.literal))
    if isinstance(op, GatherAwaits):
        from skinflint.fixers import gather_awaits

        return gather_awaits.edits(op, code_of(op.first))
    if isinstance(op, KeepResult):
        from skinflint.fixers import keep_result

        return keep_result.edits(op, code_of(op.source))
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


def _must_keep_comments(
    edits: tuple[Edit, ...], codes: dict[str, Code], source_of: Callable[[str], SourceFile]
) -> None:
    for path in paths(edits):
        source = source_of(path)
        code = codes.get(path)
        if code is not None and _only_words(edits, path, code):
            continue
        before = comments(source.text) if code is None else code.comments
        after = comments(applied(source, edits))
        if Counter(before) - Counter(after):
            raise Declined("it would lose a comment")


def _only_words(edits: tuple[Edit, ...], path: str, code: Code) -> bool:
    """Whether all edits of a file put words in the place of words, and none is in a comment.

    That changes no other token. Whether a file can be tokenised must be known already.
    """
    if "tokens" not in vars(code):
        return False
    for edit in edits:
        if edit.span.path != path:
            continue
        start, end = code.range_of(edit.span)
        line = code.text[code.text.rfind("\n", 0, start) + 1 : start]
        old, new = _WORDS.fullmatch(code.text, start, end), _WORDS.fullmatch(edit.text)
        if "#" in line or old is None or new is None or old[1] != new[1]:
            return False
    return True


def _must_stay_in_cells(edits: tuple[Edit, ...], source_of: Callable[[str], SourceFile]) -> None:
    for path in paths(edits):
        source = source_of(path)
        if source.notebook is not None:
            try:
                source.encode(applied(source, edits))
            except SourceError as error:
                raise Declined(error.message) from None
