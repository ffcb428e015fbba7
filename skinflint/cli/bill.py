"""What a request costs between the two calls of a reuse pair: the verifier's bill.

The cache model (``cache/``) does the sums. Here a rebuilt request becomes what that model reads:
blocks with a size, a marker, and a key that is equal in two calls exactly if the block is.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from skinflint.cache import ratio
from skinflint.linter.request import Block, Breakpoint, Pair, PairKind, Place, Request
from skinflint.linter.values import (
    Choice,
    Known,
    Mapping,
    Repeat,
    Sequence,
    Text,
    Value,
    alternatives,
)
from skinflint.rules._prefix import TURNS

if TYPE_CHECKING:
    from skinflint.cache.ratio import Row
    from skinflint.fixers.apply import Bill
    from skinflint.rules.base import Context

#: Sizes (in characters) that a text of unknown length is given in turn; the bill must hold in each.
UNKNOWN_SIZES = (400, 40_000)
#: How many blocks a loop makes, where that isn't known: few enough that all may carry a marker.
_ITEMS = 3
_CHARACTERS_PER_TOKEN = 4
#: Seconds between two calls, where nothing tells how long it is.
_PACE = 1.0


def bill_for(context: Context) -> Bill:
    """The verifier's bill: per evidenced pair of the old request, its cost before and after.

    In tokens of plain input, over the number of calls that findings assume; infinite for a request
    that the API rejects.
    """

    def bill(old: Request, new: Request) -> list[tuple[str, float, float]]:
        found = []
        for number, pair in enumerate(old.pairs):
            twin = _twin(pair, number, new)
            if twin is None:
                continue
            for size in UNKNOWN_SIZES:
                pace = old.interval.seconds if old.interval is not None else _PACE
                was = _cost(old, pair, size, context, pace)
                now = _cost(new, twin, size, context, pace)
                found.append((pair.label, was, now))
        return found

    return bill


def _twin(pair: Pair, number: int, new: Request) -> Pair | None:
    """The same pair in the rebuilt request; labels name lines, which may have moved."""
    if number < len(new.pairs) and new.pairs[number].kind is pair.kind:
        return new.pairs[number]
    same = (twin for twin in new.pairs if (twin.kind, twin.depth) == (pair.kind, pair.depth))
    return next(same, None)


def _cost(request: Request, pair: Pair, size: int, context: Context, pace: float) -> float:
    platform = request.site.platform
    model = None
    if platform.first_party and request.models:
        model = context.facts.resolve(request.models[0].id, platform.value).model
    automatic = request.automatic
    talk = _conversation(request, pair)
    turns = range(1 if talk is None else TURNS)
    return ratio.bill(
        [
            list(_rows(request, pair, size, call, talk, turn))
            for call in range(max(context.calls, 2))
            for turn in turns
        ],
        model,
        automatic=None if automatic is None else automatic.ttl or "5m",
        step=pace,
        catalog=context.catalog,
    )


def _conversation(request: Request, pair: Pair) -> Pair | None:
    """What goes on between the calls of a pair: a whole conversation, if the request is one's."""
    if pair.inner or not (
        _said(request) or any(_whole_list(request, block) for block in request.blocks)
    ):
        return None
    return next((other for other in request.pairs if other.inner), None)


def _rows(
    request: Request, pair: Pair, size: int, call: int, talk: Pair | None, turn: int
) -> Iterator[Row]:
    # what differs between two calls of one process differs between two workers as well
    asked = request.pairs if pair.kind is PairKind.WORKER else (pair,)
    markers = {point.block: point for point in request.breakpoints if not point.automatic}
    said = _said(request)
    now = str(call) if talk is None else f"{call}.{turn}"
    kept = {request.blocks[index].span for index in said}
    for index, block in enumerate(request.blocks):
        characters = _size(block.value, size)
        if not characters:
            continue
        marker = markers.get(index)
        ttl = None if marker is None else marker.ttl or "5m"
        tokens = max(characters // _CHARACTERS_PER_TOKEN, 1)
        if index in said:
            # The history: what each earlier call of the conversation left in it, round by round.
            if index == said[0] and (pair.inner or talk is not None):
                rounds = range(call) if pair.inner else range(turn)
                earlier = [str(each) if pair.inner else f"{call}.{each}" for each in rounds]
                yield from _history(request, said, size, earlier, markers)
            continue
        if (pair.inner or talk is not None) and _whole_list(request, block):
            last = call if pair.inner else turn
            for each in range(last + 1):
                name = f"{index}@{each}" if pair.inner else f"{index}@{call}.{each}"
                yield (name, tokens, ttl if each == last else None, block.place.value)
            continue
        moves = any(True for each in asked for _ in request.moving_parts(each, index))
        key = f"{index}#{call}" if moves else str(index)
        if talk is not None and any(True for _ in request.moving_parts(talk, index)):
            moves, key = True, f"{index}#{now}"
        if block.span in kept and (moves or pair.inner or talk is not None):
            key = f"{block.span}@{now}"  # the newest turn, which the next call finds in its history
        copies = _ITEMS if block.repeated else 1
        for copy in range(copies):
            marked = marker is not None and (marker.per_item or copy == copies - 1)
            yield (f"{key}.{copy}", tokens, ttl if marked else None, block.place.value)


def _whole_list(request: Request, block: Block) -> bool:
    """Whether a block stands for a list of messages that comes from elsewhere and grows here."""
    talk = request.conversation
    grows = talk is not None and talk.grows and talk.append_only
    return grows and block.place is Place.MESSAGES and not block.kind


def _said(request: Request) -> list[int]:
    """The blocks of a history that grows: those of earlier rounds, one behind the other."""
    return [
        index
        for index, block in enumerate(request.blocks)
        if block.place is Place.MESSAGES and block.repeated and block.history
    ]


def _history(
    request: Request,
    said: list[int],
    size: int,
    rounds: list[str],
    markers: dict[int, Breakpoint],
) -> Iterator[Row]:
    # A round left as many blocks as the newest turn has: a result for each tool that was used.
    many = {block.span for block in request.blocks if block.repeated and not block.history}
    for earlier in rounds:
        for index in said:
            block = request.blocks[index]
            marker = markers.get(index)
            tokens = max(_size(block.value, size) // _CHARACTERS_PER_TOKEN, 1)
            copies = _ITEMS if block.span in many else 1
            for copy in range(copies):
                newest = earlier == rounds[-1] and copy == copies - 1
                marked = marker is not None and (marker.per_item or newest)
                ttl = (marker.ttl or "5m") if marker is not None and marked else None
                yield (f"{block.span}@{earlier}.{copy}", tokens, ttl, block.place.value)


def _size(value: Value, unknown: int) -> int:
    """Characters; additive, so that a text has the size of its parts wherever they go."""
    if isinstance(value, Known):
        return len(value.value) if isinstance(value.value, str) else len(str(value.value))
    if isinstance(value, Choice):
        return max((_size(each, unknown) for each in alternatives(value)), default=0)
    if isinstance(value, Text):
        return sum(_size(part, unknown) for part in value.parts)
    if isinstance(value, Sequence):
        return sum(_size(item, unknown) for item in value.items)
    if isinstance(value, Mapping):
        return sum(_size(e.key, unknown) + _size(e.value, unknown) for e in value.entries)
    if isinstance(value, Repeat):
        return _size(value.body, unknown) * (_ITEMS if value.count is None else value.count)
    low, high = getattr(value, "chars", (0, None))
    return max(low, unknown) if high is None else high
