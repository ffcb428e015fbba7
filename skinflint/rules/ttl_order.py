"""SKF206: a breakpoint that lives longer behind one that lives shorter."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from skinflint.linter.findings import Applicability, Finding, Fix, SetTtl, Severity
from skinflint.linter.request import Breakpoint, Place, Request
from skinflint.linter.spans import Role, Step
from skinflint.rules._markers import explicit, surely_there
from skinflint.rules._needs import a_breakpoint
from skinflint.rules.base import Context, Example, Rule

_TOOLS = """\
import anthropic

from harbour.texts import RULES
from harbour.tools import BERTHS, TIDES

client = anthropic.Anthropic()

TOOLS = [
    TIDES,
    {
        "name": "berths",
        "description": BERTHS,
        "input_schema": {"type": "object", "properties": {"length": {"type": "number"}}},
        "cache_control": {"type": "ephemeral"},  # <-
    },
]


def advise(question: str) -> str:
    reply = client.messages.create(
        model="claude-opus-5-5",
        max_tokens=800,
        tools=TOOLS,
        system=[
            {
                "type": "text",
                "text": RULES,
                "cache_control": {"type": "ephemeral", "ttl": "1h"},
            }
        ],
        messages=[{"role": "user", "content": question}],
    )
    return reply.content[0].text
"""

_TOOLS_FIXED = _TOOLS.replace(
    '"cache_control": {"type": "ephemeral"},  # <-',
    '"cache_control": {"type": "ephemeral", "ttl": "1h"},',
)

_AUTOMATIC = """\
import anthropic

from harbour.texts import LOGBOOK, RULES

client = anthropic.Anthropic()
SHORT = {"type": "ephemeral"}


def ask(question: str) -> str:
    reply = client.messages.create(
        model="claude-opus-5-5",
        max_tokens=800,
        system=[{"type": "text", "text": RULES, "cache_control": SHORT}],  # <-
        messages=[
            {"role": "user", "content": LOGBOOK},
            {"role": "assistant", "content": "I have read the logbook."},
            {"role": "user", "content": question},
        ],
        cache_control={"type": "ephemeral", "ttl": "1h"},
    )
    return reply.content[0].text
"""

_AUTOMATIC_FIXED = _AUTOMATIC.replace(
    '"cache_control": SHORT}],  # <-', '"cache_control": {"type": "ephemeral", "ttl": "1h"}}],'
)

_GOOD = """\
import anthropic

from harbour.texts import LOGBOOK, RULES

client = anthropic.Anthropic()
HOUR = {"type": "ephemeral", "ttl": "1h"}


def ask(question: str) -> str:
    reply = client.messages.create(
        model="claude-opus-5-5",
        max_tokens=800,
        system=[{"type": "text", "text": RULES, "cache_control": HOUR}],
        messages=[
            {
                "role": "user",
                "content": [
                    {"type": "text", "text": LOGBOOK, "cache_control": {"type": "ephemeral"}},
                    {"type": "text", "text": question},
                ],
            }
        ],
    )
    return reply.content[0].text


def ask_rarely(question: str, lasts: str) -> str:
    marker = {"type": "ephemeral", "ttl": lasts}
    reply = client.messages.create(
        model="claude-opus-5-5",
        max_tokens=800,
        system=[
            {"type": "text", "text": RULES, "cache_control": marker},
            {"type": "text", "text": LOGBOOK, "cache_control": HOUR},
        ],
        messages=[{"role": "user", "content": question}],
    )
    return reply.content[0].text
"""


class TtlOrder(Rule):
    """A breakpoint of an hour stands behind one of five minutes: the request is rejected.

    ## What it does
    Reports a request in which a marker that lives shorter stands in front of one that lives longer,
    in the order in which a prompt is read: tools, system prompt, messages. A marker without a `ttl`
    lives five minutes. Automatic caching is a breakpoint on the last block; if that block has a
    marker of its own, both must agree.

    ## Why it costs
    The API answers 400 and nothing is done. It happens where the parts are marked in different
    places: a helper marks the tools, an option lengthens the life of the system prompt.

    ## Example
    The tools are marked for five minutes, the system prompt behind them for an hour.

    ## Use instead
    Give the earlier marker the longer life. What stands in front is shared by more requests than
    what follows, so it is read again at least as long.

    ## Fix safety
    The model sees the same. The request fails today; afterwards the part in front is written at
    twice the price of plain input instead of 1.25 times, which one more read pays back. Where the
    shorter life was meant, take the longer `ttl` away instead.

    ## References
    - Prompt caching, mixing lifetimes (2026-10-08):
      https://platform.claude.com/docs/en/build-with-claude/prompt-caching
    - Options of one library that lead there: https://github.com/agno-agi/agno/pull/8694
    """

    id = "SKF206"
    name = "ttl-order"
    summary = "A breakpoint that lives an hour stands behind one that lives five minutes"
    severity = Severity.ERROR
    examples: ClassVar[tuple[Example, ...]] = (
        Example("Tools for five minutes, rules for an hour", bad=_TOOLS, fixed=_TOOLS_FIXED),
        Example("Automatic caching for an hour", bad=_AUTOMATIC, fixed=_AUTOMATIC_FIXED),
        Example("The longer life first", good=_GOOD),
    )

    needs = (a_breakpoint,)

    def check(self, request: Request, context: Context) -> Iterator[Finding]:
        """Every marker that a longer one behind it makes a mistake, each once."""
        seconds = context.facts.cache.ttl_seconds
        marks = [point for point in explicit(request) if point.ttl in seconds]
        automatic = request.automatic
        ordered = list(marks)
        if automatic is not None and automatic.ttl in seconds:
            clash = self._clash(request, marks, automatic)
            if clash is not None:
                yield self._clashing(request, clash, automatic)
            elif all(point.block != automatic.block for point in marks):
                ordered.append(automatic)
        told = set()
        for index, early in enumerate(ordered):
            late = next(
                (
                    point
                    for point in ordered[index + 1 :]
                    if seconds[point.ttl] > seconds[early.ttl]
                    and (point.automatic or point.block > early.block)
                    and self._both(request, early, point)
                ),
                None,
            )
            if late is not None and early.span not in told:
                told.add(early.span)
                yield self._too_short(request, early, late)

    @staticmethod
    def _both(request: Request, early: Breakpoint, late: Breakpoint) -> bool:
        """Whether both are set in one request: two that come and go may never meet."""
        return surely_there(request, early) or surely_there(request, late)

    @staticmethod
    def _clash(
        request: Request, marks: list[Breakpoint], automatic: Breakpoint
    ) -> Breakpoint | None:
        """The marker of the last block, if automatic caching wants another life of it."""
        if not surely_there(request, automatic):
            return None
        last = request.blocks[automatic.block]
        for point in marks:
            same = point.block == automatic.block and point.ttl != automatic.ttl
            if same and last.last and surely_there(request, point):
                return point
        return None

    def _clashing(self, request: Request, point: Breakpoint, automatic: Breakpoint) -> Finding:
        return self.finding(
            request,
            point.span,
            f"The last block is marked for {_spoken(point.ttl)} and automatic caching asks for "
            f"{_spoken(automatic.ttl)}; the API rejects the request (400).",
            related=(
                Step(Role.BREAKPOINT, point.span, f"lives {_spoken(point.ttl)}"),
                Step(Role.BREAKPOINT, automatic.span, f"lives {_spoken(automatic.ttl)}"),
                Step(Role.SINK, request.site.span, "sent here"),
            ),
            fix=self._fix(point, automatic.ttl),
            identity=(self.id, point.span),
        )

    def _too_short(self, request: Request, early: Breakpoint, late: Breakpoint) -> Finding:
        where = "automatic caching" if late.automatic else f"the one in line {late.span.line}"
        what = {
            Place.TOOLS: "on the tools",
            Place.SYSTEM: "in the system prompt",
            Place.MESSAGES: "in the messages",
        }[request.blocks[early.block].place]
        return self.finding(
            request,
            early.span,
            f"This breakpoint {what} lives {_spoken(early.ttl)} and stands in front of {where}, "
            f"which lives {_spoken(late.ttl)}; the API rejects the request (400).",
            related=(
                Step(Role.BREAKPOINT, early.span, f"lives {_spoken(early.ttl)}"),
                Step(Role.BREAKPOINT, late.span, f"lives {_spoken(late.ttl)}"),
                Step(Role.SINK, request.site.span, "sent here"),
            ),
            fix=self._fix(early, late.ttl),
            identity=(self.id, early.span),
        )

    @staticmethod
    def _fix(point: Breakpoint, ttl: str) -> Fix:
        title = f"Let the breakpoint in front live {_spoken(ttl)}"
        return Fix(Applicability.PRICE, title, (SetTtl(point.span, ttl),))


def _spoken(ttl: str) -> str:
    return {"5m": "five minutes", "1h": "an hour"}.get(ttl, ttl)
