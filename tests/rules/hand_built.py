"""Requests built by hand: one line of a made-up file per part."""

from __future__ import annotations

import datetime

from skinflint.linter.request import (
    Block,
    Breakpoint,
    Form,
    ModelRef,
    Pair,
    PairKind,
    Part,
    Place,
    Platform,
    Request,
    Site,
    State,
    Term,
)
from skinflint.linter.spans import Role, Span, Step
from skinflint.linter.values import (
    Alternative,
    Choice,
    Frame,
    Granularity,
    Key,
    Known,
    Mark,
    MarkKind,
    Ordering,
    Source,
    Text,
    Unknown,
    Value,
)
from skinflint.rules.base import Context

CONTEXT = Context(as_of=datetime.date(2026, 11, 22), paced=True, preview=True)

FUNCTION = Mark(MarkKind.FUNCTION, "answer", Span("app.py", 1, 1, 99, 1))
LOOP = Mark(MarkKind.LOOP, "the loop at line 10", Span("app.py", 10, 1, 90, 1))

LONG = "Be kind, be brief, and never promise what the shop can't keep. " * 200
SENTENCE = "Be kind, be brief, and never promise what can't be kept.\n"

#: Pairs of a request that is sent in a loop of a function.
IN_LOOP = Pair(PairKind.LOOP, 1, "from round to round of the loop at line 10")
IN_TURNS = Pair(PairKind.TURN, 1, "from turn to turn")
BY_USERS = Pair(PairKind.USER, 0, "from user to user")
BY_CALLS = Pair(PairKind.CALLS, 0, "from call to call of answer")
BY_WORKERS = Pair(PairKind.WORKER, 0, "from worker to worker")


def at(line: int, column: int = 1, width: int = 10) -> Span:
    """A place in the file."""
    return Span("app.py", line, column, line, column + width)


def key(source: Source, line: int, frame: Frame = (FUNCTION, LOOP), **more: object) -> Key:
    """A source of change born at ``line``."""
    name = str(more.pop("name", source.value))
    found = Key(source, name, at(line), frame=frame)
    return found._replace(trail=(Step(Role.SOURCE, at(line), name),), **more)


def clock(line: int = 20, frame: Frame = (FUNCTION, LOOP), **more: object) -> Value:
    """A reading of the clock, to the second unless told otherwise."""
    more.setdefault("granularity", Granularity.SECOND)
    return hole(key(Source.CLOCK, line, frame, name="datetime.now()", **more), empty=False)


def entity(name: str, line: int = 21) -> Value:
    """A parameter of the function that belongs to one user."""
    return hole(key(Source.ENTITY, line, (FUNCTION,), name=name))


def retrieved(line: int = 22) -> Value:
    """Passages found for the question of this round."""
    return hole(key(Source.RETRIEVAL, line, name="search()"))


def ordered(ordering: Ordering, line: int = 23, frame: Frame = (FUNCTION, LOOP)) -> Value:
    """A text whose order isn't fixed."""
    return hole(key(Source.ORDER, line, frame, name="a set", ordering=ordering))


def hole(*keys: Key, empty: bool = True) -> Value:
    """A text of unknown content that changes with ``keys``."""
    span = keys[0].span if keys else at(29)
    return Unknown("a value", span, keys=keys, type="str", may_be_empty=empty)


def imported(line: int = 2) -> Value:
    """A constant of a module that isn't here."""
    return Unknown("RULES", at(line), entry="import", type="str")


def maybe(value: Value, *keys: Key) -> Value:
    """A text that is there or not."""
    return Choice((Alternative(value), Alternative(Known("", at(30)))), at(30), keys=keys)


def text(line: int, *parts: str | Value, place: Place = Place.SYSTEM, **more: object) -> Block:
    """A text block with a term per part."""
    terms = []
    for index, part in enumerate(parts):
        span = at(line, 20 + 10 * index)
        value = Known(part, span) if isinstance(part, str) else part
        terms.append(Term(span, value, isinstance(part, str)))
    settings: dict[str, object] = {"form": Form.DICT, "text": at(line, 20, 60), "kind": "text"}
    settings.update(more)
    return Block(
        place=place,
        value=Text(tuple(term.value for term in terms), at(line, 20, 60)),
        span=at(line, 10, 80),
        terms=tuple(terms),
        **settings,  # type: ignore[arg-type]
    )


def user(line: int, *parts: str | Value, **more: object) -> Block:
    """A block of a user message."""
    more.setdefault("role", "user")
    return text(line, *parts, place=Place.MESSAGES, **more)


def turn(line: int = 60) -> Block:
    """The newest turn of the user."""
    question = hole(key(Source.TURN, line, name="question"))
    return user(line, question, last_message=True, last=True, form=Form.STRING)


def history(line: int = 50) -> Block:
    """Earlier messages, which the loop appends."""
    said = hole(key(Source.CALL, line, name="reply"))
    return user(line, said, repeated=True, role="")


def mark(block: int, **more: object) -> Breakpoint:
    """A marker on a block."""
    return Breakpoint(block, at(70 + block), **more)  # type: ignore[arg-type]


def automatic(block: int, **more: object) -> Breakpoint:
    """Automatic caching, which ends at the last block."""
    return Breakpoint(block, at(80), automatic=True, **more)  # type: ignore[arg-type]


def request(
    *blocks: Block,
    marks: tuple[Breakpoint, ...] = (),
    pairs: tuple[Pair, ...] = (IN_LOOP, BY_CALLS),
    models: tuple[str, ...] = ("claude-opus-5-5",),
    platform: Platform = Platform.CLAUDE_API,
    **more: object,
) -> Request:
    """A request of ``answer``, sent inside its loop."""
    state = {
        place: Part(State.TRACED if any(b.place is place for b in blocks) else State.ABSENT)
        for place in Place
    }
    settings: dict[str, object] = {
        "model": Part(State.KNOWN),
        "tools": state[Place.TOOLS],
        "system": state[Place.SYSTEM],
        "messages": state[Place.MESSAGES],
    }
    settings.update(more)
    return Request(
        site=Site(at(65), "answer", "anthropic", "messages.create", platform),
        host=(FUNCTION, LOOP),
        models=tuple(ModelRef(id, at(3, 1 + 30 * n, 20)) for n, id in enumerate(models)),
        blocks=blocks,
        breakpoints=marks,
        pairs=pairs,
        **settings,  # type: ignore[arg-type]
    )
