"""Which requests send the same conversation behind another prefix than a cached one does?"""

from __future__ import annotations

from collections.abc import Sequence

from skinflint.linter.request import Block, Fork, Part, Place, Request, State, Use
from skinflint.linter.spans import Span
from skinflint.linter.values import Unknown
from skinflint.records import replace

_ABOUT = (Use.SUMMARY, Use.TITLE, Use.LABEL, Use.JUDGEMENT, Use.ROUTING)
_PREFIX = (Place.TOOLS, Place.SYSTEM)


def with_forks(requests: Sequence[Request]) -> list[Request]:
    """The requests of one file, each with those whose cached conversation it sends in vain.

    Of a last word without the tools that the conversation had that is said as well.
    """
    requests = [replace(e, bare=True) if _is_bare(e, requests) else e for e in requests]
    caching = [request for request in requests if _keeps(request)]
    if not caching:
        return requests
    return [replace(each, forks=tuple(_forks(each, caching))) for each in requests]


def _is_bare(request: Request, requests: Sequence[Request]) -> bool:
    """Whether its function has sent the conversation with tools before, and sends it without here.

    What the one has written is nothing that the other could read.
    """
    talk = request.conversation
    if talk is None or talk.born is None or request.brings_tools:
        return False
    return any(
        other.site.function == request.site.function
        and other.site.span < request.site.span
        and other.conversation is not None
        and other.conversation.born == talk.born
        and other.brings_tools
        for other in requests
    )


def _keeps(request: Request) -> bool:
    """Whether a conversation that is wholly seen is cached by this request."""
    talk = request.conversation
    return talk is not None and talk.certain and request.caches_messages


def _forks(request: Request, caching: Sequence[Request]) -> list[Fork]:
    talk = request.conversation
    if talk is None or talk.born is None or not request.models:
        return []
    mine = _history(request)
    found: list[Fork] = []
    for other in caching:
        same_place = other.site.span == request.site.span
        if same_place or other.conversation is None or other.conversation.born != talk.born:
            continue
        if not mine & _history(other) or not _starts_alike(request, other):
            continue
        if not _asks_besides(request, other):
            continue  # one of the two leads the conversation, and this is it
        if not {m.id for m in request.models} & {m.id for m in other.models}:
            continue  # another model has a cache of its own, and may be cheaper
        what = [place.value for place in _PREFIX if _differs(request, other, place)]
        if what and not any(fork.site == other.site.span for fork in found):
            found.append(Fork(other.site.span, tuple(what)))
    return found


def _history(request: Request) -> set[Span]:
    """Where the messages are written that earlier rounds left."""
    return {b.span for b in request.blocks if b.place is Place.MESSAGES and b.history}


def _starts_alike(request: Request, other: Request) -> bool:
    """Whether both begin with the same message: none is put in front."""
    return _first(request) == _first(other)


def _asks_besides(request: Request, other: Request) -> bool:
    """Whether a request is about the conversation rather than a turn of it."""
    theirs = {b.span for b in other.blocks if b.place is Place.MESSAGES}
    return request.task.use in _ABOUT or any(
        block.place is Place.MESSAGES and not block.history and block.span not in theirs
        for block in request.blocks
    )


def _first(request: Request) -> Span | None:
    return next((b.span for b in request.blocks if b.place is Place.MESSAGES), None)


def _differs(request: Request, other: Request, place: Place) -> bool:
    """Whether a part of the prefix surely is another one."""
    mine, theirs = _blocks(request, place), _blocks(other, place)
    if not mine or not theirs:
        absent = request if not mine else other
        written = theirs or mine
        part: Part = getattr(absent, place.value)
        return part.is_any(State.ABSENT) and any(not block.optional for block in written)
    return not any(_alike(one, two) for one in mine for two in theirs)


def _alike(one: Block, two: Block) -> bool:
    """Whether two blocks may be the same text."""
    if one.span == two.span or one.value == two.value:
        return True
    first, second = one.value, two.value
    if isinstance(first, Unknown) and isinstance(second, Unknown):
        return first.reason == second.reason
    return False


def _blocks(request: Request, place: Place) -> list[Block]:
    return [block for block in request.blocks if block.place is place]
