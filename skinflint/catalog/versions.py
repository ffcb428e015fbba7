"""Ranges of versions, as packaging tools write them: ``2.12.0``, ``>=1.0,<3``, ``^0.39``.

Only what a range allows at least and at most is kept: ``!=`` takes nothing away, alternatives
become the range around them, and a pre-release counts as its release. Whoever asks must be able to
live with a range that is too wide.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

_CLAUSE: Final = re.compile(
    r"\s*,?\s*(===|==|~=|!=|<=|>=|<|>|\^|~|=)?\s*"
    r"(?:(\*)|(?:\d{1,9}!)?v?(\d{1,9}(?:\.\d{1,9}){0,9})(\.[*x])?[\w.+-]*)",
    re.I,
)

#: A release as numbers; at least three of them, so that 2.0 and 2.0.0 are the same.
Key = tuple[int, ...]


class Versions(NamedTuple):
    """All releases from ``low`` on, up to but without ``high`` (None: no end)."""

    low: Key = ()
    high: Key | None = None

    @property
    def exact(self) -> bool:
        """Whether this is one release."""
        return bool(self.low) and self.high == after(self.low)

    def around(self, other: Versions) -> Versions:
        """The least range that holds both."""
        ends = (self.high, other.high)
        high = None if None in ends else max(end for end in ends if end is not None)
        return Versions(min(self.low, other.low), high)

    def meets(self, other: Versions) -> bool:
        """Whether some release is in both."""
        return (other.high is None or self.low < other.high) and (
            self.high is None or other.low < self.high
        )


def key(version: str) -> Key:
    """A plain release number such as ``2.12.0`` as numbers that compare."""
    return _padded([int(part) for part in version.split(".")])


def after(release: Key) -> Key:
    """What stands right behind a release: greater than it, less than any other that is."""
    return (*release, 0)


def parse(written: str) -> Versions | None:
    """What a range allows (nothing written: everything); None if it can't be understood."""
    found: Versions | None = None
    for alternative in re.split(r"\|\|?", written):
        one = _all_of(alternative)
        if one is None:
            return None
        found = one if found is None else found.around(one)
    return found


def _all_of(written: str) -> Versions | None:
    low: Key = ()
    high: Key | None = None
    at = 0
    written = written.strip()
    while at < len(written):
        match = _CLAUSE.match(written, at)
        if match is None:
            return None
        at = match.end()
        operator, anything, numbers, wild = match.groups()
        if anything:
            continue
        parts = [int(part) for part in numbers.split(".")]
        least, end = _clause(operator or "==", parts, bool(wild))
        low = max(low, least)
        high = end if high is None else high if end is None else min(high, end)
    return Versions(low, high)


def _clause(operator: str, parts: list[int], wild: bool) -> tuple[Key, Key | None]:
    """The first release that a clause allows, and what it ends in front of."""
    this = _padded(parts)
    if operator == "!=":
        return (), None
    if operator == ">=":
        return this, None
    if operator == ">":
        return after(this), None
    if operator == "<":
        return (), this
    if operator == "<=":
        return (), after(this)
    if operator == "^":
        # the first number that is not zero may not change
        fixed = next((i for i, part in enumerate(parts) if part), len(parts) - 1)
        return this, _next(parts[: fixed + 1])
    if operator == "~":
        return this, _next(parts[:2])
    if operator == "~=":
        return this, _next(parts[:-1] or parts)
    return this, _next(parts) if wild else after(this)


def _next(parts: list[int]) -> Key:
    return _padded([*parts[:-1], parts[-1] + 1])


def _padded(parts: list[int]) -> Key:
    while len(parts) > 3 and not parts[-1]:
        parts = parts[:-1]
    return tuple([*parts, 0, 0][: max(len(parts), 3)])
