"""The user's own functions: a call of one that the configuration names is a request.

``[tool.skinflint.surfaces.functions]`` says where each argument goes; the rest is as if the SDK
had been called with it.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from collections.abc import Sequence as Many
from typing import Any

from skinflint.linter import operations as ops
from skinflint.linter.activation import (
    Activation,
    ClassHandle,
    ClientHandle,
    FunctionHandle,
    InstanceHandle,
    PartialHandle,
    means,
    qualified_name,
)
from skinflint.linter.callers import Callers
from skinflint.linter.evaluate import Evaluator
from skinflint.linter.history import Histories
from skinflint.linter.module import Module, last_name
from skinflint.linter.own import OwnFunction, Place
from skinflint.linter.request import Platform, Request
from skinflint.linter.shapes import RUNNERS
from skinflint.linter.spans import Span
from skinflint.linter.surfaces.anthropic import Found, Pinned, built, keeper_of, targets_of
from skinflint.linter.task import Tasks
from skinflint.linter.values import (
    Entry,
    Known,
    Mapping,
    Object,
    Sequence,
    Unknown,
    Value,
    alternatives,
)
from skinflint.records import dataclass, field

#: What a function may put into a request although the configuration doesn't speak of it.
_PARTS = ("tools", "system", "messages", "model")


@dataclass(eq=False, slots=True)
class _Node:
    """A place in the request that is being put together."""

    value: Value | None = None
    inner: dict[str | int, _Node] = field(default_factory=dict)


def requests(
    module: Module,
    evaluator: Evaluator,
    callers: Callers,
    in_test: bool,
    pinned: Pinned,
    functions: Many[OwnFunction],
) -> Iterator[Request]:
    """Every request that ``module`` sends by calling one of ``functions``, in order of lines."""
    names = _names(module, {function.name.rpartition(".")[2] for function in functions})
    if not names:
        return
    tasks = Tasks(callers)
    histories = Histories(evaluator, callers)
    for node in module.calls:
        if last_name(node.func) not in names and not any(
            last_name(a) in names for a in node.args[:2]
        ):
            continue
        evaluator.start()
        for act in callers.activations(node):
            evaluator.start()
            found = _found(node, act, evaluator, functions)
            if found is not None:
                yield from built(found, evaluator, callers, tasks, histories, in_test, pinned)


def _names(module: Module, wanted: set[str]) -> set[str]:
    """The last names under which ``module`` may call functions with the last names ``wanted``."""
    found = {name for name in wanted if name in module.loads}
    for node in module.parents:
        if isinstance(node, ast.ImportFrom):
            for alias in node.names:
                if alias.name in wanted:
                    found.add(alias.asname or alias.name)
    for name in tuple(found):
        for load in module.loads.get(name, ()):
            # ``send = llm.ask``, ``self.send = partial(llm.ask, model=MODEL)``
            found.update(last_name(target) for target in targets_of(keeper_of(module, load)))
    found.discard("")
    return found


def _found(
    node: ast.Call, act: Activation, ev: Evaluator, functions: Many[OwnFunction]
) -> Found | None:
    """The request that ``node`` sends, if it calls one of the functions."""
    callee: ast.expr = node.func
    args = node.args
    position = RUNNERS.get(last_name(callee), -1)
    if last_name(callee) == "partial":
        return None
    if 0 <= position < len(args):
        reference = args[position]
        function, handle, before = _meant(reference, act, ev, functions)
        if function is not None:
            args = args[position + 1 :]
            return _sent(node, function, handle, [*before, (args, node.keywords, act)], ev)
    function, handle, before = _meant(callee, act, ev, functions)
    if function is None:
        return None
    return _sent(node, function, handle, [*before, (args, node.keywords, act)], ev)


#: Arguments as written, and the activation they are written in.
_Written = tuple[list[ast.expr], list[ast.keyword], Activation]


def _meant(
    node: ast.expr, act: Activation, ev: Evaluator, functions: Many[OwnFunction]
) -> tuple[OwnFunction | None, object, list[_Written]]:
    """The function that an expression refers to, its handle, and what a partial bound."""
    before: list[_Written] = []
    value = ev.evaluate(node, act)
    for each in alternatives(value):
        if isinstance(each, Object) and isinstance(each.handle, PartialHandle):
            made = each.handle
            before = [(made.call.args, made.call.keywords, made.activation)]
            value = made.callee
            node, act = made.call.func, made.activation
            break
    for each in alternatives(value):
        function = _named(qualified_name(each, act.module), functions)
        if function is not None:
            return function, each.handle if isinstance(each, Object) else None, before
    if isinstance(node, ast.Attribute):
        for each in alternatives(ev.evaluate(node.value, act)):
            function = _named(f"{_class_of(each)}.{node.attr}", functions)
            if function is not None:
                return function, None, before
    return None, None, []


def _named(name: str, functions: Many[OwnFunction]) -> OwnFunction | None:
    return next((f for f in functions if means(name, f.name)), None) if name else None


def _class_of(value: Value) -> str:
    """The qualified name of the class that a value is an instance of, as far as it is known."""
    if isinstance(value, Object) and isinstance(value.handle, InstanceHandle):
        cls: ClassHandle = value.handle.cls
        return f"{cls.module.name}.{cls.module.qualname(cls.node)}"
    return value.type if isinstance(value, Unknown) else ""


def _sent(
    node: ast.Call,
    function: OwnFunction,
    handle: object,
    written: list[_Written],
    ev: Evaluator,
) -> Found | None:
    fact = ev.surfaces.method(function.method.split("."))
    if fact is None:
        return None
    act = written[-1][2]
    span = act.module.span(node)
    names = function.parameters or _positional(handle)
    places = dict(function.arguments)
    root = _Node()
    for place, value in function.defaults:
        _put(root, place, _literal(value, span))
    missing = ""
    given: dict[str, Value] = {}
    rest = list(names)
    for args, keywords, where in written:
        for argument in args:
            if isinstance(argument, ast.Starred):
                missing = missing or "arguments that can't be seen"
                rest = []
            elif rest:
                given[rest.pop(0)] = ev.evaluate(argument, where)
            elif not names:
                missing = missing or "a positional argument that the configuration doesn't name"
        for keyword in keywords:
            value = ev.evaluate(keyword.value, where)
            if keyword.arg is not None:
                given[keyword.arg] = value
                continue
            spread = value
            if isinstance(spread, Mapping):
                for entry in spread.entries:
                    if isinstance(entry.key, Known) and isinstance(entry.key.value, str):
                        given[entry.key.value] = entry.value
            if not isinstance(spread, Mapping) or spread.open:
                missing = missing or "keywords that can't be seen"
    for name, value in given.items():
        place = places.get(name) or ((name,) if name in fact.ever_accepted else ())
        if place and not (isinstance(value, Known) and value.value is None):
            _put(root, place, value)
    frame = ev.frame_at(node, act)
    said = {place[0] for _, place in function.arguments}
    for part in () if missing else _PARTS:
        if part not in root.inner and part not in said and part in fact.keywords:
            reason = f"left to {function.name}()"
            keys = (ops.unknown_key(reason, span, frame),)
            _put(root, (part,), Unknown(reason, span, frame, keys))
    arguments = _made(root, span, frame)
    assert isinstance(arguments, Mapping)
    arguments = Mapping(arguments.entries, span, missing, frame)
    client = Object("anthropic.resource", span, (), (), ClientHandle("", {}))
    return Found(node, fact, client, arguments, act, function.name, Platform(function.platform))


def _positional(handle: object) -> tuple[str, ...]:
    """The positional parameters of a function that is here."""
    if not isinstance(handle, FunctionHandle):
        return ()
    names = [p.arg for p in (*handle.node.args.posonlyargs, *handle.node.args.args)]
    return tuple(names[1:] if handle.instance is not None else names)


def _literal(value: Any, span: Span) -> Value:
    """A value of the configuration as if the call had been given it."""
    if isinstance(value, dict):
        entries = (Entry(Known(k, span), _literal(v, span), span) for k, v in value.items())
        return Mapping(tuple(entries), span)
    if isinstance(value, list):
        return Sequence(tuple(_literal(item, span) for item in value), span)
    return Known(value, span)


def _put(root: _Node, place: Place, value: Value) -> None:
    node = root
    for step in place:
        node = node.inner.setdefault(step, _Node())
    node.value = value


def _made(node: _Node, span: Span, frame: tuple[Any, ...], place: Place = ()) -> Value:
    """The value of a place: what was put there, with what was put inside of it."""
    if not node.inner:
        return node.value or Mapping((), span, "", frame)
    inner = {step: _made(child, span, frame, (*place, step)) for step, child in node.inner.items()}
    if all(isinstance(step, str) for step in inner):
        base = node.value if isinstance(node.value, Mapping) else Mapping((), span, "", frame)
        entries = [
            Entry(Known(step, span), value, value.span) for step, value in _completed(inner, place)
        ]
        return ops.with_entries(base, entries)
    numbers = sorted(step for step in inner if isinstance(step, int) and step >= 0)
    items: tuple[Value, ...] = tuple(inner[number] for number in numbers)
    missing = ""
    if node.value is not None:
        before, missing = ops.spread(node.value, span, frame)
        items = (*before, *items)
    if -1 in inner:
        items = (*items, inner[-1])
    return Sequence(items, span, missing, frame)


def _completed(inner: dict[str | int, Value], place: Place) -> Iterator[tuple[str, Value]]:
    """What a block or message can't do without, and the configuration need not say."""
    named = {str(step): value for step, value in inner.items()}
    span = next(iter(named.values())).span
    if len(place) == 2 and place[0] == "messages" and "role" not in named:
        odd = isinstance(place[1], int) and place[1] > 0 and place[1] % 2 == 1
        yield "role", Known("assistant" if odd else "user", span)
    elif "text" in named and "type" not in named:
        yield "type", Known("text", span)
    yield from named.items()
