"""SKF105: what was found for the question stands in the system prompt."""

from __future__ import annotations

from typing import ClassVar

from skinflint.linter.findings import Op, RemoveMarker
from skinflint.linter.request import Break, Request
from skinflint.rules._prefix import Culprit, PrefixRule, named, only_written
from skinflint.rules.base import Context, Example

_RAG = """\
import anthropic

from library.index import vector_store
from library.texts import LIBRARIAN

client = anthropic.Anthropic()


class Librarian:
    def __init__(self):
        self.history = []

    def ask(self, question: str) -> str:
        passages = vector_store.similarity_search(question, k=6)
        context = "\\n\\n".join(p.page_content for p in passages)
        self.history.append({"role": "user", "content": question})
        reply = client.messages.create(
            model="claude-sonnet-5-5",
            max_tokens=900,
            system=[
                {
                    "type": "text",
                    "text": f"{LIBRARIAN}\\n\\nPassages:\\n{context}",  # <-
                    "cache_control": {"type": "ephemeral"},
                }
            ],
            messages=self.history,
        )
        self.history.append({"role": "assistant", "content": reply.content})
        if len(self.history) > 80:
            del self.history[:-40]
        return reply.content[0].text


def main():
    librarian = Librarian()
    while True:
        print(librarian.ask(input("? ")))
"""

_RAG_FIXED = """\
import anthropic

from library.index import vector_store
from library.texts import LIBRARIAN

client = anthropic.Anthropic()


class Librarian:
    def __init__(self):
        self.history = []

    def ask(self, question: str) -> str:
        passages = vector_store.similarity_search(question, k=6)
        context = "\\n\\n".join(p.page_content for p in passages)
        self.history.append({"role": "user", "content": question})
        reply = client.messages.create(
            model="claude-sonnet-5-5",
            max_tokens=900,
            system=[
                {
                    "type": "text",
                    "text": f"{LIBRARIAN}\\n\\n",
                    "cache_control": {"type": "ephemeral"},
                },
                {"type": "text", "text": f"Passages:\\n{context}"}
            ],
            messages=self.history,
        )
        self.history.append({"role": "assistant", "content": reply.content})
        if len(self.history) > 80:
            del self.history[:-40]
        return reply.content[0].text


def main():
    librarian = Librarian()
    while True:
        print(librarian.ask(input("? ")))
"""


_MEMORY = """\
import anthropic
from mem0 import Memory

from companion.texts import COMPANION

client = anthropic.Anthropic()
memory = Memory()


class Companion:
    def __init__(self):
        self.said = []

    def answer(self, words: str) -> str:
        found = memory.search(words, user_id="owner", limit=5)
        notes = "\\n".join(entry["memory"] for entry in found["results"])
        self.said.append({"role": "user", "content": words})
        reply = client.messages.create(
            model="claude-opus-5-5",
            max_tokens=1200,
            system=f"{COMPANION}\\n\\n<known>\\n{notes}\\n</known>",  # <-
            messages=self.said,
            cache_control={"type": "ephemeral"},
        )
        self.said.append({"role": "assistant", "content": reply.content})
        if len(self.said) > 120:
            del self.said[:-60]
        return reply.content[0].text


def main():
    companion = Companion()
    while True:
        print(companion.answer(input("You: ")))
"""

_MEMORY_FIXED = """\
import anthropic
from mem0 import Memory

from companion.texts import COMPANION

client = anthropic.Anthropic()
memory = Memory()


class Companion:
    def __init__(self):
        self.said = []

    def answer(self, words: str) -> str:
        found = memory.search(words, user_id="owner", limit=5)
        notes = "\\n".join(entry["memory"] for entry in found["results"])
        self.said.append({"role": "user", "content": words + f"\\n\\n<known>\\n{notes}\\n</known>"})
        reply = client.messages.create(
            model="claude-opus-5-5",
            max_tokens=1200,
            system=f"{COMPANION}",
            messages=self.said,
            cache_control={"type": "ephemeral"},
        )
        self.said.append({"role": "assistant", "content": reply.content})
        if len(self.said) > 120:
            del self.said[:-60]
        return reply.content[0].text


def main():
    companion = Companion()
    while True:
        print(companion.answer(input("You: ")))
"""


_SECOND = """\
import anthropic

from library.index import vector_store
from library.texts import LIBRARIAN

client = anthropic.Anthropic()
MARK = {"type": "ephemeral"}


def main() -> None:
    messages = []
    while True:
        question = input("? ")
        excerpts = str(vector_store.similarity_search(question, k=6))
        messages.append({"role": "user", "content": question})
        reply = client.messages.create(
            model="claude-sonnet-5-5",
            max_tokens=900,
            system=[
                {"type": "text", "text": LIBRARIAN, "cache_control": MARK},
                {"type": "text", "text": excerpts, "cache_control": MARK},  # <-
            ],
            messages=messages,
        )
        messages.append({"role": "assistant", "content": reply.content})
        if len(messages) > 80:
            del messages[:-40]
        print(reply.content[0].text)
"""

_SECOND_FIXED = """\
import anthropic

from library.index import vector_store
from library.texts import LIBRARIAN

client = anthropic.Anthropic()
MARK = {"type": "ephemeral"}


def main() -> None:
    messages = []
    while True:
        question = input("? ")
        excerpts = str(vector_store.similarity_search(question, k=6))
        messages.append({"role": "user", "content": question})
        reply = client.messages.create(
            model="claude-sonnet-5-5",
            max_tokens=900,
            system=[
                {"type": "text", "text": LIBRARIAN, "cache_control": MARK},
                {"type": "text", "text": excerpts},
            ],
            messages=messages,
        )
        messages.append({"role": "assistant", "content": reply.content})
        if len(messages) > 80:
            del messages[:-40]
        print(reply.content[0].text)
"""


_GOOD = """\
import anthropic

from library.index import vector_store
from library.texts import LIBRARIAN
from library.tools import TOOLS, run

client = anthropic.Anthropic()
MARK = {"type": "ephemeral"}


def ask(question: str) -> str:
    passages = vector_store.similarity_search(question, k=6)
    context = "\\n\\n".join(p.page_content for p in passages)
    reply = client.messages.create(
        model="claude-sonnet-5-5",
        max_tokens=900,
        system=[
            {"type": "text", "text": LIBRARIAN, "cache_control": MARK},
            {"type": "text", "text": f"Passages:\\n{context}"},
        ],
        messages=[{"role": "user", "content": question}],
    )
    return reply.content[0].text


def once(question: str) -> str:
    context = vector_store.similarity_search(question, k=6)
    reply = client.messages.create(
        model="claude-sonnet-5-5",
        max_tokens=900,
        system=f"{LIBRARIAN}\\n\\nPassages:\\n{context}",
        messages=[{"role": "user", "content": question}],
    )
    return reply.content[0].text


class Research:
    def work(self, task: str) -> str:
        context = vector_store.similarity_search(task, k=3)
        messages = [{"role": "user", "content": f"{context}\\n\\n{task}"}]
        for _ in range(12):
            reply = client.messages.create(
                model="claude-sonnet-5-5",
                max_tokens=900,
                system=LIBRARIAN,
                tools=TOOLS,
                messages=messages,
                cache_control=MARK,
            )
            messages.append({"role": "assistant", "content": reply.content})
            if reply.stop_reason != "tool_use":
                break
            messages.append({"role": "user", "content": run(reply)})
        return reply.content[-1].text
"""


class RetrievalInSystem(PrefixRule):
    """Passages or memories found for the question stand in the cached system prompt.

    ## What it does
    Follows the results of searches (vector stores, memories, retrievers; a plain `search` or
    `query` only where it is asked with the words of the user) into the system prompt of a request
    that asks for caching, and reports them where a breakpoint behind them can't be read for that
    reason. A search that is made once and then serves all rounds of a tool loop is equal there; it
    is reported for the questions that follow each other. Results in the newest user turn or behind
    the last breakpoint, and requests without any breakpoint, are left alone.

    ## Why it costs
    The system prompt stands in front of the whole conversation. If a part of it is looked up for
    each question, nothing behind it is ever read: the conversation so far is paid in full in each
    turn, and at 1.25 times the price where it is cached. An agent that moved its working memory out
    of the system prompt went from 7 % to 84 % of its input read from the cache, at 59 % less cost
    (published by its makers, 2026).

    ## Example
    The instructions are always the same; the passages follow the question.

    ## Use instead
    Put what was found into the newest user turn, and store it there with the turn. Where no
    conversation is cached, a block of its own behind the last breakpoint does as well; where only
    some questions need it, a tool that searches.

    ## Fix safety
    Unsafe: the model reads the passages at another place. Where the conversation is cached they
    move behind the newest user turn, with the heading or the tag around them; where it isn't, the
    block is split in front of them and the text stays as it was. A marker that stands on nothing
    but what was found, behind another marker, is taken away.

    ## References
    - Prompt caching (2026-10-08):
      https://platform.claude.com/docs/en/build-with-claude/prompt-caching
    - From 7 % to 84 %: https://projectdiscovery.io/blog/how-we-cut-llm-cost-with-prompt-caching
    - The shape in many examples: https://github.com/mem0ai/mem0/issues/4341
    """

    id = "SKF105"
    name = "retrieval-in-system"
    summary = "What is searched for each question stands in front of a cached conversation"
    supersedes = ("SKF104", "SKF107", "SKF202", "SKF203")
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            "Passages found for the question in the marked system prompt",
            bad=_RAG,
            fixed=_RAG_FIXED,
        ),
        Example(
            "Memories in front of a cached conversation",
            bad=_MEMORY,
            fixed=_MEMORY_FIXED,
        ),
        Example("A second marker, on the excerpts", bad=_SECOND, fixed=_SECOND_FIXED),
        Example("In the turn, behind the marker, without one", good=_GOOD),
    )

    def subject(self, culprit: Culprit) -> str:
        """Speaks of what is found."""
        return f"What {named(culprit.keys)} finds differs"

    def loss(self, request: Request, brk: Break) -> str:
        """A marker that covers nothing else only costs its surcharge."""
        if only_written(request, brk):
            return "what was found is written at a surcharge"
        return super().loss(request, brk)

    def mend(
        self, request: Request, context: Context, culprit: Culprit
    ) -> tuple[tuple[Op, ...] | None, str | None]:
        """Such a marker goes; else the text does."""
        if all(only_written(request, brk) for brk in culprit.breaks):
            return (RemoveMarker(culprit.breakpoint.span),), None
        return super().mend(request, context, culprit)

    def fix_title(self, ops: tuple[Op, ...]) -> str:
        """What the fix does, in a few words."""
        if isinstance(ops[0], RemoveMarker):
            return "Take away the marker that is only ever written"
        return super().fix_title(ops)
