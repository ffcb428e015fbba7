"""SKF306: a file, a page or an output goes into the conversation as long as it happens to be."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from skinflint.linter.findings import Applicability, CapText, Finding, Fix, Tier
from skinflint.linter.request import Block, Content, Intake, PairKind, Repeats, Request
from skinflint.linter.source import NOTEBOOK
from skinflint.linter.spans import Role, Step
from skinflint.rules.base import Context, Example, Rule

#: Characters that a fix leaves of a result: some 5,000 tokens, what agents in the field settle on.
ROOM = 20_000

_WHAT = {"file": "a file", "http": "a page", "process": "the output of a program"}

_AGENT = """\
import subprocess
from pathlib import Path

import anthropic

from workshop.tools import TOOLS

client = anthropic.Anthropic()


def read_file(path: str) -> str:
    return Path(path).read_text()


def run(command: str) -> str:
    done = subprocess.run(command, shell=True, capture_output=True, text=True)
    return f"{done.stdout}{done.stderr}"


def use(name: str, given: dict) -> str:
    if name == "read_file":
        return read_file(given["path"])
    if name == "run":
        return run(given["command"])
    return f"There is no tool {name}."


def work(task: str, rounds: int = 30) -> str:
    messages = [{"role": "user", "content": task}]
    for _ in range(rounds):
        reply = client.messages.create(
            model="claude-sonnet-5-5",
            max_tokens=4000,
            tools=TOOLS,
            cache_control={"type": "ephemeral"},
            messages=messages,
        )
        messages.append({"role": "assistant", "content": reply.content})
        results = []
        for block in reply.content:
            if block.type == "tool_use":
                result = use(block.name, block.input)
                results.append(
                    {
                        "type": "tool_result",
                        "tool_use_id": block.id,
                        "content": result,  # <-
                    }
                )
        if not results:
            break
        messages.append({"role": "user", "content": results})
    return reply.content[-1].text
"""

_AGENT_FIXED = _AGENT.replace('"content": result,  # <-', f'"content": result[:{ROOM:_}],')

_GOOD = """\
import subprocess
from pathlib import Path

import anthropic
import httpx

from workshop.tools import TOOLS

client = anthropic.Anthropic()
ROOM = 16_000


def clipped(text: str) -> str:
    if len(text) <= ROOM:
        return text
    return f"{text[:ROOM]}\\n[{len(text) - ROOM} more characters; ask for a part of it]"


def read_lines(path: str, first: int, last: int) -> str:
    return "\\n".join(Path(path).read_text().splitlines()[first - 1 : last])


def read_small(path: str) -> str:
    if Path(path).stat().st_size > ROOM:
        return "That file is too large; read its lines."
    return Path(path).read_text()


def run(command: str) -> str:
    done = subprocess.run(command, shell=True, capture_output=True, text=True)
    return clipped(done.stdout)


def branch() -> str:
    return subprocess.check_output(["git", "rev-parse", "--abbrev-ref", "HEAD"], text=True)


def weather(town: str) -> str:
    return str(httpx.get(f"https://weather.example/{town}").json())


def use(name: str, given: dict) -> str:
    if name == "read_lines":
        return read_lines(**given)
    if name == "read_small":
        return read_small(given["path"])
    if name == "run":
        return run(given["command"])
    if name == "branch":
        return branch()
    return weather(given["town"])


def work(task: str, rounds: int = 30) -> str:
    messages = [{"role": "user", "content": task}]
    for _ in range(rounds):
        reply = client.messages.create(
            model="claude-sonnet-5-5",
            max_tokens=4000,
            tools=TOOLS,
            cache_control={"type": "ephemeral"},
            messages=messages,
        )
        messages.append({"role": "assistant", "content": reply.content})
        results = [
            {
                "type": "tool_result",
                "tool_use_id": block.id,
                "content": use(block.name, block.input),
            }
            for block in reply.content
            if block.type == "tool_use"
        ]
        if not results:
            break
        messages.append({"role": "user", "content": results})
    return reply.content[-1].text


def summed_up(path: str) -> str:
    reply = client.messages.create(
        model="claude-sonnet-5-5",
        max_tokens=1000,
        messages=[{"role": "user", "content": f"Sum this up:\\n{open(path).read()}"}],
    )
    return reply.content[0].text
"""


class WholeResultInHistory(Rule):
    """A tool hands back a whole file, page or output, and every later round sends it again.

    ## What it does
    Reports a result of a tool, or another message that stays in the conversation, into which a
    file, a web page or the output of a program goes with nothing that keeps it short. It is
    followed through the helpers, tables of handlers and callers between the two, and wherever one
    of them cuts it, asks for its size or takes a part (`[:n]`, `len(...)`, `st_size`, `limit=`,
    `truncate()`), it is quiet; so it is about files of a fixed path, about commands that print a
    line, about the JSON of an API, about what a conversation begins with (that is its subject),
    about notes that a model keeps for itself, and about notebooks, where whoever runs the cells
    has chosen the files.

    It is in preview: how long such results are, and whether a model that has to write a file anew
    could do with a part of it, is seldom in the code.

    ## Why it costs
    A result is paid for in each round that follows: 200,000 characters read in the third of 30
    rounds are some 50,000 tokens, sent 27 times. An agent of 2026 ran into 217,000 tokens of input
    on a budget of 100,000 that way; those that cap what a tool hands back cut at 4,000 to 16,000
    characters.

    ## Example
    An agent that reads files and runs commands.

    ## Use instead
    Cut what a tool hands back where it comes in, say in the text that it was cut, and let the tool
    take a range, so that the model can ask for more. Cutting it later changes earlier messages and
    costs the cache (SKF113).

    ## Fix safety
    Unsafe: the model sees no more than the first 20,000 characters. Say in the text that it was cut
    where that matters. Only what is surely a text is cut.

    ## References
    - 217,000 tokens on a budget of 100,000: https://github.com/cniska/acolyte/issues/229
    - Results cut at 16,000 characters: https://github.com/HKUDS/nanobot/pull/1336
    - Tool use, Anthropic documentation (2026-10-08):
      https://platform.claude.com/docs/en/agents-and-tools/tool-use/overview
    """

    id = "SKF306"
    name = "whole-result-in-history"
    summary = "A file, page or output goes into the conversation at any length"
    tier = Tier.PREVIEW
    examples: ClassVar[tuple[Example, ...]] = (
        Example("An agent that reads files and runs commands", bad=_AGENT, fixed=_AGENT_FIXED),
        Example("Cut, measured or taken in part; a prompt that is sent once", good=_GOOD),
    )

    def check(self, request: Request, context: Context) -> Iterator[Finding]:
        """The messages that stay, and what comes into them whole."""
        if not _kept(request) or request.site.span.path.endswith(NOTEBOOK):
            return
        for content in request.contents():
            block = request.blocks[content.block]
            whole = [i for i in content.intakes if i.kind in _WHAT and not i.short]
            if block.kind != "tool_result":
                whole = [each for each in whole if _each_round(request, each)]
            if whole and _stays(request, block):
                yield self._report(request, block, content, whole)

    def _report(
        self, request: Request, block: Block, content: Content, whole: list[Intake]
    ) -> Finding:
        kinds = list(dict.fromkeys(_WHAT[each.kind] for each in whole))
        what = kinds[0] if len(kinds) == 1 else f"{', '.join(kinds[:-1])} or {kinds[-1]}"
        into = "a result of a tool" if block.kind == "tool_result" else "a message that stays"
        related = [step for each in whole for step in each.trail]
        related.append(Step(Role.SINK, request.site.span, "sent again in each round from here"))
        fix, no_fix = None, None
        if content.is_text:
            fix = Fix(
                Applicability.UNSAFE,
                f"Send no more than its first {ROOM:,} characters",
                (CapText(content.span, ROOM),),
            )
        else:
            no_fix = "Cut it where it comes in; it isn't sure here that it is a text."
        return self.finding(
            request,
            content.span,
            f"{what[0].upper()}{what[1:]} goes into {into} here at any length, and every later "
            f"round pays for all of it again.",
            related=tuple(dict.fromkeys(related)),
            pair=next((p.label for p in request.pairs if p.inner), None),
            fix=fix,
            no_fix=no_fix,
            identity=(self.id, content.span),
        )


def _kept(request: Request) -> bool:
    """Whether the messages are sent again, and nothing takes results out of them."""
    talk = request.conversation
    if talk is None or "count_tokens" in request.site.method:
        return False
    if any(limit.how in ("context-management", "compaction") for limit in talk.bounded_by):
        return False
    return any(pair.kind in (PairKind.LOOP, PairKind.TURN) for pair in request.pairs)


def _each_round(request: Request, intake: Intake) -> bool:
    """Whether it comes in anew in each round: what a conversation begins with is its subject.

    Not in each attempt at one reply: there are a few of them, and what failed is mostly short.
    """
    kinds = [PairKind.LOOP]
    if request.repetition.kind is Repeats.TURNS:
        kinds.append(PairKind.TURN)
    loops = [
        pair.evidence[0].span
        for pair in request.pairs
        if pair.kind in kinds and pair.evidence and not pair.retry
    ]
    return any(loop.contains(step.span) for loop in loops for step in intake.trail)


def _stays(request: Request, block: Block) -> bool:
    """Whether a block is among the messages of later rounds, as it is."""
    talk = request.conversation
    if talk is None or talk.rewritten:
        return False
    return block.history or bool(block.stored) or (block.kind == "tool_result" and block.repeated)
