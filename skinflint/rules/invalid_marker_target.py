"""SKF210: a marker on something that can't carry one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from skinflint.catalog import surfaces
from skinflint.linter.findings import (
    Applicability,
    Finding,
    Fix,
    RemoveMarker,
    Severity,
)
from skinflint.linter.request import (
    REQUEST,
    Block,
    Breakpoint,
    Misplaced,
    Platform,
    Request,
    parts_of,
)
from skinflint.linter.spans import Role, Span, Step
from skinflint.linter.values import Known, Mapping, Text, Value
from skinflint.rules._markers import explicit
from skinflint.rules.base import Context, Example, Rule

_MESSAGE = """\
import anthropic

from observatory.texts import CATALOGUE, RULES

client = anthropic.Anthropic()


def explain(question: str) -> str:
    reply = client.messages.create(
        model="claude-opus-5-5",
        max_tokens=900,
        system=[{"type": "text", "text": RULES, "cache_control": {"type": "ephemeral"}}],
        messages=[
            {
                "role": "user",
                "content": CATALOGUE,
                "cache_control": {"type": "ephemeral"},  # <-
            },
            {"role": "assistant", "content": "I know the catalogue now."},
            {"role": "user", "content": question},
        ],
    )
    return reply.content[0].text
"""

_MESSAGE_FIXED = _MESSAGE.replace(
    '                "cache_control": {"type": "ephemeral"},  # <-\n', ""
)

_THINKING = """\
import anthropic

from observatory.texts import RULES

client = anthropic.Anthropic()


def go_on(question: str, thought: str, signature: str, answer: str, more: str) -> str:
    reply = client.messages.create(
        model="claude-opus-5-5",
        max_tokens=900,
        system=[{"type": "text", "text": RULES, "cache_control": {"type": "ephemeral"}}],
        messages=[
            {"role": "user", "content": question},
            {
                "role": "assistant",
                "content": [
                    {
                        "type": "thinking",
                        "thinking": thought,
                        "signature": signature,
                        "cache_control": {"type": "ephemeral"},  # <-
                    },
                    {"type": "text", "text": answer},
                ],
            },
            {"role": "user", "content": more},
        ],
    )
    return reply.content[-1].text
"""

_THINKING_FIXED = _THINKING.replace(
    '                        "cache_control": {"type": "ephemeral"},  # <-\n', ""
)

_DEFERRED = """\
import anthropic

from observatory.texts import RULES

client = anthropic.Anthropic()

TOOLS = [
    {"type": "tool_search_tool_regex_20251119", "name": "tool_search_tool_regex"},
    {
        "name": "ephemeris",
        "description": "Where a planet stands on a day.",
        "input_schema": {"type": "object", "properties": {"planet": {"type": "string"}}},
        "defer_loading": True,
        "cache_control": {"type": "ephemeral"},  # <-
    },
]


def ask(question: str) -> str:
    reply = client.messages.create(
        model="claude-opus-5-5",
        max_tokens=900,
        system=[{"type": "text", "text": RULES, "cache_control": {"type": "ephemeral"}}],
        tools=TOOLS,
        messages=[{"role": "user", "content": question}],
    )
    return reply.content[-1].text
"""

_DEFERRED_FIXED = _DEFERRED.replace('        "cache_control": {"type": "ephemeral"},  # <-\n', "")

_TOP = """\
import anthropic

from observatory.shapes import Sighting
from observatory.texts import RULES

client = anthropic.Anthropic()


def read(report: str) -> Sighting:
    reply = client.messages.parse(
        model="claude-opus-5-5",
        max_tokens=900,
        system=[{"type": "text", "text": RULES, "cache_control": {"type": "ephemeral"}}],
        messages=[{"role": "user", "content": report}],
        output_format=Sighting,
        cache_control={"type": "ephemeral"},  # <-
    )
    return reply.parsed_output
"""

_TOP_FIXED = _TOP.replace('        cache_control={"type": "ephemeral"},  # <-\n', "")

_EMPTY = """\
import anthropic

from observatory.texts import RULES

client = anthropic.Anthropic()
NOTES = ""


def ask(question: str) -> str:
    reply = client.messages.create(
        model="claude-opus-5-5",
        max_tokens=900,
        system=[
            {"type": "text", "text": RULES},
            {"type": "text", "text": NOTES, "cache_control": {"type": "ephemeral"}},  # <-
        ],
        messages=[{"role": "user", "content": question}],
    )
    return reply.content[-1].text
"""

_GOOD = """\
import anthropic

from observatory.texts import NOTES, PLATE, RULES

client = anthropic.Anthropic()
MARK = {"type": "ephemeral"}
TOOLS = [
    {"type": "tool_search_tool_regex_20251119", "name": "tool_search_tool_regex"},
    {
        "name": "ephemeris",
        "description": "Where a planet stands on a day.",
        "input_schema": {"type": "object", "properties": {"planet": {"type": "string"}}},
        "cache_control": MARK,
    },
    {
        "name": "spectra",
        "description": "The spectrum of a star.",
        "input_schema": {"type": "object", "properties": {"star": {"type": "string"}}},
        "defer_loading": True,
    },
]


def ask(question: str, found: str) -> str:
    system = [{"type": "text", "text": RULES}]
    if NOTES:
        system.append({"type": "text", "text": NOTES, "cache_control": MARK})
    reply = client.messages.create(
        model="claude-opus-5-5",
        max_tokens=900,
        system=system,
        tools=TOOLS,
        messages=[
            {
                "role": "user",
                "content": [
                    {
                        "type": "image",
                        "source": {"type": "base64", "media_type": "image/png", "data": PLATE},
                        "cache_control": MARK,
                    },
                    {"type": "text", "text": question},
                ],
            },
            {
                "role": "assistant",
                "content": [
                    {"type": "tool_use", "id": "1", "name": "ephemeris", "input": {}},
                ],
            },
            {
                "role": "user",
                "content": [
                    {
                        "type": "tool_result",
                        "tool_use_id": "1",
                        "content": [{"type": "text", "text": found}],
                        "cache_control": MARK,
                    },
                ],
            },
        ],
    )
    return reply.content[-1].text
"""

_NO_TEXT = "its text is empty, and an empty block can't carry a marker"


class InvalidMarkerTarget(Rule):
    """A marker stands on something that can't carry one, and the request is rejected.

    ## What it does
    Reports a `cache_control` on a thinking block, on a text that is surely empty, on a tool with
    `defer_loading`, on a message as a whole or on the source or citations of a block; and a
    top-level `cache_control` where the method, the pinned SDK or the service takes none.

    ## Why it costs
    The API answers 400, or the SDK raises a TypeError, and nothing is done. A marker is for a tool,
    a block of the system prompt, or a block of a message; thinking is cached along with its
    neighbours, and deferred tools are no part of the prefix.

    ## Example
    The marker stands beside `content` instead of on a block in it.

    ## Use instead
    Write the content as a list of blocks and mark the last one that recurs. Where automatic caching
    isn't taken, mark that block as well.

    ## Fix safety
    Safe: the request fails today, and a marker is no part of what the model reads. The marker is
    taken away; whether another block should carry it is for you to say. A block that is empty is
    rejected without a marker too, so that one is left to you.

    ## References
    - Prompt caching, what can be cached (2026-10-08):
      https://platform.claude.com/docs/en/build-with-claude/prompt-caching
    - No `cache_control` in `parse`: https://github.com/anthropics/anthropic-sdk-python/issues/1907
    - Markers on thinking blocks: https://github.com/UKGovernmentBEIS/inspect_ai/pull/3967
    """

    id = "SKF210"
    name = "invalid-marker-target"
    summary = "A cache marker stands on something that can't carry one"
    severity = Severity.ERROR
    supersedes = ("SKF204", "SKF208")
    examples: ClassVar[tuple[Example, ...]] = (
        Example("A marker on a message", bad=_MESSAGE, fixed=_MESSAGE_FIXED),
        Example("A marker on what the model thought", bad=_THINKING, fixed=_THINKING_FIXED),
        Example("A marker on a tool that is loaded later", bad=_DEFERRED, fixed=_DEFERRED_FIXED),
        Example("Automatic caching in `parse`", bad=_TOP, fixed=_TOP_FIXED),
        Example("A marker on an empty text", bad=_EMPTY),
        Example("Markers on tools, images and results", good=_GOOD),
    )

    def check(self, request: Request, context: Context) -> Iterator[Finding]:
        """Markers on what can't carry them, then a top-level one that isn't taken."""
        if request.site.platform is Platform.COMPATIBLE:
            return  # another service may read them otherwise
        told: set[Span] = set()
        for point in explicit(request):
            block = request.blocks[point.block]
            why = self._why(block, context)
            if why == _NO_TEXT and request.asked_about(block.span, point.span):
                continue  # whoever hands in an empty one doesn't come here
            if why == _NO_TEXT and any(map(request.set_later, _written(block.value))):
                continue
            if why and point.span not in told and not self._chosen(request, point, context):
                told.add(point.span)
                yield self._on_block(request, point, why)
        for wrong in request.misplaced:
            if not wrong.refused or wrong.span in told:
                continue
            told.add(wrong.span)
            if wrong.holder != REQUEST:
                yield self._on_part(request, wrong)
                continue
            why = self._not_taken(request, context)
            if why:
                step = Step(Role.BREAKPOINT, wrong.span, "not taken here")
                yield self._report(request, wrong.span, why, step, None)

    def _chosen(self, request: Request, point: Breakpoint, context: Context) -> bool:
        """Whether a condition picks what a place marks, out of blocks that can carry a marker too:
        it may be there for that.
        """
        return point.optional and any(
            other.span == point.span and not self._why(request.blocks[other.block], context)
            for other in explicit(request)
        )

    @staticmethod
    def _why(block: Block, context: Context) -> str:
        """Why a block can't carry a marker, "" if it can or may."""
        if block.kind in context.facts.cache.unmarkable:
            return f"a {block.kind} block can't carry a marker"
        if block.kind == "text" and _surely_empty(block.value):
            return _NO_TEXT
        deferred = block.value.get("defer_loading") if isinstance(block.value, Mapping) else None
        if isinstance(deferred, Known) and deferred.value is True:
            return "a tool with defer_loading can't carry a marker"
        return ""

    def _on_block(self, request: Request, point: Breakpoint, why: str) -> Finding:
        block = request.blocks[point.block]
        empty = block.kind == "text"
        return self._report(
            request,
            point.span,
            f"{why[0].upper()}{why[1:]}: the API rejects the request (400).",
            Step(Role.SOURCE, block.span, "the marked block"),
            "Leave the block out where its text is empty." if empty else None,
        )

    def _on_part(self, request: Request, wrong: Misplaced) -> Finding:
        return self._report(
            request,
            wrong.span,
            f"The marker stands on {wrong.holder}, which can't carry one; the API rejects the "
            f"request (400). Blocks of a message's content can.",
            Step(Role.BREAKPOINT, wrong.span, "no breakpoint"),
            None,
        )

    @staticmethod
    def _not_taken(request: Request, context: Context) -> str:
        facts = surfaces.load()
        client = facts.client(request.site.client)
        method = facts.method(tuple(request.site.method.split(".")))
        refused = context.facts.platform(request.site.platform.value).automatic is False
        if client is not None and not client.automatic_cache and refused:
            name = request.site.client.rpartition(".")[2]
            return (
                f"The service behind {name} takes no top-level cache_control and rejects the "
                f"request (400); mark a block instead."
            )
        if method is None or method.batch:
            return ""
        if not method.automatic_cache:
            return (
                f"{request.site.method}() takes no cache_control and raises a TypeError; mark a "
                f"block instead."
            )
        return (
            f"The SDK that is pinned here takes no cache_control in {request.site.method}() and "
            f"raises a TypeError; pin a newer one or mark a block instead."
        )

    def _report(
        self, request: Request, span: Span, message: str, step: Step, why: str | None
    ) -> Finding:
        fix = None
        if why is None:
            title = "Take the marker away"
            fix = Fix(Applicability.SAFE, title, (RemoveMarker(span),))
        return self.finding(
            request,
            span,
            message,
            related=(step, Step(Role.SINK, request.site.span, "sent here")),
            fix=fix,
            no_fix=why,
            identity=(self.id, span),
        )


def _written(value: Value) -> Iterator[Span]:
    """Where the constants stand that the text of a block is made of."""
    for leaf, _ in parts_of(value):
        if isinstance(leaf, Known) and leaf.value == "":
            yield leaf.span


def _surely_empty(value: Value) -> bool:
    """Whether a text is empty whatever happens."""
    if isinstance(value, Known):
        return isinstance(value.value, str) and not value.value.strip()
    if isinstance(value, Text):
        return all(_surely_empty(part) for part in value.parts)
    return False
