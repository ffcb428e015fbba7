"""What keeps skinflint from doing its job; apart from findings, as a clean run needs only these."""

from __future__ import annotations

from skinflint.records import dataclass


@dataclass(frozen=True)
class Problem:
    """Something that kept skinflint from doing its job on one path; leads to exit 2.

    ``message`` is one line: what is wrong, and what to do. ``kind`` is one of docs/json.md:
    "syntax-error", "too-deep", "internal-error", "encoding-error", "too-large", "unreadable",
    "missing-path", "not-python", "no-python", "config-error", "unknown-rule", "no-rules",
    "broken-notebook", "not-written". In a notebook ``line`` is one of ``cell``.
    """

    path: str
    kind: str
    message: str
    line: int | None = None
    cell: int | None = None
