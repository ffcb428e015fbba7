"""The prompt cache as a pure function: a state and a request in, a usage and a new state out.

Nobody else codes the rules of the cache. Every number comes from the catalogue; where the
documentation leaves a case open, the comment at that place says which reading is taken.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from hashlib import blake2b
from types import MappingProxyType
from typing import NamedTuple, TypeAlias

from skinflint.catalog.models import CacheFacts, Catalog, Model, load

#: The parts of the prefix in the order in which they are hashed, whatever order they came in.
PLACES = ("tools", "system", "messages")

#: ``Call.begins`` while the response has not begun: what is written can't be read (``begun``).
PENDING = math.inf

_NO_ENTRIES: Mapping[bytes, Entry] = MappingProxyType({})


class Block(NamedTuple):
    """One cacheable position of the prompt.

    ``key`` stands for all the model sees of it: two blocks with one key are identical bytes.
    """

    key: str
    tokens: int
    ttl: str | None = None  # of its marker; None: not marked
    place: str = "messages"
    kind: str = "text"  # "tool", "text", "image", "thinking", "tool_use", "tool_result", ...
    role: str = "user"  # of its message
    empty: bool = False  # a text block without text
    deferred: bool = False  # a tool with defer_loading, a system message scoped to its turn


class Call(NamedTuple):
    """One request.

    ``settings`` are the parameters of the invalidation table (``tool_choice``, ``thinking``,
    ``effort``, ``speed``, ``web_search``, ``citations``), each with a value that stands for what is
    set; one left out counts as not set. Parameters that are no part of the prompt are passed over.
    """

    blocks: tuple[Block, ...]
    model: Model | None = None
    automatic: str | None = None  # ttl of a top-level cache_control
    settings: tuple[tuple[str, str], ...] = ()
    thinks: bool = False  # thinking is on
    platform: str = "claude-api"
    scope: str = ""  # workspace or organisation, and the model's name where ``model`` is None
    at: float = 0.0  # seconds: start of the request
    begins: float | None = None  # start of the response; None: at once
    output: int = 0  # tokens of the reply


class Refusal(NamedTuple):
    """A 400: ``reason`` is stable, ``message`` says it in words, ``block`` is its index if any."""

    reason: str
    message: str
    block: int | None = None


class Usage(NamedTuple):
    """Tokens of one answered request, apart by how they are billed."""

    read: int
    write_5m: int
    write_1h: int
    uncached: int
    output: int = 0

    @property
    def prompt(self) -> int:
        """Tokens of the whole prompt."""
        return self.read + self.write_5m + self.write_1h + self.uncached


class Entry(NamedTuple):
    """A cached prefix. Readable from ``ready`` on and until before ``expires``."""

    ready: float
    expires: float
    ttl: str
    tokens: int

    def live(self, at: float) -> bool:
        """Whether a request that starts at ``at`` can read it."""
        return self.ready <= at < self.expires


class State(NamedTuple):
    """All entries, by the hash of their prefix. Never changed, only replaced."""

    entries: Mapping[bytes, Entry] = _NO_ENTRIES

    def after(self, at: float) -> State:
        """Without the entries that have expired by then."""
        kept = {key: entry for key, entry in self.entries.items() if at < entry.expires}
        return self if len(kept) == len(self.entries) else State(MappingProxyType(kept))


Outcome: TypeAlias = "Usage | Refusal"


class _Point(NamedTuple):
    """A breakpoint: the position of its block, the ttl, and the tokens up to and with it."""

    position: int
    ttl: str
    tokens: int


def send(state: State, call: Call, catalog: Catalog | None = None) -> tuple[Outcome, State]:
    """Answer ``call``: its usage and the state after it, or a refusal and the same state.

    Raises ValueError for a place or a setting that does not exist: no request has such a thing.
    """
    catalog = catalog or load()
    facts = catalog.cache
    order = _in_order(call.blocks)
    refusal, points = _breakpoints(call, order, catalog)
    if refusal is not None:
        return refusal, state

    blocks = [call.blocks[index] for index in order]
    sent = _sent(call, blocks)
    hashes = _hashes(call, blocks, sent, facts)
    ends: list[int] = []
    total = 0
    for block, is_sent in zip(blocks, sent, strict=True):
        total += block.tokens if is_sent else 0
        ends.append(total)

    minimum = (call.model.min_prefix if call.model is not None else None) or 1
    marks = [_Point(index, ttl, ends[index]) for index, ttl in points if ends[index] >= minimum]
    runs = facts.runs if catalog.platform(call.platform).runs else ()
    entries = dict(state.entries)
    best = 0  # tokens of the longest hit
    longest: Entry | None = None
    for mark in marks:
        for index in _lookback(blocks, mark.position, facts.lookback, runs):
            entry = state.entries.get(hashes[index])
            if entry is None or not entry.live(call.at):
                continue
            expires = max(entry.expires, call.at + facts.ttl_seconds[entry.ttl])
            entries[hashes[index]] = entry = entry._replace(expires=expires)
            if longest is None or ends[index] > best:
                best, longest = ends[index], entry
            break

    begins = call.at if call.begins is None else max(call.begins, call.at)
    wrote_1h = wrote_until = best
    for mark in marks:
        key = hashes[mark.position]
        before = state.entries.get(key)
        if before is not None and before.live(call.at):
            continue
        ready, ttl = begins, mark.ttl
        expires = call.at + facts.ttl_seconds[ttl]
        if mark.tokens > best:
            wrote_until = mark.tokens
            if ttl != facts.ttl_default:
                wrote_1h = mark.tokens
        elif longest is not None:
            # A new marker within what was read is not billed, so what it adds can't outlive the
            # entry that was read. (The documentation only says that it costs nothing.)
            expires, ttl = min(expires, longest.expires), longest.ttl
        if before is not None and call.at < before.expires:  # written by a call still in flight
            ready, expires = min(ready, before.ready), max(expires, before.expires)
        entries[key] = Entry(ready, expires, ttl, mark.tokens)

    usage = Usage(
        read=best,
        write_5m=wrote_until - wrote_1h,
        write_1h=wrote_1h - best,
        uncached=total - wrote_until,
        output=call.output,
    )
    return usage, State(MappingProxyType(entries)).after(call.at)


def send_all(
    calls: Sequence[Call], state: State | None = None, catalog: Catalog | None = None
) -> tuple[tuple[Outcome, ...], State]:
    """Answer ``calls`` one after the other, in the order given."""
    state = State() if state is None else state
    outcomes: list[Outcome] = []
    for call in calls:
        outcome, state = send(state, call, catalog)
        outcomes.append(outcome)
    return tuple(outcomes), state


def written(before: State, after: State) -> tuple[bytes, ...]:
    """What a call with ``begins=PENDING`` wrote: its hashes, to be handed to ``begun``."""
    return tuple(
        key
        for key, entry in after.entries.items()
        if entry.ready == PENDING and before.entries.get(key) != entry
    )


def begun(state: State, hashes: Sequence[bytes], at: float) -> State:
    """The state once a response has begun: what its call wrote, ``hashes``, can be read."""
    entries = dict(state.entries)
    for key in hashes:
        entry = entries.get(key)
        if entry is not None:
            entries[key] = entry._replace(ready=min(entry.ready, at))
    return State(MappingProxyType(entries))


def refusal_of(call: Call, catalog: Catalog | None = None) -> Refusal | None:
    """The 400 that the markers of ``call`` meet, None if they are fine."""
    return _breakpoints(call, _in_order(call.blocks), catalog or load())[0]


# -------------------------------------------------------------------- the bill


def usd(
    usage: Usage,
    model: Model,
    *,
    batch: bool = False,
    fast: bool = False,
    us_only: bool = False,
    catalog: Catalog | None = None,
) -> float | None:
    """What ``usage`` costs in USD, None where a price of ``model`` is not known.

    A model with price bands is billed in the band that its whole prompt falls into. At speed
    "fast" the cache costs the same multiples of the higher input price.
    """
    facts = (catalog or load()).cache
    prices = model.prices(usage.prompt)
    scale = 1.0
    output = prices.output
    if fast:
        if model.fast is None or not model.input:
            return None
        scale, output = model.fast[0] / model.input, model.fast[1]
    cost = 0.0
    for tokens, price in (
        (usage.uncached, prices.input),
        (usage.write_5m, prices.write_5m),
        (usage.write_1h, prices.write_1h),
        (usage.read, prices.read),
    ):
        if tokens and price is None:
            return None
        cost += tokens * (price or 0.0) * scale
    if usage.output:
        if output is None:
            return None
        cost += usage.output * output
    cost *= facts.batch if batch else 1.0
    cost *= facts.us_only if us_only else 1.0
    return cost / 1_000_000


def units(
    usage: Usage,
    model: Model | None = None,
    *,
    batch: bool = False,
    catalog: Catalog | None = None,
) -> float:
    """What the prompt of ``usage`` costs in tokens of plain input (of the lowest price band).

    The usual multiples hold where no model is given or its prices are not known.
    """
    facts = (catalog or load()).cache
    plain, write_5m, write_1h, read = 1.0, facts.write_5m, facts.write_1h, facts.read
    if model is not None and model.input:
        prices = model.prices(usage.prompt)
        base = model.input
        plain = (prices.input or base) / base
        write_5m = plain * facts.write_5m if prices.write_5m is None else prices.write_5m / base
        write_1h = plain * facts.write_1h if prices.write_1h is None else prices.write_1h / base
        read = plain * facts.read if prices.read is None else prices.read / base
    cost = (
        usage.uncached * plain
        + usage.write_5m * write_5m
        + usage.write_1h * write_1h
        + usage.read * read
    )
    return cost * facts.batch if batch else cost


# -------------------------------------------------------------------- the parts


def _in_order(blocks: Sequence[Block]) -> list[int]:
    """Indexes of ``blocks`` as the prefix is built: tools, system, messages."""
    for block in blocks:
        if block.place not in PLACES:
            raise ValueError(f"no place {block.place!r} in a request")
    return sorted(range(len(blocks)), key=lambda index: PLACES.index(blocks[index].place))


def _why_unmarkable(block: Block, facts: CacheFacts) -> tuple[str, str] | None:
    """Reason and words for why ``block`` may not carry a marker; None if it may."""
    if block.kind in facts.unmarkable:
        return "unmarkable-kind", f"a {block.kind} block may not carry cache_control"
    if block.empty:
        return "empty-text", "an empty text block may not carry cache_control"
    if block.deferred:
        return "deferred", "a deferred tool or a turn's system message may not carry cache_control"
    return None


def _breakpoints(
    call: Call, order: Sequence[int], catalog: Catalog
) -> tuple[Refusal | None, list[tuple[int, str]]]:
    """The refusal if there is one, and (position in ``order``, ttl) of each breakpoint in order."""
    facts = catalog.cache
    points: list[tuple[int, str]] = []
    for position, index in enumerate(order):
        block = call.blocks[index]
        if block.ttl is None:
            continue
        why = _why_unmarkable(block, facts)
        if why is not None:
            return Refusal(*why, index), []
        if block.ttl not in facts.ttl_seconds:
            return Refusal("unknown-ttl", f"there is no ttl {block.ttl!r}", index), []
        points.append((position, block.ttl))
    if len(points) > facts.max_markers:
        text = f"{len(points)} blocks carry cache_control, at most {facts.max_markers} may"
        return Refusal("too-many-markers", text, order[points[facts.max_markers][0]]), []
    if call.automatic is not None:
        refusal = _add_automatic(call, order, catalog, points)
        if refusal is not None:
            return refusal, []
    shortest = ""
    for position, ttl in points:
        if shortest and facts.ttl_seconds[ttl] > facts.ttl_seconds[shortest]:
            text = f"a {ttl} entry may not stand behind a {shortest} one"
            return Refusal("ttl-order", text, order[position]), []
        shortest = ttl
    return None, points


def _add_automatic(
    call: Call, order: Sequence[int], catalog: Catalog, points: list[tuple[int, str]]
) -> Refusal | None:
    """Put the breakpoint of automatic caching into ``points``; the refusal if there is one."""
    facts = catalog.cache
    ttl = call.automatic or facts.ttl_default
    if catalog.platform(call.platform).automatic is False:
        text = f"{call.platform} does not accept a top-level cache_control"
        return Refusal("automatic-unsupported", text)
    if ttl not in facts.ttl_seconds:
        return Refusal("unknown-ttl", f"there is no ttl {ttl!r}")
    for position in range(len(order) - 1, -1, -1):
        block = call.blocks[order[position]]
        if _why_unmarkable(block, facts) is not None:
            continue
        if block.ttl == ttl:
            return None  # also with all markers used: nothing has to be added
        if block.ttl is not None:
            text = f"the last block is marked with {block.ttl}, automatic caching with {ttl}"
            return Refusal("automatic-ttl-clash", text, order[position])
        if len(points) >= facts.max_markers:
            text = f"automatic caching needs one of the {facts.max_markers} markers, all are used"
            return Refusal("no-slot-for-automatic", text)
        points.append((position, ttl))
        return None
    return None


def _sent(call: Call, blocks: Sequence[Block]) -> list[bool]:
    """Which blocks reach the model: some models lose earlier thinking at a plain user message."""
    sent = [True] * len(blocks)
    if not call.thinks or call.model is None or call.model.keeps_thinking is not False:
        return sent
    plain = max(
        (
            index
            for index, block in enumerate(blocks)
            if block.place == "messages" and block.role == "user" and block.kind != "tool_result"
        ),
        default=-1,
    )
    for index in range(plain):
        block = blocks[index]
        sent[index] = block.place != "messages" or "thinking" not in block.kind
    return sent


def _hashes(
    call: Call, blocks: Sequence[Block], sent: Sequence[bool], facts: CacheFacts
) -> list[bytes]:
    """The hash of the prefix up to and with each block.

    A setting goes in at the first place that a change of it loses; what follows depends on it.
    """
    settings = _settings(call, blocks, facts)
    running = blake2b(digest_size=20)
    _feed(running, "scope", call.scope, call.model.id if call.model is not None else "")
    hashes: list[bytes] = []
    blocks_left = list(zip(blocks, sent, strict=True))
    for place in PLACES:
        for name, value in settings:
            lost = facts.invalidates[name]
            if place == next((p for p in PLACES if p in lost), None):
                _feed(running, "setting", name, value)
        for block, is_sent in blocks_left:
            if block.place != place:
                continue
            if is_sent:
                _feed(running, place, block.kind, block.role, block.key)
            hashes.append(running.digest())
    return hashes


def _feed(running: blake2b, *parts: str) -> None:
    for part in parts:
        data = part.encode("utf-8", "surrogatepass")
        running.update(len(data).to_bytes(8, "big"))
        running.update(data)


def _settings(call: Call, blocks: Sequence[Block], facts: CacheFacts) -> list[tuple[str, str]]:
    """The settings that count, sorted, the model's default effort as if it were left out."""
    given: dict[str, str] = {}
    for name, value in call.settings:
        if name in facts.neutral:
            continue
        if name not in facts.invalidates or name in ("model", *PLACES):
            raise ValueError(f"no setting {name!r} in the invalidation table")
        given[name] = value
    if call.model is not None and given.get("effort") == call.model.effort:
        given.pop("effort", None)
    if any(block.kind == "image" for block in blocks):
        given["images"] = "present"
    return sorted(given.items())


def _lookback(
    blocks: Sequence[Block], start: int, positions: int, runs: Sequence[str]
) -> Iterator[int]:
    """Indexes a breakpoint at ``start`` reads, nearest first; itself is the first position."""
    used, previous = 0, ""
    for index in range(start, -1, -1):
        kind = blocks[index].kind
        if not (kind in runs and kind == previous):
            used += 1
            if used > positions:
                return
        previous = kind
        yield index
