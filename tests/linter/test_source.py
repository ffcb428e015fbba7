"""Reading and writing back: bytes, text, lines and columns."""

from __future__ import annotations

import ast
import os
import re
import sys
import tokenize
from collections.abc import Callable
from pathlib import Path
from typing import ParamSpec, TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skinflint.linter import source
from skinflint.linter.source import SourceError, from_bytes
from skinflint.linter.spans import Span

P = ParamSpec("P")
T = TypeVar("T")

NEWLINES = st.sampled_from(["\n", "\r\n", "\r"])
# without newlines and NUL; with what str.splitlines would split at, and wide characters
LINE = st.text(
    st.sampled_from("ab #=\t\f\x0b\x1c\x85\u2028é字😀\ufeff") | st.characters(codec="utf-8"),
    max_size=12,
).map(lambda text: re.sub("[\r\n\0]", "", text))


def attempt(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T | SourceError:
    try:
        return function(*args, **kwargs)
    except SourceError as error:
        return error


def error_of(data: bytes) -> SourceError:
    with pytest.raises(SourceError) as caught:
        from_bytes("x.py", data)
    return caught.value


# --- newlines ---------------------------------------------------------------------------------


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"])
def test_one_kind_of_newline(newline: str, bom: bytes) -> None:
    data = bom + f"a = 1{newline}b = 'é'{newline}".encode()
    file = from_bytes("x.py", data)
    assert file.text == "a = 1\nb = 'é'\n"
    assert file.lines == ["a = 1", "b = 'é'", ""]
    assert (file.newline, file.bom, file.encoding) == (newline, bool(bom), "utf-8")
    assert file.newlines is None
    assert file.encode(file.text) == data
    assert file.encode("a = 2\nb = 'é'\nc\n") == bom + (
        f"a = 2{newline}b = 'é'{newline}c{newline}".encode()
    )


def test_mixed_newlines_stay_with_their_lines() -> None:
    file = from_bytes("x.py", b"one\r\ntwo\nthree\rfour\r\nfive")
    assert file.text == "one\ntwo\nthree\nfour\nfive"
    assert file.newline == "\r\n"
    edited = "zero\none\nTWO\nthree\nnew\nfour\nfive\n"
    assert file.encode(edited) == b"zero\r\none\r\nTWO\nthree\rnew\rfour\r\nfive\r\n"


def test_mixed_newlines_when_lines_go() -> None:
    file = from_bytes("x.py", b"one\r\ntwo\nthree\rfour\r\nfive\n")
    assert file.encode("one\nfour\nfive\n") == b"one\r\nfour\r\nfive\n"
    assert file.encode("") == b""
    assert file.encode("other") == b"other"


@given(st.lists(st.tuples(LINE, NEWLINES)), LINE, st.booleans())
def test_round_trip(lines: list[tuple[str, str]], last: str, bom: bool) -> None:
    text = "".join(line + newline for line, newline in lines) + last
    data = (b"\xef\xbb\xbf" if bom else b"") + text.encode()
    file = attempt(from_bytes, "x.py", data)
    if isinstance(file, SourceError):
        # a generated line that happens to start with a mark or a declaration of its own
        assert text.startswith("\ufeff") or "coding" in text
        return
    assert "\r" not in file.text
    assert file.encode(file.text) == data
    longer = file.replace_text(file.text + "\n#")
    assert longer.encode(file.text) == data
    assert longer.encode(longer.text).startswith(data)


@given(
    st.lists(NEWLINES, min_size=1, max_size=30),
    st.data(),
)
def test_untouched_lines_keep_their_bytes(newlines: list[str], data: st.DataObject) -> None:
    lines = [f"line {number}" if number % 3 else "" for number in range(len(newlines))]
    file = from_bytes(
        "x.py", "".join(line + end for line, end in zip(lines, newlines, strict=True)).encode()
    )
    # a CR and the LF of an empty line below it are one newline
    lines, newlines = file.lines[:-1], list(file.newlines or [file.newline] * len(file.lines))
    edited: list[str] = []
    for line in lines:
        action = data.draw(st.sampled_from(["keep", "keep", "change", "drop", "add", "space"]))
        if action in ("add", "space"):
            edited.append(f"new before {line}" if action == "add" else "")
        if action != "drop":
            edited.append(f"{line} changed" if action == "change" else line)
    written = file.encode("".join(f"{line}\n" for line in edited)).decode()
    ends = dict(re.findall(r"(line \d+)(\r\n|\r|\n)", written))
    for line, end in zip(lines, newlines, strict=False):
        if line and line in edited:
            assert ends[line] == end
    assert from_bytes("x.py", written.encode()).lines == [*edited, ""]


def test_lines_are_those_of_the_parser() -> None:
    text = "a = '\x0c\x1c\x85\u2028'\x0c\nb = 1\r\nc = 2\rd = 3\n"
    file = from_bytes("x.py", text.encode())
    assert file.lines == ["a = '\x0c\x1c\x85\u2028'\x0c", "b = 1", "c = 2", "d = 3", ""]
    assert [node.lineno for node in ast.parse(file.text).body] == [1, 2, 3, 4]


def test_carriage_returns_in_an_edit_are_newlines() -> None:
    file = from_bytes("x.py", b"a\n")
    assert file.encode("a\r\nb\rc\n") == b"a\nb\nc\n"
    assert file.replace_text("a\r\nb").text == "a\nb"


# --- encodings --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("head", "encoding"),
    [
        (b"# -*- coding: latin-1 -*-\n", "iso8859-1"),
        (b"#!/usr/bin/env python\n# vim: set fileencoding=cp1252 :\n", "cp1252"),
        (b"\n# coding=koi8-r\n", "koi8-r"),
        (b" \t\x0c# coding: latin-1\r\n", "iso8859-1"),
        (b"# coding: latin-1\r", "iso8859-1"),
        (b"# coding: utf-8-unix\n", "utf-8"),
        (b"# coding: UTF_8\n", "utf-8"),
        (b"# not a co ding\n", "utf-8"),
        (b"x = 1\n# coding: latin-1\n", "utf-8"),
        (b"\n\n# coding: latin-1\n", "utf-8"),
        (b"x = '# coding: latin-1'\n", "utf-8"),
        (b"'''\n# coding: latin-1\n'''\n", "utf-8"),
    ],
)
def test_declared_encoding(head: bytes, encoding: str, tmp_path: Path) -> None:
    data = head + "s = 'ä'\n".encode(encoding if encoding != "koi8-r" else "ascii", "ignore")
    file = from_bytes("x.py", data)
    assert file.encoding == encoding
    assert file.text.replace("\n", "") == data.decode(encoding).translate({10: None, 13: None})
    assert file.encode(file.text) == data
    assert file.encode(file.text + "t = 1\n").startswith(data)
    if b"\r" not in head:  # which tokenize takes for one line
        path = tmp_path / "x.py"
        path.write_bytes(data)
        with tokenize.open(path) as opened:
            assert opened.read() == file.text


def test_utf8_mark_with_its_own_declaration() -> None:
    data = b"\xef\xbb\xbf# coding: utf-8\ns = '\xc3\xa4'\n"
    file = from_bytes("x.py", data)
    assert file.text == "# coding: utf-8\ns = 'ä'\n"
    assert file.encode(file.text + "\n") == data + b"\n"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (
            b"a = 1\nb = '\x93'\n",
            ("byte 0x93 at line 2 (offset 11) is not valid utf-8", "coding: cp1252"),
        ),
        (b"\xef\xbb\xbf\xff", ("byte 0xff at line 1 (offset 3)",)),
        (b"# coding: ascii\r\n\r\n'\xff'", ("line 3 (offset 20)", "ascii, which line 1 declares")),
        (b"'\xe4", ("0xe4",)),
        (b"#!python\n# coding: klingon\n", ("line 2", "'klingon'", "doesn't know")),
        (b"# coding: rot13\n", ("rot", "can't be read as text")),
        (b"# coding: base64\n", ("can't be read as text",)),
        (b"# coding: undefined\n", ("can't be read as text",)),
        (b"# coding: unicode_escape\n'\\ud800'\n", ("can't be read as text",)),
        (b"\xef\xbb\xbf# coding: latin-1\n", ("'latin-1'", "byte-order mark")),
        ("a = 1\n".encode("utf-16"), ("UTF-16",)),
        (b"\xfe\xff\0a", ("UTF-16",)),
        (b"a = 1\nb\0c\n", ("NUL byte at line 2 (offset 7)",)),
        (b"\xef\xbb\xbf\0", ("NUL byte at line 1 (offset 3)",)),
        (b"# coding: utf-16\na = 1\n", ("utf-16",)),
    ],
)
def test_bytes_that_are_no_text(data: bytes, said: tuple[str, ...]) -> None:
    error = error_of(data)
    assert error.kind == "encoding-error"
    for part in said:
        assert part in error.message
    assert "\n" not in error.message


@given(st.binary(max_size=60), st.sampled_from(["", "utf-7", "cp1252", "utf-8", "hz", "idna"]))
def test_any_bytes_are_text_or_an_error(data: bytes, declared: str) -> None:
    if declared:
        data = f"# coding: {declared}\n".encode() + data
    file = attempt(from_bytes, "x.py", data)
    if isinstance(file, SourceError):
        assert file.kind == "encoding-error"
        return
    assert file.encode(file.text) == data
    longer = attempt(file.encode, file.text + "\n#")
    if isinstance(longer, SourceError):
        assert longer.kind == "encoding-error"
    else:
        assert longer.startswith(data)


def test_an_edit_that_the_encoding_cannot_express() -> None:
    file = from_bytes("x.py", b"# coding: latin-1\n")
    assert file.encode("# coding: latin-1\n'ä'\n") == b"# coding: latin-1\n'\xe4'\n"
    with pytest.raises(SourceError, match=r"iso8859-1 can't express: U\+20AC; save the file as"):
        file.encode("# coding: latin-1\n'€'\n")


def test_an_encoding_that_cannot_keep_the_other_lines() -> None:
    data = b"# coding: utf-7\nx = '+AGE-'\n"  # a clumsy way to write "a"
    file = from_bytes("x.py", data)
    assert file.text == "# coding: utf-7\nx = 'a'\n"
    assert file.encode(file.text) == data
    with pytest.raises(SourceError, match="can't be kept in utf-7"):
        file.encode(file.text + "y = 1\n")


def test_empty() -> None:
    file = from_bytes("x.py", b"")
    assert (file.text, file.lines, file.encode("")) == ("", [""], b"")
    assert from_bytes("x.py", b"\xef\xbb\xbf").encode("a\n") == b"\xef\xbb\xbfa\n"


# --- reading ----------------------------------------------------------------------------------


def test_read(tmp_path: Path) -> None:
    path = tmp_path / "x.py"
    path.write_bytes(b"a = 1\r\n")
    file = source.read(str(path))
    assert (file.path, file.text, file.newline) == (str(path), "a = 1\n", "\r\n")


def unreadable(path: object) -> SourceError:
    with pytest.raises(SourceError) as caught:
        source.read(str(path))
    return caught.value


def test_what_is_no_file(tmp_path: Path) -> None:
    (tmp_path / "x.py").mkdir()
    assert unreadable(tmp_path / "x.py").message == "a directory, not a file"
    assert "No such file" in unreadable(tmp_path / "y.py").message
    assert "NUL" in unreadable("a\0.py").message
    assert unreadable(tmp_path / "y.py").kind == "unreadable"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.py")
    assert unreadable(tmp_path / "pipe.py").message == "not a regular file"


@pytest.mark.skipif(sys.platform == "win32", reason="needs permissions")
def test_no_permission(tmp_path: Path) -> None:
    path = tmp_path / "x.py"
    path.write_text("a = 1\n")
    path.chmod(0)
    if os.access(path, os.R_OK):
        pytest.skip("this user may read everything")
    assert unreadable(path).message == "can't be read: Permission denied"


def test_too_large(tmp_path: Path) -> None:
    assert from_bytes("x.py", b"#" * source.MAX_BYTES).text.startswith("#")
    error = error_of(b"#" * (source.MAX_BYTES + 1))
    assert error.kind == "too-large"
    assert "more than the 5 MiB" in error.message
    path = tmp_path / "huge.py"
    with path.open("wb") as file:
        file.truncate(source.MAX_READ_BYTES + 1)
    assert unreadable(path).kind == "too-large"


# --- positions --------------------------------------------------------------------------------


def nodes(text: str) -> list[tuple[ast.expr, str]]:
    """Expressions of ``text`` and how they are written, as the standard library sees it."""
    return [
        (node, ast.get_source_segment(text, node) or "")
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.expr)
    ]


def test_columns_count_characters() -> None:
    text = "x = f('ä字😀', y)\nz = call(\n  '€', a.b\n)\n"
    file = from_bytes("x.py", text.encode())
    for node, written in nodes(text):
        assert file.slice(file.span(node)) == written
    call = ast.parse(text).body[0].value.args[1]  # type: ignore[attr-defined]
    assert file.span(call) == Span("x.py", 1, 14, 1, 15)


@given(st.lists(st.text(st.sampled_from("aä字😀\t\x0c "), min_size=1, max_size=6), min_size=1))
def test_every_span_cuts_out_its_expression(names: list[str]) -> None:
    text = "".join(
        f"f({name!r}, {index},\n'{name}')  # {name}\n" for index, name in enumerate(names)
    )
    file = from_bytes("x.py", text.encode())
    for node, written in nodes(text):
        assert file.slice(file.span(node)) == written


@given(st.lists(LINE, max_size=8))
def test_positions_and_offsets_are_inverse(lines: list[str]) -> None:
    file = from_bytes("x.py", b"").replace_text("\n".join(lines))
    for offset in range(len(file.text) + 1):
        line, column = file.position(offset)
        assert file.offset(line, column) == offset
        before = file.text[:offset].split("\n")
        assert (line, column) == (len(before), len(before[-1]) + 1)


@pytest.mark.parametrize("place", [(0, 1), (3, 1), (1, 0), (1, 4), (2, 2)])
def test_no_such_position(place: tuple[int, int]) -> None:
    file = from_bytes("x.py", b"ab\n")
    with pytest.raises(ValueError, match=r"x\.py has no line"):
        file.offset(*place)
    with pytest.raises(ValueError, match=r"x\.py has no character"):
        file.position(-1)
    with pytest.raises(ValueError, match=r"x\.py has no character"):
        file.position(4)


def test_an_overlay_is_a_file_of_its_own() -> None:
    file = from_bytes("x.py", b"\xef\xbb\xbfa = 1\r\n")
    overlay = file.replace_text("b = 'ä', 2\n")
    assert file.lines == ["a = 1", ""]
    assert overlay.lines == ["b = 'ä', 2", ""]
    assert overlay != file
    assert (overlay.path, overlay.data) == (file.path, file.data)
    two = ast.parse(overlay.text).body[0].value.elts[1]  # type: ignore[attr-defined]
    assert overlay.slice(overlay.span(two)) == "2"
    assert overlay.encode(overlay.text) == b"\xef\xbb\xbfb = '\xc3\xa4', 2\r\n"
