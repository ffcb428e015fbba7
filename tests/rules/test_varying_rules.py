"""What changes while a cached talk goes on: tools, model, settings; dates and conditions."""

from __future__ import annotations

from dataclasses import replace

import hand_built as hb
import pytest

from skinflint.linter.findings import Finding, Severity
from skinflint.linter.request import (
    Breakpoint,
    Conversation,
    Growth,
    Home,
    Pair,
    Request,
    Written,
)
from skinflint.linter.spans import Role, Step
from skinflint.linter.values import (
    Alternative,
    Choice,
    Confidence,
    Entry,
    Granularity,
    Key,
    Known,
    Mapping,
    Value,
)
from skinflint.rules.registry import all_rules

STEP = Step(Role.STEP, hb.at(40), "grows here")
TALK = Conversation(Home.LOCAL, hb.at(5), (Growth(hb.at(40), "append", "loop", STEP),))
ROUND = hb.key(hb.Source.CALL, 20, name="step")
ONCE = hb.key(hb.Source.CALL, 20, (hb.FUNCTION,), name="mode")
RULES = ("SKF102", "SKF109", "SKF111", "SKF112", "SKF115")


def findings(request: Request) -> list[Finding]:
    """What the rules of this page say."""
    rules = [rule() for rule in all_rules() if rule.id in RULES]
    return [found for rule in rules for found in rule.check(request, hb.CONTEXT)]


def ids(request: Request) -> list[str]:
    return [found.rule.id for found in findings(request)]


def talk(
    *system: str | Value,
    marks: tuple[Breakpoint, ...] = (hb.automatic(2),),
    pairs: tuple[Pair, ...] = (hb.IN_LOOP, hb.BY_CALLS),
    **more: object,
) -> Request:
    """A cached conversation that a loop makes longer."""
    more.setdefault("conversation", TALK)
    return hb.request(
        hb.text(10, *(system or (hb.LONG,))),
        hb.history(),
        hb.turn(),
        marks=marks,
        pairs=pairs,
        **more,  # type: ignore[arg-type]
    )


def either(key: Key, one: object = "low", other: object = "high") -> Value:
    branches = tuple(Alternative(Known(value, hb.at(31))) for value in (one, other))
    return Choice(branches, hb.at(31), keys=(key,))


def setting(name: str, value: Value) -> dict[str, Value]:
    """A parameter with one entry."""
    key = Known("type", hb.at(30))
    return {name: Mapping((Entry(key, value, hb.at(31)),), hb.at(30))}


@pytest.mark.parametrize("name", ["thinking", "output_config", "tool_choice", "speed"])
def test_a_setting(name: str) -> None:
    (found,) = findings(talk(params=setting(name, either(ROUND))))
    assert found.rule.id == "SKF111"
    assert found.pair == hb.IN_LOOP.label
    assert found.severity is (Severity.INFO if name == "tool_choice" else Severity.WARNING)
    assert f"`{name}` hangs on `step`" in found.message
    assert ids(talk(params=setting(name, either(ONCE)))) == []


def test_what_is_no_part_of_the_prompt() -> None:
    for name in ("metadata", "max_tokens", "temperature", "stop_sequences"):
        assert ids(talk(params=setting(name, either(ROUND)))) == []


@pytest.mark.parametrize(("part", "rule"), [("tools", "SKF109"), ("model", "SKF112")])
def test_what_is_chosen_anew(part: str, rule: str) -> None:
    models = ("claude-opus-5-5", "claude-sonnet-5-5")
    varied = talk(
        models=models, deciding={part: (ROUND,)}, written={part: Written(hb.at(33), True)}
    )
    (found,) = findings(varied)
    assert (found.rule.id, found.primary) == (rule, hb.at(33))
    assert [step.role for step in found.related] == [Role.SOURCE, Role.SINK, Role.BREAKPOINT]
    assert ids(replace(varied, deciding={part: (ONCE,)})) == []
    guess = ROUND._replace(confidence=Confidence.LOW)
    assert ids(replace(varied, deciding={part: (guess,)})) == []


def test_one_model_is_one_model() -> None:
    assert ids(talk(deciding={"model": (ROUND,)})) == []


def test_a_model_that_binds_its_thinking() -> None:
    (found,) = findings(talk(models=("claude-fable-5-1",), deciding={"tools": (ROUND,)}))
    assert found.severity is Severity.ERROR
    assert "rejected (400)" in found.message


def test_only_in_a_conversation_that_grows_and_is_cached() -> None:
    varied = {"deciding": {"tools": (ROUND,)}}
    assert ids(talk(**varied)) == ["SKF109"]
    assert ids(talk(conversation=None, **varied)) == []
    assert ids(talk(conversation=Conversation(Home.LOCAL, hb.at(5)), **varied)) == []
    assert ids(talk(marks=(), **varied)) == []
    assert ids(talk(marks=(hb.mark(0),), **varied)) == []
    assert ids(talk(pairs=(hb.BY_CALLS,), **varied)) == []


def test_a_date() -> None:
    today = hb.clock(20, (hb.FUNCTION,), granularity=Granularity.DAY)
    built = talk("Today is ", today, pairs=(hb.BY_CALLS,))
    (found,) = findings(built)
    assert (found.rule.id, found.severity) == ("SKF102", Severity.INFO)
    assert found.primary == hb.at(10, 30)
    assert ids(talk("It began on ", hb.clock(20, (), granularity=Granularity.DAY))) == []
    # read once when the conversation begins: the day is the same all the time
    assert ids(talk("Today is ", today, pairs=(hb.IN_LOOP,))) == []
    assert ids(talk("It is ", hb.clock(20, granularity=Granularity.MINUTE))) == []
    behind = hb.request(
        hb.text(10, hb.LONG),
        hb.text(11, "Today is ", today),
        hb.turn(),
        marks=(hb.mark(0),),
        pairs=(hb.BY_CALLS,),
    )
    assert ids(behind) == []


def test_a_condition() -> None:
    role = hb.key(hb.Source.ENTITY, 20, (hb.FUNCTION,), name="user.is_admin")
    built = talk(hb.LONG, either(role, "You may delete.", ""), pairs=(hb.BY_USERS,))
    (found,) = findings(built)
    assert (found.rule.id, found.severity) == ("SKF115", Severity.INFO)
    assert "`user.is_admin`" in found.message
    flag = role._replace(frame=())
    assert ids(talk(hb.LONG, either(flag, "a", "b"), pairs=(hb.BY_USERS,))) == []
    assert ids(talk(hb.LONG, either(role, "a", "b"), pairs=(hb.IN_LOOP,))) == []


def test_a_condition_around_something_that_moves() -> None:
    role = hb.key(hb.Source.ENTITY, 20, (hb.FUNCTION,), name="name")
    maybe = hb.maybe(hb.hole(role), role)
    assert ids(talk(hb.LONG, maybe, marks=(hb.mark(0),), pairs=(hb.BY_USERS,))) == []
