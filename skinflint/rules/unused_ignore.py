"""SKF001: a suppression comment that hides nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from skinflint.linter.findings import Finding
from skinflint.linter.request import Request
from skinflint.rules.base import Context, Example, Rule

_STALE = """\
import anthropic

from shop.prompts import RETURNS_POLICY

client = anthropic.Anthropic()


def answer(question: str) -> str:
    reply = client.messages.create(
        model="claude-sonnet-5-5",
        max_tokens=600,
        system=[
            {
                "type": "text",
                # skinflint: ignore[clock-in-prefix] the time is wanted # <-
                "text": RETURNS_POLICY,
                "cache_control": {"type": "ephemeral"},
            }
        ],
        messages=[{"role": "user", "content": question}],
    )
    return reply.content[0].text
"""

_STALE_FIXED = """\
import anthropic

from shop.prompts import RETURNS_POLICY

client = anthropic.Anthropic()


def answer(question: str) -> str:
    reply = client.messages.create(
        model="claude-sonnet-5-5",
        max_tokens=600,
        system=[
            {
                "type": "text",
                "text": RETURNS_POLICY,
                "cache_control": {"type": "ephemeral"},
            }
        ],
        messages=[{"role": "user", "content": question}],
    )
    return reply.content[0].text
"""


_USED = """\
import anthropic

client = anthropic.Anthropic()


def replay(transcript: list) -> str:
    reply = client.messages.create(
        model="claude-3-opus-20240229",  # skinflint: ignore[retired-model] replayed offline
        max_tokens=600,
        messages=transcript,
    )
    return reply.content[0].text
"""


class UnusedIgnore(Rule):
    """A comment tells skinflint to ignore something that isn't there.

    ## What it does
    Reports ids and names in `# skinflint: ignore[...]` and `# skinflint: file-ignore[...]` comments
    that hid no finding in this run. Only rules that really judged the file count: a comment for a
    rule that was not selected is left alone.

    ## Why it costs
    A stale comment hides the next finding of its kind on that line, which then costs money without
    a word: a clock that comes back into a marked prefix makes ten calls cost 12.5 times the price
    of that prefix instead of 2.15 times.

    ## Example
    The clock went away, the comment stayed.

    ## Use instead
    Delete the comment, or the id that is no longer needed.

    ## Fix safety
    Safe: only a comment changes.

    ## References
    - Prices of cache reads and writes, for the two figures (2026-10-08):
      https://platform.claude.com/docs/en/about-claude/pricing
    - The grammar of suppressions: [docs/suppression.md](../suppression.md)
    """

    id = "SKF001"
    name = "unused-ignore"
    summary = "A suppression comment hides nothing"
    in_tests = True
    examples: ClassVar[tuple[Example, ...]] = (
        Example("A comment whose reason is gone", bad=_STALE, fixed=_STALE_FIXED),
        Example("A comment that hides a finding", good=_USED),
    )

    def silence(self, request: Request, context: Context) -> str:
        """It judges files, not requests."""
        return "it is about suppression comments, not about requests"

    def check(self, request: Request, context: Context) -> Iterator[Finding]:
        """Nothing: comments are compared with what was found at the end of a run, not here."""
        yield from ()
