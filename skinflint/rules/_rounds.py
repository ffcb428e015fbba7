"""How long a conversation becomes in the rounds of a tool loop, or as somebody types it."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable

from skinflint.catalog.models import Model, RoundFacts
from skinflint.linter.request import (
    Block,
    Extent,
    Pair,
    PairKind,
    Place,
    Request,
    extent_of,
    parts_of,
)
from skinflint.linter.values import (
    EXCEPTION,
    Choice,
    Known,
    Mapping,
    Sequence,
    Source,
    Text,
    Unknown,
    Value,
    alternatives,
)
from skinflint.rules._prefix import models_of, tokens_of
from skinflint.rules.base import Context

#: Values of these types are a few characters.
_NUMBERS = ("bool", "int", "float", "complex", "decimal.Decimal")
_TIMES = ("datetime.datetime", "datetime.date", "datetime.time", "datetime.timedelta")

#: Entries that hand in whole files and pages.
_WHOLE = ("file", "process", "http", "database")

#: What an argument of a tool call may be made of, and what is made of nothing but arguments.
_ARGUMENTS = frozenset((Source.ENTITY, Source.CALL))


def stays_short(request: Request, context: Context, pair: Pair) -> bool:
    """Whether a conversation hardly reaches what any of its models caches from.

    Either the usual rounds of one question stay below that, where a model caches from much only,
    or everything must be seen to be short: tools, prompt and question, the results of the tools, or
    what is typed and the replies to it. A conversation that outlives its question grows further,
    and a result whose length nobody can tell may be a whole file. A model that nothing is known of
    is taken to want as much as the most demanding one.
    """
    talk = request.conversation
    if talk is None or "thinking" in request.params:
        return False
    facts = context.facts.cache.rounds
    if pair.kind is PairKind.LOOP and not talk.lasting:
        if _usually_short(request, context, pair, facts):
            return True
    if not request.complete((Place.TOOLS, Place.SYSTEM)):
        return False
    if pair.kind is PairKind.TURN:
        reply = _cap(request)
        if reply is None or request.brings_tools:
            return False
        return _below(request, context, lambda model: _typed(request, context, model, reply, facts))
    if pair.kind is not PairKind.LOOP or talk.lasting:
        return False
    if _long_arguments(request, facts) and not is_written_out(request):
        return False
    if not any(block.kind == "tool_result" for block in request.blocks):
        return False
    rounds = min(pair.rounds or context.calls, facts.rounds)
    return _below(request, context, lambda model: _most(request, context, model, rounds, facts))


def _usually_short(request: Request, context: Context, pair: Pair, facts: RoundFacts) -> bool:
    """Whether the usual rounds of one question stay below what a model caches from.

    What nobody can tell the length of counts as usual, but there must be a system prompt or tools
    that are written here: all of them may be long where they come from elsewhere.
    """
    if None in models_of(request, context):
        return False
    if _long_arguments(request, facts) and not is_written_out(request):
        return False
    if any(
        isinstance(leaf, Unknown) and leaf.entry in _WHOLE
        for block in request.blocks
        if block.place is Place.MESSAGES
        for leaf, _ in parts_of(block.value)
    ):
        return False
    rounds = min(pair.rounds or context.calls, facts.rounds)
    whole = facts.preamble + facts.typed + (rounds - 1) * (facts.call + facts.result)

    def usual(model: Model | None) -> float:
        found = float(whole)
        for place in (Place.TOOLS, Place.SYSTEM):
            blocks = [block for block in request.blocks if block.place is place]
            sizes = [tokens_of(context, extent_of(block.value), model) for block in blocks]
            if blocks and not any(low for low, _ in sizes):
                return math.inf
            found += sum(low if high is None else (low + high) / 2 for low, high in sizes)
            found += facts.result * sum(high is None for _, high in sizes)
        return found

    return _below(request, context, usual)


def _below(request: Request, context: Context, most: Callable[[Model | None], float]) -> bool:
    """Whether so many tokens are too few for each of its models."""
    # of a model that nothing is known of nobody can tell that it caches from less
    largest = max(model.min_prefix or 0 for model in context.facts.models.values())
    return all(
        most(model) < (largest if model is None else model.min_prefix or 0)
        for model in models_of(request, context)
    )


def _cap(request: Request) -> int | None:
    """How long a reply may become, where that is a number."""
    caps = [
        each.value if isinstance(each, Known) else None
        for each in alternatives(request.params.get("max_tokens") or Known(None, request.site.span))
    ]
    found = [cap for cap in caps if isinstance(cap, int)]
    return max(found) if len(found) == len(caps) else None


def is_written_out(request: Request) -> bool:
    """Whether the question is one of the code: all that a model writes is to answer that one."""
    asked = [
        block
        for block in request.blocks
        if block.place is Place.MESSAGES and not block.history and block.kind != "tool_result"
    ]
    return bool(asked) and all(
        isinstance(leaf, Known)
        for block in asked
        if block.role == "user"
        for leaf, _ in parts_of(block.value)
    )


def _typed(
    request: Request, context: Context, model: Model | None, reply: int, facts: RoundFacts
) -> float:
    """The tokens of the last turn of a typed talk; infinite where a message may be anything."""
    whole, turn = 0.0, float(reply)
    for block in request.blocks:
        if block.place is not Place.MESSAGES:
            whole += _tokens(block.value, context, model, facts)
        elif block.role == "assistant":
            continue
        elif block.history:
            turn += _tokens(block.value, context, model, facts)
        else:
            whole += _tokens(block.value, context, model, facts)
    return whole + (facts.turns - 1) * turn


def _most(
    request: Request, context: Context, model: Model | None, rounds: int, facts: RoundFacts
) -> float:
    """The tokens of the last round of so many, estimated high; infinite where a part is open."""
    whole = float(facts.preamble)
    each = float(facts.call)
    for block in request.blocks:
        if block.place is not Place.MESSAGES:
            whole += _tokens(block.value, context, model, facts)
        elif block.kind == "tool_result":
            each += _tokens(_content(block), context, model, facts)
        elif not (block.history and block.role == "assistant"):
            whole += _tokens(block.value, context, model, facts)
    return whole + (rounds - 1) * each


def _content(block: Block) -> Value:
    """What a result of a tool says; the marks around it count as a part of the call."""
    if isinstance(block.value, Mapping):
        return block.value.get("content") or block.value
    return block.value


def _tokens(value: Value, context: Context, model: Model | None, facts: RoundFacts) -> float:
    """The tokens of a value at most, infinite where nothing bounds it."""
    if isinstance(value, Known):
        return _of_chars(len(str(value.value)), context, model)
    if isinstance(value, Choice):
        return max((_tokens(a.value, context, model, facts) for a in value.alternatives), default=0)
    if isinstance(value, (Text, Sequence, Mapping)):
        if not isinstance(value, Text) and value.open:
            return math.inf
        return sum(_tokens(part, context, model, facts) for part in _parts(value))
    if not isinstance(value, Unknown):
        return math.inf
    if value.chars[1] is not None:
        return _of_chars(value.chars[1], context, model)
    sources = {key.source for key in value.keys}
    if value.type in (*_NUMBERS, *_TIMES) or value.reason == EXCEPTION:
        return facts.line
    if sources == {Source.CLOCK}:
        return facts.line
    if sources == {Source.TURN} and value.entry in ("turn", "parameter"):
        return facts.typed
    if value.entry == "model reply" and sources == _ARGUMENTS:
        return facts.line
    return math.inf


def _of_chars(chars: int, context: Context, model: Model | None) -> float:
    _, high = tokens_of(context, Extent(chars, chars), model)
    return math.inf if high is None else high


def _parts(value: Text | Sequence | Mapping) -> Iterable[Value]:
    if isinstance(value, Text):
        return value.parts
    if isinstance(value, Sequence):
        return value.items
    return [part for entry in value.entries for part in (entry.key, entry.value)]


def _long_arguments(request: Request, facts: RoundFacts) -> bool:
    """Whether a tool takes whole texts, so that a call of it is as long as they are."""
    return any(
        isinstance(leaf, Known) and leaf.value in facts.long
        for block in request.blocks
        if block.place is Place.TOOLS
        for leaf, _ in parts_of(block.value)
    )
