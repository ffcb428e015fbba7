"""SKF602: the way to the answer is asked for where nobody reads it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import ClassVar, NamedTuple

from skinflint.catalog import tasks
from skinflint.linter.findings import Applicability, DropSentence, Finding, Fix, Tier
from skinflint.linter.request import Place, Request, Signal, parts_of
from skinflint.linter.spans import Role, Span, Step
from skinflint.linter.values import Confidence, Known, Mapping, alternatives
from skinflint.rules._models import first_party_ids
from skinflint.rules._tasks import CHOICES
from skinflint.rules.base import Context, Example, Rule

_NUMBER = """\
import anthropic

client = anthropic.Anthropic()


def score(essay: str) -> int:
    reply = client.messages.create(
        model="claude-haiku-4-5-20251001",
        max_tokens=400,
        system="Score the essay from 1 to 10. Explain your reasoning.",  # <-
        messages=[{"role": "user", "content": essay}],
    )
    return int(reply.content[0].text)
"""

_THINKS = '''\
import anthropic

client = anthropic.Anthropic()
RULES = """You check invoices for a shop.  # <-
Think step by step.
Say what is wrong, and nothing else."""


def check(invoice: str) -> str:
    reply = client.messages.create(
        model="claude-sonnet-4-6",
        max_tokens=6000,
        thinking={"type": "adaptive"},
        system=RULES,
        messages=[{"role": "user", "content": invoice}],
    )
    return reply.content[-1].text
'''

_GOOD = """\
import anthropic

client = anthropic.Anthropic()


def solve(task: str) -> str:
    reply = client.messages.create(
        model="claude-haiku-4-5-20251001",
        max_tokens=2000,
        system="Think step by step. Explain your reasoning to the pupil.",
        messages=[{"role": "user", "content": task}],
    )
    return reply.content[0].text


def verdict(task: str) -> bool:
    reply = client.messages.create(
        model="claude-haiku-4-5-20251001",
        max_tokens=2000,
        system="Think step by step, then end with a line that says PASS or FAIL.",
        messages=[{"role": "user", "content": task}],
    )
    return "PASS" in reply.content[0].text


def teach(task: str) -> str:
    reply = client.messages.create(
        model="claude-sonnet-5-5",
        max_tokens=2000,
        output_config={"effort": "low"},
        system="You teach. Explain why the answer is right.",
        messages=[{"role": "user", "content": task}],
    )
    return reply.content[-1].text
"""

#: A sentence that says little more than the phrase may go; this many letters more.
_MORE = 14
_ENDS = re.compile(r"[.!?:](?=\s|$)|\n")


class _Asked(NamedTuple):
    kind: str
    phrase: str
    literal: Span
    sentence: str  # with what follows it; "" where it says more than the phrase


class NarrationAsked(Rule):
    """A prompt asks for the way to the answer where nobody reads it.

    ## What it does
    Looks for phrases that ask the model to think aloud or to explain itself (in several languages)
    in the texts of a request, and reports them where the model thinks before it answers anyway,
    because the request or the model's default says so, or where all of the reply is read as one
    number, or compared as a whole with a few labels. Explanations that somebody reads, and chains
    of thought in front of a line that is looked for, are left alone.

    ## Why it costs
    What is written down is output, at five times the price of input. A model that thinks says it
    twice; a score of one token becomes a page. Prompts written for an older model cost 36 % more on
    Claude Opus 5, and 14 % less than that once they were audited, in Anthropic's measurement.

    ## Example
    A score, read by `int()`, with the reasons asked for.

    ## Use instead
    Leave the sentence out. Where the answer gets worse, turn thinking on, or raise the effort.

    ## Fix safety
    Unsafe: the prompt changes. Only a sentence that says nothing else is taken out.

    ## References
    - Extended thinking, Anthropic documentation (2026-10-08):
      https://platform.claude.com/docs/en/build-with-claude/thinking
    - Optimizing for cost and intelligence (2026-09-02):
      https://platform.claude.com/docs/en/build-with-claude/optimizing-for-cost-and-intelligence
    """

    id = "SKF602"
    name = "narration-asked"
    summary = "A prompt asks for the way to the answer where nobody reads it"
    tier = Tier.PREVIEW
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            "Reasons beside a number",
            bad=_NUMBER,
            fixed=_NUMBER.replace(" Explain your reasoning.", "").replace("  # <-", ""),
        ),
        Example(
            "Thinking aloud beside thinking",
            bad=_THINKS,
            fixed=_THINKS.replace("Think step by step.\n", "").replace("  # <-", ""),
        ),
        Example("Explanations that are read, a line at the end", good=_GOOD),
    )

    def check(self, request: Request, context: Context) -> Iterator[Finding]:
        """One finding per literal that asks for it."""
        if "count_tokens" in request.site.method:
            return
        thinks = _thinks(request, context)
        read = next((s for s in request.task.signals if s.whole and not s.above), None)
        if request.task.use not in CHOICES or any(s.kind == "shown" for s in request.task.signals):
            read = None
        if not thinks and read is None:
            return
        for asked in dict.fromkeys(_asked(request)):
            if read is not None or (thinks and asked.kind == "thinks"):
                yield self._finding(request, asked, read, thinks)

    def _finding(
        self, request: Request, asked: _Asked, read: Signal | None, thinks: str
    ) -> Finding:
        why = thinks if read is None else read.says
        fix = Fix(
            Applicability.UNSAFE,
            f"Leave out {asked.sentence.strip()!r}",
            (DropSentence(asked.literal, asked.sentence),),
        )
        steps = [Step(Role.STEP, read.span, read.says)] if read is not None else []
        return self.finding(
            request,
            asked.literal,
            f"The prompt says {asked.phrase!r}, and {why}: what is written down on the way is "
            f"output that nobody reads.",
            related=(
                Step(Role.SOURCE, asked.literal, f"says {asked.phrase!r}"),
                *steps,
                Step(Role.SINK, request.site.span, f"sent by {request.site.method}"),
            ),
            confidence=Confidence.MEDIUM,
            fix=fix if asked.sentence else None,
            no_fix=None if asked.sentence else "The sentence says more; word it anew.",
            identity=(self.id, asked.literal),
        )


def _asked(request: Request) -> Iterator[_Asked]:
    facts = tasks.load()
    for block in request.blocks:
        if block.place is Place.TOOLS or block.role == "assistant" or block.history:
            continue
        for leaf, _ in parts_of(block.value):
            if not isinstance(leaf, Known) or not isinstance(leaf.value, str):
                continue
            told = facts.narrates(leaf.value)
            if told is not None:
                kind, at, phrase = told
                yield _Asked(kind, phrase, leaf.span, _sentence(leaf.value, at, phrase))


def _sentence(text: str, at: int, phrase: str) -> str:
    """The sentence around a phrase with the space that goes with it, "" where it says more."""
    before = [found.end() for found in _ENDS.finditer(text, 0, at)]
    start = before[-1] if before else 0
    after = _ENDS.search(text, at + len(phrase))
    end = after.end() if after else len(text)
    if len(text[start:end].strip()) > len(phrase) + _MORE:
        return ""
    if after is not None and after.group() != "\n" and text[end : end + 1] == "\n":
        end += 1  # it has a line of its own
        if not start or text[start - 1] == "\n":
            return text[start:end]
        end -= 1
    return text[start:end]


def _thinks(request: Request, context: Context) -> str:
    """Why the model thinks before it answers, "" where it may not."""
    thinking = request.params.get("thinking")
    if thinking is not None:
        kinds = [
            each.get("type") if isinstance(each, Mapping) else None
            for each in alternatives(thinking)
        ]
        on = all(isinstance(k, Known) and k.value in ("enabled", "adaptive") for k in kinds)
        return "thinking is on" if on else ""
    if request.unseen:
        return ""
    found = list(first_party_ids(request, context))
    if not found or len(found) < len({ref.span for ref in request.models}):
        return ""
    if all(resolution.model is not None and resolution.model.thinks for _, resolution in found):
        return f"{found[0][0].id} thinks before it answers"
    return ""
