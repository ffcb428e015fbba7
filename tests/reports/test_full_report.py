"""The report that shows everything."""

from __future__ import annotations

import dataclasses

import pytest
from by_hand import finding, fix, full_finding, lines_of, span
from hypothesis import given
from hypothesis import strategies as st

from skinflint.linter.findings import Applicability
from skinflint.linter.spans import Role, Span, Step
from skinflint.reports import concise, full
from skinflint.reports.paint import clean, coloured, plain, wants_colour, width

LINES = lines_of(
    app=["def f():", "    text = g()", "    mark(", "    )", "", "end"], lib=["now = clock()"]
)


def test_everything_is_shown_in_order() -> None:
    text = full.render(full_finding(), LINES, diff="--- app.py\n+++ app.py\n@@ -1 +1 @@\n-a\n+b\n")
    assert text == (
        "app.py:2:5: warning SKF901 made-by-hand: the prompt holds the time\n"
        "   1 | def f():\n"
        "   2 |     text = g()\n"
        "     |     ^^^^\n"
        "   3 |     mark(\n"
        "  source:     lib.py:1:1: the clock is read here\n"
        "                 1 | now = clock()\n"
        "                   | ^^^\n"
        "  breakpoint: app.py:3:1: this marker is never read\n"
        "                 3 |     mark(\n"
        "                   | ^^^^^^^^^\n"
        "  requests:   app.py:2, other.py:7\n"
        "  pair:       from call to call\n"
        "  cost:       12.5x the cost after the fix (10 calls within 5 minutes)\n"
        "  fix:        unsafe: Take it out (--fix --unsafe-fixes applies it)\n"
        "    --- app.py\n"
        "    +++ app.py\n"
        "    @@ -1 +1 @@\n"
        "    -a\n"
        "    +b\n"
    )


def test_what_is_not_there_is_not_shown() -> None:
    text = full.render(finding(no_fix="the text comes from a file"), LINES)
    assert text.splitlines()[-1] == "  no fix:     the text comes from a file"
    assert "pair:" not in text
    assert "cost:" not in text
    assert "requests:" not in text


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (fix(Applicability.SAFE), "safe: Take it out (--fix applies it)"),
        (fix(Applicability.PRICE, reuse_proven=True), "price: Take it out (--fix applies it)"),
        (
            fix(Applicability.PRICE),
            "price: Take it out (two calls within the ttl are not proven: "
            "--fix --unsafe-fixes applies it)",
        ),
        (fix(Applicability.DISPLAY), "display: Take it out (shown, never applied)"),
    ],
)
def test_a_fix_says_what_applies_it(made: object, said: str) -> None:
    assert full.fix(made) == said  # type: ignore[arg-type]


def test_a_file_that_is_gone_keeps_its_place() -> None:
    def gone(path: str) -> list[str]:
        raise OSError(path)

    text = full.render(full_finding(), gone)
    assert "lib.py:1:1: the clock is read here\n  breakpoint:" in text


def test_a_line_that_is_gone_is_no_error() -> None:
    assert full.render(finding(line=99), LINES).count("\n") == 1


def test_carets_stand_below_wide_characters() -> None:
    lines = lines_of(app=["x = '寿司' + name"])
    text = full.render(finding(primary=Span("app.py", 1, 12, 1, 16)), lines)
    excerpt, carets = text.splitlines()[1:3]
    assert width(excerpt[: excerpt.index("name")]) == carets.index("^")
    assert carets.count("^") == 4


def test_tabs_and_carets() -> None:
    lines = lines_of(app=["\tif a:\tname"])
    text = full.render(finding(primary=Span("app.py", 1, 8, 1, 12)), lines)
    excerpt, carets = text.splitlines()[1:3]
    assert excerpt.index("name") == carets.index("^")


def test_a_long_line_is_cut_around_what_it_is_about() -> None:
    line = "a" * 300 + "HERE" + "b" * 300
    text = full.render(
        finding(primary=Span("app.py", 1, 301, 1, 305)), lines_of(app=[line]), columns=80
    )
    excerpt, carets = text.splitlines()[1:3]
    assert len(excerpt) <= 80
    assert excerpt.index("HERE") == carets.index("^^^^")
    assert " ... a" in excerpt
    assert excerpt.endswith("b ...")


def test_a_long_span_shows_its_head() -> None:
    lines = lines_of(app=[f"line{n}" for n in range(1, 30)])
    text = full.render(finding(primary=Span("app.py", 3, 1, 20, 5)), lines)
    assert "   6 | line6\n" in text
    assert "line8" not in text
    assert "     | ... to line 20\n" in text


def test_long_labels_wrap_with_a_hanging_indent() -> None:
    step = Step(Role.STEP, span("app.py", 1), "word " * 40 + "end")
    text = full.render(finding(related=(step,)), LINES, columns=60)
    wrapped = [line for line in text.splitlines() if "word" in line]
    assert len(wrapped) > 3
    assert all(len(line) <= 60 for line in wrapped)
    assert all(line.startswith(" " * 14 + "word") for line in wrapped[1:])


def test_the_header_is_one_line_whatever_its_length() -> None:
    made = finding(message="a\nb " + "word " * 100)
    assert full.render(made, LINES, columns=40).startswith(
        "app.py:2:1: warning SKF901 made-by-hand: a\\x0ab word word"
    )


def test_no_escape_sequence_of_the_source_reaches_the_terminal() -> None:
    made = finding(
        path="a\x1b[2Jb.py",
        message="\x1b]0;title\x07",
        related=(Step(Role.STEP, Span("app.py", 1, 1, 1, 2), "\x9b31m\u202e"),),
        no_fix="\r\x08",
    )
    text = full.render(made, lambda path: ["evil = '\x1b[31m'"] * 9)
    assert all(char == "\n" or char.isprintable() for char in text)


@given(st.text(), st.integers(1, 50), st.integers(0, 50), st.integers(30, 120))
def test_any_line_any_span(line: str, column: int, length: int, columns: int) -> None:
    made = finding(primary=Span("app.py", 1, column, 1, column + length))
    line = line.replace("\n", " ")
    painted = full.render(made, lines_of(app=[line]), columns=columns, paint=plain)
    assert all(char == "\n" or char.isprintable() for char in painted)
    for shown in painted.splitlines()[1:]:
        assert width(shown) <= max(columns, 37)


@given(st.text())
def test_clean_text_is_printable(text: str) -> None:
    assert all(char.isprintable() for char in clean(text))
    assert clean(clean(text)) == clean(text)


def test_colour_changes_nothing_but_escapes() -> None:
    import re

    diff = "--- a\n+++ a\n@@ -1 +1 @@\n-x\n+y\n z\n"
    painted = full.render(full_finding(), LINES, paint=coloured(), diff=diff)
    assert "\x1b[" in painted
    assert re.sub(r"\x1b\[[0-9;]*m", "", painted) == full.render(full_finding(), LINES, diff=diff)


def test_concise_is_one_line() -> None:
    made = full_finding()
    assert (
        concise.render(made)
        == "app.py:2:5: warning SKF901 made-by-hand: the prompt holds the time [unsafe fix]\n"
    )
    bare = dataclasses.replace(made, fix=None)
    assert concise.render(bare).endswith("the time\n")


@pytest.mark.parametrize(
    ("terminal", "environ", "wanted"),
    [
        (True, {}, True),
        (False, {}, False),
        (True, {"NO_COLOR": "1"}, False),
        (True, {"NO_COLOR": ""}, True),
        (False, {"FORCE_COLOR": "1"}, True),
        (False, {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
        (True, {"TERM": "dumb"}, False),
    ],
)
def test_when_colour_is_wanted(terminal: bool, environ: dict[str, str], wanted: bool) -> None:
    assert wants_colour(terminal, environ) is wanted
