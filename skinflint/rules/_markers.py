"""What rules about the markers of a request share: which are surely there, in which order."""

from __future__ import annotations

from skinflint.linter.request import Breakpoint, Request


def explicit(request: Request) -> list[Breakpoint]:
    """The markers on blocks that are seen, in the order in which the prefix is read."""
    found = [p for p in request.breakpoints if not p.automatic and _seen(request, p)]
    return sorted(found, key=lambda point: point.block)


def surely_there(request: Request, point: Breakpoint) -> bool:
    """Whether a breakpoint is set each time the request is sent."""
    if point.automatic:
        return not point.optional
    if point.optional or point.per_item or not _seen(request, point):
        return False
    block = request.blocks[point.block]
    return not (block.optional or block.repeated)


def _seen(request: Request, point: Breakpoint) -> bool:
    return 0 <= point.block < len(request.blocks)
