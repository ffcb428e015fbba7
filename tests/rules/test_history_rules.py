"""SKF302, SKF304 to SKF308, SKF502 and SKF503 on requests built by hand."""

from __future__ import annotations

from dataclasses import replace

import hand_built as hb
import pytest

from skinflint.linter.findings import CapText, Finding, GatherAwaits, SetNumber, TextToBlocks
from skinflint.linter.request import (
    Awaited,
    Block,
    Content,
    Conversation,
    Fork,
    Form,
    Growth,
    Home,
    Intake,
    Limit,
    Pair,
    PairKind,
    Part,
    Place,
    Platform,
    Request,
    Rounds,
    State,
)
from skinflint.linter.spans import Role, Span, Step
from skinflint.linter.values import Entry, Known, Mapping, Sequence, Value
from skinflint.rules.base import Rule
from skinflint.rules.base64_as_text import Base64AsText
from skinflint.rules.eager_context_edit import EagerContextEdit
from skinflint.rules.fan_out_multiplies import FanOutMultiplies
from skinflint.rules.fork_with_other_prefix import ForkWithOtherPrefix
from skinflint.rules.images_kept import ImagesKept
from skinflint.rules.serial_awaits import SerialAwaits
from skinflint.rules.splits_tool_pair import SplitsToolPair
from skinflint.rules.whole_result_in_history import WholeResultInHistory

TOOLS = Part(State.KNOWN)
WHOLE_LOOP = Span("app.py", 10, 1, 90, 1)
LOOPING = Pair(
    PairKind.LOOP,
    1,
    "from round to round",
    (Step(Role.STEP, WHOLE_LOOP, "the loop repeats it"),),
)


def said(rule: type[Rule], request: Request) -> list[Finding]:
    return list(rule().check(request, hb.CONTEXT))


def known(value: object, line: int = 30) -> Known:
    return Known(value, hb.at(line))


def mapping(line: int = 30, **entries: Value) -> Mapping:
    """A dict of these entries."""
    listed = tuple(Entry(known(k), v, v.span) for k, v in entries.items())
    return Mapping(listed, hb.at(line, 1, 60))


def result(line: int = 50, content: Value | None = None, **more: object) -> Block:
    """The result of a tool, one of any number that earlier rounds left."""
    value = mapping(line, type=known("tool_result"), content=content or known("done"))
    settings: dict[str, object] = {"role": "user", "repeated": True, "history": True}
    settings.update(more)
    return Block(Place.MESSAGES, "tool_result", value, value.span, **settings)  # type: ignore[arg-type]


def talk(*limits: str, **more: object) -> Conversation:
    """A conversation that grows in the loop, with limits of these kinds."""
    grown = Growth(hb.at(51), "append", "loop", Step(Role.STEP, hb.at(51), "grows here"))
    bounded = tuple(Limit(hb.at(40), how, Step(Role.STEP, hb.at(40), how)) for how in limits)
    return Conversation(Home.LOCAL, hb.at(9), (grown,), bounded, **more)  # type: ignore[arg-type]


def intake(kind: str = "file", line: int = 20, short: int = 0, media: str = "") -> Intake:
    trail = (Step(Role.SOURCE, hb.at(line), "it comes in here"),)
    return Intake(kind, "read()", hb.at(line), trail, short, media)


def filled(*intakes: Intake, block: Block | None = None, **more: object) -> Request:
    """A request into whose one block these come."""
    content = Content(0, hb.at(52), intakes, more.pop("is_text", True))  # type: ignore[arg-type]
    settings: dict[str, object] = {"conversation": talk(), "pairs": (LOOPING,), "tools": TOOLS}
    settings.update(more)
    return hb.request(block or result(), contents=lambda: (content,), **settings)  # type: ignore[arg-type]


# -------------------------------------------------------------------- SKF306


def test_a_whole_result_that_stays() -> None:
    (found,) = said(WholeResultInHistory, filled(intake(), intake("process", 21)))
    assert found.primary == hb.at(52)
    assert found.message.startswith("A file or the output of a program goes into a result")
    assert found.fix is not None
    assert found.fix.ops == (CapText(hb.at(52), 20_000),)
    assert [step.span.line for step in found.related] == [20, 21, 65]


def test_what_may_be_no_text_is_not_cut() -> None:
    (found,) = said(WholeResultInHistory, filled(intake(), is_text=False))
    assert found.fix is None
    assert found.no_fix is not None


@pytest.mark.parametrize("short", [1, 2])
def test_what_is_kept_short(short: int) -> None:
    assert said(WholeResultInHistory, filled(intake(short=short))) == []


@pytest.mark.parametrize("how", ["context-management", "compaction"])
def test_the_server_clears_results(how: str) -> None:
    assert said(WholeResultInHistory, filled(intake(), conversation=talk(how))) == []


def test_results_that_are_changed_later() -> None:
    changed = talk(rewritten=(Step(Role.STEP, hb.at(44), "changed"),), append_only=False)
    assert said(WholeResultInHistory, filled(intake(), conversation=changed)) == []


def test_sent_once() -> None:
    assert said(WholeResultInHistory, filled(intake(), conversation=None)) == []
    assert said(WholeResultInHistory, filled(intake(), pairs=(hb.BY_CALLS,))) == []


def test_a_message_is_told_where_it_comes_in_each_round() -> None:
    message = hb.user(52, hb.retrieved(), history=True)
    (found,) = said(WholeResultInHistory, filled(intake(), block=message))
    assert "a message that stays" in found.message
    assert said(WholeResultInHistory, filled(intake(line=5), block=message)) == []
    assert said(WholeResultInHistory, filled(intake("base64"), block=message)) == []


# -------------------------------------------------------------------- SKF304


def test_bytes_in_a_text() -> None:
    (found,) = said(Base64AsText, filled(intake("base64")))
    assert found.fix is None
    assert "each later round" in found.message
    (found,) = said(Base64AsText, filled(intake("base64"), conversation=None))
    assert "each later round" not in found.message
    assert said(Base64AsText, filled(intake("base64", short=2))) == []
    assert said(Base64AsText, filled(intake("file"))) == []


@pytest.mark.parametrize(
    ("media", "kind"), [("image/jpeg", "image"), ("application/pdf", "document")]
)
def test_a_data_url_says_what_it_is(media: str, kind: str) -> None:
    (found,) = said(Base64AsText, filled(intake("base64", media=media)))
    assert found.fix is not None
    assert found.fix.ops == (TextToBlocks(hb.at(52), media, kind),)


def test_types_that_no_block_takes_and_texts_of_blocks() -> None:
    (found,) = said(Base64AsText, filled(intake("base64", media="audio/wav")))
    assert found.fix is None
    inside = hb.user(52, hb.retrieved(), form=Form.DICT)
    (found,) = said(Base64AsText, filled(intake("base64", media="image/png"), block=inside))
    assert found.fix is None
    whole = hb.user(52, hb.retrieved(), form=Form.STRING)
    (found,) = said(Base64AsText, filled(intake("base64", media="image/png"), block=whole))
    assert found.fix is not None


# -------------------------------------------------------------------- SKF302


def test_a_blind_cut_of_results() -> None:
    request = hb.request(
        result(), tools=TOOLS, conversation=talk("slice"), blind_cuts=lambda: (hb.at(40),)
    )
    (found,) = said(SplitsToolPair, request)
    assert found.primary == hb.at(40)
    assert said(SplitsToolPair, replace(request, tools=Part(State.ABSENT))) == []
    assert said(SplitsToolPair, replace(request, blocks=(hb.history(),))) == []
    assert said(SplitsToolPair, replace(request, blind_cuts=lambda: ())) == []


# -------------------------------------------------------------------- SKF305

IMAGE = mapping(31, type=known("image"), source=known("data"))
PICTURES = Sequence((IMAGE,), hb.at(31))


def pictured(*limits: str, **more: object) -> Request:
    settings: dict[str, object] = {"conversation": talk(*limits), "pairs": (LOOPING,)}
    settings.update(more)
    return hb.request(result(content=PICTURES), tools=TOOLS, **settings)  # type: ignore[arg-type]


def test_an_image_in_each_result() -> None:
    (found,) = said(ImagesKept, pictured())
    assert found.primary == IMAGE.span
    assert "1,600 tokens" in found.message


@pytest.mark.parametrize(
    "request_",
    [
        pictured("slice"),
        pictured(marks=(hb.automatic(0),)),
        pictured(conversation=talk(certain=False)),
        pictured(conversation=talk(rewritten=(Step(Role.STEP, hb.at(44), "filtered"),))),
        pictured(pairs=(hb.BY_CALLS,)),
        pictured(platform=Platform.COMPATIBLE),
        hb.request(result(), tools=TOOLS, conversation=talk(), pairs=(LOOPING,)),
    ],
)
def test_images_that_go_or_are_cached(request_: Request) -> None:
    assert said(ImagesKept, request_) == []


def test_a_limit_of_the_rounds_bounds_no_image() -> None:
    assert len(said(ImagesKept, pictured("stop"))) == 1


# -------------------------------------------------------------------- SKF307


def test_a_fork() -> None:
    request = hb.request(hb.text(8, "Sum up."), hb.history(), forks=(Fork(hb.at(70), ("system",)),))
    (found,) = said(ForkWithOtherPrefix, request)
    assert "behind another system prompt" in found.message
    assert said(ForkWithOtherPrefix, replace(request, forks=())) == []
    counted = replace(request, site=replace(request.site, method="messages.count_tokens"))
    assert said(ForkWithOtherPrefix, counted) == []


# -------------------------------------------------------------------- SKF308


def edited(kind: str = "input_tokens", value: object = 5000, **more: Value) -> Request:
    trigger = mapping(33, type=known(kind, 33), value=known(value, 34))
    edit = mapping(32, type=known("clear_tool_uses_20250919"), trigger=trigger, **more)
    edits = mapping(31, edits=Sequence((edit,), hb.at(31)))
    marks = (hb.automatic(0),)
    return hb.request(hb.history(), marks=marks, params={"context_management": edits})


def test_a_trigger_that_is_too_low() -> None:
    (found,) = said(EagerContextEdit, edited())
    assert found.primary == hb.at(34)
    assert found.fix is not None
    assert found.fix.ops == (SetNumber(hb.at(34), "100_000", "context_management"),)
    (found,) = said(EagerContextEdit, edited("tool_uses", 3))
    assert found.fix is None


@pytest.mark.parametrize(
    "request_",
    [
        edited(value=80_000),
        edited("tool_uses", 20),
        edited(value=None),
        edited(clear_at_least=known(9)),
        replace(edited(), breakpoints=()),
        replace(edited(), params={}),
    ],
)
def test_clearing_that_is_worth_it(request_: Request) -> None:
    assert said(EagerContextEdit, request_) == []


# -------------------------------------------------------------------- SKF502, SKF503


def test_requests_in_a_row() -> None:
    both = Awaited(hb.at(61), hb.at(62), Step(Role.STEP, hb.at(62), "this one waits"))
    request = hb.request(hb.turn(), awaited=lambda: both)
    (found,) = said(SerialAwaits, request)
    assert found.fix is not None
    assert found.fix.ops == (GatherAwaits(hb.at(61), hb.at(62)),)
    assert said(SerialAwaits, replace(request, conversation=talk())) == []
    assert said(SerialAwaits, replace(request, multi_turn=True)) == []
    looped = Rounds(hb.at(12), hb.at(12), "loop")
    assert said(SerialAwaits, replace(request, rounds=looped)) == []


def test_agents_side_by_side() -> None:
    outer = Pair(PairKind.RECORD, 0, "from one item to the next", side_by_side=True)
    inner = replace(LOOPING, depth=1)
    request = hb.request(hb.text(8, 2 * hb.LONG), hb.turn(), pairs=(inner, outer))
    (found,) = said(FanOutMultiplies, request)
    assert found.pair == "from one item to the next"
    assert said(FanOutMultiplies, replace(request, breakpoints=(hb.mark(0),))) == []
    assert said(FanOutMultiplies, replace(request, pairs=(outer,))) == []
    assert said(FanOutMultiplies, replace(request, pairs=(inner,))) == []
    short = replace(request, blocks=(hb.text(8, hb.SENTENCE), hb.turn()))
    assert said(FanOutMultiplies, short) == []
