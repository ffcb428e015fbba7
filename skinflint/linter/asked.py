"""Whether code asks about a text before it marks it.

``if len(text) < 1024: return text`` in front of a marked block, or ``if text:`` around it: whatever
a caller hands in, the text that comes to the marker isn't empty.
"""

from __future__ import annotations

import ast

from skinflint.linter.callers import Callers
from skinflint.linter.evaluate import Evaluator
from skinflint.linter.module import FUNCTIONS, Module, walk
from skinflint.linter.shapes import leaves
from skinflint.linter.spans import Span


def is_asked_about(block: Span, marker: Span, ev: Evaluator) -> bool:
    """Whether a condition on the way to a marked block, or to its marker, asks about its text."""
    names: set[str] = set()
    tests: list[ast.expr] = []
    functions: list[ast.AST] = []
    for span in (block, marker):
        module = ev.module_at(span.path)
        node = module.node_at(span)
        if node is not None:
            functions.append(module.scope(node))
            names |= _names(_marked(node, module))
            tests += _conditions(node, module, functions[-1])
    if not names or not tests:
        return False
    for function in functions:
        if isinstance(function, FUNCTIONS):
            names |= _made_of(names, function)
    return any(_names(test) & names for test in tests)


def is_set_later(text: Span, request: Span, ev: Evaluator, callers: Callers) -> bool:
    """Whether a text only stands where an attribute begins that something else sets.

    ``prompt: str = ""`` among the fields of a state, and ``state.prompt = build()`` in an event in
    front of the first turn. The same of ``self.prompt = ""`` and of an entry of a mapping; nothing
    can set what is written in the call that sends it.
    """
    module = ev.module_at(text.path)
    if request.path == text.path and request.contains(text):
        return False
    node = module.node_at(text)
    stmt = module.statement(node) if node is not None else None
    if stmt is None:
        return False
    attribute, entry = _begun(node, stmt, module)
    homes = dict.fromkeys((module, *callers.looked_into()))
    return any(
        each is not stmt and _sets(each, attribute, entry)
        for home in homes
        for each in walk(home.tree)
    )


def _begun(node: ast.expr | None, stmt: ast.stmt, module: Module) -> tuple[str, str]:
    """The attribute that a statement begins with a text, and the key that it is written under."""
    attribute = ""
    if isinstance(stmt, (ast.Assign, ast.AnnAssign)):
        target = stmt.targets[0] if isinstance(stmt, ast.Assign) else stmt.target
        if isinstance(target, ast.Attribute):
            attribute = target.attr
        elif isinstance(target, ast.Name) and isinstance(module.parents.get(stmt), ast.ClassDef):
            attribute = target.id
    parent = module.parents.get(node) if node is not None else None
    if isinstance(parent, ast.Dict) and node in parent.values:
        key = parent.keys[parent.values.index(node)]
        if isinstance(key, ast.Constant) and isinstance(key.value, str):
            return "", key.value
    return attribute, ""


def _sets(stmt: ast.AST, attribute: str, entry: str) -> bool:
    """Whether a statement puts something that isn't empty under the name."""
    if not isinstance(stmt, (ast.Assign, ast.AnnAssign, ast.AugAssign)) or stmt.value is None:
        return False
    if isinstance(stmt.value, ast.Constant) and not stmt.value.value:
        return False
    for target in stmt.targets if isinstance(stmt, ast.Assign) else [stmt.target]:
        for each in target.elts if isinstance(target, ast.Tuple) else [target]:
            if isinstance(each, ast.Attribute) and attribute and each.attr == attribute:
                return True
            if isinstance(each, ast.Subscript) and entry and isinstance(each.slice, ast.Constant):
                if each.slice.value == entry:
                    return True
    return False


def _marked(node: ast.AST, module: Module) -> ast.AST:
    """The block around a node, or what the marker is put into."""
    for each in (node, *module.ancestors(node)):
        if isinstance(each, ast.Dict):
            keys = [key.value for key in each.keys if isinstance(key, ast.Constant)]
            if "text" in keys:
                return each.values[[getattr(key, "value", None) for key in each.keys].index("text")]
        elif isinstance(each, ast.Assign):
            target = each.targets[0]
            return target.value if isinstance(target, ast.Subscript) else each.value
        elif isinstance(each, ast.stmt):
            break
    return node


def _conditions(node: ast.AST, module: Module, function: ast.AST) -> list[ast.expr]:
    """What is asked around a node, and in front of it where the answer makes the code leave."""
    found: list[ast.expr] = []
    child: ast.AST = node
    for parent in module.ancestors(node):
        if isinstance(parent, (ast.If, ast.IfExp)) and child is not parent.test:
            found.append(parent.test)
        for block in ("body", "orelse", "finalbody"):
            listed = getattr(parent, block, None)
            if isinstance(listed, list) and child in listed:
                found += [
                    stmt.test
                    for stmt in listed[: listed.index(child)]
                    if isinstance(stmt, ast.If) and (leaves(stmt.body) or leaves(stmt.orelse))
                ]
        if parent is function:
            break
        child = parent
    return found


def _names(node: ast.AST) -> set[str]:
    """What an expression reads: names, and what objects keep."""
    found: set[str] = set()
    for each in walk(node):
        if isinstance(each, ast.Name) and each.id not in ("self", "cls", "len", "str", "bool"):
            found.add(each.id)
        elif isinstance(each, ast.Attribute) and isinstance(each.value, ast.Name):
            if each.value.id in ("self", "cls"):
                found.add(f"self.{each.attr}")
    return found


def _made_of(names: set[str], function: ast.AST) -> set[str]:
    """The names that are set from those: ``worth_it = len(text) > 1024``."""
    return {
        target.id
        for stmt in walk(function)
        if isinstance(stmt, ast.Assign) and _names(stmt.value) & names
        for target in stmt.targets
        if isinstance(target, ast.Name)
    }
