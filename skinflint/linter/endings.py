"""What ends a loop: the tools whose branch returns at once, or nothing but its count.

``if block.name == "submit": return block.input`` comes to no further round.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from skinflint.linter.module import FUNCTIONS, LOOPS, Module, children, last_name, walk

#: Why a reply that isn't whole stopped.
CUT = ("pause_turn", "max_tokens")


def ending_tools(loop: ast.AST) -> tuple[str, ...]:
    """The names of the tools whose call leaves a loop for good, in order of lines."""
    found: dict[str, None] = {}
    for node in walk(loop):
        if isinstance(node, ast.If) and isinstance(node.body[-1], (ast.Return, ast.Raise)):
            if not _goes_elsewhere(node.body):
                found.update(dict.fromkeys(_called(node.test)))
    return tuple(found)


def only_resumes(loop: ast.AST) -> bool:
    """Whether a loop goes on only for replies that were paused or cut, and answers no tools.

    A turn is paused when a long search on the server's side takes many steps, and what was cut off
    at its limit mostly ends in the next reply.
    """
    if not isinstance(loop, (ast.For, ast.AsyncFor, ast.While)):
        return False
    if any(
        isinstance(node, ast.Constant) and node.value in ("tool_result", "tool_use", "end_turn")
        for node in walk(loop)
    ):
        return False
    if isinstance(loop, ast.While) and _is_cut(loop.test, ast.Eq):
        return True
    return _ends_otherwise(loop.body) or any(
        isinstance(stmt, ast.If)
        and _is_cut(stmt.test, ast.NotEq)
        and isinstance(stmt.body[-1], (ast.Break, ast.Return))
        for stmt in loop.body
    )


def _ends_otherwise(body: list[ast.stmt]) -> bool:
    """Whether a loop is left at its end, and goes back to its begin from one such test alone."""
    *before, last = body
    back = [stmt for stmt in before if _goes_back([stmt])]
    if isinstance(last, ast.If) and _is_cut(last.test, ast.Eq) and last.orelse:
        leaves = isinstance(last.orelse[-1], (ast.Break, ast.Return))
        return leaves and not back and not _goes_back(last.orelse)
    if not isinstance(last, (ast.Break, ast.Return)):
        return False
    return len(back) == 1 and isinstance(back[0], ast.If) and _is_cut(back[0].test, ast.Eq)


def _goes_back(body: list[ast.stmt]) -> bool:
    """Whether something in a block goes back to the begin of the loop around it."""
    return any(isinstance(node, ast.Continue) for node in _in_loop(body))


def _in_loop(body: list[ast.stmt]) -> Iterator[ast.AST]:
    """What a block of a loop has, but for loops and functions in it."""
    stack: list[ast.AST] = list(body)
    while stack:
        node = stack.pop()
        yield node
        if not isinstance(node, (*FUNCTIONS, *LOOPS, ast.Lambda, ast.ClassDef)):
            stack.extend(children(node))


def is_sent_anew(module: Module, node: ast.AST) -> bool:
    """Whether a request is sent only where a reply was cut or paused: the same one, once more."""
    child = node
    for parent in module.ancestors(node):
        if isinstance(parent, (*FUNCTIONS, *LOOPS)):
            return False
        if isinstance(parent, ast.If) and child in parent.body:
            test = parent.test
            both = isinstance(test, ast.BoolOp) and isinstance(test.op, ast.And)
            for part in test.values if both and isinstance(test, ast.BoolOp) else [test]:
                if isinstance(part, ast.Compare) and last_name(part.left) == "stop_reason":
                    if _is_cut(part, ast.Eq):
                        return True
        child = parent
    return False


def _is_cut(test: ast.expr, op: type[ast.cmpop]) -> bool:
    """Whether a test holds why a reply stopped against a reason of one that isn't whole."""
    return any(
        isinstance(each, ast.Compare)
        and isinstance(each.ops[0], op)
        and any(isinstance(c, ast.Constant) and c.value in CUT for c in each.comparators)
        for each in walk(test)
    )


def _called(test: ast.expr) -> Iterator[str]:
    """The names that something is held against, in a condition that asks for nothing else."""
    if not isinstance(test, ast.Compare) or len(test.ops) != 1:
        return
    if not isinstance(test.left, (ast.Name, ast.Attribute)):
        return
    right = test.comparators[0]
    asked: list[ast.expr] = []
    if isinstance(test.ops[0], ast.Eq):
        asked = [right]
    elif isinstance(test.ops[0], ast.In) and isinstance(right, (ast.Tuple, ast.List, ast.Set)):
        asked = right.elts
    for each in asked:
        if isinstance(each, ast.Constant) and isinstance(each.value, str):
            yield each.value


def _goes_elsewhere(body: list[ast.stmt]) -> bool:
    """Whether something in a block leads out of it before its end, back into the loop."""
    return any(isinstance(node, (ast.Continue, ast.Break)) for node in _in_loop(body))


def goes_through(module: Module, loop: ast.AST, node: ast.AST) -> bool:
    """Whether each run of a loop comes to all of its rounds, and each of them to ``node``.

    Only a count may end it: no reply is so good that the rounds that are left are spared. An error
    ends everything, and counts as no way out.
    """
    for parent in module.ancestors(node):
        if parent is loop:
            break
        if isinstance(parent, (ast.If, ast.IfExp, ast.ExceptHandler, *LOOPS)):
            return False
    if isinstance(loop, ast.While) and not _counts_down_or_up(loop):
        return False
    return isinstance(loop, LOOPS) and not _is_left(loop.body)


def _counts_down_or_up(loop: ast.While) -> bool:
    """Whether a ``while`` goes on for as long as a number that each round changes says so."""
    test = loop.test
    if not isinstance(test, ast.Compare) or not isinstance(test.ops[0], _ORDERINGS):
        return False
    counts = {side.id for side in (test.left, *test.comparators) if isinstance(side, ast.Name)}
    return any(
        isinstance(stmt, ast.AugAssign)
        and isinstance(stmt.op, (ast.Add, ast.Sub))
        and isinstance(stmt.value, ast.Constant)
        and isinstance(stmt.target, ast.Name)
        and stmt.target.id in counts
        for stmt in loop.body
    )


_ORDERINGS = (ast.Lt, ast.LtE, ast.Gt, ast.GtE)


def _is_left(body: list[ast.stmt]) -> bool:
    """Whether something in the body of a loop leaves it, or goes on to the next round early."""
    stack: list[tuple[ast.AST, bool]] = [(stmt, False) for stmt in body]
    while stack:
        node, deeper = stack.pop()
        if isinstance(node, ast.Return):
            return True
        if isinstance(node, (ast.Break, ast.Continue)) and not deeper:
            return True
        if isinstance(node, (*FUNCTIONS, ast.Lambda, ast.ClassDef)):
            continue
        inside = deeper or isinstance(node, LOOPS)
        stack.extend((child, inside) for child in children(node))
    return False
