"""What other code does to a list of an object that it could not be seen to hold.

A list is kept short, or the method that fills it is called, where the object comes out of a
factory, a container or a parameter without a type. There it is told by the names alone: of the
attribute, and of the method. That is too little to say what happens, and enough to say nothing.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from skinflint.linter.bounds import Bounds, asked_for, by_size
from skinflint.linter.callers import Callers
from skinflint.linter.module import FUNCTIONS, FunctionNode, Module, last_name
from skinflint.linter.places import Place, Places
from skinflint.linter.request import Home, Limit
from skinflint.linter.shapes import is_negative

_ORDERINGS = (ast.Gt, ast.GtE, ast.Lt, ast.LtE)


class Elsewhere:
    """Reads the modules that may handle the objects of a class."""

    def __init__(self, callers: Callers, places: Places, bounds: Bounds) -> None:
        self.callers = callers
        self.places = places
        self.bounds = bounds

    # -- the list ----------------------------------------------------------------------------------

    def shortens(self, place: Place) -> bool:
        """Whether code outside of the class makes an attribute of its name shorter."""
        if place.home is not Home.ATTRIBUTE or place.cls is None or place.name.startswith("_"):
            return False
        cls = place.cls.node
        for module in self._modules(place.cls.module, place.name, cls):
            for node in module.named(place.name):
                if isinstance(node, ast.Attribute) and not of_itself(node.value):
                    if self._is_cut(module, node):
                        return True
        return False

    def _is_cut(self, module: Module, node: ast.Attribute) -> bool:
        scope = module.scope(node)
        if asked_for(module, node, scope) and not by_size(module, node, scope):
            return False
        parent = module.parents.get(node)
        if isinstance(parent, ast.Attribute):
            call = module.parents.get(parent)
            if not isinstance(call, ast.Call) or call.func is not parent:
                return False
            if parent.attr == "popleft":
                return True
            return parent.attr == "pop" and bool(call.args) and not is_negative(call.args[0])
        if isinstance(parent, ast.Call):
            return last_name(parent.func) == "len" and _is_compared(module, parent)
        if isinstance(parent, ast.Subscript):
            outer = parent
            above = module.parents.get(outer)
            while isinstance(above, ast.Subscript) and above.value is outer:
                outer, above = above, module.parents.get(above)
            if isinstance(outer.ctx, ast.Del):
                return not is_negative(parent.slice)
            return isinstance(outer.ctx, ast.Store) and isinstance(parent.slice, ast.Slice)
        if isinstance(node.ctx, ast.Store) and isinstance(parent, ast.Assign):
            again = any(
                isinstance(each, ast.Slice) or last_name(each) == node.attr
                for each in ast.walk(parent.value)
            )
            return by_size(module, node, scope) or (
                again and not isinstance(parent.value, ast.BinOp)
            )
        return False

    # -- the method --------------------------------------------------------------------------------

    def driven(self, module: Module, function: FunctionNode) -> Limit | None:
        """What ends the loops that call a method by its name, where all of them have an end."""
        cls = module.enclosing_class(function)
        if cls is None:
            return None
        found: Limit | None = None
        for there in self._modules(module, function.name, cls):
            for call in there.calls_named.get(function.name, ()):
                if not isinstance(call.func, ast.Attribute):
                    continue
                ends = self._ended(there, call)
                if ends is None:
                    return None
                found = found or ends
        return found

    def looped(self, module: Module, function: FunctionNode) -> bool:
        """Whether a loop that nothing ends calls a method by its name."""
        cls = module.enclosing_class(function)
        if cls is None:
            return False
        for there in self._modules(module, function.name, cls):
            for call in there.calls_named.get(function.name, ()):
                if isinstance(call.func, ast.Attribute):
                    scope = there.scope(call)
                    act = self.places.plain(there, scope)
                    if any(
                        self.bounds.loop(there, loop, act) is None
                        for loop in there.loops(call, scope)
                    ):
                        return True
        return False

    def _ended(self, module: Module, call: ast.Call) -> Limit | None:
        node: ast.AST = call
        scope = module.scope(call)
        while isinstance(scope, FUNCTIONS) and not module.loops(node, scope):
            around = module.scope(scope)
            if not isinstance(around, FUNCTIONS):
                break
            node, scope = scope, around  # made anew in each round, and run by a pool
        act = self.places.plain(module, scope)
        ends = [self.bounds.loop(module, loop, act) for loop in module.loops(node, scope)]
        if not ends or None in ends:
            return None
        if isinstance(scope, FUNCTIONS):
            callers = self.callers.of(module)
            entry = callers.entry(scope)
            if entry is not None and (entry.many or entry.again):
                return None
            for site in callers.sites(scope):
                there = site.module.scope(site.call)
                outer = self.places.plain(site.module, there)
                for loop in site.module.loops(site.call, there):
                    if self.bounds.loop(site.module, loop, outer) is None:
                        return None
        return ends[0]

    def _modules(self, home: Module, name: str, cls: ast.ClassDef) -> Iterator[Module]:
        yield home
        for module in self.callers.of(home).users(name, cls, True):
            if module is not home:
                yield module


def of_itself(receiver: ast.expr) -> bool:
    """Whether a method speaks of its own object: that is read with its class."""
    return isinstance(receiver, ast.Name) and receiver.id in ("self", "cls")


def _is_compared(module: Module, length: ast.Call) -> bool:
    """Whether a length decides what happens: it is compared with more than none or one."""
    for parent in module.ancestors(length):
        if isinstance(parent, ast.Compare):
            sides = (parent.left, *parent.comparators)
            small = any(isinstance(s, ast.Constant) and s.value in (0, 1) for s in sides)
            return isinstance(parent.ops[0], _ORDERINGS) and not small
        if isinstance(parent, ast.stmt):
            return False
    return False
