"""SKF109: a cached conversation whose tools are others in the next call."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from skinflint.linter.findings import Finding
from skinflint.linter.request import Place, Request
from skinflint.linter.values import Mapping, Value
from skinflint.rules._varying import VaryingRule, varying
from skinflint.rules.base import Context, Example

_MODES = """\
import anthropic

from coder.texts import CODER
from coder.tools import READING, TOOLS, run

client = anthropic.Anthropic()


def work(task: str) -> str:
    messages = [{"role": "user", "content": task}]
    for turn in range(30):
        reply = client.messages.create(
            max_tokens=4000,
            system=CODER,
            model="claude-sonnet-5-5",
            tools=READING if turn < 5 else TOOLS,  # <-
            messages=messages,
            cache_control={"type": "ephemeral"},
        )
        messages.append({"role": "assistant", "content": reply.content})
        if reply.stop_reason != "tool_use":
            break
        messages.append({"role": "user", "content": run(reply)})
    return reply.content[-1].text
"""

_PICKED = """\
import anthropic

from coder.texts import CODER
from coder.tools import run, tools_for

client = anthropic.Anthropic()


def explore(task: str) -> str:
    messages = [{"role": "user", "content": task}]
    for turn in range(30):
        reply = client.messages.create(
            max_tokens=4000,
            system=CODER,
            model="claude-sonnet-5-5",
            tools=tools_for(messages),  # <-
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
from coder.tools import READING, TOOLS, run

client = anthropic.Anthropic()


def work(task: str, may_write: bool = True) -> str:
    messages = [{"role": "user", "content": task}]
    for turn in range(30):
        reply = client.messages.create(
            max_tokens=4000,
            system=CODER,
            model="claude-sonnet-5-5",
            tools=TOOLS if may_write else READING,
            messages=messages,
            cache_control={"type": "ephemeral"},
        )
        messages.append({"role": "assistant", "content": reply.content})
        if reply.stop_reason != "tool_use":
            break
        messages.append({"role": "user", "content": run(reply)})
    return reply.content[-1].text
"""


class ToolsVaryInConversation(VaryingRule):
    """The tools of a cached conversation change while it goes on.

    ## What it does
    Reports a list of tools that is chosen anew for each call of one growing conversation whose
    messages are cached: by a counter, by the last reply, by what was said so far. A list chosen
    once for the conversation is left alone. What changes inside one definition is reported by
    SKF110, an order that isn't fixed by SKF108.

    ## Why it costs
    Tools stand in front of everything else: with another list the system prompt and the whole
    conversation are written again at 1.25 times the price of input instead of read at a tenth. An
    operator of assistants found it by far the most frequent reason for its cache misses (reported
    on GitHub, 2026).

    ## Example
    Five rounds with the tools that only read, then all of them.

    ## Use instead
    Send all tools from the beginning, and say in a message or by `tool_choice` which are meant to
    be used now; tools that are seldom needed can be deferred and found by tool search.

    ## Fix safety
    There is no fix: which tools a model may use, and when, is for the program to say.

    ## References
    - What a change of the tools costs (2026-10-08):
      https://platform.claude.com/docs/en/build-with-claude/prompt-caching
    - The most frequent reason: https://github.com/dust-tt/dust/pull/27655
    """

    id = "SKF109"
    name = "tools-vary-in-conversation"
    summary = "A cached conversation whose list of tools is another one in the next call"
    examples: ClassVar[tuple[Example, ...]] = (
        Example("Other tools after five rounds", bad=_MODES),
        Example("Tools chosen by what was said", bad=_PICKED),
        Example("Chosen once for the conversation", good=_GOOD),
    )

    def check(self, request: Request, context: Context) -> Iterator[Finding]:
        """What decides which tools are sent, where it changes in the conversation."""
        tools = [block for block in request.blocks if block.place is Place.TOOLS]
        found = varying(request, request.deciding.get("tools", ()))
        if found is None or any(_deferred(block.value) for block in tools):
            return
        written = request.written.get("tools")
        yield from self.report(
            request,
            context,
            found,
            written.span if written is not None else request.site.span,
            "The list of tools",
            "the system prompt and the whole conversation are",
            "Keep one list of tools for the conversation; which of them are meant now can be said "
            "in a message.",
        )


def _deferred(tool: Value) -> bool:
    """Whether a tool waits to be found by tool search."""
    return isinstance(tool, Mapping) and tool.get("defer_loading") is not None
