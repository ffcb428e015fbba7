"""Which of several clients a model goes with: the one that is chosen in the same branch.

``if cloud: client, model = AnthropicBedrock(), "us.anthropic..."``, ``else: ...``: the request
below may be sent by each of the clients, but not with each of the models.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from skinflint.linter.evaluate import Evaluator
from skinflint.linter.module import FUNCTIONS, Module, dotted, walk
from skinflint.linter.request import Platform
from skinflint.linter.shapes import leaves
from skinflint.linter.spans import Span

#: How the forms of ids that partner clouds have are told apart.
_FORMS = (("anthropic.", Platform.BEDROCK), ("@", Platform.VERTEX))


def platform_for(
    model: Span, id: str, clients: Sequence[tuple[Span | None, Platform]], ev: Evaluator
) -> Platform | None:
    """Who is sent a model that is written at a place; None where the clients leave no question.

    Without branches in common, an id in the form of a cloud is sent there, and a plain one to the
    first party.
    """
    if len({platform for _, platform in clients}) < 2:
        return None
    chosen = _chosen(model, ev)
    ways = [(_chosen(made, ev) if made is not None else {}, each) for made, each in clients]
    among = [each for way, each in ways if all(chosen.get(t, way[t]) is way[t] for t in way)]
    among = among or [each for _, each in ways]
    if len(set(among)) == 1:
        return among[0]
    for mark, platform in _FORMS:
        if mark in id:
            return platform if platform in among else Platform.UNKNOWN
    return next((each for each in among if each.first_party), Platform.UNKNOWN)


def is_addressed(made: Span, keyword: str, ev: Evaluator) -> bool:
    """Whether a client is made in a branch where the address that it is given is surely there."""
    module = ev.module_at(made.path)
    call = module.node_at(made)
    for each in call.keywords if isinstance(call, ast.Call) else ():
        if each.arg == keyword and call is not None:
            return dict(_conditions(call, module)).get(_asked(each.value, True)[0], False)
    return False


def is_kept_from(made: Span, written: Span, ev: Evaluator) -> bool:
    """Whether a flag that is set where a client is made keeps it from what is written elsewhere.

    ``self.client, self.cloud = AnthropicBedrock(), True`` and ``if not self.cloud: ...``.
    """
    home, module = ev.module_at(made.path), ev.module_at(written.path)
    making, node = home.node_at(made), module.node_at(written)
    stmt = home.statement(making) if making is not None else None
    if stmt is None or node is None:
        return False
    flags = {
        name: each.value.value
        for each in home.place(stmt)[0]
        if isinstance(each, ast.Assign) and isinstance(each.value, ast.Constant)
        for name in filter(None, map(dotted, each.targets))
        if isinstance(each.value.value, bool)
    }
    child: ast.AST = node
    for parent in module.ancestors(node):
        if isinstance(parent, FUNCTIONS):
            break
        if isinstance(parent, ast.If) and child is not parent.test:
            test, wanted = parent.test, child in parent.body
            while isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
                test, wanted = test.operand, not wanted
            if flags.get(dotted(test) or "", wanted) is not wanted:
                return True
        child = parent
    return False


def written_again(model: Span, ev: Evaluator) -> Iterator[Span]:
    """Where a function sets what it set to a model to the same model in another branch."""
    module = ev.module_at(model.path)
    node = module.node_at(model)
    scope = module.scope(node) if isinstance(node, ast.Constant) else None
    targets = _targets(module.statement(node)) if node is not None else set()
    if scope is None or not targets:
        return
    for each in walk(scope):
        if isinstance(each, ast.Constant) and each.value == getattr(node, "value", None):
            if each is not node and _targets(module.statement(each)) & targets:
                yield module.span(each)


def _targets(stmt: ast.stmt | None) -> set[str]:
    targets = stmt.targets if isinstance(stmt, ast.Assign) else [getattr(stmt, "target", None)]
    return {ast.unparse(each) for each in targets if each is not None}


def _chosen(span: Span, ev: Evaluator) -> dict[str, bool]:
    """What has to hold for a place to be come to, and what not."""
    module = ev.module_at(span.path)
    node = module.node_at(span)
    return {} if node is None else dict(_conditions(node, module))


def _conditions(node: ast.AST, module: Module) -> Iterator[tuple[str, bool]]:
    child = node
    for parent in module.ancestors(node):
        if isinstance(parent, (ast.If, ast.IfExp)) and child is not parent.test:
            body = parent.body if isinstance(parent.body, list) else [parent.body]
            yield _asked(parent.test, child in body)
        for block in ("body", "orelse", "finalbody"):
            listed = getattr(parent, block, None)
            if isinstance(listed, list) and child in listed:
                for stmt in listed[: listed.index(child)]:
                    if isinstance(stmt, ast.If) and leaves(stmt.body) and not stmt.orelse:
                        yield _asked(stmt.test, False)
        if isinstance(parent, FUNCTIONS):
            return
        child = parent


def _asked(test: ast.expr, holds: bool) -> tuple[str, bool]:
    """A condition as it is compared: ``self.cloud`` was handed in as ``cloud``."""
    while isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        test, holds = test.operand, not holds
    return ast.unparse(test).replace("self.", "").lstrip("_"), holds
