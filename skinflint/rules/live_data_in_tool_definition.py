"""SKF110: a tool definition that says how things stand right now."""

from __future__ import annotations

from typing import ClassVar

from skinflint.linter.findings import Op
from skinflint.linter.request import Break, Request, moving, parts_of
from skinflint.rules._prefix import Culprit, PrefixRule, differ, move, named
from skinflint.rules._tools import spot_of
from skinflint.rules.base import Context, Example

_COUNTED = """\
import anthropic

from workshop.texts import FOREMAN
from workshop.tools import run

client = anthropic.Anthropic()


def definitions(calls: int) -> list[dict]:
    return [
        {
            "name": "find_part",
            "description": f"Finds a part by its number. Asked {calls} times so far.",  # <-
            "input_schema": {"type": "object", "properties": {"number": {"type": "string"}}},
        }
    ]


def work(order: str) -> str:
    calls = 0
    messages = [{"role": "user", "content": order}]
    for _ in range(25):
        reply = client.messages.create(
            model="claude-sonnet-5-5",
            max_tokens=1500,
            system=FOREMAN,
            tools=definitions(calls),
            messages=messages,
            cache_control={"type": "ephemeral"},
        )
        messages.append({"role": "assistant", "content": reply.content})
        if reply.stop_reason != "tool_use":
            break
        calls += 1
        messages.append({"role": "user", "content": run(reply)})
    return reply.content[-1].text
"""

_NAMED = """\
import anthropic
from fastapi import Depends, FastAPI

from office.people import current_user
from office.texts import CLERK

app = FastAPI()
client = anthropic.Anthropic()


@app.post("/clerk")
def clerk(question: str, user=Depends(current_user)):
    reply = client.messages.create(
        model="claude-sonnet-5-5",
        max_tokens=1500,
        system=[{"type": "text", "text": CLERK, "cache_control": {"type": "ephemeral"}}],
        tools=[
            {
                "name": "book_room",
                "description": f"Books a meeting room. The user is {user.name}.",  # <-
                "input_schema": {"type": "object", "properties": {"room": {"type": "string"}}},
            },
        ],
        messages=[{"role": "user", "content": question}],
    )
    return {"answer": reply.content[0].text}
"""

_NAMED_FIXED = """\
import anthropic
from fastapi import Depends, FastAPI

from office.people import current_user
from office.texts import CLERK

app = FastAPI()
client = anthropic.Anthropic()


@app.post("/clerk")
def clerk(question: str, user=Depends(current_user)):
    reply = client.messages.create(
        model="claude-sonnet-5-5",
        max_tokens=1500,
        system=[{"type": "text", "text": CLERK, "cache_control": {"type": "ephemeral"}}],
        tools=[
            {
                "name": "book_room",
                "description": "Books a meeting room.",
                "input_schema": {"type": "object", "properties": {"room": {"type": "string"}}},
            },
        ],
        messages=[{"role": "user", "content": question + f"\\n\\nThe user is {user.name}."}],
    )
    return {"answer": reply.content[0].text}
"""

_GOOD = """\
import anthropic

from workshop import __version__
from workshop.texts import FOREMAN

client = anthropic.Anthropic()
PARTS = ("bolt", "nut", "washer")
FIND = {
    "name": "find_part",
    "description": f"Finds a part in the catalogue of workshop {__version__}.",
    "input_schema": {
        "type": "object",
        "properties": {"kind": {"type": "string", "enum": list(PARTS)}},
    },
}


def extract(text: str, schema: dict, hint: str) -> dict:
    reply = client.messages.create(
        model="claude-sonnet-5-5",
        max_tokens=1500,
        system=[{"type": "text", "text": FOREMAN, "cache_control": {"type": "ephemeral"}}],
        tools=[FIND, {"name": "record", "description": hint, "input_schema": schema}],
        messages=[{"role": "user", "content": text}],
    )
    return reply.content[0].input
"""


class LiveDataInToolDefinition(PrefixRule):
    """The description or the schema of a tool tells how things stand at the moment.

    ## What it does
    Reports a definition that is written out in the code and has something in it that differs
    between two calls: a counter, the error of the last call, the name of the user, an `enum` read
    for this user. It asks for a breakpoint, as tools are cached with whatever stands behind them.
    What is fixed at import (a version, a list of the deployment) is left alone; so is a definition
    whose description or schema is handed in as a whole, and what clocks and random values do to
    one is said by SKF101 and SKF103.

    ## Why it costs
    Tools stand in front of everything else: with one changed character in a description the system
    prompt and the whole conversation are written again, at 1.25 times the price of input instead
    of read at a tenth. A proxy for tools whose descriptions showed the state of their servers
    wrote its cache four times in a session, and not once when that was gone (reported on GitHub,
    2026).

    ## Example
    The number of calls so far stands in the description, and is another one in each round.

    ## Use instead
    Keep the definition fixed, and say what is new in the newest user turn or in the result of the
    tool. An `enum` of one user's things is better checked by the tool, which answers with what
    there is.

    ## Fix safety
    Unsafe: the model reads the sentence at another place, behind the newest user turn. Only whole
    sentences of a description are moved; a schema is never changed.

    ## References
    - What a change of the tools costs (2026-10-08):
      https://platform.claude.com/docs/en/build-with-claude/prompt-caching
    - The proxy: https://github.com/nicobailon/pi-mcp-adapter/pull/432
    """

    id = "SKF110"
    name = "live-data-in-tool-definition"
    summary = "A tool's description or schema changes between calls, which loses the whole prefix"
    supersedes = ("SKF104", "SKF202", "SKF203")
    examples: ClassVar[tuple[Example, ...]] = (
        Example("A counter in a description, in every round of a tool loop", bad=_COUNTED),
        Example("The name of the user in a description", bad=_NAMED, fixed=_NAMED_FIXED),
        Example("Fixed at import; handed through as a whole", good=_GOOD),
    )

    def subject(self, culprit: Culprit) -> str:
        """Speaks of the definition."""
        return f"{named(culprit.keys)} in a tool definition {differ(culprit.keys)}"

    def loss(self, request: Request, brk: Break) -> str:
        """Tools come first, so everything is lost."""
        return "the whole prefix is paid"

    def mend(
        self, request: Request, context: Context, culprit: Culprit
    ) -> tuple[tuple[Op, ...] | None, str | None]:
        """Its sentence goes behind the newest user turn."""
        block = request.blocks[culprit.block]
        spots = [spot_of(block, part) for part in culprit.moving]
        if not block.described or any(s is None or s.key != "description" for s in spots):
            return None, (
                "A schema can't say it elsewhere; let the tool check what it is given, and answer "
                "with what there is."
            )
        moved = [
            index
            for index, term in enumerate(block.described)
            if any(
                moving(keys, brk.pair, request.host)
                for _, keys in parts_of(term.value)
                for brk in culprit.breaks
            )
        ]
        text = next(spot.span for spot in spots if spot is not None)
        return move(request, block, text, block.described, moved, sentences=True)

    def fix_title(self, ops: tuple[Op, ...]) -> str:
        """What the fix does, in a few words."""
        return "Move the sentence behind the newest user turn"
