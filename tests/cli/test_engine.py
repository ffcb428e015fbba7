"""The engine, with rules and a project made by hand."""

from __future__ import annotations

import dataclasses
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from by_hand import CONTEXT, ByHand, Crashing, FakeProject, finding, span

from skinflint.linter import engine
from skinflint.linter.config import Settings
from skinflint.linter.engine import Options, Result, check, one_per_defect, with_fingerprints
from skinflint.linter.findings import Cost, Finding, Severity
from skinflint.linter.request import Request
from skinflint.linter.source import SourceFile, from_bytes
from skinflint.linter.values import Confidence
from skinflint.rules.base import Context
from skinflint.rules.unused_ignore import UnusedIgnore

ANTHROPIC = "import anthropic\n"
RULES = (ByHand(),)


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def run(*texts: str, rules: Any = RULES, settings: Any = None, **more: Any) -> Result:
    """Check texts as the files a.py, b.py, ..."""
    files = [source("abcdef"[i] + ".py", text) for i, text in enumerate(texts)]
    more.setdefault("project", FakeProject())
    return check(files, rules, settings or Settings(), CONTEXT, **more)


def source(path: str, text: str) -> SourceFile:
    return from_bytes(path, text.encode())


def test_files_in_findings_out() -> None:
    result = run(ANTHROPIC + "CALL\nCALL\n", "x = 1\n", ANTHROPIC + "CALL\n")
    assert result.files == ("a.py", "b.py", "c.py")
    assert [(f.primary.path, f.primary.line) for f in result.findings] == [
        ("a.py", 2),
        ("a.py", 3),
        ("c.py", 2),
    ]
    assert len(result.requests) == result.sites == 3
    assert result.problems == ()


def test_a_bare_run_keeps_the_places_of_the_requests_alone() -> None:
    texts = (ANTHROPIC + "CALL\nCALL\n", ANTHROPIC + "CALL\n")
    usual, bare = run(*texts), run(*texts, options=Options(bare=True))
    assert usual.requests
    assert bare.requests == ()
    assert (bare.findings, bare.sites, bare.unseen) == (usual.findings, 3, usual.unseen)


def test_the_prefilter_keeps_files_from_the_project() -> None:
    project = FakeProject()
    run("CALL\n", ANTHROPIC, project=project)
    assert project.seen == ["b.py"]


def test_without_the_prefilter_every_file_is_seen() -> None:
    result = run("CALL\n", options=Options(prefilter=False))
    assert len(result.findings) == 1


def test_files_are_read_from_disk(tmp_path: Path) -> None:
    (tmp_path / "x.py").write_text(ANTHROPIC + "CALL\n")
    result = check(["x.py", "gone.py"], [ByHand()], Settings(), CONTEXT, project=FakeProject())
    assert [f.primary.path for f in result.findings] == ["x.py"]
    assert [(p.path, p.kind) for p in result.problems] == [("gone.py", "unreadable")]
    assert result.files == ("gone.py", "x.py")


def test_rules_and_context_are_not_touched_without_a_request() -> None:
    class Untouchable(list[Any]):
        def __iter__(self) -> Iterator[Any]:
            raise AssertionError("looked at")

    def context() -> Context:
        raise AssertionError("made")

    result = check(
        [source("a.py", ANTHROPIC)], Untouchable(), Settings(), context, project=FakeProject()
    )
    assert result.findings == ()


def test_a_context_may_be_made_late() -> None:
    seen = []

    class Asks(ByHand):
        def check(self, request: Request, context: Context) -> Iterator[Finding]:
            seen.append(context)
            yield from super().check(request, context)

    made = []

    def context() -> Context:
        made.append(1)
        return CONTEXT

    files = [source("a.py", ANTHROPIC + "CALL\nCALL\n")]
    check(files, [Asks()], Settings(), context, project=FakeProject())
    assert seen == [CONTEXT, CONTEXT]
    assert made == [1]


def test_a_crash_of_a_rule_is_a_problem_and_the_rest_goes_on() -> None:
    result = run(ANTHROPIC + "CALL\n", rules=[Crashing(), ByHand()])
    assert [f.rule.id for f in result.findings] == ["SKF901"]
    (problem,) = result.problems
    assert (problem.path, problem.kind) == ("a.py", "internal-error")
    assert problem.message.startswith(
        "rule SKF902 crashing failed on the request in line 2 (KeyError: 'no such\\nthing')"
    )
    assert "\n" not in problem.message


def test_the_traceback_is_shown_on_demand(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run(ANTHROPIC + "CALL\n", rules=[Crashing()])
    assert capsys.readouterr().err == ""
    monkeypatch.setenv("SKINFLINT_DEBUG", "1")
    run(ANTHROPIC + "CALL\n", rules=[Crashing()])
    assert "Traceback (most recent call last)" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("error", "kind", "line"),
    [
        (SyntaxError("invalid syntax", ("a.py", 3, 1, "x")), "syntax-error", 3),
        (RecursionError(), "too-deep", None),
        (MemoryError(), "too-deep", None),
        (ZeroDivisionError("what"), "internal-error", None),
    ],
)
def test_a_file_that_fails_is_a_problem_and_the_rest_goes_on(
    error: BaseException, kind: str, line: int | None
) -> None:
    result = run(ANTHROPIC, ANTHROPIC + "CALL\n", project=FakeProject({"a.py": error}))
    assert [(p.path, p.kind, p.line) for p in result.problems] == [("a.py", kind, line)]
    assert [f.primary.path for f in result.findings] == ["b.py"]


def test_ctrl_c_is_no_problem_of_a_file() -> None:
    with pytest.raises(KeyboardInterrupt):
        run(ANTHROPIC, project=FakeProject({"a.py": KeyboardInterrupt()}))


def test_tests_hear_only_from_rules_that_are_for_tests() -> None:
    class ForTests(ByHand):
        id, name, in_tests = "SKF903", "for-tests", True

    rules = [ByHand(), ForTests()]
    text = ANTHROPIC + "CALL\n"
    result = run(text, rules=rules, project=FakeProject(in_test=True))
    assert [f.rule.id for f in result.findings] == ["SKF903"]
    result = run(
        text,
        rules=rules,
        project=FakeProject(in_test=True),
        options=Options(everywhere=frozenset({"SKF901"})),
    )
    assert [f.rule.id for f in result.findings] == ["SKF901", "SKF903"]


# --- suppressions -----------------------------------------------------------------------------

IGNORED = ANTHROPIC + "CALL  # skinflint: ignore[made-by-hand] wanted\n"
UNUSED = ANTHROPIC + "x = 1  # skinflint: ignore[SKF901] no more\n"


def test_a_comment_hides_and_is_counted() -> None:
    result = run(IGNORED, rules=[ByHand(), UnusedIgnore()])
    assert (result.findings, result.suppressed) == ((), 1)


def test_no_ignores_shows_what_comments_hide() -> None:
    result = run(IGNORED, UNUSED, rules=[ByHand(), UnusedIgnore()], options=Options(ignores=False))
    assert [f.rule.id for f in result.findings] == ["SKF901"]
    assert result.suppressed == 0


@pytest.mark.parametrize("head", [ANTHROPIC, ""])
def test_a_comment_that_hides_nothing_is_reported(head: str) -> None:
    result = run(UNUSED.replace(ANTHROPIC, head), rules=[ByHand(), UnusedIgnore()])
    assert [f.rule.id for f in result.findings] == ["SKF001"]
    assert result.findings[0].fingerprint


@pytest.mark.parametrize(
    ("rules", "ignored", "project"),
    [
        ([ByHand()], {}, FakeProject()),  # SKF001 is not selected
        ([UnusedIgnore()], {}, FakeProject()),  # the rule it names is not selected
        (
            [ByHand(), UnusedIgnore()],
            {"a.py": ("SKF9",)},
            FakeProject(),
        ),
        (
            [ByHand(), UnusedIgnore()],
            {"*.py": ("unused-ignore",)},
            FakeProject(),
        ),
        (
            [ByHand(), UnusedIgnore()],
            {},
            FakeProject({"a.py": SyntaxError("no", ("a.py", 1, 1, ""))}),
        ),
    ],
)
def test_a_comment_is_unused_only_if_its_rule_judged_the_file(
    rules: list[Any], ignored: dict[str, tuple[str, ...]], project: FakeProject
) -> None:
    names = {"SKF901": "made-by-hand", "made-by-hand": "SKF901"}
    result = run(
        UNUSED,
        rules=rules,
        settings=Settings(per_file_ignores=ignored),
        project=project,
        options=Options(names=lambda: names),
    )
    assert result.findings == ()


def test_a_rule_that_crashed_leaves_its_comments_alone() -> None:
    text = ANTHROPIC + "CALL\nx = 1  # skinflint: ignore[SKF902]\n"
    result = run(text, rules=[Crashing(), UnusedIgnore()])
    assert result.findings == ()


def test_a_comment_in_another_file_than_the_request_counts(tmp_path: Path) -> None:
    (tmp_path / "prompts.py").write_text("X = 1  # skinflint: ignore[SKF901] wanted\n")

    class Elsewhere(ByHand):
        def check(self, request: Request, context: Context) -> Iterator[Finding]:
            yield self.finding(request, span("prompts.py", 1), "there")

    result = run(ANTHROPIC + "CALL\n", rules=[Elsewhere()])
    assert (result.findings, result.suppressed) == ((), 1)


def test_per_file_ignores() -> None:
    settings = Settings(per_file_ignores={"a.py": ("made-by-hand",), "b.py": ("SKF1",)})
    result = run(ANTHROPIC + "CALL\n", ANTHROPIC + "CALL\n", settings=settings)
    assert [f.primary.path for f in result.findings] == ["b.py"]
    assert result.ignored == 1


# --- one defect, one finding --------------------------------------------------------------------


def test_one_defect_seen_from_two_requests_is_one_finding() -> None:
    one, two = span("a.py", 9), span("b.py", 1)
    sure = finding(requests=(one,), cost=Cost(3.0, "x"), identity=("SKF901", "clock", 1))
    worse = dataclasses.replace(sure, requests=(two,), cost=Cost(9.0, "y"), weight=2)
    unsure = dataclasses.replace(sure, confidence=Confidence.MEDIUM, severity=Severity.ERROR)
    for found in ([sure, worse, unsure], [unsure, worse, sure], [worse, sure, unsure]):
        (merged,) = one_per_defect(found)
        assert merged.requests == (one, two)
        assert merged.cost == Cost(9.0, "y")


def test_the_more_specific_finding_takes_the_place_and_the_requests() -> None:
    where = span("a.py", 4)
    general = finding(
        id="SKF908", primary=where, requests=(span("b.py", 1),), identity=("SKF908", "m")
    )
    specific = finding(
        id="SKF901",
        primary=where,
        requests=(span("a.py", 1),),
        supersedes=("SKF908",),
        identity=("SKF901", "s"),
    )
    elsewhere = dataclasses.replace(general, primary=span("a.py", 5), identity=("SKF908", "other"))
    kept = one_per_defect([general, specific, elsewhere])
    assert [f.rule.id for f in kept] == ["SKF901", "SKF908"]
    assert kept[0].requests == (span("a.py", 1), span("b.py", 1))
    assert kept[1].primary.line == 5


def test_the_same_identity_is_superseded_wherever_it_stands() -> None:
    general = finding(id="SKF908", line=1, identity=("SKF908", "marker", 7))
    specific = finding(
        id="SKF901", line=5, supersedes=("SKF908",), identity=("SKF901", "marker", 7)
    )
    assert [f.rule.id for f in one_per_defect([general, specific])] == ["SKF901"]


def test_two_that_supersede_each_other_leave_one() -> None:
    one = finding(id="SKF901", supersedes=("SKF902",), identity=("SKF901", 1))
    two = finding(id="SKF902", supersedes=("SKF901",), identity=("SKF902", 1))
    assert len(one_per_defect([one, two])) == 1


def test_any_order_of_finding_gives_the_same() -> None:
    found = [
        finding(line=line, id=id, requests=(span("r.py", n),), identity=(id, line))
        for line in (1, 2)
        for id in ("SKF901", "SKF902")
        for n in (3, 1, 2)
    ]
    expected = sorted(one_per_defect(found), key=engine._finding_order)
    for seed in range(20):
        random.Random(seed).shuffle(found)
        assert sorted(one_per_defect(found), key=engine._finding_order) == expected


# --- fingerprints ---------------------------------------------------------------------------------


def prints(text: str, path: str = "a.py", **more: Any) -> list[str]:
    return [f.fingerprint for f in run_at(path, text, **more).findings]


def run_at(path: str, text: str, **more: Any) -> Result:
    settings = more.pop("settings", None) or Settings()
    return check([source(path, text)], [ByHand()], settings, CONTEXT, project=FakeProject())


def test_a_fingerprint_survives_moved_lines_and_layout() -> None:
    before = prints(ANTHROPIC + "x = CALL\ny = CALL\n")
    after = prints(ANTHROPIC + "\n# new\nif a:\n    x  =  CALL\n    y = CALL\n")
    assert before == after
    assert len(set(before)) == 2


def test_equal_lines_are_told_apart_by_their_number() -> None:
    one, two = prints(ANTHROPIC + "CALL\nCALL\n")
    assert one != two
    assert prints(ANTHROPIC + "CALL\n") == [one]


def test_fingerprints_differ_between_files_and_texts() -> None:
    made = [
        prints(ANTHROPIC + "CALL\n")[0],
        prints(ANTHROPIC + "CALL\n", "b.py")[0],
        prints(ANTHROPIC + "CALL()\n")[0],
    ]
    assert len(set(made)) == 3


def test_a_fingerprint_does_not_depend_on_the_working_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(root=str(tmp_path))
    (tmp_path / "sub").mkdir()
    above = prints(ANTHROPIC + "CALL\n", "sub/a.py", settings=settings)
    monkeypatch.chdir(tmp_path / "sub")
    assert prints(ANTHROPIC + "CALL\n", "a.py", settings=settings) == above


def test_a_finding_in_a_file_that_is_gone_has_a_fingerprint() -> None:
    def gone(path: str) -> SourceFile:
        from skinflint.linter.source import SourceError

        raise SourceError("unreadable", path)

    assert with_fingerprints([finding()], gone, "/")[0].fingerprint


def test_runs_merge_as_if_they_were_one() -> None:
    text = ANTHROPIC + "CALL\n"
    files = [source(f"{name}.py", text) for name in "cab"]
    whole = check(files, [ByHand()], Settings(), CONTEXT, project=FakeProject())
    parts = [
        check([file], [ByHand()], Settings(), CONTEXT, project=FakeProject()) for file in files
    ]
    merged = engine.merged(parts)
    assert merged.findings == whole.findings
    assert merged.files == whole.files
    assert merged.sites == whole.sites
