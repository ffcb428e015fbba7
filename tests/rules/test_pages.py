"""What the page of every rule has to tell: examples, a figure with its source, what a fix risks."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest
from test_examples import findings, unmarked

from skinflint.linter.findings import Applicability
from skinflint.rules.base import Example, Rule
from skinflint.rules.registry import all_rules

ROOT = Path(__file__).resolve().parents[2]

#: Numbers that measure nothing: dates, years, answers of HTTP, ids of rules, versions of models.
NO_FIGURE = re.compile(
    r"\b20\d\d(-\d\d)*\b|\b40[0-9]\b|\bSKF\d+\b"
    r"|\b(?:Haiku|Sonnet|Opus|Fable|Mythos|Claude|Python|SDK) [\d.]+(?:, [\d.]+)*"
)
#: How a page calls what a fix may do.
CLASSES = {
    Applicability.SAFE: r"\bsafe\b",
    Applicability.PRICE: r"\bprice\b",
    Applicability.UNSAFE: r"\bunsafe\b",
    Applicability.DISPLAY: r"\bshown\b",
}
RULES = [pytest.param(rule, id=rule.id) for rule in all_rules()]


def rule_docs() -> ModuleType:
    path = ROOT / "scripts" / "rule_docs.py"
    spec = importlib.util.spec_from_file_location("rule_docs", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def page(rule: type[Rule]) -> dict[str, str]:
    """The sections of the page of a rule, as they are printed."""
    _, *parts = rule_docs().render(rule).split("\n## ")
    return {heading: text for heading, _, text in (part.partition("\n") for part in parts)}


def figures(text: str) -> list[str]:
    """The numbers of a text that measure something."""
    return re.findall(r"\d[\d,.]*", NO_FIGURE.sub("", text))


def lacking(rule: type[Rule]) -> list[str]:
    """What the page of a rule doesn't tell."""
    told = page(rule)
    safety = " ".join(told["Fix safety"].split())
    lacks = []
    if not any(example.bad for example in rule.examples):
        lacks.append("an example that is reported")
    if not any(example.good for example in rule.examples):
        lacks.append("an example that is right")
    if not any(example.fixed for example in rule.examples) and not no_fix(safety):
        lacks.append('an example after its fix, or "There is no fix" and why')
    if not figures(told["Why it costs"]):
        lacks.append("a figure of what it costs")
    links = re.findall(r"https://[^\s)]+", told["References"])
    if not links:
        lacks.append("a source of that figure")
    # Anthropic's pages change, so it is said when they were read
    for item in told["References"].split("\n- "):
        if "platform.claude.com" in item and not re.search(r"\(20\d\d-\d\d-\d\d\)", item):
            lacks.append(f"the day on which this was read: {item.strip('- ').split(':')[0]}")
    return lacks


def no_fix(safety: str) -> bool:
    """Whether a page says that there is no fix, and a reason."""
    said = r"\b(there is no fix|no fix is made|never applied)\b.{12,}"
    return re.search(said, " ".join(safety.lower().split())) is not None


@pytest.mark.parametrize("rule", RULES)
def test_the_page_tells_all_that_it_has_to(rule: type[Rule]) -> None:
    assert lacking(rule) == []


@pytest.mark.parametrize("rule", RULES)
def test_the_page_calls_a_fix_what_it_is(rule: type[Rule]) -> None:
    safety = page(rule)["Fix safety"].lower()
    fixes = {
        found.fix.applicability
        for example in rule.examples
        if example.bad
        for found in findings(rule, unmarked(example.bad))
        if found.fix is not None and found.rule.id == rule.id
    }
    for applicability in fixes:
        assert re.search(CLASSES[applicability], safety), applicability
    assert fixes or no_fix(page(rule)["Fix safety"])


class Bare(Rule):
    """A rule with nothing to say.

    ## What it does
    Nothing.

    ## Why it costs
    The API answers 400 since 2026, says Haiku 4.5 (SKF101).

    ## Example
    None.

    ## Use instead
    Nothing.

    ## Fix safety
    There is no fix.

    ## References
    - A page: https://platform.claude.com/docs/en/about-claude/pricing
    """

    id, name, summary = "SKF900", "bare-rule", "Nothing is reported"
    examples = (Example("nothing"),)


def test_what_a_page_lacks_is_seen() -> None:
    assert lacking(Bare) == [
        "an example that is reported",
        "an example that is right",
        'an example after its fix, or "There is no fix" and why',
        "a figure of what it costs",
        "the day on which this was read: A page",
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("12.5 times the price", ["12.5"]),
        ("It fell by 38 % in 2026.", ["38"]),
        ("On Fable 5.1, 5.2 it is a 400 (2026-10-08), see SKF203.", []),
        ("Claude Opus 5.5 costs 40 times what Claude Haiku 5.5 does", ["40"]),
    ],
)
def test_what_a_figure_is(text: str, found: list[str]) -> None:
    assert figures(text) == found
