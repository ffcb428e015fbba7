"""The JSON report, version 1: a promise. Keys, order and meaning stay (docs/json.md)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from skinflint import __version__

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
) -> str:
    """The document, with a newline at its end; ASCII only, so that any encoding carries it."""
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
        "findings": [_finding(finding) for finding in findings],
        "errors": [_problem(problem) for problem in problems],
    }
    return json.dumps(document, indent=2, allow_nan=False) + "\n"


def _finding(finding: Finding) -> Mapping[str, object]:
    primary = finding.primary
    return {
        "rule": finding.rule.id,
        "name": finding.rule.name,
        "severity": finding.severity.name.lower(),
        "confidence": finding.confidence.name.lower(),
        "tier": finding.rule.tier.value,
        "message": finding.message,
        "path": primary.path,
        "cell": finding.cell,
        "line": primary.line,
        "column": primary.column,
        "end_line": primary.end_line,
        "end_column": primary.end_column,
        "requests": [_request(span) for span in finding.requests],
        "related": [_step(step) for step in finding.related],
        "pair": finding.pair,
        "cost": _cost(finding.cost),
        "fix": _fix(finding.fix, finding.edits),
        "no_fix": finding.no_fix,
        "fingerprint": finding.fingerprint,
        "docs": finding.rule.docs,
    }


def _request(span: Span) -> Mapping[str, object]:
    return {"path": span.path, "line": span.line}


def _step(step: Step) -> Mapping[str, object]:
    return {
        "role": step.role.value,
        "path": step.span.path,
        "line": step.span.line,
        "column": step.span.column,
        "label": step.label,
    }


def _cost(cost: Cost | None) -> Mapping[str, object] | None:
    if cost is None:
        return None
    return {"ratio": round(cost.ratio, 2), "assumption": cost.assumption}


def _fix(fix: Fix | None, edits: Sequence[Edit]) -> Mapping[str, object] | None:
    if fix is None:
        return None
    return {
        "applicability": fix.applicability.value,
        "title": fix.title,
        "edits": [
            {
                "path": edit.span.path,
                "start": {"line": edit.span.line, "column": edit.span.column},
                "end": {"line": edit.span.end_line, "column": edit.span.end_column},
                "text": edit.text,
            }
            for edit in edits
        ],
    }


def _problem(problem: Problem) -> Mapping[str, object]:
    where = f"line {problem.line}: " if problem.line is not None else ""
    return {"path": problem.path, "kind": problem.kind, "message": where + problem.message}
