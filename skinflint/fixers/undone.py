"""The code without the declared changes of shape: what is left must be as it was."""

from __future__ import annotations

import ast

from skinflint.fixers import syntax
from skinflint.linter.findings import CapLoop, Fix, KeepResult, Op, TrimInSteps

#: Operations that say where a loop or a list ends, or how often something is done, and leave
#: everything else as it is written.
RESHAPING = (CapLoop, TrimInSteps, KeepResult)


def alike(before: str, after: str, fixes: tuple[Fix, ...]) -> bool:
    """Whether two modules differ in nothing but what the operations of ``fixes`` do."""
    ops = [op for fix in fixes for op in fix.ops]
    old = ast.dump(_Shape(ops).visit(syntax.module(before)))
    return old == ast.dump(_Shape(ops).visit(syntax.module(after)))


class _Shape(ast.NodeTransformer):
    """Takes caps and thresholds out again; code that has none of them stays as it is."""

    def __init__(self, ops: list[Op]) -> None:
        self.rounds = {op.rounds for op in ops if isinstance(op, CapLoop)}
        self.steps = any(isinstance(op, TrimInSteps) for op in ops)
        self.kept = any(isinstance(op, KeepResult) for op in ops)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        self.generic_visit(node)
        if self.kept and [ast.unparse(each) for each in node.decorator_list] in _KEEPING:
            node.decorator_list = []
        return node

    def visit_Import(self, node: ast.Import) -> ast.AST | None:
        return None if self.kept and ast.unparse(node) == "import functools" else node

    def visit_While(self, node: ast.While) -> ast.AST:
        self.generic_visit(node)
        if self.rounds:
            if not node.orelse and _is_true(node.test):
                node.test = ast.Constant(True)
            node.test = _positive(node.test)
        return node

    def visit_For(self, node: ast.For) -> ast.AST:
        self.generic_visit(node)
        if not self._capped(node):
            return node
        first = node.body[0]
        if (
            len(node.body) > 1
            and isinstance(first, ast.If)
            and not first.orelse
            and [type(stmt) for stmt in first.body] == [ast.Break]
        ):
            test = _positive(ast.UnaryOp(ast.Not(), first.test))
            return ast.While(test, node.body[1:], [])
        return ast.While(ast.Constant(True), node.body, [])

    def _capped(self, node: ast.For) -> bool:
        call = node.iter
        return (
            isinstance(call, ast.Call)
            and isinstance(call.func, ast.Name)
            and call.func.id == "range"
            and len(call.args) == 1
            and isinstance(call.args[0], ast.Constant)
            and call.args[0].value in self.rounds
            and len(node.orelse) == 1
            and isinstance(node.orelse[0], ast.Raise)
        )

    def visit_If(self, node: ast.If) -> ast.AST | list[ast.stmt]:
        self.generic_visit(node)
        if self.steps and not node.orelse and len(node.body) == 1 and _asks_length(node.test):
            return node.body
        return node

    def visit_Subscript(self, node: ast.Subscript) -> ast.AST:
        self.generic_visit(node)
        part = node.slice
        if self.steps and isinstance(part, ast.Slice) and part.upper is None:
            size = _stepped(part.lower, ast.dump(node.value))
            if size is not None:
                part.lower = ast.UnaryOp(ast.USub(), size)
        return node


_KEEPING = (["functools.cache"], ["cache"])


def _is_true(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and bool(node.value)


_OPPOSITES: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.NotEq: ast.Eq,
    ast.IsNot: ast.Is,
    ast.NotIn: ast.In,
}


def _positive(test: ast.expr) -> ast.expr:
    """A condition with its negations taken in: ``not a == b`` and ``a != b`` become one form."""
    negated = False
    while isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        negated, test = not negated, test.operand
    if isinstance(test, ast.Compare) and len(test.ops) == 1 and type(test.ops[0]) in _OPPOSITES:
        negated = not negated
        opposite = _OPPOSITES[type(test.ops[0])]()
        test = ast.Compare(test.left, [opposite], test.comparators)
    return ast.UnaryOp(ast.Not(), test) if negated else test


def _asks_length(test: ast.expr) -> bool:
    """``len(x) > n``"""
    return (
        isinstance(test, ast.Compare)
        and len(test.ops) == 1
        and isinstance(test.ops[0], ast.Gt | ast.GtE)
        and isinstance(test.left, ast.Call)
        and isinstance(test.left.func, ast.Name)
        and test.left.func.id == "len"
    )


def _stepped(lower: ast.expr | None, items: str) -> ast.expr | None:
    """``N`` of ``max(len(x) // N - 1, 0) * N``, None for anything else."""
    if not isinstance(lower, ast.BinOp) or not isinstance(lower.op, ast.Mult):
        return None
    call, size = lower.left, lower.right
    if not isinstance(call, ast.Call) or len(call.args) != 2:
        return None
    written = ast.dump(call)
    number = ast.dump(size)
    wanted = ast.parse("max(len(x) // N - 1, 0)", mode="eval").body
    expected = (
        ast.dump(wanted)
        .replace(ast.dump(ast.Name("x", ast.Load())), items)
        .replace(ast.dump(ast.Name("N", ast.Load())), number)
    )
    return size if written == expected else None
