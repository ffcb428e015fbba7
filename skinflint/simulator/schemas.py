"""Values made from a JSON schema: inputs for tools, and structured replies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from random import Random
from typing import Any

_DEPTH = 8
_WORDS = ("amber", "basin", "cedar", "delta", "ember", "fjord", "grove", "heron", "inlet", "jade")
#: What a string of a given format looks like.
_FORMATS = {
    "date": "2026-03-02",
    "date-time": "2026-03-02T12:05:00Z",
    "time": "12:05:00Z",
    "duration": "PT5M",
    "email": "ada@example.com",
    "hostname": "example.com",
    "ipv4": "192.0.2.1",
    "ipv6": "2001:db8::1",
    "uri": "https://example.com/",
    "uuid": "00000000-0000-4000-8000-000000000000",
}


def value(schema: Any, rng: Random) -> Any:
    """A value that ``schema`` describes; the same for the same state of ``rng``."""
    root = schema if isinstance(schema, Mapping) else {}
    return _value(root, root, rng, _DEPTH)


def _value(schema: Any, root: Mapping[str, Any], rng: Random, depth: int) -> Any:
    schema = _resolved(schema, root)
    for name in ("const", "default"):
        if name in schema:
            return schema[name]
    for name in ("enum", "examples"):
        if isinstance(schema.get(name), Sequence) and schema[name]:
            return rng.choice(list(schema[name]))
    for name in ("anyOf", "oneOf"):
        options = [each for each in schema.get(name) or () if _kind(each) != "null"]
        if options and depth:
            return _value({**schema, name: None, **_resolved(options[0], root)}, root, rng, depth)
    kind = _kind(schema)
    if kind == "object":
        return _object(schema, root, rng, depth)
    if kind == "array":
        least = _number(schema, "minItems", 1)
        inner = schema.get("items") or {}
        count = min(least, 20) if depth else 0
        return [_value(inner, root, rng, depth - 1) for _ in range(count)]
    if kind == "integer":
        low = _number(schema, "minimum", 1)
        return rng.randint(low, max(low, _number(schema, "maximum", low + 8)))
    if kind == "number":
        bottom = float(schema.get("minimum", 0))
        return round(rng.uniform(bottom, float(schema.get("maximum", bottom + 8))), 2)
    if kind == "boolean":
        return rng.random() < 0.5
    if kind == "null":
        return None
    return _string(schema, rng)


def _resolved(schema: Any, root: Mapping[str, Any], hops: int = 10) -> Mapping[str, Any]:
    """The schema with its reference followed and its ``allOf`` put together."""
    if not isinstance(schema, Mapping):
        return {}
    reference = schema.get("$ref")
    if isinstance(reference, str) and reference.startswith("#/") and hops:
        found: Any = root
        for step in reference[2:].split("/"):
            found = found.get(step, {}) if isinstance(found, Mapping) else {}
        return _resolved(found, root, hops - 1)
    merged: dict[str, Any] = dict(schema)
    for part in merged.pop("allOf", None) or ():
        part = _resolved(part, root, hops - 1)
        properties = {**merged.get("properties", {}), **part.get("properties", {})}
        required = [*merged.get("required", ()), *part.get("required", ())]
        merged = {**merged, **part}
        if properties:
            merged |= {"properties": properties, "required": required}
    return merged


def _kind(schema: Any) -> str:
    if not isinstance(schema, Mapping):
        return "string"
    kind = schema.get("type")
    if isinstance(kind, Sequence) and not isinstance(kind, str):
        kind = next((each for each in kind if each != "null"), "null")
    if isinstance(kind, str):
        return kind
    if "properties" in schema:
        return "object"
    return "array" if "items" in schema else "string"


def _object(
    schema: Mapping[str, Any], root: Mapping[str, Any], rng: Random, depth: int
) -> dict[str, Any]:
    """Every required property; the optional ones as long as there is depth left for them."""
    properties = schema.get("properties") or {}
    required = set(schema.get("required") or ())
    return {
        name: _value(inner, root, rng, depth - 1)
        for name, inner in properties.items()
        if depth and (name in required or depth > _DEPTH - 2)
    }


def _number(schema: Mapping[str, Any], name: str, default: int) -> int:
    found = schema.get(name, default)
    return int(found) if isinstance(found, (int, float)) else default


def _string(schema: Mapping[str, Any], rng: Random) -> str:
    known = _FORMATS.get(str(schema.get("format", "")))
    if known is not None:
        return known
    text = " ".join(rng.choice(_WORDS) for _ in range(2))
    least, most = _number(schema, "minLength", 0), _number(schema, "maxLength", len(text))
    while len(text) < least:
        text += " " + rng.choice(_WORDS)
    return text[: max(most, least)]
