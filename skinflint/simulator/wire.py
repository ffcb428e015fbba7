"""What goes over the wire: server-sent events, batches and models as the API writes them."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator
from typing import Any

from skinflint.catalog.models import Model
from skinflint.simulator.core import Answer

#: Characters that one event of a stream carries.
_CHUNK = 24


def events(answer: Answer) -> Iterator[bytes]:
    """A message as a stream of server-sent events."""
    message = answer.message
    usage = message["usage"]
    opening = {
        **message,
        "content": [],
        "stop_reason": None,
        "stop_sequence": None,
        "usage": {**usage, "output_tokens": min(answer.output, 1)},
    }
    yield _event("message_start", {"message": opening})
    yield _event("ping", {})
    for index, block in enumerate(message["content"]):
        yield _event("content_block_start", {"index": index, "content_block": _empty(block)})
        for delta in _deltas(block):
            yield _event("content_block_delta", {"index": index, "delta": delta})
        yield _event("content_block_stop", {"index": index})
    cumulative = {
        name: usage[name]
        for name in (
            "input_tokens",
            "cache_creation_input_tokens",
            "cache_read_input_tokens",
            "output_tokens",
        )
    }
    delta = {name: message[name] for name in ("stop_reason", "stop_sequence", "stop_details")}
    yield _event("message_delta", {"delta": delta, "usage": cumulative})
    yield _event("message_stop", {})


def _event(name: str, data: dict[str, Any]) -> bytes:
    text = json.dumps({"type": name, **data}, ensure_ascii=False)
    return f"event: {name}\ndata: {text}\n\n".encode()


def _empty(block: dict[str, Any]) -> dict[str, Any]:
    kind = block["type"]
    if kind == "text":
        return {**block, "text": ""}
    if kind == "tool_use":
        return {**block, "input": {}}
    if kind == "thinking":
        return {**block, "thinking": "", "signature": ""}
    return block


def _deltas(block: dict[str, Any]) -> Iterator[dict[str, Any]]:
    kind = block["type"]
    if kind == "text":
        for part in _parts(str(block["text"])):
            yield {"type": "text_delta", "text": part}
    elif kind == "tool_use":
        for part in _parts(json.dumps(block["input"], ensure_ascii=False)):
            yield {"type": "input_json_delta", "partial_json": part}
    elif kind == "thinking":
        for part in _parts(str(block["thinking"])):
            yield {"type": "thinking_delta", "thinking": part}
        yield {"type": "signature_delta", "signature": block.get("signature", "")}


def _parts(text: str) -> Iterator[str]:
    for start in range(0, len(text), _CHUNK):
        yield text[start : start + _CHUNK]


def model_info(model: Model, id: str, lifecycle: str) -> dict[str, Any]:
    """One model as the models endpoint describes it; dates that are not known are left open."""
    name = " ".join(part.capitalize() for part in (*id.split("-")[:2], *id.split("-")[2:]))
    return {
        "type": "model",
        "id": id,
        "display_name": name,
        "created_at": stamp(0.0),
        "lifecycle": lifecycle,
        "line": model.line,
        "max_input_tokens": model.context,
        "max_tokens": model.max_output,
        "deprecated_at": None,
        "retires_at": _day(model.retired or model.retires),
        "capabilities": None,
    }


def stamp(seconds: float) -> str:
    """A time as the API writes it."""
    moment = datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _day(day: datetime.date | None) -> str | None:
    return None if day is None else f"{day.isoformat()}T00:00:00Z"
