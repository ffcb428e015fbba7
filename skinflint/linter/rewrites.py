"""Which code changes messages that were sent before, because they have become old.

A change that befalls each message alike, whenever it is sent, leaves what is sent as it was. One
that hangs on the age of a message changes it between two calls.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from skinflint.linter.module import (
    COMPREHENSIONS,
    FUNCTIONS,
    LOOPS,
    FunctionNode,
    Module,
    dotted,
    walk,
)

#: Code about cache markers changes nothing that the model sees.
_MARKERS = re.compile(r"(?i)cache|marker|breakpoint|ephemeral")


def by_age(module: Module, use: ast.expr, scope: ast.AST) -> Iterator[ast.AST]:
    """The changes of old messages of the list that ``use`` reads."""
    direct = _set_at(module, use)
    if direct is not None:
        if _is_behind_others(direct[0], direct[1], module, scope):
            yield direct[1]
        return
    loop = _loop_over(module, use)
    if loop is None or _about_markers(module, loop):
        return
    if isinstance(loop, (ast.For, ast.AsyncFor)):
        old = _old_ones(loop.iter, module, scope)
        backwards = _backwards(loop.iter)
        for change in _changes(module, loop, dotted(use)):
            tests = list(_tests(module, change, loop))
            if (
                old
                or any(_asks_age(test, module, scope) for test in tests)
                or (backwards and any(_counts(test, loop) for test in tests))
            ):
                yield change
    elif isinstance(loop, (ast.ListComp, ast.GeneratorExp)):
        first = loop.generators[0]
        plain = isinstance(loop.elt, ast.Name) and isinstance(first.target, ast.Name)
        choice = isinstance(loop.elt, ast.IfExp) and _asks_age(loop.elt.test, module, scope)
        if choice or (not plain and _old_ones(first.iter, module, scope)):
            yield loop


def thinned(module: Module, use: ast.expr) -> Iterator[ast.AST]:
    """What a loop over the list that ``use`` reads leaves of its messages: the first of the parts.

    ``for m in messages: m.content = [m.content[0]]``.
    """
    loop = _loop_over(module, use)
    if not isinstance(loop, (ast.For, ast.AsyncFor)):
        return
    for change in _changes(module, loop, dotted(use)):
        stmt = module.parents.get(change)
        if isinstance(stmt, ast.Assign) and stmt.targets == [change]:
            value = stmt.value
            kept = value.elts if isinstance(value, ast.List) else [value]
            if kept and all(_is_part(each, change) for each in kept):
                yield change


def drops_pictures(module: Module, function: FunctionNode) -> ast.AST | None:
    """Where a function sets the content of messages anew, and asks which of it are pictures."""
    asks = any(
        isinstance(node, ast.Compare)
        and any(isinstance(c, ast.Constant) and c.value == "image" for c in node.comparators)
        for node in walk(function)
    )
    for node in walk(function) if asks else ():
        if not isinstance(node, ast.Assign):
            continue
        if not any(isinstance(e, (ast.For, ast.AsyncFor)) for e in module.loops(node, function)):
            continue
        for target in node.targets:
            if isinstance(target, ast.Subscript) and isinstance(target.slice, ast.Constant):
                if target.slice.value == "content":
                    return node
            elif isinstance(target, ast.Attribute) and target.attr == "content":
                return node
    return None


def may_be_turned_off(module: Module, call: ast.Call) -> bool:
    """Whether a call stands under a mere name: a number of pictures, which may be none."""
    child: ast.AST = call
    for parent in module.ancestors(call):
        if isinstance(parent, FUNCTIONS):
            return False
        if (
            isinstance(parent, ast.If)
            and child in parent.body
            and isinstance(parent.test, ast.Name)
        ):
            return True
        child = parent
    return False


def _is_part(node: ast.expr, whole: ast.AST) -> bool:
    """``whole[0]``, ``whole[:2]``."""
    return isinstance(node, ast.Subscript) and ast.unparse(node.value) == ast.unparse(whole)


def rarely(module: Module, node: ast.AST, scope: ast.AST) -> bool:
    """Whether something else than the number of messages decides that ``node`` runs: a budget of
    tokens, an error, a step of several messages.
    """
    child = node
    loop: ast.AST | None = None  # the outermost loop over messages around it
    for parent in module.ancestors(node):
        if parent is scope:
            break
        if isinstance(parent, ast.ExceptHandler):
            return True
        if isinstance(parent, (ast.For, ast.AsyncFor)) and not _is_driver(parent):
            loop = parent
    steps = loop if loop is not None else module.statement(node)
    if isinstance(scope, FUNCTIONS) and not any(isinstance(n, ast.While) for n in walk(scope)):
        steps = scope
    if steps is not None and any(
        isinstance(n, ast.BinOp)
        and isinstance(n.op, (ast.Mod, ast.FloorDiv))
        and not isinstance(n.left, (ast.Constant, ast.JoinedStr))
        for n in walk(steps)
    ):
        return True
    child = loop if loop is not None else node
    for parent in module.ancestors(child):
        if isinstance(parent, ast.If) and child is not parent.test and not _by_number(parent.test):
            return True
        for name in ("body", "orelse"):
            block = getattr(parent, name, None)
            if isinstance(block, list) and child in block and not isinstance(parent, ast.Module):
                for earlier in block[: block.index(child)]:
                    if isinstance(earlier, ast.If) and _leaves(earlier):
                        if not _by_number(earlier.test):
                            return True
        if parent is scope or isinstance(parent, LOOPS):
            break
        child = parent
    return False


def _by_number(test: ast.expr) -> bool:
    """Whether a test asks for the number of messages or of turns, which a change doesn't lower."""
    for node in walk(test):
        if isinstance(node, ast.Compare):
            sides = [node.left, *node.comparators]
            if not any(_is_length(side) for side in sides):
                return False
        elif isinstance(node, ast.Call) and not _is_length(node):
            return False
    return True


def _is_length(node: ast.expr) -> bool:
    return any(
        isinstance(each, ast.Call) and isinstance(each.func, ast.Name) and each.func.id == "len"
        for each in walk(node)
    )


def _leaves(test: ast.If) -> bool:
    return isinstance(test.body[-1], (ast.Return, ast.Raise, ast.Continue, ast.Break))


def _is_driver(loop: ast.For | ast.AsyncFor) -> bool:
    """Whether a loop counts rounds rather than going through a list."""
    return (
        isinstance(loop.iter, ast.Call)
        and dotted(loop.iter.func) in ("range", "count")
        and not (_is_length(loop.iter))
    )


def _about_markers(module: Module, node: ast.AST) -> bool:
    return _MARKERS.search(module.source.slice(module.span(node))) is not None


def _set_at(module: Module, use: ast.expr) -> tuple[ast.expr, ast.AST] | None:
    """The index of ``x[index]["content"] = ...``, and what is set."""
    parent = module.parents.get(use)
    if not isinstance(parent, ast.Subscript) or parent.value is not use:
        return None
    outer: ast.AST = parent
    above = module.parents.get(outer)
    while isinstance(above, ast.Subscript) and above.value is outer:
        outer, above = above, module.parents.get(above)
    if not isinstance(outer, ast.Subscript) or not isinstance(outer.ctx, ast.Store):
        return None
    stmt = module.statement(outer)
    return None if stmt is None or _about_markers(module, stmt) else (parent.slice, outer)


def _is_behind_others(at: ast.expr, node: ast.AST, module: Module, scope: ast.AST) -> bool:
    """Whether an index is told from the end (``-3``), or that of a loop through the old ones."""
    if isinstance(at, ast.UnaryOp) and isinstance(at.op, ast.USub):
        back = at.operand
        return isinstance(back, ast.Constant) and isinstance(back.value, int) and back.value > 1
    if not isinstance(at, ast.Name):
        return False
    for parent in module.ancestors(node):
        if parent is scope:
            return False
        if isinstance(parent, (ast.For, ast.AsyncFor)):
            names = {n.id for n in walk(parent.target) if isinstance(n, ast.Name)}
            if at.id in names and not _about_markers(module, parent):
                tests = _tests(module, node, parent)
                return _old_ones(parent.iter, module, scope) or any(
                    _asks_age(test, module, scope) for test in tests
                )
    return False


def _loop_over(module: Module, use: ast.expr) -> ast.AST | None:
    """The loop or comprehension that goes through the list, if ``use`` stands in its head."""
    child: ast.AST = use
    for parent in module.ancestors(use):
        if isinstance(parent, (ast.For, ast.AsyncFor)):
            return parent if child is parent.iter else None
        if isinstance(parent, ast.comprehension):
            around = module.parents.get(parent)
            head = isinstance(around, COMPREHENSIONS) and around.generators[0] is parent
            return around if head and child is parent.iter else None
        if isinstance(parent, (ast.stmt, ast.Lambda)):
            return None
        if isinstance(parent, ast.Call):
            name = (dotted(parent.func) or "").rpartition(".")[2]
            if name not in ("enumerate", "reversed", "list", "len", "range", "zip"):
                return None
        elif not isinstance(parent, (ast.Subscript, ast.BinOp, ast.Slice, ast.UnaryOp)):
            return None
        child = parent
    return None


def _backwards(node: ast.expr) -> bool:
    for each in walk(node):
        if isinstance(each, ast.Call) and dotted(each.func) == "reversed":
            return True
        if isinstance(each, ast.Slice) and each.step is not None:
            return True
    return False


def _old_ones(node: ast.expr, module: Module, scope: ast.AST) -> bool:
    """Whether a loop goes through all but the newest: ``x[:-4]``, ``range(len(x) - 4)``."""
    for each in walk(node):
        if isinstance(each, ast.Slice) and each.upper is not None:
            if _counts_back(each.upper, module, scope):
                return True
        if isinstance(each, ast.Call) and dotted(each.func) == "range":
            if any(_counts_back(argument, module, scope) for argument in each.args[:2]):
                return not any(_from_zero(argument) for argument in each.args[2:])
    return False


def _from_zero(step: ast.expr) -> bool:
    return isinstance(step, ast.UnaryOp)  # a step of -1: through all of them, from the end


def _counts_back(node: ast.expr, module: Module, scope: ast.AST, depth: int = 0) -> bool:
    """Whether a number is told from the end of a list: ``-4``, ``len(x) - 4``, a name for it."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return True
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Sub):
        return _is_length(node.left)
    if isinstance(node, ast.Call) and dotted(node.func) in ("max", "min"):
        return any(_counts_back(each, module, scope, depth) for each in node.args)
    if isinstance(node, ast.Name) and depth < 3:
        for each in walk(scope):
            if isinstance(each, ast.Assign) and any(
                isinstance(target, ast.Name) and target.id == node.id for target in each.targets
            ):
                if _counts_back(each.value, module, scope, depth + 1):
                    return True
    return False


def _asks_age(test: ast.expr, module: Module, scope: ast.AST) -> bool:
    """Whether a test compares an index with a number told from the end."""
    for each in walk(test):
        if isinstance(each, ast.Compare) and isinstance(
            each.ops[0], (ast.Lt, ast.LtE, ast.Gt, ast.GtE)
        ):
            sides = [each.left, *each.comparators]
            if any(
                not isinstance(side, ast.UnaryOp) and _counts_back(side, module, scope)
                for side in sides
            ):
                return True
    return False


def _counts(test: ast.expr, loop: ast.AST) -> bool:
    """Whether a test asks how many of them the loop has met so far."""
    counted = {
        each.target.id
        for each in walk(loop)
        if isinstance(each, ast.AugAssign) and isinstance(each.target, ast.Name)
    }
    return any(
        isinstance(each, ast.Compare)
        and isinstance(each.ops[0], (ast.Gt, ast.GtE, ast.Lt, ast.LtE))
        and any(isinstance(name, ast.Name) and name.id in counted for name in walk(each))
        for each in walk(test)
    )


def _tests(module: Module, node: ast.AST, loop: ast.AST) -> Iterator[ast.expr]:
    """The tests inside a loop that a change hangs on, also those that skip a round before it."""
    child = node
    for parent in module.ancestors(node):
        if isinstance(parent, (ast.If, ast.IfExp)) and child is not parent.test:
            yield parent.test
        for name in ("body", "orelse"):
            block = getattr(parent, name, None)
            if isinstance(block, list) and child in block:
                for earlier in block[: block.index(child)]:
                    if isinstance(earlier, ast.If) and _leaves(earlier):
                        yield earlier.test
        if parent is loop:
            return
        child = parent


def _changes(module: Module, loop: ast.For | ast.AsyncFor, path: str | None) -> Iterator[ast.AST]:
    """What a loop over messages sets or deletes in them."""
    names = {n.id for n in walk(loop.target) if isinstance(n, ast.Name)}
    size = -1
    while size != len(names):
        size = len(names)
        for node in walk(loop):
            if isinstance(node, (ast.For, ast.AsyncFor)) and node is not loop:
                if _root(node.iter) in names or _reads(node.iter, path):
                    names |= {n.id for n in walk(node.target) if isinstance(n, ast.Name)}
            elif isinstance(node, ast.Assign) and isinstance(node.value, (ast.Subscript, ast.Call)):
                if _root(node.value) in names or _reads(node.value, path):
                    names |= {t.id for t in node.targets if isinstance(t, ast.Name)}
    for node in walk(loop):
        if not isinstance(node, (ast.Subscript, ast.Attribute)):
            continue
        if isinstance(node.ctx, (ast.Store, ast.Del)):
            if _root(node) in names or (isinstance(node, ast.Subscript) and _reads(node, path)):
                yield node


def _reads(node: ast.AST, path: str | None) -> bool:
    """Whether an expression is an item of the list, or something in one: ``x[i]["content"]``."""
    while isinstance(node, (ast.Subscript, ast.Attribute)):
        if isinstance(node, ast.Subscript) and path is not None and dotted(node.value) == path:
            return True
        node = node.value
    return False


def _root(node: ast.AST) -> str:
    """The name that an expression begins with: ``m`` of ``m["content"]``, ``m.get("content")``."""
    while True:
        if isinstance(node, (ast.Subscript, ast.Attribute)):
            node = node.value
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            if node.func.attr not in ("get", "setdefault"):
                return ""
            node = node.func.value
        else:
            return node.id if isinstance(node, ast.Name) else ""
