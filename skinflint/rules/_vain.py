"""Which breakpoint does nothing, as all in front of it is shorter than the model caches."""

from __future__ import annotations

from skinflint.linter.request import Breakpoint, Place, Request, State
from skinflint.rules._prefix import below_minimum, models_of, shipped_models, tokens_of
from skinflint.rules.base import Context

#: English prose has about so many times the tokens of the fewest that its characters allow.
_PROSE = 1.5


def in_vain(request: Request, context: Context, surely: bool = True) -> Breakpoint | None:
    """The last breakpoint, if all in front of it is too short, or most probably is."""
    if any(point.optional for point in request.breakpoints):
        return None  # on some paths there is none
    points = [p for p in request.breakpoints if 0 <= p.block < len(request.blocks)]
    if not points or len(points) < len(request.breakpoints):
        return None
    last = max(points, key=lambda p: (p.block, p.automatic))
    if last.automatic and (request.multi_turn or _grows(request)):
        return None
    if any(True for _ in request.breaks()):
        return None
    whole = request.extent(last.block)
    if whole.high is None or not _bounded(request, last.block):
        return None
    if surely:
        if below_minimum(request, context, whole) is not True:
            return None
        for other in shipped_models(request, context):
            high = tokens_of(context, whole, other)[1]
            if high is None or high >= (other.min_prefix or 0):
                return None
        return last
    for model in (*models_of(request, context), *shipped_models(request, context)):
        if model is None or model.min_prefix is None:
            return None
        if tokens_of(context, whole, model)[0] * _PROSE >= model.min_prefix:
            return None
    return last


def _bounded(request: Request, last: int) -> bool:
    """Whether all in front of the breakpoint is to be seen, and there at most once.

    Tools bring a preamble along, and server tools a long one, so their size isn't known.
    """
    blocks = request.blocks[: last + 1]
    return (
        request.tools.is_any(State.ABSENT)
        and not any(block.repeated for block in blocks)
        and request.complete({block.place for block in blocks} | {Place.SYSTEM})
    )


def _grows(request: Request) -> bool:
    return any(b.place is Place.MESSAGES and b.repeated for b in request.blocks)
