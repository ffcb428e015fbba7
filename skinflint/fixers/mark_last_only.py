"""Mark the last block only, where a comprehension or loop marks every one."""

from __future__ import annotations

import ast

from skinflint.fixers import statements
from skinflint.fixers.blocks import copyable
from skinflint.fixers.code import COMPREHENSIONS, Code, FunctionNode
from skinflint.fixers.declined import Declined
from skinflint.fixers.remove_marker import Marker, find, without
from skinflint.fixers.scope import bindings, fresh_name
from skinflint.linter.findings import Edit, MarkLastOnly


def edits(op: MarkLastOnly, code: Code, taken: set[str]) -> list[Edit]:
    """The edits that leave one marker. Raises Declined."""
    marker = find(op.marker, code)
    if not copyable(marker.value):
        raise Declined("the marker is computed, and what computes it may do more")
    if isinstance(marker.holder, ast.Assign):
        return _in_loop(marker, marker.holder, code)
    parent = code.parents.get(marker.holder)
    if isinstance(parent, ast.ListComp) and parent.elt is marker.holder:
        return _in_comprehension(marker, parent, code, taken)
    if isinstance(parent, ast.Call) and parent.args == [marker.holder]:
        return _appended_in_loop(marker, parent, code)
    raise Declined("the loop that marks the blocks is written in a way that is not understood")


def _marked_last(code: Code, marker: Marker, blocks: str) -> list[str]:
    key = marker.key if not isinstance(marker.holder, ast.Call) else '"cache_control"'
    value = code.text[slice(*code.outer(marker.value))]
    return [f"if {blocks}:", f"{code.indent_unit}{blocks}[-1][{key}] = {value}"]


def _in_loop(marker: Marker, assignment: ast.Assign, code: Code) -> list[Edit]:
    """``for b in blocks: b["cache_control"] = ...``"""
    target = assignment.targets[0]
    assert isinstance(target, ast.Subscript)  # that makes it a marker
    loop = code.parents[assignment]
    if (
        not isinstance(loop, ast.For)
        or loop.orelse
        or not isinstance(loop.target, ast.Name)
        or not isinstance(target.value, ast.Name)
        or target.value.id != loop.target.id
    ):
        raise Declined("the blocks are not marked directly in a loop over them")
    if not isinstance(loop.iter, ast.Name):
        raise Declined("the loop does not run over a list that has a name")
    blocks = loop.iter.id
    _must_be_list(code, loop, loop.iter)
    _must_run_through(loop, blocks, loop.target.id)
    lines = _marked_last(code, marker, blocks)
    if loop.body[-1] is assignment and len(loop.body) > 1:
        return [statements.replace(code, assignment, lines, code.indent_at(code.range(loop)[0]))]
    if len(loop.body) > 1:
        return [statements.remove(code, assignment), statements.add_behind(code, loop, lines)]
    start, end = code.range(loop)
    if not code.begins_line(start):
        raise Declined("another statement stands on its line")
    indent = code.indent_at(start)
    return [code.edit(start, end, f"\n{indent}".join(lines))]


def _must_run_through(loop: ast.For, blocks: str, item: str) -> None:
    for node in ast.walk(loop):
        if isinstance(node, ast.Break | ast.Continue | ast.Return | ast.Yield | ast.YieldFrom):
            raise Declined("the loop does not treat every block alike")
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            if node.id == blocks or (node.id == item and node is not loop.target):
                raise Declined(f"`{node.id}` is bound anew in the loop")


def _must_be_list(code: Code, loop: ast.stmt, name: ast.Name) -> None:
    """Decline where the name may stand for something that can be walked once only."""
    scope = code.scope(loop)
    found = bindings(scope, name.id) or bindings(code.tree, name.id)
    for target in found:
        if isinstance(target, ast.arg):
            if not _list_annotation(target.annotation):
                raise Declined(f"`{name.id}` is not known to be a list (an annotation would tell)")
            continue
        statement = code.parents.get(target)
        annotated = isinstance(statement, ast.AnnAssign) and _list_annotation(statement.annotation)
        value = statement.value if isinstance(statement, ast.Assign | ast.AnnAssign) else None
        if not annotated and not (value is not None and _gives_list(value)):
            raise Declined(f"`{name.id}` is not known to be a list")
    if not found:
        raise Declined(f"`{name.id}` is not known to be a list")


def _list_annotation(annotation: ast.expr | None) -> bool:
    if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
        return annotation.value.split("[")[0].lower() == "list"
    if isinstance(annotation, ast.Subscript):
        annotation = annotation.value
    if isinstance(annotation, ast.Attribute):
        return annotation.attr == "List"
    return isinstance(annotation, ast.Name) and annotation.id in ("list", "List")


def _gives_list(value: ast.expr) -> bool:
    if isinstance(value, ast.List | ast.ListComp):
        return True
    if isinstance(value, ast.BinOp):
        return isinstance(value.op, ast.Add) and (
            _gives_list(value.left) or _gives_list(value.right)
        )
    return (
        isinstance(value, ast.Call)
        and isinstance(value.func, ast.Name)
        and value.func.id in ("list", "sorted")
    )


def _in_comprehension(
    marker: Marker, comprehension: ast.ListComp, code: Code, taken: set[str]
) -> list[Edit]:
    """``[{..., "cache_control": ...} for b in blocks]``"""
    unmarked = without(marker, code)
    statement = code.parents.get(comprehension)
    named = statement.targets if isinstance(statement, ast.Assign) else []
    if isinstance(statement, ast.AnnAssign) and statement.value is comprehension:
        named = [statement.target]
    if len(named) == 1 and isinstance(named[0], ast.Name) and isinstance(statement, ast.stmt):
        if not isinstance(code.scope(statement), ast.ClassDef):
            lines = _marked_last(code, marker, named[0].id)
            return [unmarked, statements.add_behind(code, statement, lines)]
    return [unmarked, *_around(marker, comprehension, code, taken)]


def _around(marker: Marker, comprehension: ast.ListComp, code: Code, taken: set[str]) -> list[Edit]:
    """The comprehension under a name, and a marked copy of its last block."""
    for child, parent in code.ancestors(comprehension):
        if isinstance(parent, ast.comprehension) and child is parent.iter:
            raise Declined("the blocks stand where no name can be bound")
        if isinstance(parent, ast.stmt):
            break
    scope = code.scope(comprehension)
    if isinstance(scope, ast.ClassDef):
        raise Declined("the blocks stand in the body of a class, where they can't be named")
    if not isinstance(scope, FunctionNode | ast.Lambda | ast.Module):
        raise Declined("the blocks stand where no name can be bound")
    prefix = "_" if isinstance(scope, ast.Module) else ""
    blocks = fresh_name(code, (f"{prefix}blocks", f"{prefix}unmarked_blocks"), taken)
    last = fresh_name(code, ("last", "last_block"), taken)
    key = marker.key if isinstance(marker.holder, ast.Dict) else '"cache_control"'
    value = code.text[slice(*code.outer(marker.value))]
    start, end = code.range(comprehension)
    tail = f")[:-1], *({{**{last}, {key}: {value}}} for {last} in {blocks}[-1:])]"
    return [code.edit(start, start, f"[*({blocks} := "), code.edit(end, end, tail)]


def _appended_in_loop(marker: Marker, call: ast.Call, code: Code) -> list[Edit]:
    """``for d in documents: content.append({..., "cache_control": ...})``"""
    method = call.func
    if not (
        isinstance(method, ast.Attribute)
        and method.attr == "append"
        and isinstance(method.value, ast.Name)
    ):
        raise Declined("the marked blocks are handed to a call that is not understood")
    statement = code.statement(call)
    loop = code.parents[statement]
    if not isinstance(loop, ast.For | ast.AsyncFor) or loop.orelse:
        raise Declined("the blocks are not put in the list directly in a loop")
    if isinstance(code.parents.get(loop), COMPREHENSIONS):
        raise Declined("the loop is not understood")
    blocks = method.value.id
    for node in ast.walk(loop):
        if isinstance(node, ast.Break | ast.Continue | ast.Return | ast.Yield | ast.YieldFrom):
            raise Declined("the loop does not treat every block alike")
        if isinstance(node, ast.Name) and node.id == blocks and node is not method.value:
            raise Declined(f"`{blocks}` is used in the loop in another way")
    _must_start_empty(code, loop, blocks)
    return [
        without(marker, code),
        statements.add_behind(code, loop, _marked_last(code, marker, blocks)),
    ]


def _must_start_empty(code: Code, loop: ast.stmt, blocks: str) -> None:
    """Decline unless the list is empty when the loop begins: its last block is then the loop's."""
    suite = statements.suite_of(code, loop)
    for statement in reversed(suite[: suite.index(loop)]):
        target: ast.expr | None = None
        if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
            target = statement.targets[0]
        elif isinstance(statement, ast.AnnAssign):
            target = statement.target
        if isinstance(target, ast.Name) and target.id == blocks:
            value = statement.value if isinstance(statement, ast.Assign | ast.AnnAssign) else None
            if isinstance(value, ast.List) and not value.elts:
                return
            break
        if any(isinstance(n, ast.Name) and n.id == blocks for n in ast.walk(statement)):
            break
    raise Declined(f"`{blocks}` may hold other blocks when the loop begins")
