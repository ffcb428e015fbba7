"""What the rules about the cached prefix share: who breaks which breakpoint, and how to mend it.

All of them rest on :meth:`Request.breaks`. A *culprit* is one source of change (or several of the
same kind in one block) that keeps one breakpoint from being read; exactly one rule reports it. The
rules differ in the kind of source they stand for, in what they say and in how they mend.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from skinflint.linter.findings import (
    Applicability,
    Cost,
    Finding,
    Fix,
    MoveToTurn,
    Op,
    Severity,
    SplitBlock,
)
from skinflint.linter.request import (
    Block,
    Break,
    Breakpoint,
    Extent,
    Form,
    Moving,
    Pair,
    PairKind,
    Place,
    Request,
    Term,
    extent_of,
    parts_of,
    still_head,
)
from skinflint.linter.spans import Role, Span, Step
from skinflint.linter.values import (
    Choice,
    Confidence,
    Key,
    Known,
    MarkKind,
    Ordering,
    Source,
    Text,
    Unknown,
    Value,
)
from skinflint.records import dataclass, field, replace
from skinflint.rules import _tools
from skinflint.rules._goes_on import goes_on
from skinflint.rules._needs import a_breakpoint, a_second_call, unseen
from skinflint.rules.base import Context, Rule

if TYPE_CHECKING:
    from skinflint.catalog.models import Model

#: Literal text shorter than this is a wrapper ("<document>", "Here is the document:"), no content.
SENTENCE = 40

#: Which pair a message names first: breaking within a conversation is the worst.
_WORST = {
    PairKind.LOOP: 6,
    PairKind.TURN: 5,
    PairKind.CONVERSATION: 3,
    PairKind.RECORD: 4,
    PairKind.USER: 4,
    PairKind.CALLS: 4,
    PairKind.WORKER: 1,
}

CLOCK, RANDOM, ENTITY, RETRIEVAL = "SKF101", "SKF103", "SKF104", "SKF105"
UNORDERED, UNSTABLE_JSON, TOOL_ORDER = "SKF106", "SKF107", "SKF108"
LIVE_TOOL, PROGRAM, DYNAMIC = "SKF110", "SKF114", "SKF202"

#: Within one part the first of these rules that has a source in it reports.
_ALWAYS = (CLOCK, RANDOM, TOOL_ORDER, UNORDERED, UNSTABLE_JSON)
_WITHIN = (*_ALWAYS, LIVE_TOOL, PROGRAM, RETRIEVAL, ENTITY, DYNAMIC)
_BETWEEN = (LIVE_TOOL, RETRIEVAL, ENTITY, *_ALWAYS, PROGRAM, DYNAMIC)
_ORDERS = (TOOL_ORDER, UNORDERED, UNSTABLE_JSON)


#: ``messages.0.content``: the first of a list, which stays it while others come behind it.
_FIRST = re.compile(r"\w\.0(\.|$)")
_LAST = re.compile(r"\w\.-\d")


@dataclass(slots=True)
class Culprit:
    """What one rule reports about one breakpoint and one block."""

    rule: str
    breakpoint: Breakpoint
    block: int
    moving: list[Moving] = field(default_factory=list)  # in prefix order, of this rule
    breaks: list[Break] = field(default_factory=list)  # worst pair first

    @property
    def worst(self) -> Break:
        """The break the message speaks of."""
        return self.breaks[0]

    @property
    def place(self) -> tuple[int, int]:
        """Block and term of the first part."""
        return self.block, self.moving[0].term or 0

    @property
    def keys(self) -> tuple[Key, ...]:
        """The sources of change of this rule, each once, in prefix order."""
        found: dict[Span, Key] = {}
        for part in self.moving:
            for key in part.keys:
                if key.confidence > Confidence.LOW and _stands_for(self.rule, key):
                    found.setdefault(key.span, key)
        return tuple(found.values())

    @property
    def confidence(self) -> Confidence:
        """As sure as the less sure of the pair and the source."""
        return min(self.worst.pair.confidence, max(key.confidence for key in self.keys))


def _stands_for(rule: str, key: Key) -> bool:
    source = key.source
    if rule == CLOCK:
        return source is Source.CLOCK
    if rule == RANDOM:
        return source is Source.RANDOM
    if rule == ENTITY:
        return source is Source.ENTITY
    if rule == RETRIEVAL:
        return source is Source.RETRIEVAL
    if rule == UNSTABLE_JSON:
        return source is Source.JSON_ORDER
    if rule in (UNORDERED, TOOL_ORDER):
        return source is Source.ORDER
    if rule == PROGRAM:
        return source is Source.PROGRAM
    if rule == LIVE_TOOL:
        return source in (*_SAID, Source.ENTITY, Source.PROGRAM)
    return source in _SAID


#: Sources that have no rule of their own.
_SAID = (Source.TURN, Source.CALL, Source.RETRIEVAL, Source.EVENT)


def _rule_of(request: Request, pair: Pair, part: Moving) -> str | None:
    block = request.blocks[part.block]
    place = block.place
    in_tools = place is Place.TOOLS
    for rule in _WITHIN if pair.inner else _BETWEEN:
        if in_tools and rule in (ENTITY, DYNAMIC):
            continue  # tools that differ by user or turn are another defect
        if rule == LIVE_TOOL and not (in_tools and _tools.spot_of(block, part)):
            continue
        if rule == RETRIEVAL and place is not Place.SYSTEM:
            continue
        if rule in (TOOL_ORDER, UNORDERED) and in_tools is not (rule == TOOL_ORDER):
            continue
        if rule == PROGRAM and (in_tools or _begins_a_session(request, pair, part)):
            continue
        for key in part.keys:
            if key.confidence is Confidence.LOW or not _stands_for(rule, key):
                continue
            if rule == RETRIEVAL and not _is_found(part, key):
                continue
            if rule == DYNAMIC and _is_head(request, place, key):
                continue
            if rule == UNORDERED and key.ordering not in (Ordering.COMPLETION, Ordering.PROCESS):
                continue
            return rule
    return None


def _is_head(request: Request, place: Place, key: Key) -> bool:
    """Whether a system text is taken out of the conversation: its head, which stays the same."""
    if _FIRST.search(key.name):
        return True
    if place is not Place.SYSTEM or _LAST.search(key.name):
        return False
    return key.span in request.handed_in


def _is_found(part: Moving, key: Key) -> bool:
    """Whether a part is itself what a search found, not something that was made or read by it."""
    read = isinstance(part.value, Unknown) and part.value.entry not in ("retrieval", "")
    return key.confidence is Confidence.HIGH and not read


def _begins_a_session(request: Request, pair: Pair, part: Moving) -> bool:
    """Whether what a program prints is read once when a conversation begins, and kept for it."""
    if pair.inner:
        return False
    kept = any(mark.kind is MarkKind.OBJECT for key in part.keys for mark in key.frame)
    return kept or any(other.inner for other in request.pairs)


def culprits(request: Request, context: Context) -> list[Culprit]:
    """Everything in the prefix that a rule of this release reports, in prefix order.

    One place of the text is reported by one rule only, for the worst pair it breaks.
    """
    if not request.breakpoints:
        return []
    found: dict[tuple[str, Span, int], Culprit] = {}
    for brk in request.breaks():
        if brk.pair.confidence is Confidence.LOW:
            continue
        for rule, parts, seen in _charges(request, brk):
            if not _matters(request, context, seen, rule):
                continue
            at = (rule, brk.breakpoint.span, parts[0].block)
            culprit = found.setdefault(at, Culprit(rule, brk.breakpoint, parts[0].block))
            culprit.breaks.append(seen)
            known = {id(part.value) for part in culprit.moving}
            culprit.moving.extend(part for part in parts if id(part.value) not in known)
    for culprit in found.values():
        culprit.breaks.sort(key=lambda b: (-_WORST[b.pair.kind], -b.pair.confidence))
        culprit.moving.sort(key=lambda part: (part.block, part.term or 0))
    return _one_per_place(request, list(found.values()))


def _one_per_place(request: Request, found: list[Culprit]) -> list[Culprit]:
    """One culprit per place of the text, and one per breakpoint between conversations.

    Of several at one place the one with the worst pair stays. Between conversations one split
    mends all that follows it, so only the first place is told.
    """
    found.sort(key=lambda c: (c.place, -_WORST[c.worst.pair.kind], _WITHIN.index(c.rule)))
    kept: list[Culprit] = []
    told: set[Span] = set()  # breakpoints with a culprit between conversations
    for culprit in found:
        point = culprit.breakpoint.span
        if any(c.breakpoint.span == point and c.place == culprit.place for c in kept):
            continue
        outer = [brk for brk in culprit.breaks if _between(brk.pair)]
        if point in told and len(outer) == len(culprit.breaks):
            continue
        if outer and not _goes_away(request, culprit.breakpoint, culprit.moving[0]):
            told.add(point)
        kept.append(culprit)
    return kept


def _between(pair: Pair) -> bool:
    """Whether the two calls belong to different conversations of one process."""
    return not pair.inner and pair.kind is not PairKind.WORKER


def _charges(request: Request, brk: Break) -> Iterator[tuple[str, list[Moving], Break]]:
    """The rules that a break concerns, each with its parts of one block and the break it sees.

    Within a conversation all that moves must go. Between conversations the first moving part ends
    what could be read; others of its kind in the same block are listed with it. What stands behind
    a part that has to leave the block anyway is charged as if that one were gone.
    """
    if brk.pair.inner:
        groups: dict[tuple[str, int], list[Moving]] = {}
        for part in brk.parts:
            rule = _rule_of(request, brk.pair, part)
            if rule is not None:
                groups.setdefault((rule, part.block), []).append(part)
        for (rule, block), parts in groups.items():
            if rule == UNSTABLE_JSON and (DYNAMIC, block) in groups:
                continue  # the same block says something else each time, whatever its keys' order
            yield rule, parts, brk
        return
    rest: Break | None = brk
    count = 0
    while rest is not None:
        first = rest.first
        rule = _rule_of(request, brk.pair, first)
        if rule is None:
            return
        same = [
            part
            for part in rest.parts
            if part.block == first.block and _rule_of(request, brk.pair, part) == rule
        ]
        yield rule, same, rest
        if not _goes_away(request, brk.breakpoint, first):
            return
        count += 1
        rest = request.after(brk, count)


def _goes_away(request: Request, point: Breakpoint, part: Moving) -> bool:
    """Whether mending takes a part out of the block, so that what stands behind it comes first."""
    return conversation_cached(request, point, part.block) and any(
        pair.inner
        and pair.confidence > Confidence.LOW
        and any(other.value is part.value for other in request.moving_parts(pair, part.block))
        for pair in request.pairs
    )


def _matters(request: Request, context: Context, brk: Break, rule: str) -> bool:
    """Whether something is lost that is worth a finding."""
    if rule in _ORDERS:
        return True
    if brk.pair.inner:
        whole = brk.prefix.plus(brk.behind)
        alone = rule == RETRIEVAL and only_written(request, brk)
        lost = worth(brk.front) or worth(brk.behind)
        return alone or brk.loses_tail or (lost and pays(request, context, whole))
    if _shared_by_records(request, brk):
        return False
    front = worth(brk.front)
    other_block = brk.breakpoint.block > brk.first.block
    # A clock or a random id never comes again: whoever marks it gets nothing, however short it is.
    gone = rule in (CLOCK, RANDOM)
    behind = worth(brk.behind) and (
        other_block
        or (_longer(brk.behind, brk.front) and (gone or not _below(request, context, brk.behind)))
    )
    if not front and not behind:
        return False
    return pays(request, context, brk.prefix.plus(brk.behind) if behind else brk.prefix)


def pays(request: Request, context: Context, shared: Extent) -> bool:
    """Whether a text that could be read again is surely long enough to be cached.

    A text that stands elsewhere (a file, an imported constant) is taken to be.
    """
    short = below_minimum(request, context, shared)
    return not short and (short is False or shared.named or shared.literal >= _PAGES)


#: Characters of text whose loss is worth a word where it isn't known what stands around it.
_PARAGRAPH = 1_000

#: Characters of what any model but the most demanding ones caches.
_PAGES = 8_000


def only_written(request: Request, brk: Break) -> bool:
    """Whether a marker stands on text that changes, behind another one: it is never read."""
    point = brk.breakpoint
    earlier = any(other.block < brk.first.block for other in request.breakpoints)
    lost = brk.loses_tail or worth(brk.front) or worth(brk.behind)
    return earlier and not lost and not point.automatic and not reread(request, brk)


def _shared_by_records(request: Request, brk: Break) -> bool:
    """Whether a loop over records reads the whole prefix again: the marker does its work there.

    One more write for each run of such a loop is little next to the reads of its records. So it is
    with a few objects that are made in a loop and then serve everybody who comes.
    """
    if brk.pair.kind in (PairKind.USER, PairKind.CALLS):
        nearer = PairKind.RECORD
    elif brk.pair.kind is PairKind.RECORD:
        nearer = PairKind.USER
    else:
        return False
    return any(
        pair.kind is nearer
        and pair.depth > brk.pair.depth
        and not any(
            True
            for index in range(brk.breakpoint.block + 1)
            for _ in request.moving_parts(pair, index)
        )
        for pair in request.pairs
    )


def worth(extent: Extent) -> bool:
    """Whether a stretch of text has a sentence of its own, or is a text that stands elsewhere."""
    return extent.literal >= SENTENCE or extent.named


def _longer(one: Extent, other: Extent) -> bool:
    """Whether a stretch is longer than another, or likely so: a text from elsewhere is long."""
    return one.low > other.low or (one.named and not worth(other))


def reread(request: Request, brk: Break) -> bool:
    """Whether a closer pair of calls reads the breakpoint that the pair of a break can't."""
    broken = {
        other.pair for other in request.breaks() if other.breakpoint.block <= brk.breakpoint.block
    }
    conversation = request.conversation
    if conversation is not None and not any(pair.inner for pair in broken):
        if any(growth.where == "loop" for growth in conversation.grown_by):
            return True  # in the rounds that one question takes
    return _sent_again(request, brk) or any(
        pair not in broken
        for pair in request.pairs
        if pair.confidence > Confidence.LOW and pair.kind is not PairKind.WORKER
    )


def _sent_again(request: Request, brk: Break) -> bool:
    """Whether another call in the same run sends what moves as well: stages over one document."""
    moving = {(key.span, key.frame) for part in brk.parts for key in part.keys}
    if any(not frame for _, frame in moving):
        return False
    for other in request.kin():
        if other.chain == request.chain:
            continue
        held = {
            (key.span, key.frame)
            for block in other.blocks
            for _, keys in parts_of(block.value)
            for key in keys
            if other.host[: len(key.frame)] == key.frame
        }
        if moving <= held:
            return True
    return False


def _below(request: Request, context: Context, extent: Extent) -> bool:
    """Whether a stretch is surely too short to be cached, for every model of the request."""
    return below_minimum(request, context, extent) is True


def below_minimum(request: Request, context: Context, extent: Extent) -> bool | None:
    """True or False where it is sure for all models, None where it can't be told."""
    answers = set()
    for model in models_of(request, context):
        if model is None or model.min_prefix is None:
            return None
        low, high = tokens_of(context, extent, model)
        if high is not None and high < model.min_prefix:
            answers.add(True)
        elif low >= model.min_prefix:
            answers.add(False)
        else:
            return None
    return answers.pop() if len(answers) == 1 else None


def tokens_of(context: Context, extent: Extent, model: Model | None) -> tuple[int, int | None]:
    """Bounds for the tokens of a stretch; what is outside ASCII counts as dense text."""
    return extent.tokens(context.facts, model)


def models_of(request: Request, context: Context) -> tuple[Model | None, ...]:
    """What the catalogue knows of the models a request may use; (None,) where that is nothing.

    Minimums and prices are facts of the first party; for anybody else nothing is known.
    """
    platform = request.site.platform
    if not platform.first_party or not request.models:
        return (None,)
    return tuple(context.facts.resolve(ref.id, platform.value).model for ref in request.models)


def shipped_models(request: Request, context: Context) -> tuple[Model, ...]:
    """Those of the models of a request that files of settings bring along, in place of a default.

    Whoever runs the program with them sends one of these.
    """
    platform = request.site.platform
    if not platform.first_party or not request.models:
        return ()
    found = (context.facts.resolve(id_, platform.value).model for id_ in request.shipped())
    return tuple(model for model in found if model is not None)


# --- what a finding says ------------------------------------------------------------------------


class PrefixRule(Rule):
    """A rule that reports the culprits charged to it."""

    needs = (a_breakpoint, a_second_call)

    def check(self, request: Request, context: Context) -> Iterator[Finding]:
        """One finding per breakpoint and block that this rule answers for."""
        for culprit in culprits(request, context):
            if culprit.rule != self.id or not self.counts(request, context, culprit):
                continue
            if not context.preview and _is_far(request, culprit):
                continue
            if not context.preview and _is_of_some_call(request, context, culprit):
                continue
            if not context.preview and _is_in_doubt(request, culprit):
                continue
            if context.preview or self.id not in _IN_DOUBT or _is_long(request, context, culprit):
                yield self.report(request, context, culprit)

    def counts(self, request: Request, context: Context, culprit: Culprit) -> bool:
        """Whether a culprit of this rule is told of."""
        return True

    @staticmethod
    def too_short(request: Request, context: Context, culprit: Culprit) -> bool:
        """Whether nothing would be cached once it is mended, either."""
        return below_minimum(request, context, _cached_by_fix(culprit)) is True

    def silence(self, request: Request, context: Context) -> str:
        """What is missing; else who answers for the breaks there are."""
        others = sorted({culprit.rule for culprit in culprits(request, context)})
        if others:
            return f"what breaks the cache is reported by {', '.join(others)}"
        for need in self.needs:
            missing = need(request, context)
            if missing:
                return missing
        return f"nothing that it looks for stands in front of a breakpoint{unseen(request)}"

    def report(self, request: Request, context: Context, culprit: Culprit) -> Finding:
        """The finding for one culprit: message, trail, cost and fix."""
        short = self.too_short(request, context, culprit)
        place = where(request, culprit)
        sentences = [
            f"{self.subject(culprit)} {culprit.worst.pair.label}, so "
            f"{_named_breakpoint(culprit.breakpoint, place)} can't be read there: "
            f"{self.loss(request, culprit.worst)} anew each time."
        ]
        if short:
            sentences.append(_too_short(request, context))
        refusing = _refusing(request, context, culprit)
        if refusing is not None:
            sentences.append(
                f"{refusing.id} binds its thinking to the prefix: replayed behind another one, it "
                f"is rejected (400)."
            )
        ops, no_fix = self.mend(request, context, culprit)
        fix = None
        if ops is not None:
            fix = Fix(
                Applicability.UNSAFE,
                self.fix_title(ops),
                ops,
                reorders=any(
                    isinstance(op, MoveToTurn) or (isinstance(op, SplitBlock) and bool(op.moves))
                    for op in ops
                ),
            )
        block = request.blocks[culprit.block]
        finding = self.finding(
            request,
            place,
            " ".join(sentences),
            related=trail(request, culprit),
            confidence=culprit.confidence,
            severity=None if refusing is None else Severity.ERROR,
            pair=culprit.worst.pair.label,
            cost=None if short else cost(request, context, culprit),
            fix=fix,
            no_fix=None if fix is not None else no_fix,
            # not the source: each of two handlers has a parameter of its own for the same hole
            identity=(self.id, block.span, place),
        )
        return replace(finding, weight=_WORST[culprit.worst.pair.kind])

    def subject(self, culprit: Culprit) -> str:
        """What differs, as the head of a sentence that goes on with the pair."""
        return f"{named(culprit.keys)} {differ(culprit.keys)}"

    def loss(self, request: Request, brk: Break) -> str:
        """What has to be paid for again ("the text ... is paid")."""
        return loss(request, brk)

    def mend(
        self, request: Request, context: Context, culprit: Culprit
    ) -> tuple[tuple[Op, ...] | None, str | None]:
        """The operations that mend it, or why there are none."""
        return split_or_move(request, context, culprit)

    def fix_title(self, ops: tuple[Op, ...]) -> str:
        """What the fix does, in a few words."""
        op = ops[0]
        if isinstance(op, MoveToTurn):
            return "Move what changes behind the newest user turn"
        if isinstance(op, SplitBlock) and op.moves:
            return "Put the unchanging text first, in a marked block of its own"
        return "Split the block in front of what changes and mark the unchanging part"


def named(keys: tuple[Key, ...]) -> str:
    """The names of up to three sources, in code quotes."""
    names = list(dict.fromkeys(_quoted(key.name) for key in keys))
    if len(names) > 3:
        return f"{', '.join(names[:2])} and {len(names) - 2} others"
    if len(names) > 1:
        return f"{', '.join(names[:-1])} and {names[-1]}"
    return names[0]


def differ(keys: tuple[Key, ...]) -> str:
    """The verb that goes with :func:`named`: two sources may have one name."""
    return "differs" if len({key.name for key in keys}) == 1 else "differ"


def _quoted(name: str) -> str:
    """A name in code quotes, a description as it is."""
    return name if "`" in name or " " in name else f"`{name}`"


def loss(request: Request, brk: Break) -> str:
    """What has to be paid for again, as a clause without its adverb ("the text ... is paid")."""
    lost: list[str] = []
    if worth(brk.front):
        low, high = brk.front.size
        if low == high:
            lost.append(f"the {low:,} characters of unchanging text in front of it")
        else:
            lost.append("the unchanging text in front of it")
    if brk.loses_tail:
        later = any(
            point.automatic or request.blocks[point.block].place is Place.MESSAGES
            for point in request.breakpoints
            if point.block > brk.first.block and point.block < len(request.blocks)
        )
        lost.append("the conversation behind it" if later else "the blocks behind it")
    elif worth(brk.behind):
        lost.append("the unchanging text behind it")
    if not lost:
        lost.append("everything up to it")
    verb = (
        "are paid" if len(lost) > 1 or "characters" in lost[0] or "blocks" in lost[0] else "is paid"
    )
    return f"{' and '.join(lost)} {verb}"


def _named_breakpoint(point: Breakpoint, here: Span) -> str:
    if point.automatic:
        return f"the automatic breakpoint ({line_of(point.span, here)})"
    return f"the breakpoint in {line_of(point.span, here)}"


def line_of(span: Span, here: Span) -> str:
    """Where a span is, for a reader of ``here``: the file is named where it is another one."""
    return f"line {span.line}" + ("" if span.path == here.path else f" of {span.path}")


def _too_short(request: Request, context: Context) -> str:
    models = [model for model in models_of(request, context) if model is not None]
    worst = max(models, key=lambda model: (model.min_prefix or 0, model.id))
    return (
        f"The unchanging text is below the {worst.min_prefix:,} tokens from which {worst.id} "
        f"caches at all, so nothing is gained until it grows; the marker asks for it all the same."
    )


def _refusing(request: Request, context: Context, culprit: Culprit) -> Model | None:
    """A model that answers a changed prefix with a 400, where its replies are sent again."""
    replayed = request.multi_turn or any(
        block.place is Place.MESSAGES and (block.repeated or block.role == "assistant")
        for block in request.blocks
    )
    if not replayed or not culprit.worst.pair.inner:
        return None
    return binding_model(request, context)


def binding_model(request: Request, context: Context) -> Model | None:
    """A model of the request that binds its thinking to what stands before it."""
    models = models_of(request, context)
    return next((model for model in models if model is not None and model.binds_thinking), None)


def over_messages(request: Request) -> Breakpoint | None:
    """The last breakpoint that covers messages of the conversation."""
    found = None
    for point in request.breakpoints:
        covered = request.blocks[: point.block + 1]
        if point.automatic or any(
            block.place is Place.MESSAGES and (block.repeated or block.history or not block.kind)
            for block in covered
        ):
            found = point
    return found


def where(request: Request, culprit: Culprit) -> Span:
    """The place in the text of the request at which the two calls diverge."""
    block = request.blocks[culprit.block]
    first = culprit.moving[0]
    if first.term is not None:
        return block.terms[first.term].span
    if block.place is Place.TOOLS:
        spot = _tools.spot_of(block, first) if culprit.rule == LIVE_TOOL else None
        return culprit.keys[0].span if spot is None else spot.span
    return block.text or block.span


def trail(request: Request, culprit: Culprit) -> tuple[Step, ...]:
    """From where each source is born to the breakpoint it kills."""
    block = request.blocks[culprit.block]
    steps: list[Step] = []
    for key in culprit.keys:
        steps.extend(
            key.trail or (Step(Role.SOURCE, key.span, f"{_quoted(key.name)} is born here"),)
        )
    steps.append(Step(Role.SINK, block.text or block.span, f"it enters the {_place(block)} here"))
    point = culprit.breakpoint
    label = "automatic caching ends here" if point.automatic else "the breakpoint it breaks"
    steps.append(Step(Role.BREAKPOINT, point.span, label))
    return tuple(dict.fromkeys(steps))


def _place(block: Block) -> str:
    if block.place is Place.TOOLS:
        return "tool definitions"
    if block.place is Place.SYSTEM:
        return "system prompt"
    return f"{block.role or 'first'} message"


def cost(request: Request, context: Context, culprit: Culprit) -> Cost | None:
    """Cost now over cost after the fix of the text that could be read; None where it isn't sure
    that this text is long enough to be cached at all.
    """
    brk = culprit.worst
    if brk.pair.kind is PairKind.WORKER:
        return None
    if below_minimum(request, context, _cached_by_fix(culprit)) is not False:
        return None
    from skinflint.cache import ratio

    models = set(models_of(request, context))
    model = models.pop() if len(models) == 1 else None
    ttl = culprit.breakpoint.ttl or context.facts.cache.ttl_default
    span = _SPANS.get(ttl, ttl)
    if not brk.pair.inner and reread(request, brk):
        found = ratio.per_user(TURNS, model, ttl, context.catalog)
        return Cost(
            round(found.value, 2), f"{TURNS} turns per user, the next user comes within {span}"
        )
    calls = brk.pair.rounds or context.calls
    found = ratio.broken(calls, model, ttl, context.catalog)
    return Cost(round(found.value, 2), f"{calls} calls with this prefix within {span}")


#: How long a conversation is taken to be where nothing says it.
TURNS = 5
_SPANS = {"5m": "5 minutes", "1h": "an hour"}


#: Rules that keep a finding for ``--preview`` where the text that could be read may be short: what
#: they tell of is often handed to one place that marks whatever it is given.
_IN_DOUBT = (ENTITY, UNORDERED, UNSTABLE_JSON, DYNAMIC)


#: Where the programs lie that try something out on cases of their own.
_EVALUATIONS = frozenset(("eval", "evals", "evaluation", "evaluations"))

#: What is handed on through more places than this has mostly only picked something on the way: a
#: provider, the model that an alias stands for, a branch.
_FAR = 10


def _is_far(request: Request, culprit: Culprit) -> bool:
    """Whether each source of what differs is far from the prompt, counted in what it goes through.

    All of it has to be the same text for the finding to be right, and in a library of providers
    that is seldom so.
    """
    return bool(culprit.keys) and all(len(key.trail) > _FAR for key in culprit.keys)


def _is_in_doubt(request: Request, culprit: Culprit) -> bool:
    """Whether it isn't sure that a call comes which finds another prefix, in time to read it.

    What one branch of a condition alone brings in may come in the first turn, or never. What goes
    round and begins a conversation anew each time may wait an hour before it does so again: where
    the rounds of one conversation read the marker, or no other one has its first message, it does
    its work.
    """
    if culprit.rule in (CLOCK, RANDOM) and all(brk.pair.inner for brk in culprit.breaks):
        moved = {key.span for part in culprit.moving for key in part.keys}
        if not any(_moves_always(_around(request, part), moved) for part in culprit.moving):
            return True
    talk = request.conversation
    if talk is None or not talk.grows:
        return False
    if any(goes_on(request, brk.pair) or not brk.pair.inner for brk in culprit.breaks):
        return False
    own = request.blocks[culprit.block].place is Place.MESSAGES
    broken = {brk.pair for brk in request.breaks() if brk.breakpoint is culprit.breakpoint}
    return own or any(goes_on(request, pair) for pair in request.pairs if pair not in broken)


def _around(request: Request, part: Moving) -> Value:
    """The whole text, or the term of it, that a part belongs to."""
    block = request.blocks[part.block]
    return block.value if part.term is None else block.terms[part.term].value


def _moves_always(value: Value, moved: set[Span]) -> bool:
    """Whether some of the sources is in a value whichever alternative is taken."""
    if isinstance(value, Choice) and len(value.alternatives) > 1:
        return all(_moves_always(each.value, moved) for each in value.alternatives)
    if isinstance(value, Text):
        return any(_moves_always(each, moved) for each in value.parts)
    return any(key.span in moved for _, keys in parts_of(value) for key in keys)


def _is_of_some_call(request: Request, context: Context, culprit: Culprit) -> bool:
    """Whether whoever calls may hand in another value, and little is lost if he does.

    Who calls is not here: the next call may be about the same, or the last one there is. What
    stands right around the value, and not what is cached in front of it, has to be long then. The
    cases of an evaluation share what they are about, and are sent when somebody runs it.
    """
    if culprit.rule != ENTITY:
        return False
    if all(map(_is_of_an_evaluation, culprit.breaks)) or not _stands_in_front(culprit.worst):
        return True
    if any(brk.pair.kind is not PairKind.CALLS for brk in culprit.breaks):
        return False
    lost = culprit.worst.front.plus(culprit.worst.behind)
    return below_minimum(request, context, lost) is not False and lost.literal < _PAGES


def _stands_in_front(brk: Break) -> bool:
    """Whether the text that others could read is surely there, and mostly in front of the value.

    What stands behind one user's value is often picked for that user as well, in a way that no key
    shows (rows that were filtered by it); there it has to be many pages of the code's own words.
    """
    front, behind = brk.front, brk.behind
    return front.named or front.literal >= _PARAGRAPH or behind.literal >= _PAGES


def _is_of_an_evaluation(brk: Break) -> bool:
    """Whether the loop of a pair goes through the cases of an evaluation, by where it lies."""
    if brk.pair.kind is not PairKind.RECORD:
        return False
    return any(
        os.path.basename(os.path.dirname(os.path.abspath(step.span.path))) in _EVALUATIONS
        for step in brk.pair.evidence
    )


def _is_long(request: Request, context: Context, culprit: Culprit) -> bool:
    """Whether what could be read once it is mended is surely worth a breakpoint.

    It is counted, or many pages of it are literal text, or a text from elsewhere is written into
    the marked block itself. Of an order it is enough that it is written there, that nothing else in
    the block may change, or that things get ready in it, which differs within a process as well.
    """
    text = _cached_by_fix(culprit)
    if below_minimum(request, context, text) is False or text.literal >= _PAGES:
        return True
    block = request.blocks[culprit.block]
    written = len(block.terms) > 1
    if culprit.rule not in _ORDERS:
        return written and text.named
    own = {key.span for key in culprit.keys}
    return (
        written
        or any(key.ordering is Ordering.COMPLETION for key in culprit.keys)
        or all(key.span in own for _, keys in parts_of(block.value) for key in keys)
    )


def _cached_by_fix(culprit: Culprit) -> Extent:
    """The text that could be read once the break is mended."""
    brk = culprit.worst
    whole = brk.prefix
    in_front = culprit.rule in (*_ORDERS, LIVE_TOOL)  # nothing else moves, or all of it behind
    first = not worth(brk.front) or (worth(brk.behind) and _longer(brk.behind, brk.front))
    if in_front or first or brk.pair.inner:
        whole = whole.plus(brk.behind)
    if in_front or brk.loses_tail:
        return Extent(whole.low, None, whole.literal, whole.named)
    return whole


# --- mending ------------------------------------------------------------------------------------


def split_or_move(
    request: Request, context: Context, culprit: Culprit
) -> tuple[tuple[Op, ...] | None, str | None]:
    """Split the block in front of what moves, or move it behind a conversation it would break."""
    cached = conversation_cached(request, culprit.breakpoint, culprit.block)
    if cached and any(brk.pair.inner for brk in culprit.breaks):
        return _move(request, culprit)
    return _split(request, context, culprit)


def conversation_cached(request: Request, point: Breakpoint, block: int) -> bool:
    """Whether a breakpoint behind a block covers messages that are sent again."""
    return point.automatic or any(
        later.automatic or request.blocks[later.block].place is Place.MESSAGES
        for later in request.breakpoints
        if block < later.block < len(request.blocks)
    )


def _moving_terms(request: Request, block: int, only: tuple[PairKind, ...] = ()) -> set[int]:
    """Indexes of the terms of a block that move in any pair."""
    found: set[int] = set()
    for pair in request.pairs:
        if pair.confidence is Confidence.LOW or pair.kind is PairKind.WORKER:
            continue
        if only and pair.kind not in only:
            continue
        found.update(p.term for p in request.moving_parts(pair, block) if p.term is not None)
    return found


def _move(request: Request, culprit: Culprit) -> tuple[tuple[Op, ...] | None, str | None]:
    block = request.blocks[culprit.block]
    if block.place is Place.TOOLS:
        return None, "A tool definition can't hold back a part of its text; say it in a message."
    if block.text is None or not block.terms:
        return None, "The text of the block isn't put together in one expression here."
    moved = sorted({part.term for part in culprit.moving if part.term is not None})
    return move(request, block, block.text, block.terms, moved)


def move(
    request: Request,
    block: Block,
    text: Span,
    terms: tuple[Term, ...],
    moved: list[int],
    *,
    sentences: bool = False,
) -> tuple[tuple[Op, ...] | None, str | None]:
    """Put some terms of a text behind the newest user turn, or why that can't be."""
    turn = request.newest_turn()
    if turn is None or turn.text is None:
        return None, (
            "The conversation behind it is cached, so it belongs into the newest user turn; that "
            "turn isn't written at this request."
        )
    if turn.stored is False:
        return None, (
            "The conversation behind it is cached, so it belongs into the newest user turn; the "
            "history keeps another text than the one that is sent, so it would be lost there."
        )
    if not moved:
        return None, "What changes can't be told from the text around it."
    if any(_dynamic_choice(terms[index].value) for index in moved):
        return None, "What changes is one branch of a condition; move it by hand."
    op = MoveToTurn(
        block=block.span,
        text=text,
        terms=tuple(term.span for term in terms),
        moved=tuple(moved),
        turn=turn.text,
        turn_form=turn.form.value,
        wraps=tuple(_wrap(terms, index) for index in moved),
        sentences=sentences,
    )
    return (op,), None


def _wrap(terms: tuple[Term, ...], index: int) -> tuple[int, int]:
    """How much of the literals around a term belongs to it besides its own line.

    In front that is the line above if it announces what stands below it; a tag counts only together
    with the one that closes it.
    """
    before = _written(terms, index - 1)
    behind = _written(terms, index + 1)
    line = before.rfind("\n") + 1
    if not before or before[line:].strip() or (behind and not behind.startswith("\n")):
        return 0, 0
    above = before.rstrip()
    label = above[above.rfind("\n") + 1 :]
    if not label.strip() or not re.match(_LABEL, label):
        return 0, 0
    taken = len(before) - (above.rfind("\n") + 1)
    tag = re.match(r"\s*<([\w-]+)", label)
    if tag is None:
        return taken, 0
    closing = re.match(rf"\s*</{tag.group(1)}>", behind)
    return (taken, closing.end()) if closing is not None else (0, 0)


def _written(terms: tuple[Term, ...], index: int) -> str:
    """The text of a literal term, "" where there is none."""
    if not 0 <= index < len(terms) or not terms[index].literal:
        return ""
    return _literal(terms[index].value) or ""


def _dynamic_choice(value: Value) -> bool:
    return isinstance(value, Choice)


def _split(
    request: Request, context: Context, culprit: Culprit
) -> tuple[tuple[Op, ...] | None, str | None]:
    block = request.blocks[culprit.block]
    if block.place is Place.TOOLS:
        return None, "A tool definition can't be split; say what changes in a message."
    if block.text is None or not block.terms:
        return None, "The text of the block isn't put together in one expression here."
    if block.repeated or block.form is Form.OTHER:
        return None, "The block isn't written out here."
    moves = _moving_terms(request, culprit.block)
    if not moves:
        return None, "What changes can't be told from the text around it."
    # A term that may or may not change has no place in the part that is to be shared.
    moves |= {index for index, term in enumerate(block.terms) if _unsure(term.value)}
    first = min(moves)
    still = tuple(index not in moves for index in range(len(block.terms)))
    front = _of_terms(block, range(first))
    joins = _joining(block, moves, first)
    behind = _of_terms(block, joins)
    if not worth(behind) or not _longer(behind, front):
        joins = ()
    if not joins and not worth(front) and not _says_something(block, first):
        head = still_head((block.terms[first].value,), _may_move)
        # with nothing in front of the block, what stands still there is of its own text
        if worth(head) or (not culprit.block and worth(culprit.worst.front)):
            return None, (
                "The text is put together elsewhere and arrives as one string; hand over the "
                "unchanging and the changing part apart."
            )
        return None, (
            "No unchanging text stands in front of it in this block; put it behind the marked "
            "text, or into the newest user turn."
        )
    own = culprit.breakpoint.block == culprit.block and not culprit.breakpoint.automatic
    slots = _limit(context) - len(request.breakpoints) - (0 if own else 1)
    if slots < 0:
        return None, "All breakpoints that a request may have are in use."
    cut = _cut(block, first, bool(joins))
    tail = [term.value for i, term in enumerate(block.terms) if i >= first and i not in joins]
    op = SplitBlock(
        block=block.span,
        text=block.text,
        container=block.container,
        form=block.form.value,
        terms=tuple(term.span for term in block.terms),
        static=still,
        at=first,
        marker=culprit.breakpoint.span if own else None,
        mark_tail=slots > 0 and _tail_is_reread(request, culprit),
        tail_may_be_blank=cut is None and not any(_never_blank(value) for value in tail),
        ttl=culprit.breakpoint.ttl or "5m",
        cut=cut,
        moves=joins,
    )
    return (op,), None


def _unsure(value: Value) -> bool:
    """Whether nothing is known of when a value changes."""
    return any(key.source is Source.UNKNOWN for _, keys in parts_of(value) for key in keys)


def _may_move(keys: tuple[Key, ...]) -> bool:
    return any(key.confidence > Confidence.LOW for key in keys)


def _limit(context: Context) -> int:
    return context.facts.cache.max_markers


def _of_terms(block: Block, indexes: range | tuple[int, ...]) -> Extent:
    found = Extent()
    for index in indexes:
        found = found.plus(extent_of(block.terms[index].value))
    return found


def _joining(block: Block, moves: set[int], first: int) -> tuple[int, ...]:
    """Static terms behind the first moving one that are whole lines of their own.

    The rest of a moving term's line stays with it: a literal joins only if it begins with a line
    break, and nothing joins across a term that moves without one in between.
    """
    joins: list[int] = []
    fresh = False  # at the beginning of a line
    for index in range(first + 1, len(block.terms)):
        if index in moves:
            fresh = False
            continue
        text = _literal(block.terms[index].value)
        if text is not None and text.startswith("\n"):
            fresh = True
        if fresh:
            joins.append(index)
    while joins and (joins[-1] + 1) in moves:
        last = _literal(block.terms[joins[-1]].value)
        if last is None or last.endswith("\n"):
            break
        joins.pop()  # its last line goes on with what moves
    return tuple(joins)


def _literal(value: Value) -> str | None:
    """The text of a literal term, None for anything else."""
    if isinstance(value, Known) and isinstance(value.value, str):
        return value.value
    if isinstance(value, Text):
        parts = [_literal(part) for part in value.parts]
        if all(part is not None for part in parts):
            return "".join(part for part in parts if part is not None)
    return None


def _says_something(block: Block, first: int) -> bool:
    """Whether a head cut off in front of term ``first`` surely isn't blank."""
    return any(_never_blank(term.value) for term in block.terms[:first])


def _cut(block: Block, first: int, joined: bool) -> int | None:
    """Where the label of the moving part begins in the literal in front of it.

    That is the line the part stands on, or a heading, "Label:" or "<tag>" on the line above. None
    where there is no label. The head must not become empty by it, unless other text has ``joined``.
    """
    if first == 0 or not block.terms[first - 1].literal:
        return None
    text = _literal(block.terms[first - 1].value)
    if text is None:
        return None
    begin = text.rfind("\n") + 1
    if not text[begin:].strip():
        above = text.rstrip()
        begin = above.rfind("\n") + 1
        if not re.match(_LABEL, above[begin:]):
            return None
    if begin == 0 and first > 1:
        return None  # the line begins in the term before
    if not text[:begin].strip() and first == 1 and not joined:
        return None
    return begin


#: A line that announces what stands below it.
_LABEL = r"#+ .*|.*[:\uff1a]\s*\Z|<[^/][^<>]*>\s*\Z"


def _never_blank(value: Value) -> bool:
    """Whether a text has a character that is no blank, whatever alternative is taken."""
    if isinstance(value, Known):
        return bool(str(value.value).strip())
    if isinstance(value, Text):
        return any(_never_blank(part) for part in value.parts)
    if isinstance(value, Choice):
        return all(_never_blank(a.value) for a in value.alternatives)
    if isinstance(value, Unknown):
        shown = any(key.source in (Source.CLOCK, Source.RANDOM) for key in value.keys)
        return not value.may_be_empty and shown
    return False


def _tail_is_reread(request: Request, culprit: Culprit) -> bool:
    """Whether some pair reads the whole block today, and nothing behind it would cover the tail."""
    if any(point.block > culprit.block or point.automatic for point in request.breakpoints):
        return False
    broken = {brk.pair for brk in request.breaks()}
    return any(pair not in broken for pair in request.pairs if pair.kind is not PairKind.WORKER)
