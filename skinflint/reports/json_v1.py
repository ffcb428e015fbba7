"""The JSON report, version 1: a promise. Keys, order and meaning stay (docs/json.md)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from skinflint import __version__
from skinflint.reports.full import CellOf, no_cell

if TYPE_CHECKING:
    from skinflint.linter.findings import Cost, Edit, Finding, Fix
    from skinflint.linter.problems import Problem
    from skinflint.linter.spans import Span, Step

VERSION = 1


def render(
    findings: Sequence[Finding],
    problems: Sequence[Problem],
    *,
    files: int,
    requests: int,
    suppressed: int,
    cell_of: CellOf = no_cell,
) -> str:
    """The document, with a newline at its end; ASCII only, so that any encoding carries it.

    In a notebook lines are those of a cell, which stands beside them.
    """
    document: dict[str, object] = {
        "version": VERSION,
        "tool": {"name": "skinflint", "version": __version__},
        "summary": {
            "files": files,
            "requests": requests,
            "findings": len(findings),
            "suppressed": suppressed,
            "errors": len(problems),
        },
        "findings": [_finding(finding, cell_of) for finding in findings],
        "errors": [_problem(problem) for problem in problems],
    }
    return json.dumps(document, indent=2, allow_nan=False) + "\n"


def _finding(finding: Finding, cell_of: CellOf) -> Mapping[str, object]:
    primary = finding.primary
    cell = cell_of(primary.path, primary.line)
    return {
        "rule": finding.rule.id,
        "name": finding.rule.name,
        "severity": finding.severity.name.lower(),
        "confidence": finding.confidence.name.lower(),
        "tier": finding.rule.tier.value,
        "message": finding.message,
        "path": primary.path,
        "cell": finding.cell,
        "line": cell.line(primary.line) if cell else primary.line,
        "column": primary.column,
        "end_line": cell.line(primary.end_line) if cell else primary.end_line,
        "end_column": primary.end_column,
        "requests": [_request(span, cell_of) for span in finding.requests],
        "related": [_step(step, cell_of) for step in finding.related],
        "pair": finding.pair,
        "cost": _cost(finding.cost),
        "fix": _fix(finding.fix, finding.edits, cell_of),
        "no_fix": finding.no_fix,
        "fingerprint": finding.fingerprint,
        "docs": finding.rule.docs,
    }


def _request(span: Span, cell_of: CellOf) -> Mapping[str, object]:
    return _where(span, cell_of)


def _where(span: Span, cell_of: CellOf) -> dict[str, object]:
    cell = cell_of(span.path, span.line)
    if cell is None:
        return {"path": span.path, "line": span.line}
    return {"path": span.path, "cell": cell.number, "line": cell.line(span.line)}


def _step(step: Step, cell_of: CellOf) -> Mapping[str, object]:
    return {
        "role": step.role.value,
        **_where(step.span, cell_of),
        "column": step.span.column,
        "label": step.label,
    }


def _cost(cost: Cost | None) -> Mapping[str, object] | None:
    if cost is None:
        return None
    return {"ratio": round(cost.ratio, 2), "assumption": cost.assumption}


def _fix(fix: Fix | None, edits: Sequence[Edit], cell_of: CellOf) -> Mapping[str, object] | None:
    if fix is None:
        return None
    return {
        "applicability": fix.applicability.value,
        "title": fix.title,
        "edits": [_edit(edit, cell_of) for edit in edits],
    }


def _edit(edit: Edit, cell_of: CellOf) -> Mapping[str, object]:
    span = edit.span
    cell = cell_of(span.path, span.line)
    if cell is not None:
        span = span._replace(line=cell.line(span.line), end_line=cell.line(span.end_line))
    return {
        "path": span.path,
        **({"cell": cell.number} if cell is not None else {}),
        "start": {"line": span.line, "column": span.column},
        "end": {"line": span.end_line, "column": span.end_column},
        "text": edit.text,
    }


def _problem(problem: Problem) -> Mapping[str, object]:
    places = (("cell", problem.cell), ("line", problem.line))
    where = ", ".join(f"{name} {number}" for name, number in places if number is not None)
    message = f"{where}: {problem.message}" if where else problem.message
    return {"path": problem.path, "kind": problem.kind, "message": message}
