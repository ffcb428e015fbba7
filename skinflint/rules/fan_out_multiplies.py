"""SKF503: many agents side by side, each with the same large context."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from skinflint.linter.findings import Finding, Tier
from skinflint.linter.request import Extent, Pair, PairKind, Place, Request, extent_of
from skinflint.linter.spans import Role, Step
from skinflint.rules._prefix import models_of
from skinflint.rules.base import Context, Example, Rule

#: Tokens that each of the agents sends again before it is worth a word.
_LARGE = 4_000

_FLEET = (
    '''\
import asyncio

import anthropic

from fleet.tools import TOOLS, run

client = anthropic.AsyncAnthropic()

HANDBOOK = """\\
'''
    + "Every claim needs a source; every source is opened, read and named with its date.\n" * 240
    + '''\
"""


async def investigate(question: str) -> str:
    messages = [{"role": "user", "content": question}]
    for _ in range(12):
        reply = await client.messages.create(  # <-
            model="claude-sonnet-5-5",
            max_tokens=3000,
            system=HANDBOOK,
            tools=TOOLS,
            messages=messages,
        )
        messages.append({"role": "assistant", "content": reply.content})
        results = [await run(block) for block in reply.content if block.type == "tool_use"]
        if not results:
            break
        messages.append({"role": "user", "content": results})
    return reply.content[-1].text


async def investigate_all(questions: list[str]) -> list[str]:
    return await asyncio.gather(*[investigate(question) for question in questions])
'''
)


_GOOD = (
    _FLEET.replace("(  # <-", "(").replace(
        "            system=HANDBOOK,\n",
        '            system=HANDBOOK,\n            cache_control={"type": "ephemeral"},\n',
    )
    + """\


SHORT = "Name a source for every claim."


async def look(question: str) -> str:
    reply = await client.messages.create(
        model="claude-sonnet-5-5",
        max_tokens=3000,
        system=SHORT,
        messages=[{"role": "user", "content": question}],
    )
    return reply.content[0].text


async def look_all(questions: list[str]) -> list[str]:
    return await asyncio.gather(*[look(question) for question in questions])
"""
)


class FanOutMultiplies(Rule):
    """Agents run side by side, and each sends the same large context in each of its rounds.

    ## What it does
    Reports an agent's loop that is started for many items at the same time (`gather`, a pool, tasks
    of a group) and whose system prompt and tools, the same for all of them, are large and not
    cached.

    ## Why it costs
    The context is paid for once for each agent and round: ten agents of twelve rounds send it 120
    times. Systems of many agents were measured at some 15 times the tokens of a chat; what they
    share is most of it.

    ## Example
    Questions that are investigated side by side.

    ## Use instead
    Mark the shared prefix, and let the first agent's reply begin before the others start (SKF211);
    give each only what its part needs; or let one agent do what doesn't need its own context.

    ## Fix safety
    There is no fix: what each of them needs to know is for you to say.

    ## References
    - A system of many agents, and what it takes:
      https://www.anthropic.com/engineering/multi-agent-research-system
    - Prompt caching (2026-10-08):
      https://platform.claude.com/docs/en/build-with-claude/prompt-caching
    """

    id = "SKF503"
    name = "fan-out-multiplies"
    summary = "Agents side by side send the same large context each"
    tier = Tier.PREVIEW
    examples: ClassVar[tuple[Example, ...]] = (
        Example("Questions that are investigated side by side", bad=_FLEET),
        Example("A marked prefix; a short one; one after the other", good=_GOOD),
    )

    def check(self, request: Request, context: Context) -> Iterator[Finding]:
        """An agent's loop under a loop whose rounds run side by side."""
        if request.breakpoints or not request.site.platform.first_party:
            return
        inner = next((p for p in request.pairs if p.kind is PairKind.LOOP), None)
        outer = next((p for p in request.pairs if p.side_by_side), None)
        if inner is None or outer is None or inner.depth <= outer.depth:
            return
        model = models_of(request, context)[0]
        low = _shared(request, outer).tokens(context.facts, model)[0]
        if low >= _LARGE:
            yield self._report(request, outer, low)

    def _report(self, request: Request, outer: Pair, low: int) -> Finding:
        return self.finding(
            request,
            request.site.span,
            f"Agents run side by side here, and each sends the same {low:,} tokens or more again "
            f"in each of its rounds, without a cache.",
            related=(
                *outer.evidence,
                *outer.needs,
                Step(Role.SINK, request.site.span, "sent in each round of each of them"),
            ),
            pair=outer.label,
            no_fix=(
                "Mark what they share and let the first reply begin before the others start, or "
                "give each only what its part needs."
            ),
            identity=(self.id, request.site.span),
        )


def _shared(request: Request, pair: Pair) -> Extent:
    """The tools and the system prompt, as far as they are the same for all of them."""
    found = Extent()
    for index, block in enumerate(request.blocks):
        if block.place is Place.MESSAGES or any(True for _ in request.moving_parts(pair, index)):
            break
        found = found.plus(extent_of(block.value)._replace(high=None))
    return found
