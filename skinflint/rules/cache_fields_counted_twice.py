"""SKF702: what the cache holds is priced twice, or at the full price."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from skinflint.linter.findings import Finding, Tier
from skinflint.linter.request import Request
from skinflint.linter.spans import Role, Step
from skinflint.linter.values import Confidence
from skinflint.rules._needs import a_breakpoint
from skinflint.rules.base import Context, Example, Rule

_TWICE = """\
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
    usage = reply.usage
    prompt = (
        usage.input_tokens + usage.cache_read_input_tokens + usage.cache_creation_input_tokens
    )
    cost = prompt * PRICE + usage.cache_read_input_tokens * PRICE * 0.05  # <-
    return reply.content[-1].text, cost
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
    """The program prices the tokens of the cache in a sum with the input, and then again.

    ## What it does
    Follows the usage of a request with a cache marker, and reports a calculation that multiplies
    the sum of `input_tokens` and the fields of the cache by a price, and adds another price for
    one of those fields in the same expression.

    ## Why it costs
    The shown cost is too high: with 9,500 of 10,000 tokens read from the cache it says 10,475
    units where 975 are billed (at 0.05 times the price of input). Caching looks useless, and
    budgets are eaten up by requests that were cheap.

    ## Example
    The size of the prompt is right, as a price it isn't.

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
    summary = "The tokens of the cache are priced in a sum, and then again"
    tier = Tier.PREVIEW
    examples: ClassVar[tuple[Example, ...]] = (
        Example("The whole prompt, and what was read of it", bad=_TWICE),
        Example("Three counts, three prices; what it would cost without a cache", good=_GOOD),
    )

    needs = (a_breakpoint,)

    def check(self, request: Request, context: Context) -> Iterator[Finding]:
        """One finding per calculation."""
        if not request.breakpoints or "count_tokens" in request.site.method:
            return
        for priced in request.usage().twice:
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
