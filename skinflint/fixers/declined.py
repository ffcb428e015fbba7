"""Why a fix can't be turned into edits."""

from __future__ import annotations


class Declined(Exception):
    """A fix that isn't made. ``reason`` is one clause, for people: it follows "not fixed: "."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
