"""SKF113: messages of a cached conversation are changed after they were sent."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from skinflint.linter.findings import Finding, Severity
from skinflint.linter.request import Edited, Pair, PairKind, Request
from skinflint.linter.spans import Role, Step
from skinflint.linter.values import Confidence
from skinflint.rules._needs import a_breakpoint, a_second_call
from skinflint.rules._prefix import binding_model, over_messages
from skinflint.rules.base import Context, Example, Rule

_CLEARED = """\
import anthropic

from survey.texts import SURVEYOR
from survey.tools import TOOLS, run

client = anthropic.Anthropic()
KEEP = 4


def forget_old_results(messages: list) -> None:
    for message in messages[:-KEEP]:
        if isinstance(message["content"], list):
            for block in message["content"]:
                if block["type"] == "tool_result":
                    block["content"] = "[cleared]"  # <-


def survey(task: str) -> str:
    messages = [{"role": "user", "content": task}]
    for _ in range(40):
        forget_old_results(messages)
        reply = client.messages.create(
            model="claude-opus-5-5",
            max_tokens=2000,
            system=SURVEYOR,
            tools=TOOLS,
            messages=messages,
            cache_control={"type": "ephemeral"},
        )
        messages.append({"role": "assistant", "content": [b.model_dump() for b in reply.content]})
        if reply.stop_reason != "tool_use":
            break
        messages.append({"role": "user", "content": run(reply)})
    return reply.content[-1].text
"""

_SENT = """\
import anthropic

from survey.texts import SURVEYOR

client = anthropic.Anthropic()


def short(message: dict) -> dict:
    return {"role": message["role"], "content": message["content"][:200]}


class Interview:
    def __init__(self):
        self.said = []

    def answer(self, words: str) -> str:
        self.said.append({"role": "user", "content": words})
        view = [short(m) for m in self.said[:-6]] + self.said[-6:]  # <-
        reply = client.messages.create(
            model="claude-opus-5-5",
            max_tokens=800,
            system=SURVEYOR,
            messages=view,
            cache_control={"type": "ephemeral"},
        )
        text = reply.content[0].text
        self.said.append({"role": "assistant", "content": text})
        if len(self.said) > 200:
            del self.said[:-100]
        return text


def main():
    interview = Interview()
    while True:
        print(interview.answer(input("> ")))
"""

_GOOD = """\
import anthropic

from survey.texts import SURVEYOR
from survey.tools import TOOLS, run, tokens_of

client = anthropic.Anthropic()
MARK = {"type": "ephemeral"}


def forget_old_results(messages: list) -> None:
    if tokens_of(messages) < 120_000:
        return
    for message in messages[:-8]:
        if isinstance(message["content"], list):
            for block in message["content"]:
                if block["type"] == "tool_result":
                    block["content"] = "[cleared]"


def unmark(messages: list) -> None:
    for message in messages[:-1]:
        for block in message["content"]:
            if "cache_control" in block:
                del block["cache_control"]


def as_blocks(messages: list) -> None:
    for message in messages:
        if isinstance(message["content"], str):
            message["content"] = [{"type": "text", "text": message["content"]}]


def survey(task: str) -> str:
    messages = [{"role": "user", "content": task}]
    for _ in range(40):
        forget_old_results(messages)
        as_blocks(messages)
        unmark(messages)
        reply = client.messages.create(
            model="claude-opus-5-5",
            max_tokens=2000,
            system=SURVEYOR,
            tools=TOOLS,
            messages=messages,
            cache_control=MARK,
        )
        messages.append({"role": "assistant", "content": [b.model_dump() for b in reply.content]})
        if reply.stop_reason != "tool_use":
            break
        messages.append({"role": "user", "content": run(reply)})
    return reply.content[-1].text
"""


#: Reasons to come to a place again within one question.
_ROUNDS = ("loop", "recursion")


def _pair(request: Request, edit: Edited) -> Pair | None:
    """The two calls of one conversation between which a change is made."""
    inner = [pair for pair in request.pairs if pair.inner and pair.confidence > Confidence.LOW]
    kind = PairKind.LOOP if edit.where in _ROUNDS else PairKind.TURN
    return next((pair for pair in inner if pair.kind is kind), inner[0] if inner else None)


class RewritesEarlierTurns(Rule):
    """Messages of a cached conversation are changed once they are older.

    ## What it does
    Reports code that changes messages the call before has sent, in each round or turn of a
    conversation whose messages are cached: old tool results that are emptied, old turns that are
    shortened (in place or in the copy that is sent), a message put in front of all others. Changes
    that befall every message alike whenever it is sent, changes of the newest message, markers, and
    changes that wait for a budget of tokens or come in large steps are left alone. Dropping the
    oldest messages is reported by SKF301.

    ## Why it costs
    The cache is read from the front. Where one message becomes old in each round, everything behind
    it is new in each round, and so is each entry the rounds before have written: the conversation
    is written again at 1.25 times the price of input instead of read at a tenth. A framework's
    editing of old tool results cleared a kilobyte or two each time, and made 50,000 to 300,000
    tokens be written anew for it (reported on GitHub, 2026). Models that bind their thinking to
    what stands before it (Fable 5.1, 5.2) reject such a request.

    ## Example
    Each round empties the results that are older than four messages.

    ## Use instead
    Leave what was sent as it is, and shorten it before it is sent for the first time. If old
    results must go, let them go many at once when a budget is used up, or let `context_management`
    do it with a high `clear_at_least`.

    ## Fix safety
    There is no fix: what may go, and when, is for the program to say.

    ## References
    - Prompt caching (2026-10-08):
      https://platform.claude.com/docs/en/build-with-claude/prompt-caching
    - 50,000 to 300,000 tokens: https://github.com/langchain-ai/langchain/issues/37815
    - Thinking pruned in earlier turns: https://github.com/gptme/gptme/pull/2727
    """

    id = "SKF113"
    name = "rewrites-earlier-turns"
    summary = "Earlier messages of a cached conversation are changed in each round"
    needs = (a_breakpoint, a_second_call)
    supersedes = ("SKF203",)
    examples: ClassVar[tuple[Example, ...]] = (
        Example("Old tool results emptied in every round", bad=_CLEARED),
        Example("Old turns shortened in what is sent", bad=_SENT),
        Example("At a budget of tokens, markers, every message alike", good=_GOOD),
    )

    def check(self, request: Request, context: Context) -> Iterator[Finding]:
        """What changes the conversation, where some of it is cached."""
        talk = request.conversation
        if talk is None or not talk.edits:
            return
        point = over_messages(request)
        if point is None:
            return
        edit = min(talk.edits, key=lambda each: (each.where not in _ROUNDS, each.step.span))
        pair = _pair(request, edit)
        if pair is None:
            return
        what = (
            "An older message is changed here"
            if edit.how == "age"
            else "A message is put in front of all others here"
        )
        point_named = "automatic caching" if point.automatic else f"line {point.span.line}"
        sentences = [
            f"{what} {pair.label}, so what the breakpoint of {point_named} writes is never read by "
            f"the next call: the conversation is paid in full each time."
        ]
        refusing = binding_model(request, context)
        if refusing is not None:
            sentences.append(
                f"{refusing.id} binds its thinking to what stands before it: sent back behind "
                f"another beginning, it is rejected (400)."
            )
        label = "automatic caching ends here" if point.automatic else "the breakpoint it breaks"
        steps = [each.step for each in talk.edits if each.step != edit.step]
        yield self.finding(
            request,
            edit.step.span,
            " ".join(sentences),
            related=(
                edit.step,
                *dict.fromkeys(steps),
                Step(Role.SINK, request.site.span, "what is left is sent here"),
                Step(Role.BREAKPOINT, point.span, label),
            ),
            confidence=min(
                pair.confidence, Confidence.MEDIUM if point.optional else Confidence.HIGH
            ),
            severity=Severity.ERROR if refusing is not None else None,
            pair=pair.label,
            no_fix=(
                "What may be changed, and when, is for the program to say: change it before it is "
                "sent for the first time, or much of it at once when a budget is used up."
            ),
            identity=(self.id, edit.step.span),
        )
