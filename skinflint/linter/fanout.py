"""Are the requests of a loop started all at once, before the first of them is answered?

``asyncio.gather(*[ask(q) for q in questions])``, tasks that a loop makes and nobody waits for in
it, an executor that is handed each record. What counts or limits them (a semaphore), and what asked
the same before, leaves it open.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from skinflint.linter.activation import Activation, runs
from skinflint.linter.evaluate import Evaluator
from skinflint.linter.module import FUNCTIONS, Module, last_name, walk
from skinflint.linter.request import FanOut

_COMPREHENSIONS = (ast.ListComp, ast.GeneratorExp, ast.SetComp)
_LOOPS = (ast.For, *_COMPREHENSIONS)
_WAIT = ("gather", "as_completed", "wait")
_START = ("create_task", "ensure_future", "start_soon", "submit")


def fan_out(ev: Evaluator, call: ast.Call, act: Activation) -> FanOut | None:
    """Where the innermost loop of a request starts all its rounds at once."""
    levels = list(runs(call, act))
    for run, node in levels:
        if _limited(run.node):
            return None
        loops = run.module.loops(node, run.node)
        if not loops:
            continue
        loop = loops[-1]
        if not isinstance(loop, _LOOPS):
            return None
        found = _started(run.module, node, loop)
        if found is None or _asked_before(run, node, loop):
            return None
        waited, started, name = found
        span = run.module.span
        return FanOut(span(waited), span(started), name, len(run.frame) + len(loops) - 1)
    return None


def _limited(scope: ast.AST) -> bool:
    """Whether a function waits for its turn."""
    if not isinstance(scope, (*FUNCTIONS, ast.Lambda)):
        return False
    for node in walk(scope):
        if isinstance(node, (ast.AsyncWith, ast.With)):
            for item in node.items:
                written = ast.unparse(item.context_expr).lower()
                if any(word in written for word in ("sem", "limit", "lock", "throttle")):
                    return True
    return False


def _started(module: Module, node: ast.AST, loop: ast.AST) -> tuple[ast.AST, ast.AST, str] | None:
    """What waits for the requests that a loop starts, and what starts them."""
    child, parent = node, module.parents.get(node)
    handed = False
    if isinstance(parent, ast.Call) and child is not parent.func and _last(parent) in _START:
        handed = True
        child, parent = parent, module.parents.get(parent)
    if isinstance(node, ast.Call) and _last(node) in _START:
        handed = True
    if isinstance(loop, _COMPREHENSIONS):
        if child is not loop.elt:
            return None
        return _waited(module, loop, handed)
    # a loop of statements: nothing in it waits
    if any(isinstance(each, ast.Await) for stmt in _body(loop) for each in walk(stmt)):
        return None
    if any(_last(each) == "result" for stmt in _body(loop) for each in _calls(stmt)):
        return None
    if isinstance(parent, ast.Expr) and handed:
        return loop, loop, f"{_last(child)}()"
    if isinstance(parent, ast.Call) and _last(parent) == "append" and child in parent.args:
        listed = parent.func.value if isinstance(parent.func, ast.Attribute) else None
        if isinstance(listed, ast.Name):
            waits = _wait_of(module, listed.id, loop)
            if waits is not None:
                return waits, loop, f"{_last(waits)}()"
            if handed:
                return loop, loop, f"{_last(child)}()"
    return None


def _waited(
    module: Module, comprehension: ast.AST, handed: bool
) -> tuple[ast.AST, ast.AST, str] | None:
    parent = module.parents.get(comprehension)
    if isinstance(parent, ast.Starred):
        parent = module.parents.get(parent)
    if isinstance(parent, ast.Call) and _last(parent) in _WAIT:
        return parent, parent, f"{_last(parent)}()"
    if isinstance(parent, ast.Assign) and len(parent.targets) == 1:
        target = parent.targets[0]
        if isinstance(target, ast.Name):
            waits = _wait_of(module, target.id, comprehension)
            if waits is not None:
                return waits, comprehension, f"{_last(waits)}()"
            if handed:
                return comprehension, comprehension, "an executor"
    return None


def _wait_of(module: Module, name: str, near: ast.AST) -> ast.Call | None:
    """The call in the same function that waits for all of a list."""
    scope = module.scope(near)
    for call in _calls(scope):
        if _last(call) in _WAIT:
            for argument in call.args:
                inner = argument.value if isinstance(argument, ast.Starred) else argument
                if isinstance(inner, ast.Name) and inner.id == name:
                    return call
    return None


def _asked_before(run: Activation, node: ast.AST, loop: ast.AST) -> bool:
    """Whether the same function is called in front of the loop: the first of them then waits."""
    name = _last(node)
    begins = (getattr(loop, "lineno", 0), getattr(loop, "col_offset", 0))
    return bool(name) and any(
        _last(call) == name and (call.lineno, call.col_offset) < begins for call in _calls(run.node)
    )


def _body(loop: ast.AST) -> list[ast.stmt]:
    return list(getattr(loop, "body", ()))


def _calls(scope: ast.AST) -> Iterator[ast.Call]:
    return (node for node in walk(scope) if isinstance(node, ast.Call))


def _last(node: ast.AST) -> str:
    func = node.func if isinstance(node, ast.Call) else node
    return last_name(func)
