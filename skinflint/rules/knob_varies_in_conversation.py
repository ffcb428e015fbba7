"""SKF111: a cached conversation in which thinking, effort or tool_choice change."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from skinflint.linter.findings import Finding, Severity
from skinflint.linter.request import Request
from skinflint.linter.values import choices
from skinflint.rules._varying import VaryingRule, varying
from skinflint.rules.base import Context, Example

_THINKING = """\
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
            model="claude-sonnet-5-5",
            tools=TOOLS,
            thinking={"type": "disabled" if turn else "adaptive"},  # <-
            messages=messages,
            cache_control={"type": "ephemeral"},
        )
        messages.append({"role": "assistant", "content": reply.content})
        if reply.stop_reason != "tool_use":
            break
        messages.append({"role": "user", "content": run(reply)})
    return reply.content[-1].text
"""

_FORCED = """\
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
            model="claude-sonnet-5-5",
            tools=TOOLS,
            tool_choice={"type": "any"} if turn == 0 else {"type": "auto"},  # <-
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


def work(task: str, careful: bool = False) -> str:
    messages = [{"role": "user", "content": task}]
    for turn in range(30):
        reply = client.messages.create(
            max_tokens=4000,
            system=CODER,
            model="claude-sonnet-5-5",
            tools=TOOLS,
            thinking={"type": "adaptive"},
            output_config={"effort": "high" if careful else "low"},
            metadata={"user_id": str(turn)},
            messages=messages,
            cache_control={"type": "ephemeral"},
        )
        messages.append({"role": "assistant", "content": reply.content})
        if reply.stop_reason != "tool_use":
            break
        messages.append({"role": "user", "content": run(reply)})
    return reply.content[-1].text
"""

#: Parameter -> the change of the catalogue's table that it is.
_KNOBS = {
    "thinking": "thinking",
    "output_config": "effort",
    "output_format": "effort",
    "speed": "speed",
    "tool_choice": "tool_choice",
}


class KnobVariesInConversation(VaryingRule):
    """Thinking, effort, output format, speed or `tool_choice` change in a cached conversation.

    ## What it does
    Reports one of these parameters where what it is set to hangs on something that changes from
    one call to the next of a growing conversation whose messages are cached. What is chosen once
    for the conversation is left alone; so are parameters that are no part of the prompt
    (`max_tokens`, `metadata`, `temperature`, `stop_sequences`).

    ## Why it costs
    These parameters are part of what the cache goes by. A change of `tool_choice` loses the
    conversation, one of thinking or effort on some models the system prompt and the tools as well.
    An agent that turned thinking off for the results of tools went from 28,114 tokens read to none
    on each such turn (reported on GitHub, 2026).

    ## Example
    Thinking is on for the first call only.

    ## Use instead
    Set it once for the conversation. What is forced by `tool_choice` in one call can be asked for
    in a message; a cheaper call can be a conversation of its own.

    ## Fix safety
    There is no fix: another setting makes another answer.

    ## References
    - What loses the cache (2026-10-08):
      https://platform.claude.com/docs/en/build-with-claude/prompt-caching
    - 28,114 tokens: https://github.com/code-yeongyu/senpi/pull/1510
    """

    id = "SKF111"
    name = "knob-varies-in-conversation"
    summary = "Thinking, effort or tool_choice change while a cached conversation goes on"
    examples: ClassVar[tuple[Example, ...]] = (
        Example("Thinking for the first call only", bad=_THINKING),
        Example("A tool forced in the first call", bad=_FORCED),
        Example("Set once; no part of the prompt", good=_GOOD),
    )

    def check(self, request: Request, context: Context) -> Iterator[Finding]:
        """Each parameter that is chosen anew."""
        for name, change in _KNOBS.items():
            value = request.params.get(name)
            if value is None:
                continue
            found = varying(request, (key for each in choices(value) for key in each.keys))
            if found is None:
                continue
            lost = context.facts.cache.invalidates[change]
            more = "tools" in lost or "system" in lost
            some = (
                ", on some models also the system prompt and the tools," if "tools" in lost else ""
            )
            yield from self.report(
                request,
                context,
                found,
                value.span,
                f"`{name}`",
                f"the conversation{some} is",
                f"Set `{name}` once for the conversation.",
                None if more else Severity.INFO,
            )
