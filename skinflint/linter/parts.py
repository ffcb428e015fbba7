"""How well one part of a request is known, and between which calls it changes.

A part is judged by its leaves: what is written in the code, and the holes. A hole is traced when it
ends at a listed kind of entry (``values.ENTRIES``); it is open when it ends anywhere else, and says
why.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from skinflint.linter.activation import ExternalHandle
from skinflint.linter.request import Leaf, Part, State, Variation
from skinflint.linter.values import (
    ENTRIES,
    Choice,
    Confidence,
    Entered,
    Frame,
    Key,
    Known,
    Mapping,
    MarkKind,
    Object,
    Ordering,
    Repeat,
    Sequence,
    Source,
    Text,
    Uncounted,
    Unknown,
    Value,
    alternatives,
)

if TYPE_CHECKING:
    from skinflint.linter.callers import Callers

#: Leaves of one part that are kept to be shown; all of them are judged.
MOST_LEAVES = 48

#: The reason of a hole that ends at a parameter with a caller.
_FILLED = "{}, which the project fills in a way that could not be followed"

#: Entries of a mapping that say nothing to the model.
_UNSEEN = ("cache_control",)


def judge(value: Value, callers: Callers) -> Part:
    """The state of a part whose value is ``value``.

    A parameter or field that something in the project fills is no entry: it could not be followed
    further. What shows of an object ends where the worst ends that it was constructed with.
    """
    options = [each for each in alternatives(value) if not is_absent(each)]
    if not options:
        return Part(State.ABSENT)
    seen = [leaf for option in options for leaf in _leaves(option)]
    whole = all(isinstance(option, (Unknown, Object)) for option in options)
    if not any(map(_leads_on, seen)):
        return _judged(seen, whole)

    def judged() -> Part:
        with callers.ev.asked():
            return _judged([_followed(leaf, callers) for leaf in seen], whole)

    may_be = [State.PARTIAL]
    if not any(leaf.reason and leaf.entry not in ENTRIES for leaf in seen):
        may_be.append(State.TRACED)
    if whole and all(leaf.reason for leaf in seen):
        may_be.append(State.UNKNOWN)
    return Part.later(judged, *may_be)


def _leads_on(leaf: Leaf) -> bool:
    """Whether a hole that ends at an entry may be followed further."""
    return leaf.entry in ENTRIES and (bool(leaf.made_of) or leaf.entry == "parameter")


def _judged(seen: Iterable[Leaf], whole: bool) -> Part:
    """The part that is made of these; ``whole``: it is one value that can't be seen."""
    leaves: dict[tuple[object, ...], Leaf] = {}
    literal = traced = False
    reason = entered = ""
    variation = Variation.LITERAL
    for leaf in seen:
        leaves.setdefault((leaf.span, leaf.reason), leaf)
        if not leaf.reason:
            literal = True
        elif leaf.entry in ENTRIES:
            traced = True
            entered = entered or leaf.reason
        else:
            reason = reason or leaf.reason
        variation = max(variation, leaf.variation, key=_RANK.__getitem__)
    # What a part that isn't seen whole lacks is shown, wherever in it that is.
    told = sorted(leaves.values(), key=lambda leaf: not leaf.reason or leaf.entry in ENTRIES)
    shown = {id(leaf) for leaf in told[:MOST_LEAVES]}
    kept = tuple(leaf for leaf in leaves.values() if id(leaf) in shown)
    left_out = len(leaves) - len(kept)
    if not reason:
        state = State.TRACED if traced else State.KNOWN
        return Part(state, entered, variation, kept, left_out)
    state = State.UNKNOWN if whole and not (literal or traced) else State.PARTIAL
    return Part(state, reason, variation, kept, left_out)


def unwritten(arguments: Mapping) -> Part:
    """The state of a part that is not among the arguments: it may be in what is spread there."""
    why = arguments.open
    if not why:
        return Part(State.ABSENT)
    if isinstance(why, Entered):
        varies = _varies(arguments.order, arguments.frame)
        leaf = Leaf(arguments.span, why, why.entry, varies, arguments.order)
        return Part(State.TRACED, why, varies, (leaf,))
    return Part(State.UNKNOWN, why)


def _followed(leaf: Leaf, callers: Callers) -> Leaf:
    """A hole that seems to end at an entry, followed further where the project fills it."""
    if leaf.entry not in ENTRIES:
        return leaf
    for made in leaf.made_of:
        entry, why = callers.end_of(made)
        if entry not in ENTRIES:
            return leaf._replace(entry="", reason=why or leaf.reason)
        leaf = leaf._replace(entry=entry) if leaf.entry == "literal" else leaf
    if leaf.entry == "parameter":
        if callers.fills(leaf.span) or any(callers.fills(key.span) for key in leaf.keys):
            return leaf._replace(entry="", reason=_FILLED.format(leaf.reason.split(",")[0]))
    return leaf


def is_absent(value: Value) -> bool:
    """None, NOT_GIVEN, omit: the argument isn't sent."""
    if isinstance(value, Known):
        return value.value is None
    if isinstance(value, Object):
        name = getattr(value.handle, "name", "")
        return isinstance(name, str) and name.rpartition(".")[2] in (
            "NOT_GIVEN",
            "NotGiven",
            "Omit",
            "omit",
            "not_given",
        )
    return False


def _leaves(value: Value) -> Iterator[Leaf]:
    """What a value is made of, in the order the model reads it."""
    if isinstance(value, Known):
        yield Leaf(value.span)
    elif isinstance(value, Unknown):
        reason = value.reason or _typed(value)
        varies = _varies(value.keys, value.frame)
        yield Leaf(value.span, reason, value.entry, varies, value.keys, value.made_of)
    elif isinstance(value, Text):
        for part in value.parts:
            yield from _leaves(part)
    elif isinstance(value, Choice):
        if value.keys and len(value.alternatives) == 1:
            yield from _ordered(value.keys, value)
        for alternative in value.alternatives:
            yield from _leaves(alternative.value)
    elif isinstance(value, Repeat):
        yield from _repeated(value)
    elif isinstance(value, Sequence):
        yield from _container(value)
        for item in value.items:
            yield from _leaves(item)
    elif isinstance(value, Mapping):
        yield from _container(value)
        for entry in value.entries:
            if isinstance(entry.key, Known) and entry.key.value in _UNSEEN:
                continue
            if not isinstance(entry.key, Known):
                yield from _leaves(entry.key)
            yield from _leaves(entry.value)
    else:
        yield _instance(value)


def _typed(value: Unknown) -> str:
    return f"something of type {value.type}" if value.type else "something that can't be seen"


def _repeated(value: Repeat) -> Iterator[Leaf]:
    inner = list(_leaves(value.body))
    if value.count is None and not any(leaf.reason for leaf in inner):
        reason = "repeated by a loop, how often is not known"
        yield Leaf(value.span, reason, "loop", _varies(value.keys, value.frame), value.keys)
    yield from inner


def _container(value: Sequence | Mapping) -> Iterator[Leaf]:
    if isinstance(value.open, Entered):
        varies = _varies(value.order, value.frame)
        yield Leaf(value.span, value.open, value.open.entry, varies, value.order)
    elif value.open and not isinstance(value.open, Uncounted):
        varies = _varies(value.order, value.frame) if value.order else Variation.UNKNOWN
        yield Leaf(value.span, value.open, "", varies, value.order)
    elif value.order:
        yield from _ordered(value.order, value)


def _ordered(keys: tuple[Key, ...], value: Sequence | Mapping | Choice) -> Iterator[Leaf]:
    """What is all there but comes in another order: nothing of it is unknown."""
    yield Leaf(value.span, "", "", _varies(keys, value.frame), keys)


def _instance(value: Object) -> Leaf:
    if isinstance(value.handle, ExternalHandle):
        name = value.handle.name
        reason = f"`{name}` is imported, and its module is not here"
        return Leaf(value.span, reason, "import", Variation.IMPORT)
    reason = f"an object of {value.type}" if value.type else "an object"
    return Leaf(value.span, reason, "", _varies((), value.frame))


# --- between which calls it changes -------------------------------------------------------------

_RANK = {kind: rank for rank, kind in enumerate(Variation)}


def _varies(keys: tuple[Key, ...], frame: Frame) -> Variation:
    """The most frequent change that one of ``keys`` stands for, else what the frame fixes."""
    if not keys:
        return _fixed_by(frame)
    return max((_of_key(key) for key in keys), key=_RANK.__getitem__)


def _fixed_by(frame: Frame) -> Variation:
    """What does not change once ``frame`` is entered."""
    if not frame:
        return Variation.IMPORT
    if any(mark.kind is not MarkKind.OBJECT for mark in frame[-1:]):
        return Variation.UNKNOWN
    return Variation.OBJECT


def _of_key(key: Key) -> Variation:
    source = key.source
    if source is Source.UNKNOWN or key.confidence is Confidence.LOW:
        return Variation.UNKNOWN
    if source is Source.ENTITY:
        return Variation.ENTITY
    if source is Source.TURN:
        return Variation.TURN
    if source is Source.EVENT:
        return Variation.CALL
    if source is Source.ENVIRONMENT:
        return Variation.IMPORT
    if source is Source.ORDER and key.ordering in (Ordering.PROCESS, Ordering.LISTING):
        return Variation.IMPORT
    if not key.frame:
        return Variation.IMPORT
    if key.frame[-1].kind is MarkKind.OBJECT:
        return Variation.OBJECT
    return Variation.UNKNOWN if source is Source.FILE else Variation.CALL
