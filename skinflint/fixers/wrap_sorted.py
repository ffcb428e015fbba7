"""Put ``sorted(...)`` around an expression whose order can't be relied on."""

from __future__ import annotations

import ast

from skinflint.fixers.code import Code, FunctionNode
from skinflint.fixers.declined import Declined
from skinflint.fixers.scope import fresh_name, is_builtin
from skinflint.linter.findings import Edit, WrapSorted


def edits(op: WrapSorted, code: Code) -> list[Edit]:
    """The edits that sort ``op.expression``. Raises Declined."""
    node = code.expression(op.expression)
    if not is_builtin(code, node, "sorted"):
        raise Declined("`sorted` means something else in this file")
    parent = code.parents.get(node)
    _must_bear_a_list(code, node, parent)
    key = ""
    if op.by:
        name = fresh_name(code, ("tool", "item", "each"), set())
        taken = f"{name}.{op.by}" if op.attribute else f'{name}["{op.by}"]'
        key = f", key=lambda {name}: {taken}"
    start, end = code.range(node)
    if isinstance(node, ast.GeneratorExp):
        # its span has parentheses, which may be those of the call it is the only argument of
        shared = isinstance(parent, ast.Call) and code.range(parent)[1] == end
        inside = code.text[start:end] if not key else f"({code.text[start:end]}"
        new = f"sorted{inside}" if not key else f"sorted{inside}{key})"
        return [code.edit(start, end, f"({new})" if shared else new)]
    opening, closing = "", ""
    if isinstance(node, ast.Tuple) and code.text[start] != "(":
        opening, closing = "(", ")"
    if isinstance(node, ast.Yield | ast.YieldFrom | ast.Starred):
        raise Declined("the expression can't be an argument of `sorted`")
    return [
        code.edit(start, start, f"sorted({opening}"),
        code.edit(end, end, f"{closing}{key})"),
    ]


def _must_bear_a_list(code: Code, node: ast.expr, parent: ast.AST | None) -> None:
    """Decline where the code around the expression relies on its being something else."""
    if isinstance(node, ast.List | ast.ListComp) or (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "list"
        and is_builtin(code, node, "list")
    ):
        return  # it is a list already
    if isinstance(parent, ast.Attribute):
        raise Declined(f"`.{parent.attr}` is taken of it, which a list may not have")
    if isinstance(parent, ast.Await | ast.AsyncFor) or (
        isinstance(parent, ast.comprehension) and parent.is_async
    ):
        raise Declined("it is awaited, and a list can't be")
    if isinstance(parent, ast.BinOp | ast.AugAssign | ast.UnaryOp | ast.Compare):
        raise Declined("an operator is applied to it, which a list may not have")
    target: ast.expr | None = None
    if isinstance(parent, ast.Assign) and len(parent.targets) == 1:
        target = parent.targets[0]
    elif isinstance(parent, ast.AnnAssign):
        raise Declined("its name is annotated with the type it has now")
    if target is None:
        return
    name = target.id if isinstance(target, ast.Name) else None
    if name is None:
        raise Declined("it is kept in an attribute or item, which other code may use as it is now")
    scope = code.scope(node)
    if isinstance(scope, ast.Module | ast.ClassDef):
        raise Declined(f"`{name}` may be used elsewhere as what it is now")
    assert isinstance(scope, FunctionNode | ast.Lambda)  # all that is left
    for other in ast.walk(scope):
        if not (isinstance(other, ast.Name) and other.id == name):
            continue
        around = code.parents[other]
        if isinstance(around, ast.Attribute) and not hasattr(list, around.attr):
            raise Declined(f"`{name}.{around.attr}` is used at line {other.lineno}")
        if isinstance(around, ast.BinOp | ast.AugAssign):
            raise Declined(f"an operator is applied to `{name}` at line {other.lineno}")
