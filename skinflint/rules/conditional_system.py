"""SKF115: a section of the cached system prompt that is there for some calls only."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from skinflint.linter.findings import Finding, Severity, Tier
from skinflint.linter.request import Block, Pair, PairKind, Place, Request, moving, parts_of
from skinflint.linter.spans import Role, Span, Step
from skinflint.linter.values import Choice, Confidence, Key, Value, choices
from skinflint.rules._needs import a_breakpoint, a_second_call
from skinflint.rules._prefix import culprits, line_of, named
from skinflint.rules.base import Context, Example, Rule

_BAD = """\
import anthropic
from fastapi import Depends, FastAPI

from desk.people import current_user
from desk.texts import ADMIN_RULES, DESK_RULES

app = FastAPI()
client = anthropic.Anthropic()


@app.post("/ask")
def ask(question: str, user=Depends(current_user)):
    reply = client.messages.create(
        model="claude-sonnet-5-5",
        max_tokens=700,
        system=[
            {
                "type": "text",
                "text": DESK_RULES + (ADMIN_RULES if user.is_admin else ""),  # <-
                "cache_control": {"type": "ephemeral"},
            }
        ],
        messages=[{"role": "user", "content": question}],
    )
    return {"answer": reply.content[0].text}
"""

_GOOD = """\
import os

import anthropic
from fastapi import Depends, FastAPI

from desk.people import current_user
from desk.texts import ADMIN_RULES, DESK_RULES, NIGHT_RULES

app = FastAPI()
client = anthropic.Anthropic()
MARK = {"type": "ephemeral"}
AT_NIGHT = os.environ.get("DESK_SHIFT") == "night"


@app.post("/ask")
def ask(question: str, user=Depends(current_user)):
    reply = client.messages.create(
        model="claude-sonnet-5-5",
        max_tokens=700,
        system=[
            {
                "type": "text",
                "text": DESK_RULES + (NIGHT_RULES if AT_NIGHT else ""),
                "cache_control": MARK,
            },
            {"type": "text", "text": ADMIN_RULES if user.is_admin else "No special rules."},
        ],
        messages=[{"role": "user", "content": question}],
    )
    return {"answer": reply.content[0].text}
"""


class ConditionalSystem(Rule):
    """A section of the cached system prompt hangs on who asks, or on what.

    ## What it does
    Tells of a condition inside the system prompt in front of a breakpoint, whose branches are
    unchanging texts and whose test differs between two calls: the role of the user, a mode, a
    property of the question. What is decided at import or by the deployment is left alone, and so
    is a block in which something else changes anyway.

    ## Why it costs
    Each combination of conditions is a prefix of its own, written once and kept warm by itself: two
    conditions make four, five make 32. Seldom ones are written at 1.25 times the price of input and
    hardly ever read.

    ## Example
    The rules for administrators stand inside the marked block.

    ## Use instead
    Put what hangs on a condition behind the text that everybody shares, in a block of its own, and
    mark the shared text; or say both, and who is meant by which.

    ## Fix safety
    There is no fix: a few variants that are asked for often cost next to nothing.

    ## References
    - Prompt caching (2026-10-08):
      https://platform.claude.com/docs/en/build-with-claude/prompt-caching
    - Each combination its own prefix (2026-09-15): https://github.com/anthropics/skills
    """

    id = "SKF115"
    name = "conditional-system"
    summary = "A condition inside the cached system prompt makes a prefix for each of its cases"
    severity = Severity.INFO
    tier = Tier.PREVIEW
    needs = (a_breakpoint, a_second_call)
    examples: ClassVar[tuple[Example, ...]] = (
        Example("Rules for administrators in the marked block", bad=_BAD),
        Example("Decided by the deployment; behind the marker", good=_GOOD),
    )

    def check(self, request: Request, context: Context) -> Iterator[Finding]:
        """The first such condition of each block in front of a breakpoint."""
        last = max((point.block for point in request.breakpoints), default=-1)
        broken = {culprit.block for culprit in culprits(request, context)}
        for index, block in enumerate(request.blocks[: last + 1]):
            if block.place is not Place.SYSTEM or index in broken:
                continue
            for term in block.terms:
                found = next(_deciding(request, term.value), None)
                if found is not None:
                    yield self._report(request, index, block, term.span, *found)
                    break

    def _report(
        self,
        request: Request,
        index: int,
        block: Block,
        place: Span,
        pair: Pair,
        keys: tuple[Key, ...],
    ) -> Finding:
        point = next(each for each in request.breakpoints if each.block >= index)
        return self.finding(
            request,
            place,
            f"What stands here hangs on {named(keys)}, which differs {pair.label}: each case is a "
            f"prefix of its own in front of the breakpoint in {line_of(point.span, place)}.",
            related=(
                *dict.fromkeys(step for key in keys for step in key.trail),
                Step(Role.SINK, block.text or block.span, "it enters the system prompt here"),
                Step(Role.BREAKPOINT, point.span, "the breakpoint with a prefix for each case"),
            ),
            confidence=min(pair.confidence, max(key.confidence for key in keys)),
            pair=pair.label,
            no_fix="A few cases that come often cost little; whether these do can't be seen here.",
            identity=(self.id, place),
        )


def _deciding(request: Request, value: Value) -> Iterator[tuple[Pair, tuple[Key, ...]]]:
    """What decides between unchanging texts, and the pair between which it differs."""
    for choice in choices(value):
        keys = tuple(key for key in choice.keys if key.confidence > Confidence.LOW)
        for pair in request.pairs:
            if pair.kind is PairKind.WORKER or pair.confidence is Confidence.LOW:
                continue
            moved = moving(keys, pair, request.host)
            if moved and _is_still(request, pair, choice):
                yield pair, moved


def _is_still(request: Request, pair: Pair, choice: Choice) -> bool:
    return not any(
        moving(keys, pair, request.host)
        for branch in choice.alternatives
        for _, keys in parts_of(branch.value)
    )
