"""SKF703: the prompt is marked for the cache, and nothing reads whether it was served."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from skinflint.linter.findings import Applicability, Finding, Fix, PrintUsage, Severity, Tier
from skinflint.linter.request import Request
from skinflint.linter.spans import Role, Step
from skinflint.linter.values import Confidence
from skinflint.rules._needs import a_breakpoint
from skinflint.rules.base import Context, Example, Rule

_UNREAD = """\
import anthropic

client = anthropic.Anthropic()
HANDBOOK = open("handbook.md").read()


def answer(question: str) -> str:
    reply = client.messages.create(
        model="claude-sonnet-5-5",
        max_tokens=1000,
        system=[{"type": "text", "text": HANDBOOK, "cache_control": {"type": "ephemeral"}}],  # <-
        messages=[{"role": "user", "content": question}],
    )
    return reply.content[-1].text


for line in open("questions.txt"):
    print(answer(line))
"""

_GOOD = """\
import logging

import anthropic

client = anthropic.Anthropic()
HANDBOOK = open("handbook.md").read()


def answer(question: str) -> str:
    reply = client.messages.create(
        model="claude-sonnet-5-5",
        max_tokens=1000,
        system=[{"type": "text", "text": HANDBOOK, "cache_control": {"type": "ephemeral"}}],
        messages=[{"role": "user", "content": question}],
    )
    logging.info("%s %s", reply.model, reply.usage)
    return reply.content[-1].text


for line in open("questions.txt"):
    print(answer(line))
"""


class UsageUnread(Rule):
    """The prompt is marked for the cache, and nothing in the project reads what a reply used.

    ## What it does
    Reports, once for a whole run, requests with a cache marker in a project of which no file reads
    the `usage` of a reply or names a library that records it (OpenTelemetry and what is built on
    it). A reply that leaves for code that isn't here is taken for read.

    ## Why it costs
    A cache that is never read looks like one that works: no error, only a bill with 1.25 times the
    price for each write. Every break that the other rules look for shows at once as
    `cache_read_input_tokens` of 0, to those who look.

    ## Example
    A marked handbook and an answer; whether the second question reads it, nobody knows.

    ## Use instead
    Log `reply.usage` with the model and the time it took, and alarm on the share of tokens that is
    read. The SDK writes a span per request where an OpenTelemetry provider is set up.

    ## Fix safety
    Shown, never applied. There is no fix that is applied: how and where to log is yours to say.

    ## References
    - Usage fields, prompt caching, Anthropic documentation (2026-10-08):
      https://platform.claude.com/docs/en/build-with-claude/prompt-caching
    - Spans of the SDK, anthropic 2.14.0, lib/_tracing (2026-11-25)
    """

    id = "SKF703"
    name = "usage-unread"
    summary = "Nothing reads whether the cache is read"
    severity = Severity.INFO
    tier = Tier.PREVIEW
    examples: ClassVar[tuple[Example, ...]] = (
        Example("A marker, and no look at its effect", bad=_UNREAD),
        Example("One line of log", good=_GOOD),
    )

    needs = (a_breakpoint,)

    def check(self, request: Request, context: Context) -> Iterator[Finding]:
        """One finding for all requests together."""
        if not request.breakpoints or "count_tokens" in request.site.method:
            return
        if "batches" in request.site.method:
            return  # what it used comes with results that are fetched elsewhere
        usage = request.usage()
        if usage.read or usage.handed_on or usage.recorded():
            return
        marker = request.breakpoints[0]
        fix = None
        if usage.bound is not None:
            op = PrintUsage(*usage.bound)
            fix = Fix(Applicability.DISPLAY, "Show what each reply used", (op,))
        yield self.finding(
            request,
            marker.span,
            "The prompt is marked for the cache, and nothing in this project reads the usage of a "
            "reply: whether the cache is ever read can't be seen.",
            related=(
                Step(Role.BREAKPOINT, marker.span, "marked here"),
                Step(Role.SINK, request.site.span, f"sent by {request.site.method}"),
            ),
            confidence=Confidence.MEDIUM,
            fix=fix,
            no_fix=None if fix is not None else "The reply has no name here that could be logged.",
            identity=(self.id,),
        )
