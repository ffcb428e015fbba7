"""Where a name is bound: in a comprehension, a function, around it, in the module, built in."""

from __future__ import annotations

import ast
import builtins
from typing import TYPE_CHECKING

from skinflint.linter import operations as ops
from skinflint.linter.activation import (
    Activation,
    ExternalHandle,
)
from skinflint.linter.module import COMPREHENSIONS, DEFINITIONS, FUNCTIONS, Module, walk
from skinflint.linter.shapes import (
    ALWAYS,
    accumulates,
    fills_once,
    frozen,
    within,
)
from skinflint.linter.spans import Role, Span, Step
from skinflint.linter.values import (
    Confidence,
    Key,
    Known,
    Mapping,
    Object,
    Sequence,
    Source,
    Unknown,
    Value,
)
from skinflint.records import replace

if TYPE_CHECKING:
    from skinflint.linter.evaluate import Evaluator

#: Assignments of one global that are looked at.
MOST_WRITES = 4
#: What Python gives each module, by where its file is.
_OF_MODULES = frozenset(("__file__", "__name__", "__package__", "__path__"))
_BUILTINS = frozenset(name for name in dir(builtins) if not name.startswith("_"))


class Names:
    """Looks names up for an :class:`Evaluator`."""

    def __init__(self, evaluator: Evaluator) -> None:
        self.ev = evaluator

    def name(self, name: str, node: ast.AST, act: Activation) -> Value:
        """What ``name`` is worth where ``node`` stands."""
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
            here = here or self._called_at(name, current)
            current = current.lexical
            if current is not None and isinstance(current.node, ast.ClassDef):
                here = current.node if here is not None else None
                current = current.lexical
        span = act.module.span(node)
        if name in _BUILTINS:
            return Object("import", span, (), (), ExternalHandle(f"builtins.{name}"))
        if name in _OF_MODULES:
            return Unknown(f"`{name}` of the module", span, (), (), "environment", "str", False)
        if name in act.module.source.restored:
            # Its value lies on the disk, where another notebook has put it.
            return Unknown(f"`{name}` is restored by %store", span, (), (), "file")
        return self.ev.unknown(f"`{name}` is not bound here", node, act)

    def _called_at(self, name: str, act: Activation) -> ast.stmt | None:
        """The statement of its own module that a run comes from, if ``name`` is bound anew later.

        A script or a notebook calls a function between two bindings of what it reads.
        """
        if act.caller is None or act.lexical is None or not isinstance(act.node, FUNCTIONS):
            return None
        module, top = act.module, act
        places = module.touching(module.tree.body, name)
        if len(places) < 2 or not isinstance(act.lexical.node, ast.Module):
            return None
        while top.caller is not None and not isinstance(top.caller.node, ast.Module):
            top = top.caller
        if top.caller is None or top.caller.module is not module or top.site is None:
            return None
        stmt = module.statement(top.site)
        around = set() if stmt is None else {stmt, *module.ancestors(stmt)}
        index = next((i for i, each in enumerate(module.tree.body) if each in around), -1)
        if not places[0] < index < places[-1] or module.global_writes(name):
            return None
        return stmt

    def _name_in(self, name: str, node: ast.AST | None, act: Activation) -> Value | None:
        scope = act.node
        if isinstance(scope, DEFINITIONS):
            if name in act.module.globals_of(scope):
                return None if isinstance(scope, ast.ClassDef) else self._declared(name, node, act)
            bound = self._comprehension_target(name, node, act)
            if bound is not None:
                return bound
            if name not in act.module.locals_of(scope):
                return None
            return self._local(name, node, act)
        if isinstance(scope, ast.Module):
            return self._module_name(name, node, act)
        if isinstance(scope, COMPREHENSIONS):
            if act.arguments and name in act.arguments:
                return self.ev.argument(act.arguments[name])
            return None
        if isinstance(scope, ast.Lambda):
            if name in act.module.parameter_names(scope):
                return self.ev.parameters.parameter(name, act)
            return None
        return None

    def _declared(self, name: str, node: ast.AST | None, act: Activation) -> Value | None:
        """A name declared global: what this function made of it before, else the global."""
        stmt = act.module.statement(node) if node is not None else None
        if stmt is None:
            return None
        if all(fills_once(w, name, act.module) for w in act.module.global_writes(name)):
            return None  # filled once and kept: what the module has of it in the end
        return self.ev.flow.before(name, stmt, act)

    def _comprehension_target(
        self, name: str, node: ast.AST | None, act: Activation
    ) -> Value | None:
        """A comprehension's variable when the element is evaluated outside of `_generated`."""
        if node is None or node not in act.module.comprehended:
            return None
        for parent in act.module.ancestors(node):
            if parent is act.node or isinstance(parent, ast.stmt):
                return None
            if isinstance(parent, COMPREHENSIONS):
                for generator in parent.generators:
                    names = {n.id for n in walk(generator.target) if isinstance(n, ast.Name)}
                    if name in names and not within(act.module, node, generator.iter):
                        return self.ev.flow.loop_item(name, generator, parent, act)
        return None

    def _local(self, name: str, node: ast.AST | None, act: Activation) -> Value | None:
        scope = act.node
        assert isinstance(scope, DEFINITIONS)
        if node is None:
            value = self.ev.flow.after_body(name, scope.body, act, lambda: self.on_entry(name, act))
        else:
            stmt = act.module.statement(node)
            if stmt is None or stmt is scope:
                value = self.ev.flow.after_body(
                    name, scope.body, act, lambda: self.on_entry(name, act)
                )
            else:
                value = self.ev.flow.before(name, stmt, act, node)
        if value is None and isinstance(scope, FUNCTIONS):
            missing = self.ev.unknown(f"`{name}` may not be bound here", node or scope, act)
            # With these arguments it isn't reached, else what binds it isn't seen.
            return replace(missing, entry="literal") if self._unbound(name, node, act) else missing
        return value

    def _unbound(self, name: str, node: ast.AST | None, act: Activation) -> bool:
        """Whether conditions that are known keep a run from ``node``, or from all that binds it."""
        if node is not None and self.ev.flow.never_comes(node, act):
            return True
        binding = [
            each
            for each in walk(act.node)
            if each is not act.node
            and name in _bound_at(each)
            and act.module.scope(each) is act.node
        ]
        return bool(binding) and all(self.ev.flow.never_comes(each, act) for each in binding)

    def on_entry(self, path: str, act: Activation) -> Value | None:
        """What ``path`` is worth when the scope of ``act`` begins."""
        if "." in path:
            return self.ev.instances.declared(path, act)
        scope = act.node
        if isinstance(scope, FUNCTIONS) and path in act.module.parameter_names(scope):
            return self.ev.parameters.parameter(path, act)
        return None

    def _module_name(self, name: str, node: ast.AST | None, act: Activation) -> Value | None:
        value = self._made_in_module(name, node, act)
        if self.ev.any_stable or self.ev.surfaces.own:
            return self.ev.declared(value, f"{act.module.name}.{name}")
        return value

    def _made_in_module(self, name: str, node: ast.AST | None, act: Activation) -> Value | None:
        tree = act.module.tree
        stmt = act.module.statement(node) if node is not None else None
        at_top = stmt is not None and isinstance(act.module.scope(stmt), ast.Module)
        memo_key = ("end", name)
        if at_top and stmt is not None:
            bound = self._comprehension_target(name, node, act)
            if bound is not None:
                return bound
            value = self.ev.flow.before(name, stmt, act, node)
        else:
            value = act.memo.get(memo_key)
            if value is None:
                busy = ("module", name, id(act))
                if busy in self.ev.busy:
                    return self.ev.around(tree, act)
                self.ev.busy.add(busy)
                try:
                    value = self.ev.flow.after_body(name, tree.body, act, lambda: None)
                finally:
                    self.ev.busy.discard(busy)
                if value is not None:
                    value = self._with_writes(name, value, act)
                    act.memo[memo_key] = value
                else:
                    value = self._only_declared(name, act)
        if value is None and act.module.star_imports:
            value = self._starred(name, act)
        return value

    def _only_declared(self, name: str, act: Activation) -> Value | None:
        """A global that only functions assign."""
        writes = act.module.global_writes(name)
        if not writes:
            return None
        span = act.module.span(writes[0])
        made = [(self._assigned(name, stmt, act), None) for stmt in writes[:MOST_WRITES]]
        return ops.choice(made, span, (), (ops.unknown_key(name, span, ()),))

    def _assigned(self, name: str, stmt: ast.stmt, act: Activation) -> Value:
        """What a function assigns to a global: its content may show, its variation does not."""
        span = act.module.span(stmt)
        reason = f"`{name}` is assigned by functions at run time"
        unseen = Unknown(reason, span, (), (ops.unknown_key(name, span, ()),))
        if isinstance(stmt, (ast.Assign, ast.AnnAssign)) and stmt.value is not None:
            runs = self.ev.runs(stmt, act.module)
            if not runs:
                runs = [Activation(act.module, act.module.scope(stmt), (), None, act)]
            return self.ev.flow.assigned_in(stmt.value, runs, unseen)
        return unseen

    def _with_writes(self, name: str, value: Value, act: Activation) -> Value:
        """A module global that functions change after import.

        Filling it once (``if X is None: X = ...``) keeps it fixed; what is appended or added to it
        is an event; plain reassignment leaves its variation unknown.
        """
        writes = act.module.global_writes(name)
        if not writes:
            return value
        grows = [stmt for stmt in writes if accumulates(stmt, name, ops.is_queue(value))]
        if grows:
            span = act.module.span(grows[0])
            key = Key(
                Source.EVENT,
                name,
                span,
                confidence=Confidence.MEDIUM,
                trail=(Step(Role.SOURCE, span, f"`{name}` changes here after import"),),
                # An event is no matter of a frame: it lies between any two calls.
                frame=ALWAYS,
            )
            # What is seen of it at import stays in front of what is added.
            paths = [(stmt, name) for stmt in grows]
            why = "grows after import"
            if isinstance(value, Sequence):
                return self.ev.flow.with_added(value, paths, act.module, key, why)
            if isinstance(value, Mapping):
                return self.ev.flow.with_entries(value, paths, act.module, key, why)
            return ops.derived(
                f"`{name}` changes after import",
                span,
                (),
                value,
                Unknown("", span, (), (key,)),
            )
        if all(fills_once(stmt, name, act.module) for stmt in writes):
            filled: list[tuple[Value, Span | None]] = []
            if not (isinstance(value, Known) and value.value is None):
                filled.append((value, None))
            for stmt in writes:
                if isinstance(stmt, (ast.Assign, ast.AnnAssign)) and stmt.value is not None:
                    function = act.module.scope(stmt)
                    inner = Activation(act.module, function, (), None, act)
                    filled.append((frozen(self.ev.evaluate(stmt.value, inner)), None))
            if filled:
                return ops.choice(filled, act.module.span(writes[0]))
        span = act.module.span(writes[0])
        options: list[tuple[Value, Span | None]] = [(value, None)]
        options += [(self._assigned(name, stmt, act), None) for stmt in writes[:MOST_WRITES]]
        return ops.choice(options, span, (), (ops.unknown_key(name, span, ()),))

    def module_global(self, name: str, module: Module) -> Value | None:
        """What ``name`` is worth in ``module`` in the end, built-in names included."""
        value = self._module_name(name, None, self.ev.root_of(module))
        if value is None and name in _BUILTINS:
            handle = ExternalHandle(f"builtins.{name}")
            return Object("import", module.span(module.tree), (), (), handle)
        return value

    def global_of(self, module: Module, name: str) -> Value | None:
        """What other modules get when they import ``name`` from ``module``."""
        return self._module_name(name, None, self.ev.root_of(module))

    def _starred(self, name: str, act: Activation) -> Value | None:
        """A name that ``from x import *`` brings into the module of ``act``."""
        for stmt in reversed(act.module.star_imports):
            found = (
                self.ev.project.find(act.module, stmt.module or "", stmt.level)
                if self.ev.project
                else None
            )
            if not isinstance(found, Module):
                continue
            busy = ("star", name, found)
            if busy in self.ev.busy:
                continue
            public = found.exported
            if name.startswith("_") if public is None else name not in public:
                continue
            self.ev.busy.add(busy)
            try:
                value = self.global_of(found, name)
            finally:
                self.ev.busy.discard(busy)
            if value is not None:
                return value
        return None


def _bound_at(node: ast.AST) -> tuple[str | None, ...]:
    """The names that a node itself binds."""
    if isinstance(node, ast.Name):
        return (node.id,) if isinstance(node.ctx, ast.Store) else ()
    if isinstance(node, (*DEFINITIONS, ast.ExceptHandler, ast.MatchAs, ast.MatchStar)):
        return (node.name,)
    if isinstance(node, ast.MatchMapping):
        return (node.rest,)
    if isinstance(node, ast.alias):
        return (node.asname or node.name.partition(".")[0],)
    return ()
