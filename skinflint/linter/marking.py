"""Whether a function that the messages are handed through, on their way, writes a cache marker.

``messages=with_marker(history)``: where what comes back can't be told, the marker may be in it.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from skinflint.linter.activation import Activation, FunctionHandle
from skinflint.linter.evaluate import Evaluator
from skinflint.linter.lost import assigned
from skinflint.linter.module import FUNCTIONS
from skinflint.linter.values import Entry, Object, alternatives

_MARKER = "cache_control"
_DEEPEST = 6


def marks(entry: Entry, ev: Evaluator) -> bool:
    """Whether a function writes a marker on the way to one argument of a request."""
    if not isinstance(entry.handle, tuple):
        return False
    node, act = entry.handle
    return any(
        _writes(handle.node)
        for handle in _called(node, act, ev, 0)
        if _MARKER in handle.module.source.text
    )


def _called(node: ast.expr, act: Activation, ev: Evaluator, depth: int) -> Iterator[FunctionHandle]:
    """The functions that make what an expression yields."""
    if depth > _DEEPEST:
        return
    deeper = depth + 1
    if isinstance(node, (ast.Await, ast.NamedExpr, ast.Starred)):
        yield from _called(node.value, act, ev, deeper)
    elif isinstance(node, ast.IfExp):
        for branch in (node.body, node.orelse):
            yield from _called(branch, act, ev, deeper)
    elif isinstance(node, ast.Name):
        scope: Activation | None = act
        while scope is not None:
            local = isinstance(scope.node, FUNCTIONS)
            if not local or node.id in scope.module.locals_of(scope.node):
                for value in assigned(node.id, scope):
                    yield from _called(value, scope, ev, deeper)
                return
            scope = scope.lexical
    elif isinstance(node, ast.Call):
        for each in alternatives(ev.evaluate(node.func, act)):
            if isinstance(each, Object) and isinstance(each.handle, FunctionHandle):
                yield each.handle
        for argument in node.args:
            yield from _called(argument, act, ev, deeper)


def _writes(function: ast.AST) -> bool:
    """``{"cache_control": ...}``, ``block["cache_control"] = ...``, ``cache_control=...``"""
    return any(
        (isinstance(node, ast.Dict) and any(_named(key) for key in node.keys))
        or (
            isinstance(node, ast.Subscript)
            and isinstance(node.ctx, ast.Store)
            and _named(node.slice)
        )
        or (isinstance(node, ast.keyword) and node.arg == _MARKER)
        for node in ast.walk(function)
    )


def _named(node: ast.AST | None) -> bool:
    return isinstance(node, ast.Constant) and node.value == _MARKER
