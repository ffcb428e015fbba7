"""Defaults that are never sent: whoever makes the class hands in another value.

That goes for what a constructor takes, and for the fields of a dataclass. A default is out of use
where the project is a program, not a package for others to import, and every mention of the class
can be followed to calls that give the argument. One mention that goes elsewhere leaves the default
in view.
"""

from __future__ import annotations

import ast
from typing import NamedTuple

from skinflint.linter.callers import Callers
from skinflint.linter.evaluate import MOST_SEARCHES
from skinflint.linter.module import FUNCTIONS, Module, default_of, dotted, parameters
from skinflint.linter.shapes import MOST_USERS
from skinflint.linter.spans import Span

#: Builtins that look at a table's keys, or at a class, and make nothing.
_LOOKING = {"len", "list", "sorted", "set", "tuple", "isinstance", "issubclass"}


class _Default(NamedTuple):
    """What a class is made with unless somebody says otherwise."""

    cls: ast.ClassDef
    name: str
    place: int | None  # among what is given in order; None where it is given by its name alone


def is_overridden(span: Span, callers: Callers) -> bool:
    """Whether the literal at ``span`` is a default of a class that no maker leaves in place."""
    module = callers.ev.module_at(span.path)
    project = callers.ev.project
    found = _of_constructor(span, module) or _of_field(span, module)
    if found is None or project is None or not project.is_program(module):
        return False
    name = found.cls.name
    users = _users(module, name, callers)
    calls = _of_itself(found, module)
    if users is None or calls is None:
        return False
    for user in (module, *users):
        for known in user.known_as(name):
            for load in user.loads.get(known, ()):
                made = _made(load, user, callers)
                if made is None or _is_read(load, found.name, user):
                    return False
                calls += made
    if not calls or not all(_gives(call, found) for call in calls):
        return False
    return not project.says(module, (f'"{name}"', f"'{name}'"))


def _of_constructor(span: Span, module: Module) -> _Default | None:
    node = module.node_at(span)
    parent = module.parents.get(node) if node is not None else None
    function = module.parents.get(parent) if isinstance(parent, ast.arguments) else None
    if not isinstance(function, FUNCTIONS) or function.name != "__init__":
        return None
    cls = module.enclosing_class(function)
    if cls is None or cls.decorator_list:
        return None
    for parameter in parameters(function):
        if default_of(function, parameter.arg) is node:
            names = [each.arg for each in (*function.args.posonlyargs, *function.args.args)][1:]
            place = names.index(parameter.arg) if parameter.arg in names else None
            return _Default(cls, parameter.arg, place)
    return None


def _of_field(span: Span, module: Module) -> _Default | None:
    """The same of a field of a dataclass that makes its own constructor."""
    node = module.node_at(span)
    parent = module.parents.get(node) if node is not None else None
    if not isinstance(parent, ast.AnnAssign) or not isinstance(parent.target, ast.Name):
        return None
    cls = module.parents.get(parent)
    if not isinstance(cls, ast.ClassDef) or cls.bases or len(cls.decorator_list) != 1:
        return None
    decorator = cls.decorator_list[0]
    name = dotted(decorator.func if isinstance(decorator, ast.Call) else decorator)
    if str(name).rpartition(".")[2] != "dataclass":
        return None
    return _Default(cls, parent.target.id, None)


def _of_itself(found: _Default, module: Module) -> list[ast.Call] | None:
    """The calls by which methods of a class make others of it; None where it goes elsewhere."""
    calls: list[ast.Call] = []
    for load in module.loads.get("self", ()):
        if found.cls in module.ancestors(load):
            parent = module.parents.get(load)
            if isinstance(parent, ast.Attribute) and parent.attr == "__class__":
                return None
            if isinstance(parent, ast.Call) and dotted(parent.func) == "type":
                return None
    for load in module.loads.get("cls", ()):
        if found.cls not in module.ancestors(load):
            continue
        parent = module.parents.get(load)
        if isinstance(parent, ast.Call) and parent.func is load:
            calls.append(parent)
        elif not isinstance(parent, ast.Attribute) or parent.attr == found.name:
            return None
    return calls


def _is_read(load: ast.expr, name: str, module: Module) -> bool:
    """Whether the default is looked up in the class itself."""
    parent = module.parents.get(load)
    return isinstance(parent, ast.Attribute) and parent.attr == name


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
    if _is_annotation(load, module):
        return []
    if isinstance(parent, ast.Attribute):
        return []  # a method of the class, or a constant
    if isinstance(parent, ast.Tuple):
        around = module.parents.get(parent)
        looks = isinstance(around, ast.Call) and dotted(around.func) in _LOOKING
        return [] if looks else None
    if isinstance(parent, ast.Dict) and load in parent.values:
        return _of_table(parent, module, callers)
    return _of_name(parent, module) if isinstance(parent, ast.Assign) else None


def _is_annotation(node: ast.AST, module: Module) -> bool:
    """Whether an expression stands in what is said of a type: ``Client | None``."""
    parent = module.parents.get(node)
    while isinstance(parent, (ast.Subscript, ast.Tuple, ast.List, ast.BinOp)):
        node, parent = parent, module.parents.get(parent)
    if isinstance(parent, ast.arg):
        return True
    return node in (getattr(parent, "annotation", None), getattr(parent, "returns", None))


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


def _gives(call: ast.Call, found: _Default) -> bool:
    """Whether a call hands in the argument, whatever else it does."""
    if any(keyword.arg == found.name for keyword in call.keywords):
        return True
    if any(isinstance(argument, ast.Starred) for argument in call.args):
        return False
    return found.place is not None and len(call.args) > found.place
