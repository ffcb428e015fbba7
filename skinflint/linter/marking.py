"""Whether a function that the messages are handed through, on their way, writes a cache marker.

``messages=with_marker(history)``: where what comes back can't be told, the marker may be in it.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from skinflint.linter.activation import Activation, FunctionHandle
from skinflint.linter.evaluate import Evaluator
from skinflint.linter.lost import assigned
from skinflint.linter.module import FUNCTIONS, Module, walk
from skinflint.linter.values import Entry, Object, alternatives

_MARKER = "cache_control"
_DEEPEST = 6


def marks(entry: Entry, ev: Evaluator, sent: Activation) -> bool:
    """Whether a function writes a marker on the way to one argument of a request."""
    if _taken_out(entry, sent.module):
        return True
    if not isinstance(entry.handle, tuple):
        return False
    node, act = entry.handle
    return any(
        _writes(handle.node)
        for handle in _called(node, act, ev, 0)
        if _MARKER in handle.module.source.text
    )


def _taken_out(entry: Entry, module: Module) -> bool:
    """Whether the function that writes the argument marks what a call takes out of it.

    ``newest = content_of(history[-1]); newest[0]["cache_control"] = ...``
    """
    node = module.node_at(entry.span) if entry.span.path == module.path else None
    function = module.scope(node) if node is not None else None
    if node is None or not isinstance(function, FUNCTIONS):
        return False
    bound: dict[str, list[ast.expr]] = {}
    for each in walk(function):
        if isinstance(each, (ast.Assign, ast.AnnAssign)) and each.value is not None:
            target = each.targets[0] if isinstance(each, ast.Assign) else each.target
            if isinstance(target, ast.Name):
                bound.setdefault(target.id, []).append(each.value)
    told = _names(node)
    for _ in range(_DEEPEST):
        told |= {name for each in told for value in bound.get(each, ()) for name in _names(value)}
    for each in walk(function):
        if not (isinstance(each, ast.Subscript) and isinstance(each.ctx, ast.Store)):
            continue
        if not _named(each.slice):
            continue
        root: ast.AST = each.value
        while isinstance(root, (ast.Subscript, ast.Attribute)):
            root = root.value
        if isinstance(root, ast.Name) and any(
            isinstance(value, ast.Call) and any(_names(argument) & told for argument in value.args)
            for value in bound.get(root.id, ())
        ):
            return True
    return False


def _names(node: ast.AST) -> set[str]:
    return {each.id for each in walk(node) if isinstance(each, ast.Name)}


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
        for node in walk(function)
    )


def _named(node: ast.AST | None) -> bool:
    return isinstance(node, ast.Constant) and node.value == _MARKER
