"""Where code asks how long a conversation is, and goes no further when that is too much.

``if len(history) >= MOST: raise ...`` in front of a request bounds what it sends as well as a cut
does: the list is never sent beyond that. So does a count of turns that the same file moves on.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterator

from skinflint.linter.activation import Activation
from skinflint.linter.bounds import BEGINS, Bounds, conditional, guards, limit
from skinflint.linter.module import (
    FUNCTIONS,
    FunctionNode,
    Module,
    dotted,
    last_name,
    parameters,
    walk,
)
from skinflint.linter.places import Places
from skinflint.linter.request import Limit
from skinflint.linter.shapes import leaves

_LARGER = (ast.Gt, ast.GtE)
_SMALLER = (ast.Lt, ast.LtE)
#: Calls that never come back.
_LEAVING = ("stop", "exit", "abort", "_exit")
#: What measures a list that it is handed.
_MEASURES = re.compile(r"(?i)(^len$|token|count|size|length|cost)")
#: States of an interview, an order or a game in which nobody is asked any more.
_ENDS = ("complete", "completed", "done", "finished", "ended", "closed", "over", "game_over")
#: Fields that say how far something is, and what is work of one moment rather than a talk.
_STATES = re.compile(r"(?i)(^|_)(status|state|phase|stage)$")
_WORK = re.compile(r"(?i)(^|_)(job|task|run|step|message|msg|request|reply|response|call|chunk)s?$")
#: Counts that begin again with the day, whatever becomes of the conversation.
_RATES = re.compile(r"(?i)(rate|daily|today|hour|minute|month|week|day|window|retr|attempt)")


class Refusals:
    """Reads the tests that a request has passed when it is sent."""

    def __init__(self, bounds: Bounds, places: Places) -> None:
        self.bounds = bounds
        self.places = places

    def at(
        self, module: Module, node: ast.AST, act: Activation, lists: Collection[str]
    ) -> Limit | None:
        """What keeps ``node`` from running once a list of one of these names is long."""
        for test, held in _passed(module, node, act.node):
            found = self._settled(module, test, held, act, lists)
            if found is None and _is_over(module, test, held, act.node, node):
                found = limit(module, test, "finished", "it is over once this is set")
            if found is not None:
                return found
        for call in _ahead(module, node, act.node):
            for handle in self.places.callees(call.func, act):
                if isinstance(handle.node, FUNCTIONS):
                    found = self._raises(handle.module, handle.node, _own(handle.node, call, lists))
                    if found is not None:
                        return found
        return None

    @staticmethod
    def concluding(function: FunctionNode) -> Iterator[ast.stmt]:
        """Where a function sets the state of what is talked about to an end: no job's, no step's.

        ``interview.status = "completed"``, which whoever asks for the next turn is refused by.
        """
        for stmt in walk(function):
            if not isinstance(stmt, ast.Assign) or not isinstance(stmt.value, ast.Constant):
                continue
            if str(stmt.value.value).lower() not in _ENDS:
                continue
            for target in stmt.targets:
                if isinstance(target, ast.Attribute) and _STATES.search(target.attr):
                    if not _WORK.search(last_name(target.value)):
                        yield stmt

    def _raises(
        self, module: Module, function: FunctionNode, lists: Collection[str]
    ) -> Limit | None:
        """What a function that is called ahead raises an error at."""
        act = self.places.plain(module, function)
        for stmt in walk(function):
            if isinstance(stmt, ast.If) and isinstance(stmt.body[-1], ast.Raise):
                found = self._settled(module, stmt.test, False, act, lists)
                if found is not None:
                    return found
        return None

    def _settled(
        self, module: Module, test: ast.expr, held: bool, act: Activation, lists: Collection[str]
    ) -> Limit | None:
        for compare, true in _parts(test, held):
            if self._small(module, compare, true, act, lists):
                return limit(module, compare, "refusal", "beyond this it is not sent")
            if _goes_on(compare, true):
                return limit(module, compare, "refusal", "it is over once this is reached")
        return None

    def _small(
        self,
        module: Module,
        test: ast.Compare,
        true: bool,
        act: Activation,
        lists: Collection[str],
    ) -> bool:
        """Whether a comparison that turned out so says that something is no larger than a bound."""
        if len(test.ops) != 1:
            return False
        left, right = test.left, test.comparators[0]
        if isinstance(test.ops[0], _LARGER):
            measure, most = (right, left) if true else (left, right)
        elif isinstance(test.ops[0], _SMALLER):
            measure, most = (left, right) if true else (right, left)
        else:
            return False
        if not self.bounds.finite(most, act):
            return False
        return (
            _is_length(measure, lists)
            or _is_count(module, measure)
            or _is_row_count(measure, act.node)
        )


def _passed(module: Module, node: ast.AST, within: ast.AST) -> Iterator[tuple[ast.expr, bool]]:
    """The tests that decide whether ``node`` runs, and what they say when it does."""
    for test, held in guards(module, node, within):
        if not isinstance(module.parents.get(test), ast.While):  # that ends the loop
            yield test, held
    child = node
    for parent in module.ancestors(node):
        for name in ("body", "orelse", "finalbody"):
            block = getattr(parent, name, None)
            if isinstance(block, list) and child in block:
                for earlier in block[: block.index(child)]:
                    if isinstance(earlier, ast.If):
                        if _goes(earlier.body):
                            yield earlier.test, False
                        elif earlier.orelse and _goes(earlier.orelse):
                            yield earlier.test, True
        if parent is within:
            return
        child = parent


def _ahead(module: Module, node: ast.AST, within: ast.AST) -> Iterator[ast.Call]:
    """The calls that stand alone in front of ``node``, in the blocks around it."""
    child = node
    for parent in module.ancestors(node):
        for name in ("body", "orelse"):
            block = getattr(parent, name, None)
            if isinstance(block, list) and child in block:
                for earlier in block[: block.index(child)]:
                    if isinstance(earlier, ast.Expr):
                        value = earlier.value
                        call = value.value if isinstance(value, ast.Await) else value
                        if isinstance(call, ast.Call):
                            yield call
        if parent is within:
            return
        child = parent


def _own(function: FunctionNode, call: ast.Call, lists: Collection[str]) -> set[str]:
    """What the lists are called in a function that some of them are handed to."""
    names = [p.arg for p in parameters(function) if p.arg not in ("self", "cls")]
    handed = {name for name, given in zip(names, call.args, strict=False) if _named(given) in lists}
    handed |= {k.arg for k in call.keywords if k.arg and _named(k.value) in lists}
    return {*lists, *handed}


def _goes(body: list[ast.stmt]) -> bool:
    """Whether a block goes no further, by a call that never comes back too."""
    if leaves(body):
        return True
    last = body[-1]
    return (
        isinstance(last, ast.Expr)
        and isinstance(last.value, ast.Call)
        and last_name(last.value.func) in _LEAVING
    )


def _parts(test: ast.expr, true: bool) -> Iterator[tuple[ast.Compare, bool]]:
    """The comparisons that are settled where a test turned out so."""
    if isinstance(test, ast.Compare):
        yield test, true
    elif isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        yield from _parts(test.operand, not true)
    elif isinstance(test, ast.BoolOp) and isinstance(test.op, ast.And if true else ast.Or):
        for value in test.values:
            yield from _parts(value, true)


def _goes_on(test: ast.Compare, true: bool) -> bool:
    """Whether something that has an end is not there yet: ``state["stage"] != "complete"``."""
    if len(test.ops) != 1 or not isinstance(test.left, (ast.Attribute, ast.Subscript)):
        return False
    end = test.comparators[0]
    if not isinstance(end, ast.Constant) or end.value not in _ENDS:
        return False
    return isinstance(test.ops[0], ast.NotEq if true else ast.Eq)


def _is_over(module: Module, test: ast.expr, held: bool, function: ast.AST, sends: ast.AST) -> bool:
    """Whether a field that the run itself sets in the end keeps it from sending ever again.

    ``if talk["settled"]: return``, and behind the reply ``UPDATE talks SET settled = 1``. What is
    set in front of it, and taken back elsewhere, only says that it is under way:
    ``if self.running: return``.
    """
    negated = isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not)
    field = test.operand if isinstance(test, ast.UnaryOp) and negated else test
    if held is not negated or not isinstance(field, (ast.Attribute, ast.Subscript)):
        return False
    name = last_name(field) or _named(field)
    sets = re.compile(rf"(?is)\bset\b.*\b{re.escape(name)}\s*=\s*(1|true)\b")
    for node in walk(function) if name else ():
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            if sets.search(node.value):
                return True
        elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant):
            if node.value.value is True and any(
                not isinstance(target, ast.Name) and (last_name(target) or _named(target)) == name
                for target in node.targets
            ):
                ahead = node.lineno < getattr(sends, "lineno", 0)
                return not ahead or not _is_taken_back(module, name)
    return False


def _is_taken_back(module: Module, name: str) -> bool:
    """Whether a field is unset again by something that doesn't begin a conversation."""
    return any(
        isinstance(stmt, ast.Assign)
        and isinstance(stmt.value, ast.Constant)
        and not stmt.value.value
        and not _begins(module, stmt)
        for stmt in _settings(module, name)
    )


def _is_length(node: ast.expr, lists: Collection[str]) -> bool:
    """``len(history)``, ``count_tokens(self.history)``."""
    for call in walk(node):
        if isinstance(call, ast.Call) and _MEASURES.search(last_name(call.func)):
            if any(_named(argument) in lists for argument in call.args):
                return True
    return False


def _is_count(module: Module, node: ast.expr) -> bool:
    """Whether it outlives a turn and is only counted up: ``self.turns``, ``state["asked"]``."""
    name = _named(node)
    if isinstance(node, ast.Name) or not name or _RATES.search(ast.unparse(node)):
        return False
    counted = False
    for stmt in _settings(module, name):
        if isinstance(stmt, ast.AugAssign):
            if not isinstance(stmt.op, ast.Add):
                return False
            counted = True
        elif not _begins(module, stmt):
            return False
    return counted


def _is_row_count(node: ast.expr, function: ast.AST) -> bool:
    """Whether it is the number of the rows that a function reads as well.

    ``count = db.query(Message).filter(...).count()`` in front of
    ``db.query(Message).filter(...).all()``.
    """
    if not isinstance(node, ast.Name) or not isinstance(function, FUNCTIONS):
        return False
    bound = [
        stmt.value
        for stmt in walk(function)
        if isinstance(stmt, ast.Assign)
        and any(isinstance(target, ast.Name) and target.id == node.id for target in stmt.targets)
    ]
    if len(bound) != 1 or not isinstance(bound[0], ast.Call):
        return False
    counted = bound[0]
    if last_name(counted.func) != "count" or _RATES.search(ast.unparse(counted)):
        return False
    own = set(walk(counted))
    asked = {each: name for each in walk(function) if (name := _table_of(each))}
    tables = {name for each, name in asked.items() if each in own}
    return any(each not in own and name in tables for each, name in asked.items())


def _table_of(node: ast.AST) -> str:
    """``Message`` of ``db.query(Message)``, ``select(Message)`` and ``Message.objects``."""
    if isinstance(node, ast.Attribute) and node.attr == "objects":
        return last_name(node.value)
    if isinstance(node, ast.Call) and last_name(node.func) in ("query", "select") and node.args:
        return last_name(node.args[0])
    return ""


def _settings(module: Module, name: str) -> Iterator[ast.stmt]:
    """The statements that set an attribute or a key of this name."""
    for stmt in walk(module.tree):
        if isinstance(stmt, ast.Assign):
            targets = stmt.targets
        elif isinstance(stmt, (ast.AugAssign, ast.AnnAssign)):
            targets = [stmt.target]
        else:
            continue
        if any(not isinstance(each, ast.Name) and _named(each) == name for each in targets):
            yield stmt


def _begins(module: Module, stmt: ast.stmt) -> bool:
    """Whether a count is set where a conversation begins, not in front of each turn of it."""
    scope = module.scope(stmt)
    if isinstance(scope, FUNCTIONS):
        return BEGINS.search(scope.name.strip("_")) is not None
    return isinstance(scope, ast.ClassDef) or conditional(module, stmt, scope)


def _named(node: ast.expr) -> str:
    """The last name of a variable: of an attribute, of a key that is written out."""
    if isinstance(node, ast.Subscript):
        key = node.slice
        if isinstance(key, ast.Constant) and isinstance(key.value, str):
            return key.value
        return _named(node.value)
    return (dotted(node) or "").rpartition(".")[2]
