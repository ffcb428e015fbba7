"""What a base class has for those made of it, where each of them has its own: it is never sent.

``model = "..."`` in a class that nobody makes, and of whose subclasses every one sets its own.
"""

from __future__ import annotations

import ast
import os

from skinflint.linter.callers import Callers
from skinflint.linter.module import Module
from skinflint.linter.packed import is_for_others
from skinflint.linter.spans import Span


def is_replaced_below(span: Span, callers: Callers) -> bool:
    """Whether the text at ``span`` is an attribute of a class that all who use it replace."""
    module = callers.ev.module_at(span.path)
    node = module.node_at(span)
    stmt = module.parents.get(node) if node is not None else None
    cls = module.parents.get(stmt) if stmt is not None else None
    if not isinstance(cls, ast.ClassDef) or not isinstance(stmt, (ast.Assign, ast.AnnAssign)):
        return False
    target = stmt.targets[0] if isinstance(stmt, ast.Assign) else stmt.target
    if module.scope(cls) is not module.tree or not isinstance(target, ast.Name):
        return False
    project = callers.ev.project
    tree = project.tree(module) if project is not None else None
    if project is None or tree is None or is_for_others(os.path.abspath(module.path), tree):
        return False
    asked = (module.path, cls.name, target.id)
    if asked not in tree.replaced:
        others = project.every_user(module, cls.name)
        tree.replaced[asked] = others is not None and _is_each_others_own(
            cls.name, target.id, [module, *others]
        )
    return tree.replaced[asked]


def _is_each_others_own(cls: str, name: str, users: list[Module]) -> bool:
    """Whether all that modules do with a class is to make others of it that have the attribute."""
    made_of_it = 0
    for user in users:
        for called in user.known_as(cls):
            for load in user.loads.get(called, ()):
                other = _made_of(load, user)
                if other is not None and _sets(other, name):
                    made_of_it += 1
                elif other is not None or not _only_speaks(load, user):
                    return False
    return made_of_it > 0


def _made_of(load: ast.expr, module: Module) -> ast.ClassDef | None:
    """The class in whose bases a name stands."""
    parent = module.parents.get(load)
    if isinstance(parent, ast.Subscript) and parent.value is load:
        load, parent = parent, module.parents.get(parent)
    if isinstance(parent, ast.ClassDef) and load in parent.bases:
        return parent
    return None


def _sets(cls: ast.ClassDef, name: str) -> bool:
    """Whether a class has an attribute of its own of that name."""
    return any(
        isinstance(target, ast.Name) and target.id == name
        for stmt in cls.body
        if isinstance(stmt, ast.Assign) or (isinstance(stmt, ast.AnnAssign) and stmt.value)
        for target in (stmt.targets if isinstance(stmt, ast.Assign) else [stmt.target])
    )


def _only_speaks(load: ast.expr, module: Module) -> bool:
    """Whether a name stands in an annotation: nothing is made there."""
    child: ast.AST = load
    for parent in module.ancestors(load):
        if isinstance(parent, ast.AnnAssign):
            return child is parent.annotation
        if isinstance(parent, ast.arg):
            return True
        if isinstance(parent, (ast.FunctionDef, ast.AsyncFunctionDef)):
            return child is parent.returns
        if isinstance(parent, (ast.Call, ast.stmt)):
            return False
        child = parent
    return False
