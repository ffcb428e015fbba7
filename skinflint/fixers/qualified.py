"""What a dotted name in a file stands for, as far as its imports tell."""

from __future__ import annotations

import ast

from skinflint.fixers.code import Code
from skinflint.fixers.scope import binder, bindings, is_builtin


def dotted(node: ast.expr) -> list[str] | None:
    """``a.b.c`` as its parts, None for anything else."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        return None
    return [node.id, *reversed(parts)]


def qualified(code: Code, at: ast.AST, node: ast.expr) -> str | None:
    """The fully qualified name of ``node`` as seen from ``at``; None where imports don't tell."""
    parts = dotted(node)
    if parts is None:
        return None
    scope = binder(code, at, parts[0])
    if scope is None:
        return ".".join(parts) if is_builtin(code, at, parts[0]) else None
    found = bindings(scope, parts[0])
    if len(found) != 1 or not isinstance(found[0], ast.alias):
        return None
    alias = found[0]
    statement = code.parents[alias]
    if isinstance(statement, ast.ImportFrom):
        if statement.level or not statement.module:
            return None
        return ".".join([statement.module, alias.name, *parts[1:]])
    if alias.asname:
        return ".".join([alias.name, *parts[1:]])
    return ".".join(parts)
