"""Who calls a function, how often and with what: the activations a request can be sent in.

Going up from the function of a request to the entry points gives chains of activations; each has
a frame, and the levels of that frame which repeat are the reuse pairs of the request.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from skinflint.catalog.sources import EntryFact
from skinflint.linter import operations as ops
from skinflint.linter.activation import (
    Activation,
    Argument,
    ClassHandle,
    ExternalHandle,
    FunctionHandle,
    InstanceHandle,
)
from skinflint.linter.endings import ending_tools, goes_through, only_resumes
from skinflint.linter.evaluate import MOST_SEARCHES, Evaluator
from skinflint.linter.module import (
    COMPREHENSIONS,
    FUNCTIONS,
    LOOPS,
    FunctionNode,
    Module,
    dotted,
    last_name,
    own_nodes,
    parameters,
    walk,
)
from skinflint.linter.request import Pair, PairKind
from skinflint.linter.shapes import MOST_USERS, RUNNERS, holds_a_container
from skinflint.linter.spans import Role, Span, Step
from skinflint.linter.started import Started, started
from skinflint.linter.values import (
    ENTRIES,
    Choice,
    Confidence,
    Frame,
    Known,
    Mark,
    MarkKind,
    Object,
    Repeat,
    Sequence,
    Unknown,
    Value,
    alternatives,
)
from skinflint.records import replace

if TYPE_CHECKING:
    from skinflint.linter.tree import Tree

MOST_CHAINS = 8
LONGEST_CHAIN = 6
MOST_INSTANCES = 4
MOST_SITES = 16  # calls of one function that are followed further up
MOST_JUDGED = 16  # runs of a function that are judged where more lead to it than are followed

#: Names of functions that run once for each start of a program.
ONE_SHOT = ("main", "_main", "cli", "run_cli", "__init__", "setup", "demo")

#: More of them: these hand on a whole function of the project.
_RUNNERS = {**RUNNERS, "create_task": 0, "start_new_thread": 0, "sync_to_async": 0}


class CallSite(NamedTuple):
    """A call of a function; ``shift`` is the position of the function where it is handed over."""

    module: Module
    call: ast.Call
    shift: int  # -1: it is called itself
    started: Started | None = None  # what is handed over is in one piece


def _meant(site: CallSite) -> ast.expr:
    """Where a call names the function."""
    if site.started is not None:
        return site.started.function
    return site.call.args[site.shift] if site.shift >= 0 else site.call.func


#: What stands in a module that sends batches to Claude.
_BATCHES = ("messages.batches.create", "messages/batches")


class Callers:
    """Finds the activations of the functions of one module, wherever they are called from."""

    def __init__(
        self,
        evaluator: Evaluator,
        module: Module | None = None,
        family: dict[Module, Callers] | None = None,
    ) -> None:
        self.ev = evaluator
        self.module: Module = module or evaluator.module
        if family is None:
            family = {}
            evaluator.callers = self
        self._family = family  # of all modules, under one evaluator
        self._family[self.module] = self
        self._activations: dict[ast.AST, list[Activation]] = {}
        self._deep: dict[tuple[ast.AST, int], list[Activation]] = {}
        self._sites: dict[ast.AST, list[CallSite]] = {}
        self._entries: dict[ast.AST, EntryFact | None] = {}
        self.cut: set[ast.AST] = set()  # functions with more runs than are followed
        self._unlisted: set[ast.AST] = set()  # those whose callers are not all found
        self._all: dict[ast.AST, list[Activation]] = {}  # of functions whose runs are all counted
        self._made: dict[ast.ClassDef, list[Object]] = {}
        self._loops: dict[Span, ast.AST] | None = None
        self._pairs: dict[tuple[ast.AST, Mark], Pair | None] = {}  # of loops, at depth 0
        self._filled: dict[Span, bool] = {}
        self._unseen: dict[ast.ClassDef, bool] = {}  # classes that are made where it can't be seen
        self._ends: dict[int, tuple[str, str]] = {}
        self._plain_runs: dict[FunctionNode, Activation] = {}
        self._replaced: dict[tuple[ast.ClassDef, ast.ClassDef, FunctionNode], bool] = {}
        self._kept: list[object] = []

    def of(self, module: Module) -> Callers:
        """The same for the functions of another module."""
        found = self._family.get(module)
        return found if found is not None else Callers(self.ev, module, self._family)

    def close(self) -> None:
        """Let go of one another."""
        self._family.clear()

    def tree(self, module: Module) -> Tree | None:
        """The files of the project of a module; None where it has none on disk."""
        project = self.ev.project
        return project.tree(module) if project is not None else None

    def looked_into(self) -> tuple[Module, ...]:
        """The modules that were looked into on the way to a request."""
        return tuple(self._family)

    def text_of(self, path: str) -> str:
        """The text of a module that was looked into, "" for any other."""
        found = (module for module in self._family if module.path == path)
        return next((module.source.text for module in found), "")

    @property
    def root(self) -> Activation:
        """The run of the module when it is imported."""
        return self.ev.root_of(self.module)

    # -- activations -------------------------------------------------------------------------------

    def activations(self, node: ast.AST) -> list[Activation]:
        """The runs of the function (or module) in which ``node`` is evaluated."""
        return self._of_scope(self.module.function_around(node), ())

    def by_nobody_here(self, node: ast.AST) -> list[Activation]:
        """The runs in which ``node`` is evaluated if no caller that is here leads to it."""
        scope = self.module.function_around(node)
        return self._entry_activations(scope, ()) if isinstance(scope, FUNCTIONS) else []

    def is_cut(self, node: ast.AST) -> bool:
        """Whether more runs lead to ``node`` than are followed, as far as that was asked."""
        return any(callers.cut for callers in self._family.values()) and self._is_cut(node, set())

    def _is_cut(self, node: ast.AST, seen: set[ast.AST]) -> bool:
        return self._is_cut_scope(self.module.function_around(node), seen)

    def _is_cut_scope(self, scope: ast.AST, seen: set[ast.AST]) -> bool:
        if scope in self.cut:
            return True
        if scope in seen or not isinstance(scope, FUNCTIONS):
            return False
        seen.add(scope)
        return any(
            self.of(site.module)._is_cut(site.call, seen) for site in self._sites.get(scope, ())
        )

    def others(self, node: ast.AST) -> list[Activation] | None:
        """The runs in which ``node`` is evaluated beyond those that are followed.

        None if they are too many, or can't all be told.
        """
        found = self._every(self.module.function_around(node), ())
        followed = {_way_to(act) for act in self.activations(node)}
        return None if found is None else [each for each in found if _way_to(each) not in followed]

    def _every(self, scope: ast.AST, busy: tuple[ast.AST, ...]) -> list[Activation] | None:
        if scope in self._all:
            return self._all[scope]
        followed = self._of_scope(scope, ())
        if not self._is_cut_scope(scope, set()):
            return followed
        if scope in busy or scope in self._unlisted or not isinstance(scope, FUNCTIONS):
            return None
        if self.entry(scope) is not None:
            return None
        found: list[Activation] = []
        for site in self.sites(scope):
            there = self.of(site.module)
            runs = there._every(there.module.function_around(site.call), (*busy, scope))
            made = [self._bound(scope, site, run) for run in runs or ()]
            found += [act for act in made if act is not None]
            if not made or None in made or len(found) > MOST_JUDGED:
                return None
        self._all[scope] = found
        return found

    def _of_scope(self, scope: ast.AST, busy: tuple[ast.AST, ...]) -> list[Activation]:
        if isinstance(scope, ast.Module):
            return [self.root]
        found = self._activations.get(scope)
        if found is not None:
            return found
        deep = (scope, len(busy))
        if deep in self._deep:
            return self._deep[deep]
        if scope in busy:
            self.ev.cycles += 1
            return []
        if len(busy) >= LONGEST_CHAIN:
            return []
        cycles = self.ev.cycles
        made: list[Activation] = []
        inner = (*busy, scope)
        if isinstance(scope, ast.Lambda):
            outer = self.module.scope(scope)
            for around in self._of_scope(outer, inner)[:2]:
                frame = (*self.ev.frame_at(scope, around), self._mark(scope))
                made.append(Activation(self.module, scope, frame, None, around, None, around.chain))
        elif isinstance(scope, FUNCTIONS):
            if not self.entry(scope):
                made = self._called(scope, inner)
            if not made:
                made = self._entry_activations(scope, inner)
        if len(made) > MOST_CHAINS:
            self.cut.add(scope)
        made = made[:MOST_CHAINS]
        if not busy:
            self._activations[scope] = made
        elif cycles == self.ev.cycles:  # a cycle cuts short: true only for this way up
            self._deep[deep] = made
        return made

    def _called(self, function: FunctionNode, busy: tuple[ast.AST, ...]) -> list[Activation]:
        """The runs of a function that is called here: of each call one chain, then another."""
        ways: list[list[Activation]] = []
        if len(self.sites(function)) > MOST_SITES:
            self.cut.add(function)
        for site in self.sites(function)[:MOST_SITES]:
            there = self.of(site.module)
            made = (
                self._bound(function, site, caller)
                for caller in there._of_scope(there.module.function_around(site.call), busy)
            )
            ways.append([act for act in made if act is not None])
        longest = max((len(way) for way in ways), default=0)
        return [way[turn] for turn in range(longest) for way in ways if turn < len(way)]

    def _mark(self, scope: ast.AST) -> Mark:
        name = scope.name if isinstance(scope, FUNCTIONS) else "a lambda"
        return Mark(MarkKind.FUNCTION, name, self.module.span(scope))

    def _bound(
        self, function: FunctionNode, site: CallSite, caller: Activation
    ) -> Activation | None:
        """The activation of ``function`` that a call of it makes."""
        ev = self.ev
        call, shift = site.call, site.shift
        span = site.module.span(call)
        handle = FunctionHandle(function, self.module, self._lexical(function, caller))
        cls = self.module.enclosing_class(function)
        if cls is not None and not _static(function):
            base = self._receiver(_meant(site), caller, cls)
            if base is None:
                return None
            handle.instance = base
        args, keywords = call.args[shift + 1 :], call.keywords
        if site.started is not None:
            args, keywords = site.started.args, site.started.keywords
        bound: dict[str, Argument] = ev.calls.bind(handle, args, keywords, caller)
        frame: Frame = (*ev.frame_at(call, caller), self._mark(function))
        label = f"{function.name}() is called here"
        return Activation(
            self.module,
            function,
            frame,
            bound,
            handle.lexical,
            handle.instance,
            (*caller.chain, Step(Role.STEP, span, label)),
            0,
            "arguments that can't be seen"
            if any(k.arg is None for k in keywords)
            or any(isinstance(a, ast.Starred) for a in args)
            or (site.started is not None and site.started.open)
            else "",
            caller=caller,
            site=call,
        )

    def _receiver(
        self, reference: ast.expr, caller: Activation, cls: ast.ClassDef
    ) -> Object | None:
        if not isinstance(reference, ast.Attribute):
            return None
        base = self.ev.evaluate(reference.value, caller)
        for value in alternatives(base):
            if isinstance(value, Object) and isinstance(value.handle, InstanceHandle):
                if any(c.node is cls for c in self.ev.instances.bases(value.handle.cls)):
                    return value
                if self._may_be(value.handle, cls):
                    return self._instances(cls)[0]
            if isinstance(value, Object) and isinstance(value.handle, ClassHandle):
                return self._instances(cls)[0]
        return None

    def _may_be(self, handle: InstanceHandle, cls: ast.ClassDef) -> bool:
        """Whether an instance of unknown making may be one of the derived class ``cls``."""
        return handle.arguments is None and self._derives(cls, handle.cls.node)

    def _lexical(self, function: FunctionNode, caller: Activation) -> Activation:
        """The activation of the scope around a function, as its caller sees it."""
        outer = self.module.scope(function)
        if isinstance(outer, ast.ClassDef):
            return self._class_scope(outer)
        if isinstance(outer, ast.Module):
            return self.root
        current: Activation | None = caller
        while current is not None:
            if current.node is outer:
                return current
            current = current.lexical
        found = self._of_scope(outer, (function,))
        return found[0] if found else self.root

    def _class_scope(self, cls: ast.ClassDef) -> Activation:
        return self.root

    def _entry_activations(
        self, function: FunctionNode, busy: tuple[ast.AST, ...]
    ) -> list[Activation]:
        """Runs whose caller isn't here: their parameters are entry parameters.

        There is one for each way in which the object of a method is made.
        """
        outer = self.module.scope(function)
        cls = self.module.enclosing_class(function)
        lexical = self.root
        if cls is None and isinstance(outer, FUNCTIONS):
            # Handed out by the function around it (a decorator): one for each run of that.
            mark = self._mark(function)
            return [
                Activation(self.module, function, (*around.frame, mark), None, around)
                for around in self._of_scope(outer, busy) or [self.root]
            ]
        if cls is None or _static(function):
            frame = (*lexical.frame, self._mark(function))
            return [Activation(self.module, function, frame, None, lexical)]
        made = []
        for instance in self._instances(cls):
            frame = instance.frame
            if function.name not in ("__init__", "__post_init__"):
                frame = (*frame, self._mark(function))
            made.append(Activation(self.module, function, frame, None, lexical, instance))
        return made

    def made(self, cls: ast.ClassDef) -> list[Object]:
        """The instances of a class of this module that the project is seen to make."""
        return [
            each
            for each in self._instances(cls)
            if isinstance(each.handle, InstanceHandle) and each.handle.arguments is not None
        ]

    def fills(self, span: Span) -> bool:
        """Whether the project fills the parameter, or the field of a class, that stands at a place.

        What is looked at without a caller shows parameters as entries. Of a constructor and of
        fields it asks who makes instances. What a framework calls is an entry, whoever calls it
        besides.
        """
        found = self._filled.get(span)
        if found is None:
            module = self.ev.module_at(span.path)
            there = self.of(module)
            found = self._filled[span] = module.path == span.path and there._fills(span)
        return found

    def end_of(self, made: Object, depth: int = 0) -> tuple[str, str]:
        """Where what an object was constructed with ends, and the reason given there."""
        handle = made.handle
        assert isinstance(handle, InstanceHandle)
        known = self._ends.get(id(handle))
        if known is None:
            self._ends[id(handle)] = ("literal", "")  # for who asks meanwhile
            values = [self.ev.argument(each) for each in (handle.arguments or {}).values()]
            known = ops.end_of(*values)
            for inner in ops.objects_in(*values) if known[0] in ENTRIES and depth < 3 else ():
                other = self.end_of(inner, depth + 1)
                if other[0] not in ENTRIES or known[0] == "literal":
                    known = other
                if known[0] not in ENTRIES:
                    break
            self._ends[id(handle)] = known
            self._kept.append(handle)  # its identity is the key
        return known

    def _fills(self, span: Span) -> bool:
        function = next(
            (
                each
                for each in self.module.functions
                if each.lineno <= span.line
                and any(self.module.span(parameter) == span for parameter in parameters(each))
            ),
            None,
        )
        if function is None:
            cls = self._declaring(span)
        else:
            cls = self.module.enclosing_class(function)
            if cls is None or function.name not in ("__init__", "__post_init__", "__new__"):
                if self.entry(function) is not None:
                    return False
                if self.sites(function):
                    return True
                return (
                    cls is not None and self._made_unseen(cls) and self._says(f".{function.name}(")
                )
        return cls is not None and (bool(self.made(cls)) or self._made_unseen(cls))

    def _made_unseen(self, cls: ast.ClassDef) -> bool:
        """Whether the project makes instances of a class in a way that can't be followed.

        So it does where the class is registered by a decorator, stands in a table, or is named in
        a text that a factory imports.
        """
        found = self._unseen.get(cls)
        if found is None:
            found = self._unseen[cls] = not self.made(cls) and (
                any(self._is_own(decorator) for decorator in cls.decorator_list)
                or any(_in_table(m, cls) for m in (self.module, *self.users(cls.name, cls)))
                or self._quotes(cls.name)
            )
        return found

    def _is_own(self, decorator: ast.expr) -> bool:
        """Whether a decorator is a function of the project."""
        target = decorator.func if isinstance(decorator, ast.Call) else decorator
        value = self.ev.evaluate(target, self.root)
        return isinstance(value, Object) and isinstance(value.handle, FunctionHandle)

    def _quotes(self, name: str) -> bool:
        project = self.ev.project
        return project is not None and project.quotes(self.module, name)

    def _says(self, *words: str) -> bool:
        project = self.ev.project
        return project is not None and project.says(self.module, words)

    def _declaring(self, span: Span) -> ast.ClassDef | None:
        """The class that declares a field at a place."""
        for cls in self.module.classes.values():
            for stmt in cls.body:
                if isinstance(stmt, ast.AnnAssign) and self.module.span(stmt) == span:
                    return cls
        return None

    def _instances(self, cls: ast.ClassDef) -> list[Object]:
        """The instances of a class: as they are constructed here, else one of unknown making."""
        found = self._made.get(cls)
        if found is None:
            self._made[cls] = [self._somehow(cls)]  # for who asks meanwhile
            made: dict[Span, Object] = {}
            for module in (self.module, *self.users(cls.name, cls, False)):
                self.of(module)._constructed(cls, made)
                if len(made) >= MOST_INSTANCES:
                    break
            found = self._made[cls] = list(made.values())[:MOST_INSTANCES] or [self._somehow(cls)]
        return found

    def _constructed(self, cls: ast.ClassDef, made: dict[Span, Object]) -> None:
        """Add the instances of ``cls`` that this module makes, by the calls that make them."""
        derived = [
            node.name
            for node in self.module.classes.values()
            if node is not cls and any((dotted(b) or "").endswith(cls.name) for b in node.bases)
        ]
        for name in (*self.module.known_as(cls.name), *derived):
            calls = list(self.module.calls_named.get(name, ()))
            if name == cls.name and self.module.classes.get(name) is cls:
                calls += [  # ``cls(...)`` in a class method
                    call
                    for call in self.module.calls_named.get("cls", ())
                    if self.module.enclosing_class(self.module.scope(call)) is cls
                ]
            for call in calls:
                scope = self.module.function_around(call)
                if not isinstance(scope, (ast.Module, *FUNCTIONS)):
                    continue
                acts = [self.root] if isinstance(scope, ast.Module) else []
                by_cls = getattr(call.func, "id", "") == "cls"
                if not acts and (by_cls or self.module.enclosing_class(scope) is not cls):
                    acts = self._of_scope(scope, (cls,))
                for act in acts[:1]:
                    for value in alternatives(self.ev.evaluate(call, act)):
                        if isinstance(value, Object) and isinstance(value.handle, InstanceHandle):
                            own = self.ev.instances.bases(value.handle.cls)
                            if any(c.node is cls for c in own):
                                made.setdefault(self.module.span(call), value)

    def _somehow(self, cls: ast.ClassDef) -> Object:
        """An instance of unknown making."""
        span = self.module.span(cls)
        frame: Frame = (Mark(MarkKind.OBJECT, cls.name, span),)
        handle = InstanceHandle(ClassHandle(cls, self.module, self.root), None, frame)
        return Object(cls.name, span, frame, (), handle)

    def users(self, called: str, cls: ast.ClassDef | None, deep: bool = False) -> list[Module]:
        """Other modules that may call ``called``, a function or class of this one or a method."""
        if self.ev.project is None or self.ev.searches >= MOST_SEARCHES:
            return []
        self.ev.searches += 1
        names = (cls.name,) if cls is not None else (called,)
        users = self.ev.project.users(self.module, names, called, deep)
        for module in users:
            self.ev.root_of(module)
        return users

    # -- call sites --------------------------------------------------------------------------------

    def sites(self, function: FunctionNode) -> list[CallSite]:
        """The calls of a function of this module, those in this module first."""
        found = self._sites.get(function)
        if found is None:
            self._sites[function] = []  # for who asks meanwhile
            cls = self.module.enclosing_class(function)
            found = self._find_sites(function, self.module, cls)
            if not function.name.startswith("__"):
                outer = self.module.scope(function)
                if isinstance(outer, (ast.Module, ast.ClassDef)):
                    others = self.users(function.name, cls, cls is not None)
                    if len(others) >= MOST_USERS:
                        self.cut.add(function)
                        self._unlisted.add(function)
                    for module in dict.fromkeys((*self._homes_of_bases(cls), *others)):
                        if module is not self.module:
                            found += self.of(module)._find_sites(function, self.module, cls)
                    if not found and cls is not None:
                        found = self._through_bases(function, cls)
            self._sites[function] = found
        return found

    def _through_bases(self, function: FunctionNode, cls: ast.ClassDef) -> list[CallSite]:
        """The calls of a method by whoever knows only a base that declares it, in another module.

        A program that picks one of several classes by its settings knows no more of what it picked.
        """
        found: list[CallSite] = []
        handle = ClassHandle(cls, self.module, self.root)
        for base in self.ev.instances.bases(handle)[1:]:
            if base.module is self.module or self.ev.instances.method(base, function.name) is None:
                continue
            others = self.of(base.module).users(function.name, base.node, True)
            if len(others) >= MOST_USERS:
                self.cut.add(function)
                self._unlisted.add(function)
            for module in others:
                if module is not self.module:
                    found += self.of(module)._find_sites(function, self.module, cls)
            if found:
                break
        return found

    def _homes_of_bases(self, cls: ast.ClassDef | None) -> list[Module]:
        """The modules of the bases of a class: their methods call what the class overrides."""
        if cls is None:
            return []
        handle = ClassHandle(cls, self.module, self.root)
        return [base.module for base in self.ev.instances.bases(handle)[1:]]

    def _find_sites(
        self, function: FunctionNode, home: Module, cls: ast.ClassDef | None
    ) -> list[CallSite]:
        """The calls in this module of a function of the module ``home``."""
        module = self.module
        found: list[CallSite] = []
        names = (function.name,) if home is module else module.known_as(function.name)
        for call in (call for name in names for call in module.calls_named.get(name, ())):
            if not _fits(call, function, cls is not None):
                continue
            if self._refers(call.func, function, home, cls) and not _inside(module, call, function):
                if not demonstrates(module, call, function):
                    found.append(CallSite(module, call, -1))
        for load in (load for name in names for load in module.loads.get(name, ())):
            parent = module.parents.get(load)
            call_ = module.parents.get(parent) if isinstance(parent, ast.keyword) else parent
            if not isinstance(call_, ast.Call) or load is call_.func:
                continue
            begun = started(call_)
            if begun is not None and begun.function is load:
                if self._refers(load, function, home, cls):
                    found.append(CallSite(module, call_, 0, begun))
                continue
            if not isinstance(parent, ast.Call):
                continue
            func = parent.func
            name = func.attr if isinstance(func, ast.Attribute) else dotted(func) or ""
            position = _RUNNERS.get(name)
            if position is None or position >= len(parent.args):
                continue
            if parent.args[position] is load and self._refers(load, function, home, cls):
                found.append(CallSite(module, parent, position))
        return found

    def _refers(
        self, node: ast.expr, function: FunctionNode, home: Module, cls: ast.ClassDef | None
    ) -> bool:
        """Whether ``node`` in this module means a function of the module ``home``."""
        module = self.module
        if home is not module and (cls is None or isinstance(node, ast.Name)):
            value = self.ev.evaluate(node, self._plain(self.module.function_around(node)))
            return any(
                isinstance(each, Object)
                and isinstance(each.handle, FunctionHandle)
                and each.handle.node is function
                for each in alternatives(value)
            )
        if isinstance(node, ast.Name):
            if cls is not None:
                return False
            scope: ast.AST | None = module.scope(node)
            around = module.scope(function)
            if isinstance(around, ast.Module) and _defined_again(module, function):
                # The name means the last definition in front of the call.
                value = self.ev.evaluate(node, self._plain(self.module.function_around(node)))
                return any(
                    isinstance(each, Object) and getattr(each.handle, "node", None) is function
                    for each in alternatives(value)
                )
            while scope is not None:
                if scope is around:
                    return True
                if isinstance(scope, FUNCTIONS) and node.id in module.locals_of(scope):
                    return False
                if isinstance(scope, ast.Module):
                    return False
                scope = module.scope(scope)
            return False
        if isinstance(node, ast.Attribute):
            if cls is None:
                return False
            base = node.value
            owner = self.module.function_around(node)
            if isinstance(owner, FUNCTIONS):
                own = module.enclosing_class(owner)
                first = parameters(owner)[:1]
                if own is not None and first and isinstance(base, ast.Name):
                    if base.id == first[0].arg:
                        if own is cls or self._derives(own, cls):
                            return True
                        there = self.of(home)
                        return there._derives(cls, own) and not there._replaces(cls, own, owner)
            if isinstance(base, ast.Call) and dotted(base.func) == "super":
                return False
            if isinstance(base, ast.Name) and holds_a_container(module, base.id, owner):
                return False
            act = self._plain(owner)
            value = self.ev.evaluate(base, act)
            for each in alternatives(value):
                if isinstance(each, Object) and isinstance(each.handle, InstanceHandle):
                    if any(c.node is cls for c in self.ev.instances.bases(each.handle.cls)):
                        return True
                    if self.of(home)._may_be(each.handle, cls):
                        return True
                if isinstance(each, Object) and isinstance(each.handle, ClassHandle):
                    if each.handle.node is cls:
                        return True
        return False

    def _derives(self, cls: ast.ClassDef, base: ast.ClassDef) -> bool:
        handle = ClassHandle(cls, self.module, self.root)
        return any(c.node is base for c in self.ev.instances.bases(handle))

    def _replaces(self, cls: ast.ClassDef, base: ast.ClassDef, method: FunctionNode) -> bool:
        """Whether objects of a class run another method in the place of that of its base.

        One of theirs may go on with the one of the base: ``super().answer(letter)``.
        """
        asked = (cls, base, method)
        if asked not in self._replaced:
            self._replaced[asked] = self._has_its_own(*asked)
        return self._replaced[asked]

    def _has_its_own(self, cls: ast.ClassDef, base: ast.ClassDef, method: FunctionNode) -> bool:
        found = False
        for each in self.ev.instances.bases(ClassHandle(cls, self.module, self.root)):
            if each.node is base:
                break
            found = found or self.ev.instances.method(each, method.name) is not None
            for node in ast.walk(each.node):
                if isinstance(node, ast.Attribute) and node.attr == method.name:
                    of = node.value.func if isinstance(node.value, ast.Call) else node.value
                    if last_name(of) in ("super", base.name):
                        return False
        return found

    def plain(self, node: ast.AST) -> Activation:
        """An activation of the function around ``node`` to tell what kind of thing it is."""
        return self._plain(self.module.function_around(node))

    def _plain(self, owner: ast.AST) -> Activation:
        """An activation good enough to tell what kind of thing an expression is."""
        if isinstance(owner, FUNCTIONS):
            known = self._activations.get(owner)
            if known:
                return known[0]
            made = self._plain_runs.get(owner)
            if made is not None:
                return made
            cls = self.module.enclosing_class(owner)
            instance = None
            if cls is not None and not _static(owner):
                frame: Frame = (Mark(MarkKind.OBJECT, cls.name, self.module.span(cls)),)
                handle = InstanceHandle(ClassHandle(cls, self.module, self.root), None, frame)
                instance = Object(cls.name, self.module.span(cls), frame, (), handle)
            frame = (self._mark(owner),)
            made = Activation(self.module, owner, frame, None, self.root, instance)
            self._plain_runs[owner] = made
            return made
        return self.root

    # -- entry points ------------------------------------------------------------------------------

    def entry(self, function: FunctionNode) -> EntryFact | None:
        """The entry point that a function is by decorator, registration or convention."""
        if function not in self._entries:
            self._entries[function] = self._find_entry(function)
        return self._entries[function]

    def _find_entry(self, function: FunctionNode) -> EntryFact | None:
        sources = self.ev.sources
        imported = self.module.imported()
        for decorator in function.decorator_list:
            target = decorator.func if isinstance(decorator, ast.Call) else decorator
            name = self._qualified(target)
            fact = sources.entry_decorator(name, imported) if name else None
            if fact is None and isinstance(target, ast.Attribute):
                fact = sources.entry_decorator(target.attr, imported)
            if fact is not None and _is_handed(decorator, fact):
                return fact
        cls = self.module.enclosing_class(function)
        if cls is not None:
            for base in cls.bases:
                name = self._qualified(base)
                fact = sources.entry_base(name) if name else None
                if fact is not None and (not fact.methods or function.name in fact.methods):
                    return fact
        else:
            names = tuple(p.arg for p in parameters(function))
            fact = sources.entry_function(function.name, names)
            if fact is not None:
                return fact
        for load in self.module.loads.get(function.name, ()):
            parent = self.module.parents.get(load)
            if isinstance(parent, ast.keyword):
                parent = self.module.parents.get(parent)
            if isinstance(parent, ast.Call) and load is not parent.func:
                name = self._qualified(parent.func)
                fact = sources.entry_call(name, imported) if name else None
                if fact is None and isinstance(parent.func, ast.Attribute):
                    fact = sources.entry_call(parent.func.attr, imported)
                if fact is not None and _happens(parent.func, fact):
                    return fact
        return None

    def _qualified(self, node: ast.expr) -> str:
        value = self.ev.evaluate(node, self.root)
        if isinstance(value, Object) and isinstance(value.handle, ExternalHandle):
            return value.handle.name
        if isinstance(node, ast.Attribute):
            base = self.ev.evaluate(node.value, self.root)
            kind = getattr(base, "type", "")
            if kind and kind not in ("import", "function", "class"):
                return f"{kind}.{node.attr}"
        return dotted(node) or ""

    # -- pairs -------------------------------------------------------------------------------------

    def pairs(self, node: ast.AST, host: Frame, multi_turn: bool) -> list[Pair]:
        """The reuse pairs of a request sent at ``node`` in ``act``, innermost first."""
        found: list[Pair] = []
        for depth in range(len(host) - 1, -1, -1):
            mark = host[depth]
            if mark.kind is MarkKind.LOOP:
                pair = self._looped(node, mark)
                if pair is not None:
                    found.append(replace(pair, depth=depth))
            elif mark.kind is MarkKind.FUNCTION and self._is_entry(host, depth):
                found.extend(self._home_of(mark)._entry_pairs(mark, depth, multi_turn))
        found.append(
            Pair(PairKind.WORKER, 0, "from one process to the next (another worker, a restart)")
        )
        return found

    def _looped(self, node: ast.AST, mark: Mark) -> Pair | None:
        """The pair of a loop around ``node``, at whatever depth; several ask for it."""
        if (node, mark) not in self._pairs:
            self._pairs[node, mark] = self._home_of(mark)._loop_pair(node, self, mark)
        return self._pairs[node, mark]

    def _home_of(self, mark: Mark) -> Callers:
        """The callers of the module that a level of a frame stands in."""
        return self.of(self.ev.module_at(mark.span.path))

    def loop_around(self, node: ast.AST, mark: Mark) -> tuple[Callers, ast.AST, ast.AST] | None:
        """The loop that a level of a frame stands for.

        With the callers of its module in front, and behind it what in it leads to ``node``.
        """
        there = self._home_of(mark)
        loop = there._loop_at(mark)
        way = [] if loop is None else there._way(node, self, loop)
        return None if loop is None or not way else (there, loop, way[-1][1])

    def function_of(self, mark: Mark) -> FunctionNode | None:
        """The function that a level of a frame stands for, in whatever module it is."""
        return self._home_of(mark)._function_at(mark)

    def _is_entry(self, host: Frame, depth: int) -> bool:
        """Whether nothing here calls the function at this level of the frame."""
        there = self._home_of(host[depth])
        return there._is_entry_here(host, depth)

    def _is_entry_here(self, host: Frame, depth: int) -> bool:
        function = self._function_at(host[depth])
        if function is None:
            return False
        if self.entry(function) is not None:
            return True
        return not any(m.kind is MarkKind.FUNCTION for m in host[:depth]) and not any(
            True for _ in self.sites(function)
        )

    def _function_at(self, mark: Mark) -> FunctionNode | None:
        for function in self.module.functions:
            if function.name == mark.name and self.module.span(function) == mark.span:
                return function
        return None

    def _entry_pairs(self, mark: Mark, depth: int, multi_turn: bool) -> list[Pair]:
        function = self._function_at(mark)
        assert function is not None
        fact = self.entry(function)
        where = Step(Role.STEP, mark.span, f"{mark.name}() is an entry point")
        found: list[Pair] = []
        if fact is not None:
            if not (fact.many or fact.again):
                return []
            if multi_turn:
                label = f"from turn to turn of a conversation ({mark.name}())"
                found.append(Pair(PairKind.TURN, depth, label, (where,)))
            if fact.again:
                return found
            label = f"from one user of {mark.name}() to the next"
            if fact.group == "job":
                label = f"from one run of {mark.name}() to the next"
            found.append(Pair(PairKind.USER, depth, label, (where,)))
            return found
        if function.name in ONE_SHOT:
            return []
        where = Step(Role.STEP, mark.span, f"{mark.name}() has no caller in this file")
        if multi_turn:
            label = f"from turn to turn of a conversation ({mark.name}())"
            found.append(Pair(PairKind.TURN, depth, label, (where,), Confidence.MEDIUM))
        label = f"from one call of {mark.name}() to the next"
        found.append(Pair(PairKind.CALLS, depth, label, (where,), Confidence.MEDIUM))
        return found

    def _loop_pair(self, node: ast.AST, inside: Callers, mark: Mark) -> Pair | None:
        """The pair of a loop of this module around ``node``, a call in the module of ``inside``."""
        loop = self._loop_at(mark)
        if loop is None:
            return None
        line = mark.span.line
        step = Step(Role.STEP, mark.span, f"the loop at line {line} repeats it")
        way = self._way(node, inside, loop)
        if isinstance(loop, COMPREHENSIONS):
            label = f"from one item to the next of the comprehension at line {line}"
            judged = self._judged(way, loop)
            rounds = None
            if len(loop.generators) == 1:
                listed = loop.generators[0].iter
                rounds = _rounds(listed)
                rounds = self._items(listed) if rounds is None else rounds
            return Pair(PairKind.RECORD, 0, label, (step,), rounds=rounds, **judged)
        if way and runs_once(self.module, way[-1][1], loop):
            return None
        around = way or self._way(node, inside, loop, named=True)
        if any(_pressed(module, call, loop) for module, call in around):
            return None  # the loop shows many buttons, and somebody presses one of them
        if isinstance(loop, (ast.For, ast.AsyncFor)):
            rounds = _rounds(loop.iter)
            if self.ev.calls.is_counter(
                loop.iter, self._plain(self.module.function_around(loop))
            ) and not _by_place(loop):
                label = f"from round to round of the loop at line {line}"
                return Pair(
                    *(PairKind.LOOP, 0, label, (step,)),
                    rounds=rounds,
                    at_most=self._at_most(loop.iter) if rounds is None else rounds,
                    retry=_counts_attempts(loop),
                    through=goes_through(self.module, loop, way[-1][1]) if way else False,
                    ending=ending_tools(loop),
                    begun=_begun(way, loop),
                    rare=only_resumes(loop),
                    **self._judged(way, loop),
                )
            if waits(loop.iter):
                label = f"from turn to turn of the loop at line {line}"
                return Pair(PairKind.TURN, 0, label, (step,))
            if isinstance(loop.target, ast.Name):
                name = loop.target.id
                if _retry_name(name) or _goes_through_a_reply(loop, name):
                    return None
                if way and _is_for_one(self.module, way[-1][1], loop, name):
                    return None
            label = f"from one `{ast.unparse(loop.target)}` to the next of the loop at line {line}"
            judged = self._judged(way, loop)
            if rounds is None:
                rounds = self._items(loop.iter)
            return Pair(PairKind.RECORD, 0, label, (step,), rounds=rounds, **judged)
        assert isinstance(loop, ast.While)
        from skinflint.linter.bounds import once_in_a_while  # few requests stand in such a loop

        # ``reply = ask(messages)``: who is asked is the model
        inner = way[-1][1] if way else None
        asks = [child for child in walk(loop) if child is not inner and waits(child)]
        label = f"from round to round of the loop at line {line}"
        if asks:
            # Somebody who is asked about each call of a tool takes no turn.
            if not all(_for_each(self.module, each, loop) for each in asks):
                label = f"from turn to turn of the loop at line {line}"
            return Pair(PairKind.TURN, 0, label, (step,))
        return Pair(
            *(PairKind.LOOP, 0, label, (step,)),
            at_most=self._counted_to(loop),
            through=goes_through(self.module, loop, inner) if inner is not None else False,
            ending=ending_tools(loop),
            begun=_begun(way, loop),
            rare=only_resumes(loop)
            or any(once_in_a_while(there, call, there.scope(call)) for there, call in way),
        )

    def _counted_to(self, loop: ast.While) -> int | None:
        """How many rounds a ``while`` comes to that counts them itself."""
        either = isinstance(loop.test, ast.BoolOp) and isinstance(loop.test.op, ast.Or)
        tests = loop.test.values if isinstance(loop.test, ast.BoolOp) else [loop.test]
        told = [each for test in tests if not either for each in _compared(test, stays=True)]
        for stmt in loop.body:
            if isinstance(stmt, ast.If) and isinstance(stmt.body[-1], _LEAVES):
                told += _compared(stmt.test, stays=False)
        for name, limit, more in told:
            begun = _counted_from(self.module, loop, name)
            most = None if begun is None else self._numbers(limit)
            if begun is not None and most:
                return max(most) - begun + more
        return None

    def _at_most(self, node: ast.expr) -> int | None:
        """How many rounds ``range(limit)`` comes to, whoever hands in the limit."""
        if not isinstance(node, ast.Call) or dotted(node.func) != "range":
            return None
        if not 1 <= len(node.args) <= 2:
            return None
        *first, last = map(self._numbers, node.args)
        if last is None or None in first:
            return None
        return max(last) - min(first[0] or [0]) if first else max(last)

    def _numbers(self, node: ast.expr) -> list[int] | None:
        """The numbers an expression comes to for its callers, None if it may be anything else.

        Where callers are not here, it is the default that they leave as it is.
        """
        found = [
            each.value if isinstance(each, Known) else None
            for value in self._as_handed_in(node)
            for each in _usual(list(alternatives(value)))
        ]
        numbers = [each for each in found if isinstance(each, int)]
        return numbers if numbers and len(numbers) == len(found) else None

    def _as_handed_in(self, node: ast.expr) -> list[Value]:
        """What an expression comes to for each of the callers of its function."""
        scope = self.module.function_around(node)
        acts = self._of_scope(scope, ()) if isinstance(scope, FUNCTIONS) else []
        return [self.ev.evaluate(node, act) for act in acts or [self._plain(scope)]]

    def _items(self, node: ast.expr) -> int | None:
        """How many records a loop goes through, where they are written out in the code."""
        while isinstance(node, ast.Call) and dotted(node.func) in _IN_ORDER and node.args:
            node = node.args[0]
        # As its callers hand it in: a list that is written out may be a parameter here.
        counts = []
        for value in (v for each in self._as_handed_in(node) for v in alternatives(each)):
            if not isinstance(value, Sequence) or value.open:
                return None
            if any(isinstance(item, (Repeat, Choice)) for item in value.items):
                return None
            counts.append(len(value.items))
        return max(counts, default=None)

    def _loop_at(self, mark: Mark) -> ast.AST | None:
        if self._loops is None:
            self._loops = {
                self.module.span(node): node
                for node in self.module.parents
                if isinstance(node, (ast.For, ast.AsyncFor, ast.While, *COMPREHENSIONS))
            }
        return self._loops.get(mark.span)

    def _way(
        self, node: ast.AST, inside: Callers, loop: ast.AST, *, named: bool = False
    ) -> list[tuple[Module, ast.AST]]:
        """What leads to the request inside ``loop``: the call itself, then those of its helpers.

        ``named``: a function that nobody here calls is taken to run where it is handed on.
        """
        way: list[tuple[Module, ast.AST]] = [(inside.module, node)]
        if inside is self and any(parent is loop for parent in self.module.ancestors(node)):
            return way
        there, function = inside, inside.module.function_around(node)
        seen: set[ast.AST] = set()
        while isinstance(function, FUNCTIONS) and function not in seen:
            seen.add(function)
            up: CallSite | None = None
            for site in there.sites(function):
                if site.module is self.module:
                    if any(parent is loop for parent in self.module.ancestors(site.call)):
                        return [*way, (site.module, site.call)]
                up = up or site
            home = there.module if up is None else up.module
            at: ast.AST | None = None if up is None else up.call
            if at is None and named:
                loads = there.module.loads.get(function.name, ())
                at = next((load for load in loads if isinstance(load, ast.Name)), None)
            if at is None:
                return []
            if home is self.module and any(parent is loop for parent in home.ancestors(at)):
                return [*way, (home, at)]
            way.append((home, at))
            there = self.of(home)
            function = there.module.function_around(at)
        return []

    def _judged(self, way: list[tuple[Module, ast.AST]], loop: ast.AST) -> dict[str, Any]:
        """Whether the rounds of a loop over records need each other, as fields of its pair."""
        if not way:
            return {}
        from skinflint.linter import independence, longrun  # few requests stand in such a loop

        found = independence.judge(way, loop, self._function_of)
        return {
            "independent": found.independent,
            "long": longrun.long_run(
                *(way, loop, self._function_of, self._calls_of),
                *(self._is_named, self._runs_daily),
                found.needs[0] if found.side_by_side else None,
            )
            if found.independent and not self._sends_batches()
            else (),
            "needs": found.needs,
            "side_by_side": found.side_by_side,
        }

    def _sends_batches(self) -> bool:
        """Whether the project sends batches to Claude: who wants the half price has it there."""
        return self.ev.project is not None and self.ev.project.says(self.module, _BATCHES)

    def _is_named(self, module: Module) -> bool:
        """Whether another file of the project names the one of a module."""
        return self.ev.project is not None and self.ev.project.is_named(module)

    def _runs_daily(self, module: Module) -> bool:
        """Whether a schedule of the project starts the file of a module."""
        from skinflint.linter.scheduled import runs_daily

        return runs_daily(module, self.ev.project)

    def _calls_of(self, module: Module, function: ast.AST) -> Iterator[tuple[Module, ast.Call]]:
        """The calls of a function of the project; ``Notes(rows)`` calls ``Notes.__init__``."""
        if isinstance(function, FUNCTIONS):
            for site in self.of(module).sites(function):
                yield site.module, site.call
            cls = module.enclosing_class(function)
            if cls is not None and function.name == "__init__":
                for call in module.calls_named.get(cls.name, ()):
                    if isinstance(call.func, ast.Name):
                        yield module, call

    def _function_of(self, module: Module, callee: ast.expr) -> tuple[Module, FunctionNode] | None:
        """The function of the project that a callee means."""
        there = self.of(module)
        value = self.ev.evaluate(callee, there._plain(there.module.function_around(callee)))
        for each in alternatives(value):
            handle = each.handle if isinstance(each, Object) else None
            if isinstance(handle, FunctionHandle) and isinstance(handle.node, FUNCTIONS):
                return handle.module, handle.node
        return None


def runs_once(module: Module, node: ast.AST, loop: ast.AST) -> bool:
    """Whether the loop runs ``node`` again only when it failed: a retry loop.

    So it is when every way from the call to the end of the round leaves the loop. What leaves
    another loop, in which the call stands in a round of this one, goes on behind that.
    """
    stmt = module.statement(node)
    leaving = _leaving(module, stmt, loop)
    if isinstance(stmt, (ast.With, ast.AsyncWith)):
        # ``with client.messages.stream(...) as stream:``: what it does with the reply comes first
        once = _leaves_after(stmt.body, leaving)
        if once is not None:
            return once
    while stmt is not None and stmt is not loop:
        if isinstance(stmt, leaving):
            return True
        try:
            body, index = module.place(stmt)
        except LookupError:
            return False
        once = _leaves_after(body[index + 1 :], leaving)
        if once is not None:
            return once
        parent = module.parents[stmt]
        if isinstance(parent, ast.Try) and body is parent.body and parent.orelse:
            if any(isinstance(later, leaving) for later in parent.orelse):
                return True
        while not isinstance(parent, ast.stmt):
            if isinstance(parent, ast.Module):
                return False
            parent = module.parents[parent]
        if parent is loop or isinstance(parent, (*FUNCTIONS, ast.ClassDef)):
            return False
        if isinstance(parent, LOOPS):
            # A stream that is read inside: it ends when the reply does. Or tries of one request.
            leaving = _leaving(module, parent, loop)
        stmt = parent
    return False


def _leaving(module: Module, stmt: ast.stmt | None, loop: ast.AST) -> tuple[type[ast.stmt], ...]:
    """The statements that leave ``loop`` where ``stmt`` stands, in another loop perhaps."""
    for parent in module.ancestors(stmt) if stmt is not None else ():
        if parent is loop:
            break
        if isinstance(parent, LOOPS):
            return (ast.Return,)
    return (ast.Return, ast.Break)


def _usual(each: list[Value]) -> list[Value]:
    """What a parameter usually is: where a default is written, what else somebody may hand in
    who isn't here is left out.
    """
    if not any(isinstance(one, Known) for one in each):
        return each
    return [one for one in each if not (isinstance(one, Unknown) and one.entry == "parameter")]


def _leaves_after(suite: list[ast.stmt], leaving: tuple[type[ast.stmt], ...]) -> bool | None:
    """Whether statements behind a call leave the loop, None where they run to their end."""
    for later in suite:
        if isinstance(later, leaving):
            return True
        if isinstance(later, (ast.Break, ast.Continue)) and ast.Break not in leaving:
            return None
        if isinstance(later, (ast.Raise, ast.Continue)):
            return False
        if isinstance(later, (ast.With, ast.AsyncWith)) and later.body:
            if isinstance(later.body[-1], leaving):
                return True
        if isinstance(later, ast.If) and _says_more(later.body):
            return False
        if isinstance(later, ast.If) and _answered(later.test):
            if isinstance(later.body[-1], leaving):
                return True
        if isinstance(later, ast.If) and later.orelse:
            ends = tuple(
                # ``try: parse(reply); break`` in front of ``except: continue``
                end.body[-1] if isinstance(end, ast.Try) else end
                for end in (later.body[-1], later.orelse[-1])
            )
            if all(isinstance(end, (*leaving, ast.Raise)) for end in ends):
                return not all(isinstance(end, ast.Raise) for end in ends)
    return None


def _says_more(body: list[ast.stmt]) -> bool:
    """Whether a message is added in front of another round: results of tools, `continue`."""
    return isinstance(body[-1], ast.Continue) and any(
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in ("append", "extend")
        and any(
            isinstance(key, ast.Constant) and key.value == "role"
            for argument in node.args
            for each in walk(argument)
            if isinstance(each, ast.Dict)
            for key in each.keys
        )
        for stmt in body
        for node in walk(stmt)
    )


#: Codes of HTTP from here on say that a request failed.
_REFUSED = 400


def _answered(test: ast.expr) -> bool:
    """Whether a condition asks if HTTP has answered: ``reply.status_code != 429``, ``reply.ok``."""
    if isinstance(test, ast.Attribute):
        return test.attr in ("ok", "is_success")
    if not isinstance(test, ast.Compare) or len(test.ops) != 1:
        return False
    asked, op, other = test.left, test.ops[0], test.comparators[0]
    if not isinstance(asked, ast.Attribute) or asked.attr not in ("status_code", "status"):
        return False
    found = other.elts if isinstance(other, (ast.Tuple, ast.List, ast.Set)) else [other]
    codes = [
        each.value
        for each in found
        if isinstance(each, ast.Constant) and isinstance(each.value, int)
    ]
    if not codes or len(codes) != len(found):
        return False
    refusals = [code >= _REFUSED for code in codes]
    if isinstance(op, (ast.NotEq, ast.NotIn)):
        return all(refusals)
    if isinstance(op, (ast.Eq, ast.In)):
        return not any(refusals)
    return isinstance(op, (ast.Lt, ast.LtE)) and codes[0] <= _REFUSED


def waits(node: ast.AST) -> bool:
    """Whether an expression waits for somebody to type or say something, or shows a page."""
    if isinstance(node, ast.Call):
        func = node.func
        if isinstance(func, ast.Attribute) and func.attr == "ask":
            # ``Prompt.ask(...)``, ``questionary.text(...).ask()``; others ask the model.
            last = (dotted(func.value) or "").rpartition(".")[2]
            return isinstance(func.value, ast.Call) or last.endswith(("Prompt", "Confirm"))
        called = dotted(func) or ""
        return called.rpartition(".")[2] in _ASKING or called == "webbrowser.open"
    return False


_ASKING = frozenset(
    (
        *("input", "ainput", "prompt", "prompt_async", "raw_input", "multiline_input"),
        *("receive", "receive_text", "receive_json", "recv", "chat_input"),
        *("get_input", "get_user_input", "read_user_input"),
    )
)


#: What goes through each of the items of its first argument, once.
_IN_ORDER = ("enumerate", "list", "reversed", "sorted", "tqdm", "tuple", "zip")


def _retry_name(name: str) -> bool:
    return any(word in name.lower() for word in ("attempt", "retry", "retries", "tries", "backoff"))


def _for_each(module: Module, node: ast.AST, loop: ast.AST) -> bool:
    """Whether ``node`` runs for each item of a loop inside of ``loop``."""
    for parent in module.ancestors(node):
        if parent is loop:
            return False
        if isinstance(parent, (ast.For, ast.AsyncFor)):
            return True
    return False


#: What holds the calls of a reply, and what is said of them.
_CALLED = re.compile(r"\.content$|tool_?(?:use|call)s?")
_OF_CALLS = ("tool_use", "tool_result", "tool_use_id")


def _goes_through_a_reply(loop: ast.For | ast.AsyncFor, name: str) -> bool:
    """Whether a loop does what one reply of the model asks for: ``for call in tool_calls``.

    One reply seldom calls a tool twice that sends a request of its own. A block that calls one has
    an input, and an id that the result is sent under.
    """
    read: set[str] = set()
    of_tools = bool(_CALLED.search(ast.unparse(loop.iter)))
    for node in walk(loop):
        if isinstance(node, ast.Constant) and node.value in _OF_CALLS:
            of_tools = True
        if isinstance(node, ast.keyword) and node.arg in _OF_CALLS:
            of_tools = True
        if isinstance(node, ast.Attribute) and dotted(node.value) == name:
            read.add(node.attr)
        elif isinstance(node, ast.Subscript) and dotted(node.value) == name:
            if isinstance(node.slice, ast.Constant):
                read.add(str(node.slice.value))
    return of_tools and {"id", "input"} <= read


def _is_for_one(module: Module, node: ast.AST, loop: ast.AST, name: str) -> bool:
    """Whether ``node`` runs for one item of a loop alone: ``if phase == "analyze": ...``."""
    from skinflint.linter.bounds import guards  # few requests stand in such a loop

    return any(
        holds
        and isinstance(test, ast.Compare)
        and len(test.ops) == 1
        and isinstance(test.ops[0], ast.Eq)
        and dotted(test.left) == name
        and isinstance(test.comparators[0], ast.Constant)
        for test, holds in guards(module, node, loop)
    )


def _pressed(module: Module, node: ast.AST, loop: ast.AST) -> bool:
    """Whether somebody presses a button for ``node`` to run: ``if st.button("Ask"):``."""
    child = node
    for parent in module.ancestors(node):
        if parent is loop or isinstance(parent, FUNCTIONS):
            return False
        if isinstance(parent, ast.If) and child in parent.body:
            if any(
                isinstance(each, ast.Call) and last_name(each.func).endswith("button")
                for each in walk(parent.test)
            ):
                return True
        child = parent
    return False


def _begun(way: list[tuple[Module, ast.AST]], loop: ast.AST) -> Step | None:
    """The call in front of a loop that binds the same name to a reply as the one in its rounds."""
    if not way:
        return None
    module, node = way[-1]
    again = _bound_call(module.statement(node))
    if again is None:
        return None
    for stmt in own_nodes(module.scope(loop)):
        first = _bound_call(stmt)
        if first is not None and first[0] == again[0]:
            earlier = module.span(first[1]).line < module.span(loop).line
            if earlier and ast.dump(first[1].func) == ast.dump(again[1].func):
                return Step(
                    Role.STEP,
                    module.span(first[1]),
                    "the first request is sent here; marked as well, it is read in the first round",
                )
    return None


def _bound_call(stmt: ast.AST | None) -> tuple[str, ast.Call] | None:
    """``(name, call)`` of a statement that binds a name to what is called."""
    if not isinstance(stmt, ast.Assign) or len(stmt.targets) != 1:
        return None
    value = stmt.value.value if isinstance(stmt.value, ast.Await) else stmt.value
    target = stmt.targets[0]
    if not isinstance(target, ast.Name) or not isinstance(value, ast.Call):
        return None
    return target.id, value


def _compared(test: ast.expr, *, stays: bool) -> Iterator[tuple[str, ast.expr, int]]:
    """``(name, limit, rounds more)`` of a test that holds a count against a limit.

    ``stays``: the loop goes on where it holds (``rounds < 5``); else it is left (``rounds >= 5``).
    """
    if not isinstance(test, ast.Compare) or len(test.ops) != 1:
        return
    op = type(test.ops[0])
    for count, most, how in (
        (test.left, test.comparators[0], op),
        (test.comparators[0], test.left, _TURNED.get(op, op)),
    ):
        if isinstance(count, ast.Name):
            if how in ((ast.Lt, ast.LtE) if stays else (ast.Gt, ast.GtE, ast.Eq)):
                yield count.id, most, int(how is ast.LtE)


#: What ends a loop.
_LEAVES = (ast.Break, ast.Return, ast.Raise)

_TURNED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.Gt,
    ast.LtE: ast.GtE,
    ast.Gt: ast.Lt,
    ast.GtE: ast.LtE,
}


def _counted_from(module: Module, loop: ast.While, name: str) -> int | None:
    """Where a count of the rounds of a loop begins; None if it isn't one more in each of them."""
    if not any(
        isinstance(stmt, ast.AugAssign)
        and isinstance(stmt.op, ast.Add)
        and dotted(stmt.target) == name
        and isinstance(stmt.value, ast.Constant)
        and stmt.value.value == 1
        for stmt in loop.body
    ):
        return None
    begun = [
        stmt.value.value
        for stmt in own_nodes(module.scope(loop))
        if isinstance(stmt, (ast.Assign, ast.AnnAssign))
        and isinstance(stmt.value, ast.Constant)
        and type(stmt.value.value) is int
        for target in (stmt.targets if isinstance(stmt, ast.Assign) else [stmt.target])
        if dotted(target) == name
    ]
    return begun[0] if len(begun) == 1 else None


def _counts_attempts(loop: ast.For | ast.AsyncFor) -> bool:
    """Whether its own names say what a loop counts: ``for attempt in range(1 + MAX_RETRIES)``."""
    return any(
        _retry_name(last_name(node))
        for side in (loop.target, loop.iter)
        for node in walk(side)
        if isinstance(node, (ast.Name, ast.Attribute))
    )


def _by_place(loop: ast.For | ast.AsyncFor) -> bool:
    """Whether a loop counts through a list, and takes what stands there.

    ``for i in range(0, len(rows), 20): ask(rows[i : i + 20])``.
    """
    bound = loop.iter.args if isinstance(loop.iter, ast.Call) else []
    if not isinstance(loop.target, ast.Name) or not bound:
        return False
    counted = {
        ast.unparse(call.args[0])
        for call in ast.walk(bound[min(1, len(bound) - 1)])
        if isinstance(call, ast.Call) and dotted(call.func) == "len" and len(call.args) == 1
    }
    name = loop.target.id
    return bool(counted) and any(
        isinstance(each, ast.Subscript)
        and ast.unparse(each.value) in counted
        and any(isinstance(n, ast.Name) and n.id == name for n in ast.walk(each.slice))
        for stmt in loop.body
        for each in ast.walk(stmt)
    )


def _rounds(node: ast.expr) -> int | None:
    """How many rounds a loop over ``range(5)`` or a literal list has."""
    if isinstance(node, ast.Call) and dotted(node.func) == "range":
        literal = [a.value for a in node.args if isinstance(a, ast.Constant)]
        numbers = [v for v in literal if isinstance(v, int)]
        if len(numbers) == len(node.args) and numbers:
            return len(range(*numbers[:3])) if all(numbers[2:3]) or len(numbers) < 3 else None
    if isinstance(node, (ast.List, ast.Tuple)) and not any(
        isinstance(e, ast.Starred) for e in node.elts
    ):
        return len(node.elts)
    return None


def _is_handed(decorator: ast.expr, fact: EntryFact) -> bool:
    """Whether a decorator is handed what makes an entry of a function: ``schedule=``."""
    given = decorator.keywords if isinstance(decorator, ast.Call) else []
    return not fact.keywords or any(keyword.arg in fact.keywords for keyword in given)


def _happens(func: ast.expr, fact: EntryFact) -> bool:
    """Whether a call registers for what somebody does, where others of its name do for the rest.

    ``button.clicked.connect`` does; ``thread.started.connect`` runs an object's work once.
    """
    signal = func.value if isinstance(func, ast.Attribute) else func
    return not fact.events or last_name(signal) in fact.events


def demonstrates(module: Module, call: ast.Call, function: FunctionNode) -> bool:
    """Whether a call below ``if __name__ == "__main__"`` only tries a function out.

    It hands literals to a function that other files call with what they have.
    """
    given = [*call.args, *(keyword.value for keyword in call.keywords)]
    if not given or function.name in ONE_SHOT or not all(_is_literal(each) for each in given):
        return False
    return is_below_main(module, call)


def is_below_main(module: Module, node: ast.AST) -> bool:
    """Whether something is done only where a file is run by itself."""
    for parent in module.ancestors(node):
        if isinstance(parent, ast.If) and isinstance(module.parents.get(parent), ast.Module):
            return any(
                isinstance(node, ast.Name) and node.id == "__name__" for node in walk(parent.test)
            )
    return False


def _is_literal(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) or (
        isinstance(node, (ast.List, ast.Tuple, ast.Dict))
        and all(
            isinstance(n, (ast.Constant, ast.expr_context)) for n in ast.walk(node) if n is not node
        )
    )


def _defined_again(module: Module, function: FunctionNode) -> bool:
    """Whether a module binds the name of one of its functions to another one as well."""
    return any(
        each.name == function.name
        and each is not function
        and isinstance(module.scope(each), ast.Module)
        for each in module.functions
    )


def _way_to(act: Activation) -> tuple[ast.Call | None, ...]:
    """The calls that lead to a run, the last one first."""
    way: list[ast.Call | None] = []
    current: Activation | None = act
    while current is not None:
        way.append(current.site)
        current = current.caller
    return tuple(way)


def _fits(call: ast.Call, function: FunctionNode, method: bool) -> bool:
    """Whether a call can be one of a function: else it is that of another with the same name.

    What is spread into the call may be anything; so may be what a decorator makes of a function.
    """
    if function.args.kwarg is not None or any(each.arg is None for each in call.keywords):
        return True
    if any(isinstance(each, ast.Starred) for each in call.args):
        return True
    decorators = {dotted(each) or "" for each in function.decorator_list}
    if not decorators <= {"staticmethod", "classmethod"}:
        return True
    arguments = function.args
    named = {each.arg for each in (*arguments.args, *arguments.kwonlyargs)}
    given = {each.arg for each in call.keywords}
    if not given <= named:
        return False
    positional = [*arguments.posonlyargs, *arguments.args]
    required = [each.arg for each in positional[: len(positional) - len(arguments.defaults)]]
    if method and "staticmethod" not in decorators:
        required = required[1:]
    if sum(name not in given for name in required) > len(call.args):
        return False
    return all(
        each.arg in given or default is not None
        for each, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
    )


def _static(function: FunctionNode) -> bool:
    return any((dotted(d) or "") == "staticmethod" for d in function.decorator_list)


def _in_table(module: Module, cls: ast.ClassDef) -> bool:
    """Whether a class stands in a dict, as a value or within one."""
    for name in module.known_as(cls.name):
        for load in module.loads.get(name, ()):
            parent: ast.AST | None = module.parents.get(load)
            inner: ast.AST = load
            while isinstance(parent, (ast.Tuple, ast.List)):
                inner, parent = parent, module.parents.get(parent)
            if isinstance(parent, ast.Dict) and inner in parent.values:
                return True
    return False


def _inside(module: Module, node: ast.AST, function: ast.AST) -> bool:
    """Whether ``node`` stands inside ``function``: recursion, no way up."""
    return any(parent is function for parent in module.ancestors(node))
