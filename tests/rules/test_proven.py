"""The rules' examples, run against the simulator: what a fix is worth, for every alternative."""

from __future__ import annotations

from pathlib import Path

import pytest
from proving import CASES, Case, figure, measure

from skinflint.rules._figures import FIGURES
from skinflint.rules.registry import all_rules

WAYS = [
    pytest.param(case, way, id=f"{case.rule}-{case.title}-{way}")
    for case in CASES
    for way in case.ways
]
#: The hit rate that is left at least after a fix, where it is not most of the prompt.
LEAST = {"SKF105": 0.5, "SKF201": 0.6, "SKF203": 0.6, "SKF204": 0.0, "SKF208": 0.0, "SKF301": 0.6}


@pytest.mark.parametrize(("case", "way"), WAYS)
def test_the_fix_pays(case: Case, way: str, tmp_path: Path) -> None:
    before = measure(case, case.before, way, tmp_path / "before")
    after = measure(case, case.after, way, tmp_path / "after")
    assert len(before.exchanges) == len(after.exchanges)
    assert after.refused == 0
    if case.refused:
        # with fewer documents than markers it was valid before, and costs no more after
        if before.refused == 0:
            assert after.cost <= before.cost
    else:
        assert before.refused == 0
        assert after.hit_rate >= before.hit_rate
        assert after.cost <= before.cost * 1.005
        assert after.hit_rate >= LEAST.get(case.rule, 0.8)
        # it is as much text as before, up to line breaks and times that a history now keeps
        sizes = [sum(usage.prompt for usage in each.usages) for each in (before, after)]
        if case.keeps:
            assert sizes[1] > sizes[0]
        else:
            assert sizes[1] == pytest.approx(sizes[0], rel=0.03)
    if way == next(iter(case.ways)):
        assert figure(case, before, after) == FIGURES[case.rule, case.title]


def test_every_figure_is_of_an_example_that_there_is() -> None:
    titles = {(rule.id, example.title) for rule in all_rules() for example in rule.examples}
    assert set(FIGURES) == {(case.rule, case.title) for case in CASES}
    assert set(FIGURES) <= titles
    assert len(FIGURES) >= 15


def test_every_rule_about_caching_names_its_figure() -> None:
    proven = {rule for rule, _ in FIGURES}
    about_caching = {rule.id for rule in all_rules() if rule.id.startswith(("SKF1", "SKF2"))}
    # rules of the preview tier may come before their examples are run
    assert {
        "SKF101",
        "SKF103",
        "SKF104",
        "SKF105",
        "SKF106",
        "SKF107",
        "SKF108",
        "SKF110",
    } <= proven
    assert {"SKF201", "SKF202", "SKF203", "SKF204", "SKF208"} <= proven & about_caching
