"""Every example of every rule: what is reported, what stays silent, what the fix makes of it."""

from __future__ import annotations

import datetime
from collections.abc import Mapping

import pytest

from skinflint.cli.bill import bill_for
from skinflint.fixers import apply
from skinflint.fixers.apply import Outcome
from skinflint.fixers.verify import Checked
from skinflint.linter import config, engine
from skinflint.linter.findings import Applicability, Finding, Tier
from skinflint.linter.source import SourceFile, from_bytes
from skinflint.rules.base import Context, Example, Rule
from skinflint.rules.registry import all_rules

MARK = "# <-"
#: Rules about a whole project: what they say of one module says nothing of the others.
OF_PROJECTS = ("SKF703",)
AS_OF = datetime.date(2026, 11, 22)


def examples(field: str) -> list[object]:
    """The examples that have ``field``, as parameters."""
    return [
        pytest.param(rule, example, id=f"{rule.id}-{example.title}")
        for rule in all_rules()
        for example in rule.examples
        if getattr(example, field)
    ]


def unmarked(text: str) -> str:
    """An example without the marks of the lines that are reported."""
    lines = [
        line[: -len(MARK)].rstrip() if line.endswith(MARK) else line for line in text.split("\n")
    ]
    return "\n".join(lines)


def beside(rule: type[Rule]) -> list[Rule]:
    """The rules that everybody sees, and ``rule`` itself."""
    return [each() for each in all_rules() if each.tier is Tier.DEFAULT or each is rule]


def findings(rule: type[Rule], text: str, path: str = "app.py") -> tuple[Finding, ...]:
    """What the default rules and ``rule`` say about a module; nothing may go wrong on the way."""
    result = engine.check(
        [from_bytes(path, text.encode())],
        beside(rule),
        config.load(None, None, isolated=True),
        Context(as_of=AS_OF),
    )
    assert result.problems == ()
    return result.findings


def source(text: str) -> SourceFile:
    return from_bytes("app.py", text.encode())


@pytest.mark.parametrize(("rule", "example"), examples("bad"))
def test_exactly_the_marked_lines_are_reported(rule: type[Rule], example: Example) -> None:
    marked = [
        number
        for number, line in enumerate(example.bad.split("\n"), start=1)
        if line.endswith(MARK)
    ]
    assert marked
    found = findings(rule, unmarked(example.bad))
    assert [(f.rule.id, f.primary.line) for f in found] == [(rule.id, line) for line in marked]


@pytest.mark.parametrize(("rule", "example"), examples("good"))
def test_what_is_right_stays_silent(rule: type[Rule], example: Example) -> None:
    assert findings(rule, example.good) == ()


@pytest.mark.parametrize(("rule", "example"), examples("bad"))
def test_findings_are_complete(rule: type[Rule], example: Example) -> None:
    """What every report shows: a trail that ends at the request, and a fix or a reason."""
    for found in findings(rule, unmarked(example.bad)):
        assert found.message.endswith(".") or rule.id == "SKF001"
        assert found.requests or rule.id == "SKF001"
        assert found.related or rule.id == "SKF001"
        assert (found.fix is None) is not (found.no_fix is None)
        assert found.fingerprint


@pytest.mark.parametrize(("rule", "example"), examples("bad"))
def test_examples_are_modules_of_some_size(rule: type[Rule], example: Example) -> None:
    assert len(unmarked(example.bad).split("\n")) > 12


def test_every_rule_with_a_fix_shows_what_it_makes() -> None:
    for rule in all_rules():
        for example in rule.examples:
            if example.fixed is not None:
                assert example.bad
                assert MARK not in example.fixed
                compile(example.fixed, rule.id, "exec")


def mended(rule: type[Rule], text: str) -> Outcome:
    """A module after ``--fix --unsafe-fixes``, with the verifier and its bill, nothing written."""
    whole = source(text)
    settings = config.load(None, None, isolated=True)
    context = Context(as_of=AS_OF)

    def recheck(overlay: Mapping[str, str]) -> Checked:
        now = whole.replace_text(overlay[whole.path]) if whole.path in overlay else whole
        result = engine.check([now], beside(rule), settings, context)
        return Checked(result.requests, result.findings, result.problems)

    return apply.run({whole.path: whole}, recheck, unsafe=True, write=False, bill=bill_for(context))


@pytest.mark.parametrize(("rule", "example"), examples("bad"))
def test_the_fix_makes_what_the_page_shows(rule: type[Rule], example: Example) -> None:
    before = unmarked(example.bad)
    outcome = mended(rule, before)
    assert outcome.converged
    assert outcome.left == ()
    after = outcome.after.get("app.py", before)
    if example.fixed is None:
        assert after == before
        shown = Applicability.DISPLAY
        left = outcome.checked.findings
        assert all(f.fix is None or f.fix.applicability is shown for f in left)
        return
    assert after == example.fixed
    assert outcome.checked.findings == ()
    again = mended(rule, after)
    assert again.after == {}
    assert again.applied == ()
