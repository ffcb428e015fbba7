"""Notebooks: their code cells as one text, and a changed text back into their cells.

The text has, for each code cell, a separator line and the lines of the cell. What only IPython
understands (``%pip install``, ``!ls``, ``x = !cmd``, ``frame?``, ``%%bash``) stays in it, hidden in
a comment, so that what Python understands keeps its lines and columns. Separators and hidden lines
are told by letters of a script that nobody writes, of which this notebook has none: that leads back
to the very text of the cell wherever the line has moved, without a list to be kept.

Back in the file only the lines that changed are written anew, in the style of the others. Cells are
numbered from 1 as they stand, those of text included, as ruff does.
"""

from __future__ import annotations

import ast
import json
import re
import warnings
from collections.abc import Iterator, Sequence
from typing import Any, Final, NoReturn

from skinflint.linter.source import (
    MAX_BYTES,
    UTF8_BOM,
    SourceError,
    SourceFile,
    same_lines,
    too_large,
    with_own_newlines,
)
from skinflint.records import dataclass

KIND: Final = "broken-notebook"

#: Cell magics whose body is Python that runs in the notebook; after any other the body is a text.
_PYTHON_CELLS: Final = frozenset(
    ("capture", "debug", "ipytest", "memit", "prun", "pypy", "python", "python3", "time", "timeit")
)
#: Line magics whose argument is Python that runs in the notebook.
_PYTHON_LINES: Final = ("time", "timeit", "prun", "memit")

# Linear A: letters to Python, so that one of them is a name; deciphered by nobody, so in no prompt
_LETTERS: Final = tuple(map(chr, range(0x10600, 0x10700)))

_ESCAPES: Final = ("%", "!", "?", "/", ",", ";")
_CELL_MAGIC: Final = re.compile(r"\s*%%(\w+)")
_LINE_MAGIC: Final = re.compile(rf"([ \t]*)(%(?:{'|'.join(_PYTHON_LINES)}))(?=[ \t])")
#: Magics that people write without their "%", as IPython lets them.
_BARE: Final = re.compile(
    r"[ \t]*(?:cat|cd|conda|cp|less|ls|mamba|man|mkdir|more|mv|pip|rm|rmdir|uv)"
    r"[ \t]+[^ \t=.,:;()\[\]].*"
)
_ASSIGNED: Final = re.compile(r"([\w.,*\[\] \t]*[\w\] \t]=[ \t]*)(?:![^=]|%[A-Za-z_])")
_TOKEN: Final = re.compile(r"\n|\\\n|#[^\n]*|\"\"\"|'''|[\"'\[\](){}]")
_STRING_ENDS: Final = {
    '"""': re.compile(r'(?:[^\\"]|\\.|"(?!""))*"""', re.DOTALL),
    "'''": re.compile(r"(?:[^\\']|\\.|'(?!''))*'''", re.DOTALL),
    '"': re.compile(r'(?:[^\\\n"]|\\.)*"', re.DOTALL),
    "'": re.compile(r"(?:[^\\\n']|\\.)*'", re.DOTALL),
}
_SPACE: Final = re.compile(r"[ \t\r\n]*")
_LINE_NAMED: Final = re.compile(r"(cell \d+, )?\bline (\d+)\b")
_ONE_LINE: Final = re.compile(r"[^\n]*\n|[^\n]+")
_CHARACTER: Final = re.compile(
    r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\.|[^\\]",
    re.DOTALL,
)
_BEYOND_ASCII: Final = re.compile(r"\\u(?:00[89a-fA-F]|0[1-9a-fA-F]|[1-9a-fA-F])")


@dataclass(frozen=True)
class Fault:
    """A cell that is not Python; ``line`` is that of the cell."""

    cell: int
    line: int | None
    message: str


@dataclass(frozen=True)
class _Cell:
    number: int
    source: str
    begin: int  # where its source stands in the document
    end: int


class Notebook:
    """What a notebook's text is made of, and the way back."""

    def __init__(self, document: str, bom: bool, cells: Sequence[_Cell], foreign: set[int]) -> None:
        self._document = document
        self._bom = bom
        self._cells = tuple(cells)
        taken = {char for cell in cells if not cell.source.isascii() for char in cell.source}
        letters = [letter for letter in _LETTERS if letter not in taken]
        if len(letters) < 4 + len(_PYTHON_LINES):
            raise SourceError(KIND, "it is written in Linear A, which skinflint keeps for itself")
        cell, self._name, self._comment, self._hash, *lines = letters
        self.separator = f"# %%{cell}"
        #: Line magic -> what stands in its place; as long, so that the columns behind it stay.
        self._lines = {
            f"%{name}": f"{letter};".ljust(len(name) + 1)
            for name, letter in zip(_PYTHON_LINES, lines, strict=False)
        }
        self._letters = re.compile(f"[{''.join(letters[: 4 + len(_PYTHON_LINES)])}]")
        self.numbers = tuple(cell.number for cell in cells)
        self.faults: tuple[Fault, ...] = ()
        self.text = ""
        self._join(foreign)

    def _join(self, foreign: set[int]) -> None:
        parts: list[str] = []
        faults: list[Fault] = []
        with warnings.catch_warnings():
            # what Python's compiler thinks of the user's escapes is no news here
            warnings.simplefilter("ignore")
            for cell in self._cells:
                source = cell.source.replace("\r\n", "\n").replace("\r", "\n")
                if cell.number in foreign:
                    text = self._hidden(source)
                else:
                    text, fault = self._python(cell.number, source)
                    if fault is not None:
                        faults.append(fault)
                parts += (self.separator, "\n", text, "\n")
        self.text = "".join(parts)
        self.faults = tuple(faults)

    # -- what IPython understands ------------------------------------------------------------------

    def _python(self, number: int, source: str) -> tuple[str, Fault | None]:
        """The cell as Python, its magics hidden; hidden as a whole if that is not Python either."""
        try:
            ast.parse(source)
            return source, None
        except SyntaxError:
            pass
        except (ValueError, RecursionError, MemoryError) as error:
            return self._hidden(source), _fault(number, error)
        masked = self._masked(source)
        try:
            ast.parse(masked)
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            return self._hidden(source), _fault(number, error)
        return masked, None

    def _hidden(self, text: str) -> str:
        """All lines as comments; what no comment may have in it is lost to sight."""
        clean = text.replace("\0", "?").encode("utf-8", "replace").decode()
        return "\n".join(self._as_comment(line) for line in clean.split("\n"))

    def _as_comment(self, line: str) -> str:
        return f"#{self._comment}{self._as_text(line)}" if line else ""

    def _as_text(self, line: str) -> str:
        # no "#", so that nobody finds a comment of Python's in it
        return line.replace("#", self._hash)

    def _masked(self, source: str) -> str:
        parts: list[str] = []
        at = 0
        magic = _CELL_MAGIC.match(source)
        if magic is not None:
            if magic[1] not in _PYTHON_CELLS:
                return self._hidden(source)
            begin = source.index("%%")
            line, at = _line(source, begin)
            parts += (source[:begin], self._as_comment(line), source[begin + len(line) : at])
        while at < len(source):
            line, after = _line(source, at)
            magic = _LINE_MAGIC.match(line)
            if magic is not None:
                # it may go over several lines
                begin, end = at + magic.end(), _logical_end(source, at + magic.end())
                if _parses(source[begin:end].strip()):
                    parts += (magic[1], self._lines[magic[2]], source[begin:end])
                    at = end
                    continue
            masked = self._masked_line(line)
            if masked is None:
                after = _logical_end(source, at)
                line = source[at:after].removesuffix("\n")
                asks = line.rstrip().endswith("?") and "#" not in line
                if "\n" not in line and (asks or (_BARE.fullmatch(line) and not _parses(line))):
                    masked = self._statement(line)
            if masked is None:
                parts.append(source[at:after])
                at = after
                continue
            parts += (masked, source[at + len(line) : after])
            while line.endswith("\\") and after < len(source):
                line, end = _line(source, after)
                parts += (self._as_comment(line), source[after + len(line) : end])
                after = end
            at = after
        return "".join(parts)

    def _masked_line(self, line: str) -> str | None:
        """The first line of a statement with its magic hidden; None if it has none."""
        if line.lstrip(" \t").startswith(_ESCAPES):
            return self._statement(line)
        assigned = _ASSIGNED.match(line)
        if assigned is not None:
            return assigned[1] + self._expression(line[assigned.end(1) :])
        return None

    def _statement(self, line: str) -> str:
        code = line.lstrip(" \t")
        return line[: len(line) - len(code)] + self._expression(code)

    def _expression(self, code: str) -> str:
        return f"{self._name}#{self._as_text(code)}"

    def shown(self, text: str) -> str:
        """``text``, or a part of it, as the user wrote it."""
        if not text.isascii():
            text = text.replace(f"#{self._comment}", "").replace(f"{self._name}#", "")
            text = text.replace(self._hash, "#")
            for magic, masked in self._lines.items():
                text = text.replace(masked, magic)
        return text

    def told(self, text: str) -> str:
        """A text about the notebook without the letters that only stand for something."""
        return self.shown(text).replace(self._name, "!command")

    # -- the way back ------------------------------------------------------------------------------

    def cells(self, text: str) -> list[str]:
        """The code cells of ``text``, as they stand in it. Raises SourceError if some are gone."""
        if not self._cells and not text:
            return []
        parts = f"\n{text}".split(f"\n{self.separator}\n")
        if parts[0] or len(parts) != len(self._cells) + 1 or not text.endswith("\n"):
            raise SourceError(KIND, "it would reach from one cell into another")
        return [*parts[1:-1], parts[-1].removesuffix("\n")]

    def encode(self, text: str) -> bytes:
        """The bytes of the notebook with the cells of ``text``. Raises SourceError."""
        parts: list[str] = []
        done = 0
        ascii_only = self._document.isascii() and bool(_BEYOND_ASCII.search(self._document))
        for cell, old, new in zip(
            self._cells, self.cells(self.text), self.cells(text), strict=True
        ):
            if old == new:
                continue
            if self._letters.findall(old) != self._letters.findall(new):
                raise SourceError(KIND, f"it would change a magic of cell {cell.number}")
            source = with_own_newlines(cell.source, self.shown(new))
            raw = self._document[cell.begin : cell.end]
            parts += (
                self._document[done : cell.begin],
                _spliced_source(raw, cell.source, source, ascii_only),
            )
            done = cell.end
        parts.append(self._document[done:])
        data = "".join(parts).encode()
        return UTF8_BOM + data if self._bom else data


def read(path: str, data: bytes) -> SourceFile:
    """The notebook ``data`` as the source file shown as ``path``. Raises SourceError.

    One in another language than Python has no cells.
    """
    bom = data.startswith(UTF8_BOM)
    try:
        document = data[len(UTF8_BOM) if bom else 0 :].decode()
    except UnicodeDecodeError as error:
        raise SourceError(
            "encoding-error",
            f"byte 0x{data[error.start]:02x} at offset {error.start} is not valid UTF-8, as a "
            "notebook must be; save it again in Jupyter",
        ) from None
    cells, foreign = _code_cells(document)
    if sum(len(cell.source) for cell in cells) > MAX_BYTES:
        raise too_large(sum(len(cell.source) for cell in cells))
    notebook = Notebook(document, bom, cells, foreign)
    text = notebook.text
    return SourceFile(path, text, data, "utf-8", bom, "\n", text, None, notebook)


def retold(source: SourceFile, text: str) -> str:
    """A text about a notebook with the lines it names told by cell.

    Whoever makes such a text knows the lines of the cells joined, which the user never sees.
    """

    def by_cell(match: re.Match[str]) -> str:
        line = int(match[2])
        cell = source.cell(line) if match[1] is None else None  # else it is told already
        return f"cell {cell.number}, line {cell.line(line)}" if cell else match[0]

    told = _LINE_NAMED.sub(by_cell, text)
    return source.notebook.told(told) if source.notebook is not None else told


def _fault(number: int, error: BaseException) -> Fault:
    if isinstance(error, SyntaxError):
        return Fault(number, error.lineno, error.msg or "invalid syntax")
    if isinstance(error, (RecursionError, MemoryError)):
        return Fault(number, None, "nested too deeply to be read")
    return Fault(number, None, "it has characters that Python code can't have")


def _parses(code: str) -> bool:
    try:
        ast.parse(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def _line(text: str, at: int) -> tuple[str, int]:
    """The line that begins at ``at``, and where the next one does."""
    end = text.find("\n", at)
    return (text[at:], len(text)) if end < 0 else (text[at:end], end + 1)


def _logical_end(text: str, at: int) -> int:
    """Where the next logical line begins: behind brackets, strings and backslashes."""
    depth = 0
    while match := _TOKEN.search(text, at):
        token, at = match[0], match.end()
        if token == "\n":
            if depth <= 0:
                return at
        elif token in _STRING_ENDS:
            end = _STRING_ENDS[token].match(text, at)
            if end is not None:
                at = end.end()
            elif len(token) == 3:
                return len(text)
        elif token in "([{":
            depth += 1
        elif token in ")]}":
            depth -= 1
    return len(text)


# --- the document -----------------------------------------------------------------------------


class _Reader:
    """Walks through JSON and tells where each value stands, which ``json`` does not."""

    def __init__(self, text: str, at: int = 0) -> None:
        self.text = text
        self.at = at
        self._decoder = json.JSONDecoder()
        self.skip()

    def skip(self) -> str:
        """Go on to the next character that is no space; what it is."""
        match = _SPACE.match(self.text, self.at)
        assert match is not None  # it may be empty
        self.at = match.end()
        return self.text[self.at : self.at + 1]

    def value(self) -> Any:
        """The value that begins here; go on behind it."""
        value, self.at = self._decoder.raw_decode(self.text, self.at)
        return value

    def members(self) -> Iterator[str]:
        """The keys of the object that begins here, each once its value is next to be read."""
        for _ in self._parts("{", "}"):
            if self.text[self.at] != '"':
                self.fail("Expecting property name enclosed in double quotes")
            key: str = self.value()
            if self.skip() != ":":
                self.fail("Expecting ':' delimiter")
            self.at += 1
            self.skip()
            yield key

    def items(self) -> Iterator[None]:
        """Comes back for each item of the array that begins here, once it is next to be read."""
        return self._parts("[", "]")

    def _parts(self, first: str, last: str) -> Iterator[None]:
        if self.text[self.at : self.at + 1] != first:
            self.fail(f"Expecting '{first}'")
        self.at += 1
        if self.skip() == last:
            self.at += 1
            return
        while True:
            if self.at == len(self.text):
                self.fail("Expecting value")
            yield
            char = self.skip()
            self.at += 1
            if char == last:
                return
            if char != ",":
                self.at -= 1
                self.fail("Expecting ',' delimiter")
            self.skip()

    def fail(self, message: str) -> NoReturn:
        raise json.JSONDecodeError(message, self.text, self.at)


def _code_cells(document: str) -> tuple[list[_Cell], set[int]]:
    """The code cells, and the numbers of those in another language; none if all of it is in one."""
    cells: list[_Cell] = []
    languages: dict[int, str] = {}  # of the cells, where they tell
    top: dict[str, Any] = {}
    reader = _Reader(document)
    try:
        for key in reader.members():
            if key != "cells":
                top[key] = reader.value()
                continue
            top[key] = None
            for number, _ in enumerate(reader.items(), 1):
                cell, language = _cell(reader, number)
                if cell is not None:
                    cells.append(cell)
                    languages[number] = language
        if reader.skip():
            reader.fail("Extra data")
    except json.JSONDecodeError as error:
        raise SourceError(
            KIND,
            f"not valid JSON, as a notebook must be ({error.msg} in line {error.lineno}, column "
            f"{error.colno}); restore it, or exclude it (extend-exclude)",
        ) from None
    except RecursionError:
        advice = "exclude it (extend-exclude)"
        raise SourceError("too-deep", f"nested too deeply to be read; {advice}") from None
    version = top.get("nbformat")
    if isinstance(version, int) and version != 4:
        raise SourceError(
            KIND,
            f"a notebook of format {version}, and only format 4 is read; "
            "convert it (jupyter nbconvert --to notebook --inplace)",
        )
    if "cells" not in top or version is None:
        what = "cells" if "cells" not in top else "nbformat"
        raise SourceError(KIND, f"no notebook: it has no {what}; exclude it (extend-exclude)")
    usual = "" if _is_foreign(top.get("metadata")) else "python"
    foreign = {number for number, told in languages.items() if (told or usual) != "python"}
    return (cells, foreign) if len(foreign) < len(cells) else ([], set())


def _cell(reader: _Reader, number: int) -> tuple[_Cell | None, str]:
    """The cell that begins here, None if it is no code; and its language, where it tells one."""
    kind, source, metadata = None, None, None
    begin = end = 0
    for key in reader.members():
        start = reader.at
        value = reader.value()
        if key == "cell_type":
            kind = value
        elif key == "metadata":
            metadata = value
        elif key == "source":
            source, begin, end = value, start, reader.at
    if kind != "code":
        return None, ""
    if isinstance(source, list) and all(isinstance(line, str) for line in source):
        source = "".join(source)
    if not isinstance(source, str):
        raise SourceError(KIND, f"cell {number} has no source; open and save it in Jupyter")
    # as Visual Studio Code writes it
    return _Cell(number, source, begin, end), _inside(metadata, "vscode", "languageId")


def _is_foreign(metadata: object) -> bool:
    """Whether a notebook says that its language is another one than Python."""
    for key, name in (("language_info", "name"), ("kernelspec", "language")):
        language = _inside(metadata, key, name)
        if language:
            return "python" not in language.lower()
    kernel = _inside(metadata, "kernelspec", "name")
    return kernel == "ir" or kernel.startswith("julia")


def _inside(value: object, *keys: str) -> str:
    """The string at the end of a way through dictionaries, "" if there is none."""
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value if isinstance(value, str) else ""


# --- back into the document -------------------------------------------------------------------


def _spliced_source(raw: str, old: str, new: str, ascii_only: bool) -> str:
    """``raw``, the source of a cell as JSON, with ``new`` in place of ``old``.

    Lines that are in both stay as they are written.
    """
    if raw.startswith('"'):
        return _spliced_string(raw, old, new, ascii_only)
    reader = _Reader(raw)
    places: list[tuple[int, int]] = []
    values: list[str] = []
    for _ in reader.items():
        begin = reader.at
        values.append(reader.value())
        places.append((begin, reader.at))
    by_python = values == old.splitlines(keepends=True)
    lines = new.splitlines(keepends=True) if by_python else _ONE_LINE.findall(new)
    if not values or not lines:
        return "[" + ", ".join(json.dumps(line, ensure_ascii=ascii_only) for line in lines) + "]"
    head = _alike(values, lines)
    most = min(len(values), len(lines)) - head
    tail = min(_alike(values[::-1], lines[::-1]), most)
    was, now = values[head : len(values) - tail], lines[head : len(lines) - tail]
    same = same_lines(was, now)
    literals: list[str] = []
    for index, line in enumerate(now):
        if index in same:
            begin, end = places[head + same[index]]
            literals.append(_spliced_string(raw[begin:end], was[same[index]], line, ascii_only))
        else:
            literals.append(json.dumps(line, ensure_ascii=ascii_only))
    several = len(values) > 1
    joint = raw[places[0][1] : places[1][0]] if several else "," + raw[1 : places[0][0]]
    first, last = head, len(values) - tail  # what goes is between them
    if not literals:
        # one of the joints around it goes as well
        before = raw[: places[first - 1][1] if first else places[0][0]]
        return before + raw[places[last - 1][1] if first or not tail else places[last][0] :]
    before = raw[: places[first][0]] if first < len(values) else raw[: places[-1][1]] + joint
    after = raw[places[last - 1][1] :] if last else joint + raw[places[0][0] :]
    return before + joint.join(literals) + after


def _spliced_string(raw: str, old: str, new: str, ascii_only: bool) -> str:
    """A JSON string with what begins and ends alike in ``old`` and ``new`` as it is written."""
    if old == new:
        return raw
    written = _CHARACTER.findall(raw[1:-1])
    if len(written) != len(old):  # a lone surrogate or the like
        return json.dumps(new, ensure_ascii=ascii_only)
    head = _alike(old, new)
    tail = min(_alike(old[::-1], new[::-1]), min(len(old), len(new)) - head)
    middle = json.dumps(new[head : len(new) - tail], ensure_ascii=ascii_only)[1:-1]
    return f'"{"".join(written[:head])}{middle}{"".join(written[len(written) - tail :])}"'


def _alike(one: Sequence[str], other: Sequence[str]) -> int:
    """How many members two sequences have in common in front."""
    count = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        count += 1
    return count
