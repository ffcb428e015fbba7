"""The last line of a run, and the counts per rule."""

from __future__ import annotations

from typing import Any

import pytest
from by_hand import finding, fix

from skinflint.linter.findings import Applicability
from skinflint.reports import statistics
from skinflint.reports.summary import Tally, line

SAFE, PRICE, PROVEN, UNSAFE, DISPLAY = (
    finding(fix=fix(Applicability.SAFE)),
    finding(fix=fix(Applicability.PRICE)),
    finding(fix=fix(Applicability.PRICE, reuse_proven=True)),
    finding(fix=fix(Applicability.UNSAFE)),
    finding(fix=fix(Applicability.DISPLAY)),
)
NONE = finding(no_fix="why")


@pytest.mark.parametrize(
    ("findings", "tally", "said"),
    [
        ([], Tally(12, 4, 0), "All clean: 12 files, 4 requests."),
        ([], Tally(1, 1, 0), "All clean: 1 file, 1 request."),
        ([], Tally(3, 0, 0), "No Claude requests in 3 files."),
        (
            [],
            Tally(3, 2, 0, suppressed=2, ignored=1),
            "All clean: 3 files, 2 requests; 2 hidden by suppressions; "
            "1 hidden by per-file-ignores.",
        ),
        ([], Tally(3, 2, 1), "Found no findings, but 1 error: not everything was checked."),
        (
            [SAFE, UNSAFE, NONE],
            Tally(1, 1, 0),
            "Found 3 findings (1 fixable with --fix, 1 more with --unsafe-fixes).",
        ),
        ([NONE], Tally(1, 1, 0), "Found 1 finding."),
        ([DISPLAY], Tally(1, 1, 0), "Found 1 finding."),
        ([UNSAFE, PRICE], Tally(1, 1, 0), "Found 2 findings (2 fixable with --unsafe-fixes)."),
        ([SAFE, PROVEN], Tally(1, 1, 0), "Found 2 findings (2 fixable with --fix)."),
        (
            [NONE],
            Tally(2, 1, 2, suppressed=1),
            "Found 1 finding; 2 errors; 1 hidden by suppressions.",
        ),
        ([NONE], Tally(2, 1, 0, fixed=2), "Found 3 findings (2 fixed, 1 left)."),
        ([], Tally(2, 1, 0, fixed=1), "Found 1 finding (1 fixed, 0 left)."),
        ([], Tally(2, 1, 0, fixed=1, would=True), "Found 1 finding (1 would be fixed, 0 left)."),
    ],
)
def test_the_summary(findings: list[Any], tally: Tally, said: str) -> None:
    assert line(findings, tally) == said


def test_statistics_count_the_most_frequent_first() -> None:
    rare = finding(id="SKF101", name="clock-in-prefix")
    often = [finding(id="SKF402", name="retired-model", fix=fix()) for _ in range(10)]
    other = finding(id="SKF104", name="entity-value-in-cached-prefix")
    assert statistics.render([other, rare, *often]) == (
        "10  SKF402  retired-model                  10 with a fix\n"
        " 1  SKF101  clock-in-prefix\n"
        " 1  SKF104  entity-value-in-cached-prefix\n"
    )
    assert statistics.render([]) == ""
