"""Which table of a database rows come out of, and how many of them a query yields.

A conversation may live in a database: each turn is stored in a row of its own, and all of them are
read to be sent. No variable holds such a list; it is known by its table, which is a class of an
object mapper, the name in a statement of SQL, or a collection. Where the project adds rows to it is
told in ``changes.py``.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import NamedTuple

from skinflint.catalog import queries
from skinflint.linter.activation import (
    Activation,
    ClassHandle,
    FunctionHandle,
    InstanceHandle,
    Thunk,
)
from skinflint.linter.bounds import Bounds, conditional, limit
from skinflint.linter.module import FUNCTIONS, Module, dotted, last_name, walk
from skinflint.linter.operations import keys_of
from skinflint.linter.places import Places
from skinflint.linter.request import Limit
from skinflint.linter.values import (
    Choice,
    Known,
    Mark,
    MarkKind,
    Object,
    Source,
    Text,
    Value,
    alternatives,
)
from skinflint.records import dataclass, replace

#: The newest first: ``order_by("-at")``, ``desc(Turn.at)``, ``sort("at", -1)``, ``desc=True``.
_BACKWARDS = re.compile(r"(?i)desc\b|['\"]-\w|, -1\b")
_SELECT = re.compile(r"(?is)^\s*select\b(.*?)\bfrom\s+[\[\"`]?([\w.]+)")
_TOTALS = re.compile(r"(?i)\b(count|max|min|sum|avg|exists|total)\s*\(")
LIMITED = re.compile(r"(?i)\b(limit|top|fetch\s+first|row_number)\b")
#: Conditions by which rows drop out as time goes on, or once something was done with them.
_PARTLY = re.compile(
    r"(?i)[<>]|\bbetween\b|\bnot\s+in\b|\bis\s+(not\s+)?null\b|=\s*(0|1|true|false)\b|\boffset\b"
    r"|\b(now|today|current_date|date|interval)\b|\bin\s*\(\s*select\b|\bwhere\s+not\b|\band\s+not\b"
)
_LATER = ("__gt", "__gte", "__lt", "__lte", "__range", "__isnull", "__date", "__ne", "__nin")
_OPERATORS = ("$gt", "$gte", "$lt", "$lte", "$exists", "$nin", "$slice")
_DEEPEST = 12  # methods of a query, and names for it


class Table(NamedTuple):
    """A table by what identifies it: a class, or the name in a statement or of a collection."""

    key: tuple[object, ...]
    label: str
    cls: ClassHandle | None = None


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows that a query yields.

    ``limits`` is how many at most, ``newest`` whether these are the newest, ``part`` says why some
    drop out as time goes on, and ``by`` are the values that the query asks for.
    """

    table: Table
    limits: tuple[Limit, ...] = ()
    part: str = ""
    by: tuple[tuple[ast.expr, Activation], ...] = ()
    newest: bool = False


class Tables:
    """Tells tables for the lineages of the requests of one module."""

    def __init__(self, places: Places, bounds: Bounds) -> None:
        self.places = places
        self.bounds = bounds
        self.ev = places.ev
        self.facts = queries.load()
        facts = self.facts
        self._chained = facts.keeps | facts.filters | facts.parts | facts.limits
        self._busy: set[tuple[ast.AST, str]] = set()

    # -- queries -----------------------------------------------------------------------------------

    def rows(self, node: ast.expr, act: Activation, depth: int = 0) -> Rows | None:
        """The rows that an expression yields, None when it is no query whose table is known."""
        if depth > _DEEPEST:
            return None
        if isinstance(node, (ast.Await, ast.NamedExpr)):
            return self.rows(node.value, act, depth + 1)
        if isinstance(node, ast.Name):
            return self._named(node, act, depth + 1) if depth else None
        if isinstance(node, ast.Attribute):
            if node.attr in self.facts.managers:
                found = self.model(node.value, act)
                if found is not None:
                    return Rows(found)
            if node.attr == "data":
                return self.rows(node.value, act, depth + 1)
            return self._related(node, act, depth)
        return self._called(node, act, depth + 1) if isinstance(node, ast.Call) else None

    def _called(self, call: ast.Call, act: Activation, depth: int) -> Rows | None:
        func, given = call.func, call.args
        name = last_name(func)
        if name == "select" and given:
            found = self.model(given[0], act)
            if found is not None:
                return Rows(found)
        if not isinstance(func, ast.Attribute):
            return None
        base = func.value
        if name in self.facts.named and given:
            text = written_in(given[0])
            if text:
                return Rows(Table(("named", text), text))
        if name == "query" and given:
            found = self.model(given[0], act)
            if found is not None:
                return Rows(found)
        if name in self.facts.managers or name in self.facts.begins:
            found = self.model(base, act)
            if found is not None and self._own(found, name) is None:
                return self._taken(Rows(found), call, act)
        if name == "find" and _asks_for_some(given):
            found = self.collection(base, act, 0)
            if found is not None:
                return self._taken(Rows(found), call, act)
        if name in self.facts.executes and given:
            inner = self.rows(given[0], act, depth) or self._statement(given[0], act)
            if inner is not None:
                return replace(inner, by=(*inner.by, *((each, act) for each in given[1:])))
        if name in self.facts.fetches and isinstance(base, (ast.Name, ast.Attribute)):
            inner = self._executed(base, call, act, depth)
            if inner is not None:
                return self._limited(inner, name, call, act)
        if name not in self._chained:
            return None
        inner = self.rows(base, act, depth)
        if inner is None:
            return None
        if name in self.facts.parts:
            return replace(inner, part=f"{name}() takes a part of the rows")
        if name in self.facts.filters:
            return self._taken(inner, call, act)
        return self._limited(inner, name, call, act)

    def _limited(self, inner: Rows, name: str, call: ast.Call, act: Activation) -> Rows:
        if name not in self.facts.limits:
            backwards = name in self.facts.orders and bool(_BACKWARDS.search(ast.unparse(call)))
            return replace(inner, newest=True) if backwards else inner
        given = [*call.args, *(k.value for k in call.keywords)]
        if not given or not self.bounds.finite(given[-1], act):
            return inner
        found = limit(act.module, call, "query-limit", "the query takes so many")
        return replace(inner, limits=(*inner.limits, found))

    def _taken(self, inner: Rows, call: ast.Call, act: Activation) -> Rows:
        """What a condition leaves over."""
        given = [*call.args, *(k.value for k in call.keywords)]
        part = inner.part or partly(call)
        return replace(inner, part=part, by=(*inner.by, *((each, act) for each in given)))

    def _named(self, node: ast.Name, act: Activation, depth: int) -> Rows | None:
        """A query, or a cursor, that has a name of its own."""
        act = _outwards(node.id, act)
        busy = (act.node, node.id)
        if busy in self._busy:
            return None
        self._busy.add(busy)
        try:
            found: Rows | None = None
            for value in _bound(node.id, act):
                each = self.rows(value, act, depth)
                if each is None:
                    continue
                if found is None:
                    found = each
                else:
                    found = Rows(
                        found.table,
                        (*found.limits, *each.limits),
                        found.part or each.part,
                        (*found.by, *each.by),
                        found.newest or each.newest,
                    )
            return found
        finally:
            self._busy.discard(busy)

    def _executed(
        self, cursor: ast.expr, call: ast.Call, act: Activation, depth: int
    ) -> Rows | None:
        """The rows of the statement that a cursor was handed last before ``call``."""
        found = self.rows(cursor, act, depth) if isinstance(cursor, ast.Name) else None
        if found is not None:
            return found
        module, path = act.module, dotted(cursor)
        last: ast.Call | None = None
        for each in module.calls_named.get("execute", ()):
            func = each.func
            if isinstance(func, ast.Attribute) and dotted(func.value) == path and each.args:
                if module.scope(each) is module.scope(call) and each.lineno <= call.lineno:
                    if last is None or each.lineno > last.lineno:
                        last = each
        if last is None:
            return None
        rows = self._statement(last.args[0], act)
        if rows is None:
            return None
        return replace(rows, by=(*rows.by, *((each, act) for each in last.args[1:])))

    def _statement(self, node: ast.expr, act: Activation) -> Rows | None:
        """The rows of a statement of SQL."""
        while isinstance(node, ast.Call) and node.args and last_name(node.func) in ("text", "SQL"):
            node = node.args[0]
        texts = [t for t in _texts(self.ev.evaluate(node, act)) if _SELECT.search(t)]
        if not texts and isinstance(node, (ast.Constant, ast.JoinedStr)):
            texts = [t for t in (written_in(node),) if _SELECT.search(t)]
        if not texts:
            return None
        tables: set[str] = set()
        for text in texts:
            match = _SELECT.search(text)
            assert match is not None
            if _TOTALS.search(match[1]):
                return None
            tables.add(bare(match[2]))
        if len(tables) != 1:
            return None
        (name,) = tables
        limits: tuple[Limit, ...] = ()
        if any(LIMITED.search(text) for text in texts):
            limits = (limit(act.module, node, "query-limit", "the query takes so many"),)
        part = "the statement takes a part of the rows" if any(map(drops, texts)) else ""
        newest = any(re.search(r"(?i)\bdesc\b", text) for text in texts)
        return Rows(Table(("sql", name), name), limits, part, newest=newest)

    # -- tables ------------------------------------------------------------------------------------

    def model(self, node: ast.expr, act: Activation) -> Table | None:
        """The table of a class of an object mapper, or of one of its columns."""
        for _ in range(2):
            if dotted(node) is None:
                return None
            for value in alternatives(self.ev.evaluate(node, act)):
                if isinstance(value, Object) and isinstance(value.handle, ClassHandle):
                    return of_class(value.handle)
            if not isinstance(node, ast.Attribute):
                return None
            node = node.value
        return None

    def _own(self, table: Table, name: str) -> object:
        """A method of this name that a class has itself."""
        if table.cls is None:
            return None
        for cls in self.ev.instances.bases(table.cls):
            method = self.ev.instances.method(cls, name)
            if method is not None:
                return method
        return None

    def collection(self, node: ast.expr, act: Activation, depth: int) -> Table | None:
        """The collection of documents that an expression is."""
        if isinstance(node, ast.Subscript):
            text = written_in(node.slice)
            return Table(("collection", text), text) if text else None
        if isinstance(node, ast.Call):
            text = written_in(node.args[0]) if node.args else ""
            named = last_name(node.func) in ("get_collection", "collection")
            return Table(("collection", text), text) if text and named else None
        path = dotted(node)
        if path is None or depth > 2:
            return None
        found: Table | None = None
        if isinstance(node, ast.Name):
            values = _bound(node.id, _outwards(node.id, act))
        else:
            values = _set(path, act)
        for value in values:
            found = found or self.collection(value, act, depth + 1)
        if found is None and isinstance(node, ast.Attribute) and not path.startswith("self."):
            return Table(("collection", node.attr), node.attr)
        if found is None and isinstance(node, ast.Attribute) and path.count(".") > 1:
            return Table(("collection", node.attr), node.attr)
        return found

    # -- relations ---------------------------------------------------------------------------------

    def _related(self, node: ast.Attribute, act: Activation, depth: int) -> Rows | None:
        """``conversation.messages``, where a class of an object mapper says what these are."""
        if not isinstance(node.value, (ast.Name, ast.Attribute)):
            return None
        owner = self._row_of(node.value, act, depth)
        if owner is None or not self._is_mapped(owner.node):
            return None
        for cls in self.ev.instances.bases(owner):
            for stmt in cls.node.body:
                if _binds(stmt, node.attr):
                    value = getattr(stmt, "value", None)
                    if not isinstance(value, ast.Call):
                        return None
                    if last_name(value.func) not in self.facts.lists:
                        return None
                    target = self._target(stmt, value, cls)
                    return Rows(of_class(target), by=((node.value, act),)) if target else None
        target = self._pointing(owner, node.attr)
        return Rows(of_class(target), by=((node.value, act),)) if target is not None else None

    def _row_of(
        self,
        node: ast.expr,
        act: Activation,
        depth: int,
        met: dict[tuple[ast.expr, ast.AST], int] | None = None,
    ) -> ClassHandle | None:
        """The class of an object mapper that an expression yields a row of.

        ``met`` has what was looked at on other ways, and how far from where it was asked for.
        """
        met = {} if met is None else met
        if met.get((node, act.node), _DEEPEST + 2) <= depth:
            return None
        met[node, act.node] = depth
        owner = self.places.owner(node, act)
        if owner is not None:
            return owner[1] if isinstance(owner[0].handle, InstanceHandle) else None
        if depth > _DEEPEST:
            return None
        if isinstance(node, ast.Name):
            act = _outwards(node.id, act)
            bound = act.arguments.get(node.id) if act.arguments is not None else None
            if isinstance(bound, Thunk):
                return self._row_of(bound.node, bound.activation, depth + 1, met)
            for value in _bound(node.id, act):
                found = self._row_of(value, act, depth + 1, met)
                if found is not None:
                    return found
            return None
        while isinstance(node, ast.Await):
            node = node.value
        if not isinstance(node, ast.Call):
            return None
        name = last_name(node.func)
        for given in node.args[:1] if name in self.facts.one_of else ():
            table = self.model(given, act)
            if table is not None:
                return table.cls
        if isinstance(node.func, ast.Attribute) and name in self.facts.one:
            rows = self.rows(node.func.value, act, depth + 1)
            return rows.table.cls if rows is not None else None
        for handle in self.places.callees(node.func, act):
            inner = self.places.plain(handle.module, handle.node)
            for stmt in walk(handle.node):
                if isinstance(stmt, ast.Return) and stmt.value is not None:
                    found = self._row_of(stmt.value, inner, depth + 4, met)
                    if found is not None:
                        return found
        return None

    def method(self, func: ast.expr, act: Activation) -> list[FunctionHandle]:
        """The method of a row that is called: ``conversation.history()``."""
        if not isinstance(func, ast.Attribute) or not isinstance(func.value, (ast.Name, ast.Call)):
            return []
        owner = self._row_of(func.value, act, 0)
        for cls in self.ev.instances.bases(owner) if owner is not None else ():
            found = self.ev.instances.method(cls, func.attr)
            if found is not None:
                span = act.module.span(func.value)
                mark = Mark(MarkKind.OBJECT, cls.node.name, span)
                handle = InstanceHandle(cls, None, (mark,))
                made = Object(cls.node.name, span, (mark,), (), handle)
                return [FunctionHandle(found, cls.module, cls.lexical, made)]
        return []

    def _is_mapped(self, cls: ast.ClassDef) -> bool:
        """Whether a class says what the columns of a table are."""
        return any(
            isinstance(stmt, (ast.Assign, ast.AnnAssign))
            and isinstance(stmt.value, ast.Call)
            and self.facts.is_column(last_name(stmt.value.func))
            for stmt in cls.body
        )

    def _target(self, stmt: ast.stmt, value: ast.Call, cls: ClassHandle) -> ClassHandle | None:
        """The class that a relation leads to."""
        written = value.args[0] if value.args else None
        if written is None and isinstance(stmt, ast.AnnAssign):
            written = stmt.annotation
        for node in walk(written) if written is not None else ():
            name = node.id if isinstance(node, ast.Name) else written_in(node).rpartition(".")[2]
            if name and name not in ("Mapped", "List", "list", "Optional"):
                found = self._class(name.strip("\"'[] "), cls)
                if found is not None:
                    return found
        return None

    def _class(self, name: str, near: ClassHandle) -> ClassHandle | None:
        """A class by its name: next to another one, or in a module that uses that."""
        for module in (near.module, *self.places.using(near)):
            for node in module.tree.body:
                if isinstance(node, ast.ClassDef) and node.name == name:
                    return ClassHandle(node, module, self.places.root(module))
        value = self.ev.evaluate(
            ast.copy_location(ast.Name(name, ast.Load()), near.node), near.lexical
        )
        for each in alternatives(value):
            if isinstance(each, Object) and isinstance(each.handle, ClassHandle):
                return each.handle
        return None

    def _pointing(self, owner: ClassHandle, name: str) -> ClassHandle | None:
        """The class with a foreign key to ``owner`` that gives its rows this name there."""
        for module in (owner.module, *self.places.using(owner)):
            for cls in module.tree.body:
                if not isinstance(cls, ast.ClassDef):
                    continue
                for stmt in cls.body:
                    value = getattr(stmt, "value", None)
                    if isinstance(value, ast.Call) and self._points(value, owner, cls, name):
                        return ClassHandle(cls, module, self.places.root(module))
        return None

    def _points(self, value: ast.Call, owner: ClassHandle, cls: ast.ClassDef, name: str) -> bool:
        """Whether a field is a foreign key to ``owner``, whose rows have that name there."""
        kind = last_name(value.func)
        if kind not in self.facts.points:
            return False
        given = {k.arg: k.value for k in value.keywords}
        target = value.args[0] if value.args else given.get("to", given.get("model"))
        if target is None or (last_name(target) or written_in(target).rpartition(".")[2]) != (
            owner.node.name
        ):
            return False
        for key in self.facts.names:
            if key in given:
                written = given[key]
                if isinstance(written, ast.Call) and written.args:
                    written = written.args[0]  # ``backref("turns", lazy=True)``
                return written_in(written) == name
        return kind == "ForeignKey" and name == f"{cls.name.lower()}_set"

    # -- a conversation of its own -----------------------------------------------------------------

    def begun(self, rows: Rows) -> tuple[Module, ast.expr] | None:
        """What says that each run, or each day, reads the rows of something that is new to it."""
        for node, act in rows.by:
            if any(key.source is Source.CLOCK for key in keys_of(self.ev.evaluate(node, act))):
                return act.module, node
            for each in walk(node):
                if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Load):
                    made = self._just_made(each, act, 0)
                    if made is not None:
                        return made
        return None

    def _just_made(
        self, node: ast.Name, act: Activation, depth: int
    ) -> tuple[Module, ast.expr] | None:
        if depth > _DEEPEST:
            return None
        act = _outwards(node.id, act)
        bound = act.arguments.get(node.id) if act.arguments is not None else None
        if isinstance(bound, Thunk):
            for each in walk(bound.node):
                if isinstance(each, ast.Name):
                    found = self._just_made(each, bound.activation, depth + 1)
                    if found is not None:
                        return found
            return None
        values = list(_bound(node.id, act))
        if len(values) != 1 or conditional(act.module, values[0], act.module.scope(values[0])):
            return None
        for call in walk(values[0]):
            if isinstance(call, ast.Call):
                if last_name(call.func) in self.facts.keys or self._makes_row(call, act):
                    return act.module, call
        return None

    def _makes_row(self, call: ast.Call, act: Activation) -> bool:
        if dotted(call.func) is None or not last_name(call.func)[:1].isupper():
            return False
        table = self.model(call.func, act)
        return table is not None and table.cls is not None and bool(table.cls.node.bases)


def of_class(cls: ClassHandle) -> Table:
    return Table(("class", cls.module.path, cls.node), cls.node.name, cls)


def bare(name: str) -> str:
    """The name of a table without its schema."""
    return name.rpartition(".")[2].lower()


def drops(text: str) -> bool:
    """Whether a statement takes rows by when they were written, or by a flag."""
    _, _, after = text.partition("FROM")
    if not after:
        _, _, after = text.partition("from")
    return (
        _PARTLY.search(re.sub(r"<>|\bis_deleted\b.{0,10}|\bdeleted\w*\b.{0,10}", "", after))
        is not None
    )


def partly(call: ast.Call) -> str:
    """Why a condition may leave rows out as time goes on, "" when it does not."""
    reason = "the query takes a part of the rows"
    for keyword in call.keywords:
        name = keyword.arg or ""
        if "delet" in name:
            continue
        if name.endswith(_LATER) or _is_flag(keyword.value):
            return reason
    for given in [*call.args, *(k.value for k in call.keywords if k.arg is None)]:
        if "delet" in ast.unparse(given):
            continue
        for node in walk(given):
            if isinstance(node, ast.Compare):
                if isinstance(node.ops[0], (ast.Gt, ast.GtE, ast.Lt, ast.LtE, ast.NotIn)):
                    return reason
                if any(map(_is_flag, node.comparators)):
                    return reason
            elif (isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.Invert, ast.Not))) or (
                isinstance(node, ast.Call) and last_name(node.func) in ("is_", "isnot", "is_not")
            ):
                return reason
            elif isinstance(node, ast.Dict):
                if any(written_in(key) in _OPERATORS for key in node.keys if key is not None):
                    return reason
                if any(map(_is_flag, node.values)):
                    return reason
    if last_name(call.func) == "exclude":
        return reason
    return ""


def _is_flag(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and (node.value is None or isinstance(node.value, bool))


def _asks_for_some(given: list[ast.expr]) -> bool:
    """Whether ``find()`` is asked for documents, not for a text in a text."""
    return not given or isinstance(given[0], ast.Dict)


def _outwards(name: str, act: Activation) -> Activation:
    """The run of the function that a name belongs to, from the one that speaks of it outwards."""
    current = act
    while current.lexical is not None and name not in current.module.locals_of(current.node):
        current = current.lexical
    return current


def _bound(name: str, act: Activation) -> Iterator[ast.expr]:
    """What a name is bound to in a run of the function that it belongs to."""
    module = act.module
    for use in module.named(name):
        if not isinstance(getattr(use, "ctx", None), ast.Store):
            continue
        if module.function_around(use) is act.node:
            parent = module.parents.get(use)
            if isinstance(parent, (ast.Assign, ast.AnnAssign, ast.NamedExpr)):
                if parent.value is not None:
                    yield parent.value
            elif isinstance(parent, ast.withitem):
                yield parent.context_expr


def _set(path: str, act: Activation) -> Iterator[ast.expr]:
    """What an attribute is set to in the class, or the module, that speaks of it."""
    module = act.module
    around = module.enclosing_class(act.node) if isinstance(act.node, FUNCTIONS) else None
    for use in module.named(path.rpartition(".")[2]):
        if not isinstance(use, ast.Attribute) or not isinstance(use.ctx, ast.Store):
            continue
        if dotted(use) != path or (around is not None and around not in module.ancestors(use)):
            continue
        parent = module.parents.get(use)
        if isinstance(parent, (ast.Assign, ast.AnnAssign)) and parent.value is not None:
            yield parent.value


def _binds(stmt: ast.stmt, name: str) -> bool:
    targets: list[ast.expr] = []
    if isinstance(stmt, ast.Assign):
        targets = stmt.targets
    elif isinstance(stmt, ast.AnnAssign):
        targets = [stmt.target]
    return any(isinstance(each, ast.Name) and each.id == name for each in targets)


def written_in(node: ast.AST) -> str:
    """A text as written, ``{`` for each field of it; "" for anything else."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else ""
    if isinstance(node, ast.JoinedStr):
        return "".join(written_in(part) or "{" for part in node.values)
    if isinstance(node, ast.Call) and node.args and last_name(node.func) in ("text", "SQL"):
        return written_in(node.args[0])
    return ""


def _texts(value: Value) -> Iterator[str]:
    """The texts that a value may be."""
    if isinstance(value, Known):
        if isinstance(value.value, str):
            yield value.value
    elif isinstance(value, Text):
        yield "".join(str(part.value) if isinstance(part, Known) else "{" for part in value.parts)
    elif isinstance(value, Choice):
        for each in alternatives(value):
            yield from _texts(each)
