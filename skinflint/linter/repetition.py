"""How often a request is sent: the loops and entry points above it, and whether somebody waits."""

from __future__ import annotations

import ast
from collections.abc import Iterable

from skinflint.catalog import stored
from skinflint.linter.activation import Activation, runs
from skinflint.linter.callers import ONE_SHOT, Callers, waits
from skinflint.linter.evaluate import Evaluator
from skinflint.linter.history import answered
from skinflint.linter.module import (
    COMPREHENSIONS,
    FUNCTIONS,
    FunctionNode,
    Module,
    dotted,
    last_name,
    own_nodes,
    parameters,
)
from skinflint.linter.request import Pair, PairKind, Repeats, Repetition
from skinflint.linter.shapes import within
from skinflint.linter.spans import Role, Step
from skinflint.linter.values import (
    Frame,
    Known,
    Mapping,
    Repeat,
    Sequence,
    Unknown,
    alternatives,
)

#: Groups of entry points (catalogue) behind which somebody waits for the answer.
_WAITING = ("web", "bot", "ui", "tool")
#: A loop that sleeps this many seconds in each round is a schedule.
_SCHEDULE = 30
#: Functions above a request that are looked at for a handler.
_MOST_ABOVE = 60
#: Names and calls on the way from a loop to what it runs through.
_MOST_HANDED = 8


def repetition(
    evaluator: Evaluator,
    callers: Callers,
    call: ast.Call,
    act: Activation,
    host: Frame,
    arguments: Mapping,
    *,
    runner: bool = False,
) -> Repetition:
    """How often the request that ``call`` sends in ``act`` is sent; ``host`` is its frame."""
    found: list[tuple[Repeats, Step, int | None]] = []
    pairs = {
        pair.depth: pair
        for pair in callers.pairs(call, host, False)
        if pair.kind in (PairKind.LOOP, PairKind.TURN, PairKind.RECORD)
    }
    levels = list(runs(call, act))
    ends = [len(each.frame) for each, _ in levels]
    waiting: bool | None = None
    records = False
    asked = False  # somebody gives a command, and may wait for what it prints
    innermost = len(levels)  # the level of the innermost loop over records
    if runner:
        step = Step(Role.STEP, act.module.span(call), "the runner sends each round")
        found.append((Repeats.LOOP, step, _literal(arguments, "max_iterations")))
    if len(host) > (len(evaluator.frame_at(call, act))):
        # A request of a batch: one for each record.
        for depth in range(len(host) - 1, ends[0] - 1, -1):
            pair = pairs.get(depth)
            if pair is not None and pair.evidence:
                found.append((Repeats.LOOP, pair.evidence[0], pair.rounds))
                records = True
    for level, (run, node) in enumerate(levels):
        loops = run.module.loops(node, run.node)
        for offset in range(len(loops) - 1, -1, -1):
            pair, loop = pairs.get(len(run.frame) + offset), loops[offset]
            if pair is None or not pair.evidence:
                continue
            kind = _kind(pair, loop, run, evaluator)
            if kind is Repeats.TURNS:
                waiting = True
            # What holds many records each may well be named by hand.
            asked = asked or (not records and _listed_by_hand(loop, run, evaluator))
            records = records or pair.kind is PairKind.RECORD
            if pair.kind is PairKind.RECORD:
                innermost = min(innermost, level)
            if pair.kind is PairKind.RECORD and _answers(run.node, evaluator):
                waiting = True  # a question is held against each of the records
            found.append((kind, pair.evidence[0], pair.rounds))
        function = run.node
        if not isinstance(function, FUNCTIONS):
            continue
        again = _recursive(run.module, function)
        if again is not None and level < len(levels):
            label = f"{function.name}() calls itself"
            found.append((Repeats.RECURSION, Step(Role.STEP, run.module.span(again), label), None))
        fact = callers.of(run.module).entry(function)
        step = Step(Role.STEP, run.module.span(function), f"{function.name}() is an entry point")
        if fact is not None:
            if fact.scheduled:
                found.append((Repeats.SCHEDULED, step, None))
            elif fact.again or fact.group == "start":  # what it begins may go on for long
                found.append((Repeats.OBJECT, step, None))
            elif fact.group == "cli" or not fact.many:
                found.append((Repeats.ONCE, step, None))
            else:
                found.append((Repeats.REQUEST, step, None))
            if fact.group in _WAITING:
                waiting = True
            asked = asked or fact.group == "cli"
        if waiting is None and _waits_in(run.module, function):
            waiting = True
    outermost = levels[-1][0]
    imported = outermost.module.imported()
    if evaluator.sources.reruns(imported):
        step = Step(
            Role.STEP, outermost.module.span(outermost.node), "the script runs for each input"
        )
        found.append((Repeats.REQUEST, step, None))
        waiting = True
    elif isinstance(outermost.node, ast.Module):
        step = Step(Role.STEP, outermost.module.span(levels[-1][1]), "sent when the module runs")
        found.append((Repeats.ONCE, step, None))
        if waiting is None and _waits_in(outermost.module, outermost.module.tree):
            waiting = True
    elif (
        isinstance(outermost.node, FUNCTIONS)
        and callers.of(outermost.module).entry(outermost.node) is None
    ):
        name = outermost.node.name
        once = name in ONE_SHOT and outermost.instance is None
        label = "runs once" if once else "has no caller here"
        step = Step(Role.STEP, outermost.module.span(outermost.node), f"{name}() {label}")
        found.append((Repeats.ONCE if once else Repeats.OBJECT, step, None))
    if not found:
        return Repetition(waiting=waiting)
    kinds = [kind for kind, _, _ in found]
    if waiting is None:
        started = kinds[-1] is Repeats.ONCE
        if Repeats.SCHEDULED in kinds or (started and records and not asked):
            # The same loop may run for a handler too: then all of it is due at once there. That one
            # record may be worked on for a handler says nothing of the loop.
            waiting = None if _served(callers, levels[innermost:]) else False
    kind, _, trips = found[0]
    steps = tuple(step for _, step, _ in found)
    shared = waiting is False and _served(callers, levels)
    return Repetition(kind, steps, trips, waiting, shared)


def _served(callers: Callers, levels: Iterable[tuple[Activation, ast.AST]]) -> bool:
    """Whether any way up from these functions, shown or not, ends where somebody waits."""
    todo: list[tuple[Module, ast.AST]] = [
        (run.module, run.node) for run, _ in levels if isinstance(run.node, FUNCTIONS)
    ]
    seen: set[ast.AST] = set()
    while todo and len(seen) < _MOST_ABOVE:
        module, function = todo.pop(0)
        if function in seen or not isinstance(function, FUNCTIONS):
            continue
        seen.add(function)
        there = callers.of(module)
        fact = there.entry(function)
        if fact is not None:
            if fact.group in _WAITING:
                return True
            continue
        todo += [(site.module, site.module.scope(site.call)) for site in there.sites(function)]
        # ``tasks.add_task(function, row)`` runs it as well.
        todo += [(module, module.scope(load)) for load in module.loads.get(function.name, ())]
    return False


def _answers(function: ast.AST, ev: Evaluator) -> bool:
    """Whether a function is handed what somebody asks."""
    return isinstance(function, FUNCTIONS) and any(
        ev.sources.asked(parameter.arg) for parameter in parameters(function)
    )


def _listed_by_hand(loop: ast.AST, run: Activation, ev: Evaluator) -> bool:
    """Whether somebody names what a loop runs through, one by one, on the command line."""
    if isinstance(loop, (ast.For, ast.AsyncFor)):
        listed = loop.iter
    elif isinstance(loop, COMPREHENSIONS):
        listed = loop.generators[0].iter
    else:
        return False
    if _entries(listed, run.module):
        return False  # at most the folder is named
    for value in alternatives(ev.evaluate(listed, run)):
        items = value.items if isinstance(value, Sequence) else (value,)
        for item in items:
            body = item.body if isinstance(item, Repeat) else item
            if isinstance(body, Unknown) and body.entry == "environment":
                return True
    return False


def _entries(listed: ast.AST, module: Module) -> bool:
    """Whether a loop runs through all files of a folder, or all rows of a table."""
    facts = stored.load()
    for _ in range(_MOST_HANDED):
        if isinstance(listed, ast.Name):
            name, scope = listed.id, module.scope(listed)
            held = [
                each.value
                for each in own_nodes(scope)
                if isinstance(each, ast.Assign)
                and any(isinstance(t, ast.Name) and t.id == name for t in each.targets)
            ]
            if len(held) != 1:
                return False
            listed = held[0]
        elif isinstance(listed, COMPREHENSIONS):
            listed = listed.generators[0].iter
        elif not isinstance(listed, ast.Call):
            return False
        elif facts.reads_all(dotted(listed.func) or last_name(listed.func)):
            return True
        elif last_name(listed.func) in facts.hands_on and listed.args:
            listed = listed.args[0]
        else:
            return False
    return False


def _kind(pair: Pair, loop: ast.AST, run: Activation, ev: Evaluator) -> Repeats:
    if pair.kind is PairKind.TURN and answered(run.module, loop):
        return Repeats.TURNS
    if isinstance(loop, ast.While) and _sleeps(run.module, loop, run, ev):
        return Repeats.SCHEDULED
    return Repeats.LOOP


def _sleeps(module: Module, loop: ast.While, run: Activation, ev: Evaluator) -> bool:
    """Whether each round of a loop waits for its hour rather than for a reply."""
    for stmt in loop.body:
        value = stmt.value if isinstance(stmt, ast.Expr) else None
        inner = value.value if isinstance(value, ast.Await) else value
        if isinstance(inner, ast.Call) and inner.args:
            if (dotted(inner.func) or "").rpartition(".")[2] == "sleep":
                for each in alternatives(ev.evaluate(inner.args[0], run)):
                    number = each.value if isinstance(each, Known) else None
                    if isinstance(number, (int, float)) and number >= _SCHEDULE:
                        return True
    return False


def _waits_in(module: Module, scope: FunctionNode | ast.Module) -> bool:
    """Whether a function or module waits for somebody to type or say something itself."""
    found = module.waiting.get(scope)
    if found is None:
        found = module.waiting[scope] = any(waits(each) for each in own_nodes(scope))
    return found


def _recursive(module: Module, function: ast.FunctionDef | ast.AsyncFunctionDef) -> ast.AST | None:
    """Where a function calls itself."""
    method = module.enclosing_class(function) is not None
    for call in module.calls_named.get(function.name, ()):
        if not within(module, call, function):
            continue
        if isinstance(call.func, ast.Name) and not method:
            return call
        if isinstance(call.func, ast.Attribute) and method:
            if dotted(call.func.value) in ("self", "cls"):
                return call
    return None


def _literal(arguments: Mapping, name: str) -> int | None:
    value = arguments.get(name)
    if isinstance(value, Known) and isinstance(value.value, int):
        return value.value
    return None
