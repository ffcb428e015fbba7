"""Mark the last block only, where a comprehension or loop marks every one."""

from __future__ import annotations

import ast
import re

from skinflint.fixers import statements
from skinflint.fixers.blocks import copyable
from skinflint.fixers.code import COMPREHENSIONS, WIDTH, Code, FunctionNode
from skinflint.fixers.declined import Declined
from skinflint.fixers.remove_marker import Marker, find, without
from skinflint.fixers.scope import bindings, fresh_name, pure
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
    hoisted = _in_front(marker, comprehension, unmarked, code, taken)
    return hoisted or [unmarked, *_around(marker, comprehension, code, taken)]


#: What stands in these is evaluated at times only, or more than once.
_SOMETIMES = (ast.IfExp, ast.BoolOp, ast.Lambda, ast.Compare, *COMPREHENSIONS)


def _in_front(
    marker: Marker, comprehension: ast.ListComp, unmarked: Edit, code: Code, taken: set[str]
) -> list[Edit]:
    """The list under a name of its own in front of the statement it is used in.

    Only where that changes no order of calls: the list makes none, and is always made. Otherwise
    there are no edits.
    """
    for _, parent in code.ancestors(comprehension):
        if isinstance(parent, ast.stmt):
            break
        if isinstance(parent, _SOMETIMES):
            return []
    statement = code.statement(comprehension)
    simple = ast.Assign | ast.AnnAssign | ast.AugAssign | ast.Expr | ast.Return
    scope = code.scope(comprehension)
    start, end = code.range(comprehension)
    begin = code.range(statement)[0]
    parts = [comprehension.elt, *(g.iter for g in comprehension.generators)]
    parts += [test for g in comprehension.generators for test in g.ifs]
    quiet = all(pure(part) or copyable(part) or _only_params(part) for part in parts)
    if (
        not isinstance(statement, simple)
        or not isinstance(scope, FunctionNode | ast.Module)
        or not quiet
        or not code.begins_line(begin)
        or any(g.is_async for g in comprehension.generators)
    ):
        return []
    prefix = "_" if isinstance(scope, ast.Module) else ""
    blocks = fresh_name(code, (f"{prefix}blocks", f"{prefix}marked_blocks"), taken)
    indent = code.indent_at(begin)
    gone_start, gone_end = code.range_of(unmarked.span)
    made = code.text[start:gone_start] + unmarked.text + code.text[gone_end:end]
    made = _laid_out(made, code.indent_at(start), indent, WIDTH - len(f"{indent}{blocks} = "))
    lines = [f"{blocks} = {made}", *_marked_last(code, marker, blocks), ""]
    return [
        code.edit(begin, begin, f"\n{indent}".join(lines)),
        code.edit(start, end, blocks),
    ]


def _laid_out(made: str, old: str, new: str, width: int) -> str:
    """A list that stood at indent ``old``, on one line if it fits, else indented by ``new``."""
    if "\n" not in made or "#" in made or re.search(r"[\'\"]{3}|\\\n", made):
        return made  # a line break in it may mean something
    line = re.sub(r"\s*\n\s*", " ", made)
    line = f"[{line[1:-1].strip()}]"
    if len(line) <= width and not re.search(r",\s*\n\s*[}\])]", made):
        return line
    if old.startswith(new):
        return made.replace(f"\n{old}", f"\n{new}")
    return made


def _only_params(node: ast.expr) -> bool:
    """Whether a call builds a params class from values that run no code."""
    return (
        isinstance(node, ast.Call)
        and _is_params(node.func)
        and not node.args
        and all(pure(k.value) or copyable(k.value) for k in node.keywords)
    )


def _is_params(function: ast.expr) -> bool:
    name = function.attr if isinstance(function, ast.Attribute) else ""
    name = function.id if isinstance(function, ast.Name) else name
    return name == "dict" or name.endswith("Param")


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
