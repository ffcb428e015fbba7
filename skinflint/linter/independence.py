"""Are the rounds of a loop over records independent: may its requests be sent in any order?

A small flow analysis over the loop's body and the functions on the way from it to the request. What
a reply touches is followed from name to name; if it reaches the request of a later round, or
decides whether there is one, the rounds depend on each other. What can't be seen through leaves it
open: only True is a promise.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple, TypeAlias

from skinflint.catalog import surfaces
from skinflint.linter.module import (
    COMPREHENSIONS,
    FUNCTIONS,
    FunctionNode,
    Module,
    children,
    dotted,
    last_name,
    walk,
)
from skinflint.linter.spans import Role, Span, Step

#: From the request outwards: the request's call, then the call of each helper that leads to it; the
#: last one stands in the loop.
Way: TypeAlias = "Sequence[tuple[Module, ast.AST]]"
#: The function of the project that a callee means, if it is one.
Resolve: TypeAlias = "Callable[[Module, ast.expr], tuple[Module, FunctionNode] | None]"

#: What runs a call next to others instead of waiting for it.
_SIDE_BY_SIDE = frozenset(
    (
        *("submit", "map", "imap", "imap_unordered", "starmap", "create_task", "ensure_future"),
        *("gather", "as_completed", "start_soon", "spawn", "run_coroutine_threadsafe", "Thread"),
        *("apply_async", "delay", "defer", "map_async", "starmap_async", "add_task"),
    )
)
#: What runs a coroutine and waits for it.
_WAITING = frozenset(("run", "run_until_complete", "run_sync", "async_to_sync"))
#: What waits for what runs next to it.
_COLLECTS = frozenset(("result", "wait", "gather", "as_completed"))
#: What a loop over arrivals runs over: its next element comes when somebody sends it.
_ARRIVALS = frozenset(
    (
        *("listen", "stream", "subscribe", "consume", "consumer", "iter_events", "events", "get"),
        *("iter_lines", "recv", "receive", "messages", "poll", "watch", "tail", "follow"),
    )
)
#: Clocks that how long something takes is read from.
_STOPWATCHES = frozenset(
    (
        *("time", "perf_counter", "monotonic", "process_time", "default_timer", "now", "utcnow"),
        *("time_ns", "perf_counter_ns", "monotonic_ns"),
    )
)
#: Functions and methods that hand on what they are given and touch nothing else.
_PURE = frozenset(
    (
        *(
            "abs",
            "all",
            "any",
            "bool",
            "bytes",
            "chr",
            "hash",
            "iter",
            "next",
            "ord",
            "dict",
            "enumerate",
            "filter",
            "float",
            "format",
            "getattr",
        ),
        *("hasattr", "int", "isinstance", "len", "list", "map", "max", "min", "range", "repr"),
        *("reversed", "round", "set", "sorted", "str", "sum", "tuple", "type", "zip", "print"),
        *("join", "split", "strip", "lstrip", "rstrip", "replace", "lower", "upper", "title"),
        *("startswith", "endswith", "format_map", "splitlines", "encode", "decode", "items"),
        *("keys", "values", "dumps", "loads", "dedent", "copy", "deepcopy", "get", "count", "sub"),
        *("match", "search", "findall", "isoformat", "strftime", "b64encode", "sleep", "debug"),
        *("info", "warning", "error", "exception", "critical", "log", "time", "now", "write"),
    )
)
_REPLY, _EARLIER, _WORLD, _RECORD = "reply", "earlier", "world", "record"
_NOTHING: frozenset[str] = frozenset()
_DEEPEST = 3  # calls that are looked into, one inside the other


class Verdict(NamedTuple):
    """``independent`` as in Pair; ``needs`` says why not, or why it can't be told."""

    independent: bool | None
    needs: tuple[Step, ...] = ()
    side_by_side: bool = False  # the calls of several rounds run at the same time


def judge(way: Way, loop: ast.AST, resolve: Resolve) -> Verdict:
    """Whether the rounds of ``loop`` are independent of each other."""
    outer = way[-1][0]
    overlapping = _overlapping(way, loop, resolve)
    if overlapping is not None:
        together = _together(outer, way[-1][1], loop, overlapping)
        return Verdict(together or None, (overlapping,), side_by_side=True)
    if isinstance(loop, ast.AsyncFor) or _arrives(loop):
        step = Step(Role.STEP, outer.span(loop), "the next record comes when somebody sends it")
        return Verdict(None, (step,))
    bodies = [_body(module, node, loop) for module, node in way]
    for (module, node), body in zip(way, bodies, strict=True):
        measured = _measured(node, body)
        if measured is not None:
            step = Step(Role.STEP, module.span(measured), "the time that a reply takes is measured")
            return Verdict(None, (step,))
    levels = [
        _Level(module, node, body, resolve)
        for (module, node), body in zip(way, bodies, strict=True)
    ]
    for level in levels:
        level.begin(loop if level is levels[-1] else None)
        level.run()
    kept: dict[str, frozenset[str]] = {}
    for level in levels:
        for name, labels in level.lasting(level is levels[-1]).items():
            if _REPLY in labels:
                kept[name] = frozenset((_EARLIER,))
    hidden = next((level.hidden for level in levels if level.hidden is not None), None)
    for level in levels:
        level.begin(loop if level is levels[-1] else None, kept)
        level.run()
        if level.problem is not None:
            return Verdict(False, (level.problem,))
    for level in levels:
        if level.doubt is not None:
            return Verdict(None, (level.doubt,))
        if level.reads is not None and hidden is not None:
            return Verdict(None, (level.reads, hidden))
    return Verdict(True)


def _body(module: Module, node: ast.AST, loop: ast.AST) -> list[ast.stmt]:
    """The statements of the loop that ``node`` stands in, else those of its function."""
    if isinstance(loop, (ast.For, ast.AsyncFor, ast.While)):
        if any(parent is loop for parent in module.ancestors(node)):
            return loop.body
    if any(parent is loop for parent in module.ancestors(node)):
        return []  # a comprehension: nothing of a round is left for the next one
    scope = module.scope(node)
    return scope.body if isinstance(scope, FUNCTIONS) else []


def _measured(node: ast.AST, body: list[ast.stmt]) -> ast.AST | None:
    """Where the time between two readings of a clock, ahead of a call and behind it, is told.

    In a batch it would be another time.
    """
    line: int = getattr(node, "lineno", 0)
    inside = [each for stmt in body for each in walk(stmt)]
    ahead: set[str] = set()
    behind: set[str] = set()
    for each in inside:
        if isinstance(each, ast.Assign) and _reads_clock(each.value):
            names = {target.id for target in each.targets if isinstance(target, ast.Name)}
            if each.lineno < line:
                ahead |= names
            else:
                behind |= names
    for each in inside:
        if isinstance(each, ast.BinOp) and isinstance(each.op, ast.Sub) and each.lineno >= line:
            begun, now = each.right, each.left
            if isinstance(begun, ast.Name) and begun.id in ahead:
                if _reads_clock(now) or (isinstance(now, ast.Name) and now.id in behind):
                    return each
    return None


def _reads_clock(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and last_name(node.func) in _STOPWATCHES


def _overlapping(way: Way, loop: ast.AST, resolve: Resolve) -> Step | None:
    """Where calls of several rounds run side by side already."""
    for module, node in way:
        awaited = False
        callee = node.func if isinstance(node, ast.Call) else None
        if callee is not None and last_name(callee) in _SIDE_BY_SIDE:
            return Step(Role.STEP, module.span(node), "the calls run side by side already")
        for parent in module.ancestors(node):
            awaited = awaited or isinstance(parent, ast.Await) or _waits(parent)
            if isinstance(parent, ast.Call) and last_name(parent.func) in _SIDE_BY_SIDE:
                return Step(Role.STEP, module.span(parent), "the calls run side by side already")
            if isinstance(parent, (*FUNCTIONS, ast.Lambda)) or parent is loop:
                break
        found = resolve(module, callee) if callee is not None else None
        if found is not None and isinstance(found[1], ast.AsyncFunctionDef) and not awaited:
            return Step(Role.STEP, module.span(node), "the calls are collected, to run together")
    return None


def _together(module: Module, node: ast.AST, loop: ast.AST, overlapping: Step) -> bool:
    """Whether all rounds are started before a reply of one is there: none can need it.

    ``overlapping`` tells what runs side by side: where it stands further down, those may be the
    calls of one round.
    """
    if isinstance(loop, COMPREHENSIONS):
        return not any(isinstance(each, ast.Await) for each in _between(module, node, loop))
    if not isinstance(loop, ast.For) or _arrives(loop):
        return False
    if overlapping.span not in (
        module.span(each) for each in (node, *_between(module, node, loop))
    ):
        return False
    return not any(
        isinstance(each, (ast.Await, ast.Yield, ast.YieldFrom))
        or (isinstance(each, ast.Call) and _collects(each))
        for stmt in loop.body
        for each in walk(stmt)
    )


def _collects(call: ast.Call) -> bool:
    name = last_name(call.func)
    return name in _COLLECTS or (name == "join" and not call.args)  # of a thread, not of a text


def _between(module: Module, node: ast.AST, loop: ast.AST) -> Iterable[ast.AST]:
    for parent in module.ancestors(node):
        if parent is loop:
            return
        yield parent


def _waits(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and last_name(node.func) in _WAITING


def _arrives(loop: ast.AST) -> bool:
    iterated = getattr(loop, "iter", None)
    return isinstance(iterated, ast.Call) and last_name(iterated.func) in _ARRIVALS


class _Level:
    """One function on the way, or the body of the loop: what each name holds as it runs."""

    def __init__(
        self, module: Module, node: ast.AST, body: list[ast.stmt], resolve: Resolve
    ) -> None:
        self.module = module
        self.node = node
        self.body = body
        self.resolve = resolve
        self.sender = _sender(node)
        scope = module.scope(node)
        self.local = module.locals_of(scope) if isinstance(scope, FUNCTIONS) else _NOTHING
        self.state: dict[str, frozenset[str]] = {}
        self.guards: frozenset[str] = _NOTHING
        self.tests: list[frozenset[str]] = []
        self.problem: Step | None = None  # an earlier reply decides
        self.doubt: Step | None = None
        self.hidden: Step | None = None  # a reply goes where it can't be seen
        self.reads: Step | None = None  # the request has something from where it can't be seen
        self.second = False
        self.inner_loops = 0

    def begin(self, loop: ast.AST | None, kept: dict[str, frozenset[str]] | None = None) -> None:
        """Set up a run; ``kept`` is what earlier rounds left."""
        self.second = kept is not None
        self.state = dict(kept or {})
        self.guards = _NOTHING
        target = getattr(loop, "target", None)
        if target is not None:
            for name in _names(target):
                self.state[name] = frozenset((_RECORD,))
        elif loop is None:
            for name in self.local:
                if name not in ("self", "cls"):
                    self.state[name] = frozenset((_RECORD,))

    def run(self) -> None:
        """One round."""
        self._block(self.body)

    def lasting(self, loop: bool) -> dict[str, frozenset[str]]:
        """What is left for the next round: in the loop all names, in a helper those that stay."""
        if loop:
            return self.state
        return {
            name: labels
            for name, labels in self.state.items()
            if "." in name or name not in self.local
        }

    # -- statements --------------------------------------------------------------------------------

    def _block(self, statements: Iterable[ast.stmt]) -> None:
        for statement in statements:
            self._statement(statement)

    def _statement(self, node: ast.stmt) -> None:
        if isinstance(node, (ast.Assign, ast.AnnAssign, ast.AugAssign)):
            labels = self._see(node.value) if node.value is not None else _NOTHING
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for target in targets:
                self._bind(target, labels, fresh=not isinstance(node, ast.AugAssign))
        elif isinstance(node, (ast.For, ast.AsyncFor)):
            labels = self._see(node.iter)
            for _ in range(2):
                self._bind(node.target, labels, fresh=True)
                self._branch(node.body, labels, inner=True)
            self._block(node.orelse)
        elif isinstance(node, ast.While):
            for _ in range(2):
                self._branch(node.body, self._see(node.test), inner=True)
            self._block(node.orelse)
        elif isinstance(node, ast.If):
            labels = self._see(node.test)
            before = dict(self.state)
            self._branch(node.body, labels)
            after, self.state = self.state, before
            self._branch(node.orelse, labels)
            self._join(after)
            if _ends(node.body) or _ends(node.orelse):
                self.guards |= labels
        elif isinstance(node, (ast.With, ast.AsyncWith)):
            for item in node.items:
                labels = self._see(item.context_expr)
                if item.optional_vars is not None:
                    self._bind(item.optional_vars, labels, fresh=True)
            self._block(node.body)
        elif isinstance(node, ast.Try):
            before = dict(self.state)
            self._block(node.body)
            after = dict(self.state)
            for handler in node.handlers:
                self._join(before)
                self._block(handler.body)
            self._join(after)
            self._block(node.orelse)
            self._block(node.finalbody)
        elif isinstance(node, ast.Match):
            labels = self._see(node.subject)
            for case in node.cases:
                self._branch(case.body, labels)
        elif isinstance(node, (ast.Break, ast.Return)):
            if isinstance(node, ast.Return) and node.value is not None:
                self._see(node.value)
            self._leaves(node)
        elif isinstance(node, ast.Expr):
            self._see(node.value)
        elif isinstance(node, (ast.Assert, ast.Raise, ast.Delete)):
            for child in children(node):
                if isinstance(child, ast.expr):
                    self._see(child)

    def _branch(self, body: list[ast.stmt], labels: frozenset[str], *, inner: bool = False) -> None:
        self.tests.append(labels)
        self.inner_loops += inner
        before = dict(self.state)
        self._block(body)
        if inner:
            self._join(before)
        self.inner_loops -= inner
        self.tests.pop()

    def _join(self, other: dict[str, frozenset[str]]) -> None:
        for name, labels in other.items():
            self.state[name] = self.state.get(name, _NOTHING) | labels

    def _leaves(self, node: ast.stmt) -> None:
        """A break or return: of the loop over records, if this is the level that has it."""
        if not isinstance(self.body[0] if self.body else None, ast.stmt):
            return
        of_loop = self._is_loop_level() and (isinstance(node, ast.Return) or not self.inner_loops)
        if of_loop and any({_REPLY, _EARLIER} & labels for labels in self.tests):
            self.problem = self.problem or self._step(node, "the loop ends here, as a reply says")

    def _is_loop_level(self) -> bool:
        parent = self.module.parents.get(self.body[0])
        return isinstance(parent, (ast.For, ast.AsyncFor, ast.While))

    # -- expressions -------------------------------------------------------------------------------

    def _see(self, node: ast.expr) -> frozenset[str]:
        """What the value of an expression has in it; notes what its calls do."""
        if node is self.node:
            return self._sent(node)
        if isinstance(node, (ast.Yield, ast.YieldFrom)):
            self.doubt = self.doubt or self._step(node, "each result is handed on as it comes")
        if isinstance(node, ast.Name):
            return self.state.get(node.id, _NOTHING)
        if isinstance(node, ast.Attribute):
            path = _path(node)
            found = self.state.get(path, _NOTHING) if path else _NOTHING
            return found | self._see(node.value)
        if isinstance(node, ast.Lambda):
            return _NOTHING
        if isinstance(node, ast.NamedExpr):
            labels = self._see(node.value)
            self._bind(node.target, labels, fresh=True)
            return labels
        if isinstance(node, COMPREHENSIONS):
            return self._comprehension(node)
        if isinstance(node, ast.Call):
            return self._call(node)
        labels = _NOTHING
        for child in children(node):
            if isinstance(child, ast.expr):
                labels |= self._see(child)
        return labels

    def _comprehension(
        self, node: ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp
    ) -> frozenset[str]:
        labels = _NOTHING
        for generator in node.generators:
            inside = self._see(generator.iter)
            labels |= inside
            self._bind(generator.target, inside, fresh=True)
            for test in generator.ifs:
                labels |= self._see(test)
        for child in children(node):
            if isinstance(child, ast.expr):
                labels |= self._see(child)
        return labels

    def _sent(self, node: ast.expr) -> frozenset[str]:
        """The request, or the call that leads to it: what does it need?"""
        arguments = _arguments(node)
        needs = self.guards.union(*self.tests) if self.tests else self.guards
        for argument in arguments:
            labels = self._see(argument)
            if self.second and _EARLIER in labels:
                what = self._culprit(argument)
                label = f"{what} brings along what an earlier reply left"
                self.problem = self.problem or self._step(argument, label)
            if _WORLD in labels:
                label = "this may read what an earlier reply left behind"
                self.reads = self.reads or self._step(argument, label)
        if self.second and _EARLIER in needs:
            label = "whether it is sent hangs on an earlier reply"
            self.problem = self.problem or self._step(node, label)
        return frozenset((_REPLY,))

    def _culprit(self, argument: ast.expr) -> str:
        for node in walk(argument):
            if isinstance(node, (ast.Name, ast.Attribute)):
                name = node.id if isinstance(node, ast.Name) else _path(node)
                if name and _EARLIER in self.state.get(name, _NOTHING):
                    return f"`{name}`"
        return "this"

    def _call(self, node: ast.Call) -> frozenset[str]:
        given = _NOTHING
        for argument in _arguments(node):
            given |= self._see(argument)
        labels = given
        callee = node.func
        base = _path(callee.value) if isinstance(callee, ast.Attribute) else ""
        if isinstance(callee, ast.Attribute):
            labels |= self._see(callee.value)
        if _REPLY in given or _EARLIER in given:
            self._touch(node, base, given & {_REPLY, _EARLIER})
        if self._reads_world(node, base, labels):
            labels |= {_WORLD}
        return labels

    def _touch(self, node: ast.Call, base: str, labels: frozenset[str]) -> None:
        """A call is handed something of a reply: what may hold it from now on?"""
        callee = node.func
        root = base.partition(".")[0]
        senders = _senders(node, self.resolve(self.module, callee))
        for argument in _arguments(node):
            if argument in senders:
                continue  # a client keeps nothing of what it sends
            name = argument.id if isinstance(argument, ast.Name) else _path(argument)
            if name and name.partition(".")[0] not in (self.sender, "self", "cls") and base != name:
                if not self._is_pure(callee):
                    self.state[name] = self.state.get(name, _NOTHING) | labels
        if base and base not in ("self", "cls"):
            imported = root not in self.local and root in self._imports()
            if not imported and root != self.sender:
                self.state[base] = self.state.get(base, _NOTHING) | labels
            elif imported and not self._is_pure(callee):
                self._goes_out(node)
            return
        if base:
            found = self.resolve(self.module, callee)
            if found is None:
                self._goes_out(node)
                return
            for name in _stored(found[1]):
                self.state[name] = self.state.get(name, _NOTHING) | labels
            if _writes(found, self.resolve, _DEEPEST):
                self._goes_out(node)
            return
        if not self._is_pure(callee) and not _makes(callee):
            found = self.resolve(self.module, callee)
            if found is None or _writes(found, self.resolve, _DEEPEST):
                self._goes_out(node)

    def _goes_out(self, node: ast.AST) -> None:
        self.hidden = self.hidden or self._step(node, "a reply may be kept here")

    def _reads_world(self, node: ast.Call, base: str, labels: frozenset[str]) -> bool:
        """Whether a call may read something that an earlier round has written."""
        if _RECORD in labels or self._is_pure(node.func):
            return False
        if base and base not in ("self", "cls"):
            return base.partition(".")[0] not in self.local
        found = self.resolve(self.module, node.func)
        if found is None:
            return not _makes(node.func)
        return _reads(found, self.resolve, _DEEPEST)

    def _imports(self) -> frozenset[str]:
        return frozenset(
            (alias.asname or alias.name).partition(".")[0]
            for statement in self.module.tree.body
            if isinstance(statement, (ast.Import, ast.ImportFrom))
            for alias in statement.names
        )

    def _is_pure(self, callee: ast.expr) -> bool:
        return last_name(callee) in _PURE

    # -- names -------------------------------------------------------------------------------------

    def _bind(self, target: ast.expr, labels: frozenset[str], *, fresh: bool) -> None:
        if isinstance(target, (ast.Tuple, ast.List)):
            for element in target.elts:
                self._bind(element, labels, fresh=fresh)
            return
        if isinstance(target, ast.Starred):
            self._bind(target.value, labels, fresh=fresh)
            return
        if isinstance(target, ast.Subscript):
            name = target.value.id if isinstance(target.value, ast.Name) else _path(target.value)
            if name:
                self.state[name] = self.state.get(name, _NOTHING) | labels
            return
        name = target.id if isinstance(target, ast.Name) else _path(target)
        if name:
            self.state[name] = labels if fresh else self.state.get(name, _NOTHING) | labels

    def _step(self, node: ast.AST, label: str) -> Step:
        span: Span = self.module.span(node)
        return Step(Role.STEP, span, label)


def _makes(callee: ast.expr) -> bool:
    """Whether a callee is a class by its name: it keeps what it is given in what it returns."""
    return isinstance(callee, ast.Name) and callee.id[:1].isupper()


def _path(node: ast.AST) -> str:
    """``a.b`` of ``a.b.c[0].d``: a name and its first attribute, "" for anything else."""
    while isinstance(node, (ast.Subscript, ast.Call)):
        node = node.func if isinstance(node, ast.Call) else node.value
        if isinstance(node, ast.Attribute):
            node = node.value
    names = dotted(node)
    return ".".join(names.split(".")[:2]) if names else ""


def _names(target: ast.expr) -> list[str]:
    return [node.id for node in walk(target) if isinstance(node, ast.Name)]


def _arguments(node: ast.AST) -> list[ast.expr]:
    if not isinstance(node, ast.Call):
        return []
    return [*node.args, *(keyword.value for keyword in node.keywords)]


def _sender(node: ast.AST) -> str:
    """The name that the request, or the helper, is reached through."""
    return (dotted(getattr(node, "func", node)) or "").partition(".")[0]


def _senders(node: ast.Call, found: tuple[Module, FunctionNode] | None) -> list[ast.expr]:
    """The arguments that a function of the project only sends requests through."""
    if found is None:
        return []
    function = found[1]
    listed = [each.arg for each in (*function.args.posonlyargs, *function.args.args)]
    if listed[:1] in (["self"], ["cls"]):
        del listed[0]
    given = [*zip(listed, node.args, strict=False)]
    given += [(each.arg, each.value) for each in node.keywords if each.arg is not None]
    return [value for name, value in given if _only_sends(found, name)]


def _only_sends(found: tuple[Module, FunctionNode], name: str) -> bool:
    module, function = found
    uses = [
        node
        for node in module.named(name)
        if isinstance(node, ast.Name) and any(each is function for each in module.ancestors(node))
    ]
    return bool(uses) and all(_sends(module, use) for use in uses)


def _sends(module: Module, use: ast.Name) -> bool:
    """Whether a name is the client in ``client.messages.create(...)``."""
    top: ast.AST = use
    while isinstance(module.parents.get(top), ast.Attribute):
        top = module.parents[top]
    call = module.parents.get(top)
    names = (dotted(top) or "").split(".")
    return (
        isinstance(call, ast.Call)
        and call.func is top
        and surfaces.load().method(tuple(names[1:])) is not None
    )


def _ends(body: Sequence[ast.stmt]) -> bool:
    return bool(body) and isinstance(body[-1], (ast.Continue, ast.Break, ast.Return))


def _stored(function: FunctionNode) -> list[str]:
    """Attributes of ``self`` that a method sets or changes in place."""
    found: list[str] = []
    for node in walk(function):
        target: ast.AST | None = None
        if isinstance(node, ast.Attribute) and not isinstance(node.ctx, ast.Load):
            target = node
        elif isinstance(node, ast.Subscript) and not isinstance(node.ctx, ast.Load):
            target = node.value
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            target = node.func.value
        path = _path(target) if target is not None else ""
        if path.startswith("self.") and path not in found:
            found.append(path)
    return found


def _calls(
    found: tuple[Module, FunctionNode], resolve: Resolve, depth: int
) -> Iterable[ast.Call | None]:
    """The calls below a function that aren't known to be harmless; None: too deep to see."""
    module, function = found
    for node in walk(function):
        if isinstance(node, ast.Call) and last_name(node.func) not in _PURE:
            inner = resolve(module, node.func)
            if inner is None:
                yield node
            elif depth == 0:
                yield None
            elif inner[1] is not function:
                yield from _calls(inner, resolve, depth - 1)


def _writes(found: tuple[Module, FunctionNode], resolve: Resolve, depth: int) -> bool:
    """Whether a function may keep what it is given, other than in what it returns."""
    if any(isinstance(node, (ast.Global, ast.Nonlocal)) for node in walk(found[1])):
        return True
    return any(
        call is None or last_name(call.func) not in _CONSTRUCTS
        for call in _calls(found, resolve, depth)
    )


def _reads(found: tuple[Module, FunctionNode], resolve: Resolve, depth: int) -> bool:
    """Whether a function may read anything but what it is given."""
    return any(
        call is None or last_name(call.func) not in _CONSTRUCTS
        for call in _calls(found, resolve, depth)
    )


#: Building a value of what is at hand.
_CONSTRUCTS = frozenset(
    (*("append", "extend", "add", "update", "setdefault", "pop", "compile", "Path", "Decimal"),)
)
