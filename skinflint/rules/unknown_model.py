"""SKF406: a model id that never existed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from skinflint.linter.findings import Finding, Severity
from skinflint.linter.request import Request
from skinflint.rules._models import (
    default_clause,
    fails,
    first_party_ids,
    is_told,
    model_trail,
)
from skinflint.rules._needs import a_model
from skinflint.rules.base import Context, Example, Rule

_MIXED = """\
import anthropic


class Tagger:
    MODEL = "claude-sonnet-4-5-20250514"  # <-

    def __init__(self, api_key: str | None = None):
        self.client = anthropic.Anthropic(api_key=api_key)

    def tags(self, title: str) -> list[str]:
        reply = self.client.messages.create(
            model=self.MODEL,
            max_tokens=60,
            messages=[{"role": "user", "content": f"Three tags, comma separated: {title}"}],
        )
        return [tag.strip() for tag in reply.content[0].text.split(",")]


def tag_all(titles: list[str]) -> dict[str, list[str]]:
    tagger = Tagger()
    return {title: tagger.tags(title) for title in titles}
"""

_TURNED = """\
from anthropic import AsyncAnthropic

MODELS = {
    "fast": "claude-3-haiku-20240229",  # <-
    "good": "claude-opus-5-5",
}

client = AsyncAnthropic()


async def ask(question: str) -> str:
    reply = await client.messages.create(
        model=MODELS["fast"],
        max_tokens=500,
        messages=[{"role": "user", "content": question}],
    )
    return reply.content[0].text
"""

_GOOD = """\
import os

import anthropic

client = anthropic.Anthropic()
gateway = anthropic.Anthropic(base_url="http://localhost:4000")


def ask(question: str) -> str:
    reply = client.messages.create(
        model=os.environ.get("ASK_MODEL", "claude-haiku-5-5"),
        max_tokens=500,
        messages=[{"role": "user", "content": question}],
    )
    return reply.content[0].text


def ask_gateway(question: str) -> str:
    reply = gateway.messages.create(
        model="claude-sonnet-fast",
        max_tokens=500,
        messages=[{"role": "user", "content": question}],
    )
    return reply.content[0].text
"""


class UnknownModel(Rule):
    """The request names a model id that looks like one of Anthropic's but never was one.

    ## What it does
    Reports ids that are built like those of the Claude API (a line, a version, a date) and that no
    model ever had: the date of one model on the name of another, parts in the wrong order, versions
    that were skipped. Ids that may have come out after the catalogue was written, names of your own
    and ids for partner clouds or compatible servers are left alone. What SKF402 keeps for
    `--preview` is told with it here, too: programs that a deployed project says nothing of, studies
    that are done, what stands for a key that a table has not.

    ## Why it costs
    The API answers 404, every time: 100 % of the calls fail. Such ids are easily made up, by people
    and by models: among 823 call sites of 81 public projects that were read for this tool
    (2026-11-22), released applications had them.

    ## Example
    Sonnet 4.5 with the date of Sonnet 4.

    ## Use instead
    The id as the models page spells it; the message names the nearest one.

    ## Fix safety
    There is no fix: which model was meant is a guess.

    ## References
    - Models overview, Anthropic documentation (2026-09-02):
      https://platform.claude.com/docs/en/about-claude/models/overview
    """

    id = "SKF406"
    name = "unknown-model"
    summary = "No model ever had this id"
    severity = Severity.ERROR
    of_unused = True
    examples: ClassVar[tuple[Example, ...]] = (
        Example("One model's name with another's date", bad=_MIXED),
        Example("In a table of models", bad=_TURNED),
        Example("A current id as a default; a gateway with names of its own", good=_GOOD),
    )

    needs = (a_model,)

    def check(self, request: Request, context: Context) -> Iterator[Finding]:
        """One finding per literal that names no model."""
        for ref, resolution in first_party_ids(request, context):
            if (
                resolution.model is not None
                or not resolution.family_like
                or not is_told(request, context, ref)
            ):
                continue
            near = self._near(resolution.near, context)
            yield self.finding(
                request,
                ref.span,
                f"No model was ever called {ref.id}{default_clause(ref)}: "
                f"{fails(request, ref)}.{near}",
                related=model_trail(request, ref),
                no_fix="Which model was meant can't be known.",
                identity=(self.id, ref.span),
            )

    def _near(self, id_: str | None, context: Context) -> str:
        """The nearest id in words; one that is no longer served is named with its replacement."""
        if not id_:
            return ""
        model = context.facts.resolve(id_).model
        if model is None or model.status(context.as_of) == "active":
            return f" The nearest id is {id_}."
        successor = context.facts.successor(model, context.as_of)
        if successor is None:
            return ""
        return f" The nearest id, {id_}, is replaced by {successor.id}."
