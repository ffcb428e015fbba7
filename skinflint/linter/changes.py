"""Where a project adds rows to a table of a database, and where it deletes some."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import NamedTuple

from skinflint.linter.activation import Activation
from skinflint.linter.bounds import by_size
from skinflint.linter.module import FUNCTIONS, Module, last_name, walk
from skinflint.linter.tables import (
    LIMITED,
    Rows,
    Table,
    Tables,
    bare,
    drops,
    partly,
    written_in,
)

_INSERT = re.compile(r"(?is)^\s*(?:insert(?:\s+or\s+\w+)?|replace)\s+into\s+[\[\"`]?([\w.]+)")
_DELETE = re.compile(r"(?is)^\s*delete\s+from\s+[\[\"`]?([\w.]+)(.*)")
_MOST_MODULES = 12  # that are looked at for a table which is known by its name
#: Methods that lists, sets and dicts have as well.
_OF_LISTS = ("insert", "add", "set", "push", "save")


class Change(NamedTuple):
    """One place where rows are added to a table, or deleted.

    ``kind``: "add", "clear", or "prune" where old ones are deleted, or too many.
    """

    kind: str
    module: Module
    scope: ast.AST
    node: ast.expr


class Changes:
    """Finds the changes of tables, for all requests of a module."""

    def __init__(self, tables: Tables) -> None:
        self.tables = tables
        self.places = tables.places
        self.facts = tables.facts
        self._found: dict[tuple[object, ...], list[Change]] = {}

    def of(self, table: Table, near: Module) -> list[Change]:
        """The changes of a table that is read in ``near``."""
        found = self._found.get(table.key)
        if found is None:
            found = self._found[table.key] = []
            for module in self._modules(table, near):
                self.places.root(module)
                if table.key[0] == "sql":
                    found += self._written(table, module)
                else:
                    found += self._made(table, module)
                    found += self._asked(table, module)
        return found

    def _modules(self, table: Table, near: Module) -> list[Module]:
        if table.cls is not None:
            return list(dict.fromkeys([table.cls.module, near, *self.places.using(table.cls)]))
        found = [near, *self.places.modules]
        project = self.tables.ev.project
        tree = project.tree(near) if project is not None else None
        if project is not None and tree is not None:
            own = set(project.no_tests(near))
            for path in tree.naming(table.label.rpartition(".")[2].encode()):
                if len(found) >= _MOST_MODULES:
                    break
                module = project.at(path) if path in own else None
                if module is not None:
                    found.append(module)
        return list(dict.fromkeys(found))

    def _written(self, table: Table, module: Module) -> Iterator[Change]:
        """Statements of SQL that add rows to a table, or delete some."""
        for node, written in module.once(_statements):
            match = _INSERT.search(written)
            if match is not None and bare(match[1]) == table.label:
                yield Change("add", module, module.function_around(node), node)
                continue
            match = _DELETE.search(written)
            if match is not None and bare(match[1]) == table.label:
                kind = "prune" if drops(written) or LIMITED.search(match[2]) else "clear"
                yield Change(kind, module, module.function_around(node), node)

    def _made(self, table: Table, module: Module) -> Iterator[Change]:
        """Where objects of the class of a table are made: a row each."""
        if table.cls is None:
            return
        own = table.cls.node.name
        for name in dict.fromkeys((own, *module.known_as(own), "cls")):
            for call in module.calls_named.get(name, ()):
                scope = module.function_around(call)
                act = self.places.plain(module, scope)
                if name == "cls":
                    made = module.enclosing_class(scope) is table.cls.node
                else:
                    found = self.tables.model(call.func, act)
                    made = found is not None and found.key == table.key
                if made and isinstance(scope, FUNCTIONS):
                    yield Change("add", module, scope, call)

    def _asked(self, table: Table, module: Module) -> Iterator[Change]:
        """Where a query adds rows, or deletes some."""
        for name in (*self.facts.adds, *self.facts.deletes):
            for call in module.calls_named.get(name, ()):
                scope = module.function_around(call)
                act = self.places.plain(module, scope)
                rows = self._of(call, act)
                if rows is None or rows.table.key != table.key:
                    if name == "delete" and self._drops_one(table, call, module, scope):
                        yield Change("prune", module, scope, call)
                    continue
                if name in self.facts.adds:
                    yield Change("add", module, scope, call)
                else:
                    part = rows.limits or rows.part or partly(call) or self._narrowed(call, module)
                    yield Change("prune" if part else "clear", module, scope, call)

    def _of(self, call: ast.Call, act: Activation) -> Rows | None:
        func = call.func
        if not isinstance(func, ast.Attribute):
            # ``insert(Message)``, ``delete(Message)``
            table = self.tables.model(call.args[0], act) if call.args else None
            return Rows(table) if table is not None else None
        found = self.tables.rows(func.value, act, 1)
        if found is not None:
            fetched = isinstance(func.value, ast.Name) and found.table.key[0] != "named"
            return None if fetched and func.attr in _OF_LISTS else found
        table = self.tables.model(func.value, act)
        if table is None and func.attr in ("insert_one", "insert_many", "delete_many"):
            table = self.tables.collection(func.value, act, 0)
        return Rows(table) if table is not None else None

    def _drops_one(self, table: Table, call: ast.Call, module: Module, scope: ast.AST) -> bool:
        """``db.delete(oldest)``, once there are too many, in a function that asks for such rows."""
        if table.cls is None or not call.args or not isinstance(scope, FUNCTIONS):
            return False
        named = any(
            last_name(node) == table.cls.node.name
            for node in walk(scope)
            if isinstance(node, (ast.Name, ast.Attribute))
        )
        return named and (
            by_size(module, call, scope)
            or any(
                isinstance(n, ast.Call) and last_name(n.func) in self.facts.limits
                for n in walk(scope)
            )
        )

    def _narrowed(self, call: ast.Call, module: Module) -> bool:
        """Whether conditions that stand behind ``delete()`` take a part of the rows."""
        node: ast.AST = call
        for parent in module.ancestors(call):
            if isinstance(parent, ast.Call):
                if parent.func is not node:
                    return False
                if last_name(parent.func) in self.facts.parts or partly(parent):
                    return True
            elif not isinstance(parent, ast.Attribute):
                return False
            node = parent
        return False


def _statements(module: Module) -> list[tuple[ast.Constant | ast.JoinedStr, str]]:
    """The texts of a module that are statements which add rows to a table, or delete some."""
    found: list[tuple[ast.Constant | ast.JoinedStr, str]] = []
    for node in walk(module.tree):
        if isinstance(node, (ast.Constant, ast.JoinedStr)):
            written = written_in(node)
            if _INSERT.search(written) or _DELETE.search(written):
                found.append((node, written))
    return found
