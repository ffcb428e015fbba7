"""Which chains of callers never come to a request: it stands in a branch that they leave out.

``def ask(text, stream=False): if stream: client.messages.create(...)`` is sent by those callers
alone that ask for a stream.
"""

from __future__ import annotations

import ast

from skinflint.linter.activation import Activation, memory, runs
from skinflint.linter.evaluate import Evaluator
from skinflint.linter.module import FUNCTIONS, FunctionNode, Module, default_of, parameters, walk
from skinflint.linter.values import Known, Value
from skinflint.records import replace


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


def decided(node: ast.AST, act: Activation, ev: Evaluator) -> Activation:
    """The run that comes to ``node``: flags that decide whether it does are what they must be.

    What ``def ask(text, cache=False): system = marked(text) if cache else text`` sends in its
    branch for ``cache`` is marked.
    """
    function = act.node
    if not isinstance(function, FUNCTIONS):
        return act
    found: dict[str, Value] = {}
    set_here: frozenset[str] | None = None
    for test, holds in _conditions(node, act.module, function):
        name, wanted = test, holds
        while isinstance(name, ast.UnaryOp) and isinstance(name.op, ast.Not):
            name, wanted = name.operand, not wanted
        if not isinstance(name, ast.Name) or not _is_flag(name.id, function):
            continue
        set_here = _set_in(function, act.module) if set_here is None else set_here
        if name.id not in set_here and ev.test(name, act)[0] is None:
            found[name.id] = Known(wanted, act.module.span(name))
    return replace(act, memo=memory(), decided=found) if found else act


def _is_flag(name: str, function: FunctionNode) -> bool:
    """Whether a parameter is true or false and nothing else, by its type or its default."""
    for each in parameters(function):
        if each.arg == name:
            default = default_of(function, name)
            if isinstance(default, ast.Constant) and type(default.value) is bool:
                return True
            return isinstance(each.annotation, ast.Name) and each.annotation.id == "bool"
    return False


def _set_in(function: ast.AST, module: Module) -> frozenset[str]:
    """The names that a function, or one in it, sets itself."""
    found = module.set_in.get(function)
    if found is None:
        found = module.set_in[function] = frozenset(
            node.id
            for node in walk(function)
            if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load)
        )
    return found


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
