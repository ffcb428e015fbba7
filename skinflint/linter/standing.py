"""Defaults that nobody leaves standing: each call that goes by the name of the taker hands one in.

That is asked by names alone, for what a function or a constructor takes: on whose object a method
is called needn't be known, and a call of something else that goes by the name and leaves it out
keeps the default in view. So does whoever hands the function itself on, a page that calls it
without, and a decorator, which may make it known to somebody.
"""

from __future__ import annotations

import ast
import os
import re

from skinflint.linter.callers import Callers, is_below_main
from skinflint.linter.module import FUNCTIONS, FunctionNode, Module, dotted
from skinflint.linter.overridden import (
    Default,
    Made,
    default_at,
    default_taker,
    handed,
    is_annotation,
    is_quoted,
    makers,
    passing_on,
)
from skinflint.linter.project import is_test
from skinflint.linter.spans import Span
from skinflint.linter.tree import PAGES, Tree

#: What says nothing of who calls a method.
_PLAIN = frozenset(("staticmethod", "classmethod", "abstractmethod", "override"))
#: A name that so many files mention is a plain word.
_MOST_FILES = 60
#: What a call hands in between its parentheses, with one pair more inside.
_HANDED = rb"\(([^()]*(?:\([^()]*\)[^()]*)*)\)"


def is_always_replaced(about: Span, callers: Callers) -> bool:
    """Whether the default at ``about`` is one that every call in sight hands something in for."""
    module = callers.ev.module_at(about.path)
    node = module.node_at(about)
    tree = callers.tree(module)
    if node is None or tree is None or callers.ev.project is None:
        return False
    followed = default_at(about, module)
    if followed is not None and _is_made_with_another(followed, module, callers):
        return True
    taken = _taker(node, module)
    return taken is not None and _is_always_called_with(*taken, module, callers)


def _is_made_with_another(found: Default, module: Module, callers: Callers) -> bool:
    """Whether all who make an object can be followed, and hand something in."""
    made = makers(found, module, callers)
    tree = callers.tree(module)
    if not made or tree is None:
        return False
    # what a file makes of its own where it is run by itself shows how it goes
    shown = [each for each in made if each.module is module and is_below_main(module, each.call)]
    if shown and _is_run(os.path.basename(module.path), tree):
        shown = []
    made = [each for each in made if each not in shown] or made
    met: set[ast.AST] = set()
    asked = [each for one in made for each in passing_on(one, found, callers, met, _is_in_sight)]
    if not asked or not all(handed(one, of) or _is_in_tables(one, of.name) for one, of in asked):
        return False
    if is_quoted(found.cls.name, module, callers):
        return False
    return not _is_called_without(found.cls.name.encode(), found.name, tree)


def _is_run(name: str, tree: Tree) -> bool:
    """Whether something beside the code says to run a file by itself: ``python writer.py``."""
    beside = tree.beside()
    stem = re.escape(name.removesuffix(".py").encode())
    command = re.compile(rb"\bpython[\d.]*[^\n]{0,80}\b%b\b" % stem)
    return beside is None or any(command.search(data) for _, data in beside)


def _is_in_sight(found: Default, module: Module, callers: Callers) -> bool:
    """Whether all who call something by its name can be seen, and no page shows a call without."""
    name, tree = found.cls.name, callers.tree(module)
    if tree is None or is_quoted(name, module, callers):
        return False
    return not _is_called_without(name.encode(), found.name, tree)


def _is_always_called_with(
    function: FunctionNode, parameter: str, module: Module, callers: Callers
) -> bool:
    """Whether each call by the name of what takes a parameter hands one in."""
    tree = callers.tree(module)
    cls = module.enclosing_class(function)
    names = [each.id for each in function.decorator_list if isinstance(each, ast.Name)]
    if len(names) < len(function.decorator_list) or not _PLAIN.issuperset(names):
        return False
    if tree is None or callers.of(module).entry(function) is not None:
        return False
    made = function.name == "__init__"
    if made:
        if cls is None or cls.decorator_list:
            return False
    elif function.name.startswith("__"):
        return False
    name = cls.name if made and cls is not None else function.name
    if is_quoted(name, module, callers):
        return False
    listed = [each.arg for each in (*function.args.posonlyargs, *function.args.args)]
    bound = cls is not None and "staticmethod" not in names
    place = listed.index(parameter) - bound if parameter in listed else None
    if _is_handed_in(name, parameter, place, made=made, tree=tree, callers=callers):
        return True
    # a factory in a table: what takes it out hands one in
    return cls is None and _is_made_with_another(
        Default(function, parameter, place), module, callers
    )


def _taker(node: ast.AST, module: Module) -> tuple[FunctionNode, str] | None:
    """The function that takes what an expression is the default of: `**more` as well.

    ``more.pop("model", "...")``, ``more.get("model", "...")``
    """
    call = module.parents.get(node)
    if not isinstance(call, ast.Call) or len(call.args) != 2 or call.args[1] is not node:
        return default_taker(node, module)
    func, key, scope = call.func, call.args[0], module.scope(call)
    if not isinstance(func, ast.Attribute) or func.attr not in ("get", "pop"):
        return None
    if not isinstance(scope, FUNCTIONS) or not isinstance(key, ast.Constant):
        return None
    more = scope.args.kwarg
    if more is None or dotted(func.value) != more.arg or not isinstance(key.value, str):
        return None
    return scope, key.value


def _is_handed_in(
    name: str, parameter: str, place: int | None, *, made: bool, tree: Tree, callers: Callers
) -> bool:
    """Whether all calls by a name, at least one, hand in a parameter, and nothing else has it."""
    if _is_called_without(name.encode(), parameter, tree):
        return False
    calls = _all_calls(name, made=made, tree=tree, callers=callers)
    return bool(calls) and all(
        _has(call, parameter, place)
        or _is_in_tables(Made(call, other), parameter)
        or (not made and _may_have(call, parameter, other))
        for call, other in calls or ()
    )


def calls_by_name(
    function: FunctionNode, parameter: str, module: Module, callers: Callers
) -> list[tuple[ast.Call, Module]] | None:
    """All calls by the name of a function, tests left out; None where there may be others.

    Those of a page count, where one leaves a parameter out.
    """
    tree = callers.tree(module)
    if tree is None or function.decorator_list or function.name.startswith("__"):
        return None
    if is_quoted(function.name, module, callers):
        return None
    if _is_called_without(function.name.encode(), parameter, tree):
        return None
    return _all_calls(function.name, made=False, tree=tree, callers=callers)


def _all_calls(
    name: str, *, made: bool, tree: Tree, callers: Callers
) -> list[tuple[ast.Call, Module]] | None:
    """The calls by a name in all files of a project; None where it is mentioned otherwise."""
    project = callers.ev.project
    naming = tree.naming(name.encode())
    files = [file for file in naming if not is_test(os.path.relpath(file, tree.root))]
    if project is None or len(files) > _MOST_FILES:
        return None
    calls: list[tuple[ast.Call, Module]] = []
    for file in files:
        other = project.at(file)
        found = _calls(name, other, made=made) if other is not None else None
        if other is None or found is None:
            return None
        calls += [(each, other) for each in found]
    return calls


def _calls(name: str, module: Module, *, made: bool) -> list[ast.Call] | None:
    """The calls by a name in a module; None where it may be called under another one."""
    found: list[ast.Call] = []
    if len(module.known_as(name)) > 1:
        return None
    for load in module.loads.get(name, ()):
        parent = module.parents.get(load)
        if isinstance(parent, ast.Call) and parent.func is load:
            found.append(parent)
        elif made and is_annotation(load, module):
            continue
        elif isinstance(parent, ast.Assign) and parent.value is load and not made:
            target = parent.targets[0]
            if len(parent.targets) > 1 or not isinstance(target, ast.Name):
                return None
            more = _calls(target.id, module, made=True) if target.id != name else []
            if more is None:
                return None
            found += more
        else:
            return None
    return found


def _has(call: ast.Call, parameter: str, place: int | None) -> bool:
    """Whether a call hands a parameter in."""
    if any(each.arg == parameter for each in call.keywords):
        return True
    if any(isinstance(each, ast.Starred) for each in call.args):
        return False
    return place is not None and len(call.args) > place


def _is_in_tables(made: Made, parameter: str) -> bool:
    """Whether each table of its function that a call may spread has a parameter."""
    call, module = made
    scope = module.scope(call)
    for spread in (each.value for each in call.keywords if each.arg is None):
        written = [spread] if isinstance(spread, ast.Dict) else []
        if isinstance(spread, ast.Name) and isinstance(scope, FUNCTIONS):
            written = [each for each in _tables(spread.id, module) if module.scope(each) is scope]
            loads = [e for e in module.loads.get(spread.id, ()) if module.scope(e) is scope]
            if any(_takes_out(module.parents.get(each)) for each in loads):
                continue
        if written and all(_is_with(parameter, table) for table in written):
            return True
    return False


def _may_have(call: ast.Call, parameter: str, module: Module) -> bool:
    """Whether a table that is spread in a call may have a parameter: none is written without."""
    spread = [each.value for each in call.keywords if each.arg is None]
    for each in spread:
        written = [each] if isinstance(each, ast.Dict) else _tables(dotted(each), module)
        if any(_is_without(parameter, table) for table in written):
            return False
    return bool(spread)


def _tables(name: str | None, module: Module) -> list[ast.Dict]:
    """The tables that a module binds to a name."""
    return [
        node.value
        for node in module.parents
        if isinstance(node, (ast.Assign, ast.AnnAssign))
        and isinstance(node.value, ast.Dict)
        and name in map(dotted, node.targets if isinstance(node, ast.Assign) else [node.target])
    ]


def _takes_out(use: ast.AST | None) -> bool:
    """Whether what is done with a table may take a key out: ``given.pop("model")``."""
    if isinstance(use, ast.Subscript):
        return isinstance(use.ctx, ast.Del)
    return isinstance(use, ast.Attribute) and use.attr in ("pop", "popitem", "clear")


def _is_with(parameter: str, table: ast.Dict) -> bool:
    return any(isinstance(key, ast.Constant) and key.value == parameter for key in table.keys)


def _is_without(parameter: str, table: ast.Dict) -> bool:
    keys = [key.value if isinstance(key, ast.Constant) else None for key in table.keys]
    return None not in keys and parameter not in keys


def _is_called_without(word: bytes, parameter: str, tree: Tree) -> bool:
    """Whether a page for people, or a notebook, shows a call that may leave a parameter out."""
    beside = tree.beside()
    if beside is None:
        return True
    begin = re.compile(rb"\b%b\(" % re.escape(word))
    call = re.compile(rb"\b%b%b" % (re.escape(word), _HANDED))
    given = re.compile(rb"\b%b[\"']?\s*[=:]|=\s*[\"']claude-" % re.escape(parameter.encode()))
    for path, data in beside:
        if not path.endswith((*PAGES, ".ipynb")) or word not in data:
            continue
        calls = [found[1] for found in call.finditer(data)]
        if len(calls) < len(begin.findall(data)) or not all(map(given.search, calls)):
            return True
    return False
