"""Let a function keep its results: `functools.cache` around it."""

from __future__ import annotations

import ast

from skinflint.fixers.code import Code
from skinflint.fixers.declined import Declined
from skinflint.fixers.scope import bindings, bound_once_at_import, own_nodes
from skinflint.linter.findings import Edit, KeepResult

#: Types whose values can be the key of a kept result, and can be handed out again and again.
_PLAIN = ("str", "int", "float", "bool", "bytes", "Path", "None")
_TEXT = ("strip", "rstrip", "lstrip", "decode", "join", "format", "replace", "splitlines")


def edits(op: KeepResult, code: Code) -> list[Edit]:
    """The edits that decorate the function. Raises Declined."""
    function = code.scope(code.expression(op.source))
    if not isinstance(function, ast.FunctionDef):
        raise Declined("it isn't read in a function of its own that could keep its result")
    if not isinstance(code.parents[function], ast.Module):
        raise Declined(f"{function.name}() is no function of the module")
    if function.decorator_list:
        raise Declined(f"{function.name}() is decorated already")
    _must_depend_on_arguments(function)
    _must_give_text(function)
    start = code.range(function)[0]
    if not code.begins_line(start):
        raise Declined(f"{function.name}() doesn't begin on a line of its own")
    written, found = _import(code)
    return [*found, code.edit(start, start, f"@{written}\n")]


def _must_depend_on_arguments(function: ast.FunctionDef) -> None:
    given = function.args
    if given.vararg is not None or given.kwarg is not None:
        raise Declined(f"{function.name}() takes any number of arguments")
    for each in (*given.posonlyargs, *given.args, *given.kwonlyargs):
        parts = (
            {part.strip() for part in ast.unparse(each.annotation).split("|")}
            if (each.annotation is not None)
            else {""}
        )
        if not parts <= set(_PLAIN):
            raise Declined(f"what `{each.arg}` of {function.name}() is isn't said")
    for node in own_nodes(function):
        if isinstance(node, ast.Yield | ast.YieldFrom | ast.Global | ast.Nonlocal):
            raise Declined(f"{function.name}() does more than give a value")


def _must_give_text(function: ast.FunctionDef) -> None:
    """What is kept is handed out to all callers, so nobody may change it."""
    if function.returns is not None:
        parts = {part.strip() for part in ast.unparse(function.returns).split("|")}
        if parts <= set(_PLAIN):
            return
    returned = [n.value for n in own_nodes(function) if isinstance(n, ast.Return)]
    if not returned or not all(value is not None and _is_text(value) for value in returned):
        raise Declined(f"what {function.name}() returns isn't surely a text (`-> str` would tell)")


def _is_text(node: ast.expr) -> bool:
    if isinstance(node, ast.Constant | ast.JoinedStr):
        return True
    if isinstance(node, ast.Attribute):
        return node.attr in ("stdout", "stderr")
    if isinstance(node, ast.IfExp):
        return _is_text(node.body) and _is_text(node.orelse)
    if isinstance(node, ast.BoolOp):
        return all(_is_text(value) for value in node.values)
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in _TEXT
        and node.func.attr != "splitlines"
    )


def _import(code: Code) -> tuple[str, list[Edit]]:
    """How the decorator is written, and the import it needs."""
    for stmt in code.tree.body:
        if isinstance(stmt, ast.ImportFrom) and stmt.module == "functools" and not stmt.level:
            for alias in stmt.names:
                if alias.name == "cache" and bound_once_at_import(code, alias.asname or "cache"):
                    return alias.asname or "cache", []
        if isinstance(stmt, ast.Import) and bound_once_at_import(code, "functools"):
            if any(alias.name == "functools" and not alias.asname for alias in stmt.names):
                return "functools.cache", []
    if "functools" in code.names or bindings(code.tree, "functools"):
        raise Declined("`functools` is the name of something else here")
    plain = [
        stmt
        for stmt in code.tree.body
        if isinstance(stmt, ast.Import) and code.begins_line(code.range(stmt)[0])
    ]
    behind = next((stmt for stmt in plain if stmt.names[0].name > "functools"), None)
    if behind is not None:
        at = code.range(behind)[0]
        return "functools.cache", [code.edit(at, at, "import functools\n")]
    if plain:
        at = code.text.find("\n", code.range(plain[-1])[1]) + 1
        if at > 0:
            return "functools.cache", [code.edit(at, at, "import functools\n")]
    raise Declined("the module imports nothing that an import could be put next to")
