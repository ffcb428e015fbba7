"""Calls that surely fail before anything is sent: their arguments don't fit what they call.

``service.complete(inputs=text, pdf_path=path)`` of ``async def complete(self, inputs, schema)``
raises a TypeError. What only such calls lead to is never run. Nor is a request on a client that its
object never gets.
"""

from __future__ import annotations

import ast
import os
import re

from skinflint.linter.callers import Callers
from skinflint.linter.module import (
    FUNCTIONS,
    FunctionNode,
    Module,
    default_of,
    last_name,
    parameters,
)
from skinflint.linter.project import Project
from skinflint.linter.shapes import never_awaited
from skinflint.linter.tree import Tree

#: How an object is given what is not written as a name of its.
_GIVES = re.compile(r"setattr(?:__)?\(|__(?:dict|getattr|getattribute|slots)__|\bvars\(")
#: More files aren't looked through.
_MOST_FILES = 3_000


def lacks_its_client(call: ast.Call, module: Module, callers: Callers) -> bool:
    """Whether ``self.client`` of a request is something that its class has not: it raises.

    Nothing in the project gives it to the object, and no other class is above it.
    """
    owner: ast.expr = call.func
    while isinstance(owner, ast.Attribute) and isinstance(owner.value, ast.Attribute):
        owner = owner.value
    function = module.scope(call)
    if not isinstance(owner, ast.Attribute) or not isinstance(function, FUNCTIONS):
        return False
    cls, first = module.enclosing_class(function), next(iter(parameters(function)), None)
    if cls is None or first is None or not isinstance(owner.value, ast.Name):
        return False
    if owner.value.id != first.arg or cls.bases or cls.keywords or cls.decorator_list:
        return False
    if owner is call.func or _GIVES.search(module.source.text) or _has(cls, owner.attr, module):
        return False
    project = callers.ev.project
    tree = project.tree(module) if project is not None else None
    if project is None or tree is None:
        return False
    key = (os.path.abspath(module.path), cls.name, owner.attr)
    if key not in tree.without:
        files = project.no_tests(module)
        others = (tree.data(file) or b"" for file in files if os.path.abspath(file) != key[0])
        own = module.source.text.encode()
        tree.without[key] = len(files) <= _MOST_FILES and not any(
            _may_give(data, cls.name.encode(), owner.attr.encode()) for data in (own, *others)
        )
    return tree.without[key]


def _may_give(data: bytes, cls: bytes, name: bytes) -> bool:
    """Whether a file may give the objects of a class something of a name, or has a class below."""
    if cls in data and re.search(rb"\bclass\s+\w+\s*\([^)]*\b%b\b" % re.escape(cls), data):
        return True
    if name not in data:
        return False
    given = rb"""(?<!self)\.%b[ \t]*[,:=)]|setattr[^\n]*["']%b["']""" % ((re.escape(name),) * 2)
    return re.search(given, data) is not None


def _has(cls: ast.ClassDef, name: str, module: Module) -> bool:
    """Whether a class has something of a name, or the module gives it to an object."""
    if name in module.once(_set_on_objects):
        return True
    return any(
        getattr(node, "id", getattr(node, "name", "")) == name
        for stmt in cls.body
        for node in (ast.walk(stmt) if not isinstance(stmt, FUNCTIONS) else (stmt,))
    )


def _set_on_objects(module: Module) -> frozenset[str]:
    """The names of the attributes that a module sets somewhere."""
    return frozenset(
        node.attr
        for node in module.parents
        if isinstance(node, ast.Attribute) and not isinstance(node.ctx, ast.Load)
    )


def is_called_amiss(
    function: FunctionNode, module: Module, callers: Callers, site: ast.Call | None
) -> bool:
    """Whether each call of a function fails, on its arguments or as nobody awaits what it makes.

    ``site`` is one that is seen.
    """
    coroutine = isinstance(function, ast.AsyncFunctionDef)
    seen = site is not None and not coroutine and fits(site, function, module)
    if function.decorator_list or seen:
        return False
    project = callers.ev.project
    tree = project.tree(module) if project is not None else None
    if project is None or tree is None or callers.of(module).entry(function) is not None:
        return False
    key = (module.path, function.lineno)
    if key not in tree.amiss:
        files = project.no_tests(module)
        tree.amiss[key] = len(files) <= _MOST_FILES and _are_all_amiss(
            function, module, files, project, tree
        )
    return tree.amiss[key]


def _are_all_amiss(
    function: FunctionNode, module: Module, files: list[str], project: Project, tree: Tree
) -> bool:
    """Whether some call of the function is there, and none that may be one fits it.

    A call counts as one of it if nothing else in the project has that name, and what it is called
    on has one of its own: ``self.client.messages.create()`` is something else's.
    """
    name = re.escape(function.name.encode())
    word, quoted = re.compile(rb"\b%b\b" % name), re.compile(rb"""["']%b["']""" % name)
    amiss = defined = 0
    for file in files:
        data = tree.data(file) or b""
        if not word.search(data):
            continue
        user = project.at(file)
        if user is None or quoted.search(data):
            return False
        for known in user.known_as(function.name):
            for load in user.loads.get(known, ()):
                call = user.parents.get(load)
                if not isinstance(call, ast.Call) or call.func is not load:
                    return False
                lost = isinstance(function, ast.AsyncFunctionDef) and never_awaited(user, call)
                if fits(call, function, module) and not lost:
                    return False
                amiss += not (isinstance(load, ast.Attribute) and _is_deep(load.value))
        defined += sum(each.name == function.name for each in user.functions)
    return amiss > 0 and defined == 1


def _is_deep(owner: ast.expr) -> bool:
    """Whether a method is asked of what something else holds, and not of an object by its name."""
    return isinstance(owner, ast.Attribute)


def fits(call: ast.Call, function: FunctionNode, module: Module) -> bool:
    """Whether a call may be one of a function, for all that its arguments say."""
    if any(isinstance(each, ast.Starred) for each in call.args):
        return True
    if any(keyword.arg is None for keyword in call.keywords):
        return True
    if module.enclosing_class(function) is None:
        return _takes(function, call, 0)
    owner = last_name(call.func.value) if isinstance(call.func, ast.Attribute) else ""
    if owner[:1].isupper() and _takes(function, call, 0):
        return True  # ``Service.complete(service, text)``
    return _takes(function, call, 1)


def _takes(function: FunctionNode, call: ast.Call, bound: int) -> bool:
    """The same where the first ``bound`` of its parameters are given by the object."""
    args = function.args
    places = [each.arg for each in (*args.posonlyargs, *args.args)]
    if len(places) < bound:
        return args.vararg is not None
    given = places[bound : bound + len(call.args)]
    if len(given) < len(call.args) and args.vararg is None:
        return False
    named = [str(keyword.arg) for keyword in call.keywords]
    names = {each.arg for each in (*args.args, *args.kwonlyargs)}
    if args.kwarg is None and not names.issuperset(named):
        return False
    if set(named) & {*places[:bound], *given} - {each.arg for each in args.posonlyargs}:
        return False  # it is given twice
    needed = {
        each
        for each in (*places[bound:], *(other.arg for other in args.kwonlyargs))
        if default_of(function, each) is None
    }
    return needed <= {*given, *named}
