"""How often each rule reports."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from skinflint.linter.findings import Finding


def render(findings: Sequence[Finding]) -> str:
    """A line per rule, the most frequent first: count, id, name and how many have a fix."""
    counts: dict[tuple[str, str], list[int]] = {}
    for finding in findings:
        count = counts.setdefault((finding.rule.id, finding.rule.name), [0, 0])
        count[0] += 1
        count[1] += finding.fix is not None
    if not counts:
        return ""
    digits = max(len(str(all_)) for all_, _ in counts.values())
    longest = max(len(name) for _, name in counts)
    lines = []
    for (id_, name), (all_, fixes) in sorted(counts.items(), key=lambda c: (-c[1][0], c[0])):
        fixable = f"{fixes} with a fix" if fixes else ""
        lines.append(f"{all_:{digits}}  {id_}  {name:{longest}}  {fixable}".rstrip() + "\n")
    return "".join(lines)
