"""SKF301, SKF303 and SKF801 on requests built by hand."""

from __future__ import annotations

from dataclasses import replace

import hand_built as hb
import pytest

from skinflint.linter.findings import (
    Applicability,
    CapLoop,
    Finding,
    SetKeyword,
    Severity,
    TrimInSteps,
)
from skinflint.linter.request import (
    Conversation,
    Growth,
    Home,
    Limit,
    Platform,
    Repeats,
    Repetition,
    Request,
    Rounds,
)
from skinflint.linter.spans import Role, Step
from skinflint.linter.values import Confidence
from skinflint.rules.sliding_window import SlidingWindow
from skinflint.rules.unbounded_history import UnboundedHistory
from skinflint.rules.uncapped_tool_loop import UncappedToolLoop


def step(line: int, label: str = "here") -> Step:
    return Step(Role.STEP, hb.at(line), label)


def grows(where: str, line: int = 30) -> Growth:
    return Growth(hb.at(line), "append", where, step(line, "grows here"))


def bound(how: str, line: int = 40) -> Limit:
    return Limit(hb.at(line), how, step(line, "cut here"))


def slid(*marks: hb.Breakpoint, line: int = 45, **more: object) -> Request:
    """A conversation with a window, under these markers."""
    conversation = Conversation(
        Home.ATTRIBUTE, hb.at(5), (grows("method"),), (bound("slice", line),), slides=(step(line),)
    )
    blocks = (hb.text(10, hb.LONG), hb.history(), hb.turn())
    return hb.request(
        *blocks,
        marks=marks,
        pairs=(hb.IN_TURNS, hb.BY_CALLS),
        conversation=conversation,
        **{"multi_turn": True, **more},
    )


def kept(*growth: Growth, repetition: Repeats = Repeats.TURNS, **more: object) -> Request:
    """A conversation that grows so."""
    conversation = Conversation(Home.ATTRIBUTE, hb.at(5), growth, **more)  # type: ignore[arg-type]
    return hb.request(
        hb.text(10, hb.LONG),
        hb.history(),
        hb.turn(),
        pairs=(hb.IN_TURNS,),
        conversation=conversation,
        repetition=Repetition(repetition),
    )


def sliding(request: Request) -> list[Finding]:
    return list(SlidingWindow().check(request, hb.CONTEXT))


def unbounded(request: Request) -> list[Finding]:
    return list(UnboundedHistory().check(request, hb.CONTEXT))


def uncapped(request: Request) -> list[Finding]:
    return list(UncappedToolLoop().check(request, hb.CONTEXT))


# -------------------------------------------------------------------- SKF301


@pytest.mark.parametrize("mark", [hb.mark(1), hb.mark(2), hb.automatic(2)])
def test_a_window_in_a_cached_conversation(mark: hb.Breakpoint) -> None:
    (found,) = sliding(slid(mark))
    assert found.severity is Severity.WARNING
    assert found.confidence is Confidence.HIGH
    assert found.primary == hb.at(45)
    assert found.pair == "from turn to turn"
    assert found.fix is not None
    assert found.fix.applicability is Applicability.UNSAFE
    assert found.fix.ops == (TrimInSteps(hb.at(45)),)
    assert found.related[-1].span == mark.span


def test_a_window_costs_nothing_where_no_message_is_cached() -> None:
    assert sliding(slid()) == []
    assert sliding(slid(hb.mark(0))) == []


def test_a_window_told_within_one_message_is_no_conversation() -> None:
    assert sliding(slid(hb.automatic(2), multi_turn=False)) == []


def test_a_marker_on_some_paths_is_less_sure() -> None:
    (found,) = sliding(slid(hb.mark(2, optional=True)))
    assert found.confidence is Confidence.MEDIUM


def test_a_conversation_that_stays_is_left_alone() -> None:
    request = slid(hb.automatic(2))
    assert request.conversation is not None
    whole = replace(request.conversation, slides=())
    assert sliding(replace(request, conversation=whole)) == []
    assert sliding(replace(request, conversation=None)) == []


def test_bound_thinking_makes_it_an_error_without_a_fix() -> None:
    (found,) = sliding(slid(hb.automatic(2), models=("claude-fable-5-1",)))
    assert found.severity is Severity.ERROR
    assert "400" in found.message
    assert found.fix is None
    assert found.no_fix is not None
    assert "claude-fable-5-1" in found.no_fix


# -------------------------------------------------------------------- SKF303


@pytest.mark.parametrize("where", ["turns", "handler", "session"])
def test_a_conversation_that_nothing_cuts(where: str) -> None:
    (found,) = unbounded(kept(grows(where)))
    assert found.severity is Severity.WARNING
    assert found.primary == hb.at(30)
    assert found.fix is None
    assert found.no_fix is not None
    assert "context_management" in found.no_fix
    assert found.related[0].span == hb.at(5)


@pytest.mark.parametrize("where", ["loop", "recursion"])
def test_the_loop_of_one_question_is_no_history(where: str) -> None:
    assert unbounded(kept(grows(where))) == []
    (found,) = unbounded(kept(grows(where), grows("turns", 33)))
    assert found.primary == hb.at(33)


@pytest.mark.parametrize(
    "how", ["slice", "maxlen", "trim", "fresh-list", "query-limit", "summary", "compaction"]
)
def test_bounds_of_every_kind_silence_it(how: str) -> None:
    assert unbounded(kept(grows("turns"), bounded_by=(bound(how),))) == []


def test_what_could_not_be_followed_may_be_bounded_there() -> None:
    assert unbounded(kept(grows("turns"), certain=False)) == []


def test_nothing_grows() -> None:
    assert unbounded(kept()) == []
    assert unbounded(hb.request(hb.turn())) == []


def test_an_object_that_is_asked_once() -> None:
    assert unbounded(kept(grows("method"), repetition=Repeats.ONCE)) == []


def test_callers_that_are_not_here_have_to_be_asked_for() -> None:
    default = replace(hb.CONTEXT, preview=False)
    request = kept(grows("method"), repetition=Repeats.OBJECT)
    assert list(UnboundedHistory().check(request, default)) == []
    (found,) = unbounded(request)
    assert found.confidence is Confidence.MEDIUM
    request = kept(grows("method"), repetition=Repeats.REQUEST)
    assert list(UnboundedHistory().check(request, default)) == []
    (found,) = unbounded(request)
    assert found.confidence is Confidence.HIGH


def test_a_list_of_the_module_lives_as_long_as_it_does() -> None:
    request = kept(grows("method"), repetition=Repeats.OBJECT)
    assert request.conversation is not None
    talk = replace(request.conversation, home=Home.GLOBAL)
    assert len(unbounded(replace(request, conversation=talk))) == 1


@pytest.mark.parametrize(
    ("model", "local", "is_told"),
    [
        ("qwen3-coder", True, False),
        ("anthropic/claude-opus-5-5", True, True),
        ("sonnet-latest", True, True),
        ("deepseek-chat", False, True),
    ],
)
def test_other_models_on_this_machine(model: str, local: bool, is_told: bool) -> None:
    request = kept(grows("turns"))
    refs = tuple(replace(ref, id=model) for ref in request.models)
    asked = replace(request, models=refs, local=local)
    assert refs
    assert UnboundedHistory().is_told(asked, replace(hb.CONTEXT, preview=False)) is is_told
    assert UnboundedHistory().is_told(asked, hb.CONTEXT)


def test_the_beta_surface_is_named_where_it_is_to_be_had() -> None:
    request = kept(grows("turns"))
    site = replace(request.site, platform=Platform.COMPATIBLE)
    (found,) = unbounded(replace(request, site=site))
    assert found.no_fix is not None
    assert "context_management" not in found.no_fix


# -------------------------------------------------------------------- SKF801


def looped(**more: object) -> Request:
    settings: dict[str, object] = {"how": "loop", "ends": (step(20),)}
    settings.update(more)
    return hb.request(hb.turn(), rounds=Rounds(hb.at(12), hb.at(12, 1, 5), **settings))  # type: ignore[arg-type]


def test_a_loop_that_the_model_ends() -> None:
    (found,) = uncapped(looped())
    assert found.severity is Severity.WARNING
    assert found.primary == hb.at(12, 1, 5)
    assert found.related[0] == step(20)
    assert found.fix is not None
    assert found.fix.applicability is Applicability.UNSAFE
    (op,) = found.fix.ops
    assert isinstance(op, CapLoop)
    assert op.loop == hb.at(12)


def test_a_runner_gets_its_keyword() -> None:
    (found,) = uncapped(looped(how="runner", ends=()))
    assert found.fix is not None
    (op,) = found.fix.ops
    assert isinstance(op, SetKeyword)
    assert (op.call, op.name) == (hb.at(12), "max_iterations")
    assert int(op.value) > 20


def test_whatever_else_may_end_it_silences_it() -> None:
    assert uncapped(looped(limits=(step(21),))) == []
    assert uncapped(looped(certain=False)) == []
    assert uncapped(hb.request(hb.turn())) == []
