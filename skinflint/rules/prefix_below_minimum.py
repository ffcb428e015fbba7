"""SKF208: a marked prefix that is too short to be cached."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

from skinflint.linter.findings import Finding, Severity, Tier
from skinflint.linter.request import Breakpoint, Request
from skinflint.linter.spans import Role, Step
from skinflint.linter.values import Confidence
from skinflint.rules._needs import a_breakpoint, a_model
from skinflint.rules._prefix import models_of
from skinflint.rules._vain import in_vain, most_tokens
from skinflint.rules.base import Context, Example, Rule

if TYPE_CHECKING:
    from skinflint.catalog.models import Model

_SHORT = """\
import anthropic

client = anthropic.Anthropic()

# stands in for two pages of rules
PROMPT = "Answer with one word: order, repair, complaint or other. " * 60


def sort_mail(mail: str) -> str:
    reply = client.messages.create(
        model="claude-haiku-4-5",
        max_tokens=10,
        system=[
            {
                "type": "text",
                "text": PROMPT,
                "cache_control": {"type": "ephemeral"},  # <-
            }
        ],
        messages=[{"role": "user", "content": mail}],
    )
    return reply.content[0].text.strip()
"""

_GOOD = '''\
import anthropic

from shop.texts import HANDBOOK

client = anthropic.Anthropic()

PROMPT = """You sort incoming mail of a bicycle shop.
Answer with one word: order, repair, complaint or other."""


def sort_mail(mail: str) -> str:
    reply = client.messages.create(
        model="claude-haiku-4-5",
        max_tokens=10,
        system=[
            {
                "type": "text",
                "text": f"{PROMPT}\\n\\n{HANDBOOK}",
                "cache_control": {"type": "ephemeral"},
            }
        ],
        messages=[{"role": "user", "content": mail}],
    )
    return reply.content[0].text.strip()


def talk() -> None:
    messages = []
    while True:
        messages.append({"role": "user", "content": input("> ")})
        reply = client.messages.create(
            model="claude-haiku-4-5",
            max_tokens=300,
            system=PROMPT,
            messages=messages,
            cache_control={"type": "ephemeral"},
        )
        messages.append({"role": "assistant", "content": reply.content})
        if len(messages) > 80:
            del messages[:-40]
        print(reply.content[0].text)
'''


class PrefixBelowMinimum(Rule):
    """Everything up to the last breakpoint is surely shorter than the model caches.

    ## What it does
    Adds up the text in front of the last breakpoint where all of it is known, and reports it if
    even a generous estimate by its words stays below the minimum of every model the request may
    use, whoever calls. It keeps quiet about a breakpoint that another rule reports, about automatic
    caching in a conversation that grows, and whenever a part has no known size or a model no known
    minimum; of a model that is retired or soon will be, that of its replacement counts as well.
    It is told with `--preview` only: of 71 findings that were read on real code, every fourth had a
    prompt that is asked so seldom, or that is so short, that nothing is to be gained from it.

    ## Why it costs
    Nothing, and that is the point: below the minimum the API ignores the marker without a word. The
    prefix is neither written nor read, and whoever set the marker believes that it is cached. The
    minimum differs by model, from 512 tokens (Opus 5.5) to 4,096 (Haiku 4.5), so that a change of
    model can end caching unnoticed.

    ## Example
    Two pages are far from the 4,096 tokens that Claude Haiku 4.5 wants.

    ## Use instead
    Leave the marker out, or put more that recurs in front of it (tools, examples, a handbook), if
    the calls are frequent enough to pay for it.

    ## Fix safety
    There is no fix: whether the marker goes or the prefix grows is a decision.

    ## References
    - Prompt caching, minimum lengths (2026-10-08):
      https://platform.claude.com/docs/en/build-with-claude/prompt-caching
    """

    id = "SKF208"
    name = "prefix-below-minimum"
    summary = "The marked prefix is shorter than the model caches, so the marker does nothing"
    severity = Severity.INFO
    tier = Tier.PREVIEW
    examples: ClassVar[tuple[Example, ...]] = (
        Example("Two pages, marked for a model with a high minimum", bad=_SHORT),
        Example("A prefix of unknown length, a conversation that grows", good=_GOOD),
    )

    needs = (a_breakpoint, a_model)

    def check(self, request: Request, context: Context) -> Iterator[Finding]:
        """At most one finding: about the last breakpoint, if it is in vain whoever calls."""
        last = in_vain(request, context)
        if last is None:
            return
        models = [model for model in models_of(request, context) if model is not None]
        least = min(models, key=lambda model: (model.min_prefix or 0, model.id))
        most = 0
        for each in request.whoever_calls(last):
            point = in_vain(each, context)
            if point is None:
                return
            most = max(most, most_tokens(each, context, point, least))
        yield self._finding(request, least, most, last)

    def _finding(self, request: Request, least: Model, most: int, point: Breakpoint) -> Finding:
        return self.finding(
            request,
            point.span,
            f"All in front of this breakpoint is at most {most:,} tokens, and {least.id} caches "
            f"nothing shorter than {least.min_prefix:,}: the marker does nothing.",
            related=(Step(Role.BREAKPOINT, point.span, "ignored without a word"),),
            confidence=Confidence.HIGH,
            no_fix="Take the marker out, or put more that recurs in front of it.",
            identity=(self.id, point.span),
        )
