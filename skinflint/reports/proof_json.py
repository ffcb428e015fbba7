"""What ``skinflint prove`` saw, for programs."""

from __future__ import annotations

import json
from typing import Any

from skinflint.reports.proof import Place, Proof, total


def render(proof: Proof, before: Proof | None = None) -> str:
    """One object: the run, and that of an earlier revision under ``against``."""
    document = {"version": 1, "tokens": "estimated", "prices": proof.dated, **_run(proof)}
    if before is not None:
        document["against"] = _run(before)
    return json.dumps(document, indent=2) + "\n"


def _run(proof: Proof) -> dict[str, Any]:
    return {
        "title": proof.title,
        "total": _figures(total(proof.places)),
        "places": [_place(place) for place in proof.places],
        "notes": list(proof.notes),
    }


def _place(place: Place) -> dict[str, Any]:
    return {
        "place": place.name,
        "function": place.function,
        "method": place.method,
        "models": list(place.models),
        "rebuilt": place.known,
        **_figures(place),
        "broken": None if place.broken is None else place.broken._asdict(),
        "requests": [bar._asdict() for bar in place.bars],
    }


def _figures(place: Place) -> dict[str, Any]:
    return {
        "calls": place.calls,
        "refused": place.refused,
        "read": place.read,
        "written_5m": place.written_5m,
        "written_1h": place.written_1h,
        "uncached": place.uncached,
        "output": place.output,
        "hit_rate": round(place.hit_rate, 4),
        "usd": None if place.usd is None else round(place.usd, 8),
    }
