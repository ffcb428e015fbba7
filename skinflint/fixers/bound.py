"""A text that a block takes from a name: the statements that build it, and who else reads it."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Sequence
from typing import NamedTuple

from skinflint.fixers.code import Code, ScopeNode
from skinflint.fixers.declined import Declined
from skinflint.fixers.scope import (
    binder,
    bindings,
    bound_once_at_import,
    comprehension_targets,
    declared_outside,
)
from skinflint.fixers.text import Leaf, TextExpression, Whole
from skinflint.linter.spans import Span


class Built(NamedTuple):
    """How a name gets its text: one assignment, then what is added to it."""

    assignment: ast.Assign | ast.AnnAssign
    additions: tuple[ast.AugAssign, ...]


def built(code: Code, name: ast.Name, others: Collection[Span]) -> Built:
    """The statements that build the text of ``name``, which nobody but the block may read.

    ``name`` is the load in the block; ``others`` are further loads that are understood. Raises
    Declined where the name is bound in another way, or read elsewhere.
    """
    scope = binder(code, name, name.id)
    if scope is None or name.id in comprehension_targets(code, name):
        raise Declined(f"`{name.id}` gets its text in a way that can't be followed")
    if isinstance(scope, ast.ClassDef):
        raise Declined(f"`{name.id}` is an attribute of the class")
    if isinstance(scope, ast.Module) and code.scope(name) is not scope:
        raise Declined(f"`{name.id}` is a name of the module and may be used elsewhere")
    found, extended = _statements(code, scope, name)
    understood = {code.source.span(name), *others}
    for node in ast.walk(scope):
        if isinstance(node, ast.Name) and node.id == name.id and isinstance(node.ctx, ast.Load):
            elsewhere = code.source.span(node) not in understood and node not in extended
        else:
            elsewhere = isinstance(
                node, ast.Delete | ast.Global | ast.Nonlocal
            ) and name.id in _named(node)
        if elsewhere:
            line = code.source.span(node).line
            raise Declined(f"`{name.id}` is used elsewhere, at line {line}")
    return found


def _named(node: ast.Delete | ast.Global | ast.Nonlocal) -> set[str]:
    if isinstance(node, ast.Delete):
        return {n.id for t in node.targets for n in ast.walk(t) if isinstance(n, ast.Name)}
    return set(node.names)


def _statements(code: Code, scope: ScopeNode, name: ast.Name) -> tuple[Built, set[ast.AST]]:
    """The statements, and the loads of the name in them that only extend it."""
    assignment: ast.Assign | ast.AnnAssign | None = None
    additions: list[ast.AugAssign] = []
    extended: set[ast.AST] = set()
    for target in bindings(scope, name.id):
        statement = code.parents.get(target)
        if isinstance(statement, ast.AugAssign) and isinstance(statement.op, ast.Add):
            additions.append(statement)
            continue
        if (
            not isinstance(statement, ast.Assign | ast.AnnAssign)
            or statement.value is None
            or (isinstance(statement, ast.Assign) and len(statement.targets) != 1)
        ):
            raise Declined(f"`{name.id}` gets its text in a way that can't be followed")
        leftmost = statement.value
        while isinstance(leftmost, ast.BinOp) and isinstance(leftmost.op, ast.Add):
            leftmost = leftmost.left
        if isinstance(leftmost, ast.Name) and leftmost.id == name.id:
            extended.add(leftmost)
            continue
        if assignment is not None:
            raise Declined(f"`{name.id}` is bound more than once, in line {statement.lineno} too")
        assignment = statement
    if assignment is None or declared_outside(scope, name.id):
        raise Declined(f"`{name.id}` is not bound where its block stands")
    return Built(assignment, tuple(additions)), extended


def leaves_of_terms(
    terms: Sequence[Span], code: Code, node: ast.expr, expression: TextExpression
) -> list[list[int]]:
    """For each term the indexes of the leaves of ``expression`` (which ``node`` is) it belongs to.

    A term may stand in the binding of a name that is one of the leaves. A term behind the last
    leaf (something added to a name later) belongs to none. Raises Declined.
    """
    leaves = expression.leaves
    where: list[list[int]] = []
    for term in terms:
        start, end = code.range_of(term)
        covered = expression.covers(start, end)
        where.append(expression.leaves_of(start, end) if covered else [])
        if covered and not where[-1]:
            raise Declined(f"the part of the text in line {term.line} can't be found again")
    first_behind = [min(found, default=len(leaves)) for found in where]
    names = {i: name for i, leaf in enumerate(leaves) if (name := _name(leaf))}
    last = -1
    for index, term in enumerate(terms):
        if not where[index]:
            high = min(first_behind[index + 1 :], default=len(leaves))
            between = [i for i in range(max(last, 0), high) if i in names]
            fitting = [i for i in between if _builds(code, node, names[i], term)]
            if not fitting and high - last == 2 and between == [last + 1]:
                fitting = between  # there is no other leaf it could belong to
            if not fitting and last < len(leaves) - 1:
                raise Declined(f"the part of the text in line {term.line} can't be found again")
            where[index] = fitting[:1]
        last = max(where[index], default=last)
    order = [i for found in where for i in found]
    if order != sorted(order):
        raise Declined("the parts of the text are not written in the order they are read in")
    return where


def _name(leaf: Leaf) -> str:
    """The name that a leaf is, "" for anything else."""
    name = leaf.code.strip("() \n") if isinstance(leaf, Whole) else ""
    return name if name.isidentifier() else ""


def _builds(code: Code, node: ast.expr, name: str, term: Span) -> bool:
    """Whether ``term`` stands in a statement that binds ``name`` as ``node`` sees it."""
    scope = binder(code, node, name)
    if scope is None:
        return False
    statements = {
        code.statement(target)
        for target in bindings(scope, name)
        if not isinstance(target, ast.arg)
    }
    return any(
        isinstance(s, ast.Assign | ast.AnnAssign | ast.AugAssign) and inside(code, (term,), s)
        for s in statements
    )


def inside(code: Code, spans: Collection[Span], node: ast.AST) -> bool:
    """Whether all of ``spans`` lie within ``node``."""
    start, end = code.range(node)
    return all(start <= s and e <= end for s, e in map(code.range_of, spans))


def bare(written: str, code: Code, at: ast.expr) -> str:
    """``f"{NAME}"`` as ``NAME``, where that is a text constant of the module."""
    found = re.fullmatch(r"[fF](['\"])\{(\w+)\}\1", written)
    if found is None or not isinstance(binder(code, at, found[2]), ast.Module):
        return written
    target = bindings(code.tree, found[2])[0]
    binding = code.parents.get(target)
    value = binding.value if isinstance(binding, ast.Assign | ast.AnnAssign) else None
    is_text = isinstance(value, ast.Constant) and isinstance(value.value, str)
    return found[2] if is_text and bound_once_at_import(code, found[2]) else written
