"""The JSON report, version 1: a promise."""

from __future__ import annotations

import json
from typing import Any

from by_hand import finding, full_finding
from json_schema import SCHEMA, mismatches

from skinflint import __version__
from skinflint.linter.findings import Edit
from skinflint.linter.problems import Problem
from skinflint.linter.spans import Span
from skinflint.reports import json_v1

FINGERPRINT = "0123456789abcdef0123456789abcdef"


def rendered(*findings: Any, problems: tuple[Problem, ...] = ()) -> Any:
    text = json_v1.render(findings, problems, files=3, requests=2, suppressed=1)
    return json.loads(text)


def full() -> Any:
    from dataclasses import replace

    edits = (Edit(Span("app.py", 2, 5, 2, 9), "mended"),)
    return replace(full_finding(), edits=edits, fingerprint=FINGERPRINT)


def test_every_key_in_its_order() -> None:
    document = rendered(full(), problems=(Problem("b.py", "syntax-error", "what; mend it", 3),))
    assert document == {
        "version": 1,
        "tool": {"name": "skinflint", "version": __version__},
        "summary": {"files": 3, "requests": 2, "findings": 1, "suppressed": 1, "errors": 1},
        "findings": [
            {
                "rule": "SKF901",
                "name": "made-by-hand",
                "severity": "warning",
                "confidence": "high",
                "tier": "default",
                "message": "the prompt holds the time",
                "path": "app.py",
                "cell": None,
                "line": 2,
                "column": 5,
                "end_line": 2,
                "end_column": 9,
                "requests": [{"path": "app.py", "line": 2}, {"path": "other.py", "line": 7}],
                "related": [
                    {
                        "role": "source",
                        "path": "lib.py",
                        "line": 1,
                        "column": 1,
                        "label": "the clock is read here",
                    },
                    {
                        "role": "breakpoint",
                        "path": "app.py",
                        "line": 3,
                        "column": 1,
                        "label": "this marker is never read",
                    },
                ],
                "pair": "from call to call",
                "cost": {"ratio": 12.5, "assumption": "10 calls within 5 minutes"},
                "fix": {
                    "applicability": "unsafe",
                    "title": "Take it out",
                    "edits": [
                        {
                            "path": "app.py",
                            "start": {"line": 2, "column": 5},
                            "end": {"line": 2, "column": 9},
                            "text": "mended",
                        }
                    ],
                },
                "no_fix": None,
                "fingerprint": FINGERPRINT,
                "docs": "https://docs",
            }
        ],
        "errors": [{"path": "b.py", "kind": "syntax-error", "message": "line 3: what; mend it"}],
    }
    # equal dicts may differ in the order of their keys: the schema's order is the promise
    assert mismatches(document, SCHEMA) == []


def test_nothing_is_null_not_absent() -> None:
    bare = finding(no_fix="because", fingerprint=FINGERPRINT)
    document = rendered(bare)
    assert mismatches(document, SCHEMA) == []
    (shown,) = document["findings"]
    assert [shown[key] for key in ("cell", "pair", "cost", "fix")] == [None] * 4
    assert shown["no_fix"] == "because"


def test_an_empty_run() -> None:
    document = rendered()
    assert document["findings"] == document["errors"] == []
    assert mismatches(document, SCHEMA) == []


def test_it_is_ascii_whatever_the_source_says() -> None:
    text = json_v1.render(
        [finding(path="börse/寿司.py", message="\udc80 \x1b", fingerprint=FINGERPRINT)],
        (),
        files=1,
        requests=1,
        suppressed=0,
    )
    assert text.isascii()
    assert text.endswith("}\n")
    assert json.loads(text)["findings"][0]["path"] == "börse/寿司.py"


def test_the_schema_would_notice() -> None:
    document = rendered(full())
    document["findings"][0]["severity"] = "fatal"
    document["findings"][0]["line"] = 0
    document["findings"][0]["extra"] = 1
    del document["errors"]
    assert mismatches(document, SCHEMA)
    assert mismatches({**rendered(), "version": 2}, SCHEMA) == ["$.version: not 1"]
