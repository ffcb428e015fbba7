"""What a name or path is worth at a place: the nearest statement in front of it decides.

The search walks the blocks of a function upwards, merges branches into a Choice and the rounds of
a loop into a Repeat.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import TYPE_CHECKING

from skinflint.linter import operations as ops
from skinflint.linter.activation import (
    Activation,
    ClassHandle,
    ExternalHandle,
    FunctionHandle,
    InstanceHandle,
    Thunk,
    memory,
)
from skinflint.linter.empties import stays_empty
from skinflint.linter.evaluate import NOTHING, ONE, joined
from skinflint.linter.module import (
    COMPREHENSIONS,
    DEFINITIONS,
    FUNCTIONS,
    GROWING,
    LOOPS,
    MUTATORS,
    PUTTING,
    FunctionNode,
    Module,
    children,
    dotted,
    walk,
)
from skinflint.linter.narrowed import asks_in, copies_in, in_branch
from skinflint.linter.shapes import (
    DEEPEST,
    MOST_RUNS,
    MOST_STEPS,
    element_of,
    leaves,
    loop_name,
    within,
)
from skinflint.linter.spans import Role, Span, Step
from skinflint.linter.values import (
    ENTRIES,
    EXCEPTION,
    Alternative,
    Choice,
    Confidence,
    Entry,
    Grows,
    Key,
    Known,
    Mapping,
    Mark,
    MarkKind,
    Object,
    Passage,
    Picked,
    Repeat,
    Sequence,
    Source,
    Text,
    Uncounted,
    Unknown,
    Value,
    alike,
    alternatives,
    opened,
    through,
    with_keys,
)
from skinflint.records import replace

if TYPE_CHECKING:
    from skinflint.linter.evaluate import Evaluator


#: Paths of one run whose earlier rounds are looked at within one another. What the paths of a loop
#: make of each other would have to be looked at in every order; the first few say what there is to
#: say.
MOST_ROUNDS = 3
_MORE_ROUNDS = "filled in more rounds within one another than are looked at"
#: Items that a list may have so that all of them are kept when a loop rewrites it.
MOST_REWRITTEN = 12
#: Roles of messages that stand at the head of a conversation, and stay there.
_HEADS = ("system", "developer")


#: Statements that run once, where they stand.
_STRAIGHT = (ast.Assign, ast.AnnAssign, ast.AugAssign, ast.Expr)
#: What marks the end of a cached prefix.
_MARKER = "cache_control"
#: Methods that add to what they are called of.
_FILLING = GROWING | PUTTING | {"update"}


class Flow:
    """Finds what a path is worth where a statement stands, for an :class:`Evaluator`."""

    def __init__(self, evaluator: Evaluator) -> None:
        self.ev = evaluator
        self._exits: dict[ast.stmt, list[ast.stmt]] = {}  # of loops
        self._names: dict[ast.expr, frozenset[str]] = {}  # by target
        self._at_heads: dict[tuple[str, ast.AST], bool] = {}
        self._written: dict[tuple[ast.AST, str], tuple[str, ...]] = {}  # paths set on a name
        self._with_written: dict[tuple[object, ...], Object] = {}
        self._told_apart: dict[ast.AST, bool] = {}  # whether a loop asks what its items are
        self._copied: dict[ast.AST, bool] = {}  # whether a loop makes copies of them
        self._passages: dict[tuple[ast.stmt, str], Passage] = {}

    def _bound_by(self, target: ast.expr) -> frozenset[str]:
        """The names and paths in what a loop or an assignment binds."""
        found = self._names.get(target)
        if found is None:
            found = self._names[target] = frozenset(_targets(target))
        return found

    def at_end(self, path: str, function: FunctionNode, act: Activation) -> Value | None:
        """What ``path`` is worth when ``function`` has run to its end as ``act``."""
        busy = ("end", path, function)
        if busy in self.ev.busy:
            return None
        self.ev.busy.add(busy)
        try:
            return self.after_body(
                path, function.body, act, lambda: self.ev.names.on_entry(path, act)
            )
        finally:
            self.ev.busy.discard(busy)

    def before(
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
        for j in reversed(module.touching(body, path)):
            if j >= index:
                continue
            found.append(body[j])
            if self.ev.kept(act, ("after", path, body[j])) is not None:
                break
            if module.binds_anew(body[j], path):
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
                if within(act.module, node, item.context_expr):
                    break
                if isinstance(item.optional_vars, ast.Name) and item.optional_vars.id == path:
                    return self._entered(item.context_expr, act)
        if isinstance(stmt, DEFINITIONS):
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
                named = _walrus(test, path, act.module)
                if named is not None:
                    return self.ev.evaluate(named.value, act)
            if parent is stmt:
                break
            below = parent
        for child in walk(stmt) if path in act.module.walruses else ():
            if (
                isinstance(child, ast.NamedExpr)
                and isinstance(child.target, ast.Name)
                and child.target.id == path
                and not within(act.module, node, child)
                and (child.lineno, child.col_offset) < _start(node)
            ):
                return self.ev.evaluate(child.value, act)
        return None

    def _enter(
        self, path: str, owner: ast.AST, body: list[ast.stmt], act: Activation
    ) -> Value | None:
        """What ``path`` is worth at the beginning of one block of ``owner``."""
        module = act.module
        if type(owner) is ast.If:  # as it mostly is
            named = _walrus(owner.test, path, module)
            if named is not None:
                return self.ev.evaluate(named.value, act)
            value = self.before(path, owner, act)
            if isinstance(value, Choice):
                return in_branch(value, path, owner.test, body is owner.body) or value
            return value
        if owner is act.node or isinstance(owner, (*DEFINITIONS, ast.Module)):
            return self.ev.names.on_entry(path, act)
        if isinstance(owner, ast.ExceptHandler):
            if owner.name == path:
                return replace(self.ev.unknown(EXCEPTION, owner, act), entry="process")
            parent = module.parents[owner]
            assert isinstance(parent, ast.stmt)
            return self.before(path, parent, act)
        if isinstance(owner, ast.match_case):
            if path in _captured(owner.pattern):
                return self.ev.unknown("captured by a pattern", owner.pattern, act)
            parent = module.parents[owner]
            assert isinstance(parent, ast.stmt)
            return self.before(path, parent, act)
        assert isinstance(owner, ast.stmt)
        if isinstance(owner, LOOPS):
            if body is owner.body:
                return self._loop_carried(path, owner, act)
            return self._after_loop(path, owner, act)
        if isinstance(owner, ast.Try):
            if body is owner.body:
                return self.before(path, owner, act)
            return self.after_body(path, owner.body, act, lambda: self.before(path, owner, act))
        if isinstance(owner, (ast.With, ast.AsyncWith)):
            for item in reversed(owner.items):
                if item.optional_vars is not None and path in _targets(item.optional_vars):
                    if isinstance(item.optional_vars, ast.Name):
                        return self._entered(item.context_expr, act)
                    return self.ev.unknown("what a context manager yields", item.optional_vars, act)
        return self.before(path, owner, act)

    def _entered(self, node: ast.expr, act: Activation) -> Value:
        """What ``with node as x`` binds: of clients and files the thing itself."""
        return self.ev.calls.entered(self.ev.evaluate(node, act), node, act)

    def after_body(
        self,
        path: str,
        body: list[ast.stmt],
        act: Activation,
        entry: Callable[[], Value | None],
    ) -> Value | None:
        """What ``path`` is worth when ``body`` has run to its end."""
        for place in reversed(act.module.touching(body, path)):
            return self._after(path, body[place], act)
        return entry()

    def _after(self, path: str, stmt: ast.stmt, act: Activation) -> Value | None:
        """What ``path`` is worth just behind ``stmt``, which touches it."""
        place = ("after", path, stmt)
        memo = self.ev.kept(act, place)
        if memo is not None:
            return memo
        busy = (*place, id(act), self.ev.rounds_seen)
        if busy in self.ev.busy:
            return self.ev.around(stmt, act)
        self.ev.steps += 1
        if self.ev.steps > MOST_STEPS and not self.ev.spare():
            return self.ev.unknown("the budget of steps for this request is used up", stmt, act)
        if self.ev.depth > DEEPEST:
            self.ev.cuts += 1
            return self.ev.unknown("nested too deeply", stmt, act)
        cuts = self.ev.cuts
        self.ev.busy.add(busy)
        self.ev.depth += 1
        outer, self.ev.leans = self.ev.leans, NOTHING
        try:
            value = self._effect(path, stmt, act)
        finally:
            self.ev.depth -= 1
            self.ev.busy.discard(busy)
            leans = self.ev.leans
            self.ev.leans = joined(outer, leans) if leans else outer
        if value is not None:
            if type(value) not in ONE:
                value = self.ev.fitting(value, stmt, act)
            self.ev.remember(act, place, value, cuts, leans)
        return value

    def _effect(self, path: str, stmt: ast.stmt, act: Activation) -> Value | None:
        if isinstance(stmt, ast.Assign):
            for target in stmt.targets:
                value = self._assigned(path, target, stmt.value, stmt, act)
                if value is not None:
                    if isinstance(stmt.value, (ast.List, ast.Call)):
                        return self._filled_inside(path, value, stmt, act)
                    return value
            return self._changed_in_place(path, stmt, act)
        if isinstance(stmt, ast.AnnAssign):
            if dotted(stmt.target) == path:
                if stmt.value is None:
                    return self.before(path, stmt, act)
                value = self._flowed(self.ev.evaluate(stmt.value, act), path, stmt, act)
                return self._filled_inside(path, value, stmt, act)
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
            return self.after_body(
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

    def _filled_inside(self, path: str, value: Value, stmt: ast.stmt, act: Activation) -> Value:
        """A list that is written here, with what functions inside this one put into it.

        They do so whenever they are called, by it or by whom it hands them to. So does the
        function that a helper inside makes of the list it is handed.
        """
        scope, module = act.node, act.module
        if not isinstance(value, Sequence) or not isinstance(scope, FUNCTIONS) or "." in path:
            return value
        writes = [(each, stmt, path, act) for each, stmt in module.inner_writes(path, scope)]
        for call, maker, parameter in module.makers(path, scope):
            handle = FunctionHandle(maker, module, act)
            bound = self.ev.calls.bind(handle, call.args, call.keywords, act)
            around = Activation(
                module, maker, act.frame, bound, act, None, act.chain, act.depth + 1
            )
            inner = module.inner_writes(parameter, maker)
            writes += [(each, stmt, parameter, around) for each, stmt in inner]
        if not writes:
            return value
        items: list[Value] = []
        seen = True
        for function, each, name, outer in writes:
            runs = self._runs_inside(function, outer)
            seen = seen and len(runs) <= MOST_RUNS
            for run in runs[:MOST_RUNS]:
                more = self.added(each, name, run)
                seen = seen and more is not None
                for item in more or ():
                    body = item.body if isinstance(item, Repeat) else item
                    again = Repeat(body, item.span, value.frame)
                    if again not in items:
                        items.append(again)
                self.ev.left(run)
        reason = "functions inside put into it"
        why = Uncounted(reason) if seen else reason
        return replace(value, items=(*value.items, *items), open=opened(value.open, why))

    def _runs_inside(self, function: FunctionNode, outer: Activation) -> list[Activation]:
        """The runs of a function inside another: by that itself, and by whom it is handed to."""
        module = outer.module
        mark = Mark(MarkKind.FUNCTION, function.name, module.span(function))
        runs = []
        handed_on = False
        for load in module.loads.get(function.name, ()):
            if not isinstance(load, ast.Name) or not within(module, load, outer.node):
                continue
            call = module.parents.get(load)
            if (
                isinstance(call, ast.Call)
                and call.func is load
                and (module.scope(call) is outer.node)
            ):
                handle = FunctionHandle(function, module, outer)
                bound = self.ev.calls.bind(handle, call.args, call.keywords, outer)
                frame = (*self.ev.frame_at(call, outer), mark)
                runs.append(
                    Activation(
                        module, function, frame, bound, outer, None, outer.chain, outer.depth + 1
                    )
                )
            elif not within(module, load, function):
                handed_on = True
        if handed_on:
            frame = (*outer.frame, mark)
            runs.append(Activation(module, function, frame, None, outer, None, outer.chain))
        return runs

    def _flowed(self, value: Value, path: str, stmt: ast.stmt, act: Activation) -> Value:
        """The value behind an assignment, which becomes a step of its trails."""
        passage = self._passages.get((stmt, path))
        if passage is None:
            step = Step(Role.STEP, act.module.span(stmt), f"assigned to `{path}`")
            passage = self._passages[stmt, path] = Passage(step)
        return through(value, passage)

    def _assigned(
        self, path: str, target: ast.expr, node: ast.expr, stmt: ast.stmt, act: Activation
    ) -> Value | None:
        if isinstance(target, (ast.Name, ast.Attribute)):
            if dotted(target) == path:
                return self._flowed(self.ev.evaluate(node, act), path, stmt, act)
            return None
        if isinstance(target, (ast.Tuple, ast.List)):
            if path in self._bound_by(target):
                bound: dict[str, Thunk | Value] = {}
                value = self.ev.evaluate(node, act)
                self.ev.bind_target(target, value, bound, act.module.span(node))
                found = bound.get(path)
                if found is not None:
                    return self._flowed(self.ev.argument(found), path, stmt, act)
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
            before = self.before(path, stmt, act)
            if before is None:
                before = self._outer(path, act, stmt)
            if before is None:
                return None
            if any(isinstance(key, ast.Slice) for key in steps[1]):
                if isinstance(before, (Sequence, Mapping)):
                    return replace(before, open=opened(before.open, "changed in place"))
                return before
            keys = [self.ev.evaluate(key, act) for key in steps[1]]
            value = self._flowed(self.ev.evaluate(node, act), path, stmt, act)
            return self._set_item(before, keys, value, act.module.span(node), node, act)
        return None

    def _outer(self, path: str, act: Activation, stmt: ast.stmt) -> Value | None:
        """A path that this scope changes but did not bind: an attribute or outer name."""
        head, _, rest = path.partition(".")
        if not rest:
            if act.lexical is None:
                return None
            return self.ev.names.name(head, act.node, act.lexical)
        value = self.ev.names.name(head, stmt, act)
        for attribute in rest.split("."):
            value = self.ev.attribute(value, attribute, act.module.span(stmt), act.frame)
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
                if inner is None and ops.in_groups(value, key):
                    # Groups under keys that aren't known: what is set in one may be in each.
                    groups = tuple(
                        replace(
                            e, value=self._set_item(e.value, rest, item, span, node, act, False)
                        )
                        for e in value.entries
                    )
                    return replace(value, entries=groups)
                if inner is None:
                    return replace(value, open=opened(value.open, "changed in place"))
                changed = self._set_item(inner, rest, item, span, node, act, sure)
                entry = value.entry(str(key.value)) if isinstance(key, Known) else None
                assert entry is not None
                return ops.set_entry(value, replace(entry, value=changed))
            if isinstance(key, Choice) and all(isinstance(k, Known) for k in alternatives(key)):
                for each in alternatives(key):
                    value = ops.set_entry(value, Entry(each, item, span, True, handle=(node, act)))
                return value
            if not isinstance(key, Known):  # the key is unseen, what stands under it is seen
                why = Uncounted("set under keys that aren't known")
                value = replace(value, open=opened(value.open, why))
            entry = Entry(key, item, span, not sure, handle=(node, act))
            return ops.set_entry(value, entry)
        if isinstance(value, Sequence) and isinstance(key, Known) and isinstance(key.value, int):
            index = key.value
            side = value.items[: index + 1] if index >= 0 else value.items[index:]
            placed = not any(isinstance(each, Repeat) for each in side)
            if placed and -len(value.items) <= index < len(value.items):
                index %= len(value.items)
                old = value.items[index]
                if isinstance(old, Choice) and rest:
                    if key.value >= 0:
                        return value
                    return self._set_in_last(value, index, rest, item, span, node, act)
                changed = self._set_item(old, rest, item, span, node, act, sure) if rest else item
                items = (*value.items[:index], changed, *value.items[index + 1 :])
                return replace(value, items=items)
        if isinstance(value, Sequence) and rest:
            last = rest[-1]
            if isinstance(last, Known) and last.value == _MARKER:
                return value  # a marker in one of many: it says nothing to the model
            whole = value.items and not ops.lacks(value)
            bodies = [each.body if isinstance(each, Repeat) else each for each in value.items]
            plain = all(isinstance(body, (Mapping, Sequence, Unknown)) for body in bodies)
            seen = ops.entry_of(item) in ENTRIES or all(
                not isinstance(body, Unknown) for body in bodies
            )
            if not (whole and plain and seen):
                return replace(value, open=opened(value.open, "changed in place"))
            # Which one of them is changed can't be told: each may be.
            made: list[Value] = []
            for each, body in zip(value.items, bodies, strict=True):
                changed = self._set_item(body, rest, item, span, node, act, False)
                made.append(replace(each, body=changed) if isinstance(each, Repeat) else changed)
            return replace(value, items=tuple(made))
        if isinstance(value, Sequence):
            if ops.lacks(value):
                return value
            # Which one it takes the place of can't be told: each may still be there.
            unsure = opened(value.open, Uncounted("an item of it is set"))
            if isinstance(key, Known) and key.value == 0:
                return replace(value, items=(item, *value.items), open=unsure)
            put = item
            if not isinstance(key, Known) and act.module.loops(node, act.node):
                put = Repeat(item, span, self.ev.frame_at(node, act), ops.keys_of(key))
            return replace(value, items=(*value.items, put), open=unsure)
        return value

    def _set_in_last(
        self,
        value: Sequence,
        index: int,
        rest: list[Value],
        item: Value,
        span: Span,
        node: ast.expr,
        act: Activation,
    ) -> Value:
        """A marker on the last of some items that may each be absent: one of them has it.

        Anything else that is set there is lost from sight.
        """
        if not (isinstance(rest[-1], Known) and rest[-1].value == _MARKER):
            return value
        items = list(value.items)
        sure = True
        for place in range(index, -1, -1):
            old = items[place]
            items[place] = self._set_item(old, rest, item, span, node, act, sure)
            if not isinstance(old, Choice) or not any(
                isinstance(each, Sequence) and not each.items for each in alternatives(old)
            ):
                break
            sure = False  # the one in front has it if this one isn't there
        return replace(value, items=tuple(items))

    def _augmented(self, path: str, stmt: ast.AugAssign, act: Activation) -> Value | None:
        target = dotted(stmt.target)
        if target != path:
            if isinstance(stmt.target, ast.Subscript):
                return self._added_inside(path, stmt.target, stmt, act)
            return self._changed_in_place(path, stmt, act)
        before = self.before(path, stmt, act)
        if before is None:
            before = self._outer(path, act, stmt)
        # What was there before has not flowed through this statement; only what is added has.
        right = self._flowed(self.ev.evaluate(stmt.value, act), path, stmt, act)
        span = act.module.span(stmt)
        frame = self.ev.frame_at(stmt, act)
        if before is None:
            return ops.derived("added to an unbound name", span, frame, right)
        if isinstance(stmt.op, ast.Add):
            if isinstance(before, Sequence) and not isinstance(right, Sequence):
                items, reason = ops.spread(right, span, frame)
                value: Value = replace(
                    before, items=(*before.items, *items), open=opened(before.open, reason)
                )
            else:
                value = ops.add(before, right, span, frame)
        elif isinstance(stmt.op, ast.BitOr) and isinstance(before, Mapping):
            value = ops.update(before, right, span)
        else:
            value = ops.orderless(ops.derived("arithmetic on values", span, frame, before, right))
        return value

    def _added_inside(
        self, path: str, target: ast.Subscript, stmt: ast.AugAssign, act: Activation
    ) -> Value | None:
        """``path[k1][k2] += value``: what was there, and what is added to it."""
        steps = act.module.steps(target)
        if steps is None or steps[0] != path:
            return self._changed_in_place(path, stmt, act)
        value = self._changed_in_place(path, stmt, act)
        if value is None:
            return None
        keys = [self.ev.evaluate(key, act) for key in steps[1]]
        right = self._flowed(self.ev.evaluate(stmt.value, act), path, stmt, act)
        span, frame = act.module.span(stmt), self.ev.frame_at(stmt, act)
        old: Value = value
        for key in keys:
            old = self.ev.lookup(old, key, span, frame)
        if isinstance(stmt.op, ast.Add) and isinstance(old, (Known, Text, Sequence)):
            made = ops.add(old, right, span, frame)
        else:
            made = ops.orderless(ops.derived("arithmetic on values", span, frame, old, right))
        return self._set_item(value, keys, made, span, stmt.value, act)

    def _after_if(self, path: str, stmt: ast.If, act: Activation) -> Value | None:
        known, keys = self.ev.test(stmt.test, act)
        options: list[tuple[Value, Span | None]] = []
        span = act.module.span(stmt.test)
        missing = False
        for holds, body in ((True, stmt.body), (False, stmt.orelse)):
            if known is not None and known is not holds:
                continue
            if leaves(body):
                continue
            value = self.after_body(
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
            if missing or known is not None:
                return None
            return self.before(path, stmt, act)
        where, frame = act.module.span(stmt), self.ev.frame_at(stmt, act)
        if len(options) > 1:
            before = self.before(path, stmt, act)
            if before is not None:
                grown = ops.branched(before, options, where, frame, keys)
                if grown is not None:
                    return grown
        return ops.choice(options, where, frame, keys)

    def never_comes(self, node: ast.AST, act: Activation) -> bool:
        """Whether conditions that are known keep the run ``act`` of a function from ``node``."""
        module, child = act.module, node
        for parent in module.ancestors(node):
            if isinstance(child, ast.stmt):
                body, index = module.place(child)
                if any(self._left_at(stmt, act) for stmt in body[:index]):
                    return True
            if parent is act.node:
                return False
            if isinstance(parent, ast.If) and child is not parent.test:
                known = self.ev.test(parent.test, act)[0]
                if known is not None and (child in parent.body) is not known:
                    return True
            child = parent
        return False

    def _left_at(self, stmt: ast.stmt, act: Activation) -> bool:
        """Whether a condition that is known leaves the block at ``stmt``."""
        if not isinstance(stmt, ast.If):
            return leaves([stmt])
        if not _may_leave(stmt):
            return False
        known = self.ev.test(stmt.test, act)[0]
        ways = [
            body
            for holds, body in ((True, stmt.body), (False, stmt.orelse))
            if known is not (not holds)
        ]
        return all(any(self._left_at(each, act) for each in body) for body in ways)

    def with_written(
        self, node: ast.Name, value: Object, handle: InstanceHandle, act: Activation
    ) -> Object:
        """A record that a function makes, with what it has set on it where ``node`` stands."""
        scope, module = act.node, act.module
        if handle.arguments is None or handle.written is not None:
            return value
        if not isinstance(scope, (*FUNCTIONS, ast.Module)):
            return value
        if not self.ev.instances.is_record(handle.cls):
            return value
        paths = self._written.get((scope, node.id))
        if paths is None:
            start = f"{node.id}."
            touched = {path for stmt in scope.body for path in module.touched(stmt)}
            paths = tuple(p for p in sorted(touched) if p.startswith(start) and p.count(".") == 1)
            self._written[scope, node.id] = paths
        around = module.parents.get(node)
        if not paths or (isinstance(around, ast.Attribute) and dotted(around) in paths):
            return value
        stmt = module.statement(node)
        if stmt is None or stmt is scope or module.scope(stmt) is not scope:
            return value

        earlier = self._earlier(paths, stmt, act)
        if not earlier:
            return value
        key = (act, handle, earlier)
        known = self._with_written.get(key)
        if known is not None:
            return known

        def late(path: str) -> Callable[[], Value | None]:
            return lambda: self._set_since(path, stmt, node, value, act)

        made = InstanceHandle(
            handle.cls,
            handle.arguments,
            handle.frame,
            handle.call,
            stable=handle.stable,
            written={path.rpartition(".")[2]: late(path) for path in paths},
        )
        found = self._with_written[key] = replace(value, handle=made)
        return found

    def _earlier(
        self, paths: tuple[str, ...], stmt: ast.stmt, act: Activation
    ) -> tuple[ast.stmt, ...]:
        """The statements that touch one of the paths on the way to ``stmt``."""
        module = act.module
        found: dict[ast.stmt, None] = {}
        here: ast.stmt | None = stmt
        while here is not None and here is not act.node:
            body, index = module.place(here)
            again = isinstance(module.parents.get(here), LOOPS)
            for path in paths:
                for i in module.touching(body, path):
                    if i < index or again:
                        found[body[i]] = None
            here = next((p for p in module.ancestors(here) if isinstance(p, ast.stmt)), None)
        return tuple(found)

    def _set_since(
        self, path: str, stmt: ast.stmt, node: ast.Name, base: Object, act: Activation
    ) -> Value | None:
        """What ``path`` is worth at ``node``; what it was before as well, if it may still be."""
        module = act.module
        busy = ("set since", path, stmt, id(act))
        if busy in self.ev.busy:
            return None
        self.ev.busy.add(busy)
        try:
            value = self.before(path, stmt, act, node)
        finally:
            self.ev.busy.discard(busy)
        if value is None:
            return None
        here: ast.AST | None = stmt
        straight, seen = True, False
        while isinstance(here, ast.stmt) and here is not act.node:
            body, index = module.place(here)
            places = [i for i in module.touching(body, path) if i < index]
            bound = [
                i for i in module.touching(body, node.id) if module.binds_anew(body[i], node.id)
            ]
            made = max((i for i in bound if i < index), default=-1)
            earlier = [body[i] for i in places if i > made]
            seen = seen or bool(earlier)
            if made >= 0 and not seen:
                return None  # set on what the name was before
            if any(module.binds_anew(each, path) for each in earlier):
                return value
            straight = straight and all(isinstance(each, _STRAIGHT) for each in earlier)
            here = next((p for p in module.ancestors(here) if isinstance(p, ast.stmt)), None)
        if straight:
            return value
        span = module.span(node)
        first = self.ev.attribute(base, path.rpartition(".")[2], span, act.frame)
        return ops.choice([(first, None), (value, None)], span, act.frame)

    def _after_try(self, path: str, stmt: ast.Try, act: Activation) -> Value | None:
        def start() -> Value | None:
            return self.before(path, stmt, act)

        if any(path in act.module.touched(s) for s in stmt.finalbody):
            return self.after_body(path, stmt.finalbody, act, start)
        options: list[tuple[Value, Span | None]] = []
        value = self.after_body(path, act.module.tried(stmt), act, start)
        if value is not None:
            options.append((value, None))
        for handler in stmt.handlers:
            if leaves(handler.body):
                continue
            value = self.after_body(path, handler.body, act, start)
            if value is not None:
                options.append((value, act.module.span(handler)))
        if not options:
            return None
        return ops.choice(options, act.module.span(stmt), self.ev.frame_at(stmt, act))

    def _after_match(self, path: str, stmt: ast.Match, act: Activation) -> Value | None:
        options: list[tuple[Value, Span | None]] = []
        exhaustive = False
        keys = ops.keys_of(self.ev.evaluate(stmt.subject, act))
        for case in stmt.cases:
            if isinstance(case.pattern, ast.MatchAs) and case.pattern.pattern is None:
                exhaustive = case.guard is None
            if leaves(case.body):
                continue
            value = self.after_body(
                path,
                case.body,
                act,
                lambda case=case: self._enter(path, case, case.body, act),  # type: ignore[misc]
            )
            if value is not None:
                options.append((value, act.module.span(case.pattern)))
        if not exhaustive:
            value = self.before(path, stmt, act)
            if value is not None:
                options.append((value, None))
        if not options:
            return None
        return ops.choice(options, act.module.span(stmt), self.ev.frame_at(stmt, act), keys)

    def _loop_carried(self, path: str, loop: ast.stmt, act: Activation) -> Value | None:
        """What ``path`` is worth at the beginning of a round: from before, or an earlier round."""
        assert isinstance(loop, LOOPS)
        module = act.module
        if isinstance(loop, (ast.For, ast.AsyncFor)) and path in self._bound_by(loop.target):
            return self.loop_item(path, loop, loop, act)
        before = self.before(path, loop, act)
        if isinstance(loop, ast.While):
            named = _walrus(loop.test, path, act.module)
            if named is not None:
                return self.ev.evaluate(named.value, act)
        if not module.touching(loop.body, path):
            return before
        if (
            isinstance(before, Known)
            and type(before.value) in (int, float)
            and act.module.once(_counts, loop, path)
        ):
            return self._counter(path, loop, act)
        carried = ("carried", path, loop, id(act))
        outer = self.ev.rounds_seen
        seen = _around(outer, loop, act)
        self.ev.leans = joined(self.ev.leans, frozenset((carried,)))
        if carried in seen:
            return before
        if before is not None and sum(each[3] == id(act) for each in seen) >= MOST_ROUNDS:
            if isinstance(before, (Sequence, Mapping)):
                return replace(before, open=opened(before.open, _MORE_ROUNDS))
            return before
        self.ev.rounds_seen = seen | {carried}
        try:
            told = self._item_by_item(path, before, loop, act)
            if told is not None:
                return told
            after = self.after_body(path, loop.body, act, lambda: before)
            after = self._with_exits(path, before, after, loop, act)
        finally:
            self.ev.rounds_seen = outer
        return self._rounds(path, before, after, loop, act)

    def _item_by_item(
        self, path: str, before: Value | None, loop: ast.stmt, act: Activation
    ) -> Value | None:
        """The list ``path`` that a loop fills with copies of the dicts it runs over.

        The round of each is worked out by itself, so that what is set on the copy of one message
        (its text, a marker) isn't taken for what another one holds, and one stays one. None where
        there is no such loop, or where it does something else.
        """
        if not isinstance(loop, (ast.For, ast.AsyncFor)) or not isinstance(before, Sequence):
            return None
        name = loop.target.id if isinstance(loop.target, ast.Name) else ""
        if not name or (act.picked and loop in act.picked) or not self._copies(loop, name):
            return None
        source = self.ev.evaluate(loop.iter, act)
        if not any(_holds_dicts(each) for each in alternatives(source)):
            return None
        span, frame = act.module.span(loop.iter), self.ev.frame_at(loop, act)
        filled: list[tuple[Value, Span | None]] = []
        for each in alternatives(source):
            if not isinstance(each, Sequence):
                items, why = ops.spread(each, span, frame)
                each = Sequence(items, span, why, frame)
            one = self._filled_from(each, path, before, loop, act)
            if one is None:
                return None
            filled.append((one, None))
        keys = source.keys if isinstance(source, Choice) else ()
        return ops.choice(filled, act.module.span(loop), act.frame, keys)

    def _filled_from(
        self,
        source: Sequence,
        path: str,
        before: Sequence,
        loop: ast.For | ast.AsyncFor,
        act: Activation,
    ) -> Sequence | None:
        inside = set(walk(loop))
        kept = {k: v for k, v in act.memo.items() if not _stands_in(k, inside)}
        frame, count = self.ev.frame_at(loop, act), len(before.items)
        items = list(before.items)
        whys = [before.open, source.open]
        run_over, several = self._run_over(source, loop, act)
        if len(run_over) > MOST_REWRITTEN:
            return None
        for item in run_over:
            body = item.body if isinstance(item, Repeat) else item
            for each in alternatives(body):
                if isinstance(each, Sequence) and not each.items:
                    continue  # it may be absent
                run = replace(act, memo=memory(kept), picked={**(act.picked or {}), loop: each})
                after = self._one_round(path, before, loop, run)
                ways = list(alternatives(after)) if after is not None else []
                if not ways:
                    return None
                for way in ways:
                    if not isinstance(way, Sequence) or way.items[:count] != before.items:
                        return None
                    whys.append(way.open)
                    for new in way.items[count:]:
                        if isinstance(item, Repeat) and not isinstance(new, Repeat):
                            new = Repeat(new, new.span, frame, item.keys)
                        elif isinstance(body, Choice) or len(ways) > 1:
                            new = ops.optional(new, new.span)
                        items.append(new)
        if several:
            whys.append(self._made_by(loop, act)(f"grows in the loop at line {loop.lineno}"))
        order = ops.merge_keys(before.order, source.order)
        return replace(before, items=tuple(items), open=opened(*whys), order=order)

    def _run_over(
        self, source: Sequence, loop: ast.For | ast.AsyncFor, act: Activation
    ) -> tuple[list[Value], bool]:
        """The items of a list: those that stand in it once, and all others as one that repeats.

        Says as well whether there may be any number of them.
        """
        again = [item for item in source.items if isinstance(item, Repeat)]
        found: list[Value] = [item for item in source.items if not isinstance(item, Repeat)]
        if again:
            span, frame = act.module.span(loop.iter), self.ev.frame_at(loop, act)
            body = ops.choice([(item.body, None) for item in again], span, frame)
            keys = ops.merge_keys(*(item.keys for item in again))
            found.insert(source.items.index(again[0]), Repeat(body, span, again[0].frame, keys))
        return found, bool(again or source.open)

    def _one_round(
        self, path: str, before: Sequence, loop: ast.For | ast.AsyncFor, run: Activation
    ) -> Value | None:
        outer = self.ev.rounds_seen
        self.ev.rounds_seen = outer | {("carried", path, loop, id(run))}
        try:
            after = self.after_body(path, loop.body, run, lambda: before)
            return self._with_exits(path, before, after, loop, run)
        finally:
            self.ev.rounds_seen = outer
            self.ev.left(run)

    def _copies(self, loop: ast.For | ast.AsyncFor, name: str) -> bool:
        found = self._copied.get(loop)
        if found is None:
            found = self._copied[loop] = copies_in(loop.body, name)
        return found

    def _with_exits(
        self, path: str, before: Value | None, after: Value | None, loop: ast.stmt, act: Activation
    ) -> Value | None:
        """What a round makes of ``path``, also where a branch sets it and ends the round early."""
        assert isinstance(loop, LOOPS)
        module = act.module
        options: list[tuple[Value, Span | None]] = [] if after is None else [(after, None)]
        for stmt in self._exits_in(loop):
            if act.picked and self.never_comes(stmt, act):
                continue  # not with this item
            if self._changes_on_the_way(path, stmt, loop, module):
                value = self.before(path, stmt, act)
                if value is not None and all(value != each for each, _ in options):
                    options.append((value, module.span(stmt)))
        if len(options) < 2:
            return options[0][0] if options else after
        where, frame = module.span(loop), self.ev.frame_at(loop, act)
        grown = ops.branched(before, options, where, frame, ()) if before is not None else None
        return grown if grown is not None else ops.choice(options, where, frame)

    def _changes_on_the_way(
        self, path: str, stmt: ast.stmt, loop: ast.stmt, module: Module
    ) -> bool:
        """Whether a branch that leads to ``stmt``, the end of a round, changes ``path``."""
        while True:
            owner = module.parents[stmt]
            if owner is loop:
                return False
            body, index = module.place(stmt)
            if any(each < index for each in module.touching(body, path)):
                return True
            while not isinstance(owner, ast.stmt):  # a handler, a case
                owner = module.parents[owner]
            if owner is loop:
                return False
            stmt = owner

    def _counter(self, path: str, loop: ast.stmt, act: Activation) -> Unknown:
        """A number that each round of a loop counts on."""
        span = act.module.span(loop)
        frame = (
            *self.ev.frame_at(loop, act),
            Mark(MarkKind.LOOP, loop_name(loop), span),
        )
        step = Step(Role.SOURCE, span, f"`{path}` is counted in this loop")
        key = Key(Source.CALL, path, span, trail=(step,), frame=frame, rounds=True)
        return Unknown("counted in a loop", span, frame, (key,), "loop", "int", False, (1, 20))

    def _after_loop(self, path: str, loop: ast.stmt, act: Activation) -> Value | None:
        assert isinstance(loop, LOOPS)
        if isinstance(loop, (ast.For, ast.AsyncFor)) and path in self._bound_by(loop.target):
            return self.loop_item(path, loop, loop, act)
        if isinstance(loop, (ast.For, ast.AsyncFor)):
            marked = self._marked_items(path, loop, act)
            if marked is not None:
                return marked
        value = self._loop_carried(path, loop, act)
        if value is not None and self._told_at_the_head(path, loop, act.module):
            value = with_keys(value, ops.perhaps_same)
        if loop.orelse and act.module.touching(loop.orelse, path):
            return self._ended_or_left(path, value, loop, act)
        return value

    def _ended_or_left(
        self, path: str, carried: Value | None, loop: ast.stmt, act: Activation
    ) -> Value | None:
        """Behind a loop with an ``else``: that has run, or a ``break`` left it out."""
        assert isinstance(loop, LOOPS)
        module = act.module
        options: list[tuple[Value, Span | None]] = []
        ways: list[Value | None] = []
        if not leaves(loop.orelse):
            ways.append(self.after_body(path, loop.orelse, act, lambda: carried))
        for stmt in self._exits_in(loop):
            if isinstance(stmt, ast.Break):
                changes = self._changes_on_the_way(path, stmt, loop, module)
                ways.append(self.before(path, stmt, act) if changes else carried)
        for value in ways:
            if value is not None and all(value != each for each, _ in options):
                options.append((value, None))
        if len(options) < 2:
            return options[0][0] if options else None
        return ops.choice(options, module.span(loop), self.ev.frame_at(loop, act))

    def _exits_in(self, loop: ast.For | ast.AsyncFor | ast.While) -> list[ast.stmt]:
        known = self._exits.get(loop)
        if known is None:
            known = self._exits[loop] = _exits_of(loop.body)
        return known

    def _told_at_the_head(self, path: str, loop: ast.AST, module: Module) -> bool:
        found = self._at_heads.get((path, loop))
        if found is None:
            found = self._at_heads[path, loop] = _told_at_the_head(path, loop, module)
        return found

    def _rounds(
        self, path: str, before: Value | None, after: Value | None, loop: ast.AST, act: Activation
    ) -> Value | None:
        """Before the loop, or after any number of rounds of it."""
        if before is None or after is None or before is after:
            return after if before is None else before
        span = act.module.span(loop)
        frame = (*self.ev.frame_at(loop, act), Mark(MarkKind.LOOP, loop_name(loop), span))
        keys: tuple[Key, ...] = ()
        if isinstance(loop, (ast.For, ast.AsyncFor)):
            where = act.module.span(loop.iter)
            source = self.ev.evaluate(loop.iter, act)
            if self.stays_empty(source):
                return before
            keys = ops.taken_at(ops.keys_of(source), where)
            if not self.ev.calls.is_counter(loop.iter, act):
                # That rounds took place, and in which order, is settled when the loop is over.
                frame = self.ev.frame_at(loop, act)
        line = span.line
        if isinstance(before, Sequence) and isinstance(after, Sequence):
            if len(before.items) == len(after.items) and alike(before, after):
                return before  # it only went through a name
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
                made = self._made_by(loop, act)
                return replace(
                    before,
                    items=(*before.items, *added),
                    open=opened(before.open, after.open, made(f"grows in the loop at line {line}")),
                    order=ops.merge_keys(before.order, after.order),
                )
            why = Uncounted(f"rewritten in the loop at line {line}")
            if len(before.items) + len(after.items) > MOST_REWRITTEN:
                return replace(before, items=(), open=str(why))
            either = dict.fromkeys(
                item if isinstance(item, Repeat) else Repeat(item, item.span, frame, keys)
                for item in (*before.items, *after.items)
            )
            return replace(before, items=tuple(either), open=opened(before.open, after.open, why))
        if isinstance(before, Sequence) and isinstance(after, Choice):
            # A round adds something in some of its branches: any of it, any number of times.
            grown = before
            for branch in alternatives(after):
                if branch == before:
                    continue
                longer = self._rounds(path, before, branch, loop, act)
                count = len(before.items)
                if not isinstance(longer, Sequence) or longer.items[:count] != before.items:
                    break
                more = tuple(item for item in longer.items[count:] if item not in grown.items)
                grown = replace(
                    grown,
                    items=(*grown.items, *more),
                    open=opened(grown.open, longer.open),
                    order=ops.merge_keys(grown.order, longer.order),
                )
            else:
                return grown
        if ops.is_text(before):
            # Any text is longer than an empty one, also what is set in its place.
            begun = (
                not isinstance(before, Known)
                or before.value != ""
                or act.module.once(_adds_to, path, loop)
            )
            body = ops.extension(before, after, span) if begun else None
            if body is not None:
                return ops.text([before, Repeat(body, span, frame, keys)], span)
        if isinstance(before, Mapping) and isinstance(after, Choice):
            branches = [each for each in alternatives(after) if each != before]
            if len(branches) == 1 and isinstance(branches[0], Mapping):
                return self._rounds(path, before, branches[0], loop, act)
        if isinstance(before, Mapping) and isinstance(after, Mapping):
            united = ops.update(before, after, span, sure=False)
            for entry in before.entries:
                # a list in it grows as one by itself does
                key = entry.key.value if isinstance(entry.key, Known) else None
                later = after.get(key) if isinstance(key, str) else None
                if isinstance(entry.value, Sequence) and isinstance(later, (Sequence, Choice)):
                    longer = self._rounds(path, entry.value, later, loop, act)
                    if isinstance(longer, Sequence):
                        united = ops.set_entry(united, replace(entry, value=longer))
            return replace(united, open=opened(before.open, after.open))
        number = isinstance(before, Known) and isinstance(before.value, (bool, int, float))
        if number or act.module.once(_only_takes_out, path, loop):
            # The order of the rounds shows neither in a sum or a flag, nor in what they leave.
            keys = tuple(key for key in keys if key.source is not Source.ORDER)
            after = ops.orderless(after)
        return ops.choice([(before, None), (after, None)], span, frame, keys)

    def _made_by(self, loop: ast.AST, act: Activation) -> type[Uncounted]:
        """What a list is that the rounds of a loop add to.

        A loop over records makes a list as long as they are: it grows if they do.
        """
        if not isinstance(loop, (ast.For, ast.AsyncFor)):
            return Grows
        if self.ev.calls.is_counter(loop.iter, act):
            return Grows
        source = self.ev.evaluate(loop.iter, act)
        if not isinstance(source, Sequence) or not isinstance(source.open, (Grows, Picked)):
            return Uncounted
        straight = all(isinstance(s, (ast.Assign, ast.AugAssign, ast.Expr)) for s in loop.body)
        return Grows if straight and isinstance(source.open, Grows) else Picked

    def loop_item(
        self,
        name: str,
        loop: ast.For | ast.AsyncFor | ast.comprehension,
        whole: ast.AST,
        act: Activation,
    ) -> Value:
        """The variable of a loop: an item of what it runs over, another one each round."""
        if act.picked is not None and loop in act.picked:
            return act.picked[loop]
        source = self.ev.evaluate(loop.iter, act)
        span = act.module.span(loop.target)
        inside = loop.body[0] if isinstance(loop, (ast.For, ast.AsyncFor)) else element_of(whole)
        frame = self.ev.frame_at(inside, act)
        literal = isinstance(source, Sequence) and not source.open and source.items
        item = ops.item_of(source, span, frame)
        bound: dict[str, Thunk | Value] = {}
        self.ev.bind_target(loop.target, item, bound, span)
        picked = self.ev.argument(bound[name]) if name in bound else item
        counted = self.ev.calls.is_counter(loop.iter, act)
        key = Key(
            Source.CALL if counted else Source.ENTITY,
            name,
            span,
            confidence=Confidence.HIGH,
            trail=(Step(Role.SOURCE, span, f"`{name}` is another one in each round"),),
            frame=frame,
            rounds=True,
        )
        own: tuple[Key, ...] = (key,)
        turns = [k for k in ops.keys_of(source) if k.source is Source.TURN]
        if turns:
            # The messages of a conversation, one after the other: it is they that change, where
            # they are read and from round to round; what a whole loop makes of them stays the same.
            step = Step(Role.STEP, span, f"`{name}` is one after the other of it")
            turn = turns[0].via(step)
            own = (turn, turn._replace(span=span, frame=frame, rounds=True))
        if literal and not isinstance(picked, Unknown):
            if isinstance(picked, Choice):
                return replace(picked, keys=ops.merge_keys(picked.keys, own), frame=frame)
            return picked
        if isinstance(picked, (Mapping, Object)) and not isinstance(source, Unknown):
            return picked
        if isinstance(picked, Choice) and self._tells_apart(loop, name, picked):
            merged = ops.merge_keys(picked.keys, own)
            missing = ops.lacks(source)
            if missing:
                reason = f"an item of the loop at line {span.line}: {missing}"
                unseen = Unknown(reason, span, frame, own)
                return ops.choice([(picked, None), (unseen, None)], span, frame, merged)
            return replace(picked, keys=merged, frame=frame)
        inner = tuple(k for k in ops.keys_of(picked) if k.source is not Source.UNKNOWN)
        kind = picked.type if isinstance(picked, Unknown) else ""
        reason = f"an item of the loop at line {span.line}"
        entry, why = ops.end_of(picked)
        if counted:
            entry = "loop"
        elif entry == "literal" and self.filled_unseen(source):
            entry, reason = "", f"{reason}: {ops.NOTHING_SEEN}"
        elif entry not in ENTRIES and why:
            reason = f"{reason}: {why}"
        elif ops.lacks(source):
            entry, reason = "", f"{reason}: {ops.lacks(source)}"
        keys, made_of = ops.merge_keys(own, inner), ops.objects_in(picked)
        return Unknown(reason, span, frame, keys, entry, kind, made_of=made_of)

    def _tells_apart(self, loop: ast.AST, name: str, picked: Choice) -> bool:
        """Whether a loop asks which kind its items are, or copies them, and some are dicts that
        are seen."""
        if not isinstance(loop, (ast.For, ast.AsyncFor)):
            return False
        if not any(isinstance(each.value, Mapping) for each in picked.alternatives):
            return False
        found = self._told_apart.get(loop)
        if found is None:
            found = asks_in(loop.body, name) or self._copies(loop, name)
            self._told_apart[loop] = found
        return found

    def filled_unseen(self, source: Value) -> bool:
        """Whether a loop runs over a container that has a name and is empty as far as is seen.

        Nobody loops over a list to which nothing is ever added: a callback adds to it. One that is
        written where it is handed on (``run(history=[])``) is meant to be empty.
        """
        module = self._names_empty(source)
        return module is not None and not stays_empty(source.span, module)

    def stays_empty(self, source: Value) -> bool:
        """Whether a container is empty, and nothing can be put into it."""
        module = self._names_empty(source)
        return module is not None and stays_empty(source.span, module)

    def _names_empty(self, source: Value) -> Module | None:
        """The module in which a container that is empty as far as is seen is given a name."""
        if not isinstance(source, (Sequence, Mapping)):
            return None
        if source.items if isinstance(source, Sequence) else source.entries:
            return None
        module = self.ev.module_at(source.span.path)
        if module.path != source.span.path or source.span not in module.named_empties:
            return None
        return module

    def _marked_items(
        self, path: str, loop: ast.For | ast.AsyncFor, act: Activation
    ) -> Value | None:
        """``for b in blocks: b["k"] = v`` changes the items of ``blocks``."""
        where = act.module.steps(loop.iter)
        if not isinstance(loop.target, ast.Name) or where is None or where[0] != path:
            return None
        before = self.before(path, loop, act)
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
            key = self.ev.evaluate(steps[1][0], act)
            item = self.ev.evaluate(inner.value, act)
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
        outer = [self.ev.evaluate(k, act) for k in where]
        entry = Entry(key, item, span, not sure, per_item=True, handle=(node, act))
        return _set_below(value, outer, entry)

    def _changed_in_place(self, path: str, stmt: ast.stmt, act: Activation) -> Value | None:
        """A statement that calls a mutator of ``path``, deletes from it, or binds it by walrus."""
        if isinstance(stmt, ast.Delete):
            if any(dotted(target) == path for target in stmt.targets):
                return None
            left = self.before(path, stmt, act) or self._outer(path, act, stmt)
            for target in stmt.targets:
                steps = act.module.steps(target) if isinstance(target, ast.Subscript) else None
                if left is not None and steps is not None and steps[0] == path:
                    keys = [
                        Known(None, act.module.span(key))
                        if isinstance(key, ast.Slice)
                        else self.ev.evaluate(key, act)
                        for key in steps[1]
                    ]
                    left = _without(left, keys)
            return left
        for child in walk(stmt) if path in act.module.walruses else ():
            if (
                isinstance(child, ast.NamedExpr)
                and isinstance(child.target, ast.Name)
                and child.target.id == path
            ):
                return self.ev.evaluate(child.value, act)
        before = self.before(path, stmt, act)
        if before is None:
            before = self._outer(path, act, stmt)
        if before is None:
            return None
        value = before
        for call in act.module.changes_in_place(stmt):
            assert isinstance(call.func, ast.Attribute)
            steps = act.module.steps(call.func.value)
            if steps is not None and steps[0] == path:
                value = self.ev.calls.mutated(value, call, steps[1], act)
        for call, function, hits in act.module.mutating_calls(stmt):
            for parameter, argument in hits:
                if argument == path:
                    value = self.ev.calls.changed_by(value, call, function, parameter, act)
        return value

    def assigned_in(self, node: ast.expr, runs: list[Activation], unseen: Unknown) -> Value:
        """What functions assign at some time, in these runs of them.

        An object or constants show as they are; of anything else only where it ends is added to
        ``unseen``, as what it is when somebody reads it can't be told.
        """
        values = [self.ev.evaluate(node, act) for act in runs]
        if isinstance(values[0], Object):
            return values[0]
        if all(isinstance(value, Known) for value in values):
            return ops.choice([(value, None) for value in values], unseen.span)
        entry, why = ops.end_of(*values)
        reason = unseen.reason
        if entry not in ENTRIES and why:
            reason = f"{reason}: {why}"
        return replace(unseen, reason=reason, entry=entry)

    def added(self, stmt: ast.stmt, path: str, act: Activation) -> tuple[Value, ...] | None:
        """The items that a statement adds to the list at ``path``; None if they can't be told."""
        span = act.module.span(stmt)
        if isinstance(stmt, ast.AugAssign) and dotted(stmt.target) == path:
            items, reason = ops.spread(self.ev.evaluate(stmt.value, act), span, act.frame)
            return items if not reason or isinstance(reason, Uncounted) else None
        grown: Value = Sequence((), span, type="queue")
        for child in walk(stmt):
            if isinstance(child, ast.Call) and isinstance(child.func, ast.Attribute):
                if child.func.attr in _FILLING and dotted(child.func.value) == path:
                    grown = self.ev.calls.mutated(grown, child, [], act)
        if not isinstance(grown, Sequence) or not grown.items:
            return None
        return None if grown.open and not isinstance(grown.open, Uncounted) else grown.items

    def put_in(self, stmt: ast.stmt, path: str, act: Activation) -> tuple[Value, ...] | None:
        """What a statement adds to ``path``, whatever that is; None if it can't be told."""
        target, made = _set_in(stmt, path)
        if target is not None and made is not None:
            return self.ev.evaluate(target.slice, act), self.ev.evaluate(made, act)
        if isinstance(stmt, ast.AugAssign) and dotted(stmt.target) == path:
            return (self.ev.evaluate(stmt.value, act),)
        more = self._updated(stmt, path, act)
        if more is not None:
            return tuple(entry.value for entry in more.entries)
        return self.added(stmt, path, act)

    def with_entries(
        self,
        first: Mapping,
        writes: list[tuple[ast.stmt, str]],
        module: Module,
        key: Key,
        reason: str,
    ) -> Mapping:
        """A dict that functions of ``module`` set entries of, at any time, by these statements."""
        value = first
        seen = True
        for stmt, path in writes:
            runs = self.ev.runs(stmt, module)
            target, made = _set_in(stmt, path)
            seen = seen and 0 < len(runs) < MOST_RUNS
            for act in runs if target is None else ():
                more = self._updated(stmt, path, act)
                seen = seen and more is not None
                for entry in more.entries if more is not None else ():
                    value = ops.set_entry(value, replace(entry, optional=True))
            for act in runs if target is not None and made is not None else ():
                assert target is not None
                assert made is not None
                span = act.module.span(made)
                name = self.ev.evaluate(target.slice, act)
                item = self.ev.evaluate(made, act)
                if isinstance(stmt, ast.AugAssign):
                    item = ops.derived("changed over time", span, first.frame, item)
                elif not isinstance(stmt, ast.Assign):  # an item of the list that stands there
                    again = Repeat(item, span, first.frame, (key,))
                    item = Sequence((again,), span, Uncounted(reason), first.frame)
                for each in alternatives(name):
                    value = ops.set_entry(value, Entry(each, item, span, True))
        why = Uncounted(reason) if seen else reason
        return replace(value, open=opened(first.open, why), order=(*first.order, key))

    def _updated(self, stmt: ast.stmt, path: str, act: Activation) -> Mapping | None:
        """The entries that ``path.update(...)`` brings in; None if they can't be told."""
        for child in walk(stmt):
            if isinstance(child, ast.Call) and isinstance(child.func, ast.Attribute):
                if child.func.attr in MUTATORS and dotted(child.func.value) == path:
                    empty = Mapping((), act.module.span(child))
                    made = self.ev.calls.mutated(empty, child, [], act)
                    if isinstance(made, Mapping) and made.entries:
                        whole = not made.open or isinstance(made.open, Uncounted)
                        return made if whole else None
        return None

    def with_added(
        self,
        first: Sequence,
        writes: list[tuple[ast.stmt, str]],
        module: Module,
        key: Key,
        reason: str,
    ) -> Sequence:
        """A list that functions of ``module`` add to, at any time, by these statements."""
        items: list[Value] = []
        seen = True
        for stmt, path in writes:
            runs = self.ev.runs(stmt, module)
            seen = seen and 0 < len(runs) < MOST_RUNS
            for act in runs:
                more = self.added(stmt, path, act)
                seen = seen and more is not None
                for item in more or ():
                    body = item.body if isinstance(item, Repeat) else item
                    again = Repeat(body, item.span, first.frame, (key,))
                    if again not in items:
                        items.append(again)
        why = Grows(reason) if seen else reason
        return replace(
            first,
            items=(*first.items, *items),
            open=opened(first.open, why),
            order=(*first.order, key),
        )

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
            here = self._in_project(stmt, alias, act)
            if here is not None:
                return here
            if isinstance(stmt, ast.ImportFrom):
                package = "." * stmt.level + (stmt.module or "")
                separator = "" if package.endswith(".") or not package else "."
                qualified = f"{package}{separator}{alias.name}"
            else:
                qualified = alias.name if alias.asname else bound
            return Object("import", span, (), (), ExternalHandle(qualified))
        return None

    def _in_project(
        self, stmt: ast.Import | ast.ImportFrom, alias: ast.alias, act: Activation
    ) -> Value | None:
        """What an import binds, if it leads to a module of the project."""
        if self.ev.project is None:
            return None
        if isinstance(stmt, ast.ImportFrom):
            return self.ev.imported(stmt.module or "", stmt.level, alias.name, act)
        name = alias.name if alias.asname else alias.name.partition(".")[0]
        found = self.ev.imported(name, 0, "", act)
        if found is None and name != alias.name:  # a directory that only holds packages
            directory = self.ev.project.outermost(act.module, alias.name)
            found = self.ev.module_object(directory, name) if directory else None
        return found


def _holds_dicts(value: Value) -> bool:
    """Whether some items of a list are dicts that are seen."""
    return isinstance(value, Sequence) and any(
        isinstance(each, Mapping)
        for item in value.items
        for each in alternatives(item.body if isinstance(item, Repeat) else item)
    )


def _stands_in(place: object, nodes: set[ast.AST]) -> bool:
    """Whether what is remembered is of one of these nodes."""
    return (place[-1] if isinstance(place, tuple) else place) in nodes


def _set_in(stmt: ast.stmt, path: str) -> tuple[ast.Subscript | None, ast.expr | None]:
    """``path[key]`` and what a statement puts there, or appends to the list there."""
    if isinstance(stmt, (ast.Assign, ast.AugAssign)):
        target = stmt.targets[0] if isinstance(stmt, ast.Assign) else stmt.target
        if isinstance(target, ast.Subscript) and dotted(target.value) == path:
            return target, stmt.value
    for child in walk(stmt):
        if isinstance(child, ast.Call) and isinstance(child.func, ast.Attribute) and child.args:
            holder = child.func.value
            if isinstance(holder, ast.Subscript) and dotted(holder.value) == path:
                if child.func.attr in GROWING:
                    return holder, child.args[-1]
    return None, None


def _start(node: ast.AST) -> tuple[int, int]:
    return (getattr(node, "lineno", 0), getattr(node, "col_offset", 0))


def _targets(node: ast.expr) -> set[str]:
    return {path for n in walk(node) if (path := dotted(n)) is not None}


def _captured(pattern: ast.pattern) -> set[str]:
    return {n.name for n in walk(pattern) if isinstance(n, (ast.MatchAs, ast.MatchStar)) and n.name}


def _walrus(test: ast.expr, name: str, module: Module) -> ast.NamedExpr | None:
    for node in walk(test) if name in module.walruses else ():
        if isinstance(node, ast.NamedExpr) and node.target.id == name:
            return node
    return None


def _subscripts(node: ast.expr) -> tuple[str, list[ast.expr]] | None:
    """``("x", [0, "a"])`` for ``x[0]["a"]``."""
    keys: list[ast.expr] = []
    while isinstance(node, ast.Subscript):
        keys.append(node.slice)
        node = node.value
    path = dotted(node)
    return (path, list(reversed(keys))) if path else None


def _exits_of(body: list[ast.stmt]) -> list[ast.stmt]:
    """The statements that end a round of the loop with this body before its end."""
    found: list[ast.stmt] = []
    stack: list[ast.AST] = [*reversed(body)]
    while stack:
        node = stack.pop()
        if isinstance(node, (ast.Break, ast.Continue)):
            found.append(node)
        elif not isinstance(node, (*FUNCTIONS, ast.ClassDef, *LOOPS, ast.expr)):
            stack.extend(reversed(children(node)))
        elif isinstance(node, LOOPS):
            stack.extend(reversed(node.orelse))  # behind the inner loop
    return found


def _set_below(value: Value, keys: list[Value], entry: Entry) -> Value:
    """``for each in value[k1][k2]...: each[key] = item``."""
    if not keys:
        if isinstance(value, Sequence):
            return replace(value, items=tuple(_set_in_each(item, entry) for item in value.items))
        return value
    head = keys[0]
    if isinstance(value, Mapping) and isinstance(head, Known):
        own = value.entry(str(head.value))
        if own is not None:
            below = _set_below(own.value, keys[1:], entry)
            return ops.set_entry(value, replace(own, value=below))
    if (
        isinstance(value, Sequence)
        and isinstance(head, Known)
        and isinstance(head.value, int)
        and -len(value.items) <= head.value < len(value.items)
    ):
        index = head.value % len(value.items)
        changed = _set_below(value.items[index], keys[1:], entry)
        return replace(value, items=(*value.items[:index], changed, *value.items[index + 1 :]))
    return value


def _set_in_each(value: Value, entry: Entry) -> Value:
    """An item of a list, set in each dict that it may be."""
    if isinstance(value, Mapping):
        return ops.set_entry(value, entry)
    if isinstance(value, Repeat):
        return replace(value, body=_set_in_each(value.body, entry))
    if isinstance(value, Choice):
        branches = tuple(
            Alternative(_set_in_each(a.value, entry), a.condition) for a in value.alternatives
        )
        return replace(value, alternatives=branches)
    return value


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
            return replace(value, open=value.open or Uncounted("items are deleted from it"))
    return value


def _only_takes_out(_: Module, path: str, loop: ast.For | ast.AsyncFor | ast.While) -> bool:
    """Whether a loop does nothing but delete entries of ``path``, whatever else is left in it."""
    return all(_takes_out(stmt, path) for stmt in loop.body)


def _takes_out(stmt: ast.stmt, path: str) -> bool:
    if isinstance(stmt, ast.Delete):
        return all(_begins_with(target, path) for target in stmt.targets)
    if isinstance(stmt, ast.Expr) and isinstance(stmt.value, ast.Call):
        called = stmt.value.func
        return (
            isinstance(called, ast.Attribute)
            and called.attr == "pop"
            and _begins_with(called.value, path)
        )
    return (
        isinstance(stmt, ast.If)
        and not stmt.orelse
        and isinstance(stmt.test, ast.Compare)
        and isinstance(stmt.test.left, ast.Name)
        and isinstance(stmt.test.ops[0], ast.In)
        and _begins_with(stmt.test.comparators[0], path)
        and all(_takes_out(each, path) for each in stmt.body)
    )


def _begins_with(node: ast.expr, path: str) -> bool:
    """Whether an expression is ``path`` or something in it: ``path[key]["other"]``."""
    while isinstance(node, (ast.Subscript, ast.Attribute)) and dotted(node) != path:
        node = node.value
    return dotted(node) == path


def _around(
    rounds: frozenset[tuple[object, ...]], loop: ast.stmt, act: Activation
) -> frozenset[tuple[object, ...]]:
    """The rounds that ``loop`` runs within: not those of loops behind it, which come later."""
    if not rounds:
        return rounds
    around = (loop, *act.module.ancestors(loop))
    return frozenset(each for each in rounds if each[3] != id(act) or each[2] in around)


def _counts(_: Module, loop: ast.AST, path: str) -> bool:
    """Whether the rounds of a loop count ``path`` up or down."""
    for node in walk(loop):
        if isinstance(node, ast.AugAssign) and dotted(node.target) == path:
            return True
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.BinOp):
            if path in {dotted(target) for target in node.targets}:
                return dotted(node.value.left) == path
    return False


def _may_leave(stmt: ast.If) -> bool:
    """Whether a branch of it, or of one within it, never runs to its end."""
    return any(
        leaves(body) or any(isinstance(each, ast.If) and _may_leave(each) for each in body)
        for body in (stmt.body, stmt.orelse)
    )


def _adds_to(_: Module, path: str, loop: ast.AST) -> bool:
    """Whether a loop makes a text longer: it reads ``path`` to set it, or changes it in place."""
    sets = [
        node
        for node in walk(loop)
        if isinstance(node, ast.Assign) and path in {dotted(target) for target in node.targets}
    ]
    if any(isinstance(node, ast.AugAssign) and dotted(node.target) == path for node in walk(loop)):
        return True
    return not sets or any(
        isinstance(child, (ast.Name, ast.Attribute)) and dotted(child) == path
        for node in sets
        for child in walk(node.value)
    )


def _told_at_the_head(path: str, loop: ast.AST, module: Module) -> bool:
    """Whether a loop over messages fills a name from those alone that stand at their head."""
    sets = [
        node
        for node in walk(loop)
        if isinstance(node, ast.Name) and node.id == path and _fills(node, module)
    ]
    return bool(sets) and all(_by_role(node, loop, module) for node in sets)


def _fills(node: ast.Name, module: Module) -> bool:
    """Whether a name is bound here, or a list of that name gets longer."""
    if isinstance(node.ctx, ast.Store):
        return True
    method = module.parents.get(node)
    return isinstance(method, ast.Attribute) and method.attr in ("append", "extend", "insert")


def _by_role(node: ast.AST, loop: ast.AST, module: Module) -> bool:
    child = node
    for parent in module.ancestors(node):
        if parent is loop:
            return False
        if isinstance(parent, ast.If) and isinstance(parent.test, ast.Compare):
            test = parent.test
            if child in parent.body and isinstance(test.ops[0], ast.Eq):
                sides = (test.left, test.comparators[0])
                if any(isinstance(s, ast.Constant) and s.value in _HEADS for s in sides):
                    return True
        child = parent
    return False
