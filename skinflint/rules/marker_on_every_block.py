"""SKF204: more breakpoints than a request may have."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from skinflint.linter.findings import (
    Applicability,
    Finding,
    Fix,
    MarkLastOnly,
    RemoveMarker,
    Severity,
)
from skinflint.linter.request import Breakpoint, Place, Request
from skinflint.linter.spans import Role, Step
from skinflint.rules._needs import a_breakpoint
from skinflint.rules.base import Context, Example, Rule

_HELPER = """\
import anthropic

from notes.texts import ARCHIVIST

client = anthropic.Anthropic()


def as_blocks(documents):
    return [
        {
            "type": "text",
            "text": document,
            "cache_control": {"type": "ephemeral"},  # <-
        }
        for document in documents
    ]


def ask(question: str, documents: list[str]) -> str:
    content = as_blocks(documents)
    content.append({"type": "text", "text": question})
    reply = client.messages.create(
        model="claude-sonnet-5-5",
        max_tokens=1000,
        system=ARCHIVIST,
        messages=[{"role": "user", "content": content}],
    )
    return reply.content[0].text
"""

_HELPER_FIXED = """\
import anthropic

from notes.texts import ARCHIVIST

client = anthropic.Anthropic()


def as_blocks(documents):
    blocks = [
        {
            "type": "text",
            "text": document,
        }
        for document in documents
    ]
    if blocks:
        blocks[-1]["cache_control"] = {"type": "ephemeral"}
    return blocks


def ask(question: str, documents: list[str]) -> str:
    content = as_blocks(documents)
    content.append({"type": "text", "text": question})
    reply = client.messages.create(
        model="claude-sonnet-5-5",
        max_tokens=1000,
        system=ARCHIVIST,
        messages=[{"role": "user", "content": content}],
    )
    return reply.content[0].text
"""


_FIVE = """\
import anthropic

from lawyer.texts import CLAUSES, GLOSSARY, PRECEDENTS, ROLE, STYLE

client = anthropic.Anthropic()
MARK = {"type": "ephemeral"}


def draft(brief: str) -> str:
    reply = client.messages.create(
        model="claude-opus-5-5",
        max_tokens=4000,
        system=[
            {"type": "text", "text": ROLE, "cache_control": MARK},
            {"type": "text", "text": STYLE, "cache_control": MARK},
            {"type": "text", "text": GLOSSARY, "cache_control": MARK},
            {"type": "text", "text": CLAUSES, "cache_control": MARK},
            {"type": "text", "text": PRECEDENTS, "cache_control": MARK},  # <-
        ],
        messages=[{"role": "user", "content": brief}],
    )
    return reply.content[0].text
"""

_FIVE_FIXED = """\
import anthropic

from lawyer.texts import CLAUSES, GLOSSARY, PRECEDENTS, ROLE, STYLE

client = anthropic.Anthropic()
MARK = {"type": "ephemeral"}


def draft(brief: str) -> str:
    reply = client.messages.create(
        model="claude-opus-5-5",
        max_tokens=4000,
        system=[
            {"type": "text", "text": ROLE},
            {"type": "text", "text": STYLE, "cache_control": MARK},
            {"type": "text", "text": GLOSSARY, "cache_control": MARK},
            {"type": "text", "text": CLAUSES, "cache_control": MARK},
            {"type": "text", "text": PRECEDENTS, "cache_control": MARK},
        ],
        messages=[{"role": "user", "content": brief}],
    )
    return reply.content[0].text
"""


_GOOD = """\
import anthropic

from notes.texts import ARCHIVIST

client = anthropic.Anthropic()


def as_blocks(documents):
    blocks = [{"type": "text", "text": document} for document in documents]
    blocks[-1]["cache_control"] = {"type": "ephemeral"}
    return blocks


def numbered(pages):
    return [
        {"type": "text", "text": page, "cache_control": {"type": "ephemeral"}}
        if index == len(pages) - 1
        else {"type": "text", "text": page}
        for index, page in enumerate(pages)
    ]


def ask(question: str, documents: list[str], pages: list[str]) -> str:
    reply = client.messages.create(
        model="claude-sonnet-5-5",
        max_tokens=1000,
        system=[{"type": "text", "text": ARCHIVIST, "cache_control": {"type": "ephemeral"}}],
        messages=[
            {"role": "user", "content": as_blocks(documents)},
            {"role": "assistant", "content": "Noted."},
            {"role": "user", "content": [*numbered(pages), {"type": "text", "text": question}]},
        ],
    )
    return reply.content[0].text
"""


class MarkerOnEveryBlock(Rule):
    """A request has, or may come to have, more breakpoints than the API accepts.

    ## What it does
    Reports a request whose markers surely number more than four, automatic caching counted as one
    (an error), and a marker that a loop or a comprehension writes on every block, tool or message
    without asking which one is the last (a warning). A guard on the index, a marker set on the last
    element afterwards and markers on some paths only are left alone.

    ## Why it costs
    A request may have four breakpoints; with a fifth the API answers 400 and nothing is done. A
    helper that marks each block works in every test with three documents and fails with five. Below
    the limit the extra markers buy nothing: each cuts the same prefix into pieces, and the last one
    covers what the others do.

    ## Example
    One marker per document, however many there are.

    ## Use instead
    Mark the last block of a stretch that recurs.

    ## Fix safety
    Safe where more than four markers are certain: the request fails today, and markers are no part
    of what the model reads. Elsewhere the prompt is the same but other prefixes are written, so it
    is a matter of price.

    ## References
    - Prompt caching, limits (2026-10-08):
      https://platform.claude.com/docs/en/build-with-claude/prompt-caching
    - Fifteen tools, fifteen markers: https://github.com/agentjido/req_llm/issues/480
    """

    id = "SKF204"
    name = "marker-on-every-block"
    summary = "More breakpoints than the four a request may have, or one per block of a loop"
    examples: ClassVar[tuple[Example, ...]] = (
        Example("A helper that marks each document", bad=_HELPER, fixed=_HELPER_FIXED),
        Example("Five markers in one request", bad=_FIVE, fixed=_FIVE_FIXED),
        Example("The last one only", good=_GOOD),
    )

    needs = (a_breakpoint,)

    def check(self, request: Request, context: Context) -> Iterator[Finding]:
        """Too many markers for sure, else each marker that a loop writes."""
        limit = context.facts.cache.max_markers
        sure = [p for p in request.breakpoints if self._sure(request, p)]
        if len(sure) > limit:
            yield self._too_many(request, sure, limit)
        seen = set()
        for point in request.breakpoints:
            each = point.per_item and not (point.automatic or point.optional)
            if each and point.span not in seen and not self._of_earlier_turns(request, point):
                seen.add(point.span)
                yield self._per_item(request, point, limit)

    @staticmethod
    def _of_earlier_turns(request: Request, point: Breakpoint) -> bool:
        """Whether it is turn after turn that leaves a marker, not the blocks of one: SKF205."""
        if not 0 <= point.block < len(request.blocks):
            return False
        block = request.blocks[point.block]
        talk = request.conversation
        if talk is not None and any(m.newest and m.span == point.span for m in talk.marked):
            return True
        return block.history and not block.last_message

    @staticmethod
    def _sure(request: Request, point: Breakpoint) -> bool:
        if point.automatic:
            return not point.optional
        if point.optional or point.per_item or not 0 <= point.block < len(request.blocks):
            return False
        block = request.blocks[point.block]
        return not (block.optional or block.repeated)

    def _too_many(self, request: Request, sure: list[Breakpoint], limit: int) -> Finding:
        explicit = sorted((p for p in sure if not p.automatic), key=lambda p: p.block)
        automatic = len(sure) - len(explicit)
        counted = (
            f"{len(explicit)} markers and automatic caching"
            if automatic
            else (f"{len(explicit)} markers")
        )
        last = {request.blocks[p.block].place: p for p in explicit}
        spare = [p for p in explicit if last[request.blocks[p.block].place] is not p]
        needed = len(sure) - limit
        removed = spare[:needed]
        spans = [p.span for p in removed]
        shared = len(set(spans)) < len(spans) or any(
            p.span in spans for p in explicit if p not in removed
        )
        fix = None
        no_fix = None
        if len(removed) < needed:
            no_fix = "Each marker ends another part of the request; decide which to give up."
        elif shared:
            no_fix = "One marker in the code makes several in the request; take it out by hand."
        else:
            fix = Fix(
                Applicability.SAFE,
                f"Take out the first {'marker' if needed == 1 else f'{needed} markers'}",
                tuple(RemoveMarker(span) for span in spans),
            )
        first_over = (
            explicit[limit - automatic] if len(explicit) > limit - automatic else explicit[-1]
        )
        return self.finding(
            request,
            first_over.span,
            f"This request is sent with {counted}; the API takes at most {limit} breakpoints and "
            f"rejects it (400).",
            related=tuple(
                Step(
                    Role.BREAKPOINT,
                    p.span,
                    "automatic caching" if p.automatic else f"breakpoint {n}",
                )
                for n, p in enumerate((*explicit, *(p for p in sure if p.automatic)), start=1)
            ),
            severity=Severity.ERROR,
            fix=fix,
            no_fix=no_fix,
            identity=(self.id, first_over.span, "limit"),
        )

    def _per_item(self, request: Request, point: Breakpoint, limit: int) -> Finding:
        block = request.blocks[point.block] if 0 <= point.block < len(request.blocks) else None
        what = {Place.TOOLS: "tool", Place.SYSTEM: "block of the system prompt"}.get(
            block.place if block else Place.MESSAGES, "block of the messages"
        )
        steps: tuple[Step, ...] = (Step(Role.BREAKPOINT, point.span, f"one breakpoint per {what}"),)
        if block is not None:
            steps = (Step(Role.SOURCE, block.span, "made for each item"), *steps)
        return self.finding(
            request,
            point.span,
            f"Every {what} that this loop makes gets a breakpoint of its own; with more than "
            f"{limit} of them in a request the API rejects it (400), and with fewer the last one "
            f"already covers the others.",
            related=steps,
            fix=Fix(
                Applicability.PRICE,
                "Mark the last one only",
                (MarkLastOnly(point.span),),
            ),
            identity=(self.id, point.span, "each"),
        )
