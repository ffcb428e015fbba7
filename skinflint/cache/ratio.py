"""What a defect costs: the bill now over the bill after, in tokens of plain input.

Every figure is a sequence of requests answered by ``cache.model``; there is no second formula. A
ratio holds for the number of calls it names, all within the lifetime of the cache.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple, TypeAlias

from skinflint.cache.model import Block, Call, Outcome, Refusal, Usage, send_all, units
from skinflint.catalog.models import Catalog, Model

#: A block as (key, tokens, ttl of its marker or None, place).
Row: TypeAlias = tuple[str, int, "str | None", str]
#: One request: its blocks in any order.
Shape: TypeAlias = "Sequence[Block | Row]"

#: The size of a part whose size does not matter to a ratio: above every minimum, below every band.
_SOME = 50_000
#: Seconds between two calls, and from the start of a call to the start of its reply.
_STEP, _WAIT = 1.0, 0.5


class Ratio(NamedTuple):
    """Cost in tokens of plain input per token of the part in question, and now over after."""

    now: float
    after: float
    value: float


def bill(
    shapes: Iterable[Shape],
    model: Model | None = None,
    *,
    automatic: str | None = None,
    parallel: bool = False,
    step: float = _STEP,
    catalog: Catalog | None = None,
) -> float:
    """What the requests cost together, in tokens of plain input; inf if one of them is a 400.

    ``step`` seconds lie between their starts; ``parallel`` starts them all before the first reply
    has begun. ``automatic`` is the ttl of a top-level cache_control on each of them.
    """
    total = 0.0
    for outcome in answers(
        shapes, model, automatic=automatic, parallel=parallel, step=step, catalog=catalog
    ):
        if isinstance(outcome, Refusal):
            return math.inf
        total += units(outcome, model, catalog=catalog)
    return total


def answers(
    shapes: Iterable[Shape],
    model: Model | None = None,
    *,
    automatic: str | None = None,
    parallel: bool = False,
    step: float = _STEP,
    catalog: Catalog | None = None,
) -> tuple[Outcome, ...]:
    """The usage of each request, or the 400 it meets; arguments as those of ``bill``."""
    calls = []
    for number, shape in enumerate(shapes):
        at = 0.0 if parallel else number * step
        blocks = tuple(
            row if isinstance(row, Block) else Block(row[0], row[1], row[2], row[3])
            for row in shape
        )
        calls.append(Call(blocks, model, automatic, at=at, begins=at + min(_WAIT, step / 2)))
    return send_all(calls, catalog=catalog)[0]


def broken(
    calls: int, model: Model | None, ttl: str = "5m", catalog: Catalog | None = None
) -> Ratio:
    """A marked prefix that differs at each call, over one that is read from the second call on."""
    return _ratio(
        [[_part(f"prefix {call}", ttl)] for call in range(calls)],
        [[_part("prefix", ttl)]] * calls,
        model,
        catalog,
    )


def uncached_vs_cached(
    calls: int, model: Model | None, ttl: str = "5m", catalog: Catalog | None = None
) -> Ratio:
    """A stable prefix without a marker, over the same prefix marked."""
    return _ratio(
        [[_part("prefix", None)]] * calls, [[_part("prefix", ttl)]] * calls, model, catalog
    )


def marked_in_vain(
    calls: int, model: Model | None, ttl: str = "5m", catalog: Catalog | None = None
) -> Ratio:
    """A marked prefix that never recurs, over the same without the marker."""
    return _ratio(
        [[_part(f"prefix {call}", ttl)] for call in range(calls)],
        [[_part(f"prefix {call}", None)] for call in range(calls)],
        model,
        catalog,
    )


def per_user(
    turns: int, model: Model | None, ttl: str = "5m", catalog: Catalog | None = None
) -> Ratio:
    """What one user's conversation of ``turns`` turns pays for the part that all users share.

    Now it stands in one block with that user's own text, so that each user writes it anew. After,
    it has a block of its own, which an earlier user's call has written.
    """
    earlier = [_part("shared, first user", ttl)]
    mine = [_part("shared, second user", ttl)]
    now = _total([earlier, *[mine] * turns], model, catalog, skip=1)
    after = _total([[_part("shared", ttl)]] * (turns + 1), model, catalog, skip=1)
    return _over(now, after)


def shared(
    calls: int,
    head: int,
    tail: int,
    model: Model | None,
    ttl: str = "5m",
    *,
    rounds: int = 1,
    tail_marked: bool = False,
    catalog: Catalog | None = None,
) -> Ratio:
    """Stable and changing text in one marked block, over the two in blocks of their own.

    ``head`` tokens are stable, the ``tail`` tokens behind them change after every ``rounds`` calls.
    After the split the head carries the marker, and the tail one of its own if ``tail_marked``.
    Costs are those of whole prompts, and the sizes count: a head below the model's minimum gains
    nothing.
    """
    now: list[Shape] = []
    after: list[Shape] = []
    for call in range(calls):
        text = f"tail {call // rounds}"
        now.append([("head, " + text, head + tail, ttl, "system")])
        changing = (text, tail, ttl if tail_marked else None, "system")
        after.append([("head", head, ttl, "system"), changing])
    return _over(bill(now, model, catalog=catalog), bill(after, model, catalog=catalog))


def growing(
    turns: int,
    fixed: int,
    each: int,
    model: Model | None,
    ttl: str = "5m",
    catalog: Catalog | None = None,
) -> Ratio:
    """A conversation whose marker stands on its fixed part only, over one whose tail is cached too.

    ``fixed`` tokens come first, every turn adds ``each``.
    """

    def conversation(marked_tail: bool) -> list[Shape]:
        shapes: list[Shape] = []
        for turn in range(turns):
            shape: list[Block | Row] = [("fixed", fixed, ttl, "system")] if fixed else []
            for past in range(turn + 1):
                mark = ttl if marked_tail and past == turn else None
                shape.append((f"turn {past}", each, mark, "messages"))
            shapes.append(shape)
        return shapes

    return _over(
        bill(conversation(False), model, catalog=catalog),
        bill(conversation(True), model, catalog=catalog),
    )


def cold_fan_out(
    calls: int, model: Model | None, ttl: str = "5m", catalog: Catalog | None = None
) -> Ratio:
    """Calls that all start before the first reply has begun, over one first and then the rest."""
    shapes = [[_part("prefix", ttl)]] * calls
    now = bill(shapes, model, parallel=True, catalog=catalog) / _SOME
    return _over(now, bill(shapes, model, catalog=catalog) / _SOME)


def _part(key: str, ttl: str | None) -> Row:
    return (key, _SOME, ttl, "system")


def _total(
    shapes: Sequence[Shape], model: Model | None, catalog: Catalog | None, skip: int
) -> float:
    """The bill of all but the first ``skip`` requests, per token of the part."""
    outcomes = answers(shapes, model, catalog=catalog)[skip:]
    usages = (outcome for outcome in outcomes if isinstance(outcome, Usage))
    return math.fsum(units(usage, model, catalog=catalog) for usage in usages) / _SOME


def _ratio(
    now: Sequence[Shape], after: Sequence[Shape], model: Model | None, catalog: Catalog | None
) -> Ratio:
    return _over(_total(now, model, catalog, 0), _total(after, model, catalog, 0))


def _over(now: float, after: float) -> Ratio:
    return Ratio(now, after, now / after if after else 1.0)
