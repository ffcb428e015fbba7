"""What a name may be where a condition has asked which kind of dict it is, or which constant.

``for m in messages: if m["role"] == "system": ...`` comes to the branch with some of the messages
alone: what the others hold is nothing that the branch sees. So it is with ``if model == "short":
model = "..."``: the short name doesn't come out of it.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import NamedTuple

from skinflint.linter.activation import Activation
from skinflint.linter.module import (
    COMPREHENSIONS,
    FUNCTIONS,
    LOOPS,
    Module,
    children,
    dotted,
    walk,
)
from skinflint.linter.shapes import leaves
from skinflint.linter.values import Choice, Known, Mapping, Unknown, Value, alternatives
from skinflint.records import replace


class _Asked(NamedTuple):
    """A key whose value is one of some constants, or is none of them; None: the name itself.

    ``how``: "is", or what a text does with one of them: "startswith", "endswith", "has".
    """

    key: str | None
    words: tuple[object, ...]
    one: bool
    how: str = "is"


def narrowed(value: Choice, node: ast.Name, act: Activation) -> Value:
    """``value`` of the name ``node`` without the dicts that don't come to where it stands."""
    if not any(isinstance(each.value, Mapping) for each in value.alternatives):
        return value
    asked = _asked_before(node, act.module)
    if not asked:
        return value
    kept = tuple(
        each for each in value.alternatives if all(_may_be(each.value, one) for one in asked)
    )
    if len(kept) == len(value.alternatives):
        return value
    if not kept:
        reason = f"no `{node.id}` of those that are seen comes here"
        return Unknown(reason, act.module.span(node), act.frame, (), "literal")
    return replace(value, alternatives=kept) if len(kept) > 1 else kept[0].value


def in_branch(value: Choice, name: str, test: ast.expr, holds: bool) -> Choice | Value | None:
    """``value`` of ``name`` where a condition holds, or doesn't; None if nothing comes there."""
    asked = [*_questions(test, holds, name, {}), *_of_itself(test, holds, name)]
    if not asked:
        return value
    kept = tuple(
        each for each in value.alternatives if all(_may_be(each.value, one) for one in asked)
    )
    if len(kept) == len(value.alternatives):
        return value
    if not kept:
        return None
    return replace(value, alternatives=kept) if len(kept) > 1 else kept[0].value


def _of_itself(test: ast.expr, holds: bool, name: str) -> Iterator[_Asked]:
    """What a condition says of the name itself.

    ``name == "x"``, ``name in ("x", "y")``, ``"x" in name``, ``name.startswith("x")``.
    """
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        yield from _of_itself(test.operand, not holds, name)
    elif isinstance(test, ast.Call) and isinstance(test.func, ast.Attribute):
        how = test.func.attr
        if how in ("startswith", "endswith") and dotted(test.func.value) == name:
            given = test.args[0] if len(test.args) == 1 and not test.keywords else test
            texts = given.elts if isinstance(given, ast.Tuple) else [given]
            said = tuple(each.value for each in texts if isinstance(each, ast.Constant))
            if len(said) == len(texts):
                yield _Asked(None, said, holds, how)
    elif isinstance(test, ast.Compare) and len(test.ops) == 1 and dotted(test.left) == name:
        op, right = test.ops[0], test.comparators[0]
        listed = isinstance(right, (ast.Tuple, ast.List, ast.Set))
        words = right.elts if isinstance(right, (ast.Tuple, ast.List, ast.Set)) else [right]
        same = ast.In if listed else ast.Eq
        known = tuple(word.value for word in words if isinstance(word, ast.Constant))
        if isinstance(op, (same, ast.NotIn if listed else ast.NotEq)):
            if len(known) == len(words):
                yield _Asked(None, known, isinstance(op, same) is holds)
    elif isinstance(test, ast.Compare) and dotted(test.comparators[0]) == name:
        part, op = test.left, test.ops[0]
        if len(test.ops) == 1 and isinstance(op, (ast.In, ast.NotIn)):
            if isinstance(part, ast.Constant):
                yield _Asked(None, (part.value,), isinstance(op, ast.In) is holds, "has")


def asks_in(body: list[ast.stmt], name: str) -> bool:
    """Whether conditions in ``body`` ask which kind of dict ``name`` is."""
    return any(
        isinstance(node, (ast.Subscript, ast.Call)) and _key_of(node, name) is not None
        for stmt in body
        for test in walk(stmt)
        if isinstance(test, ast.Compare) or _is_alias(test)
        for node in walk(test)
    )


def copies_in(body: list[ast.stmt], name: str) -> bool:
    """Whether ``body`` makes a dict of its own of each ``name``: a copy, or what a filter keeps."""
    return any(
        _is_copy(parent, node)
        for stmt in body
        for parent in walk(stmt)
        for node in children(parent)
        if isinstance(node, ast.Name) and node.id == name
    )


def _is_copy(parent: ast.AST, name: ast.Name) -> bool:
    """Whether a dict is copied where its name stands: ``dict(m)``, ``{**m}``, ``m.items()``."""
    if isinstance(parent, ast.Dict):
        return name in parent.values and parent.keys[parent.values.index(name)] is None
    if isinstance(parent, ast.Call):
        return isinstance(parent.func, ast.Name) and parent.func.id == "dict"
    return isinstance(parent, ast.Attribute) and parent.attr in ("copy", "items")


def _may_be(value: Value, asked: _Asked) -> bool:
    if asked.key is None:
        if not isinstance(value, Known) or (asked.how != "is" and type(value.value) is not str):
            return True
        return any(_is_so(value.value, asked.how, word) for word in asked.words) is asked.one
    if not isinstance(value, Mapping):
        return True
    found, entry = value.get(asked.key), value.entry(asked.key)
    if found is None or entry is None:
        unseen = bool(value.open) or not all(isinstance(e.key, Known) for e in value.entries)
        return unseen or not asked.one or None in asked.words
    if entry.optional and not asked.one:
        return True
    return any(
        not isinstance(each, Known) or (each.value in asked.words) is asked.one
        for each in alternatives(found)
    )


def _is_so(text: object, how: str, word: object) -> bool:
    if how == "is" or not isinstance(text, str) or not isinstance(word, str):
        return text == word
    if how == "startswith":
        return text.startswith(word)
    return text.endswith(word) if how == "endswith" else word in text


def _asked_before(node: ast.Name, module: Module) -> list[_Asked]:
    """What conditions on the way to ``node`` have asked of it since it was bound."""
    name = node.id
    tests: list[tuple[ast.expr, bool]] = []
    aliases: dict[str, str] = {}  # names that hold a value of it, by its key
    crossed: set[str] = set()  # what is bound or changed between
    child: ast.AST = node
    for parent in module.ancestors(node):
        if isinstance(child, ast.stmt) and not isinstance(parent, ast.ExceptHandler):
            if not _cross(child, name, module, tests, aliases, crossed):
                break
        if isinstance(parent, ast.If) and child is not parent.test:
            tests.append((parent.test, child in parent.body))
        elif isinstance(parent, ast.IfExp) and child is not parent.test:
            tests.append((parent.test, child is parent.body))
        elif isinstance(parent, ast.BoolOp):
            holds = isinstance(parent.op, ast.And)
            before = parent.values[: next(i for i, v in enumerate(parent.values) if v is child)]
            tests.extend((each, holds) for each in before)
        elif isinstance(parent, COMPREHENSIONS):
            if not isinstance(child, ast.comprehension):
                tests.extend((t, True) for generator in parent.generators for t in generator.ifs)
            break
        elif isinstance(parent, (*FUNCTIONS, ast.Lambda, ast.ClassDef)) or (
            isinstance(parent, LOOPS) and name in module.touched(parent)
        ):
            break
        child = parent
    return [asked for test, holds in tests for asked in _questions(test, holds, name, aliases)]


def _cross(
    stmt: ast.stmt,
    name: str,
    module: Module,
    tests: list[tuple[ast.expr, bool]],
    aliases: dict[str, str],
    crossed: set[str],
) -> bool:
    """Go up to the beginning of the block of ``stmt``; False where ``name`` is made there."""
    try:
        body, index = module.place(stmt)
    except LookupError:
        return False
    for each in reversed(body[:index]):
        if name in module.touched(each):
            return False
        if isinstance(each, ast.If) and not each.orelse and leaves(each.body):
            tests.append((each.test, False))
        if isinstance(each, ast.Assign) and _is_alias(each):
            target, key = each.targets[0], _key_of(each.value, name)
            if isinstance(target, ast.Name) and key and target.id not in crossed:
                aliases[target.id] = key
        crossed |= module.touched(each)
    return True


def _is_alias(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Assign)
        and len(node.targets) == 1
        and isinstance(node.targets[0], ast.Name)
    )


def _questions(test: ast.expr, holds: bool, name: str, aliases: dict[str, str]) -> Iterator[_Asked]:
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        yield from _questions(test.operand, not holds, name, aliases)
    elif isinstance(test, ast.BoolOp) and isinstance(test.op, ast.And) is holds:
        for operand in test.values:
            yield from _questions(operand, holds, name, aliases)
    elif isinstance(test, ast.Compare) and len(test.ops) == 1:
        left, op, right = test.left, test.ops[0], test.comparators[0]
        if isinstance(left, ast.Constant) and isinstance(op, (ast.Eq, ast.NotEq)):
            left, right = right, left
        key = _key_of(left, name)
        if key is None and isinstance(left, ast.Name):
            key = aliases.get(left.id)
        words: tuple[ast.expr, ...] = ()
        if isinstance(op, (ast.Eq, ast.NotEq)):
            words = (right,)
        elif isinstance(op, (ast.In, ast.NotIn)):
            if isinstance(right, (ast.Tuple, ast.List, ast.Set)):
                words = tuple(right.elts)
        known = tuple(word.value for word in words if isinstance(word, ast.Constant))
        if key is not None and known and len(known) == len(words):
            yield _Asked(key, known, isinstance(op, (ast.Eq, ast.In)) is holds)


def _key_of(node: ast.AST, name: str) -> str | None:
    """``k`` of ``name["k"]`` and ``name.get("k")``."""
    key: ast.AST | None = None
    base: ast.AST | None = None
    if isinstance(node, ast.Subscript):
        base, key = node.value, node.slice
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        if node.func.attr == "get" and len(node.args) == 1 and not node.keywords:
            base, key = node.func.value, node.args[0]
    if isinstance(base, ast.Name) and base.id == name and isinstance(key, ast.Constant):
        return key.value if isinstance(key.value, str) else None
    return None
