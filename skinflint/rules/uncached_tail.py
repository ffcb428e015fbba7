"""SKF203: a conversation that grows behind markers on tools and system prompt only."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from skinflint.linter.findings import Applicability, Cost, Finding, Fix
from skinflint.linter.request import Breakpoint, KeptMarker, Pair, PairKind, Place, Request
from skinflint.linter.spans import Role, Step
from skinflint.linter.values import Confidence
from skinflint.rules._caching import (
    begun_by,
    growing_cost,
    grows,
    head_of,
    mark_request,
    marker_out_of_sight,
    may_be_cached,
    pairs_of,
    takes_automatic,
)
from skinflint.rules._prefix import line_of
from skinflint.rules._rounds import stays_short
from skinflint.rules._usual import pays_usually
from skinflint.rules.base import Context, Example, Rule

_AGENT = """\
import anthropic

from workshop.tools import TOOLS, run

client = anthropic.Anthropic()

TASK = "You keep the stock list of a bicycle workshop. Use the tools, never guess a number."


def answer(question: str) -> str:
    messages = [{"role": "user", "content": question}]
    for _ in range(30):
        reply = client.messages.create(  # <-
            model="claude-sonnet-5-5",
            max_tokens=2000,
            system=[{"type": "text", "text": TASK, "cache_control": {"type": "ephemeral"}}],
            tools=TOOLS,
            messages=messages,
        )
        messages.append({"role": "assistant", "content": reply.content})
        results = [
            {"type": "tool_result", "tool_use_id": block.id, "content": run(block)}
            for block in reply.content
            if block.type == "tool_use"
        ]
        if not results:
            return reply.content[-1].text
        messages.append({"role": "user", "content": results})
    return "The question took too many steps."
"""

_AGENT_FIXED = _AGENT.replace("  # <-", "").replace(
    "            messages=messages,\n        )",
    '            messages=messages,\n            cache_control={"type": "ephemeral"},\n        )',
)

_RAG = """\
import anthropic

from library.index import search
from library.texts import TASK

client = anthropic.Anthropic()


def talk() -> None:
    history = []
    for _ in range(40):
        question = input("? ")
        passages = search(question)
        reply = client.messages.create(  # <-
            model="claude-sonnet-5-5",
            max_tokens=900,
            system=[{"type": "text", "text": TASK, "cache_control": {"type": "ephemeral"}}],
            messages=[*history, {"role": "user", "content": f"{passages}\\n\\n{question}"}],
        )
        history.append({"role": "user", "content": question})
        history.append({"role": "assistant", "content": reply.content[0].text})
        print(reply.content[0].text)
"""

_GOOD = """\
import anthropic

from museum.texts import TASK

client = anthropic.Anthropic()

SYSTEM = [{"type": "text", "text": TASK, "cache_control": {"type": "ephemeral"}}]


def talk() -> None:
    messages = []
    for _ in range(40):
        messages.append({"role": "user", "content": input("? ")})
        reply = client.messages.create(
            model="claude-sonnet-5-5",
            max_tokens=900,
            system=SYSTEM,
            messages=messages,
            cache_control={"type": "ephemeral"},
        )
        messages.append({"role": "assistant", "content": reply.content})
        print(reply.content[0].text)


def name_a_clock(description: str) -> str:
    reply = client.messages.create(
        model="claude-sonnet-5-5",
        max_tokens=20,
        system=SYSTEM,
        messages=[{"role": "user", "content": description}],
    )
    return reply.content[0].text


def draft_and_polish(text: str) -> str:
    messages = [{"role": "user", "content": text}]
    for _ in range(2):
        reply = client.messages.create(
            model="claude-sonnet-5-5", max_tokens=900, system=SYSTEM, messages=messages
        )
        messages.append({"role": "assistant", "content": reply.content})
        messages.append({"role": "user", "content": "Polish it."})
    return reply.content[0].text
"""


class UncachedTail(Rule):
    """Only the head of a growing conversation is cached; its turns are paid for in full.

    ## What it does
    Reports a conversation whose breakpoints all stand on tools or system prompt while its messages
    grow from call to call, in a loop or over an object's life, and earlier ones stay as they are.
    It keeps quiet about a loop of two rounds, about a window that slides or turns that are
    rewritten (their prefix can't be read again), about automatic caching, and wherever a marker may
    be set on the messages by code that can't be seen. As with SKF201, what the usual run hardly
    reads back (two rounds of small tools, a model that caches from much) is told with `--preview`.

    ## Why it costs
    Each call sends all earlier turns again. Behind the last breakpoint they cost the full price
    each time, so that the bill grows with the square of the turns: over ten turns of equal length
    3.2 times what it costs with a breakpoint that moves along. In one tool loop that was measured
    the reads stayed at 14,560 tokens while 37,000 to 125,000 were paid for anew (reported on
    GitHub, 2026).

    ## Example
    The tools and the system prompt of an agent are cached, thirty rounds of tool results are not.

    ## Use instead
    Add a top-level `cache_control`: the service sets a breakpoint at the end and moves it along,
    next to the explicit ones. Where the newest message isn't kept as it was sent (passages are
    put in front of a question and only the question is kept), such a breakpoint is never read: mark
    a copy of the last message that is kept instead.

    ## Fix safety
    Price: the model sees the same text. The bill falls from the second round on, and rises by a
    quarter of the messages where there is none, so `--fix` leaves it to `--unsafe-fixes`.

    ## References
    - Prompt caching, automatic caching (2026-10-08):
      https://platform.claude.com/docs/en/build-with-claude/prompt-caching
    - The tool loop: https://github.com/openclaw/openclaw/issues/127276
    """

    id = "SKF203"
    name = "uncached-tail"
    summary = "Only the head of a growing conversation is cached, so its turns are paid in full"
    examples: ClassVar[tuple[Example, ...]] = (
        Example("An agent that marks its system prompt only", bad=_AGENT, fixed=_AGENT_FIXED),
        Example("Passages that are sent but not kept", bad=_RAG),
        Example("Automatic caching; single questions; two rounds", good=_GOOD),
    )

    def check(self, request: Request, context: Context) -> Iterator[Finding]:
        """At most one finding: about the nearest pair whose history recurs unread."""
        points = [p for p in request.breakpoints if 0 <= p.block < len(request.blocks)]
        heads = self._heads(request)
        if not (points or heads) or len(points) < len(request.breakpoints):
            return
        if any(
            point.automatic
            or (
                request.blocks[point.block].place is Place.MESSAGES
                and not any(head.span == point.span for head in heads)
            )
            for point in points
        ):
            return
        if not may_be_cached(request, context):
            return
        if not heads and marker_out_of_sight(request, (Place.MESSAGES,)):
            return
        for pair in pairs_of(request):
            if stays_short(request, context, pair) or (pair.rare and not context.preview):
                return
            if grows(request, pair) and head_of(request, pair).settled:
                # a talk goes on, a task that tools are called for is done at some time
                task = pair.kind is PairKind.LOOP and request.brings_tools
                if context.preview or not task or pays_usually(request, context, pair):
                    yield self._finding(request, context, pair, points, heads)
                return

    @staticmethod
    def _heads(request: Request) -> tuple[KeptMarker, ...]:
        """The markers of messages, where all of them are set on those that never change."""
        talk = request.conversation
        if talk is None or talk.cleaned or not all(each.first for each in talk.marked):
            return ()
        return talk.marked

    def _finding(
        self,
        request: Request,
        context: Context,
        pair: Pair,
        points: list[Breakpoint],
        heads: tuple[KeptMarker, ...],
    ) -> Finding:
        talk = request.conversation
        assert talk is not None  # it grows
        last = max(points, key=lambda point: point.block).span if not heads else heads[-1].span
        fix, why = None, None
        if heads:
            why = "Mark the newest message instead of the first ones, on a copy."
        elif talk.sent_equals_stored is False:
            why = (
                "The newest message isn't kept as it was sent, so a breakpoint at the end would "
                "never be read: mark a copy of the last message that is kept."
            )
        elif talk.sent_equals_stored is None or not talk.certain:
            why = (
                "It isn't certain that every message is kept as it was sent: mark a copy of the "
                "last one that is."
            )
        elif not takes_automatic(request, context):
            why = (
                "Automatic caching isn't known to be taken here: mark a copy of the newest message."
            )
        elif all(point.optional for point in points):
            why = "Caching can be switched off here: add the breakpoint where that is decided."
        elif len(points) >= context.facts.cache.max_markers:
            why = "All breakpoints that a request may have are in use; automatic caching is one."
        else:
            fix = Fix(
                Applicability.PRICE,
                "Let the service move a breakpoint along with the conversation",
                (mark_request(request),),
            )
        ratio, assumption = growing_cost(request, context, pair)
        steps = [
            *pair.evidence,
            *begun_by(pair),
            *(growth.step for growth in talk.grown_by[:1]),
            Step(Role.BREAKPOINT, last, "the last breakpoint"),
            Step(Role.SINK, request.site.span, "the conversation is sent here"),
        ]
        return self.finding(
            request,
            request.site.span,
            f"The last breakpoint ({line_of(last, request.site.span)}) ends before the "
            f"conversation, which grows {pair.label}: all of it is sent again and paid for in "
            f"full each time.",
            related=tuple(dict.fromkeys(steps)),
            confidence=min(
                pair.confidence,
                Confidence.HIGH if talk.sent_equals_stored else Confidence.MEDIUM,
            ),
            pair=pair.label,
            cost=Cost(ratio, assumption),
            fix=fix,
            no_fix=why,
            identity=(self.id, request.site.span),
        )
