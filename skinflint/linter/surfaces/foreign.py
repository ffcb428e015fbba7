"""What the surfaces of other libraries share: what a call hands on, and how shapes are told apart.

Each of them puts the arguments of its call into the shape of the SDK's; the rest is as if the SDK
had been called with them.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from typing import NamedTuple, TypeAlias

from skinflint.catalog.libraries import is_claude, load, names_claude
from skinflint.catalog.surfaces import MethodFact
from skinflint.linter import operations as ops
from skinflint.linter.activation import Activation, ClientHandle, PartialHandle, Thunk
from skinflint.linter.evaluate import Evaluator
from skinflint.linter.module import FUNCTIONS, Module, last_name, walk
from skinflint.linter.shapes import RUNNERS
from skinflint.linter.spans import Span
from skinflint.linter.surfaces.anthropic import keeper_of, targets_of
from skinflint.linter.values import (
    Alternative,
    Choice,
    Entry,
    Known,
    Mapping,
    Object,
    Repeat,
    Sequence,
    Text,
    Unknown,
    Value,
    alternatives,
)
from skinflint.records import replace

#: What is made of one mapping in a list.
Change: TypeAlias = Callable[[Mapping], Value]


class Call(NamedTuple):
    """What a call calls, and the arguments that get there: those a partial bound come first."""

    node: ast.Call
    callee: Value
    func: ast.expr
    activation: Activation
    written: tuple[tuple[ast.Call, Activation], ...]

    def arguments(self, ev: Evaluator, positional: tuple[str, ...] = ()) -> Mapping:
        """All arguments by name; those in place are named by ``positional``."""
        found: Mapping | None = None
        place = 0
        for call, act in self.written:
            given = ev.calls.keywords(call, act, fresh=True)
            for argument in call.args:
                if isinstance(argument, ast.Starred):
                    given = replace(given, open=given.open or "arguments that can't be seen")
                    place = len(positional)
                elif place < len(positional):
                    given = ops.set_entry(given, _entry(positional[place], argument, act, ev))
                    place += 1
            found = given if found is None else ops.update(found, given, given.span)
        assert found is not None
        return found

    def named(self, name: str, ev: Evaluator) -> Value | None:
        """The argument that is written under a name; Python refuses a second one of that name.

        It may be asked for before all others, which cost more; its budget is its own, as theirs.
        """
        call, act = self.written[-1]
        for keyword in call.keywords:
            if keyword.arg == name:
                ev.start()
                return ev.evaluate(keyword.value, act)
        return None


def _entry(name: str, node: ast.expr, act: Activation, ev: Evaluator) -> Entry:
    span = act.module.span(node)
    return Entry(Known(name, span), ev.evaluate(node, act), span, handle=(node, act))


def called(node: ast.Call, act: Activation, ev: Evaluator) -> Call | None:
    """What ``node`` calls, itself or through what runs a function in a thread or an executor."""
    func = node.func
    written = node
    if last_name(func) == "partial":
        return None
    position = RUNNERS.get(last_name(func), -1)
    if 0 <= position < len(node.args):
        func = node.args[position]
        rest = ast.Call(func=func, args=node.args[position + 1 :], keywords=node.keywords)
        written = ast.copy_location(rest, node)
    callee = ev.evaluate(func, act)
    for each in alternatives(callee):
        if isinstance(each, Object) and isinstance(each.handle, PartialHandle):
            made = each.handle
            bound = (made.call, made.activation)
            inner = made.call.func
            return Call(node, made.callee, inner, made.activation, (bound, (written, act)))
    return Call(node, callee, func, act, ((written, act),))


def candidates(module: Module, wanted: frozenset[str]) -> Iterator[ast.Call]:
    """The calls of ``module`` that may be of something with one of these last names."""
    names = set(wanted)
    for node in module.parents:
        if isinstance(node, ast.ImportFrom):
            for alias in node.names:
                if alias.name in wanted and alias.asname:
                    names.add(alias.asname)
    for name in tuple(names):
        for use in module.loads.get(name, ()):
            names.update(last_name(target) for target in targets_of(keeper_of(module, use)))
    names.discard("")
    for node in module.calls:
        func = last_name(node.func)
        if func in names or (
            func in RUNNERS and any(last_name(argument) in names for argument in node.args[:2])
        ):
            yield node


def fact_of(name: str) -> MethodFact:
    """A method that the SDK doesn't have: it sends, and answers in a shape of its own."""
    return MethodFact(name, frozenset(), frozenset(), True, own_reply=False)


def nobody(module: Module, node: ast.AST) -> Object:
    """Stands for the client where none of the SDK's is used."""
    return Object("anthropic.resource", module.span(node), (), (), ClientHandle("", {}))


class Named(NamedTuple):
    """The model ids of a request that are written out. ``sure``: it is never any other."""

    ids: tuple[str, ...]
    sure: bool
    said: bool  # some of it says that it is Claude


def claude(model: Value | None) -> Named | None:
    """The ids of a model, None where some of them is none of Claude's.

    An id that isn't seen (a parameter, a setting) is taken for what its default says.
    """
    ids: list[str] = []
    sure = said = False
    seen = unseen_ = 0
    for each in alternatives(model) if model is not None else ():
        if isinstance(each, Known) and (each.value is None or each.value == ""):
            continue
        if isinstance(each, Known) and isinstance(each.value, str):
            if not is_claude(each.value):
                return None
            ids.append(each.value)
        elif isinstance(each, Text) and any(
            isinstance(part, Known) and names_claude(str(part.value)) for part in each.parts
        ):
            said = True
        else:
            unseen_ += 1
            continue
        seen += 1
    sure = bool(seen) and not unseen_
    return Named(tuple(ids), sure, said or bool(ids))


# -- texts of JSON ---------------------------------------------------------------------------------


def written_as_json(entry: Entry | None, ev: Evaluator) -> list[Value]:
    """What a text was made of with ``json.dumps``: each way that is seen."""
    if entry is None or not isinstance(entry.handle, tuple):
        return []
    node, act = entry.handle
    return list(_dumped(node, act, ev, load().writers, _DEEPEST))


_DEEPEST = 6


def _dumped(
    node: ast.expr, act: Activation, ev: Evaluator, writers: frozenset[str], deep: int
) -> Iterator[Value]:
    if not deep:
        return
    if isinstance(node, ast.IfExp):
        yield from _dumped(node.body, act, ev, writers, deep - 1)
        yield from _dumped(node.orelse, act, ev, writers, deep - 1)
    elif isinstance(node, ast.Call):
        func = node.func
        if isinstance(func, ast.Attribute) and func.attr == "encode":
            yield from _dumped(func.value, act, ev, writers, deep - 1)
        elif isinstance(func, ast.Name) and func.id == "bytes" and node.args:
            yield from _dumped(node.args[0], act, ev, writers, deep - 1)
        elif ev.calls.qualified(func, act) in writers:
            given = ev.calls.positional(node, act, 0, "obj")
            if given is not None:
                yield given
    elif isinstance(node, ast.Name):
        bound = (act.arguments or {}).get(node.id)
        scope = act.node
        if isinstance(bound, Thunk):
            yield from _dumped(bound.node, bound.activation, ev, writers, deep - 1)
            return
        for stmt in walk(scope) if isinstance(scope, (*FUNCTIONS, ast.Module)) else ():
            targets = targets_of(stmt)
            if any(isinstance(t, ast.Name) and t.id == node.id for t in targets):
                value = getattr(stmt, "value", None)
                if value is not None and act.module.scope(stmt) is scope:
                    yield from _dumped(value, act, ev, writers, deep - 1)


# -- lists of blocks and messages ------------------------------------------------------------------


def each_item(value: Value, change: Change) -> Value:
    """A list whose items are changed one by one, under loops and branches too."""
    if isinstance(value, Choice):
        branches = (replace(a, value=each_item(a.value, change)) for a in value.alternatives)
        return replace(value, alternatives=tuple(branches))
    if isinstance(value, Sequence):
        return replace(value, items=tuple(inside(item, change) for item in value.items))
    return value


def inside(item: Value, change: Change) -> Value:
    """One item of a list, as far as it is a mapping."""
    if isinstance(item, Repeat):
        return replace(item, body=inside(item.body, change))
    if isinstance(item, Choice):
        branches = (replace(a, value=inside(a.value, change)) for a in item.alternatives)
        return replace(item, alternatives=tuple(branches))
    if isinstance(item, Sequence):  # a branch that puts in none, or several
        return each_item(item, change)
    return change(item) if isinstance(item, Mapping) else item


def with_entry(value: Mapping, name: str, entry: Entry | None) -> Mapping:
    """``value`` with an entry put under ``name``, with where it was written."""
    if entry is None:
        return value
    return ops.set_entry(value, replace(entry, key=Known(name, entry.span)))


def made_of(base: Mapping, **entries: Entry | None) -> Mapping:
    """A mapping that stands where ``base`` is written, of some of its entries."""
    value = replace(base, entries=(), order=())
    for name, entry in entries.items():
        value = with_entry(value, name, entry)
    return value


def literal(name: str, value: object, span: Span) -> Entry:
    """An entry that the library adds by itself."""
    return Entry(Known(name, span), Known(value, span), span)


def pick(value: Value, path: tuple[str, ...]) -> Entry | None:
    """The entry at a path of str keys, of the first branch that has it."""
    name, *rest = path
    for each in alternatives(value):
        entry = each.entry(name) if isinstance(each, Mapping) else None
        if entry is not None:
            return pick(entry.value, tuple(rest)) if rest else entry
    return None


def choice_of(options: list[Value], like: Value) -> Value:
    """One of several values where ``like`` was one of several."""
    if len(options) == 1:
        return options[0]
    if isinstance(like, Choice) and len(like.alternatives) == len(options):
        branches = (
            Alternative(option, a.condition)
            for option, a in zip(options, like.alternatives, strict=True)
        )
        return replace(like, alternatives=tuple(branches))
    return ops.choice([(option, None) for option in options], like.span)


def unseen(reason: str, like: Value) -> Unknown:
    """Something that may stand there and isn't seen."""
    return Unknown(reason, like.span, (), (ops.unknown_key(reason, like.span, ()),))
