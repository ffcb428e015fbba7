"""What rules about tool definitions share: where in a definition something that changes stands."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from skinflint.linter.request import Block, Moving, parts_of
from skinflint.linter.spans import Span
from skinflint.linter.values import (
    Known,
    Mapping,
    Repeat,
    Sequence,
    Text,
    Value,
    alternatives,
)

#: Keys of a definition whose content the model reads.
_READ = ("description", "input_schema")


class Spot(NamedTuple):
    """The place of a definition that a part stands in."""

    tool: str  # its name
    key: str  # "description" or "input_schema"
    span: Span  # the text or list that it is a part of, as written


def spot_of(block: Block, part: Moving) -> Spot | None:
    """Where in the definition of a tool a part stands; None where it is not a part of one.

    A definition is one that is written out: its name is a literal, and the part stands between
    other text or inside the schema. What hands a whole description through is no definition.
    """
    for tool in _definitions(block.value):
        name = tool.get("name")
        if not isinstance(name, Known):
            continue
        for key in _READ:
            entry = tool.entry(key)
            if entry is None:
                continue
            for value, span in _written(entry.value, entry.span):
                if any(leaf is part.value for leaf, _ in parts_of(value)):
                    return Spot(str(name.value), key, span)
    return None


def _definitions(value: Value) -> Iterator[Mapping]:
    for each in alternatives(value):
        if isinstance(each, Mapping):
            yield each
        elif isinstance(each, Repeat):
            yield from _definitions(each.body)
        elif isinstance(each, Sequence):
            for item in each.items:
                yield from _definitions(item)


def _written(value: Value, span: Span) -> Iterator[tuple[Value, Span]]:
    """The texts and lists in a value that are written out, each with its place."""
    for each in alternatives(value):
        if isinstance(each, Text):
            if any(isinstance(part, Known) for part in each.parts):
                yield each, span
        elif isinstance(each, Mapping):
            for entry in each.entries:
                if isinstance(entry.value, Sequence):
                    yield entry.value, entry.span
                else:
                    yield from _written(entry.value, entry.span)
