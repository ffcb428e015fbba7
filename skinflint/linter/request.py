"""A request as it will be sent: the one currency of rules, fixers, reports and the simulator."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

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
    keys_in,
    shared_depth,
)
from skinflint.records import dataclass, field, replace

if TYPE_CHECKING:
    from skinflint.catalog.models import Catalog, Model


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
    """A ``cache_control`` marker; ``block`` is the index of the last block it covers."""

    block: int
    span: Span
    ttl: str = "5m"  # "5m", "1h" or "" when it can't be known
    automatic: bool = False
    optional: bool = False  # on some paths it is not there
    per_item: bool = False  # written by a loop or comprehension, once per block


class Interval(NamedTuple):
    """The time between two requests, as far as the code tells it."""

    seconds: float
    span: Span  # what tells it
    label: str


class FanOut(NamedTuple):
    """Requests that are all started before the first one is answered.

    ``started`` makes them all (``[ask(q) for q in questions]``), ``waited`` waits for them
    (``asyncio.gather(*calls)``); the same span where it is one expression.
    """

    waited: Span
    started: Span
    name: str  # "asyncio.gather()"
    depth: int  # level of the frame that the rounds are


class LostMarker(NamedTuple):
    """A marker of a block whose text is taken out and sent without it.

    ``blocks`` is the expression of the list of blocks where the whole of it became ``text``, and
    putting the one in the place of the other leaves what the model reads as it is.
    """

    marker: Span  # of its value
    text: Span  # the expression that makes a text of the blocks
    how: str  # "joined", "taken out"
    blocks: Span | None = None


#: ``Misplaced.holder`` where the request asks for caching and the method takes no such thing.
REQUEST = "the request"


class Misplaced(NamedTuple):
    """A ``cache_control`` that stands where none is read.

    ``refused``: the API takes no such entry there (400); else it is taken for something else.
    """

    span: Span  # of its value
    holder: str  # "a message", "the source of a block", "the input schema of a tool"
    refused: bool
    optional: bool = False  # on some paths it is not there


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
    #: messages: the history keeps it as it is sent (True), keeps something else (False), None: open
    stored: bool | None = None
    history: bool = False  # messages: what earlier rounds of the conversation appended
    described: tuple[Term, ...] = ()  # tools: what the description is written as


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
    at_most: int | None = None  # LOOP: the trip count that constants and callers come to
    #: RECORD, and LOOP where it counts: no round needs anything of an earlier one (True), some do
    #: (False: ``needs`` says what), None where that can't be told.
    independent: bool | None = None
    needs: tuple[Step, ...] = ()
    side_by_side: bool = False  # RECORD: the calls of several rounds run at the same time
    #: RECORD: where many stored records are read, and what shows that a long run is reckoned with;
    #: () unless both are seen.
    long: tuple[Step, ...] = ()
    retry: bool = False  # LOOP: the rounds are counted as attempts at one reply
    through: bool = False  # LOOP: nothing but its count ends it, and each round sends
    ending: tuple[str, ...] = ()  # LOOP: the tools whose call leaves it
    begun: Step | None = None  # LOOP: the request in front of it whose reply it takes up
    #: LOOP: sent in few of its rounds (once a talk has become long), or few go on (after a pause)
    rare: bool = False

    @property
    def inner(self) -> bool:
        """Whether both calls belong to one conversation: the second sends the first once more."""
        return self.kind in (PairKind.LOOP, PairKind.TURN)

    @property
    def of_an_entry(self) -> bool:
        """Whether they are two calls of one entry: how soon the second comes is not in the code."""
        return self.kind in (PairKind.USER, PairKind.CALLS, PairKind.CONVERSATION)


def moving(keys: tuple[Key, ...], pair: Pair, host: Frame) -> tuple[Key, ...]:
    """Those of ``keys`` that differ between the two calls of ``pair``.

    A source whose frame encloses both calls is the same in both, whatever it is. Only what
    is certain to move is returned: UNKNOWN, FILE and ENVIRONMENT keys never are.
    """
    if pair.kind is PairKind.WORKER:
        return tuple(k for k in keys if k.source is Source.ORDER and k.ordering in _NEW_IN_WORKER)
    return tuple(
        key
        for key in keys
        if (key.source is Source.EVENT or _enters_anew(key, pair, host)) and _moves(key, pair)
    )


def read_anew(key: Key, pair: Pair, host: Frame) -> bool:
    """Whether a source may have been read again between the two calls of ``pair``.

    A source that nothing is known of may be one of the import, but its frame doesn't say so.
    """
    return not key.frame or _enters_anew(key, pair, host)


#: Orders that another process sees differently, however long one process keeps them. A server that
#: is asked once may answer in another order after a restart, but hardly any does.
_NEW_IN_WORKER = (Ordering.PROCESS, Ordering.COMPLETION)


def _enters_anew(key: Key, pair: Pair, host: Frame) -> bool:
    """Whether the source of a key is read anew between the two calls.

    What differs from round to round of a loop is the same rounds again in the next run of it.
    """
    shared = shared_depth(key.frame, host)
    if key.rounds:
        return shared == len(key.frame) == pair.depth + 1
    return shared > pair.depth


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
        Source.PROGRAM,
        Source.EVENT,
    )


def parts_of(value: Value) -> Iterator[tuple[Value, tuple[Key, ...]]]:
    """The leaves of a value in the order the model reads them, each with its keys.

    A Choice yields the leaves of its alternatives, a Repeat itself (how often it repeats) and the
    leaves of its body; an unordered Sequence or Mapping yields itself for its order.
    """
    if isinstance(value, Known):
        yield value, ()
    elif isinstance(value, Unknown):
        yield value, value.keys
    elif isinstance(value, Text):
        for part in value.parts:
            yield from parts_of(part)
    elif isinstance(value, Choice):
        # What decides between branches makes a few variants, each of which is read again; what
        # stands in them is judged itself. Of one content in many orders only the keys are left.
        if value.keys and len(value.alternatives) == 1:
            yield value, value.keys
        for alternative in value.alternatives:
            yield from parts_of(alternative.value)
    elif isinstance(value, Repeat):
        if value.keys:
            yield value, value.keys
        yield from parts_of(value.body)
    elif isinstance(value, Sequence):
        if value.order:
            yield value, value.order
        for item in value.items:
            yield from parts_of(item)
    elif isinstance(value, Mapping):
        if value.order:
            yield value, value.order
        for entry in value.entries:
            yield from parts_of(entry.key)
            yield from parts_of(entry.value)
    elif isinstance(value, Object):
        for _, inner in value.fields:
            yield from parts_of(inner)


class Extent(NamedTuple):
    """A stretch of the prefix that is equal in both calls of a pair.

    ``low`` and ``high`` bound its size in characters (None: no bound), ``literal`` is how much of
    it is written out in the code (``foreign`` of it outside ASCII), ``named`` whether it holds a
    fixed text that is not here (an imported constant, a file).
    """

    low: int = 0
    high: int | None = 0
    literal: int = 0
    named: bool = False
    foreign: int = 0

    def plus(self, other: Extent) -> Extent:
        """Both stretches together."""
        high = None if self.high is None or other.high is None else self.high + other.high
        return Extent(
            self.low + other.low,
            high,
            self.literal + other.literal,
            self.named or other.named,
            self.foreign + other.foreign,
        )

    @property
    def size(self) -> tuple[int, int | None]:
        """In characters: at least, at most."""
        return self.low, self.high

    def tokens(self, catalog: Catalog, model: Model | None) -> tuple[int, int | None]:
        """The same in tokens of a model (None: of any); what is outside ASCII counts as dense."""
        foreign = min(self.foreign, self.low)
        high = None if self.high is None else max(self.high - foreign, 0)
        low_plain, high_plain = catalog.tokens(self.low - foreign, high, model)
        low_dense, high_dense = catalog.tokens(foreign, foreign, model, dense=True)
        if high_plain is None or high_dense is None:
            return low_plain + low_dense, None
        return low_plain + low_dense, high_plain + high_dense


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

    ``front`` is what stands in front of the first moving part and is saved by no earlier
    breakpoint, ``prefix`` all that stands in front of it; ``behind`` is what stands between that
    part and the breakpoint without moving.
    ``same_block``: some of ``front`` stands in the same block. Everything that moves behind an
    earlier breakpoint and in front of this one is in ``parts``.
    """

    pair: Pair
    breakpoint: Breakpoint
    parts: tuple[Moving, ...]  # in prefix order, all in front of the breakpoint, never empty
    front: Extent
    behind: Extent
    prefix: Extent
    same_block: bool
    loses_tail: bool  # what follows would have been read by this pair: history, later blocks

    @property
    def first(self) -> Moving:
        """The part at which the two calls diverge."""
        return self.parts[0]


class Variation(Enum):
    """Between which calls a part changes, the rarest change first."""

    LITERAL = "literal"  # written in the code
    IMPORT = "import"  # fixed when the module is imported, or by the deployment
    OBJECT = "object"  # fixed when an object is made
    UNKNOWN = "unknown"
    ENTITY = "entity"  # user, tenant, document, row
    TURN = "turn"
    CALL = "call"


class Leaf(NamedTuple):
    """One thing that a part is made of: a literal (no reason), or a hole and where it ends."""

    span: Span
    reason: str = ""
    entry: str = ""  # the kind of entry it ends at (``values.ENTRIES``), or why at none
    variation: Variation = Variation.LITERAL
    keys: tuple[Key, ...] = ()
    made_of: tuple[Object, ...] = ()  # objects that show in a hole


@dataclass(frozen=True, slots=True)
class Part:
    """How well one part of a request is known, and between which calls it changes.

    ``reason`` is why it isn't known (of a traced part: where its first hole ends). Two parts that
    are known equally well are equal, whatever they are made of.
    """

    state: State
    reason: str = ""
    variation: Variation = Variation.UNKNOWN
    leaves: tuple[Leaf, ...] = field(default=(), compare=False, repr=False)
    left_out: int = field(default=0, compare=False, repr=False)  # leaves that are not kept
    #: the states it may turn out to have, while nobody has asked; see ``later``
    may_be: tuple[State, ...] = field(default=(), compare=False, repr=False)
    judged: Callable[[], Part] | None = field(default=None, compare=False, repr=False)

    @staticmethod
    def later(judged: Callable[[], Part], *may_be: State) -> Part:
        """A part that is judged when somebody asks for more than which state it is not.

        To follow its holes into the rest of the project costs more than all else that is known of
        it, and most rules can do without.
        """
        part: Part = object.__new__(Part)
        object.__setattr__(part, "may_be", may_be)
        object.__setattr__(part, "judged", judged)
        return part

    def is_any(self, *states: State) -> bool:
        """Whether its state is one of these; it is judged only if that hangs on it."""
        if self.may_be:
            outcomes = {state in states for state in self.may_be}
            if len(outcomes) == 1:
                return outcomes.pop()
        return self.state in states

    def settle(self) -> None:
        """Judge it now: what it is made of can't be followed any more when the run is over."""
        if self.may_be and self.judged is not None:
            settled = self.judged()
            for name in ("state", "reason", "variation", "leaves", "left_out"):
                object.__setattr__(self, name, getattr(settled, name))
            object.__setattr__(self, "may_be", ())
            object.__setattr__(self, "judged", None)

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> object:
            """A field of a part that is judged later."""
            if name.startswith("_") or name in ("may_be", "judged") or not self.may_be:
                raise AttributeError(name)
            self.settle()
            return object.__getattribute__(self, name)


class Home(Enum):
    """Where a list of messages lives between two requests."""

    LOCAL = "local"  # a local of the function that runs the loop, or of one of its callers
    ATTRIBUTE = "attribute"  # of an object: ``self.messages``
    GLOBAL = "global"  # a name of a module
    SESSION = "session"  # a session store of a framework: ``st.session_state``
    DATABASE = "database"  # queried anew for each request
    PARAMETER = "parameter"  # handed in by code that isn't here


class Limit(NamedTuple):
    """One place that keeps a conversation from growing for ever.

    ``how``: "slice", "maxlen", "pop", "delete", "clear", "trim", "fresh-list", "query-limit",
    "summary", "context-management", "compaction", "server-thread", "budget", "cookie",
    "thinned", "concluded" and "used-up" bound its size; "stop" and "max-iterations" end the loop
    that makes it grow.
    """

    span: Span
    how: str
    step: Step
    #: It comes once in a whole window of messages, and leaves them as they are until then.
    rare: bool = False

    @property
    def ends_loop(self) -> bool:
        """Whether it bounds the number of rounds rather than the size."""
        return self.how in ("stop", "max-iterations")


class Growth(NamedTuple):
    """One place that makes a conversation longer, and one reason why it is come to again.

    ``how``: "append", "extend", "insert", "concatenation", "helper" (in a function that doesn't
    send), "runner". ``where``: what repeats it: "loop" (a tool loop, records), "turns" (a loop in
    which somebody answers), "recursion", "method" (each call of a function that outlives it),
    "handler", "session". A place may grow for two reasons: in the tool loop and from turn to turn.
    """

    span: Span
    how: str
    where: str
    step: Step  # the same for people: "grows here, in the loop at line 12"
    ends: Limit | None = None  # what ends that loop after a number of rounds
    text: bool = False  # it is a part of the text of a message that grows, not the list of them
    said: bool = False  # of what turns add: it is lines of text, no results of tools


class Edited(NamedTuple):
    """One place that changes messages which were sent before.

    ``how``: "age" (an old message is changed, the newer ones wait for it), "front" (one is put in
    front of all). ``where``: what comes to it again and again: as in ``Growth``.
    """

    step: Step
    how: str
    where: str


class KeptMarker(NamedTuple):
    """A cache marker that is set in a message which the conversation keeps.

    ``newest``: on another message each time; ``first``: always on those that the list begins with.
    ``most``: after so many of them no more are set, or the later ones are taken away; None: nothing
    counts them. ``once``: the loops of the function that sets it are not gone while it is set.
    ``rounds``: after so many the code in front of it goes another way; None: nothing counts them.
    """

    span: Span  # of its value
    newest: bool
    first: bool = False
    most: int | None = None
    once: bool = False
    rounds: int | None = None


@dataclass(frozen=True, slots=True)
class Conversation:
    """The lineage of the list of messages that a request sends: H' = f(H) + new.

    None in its place means that the messages are made for this one call. ``certain`` is False when
    the list goes through code that could not be followed: it may be bounded there.
    """

    home: Home
    born: Span | None  # where the list is first bound, None when that isn't here
    grown_by: tuple[Growth, ...] = ()
    bounded_by: tuple[Limit, ...] = ()
    #: Earlier messages stay as they are, new ones come behind; False: ``rewritten`` says where.
    append_only: bool = True
    rewritten: tuple[Step, ...] = ()
    #: Every message is kept byte for byte as it was sent; None: can't be told.
    sent_equals_stored: bool | None = None
    #: What is sent slides: the oldest messages are dropped for each call once it is full.
    slides: tuple[Step, ...] = ()
    certain: bool = True
    #: Those of ``rewritten`` and ``slides`` that are done before the innermost loop or after it.
    ahead: tuple[Step, ...] = ()
    #: What changes messages that the call before has sent, each time and not once in a while.
    edits: tuple[Edited, ...] = ()
    #: Markers that code sets in its messages after they were made.
    marked: tuple[KeptMarker, ...] = ()
    #: Some code that it runs through takes markers away.
    cleaned: bool = False
    #: Markers are set in the copy of it that is sent.
    marked_copy: bool = False
    #: A command that somebody types begins it anew.
    by_hand: bool = False
    #: One that somebody types puts a shorter account in its place.
    condensed: bool = False
    #: What it is sent by adds nothing to it: a summary, a title, some other thing asked about it.
    aside: bool = False

    @property
    def grows(self) -> bool:
        """Whether something is seen to make it longer."""
        return bool(self.grown_by)

    @property
    def bounded(self) -> bool:
        """Whether something keeps it from growing for ever: its size, or each loop's rounds."""
        if any(not limit.ends_loop for limit in self.bounded_by):
            return True
        return self.grows and all(growth.ends is not None for growth in self.grown_by)

    @property
    def uncapped(self) -> bool:
        """Whether it grows in rounds that nothing ends but the model."""
        return any(
            g.where in ("loop", "recursion") and g.ends is None and not g.text
            for g in self.grown_by
        )

    @property
    def lasting(self) -> tuple[Growth, ...]:
        """Where it grows from one question to the next, not just while one is answered."""
        return tuple(
            g for g in self.grown_by if g.where in ("turns", "method", "handler", "session")
        )

    @property
    def served(self) -> bool:
        """Whether what comes back with one question after the other is here to see.

        A loop in which somebody answers, a handler, a session, or a list that lives as long as the
        process or longer; not just a method that outlives one question, which its callers may call
        once, or for a new object each time.
        """
        return any(
            g.where in ("turns", "handler", "session")
            or (g.where == "method" and self.home in (Home.GLOBAL, Home.DATABASE))
            for g in self.grown_by
        )


@dataclass(frozen=True, slots=True)
class Rounds:
    """The loop that sends a request again with the results of the tools the model asked for.

    ``ends`` are the places at which the model's own word ends it: it asks for no tool any more.
    ``limits`` is whatever else may end it, a person who is asked in each round among it.
    ``certain`` is False where the loop goes through code that could not be followed.
    """

    loop: Span  # the whole loop, or the call that makes a runner
    head: Span  # its first line as far as the colon
    how: str  # "loop", "runner"
    ends: tuple[Step, ...] = ()
    limits: tuple[Step, ...] = ()
    certain: bool = True

    @property
    def capped(self) -> bool:
        """Whether anything but the model may end it."""
        return bool(self.limits)


class Repeats(Enum):
    """How often a request is sent."""

    ONCE = "once"  # per start of the program
    LOOP = "loop"  # rounds of a loop: a tool loop, a loop over records
    TURNS = "turns"  # a loop in which somebody answers
    REQUEST = "request"  # per web request, message of a bot, or task of a queue
    SCHEDULED = "scheduled"
    OBJECT = "object"  # per use of an object or function whose callers are not here
    RECURSION = "recursion"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Repetition:
    """How often a request is sent, with the evidence for it in the code.

    ``trips`` is the number of rounds where it is literal. ``waiting``: somebody waits for the
    reply (a web request, a chat, a prompt on a terminal); None when that can't be told. ``shared``:
    nobody waits for it here, and the same code sends another one for which somebody does.
    """

    kind: Repeats = Repeats.UNKNOWN
    evidence: tuple[Step, ...] = ()
    trips: int | None = None
    waiting: bool | None = None
    shared: bool = False


class JsonText(NamedTuple):
    """A call that writes JSON into a prompt, laid out for people."""

    call: Span
    block: int  # index into Request.blocks
    writer: str  # as the code names it: "json.dumps"
    keyword: str  # what lays it out
    compact: str  # what the call takes in its place, "" for nothing
    other_use: str  # what else may read the text, "" where nothing does
    lines: int | None  # that it takes at most, None where any number may come
    seen: int  # that the code shows it to take


class Retry(NamedTuple):
    """What sends a request again because it failed, and ends on nothing but success.

    ``kind``: "failure" (without an end), "cut-off" (a reply that was cut off is asked for again, as
    often as may be, with the cap that cut it).
    """

    kind: str
    span: Span  # the whole loop, or the decorator
    head: Span  # its first line, or the test that sees it
    steps: tuple[Step, ...] = ()
    library: str = ""  # of the decorator
    keyword: str = ""  # of the decorator: what would end it and takes a number
    stop: str = ""  # of the decorator: what ends it as people write it
    counter: str = ""  # the name that counts the rounds from zero
    rounds: int | None = None  # how many there are at most


class Intake(NamedTuple):
    """Something that comes into a message from outside, and nobody knows how much of it.

    ``kind``: "file", "http" (a page), "process" (what a program prints), or "base64": bytes that
    are written as text. ``short``: 0 all of it, 1 only where it is short enough, 2 cut.
    """

    kind: str
    name: str
    span: Span
    trail: tuple[Step, ...]  # from there to the message
    short: int = 0
    media: str = ""  # of base64: the type that a data URL in front of it names


class Fork(NamedTuple):
    """A request that caches the conversation which this one sends behind another prefix."""

    site: Span
    differs: tuple[str, ...]  # "tools", "system"


class Awaited(NamedTuple):
    """Two statements that each await a request, of which the second doesn't need the first."""

    first: Span
    second: Span
    step: Step


class Content(NamedTuple):
    """The content of one message as written, and what comes into it."""

    block: int
    span: Span
    intakes: tuple[Intake, ...]
    is_text: bool  # it is a str whatever branch is taken


class Use(Enum):
    """What the reply of a request is used for."""

    LABEL = "label"
    EXTRACTION = "extraction"
    ROUTING = "routing"
    TITLE = "title"
    JUDGEMENT = "judgement"
    TRANSLATION = "translation"
    SUMMARY = "summary"
    OPEN_ANSWER = "open-answer"
    AGENT_LOOP = "agent-loop"
    UNKNOWN = "unknown"


class Signal(NamedTuple):
    """One reason to think that a request is made for some task, strongest kinds first.

    ``kind``: "schema" (output format or forced tool), "compared" (what is done with the reply),
    "parsed", "indexed", "shown" (to somebody, or returned as it is), "max-tokens", "stop-sequence",
    "tools", "name" (of function, variable or constant), "class" (the name of the one it is sent
    in), "prompt" (words of it: the weakest).
    A ``use`` of UNKNOWN tells how large the reply is, not what for.
    """

    kind: str
    use: Use
    span: Span
    says: str  # "the reply is compared with 'yes' in line 12"
    above: bool = False  # seen in a caller: it is true for this chain of callers alone
    whole: bool = False  # the reply is read as that and nothing else: all of its text has to be it


@dataclass(frozen=True, slots=True)
class Task:
    """What a request is made for, as far as the code around it tells."""

    use: Use = Use.UNKNOWN
    signals: tuple[Signal, ...] = ()
    #: what shows that all that is taken of the reply is one of few answers, a number, or words
    #: that explain it; None where there may be more in it
    closed: Signal | None = None


@dataclass(frozen=True, slots=True)
class Site:
    """Where a request is sent."""

    span: Span  # the whole call
    function: str  # qualified name of the enclosing function, "" at module level
    surface: str  # "anthropic", "litellm", "bedrock", "http"
    method: str  # "messages.create", "beta.messages.tool_runner", "messages.batches.create", ...
    platform: Platform
    client: str = ""  # qualified name of the client class
    through: str = ""  # qualified name of the user's own function that sends it, by configuration

    @property
    def by_sdk(self) -> bool:
        """Whether the SDK sends it: what it adds or refuses, and its shape, are known."""
        return self.surface == "anthropic"


@dataclass(frozen=True, slots=True)
class ModelRef:
    """One model id the request may use, and where it is written."""

    id: str
    span: Span  # of the literal
    platform_id: bool = False  # a partner cloud's form of the id
    trail: tuple[Step, ...] = ()
    default_of: str = ""  # "environment variable MODEL" when it is only a default
    comment: str = ""  # what comments beside and right above it say
    named: str = ""  # the member of a class, or the key of a table, that it is the value of
    set_in: str = ""  # "config.json:3": names it in the place of the literal, a fallback
    overridden: bool = False  # a default that whoever makes the class leaves out of use
    behind: tuple[str, ...] = ()  # what is sent in its place, unless that fails or is taken out
    platform: Platform | None = None  # who is sent it, where clients of several may send it


class Written(NamedTuple):
    """Where the value of an argument is written; ``always``: every path sends it."""

    span: Span
    always: bool


class Priced(NamedTuple):
    """A calculation that puts a price on the input tokens of a reply.

    ``span`` is the whole of it, ``tokens`` where the number stands in it. ``usage`` is the usage
    that the number was taken from, where the same function still has it under that expression.
    ``sum``: what was read from the cache and written to it has been added to the number before.
    """

    span: Span
    tokens: Span
    steps: tuple[Step, ...]
    function: str
    usage: Span | None = None
    sum: bool = False


class Usage(NamedTuple):
    """What is done with the counts of tokens that come with a reply.

    ``priced`` are calculations in functions that know nothing of the cache; ``twice`` those that
    price what they know of it a second time. ``taken`` are differences that take what the cache
    holds out of the input, which has none of it.
    """

    priced: tuple[Priced, ...] = ()
    twice: tuple[Priced, ...] = ()
    taken: tuple[Priced, ...] = ()
    read: tuple[Span, ...] = ()  # where something of it is read
    handed_on: bool = True  # the reply leaves for code that isn't followed
    #: the statement that gives the reply a name, and that name; None where it has none
    bound: tuple[Span, str] | None = None
    #: whether some file of the project reads usage, or is set up to record it
    recorded: Callable[[], bool] = bool


class Refusal(NamedTuple):
    """Why the method of the SDK takes no keyword of some name: calling it with one raises.

    ``gone`` is the version from which on it takes none any more, "" where it never did;
    ``pinned`` what the project requires, "" where that doesn't matter; ``takers`` are the methods
    that do take it.
    """

    gone: str = ""
    pinned: str = ""
    takers: tuple[str, ...] = ()


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
    #: "model", "tools": what decides which of several it is
    deciding: dict[str, tuple[Key, ...]] = field(default_factory=dict)
    chain: tuple[Step, ...] = ()  # the calls that lead from the entry to the site
    multi_turn: bool = False  # the messages carry a history that grows or is handed in
    conversation: Conversation | None = None  # None: the messages are made for this one call
    repetition: Repetition = Repetition()
    rounds: Rounds | None = None  # None: no loop sends results of tools back
    task: Task = Task()
    in_test: bool = False  # the file is a test
    probed: bool = False  # a loop asks one model after the other, whatever becomes of each
    anew: bool = False  # it is sent only where a reply was cut off, or paused
    rejection_awaited: bool = False  # its reply is left, and that it is rejected is caught
    foreseen: frozenset[str] = frozenset()  # words that are looked for where it is rejected
    #: the function that is handed its messages may send them to another maker's model
    for_others_too: bool = False
    reply_unread: bool = False  # the first reply raises where it is read: there is no second call
    unseen: str = ""  # why some arguments of the call can't be seen, "" where all can
    lacking: tuple[str, ...] = ()  # keywords without which the SDK raises
    misplaced: tuple[Misplaced, ...] = ()  # markers that are no breakpoints
    lost: tuple[LostMarker, ...] = ()  # of the system prompt
    interval: Interval | None = None  # None: not told, or nothing is cached
    fan_out: FanOut | None = None  # None: one after the other, or nothing is cached
    company: tuple[Span, ...] = ()  # other requests of the file that may read what it has cached
    #: whether the method takes a top-level ``cache_control`` in every SDK version that may be
    #: installed; asked for, as what a project requires is read for that alone
    accepts_automatic: Callable[[], bool] = field(default=lambda: True, repr=False, compare=False)
    #: the calls that lay JSON out for people in what it says
    json_texts: Callable[[], tuple[JsonText, ...]] = field(
        default=lambda: (), repr=False, compare=False
    )
    #: what sends it again because it failed
    retries: Callable[[], tuple[Retry, ...]] = field(default=lambda: (), repr=False, compare=False)
    forks: tuple[Fork, ...] = ()  # requests of this file whose cached conversation it sends too
    bare: bool = False  # its function has sent the same conversation with tools, this has none
    #: cuts of the conversation that count messages and don't look at what they are
    blind_cuts: Callable[[], tuple[Span, ...]] = field(
        default=lambda: (), repr=False, compare=False
    )
    #: another request that is awaited right behind it and could run beside it
    awaited: Callable[[], Awaited | None] = field(default=lambda: None, repr=False, compare=False)
    #: what comes into the messages from outside; followed back when a rule asks
    contents: Callable[[], tuple[Content, ...]] = field(
        default=lambda: (), repr=False, compare=False
    )
    #: each argument by name, those that stand in ``params`` among them
    written: dict[str, Written] = field(default_factory=dict, repr=False, compare=False)
    #: the SDK version that is required where none that may be installed has the method, else ""
    lacked: Callable[[], str] = field(default=lambda: "", repr=False, compare=False)
    #: why the method takes no keyword of that name, None where it does or where it can't be told
    refuses: Callable[[str], Refusal | None] = field(
        default=lambda _: None, repr=False, compare=False
    )
    #: what becomes of the usage that comes with the reply; followed when asked for
    usage: Callable[[], Usage] = field(default=Usage, repr=False, compare=False)
    #: whether the SDK surely is of that version or newer (True where no version is required)
    sdk_since: Callable[[str], bool] = field(default=lambda _: True, repr=False, compare=False)
    #: whether the server that is asked is an Ollama of this machine
    local: bool = False
    #: whether the client surely waits as long as the SDK does by itself: nobody sets a timeout
    waits_by_default: Callable[[], bool] = field(default=lambda: False, repr=False, compare=False)
    #: whether nothing in the project runs it, nor what is written at a place if one is named
    unused: Callable[[Span | None], bool] = field(
        default=lambda _: False, repr=False, compare=False
    )
    #: whether it goes to another maker's model unless somebody chooses Claude
    spare: Callable[[], bool] = field(default=lambda: False, repr=False, compare=False)
    #: where a file lies in its project
    within: Callable[[str], str] = field(default=lambda path: path, repr=False, compare=False)
    #: whether nothing but a program sends it that is run by hand, in a project that is deployed
    by_hand: Callable[[], bool] = field(default=lambda: False, repr=False, compare=False)
    #: whether what is written at a place is hardly ever sent: all callers hand in something else,
    #: or it is part of a study that is done, or of programs that are run by hand
    seldom: Callable[[Span], bool] = field(default=lambda _: False, repr=False, compare=False)
    #: a module it is made in writes ``cache_control`` somewhere, wherever that ends up
    names_marker: bool = True
    #: whether a function that the messages pass through writes a marker, wherever that ends up
    marks_messages: Callable[[], bool] = field(default=lambda: False, repr=False, compare=False)
    #: whether code asks about the text of a block (where it is written) before it is marked
    asked_about: Callable[[Span, Span], bool] = field(
        default=lambda block, marker: False, repr=False, compare=False
    )
    #: whether a text (where it is written) is what an attribute begins with that others set
    set_later: Callable[[Span], bool] = field(default=lambda _: False, repr=False, compare=False)
    #: what files of settings of the project say for the variables that the model is read from
    shipped: Callable[[], tuple[str, ...]] = field(default=lambda: (), repr=False, compare=False)
    #: the same for the variable that one id is the default of
    given: Callable[[ModelRef], tuple[str, ...]] = field(
        default=lambda _: (), repr=False, compare=False
    )
    #: the lines that name one of some words (in lower case): of documents of the project, and of
    #: comments and docstrings in the files that the request and its models are written in
    said_of: Callable[[tuple[str, ...]], tuple[str, ...]] = field(
        default=lambda _: (), repr=False, compare=False
    )
    #: the same call as other chains of callers send it, this one among them
    kin: Callable[[], tuple[Request, ...]] = field(default=lambda: (), repr=False, compare=False)
    #: what other calls of the file send that may have a marker of it, as it stands in a helper
    sharing: Callable[[], tuple[Request, ...]] = field(
        default=lambda: (), repr=False, compare=False
    )

    def settle(self) -> None:
        """Judge its parts: they can't be followed any more when other requests are looked at."""
        for part in (self.model, self.tools, self.system, self.messages):
            part.settle()

    def whoever_calls(self, point: Breakpoint) -> tuple[Request, ...]:
        """This request, and all others of this call and of others that have the same breakpoint."""
        others = (
            each
            for each in (*self.kin(), *self.sharing())
            if any(p.span == point.span for p in each.breakpoints)
        )
        return tuple(others) or (self,)

    @property
    def has_unknown(self) -> bool:
        """Whether nothing is known of some part, so that rules are silent about it."""
        parts = (self.model, self.tools, self.system, self.messages)
        return bool(self.unseen) or any(part.is_any(State.UNKNOWN) for part in parts)

    @property
    def automatic(self) -> Breakpoint | None:
        """The automatic breakpoint, if the request asks for one."""
        return next((b for b in self.breakpoints if b.automatic), None)

    @property
    def handed_in(self) -> frozenset[Span]:
        """Where the list of messages as a whole is born, where code that isn't here keeps it."""
        born: set[Span] = set()
        if self.conversation is None or self.conversation.home is not Home.PARAMETER:
            return frozenset()  # the messages are made here, of whatever else is handed in
        for block in self.blocks:
            if block.place is Place.MESSAGES:
                if block.repeated or block.history or isinstance(block.value, Unknown):
                    born.update(key.span for key in keys_in(block.value))
        return frozenset(born)

    @property
    def caches_messages(self) -> bool:
        """Whether a breakpoint covers messages: one of theirs, or the automatic one."""
        return any(
            point.automatic or self.blocks[point.block].place is Place.MESSAGES
            for point in self.breakpoints
            if 0 <= point.block < len(self.blocks)
        )

    def breaks(self) -> Iterator[Break]:
        """Every (pair, breakpoint) at which the cache can't be read, in order of pairs.

        Within a conversation each breakpoint with a moving part of its own is told. Between
        conversations only the first is: behind it nothing can be equal again. What moves because
        it is new (the newest turn, the history of somebody else) is no break.
        """
        for pair in self.pairs:
            yield from self._breaks(pair)

    def after(self, brk: Break, count: int) -> Break | None:
        """The same break if its first ``count`` parts were gone; None when nothing is left."""
        if count >= len(brk.parts):
            return None
        first = brk.parts[count]
        start = max(
            (p.block + 1 for p in self.breakpoints if p.block < brk.breakpoint.block), default=0
        )
        gone = {(part.block, part.term) for part in brk.parts[:count]}
        still = Extent()
        for index in range(start, first.block + 1):
            block = self.blocks[index]
            if index < first.block and not any(at == index for at, _ in gone):
                still = still.plus(self._whole(block))
                continue
            for number, value in enumerate(self._values(index)):
                if index == first.block and first.term is not None and number >= first.term:
                    break
                if (index, number) not in gone and not self._moves(value, brk.pair):
                    still = still.plus(extent_of(value))
        return replace(
            brk,
            parts=brk.parts[count:],
            front=still,
            behind=self._behind(brk.pair, first, brk.breakpoint),
            prefix=brk.prefix.plus(still),
        )

    def moving_parts(self, pair: Pair, block: int) -> Iterator[Moving]:
        """The parts of one block that differ between the calls of ``pair``, in order."""
        this = self.blocks[block]
        if this.terms:
            for index, term in enumerate(this.terms):
                for value, keys in parts_of(term.value):
                    moved = moving(keys, pair, self.host)
                    if moved:
                        yield Moving(block, value, moved, index)
            return
        for value, keys in parts_of(this.value):
            moved = moving(keys, pair, self.host)
            if moved:
                yield Moving(block, value, moved)

    def extent(self, last: int) -> Extent:
        """The size of everything up to and with block ``last``."""
        found = Extent()
        for block in self.blocks[: last + 1]:
            found = found.plus(self._whole(block))
        return found

    def size(self, place: Place) -> Extent:
        """The size of all blocks of one place; no bound where none of them is seen."""
        found = Extent()
        part: Part = getattr(self, place.value)
        if part.is_any(State.UNKNOWN, State.PARTIAL, State.TRACED):
            if not any(block.place is place for block in self.blocks):
                return Extent(0, None)
        for block in self.blocks:
            found = found.plus(self._whole(block)) if block.place is place else found
        return found

    def position(self, block: int) -> tuple[Place, int]:
        """The place of a block, and which one of that place it is."""
        place = self.blocks[block].place
        return place, sum(1 for other in self.blocks[:block] if other.place is place)

    def divergence(self, pair: Pair) -> Moving | None:
        """The first part that differs between the calls of ``pair``.

        None where nothing does but what is new by nature: within a conversation, what is said.
        """
        for index, block in enumerate(self.blocks):
            if pair.inner and block.place is Place.MESSAGES and (block.history or block.stored):
                continue
            for part in self.moving_parts(pair, index):
                if not self._said(pair, part):
                    return part
        return None

    def front(self, pair: Pair, first: Moving) -> Extent:
        """What stands in front of the first part that differs, and is equal in both calls."""
        return self._front(pair, 0, first)

    def complete(self, places: Collection[Place]) -> bool:
        """Whether all blocks of these places are among ``blocks``, none left unseen."""
        parts = {
            Place.TOOLS: self.tools,
            Place.SYSTEM: self.system,
            Place.MESSAGES: self.messages,
        }
        return not any(parts[place].is_any(State.UNKNOWN, State.PARTIAL) for place in places)

    @property
    def brings_tools(self) -> bool:
        """Whether it may bring tools: not where there are none, nor where their list is empty."""
        if self.tools.is_any(State.ABSENT):
            return False
        return not self.tools.is_any(State.KNOWN) or any(
            block.place is Place.TOOLS for block in self.blocks
        )

    def newest_turn(self) -> Block | None:
        """The text block of the user that a request ends with, None where it isn't to be seen."""
        for block in reversed(self.blocks):
            if block.place is not Place.MESSAGES:
                return None
            if block.role == "user" and block.kind == "text" and not block.repeated:
                return block if block.last_message or block.last else None
            if not block.optional:
                return None
        return None

    def _breaks(self, pair: Pair) -> Iterator[Break]:
        points = sorted(
            (p for p in self.breakpoints if 0 <= p.block < len(self.blocks)),
            key=lambda p: (p.block, p.automatic),
        )
        start = 0  # the first block that no earlier breakpoint covers
        for place, point in enumerate(points):
            parts: list[Moving] = []
            natural = False  # something moves that is new by nature
            for index in range(start, point.block + 1):
                moved = tuple(p for p in self.moving_parts(pair, index) if not self._said(pair, p))
                if moved and self._is_new(pair, point, index):
                    natural = True
                    if not pair.inner:
                        break
                    continue
                parts.extend(moved)
            if parts:
                later = place + 1 < len(points)
                first = parts[0]
                yield Break(
                    pair,
                    point,
                    tuple(parts),
                    self._front(pair, start, first),
                    self._behind(pair, first, point),
                    self._front(pair, 0, first),
                    self._starts_still(pair, first),
                    pair.inner and (later or point.automatic or point.block > first.block),
                )
            if not pair.inner and (parts or natural):
                return
            start = max(start, point.block + 1)

    def _said(self, pair: Pair, part: Moving) -> bool:
        """Whether a part of a message is what somebody says in this conversation: always new."""
        return (
            pair.inner
            and self.blocks[part.block].place is Place.MESSAGES
            and all(key.source in (Source.TURN, Source.CALL) for key in part.keys)
        )

    def _is_new(self, pair: Pair, point: Breakpoint, index: int) -> bool:
        """Whether a moving block is new by nature rather than changed between the calls."""
        block = self.blocks[index]
        if block.place is not Place.MESSAGES:
            return False
        newest = block.last_message or block.last
        if pair.inner:
            return newest or block.repeated or bool(block.stored)
        marked = self.blocks[point.block]
        if point.automatic or block.repeated or (marked.last and marked.place is Place.MESSAGES):
            return True
        return newest and not self._more_behind(point.block)

    def _more_behind(self, index: int) -> bool:
        """Whether other blocks of the same message surely stand behind a block."""
        here = self.blocks[index]
        return any(
            other.place is Place.MESSAGES
            and not other.optional
            and (other.message == here.message if other.message is not None else other.last_message)
            for other in self.blocks[index + 1 :]
        )

    def _front(self, pair: Pair, start: int, first: Moving) -> Extent:
        found = Extent()
        for index in range(start, first.block):
            found = found.plus(self._whole(self.blocks[index]))
        return found.plus(self._inside(pair, first))

    def _inside(self, pair: Pair, first: Moving) -> Extent:
        """What stands in front of a moving part in its own block."""
        return still_head(self._values(first.block), lambda keys: bool(self._moved(keys, pair)))

    def _starts_still(self, pair: Pair, first: Moving) -> bool:
        return self._inside(pair, first).low > 0 or self._inside(pair, first).named

    def _behind(self, pair: Pair, first: Moving, point: Breakpoint) -> Extent:
        found = Extent()
        values = self._values(first.block)
        if self.blocks[first.block].terms and first.term is not None:
            found = found.plus(self._behind_in(values[first.term], pair))
            for value in values[first.term + 1 :]:
                if not self._moves(value, pair):
                    found = found.plus(extent_of(value))
        else:
            seen = False
            for value in values:
                moves = self._moves(value, pair)
                if moves and not seen:
                    found = found.plus(self._behind_in(value, pair))
                elif seen and not moves:
                    found = found.plus(extent_of(value))
                seen = seen or moves
        for index in range(first.block + 1, point.block + 1):
            block = self.blocks[index]
            if not any(True for _ in self.moving_parts(pair, index)):
                found = found.plus(self._whole(block))
        return found

    def _behind_in(self, value: Value, pair: Pair) -> Extent:
        """What stands behind the first moving part of one term and doesn't move.

        Of the alternatives of a Choice in which something moves the one with the most counts.
        """
        found = Extent()
        seen = False
        if isinstance(value, Choice) and not self._moved(value.keys, pair):
            moved = [a.value for a in value.alternatives if self._moves(a.value, pair)]
            behind = (self._behind_in(each, pair) for each in moved)
            return max(behind, key=lambda extent: extent.low, default=found)
        for part in value.parts if isinstance(value, Text) else ():
            if not self._moves(part, pair):
                found = found.plus(extent_of(part)) if seen else found
            elif not seen:
                seen = True
                found = found.plus(self._behind_in(part, pair))
        return found

    def _moves(self, value: Value, pair: Pair) -> bool:
        return any(self._moved(keys, pair) for _, keys in parts_of(value))

    def _moved(self, keys: tuple[Key, ...], pair: Pair) -> tuple[Key, ...]:
        return moving(keys, pair, self.host)

    def _values(self, block: int) -> tuple[Value, ...]:
        this = self.blocks[block]
        if this.terms:
            return tuple(term.value for term in this.terms)
        return this.value.parts if isinstance(this.value, Text) else (this.value,)

    def _whole(self, block: Block) -> Extent:
        found = extent_of(block.value)
        if block.repeated:
            return Extent(0, None, 0, found.named or found.literal > 0)
        return found._replace(low=0) if block.optional else found


#: Kinds of entry that stand for a text of substance which is not in the project's code.
_TEXT_ENTRIES = ("import", "file", "template")


def extent_of(value: Value) -> Extent:
    """The size of a value that doesn't move, and how much of it is written out here."""
    low, high = chars_of(value)
    literal = foreign = 0
    named = False
    for leaf, keys in parts_of(value):
        if isinstance(leaf, Known) and isinstance(leaf.value, str):
            literal += len(leaf.value.strip())
            foreign += 0 if leaf.value.isascii() else sum(not c.isascii() for c in leaf.value)
        elif isinstance(leaf, Unknown) and leaf.entry in _TEXT_ENTRIES and leaf.chars[1] is None:
            named = named or not any(key.source is Source.UNKNOWN for key in keys)
    if isinstance(value, Choice):
        literal = min((extent_of(a.value).literal for a in value.alternatives), default=0)
    return Extent(low, high, literal, named, foreign)


def still_head(values: Iterable[Value], moves: Callable[[tuple[Key, ...]], bool]) -> Extent:
    """What stands in front of the first part that moves, in values read one after the other.

    Of the alternatives of a Choice the one with the longest still head counts.
    """
    return _still_head(values, moves)[0]


def _still_head(
    values: Iterable[Value], moves: Callable[[tuple[Key, ...]], bool]
) -> tuple[Extent, bool]:
    found = Extent()
    for value in values:
        if not any(moves(keys) for _, keys in parts_of(value)):
            found = found.plus(extent_of(value))
            continue
        if isinstance(value, Text):
            found = found.plus(_still_head(value.parts, moves)[0])
        elif isinstance(value, Choice) and not moves(value.keys):
            heads = [_still_head((a.value,), moves) for a in value.alternatives]
            inner = max((head for head, ends in heads if ends), key=lambda head: head.low)
            found = found.plus(inner)
        elif isinstance(value, Sequence) and not moves(value.order):
            found = found.plus(_still_head(value.items, moves)[0])
        elif isinstance(value, Mapping) and not moves(value.order):
            inner_values = [part for e in value.entries for part in (e.key, e.value)]
            found = found.plus(_still_head(inner_values, moves)[0])
        return found, True
    return found, False


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
        inner = [chars_of(e.value) for e in value.entries] + [
            chars_of(e.key) for e in value.entries
        ]
        unbounded = bool(value.open)
    low = sum(size[0] for size in inner)
    if unbounded or any(size[1] is None for size in inner):
        return low, None
    return low, sum(size[1] or 0 for size in inner)
