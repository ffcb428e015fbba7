"""SKF103: something random in front of a breakpoint."""

from __future__ import annotations

from typing import ClassVar

from skinflint.rules._prefix import PrefixRule
from skinflint.rules.base import Example

_REVIEW = """\
import uuid

import anthropic

from reviewer.guidelines import GUIDELINES


class Reviewer:
    def __init__(self) -> None:
        self.client = anthropic.Anthropic()
        self.model = "claude-sonnet-5-5"

    def review(self, diff: str) -> str:
        run_id = uuid.uuid4()
        system = [
            {
                "type": "text",
                "text": f"Review {run_id}\\n\\n{GUIDELINES}",  # <-
                "cache_control": {"type": "ephemeral"},
            }
        ]
        reply = self.client.messages.create(
            model=self.model,
            max_tokens=3000,
            system=system,
            messages=[{"role": "user", "content": diff}],
        )
        return reply.content[0].text


def main(paths: list[str]) -> None:
    reviewer = Reviewer()
    for path in paths:
        with open(path) as file:
            print(reviewer.review(file.read()))
"""

_REVIEW_FIXED = """\
import uuid

import anthropic

from reviewer.guidelines import GUIDELINES


class Reviewer:
    def __init__(self) -> None:
        self.client = anthropic.Anthropic()
        self.model = "claude-sonnet-5-5"

    def review(self, diff: str) -> str:
        run_id = uuid.uuid4()
        system = [
            {
                "type": "text",
                "text": f"{GUIDELINES}",
                "cache_control": {"type": "ephemeral"},
            },
            {"type": "text", "text": f"Review {run_id}\\n\\n"}
        ]
        reply = self.client.messages.create(
            model=self.model,
            max_tokens=3000,
            system=system,
            messages=[{"role": "user", "content": diff}],
        )
        return reply.content[0].text


def main(paths: list[str]) -> None:
    reviewer = Reviewer()
    for path in paths:
        with open(path) as file:
            print(reviewer.review(file.read()))
"""


_AGENT = """\
import secrets

from anthropic import AsyncAnthropic

from agent.texts import BRIEFING
from agent.tools import TOOLS, call

client = AsyncAnthropic()


async def work(goal: str):
    transcript = [{"role": "user", "content": goal}]
    for _ in range(30):
        reply = await client.messages.create(
            model="claude-opus-5-5",
            max_tokens=8000,
            tools=TOOLS,
            system=[
                {
                    "type": "text",
                    "text": BRIEFING + "\\nCall id: " + secrets.token_hex(8),  # <-
                    "cache_control": {"type": "ephemeral"},
                }
            ],
            messages=transcript,
        )
        transcript.append({"role": "assistant", "content": reply.content})
        if reply.stop_reason == "end_turn":
            return reply
        transcript.append({"role": "user", "content": [await call(b) for b in reply.content]})
"""

_AGENT_FIXED = """\
import secrets

from anthropic import AsyncAnthropic

from agent.texts import BRIEFING
from agent.tools import TOOLS, call

client = AsyncAnthropic()


async def work(goal: str):
    transcript = [{"role": "user", "content": goal}]
    for _ in range(30):
        reply = await client.messages.create(
            model="claude-opus-5-5",
            max_tokens=8000,
            tools=TOOLS,
            system=[
                {
                    "type": "text",
                    "text": BRIEFING + "\\n",
                    "cache_control": {"type": "ephemeral"},
                },
                {"type": "text", "text": "Call id: " + secrets.token_hex(8)}
            ],
            messages=transcript,
        )
        transcript.append({"role": "assistant", "content": reply.content})
        if reply.stop_reason == "end_turn":
            return reply
        transcript.append({"role": "user", "content": [await call(b) for b in reply.content]})
"""


_GOOD = """\
import random
import uuid

import anthropic

from quiz.texts import HOST, QUESTIONS

client = anthropic.Anthropic()
PROCESS = uuid.uuid4().hex


def ask(player: str) -> str:
    request_id = uuid.uuid4().hex
    question = random.choice(QUESTIONS)
    reply = client.messages.create(
        model="claude-haiku-5-5",
        max_tokens=300,
        system=[
            {
                "type": "text",
                "text": f"{HOST}\\nYou run as {PROCESS}.",
                "cache_control": {"type": "ephemeral"},
            }
        ],
        messages=[{"role": "user", "content": f"{player} is asked: {question}"}],
        metadata={"user_id": request_id},
        extra_headers={"x-request-id": request_id},
    )
    return reply.content[0].text
"""


class RandomIdInPrefix(PrefixRule):
    """A random value stands in front of a breakpoint.

    ## What it does
    Follows `uuid4()`, `secrets`, `random`, `os.urandom` and their like, and reports those that end
    in the tools, the system prompt or an earlier message in front of a breakpoint. Ids in
    `metadata`, in headers, in logs, in the newest user turn or made once at import are left alone.
    What only one branch of a condition brings into a conversation is told with `--preview`, and so
    is what goes round and begins a conversation anew each time, as SKF101 does.

    ## Why it costs
    No two prefixes are ever equal, so each call writes its prefix to the cache at 1.25 times the
    input price and none reads it at a tenth. Forty calls cost 50 times the price of the prefix
    instead of 5.15 times. A 33,682 character system prompt with a message id in it was written
    anew, all 9,356 tokens of it, with every message (reported on GitHub, 2026).

    ## Example
    The id of the run stands in front of guidelines that never change.

    ## Use instead
    Send the id as `metadata={"user_id": ...}` or in a header: neither is part of the prompt. If the
    model has to know it, put it behind the last breakpoint.

    ## Fix safety
    Unsafe: the model reads the value at another place, or in a block of its own. The value itself
    is never taken out.

    ## References
    - Prompt caching, Anthropic documentation (2026-10-08):
      https://platform.claude.com/docs/en/build-with-claude/prompt-caching
    - The message id: https://github.com/openclaw/openclaw/issues/75300
    """

    id = "SKF103"
    name = "random-id-in-prefix"
    summary = "A random value in front of a breakpoint keeps the cache from ever being read"
    supersedes = ("SKF104", "SKF105", "SKF107", "SKF114", "SKF202", "SKF203")
    examples: ClassVar[tuple[Example, ...]] = (
        Example("An id at the head of a marked prompt", bad=_REVIEW, fixed=_REVIEW_FIXED),
        Example(
            "A token at its end, new in every round of a tool loop", bad=_AGENT, fixed=_AGENT_FIXED
        ),
        Example("Ids that are no part of the prefix", good=_GOOD),
    )
