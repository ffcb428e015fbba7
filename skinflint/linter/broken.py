"""Modules that can't be imported. What stands in them is never run.

``from app.memory import Memory`` raises an ImportError where ``app/memory.py`` defines no
``Memory``, and ``KEY = os.environ["KEY"]`` a NameError where nothing imports ``os``. So does the
import of a module that fails so.
"""

from __future__ import annotations

import ast
import os
import sys
from collections.abc import Iterator

from skinflint.linter.module import COMPREHENSIONS, Module, children
from skinflint.linter.project import Project

#: Ways in which a module gets names that are not written out in it.
_MADE_UP = ("globals()", "locals()", "vars()", "sys.modules", "exec(", "__getattr__")
#: Modules that are looked into.
_MOST = 40


def is_broken(module: Module, project: Project | None) -> bool:
    """Whether the import of a module surely fails."""
    if project is None or module.source.notebook is not None:
        return False
    tree = project.tree(module)
    if tree is None:
        return _fails(module, project)
    found = tree.broken.get(module.path)
    if found is None:  # each request of it asks
        found = tree.broken[module.path] = _fails(module, project)
    return found


def _fails(module: Module, project: Project) -> bool:
    seen = {module}
    left = [module]
    while left and len(seen) <= _MOST:
        each = left.pop()
        if _lacks_a_name(each):
            return True
        for taken, names in _imports(each, project):
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
            if isinstance(taken, Module) and _is_meant(stmt, module, taken):
                yield taken, [alias.name for alias in stmt.names if alias.name != "*"]


def _lacks_a_name(module: Module) -> bool:
    """Whether a statement that runs with the module reads a module that nothing imports.

    One of the standard library: other names may be there wherever the code is run, as in a shell.
    """
    for stmt in module.tree.body:
        if isinstance(stmt, (ast.Assign, ast.AnnAssign, ast.Expr)) and stmt.value is not None:
            for node in _read_at_once(stmt.value):
                if (
                    node.id in sys.stdlib_module_names
                    and node.id not in module.locals_of(module.tree)
                    and not _may_have_more(module, node.id)
                ):
                    return True
    return False


def _read_at_once(value: ast.expr) -> Iterator[ast.Name]:
    """The names that an expression reads when it is evaluated, and doesn't bind."""
    stack: list[ast.AST] = [value]
    while stack:
        node = stack.pop()
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            yield node
        if not isinstance(node, (ast.Lambda, *COMPREHENSIONS)):
            stack.extend(children(node))


def _may_have_more(module: Module, name: str) -> bool:
    """Whether a module may have a name that is not written out at its top."""
    return (
        module.declared_outside(name)
        or bool(module.star_imports)
        or any(way in module.source.text for way in _MADE_UP)
    )


def _is_meant(stmt: ast.ImportFrom, module: Module, taken: Module) -> bool:
    """Whether the statement says where the module stands.

    One name alone may be of others, but for what lies beside it in a directory of programs: there
    it is looked for first.
    """
    if stmt.level or "." in (stmt.module or ""):
        return True
    own, other = (os.path.dirname(os.path.abspath(each.path)) for each in (module, taken))
    return own == other and not os.path.isfile(os.path.join(own, "__init__.py"))


def _has(module: Module, name: str, project: Project) -> bool:
    """Whether a module has a name, or may have it."""
    return (
        name in module.locals_of(module.tree)
        or name.startswith("__")
        or _may_have_more(module, name)
        or project.below(os.path.dirname(os.path.abspath(module.path)), name) is not None
    )
