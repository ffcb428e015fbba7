"""How many items something that is gone through gives at most, by what is written in the code.

A slice, a limit of a query, the first of a ranking, items that are written out, a loop that ends
once it has enough. None: nothing limits it, or it can't be seen.
"""

from __future__ import annotations

import ast
import re

from skinflint.linter.module import FUNCTIONS, FunctionNode, Module, default_of, last_name
from skinflint.linter.spans import Span

_LIMIT = re.compile(r"(?i)\b(?:limit|top)\s+(\d+)\b")
#: Rows of a query that counts by a column which a few words stand in.
_GROUPED = re.compile(
    r"(?i)\bgroup\s+by\s+(?:\w+\.)?(?:\w+_)?(?:source|status|type|kind|category|level|severity"
    r"|priority|platform|provider|channel|role|stage|state|outcome|sentiment|gender|tier)\s*(?!,)"
    r"(?:$|[;)]|\b(?:order|having|limit)\b)"
)
_GROUPS = 5
#: Functions that take the JSON out of a reply, by a part of their name.
_PARSES = re.compile(r"(?i)parse|json|loads|extract|clean|strip")
#: Calls that take so many of what they are called on, or are handed.
_TAKES = frozenset(
    ("limit", "head", "tail", "take", "first", "islice", "nlargest", "nsmallest", "most_common")
    + ("fetchmany", "sample", "top_k", "batched")
)
#: Keywords that say how many.
_KEYWORDS = frozenset(
    ("limit", "top_k", "k", "n", "top_n", "max_results", "n_results", "count", "num_results")
    + ("max_items", "size", "page_size", "per_page")
)
#: Calls that give as many as they are handed.
_HANDS_ON = frozenset(
    ("list", "tuple", "sorted", "reversed", "enumerate", "set", "filter", "map", "zip", "iter")
    + ("tqdm", "track", "gather", "cast")
)
_DEEPEST = 12


def most_rounds(node: ast.expr, module: Module, within: Span) -> int | None:
    """The most that a comprehension gives, or that loops put into the list born at ``within``."""
    if isinstance(node, (ast.ListComp, ast.GeneratorExp, ast.SetComp, ast.DictComp)):
        return _product([most_of(each.iter, module) for each in node.generators])
    found: list[int | None] = []
    for parent in module.ancestors(node):
        if isinstance(parent, FUNCTIONS):
            break
        if isinstance(parent, (ast.For, ast.AsyncFor, ast.While)):
            span = module.span(parent)
            if span.path == within.path and span.line <= within.line <= span.end_line:
                break
            given = most_of(parent.iter, module) if not isinstance(parent, ast.While) else None
            found.append(least_of(given, _enough(parent)))
    return _product(found)


def most_of(node: ast.expr | None, module: Module, depth: int = 0) -> int | None:
    """The most items that an expression gives."""
    if node is None or depth > _DEEPEST:
        return None
    if isinstance(node, (ast.Tuple, ast.List, ast.Set)):
        return None if any(isinstance(e, ast.Starred) for e in node.elts) else len(node.elts)
    if isinstance(node, ast.Dict):
        return None if None in node.keys else len(node.keys)
    if isinstance(node, ast.Subscript):
        given = most_of(node.value, module, depth + 1)
        if isinstance(node.slice, ast.Slice):
            return least_of(_sliced(node.slice, module), given)
        return None
    if isinstance(node, ast.Call):
        return _of_call(node, module, depth)
    if isinstance(node, ast.Attribute):
        return most_of(node.value, module, depth + 1) if node.attr in ("data", "items") else None
    if isinstance(node, ast.Name):
        return _of_name(node, module, depth)
    if isinstance(node, (ast.Await, ast.NamedExpr)):
        return most_of(node.value, module, depth + 1)
    if isinstance(node, ast.BoolOp):
        return most_of(node.values[0], module, depth + 1)
    if isinstance(node, (ast.ListComp, ast.GeneratorExp, ast.SetComp)):
        return _product([most_of(each.iter, module, depth + 1) for each in node.generators])
    return None


def asked_of(call: ast.Call, function: FunctionNode, home: Module) -> int | None:
    """How many a call asks a function of the project for: of its limit, by default too."""
    listed = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
    method = home.enclosing_class(function) is not None
    for at, parameter in enumerate(listed):
        if parameter.arg not in _KEYWORDS:
            continue
        given = next((k.value for k in call.keywords if k.arg == parameter.arg), None)
        position = at - method
        if given is None and 0 <= position < len(call.args):
            given = call.args[position]
        if given is None:
            given = default_of(function, parameter.arg)
        most = _number(given, home)
        return most if most is not None and most > 0 else None
    return None


def call_behind(node: ast.expr | None, module: Module) -> ast.Call | None:
    """The call that gives what an expression gives, by itself or under a name."""
    while isinstance(node, (ast.Await, ast.Name)):
        node = node.value if isinstance(node, ast.Await) else _bound_once(node, module)
    return node if isinstance(node, ast.Call) else None


def reply_cap(what: ast.expr, module: Module) -> int | None:
    """The tokens of the reply that JSON was parsed from, where its call says how many at most."""
    node: ast.expr | None = what
    for _ in range(_DEEPEST):
        call = call_behind(node, module)
        if call is None:
            return None
        for keyword in call.keywords:
            if keyword.arg == "max_tokens":
                return _number(keyword.value, module)
        if not call.args or not _PARSES.search(last_name(call.func)):
            return None
        node = call.args[0]
        while isinstance(node, (ast.Attribute, ast.Subscript)):
            node = node.value  # ``reply.content[0].text``
    return None


def _bound_once(node: ast.Name, module: Module) -> ast.expr | None:
    """What a name of a function is bound to, where that happens in one place."""
    scope = module.scope(node)
    made = [
        stmt.value
        for stmt in ast.walk(scope)
        if isinstance(stmt, (ast.Assign, ast.AnnAssign)) and stmt.value is not None
        for target in (stmt.targets if isinstance(stmt, ast.Assign) else [stmt.target])
        if isinstance(target, ast.Name) and target.id == node.id and target is not node
    ]
    return made[0] if len(made) == 1 and made[0] is not node else None


def _of_call(node: ast.Call, module: Module, depth: int) -> int | None:
    name = last_name(node.func)
    if name == "range":
        return _number(node.args[min(1, len(node.args) - 1)], module) if node.args else None
    found: int | None = None
    if name in _TAKES:
        for each in node.args:
            found = least_of(found, _number(each, module))
        if name in ("head", "tail") and not node.args and not node.keywords:
            found = 5
    for keyword in node.keywords:
        if keyword.arg in _KEYWORDS:
            found = least_of(found, _number(keyword.value, module))
    for each in node.args:
        if isinstance(each, ast.Constant) and isinstance(each.value, str):
            limits = _LIMIT.findall(each.value)
            found = least_of(found, int(limits[-1]) if limits else None)
            found = least_of(found, _GROUPS if _GROUPED.search(each.value) else None)
        elif name in _HANDS_ON or name in _TAKES or isinstance(each, ast.Call):
            found = least_of(found, most_of(each, module, depth + 1))
    if isinstance(node.func, ast.Attribute):
        found = least_of(found, most_of(node.func.value, module, depth + 1))
    return found


def _of_name(node: ast.Name, module: Module, depth: int) -> int | None:
    """What a name gives that is bound in one place."""
    scope = module.scope(node)
    while not isinstance(scope, (*FUNCTIONS, ast.Module)):
        scope = module.scope(scope)
    for where in (scope, module.tree):
        made = [
            stmt.value
            for stmt in ast.walk(where)
            if isinstance(stmt, (ast.Assign, ast.AnnAssign)) and stmt.value is not None
            for target in (stmt.targets if isinstance(stmt, ast.Assign) else [stmt.target])
            if isinstance(target, ast.Name) and target.id == node.id
            if module.scope(target) is where
        ]
        if made:
            value = made[0]
            grows = isinstance(value, (ast.List, ast.Dict)) and where is scope
            if len(made) > 1 or (grows and not _is_written(value)):
                return None
            return most_of(value, module, depth + 1)
    return None


def _is_written(value: ast.expr) -> bool:
    return bool(value.elts if isinstance(value, ast.List) else getattr(value, "keys", ()))


def _sliced(cut: ast.Slice, module: Module) -> int | None:
    if cut.lower is None or (isinstance(cut.lower, ast.Constant) and cut.lower.value == 0):
        most = _number(cut.upper, module)
        return most if most is not None and most > 0 else None
    if cut.upper is None and isinstance(cut.lower, ast.UnaryOp):
        return _number(cut.lower.operand, module)
    first, end = _number(cut.lower, module), _number(cut.upper, module)
    return max(0, end - first) if first is not None and end is not None else None


def _number(node: ast.expr | None, module: Module) -> int | None:
    """A number that is written out, or has a name of the module."""
    if isinstance(node, ast.Constant):
        return node.value if type(node.value) is int else None
    if isinstance(node, ast.Name):
        made = [
            stmt.value
            for stmt in module.tree.body
            if isinstance(stmt, ast.Assign)
            for target in stmt.targets
            if isinstance(target, ast.Name) and target.id == node.id
        ]
        return _number(made[0], module) if len(made) == 1 else None
    return None


def _enough(loop: ast.For | ast.AsyncFor | ast.While) -> int | None:
    """How many a loop takes that ends once it has enough: ``if len(found) >= 5: break``."""
    for stmt in loop.body:
        if (
            isinstance(stmt, ast.If)
            and isinstance(stmt.test, ast.Compare)
            and isinstance(stmt.test.left, ast.Call)
            and last_name(stmt.test.left.func) == "len"
            and any(isinstance(each, ast.Break) for each in stmt.body)
        ):
            bound = stmt.test.comparators[0]
            if isinstance(bound, ast.Constant) and isinstance(bound.value, int):
                return bound.value
    return None


def least_of(one: int | None, other: int | None) -> int | None:
    if one is None or other is None:
        return other if one is None else one
    return min(one, other)


def _product(each: list[int | None]) -> int | None:
    if not each:
        return None
    product = 1
    for one in each:
        if one is None:
            return None
        product *= one
    return product
