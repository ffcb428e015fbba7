"""SKF402 and SKF406 on requests built by hand."""

from __future__ import annotations

import datetime
from dataclasses import replace
from textwrap import dedent

import hand_built as hb
import pytest

from skinflint.linter import config, engine
from skinflint.linter.findings import Finding, ReplaceString, Severity
from skinflint.linter.request import ModelRef, Platform, Request
from skinflint.linter.source import from_bytes
from skinflint.linter.spans import Role, Step
from skinflint.linter.values import Known
from skinflint.rules.base import Context, Rule
from skinflint.rules.rejected_parameter import RejectedParameter
from skinflint.rules.retired_model import RetiredModel
from skinflint.rules.unknown_model import UnknownModel


def retired(request: Request, context: Context = hb.CONTEXT) -> list[Finding]:
    return list(RetiredModel().check(request, context))


def unknown(request: Request) -> list[Finding]:
    return list(UnknownModel().check(request, hb.CONTEXT))


@pytest.mark.parametrize(
    ("id", "severity"),
    [
        ("claude-3-opus-20240229", Severity.ERROR),
        ("claude-3-5-haiku-latest", Severity.ERROR),
        ("claude-opus-4-1", Severity.ERROR),
        ("claude-sonnet-4-5", Severity.WARNING),  # announced for 2026-11-30
        ("claude-opus-4-5", None),  # announced for 2027-01-22, which is 61 days away
        ("claude-opus-4-6", None),  # not before 2027-02-05 is no announcement
        ("claude-opus-5-5", None),
        ("somebody-elses-model", None),
    ],
)
def test_ids(id: str, severity: Severity | None) -> None:
    found = retired(hb.request(models=(id,)))
    assert [f.severity for f in found] == ([] if severity is None else [severity])


def test_the_day_decides() -> None:
    built = hb.request(models=("claude-sonnet-4-5",))
    for day, severity in (
        (datetime.date(2026, 9, 30), None),
        (datetime.date(2026, 10, 1), Severity.WARNING),
        (datetime.date(2026, 11, 29), Severity.WARNING),
        (datetime.date(2026, 11, 30), Severity.ERROR),
    ):
        found = retired(built, replace(hb.CONTEXT, as_of=day))
        assert [f.severity for f in found] == ([] if severity is None else [severity]), day
    (found,) = retired(built, replace(hb.CONTEXT, as_of=datetime.date(2026, 11, 29)))
    assert "tomorrow" in found.message


def test_a_replacement_that_thinks_is_said_to() -> None:
    told = "It thinks before it answers unless told otherwise."
    (found,) = retired(hb.request(models=("claude-sonnet-4-20250514",)))
    assert found.fix is not None
    assert told in found.message
    off = {"thinking": Known(None, hb.at(9))}
    (found,) = retired(hb.request(models=("claude-sonnet-4-20250514",), params=off))
    assert told not in found.message
    (found,) = retired(hb.request(models=("claude-3-opus-20240229",)))
    assert found.fix is not None  # claude-opus-4-8 doesn't
    assert told not in found.message
    late = replace(hb.CONTEXT, as_of=datetime.date(2027, 1, 21))
    (found,) = retired(hb.request(models=("claude-opus-4-5-20251101",)), late)
    assert "It thinks before it answers, and can't be told not to." in found.message


def test_a_request_that_is_never_sent_needs_no_other_model() -> None:
    built = hb.request(models=("claude-3-opus-20240229",))
    refused = replace(built, lacking=("max_tokens",))
    for rule in (RetiredModel(), UnknownModel()):
        assert rule.is_told(built, hb.CONTEXT)
        assert not rule.is_told(refused, hb.CONTEXT)
    assert RejectedParameter().is_told(refused, hb.CONTEXT)


def test_the_fix_names_a_model_that_is_served() -> None:
    (found,) = retired(hb.request(models=("claude-3-haiku-20240307",)))
    assert found.fix is not None
    assert found.fix.changes_model
    (op,) = found.fix.ops
    assert isinstance(op, ReplaceString)
    assert op.old == "claude-3-haiku-20240307"
    successor = hb.CONTEXT.facts.resolve(op.new).model
    assert successor is not None
    assert successor.status(hb.CONTEXT.as_of) == "active"
    assert op.new in found.message


def test_the_projects_own_table_comes_first() -> None:
    context = replace(hb.CONTEXT, routing={"claude-3-haiku-20240307": "claude-sonnet-5-5"})
    (found,) = retired(hb.request(models=("claude-3-haiku-20240307",)), context)
    assert found.fix is not None
    (op,) = found.fix.ops
    assert isinstance(op, ReplaceString)
    assert op.new == "claude-sonnet-5-5"


@pytest.mark.parametrize(
    "platform",
    [
        Platform.BEDROCK,
        Platform.VERTEX,
        Platform.FOUNDRY,
        Platform.COMPATIBLE,
        Platform.UNKNOWN,
    ],
)
def test_only_the_first_party_is_judged(platform: Platform) -> None:
    built = hb.request(models=("claude-3-opus-20240229", "claude-sonnet-5-20990101"))
    built = replace(built, site=replace(built.site, platform=platform))
    assert retired(built) == []
    assert unknown(built) == []


def test_partner_ids_are_left_alone() -> None:
    for id in ("anthropic.claude-3-opus-20240229-v1:0", "claude-3-opus@20240229"):
        assert retired(hb.request(models=(id,))) == []
        assert unknown(hb.request(models=(id,))) == []


def test_the_trail_leads_from_the_literal_to_the_call() -> None:
    ref = ModelRef(
        "claude-3-opus-20240229",
        hb.at(4),
        trail=(
            Step(Role.SOURCE, hb.at(4), "written here"),
            Step(Role.STEP, hb.at(12), "default of `model`"),
        ),
        default_of="environment variable MODEL",
    )
    (found,) = retired(replace(hb.request(), models=(ref,)))
    assert [step.span.line for step in found.related] == [4, 12, 65]
    assert found.primary == hb.at(4)
    assert "default of environment variable MODEL" in found.message


def test_a_literal_of_two_requests_has_one_identity() -> None:
    built = hb.request(models=("claude-3-opus-20240229",))
    other = replace(built, site=replace(built.site, span=hb.at(99)))
    (one,), (two,) = retired(built), retired(other)
    assert one.identity == two.identity
    assert one.requests != two.requests


def test_a_literal_is_told_once_per_request() -> None:
    ref = ModelRef("claude-3-opus-20240229", hb.at(4))
    assert len(retired(replace(hb.request(), models=(ref, ref)))) == 1


def test_ids_that_never_existed() -> None:
    (found,) = unknown(hb.request(models=("claude-sonnet-4-5-20250514",)))
    # the nearest one is no longer served either
    assert "claude-sonnet-4-5-20250929, is replaced by claude-sonnet-5-5" in found.message
    assert found.fix is None
    assert retired(hb.request(models=("claude-sonnet-4-5-20250514",))) == []
    for id in ("claude-opus-5-5", "gpt-9", "my-deployment", "claude-3-opus-20240229"):
        assert unknown(hb.request(models=(id,))) == []


def test_reported_in_tests() -> None:
    assert RetiredModel.in_tests
    assert not UnknownModel.in_tests


@pytest.mark.parametrize(
    ("old", "temperature", "refused"),
    [
        ("claude-sonnet-4-5", 0.2, "temperature"),
        ("claude-sonnet-4-5", 1.0, ""),  # taken by all
        ("claude-3-haiku-20240307", 0.2, ""),  # Haiku 4.5 takes it
    ],
)
def test_no_fix_where_the_replacement_rejects_what_is_sent(
    old: str, temperature: float, refused: str
) -> None:
    built = hb.request(models=(old,))
    given = {"temperature": Known(temperature, built.site.span)}
    (found,) = retired(replace(built, params={**built.params, **given}))
    assert (found.fix is None) == bool(refused)
    assert refused in (found.no_fix or "")


def test_one_of_two_parameters() -> None:
    top_p = Known(0.9, hb.at(9))
    for temperature, refused in ((0.2, True), (1.0, True), (None, False)):
        given = {"temperature": Known(temperature, hb.at(8)), "top_p": top_p}
        (found,) = retired(hb.request(models=("claude-3-haiku-20240307",), params=given))
        assert (found.fix is None) == refused
        assert ("rejects temperature and top_p together" in (found.no_fix or "")) == refused
    (found,) = retired(hb.request(models=("claude-3-haiku-20240307",), params={"top_p": top_p}))
    assert found.fix is not None


def test_text_completions_are_not_mended_by_another_id() -> None:
    built = hb.request(models=("claude-2.1",))
    (found,) = retired(built)
    assert found.fix is not None
    (found,) = retired(replace(built, site=replace(built.site, method="completions.create")))
    assert found.fix is None
    assert "messages.create()" in (found.no_fix or "")


SHARED = """\
import anthropic

MODEL = "claude-sonnet-4-20250514"
client = anthropic.Anthropic()


def summary(text):
    return client.messages.create(
        model=MODEL, max_tokens=300, messages=[{"role": "user", "content": text}]
    )


def fields(text):
    return client.messages.create(
        model=MODEL,
        max_tokens=300,
        MORE,
    )
"""


@pytest.mark.parametrize(
    ("more", "refused"),
    [
        (
            'tools=TOOLS, tool_choice={"type": "tool", "name": "invoice"}, '
            'messages=[{"role": "user", "content": text}]',
            "a forced tool_choice",
        ),
        (
            "temperature=0.2, top_p=0.9, "
            'messages=[{"role": "user", "content": text}, {"role": "assistant", "content": "{"}]',
            "a prefilled reply, temperature and top_p",
        ),
        (
            'thinking=text.thinking, messages=[{"role": "user", "content": text}]',
            "a thinking budget",
        ),
        (
            'thinking={"type": "enabled", "budget_tokens": 100}, '
            'messages=[{"role": "user", "content": text}]',
            "a thinking budget",
        ),
        (
            'messages=[{"role": "user", "content": text}, {"role": "assistant", "content": "{"}]',
            "a prefilled reply",
        ),
        ('messages=[{"role": "user", "content": text}]', None),
    ],
)
def test_one_request_that_the_replacement_rejects_stops_the_fix_of_all(
    more: str, refused: str | None
) -> None:
    text = SHARED.replace("MORE", more)
    result = engine.check(
        [from_bytes("app.py", text.encode())],
        [RetiredModel()],
        config.load(None, None, isolated=True),
        hb.CONTEXT,
    )
    (finding,) = result.findings
    assert len(finding.requests) == 2
    if refused is None:
        assert finding.fix is not None
        return
    assert finding.fix is None
    assert finding.no_fix == (
        f"claude-sonnet-5-5 rejects {refused}, which the request in line 14 sends, or may send."
    )


def _of_file(text: str, rule: Rule | None = None) -> list[Finding]:
    result = engine.check(
        [from_bytes("app.py", text.encode())],
        [rule or RetiredModel()],
        config.load(None, None, isolated=True),
        hb.CONTEXT,
    )
    return list(result.findings)


_DESKTOP = """\
import os

import anthropic

MODEL = "claude-3-5-sonnet-20241022"
client = anthropic.Anthropic()


def step(messages, tools):
    return client.beta.messages.create(
        model=MODEL,
        max_tokens=2000,
        tools=tools.definitions(),
        betas=["computer-use-2024-10-22"],
        messages=messages,
    )


def look(messages, chosen):
    return client.messages.create(
        model=chosen.name or "claude-3-haiku-20240307",
        max_tokens=2000,
        tools=[{"type": "text_editor_20250124", "name": "str_replace_editor"}],
        messages=messages,
    )


def count(messages):
    return client.messages.create(
        model="claude-3-haiku-20240307", max_tokens=2000, messages=messages
    )
"""


def test_a_tool_of_the_api_that_the_replacement_does_not_take() -> None:
    """A version of it goes with the models of its day, by its type or by its beta."""
    desktop, editor, none = _of_file(_DESKTOP)
    assert desktop.fix is None
    assert "claude-sonnet-5-5 rejects computer-use-2024-10-22" in (desktop.no_fix or "")
    assert editor.fix is None
    assert "rejects text_editor_20250124" in (editor.no_fix or "")
    assert none.fix is not None


def test_an_id_that_is_sent_in_some_cases_fails_in_those() -> None:
    _, fallen_back, always = _of_file(_DESKTOP)
    assert "a request that names it fails" in fallen_back.message
    assert "the request fails" in always.message


@pytest.mark.parametrize(
    ("id", "told"),
    [
        ("anthropic.claude-3-7-sonnet-20250219-v1:0", True),
        ("eu.anthropic.claude-3-5-sonnet-20240620-v1:0", True),
        ("anthropic.claude-3-7-sonnet-20240229-v1:0", False),  # the date of another model
        ("anthropic.claude-3-5-haiku-20241022-v2:0", False),  # there was no second version
        ("claude-3-haiku-20240307", True),  # Bedrock's form is made of it on the way
        ("claude-opus-4-latest", False),  # no id of this cloud
    ],
)
def test_what_has_ended_on_bedrock_was_there_once(id: str, told: bool) -> None:
    code = "import anthropic\n\nclient = anthropic.AnthropicBedrock()\n"
    code += f"client.messages.create(model={id!r}, max_tokens=9, messages=[])\n"
    assert bool(_of_file(code)) == told


def test_names_of_a_gateway_among_others_are_left_alone() -> None:
    """Two backends share a method, and each has a table of its own names."""
    code = """
    import anthropic

    NAMES = {"direct": "claude-3-opus-20240229", "routed": "anthropic/claude-opus-4"}
    client = anthropic.Anthropic()


    def ask(kind, text):
        return client.messages.create(
            model=NAMES[kind], max_tokens=90, messages=[{"role": "user", "content": text}]
        )
    """
    code = dedent(code)
    assert [f.primary.line for f in _of_file(code)] == [4]
    assert not _of_file(code, UnknownModel())
    assert _of_file(code.replace("anthropic/claude-opus-4", "claude-opus-4"), UnknownModel())


@pytest.mark.parametrize(
    ("id", "room", "told"),
    [
        ("claude-sonnet-4-20250514", 100, True),
        ("claude-sonnet-4-20250514", 300, False),
        ("claude-3-haiku-20240307", 100, False),  # Haiku 4.5 doesn't think by itself
    ],
)
def test_a_replacement_that_thinks_needs_room(id: str, room: int, told: bool) -> None:
    given = {"max_tokens": Known(room, hb.at(9))}
    (found,) = retired(hb.request(models=(id,), params=given))
    assert ("; 100 tokens (max_tokens) may end there." in found.message) is told
