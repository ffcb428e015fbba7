"""Which cache markers are set in messages that a conversation keeps, and whether they go again.

``lineage.py`` knows the variables that hold the conversation. From each use of one this room climbs
to what is set in it: ``messages[-1]["content"][-1]["cache_control"] = ...``, through names for a
message or its content, loops over them, and the functions that they are handed to.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from enum import Enum
from typing import TypeAlias

from skinflint.linter.activation import Activation
from skinflint.linter.lineage import MARKER, Route, Store, Walk, names_marker
from skinflint.linter.module import FUNCTIONS, Module, dotted, parameters, walk
from skinflint.linter.places import Place, Places
from skinflint.linter.request import Growth, KeptMarker
from skinflint.linter.shapes import is_negative, within

_DEEPEST = 8  # names and functions between a message and what is set in it
_ITEMS = 8  # messages appended at one place that are looked into

Edges: TypeAlias = "Mapping[object, list[tuple[Place, Route, Store]]]"


class Which(Enum):
    """Which messages of a list are marked."""

    NEWEST = "newest"  # others each time
    FIRST = "first"  # those that it begins with
    SOME = "some"  # that can't be told, or all


class Kept:
    """The search for one conversation."""

    def __init__(self, places: Places, walk: Walk, edges: Edges) -> None:
        self.places = places
        self.walk = walk
        self.edges = edges
        self.found: dict[ast.AST, tuple[Module, Which, int | None]] = {}
        self.most: int | None = None  # what counts at the calls that led to where we are
        self.copied = False  # the list is another one, of the same messages
        self.seen: set[tuple[ast.AST, Which | None]] = set()

    def markers(
        self, growing: set[object], growth: Iterable[Growth]
    ) -> tuple[tuple[KeptMarker, ...], bool]:
        """Where its messages are marked; whether some code takes markers away."""
        modules = [module for module in self.places.modules if MARKER in module.source.text]
        if not modules or not growing:
            return (), False
        for place in list(self.walk.seen.values()):
            if place.key in growing or self._shares(place, growing):
                self.most = _most_of_calls(place)
                self.copied = place.key not in growing
                for use in list(self.places.uses(place)):
                    self._climb(use.node, use.module, use.scope, None, 0)
        spans = {each.span for each in growth}
        self.most = None
        self.copied = False
        for event in self.walk.events:
            if event.kind == "grow" and event.module.span(event.node) in spans:
                for item in event.items[:_ITEMS]:
                    self._item(item, event.module, event.scope)
        removals = [each for module in modules for each in module.once(_removals)]
        clamp = next((most for most in removals if most is not None), None)
        marks = [
            KeptMarker(
                module.span(node),
                which is Which.NEWEST,
                which is Which.FIRST,
                _fewest(most, clamp),
                rounds=_rounds(module, node),
            )
            for node, (module, which, most) in self.found.items()
        ]
        return tuple(sorted(marks)), any(most is None for most in removals)

    def copies(self) -> bool:
        """Whether newest messages are marked in the list that is sent, made anew for each call."""
        if not any(MARKER in module.source.text for module in self.places.modules):
            return False
        kept, self.found = self.found, {}
        queue: list[object] = [None]
        met: set[object] = {None}
        while queue:
            for place, route, _ in self.edges.get(queue.pop(), ()):
                if route.text or not (route.same or route.shared) or place.key in met:
                    continue
                met.add(place.key)
                queue.append(place.key)
        for place in list(self.walk.seen.values()):
            if place.key in met or self._shares(place, met):
                for use in list(self.places.uses(place)):
                    self._climb(use.node, use.module, use.scope, None, 0)
        found, self.found = self.found, kept
        return any(which is not Which.FIRST for _, which, _ in found.values())

    def _shares(self, place: Place, growing: set[object]) -> bool:
        """Whether a variable holds the very messages of one that grows."""
        queue, met = [place.key], {place.key}
        while queue:
            for other, route, _ in self.edges.get(queue.pop(), ()):
                if route.text or not (route.same or route.shared) or other.key in met:
                    continue
                if other.key in growing:
                    return True
                met.add(other.key)
                queue.append(other.key)
        return False

    def _item(self, item: ast.expr, module: Module, scope: ast.AST) -> None:
        """A message that is added: it and its content may have names, and be marked under them."""
        for node in _names_in(item):
            if isinstance(scope, FUNCTIONS):
                for use in self.places.named(module, node.id):
                    if isinstance(use, ast.Name) and module.scope(use) is scope:
                        self._climb(use, module, scope, Which.NEWEST, 0)

    def _climb(
        self, node: ast.expr, module: Module, scope: ast.AST, which: Which | None, depth: int
    ) -> None:
        """What is set in what ``node`` yields; ``which`` is None while it is the whole list."""
        if depth > _DEEPEST or (node, which) in self.seen:
            return
        self.seen.add((node, which))
        parent = module.parents.get(node)
        deeper = depth + 1
        if isinstance(parent, ast.Subscript) and parent.value is node:
            self._subscript(parent, module, scope, which, deeper)
        elif isinstance(parent, (ast.Assign, ast.AnnAssign)) and parent.value is node:
            targets = parent.targets if isinstance(parent, ast.Assign) else [parent.target]
            if which is not None:
                for target in targets:
                    if isinstance(target, ast.Name):
                        self._named(target.id, module, scope, scope, which, deeper)
        elif isinstance(parent, ast.NamedExpr) and parent.value is node and which is not None:
            self._named(parent.target.id, module, scope, scope, which, deeper)
            self._climb(parent, module, scope, which, deeper)
        elif isinstance(parent, (ast.For, ast.AsyncFor)) and parent.iter is node:
            self._each(parent, module, scope, which or Which.SOME, deeper)
        elif isinstance(parent, ast.Call):
            self._call(node, parent, module, scope, which, deeper)
        elif isinstance(parent, ast.Attribute) and parent.attr == "get":
            call = module.parents.get(parent)
            if isinstance(call, ast.Call) and call.func is parent and which is not None:
                self._climb(call, module, scope, which, deeper)

    def _subscript(
        self,
        parent: ast.Subscript,
        module: Module,
        scope: ast.AST,
        which: Which | None,
        depth: int,
    ) -> None:
        key = parent.slice
        if which is None:
            if self.copied and isinstance(parent.ctx, ast.Store):
                return  # another message takes the place of one in the copy
            which = self._which(parent, module)
            if isinstance(key, ast.Slice):
                above = module.parents.get(parent)
                if isinstance(above, (ast.For, ast.AsyncFor)) and above.iter is parent:
                    self._each(above, module, scope, which, depth)
                return
        if isinstance(parent.ctx, ast.Store):
            stmt = module.statement(parent)
            if isinstance(stmt, ast.Assign):
                value = stmt.value if names_marker(key) else _written_in(stmt.value)
                if value is not None:
                    self._note(value, module, Which.SOME if _one_of_many(parent, module) else which)
            return
        if isinstance(parent.ctx, ast.Load):
            self._climb(parent, module, scope, which, depth)

    @staticmethod
    def _which(parent: ast.Subscript, module: Module) -> Which:
        key = parent.slice
        if isinstance(key, ast.Slice):
            if key.upper is None:
                return Which.NEWEST if is_negative(key.lower) else Which.SOME
            begins = key.lower is None or _number(key.lower)
            return Which.FIRST if begins and _number(key.upper) else Which.SOME
        if is_negative(key):
            return Which.NEWEST
        if _number(key):
            return Which.FIRST
        # ``for i in range(len(messages) - 1, -1, -1): ... break``
        for loop in module.ancestors(parent) if isinstance(key, ast.Name) else ():
            if isinstance(loop, ast.For) and isinstance(loop.target, ast.Name):
                if loop.target.id == getattr(key, "id", ""):
                    last = _backwards(loop.iter) and _breaks(loop)
                    return Which.NEWEST if last else Which.SOME
        return Which.SOME

    def _note(self, value: ast.expr, module: Module, which: Which) -> None:
        known = self.found.get(value)
        most = _fewest(self.most, _most(module, value))
        if known is None or (which is Which.NEWEST and known[1] is not which):
            self.found[value] = (module, which, most)

    def _named(
        self,
        name: str,
        module: Module,
        scope: ast.AST,
        around: ast.AST,
        which: Which,
        depth: int,
    ) -> None:
        for use in self.places.named(module, name):
            if isinstance(use, ast.Name) and isinstance(use.ctx, ast.Load):
                if within(module, use, around) and module.scope(use) is scope:
                    self._climb(use, module, scope, which, depth)

    def _each(
        self,
        loop: ast.For | ast.AsyncFor,
        module: Module,
        scope: ast.AST,
        which: Which,
        depth: int,
    ) -> None:
        target = loop.target
        if isinstance(target, ast.Tuple) and target.elts:
            target = target.elts[-1]
        if isinstance(target, ast.Name):
            self._named(target.id, module, scope, loop, which, depth)

    def _call(
        self,
        node: ast.expr,
        call: ast.Call,
        module: Module,
        scope: ast.AST,
        which: Which | None,
        depth: int,
    ) -> None:
        """``reversed(messages)`` in a loop, or a function that a message is handed to."""
        name = call.func.id if isinstance(call.func, ast.Name) else ""
        if (dotted(call.func) or "").rpartition(".")[2] == "cast" and node in call.args[1:]:
            self._climb(call, module, scope, which, depth)  # says a type, and hands it on
            return
        if name in ("reversed", "enumerate", "list"):
            above = module.parents.get(call)
            if isinstance(above, ast.Call) and isinstance(above.func, ast.Name):
                if above.func.id in ("enumerate", "list", "reversed"):
                    name = "reversed" if "reversed" in (name, above.func.id) else name
                    above = module.parents.get(above)
            if isinstance(above, (ast.For, ast.AsyncFor)):
                if which is None:
                    last = name == "reversed" and _breaks(above)
                    which = Which.NEWEST if last else Which.SOME
                self._each(above, module, scope, which, depth)
            return
        if _is_cast(call) and node is call.args[1]:
            self._climb(call, module, scope, which, depth)
            return
        if which is None:
            return  # lineage goes into functions that the list is handed to
        act = self.places.plain(module, scope)
        for handle in self.places.callees(call.func, act):
            inner = handle.node
            taken = _parameter(inner, call, node, handle.instance is not None)
            if taken and isinstance(inner, FUNCTIONS):
                before, self.most = self.most, _fewest(self.most, _most(module, call))
                self._named(taken, handle.module, inner, inner, which, depth)
                self.most = before


def _is_cast(call: ast.Call) -> bool:
    """``cast(T, value)``, which is the value."""
    func = call.func
    name = func.id if isinstance(func, ast.Name) else getattr(func, "attr", "")
    return name == "cast" and len(call.args) == 2


def _names_in(item: ast.expr) -> Iterator[ast.Name]:
    """The names under which a message that is added, its content or a block of it was made."""
    if isinstance(item, ast.Name):
        yield item
    elif isinstance(item, ast.List):
        for element in item.elts[:_ITEMS]:
            yield from _names_in(element)
    elif isinstance(item, ast.Dict):
        for key, value in zip(item.keys, item.values, strict=True):
            if isinstance(key, ast.Constant) and key.value == "content":
                yield from _names_in(value)


def _parameter(function: ast.AST, call: ast.Call, node: ast.expr, bound: bool) -> str:
    """The name under which a function takes an argument of a call."""
    for keyword in call.keywords:
        if keyword.value is node:
            return keyword.arg or ""
    if node not in call.args or not isinstance(function, FUNCTIONS):
        return ""
    names = [each.arg for each in parameters(function)]
    if bound or names[:1] in (["self"], ["cls"]):
        names = names[1:]
    index = call.args.index(node)
    return names[index] if index < len(names) else ""


def _written_in(node: ast.AST) -> ast.expr | None:
    """The marker that is written in a value."""
    for each in walk(node):
        if isinstance(each, ast.Dict):
            for key, value in zip(each.keys, each.values, strict=True):
                if key is not None and names_marker(key):
                    return value
    return None


def _one_of_many(target: ast.Subscript, module: Module) -> bool:
    """Whether a loop over the blocks of one message marks each of them: another defect."""
    if not isinstance(target.value, ast.Name):
        return False
    return any(
        isinstance(loop, (ast.For, ast.AsyncFor))
        and any(isinstance(n, ast.Name) and n.id == target.value.id for n in walk(loop.target))
        for loop in module.ancestors(target)
    )


def _number(node: ast.expr | None) -> bool:
    return isinstance(node, ast.Constant) and type(node.value) is int


def _backwards(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and (
        (len(node.args) == 3 and is_negative(node.args[2]))
        or (isinstance(node.func, ast.Name) and node.func.id == "reversed")
    )


def _breaks(loop: ast.AST) -> bool:
    return any(isinstance(node, (ast.Break, ast.Return)) for node in walk(loop))


def _removals(module: Module) -> list[int | None]:
    """The places where markers are taken away, or messages copied without them.

    Each with the number of the oldest that it leaves alone, None where it leaves none.
    """
    removals: list[int | None] = []
    for node in walk(module.tree):
        found = False
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            found = node.func.attr == "pop" and bool(node.args) and names_marker(node.args[0])
        elif isinstance(node, ast.Delete):
            found = any(
                isinstance(t, ast.Subscript) and names_marker(t.slice) for t in node.targets
            )
        elif isinstance(node, ast.Compare):
            # ``for key in block if key != "cache_control"``; ``"cache_control" not in block`` asks
            right = node.comparators[0]
            asked: list[ast.expr] = []
            if isinstance(node.ops[0], ast.NotEq):
                asked = [node.left, right]
            elif isinstance(node.ops[0], ast.NotIn):
                asked = list(getattr(right, "elts", ()))
            found = any(names_marker(each) for each in asked)
        if found:
            removals.append(_left_alone(module, node))
    return removals


def _left_alone(module: Module, node: ast.AST) -> int | None:
    """How many markers are counted before this one is taken away, from the oldest on."""
    found: int | None = None
    for parent in module.ancestors(node):
        if isinstance(parent, FUNCTIONS):
            break
        if isinstance(parent, ast.If) and isinstance(parent.test, ast.Compare):
            op, most = parent.test.ops[0], parent.test.comparators[0]
            if isinstance(op, (ast.Gt, ast.GtE)) and isinstance(parent.test.left, ast.Name):
                if isinstance(most, ast.Constant) and type(most.value) is int:
                    found = most.value - isinstance(op, ast.GtE)
        if isinstance(parent, (ast.For, ast.AsyncFor)) and "reversed" in ast.unparse(parent.iter):
            return None
    return found


def _most_of_calls(place: Place) -> int | None:
    """What counts at the calls that hand a list on to the function that ``place`` is a name in."""
    found = None
    act: Activation | None = place.act
    while act is not None and act.site is not None and act.caller is not None:
        found = _fewest(found, _most(act.caller.module, act.site))
        act = act.caller
    return found


def _fewest(one: int | None, other: int | None) -> int | None:
    given = [each for each in (one, other) if each is not None]
    return min(given, default=None)


def _most(module: Module, node: ast.AST) -> int | None:
    """How many markers a count lets through; 0 where a condition may let only one through.

    What asks whether the block is one that can be marked lets every message through.
    """
    child = node
    for parent in module.ancestors(node):
        if isinstance(parent, (*FUNCTIONS, ast.Lambda, ast.ClassDef)):
            return None
        if isinstance(parent, ast.If) and child is not parent.test:
            found = _counted(module, parent)
            if found is not None:
                return found
        child = parent
    return None


def _counted(module: Module, asked: ast.If) -> int | None:
    for each in walk(asked.test):
        if isinstance(each, ast.Constant) and each.value == MARKER:
            return 0
        if isinstance(each, ast.Compare) and len(each.ops) == 1:
            most = _number_of(module, each.comparators[0])
            if isinstance(each.ops[0], (ast.Lt, ast.LtE)):
                if most is not None:
                    return most + isinstance(each.ops[0], ast.LtE)
            if isinstance(each.ops[0], ast.Eq) and most is not None:
                return 0
    return None


def _rounds(module: Module, node: ast.AST) -> int | None:
    """After how many rounds of its loop the code goes another way ahead of ``node``.

    ``if step > 3: ... continue``, where ``step`` is counted from nought, once in each round.
    """
    found: int | None = None
    child = node
    for parent in module.ancestors(node):
        if isinstance(parent, (*FUNCTIONS, ast.Lambda, ast.ClassDef)):
            return None
        for block in (getattr(parent, "body", None), getattr(parent, "orelse", None)):
            if isinstance(block, list) and child in block:
                for earlier in block[: block.index(child)]:
                    if isinstance(earlier, ast.If):
                        found = _fewest(found, _leaves_after(module, earlier))
        if isinstance(parent, (ast.For, ast.AsyncFor, ast.While)):
            return found
        child = parent
    return None


def _leaves_after(module: Module, asked: ast.If) -> int | None:
    test = asked.test
    if not isinstance(asked.body[-1], (ast.Break, ast.Continue, ast.Return, ast.Raise)):
        return None
    if not (isinstance(test, ast.Compare) and isinstance(test.ops[0], (ast.Gt, ast.GtE))):
        return None
    most = _number_of(module, test.comparators[0])
    loop = next((p for p in module.ancestors(asked) if isinstance(p, (ast.For, ast.While))), None)
    if most is None or loop is None or not _counts_rounds(loop, dotted(test.left)):
        return None
    return most - isinstance(test.ops[0], ast.GtE)


def _counts_rounds(loop: ast.For | ast.While, name: str | None) -> bool:
    """Whether each round makes a count one more, ``step += 1``, and nothing else changes it."""
    once = [each for each in loop.body if isinstance(each, ast.AugAssign)]
    once = [each for each in once if dotted(each.target) == name and name is not None]
    if len(once) != 1 or not isinstance(once[0].op, ast.Add):
        return False
    step = once[0].value
    changed = (each for each in walk(loop) if isinstance(getattr(each, "ctx", None), ast.Store))
    return (
        isinstance(step, ast.Constant)
        and step.value == 1
        and all(each is once[0].target or dotted(each) != name for each in changed)
    )


def _number_of(module: Module, node: ast.expr) -> int | None:
    """A whole number, or the largest that a name has in this file where it has nothing else."""
    if isinstance(node, ast.Constant):
        return node.value if type(node.value) is int else None
    name = dotted(node)
    function = module.scope(node)
    if name is None or (
        isinstance(function, FUNCTIONS) and name in {each.arg for each in parameters(function)}
    ):
        return None
    numbers: list[int] = []
    for each in module.once(_bindings):
        if each[0] == name:
            value = each[1]
            if not (isinstance(value, ast.Constant) and type(value.value) is int):
                return None
            numbers.append(value.value)
    return max(numbers, default=None)


def _bindings(module: Module) -> list[tuple[str, ast.expr | None]]:
    """What is bound to which name, ``self.most`` and ``most`` alike; None where it is changed."""
    found: list[tuple[str, ast.expr | None]] = []
    for each in walk(module.tree):
        if isinstance(each, ast.Assign):
            targets, value = each.targets, each.value
        elif isinstance(each, ast.AnnAssign) and each.value is not None:
            targets, value = [each.target], each.value
        elif isinstance(each, ast.AugAssign):
            found.append((dotted(each.target) or "", None))
            continue
        else:
            continue
        for target in targets:
            found.append((dotted(target) or "", value))
            if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
                pairs = zip(target.elts, value.elts, strict=False)
                found.extend((dotted(name) or "", each) for name, each in pairs)
    return found
