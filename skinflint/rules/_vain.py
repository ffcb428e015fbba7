"""Which breakpoint does nothing, as all in front of it is shorter than the model caches."""

from __future__ import annotations

from typing import TYPE_CHECKING

from skinflint.linter.request import Breakpoint, Place, Request, State, extent_of
from skinflint.linter.values import Choice, Known, Text, Unknown, Value, alternatives
from skinflint.rules._prefix import models_of, shipped_models, tokens_of
from skinflint.rules.base import Context

if TYPE_CHECKING:
    from skinflint.catalog.models import Model

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
        for other in (*models_of(request, context), *shipped_models(request, context)):
            if other is None or other.min_prefix is None:
                return None
            if most_tokens(request, context, last, other) >= _soon(other, context):
                return None
        return last
    for model in (*models_of(request, context), *shipped_models(request, context)):
        if model is None or model.min_prefix is None:
            return None
        if tokens_of(context, whole, model)[0] * _PROSE >= model.min_prefix:
            return None
    return last


def _soon(model: Model, context: Context) -> int:
    """From how many tokens on a model caches, or the one that takes its place before long."""
    least = model.min_prefix or 0
    if model.status(context.as_of) == "active":
        return least
    following = context.facts.successor(model, context.as_of)
    return least if following is None else min(least, following.min_prefix or least)


def most_tokens(request: Request, context: Context, point: Breakpoint, model: Model) -> int:
    """How many tokens all in front of a breakpoint is at most, where each part has a bound."""
    blocks = request.blocks[: point.block + 1]
    return sum(_most(block.value, context, model) for block in blocks)


def _most(value: Value, context: Context, model: Model) -> int:
    """The same of one value: what is written out is read, the size of the rest is known."""
    if isinstance(value, Known) and isinstance(value.value, str):
        return context.facts.most_tokens(value.value, model)
    if isinstance(value, Unknown) and value.most is not None:
        return context.facts.scaled(value.most, model)
    if isinstance(value, Choice):
        return max((_most(each, context, model) for each in alternatives(value)), default=0)
    if isinstance(value, Text):
        return sum(_most(part, context, model) for part in value.parts)
    return tokens_of(context, extent_of(value), model)[1] or 0


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
