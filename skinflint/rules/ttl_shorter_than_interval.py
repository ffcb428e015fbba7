"""SKF207: an entry that is gone before the next request comes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from skinflint.linter.findings import Applicability, Cost, Finding, Fix, SetTtl
from skinflint.linter.request import Breakpoint, Pair, PairKind, Request
from skinflint.linter.spans import Role, Step
from skinflint.rules._caching import changes, may_be_cached
from skinflint.rules._markers import explicit
from skinflint.rules._needs import a_breakpoint
from skinflint.rules._prefix import below_minimum, models_of
from skinflint.rules.base import Context, Example, Rule

_WATCH = """\
import time

import anthropic

from weather.texts import FORECASTER
from weather.stations import readings

client = anthropic.Anthropic()


def watch() -> None:
    while True:
        reply = client.messages.create(
            model="claude-opus-5-5",
            max_tokens=600,
            system=[
                {
                    "type": "text",
                    "text": FORECASTER,
                    "cache_control": {"type": "ephemeral"},  # <-
                }
            ],
            messages=[{"role": "user", "content": readings()}],
        )
        print(reply.content[0].text)
        time.sleep(15 * 60)
"""

_WATCH_FIXED = _WATCH.replace(
    '"cache_control": {"type": "ephemeral"},  # <-',
    '"cache_control": {"type": "ephemeral", "ttl": "1h"},',
)

_JOB = """\
import anthropic
from apscheduler.schedulers.blocking import BlockingScheduler

from weather.texts import FORECASTER
from weather.stations import readings

client = anthropic.Anthropic()
scheduler = BlockingScheduler()

SYSTEM = [
    {"type": "text", "text": FORECASTER, "cache_control": {"type": "ephemeral"}},  # <-
]


@scheduler.scheduled_job("interval", minutes=20)
def report() -> None:
    reply = client.messages.create(
        model="claude-opus-5-5",
        max_tokens=600,
        system=SYSTEM,
        messages=[{"role": "user", "content": readings()}],
    )
    print(reply.content[0].text)
"""

_JOB_FIXED = _JOB.replace(
    '"cache_control": {"type": "ephemeral"}},  # <-',
    '"cache_control": {"type": "ephemeral", "ttl": "1h"}},',
)

_GOOD = """\
import time

import anthropic

from weather.texts import FORECASTER
from weather.stations import readings

client = anthropic.Anthropic()
MARK = {"type": "ephemeral"}
HOUR = {"type": "ephemeral", "ttl": "1h"}


def ask(system) -> str:
    reply = client.messages.create(
        model="claude-opus-5-5",
        max_tokens=600,
        system=system,
        messages=[{"role": "user", "content": readings()}],
    )
    return reply.content[0].text


def each_minute() -> None:
    while True:
        print(ask([{"type": "text", "text": FORECASTER, "cache_control": MARK}]))
        time.sleep(60)


def each_half_hour() -> None:
    while True:
        print(ask([{"type": "text", "text": FORECASTER, "cache_control": HOUR}]))
        time.sleep(30 * 60)


def now_and_then(pause: float) -> None:
    while True:
        print(ask([{"type": "text", "text": FORECASTER, "cache_control": MARK}]))
        time.sleep(pause)
"""

_ROUNDS = (PairKind.LOOP, PairKind.TURN, PairKind.RECORD, PairKind.CALLS, PairKind.USER)
#: The next call of a job that one clock calls.
_NEXT = Pair(PairKind.CALLS, 0, "from one call of the job to the next")


class TtlShorterThanInterval(Rule):
    """Requests come less often than their cache lives, so each one writes and none reads.

    ## What it does
    Reports a marker that lives five minutes in a request that is sent again after more than five
    minutes and at most an hour: in a loop that sleeps, or in a job whose pace is written beside it.
    A wait for the next full quarter of an hour is a pace as well. It keeps quiet where the pace
    isn't told, about prompts too short to be cached, and where a request from elsewhere has the
    same marker. Where nothing says that the prompt is long enough, it takes `--preview`.

    ## Why it costs
    Every request pays 1.25 times the price of plain input for an entry that is gone when the next
    one comes. With an hour the first one pays twice, and each later one a tenth or less. A tool
    that was measured wrote 39 tokens a request when asked every seven seconds, and 3,597 when
    asked every seven minutes (reported on GitHub, 2026).

    ## Example
    A loop that sleeps a quarter of an hour, and a marker without a `ttl`.

    ## Use instead
    `"ttl": "1h"`. If requests come further apart than an hour, mark nothing.

    ## Fix safety
    A price fix: the model sees the same. The bill falls if the pace is kept for two requests or
    more, so `--fix` makes it only where the reuse is proven and `--unsafe-fixes` everywhere.

    ## References
    - Prompt caching, lifetimes (2026-10-08):
      https://platform.claude.com/docs/en/build-with-claude/prompt-caching
    - The tool that was measured: https://github.com/browser-use/browser-use/issues/5321
    """

    id = "SKF207"
    name = "ttl-shorter-than-interval"
    summary = "Requests come less often than the cache lives, so none of them reads it"
    examples: ClassVar[tuple[Example, ...]] = (
        Example("A loop that sleeps a quarter of an hour", bad=_WATCH, fixed=_WATCH_FIXED),
        Example("A job every twenty minutes", bad=_JOB, fixed=_JOB_FIXED),
        Example("Each minute, for an hour, and at no known pace", good=_GOOD),
    )

    needs = (a_breakpoint,)

    def check(self, request: Request, context: Context) -> Iterator[Finding]:
        """At most one finding, about the first marker that lives too short."""
        pace = request.interval
        seconds = context.facts.cache.ttl_seconds
        if pace is None or not seconds["5m"] < pace.seconds <= seconds["1h"]:
            return
        if not may_be_cached(request, context):
            return
        points = [*explicit(request), *(p for p in request.breakpoints if p.automatic)]
        if any(p.ttl not in seconds or p.per_item for p in points):
            return
        short = [p for p in points if p.ttl == "5m" and not p.optional]
        pair = next((p for p in request.pairs if p.kind in _ROUNDS), _NEXT)
        if not short or changes(request, pair, short[0].block):
            return
        whole = request.extent(short[-1].block)
        short_of = below_minimum(request, context, whole)
        if short_of is True or self._kept_alive(request, context, short[0]):
            return
        if not context.preview and not whole.named and short_of is None:
            return
        from skinflint.cache import ratio

        models = set(models_of(request, context))
        model = models.pop() if len(models) == 1 else None
        now, after = (
            ratio.bill(
                [[("prefix", 50_000, ttl, "system")]] * context.calls,
                model,
                step=pace.seconds,
                catalog=context.catalog,
            )
            for ttl in ("5m", "1h")
        )
        minutes = round(pace.seconds / 60)
        yield self.finding(
            request,
            short[0].span,
            f"This cache lives five minutes, and the next request comes after {minutes}: each one "
            f"writes it anew, and none reads it.",
            related=(
                Step(Role.BREAKPOINT, short[0].span, "lives five minutes"),
                Step(Role.STEP, pace.span, pace.label),
                Step(Role.SINK, request.site.span, "sent here"),
            ),
            confidence=pair.confidence,
            pair=pair.label,
            cost=Cost(round(now / after, 2), f"{context.calls} calls, {minutes} minutes apart"),
            fix=Fix(
                Applicability.PRICE,
                "Let it live an hour",
                tuple(SetTtl(point.span, "1h") for point in short),
            ),
            identity=(self.id, short[0].span),
        )

    @staticmethod
    def _kept_alive(request: Request, context: Context, point: Breakpoint) -> bool:
        """Whether somebody may send the same prefix in between, at no pace or at a faster one."""
        if request.company:
            return True
        lives = context.facts.cache.ttl_seconds["5m"]
        paces = [each.interval for each in request.whoever_calls(point)]
        return any(pace is None or pace.seconds <= lives for pace in paces)
