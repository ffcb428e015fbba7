"""Patterns as ``.gitignore`` writes them, matched against one entry of a directory at a time.

As in git, the last pattern of a list that matches an entry itself decides about that entry; what is
below an ignored directory is ignored because nobody walks into it. ``pathspec`` can't be asked for
this: it answers for whole paths at once, so that ``!keep/`` brings back the files in ``keep`` and
``a/**`` hides ``a`` itself from a walk, which git sees otherwise. It also takes some hundred times
as long as what is done here, where most entries cost one dictionary look-up. A test holds this
module against git.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from functools import cached_property
from typing import Final, NamedTuple

_WILD: Final = frozenset("*?[\\")

# git's own sets, ASCII only
_POSIX: Final = {
    "alnum": "0-9A-Za-z",
    "alpha": "A-Za-z",
    "blank": " \t",
    "cntrl": "\x00-\x1f\x7f",
    "digit": "0-9",
    "graph": "!-~",
    "lower": "a-z",
    "print": " -~",
    "punct": "!-/:-@\\[-`{-~",
    "space": " \t-\r",
    "upper": "A-Z",
    "xdigit": "0-9A-Fa-f",
}


class _Pattern(NamedTuple):
    order: int
    body: str  # without "!", the leading and the trailing slash
    ignored: bool  # False for "!"
    directories: bool  # matches directories only
    anchored: bool  # matches the path from the list's directory, else the name alone

    def regex(self) -> str:
        return translate(self.body)


class Patterns:
    """A list of patterns that all belong to one directory.

    Every method takes the path relative to that directory, with "/" and without a trailing slash.
    """

    def __init__(self, lines: Iterable[str]) -> None:
        self._literal: dict[str, list[_Pattern]] = {}  # by the last part of the body
        self._suffix: list[_Pattern] = []  # "*" and literal characters, such as "*.log"
        self._name: list[_Pattern] = []  # other wildcards in a name
        self._path: list[_Pattern] = []  # wildcards in a path
        for order, line in enumerate(lines):
            pattern = _parsed(order, line)
            if pattern is None:
                continue
            if _WILD.isdisjoint(pattern.body):
                self._literal.setdefault(pattern.body.rpartition("/")[2], []).append(pattern)
            elif pattern.anchored:
                self._path.append(pattern)
            elif pattern.body[0] == "*" and _WILD.isdisjoint(pattern.body[1:]):
                self._suffix.append(pattern)
            else:
                self._name.append(pattern)
        self._suffixes = tuple(pattern.body[1:] for pattern in self._suffix)

    @classmethod
    def of(cls, data: bytes) -> Patterns:
        """Those of a file like ``.gitignore``."""
        lines = os.fsdecode(data.removeprefix(b"\xef\xbb\xbf")).split("\n")
        return cls(line.removesuffix("\r") for line in lines)

    def __bool__(self) -> bool:
        return bool(self._literal or self._suffix or self._name or self._path)

    def decide(self, path: str, name: str, is_directory: bool) -> bool | None:
        """Whether this very entry is ignored; None if no pattern speaks of it.

        ``name`` is the last part of ``path``.
        """
        best: _Pattern | None = None
        if name in self._literal:
            for pattern in self._literal[name]:
                if (is_directory or not pattern.directories) and (
                    not pattern.anchored or pattern.body == path
                ):
                    best = pattern
        # one test tells for nearly every entry that no pattern of the kind matches
        if self._suffixes and name.endswith(self._suffixes):
            for pattern in self._suffix:
                if (is_directory or not pattern.directories) and name.endswith(pattern.body[1:]):
                    best = _later(best, pattern)
        if self._name and self._any_name.fullmatch(name):
            best = _last_match(best, self._name, name, is_directory)
        if self._path and self._any_path.fullmatch(path):
            best = _last_match(best, self._path, path, is_directory)
        return None if best is None else best.ignored

    def covers(self, path: str) -> bool:
        """Whether the file at ``path`` is ignored, itself or with a directory above it."""
        end = path.find("/")
        while end >= 0:
            directory = path[:end]
            if self.decide(directory, directory.rpartition("/")[2], True):
                return True
            end = path.find("/", end + 1)
        return bool(path) and self.decide(path, path.rpartition("/")[2], False) is True

    @cached_property
    def _any_name(self) -> re.Pattern[str]:
        return _any_of(self._name)

    @cached_property
    def _any_path(self) -> re.Pattern[str]:
        return _any_of(self._path)


def translate(body: str) -> str:
    """The regular expression, for ``fullmatch``, of a pattern without its leading slash.

    A pattern that git takes for broken (a class that isn't closed, a backslash at the end) gives an
    expression that matches nothing.
    """
    parts: list[str] = []
    i, size = 0, len(body)
    plain = next((place for place, char in enumerate(body) if char in _WILD), size)
    while i < size:
        char = body[i]
        if char == "*":
            start = i
            while i < size and body[i] == "*":
                i += 1
            # git compares what is written out first by itself, and begins anew behind it
            whole = i - start > 1 and (start == plain or body[start - 1] == "/")
            if whole and i == size:
                parts.append(".*")
            elif whole and body[i] == "/":
                parts.append("(?:.*/)?")
                i += 1
            else:
                parts.append("[^/]*")
        elif char == "?":
            parts.append("[^/]")
            i += 1
        elif char == "[":
            found = _class(body, i + 1)
            if found is None:
                return "(?!)"
            part, i = found
            parts.append(part)
        elif char == "\\":
            if i + 1 == size:
                return "(?!)"
            parts.append(re.escape(body[i + 1]))
            i += 2
        else:
            parts.append(re.escape(char))
            i += 1
    return "".join(parts)


def _class(body: str, i: int) -> tuple[str, int] | None:
    """The expression for the class that starts behind "[" at ``i``, and where it ends."""
    negated = i < len(body) and body[i] in "!^"
    if negated:
        i += 1
    first, sets = i, ""
    while i < len(body):
        char = body[i]
        if char == "]" and i > first:
            if negated:
                return f"[^/{sets}]", i + 1
            return (f"(?!/)[{sets}]" if sets else "(?!)"), i + 1
        if char == "[" and body.startswith("[:", i):
            end = body.find("]", i + 2)
            if end < 0:
                return None
            if body[end - 1] == ":" and end - 1 >= i + 2:
                known = _POSIX.get(body[i + 2 : end - 1])
                if known is None:
                    return None
                sets += known
                i = end + 1
                continue
        if char == "\\":
            i += 1
            if i == len(body):
                return None
            char = body[i]
        i += 1
        if i + 1 < len(body) and body[i] == "-" and body[i + 1] != "]":
            high = body[i + 1]
            i += 2
            if high == "\\":
                if i == len(body):
                    return None
                high = body[i]
                i += 1
            if char <= high:
                sets += f"{re.escape(char)}-{re.escape(high)}"
                continue
            # of a reversed range git takes the first character
        sets += re.escape(char)
    return None


def _parsed(order: int, line: str) -> _Pattern | None:
    """The pattern of one line, None for a comment or an empty line."""
    if line.startswith("#"):
        return None
    stripped = line.rstrip(" ")
    if len(stripped) < len(line):  # an escaped space stays
        slashes = len(stripped) - len(stripped.rstrip("\\"))
        if slashes % 2:
            stripped += " "
    ignored = not stripped.startswith("!")
    body = stripped if ignored else stripped[1:]
    directories = body.endswith("/")
    if directories:
        body = body[:-1]
    anchored = "/" in body
    body = body.removeprefix("/")
    return _Pattern(order, body, ignored, directories, anchored) if body else None


def _any_of(patterns: list[_Pattern]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern.regex()})" for pattern in patterns), re.DOTALL)


def _last_match(
    best: _Pattern | None, patterns: list[_Pattern], text: str, is_directory: bool
) -> _Pattern | None:
    for pattern in reversed(patterns):
        if best is not None and pattern.order < best.order:
            break
        if (is_directory or not pattern.directories) and re.fullmatch(
            pattern.regex(), text, re.DOTALL
        ):
            return pattern
    return best


def _later(best: _Pattern | None, pattern: _Pattern) -> _Pattern:
    return pattern if best is None or pattern.order > best.order else best
