"""What sends a request again because it failed: loops and decorators, and whether that ends.

Two questions about the same loops: does anything but success end it, and is a reply that was cut
off asked for again with the same cap? Loops of tools and of turns are none of these: they go on
after a reply that is right.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from skinflint.catalog import retries as facts_of
from skinflint.linter.callers import Callers, runs_once
from skinflint.linter.module import FUNCTIONS, LOOPS, FunctionNode, Module, dotted, walk
from skinflint.linter.request import Retry
from skinflint.linter.rounds import (
    endless,
    goes_on,
    head_of,
    limits_of,
    nodes_below,
    outcome,
    paths_of,
)
from skinflint.linter.spans import Role, Step
from skinflint.linter.values import Frame, MarkKind

_CUT = "max_tokens"
_GROWS = ("append", "extend", "insert")


def retries_of(module: Module, node: ast.Call, host: Frame, callers: Callers) -> tuple[Retry, ...]:
    """What sends the request at ``node`` again, innermost first."""
    found: list[Retry] = []
    for depth in range(len(host) - 1, -1, -1):
        mark = host[depth]
        if mark.kind is MarkKind.LOOP:
            around = callers.loop_around(node, mark)
            if around is None:
                break
            there, loop, inner = around
            if isinstance(loop, LOOPS):
                found += _of_loop(there, loop, inner, module, node)
        elif mark.kind is MarkKind.FUNCTION:
            function = callers.function_of(mark)
            if function is not None:
                found += _of_decorators(function, callers.of(callers.ev.module_at(mark.span.path)))
    return tuple(found)


# -- loops -----------------------------------------------------------------------------------------


def _of_loop(
    there: Callers,
    loop: ast.For | ast.AsyncFor | ast.While,
    inner: ast.AST,
    module: Module,
    node: ast.Call,
) -> Iterator[Retry]:
    cut = _asks_for_more(there.module, loop)
    if cut is not None and there.module is module and inner is node:
        if _same_cap(module, loop, node):
            yield Retry(
                "cut-off",
                there.module.span(loop),
                there.module.span(cut),
                (Step(Role.STEP, there.module.span(cut), "a reply that was cut off is seen here"),),
                counter=_counter(loop),
                rounds=_rounds(loop),
            )
    if not isinstance(loop, ast.While) and not endless(loop):
        return
    if isinstance(loop, ast.While) and not (
        isinstance(loop.test, ast.Constant) and loop.test.value
    ):
        return  # what its condition hangs on may be a count
    handler = _failed(there.module, loop, inner)
    if handler is None or _counts(loop) or limits_of(there, loop, inner):
        return
    yield Retry(
        "failure",
        there.module.span(loop),
        head_of(there.module, loop),
        (Step(Role.STEP, there.module.span(handler), "goes on after a failure"),),
    )


def _failed(module: Module, loop: ast.AST, inner: ast.AST) -> ast.ExceptHandler | None:
    """The handler that starts another round, where a round that succeeds leaves the loop."""
    for parent in module.ancestors(inner):
        if parent is loop:
            break
        if isinstance(parent, FUNCTIONS):
            return None
        if isinstance(parent, ast.Try) and _within(module, inner, parent.body):
            handler = _lenient(parent)
            once = runs_once(module, inner, loop) or not goes_on(module, inner, loop)
            if handler is not None and once:
                return handler
    # ``reply = ask(); try: return parse(reply) except ValueError: ...``
    stmt = module.statement(inner)
    if stmt is None:
        return None
    for body in _suites_around(module, stmt, loop):
        for later in body:
            if isinstance(later, ast.Try) and later.lineno >= stmt.lineno:
                ends, again = outcome([*later.body, *later.orelse])
                handler = _lenient(later)
                if ends and not again and handler is not None:
                    return handler
    return None


def _counts(loop: ast.For | ast.AsyncFor | ast.While) -> bool:
    """Whether something that each round counts is asked for: ``if left == 0: raise``."""
    nodes = list(nodes_below(loop.body))
    counted = {
        path for node in nodes if isinstance(node, ast.AugAssign) for path in paths_of(node.target)
    }
    return any(
        dotted(each) in counted
        for node in nodes
        if isinstance(node, (ast.If, ast.IfExp))
        for each in walk(node.test)
        if isinstance(each, (ast.Name, ast.Attribute))
    )


def _suites_around(module: Module, stmt: ast.stmt, loop: ast.AST) -> Iterator[list[ast.stmt]]:
    current: ast.AST = stmt
    while current is not loop:
        parent = module.parents.get(current)
        if parent is None or isinstance(parent, FUNCTIONS):
            return
        for name in ("body", "orelse", "finalbody"):
            suite = getattr(parent, name, None)
            if isinstance(suite, list) and current in suite:
                yield suite[suite.index(current) :]
        current = parent


def _lenient(node: ast.Try) -> ast.ExceptHandler | None:
    """A handler after which the loop goes on."""
    for handler in node.handlers:
        ends, again = outcome(handler.body)
        if again or not ends:
            return handler
    return None


def _within(module: Module, node: ast.AST, body: list[ast.stmt]) -> bool:
    return any(parent in body for parent in (node, *module.ancestors(node)))


# -- replies that were cut off ---------------------------------------------------------------------


def _asks_for_more(module: Module, loop: ast.For | ast.AsyncFor | ast.While) -> ast.expr | None:
    """The test that starts another round because the reply was cut off."""
    if isinstance(loop, ast.While) and _is_cut(loop.test, ast.Eq):
        return loop.test
    for node in nodes_below(loop.body):
        if not isinstance(node, ast.If):
            continue
        if _is_cut(node.test, ast.Eq) and outcome(node.body) == (True, True):
            return node.test
        if _is_cut(node.test, ast.NotEq) and outcome(node.body) == (True, False):
            if module.parents.get(node) is loop and node is loop.body[-1]:
                return node.test
    return None


def _is_cut(test: ast.expr, op: type[ast.cmpop]) -> bool:
    """``reply.stop_reason == "max_tokens"``"""
    if not isinstance(test, ast.Compare) or len(test.ops) != 1 or type(test.ops[0]) is not op:
        return False
    sides = (test.left, test.comparators[0])
    read = any((dotted(side) or "").rpartition(".")[2] == "stop_reason" for side in sides)
    return read and any(isinstance(side, ast.Constant) and side.value == _CUT for side in sides)


def _same_cap(module: Module, loop: ast.For | ast.AsyncFor | ast.While, node: ast.Call) -> bool:
    """Whether each round asks with the cap and the messages of the one before."""
    given = {keyword.arg: keyword.value for keyword in node.keywords}
    cap = given.get(_CUT)
    if cap is None or None in given:
        return False
    changed = _changed(loop)
    read = {path for value in given.values() for each in walk(value) if (path := dotted(each))}
    calls = any(isinstance(each, ast.Call) for each in walk(cap))
    return not calls and not (read & changed)


def _changed(loop: ast.For | ast.AsyncFor | ast.While) -> set[str]:
    """The paths that a round binds, or adds something to."""
    found: set[str] = set()
    if not isinstance(loop, ast.While):
        found.update(paths_of(loop.target))
    for node in nodes_below(loop.body):
        if isinstance(node, (ast.Assign, ast.AnnAssign, ast.AugAssign, ast.NamedExpr)):
            for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
                found.update(paths_of(target))
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            if node.func.attr in _GROWS and (path := dotted(node.func.value)):
                found.add(path)
    return found


def _counter(loop: ast.For | ast.AsyncFor | ast.While) -> str:
    """The name that counts rounds from zero, "" where none does."""
    if isinstance(loop, ast.While) or not isinstance(loop.target, ast.Name):
        return ""
    return loop.target.id if _rounds(loop) is not None and loop.target.id != "_" else ""


def _rounds(loop: ast.For | ast.AsyncFor | ast.While) -> int | None:
    call = None if isinstance(loop, ast.While) else loop.iter
    if isinstance(call, ast.Call) and dotted(call.func) == "range" and len(call.args) == 1:
        count = call.args[0]
        if isinstance(count, ast.Constant) and isinstance(count.value, int):
            return count.value
    return None


# -- decorators ------------------------------------------------------------------------------------


def _of_decorators(function: FunctionNode, callers: Callers) -> Iterator[Retry]:
    facts = facts_of.load()
    module, ev = callers.module, callers.ev
    for decorator in function.decorator_list:
        call = decorator if isinstance(decorator, ast.Call) else None
        name = ev.calls.qualified(call.func if call else decorator, ev.root_of(module))
        fact = facts.decorators.get(name)
        if fact is None or (call is None and not fact.bare):
            continue
        keywords = {k.arg for k in call.keywords} if call else set()
        if None in keywords or keywords & set(fact.stops) or _of_others(call, module, callers):
            continue
        span = module.span(decorator)
        yield Retry(
            "failure",
            span,
            span,
            (Step(Role.STEP, span, f"{function.name}() is called again when it fails"),),
            library=name.partition(".")[0],
            keyword=fact.set if call else "",
            stop=fact.stops[0],
        )


def _of_others(call: ast.Call | None, module: Module, callers: Callers) -> bool:
    """Whether all the errors that it names are those of other services."""
    ev = callers.ev
    roots: set[str] = set()
    for node in walk(call) if call is not None else ():
        if isinstance(node, (ast.Name, ast.Attribute)) and (path := dotted(node)):
            if path.rpartition(".")[2].endswith(("Error", "Exception", "Timeout")):
                name = ev.calls.qualified(node, ev.root_of(module))
                roots.add(name.partition(".")[0])
    return bool(roots) and roots <= facts_of.load().elsewhere
