"""SKF211: requests that share a prefix start before any of them has written it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from skinflint.linter.findings import Applicability, Cost, Finding, FirstThenRest, Fix, Tier
from skinflint.linter.request import FanOut, Pair, PairKind, Request
from skinflint.linter.spans import Role, Step
from skinflint.rules._caching import changes, may_be_cached
from skinflint.rules._markers import explicit
from skinflint.rules._needs import a_breakpoint
from skinflint.rules._prefix import below_minimum, models_of
from skinflint.rules.base import Context, Example, Rule

_GATHER = """\
import asyncio

import anthropic

from museum.texts import GUIDE

client = anthropic.AsyncAnthropic()


async def describe(piece: str) -> str:
    reply = await client.messages.create(
        model="claude-opus-5-5",
        max_tokens=400,
        system=[{"type": "text", "text": GUIDE, "cache_control": {"type": "ephemeral"}}],
        messages=[{"role": "user", "content": piece}],
    )
    return reply.content[0].text


async def describe_all(pieces: list[str]) -> list[str]:
    return await asyncio.gather(*[describe(piece) for piece in pieces])  # <-
"""

_GATHER_FIXED = _GATHER.replace(
    "    return await asyncio.gather(*[describe(piece) for piece in pieces])  # <-\n",
    "    calls = [describe(piece) for piece in pieces]\n"
    "    return [*[await call for call in calls[:1]], *await asyncio.gather(*calls[1:])]\n",
)

_POOL = """\
from concurrent.futures import ThreadPoolExecutor

import anthropic

from museum.texts import GUIDE

client = anthropic.Anthropic()


def describe(piece: str) -> str:
    reply = client.messages.create(
        model="claude-opus-5-5",
        max_tokens=400,
        system=[{"type": "text", "text": GUIDE, "cache_control": {"type": "ephemeral"}}],
        messages=[{"role": "user", "content": piece}],
    )
    return reply.content[0].text


def describe_all(pieces: list[str]) -> list[str]:
    with ThreadPoolExecutor(8) as pool:
        calls = [pool.submit(describe, piece) for piece in pieces]  # <-
        return [call.result() for call in calls]
"""

_GOOD = """\
import asyncio

import anthropic

from museum.texts import GUIDE

client = anthropic.AsyncAnthropic()


async def describe(piece: str) -> str:
    reply = await client.messages.create(
        model="claude-opus-5-5",
        max_tokens=400,
        system=[{"type": "text", "text": GUIDE, "cache_control": {"type": "ephemeral"}}],
        messages=[{"role": "user", "content": piece}],
    )
    return reply.content[0].text


async def describe_all(first: str, pieces: list[str]) -> list[str]:
    found = [await describe(first)]
    found += await asyncio.gather(*[describe(piece) for piece in pieces])
    return found


async def name(piece: str) -> str:
    reply = await client.messages.create(
        model="claude-opus-5-5",
        max_tokens=20,
        messages=[{"role": "user", "content": piece}],
    )
    return reply.content[0].text


async def name_all(pieces: list[str]) -> list[str]:
    return await asyncio.gather(*[name(piece) for piece in pieces])


async def one_by_one(pieces: list[str]) -> list[str]:
    return [await describe(piece) for piece in pieces]
"""


class ColdFanOut(Rule):
    """Requests with one marked prefix all start before the first of them has written it.

    ## What it does
    Reports `asyncio.gather`, tasks and executors over a request whose marked prefix is the same for
    all of them. It keeps quiet where the same function is asked in front of them, where a semaphore
    or a lock limits how many run, and where the prefix differs or is too short.

    ## Why it costs
    An entry can be read once the response that wrote it has begun. Ten requests that start together
    all write the prefix, at 1.25 times its price; one first and then nine write it once and read it
    nine times. That is a factor of 5.8 for the prefix of ten requests.

    ## Example
    Every piece of a museum is described at once, by the same long guide.

    ## Use instead
    Wait for the first one, then start the others.

    ## Fix safety
    Unsafe: the same requests are sent, but the others start later, and if the first one fails they
    don't start at all. Calls that run before the rest anyway, or a rate limit, make it needless.

    ## References
    - Prompt caching, when an entry is there (2026-10-08):
      https://platform.claude.com/docs/en/build-with-claude/prompt-caching
    - Sub-agents that start cold: https://github.com/OpenHands/software-agent-sdk/issues/2972
    """

    id = "SKF211"
    name = "cold-fan-out"
    summary = "Requests that share a prefix start before any of them has written it"
    tier = Tier.PREVIEW
    examples: ClassVar[tuple[Example, ...]] = (
        Example("All pieces at once", bad=_GATHER, fixed=_GATHER_FIXED),
        Example("An executor that is handed each piece", bad=_POOL),
        Example("The first one before the rest; nothing marked; one by one", good=_GOOD),
    )

    needs = (a_breakpoint,)

    def check(self, request: Request, context: Context) -> Iterator[Finding]:
        """At most one finding, where the requests are started."""
        fan = request.fan_out
        if fan is None or not may_be_cached(request, context):
            return
        pair = next((p for p in request.pairs if self._is_of(p, fan)), None)
        points = [p for p in explicit(request) if not p.optional]
        if pair is None or not points or (pair.rounds is not None and pair.rounds < 2):
            return
        # the last breakpoint that all of them share
        shared = [p for p in points if not changes(request, pair, p.block)]
        if not shared:
            return
        last = shared[-1]
        if below_minimum(request, context, request.extent(last.block)) is True:
            return
        from skinflint.cache import ratio

        models = set(models_of(request, context))
        model = models.pop() if len(models) == 1 else None
        calls = pair.rounds or context.calls
        cost = ratio.cold_fan_out(calls, model, last.ttl or "5m", context.catalog)
        fix = None
        if fan.name == "gather()":
            fix = Fix(
                Applicability.UNSAFE,
                "Wait for the first one, then start the rest",
                (FirstThenRest(fan.waited, fan.started),),
            )
        yield self.finding(
            request,
            fan.waited,
            f"All of these requests start before the first has written the prefix that they share "
            f"(marked in line {last.span.line}): each of them writes it, and none reads it.",
            related=(
                Step(Role.BREAKPOINT, last.span, "shared by all of them"),
                Step(Role.STEP, fan.started, "started here, all at once"),
                Step(Role.SINK, request.site.span, "sent here"),
            ),
            confidence=pair.confidence,
            pair=pair.label,
            cost=Cost(round(cost.value, 2), f"{calls} calls that start together"),
            fix=fix,
            no_fix=None if fix else "Wait for the result of the first one before the rest starts.",
            identity=(self.id, fan.waited),
        )

    @staticmethod
    def _is_of(pair: Pair, fan: FanOut) -> bool:
        return pair.depth == fan.depth and pair.kind in (PairKind.RECORD, PairKind.LOOP)
