"""The schemas of the JSON reports, and a check against it that needs no library."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

DOCS = Path(__file__).parents[1] / "docs"
SCHEMA = json.loads((DOCS / "json-v1.schema.json").read_text("utf-8"))
REQUESTS = json.loads((DOCS / "requests-v1.schema.json").read_text("utf-8"))


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
        "boolean": bool,
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
        required, properties = schema["required"], schema["properties"]
        assert [key for key in properties if key in required] == required
        assert set(properties) - set(required) <= {"cell"}  # which only a notebook has
        if list(value) != [key for key in properties if key in value or key in required]:
            found.append(f"{where}: {list(value)}")
        else:
            for key, inner in value.items():
                found += mismatches(inner, properties[key], f"{where}.{key}")
    if "array" in types:
        for index, item in enumerate(value):
            found += mismatches(item, schema["items"], f"{where}[{index}]")
    return found
