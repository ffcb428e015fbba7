"""SKF201: a request that is sent again and again with nothing of it cached."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import ClassVar

from skinflint.linter.findings import Applicability, Cost, Finding, Fix, Op
from skinflint.linter.request import Moving, Pair, PairKind, Place, Repeats, Request, State
from skinflint.linter.spans import Role, Step
from skinflint.linter.values import Granularity, Key, Source
from skinflint.records import replace
from skinflint.rules._caching import (
    Head,
    begun_by,
    growing_cost,
    grows,
    head_of,
    least_tokens,
    long_as_named,
    mark_head,
    mark_request,
    marker_out_of_sight,
    may_be_cached,
    pairs_of,
    prefix_cost,
    takes_automatic,
)
from skinflint.rules._goes_on import goes_on
from skinflint.rules._prefix import differ, named, worth
from skinflint.rules._rounds import stays_short
from skinflint.rules._usual import is_soon_done, pays_usually
from skinflint.rules.base import Context, Example, Rule

_CHAT = """\
import anthropic

client = anthropic.Anthropic()

# stands in for four pages about the clocks
PERSONA = "You are the guide of a small museum, and know where each clock comes from. " * 60


def guide() -> None:
    messages = []
    while True:
        messages.append({"role": "user", "content": input("You: ")})
        reply = client.messages.create(  # <-
            model="claude-opus-5-5",
            max_tokens=400,
            system=PERSONA,
            messages=messages,
        )
        messages.append({"role": "assistant", "content": reply.content})
        if len(messages) > 80:
            del messages[:-40]
        print(reply.content[0].text)
"""

_CHAT_FIXED = """\
import anthropic

client = anthropic.Anthropic()

# stands in for four pages about the clocks
PERSONA = "You are the guide of a small museum, and know where each clock comes from. " * 60


def guide() -> None:
    messages = []
    while True:
        messages.append({"role": "user", "content": input("You: ")})
        reply = client.messages.create(
            model="claude-opus-5-5",
            max_tokens=400,
            system=[{"type": "text", "text": PERSONA, "cache_control": {"type": "ephemeral"}}],
            messages=messages,
            cache_control={"type": "ephemeral"},
        )
        messages.append({"role": "assistant", "content": reply.content})
        if len(messages) > 80:
            del messages[:-40]
        print(reply.content[0].text)
"""

_RECORDS = """\
import anthropic

client = anthropic.Anthropic()

# stands in for ten pages of rules
RULES = "Name the shelf, the row and the box of every part, and say if it is out of stock. " * 150


def places(parts: list[str]) -> list[str]:
    found = []
    for part in parts:
        reply = client.messages.create(  # <-
            model="claude-opus-5-5",
            max_tokens=300,
            system=RULES,
            messages=[{"role": "user", "content": part}],
        )
        found.append(reply.content[0].text)
    return found


print(places(open("parts.txt").read().splitlines()))
"""

_RECORDS_FIXED = """\
import anthropic

client = anthropic.Anthropic()

# stands in for ten pages of rules
RULES = "Name the shelf, the row and the box of every part, and say if it is out of stock. " * 150


def places(parts: list[str]) -> list[str]:
    found = []
    for part in parts:
        reply = client.messages.create(
            model="claude-opus-5-5",
            max_tokens=300,
            system=[{"type": "text", "text": RULES, "cache_control": {"type": "ephemeral"}}],
            messages=[{"role": "user", "content": part}],
        )
        found.append(reply.content[0].text)
    return found


print(places(open("parts.txt").read().splitlines()))
"""

_ORDER = """\
import datetime

import anthropic

client = anthropic.Anthropic()

# stands in for four pages of rules
RULES = "Never promise a delivery before the carrier has confirmed it in writing. " * 60


def desk() -> None:
    messages = []
    while True:
        messages.append({"role": "user", "content": input("You: ")})
        now = datetime.datetime.now()
        reply = client.messages.create(  # <-
            model="claude-opus-5-5",
            max_tokens=400,
            system=f"It is {now}.\\n\\n{RULES}",
            messages=messages,
        )
        messages.append({"role": "assistant", "content": reply.content})
        if len(messages) > 80:
            del messages[:-40]
        print(reply.content[0].text)
"""

_GOOD = """\
import anthropic
from fastapi import FastAPI

client = anthropic.Anthropic()
app = FastAPI()

SHORT = "Answer with one word: order, repair, complaint or other."
# stands in for four pages of rules
RULES = "Never promise a delivery before the carrier has confirmed it in writing. " * 60


@app.post("/sort")
def sort(mail: str) -> str:
    reply = client.messages.create(
        model="claude-opus-5-5",
        max_tokens=10,
        system=SHORT,
        messages=[{"role": "user", "content": mail}],
    )
    return reply.content[0].text


@app.post("/answer")
def answer(mail: str) -> str:  # how soon the next mail comes, nobody says
    reply = client.messages.create(
        model="claude-opus-5-5",
        max_tokens=900,
        system=RULES,
        messages=[{"role": "user", "content": mail}],
    )
    return reply.content[0].text


def main() -> None:
    reply = client.messages.create(
        model="claude-opus-5-5",
        max_tokens=900,
        system=RULES,
        messages=[{"role": "user", "content": open("mail.txt").read()}],
    )
    print(reply.content[0].text)


if __name__ == "__main__":
    main()
"""


class NoCache(Rule):
    """Nothing of a request is cached, although the next call sends the same prefix again.

    ## What it does
    Reports a request without any breakpoint that is sent again in a conversation that grows or in a
    loop, if what recurs is surely long enough for the model, or for what replaces a retired one:
    the tools, the system prompt, and the literal text that the first message begins with. In a
    conversation all earlier messages recur as well. A prefix that only the next caller of an entry
    could read is reported once `calls-per-ttl` or `--calls` says that callers come that often,
    which the code doesn't tell, or with `--preview`. Where something that changes stands in front
    of text that never does, it says that the prompt cannot be cached as ordered. It keeps quiet
    about a request that is sent once, about services whose caching isn't known, wherever a marker
    may stand in a part that can't be seen, and where the first reply raises as it is read. The
    rounds of a tool loop that everything keeps short, with tools that answer in a line each, never
    reach what the model caches from, nor do the first turns of a talk that is typed, with short
    replies: they are left alone. So are jobs that run at fixed times, which seldom come within five
    minutes of each other.

    Of a conversation it speaks by default where the usual run reads twice what a breakpoint has
    written. The first request of a tool loop has to be well above what the model caches from (of a
    retired model, what its replacement does), or the second one where tools answer with whole
    files, pages or screens; from turn to turn of a talk it is the prompt itself that has to be long
    enough for sure, and a talk that is handed to a loop counts as one that has come to its fourth
    turn. What a model wants that caches from 4,096 tokens has to be written, three fifths of it at
    least, in its tools and prompt: a file may be short. Weaker cases are told with `--preview`:
    what is reached in later rounds only, a task that has one or two tools or at most four rounds,
    five with three tools (unless it goes on with a talk, sees a screen, or runs programs in more
    than ten), an only tool that just says that it was called, rounds in which no tool is seen (they
    mend a reply, or are nobody knows how many) unless nothing but their count ends the loop, forms
    that are asked for again until they hold, replies that were cut and are taken up again, talks of
    an object whose callers are not here, a prefix in a loop that keeps nothing, one over records
    that is long enough only for what replaces the retired model, or has less than 2,000 tokens and
    no tools, a prompt alone without tools in a conversation that is cut or in rounds that keep
    nothing, what is asked about a talk that others carry on, what few rounds of a loop send (a
    summary once the talk is long, what one tool of several asks), rounds of a tool loop that are
    sent without tools, a last word without the tools that its function has sent before, and, of
    prompts that cannot be cached as ordered, those in whose front stands neither a clock nor
    something random, or, within a task, a clock that shows minutes.

    ## Why it costs
    Without a breakpoint every token of every call is paid for in full. Reading a cached prefix
    costs a tenth or less of that, writing it once 1.25 times. Over ten calls that is a factor of
    4.6 for a prefix, and 3.2 for a conversation of ten turns of equal length; where a loop ends
    after fewer rounds, the figure of a finding is that of as many. A tool loop that was
    measured went from 0.0745 to 0.0061 dollars per call (reported on GitHub, 2026).

    ## Example
    Every turn of this chat sends all the turns before it once more.

    ## Use instead
    In a conversation that only grows ask for automatic caching with a top-level `cache_control`. A
    system prompt or tools that many calls share carry a marker of their own: on the last tool, or
    on the last block of the system prompt, which is then written as a list.

    ## Fix safety
    Price: the model sees the same text. The bill falls if the calls come within five minutes of
    each other, and rises by a quarter of the marked part if they never do, so `--fix` makes it only
    where the reuse is proven and `--unsafe-fixes` everywhere. Putting a prompt in order is left to
    you.

    ## References
    - Prompt caching, Anthropic documentation (2026-10-08):
      https://platform.claude.com/docs/en/build-with-claude/prompt-caching
    - The tool loop: https://github.com/huggingface/ml-intern/pull/286
    """

    id = "SKF201"
    name = "no-cache"
    summary = "The same prefix is sent again and again, and nothing of it is cached"
    examples: ClassVar[tuple[Example, ...]] = (
        Example("A chat without any breakpoint", bad=_CHAT, fixed=_CHAT_FIXED),
        Example("A long system prompt for every part", bad=_RECORDS, fixed=_RECORDS_FIXED),
        Example("A clock in front of rules that never change", bad=_ORDER),
        Example("A short prompt, a long one for each mail, one that is sent once", good=_GOOD),
    )

    def check(self, request: Request, context: Context) -> Iterator[Finding]:
        """At most one finding: about the nearest pair of calls that shares enough."""
        if request.breakpoints or request.repetition.kind is Repeats.ONCE:
            return
        if "cache_control" in request.params:
            return  # asked for where it isn't taken: another defect
        if not may_be_cached(request, context):
            return
        if marker_out_of_sight(request, (Place.TOOLS, Place.SYSTEM)):
            return
        weaker: Finding | None = None
        for pair in pairs_of(request):
            if stays_short(request, context, pair):
                break
            found, sure = self._judge(request, context, pair)
            aside = request.conversation is not None and request.conversation.aside
            seldom = pair.rare or request.bare or request.anew or aside
            seldom = seldom or (found is not None and _is_marked_otherwise(request))
            if found is not None and sure and not seldom:
                yield found
                return
            weaker = weaker or found
            if pair.rare or (weaker is not None and request.conversation is None):
                break  # nor is it told how soon what lies around that loop comes
        if weaker is not None and context.preview:
            yield weaker

    def _judge(self, request: Request, context: Context, pair: Pair) -> tuple[Finding | None, bool]:
        """What is to be said of a pair, and whether the usual run bears it out."""
        head = head_of(request, pair)
        least = least_tokens(request, context, head.extent)
        talk = grows(request, pair) and not marker_out_of_sight(request, (Place.MESSAGES,))
        if talk and head.settled:
            found = self._conversation(request, context, pair, head, least)
            # what stands in front of a talk has to be enough for sure
            short = pair.kind is PairKind.TURN and least is None
            soon = short or is_soon_done(request, context, pair)
            bare = pair.kind is PairKind.LOOP and not (pair.through or _shows_tools(request))
            return found, not (soon or bare) and pays_usually(request, context, pair)
        if least is not None:
            if pair.of_an_entry and (not context.paced or _by_the_clock(request)):
                return None, False
            # a loop in which nothing is kept is a retry, or somebody comes back to it some time
            sure = not pair.inner or request.conversation is not None
            if pair.kind is PairKind.RECORD:
                sure = sure and long_as_named(request, context, head.extent)
                sure = sure and (least >= _LONG or _has_tools(request, head))
            elif not pair.of_an_entry and not _has_tools(request, head):
                sure = False  # what comes round again without tools waits for somebody, mostly
            return self._prefix(request, context, pair, head, least), sure
        if goes_on(request, pair) and head.first is not None and not head.settled:
            wrong = self._out_of_order(request, context, pair, head, head.first, talk)
            in_rounds = any(each.kind is PairKind.LOOP for each in request.pairs)
            return wrong, all(_is_new_by_then(key, in_rounds) for key in head.first.keys)
        return None, False

    def _conversation(
        self, request: Request, context: Context, pair: Pair, head: Head, least: int | None
    ) -> Finding:
        talk = request.conversation
        in_text = talk is not None and all(growth.text for growth in talk.grown_by)
        last = "the messages in front of the one that grows" if in_text else "the conversation"
        parts = [*_parts(request, (Place.TOOLS, Place.SYSTEM)), last]
        verb = "is" if len(parts) == 1 and not in_text else "are"
        so_far = "" if in_text else " so far"
        cost_of = prefix_cost if in_text else growing_cost
        ratio, assumption = cost_of(request, context, pair)
        ops: list[Op] = []
        why = None
        mark = mark_head(request, head) if least is not None else None
        if mark is not None:
            ops.append(mark)
        if in_text:
            why = (
                "Mark the last block in front of the message that grows: a breakpoint behind that "
                "is never read."
            )
        elif not takes_automatic(request, context):
            why = "Automatic caching isn't known to be taken here; mark the newest message instead."
        elif talk is None or not talk.certain or talk.sent_equals_stored is not True:
            why = (
                "It isn't certain that every message is kept as it was sent; mark the last one "
                "that is."
            )
        else:
            ops.append(mark_request(request))
        found = self._report(
            request,
            pair,
            f"Nothing is cached here: {pair.label}, {_listed(parts)}{so_far} {verb} sent again and "
            f"paid for in full.",
            Cost(ratio, assumption),
            ops,
            why,
        )
        if talk is None:
            return found
        # a stable and a beta call on two branches send one conversation: one defect
        grown = tuple(sorted(growth.span for growth in talk.grown_by))
        site = request.site
        return replace(found, kin=(self.id, site.span.path, site.function, pair.label, *grown))

    def _prefix(
        self, request: Request, context: Context, pair: Pair, head: Head, least: int
    ) -> Finding:
        ratio, assumption = prefix_cost(request, context, pair)
        mark = mark_head(request, head)
        parts = _listed(_parts(request, head.places))
        return self._report(
            request,
            pair,
            f"Nothing is cached here: at least {least:,} tokens of {parts} are the same "
            f"{pair.label}, and paid for in full each time.",
            Cost(ratio, assumption),
            [] if mark is None else [mark],
            "Put the unchanging part into a block of its own and mark that.",
        )

    def _out_of_order(
        self,
        request: Request,
        context: Context,
        pair: Pair,
        head: Head,
        first: Moving,
        talk: bool,
    ) -> Finding | None:
        enough = least_tokens(request, context, head.movable) is not None
        if not talk and not (enough and worth(head.behind)):
            return None
        lost = []
        if worth(head.behind):
            lost.append(f"{head.behind.literal:,} characters that never change")
        if talk:
            lost.append("the conversation so far")
        finding = self._report(
            request,
            pair,
            f"Nothing is cached here, and it cannot be cached as ordered: {named(first.keys)} "
            f"{differ(first.keys)} {pair.label}, ahead of "
            f"{_listed(lost)}.",
            None,
            [],
            "Put what never changes first and mark its end; what changes belongs into the newest "
            "message.",
        )
        trail = tuple(step for key in first.keys for step in key.trail)
        return replace(finding, related=tuple(dict.fromkeys((*trail, *finding.related))))

    def _report(
        self,
        request: Request,
        pair: Pair,
        message: str,
        cost: Cost | None,
        ops: list[Op],
        why: str | None,
    ) -> Finding:
        fix = None
        if ops:
            proven = pair.kind is PairKind.RECORD and bool(pair.rounds and pair.independent)
            title = "Mark the end of what recurs" if len(ops) == 1 else "Mark both"
            fix = Fix(Applicability.PRICE, title, tuple(ops), reuse_proven=proven)
        sent = Step(Role.SINK, request.site.span, "sent here without a breakpoint")
        return self.finding(
            request,
            request.site.span,
            message,
            related=tuple(dict.fromkeys((*pair.evidence, *begun_by(pair), sent))),
            confidence=pair.confidence,
            pair=pair.label,
            cost=cost,
            fix=fix,
            no_fix=None if fix is not None else why,
            identity=(self.id, request.site.span),
        )


#: Tokens of a prompt that is worth a marker, whatever stands behind it and how few records come.
_LONG = 2_000
#: A part in which something may stand that isn't here.
_UNSEEN = (State.UNKNOWN, State.PARTIAL)


def _is_marked_otherwise(request: Request) -> bool:
    """Whether the same call has a marker on another way to it, and not all is seen on this one."""
    if not any(part.is_any(*_UNSEEN) for part in (request.tools, request.system)):
        return False
    span = request.site.span
    return any(each.site.span == span and each.breakpoints for each in request.kin())


def _has_tools(request: Request, head: Head) -> bool:
    """Whether what two calls share begins with tools."""
    return Place.TOOLS in head.places and _shows_tools(request)


def _shows_tools(request: Request) -> bool:
    """Whether a tool is seen in the request: rounds without any mend a reply, mostly."""
    return any(block.place is Place.TOOLS for block in request.blocks)


def _is_new_by_then(key: Key, in_rounds: bool) -> bool:
    """Whether a source differs each time, whoever calls; others may hand in the same text again.

    The rounds of one task follow each other within a minute, mostly.
    """
    if key.source is Source.CLOCK and in_rounds:
        return key.granularity is not None and key.granularity < Granularity.MINUTE
    return key.source in (Source.CLOCK, Source.RANDOM)


def _by_the_clock(request: Request) -> bool:
    """Whether it is sent by what runs at fixed times: seldom every few minutes."""
    return any(each.repetition.kind is Repeats.SCHEDULED for each in (request, *request.kin()))


_NAMES = {
    Place.TOOLS: "the tools",
    Place.SYSTEM: "the system prompt",
    Place.MESSAGES: "the messages",
}


def _parts(request: Request, places: Collection[Place]) -> list[str]:
    """What stands in these places of the request, in words."""
    there = {block.place for block in request.blocks}
    return [name for place, name in _NAMES.items() if place in places and place in there]


def _listed(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
