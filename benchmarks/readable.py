"""A finding as somebody reads it who has to say whether it is right."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from checked import Checked

from skinflint.linter.findings import Finding
from skinflint.linter.source import SourceError
from skinflint.linter.spans import Span

COLUMNS = (
    "source",
    "path",
    "line",
    "rule",
    "verdict",
    "reader",
    "reason",
    "defect",
    "confidence",
    "message",
)


@dataclass(frozen=True)
class Reading:
    """A finding of one source."""

    source: str
    finding: Finding

    @property
    def key(self) -> tuple[str, str, int, str]:
        """What a verdict is found again by."""
        span = self.finding.primary
        return (self.source, span.path, span.line, self.finding.rule.id)


def tell(reading: Reading, checked: Checked) -> str:
    """The finding, the code around it, its trail, and each request that it hurts."""
    finding, span = reading.finding, reading.finding.primary
    rule = finding.rule
    lines = [
        "=" * 100,
        f"{reading.source} {span.path}:{span.line} {rule.id} {rule.name}"
        f" [{rule.tier.value}, {finding.confidence.name.lower()}]",
        finding.message,
    ]
    lines += [f"pair: {finding.pair}"] if finding.pair else []
    lines += [f"cost: {finding.cost.ratio:.2f}x, {finding.cost.assumption}"] if finding.cost else []
    lines += [f"fix: {finding.fix.title}"] if finding.fix else []
    lines += [f"no fix: {finding.no_fix}"] if finding.no_fix else []
    lines += code(span, checked, 12, 12)
    shown = {(span.path, span.line)}
    for step in finding.related:
        lines.append(f"-- {step.label} ({step.span.path}:{step.span.line})")
        if (step.span.path, step.span.line) not in shown:
            shown.add((step.span.path, step.span.line))
            lines += code(step.span, checked, 3, 3)
    for request in finding.requests:
        if request != span:
            lines.append("-- request")
            lines += code(request, checked, 12, 16)
    return "\n".join(lines)


def code(span: Span, checked: Checked, before: int, behind: int) -> Iterator[str]:
    """The lines around a place, its first one marked."""
    yield f"   {span.path}:{span.line}"
    try:
        lines = checked.lines(span.path)
    except SourceError as error:
        yield f"   ({error})"
        return
    first = max(span.line - before, 1)
    for number, text in enumerate(lines[first - 1 : span.line + behind], first):
        yield f"{'>' if number == span.line else ' '}{number:6} {text[:200]}"


def write_table(target: Path, readings: Iterable[Reading]) -> None:
    """The findings as a table whose verdicts are empty."""
    rows = ["\t".join(COLUMNS)]
    for reading in readings:
        finding = reading.finding
        said = (finding.confidence.name.lower(), " ".join(finding.message.split()))
        rows.append("\t".join([*map(str, reading.key), "", "", "", "", *said]))
    target.write_text("\n".join(rows) + "\n", "utf-8", newline="\n")
