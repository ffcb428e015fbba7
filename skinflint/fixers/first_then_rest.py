"""Wait for the first of many calls, then start the rest."""

from __future__ import annotations

import ast

from skinflint.fixers.code import Code
from skinflint.fixers.declined import Declined
from skinflint.fixers.scope import fresh_name
from skinflint.linter.findings import Edit, FirstThenRest


def edits(op: FirstThenRest, code: Code, taken: set[str]) -> list[Edit]:
    """The edits that make one call ahead of the others. Raises Declined."""
    gather = code.expression(op.waited)
    started = code.expression(op.started) if op.started != op.waited else None
    if not isinstance(gather, ast.Call) or gather.keywords or len(gather.args) != 1:
        raise Declined("the calls are waited for in a way that is not understood")
    given = gather.args[0]
    if not isinstance(given, ast.Starred):
        raise Declined("the calls are waited for in a way that is not understood")
    waiting = code.parents.get(gather)
    if not isinstance(waiting, ast.Await):
        raise Declined("nobody waits for the calls where they are gathered")
    one = fresh_name(code, ("call", "each_call"), taken)
    function = code.slice(gather.func)
    if isinstance(given.value, ast.Name) and isinstance(started, ast.ListComp):
        calls = given.value.id
        return [code.edit(*code.range(waiting), _in_turn(calls, one, function))]
    made = given.value
    if not isinstance(made, ast.ListComp | ast.GeneratorExp):
        raise Declined("the calls are made in a way that is not understood")
    statement = code.statement(gather)
    begin = code.range(statement)[0]
    value = statement.value if isinstance(statement, ast.Assign | ast.Return | ast.Expr) else None
    if value is not waiting or not code.begins_line(begin):
        raise Declined("the calls are not waited for in a statement of their own")
    calls = fresh_name(code, ("calls", "pending"), taken)
    indent = code.indent_at(begin)
    start, end = code.range(made)
    listed = f"[{code.text[start + 1 : end - 1]}]"
    return [
        code.edit(begin, begin, f"{calls} = {listed}\n{indent}"),
        code.edit(*code.range(waiting), _in_turn(calls, one, function)),
    ]


def _in_turn(calls: str, one: str, gather: str) -> str:
    return f"[*[await {one} for {one} in {calls}[:1]], *await {gather}(*{calls}[1:])]"
