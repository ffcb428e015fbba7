"""Expression -> Value: on demand, backwards from the request. Nothing is executed.

A name is worth what the nearest statement in front of it made of it; the search walks the blocks
of a function upwards, merges branches into a Choice and the rounds of a loop into a Repeat. Every
evaluation ends: recursion and a budget of steps lead to Unknown with the reason.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Callable

from skinflint.catalog.sources import SourceFact, Sources
from skinflint.catalog.surfaces import Surfaces
from skinflint.linter import operations as ops
from skinflint.linter.activation import (
    Activation,
    ClassHandle,
    ClientHandle,
    ExternalHandle,
    FunctionHandle,
    InstanceHandle,
    Thunk,
)
from skinflint.linter.module import (
    COMPREHENSIONS,
    FUNCTIONS,
    LOOPS,
    MUTATORS,
    FunctionNode,
    Module,
    default_of,
    dotted,
    parameters,
)
from skinflint.linter.spans import Role, Span, Step
from skinflint.linter.values import (
    Alternative,
    Choice,
    Confidence,
    Entry,
    Frame,
    Granularity,
    Key,
    Known,
    Mapping,
    Mark,
    MarkKind,
    Object,
    Ordering,
    Repeat,
    Sequence,
    Source,
    Text,
    Unknown,
    Value,
    alternatives,
    through,
    with_keys,
)
from skinflint.records import replace

MOST_STEPS = 6000  # evaluations per request; an ordinary one takes a few hundred
DEEPEST = 60  # nested evaluations
#: Read even when the budget is used up: a marker behind a costly text is part of the request.
_WRITTEN = (ast.Constant, ast.Dict, ast.List, ast.Tuple)
_FEW = 32  # entries of a dict that is read then
MOST_PARTS = 4000  # values inside one value: `x = [x, x]` again and again would never end
PARTS_PER_STEP = 50  # handling large values costs the budget, too
MOST_EXPANDED = 32  # items of a literal list that a comprehension is unrolled over

#: Catalogue kinds of source that are not called the same in ``values.Source``.
_SOURCES = {
    "clock": Source.CLOCK,
    "random": Source.RANDOM,
    "order": Source.ORDER,
    "environment": Source.ENVIRONMENT,
    "process": Source.ENVIRONMENT,
    "retrieval": Source.RETRIEVAL,
    "file": Source.FILE,
    "database": Source.UNKNOWN,
    "http": Source.UNKNOWN,
    "turn": Source.TURN,
}


class Evaluator:
    """Evaluates the expressions of one module; ``start`` begins the budget of a request."""

    def __init__(
        self,
        module: Module,
        sources: Sources,
        surfaces: Surfaces,
        stable: frozenset[str] = frozenset(),
    ) -> None:
        self.module = module
        self.sources = sources
        self.surfaces = surfaces
        self.stable = stable  # names that the project's configuration calls stable
        self.root = Activation(module, module.tree, ())
        self.steps = 0
        self.depth = 0
        self._cuts = 0  # how often an evaluation was cut short because it was nested too deeply
        self._busy: set[tuple[object, ...]] = set()
        #: Loops whose earlier rounds are being looked at: a place means something else there.
        self._rounds_seen: tuple[tuple[object, ...], ...] = ()
        from skinflint.linter.calls import Calls

        self.calls = Calls(self)
        self._handlers: dict[type[ast.AST], Callable[..., Value]] = {
            ast.Constant: self._constant,
            ast.JoinedStr: self._joined,
            ast.Name: self._name,
            ast.Attribute: self._attribute,
            ast.BinOp: self._binary,
            ast.BoolOp: self._boolean,
            ast.IfExp: self._conditional,
            ast.Dict: self._dict,
            ast.List: self._sequence,
            ast.Tuple: self._sequence,
            ast.Set: self._sequence,
            ast.ListComp: self._comprehension,
            ast.SetComp: self._comprehension,
            ast.GeneratorExp: self._comprehension,
            ast.DictComp: self._dict_comprehension,
            ast.Subscript: self._subscript,
            ast.Call: self._call,
            ast.Await: self._await,
            ast.NamedExpr: self._await,
            ast.Lambda: self._lambda,
            ast.UnaryOp: self._unary,
        }

    def start(self) -> None:
        """Begin a new request: its budget is whole again."""
        self.steps = 0

    # -- entry ----------------------------------------------------------------------------

    def evaluate(self, node: ast.expr, act: Activation) -> Value:
        """What ``node`` may be when it is evaluated in ``act``."""
        place = (node, self._rounds_seen) if self._rounds_seen else node
        memo = act.memo.get(place)
        if memo is not None:
            return memo
        self.steps += 1
        if self.steps > MOST_STEPS and not isinstance(node, _WRITTEN):
            return self.unknown("the budget of steps for this request is used up", node, act)
        if self.depth > DEEPEST:
            self._cuts += 1
            return self.unknown("nested too deeply", node, act)
        cuts = self._cuts
        busy = (node, id(act), self._rounds_seen)
        if busy in self._busy:
            return self.unknown("depends on itself", node, act)
        handler = self._handlers.get(type(node))
        self._busy.add(busy)
        self.depth += 1
        try:
            value = handler(node, act) if handler else self._other(node, act)
        except RecursionError:
            # The stack is a budget as well; the first level that has room again ends it here.
            return self.unknown("nested too deeply", node, act)
        finally:
            self.depth -= 1
            self._busy.discard(busy)
        if not self._fits(value):
            value = self.unknown("a value of too many parts", node, act)
        if self._keeps(cuts):
            act.memo[place] = value
        return value

    def _fits(self, value: Value) -> bool:
        """Whether a value is small enough to be handled; large ones use up the budget faster."""
        if isinstance(value, (Known, Unknown, Object)):
            return True
        parts = ops.weight(value, MOST_PARTS)
        self.steps += parts // PARTS_PER_STEP
        return parts <= MOST_PARTS

    def _keeps(self, cuts: int) -> bool:
        """Whether a result holds for good: no limit of this one evaluation cut it short."""
        return self.steps <= MOST_STEPS and (self._cuts == cuts or self.depth == 0)

    def argument(self, argument: Thunk | Value) -> Value:
        """The value of an argument that a caller bound."""
        if isinstance(argument, Thunk):
            value = self.evaluate(argument.node, argument.activation)
            return through(value, argument.step) if argument.step else value
        return argument

    def unknown(self, reason: str, node: ast.AST, act: Activation) -> Unknown:
        """Neither content nor variation can be known."""
        span = act.module.span(node)
        frame = self.frame_at(node, act)
        return Unknown(reason, span, frame, (ops.unknown_key(reason, span, frame),))

    def frame_at(self, node: ast.AST, act: Activation) -> Frame:
        """What is entered anew each time ``node`` is evaluated in ``act``."""
        loops = act.module.loops(node, act.node)
        if not loops:
            return act.frame
        return (
            *act.frame,
            *(Mark(MarkKind.LOOP, _loop_name(loop), act.module.span(loop)) for loop in loops),
        )

    # -- simple expressions ---------------------------------------------------------------

    def _constant(self, node: ast.Constant, act: Activation) -> Value:
        if isinstance(node.value, int) and node.value.bit_length() > ops.MOST_BITS:
            return Unknown("a very large number", act.module.span(node), type="int")
        return Known(node.value, act.module.span(node))

    def _joined(self, node: ast.JoinedStr, act: Activation) -> Value:
        span = act.module.span(node)
        parts: list[Value] = []
        for part in node.values:
            if isinstance(part, ast.FormattedValue):
                parts.append(self.field(part, act))
            elif isinstance(part, ast.Constant):
                parts.append(Known(part.value, span))
        return ops.text(parts, span)

    def field(self, node: ast.FormattedValue, act: Activation) -> Value:
        """One ``{field}`` of an f-string, formatted."""
        value = self.evaluate(node.value, act)
        span = act.module.span(node.value)
        if node.format_spec is not None:
            spec = self.evaluate(node.format_spec, act)
            value = self.calls.formatted(value, spec, span)
        if node.conversion == 114 and isinstance(value, Known):
            return Known(repr(value.value), span)
        return ops.as_text(value, span)

    def _binary(self, node: ast.BinOp, act: Activation) -> Value:
        span = act.module.span(node)
        frame = self.frame_at(node, act)
        # A chain of + leans to the left; walk it without recursion.
        if isinstance(node.op, ast.Add):
            operands: list[ast.expr] = []
            current: ast.expr = node
            while isinstance(current, ast.BinOp) and isinstance(current.op, ast.Add):
                operands.append(current.right)
                current = current.left
            value = self.evaluate(current, act)
            parts: list[Value] = []  # a text and what is added to it, joined in the end
            for operand in reversed(operands):
                right = self.evaluate(operand, act)
                if not parts and (ops.is_text(value) or ops.is_text(right)):
                    parts.append(ops.as_text(value, span))
                if parts:
                    parts.append(ops.as_text(right, span))
                else:
                    value = ops.add(value, right, span, frame)
            return ops.text(parts, span) if parts else value
        left = self.evaluate(node.left, act)
        if isinstance(node.op, ast.Mod) and ops.is_text(left):
            return self.calls.percent(left, node.right, span, frame, act)
        right = self.evaluate(node.right, act)
        if isinstance(node.op, ast.BitOr) and isinstance(left, Mapping):
            return ops.update(replace(left, span=span), right, span)
        if isinstance(node.op, ast.Mult):
            for one, other in ((left, right), (right, left)):
                if (
                    isinstance(one, Known)
                    and isinstance(one.value, str)
                    and isinstance(other, Known)
                    and isinstance(other.value, int)
                    and len(one.value) * other.value <= 1_000_000
                ):
                    return Known(one.value * other.value, span)
        if isinstance(left, Known) and isinstance(right, Known):
            number = _arithmetic(node.op, left.value, right.value)
            if number is not None:
                return Known(number, span)
        kind = left.type if isinstance(left, Unknown) else ""
        return ops.derived("arithmetic on values", span, frame, left, right, type=kind)

    def _boolean(self, node: ast.BoolOp, act: Activation) -> Value:
        span = act.module.span(node)
        options: list[tuple[Value, Span | None]] = []
        keys: tuple[Key, ...] = ()
        for index, operand in enumerate(node.values):
            value = self.evaluate(operand, act)
            known = ops.truth(value)
            last = index == len(node.values) - 1
            decisive = isinstance(node.op, ast.Or)
            if last:
                options.append((value, None))
            elif known is decisive:
                options.append((value, act.module.span(operand)))
                break
            elif known is None:
                keys = ops.merge_keys(keys, ops.keys_of(value))
                if decisive or not ops.is_text(value):
                    options.append((value, act.module.span(operand)))
                else:
                    options.append((Known("", span), act.module.span(operand)))
        return ops.choice(options, span, self.frame_at(node, act), keys)

    def _conditional(self, node: ast.IfExp, act: Activation) -> Value:
        known, keys = self.test(node.test, act)
        if known is not None:
            return self.evaluate(node.body if known else node.orelse, act)
        test = act.module.span(node.test)
        body = self.evaluate(node.body, act)
        orelse = self.evaluate(node.orelse, act)
        span = act.module.span(node)
        return ops.choice([(body, test), (orelse, test)], span, self.frame_at(node, act), keys)

    def test(self, node: ast.expr, act: Activation) -> tuple[bool | None, tuple[Key, ...]]:
        """Whether a condition is known to hold, and what it depends on."""
        if isinstance(node, ast.Name) and node.id == "TYPE_CHECKING":
            return True, ()
        if isinstance(node, ast.Attribute) and node.attr == "TYPE_CHECKING":
            return True, ()
        value = self.evaluate(node, act)
        if isinstance(value, Known):
            return bool(value.value), ()
        return ops.truth(value), ops.keys_of(value)

    def _unary(self, node: ast.UnaryOp, act: Activation) -> Value:
        value = self.evaluate(node.operand, act)
        span = act.module.span(node)
        if isinstance(node.op, ast.Not):
            known = ops.truth(value)
            if known is not None:
                return Known(not known, span)
        elif isinstance(value, Known) and isinstance(value.value, (int, float)):
            if isinstance(node.op, ast.USub):
                return Known(-value.value, span)
            if isinstance(node.op, ast.UAdd):
                return Known(+value.value, span)
        return ops.derived("an operation on a value", span, self.frame_at(node, act), value)

    def _await(self, node: ast.Await | ast.NamedExpr, act: Activation) -> Value:
        return self.evaluate(node.value, act)

    def _lambda(self, node: ast.Lambda, act: Activation) -> Value:
        span = act.module.span(node)
        return Object("function", span, act.frame, (), FunctionHandle(node, act.module, act))

    def _other(self, node: ast.expr, act: Activation) -> Value:
        """Comparisons and the like: they vary as what stands in them varies."""
        parts = [
            self.evaluate(child, act)
            for child in ast.iter_child_nodes(node)
            if isinstance(child, ast.expr)
        ]
        span = act.module.span(node)
        kind = "bool" if isinstance(node, ast.Compare) else ""
        if isinstance(node, ast.Compare) and len(node.ops) == 1:
            known = _compare(node.ops[0], parts[0], parts[1])
            if known is not None:
                return Known(known, span)
        if isinstance(node, (ast.Yield, ast.YieldFrom)):
            return self.unknown("what a generator is sent", node, act)
        return ops.derived(
            "the outcome of a test", span, self.frame_at(node, act), *parts, type=kind
        )

    # -- containers -----------------------------------------------------------------------

    def _dict(self, node: ast.Dict, act: Activation) -> Value:
        span = act.module.span(node)
        value = Mapping((), span, "", self.frame_at(node, act))
        own: dict[object, Entry] = {}  # the entries since the last `**`, by key
        for key, item in zip(node.keys, node.values, strict=True):
            if self.steps > MOST_STEPS and len(node.keys) > _FEW:
                value = replace(value, open="the budget of steps for this request is used up")
                break
            if key is None:
                value = ops.with_entries(value, own.values())
                own = {}
                value = ops.update(value, self.evaluate(item, act), span)
            else:
                made = Entry(
                    self.evaluate(key, act),
                    self.evaluate(item, act),
                    act.module.span(item),
                    handle=(item, act),
                )
                own[made.key.value if isinstance(made.key, Known) else key] = made
        return ops.with_entries(value, own.values())

    def _sequence(self, node: ast.List | ast.Tuple | ast.Set, act: Activation) -> Value:
        span = act.module.span(node)
        frame = self.frame_at(node, act)
        items: list[Value] = []
        reason = ""
        order: tuple[Key, ...] = ()
        for element in node.elts:
            if isinstance(element, ast.Starred):
                inner = self.evaluate(element.value, act)
                if isinstance(inner, (Sequence, Mapping)) and inner.order:
                    where = act.module.span(element.value)
                    read = ops.taken_at(inner.order, where)
                    order = ops.merge_keys(order, read)
                    inner = replace(inner, order=read)
                more, why = ops.spread(inner, act.module.span(element), frame)
                items.extend(more)
                reason = reason or why
            else:
                items.append(self.evaluate(element, act))
        if isinstance(node, ast.Set):
            return self.unordered(tuple(items), span, frame, reason)
        kind = "tuple" if isinstance(node, ast.Tuple) else "list"
        return Sequence(tuple(items), span, reason, frame, order, kind)

    def unordered(
        self, items: tuple[Value, ...], span: Span, frame: Frame, reason: str = ""
    ) -> Sequence:
        """A set: its order differs between processes unless it holds numbers or one item."""
        order: tuple[Key, ...] = ()
        single = len(items) < 2 and not any(isinstance(i, Repeat) for i in items) and not reason
        if not single and not all(_hashes_alike(item) for item in items):
            order = (
                Key(
                    Source.ORDER,
                    "a set",
                    span,
                    ordering=Ordering.PROCESS,
                    confidence=Confidence.HIGH
                    if all(ops.is_text(item) for item in _flat(items))
                    else Confidence.MEDIUM,
                    trail=(Step(Role.SOURCE, span, "a set has no fixed order"),),
                    frame=frame,
                ),
            )
        return Sequence(items, span, reason, frame, order, "set")

    def _comprehension(
        self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp, act: Activation
    ) -> Value:
        span = act.module.span(node)
        frame = self.frame_at(node, act)
        items, order, reason = self._generated(node, [node.elt], act)
        values = tuple(item[0] for item in items)
        if isinstance(node, ast.SetComp):
            return self.unordered(values, span, frame, reason)
        kind = "list" if isinstance(node, ast.ListComp) else "generator"
        return Sequence(values, span, reason, frame, order, kind)

    def _dict_comprehension(self, node: ast.DictComp, act: Activation) -> Value:
        span = act.module.span(node)
        items, order, reason = self._generated(node, [node.key, node.value], act)
        entries: list[Entry] = []
        for key, item, *unsure in items:
            entries.append(Entry(key, item, span, optional=bool(unsure)))
        return Mapping(tuple(entries), span, reason, self.frame_at(node, act), order)

    def _generated(
        self,
        node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp,
        elements: list[ast.expr],
        act: Activation,
    ) -> tuple[list[tuple[Value, ...]], tuple[Key, ...], str]:
        """What a comprehension yields: per item its element(s); the order; why it is open.

        The pair of a dict that a condition may leave out is followed by that condition.
        """
        span = act.module.span(node)
        first = node.generators[0]
        source = self.evaluate(first.iter, act)
        order: tuple[Key, ...] = ()
        if isinstance(source, (Sequence, Mapping)) and source.order:
            order = ops.taken_at(source.order, act.module.span(first.iter))
            source = replace(source, order=order)
        exact = (
            isinstance(source, Sequence)
            and len(node.generators) == 1
            and not source.open
            and len(source.items) <= MOST_EXPANDED
            and not any(_counted(item) is None for item in source.items)
        )
        if exact and isinstance(source, Sequence):
            results: list[tuple[Value, ...]] = []
            for each in source.items:
                item = _counted(each)
                assert item is not None
                inner = self._with_target(first.target, item, node, act)
                holds: bool | None = True if item is each else None
                keys: tuple[Key, ...] = ()
                for condition in first.ifs:
                    known, why = self.test(condition, inner)
                    keys = ops.merge_keys(keys, why)
                    holds = False if known is False or holds is False else (holds and known)
                if holds is False:
                    continue
                values = tuple(self.evaluate(element, inner) for element in elements)
                if holds is None and len(values) == 1:
                    empty = Sequence((), span)
                    values = (Choice((Alternative(values[0]), Alternative(empty)), span, (), keys),)
                elif holds is None:
                    values = (*values, Unknown("a condition that can't be seen", span, (), keys))
                results.append(values)
            return results, order, ""
        inner = act
        keys = ()
        for generator in node.generators:
            collection = self.evaluate(generator.iter, inner)
            frame = self.frame_at(node, act)
            where = act.module.span(generator.iter)
            keys = ops.merge_keys(keys, ops.taken_at(ops.keys_of(collection), where))
            item = ops.item_of(collection, act.module.span(generator.target), frame)
            inner = self._with_target(generator.target, item, node, inner)
            for condition in generator.ifs:
                keys = ops.merge_keys(keys, self.test(condition, inner)[1])
        body = [self.evaluate(element, inner) for element in elements]
        frame = self.frame_at(node, act)
        repeated = tuple(Repeat(value, span, frame, keys) for value in body)
        return [repeated], order, "made by a comprehension"

    def _with_target(
        self, target: ast.expr, item: Value, node: ast.AST, act: Activation
    ) -> Activation:
        """An activation in which the target of a comprehension is bound to ``item``."""
        bound = (
            dict(act.arguments) if isinstance(act.node, COMPREHENSIONS) and act.arguments else {}
        )
        self._bind_target(target, item, bound, act.module.span(target))
        return Activation(
            act.module,
            node,
            self.frame_at(_element(node), act) if node is not act.node else act.frame,
            bound,
            act if node is not act.node else act.lexical,
            act.instance,
            act.chain,
            act.depth,
        )

    def _bind_target(
        self, target: ast.expr, value: Value, bound: dict[str, Thunk | Value], span: Span
    ) -> None:
        if isinstance(target, ast.Name):
            bound[target.id] = value
        elif isinstance(target, (ast.Tuple, ast.List)):
            value = _gathered(value, target.elts)
            for index, element in enumerate(target.elts):
                self._bind_target(
                    element, self.element(value, index, len(target.elts), span), bound, span
                )
        elif isinstance(target, ast.Starred):
            self._bind_target(target.value, value, bound, span)

    def element(self, value: Value, index: int, count: int, span: Span) -> Value:
        """``value[index]`` when it is unpacked into ``count`` targets."""
        if (
            isinstance(value, Sequence)
            and not value.open
            and len(value.items) == count
            and not any(isinstance(item, Repeat) for item in value.items)
        ):
            # An item that may be absent is there: unpacking would have failed without it.
            return value.items[index]
        if isinstance(value, Choice):
            return ops.choice(
                [
                    (self.element(a.value, index, count, span), a.condition)
                    for a in value.alternatives
                ],
                value.span,
                value.frame,
                value.keys,
            )
        return ops.derived("an element of something that can't be seen", span, (), value)

    def _subscript(self, node: ast.Subscript, act: Activation) -> Value:
        path = _path(node)
        if path is not None and isinstance(node.ctx, ast.Load):
            pass
        base = self.evaluate(node.value, act)
        span = act.module.span(node)
        frame = self.frame_at(node, act)
        if isinstance(node.slice, ast.Slice):
            return self._slice(base, node.slice, span, frame, act)
        key = self.evaluate(node.slice, act)
        return self.lookup(base, key, span, frame)

    def lookup(self, base: Value, key: Value, span: Span, frame: Frame) -> Value:
        """``base[key]``."""
        if isinstance(base, Choice):
            return ops.choice(
                [(self.lookup(a.value, key, span, frame), a.condition) for a in base.alternatives],
                span,
                frame,
                base.keys,
            )
        if isinstance(key, Choice):
            return ops.choice(
                [(self.lookup(base, a.value, span, frame), a.condition) for a in key.alternatives],
                span,
                frame,
                key.keys,
            )
        if isinstance(base, Mapping):
            if isinstance(key, Known):
                if isinstance(key.value, str):
                    found = base.get(key.value)
                else:
                    found = next(
                        (
                            e.value
                            for e in reversed(base.entries)
                            if isinstance(e.key, Known) and e.key.value == key.value
                        ),
                        None,
                    )
                if found is not None:
                    return found
            elif base.entries and not base.open:
                picked = [(entry.value, None) for entry in base.entries]
                return ops.choice(
                    list(picked), span, frame, ops.merge_keys(ops.keys_of(key), base.order)
                )
        if isinstance(base, Sequence) and isinstance(key, Known) and isinstance(key.value, int):
            index = key.value
            side = base.items[: index + 1] if index >= 0 else base.items[index:]
            # In a list a Choice may be an item that is absent; a tuple's items have fixed places.
            moves = Repeat if base.type == "tuple" else (Repeat, Choice)
            fixed = not any(isinstance(item, moves) for item in side)
            if fixed and -len(base.items) <= index < len(base.items) and not base.order:
                if not base.open or (index >= 0 and _opens_behind(base, index)):
                    return base.items[index]
                if index < 0 and not isinstance(base.items[-1], Repeat):
                    return base.items[index]
        if isinstance(base, Object) and isinstance(base.handle, ExternalHandle):
            if base.handle.name in ("os.environ",):
                return self.calls.environment(key, None, span, frame)
        return ops.derived("an element of something that can't be seen", span, frame, base, key)

    def _slice(
        self, base: Value, node: ast.Slice, span: Span, frame: Frame, act: Activation
    ) -> Value:
        bounds = [
            self.evaluate(each, act) if each is not None else Known(None, span)
            for each in (node.lower, node.upper, node.step)
        ]
        literal = [
            b.value
            for b in bounds
            if isinstance(b, Known) and (b.value is None or isinstance(b.value, int))
        ]
        if len(literal) == 3:
            where: slice[int | None, int | None, int | None] = slice(*literal)
            if isinstance(base, Known) and isinstance(base.value, (str, bytes)):
                return Known(base.value[where], span)
            if isinstance(base, Sequence):
                exact = not base.open and not any(
                    isinstance(item, (Repeat, Choice)) for item in base.items
                )
                if exact or where == slice(None, None, None):
                    return replace(base, items=base.items[where], span=span)
                part = _part(base, where)
                if part is not None:
                    return replace(part, span=span)
        if isinstance(base, Sequence):
            return Sequence(
                (Repeat(ops.item_of(base, span, frame), span, frame, ops.keys_of(base)),),
                span,
                "a slice of a list",
                frame,
                base.order,
            )
        kind = "str" if ops.is_text(base) else base.type if isinstance(base, Unknown) else ""
        result = ops.derived("a slice", span, frame, base, *bounds, type=kind)
        return replace(result, keys=tuple(_cut(key, literal, span) for key in result.keys))

    # -- names ----------------------------------------------------------------------------

    def _name(self, node: ast.Name, act: Activation) -> Value:
        return self.name(node.id, node, act)

    def name(self, name: str, node: ast.AST, act: Activation) -> Value:
        """What ``name`` is worth where ``node`` stands."""
        if name in self.stable:
            span = act.module.span(node)
            return Unknown(f"`{name}` is declared stable", span, (), (), "configuration")
        current: Activation | None = act
        here: ast.AST | None = node
        while current is not None:
            value = self._name_in(name, here, current)
            if value is not None:
                return value
            # The body of a function runs later than it is written: it sees what its surroundings
            # hold in the end. A comprehension and the body of a class run on the spot.
            on_the_spot = isinstance(current.node, (*COMPREHENSIONS, ast.ClassDef))
            here = current.node if here is not None and on_the_spot else None
            current = current.lexical
            if current is not None and isinstance(current.node, ast.ClassDef):
                here = current.node if here is not None else None
                current = current.lexical
        if name in _BUILTINS:
            span = act.module.span(node)
            return Object("import", span, (), (), ExternalHandle(f"builtins.{name}"))
        return self.unknown(f"`{name}` is not bound here", node, act)

    def _name_in(self, name: str, node: ast.AST | None, act: Activation) -> Value | None:
        scope = act.node
        if isinstance(scope, COMPREHENSIONS):
            if act.arguments and name in act.arguments:
                return self.argument(act.arguments[name])
            return None
        if isinstance(scope, ast.Lambda):
            if any(parameter.arg == name for parameter in parameters(scope)):
                return self.parameter(name, act)
            return None
        if isinstance(scope, ast.Module):
            return self._module_name(name, node, act)
        if isinstance(scope, (*FUNCTIONS, ast.ClassDef)):
            if name in act.module.globals_of(scope):
                return None if isinstance(scope, ast.ClassDef) else self._declared(name, node, act)
            if name not in act.module.locals_of(scope):
                return None
            bound = self._comprehension_target(name, node, act)
            if bound is not None:
                return bound
            return self._local(name, node, act)
        return None

    def _declared(self, name: str, node: ast.AST | None, act: Activation) -> Value | None:
        """A name declared global: what this function made of it before, else the global."""
        stmt = act.module.statement(node) if node is not None else None
        if stmt is None:
            return None
        return self._before(name, stmt, act)

    def _comprehension_target(
        self, name: str, node: ast.AST | None, act: Activation
    ) -> Value | None:
        """A comprehension's variable when the element is evaluated outside of `_generated`."""
        if node is None:
            return None
        for parent in act.module.ancestors(node):
            if parent is act.node or isinstance(parent, ast.stmt):
                return None
            if isinstance(parent, COMPREHENSIONS):
                for generator in parent.generators:
                    names = {n.id for n in ast.walk(generator.target) if isinstance(n, ast.Name)}
                    if name in names and not _within(act.module, node, generator.iter):
                        return self._loop_item(name, generator, parent, act)
        return None

    def _local(self, name: str, node: ast.AST | None, act: Activation) -> Value | None:
        scope = act.node
        assert isinstance(scope, (*FUNCTIONS, ast.ClassDef))
        if node is None:
            value = self._after_body(name, scope.body, act, lambda: self._on_entry(name, act))
        else:
            stmt = act.module.statement(node)
            if stmt is None or stmt is scope:
                value = self._after_body(name, scope.body, act, lambda: self._on_entry(name, act))
            else:
                value = self._before(name, stmt, act, node)
        if value is None and isinstance(scope, FUNCTIONS):
            return self.unknown(f"`{name}` may not be bound here", node or scope, act)
        return value

    def at_end(self, path: str, function: FunctionNode, act: Activation) -> Value | None:
        """What ``path`` is worth when ``function`` has run to its end as ``act``."""
        busy = ("end", path, function)
        if busy in self._busy:
            return None
        self._busy.add(busy)
        try:
            return self._after_body(path, function.body, act, lambda: self._on_entry(path, act))
        finally:
            self._busy.discard(busy)

    def _on_entry(self, path: str, act: Activation) -> Value | None:
        """What ``path`` is worth when the scope of ``act`` begins."""
        if "." in path:
            return None
        scope = act.node
        if isinstance(scope, FUNCTIONS) and any(p.arg == path for p in parameters(scope)):
            return self.parameter(path, act)
        return None

    def _module_name(self, name: str, node: ast.AST | None, act: Activation) -> Value | None:
        tree = act.module.tree
        stmt = act.module.statement(node) if node is not None else None
        at_top = stmt is not None and isinstance(act.module.scope(stmt), ast.Module)
        memo_key = ("end", name)
        if at_top and stmt is not None:
            bound = self._comprehension_target(name, node, act)
            if bound is not None:
                return bound
            value = self._before(name, stmt, act, node)
        else:
            value = act.memo.get(memo_key)
            if value is None:
                busy = ("module", name, id(act))
                if busy in self._busy:
                    return self.unknown("depends on itself", tree, act)
                self._busy.add(busy)
                try:
                    value = self._after_body(name, tree.body, act, lambda: None)
                finally:
                    self._busy.discard(busy)
                if value is not None:
                    value = self._with_writes(name, value, act)
                    act.memo[memo_key] = value
                else:
                    value = self._only_declared(name, act)
        return value

    def _only_declared(self, name: str, act: Activation) -> Value | None:
        """A global that only functions assign."""
        writes = act.module.global_writes(name)
        if not writes:
            return None
        span = act.module.span(writes[0])
        return Unknown(
            f"`{name}` is assigned by functions at run time",
            span,
            (),
            (ops.unknown_key(name, span, ()),),
        )

    def _with_writes(self, name: str, value: Value, act: Activation) -> Value:
        """A module global that functions change after import.

        Filling it once (``if X is None: X = ...``) keeps it fixed; what is appended or added to it
        is an event; plain reassignment leaves its variation unknown.
        """
        writes = act.module.global_writes(name)
        if not writes:
            return value
        grows = [stmt for stmt in writes if _accumulates(stmt, name)]
        if grows:
            span = act.module.span(grows[0])
            key = Key(
                Source.EVENT,
                name,
                span,
                confidence=Confidence.MEDIUM,
                trail=(Step(Role.SOURCE, span, f"`{name}` changes here after import"),),
                # An event is no matter of a frame: it lies between any two calls.
                frame=_ALWAYS,
            )
            # What is seen of it at import stays in front of what is added.
            if isinstance(value, (Sequence, Mapping)):
                return replace(value, open="grows after import", order=(*value.order, key))
            return ops.derived(
                f"`{name}` changes after import",
                span,
                (),
                value,
                Unknown("", span, (), (key,)),
            )
        if all(_fills_once(stmt, name, act.module) for stmt in writes):
            filled: list[tuple[Value, Span | None]] = []
            if not (isinstance(value, Known) and value.value is None):
                filled.append((value, None))
            for stmt in writes:
                if isinstance(stmt, (ast.Assign, ast.AnnAssign)) and stmt.value is not None:
                    function = act.module.scope(stmt)
                    inner = Activation(act.module, function, (), None, act)
                    filled.append((_frozen(self.evaluate(stmt.value, inner)), None))
            if filled:
                return ops.choice(filled, act.module.span(writes[0]))
        span = act.module.span(writes[0])
        reason = f"`{name}` is assigned again by functions"
        options: list[tuple[Value, Span | None]] = [(value, None)]
        for stmt in writes:
            made: Value = Unknown(reason, span, (), (ops.unknown_key(name, span, ()),))
            if isinstance(stmt, (ast.Assign, ast.AnnAssign)) and stmt.value is not None:
                inner = Activation(act.module, act.module.scope(stmt), (), None, act)
                assigned = self.evaluate(stmt.value, inner)
                made = assigned if isinstance(assigned, Object) else made
            options.append((made, None))
        return ops.choice(options, span, (), (ops.unknown_key(name, span, ()),))

    # -- flow: what a path is worth at a place --------------------------------------------

    def _before(
        self, path: str, stmt: ast.stmt, act: Activation, node: ast.AST | None = None
    ) -> Value | None:
        """What ``path`` is worth just before ``stmt`` runs (or, in its header, at ``node``)."""
        module = act.module
        if node is not None:
            inside = self._inside_statement(path, stmt, node, act)
            if inside is not None:
                return inside
        body, index = module.place(stmt)
        found: list[ast.stmt] = []  # what made the value, nearest first
        for j in range(index - 1, -1, -1):
            if path in module.touched(body[j]):
                found.append(body[j])
                if ("after", path, body[j], id(act), self._rounds_seen) in act.memo:
                    break
                if _binds_anew(path, body[j]):
                    break
        if found:
            # From the first to the last: forty times `.append` must not nest forty deep.
            for each in reversed(found[1:]):
                self._after(path, each, act)
            return self._after(path, found[0], act)
        owner = module.parents[stmt]
        return self._enter(path, owner, body, act)

    def _inside_statement(
        self, path: str, stmt: ast.stmt, node: ast.AST, act: Activation
    ) -> Value | None:
        """A walrus or ``with`` item of the same statement that stands in front of ``node``."""
        if path not in act.module.touched(stmt):
            return None
        if isinstance(stmt, (ast.With, ast.AsyncWith)):
            for item in stmt.items:
                if _within(act.module, node, item.context_expr):
                    break
                if isinstance(item.optional_vars, ast.Name) and item.optional_vars.id == path:
                    return self._entered(item.context_expr, act)
        if isinstance(stmt, (*FUNCTIONS, ast.ClassDef)):
            return None
        # The test of a conditional and the filter of a comprehension stand behind what they decide.
        below = node
        for parent in act.module.ancestors(node):
            tests: list[ast.expr] = []
            if isinstance(parent, ast.IfExp) and below is not parent.test:
                tests = [parent.test]
            elif isinstance(parent, COMPREHENSIONS) and not isinstance(below, ast.comprehension):
                tests = [test for generator in parent.generators for test in generator.ifs]
            for test in tests:
                named = _walrus(test, path)
                if named is not None:
                    return self.evaluate(named.value, act)
            if parent is stmt:
                break
            below = parent
        for child in ast.walk(stmt):
            if (
                isinstance(child, ast.NamedExpr)
                and isinstance(child.target, ast.Name)
                and child.target.id == path
                and not _within(act.module, node, child)
                and (child.lineno, child.col_offset) < _start(node)
            ):
                return self.evaluate(child.value, act)
        return None

    def _enter(
        self, path: str, owner: ast.AST, body: list[ast.stmt], act: Activation
    ) -> Value | None:
        """What ``path`` is worth at the beginning of one block of ``owner``."""
        module = act.module
        if owner is act.node or isinstance(owner, (*FUNCTIONS, ast.ClassDef, ast.Module)):
            return self._on_entry(path, act)
        if isinstance(owner, ast.ExceptHandler):
            if owner.name == path:
                return self.unknown("an exception", owner, act)
            parent = module.parents[owner]
            assert isinstance(parent, ast.stmt)
            return self._before(path, parent, act)
        if isinstance(owner, ast.match_case):
            if path in _captured(owner.pattern):
                return self.unknown("captured by a pattern", owner.pattern, act)
            parent = module.parents[owner]
            assert isinstance(parent, ast.stmt)
            return self._before(path, parent, act)
        assert isinstance(owner, ast.stmt)
        if isinstance(owner, LOOPS):
            if body is owner.body:
                return self._loop_carried(path, owner, act)
            return self._after_loop(path, owner, act)
        if isinstance(owner, ast.Try):
            if body is owner.body:
                return self._before(path, owner, act)
            return self._after_body(path, owner.body, act, lambda: self._before(path, owner, act))
        if isinstance(owner, (ast.With, ast.AsyncWith)):
            for item in reversed(owner.items):
                if item.optional_vars is not None and path in _targets(item.optional_vars):
                    if isinstance(item.optional_vars, ast.Name):
                        return self._entered(item.context_expr, act)
                    return self.unknown("what a context manager yields", item.optional_vars, act)
        if isinstance(owner, (ast.If, ast.While)):
            named = _walrus(owner.test, path)
            if named is not None:
                return self.evaluate(named.value, act)
        return self._before(path, owner, act)

    def _entered(self, node: ast.expr, act: Activation) -> Value:
        """What ``with node as x`` binds: of clients and files the thing itself."""
        return self.calls.entered(self.evaluate(node, act), node, act)

    def _after_body(
        self,
        path: str,
        body: list[ast.stmt],
        act: Activation,
        entry: Callable[[], Value | None],
    ) -> Value | None:
        """What ``path`` is worth when ``body`` has run to its end."""
        for stmt in reversed(body):
            if path in act.module.touched(stmt):
                return self._after(path, stmt, act)
        return entry()

    def _after(self, path: str, stmt: ast.stmt, act: Activation) -> Value | None:
        """What ``path`` is worth just behind ``stmt``, which touches it."""
        busy = ("after", path, stmt, id(act), self._rounds_seen)
        memo = act.memo.get(busy)
        if memo is not None:
            return memo
        if busy in self._busy:
            return self.unknown("depends on itself", stmt, act)
        self.steps += 1
        if self.steps > MOST_STEPS:
            return self.unknown("the budget of steps for this request is used up", stmt, act)
        if self.depth > DEEPEST:
            self._cuts += 1
            return self.unknown("nested too deeply", stmt, act)
        cuts = self._cuts
        self._busy.add(busy)
        self.depth += 1
        try:
            value = self._effect(path, stmt, act)
        finally:
            self.depth -= 1
            self._busy.discard(busy)
        if value is not None:
            if not self._fits(value):
                value = self.unknown("a value of too many parts", stmt, act)
            if self._keeps(cuts):
                act.memo[busy] = value
        return value

    def _effect(self, path: str, stmt: ast.stmt, act: Activation) -> Value | None:
        if isinstance(stmt, ast.Assign):
            for target in stmt.targets:
                value = self._assigned(path, target, stmt.value, stmt, act)
                if value is not None:
                    return value
            return self._changed_in_place(path, stmt, act)
        if isinstance(stmt, ast.AnnAssign):
            if dotted(stmt.target) == path:
                if stmt.value is None:
                    return self._before(path, stmt, act)
                return self._flowed(self.evaluate(stmt.value, act), path, stmt, act)
            if stmt.value is not None:
                value = self._assigned(path, stmt.target, stmt.value, stmt, act)
                if value is not None:
                    return value
            return self._changed_in_place(path, stmt, act)
        if isinstance(stmt, ast.AugAssign):
            return self._augmented(path, stmt, act)
        if isinstance(stmt, ast.If):
            return self._after_if(path, stmt, act)
        if isinstance(stmt, LOOPS):
            return self._after_loop(path, stmt, act)
        if isinstance(stmt, ast.Try) or type(stmt).__name__ == "TryStar":
            assert isinstance(stmt, ast.Try)
            return self._after_try(path, stmt, act)
        if isinstance(stmt, (ast.With, ast.AsyncWith)):
            return self._after_body(
                path, stmt.body, act, lambda: self._enter(path, stmt, stmt.body, act)
            )
        if isinstance(stmt, ast.Match):
            return self._after_match(path, stmt, act)
        if isinstance(stmt, FUNCTIONS):
            return self._function(stmt, act)
        if isinstance(stmt, ast.ClassDef):
            span = act.module.span(stmt)
            return Object("class", span, act.frame, (), ClassHandle(stmt, act.module, act))
        if isinstance(stmt, (ast.Import, ast.ImportFrom)):
            return self._imported(path, stmt, act)
        return self._changed_in_place(path, stmt, act)

    def _flowed(self, value: Value, path: str, stmt: ast.stmt, act: Activation) -> Value:
        """The value behind an assignment, which becomes a step of its trails."""
        return through(value, Step(Role.STEP, act.module.span(stmt), f"assigned to `{path}`"))

    def _assigned(
        self, path: str, target: ast.expr, node: ast.expr, stmt: ast.stmt, act: Activation
    ) -> Value | None:
        if isinstance(target, (ast.Name, ast.Attribute)):
            if dotted(target) == path:
                return self._flowed(self.evaluate(node, act), path, stmt, act)
            return None
        if isinstance(target, (ast.Tuple, ast.List)):
            if path in _targets(target):
                bound: dict[str, Thunk | Value] = {}
                value = self.evaluate(node, act)
                self._bind_target(target, value, bound, act.module.span(node))
                found = bound.get(path)
                if found is not None:
                    return self._flowed(self.argument(found), path, stmt, act)
                return self._flowed(
                    ops.derived("an unpacked element", act.module.span(stmt), act.frame, value),
                    path,
                    stmt,
                    act,
                )
            return None
        if isinstance(target, ast.Subscript):
            steps = act.module.steps(target)
            if steps is None or steps[0] != path:
                return None
            before = self._before(path, stmt, act)
            if before is None:
                before = self._outer(path, act, stmt)
            if before is None:
                return None
            keys = [self.evaluate(key, act) for key in steps[1]]
            value = self._flowed(self.evaluate(node, act), path, stmt, act)
            return self._set_item(before, keys, value, act.module.span(node), node, act)
        return None

    def _outer(self, path: str, act: Activation, stmt: ast.stmt) -> Value | None:
        """A path that this scope changes but did not bind: an attribute or outer name."""
        head, _, rest = path.partition(".")
        if not rest:
            if act.lexical is None:
                return None
            return self.name(head, act.node, act.lexical)
        value = self.name(head, stmt, act)
        for attribute in rest.split("."):
            value = self.attribute(value, attribute, act.module.span(stmt), act.frame)
        return value

    def _set_item(
        self,
        value: Value,
        keys: list[Value],
        item: Value,
        span: Span,
        node: ast.expr,
        act: Activation,
        sure: bool = True,
    ) -> Value:
        """``value[k1][k2]... = item``."""
        key, rest = keys[0], keys[1:]
        if isinstance(value, Choice):
            return replace(
                value,
                alternatives=tuple(
                    Alternative(
                        self._set_item(a.value, keys, item, span, node, act, sure), a.condition
                    )
                    for a in value.alternatives
                ),
            )
        if isinstance(value, Mapping):
            if rest:
                inner = value.get(str(key.value)) if isinstance(key, Known) else None
                if inner is None:
                    return replace(value, open=value.open or "changed in place")
                changed = self._set_item(inner, rest, item, span, node, act, sure)
                entry = value.entry(str(key.value)) if isinstance(key, Known) else None
                assert entry is not None
                return ops.set_entry(value, replace(entry, value=changed))
            entry = Entry(key, item, span, not sure, handle=(node, act))
            return ops.set_entry(value, entry)
        if isinstance(value, Sequence) and isinstance(key, Known) and isinstance(key.value, int):
            index = key.value
            if -len(value.items) <= index < len(value.items):
                index %= len(value.items)
                old = value.items[index]
                if isinstance(old, (Repeat, Choice)) and rest:
                    return value
                changed = self._set_item(old, rest, item, span, node, act, sure) if rest else item
                items = (*value.items[:index], changed, *value.items[index + 1 :])
                return replace(value, items=items)
            return replace(value, open=value.open or "changed in place")
        if isinstance(value, Sequence):
            return replace(value, open=value.open or "changed in place")
        return value

    def _augmented(self, path: str, stmt: ast.AugAssign, act: Activation) -> Value | None:
        target = dotted(stmt.target)
        if target != path:
            return self._changed_in_place(path, stmt, act)
        before = self._before(path, stmt, act)
        if before is None:
            before = self._outer(path, act, stmt)
        # What was there before has not flowed through this statement; only what is added has.
        right = self._flowed(self.evaluate(stmt.value, act), path, stmt, act)
        span = act.module.span(stmt)
        frame = self.frame_at(stmt, act)
        if before is None:
            return ops.derived("added to an unbound name", span, frame, right)
        if isinstance(stmt.op, ast.Add):
            if isinstance(before, Sequence) and not isinstance(right, Sequence):
                items, reason = ops.spread(right, span, frame)
                value: Value = replace(
                    before, items=(*before.items, *items), open=before.open or reason
                )
            else:
                value = ops.add(before, right, span, frame)
        elif isinstance(stmt.op, ast.BitOr) and isinstance(before, Mapping):
            value = ops.update(before, right, span)
        else:
            value = ops.derived("arithmetic on values", span, frame, before, right)
        return value

    def _after_if(self, path: str, stmt: ast.If, act: Activation) -> Value | None:
        known, keys = self.test(stmt.test, act)
        options: list[tuple[Value, Span | None]] = []
        span = act.module.span(stmt.test)
        missing = False
        for holds, body in ((True, stmt.body), (False, stmt.orelse)):
            if known is not None and known is not holds:
                continue
            if _leaves(body):
                continue
            value = self._after_body(
                path,
                body,
                act,
                lambda body=body: self._enter(path, stmt, body, act),  # type: ignore[misc]
            )
            if value is None:
                missing = True
            else:
                options.append((value, span))
        if not options:
            return None if missing or known is not None else self._before(path, stmt, act)
        where, frame = act.module.span(stmt), self.frame_at(stmt, act)
        if len(options) > 1:
            before = self._before(path, stmt, act)
            if before is not None:
                grown = ops.branched(before, options, where, frame, keys)
                if grown is not None:
                    return grown
        return ops.choice(options, where, frame, keys)

    def _after_try(self, path: str, stmt: ast.Try, act: Activation) -> Value | None:
        def start() -> Value | None:
            return self._before(path, stmt, act)

        if any(path in act.module.touched(s) for s in stmt.finalbody):
            return self._after_body(path, stmt.finalbody, act, start)
        options: list[tuple[Value, Span | None]] = []
        body = [*stmt.body, *stmt.orelse]
        value = self._after_body(path, body, act, start)
        if value is not None:
            options.append((value, None))
        for handler in stmt.handlers:
            if _leaves(handler.body):
                continue
            value = self._after_body(path, handler.body, act, start)
            if value is not None:
                options.append((value, act.module.span(handler)))
        if not options:
            return None
        return ops.choice(options, act.module.span(stmt), self.frame_at(stmt, act))

    def _after_match(self, path: str, stmt: ast.Match, act: Activation) -> Value | None:
        options: list[tuple[Value, Span | None]] = []
        exhaustive = False
        keys = ops.keys_of(self.evaluate(stmt.subject, act))
        for case in stmt.cases:
            if isinstance(case.pattern, ast.MatchAs) and case.pattern.pattern is None:
                exhaustive = case.guard is None
            if _leaves(case.body):
                continue
            value = self._after_body(
                path,
                case.body,
                act,
                lambda case=case: self._enter(path, case, case.body, act),  # type: ignore[misc]
            )
            if value is not None:
                options.append((value, act.module.span(case.pattern)))
        if not exhaustive:
            value = self._before(path, stmt, act)
            if value is not None:
                options.append((value, None))
        if not options:
            return None
        return ops.choice(options, act.module.span(stmt), self.frame_at(stmt, act), keys)

    # -- loops ----------------------------------------------------------------------------

    def _loop_carried(self, path: str, loop: ast.stmt, act: Activation) -> Value | None:
        """What ``path`` is worth at the beginning of a round: from before, or an earlier round."""
        assert isinstance(loop, LOOPS)
        module = act.module
        if isinstance(loop, (ast.For, ast.AsyncFor)) and path in _targets(loop.target):
            return self._loop_item(path, loop, loop, act)
        before = self._before(path, loop, act)
        if isinstance(loop, ast.While):
            named = _walrus(loop.test, path)
            if named is not None:
                return self.evaluate(named.value, act)
        if not any(path in module.touched(s) for s in loop.body):
            return before
        carried = ("carried", path, loop, id(act))
        if carried in self._rounds_seen:
            return before
        seen = self._rounds_seen
        self._rounds_seen = (*seen, carried)
        try:
            after = self._after_body(path, loop.body, act, lambda: before)
        finally:
            self._rounds_seen = seen
        return self._rounds(before, after, loop, act)

    def _after_loop(self, path: str, loop: ast.stmt, act: Activation) -> Value | None:
        assert isinstance(loop, LOOPS)
        if isinstance(loop, (ast.For, ast.AsyncFor)) and path in _targets(loop.target):
            return self._loop_item(path, loop, loop, act)
        if isinstance(loop, (ast.For, ast.AsyncFor)):
            marked = self._marked_items(path, loop, act)
            if marked is not None:
                return marked
        value = self._loop_carried(path, loop, act)
        if loop.orelse and any(path in act.module.touched(s) for s in loop.orelse):
            return self._after_body(path, loop.orelse, act, lambda: value)
        return value

    def _rounds(
        self, before: Value | None, after: Value | None, loop: ast.AST, act: Activation
    ) -> Value | None:
        """Before the loop, or after any number of rounds of it."""
        if before is None or after is None or before is after:
            return after if before is None else before
        span = act.module.span(loop)
        frame = (*self.frame_at(loop, act), Mark(MarkKind.LOOP, _loop_name(loop), span))
        keys: tuple[Key, ...] = ()
        if isinstance(loop, (ast.For, ast.AsyncFor)):
            where = act.module.span(loop.iter)
            keys = ops.taken_at(ops.keys_of(self.evaluate(loop.iter, act)), where)
            # That rounds took place, and in which order, is settled when the loop is over.
            frame = self.frame_at(loop, act)
        line = span.line
        if isinstance(before, Sequence) and isinstance(after, Sequence):
            common = 0
            for one, other in zip(before.items, after.items, strict=False):
                if one != other:
                    break
                common += 1
            if common == len(before.items):
                added = tuple(
                    item if isinstance(item, Repeat) else Repeat(item, item.span, frame, keys)
                    for item in after.items[common:]
                )
                return replace(
                    before,
                    items=(*before.items, *added),
                    open=before.open or after.open or f"grows in the loop at line {line}",
                    order=ops.merge_keys(before.order, after.order),
                )
            return replace(before, items=(), open=f"rewritten in the loop at line {line}")
        if isinstance(before, Sequence) and isinstance(after, Choice):
            # A round adds something in some of its branches: any of it, any number of times.
            grown = before
            for branch in alternatives(after):
                if branch == before:
                    continue
                longer = self._rounds(before, branch, loop, act)
                count = len(before.items)
                if not isinstance(longer, Sequence) or longer.items[:count] != before.items:
                    break
                more = tuple(item for item in longer.items[count:] if item not in grown.items)
                grown = replace(
                    grown,
                    items=(*grown.items, *more),
                    open=grown.open or longer.open,
                    order=ops.merge_keys(grown.order, longer.order),
                )
            else:
                return grown
        if ops.is_text(before):
            body = ops.extension(before, after, span)
            if body is not None:
                return ops.text([before, Repeat(body, span, frame, keys)], span)
        if isinstance(before, Mapping) and isinstance(after, Mapping):
            return replace(
                ops.update(before, after, span, sure=False), open=before.open or after.open
            )
        return ops.choice([(before, None), (after, None)], span, frame, keys)

    def _loop_item(
        self,
        name: str,
        loop: ast.For | ast.AsyncFor | ast.comprehension,
        whole: ast.AST,
        act: Activation,
    ) -> Value:
        """The variable of a loop: an item of what it runs over, another one each round."""
        source = self.evaluate(loop.iter, act)
        span = act.module.span(loop.target)
        inside = loop.body[0] if isinstance(loop, (ast.For, ast.AsyncFor)) else _element(whole)
        frame = self.frame_at(inside, act)
        literal = isinstance(source, Sequence) and not source.open and source.items
        item = ops.item_of(source, span, frame)
        bound: dict[str, Thunk | Value] = {}
        self._bind_target(loop.target, item, bound, span)
        picked = self.argument(bound[name]) if name in bound else item
        counted = self.calls.is_counter(loop.iter, act)
        key = Key(
            Source.CALL if counted else Source.ENTITY,
            name,
            span,
            confidence=Confidence.HIGH,
            trail=(Step(Role.SOURCE, span, f"`{name}` is another one in each round"),),
            frame=frame,
        )
        if literal and not isinstance(picked, Unknown):
            if isinstance(picked, Choice):
                return replace(picked, keys=ops.merge_keys(picked.keys, (key,)), frame=frame)
            return picked
        if isinstance(picked, (Mapping, Object)) and not isinstance(source, Unknown):
            return picked
        inner = tuple(k for k in ops.keys_of(picked) if k.source is not Source.UNKNOWN)
        kind = picked.type if isinstance(picked, Unknown) else ""
        return Unknown(
            f"an item of the loop at line {span.line}",
            span,
            frame,
            ops.merge_keys((key,), inner),
            "loop",
            kind,
        )

    def _marked_items(
        self, path: str, loop: ast.For | ast.AsyncFor, act: Activation
    ) -> Value | None:
        """``for b in blocks: b["k"] = v`` changes the items of ``blocks``."""
        where = act.module.steps(loop.iter)
        if not isinstance(loop.target, ast.Name) or where is None or where[0] != path:
            return None
        before = self._before(path, loop, act)
        if before is None:
            before = self._outer(path, act, loop)
        if before is None:
            return None
        value = before
        for stmt in loop.body:
            sure = True
            inner = stmt
            if isinstance(stmt, ast.If) and len(stmt.body) == 1 and not stmt.orelse:
                sure, inner = False, stmt.body[0]
            if not (isinstance(inner, ast.Assign) and len(inner.targets) == 1):
                continue
            target = inner.targets[0]
            if not isinstance(target, ast.Subscript):
                continue
            steps = _subscripts(target)
            if steps is None or steps[0] != loop.target.id or len(steps[1]) != 1:
                continue
            key = self.evaluate(steps[1][0], act)
            item = self.evaluate(inner.value, act)
            value = self._set_in_items(
                value, where[1], key, item, act.module.span(inner.value), inner.value, act, sure
            )
        return value

    def _set_in_items(
        self,
        value: Value,
        where: list[ast.expr],
        key: Value,
        item: Value,
        span: Span,
        node: ast.expr,
        act: Activation,
        sure: bool,
    ) -> Value:
        outer = [self.evaluate(k, act) for k in where]

        def each(inner: Value) -> Value:
            if isinstance(inner, Mapping):
                return ops.set_entry(
                    inner, Entry(key, item, span, not sure, per_item=True, handle=(node, act))
                )
            if isinstance(inner, Repeat):
                return replace(inner, body=each(inner.body))
            if isinstance(inner, Choice):
                return replace(
                    inner,
                    alternatives=tuple(
                        Alternative(each(a.value), a.condition) for a in inner.alternatives
                    ),
                )
            return inner

        def descend(inner: Value, rest: list[Value]) -> Value:
            if not rest:
                if isinstance(inner, Sequence):
                    return replace(inner, items=tuple(each(i) for i in inner.items))
                return inner
            head = rest[0]
            if isinstance(inner, Mapping) and isinstance(head, Known):
                entry = inner.entry(str(head.value))
                if entry is not None:
                    return ops.set_entry(
                        inner, replace(entry, value=descend(entry.value, rest[1:]))
                    )
            if (
                isinstance(inner, Sequence)
                and isinstance(head, Known)
                and isinstance(head.value, int)
                and -len(inner.items) <= head.value < len(inner.items)
            ):
                index = head.value % len(inner.items)
                changed = descend(inner.items[index], rest[1:])
                return replace(
                    inner, items=(*inner.items[:index], changed, *inner.items[index + 1 :])
                )
            return inner

        return descend(value, outer)

    # -- changes in place -----------------------------------------------------------------

    def _changed_in_place(self, path: str, stmt: ast.stmt, act: Activation) -> Value | None:
        """A statement that calls a mutator of ``path``, deletes from it, or binds it by walrus."""
        if isinstance(stmt, ast.Delete):
            if any(dotted(target) == path for target in stmt.targets):
                return None
            left = self._before(path, stmt, act) or self._outer(path, act, stmt)
            for target in stmt.targets:
                steps = act.module.steps(target) if isinstance(target, ast.Subscript) else None
                if left is not None and steps is not None and steps[0] == path:
                    keys = [
                        Known(None, act.module.span(key))
                        if isinstance(key, ast.Slice)
                        else self.evaluate(key, act)
                        for key in steps[1]
                    ]
                    left = _without(left, keys)
            return left
        for child in ast.walk(stmt):
            if (
                isinstance(child, ast.NamedExpr)
                and isinstance(child.target, ast.Name)
                and child.target.id == path
            ):
                return self.evaluate(child.value, act)
        before = self._before(path, stmt, act)
        if before is None:
            before = self._outer(path, act, stmt)
        if before is None:
            return None
        value = before
        for child in ast.walk(stmt):
            if isinstance(child, ast.Call) and isinstance(child.func, ast.Attribute):
                if child.func.attr not in MUTATORS:
                    continue
                steps = act.module.steps(child.func.value)
                if steps is not None and steps[0] == path:
                    value = self.calls.mutated(value, child, steps[1], act)
        for call, function, hits in act.module.mutating_calls(stmt):
            for parameter, argument in hits:
                if argument == path:
                    value = self.calls.changed_by(value, call, function, parameter, act)
        return value

    # -- parameters -----------------------------------------------------------------------

    def parameter(self, name: str, act: Activation) -> Value:
        """A parameter: what the caller of this activation bound, its default, or an entry."""
        function = act.node
        assert isinstance(function, (*FUNCTIONS, ast.Lambda))
        arguments = function.args
        if arguments.vararg is not None and arguments.vararg.arg == name:
            if act.arguments is not None and name in act.arguments:
                return self.argument(act.arguments[name])
            return self._entry_parameter(arguments.vararg, act, None)
        if act.arguments is not None:
            bound = act.arguments.get(name)
            if bound is not None:
                return self.argument(bound)
            default = default_of(function, name)
            if default is not None:
                outer = act.lexical or self.root
                value = self.evaluate(default, outer)
                if act.open_arguments:
                    span = act.module.span(function)
                    other = self._entry_parameter(_parameter_node(function, name), act, None)
                    return ops.choice([(value, None), (other, None)], span)
                return value
        parameter = _parameter_node(function, name)
        return self._entry_parameter(parameter, act, default_of(function, name))

    def _entry_parameter(
        self, parameter: ast.arg, act: Activation, default: ast.expr | None
    ) -> Value:
        """A parameter whose callers are not here: content unknown, differs per call."""
        name = parameter.arg
        span = act.module.span(parameter)
        function = act.node
        if act.instance is not None and isinstance(function, FUNCTIONS):
            first = parameters(function)[:1]
            if first and first[0] is parameter and not _is_static(function):
                return act.instance
        typed = self.annotated(parameter.annotation, span, act) if parameter.annotation else None
        if typed is not None and not isinstance(typed, Unknown):
            return typed
        kind = typed.type if isinstance(typed, Unknown) else ""
        if isinstance(default, ast.Call) and not isinstance(function, ast.Lambda):
            # ``user=Depends(current_user)``: a framework fills it in, anew for each call.
            last = (dotted(default.func) or "").rpartition(".")[2]
            if last in _INJECTING:
                default = None
        value = self._entry_value(name, span, kind, act, default)
        if default is None:
            return value
        fallback = self.evaluate(default, act.lexical or self.root)
        if isinstance(fallback, Known) and fallback.value is None:
            return ops.choice([(value, None), (fallback, None)], span)
        return ops.choice([(fallback, None), (value, None)], span)

    def _entry_value(
        self, name: str, span: Span, kind: str, act: Activation, default: ast.expr | None
    ) -> Unknown:
        word = self.sources.vocabulary(name)
        constructor = (
            isinstance(act.node, FUNCTIONS)
            and act.node.name in ("__init__", "__post_init__", "__new__")
            and act.instance is not None
        )
        reason = f"parameter `{name}`, whose callers are not here"
        if name in self.stable or word == "config":
            return Unknown(reason, span, act.frame[:-1], (), "parameter", kind)
        if isinstance(default, ast.Constant) and default.value == "":
            default = None  # an optional text: what is given differs as without the default
        flag = kind in ("bool", "int", "float") or (
            isinstance(default, ast.Constant) and isinstance(default.value, (bool, int, float))
        )
        if constructor and word != "entity":
            return Unknown(reason, span, act.frame, (), "parameter", kind)
        if flag or (default is not None and word != "entity" and not _is_none(default)):
            return Unknown(
                reason,
                span,
                act.frame,
                (ops.unknown_key(name, span, act.frame),),
                "parameter",
                kind,
            )
        source = Source.TURN if word == "turn" else Source.ENTITY
        confidence = Confidence.HIGH if word else Confidence.MEDIUM
        if constructor:
            confidence = Confidence.MEDIUM
        key = Key(
            source,
            name,
            span,
            confidence=confidence,
            trail=(Step(Role.SOURCE, span, f"`{name}` is another one for each call"),),
            frame=act.frame,
        )
        return Unknown(reason, span, act.frame, (key,), "parameter", kind)

    def annotated(self, node: ast.expr, span: Span, act: Activation) -> Value | None:
        """What an annotation proves: a client, an instance of a class that is here, a type."""
        for name in annotation_names(node):
            value = self._annotation(name, act)
            if isinstance(value, Object) and isinstance(value.handle, ExternalHandle):
                qualified = value.handle.name
                fact = self.surfaces.client(qualified)
                if fact is not None:
                    return Object(fact.name, span, act.frame, (), ClientHandle(fact.name, {}))
                path = self.surfaces.resource(qualified)
                if path is not None:
                    handle = ClientHandle("anthropic.Anthropic", {}, tuple(path))
                    return Object("anthropic.resource", span, act.frame, (), handle)
                if qualified.startswith("builtins."):
                    return Unknown("", span, type=qualified.removeprefix("builtins."))
                return Unknown("", span, type=qualified)
            if isinstance(value, Object) and isinstance(value.handle, ClassHandle):
                frame = (*act.frame[:-1], Mark(MarkKind.OBJECT, value.handle.node.name, span))
                return Object(
                    value.handle.node.name,
                    span,
                    frame,
                    (),
                    InstanceHandle(value.handle, None, frame),
                )
        return None

    def _annotation(self, name: str, act: Activation) -> Value | None:
        try:
            node = ast.parse(name, mode="eval").body
        except SyntaxError:
            return None
        value: Value | None = None
        if isinstance(node, ast.Name):
            value = self._global(node.id)
        elif isinstance(node, ast.Attribute):
            head, _, rest = name.partition(".")
            value = self._global(head)
            for attribute in rest.split("."):
                if value is None:
                    return None
                value = self.attribute(value, attribute, act.module.span(act.node), ())
        return value

    def _global(self, name: str) -> Value | None:
        value = self._module_name(name, None, self.root)
        if value is None and name in _BUILTINS:
            handle = ExternalHandle(f"builtins.{name}")
            return Object("import", self.module.span(self.module.tree), (), (), handle)
        return value

    # -- attributes -----------------------------------------------------------------------

    def _attribute(self, node: ast.Attribute, act: Activation) -> Value:
        path = dotted(node)
        if path is not None and path in self.stable:
            span = act.module.span(node)
            return Unknown(f"`{path}` is declared stable", span, (), (), "configuration")
        if path is not None:
            flowed = self._attribute_here(path, node, act)
            if flowed is not None:
                return flowed
        base = self.evaluate(node.value, act)
        return self.attribute(base, node.attr, act.module.span(node), self.frame_at(node, act))

    def _attribute_here(self, path: str, node: ast.AST, act: Activation) -> Value | None:
        """A dotted path that this function itself assigned or changed before."""
        current: Activation | None = act
        while current is not None and isinstance(current.node, COMPREHENSIONS):
            current = current.lexical
        if current is None or not isinstance(current.node, (*FUNCTIONS, ast.Module)):
            return None
        scope = current.node
        if not any(path in current.module.touched(stmt) for stmt in scope.body):
            return None
        stmt = current.module.statement(node)
        if stmt is None or current.module.scope(stmt) is not scope:
            return None
        return self._before(path, stmt, current, node)

    def attribute(self, base: Value, name: str, span: Span, frame: Frame) -> Value:
        """``base.name``."""
        if isinstance(base, Choice):
            return ops.choice(
                [
                    (self.attribute(a.value, name, span, frame), a.condition)
                    for a in base.alternatives
                ],
                span,
                frame,
                base.keys,
            )
        if isinstance(base, Object):
            handle = base.handle
            if isinstance(handle, ExternalHandle):
                qualified = f"{handle.name}.{name}"
                fact = self.sources.attribute(qualified)
                if fact is not None and qualified not in ("os.environ",):
                    return self.source(fact, span, frame)
                return Object("import", span, (), (), ExternalHandle(qualified))
            if isinstance(handle, ClientHandle):
                return self._client_attribute(base, handle, name, span, frame)
            if isinstance(handle, InstanceHandle):
                return self.instance_attribute(base, handle, name, span)
            if isinstance(handle, ClassHandle):
                for cls in self.bases(handle):
                    value = self._class_attribute(cls, name, None)
                    if value is not None:
                        return _bound_to_class(value, base)
                return Unknown(f"class attribute `{name}`", span, (), ())
        if isinstance(base, Known) and name == "value":
            return base  # a member of an Enum is known as its value; no constant has a `.value`
        if isinstance(base, Mapping):
            return Object("method", span, frame, (("self", base),), name)
        if isinstance(base, Unknown):
            if base.type == "argparse.Namespace":
                return self.calls.command_line(name, span)
            field = self.sources.field(base.type, name) if base.type else None
            if field is not None:
                return self.calls.effect(base, field, [], span, frame)
            return Unknown(
                f"attribute `{name}` of something that can't be seen",
                span,
                frame,
                tuple(self._narrowed(key, name) for key in base.keys),
                base.entry,
            )
        return ops.derived(f"attribute `{name}`", span, frame, base)

    def _narrowed(self, key: Key, name: str) -> Key:
        """The key of an attribute of what another key is about.

        ``message.author`` is about a person although ``message`` is what is said now.
        """
        if key.source not in (Source.ENTITY, Source.TURN) or key.name.count(".") > 3:
            return key
        source = key.source
        if source is Source.TURN and self.sources.vocabulary(name) == "entity":
            source = Source.ENTITY
        return key._replace(source=source, name=f"{key.name}.{name}")

    def _client_attribute(
        self, base: Object, handle: ClientHandle, name: str, span: Span, frame: Frame
    ) -> Value:
        path = (*handle.path, name)
        if not handle.path and self.surfaces.returns_client(name):
            return Object("anthropic.with", span, base.frame, (), handle)
        if self.surfaces.is_prefix(path) or self.surfaces.method(path) is not None:
            inner = ClientHandle(handle.name, handle.keywords, path, handle.proven)
            return Object("anthropic.resource", span, base.frame, (), inner)
        return Unknown(f"attribute `{name}` of a client", span, frame, ())

    def instance_attribute(
        self, base: Object, handle: InstanceHandle, name: str, span: Span
    ) -> Value:
        """An attribute of an instance of a class that is here."""
        memo = handle.memo.get(name)
        if memo is not None:
            return memo
        busy = ("instance", id(handle), name)
        if busy in self._busy:
            return Unknown("depends on itself", span, (), (ops.unknown_key(name, span, ()),))
        self._busy.add(busy)
        try:
            value = self._instance_attribute(base, handle, name, span)
        finally:
            self._busy.discard(busy)
        handle.memo[name] = value
        return value

    def _instance_attribute(
        self, base: Object, handle: InstanceHandle, name: str, span: Span
    ) -> Value:
        for cls in self.bases(handle.cls):
            value = self._own_attribute(base, handle, cls, name, span)
            if value is not None:
                return value
        return Unknown(
            f"attribute `{name}` of `{handle.cls.node.name}` is set elsewhere",
            span,
            handle.frame,
            (ops.unknown_key(name, span, handle.frame),),
            "attribute",
        )

    def bases(self, cls: ClassHandle) -> list[ClassHandle]:
        """The class and those of its bases that are here, in order of lookup."""
        found = [cls]
        seen = {cls.node.name}
        queue = list(cls.node.bases)
        while queue and len(found) < 16:
            base = queue.pop(0)
            value = self.evaluate(base, cls.lexical)
            if isinstance(value, Object) and isinstance(value.handle, ClassHandle):
                handle = value.handle
                if handle.node.name not in seen:
                    seen.add(handle.node.name)
                    found.append(handle)
                    queue.extend(handle.node.bases)
        return found

    def method(self, cls: ClassHandle, name: str) -> FunctionNode | None:
        """The function that ``cls`` itself defines under ``name``."""
        for stmt in cls.node.body:
            if isinstance(stmt, FUNCTIONS) and stmt.name == name:
                return stmt
            if isinstance(stmt, ast.If):
                for inner in stmt.body:
                    if isinstance(inner, FUNCTIONS) and inner.name == name:
                        return inner
        return None

    def _own_attribute(
        self, base: Object, handle: InstanceHandle, cls: ClassHandle, name: str, span: Span
    ) -> Value | None:
        method = self.method(cls, name)
        if method is not None:
            return self._method_value(method, base, handle, cls, span)
        options: list[tuple[Value, Span | None]] = []
        setters = ("__init__", "__post_init__", "__new__", "__aenter__", "__enter__", "setUp")
        path = ""
        init_found = False
        for setter in setters:
            function = self.method(cls, setter)
            if function is None or not parameters(function):
                continue
            path = f"{parameters(function)[0].arg}.{name}"
            if any(path in cls.module.touched(stmt) for stmt in function.body):
                arguments = (
                    self._init_arguments(base, handle, cls) if setter == "__init__" else None
                )
                act = self.method_activation(function, base, handle, cls, arguments)
                value = self._after_body(path, function.body, act, lambda: None)
                if value is not None:
                    options.append((value, None))
                    init_found = True
                    break
        writes = self._attribute_writes(cls, name)
        if not init_found:
            value = self._class_attribute(cls, name, handle)
            if value is not None:
                options.append((value, None))
        if not options and not writes:
            return None
        if writes:
            grows = [
                stmt for stmt, self_name in writes if _accumulates(stmt, f"{self_name}.{name}")
            ]
            if grows:
                where = cls.module.span(grows[0])
                key = Key(
                    Source.EVENT,
                    f"self.{name}",
                    where,
                    confidence=Confidence.MEDIUM,
                    trail=(Step(Role.SOURCE, where, f"`self.{name}` changes here"),),
                    frame=_ALWAYS,
                )
                first = options[0][0] if options else None
                if isinstance(first, (Sequence, Mapping)):
                    return replace(first, open="grows over time", order=(*first.order, key))
                return Unknown("grows over time", where, handle.frame, (key,), "attribute")
            plain = [v for v, _ in options if not (isinstance(v, Known) and v.value is None)]
            once = all(_fills_once(stmt, f"{own}.{name}", cls.module) for stmt, own in writes)
            if once and not plain:
                options = []
                for stmt, _ in writes[:2]:
                    if isinstance(stmt, (ast.Assign, ast.AnnAssign)) and stmt.value is not None:
                        filler = cls.module.scope(stmt)
                        if isinstance(filler, FUNCTIONS):
                            act = self.method_activation(filler, base, handle, cls, None)
                            act.frame = handle.frame
                            options.append((_frozen(self.evaluate(stmt.value, act)), None))
            elif not once:
                where = cls.module.span(writes[0][0])
                assigned = self._setter_value(writes[0][0], base, handle, cls, name)
                options.append((assigned, None))
                return ops.choice(
                    options, where, handle.frame, (ops.unknown_key(name, where, _ALWAYS),)
                )
        return ops.choice(options, span) if options else None

    def _init_arguments(
        self, base: Object, handle: InstanceHandle, cls: ClassHandle
    ) -> dict[str, Thunk | Value] | None:
        """What the constructor of ``cls`` is handed: by the code that makes the instance, or by
        the constructor of a derived class."""
        owner = next((c for c in self.bases(handle.cls) if self.method(c, "__init__")), None)
        if owner is None or owner.node is cls.node:
            return handle.arguments
        derived, inherited = self.method(owner, "__init__"), self.method(cls, "__init__")
        assert derived is not None
        assert inherited is not None
        for node in ast.walk(derived):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
                continue
            if node.func.attr != "__init__":
                continue
            receiver = node.func.value
            through_super = isinstance(receiver, ast.Call) and dotted(receiver.func) == "super"
            if through_super or dotted(receiver) == cls.node.name:
                act = self.method_activation(derived, base, handle, owner, handle.arguments)
                called = FunctionHandle(inherited, cls.module, cls.lexical, base)
                args = node.args if through_super else node.args[1:]
                return self.calls.bind(called, args, node.keywords, act)
        return None

    def _setter_value(
        self, stmt: ast.stmt, base: Object, handle: InstanceHandle, cls: ClassHandle, name: str
    ) -> Value:
        """What a method other than the constructor assigns: its kind shows, its variation not."""
        where = cls.module.span(stmt)
        if isinstance(stmt, (ast.Assign, ast.AnnAssign)) and stmt.value is not None:
            function = cls.module.scope(stmt)
            if isinstance(function, FUNCTIONS):
                act = self.method_activation(function, base, handle, cls, None)
                value = self.evaluate(stmt.value, act)
                if isinstance(value, Object):
                    return value
        return Unknown(
            f"`self.{name}` is assigned by another method",
            where,
            handle.frame,
            (ops.unknown_key(name, where, _ALWAYS),),
            "attribute",
        )

    def _attribute_writes(self, cls: ClassHandle, name: str) -> list[tuple[ast.stmt, str]]:
        """Statements in methods other than the constructor that assign or change ``self.name``."""
        found: list[tuple[ast.stmt, str]] = []
        for function in cls.node.body:
            if not isinstance(function, FUNCTIONS) or function.name in (
                "__init__",
                "__post_init__",
                "__new__",
                "__aenter__",
                "__enter__",
                "__exit__",
                "__aexit__",
                "close",
                "aclose",
            ):
                continue
            own = parameters(function)[:1]
            if not own:
                continue
            path = f"{own[0].arg}.{name}"
            if not any(path in cls.module.touched(stmt) for stmt in function.body):
                continue
            from skinflint.linter.module import _simple_statements

            for stmt in _simple_statements(function.body):
                if path in cls.module.touched(stmt):
                    found.append((stmt, own[0].arg))
        return found

    def method_activation(
        self,
        function: FunctionNode,
        base: Object,
        handle: InstanceHandle,
        cls: ClassHandle,
        arguments: dict[str, Thunk | Value] | None,
    ) -> Activation:
        """A run of a method of an instance; constructors run in the frame of the object."""
        constructor = function.name in ("__init__", "__post_init__", "__new__")
        frame = handle.frame
        if not constructor:
            frame = (*frame, Mark(MarkKind.FUNCTION, function.name, cls.module.span(function)))
        return Activation(cls.module, function, frame, arguments, cls.lexical, base)

    def _method_value(
        self,
        method: FunctionNode,
        base: Object,
        handle: InstanceHandle,
        cls: ClassHandle,
        span: Span,
    ) -> Value:
        names = [dotted(d) or "" for d in method.decorator_list]
        if any(n.endswith("property") for n in names):
            act = self.method_activation(method, base, handle, cls, {})
            if any("cached" in n for n in names):
                act.frame = handle.frame
            act.arguments = {parameters(method)[0].arg: base} if parameters(method) else {}
            return self.calls.returned(method, act, span)
        function = FunctionHandle(method, cls.module, cls.lexical, base)
        return Object("function", span, handle.frame, (), function)

    def _class_attribute(
        self, cls: ClassHandle, name: str, handle: InstanceHandle | None
    ) -> Value | None:
        """A binding in the body of a class: a constant, or a field of a dataclass or model."""
        node = cls.node
        declared = None
        for stmt in node.body:
            if (
                isinstance(stmt, ast.AnnAssign)
                and isinstance(stmt.target, ast.Name)
                and stmt.target.id == name
            ):
                declared = stmt
        act = Activation(cls.module, node, cls.lexical.frame, None, cls.lexical)
        if declared is not None and handle is not None and _has_fields(node):
            if handle.arguments is not None and name in handle.arguments:
                return self.argument(handle.arguments[name])
            if declared.value is not None:
                value = self._field_default(declared.value, act)
                span = cls.module.span(declared)
                if handle.arguments is None:
                    given = Unknown(f"field `{name}`", span, handle.frame, (), "parameter", "")
                    return ops.choice([(value, None), (given, None)], span)
                return value
            span = cls.module.span(declared)
            typed = self.annotated(declared.annotation, span, act)
            if typed is not None and not isinstance(typed, Unknown):
                return typed
            kind = typed.type if isinstance(typed, Unknown) else ""
            return Unknown(f"field `{name}`", span, handle.frame, (), "parameter", kind)
        if not any(name in cls.module.touched(stmt) for stmt in node.body):
            return None
        if declared is not None and declared.value is None:
            span = cls.module.span(declared)
            return self.annotated(declared.annotation, span, act)
        return self._after_body(name, node.body, act, lambda: None)

    def _field_default(self, node: ast.expr, act: Activation) -> Value:
        """What ``field(...)``, ``Field(...)`` or a plain value makes the default of a field."""
        if isinstance(node, ast.Call):
            name = (dotted(node.func) or "").rpartition(".")[2]
            if name in ("field", "Field", "PrivateAttr", "attrib", "ib"):
                for keyword in node.keywords:
                    if keyword.arg == "default":
                        return self.evaluate(keyword.value, act)
                    if keyword.arg in ("default_factory", "factory"):
                        return self.calls.call_value(
                            self.evaluate(keyword.value, act), [], act.module.span(node), act
                        )
                if node.args and name in ("Field", "PrivateAttr"):
                    return self.evaluate(node.args[0], act)
                return self.unknown("a field without a default", node, act)
        return self.evaluate(node, act)

    # -- functions, imports, calls --------------------------------------------------------

    def _function(self, node: FunctionNode, act: Activation) -> Value:
        handle = FunctionHandle(node, act.module, act)
        return Object("function", act.module.span(node), act.frame, (), handle)

    def _imported(
        self, name: str, stmt: ast.Import | ast.ImportFrom, act: Activation
    ) -> Value | None:
        span = act.module.span(stmt)
        for alias in stmt.names:
            bound = alias.asname or (
                alias.name if isinstance(stmt, ast.ImportFrom) else alias.name.partition(".")[0]
            )
            if bound != name:
                continue
            if isinstance(stmt, ast.ImportFrom):
                package = "." * stmt.level + (stmt.module or "")
                separator = "" if package.endswith(".") or not package else "."
                qualified = f"{package}{separator}{alias.name}"
            else:
                qualified = alias.name if alias.asname else bound
            return Object("import", span, (), (), ExternalHandle(qualified))
        return None

    def _call(self, node: ast.Call, act: Activation) -> Value:
        return self.calls.call(node, act)

    def source(
        self, fact: SourceFact, span: Span, frame: Frame, confidence: Confidence = Confidence.HIGH
    ) -> Unknown:
        """The value that a source of change yields."""
        kind = _SOURCES.get(fact.kind, Source.UNKNOWN)
        granularity = Granularity[fact.granularity.upper()] if fact.granularity else None
        ordering = Ordering(fact.ordering) if fact.ordering else None
        label = f"{fact.name} is another one each time it is read"
        if kind is Source.ORDER:
            label = f"the order of {fact.name} is not fixed"
        key = Key(
            kind,
            fact.name,
            span,
            granularity,
            ordering,
            confidence,
            (Step(Role.SOURCE, span, label),),
            frame,
        )
        size = _SIZES.get(kind, (0, None))
        return Unknown(fact.name, span, frame, (key,), fact.kind, fact.type, False, size)


#: Sources whose text is short: a time stamp, an id. At least and at most, in characters.
_SIZES: dict[Source, tuple[int, int | None]] = {Source.CLOCK: (1, 64), Source.RANDOM: (1, 64)}

#: A frame no other shares more than nothing with: the source moves between any two calls.
_ALWAYS: Frame = ()

#: Default values that only tell a framework where to take the argument from.
_INJECTING = frozenset(
    (
        *("Depends", "Security", "Query", "Path", "Body", "Header", "Cookie", "Form", "File"),
        *("Provide", "Inject", "FromDishka", "Parameter", "Option", "Argument"),
    )
)

_BUILTINS = frozenset(name for name in dir(builtins) if not name.startswith("_"))


def annotation_names(node: ast.expr) -> list[str]:
    """The dotted names in an annotation, without what only wraps them (Optional, Annotated...)."""
    found: list[str] = []
    stack: list[ast.expr] = [node]
    while stack:
        current = stack.pop()
        if isinstance(current, ast.Constant) and isinstance(current.value, str):
            try:
                stack.append(ast.parse(current.value, mode="eval").body)
            except SyntaxError:
                continue
        elif isinstance(current, ast.BinOp):
            stack.extend((current.right, current.left))
        elif isinstance(current, ast.Subscript):
            head = (dotted(current.value) or "").rpartition(".")[2]
            if head in ("Optional", "Union", "Annotated", "Final", "ClassVar", "Mapped"):
                inner = current.slice
                stack.extend(reversed(inner.elts) if isinstance(inner, ast.Tuple) else [inner])
            else:
                stack.append(current.value)
        else:
            name = dotted(current)
            if name and name != "None":
                found.append(name)
    return found


def _parameter_node(function: FunctionNode | ast.Lambda, name: str) -> ast.arg:
    return next(parameter for parameter in parameters(function) if parameter.arg == name)


def _loop_name(loop: ast.AST) -> str:
    return f"the loop at line {getattr(loop, 'lineno', 0)}"


def _element(node: ast.AST) -> ast.expr:
    if isinstance(node, ast.DictComp):
        return node.value
    assert isinstance(node, (ast.ListComp, ast.SetComp, ast.GeneratorExp))
    return node.elt


def _start(node: ast.AST) -> tuple[int, int]:
    return (getattr(node, "lineno", 0), getattr(node, "col_offset", 0))


def _within(module: Module, node: ast.AST, outer: ast.AST) -> bool:
    return node is outer or any(parent is outer for parent in module.ancestors(node))


def _targets(node: ast.expr) -> set[str]:
    return {path for n in ast.walk(node) if (path := dotted(n)) is not None}


def _gathered(value: Value, targets: list[ast.expr]) -> Value:
    """A sequence as ``a, *b = value`` takes it apart: what ``*b`` gets is one list."""
    star = next((i for i, t in enumerate(targets) if isinstance(t, ast.Starred)), None)
    if star is None or not isinstance(value, Sequence):
        return value
    behind = len(targets) - star - 1
    plain = not value.open and not any(isinstance(i, (Repeat, Choice)) for i in value.items)
    if not plain or len(value.items) < star + behind:
        return Unknown("a sequence that can't be counted", value.span, value.frame, value.order)
    stop = len(value.items) - behind
    rest = Sequence(value.items[star:stop], value.span, "", value.frame, value.order)
    return replace(value, items=(*value.items[:star], rest, *value.items[stop:]))


def _captured(pattern: ast.pattern) -> set[str]:
    return {
        n.name for n in ast.walk(pattern) if isinstance(n, (ast.MatchAs, ast.MatchStar)) and n.name
    }


def _binds_anew(path: str, stmt: ast.stmt) -> bool:
    """Whether ``path = ...`` does not ask what ``path`` was before."""
    return (
        isinstance(stmt, ast.Assign)
        and len(stmt.targets) == 1
        and dotted(stmt.targets[0]) == path
        and not any(dotted(node) == path for node in ast.walk(stmt.value))
    )


def _walrus(test: ast.expr, name: str) -> ast.NamedExpr | None:
    for node in ast.walk(test):
        if isinstance(node, ast.NamedExpr) and node.target.id == name:
            return node
    return None


def _leaves(body: list[ast.stmt]) -> bool:
    """Whether a block never runs to its end."""
    if not body:
        return False
    last = body[-1]
    if isinstance(last, (ast.Return, ast.Raise, ast.Continue, ast.Break)):
        return True
    if isinstance(last, ast.If):
        return bool(last.orelse) and _leaves(last.body) and _leaves(last.orelse)
    if isinstance(last, (ast.With, ast.AsyncWith)):
        return _leaves(last.body)
    return False


def _subscripts(node: ast.expr) -> tuple[str, list[ast.expr]] | None:
    """``("x", [0, "a"])`` for ``x[0]["a"]``."""
    keys: list[ast.expr] = []
    while isinstance(node, ast.Subscript):
        keys.append(node.slice)
        node = node.value
    path = dotted(node)
    return (path, list(reversed(keys))) if path else None


def _base_path(node: ast.expr) -> str | None:
    while isinstance(node, ast.Subscript):
        node = node.value
    return dotted(node)


def _path(node: ast.expr) -> str | None:
    return dotted(node) if isinstance(node, ast.Attribute) else None


def _accumulates(stmt: ast.stmt, path: str) -> bool:
    """Whether a statement adds to what ``path`` holds (not: clears or replaces it)."""
    if isinstance(stmt, ast.AugAssign):
        return dotted(stmt.target) == path
    for node in ast.walk(stmt):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            if node.func.attr in ("append", "extend", "insert", "appendleft", "add"):
                if dotted(node.func.value) == path:
                    return True
    return False


def _fills_once(stmt: ast.stmt, path: str, module: Module) -> bool:
    """Whether an assignment is guarded by a test of the very name: ``if X is None: X = ...``."""
    if not isinstance(stmt, (ast.Assign, ast.AnnAssign)):
        return False
    for parent in module.ancestors(stmt):
        if isinstance(parent, FUNCTIONS):
            # ``if X is not None: return X`` in front of it says the same.
            for earlier in parent.body:
                if earlier is stmt or earlier.lineno >= stmt.lineno:
                    break
                if isinstance(earlier, ast.If) and _leaves(earlier.body):
                    if path in {dotted(n) for n in ast.walk(earlier.test)}:
                        return True
            return False
        if isinstance(parent, ast.If) and path in {dotted(n) for n in ast.walk(parent.test)}:
            return True
    return False


def _frozen(value: Value) -> Value:
    """A value that is worked out once and kept: what it depended on no longer moves it."""
    return with_keys(value, lambda keys: ())


def _has_fields(node: ast.ClassDef) -> bool:
    """Whether annotated names in the class body become arguments of its constructor."""
    for decorator in node.decorator_list:
        target = decorator.func if isinstance(decorator, ast.Call) else decorator
        name = (dotted(target) or "").rpartition(".")[2]
        if name in ("dataclass", "define", "frozen", "attrs", "s", "mutable"):
            return True
    return any(
        (dotted(base) or "").rpartition(".")[2]
        in ("BaseModel", "BaseSettings", "NamedTuple", "TypedDict", "SQLModel", "Struct")
        for base in node.bases
    )


def _bound_to_class(value: Value, cls: Object) -> Value:
    """A class method looked up on its class: the class is its first argument."""
    if isinstance(value, Object) and isinstance(value.handle, FunctionHandle):
        function = value.handle.node
        if isinstance(function, FUNCTIONS) and any(
            dotted(d) == "classmethod" for d in function.decorator_list
        ):
            return replace(value, handle=replace(value.handle, instance=cls))
    return value


def _is_static(function: FunctionNode) -> bool:
    return any((dotted(d) or "") == "staticmethod" for d in function.decorator_list)


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _hashes_alike(value: Value) -> bool:
    """Whether the hash of a value is the same in every process."""
    if isinstance(value, Repeat):
        return _hashes_alike(value.body)
    return isinstance(value, Known) and isinstance(value.value, (int, float, bool, type(None)))


def _flat(items: tuple[Value, ...]) -> list[Value]:
    return [
        inner
        for item in items
        for inner in alternatives(item.body if isinstance(item, Repeat) else item)
    ]


def _opens_behind(value: Sequence, index: int) -> bool:
    return all(not isinstance(item, Repeat) for item in value.items[: index + 1])


def _counted(item: Value) -> Value | None:
    """The one value that an item of a list is, if it is there; None for a loop or a real choice."""
    if isinstance(item, Choice):
        filled = [
            a.value
            for a in item.alternatives
            if not (isinstance(a.value, Sequence) and not a.value.items)
        ]
        return filled[0] if len(filled) == 1 < len(item.alternatives) else None
    return None if isinstance(item, Repeat) else item


#: Lengths of the head of "2026-11-22 14:30:59.123456", and the finest unit each shows.
_ISO_HEADS = (
    (4, Granularity.YEAR),
    (7, Granularity.MONTH),
    (10, Granularity.DAY),
    (13, Granularity.HOUR),
    (16, Granularity.MINUTE),
    (19, Granularity.SECOND),
)


def _cut(key: Key, bounds: list[int | None], span: Span) -> Key:
    """A clock of which only a slice is shown: ``str(now)[:10]`` is the day.

    Which unit another slice ends at can't be told.
    """
    if key.source is not Source.CLOCK:
        return key
    fine = key.granularity is None or key.granularity <= Granularity.SECOND
    head = len(bounds) == 3 and bounds[0] in (None, 0) and bounds[2] in (None, 1)
    stop = bounds[1] if head else None
    if fine and stop is not None and stop > 0:
        units = [unit for length, unit in _ISO_HEADS if length <= stop]
        if units:
            return key._replace(granularity=max(units[-1], key.granularity or units[-1]))
    return ops.unknown_key(key.name, span, key.frame)


def _without(value: Value, keys: list[Value]) -> Value:
    """``del value[k1][k2]...``."""
    key, rest = keys[0], keys[1:]
    if isinstance(value, Choice):
        return replace(
            value,
            alternatives=tuple(
                Alternative(_without(a.value, keys), a.condition) for a in value.alternatives
            ),
        )
    if isinstance(value, Mapping) and isinstance(key, Known):
        entry = value.entry(key.value) if isinstance(key.value, str) else None
        if entry is None:
            return value
        others = tuple(e for e in value.entries if e is not entry)
        if rest:
            changed = replace(entry, value=_without(entry.value, rest))
            return replace(
                value, entries=tuple(changed if e is entry else e for e in value.entries)
            )
        return replace(value, entries=others)
    if isinstance(value, Sequence):
        index = key.value if isinstance(key, Known) else None
        if isinstance(index, int) and -len(value.items) <= index < len(value.items):
            at = index % len(value.items)
            old = value.items[at]
            if rest:
                items = (*value.items[:at], _without(old, rest), *value.items[at + 1 :])
                return replace(value, items=items)
            if not isinstance(old, Repeat):
                return replace(value, items=(*value.items[:at], *value.items[at + 1 :]))
        if not rest:
            return replace(value, open=value.open or "items are deleted from it")
    return value


def _part(base: Sequence, where: slice[int | None, int | None, int | None]) -> Sequence | None:
    """A slice from the end of a list that can't be counted from its beginning."""
    if where.step is not None:
        return None
    start, stop = where.start, where.stop
    only = base.items[0] if len(base.items) == 1 else None
    if isinstance(only, Repeat) and (start, stop) == (-1, None):
        return replace(base, items=(ops.optional(only.body, only.span),), open="")
    if all(isinstance(item, Repeat) for item in base.items):
        return replace(base, open=base.open or "a slice")
    for cut, tail in ((stop, False), (start, True)):
        if cut is None or cut >= 0 or (start is not None and stop is not None):
            continue
        last = base.items[cut:]
        if len(last) == -cut and not any(isinstance(i, (Repeat, Choice)) for i in last):
            if tail:
                return replace(base, items=last, open="")
            return replace(base, items=base.items[:cut])
    return None


def _arithmetic(op: ast.operator, left: object, right: object) -> int | float | None:
    if isinstance(left, bool) or isinstance(right, bool):
        return None
    if not isinstance(left, (int, float)) or not isinstance(right, (int, float)):
        return None
    if any(isinstance(v, int) and v.bit_length() > ops.MOST_BITS // 2 for v in (left, right)):
        return None
    try:
        if isinstance(op, ast.Mult):
            return left * right
        if isinstance(op, ast.Sub):
            return left - right
        if isinstance(op, ast.FloorDiv):
            return left // right
        if isinstance(op, ast.Div):
            return left / right
    except (ArithmeticError, ValueError):
        return None
    return None


def _compare(op: ast.cmpop, left: Value, right: Value) -> bool | None:
    if not isinstance(left, Known) or not isinstance(right, Known):
        if isinstance(right, Known) and right.value is None:
            if isinstance(op, (ast.IsNot, ast.Is)) and isinstance(left, (Text, Sequence, Mapping)):
                return isinstance(op, ast.IsNot)
        return None
    if isinstance(op, (ast.Eq, ast.Is)):
        return bool(left.value == right.value)
    if isinstance(op, (ast.NotEq, ast.IsNot)):
        return bool(left.value != right.value)
    return None
