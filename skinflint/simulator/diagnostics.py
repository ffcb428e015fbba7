"""Cache diagnostics: what differs between a request and an earlier one (beta of the API)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from skinflint.catalog import api
from skinflint.simulator.prompt import Body, Piece, Prompt


class Fingerprint(NamedTuple):
    """What is kept of a request to compare a later one with."""

    model: tuple[str, ...]
    pieces: tuple[Piece, ...]
    settings: tuple[str, ...]


def fingerprint(body: Body, prompt: Prompt) -> Fingerprint:
    """What is kept of a request."""
    facts = api.load()
    return Fingerprint(
        tuple(str(body.get(name) or "") for name in facts.compared_as_model),
        prompt.pieces,
        tuple(json.dumps(body.get(n), sort_keys=True) for n in facts.compared_settings),
    )


def answer(
    asked: Any, mine: Fingerprint, known: Mapping[str, Fingerprint]
) -> tuple[bool, dict[str, Any] | None]:
    """Whether the response has a ``diagnostics`` field, and what is in it."""
    if not isinstance(asked, Mapping):
        return False, None
    previous = asked.get("previous_message_id")
    if previous is None:
        return True, None
    before = known.get(str(previous))
    if before is None:
        return True, _reason("previous_message_not_found")
    kind, lost = _difference(before, mine)
    if kind is None:
        return True, None
    return True, _reason(kind) if lost is None else _reason(kind, lost)


def _reason(kind: str, lost: int | None = None) -> dict[str, Any]:
    reason: dict[str, Any] = {"type": kind}
    if lost is not None:
        reason["cache_missed_input_tokens"] = lost
    return {"cache_miss_reason": reason}


def _difference(before: Fingerprint, now: Fingerprint) -> tuple[str | None, int | None]:
    """What differs first, and about how many tokens of this request stand behind it."""
    total = sum(piece.tokens for piece in now.pieces)
    for place in api.load().compared:
        if place == "model":
            if before.model != now.model:
                return "model_changed", total
            continue
        old, new = _of(before, place), _of(now, place)
        if place == "messages":
            if before.settings != now.settings:
                return "unavailable", None
        if old != new[: len(old)] or (place != "messages" and len(old) != len(new)):
            return f"{place}_changed", total - _shared(before.pieces, now.pieces)
    return None, None


def _of(one: Fingerprint, place: str) -> list[tuple[str, str, str]]:
    return [(p.role, p.kind, p.text) for p in one.pieces if p.place == place]


def _shared(old: Sequence[Piece], new: Sequence[Piece]) -> int:
    """Tokens of the leading pieces that both have."""
    found = 0
    for mine, theirs in zip(new, old, strict=False):
        if (mine.place, mine.role, mine.kind, mine.text) != (
            theirs.place,
            theirs.role,
            theirs.kind,
            theirs.text,
        ):
            break
        found += mine.tokens
    return found
