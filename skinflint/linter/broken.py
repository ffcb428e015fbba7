"""Modules that can't be imported: they take a name from a module of the project that has none such.

``from app.memory import Memory`` raises an ImportError where ``app/memory.py`` defines no
``Memory``; so does the import of a module that fails so. What stands in them is never run.
"""

from __future__ import annotations

import ast
import os
from collections.abc import Iterator

from skinflint.linter.module import Module
from skinflint.linter.project import Project

#: Ways in which a module gets names that are not written out in it.
_MADE_UP = ("globals()", "locals()", "vars()", "sys.modules", "exec(", "__getattr__")
#: Modules that are looked into.
_MOST = 40


def is_broken(module: Module, project: Project | None) -> bool:
    """Whether the import of a module surely fails."""
    if project is None or module.source.notebook is not None:
        return False
    seen = {module}
    left = [module]
    while left and len(seen) <= _MOST:
        for taken, names in _imports(left.pop(), project):
            if not all(_has(taken, name, project) for name in names):
                return True
            if taken not in seen:
                seen.add(taken)
                left.append(taken)
    return False


def _imports(module: Module, project: Project) -> Iterator[tuple[Module, list[str]]]:
    """The modules of the project that are imported whatever happens, with the names taken."""
    for stmt in module.tree.body:
        if isinstance(stmt, ast.ImportFrom):
            taken = project.find(module, stmt.module or "", stmt.level)
            if isinstance(taken, Module) and _is_meant(taken, stmt):
                yield taken, [alias.name for alias in stmt.names if alias.name != "*"]


def _is_meant(taken: Module, stmt: ast.ImportFrom) -> bool:
    """Whether the statement says where the module stands: one name alone may be of others."""
    return bool(stmt.level) or "." in (stmt.module or "")


def _has(module: Module, name: str, project: Project) -> bool:
    """Whether a module has a name, or may have it."""
    return (
        name in module.locals_of(module.tree)
        or name.startswith("__")
        or module.declared_outside(name)
        or bool(module.star_imports)
        or any(way in module.source.text for way in _MADE_UP)
        or project.below(os.path.dirname(os.path.abspath(module.path)), name) is not None
    )
