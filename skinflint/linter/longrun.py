"""What tells that a loop goes through many stored records, and takes long over them.

Two things have to be seen, in the work of one script that nothing else runs or starts: where the
records come from (a folder, the rows of a file, a dataset, a table that is paged through), with
nothing that leaves few of them over; and that whoever wrote the loop reckons with a long run: each
round pauses, a bar shows how far it is, or what an earlier run has done is passed over.

A loop that puts several records into one request has few requests left, and is none of these.

Other signs count where what comes out is written down too: a line in each round that says how far
it is, calls that are sent side by side, a large number of records that is written out, or that they
are all files of a folder or all rows of a table. So it is with what stands in several files, and
with a script that a schedule starts, wherever it has its records from. Only what stands in the
project is followed; what can't be seen through tells nothing.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeAlias

from skinflint.catalog import stored
from skinflint.linter.independence import Resolve, Way
from skinflint.linter.module import (
    COMPREHENSIONS,
    FUNCTIONS,
    Module,
    children,
    default_of,
    dotted,
    last_name,
    own_nodes,
    walk,
)
from skinflint.linter.spans import Role, Step

#: The calls of a function of the project.
Sites: TypeAlias = "Callable[[Module, ast.AST], Iterable[tuple[Module, ast.Call]]]"

#: Whether another file names the one of a module: it may start it, and wait.
Named: TypeAlias = "Callable[[Module], bool]"

#: From this many on it is worth the detour through a batch.
_MANY = 50
_WITH_STEP = 3  # arguments of `range`
#: What functions are called that put records together.
_IN_PACKS = re.compile(r"^(?:batched|chunked|(?:make_|into_|in_|split_into_)?batches)$")
_MOST_ABOVE = 40  # functions that lead to it
_DEEPEST = 16  # names and functions on the way to what is read
#: What stands in a module that sends batches.
_BATCHES = ("batches.create", "messages/batches")
_LOOPS = (ast.For, ast.AsyncFor, ast.While)
_NAMES = (ast.Name, ast.Attribute)
_BINDS = (ast.Assign, ast.AnnAssign, ast.AugAssign, ast.withitem, ast.For, ast.AsyncFor)


def long_run(
    way: Way,
    loop: ast.AST,
    resolve: Resolve,
    sites: Sites,
    named: Named,
    scheduled: Named,
    together: Step | None = None,
) -> tuple[Step, ...]:
    """Where the records are read and what shows that it takes long; () unless both are seen.

    A whole data set whose results are kept needs no other sign that it takes long.

    ``scheduled`` asks whether a schedule starts a module, ``together`` is where the calls of
    several rounds are sent side by side.
    """
    if not way or not isinstance(loop, (ast.For, *COMPREHENSIONS)):
        return ()
    module = way[-1][0]
    if any(sent in each.source.text for each, _ in way for sent in _BATCHES):
        return ()  # it goes out as a batch already, and this is what is done where that fails
    above = _above(module, loop, sites)
    if above is None or any(_one_of_several(*each) for each in way):
        return ()
    listed = loop.iter if isinstance(loop, ast.For) else loop.generators[0].iter
    if _packs(listed):
        return ()
    origin = _Origin(resolve, sites)
    origin.follow(module, listed)
    paged = _paged(module, loop, listed)
    if origin.cut and paged is None:
        return ()
    source = origin.read
    if paged is not None:
        source = Step(Role.STEP, module.span(paged), "page after page is read")
    clock = None if source is not None else _clock(above, scheduled)
    patient = _patient(way, loop, paged) or origin.bar
    lasts = patient or together or _counts_up(module, loop) or origin.counted
    begins = source or clock
    if begins is None or (lasts is None and not origin.whole):
        return ()
    steps = [begins] if lasts is None else [begins, lasts]
    if patient is None or source is None or len({each for each, _ in (*way, *above)}) > 1:
        kept = _kept(above, resolve)
        if kept is None:
            return ()  # somebody may read what is shown
        steps.append(kept)
    return () if any(named(each) for each, _ in above) else tuple(steps)


def _packs(listed: ast.expr) -> bool:
    """Whether each round takes several records at once: few requests are left of many records."""
    if not isinstance(listed, ast.Call):
        return False
    if last_name(listed.func) in ("enumerate", "tqdm", "track") and listed.args:
        return _packs(listed.args[0])
    if last_name(listed.func) == "range":
        step = listed.args[2] if len(listed.args) == _WITH_STEP else None
        return step is not None and ast.unparse(step) not in ("1", "-1")
    return _IN_PACKS.search(last_name(listed.func)) is not None


def _clock(above: Iterable[tuple[Module, ast.AST]], scheduled: Named) -> Step | None:
    """The program that runs the loop, where a schedule starts it."""
    for module, scope in above:
        if isinstance(scope, ast.Module) and scheduled(module):
            return Step(Role.STEP, module.span(scope.body[-1]), "a schedule starts it")
    return None


def _above(module: Module, loop: ast.AST, sites: Sites) -> list[tuple[Module, ast.AST]] | None:
    """The functions and modules that run the loop, from the inside out.

    None where it can't be told who waits for it: a part of it is called by more than one module, or
    by too many. And where it is run again and again, for what has come since: that is wanted soon.
    """
    if _is_on_watch(module, loop):
        return None
    todo: list[tuple[Module, ast.AST]] = [(module, module.scope(loop))]
    found: list[tuple[Module, ast.AST]] = []
    while todo:
        home, function = todo.pop()
        if any(function is each for _, each in found):
            continue
        found.append((home, function))
        if isinstance(function, ast.Lambda):
            todo.append((home, home.scope(function)))
        if not isinstance(function, FUNCTIONS):
            continue
        if len(found) > _MOST_ABOVE:
            return None
        for there, call in sites(home, function):
            if _is_on_watch(there, call):
                return None
            todo.append((there, there.scope(call)))
    programs = {home for home, function in found if isinstance(function, ast.Module)}
    return found if len(programs) < 2 else None


def _is_on_watch(module: Module, node: ast.AST) -> bool:
    """Whether it stands in a loop that looks for more, sleeps, and ends on nothing but a signal."""
    sleeps = stored.load().sleeps
    for parent in module.ancestors(node):
        if isinstance(parent, FUNCTIONS):
            return False
        if not isinstance(parent, ast.While):
            continue
        inside = list(own_nodes(parent))
        if not any(isinstance(e, ast.Call) and last_name(e.func) in sleeps for e in inside):
            continue
        asked = {ast.unparse(e) for e in walk(parent.test) if isinstance(e, _NAMES)}
        if any(
            isinstance(e, _NAMES) and isinstance(e.ctx, ast.Store) and ast.unparse(e) in asked
            for e in inside
        ):
            continue  # what it goes through comes to an end
        ends = [e for e in inside if isinstance(e, ast.Return) or _leaves(module, e, parent)]
        return all(_is_of_a_failure(module, each, parent) for each in ends)
    return False


def _leaves(module: Module, node: ast.AST, loop: ast.While) -> bool:
    """Whether a ``break`` ends this loop, and none inside of it."""
    if not isinstance(node, ast.Break):
        return False
    return next((p for p in module.ancestors(node) if isinstance(p, _LOOPS)), None) is loop


def _is_of_a_failure(module: Module, node: ast.AST, loop: ast.While) -> bool:
    """Whether a statement in a loop is reached only where something was raised."""
    for parent in module.ancestors(node):
        if parent is loop:
            return False
        if isinstance(parent, ast.ExceptHandler):
            return True
    return False


def _one_of_several(module: Module, node: ast.AST) -> bool:
    """Whether the requests may as well go to another maker's model."""
    imported = module.imported()
    if any(
        name in module.source.text if "." in name else name in imported
        for name in stored.load().others
    ):
        return True
    cls = module.enclosing_class(module.scope(node))
    return cls is not None and any(last_name(base) != "object" for base in cls.bases)


def _kept(above: Iterable[tuple[Module, ast.AST]], resolve: Resolve) -> Step | None:
    """Where what comes out of it is written down, by what runs the loop or a helper of it."""
    for module, scope in above:
        helpers: list[tuple[Module, ast.AST]] = [(module, scope)]
        for each in own_nodes(scope):
            if isinstance(each, ast.Call):
                if _keeps(each):
                    return Step(Role.STEP, module.span(each), "what comes out of it is kept")
                inner = resolve(module, each.func)
                if inner is not None:
                    helpers.append(inner)
        for home, function in helpers[1:]:
            for each in own_nodes(function):
                if isinstance(each, ast.Call) and _keeps(each):
                    return Step(Role.STEP, home.span(each), "what comes out of it is kept")
    return None


def _keeps(call: ast.Call) -> bool:
    facts, name = stored.load(), last_name(call.func)
    if facts.keeps(dotted(call.func) or name):
        return name not in facts.placed or len(call.args) == 1  # no ``names.insert(0, name)``
    texts = [
        each.value
        for argument in (*call.args, *(keyword.value for keyword in call.keywords))
        for each in walk(argument)
        if isinstance(each, ast.Constant) and isinstance(each.value, str)
    ]
    if name in facts.opens:
        return any(text and facts.modes & set(text) and len(text) <= 3 for text in texts)
    return name in facts.asks and any(
        text.lstrip().upper().startswith(facts.writing) for text in texts
    )


# -- where records come from -----------------------------------------------------------------------


class _Origin:
    """Follows what a loop runs over back to what is read."""

    def __init__(self, resolve: Resolve, sites: Sites) -> None:
        self.facts = stored.load()
        self.resolve = resolve
        self.sites = sites
        self.read: Step | None = None
        self.bar: Step | None = None
        self.counted: Step | None = None  # how many are taken is written out
        self.whole = False  # they are those of a data set
        self.cut = False  # few may be left over
        self._seen: set[ast.AST] = set()

    def follow(self, module: Module, node: ast.AST | None, depth: int = 0) -> None:
        if node is None or node in self._seen or depth > _DEEPEST:
            return
        self._seen.add(node)
        if isinstance(node, ast.Call):
            self._call(module, node, depth)
        elif isinstance(node, ast.Name):
            self._name(module, node, depth)
        elif isinstance(node, ast.Attribute):
            if dotted(node.value) in ("self", "cls"):
                self._attribute(module, node, depth)
            else:
                self.follow(module, node.value, depth + 1)
        elif isinstance(node, ast.Subscript):
            if isinstance(node.slice, ast.Slice) and not _many(module, node.slice.upper):
                self.cut = self.cut or not (_piece(node.slice) or _asked_for(module, node))
            self.follow(module, node.value, depth + 1)
        elif isinstance(node, COMPREHENSIONS):
            self.follow(module, node.generators[0].iter, depth + 1)
        elif isinstance(node, (ast.Await, ast.Starred, ast.NamedExpr)):
            self.follow(module, node.value, depth + 1)
        elif isinstance(node, (ast.BoolOp, ast.Tuple)):
            for part in node.values if isinstance(node, ast.BoolOp) else node.elts:
                self.follow(module, part, depth + 1)
        elif isinstance(node, ast.IfExp):
            self.follow(module, node.body, depth + 1)
            self.follow(module, node.orelse, depth + 1)
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
            self.follow(module, node.left, depth + 1)
            self.follow(module, node.right, depth + 1)

    def _call(self, module: Module, node: ast.Call, depth: int) -> None:
        facts, name = self.facts, last_name(node.func)
        given = node.args[0] if node.args else None
        if name in facts.bars:
            self.bar = Step(Role.STEP, module.span(node), f"{name}() shows how far it is")
            self.follow(module, given, depth + 1)
        elif name in facts.cuts:
            amounts = (*node.args, *(each.value for each in node.keywords))
            if any(self._written_out(module, each) for each in amounts):
                self.counted = Step(Role.STEP, module.span(node), "so many are taken")
            elif not any(_many(module, each) for each in amounts) and not _asked_for(module, node):
                self.cut = True
            self._owner(module, node, depth)
            self.follow(module, given, depth + 1)
        elif name == "range":
            bound = node.args[min(1, len(node.args) - 1)] if node.args else None
            if isinstance(bound, ast.Call) and last_name(bound.func) == "len" and bound.args:
                self.follow(module, bound.args[0], depth + 1)
            elif _many(module, bound) and self.read is None:
                self.read = Step(Role.STEP, module.span(node), "so many rounds are written out")
        elif facts.reads(dotted(node.func) or name):
            self.cut = self.cut or (name in facts.queries and _limited(module, node))
            if self.read is None:
                self.read = Step(Role.STEP, module.span(node), f"{name}() reads the records")
                self.whole = facts.reads_all(dotted(node.func) or name)
            self._owner(module, node, depth)
        elif name in facts.hands_on and isinstance(node.func, (ast.Name, ast.Attribute)):
            for argument in node.args:
                self.follow(module, argument, depth + 1)
        else:
            found = self.resolve(module, node.func)
            if found is not None:
                home, function = found
                for each in own_nodes(function):
                    if isinstance(each, (ast.Return, ast.Yield, ast.YieldFrom)):
                        self.follow(home, each.value, depth + 1)
            else:
                if (
                    name in facts.picks
                    and given is not None
                    and not isinstance(given, ast.Constant)
                ):
                    self.cut = self.cut or not _many(module, given)
                self._owner(module, node, depth)

    def _written_out(self, module: Module, node: ast.AST) -> bool:
        """Whether an amount is a large number, here or for all callers: ``min(n, len(rows))``."""
        if isinstance(node, ast.Call) and last_name(node.func) == "min":
            return bool(node.args) and all(
                self._written_out(module, each)
                or (isinstance(each, ast.Call) and last_name(each.func) == "len")
                for each in node.args
            )
        if isinstance(node, ast.Constant):
            return isinstance(node.value, int) and node.value >= _MANY
        if not isinstance(node, ast.Name):
            return False
        scope = module.scope(node)
        place = _parameter(scope, node.id) if isinstance(scope, FUNCTIONS) else None
        if place is None:
            held = list(_bound(module, scope, node.id)) or list(
                _bound(module, module.tree, node.id)
            )
            return bool(held) and all(self._written_out(module, each) for each in held)
        given = [
            (home, _argument(call, place, node.id) or default_of(scope, node.id))
            for home, call in self.sites(module, scope)
            if isinstance(scope, FUNCTIONS)
        ]
        return bool(given) and all(
            isinstance(each, ast.Constant) and self._written_out(home, each) for home, each in given
        )

    def _owner(self, module: Module, node: ast.Call, depth: int) -> None:
        if isinstance(node.func, ast.Attribute):
            self.follow(module, node.func.value, depth + 1)

    def _name(self, module: Module, node: ast.Name, depth: int) -> None:
        if self.facts.sets_up(node.id):
            return
        scope: ast.AST = module.scope(node)
        while True:
            found = list(_bound(module, scope, node.id))
            if isinstance(scope, FUNCTIONS):
                place = _parameter(scope, node.id)
                if place is not None:
                    for home, call in self.sites(module, scope):
                        self.follow(home, _argument(call, place, node.id), depth + 1)
                    found.append(scope)
            if found or isinstance(scope, ast.Module):
                break
            scope = module.scope(scope)
        for each in found:
            self.follow(module, each, depth + 1)

    def _attribute(self, module: Module, node: ast.Attribute, depth: int) -> None:
        if self.facts.sets_up(node.attr):
            return
        cls = module.enclosing_class(module.scope(node))
        for each in walk(cls) if cls is not None else ():
            if isinstance(each, ast.Assign) and any(
                isinstance(target, ast.Attribute)
                and target.attr == node.attr
                and dotted(target.value) in ("self", "cls")
                for target in each.targets
            ):
                self.follow(module, each.value, depth + 1)


def _bound(module: Module, scope: ast.AST, name: str) -> Iterator[ast.AST]:
    """What a name of a scope may hold, and what is put into it."""
    for each in _binding(module, scope):
        if isinstance(each, ast.Assign):
            if any(name in _names(target) for target in each.targets):
                yield each.value
        elif isinstance(each, (ast.AnnAssign, ast.AugAssign)):
            if each.value is not None and name in _names(each.target):
                yield each.value
        elif isinstance(each, ast.withitem):
            if each.optional_vars is not None and name in _names(each.optional_vars):
                yield each.context_expr
        elif isinstance(each, (ast.For, ast.AsyncFor)):
            if name in _names(each.target):
                yield each.iter
        elif isinstance(each, ast.Call) and isinstance(each.func, ast.Attribute):
            if isinstance(each.func.value, ast.Name) and each.func.value.id == name:
                yield each.args[0]
                for loop in module.loops(each, scope):
                    if isinstance(loop, (ast.For, ast.AsyncFor)):
                        yield loop.iter


def _binding(module: Module, scope: ast.AST) -> list[ast.AST]:
    """What in a scope binds a name, or fills what one holds."""
    found = module.binding.get(scope)
    if found is None:
        found = module.binding[scope] = [
            each
            for each in own_nodes(scope)
            if isinstance(each, _BINDS) or (isinstance(each, ast.Call) and _fills(each))
        ]
    return found


def _fills(call: ast.Call) -> bool:
    return (
        isinstance(call.func, ast.Attribute)
        and call.func.attr in ("append", "add", "extend", "update")
        and bool(call.args)
    )


def _names(target: ast.AST) -> set[str]:
    if isinstance(target, ast.Subscript):
        target = target.value
    return {each.id for each in walk(target) if isinstance(each, ast.Name)}


def _parameter(function: ast.AST, name: str) -> int | None:
    assert isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef))
    listed = [*function.args.posonlyargs, *function.args.args]
    own = [each.arg for each in listed if each.arg not in ("self", "cls")]
    if name in own:
        return own.index(name)
    return -1 if any(each.arg == name for each in function.args.kwonlyargs) else None


def _argument(call: ast.Call, place: int, name: str) -> ast.expr | None:
    for keyword in call.keywords:
        if keyword.arg == name:
            return keyword.value
    return call.args[place] if 0 <= place < len(call.args) else None


def _many(module: Module, node: ast.AST | None) -> bool:
    """Whether a bound is none, or a large number that is written out."""
    if node is None:
        return True
    if isinstance(node, ast.Name):
        scope = module.scope(node)
        held = list(_bound(module, scope, node.id)) or list(_bound(module, module.tree, node.id))
        return bool(held) and all(
            isinstance(each, (ast.Constant, ast.Subscript)) and _many(module, each) for each in held
        )
    if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name):
        tables = list(_bound(module, module.tree, node.value.id))  # SAMPLES[kind]
        return len(tables) == 1 and all(
            isinstance(table, ast.Dict)
            and all(isinstance(n, ast.Constant) and _many(module, n) for n in table.values)
            for table in tables
        )
    if isinstance(node, ast.Call) and last_name(node.func) == "range":
        return _many(module, node.args[min(1, len(node.args) - 1)] if node.args else None)
    if isinstance(node, ast.Constant):
        return node.value is None or (isinstance(node.value, int) and node.value >= _MANY)
    return isinstance(node, ast.UnaryOp)  # [:-1] leaves all but the last


def _piece(cut: ast.Slice) -> bool:
    """Whether it takes one piece after the other: ``rows[i : i + 20]``."""
    return (
        isinstance(cut.lower, ast.Name)
        and isinstance(cut.upper, ast.BinOp)
        and ast.unparse(cut.lower) == ast.unparse(cut.upper.left)
    )


def _asked_for(module: Module, node: ast.AST) -> bool:
    """Whether a cut is made only if somebody asks for it: ``if limit: rows = rows[:limit]``."""
    inner = {
        ast.unparse(each) for each in walk(node) if isinstance(each, (ast.Name, ast.Attribute))
    }
    for parent in module.ancestors(node):
        if isinstance(parent, FUNCTIONS):
            break
        if isinstance(parent, (ast.If, ast.IfExp)):
            asked = {
                ast.unparse(each)
                for each in walk(parent.test)
                if isinstance(each, (ast.Name, ast.Attribute))
            }
            if asked & inner:
                return True
    return False


def _limited(module: Module, query: ast.Call) -> bool:
    """Whether a query says how many come."""
    return any(
        isinstance(each, ast.Constant) and isinstance(each.value, str) and "LIMIT" in each.value
        for each in own_nodes(module.scope(query))
    )


def _paged(module: Module, loop: ast.AST, listed: ast.AST) -> ast.AST | None:
    """The loop around it that fetches page after page until there are no more."""
    if not isinstance(listed, ast.Name):
        return None
    scope = module.scope(loop)
    for parent in module.ancestors(loop):
        if parent is scope:
            return None
        if isinstance(parent, ast.While):
            fetched = any(
                isinstance(each, ast.Assign) and any(listed.id in _names(t) for t in each.targets)
                for each in parent.body
            )
            ends = any(
                isinstance(each, ast.If)
                and listed.id in _names(each.test)
                and any(isinstance(last, (ast.Break, ast.Return)) for last in each.body)
                for each in parent.body
            )
            return parent if fetched and ends else None
    return None


# -- that it takes long ----------------------------------------------------------------------------


def _patient(way: Way, loop: ast.AST, paged: ast.AST | None) -> Step | None:
    """What shows that a long run is reckoned with."""
    facts = stored.load()
    bodies: list[tuple[Module, Sequence[ast.stmt], ast.AST]] = []
    for module, node in way:
        if any(parent is loop for parent in module.ancestors(node)):
            bodies.append((module, loop.body if isinstance(loop, _LOOPS) else (), node))
        else:
            scope = module.scope(node)
            bodies.append((module, scope.body if isinstance(scope, FUNCTIONS) else (), node))
    outer = way[-1][0]
    for parent in outer.ancestors(loop):
        if isinstance(parent, FUNCTIONS):
            break
        # Piece by piece, with a pause after each. An endless loop pauses until there is more to do.
        if isinstance(parent, (ast.For, ast.AsyncFor)) or (
            isinstance(parent, ast.While) and parent is paged
        ):
            bodies.append((outer, parent.body, loop))
    for module, body, node in bodies:
        for each in _each_round(body):
            name = last_name(each.func) if isinstance(each, ast.Call) else ""
            if name in facts.sleeps:
                return Step(Role.STEP, module.span(each), "a pause is made")
            if isinstance(each, ast.If) and each.lineno < getattr(node, "lineno", 0):
                if _passes_over(each, node, module):
                    return Step(Role.STEP, module.span(each.test), "what was done is passed over")
    return None


def _counts_up(module: Module, loop: ast.AST) -> Step | None:
    """A line in each round that says how far it is: ``print(f"{i}/{len(rows)}")``."""
    if not isinstance(loop, (ast.For, ast.AsyncFor)):
        return None
    facts = stored.load()
    counters = {
        each.target.id
        for stmt in loop.body
        for each in walk(stmt)
        if isinstance(each, ast.AugAssign) and isinstance(each.target, ast.Name)
    }
    if isinstance(loop.iter, ast.Call):
        if last_name(loop.iter.func) == "enumerate" and isinstance(loop.target, ast.Tuple):
            counters |= _names(loop.target.elts[0])
        elif last_name(loop.iter.func) == "range":
            counters |= _names(loop.target)
    scope = module.scope(loop)
    for each in _each_round(loop.body):
        if isinstance(each, ast.Call) and last_name(each.func) in facts.tells:
            shown = [part for argument in each.args for part in walk(argument)]
            names = {part.id for part in shown if isinstance(part, ast.Name)}
            if counters & names and any(_is_length(module, part, scope) for part in shown):
                return Step(Role.STEP, module.span(each), "each round tells how far it is")
    return None


def _is_length(module: Module, node: ast.AST, scope: ast.AST) -> bool:
    if isinstance(node, ast.Name):
        return any(
            isinstance(each, ast.Call) and _is_length(module, each, scope)
            for each in _bound(module, scope, node.id)
        )
    return isinstance(node, ast.Call) and last_name(node.func) == "len"


def _each_round(body: Sequence[ast.stmt]) -> Iterator[ast.AST]:
    """What runs in each round, or in some; nothing that follows a failure or is repeated."""
    stack: list[ast.AST] = list(reversed(body))
    while stack:
        node = stack.pop()
        yield node
        if isinstance(node, (ast.ExceptHandler, *_LOOPS, *FUNCTIONS, ast.Lambda, ast.ClassDef)):
            continue
        stack.extend(reversed(children(node)))


def _passes_over(node: ast.If, call: ast.AST, module: Module) -> bool:
    """Whether a record is skipped as an earlier run has done it."""
    facts = stored.load()
    skips = any(isinstance(each, (ast.Continue, ast.Return)) for each in node.body)
    inside = any(parent is node for parent in module.ancestors(call))
    if not (skips or inside):
        return False
    for each in walk(node.test):
        if isinstance(each, ast.Call) and last_name(each.func) in facts.there:
            negated = isinstance(node.test, ast.UnaryOp) and isinstance(node.test.op, ast.Not)
            if negated != skips:
                return True
        if isinstance(each, ast.Compare) and isinstance(each.ops[0], (ast.In, ast.NotIn)):
            if facts.was_done(last_name(each.comparators[0])):
                return True
    return False
