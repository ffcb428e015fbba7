"""SKF212: a turn that adds more blocks than a breakpoint looks back over."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from skinflint.linter.findings import Finding, Severity, Tier
from skinflint.linter.request import Block, Pair, Place, Request
from skinflint.linter.spans import Role, Step
from skinflint.rules._caching import may_be_cached
from skinflint.rules._goes_on import goes_on
from skinflint.rules._needs import a_breakpoint
from skinflint.rules.base import Context, Example, Rule

_PHOTOS = """\
import anthropic

from archive.photos import load
from archive.texts import RULES

client = anthropic.Anthropic()


def talk() -> None:
    messages = []
    while True:
        content = [{"type": "text", "text": input("? ")}]
        for name in input("photos: ").split():
            content.append({"type": "image", "source": load(name)})  # <-
        messages.append({"role": "user", "content": content})
        reply = client.messages.create(
            model="claude-opus-5-5",
            max_tokens=900,
            system=RULES,
            messages=messages,
            cache_control={"type": "ephemeral"},
        )
        messages.append({"role": "assistant", "content": reply.content})
        if len(messages) > 60:
            del messages[:-30]
        print(reply.content[0].text)
"""

_GOOD = """\
import anthropic

from archive.texts import RULES
from archive.tools import TOOLS, run

client = anthropic.Anthropic()


def talk() -> None:
    messages = []
    while True:
        messages.append({"role": "user", "content": input("? ")})
        reply = client.messages.create(
            model="claude-opus-5-5",
            max_tokens=900,
            system=RULES,
            messages=messages,
            cache_control={"type": "ephemeral"},
        )
        messages.append({"role": "assistant", "content": reply.content})
        if len(messages) > 60:
            del messages[:-30]
        print(reply.content[0].text)


def work(task: str) -> str:
    messages = [{"role": "user", "content": task}]
    for _ in range(30):
        reply = client.messages.create(
            model="claude-opus-5-5",
            max_tokens=900,
            system=RULES,
            tools=TOOLS,
            messages=messages,
            cache_control={"type": "ephemeral"},
        )
        messages.append({"role": "assistant", "content": reply.content})
        uses = [block for block in reply.content if block.type == "tool_use"]
        if not uses:
            break
        results = [
            {"type": "tool_result", "tool_use_id": use.id, "content": run(use)} for use in uses
        ]
        messages.append({"role": "user", "content": results})
    return reply.content[-1].text
"""


class WideTurnPastLookback(Rule):
    """A turn may add more blocks than a breakpoint looks back over, so that it misses the last.

    ## What it does
    Reports a growing conversation with one breakpoint at its end whose turns may add any number of
    blocks: pictures, documents or texts that a loop puts in. Results of tools are left alone: on
    the Claude API a run of them counts as one.

    ## Why it costs
    A breakpoint looks for an earlier entry at itself and the 19 positions in front of it. A turn of
    twenty pictures pushes the entry of the turn before out of sight: all of the conversation is
    written anew, at 1.25 times its price instead of a tenth.

    ## Example
    A chat in which somebody may add as many photos to a question as they like.

    ## Use instead
    Mark the last block of the turn before as well, on a copy: that breakpoint finds its entry
    however wide the new turn is. Or bound how many blocks a turn may have.

    ## Fix safety
    There is no fix: where a second breakpoint belongs hangs on how messages are kept.

    ## References
    - Prompt caching, the look-back (2026-10-08):
      https://platform.claude.com/docs/en/build-with-claude/prompt-caching
    - What a second breakpoint was worth: https://github.com/headroomlabs-ai/headroom/pull/2919
    """

    id = "SKF212"
    name = "wide-turn-past-lookback"
    summary = "A turn may add more blocks than the one breakpoint at its end looks back over"
    severity = Severity.INFO
    tier = Tier.PREVIEW
    examples: ClassVar[tuple[Example, ...]] = (
        Example("Photos without a limit", bad=_PHOTOS),
        Example("One block a turn; results of tools", good=_GOOD),
    )

    needs = (a_breakpoint,)

    def check(self, request: Request, context: Context) -> Iterator[Finding]:
        """At most one finding, about the first blocks that may be too many."""
        tail = [p for p in request.breakpoints if self._in_messages(request, p.block)]
        if len(tail) != 1 or tail[0].per_item or not may_be_cached(request, context):
            return
        pair = next((p for p in request.pairs if goes_on(request, p)), None)
        if pair is None or not request.blocks[tail[0].block].last:
            return
        wide = next((b for b in request.blocks if self._wide(b, context)), None)
        if wide is not None:
            yield self._finding(request, context, pair, wide)

    @staticmethod
    def _in_messages(request: Request, block: int) -> bool:
        return 0 <= block < len(request.blocks) and (request.blocks[block].place is Place.MESSAGES)

    @staticmethod
    def _wide(block: Block, context: Context) -> bool:
        """Whether a loop puts any number of such blocks into the newest turn."""
        facts = context.facts.cache
        return (
            block.last_message
            and block.repeated
            and not block.history
            and block.kind in ("text", "image", "document", "search_result")
            and block.kind not in facts.runs
        )

    def _finding(self, request: Request, context: Context, pair: Pair, wide: Block) -> Finding:
        facts = context.facts.cache
        return self.finding(
            request,
            wide.span,
            f"A turn may have any number of these blocks, and the one breakpoint behind them looks "
            f"back over {facts.lookback} positions: a wider turn misses all that was cached.",
            related=(
                Step(Role.SOURCE, wide.span, "any number of them"),
                *pair.evidence,
                Step(Role.SINK, request.site.span, "sent here"),
            ),
            confidence=pair.confidence,
            pair=pair.label,
            no_fix="Mark the last block of the turn before as well, or bound their number.",
            identity=(self.id, wide.span),
        )
