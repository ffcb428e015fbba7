"""The JSON report, version 1: a promise."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from by_hand import finding, full_finding

from skinflint import __version__
from skinflint.linter.findings import Edit
from skinflint.linter.problems import Problem
from skinflint.linter.spans import Span
from skinflint.reports import json_v1

SCHEMA = json.loads((Path(__file__).parents[2] / "docs" / "json-v1.schema.json").read_text("utf-8"))
FINGERPRINT = "0123456789abcdef0123456789abcdef"


def rendered(*findings: Any, problems: tuple[Problem, ...] = ()) -> Any:
    text = json_v1.render(findings, problems, files=3, requests=2, suppressed=1)
    return json.loads(text)


def full() -> Any:
    from dataclasses import replace

    edits = (Edit(Span("app.py", 2, 5, 2, 9), "mended"),)
    return replace(full_finding(), edits=edits, fingerprint=FINGERPRINT)


def mismatches(value: Any, schema: Any, where: str = "$") -> list[str]:
    """Where ``value`` differs from ``schema``, for the keywords that our schema uses."""
    known = {"type", "properties", "required", "additionalProperties", "items", "enum", "const"}
    known |= {"minimum", "pattern", "description", "title", "$schema", "$id"}
    assert set(schema) <= known, f"{where}: this check doesn't know {set(schema) - known}"
    found = []
    types = schema.get("type", [])
    types = [types] if isinstance(types, str) else types
    kinds = {
        "object": dict,
        "array": list,
        "string": str,
        "integer": int,
        "number": (int, float),
        "null": type(None),
    }
    if types and not any(isinstance(value, kinds[t]) for t in types):
        return [f"{where}: {value!r} is no {types}"]
    if value is None:
        return []
    if "const" in schema and value != schema["const"]:
        found.append(f"{where}: not {schema['const']!r}")
    if "enum" in schema and value not in schema["enum"]:
        found.append(f"{where}: {value!r}")
    if "minimum" in schema and value < schema["minimum"]:
        found.append(f"{where}: {value} is too small")
    if "pattern" in schema and not re.search(schema["pattern"], value):
        found.append(f"{where}: {value!r}")
    if "object" in types:
        assert schema["required"] == list(schema["properties"])
        if list(value) != schema["required"]:
            found.append(f"{where}: {list(value)}")
        else:
            for key, inner in schema["properties"].items():
                found += mismatches(value[key], inner, f"{where}.{key}")
    if "array" in types:
        for index, item in enumerate(value):
            found += mismatches(item, schema["items"], f"{where}[{index}]")
    return found


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
