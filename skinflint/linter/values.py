"""What an expression may be at run time, and between which calls it changes.

Content, size and variation are known or unknown independently: a name imported from a module that
is not here has unknown content, yet is fixed at import.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from enum import Enum, IntEnum
from typing import NamedTuple, TypeAlias, cast, final

from skinflint.linter.spans import Span, Step
from skinflint.records import dataclass, field, replace


class Granularity(IntEnum):
    """The finest unit of time that a clock value still shows; a larger member is coarser."""

    MICROSECOND = 0
    SECOND = 1
    MINUTE = 2
    HOUR = 3
    DAY = 4
    MONTH = 5
    YEAR = 6


class Source(Enum):
    """Kinds of change: what a value's content depends on."""

    CLOCK = "clock"
    RANDOM = "random"
    ENTITY = "entity"  # user, tenant, document, row
    TURN = "turn"  # what the user says now, the conversation so far
    CALL = "call"  # a model's reply, a tool's result, a loop counter
    RETRIEVAL = "retrieval"  # a search whose result follows the question
    ORDER = "order"  # the content is the same, its order is not
    JSON_ORDER = "json-order"  # the key order of a mapping that came from outside
    FILE = "file"
    ENVIRONMENT = "environment"  # cwd, host, process id, env variables, what some program prints
    PROGRAM = "program"  # what a program prints of the work as it goes on: ``git status``
    EVENT = "event"  # a global or attribute that code mutates after import or construction
    UNKNOWN = "unknown"  # may or may not change; never enough to report

    __hash__ = object.__hash__  # of every key and frame that is looked up


class Ordering(Enum):
    """How far an order can be relied on."""

    PROCESS = "process"  # a set of str: fixed within a process, differs between processes
    LISTING = "listing"  # a directory listing: mostly fixed
    COMPLETION = "completion"  # as_completed, imap_unordered: never the same
    SERVER = "server"  # what a remote registry (MCP list_tools) returns


class Confidence(IntEnum):
    """How sure a statement is; a larger member is surer."""

    LOW = 0
    MEDIUM = 1
    HIGH = 2


class MarkKind(Enum):
    """What is entered anew when a frame is entered anew."""

    OBJECT = "object"
    FUNCTION = "function"
    LOOP = "loop"

    __hash__ = object.__hash__  # of every key and frame that is looked up


class Mark(NamedTuple):
    """One level of a frame: an object's construction, a function's activation, a loop's body."""

    kind: MarkKind
    name: str
    span: Span


#: Everything that is evaluated once together, outermost first; ``()`` is the import of the module.
Frame = tuple[Mark, ...]


class Key(NamedTuple):
    """One source of change, with the trail from where it is born to where the value is now.

    ``frame`` is what the source is read once in: a clock read before a loop has the frame of the
    function, also when the text that shows it is put together inside the loop.
    """

    source: Source
    name: str  # as the user would say it: "datetime.now()", "profile"
    span: Span  # where it is born
    granularity: Granularity | None = None  # CLOCK only
    ordering: Ordering | None = None  # ORDER only
    confidence: Confidence = Confidence.HIGH
    trail: tuple[Step, ...] = ()  # ordered, begins with the source step
    frame: tuple[Mark, ...] = ()
    rounds: bool = False  # it is another one in each round of the loop that ``frame`` ends in
    taken: Span | None = None  # ORDER: the expression whose order starts to show in the text
    whole: bool = False  # a list that grows is written out as it is: each addition shows

    def via(self, step: Step) -> Key:
        """The same source after it flowed through ``step``."""
        source, name, span, fine, ordering, sure, trail, frame, rounds, taken, whole = self
        if trail and trail[-1].span == step.span:
            return self
        trail = (*trail, step)
        return _as_key(
            Key, (source, name, span, fine, ordering, sure, trail, frame, rounds, taken, whole)
        )


#: ``Key._make`` without the count of what it is handed.
_as_key = cast("Callable[[type[Key], tuple[object, ...]], Key]", tuple.__new__)


def shared_depth(frame: Frame, other: Frame) -> int:
    """How many outer levels two frames have in common."""
    depth = 0
    for mine, theirs in zip(frame, other, strict=False):
        if mine != theirs:
            break
        depth += 1
    return depth


#: Kinds of entry at which a value may come into the program: what ends at one is traced.
#: ``Unknown.entry`` may also be "import" or "attribute" (it ends in code that isn't here).
ENTRIES = frozenset(
    (
        "parameter",  # of a function that nothing in the project calls
        "database",
        "http",
        "retrieval",
        "turn",  # what somebody types or says
        "clock",
        "random",
        "file",
        "template",
        "environment",
        "process",
        "model reply",
        "configuration",  # declared stable in the configuration
        "loop",  # the number of a round
        "literal",  # worked out of what is written in the code
    )
)


class Uncounted(str):
    """Why a container is open, where all that may be in it is seen but not how often it is."""

    __slots__ = ()


class Grows(Uncounted):
    """Why a list is open, where more and more is put in as the work goes on, and it is all there,
    or all of its end."""

    __slots__ = ()


class Picked(Uncounted):
    """Why a list is open, where some of a list that grows was picked: perhaps always the same."""

    __slots__ = ()


class Entered(Uncounted):
    """Why a container is open, where what can't be seen of it ends at a kind of entry."""

    def __new__(cls, reason: str, entry: str) -> Entered:
        self = super().__new__(cls, reason)
        self.entry = entry
        return self

    entry: str


def opened(*reasons: str) -> str:
    """Why a container made of others is open: the unseen comes before the uncounted."""
    given = [reason for reason in reasons if reason]
    return next((r for r in given if not isinstance(r, Uncounted)), given[0] if given else "")


@final
@dataclass(frozen=True, slots=True)
class Known:
    """A Python constant: str, int, float, bool, bytes, None."""

    value: object
    span: Span


@final
@dataclass(frozen=True, slots=True)
class Unknown:
    """A value whose content can't be known, with the reason, and what is known of its variation.

    ``keys`` empty means: fixed once ``frame`` is entered (an imported constant, a parameter that
    settings fill). A key of kind UNKNOWN means that nothing is known of the variation.
    """

    reason: str
    span: Span
    frame: Frame = ()
    keys: tuple[Key, ...] = ()
    entry: str = ""  # the kind of entry it ends at: "parameter", "import", "database", "clock", ...
    type: str = ""  # qualified name of its type where that is known ("str", "datetime.datetime")
    may_be_empty: bool = True
    chars: tuple[int, int | None] = (0, None)  # size in characters: at least, at most
    #: Objects that are constructed here and show in it in some way; what they hold isn't looked at.
    made_of: tuple[Object, ...] = field(default=(), compare=False, repr=False)
    #: Tokens (``Catalog.most_plain``) of the text that was read here, None where none could be.
    most: float | None = None


#: The reason of an Unknown that is a template with a field which nothing is given for: it raises.
UNFILLED = "a template that lacks a field"

#: The reason of an Unknown that is the exception an ``except`` binds.
EXCEPTION = "an exception"

#: How the reasons of Unknowns begin that are a part of what can't be known.
PARTS = ("attribute `", "an element of ", "an item of ")


@final
@dataclass(frozen=True, slots=True)
class Text:
    """A string made of parts in order; a part is a Known str, an Unknown, a Choice or a Repeat."""

    parts: tuple[Value, ...]
    span: Span
    size: int = field(default=0, init=False, compare=False, repr=False)  # once it was counted
    met: tuple[Key, ...] | None = field(default=None, init=False, compare=False, repr=False)


@final
@dataclass(frozen=True, slots=True)
class Sequence:
    """A list or tuple. ``open`` says that other items may stand anywhere in it, and why.

    ``order`` holds the keys that make the order of its items (not the items) change.
    """

    items: tuple[Value, ...]
    span: Span
    open: str = ""
    frame: Frame = ()
    order: tuple[Key, ...] = ()
    type: str = "list"  # list, tuple, set, frozenset, dict_keys, generator
    size: int = field(default=0, init=False, compare=False, repr=False)  # once it was counted
    met: tuple[Key, ...] | None = field(default=None, init=False, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Entry:
    """One key of a Mapping; ``optional`` when it may be absent.

    ``span`` is the expression of the value as written; ``per_item`` says that a loop over the
    items of a list set this entry in each of them.
    """

    key: Value
    value: Value
    span: Span
    optional: bool = False
    per_item: bool = False
    handle: object = field(default=None, compare=False, repr=False)  # the evaluator's own


@final
@dataclass(frozen=True, slots=True)
class Mapping:
    """A dict. ``open`` says that unseen keys may be in it, and why."""

    entries: tuple[Entry, ...]
    span: Span
    open: str = ""
    frame: Frame = ()
    order: tuple[Key, ...] = ()
    type: str = "dict"  # or the qualified name of a typed params class
    size: int = field(default=0, init=False, compare=False, repr=False)  # once it was counted
    met: tuple[Key, ...] | None = field(default=None, init=False, compare=False, repr=False)

    def get(self, name: str) -> Value | None:
        """The value under the str key ``name``: the last one written wins; None if not there."""
        found: Value | None = None
        for entry in self.entries:
            if isinstance(entry.key, Known) and entry.key.value == name:
                if entry.optional and found is not None:
                    found = Choice((Alternative(found), Alternative(entry.value)), self.span)
                else:
                    found = entry.value
        return found

    def entry(self, name: str) -> Entry | None:
        """The last entry under the str key ``name``."""
        for entry in reversed(self.entries):
            if isinstance(entry.key, Known) and entry.key.value == name:
                return entry
        return None


@dataclass(frozen=True, slots=True)
class Alternative:
    """One branch of a Choice; ``condition`` is the span of the test it hangs on, if known."""

    value: Value
    condition: Span | None = None


@final
@dataclass(frozen=True, slots=True)
class Choice:
    """One of at most eight alternatives. ``keys`` are what the choice depends on."""

    alternatives: tuple[Alternative, ...]
    span: Span
    frame: Frame = ()
    keys: tuple[Key, ...] = ()
    size: int = field(default=0, init=False, compare=False, repr=False)  # once it was counted
    met: tuple[Key, ...] | None = field(default=None, init=False, compare=False, repr=False)


@final
@dataclass(frozen=True, slots=True)
class Repeat:
    """What a loop or comprehension yields: ``body`` once per element of something.

    Stands as an item of a Sequence or a part of a Text. ``keys`` are those of the thing looped
    over (including its order); ``count`` is the number of rounds where it is literal.
    """

    body: Value
    span: Span
    frame: Frame = ()
    keys: tuple[Key, ...] = ()
    count: int | None = None
    size: int = field(default=0, init=False, compare=False, repr=False)  # once it was counted
    met: tuple[Key, ...] | None = field(default=None, init=False, compare=False, repr=False)


@final
@dataclass(frozen=True, slots=True)
class Object:
    """An instance; ``type`` is the qualified name of its class, ``fields`` what could be seen."""

    type: str
    span: Span
    frame: Frame = ()
    fields: tuple[tuple[str, Value], ...] = ()
    handle: object = field(default=None, compare=False, repr=False)  # the evaluator's own


Value: TypeAlias = Known | Unknown | Text | Sequence | Mapping | Choice | Repeat | Object


def alternatives(value: Value) -> Iterator[Value]:
    """The values it may be: the branches of a Choice, flattened, else the value itself."""
    if type(value) is Choice:
        for alternative in value.alternatives:
            yield from alternatives(alternative.value)
    else:
        yield value


def choices(value: Value) -> Iterator[Choice]:
    """Every choice between two or more values inside a value, the outermost first."""
    inner: tuple[Value, ...] = ()
    if isinstance(value, Choice):
        if len(value.alternatives) > 1:
            yield value
        inner = tuple(each.value for each in value.alternatives)
    elif isinstance(value, Text):
        inner = value.parts
    elif isinstance(value, Sequence):
        inner = value.items
    elif isinstance(value, Mapping):
        inner = tuple(entry.value for entry in value.entries)
    elif isinstance(value, Repeat):
        inner = (value.body,)
    for each in inner:
        yield from choices(each)


def with_keys(value: Value, change: Callable[[tuple[Key, ...]], tuple[Key, ...]]) -> Value:
    """The same value with every tuple of keys in it passed through ``change``.

    What has no keys in it is kept as it is: this runs for each name that a value flows through.
    """
    if isinstance(value, (Known, Object)):
        return value
    if type(value) is Unknown:
        keys = change(value.keys) if value.keys else value.keys
        if keys is value.keys:
            return value
        # written out, as most values that flow anywhere are such
        return Unknown(
            value.reason,
            value.span,
            value.frame,
            keys,
            value.entry,
            value.type,
            value.may_be_empty,
            value.chars,
            value.made_of,
        )
    made = _rebuilt(value, change)
    if value.size and made is not value:
        object.__setattr__(made, "size", value.size)
    return made


def _rebuilt(
    value: Text | Sequence | Mapping | Choice | Repeat,
    change: Callable[[tuple[Key, ...]], tuple[Key, ...]],
) -> Text | Sequence | Mapping | Choice | Repeat:
    if type(value) is Text:
        parts = _all_with_keys(value.parts, change)
        return value if parts is value.parts else Text(parts, value.span)
    if type(value) is Sequence:
        items = _all_with_keys(value.items, change)
        order = change(value.order) if value.order else value.order
        if items is value.items and order is value.order:
            return value
        return Sequence(items, value.span, value.open, value.frame, order, value.type)
    if type(value) is Mapping:
        entries = value.entries
        inner = tuple([entry.value for entry in entries])
        others = _all_with_keys(inner, change)
        order = change(value.order) if value.order else value.order
        if others is not inner:
            entries = tuple(
                [
                    old if new is old.value else replace(old, value=new)
                    for new, old in zip(others, entries, strict=True)
                ]
            )
        elif order is value.order:
            return value
        return Mapping(entries, value.span, value.open, value.frame, order, value.type)
    if type(value) is Choice:
        branches = value.alternatives
        inner = tuple([branch.value for branch in branches])
        others = _all_with_keys(inner, change)
        keys = change(value.keys) if value.keys else value.keys
        if others is not inner:
            branches = tuple(
                [
                    old if new is old.value else Alternative(new, old.condition)
                    for new, old in zip(others, branches, strict=True)
                ]
            )
        elif keys is value.keys:
            return value
        return Choice(branches, value.span, value.frame, keys)
    body = with_keys(value.body, change)
    keys = change(value.keys) if value.keys else value.keys
    if body is value.body and keys is value.keys:
        return value
    return Repeat(body, value.span, value.frame, keys, value.count)


def keys_in(value: Value) -> tuple[Key, ...]:
    """Every source of change of a value and of what it holds, in order."""
    found: list[Key] = []

    def noted(keys: tuple[Key, ...]) -> tuple[Key, ...]:
        found.extend(keys)
        return keys

    with_keys(value, noted)
    return tuple(dict.fromkeys(found))


def alike(one: Value, other: Value) -> bool:
    """Whether two values are the same, whichever ways their sources of change came.

    Frames, places and orders count: what is made anew in each round is another value.
    """
    return one == other or _without_trails(one) == _without_trails(other)


def _without_trails(value: Value) -> Value:
    return with_keys(value, lambda keys: tuple([key._replace(trail=()) for key in keys]))


def _all_with_keys(
    values: tuple[Value, ...], change: Callable[[tuple[Key, ...]], tuple[Key, ...]]
) -> tuple[Value, ...]:
    """The values with their keys changed; the very tuple if that changes nothing."""
    changed: list[Value] | None = None
    for place, value in enumerate(values):
        kind = type(value)
        if kind is Known or kind is Object:
            continue
        new = with_keys(value, change)
        if new is not value:
            if changed is None:
                changed = list(values)
            changed[place] = new
    return values if changed is None else tuple(changed)


class Passage:
    """A step that values flow through, with what the sources of change in them become by it.

    The same one comes along in many values, and its trail is long: it becomes one and the same.
    """

    __slots__ = ("_longer", "_passed", "step")

    def __init__(self, step: Step) -> None:
        self.step = step
        self._passed: dict[int, tuple[Key, Key]] = {}  # by identity, with what has it
        #: The same of trails: sources of several frames come the same way.
        self._longer: dict[int, tuple[tuple[Step, ...], tuple[Step, ...]]] = {}

    def passed(self, keys: tuple[Key, ...]) -> tuple[Key, ...]:
        """The keys behind the step."""
        known = self._passed
        found: list[Key] = []
        changed = False
        for key in keys:
            pair = known.get(id(key))
            behind = self._behind(key) if pair is None else pair[1]
            found.append(behind)
            if behind is not key:
                changed = True
        return tuple(found) if changed else keys

    def _behind(self, key: Key) -> Key:
        """What ``Key.via`` gives, with one trail for all keys that came here by the same one.

        It is kept, and what it was asked of with it: that is known by its identity.
        """
        source, name, span, fine, ordering, sure, trail, frame, rounds, taken, whole = key
        pair = self._longer.get(id(trail))
        if pair is None:
            ends_here = trail and trail[-1].span == self.step.span
            pair = (trail, trail if ends_here else (*trail, self.step))
            self._longer[id(trail)] = pair
        behind = key
        if pair[1] is not trail:
            trail = pair[1]
            behind = _as_key(
                Key, (source, name, span, fine, ordering, sure, trail, frame, rounds, taken, whole)
            )
        self._passed[id(key)] = (key, behind)
        return behind


def through(value: Value, passage: Passage) -> Value:
    """The same value after every source of change in it flowed through a step."""
    kind = type(value)
    if kind is Known or kind is Object:
        return value
    return with_keys(value, passage.passed)
