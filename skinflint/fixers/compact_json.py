"""Take the layout out of a call that writes JSON."""

from __future__ import annotations

import ast

from skinflint.fixers.blocks import copyable
from skinflint.fixers.code import Code
from skinflint.fixers.declined import Declined
from skinflint.linter.findings import CompactJson, Edit


def edits(op: CompactJson, code: Code) -> list[Edit]:
    """The edits that write the JSON without its layout. Raises Declined.

    What makes the call compact comes in the place of the keyword that laid it out.
    """
    call = code.expression(op.call)
    if not isinstance(call, ast.Call):
        raise Declined("there is no call any more that writes the JSON")
    layout = next((k for k in call.keywords if k.arg == op.keyword), None)
    if layout is None:
        raise Declined(f"`{op.keyword}` is not written in the call")
    if not copyable(layout.value):
        raise Declined(f"`{op.keyword}` is computed, and what computes it may do more")
    start, end = code.range(layout)[0], code.outer(layout.value)[1]
    if not op.compact and any(isinstance(p, ast.JoinedStr) for _, p in code.ancestors(call)):
        # nothing is known of the commas inside a string
        return [code.edit(*code.range(layout.value), "None")]
    if not op.compact:
        return [code.remove_item(start, end, code.range(call.func)[1] + 1)]
    return [code.edit(start, end, _quoted(op.compact, call, code))]


def _quoted(compact: str, call: ast.Call, code: Code) -> str:
    """``compact`` with quotes that may stand here: a field can't use those of its f-string."""
    for _, parent in code.ancestors(call):
        if isinstance(parent, ast.JoinedStr):
            around = code.slice(parent).lstrip("rRfF")
            if around.startswith(('"""', "'''")):
                continue
            if around.startswith('"'):
                return compact.replace('"', "'")
    return compact
