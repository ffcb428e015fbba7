"""Fallbacks that come second: what stands in front of them has a default of its own.

``CONFIG.model or "..."`` where the configuration knows a model without anybody's help,
``model = model or "..."`` in a function that all its callers hand one to, and
``config.get("model", "...")`` behind a table of defaults. What is sent is the first one; where it
is written, it is told there. Nothing is sent with a configuration that comes without a key, nor of
what a class has for those made of it that have their own.
"""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Iterator

from skinflint.linter.anothers import may_be_looked_up
from skinflint.linter.below import is_replaced_below
from skinflint.linter.callers import Callers, CallSite
from skinflint.linter.configured import is_set_with_client
from skinflint.linter.homes import fallbacks, is_option, option_default
from skinflint.linter.merged import set_before
from skinflint.linter.module import (
    FUNCTIONS,
    FunctionNode,
    Module,
    default_of,
    dotted,
    last_name,
    parameters,
    walk,
)
from skinflint.linter.overridden import (
    Default,
    argument,
    default_taker,
    is_here,
    is_quoted,
    makers,
    of_parameter,
    translated,
)
from skinflint.linter.packed import is_spoken_of, may_be_used_elsewhere
from skinflint.linter.project import is_test
from skinflint.linter.spans import Span
from skinflint.linter.standing import calls_by_name
from skinflint.linter.values import Known, Object, Unknown, Value, alternatives

#: Calls whose last argument is what they yield where nothing else is there.
_GETTERS = {"get": 2, "getenv": 2, "getattr": 3, "pop": 2}
#: Of what settings are read; where it says nothing, what is written beside it is taken.
_SETTINGS = ("environment variable", "command line argument")
_DEPTH = 8
#: Calls that show something to whoever reads along.
_LOGS = re.compile(
    r"print$|(.*\.)?_?log(ger|ging)?\.(debug|info|warning|error|critical|exception|log)$",
    re.IGNORECASE,
)
#: What a key for the API is kept under.
_KEY = re.compile(r"api_?key$", re.IGNORECASE)


def sent_first(span: Span, callers: Callers) -> tuple[Known, ...] | None:
    """The texts that come in front of the one at ``span``; None where it may be sent itself."""
    module = callers.ev.module_at(span.path)
    node = module.node_at(span)
    if not isinstance(node, ast.Constant) or not node.value:
        return None
    before = set_before(span, callers)
    if before is not None and before.at is not None:
        return (translated(Known(before.text, before.at), module),)
    if _is_without_key(node, module, callers) or is_replaced_below(span, callers):
        return ()
    if is_set_with_client(node, module):
        return ()
    for first in _in_front(node, module):
        texts = _own(first, callers.of(module), _DEPTH)
        if texts is not None:
            sent = [translated(each, module) for each in texts if each.span != span]
            return tuple({each.span: each for each in sent}.values())
    return None


def is_handed_over(span: Span, callers: Callers) -> bool:
    """Whether all who call a function hand in something for what stands at ``span``.

    ``model = model or "..."`` is worth its text to those alone who leave the model out, or whose
    own is empty: what is handed in may be, and where nobody leaves it out, that is seldom so. The
    text may stand in a constant or be the answer of a function; it may also be what an object is
    made with and falls back on, each time.
    """
    module = callers.ev.module_at(span.path)
    node = module.node_at(span)
    return isinstance(node, ast.Constant) and _is_left_aside(node, callers.of(module), _DEPTH)


def _is_left_aside(node: ast.expr, callers: Callers, depth: int) -> bool:
    """Whether an expression stands only where something else that is handed in comes first."""
    module = callers.module
    getter = module.parents.get(node)
    if isinstance(getter, ast.Call) and getter.args and getter.args[-1] is node:
        if len(getter.args) == _GETTERS.get(last_name(getter.func)):
            node = getter  # ``model or os.getenv("MODEL", "...")``
            if _is_named_by_all(getter, callers):
                return True
    scope = module.scope(node)
    if isinstance(scope, FUNCTIONS):
        taken = {parameter.arg for parameter in parameters(scope)}
        for each in (*_in_front(node, module), *_asked_for(node, module)):
            if isinstance(each, ast.Name) and each.id in taken:
                if _is_always_given(scope, each.id, callers, depth):
                    return True
    if not depth:
        return False
    taker = default_taker(node, module)
    if taker is not None and _is_always_given(*taker, callers, depth):
        return True
    uses = [
        each
        for each in _uses(node, scope, callers)
        if not (is_shown(*each) or _is_idle(*each, callers) or _is_of_nobody(*each, callers))
    ]
    return bool(uses) and all(
        _is_left_aside(use, callers.of(there), depth - 1) for use, there in uses
    )


def _is_named_by_all(getter: ast.Call, callers: Callers) -> bool:
    """Whether all callers hand in what ``options.pop("model", "...")`` takes from ``**options``.

    Or a table of their own, which is there for the like.
    """
    scope = callers.module.scope(getter)
    if not isinstance(getter.func, ast.Attribute) or not isinstance(scope, FUNCTIONS):
        return False
    taken, key = scope.args.kwarg, getter.args[0]
    if taken is None or dotted(getter.func.value) != taken.arg or callers.is_cut(scope):
        return False
    if callers.entry(scope) is not None or scope.decorator_list:
        return False
    module = callers.module
    name = (module.enclosing_class(scope) or scope).name
    if is_spoken_of(os.path.abspath(module.path), callers.tree(module), name):
        return False
    sites = _sites(scope, callers)
    return bool(sites) and all(
        any(k.arg is None or _is_text(key, k.arg) for k in each.call.keywords) for each in sites
    )


def _is_text(node: ast.expr, text: str) -> bool:
    return isinstance(node, ast.Constant) and node.value == text


def is_shown(node: ast.expr, module: Module) -> bool:
    """Whether somebody who reads along is told an expression, as it is."""
    call = module.parents.get(node)
    return isinstance(call, ast.Call) and bool(_LOGS.match(dotted(call.func) or ""))


def _is_idle(node: ast.expr, module: Module, callers: Callers) -> bool:
    """Whether an expression stands in a method that nobody calls."""
    there = callers.of(module)
    function = module.scope(node)
    if not isinstance(function, FUNCTIONS) or there.entry(function) is not None:
        return False
    cls = module.enclosing_class(function)
    if cls is None or function.decorator_list or function.name.startswith("__"):
        return False
    tree = callers.tree(module)
    if tree is None or may_be_looked_up(cls, module, callers, tree):
        return False
    return (
        not there.sites(function)
        and not there.is_cut(function)
        and not may_be_used_elsewhere(os.path.abspath(module.path), tree, cls.name)
    )


def _is_of_nobody(node: ast.expr, module: Module, callers: Callers) -> bool:
    """Whether an expression is a default of a function that is imported at most."""
    taker = default_taker(node, module)
    tree, project = callers.tree(module), callers.ev.project
    if taker is None or tree is None or project is None:
        return False
    name, own = taker[0].name, os.path.abspath(module.path)
    if module.enclosing_class(taker[0]) is not None or "__main__" in module.source.text:
        return False  # a framework may call it, or what makes commands of a whole module
    if taker[0].decorator_list or callers.of(module).entry(taker[0]) is not None:
        return False
    if name.startswith("__") or is_spoken_of(own, tree, name) or is_quoted(name, module, callers):
        return False
    for path in tree.naming(name.encode()):
        if is_test(os.path.relpath(path, tree.root)):
            continue
        there = project.at(path)
        if there is None or any(there.loads.get(known) for known in there.known_as(name)):
            return False
    return True


def _uses(node: ast.expr, scope: ast.AST | None, callers: Callers) -> list[tuple[ast.expr, Module]]:
    """Where the worth of an expression goes on, [] where that isn't seen whole."""
    module = callers.module
    parent = module.parents.get(node)
    if isinstance(parent, ast.Dict) and node in parent.values:
        return _taken_out(parent, callers)
    if isinstance(parent, ast.Return) and isinstance(scope, FUNCTIONS):
        if len(scope.body) > 2 or len(parameters(scope)) > 1 or callers.is_cut(scope):
            return []
        return [(site.call, site.module) for site in _sites(scope, callers)]
    if isinstance(parent, (ast.Assign, ast.AnnAssign)) and isinstance(scope, ast.Module):
        targets = parent.targets if isinstance(parent, ast.Assign) else [parent.target]
        if len(targets) != 1 or not isinstance(targets[0], ast.Name):
            return []
        name = targets[0].id
        users = callers.ev.project.every_user(module, name) if callers.ev.project else None
        if users is None or any(_reads_otherwise(each, name) for each in users):
            return []
        return [
            (load, there)
            for there in (module, *users)
            for load in there.loads.get(name, ())
            if isinstance(load, ast.Name)
        ]
    if isinstance(parent, (ast.Assign, ast.AnnAssign)):
        cls = module.parents.get(parent)
        targets = parent.targets if isinstance(parent, ast.Assign) else [parent.target]
        if isinstance(cls, ast.ClassDef) and isinstance(targets[0], ast.Name):
            return _own_reads(cls, targets[0].id, callers) if len(targets) == 1 else []
    if isinstance(parent, ast.arguments):
        return _kept_as(node, callers)
    if isinstance(scope, FUNCTIONS) and scope.name == "__init__":
        return _kept(node, callers)
    return []


def _taken_out(table: ast.Dict, callers: Callers) -> list[tuple[ast.expr, Module]]:
    """What is taken out of a table that a constant of a module or of a class is.

    By a key that isn't written out: the usual model of each provider.
    """
    module = callers.module
    kept = module.parents.get(table)
    targets = kept.targets if isinstance(kept, ast.Assign) else [getattr(kept, "target", None)]
    if len(targets) != 1 or not isinstance(targets[0], ast.Name):
        return []
    if isinstance(module.scope(table), FUNCTIONS):
        return []
    name = targets[0].id
    users = callers.ev.project.every_user(module, name) if callers.ev.project else None
    if users is None or any(len(each.known_as(name)) > 1 for each in users):
        return []
    found: list[tuple[ast.expr, Module]] = []
    for there in (module, *users):
        for load in there.loads.get(name, ()):
            parent = there.parents.get(load)
            if isinstance(parent, ast.Compare):
                continue  # whether it has a key
            call = there.parents.get(parent) if parent is not None else None
            if isinstance(parent, ast.Subscript) and isinstance(parent.ctx, ast.Load):
                key: ast.expr | None = parent.slice
                found.append((parent, there))
            elif isinstance(parent, ast.Attribute) and isinstance(call, ast.Call):
                key = call.args[0] if call.args else None
                if parent.attr == "get" and call.func is parent:
                    found.append((call, there))
                elif parent.attr != "keys":
                    return []
            else:
                return []
            if isinstance(key, ast.Constant):
                return []  # somebody asks for just this one
    return found


def _reads_otherwise(module: Module, name: str) -> bool:
    """Whether a module may read a constant of another one in a way that isn't its plain name."""
    loads = module.loads.get(name, ())
    return len(module.known_as(name)) > 1 or any(isinstance(each, ast.Attribute) for each in loads)


def _kept_as(node: ast.expr, callers: Callers) -> list[tuple[ast.expr, Module]]:
    """Where an object reads what it keeps of a parameter of its constructor with that default."""
    module = callers.module
    taker = default_taker(node, module)
    cls = module.enclosing_class(taker[0]) if taker is not None else None
    if taker is None or cls is None or taker[0].name != "__init__":
        return []
    function, name = taker
    loads = [each for each in walk(function) if isinstance(each, ast.Name) and each.id == name]
    if len(loads) != 1:
        return []
    return _kept(loads[0], callers)


def _kept(node: ast.expr, callers: Callers) -> list[tuple[ast.expr, Module]]:
    """Where an object reads the private attribute that its constructor keeps an expression as."""
    module = callers.module
    kept, cls = module.parents.get(node), module.enclosing_class(module.scope(node))
    if not isinstance(kept, (ast.Assign, ast.AnnAssign)) or kept.value is not node or cls is None:
        return []
    target = kept.targets[0] if isinstance(kept, ast.Assign) else kept.target
    if not isinstance(target, ast.Attribute):
        return []
    if not target.attr.startswith("_"):
        return _own_reads(cls, target.attr, callers)
    reads = [each for each in module.loads.get(target.attr, ()) if isinstance(each, ast.Attribute)]
    if any(cls not in module.ancestors(each) for each in reads) or _is_built_on(cls, callers):
        return []
    return [(each, module) for each in reads]


def _own_reads(cls: ast.ClassDef, name: str, callers: Callers) -> list[tuple[ast.expr, Module]]:
    """Where a class reads an attribute of its own that others could read as well, and don't.

    Other classes may have one of the same name for themselves.
    """
    module, project = callers.module, callers.ev.project
    tree = callers.tree(module)
    if tree is None or project is None or _is_built_on(cls, callers):
        return []
    found: list[tuple[ast.expr, Module]] = []
    word = re.escape(name.encode())
    quoted = re.compile(rb"""["']%b["']""" % word)
    read = re.compile(rb"\b%b\b" % word)
    bases = {last_name(each) for each in cls.bases}
    for path in project.no_tests(module):
        data = tree.data(path) or b""
        if not read.search(data):
            continue
        there = project.at(path)
        if there is None or quoted.search(data) or len(there.known_as(name)) > 1:
            return []  # ``getattr(client, "model")``
        for node in there.loads.get(name, ()):
            if not isinstance(node, ast.Attribute):
                if there.scope(node) is cls:
                    return []  # something else in its body is made of it
                continue
            owner = there.enclosing_class(there.scope(node))
            if dotted(node.value) != "self" or owner is None:
                return []
            if owner is cls:
                found.append((node, module))
            elif bases and (owner.name in bases or bases.isdisjoint(map(last_name, owner.bases))):
                return []  # what the class is made of may read it
    return found


def _is_built_on(cls: ast.ClassDef, callers: Callers) -> bool:
    """Whether another class of the project may be made of ``cls``."""
    module = callers.module
    if any(cls.name in map(last_name, each.bases) for each in module.classes.values()):
        return True
    users = callers.ev.project.every_user(module, cls.name) if callers.ev.project else None
    return users is None or any(
        cls.name in map(last_name, each.bases) or len(there.known_as(cls.name)) > 1
        for there in users
        for each in there.classes.values()
    )


def _is_always_given(function: FunctionNode, name: str, callers: Callers, depth: int) -> bool:
    """Whether each call of a function gives one of its parameters a value."""
    module = callers.module
    if not depth or callers.entry(function) is not None or callers.is_cut(function):
        return False
    cls = module.enclosing_class(function)
    if function.name == "__init__":
        return _is_always_made_with(function, name, callers, depth)
    if function.decorator_list:
        return False  # it may be called with other arguments than it has
    names = [each.arg for each in (*function.args.posonlyargs, *function.args.args)]
    sites = [
        site for site in _sites(function, callers) if not _is_idle(site.call, site.module, callers)
    ]
    for site in sites:
        if site.shift >= 0 or any(isinstance(each, ast.Starred) for each in site.call.args):
            return False
        given = next((k.value for k in site.call.keywords if k.arg == name), None)
        if given is None and name in names:
            owner = site.call.func.value if isinstance(site.call.func, ast.Attribute) else None
            by_class = cls is not None and owner is not None and dotted(owner) == cls.name
            place = names.index(name) - (cls is not None and not by_class)
            given = site.call.args[place] if 0 <= place < len(site.call.args) else None
        if not _is_given(given, callers.of(site.module), depth):
            return False
    if is_spoken_of(os.path.abspath(module.path), callers.tree(module), (cls or function).name):
        return False
    return bool(sites) or _is_given_by_name(function, name, callers, depth)


def _is_given_by_name(function: FunctionNode, name: str, callers: Callers, depth: int) -> bool:
    """The same of a function whose calls can't be followed: of all calls by its name."""
    calls = calls_by_name(function, name, callers.module, callers)
    names = [each.arg for each in (*function.args.posonlyargs, *function.args.args)]
    bound = callers.module.enclosing_class(function) is not None
    place = names.index(name) - bound if name in names else None
    return bool(calls) and all(
        _is_given(argument(call, Default(function, name, place)), callers.of(there), depth)
        for call, there in calls or ()
        if not _is_idle(call, there, callers)
    )


def _is_always_made_with(function: FunctionNode, name: str, callers: Callers, depth: int) -> bool:
    """The same of a constructor: whoever makes an object of its class gives it a value."""
    found = of_parameter(function, name, callers.module)
    if found is None or not _is_near(found, callers):
        return False
    made = makers(found, callers.module, callers)
    return bool(made) and all(
        _is_given(argument(each.call, found), callers.of(each.module), depth) for each in made or ()
    )


def _is_near(found: Default, callers: Callers) -> bool:
    """Whether those who make objects of a class can be seen, or no page tells others of it."""
    module, name = callers.module, found.cls.name
    spoken_of = is_spoken_of(os.path.abspath(module.path), callers.tree(module), name)
    return not spoken_of and not is_quoted(name, module, callers)


def _is_given(given: ast.expr | None, callers: Callers, depth: int) -> bool:
    """Whether an argument is there, and is none that a caller further up may leave out."""
    if given is None or (isinstance(given, ast.Constant) and not given.value):
        return False
    above = callers.module.scope(given)
    if not isinstance(given, ast.Name) or not isinstance(above, FUNCTIONS):
        return True
    if all(each.arg != given.id for each in parameters(above)):
        return True
    default = default_of(above, given.id)
    if isinstance(default, ast.Call) and is_option(default):  # ``Option(None, "--model")``
        said = option_default(default, 0)
        if said is None or (isinstance(said, ast.Constant) and not said.value):
            return False
    left_out = isinstance(default, ast.Constant) and not default.value
    return not left_out or _is_always_given(above, given.id, callers, depth - 1)


def _sites(function: FunctionNode, callers: Callers) -> list[CallSite]:
    """The calls of a function but for those of tests."""
    return [site for site in callers.sites(function) if not _is_of_a_test(site.module, callers)]


def _is_of_a_test(module: Module, callers: Callers) -> bool:
    tree = callers.tree(module)
    return tree is not None and is_test(os.path.relpath(os.path.abspath(module.path), tree.root))


def _is_without_key(node: ast.expr, module: Module, callers: Callers) -> bool:
    """Whether a text is returned in a table whose key for the API is empty, and stays so."""
    table = module.parents.get(node)
    if not isinstance(table, ast.Dict) or not isinstance(module.parents.get(table), ast.Return):
        return False
    for key, value in zip(table.keys, table.values, strict=True):
        if not isinstance(key, ast.Constant) or not _KEY.search(str(key.value)):
            continue
        if isinstance(value, ast.Constant) and value.value == "":
            name = re.escape(str(key.value).encode())
            # somebody fills it in, or takes another one where it is empty
            filled = re.compile(
                rb"""\[["']%b["']\]\s*(?:=(?!=)|or\b)|get\(["']%b["'][^)\n]*\)\s*or\b"""
                % (name, name)
            )
            project = callers.ev.project
            tree = project.tree(module) if project is not None else None
            return (
                project is not None
                and tree is not None
                and not any(filled.search(tree.data(f) or b"") for f in project.no_tests(module))
            )
    return False


def _in_front(node: ast.expr, module: Module) -> Iterator[ast.expr]:
    """What is asked before ``node`` is taken, in the place of something that is empty."""
    parent = module.parents.get(node)
    if isinstance(parent, ast.BoolOp) and isinstance(parent.op, ast.Or):
        yield from parent.values[: parent.values.index(node)]
    elif isinstance(parent, ast.IfExp) and node is not parent.test:
        kept = parent.orelse if node is parent.body else parent.body
        empty = _empty(parent.test)
        if node is parent.orelse and empty is None:
            empty = parent.test if _is_same(parent.test, kept) else _not_none(parent.test)
        elif node is parent.orelse:
            empty = None
        if empty is not None and _is_same(empty, kept):
            yield empty
    elif isinstance(parent, ast.Assign) and len(parent.targets) == 1:
        above = module.parents.get(parent)
        if isinstance(above, ast.If) and parent in above.body:
            empty = _empty(above.test)
            if empty is not None and _is_same(empty, parent.targets[0]):
                yield empty
    elif isinstance(parent, ast.Return):
        yield from _returned_before(parent, module)


def _returned_before(taken: ast.Return, module: Module) -> Iterator[ast.expr]:
    """The same of what is returned behind ``if model: return model``."""
    body: list[ast.stmt] = getattr(module.parents.get(taken), "body", [])
    before = body[body.index(taken) - 1] if taken in body[1:] else None
    if isinstance(before, ast.If) and isinstance(before.body[-1], ast.Return):
        kept = before.body[-1].value
        asked = _not_none(before.test) or before.test
        if kept is not None and not before.orelse and _is_same(asked, kept):
            yield kept


def _asked_for(node: ast.expr, module: Module) -> Iterator[ast.expr]:
    """What has to be empty for an expression to be returned, if all else is made of it.

    ``if not model: return "..."``, and then ``return NAMES.get(model, model)``
    """
    taken = module.parents.get(node)
    above = module.parents.get(taken) if isinstance(taken, ast.Return) else None
    function = module.scope(node)
    if not isinstance(above, ast.If) or taken not in above.body:
        return
    empty = _empty(above.test)
    if empty is None or not isinstance(function, FUNCTIONS):
        return
    others = [each for each in walk(function) if isinstance(each, ast.Return) and each is not taken]
    if others and all(
        each.value is not None
        and any(isinstance(part, ast.expr) and _is_same(part, empty) for part in walk(each.value))
        for each in others
    ):
        yield empty


def _empty(test: ast.expr) -> ast.expr | None:
    """What is asked by ``not model``, ``model is None``, ``model == ""``."""
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        return test.operand
    if isinstance(test, ast.Compare) and isinstance(test.ops[0], (ast.Is, ast.Eq)):
        right = test.comparators[0]
        if len(test.ops) == 1 and isinstance(right, ast.Constant) and right.value in (None, ""):
            return test.left
    return None


def _not_none(test: ast.expr) -> ast.expr | None:
    """What is asked by ``model is not None``."""
    if isinstance(test, ast.Compare) and len(test.ops) == 1:
        right = test.comparators[0]
        if isinstance(test.ops[0], ast.IsNot) and isinstance(right, ast.Constant):
            return test.left
    return None


def _is_same(one: ast.expr, other: ast.expr) -> bool:
    return ast.unparse(one) == ast.unparse(other)


def _own(node: ast.expr, callers: Callers, depth: int) -> tuple[Known, ...] | None:
    """The texts that an expression is worth if nobody says otherwise; None: it may be empty."""
    module = callers.module
    if not depth:
        return None
    if isinstance(node, ast.Call):
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        if len(node.args) == _GETTERS.get(name) and not node.keywords:
            return _own(node.args[-1], callers, depth - 1)
        return None
    root = node
    while isinstance(root, ast.Attribute):
        root = root.value
    scope = module.scope(node)
    if isinstance(root, ast.Name) and isinstance(scope, FUNCTIONS):
        if any(each.arg == root.id for each in parameters(scope)):
            return _handed_in(scope, root.id, callers, depth) if root is node else None
        made = _bound(root.id, module, scope)
        if made is None or (made and root is not node):
            return None
        if made:
            return _all([_own(each, callers, depth - 1) for each in made])
    elif not isinstance(node, ast.Constant):
        return None
    return _texts(callers.ev.evaluate(node, callers.ev.root_of(module)), callers)


def _all(found: list[tuple[Known, ...] | None]) -> tuple[Known, ...] | None:
    """The texts of several expressions; None where one of them may be empty."""
    texts: list[Known] = []
    for each in found:
        if each is None:
            return None
        texts += each
    return tuple(texts)


def _bound(name: str, module: Module, scope: ast.AST) -> list[ast.expr] | None:
    """What a function sets one of its names to, [] for another's; None where that isn't seen."""
    found: list[ast.expr] = []
    for each in walk(scope):
        if isinstance(each, ast.Name) and each.id == name and not isinstance(each.ctx, ast.Load):
            stmt = module.parents.get(each)
            if not isinstance(stmt, ast.Assign) or each not in stmt.targets:
                return None
            above = module.parents.get(stmt)
            empty = _empty(above.test) if isinstance(above, ast.If) and stmt in above.body else None
            if empty is None or not _is_same(empty, each):  # else it is set only where it is empty
                found.append(stmt.value)
    return found


def _texts(value: Value, callers: Callers) -> tuple[Known, ...] | None:
    """The texts among what a value may be; None where it may be empty, for all that is known."""
    texts: list[Known] = []
    for each in alternatives(value):
        if isinstance(each, Known):
            if not isinstance(each.value, str) or not each.value:
                return None
            texts.append(each)
        elif isinstance(each, Unknown) and each.reason.startswith(_SETTINGS):
            continue  # what is written beside it is taken where it says nothing
        elif isinstance(each, (Unknown, Object)):
            defaults = [known for known, of in fallbacks(each, callers.ev) if of]
            if not defaults or not all(known.value for known in defaults):
                return None
            texts += defaults
        else:
            return None
    return tuple(texts) or None


def _handed_in(
    function: FunctionNode, name: str, callers: Callers, depth: int
) -> tuple[Known, ...] | None:
    """What all who call a function hand in for a parameter, if those are texts."""
    module = callers.module
    if function.decorator_list or not depth:
        return None
    found = of_parameter(function, name, module)
    if found is None:
        return None
    made = makers(found, module, callers)
    given = [(argument(each.call, found), each.module) for each in made or ()]
    if not given or not is_here(found, module, callers):
        return None
    return _all(
        [
            _own(node, callers.of(there), depth - 1) if node is not None else None
            for node, there in given
        ]
    )
