"""Attributes that are set anew where the client is made: what they begin with is never sent.

``def configure(self, model, key): self.model = model; self.client = Anthropic(api_key=key)``: as
long as nobody has called it there is no client, and whoever calls it names a model.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from skinflint.linter.module import FUNCTIONS, FunctionNode, Module, default_of, parameters, walk


def is_set_with_client(node: ast.expr, module: Module) -> bool:
    """Whether an attribute that begins as ``node`` is set by the method that makes the client."""
    stmt = module.parents.get(node)
    targets = stmt.targets if isinstance(stmt, ast.Assign) else [getattr(stmt, "target", None)]
    function = module.scope(node)
    cls = module.parents.get(function)
    if not isinstance(function, FUNCTIONS) or function.name != "__init__":
        return False
    if len(targets) != 1 or not isinstance(cls, ast.ClassDef):
        return False
    name = _own(targets[0])
    return bool(name) and module.once(_with_client, cls, name)


def _with_client(_: Module, cls: ast.ClassDef, name: str) -> bool:
    methods = [each for each in cls.body if isinstance(each, FUNCTIONS)]
    clients = set(_clients(cls))
    making = [each for each in methods if _makes(each, clients)]
    late = all(each.name != "__init__" and _sets_anew(each, name) for each in making)
    return bool(making) and late and all(_begins_empty(methods, each) for each in clients)


def _clients(cls: ast.ClassDef) -> Iterator[str]:
    """The attributes that requests are sent with: ``self.client.messages.create(...)``."""
    for node in walk(cls):
        if isinstance(node, ast.Attribute) and node.attr in ("messages", "beta"):
            name = _own(node.value)
            if name:
                yield name


def _begins_empty(methods: list[FunctionNode], client: str) -> bool:
    """Whether the constructor sets an attribute to None."""
    return any(
        _is_none(stmt.value) and client in map(_own, stmt.targets)
        for method in methods
        if method.name == "__init__"
        for stmt in _assignments(method)
    )


def _sets_anew(method: FunctionNode, name: str) -> bool:
    """Whether a method sets an attribute to what it has to be handed, on each way through it."""
    needed = {each.arg for each in parameters(method) if default_of(method, each.arg) is None}
    return any(
        isinstance(stmt, ast.Assign)
        and any(_own(target) == name for target in stmt.targets)
        and isinstance(stmt.value, ast.Name)
        and stmt.value.id in needed
        for stmt in method.body
    )


def _makes(method: FunctionNode, clients: set[str]) -> bool:
    """Whether a method sets one of the clients to something."""
    return any(
        not _is_none(stmt.value) and not clients.isdisjoint(map(_own, stmt.targets))
        for stmt in _assignments(method)
    )


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _assignments(method: ast.AST) -> Iterator[ast.Assign]:
    return (node for node in walk(method) if isinstance(node, ast.Assign))


def _own(node: ast.AST | None) -> str:
    """The name of an attribute of ``self``, "" for anything else."""
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        return node.attr if node.value.id == "self" else ""
    return ""
