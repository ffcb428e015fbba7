"""Suppression comments: what they hide, and what is said of those that hide nothing."""

from __future__ import annotations

import importlib.util
import textwrap

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skinflint.linter.findings import (
    Applicability,
    Finding,
    RemoveSuppression,
    RuleInfo,
    Severity,
    Tier,
)
from skinflint.linter.source import SourceFile, from_bytes
from skinflint.linter.spans import Span
from skinflint.linter.suppress import UNUSED_IGNORE, Suppressions
from skinflint.linter.values import Confidence

IDS = {
    "SKF001": "unused-ignore",
    "SKF101": "clock-in-prefix",
    "SKF103": "random-id-in-prefix",
    "SKF201": "no-cache",
}
NAMES = {**IDS, **{name: id_ for id_, name in IDS.items()}}
ALL = set(IDS)


def source_of(text: str) -> SourceFile:
    return from_bytes("app.py", textwrap.dedent(text).encode())


def finding(line: int, end_line: int = 0, id_: str = "SKF101", path: str = "app.py") -> Finding:
    return Finding(
        RuleInfo(id_, IDS[id_], Tier.DEFAULT, ""),
        Severity.WARNING,
        Confidence.HIGH,
        "",
        Span(path, line, 1, end_line or line, 5),
    )


def at(text: str, mark: str, id_: str = "SKF101") -> Finding:
    """A finding of the lines of ``mark`` in ``text``."""
    text = textwrap.dedent(text)
    start = text.index(mark)
    line = text.count("\n", 0, start) + 1
    return finding(line, line + mark.count("\n"), id_)


def hidden(text: str, *findings: Finding) -> int:
    kept, count, used = Suppressions.parse(source_of(text)).apply(findings, NAMES)
    assert len(kept) + count == len(findings)
    assert bool(used) == bool(count)
    return count


def unused(text: str, *findings: Finding, ran: set[str] = ALL) -> list[Finding]:
    suppressions = Suppressions.parse(source_of(text))
    suppressions.apply(findings, NAMES)
    return suppressions.unused(ran)


def only(text: str, *findings: Finding, ran: set[str] = ALL) -> Finding:
    (one,) = unused(text, *findings, ran=ran)
    return one


def written(text: str, span: Span) -> str:
    return source_of(text).slice(span)


# --- what is hidden ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "comment",
    [
        "# skinflint: ignore[clock-in-prefix] why",
        "# skinflint: ignore[SKF101]",
        "#skinflint:ignore[SKF101]why",
        "# skinflint: ignore [ SKF101 , no-cache ]",
        "# skinflint: ignore[no-cache,SKF101,]",
        "# skinflint: ignore[skf101]",
        "# skinflint: ignore[Clock-In-Prefix]",
        "# noqa: E501  # skinflint: ignore[SKF101] # type: ignore[x]",
        "# skinflint: ignore[no-cache] # skinflint: ignore[SKF101]",
        "# skinflint: ignore[SKF101] see #12 [and] so on",
    ],
)
def test_forms(comment: str) -> None:
    assert hidden(f"x = 1  {comment}\n", finding(1)) == 1
    assert hidden(f"{comment}\nx = 1\n", finding(2)) == 1
    assert hidden(f"{comment}\nx = 1\n", finding(2, id_="SKF103")) == 0


@pytest.mark.parametrize(
    "line",
    [
        "x = '# skinflint: ignore[SKF101]'",
        "x = '''\n# skinflint: ignore[SKF101]\n'''",
        "x = 1  # ignore[SKF101]",
        "x = 1  # skinflint ignore[SKF101]",
        "x = 1  # skinflint: ignore",
        "x = 1  # skinflint: ignore[]",
        "x = 1  # skinflint: ignore[SKF101",
        "x = 1  # skinflint: ignore[SKF999]",
        "x = 1  # skinflint: ignore[SKF1]",
        "x = 1  # skinflint: noqa[SKF101]",
        "x = 1  # skinflint: file-ignore[SKF101]",
    ],
)
def test_what_hides_nothing(line: str) -> None:
    assert hidden(line + "\n", *(finding(n) for n in range(1, 4))) == 0


def test_on_any_line_of_the_span() -> None:
    text = """\
        a = 1  # skinflint: ignore[SKF101]
        b = call(
            2,  # skinflint: ignore[SKF103]
            # skinflint: ignore[SKF201]
            3,
        )
        c = 3
        """
    assert hidden(text, finding(2, 6)) == 0
    assert hidden(text, finding(2, 6, "SKF103")) == 1
    assert hidden(text, finding(3, 3, "SKF103")) == 1
    assert hidden(text, finding(2, 6, "SKF201")) == 1
    assert hidden(text, finding(5, 5, "SKF201")) == 1
    assert hidden(text, finding(6, 6, "SKF201")) == 0
    assert hidden(text, finding(7)) == 0


def test_on_the_line_above() -> None:
    text = """\
        # skinflint: ignore[SKF101] one
        # an explanation
        # skinflint: ignore[SKF103] two
        x = 1
        y = 2
        # skinflint: ignore[SKF101] too far

        z = 3
        """
    assert hidden(text, finding(4), finding(4, id_="SKF103"), finding(4, 5)) == 3
    assert hidden(text, finding(5), finding(8), finding(5, id_="SKF103")) == 0


def test_a_comment_behind_code_is_not_one_for_the_next_line() -> None:
    assert hidden("x = 1  # skinflint: ignore[SKF101]\ny = 2\n", finding(2)) == 0


def test_the_whole_file() -> None:
    text = (
        "x = 1\n\ndef f():\n    # skinflint: file-ignore[SKF101, no-cache] generated\n    y = 2\n"
    )
    assert hidden(text, finding(1), finding(5), finding(4, id_="SKF201")) == 3
    assert hidden(text, finding(1, id_="SKF103")) == 0


def test_in_a_string_over_several_lines_its_ends_count() -> None:
    for end in ("", "  # skinflint: ignore[SKF101]"):
        for above in ("", "# skinflint: ignore[SKF101]"):
            for prefix in ("", "f"):
                text = f'{above}\nx = call({prefix}"""\nwho\n{{now}}\n"""){end}\ny = 1\n'
                expected = int(bool(end or above))
                assert hidden(text, at(text, "{now}")) == expected
                assert hidden(text, at(text, "y = 1")) == 0


def test_behind_a_backslash_the_whole_line_counts() -> None:
    text = """\
        # skinflint: ignore[SKF101] \\
        x = a + \\
            b + \\
            c  # skinflint: ignore[SKF103]
        y = 1
        """
    for mark in ("x = a", "b +", "c  #"):
        assert hidden(text, at(text, mark)) == 1
        assert hidden(text, at(text, mark, "SKF103")) == 1
    assert hidden(text, at(text, "y = 1"), at(text, "y = 1", "SKF103")) == 0


def test_findings_of_other_files_are_left() -> None:
    assert hidden("x = 1  # skinflint: ignore[SKF101]\n", finding(1, path="other.py")) == 0


def test_what_was_used_is_told() -> None:
    text = "x = 1  # skinflint: ignore[clock-in-prefix, SKF103]\n"
    suppressions = Suppressions.parse(source_of(text))
    kept, count, used = suppressions.apply([finding(1), finding(2)], NAMES)
    assert (kept, count, used) == ([finding(2)], 1, frozenset({(1, "clock-in-prefix")}))


@pytest.mark.parametrize(
    "end",
    ["x = (\n", "'''\n", "  y = 1\n z = 1\n", "x = 'a\n", "f'{\n", "\\", "$ ? !\n", "x = 0_\n"],
)
def test_broken_code_hides_as_far_as_it_is_read(end: str) -> None:
    text = f"x = 1  # skinflint: ignore[SKF101]\ny = 1\n\n{end}"
    assert hidden(text, finding(1), finding(2)) == 1


def test_newlines_and_columns_do_not_matter() -> None:
    data = "ä = '字'; b = 2  # skinflint: ignore[no-cache]\r\nx = 1\x0c\r"
    data += "# skinflint: ignore[SKF101]\ry"
    file = from_bytes("app.py", data.encode())
    suppressions = Suppressions.parse(file)
    assert suppressions.apply([finding(4)], NAMES)[1] == 1
    (one,) = suppressions.unused(ALL)
    assert file.slice(one.primary) == "# skinflint: ignore[no-cache]"


def test_a_file_without_comments() -> None:
    suppressions = Suppressions.parse(source_of("x = (((\n"))
    assert not suppressions
    assert suppressions.apply([finding(1)], NAMES) == ([finding(1)], 0, frozenset())
    assert suppressions.unused(ALL) == []


# --- what is unused ---------------------------------------------------------------------------


def test_an_unused_comment() -> None:
    text = "x = 1  # noqa # skinflint: ignore[clock-in-prefix] see #12  # type: ignore\n"
    one = only(text)
    assert one.rule == UNUSED_IGNORE
    assert one.message == "clock-in-prefix (SKF101) hides nothing here"
    assert written(text, one.primary) == "# skinflint: ignore[clock-in-prefix] see #12"
    assert one.fix is not None
    assert one.fix.applicability is Applicability.SAFE
    assert one.fix.ops == (RemoveSuppression(one.primary, ("clock-in-prefix",)),)
    assert one.no_fix is None
    assert unused(text, finding(1)) == []


def test_an_unused_id_among_others() -> None:
    text = "x = 1  # skinflint: ignore[SKF101, no-cache, SKF103] why\n"
    one = only(text, finding(1))
    assert one.message == "no-cache (SKF201), SKF103 (random-id-in-prefix) hide nothing here"
    assert written(text, one.primary) == "no-cache, SKF103"
    assert one.fix is not None
    (op,) = one.fix.ops
    assert isinstance(op, RemoveSuppression)
    assert written(text, op.comment) == "# skinflint: ignore[SKF101, no-cache, SKF103] why"
    assert op.ids == ("no-cache", "SKF103")
    one = only(text, finding(1), finding(1, id_="SKF103"))
    assert written(text, one.primary) == "no-cache"


def test_all_ids_unused() -> None:
    text = "# skinflint: file-ignore[SKF101, no-cache]\nx = 1\n"
    one = only(text)
    assert one.message == "SKF101 (clock-in-prefix), no-cache (SKF201) hide nothing in this file"
    assert written(text, one.primary) == "# skinflint: file-ignore[SKF101, no-cache]"


def test_an_id_that_is_written_twice() -> None:
    text = "x = 1  # skinflint: ignore[SKF101, clock-in-prefix]\n"
    one = only(text, finding(1))
    assert written(text, one.primary) == "clock-in-prefix"


def test_two_comments_for_one_finding_are_both_of_use() -> None:
    text = "# skinflint: file-ignore[SKF101]\nx = 1  # skinflint: ignore[SKF101]\n"
    assert unused(text, finding(2)) == []


def test_rules_that_did_not_run_say_nothing() -> None:
    text = "x = 1  # skinflint: ignore[SKF101, no-cache]\n"
    assert unused(text, ran={"SKF103"}) == []
    one = only(text, ran={"SKF101"})
    assert written(text, one.primary) == "SKF101"


def test_comments_are_compared_with_all_findings_of_the_file() -> None:
    text = "x = 1  # skinflint: ignore[SKF101]\ny = 1  # skinflint: ignore[SKF101]\n"
    assert only(text, finding(1)).primary.line == 2


@pytest.mark.parametrize(
    ("comment", "said"),
    [
        ("# skinflint: ignore", "names no rule, so nothing is hidden; write # skinflint: ignore["),
        ("# skinflint: ignore because", "names no rule"),
        ("# skinflint: ignore[]", "names no rule"),
        ("# skinflint: ignore[SKF101", "names no rule"),
        ("# skinflint: file-ignore", "names no rule"),
        ("# skinflint: noqa", "'noqa' is no word of skinflint's"),
        ("# skinflint: disable=SKF101", "'disable' is no word"),
        ("# skinflint: ignore-file[SKF101]", "'ignore-file' is no word"),
        ("# skinflint: ignore[clock-in-prefx]", "did you mean clock-in-prefix?"),
        ("# skinflint: ignore[SKF104]", "no rule is called SKF104, so nothing is hidden; did you"),
        ("# skinflint: ignore[xyz]", "no rule is called xyz, so nothing is hidden; skinflint rule"),
    ],
)
def test_comments_that_mean_nothing(comment: str, said: str) -> None:
    for text in (f"x = 1  {comment}\n", f"{comment}\nx = 1\n"):
        one = only(text, ran=set())
        assert said in one.message
        assert one.fix is None
        assert one.no_fix
        assert written(text, one.primary) in comment


def test_file_ignore_behind_code() -> None:
    one = only("x = 1  # skinflint: file-ignore[SKF101]\n", finding(1))
    assert "put it on a line of its own" in one.message


@pytest.mark.parametrize(
    "comment", ["# skinflint: see the README", "# skinflint:", "# skinflint: ", "# skinflint: [x]"]
)
def test_prose_about_skinflint_is_left_alone(comment: str) -> None:
    assert unused(f"x = 1  {comment}\n") == []


def test_unused_ignore_can_be_ignored() -> None:
    text = "# skinflint: file-ignore[unused-ignore]\nx = 1  # skinflint: ignore[SKF101]\n"
    assert unused(text) == []
    assert unused("x = 1  # skinflint: ignore[SKF101, SKF001] kept for later\n") == []
    assert unused("# skinflint: ignore[SKF001]\nx = 1\n") == []


def test_the_rule_is_the_one_that_is_registered() -> None:
    if importlib.util.find_spec("skinflint.rules.unused_ignore") is None:
        pytest.skip("no rule there")
    from skinflint.rules.unused_ignore import UnusedIgnore

    assert UnusedIgnore.info() == UNUSED_IGNORE


@given(
    st.lists(
        st.sampled_from(
            ["# skinflint: ignore", "[SKF101]", "[", "]", "x = 1", "'''", "\n", "\\\n", "(", ")"]
            + ["  # skinflint: file-ignore[no-cache, bogus]", "f'{", "}'", "    ", "#", "ä", "\f"]
        ),
        max_size=12,
    )
)
def test_nothing_makes_it_fail(parts: list[str]) -> None:
    text = "".join(parts)
    file = from_bytes("app.py", text.encode())
    suppressions = Suppressions.parse(file)
    findings = [finding(line) for line in range(1, len(file.lines) + 1)]
    kept, count, _ = suppressions.apply(findings, NAMES)
    assert len(kept) + count == len(findings)
    for one in suppressions.unused(ALL):
        assert file.slice(one.primary)
