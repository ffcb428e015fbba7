"""What decides which of several values a part of a request has."""

from __future__ import annotations

from skinflint.linter.values import (
    Choice,
    Key,
    Known,
    Mapping,
    Object,
    Repeat,
    Sequence,
    Source,
    Text,
    Unknown,
    Value,
)

#: Where a list may be added to at any time before a conversation begins.
_EARLIER = (Source.EVENT, Source.ORDER, Source.JSON_ORDER)


def deciding(value: Value | None) -> tuple[Key, ...]:
    """What the model, or the list of tools, hangs on; what stands in a tool is left out."""
    found: dict[Key, None] = {}
    stack = [value] if value is not None else []
    while stack:
        each = stack.pop()
        if isinstance(each, Choice):
            found.update(dict.fromkeys(each.keys))
            stack.extend(reversed([branch.value for branch in each.alternatives]))
        elif isinstance(each, Sequence):
            stack.extend(reversed(each.items))
        elif isinstance(each, (Repeat, Unknown)):
            found.update(dict.fromkeys(each.keys))
        else:
            assert isinstance(each, (Known, Text, Mapping, Object))
    return tuple(key for key in found if key.source not in _EARLIER)
