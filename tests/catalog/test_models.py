"""The facts about models as the documentation and the SDK state them, and what an id stands for."""

from __future__ import annotations

import datetime
import re
import typing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skinflint.catalog.models import Catalog, Model, load, tokens

relaxed = settings(deadline=None, max_examples=50)
TODAY = datetime.date(2026, 11, 22)


@pytest.fixture(scope="module")
def facts() -> Catalog:
    return load()


def model(name: str) -> Model:
    return load().ids[name]


# ------------------------------------------------------------------ ids


def test_every_id_of_the_sdk_is_known(facts: Catalog) -> None:
    from anthropic.types.model import Model as Ids

    literal = next(arg for arg in typing.get_args(Ids) if typing.get_args(arg))
    ids = typing.get_args(literal)
    assert len(ids) == 22
    assert [name for name in ids if name not in facts.ids] == []


def test_every_line_of_the_sdk_has_a_tier(facts: Catalog) -> None:
    from anthropic.types import model_line

    lines = typing.get_args(model_line.ModelLine)
    tiers = {m.line: m.tier for m in facts.models.values()}
    order = sorted((line for line in lines if line != "mythos"), key=lambda line: tiers[line] or 0)
    assert order == ["haiku", "sonnet", "opus", "fable"]
    assert tiers["mythos"] == tiers["fable"]


def test_every_deprecation_of_the_sdk_is_known_with_its_date(facts: Catalog) -> None:
    from anthropic.resources.messages.messages import DEPRECATED_MODELS

    for name, said in DEPRECATED_MODELS.items():
        known = facts.ids[name]
        if name == "claude-mythos-preview":  # the documentation has no date for it
            assert known.deprecated
            assert known.retires is known.retired is None
            continue
        words = re.sub(r"(?<=\d)(?:st|nd|rd|th)?,", "", said)  # "January 22nd, 2027"
        date = datetime.datetime.strptime(words, "%B %d %Y").date()
        assert (known.retired or known.retires) == date, name


RETIRED = {
    "claude-opus-4-1-20250805": (2026, 8, 5),
    "claude-opus-4-1": (2026, 8, 5),
    "claude-opus-4-20250514": (2026, 6, 15),
    "claude-opus-4-0": (2026, 6, 15),
    "claude-sonnet-4-20250514": (2026, 6, 15),
    "claude-sonnet-4-0": (2026, 6, 15),
    "claude-3-haiku-20240307": (2026, 4, 20),
    "claude-3-7-sonnet-20250219": (2026, 2, 19),
    "claude-3-7-sonnet-latest": (2026, 2, 19),
    "claude-3-5-haiku-20241022": (2026, 2, 19),
    "claude-3-5-haiku-latest": (2026, 2, 19),
    "claude-3-opus-20240229": (2026, 1, 5),
    "claude-3-opus-latest": (2026, 1, 5),
    "claude-3-5-sonnet-20240620": (2025, 10, 28),
    "claude-3-5-sonnet-20241022": (2025, 10, 28),
    "claude-3-5-sonnet-latest": (2025, 10, 28),
    "claude-3-sonnet-20240229": (2025, 7, 21),
    "claude-2.1": (2025, 7, 21),
    "claude-2.0": (2025, 7, 21),
    "claude-1.3": (2024, 11, 6),
    "claude-1.3-100k": (2024, 11, 6),
    "claude-instant-1.2": (2024, 11, 6),
    "claude-instant-1.1": (2024, 11, 6),
    "claude-instant-1.1-100k": (2024, 11, 6),
}


@pytest.mark.parametrize("name", RETIRED)
def test_retired(name: str) -> None:
    known = model(name)
    day = datetime.date(*RETIRED[name])
    assert known.retired == day
    assert known.status(TODAY) == "retired"
    assert known.status(day) == "retired"
    assert known.status(day - datetime.timedelta(days=1)) == "announced"
    assert known.status(day - datetime.timedelta(days=60)) == "announced"
    assert known.status(day - datetime.timedelta(days=61)) == "active"


NOT_BEFORE = {
    "claude-opus-5-5": (2027, 9, 22),
    "claude-sonnet-5-5": (2027, 9, 28),
    "claude-haiku-5-5": (2027, 10, 7),
    "claude-fable-5-1": (2027, 9, 1),
    "claude-mythos-5-1": (2027, 9, 1),
    "claude-fable-5": (2027, 6, 9),
    "claude-mythos-5": (2027, 6, 9),
    "claude-opus-5": (2027, 7, 24),
    "claude-opus-4-8": (2027, 5, 28),
    "claude-opus-4-7": (2027, 4, 16),
    "claude-opus-4-6": (2027, 2, 5),
    "claude-sonnet-5": (2027, 6, 30),
    "claude-sonnet-4-6": (2027, 2, 17),
    "claude-haiku-4-5": (2026, 10, 15),
}


@pytest.mark.parametrize("name", NOT_BEFORE)
def test_a_not_before_date_is_no_announcement(name: str) -> None:
    day = datetime.date(*NOT_BEFORE[name])
    assert model(name).not_before == day
    for as_of in (TODAY, day, day + datetime.timedelta(days=400)):
        assert model(name).status(as_of) == "active"


def test_announced_retirement() -> None:
    known = model("claude-sonnet-4-5")
    assert known.id == "claude-sonnet-4-5-20250929"
    assert known.deprecated
    assert known.retires == datetime.date(2026, 11, 30)
    assert known.status(datetime.date(2026, 9, 30)) == "active"
    assert known.status(TODAY) == "announced"
    assert known.status(datetime.date(2026, 11, 30)) == "retired"
    assert known.replacement == "claude-sonnet-5-5"


def test_latest_of_each_line(facts: Catalog) -> None:
    assert {m.line: m.id for m in facts.models.values() if m.latest} == {
        "fable": "claude-fable-5-2",
        "mythos": "claude-mythos-5-2",
        "opus": "claude-opus-5-5",
        "sonnet": "claude-sonnet-5-5",
        "haiku": "claude-haiku-5-5",
    }
    for m in facts.models.values():
        if m.latest:
            assert facts.latest(m.line) is m
            assert m.version == max(o.version for o in facts.models.values() if o.line == m.line)
    assert facts.latest("gpt") is None


# ------------------------------------------------------------------ prices and limits

#: id: (input, output, 5m write, 1h write, read, minimum); None: no page says
TABLE: dict[str, tuple[float, float, float, float, float, int | None]] = {
    "claude-fable-5-2": (8, 40, 10, 16, 0.20, 512),
    "claude-mythos-5-2": (8, 40, 10, 16, 0.20, None),
    "claude-fable-5-1": (10, 50, 12.5, 20, 0.25, 512),
    "claude-mythos-5-1": (10, 50, 12.5, 20, 0.25, 512),
    "claude-fable-5": (10, 50, 12.5, 20, 1, 512),
    "claude-mythos-5": (10, 50, 12.5, 20, 1, 512),
    "claude-opus-5-5": (4, 20, 5, 8, 0.20, 512),
    "claude-opus-5": (5, 25, 6.25, 10, 0.5, 512),
    "claude-opus-4-8": (5, 25, 6.25, 10, 0.5, 1024),
    "claude-opus-4-7": (5, 25, 6.25, 10, 0.5, 2048),
    "claude-opus-4-6": (5, 25, 6.25, 10, 0.5, 4096),
    "claude-opus-4-5": (5, 25, 6.25, 10, 0.5, 4096),
    "claude-sonnet-5-5": (2, 10, 2.5, 4, 0.10, 512),
    "claude-sonnet-5": (2, 10, 2.5, 4, 0.20, 1024),
    "claude-sonnet-4-6": (3, 15, 3.75, 6, 0.30, 1024),
    "claude-sonnet-4-5": (3, 15, 3.75, 6, 0.30, 1024),
    "claude-haiku-5-5": (0.10, 0.50, 0.125, 0.20, 0.01, 512),
    "claude-haiku-4-5": (1, 5, 1.25, 2, 0.10, 4096),
    "claude-opus-4-1": (15, 75, 18.75, 30, 1.5, 1024),
    "claude-opus-4-0": (15, 75, 18.75, 30, 1.5, 1024),
    "claude-sonnet-4-0": (3, 15, 3.75, 6, 0.30, 1024),
    "claude-3-5-haiku-latest": (0.80, 4, 1, 1.6, 0.08, 2048),
    "claude-3-haiku-20240307": (0.25, 1.25, 0.30, 0.50, 0.03, 2048),
}


@pytest.mark.parametrize("name", TABLE)
def test_prices_and_minimum(name: str) -> None:
    m = model(name)
    assert (m.input, m.output, m.write_5m, m.write_1h, m.read, m.min_prefix) == TABLE[name]


def test_unknown_stays_unset() -> None:
    preview = model("claude-mythos-preview")
    assert (preview.input, preview.output, preview.write_5m, preview.read) == (None,) * 4
    assert preview.min_prefix == 2048
    assert model("claude-mythos-5-2").min_prefix is None
    assert model("claude-3-5-sonnet-20240620").input is None
    assert "min_prefix" in model("claude-fable-5-2").inferred
    assert {"read", "write_5m", "write_1h"} <= set(model("claude-mythos-5-2").inferred)
    assert model("claude-opus-5-5").inferred == ()


def test_price_bands_of_haiku() -> None:
    m = model("claude-haiku-5-5")
    assert m.prices(100_000) == (0, 0.10, 0.50, 0.125, 0.20, 0.01)
    assert m.prices(100_001) == (100_000, 0.50, 2.50, 0.625, 1, 0.05)
    assert [other.id for other in load().models.values() if other.bands] == [m.id]


def test_fast_mode_prices(facts: Catalog) -> None:
    assert {m.id: m.fast for m in facts.models.values() if m.fast} == {
        "claude-opus-5-5": (8, 40),
        "claude-opus-5": (10, 50),
        "claude-opus-4-8": (10, 50),
    }


def test_windows(facts: Catalog) -> None:
    for m in facts.models.values():
        if m.version >= (4, 6):
            assert (m.context, m.max_output) == (1_000_000, 128_000)
        elif m.version == (4, 5):
            assert (m.context, m.max_output) == (200_000, 64_000)


def test_batches_and_tool_preambles(facts: Catalog) -> None:
    assert sorted(m.id for m in facts.models.values() if m.batch_output == 300_000) == [
        "claude-haiku-5-5",
        "claude-opus-4-6",
        "claude-opus-4-7",
        "claude-opus-4-8",
        "claude-opus-5",
        "claude-opus-5-5",
        "claude-sonnet-4-6",
        "claude-sonnet-5",
        "claude-sonnet-5-5",
    ]
    assert {m.id: m.tool_preamble for m in facts.models.values() if m.tool_preamble} == {
        "claude-opus-5-5": (286,),
        "claude-opus-5": (286, 406),
        "claude-opus-4-8": (290, 410),
        "claude-opus-4-7": (675, 804),
        "claude-opus-4-6": (497, 589),
        "claude-sonnet-5-5": (286,),
        "claude-sonnet-5": (354, 474),
        "claude-sonnet-4-6": (497, 589),
    }


def test_tokenizer(facts: Catalog) -> None:
    for m in facts.models.values():
        new = m.version >= (4, 7) or m.id == "claude-mythos-preview"
        assert m.tokenizer_factor == (1.3 if new else 1.0)
    old, new_haiku = model("claude-haiku-4-5"), model("claude-haiku-5-5")
    assert old.input is not None
    assert new_haiku.input is not None
    assert old.input / (new_haiku.input * new_haiku.tokenizer_factor) == pytest.approx(7.7, 0.01)


def test_effort(facts: Catalog) -> None:
    medium = {m.id for m in facts.models.values() if m.effort == "medium"}
    assert medium == {"claude-opus-5-5", "claude-haiku-5-5"}
    for name in ("claude-haiku-4-5", "claude-sonnet-4-5"):
        assert model(name).effort is None
        assert "effort" in model(name).rejects
    for m in facts.models.values():
        if m.line in ("fable", "mythos") and m.version >= (5, 0):
            assert m.xhigh
        assert not (m.xhigh and m.effort is None)
    assert {m.id for m in facts.models.values() if m.line == "opus" and m.xhigh} == {
        "claude-opus-4-7",
        "claude-opus-4-8",
        "claude-opus-5",
        "claude-opus-5-5",
    }


def test_what_a_model_rejects(facts: Catalog) -> None:
    for m in facts.models.values():
        assert ("prefill" in m.rejects) == (m.version >= (4, 6)), m.id
        assert ("thinking.enabled" in m.rejects) == (m.version >= (4, 7)), m.id
        sampling = {"temperature", "top_p", "top_k"}
        if m.version >= (4, 7):
            assert sampling <= set(m.rejects)
        always = (m.line == "fable" and m.version >= (5, 0)) or m.id == "claude-opus-5-5"
        assert ("thinking.disabled" in m.rejects) == always, m.id
    forced = {m.id for m in facts.models.values() if "tool_choice.any" in m.rejects}
    assert forced == {
        "claude-fable-5-1",
        "claude-mythos-5-1",
        "claude-opus-5-5",
        "claude-sonnet-5-5",
    }
    assert forced == {m.id for m in facts.models.values() if "tool_choice.tool" in m.rejects}
    for name in ("claude-fable-5", "claude-opus-4-8", "claude-sonnet-5-5", "claude-haiku-5-5"):
        assert "system-message" not in model(name).rejects
    for name in ("claude-sonnet-5", "claude-opus-4-7", "claude-haiku-4-5"):
        assert "system-message" in model(name).rejects
    for name in ("claude-opus-4-6", "claude-sonnet-4-6"):
        assert model(name).discourages == ("thinking.enabled",)
    assert {m.id for m in facts.models.values() if m.binds_thinking} == {
        "claude-fable-5-1",
        "claude-fable-5-2",
    }


def test_thinking_that_survives_a_plain_user_message() -> None:
    for name in ("claude-opus-4-5", "claude-opus-5-5", "claude-sonnet-4-6", "claude-haiku-5-5"):
        assert model(name).keeps_thinking is True
    for name in ("claude-haiku-4-5", "claude-sonnet-4-5", "claude-opus-4-1"):
        assert model(name).keeps_thinking is False
    assert model("claude-fable-5-2").keeps_thinking is None


# ------------------------------------------------------------------ sources and age


def test_every_known_fact_has_a_source_with_a_date(facts: Catalog) -> None:
    named = {name for m in facts.models.values() for name, _ in m.sources}
    for m in facts.models.values():
        known = [n for n in sorted(named) if getattr(m, n) not in (None, False, (), (0, 0), 1.0)]
        for name in known:
            source = m.source(name)
            assert source is not None, (m.id, name)
            assert source.at
            assert isinstance(source.date, datetime.date)
    assert model("claude-fable-5-2").source("context") is not None
    assert model("claude-3-opus-20240229").source("context") is None


def test_age(facts: Catalog) -> None:
    assert facts.dated == datetime.date(2026, 8, 22)
    assert not facts.stale(TODAY)
    assert not facts.stale(facts.dated + datetime.timedelta(days=120))
    assert facts.stale(facts.dated + datetime.timedelta(days=121))


# ------------------------------------------------------------------ replacements


def test_replacements_exist_and_are_active(facts: Catalog) -> None:
    for m in facts.models.values():
        if m.replacement is not None:
            assert m.replacement in facts.models
        after = facts.successor(m, TODAY)
        assert (after is None) == (m.replacement is None)
        if after is not None:
            assert after.status(TODAY) == "active"
            assert after.line == m.line or m.line in ("claude", "instant")


def test_documented_replacements() -> None:
    assert model("claude-3-opus-latest").replacement == "claude-opus-4-8"
    assert model("claude-opus-4-0").replacement == "claude-opus-4-8"
    assert model("claude-3-5-sonnet-latest").replacement == "claude-sonnet-5-5"
    assert model("claude-3-haiku-20240307").replacement == "claude-haiku-4-5-20251001"
    assert model("claude-haiku-4-5").replacement == "claude-haiku-5-5"
    assert model("claude-mythos-preview").replacement == "claude-mythos-5"


def test_a_replacement_that_is_itself_leaving_is_followed_on() -> None:
    changed = load(
        {"models": {"claude-haiku-4-5-20251001": {"retires": datetime.date(2027, 1, 10)}}}
    )
    old = changed.ids["claude-3-haiku-20240307"]
    before = changed.successor(old, datetime.date(2026, 11, 1))
    after = changed.successor(old, TODAY)
    assert before is not None
    assert after is not None
    assert (before.id, after.id) == ("claude-haiku-4-5-20251001", "claude-haiku-5-5")
    circle = load(
        {"models": {"claude-opus-4-8": {"to": "claude-3-opus-20240229", "retired": TODAY}}}
    )
    assert circle.successor(circle.ids["claude-3-opus-20240229"], TODAY) is None


@pytest.mark.parametrize(
    ("new", "platform", "like", "expected"),
    [
        ("claude-opus-4-8", "claude-api", "claude-3-opus-20240229", "claude-opus-4-8"),
        ("claude-opus-4-8", "claude-api", "", "claude-opus-4-8"),
        ("claude-opus-4-8", "aws", "claude-3-opus-latest", "claude-opus-4-8"),
        (
            "claude-opus-4-8",
            "unknown",
            "anthropic/claude-3-opus-latest",
            "anthropic/claude-opus-4-8",
        ),
        (
            "claude-opus-4-8",
            "unknown",
            "anthropic:claude-3-opus-latest",
            "anthropic:claude-opus-4-8",
        ),
        ("claude-opus-4-8", "bedrock", "anthropic.claude-opus-4-7", "anthropic.claude-opus-4-8"),
        ("claude-opus-4-8", "bedrock", "anthropic.claude-opus-4-1-20250805-v1:0", None),
        ("claude-opus-5-5", "bedrock", "anthropic.claude-opus-4-7", None),
        (
            "claude-opus-4-5",
            "bedrock",
            "anthropic.claude-opus-4-1-20250805-v1:0",
            "anthropic.claude-opus-4-5-20251101-v1:0",
        ),
        (
            "claude-haiku-4-5",
            "bedrock",
            "anthropic.claude-sonnet-4-6",
            "anthropic.claude-haiku-4-5-20251001-v1:0",
        ),
        (
            "claude-haiku-4-5",
            "bedrock-messages",
            "anthropic.claude-opus-4-8",
            "anthropic.claude-haiku-4-5",
        ),
        (
            "claude-haiku-4-5",
            "unknown",
            "bedrock/anthropic.claude-3-5-haiku-20241022-v1:0",
            "bedrock/anthropic.claude-haiku-4-5-20251001-v1:0",
        ),
        ("claude-haiku-4-5", "bedrock", "us.anthropic.claude-3-5-haiku-20241022-v1:0", None),
        ("claude-haiku-4-5", "bedrock", "", None),
        (
            "claude-haiku-4-5",
            "vertex",
            "claude-3-5-haiku@20241022",
            "claude-haiku-4-5@20251001",
        ),
        ("claude-opus-4-8", "vertex", "claude-opus-4-1@20250805", "claude-opus-4-8"),
        ("claude-opus-5-5", "vertex", "claude-opus-5", None),
        (
            "claude-sonnet-4-6",
            "unknown",
            "vertex_ai/claude-3-7-sonnet@20250219",
            "vertex_ai/claude-sonnet-4-6",
        ),
        ("claude-opus-4-8", "foundry", "claude-opus-4-1", None),
        ("claude-opus-4-8", "compatible", "claude-opus-4-1", None),
        ("claude-opus-4-8", "unknown", "openrouter/anthropic/claude-opus-4.1", None),
    ],
)
def test_replacement_in_the_providers_form(
    new: str, platform: str, like: str, expected: str | None
) -> None:
    assert model(new).platform_id(platform, like) == expected


# ------------------------------------------------------------------ what an id stands for


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("anthropic.claude-opus-4-8", "claude-opus-4-8"),
        ("anthropic.claude-fable-5-1", "claude-fable-5-1"),
        ("anthropic.claude-opus-4-6-v1", "claude-opus-4-6"),
        ("anthropic.claude-sonnet-4-6", "claude-sonnet-4-6"),
        ("anthropic.claude-sonnet-4-5-20250929-v1:0", "claude-sonnet-4-5-20250929"),
        ("us.anthropic.claude-3-7-sonnet-20250219-v1:0", "claude-3-7-sonnet-20250219"),
        ("global.anthropic.claude-haiku-4-5-20251001-v1:0", "claude-haiku-4-5-20251001"),
        ("apac.anthropic.claude-3-haiku-20240307-v1:0", "claude-3-haiku-20240307"),
        ("us-gov.anthropic.claude-3-haiku-20240307-v1:0", "claude-3-haiku-20240307"),
        ("anthropic.claude-3-sonnet-20240229-v1:0:200k", "claude-3-sonnet-20240229"),
        ("anthropic.claude-3-5-sonnet-20241022-v2:0", "claude-3-5-sonnet-20241022"),
        (
            "arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-3-haiku-20240307-v1:0",
            "claude-3-haiku-20240307",
        ),
        (
            "arn:aws:bedrock:eu-west-1:123456789012:inference-profile/"
            "eu.anthropic.claude-opus-4-1-20250805-v1:0",
            "claude-opus-4-1-20250805",
        ),
        ("claude-haiku-4-5@20251001", "claude-haiku-4-5-20251001"),
        ("claude-sonnet-4@20250514", "claude-sonnet-4-20250514"),
        ("claude-3-5-sonnet-v2@20241022", "claude-3-5-sonnet-20241022"),
        ("claude-3-5-sonnet@20240620", "claude-3-5-sonnet-20240620"),
        ("vertex_ai/claude-opus-4-1@20250805", "claude-opus-4-1-20250805"),
        ("bedrock/us.anthropic.claude-3-5-haiku-20241022-v1:0", "claude-3-5-haiku-20241022"),
        ("bedrock/converse/anthropic.claude-3-haiku-20240307-v1:0", "claude-3-haiku-20240307"),
        ("openrouter/anthropic/claude-3.5-sonnet", "claude-3-5-sonnet-20241022"),
        ("anthropic/claude-3.7-sonnet", "claude-3-7-sonnet-20250219"),
        ("litellm_proxy/claude-opus-5", "claude-opus-5"),
        (
            "projects/p/locations/l/publishers/anthropic/models/claude-opus-4-1@20250805",
            "claude-opus-4-1-20250805",
        ),
    ],
)
def test_a_partners_form(written: str, expected: str) -> None:
    found = load().resolve(written)
    assert found.model is not None
    assert found.model.id == expected
    assert found.partner_id
    assert not found.family_like
    assert found.id_as_written == written


def test_an_id_served_by_a_partner() -> None:
    for platform in ("bedrock", "vertex", "compatible"):
        found = load().resolve("claude-opus-4-1-20250805", platform)
        assert found.model is not None
        assert found.partner_id
    for platform in ("claude-api", "aws", "google-cloud", "foundry", "unknown"):
        assert not load().resolve("claude-opus-4-1-20250805", platform).partner_id


def test_aliases() -> None:
    for alias, id in (
        ("claude-haiku-4-5", "claude-haiku-4-5-20251001"),
        ("claude-opus-4-5", "claude-opus-4-5-20251101"),
        ("claude-sonnet-4-5", "claude-sonnet-4-5-20250929"),
        ("claude-3-5-sonnet-latest", "claude-3-5-sonnet-20241022"),
        ("anthropic/claude-3-opus-latest", "claude-3-opus-20240229"),
        ("claude-2", "claude-2.0"),
        ("claude-4-opus-20250514", "claude-opus-4-20250514"),
        ("claude-4-sonnet-20250514", "claude-sonnet-4-20250514"),
    ):
        found = load().resolve(alias)
        assert found.model is not None
        assert (found.model.id, found.alias) == (id, True)
    for id in ("claude-opus-5-5", "claude-haiku-4-5-20251001", "anthropic/claude-opus-5"):
        assert not load().resolve(id).alias


@pytest.mark.parametrize(
    ("written", "near"),
    [
        ("claude-sonnet-4-5-20250514", "claude-sonnet-4-5-20250929"),
        ("claude-opus-5-20260101", "claude-opus-5"),
        ("claude-3-haiku-20240229", "claude-3-haiku-20240307"),
        ("claude-3-5-sonnet-20241021", "claude-3-5-sonnet-20241022"),
        ("claude-3-5-sonnet-20240621", "claude-3-5-sonnet-20240620"),
        ("claude-4-sonnet", "claude-sonnet-4-0"),
        ("claude-4-opus-20250515", "claude-opus-4-20250514"),
        ("claude-sonnet-4-5-latest", "claude-sonnet-4-5"),
        ("claude-opus-5-latest", "claude-opus-5"),
        ("claude-haiku-3-5", "claude-3-5-haiku-latest"),
        ("claude-opus-4.1", "claude-opus-4-1"),
        ("claude-3.5-sonnet", "claude-3-5-sonnet-latest"),
        ("claude-3-5-sonnet", "claude-3-5-sonnet-latest"),
        ("claude-haiku-5", "claude-haiku-5-5"),
        ("anthropic/claude-4-sonnet", "claude-sonnet-4-0"),
    ],
)
def test_an_id_that_never_existed(written: str, near: str) -> None:
    found = load().resolve(written)
    assert (found.model, found.family_like, found.near) == (None, True, near)
    assert not found.partner_id


@pytest.mark.parametrize(
    "written",
    [
        "gpt-4o",
        "openai/gpt-4o",
        "",
        "claude",
        "claude-code",
        "claude-cli",
        "claude-desktop",
        "claude-agent-sdk",
        "claude-latest",
        "claude-sonnet",
        "claude-sonnet-latest",
        "claude-3",
        "my-claude-prod",
        "prod-claude-opus-4",
        "claude-opus-prod",
        "claude-sonnet-4-5[1m]",
        "claude-opus-4-6-fast",
        "claude-3-7-sonnet-thinking",
        "claude-{line}-4-5",
        "claude-<line>-4",
        "<model>",
        "{model}",
        "$MODEL",
        "Claude Opus 4.1",
        "claude opus 4",
        "claude-opus-4\n",
        "claude-gpt-4",
        "databricks-claude-3-7-sonnet",
        # may be released after the facts were collected
        "claude-opus-6",
        "claude-opus-6-20270203",
        "claude-haiku-5-6",
        "claude-fable-6",
        "claude-mythos-5-3",
        "claude-6-sonnet",
        "claude-opus-5-5-20270101",
    ],
)
def test_neither_known_nor_wrong(written: str) -> None:
    found = load().resolve(written)
    assert (found.model, found.family_like, found.near) == (None, False, None)


@pytest.mark.parametrize("platform", ["bedrock", "vertex", "foundry", "compatible", "unknown"])
def test_only_the_first_partys_own_ids_are_called_wrong(platform: str) -> None:
    assert not load().resolve("claude-sonnet-4-5-20250514", platform).family_like
    assert not load().resolve("anthropic.claude-sonnet-4-5-20250514-v1:0", platform).family_like


def test_an_opaque_profile_of_a_partner() -> None:
    arn = "arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/a1b2c3"
    assert load().resolve(arn)[1:5] == (None, True, False, None)


@relaxed
@given(st.text(max_size=60))
def test_any_string_resolves(text: str) -> None:
    found = load().resolve(text)
    assert found.id_as_written == text
    assert not (found.model and found.family_like)


@relaxed
@given(st.sampled_from(sorted(load().ids)), st.sampled_from(["", "anthropic/", "anthropic:"]))
def test_every_known_id_resolves_to_its_model(name: str, head: str) -> None:
    found = load().resolve(head + name)
    assert found.model is load().ids[name]
    assert not found.partner_id


# ------------------------------------------------------------------ tokens


def test_tokens_of_english_text_lie_within_the_bounds() -> None:
    for per_token in (3.2, 4.6):
        low, high = tokens(10_000, 10_000, model("claude-opus-4-6"))
        assert high is not None
        assert low <= 10_000 / per_token <= high
    old = tokens(8_000, 8_000, model("claude-opus-4-6"))
    new = tokens(8_000, 8_000, model("claude-opus-5-5"))
    assert old == (1600, 4000)
    assert new == (2080, 5200)
    assert tokens(8_000, 8_000, None) == (1600, 5200)
    assert tokens(8_000, None, None) == (1600, None)


@pytest.mark.parametrize(
    ("text", "most"),
    [
        ("the bicycle shop", 1 + 3 + 2),  # three letters a token, spaces go along
        ("ISBN 20", 2 + 2),  # capitals and digits take more
        ("order, repair\n\n    or", 2 + 1 + 2 + 1 + 1 + 1),
        ("a" * 21, 21),  # longer than any word
        ("é", 2),
        ("", 0),
    ],
)
def test_the_most_tokens_of_a_text_that_is_known(facts: Catalog, text: str, most: int) -> None:
    assert facts.most_tokens(text, facts.ids["claude-haiku-4-5"]) == most


def test_the_most_tokens_lie_within_the_bounds_of_the_length(facts: Catalog) -> None:
    text = (Path(__file__).parents[2] / "LICENSE").read_text("utf-8")
    for model in (None, facts.ids["claude-opus-4-7"], facts.ids["claude-haiku-4-5"]):
        low, high = facts.tokens(len(text), len(text), model)
        assert high is not None
        assert low < facts.most_tokens(text, model) < high


def test_text_outside_ascii_may_take_more_tokens(facts: Catalog) -> None:
    assert not facts.dense("plain text, and a dash – here and there" * 3)
    assert facts.dense("请用中文回答")
    assert not facts.dense("")
    assert tokens(1_000, 1_000, model("claude-opus-4-6"), dense=True) == (200, 2000)


@relaxed
@given(st.integers(0, 10**7), st.integers(0, 10**7), st.sampled_from([None, *load().models]))
def test_token_bounds_are_ordered(one: int, other: int, name: str | None) -> None:
    low, high = sorted((one, other))
    at_least, at_most = tokens(low, high, None if name is None else model(name))
    assert at_most is not None
    assert 0 <= at_least <= at_most


# ------------------------------------------------------------------ platforms


def test_platforms(facts: Catalog) -> None:
    assert facts.platform("claude-api").automatic is True
    assert facts.platform("bedrock").automatic is False
    assert facts.platform("vertex").automatic is None
    assert facts.platform("nowhere").calendar == ""
    for name in ("claude-api", "aws", "foundry"):
        assert facts.platform(name).isolation == "workspace"
    for name in ("bedrock", "bedrock-messages", "vertex"):
        assert facts.platform(name).isolation == "organization"
        assert facts.platform(name).calendar == "partner"


# ------------------------------------------------------------------ overrides


def test_overrides_change_a_copy() -> None:
    changed = load(
        {
            "models": {
                "claude-opus-5-5": {"in": 3, "min": 256},
                "claude-opus-9": {"line": "opus", "v": "9", "in": 1, "out": 2, "latest": True},
            },
            "limits": {"lookback": 30},
            "price": {"batch": 0.25},
            "platforms": {"vertex": {"automatic": True}},
            "routes": {"our_gateway": "claude-api"},
            "dated": datetime.date(2027, 6, 1),
            "surfaces": {"left": "to others"},
        }
    )
    assert (changed.ids["claude-opus-5-5"].min_prefix, changed.cache.lookback) == (256, 30)
    assert changed.ids["claude-opus-5-5"].write_5m == 3.75
    assert changed.ids["claude-opus-5-5"].read == pytest.approx(0.3)  # follows the new input price
    assert changed.ids["claude-opus-9"].write_1h == 2
    assert changed.latest("opus") is changed.ids["claude-opus-9"]
    assert changed.resolve("claude-opus-7").family_like
    assert changed.cache.batch == 0.25
    assert changed.platform("vertex").automatic is True
    assert changed.resolve("our_gateway/claude-3-opus-20240229").partner_id is False
    assert not changed.stale(datetime.date(2027, 6, 2))
    assert load().ids["claude-opus-5-5"].min_prefix == 512
    assert load().cache.lookback == 20


def test_loaded_once() -> None:
    assert load() is load(None) is load({})
    assert load({"limits": {"lookback": 7}}) is load({"limits": {"lookback": 7}})


@pytest.mark.parametrize(
    ("overrides", "message"),
    [
        ({"modles": {}}, "catalog: unknown key 'modles'; did you mean 'models'?"),
        (
            {"models": {"claude-opus-5-6": {"min": 1}}},
            "unknown key 'claude-opus-5-6'; did you mean 'claude-opus-5-5'?; a new model needs",
        ),
        ({"models": {"claude-opus-5-5": {"mini": 1}}}, "did you mean 'min'?"),
        ({"models": {"claude-opus-5-5": {"min": "512"}}}, "expected int"),
        ({"models": {"claude-opus-5-5": {"min": True}}}, "expected int"),
        ({"models": {"claude-opus-5-5": {"in": "4"}}}, "expected int or float"),
        ({"models": {"claude-opus-5-5": {"v": "new"}}}, "expected a version"),
        ({"models": {"claude-opus-5-5": {"rejects": [1]}}}, "expected str"),
        ({"models": {"claude-opus-5-5": {"fast": [1]}}}, "expected the input and the output"),
        ({"models": {"claude-opus-5-5": {"inferred": ["mim"]}}}, "did you mean 'min'?"),
        ({"models": {"claude-opus-5-5": {"bands": [{"in": 1, "out": 2}]}}}, "needs 'above'"),
        (
            {
                "models": {
                    "claude-opus-5-5": {"bands": [{"above": 1, "in": 1, "out": 1, "raed": 1}]}
                }
            },
            "did you mean 'read'?",
        ),
        ({"models": {"claude-opus-5-5": 4}}, "catalog.models.claude-opus-5-5: expected a table"),
        ({"models": 4}, "catalog.models: expected a table"),
        ({"limits": {"look_back": 4}}, "did you mean 'lookback'?"),
        ({"limits": {"lookback": 4.5}}, "catalog.limits.lookback: expected int"),
        ({"limits": {"source": "me"}}, "unknown key 'source'"),
        ({"platforms": {"vertx": {}}}, "did you mean 'vertex'?"),
        ({"platforms": {"vertex": {"automatc": True}}}, "did you mean 'automatic'?"),
        ({"platforms": {"vertex": {"automatic": 1}}}, "expected bool"),
        ({"routes": {"ours": 1}}, "expected str"),
        ({"dated": "2027-01-01"}, "catalog.dated: expected date"),
        (
            {"models": {"claude-opus-5-5": {"retires": datetime.datetime(2027, 1, 1)}}},
            "catalog.models.claude-opus-5-5.retires: expected date",
        ),
        ({"models": {"claude-opus-5-5": {"in": -1}}}, "-1 is negative"),
        ({"tokens": {"chars": [5, 2]}}, "expected the lowest and the highest"),
        ({"tokens": {"chars": [0, 2]}}, "expected the lowest and the highest"),
        ({"tokens": {"chars": ["2", 2]}}, "expected int or float"),
        ({"invalidates": {"speed": ["sytem"]}}, "did you mean 'system'?"),
        ({"limits": {"runs": [1]}}, "catalog.limits.runs: expected str"),
        ({"ttl": {"default": "2m"}}, "there is no ttl '2m'"),
    ],
)
def test_wrong_overrides_are_said(overrides: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=r"^catalog") as caught:
        load(overrides)
    assert message in str(caught.value)
    assert load().cache.max_markers == 4
