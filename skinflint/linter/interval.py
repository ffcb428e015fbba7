"""How long it takes until a request is sent again: a sleep in its loop, or the clock that calls it.

Only what is written out counts: ``time.sleep(600)`` in each round, ``minutes=10`` in a decorator or
a registration, ``schedule.every(10).minutes``, ``CronTrigger(minute="*/10")``.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from skinflint.linter.activation import Activation, runs
from skinflint.linter.callers import Callers
from skinflint.linter.evaluate import Evaluator
from skinflint.linter.module import FUNCTIONS, FunctionNode, Module, dotted
from skinflint.linter.request import Interval
from skinflint.linter.values import Known

_UNITS = {"seconds": 1, "minutes": 60, "hours": 3600, "second": 1, "minute": 60, "hour": 3600}


def interval(ev: Evaluator, callers: Callers, call: ast.Call, act: Activation) -> Interval | None:
    """The time between two rounds of the innermost loop, or between two calls of a scheduled job.

    None where neither is told; a loop that doesn't sleep goes round as fast as it can.
    """
    for run, node in runs(call, act):
        loops = run.module.loops(node, run.node)
        if loops:
            return _slept(loops[-1], run, ev) if isinstance(loops[-1], ast.While) else None
        function = run.node
        if isinstance(function, FUNCTIONS):
            fact = callers.of(run.module).entry(function)
            if fact is not None:
                return _scheduled(function, run.module) if fact.scheduled else None
    return None


def _slept(loop: ast.While, run: Activation, ev: Evaluator) -> Interval | None:
    """The sleep that each round of a loop ends or begins with."""
    for stmt in loop.body:
        value = stmt.value if isinstance(stmt, ast.Expr) else None
        inner = value.value if isinstance(value, ast.Await) else value
        if not (isinstance(inner, ast.Call) and inner.args):
            continue
        if (dotted(inner.func) or "").rpartition(".")[2] != "sleep":
            continue
        slept = ev.evaluate(inner.args[0], run)
        if isinstance(slept, Known) and isinstance(slept.value, (int, float)):
            return Interval(float(slept.value), run.module.span(stmt), "each round sleeps here")
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
