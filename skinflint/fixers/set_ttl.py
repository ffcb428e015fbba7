"""Give a marker a lifetime."""

from __future__ import annotations

import ast

from skinflint.fixers.blocks import copyable, quote_of
from skinflint.fixers.code import Code
from skinflint.fixers.declined import Declined
from skinflint.fixers.remove_marker import find
from skinflint.linter.findings import Edit, SetTtl

_TTL = "ttl"


def edits(op: SetTtl, code: Code) -> list[Edit]:
    """The edits that set the lifetime of one marker. Raises Declined."""
    marker = find(op.marker, code)
    value = marker.value
    if not copyable(value):
        raise Declined("the marker is computed, and what computes it may do more")
    quote = quote_of(code.slice(marker.holder))
    new = f"{quote}{op.ttl}{quote}"
    if isinstance(value, ast.Dict):
        for key, each in zip(value.keys, value.values, strict=True):
            if isinstance(key, ast.Constant) and key.value == _TTL:
                return [code.edit(*code.range(each), new)]
        if not value.values:
            raise Declined("the marker is empty")
        last = max(value.values, key=lambda each: code.range(each)[0])
        own = code.begins_line(code.range(value.keys[-1] or last)[0])
        return code.insert_item(last, f"{quote}{_TTL}{quote}: {new}", own_line=own)
    if isinstance(value, ast.Call):
        for keyword in value.keywords:
            if keyword.arg == _TTL:
                return [code.edit(*code.range(keyword.value), new)]
        if not value.keywords:
            raise Declined("the marker is made without a type")
        inner = value.keywords[-1].value
        return code.insert_item(inner, f"{_TTL}={new}", own_line=False)
    # A name: other markers may share what it stands for, so this one gets a value of its own.
    kind = f"{quote}type{quote}: {quote}ephemeral{quote}"
    return [code.edit(*code.range(value), f"{{{kind}, {quote}{_TTL}{quote}: {new}}}")]
