"""SKF307: a second request sends a cached conversation behind another prefix."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from skinflint.linter.findings import Finding, Tier
from skinflint.linter.request import Fork, Place, Request
from skinflint.linter.spans import Role, Span, Step
from skinflint.rules.base import Context, Example, Rule

_NOTES = """\
import anthropic

from clerk.texts import GUIDE

client = anthropic.Anthropic()


class Clerk:
    def __init__(self):
        self.messages = []

    def ask(self, question: str) -> str:
        self.messages.append({"role": "user", "content": question})
        reply = client.messages.create(
            model="claude-sonnet-5-5",
            max_tokens=2000,
            system=GUIDE,
            cache_control={"type": "ephemeral"},
            messages=self.messages,
        )
        self.messages.append({"role": "assistant", "content": reply.content[0].text})
        if len(self.messages) > 80:
            self.compact()
        return reply.content[0].text

    def compact(self) -> None:
        reply = client.messages.create(
            model="claude-sonnet-5-5",
            max_tokens=1000,
            system="You sum up conversations.",  # <-
            cache_control={"type": "ephemeral"},
            messages=[*self.messages, {"role": "user", "content": "Sum up what was said."}],
        )
        summary = reply.content[0].text
        self.messages = [{"role": "user", "content": f"So far: {summary}"}]


def main() -> None:
    clerk = Clerk()
    while True:
        print(clerk.ask(input("You: ")))
"""

_GOOD = (
    _NOTES.replace(
        """\
            system="You sum up conversations.",  # <-
""",
        """\
            system=GUIDE,
            cache_control={"type": "ephemeral"},
""",
    )
    + """\


class Cheaper(Clerk):
    def compact(self) -> None:
        said = [*self.messages, {"role": "user", "content": "Sum up what was said."}]
        reply = client.messages.create(
            model="claude-haiku-5-5",
            max_tokens=1000,
            system="You sum up conversations.",
            messages=said,
        )
        summary = reply.content[0].text
        self.messages = [{"role": "user", "content": f"So far: {summary}"}]
"""
)


class ForkWithOtherPrefix(Rule):
    """A summary, a title or a check sends the cached conversation with another system prompt.

    ## What it does
    Reports a request that sends the same list of messages as another request of the file which
    caches it, on the same model, and whose system prompt or tools are other ones. A request on
    another model is left alone, and so is one that sends a part of the conversation as a text.

    ## Why it costs
    The cache is read from the front: behind another system prompt no message can be read, and the
    whole conversation is paid for again, at ten times what reading it costs. An agent that compacts
    at 50,000 tokens pays for 50,000 where 5,000 would do; of the cost of one agent's compactions
    nine tenths were that.

    ## Example
    A summary with a prompt of its own.

    ## Use instead
    The same model, tools and system prompt, and the instruction as the newest message.

    ## Fix safety
    There is no fix: what the model is told would change.

    ## References
    - Prompt caching (2026-10-08):
      https://platform.claude.com/docs/en/build-with-claude/prompt-caching
    - Nine tenths of what a compaction costs: https://github.com/anomalyco/opencode/issues/25120
    - The same prefix kept: https://github.com/OpenHands/OpenHands/pull/7588
    """

    id = "SKF307"
    name = "fork-with-other-prefix"
    summary = "A cached conversation is sent behind another system prompt or other tools"
    tier = Tier.PREVIEW
    examples: ClassVar[tuple[Example, ...]] = (
        Example("A summary with a prompt of its own", bad=_NOTES),
        Example("The same prefix; another model", good=_GOOD),
    )

    def check(self, request: Request, context: Context) -> Iterator[Finding]:
        """At most one finding: about the first request whose cache it misses."""
        if request.forks and "count_tokens" not in request.site.method:
            yield self._report(request, request.forks[0])

    def _report(self, request: Request, fork: Fork) -> Finding:
        what = " and ".join(
            {"tools": "tools", "system": "system prompt"}[name] for name in fork.differs
        )
        return self.finding(
            request,
            _where(request, fork),
            f"This request sends the conversation that the one in line {fork.site.line} caches, "
            f"behind another {what}: nothing of it is read, and all of it is paid for in full.",
            related=(
                Step(Role.SOURCE, fork.site, "cached here"),
                Step(Role.SINK, request.site.span, "sent again here"),
            ),
            pair="from that request to this one",
            no_fix="Send the same tools and system prompt, and the instruction as the newest turn.",
            identity=(self.id, request.site.span),
        )


def _where(request: Request, fork: Fork) -> Span:
    """The part that differs, where it is written in the call; else the call."""
    for block in request.blocks:
        if block.place in (Place.TOOLS, Place.SYSTEM) and block.place.value in fork.differs:
            if request.site.span.contains(block.span):
                return block.span
    return request.site.span
