"""SKF308: the server clears results of tools so early that the cache is written again and again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from skinflint.catalog import api
from skinflint.linter.findings import Applicability, Finding, Fix, SetNumber, Tier
from skinflint.linter.request import Request
from skinflint.linter.spans import Role, Step
from skinflint.linter.values import Known, Mapping, Sequence, Value, alternatives
from skinflint.rules.base import Context, Example, Rule

_SCOUT = """\
import anthropic

from scout.tools import TOOLS, run

client = anthropic.Anthropic()


def scout(task: str, rounds: int = 60) -> str:
    messages = [{"role": "user", "content": task}]
    for _ in range(rounds):
        reply = client.beta.messages.create(
            model="claude-sonnet-5-5",
            max_tokens=4000,
            tools=TOOLS,
            cache_control={"type": "ephemeral"},
            betas=["context-management-2025-06-27"],
            context_management={
                "edits": [
                    {
                        "type": "clear_tool_uses_20250919",
                        "trigger": {"type": "input_tokens", "value": 5_000},  # <-
                        "keep": {"type": "tool_uses", "value": 2},
                    }
                ]
            },
            messages=messages,
        )
        messages.append({"role": "assistant", "content": reply.content})
        results = [run(block) for block in reply.content if block.type == "tool_use"]
        if not results:
            break
        messages.append({"role": "user", "content": results})
    return reply.content[-1].text
"""

_SCOUT_FIXED = _SCOUT.replace("5_000},  # <-", "100_000},")

_GOOD = _SCOUT.replace("5_000},  # <-", "120_000},").replace(
    """\
                        "keep": {"type": "tool_uses", "value": 2},
""",
    """\
                        "keep": {"type": "tool_uses", "value": 6},
                        "clear_at_least": {"type": "input_tokens", "value": 30_000},
""",
)


class EagerContextEdit(Rule):
    """`context_management` clears results of tools at a low threshold, in a cached conversation.

    ## What it does
    Reports a `clear_tool_uses` edit whose trigger is written out and low (below 30,000 input tokens
    or 5 uses) and that has no `clear_at_least`, in a request that caches its messages. It is quiet
    where no message is cached: clearing costs nothing there.

    ## Why it costs
    Each clearing changes messages within the cached prefix: what stands behind them is written
    again at 1.25 times the price of input instead of read at a tenth. With a low trigger that
    happens nearly every round, for the few tokens of one old result. Clearing keeps a conversation
    within its window; it is no saving by itself.

    ## Example
    A trigger at 5,000 tokens.

    ## Use instead
    A trigger near the window that is meant (the default is 100,000 tokens), and `clear_at_least`,
    so that a clearing is worth what it costs.

    ## Fix safety
    Unsafe: the trigger becomes 100,000 input tokens, so that the model sees old results for longer.
    A trigger that counts uses is left to you.

    ## References
    - Context editing, Anthropic documentation (2026-08-22):
      https://platform.claude.com/docs/en/build-with-claude/context-editing
    """

    id = "SKF308"
    name = "eager-context-edit"
    summary = "Results of tools are cleared so early that the cache is of little use"
    tier = Tier.PREVIEW
    examples: ClassVar[tuple[Example, ...]] = (
        Example("A trigger at 5,000 tokens", bad=_SCOUT, fixed=_SCOUT_FIXED),
        Example("A high trigger that clears much at once", good=_GOOD),
    )

    def check(self, request: Request, context: Context) -> Iterator[Finding]:
        """The edits of a request that caches its messages."""
        value = request.params.get("context_management")
        if value is None or not request.caches_messages:
            return
        for edit in _edits(value):
            trigger = _eager(edit)
            if trigger is not None:
                yield self._report(request, *trigger)

    def _report(self, request: Request, what: str, number: Known) -> Finding:
        facts = api.load().context_edits
        fix, no_fix = None, None
        if what == "input_tokens":
            fix = Fix(
                Applicability.UNSAFE,
                f"Clear from {facts.trigger:,} tokens on",
                (SetNumber(number.span, f"{facts.trigger:_}", "context_management"),),
            )
            named = f"{number.value:,} tokens"
        else:
            named = f"{number.value} uses"
            no_fix = "Raise the trigger, and set `clear_at_least`."
        return self.finding(
            request,
            number.span,
            f"From {named} on old results are cleared, nearly every round, and each clearing makes "
            f"the cached messages behind it be written again.",
            related=(
                Step(Role.SINK, request.site.span, "what is left is sent here"),
                Step(Role.BREAKPOINT, request.breakpoints[-1].span, "the breakpoint it breaks"),
            ),
            pair=next((p.label for p in request.pairs if p.inner), None),
            fix=fix,
            no_fix=no_fix,
            identity=(self.id, number.span),
        )


def _edits(value: Value) -> Iterator[Mapping]:
    for each in alternatives(value):
        edits = each.get("edits") if isinstance(each, Mapping) else None
        for listed in alternatives(edits) if edits is not None else ():
            for item in listed.items if isinstance(listed, Sequence) else ():
                if isinstance(item, Mapping):
                    yield item


def _eager(edit: Mapping) -> tuple[str, Known] | None:
    """The trigger of an edit that clears too early: what it counts, and its number."""
    facts = api.load().context_edits
    kind, trigger = edit.get("type"), edit.get("trigger")
    if not isinstance(kind, Known) or not str(kind.value).startswith(facts.head):
        return None
    if edit.get("clear_at_least") is not None or edit.open or not isinstance(trigger, Mapping):
        return None
    what, number = trigger.get("type"), trigger.get("value")
    if not isinstance(what, Known) or not isinstance(number, Known):
        return None
    low = facts.eager_tokens if what.value == "input_tokens" else facts.eager_uses
    if isinstance(number.value, int) and number.value < low:
        return str(what.value), number
    return None
