"""SKF502: two requests are awaited one after the other, and don't need each other."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from skinflint.linter.findings import Applicability, Finding, Fix, GatherAwaits, Tier
from skinflint.linter.request import Awaited, Request, Use
from skinflint.linter.spans import Role, Step
from skinflint.rules.base import Context, Example, Rule

_DESK = """\
import anthropic
from fastapi import FastAPI

app = FastAPI()
client = anthropic.AsyncAnthropic()


async def ask(task: str, text: str) -> str:
    reply = await client.messages.create(
        model="claude-haiku-5-5",
        max_tokens=400,
        system=task,
        messages=[{"role": "user", "content": text}],
    )
    return reply.content[0].text


@app.post("/letters")
async def read(letter: str) -> dict[str, str]:
    summary = await ask("Sum this up in two sentences.", letter)  # <-
    tone = await ask("Describe its tone in one sentence.", letter)
    return {"summary": summary, "tone": tone}
"""

_DESK_FIXED = _DESK.replace(
    "import anthropic\n", "import asyncio\n\nimport anthropic\n", 1
).replace(
    """\
    summary = await ask("Sum this up in two sentences.", letter)  # <-
    tone = await ask("Describe its tone in one sentence.", letter)
""",
    """\
    summary, tone = await asyncio.gather(
        ask("Sum this up in two sentences.", letter),
        ask("Describe its tone in one sentence.", letter),
    )
""",
)

_GOOD = """\
import asyncio

import anthropic
from fastapi import FastAPI

app = FastAPI()
client = anthropic.AsyncAnthropic()
one_at_a_time = asyncio.Semaphore(1)


async def ask(task: str, text: str) -> str:
    reply = await client.messages.create(
        model="claude-haiku-5-5",
        max_tokens=400,
        system=task,
        messages=[{"role": "user", "content": text}],
    )
    return reply.content[0].text


@app.post("/letters")
async def read(letter: str) -> dict[str, str]:
    summary = await ask("Sum this up in two sentences.", letter)
    tone = await ask("Describe the tone in one sentence.", summary)
    return {"summary": summary, "tone": tone}


@app.post("/slowly")
async def read_slowly(letter: str) -> dict[str, str]:
    async with one_at_a_time:
        summary = await ask("Sum this up in two sentences.", letter)
        tone = await ask("Describe its tone in one sentence.", letter)
    return {"summary": summary, "tone": tone}


@app.post("/both")
async def read_both(letter: str) -> dict[str, str]:
    summary, tone = await asyncio.gather(
        ask("Sum this up in two sentences.", letter),
        ask("Describe its tone in one sentence.", letter),
    )
    return {"summary": summary, "tone": tone}


@app.post("/flagged")
async def read_flagged(letter: str) -> str:
    verdict = await ask("Is this spam? Answer yes or no.", letter)
    if verdict.startswith("Yes"):
        return "spam"
    answer = await ask("Answer this letter.", letter)
    return answer
"""


class SerialAwaits(Rule):
    """Somebody waits for two requests, one after the other, that could be sent together.

    ## What it does
    Reports a request that is awaited as a statement of its own, right in front of another one by
    the same function that needs nothing of its reply. It is quiet inside a semaphore, a lock or a
    limiter, and in conversations and tool loops. Loops over records that nobody waits for are
    SKF501's: a batch is half the price.

    ## Why it costs
    Time, not tokens: the second reply begins when the first has ended. Where both share a marked
    prefix, slow rounds can also outlive its 5 minutes, and then it is written again.

    ## Example
    A summary and a tone, each of the same letter.

    ## Use instead
    `asyncio.gather`, with a semaphore where the rate limit is near. Where both share a large marked
    prefix, send one, and the rest when its reply has begun.

    ## Fix safety
    Unsafe: both requests are under way at the same time, also when the first one fails.

    ## References
    - Rate limits, Anthropic documentation (2026-10-08):
      https://platform.claude.com/docs/en/api/rate-limits
    - asyncio.gather: https://docs.python.org/3/library/asyncio-task.html
    """

    id = "SKF502"
    name = "serial-awaits"
    summary = "Independent requests are awaited one after the other"
    tier = Tier.PREVIEW
    examples: ClassVar[tuple[Example, ...]] = (
        Example("A summary and a tone of the same letter", bad=_DESK, fixed=_DESK_FIXED),
        Example("They need each other, are held back, or run together", good=_GOOD),
    )

    def check(self, request: Request, context: Context) -> Iterator[Finding]:
        """Two statements in a row, or a loop that somebody waits for."""
        if request.conversation is not None or request.multi_turn or request.rounds is not None:
            return
        if request.task.use is Use.AGENT_LOOP or "batches" in request.site.method:
            return
        awaited = request.awaited()
        if awaited is not None:
            yield self._in_a_row(request, awaited)

    def _in_a_row(self, request: Request, awaited: Awaited) -> Finding:
        return self.finding(
            request,
            awaited.first,
            "The next request needs nothing of this one's reply, yet it waits for it: together "
            "they take as long as the slower of both.",
            related=(
                awaited.step,
                Step(Role.SINK, request.site.span, "sent here"),
            ),
            fix=Fix(
                Applicability.UNSAFE,
                "Await both at once",
                (GatherAwaits(awaited.first, awaited.second),),
            ),
            identity=(self.id, awaited.first),
        )
