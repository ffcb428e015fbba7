"""SKF301: a conversation whose oldest messages are dropped at each call."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from skinflint.linter.findings import (
    Applicability,
    Finding,
    Fix,
    Severity,
    TrimInSteps,
)
from skinflint.linter.request import Breakpoint, Conversation, PairKind, Request
from skinflint.linter.spans import Role, Step
from skinflint.linter.values import Confidence
from skinflint.rules._caching import head_of
from skinflint.rules._prefix import binding_model, over_messages
from skinflint.rules.base import Context, Example, Rule

_CHAT = """\
import anthropic

from tower.texts import HANDBOOK

client = anthropic.Anthropic()
WINDOW = 30


class Tower:
    def __init__(self):
        self.said = []

    def answer(self, call: str) -> str:
        self.said.append({"role": "user", "content": call})
        self.said = self.said[-WINDOW:]  # <-
        reply = client.messages.create(
            model="claude-sonnet-5-5",
            max_tokens=600,
            system=HANDBOOK,
            cache_control={"type": "ephemeral"},
            messages=self.said,
        )
        self.said.append({"role": "assistant", "content": reply.content[0].text})
        return reply.content[0].text


def main() -> None:
    tower = Tower()
    while True:
        print(tower.answer(input("Tower: ")))
"""

_CHAT_FIXED = """\
import anthropic

from tower.texts import HANDBOOK

client = anthropic.Anthropic()
WINDOW = 30


class Tower:
    def __init__(self):
        self.said = []

    def answer(self, call: str) -> str:
        self.said.append({"role": "user", "content": call})
        if len(self.said) > 2 * WINDOW:
            self.said = self.said[-WINDOW:]
        reply = client.messages.create(
            model="claude-sonnet-5-5",
            max_tokens=600,
            system=HANDBOOK,
            cache_control={"type": "ephemeral"},
            messages=self.said,
        )
        self.said.append({"role": "assistant", "content": reply.content[0].text})
        return reply.content[0].text


def main() -> None:
    tower = Tower()
    while True:
        print(tower.answer(input("Tower: ")))
"""

_SENT = """\
import anthropic
from slack_bolt import App

from desk.texts import DESK

app = App()
client = anthropic.Anthropic()
threads: dict[str, list] = {}


@app.event("message")
def on_message(event, say):
    history = threads.setdefault(event["channel"], [])
    history.append({"role": "user", "content": event["text"]})
    reply = client.messages.create(
        model="claude-haiku-5-5",
        max_tokens=700,
        system=DESK,
        cache_control={"type": "ephemeral"},
        messages=history[-24:],  # <-
    )
    text = reply.content[0].text
    history.append({"role": "assistant", "content": text})
    say(text)
"""

_SENT_FIXED = """\
import anthropic
from slack_bolt import App

from desk.texts import DESK

app = App()
client = anthropic.Anthropic()
threads: dict[str, list] = {}


@app.event("message")
def on_message(event, say):
    history = threads.setdefault(event["channel"], [])
    history.append({"role": "user", "content": event["text"]})
    reply = client.messages.create(
        model="claude-haiku-5-5",
        max_tokens=700,
        system=DESK,
        cache_control={"type": "ephemeral"},
        messages=history[max(len(history) // 24 - 1, 0) * 24 :],
    )
    text = reply.content[0].text
    history.append({"role": "assistant", "content": text})
    say(text)
"""

_GOOD = """\
import anthropic

from tower.texts import HANDBOOK

client = anthropic.Anthropic()
MARK = {"type": "ephemeral"}


class Tower:
    def __init__(self):
        self.said = []
        self.notes = []

    def answer(self, call: str) -> str:
        self.said.append({"role": "user", "content": call})
        if len(self.said) > 60:
            del self.said[:-30]
        reply = client.messages.create(
            model="claude-sonnet-5-5",
            max_tokens=600,
            cache_control=MARK,
            system=HANDBOOK,
            messages=self.said,
        )
        self.said.append({"role": "assistant", "content": reply.content[0].text})
        return reply.content[0].text

    def note(self, call: str) -> str:
        self.notes.append({"role": "user", "content": call})
        reply = client.messages.create(
            model="claude-sonnet-5-5",
            max_tokens=600,
            system=[{"type": "text", "text": HANDBOOK, "cache_control": MARK}],
            messages=self.notes[-11:],
        )
        self.notes.append({"role": "assistant", "content": reply.content[0].text})
        return reply.content[0].text


def main() -> None:
    tower = Tower()
    while True:
        call = input("Tower: ")
        print(tower.answer(call), tower.note(call))
"""


class SlidingWindow(Rule):
    """A conversation is cached, and its oldest messages are dropped at each call.

    ## What it does
    Reports a window of the newest messages (`history[-20:]`, `deque(maxlen=20)`, `pop(0)` until it
    fits) in a request whose messages are cached, by a marker on one of them or by automatic
    caching. Where no message is cached, a window costs nothing extra and is left alone; so is one
    that is cut in large steps. Where a turn is sent in another form than it is kept in (with what
    was looked up for it), no later turn reads what it writes, whatever is dropped: that is told
    with `--preview`.

    ## Why it costs
    The cache is read from the front. Once the window is full, each turn begins with another message
    than the one before, so everything behind the system prompt is written again at 1.25 times the
    price of input instead of read at a tenth: 12.5 times what it could cost, for as long as the
    conversation lasts. Models that bind their thinking to what stands before it (Fable 5.1, 5.2)
    reject such a request when their replies are sent back with it.

    ## Example
    The newest thirty messages.

    ## Use instead
    Let the window grow to twice its size and cut it to it in one go: the front then stays for a
    whole window of messages, and one turn in so many pays for the cut.

    ## Fix safety
    Unsafe: the model sees up to twice as many messages. Only a plain slice of a known size is
    changed. Where the model binds its thinking, no cut is right and there is no fix.

    ## References
    - Prompt caching (2026-10-08):
      https://platform.claude.com/docs/en/build-with-claude/prompt-caching
    - A window that moved with every turn, hits about 0 %:
      https://github.com/openclaw/openclaw/issues/115273
    - Grow to 20 messages, cut to 10: https://github.com/BasedHardware/omi/pull/4694
    """

    id = "SKF301"
    name = "sliding-window"
    summary = "A cached conversation whose oldest messages are dropped at each call"
    examples: ClassVar[tuple[Example, ...]] = (
        Example("The newest thirty messages", bad=_CHAT, fixed=_CHAT_FIXED),
        Example("The end of a longer list", bad=_SENT, fixed=_SENT_FIXED),
        Example("Cut in large steps; nothing of it cached", good=_GOOD),
    )

    def check(self, request: Request, context: Context) -> Iterator[Finding]:
        """What makes the conversation slide, where some of it is cached."""
        conversation = request.conversation
        if conversation is None or not conversation.slides or not request.multi_turn:
            return  # what is told within one message has other text around it
        point = over_messages(request)
        if point is None or _is_read_by_no_turn(request, conversation):
            return
        free = binding_model(request, context) is None
        if free and not context.preview and _is_of_one_turn(request, conversation, point):
            return
        yield self._report(request, context, conversation, point)

    def _report(
        self, request: Request, context: Context, conversation: Conversation, point: Breakpoint
    ) -> Finding:
        slide = conversation.slides[0]
        refusing = binding_model(request, context)
        named = "automatic caching" if point.automatic else f"the marker in line {point.span.line}"
        sentences = [
            f"Once this window is full, each turn drops its oldest messages, so what {named} "
            f"writes is never read by the next turn: the conversation is paid in full each time."
        ]
        fix, no_fix = None, None
        if refusing is not None:
            sentences.append(
                f"{refusing.id} binds its thinking to what stands before it: sent back behind "
                f"another beginning, it is rejected (400)."
            )
            no_fix = (
                f"No earlier message may be dropped in front of the thinking of {refusing.id}; "
                f"keep the conversation whole, or compact it with `context_management`."
            )
        else:
            fix = Fix(
                Applicability.UNSAFE,
                "Let it grow to twice its size, then cut it in one go",
                (TrimInSteps(slide.span),),
            )
        label = "automatic caching ends here" if point.automatic else "the breakpoint it breaks"
        return self.finding(
            request,
            slide.span,
            " ".join(sentences),
            related=(
                *conversation.slides,
                Step(Role.SINK, request.site.span, "what is left is sent here"),
                Step(Role.BREAKPOINT, point.span, label),
            ),
            confidence=Confidence.MEDIUM if point.optional else Confidence.HIGH,
            severity=Severity.ERROR if refusing is not None else None,
            pair=next((p.label for p in request.pairs if p.kind is PairKind.TURN), None),
            fix=fix,
            no_fix=no_fix,
            identity=(self.id, slide.span),
        )


def _is_of_one_turn(request: Request, conversation: Conversation, point: Breakpoint) -> bool:
    """Whether a breakpoint ends with a message that is sent in another form than it is kept in.

    No later turn reads what it writes, whatever is dropped.
    """
    if conversation.sent_equals_stored is not False:
        return False
    return point.automatic or request.blocks[point.block].last_message


def _is_read_by_no_turn(request: Request, conversation: Conversation) -> bool:
    """Whether what stands in front is new in each turn, and within one nothing slides."""
    turns = [pair for pair in request.pairs if pair.kind is PairKind.TURN]
    rounds = any(pair.kind is PairKind.LOOP for pair in request.pairs)
    if rounds and not all(step in conversation.ahead for step in conversation.slides):
        return False
    heads = [head_of(request, pair) for pair in turns]
    return bool(heads) and all(not each.settled and each.first is not None for each in heads)
