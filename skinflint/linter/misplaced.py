"""Which markers stand where none is read: on a message as a whole, or inside a part of a block."""

from __future__ import annotations

from collections.abc import Iterator

from skinflint.linter.request import REQUEST, Misplaced, Place
from skinflint.linter.values import Entry, Known, Mapping, Value, alternatives

_MARKER = "cache_control"
#: Entries of a block that are read with a shape of their own, and have no room for a marker.
_PARTS = {"source": "the source of a block", "citations": "the citations of a block"}
#: What describes the arguments of a tool: an entry more is a word of that description.
_SCHEMAS = {"input_schema": "the input schema of a tool"}


def in_request(entry: Entry) -> Iterator[Misplaced]:
    """The argument of a request that takes none."""
    values = list(alternatives(entry.value))
    if all(is_marker(each) for each in values):
        yield Misplaced(entry.span, REQUEST, True, entry.optional)


def in_message(message: Mapping, optional: bool) -> Iterator[Misplaced]:
    """A marker on the message itself: only the blocks of its content can carry one."""
    yield from _on(message, "a message", True, optional)


def in_block(block: Mapping, place: Place, optional: bool) -> Iterator[Misplaced]:
    """Markers on parts of a tool or block."""
    parts = _SCHEMAS if place is Place.TOOLS else _PARTS
    for name, holder in parts.items():
        part = block.get(name)
        for each in alternatives(part) if part is not None else ():
            if isinstance(each, Mapping):
                yield from _on(each, holder, parts is _PARTS, optional)


def _on(value: Mapping, holder: str, refused: bool, optional: bool) -> Iterator[Misplaced]:
    entry = value.entry(_MARKER)
    if entry is None or not any(is_marker(each) for each in alternatives(entry.value)):
        return
    sometimes = entry.optional or not all(is_marker(each) for each in alternatives(entry.value))
    yield Misplaced(entry.span, holder, refused, optional or sometimes)


def is_marker(value: Value) -> bool:
    """Whether a value surely is a cache marker."""
    return isinstance(value, Mapping) and isinstance(value.get("type"), Known)
