"""What rules about missing breakpoints share: what may be cached, what recurs, how to mark it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from skinflint.catalog import surfaces
from skinflint.linter.findings import MarkBlock, MarkRequest
from skinflint.linter.request import (
    Block,
    Conversation,
    Extent,
    Form,
    Moving,
    Pair,
    PairKind,
    Place,
    Platform,
    Request,
    State,
    extent_of,
    moving,
    parts_of,
    read_anew,
)
from skinflint.linter.spans import Step
from skinflint.linter.values import (
    Choice,
    Confidence,
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
    Unknown,
    Value,
    alternatives,
)
from skinflint.rules._goes_on import goes_on
from skinflint.rules._last_rounds import acknowledges, ends_at_once
from skinflint.rules._prefix import models_of, shipped_models, tokens_of
from skinflint.rules.base import Context

if TYPE_CHECKING:
    from skinflint.catalog.models import Model

#: Services whose caching this catalogue knows nothing of.
_STRANGERS = (Platform.COMPATIBLE, Platform.UNKNOWN)

#: A conversation of two rounds re-reads next to nothing.
FEW_ROUNDS = 2


#: What one turn is taken to be long where a ratio doesn't depend on it: above every minimum, and
#: ten of them below every price band.
_A_TURN = 5_000

#: How often a part is sent again matters less the further out its pair lies.
_NEAREST = (
    PairKind.LOOP,
    PairKind.TURN,
    PairKind.RECORD,
    PairKind.CONVERSATION,
    PairKind.USER,
    PairKind.CALLS,
)


def may_be_cached(request: Request, context: Context) -> bool:
    """Whether a breakpoint in this request would be honoured: by the service and the model.

    One that fails, or whose reply can't be read, is followed by no second one that could read it.
    """
    fact = _method(request)
    if request.reply_unread or any(request.refuses(name) for name in request.written):
        return False
    if request.site.platform in _STRANGERS or fact is None or fact.until:
        return False
    if not fact.sends or fact.batch:
        return False
    known = [model for model in models_of(request, context) if model is not None]
    # a retired model answers nothing, and whatever takes its place caches
    return all(
        model.min_prefix is not None or model.status(context.as_of) == "retired" for model in known
    )


def takes_automatic(request: Request, context: Context) -> bool:
    """Whether service, method and SDK surely take a top-level ``cache_control``."""
    fact = _method(request)
    client = surfaces.load().client(request.site.client)
    return (
        fact is not None
        and (client is None or client.automatic_cache)
        and context.facts.platform(request.site.platform.value).automatic is True
        and request.accepts_automatic()
    )


def _method(request: Request) -> surfaces.MethodFact | None:
    return surfaces.load().method(tuple(request.site.method.split(".")))


def pairs_of(request: Request) -> list[Pair]:
    """The pairs a missing breakpoint matters to, the nearest first."""
    found = [
        pair
        for pair in request.pairs
        if pair.kind in _NEAREST
        and pair.confidence > Confidence.LOW
        and (pair.rounds is None or pair.rounds >= FEW_ROUNDS)
        and not _never_goes_on(request, pair)
    ]
    return sorted(found, key=lambda pair: _NEAREST.index(pair.kind))


def _never_goes_on(request: Request, pair: Pair) -> bool:
    """Whether further rounds are hardly ever come to.

    Those that follow the calls of tools aren't where there are no tools, nor are, without tools,
    those that are counted as attempts: the first reply is mostly a good one.
    """
    if ends_at_once(request, pair):
        return True
    if pair.kind is not PairKind.LOOP or request.brings_tools:
        return False
    if any(block.kind == "tool_result" for block in request.blocks):
        return True
    talk = request.conversation
    return pair.retry and (talk is None or not talk.lasting)


def grows(request: Request, pair: Pair) -> bool:
    """Whether the second call of a pair sends all that the first one sent, and more behind it.

    Where the list comes through code that can't be seen, only rounds that append to it themselves
    are sure to leave it as it is. What grows within the text of a message makes another block of
    it each time: a breakpoint behind that block is never read, only one behind earlier messages.
    """
    talk = request.conversation
    if talk is None or not goes_on(request, pair):
        return False
    if any(limit.how == "cookie" for limit in talk.bounded_by) and pair.kind is PairKind.TURN:
        return False  # it stays about as short as what models cache from
    if all(growth.text for growth in talk.grown_by) and not _talk_in_front(request, pair):
        return False
    if (pair.rounds is not None and pair.rounds <= FEW_ROUNDS) or acknowledges(request, pair):
        return False
    here = pair.kind is PairKind.LOOP and any(growth.where == "loop" for growth in talk.grown_by)
    return _stays(request, talk, pair) and (talk.certain or here)


def _talk_in_front(request: Request, pair: Pair) -> bool:
    """Whether earlier messages stand still in front of the one that differs between two calls."""
    return any(block.repeated for block in standing(request, pair))


def standing(request: Request, pair: Pair) -> list[Block]:
    """The blocks of messages in front of the first one that differs between two calls."""
    found: list[Block] = []
    for block in request.blocks:
        if block.place is not Place.MESSAGES:
            continue
        if any(_shaky(request, block, keys, pair) for _, keys in parts_of(block.value)):
            break
        found.append(block)
    return found


def _stays(request: Request, talk: Conversation, pair: Pair) -> bool:
    """Whether earlier messages stay as they are between the calls of a pair.

    What a function does to the list ahead of its loop is done when the rounds begin. What cuts it
    once in a whole window of messages leaves it as it is between most calls.
    """
    rare = {limit.step for limit in talk.bounded_by if limit.rare}
    changes = [step for step in (*talk.rewritten, *talk.slides) if step not in rare]
    if not changes:
        return talk.append_only or bool(talk.rewritten)
    if pair.kind is not PairKind.LOOP or not 0 < pair.depth < len(request.host):
        return False
    inner = max(each.depth for each in request.pairs if each.kind is PairKind.LOOP)
    # Where the head is marked, the few rounds over a window that moves are no defect for sure.
    if pair.depth == inner and not request.breakpoints:
        changes = [step for step in changes if step not in talk.ahead]
    loop, around = request.host[pair.depth], request.host[pair.depth - 1]
    return loop.kind is MarkKind.LOOP and all(
        around.kind is MarkKind.FUNCTION
        and around.span.contains(step.span)
        and step.span.end <= loop.span.start
        for step in changes
    )


def marker_out_of_sight(request: Request, places: tuple[Place, ...]) -> bool:
    """Whether a marker may stand in what couldn't be rebuilt: whole blocks from elsewhere."""
    parts = {
        Place.TOOLS: request.tools,
        Place.SYSTEM: request.system,
        Place.MESSAGES: request.messages,
    }
    if request.unseen:
        return True
    talk = request.conversation
    if talk is not None and (talk.marked or talk.marked_copy) and Place.MESSAGES in places:
        return True  # set in messages after they were made
    if Place.MESSAGES in places and request.names_marker:
        said = (block.value for block in request.blocks if block.place is Place.MESSAGES)
        if request.marks_messages() or any(_marked_inside(each) for each in said):
            return True
    if request.names_marker and any(
        parts[place].is_any(State.UNKNOWN)
        or (parts[place].is_any(State.PARTIAL) and not _any_block(request, place))
        for place in places
    ):
        return True
    body = request.params.get("extra_body")
    if body is not None and any(_may_mark(each) for each in alternatives(body)):
        return True
    return any(_hides(request, block) for block in request.blocks if block.place in places)


def _any_block(request: Request, place: Place) -> bool:
    return any(block.place is place for block in request.blocks)


def _marked_inside(value: Value) -> bool:
    """Whether a block may carry a marker deeper down: on a block of the result of a tool."""
    if isinstance(value, Choice):
        return any(_marked_inside(each.value) for each in value.alternatives)
    if isinstance(value, Repeat):
        return _marked_inside(value.body)
    if isinstance(value, Sequence):
        return any(_marked_inside(item) for item in value.items)
    if isinstance(value, Mapping):
        return value.get("cache_control") is not None or any(
            _marked_inside(entry.value) for entry in value.entries
        )
    return False


def _may_mark(body: Value) -> bool:
    """Whether what is sent besides the parameters may ask for caching."""
    if isinstance(body, Known) and body.value is None:
        return False
    return not isinstance(body, Mapping) or bool(body.open) or body.get("cache_control") is not None


def _hides(request: Request, block: Block) -> bool:
    """Whether a block as a whole comes from somewhere, so that it may be a marked one.

    Code that is here and nowhere writes a marker sets none; messages of a conversation that it
    keeps have passed through it.
    """
    if block.kind == "text" and block.form is not Form.STRING:
        return False  # its text is told apart from its other entries
    if not request.names_marker and block.place is Place.MESSAGES and request.conversation:
        return False
    strangers = None if request.names_marker else _STRANGE
    return any(_whole_from_elsewhere(each, strangers) for each in alternatives(block.value))


#: Entries that hand in what code elsewhere has made.
_STRANGE = ("parameter", "import")


def _whole_from_elsewhere(value: Value, entries: tuple[str, ...] | None) -> bool:
    """Whether a value is made where it can't be seen, at one of ``entries`` if some are given."""
    if isinstance(value, Text):
        return len(value.parts) == 1 and any(
            _whole_from_elsewhere(each, entries) for each in alternatives(value.parts[0])
        )
    if isinstance(value, Repeat):
        return any(_whole_from_elsewhere(each, entries) for each in alternatives(value.body))
    if isinstance(value, Sequence):
        return (bool(value.open) and entries is None) or any(
            _whole_from_elsewhere(item, entries) for item in value.items
        )
    if isinstance(value, Mapping):
        return bool(value.open) and entries is None
    if isinstance(value, Object):
        return True
    if not isinstance(value, Unknown) or value.type == "str":
        return False
    return entries is None or value.entry in entries


# --- what recurs --------------------------------------------------------------------------------


class Head(NamedTuple):
    """What stands in front of the first part of a request that differs between two calls.

    ``blocks`` is the number of whole blocks in it. ``first`` is the part that ends it: None where
    everything is equal, or where it is not sure that what ends it moves. ``settled``: tools and
    system prompt are surely equal.
    """

    extent: Extent
    blocks: int
    first: Moving | None
    behind: Extent  # text written behind ``first``, up to the end of the first message
    settled: bool
    places: frozenset[Place]  # where ``extent`` stands

    @property
    def movable(self) -> Extent:
        """All that could stand in front, if the text were put in order."""
        return self.extent.plus(self.behind)


def head_of(request: Request, pair: Pair) -> Head:
    """What the two calls of a pair surely share, from the first tool on.

    Only what is certain counts as equal: a part that may change, or that nothing is known of, ends
    it, and so does what earlier rounds left in the messages.
    """
    found, behind = Extent(), Extent()
    places: set[Place] = set()
    whole = 0
    first: Moving | None = None
    for index, block in enumerate(request.blocks):
        said = block.place is Place.MESSAGES
        if said and (block.repeated or block.history):
            break
        if first is not None:
            if said and block.message not in (0, None):
                break
            front, more = _cut(request, pair, block)
            behind = behind.plus(_written(block, front)).plus(_written(block, more))
            continue
        front, more = _cut(request, pair, block)
        still = not any(_shaky(request, block, keys, pair) for _, keys in parts_of(block.value))
        if still:
            found = found.plus(extent_of(block.value) if _is_there(block) else _ANY)
            if not said or _is_there(block):
                places.add(block.place)
            whole += 1
            continue
        if _is_there(block):
            found = found.plus(front)
            if front.literal:
                places.add(block.place)
        else:
            found = found.plus(_ANY)
        first = next((p for p in request.moving_parts(pair, index) if _moves_for_sure(p)), None)
        if first is None:
            break  # nothing says that it moves
        behind = _written(block, more)
    fixed = sum(block.place is not Place.MESSAGES for block in request.blocks)
    return Head(found, whole, first, behind, whole >= fixed, frozenset(places))


def _moves_for_sure(part: Moving) -> bool:
    """Whether a part differs each time.

    What code may change at some time needn't, nor does the order of keys that are read one by one
    or in which a server lists what it has.
    """
    return any(
        key.source not in (Source.EVENT, Source.JSON_ORDER) and not _listed_by_server(key)
        for key in part.keys
    )


def _listed_by_server(key: Key) -> bool:
    """Whether a key is the order of what a server lists: none is promised, hardly any changes."""
    return key.source is Source.ORDER and key.ordering is Ordering.SERVER


#: Any length, even none.
_ANY = Extent(0, None)


def _is_there(block: Block) -> bool:
    return not (block.repeated or block.optional)


def _written(block: Block, extent: Extent) -> Extent:
    """As much of a stretch as is written out in the code."""
    if not _is_there(block):
        return Extent()
    return Extent(extent.literal, None, extent.literal, False, extent.foreign)


def _cut(request: Request, pair: Pair, block: Block) -> tuple[Extent, Extent]:
    """Of one block: what surely stands still in front, and the text written behind what doesn't."""
    front, behind = Extent(), Extent()
    ended = False
    for term in [term.value for term in block.terms] or [block.value]:
        for part in _flat(term):
            ended = ended or any(_shaky(request, block, keys, pair) for _, keys in parts_of(part))
            if not ended:
                front = front.plus(extent_of(part))
            elif isinstance(part, Known):
                behind = behind.plus(extent_of(part))
    return front, behind


def _flat(value: Value) -> list[Value]:
    if isinstance(value, Text):
        return [part for inner in value.parts for part in _flat(inner)]
    return [value]


def _shaky(request: Request, block: Block, keys: tuple[Key, ...], pair: Pair) -> bool:
    """Whether a part differs between the calls of a pair, or may: within a conversation only what
    nobody can tell, between conversations also files and the environment.

    Tools may be registered at any time, and are before a conversation begins; a server that is
    asked for them in each round lists the same ones as before.
    """
    if pair.inner and block.place is Place.TOOLS:
        keys = tuple(k for k in keys if k.source is not Source.EVENT and not _listed_by_server(k))
    if moving(keys, pair, request.host):
        return True
    doubted = (Source.UNKNOWN,) if pair.inner else (Source.UNKNOWN, Source.FILE, Source.ENVIRONMENT)
    return any(key.source in doubted and read_anew(key, pair, request.host) for key in keys)


def least_tokens(request: Request, context: Context, extent: Extent) -> int | None:
    """How many tokens a stretch surely has; None unless that is enough for every model.

    A model that nothing is known of is taken to want as much as the most demanding one. A retired
    one has to be replaced before anything is sent: what takes its place says how much is enough.
    """
    most = max(model.min_prefix or 0 for model in context.facts.models.values())
    found: list[int] = []
    for model in (*models_of(request, context), *shipped_models(request, context)):
        low, _ = tokens_of(context, extent, model)
        least = least_of(context, model)
        if low < (most if least is None else least):
            return None
        found.append(low)
    return min(found, default=None)


def long_as_named(request: Request, context: Context, extent: Extent) -> bool:
    """Whether a stretch surely is enough for the models that are named, retired ones included."""
    return all(
        model is None or tokens_of(context, extent, model)[0] >= (model.min_prefix or 0)
        for model in models_of(request, context)
    )


def least_of(context: Context, model: Model | None) -> int | None:
    """From how many tokens on a model caches, None where that isn't known.

    Of a retired one what its replacement asks for counts, if that is known.
    """
    if model is not None and model.status(context.as_of) == "retired":
        model = context.facts.successor(model, context.as_of) or model
    return None if model is None else model.min_prefix


# --- how to mark it -----------------------------------------------------------------------------


def mark_request(request: Request) -> MarkRequest:
    """Automatic caching: the service moves one breakpoint along with the conversation."""
    return MarkRequest(request.site.span)


def begun_by(pair: Pair) -> tuple[Step, ...]:
    """The request in front of a loop, as the steps of a finding."""
    return () if pair.begun is None else (pair.begun,)


def mark_head(request: Request, head: Head) -> MarkBlock | None:
    """A marker at the end of what two calls share, None where no block ends there by itself.

    Only tools and system prompt: what stands in a message is better marked by hand.
    """
    last = None
    for block in request.blocks[: head.blocks]:
        if block.place is not Place.MESSAGES:
            last = block
    if last is None or last.repeated or last.optional:
        return None
    if last.form is Form.STRING:
        if last.text is None or not _never_blank(last.value):
            return None
        return MarkBlock(last.text, last.form.value)
    if last.form not in (Form.DICT, Form.CALL):
        return None
    if last.kind == "text" and not _never_blank(last.value):
        return None
    if isinstance(last.value, Mapping) and last.value.get("defer_loading") is not None:
        return None
    return MarkBlock(last.span, last.form.value)


def _never_blank(value: Value) -> bool:
    if isinstance(value, Known):
        return isinstance(value.value, str) and bool(value.value.strip())
    if isinstance(value, Text):
        return any(_never_blank(part) for part in value.parts)
    if isinstance(value, Choice):
        return bool(value.alternatives) and all(_never_blank(a.value) for a in value.alternatives)
    return False


# --- what it costs ------------------------------------------------------------------------------


def growing_cost(request: Request, context: Context, pair: Pair) -> tuple[float, str]:
    """Cost now over cost with the tail cached, of a conversation whose turns are equally long."""
    from skinflint.cache import ratio

    rounds = pair.rounds or context.calls
    if pair.kind is PairKind.LOOP:  # a cap is hardly ever reached
        rounds = min(pair.at_most or rounds, context.calls)
    model, ttl = _model(request, context), context.facts.cache.ttl_default
    found = ratio.growing(rounds, 0, _A_TURN, model, ttl, context.catalog)
    return round(found.value, 2), f"{rounds} rounds of equal length, each within {_LASTS[ttl]}"


def prefix_cost(request: Request, context: Context, pair: Pair) -> tuple[float, str]:
    """Cost now over cost with the marker, of a prefix that is long enough to be cached."""
    from skinflint.cache import ratio

    calls = pair.rounds or min(pair.at_most or context.calls, context.calls)
    model, ttl = _model(request, context), context.facts.cache.ttl_default
    found = ratio.uncached_vs_cached(calls, model, ttl, context.catalog)
    return round(found.value, 2), f"{calls} calls with this prefix within {_LASTS[ttl]}"


_LASTS = {"5m": "5 minutes", "1h": "an hour"}


def _model(request: Request, context: Context) -> Model | None:
    models = set(models_of(request, context))
    return models.pop() if len(models) == 1 else None


def changes(request: Request, pair: Pair, last: int) -> bool:
    """Whether something in the blocks up to ``last`` differs between the calls of a pair."""
    return any(True for index in range(last + 1) for _ in request.moving_parts(pair, index))
