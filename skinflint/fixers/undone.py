"""The code without the declared changes of shape: what is left must be as it was."""

from __future__ import annotations

import ast

from skinflint.fixers import syntax
from skinflint.linter.findings import (
    CapLoop,
    CapText,
    Fix,
    GatherAwaits,
    KeepResult,
    Op,
    TextToBlocks,
    TrimInSteps,
)

#: Operations that say where a loop, a list or a text ends or how often something is done, put a
#: text into blocks or await two calls at once, and leave everything else as it is written.
RESHAPING = (CapLoop, TrimInSteps, CapText, TextToBlocks, GatherAwaits, KeepResult)


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
        self.rooms = {op.room for op in ops if isinstance(op, CapText)}
        self.gathers = any(isinstance(op, GatherAwaits) for op in ops)
        self.media = {op.media for op in ops if isinstance(op, TextToBlocks)}
        self.kept = any(isinstance(op, KeepResult) for op in ops)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        self.generic_visit(node)
        if self.kept and [ast.unparse(each) for each in node.decorator_list] in _KEEPING:
            node.decorator_list = []
        return node

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

    def visit_Import(self, node: ast.Import) -> ast.AST | None:
        """The imports that an edit may bring in."""
        brought = {("import asyncio", self.gathers), ("import functools", self.kept)}
        return None if (ast.unparse(node), True) in brought else node

    def visit_Assign(self, node: ast.Assign) -> ast.AST | list[ast.stmt]:
        """What was gathered, one after the other again."""
        self.generic_visit(node)
        target, value = node.targets[0], node.value
        call = value.value if isinstance(value, ast.Await) else None
        if not self.gathers or not isinstance(target, ast.Tuple) or not isinstance(call, ast.Call):
            return node
        if ast.dump(call.func) != ast.dump(syntax.expression("asyncio.gather")) or call.keywords:
            return node
        if len(target.elts) != len(call.args):
            return node
        return [
            ast.Assign([each], ast.Await(awaited))
            for each, awaited in zip(target.elts, call.args, strict=True)
        ]

    def visit_List(self, node: ast.List) -> ast.AST:
        """A text that was put into blocks, in one piece again."""
        self.generic_visit(node)
        pieces: list[ast.expr] = []
        for block in node.elts if self.media else ():
            held = _held(block)
            media = held.get("media_type")
            if "data" in held and isinstance(media, ast.Constant) and media.value in self.media:
                pieces += [ast.Constant(f"data:{media.value};base64,"), *_parts(held["data"])]
            elif "text" in held:
                pieces += _parts(held["text"])
            else:
                return node
        return _joined(pieces) if pieces else node

    def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.AST:
        self.generic_visit(node)
        return _joined(node.values) if self.media else node

    def visit_Subscript(self, node: ast.Subscript) -> ast.AST:
        self.generic_visit(node)
        part = node.slice
        if isinstance(part, ast.Slice) and part.lower is None and part.step is None:
            if isinstance(part.upper, ast.Constant) and part.upper.value in self.rooms:
                return node.value
        if self.steps and isinstance(part, ast.Slice) and part.upper is None:
            size = _stepped(part.lower, ast.dump(node.value))
            if size is not None:
                part.lower = ast.UnaryOp(ast.USub(), size)
        return node


def _held(block: ast.expr) -> dict[str, ast.expr]:
    """What a block holds by name, what its source holds among it; nothing for anything else."""
    if not isinstance(block, ast.Dict):
        return {}
    held: dict[str, ast.expr] = {}
    for key, value in zip(block.keys, block.values, strict=True):
        if isinstance(key, ast.Constant) and isinstance(key.value, str):
            held[key.value] = value
            if key.value == "source":
                held.update(_held(value))
    return held


def _parts(text: ast.expr) -> list[ast.expr]:
    if isinstance(text, ast.JoinedStr):
        return list(text.values)
    return [text if isinstance(text, ast.Constant) else ast.FormattedValue(text, -1)]


def _is_blank(part: ast.expr) -> bool:
    return isinstance(part, ast.Constant) and not str(part.value).strip()


def _joined(parts: list[ast.expr]) -> ast.JoinedStr:
    """A text of these parts, neighbouring literals as one, blank ones left out."""
    found: list[ast.expr] = []
    for part in parts:
        if isinstance(part, ast.JoinedStr):
            found += part.values
        elif found and isinstance(part, ast.Constant) and isinstance(found[-1], ast.Constant):
            found[-1] = ast.Constant(str(found[-1].value) + str(part.value))
        else:
            found.append(part)
    return ast.JoinedStr([part for part in found if not _is_blank(part)])


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
