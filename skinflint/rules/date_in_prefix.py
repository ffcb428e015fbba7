"""SKF102: the date of the day in front of a breakpoint."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from skinflint.linter.findings import Finding, Severity, Tier
from skinflint.linter.request import Block, PairKind, Place, Request, parts_of, read_anew
from skinflint.linter.spans import Role, Span, Step
from skinflint.linter.values import Confidence, Granularity, Key, Source
from skinflint.rules._needs import a_breakpoint, a_second_call
from skinflint.rules._prefix import line_of, named
from skinflint.rules.base import Context, Example, Rule

_BAD = """\
from datetime import date

import anthropic
from flask import Flask, request

from press.texts import EDITOR

app = Flask(__name__)
client = anthropic.Anthropic()


@app.post("/headline")
def headline():
    reply = client.messages.create(
        model="claude-haiku-5-5",
        max_tokens=60,
        system=[
            {
                "type": "text",
                "text": f"{EDITOR}\\nToday is {date.today():%d %B %Y}.",  # <-
                "cache_control": {"type": "ephemeral"},
            }
        ],
        messages=[{"role": "user", "content": request.json["story"]}],
    )
    return {"headline": reply.content[0].text}
"""

_GOOD = """\
from datetime import date

import anthropic

from press.texts import EDITOR

client = anthropic.Anthropic()
STARTED = date.today()


def headline(story: str) -> str:
    reply = client.messages.create(
        model="claude-haiku-5-5",
        max_tokens=60,
        system=[
            {
                "type": "text",
                "text": f"{EDITOR}\\nThis edition began on {STARTED}.",
                "cache_control": {"type": "ephemeral"},
            },
            {"type": "text", "text": f"Today is {date.today():%d %B %Y}."},
        ],
        messages=[{"role": "user", "content": f"{date.today()}: {story}"}],
    )
    return reply.content[0].text
"""


class DateInPrefix(Rule):
    """A date without a time of day stands in front of a breakpoint.

    ## What it does
    Tells of dates that are read for each call and shown in the tools or the system prompt in front
    of a breakpoint, and show a day at the finest. A time of day is reported by SKF101. A date that
    is read once at import, one behind the last breakpoint and one in a message are left alone.

    ## Why it costs
    Little: at midnight what stands behind the date is written anew, once for each conversation
    that goes on, and at 1.25 times the price of input instead of read at a tenth. It is told
    because of what it turns into with one change of the format, and because a conversation that
    goes on over midnight pays for all of it once more.

    ## Example
    The date of the day at the end of the marked prompt.

    ## Use instead
    Put the date behind the last breakpoint or into the newest user turn. Where the cache of one
    day is enough, leave it and say so with `# skinflint: ignore[date-in-prefix]`.

    ## Fix safety
    There is no fix, since most programs want it so.

    ## References
    - Prompt caching (2026-10-08):
      https://platform.claude.com/docs/en/build-with-claude/prompt-caching
    - The day taken on purpose: https://github.com/dimagi/open-chat-studio/pull/3649
    """

    id = "SKF102"
    name = "date-in-prefix"
    summary = "The date of the day in front of a breakpoint ends the cache at midnight"
    severity = Severity.INFO
    tier = Tier.PREVIEW
    needs = (a_breakpoint, a_second_call)
    examples: ClassVar[tuple[Example, ...]] = (
        Example("The date in the marked prompt of a web handler", bad=_BAD),
        Example("At import, behind the marker, in the turn", good=_GOOD),
    )

    def check(self, request: Request, context: Context) -> Iterator[Finding]:
        """The first date of each block in front of a breakpoint."""
        last = max((point.block for point in request.breakpoints), default=-1)
        for block in request.blocks[: last + 1]:
            if block.place is Place.MESSAGES:
                continue
            for term in block.terms:
                keys = tuple(key for _, found in parts_of(term.value) for key in found)
                dates = tuple(key for key in keys if _is_date(request, key))
                if dates:
                    yield self._report(request, block, term.span, dates)
                    break

    def _report(
        self, request: Request, block: Block, place: Span, dates: tuple[Key, ...]
    ) -> Finding:
        at = request.blocks.index(block)
        point = next(each for each in request.breakpoints if each.block >= at)
        return self.finding(
            request,
            place,
            f"{named(dates)} shows the day in front of the breakpoint in "
            f"{line_of(point.span, place)}: "
            f"at midnight all behind it is written anew.",
            related=(
                *(step for key in dates for step in key.trail),
                Step(Role.SINK, block.text or block.span, "it enters the prompt here"),
                Step(Role.BREAKPOINT, point.span, "the breakpoint that ends with the day"),
            ),
            confidence=max(key.confidence for key in dates),
            no_fix="A cache that lasts for a day is what most programs want.",
            identity=(self.id, place),
        )


def _is_date(request: Request, key: Key) -> bool:
    """Whether a source is a clock that shows a day at the finest, and is read for each call."""
    return (
        key.source is Source.CLOCK
        and key.granularity is not None
        and key.granularity >= Granularity.DAY
        and key.confidence > Confidence.LOW
        and any(
            bool(key.frame) and read_anew(key, pair, request.host)
            for pair in request.pairs
            if pair.kind is not PairKind.WORKER and pair.confidence > Confidence.LOW
        )
    )
