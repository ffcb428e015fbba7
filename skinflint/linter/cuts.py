"""Do cuts of a conversation keep a call of a tool and its result together?

A cut that counts messages may begin with a result whose call it dropped, which is rejected (400).
Code that looks at roles, at results of tools or at pairs is taken to know.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable

from skinflint.linter.callers import Callers
from skinflint.linter.evaluate import Evaluator
from skinflint.linter.module import FUNCTIONS, Module, last_name, walk
from skinflint.linter.request import Limit
from skinflint.linter.spans import Span

#: Kinds of limits that count messages, whatever stands in them.
_COUNTING = ("slice", "delete", "pop", "maxlen")
#: What code that keeps them together speaks of.
_KNOWS = re.compile(r"(?i)orphan|dangling|sanitiz|repair|(^|_)pair|boundar")
_ROLES = frozenset(("user", "assistant", "tool"))
_LARGE = 30  # statements of a helper that does more than look at a message


def blind(limits: Iterable[Limit], ev: Evaluator, callers: Callers) -> tuple[Span, ...]:
    """The cuts among ``limits`` that count messages in code that doesn't look at what they are."""
    found: list[Span] = []
    for limit in limits:
        if limit.how not in _COUNTING or limit.span in found:
            continue
        module = ev.module_at(limit.span.path)
        node = module.node_at(limit.span) or _statement(module, limit.span)
        if node is None:
            continue
        scope: ast.AST = module.scope(node)
        if isinstance(scope, FUNCTIONS) and _knows(module, scope):
            continue
        if any(_mends(each) for each in callers.looked_into()):
            continue
        found.append(limit.span)
    return tuple(found)


def _statement(module: Module, span: Span) -> ast.AST | None:
    for node in module.parents:
        if isinstance(node, ast.stmt) and module.span(node) == span:
            return node
    return None


def _knows(module: Module, scope: ast.AST) -> bool:
    """Whether a function, or a helper it calls, looks at roles or at what messages are made of."""
    if _looks(scope):
        return True
    called = {last_name(node.func) for node in walk(scope) if isinstance(node, ast.Call)}
    return any(
        function.name in called and function is not scope and _looks(function)
        for function in module.functions
        if len(function.body) < _LARGE
    )


def _looks(scope: ast.AST) -> bool:
    for node in walk(scope):
        if isinstance(node, ast.Compare):
            sides = [node.left, *node.comparators]
            said = {each.value for each in sides if isinstance(each, ast.Constant)}
            if "tool_result" in said or (_ROLES & said and any(_is_role(each) for each in sides)):
                return True
        elif isinstance(node, (ast.Name, ast.Attribute)):
            if _KNOWS.search(node.id if isinstance(node, ast.Name) else node.attr):
                return True
    return False


def _is_role(node: ast.expr) -> bool:
    return any(
        (isinstance(each, ast.Constant) and each.value == "role")
        or (isinstance(each, (ast.Attribute, ast.Name)) and last_name(each) == "role")
        for each in walk(node)
    )


def _mends(module: Module) -> bool:
    """Whether a module has a function that mends conversations, by its name."""
    return any(
        re.search(r"(?i)orphan|dangling|sanitiz|repair|ensure_.*(pair|result)", function.name)
        for function in module.functions
    )
