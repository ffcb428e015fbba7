"""SKF101: a clock value in front of a breakpoint."""

from __future__ import annotations

from typing import ClassVar

from skinflint.rules._prefix import Culprit, PrefixRule, named
from skinflint.rules.base import Example

_HANDLER = """\
import anthropic
from datetime import datetime
from fastapi import FastAPI

from shop.prompts import RETURNS_POLICY

app = FastAPI()
client = anthropic.AsyncAnthropic()


def system_blocks():
    stamp = datetime.now().strftime("%Y-%m-%d %H:%M")
    return [
        {
            "type": "text",
            "text": RETURNS_POLICY + f"\\n\\nThe time in the shop is {stamp}.",  # <-
            "cache_control": {"type": "ephemeral"},
        }
    ]


@app.post("/returns")
async def returns(question: str):
    reply = await client.messages.create(
        model="claude-sonnet-5-5",
        max_tokens=600,
        system=system_blocks(),
        messages=[{"role": "user", "content": question}],
    )
    return {"answer": reply.content[0].text}
"""

_HANDLER_FIXED = """\
import anthropic
from datetime import datetime
from fastapi import FastAPI

from shop.prompts import RETURNS_POLICY

app = FastAPI()
client = anthropic.AsyncAnthropic()


def system_blocks():
    stamp = datetime.now().strftime("%Y-%m-%d %H:%M")
    return [
        {
            "type": "text",
            "text": RETURNS_POLICY + "\\n\\n",
            "cache_control": {"type": "ephemeral"},
        },
        {"type": "text", "text": f"The time in the shop is {stamp}."}
    ]


@app.post("/returns")
async def returns(question: str):
    reply = await client.messages.create(
        model="claude-sonnet-5-5",
        max_tokens=600,
        system=system_blocks(),
        messages=[{"role": "user", "content": question}],
    )
    return {"answer": reply.content[0].text}
"""


_LOOP = """\
import time

from anthropic import Anthropic

from .tools import TOOLS, run_tool
from .prompts import OPERATOR_GUIDE


class Operator:
    def __init__(self, client: Anthropic):
        self._client = client

    def _instructions(self):
        return f"{OPERATOR_GUIDE}\\n\\nSeconds since the epoch: {time.time()}"

    def run(self, task):
        messages = [{"role": "user", "content": task}]
        for _ in range(12):
            request = {
                "model": "claude-opus-5-5",
                "max_tokens": 4000,
                "tools": TOOLS,
                "messages": messages,
                "cache_control": {"type": "ephemeral"},
            }
            reply = self._client.messages.create(system=self._instructions(), **request)  # <-
            messages.append({"role": "assistant", "content": reply.content})
            if reply.stop_reason != "tool_use":
                return reply
            results = [run_tool(block) for block in reply.content if block.type == "tool_use"]
            messages.append({"role": "user", "content": results})
        raise RuntimeError("no answer after twelve rounds")
"""

_CHAT = """\
from datetime import datetime, timezone

import anthropic

from assistant.texts import HOUSE_RULES

client = anthropic.Anthropic()


def chat():
    history = []
    while True:
        question = input("> ")
        now = datetime.now(timezone.utc).isoformat(timespec="seconds")
        history.append({"role": "user", "content": question})
        with client.messages.stream(
            model="claude-opus-5-5",
            max_tokens=2000,
            system=f"{HOUSE_RULES}\\nIt is {now} now.",  # <-
            messages=history,
            cache_control={"type": "ephemeral"},
        ) as stream:
            reply = stream.get_final_message()
        history.append({"role": "assistant", "content": reply.content})
        if len(history) > 80:
            del history[:-40]
        print(reply.content[0].text)


if __name__ == "__main__":
    chat()
"""

_CHAT_FIXED = """\
from datetime import datetime, timezone

import anthropic

from assistant.texts import HOUSE_RULES

client = anthropic.Anthropic()


def chat():
    history = []
    while True:
        question = input("> ")
        now = datetime.now(timezone.utc).isoformat(timespec="seconds")
        history.append({"role": "user", "content": question + f"\\n\\nIt is {now} now."})
        with client.messages.stream(
            model="claude-opus-5-5",
            max_tokens=2000,
            system=f"{HOUSE_RULES}",
            messages=history,
            cache_control={"type": "ephemeral"},
        ) as stream:
            reply = stream.get_final_message()
        history.append({"role": "assistant", "content": reply.content})
        if len(history) > 80:
            del history[:-40]
        print(reply.content[0].text)


if __name__ == "__main__":
    chat()
"""


_GOOD = """\
import logging
from datetime import date, datetime

import anthropic

from assistant.texts import HOUSE_RULES

log = logging.getLogger(__name__)
client = anthropic.Anthropic()
STARTED = datetime.now().isoformat()


def answer(question: str) -> str:
    began = datetime.now()
    reply = client.messages.create(
        model="claude-opus-5-5",
        max_tokens=800,
        system=[
            {
                "type": "text",
                "text": f"{HOUSE_RULES}\\nThis build went live at {STARTED}.",
                "cache_control": {"type": "ephemeral"},
            },
            {"type": "text", "text": f"It is {datetime.now():%H:%M} now."},
        ],
        messages=[{"role": "user", "content": f"{question}\\n\\n(asked at {began:%H:%M:%S})"}],
    )
    log.info("answered after %s", datetime.now() - began)
    return reply.content[0].text


def headline(story: str) -> str:
    reply = client.messages.create(
        model="claude-haiku-5-5",
        max_tokens=60,
        system=[
            {"type": "text", "text": HOUSE_RULES, "cache_control": {"type": "ephemeral"}},
            {"type": "text", "text": f"Today is {date.today():%d %B %Y}."},
        ],
        messages=[{"role": "user", "content": story}],
    )
    return reply.content[0].text
"""


class ClockInPrefix(PrefixRule):
    """A time of day stands in front of a breakpoint.

    ## What it does
    Follows every reading of a clock that shows an hour, a minute or something finer, and reports
    those that end in the tools, the system prompt or an earlier message in front of a
    `cache_control` marker or of automatic caching. The pair of calls that it breaks is named: the
    rounds of a loop, the turns of a conversation, or two calls of a handler. A clock that is read
    once at import, a date without a time, a clock behind the last breakpoint and a clock in the
    newest user turn are left alone.

    Some are told with `--preview` only, as it isn't sure that a call comes in time that could read
    the prefix: what goes round and begins a conversation anew each time, where the rounds of that
    one read the marker or its own first message shows the time, and what only one branch of a
    condition brings into a conversation.

    ## Why it costs
    The cache matches a prefix byte by byte. A clock in it makes each prefix the first of its kind:
    it is written at 1.25 times the input price and never read at a tenth of it. Ten calls with one
    prefix cost 12.5 times its price instead of 2.15 times; a broken conversation loses its whole
    history as well. One memory tool read nothing from the cache after the first turn in 423
    sessions because of a clock (reported on GitHub, 2026).

    ## Example
    The guide is the same in every round, the number of seconds behind it is not.

    ## Use instead
    Mark the unchanging text and put the clock behind the last breakpoint: in an unmarked block
    after it, or, where the conversation is cached too, in the newest user turn.

    ## Fix safety
    Unsafe: the model reads the time at another place, or in a block of its own. Where only the
    system prompt is marked, the block is split in front of the clock and the text stays as it was.
    Where the conversation is cached, the clock moves behind the newest user turn.

    ## References
    - Prompt caching, Anthropic documentation (2026-10-08):
      https://platform.claude.com/docs/en/build-with-claude/prompt-caching
    - Prices of cache reads and writes (2026-10-08):
      https://platform.claude.com/docs/en/about-claude/pricing
    - The 423 sessions: https://github.com/thedotmack/claude-mem/issues/1892
    """

    id = "SKF101"
    name = "clock-in-prefix"
    summary = "A time of day in front of a breakpoint keeps the cache from ever being read"
    supersedes = ("SKF104", "SKF105", "SKF107", "SKF114", "SKF202", "SKF203")
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            "A clock at the end of the marked policy of a web handler",
            bad=_HANDLER,
            fixed=_HANDLER_FIXED,
        ),
        Example("A clock in a helper that a tool loop calls in every round", bad=_LOOP),
        Example("A clock in front of a cached conversation", bad=_CHAT, fixed=_CHAT_FIXED),
        Example("A clock at import, behind the marker, in the turn", good=_GOOD),
    )

    def subject(self, culprit: Culprit) -> str:
        """Names the clock and how fine it is."""
        keys = culprit.keys
        if len(keys) == 1 and keys[0].granularity is not None:
            unit = keys[0].granularity.name.lower()
            return f"{named(keys)} shows the {unit} and differs"
        return super().subject(culprit)
