"""SKF701: a cost that leaves out what was read from the cache and written to it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from skinflint.catalog import api
from skinflint.linter.findings import Applicability, Finding, Fix, PriceCacheFields
from skinflint.linter.request import Priced, Request
from skinflint.linter.spans import Role, Step
from skinflint.linter.values import Confidence
from skinflint.rules._models import first_party_ids
from skinflint.rules._needs import a_breakpoint
from skinflint.rules._vain import in_vain
from skinflint.rules.base import Context, Example, Rule

_PLAIN = """\
import anthropic

PRICE_IN = 3 / 1_000_000
PRICE_OUT = 15 / 1_000_000

client = anthropic.Anthropic()


def answer(question: str, handbook: str) -> tuple[str, float]:
    reply = client.messages.create(
        model="claude-sonnet-4-6",
        max_tokens=1000,
        system=[{"type": "text", "text": handbook, "cache_control": {"type": "ephemeral"}}],
        messages=[{"role": "user", "content": question}],
    )
    usage = reply.usage
    cost = usage.input_tokens * PRICE_IN + usage.output_tokens * PRICE_OUT  # <-
    return reply.content[0].text, cost
"""

_PLAIN_FIXED = """\
import anthropic

PRICE_IN = 3 / 1_000_000
PRICE_OUT = 15 / 1_000_000

client = anthropic.Anthropic()


def answer(question: str, handbook: str) -> tuple[str, float]:
    reply = client.messages.create(
        model="claude-sonnet-4-6",
        max_tokens=1000,
        system=[{"type": "text", "text": handbook, "cache_control": {"type": "ephemeral"}}],
        messages=[{"role": "user", "content": question}],
    )
    usage = reply.usage
    cost = (
        usage.input_tokens
        + 0.1 * (usage.cache_read_input_tokens or 0)
        + 1.25 * (usage.cache_creation_input_tokens or 0)
    ) * PRICE_IN + usage.output_tokens * PRICE_OUT
    return reply.content[0].text, cost
"""

_METER = """\
import anthropic

client = anthropic.Anthropic()


class Agent:
    def __init__(self, rules: str):
        self.rules = rules
        self.tokens_in = 0
        self.tokens_out = 0

    def ask(self, question: str) -> str:
        reply = client.messages.create(
            model="claude-opus-5-5",
            max_tokens=1000,
            cache_control={"type": "ephemeral"},
            system=self.rules,
            messages=[{"role": "user", "content": question}],
        )
        self.tokens_in += reply.usage.input_tokens
        self.tokens_out += reply.usage.output_tokens
        return reply.content[-1].text

    def spent(self) -> float:
        dollars = self.tokens_in / 1_000_000 * 4 + self.tokens_out / 1_000_000 * 20  # <-
        return round(dollars, 4)


def main() -> None:
    agent = Agent(open("handbook.md").read())
    for question in ("When do you open?", "Where do you ship to?"):
        print(agent.ask(question), agent.spent())


main()
"""

_GOOD = """\
import anthropic

client = anthropic.Anthropic()
MARK = {"type": "ephemeral"}


def plain(question: str) -> float:
    reply = client.messages.create(
        model="claude-sonnet-5-5",
        max_tokens=500,
        messages=[{"role": "user", "content": question}],
    )
    return reply.usage.input_tokens * 2e-6 + reply.usage.output_tokens * 1e-5


def cost_of(tokens_in: int, tokens_out: int) -> float:
    return tokens_in * 2e-6 + tokens_out * 1e-5


def cached(question: str, handbook: str) -> float:
    reply = client.messages.create(
        model="claude-sonnet-5-5",
        max_tokens=500,
        system=[{"type": "text", "text": handbook, "cache_control": MARK}],
        messages=[{"role": "user", "content": question}],
    )
    usage = reply.usage
    cost = cost_of(usage.input_tokens, usage.output_tokens)
    cost += usage.cache_read_input_tokens * 1e-7 + usage.cache_creation_input_tokens * 2.5e-6
    print(f"{usage.input_tokens / 1000:.1f}k tokens, {usage.input_tokens * 100 / 200_000:.0f} %")
    return cost
"""


class CostIgnoresCacheFields(Rule):
    """The program works out what a cached request cost, and leaves out what the cache holds.

    ## What it does
    Follows the usage that comes with the reply of a request that has a cache marker: through names,
    totals that it is added to, records and functions, to where its `input_tokens` are multiplied by
    a price. Reported is such a calculation if neither its function nor one that the number came
    through says anything of `cache_read_input_tokens` or `cache_creation_input_tokens`. Counts
    that are only shown, percentages and requests without a marker are left alone: without a
    marker both fields are 0, and so they are behind one that stands too early to cache anything.

    ## Why it costs
    `input_tokens` counts only what was neither read from the cache nor written to it. Of a prompt
    of 10,000 tokens of which 9,500 are marked, the calculation sees 500: the call that writes
    them costs 12,375 units of input and shows as 500, one that reads them costs 1,450. Budgets
    and alarms built on it don't fire, and caching looks better than it is.

    ## Example
    The two prices everybody knows, and the two counts that are missing.

    ## Use instead
    All three counts, each at its price: reads at 0.1 times the input price (less for some
    models), writes at 1.25 times for five minutes and 2 times for an hour.

    ## Fix safety
    Unsafe: no request changes, but the numbers that your program shows, stores or compares do. Only
    a calculation that still has the usage at hand is mended; a total has to be kept apart for
    each price.

    ## References
    - Usage fields, prompt caching, Anthropic documentation (2026-10-08):
      https://platform.claude.com/docs/en/build-with-claude/prompt-caching
    - A library that had to be corrected (read 2026-11-22):
      https://github.com/BerriAI/litellm/issues/9812
    """

    id = "SKF701"
    name = "cost-ignores-cache-fields"
    summary = "The cost of a cached request leaves out what the cache holds"
    examples: ClassVar[tuple[Example, ...]] = (
        Example("Two of four counts", bad=_PLAIN, fixed=_PLAIN_FIXED),
        Example("A meter that adds up the input alone", bad=_METER),
        Example("No marker; the cache counted elsewhere; percentages", good=_GOOD),
    )

    needs = (a_breakpoint,)

    def check(self, request: Request, context: Context) -> Iterator[Finding]:
        """One finding per calculation."""
        if not request.breakpoints or "count_tokens" in request.site.method:
            return
        kin = request.whoever_calls(request.breakpoints[0])
        if all(in_vain(each, context, surely=False) for each in kin):
            return  # nothing is written or read: the marker is another defect
        for priced in request.usage().priced:
            yield self._finding(request, context, priced)

    def _finding(self, request: Request, context: Context, priced: Priced) -> Finding:
        marker = request.breakpoints[0]
        weights = _weights(request, context)
        fix = None
        if priced.usage is not None:
            fix = Fix(
                Applicability.UNSAFE,
                "Price what is read from the cache and written to it as well",
                (PriceCacheFields(priced.tokens, priced.usage, weights),),
            )
        where = f" in {priced.function}()" if priced.function else ""
        steps = (
            *priced.steps,
            Step(Role.STEP, marker.span, "the prompt is marked for the cache here"),
            Step(Role.SINK, priced.span, "priced here"),
        )
        return self.finding(
            request,
            priced.span,
            f"The cost{where} is made of input_tokens, which leave out what is read from the cache "
            f"({weights[0][1]:g} times the price of input) and what is written to it "
            f"({weights[1][1]:g} times).",
            related=tuple(dict.fromkeys(steps)),
            confidence=Confidence.MEDIUM if marker.optional else Confidence.HIGH,
            fix=fix,
            no_fix=None
            if fix is not None
            else "The counts of the cache have to be kept beside this one, each with its price.",
            identity=(self.id, priced.span),
        )


def _weights(request: Request, context: Context) -> tuple[tuple[str, float], ...]:
    """What reading and writing a token costs, in relation to an input token."""
    cache = context.facts.cache
    read, write = cache.read, cache.write_5m
    if any(point.ttl == "1h" for point in request.breakpoints):
        write = cache.write_1h
    models = [found.model for _, found in first_party_ids(request, context)]
    ratios = {
        round(m.read / m.input, 4)
        for m in models
        if m is not None and m.input and m.read is not None
    }
    if len(ratios) == 1:
        (read,) = ratios
    names = api.load().usage.cached
    return ((names[0], read), (names[1], write))
