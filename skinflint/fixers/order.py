"""Which calls a module makes, in the order Python makes them, and under what conditions."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import NamedTuple

#: Calls that edits put in, take out or exchange: they build lists and texts and do nothing else.
_STRUCTURAL = frozenset(("append", "extend", "insert", "join", "format", "strip", "sorted", "dict"))


class Evaluated(NamedTuple):
    """A call: what is called, and inside which loops, branches, ``try`` parts and functions."""

    what: str
    where: tuple[str, ...]

    @property
    def builds_params(self) -> bool:
        """Whether it only builds a params class, as a marker may."""
        return self.what.rstrip("')").split("'")[-1].endswith("Param") or "Param'" in self.what


def evaluated(tree: ast.AST) -> Iterator[Evaluated]:
    """The calls of a module (awaits and yields too), in order of evaluation."""
    yield from _walk(tree, ())


def _walk(node: ast.AST, where: tuple[str, ...]) -> Iterator[Evaluated]:
    for child, part in _children(node):
        yield from _walk(child, (*where, part) if part else where)
    if isinstance(node, ast.Call):
        if not _is_structural(node):
            yield Evaluated(ast.dump(node.func), where)
    elif isinstance(node, ast.Await | ast.Yield | ast.YieldFrom):
        yield Evaluated(type(node).__name__, where)


def _is_structural(call: ast.Call) -> bool:
    if isinstance(call.func, ast.Attribute):
        name = call.func.attr
    else:
        name = call.func.id if isinstance(call.func, ast.Name) else ""
    return name in _STRUCTURAL or name.endswith("Param")


def _children(node: ast.AST) -> Iterator[tuple[ast.AST, str]]:
    """The parts of a node in order of evaluation, each with the condition it is under."""
    if isinstance(node, ast.IfExp):
        yield node.test, ""
        yield node.body, "if"
        yield node.orelse, "else"
    elif isinstance(node, ast.BoolOp):
        yield node.values[0], ""
        for value in node.values[1:]:
            yield value, "and"
    elif isinstance(node, ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp):
        yield from _comprehension(node)
    elif isinstance(node, ast.Dict):
        for key, value in zip(node.keys, node.values, strict=True):
            if key is not None:
                yield key, ""
            yield value, ""
    elif isinstance(node, ast.Assign):
        yield node.value, ""
        for target in node.targets:
            yield target, ""
    elif isinstance(node, ast.AnnAssign):
        if node.value is not None:
            yield node.value, ""
        yield node.target, ""
    elif isinstance(node, ast.If | ast.While | ast.For | ast.AsyncFor):
        yield from _compound(node)
    elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        for name, value in ast.iter_fields(node):
            for child in value if isinstance(value, list) else [value]:
                if isinstance(child, ast.AST):
                    yield child, node.name if name == "body" else ""
    elif isinstance(node, ast.Lambda):
        yield node.args, ""
        yield node.body, "lambda"
    elif hasattr(node, "handlers"):  # try, and try with except*
        for name in ("body", "handlers", "orelse", "finalbody"):
            for child in getattr(node, name):
                yield child, f"try {name}"
    else:
        for child in ast.iter_child_nodes(node):
            yield child, ""


def _comprehension(
    node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp,
) -> Iterator[tuple[ast.AST, str]]:
    for index, generator in enumerate(node.generators):
        yield generator.iter, "each" if index else ""
        for test in generator.ifs:
            yield test, "each"
    if isinstance(node, ast.DictComp):
        yield node.key, "each"
        yield node.value, "each"
    else:
        yield node.elt, "each"


def _compound(node: ast.If | ast.While | ast.For | ast.AsyncFor) -> Iterator[tuple[ast.AST, str]]:
    if isinstance(node, ast.For | ast.AsyncFor):
        yield node.iter, ""
        yield node.target, ""
    else:
        yield node.test, "each" if isinstance(node, ast.While) else ""
    for child in node.body:
        yield child, "if" if isinstance(node, ast.If) else "each"
    for child in node.orelse:
        yield child, "else"
