"""Whether a decorator of the project changes what the functions below it return.

Most don't: they log, time, retry, keep or register. Some do, and then what the function returns is
not what its callers get.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from skinflint.linter.module import FUNCTIONS, FunctionNode, children, parameters, walk
from skinflint.linter.shapes import RUNNERS


def changes_result(decorator: FunctionNode, called: bool) -> bool:
    """Whether what ``decorator`` makes of a function returns something made of its result.

    ``called``: it is written with arguments, and what it returns is the decorator proper.
    """
    proper: FunctionNode | None = decorator
    if called:
        proper = next(iter(_returned_functions(decorator)), None)
    if proper is None or not parameters(proper):
        return False
    function = parameters(proper)[0].arg
    return any(_made_anew(each, function) for each in _returned_functions(proper))


def _returned_functions(function: FunctionNode) -> Iterator[FunctionNode]:
    """The functions defined in ``function`` that it returns."""
    names = {
        node.id
        for value in _returns(function)
        for node in walk(value)
        if isinstance(node, ast.Name)
    }
    for node in _own(function):
        if isinstance(node, FUNCTIONS) and node.name in names:
            yield node


def _made_anew(wrapper: FunctionNode, function: str) -> bool:
    """Whether ``wrapper`` returns something that holds a result of ``function`` but is not it."""
    values: dict[str, list[ast.expr]] = {}
    for node in _own(wrapper):
        if isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Name):
                    values.setdefault(target.id, []).append(node.value)
    results = {name for name, given in values.items() if any(_calls(v, function) for v in given)}

    def is_result(node: ast.AST) -> bool:
        return (isinstance(node, ast.expr) and _calls(node, function)) or (
            isinstance(node, ast.Name) and node.id in results
        )

    changed = [value for name in results for value in values[name] if not _calls(value, function)]
    return any(
        not is_result(value) and any(is_result(node) for node in walk(value))
        for value in (*_returns(wrapper), *changed)
    )


def _calls(node: ast.expr, function: str) -> bool:
    """Whether an expression is a call of ``function``, awaited or run somewhere else."""
    while isinstance(node, ast.Await):
        node = node.value
    if not isinstance(node, ast.Call):
        return False
    if isinstance(node.func, ast.Name) and node.func.id == function:
        return True
    name = getattr(node.func, "attr", getattr(node.func, "id", ""))
    if name in RUNNERS and name != "partial":
        return any(isinstance(a, ast.Name) and a.id == function for a in node.args[:2])
    return name in ("wait_for", "shield", "run") and any(_calls(a, function) for a in node.args)


def _returns(function: FunctionNode) -> list[ast.expr]:
    """What a function returns, each branch of a conditional by itself."""
    found: list[ast.expr] = []
    stack = [n.value for n in _own(function) if isinstance(n, ast.Return) and n.value is not None]
    while stack:
        node = stack.pop()
        if isinstance(node, ast.IfExp):
            stack += [node.body, node.orelse]
        elif isinstance(node, ast.BoolOp):
            stack += node.values
        else:
            found.append(node)
    return found


def _own(function: FunctionNode) -> Iterator[ast.AST]:
    """The nodes of a function without those of functions and classes inside, which are given."""
    stack: list[ast.AST] = list(reversed(function.body))
    while stack:
        node = stack.pop()
        yield node
        if not isinstance(node, (*FUNCTIONS, ast.ClassDef, ast.Lambda)):
            stack.extend(reversed(children(node)))
