"""Which requests of a file may read what another one of it has written into the cache, and which
are one call for several callers.

Two calls with the same document share what is marked in them. So may a later turn that another
function sends. What is told here is that somebody else may, never that nobody does.
"""

from __future__ import annotations

from collections.abc import Sequence

from skinflint.linter.request import PairKind, Request, State, parts_of
from skinflint.linter.spans import Span
from skinflint.records import replace


def acquainted(requests: Sequence[Request]) -> list[Request]:
    """The requests, each that has breakpoints with the sites that may share its prefix."""
    return [
        replace(request, company=_company(request, requests)) if request.breakpoints else request
        for request in requests
    ]


def related(requests: Sequence[Request]) -> list[Request]:
    """The requests, each with those that other callers send at its place, if one has breakpoints.

    And with those of other calls whose markers the same helper sets.
    """
    by_site: dict[Span, list[Request]] = {}
    by_marker: dict[Span, list[Request]] = {}
    for request in requests:
        by_site.setdefault(request.site.span, []).append(request)
        for span in {point.span for point in request.breakpoints}:
            by_marker.setdefault(span, []).append(request)
    marked = {each.site.span for each in requests if each.breakpoints}
    return [
        _with_kin(each, by_site, by_marker) if each.site.span in marked else each
        for each in requests
    ]


def _with_kin(
    request: Request, by_site: dict[Span, list[Request]], by_marker: dict[Span, list[Request]]
) -> Request:
    kin = tuple(by_site[request.site.span])
    shared = dict.fromkeys(point.span for point in request.breakpoints)
    sharing = tuple(
        {
            id(other): other
            for span in shared
            for other in by_marker[span]
            if other.site.span != request.site.span
        }.values()
    )
    return replace(request, kin=lambda: kin, sharing=lambda: sharing)


def _company(request: Request, requests: Sequence[Request]) -> tuple[Span, ...]:
    found: set[Span] = set()
    sources = _sources(request)
    for other in requests:
        if other is request or other.site.span in found:
            continue
        if other.site.span == request.site.span:
            if sources.isdisjoint(_sources(other)):
                continue  # the same call for another caller, about something else
            if _same_loop(request, other):
                continue  # another caller of the loop that has a record of its own in each round
        if (
            other.site.function == request.site.function
            or other.multi_turn
            or other.messages.is_any(State.UNKNOWN)
            or not sources.isdisjoint(_sources(other))
        ):
            found.add(other.site.span)
    return tuple(sorted(found))


def _same_loop(request: Request, other: Request) -> bool:
    """Whether both run in the rounds of one loop over records, whoever has that loop run."""
    mine = {request.host[pair.depth :] for pair in request.pairs if pair.kind is PairKind.RECORD}
    return any(
        other.host[pair.depth :] in mine
        for pair in other.pairs
        if pair.kind is PairKind.RECORD and pair.depth < len(other.host)
    )


def _sources(request: Request) -> set[Span]:
    """Where what changes in a request is born."""
    return {
        key.span for block in request.blocks for _, keys in parts_of(block.value) for key in keys
    }
