"""Branches that nobody opens: a flag that whoever makes the class always gives the same value.

``Judge(mock=True)`` is all there is in a program, and what stands behind ``if self.mock: return``
is never run. The same goes for what a function does ``if explain:``, where all who call it say
``explain=False``, and for ``if client is not None:`` where nobody ever hands a client in.
"""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Iterator

from skinflint.linter.activation import Activation, runs
from skinflint.linter.callers import Callers
from skinflint.linter.module import (
    FUNCTIONS,
    FunctionNode,
    Module,
    default_of,
    dotted,
    last_name,
    parameters,
    walk,
)
from skinflint.linter.overridden import Default, Made, argument, is_here, makers, of_parameter
from skinflint.linter.project import is_test
from skinflint.linter.spans import Span

#: Through how many functions what is handed in is followed.
_DEPTH = 2
#: What tests put in the place of a class (unittest.mock).
_MOCKS = frozenset(("AsyncMock", "MagicMock", "Mock", "NonCallableMock"))
_LEAVING = (ast.Return, ast.Raise, ast.Continue, ast.Break)


def is_shut(call: ast.Call, act: Activation, callers: Callers) -> tuple[Span, ...]:
    """The code that a flag which all give keeps from being run in ``act``, () where none does.

    Of an object's flag that is its class, of a function's the function, and what is called there.
    """
    inwards: list[Span] = []
    for run, inner in runs(call, act):
        function = run.node
        if not isinstance(function, FUNCTIONS):
            continue
        cls = run.module.enclosing_class(function)
        inwards.append(run.module.span(function))
        if cls is not None:
            inwards.append(run.module.span(cls))
        around = list(conditions(inner, run.module, function))
        if any(holds and _is_of_a_mock(test) for test, holds in around):
            return tuple(inwards)
        asked = _Asked(run.module, callers)
        for test, holds in parts(iter(around)):
            given = asked.truth(test, function, cls)
            if given is not None and given is not holds:
                return tuple(inwards)
        if cls is not None and _is_never_made(cls, run.module, callers):
            return tuple(inwards)
    return ()


def _is_of_a_mock(test: ast.expr) -> bool:
    """Whether a condition holds in tests alone: something is a mock there."""
    if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.Or):
        return all(_is_of_a_mock(each) for each in test.values)
    if isinstance(test, ast.Compare) and isinstance(test.left, ast.Constant):
        asked = isinstance(test.ops[0], ast.In) and "__class__" in ast.unparse(test.comparators[0])
        return asked and "mock" in str(test.left.value).lower()
    return (
        isinstance(test, ast.Call)
        and dotted(test.func) == "isinstance"
        and len(test.args) == 2
        and all(last_name(each) in _MOCKS for each in _classes(test.args[1]))
    )


def _classes(node: ast.expr) -> list[ast.expr]:
    return node.elts if isinstance(node, ast.Tuple) else [node]


def _is_never_made(cls: ast.ClassDef, module: Module, callers: Callers) -> bool:
    """Whether all who make objects of a class do so where a flag keeps the code from running."""
    tree = callers.tree(module)
    made = Default(cls, "", None)
    if tree is None or cls.decorator_list:
        return False
    found = [
        each
        for each in makers(made, module, callers) or ()
        if not is_test(os.path.relpath(os.path.abspath(each.module.path), tree.root))
    ]
    if not found or not all(_is_kept_from(each, callers) for each in found):
        return False
    return is_here(made, module, callers)  # asked last: it looks through all of the project


def _is_kept_from(made: Made, callers: Callers) -> bool:
    """Whether a call stands in a branch that nobody opens."""
    function = made.module.scope(made.call)
    if not isinstance(function, FUNCTIONS):
        return False
    cls = made.module.enclosing_class(function)
    asked = _Asked(made.module, callers)
    return any(
        asked.truth(test, function, cls) is (not holds)
        for test, holds in parts(conditions(made.call, made.module, function))
    )


def parts(asked: Iterator[tuple[ast.expr, bool]]) -> Iterator[tuple[ast.expr, bool]]:
    """The conditions without what joins or turns them: each of them has to hold by itself."""
    for test, holds in asked:
        if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
            yield from parts(iter([(test.operand, not holds)]))
        elif isinstance(test, ast.BoolOp):
            if isinstance(test.op, ast.And) is holds:
                yield from parts((each, holds) for each in test.values)
        else:
            yield test, holds


def conditions(
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


class _Asked:
    """What the flags of a module are worth, as all who make its objects and call it give them."""

    def __init__(self, module: Module, callers: Callers, depth: int = _DEPTH) -> None:
        self.module = module
        self.callers = callers
        self.depth = depth

    def truth(
        self, test: ast.expr, function: FunctionNode, cls: ast.ClassDef | None
    ) -> bool | None:
        """Whether a condition in a function always holds, or never; None where it may do both."""
        if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
            known = self.truth(test.operand, function, cls)
            return None if known is None else not known
        if isinstance(test, ast.BoolOp):
            decisive = isinstance(test.op, ast.Or)
            found = [self.truth(each, function, cls) for each in test.values]
            if decisive in found:
                return decisive
            return None if None in found else not decisive
        if isinstance(test, ast.Compare):
            right = test.comparators[0]
            if len(test.ops) > 1 or not isinstance(test.ops[0], (ast.Is, ast.IsNot)):
                return None
            if not isinstance(right, ast.Constant) or right.value is not None:
                return None
            given = self._given(test.left, function, cls)
            found = [(each is None) is isinstance(test.ops[0], ast.Is) for each in given]
        else:
            found = [bool(each) for each in self._given(test, function, cls)]
        return found[0] if len(set(found)) == 1 else None

    def _given(
        self, node: ast.expr, function: FunctionNode, cls: ast.ClassDef | None
    ) -> tuple[bool | None, ...]:
        """What a parameter, or what an object keeps, may be; () where it isn't known."""
        known = [each.arg for each in parameters(function)]
        if isinstance(node, ast.Name):
            if node.id not in known or _is_set(node.id, function):
                return ()
            flag = of_parameter(function, node.id, self.module)
            return () if flag is None else self._of_makers(flag, default_of(function, node.id))
        if not isinstance(node, ast.Attribute) or not isinstance(node.value, ast.Name):
            return ()
        if cls is None or node.value.id not in known[:1]:
            return ()
        init = next(
            (s for s in cls.body if isinstance(s, FUNCTIONS) and s.name == "__init__"), None
        )
        kept = _kept(init, node.attr) if init is not None else None
        if init is None or kept is None:
            return ()
        given: tuple[bool | None, ...] = ()
        if isinstance(kept, ast.Name):
            given = self._given(kept, init, cls)
        elif isinstance(kept, (ast.BoolOp, ast.Compare, ast.UnaryOp)):
            worth = self.truth(kept, init, cls)
            given = () if worth is None else (worth,)
        return given if given and _is_set_once(cls, node.attr, self.module, self.callers) else ()

    def _of_makers(self, flag: Default, default: ast.expr | None) -> tuple[bool | None, ...]:
        """The values that a flag may have; () where they are not known."""
        given: dict[bool | None, None] = {}
        for each in makers(flag, self.module, self.callers) or ():
            node = argument(each.call, flag)
            if node is None and (each.call.keywords and each.call.keywords[-1].arg is None):
                return ()
            if node is None and any(isinstance(other, ast.Starred) for other in each.call.args):
                return ()
            node = default if node is None else node
            if isinstance(node, ast.Constant) and isinstance(node.value, (bool, type(None))):
                given[node.value] = None
                continue
            passed = self._passed_on(node, each)
            if not passed:
                return ()
            given.update(dict.fromkeys(passed))
        # asked last: it looks through all of the project
        return tuple(given) if given and is_here(flag, self.module, self.callers) else ()

    def _passed_on(self, node: ast.expr | None, made: Made) -> tuple[bool | None, ...]:
        """What the function around a call was handed for it: ``def make(client=None): ...``."""
        function = made.module.scope(made.call)
        if not self.depth or not isinstance(node, ast.Name) or not isinstance(function, FUNCTIONS):
            return ()
        inner = _Asked(made.module, self.callers, self.depth - 1)
        return inner._given(node, function, made.module.enclosing_class(function))


def _is_set(name: str, function: FunctionNode) -> bool:
    """Whether a function, or one in it, sets one of its parameters to something else."""
    return any(
        isinstance(node, ast.Name) and node.id == name and not isinstance(node.ctx, ast.Load)
        for node in walk(function)
    )


def _kept(init: FunctionNode, name: str) -> ast.expr | None:
    """What a constructor keeps under ``name``, whatever happens."""
    for stmt in init.body:
        target = stmt.targets[0] if isinstance(stmt, ast.Assign) else None
        if isinstance(stmt, ast.AnnAssign):
            target = stmt.target
        if isinstance(target, ast.Attribute) and target.attr == name:
            return stmt.value if isinstance(stmt, (ast.Assign, ast.AnnAssign)) else None
    return None


def _is_set_once(cls: ast.ClassDef, name: str, module: Module, callers: Callers) -> bool:
    """Whether nothing but the constructor sets what an object keeps under ``name``."""
    project = callers.ev.project
    tree = project.tree(module) if project is not None else None
    own = [
        node
        for node in walk(cls)
        if isinstance(node, ast.Attribute) and node.attr == name and isinstance(node.ctx, ast.Store)
    ]
    if project is None or tree is None or len(own) != 1:
        return False
    word = re.escape(name.encode())
    sets = re.compile(rb"(?<!\bself)\.%b\s*(?::[^=\n]+)?=(?!=)|setattr\(.*\b%b\b" % (word, word))
    texts = (tree.data(file) for file in project.no_tests(module))
    return not any(text and name.encode() in text and sets.search(text) for text in texts)
