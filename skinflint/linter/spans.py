"""Where something stands in the source: spans, and the labelled steps of a trail."""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple


class Span(NamedTuple):
    """A stretch of one file.

    ``line`` and ``column`` are 1-based and count characters, not bytes; the end is exclusive. In a
    notebook the lines are those of the code cells joined (see ``source.py``).
    """

    path: str
    line: int
    column: int
    end_line: int
    end_column: int

    @property
    def start(self) -> tuple[int, int]:
        """``(line, column)`` of the first character."""
        return (self.line, self.column)

    @property
    def end(self) -> tuple[int, int]:
        """``(line, column)`` just behind the last character."""
        return (self.end_line, self.end_column)

    def contains(self, other: Span) -> bool:
        """Whether ``other`` lies within this span of the same file."""
        return self.path == other.path and self.start <= other.start and other.end <= self.end


class Cell(NamedTuple):
    """A code cell of a notebook: its number, and its first and last line in the cells joined."""

    number: int
    first: int
    last: int

    def line(self, line: int) -> int:
        """The line of the cell, counted from 1, for one of the cells joined."""
        return max(line - self.first + 1, 1)


class Role(Enum):
    """What a step of a trail stands for; the values are those of the JSON report."""

    SOURCE = "source"
    STEP = "step"
    SINK = "sink"
    BREAKPOINT = "breakpoint"

    __hash__ = object.__hash__  # of every key and frame that is looked up


class Step(NamedTuple):
    """One station of a trail: from where a change is born to the breakpoint it kills."""

    role: Role
    span: Span
    label: str
