"""SKF601: JSON in a prompt that is laid out for people."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from skinflint.catalog import jsons
from skinflint.linter.findings import Applicability, CompactJson, Finding, Fix, Tier
from skinflint.linter.request import Block, JsonText, Place, Request
from skinflint.linter.spans import Role, Step
from skinflint.rules.base import Context, Example, Rule

_PROMPT = """\
import json

import anthropic

client = anthropic.Anthropic()


def daily_note(orders: list[dict], shop: str) -> str:
    listed = json.dumps(orders, indent=2)  # <-
    reply = client.messages.create(
        model="claude-sonnet-5-5",
        max_tokens=800,
        system="You write the daily note of a shop for its owner.",
        messages=[{"role": "user", "content": f"Shop: {shop}\\nOrders:\\n{listed}"}],
    )
    return reply.content[0].text
"""

_PROMPT_FIXED = """\
import json

import anthropic

client = anthropic.Anthropic()


def daily_note(orders: list[dict], shop: str) -> str:
    listed = json.dumps(orders, separators=(",", ":"))
    reply = client.messages.create(
        model="claude-sonnet-5-5",
        max_tokens=800,
        system="You write the daily note of a shop for its owner.",
        messages=[{"role": "user", "content": f"Shop: {shop}\\nOrders:\\n{listed}"}],
    )
    return reply.content[0].text
"""

_RESULT = """\
import anthropic
from pydantic import BaseModel

from depot.stock import find_part

client = anthropic.Anthropic()


class Part(BaseModel):
    number: str
    shelf: str
    left: int
    moves: list[dict]


def answer(question: str, part: Part) -> str:
    reply = client.messages.create(
        model="claude-haiku-5-5",
        max_tokens=300,
        messages=[
            {"role": "user", "content": question},
            {"role": "user", "content": "The part: " + part.model_dump_json(indent=4)},  # <-
        ],
    )
    return reply.content[0].text


def main() -> None:
    print(answer(input("> "), Part(**find_part(input("Number: ")))))
"""

_RESULT_FIXED = """\
import anthropic
from pydantic import BaseModel

from depot.stock import find_part

client = anthropic.Anthropic()


class Part(BaseModel):
    number: str
    shelf: str
    left: int
    moves: list[dict]


def answer(question: str, part: Part) -> str:
    reply = client.messages.create(
        model="claude-haiku-5-5",
        max_tokens=300,
        messages=[
            {"role": "user", "content": question},
            {"role": "user", "content": "The part: " + part.model_dump_json()},
        ],
    )
    return reply.content[0].text


def main() -> None:
    print(answer(input("> "), Part(**find_part(input("Number: ")))))
"""

_GOOD = """\
import json
import logging

import anthropic

client = anthropic.Anthropic()
log = logging.getLogger(__name__)
ANSWER_SCHEMA = {"type": "object", "properties": {"note": {"type": "string"}}}
EXAMPLE = {"note": "Nothing to do."}


def daily_note(orders: list[dict], path: str) -> dict:
    log.debug(json.dumps(orders, indent=2))
    reply = client.messages.create(
        model="claude-sonnet-5-5",
        max_tokens=800,
        system=f"Answer in this form:\\n{json.dumps(ANSWER_SCHEMA, indent=2)}",
        messages=[
            {"role": "user", "content": "No orders."},
            {"role": "assistant", "content": json.dumps(EXAMPLE, indent=2)},
            {"role": "user", "content": json.dumps(orders, separators=(",", ":"))},
        ],
    )
    note = json.loads(reply.content[0].text)
    with open(path, "w") as file:
        file.write(json.dumps(note, indent=2))
    return note
"""

_CUT = """\
import json

import anthropic

client = anthropic.Anthropic()


def explain(event: dict) -> str:
    shown = json.dumps(event, indent=2)[:4000]
    reply = client.messages.create(
        model="claude-haiku-5-5",
        max_tokens=300,
        messages=[{"role": "user", "content": f"What happened here?\\n{shown}"}],
    )
    return reply.content[0].text
"""


class PrettyJsonInPrompt(Rule):
    """JSON is indented for people and then sent to the model.

    ## What it does
    Follows calls of `json.dumps`, `model_dump_json` and `to_json` with an `indent` into the system
    prompt and the messages of a request, results of tools among them. Examples and schemas, whose
    layout shows the model what to answer with, are left alone, as are replies that are put into the
    assistant's mouth, JSON that is cut to a length, and whatever goes to files, logs and screens.
    So is what the code shows to be eighteen lines or fewer: a few fields that hold no others, a
    list of words.

    How much it saves hangs on how much data comes and how often, which the code seldom tells, so
    the rule is in preview. Selected by itself it reports what the code shows to be long: a list of
    records of three fields and more whose number nothing limits to a few (made in a loop or a
    comprehension, the rows of a query, a plural that is sliced, a parameter that is declared
    `list[dict]` or a list of a class), records within records, a model's reply parsed and named as
    more than one thing, thirty-five lines that can be counted. Twenty are enough in a conversation
    that grows, as each round sends them again, and what such a conversation keeps is always
    reported. Everything else is told with `--preview` only: a parameter of which nothing is seen,
    whatever its name, one object of a few short lists, the first five of something, what a class or
    a function with `weekly` in its name or a program that only a weekly workflow starts sends, and
    what `json.dumps` would refuse to write.

    ## Why it costs
    Each line break with the spaces behind it is about a token. Thirty lines are some thirty tokens
    of a prompt, which nobody would change a program for if it is sent once a day, and a list of a
    hundred records of six fields is eight hundred, with each request. A server that
    dropped its indentation sent 32 % fewer tokens for the same data, another 15 to 25 %. In a
    conversation the same result is sent again with every later turn.

    ## Example
    A list of orders, indented in front of a request.

    ## Use instead
    `json.dumps(orders, separators=(",", ":"))`; where the data isn't English,
    `ensure_ascii=False` saves as much again.

    ## Fix safety
    Unsafe: the model reads the same data in other bytes, and an entry of the cache that was written
    with the old ones is missed once. Calls whose text is read elsewhere too are left to you.

    ## References
    - Compact results of tools, 32 % fewer tokens (read 2026-11-22):
      https://github.com/ganhammar/hass-mcp-server/issues/91
    - The same, 15 to 25 %: https://github.com/wyattjoh/jmap-mcp/pull/22
    - `separators`, Python documentation: https://docs.python.org/3/library/json.html#json.dumps
    """

    id = "SKF601"
    name = "pretty-json-in-prompt"
    tier = Tier.PREVIEW
    summary = "JSON is indented for people and then sent to the model"
    examples: ClassVar[tuple[Example, ...]] = (
        Example("Rows of a table in front of a question", bad=_PROMPT, fixed=_PROMPT_FIXED),
        Example("A model of pydantic in a message", bad=_RESULT, fixed=_RESULT_FIXED),
        Example("A schema, an example, a log, a file", good=_GOOD),
        Example("JSON that is cut to a length", good=_CUT),
    )

    def check(self, request: Request, context: Context) -> Iterator[Finding]:
        """One finding per call that lays JSON out on its way into the prompt."""
        if "count_tokens" in request.site.method:
            return
        facts = jsons.load()
        for text in request.json_texts():
            block = request.blocks[text.block]
            enough = facts.again if _is_sent_again(request) else facts.least
            if context.preview or text.seen >= enough or _is_kept(request, block):
                yield self._finding(request, text)

    def _finding(self, request: Request, text: JsonText) -> Finding:
        block = request.blocks[text.block]
        where = "the system prompt" if block.place is Place.SYSTEM else "a message"
        if block.kind == "tool_result":
            where = "the result of a tool"
        fix = Fix(
            Applicability.UNSAFE,
            "Write the JSON without layout",
            (CompactJson(text.call, text.keyword, text.compact),),
        )
        again = " and with each later turn again" if _is_kept(request, block) else ""
        lines = f" in up to {text.lines} lines" if text.lines is not None else ""
        return self.finding(
            request,
            text.call,
            f"{text.writer}() lays this JSON out for people{lines}, and {where} carries the "
            f"indentation to the model{again}.",
            related=(
                Step(Role.SOURCE, text.call, f"laid out by `{text.keyword}`"),
                Step(Role.SINK, request.site.span, f"sent by {request.site.method}"),
            ),
            fix=None if text.other_use else fix,
            no_fix=f"{text.other_use[0].upper()}{text.other_use[1:]}." if text.other_use else None,
            identity=(self.id, text.call),
        )


def _is_kept(request: Request, block: Block) -> bool:
    """Whether a message goes out with later turns as well: one of a list that something adds to."""
    return _is_sent_again(request) and (block.history or block.repeated)


def _is_sent_again(request: Request) -> bool:
    """Whether a request goes out once more with all that it says: its conversation grows."""
    return request.conversation is not None and request.conversation.grows
