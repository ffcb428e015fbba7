"""Strings as written: where each literal run and each field of an f-string stands.

The positions that ``ast`` gives for f-strings differ between Python versions and do not tell the
pieces of implicitly joined literals apart; a fix needs them exactly.
"""

from __future__ import annotations

import ast
from typing import NamedTuple

from skinflint.linter.source import SourceFile
from skinflint.linter.spans import Span

_OPEN = {"(": ")", "[": "]", "{": "}"}


class Piece(NamedTuple):
    """One literal run or one ``{field}`` of a string literal.

    ``span`` covers the run without quotes, or the field with its braces. ``expression`` is the
    expression inside a field (equal to ``span`` for a run); ``text`` the run's value, ``raw`` says
    that no escapes are in force.
    """

    span: Span
    field: bool
    expression: Span
    text: str
    raw: bool = False


def pieces_of(source: SourceFile, span: Span) -> list[Piece]:
    """The pieces of the string literals that ``span`` covers; empty when they can't be told.

    ``span`` is that of an ``ast.JoinedStr`` or of a str ``ast.Constant``.
    """
    scanner = _Scanner(source, span)
    try:
        scanner.literals()
    except (_Lost, SyntaxError, ValueError):
        return []
    return scanner.pieces


class _Lost(Exception):
    """The text is not what the scanner expects."""


class _Scanner:
    def __init__(self, source: SourceFile, span: Span) -> None:
        self.path = source.path
        self.text = source.slice(span)
        self.start = span.start
        self.pieces: list[Piece] = []
        self._breaks = [i for i, char in enumerate(self.text) if char == "\n"]

    def at(self, offset: int) -> tuple[int, int]:
        """``(line, column)`` of an offset into the slice."""
        from bisect import bisect_left

        line = bisect_left(self._breaks, offset)
        if line == 0:
            return self.start[0], self.start[1] + offset
        return self.start[0] + line, offset - self._breaks[line - 1]

    def span(self, start: int, end: int) -> Span:
        return Span(self.path, *self.at(start), *self.at(end))

    def literals(self) -> None:
        text, index = self.text, 0
        while index < len(text):
            char = text[index]
            if char in " \t\f\n\\()":
                index += 1
            elif char == "#":
                end = text.find("\n", index)
                index = len(text) if end < 0 else end
            else:
                index = self.literal(index)

    def literal(self, index: int) -> int:
        text = self.text
        begin = index
        while index < len(text) and text[index] not in "'\"":
            index += 1
        prefix = text[begin:index].lower()
        if not set(prefix) <= set("rfbu") or index >= len(text):
            raise _Lost
        quote = text[index]
        if text.startswith(quote * 3, index):
            quote *= 3
        index += len(quote)
        raw = "r" in prefix
        formatted = "f" in prefix
        run = index
        while True:
            if index >= len(text):
                raise _Lost
            if text.startswith(quote, index):
                self.run(run, index, raw, formatted, quote)
                return index + len(quote)
            char = text[index]
            if char == "\\" and (not formatted or not raw):
                if formatted and text.startswith("N{", index + 1) and not raw:
                    index = text.index("}", index) + 1
                    continue
                index += 2
            elif _pair(text, index, raw, formatted):
                index += 2
            elif formatted and char == "{":
                self.run(run, index, raw, formatted, quote)
                end, expression_end = self.field(index)
                first = index + 1
                while text[first] in " \t\n":
                    first += 1
                last = expression_end
                while last > first and text[last - 1] in " \t\n":
                    last -= 1
                self.pieces.append(
                    Piece(self.span(index, end), True, self.span(first, last), "", raw)
                )
                index = run = end
            else:
                index += 1

    def run(self, start: int, end: int, raw: bool, formatted: bool, quote: str) -> None:
        if start == end:
            return
        written = self.text[start:end]
        # a raw literal means what it says, also where a run ends in a lone backslash
        plain = raw or ("\\" not in written and "\r" not in written)
        value = written if plain else ast.literal_eval(f"{quote}{written}{quote}")
        if formatted:
            value = value.replace("{{", "{").replace("}}", "}")
        span = self.span(start, end)
        self.pieces.append(Piece(span, False, span, value, raw))

    def field(self, index: int) -> tuple[int, int]:
        """Ends of the field that opens at ``index``, and of the expression in it."""
        text = self.text
        depth: list[str] = []
        expression_end = -1
        index += 1
        while index < len(text):
            char = text[index]
            if expression_end < 0 and char in "'\"":
                index = self._skip_string(index)
                continue
            if char in _OPEN:
                depth.append(_OPEN[char])
            elif depth and char == depth[-1]:
                depth.pop()
            elif not depth and char == "}":
                return index + 1, expression_end if expression_end >= 0 else index
            elif (
                not depth
                and expression_end < 0
                and (
                    char == ":"
                    or (char == "!" and not text.startswith("!=", index))
                    or (char == "=" and text[index + 1 : index + 2] in ("}", ":", "!"))
                )
            ):
                expression_end = index
            index += 1
        raise _Lost

    def _skip_string(self, index: int) -> int:
        text = self.text
        quote = text[index]
        if text.startswith(quote * 3, index):
            quote *= 3
        end = index + len(quote)
        while not text.startswith(quote, end):
            if end >= len(text):
                raise _Lost
            end += 2 if text[end] == "\\" else 1
        return end + len(quote)


def _pair(text: str, index: int, raw: bool, formatted: bool) -> bool:
    """Whether two characters stand for one: an escaped quote of a raw literal, a doubled brace."""
    two = text[index : index + 2]
    return (raw and two in ("\\'", '\\"', "\\\\")) or (formatted and two in ("{{", "}}"))
