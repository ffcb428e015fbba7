"""Expression -> Value: on demand, backwards from the request. Nothing is executed.

A name is worth what the nearest statement in front of it made of it; the search walks the blocks
of a function upwards, merges branches into a Choice and the rounds of a loop into a Repeat. Every
evaluation ends: recursion and a budget of steps lead to Unknown with the reason.
"""

from __future__ import annotations

import ast
import builtins
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple, TypeVar, cast

from skinflint.catalog.sources import SourceFact, Sources
from skinflint.catalog.surfaces import ClientFact, Surfaces
from skinflint.linter import operations as ops
from skinflint.linter.activation import (
    Activation,
    ClassHandle,
    ClientHandle,
    ExternalHandle,
    FunctionHandle,
    InstanceHandle,
    ModuleHandle,
    Thunk,
    means,
    qualified_name,
)
from skinflint.linter.module import COMPREHENSIONS, FUNCTIONS, Module, children, dotted, walk
from skinflint.linter.narrowed import narrowed
from skinflint.linter.shapes import (
    DEEPEST,
    MOST_IN_FILE,
    MOST_RUNS,
    MOST_STEPS,
    STACK,
    STEPS_IN_RESERVE,
    STEPS_LEFT,
    element_of,
    loop_name,
)
from skinflint.linter.spans import Role, Span, Step
from skinflint.linter.stable import Stable, settled
from skinflint.linter.values import (
    ENTRIES,
    Alternative,
    Choice,
    Confidence,
    Entry,
    Frame,
    Granularity,
    Grows,
    Key,
    Known,
    Mapping,
    Mark,
    MarkKind,
    Object,
    Ordering,
    Picked,
    Repeat,
    Sequence,
    Source,
    Text,
    Uncounted,
    Unknown,
    Value,
    alternatives,
    opened,
    through,
)
from skinflint.records import replace

if TYPE_CHECKING:
    from skinflint.linter.callers import Callers
    from skinflint.linter.project import Project

#: Read even when the budget is used up: a marker behind a costly text is part of the request.
_WRITTEN = (ast.Constant, ast.Dict, ast.List, ast.Tuple)
MOST_SPARED = 48  # statements that are looked at when the budget is used up,
NEAR = 8  # no more evaluations away than this
_FEW = 32  # entries of a dict that is read then
MOST_ASKED = 3  # questions for such runs, or for makers of objects, within one another
MOST_SEARCHES = 24  # of the project, for one request
MOST_PARTS = 4000  # values inside one value: `x = [x, x]` again and again would never end
PARTS_PER_STEP = 50  # handling large values costs the budget, too
ONE = frozenset((Known, Unknown, Object))  # values with no others inside that count
_SETS = ("set", "frozenset", "list", "tuple", "dict_keys")
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


#: What a record is stamped with beside what is in it.
_STAMPS = (Source.CLOCK, Source.RANDOM)
_BUILTINS = frozenset(dir(builtins))


NOTHING: frozenset[object] = frozenset()
_EXACT = "all rounds"
_SELF: frozenset[object] = frozenset((_EXACT,))


def joined(some: frozenset[object], more: frozenset[object]) -> frozenset[object]:
    """What is in one of two sets: mostly one of them has it all."""
    if not more:
        return some
    if not some:
        return more
    return some if more <= some else some | more


_T = TypeVar("_T")


class Leaning(NamedTuple):
    """A result that hangs on the rounds of loops that were being worked out.

    It holds again where, of the runs that were ``asked``, as many are, and the same ones of those
    that were asked for.
    """

    asked: frozenset[object]
    seen: frozenset[tuple[object, ...]]  # of those runs
    value: Value
    runs: frozenset[object]


def _told_by(argument: Thunk | Value) -> tuple[object, ...]:
    """What tells an argument from another one. It is kept with its run, and so is its identity."""
    if isinstance(argument, Thunk):
        return argument.node, argument.activation, argument.passage
    return (id(argument),)


class Evaluator:
    """Evaluates what the requests of one module are made of, wherever it stands.

    ``start`` begins the budget of a request. Without a project nothing but ``module`` is here.
    """

    def __init__(
        self,
        module: Module,
        sources: Sources,
        surfaces: Surfaces,
        stable: Iterable[str] = (),
        project: Project | None = None,
    ) -> None:
        self.module = module
        self.project = project
        self.sources = sources
        self.surfaces = surfaces
        self.stable = Stable(stable)  # names that the project's configuration calls stable
        self.any_stable = bool(self.stable)
        self._roots: dict[Module, Activation] = {}
        self._paths: dict[str, Module] = {}
        self.root_of(module)
        self.steps = 0
        self.steps_before = 0  # this request
        self.steps_given = 0  # those that this request began with
        self.reserve = STEPS_IN_RESERVE  # for results that stand behind a costly one
        self.spared = 0  # statements that were looked at though the budget was used up
        #: What was begun within the budget, and used it up: it is asked for on the way back.
        self.used_up: dict[
            tuple[Activation, object], tuple[Value, frozenset[object], frozenset[object]]
        ] = {}
        self.depth = 0
        self.cycles = 0  # how often a way up through the callers came round to where it was
        self.searches = 0  # in the project, for those who call or make something
        self.cuts = 0  # how often an evaluation was cut short because it was nested too deeply
        #: What such evaluations gave, for as long as this request lasts: doing them over and over
        #: would use up its budget.
        self.cut_short: dict[tuple[Activation, object], Value] = {}
        #: Results that hang on which rounds of loops are being worked out, see `Leaning`.
        self.leaning: dict[Activation, dict[object, list[Leaning]]] = {}
        self.leaning_cut_short: dict[Activation, dict[object, list[Leaning]]] = {}
        self._marks: dict[ast.AST, Mark] = {}  # by loop
        self._runs: dict[tuple[object, ...], Activation] = {}  # by all that tells runs apart
        self._costs: dict[Activation, int] = {}  # steps, when they were begun first
        self._rounds: dict[frozenset[object], frozenset[object]] = {}
        self._runs_of: dict[frozenset[object], frozenset[object]] = {}  # that rounds are of
        #: The rounds that what is being evaluated has asked about; `_EXACT` stands for all.
        self.leans: frozenset[object] = NOTHING
        self.busy: set[tuple[object, ...]] = set()
        #: Loops whose earlier rounds are being looked at: a place means something else there.
        self.rounds_seen: frozenset[tuple[object, ...]] = frozenset()
        from skinflint.linter.calls import Calls
        from skinflint.linter.flow import Flow
        from skinflint.linter.instances import Instances
        from skinflint.linter.names import Names
        from skinflint.linter.parameters import Parameters

        self.callers: Callers | None = None  # they say so themselves
        self.calls = Calls(self)
        self.flow = Flow(self)
        self.instances = Instances(self)
        self.names = Names(self)
        self.parameters = Parameters(self)
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
        """Begin a new request: its budget is whole again.

        It is smaller where the requests before it have used up what a file may cost.
        """
        self.steps_before += self.steps - self.steps_given
        spent = self.steps_before > MOST_IN_FILE
        self.steps = self.steps_given = MOST_STEPS - STEPS_LEFT if spent else 0
        self.reserve = STEPS_IN_RESERVE
        self.spared = 0
        self.used_up.clear()
        self.searches = 0
        self.cut_short.clear()
        self.leaning_cut_short.clear()

    @contextmanager
    def asked(self) -> Iterator[None]:
        """What is asked of a request that is built already has a budget of its own."""
        limit = sys.getrecursionlimit()
        sys.setrecursionlimit(max(limit, STACK))
        self.start()
        try:
            yield
        finally:
            sys.setrecursionlimit(limit)

    def close(self) -> None:
        """Let go of everything: those who answer for it know it, and it knows them."""
        if self.callers is not None:
            self.callers.close()
        for part in (self.calls, self.flow, self.instances, self.names, self.parameters):
            vars(part).clear()
        vars(self).clear()

    def root_of(self, module: Module) -> Activation:
        """The run of a module when it is imported."""
        root = self._roots.get(module)
        if root is None:
            root = self._roots[module] = Activation(module, module.tree, ())
            self._paths[module.path] = module
        return root

    def run(self, made: Activation) -> Activation:
        """The run that nothing tells apart from ``made``: what it is worth is known already.

        Chains of callers that meet in a helper hand the same arguments on to the next one.
        """
        bound = made.arguments
        key = (
            made.node,
            made.lexical,
            id(made.instance),
            made.depth,
            made.open_arguments,
            made.frame,
            made.chain,
            made.caller,
            made.site,
            None if bound is None else tuple([(n, _told_by(a)) for n, a in bound.items()]),
        )
        return self._runs.setdefault(key, made)

    def charge(self, act: Activation, begun: int) -> None:
        """Take from the budget what a run costs, also where it is known already."""
        cost = self._costs.setdefault(act, self.steps - begun)
        self.steps = max(self.steps, begun + cost)

    def module_at(self, path: str) -> Module:
        """The module whose file is shown as ``path``; something led there before."""
        return self._paths.get(path, self.module)

    @property
    def all_steps(self) -> int:
        """The evaluations of all requests so far."""
        return self.steps_before + self.steps - self.steps_given

    @property
    def reached(self) -> set[str]:
        """The files that something was looked up in, as shown."""
        return set(self._paths)

    def imported(self, name: str, level: int, attribute: str, act: Activation) -> Value | None:
        """What ``from name import attribute`` (or ``import name``) binds, None if it isn't here."""
        found = self.project.find(act.module, name, level) if self.project else None
        if found is None:
            return None
        made = self.module_object(found, name)
        if not attribute:
            return made
        handle = made.handle
        assert isinstance(handle, ModuleHandle)
        return self.module_attribute(handle, attribute)

    def module_object(self, found: Module | str, name: str) -> Object:
        """A module of the project as a value."""
        if isinstance(found, str):
            span = Span(found, 1, 1, 1, 1)
            return Object("module", span, (), (), ModuleHandle(None, found, name))
        self.root_of(found)
        package = os.path.basename(found.path) == "__init__.py"
        directory = os.path.dirname(os.path.abspath(found.path)) if package else ""
        span = found.span(found.tree)
        return Object("module", span, (), (), ModuleHandle(found, directory, name))

    def module_attribute(self, handle: ModuleHandle, name: str) -> Value | None:
        """A name of a module of the project: a global of it or a module below it."""
        if handle.module is not None:
            value = self.names.global_of(handle.module, name)
            if value is not None:
                return value
        if handle.directory and self.project is not None:
            found = self.project.below(handle.directory, name)
            if found is not None:
                return self.module_object(found, f"{handle.name}.{name}")
        return None

    def runs(self, node: ast.AST, module: Module) -> list[Activation]:
        """Some runs of the function around ``node``, as the project calls it.

        Empty while they are looked for: what is asked then may not hang on who calls.
        """
        if self.callers is None:
            return []
        scope = module.scope(node)
        busy = ("runs", scope)
        if busy in self.busy or len([b for b in self.busy if b[0] == "runs"]) >= MOST_ASKED:
            return []
        self.busy.add(busy)
        try:
            return self.callers.of(module).activations(node)[:MOST_RUNS]
        finally:
            self.busy.discard(busy)

    def made(self, cls: ClassHandle) -> list[Object]:
        """The instances of a class that the project is seen to make."""
        if self.callers is None:
            return []
        busy = ("made", cls.node)
        if busy in self.busy or len([b for b in self.busy if b[0] == "made"]) >= MOST_ASKED:
            return []
        self.busy.add(busy)
        try:
            return self.callers.of(cls.module).made(cls.node)
        finally:
            self.busy.discard(busy)

    # -- entry ----------------------------------------------------------------------------

    def evaluate(self, node: ast.expr, act: Activation) -> Value:
        """What ``node`` may be when it is evaluated in ``act``."""
        memo = act.memo.get(node)
        if memo is None and (act in self.leaning or self.cut_short or self.leaning_cut_short):
            memo = self._kept_for_now(act, node)
        if memo is not None:
            return memo
        self.steps += 1
        if self.steps > MOST_STEPS:
            begun = self._begun(act, node)
            if begun is not None:
                return begun
            if not isinstance(node, _WRITTEN):
                return self.unknown("the budget of steps for this request is used up", node, act)
        if self.depth > DEEPEST:
            self.cuts += 1
            return self.unknown("nested too deeply", node, act)
        if type(node) is ast.Constant and self.steps <= MOST_STEPS:
            value = act.memo[node] = self._constant(node, act)  # one in five; asks nothing else
            return value
        cuts = self.cuts
        busy = (node, id(act), self.rounds_seen)
        if busy in self.busy:
            return self.around(node, act)
        handler = self._handlers.get(type(node))
        self.busy.add(busy)
        self.depth += 1
        outer, self.leans = self.leans, NOTHING
        try:
            value = handler(node, act) if handler else self._other(node, act)
        except RecursionError:
            # The stack is a budget as well; the first level that has room again ends it here.
            return self.unknown("nested too deeply", node, act)
        finally:
            self.depth -= 1
            self.busy.discard(busy)
            leans = self.leans
            self.leans = joined(outer, leans) if leans else outer
        if type(value) not in ONE:
            value = self.fitting(value, node, act)
        if self.any_stable:
            value = self._settled(value, node, act)
        if not leans and cuts == self.cuts and self.steps <= MOST_STEPS:
            act.memo[node] = value
        else:
            self.remember(act, node, value, cuts, leans)
        return value

    def fits(self, value: Value) -> bool:
        """Whether a value is small enough to be handled; large ones use up the budget faster."""
        if isinstance(value, (Known, Unknown, Object)):
            return True
        parts = value.size or ops.weight(value, MOST_PARTS)
        self.steps += parts // PARTS_PER_STEP
        return parts <= MOST_PARTS

    def fitting(self, value: Value, node: ast.AST, act: Activation) -> Value:
        """A value that is small enough: the forms that conditions give a dict may become one."""
        if self.fits(value):
            return value
        one = ops.one_form(value)
        if one is not None and self.fits(one):
            return one
        if isinstance(node, ast.Tuple) and isinstance(value, Sequence):
            # Several results: the large ones don't hide what stands beside them.
            least = MOST_PARTS // (len(value.items) + 1)
            why = "a value of too many parts"
            items = tuple(
                item if ops.weight(item, least) <= least else self.unknown(why, node, act)
                for item in value.items
            )
            return replace(value, items=items)
        return self.unknown("a value of too many parts", node, act)

    def kept(self, act: Activation, place: object) -> Value | None:
        """What is remembered of ``place``, if it holds for the rounds that are being worked out."""
        value = act.memo.get(place)
        if value is None and self.steps > MOST_STEPS:
            value = self._begun(act, place)
        return value if value is not None else self._kept_for_now(act, place)

    def _begun(self, act: Activation, place: object) -> Value | None:
        """What was begun within the budget, in the same rounds where it hangs on them."""
        value, seen, leans = self.used_up.get((act, place), (None, NOTHING, NOTHING))
        if value is None or (leans and seen != self.rounds_seen):
            return None
        if leans:
            self.leans = joined(self.leans, leans)
        return value

    def _kept_for_now(self, act: Activation, place: object) -> Value | None:
        """What is remembered for some rounds, or for this request."""
        value: Value | None = None
        if self.cut_short:
            value = self.cut_short.get((act, place))
        for memo in (self.leaning, self.leaning_cut_short):
            if value is None and act in memo:
                kept = memo[act].get(place)
                value = self._leaning(kept) if kept is not None else None
        return value

    def _leaning(self, kept: list[Leaning]) -> Value | None:
        for each in kept:
            seen = self.rounds_seen
            if _EXACT not in each.asked:
                seen = _of_runs(seen, each.runs)
                same = _as_many(seen, each.seen) and not ((seen ^ each.seen) & each.asked)
            else:
                same = seen == each.seen
            if same:
                self.leans = joined(self.leans, each.asked)
                return each.value
        return None

    def remember(
        self, act: Activation, place: object, value: Value, cuts: int, leans: frozenset[object]
    ) -> None:
        """Keep a result: for good, if no limit cut it short since ``cuts``, or for this request.

        What asked for none of the rounds that are being worked out holds in all of them.
        """
        if self.steps > MOST_STEPS:
            self.used_up[act, place] = (value, self.rounds_seen, leans)
            return
        whole = self.cuts == cuts or self.depth == 0
        if leans:
            memo = self.leaning if whole else self.leaning_cut_short
            leans = self._same(leans)
            runs = self._runs_of.get(leans)
            if runs is None:
                runs = frozenset([each[3] for each in leans if isinstance(each, tuple)])
                runs = self._runs_of[leans] = self._same(runs)
            seen = self.rounds_seen if _EXACT in leans else _of_runs(self.rounds_seen, runs)
            seen = self._same(seen)
            kept = memo.setdefault(act, {}).setdefault(place, [])
            kept.append(Leaning(leans, seen, value, runs))
        elif whole:
            act.memo[place] = value
        else:
            self.cut_short[act, place] = value

    def _same(self, rounds: frozenset[_T]) -> frozenset[_T]:
        """One object for all sets of rounds that are equal: there are few, and many of each."""
        return cast("frozenset[_T]", self._rounds.setdefault(rounds, rounds))

    def left(self, act: Activation) -> None:
        """A run that was made for one call is over: nothing hangs on the rounds of its loops."""
        if self.leans:
            run = id(act)
            self.leans = frozenset(
                each for each in self.leans if not (isinstance(each, tuple) and each[3] == run)
            )

    def argument(self, argument: Thunk | Value) -> Value:
        """The value of an argument that a caller bound."""
        if isinstance(argument, Thunk):
            value = self.evaluate(argument.node, argument.activation)
            if argument.passage is None or isinstance(value, (Known, Object)):
                return value
            passed = argument.passed
            if passed is not None and passed[0] is value:
                return passed[1]
            behind = through(value, argument.passage)
            argument.keep(value, behind)
            return behind
        return argument

    def _settled(self, value: Value, node: ast.expr, act: Activation) -> Value:
        """What a name, an attribute or a call is worth where the configuration calls it stable."""
        target = node.func if isinstance(node, ast.Call) else node
        path = dotted(target)
        if path is not None and path in self.stable:
            return settled(value, path, act.module.span(node))
        name = ""
        if isinstance(node, ast.Call):
            name = qualified_name(self.evaluate(target, act), act.module)
        if not name and isinstance(target, ast.Attribute):
            base = self.evaluate(target.value, act)
            if isinstance(base, Object) and isinstance(base.handle, InstanceHandle):
                if base.handle.stable:
                    return settled(value, path or target.attr, act.module.span(node))
                cls = Object("", base.span, (), (), base.handle.cls)
                name = f"{qualified_name(cls, act.module)}.{target.attr}"
        return settled(value, name, act.module.span(node)) if self.stable.covers(name) else value

    def declared(self, value: Value | None, name: str) -> Value | None:
        """What the configuration says of a name of a module that is here, else its value."""
        if value is None:
            return None
        own = next((own for own in self.surfaces.own if means(name, own)), None)
        if own is not None:
            return Object("import", value.span, (), (), ExternalHandle(own))
        if self.stable.covers(name):
            return settled(value, name, value.span)
        return value

    def own_client(self, value: Object, module: Module) -> ClientFact | None:
        """The client of the user's own that a function or class makes, by the configuration."""
        if not self.surfaces.own:
            return None
        name = qualified_name(value, module)
        found = next((own for own in self.surfaces.own if means(name, own)), "")
        return self.surfaces.client(found)

    def unknown(self, reason: str, node: ast.AST, act: Activation) -> Unknown:
        """Neither content nor variation can be known."""
        span = act.module.span(node)
        frame = self.frame_at(node, act)
        return Unknown(reason, span, frame, (ops.unknown_key(reason, span, frame),))

    def around(self, node: ast.AST, act: Activation) -> Unknown:
        """A value that depends on itself: what else it is made of says where it ends."""
        self.leans = joined(self.leans, _SELF)
        return replace(self.unknown("depends on itself", node, act), entry="literal")

    def frame_at(self, node: ast.AST, act: Activation) -> Frame:
        """What is entered anew each time ``node`` is evaluated in ``act``."""
        loops = act.module.loops(node, act.node)
        if not loops:
            return act.frame
        return (*act.frame, *[self._loop_mark(loop, act.module) for loop in loops])

    def _loop_mark(self, loop: ast.AST, module: Module) -> Mark:
        mark = self._marks.get(loop)
        if mark is None:
            mark = self._marks[loop] = Mark(MarkKind.LOOP, loop_name(loop), module.span(loop))
        return mark

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
        made = ops.derived("arithmetic on values", span, frame, left, right, type=kind)
        return made if ops.is_text(made) or kind in _SETS else ops.orderless(made)

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
                if decisive and _has_a_default(value):
                    options.append((value, act.module.span(operand)))
                    break
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
        tests: list[tuple[bool | None, tuple[Key, ...]]] = []
        if isinstance(node, ast.BoolOp):
            # One operand may decide, wherever it stands: ``isinstance(s, str) and s`` of "".
            decisive = isinstance(node.op, ast.Or)
            for operand in node.values:
                tests.append(self.test(operand, act))
                if tests[-1][0] is decisive:
                    return decisive, ()
        if self._is_far(node, act):
            return None, ()
        value = self.evaluate(node, act)
        if isinstance(value, Known):
            return bool(value.value), ()
        if _has_a_default(value):
            return True, ()  # nobody sets it to nothing
        keys = ops.merge_keys(*(each for _, each in tests)) if tests else ops.truth_keys(value)
        return ops.truth(value), keys

    def _is_far(self, node: ast.expr, act: Activation) -> bool:
        """Whether a condition asks other functions of the project: their answer stays open.

        What decides between branches makes a few variants of a value, which are kept anyway.
        """
        known = act.module.far.get(node)
        if known is None:
            known = act.module.far[node] = any(
                isinstance(child, ast.Await)
                or (isinstance(child, ast.Call) and not _is_near(child, act.module))
                for child in walk(node)
            )
        return known

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
        if isinstance(node.op, ast.Not):
            value = ops.orderless(value)
        return ops.derived("an operation on a value", span, self.frame_at(node, act), value)

    def _await(self, node: ast.Await | ast.NamedExpr, act: Activation) -> Value:
        return self.evaluate(node.value, act)

    def _lambda(self, node: ast.Lambda, act: Activation) -> Value:
        span = act.module.span(node)
        return Object("function", span, act.frame, (), FunctionHandle(node, act.module, act))

    def _other(self, node: ast.expr, act: Activation) -> Value:
        """Comparisons and the like: they vary as what stands in them varies."""
        parts = [
            self.evaluate(child, act) for child in children(node) if isinstance(child, ast.expr)
        ]
        span = act.module.span(node)
        kind = "bool" if isinstance(node, ast.Compare) else ""
        if isinstance(node, ast.Compare) and len(node.ops) == 1:
            known = _compare(node.ops[0], parts[0], parts[1])
            if known is None and _is_length(node.left):
                known = _is_longer(node.ops[0], parts[0], parts[1])
            if known is not None:
                return Known(known, span)
        if isinstance(node, (ast.Yield, ast.YieldFrom)):
            return self.unknown("what a generator is sent", node, act)
        made = ops.derived(
            "the outcome of a test", span, self.frame_at(node, act), *parts, type=kind
        )
        if not isinstance(node, ast.Compare):
            return made
        return ops.compared(made, by_age=_is_by_size(node))

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
        for place, element in enumerate(node.elts):
            if isinstance(element, ast.Starred):
                inner = self.evaluate(element.value, act)
                if isinstance(inner, (Sequence, Mapping)) and inner.order:
                    where = act.module.span(element.value)
                    read = ops.taken_at(inner.order, where)
                    order = ops.merge_keys(order, read)
                    inner = replace(inner, order=read)
                more, why = ops.spread(inner, act.module.span(element), frame)
                items.extend(more)
                reason = opened(reason, why)
            elif self.steps > MOST_STEPS and isinstance(node, ast.Tuple):
                items.append(self._out_of_reserve(element, act, len(node.elts) - place))
            else:
                items.append(self.evaluate(element, act))
        if isinstance(node, ast.Set):
            return self.unordered(tuple(items), span, frame, reason)
        kind = "tuple" if isinstance(node, ast.Tuple) else "list"
        return Sequence(tuple(items), span, reason, frame, order, kind)

    def spare(self) -> bool:
        """Whether a statement may still be looked at, though the budget is used up.

        Only those near the request: what they set is lost, what else stands in a dict isn't.
        """
        if self.depth > NEAR:
            return False
        self.spared += 1
        return self.spared <= MOST_SPARED

    def _out_of_reserve(self, node: ast.expr, act: Activation, among: int) -> Value:
        """One of several results, where those in front of it have used up the budget.

        ``return blocks, messages, model``: what is asked for may be the last and the cheapest.
        ``among`` that many the rest of the reserve is divided.
        """
        used = self.steps
        left = self.reserve // among
        self.steps = MOST_STEPS - left
        value = self.evaluate(node, act)
        spent = min(self.steps - MOST_STEPS + left, left)
        self.reserve -= spent
        self.steps = used + spent
        return value

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
        copied = self._filtered_copy(node, act)
        if copied is not None:
            return copied
        items, order, reason = self._generated(node, [node.key, node.value], act)
        entries: list[Entry] = []
        for key, item, *unsure in items:
            entries.append(Entry(key, item, span, optional=bool(unsure)))
        return Mapping(tuple(entries), span, reason, self.frame_at(node, act), order)

    def _filtered_copy(self, node: ast.DictComp, act: Activation) -> Value | None:
        """``{k: v for k, v in message.items() if k in KEPT}``: of each dict that it may be of.

        It stays the dict that is written where it was, without what the filter leaves out.
        """
        source = _copied_by(node)
        value = self.evaluate(source, act) if source is not None else None
        some = [each for each in alternatives(value) if isinstance(each, Mapping)] if value else []
        if not some or any(len(each.entries) > MOST_EXPANDED for each in some):
            return None
        assert value is not None
        return self._filtered(value, node, act)

    def _filtered(self, of: Value, node: ast.DictComp, act: Activation) -> Value:
        if isinstance(of, Choice):
            branches = tuple(
                replace(a, value=self._filtered(a.value, node, act)) for a in of.alternatives
            )
            return replace(of, alternatives=branches)
        if not isinstance(of, Mapping):
            span = act.module.span(node)
            return ops.update(Mapping((), span, "", self.frame_at(node, act)), of, span)
        loop = node.generators[0]
        entries: list[Entry] = []
        for entry in of.entries:
            pair = Sequence((entry.key, entry.value), entry.span, type="tuple")
            inner = self._with_target(loop.target, pair, node, act)
            tests = [self.test(condition, inner)[0] for condition in loop.ifs]
            if False in tests:
                continue
            made = self.evaluate(node.value, inner)
            optional = entry.optional or None in tests
            handle = entry.handle if made is entry.value else None
            entries.append(replace(entry, value=made, optional=optional, handle=handle))
        return replace(of, entries=tuple(entries), type="dict")

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
            and not self.flow.filled_unseen(source)
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
        lacking = ""  # why something that it runs over may hold what isn't seen
        for generator in node.generators:
            collection = self.evaluate(generator.iter, inner)
            lacking = lacking or ops.lacks(collection)
            frame = self.frame_at(node, act)
            where = act.module.span(generator.iter)
            held = ops.taken_at(ops.keys_of(collection), where)
            item = ops.item_of(collection, act.module.span(generator.target), frame)
            if isinstance(item, Unknown) and self.flow.filled_unseen(collection):
                item = replace(item, entry="", reason=f"{item.reason}: {ops.NOTHING_SEEN}")
            if isinstance(item, Unknown) and any(map(_of_one_kind, generator.ifs)):
                item = replace(item, keys=ops.perhaps_same(item.keys))
                held = ops.perhaps_same(held)
            keys = ops.merge_keys(keys, held)
            inner = self._with_target(generator.target, item, node, inner)
            for condition in generator.ifs:
                keys = ops.merge_keys(keys, self.test(condition, inner)[1])
        body = [self.evaluate(element, inner) for element in elements]
        frame = self.frame_at(node, act)
        repeated = tuple(Repeat(value, span, frame, keys) for value in body)
        reason = "made by a comprehension"
        if lacking:
            return [repeated], order, lacking
        if not isinstance(source, Sequence) or not isinstance(source.open, (Grows, Picked)):
            return [repeated], order, Uncounted(reason)
        whole = len(node.generators) == 1 and not first.ifs and not any(map(_picks, elements))
        grows = whole and isinstance(source.open, Grows)
        return [repeated], order, Grows(reason) if grows else Picked(reason)

    def _with_target(
        self, target: ast.expr, item: Value, node: ast.AST, act: Activation
    ) -> Activation:
        """An activation in which the target of a comprehension is bound to ``item``."""
        bound = (
            dict(act.arguments) if isinstance(act.node, COMPREHENSIONS) and act.arguments else {}
        )
        self.bind_target(target, item, bound, act.module.span(target))
        return Activation(
            act.module,
            node,
            self.frame_at(element_of(node), act) if node is not act.node else act.frame,
            bound,
            act if node is not act.node else act.lexical,
            act.instance,
            act.chain,
            act.depth,
        )

    def bind_target(
        self, target: ast.expr, value: Value, bound: dict[str, Thunk | Value], span: Span
    ) -> None:
        if isinstance(target, ast.Name):
            bound[target.id] = value
        elif isinstance(target, (ast.Tuple, ast.List)):
            value = _gathered(value, target.elts)
            for index, element in enumerate(target.elts):
                self.bind_target(
                    element, self.element(value, index, len(target.elts), span), bound, span
                )
        elif isinstance(target, ast.Starred):
            self.bind_target(target.value, value, bound, span)

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
            # None has no items: who asks for one has none of it.
            dicts = [
                a
                for a in base.alternatives
                if not (isinstance(a.value, Known) and a.value.value is None)
            ]
            return ops.choice(
                [
                    (self.lookup(a.value, key, span, frame), a.condition)
                    for a in dicts or base.alternatives
                ],
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
            base = ops.by_name(base)
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
                some = [e.value for e in base.entries if not isinstance(e.key, Known)]
                if some and isinstance(base.open, Uncounted):
                    return ops.choice([(value, None) for value in some], span, frame, base.order)
            elif base.entries and (not base.open or isinstance(base.open, Uncounted)):
                picked = [(entry.value, None) for entry in base.entries]
                # Which entry it is hangs on the key; in what order they stand shows in none.
                keys = tuple(k for k in base.order if k.source is not Source.ORDER)
                return ops.choice(list(picked), span, frame, ops.merge_keys(ops.keys_of(key), keys))
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
        found = ops.derived("an element of something that can't be seen", span, frame, base, key)
        if isinstance(base, Sequence) and isinstance(base.open, (Grows, Picked)):
            if isinstance(key, Known) and isinstance(key.value, int) and key.value >= 0:
                return replace(found, keys=ops.perhaps_same(found.keys))
        if isinstance(base, Unknown) and isinstance(key, Known):
            return self.narrowed(found, str(key.value))
        return found

    def narrowed(self, value: Unknown, name: str) -> Unknown:
        """A part of what came in, by its name: ``body["user"]`` is about a user.

        The time at which it came need not show in each part.
        """
        keys = tuple(
            ops.unknown_key(key.name, key.span, key.frame)
            if key.source in _STAMPS
            else self._narrowed(key, name)
            for key in value.keys
        )
        return replace(value, keys=keys)

    def _slice(
        self, base: Value, node: ast.Slice, span: Span, frame: Frame, act: Activation
    ) -> Value:
        if node.upper is not None and isinstance(base, Sequence) and isinstance(base.open, Grows):
            base = replace(base, open=Picked("the head of a list that grows"))
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
                opened(base.open, Uncounted("a slice of a list")),
                frame,
                base.order,
            )
        kind = "str" if ops.is_text(base) else base.type if isinstance(base, Unknown) else ""
        result = ops.derived("a slice", span, frame, base, *bounds, type=kind)
        keys = tuple(_cut(key, literal, span) for key in result.keys)
        if node.upper is not None and any(key.whole for key in keys):
            keys = ops.perhaps_same(keys)  # the head of a text that grows
        return replace(result, keys=keys)

    # -- names ----------------------------------------------------------------------------

    def _name(self, node: ast.Name, act: Activation) -> Value:
        value = self.names.name(node.id, node, act)
        if isinstance(value, Choice):
            return narrowed(value, node, act)
        if isinstance(value, Object) and isinstance(value.handle, InstanceHandle):
            return self.flow.with_written(node, value, value.handle, act)
        return value

    # -- attributes -----------------------------------------------------------------------

    def _attribute(self, node: ast.Attribute, act: Activation) -> Value:
        path = dotted(node)
        if path is not None:
            flowed = self._attribute_here(path, node, act)
            if flowed is not None:
                return flowed
        if isinstance(node.value, ast.Call) and dotted(node.value.func) == "super":
            return self.calls.super_attribute(node, act)
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
        if not current.module.touching(scope.body, path):
            return None
        stmt = current.module.statement(node)
        if stmt is None or current.module.scope(stmt) is not scope:
            return None
        return self.flow.before(path, stmt, current, node)

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
            if isinstance(handle, ModuleHandle):
                value = self.module_attribute(handle, name)
                if value is not None:
                    return value
                return Unknown(f"`{name}` is not found in `{handle.name}`", span, (), ())
            if isinstance(handle, InstanceHandle):
                return self.instances.instance_attribute(base, handle, name, span, frame)
            if isinstance(handle, ClassHandle):
                for cls in self.instances.bases(handle):
                    value = self.instances.class_attribute(cls, name, None)
                    if value is not None:
                        return _bound_to_class(value, base)
                entry = self.instances.library_of(handle)
                if name.startswith("__"):
                    entry = "literal"  # Python's own: names and fields of the class
                return Unknown(f"class attribute `{name}`", span, (), (), entry)
        if isinstance(base, Known) and name == "value":
            return base  # a member of an Enum is known as its value; no constant has a `.value`
        if isinstance(base, Mapping):
            return Object("method", span, frame, (("self", base),), name)
        if isinstance(base, Unknown):
            if base.type == "argparse.Namespace":
                return self.calls.command_line(name, span, self.module_at(base.span.path))
            field = self.sources.field(base.type, name) if base.type else None
            if field is not None:
                return self.calls.effect(base, field, [], span, frame)
            reason = f"attribute `{name}` of something that can't be seen"
            if base.entry not in ENTRIES and base.reason:
                reason = base.reason
            keys = tuple(self._narrowed(key, name) for key in base.keys)
            return Unknown(reason, span, frame, keys, base.entry, made_of=base.made_of)
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
            inner = replace(handle, path=path)
            return Object("anthropic.resource", span, base.frame, (), inner)
        # No client of this library has it: code for another one's, which never runs with this.
        return Unknown(f"attribute `{name}` of a client", span, frame, (), "model reply")

    # -- functions, imports, calls --------------------------------------------------------

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
        if ordering is Ordering.SERVER and self._own_server(span):
            return Unknown(fact.name, span, frame, (), "process", fact.type)
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
        entry = fact.kind
        if kind is Source.ORDER:  # what is in it was read from the disk, or is the program's own
            entry = "file" if ordering is Ordering.LISTING else "process"
        return Unknown(fact.name, span, frame, (key,), entry, fact.type, False, size)

    def _own_server(self, span: Span) -> bool:
        """Whether the server that is asked is of the project: it lists in the order of its code."""
        module, words = self.module_at(span.path), self.sources.own_server
        if self.project is None:
            return any(word in module.source.text for word in words)
        return self.project.says(module, words)


#: Sources whose text is short: a time stamp, an id. At least and at most, in characters.
_SIZES: dict[Source, tuple[int, int | None]] = {Source.CLOCK: (1, 64), Source.RANDOM: (1, 64)}


def _of_runs(
    seen: frozenset[tuple[object, ...]], runs: frozenset[object]
) -> frozenset[tuple[object, ...]]:
    """The rounds of loops of these runs."""
    return frozenset(each for each in seen if each[3] in runs) if seen else seen


def _as_many(one: frozenset[tuple[object, ...]], other: frozenset[tuple[object, ...]]) -> bool:
    """Whether rounds of loops are as many in each run."""
    if len(one) != len(other):
        return False
    return one == other or sorted(map(_run_of, one)) == sorted(map(_run_of, other))


def _run_of(each: tuple[object, ...]) -> int:
    assert isinstance(each[3], int)
    return each[3]


#: Methods that conditions ask of what is at hand.
_ASKED = frozenset(
    ("get", "strip", "lower", "upper", "startswith", "endswith", "items", "keys", "values", "count")
)


def _is_near(call: ast.Call, module: Module) -> bool:
    """Whether a call in a condition is a built-in function, a method of a value, or a library's."""
    func = call.func
    if isinstance(func, ast.Name):
        return func.id in _BUILTINS
    if isinstance(func, ast.Attribute):
        path = dotted(func)
        return func.attr in _ASKED or (
            path is not None and path.partition(".")[0] in module.imported()
        )
    return False


def _gathered(value: Value, targets: list[ast.expr]) -> Value:
    """A sequence as ``a, *b = value`` takes it apart: what ``*b`` gets is one list."""
    star = next((i for i, t in enumerate(targets) if isinstance(t, ast.Starred)), None)
    if star is None or not isinstance(value, Sequence):
        return value
    behind = len(targets) - star - 1
    plain = not value.open and not any(isinstance(i, (Repeat, Choice)) for i in value.items)
    if not plain or len(value.items) < star + behind:
        return ops.derived("a sequence that can't be counted", value.span, value.frame, value)
    stop = len(value.items) - behind
    rest = Sequence(value.items[star:stop], value.span, "", value.frame, value.order)
    return replace(value, items=(*value.items[:star], rest, *value.items[stop:]))


def _bound_to_class(value: Value, cls: Object) -> Value:
    """A class method looked up on its class: the class is its first argument."""
    if isinstance(value, Object) and isinstance(value.handle, FunctionHandle):
        function = value.handle.node
        if isinstance(function, FUNCTIONS) and any(
            dotted(d) == "classmethod" for d in function.decorator_list
        ):
            return replace(value, handle=replace(value.handle, instance=cls))
    return value


def _copied_by(node: ast.DictComp) -> ast.expr | None:
    """``x`` of ``{k: ... for k, v in x.items() ...}``: what keeps the keys of another dict."""
    loop = node.generators[0]
    call, target = loop.iter, loop.target
    if len(node.generators) > 1 or not isinstance(call, ast.Call) or call.args or call.keywords:
        return None
    if not isinstance(call.func, ast.Attribute) or call.func.attr != "items":
        return None
    if not isinstance(target, ast.Tuple) or len(target.elts) != 2:
        return None
    key = target.elts[0]
    same = isinstance(key, ast.Name) and isinstance(node.key, ast.Name) and key.id == node.key.id
    return call.func.value if same else None


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


def _picks(element: ast.expr) -> bool:
    """Whether a comprehension makes this of some items, and something else of others."""
    return any(isinstance(node, (ast.IfExp, ast.BoolOp)) for node in walk(element))


def _of_one_kind(condition: ast.expr) -> bool:
    """Whether a filter asks for a word: ``m.role == "system"``. What is added needn't be of it."""
    return any(
        isinstance(node, ast.Compare)
        and isinstance(node.ops[0], ast.Eq)
        and isinstance(node.comparators[0], ast.Constant)
        and isinstance(node.comparators[0].value, str)
        for node in walk(condition)
    )


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


def _part(base: Sequence, where: slice[int | None, int | None, int | None]) -> Sequence | None:
    """A slice from the end of a list that can't be counted from its beginning."""
    if where.step is not None:
        return None
    start, stop = where.start, where.stop
    only = base.items[0] if len(base.items) == 1 else None
    if isinstance(only, Repeat) and (start, stop) == (-1, None):
        return replace(base, items=(ops.optional(only.body, only.span),), open="")
    if all(isinstance(item, Repeat) for item in base.items):
        return replace(base, open=base.open or Uncounted("a slice"))
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


def _holds(container: Value, item: Value) -> bool | None:
    """Whether a constant is one of the constants in a container, or a key of a dict."""
    if isinstance(container, Choice):
        found = {_holds(each, item) for each in alternatives(container)}
        return found.pop() if len(found) == 1 else None
    if not isinstance(item, Known) or not isinstance(container, (Sequence, Mapping)):
        return None
    if isinstance(container, Mapping):
        keys = [e.key for e in container.entries if not e.optional]
        every = [e.key for e in container.entries]
    else:
        keys = every = list(container.items)
    if any(isinstance(each, Known) and each.value == item.value for each in keys):
        return True
    unsure = container.open or not all(isinstance(each, Known) for each in every)
    if unsure or any(isinstance(each, Known) and each.value == item.value for each in every):
        return None
    return False


def _compare(op: ast.cmpop, left: Value, right: Value) -> bool | None:
    if isinstance(left, Choice):  # none of what it may be, or all of it
        if isinstance(right, Known) and right.value in (None, "") and _has_a_default(left):
            if isinstance(op, (ast.Eq, ast.Is, ast.NotEq, ast.IsNot)):
                return isinstance(op, (ast.NotEq, ast.IsNot))
        found = {_compare(op, each, right) for each in alternatives(left)}
        return found.pop() if len(found) == 1 else None
    if isinstance(op, (ast.In, ast.NotIn)):
        found_in = _holds(right, left)
        return None if found_in is None else found_in is isinstance(op, ast.In)
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


def _is_by_size(node: ast.Compare) -> bool:
    """Whether it is held which of two is larger, or whether one is there: no rest of a division."""
    if any(isinstance(each, ast.Constant) and each.value is None for each in node.comparators):
        return True
    larger = (ast.Lt, ast.LtE, ast.Gt, ast.GtE)
    return all(isinstance(op, larger) for op in node.ops) and not any(
        isinstance(each, ast.BinOp) and isinstance(each.op, ast.Mod) for each in walk(node)
    )


def _is_length(node: ast.expr) -> bool:
    """Whether it is asked how long something is."""
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "len"


def _is_longer(op: ast.cmpop, left: Value, right: Value) -> bool | None:
    """The answer to ``len(text) < 1024``, where the text is known."""
    how_long = left.value if isinstance(left, Known) else None
    limit = right.value if isinstance(right, Known) else None
    if not isinstance(how_long, int) or not isinstance(limit, (int, float)):
        return None
    if isinstance(op, ast.Lt):
        return how_long < limit
    if isinstance(op, ast.LtE):
        return how_long <= limit
    if isinstance(op, ast.Gt):
        return how_long > limit
    return how_long >= limit if isinstance(op, ast.GtE) else None


def _has_a_default(value: Value) -> bool:
    """Whether a setting has a text where nobody sets it: what stands behind ``or`` isn't used."""
    found = alternatives(value)
    texts = [each for each in found if isinstance(each, Known)]
    rest = [each for each in found if not isinstance(each, Known)]
    return (
        bool(texts)
        and all(isinstance(each.value, str) and each.value for each in texts)
        and all(isinstance(each, Unknown) and each.entry in _SET for each in rest)
    )


#: Entries at which somebody sets something, or leaves it as it is.
_SET = ("configuration", "environment")
