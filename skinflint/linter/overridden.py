"""Defaults that are never sent: whoever makes the class hands in another value.

A default is out of use where the project is a program, not a package for others to import, and
every mention of the class can be followed to calls that give the argument. One mention that goes
elsewhere leaves the default in view.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from skinflint.linter.callers import Callers
from skinflint.linter.evaluate import MOST_SEARCHES
from skinflint.linter.module import FUNCTIONS, FunctionNode, Module, default_of, parameters
from skinflint.linter.shapes import MOST_USERS
from skinflint.linter.spans import Span

#: Builtins that look at a table's keys, or at a class, and make nothing.
_LOOKING = {"len", "list", "sorted", "set", "tuple", "isinstance", "issubclass"}


def is_overridden(span: Span, callers: Callers) -> bool:
    """Whether the literal at ``span`` is a constructor's default that no maker leaves in place."""
    module = callers.ev.module_at(span.path)
    found = _default_at(span, module)
    if found is None:
        return False
    function, name = found
    cls = module.enclosing_class(function)
    project = callers.ev.project
    if cls is None or function.name != "__init__" or project is None:
        return False
    if cls.decorator_list or not project.is_program(module):
        return False
    users = _users(module, cls.name, callers)
    if users is None:
        return False
    calls: list[ast.Call] = []
    for user in (module, *users):
        for known in user.known_as(cls.name):
            for load in user.loads.get(known, ()):
                made = _made(load, user, callers)
                if made is None:
                    return False
                calls += made
    if not calls or not all(_gives(call, function, name) for call in calls):
        return False
    return not project.says(module, (f'"{cls.name}"', f"'{cls.name}'"))


def _default_at(span: Span, module: Module) -> tuple[FunctionNode, str] | None:
    node = module.node_at(span)
    parent = module.parents.get(node) if node is not None else None
    function = module.parents.get(parent) if isinstance(parent, ast.arguments) else None
    if isinstance(function, FUNCTIONS):
        for parameter in parameters(function):
            if default_of(function, parameter.arg) is node:
                return function, parameter.arg
    return None


def _users(module: Module, name: str, callers: Callers) -> list[Module] | None:
    """The other modules that mention a name of this one; None where there may be more."""
    ev = callers.ev
    if ev.project is None or ev.searches >= MOST_SEARCHES:
        return None
    ev.searches += 1
    users = ev.project.users(module, (name,), name, False)
    for user in users:
        ev.root_of(user)  # what is found there is taken into account
    return users if len(users) < MOST_USERS else None


def _made(load: ast.expr, module: Module, callers: Callers) -> list[ast.Call] | None:
    """The calls of what an expression names; None where it goes elsewhere."""
    parent = module.parents.get(load)
    if isinstance(parent, ast.Call):
        if parent.func is load:
            return [parent]
        return [] if isinstance(parent.func, ast.Name) and parent.func.id in _LOOKING else None
    if isinstance(parent, ast.arg) or load in (
        getattr(parent, "annotation", None),
        getattr(parent, "returns", None),
    ):
        return []
    if isinstance(parent, ast.Dict) and load in parent.values:
        return _of_table(parent, module, callers)
    return _of_name(parent, module) if isinstance(parent, ast.Assign) else None


def _of_table(table: ast.Dict, module: Module, callers: Callers) -> list[ast.Call] | None:
    """The calls of what is taken out of a table that only its own module reads."""
    stmt = module.parents.get(table)
    target = stmt.targets[0] if isinstance(stmt, ast.Assign) and len(stmt.targets) == 1 else None
    if not isinstance(target, ast.Name) or stmt not in module.tree.body:
        return None
    if _users(module, target.id, callers) != []:
        return None
    calls: list[ast.Call] = []
    for load in module.loads.get(target.id, ()):
        made = _taken(load, module)
        if made is None:
            return None
        calls += made
    return calls


def _taken(load: ast.expr, module: Module) -> list[ast.Call] | None:
    """The calls of what one mention of a table takes out of it."""
    parent = module.parents.get(load)
    if isinstance(parent, ast.Compare):
        return []
    if isinstance(parent, ast.Call) and isinstance(parent.func, ast.Name):
        return [] if parent.func.id in _LOOKING else None
    entry: ast.AST | None = parent
    if isinstance(parent, ast.Attribute):
        if parent.attr == "keys":
            return []
        entry = module.parents.get(parent) if parent.attr == "get" else None
    elif not isinstance(parent, ast.Subscript):
        return None
    around = module.parents.get(entry) if entry is not None else None
    if isinstance(around, ast.Call) and around.func is entry:
        return [around]
    return _of_name(around, module) if isinstance(around, ast.Assign) else None


def _of_name(stmt: ast.Assign, module: Module) -> list[ast.Call] | None:
    """The calls of a local variable that is set once; None where it is handed on."""
    target = stmt.targets[0]
    scope = module.scope(stmt)
    if len(stmt.targets) != 1 or not isinstance(target, ast.Name) or scope is module.tree:
        return None
    calls: list[ast.Call] = []
    for load in module.loads.get(target.id, ()):
        if module.scope(load) is not scope:
            continue
        parent = module.parents.get(load)
        if isinstance(parent, ast.Call) and parent.func is load:
            calls.append(parent)
        elif not isinstance(parent, (ast.Compare, ast.If, ast.UnaryOp)):
            return None
    return calls


def _gives(call: ast.Call, function: FunctionNode, name: str) -> bool:
    """Whether a call hands in the argument, whatever else it does."""
    if any(keyword.arg == name for keyword in call.keywords):
        return True
    if any(isinstance(argument, ast.Starred) for argument in call.args):
        return False
    return name in list(_positional(function))[: len(call.args)]


def _positional(function: FunctionNode) -> Iterator[str]:
    arguments = function.args
    for parameter in (*arguments.posonlyargs, *arguments.args)[1:]:
        yield parameter.arg
