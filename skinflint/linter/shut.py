"""Branches that nobody opens: a flag that whoever makes the class always gives the same value.

``Judge(mock=True)`` is all there is in a program, and what stands behind ``if self.mock: return``
is never run.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from skinflint.linter.activation import Activation, runs
from skinflint.linter.callers import Callers
from skinflint.linter.module import FUNCTIONS, FunctionNode, Module, default_of, parameters
from skinflint.linter.overridden import Default, argument, is_here, makers
from skinflint.linter.spans import Span

_LEAVING = (ast.Return, ast.Raise, ast.Continue, ast.Break)


def is_shut(call: ast.Call, act: Activation, callers: Callers) -> Span | None:
    """The class whose makers all give a flag that keeps ``call`` from being run in ``act``."""
    for run, inner in runs(call, act):
        function = run.node
        cls = run.module.enclosing_class(function) if isinstance(function, FUNCTIONS) else None
        if cls is None or cls.decorator_list or not isinstance(function, FUNCTIONS):
            continue
        own = [each.arg for each in parameters(function)[:1]]
        for test, holds in _conditions(inner, run.module, function):
            while isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
                test, holds = test.operand, not holds
            if isinstance(test, ast.Attribute) and isinstance(test.value, ast.Name):
                if test.value.id in own:
                    given = _given(cls, test.attr, run.module, callers)
                    if given is not None and given is not holds:
                        return run.module.span(cls)
    return None


def _conditions(
    node: ast.AST, module: Module, function: FunctionNode
) -> Iterator[tuple[ast.expr, bool]]:
    """The conditions that hold where ``node`` stands in ``function``, and those that don't."""
    child: ast.AST = node
    for parent in module.ancestors(node):
        if isinstance(parent, ast.If) and child is not parent.test:
            yield parent.test, child in parent.body
        for block in ("body", "orelse", "finalbody"):
            listed = getattr(parent, block, None)
            if isinstance(listed, list) and child in listed:
                for stmt in listed[: listed.index(child)]:
                    if isinstance(stmt, ast.If) and not stmt.orelse:
                        if isinstance(stmt.body[-1], _LEAVING):
                            yield stmt.test, False
        if parent is function:
            return
        child = parent


def _given(cls: ast.ClassDef, name: str, module: Module, callers: Callers) -> bool | None:
    """What all makers of a class give for the flag it keeps under ``name``; None if they differ."""
    init = next((s for s in cls.body if isinstance(s, FUNCTIONS) and s.name == "__init__"), None)
    found = _kept(init, name) if init is not None else None
    project = callers.ev.project
    if init is None or found is None or project is None:
        return None
    default = default_of(init, found)
    names = [each.arg for each in (*init.args.posonlyargs, *init.args.args)][1:]
    flag = Default(cls, found, names.index(found) if found in names else None)
    made = makers(flag, module, callers)
    given: set[bool] = set()
    for each in made or ():
        node = argument(each.call, flag)
        if node is None and (each.call.keywords and each.call.keywords[-1].arg is None):
            return None
        node = default if node is None else node
        if not isinstance(node, ast.Constant) or not isinstance(node.value, bool):
            return None
        given.add(node.value)
    # asked last: these look through all of the project
    if len(given) != 1 or not is_here(flag, module, callers):
        return None
    if not _is_set_once(cls, name, module, callers):
        return None
    return given.pop()


def _kept(init: FunctionNode, name: str) -> str | None:
    """The parameter that a constructor keeps under ``name``, as it is."""
    for stmt in init.body:
        target = stmt.targets[0] if isinstance(stmt, ast.Assign) else None
        if isinstance(target, ast.Attribute) and target.attr == name:
            value = getattr(stmt, "value", None)
            known = [each.arg for each in parameters(init)[1:]]
            return value.id if isinstance(value, ast.Name) and value.id in known else None
    return None


def _is_set_once(cls: ast.ClassDef, name: str, module: Module, callers: Callers) -> bool:
    """Whether nothing but the constructor sets what an object keeps under ``name``."""
    project = callers.ev.project
    tree = project.tree(module) if project is not None else None
    own = [
        node
        for node in ast.walk(cls)
        if isinstance(node, ast.Attribute) and node.attr == name and isinstance(node.ctx, ast.Store)
    ]
    if project is None or tree is None or len(own) != 1:
        return False
    word = re.escape(name.encode())
    sets = re.compile(rb"(?<!\bself)\.%b\s*(?::[^=\n]+)?=(?!=)|setattr\(.*\b%b\b" % (word, word))
    texts = (tree.data(file) for file in project.no_tests(module))
    return not any(text and name.encode() in text and sets.search(text) for text in texts)
