"""What a rule says, and the symbolic fix it asks for."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum, IntEnum
from typing import TypeAlias

from skinflint.linter.problems import Problem as Problem
from skinflint.linter.spans import Span, Step
from skinflint.linter.values import Confidence
from skinflint.records import dataclass, replace


class Severity(IntEnum):
    """How bad it is; a larger member is worse."""

    INFO = 0
    WARNING = 1
    ERROR = 2


class Tier(Enum):
    """Who sees it: everybody, or those who ask with ``--preview``."""

    DEFAULT = "default"
    PREVIEW = "preview"


class Applicability(Enum):
    """When a fix may be applied (design: fixes).

    SAFE: what the model sees, and when, and the bill can't get worse. PRICE: what the model sees is
    unchanged, the bill depends on reuse. UNSAFE: bytes, order, model or timing change. DISPLAY:
    shown, never applied.
    """

    SAFE = "safe"
    PRICE = "price"
    UNSAFE = "unsafe"
    DISPLAY = "display"


# Operations. They name their target by the span of the expression as it stands now; fixers turn
# them into text edits late.


@dataclass(frozen=True, slots=True)
class SplitBlock:
    """Split a text block before term ``at``: the head keeps the marker.

    With ``mark_tail`` the tail gets a marker of its own (same ttl as the head's). ``marker`` is the
    span of the marker's dict entry or keyword, None when the head has none yet and needs one.
    ``moves`` are indexes behind ``at`` of static terms that join the head, behind its own text
    (empty: order stays). ``cut`` is where to cut inside the literal term ``at - 1``, counted in
    characters of its value (not of how it is written), None to cut at the border.
    """

    block: Span
    text: Span
    container: Span | None
    form: str  # Form.value
    terms: tuple[Span, ...]
    static: tuple[bool, ...]  # per term: equal between all calls
    at: int
    marker: Span | None
    mark_tail: bool = False
    tail_may_be_blank: bool = True
    ttl: str = "5m"
    cut: int | None = None
    moves: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class MoveToTurn:
    """Take terms out of a block and put them behind the text of the newest user turn.

    ``turn`` is the expression of that turn's text, ``turn_form`` how it is written (Form.value).
    With ``whole_lines`` a moved term takes the literal text of its line along ("Today is {now}."),
    and so much of the literals in front and behind as ``wraps`` says for it (a heading above it);
    with ``sentences`` no more of its line than its own sentence.
    """

    block: Span
    text: Span
    terms: tuple[Span, ...]
    moved: tuple[int, ...]  # indexes into ``terms``
    turn: Span
    turn_form: str
    whole_lines: bool = True
    wraps: tuple[tuple[int, int], ...] = ()  # per moved term, in characters of the values
    sentences: bool = False


@dataclass(frozen=True, slots=True)
class WrapSorted:
    """``sorted(expression)``; ``by`` is the mapping key or attribute to sort by, "" for itself."""

    expression: Span
    by: str = ""
    attribute: bool = False


@dataclass(frozen=True, slots=True)
class SetKeyword:
    """Set one keyword of a call to a literal (``sort_keys=True``)."""

    call: Span
    name: str
    value: str


@dataclass(frozen=True, slots=True)
class CompactJson:
    """A call that writes JSON leaves the layout out: ``compact`` comes for ``keyword``."""

    call: Span
    keyword: str
    compact: str  # a keyword with its value, "" for nothing


@dataclass(frozen=True, slots=True)
class SetEntry:
    """A dict display, or a call that makes a dict, gets one more entry: ``key`` with a literal.

    ``beside`` is the value of an entry that it has.
    """

    beside: Span
    key: str
    value: str


@dataclass(frozen=True, slots=True)
class MarkLastOnly:
    """A comprehension or loop that marks every block marks its last one only."""

    marker: Span


@dataclass(frozen=True, slots=True)
class MarkBlock:
    """Give a block that has none a marker of its own (default ttl).

    ``block`` is the whole block where it is a dict or a call. Of a plain text it is the expression
    of that text, which becomes a list of one marked text block.
    """

    block: Span
    form: str  # Form.value


@dataclass(frozen=True, slots=True)
class MarkRequest:
    """Ask for automatic caching in a call that sends a request: a top-level ``cache_control``."""

    call: Span


@dataclass(frozen=True, slots=True)
class RemoveMarker:
    """Delete a ``cache_control`` entry, keyword or item assignment."""

    marker: Span


@dataclass(frozen=True, slots=True)
class SetTtl:
    """Give a ``cache_control`` marker the lifetime ``ttl``, whatever it has now."""

    marker: Span
    ttl: str


@dataclass(frozen=True, slots=True)
class PassBlocks:
    """Send the list ``blocks`` in the place of the ``text`` that is made of it."""

    text: Span
    blocks: Span


@dataclass(frozen=True, slots=True)
class FirstThenRest:
    """Of the calls that ``started`` makes the first is waited for before the others start.

    ``waited`` is the call that waits for all of them; the same span where they are made in it.
    """

    waited: Span
    started: Span


@dataclass(frozen=True, slots=True)
class ReplaceString:
    """Replace the content of a string literal, keeping its quotes and prefix."""

    literal: Span
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class RemoveArgument:
    """Leave out an argument: a keyword, an entry of a dict, or an item assignment.

    ``value`` is the expression of its value, ``name`` its key; ``parameter`` is the argument of the
    request that it is, or stands in.
    """

    value: Span
    name: str
    parameter: str


@dataclass(frozen=True, slots=True)
class ReplaceArgument:
    """Write another literal in place of an argument's value, where that is written out."""

    value: Span
    parameter: str
    new: str


@dataclass(frozen=True, slots=True)
class PriceCacheFields:
    """A count of input tokens that is priced gets the counts of the cache beside it, weighed.

    ``usage`` is the expression that has them; ``weights`` are their names with what they cost in
    relation to an input token.
    """

    tokens: Span
    usage: Span
    weights: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class PrintUsage:
    """Show what a reply used, right behind the statement that gives it a name."""

    statement: Span
    name: str


@dataclass(frozen=True, slots=True)
class RemoveSuppression:
    """Delete ids (or, where none is left, the whole comment) from a suppression comment."""

    comment: Span
    ids: tuple[str, ...]  # as written


@dataclass(frozen=True, slots=True)
class DropSentence:
    """A sentence goes out of a literal text, or out of the literal runs of an f-string."""

    literal: Span
    sentence: str


@dataclass(frozen=True, slots=True)
class CapLoop:
    """A loop without an end of its own leaves after ``rounds`` rounds, with an error."""

    loop: Span
    rounds: int
    of: str = "rounds of tools"  # what the error says there were too many of


@dataclass(frozen=True, slots=True)
class TrimInSteps:
    """A window of the newest items grows to twice its size, and is then cut to it in one go.

    ``window`` is the slice (``history[-20:]``) or the deletion (``del history[:-20]``).
    """

    window: Span


@dataclass(frozen=True, slots=True)
class CapText:
    """A text that may have any length is cut to its first ``room`` characters."""

    text: Span
    room: int


@dataclass(frozen=True, slots=True)
class TextToBlocks:
    """A text with a data URL in it becomes a list of blocks, the bytes one of type ``kind``."""

    text: Span
    media: str
    kind: str


@dataclass(frozen=True, slots=True)
class SetNumber:
    """Put another number in the place of a literal one in the argument ``parameter``."""

    literal: Span
    value: str  # as it is written
    parameter: str


@dataclass(frozen=True, slots=True)
class GatherAwaits:
    """Two assignments that each await a call become one that awaits both at once."""

    first: Span
    second: Span


@dataclass(frozen=True, slots=True)
class KeepResult:
    """The function around ``source`` keeps its results for as long as the program runs."""

    source: Span


Op: TypeAlias = (
    SplitBlock
    | MoveToTurn
    | WrapSorted
    | SetKeyword
    | SetEntry
    | CompactJson
    | DropSentence
    | MarkLastOnly
    | MarkBlock
    | MarkRequest
    | RemoveMarker
    | SetTtl
    | PassBlocks
    | FirstThenRest
    | CapLoop
    | TrimInSteps
    | CapText
    | TextToBlocks
    | SetNumber
    | GatherAwaits
    | KeepResult
    | ReplaceString
    | RemoveArgument
    | ReplaceArgument
    | PriceCacheFields
    | PrintUsage
    | RemoveSuppression
)


#: Operations on texts, loops and orders, which say nothing of how a request is written.
_SHAPELESS = (
    *(CapLoop, CapText, CompactJson, DropSentence, GatherAwaits, RemoveSuppression),
    *(ReplaceString, TrimInSteps, WrapSorted),
)


@dataclass(frozen=True, slots=True)
class Fix:
    """Operations that mend one finding, all or none."""

    applicability: Applicability
    title: str
    ops: tuple[Op, ...]
    reorders: bool = False  # declared: text changes places
    changes_model: bool = False  # declared: another model answers
    reuse_proven: bool = False  # PRICE: two calls within the ttl are proven, or asserted

    @property
    def shapeless(self) -> bool:
        """Whether it is right in whatever shape a library wants its requests to be written."""
        return all(isinstance(op, _SHAPELESS) for op in self.ops)


@dataclass(frozen=True, slots=True)
class Edit:
    """Replace the text of ``span`` by ``text``."""

    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class Cost:
    """Cost now over cost after the fix, for the pair and the number of calls it names."""

    ratio: float
    assumption: str


@dataclass(frozen=True, slots=True)
class RuleInfo:
    """The identity of a rule as reports need it."""

    id: str
    name: str
    tier: Tier
    docs: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One defect. ``related`` is the trail in order; ``requests`` are the sites it hurts."""

    rule: RuleInfo
    severity: Severity
    confidence: Confidence
    message: str
    primary: Span
    related: tuple[Step, ...] = ()
    requests: tuple[Span, ...] = ()
    pair: str | None = None
    cost: Cost | None = None
    fix: Fix | None = None
    no_fix: str | None = None
    fingerprint: str = ""
    cell: int | None = None
    edits: tuple[Edit, ...] = ()  # of the fix, filled in when somebody shows or applies it
    #: what makes two findings one: (source of change, breakpoint) or the like
    identity: tuple[object, ...] = ()
    #: what makes findings of different identities one as well: calls on branches that exclude each
    #: other; () for none
    kin: tuple[object, ...] = ()
    supersedes: tuple[str, ...] = ()
    weight: int = 0  # among findings of one identity the heaviest speaks for all


def united(found: Iterable[Finding]) -> Finding:
    """Findings of one identity as one: the heaviest speaks, all their requests are listed.

    A split whose tail some request reads again marks the tail, whichever finding speaks. Equal
    weights are decided by the place of the request. Another model has to suit all the requests: one
    that declines it declines it for all. Raises ValueError for no finding at all.
    """
    same = sorted(found, key=lambda f: (-f.weight, -f.confidence, f.requests))
    if not same:
        raise ValueError("no finding to unite")
    requests = tuple(sorted({request for finding in same for request in finding.requests}))
    fix = next((f.fix for f in same if f.fix is not None), None)
    no_fix = same[0].no_fix
    if fix is not None and fix.changes_model and any(f.fix is None for f in same):
        fix = None
        no_fix = next((f.no_fix for f in same if f.no_fix), None)
    if fix is not None:
        others = [f.fix.ops for f in same if f.fix is not None]
        ops = [_united_op(op, others) for op in fix.ops]
        if len({f.primary for f in same}) > 1:  # calls on two branches, each with its own marker
            ops += [op for more in others for op in more if isinstance(op, _MARKS)]
        fix = replace(fix, ops=tuple(dict.fromkeys(ops)))
    return replace(same[0], requests=requests, fix=fix, no_fix=None if fix is not None else no_fix)


#: What sets a marker, each in a place of its own.
_MARKS = (MarkRequest, MarkBlock)


def _united_op(op: Op, others: Iterable[tuple[Op, ...]]) -> Op:
    if not isinstance(op, SplitBlock):
        return op
    twins = [
        other
        for ops in others
        for other in ops
        if isinstance(other, SplitBlock) and other.text == op.text
    ]
    return replace(
        op,
        at=min((twin.at for twin in twins), default=op.at),
        cut=min(twins, key=lambda twin: twin.at, default=op).cut,
        static=tuple(all(still) for still in zip(*(twin.static for twin in twins), strict=False)),
        moves=op.moves if all(twin.moves == op.moves for twin in twins) else (),
        mark_tail=any(twin.mark_tail for twin in twins),
        tail_may_be_blank=any(twin.tail_may_be_blank for twin in twins),
    )
