"""Requests that nothing runs: code that was left behind in a program.

The function that stands above all others on the way to a request must be led to by nothing in the
project (reach.py). Others beside it must be: files that nothing imports may each be a program of
their own. Whatever may be called by somebody who isn't here is no such function: all there is in
a package for others (where that is a program as well: what it exports or has on a page), and what
lies in a project of a few files. Of a notebook it is enough that no cell uses it.
"""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Iterator

from skinflint.linter.activation import Activation, runs
from skinflint.linter.anothers import is_anothers
from skinflint.linter.broken import is_broken
from skinflint.linter.callers import Callers
from skinflint.linter.misfit import is_called_amiss, lacks_its_client
from skinflint.linter.module import FUNCTIONS, FunctionNode, Module, dotted, last_name
from skinflint.linter.overridden import default_taker
from skinflint.linter.packed import has_programs, is_for_others, is_left_to_itself
from skinflint.linter.project import is_test
from skinflint.linter.reach import STARTED, TOP, Place, Reach, is_put_away
from skinflint.linter.shut import is_shut
from skinflint.linter.spans import Span
from skinflint.linter.superseded import is_superseded
from skinflint.linter.tree import Tree

#: Only projects of at least so many files are programs, and those of more are not looked through. A
#: few files may be a piece of something, unless there is a program among them that needs no other.
_LEAST_FILES = 6
_FEW_FILES = 3
_MOST_FILES = 3_000
#: What a file has that is a program of its own: all that it runs stands in it, or is imported.
_MAIN = re.compile(r"^if __name__ ?== ?[\"']__main__[\"']", re.MULTILINE)

#: Frameworks of which the first route that fits is taken.
_ASKED_IN_ORDER = re.compile(r"^\s*(?:from|import)\s+(?:fastapi|flask|quart|starlette)\b", re.M)
#: What their decorators are called that make a route known.
_ROUTES = frozenset(("api_route", "delete", "get", "patch", "post", "put", "route", "websocket"))
#: What is said of a route beside where it is: which methods it takes, and what comes out.
_OF_A_ROUTE = frozenset(
    (
        *("methods", "name", "tags", "summary", "description", "response_model", "status_code"),
        *("response_class", "responses", "dependencies", "include_in_schema", "deprecated"),
    )
)


def is_unused(call: ast.Call, act: Activation, callers: Callers, about: Span | None) -> bool:
    """Whether nothing in the project runs the request that ``call`` sends in ``act``.

    What is written at ``about`` may serve others, unless it stands in what nothing runs.
    """
    needed = {run.module for run, _ in runs(call, act)}
    if about is not None:
        needed.add(callers.ev.module_at(about.path))
    if any(is_broken(each, callers.ev.project) for each in needed):
        return True
    if lacks_its_client(call, callers.module, callers):
        return True
    top = act
    for run, _ in runs(call, act):
        top = run
        if about is not None and not run.module.span(run.node).contains(about):
            continue
        if _is_replaced(run.node, run.module) or _is_shadowed(run.node, run.module, callers):
            return True
        if isinstance(run.node, FUNCTIONS) and not _may_be_called_from_elsewhere(
            run.module, callers
        ):
            if is_called_amiss(run.node, run.module, callers, run.site):
                return True
    shut = is_shut(call, act, callers)
    if shut and (about is None or any(span.contains(about) for span in shut)):
        return True
    function, module = top.node, top.module
    tree = callers.tree(module)
    if tree is None:
        return False
    own = [os.path.abspath(m.path) for m in (module, callers.module)]
    if any(is_put_away(path, tree.root) or is_superseded(path, tree) for path in own):
        return True
    if about is not None and _is_left_behind(about, callers):
        return True
    if not isinstance(function, FUNCTIONS):
        return False
    function = _outermost(function, module)
    if module.source.notebook is not None and _is_of_no_cell(function, module, tree):
        return about is None or module.span(function).contains(about)
    place = _place_of(function, module)
    reach = _reach(module, callers, place)
    if reach is None or place is None:
        return False
    entry = callers.of(module).entry(function)
    if place.cls is None and (
        function.name in STARTED or (entry is not None and entry.group != "web")
    ):
        return False  # whatever starts it needs no import
    if entry is not None:
        place = Place(place.cls, None)
    path = os.path.abspath(module.path)
    called = entry is not None or not is_anothers(function, module, callers, tree)
    led_to = called and reach.code(path, place) and _is_held(call, act, callers)
    if led_to or _is_run_by_hand(function, module):
        return False
    if called and about is not None and _is_led_to(about, call, act, callers):
        return False
    return about is None or module.span(function).contains(about) or not _is_shared(about, callers)


def _is_held(call: ast.Call, act: Activation, callers: Callers) -> bool:
    """Whether somebody has an object of each class whose methods are run on the way to a request.

    A call goes to any method of its name: ``self.model.answer()`` to that of a class that nobody
    makes as well.
    """
    for run, _ in runs(call, act):
        if isinstance(run.node, FUNCTIONS):
            place = _place_of(_outermost(run.node, run.module), run.module)
            reach = _reach(run.module, callers, place)
            if reach is None or place is None or place.cls is None:
                continue
            if not reach.code(os.path.abspath(run.module.path), place):
                return False
    return True


def _is_led_to(about: Span, call: ast.Call, act: Activation, callers: Callers) -> bool:
    """Whether something else leads to a function of the chain that ``about`` is written in.

    Who calls it may do so on an object that isn't followed: ``st.session_state.reader.ask()``.
    """
    for run, _ in runs(call, act):
        if isinstance(run.node, FUNCTIONS) and run.module.span(run.node).contains(about):
            place = _place_of(_outermost(run.node, run.module), run.module)
            reach = _reach(run.module, callers, place)
            if reach is not None and place is not None:
                return reach.code(os.path.abspath(run.module.path), place)
    return False


def _may_be_called_from_elsewhere(module: Module, callers: Callers) -> bool:
    """Whether code that isn't here may use what a module has."""
    tree = callers.tree(module)
    return tree is None or is_for_others(os.path.abspath(module.path), tree)


def _reach(
    module: Module, callers: Callers, place: Place | None, bound: str | None = None
) -> Reach | None:
    """What tells whether something leads to code of a module; None where that can't be told.

    ``bound`` is what a statement binds that stands in no function and in no class.
    """
    tree = callers.tree(module)
    if tree is None or len(tree.files()) > _MOST_FILES:
        return None
    path = os.path.abspath(module.path)
    if is_test(os.path.relpath(path, tree.root)):
        return None
    name = None if place is None else place.cls or place.function or bound
    if is_for_others(path, tree) and not (name and is_left_to_itself(path, tree, name)):
        if place is None or not _is_passed_over(place, path, module, tree):
            return None
    if tree.beside() is None:
        return None
    reach = tree.reach()
    if reach.starts(path) and _MAIN.search(module.source.text):
        return reach
    if len(tree.files()) < _LEAST_FILES:
        if len(tree.files()) < _FEW_FILES:
            return None
        others = _programs(path, tree, reach)
        return reach if any(_does_without(path, other, tree) for other in others) else None
    if tree.neighbours(module.path):
        return reach
    if reach.starts(path):
        return None
    if tree.is_program is None:  # of more than one file
        found = _programs(path, tree, reach)
        tree.is_program = any(tree.imported(other) - {other} for other in found)
    return reach if tree.is_program else None


def _is_passed_over(place: Place, path: str, module: Module, tree: Tree) -> bool:
    """Whether a program that is for others as well uses a class, and nobody speaks of the method.

    It has other methods that something leads to.
    """
    cls = module.classes.get(place.cls or "")
    if cls is None or place.function is None or not has_programs(path, tree):
        return False
    if not is_left_to_itself(path, tree, place.function):
        return False
    reach = tree.reach()
    return any(
        isinstance(other, FUNCTIONS)
        and not other.name.startswith("_")
        and other.name != place.function
        and reach.code(path, Place(cls.name, other.name))
        for other in cls.body
    )


def _programs(path: str, tree: Tree, reach: Reach) -> Iterator[str]:
    """The files that start something, but for the one at ``path``."""
    for other in tree.files():
        if other != path and not is_test(os.path.relpath(other, tree.root)) and reach.starts(other):
            yield other


def _does_without(path: str, program: str, tree: Tree) -> bool:
    """Whether a program takes what it wants of the file at ``path``, or of those beside it.

    One that sends requests itself needs none of them.
    """
    data = tree.data(program) or b""
    place = os.path.dirname(path)
    return any(os.path.dirname(each) == place for each in tree.imported(program) - {program}) or (
        b".messages." in data and b"anthropic" in data
    )


def _place(node: ast.AST, module: Module) -> Place | None:
    """Where a node stands; None for classes and functions in functions of classes and the like."""
    scope: ast.AST = module.scope(node)
    if isinstance(scope, ast.ClassDef):
        return Place(scope.name, None) if module.scope(scope) is module.tree else None
    if not isinstance(scope, FUNCTIONS):
        return TOP if scope is module.tree else None
    return _place_of(_outermost(scope, module), module)


def _place_of(function: FunctionNode, module: Module) -> Place | None:
    """The place of a function that stands in no other one."""
    cls = module.enclosing_class(function)
    if cls is not None and module.scope(cls) is not module.tree:
        return None
    return Place(None if cls is None else cls.name, function.name)


def _is_left_behind(about: Span, callers: Callers) -> bool:
    """Whether something is written in a function that nothing leads to, whoever sends it."""
    module = callers.ev.module_at(about.path)
    node = module.node_at(about) if module.path == about.path else None
    place = _place(node, module) if node is not None else None
    if place is None or place.function is None:
        return False
    if place.cls is None and place.function in STARTED:
        return False
    reach = _reach(module, callers, place)
    if reach is None or any(
        callers.of(module).entry(each) is not None or _is_run_by_hand(each, module)
        for each in module.functions
        if each.name == place.function
    ):
        return False
    return not reach.code(os.path.abspath(module.path), place)


def _is_shared(about: Span, callers: Callers) -> bool:
    """Whether what is written at a place serves code that something leads to."""
    module = callers.ev.module_at(about.path)
    node: ast.AST | None = module.node_at(about)
    place = _place(node, module) if node is not None else None
    if node is None or place is None:
        return True
    stmt = module.statement(node)
    names: list[str] = []
    if isinstance(stmt, (ast.Assign, ast.AnnAssign)):
        targets = stmt.targets if isinstance(stmt, ast.Assign) else [stmt.target]
        names = [last_name(target) for target in targets]
    kept = False
    if isinstance(stmt, FUNCTIONS) and stmt.name == "__init__":
        kept, names = True, list(_kept_as(node, stmt, module))
    reach = _reach(module, callers, place, names[0] if names and names[0] else None)
    if reach is None:
        return True
    path = os.path.abspath(module.path)
    if not reach.code(path, place):
        return False
    if not all(names) or not names:
        return True
    if kept:
        return any(_is_read_in(place.cls or "", name, module, reach) for name in names)
    return any(reach.name(path, name, place.cls) for name in names)


def _is_read_in(cls: str, name: str, module: Module, reach: Reach) -> bool:
    """Whether a method that something leads to reads what an object of its class keeps."""
    path = os.path.abspath(module.path)
    for load in module.loads.get(name, ()):
        if not isinstance(load, ast.Attribute) or dotted(load.value) != "self":
            continue
        place = _place(load, module)
        if place is None or (place.cls == cls and reach.code(path, place)):
            return True
    return reach.tree.has(re.compile(rb"\bclass\s+\w+\([^)]*\b%b\b" % re.escape(cls.encode())))


def _kept_as(default: ast.AST, function: FunctionNode, module: Module) -> Iterator[str]:
    """As what a constructor keeps what it takes by default; "" where it does more with it."""
    taken = default_taker(default, module)
    if taken is None:
        return
    for load in module.loads.get(taken[1], ()):
        if module.scope(load) is not function:
            continue
        stmt = module.statement(load)
        kept = isinstance(stmt, ast.Assign) and stmt.value is load and len(stmt.targets) == 1
        target = stmt.targets[0] if isinstance(stmt, ast.Assign) else None
        own = isinstance(target, ast.Attribute) and dotted(target.value) == "self"
        yield last_name(target) if kept and own and target is not None else ""


def _is_of_no_cell(function: FunctionNode, module: Module, tree: Tree) -> bool:
    """Whether no cell of a notebook uses a function, nor another notebook that runs this one."""
    if module.scope(function) is not module.tree or function.decorator_list:
        return False
    if len(re.findall(rf"\b{function.name}\b", module.source.text)) > 1:
        return False  # also in a text, by a magic
    stem = os.path.basename(module.path).removesuffix(".ipynb").encode()
    runs_it = re.compile(
        rb"%run\b[^\n]*\b" + re.escape(stem) + rb"\b|\b(?:import_ipynb|nbimporter|ipynb\.fs)\b"
    )
    others = [data for path, data in tree.beside() or () if not path.endswith(module.path)]
    return tree.beside() is not None and not any(runs_it.search(data) for data in others)


def _is_run_by_hand(function: FunctionNode, module: Module) -> bool:
    """Whether a program has a call of it in a comment, for whoever wants to run it."""
    call = re.compile(rf"^[ \t]*#.*\b{function.name}\(", re.MULTILINE)
    return bool(_MAIN.search(module.source.text) and call.search(module.source.text))


def _outermost(function: FunctionNode, module: Module) -> FunctionNode:
    scope = module.scope(function)
    while isinstance(scope, FUNCTIONS):
        function, scope = scope, module.scope(scope)
    return function


def _is_replaced(function: ast.AST, module: Module) -> bool:
    """Whether the class defines another method of that name further down."""
    if not isinstance(function, FUNCTIONS) or function.decorator_list:
        return False
    cls = module.scope(function)
    if not isinstance(cls, ast.ClassDef):
        return False
    below = cls.body[cls.body.index(function) + 1 :]
    return any(
        isinstance(other, FUNCTIONS) and other.name == function.name and not other.decorator_list
        for other in below
    )


def _is_shadowed(function: ast.AST, module: Module, callers: Callers) -> bool:
    """Whether a handler comes too late: one above it in the file takes the same route.

    These frameworks ask the routes in the order in which they were made known.
    """
    if not isinstance(function, FUNCTIONS) or len(function.decorator_list) != 1:
        return False
    route = _route(function)
    entry = callers.of(module).entry(function)
    if (
        route is None
        or entry is None
        or entry.group != "web"
        or not _ASKED_IN_ORDER.search(module.source.text)
    ):
        return False
    if module.scope(function) is not module.tree:
        return False
    above = module.tree.body[: module.tree.body.index(function)]
    if not any(isinstance(each, FUNCTIONS) and _route(each) == route for each in above):
        return False
    owner = route[0].partition(".")[0]
    bound = [e for e in ast.walk(module.tree) if isinstance(e, ast.Name) and e.id == owner]
    if sum(isinstance(each.ctx, ast.Store) for each in bound) > 1:
        return False  # it is another router by then
    used = re.findall(rf"\b{function.name}\b(?<!def {function.name})", module.source.text)
    tree = callers.tree(module)
    return not used and tree is not None and not tree.is_imported(function.name.encode())


def _route(function: FunctionNode) -> tuple[str, ...] | None:
    """What a decorator says that takes a function for a route: who, where and for which requests.

    None where it says more than where it is and what comes out.
    """
    for each in function.decorator_list:
        if isinstance(each, ast.Call) and isinstance(each.func, ast.Attribute) and each.args:
            if each.func.attr not in _ROUTES:
                return None
            path, *more = each.args
            said = {keyword.arg: keyword.value for keyword in each.keywords}
            if more or not said.keys() <= _OF_A_ROUTE:
                return None
            if isinstance(path, ast.Constant) and isinstance(path.value, str):
                methods = said.get("methods")
                by = ast.unparse(methods) if methods is not None else ""
                return ast.unparse(each.func), path.value, by
    return None
