"""SKF404: an alias that stands for whatever snapshot is newest."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from skinflint.linter.findings import Applicability, Finding, Fix, ReplaceString, Tier
from skinflint.linter.request import Request
from skinflint.rules._models import default_clause, elsewhere, first_party_ids, model_trail
from skinflint.rules._needs import a_model
from skinflint.rules.base import Context, Example, Rule

_ALIAS = """\
import os

import anthropic

client = anthropic.Anthropic()
MODEL = os.environ.get("TAG_MODEL", "claude-haiku-4-5")  # <-


def tags(title: str) -> list[str]:
    reply = client.messages.create(
        model=MODEL,
        max_tokens=300,
        messages=[{"role": "user", "content": f"Three tags, comma separated: {title}"}],
    )
    return reply.content[0].text.split(",")
"""

_GOOD = """\
import anthropic

client = anthropic.Anthropic()
cloud = anthropic.AnthropicBedrockMantle(aws_region="eu-west-1")


def tags(title: str, model: str = "claude-sonnet-4-6") -> list[str]:
    reply = client.messages.create(
        model=model,
        max_tokens=300,
        messages=[{"role": "user", "content": f"Three tags, comma separated: {title}"}],
    )
    return reply.content[0].text.split(",")


def tags_in_the_cloud(title: str) -> list[str]:
    reply = cloud.messages.create(
        model="anthropic.claude-haiku-4-5",
        max_tokens=300,
        messages=[{"role": "user", "content": f"Three tags, comma separated: {title}"}],
    )
    return reply.content[0].text.split(",")
"""


class FloatingAlias(Rule):
    """The model is named by an alias, which may stand for another snapshot tomorrow.

    ## What it does
    Reports aliases of dated snapshots: ids that end in `-latest`, and those of models before 4.6
    without their date. From 4.6 on the id without a date is the snapshot itself, and nothing is
    said. Models that are retired or about to be are left to SKF402.

    ## Why it costs
    On the day the alias moves another model answers, with other replies, other lengths and another
    price, and each cached prefix is written anew at 1.25 times the input price, as entries of the
    cache belong to one model. Nothing in the program says why.

    ## Example
    A default that means one of several snapshots.

    ## Use instead
    The id with its date.

    ## Fix safety
    Unsafe, though the same model answers today: whoever relies on the alias to move must now move
    it by hand.

    ## References
    - Models overview, ids and aliases (2026-09-02):
      https://platform.claude.com/docs/en/about-claude/models/overview
    - Prompt caching: caches belong to a model (2026-10-08):
      https://platform.claude.com/docs/en/build-with-claude/prompt-caching
    """

    id = "SKF404"
    name = "floating-alias"
    summary = "The model is named by an alias that may move"
    tier = Tier.PREVIEW
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            "An id that should have a date",
            bad=_ALIAS,
            fixed=_ALIAS.replace("claude-haiku-4-5", "claude-haiku-4-5-20251001").replace(
                "  # <-", ""
            ),
        ),
        Example("Ids that are snapshots without a date; a cloud", good=_GOOD),
    )

    needs = (a_model,)

    def check(self, request: Request, context: Context) -> Iterator[Finding]:
        """One finding per literal that is an alias."""
        for ref, resolution in first_party_ids(request, context):
            model = resolution.model
            if model is None or model.status(context.as_of) != "active":
                continue
            if not resolution.alias or ref.id not in model.aliases:
                continue
            yield self.finding(
                request,
                ref.span,
                f"{ref.id}{default_clause(ref)} is an alias, of {model.id} today; when it moves, "
                f"another model answers and no cached prefix is read.",
                related=model_trail(request, ref),
                fix=None
                if ref.set_in
                else Fix(
                    Applicability.UNSAFE,
                    f"Use {model.id}",
                    (ReplaceString(ref.span, ref.id, model.id),),
                    changes_model=True,
                ),
                no_fix=elsewhere(ref),
                identity=(self.id, ref.span),
            )
