"""A request as it will be sent: the one currency of rules, fixers, reports and the simulator."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum

from skinflint.linter.spans import Span, Step
from skinflint.linter.values import (
    Choice,
    Confidence,
    Frame,
    Granularity,
    Key,
    Known,
    Mapping,
    Object,
    Ordering,
    Repeat,
    Sequence,
    Source,
    Text,
    Unknown,
    Value,
    shared_depth,
)


class State(Enum):
    """How much of one part of a request could be rebuilt."""

    KNOWN = "known"  # all literal
    TRACED = "traced"  # every hole ends at a listed kind of entry
    PARTIAL = "partial"  # some hole ends elsewhere
    UNKNOWN = "unknown"
    ABSENT = "absent"


class Platform(Enum):
    """Who answers the request. Facts of the first party hold for CLAUDE_API, AWS, GOOGLE_CLOUD."""

    CLAUDE_API = "claude-api"
    AWS = "aws"
    GOOGLE_CLOUD = "google-cloud"
    FOUNDRY = "foundry"
    BEDROCK = "bedrock"
    VERTEX = "vertex"
    COMPATIBLE = "compatible"  # another base_url
    UNKNOWN = "unknown"

    @property
    def first_party(self) -> bool:
        """Whether Anthropic itself serves it, under its own ids, prices and calendar."""
        return self in (Platform.CLAUDE_API, Platform.AWS, Platform.GOOGLE_CLOUD)


class Place(Enum):
    """Which part of the prefix a block belongs to, in cache order."""

    TOOLS = "tools"
    SYSTEM = "system"
    MESSAGES = "messages"


@dataclass(frozen=True, slots=True)
class Term:
    """One operand of the expression a block's text is written as, in order of writing.

    A literal run of an f-string, one ``{field}`` of it, one operand of ``+``, one element of a
    joined list. ``span`` lies in the text expression (or in the binding it was followed to).
    """

    span: Span
    value: Value
    literal: bool  # written out at this place; its text can be cut


@dataclass(frozen=True, slots=True)
class Breakpoint:
    """A ``cache_control`` marker. ``block`` indexes ``Request.blocks``: the last block it covers."""

    block: int
    span: Span
    ttl: str = "5m"  # "5m", "1h" or "" when it can't be known
    automatic: bool = False
    optional: bool = False  # on some paths it is not there
    per_item: bool = False  # written by a loop or comprehension, once per block


class Form(Enum):
    """How a block is written in the source; it decides what a fixer can do with it."""

    STRING = "string"  # system="..." or content="..."
    DICT = "dict"  # a dict display
    CALL = "call"  # TextBlockParam(...), dict(...)
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Block:
    """One cacheable position of the prefix: a tool, a system block, a block of a message."""

    place: Place
    kind: str  # "text", "tool", "image", "tool_result", ..., "" when unknown
    value: Value  # what the model sees of it: Text for text blocks, a Mapping for tools
    span: Span  # the whole block as written
    form: Form = Form.OTHER
    text: Span | None = None  # the expression of its text
    container: Span | None = None  # the list display or the append/insert call it stands in
    terms: tuple[Term, ...] = ()
    role: str = ""  # of the message: "user", "assistant", "system"
    message: int | None = None  # index of the message as far as it can be counted
    repeated: bool = False  # made by a loop: there may be any number of it
    optional: bool = False  # on some paths it is not there
    last_message: bool = False  # stands in the newest message
    last: bool = False  # no block can stand behind it


class PairKind(Enum):
    """Two calls between which the cache could be read."""

    LOOP = "loop"  # the next call in this loop, same conversation
    TURN = "turn"  # the next turn of this conversation
    CONVERSATION = "conversation"  # the next conversation of the same user
    RECORD = "record"  # the next record of a loop over records
    USER = "user"  # another user, tenant or job of the same entry
    CALLS = "calls"  # another call of a function whose callers are not here
    WORKER = "worker"  # another process: a worker, a restart


@dataclass(frozen=True, slots=True)
class Pair:
    """A reuse pair with its evidence. Both calls share the outer ``depth`` levels of the host."""

    kind: PairKind
    depth: int
    label: str  # "from round to round of the loop at line 12"
    evidence: tuple[Step, ...] = ()
    confidence: Confidence = Confidence.HIGH
    rounds: int | None = None  # the trip count where it is literal


def moving(keys: tuple[Key, ...], frame: Frame, pair: Pair, host: Frame) -> tuple[Key, ...]:
    """Those of ``keys`` that differ between the two calls of ``pair``.

    A value whose frame encloses both calls is the same in both, whatever it depends on. Only what
    is certain to move is returned: UNKNOWN, FILE and ENVIRONMENT keys never are.
    """
    if pair.kind is PairKind.WORKER:
        return tuple(
            k for k in keys if k.source is Source.ORDER and k.ordering is Ordering.PROCESS
        )
    if shared_depth(frame, host) <= pair.depth:
        return ()
    return tuple(key for key in keys if _moves(key, pair))


def _moves(key: Key, pair: Pair) -> bool:
    source = key.source
    if source is Source.CLOCK:
        return key.granularity is None or key.granularity < Granularity.DAY
    if source is Source.ENTITY:
        return pair.kind in (PairKind.USER, PairKind.RECORD, PairKind.CALLS)
    if source is Source.ORDER:
        return key.ordering in (Ordering.COMPLETION, Ordering.SERVER)
    return source in (
        Source.RANDOM,
        Source.TURN,
        Source.CALL,
        Source.RETRIEVAL,
        Source.JSON_ORDER,
        Source.EVENT,
    )


def parts_of(value: Value) -> Iterator[tuple[Value, Frame, tuple[Key, ...]]]:
    """The leaves of a value in the order the model reads them, each with frame and keys.

    A Choice yields itself (its condition decides what follows), then the leaves of its
    alternatives; a Repeat likewise; an unordered Sequence or Mapping yields itself for its order.
    """
    if isinstance(value, Known):
        yield value, (), ()
    elif isinstance(value, Unknown):
        yield value, value.frame, value.keys
    elif isinstance(value, Text):
        for part in value.parts:
            yield from parts_of(part)
    elif isinstance(value, Choice):
        if value.keys:
            yield value, value.frame, value.keys
        for alternative in value.alternatives:
            yield from parts_of(alternative.value)
    elif isinstance(value, Repeat):
        if value.keys:
            yield value, value.frame, value.keys
        yield from parts_of(value.body)
    elif isinstance(value, Sequence):
        if value.order:
            yield value, value.frame, value.order
        for item in value.items:
            yield from parts_of(item)
    elif isinstance(value, Mapping):
        if value.order:
            yield value, value.frame, value.order
        for entry in value.entries:
            yield from parts_of(entry.key)
            yield from parts_of(entry.value)
    elif isinstance(value, Object):
        for _, inner in value.fields:
            yield from parts_of(inner)


@dataclass(frozen=True, slots=True)
class Moving:
    """A part of the prefix that differs between the two calls of a pair."""

    block: int  # index into Request.blocks
    value: Value
    keys: tuple[Key, ...]  # only those that move
    term: int | None = None  # index into the block's terms


@dataclass(frozen=True, slots=True)
class Break:
    """A breakpoint that a pair can't read, because something in front of it moves.

    ``head_chars`` is the text in front of the first moving part that no earlier breakpoint saves
    (at least, at most; None: not bounded). ``same_block``: that text stands in the same block.
    """

    pair: Pair
    breakpoint: Breakpoint
    parts: tuple[Moving, ...]  # in prefix order, all in front of the breakpoint, never empty
    head_chars: tuple[int, int | None]
    same_block: bool
    loses_tail: bool  # what follows would have been read by this pair: history, later blocks

    @property
    def first(self) -> Moving:
        """The part at which the two calls diverge."""
        return self.parts[0]


@dataclass(frozen=True, slots=True)
class Part:
    """State of one part of the request for ``skinflint requests`` and for the rules' silence."""

    state: State
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Site:
    """Where a request is sent."""

    span: Span  # the whole call
    function: str  # qualified name of the enclosing function, "" at module level
    surface: str  # "anthropic"
    method: str  # "messages.create", "beta.messages.tool_runner", "messages.batches.create", ...
    platform: Platform
    client: str = ""  # qualified name of the client class


@dataclass(frozen=True, slots=True)
class ModelRef:
    """One model id the request may use, and where it is written."""

    id: str
    span: Span  # of the literal
    platform_id: bool = False  # a partner cloud's form of the id
    trail: tuple[Step, ...] = ()
    default_of: str = ""  # "environment variable MODEL" when it is only a default


@dataclass(frozen=True, slots=True)
class Request:
    """One request as rebuilt for one chain of callers.

    Requests of one site that differ only in the chain share ``site``; ``host`` is the frame of the
    call itself, from import inwards.
    """

    site: Site
    host: Frame
    models: tuple[ModelRef, ...]
    model: Part
    tools: Part
    system: Part
    messages: Part
    blocks: tuple[Block, ...]
    breakpoints: tuple[Breakpoint, ...]
    pairs: tuple[Pair, ...]
    params: dict[str, Value] = field(default_factory=dict)
    chain: tuple[Step, ...] = ()  # the calls that lead from the entry to the site
    multi_turn: bool = False  # the messages carry a history that grows or is handed in
    in_test: bool = False  # the file is a test

    @property
    def automatic(self) -> Breakpoint | None:
        """The automatic breakpoint, if the request asks for one."""
        return next((b for b in self.breakpoints if b.automatic), None)

    def breaks(self) -> Iterator[Break]:
        """Every (pair, breakpoint) at which the cache can't be read, in order of pairs."""
        for pair in self.pairs:
            yield from self._breaks(pair)

    def moving_parts(self, pair: Pair, block: int) -> Iterator[Moving]:
        """The parts of one block that differ between the calls of ``pair``, in order."""
        this = self.blocks[block]
        if this.terms:
            for index, term in enumerate(this.terms):
                for value, frame, keys in parts_of(term.value):
                    moved = moving(keys, frame, pair, self.host)
                    if moved:
                        yield Moving(block, value, moved, index)
            return
        for value, frame, keys in parts_of(this.value):
            moved = moving(keys, frame, pair, self.host)
            if moved:
                yield Moving(block, value, moved)

    def _breaks(self, pair: Pair) -> Iterator[Break]:
        saved = -1  # the last block an earlier, unbroken breakpoint covers
        for point in sorted(self.breakpoints, key=lambda b: b.block):
            if point.block < 0 or point.block >= len(self.blocks):
                continue
            parts = tuple(
                part
                for index in range(point.block + 1)
                for part in self.moving_parts(pair, index)
            )
            if not parts:
                saved = point.block
                continue
            first = parts[0]
            if self._is_newest_turn(first.block):
                return
            low, high = self._chars_between(saved + 1, first)
            within = any(
                term.value is not None and index < (first.term or 0)
                for index, term in enumerate(self.blocks[first.block].terms)
            )
            loses_tail = pair.kind in (PairKind.LOOP, PairKind.TURN) and (
                point.block > first.block or self.multi_turn
            )
            yield Break(pair, point, parts, (low, high), within and saved < first.block, loses_tail)
            return

    def _is_newest_turn(self, block: int) -> bool:
        this = self.blocks[block]
        return this.place is Place.MESSAGES and (this.last_message or this.last)

    def _chars_between(self, start: int, first: Moving) -> tuple[int, int | None]:
        low, high = 0, 0
        bounded = True
        for index in range(start, first.block + 1):
            block = self.blocks[index]
            if index == first.block and first.term is not None:
                sizes = [chars_of(term.value) for term in block.terms[: first.term]]
            elif index == first.block:
                sizes = []
            else:
                sizes = [chars_of(block.value)]
            for at_least, at_most in sizes:
                low += at_least
                if at_most is None:
                    bounded = False
                else:
                    high += at_most
        return low, (high if bounded else None)


def chars_of(value: Value) -> tuple[int, int | None]:
    """Size of a value as the model reads it, in characters: at least, at most (None: no bound)."""
    if isinstance(value, Known):
        size = len(value.value) if isinstance(value.value, str) else len(str(value.value))
        return size, size
    if isinstance(value, Unknown):
        return value.chars
    if isinstance(value, Choice):
        sizes = [chars_of(a.value) for a in value.alternatives]
        low = min((s[0] for s in sizes), default=0)
        highs = [s[1] for s in sizes]
        return low, None if None in highs else max((h for h in highs if h is not None), default=0)
    if isinstance(value, Repeat):
        return 0, None
    if isinstance(value, Object):
        return 0, None
    inner: list[tuple[int, int | None]]
    if isinstance(value, Text):
        inner = [chars_of(part) for part in value.parts]
        unbounded = False
    elif isinstance(value, Sequence):
        inner = [chars_of(item) for item in value.items]
        unbounded = bool(value.open)
    else:
        inner = [chars_of(e.value) for e in value.entries] + [chars_of(e.key) for e in value.entries]
        unbounded = bool(value.open)
    low = sum(size[0] for size in inner)
    if unbounded or any(size[1] is None for size in inner):
        return low, None
    return low, sum(size[1] or 0 for size in inner)
