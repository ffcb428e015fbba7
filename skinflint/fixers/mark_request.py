"""Ask for automatic caching in a call that sends a request."""

from __future__ import annotations

import ast

from skinflint.fixers.blocks import MARKER, marker_value, quote_of
from skinflint.fixers.code import Code
from skinflint.fixers.declined import Declined
from skinflint.linter.findings import Edit, MarkRequest

#: What hands its own keywords on to the method.
_HANDS_ON = ("to_thread", "partial")
_METHODS = ("create", "stream", "parse", "tool_runner")


def edits(op: MarkRequest, code: Code) -> list[Edit]:
    """The edits that add the keyword. Raises Declined."""
    call = code.expression(op.call)
    if not isinstance(call, ast.Call) or _last(call.func) not in (*_METHODS, *_HANDS_ON):
        raise Declined("the request is not sent by a call that takes its arguments")
    if any(keyword.arg == MARKER for keyword in call.keywords):
        raise Declined(f"`{MARKER}` is passed already")
    # a dict that is spread into the call is known to the rule: there is no marker in it
    values = [*call.args, *(keyword.value for keyword in call.keywords)]
    if not values:
        raise Declined("the call has no arguments")
    last = max(values, key=lambda value: code.range(value)[0])
    start = next((code.range(k)[0] for k in call.keywords if k.value is last), code.range(last)[0])
    value = marker_value("5m", quote_of(code.slice(call)))
    own_line = code.begins_line(start)
    return code.insert_item(last, f"{MARKER}={value}", own_line=own_line)


def _last(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")
