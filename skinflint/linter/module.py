"""One parsed module: its tree, who is whose parent, what it imports, defines, binds and calls.

Everything is filled by one iterative pass; what only some questions need is worked out on demand.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeAlias, TypeVar, cast

from skinflint.linter.fstrings import Piece, pieces_of
from skinflint.linter.source import SourceFile
from skinflint.linter.spans import Span

FunctionNode: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef
ScopeNode: TypeAlias = (
    ast.Module | ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef
)
_NO_NAMES: frozenset[str] = frozenset()
_UNASKED = object()
_Node = TypeVar("_Node", bound=ast.AST)
_T = TypeVar("_T")

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
#: What has a body of statements, and a name.
DEFINITIONS = (*FUNCTIONS, ast.ClassDef)
SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef, ast.Module)
COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
LOOPS = (ast.For, ast.AsyncFor, ast.While)
_BLOCKS = ("body", "orelse", "finalbody", "handlers", "cases")
#: Of each kind of compound statement, the fields that hold statements, or handlers and cases.
_BLOCKS_OF = {
    kind: tuple(name for name in _BLOCKS if name in kind._fields)
    for kind in ast.stmt.__subclasses__()
    if not {"body", "cases"}.isdisjoint(kind._fields)
}
#: What is entered later than the statement it stands in, if at all.
_SCOPES = frozenset(SCOPES)
_LATER = frozenset((ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda))

#: Fields that never hold a node with a position of its own: names, and the shared nodes for
#: contexts and operators.
_BARE = frozenset(
    (
        *("arg", "asname", "attr", "conversion", "ctx", "id", "is_async", "kind", "level"),
        *("module", "op", "ops", "simple", "type_comment"),
    )
)

#: Numbers up to this one are there once anyway.
_SMALL = 256

#: Before 3.12 the nodes inside f-strings carry unreliable positions.
_MISPLACED = sys.version_info < (3, 12)

#: Methods that add items to their receiver.
GROWING = frozenset(("add", "append", "appendleft", "extend", "insert"))
#: What grows a queue, and means other things elsewhere.
PUTTING = frozenset(("put", "put_nowait"))
#: Methods that change their receiver in place.
MUTATORS = frozenset(
    (
        *("add", "append", "appendleft", "clear", "discard", "extend", "insert", "pop"),
        *("popitem", "remove", "reverse", "setdefault", "sort", "update"),
        *PUTTING,
    )
)


def dotted(node: ast.AST) -> str | None:
    """``a.b.c`` for a chain of attributes on a name, else None."""
    if isinstance(node, ast.Name):
        return node.id
    names: list[str] = []
    while isinstance(node, ast.Attribute):
        names.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        return None
    names.append(node.id)
    return ".".join(reversed(names))


def last_name(node: ast.AST) -> str:
    """``c`` of ``a.b.c`` and of ``f().c``, the name itself of a name, "" for anything else."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


class Module:
    """A module as parsed, with its index."""

    def __init__(self, source: SourceFile, name: str = "") -> None:
        self.source = source
        self.path = source.path
        self.name = name
        self.tree: ast.Module = ast.parse(source.text, filename=source.path)
        self.parents: dict[ast.AST, ast.AST] = {}
        self.calls: list[ast.Call] = []
        self.calls_named: dict[str, list[ast.Call]] = {}
        self.loads: dict[str, list[ast.expr]] = {}  # Name and Attribute loads by last name
        self.functions: list[FunctionNode] = []
        self.classes: dict[str, ast.ClassDef] = {}
        self.top: dict[str, ast.AST] = {}  # functions and classes at module level
        self.walruses: set[str] = set()  # names that are bound inside expressions
        self._changing: list[ast.AST] = []  # nodes that bind or change something, as met
        self._calls_as_met: tuple[ast.Call, ...] = ()
        self._own: dict[ast.AST, list[ast.AST]] | None = None
        self._mutating: dict[ast.AST, list[ast.Call]] | None = None
        self._bounds: dict[ast.AST, frozenset[str]] = {}
        self._touches: dict[ast.AST, frozenset[str]] = {}
        self._touched: dict[ast.AST, frozenset[str]] = {}
        self._spans: dict[ast.AST, Span] = {}
        self._scopes: dict[ast.AST, ScopeNode] = {}
        self._inner_writes: dict[tuple[str, ast.AST], list[tuple[FunctionNode, ast.stmt]]] = {}
        self._empties: dict[Span, ast.Assign | ast.AnnAssign] | None = None
        self._looping: dict[tuple[ast.AST, ast.AST], list[ast.AST]] = {}
        self._anew: dict[tuple[ast.stmt, str], bool] = {}
        self._tried: dict[ast.Try, list[ast.stmt]] = {}
        self._touching: dict[int, dict[str, tuple[int, ...]]] = {}
        self._locals: dict[ast.AST, tuple[frozenset[str], frozenset[str]]] = {}
        self._parameters: dict[ast.AST, frozenset[str]] = {}
        self._global_writes: dict[str, list[ast.stmt]] = {}
        self._places: dict[ast.AST, tuple[list[ast.stmt], int]] = {}
        self._pieces: dict[ast.AST, list[Piece]] = {}
        self._imported: frozenset[str] | None = None
        self._stars: tuple[ast.ImportFrom, ...] | None = None
        self._aliases: dict[ast.AST, dict[str, ast.Subscript]] = {}
        self._named: dict[str, list[ast.expr]] = {}
        self._stores: dict[str, list[ast.expr]] | None = None
        self._changes_of: dict[ast.stmt, list[ast.Call]] = {}
        self._methods: dict[ast.ClassDef, dict[str, FunctionNode]] = {}
        self._mutators: dict[str, list[tuple[FunctionNode, frozenset[str]]]] | None = None
        self.far: dict[ast.AST, bool] = {}  # conditions that ask other functions (evaluate.py)
        self.thinning: dict[ast.AST, bool] = {}  # functions that leave blocks out (lineage.py)
        self.set_in: dict[ast.AST, frozenset[str]] = {}  # names that functions set (branches.py)
        self.waiting: dict[ast.AST, bool] = {}  # scopes that wait for somebody (repetition.py)
        #: Of attributes of classes (instances.py): the statements that write one, and its owner.
        self.written: dict[tuple[ast.ClassDef, str], list[tuple[ast.stmt, str]]] = {}
        self.containers: dict[tuple[str, ast.AST], bool] = {}  # of names and functions (shapes.py)
        self._declared: frozenset[str] | None = None
        self._comprehended: set[ast.AST] | None = None
        self._inside: set[str] | None = None
        self._rebound: dict[str, list[ast.AST]] | None = None
        self._imports_at_top: dict[str, ast.Import | ast.ImportFrom] | None = None
        #: Of functions (contents.py): what their names hold, the keys they read by name, and the
        #: statements that ask for a length.
        self.held: dict[ast.AST, dict[str, list[Any]]] = {}
        self.keys_read: dict[ast.AST, frozenset[str]] = {}
        self.measured: dict[ast.AST, list[ast.If | ast.While]] = {}
        self.binding: dict[ast.AST, list[ast.AST]] = {}  # of scopes (longrun.py)
        self._at: dict[ast.stmt, dict[tuple[int, int | None], list[ast.expr]]] = {}
        self._answers: dict[tuple[object, ...], Any] = {}
        self._index()
        source.let_go()  # placing its f-strings needed the lines; of most modules nobody asks again

    def _index(self) -> None:
        # This sees every node of every file with a request: hence the table of fields in place of
        # ``ast.iter_child_nodes``, and types compared by identity.
        parents, changes, loads, named = self.parents, self._changing, self.loads, self.calls_named
        tree = self.tree
        # The parser makes numbers of lines anew for each node; one for each line is a fifth of the
        # memory of a tree.
        lines: dict[int, int] = {}
        one = lines.setdefault
        stack: list[ast.AST] = [tree]
        pop, push = stack.pop, stack.append
        while stack:
            node = pop()
            kind = type(node)
            own = node.__dict__
            line = own.get("lineno", 0)
            if line > _SMALL:
                own["lineno"] = one(line, line)
                line = own["end_lineno"]
                own["end_lineno"] = one(line, line)
            if kind is ast.Name:
                if type(own["ctx"]) is ast.Load:
                    name = own["id"]
                    if name in loads:
                        loads[name].append(node)  # type: ignore[arg-type]
                    else:
                        loads[name] = [node]  # type: ignore[list-item]
                else:
                    changes.append(node)
                continue
            if kind is ast.Constant:
                continue
            if kind is ast.Attribute:
                value = own["value"]
                parents[value] = node
                push(value)
                if type(own["ctx"]) is ast.Load:
                    name = own["attr"]
                    if name in loads:
                        loads[name].append(node)  # type: ignore[arg-type]
                    else:
                        loads[name] = [node]  # type: ignore[list-item]
                else:
                    changes.append(node)
                continue
            fields = _FIELDS.get(kind)
            for name in _fields_of(kind) if fields is None else fields:
                value = own.get(name)
                if type(value) is list:
                    for child in value:
                        if isinstance(child, ast.AST):
                            parents[child] = node
                            push(child)
                elif value is not None and isinstance(value, ast.AST):
                    parents[value] = node
                    push(value)
            if kind not in _NOTED:
                continue
            if isinstance(node, ast.Call):
                self.calls.append(node)
                func = node.func
                if isinstance(func, ast.Attribute):
                    named.setdefault(func.attr, []).append(node)
                    if func.attr in MUTATORS:
                        changes.append(node)
                elif isinstance(func, ast.Name):
                    named.setdefault(func.id, []).append(node)
            elif isinstance(node, ast.Subscript):
                if type(node.ctx) is not ast.Load:
                    changes.append(node)
            elif kind is ast.NamedExpr:
                self.walruses.add(node.target.id)  # type: ignore[attr-defined]
            elif isinstance(node, FUNCTIONS):
                changes.append(node)
                self.functions.append(node)
                if parents.get(node) is tree:
                    self.top[node.name] = node
            elif isinstance(node, ast.JoinedStr):
                if _MISPLACED:
                    self._relocate(node)
            elif isinstance(node, ast.ClassDef):
                changes.append(node)
                self.classes[node.name] = node
                if parents.get(node) is tree:
                    self.top[node.name] = node
            else:
                changes.append(node)
        self._calls_as_met = tuple(self.calls)
        key = _position
        self.calls.sort(key=key)
        self.functions.sort(key=key)
        for calls in named.values():
            if len(calls) > 1:
                calls.sort(key=key)

    def _relocate(self, node: ast.JoinedStr) -> None:
        """Put the nodes of an f-string's fields where they stand.

        Before Python 3.12 the parser misplaces them in multi-line and joined literals.
        """
        fields = [part for part in node.values if isinstance(part, ast.FormattedValue)]
        if not fields or self._well_placed(node, fields):
            return
        written = [piece for piece in self.pieces(node) if piece.field]
        if len(fields) != len(written):
            return
        for part, piece in zip(fields, written, strict=True):
            source = self.source
            line = piece.expression.line
            column = len(source.lines[line - 1][: piece.expression.column - 1].encode())
            first, shift = part.value.lineno, column - part.value.col_offset
            move = line - first
            if not (move or shift):
                continue
            for child in ast.walk(part.value):
                if not isinstance(child, ast.expr):
                    continue
                if child.lineno == first:
                    child.col_offset += shift
                if child.end_lineno == first and child.end_col_offset is not None:
                    child.end_col_offset += shift
                child.lineno += move
                if child.end_lineno is not None:
                    child.end_lineno += move

    def _well_placed(self, node: ast.JoinedStr, fields: list[ast.FormattedValue]) -> bool:
        """Whether the fields of an f-string surely stand where the parser says.

        So it is when each stands right behind a brace of its own, and no other brace opens.
        """
        if node.end_lineno != node.lineno or not self.source.text.isascii():
            return False
        line = self.source.lines[node.lineno - 1]
        at = node.col_offset
        for part in fields:
            value = part.value
            if value.lineno != node.lineno or value.col_offset <= at:
                return False
            at = value.col_offset
            if line[at - 1] != "{":
                return False
        return line.count("{", node.col_offset, node.end_col_offset) == len(fields)

    def span(self, node: ast.AST) -> Span:
        """Where ``node`` stands; the module itself stands at its beginning."""
        known = self._spans.get(node)
        if known is None:
            if isinstance(node, ast.Module):
                known = Span(self.path, 1, 1, 1, 1)
            else:
                known = self.source.span(node)
            self._spans[node] = known
        return known

    def pieces(self, node: ast.expr) -> list[Piece]:
        """The literal runs and fields of a string or f-string as written, in order."""
        found = self._pieces.get(node)
        if found is None:
            found = pieces_of(self.source, self.span(node))
            self._pieces[node] = found
        return found

    def imported(self) -> frozenset[str]:
        """The top-level names of the modules this one imports."""
        if self._imported is None:
            names: set[str] = set()
            for node in self._changing:
                if isinstance(node, ast.Import):
                    names.update(alias.name.partition(".")[0] for alias in node.names)
                elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
                    names.add(node.module.partition(".")[0])
            self._imported = frozenset(names)
        return self._imported

    def known_as(self, name: str) -> tuple[str, ...]:
        """The names that what is called ``name`` elsewhere may have here: its own and aliases."""
        aliases = {
            alias.asname: None
            for node in self._changing
            if isinstance(node, ast.ImportFrom)
            for alias in node.names
            if alias.name == name and alias.asname
        }
        return tuple({name: None, **aliases})

    @property
    def star_imports(self) -> tuple[ast.ImportFrom, ...]:
        """The ``from x import *`` at module level, in order of lines."""
        if self._stars is None:
            self._stars = tuple(
                sorted(
                    (
                        node
                        for node in self._changing
                        if isinstance(node, ast.ImportFrom)
                        and any(alias.name == "*" for alias in node.names)
                    ),
                    key=lambda node: node.lineno,
                )
            )
        return self._stars

    @property
    def exported(self) -> frozenset[str] | None:
        """The names in ``__all__``, None where there is none that can be read."""
        for stmt in self.tree.body:
            if isinstance(stmt, ast.Assign) and isinstance(stmt.value, (ast.List, ast.Tuple)):
                if any(dotted(target) == "__all__" for target in stmt.targets):
                    names = [e.value for e in stmt.value.elts if isinstance(e, ast.Constant)]
                    return frozenset(str(name) for name in names)
        return None

    @property
    def named_empties(self) -> dict[Span, ast.Assign | ast.AnnAssign]:
        """Where an empty list or dict is written that is assigned to a name, by its place."""
        if self._empties is None:
            self._empties = {}
            for node in self.parents:
                if isinstance(node, (ast.Assign, ast.AnnAssign)) and _is_empty(node.value):
                    assert node.value is not None
                    self._empties[self.span(node.value)] = node
        return self._empties

    # -- structure ---------------------------------------------------------------------------

    @property
    def comprehended(self) -> set[ast.AST]:
        """The nodes of all comprehensions: most names stand in none, and are asked for often."""
        if self._comprehended is None:
            found: set[ast.AST] = set()
            for node in self._changing:
                if isinstance(node, ast.comprehension) and node not in found:
                    found.update(walk(self.parents[node]))
            self._comprehended = found
        return self._comprehended

    def once(self, ask: Callable[..., _T], *about: object) -> _T:
        """``ask(module, *about)``, which hangs on the module alone.

        The files that share a module ask the same of it, and so do the requests of each. What is
        asked about may not hold the module: it would be let go of by the collector alone.
        """
        question = (ask, *about)
        found = self._answers.get(question, _UNASKED)
        if found is _UNASKED:
            found = self._answers[question] = ask(self, *about)
        return cast("_T", found)

    def ancestors(self, node: ast.AST) -> Iterator[ast.AST]:
        """The parents of ``node``, nearest first."""
        current = self.parents.get(node)
        while current is not None:
            yield current
            current = self.parents.get(current)

    def function_around(self, node: ast.AST) -> ScopeNode:
        """The function, lambda or module in whose run ``node`` is evaluated: no class."""
        scope = self.scope(node)
        while isinstance(scope, ast.ClassDef):
            scope = self.scope(scope)
        return scope

    def scope(self, node: ast.AST) -> ScopeNode:
        """The function, lambda, class or module in whose body ``node`` is evaluated.

        Defaults, decorators, annotations and bases belong to the scope around the definition.
        """
        known = self._scopes.get(node)
        if known is not None:
            return known
        found: ScopeNode = self.tree
        child, parents = node, self.parents
        parent = parents.get(child)
        while parent is not None:
            if type(parent) in _SCOPES:
                assert isinstance(parent, SCOPES)
                if isinstance(parent, ast.Lambda):
                    inside = child is parent.body
                else:
                    inside = child in parent.body
                if inside:
                    found = parent
                    break
            child, parent = parent, parents.get(parent)
        self._scopes[node] = found
        return found

    def node_at(self, span: Span) -> ast.expr | None:
        """The outermost expression that stands exactly at ``span``."""
        for top in self.tree.body:
            # the decorators of a definition stand above it
            above = getattr(top, "decorator_list", None)
            first = above[0].lineno if above else top.lineno
            if first > span.line or (top.end_lineno or first) < span.end_line:
                continue
            found = self._at.get(top)
            if found is None:
                found = self._at[top] = {}
                for node in walk(top):  # the outer ones come first
                    if isinstance(node, ast.expr):
                        found.setdefault((node.lineno, node.end_lineno), []).append(node)
            for node in found.get((span.line, span.end_line), ()):
                if self.span(node) == span:
                    return node
        return None

    def statement(self, node: ast.AST) -> ast.stmt | None:
        """The innermost statement ``node`` is part of (itself, if it is one)."""
        current: ast.AST | None = node
        while current is not None and not isinstance(current, ast.stmt):
            current = self.parents.get(current)
        return current

    def place(self, stmt: ast.stmt) -> tuple[list[ast.stmt], int]:
        """The statement list ``stmt`` stands in, and its index there."""
        found = self._places.get(stmt)
        if found is not None:
            return found
        parent = self.parents[stmt]
        for name in ("body", "orelse", "finalbody"):
            block = getattr(parent, name, None)
            if isinstance(block, list) and stmt in block:
                for index, each in enumerate(block):
                    self._places[each] = (block, index)
                return self._places[stmt]
        raise LookupError(f"line {stmt.lineno}: a statement outside of any block")

    def loops(self, node: ast.AST, within: ast.AST) -> list[ast.AST]:
        """The loops and comprehensions that repeat ``node`` inside ``within``, outermost first."""
        known = self._looping.get((node, within))
        if known is None:
            known = self._looping[node, within] = self._loops(node, within)
        return known

    def binds_anew(self, stmt: ast.stmt, path: str) -> bool:
        """Whether a statement is ``path = ...``, and does not ask what ``path`` was before."""
        known = self._anew.get((stmt, path))
        if known is None:
            known = self._anew[stmt, path] = (
                isinstance(stmt, ast.Assign)
                and len(stmt.targets) == 1
                and dotted(stmt.targets[0]) == path
                and not any(dotted(node) == path for node in walk(stmt.value))
            )
        return known

    def _loops(self, node: ast.AST, within: ast.AST) -> list[ast.AST]:
        found: list[ast.AST] = []
        child = node
        for parent in self.ancestors(node):
            if child is within:
                break
            if isinstance(parent, (ast.For, ast.AsyncFor)):
                if child in parent.body:
                    found.append(parent)
            elif isinstance(parent, ast.While):
                if child in parent.body or child is parent.test:
                    found.append(parent)
            elif isinstance(parent, COMPREHENSIONS):
                first = parent.generators[0]
                if child is not first:
                    found.append(parent)
            elif isinstance(parent, ast.comprehension):
                if child is parent.iter:
                    # The iterable of the first generator is evaluated once, outside.
                    owner = self.parents[parent]
                    if isinstance(owner, COMPREHENSIONS) and owner.generators[0] is parent:
                        child = owner
                        continue
            elif isinstance(parent, SCOPES):
                break
            child = parent
            if parent is within:
                break
        found.reverse()
        return found

    def qualname(self, node: ast.AST) -> str:
        """``Class.method`` for a function or class, ``""`` for the module."""
        names: list[str] = []
        current: ast.AST | None = node
        while current is not None and not isinstance(current, ast.Module):
            if isinstance(current, DEFINITIONS):
                names.append(current.name)
            elif isinstance(current, ast.Lambda):
                names.append("<lambda>")
            current = self.parents.get(current)
        return ".".join(reversed(names))

    def method(self, cls: ast.ClassDef, name: str) -> FunctionNode | None:
        """The function that a class itself defines under ``name``."""
        found = self._methods.get(cls)
        if found is None:
            found = self._methods[cls] = {}
            for stmt in cls.body:
                for each in stmt.body if isinstance(stmt, ast.If) else (stmt,):
                    if isinstance(each, FUNCTIONS):
                        found.setdefault(each.name, each)
        return found.get(name)

    def named(self, name: str) -> list[ast.expr]:
        """Every Name and Attribute with this last name, in order of lines."""
        found = self._named.get(name)
        if found is None:
            if self._stores is None:
                self._stores = {}
                for node in self._changing:
                    if isinstance(node, (ast.Name, ast.Attribute)):
                        last = node.id if isinstance(node, ast.Name) else node.attr
                        self._stores.setdefault(last, []).append(node)
            found = [*self._stores.get(name, ()), *self.loads.get(name, ())]
            found.sort(key=lambda node: (node.lineno, node.col_offset))
            self._named[name] = found
        return found

    def changes_in_place(self, stmt: ast.stmt) -> list[ast.Call]:
        """The calls of methods in a statement that change their receiver in place."""
        found = self._changes_of.get(stmt)
        if found is None:
            found = self._changes_of[stmt] = [
                node
                for node in walk(stmt)
                if isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr in MUTATORS
            ]
        return found

    def enclosing_class(self, function: ast.AST) -> ast.ClassDef | None:
        """The class whose method ``function`` is, None for other functions."""
        parent = self.parents.get(function)
        while isinstance(parent, (ast.If, ast.Try)):
            parent = self.parents.get(parent)
        return parent if isinstance(parent, ast.ClassDef) else None

    # -- bindings ----------------------------------------------------------------------------

    def touched(self, stmt: ast.AST) -> frozenset[str]:
        """The names and dotted paths that ``stmt`` binds, rebinds or changes in place.

        Bodies of functions and classes defined in it do not count; functions of this module that
        change an argument in place do.
        """
        found = self._touched.get(stmt)
        if found is None:
            names = set(self._own_touched(stmt))
            for call in self.mutating_calls(stmt):
                names.update(path for _, path in call[2])
            if isinstance(stmt, ast.stmt):
                self._add_aliased(stmt, names)
            found = frozenset(names)
            self._touched[stmt] = found
        return found

    def touching(self, body: list[ast.stmt], path: str) -> tuple[int, ...]:
        """The places in a list of statements of those that touch ``path``, in order."""
        index = self._touching.get(id(body))
        if index is None:
            collected: dict[str, list[int]] = {}
            for place, stmt in enumerate(body):
                for name in self.touched(stmt):
                    collected.setdefault(name, []).append(place)
            index = {name: tuple(places) for name, places in collected.items()}
            self._touching[id(body)] = index  # lists of the tree stay: no other gets this id
        return index.get(path, ())

    def tried(self, stmt: ast.Try) -> list[ast.stmt]:
        """What a ``try`` runs if nothing goes wrong: its body and its ``else``."""
        if not stmt.orelse:
            return stmt.body
        found = self._tried.get(stmt)
        if found is None:
            found = self._tried[stmt] = [*stmt.body, *stmt.orelse]
        return found

    def _add_aliased(self, stmt: ast.stmt, names: set[str]) -> None:
        """What is changed under another name: ``last = messages[-1]; last["k"] = ...``."""
        changed = names - self._bound(stmt)
        aliases = self.aliases(self.scope(stmt)) if changed else None
        if not aliases:
            return
        for name in sorted(changed):
            seen: set[str] = set()
            while name in aliases and name not in seen:
                seen.add(name)
                name = str(_base(aliases[name]))
                names.add(name)

    def aliases(self, scope: ast.AST) -> dict[str, ast.Subscript]:
        """Local names that are bound once, to an element of something: ``last = messages[-1]``."""
        found = self._aliases.get(scope)
        if found is not None:
            return found
        found = {}
        bound: dict[str, int] = {}
        body = scope.body if isinstance(scope, (*FUNCTIONS, ast.Module)) else []
        for stmt in _simple_statements(body):
            for name in self._bound(stmt):
                bound[name] = bound.get(name, 0) + 1
            if isinstance(stmt, ast.Assign) and len(stmt.targets) == 1:
                target, value = stmt.targets[0], stmt.value
                if isinstance(target, ast.Name) and isinstance(value, ast.Subscript):
                    if not isinstance(value.slice, ast.Slice) and _base(value):
                        found[target.id] = value
        found = {name: value for name, value in found.items() if bound[name] == 1}
        self._aliases[scope] = found
        return found

    def steps(self, node: ast.expr) -> tuple[str, list[ast.expr]] | None:
        """``("messages", [-1, "content"])`` for ``last["content"]`` where ``last = messages[-1]``.

        None when the expression is no chain of subscripts on a dotted name.
        """
        keys: list[ast.expr] = []
        seen: set[str] = set()
        while True:
            while isinstance(node, ast.Subscript):
                keys.append(node.slice)
                node = node.value
            path = dotted(node)
            if path is None:
                return None
            alias = self.aliases(self.scope(node)).get(path)
            if alias is None or path in seen:
                return path, list(reversed(keys))
            seen.add(path)
            node = alias

    def mutating_calls(
        self, stmt: ast.AST
    ) -> list[tuple[ast.Call, FunctionNode, list[tuple[str, str]]]]:
        """Calls in ``stmt`` of functions that change an argument in place.

        Each with the function and pairs (parameter, path of the argument).
        """
        if not self.mutators:
            return []
        if self._mutating is None:
            self._mutating = self._by_statement(
                node for node in self._calls_as_met if self._may_mutate(node)
            )
        found = []
        for node in self._mutating.get(stmt, ()):
            func = node.func
            if isinstance(func, ast.Name):
                name, shift = func.id, 0
            elif isinstance(func, ast.Attribute) and isinstance(func.value, ast.Name):
                name, shift = func.attr, 1
            else:
                continue
            for function, changed in self.mutators.get(name, ()):
                method = self.enclosing_class(function) is not None
                if method is not bool(shift):
                    continue
                names = [parameter.arg for parameter in parameters(function)][shift:]
                hit: list[tuple[str, str]] = []
                for parameter, argument in zip(names, node.args, strict=False):
                    path = dotted(argument)
                    if parameter in changed and path:
                        hit.append((parameter, path))
                for keyword in node.keywords:
                    path = dotted(keyword.value)
                    if keyword.arg in changed and path:
                        hit.append((str(keyword.arg), path))
                if hit:
                    found.append((node, function, hit))
        return found

    def _may_mutate(self, node: ast.Call) -> bool:
        func = node.func
        name = func.id if isinstance(func, ast.Name) else getattr(func, "attr", "")
        return name in self.mutators

    @property
    def mutators(self) -> dict[str, list[tuple[FunctionNode, frozenset[str]]]]:
        """By name, the functions that change an argument in place, and which parameters.

        Those that nobody here calls are left out.
        """
        if self._mutators is None:
            found: dict[str, list[tuple[FunctionNode, frozenset[str]]]] = {}
            for function in self.functions:
                if function.name not in self.calls_named:
                    continue
                names = {parameter.arg for parameter in parameters(function)}
                changed: set[str] = set()
                for stmt in function.body:
                    touched = set(self._own_touched(stmt))
                    self._add_aliased(stmt, touched)
                    changed |= (touched & names) - self._bound(stmt)
                if changed:
                    found.setdefault(function.name, []).append((function, frozenset(changed)))
            self._mutators = found
        return self._mutators

    @property
    def imports_at_top(self) -> dict[str, ast.Import | ast.ImportFrom]:
        """The first import at module level of each name that one binds."""
        if self._imports_at_top is None:
            self._imports_at_top = {}
            for stmt in self.tree.body:
                if isinstance(stmt, (ast.Import, ast.ImportFrom)):
                    for alias in stmt.names:
                        name = alias.asname or alias.name.partition(".")[0]
                        self._imports_at_top.setdefault(name, stmt)
        return self._imports_at_top

    def locals_of(self, scope: ast.AST) -> frozenset[str]:
        """The names local to a function, lambda or class."""
        return self._scope_names(scope)[0]

    def parameter_names(self, function: FunctionNode | ast.Lambda) -> frozenset[str]:
        """The names of all parameters."""
        found = self._parameters.get(function)
        if found is None:
            names = frozenset([parameter.arg for parameter in parameters(function)])
            found = self._parameters[function] = names
        return found

    def globals_of(self, scope: ast.AST) -> frozenset[str]:
        """The names a function declares ``global`` or ``nonlocal``."""
        return self._scope_names(scope)[1]

    def _scope_names(self, scope: ast.AST) -> tuple[frozenset[str], frozenset[str]]:
        cached = self._locals.get(scope)
        if cached is not None:
            return cached
        names: set[str] = set()
        outer: set[str] = set()
        if isinstance(scope, (*FUNCTIONS, ast.Lambda)):
            names.update(parameter.arg for parameter in parameters(scope))
        body = scope.body if isinstance(scope, (*DEFINITIONS, ast.Module)) else []
        for stmt in body:
            names |= self._bound(stmt)
            for node in self._own_changes.get(stmt, ()):
                if isinstance(node, (ast.Global, ast.Nonlocal)):
                    outer.update(node.names)
        result = (frozenset(names - outer), frozenset(outer))
        self._locals[scope] = result
        return result

    def declared_outside(self, name: str) -> bool:
        """Whether some function declares a name ``global`` or ``nonlocal``."""
        if self._declared is None:
            declarations = (ast.Global, ast.Nonlocal)
            self._declared = frozenset(
                each
                for node in self._changing
                if isinstance(node, declarations)
                for each in node.names
            )
        return name in self._declared

    def global_writes(self, name: str) -> list[ast.stmt]:
        """Statements inside functions that rebind or change the module global ``name``.

        ``name`` may be dotted: then it is an attribute of the global that is changed.
        """
        found = self._global_writes.get(name)
        if found is not None:
            return found
        found = self._global_writes[name] = []
        root = name.partition(".")[0]
        if root not in self._changed_inside:
            return found
        named = self._naming(root)
        for function in self.functions:
            if function not in named or root in self.locals_of(function):
                continue
            rebinds = name != root or root in self.globals_of(function)
            for stmt in _simple_statements(function.body):
                if name in self.touched(stmt) and (rebinds or name not in self._bound(stmt)):
                    found.append(stmt)
        return found

    @property
    def _changed_inside(self) -> set[str]:
        """The first names of all paths that something in a function may touch."""
        if self._inside is None:
            found: set[str] = set()
            parents = self.parents
            for node in self._changing:
                above = parents.get(node)
                while above is not None and not isinstance(above, FUNCTIONS):
                    above = parents.get(above)
                if above is None:
                    continue
                path: str | None = None
                if isinstance(node, ast.Name):
                    path = node.id
                    stmt = parents[node]  # an element under a name of its own
                    if isinstance(stmt, ast.Assign) and isinstance(stmt.value, ast.Subscript):
                        found.add((_base(stmt.value) or "").partition(".")[0])
                elif isinstance(node, ast.Attribute):
                    path = dotted(node)
                elif isinstance(node, ast.Subscript):
                    path = _base(node.value)
                elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                    path = _base(node.func.value)
                elif isinstance(node, (ast.For, ast.AsyncFor)):
                    path = _base(node.iter)
                else:
                    found.update(_bound_by(node))
                found.add((path or "").partition(".")[0])
            for call in self._calls_as_met if self.mutators else ():
                if self._may_mutate(call):
                    given = [*call.args, *(keyword.value for keyword in call.keywords)]
                    found.update((dotted(each) or "").partition(".")[0] for each in given)
            self._inside = found
        return self._inside

    def inner_writes(self, name: str, scope: ast.AST) -> list[tuple[FunctionNode, ast.stmt]]:
        """Statements of functions inside ``scope`` that change its local ``name``."""
        key = (name, scope)
        found = self._inner_writes.get(key)
        if found is None:
            found = self._inner_writes[key] = []
            named = self._naming(name) if name in self.loads else set()
            for function in self.functions:
                if function is scope or function not in named or name in self.locals_of(function):
                    continue
                if any(parent is scope for parent in self.ancestors(function)):
                    for stmt in _simple_statements(function.body):
                        if name in self.touched(stmt):
                            found.append((function, stmt))
        return found

    def makers(self, name: str, scope: ast.AST) -> list[tuple[ast.Call, FunctionNode, str]]:
        """Calls in ``scope`` that hand its local ``name`` to a function written inside it.

        Each with the function and its parameter.
        """
        found: list[tuple[ast.Call, FunctionNode, str]] = []
        for load in self.loads.get(name, ()):
            call = self.parents.get(load)
            if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name):
                continue
            if load not in call.args or self.scope(call) is not scope:
                continue
            at = call.args.index(load)
            for function in self.functions:
                if function.name == call.func.id and self.scope(function) is scope:
                    names = [parameter.arg for parameter in parameters(function)]
                    if at < len(names):
                        found.append((call, function, names[at]))
        return found

    @property
    def _rebinding(self) -> dict[str, list[ast.AST]]:
        """By plain name, what binds or deletes it, or declares it as not its own."""
        if self._rebound is None:
            found: dict[str, list[ast.AST]] = {}
            for node in self._changing:
                if isinstance(node, ast.Name):
                    found.setdefault(node.id, []).append(node)
                elif isinstance(node, (ast.Global, ast.Nonlocal)):
                    for name in node.names:
                        found.setdefault(name, []).append(node)
            self._rebound = found
        return self._rebound

    def _naming(self, name: str) -> set[ast.AST]:
        """What ``name`` occurs in as a plain name; of functions, those with it in their body."""
        nodes: list[ast.AST] = [n for n in self.loads.get(name, ()) if isinstance(n, ast.Name)]
        nodes += self._rebinding.get(name, ())
        found: set[ast.AST] = set()
        for node in nodes:
            child = node
            for parent in self.ancestors(node):
                if parent in found:
                    break
                if isinstance(child, ast.stmt) or not isinstance(parent, FUNCTIONS):
                    found.add(parent)
                child = parent
        return found

    @property
    def _own_changes(self) -> dict[ast.AST, list[ast.AST]]:
        """By statement, the nodes below it that change something when it runs."""
        if self._own is None:
            self._own = self._by_statement(self._changing)
        return self._own

    def _by_statement(self, nodes: Iterable[_Node]) -> dict[ast.AST, list[_Node]]:
        """By statement, those of ``nodes`` that run when it runs: no bodies of functions."""
        found: dict[ast.AST, list[_Node]] = {}
        parents = self.parents
        for node in nodes:
            current: ast.AST = node
            while True:
                if isinstance(current, ast.stmt):
                    found.setdefault(current, []).append(node)
                above = parents.get(current)
                if above is None or type(above) in _LATER:
                    break
                current = above
        return found

    def _bound(self, stmt: ast.AST) -> frozenset[str]:
        """Plain names that ``stmt`` binds (not those it only changes in place).

        Targets of a comprehension are its own; a walrus inside binds outside.
        """
        changes = self._own_changes.get(stmt)
        if changes is None:
            return _NO_NAMES
        found = self._bounds.get(stmt)
        if found is not None:
            return found
        names: set[str] = set()  # bound by other than a plain target
        own: set[ast.AST] = set()  # the targets of comprehensions
        plain: list[ast.Name] = []
        for node in changes:
            if isinstance(node, ast.Name):
                plain.append(node)
            elif isinstance(node, ast.comprehension):
                own.update(walk(node.target))
            else:
                names.update(_bound_by(node))
        names.update(node.id for node in plain if node not in own)
        found = self._bounds[stmt] = frozenset(names)
        return found

    def _own_touched(self, stmt: ast.AST) -> frozenset[str]:
        """What ``stmt`` touches itself, not by handing it to a function."""
        changes = self._own_changes.get(stmt)
        if changes is None:
            return _NO_NAMES
        found = self._touches.get(stmt)
        if found is not None:
            return found
        names: set[str | None] = set()
        for node in changes:
            if isinstance(node, ast.Attribute):
                names.add(dotted(node))
            elif isinstance(node, ast.Subscript):
                names.add(_base(node.value))
            elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                names.add(_base(node.func.value))
            elif isinstance(node, (ast.For, ast.AsyncFor)) and isinstance(node.target, ast.Name):
                # ``for block in blocks: block["k"] = ...`` changes what ``blocks`` holds.
                path = _base(node.iter)
                if path and any(self._sets_element(s, node.target.id) for s in node.body):
                    names.add(path)
        bound = self._bound(stmt)
        found = bound.union(name for name in names if name) if names else bound
        self._touches[stmt] = found
        return found

    def _sets_element(self, stmt: ast.stmt, name: str) -> bool:
        """Whether ``stmt`` sets or deletes an element of what ``name`` holds."""
        return any(
            isinstance(node, ast.Subscript) and _base(node.value) == name
            for node in self._own_changes.get(stmt, ())
        )


#: By type of node, the fields that may hold nodes; filled as types are met.
_FIELDS: dict[type[ast.AST], tuple[str, ...]] = {ast.Name: (), ast.Constant: ()}
#: Nodes that bind names or say where they are bound, besides names, functions and classes.
_BINDERS = frozenset(
    (
        *(ast.Import, ast.ImportFrom, ast.Global, ast.Nonlocal, ast.For, ast.AsyncFor),
        *(ast.ExceptHandler, ast.MatchAs, ast.MatchStar, ast.comprehension),
    )
)

#: Nodes that the index has something to note about.
_NOTED = _BINDERS.union(
    (*FUNCTIONS, ast.Call, ast.ClassDef, ast.JoinedStr, ast.NamedExpr, ast.Subscript)
)


def _bound_by(node: ast.AST) -> Iterator[str]:
    """The names that something binds which is no plain target."""
    if isinstance(node, DEFINITIONS):
        yield node.name
    elif isinstance(node, (ast.Import, ast.ImportFrom)):
        for alias in node.names:
            yield alias.asname or alias.name.partition(".")[0]
    elif isinstance(node, (ast.ExceptHandler, ast.MatchAs, ast.MatchStar)) and node.name:
        yield node.name


def _is_empty(node: ast.expr | None) -> bool:
    """Whether a list or dict is written that is empty, or made without arguments."""
    if isinstance(node, ast.Call):
        return not node.args
    return not (getattr(node, "elts", ()) or getattr(node, "keys", ())) if node else False


def _fields_of(kind: type[ast.AST]) -> tuple[str, ...]:
    found = _FIELDS[kind] = tuple(name for name in kind._fields if name not in _BARE)
    return found


def _position(node: ast.AST) -> tuple[int, int, int, int]:
    return (
        getattr(node, "lineno", 0),
        getattr(node, "col_offset", 0),
        -(getattr(node, "end_lineno", 0) or 0),
        -(getattr(node, "end_col_offset", 0) or 0),
    )


def parameters(function: FunctionNode | ast.Lambda) -> list[ast.arg]:
    """All parameters in order, with ``*args`` and ``**kwargs``."""
    args = function.args
    found = [*args.posonlyargs, *args.args]
    if args.vararg:
        found.append(args.vararg)
    found.extend(args.kwonlyargs)
    if args.kwarg:
        found.append(args.kwarg)
    return found


def children(node: ast.AST) -> list[ast.AST]:
    """The nodes right below a node, as ``ast.iter_child_nodes`` yields them.

    What stands for an operator, or says that something is loaded or stored, is left out.
    """
    found: list[ast.AST] = []
    kind = type(node)
    fields = _FIELDS.get(kind)
    for name in _fields_of(kind) if fields is None else fields:
        value = getattr(node, name, None)
        if type(value) is list:
            found += [child for child in value if isinstance(child, ast.AST)]
        elif isinstance(value, ast.AST):
            found.append(value)
    return found


def walk(node: ast.AST) -> Iterator[ast.AST]:
    """A node and all below it, in the order of ``ast.walk``; left out is what ``children`` does."""
    known = _FIELDS
    found = [node]
    for each in found:  # it grows meanwhile
        yield each
        kind = type(each)
        fields = known.get(kind)
        for name in _fields_of(kind) if fields is None else fields:
            value = getattr(each, name, None)
            if type(value) is list:
                found += [child for child in value if isinstance(child, ast.AST)]
            elif isinstance(value, ast.AST):
                found.append(value)


def exits(_: Module, function: FunctionNode) -> tuple[ast.Return | ast.Yield | ast.YieldFrom, ...]:
    """Where a function returns or yields, in order of lines; not where one in it does."""
    found: list[ast.Return | ast.Yield | ast.YieldFrom] = []
    stack: list[ast.AST] = list(reversed(function.body))
    while stack:
        node = stack.pop()
        if type(node) in _LATER:
            continue
        if isinstance(node, (ast.Return, ast.Yield, ast.YieldFrom)):
            found.append(node)
        stack.extend(reversed(children(node)))
    return tuple(found)


def own_nodes(scope: ast.AST) -> Iterator[ast.AST]:
    """The nodes that run when a function, lambda or module runs: no bodies of functions in it."""
    stack: list[ast.AST]
    if isinstance(scope, ast.Lambda):
        stack = [scope.body]
    else:
        stack = list(reversed(getattr(scope, "body", ())))
    while stack:
        node = stack.pop()
        yield node
        if type(node) not in _LATER:
            stack.extend(reversed(children(node)))


def default_of(function: FunctionNode | ast.Lambda, name: str) -> ast.expr | None:
    """The default of a parameter, None without one."""
    args = function.args
    positional = [*args.posonlyargs, *args.args]
    offset = len(positional) - len(args.defaults)
    for index, parameter in enumerate(positional):
        if parameter.arg == name:
            return args.defaults[index - offset] if index >= offset else None
    for parameter, default in zip(args.kwonlyargs, args.kw_defaults, strict=True):
        if parameter.arg == name:
            return default
    return None


def _simple_statements(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Every statement below ``body`` that has no block of its own; nested functions left out."""
    stack: list[ast.stmt] = list(reversed(body))
    while stack:
        stmt = stack.pop()
        if isinstance(stmt, DEFINITIONS):
            continue
        blocks = _BLOCKS_OF.get(type(stmt))
        if blocks is None:
            yield stmt
            continue
        nested: list[ast.stmt] = []
        for name in blocks:
            for child in getattr(stmt, name):
                if isinstance(child, ast.stmt):
                    nested.append(child)
                else:
                    nested.extend(getattr(child, "body", ()))
        if nested:
            stack.extend(reversed(nested))
        else:
            yield stmt


def _base(node: ast.AST) -> str | None:
    """The dotted path whose object a subscript or method call changes: ``x`` in ``x[0]["a"]``."""
    while isinstance(node, ast.Subscript):
        node = node.value
    return dotted(node)
