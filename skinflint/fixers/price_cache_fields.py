"""Let a price for input tokens count those that the cache served or took, as well."""

from __future__ import annotations

import ast

from skinflint.fixers.code import Code
from skinflint.fixers.declined import Declined
from skinflint.linter.findings import Edit, PriceCacheFields


def edits(op: PriceCacheFields, code: Code) -> list[Edit]:
    """The edits that weigh all three counts. Raises Declined."""
    count = code.expression(op.tokens)
    usage = code.slice(code.expression(op.usage))
    if "\n" in usage or not isinstance(count, ast.Name | ast.Attribute):
        raise Declined("the number of tokens is computed")
    if isinstance(count, ast.Name) and _rebound(code, count):
        raise Declined(f"`{count.id}` is given a value more than once")
    terms = [code.slice(count)]
    terms += [f"{weight:g} * ({usage}.{name} or 0)" for name, weight in op.weights]
    start, end = code.range(count)
    indent = code.indent_at(start)
    inner = indent + code.indent_unit
    joined = f"\n{inner}+ ".join(terms)
    return [code.edit(start, end, f"(\n{inner}{joined}\n{indent})")]


def _rebound(code: Code, count: ast.Name) -> bool:
    """Whether a name is bound at more than one place of its function."""
    scope = code.scope(count)
    bound = [
        node
        for node in ast.walk(scope)
        if isinstance(node, ast.Name) and node.id == count.id and isinstance(node.ctx, ast.Store)
    ]
    return len(bound) != 1
