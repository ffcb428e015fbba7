"""The inventory of requests as JSON, version 1: a promise (docs/requests.md)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from skinflint.linter.inventory import Divergence, Entry, Marker, Reuse, SizedPart
    from skinflint.linter.request import Conversation, Repetition, Task
    from skinflint.linter.spans import Span, Step

VERSION = 1


def render(entries: Sequence[Entry]) -> str:
    """The document, with a newline at its end; ASCII only, so that any encoding carries it."""
    return json.dumps(document(entries), indent=2, allow_nan=False) + "\n"


def document(entries: Sequence[Entry]) -> dict[str, object]:
    """The document as plain data."""
    return {"version": VERSION, "requests": [_entry(entry) for entry in entries]}


def _entry(entry: Entry) -> Mapping[str, object]:
    site = entry.site
    return {
        "path": site.span.path,
        "line": site.span.line,
        "function": site.function,
        "surface": site.surface,
        "method": site.method,
        "platform": site.platform.value,
        "model": {
            "state": entry.model.state.value,
            "values": list(entry.models),
            "reason": entry.model.reason,
        },
        "system": _part(entry.system),
        "tools": _part(entry.tools),
        "messages": _part(entry.messages),
        "breakpoints": [_marker(marker) for marker in entry.breakpoints],
        "automatic_cache": entry.automatic,
        "pairs": [_reuse(reuse) for reuse in entry.pairs],
        "conversation": _conversation(entry.conversation),
        "repetition": _repetition(entry.repetition),
        "task": _task(entry.task),
    }


def _part(sized: SizedPart) -> Mapping[str, object]:
    part = sized.part
    return {
        "state": part.state.value,
        "variation": "literal" if sized.tokens is None else part.variation.value,
        "tokens": list(sized.tokens or (0, 0)),
        "reason": part.reason,
    }


def _marker(marker: Marker) -> Mapping[str, object]:
    return {"at": marker.at, "ttl": marker.point.ttl, **_place(marker.point.span)}


def _reuse(reuse: Reuse) -> Mapping[str, object]:
    return {
        "pair": reuse.pair.label,
        "evidence": _places(reuse.pair.evidence),
        "first_divergence": _divergence(reuse.divergence),
    }


def _divergence(at: Divergence | None) -> Mapping[str, object] | None:
    if at is None:
        return None
    key = at.moving.keys[0]
    return {
        "at": f"{at.place.value}[{at.index}]",
        "after_tokens": list(at.tokens),
        "source": key.source.value,
        "name": key.name,
        **_place(key.span),
    }


def _conversation(of: Conversation | None) -> Mapping[str, object] | None:
    if of is None:
        return None
    return {
        "grown_by": [
            {**_place(each.span), "how": each.how, "where": each.where} for each in of.grown_by
        ],
        "bounded_by": [{**_place(each.span), "how": each.how} for each in of.bounded_by],
        "append_only": of.append_only,
        "sent_equals_stored": of.sent_equals_stored,
    }


def _repetition(of: Repetition) -> Mapping[str, object]:
    return {"kind": of.kind.value, "evidence": _places(of.evidence)}


def _task(of: Task) -> Mapping[str, object]:
    return {
        "kind": of.use.value,
        "signals": [
            {"kind": each.kind, "says": each.says, **_place(each.span)} for each in of.signals
        ],
    }


def _places(steps: Iterable[Step]) -> list[Mapping[str, object]]:
    return [_place(step.span) for step in steps]


def _place(span: Span) -> Mapping[str, object]:
    return {"path": span.path, "line": span.line}
