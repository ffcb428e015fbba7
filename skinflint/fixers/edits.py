"""Edits of a text: their order, their conflicts, their application, and the diff they make."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

from skinflint.linter.findings import Edit
from skinflint.linter.source import SourceFile


class Overlap(Exception):
    """Two edits touch the same characters, or insert at the same place."""


def ordered(edits: Iterable[Edit]) -> tuple[Edit, ...]:
    """The edits sorted by place, identical ones once. Raises Overlap."""
    unique = sorted(set(edits), key=lambda e: (e.span.path, e.span.start, e.span.end, e.text))
    for first, second in pairwise(unique):
        if first.span.path != second.span.path:
            continue
        if second.span.start < first.span.end or second.span == first.span:
            raise Overlap(f"line {second.span.line}")
    return tuple(unique)


def clash(some: Sequence[Edit], others: Sequence[Edit]) -> bool:
    """Whether two fixes must not be made in one go: they overlap or touch at the same site.

    An edit that both make is no clash.
    """
    for one in some:
        for other in others:
            if one == other or one.span.path != other.span.path:
                continue
            if one.span.start <= other.span.end and other.span.start <= one.span.end:
                return True
    return False


def applied(source: SourceFile, edits: Iterable[Edit]) -> str:
    """The text of ``source`` after those of ``edits`` that are about it. Raises Overlap."""
    parts: list[str] = []
    done = 0
    for edit in ordered(e for e in edits if e.span.path == source.path):
        start = source.offset(*edit.span.start)
        parts += (source.text[done:start], edit.text)
        done = source.offset(*edit.span.end)
    parts.append(source.text[done:])
    return "".join(parts)


def paths(edits: Iterable[Edit]) -> tuple[str, ...]:
    """The files the edits are about, sorted."""
    return tuple(sorted({edit.span.path for edit in edits}))


def shown_diff(source: SourceFile, after: str) -> str:
    """The change of ``source`` to ``after`` as its user reads it: of a notebook cell by cell."""
    notebook = source.notebook
    if notebook is None:
        return unified_diff(source.path, source.text, after)
    cells = zip(notebook.numbers, notebook.cells(source.text), notebook.cells(after), strict=True)
    return "".join(
        unified_diff(
            f"{source.path}:cell {number}",
            f"{notebook.shown(old)}\n",
            f"{notebook.shown(new)}\n",
        )
        for number, old, new in cells
        if old != new
    )


def unified_diff(path: str, before: str, after: str) -> str:
    """The change of one file as a unified diff; "" where nothing changes."""
    from difflib import unified_diff as diff

    lines = diff(_lines(before), _lines(after), path, path)
    return "".join(
        line if line.endswith("\n") else line + "\n\\ No newline at end of file\n" for line in lines
    )


def _lines(text: str) -> list[str]:
    # str.splitlines would also split at form feeds and U+2028, which end no line of Python
    lines = [line + "\n" for line in text.split("\n")]
    lines[-1] = lines[-1][:-1]
    return lines if lines[-1] else lines[:-1]
