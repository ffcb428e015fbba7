"""The walk from a list that is sent to every variable it comes out of.

It yields a graph: variables (``places.py``), what is stored in them (``Store``, with an ``Edge``
for each variable that the stored value comes out of) and what is done to them in place
(``Event``). Names, attributes, parameters, copies, session stores and what helpers return are
followed; what can't be seen is noted as unseen.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from skinflint.linter.activation import (
    Activation,
    ClassHandle,
    ClientHandle,
    FunctionHandle,
    InstanceHandle,
    Thunk,
)
from skinflint.linter.bounds import Bounds, by_size, guards, in_steps, keeps_less, limit
from skinflint.linter.calls import client_of
from skinflint.linter.changes import Changes
from skinflint.linter.evaluate import Evaluator
from skinflint.linter.module import (
    FUNCTIONS,
    LOOPS,
    FunctionNode,
    Module,
    default_of,
    dotted,
    exits,
    last_name,
    parameters,
    walk,
)
from skinflint.linter.places import Place, Places, Use
from skinflint.linter.request import Home, Limit
from skinflint.linter.shapes import MOST_STEPS as MOST_EVALUATIONS
from skinflint.linter.shapes import RUNNERS, given_for, is_negative, within
from skinflint.linter.spans import Step
from skinflint.linter.tables import Rows
from skinflint.linter.values import (
    Known,
    Mapping,
    Mark,
    MarkKind,
    Object,
    Repeat,
    Sequence,
    Text,
    Unknown,
    alternatives,
)
from skinflint.records import dataclass, field, replace

#: Evaluations for the texts of messages, of all there are for the lineage of a request.
_FOR_TEXTS = 800
MOST_STEPS = 2500  # expressions and uses looked at for one request
_FEW_SITES = 4  # callers of a method that are asked what they hand in
_FEW = 8  # messages or blocks written at one place whose texts are followed
DEEPEST = 30  # expressions within expressions
DEEPEST_CALLS = 6

_GROWS = {"append": "append", "extend": "extend", "insert": "insert", "appendleft": "insert"}
#: Calls that yield what they are handed again, with the position of it.
_COPIES = {
    **dict.fromkeys(("list", "tuple", "sorted", "reversed", "enumerate", "iter", "copy"), 0),
    **dict.fromkeys(("deepcopy", "str", "dumps", "islice", "deque", "batched"), 0),
    **dict.fromkeys(("filter", "map", "cast"), 1),
}
#: Those of them that copy what is in it as well.
_DEEP = ("deepcopy", "map", "str", "dumps")
_CONTAINERS = ("dict", "defaultdict", "OrderedDict", "WeakValueDictionary")
_SAME_TEXT = ("strip", "rstrip", "lstrip", "replace", "removesuffix", "removeprefix", "lower")
_ORDERED = ("desc", "-1", "DESC", "DESCENDING")
MARKER = "cache_control"


@dataclass(frozen=True, slots=True)
class Route:
    """How a list got from one variable to another: the same object, or a copy with changes."""

    same: bool = True
    added: tuple[tuple[Module, ast.expr], ...] = ()
    limits: tuple[Limit, ...] = ()
    slides: tuple[Step, ...] = ()
    text: bool = False  # it was written into a text
    shared: bool = True  # what it holds, the last of it above all, are the same objects

    def copied(self, *, apart: bool = False) -> Route:
        """A copy of it; ``apart`` where what it holds is copied as well."""
        return replace(self, same=False, shared=self.shared and not apart)

    def adding(self, module: Module, nodes: list[ast.expr]) -> Route:
        """A copy with more in it."""
        added = (*self.added, *((module, n) for n in nodes))
        return replace(self, same=False, added=added, shared=False)

    def cut(self, found: Limit, slides: bool) -> Route:
        """A copy that is kept short."""
        steps = (*self.slides, found.step) if slides else self.slides
        return replace(self, same=False, limits=(*self.limits, found), slides=steps)

    def into_text(self) -> Route:
        """Written into a text."""
        return replace(self, same=False, text=True)


@dataclass(eq=False, slots=True)
class Store:
    """One statement that binds a variable; ``place`` is None for the arguments of the request."""

    place: Place | None
    module: Module
    scope: ast.AST
    node: ast.AST
    value: ast.AST | None = None
    sources: list[Edge] = field(default_factory=list)


@dataclass(eq=False, slots=True)
class Edge:
    """What the store that has it binds comes out of ``source``."""

    source: Place
    route: Route


@dataclass(eq=False, slots=True)
class Event:
    """Something that is done to a list in place.

    ``kind``: "grow", "limit", "rewrite", "clear".
    """

    kind: str
    how: str
    place: Place
    module: Module
    scope: ast.AST
    node: ast.AST
    items: tuple[ast.expr, ...] = ()
    limit: Limit | None = None
    slides: bool = False
    latest: bool = False  # a rewrite of the newest message alone


class Walk:
    """The walk for one request; ``levels`` are the runs it is sent in, innermost first."""

    def __init__(
        self,
        evaluator: Evaluator,
        places: Places,
        bounds: Bounds,
        changes: Changes,
        levels: list[tuple[Activation, ast.AST]],
    ) -> None:
        self.ev = evaluator
        self.places = places
        self.bounds = bounds
        self.tables = changes.tables
        self.changes = changes
        self.levels = levels
        act, call = levels[0]
        self.steps = 0
        self._begun = evaluator.steps
        self.calls = 0
        self.sent = Store(None, act.module, act.node, call)
        self.stores: list[Store] = [self.sent]
        self.events: list[Event] = []
        self.seen: dict[tuple[object, ...], Place] = {}
        #: By variable (None: the request itself), why something of it can't be seen.
        self.unseen: list[tuple[object, str]] = []
        #: Not all that is written into the texts of messages was followed; of lists nothing hangs
        #: on that.
        self.texts_unseen = False
        self._texts_alone: set[tuple[object, ...]] = set()
        self._active: set[tuple[object, ...]] = set()
        #: By variable, the functions that hand it over, once for each way on which it was met.
        self.handed: dict[object, list[set[object]]] = {}
        self._runs = {id(each.node): each for each, _ in reversed(levels)}

    # -- expressions -------------------------------------------------------------------------------

    def trace(
        self, node: ast.expr, act: Activation, store: Store, route: Route, depth: int = 0
    ) -> None:
        """Note every variable that the value of ``node`` comes out of, as sources of ``store``."""
        self.steps += 1
        if self._spent(text=route.text) or depth > DEEPEST:
            if route.text:
                self.texts_unseen = True
                return
            self.missed(store, "too much to follow")
            if self.steps > MOST_STEPS or depth > DEEPEST:
                return
        deeper = depth + 1
        if isinstance(node, (ast.Await, ast.NamedExpr, ast.Starred)):
            self.trace(node.value, act, store, route, deeper)
        elif isinstance(node, ast.IfExp):
            known, _ = self.ev.test(node.test, act)
            if known is not False:
                self.trace(node.body, act, store, route, deeper)
            if known is not True:
                self.trace(node.orelse, act, store, route, deeper)
        elif isinstance(node, ast.BoolOp):
            for value in node.values:
                self.trace(value, act, store, route, deeper)
        elif isinstance(node, (ast.List, ast.Tuple, ast.Set)):
            self._display(node, act, store, route, deeper)
        elif isinstance(node, ast.BinOp):
            self._sum(node, act, store, route, deeper)
        elif isinstance(node, (ast.ListComp, ast.GeneratorExp, ast.SetComp)):
            apart = not _takes_over(node)
            inner = route.copied(apart=apart)
            self.trace(node.generators[0].iter, act, store, inner, deeper)
        elif isinstance(node, ast.JoinedStr):
            for part in node.values:
                if isinstance(part, ast.FormattedValue):
                    self.trace(part.value, act, store, route.into_text(), deeper)
        elif isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Slice):
            self.trace(node.value, act, store, self._cut(node, act, store, route), deeper)
        elif not isinstance(node, (ast.Constant, ast.Dict, ast.Compare)):
            self._reference(node, act, store, route, deeper)

    def _spent(self, *, text: bool = False) -> bool:
        """Whether nothing more is sure: for what only gets into a text a share is meant.

        What is done to the list itself is looked at all the same. Without what a branch hangs on
        it may be taken or not.
        """
        if text and self.ev.steps - self._begun > _FOR_TEXTS:
            return True
        return self.steps > MOST_STEPS or self.ev.steps > MOST_EVALUATIONS

    def missed(self, store: Store, reason: str) -> None:
        """Note that something ``store`` binds could not be followed."""
        self.unseen.append((store.place.key if store.place is not None else None, reason))

    def _reference(
        self, node: ast.expr, act: Activation, store: Store, route: Route, depth: int
    ) -> None:
        rows = None if route.text else self.tables.rows(node, act)
        if rows is not None:
            self._stored(rows, node, act, store, route)
            return
        if isinstance(node, ast.Attribute):
            handle = self._property(node, act)
            if handle is not None:
                empty = ast.copy_location(ast.Call(node, [], []), node)
                self._returns(handle, empty, act, store, route, depth)
                return
        place = self.places.resolve(node, act)
        if place is not None:
            self._arrive(place, store, route)
        elif isinstance(node, ast.Call):
            self._call(node, act, store, route, depth)
        else:
            self._leaf(node, act, store, route)

    def _cut(self, node: ast.Subscript, act: Activation, store: Store, route: Route) -> Route:
        # ``talks[user][-5:]``: what a store keeps for somebody is a list as well
        store_of = node.value.value if isinstance(node.value, ast.Subscript) else node.value
        if route.text and not isinstance(store_of, (ast.Name, ast.Attribute, ast.Call)):
            return route.copied()
        found = self.bounds.slice(node, act)
        if found is None:
            return route.copied()
        assert isinstance(node.slice, ast.Slice)
        # ``[a:b]`` is a piece out of the middle, as of a log that is read.
        from_end = node.slice.lower is not None and node.slice.upper is None
        if from_end and in_steps(act.module, node, act.node):
            found = found._replace(rare=True)
        return route.cut(found, from_end and not keeps_less(act.module, node, act.node))

    def _display(
        self,
        node: ast.List | ast.Tuple | ast.Set,
        act: Activation,
        store: Store,
        route: Route,
        depth: int,
    ) -> None:
        plain = [e for e in node.elts if not isinstance(e, ast.Starred)]
        inner = route.adding(act.module, plain) if plain else route.copied()
        before = len(store.sources)
        for element in node.elts:
            if isinstance(element, ast.Starred):
                self.trace(element.value, act, store, inner, depth)
        _unlimited(store.sources[before:], route)
        self._texts(plain, act, store, route, depth)

    def _texts(
        self, items: list[ast.expr], act: Activation, store: Store, route: Route, depth: int
    ) -> None:
        """Follow the texts of messages: a history may be written into one of them."""
        if route.text or depth > DEEPEST:
            return
        for item in items[:_FEW]:
            for content in self._contents(item, act):
                self.trace(content, act, store, route.into_text(), depth)

    def _contents(self, node: ast.expr, act: Activation) -> Iterator[ast.expr]:
        """The expressions of the texts of a message or block as written."""
        if isinstance(node, ast.Name):
            place = self.places.resolve(node, act)
            if place is None or place.scope is not act.node:
                return
            for use in self.places.uses(place):
                stmt = use.module.parents.get(use.node)
                if isinstance(stmt, ast.Assign) and isinstance(stmt.value, ast.Dict):
                    yield from self._contents(stmt.value, act)
            return
        written: list[tuple[str | None, ast.expr]] = []
        if isinstance(node, ast.Dict):
            for key, value in zip(node.keys, node.values, strict=True):
                written.append((str(getattr(key, "value", "")), value))
        elif isinstance(node, ast.Call):
            written = [(k.arg, k.value) for k in node.keywords]
        for name, value in written:
            if name in ("content", "text"):
                if isinstance(value, ast.List):
                    for block in value.elts[:_FEW]:
                        yield from self._contents(block, act)
                elif not isinstance(value, ast.Constant):
                    yield value

    def _sum(
        self, node: ast.BinOp, act: Activation, store: Store, route: Route, depth: int
    ) -> None:
        if not isinstance(node.op, ast.Add):
            if isinstance(node.op, ast.Mod):
                self.trace(node.right, act, store, route.into_text(), depth)
            return
        operands: list[ast.expr] = []
        current: ast.expr = node
        while isinstance(current, ast.BinOp) and isinstance(current.op, ast.Add):
            operands.append(current.right)
            current = current.left
        operands.append(current)
        operands.reverse()
        before = len(store.sources)
        for operand in operands:
            others = [
                element
                for other in operands
                if other is not operand
                for element in (other.elts if isinstance(other, ast.List) else [other])
            ]
            if isinstance(operand, ast.List):
                self._display(operand, act, store, route, depth)
            else:
                self.trace(operand, act, store, route.adding(act.module, others), depth)
        _unlimited(store.sources[before:], route)

    def _property(self, node: ast.Attribute, act: Activation) -> FunctionHandle | None:
        owner = self.places.owner(node.value, act)
        if owner is None or not isinstance(owner[0].handle, InstanceHandle):
            return None
        for cls in self.ev.instances.bases(owner[1]):
            method = self.ev.instances.method(cls, node.attr)
            if method is not None:
                decorators = [(dotted(d) or "") for d in method.decorator_list]
                if any(d.endswith("property") for d in decorators):
                    return FunctionHandle(method, cls.module, cls.lexical, owner[0])
                return None
        return None

    def _leaf(self, node: ast.expr, act: Activation, store: Store, route: Route) -> None:
        """Something that is no variable of the project: handed in, queried, or not to be seen."""
        if route.text:
            return
        for value in alternatives(self.ev.evaluate(node, act)):
            if isinstance(value, Unknown):
                if value.entry == "database":
                    whole = act.node if isinstance(act.node, FUNCTIONS) else None
                    self._query(node, whole or act.module.statement(node), act, store, route)
                else:
                    if value.entry != "parameter":
                        self.missed(store, value.reason)
                    given = self._given(("given", act.module.path, node), act)
                    store.sources.append(Edge(given, route.copied()))
            elif isinstance(value, Sequence):
                if value.open or any(isinstance(item, Repeat) for item in value.items):
                    self.missed(store, value.open)
            elif isinstance(value, Object):
                self.missed(store, "an object that can't be seen")

    def _stored(
        self, rows: Rows, node: ast.expr, act: Activation, store: Store, route: Route
    ) -> None:
        """The rows of a table that is known: what adds some makes the list longer."""
        root = self.places.root(act.module)
        table = rows.table
        key = ("rows", *table.key)
        place = Place(key, Home.DATABASE, table.label, act.module, act.module.tree, root)
        for found in rows.limits:
            route = route.cut(found, rows.newest)
        begun = self.tables.begun(rows)
        if begun is not None:
            label = "each run begins with rows of its own here"
            route = route.cut(limit(begun[0], begun[1], "fresh-list", label), False)
        if rows.part:
            self.unseen.append((key, rows.part))
        known = self.seen.setdefault(key, place)
        store.sources.append(Edge(known, route.copied(apart=True)))
        if known is not place:
            return
        for change in self.changes.of(table, act.module):
            at = (place, change.module, change.scope, change.node)
            if change.kind == "add":
                self.events.append(Event("grow", "row", *at, (change.node,)))
            elif change.kind == "clear":
                self.events.append(Event("clear", "clear", *at))
            else:
                self.unseen.append((key, "old rows are deleted"))

    def _query(
        self,
        node: ast.expr,
        where: ast.AST | None,
        act: Activation,
        store: Store,
        route: Route,
    ) -> None:
        """A query of a database; what limits it stands in ``where``."""
        found = self.bounds.query(where or node, act.module, act)
        limits = (*route.limits, *((found,) if found is not None else ()))
        slides = route.slides
        if found is not None and where is not None:
            written = act.module.source.slice(act.module.span(where))
            if any(word in written for word in _ORDERED):
                slides = (*slides, found.step)
        place = Place(
            ("query", act.module.path, node),
            Home.DATABASE,
            "",
            act.module,
            act.node,
            act,
        )
        self.seen.setdefault(place.key, place)
        store.sources.append(Edge(place, replace(route, same=False, limits=limits, slides=slides)))

    # -- calls -------------------------------------------------------------------------------------

    def _call(
        self, node: ast.Call, act: Activation, store: Store, route: Route, depth: int
    ) -> None:
        name = last_name(node.func)
        if isinstance(node.func, ast.Attribute) and not node.args:
            if name == "copy":
                self.trace(node.func.value, act, store, route.copied(), depth)
                return
        if isinstance(node.func, ast.Attribute) and route.text:
            if name in _SAME_TEXT:
                self.trace(node.func.value, act, store, route, depth)
                return
            if name == "format":
                for argument in [*node.args, *(k.value for k in node.keywords)]:
                    self.trace(argument, act, store, route, depth)
                return
        if name == "join" and len(node.args) == 1:
            self.trace(node.args[0], act, store, route.into_text(), depth)
            return
        if self._handled(node, act, store, route, depth):
            return
        if client_of(self.ev.evaluate(node.func, act)) is not None:
            return  # a reply is no history
        if name in RUNNERS and len(node.args) > RUNNERS[name]:
            position = RUNNERS[name]
            rest = ast.copy_location(
                ast.Call(node.args[position], node.args[position + 1 :], node.keywords), node
            )
            if self._handled(rest, act, store, route, depth):
                return
        position = _COPIES.get(name, -1)
        if 0 <= position < len(node.args):
            inner = route.copied(apart=name in _DEEP)
            if name in ("str", "dumps"):
                inner = route.into_text()
            elif name == "deque":
                found = self.bounds.maxlen(node, act)
                inner = inner.cut(found, True) if found is not None else inner
            elif name == "islice" and self.bounds.finite(node.args[-1], act):
                inner = inner.cut(limit(act.module, node, "slice", "it is cut here"), False)
            self.trace(node.args[position], act, store, inner, depth)
            return
        if name == "chain":
            for argument in node.args:
                self.trace(argument, act, store, route.copied(), depth)
            return
        if name in ("deque", "list", "dict", "tuple"):
            return
        if route.text:
            return
        if self.bounds.query(node, act.module, act) is not None:
            self._query(node, node, act, store, route)
            return
        # Code that can't be seen: what goes in may come out again.
        self._leaf(node, act, store, route)
        self.missed(store, f"what {name}() does can't be seen")
        given = [*node.args, *(k.value for k in node.keywords)]
        if isinstance(node.func, ast.Attribute):
            given.append(node.func.value)
        for argument in given:
            place = self.places.resolve(argument, act)
            if place is not None:
                self._arrive(place, store, route.copied(apart=True))

    def _handled(
        self,
        node: ast.Call,
        act: Activation,
        store: Store,
        route: Route,
        depth: int,
        index: int | None = None,
    ) -> bool:
        """Whether a callee is a function that is here; what it returns is followed then."""
        handles = self.places.callees(node.func, act) or self.tables.method(node.func, act)
        for handle in handles:
            self._returns(handle, node, act, store, route, depth, index)
        return bool(handles)

    def enter(self, handle: FunctionHandle, node: ast.Call, act: Activation) -> Activation:
        """The run of a function that a call makes; that of the request itself where it is one."""
        for each, _ in self.levels:
            if each.site is node and each.node is handle.node:
                return each
        inner = entered(self.ev, handle, node, act)
        self.places.meet(inner)
        return inner

    def _returns(
        self,
        handle: FunctionHandle,
        node: ast.Call,
        act: Activation,
        store: Store,
        route: Route,
        depth: int,
        index: int | None = None,
    ) -> None:
        """Follow what a function returns; ``index`` where only one of a tuple is taken."""
        function = handle.node
        key = (function, node, store)
        if key in self._active:
            return
        if self.calls >= DEEPEST_CALLS or self._spent(text=route.text):
            if not route.text:
                self.missed(store, "helpers nested too deeply")
                given = self._given(("given", act.module.path, node), act)
                store.sources.append(Edge(given, route.copied()))
            return
        inner = self.enter(handle, node, act)
        if isinstance(function, ast.Lambda):
            self.trace(function.body, inner, store, route, depth)
            return
        self._active.add(key)
        self.calls += 1
        try:
            led, fresh = 0, []
            values = list(self._exits(function, inner))
            if not values and not route.text:
                # Declared only: what derived classes make of it can't be told.
                self.missed(store, f"{function.name}() returns nothing here")
            for value in values:
                before = len(store.sources)
                taken = value
                if index is not None and isinstance(value, ast.Tuple):
                    if index >= len(value.elts):
                        continue
                    taken = value.elts[index]
                elif index is not None and isinstance(value, ast.Call):
                    self._handled(value, inner, store, route, depth, index)
                    continue
                self.trace(taken, inner, store, route, depth)
                if len(store.sources) > before:
                    led += 1
                elif isinstance(taken, ast.List) and taken.elts:
                    fresh.append(taken)
            for value in fresh:
                # It hands the list back until it is too long, then something short in its place.
                if led and (by_size(inner.module, value, function) or _sized(function, inner)):
                    found = limit(inner.module, value, "summary", "it is replaced here", rare=True)
                    store.sources[-1].route = store.sources[-1].route.cut(found, False)
        finally:
            self.calls -= 1
            self._active.discard(key)

    def _exits(self, function: FunctionNode, act: Activation) -> Iterator[ast.expr]:
        """What a function returns or yields on the paths that this run may take."""
        module = act.module
        for node in module.once(exits, function):
            if isinstance(node, ast.Return):
                if node.value is None:
                    continue
                if self._possible(node, function, act):
                    yield node.value
                if module.place(node)[0] is function.body:
                    return
            elif isinstance(node, ast.YieldFrom):
                yield node.value
            elif node.value is not None:
                loops = module.loops(node, function)
                loop = loops[-1] if loops else None
                yield loop.iter if isinstance(loop, (ast.For, ast.AsyncFor)) else node.value

    def _possible(self, node: ast.stmt, function: FunctionNode, act: Activation) -> bool:
        child: ast.AST = node
        for parent in act.module.ancestors(node):
            if parent is function:
                break
            if isinstance(parent, ast.If):
                known, _ = self.ev.test(parent.test, act)
                if known is not None and known is not (child in parent.body):
                    return False
            child = parent
        return True

    # -- variables ---------------------------------------------------------------------------------

    def _arrive(self, place: Place, store: Store, route: Route) -> None:
        self.handed.setdefault(place.key, []).append({key[0] for key in self._active})
        known = self.seen.get(place.key)
        store.sources.append(Edge(known or place, route))
        if known is None:
            self.visit(place, text=route.text)
        elif not route.text and place.key in self._texts_alone:
            # It was read as a text; it is a list of messages after all.
            self.stores = [s for s in self.stores if s.place is None or s.place.key != place.key]
            self.events = [e for e in self.events if e.place.key != place.key]
            del self.seen[place.key]
            self.visit(known)

    def visit(self, place: Place, *, text: bool = False) -> None:
        """Read every use of a variable; ``text`` where it only gets into the text of a message."""
        if place.key in self.seen:
            return
        self.seen[place.key] = place
        self._texts_alone.discard(place.key)
        if text:
            self._texts_alone.add(place.key)
        if place.local:
            self._parameter(place)
        if place.steps:
            self._container(place)
        for use in list(self.places.uses(place)):
            self.steps += 1
            if self._spent(text=text):
                if text:
                    self.texts_unseen = True
                    return
                self.unseen.append((place.key, "too much to follow"))
                if self.steps > MOST_STEPS:
                    return
            self._read(use, place)

    def _parameter(self, place: Place) -> None:
        """Where a local is a parameter: what the caller binds to it."""
        scope, act = place.scope, place.act
        if not isinstance(scope, (*FUNCTIONS, ast.Lambda)) or place.steps:
            return
        if not any(parameter.arg == place.name for parameter in parameters(scope)):
            return
        self._bound_again(place, scope)
        store = Store(place, place.module, scope, scope)
        self.stores.append(store)
        bound = act.arguments.get(place.name) if act.arguments is not None else None
        if isinstance(bound, Thunk):
            store.node = bound.node
            store.module = bound.activation.module
            store.scope = bound.activation.node
            self.places.meet(bound.activation)
            self.trace(bound.node, bound.activation, store, self._begin(place))
            return
        default = default_of(scope, place.name)
        if act.arguments is None and self._set_by_callers(place, scope, store):
            return
        if act.arguments is None or act.open_arguments or isinstance(bound, Unknown):
            given = self._given(("given", *place.key), act, place.name)
            store.sources.append(Edge(given, self._begin(place)))
        elif bound is not None:
            if not isinstance(bound, (Known, Text, Mapping)):
                self.missed(store, "an argument that can't be seen")
        elif default is not None:
            around = act.lexical or self.places.root(place.module)
            self.trace(default, around, store, self._begin(place))

    def _set_by_callers(self, place: Place, scope: FunctionNode | ast.Lambda, store: Store) -> bool:
        """Follow what the few callers of a method hand in that puts another list in the place.

        ``talk.set_messages([summary, *talk.messages[-4:]])``
        """
        module = place.module
        if isinstance(scope, ast.Lambda) or not module.once(_replaces_a_list, scope):
            return False
        callers = self.places.callers.of(module)
        sites = callers.sites(scope)
        if not 0 < len(sites) <= _FEW_SITES or callers.is_cut(scope):
            return False
        for site in sites:
            given = given_for(site.call, scope, place.name)
            if given is None:
                return False
            act = self.places.plain(site.module, site.module.scope(site.call))
            self.places.meet(act)
            self.trace(given, act, store, self._begin(place))
        return True

    def _bound_again(self, place: Place, scope: FunctionNode | ast.Lambda) -> None:
        """What a function binds a parameter to where it calls itself: ``go(said + [turn])``."""
        if isinstance(scope, ast.Lambda):
            return
        for call in place.module.calls_named.get(scope.name, ()):
            own = dotted(call.func) in (scope.name, f"self.{scope.name}")
            if not own or not within(place.module, call, scope):
                continue
            given = given_for(call, scope, place.name)
            if given is None or isinstance(given, ast.Name):
                continue  # the same list
            store = Store(place, place.module, scope, given)
            self.stores.append(store)
            self.trace(given, place.act, store, self._begin(place))

    def _begin(self, place: Place) -> Route:
        return Route(text=place.key in self._texts_alone)

    def give(self, act: Activation) -> None:
        """Note that the whole argument comes out of code that can't be seen."""
        self.missed(self.sent, "the argument can't be seen")
        given = self._given(("given", None), act)
        self.sent.sources.append(Edge(given, Route(same=False)))

    def _given(self, key: tuple[object, ...], act: Activation, name: str = "") -> Place:
        """What stands for a list that code which isn't here hands in."""
        given = Place(key, Home.PARAMETER, name, act.module, act.node, act)
        return self.seen.setdefault(key, given)

    def _container(self, place: Place) -> None:
        """Where the container of a list comes from: made here, or handed in with the list in it."""
        base = replace(place, key=place.key[: -len(place.steps)], steps=())
        if base.local and isinstance(base.scope, (*FUNCTIONS, ast.Lambda)):
            if any(parameter.arg == base.name for parameter in parameters(base.scope)):
                arguments = base.act.arguments
                bound = arguments.get(base.name) if arguments is not None else None
                if isinstance(bound, Thunk):
                    self._held(bound.node, bound.activation, place, base.scope)
                elif arguments is None or isinstance(bound, Unknown):
                    self._hand_in(place, base.act)
        for use in self.places.uses(base):
            self._dropped(use, place)
            if not isinstance(getattr(use.node, "ctx", None), ast.Store):
                continue
            stmt = use.module.parents.get(use.node)
            if isinstance(stmt, (ast.Assign, ast.AnnAssign)) and stmt.value is not None:
                act = self.run(use.module, use.scope, place)
                self._maxlen(stmt.value, act, place, use)
                self._held(stmt.value, act, place, stmt)

    def _dropped(self, use: Use, place: Place) -> None:
        """``talks.pop(who)``, ``del talks[who]``: what is kept under a key is forgotten."""
        parent = use.module.parents.get(use.node)
        if isinstance(parent, ast.Attribute) and parent.attr == "pop":
            call = use.module.parents.get(parent)
            if isinstance(call, ast.Call) and call.func is parent and call.args:
                self._event("clear", "drop", use, place, call)
        elif isinstance(parent, ast.Subscript) and isinstance(parent.ctx, ast.Del):
            self._event("clear", "drop", use, place, parent)

    def _held(self, node: ast.expr, act: Activation, place: Place, where: ast.AST) -> None:
        """What a container that ``node`` yields holds of ``place``."""
        while isinstance(node, (ast.Await, ast.NamedExpr)):
            node = node.value
        if isinstance(node, ast.BoolOp):
            for operand in node.values:
                self._held(operand, act, place, where)
            return
        if isinstance(node, (ast.Dict, ast.Constant)):
            return
        if isinstance(node, ast.Call) and last_name(node.func) in _CONTAINERS:
            return
        other = self.places.resolve(node, act)
        if other is not None:
            inner = self.places.within(other, place.steps)
            if inner.key != place.key:
                store = Store(place, act.module, act.node, where)
                self.stores.append(store)
                self._arrive(inner, store, self._begin(place))
            return
        if isinstance(node, ast.Call) and self._held_by_callee(node, act, place, where):
            return
        for value in alternatives(self.ev.evaluate(node, act)):
            if isinstance(value, Unknown):
                self._hand_in(place, act)
                return

    def _held_by_callee(
        self, node: ast.Call, act: Activation, place: Place, where: ast.AST
    ) -> bool:
        """Whether functions that are here hand out a container: ``state_of(visitor)``."""
        handles = self.places.callees(node.func, act)
        if not handles or self.calls >= DEEPEST_CALLS or self._spent():
            return False
        found = False
        self.calls += 1
        try:
            for handle in handles:
                if not isinstance(handle.node, FUNCTIONS):
                    continue
                inner = self.enter(handle, node, act)
                for value in self._exits(handle.node, inner):
                    found = True
                    self._held(value, inner, place, where)
        finally:
            self.calls -= 1
        return found

    def _hand_in(self, place: Place, act: Activation) -> None:
        store = Store(place, act.module, act.node, act.node)
        self.stores.append(store)
        given = self._given(("given", *place.key), act, place.name)
        store.sources.append(Edge(given, self._begin(place)))

    def _maxlen(self, value: ast.expr, act: Activation, place: Place, use: Use) -> None:
        found = self.bounds.maxlen(value, act)
        if found is not None:
            self.events.append(
                Event(
                    "limit",
                    "maxlen",
                    place,
                    use.module,
                    use.scope,
                    value,
                    limit=found,
                    slides=True,
                )
            )

    def run(self, module: Module, scope: ast.AST, place: Place) -> Activation:
        """The run in which a use of a place is read."""
        if place.act.node is scope:
            return place.act
        return self._runs.get(id(scope)) or self.places.plain(module, scope)

    # -- uses --------------------------------------------------------------------------------------

    def _read(self, use: Use, place: Place) -> None:
        node, module = use.node, use.module
        parent = module.parents.get(node)
        context = getattr(node, "ctx", None)
        if isinstance(node, ast.Call) and last_name(node.func) == "set" and len(node.args) > 1:
            self._assigned(use, place, node.args[1], None)
        elif isinstance(node, ast.Call) and last_name(node.func) == "setdefault":
            self._loaded(use, place, parent)
        elif isinstance(context, ast.Store):
            self._bound(use, place, parent)
        elif not isinstance(context, ast.Del):
            self._loaded(use, place, parent)

    def _bound(self, use: Use, place: Place, parent: ast.AST | None) -> None:
        node, module = use.node, use.module
        stmt = module.statement(node)
        if isinstance(stmt, ast.AugAssign) and stmt.target is node:
            if isinstance(stmt.op, ast.Add):
                self._grow(use, place, "concatenation", stmt, [stmt.value], spread=True)
        elif isinstance(parent, ast.NamedExpr):
            self._assigned(use, place, parent.value, None)
        elif isinstance(stmt, (ast.Assign, ast.AnnAssign)) and stmt.value is not None:
            index: int | None = None
            value = stmt.value
            if isinstance(parent, (ast.Tuple, ast.List)):
                index = parent.elts.index(node)
                inner = value.value if isinstance(value, ast.Await) else value
                if isinstance(inner, ast.Tuple) and len(inner.elts) == len(parent.elts):
                    value, index = inner.elts[index], None
            self._assigned(use, place, value, index)
        elif isinstance(stmt, (ast.For, ast.AsyncFor)) and not place.steps:
            store = Store(place, module, use.scope, stmt, stmt.iter)
            self.stores.append(store)

    def _assigned(self, use: Use, place: Place, value: ast.expr, index: int | None) -> None:
        module = use.module
        act = self.run(module, use.scope, place)
        store = Store(place, module, use.scope, module.statement(use.node) or use.node, value)
        self.stores.append(store)
        inner = value.value if isinstance(value, ast.Await) else value
        if index is not None:
            if isinstance(inner, ast.Call):
                if not self._handled(inner, act, store, self._begin(place), 0, index):
                    self.trace(inner, act, store, self._begin(place))
            return
        self._maxlen(value, act, place, use)
        self.trace(value, act, store, self._begin(place))

    def _loaded(self, use: Use, place: Place, parent: ast.AST | None) -> None:
        node, module = use.node, use.module
        if isinstance(parent, ast.Attribute) and parent.value is node:
            call = module.parents.get(parent)
            if isinstance(call, ast.Call) and call.func is parent:
                self._method(use, place, parent.attr, call)
        elif isinstance(parent, ast.Subscript) and parent.value is node:
            self._inside(use, place, parent)
        elif isinstance(parent, (ast.Call, ast.keyword)):
            call = module.parents.get(parent) if isinstance(parent, ast.keyword) else parent
            if isinstance(call, ast.Call) and node is not call.func:
                self._passed(use, place, call)
        elif isinstance(parent, (ast.For, ast.AsyncFor)) and parent.iter is node:
            self._each(use, place, parent)
        else:
            self._alias(use, place)

    def _method(self, use: Use, place: Place, name: str, call: ast.Call) -> None:
        module = use.module
        arguments = call.args
        if name in _GROWS and arguments and _holds_each_once(module, call):
            return  # tags, names: no conversation asks whether something was said before
        if name in _GROWS and arguments:
            items = [arguments[-1]]
            how = _GROWS[name]
            self._grow(use, place, how, call, items, spread=name == "extend")
            front = name == "appendleft" or (name == "insert" and _is_zero(arguments[0]))
            if front:
                self._event("rewrite", how, use, place, call)
        elif name == "pop" or name == "popleft":
            if name == "popleft" or (arguments and _is_zero(arguments[0])):
                found = limit(module, call, "pop", "the oldest is dropped here")
                self._event("limit", "pop", use, place, call, found, True)
            elif arguments and _is_second(arguments[0]) and by_size(module, call, use.scope):
                found = limit(module, call, "pop", "the oldest but for the first is dropped here")
                self._event("limit", "pop", use, place, call, found, True)
            elif arguments and not is_negative(arguments[0]) and module.loops(call, use.scope):
                self.unseen.append((place.key, "which messages are taken out can't be seen"))
        elif name == "clear":
            self._event("clear", "clear", use, place, call)
        elif name in ("remove", "reverse", "sort"):
            self._event("rewrite", name, use, place, call)

    def _event(
        self,
        kind: str,
        how: str,
        use: Use,
        place: Place,
        node: ast.AST,
        found: Limit | None = None,
        slides: bool = False,
        latest: bool = False,
    ) -> None:
        self.events.append(
            Event(
                kind,
                how,
                place,
                use.module,
                use.scope,
                node,
                limit=found,
                slides=slides,
                latest=latest,
            )
        )

    def _grow(
        self,
        use: Use,
        place: Place,
        how: str,
        node: ast.AST,
        items: list[ast.expr],
        *,
        spread: bool,
    ) -> None:
        module = use.module
        act = self.run(module, use.scope, place)
        given = items
        if spread:
            given = items[0].elts if isinstance(items[0], (ast.List, ast.Tuple)) else []
        self.events.append(
            Event("grow", how, place, module, use.scope, node, tuple(given or items))
        )
        store = Store(place, module, use.scope, node)
        # What a loop copies over from another list comes out of that list.
        for loop in module.loops(node, use.scope):
            if isinstance(loop, (ast.For, ast.AsyncFor)) and not self._sends_in(loop):
                if self._is_of_a_reply(loop.iter, act):
                    continue  # the results of the tools that it asks for
                route = self._begin(place).copied(apart=True)
                full = self.bounds.full(module, loop, act)
                self.trace(loop.iter, act, store, route.cut(full, False) if full else route)
        if spread and not given:
            self.trace(items[0], act, store, self._begin(place).copied())
        self._texts(list(given), act, store, Route(same=False), 0)
        if store.sources:
            self.stores.append(store)

    def _is_of_a_reply(self, node: ast.expr, act: Activation) -> bool:
        """Whether an expression is what a model has answered with."""
        values = alternatives(self.ev.evaluate(node, act))
        return bool(values) and all(
            isinstance(each, Unknown) and each.entry == "model reply" for each in values
        )

    def _sends_in(self, loop: ast.AST) -> bool:
        return any(within(act.module, node, loop) for act, node in self.levels)

    def _inside(self, use: Use, place: Place, parent: ast.Subscript) -> None:
        """``x[0]``, ``x[-1]["content"]``, ``x[:5]``: deleted or set."""
        module = use.module
        outer = parent
        keys = [outer.slice]
        above = module.parents.get(outer)
        while isinstance(above, ast.Subscript) and above.value is outer:
            outer = above
            keys.append(outer.slice)
            above = module.parents.get(outer)
        if isinstance(outer.ctx, ast.Del):
            if isinstance(keys[0], ast.Slice) and len(keys) == 1:
                if not self._rolls_back(keys[0], self.run(module, use.scope, place)):
                    rare = in_steps(module, outer, use.scope)
                    found = limit(module, outer, "delete", "messages are deleted here", rare=rare)
                    oldest = keys[0].lower is None or keys[0].upper is not None
                    slides = oldest and not keeps_less(module, outer, use.scope)
                    self._event("limit", "delete", use, place, outer, found, slides)
            elif len(keys) == 1 and _is_zero(keys[0]):
                found = limit(module, outer, "delete", "the oldest is deleted here")
                self._event("limit", "delete", use, place, outer, found, True)
            elif len(keys) > 1 and by_size(module, outer, use.scope):
                found = limit(module, outer, "delete", "parts of messages are deleted here")
                self._event("limit", "delete", use, place, outer, found)
        elif isinstance(outer.ctx, ast.Store):
            if isinstance(keys[0], ast.Slice) and len(keys) == 1:
                stmt = module.statement(outer)
                if isinstance(stmt, ast.Assign):
                    self._assigned(use, place, stmt.value, None)
                    self._cut_in_place(use, place, stmt.value)
            elif not names_marker(keys[-1]) and not _marks_it(module.statement(outer)):
                self._event("rewrite", "set", use, place, outer, latest=_is_last(keys[0]))
        elif isinstance(above, (ast.Assign, ast.AnnAssign)) and len(keys) == 1:
            self._element_alias(use, place, above, keys[0])
        elif isinstance(above, (ast.For, ast.AsyncFor)) and outer is above.iter:
            if isinstance(keys[0], ast.Slice) and len(keys) == 1:
                self._each(use, place, above)

    def _cut_in_place(self, use: Use, place: Place, value: ast.expr) -> None:
        """``x[:] = x[-40:]``: whoever else holds the list has a shorter one now."""
        if not isinstance(value, ast.Subscript) or not isinstance(value.slice, ast.Slice):
            return
        act = self.run(use.module, use.scope, place)
        source = self.places.resolve(value.value, act)
        if source is None or source.key != place.key:
            return
        route = self._cut(value, act, Store(place, use.module, use.scope, value), Route())
        for found in route.limits:
            self._event("limit", "slice", use, place, value, found, bool(route.slides))

    def _rolls_back(self, cut: ast.Slice, act: Activation) -> bool:
        """Whether the newest are deleted (``del x[began:]``): a turn that failed, no bound."""
        if cut.lower is None or cut.upper is not None or cut.step is not None:
            return False
        if is_negative(cut.lower):
            return True
        return not any(
            isinstance(value, Known) for value in alternatives(self.ev.evaluate(cut.lower, act))
        )

    def _element_alias(
        self, use: Use, place: Place, stmt: ast.Assign | ast.AnnAssign, key: ast.expr
    ) -> None:
        """``last = x[-1]; last["content"] = ...``."""
        targets = stmt.targets if isinstance(stmt, ast.Assign) else [stmt.target]
        for target in targets:
            if isinstance(target, ast.Name):
                self._sets_of(target.id, use, place, use.scope, latest=_is_last(key))

    def _each(self, use: Use, place: Place, loop: ast.For | ast.AsyncFor) -> None:
        if isinstance(loop.target, ast.Name):
            self._sets_of(loop.target.id, use, place, loop, latest=False)

    def _sets_of(self, name: str, use: Use, place: Place, around: ast.AST, *, latest: bool) -> None:
        """What is set in a message that has a name of its own."""
        module = use.module
        for node in self.places.named(module, name):
            parent = module.parents.get(node)
            if not (isinstance(parent, ast.Subscript) and parent.value is node):
                continue
            if isinstance(parent.ctx, ast.Store) and within(module, parent, around):
                if not names_marker(parent.slice):
                    self._event("rewrite", "set", use, place, parent, latest=latest)

    def _alias(self, use: Use, place: Place) -> None:
        """Another name for the same list: ``h = self.history``, ``h = x or []``."""
        module = use.module
        child: ast.AST = use.node
        parent = module.parents.get(child)
        while isinstance(parent, (ast.BoolOp, ast.IfExp, ast.NamedExpr)):
            if isinstance(parent, ast.IfExp) and child is parent.test:
                return
            child, parent = parent, module.parents.get(parent)
        if not isinstance(parent, (ast.Assign, ast.AnnAssign)):
            return
        act = self.run(module, use.scope, place)
        targets = parent.targets if isinstance(parent, ast.Assign) else [parent.target]
        for target in targets:
            if isinstance(target, (ast.Name, ast.Attribute)):
                other = self.places.resolve(target, act)
                if other is not None and other.key != place.key:
                    self.visit(other)

    def _passed(self, use: Use, place: Place, call: ast.Call) -> None:
        """A list that is handed to a function: what that does to it."""
        module, name = use.module, last_name(call.func)
        act = self.run(module, use.scope, place)
        if any(call is node for _, node in self.levels) or self.calls >= DEEPEST_CALLS:
            return
        handles = self.places.callees(call.func, act)
        for found in handles:
            self._entered(found, use, place, call, act)
        seen = bool(handles)
        for each in alternatives(self.ev.evaluate(call.func, act)):
            handle = each.handle if isinstance(each, Object) else None
            if isinstance(handle, ClientHandle):
                seen = True
            elif isinstance(handle, ClassHandle):
                init = next(
                    (
                        FunctionHandle(method, c.module, c.lexical, None)
                        for c in self.ev.instances.bases(handle)
                        if (method := self.ev.instances.method(c, "__init__")) is not None
                    ),
                    None,
                )
                seen = True
                if init is not None:
                    made = self.ev.evaluate(call, act)
                    init.instance = made if isinstance(made, Object) else None
                    if init.instance is not None:
                        self._entered(init, use, place, call, act)
        if not seen and self.ev.sources.shortens(name):
            self.unseen.append((place.key, f"what {name}() does can't be seen"))

    def _entered(
        self, handle: FunctionHandle, use: Use, place: Place, call: ast.Call, act: Activation
    ) -> None:
        inner = self.enter(handle, call, act)
        for name, bound in (inner.arguments or {}).items():
            if isinstance(bound, Thunk) and bound.node is use.node:
                if _thins(handle) and not self._switched_off(call, act):
                    label, rare = "parts of messages are left out here", _in_chunks(handle.node)
                    found = limit(use.module, call, "delete", label, rare=rare)
                    self._event("limit", "delete", use, place, call, found)
                site = inner.site or handle.node
                key = ("local", handle.node, name, site)
                self.calls += 1
                try:
                    self.visit(Place(key, Home.LOCAL, name, handle.module, handle.node, inner))
                finally:
                    self.calls -= 1

    def _switched_off(self, call: ast.Call, act: Activation) -> bool:
        """Whether an option that may be none or zero decides whether a call takes place."""
        for test, _ in guards(act.module, call, act.node):
            for value in alternatives(self.ev.evaluate(test, act)):
                if isinstance(value, Known) and not value.value:
                    return True
        return False


def _thins(handle: FunctionHandle) -> bool:
    """Whether a function leaves blocks of a message out: ``message["content"] = kept``."""
    known = handle.module.thinning
    found = known.get(handle.node)
    if found is None:
        found = known[handle.node] = _leaves_out(handle.node)
    return found


def _leaves_out(function: ast.AST) -> bool:
    kept: set[str] = set()
    filled: set[str] = set()
    leaves_out = False
    for node in walk(function):
        if isinstance(node, ast.Continue):
            leaves_out = True
        elif isinstance(node, ast.Assign):
            if isinstance(node.value, ast.Name) and any(
                isinstance(target, ast.Subscript)
                and isinstance(target.slice, ast.Constant)
                and target.slice.value == "content"
                for target in node.targets
            ):
                kept.add(node.value.id)
        elif isinstance(node, ast.Call):
            func = node.func
            if isinstance(func, ast.Attribute) and func.attr == "append":
                if isinstance(func.value, ast.Name):
                    filled.add(func.value.id)
    return leaves_out and not kept.isdisjoint(filled)


def _in_chunks(function: ast.AST) -> bool:
    """Whether how much a function leaves out is rounded: so much at once, but seldom."""
    return any(
        isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Mod, ast.FloorDiv))
        for node in ast.walk(function)
    )


def entered(ev: Evaluator, handle: FunctionHandle, node: ast.Call, act: Activation) -> Activation:
    """The run of a function that a call makes."""
    function = handle.node
    bound = ev.calls.bind(handle, node.args, node.keywords, act)
    name = function.name if isinstance(function, FUNCTIONS) else "a lambda"
    mark = Mark(MarkKind.FUNCTION, name, handle.module.span(function))
    return ev.run(
        Activation(
            handle.module,
            function,
            (*ev.frame_at(node, act), mark),
            bound,
            handle.lexical,
            handle.instance,
            act.chain,
            act.depth + 1,
            caller=act,
            site=node,
        )
    )


def _takes_over(node: ast.ListComp | ast.GeneratorExp | ast.SetComp) -> bool:
    """Whether a comprehension yields the very items that it walks through."""
    target = node.generators[0].target
    return (
        len(node.generators) == 1
        and isinstance(target, ast.Name)
        and isinstance(node.elt, ast.Name)
        and node.elt.id == target.id
    )


def _unlimited(edges: list[Edge], route: Route) -> None:
    """Of parts of one list that are put together: the whole of it is no shorter than one part."""
    for edge in edges:
        if any(e.source.key == edge.source.key and e.route.limits == route.limits for e in edges):
            edge.route = replace(edge.route, limits=route.limits, slides=route.slides)


def _sized(function: FunctionNode, act: Activation) -> bool:
    """Whether a function measures something before it returns."""
    return any(
        isinstance(node, ast.Return) and by_size(act.module, node, function)
        for node in walk(function)
    )


def _holds_each_once(module: Module, call: ast.Call) -> bool:
    """Whether ``if x not in list: list.append(x)`` is what adds to it."""
    if not isinstance(call.func, ast.Attribute) or len(call.args) != 1:
        return False
    wanted = [ast.dump(call.args[0]), ast.dump(call.func.value)]
    for parent in module.ancestors(call):
        if isinstance(parent, (*LOOPS, *FUNCTIONS)):
            return False
        test = parent.test if isinstance(parent, ast.If) else None
        if isinstance(test, ast.Compare) and isinstance(test.ops[0], ast.NotIn):
            if [ast.dump(test.left), ast.dump(test.comparators[0])] == wanted:
                return True
    return False


def _is_zero(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value == 0


def _replaces_a_list(module: Module, function: FunctionNode) -> bool:
    """Whether a method sets an attribute of its object to a parameter, or to an empty list first.

    It fills that with what it is handed then.
    """
    taken = {parameter.arg for parameter in parameters(function)}
    if module.enclosing_class(function) is None or function.name.startswith("__"):
        return False
    return any(
        isinstance(node, (ast.Assign, ast.AnnAssign))
        and isinstance(
            node.targets[0] if isinstance(node, ast.Assign) else node.target, ast.Attribute
        )
        and (
            (isinstance(node.value, ast.Name) and node.value.id in taken)
            or (isinstance(node.value, ast.List) and not node.value.elts)
        )
        for node in walk(function)
    )


def _is_second(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and type(node.value) is int and node.value == 1


def _is_last(node: ast.expr) -> bool:
    return isinstance(node, ast.UnaryOp) and ast.unparse(node) == "-1"


def names_marker(node: ast.expr) -> bool:
    """Whether a key is that of a cache marker: it changes nothing that the model sees."""
    return isinstance(node, ast.Constant) and node.value == MARKER


def _marks_it(stmt: ast.stmt | None) -> bool:
    """Whether what is set is the same with a cache marker."""
    return stmt is not None and any(
        isinstance(node, ast.Constant) and node.value == MARKER for node in walk(stmt)
    )
