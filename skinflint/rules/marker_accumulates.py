"""SKF205: a marker in each message that a conversation keeps."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from skinflint.linter.findings import (
    Applicability,
    Finding,
    Fix,
    Op,
    RemoveMarker,
    Severity,
)
from skinflint.linter.request import (
    Block,
    Breakpoint,
    Conversation,
    KeptMarker,
    Pair,
    PairKind,
    Request,
)
from skinflint.linter.spans import Role, Span, Step
from skinflint.linter.values import Confidence
from skinflint.rules._caching import mark_request, takes_automatic
from skinflint.rules._markers import explicit, surely_there
from skinflint.rules.base import Context, Example, Rule

_CHAT = """\
import anthropic

from garden.texts import RULES

client = anthropic.Anthropic()


def talk() -> None:
    messages = []
    while True:
        messages.append(
            {
                "role": "user",
                "content": [
                    {
                        "type": "text",
                        "text": input("? "),
                        "cache_control": {"type": "ephemeral"},  # <-
                    }
                ],
            }
        )
        reply = client.messages.create(
            model="claude-opus-5-5",
            max_tokens=900,
            system=RULES,
            messages=messages,
        )
        messages.append({"role": "assistant", "content": reply.content})
        if len(messages) > 60:
            del messages[:-30]
        print(reply.content[0].text)
"""

_CHAT_FIXED = _CHAT.replace(
    '                        "cache_control": {"type": "ephemeral"},  # <-\n', ""
).replace(
    "            messages=messages,\n        )",
    '            messages=messages,\n            cache_control={"type": "ephemeral"},\n        )',
)

_IN_PLACE = """\
import anthropic

from garden.texts import RULES

client = anthropic.Anthropic()


class Guide:
    def __init__(self):
        self.messages = []

    def answer(self, question: str) -> str:
        self.messages.append({"role": "user", "content": [{"type": "text", "text": question}]})
        self.messages[-1]["content"][0]["cache_control"] = {"type": "ephemeral"}  # <-
        reply = client.messages.create(
            model="claude-opus-5-5",
            max_tokens=900,
            system=RULES,
            messages=self.messages,
        )
        self.messages.append({"role": "assistant", "content": reply.content})
        if len(self.messages) > 60:
            del self.messages[:-30]
        return reply.content[0].text
"""

_IN_PLACE_FIXED = _IN_PLACE.replace(
    '        self.messages[-1]["content"][0]["cache_control"] = {"type": "ephemeral"}  # <-\n', ""
).replace(
    "            messages=self.messages,\n        )",
    "            messages=self.messages,\n"
    '            cache_control={"type": "ephemeral"},\n        )',
)

_COUNTED = """\
import anthropic

from garden.texts import RULES

client = anthropic.Anthropic()


class Guide:
    def __init__(self):
        self.messages = []
        self.marked = 0

    def answer(self, question: str) -> str:
        block = {"type": "text", "text": question}
        if self.marked < 4:
            block["cache_control"] = {"type": "ephemeral"}  # <-
            self.marked += 1
        self.messages.append({"role": "user", "content": [block]})
        reply = client.messages.create(
            model="claude-opus-5-5",
            max_tokens=900,
            system=RULES,
            messages=self.messages,
        )
        self.messages.append({"role": "assistant", "content": reply.content})
        if len(self.messages) > 60:
            del self.messages[:-30]
        return reply.content[0].text
"""

_GOOD = """\
import copy

import anthropic

from garden.texts import RULES
from garden.tools import TOOLS, run

client = anthropic.Anthropic()
MARK = {"type": "ephemeral"}


def marked(messages):
    sent = copy.deepcopy(messages)
    sent[-1]["content"][-1]["cache_control"] = MARK
    return sent


def work(task: str) -> str:
    messages = [{"role": "user", "content": [{"type": "text", "text": task}]}]
    for _ in range(25):
        reply = client.messages.create(
            model="claude-opus-5-5",
            max_tokens=900,
            system=RULES,
            tools=TOOLS,
            messages=marked(messages),
        )
        messages.append({"role": "assistant", "content": reply.content})
        results = []
        for block in reply.content:
            if block.type == "tool_use":
                found = {"type": "tool_result", "tool_use_id": block.id, "content": run(block)}
                results.append(found)
        if not results:
            break
        messages.append({"role": "user", "content": results})
    return reply.content[-1].text


def draft(task: str) -> str:
    messages = [{"role": "user", "content": [{"type": "text", "text": task}]}]
    for wish in ("Shorter.", "Friendlier."):
        messages[-1]["content"][-1]["cache_control"] = MARK
        reply = client.messages.create(
            model="claude-opus-5-5",
            max_tokens=900,
            system=RULES,
            messages=messages,
        )
        messages.append({"role": "assistant", "content": reply.content})
        messages.append({"role": "user", "content": [{"type": "text", "text": wish}]})
    return reply.content[-1].text


def summary(report: str) -> str:
    messages = [{"role": "user", "content": [{"type": "text", "text": report}]}]
    messages[0]["content"][0]["cache_control"] = MARK
    for question in ("Who?", "Where?", "When?", "Why?", "How?", "And then?"):
        messages.append({"role": "user", "content": question})
        reply = client.messages.create(
            model="claude-opus-5-5",
            max_tokens=900,
            system=RULES,
            messages=messages,
        )
        messages.append({"role": "assistant", "content": reply.content})
    return reply.content[-1].text


def look_up(task: str) -> str:
    messages = [{"role": "user", "content": [{"type": "text", "text": task}]}]
    marked = 0
    while True:
        reply = client.messages.create(
            model="claude-opus-5-5",
            max_tokens=900,
            system=[{"type": "text", "text": RULES, "cache_control": MARK}],
            tools=TOOLS,
            messages=messages,
        )
        if reply.stop_reason != "tool_use":
            return reply.content[-1].text
        if marked >= 3:
            messages.append({"role": "user", "content": "No more tools. Answer now."})
            continue
        messages.append({"role": "assistant", "content": reply.content})
        results = [run(block) for block in reply.content if block.type == "tool_use"]
        results[-1]["cache_control"] = MARK
        marked += 1
        messages.append({"role": "user", "content": results})
"""


class MarkerAccumulates(Rule):
    """Each message that a conversation keeps has its own marker, and none is ever taken away.

    ## What it does
    Reports a marker that is written into the newest message of a conversation and stays there: in
    the message as it is appended, or set in place before each call. It keeps quiet where some code
    takes markers away again, where the message is marked on a copy, where it is the same message
    each time, and where the rounds end before there are too many.

    ## Why it costs
    A request may have four breakpoints. Each turn leaves one more in the history, so that the fifth
    turn is rejected (400): the conversation ends there. Code that counts and stops at four runs on,
    but the last breakpoint never moves again, and all behind it is paid for in full.

    ## Example
    Every question is stored with the marker that it was sent with.

    ## Use instead
    Ask for automatic caching with a top-level `cache_control`: one breakpoint that moves along. Or
    mark a copy of the newest message and store it unmarked.

    ## Fix safety
    The marker is taken away and automatic caching asked for, where the service and the SDK take it
    and messages are stored as they are sent. That is safe where the marker stands in a block as it
    is written: markers are no part of what the model reads, and the breakpoint is where the newest
    marker was. A marker that is set in place is taken away with `--unsafe-fixes` only, since other
    code may see the message too.

    ## References
    - Prompt caching, limits (2026-10-08):
      https://platform.claude.com/docs/en/build-with-claude/prompt-caching
    - Markers that stay in the history: https://github.com/SWE-agent/mini-swe-agent/pull/572
    """

    id = "SKF205"
    name = "marker-accumulates"
    summary = "Every message that a conversation keeps carries a marker of its own"
    supersedes = ("SKF203", "SKF204")
    examples: ClassVar[tuple[Example, ...]] = (
        Example("Questions that are stored with their marker", bad=_CHAT, fixed=_CHAT_FIXED),
        Example("The newest message marked in place", bad=_IN_PLACE, fixed=_IN_PLACE_FIXED),
        Example("A count that stops at four", bad=_COUNTED),
        Example("On a copy, on one message, in two rounds", good=_GOOD),
    )

    def check(self, request: Request, context: Context) -> Iterator[Finding]:
        """Every marker that stays in the history, each once."""
        talk = request.conversation
        if talk is None or not talk.grows or not talk.certain or talk.cleaned:
            return
        pair = self._nearest(request, talk)
        if pair is None or pair.confidence is Confidence.LOW:
            return
        limit = context.facts.cache.max_markers
        set_in = [each.span for each in talk.marked]  # one of those that there are more and more of
        others = sum(
            1
            for point in request.breakpoints
            if self._stays_put(request, point)
            and not any(span.contains(point.span) for span in set_in)
        )
        if pair.rounds is not None and pair.rounds + others <= limit:
            return
        rounds = pair.kind is PairKind.LOOP
        set_later = [
            each
            for each in talk.marked
            if each.newest
            and each.most != 0
            and not (rounds and each.once)
            and (each.rounds is None or each.rounds + others > limit)
        ]
        told: list[Span] = []
        for each in set_later:
            told.append(each.span)
            yield self._finding(request, context, talk, pair, each, limit - others)
        for point in explicit(request):
            written = self._written(request, point)
            if written is None or any(span.contains(point.span) for span in told):
                continue
            told.append(point.span)
            kept = KeptMarker(point.span, True)
            yield self._finding(request, context, talk, pair, kept, limit - others, written)

    @staticmethod
    def _nearest(request: Request, talk: Conversation) -> Pair | None:
        """From which call to which it grows: the rounds of its loop, where it lives no longer."""
        inner = [each for each in request.pairs if each.inner]
        if not talk.lasting:
            loops = (PairKind.LOOP, PairKind.TURN, PairKind.RECORD)
            rounds = [each for each in request.pairs if each.kind in loops]
            return max(rounds, key=lambda each: each.depth, default=None)
        return next(iter(inner), None)

    @staticmethod
    def _stays_put(request: Request, point: Breakpoint) -> bool:
        if not surely_there(request, point):
            return False
        block = None if point.automatic else request.blocks[point.block]
        return block is None or not (block.last_message or block.history)

    @staticmethod
    def _written(request: Request, point: Breakpoint) -> Block | None:
        """The block of the history that a marker is written in, as part of it."""
        block = request.blocks[point.block]
        if not (block.history and point.per_item) or block.last_message:
            return None
        if not block.span.contains(point.span):
            return None  # set afterwards, on a message that only ``marked`` can tell
        newest = [p for p in explicit(request) if p.span == point.span and p is not point]
        return None if any(p.per_item for p in newest) else block

    def _finding(
        self,
        request: Request,
        context: Context,
        talk: Conversation,
        pair: Pair,
        kept: KeptMarker,
        room: int,
        written: Block | None = None,
    ) -> Finding:
        frozen = kept.most is not None and kept.most <= room
        if frozen:
            message = (
                f"This marker stays in the message it is set in, and no more than {kept.most} of "
                f"them are left: from then on nothing new is cached {pair.label}."
            )
        else:
            message = (
                f"This marker stays in the message it is set in, so {pair.label} there is one "
                f"more; beyond {max(room, 0)} of them the API rejects the request (400)."
            )
        fix, why = self._fix(request, context, talk, kept, written)
        steps = [
            *pair.evidence,
            Step(Role.BREAKPOINT, kept.span, "set here and kept"),
            *(growth.step for growth in talk.grown_by[:1]),
            Step(Role.SINK, request.site.span, "the conversation is sent here"),
        ]
        return self.finding(
            request,
            kept.span,
            message,
            related=tuple(dict.fromkeys(steps)),
            severity=Severity.WARNING if frozen else Severity.ERROR,
            confidence=pair.confidence,
            pair=pair.label,
            fix=fix,
            no_fix=why,
            identity=(self.id, kept.span),
        )

    @staticmethod
    def _fix(
        request: Request,
        context: Context,
        talk: Conversation,
        kept: KeptMarker,
        written: Block | None,
    ) -> tuple[Fix | None, str | None]:
        by_hand = "Store the message without its marker and mark a copy of the newest one."
        if kept.most is not None:
            return None, by_hand
        if request.automatic is None and not takes_automatic(request, context):
            return None, by_hand
        if talk.sent_equals_stored is not True:
            return None, by_hand
        lives = {p.ttl for p in request.breakpoints if kept.span.contains(p.span)}
        if lives != {"5m"} or any(p.ttl != "5m" for p in request.breakpoints):
            return None, by_hand
        ops: list[Op] = [RemoveMarker(kept.span)]
        if request.automatic is None:
            ops.append(mark_request(request))
        safe = written is not None
        return (
            Fix(
                Applicability.SAFE if safe else Applicability.UNSAFE,
                "Let the service move one breakpoint along instead",
                tuple(ops),
            ),
            None,
        )
