"""SKF702: what the cache holds is counted twice: priced again, or taken out once more."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from skinflint.linter.findings import Finding
from skinflint.linter.request import Priced, Request
from skinflint.linter.spans import Role, Step
from skinflint.linter.values import Confidence
from skinflint.rules._needs import a_breakpoint
from skinflint.rules._vain import in_vain
from skinflint.rules.base import Context, Example, Rule

_TAKEN = """\
import anthropic

PRICE = 2 / 1_000_000

client = anthropic.Anthropic()


def answer(question: str, handbook: str) -> tuple[str, float]:
    reply = client.messages.create(
        model="claude-sonnet-5-5",
        max_tokens=1000,
        system=[{"type": "text", "text": handbook, "cache_control": {"type": "ephemeral"}}],
        messages=[{"role": "user", "content": question}],
    )
    return reply.content[-1].text, cost_of(reply.usage)


def cost_of(usage: anthropic.types.Usage) -> float:
    read, written = usage.cache_read_input_tokens or 0, usage.cache_creation_input_tokens or 0
    plain = usage.input_tokens - usage.cache_read_input_tokens - written  # <-
    return (plain + 0.05 * read + 1.25 * written) * PRICE
"""

_GOOD = """\
import anthropic

PRICE = 2 / 1_000_000

client = anthropic.Anthropic()


def answer(question: str, handbook: str) -> tuple[float, float]:
    reply = client.messages.create(
        model="claude-sonnet-5-5",
        max_tokens=1000,
        system=[{"type": "text", "text": handbook, "cache_control": {"type": "ephemeral"}}],
        messages=[{"role": "user", "content": question}],
    )
    usage = reply.usage
    read, written = usage.cache_read_input_tokens, usage.cache_creation_input_tokens
    cost = usage.input_tokens * PRICE + read * PRICE * 0.05 + written * PRICE * 1.25
    without = (usage.input_tokens + read + written) * PRICE
    return cost, without


def weighed(question: str, handbook: str) -> float:
    reply = client.messages.create(
        model="claude-sonnet-5-5",
        max_tokens=1000,
        system=[{"type": "text", "text": handbook, "cache_control": {"type": "ephemeral"}}],
        messages=[{"role": "user", "content": question}],
    )
    usage = reply.usage
    tokens = usage.input_tokens + 0.05 * usage.cache_read_input_tokens
    tokens += 1.25 * usage.cache_creation_input_tokens
    return tokens * PRICE
"""


class CacheFieldsCountedTwice(Rule):
    """The program prices the tokens of the cache twice, or takes them out of the input.

    ## What it does
    Follows the usage of a request with a cache marker, through functions and other files, and
    reports a difference that takes a field of the cache out of `input_tokens`, which has nothing of
    it. It keeps quiet about totals that the fields have been added to, differences under a
    condition that may ask for another service, and markers that never cache anything. With
    `--preview` it also reports a calculation that multiplies the sum of `input_tokens` and the
    fields of the cache by a price, and adds another price for one of those fields in the same
    expression.

    ## Why it costs
    Of a difference the shown cost is too low: with 500 tokens of input and 9,500 read from the
    cache it counts -9,000 tokens, and budgets and alarms built on it don't fire. Of a sum that is
    priced once more it is too high: with 9,500 of 10,000 tokens read from the cache it says 10,475
    units where 975 are billed (at 0.05 times the price of input). Caching looks useless, and
    budgets are eaten up by requests that were cheap.

    ## Example
    What the cache holds isn't part of the input, so it can't be taken out.

    ## Use instead
    `input_tokens` at the full price, what was read and what was written at theirs. The sum of all
    three is the size of the prompt, not its price.

    ## Fix safety
    There is no fix: which of the two prices was meant is a guess.

    ## References
    - Usage fields, prompt caching, Anthropic documentation (2026-10-08):
      https://platform.claude.com/docs/en/build-with-claude/prompt-caching
    """

    id = "SKF702"
    name = "cache-fields-counted-twice"
    summary = "The tokens of the cache are priced twice, or taken out of an input without them"
    examples: ClassVar[tuple[Example, ...]] = (
        Example("What was never in it is taken out of the input", bad=_TAKEN),
        Example("Three counts, three prices; what it would cost without a cache", good=_GOOD),
    )

    needs = (a_breakpoint,)

    def check(self, request: Request, context: Context) -> Iterator[Finding]:
        """One finding per calculation."""
        if not request.breakpoints or "count_tokens" in request.site.method:
            return
        marker = request.breakpoints[0]
        if all(in_vain(each, context, surely=False) for each in request.whoever_calls(marker)):
            return  # nothing is written or read: the marker is another defect
        usage = request.usage()
        for taken in usage.taken:
            yield self._taken(request, taken)
        for priced in usage.twice if context.preview else ():
            steps = (*priced.steps, Step(Role.SINK, priced.span, "priced here, and once more"))
            where = f" in {priced.function}()" if priced.function else ""
            yield self.finding(
                request,
                priced.span,
                f"The cost{where} prices a sum in which the tokens of the cache are counted "
                "already, and then prices them once more.",
                related=tuple(dict.fromkeys(steps)),
                confidence=Confidence.MEDIUM,
                no_fix="Which of the two prices is meant can't be known.",
                identity=(self.id, priced.span),
            )

    def _taken(self, request: Request, taken: Priced) -> Finding:
        steps = (*taken.steps, Step(Role.SINK, taken.span, "taken out here"))
        where = f" in {taken.function}()" if taken.function else ""
        return self.finding(
            request,
            taken.span,
            f"What the cache holds is taken out of `input_tokens`{where}, which has none of it: "
            "each cached request is counted too low, or below zero.",
            related=tuple(dict.fromkeys(steps)),
            confidence=Confidence.HIGH,
            no_fix="The numbers that the program shows, stores or compares would change.",
            identity=(self.id, taken.span),
        )
