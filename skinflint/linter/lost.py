"""Which markers of the system prompt get lost on its way: blocks that are made into a text.

From the expression that is sent this room walks back to where a text is taken out of blocks
(``block["text"]``), and asks what these blocks are: one of them carries a marker for sure, or
nothing is said.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from skinflint.linter.activation import Activation, FunctionHandle, Thunk
from skinflint.linter.evaluate import Evaluator
from skinflint.linter.lineage import entered
from skinflint.linter.misplaced import is_marker
from skinflint.linter.module import FUNCTIONS, walk
from skinflint.linter.request import LostMarker
from skinflint.linter.values import (
    Entry,
    Mapping,
    Object,
    Repeat,
    Sequence,
    Value,
    alternatives,
)

_MARKER = "cache_control"
_TEXT = "text"
_DEEPEST = 6


def lost_markers(entry: Entry, ev: Evaluator) -> tuple[LostMarker, ...]:
    """What is lost on the way to one argument of a request, each marker once."""
    found: dict[tuple[int, int], LostMarker] = {}
    for node, act in _written(entry):
        for lost in _Search(ev).of(node, act, 0):
            found.setdefault(lost.marker.start, lost)
    return tuple(sorted(found.values()))


def _written(entry: Entry) -> Iterator[tuple[ast.expr, Activation]]:
    """The expressions of the texts that are sent: the argument, or the texts of its blocks."""
    blocks = [
        item.body if isinstance(item, Repeat) else item
        for each in alternatives(entry.value)
        if isinstance(each, Sequence)
        for item in each.items
    ]
    texts = [
        block.entry(_TEXT)
        for item in blocks
        for block in alternatives(item)
        if isinstance(block, Mapping)
    ]
    for each in texts or [entry]:
        if each is not None and isinstance(each.handle, tuple):
            yield each.handle


class _Search:
    def __init__(self, ev: Evaluator) -> None:
        self.ev = ev

    def of(self, node: ast.expr, act: Activation, depth: int) -> Iterator[LostMarker]:
        """The markers that are lost in an expression."""
        if depth > _DEEPEST:
            return
        deeper = depth + 1
        if isinstance(node, (ast.Await, ast.NamedExpr)):
            yield from self.of(node.value, act, deeper)
        elif isinstance(node, ast.Name):
            yield from self._name(node, act, deeper)
        elif isinstance(node, ast.IfExp):
            for branch in (node.body, node.orelse):
                yield from self.of(branch, act, deeper)
        elif isinstance(node, ast.Call):
            yield from self._call(node, act, deeper)
        elif isinstance(node, ast.Subscript) and _is(node.slice, _TEXT):
            yield from self._taken(node, node.value, act)

    def _name(self, node: ast.Name, act: Activation, depth: int) -> Iterator[LostMarker]:
        current: Activation | None = act
        while current is not None:
            scope = current.node
            if isinstance(scope, FUNCTIONS) and node.id in current.module.locals_of(scope):
                bound = (current.arguments or {}).get(node.id)
                if isinstance(bound, Thunk):
                    yield from self.of(bound.node, bound.activation, depth)
                for value in assigned(node.id, current):
                    yield from self.of(value, current, depth)
                return
            if isinstance(scope, ast.Module):
                for value in assigned(node.id, current):
                    yield from self.of(value, current, depth)
                return
            current = current.lexical

    def _call(self, node: ast.Call, act: Activation, depth: int) -> Iterator[LostMarker]:
        func = node.func
        if isinstance(func, ast.Attribute) and func.attr == "join" and len(node.args) == 1:
            yield from self._joined(node, node.args[0], act)
            return
        if isinstance(func, ast.Attribute) and func.attr in ("strip", "rstrip", "lstrip"):
            yield from self.of(func.value, act, depth)
            return
        if isinstance(func, ast.Attribute) and func.attr == "get" and node.args:
            if _is(node.args[0], _TEXT):
                yield from self._taken(node, func.value, act)
            return
        for each in alternatives(self.ev.evaluate(func, act)):
            if isinstance(each, Object) and isinstance(each.handle, FunctionHandle):
                inner = entered(self.ev, each.handle, node, act)
                for returned in _returned(each.handle.node):
                    yield from self.of(returned, inner, depth)

    def _joined(self, whole: ast.Call, given: ast.expr, act: Activation) -> Iterator[LostMarker]:
        """``"\\n".join(block["text"] for block in blocks)``"""
        if not isinstance(given, (ast.GeneratorExp, ast.ListComp)) or len(given.generators) != 1:
            return
        walked = given.generators[0]
        taken = given.elt
        if isinstance(taken, ast.IfExp):
            taken = taken.body
        if not (isinstance(walked.target, ast.Name) and _taken_out(taken, walked.target.id)):
            return
        value = self.ev.evaluate(walked.iter, act)
        marked, count = _marked_in(value)
        if marked is None:
            return
        separator = whole.func.value if isinstance(whole.func, ast.Attribute) else None
        same = not walked.ifs and (count == 1 or _is(separator, ""))
        span = act.module.span
        yield LostMarker(marked.span, span(whole), "joined", span(walked.iter) if same else None)

    def _taken(self, whole: ast.expr, block: ast.expr, act: Activation) -> Iterator[LostMarker]:
        """``blocks[0]["text"]``"""
        marked, _ = _marked_in(self.ev.evaluate(block, act))
        if marked is not None:
            yield LostMarker(marked.span, act.module.span(whole), "taken out")


def assigned(name: str, act: Activation) -> Iterator[ast.expr]:
    """What a name is bound to in one scope."""
    module = act.module
    for node in walk(act.node):
        if isinstance(node, (ast.Assign, ast.AnnAssign)) and node.value is not None:
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            if any(isinstance(t, ast.Name) and t.id == name for t in targets):
                if module.scope(node) is act.node:
                    yield node.value


def _returned(function: ast.AST) -> Iterator[ast.expr]:
    if isinstance(function, ast.Lambda):
        yield function.body
        return
    for node in walk(function):
        if isinstance(node, ast.Return) and node.value is not None:
            yield node.value


def _taken_out(node: ast.expr, name: str) -> bool:
    """Whether an expression is the text of the block called ``name``."""
    if isinstance(node, ast.Subscript):
        return _is(node.slice, _TEXT) and isinstance(node.value, ast.Name) and node.value.id == name
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
        of = node.func.value
        return node.func.attr == "get" and _is(node.args[0], _TEXT) and _named(of, name)
    return False


def _named(node: ast.expr, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name


def _is(node: ast.AST | None, text: str) -> bool:
    return isinstance(node, ast.Constant) and node.value == text


def _marked_in(value: Value) -> tuple[Entry | None, int]:
    """The last marker that surely is in a block or list of blocks, and the number of blocks."""
    found: Entry | None = None
    options = list(alternatives(value))
    if len(options) != 1:
        return None, 0
    blocks: tuple[Value, ...] = (options[0],)
    if isinstance(options[0], Sequence):
        blocks = options[0].items
    for block in blocks:
        entry = block.entry(_MARKER) if isinstance(block, Mapping) else None
        if entry is not None and not entry.optional and is_marker(entry.value):
            found = entry
    return found, len(blocks)
