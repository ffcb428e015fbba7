"""Who reads a list of blocks by position or number: a list that grows by one breaks them."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from skinflint.fixers.blocks import MARKER
from skinflint.fixers.code import Code, FunctionNode
from skinflint.fixers.declined import Declined

#: Builtins whose result depends on how many items a list has or which comes first.
_COUNTING = ("len", "enumerate", "zip", "next", "iter", "reversed")


def must_not_be_counted(code: Code, block: ast.expr) -> None:
    """Decline where code takes the list around ``block`` apart by position or number."""
    listed = code.parents.get(block)
    if not isinstance(listed, ast.List):
        return
    for use, name in _uses(code, listed):
        around = code.parents.get(use)
        if isinstance(around, ast.Await):
            use, around = around, code.parents.get(around)
        if _counts(use, around) and not _marks(code, around):
            raise Declined(f"`{name}` is read by position or number at line {use.lineno}")


def _uses(code: Code, listed: ast.List) -> Iterator[tuple[ast.expr, str]]:
    """Where the list is read again: by the name it is bound to, or as what a function returns."""
    holder = code.parents.get(listed)
    target: ast.expr | None = None
    if isinstance(holder, ast.Assign) and len(holder.targets) == 1:
        target = holder.targets[0]
    elif isinstance(holder, ast.AnnAssign):
        target = holder.target
    if isinstance(target, ast.Name):
        for node in ast.walk(code.scope(listed)):
            if isinstance(node, ast.Name) and node.id == target.id:
                if isinstance(node.ctx, ast.Load):
                    yield node, target.id
    elif isinstance(holder, ast.Return):
        function = code.scope(listed)
        if isinstance(function, FunctionNode):
            for node in ast.walk(code.tree):
                if isinstance(node, ast.Call) and _last(node.func) == function.name:
                    yield node, f"{function.name}()"


def _counts(use: ast.expr, around: ast.AST | None) -> bool:
    if isinstance(around, ast.Subscript):
        return around.value is use
    if isinstance(around, ast.Call):
        return _last(around.func) in _COUNTING and use in around.args
    if isinstance(around, ast.Assign):
        return any(isinstance(target, ast.Tuple | ast.List) for target in around.targets)
    if isinstance(around, ast.For | ast.AsyncFor | ast.comprehension):
        return around.iter is use
    return isinstance(around, ast.Compare)


def _marks(code: Code, around: ast.AST | None) -> bool:
    """Whether it only sets the marker of a block: ``blocks[-1]["cache_control"] = ...``."""
    outer = code.parents.get(around) if isinstance(around, ast.Subscript) else None
    return (
        isinstance(outer, ast.Subscript)
        and not isinstance(outer.ctx, ast.Load)
        and isinstance(outer.slice, ast.Constant)
        and outer.slice.value == MARKER
    )


def _last(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""
