"""How long it takes until a request is sent again: a sleep in its loop, or the clock that calls it.

Only what is written out counts: ``time.sleep(600)`` in each round, ``minutes=10`` in a decorator or
a registration, ``schedule.every(10).minutes``, ``CronTrigger(minute="*/10")``; and the wait for the
next full quarter of an hour (``(now.minute // 15 + 1) * 15``), which comes to the same.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from skinflint.linter.activation import Activation, FunctionHandle, runs
from skinflint.linter.callers import Callers, runs_once
from skinflint.linter.evaluate import Evaluator
from skinflint.linter.module import FUNCTIONS, FunctionNode, Module, dotted, walk
from skinflint.linter.request import Interval
from skinflint.linter.values import Known, Object

_UNITS = {"seconds": 1, "minutes": 60, "hours": 3600, "second": 1, "minute": 60, "hour": 3600}


def interval(ev: Evaluator, callers: Callers, call: ast.Call, act: Activation) -> Interval | None:
    """The time between two rounds of the innermost loop, or between two calls of a scheduled job.

    None where neither is told; a loop that doesn't sleep goes round as fast as it can.
    """
    for run, node in runs(call, act):
        loops = run.module.loops(node, run.node)
        # a loop that sends again what failed has no pace of its own
        loops = [loop for loop in loops if not runs_once(run.module, node, loop)]
        if loops:
            return _slept(loops[-1], run, ev) if isinstance(loops[-1], ast.While) else None
        function = run.node
        if isinstance(function, FUNCTIONS):
            fact = callers.of(run.module).entry(function)
            if fact is not None:
                return _scheduled(function, run.module) if fact.scheduled else None
    return None


def _slept(loop: ast.While, run: Activation, ev: Evaluator) -> Interval | None:
    """The sleep that each round of a loop ends or begins with, itself or in a function."""
    for stmt in loop.body:
        value = stmt.value if isinstance(stmt, ast.Expr) else None
        inner = value.value if isinstance(value, ast.Await) else value
        if not isinstance(inner, ast.Call):
            continue
        waited = _waited(inner, run, ev)
        if waited is not None:
            return Interval(waited, run.module.span(stmt), "each round waits here")
        if not inner.args:
            continue
        if (dotted(inner.func) or "").rpartition(".")[2] != "sleep":
            continue
        slept = ev.evaluate(inner.args[0], run)
        if isinstance(slept, Known) and isinstance(slept.value, (int, float)):
            return Interval(float(slept.value), run.module.span(stmt), "each round sleeps here")
    return None


def _waited(call: ast.Call, run: Activation, ev: Evaluator) -> float | None:
    """The seconds of the full stretch of the clock whose end a function of the project awaits."""
    found = ev.evaluate(call.func, run)
    handle = found.handle if isinstance(found, Object) else None
    if not isinstance(handle, FunctionHandle) or not isinstance(handle.node, FUNCTIONS):
        return None
    nodes = list(walk(handle.node))
    if not any(isinstance(node, ast.Call) and _last(node.func) == "sleep" for node in nodes):
        return None
    bound = {
        node.targets[0].id: node.value
        for node in nodes
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
    }
    stretches = {stretch for node in nodes if (stretch := _stretch(node, bound)) is not None}
    return stretches.pop() if len(stretches) == 1 else None


def _stretch(node: ast.AST, bound: dict[str, ast.expr]) -> float | None:
    """Seconds of the stretch in ``(now.minute // 15 + 1) * 15`` or ``15 - now.minute % 15``."""
    if not isinstance(node, ast.BinOp):
        return None
    inner, size = node.left, node.right
    if isinstance(node.op, ast.Sub):
        inner, size = size, inner
    elif isinstance(node.op, ast.Mult) and isinstance(inner, ast.BinOp):
        inner = inner.left if isinstance(inner.op, ast.Add) else inner
    wanted = ast.Mod if isinstance(node.op, ast.Sub) else ast.FloorDiv
    if not isinstance(node.op, (ast.Sub, ast.Mult)) or not isinstance(inner, ast.BinOp):
        return None
    if not isinstance(inner.op, wanted) or ast.dump(inner.right) != ast.dump(size):
        return None
    of = inner.left
    of = bound.get(of.id, of) if isinstance(of, ast.Name) else of
    size = bound.get(size.id, size) if isinstance(size, ast.Name) else size
    if not isinstance(size, ast.Constant) or not isinstance(size.value, int):
        return None
    if isinstance(of, ast.Attribute) and of.attr == "minute":
        return size.value * 60.0
    return None


def _scheduled(function: FunctionNode, module: Module) -> Interval | None:
    """What the decorator or the registration of a job says."""
    calls: list[ast.Call] = [d for d in function.decorator_list if isinstance(d, ast.Call)]
    for load in module.loads.get(function.name, ()):
        for parent in module.ancestors(load):
            if isinstance(parent, ast.stmt):
                break
            if isinstance(parent, ast.Call):
                calls.append(parent)
    for call in calls:
        found = set(_told(call))
        if len(found) == 1:
            return Interval(found.pop(), module.span(call), "it is called at this pace")
    return None


def _told(call: ast.Call) -> Iterator[float]:
    """The seconds that a call names, of all calls in its chain of attributes and arguments."""
    total = 0.0
    for keyword in call.keywords:
        unit, value = _UNITS.get(keyword.arg or ""), keyword.value
        if unit is None or not isinstance(value, ast.Constant):
            continue
        if isinstance(value.value, (int, float)) and (keyword.arg or "").endswith("s"):
            total += value.value * unit
        elif isinstance(value.value, str) and value.value.startswith("*/"):
            if value.value[2:].isdigit():
                total += int(value.value[2:]) * unit
    if total:
        yield total
    for argument in (*call.args, *(keyword.value for keyword in call.keywords)):
        if isinstance(argument, ast.Call):
            yield from _told(argument)
    # ``schedule.every(10).minutes.do(job)``
    func = call.func
    if isinstance(func, ast.Attribute) and isinstance(func.value, ast.Attribute):
        unit = _UNITS.get(func.value.attr)
        every = func.value.value
        if unit is not None and isinstance(every, ast.Call) and _last(every.func) == "every":
            first = every.args[0] if every.args else ast.Constant(1)
            number = first.value if isinstance(first, ast.Constant) else None
            if isinstance(number, (int, float)):
                yield float(number * unit)


def _last(node: ast.expr) -> str:
    return (dotted(node) or "").rpartition(".")[2]
