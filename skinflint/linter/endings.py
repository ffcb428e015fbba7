"""Which tools end the loop that they are called in: their branch returns at once.

``if block.name == "submit": return block.input`` comes to no further round.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from skinflint.linter.module import FUNCTIONS, LOOPS, children, walk


def ending_tools(loop: ast.AST) -> tuple[str, ...]:
    """The names of the tools whose call leaves a loop for good, in order of lines."""
    found: dict[str, None] = {}
    for node in walk(loop):
        if isinstance(node, ast.If) and isinstance(node.body[-1], (ast.Return, ast.Raise)):
            if not _goes_elsewhere(node.body):
                found.update(dict.fromkeys(_called(node.test)))
    return tuple(found)


def _called(test: ast.expr) -> Iterator[str]:
    """The names that something is held against, in a condition that asks for nothing else."""
    if not isinstance(test, ast.Compare) or len(test.ops) != 1:
        return
    if not isinstance(test.left, (ast.Name, ast.Attribute)):
        return
    right = test.comparators[0]
    asked: list[ast.expr] = []
    if isinstance(test.ops[0], ast.Eq):
        asked = [right]
    elif isinstance(test.ops[0], ast.In) and isinstance(right, (ast.Tuple, ast.List, ast.Set)):
        asked = right.elts
    for each in asked:
        if isinstance(each, ast.Constant) and isinstance(each.value, str):
            yield each.value


def _goes_elsewhere(body: list[ast.stmt]) -> bool:
    """Whether something in a block leads out of it before its end, back into the loop."""
    stack: list[ast.AST] = list(body)
    while stack:
        node = stack.pop()
        if isinstance(node, (ast.Continue, ast.Break)):
            return True
        if not isinstance(node, (*FUNCTIONS, *LOOPS, ast.Lambda, ast.ClassDef)):
            stack.extend(children(node))
    return False
