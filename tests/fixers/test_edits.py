"""Edits of a text: order, overlap, application, diff."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mending import find, source

from skinflint.fixers.edits import Overlap, applied, clash, ordered, unified_diff
from skinflint.linter.findings import Edit
from skinflint.linter.source import SourceFile, from_bytes
from skinflint.linter.spans import Span


def edit(file: SourceFile, start: int, end: int, text: str) -> Edit:
    return Edit(Span(file.path, *file.position(start), *file.position(end)), text)


def test_edits_apply_in_any_order_and_identical_ones_once() -> None:
    file = source("a = 1\nb = 2\n")
    one, two = Edit(find(file, "1"), "10"), Edit(find(file, "2"), "20")
    assert applied(file, [two, one, two]) == "a = 10\nb = 20\n"


def test_an_edit_of_another_file_is_left_out() -> None:
    file = source("a = 1\n")
    other = Edit(Span("other.py", 1, 1, 1, 2), "x")
    assert applied(file, [other, Edit(find(file, "1"), "2")]) == "a = 2\n"


def test_overlaps_are_refused() -> None:
    file = source("abcdef\n")
    with pytest.raises(Overlap):
        ordered([edit(file, 0, 3, ""), edit(file, 2, 4, "")])
    with pytest.raises(Overlap, match="line 1"):
        ordered([edit(file, 2, 2, "x"), edit(file, 2, 2, "y")])
    assert len(ordered([edit(file, 0, 2, ""), edit(file, 2, 4, "")])) == 2


def test_the_same_site_is_a_clash_of_two_fixes() -> None:
    file = source("abcdef\n")
    first = [edit(file, 1, 3, "x")]
    assert clash(first, [edit(file, 2, 5, "")])
    assert clash(first, [edit(file, 3, 3, "y")])
    assert clash(first, [edit(file, 1, 1, "y")])
    assert not clash(first, [edit(file, 4, 5, "y")])
    assert not clash(first, first), "what both do is done once"
    assert not clash(first, [Edit(Span("other.py", 1, 1, 1, 4), "")])


@given(st.text(alphabet="ab\né🙂\f\u2028", max_size=30), st.data())
def test_edits_do_what_slices_do(text: str, data: st.DataObject) -> None:
    file = from_bytes("app.py", text.encode())
    cuts = sorted(data.draw(st.sets(st.integers(0, len(text)), max_size=6)))
    pairs = list(zip(cuts[::2], cuts[1::2], strict=False))
    news = [data.draw(st.text(alphabet="xy\n", max_size=3)) for _ in pairs]
    expected, done = "", 0
    for (start, end), new in zip(pairs, news, strict=True):
        expected += text[done:start] + new
        done = end
    expected += text[done:]
    made = [edit(file, s, e, new) for (s, e), new in zip(pairs, news, strict=True)]
    assert applied(file, reversed(made)) == expected


def test_diff() -> None:
    assert unified_diff("a.py", "x\ny\n", "x\nz\n") == (
        "--- a.py\n+++ a.py\n@@ -1,2 +1,2 @@\n x\n-y\n+z\n"
    )
    assert unified_diff("a.py", "x\n", "x\n") == ""
    assert unified_diff("a.py", "x", "y").endswith(
        "-x\n\\ No newline at end of file\n+y\n\\ No newline at end of file\n"
    )
    assert "\f" in unified_diff("a.py", "a\fb\nc\n", "a\fb\nd\n")
