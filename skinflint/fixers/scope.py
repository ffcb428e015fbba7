"""Who binds a name, where, and how often; what an expression may be copied or moved past."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator

from skinflint.fixers.code import Code, FunctionNode, ScopeNode

_BUILTINS = frozenset(dir(builtins))


def own_nodes(scope: ast.AST) -> Iterator[ast.AST]:
    """The nodes that run in ``scope`` itself; nested definitions are yielded, not entered.

    What a nested definition evaluates at once (decorators, defaults, bases) belongs to ``scope``.
    """
    pending: list[ast.AST] = [scope.body] if isinstance(scope, ast.Lambda) else []
    if isinstance(scope, ast.Module | FunctionNode | ast.ClassDef):
        pending = list(reversed(scope.body))
    while pending:
        node = pending.pop()
        yield node
        if isinstance(node, FunctionNode):
            defaults = [d for d in (*node.args.defaults, *node.args.kw_defaults) if d is not None]
            pending.extend(reversed((*node.decorator_list, *defaults)))
        elif isinstance(node, ast.ClassDef):
            keywords = [keyword.value for keyword in node.keywords]
            pending.extend(reversed((*node.decorator_list, *node.bases, *keywords)))
        elif isinstance(node, ast.Lambda):
            defaults = [d for d in (*node.args.defaults, *node.args.kw_defaults) if d is not None]
            pending.extend(reversed(defaults))
        else:
            pending.extend(reversed(list(ast.iter_child_nodes(node))))


def bindings(scope: ScopeNode, name: str) -> list[ast.AST]:
    """The nodes that bind ``name`` in ``scope``: targets, parameters, imports, definitions."""
    found: list[ast.AST] = []
    if isinstance(scope, FunctionNode | ast.Lambda):
        arguments = scope.args
        every = (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)
        found += [a for a in (*every, arguments.vararg, arguments.kwarg) if a and a.arg == name]
    for node in own_nodes(scope):
        if (
            (isinstance(node, ast.Name) and node.id == name and not isinstance(node.ctx, ast.Load))
            or (isinstance(node, FunctionNode | ast.ClassDef) and node.name == name)
            or (isinstance(node, ast.alias) and (node.asname or node.name).split(".")[0] == name)
            or (isinstance(node, ast.ExceptHandler | ast.MatchAs) and node.name == name)
            or (isinstance(node, ast.MatchStar) and node.name == name)
            or (isinstance(node, ast.MatchMapping) and node.rest == name)
        ):
            found.append(node)
    return found


def declared_outside(scope: ScopeNode, name: str) -> bool:
    """Whether ``scope`` says ``global name`` or ``nonlocal name``."""
    return any(
        isinstance(node, ast.Global | ast.Nonlocal) and name in node.names
        for node in own_nodes(scope)
    )


def enclosing_scopes(code: Code, node: ast.AST) -> list[ScopeNode]:
    """The scopes whose names ``node`` sees, innermost first; a class only as the innermost."""
    found: list[ScopeNode] = []
    here: ast.AST = node
    while True:
        scope = code.scope(here)
        if not found or not isinstance(scope, ast.ClassDef):
            found.append(scope)
        if isinstance(scope, ast.Module):
            return found
        here = scope


def comprehension_targets(code: Code, node: ast.AST) -> set[str]:
    """The names that comprehensions around ``node`` iterate with."""
    found: set[str] = set()
    for _, parent in code.ancestors(node):
        if isinstance(parent, ast.stmt):
            break
        for generator in getattr(parent, "generators", ()):
            found.update(n.id for n in ast.walk(generator.target) if isinstance(n, ast.Name))
    return found


def binder(code: Code, node: ast.AST, name: str) -> ScopeNode | None:
    """The scope that binds ``name`` as ``node`` sees it; None for a builtin or an unbound name."""
    for scope in enclosing_scopes(code, node):
        if isinstance(scope, ast.Module):
            return scope if bindings(scope, name) else None
        if declared_outside(scope, name):
            continue
        if bindings(scope, name):
            return scope
    return None


def bound_once_at_import(code: Code, name: str) -> bool:
    """Whether ``name`` is a module's name that is bound once, outside loops, and never rebound."""
    found = bindings(code.tree, name)
    if len(found) != 1:
        return False
    for node in ast.walk(code.tree):
        if isinstance(node, ast.Global) and name in node.names:
            return False
    return not any(
        isinstance(parent, ast.For | ast.AsyncFor | ast.While)
        for _, parent in code.ancestors(found[0])
    )


def is_builtin(code: Code, node: ast.AST, name: str) -> bool:
    """Whether ``name`` means Python's own builtin where ``node`` stands."""
    return (
        name in _BUILTINS
        and binder(code, node, name) is None
        and name not in comprehension_targets(code, node)
    )


def free_names(node: ast.AST) -> set[str]:
    """The names an expression reads from around it."""
    read: set[str] = set()
    own: set[str] = set()
    for inner in ast.walk(node):
        if isinstance(inner, ast.Name):
            (read if isinstance(inner.ctx, ast.Load) else own).add(inner.id)
        elif isinstance(inner, ast.arg):
            own.add(inner.arg)
    return read - own


def pure(node: ast.AST) -> bool:
    """Whether evaluating ``node`` runs no code of anybody's but string formatting.

    Names, attributes, constants, displays, conditions, f-strings of such.
    """
    allowed = (
        ast.Name,
        ast.Attribute,
        ast.Constant,
        ast.JoinedStr,
        ast.FormattedValue,
        ast.IfExp,
        ast.BoolOp,
        ast.BinOp,
        ast.UnaryOp,
        ast.Compare,
        ast.Subscript,
        ast.Dict,
        ast.List,
        ast.Tuple,
        ast.Slice,
        ast.boolop,
        ast.operator,
        ast.unaryop,
        ast.cmpop,
        ast.expr_context,
    )
    return all(isinstance(inner, allowed) for inner in ast.walk(node))


def fresh_name(code: Code, wanted: tuple[str, ...], taken: set[str]) -> str:
    """A name that occurs nowhere in the file and not in ``taken``: the first free of ``wanted``.

    It is added to ``taken``.
    """
    used = code.names | taken | _BUILTINS
    number = 2
    for name in wanted:
        if name not in used:
            taken.add(name)
            return name
    while f"{wanted[0]}_{number}" in used:
        number += 1
    taken.add(f"{wanted[0]}_{number}")
    return f"{wanted[0]}_{number}"
