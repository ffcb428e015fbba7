"""Which chains of callers never come to a request: it stands in a branch that they leave out.

``def ask(text, stream=False): if stream: client.messages.create(...)`` is sent by those callers
alone that ask for a stream.
"""

from __future__ import annotations

import ast

from skinflint.linter.activation import Activation, runs
from skinflint.linter.evaluate import Evaluator
from skinflint.linter.module import FUNCTIONS, Module, parameters


def left_out(node: ast.AST, act: Activation, ev: Evaluator) -> bool:
    """Whether a condition on the way to ``node`` surely doesn't hold in this run."""
    for run, inner in runs(node, act):
        if run.arguments is None or not isinstance(run.node, FUNCTIONS):
            continue
        names = {each.arg for each in parameters(run.node)} - _set_in(run.node, run.module)
        for test, holds in _conditions(inner, run.module, run.node):
            if _asks_of(test, names):
                known, _ = ev.test(test, run)
                if known is not None and known is not holds:
                    return True
    return False


def _set_in(function: ast.AST, module: Module) -> frozenset[str]:
    """The names that a function, or one in it, sets itself."""
    return frozenset(
        node.id
        for node in ast.walk(function)
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load)
    )


def _conditions(node: ast.AST, module: Module, function: ast.AST) -> list[tuple[ast.expr, bool]]:
    """The conditions that hold where ``node`` stands in ``function``, and those that don't."""
    found: list[tuple[ast.expr, bool]] = []
    child: ast.AST = node
    for parent in module.ancestors(node):
        if isinstance(parent, ast.If) and child is not parent.test:
            found.append((parent.test, child in parent.body))
        elif isinstance(parent, ast.IfExp) and child is not parent.test:
            found.append((parent.test, child is parent.body))
        if parent is function:
            break
        child = parent
    return found


def _asks_of(test: ast.expr, names: set[str]) -> bool:
    """Whether a condition asks for one parameter: ``stream``, ``not stream``, ``kind == "x"``."""
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        return _asks_of(test.operand, names)
    if isinstance(test, ast.Compare) and len(test.ops) == 1:
        return isinstance(test.comparators[0], ast.Constant) and _asks_of(test.left, names)
    return isinstance(test, ast.Name) and test.id in names
