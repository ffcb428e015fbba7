"""SKF107: JSON in front of a breakpoint whose keys come in an order of somebody else's."""

from __future__ import annotations

from typing import ClassVar

from skinflint.linter.findings import Op, SetKeyword
from skinflint.linter.request import Request
from skinflint.linter.spans import Role, Step
from skinflint.linter.values import Key
from skinflint.rules._prefix import Culprit, PrefixRule, named
from skinflint.rules.base import Context, Example

_MERGED = """\
import json

import anthropic
from fastapi import FastAPI, Request

from forms.store import redis
from forms.texts import FORM_HELP

app = FastAPI()
client = anthropic.AsyncAnthropic()
DEFAULTS = {"language": "en", "units": "metric"}


@app.post("/help")
async def help_with_form(request: Request):
    body = await request.json()
    options = {**DEFAULTS, **json.loads(await redis.get("form:options"))}
    reply = await client.messages.create(
        model="claude-sonnet-5-5",
        max_tokens=500,
        system=[
            {
                "type": "text",
                "text": FORM_HELP + "\\n\\nOptions: " + json.dumps(options),  # <-
                "cache_control": {"type": "ephemeral"},
            }
        ],
        messages=[{"role": "user", "content": body["question"]}],
    )
    return {"answer": reply.content[0].text}
"""

_MERGED_FIXED = """\
import json

import anthropic
from fastapi import FastAPI, Request

from forms.store import redis
from forms.texts import FORM_HELP

app = FastAPI()
client = anthropic.AsyncAnthropic()
DEFAULTS = {"language": "en", "units": "metric"}


@app.post("/help")
async def help_with_form(request: Request):
    body = await request.json()
    options = {**DEFAULTS, **json.loads(await redis.get("form:options"))}
    reply = await client.messages.create(
        model="claude-sonnet-5-5",
        max_tokens=500,
        system=[
            {
                "type": "text",
                "text": FORM_HELP + "\\n\\nOptions: " + json.dumps(options, sort_keys=True),
                "cache_control": {"type": "ephemeral"},
            }
        ],
        messages=[{"role": "user", "content": body["question"]}],
    )
    return {"answer": reply.content[0].text}
"""


_GOOD = """\
import json

import anthropic

from forms.texts import FORM_HELP

client = anthropic.Anthropic()
FIELDS = {"name": "text", "born": "date", "children": "number"}


def explain(field: str, answers: dict) -> str:
    reply = client.messages.create(
        model="claude-haiku-5-5",
        max_tokens=300,
        system=[
            {
                "type": "text",
                "text": f"{FORM_HELP}\\n\\nFields: {json.dumps(FIELDS)}",
                "cache_control": {"type": "ephemeral"},
            }
        ],
        messages=[{"role": "user", "content": f"{field}\\n{json.dumps(answers)}"}],
    )
    return reply.content[0].text
"""


class UnstableJsonInPrefix(PrefixRule):
    """JSON in front of a breakpoint is written in a key order that comes from outside.

    ## What it does
    Follows `json.dumps` without `sort_keys` of a mapping that was parsed from JSON, merged from
    what a caller sent or read from a JSON column into the part of a request that a breakpoint
    covers. Dicts written out in the code, dataclasses and models have a fixed order and are left
    alone, as is JSON in the newest user turn. In a text that the marked place is handed as a whole
    it is told with `--preview` where other parts may change as well and the length of the rest
    can't be counted, and so it is where no call is seen to write the JSON.

    ## Why it costs
    Equal content in another key order is another prefix: it is written at 1.25 times the input
    price instead of read at a tenth. PostgreSQL's `jsonb`, for one, does not keep the order of
    keys. Frameworks met this in their cache keys and now sort (reported on GitHub, 2026).

    ## Example
    Whoever calls the handler decides in which order the options stand in the prompt.

    ## Use instead
    `json.dumps(options, sort_keys=True)`, or pick the fields in an order of your own.

    ## Fix safety
    Unsafe: the model reads the same JSON in another order, and keys of mixed types raise TypeError.

    ## References
    - Prompt caching, Anthropic documentation (2026-10-08):
      https://platform.claude.com/docs/en/build-with-claude/prompt-caching
    - `sort_keys`, Python documentation: https://docs.python.org/3/library/json.html#json.dumps
    - Sorted keys in DSPy: https://github.com/stanfordnlp/dspy/pull/10227
    """

    id = "SKF107"
    name = "unstable-json-in-prefix"
    summary = "JSON in front of a breakpoint is written in a key order that comes from outside"
    supersedes = ("SKF202", "SKF203")
    examples: ClassVar[tuple[Example, ...]] = (
        Example("Stored options merged into the marked prompt", bad=_MERGED, fixed=_MERGED_FIXED),
        Example("A dict written out here; JSON in the newest turn", good=_GOOD),
    )

    def counts(self, request: Request, context: Context, culprit: Culprit) -> bool:
        """Whether JSON is seen to be written: of what was parsed a single number may be sent."""
        return context.preview or all(map(_dumps, culprit.keys))

    def subject(self, culprit: Culprit) -> str:
        """Speaks of the order of the keys, not of the content."""
        return f"The order of the keys in {named(culprit.keys)} may differ"

    def mend(
        self, request: Request, context: Context, culprit: Culprit
    ) -> tuple[tuple[Op, ...] | None, str | None]:
        """``sort_keys=True`` at each ``json.dumps`` on the way."""
        calls = []
        for key in culprit.keys:
            dumps = _dumps(key)
            if not dumps:
                return None, "The call that writes the JSON can't be seen; sort the keys there."
            calls.append(dumps[-1].span)
        return tuple(SetKeyword(call, "sort_keys", "True") for call in calls), None

    def fix_title(self, ops: tuple[Op, ...]) -> str:
        """What the fix does, in a few words."""
        return "Sort the keys of the JSON"


def _dumps(key: Key) -> list[Step]:
    """The calls on the way of a key order that write JSON."""
    return [step for step in key.trail if step.role is Role.STEP and "dumps" in step.label]
