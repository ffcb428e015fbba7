"""Which models are tried before this one: a list of ids that is gone through until one works.

``for model in MODELS: try: return ask(model) except APIError: continue`` comes to the second id
only where the first has failed. So does what catches the failure of a request:
``except APIError: reply = ask("...")``.
"""

from __future__ import annotations

import ast
import re

from skinflint.catalog import retries
from skinflint.linter.activation import Activation, runs
from skinflint.linter.callers import Callers
from skinflint.linter.module import FUNCTIONS, Module, dotted, last_name
from skinflint.linter.second import is_shown
from skinflint.linter.spans import Span
from skinflint.linter.values import Known, alternatives

#: The methods that send a request.
_SENT = re.compile(r"\.messages\.(?:create|stream|parse)$")
#: What ends a loop once something has worked.
_LEAVING = (ast.Break, ast.Return)


def tried_before(span: Span, call: ast.Call, act: Activation, callers: Callers) -> tuple[str, ...]:
    """The ids in front of the one at ``span`` in a list that ``call`` goes through in turn.

    Or those of the request whose failure is caught where it is written, or where its constant is
    read.
    """
    module = callers.ev.module_at(span.path)
    node = module.node_at(span)
    listed = module.parents.get(node) if node is not None else None
    if not isinstance(listed, (ast.List, ast.Tuple)):
        if not isinstance(node, ast.expr):
            return ()
        return _failed_before(node, module, call, act, callers)
    before = listed.elts[: listed.elts.index(node)]  # type: ignore[arg-type]
    words = [each.value for each in before if isinstance(each, ast.Constant)]
    if not words or not any(
        run.module.path == module.path and _goes_through(inner, run.module, listed)
        for run, inner in runs(call, act)
    ):
        return ()
    return tuple(each for each in words if isinstance(each, str))


def _goes_through(node: ast.AST, module: Module, listed: ast.List | ast.Tuple) -> bool:
    """Whether ``node`` is tried for each of a list, until it works."""
    tried: ast.Try | None = None
    child = node
    for parent in module.ancestors(node):
        if isinstance(parent, FUNCTIONS):
            return False
        if isinstance(parent, ast.Try) and child in parent.body and tried is None:
            tried = parent
        elif isinstance(parent, ast.For):
            return (
                tried is not None
                and _is_over(parent.iter, listed, module)
                and any(
                    isinstance(each, _LEAVING)
                    for s in (*tried.body, *tried.orelse)
                    for each in ast.walk(s)
                )
                and not any(
                    isinstance(handler.body[-1], (ast.Raise, *_LEAVING))
                    for handler in tried.handlers
                )
            )
        child = parent
    return False


def _is_over(iterated: ast.expr, listed: ast.List | ast.Tuple, module: Module) -> bool:
    """Whether a loop goes through a list that is written there, or under that name."""
    if isinstance(iterated, ast.Call) and iterated.args:
        if getattr(iterated.func, "id", "") not in ("enumerate", "list", "tuple"):
            return False
        iterated = iterated.args[0]
    if iterated is listed:
        return True
    name = iterated.id if isinstance(iterated, ast.Name) else getattr(iterated, "attr", "")
    stmt = module.parents.get(listed)
    targets = stmt.targets if isinstance(stmt, ast.Assign) else [getattr(stmt, "target", None)]
    return any(getattr(each, "id", getattr(each, "attr", None)) == name for each in targets)


def _failed_before(
    node: ast.expr, module: Module, call: ast.Call, act: Activation, callers: Callers
) -> tuple[str, ...]:
    """The ids of the requests that have to fail before an id is taken at all."""
    stmt = module.parents.get(node)
    read: list[ast.expr] = [node]
    if isinstance(stmt, ast.Assign) and isinstance(module.scope(node), ast.Module):
        target = stmt.targets[0]
        if len(stmt.targets) > 1 or not isinstance(target, ast.Name):
            return ()
        project = callers.ev.project
        if project is None or project.every_user(module, target.id) != []:
            return ()  # others may send it
        read = [n for n in module.loads.get(target.id, ()) if not is_shown(n, module)]
    found: list[str] = []
    for each in read:
        tried = _caught(each, module)
        ids = () if tried is None else _asked_in(tried, module, call, act, callers)
        if not ids:
            return ()
        found += ids
    return tuple(dict.fromkeys(found))


def _caught(node: ast.AST, module: Module) -> ast.Try | None:
    """The statement whose failing request leads to an expression, in its own function."""
    for parent in module.ancestors(node):
        if isinstance(parent, FUNCTIONS):
            return None
        if isinstance(parent, ast.ExceptHandler):
            tried = module.parents.get(parent)
            return tried if isinstance(tried, ast.Try) and _is_of_requests(parent) else None
    return None


def _is_of_requests(handler: ast.ExceptHandler) -> bool:
    """Whether a handler is there for what a request raises: all there is, or errors of the SDK.

    A list of errors under a name is mostly made for that.
    """
    kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    raised = retries.load().raised
    return any(
        kind is None or (name := last_name(kind)) in raised or name.isupper() or name.islower()
        for kind in kinds
    )


def _asked_in(
    tried: ast.Try, module: Module, call: ast.Call, act: Activation, callers: Callers
) -> tuple[str, ...]:
    """The ids that a statement sends: itself, or by what the request is sent by as well."""
    chain = list(runs(call, act))
    run = next((run for run, _ in chain if run.node is module.scope(tried)), None)
    run = callers.of(module).plain(tried) if run is None else run
    again = {dotted(inner.func) for _, inner in chain if isinstance(inner, ast.Call)} - {None}
    found: list[str] = []
    for each in module.once(_calls_in, tried):
        sent = _SENT.search(dotted(each.func) or "") is not None
        if sent:
            given = [k.value for k in each.keywords if k.arg == "model"]
        elif dotted(each.func) in again:
            given = [*each.args, *(k.value for k in each.keywords)]
        else:
            continue
        for argument in given:
            for value in alternatives(callers.ev.evaluate(argument, run)):
                if isinstance(value, Known) and isinstance(value.value, str):
                    if sent or "claude" in value.value:  # else it may be the question
                        found.append(value.value)
    return tuple(found)


def _calls_in(_: Module, tried: ast.Try) -> tuple[ast.Call, ...]:
    """The calls of what is tried."""
    nodes = (node for stmt in tried.body for node in ast.walk(stmt))
    return tuple(node for node in nodes if isinstance(node, ast.Call))
