"""How long a conversation usually is by the time a breakpoint in it is to be read."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from skinflint.catalog.models import RoundFacts
from skinflint.linter.request import (
    Block,
    Extent,
    Pair,
    PairKind,
    Place,
    Request,
    State,
    parts_of,
)
from skinflint.linter.values import (
    EXCEPTION,
    PARTS,
    Choice,
    Confidence,
    Known,
    Mapping,
    Repeat,
    Sequence,
    Source,
    Text,
    Unknown,
    Value,
    alternatives,
)
from skinflint.rules._caching import least_of, standing
from skinflint.rules._prefix import models_of, shipped_models, tokens_of
from skinflint.rules._rounds import is_written_out
from skinflint.rules.base import Context

if TYPE_CHECKING:
    from skinflint.catalog.models import Model

#: What is read from one of these comes as a whole.
_WHOLE = frozenset((Source.FILE, Source.PROGRAM, Source.RETRIEVAL))
#: What is read from one of these tells what to read next.
_EXPLORED = (Source.FILE, Source.PROGRAM)
_WHOLE_ENTRIES = ("file", "process", "http", "database")
#: Texts that stand elsewhere, but were written for the prompt.
_WRITTEN_ENTRIES = ("file", "import", "template")

#: How often a conversation has to be read again before a breakpoint is worth a word.
_READS = 2

#: How much of what a model wants has to be written, where files and rows may be too short for it.
_MOSTLY = 0.6
#: So many tools that look something up answer a question between them in one round.
_TWO = 2
#: A task that may take no more rounds than this usually takes two; with three tools, than that.
_FEW = 4
_THREE = 3
_SHORT = 5
#: Whoever lets it take more expects that it is a long one.
_MANY = 10


def pays_usually(request: Request, context: Context, pair: Pair) -> bool:
    """Whether the usual run reads twice what a breakpoint in the conversation has written.

    In a tool loop that is so where the first request is long enough to be cached: some ask for one
    tool and answer. Where tools answer with whole files and pages, it is enough that the second
    is. Rounds without tools are there to mend a reply, or are nobody knows how many. In a talk what
    stands in front of it has to be long enough, as it seldom has many turns that follow each other
    closely; an interview that the reply ends has fewer. Of a model that isn't known, or that wants
    much, it has to be written what stands in front: a user's own tools and prompt may be short.
    """
    talk = request.conversation
    if talk is None:
        return False
    facts = context.facts.cache.rounds
    rounds = pair.rounds if pair.at_most is None else pair.at_most
    if rounds is not None and rounds <= _READS:
        return False
    tools = request.brings_tools
    results = [block for block in request.blocks if _is_result(block)]
    if pair.kind is PairKind.LOOP:
        if not (tools or talk.lasting or request.rounds or results or pair.through):
            return False
        if not tools and results and not talk.lasting:
            return False  # what is sent without tools asks for none: another branch brings them
        offered = [block for block in request.blocks if block.place is Place.TOOLS]
        if len(offered) == 1 and not offered[0].repeated and results:
            if rounds is not None and rounds <= _READS + 1 and not pair.through:
                return False  # the only tool would have to be called as often as it may be
            if all(_is_error(block) for block in results):
                return False  # an answer in a form, asked for again until it is one
            if all(_acknowledges(_content(b)) for b in results) and not _talks(request):
                return False  # it is called, told that this was taken, and says a last word
    elif not talk.lasting or pair.confidence < Confidence.HIGH:
        return False
    elif any(limit.how == "finished" for limit in talk.bounded_by):
        return False  # an interview: over when the reply says so
    return all(
        _length(request, context, pair, model, facts) >= facts.margin * _least(context, model)
        and (
            (model is not None and _least(context, model) < facts.much)
            or _is_here(request, context, model, facts)
        )
        for model in (*models_of(request, context), *shipped_models(request, context))
    )


def _is_here(request: Request, context: Context, model: Model | None, facts: RoundFacts) -> bool:
    """Whether tools and prompt, as they are written, mostly have what a model wants."""
    size = _Sizes(context, model, facts, written=True)
    parts = (block.value for block in request.blocks if block.place in (Place.TOOLS, Place.SYSTEM))
    written = sum(size.of(each) for each in parts)
    return written + facts.preamble >= _MOSTLY * _least(context, model)


def is_soon_done(request: Request, context: Context, pair: Pair) -> bool:
    """Whether a task is mostly done with one answer of its tools: of few, or in few rounds.

    Not where it goes on with a talk, sees a screen, or where nothing but its count ends it.
    """
    talk = request.conversation
    if talk is None or pair.kind is not PairKind.LOOP or not request.brings_tools:
        return False
    facts = context.facts.cache.rounds
    if talk.lasting or _talks(request) or pair.through or _sees(request, facts):
        return False
    rounds = pair.rounds if pair.at_most is None else pair.at_most
    if rounds is None or rounds > _MANY:
        if any(_is_run(_content(block)) for block in request.blocks if _is_result(block)):
            return False  # what a program prints leads to what to run next
    offered = [block for block in request.blocks if block.place is Place.TOOLS]
    count = _MANY if any(each.repeated for each in offered) else len(offered)
    if not request.tools.is_any(State.KNOWN):
        count = _MANY
    if rounds is not None and rounds <= (_SHORT if count <= _THREE else _FEW):
        return True
    return count <= _TWO


def _is_run(answer: Value) -> bool:
    """Whether an answer of a tool is what a program prints."""
    return any(
        isinstance(leaf, Unknown)
        and (leaf.entry == "process" or any(key.source is Source.PROGRAM for key in keys))
        for leaf, keys in parts_of(answer)
    )


def _length(
    request: Request, context: Context, pair: Pair, model: Model | None, facts: RoundFacts
) -> float:
    """The tokens in front of the breakpoint that has to be read twice."""
    talk = request.conversation
    assert talk is not None
    size = _Sizes(context, model, facts)
    whole = 0.0
    if request.brings_tools:
        listed = [block.value for block in request.blocks if block.place is Place.TOOLS]
        tools = sum(size.of(each, prompt=True) for each in listed)
        known = request.tools.is_any(State.KNOWN)
        whole += facts.preamble + (tools if known else max(tools, facts.listed))
    system = [block for block in request.blocks if block.place is Place.SYSTEM]
    whole += sum(size.of(block.value, prompt=True) for block in system)
    said = [block for block in request.blocks if block.place is Place.MESSAGES]
    first = [block for block in said if not (block.history or _is_result(block))]
    if all(growth.text for growth in talk.grown_by):
        still = standing(request, pair)
        first = [block for block in first if block in still]
    kept = pair.kind is PairKind.LOOP or talk.sent_equals_stored is not False
    size.begin()
    asked = [block for block in first if not _of_talk(block)]
    whole += max(facts.typed, sum(size.of(block.value) for block in asked if kept))
    if pair.kind is not PairKind.LOOP:
        return whole  # how long a talk becomes nobody knows
    reply = 0.0 if _in_brief(system, facts) else min(facts.reply, _cap(request) / 2)
    if len(asked) < len(first):
        # as in a talk that is seen to grow: what comes in with its fourth question
        whole += (facts.turns - _READS - 1) * (reply + facts.typed)
    turn = reply + max(
        (size.of(b.value) for b in said if b.history and b.role == "user" and b.kind == "text"),
        default=facts.typed,
    )
    answers = [_content(block) for block in said if _is_result(block)]
    result = max((size.begin().of(each) for each in answers), default=facts.result)
    if talk.lasting:
        return whole + turn + facts.call + result
    if (result >= facts.whole and not _looks_up(request, answers)) or _sees(request, facts):
        return whole + facts.call + max(result, facts.whole)
    return whole


def _looks_up(request: Request, answers: list[Value]) -> bool:
    """Whether one or two tools look something up for a question: one answer of them is enough.

    Files, and what programs print, lead from one to the next; a question that is written out in
    the code may ask for several steps.
    """
    offered = [block for block in request.blocks if block.place is Place.TOOLS]
    if len(offered) > _TWO or any(block.repeated for block in offered):
        return False
    if not request.tools.is_any(State.KNOWN) or is_written_out(request):
        return False
    return not any(
        isinstance(leaf, Unknown)
        and (leaf.entry in ("file", "process") or any(key.source in _EXPLORED for key in keys))
        for answer in answers
        for leaf, keys in parts_of(answer)
    )


class _Sizes:
    """What parts of a request usually come to, in tokens of a model."""

    def __init__(
        self, context: Context, model: Model | None, facts: RoundFacts, *, written: bool = False
    ) -> None:
        self.written = written  # only what is written here counts
        self.context = context
        self.model = model
        self.facts = facts
        self.met: set[frozenset[object]] = set()

    def begin(self) -> _Sizes:
        """Forget what has been met: another message may hold all of it once more."""
        self.met.clear()
        return self

    def of(self, value: Value, *, prompt: bool = False) -> float:
        """The tokens of a value; of a ``prompt`` what stands elsewhere was written for it."""
        if isinstance(value, Known):
            return self._chars(value.value if isinstance(value.value, str) else str(value.value))
        if isinstance(value, Choice):
            return max((self.of(a.value, prompt=prompt) for a in value.alternatives), default=0.0)
        if isinstance(value, Repeat):
            return self.of(value.body, prompt=prompt)
        if isinstance(value, (Text, Sequence, Mapping)):
            return sum(self.of(part, prompt=prompt) for part in _parts(value))
        if self.written:
            return 0.0
        if not isinstance(value, Unknown):
            return self.facts.line
        return self._hole(value, prompt)

    def _hole(self, value: Unknown, prompt: bool) -> float:
        sources = {key.source for key in value.keys}
        if value.reason == EXCEPTION or sources == {Source.CLOCK}:
            return self.facts.line
        if value.chars[1] is not None:
            return self._extent(value.chars[1])
        if prompt and value.entry not in _WRITTEN_ENTRIES:
            return self.facts.line
        if prompt or value.entry in _WHOLE_ENTRIES or sources & _WHOLE:
            part = value.reason.startswith(PARTS)
            origin = frozenset((key.source, key.span) for key in value.keys)
            # what was written for the prompt stands in it once, however it is handled
            if origin in self.met and (part or (prompt and origin)):
                return self.facts.line  # another field of what was read there
            self.met.add(origin)
            if prompt:
                return self.facts.result
            return self.facts.whole
        return self.facts.typed

    def _chars(self, text: str) -> float:
        foreign = 0 if text.isascii() else sum(not char.isascii() for char in text)
        return self._extent(len(text), foreign)

    def _extent(self, chars: int, foreign: int = 0) -> float:
        low, _ = tokens_of(self.context, Extent(chars, chars, chars, False, foreign), self.model)
        return low * self.facts.spread


def _parts(value: Text | Sequence | Mapping) -> Iterable[Value]:
    if isinstance(value, Text):
        return value.parts
    if isinstance(value, Sequence):
        return value.items
    return [part for entry in value.entries for part in (entry.key, entry.value)]


def _is_result(block: Block) -> bool:
    """Whether a block gives what a tool answered, on some paths at least."""
    if block.kind == "tool_result":
        return True
    kinds = (each.get("type") for each in alternatives(block.value) if isinstance(each, Mapping))
    return any(isinstance(kind, Known) and kind.value == "tool_result" for kind in kinds)


def _content(block: Block) -> Value:
    """What a result of a tool says."""
    if isinstance(block.value, Mapping):
        return block.value.get("content") or block.value
    return block.value


def _is_error(block: Block) -> bool:
    """Whether a result only ever says what was wrong with a call."""
    said = block.value.get("is_error") if isinstance(block.value, Mapping) else None
    return isinstance(said, Known) and said.value is True


def _talks(request: Request) -> bool:
    """Whether a talk of many turns is handed in: the next one sends all of it again."""
    return any(block.role == "assistant" and _of_talk(block) for block in request.blocks)


def _of_talk(block: Block) -> bool:
    """Whether a block stands for what was said before in a talk that is handed in."""
    said = block.place is Place.MESSAGES and not block.history
    return said and block.repeated and block.role != "user"


def _acknowledges(content: Value) -> bool:
    """Whether the result of a tool is a text of the code around arguments of the call at most."""
    return all(
        isinstance(leaf, Known)
        or (
            isinstance(leaf, Unknown)
            and leaf.entry == "model reply"
            and {key.source for key in leaf.keys} == {Source.ENTITY, Source.CALL}
        )
        for leaf, _ in parts_of(content)
    )


def _sees(request: Request, facts: RoundFacts) -> bool:
    """Whether a tool shows the screen, files, or what programs print: one of the API's own."""
    return any(
        isinstance(each, Known) and str(each.value).startswith(facts.seeing)
        for block in request.blocks
        if block.place is Place.TOOLS and isinstance(block.value, Mapping)
        for each in alternatives(block.value.get("type") or Known(None, block.span))
    )


def _in_brief(system: list[Block], facts: RoundFacts) -> bool:
    """Whether the system prompt asks for short replies."""
    return any(
        phrase in str(leaf.value).lower()
        for block in system
        for leaf, _ in parts_of(block.value)
        if isinstance(leaf, Known)
        for phrase in facts.brief
    )


def _cap(request: Request) -> float:
    """How long a reply may become at most."""
    asked = request.params.get("max_tokens")
    caps = [each.value for each in alternatives(asked) if isinstance(each, Known)] if asked else []
    return max((cap for cap in caps if isinstance(cap, int)), default=0) or float("inf")


def _least(context: Context, model: Model | None) -> float:
    """What is cached of a model: of one that is retired, what takes its place wants.

    One that nobody can name here is taken for one of those that most use.
    """
    least = least_of(context, model)
    return context.facts.cache.rounds.unnamed if least is None else least
