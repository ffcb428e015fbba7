"""SKF209: all that a breakpoint covers is new in each request."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from skinflint.linter.findings import Applicability, Cost, Finding, Fix, Op, RemoveMarker
from skinflint.linter.request import Breakpoint, Moving, Pair, PairKind, Place, Request, parts_of
from skinflint.linter.spans import Role, Step
from skinflint.linter.values import Confidence, Known, Value
from skinflint.rules._caching import (
    head_of,
    least_tokens,
    mark_head,
    marker_out_of_sight,
    may_be_cached,
)
from skinflint.rules._needs import a_breakpoint, a_second_call
from skinflint.rules._prefix import below_minimum, culprits, models_of
from skinflint.rules.base import Context, Example, Rule

_SORTER = """\
import anthropic
from fastapi import FastAPI

client = anthropic.Anthropic()
app = FastAPI()

# stands in for four pages of rules
RULES = "A letter about a late parcel is a complaint; one about a price is an order. " * 60


@app.post("/sort")
def sort(letter: str) -> str:
    reply = client.messages.create(
        model="claude-opus-5-5",
        max_tokens=300,
        system=RULES,
        messages=[{"role": "user", "content": letter}],
        cache_control={"type": "ephemeral"},  # <-
    )
    return reply.content[0].text
"""

_SORTER_FIXED = _SORTER.replace('        cache_control={"type": "ephemeral"},  # <-\n', "").replace(
    "        system=RULES,",
    '        system=[{"type": "text", "text": RULES, "cache_control": {"type": "ephemeral"}}],',
)

_LETTERS = """\
import csv

import anthropic

client = anthropic.Anthropic()


def summarise_all(path: str) -> dict[str, str]:
    found = {}
    with open(path) as file:
        for row in csv.DictReader(file):
            reply = client.messages.create(
                model="claude-opus-5-5",
                max_tokens=300,
                messages=[
                    {
                        "role": "user",
                        "content": [
                            {
                                "type": "text",
                                "text": row["report"],
                                "cache_control": {"type": "ephemeral"},  # <-
                            },
                            {"type": "text", "text": "Sum this up in one sentence."},
                        ],
                    }
                ],
            )
            found[row["id"]] = reply.content[0].text
    return found
"""

_LETTERS_FIXED = _LETTERS.replace(
    '                                "cache_control": {"type": "ephemeral"},  # <-\n', ""
)

_GOOD = """\
import anthropic

from letters.texts import RULES
from letters.store import all_letters

client = anthropic.Anthropic()
MARK = {"type": "ephemeral"}


def ask(letter: str, question: str) -> str:
    content = [
        {"type": "text", "text": letter, "cache_control": MARK},
        {"type": "text", "text": question},
    ]
    reply = client.messages.create(
        model="claude-opus-5-5",
        max_tokens=300,
        messages=[{"role": "user", "content": content}],
    )
    return reply.content[0].text


def sort_all() -> list[str]:
    found = []
    for letter in all_letters():
        reply = client.messages.create(
            model="claude-opus-5-5",
            max_tokens=300,
            system=[{"type": "text", "text": RULES, "cache_control": MARK}],
            messages=[{"role": "user", "content": letter}],
            cache_control=MARK,
        )
        found.append(reply.content[0].text)
    return found


def study(letter: str) -> list[str]:
    found = []
    for question in ("Who wrote it?", "What is wanted?", "By when?"):
        reply = client.messages.create(
            model="claude-opus-5-5",
            max_tokens=300,
            system=[{"type": "text", "text": letter, "cache_control": MARK}],
            messages=[{"role": "user", "content": question}],
        )
        found.append(reply.content[0].text)
    return found
"""

_PAIRS = (PairKind.RECORD, PairKind.USER, PairKind.CONVERSATION, PairKind.CALLS)


class MarkerOnUniqueText(Rule):
    """All that a breakpoint covers is new in each request, so it is written and never read.

    ## What it does
    Reports a request of one turn whose first breakpoint stands behind something that differs from
    call to call, with nothing behind the last one that differs as well: to read it, the very same
    request would have to be sent again. Automatic caching is a breakpoint at the end, so it counts
    for a single question too. It keeps quiet about conversations, where another request may share
    what is marked, where an earlier breakpoint is read, and below the length that a model caches.

    ## Why it costs
    A prefix that is written costs 1.25 times plain input (twice for an hour), and the entry is
    never used: a classification with automatic caching pays a quarter more for each letter than one
    without. An earlier part of the prompt is not read either, since entries are only written where
    a breakpoint stands.

    ## Example
    Automatic caching in a handler that asks one question: its breakpoint is behind the letter.

    ## Use instead
    Mark the end of what is the same each time, the rules in the system prompt. If nothing is, or it
    is too short to be cached, mark nothing.

    ## Fix safety
    A price fix: the model sees the same. The marker is taken away, and the system prompt or the
    tools are marked where they are surely long enough; that is cheaper from the second call within
    five minutes on, so `--fix` makes it only where that is proven and `--unsafe-fixes` everywhere.

    ## References
    - Prompt caching, automatic caching (2026-10-08):
      https://platform.claude.com/docs/en/build-with-claude/prompt-caching
    - A marker on the user message that is never read:
      https://github.com/strands-agents/samples/issues/295
    """

    id = "SKF209"
    name = "marker-on-unique-text"
    summary = "All that a breakpoint covers is new in each request, so it is never read"
    supersedes = ("SKF201",)
    examples: ClassVar[tuple[Example, ...]] = (
        Example("Automatic caching for single letters", bad=_SORTER, fixed=_SORTER_FIXED),
        Example("A marker on each report", bad=_LETTERS, fixed=_LETTERS_FIXED),
        Example("A document with questions, rules that are marked too", good=_GOOD),
    )

    needs = (a_breakpoint, a_second_call)

    def check(self, request: Request, context: Context) -> Iterator[Finding]:
        """At most one finding, about the first breakpoint, if nobody's call reads it."""
        found = self._in_vain(request, context)
        if found is None:
            return
        pair, points, first = found
        kin = request.whoever_calls(points[0])
        if all(self._in_vain(each, context) is not None for each in kin):
            yield self._finding(request, context, pair, points, first)

    def _in_vain(
        self, request: Request, context: Context
    ) -> tuple[Pair, list[Breakpoint], Moving] | None:
        """A pair of calls, the breakpoints that it doesn't read, and what differs first."""
        if request.company or request.conversation is not None or request.multi_turn:
            return None
        if not may_be_cached(request, context):
            return None
        if self._warms_up(request) or marker_out_of_sight(request, tuple(Place)):
            return None
        points = sorted(request.breakpoints, key=lambda p: (p.block, p.automatic))
        if not all(self._certain(request, point) for point in points) or not points:
            return None
        pairs = [p for p in request.pairs if p.confidence > Confidence.LOW]
        pairs = [p for p in pairs if p.kind is not PairKind.WORKER]
        if not pairs or any(p.kind not in _PAIRS for p in pairs):
            return None
        if not request.complete(tuple(Place)):
            return None
        moved = [self._moves(request, pair, points[0]) for pair in pairs]
        if not all(moved) or self._differs_behind(request, points[-1]):
            return None
        if below_minimum(request, context, request.extent(points[-1].block)) is True:
            return None
        if culprits(request, context):
            return None  # a part that could stand behind the breakpoint is another rule's
        return pairs[0], points, moved[0][0]

    @staticmethod
    def _certain(request: Request, point: Breakpoint) -> bool:
        """Whether a breakpoint is there each time, behind a block that is seen."""
        there = 0 <= point.block < len(request.blocks)
        return there and not (point.per_item or point.optional)

    @staticmethod
    def _warms_up(request: Request) -> bool:
        """Whether nothing is asked: such a request writes for others."""
        most = request.params.get("max_tokens")
        return isinstance(most, Known) and most.value == 0

    @staticmethod
    def _moves(request: Request, pair: Pair, point: Breakpoint) -> list[Moving]:
        """What surely differs in front of a breakpoint, in the messages alone."""
        found = []
        for index in range(point.block + 1):
            for part in request.moving_parts(pair, index):
                if any(key.confidence > Confidence.LOW for key in part.keys):
                    found.append(part)
        if any(request.blocks[part.block].place is not Place.MESSAGES for part in found):
            return []
        return found

    @staticmethod
    def _differs_behind(request: Request, point: Breakpoint) -> bool:
        """Whether anything behind a breakpoint may be another thing for the same prefix."""
        return any(
            block.repeated or block.optional or not _written(block.value)
            for block in request.blocks[point.block + 1 :]
        )

    def _finding(
        self,
        request: Request,
        context: Context,
        pair: Pair,
        points: list[Breakpoint],
        first: Moving,
    ) -> Finding:
        from skinflint.cache import ratio

        point = points[0]
        named = "Automatic caching puts its breakpoint" if point.automatic else "This breakpoint is"
        key = first.keys[0]
        times = {"1h": "twice"}.get(point.ttl, "1.25 times")
        ops: list[Op] = [RemoveMarker(each.span) for each in points]
        head = head_of(request, pair)
        mark = mark_head(request, head) if least_tokens(request, context, head.extent) else None
        if mark is not None:
            ops.append(mark)
        models = set(models_of(request, context))
        model = models.pop() if len(models) == 1 else None
        cost = ratio.marked_in_vain(context.calls, model, point.ttl or "5m", context.catalog)
        return self.finding(
            request,
            point.span,
            f"{named} behind `{key.name}`, which is new {pair.label}: what it covers is never "
            f"read, and costs {times} the price of plain input wherever it is "
            f"long enough to be cached.",
            related=tuple(
                dict.fromkeys(
                    (
                        *key.trail,
                        *pair.evidence,
                        Step(Role.BREAKPOINT, point.span, "written and never read"),
                        Step(Role.SINK, request.site.span, "sent here"),
                    )
                )
            ),
            confidence=pair.confidence,
            pair=pair.label,
            cost=Cost(round(cost.value, 2), f"{context.calls} calls, each with a text of its own"),
            fix=Fix(
                Applicability.PRICE,
                "Take the marker away" if mark is None else "Mark the part that recurs instead",
                tuple(ops),
            ),
            identity=(self.id, point.span),
        )


def _written(value: Value) -> bool:
    """Whether a value is written out in the code, nothing of it left open."""
    return all(isinstance(leaf, Known) for leaf, _ in parts_of(value))
