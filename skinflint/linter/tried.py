"""Which models are tried before this one: a list of ids that is gone through until one works.

``for model in MODELS: try: return ask(model) except APIError: continue`` comes to the second id
only where the first has failed.
"""

from __future__ import annotations

import ast

from skinflint.linter.activation import Activation, runs
from skinflint.linter.callers import Callers
from skinflint.linter.module import FUNCTIONS, Module
from skinflint.linter.spans import Span

#: What ends a loop once something has worked.
_LEAVING = (ast.Break, ast.Return)


def tried_before(span: Span, call: ast.Call, act: Activation, callers: Callers) -> tuple[str, ...]:
    """The ids in front of the one at ``span`` in a list that ``call`` goes through in turn."""
    module = callers.ev.module_at(span.path)
    node = module.node_at(span)
    listed = module.parents.get(node) if node is not None else None
    if not isinstance(listed, (ast.List, ast.Tuple)):
        return ()
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
