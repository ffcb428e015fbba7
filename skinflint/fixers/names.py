"""Names before and after a change: what is newly bound, and what is bound no more."""

from __future__ import annotations

import builtins
import symtable
from collections.abc import Iterator

from skinflint.fixers import syntax
from skinflint.fixers.code import identifiers

_BUILTINS = frozenset(dir(builtins)) | {
    "__file__",
    "__name__",
    "__doc__",
    "__path__",
    "__spec__",
    "__class__",
}


def difference(before: str, after: str, path: str) -> str:
    """What is wrong with the names of the changed file, "" when nothing is."""
    old, new = _scopes(before, path), _scopes(after, path)
    if old is None or new is None:
        return ""  # the parser has its own word on that
    known = set(identifiers(syntax.module(before)))
    for scope in sorted(new):
        bound, _, _ = new[scope]
        had = old.get(scope, (set(), set(), set()))[0]
        for name in sorted(bound - had):
            if name in known:
                return f"`{name}` would be bound anew"
        lost = (had - bound) & new[scope][1]
        for name in sorted(lost):
            return f"`{name}` would be read but not bound any more"
    missing = _missing(new) - _missing(old)
    for name in sorted(missing):
        return f"`{name}` would not be bound"
    return ""


#: scope -> (bound in it, read in it, read in it but bound at module level or nowhere)
_Scopes = dict[str, tuple[set[str], set[str], set[str]]]


def _scopes(text: str, path: str) -> _Scopes | None:
    try:
        top = syntax.symbols(text, path)
    except (SyntaxError, ValueError):
        return None
    found: _Scopes = {}
    for name, table in _tables(top, ""):
        bound, read, outside = found.setdefault(name, (set(), set(), set()))
        for symbol in table.get_symbols():
            label = symbol.get_name()
            if symbol.is_assigned() or symbol.is_imported() or symbol.is_parameter():
                (found[""][0] if symbol.is_declared_global() else bound).add(label)
            if symbol.is_referenced():
                read.add(label)
                if symbol.is_global() or (table.get_type() == "module" and label not in bound):
                    outside.add(label)
    return found


def _tables(table: symtable.SymbolTable, path: str) -> Iterator[tuple[str, symtable.SymbolTable]]:
    yield path, table
    for child in table.get_children():
        yield from _tables(child, f"{path}.{child.get_name()}")


def _missing(scopes: _Scopes) -> set[str]:
    bound = scopes[""][0]
    read = {name for _, _, outside in scopes.values() for name in outside}
    return read - bound - _BUILTINS
