"""SKF403: an older model that costs more than its successor."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from skinflint.catalog import tasks
from skinflint.catalog.models import Model
from skinflint.linter.findings import Applicability, Finding, Fix, ReplaceString, Tier
from skinflint.linter.request import ModelRef, Request
from skinflint.rules._models import (
    cheaper,
    default_clause,
    elsewhere,
    first_party_ids,
    model_trail,
    platform_of,
    rejected,
    sender,
)
from skinflint.rules._needs import a_model
from skinflint.rules._tasks import compares
from skinflint.rules.base import Context, Example, Rule

_HAIKU = """\
import anthropic

client = anthropic.Anthropic()
MODEL = "claude-haiku-4-5-20251001"  # <-


def short_name(product: str) -> str:
    reply = client.messages.create(
        model=MODEL,
        max_tokens=300,
        messages=[{"role": "user", "content": f"A shorter name for {product}, please."}],
    )
    return reply.content[0].text
"""

_OPUS = """\
from anthropic import AsyncAnthropic


class Reviewer:
    def __init__(self, client: AsyncAnthropic, model: str = "claude-opus-4-8"):  # <-
        self._client = client
        self._model = model

    async def review(self, diff: str) -> str:
        reply = await self._client.messages.create(
            model=self._model,
            max_tokens=4000,
            messages=[{"role": "user", "content": f"Review this:\\n{diff}"}],
        )
        return reply.content[0].text
"""

_GOOD = """\
import anthropic

client = anthropic.Anthropic()
cloud = anthropic.AnthropicVertex(region="global", project_id="depot")
# Pinned: the published figures were made with it.
PAPER_MODEL = "claude-haiku-4-5-20251001"


def name_product(product: str, model: str = "claude-opus-4-6") -> str:
    reply = client.messages.create(
        model=model,
        max_tokens=300,
        messages=[{"role": "user", "content": f"A name for {product}, please."}],
    )
    return reply.content[0].text


def figure(row: str) -> str:
    reply = client.messages.create(
        model=PAPER_MODEL,
        max_tokens=300,
        messages=[{"role": "user", "content": row}],
    )
    return reply.content[0].text


def figure_in_the_cloud(row: str) -> str:
    reply = cloud.messages.create(
        model="claude-haiku-4-5@20251001",
        max_tokens=300,
        messages=[{"role": "user", "content": row}],
    )
    return reply.content[0].text
"""

#: How much dearer it has to be for the same text, to be worth a change.
_LEAST = 1.1


class DearerPredecessor(Rule):
    """An older model is named, and the one that follows it costs less.

    ## What it does
    Compares the price of the model of each request with that of its documented successor in the
    same line, for the same text: the tokenizers of models from 4.7 on make about 30 % more tokens
    of it, so that Claude Opus 4.6 at 5 dollars is no dearer than Claude Opus 5.5 at 4. Silent for
    models that are retired or about to be (SKF402), where a comment says that the version is held
    on purpose, where models are compared, and on partner clouds, whose prices are their own.

    ## Why it costs
    For the same text Claude Haiku 4.5 costs 7.7 times what Claude Haiku 5.5 does (1.5 times in
    prompts of more than 100,000 tokens), Claude Opus 4.8 and 5 cost 1.25 times what Claude Opus 5.5
    does, Claude Sonnet 4.6 costs 1.15 times what Claude Sonnet 5.5 does.

    ## Example
    A constant that was right a year ago.

    ## Use instead
    The newest model of the line, after your evals have passed with it. It may think where the old
    one did not, and that is output: name an `effort`.

    ## Fix safety
    Unsafe: another model answers. Only a model that takes the parameters of the request is put in
    the place of the old one.

    ## References
    - Prices (2026-10-08): https://platform.claude.com/docs/en/about-claude/pricing
    - Model deprecations, with the replacements (2026-10-10):
      https://platform.claude.com/docs/en/about-claude/model-deprecations
    """

    id = "SKF403"
    name = "dearer-predecessor"
    summary = "An older model is named, and the one that follows it costs less"
    tier = Tier.PREVIEW
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            "A constant",
            bad=_HAIKU,
            fixed=_HAIKU.replace("claude-haiku-4-5-20251001", "claude-haiku-5-5").replace(
                "  # <-", ""
            ),
        ),
        Example(
            "The default of a parameter",
            bad=_OPUS,
            fixed=_OPUS.replace("claude-opus-4-8", "claude-opus-5-5").replace("  # <-", ""),
        ),
        Example("A model no dearer for the same text; one that is pinned; a cloud", good=_GOOD),
    )

    needs = (a_model,)

    def check(self, request: Request, context: Context) -> Iterator[Finding]:
        """One finding per literal that names a dearer model."""
        if compares(request):
            return
        facts = tasks.load()
        for ref, resolution in first_party_ids(request, context):
            model = resolution.model
            if model is None or model.status(context.as_of) != "active":
                continue
            if facts.is_pinned(ref.comment) or facts.is_meant(ref.comment):
                continue
            new = context.facts.successor(model, context.as_of)
            if new is not None and new.line == model.line:
                yield from self._finding(request, context, ref, model, new)

    def _finding(
        self, request: Request, context: Context, ref: ModelRef, model: Model, new: Model
    ) -> Iterator[Finding]:
        saved = cheaper(request, context, model, new, _LEAST)
        if saved is None:
            return
        price, cost = saved
        refused = rejected(request, new)
        named = new.platform_id(platform_of(request, ref).value, ref.id) or new.id
        fix = Fix(
            Applicability.UNSAFE,
            f"Use {named}",
            (ReplaceString(ref.span, ref.id, named),),
            changes_model=True,
        )
        no_fix = elsewhere(ref)
        if refused:
            no_fix = f"{new.id} rejects {refused}, which {sender(request, ref)} sends."
        yield self.finding(
            request,
            ref.span,
            f"{ref.id}{default_clause(ref)} has a cheaper successor. {price} Gate the change by an "
            f"eval.",
            related=model_trail(request, ref),
            cost=cost,
            fix=None if no_fix else fix,
            no_fix=no_fix,
            identity=(self.id, ref.span),
        )
