"""``skinflint check``, end to end: what is said where, and the exit code."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from json_schema import SCHEMA, mismatches

Skinflint = Callable[..., int]
Captured = pytest.CaptureFixture[str]

CLEAN = """\
import anthropic


def answer(question):
    client = anthropic.Anthropic()
    return client.messages.create(
        model="claude-sonnet-5-5",
        max_tokens=100,
        messages=[{"role": "user", "content": question}],
    )
"""
RETIRED = CLEAN.replace("claude-sonnet-5-5", "claude-3-opus-20240229")
UNUSED = CLEAN.replace("max_tokens=100,", "max_tokens=100,  # skinflint: ignore[SKF402] was old")
NO_REQUEST = "x = 1\n"
AS_OF = "--as-of=2026-11-22"


def write(folder: Path, **texts: str) -> None:
    for name, text in texts.items():
        (folder / f"{name}.py").write_text(text, "utf-8")


# --- exit codes and the last line ---------------------------------------------------------------


def test_clean(project: Path, skinflint: Skinflint, capsys: Captured) -> None:
    write(project, a=CLEAN, b=NO_REQUEST)
    assert skinflint("check", AS_OF) == 0
    assert capsys.readouterr() == ("All clean: 2 files, 1 request.\n", "")


def test_no_requests(project: Path, skinflint: Skinflint, capsys: Captured) -> None:
    write(project, b=NO_REQUEST)
    assert skinflint("check") == 0
    assert capsys.readouterr() == ("No Claude requests in 1 file.\n", "")


def test_findings(project: Path, skinflint: Skinflint, capsys: Captured) -> None:
    write(project, a=RETIRED)
    assert skinflint("check", AS_OF) == 1
    out, err = capsys.readouterr()
    assert out.startswith("a.py:7:15: error SKF402 retired-model: ")
    assert '   7 |         model="claude-3-opus-20240229",\n' in out
    assert "  source:     a.py:7:15: " in out
    assert "\n    --- a.py\n    +++ a.py\n" in out
    assert out.endswith("\nFound 1 finding (1 fixable with --unsafe-fixes).\n")
    assert err == ""


def test_exit_zero(project: Path, skinflint: Skinflint, capsys: Captured) -> None:
    write(project, a=RETIRED)
    assert skinflint("check", AS_OF, "--exit-zero") == 0
    assert "SKF402" in capsys.readouterr().out
    write(project, b="import anthropic\n(")
    assert skinflint("check", AS_OF, "--exit-zero") == 2


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["gone.py"], "error: gone.py: there is no such file or directory\n"),
        (["empty"], "error: empty: no Python files here\n"),
        ([], "error: .: no Python files here\n"),
        (["data.txt"], "error: data.txt: not Python"),
    ],
)
def test_nothing_to_check_is_an_error(
    project: Path, skinflint: Skinflint, capsys: Captured, arguments: list[str], said: str
) -> None:
    (project / "empty").mkdir()
    (project / "data.txt").write_text("")
    assert skinflint("check", *arguments) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith(said)
    assert err.count("\n") == 1


def test_all_excluded_is_no_error_but_said(
    project: Path, skinflint: Skinflint, capsys: Captured
) -> None:
    write(project, a=RETIRED)
    (project / "skinflint.toml").write_text('extend-exclude = ["a.py"]\n')
    assert skinflint("check", "--force-exclude", "a.py") == 0
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("note: nothing was checked: ")
    assert skinflint("check", "a.py") == 1  # what is named is checked


# --- bad input: one clear line, the rest goes on -----------------------------------------------


def test_bad_files_are_named_and_the_rest_goes_on(
    project: Path, skinflint: Skinflint, capsys: Captured
) -> None:
    write(project, a=RETIRED, syntax="import anthropic\n\ndef f(:\n    pass\n")
    (project / "bytes.py").write_bytes(b"import anthropic\nx = '\xff'\n")
    deep = "import anthropic\nx = " + "-" * 200_000 + "1\n"
    write(project, deep=deep)
    os.mkfifo(project / "pipe.py")
    code = skinflint(
        "check", AS_OF, "a.py", "syntax.py", "bytes.py", "deep.py", "pipe.py", "gone.py"
    )
    assert code == 2
    out, err = capsys.readouterr()
    assert "a.py:7:15: error SKF402" in out
    lines = {line.split(":")[1].strip(): line for line in err.splitlines()}
    assert set(lines) == {"bytes.py", "deep.py", "gone.py", "pipe.py", "syntax.py"}
    assert all(line.startswith("error: ") for line in err.splitlines())
    assert lines["syntax.py"].startswith("error: syntax.py:3: ")
    assert "mend the file or exclude it" in lines["syntax.py"]
    assert "under a newer Python" in lines["syntax.py"]
    assert "0xff" in lines["bytes.py"]
    assert out.endswith("; 5 errors.\n")


def test_a_broken_configuration_takes_out_only_its_files(
    project: Path, skinflint: Skinflint, capsys: Captured
) -> None:
    for name, text in (("good", "preview = false"), ("bad", "slect = ['SKF1']")):
        (project / name).mkdir()
        (project / name / "skinflint.toml").write_text(text)
        write(project / name, a=RETIRED)
    assert skinflint("check", AS_OF, "--output-format", "concise") == 2
    out, err = capsys.readouterr()
    assert [line.split(":")[0] for line in out.splitlines()[:-1]] == ["good/a.py"]
    assert err == "error: bad/skinflint.toml: unknown key slect; did you mean select?\n"


def test_a_broken_configuration_is_told_where_it_counts(
    project: Path, skinflint: Skinflint, capsys: Captured
) -> None:
    (project / "skinflint.toml").write_text("x = 1")
    (project / "sub").mkdir()
    (project / "sub" / "skinflint.toml").write_text("preview = true")
    write(project / "sub", a=CLEAN)
    assert skinflint("check", "sub") == 0
    assert capsys.readouterr() == ("All clean: 1 file, 1 request.\n", "")
    assert skinflint("check") == 2
    assert capsys.readouterr().err.count("error: skinflint.toml: unknown key x") == 1


def test_an_explicit_configuration_that_is_broken(
    project: Path, skinflint: Skinflint, capsys: Captured
) -> None:
    write(project, a=RETIRED)
    assert skinflint("check", "--config", "gone.toml") == 2
    assert capsys.readouterr() == (
        "",
        "error: gone.toml: can't be read: No such file or directory\n",
    )


def test_bad_catalogue_facts_are_a_broken_configuration(
    project: Path, skinflint: Skinflint, capsys: Captured
) -> None:
    write(project, a=RETIRED)
    (project / "skinflint.toml").write_text("[catalog.models]\nclaude-x = 5\n")
    assert skinflint("check") == 2
    out, err = capsys.readouterr()
    assert err.startswith("error: skinflint.toml: catalog")
    assert err.count("\n") == 1
    assert "SKF402" not in out


def test_an_unknown_rule_is_named_with_the_nearest_and_the_rest_goes_on(
    project: Path, skinflint: Skinflint, capsys: Captured
) -> None:
    write(project, a=RETIRED)
    assert skinflint("check", AS_OF, "--select", "SKF402,clok-in-prefix") == 2
    out, err = capsys.readouterr()
    assert "SKF402" in out
    assert err.startswith("error: --select: ")
    assert "clok-in-prefix" in err
    assert "did you mean clock-in-prefix?" in err
    assert err.count("\n") == 1


def test_an_unknown_rule_in_the_configuration(
    project: Path, skinflint: Skinflint, capsys: Captured
) -> None:
    write(project, a=RETIRED)
    (project / "skinflint.toml").write_text(
        'ignore = ["retired-modle"]\n[per-file-ignores]\n"a.py" = ["SKF40Z"]\n'
    )
    assert skinflint("check", AS_OF) == 2
    out, err = capsys.readouterr()
    assert "SKF402" in out
    assert [line.split(" no rule")[0] for line in err.splitlines()] == [
        "error: skinflint.toml: ignore:",
        'error: skinflint.toml: per-file-ignores."a.py":',
    ]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--as-of", "tomorrow"], "--as-of takes a date such as 2026-01-31, not 'tomorrow'"),
        (["--as-of", "20260131"], "--as-of takes a date"),
        (["--output-format", "xml"], "'xml' is not one of"),
        (["--fixx"], "--fix"),
        (["--stdin-filename", "a.py"], "--stdin-filename needs the path -"),
        (["-", "a.py"], "- (standard input) is checked alone"),
        (["--select", " , "], "--select names no rule"),
        (["--isolated", "--config", "x"], "--config and --isolated exclude each other"),
        (["--statistics", "--output-format", "json"], "exclude each other"),
        (["--diff", "--output-format", "json"], "exclude each other"),
    ],
)
def test_a_bad_command_line_is_one_line(
    skinflint: Skinflint, capsys: Captured, arguments: list[str], said: str
) -> None:
    assert skinflint("check", *arguments) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("error: ")
    assert said in err
    assert err.count("\n") == 1


def test_a_crash_of_the_program_is_no_finding(
    project: Path, skinflint: Skinflint, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(project, a=CLEAN)

    def broken(*_: Any, **__: Any) -> None:
        raise ZeroDivisionError("what")

    monkeypatch.setattr("skinflint.linter.engine.check", broken)
    assert skinflint("check") == 2
    assert capsys.readouterr().err.startswith("error: ZeroDivisionError: what; this is a defect")


# --- which rules ----------------------------------------------------------------------------------

BOTH = RETIRED.replace("max_tokens=100,", "max_tokens=100,  # skinflint: ignore[SKF406] no")


def ids(out: str) -> list[str]:
    return [line.split()[2] for line in out.splitlines()[:-1]]


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ([], ["SKF402", "SKF001"]),
        (["--select", "SKF402"], ["SKF402"]),
        (["--select", "retired-model"], ["SKF402"]),
        (["--select", "SKF4"], ["SKF402"]),
        (["--select", "SKF0,SKF4"], ["SKF402", "SKF001"]),
        (["--select", "SKF0", "--select", "SKF4"], ["SKF402", "SKF001"]),
        (["--ignore", "unused-ignore"], ["SKF402"]),
        (["--ignore", "SKF4"], []),
        (["--select", "SKF001", "--extend-select", "SKF402"], ["SKF402"]),
        (["--select", "ALL", "--ignore", "SKF0"], ["SKF402"]),
        (["--no-ignores"], ["SKF402"]),
    ],
)
def test_selection(
    project: Path,
    skinflint: Skinflint,
    capsys: Captured,
    arguments: list[str],
    expected: list[str],
) -> None:
    write(project, a=BOTH)
    code = skinflint("check", AS_OF, "--output-format=concise", *arguments)
    assert ids(capsys.readouterr().out) == expected
    assert code == (1 if expected else 0)


@pytest.mark.parametrize(
    ("config", "arguments", "expected"),
    [
        ('select = ["SKF0"]', [], []),
        ('select = ["SKF0"]', ["--select", "SKF402"], ["SKF402"]),
        ('select = ["SKF0", "SKF406"]', ["--extend-select", "SKF402"], ["SKF402", "SKF001"]),
        ('ignore = ["SKF402"]', [], ["SKF001"]),
        ('ignore = ["SKF402"]', ["--extend-select", "SKF402"], ["SKF402", "SKF001"]),
        ('ignore = ["SKF402"]', ["--isolated"], ["SKF402", "SKF001"]),
        ('extend-select = ["SKF402"]', ["--ignore", "SKF4"], []),
        ('[per-file-ignores]\n"a.py" = ["SKF4"]', [], []),
    ],
)
def test_the_command_line_lies_over_the_configuration(
    project: Path,
    skinflint: Skinflint,
    capsys: Captured,
    config: str,
    arguments: list[str],
    expected: list[str],
) -> None:
    write(project, a=BOTH)
    (project / "skinflint.toml").write_text(config)
    skinflint("check", AS_OF, "--output-format=concise", *arguments)
    assert ids(capsys.readouterr().out) == expected


@pytest.mark.parametrize(
    ("config", "arguments", "where"),
    [
        ("select = []", [], "skinflint.toml"),
        ('ignore = ["ALL"]', [], "skinflint.toml"),
        ("", ["--select", "SKF402", "--ignore", "retired-model"], "--select"),
        (None, ["--ignore", "ALL"], "--select"),
    ],
)
def test_no_rule_at_all_is_no_success(
    project: Path,
    skinflint: Skinflint,
    capsys: Captured,
    config: str | None,
    arguments: list[str],
    where: str,
) -> None:
    write(project, a=BOTH)
    if config is not None:
        (project / "skinflint.toml").write_text(config)
    assert skinflint("check", AS_OF, *arguments) == 2
    said = f"error: {where}: no rule is selected; nothing is judged\n"
    assert capsys.readouterr().err == said


def test_the_output_format_may_come_from_the_configuration(
    project: Path, skinflint: Skinflint, capsys: Captured
) -> None:
    write(project, a=RETIRED)
    (project / "skinflint.toml").write_text('output-format = "json"')
    assert skinflint("check", AS_OF) == 1
    assert json.loads(capsys.readouterr().out)["version"] == 1
    assert skinflint("check", AS_OF, "--statistics") == 1
    assert capsys.readouterr().out.startswith("1  SKF402  retired-model")


def test_as_of_decides_what_is_retired(
    project: Path, skinflint: Skinflint, capsys: Captured
) -> None:
    write(project, a=RETIRED)
    assert skinflint("check", "--as-of", "2024-06-01", "--select", "SKF402") == 0
    (project / "skinflint.toml").write_text("as-of = 2024-06-01")
    assert skinflint("check", "--select", "SKF402") == 0
    assert skinflint("check", AS_OF, "--select", "SKF402") == 1
    assert "SKF402" in capsys.readouterr().out


def test_old_facts_are_said_once(project: Path, skinflint: Skinflint, capsys: Captured) -> None:
    write(project, a=CLEAN, b=CLEAN)
    assert skinflint("check", "--as-of", "2031-01-01", "--select", "SKF1") == 0
    assert capsys.readouterr().err.count("note: the facts about models and prices are of ") == 1


def test_suppressed_findings_are_counted(
    project: Path, skinflint: Skinflint, capsys: Captured
) -> None:
    write(project, a=RETIRED.replace('",\n', '",  # skinflint: ignore[SKF402] replay\n', 1))
    assert skinflint("check", AS_OF) == 0
    out = capsys.readouterr().out
    assert out == "All clean: 1 file, 1 request; 1 hidden by suppressions.\n"


def test_statistics(project: Path, skinflint: Skinflint, capsys: Captured) -> None:
    write(project, a=BOTH, b=RETIRED)
    assert skinflint("check", AS_OF, "--statistics") == 1
    assert capsys.readouterr().out == (
        "2  SKF402  retired-model  2 with a fix\n"
        "1  SKF001  unused-ignore  1 with a fix\n"
        "Found 3 findings (1 fixable with --fix, 2 more with --unsafe-fixes).\n"
    )


# --- JSON -----------------------------------------------------------------------------------------


def test_json(project: Path, skinflint: Skinflint, capsys: Captured) -> None:
    (project / "sub").mkdir()
    write(project / "sub", a=RETIRED, b="import anthropic\n(")
    assert skinflint("check", AS_OF, "--output-format", "json") == 2
    out, err = capsys.readouterr()
    document = json.loads(out)
    assert mismatches(document, SCHEMA) == []
    assert err == ""
    assert document["summary"] == {
        "files": 2,
        "requests": 1,
        "findings": 1,
        "suppressed": 0,
        "errors": 1,
    }
    (finding,) = document["findings"]
    assert finding["path"] == "sub/a.py"
    (edit,) = finding["fix"]["edits"]
    assert edit["start"]["line"] == 7
    (error,) = document["errors"]
    assert (error["path"], error["kind"]) == ("sub/b.py", "syntax-error")
    assert error["message"].startswith("line 2: ")


def test_json_says_a_broken_configuration_too(
    project: Path, skinflint: Skinflint, capsys: Captured
) -> None:
    write(project, a=RETIRED)
    (project / "skinflint.toml").write_text("x = 1")
    assert skinflint("check", "--output-format", "json") == 2
    document = json.loads(capsys.readouterr().out)
    assert [error["kind"] for error in document["errors"]] == ["config-error"]


# --- --fix and --diff ---------------------------------------------------------------------------


def test_fix_applies_what_is_safe(project: Path, skinflint: Skinflint, capsys: Captured) -> None:
    write(project, a=UNUSED)
    assert skinflint("check", AS_OF, "--fix") == 0
    assert capsys.readouterr().out == "Found 1 finding (1 fixed, 0 left).\n"
    assert (project / "a.py").read_text() == CLEAN
    assert skinflint("check", AS_OF, "--fix") == 0
    assert capsys.readouterr().out == "All clean: 1 file, 1 request.\n"


def test_fix_leaves_what_is_unsafe(project: Path, skinflint: Skinflint, capsys: Captured) -> None:
    write(project, a=RETIRED)
    assert skinflint("check", AS_OF, "--fix") == 1
    assert (project / "a.py").read_text() == RETIRED
    assert skinflint("check", AS_OF, "--unsafe-fixes") == 1
    assert (project / "a.py").read_text() == RETIRED
    capsys.readouterr()
    assert skinflint("check", AS_OF, "--fix", "--unsafe-fixes") == 0
    assert "claude-3-opus" not in (project / "a.py").read_text()
    assert capsys.readouterr().out == "Found 1 finding (1 fixed, 0 left).\n"
    assert skinflint("check", AS_OF) == 0


def test_exit_non_zero_on_fix(project: Path, skinflint: Skinflint) -> None:
    write(project, a=UNUSED)
    assert skinflint("check", AS_OF, "--fix", "--exit-non-zero-on-fix") == 1
    assert skinflint("check", AS_OF, "--fix", "--exit-non-zero-on-fix") == 0


def test_fix_keeps_bytes_that_it_does_not_mean(project: Path, skinflint: Skinflint) -> None:
    before = b"\xef\xbb\xbf" + UNUSED.replace("\n", "\r\n").encode()
    (project / "a.py").write_bytes(before)
    assert skinflint("check", AS_OF, "--fix") == 0
    after = (project / "a.py").read_bytes()
    assert after == b"\xef\xbb\xbf" + CLEAN.replace("\n", "\r\n").encode()


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_diff_writes_nothing_and_can_be_applied(
    project: Path, skinflint: Skinflint, capsysbinary: pytest.CaptureFixture[bytes], newline: str
) -> None:
    before = RETIRED.replace("\n", newline).encode()
    (project / "a.py").write_bytes(before)
    assert skinflint("check", AS_OF, "--diff") == 1
    assert capsysbinary.readouterr().out == b""
    assert skinflint("check", AS_OF, "--diff", "--unsafe-fixes") == 1
    out, err = capsysbinary.readouterr()
    assert (project / "a.py").read_bytes() == before
    assert err == b"Found 1 finding (1 would be fixed, 0 left).\n"
    subprocess.run(["git", "apply", "-p0", "-"], input=out, check=True, cwd=project)
    assert skinflint("check", AS_OF) == 0
    assert (project / "a.py").read_bytes().count(b"\r\n") == before.count(b"\r\n")


def test_diff_exits_as_check_does(project: Path, skinflint: Skinflint, capsys: Captured) -> None:
    write(project, a=CLEAN)
    assert skinflint("check", AS_OF, "--diff") == 0
    assert capsys.readouterr() == ("", "All clean: 1 file, 1 request.\n")
    write(project, a=UNUSED)
    assert skinflint("check", AS_OF, "--diff", "--fix") == 1  # --diff wins
    assert (project / "a.py").read_text() == UNUSED
    assert skinflint("check", AS_OF, "--diff", "--exit-zero") == 0


def test_a_file_that_can_not_be_written_is_named_and_stays(
    project: Path,
    skinflint: Skinflint,
    capsys: Captured,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    write(project, a=UNUSED)
    from skinflint.fixers import apply
    from skinflint.fixers.write import WriteError

    def refuse(changes: Any) -> tuple[str, ...]:
        raise WriteError("a.py", "can't be written: the file is read-only")

    # root may write everywhere, so a read-only file would prove nothing
    monkeypatch.setattr(apply, "write_files", refuse)
    assert skinflint("check", AS_OF, "--fix") == 2
    out, err = capsys.readouterr()
    assert err == "error: a.py: can't be written: the file is read-only\n"
    assert "SKF001" in out
    assert (project / "a.py").read_text() == UNUSED


def test_a_crash_of_a_fixer_leaves_the_file_alone(
    project: Path, skinflint: Skinflint, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(project, a=UNUSED)

    def broken(*_: Any, **__: Any) -> None:
        raise ZeroDivisionError("what")

    monkeypatch.setattr("skinflint.fixers.plan.edits_of", broken)
    assert skinflint("check", AS_OF, "--fix") == 2
    out, err = capsys.readouterr()
    assert "ZeroDivisionError: what" in err
    assert "a.py:8:" in out
    assert (project / "a.py").read_text() == UNUSED


def test_what_is_not_fixed_is_named_with_the_reason(
    project: Path, skinflint: Skinflint, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(project, a=UNUSED + "\n\n" + RETIRED)
    from skinflint.fixers import apply
    from skinflint.fixers.declined import Declined

    real = apply.plan.edits_of

    def declining(fix: Any, source_of: Any) -> Any:
        if fix.changes_model:
            raise Declined("the moon is full")
        return real(fix, source_of)

    monkeypatch.setattr("skinflint.fixers.plan.edits_of", declining)
    arguments = ("check", AS_OF, "--fix", "--unsafe-fixes")
    note = "note: a.py:19: SKF402 retired-model is not fixed: the moon is full\n"
    assert skinflint(*arguments, "--diff") == 1
    out, err = capsys.readouterr()
    assert "-        max_tokens=100,  # skinflint" in out
    assert err.startswith("a.py:19:15: error SKF402")
    assert err.endswith(note + "Found 2 findings (1 would be fixed, 1 left).\n")
    assert skinflint(*arguments) == 1
    out, err = capsys.readouterr()
    assert "  no fix:     the moon is full\n" in out
    assert out.endswith("Found 2 findings (1 fixed, 1 left).\n")
    assert err == ""
    assert skinflint(*arguments, "--output-format", "concise") == 1
    assert capsys.readouterr().err == note


# --- standard input -----------------------------------------------------------------------------


@pytest.fixture
def stdin(monkeypatch: pytest.MonkeyPatch) -> Callable[[bytes], None]:
    def stdin(data: bytes) -> None:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))

    return stdin


def test_stdin(skinflint: Skinflint, capsys: Captured, stdin: Callable[[bytes], None]) -> None:
    stdin(RETIRED.encode())
    assert skinflint("check", AS_OF, "-") == 1
    assert capsys.readouterr().out.startswith("-:7:15: error SKF402")
    stdin(RETIRED.encode())
    assert skinflint("check", AS_OF, "-", "--stdin-filename", "sub/../sub/a.py") == 1
    assert capsys.readouterr().out.startswith("sub/a.py:7:15: error SKF402")


def test_stdin_is_judged_by_the_configuration_of_its_file(
    project: Path, skinflint: Skinflint, stdin: Callable[[bytes], None]
) -> None:
    (project / "sub").mkdir()
    (project / "sub" / "skinflint.toml").write_text('ignore = ["SKF402"]')
    stdin(RETIRED.encode())
    assert skinflint("check", AS_OF, "-", "--stdin-filename", "sub/a.py") == 0


def test_stdin_with_fix_gives_the_text(
    project: Path, skinflint: Skinflint, capsys: Captured, stdin: Callable[[bytes], None]
) -> None:
    write(project, a="other = 1\n")
    stdin(UNUSED.encode())
    assert skinflint("check", AS_OF, "--fix", "-", "--stdin-filename", "a.py") == 0
    out, err = capsys.readouterr()
    assert out == CLEAN
    assert err == "Found 1 finding (1 fixed, 0 left).\n"
    assert (project / "a.py").read_text() == "other = 1\n"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (CLEAN.encode(), 0),
        (RETIRED.encode(), 1),
        (b"import anthropic\r\n(", 2),
        (b"import anthropic\n\xff", 2),
    ],
)
def test_stdin_with_fix_gives_back_what_it_can_not_mend(
    skinflint: Skinflint,
    capsysbinary: pytest.CaptureFixture[bytes],
    stdin: Callable[[bytes], None],
    text: bytes,
    code: int,
) -> None:
    stdin(text)
    assert skinflint("check", AS_OF, "--fix", "-") == code
    assert capsysbinary.readouterr().out == text


def test_stdin_that_is_excluded(
    project: Path, skinflint: Skinflint, capsys: Captured, stdin: Callable[[bytes], None]
) -> None:
    (project / "skinflint.toml").write_text('extend-exclude = ["gen"]')
    for arguments, code in ((["--force-exclude", "--fix"], 0), (["--fix"], 1)):
        stdin(RETIRED.encode())
        assert skinflint("check", AS_OF, "-", "--stdin-filename", "gen/a.py", *arguments) == code
        assert capsys.readouterr().out == RETIRED


# --- terminals, pipes, signals, determinism ---------------------------------------------------


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "skinflint", *arguments]


def environment(**more: str) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "FORCE_COLOR")}
    return {**kept, **more}


def test_colour_only_where_it_is_wanted(
    project: Path, skinflint: Skinflint, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    import re

    write(project, a=RETIRED)
    skinflint("check", AS_OF)
    plain = capsys.readouterr().out
    assert "\x1b" not in plain
    monkeypatch.setenv("FORCE_COLOR", "1")
    skinflint("check", AS_OF)
    coloured = capsys.readouterr().out
    assert "\x1b[" in coloured
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == plain
    monkeypatch.setenv("NO_COLOR", "1")
    skinflint("check", AS_OF)
    assert capsys.readouterr().out == plain


@pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals are of Unix")
def test_a_terminal_gets_colour_and_the_same_text(project: Path) -> None:
    import pty
    import re

    write(project, a=RETIRED)
    main, side = pty.openpty()
    env = environment(TERM="xterm", COLUMNS="100", LINES="24")
    arguments = command("check", AS_OF)
    done = subprocess.run(arguments, stdout=side, cwd=project, env=env, check=False)
    os.close(side)
    shown = b""
    while True:
        try:
            chunk = os.read(main, 65536)
        except OSError:
            break
        if not chunk:
            break
        shown += chunk
    os.close(main)
    assert done.returncode == 1
    assert b"\x1b[" in shown
    text = re.sub(r"\x1b\[[0-9;]*m", "", shown.decode()).replace("\r\n", "\n")
    piped = subprocess.run(
        arguments, capture_output=True, text=True, cwd=project, env=env, check=False
    )
    assert text == piped.stdout


def test_a_reader_that_goes_away_changes_no_exit_code(project: Path) -> None:
    for number in range(60):
        write(project, **{f"a{number}": RETIRED})
    process = subprocess.Popen(
        command("check", AS_OF), stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=project
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.read(1)
    process.stdout.close()
    error = process.stderr.read()
    process.stderr.close()
    assert process.wait() == 1
    assert error == b""


@pytest.mark.skipif(sys.platform == "win32", reason="SIGINT is another thing there")
def test_ctrl_c(project: Path) -> None:
    import signal

    # a job in the background inherits that SIGINT is ignored
    code = (
        "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "import sys; from skinflint.linter import engine\n"
        "def wait(*a, **k):\n"
        "    print('ready', flush=True)\n"
        "    import time; time.sleep(60)\n"
        "engine.check = wait\n"
        "from skinflint.cli import main; sys.argv[1:] = ['check', '.']; main()\n"
    )
    write(project, a=CLEAN)
    process = subprocess.Popen(
        [sys.executable, "-c", code],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=project,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    process.send_signal(signal.SIGINT)
    _, error = process.communicate()
    assert process.returncode == 130
    # click ends the line on which a terminal shows ^C
    assert error == "\nerror: interrupted; nothing more was checked or written\n"


def test_an_ascii_terminal_gets_all_of_it(project: Path) -> None:
    write(project, a="# größe 寿司\n" + RETIRED.replace("model=", "# ☃\n        model="))
    done = subprocess.run(
        command("check", AS_OF),
        capture_output=True,
        cwd=project,
        env=environment(PYTHONIOENCODING="ascii", PYTHONUTF8="0"),
        check=False,
    )
    assert done.returncode == 1
    assert b"\\u2603" in done.stdout


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs a device that is full")
def test_output_that_can_not_be_written_is_no_success(project: Path) -> None:
    write(project, a=CLEAN)
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            command("check", AS_OF),
            stdout=full,
            stderr=subprocess.PIPE,
            cwd=project,
            text=True,
            check=False,
        )
    assert done.returncode == 2
    assert done.stderr == "error: the output could not be written: No space left on device\n"


@pytest.mark.skipif(sys.platform != "linux", reason="names that are not text are of Linux")
def test_a_file_name_that_is_not_text(project: Path) -> None:
    (project / os.fsdecode(b"\xff\x1b.py")).write_text(RETIRED)
    for output_format in ("full", "json"):
        done = subprocess.run(
            command("check", AS_OF, "--output-format", output_format),
            capture_output=True,
            cwd=project,
            env=environment(),
            check=False,
        )
        assert done.returncode == 1
        assert done.stderr == b""
        assert b"\\udcff" in done.stdout
        assert b"\x1b" not in done.stdout


@pytest.mark.parametrize("output_format", ["full", "concise", "json"])
def test_the_same_output_whatever_the_seed_and_the_order(project: Path, output_format: str) -> None:
    (project / "sub").mkdir()
    write(project, a=BOTH, b=UNUSED, c="import anthropic\n(")
    write(project / "sub", d=RETIRED)
    outputs = set()
    for seed, paths in (
        ("0", ["a.py", "b.py", "c.py", "sub", "gone"]),
        ("1", ["gone", "sub/d.py", "c.py", "b.py", "a.py"]),
        ("2", ["sub", "b.py", "gone", "./a.py", "sub/d.py", "c.py", "a.py"]),
    ):
        done = subprocess.run(
            command("check", AS_OF, "--output-format", output_format, *paths),
            capture_output=True,
            cwd=project,
            env=environment(PYTHONHASHSEED=seed),
            check=False,
        )
        outputs.add((done.returncode, done.stdout, done.stderr))
    assert len(outputs) == 1
    assert outputs.pop()[0] == 2
