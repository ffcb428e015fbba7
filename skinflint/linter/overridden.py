"""Defaults that are never sent: whoever makes the class hands in another value.

That goes for what a constructor or a function takes, and for the fields of a dataclass. A default
is out of use where the project is a program, or is installed for its command, and every mention of
the class can be followed to calls that give the argument: through variables, tables of classes,
functions that return it, and classes made of it. One mention that goes elsewhere leaves the default
in view.

What is handed in is what counts then: where an id is written there, it is told there.
"""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Callable, Iterator
from typing import NamedTuple, TypeAlias

from skinflint.linter.activation import FunctionHandle
from skinflint.linter.callers import Callers
from skinflint.linter.module import (
    FUNCTIONS,
    FunctionNode,
    Module,
    default_of,
    dotted,
    last_name,
    parameters,
)
from skinflint.linter.packed import may_be_used_elsewhere
from skinflint.linter.spans import Span
from skinflint.linter.values import Known, Object, alternatives

#: Builtins that look at a table's keys, or at a class, and make nothing.
_LOOKING = {"len", "list", "sorted", "set", "tuple", "isinstance", "issubclass", "hasattr"}
#: Methods of a table that tell nothing of what is in it, or empty it.
_OF_KEYS = {"keys", "clear"}
#: How far a class is followed: from a table to a variable to what a function returns.
_DEPTH = 8
#: Through how many functions something may be passed on to a class.
_PASSED_ON = 3
#: Where a name stands as a text that makes nothing: what a module hands on, a type of a checker.
_ALL = re.compile(
    rb"__all__(?:[^=\n]*=\s*|\.(?:append|extend))[\[(][^\])]*[\])]"
    rb"|\b(?:Optional|Sequence|Iterable|[Ll]ist)\[[\"'][^\]\n]*\]"
)

#: What makes a type of others.
_GENERIC = frozenset(
    (
        *("Callable", "Optional", "Union", "Type", "Annotated", "Literal", "Awaitable"),
        *("List", "Sequence", "Iterable", "Iterator", "Tuple", "Set", "Dict", "Mapping"),
        *("Coroutine", "Generator", "AsyncGenerator", "AsyncIterator", "AsyncIterable"),
        *("list", "tuple", "set", "dict", "type"),
    )
)
#: How a package takes what it hands on out of its modules once somebody asks for it.
_LAZY = re.compile(rb"^def __getattr__\(", re.MULTILINE)


class Default(NamedTuple):
    """What a class is made with, or a function does, unless somebody says otherwise."""

    cls: ast.ClassDef | FunctionNode
    name: str
    place: int | None  # among what is given in order; None where it is given by its name alone


#: Whether all who make or call something can be seen.
_Seen: TypeAlias = "Callable[[Default, Module, Callers], bool]"


class Made(NamedTuple):
    """A call that makes an object of a class."""

    call: ast.Call
    module: Module


class _Class(NamedTuple):
    """An expression that may be the class, and what else is known of it there."""

    node: ast.expr
    module: Module
    key: str | None = None  # what it stands for in the table it is taken out of
    place: int | None = None  # in the tuple that the expression is


class _Elsewhere(Exception):
    """A mention goes where it can't be followed."""


def handed_in(span: Span, callers: Callers) -> tuple[Known, ...] | None:
    """The texts that are handed in for the default at ``span``; None where it may be sent."""
    module = callers.ev.module_at(span.path)
    found = default_at(span, module)
    made = makers(found, module, callers) if found is not None else None
    if found is None or not made:
        return None
    met: set[ast.AST] = set()
    asked = [each for one in made for each in passing_on(one, found, callers, met, is_here)]
    if not asked:
        return None
    if not all(handed(each, of) is not None for each, of in asked):
        return None
    if not is_here(found, module, callers):  # asked last: it looks through all of the project
        return None
    node = module.node_at(span)
    own = node.value if isinstance(node, ast.Constant) else None
    texts: dict[Span, Known] = {}
    for each, of in asked:
        for known in _texts(each, of, callers, str(own)):
            sent = translated(known, module)
            texts[sent.span] = sent
    return tuple(texts.values())


def default_at(span: Span, module: Module) -> Default | None:
    """Whose default stands there: that of a constructor, a function or a field, None if no such."""
    return _of_parameter(span, module) or _of_field(span, module)


def makers(found: Default, module: Module, callers: Callers) -> list[Made] | None:
    """The calls that make objects of a class; None where some can't be followed."""
    try:
        return list(_Follower(found, module, callers).made())
    except _Elsewhere:
        return None


def is_here(found: Default, module: Module, callers: Callers) -> bool:
    """Whether all who make objects of the class can be seen."""
    project = callers.ev.project
    tree = project.tree(module) if project is not None else None
    if project is None or tree is None:
        return False
    path = os.path.abspath(module.path)
    name = found.cls.name
    if may_be_used_elsewhere(path, tree, name):
        return False
    return not is_quoted(name, module, callers)


def is_quoted(name: str, module: Module, callers: Callers) -> bool:
    """Whether code of the project has a name as a text, to look up by it what goes by the name."""
    project = callers.ev.project
    tree = project.tree(module) if project is not None else None
    if project is None or tree is None:
        return True
    if name not in tree.quoted:
        named = re.compile(rb"""["']%b["']""" % re.escape(name.encode()))
        word = name.encode()
        tree.quoted[name] = False
        for file in project.no_tests(module):
            data = tree.data(file)
            # plain "in" first: it is many times as fast as an expression
            if not data or word not in data or not named.search(_ALL.sub(b"", data)):
                continue
            if os.path.basename(file) == "__init__.py" and _LAZY.search(data):
                continue
            other = project.at(file)
            if other is None or _has_text(name, other):
                tree.quoted[name] = True
                break
    return tree.quoted[name]


def _has_text(name: str, module: Module) -> bool:
    """Whether a module has a name as a text that is no annotation."""
    return any(
        isinstance(node, ast.Constant)
        and node.value == name
        and not is_annotation(node, module)
        and not _is_of_a_type(node, module)
        and not _is_handed_on(node, module)
        and not _is_asked_for(node, module)
        and not _is_its_own(node, name, module)
        for node in module.parents
    )


def _is_of_a_type(node: ast.AST, module: Module) -> bool:
    """Whether a text is part of a type that is given a name: ``Callable[["Task"], None]``."""
    parent = module.parents.get(node)
    while isinstance(parent, (ast.Tuple, ast.List, ast.BinOp)):
        parent = module.parents.get(parent)
    return isinstance(parent, ast.Subscript) and last_name(parent.value) in _GENERIC


def _is_its_own(node: ast.AST, name: str, module: Module) -> bool:
    """Whether a text stands in the class that it names, which tells others what it is."""
    return any(
        isinstance(each, ast.ClassDef) and each.name == name for each in module.ancestors(node)
    )


def _is_asked_for(node: ast.AST, module: Module) -> bool:
    """Whether it is only asked whether something has an attribute of that name."""
    call = module.parents.get(node)
    return isinstance(call, ast.Call) and last_name(call.func) == "hasattr"


def _is_handed_on(node: ast.AST, module: Module) -> bool:
    """Whether a text stands in `__all__`."""
    stmt = module.statement(node)
    return stmt is not None and ast.unparse(stmt).startswith("__all__")


def passing_on(
    made: Made, found: Default, callers: Callers, met: set[ast.AST], seen: _Seen
) -> list[tuple[Made, Default]]:
    """Who calls the function that makes an object and only passes on what it is handed.

    ``def connect(provider, **options): return Writer(provider, **options)``. Each function is
    asked once: all it makes is handed the same. ``seen`` says whether all who call it are in sight.
    """
    module, scope = made.module, made.module.scope(made.call)
    if handed(made, found) is not None or not isinstance(scope, FUNCTIONS):
        return [(made, found)]
    options = scope.args.kwarg
    spread = [keyword.value for keyword in made.call.keywords if keyword.arg is None]
    if options is None or [dotted(each) for each in spread] != [options.arg]:
        return [(made, found)]
    if scope.decorator_list or module.scope(scope) is not module.tree:
        return [(made, found)]
    if any(each.arg == found.name for each in parameters(scope)):
        return [(made, found)]  # it is taken out of them
    if scope in met:
        return []
    if len(met) >= _PASSED_ON or not _is_passed_whole(options.arg, scope, module):
        return [(made, found)]
    met.add(scope)
    above = Default(scope, found.name, None)
    callees = makers(above, module, callers)
    if not callees or not seen(above, module, callers):
        return [(made, found)]
    return [each for one in callees for each in passing_on(one, above, callers, met, seen)]


def _is_passed_whole(name: str, function: FunctionNode, module: Module) -> bool:
    """Whether a function leaves the keywords that it is handed as they are."""
    for node in ast.walk(function):
        if not isinstance(node, ast.Name) or node.id != name:
            continue
        parent = module.parents.get(node)
        if not isinstance(node.ctx, ast.Load):
            return False
        if isinstance(parent, ast.keyword) and parent.arg is None:
            continue
        if isinstance(parent, ast.Subscript) and isinstance(parent.ctx, ast.Load):
            continue
        read = isinstance(parent, ast.Attribute) and parent.attr == "get"
        if not read and not isinstance(parent, ast.Compare):
            return False
    return True


def _of_parameter(span: Span, module: Module) -> Default | None:
    """Whose default stands there: that of a constructor, or of a function of the module."""
    node = module.node_at(span)
    taker = None if node is None else default_taker(node, module)
    return None if taker is None else of_parameter(*taker, module)


def default_taker(node: ast.AST, module: Module) -> tuple[FunctionNode, str] | None:
    """The function, and the parameter of it, that an expression is the default of."""
    arguments = module.parents.get(node)
    function = module.parents.get(arguments) if isinstance(arguments, ast.arguments) else None
    if not isinstance(function, FUNCTIONS):
        return None
    for parameter in parameters(function):
        if default_of(function, parameter.arg) is node:
            return function, parameter.arg
    return None


def of_parameter(function: FunctionNode, name: str, module: Module) -> Default | None:
    """A parameter by who makes it: the class of a constructor, or a function of the module."""
    cls: ast.ClassDef | FunctionNode | None = module.enclosing_class(function)
    bound = 1
    if cls is None and module.scope(function) is module.tree:
        cls, bound = function, 0
    elif function.name != "__init__":
        return None
    if cls is None or cls.decorator_list:
        return None
    names = [each.arg for each in (*function.args.posonlyargs, *function.args.args)]
    return Default(cls, name, names.index(name) - bound if name in names else None)


def _of_field(span: Span, module: Module) -> Default | None:
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
    return Default(cls, parent.target.id, None)


class _Follower:
    """Follows every mention of a class to the calls that make objects of it."""

    def __init__(self, found: Default, module: Module, callers: Callers) -> None:
        self.found = found
        self.module = module
        self.callers = callers
        self.seen: set[ast.AST] = set()
        #: by name, where it is known, and what stands for the class in them
        self.tables: set[tuple[str, ast.AST, str | None]] = set()

    def made(self) -> Iterator[Made]:
        yield from self._of(self.found.cls, self.module, 0)

    def _of(self, cls: ast.ClassDef | FunctionNode, module: Module, depth: int) -> Iterator[Made]:
        """The makers of a class, or of one that is made of it; the callers of a function."""
        if isinstance(cls, ast.ClassDef):
            yield from self._of_itself(cls, module)
        for user in (module, *self._users(module, cls.name)):
            for known in user.known_as(cls.name):
                for load in user.loads.get(known, ()):
                    parent = user.parents.get(load)
                    if isinstance(parent, ast.Attribute) and parent.attr == self.found.name:
                        raise _Elsewhere  # the default is looked up in the class itself
                    yield from self._followed(_Class(load, user), depth + 1)

    def _users(self, module: Module, name: str) -> list[Module]:
        """The other modules that mention a name of this one."""
        ev = self.callers.ev
        users = ev.project.every_user(module, name) if ev.project is not None else None
        if users is None:
            raise _Elsewhere
        for user in users:
            ev.root_of(user)  # what is found there is taken into account
        return users

    def _followed(self, each: _Class, depth: int) -> Iterator[Made]:
        """The calls that an expression leads to which may be the class."""
        node, module = each.node, each.module
        if depth > _DEPTH:
            raise _Elsewhere
        if node in self.seen:
            return
        self.seen.add(node)
        parent = module.parents.get(node)
        if isinstance(parent, ast.Subscript) and parent.value is node and each.place is not None:
            index = parent.slice
            if not isinstance(index, ast.Constant):
                raise _Elsewhere
            if index.value == each.place:
                yield from self._followed(each._replace(node=parent, place=None), depth + 1)
        elif isinstance(parent, ast.Call):
            yield from self._of_call(each, parent, depth)
        elif isinstance(parent, ast.keyword):
            call = module.parents.get(parent)
            if not isinstance(call, ast.Call):
                raise _Elsewhere
            yield from self._of_handed_on(each, call, depth)
        elif _is_asked(node, parent):
            return
        elif is_annotation(node, module) or isinstance(parent, ast.Attribute):
            return  # also a method of the class, or a constant
        elif isinstance(parent, (ast.BoolOp, ast.IfExp)):
            yield from self._followed(each._replace(node=parent), depth + 1)
        elif isinstance(parent, (ast.Assign, ast.AnnAssign)) and parent.value is node:
            yield from self._of_assigned(each, parent, depth)
        elif isinstance(parent, ast.Return):
            yield from self._of_returned(each, depth)
        elif isinstance(parent, ast.Dict) and node in parent.values:
            key = parent.keys[parent.values.index(node)]
            named = key.value if isinstance(key, ast.Constant) else None
            kept = each._replace(key=str(named) if named is not None else None)
            yield from self._of_table(parent, kept, depth + 1)
        elif isinstance(parent, ast.Tuple) and each.place is None:
            yield from self._of_tuple(each, parent, depth)
        elif isinstance(parent, ast.ClassDef) and node in parent.bases:
            yield from self._of_derived(parent, module, depth)
        else:
            raise _Elsewhere

    def _of_call(self, each: _Class, call: ast.Call, depth: int) -> Iterator[Made]:
        if call.func is each.node:
            if each.key is None or not _is_for_another(call, each.key, each.module):
                yield Made(call, each.module)
        elif not isinstance(call.func, ast.Name) or call.func.id not in _LOOKING:
            yield from self._of_handed_on(each, call, depth)

    def _of_handed_on(self, each: _Class, call: ast.Call, depth: int) -> Iterator[Made]:
        """What a function does with a class that it is handed: ``register("claude", Writer)``."""
        there = self.callers.of(each.module)
        value = there.ev.evaluate(call.func, there.plain(call))
        handle = value.handle if isinstance(value, Object) else None
        if not isinstance(handle, FunctionHandle) or not isinstance(handle.node, FUNCTIONS):
            raise _Elsewhere
        function, module = handle.node, handle.module
        known = [p.arg for p in (*function.args.posonlyargs, *function.args.args)]
        plain = [dotted(each) for each in function.decorator_list]
        if any(isinstance(a, ast.Starred) for a in call.args) or any(
            each not in ("classmethod", "staticmethod") for each in plain
        ):
            raise _Elsewhere
        if module.enclosing_class(function) is not None and "staticmethod" not in plain:
            known = known[1:]
        if each.node in call.args:
            place = call.args.index(each.node)
            name = known[place] if place < len(known) else None
        else:
            name = next((k.arg for k in call.keywords if k.value is each.node), None)
        if name is None or name not in [p.arg for p in parameters(function)]:
            raise _Elsewhere
        for load in module.loads.get(name, ()):
            if isinstance(load, ast.Name) and module.scope(load) is function:
                yield from self._followed(each._replace(node=load, module=module), depth + 1)

    def _of_tuple(self, each: _Class, around: ast.Tuple, depth: int) -> Iterator[Made]:
        """One of several in a tuple: what is looked for in ``isinstance``, or a row of a table."""
        parent = each.module.parents.get(around)
        if isinstance(parent, ast.Call) and dotted(parent.func) in _LOOKING:
            return
        place = around.elts.index(each.node)
        yield from self._followed(each._replace(node=around, place=place), depth + 1)

    def _of_assigned(
        self, each: _Class, stmt: ast.Assign | ast.AnnAssign, depth: int
    ) -> Iterator[Made]:
        targets = stmt.targets if isinstance(stmt, ast.Assign) else [stmt.target]
        if len(targets) != 1:
            raise _Elsewhere
        target = targets[0]
        if isinstance(target, (ast.Tuple, ast.List)) and each.place is not None:
            if any(isinstance(part, ast.Starred) for part in target.elts):
                raise _Elsewhere
            if each.place >= len(target.elts):
                raise _Elsewhere
            target, each = target.elts[each.place], each._replace(place=None)
        if isinstance(target, ast.Subscript):  # ``PROVIDERS["claude"] = ClaudeProvider``
            key = target.slice.value if isinstance(target.slice, ast.Constant) else None
            kept = each._replace(key=str(key) if key is not None else None)
            yield from self._of_entries(target.value, kept, depth + 1)
        elif isinstance(target, ast.Name):
            scope = each.module.scope(stmt)
            if not isinstance(scope, FUNCTIONS):
                raise _Elsewhere
            for load in each.module.loads.get(target.id, ()):
                if each.module.scope(load) is scope:
                    yield from self._followed(each._replace(node=load), depth + 1)
        else:
            raise _Elsewhere

    def _of_returned(self, each: _Class, depth: int, whole: bool = False) -> Iterator[Made]:
        """What is made of the result of a function: the class, or the ``whole`` table of it."""
        function = each.module.scope(each.node)
        if not isinstance(function, FUNCTIONS) or function.decorator_list:
            raise _Elsewhere
        for load, user in self._mentions(function, each.module):
            call = user.parents.get(load)
            if not isinstance(call, ast.Call) or call.func is not load or depth > _DEPTH:
                raise _Elsewhere
            told = each._replace(node=call, module=user)
            if whole:
                yield from self._of_entry(call, told, depth + 1)
            else:
                yield from self._followed(told, depth + 1)

    def _mentions(
        self, function: FunctionNode, module: Module
    ) -> Iterator[tuple[ast.expr, Module]]:
        for user in (module, *self._users(module, function.name)):
            for known in user.known_as(function.name):
                for load in user.loads.get(known, ()):
                    yield load, user

    def _of_table(self, table: ast.Dict, each: _Class, depth: int) -> Iterator[Made]:
        """What is taken out of a table that is written here."""
        module = each.module
        parent = module.parents.get(table)
        if isinstance(parent, (ast.Subscript, ast.Attribute)):
            yield from self._of_entry(table, each, depth)
            return
        targets = parent.targets if isinstance(parent, ast.Assign) else []
        if isinstance(parent, ast.AnnAssign):
            targets = [parent.target]
        if len(targets) != 1 or depth > _DEPTH:
            raise _Elsewhere
        yield from self._of_entries(targets[0], each, depth)

    def _of_entries(self, table: ast.expr, each: _Class, depth: int) -> Iterator[Made]:
        """What is taken out of a table, wherever it is mentioned."""
        module = each.module
        name = table.id if isinstance(table, ast.Name) else getattr(table, "attr", "")
        scope = module.scope(table)
        if not name or depth > _DEPTH:
            raise _Elsewhere
        mentioned = [(load, module) for load in module.loads.get(name, ())]
        local = isinstance(scope, FUNCTIONS) and name in module.locals_of(scope)
        met = (name, scope if local else module.tree, each.key)
        if met in self.tables:
            return
        self.tables.add(met)
        if isinstance(table, ast.Name) and local:
            mentioned = [(load, module) for load, _ in mentioned if module.scope(load) is scope]
        else:
            for user in self._users(module, name):
                mentioned += [(load, user) for load in user.loads.get(name, ())]
        for load, user in mentioned:
            if load is not table:
                yield from self._of_entry(load, each._replace(module=user), depth)

    def _of_entry(self, table: ast.expr, each: _Class, depth: int) -> Iterator[Made]:
        """What one mention of a table takes out of it."""
        module = each.module
        parent = module.parents.get(table)
        if _is_asked(table, parent):
            return
        if isinstance(parent, ast.Call) and isinstance(parent.func, ast.Name):
            if parent.func.id in _LOOKING:
                return
            raise _Elsewhere
        if isinstance(parent, ast.Return):
            yield from self._of_returned(each._replace(node=table), depth, whole=True)
            return
        if isinstance(parent, (ast.Assign, ast.AnnAssign)) and parent.value is table:
            targets = parent.targets if isinstance(parent, ast.Assign) else [parent.target]
            for target in targets:
                yield from self._of_entries(target, each, depth + 1)
            return
        entry: ast.AST | None = parent
        if isinstance(parent, ast.Attribute):
            if parent.attr in _OF_KEYS:
                return
            if parent.attr in ("items", "values"):
                yield from self._of_rows(parent, each, depth)
                return
            entry = module.parents.get(parent) if parent.attr == "get" else None
            if not isinstance(entry, ast.Call):
                raise _Elsewhere
        elif not isinstance(parent, ast.Subscript):
            raise _Elsewhere
        elif not isinstance(parent.ctx, ast.Load):
            return  # another entry is set
        asked = parent.slice if isinstance(parent, ast.Subscript) else None
        if isinstance(asked, ast.Constant) and each.key not in (None, str(asked.value)):
            return
        assert isinstance(entry, ast.expr)
        yield from self._followed(each._replace(node=entry), depth + 1)

    def _of_rows(self, read: ast.Attribute, each: _Class, depth: int) -> Iterator[Made]:
        """What a loop over the entries of a table does with each of them."""
        module = each.module
        call = module.parents.get(read)
        loop = module.parents.get(call) if isinstance(call, ast.Call) else None
        if not isinstance(loop, (ast.For, ast.comprehension)) or loop.iter is not call:
            raise _Elsewhere
        target: ast.expr = loop.target
        if read.attr == "items":
            if not isinstance(target, ast.Tuple) or len(target.elts) != 2:
                raise _Elsewhere
            target = target.elts[1]
        if not isinstance(target, ast.Name):
            raise _Elsewhere
        around = loop if isinstance(loop, ast.For) else module.parents[loop]
        for load in module.loads.get(target.id, ()):
            if around in module.ancestors(load):
                yield from self._followed(each._replace(node=load), depth + 1)
            elif around is loop and module.scope(load) is module.scope(loop):
                raise _Elsewhere  # one of them is kept behind the loop

    def _of_derived(self, cls: ast.ClassDef, module: Module, depth: int) -> Iterator[Made]:
        """How a class that is made of it hands on the argument, or who makes it."""
        own = next((s for s in cls.body if isinstance(s, FUNCTIONS) and s.name == "__init__"), None)
        if own is None:
            if cls.decorator_list or depth > _DEPTH:
                raise _Elsewhere
            yield from self._of(cls, module, depth + 1)
            return
        for node in ast.walk(own):
            if isinstance(node, ast.Call) and dotted(node.func) is None:
                func = node.func
                if isinstance(func, ast.Attribute) and isinstance(func.value, ast.Call):
                    if func.attr == "__init__" and dotted(func.value.func) == "super":
                        yield Made(node, module)
                        return
        names = {last_name(base) for base in cls.bases} | {"super"}
        if any(isinstance(node, ast.Name) and node.id in names for node in ast.walk(own)):
            raise _Elsewhere

    def _of_itself(self, cls: ast.ClassDef, module: Module) -> Iterator[Made]:
        """The calls by which methods of a class make others of it."""
        for load in module.loads.get("self", ()):
            if cls in module.ancestors(load):
                parent = module.parents.get(load)
                if isinstance(parent, ast.Attribute) and parent.attr == "__class__":
                    raise _Elsewhere
                if isinstance(parent, ast.Call) and dotted(parent.func) == "type":
                    raise _Elsewhere
        for load in module.loads.get("cls", ()):
            if cls not in module.ancestors(load):
                continue
            parent = module.parents.get(load)
            if isinstance(parent, ast.Call) and parent.func is load:
                yield Made(parent, module)
            elif not isinstance(parent, ast.Attribute) or parent.attr == self.found.name:
                raise _Elsewhere


def _is_asked(node: ast.AST, parent: ast.AST | None) -> bool:
    """Whether something is only asked of what an expression is."""
    if isinstance(parent, (ast.If, ast.IfExp, ast.While)):
        return parent.test is node
    return isinstance(parent, (ast.Compare, ast.UnaryOp, ast.Expr))


def is_annotation(node: ast.AST, module: Module) -> bool:
    """Whether an expression stands in what is said of a type: ``Client | None``."""
    parent = module.parents.get(node)
    while isinstance(parent, (ast.Subscript, ast.Tuple, ast.List, ast.BinOp)):
        node, parent = parent, module.parents.get(parent)
    if isinstance(parent, ast.arg):
        return True
    return node in (getattr(parent, "annotation", None), getattr(parent, "returns", None))


def _is_for_another(call: ast.Call, key: str, module: Module) -> bool:
    """Whether a call stands in a branch for another entry of a table than that of ``key``."""
    child: ast.AST = call
    for parent in module.ancestors(call):
        if isinstance(parent, FUNCTIONS):
            return False
        if isinstance(parent, ast.If) and child is not parent.test:
            asked = _asked(parent.test)
            if asked is not None and (key in asked) is not (child in parent.body):
                return True
        child = parent
    return False


def _asked(test: ast.expr) -> list[str] | None:
    """The words of ``name == "claude"``, ``name in ("claude", "anthropic")``."""
    if not isinstance(test, ast.Compare) or len(test.ops) != 1:
        return None
    right = test.comparators[0]
    if isinstance(test.ops[0], ast.Eq) and isinstance(right, ast.Constant):
        return [str(right.value)]
    if isinstance(test.ops[0], ast.In) and isinstance(right, (ast.Tuple, ast.List, ast.Set)):
        if all(isinstance(each, ast.Constant) for each in right.elts):
            return [str(ast.literal_eval(each)) for each in right.elts]
    return None


def handed(made: Made, found: Default) -> ast.expr | None:
    """What a maker hands in for the argument, in a table of its function as well: ``**given``."""
    given = argument(made.call, found)
    scope = made.module.scope(made.call)
    if given is not None or not isinstance(scope, FUNCTIONS):
        return given
    for spread in (keyword.value for keyword in made.call.keywords if keyword.arg is None):
        if isinstance(spread, ast.Name):
            table = _bound_once(spread.id, scope)
            for key, value in zip(table.keys, table.values, strict=True) if table else ():
                if isinstance(key, ast.Constant) and key.value == found.name:
                    return value
    return None


def _bound_once(name: str, function: FunctionNode) -> ast.Dict | None:
    """The table that a function makes under a name whatever happens, and never makes anew."""
    tables: list[ast.expr | None] = []
    for stmt in function.body:
        if isinstance(stmt, (ast.Assign, ast.AnnAssign)):
            targets = stmt.targets if isinstance(stmt, ast.Assign) else [stmt.target]
            if [name] == list(map(dotted, targets)):
                tables.append(stmt.value)
    stored = [
        node
        for node in ast.walk(function)
        if isinstance(node, ast.Name) and node.id == name and not isinstance(node.ctx, ast.Load)
    ]
    first = tables[0] if len(tables) == len(stored) == 1 else None
    return first if isinstance(first, ast.Dict) else None


def argument(call: ast.Call, found: Default) -> ast.expr | None:
    """What a call hands in for the argument, whatever else it does."""
    for keyword in call.keywords:
        if keyword.arg == found.name:
            return keyword.value
    if any(isinstance(argument, ast.Starred) for argument in call.args):
        return None
    if found.place is None or len(call.args) <= found.place:
        return None
    return call.args[found.place]


def _texts(made: Made, found: Default, callers: Callers, own: str) -> Iterator[Known]:
    """The texts that one maker may hand in.

    Where they can't be told, the id of the default counts that its function has once more.
    """
    given = handed(made, found)
    assert given is not None
    there = callers.of(made.module)
    values = alternatives(there.ev.evaluate(given, there.plain(given)))
    texts = [each for each in values if isinstance(each, Known) and isinstance(each.value, str)]
    yield from texts
    scope = made.module.scope(made.call)
    if not texts and isinstance(scope, FUNCTIONS):
        for node in ast.walk(scope):
            if isinstance(node, ast.Constant) and node.value == own:
                yield Known(own, made.module.span(node))


def translated(known: Known, module: Module) -> Known:
    """What a table of the module that is handed a text has for it: ``IDS.get(model, model)``."""
    for node in module.parents:
        if not isinstance(node, ast.Dict):
            continue
        for key, value in zip(node.keys, node.values, strict=True):
            if isinstance(key, ast.Constant) and key.value == known.value:
                if isinstance(value, ast.Constant) and isinstance(value.value, str):
                    if _is_looked_up(node, module):
                        return Known(value.value, module.span(value))
    return known


def _is_looked_up(table: ast.Dict, module: Module) -> bool:
    """Whether something is looked for in a table under a key that isn't written there."""
    stmt = module.parents.get(table)
    targets = stmt.targets if isinstance(stmt, ast.Assign) else [getattr(stmt, "target", table)]
    names = {last_name(target) for target in targets} - {""}
    used = [node for node in module.parents if last_name(node) in names]
    for load in (table, *used):
        parent = module.parents.get(load)
        key: ast.AST | None = None
        if isinstance(parent, ast.Subscript) and parent.value is load:
            key = parent.slice
        elif isinstance(parent, ast.Attribute) and parent.attr == "get":
            call = module.parents.get(parent)
            key = call.args[0] if isinstance(call, ast.Call) and call.args else None
        if key is not None and not isinstance(key, ast.Constant):
            return True
    return False
