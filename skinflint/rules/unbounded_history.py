"""SKF303: a conversation that nothing keeps from growing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from skinflint.linter.findings import Finding
from skinflint.linter.request import Conversation, Growth, Home, Repeats, Request, State
from skinflint.linter.spans import Role, Step
from skinflint.linter.values import Confidence
from skinflint.rules.base import Context, Example, Rule

_CHAT = """\
import anthropic
from fastapi import FastAPI

from kiosk.texts import GUIDE

app = FastAPI()
client = anthropic.Anthropic()


class Kiosk:
    def __init__(self):
        self.messages = []

    def answer(self, question: str) -> str:
        self.messages.append({"role": "user", "content": question})  # <-
        reply = client.messages.create(
            model="claude-sonnet-5-5",
            max_tokens=800,
            system=GUIDE,
            cache_control={"type": "ephemeral"},
            messages=self.messages,
        )
        text = reply.content[0].text
        self.messages.append({"role": "assistant", "content": text})
        return text


kiosk = Kiosk()


@app.post("/ask")
def ask(question: str) -> str:
    return kiosk.answer(question)
"""

_GLOBAL = """\
import anthropic
from fastapi import FastAPI

app = FastAPI()
client = anthropic.AsyncAnthropic()
talks: dict[str, list] = {}


@app.post("/talk/{visitor}")
async def talk(visitor: str, words: str) -> str:
    history = talks.setdefault(visitor, [])
    history.append({"role": "user", "content": words})  # <-
    reply = await client.messages.create(
        model="claude-haiku-5-5",
        max_tokens=500,
        messages=history,
    )
    history.append({"role": "assistant", "content": reply.content[0].text})
    return reply.content[0].text
"""

_GOOD = """\
import anthropic

from kiosk.texts import GUIDE

client = anthropic.Anthropic()


class Kiosk:
    def __init__(self, keep: int = 40):
        self.messages = []
        self.keep = keep

    def add(self, role: str, text: str) -> None:
        self.messages.append({"role": role, "content": text})
        if len(self.messages) > 2 * self.keep:
            del self.messages[: -self.keep]

    def answer(self, question: str) -> str:
        self.add("user", question)
        reply = client.messages.create(
            model="claude-sonnet-5-5",
            max_tokens=800,
            system=GUIDE,
            cache_control={"type": "ephemeral"},
            messages=self.messages,
        )
        self.add("assistant", reply.content[0].text)
        return reply.content[0].text


class LongTalk:
    def __init__(self):
        self.messages = []

    def answer(self, question: str) -> str:
        self.messages.append({"role": "user", "content": question})
        reply = client.beta.messages.create(
            model="claude-sonnet-5-5",
            max_tokens=800,
            cache_control={"type": "ephemeral"},
            messages=self.messages,
            betas=["compact-2026-01-12"],
            context_management={"edits": [{"type": "compact_20260112"}]},
        )
        self.messages.append({"role": "assistant", "content": reply.content})
        return reply.content[-1].text


def one_by_one(questions: list[str]) -> list[str]:
    answers = []
    for question in questions:
        messages = [{"role": "user", "content": question}]
        reply = client.messages.create(
            model="claude-sonnet-5-5", max_tokens=800, system=GUIDE, messages=messages
        )
        answers.append(reply.content[0].text)
    return answers


def main() -> None:
    kiosk, talk = Kiosk(), LongTalk()
    while True:
        question = input("You: ")
        print(kiosk.answer(question), talk.answer(question))
"""


class UnboundedHistory(Rule):
    """A conversation grows with every turn, and nothing ever makes it shorter.

    ## What it does
    Reports a list of messages that outlives one question (an attribute, a global, a session store,
    rows of a database to which the same program adds each turn, a list next to a loop in which
    somebody answers), that is sent whole, and that nothing bounds. Bounds of every kind keep it
    silent: slices, `deque(maxlen=...)`, deletions, a trim in a helper, in the caller or in the
    class, a fresh list per question, a buffer that is emptied as it is sent, a limit in a query,
    conditions by time or by a flag, a reset after some silence, rows that are deleted when they are
    old, a summary that takes its place, a length at which the request is refused, a number of
    turns, a draft that somebody accepts, a reply that ends an interview, a row that is said to be
    completed then, a function that ends a talk and forgets it, a job that empties it by the clock,
    older screenshots that are taken out, `context_management`, compaction, threads of the server, a
    session that is a cookie (Flask's, where nothing keeps it on the server). A command that clears
    it by hand is no bound; of a talk that is typed on a terminal and cached, or of one that a
    command puts a summary in the place of, it is told with `--preview` only, and so is a talk to
    which nothing is added but what somebody types, there or on a page that keeps it in its session,
    and the replies: it seldom gets long. Loops that send results of tools back within one question
    are SKF801's.

    Rows of a database are told with `--preview`: how many come together in a talk, and what becomes
    of them in the end, is seldom to be seen in the code.

    What comes back with one question after the other must be here to see: a loop in which somebody
    answers, the handler of a web application, a bot, a page or a window, or a list of the module.
    Where only a method is seen that adds to the list of its object, or a list that is handed in,
    whoever calls it may ask three questions, or make a new object for each: such a class is
    reported with `--preview` only, and if its names speak of a conversation.

    ## Why it costs
    Each turn sends all earlier ones again: a conversation of 40 turns sends its first turn 40
    times, and its cost grows with the square of its length. Caching takes 90 % off that, and not
    what makes it grow: one compaction of an agent's cached loop took another 38 % off its cost
    (measured by Anthropic, 2026). In the end the context is full and the request is rejected.

    ## Example
    A chat that keeps all that was ever said.

    ## Use instead
    Cut the list in large steps where it grows (at twice its size, back to it): a window that slides
    by one message per turn costs the cache (SKF301). Or let the server do it: `context_management`
    with a compaction or a clearing of tool results, on the beta surface.

    ## Fix safety
    There is no fix: what may be forgotten is for you to say.

    ## References
    - Context editing and compaction (2026-08-22):
      https://platform.claude.com/docs/en/build-with-claude/context-editing
    - What turn 40 costs, and the compaction (2026-09-02):
      https://platform.claude.com/docs/en/about-claude/models/optimizing-for-cost-and-intelligence
    """

    id = "SKF303"
    name = "unbounded-history"
    summary = "A conversation that nothing keeps from growing"
    examples: ClassVar[tuple[Example, ...]] = (
        Example("A chat that keeps all that was ever said", bad=_CHAT),
        Example("A store of conversations by visitor", bad=_GLOBAL),
        Example("Cut in large steps, compacted by the server, made anew", good=_GOOD),
    )

    def check(self, request: Request, context: Context) -> Iterator[Finding]:
        """The conversation of the request, where it outlives a question and is never cut."""
        conversation = request.conversation
        if conversation is None or conversation.bounded or not conversation.certain:
            return
        if any(edit.how == "age" for edit in conversation.edits):
            return  # what is old is made shorter, by how much can't be told
        if "count_tokens" in request.site.method:
            return  # it measures the list, and costs nothing
        if request.repetition.kind is Repeats.ONCE:
            return
        if not context.preview:
            if _is_looked_after(request, conversation) or _is_only_typed(request, conversation):
                return
        # readers found most of those that lie in rows to end in ways that code doesn't tell
        sure = conversation.served and conversation.home is not Home.DATABASE
        if conversation.lasting and (sure or context.preview):
            yield self._report(request, conversation, conversation.lasting[0])

    def _report(self, request: Request, conversation: Conversation, first: Growth) -> Finding:
        born = conversation.born
        related = [Step(Role.SOURCE, born, "it is begun here")] if born is not None else []
        related += [growth.step for growth in conversation.grown_by]
        related.append(Step(Role.SINK, request.site.span, "it is sent whole here"))
        return self.finding(
            request,
            first.span,
            f"Nothing makes this conversation shorter ({_HOMES[conversation.home]}): each turn "
            f"sends all earlier ones again, so its cost grows with the square of its length.",
            related=tuple(dict.fromkeys(related)),
            confidence=self._confidence(request, first),
            no_fix=self._advice(request),
            identity=(self.id, born or first.span),
        )

    @staticmethod
    def _confidence(request: Request, growth: Growth) -> Confidence:
        """Less sure where the callers, who might make a new object per question, aren't here."""
        seen = growth.where != "method" or request.repetition.kind in (
            Repeats.TURNS,
            Repeats.REQUEST,
            Repeats.SCHEDULED,
        )
        return Confidence.HIGH if seen else Confidence.MEDIUM

    @staticmethod
    def _advice(request: Request) -> str:
        trim = "Cut it where it grows, in large steps"
        if not (request.site.platform.first_party and request.site.by_sdk):
            return f"{trim}; what may be forgotten is for you to say."
        return (
            f"{trim}, or hand `context_management` to `client.beta.messages`; what may be "
            f"forgotten is for you to say."
        )


def _is_looked_after(request: Request, conversation: Conversation) -> bool:
    """Whether somebody may have it made shorter, or types all of it and may begin it anew.

    The latter only where what is sent again is cached.
    """
    if conversation.condensed:
        return True
    return (
        conversation.by_hand
        and bool(request.breakpoints)
        and request.repetition.kind is Repeats.TURNS
    )


def _is_only_typed(request: Request, conversation: Conversation) -> bool:
    """Whether nothing but what one person types and reads, on a terminal or page, makes it longer.

    Results of tools may be sent in a copy of it, and left out of what is kept.
    """
    served = any(pair.of_an_entry for pair in request.pairs)
    if not served and all(g.said and g.where == "turns" for g in conversation.lasting):
        return True
    typed = request.repetition.kind is Repeats.TURNS or conversation.home is Home.SESSION
    return typed and request.tools.is_any(State.ABSENT)


_HOMES = {
    Home.LOCAL: "a list next to the loop",
    Home.ATTRIBUTE: "an attribute that lives as long as its object",
    Home.GLOBAL: "a global that lives as long as the process",
    Home.SESSION: "kept in the session",
    Home.DATABASE: "read whole from the database",
    Home.PARAMETER: "handed in",
}
