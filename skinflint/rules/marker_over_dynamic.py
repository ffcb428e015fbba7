"""SKF202: a marked block whose text goes on with something that changes."""

from __future__ import annotations

from typing import ClassVar

from skinflint.linter.request import PairKind, Request
from skinflint.linter.values import Confidence, Source
from skinflint.rules._prefix import Culprit, PrefixRule, reread
from skinflint.rules.base import Context, Example

_QUESTION = """\
import anthropic

from translator.style import STYLE_GUIDE

client = anthropic.Anthropic()
MARK = {"type": "ephemeral"}


def translate() -> None:
    while True:
        sentence = input("German: ")
        if not sentence:
            break
        reply = client.messages.create(
            model="claude-haiku-5-5",
            max_tokens=400,
            system=[
                {
                    "type": "text",
                    "text": STYLE_GUIDE + "\\n\\nTranslate this: " + sentence,  # <-
                    "cache_control": MARK,
                }
            ],
            messages=[{"role": "user", "content": "Translate."}],
        )
        print(reply.content[0].text)
"""

_QUESTION_FIXED = """\
import anthropic

from translator.style import STYLE_GUIDE

client = anthropic.Anthropic()
MARK = {"type": "ephemeral"}


def translate() -> None:
    while True:
        sentence = input("German: ")
        if not sentence:
            break
        reply = client.messages.create(
            model="claude-haiku-5-5",
            max_tokens=400,
            system=[
                {
                    "type": "text",
                    "text": STYLE_GUIDE + "\\n\\n",
                    "cache_control": MARK,
                },
                {"type": "text", "text": "Translate this: " + sentence}
            ],
            messages=[{"role": "user", "content": "Translate."}],
        )
        print(reply.content[0].text)
"""


_GOOD = """\
import anthropic

from library.index import vector_store
from library.texts import LIBRARIAN

client = anthropic.Anthropic()


def ask(question: str) -> str:
    passages = vector_store.similarity_search(question, k=6)
    context = "\\n\\n".join(p.page_content for p in passages)
    reply = client.messages.create(
        model="claude-sonnet-5-5",
        max_tokens=900,
        system=[{"type": "text", "text": LIBRARIAN, "cache_control": {"type": "ephemeral"}}],
        messages=[{"role": "user", "content": f"{context}\\n\\n{question}"}],
    )
    return reply.content[0].text


def converse() -> None:
    messages = []
    while True:
        messages.append({"role": "user", "content": input("? ")})
        reply = client.messages.create(
            model="claude-sonnet-5-5",
            max_tokens=900,
            system=LIBRARIAN,
            messages=messages,
            cache_control={"type": "ephemeral"},
        )
        messages.append({"role": "assistant", "content": reply.content})
        if len(messages) > 80:
            del messages[:-40]
        print(reply.content[0].text)
"""


class MarkerOverDynamic(PrefixRule):
    """A marked block holds unchanging text and, behind it, something that changes.

    ## What it does
    Reports a breakpoint that can't be read because the text it covers goes on with what the user
    just asked, with passages found for that question, with a reply or with state that the program
    changes as it runs. More exact rules (clocks, random values, one user's text, order) take
    precedence. A marker on the newest turn of a growing conversation is right and stays silent.

    Where the rounds of a loop read the marker all the same, it keeps quiet about what differs from
    one question to the next. Where the marked place is handed its text as a whole and the length
    of the unchanging part can't be counted, it is told with `--preview`.

    ## Why it costs
    A marker covers everything up to its block's end. If the end changes, the unchanging head in
    front of it is written again each time, at 1.25 times the input price, and never read. A
    reviewed extraction tool paid that surcharge on all of five calls and read nothing; a summariser
    went from 118 to 3,278 readable characters by splitting its prompt (both reported on GitHub,
    2026).

    ## Example
    The instructions are always the same; the passages follow the question.

    ## Use instead
    Mark a block that ends where the unchanging text ends, and put the rest behind it or, better,
    in the newest user turn.

    ## Fix safety
    Unsafe: the model gets the same text in two blocks or, where the conversation is cached as well,
    at another place.

    ## References
    - Prompt caching, Anthropic documentation (2026-10-08):
      https://platform.claude.com/docs/en/build-with-claude/prompt-caching
    - The extraction tool: https://github.com/matt-house-e/accrue/pull/115
    - The summariser: https://github.com/PostHog/posthog/pull/89896
    """

    id = "SKF202"
    name = "marker-over-dynamic"
    summary = "A marked block goes on with text that changes, so its unchanging head is never read"
    supersedes = ("SKF203",)
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            "The sentence to work on in the marked system prompt",
            bad=_QUESTION,
            fixed=_QUESTION_FIXED,
        ),
        Example("Passages in the turn; a growing conversation under automatic caching", good=_GOOD),
    )

    def counts(self, request: Request, context: Context, culprit: Culprit) -> bool:
        """Whether it is sure, or of use: something would be cached that nothing reads now."""
        if culprit.worst.pair.kind is not PairKind.LOOP and reread(request, culprit.worst):
            return False
        if culprit.confidence is Confidence.HIGH:
            return True
        if all(key.source is Source.EVENT for key in culprit.keys):
            return False  # state that may be set up once
        return not self.too_short(request, context, culprit)
