"""SKF112: a cached conversation that another model goes on with."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from skinflint.linter.findings import Finding
from skinflint.linter.request import Request
from skinflint.rules._needs import a_breakpoint, a_model, a_second_call
from skinflint.rules._varying import VaryingRule, varying
from skinflint.rules.base import Context, Example

_BAD = """\
import anthropic

from coder.texts import CODER
from coder.tools import TOOLS, run

client = anthropic.Anthropic()


def work(task: str) -> str:
    messages = [{"role": "user", "content": task}]
    for turn in range(30):
        reply = client.messages.create(
            max_tokens=4000,
            system=CODER,
            model="claude-opus-5-5" if turn < 3 else "claude-sonnet-5-5",  # <-
            tools=TOOLS,
            messages=messages,
            cache_control={"type": "ephemeral"},
        )
        messages.append({"role": "assistant", "content": reply.content})
        if reply.stop_reason != "tool_use":
            break
        messages.append({"role": "user", "content": run(reply)})
    return reply.content[-1].text
"""

_GOOD = """\
import anthropic

from coder.texts import CODER
from coder.tools import TOOLS, run

client = anthropic.Anthropic()
MARK = {"type": "ephemeral"}


def work(task: str, hard: bool = False) -> str:
    messages = [{"role": "user", "content": task}]
    for turn in range(30):
        reply = client.messages.create(
            model="claude-opus-5-5" if hard else "claude-sonnet-5-5",
            max_tokens=4000,
            system=CODER,
            tools=TOOLS,
            messages=messages,
            cache_control=MARK,
        )
        messages.append({"role": "assistant", "content": reply.content})
        if reply.stop_reason != "tool_use":
            break
        messages.append({"role": "user", "content": run(reply)})
    return reply.content[-1].text


def answer(question: str) -> str:
    for model in ("claude-opus-5-5", "claude-sonnet-5-5"):
        try:
            reply = client.messages.create(
                model=model,
                max_tokens=4000,
                system=[{"type": "text", "text": CODER, "cache_control": MARK}],
                messages=[{"role": "user", "content": question}],
            )
        except anthropic.APIStatusError:
            continue
        return reply.content[0].text
    return ""
"""


class ModelVariesInConversation(VaryingRule):
    """One conversation is sent to one model now and to another one in the next call.

    ## What it does
    Reports a request of a growing, cached conversation that names two models or more, where what
    decides between them changes from one call to the next. A model chosen once for the
    conversation, and a second one that is tried when the first fails, are left alone.

    ## Why it costs
    Each model has a cache of its own. The first call to the other one writes the tools, the system
    prompt and the whole conversation again, at 1.25 times its price of input; so does the way back
    once five minutes have passed. One escalation of a long conversation cost $0.14 for nine tokens
    of output (reported on GitHub, 2026).

    ## Example
    Three calls to the strong model, then the cheaper one goes on.

    ## Use instead
    Stay with one model for the conversation. What is easy can be handed to a cheaper model as a
    conversation of its own, with no more than it needs.

    ## Fix safety
    There is no fix: another model makes another answer.

    ## References
    - What loses the cache (2026-10-08):
      https://platform.claude.com/docs/en/build-with-claude/prompt-caching
    - $0.14 for nine tokens: https://github.com/anthropics/claude-code/issues/17178
    """

    id = "SKF112"
    name = "model-varies-in-conversation"
    summary = "A cached conversation goes on with another model, whose cache is empty"
    needs = (a_breakpoint, a_second_call, a_model)
    examples: ClassVar[tuple[Example, ...]] = (
        Example("The cheaper model goes on after three calls", bad=_BAD),
        Example("Chosen once; a second one when the first fails", good=_GOOD),
    )

    def check(self, request: Request, context: Context) -> Iterator[Finding]:
        """What decides which model it is, where it changes in the conversation."""
        if len({model.id for model in request.models}) < 2:
            return
        found = varying(request, request.deciding.get("model", ()))
        if found is None:
            return
        written = request.written.get("model")
        yield from self.report(
            request,
            context,
            found,
            written.span if written is not None else request.models[0].span,
            "The model",
            "the prompt and the whole conversation are",
            "Which model answers is for the program to say; stay with one for a conversation.",
        )
