"""SKF213: a marker that never reaches the API."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from skinflint.linter.findings import Applicability, Finding, Fix, PassBlocks
from skinflint.linter.request import LostMarker, Misplaced, Request
from skinflint.linter.spans import Role, Step
from skinflint.rules._caching import may_be_cached
from skinflint.rules.base import Context, Example, Rule

_JOINED = """\
import anthropic

from lighthouse.texts import RULES

client = anthropic.Anthropic()

SYSTEM = [
    {"type": "text", "text": RULES, "cache_control": {"type": "ephemeral"}},  # <-
]


def answer(question: str) -> str:
    reply = client.messages.create(
        model="claude-opus-5-5",
        max_tokens=700,
        system="\\n".join(block["text"] for block in SYSTEM),
        messages=[{"role": "user", "content": question}],
    )
    return reply.content[0].text
"""

_JOINED_FIXED = _JOINED.replace("  # <-", "").replace(
    '        system="\\n".join(block["text"] for block in SYSTEM),', "        system=SYSTEM,"
)

_HELPER = """\
import anthropic

from lighthouse.texts import KEEPER, RULES

client = anthropic.Anthropic()


def system_blocks():
    return [
        {"type": "text", "text": KEEPER},
        {"type": "text", "text": RULES, "cache_control": {"type": "ephemeral"}},  # <-
    ]


def as_text(blocks):
    return "\\n\\n".join(block["text"] for block in blocks if block["type"] == "text")


def answer(question: str) -> str:
    reply = client.messages.create(
        model="claude-opus-5-5",
        max_tokens=700,
        system=as_text(system_blocks()),
        messages=[{"role": "user", "content": question}],
    )
    return reply.content[0].text
"""

_SCHEMA = """\
import anthropic

from lighthouse.texts import LAMPS

client = anthropic.Anthropic()

TOOLS = [
    {
        "name": "lamp",
        "description": LAMPS,
        "input_schema": {
            "type": "object",
            "properties": {"number": {"type": "integer"}},
            "cache_control": {"type": "ephemeral"},  # <-
        },
    }
]


def answer(question: str) -> str:
    reply = client.messages.create(
        model="claude-opus-5-5",
        max_tokens=700,
        tools=TOOLS,
        messages=[{"role": "user", "content": question}],
    )
    return reply.content[0].text
"""

_GOOD = """\
import anthropic

from lighthouse.texts import KEEPER, RULES

client = anthropic.Anthropic()
MARK = {"type": "ephemeral"}

SYSTEM = [
    {"type": "text", "text": KEEPER},
    {"type": "text", "text": RULES, "cache_control": MARK},
]
PLAIN = [{"type": "text", "text": KEEPER}, {"type": "text", "text": RULES}]


def answer(question: str) -> str:
    print(len("".join(block["text"] for block in SYSTEM)))
    reply = client.messages.create(
        model="claude-opus-5-5",
        max_tokens=700,
        system=SYSTEM,
        messages=[{"role": "user", "content": question}],
    )
    return reply.content[0].text


def answer_on_one(question: str) -> str:
    text = "\\n".join(block["text"] for block in SYSTEM)
    reply = client.messages.create(
        model="claude-opus-5-5",
        max_tokens=700,
        system=[{"type": "text", "text": text, "cache_control": MARK}],
        messages=[{"role": "user", "content": question}],
    )
    return reply.content[0].text


def describe(question: str) -> str:
    reply = client.messages.create(
        model="claude-opus-5-5",
        max_tokens=700,
        system="\\n".join(block["text"] for block in PLAIN),
        messages=[{"role": "user", "content": question}],
        cache_control=MARK,
        tools=[],
    )
    return reply.content[0].text
"""


class MarkerLost(Rule):
    """A marker is written and never sent: a text is made of its block, or it stands too deep.

    ## What it does
    Reports a system prompt whose blocks are joined into a string, or taken out of their dicts, when
    one of them is marked and nothing of the request is marked afterwards; and a marker inside the
    input schema of a tool, where it is read as a word of the schema. It keeps quiet where the text
    is marked again, where the request has another breakpoint, and where it isn't sure that a block
    is marked.

    ## Why it costs
    The code says that the prompt is cached, and nothing is: every call pays in full for what would
    cost a tenth or less, 4.6 times as much over ten calls. No error tells of it.

    ## Example
    A client that takes a string, and blocks that were made with a marker.

    ## Use instead
    Send the blocks as they are: `system` takes a list. A marker of a tool stands beside its name.

    ## Fix safety
    Where there is one block, or nothing is put between them, the list is sent in the place of the
    text. A price fix: the model sees the same; the bill depends on reuse, so `--fix` makes it only
    where that is proven. Elsewhere the joint would change, and it is left to you.

    ## References
    - Prompt caching, cache_control on blocks (2026-10-08):
      https://platform.claude.com/docs/en/build-with-claude/prompt-caching
    - A marker that a wrapper ignores: https://github.com/rocketride-org/rocketride-server/pull/806
    """

    id = "SKF213"
    name = "marker-lost"
    summary = "A cache marker is written and never reaches the API"
    supersedes = ("SKF201",)
    examples: ClassVar[tuple[Example, ...]] = (
        Example("A marked block joined into a string", bad=_JOINED, fixed=_JOINED_FIXED),
        Example("Two blocks that a helper makes one text of", bad=_HELPER),
        Example("A marker in the schema of a tool", bad=_SCHEMA),
        Example("Sent as they are, marked again", good=_GOOD),
    )

    def check(self, request: Request, context: Context) -> Iterator[Finding]:
        """Every marker that is lost on the way, each once."""
        if request.breakpoints or not may_be_cached(request, context):
            return
        for lost in request.lost:
            yield self._flattened(request, lost)
        for wrong in request.misplaced:
            if not wrong.refused:
                yield self._too_deep(request, wrong)

    def _flattened(self, request: Request, lost: LostMarker) -> Finding:
        made = "joined into a string" if lost.how == "joined" else "taken out of it"
        fix = None
        if lost.blocks is not None:
            fix = Fix(Applicability.PRICE, "Send the blocks", (PassBlocks(lost.text, lost.blocks),))
        return self.finding(
            request,
            lost.marker,
            f"This marker is lost: the text of its block is {made} in line {lost.text.line}, and "
            f"nothing of the request is cached.",
            related=(
                Step(Role.BREAKPOINT, lost.marker, "set here"),
                Step(Role.STEP, lost.text, f"{made} here"),
                Step(Role.SINK, request.site.span, "sent here without a breakpoint"),
            ),
            fix=fix,
            no_fix=None if fix else "Send the list of blocks in the place of the text.",
            identity=(self.id, lost.marker),
        )

    def _too_deep(self, request: Request, wrong: Misplaced) -> Finding:
        return self.finding(
            request,
            wrong.span,
            f"This marker stands in {wrong.holder}, where it is no marker, and nothing of the "
            f"request is cached.",
            related=(
                Step(Role.BREAKPOINT, wrong.span, "no breakpoint"),
                Step(Role.SINK, request.site.span, "sent here without a breakpoint"),
            ),
            no_fix="Put it beside the name of the tool.",
            identity=(self.id, wrong.span),
        )
