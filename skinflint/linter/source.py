"""Bytes to text and back: encoding, byte-order mark, newlines, and columns.

The text that everybody else reads has line feeds as its only newlines and no byte-order mark. What
was taken away is kept, so that :meth:`SourceFile.encode` gives back the very bytes of every
untouched line. Lines are those of Python's own tokenizer: they end at LF, CR LF or CR and nowhere
else, unlike those of ``str.splitlines``, which also splits at form feeds and at U+2028.
"""

from __future__ import annotations

import codecs
import os
import re
import stat
from collections import Counter
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING

from skinflint.linter.spans import Cell, Span
from skinflint.records import dataclass

if TYPE_CHECKING:
    import ast

    from skinflint.linter.notebook import Notebook

#: Files above this size are not parsed: they are generated, and a syntax tree takes about 100 times
#: the memory of its text.
MAX_BYTES = 5 * 1024 * 1024
#: Files above this size are not even searched for a sign of a request.
MAX_READ_BYTES = 64 * 1024 * 1024

# os.open and os.read, as open() takes three times as long on a small file; O_NONBLOCK, because
# opening a named pipe would otherwise wait for its other end
_FLAGS = os.O_RDONLY
for _name in ("O_BINARY", "O_CLOEXEC", "O_NONBLOCK"):
    _FLAGS |= getattr(os, _name, 0)

UTF8_BOM = b"\xef\xbb\xbf"
# PEP 263: a comment in line 1 or 2; line 2 counts only behind a blank line or a comment.
# Compiled at their first use: most files need none of them.
_COOKIE = rb"[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)"
_BLANK_OR_COMMENT = rb"[ \t\f]*(?:#|$)"
_FIRST_TWO_LINES = rb"([^\r\n]*)(?:\r\n|\r|\n)?([^\r\n]*)"
_NEWLINE = r"\r\n|\r|\n"

#: The line of a notebook that binds names whose values another notebook has put on the disk.
_RESTORED = re.compile(r"\s*%store\s+-r\s+([\w \t]+?)\s*(?:#.*)?")

#: How the names of notebooks end; ``notebook.py`` makes one text of their cells.
NOTEBOOK = ".ipynb"


class SourceError(Exception):
    """A file that can't be read as Python source.

    ``kind`` is "unreadable" (the file system says no), "encoding-error" (the bytes are no text) or
    "too-large"; it is the kind of the problem that reports show.
    """

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind
        self.message = message


@dataclass(frozen=True, eq=False)
class SourceFile:
    """One file as text. Compared by identity: an overlay is another file than what it overlays."""

    path: str  # as shown: relative to the working directory, with "/"
    text: str  # newlines are all "\n"
    data: bytes  # as on disk, also in an overlay
    encoding: str  # the codec's own name, such as "utf-8" or "iso8859-1"
    bom: bool
    newline: str  # "\n", "\r\n" or "\r"; in a mixed file the most frequent
    original: str  # the text of ``data``; differs from ``text`` in an overlay
    newlines: tuple[str, ...] | None = None  # of each line of ``original``, in a mixed file only
    notebook: Notebook | None = None  # whose cells ``text`` is made of

    @cached_property
    def lines(self) -> list[str]:
        """The lines without their newlines; a text that ends in a newline has an empty last one."""
        return self.text.split("\n")

    def let_go(self) -> None:
        """Keep no lines: they are split anew when somebody asks."""
        for name in ("lines", "_starts"):
            vars(self).pop(name, None)

    @cached_property
    def shown(self) -> list[str]:
        """The lines as the user wrote them; they differ from ``lines`` in a notebook's magics."""
        if self.notebook is None:
            return self.lines
        return self.notebook.shown(self.text).split("\n")

    @cached_property
    def restored(self) -> frozenset[str]:
        """The names that a notebook takes from those that another one has stored."""
        if self.notebook is None:
            return frozenset()
        lines = (_RESTORED.fullmatch(line) for line in self.shown if "%store" in line)
        return frozenset(name for found in lines if found for name in found[1].split())

    @cached_property
    def cells(self) -> tuple[Cell, ...]:
        """The code cells of a notebook; a file of Python has none."""
        if self.notebook is None:
            return ()
        separator = self.notebook.separator
        borders = [number for number, line in enumerate(self.lines, 1) if line == separator]
        return tuple(
            Cell(number, border + 1, following - 1)
            for number, (border, following) in zip(
                self.notebook.numbers, pairwise((*borders, len(self.lines))), strict=False
            )
        )

    def cell(self, line: int) -> Cell | None:
        """The cell of a notebook that a line stands in; the line above a cell belongs to it."""
        if self.notebook is None:
            return None
        from bisect import bisect_left

        at = bisect_left(self.cells, line, key=lambda cell: cell.last)
        return self.cells[at] if at < len(self.cells) else None

    @cached_property
    def _ascii(self) -> bool:
        return self.text.isascii()

    @cached_property
    def _starts(self) -> list[int]:
        """The offset of the first character of each line."""
        starts, offset = [], 0
        for line in self.lines:
            starts.append(offset)
            offset += len(line) + 1
        return starts

    def column(self, line: int, byte: int) -> int:
        """The 1-based character column of a 0-based UTF-8 byte column as ``ast`` counts it."""
        if self._ascii:
            return byte + 1
        text = self.lines[line - 1]
        if text.isascii():
            return byte + 1
        return len(text.encode()[:byte].decode("utf-8", "ignore")) + 1

    def span(self, node: ast.AST) -> Span:
        """Where ``node`` of this file's tree stands."""
        line: int = node.lineno  # type: ignore[attr-defined]
        end_line: int = node.end_lineno  # type: ignore[attr-defined]
        byte: int = node.col_offset  # type: ignore[attr-defined]
        end_byte: int = node.end_col_offset  # type: ignore[attr-defined]
        if self._ascii:
            return Span(self.path, line, byte + 1, end_line, end_byte + 1)
        return Span(
            self.path, line, self.column(line, byte), end_line, self.column(end_line, end_byte)
        )

    def offset(self, line: int, column: int) -> int:
        """The offset into ``text`` of a 1-based position; the end of a line is a position too.

        Raises ValueError where the text has no such position.
        """
        if not 1 <= line <= len(self.lines) or not 1 <= column <= len(self.lines[line - 1]) + 1:
            raise ValueError(f"{self.path} has no line {line}, column {column}")
        return self._starts[line - 1] + column - 1

    def position(self, offset: int) -> tuple[int, int]:
        """The 1-based ``(line, column)`` of an offset into ``text``; inverse of :meth:`offset`."""
        if not 0 <= offset <= len(self.text):
            raise ValueError(f"{self.path} has no character {offset}")
        from bisect import bisect_right

        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1

    def slice(self, span: Span) -> str:
        """The text of ``span``."""
        return self.text[self.offset(*span.start) : self.offset(*span.end)]

    def replace_text(self, text: str) -> SourceFile:
        """An overlay: the same file with another text, not written anywhere yet."""
        return SourceFile(
            self.path,
            _plain_newlines(text),
            self.data,
            self.encoding,
            self.bom,
            self.newline,
            self.original,
            self.newlines,
            self.notebook,
        )

    def encode(self, text: str) -> bytes:
        """The bytes to write for ``text``: with the file's own mark, newlines and encoding.

        The unchanged text gives the very bytes read. In a file of mixed newlines each line that is
        also in the original keeps its own newline, and a new line ends like the line above it.
        Raises SourceError("encoding-error") for text that the file's encoding can't express.
        """
        text = _plain_newlines(text)
        if text == self.original:
            return self.data
        if self.notebook is not None:
            return self.notebook.encode(text)
        if self.encoding != "utf-8" and self._encoded(self.original) != self.data:
            # utf-7, iso2022 and the like can write one text in many ways
            raise SourceError(
                "encoding-error",
                f"the bytes of the untouched lines can't be kept in {self.encoding}; "
                "save the file as UTF-8 first",
            )
        return self._encoded(text)

    def _encoded(self, text: str) -> bytes:
        if self.newlines is not None:
            text = _with_newlines(self.original, self.newlines, text, self.newline)
        elif self.newline != "\n":
            text = text.replace("\n", self.newline)
        try:
            data = text.encode(self.encoding)
        except UnicodeError as error:
            what = ""
            if isinstance(error, UnicodeEncodeError):
                what = ": " + ", ".join(
                    f"U+{ord(char):04X}" for char in sorted(set(text[error.start : error.end]))
                )
            raise SourceError(
                "encoding-error",
                f"the new text has characters that {self.encoding} can't express{what}; "
                "save the file as UTF-8 first",
            ) from None
        return UTF8_BOM + data if self.bom else data


def read(path: str) -> SourceFile:
    """The file at ``path`` (relative to the working directory). Raises SourceError."""
    return from_bytes(path, read_bytes(path))


def read_bytes(path: str) -> bytes:
    """The bytes of a regular file, for the prefilter to look at before anything is decoded.

    Raises SourceError("unreadable") or, beyond ``MAX_READ_BYTES``, SourceError("too-large").
    """
    try:
        file = os.open(path, _FLAGS)
    except OSError as error:
        raise _unreadable(error) from None
    except ValueError:
        raise SourceError("unreadable", "the path has a NUL character") from None
    try:
        status = os.fstat(file)
        if not stat.S_ISREG(status.st_mode):
            directory = stat.S_ISDIR(status.st_mode)
            what = "a directory, not a file" if directory else "not a regular file"
            raise SourceError("unreadable", what)
        if status.st_size > MAX_READ_BYTES:
            raise too_large(status.st_size)
        data = os.read(file, status.st_size + 1)
        if len(data) != status.st_size:  # a short read, or the file changes right now
            while chunk := os.read(file, 1 << 20):
                data += chunk
                if len(data) > MAX_READ_BYTES:
                    raise too_large(len(data))
        return data
    except OSError as error:
        raise _unreadable(error) from None
    finally:
        os.close(file)


def from_bytes(path: str, data: bytes) -> SourceFile:
    """``data`` as the source file shown as ``path``. Raises SourceError."""
    if path.endswith(NOTEBOOK):
        from skinflint.linter import notebook

        return notebook.read(path, data)
    if len(data) > MAX_BYTES:
        raise too_large(len(data))
    bom = data.startswith(UTF8_BOM)
    body = data[len(UTF8_BOM) :] if bom else data
    if body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise SourceError(
            "encoding-error", "the file is UTF-16, which Python can't read; save it as UTF-8"
        )
    if (at := body.find(b"\0")) >= 0:
        raise SourceError(
            "encoding-error",
            f"NUL byte at {_place(body, at, len(data) - len(body))}: Python can't read this file; "
            "remove the byte, or exclude the file if it is not Python source",
        )
    encoding, declared_in = _encoding(body, bom)
    text = _decoded(body, encoding, declared_in, len(data) - len(body))
    newline, newlines = "\n", None
    if "\r" in text:
        newline, newlines = _newlines(text)
        text = _plain_newlines(text)
    return SourceFile(path, text, data, encoding, bom, newline, text, newlines)


def _unreadable(error: OSError) -> SourceError:
    return SourceError("unreadable", f"can't be read: {error.strerror or error}")


def too_large(size: int) -> SourceError:
    mebibytes = size / (1024 * 1024)
    return SourceError(
        "too-large",
        f"{mebibytes:.1f} MiB, more than the {MAX_BYTES // (1024 * 1024)} MiB that are read; "
        "exclude the file (extend-exclude) or split it",
    )


def _place(body: bytes, at: int, skipped: int) -> str:
    """Where byte ``at`` of ``body`` stands, for a message; offsets count from the file's start."""
    line = len(re.findall(rb"\r\n|\r|\n", body[:at])) + 1
    return f"line {line} (offset {at + skipped})"


def _encoding(body: bytes, bom: bool) -> tuple[str, int]:
    """The codec's name, and the line that declares it (0: none does)."""
    at = body.find(b"coding")
    if at < 0 or max(body.count(b"\n", 0, at), body.count(b"\r", 0, at)) > 1:
        return "utf-8", 0
    first_two = re.match(_FIRST_TWO_LINES, body)
    assert first_two is not None  # every group may be empty
    first, second = first_two.groups()
    line = 1
    cookie = re.match(_COOKIE, first)
    if cookie is None and re.match(_BLANK_OR_COMMENT, first):
        line = 2
        cookie = re.match(_COOKIE, second)
    if cookie is None:
        return "utf-8", 0
    declared = cookie[1].decode("ascii")
    # Python takes "utf-8-unix" and the like, which editors write, for UTF-8
    normal = declared[:12].lower().replace("_", "-")
    if normal == "utf-8" or normal.startswith("utf-8-"):
        return "utf-8", line
    try:
        encoding = codecs.lookup(declared).name
    except LookupError:
        raise SourceError(
            "encoding-error",
            f"line {line} declares the encoding {declared!r}, which Python doesn't know; "
            "declare the right one, or save the file as UTF-8 and delete the declaration",
        ) from None
    if bom and encoding != "utf-8":
        raise SourceError(
            "encoding-error",
            f"line {line} declares the encoding {declared!r}, but the file starts with the "
            "byte-order mark of UTF-8; delete one of them",
        )
    return encoding, line


def _decoded(body: bytes, encoding: str, declared_in: int, skipped: int) -> str:
    said = f", which line {declared_in} declares" if declared_in else ""
    try:
        text = body.decode(encoding)
        if encoding != "utf-8":
            text.encode("utf-8")  # escape codecs can give lone surrogates, which no parser takes
    except UnicodeDecodeError as error:
        advice = (
            "declare the right encoding there, or save the file as UTF-8"
            if declared_in
            else "save the file as UTF-8, or declare its encoding in the first line "
            "(# -*- coding: cp1252 -*-)"
        )
        byte = f"byte 0x{body[error.start]:02x}" if error.start < len(body) else "the end"
        raise SourceError(
            "encoding-error",
            f"{byte} at {_place(body, error.start, skipped)} is not valid {encoding}{said}; "
            f"{advice}",
        ) from None
    except (LookupError, ValueError):
        # codecs such as rot13 don't decode to text, "undefined" never does
        raise SourceError(
            "encoding-error",
            f"the encoding {encoding}{said}, can't be read as text; save the file as UTF-8",
        ) from None
    return text


def _newlines(text: str) -> tuple[str, tuple[str, ...] | None]:
    """The most frequent newline (first wins a tie) and, in a mixed text, that of every line."""
    found = tuple(re.findall(_NEWLINE, text))
    kinds = tuple(dict.fromkeys(found))
    return max(kinds, key=found.count), found if len(kinds) > 1 else None


def _plain_newlines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def with_own_newlines(old: str, new: str) -> str:
    """``new``, all of whose newlines are line feeds, with those of ``old``, line by line."""
    if "\r" not in old:
        return new
    newline, newlines = _newlines(old)
    if newlines is None:
        return new.replace("\n", newline)
    return _with_newlines(_plain_newlines(old), newlines, new, newline)


def _with_newlines(old: str, newlines: tuple[str, ...], new: str, default: str) -> str:
    """``new`` with each line that is also in ``old`` ending as it does there."""
    before, after = old.split("\n"), new.split("\n")
    parts: list[str] = []
    last = default
    same = same_lines(before, after)
    for index, line in enumerate(after[:-1]):
        above, number = last, same.get(index)
        if number is not None and number < len(newlines):  # the last line has none to keep
            last = newlines[number]
        if not line and parts and above == "\r" and last == "\n":
            last = "\r\n"  # an empty line whose LF would join the CR above it
        parts += (line, last)
    parts.append(after[-1])
    return "".join(parts)


def same_lines(before: list[str], after: list[str]) -> dict[int, int]:
    """Index in ``after`` -> index in ``before`` of the line that it is, or was before an edit.

    Lines that occur once in both are the same; between them lines are paired from both ends.
    """
    anchors = [(-1, -1)]
    index_of = {line: index for index, line in enumerate(before)}
    counts, new_counts = Counter(before), Counter(after)
    anchors += _longest_rise(
        [
            (index_of[line], index)
            for index, line in enumerate(after)
            if counts[line] == new_counts[line] == 1
        ]
    )
    anchors.append((len(before), len(after)))
    same: dict[int, int] = {}
    for (i, j), (i_end, j_end) in pairwise(anchors):
        if j >= 0:
            same[j] = i
        i, j = i + 1, j + 1
        while i < i_end and j < j_end and before[i] == after[j]:
            same[j] = i
            i, j = i + 1, j + 1
        while i < i_end and j < j_end and before[i_end - 1] == after[j_end - 1]:
            i_end, j_end = i_end - 1, j_end - 1
            same[j_end] = i_end
        same.update(zip(range(j, j_end), range(i, i_end), strict=False))
    return same


def _longest_rise(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest part of ``pairs`` whose first members rise: lines that kept their order."""
    from bisect import bisect_left

    ends: list[int] = []  # smallest last member of a rise of each length
    reached: list[int] = []  # length of the longest rise that ends with each pair
    for number, _ in pairs:
        length = bisect_left(ends, number)
        ends[length : length + 1] = [number]
        reached.append(length)
    rise: list[tuple[int, int]] = []
    wanted = len(ends) - 1
    for pair, length in zip(reversed(pairs), reversed(reached), strict=True):
        if length == wanted and (not rise or pair[0] < rise[-1][0]):
            rise.append(pair)
            wanted -= 1
    return rise[::-1]
