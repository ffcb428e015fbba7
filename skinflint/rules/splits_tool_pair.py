"""SKF302: a cut of the conversation may part a result of a tool from its call."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from skinflint.linter.findings import Finding, Severity, Tier
from skinflint.linter.request import Place, Request, State
from skinflint.linter.spans import Role, Span, Step
from skinflint.rules.base import Context, Example, Rule

_CLERK = """\
import anthropic

from clerk.tools import TOOLS, run

client = anthropic.Anthropic()


class Clerk:
    def __init__(self):
        self.messages = []

    def ask(self, question: str) -> str:
        self.messages.append({"role": "user", "content": question})
        for _ in range(20):
            if len(self.messages) > 60:
                self.messages = self.messages[-30:]  # <-
            reply = client.messages.create(
                model="claude-sonnet-5-5",
                max_tokens=2000,
                tools=TOOLS,
                cache_control={"type": "ephemeral"},
                messages=self.messages,
            )
            self.messages.append({"role": "assistant", "content": reply.content})
            results = []
            for block in reply.content:
                if block.type == "tool_use":
                    answer = run(block.name, block.input)
                    results.append(
                        {"type": "tool_result", "tool_use_id": block.id, "content": answer}
                    )
            if not results:
                return reply.content[-1].text
            self.messages.append({"role": "user", "content": results})
        return ""


def main() -> None:
    clerk = Clerk()
    while True:
        print(clerk.ask(input("You: ")))
"""

_GOOD = """\
import anthropic

from clerk.tools import TOOLS, run

client = anthropic.Anthropic()


class Clerk:
    def __init__(self):
        self.messages = []

    def keep_short(self) -> None:
        if len(self.messages) <= 60:
            return
        first = len(self.messages) - 30
        while first < len(self.messages) and not self.begins_turn(self.messages[first]):
            first += 1
        del self.messages[:first]

    @staticmethod
    def begins_turn(message: dict) -> bool:
        return message["role"] == "user" and isinstance(message["content"], str)

    def ask(self, question: str) -> str:
        self.keep_short()
        self.messages.append({"role": "user", "content": question})
        for _ in range(20):
            reply = client.messages.create(
                model="claude-sonnet-5-5",
                max_tokens=2000,
                tools=TOOLS,
                cache_control={"type": "ephemeral"},
                messages=self.messages,
            )
            self.messages.append({"role": "assistant", "content": reply.content})
            results = []
            for block in reply.content:
                if block.type == "tool_use":
                    answer = run(block.name, block.input)
                    results.append(
                        {"type": "tool_result", "tool_use_id": block.id, "content": answer}
                    )
            if not results:
                return reply.content[-1].text
            self.messages.append({"role": "user", "content": results})
        return ""


class Plain:
    def __init__(self):
        self.messages = []

    def ask(self, question: str) -> str:
        self.messages.append({"role": "user", "content": question})
        if len(self.messages) > 60:
            self.messages = self.messages[-30:]
        reply = client.messages.create(
            model="claude-sonnet-5-5",
            max_tokens=2000,
            cache_control={"type": "ephemeral"},
            messages=self.messages,
        )
        self.messages.append({"role": "assistant", "content": reply.content[0].text})
        return reply.content[0].text


def main() -> None:
    clerk, plain = Clerk(), Plain()
    while True:
        question = input("You: ")
        print(clerk.ask(question), plain.ask(question))
"""


class SplitsToolPair(Rule):
    """A conversation with calls of tools is cut by a number of messages.

    ## What it does
    Reports a slice, a deletion, a `pop` or a `deque(maxlen=...)` that shortens a conversation in
    which results of tools stand, in code that looks neither at roles nor at what the messages are
    made of. Code that mends the list afterwards (drops orphans, looks for the next turn) keeps it
    quiet, wherever it stands.

    ## Why it costs
    A conversation that begins with a result whose call was cut off is rejected with a 400: the
    request is lost, and what was paid for the turn with it. Such cuts were reported in 6 of 11
    agent frameworks that were looked through.

    ## Example
    The newest thirty messages of an agent.

    ## Use instead
    Move the cut on to the next message that a person wrote.

    ## Fix safety
    There is no fix: where a turn begins is told by what your messages look like.

    ## References
    - Windows that cut pairs apart: https://github.com/HKUDS/nanobot/pull/2075,
      https://github.com/freelabz/secator/pull/1244
    - Tool use, Anthropic documentation (2026-10-08):
      https://platform.claude.com/docs/en/agents-and-tools/tool-use/overview
    """

    id = "SKF302"
    name = "splits-tool-pair"
    summary = "A cut by number may part a result of a tool from its call"
    severity = Severity.WARNING
    tier = Tier.PREVIEW
    examples: ClassVar[tuple[Example, ...]] = (
        Example("The newest thirty messages of an agent", bad=_CLERK),
        Example("Cut where a turn begins; no tools", good=_GOOD),
    )

    def check(self, request: Request, context: Context) -> Iterator[Finding]:
        """The cuts of a conversation that results of tools are kept in."""
        if request.conversation is None or request.tools.is_any(State.ABSENT):
            return
        results = next(
            (
                block.span
                for block in request.blocks
                if block.place is Place.MESSAGES and block.kind == "tool_result" and block.history
            ),
            None,
        )
        if results is None:
            return
        for cut in request.blind_cuts():
            yield self._report(request, cut, results)

    def _report(self, request: Request, cut: Span, results: Span) -> Finding:
        return self.finding(
            request,
            cut,
            "This cut counts messages, so what is left may begin with a result of a tool whose "
            "call is gone: such a request is rejected (400).",
            related=(
                Step(Role.SOURCE, results, "results of tools are put into it here"),
                Step(Role.SINK, request.site.span, "what is left is sent here"),
            ),
            pair=next((p.label for p in request.pairs if p.inner), None),
            no_fix="Move the cut on to the next message that a person wrote.",
            identity=(self.id, cut),
        )
