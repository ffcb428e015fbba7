"""The requests of a code base, one entry per place that sends.

A request is rebuilt once for each chain of callers; a reader of the inventory asks what this call
sends, whoever leads to it. So models are united, each part is as well known as in its worst chain,
and of conversations and repetitions the most telling one is shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from skinflint.linter.request import (
    Breakpoint,
    Conversation,
    Moving,
    Pair,
    Part,
    Place,
    Repeats,
    Repetition,
    Request,
    Site,
    State,
    Task,
    Use,
    Variation,
)
from skinflint.linter.spans import Span, Step
from skinflint.records import dataclass, replace

if TYPE_CHECKING:
    from skinflint.catalog.models import Catalog, Model

#: At least, at most (None: no bound).
Tokens = tuple[int, "int | None"]


@dataclass(frozen=True, slots=True)
class SizedPart:
    """A part of the prefix with its size in tokens; None where it isn't sent."""

    part: Part
    tokens: Tokens | None


@dataclass(frozen=True, slots=True)
class Marker:
    """An explicit breakpoint: behind which block of which place."""

    place: Place
    index: int  # of the block within its place
    point: Breakpoint

    @property
    def at(self) -> str:
        """``system[0]``."""
        return f"{self.place.value}[{self.index}]"


@dataclass(frozen=True, slots=True)
class Divergence:
    """Where the second call of a pair first differs from the first one."""

    place: Place
    index: int  # of the block within its place
    moving: Moving
    tokens: Tokens  # what stands in front of it


@dataclass(frozen=True, slots=True)
class Reuse:
    """A reuse pair, and where it diverges: None if only what is new in the second call differs."""

    pair: Pair
    divergence: Divergence | None


@dataclass(frozen=True, slots=True)
class Entry:
    """One place that sends a request, with what all chains of callers say of it."""

    site: Site
    #: one per chain of callers (and per request of a batch); none if nobody asks them any more
    requests: tuple[Request, ...]
    model: Part
    models: tuple[str, ...]
    tools: SizedPart
    system: SizedPart
    messages: SizedPart
    breakpoints: tuple[Marker, ...]
    automatic: bool
    pairs: tuple[Reuse, ...]
    conversation: Conversation | None
    repetition: Repetition
    task: Task


def inventory(requests: Iterable[Request], catalog: Catalog) -> tuple[Entry, ...]:
    """The entries for ``requests``, in order of place."""
    sites: dict[tuple[Span, str], list[Request]] = {}
    for request in requests:
        sites.setdefault((request.site.span, request.site.method), []).append(request)
    return tuple(_entry(sites[key], catalog) for key in sorted(sites))


def _entry(requests: Sequence[Request], catalog: Catalog) -> Entry:
    models = tuple(dict.fromkeys(ref.id for request in requests for ref in request.models))
    return Entry(
        site=requests[0].site,
        requests=tuple(requests),
        model=united([request.model for request in requests]),
        models=models,
        tools=_sized(requests, Place.TOOLS, catalog),
        system=_sized(requests, Place.SYSTEM, catalog),
        messages=_sized(requests, Place.MESSAGES, catalog),
        breakpoints=_markers(requests),
        automatic=any(request.automatic is not None for request in requests),
        pairs=_pairs(requests, catalog),
        conversation=_conversation(requests),
        repetition=_repetition(requests),
        task=_task(requests),
    )


# --- parts --------------------------------------------------------------------------------------

_BETTER = (State.ABSENT, State.KNOWN, State.TRACED, State.PARTIAL, State.UNKNOWN)
_RARER = tuple(Variation)


def united(parts: Sequence[Part]) -> Part:
    """One part as several chains have it: as well known as in the worst, absent if in all."""
    if len(parts) == 1:
        return parts[0]
    worst = max(parts, key=lambda part: _BETTER.index(part.state))
    sent = [part for part in parts if part.state is not State.ABSENT]
    leaves = {(leaf.span, leaf.reason): leaf for part in sent for leaf in part.leaves}
    most = max((part.variation for part in sent), key=_RARER.index, default=worst.variation)
    out = max(part.left_out for part in parts)
    return replace(worst, variation=most, leaves=tuple(leaves.values()), left_out=out)


def part_of(request: Request, place: Place) -> Part:
    """The part of a request that belongs to a place of the prefix."""
    if place is Place.TOOLS:
        return request.tools
    return request.system if place is Place.SYSTEM else request.messages


def _sized(requests: Sequence[Request], place: Place, catalog: Catalog) -> SizedPart:
    part = united([part_of(request, place) for request in requests])
    if part.state is State.ABSENT:
        return SizedPart(part, None)
    sizes = [
        request.size(place).tokens(catalog, model)
        for request in requests
        if part_of(request, place).state is not State.ABSENT
        for model in _models(request, catalog)
    ]
    return SizedPart(part, _around(sizes))


def _around(sizes: Sequence[Tokens]) -> Tokens:
    """The narrowest bounds that hold for all of ``sizes``."""
    highs = [size[1] for size in sizes]
    low = min(size[0] for size in sizes)
    return low, None if None in highs else max(high for high in highs if high is not None)


def _models(request: Request, catalog: Catalog) -> tuple[Model | None, ...]:
    """What the catalogue knows of the models; (None,) where every tokenizer may be meant."""
    platform = request.site.platform.value
    found = tuple(catalog.resolve(ref.id, platform).model for ref in request.models)
    return found or (None,)


# --- the cache ----------------------------------------------------------------------------------


def _markers(requests: Sequence[Request]) -> tuple[Marker, ...]:
    found: dict[tuple[object, ...], Marker] = {}
    for request in requests:
        for point in request.breakpoints:
            if point.automatic or not 0 <= point.block < len(request.blocks):
                continue
            place, index = request.position(point.block)
            found.setdefault((point.span, place, index, point.ttl), Marker(place, index, point))
    return tuple(found.values())


def _pairs(requests: Sequence[Request], catalog: Catalog) -> tuple[Reuse, ...]:
    found: dict[tuple[object, ...], Reuse] = {}
    for request in requests:
        for pair in request.pairs:
            reuse = Reuse(pair, _divergence(request, pair, catalog))
            key = (pair.kind, pair.label)
            known = found.get(key)
            if known is None:
                found[key] = reuse
                continue
            evidence = tuple(dict.fromkeys((*known.pair.evidence, *pair.evidence)))
            earlier = min((known, reuse), key=_how_early)
            found[key] = replace(earlier, pair=replace(earlier.pair, evidence=evidence))
    return tuple(found.values())


def _divergence(request: Request, pair: Pair, catalog: Catalog) -> Divergence | None:
    moving = request.divergence(pair)
    if moving is None:
        return None
    front = request.front(pair, moving)
    tokens = _around([front.tokens(catalog, model) for model in _models(request, catalog)])
    return Divergence(*request.position(moving.block), moving, tokens)


def _how_early(reuse: Reuse) -> tuple[int, int, int]:
    at = reuse.divergence
    return (1, 0, 0) if at is None else (0, at.moving.block, at.moving.term or 0)


# --- what is around it --------------------------------------------------------------------------


def _conversation(requests: Sequence[Request]) -> Conversation | None:
    """The one that tells most: it grows, nothing bounds it, and all of it could be followed."""
    found = [request.conversation for request in requests if request.conversation is not None]
    if not found:
        return None
    return max(found, key=lambda each: (each.grows, each.grows and not each.bounded, each.certain))


#: How often a request is sent, the most often first.
_OFTEN = (
    Repeats.RECURSION,
    Repeats.LOOP,
    Repeats.TURNS,
    Repeats.REQUEST,
    Repeats.OBJECT,
    Repeats.SCHEDULED,
    Repeats.ONCE,
    Repeats.UNKNOWN,
)


def _repetition(requests: Sequence[Request]) -> Repetition:
    first = min((r.repetition for r in requests), key=lambda each: _OFTEN.index(each.kind))
    same = [r.repetition for r in requests if r.repetition.kind is first.kind]
    evidence: dict[Step, None] = {step: None for each in same for step in each.evidence}
    return replace(first, evidence=tuple(evidence))


def _task(requests: Sequence[Request]) -> Task:
    return next((r.task for r in requests if r.task.use is not Use.UNKNOWN), requests[0].task)
