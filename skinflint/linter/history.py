"""The conversation of a request: where its messages live, what makes them longer, what bounds them.

``lineage.py`` walks from the list that is sent to every variable it comes out of; here is judged
what that means between two requests. Lineage, not identity: a list that is filtered into a copy,
extended and assigned back grows, because it comes out of itself with something added.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from typing import TypeVar

from skinflint.linter.activation import Activation, ClassHandle, FunctionHandle, runs
from skinflint.linter.bounds import (
    BEGINS,
    ENDS,
    Bounds,
    asked_for,
    by_silence,
    by_size,
    by_tokens,
    conditional,
    limit,
)
from skinflint.linter.callers import (
    ONE_SHOT,
    Callers,
    demonstrates,
    runs_once,
    waits,
)
from skinflint.linter.changes import Changes
from skinflint.linter.elsewhere import Elsewhere, of_itself
from skinflint.linter.evaluate import Evaluator
from skinflint.linter.kept import Kept
from skinflint.linter.lineage import Event, Route, Store, Walk
from skinflint.linter.module import (
    FUNCTIONS,
    LOOPS,
    FunctionNode,
    Module,
    default_of,
    dotted,
    exits,
    last_name,
    parameters,
    walk,
)
from skinflint.linter.places import ANY, Place, Places
from skinflint.linter.refused import Refusals
from skinflint.linter.request import (
    Conversation,
    Edited,
    Growth,
    Home,
    Limit,
    PairKind,
    parts_of,
)
from skinflint.linter.rewrites import by_age, drops_pictures, may_be_turned_off, rarely, thinned
from skinflint.linter.shapes import MOST_STEPS, within
from skinflint.linter.spans import Role, Span, Step
from skinflint.linter.tables import Tables
from skinflint.linter.values import (
    Known,
    Mapping,
    Object,
    Repeat,
    Sequence,
    Text,
    Unknown,
    Value,
    alternatives,
    shared_depth,
)
from skinflint.records import dataclass

_CONSTRUCTORS = ("__init__", "__post_init__", "__new__", "setUp")
_MOST_CALLEES = 400
#: Names of what plugins are called by.
_HOOK = re.compile(r"(?i)hook|plugin|middleware|(^|_)(before|pre|on)_")
#: Names of functions, their objects and parameters by which somebody talks.
_TALK = re.compile(
    r"(?i)chat|talk|conver|dialog|messag|prompt|question|query|utter|ask|answer|repl(y|ies)|respond"
    r"|say|said|speak|user|assist|companion|tutor|session|input|bot(_|$)"
)
#: Bases of classes that frameworks fill with what a request brings.
_BODIES = ("BaseModel", "RootModel", "Struct", "Schema")
#: Names of what makes a shorter account of a conversation.
_CONDENSES = re.compile(r"(?i)compact|condens|summar|compress|shrink")
#: Of what only shows one, or measures it.
_SHOWS = re.compile(r"(?i)(^|_)(print|show|display|log|get|should|needs?|is|can)(_|$)")
#: Evaluations for the lineage of one request.
_EVALUATIONS = 6000
#: How many functions are asked whether they end a talk.
_CALLERS = 20
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Loop:
    """A loop that a request is sent in; ``level`` counts the runs of functions from the inside."""

    node: ast.AST
    act: Activation
    index: int  # in the frame of the request
    level: int
    kind: PairKind


@dataclass(frozen=True, slots=True)
class Repeated:
    """Why a place that adds to a list is come to again while the list lives on."""

    where: str
    label: str
    loop: Loop | None = None
    ends: Limit | None = None


class Histories:
    """Finds the conversations of the requests of one module."""

    def __init__(self, evaluator: Evaluator, callers: Callers) -> None:
        self.ev = evaluator
        self.callers = callers
        self.places = Places(evaluator, callers)
        self.bounds = Bounds(evaluator)
        self.changes = Changes(Tables(self.places, self.bounds))
        self.refusals = Refusals(self.bounds, self.places)
        self.elsewhere = Elsewhere(callers, self.places, self.bounds)

    def conversation(
        self, call: ast.Call, act: Activation, arguments: Mapping, method: str
    ) -> Conversation | None:
        """The lineage of the messages of a request, None if they are made for this one call."""
        # A budget of its own: what is left of it, not what the request has used up.
        steps, self.ev.steps = self.ev.steps, MOST_STEPS - _EVALUATIONS
        try:
            return _Judge(self, call, act).conversation(arguments, method)
        except RecursionError:
            return None
        finally:
            self.ev.steps = steps


class _Judge:
    def __init__(self, histories: Histories, call: ast.Call, act: Activation) -> None:
        self.ev = histories.ev
        self.callers = histories.callers
        self.places = histories.places
        self.bounds = histories.bounds
        self.refusals = histories.refusals
        self.elsewhere = histories.elsewhere
        self.call = call
        self.act = act
        self.host = self.ev.frame_at(call, act)
        self.levels = _levels(call, act)
        for each, _ in self.levels:
            self.places.meet(each)
        self.level_of = {
            id(each.node): i for i, (each, _) in reversed(list(enumerate(self.levels)))
        }
        self.kinds = {
            pair.depth: pair.kind
            for pair in self.callers.pairs(call, self.host, False)
            if pair.kind in (PairKind.LOOP, PairKind.TURN, PairKind.RECORD)
        }
        self.loops = list(self._loops())
        self.walk = Walk(self.ev, self.places, self.bounds, histories.changes, self.levels)
        self.next: dict[object, list[tuple[Place, Route, Store]]] = {}
        self._reach: dict[object, dict[object, Place]] = {}
        self._reached: set[ast.AST] | None = None
        self._fresh: list[Limit] = []
        self._lists: dict[object, Place] | None = None
        self._growing: set[object] = set()
        self._sent_in_rounds: set[object] | None = None
        self._by_hand = False

    # -- the answer --------------------------------------------------------------------------------

    def conversation(self, arguments: Mapping, method: str) -> Conversation | None:
        self._trace(arguments)
        walk = self.walk
        for store in walk.stores:
            key = store.place.key if store.place is not None else None
            for edge in store.sources:
                self.next.setdefault(key, []).append((edge.source, edge.route, store))
        upstream = self._from(None)
        growth: list[Growth] = []
        self._cycles()
        for event in walk.events:
            if event.kind == "grow":
                found = list(self._growth(event, upstream))
                growth.extend(found)
                if found:
                    self._growing.update(target.key for target in self._changed(event))
        growth.extend(self._runner(arguments, method))
        growth = _distinct(growth)
        home = self._home(upstream, growth)
        if home is None:
            return None
        limits, slides, rewritten, ahead = self._limits(upstream)
        self.reasons = walk.unseen
        limits.extend(self._outer_limits(arguments, method))
        limits.extend(g.ends for g in growth if g.ends is not None)
        if any(key in self.places.in_cookies and self._grown(key) for key in upstream):
            for each in growth[:1]:
                step = Step(Role.STEP, each.span, "a cookie of the browser holds it")
                limits.append(Limit(each.span, "cookie", step))
        limits.extend(self._thinned())
        if growth:
            limits.extend(self._without_pictures())
        limits.extend(self._about_one(upstream))
        limits.extend(self._used_up(upstream))
        lives, place = home
        if lives is Home.DATABASE:
            limits.extend(self._concluded())
        whole = self._whole()
        kept = Kept(self.places, walk, self.next)
        marked, cleaned = kept.markers(self._growing, growth)
        marked = tuple(each._replace(once=self._is_set_once(each.span, lives)) for each in marked)
        part_of_it = {None, *whole, *(key for key in upstream if self._grown(key))}
        certain = (
            lives is not Home.PARAMETER
            and all(upstream[key].known for key in part_of_it if key in upstream)
            and not any(self._part(key, part_of_it) for key, _ in walk.unseen)
            and not (walk.texts_unseen and any(each.text for each in growth))
            and not any(
                self.elsewhere.shortens(place) or self._hooked(place) or self._is_counted(place)
                for key, place in upstream.items()
                if self._grown(key)
            )
        )
        return Conversation(
            lives,
            self._born(place) if place is not None else None,
            tuple(growth),
            tuple(_distinct(limits)),
            not rewritten,
            tuple(_distinct(rewritten)),
            self._sent_equals_stored(upstream, growth),
            tuple(_distinct(slides)),
            certain,
            tuple(_distinct(ahead)),
            tuple(_distinct(list(self._edits()))) if growth else (),
            marked,
            cleaned,
            bool(growth) and not marked and kept.copies(),
            self._by_hand,
            bool(growth) and self._is_condensed(upstream),
            bool(growth) and self._is_aside(),
        )

    def _is_condensed(self, upstream: dict[object, Place]) -> bool:
        """Whether a command that somebody types puts a shorter account in the place of the list.

        ``said[:] = compact(said)``, or a method of the object that keeps it.
        """
        grown = [place for key, place in upstream.items() if self._grown(key)]
        names = {place.name for place in grown} - {""}
        kept = {place.cls.node.name for place in grown if place.cls is not None}
        for module in self.places.modules:
            for name in module.once(_condensing):
                for call in module.calls_named[name]:
                    if not asked_for(module, call, module.scope(call)):
                        continue
                    stmt = module.statement(call)
                    targets = stmt.targets if isinstance(stmt, ast.Assign) else []
                    if any(last_name(n) in names for each in targets for n in ast.walk(each)):
                        return True
                    if isinstance(stmt, ast.Expr) and any(
                        (cls := there.enclosing_class(function)) is not None and cls.name in kept
                        for function, there in self.places.functions_of(name)
                    ):
                        return True
        return False

    def _is_aside(self) -> bool:
        """Whether nothing that this request is sent by makes the list longer: others do that."""
        runs = [act.node for act, _ in self.levels]
        adding = {event.scope for event in self.walk.events if event.kind == "grow"}
        if not adding or not all(isinstance(each, FUNCTIONS) for each in adding):
            return False
        called: set[str] = set()
        for act, _ in self.levels:
            if isinstance(act.node, FUNCTIONS):
                called |= act.module.once(_called_by_name, act.node)
        return not any(each in runs or getattr(each, "name", "") in called for each in adding)

    # -- changes of earlier messages ---------------------------------------------------------------

    def _edits(self) -> Iterator[Edited]:
        """What changes messages that were sent, in each round or for each turn."""
        parts = {*self._whole(), *self._growing}
        for place in list(self.walk.seen.values()):
            if not any(target.key in parts for target in self._targets(place)):
                continue
            for use in self.places.uses(place):
                for node in by_age(use.module, use.node, use.scope):
                    if isinstance(node, ast.expr) and not self._goes_on(use.module, node):
                        continue
                    label = "messages are changed here when they are older"
                    yield from self._edited(place, use.module, use.scope, node, "age", label)
        for event in self.walk.events:
            if event.kind == "rewrite" and event.how in ("insert", "appendleft"):
                if conditional(event.module, event.node, event.scope):
                    continue  # when there is none yet
                if any(target.key in self._growing for target in self._targets(event.place)):
                    label = "a message is put in front of all others here"
                    yield from self._edited(
                        event.place, event.module, event.scope, event.node, "front", label
                    )

    def _is_counted(self, rows: Place) -> bool:
        """Whether rows of a database are counted as they are read, and the number decides."""
        if rows.home is not Home.DATABASE:
            return False
        for place in list(self.walk.seen.values()):
            if place.home is Home.DATABASE or rows.key not in self._from(place.key):
                continue
            for use in self.places.uses(place):
                if any(_decides(use.module, parent) for parent in use.module.ancestors(use.node)):
                    return True
        return False

    def _thinned(self) -> Iterator[Limit]:
        """Where only a part is left of each message that is there, before others are added."""
        for place in list(self.walk.seen.values()):
            if not any(target.key in self._growing for target in self._targets(place)):
                continue
            for use in self.places.uses(place):
                for node in thinned(use.module, use.node):
                    if asked_for(use.module, node, use.scope):
                        continue
                    if any(
                        event.kind == "grow"
                        and event.scope is use.scope
                        and _line(event.node) > _line(node)
                        for event in self.walk.events
                    ):
                        label = "only a part of older messages is kept"
                        yield limit(use.module, node, "thinned", label)

    def _concluded(self) -> Iterator[Limit]:
        """Where a run that sends rows of a table also says that all is said: an interview."""
        for act, _ in self.levels:
            if isinstance(act.node, FUNCTIONS):
                for stmt in self.refusals.concluding(act.node):
                    yield limit(act.module, stmt, "concluded", "it is said to be over here")

    def _used_up(self, upstream: dict[object, Place]) -> Iterator[Limit]:
        """Where an object counts the rounds of all its questions, and sends no more after some.

        The list has to be one of the same object: another one begins to count anew.
        """
        kept = [
            place.cls.node
            for key, place in upstream.items()
            if place.home is Home.ATTRIBUTE and place.cls is not None and self._grown(key)
        ]
        for loop in self.loops:
            module = loop.act.module
            cls = module.enclosing_class(loop.act.node)
            if cls is None or cls not in kept or not isinstance(loop.node, ast.While):
                continue
            test = loop.node.test
            parts = test.values if isinstance(test, ast.BoolOp) else [test]
            if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.Or):
                continue
            for part in parts:
                if not isinstance(part, ast.Compare) or len(part.ops) != 1:
                    continue
                counter = part.left
                if not isinstance(counter, ast.Attribute) or not of_itself(counter.value):
                    continue
                if isinstance(part.ops[0], (ast.Lt, ast.LtE)):
                    if self._only_counts(counter.attr, loop):
                        label = "after so many rounds of all questions nothing is sent"
                        yield limit(module, part, "used-up", label)

    def _only_counts(self, name: str, loop: Loop) -> bool:
        """Whether a loop counts up an attribute, and no code that a question runs sets it back."""
        counted = False
        for module in self.places.modules:
            for node in module.parents:
                if not isinstance(node, ast.Attribute) or node.attr != name:
                    continue
                if isinstance(node.ctx, ast.Load):
                    continue
                parent = module.parents.get(node)
                if isinstance(parent, ast.AugAssign) and isinstance(parent.op, ast.Add):
                    own = module is loop.act.module and within(module, node, loop.node)
                    counted = counted or own
                    continue
                scope = module.scope(node)
                if not isinstance(scope, FUNCTIONS) or not of_itself(node.value):
                    return False
                if scope.name not in _CONSTRUCTORS and scope in self._run_through():
                    return False
        return counted

    def _without_pictures(self) -> Iterator[Limit]:
        """Where older screens are taken out of the messages: a few lines are left of each."""
        for module in self.places.modules:
            if '"image"' not in module.source.text and "'image'" not in module.source.text:
                continue
            for function in module.functions:
                if function not in self._run_through():
                    continue
                node = module.once(drops_pictures, function)
                if node is not None and not any(
                    may_be_turned_off(there, call) for there, call in self._calls_of(function.name)
                ):
                    yield limit(module, node, "thinned", "older pictures are taken out here")

    def _about_one(self, upstream: dict[object, Place]) -> Iterator[Limit]:
        """Where the session's talk begins anew with what it is about: a document, a report."""
        for key, place in upstream.items():
            if place.home is not Home.SESSION or not self._grown(key):
                continue
            for store in self._fresh_stores(place):
                given = store.value.elts if isinstance(store.value, ast.List) else []
                if any(
                    isinstance(node, (ast.Name, ast.Attribute, ast.Call))
                    for item in given
                    for node in ast.walk(item)
                ):
                    label = "begun anew with what it is about"
                    yield limit(store.module, store.node, "fresh-list", label)

    def _edited(
        self, place: Place, module: Module, scope: ast.AST, node: ast.AST, how: str, label: str
    ) -> Iterator[Edited]:
        """One change for each reason that it is come to again, where nothing makes it rare."""
        if rarely(module, node, scope) or asked_for(module, node, scope):
            return
        if isinstance(scope, FUNCTIONS) and self._only_called_rarely(scope):
            return
        event = Event("rewrite", how, place, module, scope, node)
        step = Step(Role.STEP, module.span(node), label)
        targets = [target for target in self._targets(place) if target.key in self._growing]
        if not targets:  # a copy that is made for each call
            targets = [t for key, t in self._from(place.key).items() if key in self._growing]
        for target in targets:
            for repeated in self._repeated(event, target):
                yield Edited(step, how, repeated.where)

    def _goes_on(self, module: Module, node: ast.expr) -> bool:
        """Whether what an expression makes of the messages is what is sent or kept."""
        if isinstance(node, (ast.Subscript, ast.Attribute)):
            return True  # it is set in place
        lists = (ast.List, ast.Starred, ast.BinOp, ast.IfExp, ast.keyword)
        for parent in module.ancestors(node):
            if isinstance(parent, ast.Call):
                if parent is self.call:
                    return True
                if dotted(parent.func) != "list":
                    return False
            elif not isinstance(parent, lists):
                return any(
                    store.node is parent or store.value is getattr(parent, "value", parent)
                    for store in self.walk.stores
                ) or isinstance(parent, ast.Return)
        return False

    def _only_called_rarely(self, function: FunctionNode) -> bool:
        """Whether all who call a function do so once in a while."""
        calls = list(self._calls_of(function.name))
        return bool(calls) and all(
            rarely(module, call, module.scope(call)) for module, call in calls
        )

    def _trace(self, arguments: Mapping) -> None:
        entry = arguments.entry("messages")
        if entry is not None and isinstance(entry.handle, tuple):
            node, act = entry.handle
            self.walk.trace(node, act, self.walk.sent, Route())
            return
        if entry is not None and entry.span.path == self.act.module.path:
            written = self.act.module.node_at(entry.span)
            if written is not None and not isinstance(written, ast.Call):
                scope: ast.AST = self.act.module.scope(written)
                level = self.level_of.get(id(scope))
                act = self.levels[level][0] if level is not None else None
                run = act or self.places.plain(self.act.module, scope)
                self.walk.trace(written, run, self.walk.sent, Route())
                return
        # The argument came out of code whose expressions can't be told apart.
        value = arguments.get("messages")
        if value is None and arguments.open:
            self.walk.give(self.act)
        for each in alternatives(value) if value is not None else ():
            if isinstance(each, Unknown) or (
                isinstance(each, Sequence)
                and (each.open or any(isinstance(item, Repeat) for item in each.items))
            ):
                self.walk.give(self.act)

    # -- the graph ---------------------------------------------------------------------------------

    def _from(self, start: object, *, same: bool = False) -> dict[object, Place]:
        """Every variable that what is stored under ``start`` comes out of."""
        memo = (start, same)
        found = self._reach.get(memo)
        if found is None:
            found = {}
            queue = [start]
            while queue:
                for place, route, _ in self.next.get(queue.pop(), ()):
                    if place.key not in found and (route.same or not same):
                        found[place.key] = place
                        queue.append(place.key)
            self._reach[memo] = found
        return found

    def _targets(self, place: Place) -> list[Place]:
        """The variables that a change of ``place`` is a change of."""
        found = {place.key: place, **self._from(place.key, same=True)}
        for key, other in self._from(place.key).items():
            if place.key in self._from(key):
                found[key] = other
        return list(found.values())

    def _changed(self, event: Event) -> list[Place]:
        """The variables that get what an event adds: ``x = x + y`` leaves the old list alone."""
        place = event.place
        in_place = isinstance(event.node, (ast.Call, ast.AugAssign))
        if event.how == "concatenation" and not (in_place and not self._only_text(place)):
            around = self._from(place.key)
            back = [other for key, other in around.items() if place.key in self._from(key)]
            return list({place.key: place, **{other.key: other for other in back}}.values())
        return self._targets(place)

    def _cycles(self) -> None:
        """What a list is assigned that comes out of itself, with something added."""
        for store in list(self.walk.stores):
            place = store.place
            if place is None:
                continue
            for edge in store.sources:
                if not edge.route.added:
                    continue
                source = edge.source
                if source.key == place.key or place.key in self._from(source.key):
                    items = tuple(node for _, node in edge.route.added)
                    self.walk.events.append(
                        Event(
                            "grow",
                            "concatenation",
                            place,
                            store.module,
                            store.scope,
                            store.node,
                            items,
                        )
                    )
                    break

    # -- loops and runs ----------------------------------------------------------------------------

    def _loops(self) -> Iterator[Loop]:
        for level, (act, node) in enumerate(self.levels):
            for offset, loop in enumerate(act.module.loops(node, act.node)):
                index = len(act.frame) + offset
                kind = self.kinds.get(index)
                if kind is PairKind.TURN and not answered(act.module, loop):
                    # Somebody is asked within a round: whether a tool may run.
                    kind = PairKind.LOOP
                if kind is not None:
                    yield Loop(loop, act, index, level, kind)

    def _via(
        self, place: Place, module: Module, scope: ast.AST, node: ast.AST
    ) -> list[tuple[ast.AST, ast.AST]]:
        """Where a change happens: the place itself, and the calls that lead there."""
        found = [(scope, node)]
        act: Activation | None = place.act if place.act.node is scope else None
        while act is not None and act.site is not None and act.caller is not None:
            found.append((act.caller.node, act.site))
            act = act.caller
        return found

    def _repeats_inside(self, loop: Loop, via: list[tuple[ast.AST, ast.AST]]) -> bool:
        """Whether what happens at ``via`` happens in each round of a loop."""
        for scope, node in via:
            if scope is loop.act.node:
                inside = within(loop.act.module, node, loop.node)
                return inside and not runs_once(loop.act.module, node, loop.node)
            level = self.level_of.get(id(scope))
            if level is not None:
                return level < loop.level
        function = via[0][0]
        return isinstance(function, FUNCTIONS) and function in self._called_in(loop)

    def _called_in(self, loop: Loop) -> set[ast.AST]:
        return self._callees([(loop.node, loop.act.module)])

    def _callees(self, nodes: Iterable[tuple[ast.AST, Module]]) -> set[ast.AST]:
        """The functions that code leads to, told by name; what a command asks for left out."""
        found: set[ast.AST] = set()
        queue = list(nodes)
        while queue and len(found) < _MOST_CALLEES:
            for function, there in self.places.called(*queue.pop()):
                if function not in found:
                    found.add(function)
                    queue.append((function, there))
        return found

    # -- growth ------------------------------------------------------------------------------------

    def _growth(self, event: Event, upstream: dict[object, Place]) -> Iterator[Growth]:
        targets = self._changed(event)
        if not any(target.key in upstream for target in targets):
            return
        if isinstance(event.scope, FUNCTIONS) and self._begins_with(event.scope):
            return
        if event.how == "row" and not self._comes_to(event.scope):
            return
        found: dict[str, Repeated] = {}
        text = all(self._only_text(target) for target in targets)
        for target in targets:
            for repeated in self._repeated(event, target):
                if repeated.where in ("method", "handler", "session") and self._sends_nothing(
                    event
                ):
                    continue
                known = found.get(repeated.where)
                if known is None or _inner(repeated, known):
                    found[repeated.where] = repeated
        said = "turns" in found and self._is_said(event)  # asked of talks alone: it evaluates
        span = event.module.span(event.node)
        how = event.how if id(event.scope) in self.level_of else "helper"
        if isinstance(event.scope, ast.Module) and event.how != "helper":
            how = event.how
        for repeated in found.values():
            ends = repeated.ends
            if repeated.loop is not None:
                loop = repeated.loop
                ends = self.bounds.loop(loop.act.module, loop.node, loop.act)
                if ends is None and loop.kind is PairKind.TURN:
                    asks = self.levels[loop.level][1]
                    ends = self.bounds.finished(loop.act.module, loop.node, asks)
            elif repeated.where == "recursion" and isinstance(event.scope, FUNCTIONS):
                ends = self.bounds.recursion(event.module, event.scope, event.place.act)
            step = Step(Role.STEP, span, f"grows here, {repeated.label}")
            yield Growth(span, how, repeated.where, step, ends, text, said)

    def _is_said(self, event: Event) -> bool:
        """Whether all that is added is lines of text: what somebody says, a reply, a note."""
        act = self.walk.run(event.module, event.scope, event.place)
        return bool(event.items) and all(self._is_line(item, act) for item in event.items)

    def _is_line(self, item: ast.expr, act: Activation) -> bool:
        """Whether a message is one text: ``{"role": ..., "content": ...}``, ``Message(...)``."""
        ev = self.places.ev
        messages = list(alternatives(ev.evaluate(item, act)))
        if isinstance(item, ast.Dict) and None not in item.keys:
            return all(
                isinstance(each, Mapping) and _is_text(each.get("content"), _is_ours(each))
                for each in messages
            )
        if not isinstance(item, ast.Call) or not all(isinstance(e, Object) for e in messages):
            return False
        given = [*item.args, *(keyword.value for keyword in item.keywords)]
        values = [ev.evaluate(each, act) for each in given]
        ours = not any(isinstance(e, Known) and e.value == "assistant" for e in values)
        return bool(values) and all(_is_text(each, ours) for each in values)

    def _comes_to(self, function: ast.AST) -> bool:
        """Whether a run that sends the request also leads to ``function``."""
        return id(function) in self.level_of or any(
            function in self._callees([(act.node, act.module)])
            for act, _ in self.levels
            if isinstance(act.node, FUNCTIONS)
        )

    def _sends_nothing(self, event: Event) -> bool:
        """Whether whoever adds something there sends nothing: it is collected, and sent later."""
        level = self.level_of.get(id(event.scope))
        if level is None:
            return False
        act, node = self.levels[level]
        return parted(act.module, event.node, node) or parted(act.module, node, event.node)

    def _given_up(self, place: Place, act: Activation, node: ast.AST) -> bool:
        """Whether each run that sends a list empties it: behind the request, or once it is copied.

        What waits in a buffer is sent once.
        """
        ends = [
            (e.scope, e.node) for e in self.walk.events if e.kind == "clear" and e.place is place
        ]
        ends += [
            (store.scope, store.node)
            for store in self._fresh_stores(place)
            if (isinstance(store.value, ast.List) and not store.value.elts)
            or isinstance(store.value, ast.Constant)
        ]
        copied = place.key not in self._from(None, same=True)
        for scope, end in ends:
            if scope is act.node and (copied or _line(end) > _line(node)):
                stmt = act.module.statement(end)
                block = act.module.place(stmt)[0] if stmt is not None else []
                if any(within(act.module, node, each) for each in block):
                    return True
        return False

    def _is_drained(self, place: Place) -> bool:
        """Whether what hands a list over empties it: ``queued, self.q = self.q, []``.

        All that is sent of it comes out of functions that take the list, and put an empty one in
        its place: a queue, whatever is put into it between two such calls.
        """
        if place.key in self._from(None, same=True):
            return False
        ends = [
            (e.module, e.scope, e.node)
            for e in self.walk.events
            if e.kind == "clear" and e.place.key == place.key
        ]
        ends += [
            (store.module, store.scope, store.node)
            for store in self._fresh_stores(place)
            if isinstance(store.value, ast.List) and not store.value.elts
        ]
        taking = {
            scope
            for module, scope, end in ends
            if isinstance(scope, FUNCTIONS) and _hands_over(module, scope, end, place)
        }
        ways = self.walk.handed.get(place.key, [])
        return bool(taking and ways) and not any(taking.isdisjoint(way) for way in ways)

    def _begins_with(self, function: FunctionNode) -> bool:
        """Whether a function only runs when an object is made."""
        if function.name in _CONSTRUCTORS:
            return True
        callers = [module.scope(call) for module, call in self._calls_of(function.name)]
        return bool(callers) and all(
            isinstance(each, FUNCTIONS) and each.name in _CONSTRUCTORS for each in callers
        )

    def _repeated(self, event: Event, target: Place) -> Iterator[Repeated]:
        via = self._via(event.place, event.module, event.scope, event.node)
        text = self._only_text(target)
        floor = self._floor(target)
        for loop in self.loops:
            if self._tried_out(loop):
                continue
            if target.local and not self._encloses(target):
                level = self.level_of.get(id(target.scope))
                if level is None or level < loop.level:
                    continue
            elif loop.index < floor:
                continue
            if text and loop.act.node is not event.scope:
                continue  # records that are told of, not turns
            if self._repeats_inside(loop, via) and not self._made_in(target, loop):
                where = "turns" if loop.kind is PairKind.TURN else "loop"
                line = loop.act.module.span(loop.node).line
                yield Repeated(where, f"in the loop at line {line}", loop)
        yield from self._recursion(event, target)
        if target.home is Home.PARAMETER:
            if not text and event.place.key in {t.key for t in self._targets(event.place)}:
                yield Repeated("method", "in a list that is handed in")
            return
        if target.local and not self._encloses(target):
            return
        if text and id(event.scope) not in self.level_of:
            return
        if target.home is Home.SESSION:
            yield Repeated("session", "for each run of the session")
            return
        yield from self._runs(event, target, floor)

    def _runs(self, event: Event, target: Place, floor: int) -> Iterator[Repeated]:
        """The functions that run again while a global or an object lives on."""
        outermost = len(self.levels) - 1
        for level, (act, _) in enumerate(self.levels):
            function = act.node
            index = len(act.frame) - 1
            if not isinstance(function, FUNCTIONS) or index < floor:
                continue
            other = self.level_of.get(id(event.scope))
            if other is not None and other > level:
                continue
            fact = self.callers.of(act.module).entry(function)
            if fact is not None:
                if (fact.many or fact.again) and not _comes_in(target, function):
                    yield Repeated("handler", f"each time {function.name}() is called")
            elif level == outermost:
                if not self._goes_on_elsewhere(event, target, act.module, function):
                    continue
                if function.name not in ONE_SHOT and not self._apart(event, function, act.module):
                    ends = self.elsewhere.driven(act.module, function)
                    label = f"each time {function.name}() is called"
                    yield Repeated("method", label, ends=ends)

    def _goes_on_elsewhere(
        self, event: Event, place: Place, module: Module, function: FunctionNode
    ) -> bool:
        """Whether a function whose callers aren't here looks as if they talk by it.

        Somebody must have something new to say each time. And where the list belongs to an object,
        a new one may as well be made for each task: then the names must speak of a conversation,
        or the list must be one that can be begun again while the object lives on.
        """
        own = [p.arg for p in parameters(function) if p.arg not in ("self", "cls")]
        if not own:
            return False
        if any(
            demonstrates(module, call, function)
            for call in module.calls_named.get(function.name, ())
        ):
            return False
        if place.home is not Home.ATTRIBUTE:
            return True
        cls = module.enclosing_class(function)
        names = [function.name, *own, *([cls.name] if cls is not None else [])]
        if any(_TALK.search(name) for name in names) or self.elsewhere.looped(module, function):
            return True
        emptied = [store.scope for store in self._fresh_stores(place)]
        emptied += [e.scope for e in self.walk.events if e.kind == "clear"]
        return any(
            isinstance(scope, FUNCTIONS)
            and scope.name not in _CONSTRUCTORS
            and BEGINS.search(scope.name.strip("_"))
            for scope in emptied
        )

    def _apart(self, event: Event, function: FunctionNode, module: Module) -> bool:
        """Whether an object's list is filled by code that is not seen to lead to a request."""
        scope, place = event.scope, event.place
        if place.home is not Home.ATTRIBUTE or place.cls is None or id(scope) in self.level_of:
            return False
        around = event.module.enclosing_class(scope)
        if around is not None:
            handle = ClassHandle(around, event.module, self.places.root(event.module))
            if any(base.node is place.scope for base in self.ev.instances.bases(handle)):
                return False
        return scope not in self._callees([(function, module)])

    def _recursion(self, event: Event, target: Place) -> Iterator[Repeated]:
        function = event.scope
        if not isinstance(function, FUNCTIONS) or id(function) not in self.level_of:
            return
        module = event.module
        for call in module.calls_named.get(function.name, ()):
            if not within(module, call, function):
                continue
            named = isinstance(call.func, ast.Name)
            own = isinstance(call.func, ast.Attribute) and dotted(call.func.value) == "self"
            if not (named or own):
                continue
            if target.local:
                given = [*call.args, *(k.value for k in call.keywords)]
                names = {n.id for g in given for n in ast.walk(g) if isinstance(n, ast.Name)}
                if event.place.name not in names:
                    continue
            line = module.span(call).line
            yield Repeated("recursion", f"and {function.name}() calls itself at line {line}")
            return

    def _encloses(self, place: Place) -> bool:
        """Whether a local outlives the request: it belongs to a function around its function."""
        if not place.local or id(place.scope) in self.level_of:
            return False
        for act, _ in self.levels:
            around = act.lexical
            while around is not None:
                if around.node is place.scope:
                    return True
                around = around.lexical
        return False

    def _whole(self) -> dict[object, Place]:
        """The variables that are lists of messages, not parts of the text of one."""
        if self._lists is None:
            self._lists = {}
            queue: list[object] = [None]
            while queue:
                for place, route, _ in self.next.get(queue.pop(), ()):
                    if not route.text and place.key not in self._lists:
                        self._lists[place.key] = place
                        queue.append(place.key)
        return self._lists

    def _only_text(self, place: Place) -> bool:
        """Whether a variable only gets into the request as a part of a text."""
        return place.key not in self._whole() and not any(
            place.key in self._from(key, same=True) or key in self._from(place.key, same=True)
            for key in self._whole()
        )

    def _told(self, key: object) -> bool:
        """Whether a variable is a copy of what grows, and only gets into a text of the request.

        ``rag.answer(question, chat[:-1])``, which tells the model of ``history[-6:]``.
        """
        found: set[object] = set()
        queue = [key]
        while queue:
            for place, route, _ in self.next.get(queue.pop(), ()):
                if route.added or place.steps or place.key in found:
                    continue
                if self._grown(place.key):
                    return self._only_text(place)
                found.add(place.key)
                queue.append(place.key)
        return False

    def _names(self) -> set[str]:
        """What the lists of messages are called; of one in a container, the key it is under."""
        found: set[str] = set()
        for place in self._whole().values():
            if not place.steps:
                found.add(place.name)
            elif place.steps[-1] != ANY:
                found.add(place.steps[-1])
        return found - {""}

    def _part(self, key: object, parts: set[object]) -> bool:
        """Whether a variable, or another one that holds the same list, is one of ``parts``."""
        place = self.walk.seen.get(key) if isinstance(key, tuple) else None
        return key in parts or (
            place is not None and any(target.key in parts for target in self._targets(place))
        )

    def _grown(self, key: object) -> bool:
        """Whether something that is done to a variable makes the conversation longer."""
        return key in self._growing

    def _floor(self, place: Place) -> int:
        """The first level of the frame that repeats without making the list anew."""
        floor = 0
        if self._is_drained(place):
            return len(self.host) + 1  # no call finds what the one before has taken
        if place.home is Home.ATTRIBUTE:
            floor = shared_depth(place.frame, self.host)
        elif place.local:
            floor = shared_depth(place.act.frame, self.host)
        if place.local and not self._encloses(place):
            return floor
        for act, node in self.levels:
            if not isinstance(act.node, FUNCTIONS):
                continue
            if self._given_up(place, act, node):
                floor = max(floor, len(act.frame))
            stores = self._fresh_stores(place)
            for store in stores:
                if self._runs_first(store, act, node) or _either_way(store, stores, act, node):
                    index = len(act.frame)
                    if index > floor:
                        floor = index
                        label = "a new list is begun here"
                        self._fresh.append(limit(store.module, store.node, "fresh-list", label))
        return floor

    def _runs_first(self, store: Store, act: Activation, node: ast.AST) -> bool:
        """Whether a run of a function makes the list anew before it sends."""
        function = act.node
        if isinstance(store.scope, FUNCTIONS) and store.scope.name in _CONSTRUCTORS:
            return False
        if store.scope is function:
            before = getattr(store.node, "lineno", 0) < getattr(node, "lineno", 0)
            loops = store.module.loops(store.node, function)
            return before and not loops and not conditional(store.module, store.node, function)
        if not isinstance(store.scope, FUNCTIONS) or id(store.scope) in self.level_of:
            return False
        if conditional(store.module, store.node, store.scope):
            return False
        for call in act.module.calls_named.get(store.scope.name, ()):
            if within(act.module, call, function) and call.lineno < getattr(node, "lineno", 0):
                if not conditional(act.module, call, function):
                    if not act.module.loops(call, function):
                        return True
        return False

    def _fresh_stores(self, place: Place) -> list[Store]:
        """Statements that put something in a variable that does not come out of it."""
        return [
            store
            for store in self.walk.stores
            if store.place is not None
            and store.place.key == place.key
            and store.value is not None
            and not any(
                e.source.key == place.key or place.key in self._from(e.source.key)
                for e in store.sources
            )
        ]

    def _rewritten_stores(self, place: Place) -> list[Store]:
        """Statements that put a copy of the list, with nothing added, in its place."""
        return [
            store
            for store in self.walk.stores
            if store.place is not None
            and store.place.key == place.key
            and isinstance(store.value, (ast.Name, ast.Call))
            and not any(edge.route.added for edge in store.sources)
            and any(place.key in self._from(edge.source.key) for edge in store.sources)
        ]

    def _tried_out(self, loop: Loop) -> bool:
        """Whether a loop only tries out a function that other modules are there to call."""
        module = loop.act.module
        if not isinstance(loop.act.node, ast.Module) or loop.level == 0:
            return False
        function = self.levels[loop.level - 1][0].node
        if not isinstance(function, FUNCTIONS) or function not in module.functions:
            return False
        if not any(isinstance(p, ast.If) and _is_main(p.test) for p in module.ancestors(loop.node)):
            return False
        cls = module.enclosing_class(function)
        return bool(self.callers.of(module).users(function.name, cls, cls is not None))

    def _made_in(self, place: Place, loop: Loop) -> bool:
        """Whether each round of a loop begins with a new list."""
        stores = self._fresh_stores(place)
        inside = [
            s
            for s in stores
            if s.scope is loop.act.node and within(loop.act.module, s.node, loop.node)
        ]
        if any(not conditional(s.module, s.node, loop.node) for s in inside):
            return True
        return bool(inside) and len(inside) == len(stores) and place.local

    # -- limits ------------------------------------------------------------------------------------

    def _hooked(self, place: Place) -> bool:
        """Whether plugins are handed the object that a list belongs to before it is sent."""
        if place.home is not Home.ATTRIBUTE or place.cls is None:
            return False
        module = place.cls.module
        for node in ast.walk(place.cls.node):
            if isinstance(node, ast.Call) and _HOOK.search(last_name(node.func)):
                if any(isinstance(each, ast.Name) and each.id == "self" for each in node.args):
                    act = self.places.plain(module, module.scope(node))
                    if not self.places.callees(node.func, act):
                        return True
        return False

    def _limits(
        self, upstream: dict[object, Place]
    ) -> tuple[list[Limit], list[Step], list[Step], list[Step]]:
        """What bounds the list, slides it, changes earlier messages; which of it is done early."""
        limits: list[Limit] = list(self._fresh)
        slides: list[Step] = []
        rewritten: list[Step] = []
        early: dict[Step, bool] = {}
        # A text that is cut keeps a message short, not the conversation.
        parts = {*self._whole(), *self._growing}
        for key in (None, *upstream):
            for source, route, store in self.next.get(key, ()):
                if source.key not in parts and not (route.limits and self._told(source.key)):
                    continue
                if route.limits and self._counts(store.module, store.scope, store.node):
                    limits.extend(route.limits)
                    if not self._called_when_large(store.scope):
                        slides.extend(route.slides)
                    rewritten.extend(each.step for each in route.limits)
                    first = self._ahead(store.place, store.module, store.scope, store.node)
                    first = first or key not in self._in_rounds()
                    for step in (*route.slides, *(each.step for each in route.limits)):
                        early[step] = early.get(step, True) and first
        for event in self.walk.events:
            if event.kind == "grow":
                continue
            if not any(target.key in parts for target in self._targets(event.place)):
                continue
            first = self._ahead(event.place, event.module, event.scope, event.node)
            if event.limit is not None and event.kind == "limit":
                targets = self._targets(event.place)
                first = first or not any(each.key in self._in_rounds() for each in targets)
                early[event.limit.step] = early.get(event.limit.step, True) and first
                if event.how == "maxlen" or self._counts(event.module, event.scope, event.node):
                    limits.append(event.limit)
                    rewritten.append(event.limit.step)
                    if event.slides and not self._called_when_large(event.scope):
                        slides.append(event.limit.step)
            elif event.how == "drop" and _ends_it(event.scope):
                limits.append(_forgotten(event.module, event.node))
            elif event.kind == "clear":
                self._emptied(event.module, event.scope, event.node, "clear", limits, rewritten)
            elif event.kind == "rewrite" and not event.latest:
                span = event.module.span(event.node)
                step = Step(Role.STEP, span, "an earlier message is changed here")
                early[step] = early.get(step, True) and first
                rewritten.append(step)
        grown = [place for place in upstream.values() if self._grown(place.key)]
        # What is told in one message begins anew; the list that keeps the messages does not.
        lists = [place for place in grown if not self._only_text(place)]
        for place in lists or grown:
            for store in self._fresh_stores(place):
                how = "summary" if _summarises(store) else "clear"
                self._emptied(store.module, store.scope, store.node, how, limits, rewritten)
            for store in self._rewritten_stores(place):
                self._emptied(store.module, store.scope, store.node, "trim", limits, rewritten)
        return limits, slides, rewritten, [step for step, first in early.items() if first]

    def _ahead(self, place: Place | None, module: Module, scope: ast.AST, node: ast.AST) -> bool:
        """Whether something is done to a list before the rounds of the innermost loop, or after.

        So is all that stands outside of the loop in its function, and all that the functions
        around that do besides calling it; in the loop what is followed by a way out of it, as
        where the last reply is returned and the list cut for the next question; and what another
        function does that no round leads to.
        """
        inner = max(self.loops, key=lambda each: each.index, default=None)
        if inner is None or inner.kind is not PairKind.LOOP or place is None:
            return False
        via = self._via(place, module, scope, node)
        for where, what in via:
            if where is inner.act.node:
                module = inner.act.module
                return not within(module, what, inner.node) or runs_once(module, what, inner.node)
            if any(where is act.node for act, _ in self.levels[inner.level + 1 :]):
                return True
        begun = via[-1][0]  # another way to the same list, which no round takes
        return len(via) > 1 and isinstance(begun, FUNCTIONS) and begun not in self._called_in(inner)

    def _is_set_once(self, marker: Span, lives: Home) -> bool:
        """Whether a marker is set before or after the rounds, in the function that goes them.

        By itself, or by a helper that is called there alone. The list is begun in that function,
        or read anew from a database whenever it is called.
        """
        module = self.ev.module_at(marker.path)
        node = module.node_at(marker)
        if node is None or lives not in (Home.LOCAL, Home.DATABASE):
            return False
        scope = module.scope(node)
        if any(loop.act.node is scope for loop in self.loops):
            return self._is_outside(module, node, lives)
        if not isinstance(scope, FUNCTIONS):
            return False
        sites = self.callers.of(module).sites(scope)
        return bool(sites) and all(self._is_outside(s.module, s.call, lives) for s in sites)

    def _is_outside(self, module: Module, node: ast.AST, lives: Home) -> bool:
        """Whether it stands in a function that goes rounds, and in none of its loops."""
        scope = module.scope(node)
        own = [loop for loop in self.loops if loop.act.node is scope]
        if lives is Home.LOCAL and len(own) < len(self.loops):
            return False  # the list may be of the one who calls it again and again
        return bool(own) and not any(within(module, node, loop.node) for loop in own)

    def _in_rounds(self) -> set[object]:
        """The variables whose list the innermost loop sends, not a copy made in front of it.

        What shortens a list that was copied before leaves the copy as long as it is.
        """
        if self._sent_in_rounds is not None:
            return self._sent_in_rounds
        inner = max(self.loops, key=lambda each: each.index, default=None)
        found: set[object] = {None}
        queue: list[object] = [None]
        while queue:
            for source, route, store in self.next.get(queue.pop(), ()):
                copied = (
                    inner is not None
                    and not route.same
                    and store.place is not None
                    and store.place.local
                    and store.scope is inner.act.node
                    and _line(store.node) < _line(inner.node)
                    and not within(store.module, store.node, inner.node)
                )
                if not copied and source.key not in found:
                    found.add(source.key)
                    queue.append(source.key)
        self._sent_in_rounds = found
        return found

    def _emptied(
        self,
        module: Module,
        scope: ast.AST,
        node: ast.AST,
        how: str,
        limits: list[Limit],
        rewritten: list[Step],
    ) -> None:
        """A list that is begun again: a bound when its size leads there, not when somebody asks."""
        sized = by_size(module, node, scope)
        if not sized and asked_for(module, node, scope):
            self._by_hand = True
        if not sized and isinstance(scope, FUNCTIONS) and not conditional(module, node, scope):
            # ``if len(self.messages) > 40: self._compact()``
            for caller, call in self._calls_of(scope.name):
                around = caller.scope(call)
                if by_size(caller, call, around):
                    sized = True
                if by_silence(caller, call, around) and self._calls(caller, call, scope):
                    sized = True
        if not sized and self._ends_a_talk(module, scope, set()):
            limits.append(_forgotten(module, node))
        if isinstance(scope, FUNCTIONS) and not conditional(module, node, scope):
            if self._runs_by_itself(module, scope):
                limits.append(limit(module, node, how, "a clock has it begun anew here"))
        # A summary stands for what it replaces, whatever led to it.
        if (sized or how == "summary") and self._counts(module, scope, node):
            label = "it is replaced here when it is too long"
            found = limit(module, node, how, label, rare=sized)
            limits.append(found)
            rewritten.append(found.step)

    def _called_when_large(self, scope: ast.AST) -> bool:
        """Whether a function is only called once there are too many tokens, or it costs too much.

        How many messages there are says nothing: it may cut one for each that is new.
        """
        if not isinstance(scope, FUNCTIONS):
            return False
        calls = list(self._calls_of(scope.name))
        return bool(calls) and all(by_tokens(m, call, m.scope(call)) for m, call in calls)

    def _calls_of(self, name: str) -> Iterator[tuple[Module, ast.Call]]:
        """The calls of what has a name, in all modules that the conversation runs through."""
        for module in self.places.modules:
            for call in module.calls_named.get(name, ()):
                yield module, call

    def _calls(self, module: Module, call: ast.Call, function: FunctionNode) -> bool:
        """Whether a call surely is one of a function."""
        act = self.places.plain(module, module.scope(call))
        value = self.places.ev.evaluate(call.func, act)
        return any(
            isinstance(each, Object)
            and isinstance(each.handle, FunctionHandle)
            and each.handle.node is function
            for each in alternatives(value)
        )

    def _ends_a_talk(self, module: Module, scope: ast.AST, seen: set[ast.AST]) -> bool:
        """Whether a function is one, or is called by one, that ends what the talk was for."""
        if not isinstance(scope, FUNCTIONS) or scope in seen or len(seen) > _CALLERS:
            return False
        if _ends_it(scope):
            return True
        seen.add(scope)
        callers = self.callers.of(module)
        return any(
            self._ends_a_talk(site.module, site.module.scope(site.call), seen)
            for site in callers.sites(scope)
            if not asked_for(site.module, site.call, site.module.scope(site.call))
        )

    def _counts(self, module: Module, scope: ast.AST, node: ast.AST) -> bool:
        """Whether a cut happens by itself, in code that the conversation runs through."""
        if asked_for(module, node, scope) and not by_size(module, node, scope):
            return False
        if isinstance(scope, (ast.Module, ast.Lambda)) or scope in self._run_through():
            return True
        if not isinstance(scope, FUNCTIONS):
            return False
        if self._runs_by_itself(module, scope):
            return True
        if not any(
            scope.name in m.calls_named or scope.name in m.loads for m in self.places.modules
        ):
            self.walk.unseen.append((None, f"nobody here calls {scope.name}()"))
        return False

    def _runs_by_itself(self, module: Module, scope: FunctionNode) -> bool:
        """Whether a clock runs a function: a schedule, or an endless loop that sleeps."""
        callers = self.callers.of(module)
        entry = callers.entry(scope)
        if entry is not None:
            return entry.scheduled
        return any(
            _goes_by_the_clock(site.module, loop)
            for site in callers.sites(scope)
            if not asked_for(site.module, site.call, site.module.scope(site.call))
            for loop in site.module.loops(site.call, site.module.scope(site.call))
        )

    def _run_through(self) -> set[ast.AST]:
        """The functions that run while the conversation goes on."""
        if self._reached is None:
            begin: list[tuple[ast.AST, Module]] = [(a.node, a.module) for a, _ in self.levels]
            for event in self.walk.events:
                if event.kind == "grow":
                    begin.append((event.scope, event.module))
            for store in self.walk.stores:
                if store.place is None or any(e.route.added for e in store.sources):
                    begin.append((store.scope, store.module))
            begin = [each for each in begin if isinstance(each[0], (*FUNCTIONS, ast.Lambda))]
            self._reached = {*(node for node, _ in begin), *self._callees(begin)}
            for module in self.places.modules:
                body = module.tree.body
                loose = [s for s in body if not isinstance(s, (*FUNCTIONS, ast.ClassDef))]
                self._reached |= self._callees((stmt, module) for stmt in loose)
        return self._reached

    def _outer_limits(self, arguments: Mapping, method: str) -> Iterator[Limit]:
        """Limits that the request itself asks for."""
        module = self.act.module
        for name in ("context_management", "extra_body"):
            entry = arguments.entry(name)
            if entry is None:
                continue
            written = _text_of(entry.value)
            if name == "extra_body" and "context_management" not in written:
                continue
            if any(isinstance(v, Known) and v.value is None for v in alternatives(entry.value)):
                continue
            how = "compaction" if any("compact" in w for w in written) else "context-management"
            step = Step(Role.STEP, entry.span, "the server keeps the context short")
            yield Limit(entry.span, how, step)
        lists = self._names()
        for act, node in self.levels:
            found = self.refusals.at(act.module, node, act, lists)
            if found is None and isinstance(act.node, FUNCTIONS):
                found = self.bounds.spent(act.module, act.node, act)
            if found is not None:
                yield found
        for there in dict.fromkeys(act.module for act, _ in self.levels):
            done = self.bounds.completed(there)
            if done is not None:
                yield done
        if method.endswith("thread") or ".threads" in method:
            yield limit(module, self.call, "server-thread", "the server keeps the messages")

    def _runner(self, arguments: Mapping, method: str) -> Iterator[Growth]:
        """The loop that a tool runner is."""
        if not method.endswith("tool_runner"):
            return
        span = self.act.module.span(self.call)
        ends: Limit | None = None
        entry = arguments.entry("max_iterations")
        if entry is not None:
            nones = [v for v in alternatives(entry.value) if isinstance(v, Known) and not v.value]
            if not nones:
                step = Step(Role.STEP, entry.span, "the runner ends after so many rounds")
                ends = Limit(entry.span, "max-iterations", step)
        step = Step(Role.STEP, span, "grows in the rounds of the tool runner")
        yield Growth(span, "runner", "loop", step, ends)

    # -- home --------------------------------------------------------------------------------------

    def _home(
        self, upstream: dict[object, Place], growth: list[Growth]
    ) -> tuple[Home, Place | None] | None:
        """Where the list lives between two requests, None when it is made for this one."""
        whole = list(self._whole().values())
        for home in (Home.SESSION, Home.DATABASE):
            for place in whole:
                if place.home is home:
                    return home, place
        for place in upstream.values():
            if place.home in (Home.ATTRIBUTE, Home.GLOBAL, Home.SESSION) and self._grown(place.key):
                return place.home, place
        for place in whole:
            if place.home is Home.PARAMETER:
                return Home.PARAMETER, place
        for place in whole:
            if not place.known:
                return place.home, place
        if not growth:
            return None
        for place in upstream.values():
            if self._grown(place.key) and self._fresh_stores(place):
                return Home.LOCAL, place
        return Home.LOCAL, None

    def _born(self, place: Place) -> Span | None:
        if place.home in (Home.PARAMETER, Home.DATABASE):
            return None
        stores = self._fresh_stores(place)
        stores.sort(key=lambda s: conditional(s.module, s.node, s.scope))
        return stores[0].module.span(stores[0].node) if stores else None

    # -- sent and stored ---------------------------------------------------------------------------

    def _sent_equals_stored(
        self, upstream: dict[object, Place], growth: list[Growth]
    ) -> bool | None:
        """Whether each message is kept byte for byte as it was sent."""
        if not growth:
            return None
        lasting: set[object] = set()
        spans = {g.span for g in growth}
        stored: list[ast.expr] = []
        for event in self.walk.events:
            if event.kind == "grow" and event.module.span(event.node) in spans:
                lasting.update(target.key for target in self._targets(event.place))
                stored.extend(event.items)
        if not stored:
            return None
        passing: list[ast.expr] = []
        for key in (None, *upstream):
            if key in lasting:
                continue
            for _, route, _ in self.next.get(key, ()):
                passing.extend(node for _, node in route.added)
        for event in self.walk.events:
            if event.kind == "grow" and event.place.key in upstream:
                if event.place.key not in lasting and not self._copies_over(event):
                    passing.extend(event.items)
            if event.kind == "rewrite" and event.latest:
                if any(t.key in upstream for t in self._targets(event.place)):
                    return False
        if not passing:
            return True
        kept = {_content(item) for item in stored}
        sent = {_content(item) for item in passing}
        if sent <= kept:
            return True
        return False if any(_role(item) == "user" for item in stored) else None

    def _copies_over(self, event: Event) -> bool:
        loops = event.module.loops(event.node, event.scope)
        return any(isinstance(loop, (ast.For, ast.AsyncFor)) for loop in loops)


def _called_by_name(_: Module, function: FunctionNode) -> frozenset[str]:
    """The last names of all that a function calls."""
    return frozenset(last_name(n.func) for n in walk(function) if isinstance(n, ast.Call))


def _hands_over(module: Module, function: FunctionNode, end: ast.AST, place: Place) -> bool:
    """Whether a function returns what a variable held, and ``end`` leaves an empty list in it."""
    stmt = module.statement(end)
    if stmt is None:
        return False
    for parent in module.ancestors(stmt):
        if parent is function:
            break
        if not isinstance(parent, (ast.With, ast.AsyncWith, ast.Try)):
            return False
    block = module.place(stmt)[0]
    name = place.name.rpartition(".")[2]
    taken = {
        target.id
        for each in block[: block.index(stmt) + 1]
        if isinstance(each, ast.Assign) and name in _names_in(each.value)
        for bound in each.targets
        for target in ast.walk(bound)
        if isinstance(target, ast.Name)
    }
    return any(
        node.value is not None and not taken.isdisjoint(_names_in(node.value))
        for node in module.once(exits, function)
        if isinstance(node, ast.Return)
    )


def _names_in(node: ast.AST) -> set[str]:
    """The names and attributes that an expression reads."""
    return {
        each.id if isinstance(each, ast.Name) else each.attr
        for each in ast.walk(node)
        if isinstance(each, (ast.Name, ast.Attribute))
    }


def _either_way(store: Store, stores: list[Store], act: Activation, node: ast.AST) -> bool:
    """Whether a run makes a list anew before it sends, in this branch or in the other one."""
    module, function = store.module, act.node
    if store.scope is not function or _line(store.node) >= _line(node):
        return False
    for parent in module.ancestors(store.node):
        if parent is function or isinstance(parent, LOOPS):
            return False
        if isinstance(parent, ast.If):
            mine = store.node in parent.body
            other = parent.orelse if mine else parent.body
            return (
                (mine or store.node in parent.orelse)
                and not within(module, node, parent)
                and any(each.node in other for each in stores if each.scope is function)
                and not conditional(module, parent, function)
                and not module.loops(parent, function)
            )
    return False


def _levels(call: ast.AST, act: Activation) -> list[tuple[Activation, ast.AST]]:
    """The runs a request is sent in, innermost first.

    A function in a function that is handed to something else (``retry(send)``) is run by that, and
    so within the function around it.
    """
    levels = list(runs(call, act))
    inner, around = levels[-1][0], levels[-1][0].lexical
    if isinstance(inner.node, FUNCTIONS) and around is not None and inner.site is None:
        if isinstance(around.node, FUNCTIONS) and not inner.node.decorator_list:
            for load in around.module.loads.get(inner.node.name, ()):
                parent = around.module.parents.get(load)
                if isinstance(parent, ast.Call) and around.module.scope(load) is around.node:
                    levels += runs(load, around)
                    break
    return levels


def parted(module: Module, one: ast.AST, other: ast.AST) -> bool:
    """Whether ``one`` stands in a branch that leaves its function before it comes to ``other``."""
    for parent in module.ancestors(one):
        if isinstance(parent, (*FUNCTIONS, ast.Module, ast.Lambda, *LOOPS)):
            return False
        if isinstance(parent, ast.If) and not within(module, other, parent):
            body = (
                parent.body if any(within(module, one, s) for s in parent.body) else parent.orelse
            )
            if body and isinstance(body[-1], (ast.Return, ast.Raise)):
                return True
    return False


def answered(module: Module, loop: ast.AST) -> bool:
    """Whether each round of a loop waits for somebody, not only what it does for each item."""
    if isinstance(loop, (ast.For, ast.AsyncFor)):
        return True
    for node in ast.walk(loop):
        if isinstance(node, ast.Call) and waits(node):
            around = list(module.ancestors(node))
            inside = around[: around.index(loop)] if loop in around else []
            if not any(isinstance(each, (ast.For, ast.AsyncFor)) for each in inside):
                return True
    return False


def _goes_by_the_clock(module: Module, loop: ast.AST) -> bool:
    """Whether a loop goes on for good, and sleeps between its rounds; nobody answers in it."""
    if not isinstance(loop, ast.While) or not isinstance(loop.test, ast.Constant):
        return False
    slept = (n for n in walk(loop) if isinstance(n, ast.Call) and last_name(n.func) == "sleep")
    return any(slept) and not answered(module, loop)


def _decides(module: Module, node: ast.AST) -> bool:
    """Whether a sum has a name that is compared with something: so many answers were given."""
    if not isinstance(node, ast.Call) or dotted(node.func) != "sum":
        return False
    stmt = module.parents.get(node)
    if not isinstance(stmt, ast.Assign) or not isinstance(stmt.targets[0], ast.Name):
        return False
    return any(
        isinstance(module.parents.get(load), ast.Compare)
        for load in module.loads.get(stmt.targets[0].id, ())
        if module.scope(load) is module.scope(stmt)
    )


def _inner(one: Repeated, other: Repeated) -> bool:
    if one.loop is None or other.loop is None:
        return False
    return one.loop.index > other.loop.index


def _distinct(items: list[_T]) -> list[_T]:
    return list(dict.fromkeys(items))


def _summarises(store: Store) -> bool:
    if store.value is None:
        return False
    return any(
        "summar" in node.id.lower() for node in ast.walk(store.value) if isinstance(node, ast.Name)
    )


def _text_of(value: object) -> list[str]:
    """Every text in a value, keys and all."""
    found: list[str] = []
    if isinstance(value, Known):
        found.append(str(value.value))
    elif isinstance(value, Mapping):
        for entry in value.entries:
            found.extend(_text_of(entry.key))
            found.extend(_text_of(entry.value))
    elif isinstance(value, Sequence):
        for item in value.items:
            found.extend(_text_of(item))
    else:
        for alternative in getattr(value, "alternatives", ()):
            found.extend(_text_of(alternative.value))
    return found


def _content(node: ast.expr) -> str:
    """The content of a message as written."""
    if isinstance(node, ast.Dict):
        for key, value in zip(node.keys, node.values, strict=True):
            if isinstance(key, ast.Constant) and key.value == "content":
                return ast.dump(value)
    return ast.dump(node)


def _role(node: ast.expr) -> str:
    if isinstance(node, ast.Dict):
        for key, value in zip(node.keys, node.values, strict=True):
            if isinstance(key, ast.Constant) and key.value == "role":
                return str(value.value) if isinstance(value, ast.Constant) else ""
    if isinstance(node, ast.Call):
        written = [*node.args, *(k.value for k in node.keywords)]
        for each in written:
            if isinstance(each, ast.Constant) and each.value in ("user", "assistant"):
                return str(each.value)
    return ""


def _is_main(test: ast.expr) -> bool:
    """``__name__ == "__main__"``."""
    return any(isinstance(n, ast.Constant) and n.value == "__main__" for n in ast.walk(test))


def _line(node: ast.AST) -> int:
    return getattr(node, "lineno", 0)


def _forgotten(module: Module, node: ast.AST) -> Limit:
    label = "what it was for is done here, and it is forgotten"
    return limit(module, node, "concluded", label)


def _is_ours(message: Mapping) -> bool:
    """Whether a message is none of the model's."""
    role = message.get("role")
    return not (isinstance(role, Known) and role.value == "assistant")


def _is_text(value: Value | None, ours: bool) -> bool:
    """Whether the content of a message surely is one text; of ours, what somebody types."""
    return value is not None and all(
        (isinstance(each, Text) and all(_is_typed(leaf, ours) for leaf, _ in parts_of(each)))
        or (isinstance(each, Known) and isinstance(each.value, str))
        or (isinstance(each, Unknown) and each.type == "str" and _is_typed(each, ours))
        for each in alternatives(value)
    )


def _is_typed(leaf: Value, ours: bool) -> bool:
    """Whether a part of a text is written here or typed, and what no other code has made of it."""
    if not ours or isinstance(leaf, Known):
        return True
    return (
        isinstance(leaf, Unknown)
        and leaf.entry == "turn"
        and not leaf.reason.startswith("result of")
    )


def _condensing(module: Module) -> tuple[str, ...]:
    """The names of what a module calls to make a shorter account of something."""
    return tuple(
        name for name in module.calls_named if _CONDENSES.search(name) and not _SHOWS.search(name)
    )


def _comes_in(target: Place, function: FunctionNode) -> bool:
    """Whether a list is part of what a handler is called with: of a request's body."""
    if target.home is not Home.ATTRIBUTE or target.cls is None:
        return False
    cls = target.cls.node
    if not any(last_name(base) in _BODIES for base in cls.bases):
        return False
    # another parameter of that class, or an object of it that lives on, is none of its body
    made = target.path.partition(".")[0]
    for each in parameters(function):
        said = each.annotation
        if isinstance(said, ast.Constant) and isinstance(said.value, str):
            named = said.value.rpartition(".")[2] == cls.name
        else:
            named = said is not None and last_name(said) == cls.name
        if named and each.arg == made and default_of(function, each.arg) is None:
            return True
    return False


def _ends_it(scope: ast.AST) -> bool:
    """Whether a function by its name is where a conversation ends, not where one is begun anew."""
    if not isinstance(scope, FUNCTIONS) or BEGINS.search(scope.name.strip("_")):
        return False
    return ENDS.search(scope.name.strip("_")) is not None
