"""What ends the loop that sends the results of tools back: the model alone, or something else too.

A loop is told only where every way out of it could be read. A way out hangs on the model where all
that its conditions read comes from the reply; everything else (a count, a clock, a budget, a flag
of another thread, a person who is asked) may end the loop as well, and is listed as a limit.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from typing import TypeAlias

from skinflint.linter.callers import Callers, waits
from skinflint.linter.endings import CUT
from skinflint.linter.module import (
    FUNCTIONS,
    LOOPS,
    FunctionNode,
    Module,
    children,
    dotted,
    last_name,
    walk,
)
from skinflint.linter.request import Rounds
from skinflint.linter.spans import Role, Span, Step
from skinflint.linter.values import Frame, MarkKind

#: What a loop of tools speaks of, in names and in texts.
_OF_TOOLS = re.compile(r"tool_?(use|call|result|block)|function_?call", re.I)
#: How a reply says that it asks for nothing more. A loop that only asks for other reasons (the
#: reply was cut, a turn was paused) takes a reply up again and is none of tools.
_ENOUGH = frozenset(("end_turn", "stop", "stop_sequence", "tool_calls"))
#: Why a reply that is not complete stopped.
_TAKEN_UP = frozenset((*CUT, "length"))
#: Words of names that bound something. What bounds the reply, or asks why it stopped, does not.
_BOUNDS = frozenset(
    (
        *("budget", "budgets", "limit", "limits", "quota", "deadline", "cap", "caps", "timeout"),
        *("cancel", "cancelled", "canceled", "abort", "aborted", "interrupt", "interrupted"),
        *("max", "maximum", "iteration", "iterations", "expired", "alarm", "fuse", "breaker"),
    )
)
_OTHER_BOUNDS = re.compile(
    r"max_?tokens|max_?retries|rate_?limit|^API|^Max$|max_?(chars|len)", re.I
)
#: Names of calls under which everything ends after a while.
_CLOCKS = frozenset(("wait_for", "timeout", "timeout_at", "fail_after", "move_on_after"))
_LEAVES = frozenset(("sys.exit", "exit", "quit", "os._exit"))
_ORDERINGS = (ast.Lt, ast.LtE, ast.Gt, ast.GtE)
_APPROVALS = re.compile(r"confirm|approv|permission|ask_(user|human)|user_input|human_", re.I)
_AnyLoop: TypeAlias = "ast.While | ast.For | ast.AsyncFor"
_DEEPEST = 3  # helpers looked into from the loop, and callers looked up from it


def rounds_of(
    module: Module, node: ast.Call, host: Frame, callers: Callers, *, runner: bool, capped: bool
) -> Rounds | None:
    """The loop that repeats the request at ``node`` for the results of tools; None without one.

    ``runner``: the call makes a runner of the SDK, which loops by itself; ``capped``: it was
    handed a limit, or may have been.
    """
    if runner:
        return _Runner(module, node).rounds(capped)
    for depth in range(len(host) - 1, -1, -1):
        mark = host[depth]
        if mark.kind is not MarkKind.LOOP:
            continue
        found = callers.loop_around(node, mark)
        if found is None:
            return None
        there, loop, inner = found
        if not goes_on(there.module, inner, loop):
            continue  # a retry loop, or a stream that is read
        if not isinstance(loop, LOOPS) or not (isinstance(loop, ast.While) or endless(loop)):
            return None
        between = [callers.function_of(m) for m in host[depth:] if m.kind is MarkKind.FUNCTION]
        return _Loop(there, loop, inner, between).rounds()
    return None


def endless(loop: ast.AST) -> bool:
    """Whether a ``for`` counts without an end."""
    if not isinstance(loop, (ast.For, ast.AsyncFor)) or not isinstance(loop.iter, ast.Call):
        return False
    return dotted(loop.iter.func) in ("itertools.count", "count")


def limits_of(callers: Callers, loop: _AnyLoop, inner: ast.AST) -> list[Step]:
    """What may end a loop around a request besides the reply: counts, clocks, people, budgets."""
    found = _Loop(callers, loop, inner, [])
    return [*found._measured(), *found._asked(), *found._watched(), *found._around()]


# -- control flow ----------------------------------------------------------------------------------


def goes_on(module: Module, node: ast.AST, loop: ast.AST) -> bool:
    """Whether the loop can come to another round after ``node`` has done its work."""
    stmt = module.statement(node)
    while stmt is not None and stmt is not loop:
        parent = module.parents[stmt]
        for suite in _suites(parent):
            if stmt in suite:
                ends, again = outcome(suite[suite.index(stmt) + 1 :])
                if again:
                    return True
                if ends or (suite is getattr(parent, "body", None) and _else_ends(parent)):
                    return False
        current: ast.AST | None = parent
        while current is not None and not isinstance(current, ast.stmt):
            current = module.parents.get(current)
        if current is None or isinstance(current, (*FUNCTIONS, ast.ClassDef)):
            return True
        stmt = current
    return True


def _else_ends(parent: ast.AST) -> bool:
    if not isinstance(parent, ast.Try) or not parent.orelse:
        return False
    ends, again = outcome(parent.orelse)
    return ends and not again


def _suites(node: ast.AST) -> Iterator[list[ast.stmt]]:
    for name in ("body", "orelse", "finalbody"):
        suite = getattr(node, name, None)
        if isinstance(suite, list):
            yield suite


def outcome(body: list[ast.stmt]) -> tuple[bool, bool]:
    """Whether a block never runs to its end, and whether it may start the next round."""
    again = False
    for stmt in body:
        if isinstance(stmt, (ast.Return, ast.Break, ast.Raise)):
            return True, again
        if isinstance(stmt, ast.Continue):
            return True, True
        if isinstance(stmt, ast.If):
            first, second = outcome(stmt.body), outcome(stmt.orelse)
            again = again or first[1] or second[1]
            if first[0] and second[0]:
                return True, again
        elif isinstance(stmt, (ast.With, ast.AsyncWith)):
            ends, more = outcome(stmt.body)
            again = again or more
            if ends:
                return True, again
        elif isinstance(stmt, ast.Try):
            ends, more = outcome([*stmt.body, *stmt.orelse])
            again = again or more
            if ends and all(outcome(handler.body)[0] for handler in stmt.handlers):
                return True, again
    return False, again


def nodes_below(roots: Iterable[ast.AST]) -> Iterator[ast.AST]:
    """Everything below ``roots`` that runs with them: no bodies of nested functions."""
    stack = list(roots)
    while stack:
        node = stack.pop()
        yield node
        if not isinstance(node, (*FUNCTIONS, ast.ClassDef, ast.Lambda)):
            stack.extend(children(node))


def _words(name: str) -> list[str]:
    return re.findall(r"[a-z]+|[A-Z][a-z]*|[A-Z]+(?![a-z])", name)


def _bounds(name: str) -> bool:
    """Whether a name says that something is bounded by it."""
    if not name or _OTHER_BOUNDS.search(name):
        return False
    return any(word.lower() in _BOUNDS for word in _words(name))


def _keeps_limit(call: ast.Call) -> bool:
    """Whether what is called has to do with a limit: ``budget.over()``, ``check_deadline()``."""
    return any(_bounds(part) for part in (dotted(call.func) or last_name(call.func)).split("."))


def _names(node: ast.AST) -> Iterator[str]:
    """The last names of everything that is read, bound or called below ``node``."""
    for each in walk(node):
        if isinstance(each, ast.Name):
            yield each.id
        elif isinstance(each, ast.Attribute):
            yield each.attr
        elif isinstance(each, ast.arg):
            yield each.arg


def _is_one(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value in (0, 1)


def _measures(test: ast.AST) -> bool:
    """Whether something is compared with a size other than none or one."""
    return any(
        isinstance(each, ast.Compare)
        and any(isinstance(op, _ORDERINGS) for op in each.ops)
        and not any(_is_one(side) for side in (each.left, *each.comparators))
        for each in walk(test)
    )


def _asks_again(test: ast.expr) -> bool:
    """Whether a test holds for replies that aren't whole, or that end and call no tool."""
    return any(
        (isinstance(each, ast.Constant) and each.value in _TAKEN_UP)
        or (
            isinstance(each, ast.Compare)
            and isinstance(each.ops[0], ast.Eq)
            and any(isinstance(c, ast.Constant) and c.value in _ENOUGH for c in each.comparators)
        )
        for each in walk(test)
    )


# -- one loop --------------------------------------------------------------------------------------


class _Loop:
    """A loop without an end of its own, around one request."""

    def __init__(
        self,
        callers: Callers,
        loop: ast.While | ast.For | ast.AsyncFor,
        inner: ast.AST,
        between: list[FunctionNode | None],
    ) -> None:
        self.module = callers.module
        self.callers = callers
        self.loop = loop
        self.inner = inner
        self.between = between  # the functions that lead from ``inner`` to the request
        self.own = list(nodes_below(loop.body))
        self.functions: dict[str, list[FunctionNode]] = {}
        for function in self.module.functions:
            self.functions.setdefault(function.name, []).append(function)
        self.bound: set[str] = set()  # what is bound to the reply
        self.handed: dict[str, set[str]] = {}  # objects that are handed it, by which methods
        self.said = self._said()

    def rounds(self) -> Rounds | None:
        if not self._of_tools() or self._takes_up():
            return None
        ends, limits = self._ways_out()
        if not ends and not limits:
            return None
        limits += self._measured()
        limits += self._asked()
        limits += self._watched()
        limits += self._around()
        module, loop = self.module, self.loop
        whole = module.span(loop)
        return Rounds(
            whole,
            head_of(module, loop),
            "loop",
            tuple(ends),
            tuple(dict.fromkeys(limits)),
            certain=self._certain(),
        )

    def _step(self, node: ast.AST, label: str) -> Step:
        return Step(Role.STEP, self.module.span(node), label)

    # -- what it is about

    def _helpers(self, roots: Iterable[ast.AST], depth: int = _DEEPEST) -> Iterator[FunctionNode]:
        """The functions of this module that the loop calls, by name, each once."""
        seen: set[ast.AST] = set()
        level = list(roots)
        for _ in range(depth):
            found: list[FunctionNode] = []
            for node in level:
                if not isinstance(node, ast.Call):
                    continue
                for function in self.functions.get(last_name(node.func), ()):
                    inside = any(p is function for p in self.module.ancestors(self.loop))
                    if function not in seen and not inside:
                        seen.add(function)
                        found.append(function)
            yield from found
            level = [node for function in found for node in nodes_below(function.body)]

    def _of_tools(self) -> bool:
        """Whether results of tools go back in this loop."""
        here = [*self.own]
        if isinstance(self.loop, ast.While):
            here += walk(self.loop.test)
        if any(_speaks_of_tools(node) for node in here):
            return True
        if any(isinstance(node, ast.Constant) and node.value in _ENOUGH for node in here):
            return True
        return any(
            _speaks_of_tools(node)
            for function in self._helpers(self.own, 2)
            for node in nodes_below(function.body)
        )

    def _takes_up(self) -> bool:
        """Whether only a reply that was paused or cut off, or calls nothing, leads to another."""
        if not outcome(self.loop.body)[0]:
            return False
        again = [node for node in self.own if isinstance(node, ast.Continue)]
        again = [node for node in again if self._nearest(node) is self.loop]
        return bool(again) and all(
            any(_asks_again(test) for test in self._guards(node)) for node in again
        )

    def _nearest(self, node: ast.AST) -> ast.AST | None:
        """The loop that a ``break`` or ``continue`` belongs to."""
        return next((each for each in self.module.ancestors(node) if isinstance(each, LOOPS)), None)

    # -- what the model says

    def _said(self) -> frozenset[str]:
        """The names and paths in the loop that hold (parts of) the reply and nothing else."""
        stmt = self.module.statement(self.inner)
        found: set[str] = set()
        if stmt is not None and stmt is not self.loop:
            found.update(_targets_of(stmt, self.inner))
        self.bound.update(found)
        given = {
            path
            for argument in (
                *getattr(self.inner, "args", ()),
                *(k.value for k in getattr(self.inner, "keywords", ())),
            )
            if (path := dotted(argument))
        }
        while True:
            before = len(found)
            for node in self.own:
                found.update(self._passed_on(node, found, given))
            found.update(self._flags(found))
            if len(found) == before:
                return frozenset(found)

    def _passed_on(self, node: ast.AST, said: set[str], given: set[str]) -> Iterator[str]:
        if isinstance(node, (ast.Assign, ast.AnnAssign, ast.AugAssign, ast.NamedExpr)):
            value = node.value
            if value is not None and self._from(value, said):
                for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
                    paths = [p for p in paths_of(target) if p not in given]
                    self.bound.update(paths)
                    yield from paths
        elif isinstance(node, (ast.For, ast.AsyncFor)):
            if self._from(node.iter, said):
                yield from paths_of(node.target)
        elif isinstance(node, ast.withitem):
            if node.optional_vars is not None and self._from(node.context_expr, said):
                yield from paths_of(node.optional_vars)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            if node.func.attr in ("append", "extend", "add", "update"):
                path = dotted(node.func.value)
                if path and path not in given and any(self._from(a, said) for a in node.args):
                    self.handed.setdefault(path, set()).add(node.func.attr)
                    yield path

    def _from(self, value: ast.AST, said: set[str]) -> bool:
        """Whether a value is made of the reply, and no bound is asked on the way."""
        reads = False
        for each in walk(value):
            if isinstance(each, ast.Call) and _keeps_limit(each):
                return False
            if isinstance(each, (ast.Name, ast.Attribute)) and dotted(each) in said:
                reads = True
        return reads

    def _flags(self, said: set[str]) -> Iterator[str]:
        """Names that are set to constants where the reply says so: ``done = True``."""
        constant: dict[str, list[ast.AST]] = {}
        other: set[str] = set()
        for node in self.own:
            if isinstance(node, (ast.Assign, ast.AnnAssign)) and node.value is not None:
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                paths = [p for target in targets for p in paths_of(target)]
                if isinstance(node.value, (ast.Constant, ast.List)) and not getattr(
                    node.value, "elts", ()
                ):
                    for path in paths:
                        constant.setdefault(path, []).append(node)
                elif not self._from(node.value, said):
                    other.update(paths)
            elif isinstance(node, ast.AugAssign):
                other.update(paths_of(node.target))
        for path, places in constant.items():
            guarded = [self._guards(place) for place in places]
            if path not in other and any(guarded):
                if all(all(self._model(t, said) for t in tests) for tests in guarded):
                    yield path

    # -- ways out

    def _ways_out(self) -> tuple[list[Step], list[Step]]:
        """The places that leave the loop: on the model's word, and for other reasons."""
        ends: list[Step] = []
        limits: list[Step] = []
        if isinstance(self.loop, ast.While) and not _always(self.loop.test):
            if self._model(self.loop.test, self.said):
                ends.append(self._step(self.loop.test, "goes on while the reply says so"))
            else:
                limits.append(self._step(self.loop.test, "the condition of the loop may end it"))
        for node in self.own:
            if not self._leaves(node):
                continue
            handler = self._handler(node)
            if handler is not None:
                if handler.type is not None and any(_bounds(n) for n in _names(handler.type)):
                    limits.append(self._step(node, "left when a limit is hit"))
                continue
            tests = self._guards(node) or self._skipped(node)
            if tests and all(self._model(test, self.said) for test in tests):
                ends.append(self._step(node, "left when the reply asks for no tool"))
            else:
                limits.append(self._step(node, "left for another reason"))
        ends.sort(key=lambda step: step.span)
        limits.sort(key=lambda step: step.span)
        return ends, limits

    def _leaves(self, node: ast.AST) -> bool:
        if isinstance(node, (ast.Return, ast.Raise)):
            return True
        if isinstance(node, ast.Call):
            return dotted(node.func) in _LEAVES
        return isinstance(node, ast.Break) and self._nearest(node) is self.loop

    def _inside(self, node: ast.AST) -> Iterator[tuple[ast.AST, ast.AST]]:
        """``(child, parent)`` from ``node`` up to the loop."""
        child = node
        for parent in self.module.ancestors(node):
            yield child, parent
            if parent is self.loop:
                return
            child = parent

    def _handler(self, node: ast.AST) -> ast.ExceptHandler | None:
        for _, parent in self._inside(node):
            if isinstance(parent, ast.ExceptHandler):
                return parent
        return None

    def _guards(self, node: ast.AST) -> list[ast.expr]:
        """The tests that ``node`` hangs on inside the loop."""
        tests: list[ast.expr] = []
        for child, parent in self._inside(node):
            if parent is self.loop:
                break
            if isinstance(parent, (ast.If, ast.IfExp, ast.While)) and child is not parent.test:
                tests.append(parent.test)
            elif isinstance(parent, ast.match_case):
                owner = self.module.parents[parent]
                if isinstance(owner, ast.Match):
                    tests.append(owner.subject)
        return tests

    def _skipped(self, node: ast.AST) -> list[ast.expr]:
        """The tests that keep the loop from coming to ``node``: those that start a new round."""
        tests: list[ast.expr] = []
        for child, parent in self._inside(node):
            for suite in _suites(parent):
                if child in suite:
                    for stmt in suite:
                        if stmt is child:
                            break
                        if isinstance(stmt, ast.If) and outcome([stmt])[1]:
                            tests.append(stmt.test)
        return tests

    def _model(self, test: ast.AST, said: frozenset[str] | set[str]) -> bool:
        """Whether a condition hangs on the reply alone."""
        if _measures(test):
            return False
        own = {
            path
            for each in walk(test)
            if isinstance(each, ast.comprehension)
            for path in paths_of(each.target)
        }
        reads = False
        for each in walk(test):
            if isinstance(each, ast.Call) and _keeps_limit(each):
                return False
            if isinstance(each, ast.Compare) and self._remembers(each):
                return False
            if not isinstance(each, (ast.Name, ast.Attribute)):
                continue
            parent = self.module.parents.get(each)
            if isinstance(parent, ast.Attribute):
                continue  # a part of a longer path
            path = dotted(each)
            if path is None:
                continue
            if self._is_said(path, said):
                if self._counted_within(path):
                    return False
                reads = True
            elif path in own or path.partition(".")[0] in own:
                continue
            elif not (isinstance(parent, ast.Call) and each is parent.func) and not self._fixed(
                path
            ):
                return False
        return reads

    def _remembers(self, test: ast.Compare) -> bool:
        """Whether something is looked for among what earlier rounds have put there."""
        if not isinstance(test.ops[0], (ast.In, ast.NotIn)):
            return False
        path = dotted(test.comparators[0])
        filled = made = False
        for node in self.own:
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                if node.func.attr in ("add", "append") and dotted(node.func.value) == path:
                    filled = True
            elif isinstance(node, (ast.Name, ast.Attribute)) and dotted(node) == path:
                made = made or isinstance(node.ctx, ast.Store)
        return path is not None and filled and not made

    @staticmethod
    def _is_said(path: str, said: frozenset[str] | set[str]) -> bool:
        while path:
            if path in said:
                return True
            path = path.rpartition(".")[0]
        return False

    def _counted_within(self, path: str) -> bool:
        """Whether something that an object keeps may be set by its own count of the rounds.

        ``while run.state == GOES_ON: run.update(ask())``: only the method knows when it ends.
        """
        base, _, name = path.rpartition(".")
        methods = self.handed.get(base)
        if not methods or base in self.bound:
            return False
        written = [f for method in sorted(methods) for f in self.functions.get(method, ())]
        return not written or any(_sets_when_full(function, name) for function in written)

    def _fixed(self, path: str) -> bool:
        """Whether a name stands for a class, a function or a constant."""
        last = path.rpartition(".")[2]
        first = path.partition(".")[0]
        return (
            last.isupper()
            or last[:1].isupper()
            or first in self.module.top
            or first in ("str", "int", "list", "dict", "tuple", "bool")
        )

    # -- other limits

    def _measured(self) -> list[Step]:
        """Comparisons of what each round counts up, or of a clock, a usage, a length of it all."""
        counted = {
            path
            for node in self.own
            if isinstance(node, ast.AugAssign) and isinstance(node.op, (ast.Add, ast.Sub))
            for path in paths_of(node.target)
        }
        found: list[Step] = []
        for node in self.own:
            if not isinstance(node, ast.Compare):
                continue
            paths = {p for each in walk(node) if (p := dotted(each))}
            if not any(isinstance(op, _ORDERINGS) for op in node.ops) and not (
                self._ends_by_count(node, counted)
            ):
                continue
            calls = {last_name(c.func) for c in walk(node) if isinstance(c, ast.Call)}
            bound = any(_bounds(p.rpartition(".")[2]) for p in paths)
            clock = bool(calls & {"time", "monotonic", "perf_counter", "now"})
            if paths & counted or bound or clock:
                found.append(self._step(node, "compared in each round"))
        return found

    def _ends_by_count(self, test: ast.Compare, counted: set[str]) -> bool:
        """Whether ``turn == last`` ends the loop: by leaving it, or by what the loop asks for."""
        plain = {dotted(side) for side in (test.left, *test.comparators)}
        if not isinstance(test.ops[0], ast.Eq) or not plain & counted:
            return False
        stmt = self.module.statement(test)
        if isinstance(stmt, ast.If) and not stmt.orelse:
            return isinstance(stmt.body[-1], (ast.Break, ast.Return, ast.Raise))
        if not isinstance(stmt, ast.Assign) or not isinstance(self.loop, ast.While):
            return stmt is self.loop
        asked = {dotted(each) for each in walk(self.loop.test)} - {None}
        return any(dotted(target) in asked for target in stmt.targets)

    def _asked(self) -> list[Step]:
        """Places at which a person is asked in every round."""
        found: list[Step] = []
        for node in self.own:
            if not isinstance(node, ast.Call) or node is self.inner:
                continue
            name = last_name(node.func)
            asks = waits(node) or bool(_APPROVALS.search(name))
            if not asks:
                asks = any(
                    waits(each)
                    for function in self._helpers([node], 2)
                    for each in nodes_below(function.body)
                )
            if asks and not self._seldom(node):
                found.append(self._step(node, "a person is asked here"))
        return found

    def _seldom(self, node: ast.AST) -> bool:
        """Whether ``node`` runs for one tool of many only."""
        looped = tested = False
        for child, parent in self._inside(node):
            if parent is self.loop:
                break
            if isinstance(parent, (ast.For, ast.AsyncFor)) and child in parent.body:
                looped = True
                break
            if isinstance(parent, (ast.If, ast.IfExp)) and child is not parent.test:
                tested = True
        return looped and tested

    def _watched(self) -> list[Step]:
        """Calls whose names say that they keep a limit, and may raise when it is hit."""
        return [
            self._step(node, f"{last_name(node.func)}() may end it")
            for node in self.own
            if isinstance(node, ast.Call)
            and isinstance(self.module.parents.get(node), (ast.Expr, ast.Await))
            and (_keeps_limit(node) or self._counts_and_raises(node))
        ]

    def _counts_and_raises(self, call: ast.Call) -> bool:
        """Whether what is called raises an error once something has become too large."""
        return any(
            isinstance(node, ast.If)
            and isinstance(node.body[-1], ast.Raise)
            and _measures(node.test)
            for function in self.functions.get(last_name(call.func), ())
            for node in nodes_below(function.body)
        )

    def _around(self) -> list[Step]:
        """Clocks around the loop, here and at the callers of its function."""
        found: list[Step] = []
        level: list[tuple[Module, ast.AST]] = [(self.module, self.loop)]
        seen: set[ast.AST] = set()
        for _ in range(_DEEPEST):
            above: list[tuple[Module, ast.AST]] = []
            for module, node in level:
                for parent in module.ancestors(node):
                    calls: list[ast.expr] = [parent] if isinstance(parent, ast.Call) else []
                    if isinstance(parent, (ast.With, ast.AsyncWith)):
                        calls = [item.context_expr for item in parent.items]
                    found += [
                        Step(Role.STEP, module.span(call), "ends after a while")
                        for call in calls
                        if isinstance(call, ast.Call)
                        and (last_name(call.func) in _CLOCKS or _bounds(last_name(call.func)))
                    ]
                    if isinstance(parent, FUNCTIONS):
                        found += self._decorators(module, parent)
                        if parent not in seen:
                            seen.add(parent)
                            sites = self.callers.of(module).sites(parent)
                            above += [(site.module, site.call) for site in sites]
                        break
            level = above
        return found

    @staticmethod
    def _decorators(module: Module, function: FunctionNode) -> list[Step]:
        return [
            Step(Role.STEP, module.span(decorator), "ends after a while")
            for decorator in function.decorator_list
            if any(
                _bounds(name)
                for name in (
                    *_names(decorator),
                    *(k.arg or "" for k in getattr(decorator, "keywords", ())),
                )
            )
        ]

    def _certain(self) -> bool:
        """Whether nothing between the loop and the request may bound it."""
        for function in self.between:
            if function is None:
                return False
            for node in nodes_below(function.body):
                if isinstance(node, ast.If) and (
                    _measures(node.test) or any(_bounds(n) for n in _names(node.test))
                ):
                    return False
        return True


def _sets_when_full(function: FunctionNode, name: str) -> bool:
    """Whether a function sets an attribute once something that it counts up is too large."""
    counted = {
        path
        for node in nodes_below(function.body)
        if isinstance(node, ast.AugAssign)
        for path in paths_of(node.target)
    }
    for node in nodes_below(function.body):
        if not isinstance(node, ast.If):
            continue
        paths = {path for each in walk(node.test) if (path := dotted(each))}
        if not paths & counted and not _measures(node.test):
            continue
        for each in nodes_below(node.body):
            if isinstance(each, (ast.Assign, ast.AnnAssign)):
                targets = each.targets if isinstance(each, ast.Assign) else [each.target]
                if any(p.endswith(f".{name}") for target in targets for p in paths_of(target)):
                    return True
    return False


def head_of(module: Module, loop: ast.While | ast.For | ast.AsyncFor) -> Span:
    """The first line of a loop, as far as its condition goes."""
    whole = module.span(loop)
    end = module.span(loop.test if isinstance(loop, ast.While) else loop.iter)
    return Span(whole.path, whole.line, whole.column, end.end_line, end.end_column)


def _always(test: ast.expr) -> bool:
    return isinstance(test, ast.Constant) and bool(test.value)


def _speaks_of_tools(node: ast.AST) -> bool:
    if isinstance(node, ast.Constant):
        return isinstance(node.value, str) and bool(_OF_TOOLS.match(node.value))
    if isinstance(node, ast.Attribute):
        return bool(_OF_TOOLS.search(node.attr))
    return isinstance(node, ast.Name) and bool(_OF_TOOLS.search(node.id))


def paths_of(target: ast.AST) -> Iterator[str]:
    """The names and dotted paths that a target binds or changes."""
    if isinstance(target, (ast.Tuple, ast.List)):
        for element in target.elts:
            yield from paths_of(element)
    elif isinstance(target, (ast.Starred, ast.Subscript)):
        yield from paths_of(target.value)
    elif path := dotted(target):
        yield path


def _targets_of(stmt: ast.stmt, inner: ast.AST) -> Iterator[str]:
    """What the statement that sends a request binds to the reply."""
    if isinstance(stmt, ast.Assign):
        for target in stmt.targets:
            yield from paths_of(target)
    elif isinstance(stmt, (ast.AnnAssign, ast.AugAssign, ast.For, ast.AsyncFor)):
        yield from paths_of(stmt.target)
    elif isinstance(stmt, (ast.With, ast.AsyncWith)):
        for item in stmt.items:
            if item.optional_vars is not None:
                yield from paths_of(item.optional_vars)
    for each in walk(stmt):
        if isinstance(each, ast.NamedExpr) and any(n is inner for n in walk(each.value)):
            yield each.target.id


# -- the runner of the SDK -------------------------------------------------------------------------


class _Runner:
    """A call that makes a runner, and the loops that read it."""

    def __init__(self, module: Module, call: ast.Call) -> None:
        self.module = module
        self.call = call

    def rounds(self, capped: bool) -> Rounds:
        span = self.module.span(self.call)
        limits: list[Step] = []
        certain = True
        if capped:
            limits.append(Step(Role.STEP, span, "it is handed a limit"))
        for reader, use in self._uses():
            if isinstance(use, (ast.For, ast.AsyncFor)) and reader is use.iter:
                limits += [
                    Step(Role.STEP, self.module.span(node), "left early")
                    for node in nodes_below(use.body)
                    if isinstance(node, (ast.Break, ast.Return, ast.Raise))
                ]
            elif not (isinstance(use, ast.Attribute) and use.attr == "until_done"):
                certain = False
        return Rounds(span, span, "runner", (), tuple(limits), certain)

    def _uses(self) -> Iterator[tuple[ast.AST, ast.AST]]:
        """``(expression, what it stands in)`` for every use of the runner."""
        expression: ast.AST = self.call
        parent = self.module.parents.get(expression)
        while isinstance(parent, ast.Await):
            expression, parent = parent, self.module.parents.get(parent)
        target = parent.targets[0] if isinstance(parent, ast.Assign) else None
        if not isinstance(target, ast.Name) or len(parent.targets) > 1:  # type: ignore[union-attr]
            if parent is not None:
                yield expression, parent
            return
        scope = self.module.scope(self.call)
        for load in self.module.loads.get(target.id, ()):
            if isinstance(load, ast.Name) and self.module.scope(load) is scope:
                use = self.module.parents.get(load)
                if use is not None:
                    yield load, use
