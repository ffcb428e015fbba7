"""SKF403, 404 and 405: dearer predecessors, aliases that move, much effort for little."""

from __future__ import annotations

import pytest
from judging import judged, mended

from skinflint.linter.findings import Severity
from skinflint.rules.dearer_predecessor import DearerPredecessor
from skinflint.rules.floating_alias import FloatingAlias
from skinflint.rules.oversized_effort import OversizedEffort

HEAD = "import anthropic\nclient = anthropic.Anthropic()\n"


def call(model: str, more: str = "") -> str:
    return (
        HEAD + f'def ask(text):\n    return client.messages.create(model="{model}", max_tokens=900,'
        f'{more} messages=[{{"role": "user", "content": text}}]).content[0].text\n'
    )


@pytest.mark.parametrize(
    ("model", "new", "ratio"),
    [
        ("claude-haiku-4-5", "claude-haiku-5-5", 7.69),
        ("claude-sonnet-4-6", "claude-sonnet-5-5", 1.15),
        ("claude-opus-4-8", "claude-opus-5-5", 1.25),
        ("claude-fable-5-1", "claude-fable-5-2", 1.25),
    ],
)
def test_a_predecessor_that_is_dearer_for_the_same_text(model: str, new: str, ratio: float) -> None:
    (finding,) = judged(DearerPredecessor, call(model))
    assert finding.cost is not None
    assert finding.cost.ratio == ratio
    assert f"times as much as {new}" in finding.message
    assert finding.message.endswith("Gate the change by an eval.")
    assert f'model="{new}"' in mended(DearerPredecessor, call(model))


@pytest.mark.parametrize(
    "model",
    [
        "claude-opus-4-6",  # five dollars, and fewer tokens for the same text
        "claude-sonnet-5",  # no dearer
        "claude-haiku-5-5",
        "claude-opus-4-1",  # retired: said by another rule
        "claude-sonnet-4-5",  # retires in days
        "claude-unheard-of-1",
    ],
)
def test_what_is_no_dearer_or_told_elsewhere(model: str) -> None:
    assert judged(DearerPredecessor, call(model)) == ()


def test_haiku_is_told_with_both_of_its_bands() -> None:
    (finding,) = judged(DearerPredecessor, call("claude-haiku-4-5"))
    assert "7.7 times as much" in finding.message
    assert "(1.5 times in prompts of more than 100,000 tokens)" in finding.message


def test_a_pinned_version_and_a_comparison_are_meant() -> None:
    near = HEAD + (
        'MODEL = "claude-haiku-4-5"  # pinned for the paper\n'
        "def ask(text):\n    return client.messages.create(model=MODEL, max_tokens=9,\n"
        '        messages=[{"role": "user", "content": text}])\n'
    )
    assert judged(DearerPredecessor, near) == ()
    compared = call("claude-haiku-4-5").replace("def ask", "def benchmark_ask")
    assert judged(DearerPredecessor, compared) == ()


def test_a_successor_that_refuses_a_parameter_is_named_without_a_fix() -> None:
    (finding,) = judged(DearerPredecessor, call("claude-haiku-4-5", "temperature=0,"))
    assert finding.fix is None
    assert finding.no_fix == "claude-haiku-5-5 rejects temperature, which this request sends."


def test_an_alias_is_replaced_by_the_snapshot_it_means() -> None:
    (finding,) = judged(FloatingAlias, call("claude-haiku-4-5"))
    assert "an alias, of claude-haiku-4-5-20251001 today" in finding.message
    assert '"claude-haiku-4-5-20251001"' in mended(FloatingAlias, call("claude-haiku-4-5"))


@pytest.mark.parametrize(
    "model",
    ["claude-haiku-4-5-20251001", "claude-opus-4-8", "claude-3-5-haiku-latest", "gpt-latest"],
)
def test_snapshots_and_what_is_retired_are_no_aliases(model: str) -> None:
    assert judged(FloatingAlias, call(model)) == ()


LABEL = (
    HEAD
    + """
def is_urgent(mail):
    reply = client.messages.create(model="MODEL", max_tokens=CAP, MORE
        messages=[{"role": "user", "content": mail}])
    return reply.content[-1].text.strip() == "yes"
"""
)


def label(model: str, more: str = "", cap: int = 2000) -> str:
    return LABEL.replace("MODEL", model).replace("MORE", more).replace("CAP", str(cap))


@pytest.mark.parametrize("level", ["high", "xhigh", "max"])
def test_high_effort_for_a_label(level: str) -> None:
    text = label("claude-opus-4-8", f'output_config={{"effort": "{level}"}},')
    (finding,) = judged(OversizedEffort, text)
    assert finding.message.startswith(f"{level.capitalize()} effort for a label: ")
    assert finding.severity is Severity.WARNING
    assert '"effort": "low"' in mended(OversizedEffort, text)


def test_the_default_is_told_where_the_model_thinks_by_itself() -> None:
    (finding,) = judged(OversizedEffort, label("claude-sonnet-5"))
    assert finding.severity is Severity.INFO
    assert finding.message.startswith("High effort (the default of claude-sonnet-5) for a label: ")
    assert 'output_config={"effort": "low"}' in mended(OversizedEffort, label("claude-sonnet-5"))


def test_a_budget_of_thinking() -> None:
    more = 'thinking={"type": "enabled", "budget_tokens": 8000},'
    (finding,) = judged(OversizedEffort, label("claude-sonnet-4-5", more, 9000))
    assert finding.message.startswith("Up to 8,000 tokens of thinking for a label: ")
    assert finding.fix is None


@pytest.mark.parametrize(
    "text",
    [
        label("claude-sonnet-4-6"),  # doesn't think unless told to
        label("claude-haiku-5-5"),  # medium by default
        label("claude-haiku-4-5"),  # knows no effort
        label("claude-opus-5", 'output_config={"effort": "medium"},'),
        label("claude-opus-5", "output_config=CONFIG,"),
        label("claude-opus-5", 'thinking={"type": "disabled"},'),
        label("claude-opus-5", "**options,"),
        label("claude-sonnet-4-5", 'thinking={"type": "enabled", "budget_tokens": 1024},'),
        label("claude-opus-5").replace("is_urgent", "answer").replace(' == "yes"', ""),
    ],
)
def test_effort_that_fits_or_can_not_be_seen(text: str) -> None:
    assert judged(OversizedEffort, text) == ()
