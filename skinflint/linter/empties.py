"""Which container that is written empty stays so? By syntax: it is only ever read where it is."""

from __future__ import annotations

import ast

from skinflint.linter.module import COMPREHENSIONS, FUNCTIONS, FunctionNode, Module, parameters
from skinflint.linter.spans import Span

#: Functions that put nothing into what they are handed, and keep none of it.
_READING = frozenset(
    (
        *("all", "any", "bool", "dict", "enumerate", "filter", "frozenset", "len", "list", "map"),
        *("max", "min", "print", "repr", "reversed", "set", "sorted", "str", "sum", "tuple", "zip"),
    )
)
#: Methods of a list or dict that do the same.
_READERS = frozenset(("copy", "count", "get", "index", "items", "keys", "values"))
_DEEPEST = 3  # functions of the module that hand it to one another


def stays_empty(span: Span, module: Module) -> bool:
    """Whether nothing is put into the container that is written empty, and named, at a place.

    The name is a local one, and nobody else gets hold of it: it is looped over, counted, tested, or
    handed to functions of its module that do no more with it. A helper that is here no more used to
    fill it.
    """
    stmt = module.named_empties.get(span)
    if stmt is None:
        return False
    target = stmt.targets[0] if isinstance(stmt, ast.Assign) else stmt.target
    if (isinstance(stmt, ast.Assign) and len(stmt.targets) > 1) or not isinstance(target, ast.Name):
        return False
    scope = module.scope(stmt)
    return isinstance(scope, FUNCTIONS) and _only_read(target.id, scope, module, 0)


def _only_read(name: str, scope: FunctionNode, module: Module, depth: int) -> bool:
    if name not in module.locals_of(scope):
        return False
    for load in module.loads.get(name, ()):
        if not isinstance(load, ast.Name):
            continue
        owner = module.scope(load)
        while isinstance(owner, COMPREHENSIONS):
            owner = module.scope(owner)
        if owner is scope:
            if not _reads(load, module, depth):
                return False
        elif any(parent is scope for parent in module.ancestors(load)):
            return False  # a function inside this one may put something into it
    return True


def _reads(load: ast.Name, module: Module, depth: int) -> bool:
    parent = module.parents.get(load)
    if isinstance(parent, (ast.For, ast.AsyncFor, ast.comprehension)):
        return parent.iter is load
    if isinstance(parent, (ast.If, ast.While, ast.IfExp)):
        return parent.test is load
    if isinstance(parent, ast.UnaryOp):
        return isinstance(parent.op, ast.Not)
    if isinstance(parent, (ast.Compare, ast.FormattedValue, ast.Starred)):
        return True
    if isinstance(parent, ast.Subscript):
        return parent.value is load and isinstance(parent.ctx, ast.Load)
    if isinstance(parent, ast.Attribute):
        call = module.parents.get(parent)
        return parent.attr in _READERS and isinstance(call, ast.Call) and call.func is parent
    if isinstance(parent, ast.keyword):
        call = module.parents.get(parent)
        return isinstance(call, ast.Call) and _handed_on(
            parent.arg or "", None, call, module, depth
        )
    if isinstance(parent, ast.Call) and load in parent.args:
        return _handed_on("", parent.args.index(load), parent, module, depth)
    return False


def _handed_on(name: str, position: int | None, call: ast.Call, module: Module, depth: int) -> bool:
    """Whether the functions that a call may mean only read the argument."""
    func = call.func
    if isinstance(func, ast.Name) and func.id in _READING:
        return True
    called = func.id if isinstance(func, ast.Name) else getattr(func, "attr", "")
    own = isinstance(func, ast.Name) or (
        isinstance(func, ast.Attribute) and isinstance(func.value, ast.Name)
    )
    functions = [each for each in module.functions if each.name == called]
    if not own or not functions or depth >= _DEEPEST:
        return False
    if any(isinstance(each, ast.Starred) for each in call.args):
        return False
    for function in functions:
        names = [parameter.arg for parameter in parameters(function)]
        method = module.enclosing_class(function) is not None
        if position is not None:
            at = position + method
            if at >= len(names):
                return False
            name = names[at]
        if name not in names or not _only_read(name, function, module, depth + 1):
            return False
    return True
