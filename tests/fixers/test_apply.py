"""Rounds and the verifier, on requests that are really rebuilt."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from by_hand import finding
from mending import PROLOGUE, find, requests, source, split

from skinflint.fixers.apply import Checked, Outcome, applicable, run
from skinflint.linter.findings import (
    Applicability,
    Finding,
    Fix,
    MoveToTurn,
    Op,
    Problem,
    RemoveMarker,
    ReplaceString,
    WrapSorted,
)
from skinflint.linter.project import ParseError
from skinflint.linter.request import Request
from skinflint.linter.source import SourceFile, read

Judge = Callable[[SourceFile, tuple[Request, ...]], Iterator[Finding]]

APP = f"""{PROLOGUE}

def ask(name: str, question: str, words: set[str]):
    return client.messages.create(
        model="claude-sonnet-5-5",
        max_tokens=99,
        system=[{{"type": "text", "text": SYSTEM + f"\\nName: {{name}}", "cache_control": MARK}}],
        messages=[{{"role": "user", "content": question + ", ".join(words)}}],
    )
"""


def check(files: Mapping[str, SourceFile], *judges: Judge) -> Callable[..., Checked]:
    """A check of files by judges that stand for rules."""

    def recheck(overlay: Mapping[str, str]) -> Checked:
        found: list[Finding] = []
        sent: list[Request] = []
        problems: list[Problem] = []
        for path, file in sorted(files.items()):
            code = file.replace_text(overlay.get(path, file.text))
            try:
                here = requests(code)
            except ParseError as error:
                problems.append(Problem(path, "syntax-error", str(error)))
                continue
            sent += here
            for judge in judges:
                found += judge(code, here)
        return Checked(tuple(sent), tuple(found), tuple(problems))

    return recheck


def mixed(file: SourceFile, sent: tuple[Request, ...]) -> Iterator[Finding]:
    """Stands for a rule: static and moving text in one marked block."""
    for request in sent:
        for point in request.breakpoints:
            block = request.blocks[point.block]
            if len(block.terms) > 1:
                yield finding(
                    file.path,
                    id="SKF202",
                    primary=block.span,
                    fingerprint=f"{request.site.function} block",
                    fix=Fix(Applicability.UNSAFE, "Split", (split(file, 1),)),
                )


def ops(
    written: str, make: Callable[[SourceFile], Op], id: str = "SKF900", **more: object
) -> Judge:
    """A judge that reports once while ``written`` stands in the file."""

    def judge(file: SourceFile, sent: tuple[Request, ...]) -> Iterator[Finding]:
        if written in file.text:
            declared = {"applicability": Applicability.UNSAFE, **more}
            fix = Fix(title="Mend", ops=(make(file),), **declared)  # type: ignore[arg-type]
            yield finding(file.path, id=id, primary=find(file, written), fix=fix, fingerprint=id)

    return judge


def mend(text: str, *judges: Judge, **more: object) -> Outcome:
    file = source(text)
    files = {file.path: file}
    options = {"unsafe": True, "write": False, **more}
    return run(files, check(files, *judges), **options)  # type: ignore[arg-type]


def test_a_finding_is_mended_and_the_rest_stays() -> None:
    outcome = mend(APP, mixed)
    assert [a.finding.rule.id for a in outcome.applied] == ["SKF202"]
    assert outcome.left == ()
    assert outcome.converged
    assert outcome.checked.findings == ()
    assert '"text": SYSTEM, "cache_control": MARK}' in outcome.after["app.py"]
    assert outcome.diff().count("\n-        ") == 1
    again = mend(outcome.after["app.py"], mixed)
    assert again.applied == ()
    assert again.after == {}
    assert again.diff() == ""


def test_nothing_to_do() -> None:
    outcome = mend(APP)
    assert (outcome.applied, outcome.left, outcome.after) == ((), (), {})


def test_what_may_be_applied() -> None:
    def fix(kind: Applicability, **more: bool) -> Fix:
        return Fix(kind, "x", (), **more)

    assert applicable(fix(Applicability.SAFE), unsafe=False)
    assert not applicable(fix(Applicability.PRICE), unsafe=False)
    assert applicable(fix(Applicability.PRICE), unsafe=True)
    assert applicable(fix(Applicability.PRICE, reuse_proven=True), unsafe=False)
    assert not applicable(fix(Applicability.UNSAFE), unsafe=False)
    assert applicable(fix(Applicability.UNSAFE), unsafe=True)
    assert not applicable(fix(Applicability.DISPLAY), unsafe=True)
    assert mend(APP, mixed, unsafe=False).applied == ()


def test_several_fixes_at_once_and_clashing_ones_in_rounds() -> None:
    model = ops(
        "claude-sonnet-5-5",
        lambda file: ReplaceString(
            find(file, '"claude-sonnet-5-5"'), "claude-sonnet-5-5", "claude-opus-5"
        ),
        changes_model=True,
    )
    words = ops(
        "join(words)", lambda file: WrapSorted(find(file, "words", after="words)")), "SKF106",
        reorders=True,
    )  # fmt: skip
    outcome = mend(APP, mixed, model, words)
    assert sorted(a.finding.rule.id for a in outcome.applied) == ["SKF106", "SKF202", "SKF900"]
    assert outcome.left == ()
    one = ops("MARK = {", lambda file: ReplaceString(find(file, '"type"'), "type", "type "), "A")
    two = ops("MARK = {", lambda file: ReplaceString(find(file, '"type"'), "type", "types"), "B")
    outcome = mend(APP, one, two)
    assert [left.kind for left in outcome.left] == ["rolled back", "rolled back"]


def reason(text: str, *judges: Judge, **more: object) -> str:
    outcome = mend(text, *judges, **more)
    assert outcome.applied == ()
    assert outcome.after == {}
    assert [left.kind for left in outcome.left] == ["rolled back"]
    return outcome.left[0].reason


def test_a_changed_text_is_rolled_back() -> None:
    judge = ops(
        "Be brief",
        lambda file: ReplaceString(
            find(file, '"You are the support agent of a shop. Be brief and friendly."'),
            "You are the support agent of a shop. Be brief and friendly.",
            "You are somebody.",
        ),
    )
    assert reason(APP, judge) == "the system of the request in line 9 would change"


def test_an_undeclared_change_of_the_model_is_rolled_back() -> None:
    literal = '"claude-sonnet-5-5"'
    judge = ops(
        literal,
        lambda file: ReplaceString(find(file, literal), "claude-sonnet-5-5", "claude-opus-5"),
    )
    assert reason(APP, judge) == "the model of the request in line 9 would change"


def test_a_finding_that_stays_is_rolled_back() -> None:
    judge = ops(
        "def ask",
        lambda file: RemoveMarker(
            find(file, "MARK", after="cache_control" if "cache_control" in file.text else "")
        ),
    )
    assert reason(APP, judge) == "the finding is still there afterwards"


def test_a_new_finding_is_rolled_back() -> None:
    def unmarked(file: SourceFile, sent: tuple[Request, ...]) -> Iterator[Finding]:
        for request in sent:
            if not request.breakpoints:
                yield finding(file.path, id="SKF201", name="no-cache", primary=request.site.span)

    judge = ops(
        "cache_control", lambda file: RemoveMarker(find(file, "MARK", after="cache_control"))
    )
    assert reason(APP, judge, unmarked) == "it would bring a new finding, SKF201 no-cache"


def test_a_new_finding_in_another_rule_of_the_same_name_counts() -> None:
    calls = 0

    def grows(file: SourceFile, sent: tuple[Request, ...]) -> Iterator[Finding]:
        nonlocal calls
        calls += 1
        if "cache_control" not in file.text:
            yield finding(file.path, id="SKF900", message="another", primary=sent[0].site.span)

    judge = ops(
        "cache_control", lambda file: RemoveMarker(find(file, "MARK", after="cache_control"))
    )
    assert "new finding" in reason(APP, judge, grows)
    assert calls > 1


def test_what_declines_is_told_and_is_no_failure() -> None:
    text = APP.replace("SYSTEM + f", "SYSTEM  # all\n        + f")
    outcome = mend(text, mixed)
    assert [(left.kind, left.reason) for left in outcome.left] == [
        ("declined", "it would lose a comment")
    ]


def test_a_fix_that_fails_is_told_and_the_rest_goes_on() -> None:
    def bill(before: Request, after: Request) -> list[tuple[str, float, float]]:
        if len(after.blocks) > len(before.blocks):
            raise ZeroDivisionError("no tokens")
        return []

    other = ops(
        'api_key="none"', lambda file: ReplaceString(find(file, '"none"'), "none", "no"), "SKF905"
    )
    told: list[str] = []
    outcome = mend(
        APP, mixed, other, bill=bill, on_error=lambda f, e: told.append(f"{f.rule.id}: {e}")
    )
    assert [a.finding.rule.id for a in outcome.applied] == ["SKF905"]
    assert [(left.kind, left.reason) for left in outcome.left] == [
        ("failed", "the fix failed (ZeroDivisionError: no tokens)")
    ]
    assert set(told) == {"SKF202: no tokens"}
    with pytest.raises(ZeroDivisionError):
        mend(APP, mixed, other, bill=bill)


def test_a_bill_that_rises_is_rolled_back() -> None:
    def bill(before: Request, after: Request) -> list[tuple[str, float, float]]:
        return [("from user to user", 100.0, 80.0), ("from turn to turn", 10.0, 12.0)]

    assert (
        reason(APP, mixed, bill=bill)
        == "the bill would rise from turn to turn, from 10 to 12 units"
    )
    assert mend(APP, mixed, bill=lambda b, a: [("from user to user", 9.0, 9.0)]).applied


def test_code_that_no_longer_compiles_is_rolled_back() -> None:
    # the parser takes a walrus in the source of a comprehension, the compiler does not
    text = f"""{PROLOGUE}

def ask(name: str, question: str):
    return [
        client.messages.create(model="m", max_tokens=9, system=[block],
            messages=[{{"role": "user", "content": question}}])
        for block in [
            {{"type": "text", "text": SYSTEM + name, "cache_control": MARK}},
        ]
    ]
"""
    outcome = mend(text, mixed)
    assert outcome.applied == ()
    assert all(left.kind in ("declined", "rolled back") for left in outcome.left)


def test_what_was_told_as_one_may_show_its_next_place() -> None:
    text = APP + '\nOLD = "claude-sonnet-5-5"\n'

    def judge(file: SourceFile, sent: tuple[Request, ...]) -> Iterator[Finding]:
        if '"claude-sonnet-5-5"' in file.text:
            place = find(file, '"claude-sonnet-5-5"')
            op = ReplaceString(place, "claude-sonnet-5-5", "claude-opus-5")
            fix = Fix(Applicability.UNSAFE, "Use it", (op,), changes_model=True)
            yield finding(file.path, message="it is old", primary=place, fix=fix)

    outcome = mend(text, judge)
    assert outcome.left == ()
    assert [a.round for a in outcome.applied] == [1, 2]
    assert "claude-sonnet-5-5" not in outcome.after["app.py"]


def test_a_finding_that_goes_along_is_told_as_mended() -> None:
    def also(file: SourceFile, sent: tuple[Request, ...]) -> Iterator[Finding]:
        if 'Name: {name}", "cache' in file.text:
            yield finding(file.path, id="SKF104", primary=sent[0].site.span)

    outcome = mend(APP, mixed, also)
    assert [(a.finding.rule.id, bool(a.edits)) for a in outcome.applied] == [
        ("SKF202", True),
        ("SKF104", False),
    ]


def test_equal_findings_on_equal_lines_are_told_apart() -> None:
    lines = ["MODELS = {", '    "a": "old",', '    "a": "old",', '    "a": "odd",', "}"]
    text = APP + "\n" + "\n".join(lines) + "\n"

    def judge(file: SourceFile, sent: tuple[Request, ...]) -> Iterator[Finding]:
        start = 0
        while (start := file.text.find('"old"', start)) >= 0:
            place = find(file, '"old"', after=file.text[start:])
            new = "new" if start % 2 else "newer"
            fix = Fix(Applicability.UNSAFE, "x", (ReplaceString(place, "old", new),))
            yield finding(file.path, primary=place, fix=fix, fingerprint=str(start))
            start += 1

    outcome = mend(text, judge)
    assert outcome.left == ()
    assert len(outcome.applied) == 2
    assert '"old"' not in outcome.after["app.py"]


def test_a_moved_part_is_declared() -> None:
    def judge(file: SourceFile, sent: tuple[Request, ...]) -> Iterator[Finding]:
        block = sent[0].blocks[0]
        if len(block.terms) > 1:
            assert block.text is not None
            turn = find(file, 'question + ", ".join(words)')
            op = MoveToTurn(
                block.span,
                block.text,
                tuple(t.span for t in block.terms),
                (len(block.terms) - 1,),
                turn,
                "string",
            )
            fix = Fix(Applicability.UNSAFE, "Move", (op,), reorders=self_declared)
            yield finding(file.path, primary=block.span, fix=fix, fingerprint="f")

    self_declared = True
    outcome = mend(APP, judge)
    assert [a.finding.primary.line for a in outcome.applied] == [12]
    assert 'question + ", ".join(words) + f"\\n\\nName: {name}"' in outcome.after["app.py"]
    self_declared = False
    assert "would change" in reason(APP, judge)


def test_ten_rounds_and_no_more() -> None:
    def judge(file: SourceFile, sent: tuple[Request, ...]) -> Iterator[Finding]:
        start = file.text.index('"claude')
        old = file.text[start + 1 : file.text.index('"', start + 1)]
        op = ReplaceString(find(file, f'"{old}"'), old, f"{old}!")
        fix = Fix(Applicability.UNSAFE, "Louder", (op,), changes_model=True)
        for number in range(old.count("!"), 12):
            yield finding(file.path, id=f"SKF8{number:02}", primary=op.literal, fix=fix)

    outcome = mend(APP, judge)
    assert not outcome.converged
    assert [a.round for a in outcome.applied] == list(range(1, 11))
    assert [left.kind for left in outcome.left] == ["not converged"] * 2
    assert "after 10 rounds" in outcome.left[0].reason


def test_files_on_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("app.py").write_bytes(APP.replace("\n", "\r\n").encode())
    Path("other.py").write_bytes(b"x = 1\n")
    files = {path: read(path) for path in ("app.py", "other.py")}
    outcome = run(files, check(files, mixed), unsafe=True, write=False)
    assert outcome.written == ()
    assert b"tail" not in Path("app.py").read_bytes()
    outcome = run(files.__getitem__, check(files, mixed), unsafe=True, write=True)
    assert outcome.written == ("app.py",)
    data = Path("app.py").read_bytes()
    assert b"tail" in data
    assert data.count(b"\n") == data.count(b"\r\n")
    assert Path("other.py").read_bytes() == b"x = 1\n"


def test_the_result_does_not_depend_on_the_order_of_findings() -> None:
    twice = APP + APP[APP.index("\ndef ask") :].replace("def ask", "def ask_again")

    def each(file: SourceFile, sent: tuple[Request, ...]) -> Iterator[Finding]:
        for index, request in enumerate(sent):
            block = request.blocks[0]
            if len(block.terms) > 1:
                yield finding(
                    file.path,
                    primary=block.span,
                    fingerprint=str(index),
                    fix=Fix(Applicability.UNSAFE, "Split", (split_of(request),)),
                )

    def backwards(file: SourceFile, sent: tuple[Request, ...]) -> Iterator[Finding]:
        yield from reversed(list(each(file, sent)))

    one, other = mend(twice, each), mend(twice, backwards)
    assert one.after == other.after
    assert len(one.applied) == 2
    assert one.after["app.py"].count(":=") == 2


def split_of(request: Request) -> Op:
    """The split of the first block of a request in front of its second term."""
    from skinflint.linter.findings import SplitBlock

    block = request.blocks[0]
    assert block.text is not None
    return SplitBlock(
        block.span,
        block.text,
        block.container,
        block.form.value,
        tuple(term.span for term in block.terms),
        (True, False),
        1,
        request.breakpoints[0].span,
    )
