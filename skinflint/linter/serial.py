"""Requests that are awaited one after the other though the second needs nothing of the first."""

from __future__ import annotations

import ast

from skinflint.linter.activation import Activation, runs
from skinflint.linter.module import FUNCTIONS, Module, dotted
from skinflint.linter.request import Awaited
from skinflint.linter.spans import Role, Step

#: In a block of these only so many run at a time.
_GUARDS = ("semaphore", "lock", "limit", "throttle", "rate")


def awaited_in_row(call: ast.AST, act: Activation) -> Awaited | None:
    """Another request right behind this one that could run beside it; None where there is none.

    Looked for at the call itself and at the calls of the helpers that lead to it.
    """
    for each, node in runs(call, act):
        if not isinstance(each.node, ast.AsyncFunctionDef) or not isinstance(node, ast.Call):
            return None
        found = _in_row(each.module, node)
        if found is not None or each.module.loops(node, each.node):
            return found
    return None


def _in_row(module: Module, node: ast.Call) -> Awaited | None:
    here = _bound_await(module, node)
    if here is None:
        return None
    statement, name = here
    body, index = module.place(statement)
    following = body[index + 1] if index + 1 < len(body) else None
    other = _await_of(following)
    if not isinstance(following, ast.Assign) or not isinstance(other, ast.Call):
        return None
    if ast.dump(other.func) != ast.dump(node.func) or _reads(following.value, name):
        return None
    if not isinstance(following.targets[0], ast.Name) or _guarded(module, statement):
        return None
    if following.targets[0].id == name or _handed(node) & _handed(other):
        return None
    span = module.span(following)
    step = Step(Role.STEP, span, "this one waits for the first")
    return Awaited(module.span(statement), span, step)


def _bound_await(module: Module, node: ast.AST) -> tuple[ast.Assign, str] | None:
    """``name = await node`` as a statement of its own, and the name."""
    parent = module.parents.get(node)
    statement = module.parents.get(parent) if isinstance(parent, ast.Await) else None
    if not isinstance(statement, ast.Assign) or len(statement.targets) != 1:
        return None
    target = statement.targets[0]
    return (statement, target.id) if isinstance(target, ast.Name) else None


def _await_of(statement: ast.stmt | None) -> ast.expr | None:
    if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
        if isinstance(statement.value, ast.Await):
            return statement.value.value
    return None


def _guarded(module: Module, statement: ast.stmt) -> bool:
    """Whether a semaphore, a lock or a limit of rates is held around a statement."""
    for parent in module.ancestors(statement):
        if isinstance(parent, ast.AsyncWith):
            for item in parent.items:
                held = item.context_expr
                if item.optional_vars is None and not isinstance(held, ast.Call):
                    return True
                name = dotted(held.func if isinstance(held, ast.Call) else held) or ""
                if any(word in name.lower() for word in _GUARDS):
                    return True
        if isinstance(parent, FUNCTIONS):
            return False
    return False


def _reads(value: ast.AST, name: str) -> bool:
    return any(isinstance(each, ast.Name) and each.id == name for each in ast.walk(value))


def _handed(call: ast.Call) -> set[str]:
    """The lists of messages that a call is handed, which it may change."""
    given = [*call.args, *(keyword.value for keyword in call.keywords)]
    return {
        each.id
        for each in given
        if isinstance(each, ast.Name) and ("mess" in each.id or "histor" in each.id)
    }
