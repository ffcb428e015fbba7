"""Which expression put a piece of a prompt there: what was sent, held against what was rebuilt."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from skinflint.linter.request import Block, Request, parts_of
from skinflint.linter.spans import Span
from skinflint.linter.values import Choice, Key, Known, Source, Text, Value

#: Beyond these a text is not taken apart: too many ways to cut it.
_MOST_HOLES, _MOST_CHARACTERS = 12, 400_000


class Origin(NamedTuple):
    """The expression, and the source of change that it shows, if one is known."""

    span: Span
    key: Key | None = None


class _Leaf(NamedTuple):
    value: Value
    span: Span  # the expression as written
    fixed: bool  # a literal outside of any choice


def origin(
    requests: Iterable[Request], place: str, role: str, number: int, text: str, offset: int
) -> Origin | None:
    """Where the character ``offset`` of a sent block comes from; None if that can't be told.

    The block is the one with ``text`` at ``place``, the ``number``-th there.
    """
    fallback: Origin | None = None
    for request in requests:
        blocks = [b for b in request.blocks if b.place.value == place and b.role in ("", role)]
        # the one in the same position first; optional ones may have shifted the rest
        blocks.sort(key=lambda block: abs(_position(request, block) - number))
        for block in blocks:
            found = _aligned(block, text, offset)
            if found is not None and found.key is not None:
                return found
            fallback = fallback or found
    return fallback or _changing(requests, place)


def _position(request: Request, block: Block) -> int:
    same = [each for each in request.blocks if each.place is block.place]
    return next((index for index, each in enumerate(same) if each is block), 0)


def _aligned(block: Block, text: str, offset: int) -> Origin | None:
    """The leaf of a block's value at ``offset`` of ``text``; None if the two don't fit."""
    if block.kind not in ("text", "") or len(text) > _MOST_CHARACTERS:
        return None
    leaves: list[_Leaf] = []
    if block.terms:
        pattern = "".join(_pattern(t.value, t.span, leaves, False) for t in block.terms)
    else:
        pattern = _pattern(block.value, block.span, leaves, False)
    if sum(not isinstance(leaf.value, Known) for leaf in leaves) > _MOST_HOLES:
        return None
    match = re.fullmatch(pattern, text)
    if match is None or not any(not leaf.fixed for leaf in leaves):
        return None
    best: _Leaf | None = None
    for index, leaf in enumerate(leaves, start=1):
        start, end = match.span(index)
        if start < 0:
            continue
        if start <= offset and not leaf.fixed and (best is None or end > start or start == offset):
            best = leaf
        if offset < end:
            break  # a literal here is behind what was longer or shorter in the other call
    if best is None:
        return None
    return Origin(best.span, next(_keys(best.value), None))


def _pattern(value: Value, span: Span, leaves: list[_Leaf], chosen: bool) -> str:
    """An expression for what a value may be, with one group for each of its leaves."""
    if isinstance(value, Known):
        leaves.append(_Leaf(value, span, not chosen))
        return f"({re.escape(str(value.value))})"
    if isinstance(value, Text):
        return "".join(_pattern(part, _inner(part, span), leaves, chosen) for part in value.parts)
    if isinstance(value, Choice):
        ways = (_pattern(a.value, span, leaves, True) for a in value.alternatives)
        return f"(?:{'|'.join(ways)})"
    leaves.append(_Leaf(value, span, False))
    return r"([\s\S]*?)"


def _inner(part: Value, outer: Span) -> Span:
    """The span of a part where it lies within the expression, else that of the expression."""
    return part.span if outer.contains(part.span) else outer


def _keys(value: Value) -> Iterator[Key]:
    for _, keys in parts_of(value):
        yield from (key for key in keys if key.source is not Source.UNKNOWN)


def _changing(requests: Iterable[Request], place: str) -> Origin | None:
    """Some expression of a place that is known to change, where no text could be matched."""
    for request in requests:
        for block in request.blocks:
            if block.place.value != place:
                continue
            for value, keys in parts_of(block.value):
                key = next((k for k in keys if k.source is not Source.UNKNOWN), None)
                if key is not None:
                    return Origin(_inner(value, block.span), key)
    return None


def excerpt(lines: Sequence[str], span: Span, most: int = 80) -> str:
    """The code of a span in one line."""
    if span.line > len(lines):
        return ""
    if span.line == span.end_line:
        code = lines[span.line - 1][span.column - 1 : span.end_column - 1]
    else:
        code = lines[span.line - 1][span.column - 1 :].strip() + " ..."
    code = " ".join(code.split())
    return code if len(code) <= most else code[: most - 4] + " ..."
