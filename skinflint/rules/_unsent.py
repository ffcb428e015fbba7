"""Requests that surely aren't sent, and the arguments that say so."""

from __future__ import annotations

from skinflint.catalog import api
from skinflint.linter.request import Request
from skinflint.linter.values import UNFILLED, Text, Unknown, Value, alternatives


def too_long_to_wait_for(request: Request) -> int | None:
    """The tokens that a request asks for where the SDK surely wants it streamed; it raises then."""
    facts = api.load().client
    asked = number(request, "max_tokens")
    if (
        asked is None
        or asked <= facts.unstreamed
        or request.site.method not in facts.unstreamed_methods
        or not {"stream", "timeout", "extra_body"}.isdisjoint(request.written)
        or request.unseen
        or not request.sdk_since(facts.unstreamed_since)
        or not request.waits_by_default()
    ):
        return None
    return asked


def is_refused_unsent(request: Request) -> bool:
    """Whether a request is surely sent to no model: the SDK refuses it, or its text can't be."""
    return (
        bool(request.lacking)
        or too_long_to_wait_for(request) is not None
        or any(
            _is_unfilled(block.value)
            for block in request.blocks
            if not (block.optional or block.repeated or block.history)  # not in the first one
        )
    )


def _is_unfilled(value: Value) -> bool:
    parts = value.parts if isinstance(value, Text) else (value,)
    return any(isinstance(part, Unknown) and part.reason == UNFILLED for part in parts)


def always(request: Request, name: str) -> bool:
    """Whether an argument is there, whatever happens."""
    written = request.written.get(name)
    return written is not None and written.always and name in request.params


def number(request: Request, name: str) -> int | None:
    """The least of the numbers an argument may be, None where it may be anything else."""
    if not always(request, name):
        return None
    found = [getattr(each, "value", None) for each in alternatives(request.params[name])]
    numbers = [n for n in found if isinstance(n, int) and not isinstance(n, bool)]
    return min(numbers) if numbers and len(numbers) == len(found) else None
