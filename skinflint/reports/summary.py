"""The one line that says how it went."""

from __future__ import annotations

from typing import TYPE_CHECKING

from skinflint.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Sequence

    from skinflint.linter.findings import Finding


@dataclass(frozen=True)
class Tally:
    """What the line is made of."""

    files: int
    requests: int
    problems: int
    suppressed: int = 0  # by comments
    ignored: int = 0  # by per-file-ignores
    fixed: int = 0  # by --fix, or in the text that --diff compares with
    would: bool = False  # --diff: nothing was written


def count(number: int, noun: str) -> str:
    """``1 file``, ``2 files``."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def fixable(findings: Sequence[Finding]) -> tuple[int, int]:
    """How many findings ``--fix`` may mend, and how many more ``--unsafe-fixes`` does."""
    safe = unsafe = 0
    for finding in findings:
        if finding.fix is None or finding.fix.applicability.value == "display":
            continue
        kind = finding.fix.applicability.value
        if kind == "safe" or (kind == "price" and finding.fix.reuse_proven):
            safe += 1
        else:
            unsafe += 1
    return safe, unsafe


def line(findings: Sequence[Finding], tally: Tally) -> str:
    """The summary, without a newline."""
    hidden = _hidden(tally)
    files, found = count(tally.files, "file"), len(findings)
    if tally.problems and not found and not tally.fixed:
        errors = count(tally.problems, "error")
        return f"Found no findings, but {errors}: not everything was checked{hidden}."
    if not found and not tally.fixed:
        if not tally.requests:
            return f"No Claude requests in {files}{hidden}."
        return f"All clean: {files}, {count(tally.requests, 'request')}{hidden}."
    errors = f"; {count(tally.problems, 'error')}" if tally.problems else ""
    if tally.fixed:
        how = f"{tally.fixed} {'would be ' if tally.would else ''}fixed, {found} left"
        return f"Found {count(tally.fixed + found, 'finding')} ({how}){errors}{hidden}."
    safe, unsafe = fixable(findings)
    offers = []
    if safe:
        offers.append(f"{safe} fixable with --fix")
    if unsafe:
        offers.append(f"{unsafe} {'more ' if safe else 'fixable '}with --unsafe-fixes")
    offered = f" ({', '.join(offers)})" if offers else ""
    return f"Found {count(found, 'finding')}{offered}{errors}{hidden}."


def unseen(requests: int, unknown: int, first: str) -> str:
    """What could not be seen, and how to ask why, without a newline; "" where all could."""
    if not unknown:
        return ""
    place = f" {first}" if first else ""
    said = f"{count(requests, 'request')}, {unknown} with parts unknown"
    return f"{said}: skinflint requests --explain{place}"


def _hidden(tally: Tally) -> str:
    parts = []
    if tally.suppressed:
        parts.append(f"{tally.suppressed} hidden by suppressions")
    if tally.ignored:
        parts.append(f"{tally.ignored} hidden by per-file-ignores")
    return "".join(f"; {part}" for part in parts)
