"""Where a list lives: a local, an attribute, a global, a session store; and every use of it.

The evaluator says what a value is; this room says which variable holds it, so that what one method
appends and another one sends is known to be the same list.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import NamedTuple

from skinflint.linter.activation import (
    Activation,
    ClassHandle,
    ExternalHandle,
    FunctionHandle,
    InstanceHandle,
    ModuleHandle,
)
from skinflint.linter.bounds import asked_for, by_size
from skinflint.linter.callers import Callers
from skinflint.linter.evaluate import Evaluator
from skinflint.linter.module import (
    COMPREHENSIONS,
    FUNCTIONS,
    FunctionNode,
    Module,
    dotted,
    parameters,
    walk,
)
from skinflint.linter.request import Home
from skinflint.linter.shapes import within
from skinflint.linter.values import Frame, Known, Mark, MarkKind, Object, Text, alternatives
from skinflint.records import dataclass, replace

#: Any key of a container: one list for each user.
ANY = "*"

#: Methods of a mapping that yield what it holds under a key.
_LOOKUPS = ("get", "setdefault")
_DEEPEST = 4  # variables that hold an object of another variable
#: Places that were looked through for an object, and how far from where it was asked for.
_Met = dict[tuple[object, ...], int]


class Use(NamedTuple):
    """One occurrence of a place in the source."""

    node: ast.expr
    module: Module
    scope: ast.AST


@dataclass(eq=False, slots=True)
class Place:
    """A variable that holds a list (or, with ``steps``, holds it under a key).

    ``act`` is the run of the function that a local belongs to, ``frame`` what the object of an
    attribute is made in. ``known`` is False where the object could not be told.
    """

    key: tuple[object, ...]
    home: Home
    name: str
    module: Module
    scope: ast.AST
    act: Activation
    steps: tuple[str, ...] = ()
    cls: ClassHandle | None = None
    frame: Frame = ()
    path: str = ""
    known: bool = True

    @property
    def local(self) -> bool:
        """Whether it lives only as long as one run of a function."""
        return self.home is Home.LOCAL

    @property
    def label(self) -> str:
        """As the user would write it."""
        return (self.path or self.name) + "".join(f"[{s}]" for s in self.steps if s != ANY)


class Places:
    """Finds places and their uses, for all requests of a module."""

    def __init__(self, evaluator: Evaluator, callers: Callers) -> None:
        self.ev = evaluator
        self.callers = callers
        self.modules: list[Module] = []
        self.in_cookies: set[object] = set()  # keys of sessions that a browser keeps
        self._users: dict[ast.AST, list[Module]] = {}
        self._plain: dict[ast.AST, Activation] = {}
        self._stores: dict[Module, list[tuple[ast.expr, ast.AST, tuple[object, ...]]]] = {}
        self._functions: dict[str, list[tuple[FunctionNode, Module]]] = {}

    # -- modules and runs --------------------------------------------------------------------------

    def meet(self, act: Activation) -> None:
        """Note the module of a run: places are looked for in every module met."""
        self._note(act.module)

    def _note(self, module: Module) -> None:
        if module not in self.modules:
            self.modules.append(module)
            for function in module.functions:
                self._functions.setdefault(function.name, []).append((function, module))

    def root(self, module: Module) -> Activation:
        """The run of a module as a whole."""
        self._note(module)
        return self.ev.root_of(module)

    def plain(self, module: Module, scope: ast.AST) -> Activation:
        """A run of a function whose caller doesn't matter."""
        if isinstance(scope, ast.Module):
            return self.root(module)
        found = self._plain.get(scope)
        if found is None:
            outer = module.scope(scope)
            while isinstance(outer, ast.ClassDef):
                outer = module.scope(outer)
            around = self.plain(module, outer)
            cls = module.enclosing_class(scope)
            instance: Object | None = None
            frame: Frame = around.frame
            if cls is not None and not _static(scope):
                mark = Mark(MarkKind.OBJECT, cls.name, module.span(cls))
                handle = InstanceHandle(ClassHandle(cls, module, around), None, (mark,))
                instance = Object(cls.name, module.span(cls), (mark,), (), handle)
                frame = (mark,)
            name = scope.name if isinstance(scope, FUNCTIONS) else "a lambda"
            mark = Mark(MarkKind.FUNCTION, name, module.span(scope))
            found = Activation(module, scope, (*frame, mark), None, around, instance)
            self._plain[scope] = found
        return found

    def functions_of(self, name: str) -> list[tuple[FunctionNode, Module]]:
        """The functions of that name in every module met."""
        return self._functions.get(name, [])

    def called(self, node: ast.AST, module: Module) -> list[tuple[FunctionNode, Module]]:
        """The functions that code refers to by name; what a command asks for left out."""
        found: list[tuple[FunctionNode, Module]] = []
        functions = self._functions
        for name in module.once(_names_in, node):
            if name in functions and module.once(_is_led_to, name, node):
                found += functions[name]
        return found

    # -- what an expression refers to --------------------------------------------------------------

    def resolve(self, node: ast.expr, act: Activation) -> Place | None:
        """The place that an expression refers to, None when it is none."""
        if isinstance(node, ast.Name):
            return self._name(node, act)
        if isinstance(node, ast.Attribute):
            return self._session(node, act) or self._attribute(node, act)
        if isinstance(node, ast.Subscript) and not isinstance(node.slice, ast.Slice):
            return self._session(node, act) or self._element(node.value, node.slice, act)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            if node.func.attr in _LOOKUPS and node.args:
                found = self._session(node, act)
                if found is None:
                    found = self._element(node.func.value, node.args[0], act)
                if found is not None and self.callees(node.func, act):
                    return None  # a method that is here: what it returns is followed
                return found
        return None

    def within(self, held: Place, steps: tuple[str, ...]) -> Place:
        """What a container holds under some keys."""
        return replace(held, key=(*held.key, *steps), steps=(*held.steps, *steps))

    def _element(self, base: ast.expr, key: ast.expr, act: Activation) -> Place | None:
        held = self.resolve(base, act)
        if held is None:
            return None
        step = str(key.value) if isinstance(key, ast.Constant) else ANY
        if isinstance(key, ast.UnaryOp):
            step = ANY
        return self.within(held, (step,))

    def _name(self, node: ast.Name, act: Activation) -> Place | None:
        name = node.id
        if _comprehended(node, act.module):
            return None
        current: Activation | None = act
        while current is not None:
            scope, module = current.node, current.module
            if isinstance(scope, COMPREHENSIONS):
                if current.arguments and name in current.arguments:
                    return None
            elif isinstance(scope, ast.Module):
                return self._global(name, module, current)
            elif isinstance(scope, (*FUNCTIONS, ast.Lambda)):
                if name in module.globals_of(scope):
                    outer = module.scope(scope)
                    if not isinstance(outer, FUNCTIONS) or name not in module.locals_of(outer):
                        return self._global(name, module, self.root(module))
                elif name in module.locals_of(scope):
                    site = current.site or scope
                    key = ("local", scope, name, site)
                    return Place(key, Home.LOCAL, name, module, scope, current)
            current = current.lexical
        return None

    def _global(self, name: str, module: Module, root: Activation) -> Place | None:
        if name not in module.locals_of(module.tree):
            if not module.global_writes(name):
                return None
        else:
            stmt = _import_of(name, module)
            if stmt is not None:
                return self._imported(name, stmt, module)
        key = ("global", module.path, name)
        return Place(key, Home.GLOBAL, name, module, module.tree, root)

    def _imported(
        self, name: str, stmt: ast.Import | ast.ImportFrom, module: Module
    ) -> Place | None:
        """A global of another module of the project."""
        if not isinstance(stmt, ast.ImportFrom) or self.ev.project is None:
            return None
        found = self.ev.project.find(module, stmt.module or "", stmt.level)
        if not isinstance(found, Module) or found is module:
            return None
        alias = next(a for a in stmt.names if (a.asname or a.name) == name)
        self._note(found)
        return self._global(alias.name, found, self.root(found))

    def _attribute(self, node: ast.Attribute, act: Activation) -> Place | None:
        path = dotted(node) or node.attr
        held = self._module(node.value, act)
        if held is not None:
            return self._global(node.attr, held, self.root(held))
        owner = self.owner(node.value, act)
        if owner is not None:
            value, cls = owner
            home = self._declaring(cls, node.attr)
            made = value.frame if isinstance(value.handle, InstanceHandle) else ()
            return Place(
                ("attribute", home.module.path, home.node, node.attr),
                Home.ATTRIBUTE,
                node.attr,
                home.module,
                home.node,
                self.root(home.module),
                (),
                cls,
                made,
                path,
            )
        if dotted(node) is None:
            return None
        base = self.ev.evaluate(node.value, act)
        if any(isinstance(v, Object) for v in alternatives(base)):
            return None
        # An object of unknown making: the same path in the same class or function is the same list.
        module = act.module
        scope: ast.AST = act.node
        cls_node = module.enclosing_class(scope)
        around = cls_node if path.startswith("self.") and cls_node is not None else scope
        return Place(
            ("path", module.path, around, path),
            Home.ATTRIBUTE,
            node.attr,
            module,
            around,
            act,
            (),
            None,
            (),
            path,
            False,
        )

    def _module(self, node: ast.expr, act: Activation) -> Module | None:
        """The module of the project that an expression is."""
        if dotted(node) is None or (isinstance(node, ast.Name) and node.id == "self"):
            return None
        value = self.ev.evaluate(node, act)
        if isinstance(value, Object) and isinstance(value.handle, ModuleHandle):
            return value.handle.module
        return None

    def owner(self, node: ast.expr, act: Activation) -> tuple[Object, ClassHandle] | None:
        """The object that an expression yields, if it is one of a class that is here."""
        return self._owner(node, act, 0, {})

    def _owner(
        self, node: ast.expr, act: Activation, depth: int, met: _Met
    ) -> tuple[Object, ClassHandle] | None:
        own = self._own(node, act)
        if own is not None:
            return own
        for value in alternatives(self.ev.evaluate(node, act)):
            if isinstance(value, Object):
                if isinstance(value.handle, InstanceHandle):
                    return value, value.handle.cls
                if isinstance(value.handle, ClassHandle):
                    return value, value.handle
        return self._kept_object(node, act, depth, met) if depth < _DEEPEST else None

    def _own(self, node: ast.expr, act: Activation) -> tuple[Object, ClassHandle] | None:
        """The object whose method runs: ``self``."""
        function = act.node
        if not isinstance(node, ast.Name) or not isinstance(function, FUNCTIONS):
            return None
        first = parameters(function)[:1]
        if not first or first[0].arg != node.id or act.instance is None:
            return None
        handle = act.instance.handle
        if isinstance(handle, InstanceHandle) and act.module.enclosing_class(function) is not None:
            return act.instance, handle.cls
        return None

    def _kept_object(
        self, node: ast.expr, act: Activation, depth: int, met: _Met
    ) -> tuple[Object, ClassHandle] | None:
        """An object that a variable or a container holds: ``self.sessions[key]``."""
        if isinstance(node, ast.Await):
            return self._owner(node.value, act, depth + 1, met)
        place = self.resolve(node, act)
        if place is None:
            return None
        # what names each other in turns is looked through once for each depth, not for each way
        about = (place.key, place.steps, place.act.node)
        if met.get(about, _DEEPEST) <= depth:
            return None
        met[about] = depth
        if isinstance(node, ast.Call) and len(node.args) > 1:
            found = self._owner(node.args[1], act, depth + 1, met)
            if found is not None:
                return found
        for use in self.uses(place):
            found = self._bound_object(use, place, depth, met)
            if found is not None:
                return found
        if not place.steps:
            return None
        base = replace(place, key=place.key[:-1], steps=place.steps[:-1])
        for use in self.uses(base):
            found = self._contained(use, base, depth, met)
            if found is not None:
                return found
        return None

    def _bound_object(
        self, use: Use, place: Place, depth: int, met: _Met
    ) -> tuple[Object, ClassHandle] | None:
        if not isinstance(getattr(use.node, "ctx", None), ast.Store):
            return None
        stmt = use.module.parents.get(use.node)
        if not isinstance(stmt, (ast.Assign, ast.AnnAssign)):
            return None
        act = place.act if place.act.node is use.scope else self.plain(use.module, use.scope)
        if stmt.value is not None:
            found = self._owner(stmt.value, act, depth + 1, met)
            if found is not None:
                return found
        if isinstance(stmt, ast.AnnAssign):
            return self._typed(stmt.annotation, use, act)
        return None

    def _contained(
        self, use: Use, place: Place, depth: int, met: _Met
    ) -> tuple[Object, ClassHandle] | None:
        """What the container that is bound here makes or is declared to hold."""
        stmt = use.module.parents.get(use.node)
        if not isinstance(stmt, (ast.Assign, ast.AnnAssign)) or stmt.value is use.node:
            return None
        act = self.plain(use.module, use.scope)
        made = stmt.value
        if isinstance(made, ast.Call) and made.args:
            if (dotted(made.func) or "").rpartition(".")[2] == "defaultdict":
                factory = made.args[0]
                if isinstance(factory, ast.Lambda):
                    return self._owner(factory.body, act, depth + 1, met)
                found = self._owner(factory, act, depth + 1, met)
                if found is not None:
                    return self._instance(found[1], use, place)
        if isinstance(stmt, ast.AnnAssign) and isinstance(stmt.annotation, ast.Subscript):
            inner = stmt.annotation.slice
            held = inner.elts[-1] if isinstance(inner, ast.Tuple) and inner.elts else inner
            return self._typed(held, use, act)
        return None

    def _typed(
        self, annotation: ast.expr, use: Use, act: Activation
    ) -> tuple[Object, ClassHandle] | None:
        value = self.ev.parameters.annotated(annotation, use.module.span(use.node), act)
        if isinstance(value, Object) and isinstance(value.handle, InstanceHandle):
            return value, value.handle.cls
        return None

    def _instance(self, cls: ClassHandle, use: Use, place: Place) -> tuple[Object, ClassHandle]:
        span = use.module.span(use.node)
        frame = (*place.frame, Mark(MarkKind.OBJECT, cls.node.name, span))
        handle = InstanceHandle(cls, None, frame)
        return Object(cls.node.name, span, frame, (), handle), cls

    def callees(self, func: ast.expr, act: Activation) -> list[FunctionHandle]:
        """The functions of the project that an expression in front of ``(`` may be."""
        found = [
            value.handle
            for value in alternatives(self.ev.evaluate(func, act))
            if isinstance(value, Object) and isinstance(value.handle, FunctionHandle)
        ]
        if not found and isinstance(func, ast.Attribute):
            owner = self.owner(func.value, act)
            if owner is not None:
                for cls in self.ev.instances.bases(owner[1]):
                    method = self.ev.instances.method(cls, func.attr)
                    if method is not None:
                        return [FunctionHandle(method, cls.module, cls.lexical, owner[0])]
        return found

    def _declaring(self, cls: ClassHandle, name: str) -> ClassHandle:
        """The class that an attribute belongs to: the last base that sets or declares it."""
        found = cls
        for each in self.ev.instances.bases(cls):
            if any(_sets(stmt, name, each.module) for stmt in each.node.body):
                found = each
        return found

    # -- session stores ----------------------------------------------------------------------------

    def _session(self, node: ast.expr, act: Activation) -> Place | None:
        """What a framework keeps for each user: ``st.session_state.messages``."""
        key: str | None = None
        if isinstance(node, ast.Attribute):
            base, key = node.value, node.attr
        elif isinstance(node, ast.Subscript):
            base = node.value
            if isinstance(node.slice, ast.Constant):
                key = str(node.slice.value)
            else:
                key = self._constant(node.slice, act)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
            base, key = node.func.value, self._constant(node.args[0], act)
        else:
            return None
        name = self._session_name(base, act)
        if key is None or not name:
            return None
        module = act.module
        if self.ev.sources.in_cookie(name) and not self._keeps_on_server(module):
            self.in_cookies.add(("session", key))
        return Place(
            ("session", key),
            Home.SESSION,
            key,
            module,
            module.tree,
            self.root(module),
            path=f"{dotted(base)}.{key}",
        )

    def _session_name(self, node: ast.expr, act: Activation) -> str:
        """The name of the session store of a framework, "" for any other expression."""
        if not isinstance(node, (ast.Name, ast.Attribute)):
            return ""
        if (dotted(node) or "").rpartition(".")[2] not in self.ev.sources.session_names:
            return ""
        # By the import as written: a script is often named for the framework it uses.
        root, _, rest = (dotted(node) or "").partition(".")
        stmt = _import_of(root, act.module)
        if stmt is not None and not getattr(stmt, "level", 0):
            for alias in stmt.names:
                if (alias.asname or alias.name) == root:
                    whole = [getattr(stmt, "module", ""), alias.name, rest]
                    name = ".".join(part for part in whole if part)
                    if self.ev.sources.session(name):
                        return name
        value = self.ev.evaluate(node, act)
        handle = value.handle if isinstance(value, Object) else None
        if isinstance(handle, ExternalHandle) and self.ev.sources.session(handle.name):
            return handle.name
        return ""

    def _keeps_on_server(self, module: Module) -> bool:
        """Whether the project keeps sessions on the server that a browser would keep otherwise."""
        words = self.ev.sources.on_server
        if self.ev.project is None:
            return any(word in module.source.text for word in words)
        return self.ev.project.says(module, words)

    def _constant(self, node: ast.expr, act: Activation) -> str | None:
        """A key as it is known; of one with fields (``f"chat_{case}"``) what is written in it."""
        value = self.ev.evaluate(node, act)
        if isinstance(value, Text):
            parts = [str(p.value) if isinstance(p, Known) else ANY for p in value.parts]
            return "".join(parts) if any(part != ANY for part in parts) else None
        return str(value.value) if isinstance(value, Known) else None

    # -- uses --------------------------------------------------------------------------------------

    def named(self, module: Module, name: str) -> list[ast.expr]:
        """Every Name and Attribute of a module with this last name, in order of lines."""
        return module.named(name)

    def uses(self, place: Place) -> Iterator[Use]:
        """Every occurrence of a place."""
        for module in self._searched(place):
            if place.home is Home.SESSION:
                found = self._session_uses(place, module)
            elif place.known and place.cls is not None:
                found = self._attribute_uses(place, module)
            elif not place.known:
                found = self._path_uses(place, module)
            elif module is place.module:
                found = iter(module.once(_name_uses, place.name, place.scope))
            else:
                found = self._imported_uses(place, module)
            for node, scope in found:
                whole = self._climbed(node, place.steps, module)
                if whole is not None:
                    yield Use(whole, module, scope)

    def _searched(self, place: Place) -> list[Module]:
        found = [place.module]
        if place.home is Home.ATTRIBUTE and place.known and place.cls is not None:
            found += self.using(place.cls)
        if place.home in (Home.SESSION, Home.ATTRIBUTE, Home.GLOBAL) and place.known:
            found += self.modules
        return list(dict.fromkeys(found))

    def using(self, cls: ClassHandle) -> list[Module]:
        """The modules that may handle instances of a class."""
        found = self._users.get(cls.node)
        if found is None:
            there = self.callers.of(cls.module)
            found = self._users[cls.node] = there.users(cls.node.name, cls.node)
        return found

    def _imported_uses(self, place: Place, module: Module) -> Iterator[tuple[ast.expr, ast.AST]]:
        """Uses of a global in a module that imports it, or the module it is in."""
        if not isinstance(place.scope, ast.Module):
            return
        names = {place.name}
        names.update(
            alias.asname
            for stmt in module.tree.body
            if isinstance(stmt, ast.ImportFrom)
            for alias in stmt.names
            if alias.name == place.name and alias.asname
        )
        for name in sorted(names):
            for node in self.named(module, name):
                scope = module.function_around(node)
                act = self.plain(module, scope)
                found: Place | None = None
                if isinstance(node, ast.Name):
                    found = self._name(node, act)
                elif isinstance(node, ast.Attribute) and node.attr == place.name:
                    held = self._module(node.value, act)
                    if held is place.module:
                        yield node, scope
                    continue
                if found is not None and found.key == place.key[: len(found.key)]:
                    yield node, scope

    def _attribute_uses(self, place: Place, module: Module) -> Iterator[tuple[ast.expr, ast.AST]]:
        assert place.cls is not None
        for node in self.named(module, place.name):
            scope = module.function_around(node)
            if isinstance(node, ast.Name):
                # A field as the body of the class declares it.
                if module.scope(node) is place.scope and isinstance(node.ctx, ast.Store):
                    yield node, place.scope
                continue
            assert isinstance(node, ast.Attribute)
            if self._same_object(node.value, place, module, scope):
                yield node, scope

    def _same_object(
        self, receiver: ast.expr, place: Place, module: Module, scope: ast.AST
    ) -> bool:
        own = module.enclosing_class(scope)
        assert place.cls is not None
        if own is not None and isinstance(receiver, ast.Name) and isinstance(scope, FUNCTIONS):
            first = parameters(scope)[:1]
            if first and receiver.id == first[0].arg:
                if own is place.scope or own is place.cls.node:
                    return True
                handle = ClassHandle(own, module, self.root(module))
                return any(c.node is place.scope for c in self.ev.instances.bases(handle))
        if dotted(receiver) is None and not isinstance(receiver, (ast.Subscript, ast.Call)):
            return False
        found = self.owner(receiver, self.plain(module, scope))
        if found is None:
            return False
        return any(c.node is place.scope for c in self.ev.instances.bases(found[1]))

    def _path_uses(self, place: Place, module: Module) -> Iterator[tuple[ast.expr, ast.AST]]:
        for node in self.named(module, place.name):
            if dotted(node) == place.path and within(module, node, place.scope):
                yield node, module.function_around(node)

    def _session_uses(self, place: Place, module: Module) -> Iterator[tuple[ast.expr, ast.AST]]:
        if module not in self._stores:  # each place asks
            self._stores[module] = list(self._stores_of(module))
        for whole, scope, key in self._stores[module]:
            if key == place.key[:2]:
                yield whole, scope

    def _stores_of(self, module: Module) -> Iterator[tuple[ast.expr, ast.AST, tuple[object, ...]]]:
        """What a module takes out of sessions or puts there, where, and the key of its place."""
        for name in sorted(self.ev.sources.session_names):
            for store in self.named(module, name):
                scope = module.function_around(store)
                parent = module.parents.get(store)
                whole: ast.AST | None = parent
                if isinstance(parent, ast.Attribute) and parent.attr in (*_LOOKUPS, "set"):
                    whole = module.parents.get(parent)
                    if not isinstance(whole, ast.Call) or not whole.args:
                        continue
                if not isinstance(whole, (ast.Attribute, ast.Subscript, ast.Call)):
                    continue
                found = self._session(whole, self.plain(module, scope))
                if found is not None:
                    yield whole, scope, found.key[:2]

    def _climbed(self, node: ast.expr, steps: tuple[str, ...], module: Module) -> ast.expr | None:
        """The expression for what a container holds, from the one for the container."""
        current = node
        for step in steps:
            parent = module.parents.get(current)
            key: ast.expr | None = None
            if isinstance(parent, ast.Subscript) and parent.value is current:
                key = parent.slice
                whole: ast.expr = parent
            elif isinstance(parent, ast.Attribute) and parent.attr in _LOOKUPS:
                call = module.parents.get(parent)
                if isinstance(call, ast.Call) and call.func is parent and call.args:
                    key, whole = call.args[0], call
            if key is None or isinstance(key, ast.Slice):
                return None
            if step != ANY and isinstance(key, ast.Constant) and str(key.value) != step:
                return None
            current = whole
        return current


def _names_in(_: Module, node: ast.AST) -> tuple[str, ...]:
    """The last names that stand in some code, each once, in the order of ``walk``."""
    names: dict[str, None] = {}
    for each in walk(node):
        if isinstance(each, ast.Name):
            names[each.id] = None
        elif isinstance(each, ast.Attribute):
            names[each.attr] = None
    return tuple(names)


def _is_led_to(module: Module, name: str, node: ast.AST) -> bool:
    """Whether some code comes to a place that has a name without being asked to."""
    return any(
        not asked_for(module, each, node) or by_size(module, each, node)
        for each in module.named(name)
        if within(module, each, node)
    )


def _name_uses(module: Module, name: str, home: ast.AST) -> list[tuple[ast.expr, ast.AST]]:
    """The uses of a name of a function or of the module, each with the scope that it is in."""
    found: list[tuple[ast.expr, ast.AST]] = []
    for node in module.named(name):
        if not isinstance(node, ast.Name) or _comprehended(node, module):
            continue
        inner: ast.AST = module.scope(node)
        scope: ast.AST | None = inner
        while scope is not None:
            if scope is home:
                found.append((node, inner))
                break
            if isinstance(scope, ast.Module):
                break
            if isinstance(scope, (*FUNCTIONS, ast.Lambda)):
                if name in module.locals_of(scope):
                    break
                if name in module.globals_of(scope) and isinstance(home, ast.Module):
                    found.append((node, inner))
                    break
            scope = module.scope(scope)
    return found


def _comprehended(node: ast.Name, module: Module) -> bool:
    """Whether a name is the variable of a comprehension around it."""
    if node not in module.comprehended:
        return False
    for parent in module.ancestors(node):
        if isinstance(parent, (ast.stmt, ast.Lambda)):
            return False
        if isinstance(parent, COMPREHENSIONS):
            for generator in parent.generators:
                names = {n.id for n in walk(generator.target) if isinstance(n, ast.Name)}
                if node.id in names and not within(module, node, parent.generators[0].iter):
                    return True
    return False


def _import_of(name: str, module: Module) -> ast.Import | ast.ImportFrom | None:
    """The statement at module level that imports a name."""
    return module.imports_at_top.get(name)


def _sets(stmt: ast.stmt, name: str, module: Module) -> bool:
    """Whether a statement of a class's body declares an attribute, or a method sets it."""
    if isinstance(stmt, FUNCTIONS):
        first = parameters(stmt)[:1]
        path = f"{first[0].arg}.{name}" if first else ""
        return any(path in module.touched(inner) for inner in stmt.body)
    return name in module.touched(stmt)


def _static(scope: ast.AST) -> bool:
    decorators = scope.decorator_list if isinstance(scope, FUNCTIONS) else []
    return any((dotted(d) or "") == "staticmethod" for d in decorators)
