"""Split a text block in two: a head that stays the same between calls, and a tail that moves.

The head keeps the marker. A tail that may be blank becomes a conditional element, because the API
rejects an empty text block; it is bound by ``:=`` so that every part of it is evaluated as often
as before, and in the same order.
"""

from __future__ import annotations

import ast
from collections.abc import Collection

from skinflint.fixers import remove_marker, statements, syntax
from skinflint.fixers.blocks import (
    MARKER,
    Entry,
    WrittenBlock,
    block_at,
    copyable,
    marker_value,
    quote_of,
)
from skinflint.fixers.bound import bare, built, inside, leaves_of_terms
from skinflint.fixers.code import WIDTH, Code, FunctionNode
from skinflint.fixers.declined import Declined
from skinflint.fixers.readers import must_not_be_counted
from skinflint.fixers.scope import (
    binder,
    bindings,
    bound_once_at_import,
    comprehension_targets,
    pure,
)
from skinflint.fixers.tail import TEXT, Tail, place
from skinflint.fixers.text import Choice, Leaf, Run, TextExpression, Whole, Written, tight
from skinflint.linter.findings import Edit, SplitBlock
from skinflint.linter.spans import Span
from skinflint.records import dataclass, replace


def edits(op: SplitBlock, code: Code, taken: set[str], others: Collection[Span] = ()) -> list[Edit]:
    """The edits that make the split. Raises Declined.

    ``taken`` are names that other operations of the same fix chose; ``others`` the text
    expressions of blocks that the same fix splits at the same place.
    """
    if op.form != "string":
        must_not_be_counted(code, code.expression(op.block))
    text_node = code.expression(op.text)
    twins = _twins(op, code, text_node)
    text = _text(op, code, text_node, {*others, *(twin.text for twin in twins)})
    if op.form == "string":
        return _split_string(op, code, text_node, text, taken)
    made = _split_written(op, code, text_node, text, taken)
    for twin in twins:
        made += _split_written(twin, code, code.expression(twin.text), text, taken)
    return made


def _twins(op: SplitBlock, code: Code, text: ast.expr) -> list[SplitBlock]:
    """The same split for every other block that is written just like this one.

    Several requests may take their text from one name; a binding can be changed for all or none.
    """
    if not isinstance(text, ast.Name) or op.form != "dict" or op.marker is None:
        return []
    scope = binder(code, text, text.id)
    block = code.parents.get(text)
    if scope is None or not isinstance(block, ast.Dict) or inside(code, op.terms, text):
        return []
    start = code.range(block)[0]
    found = []
    for node in ast.walk(scope):
        if not isinstance(node, ast.Dict) or node is block or code.slice(node) != code.slice(block):
            continue

        def moved(span: Span, by: int = code.range(node)[0] - start) -> Span:
            first, last = code.range_of(span)
            return code.edit(first + by, last + by, "").span

        found.append(
            replace(op, block=moved(op.block), text=moved(op.text), marker=moved(op.marker))
        )
    return found


# -------------------------------------------------------------------- the text


@dataclass
class _Text:
    """Head and tail as code. ``edits`` change the binding of a text that stands elsewhere."""

    head: str
    tail: str
    tail_is_name: bool
    edits: list[Edit]


def _text(op: SplitBlock, code: Code, node: ast.expr, others: Collection[Span]) -> _Text:
    expression = TextExpression(code.slice(node), code.range(node)[0], code.line_of)
    if isinstance(node, ast.Name) and not inside(code, op.terms, node):
        return _bound_text(op, code, node, others)
    head, tail, _ = _cut(op, code, node, expression)
    if tail is None:
        raise Declined("the whole text is the same between calls; there is nothing to split off")
    return _Text(bare(head.code, code, node), tail.code, tail.code.isidentifier(), [])


def _cut(
    op: SplitBlock, code: Code, node: ast.expr, expression: TextExpression
) -> tuple[Written, Written | None, list[Leaf]]:
    """Head and tail of ``expression``, which ``node`` is, and the leaves the head takes."""
    leaves = expression.leaves
    where = leaves_of_terms(op.terms, code, node, expression)
    behind = [index for found in where[op.at :] for index in found]
    front = [index for found in where[: op.at] for index in found]
    for index in sorted(set(behind) & set(front)):
        shown = code.text[leaves[index].start : leaves[index].end]
        raise Declined(f"the place to split at lies inside `{shown}`")
    border = min(behind, default=len(leaves))
    head = Choice({id(leaf) for leaf in leaves[:border]})
    tail = Choice({id(leaf) for leaf in leaves[border:]})
    if op.cut is not None:
        _cut_literal(op, leaves, where[op.at - 1] if op.at else [], head, tail)
    stays = [index for index in range(op.at, len(op.terms)) if index not in op.moves]
    if op.moves and min(op.moves) < max(stays, default=0):
        raise Declined("unchanging text between two parts that move would lose its place")
    for moved in op.moves:
        if moved < op.at or moved >= len(where) or not where[moved]:
            raise Declined("a part that should join the head can't be found again")
        for index in where[moved]:
            tail.leaves.discard(id(leaves[index]))
            head.leaves.add(id(leaves[index]))
    if op.moves and id(leaves[0]) not in head.leaves:
        _leave_breaks(leaves, head, tail)
    written = expression.write(head)
    if written is None:
        raise Declined("nothing of the text stands in front of the part that moves")
    taken = [leaf for leaf in leaves if id(leaf) in head.leaves]
    return written, expression.write(tail), taken


def _leave_breaks(leaves: list[Leaf], head: Choice, tail: Choice) -> None:
    """Leave the line breaks that parted the moving text from the rest with the moving text."""
    first = next((leaf for leaf in leaves if id(leaf) in head.leaves), None)
    if not isinstance(first, Run):
        return
    size = len(first.units)
    breaks = size - len(first.value.lstrip("\n")) if len(first.value) == size else 0
    if not breaks:
        return
    head.cuts[id(first)] = (breaks, size)
    tail.cuts[id(first)] = (0, breaks)
    tail.leaves.add(id(first))


def _cut_literal(
    op: SplitBlock,
    leaves: list[Leaf],
    indexes: list[int],
    head: Choice,
    tail: Choice,
) -> None:
    left = op.cut or 0
    for index in indexes:
        run = leaves[index]
        if not isinstance(run, Run):
            raise Declined("the place to cut at is not in a literal")
        size = len(run.units)
        if left >= size:
            left -= size
            continue
        if left > 0:
            head.cuts[id(run)] = (0, left)
        else:
            head.leaves.discard(id(run))
        tail.cuts[id(run)] = (left, size)
        tail.leaves.add(id(run))
        left = 0


# -------------------------------------------------------------------- a text bound to a name


def _bound_text(op: SplitBlock, code: Code, name: ast.Name, others: Collection[Span]) -> _Text:
    assignment = built(code, name, others).assignment
    value = assignment.value
    assert value is not None  # ``built`` gives none without a value
    expression = TextExpression(code.slice(value), code.range(value)[0], code.line_of)
    head, tail, taken = _cut(op, code, value, expression)
    _must_be_repeatable(code, taken, name, assignment)
    new = quote_of(code.slice(value)) * 2 if tail is None else tail.code
    head_code = bare(head.code, code, value)
    return _Text(head_code, name.id, True, [_rebind(code, value, new)])


def _rebind(code: Code, value: ast.expr, new: str) -> Edit:
    """The edit that gives a binding the expression ``new``, in parentheses where it needs them."""
    outer, inner = code.outer(value), code.range(value)
    if outer == inner:
        return code.edit(*outer, f"({new})" if "\n" in new and not tight(new) else new)
    space = code.text[outer[0] : inner[0]] + code.text[inner[1] : outer[1]]
    return code.edit(*(outer if tight(new) and "#" not in space else inner), new)


def _must_be_repeatable(
    code: Code, taken: list[Leaf], block_text: ast.Name, assignment: ast.stmt
) -> None:
    """Decline unless every part of the head says the same where the block stands."""
    for leaf in taken:
        if isinstance(leaf, Run):
            continue
        inner = leaf.code if isinstance(leaf, Whole) else f"f'''{leaf.code}'''"
        try:
            node = syntax.expression(inner)
        except SyntaxError:
            raise Declined(f"`{leaf.code}` can't be moved to the block") from None
        if not pure(node):
            raise Declined(f"`{leaf.code}` can't be moved to the block: it is computed")
        for name in sorted({n.id for n in ast.walk(node) if isinstance(n, ast.Name)}):
            if not _same_at(code, name, block_text, assignment):
                raise Declined(f"`{name}` may be another one where the block stands")
        if any(isinstance(n, ast.Attribute | ast.Subscript) for n in ast.walk(node)):
            _imported_only(code, node, leaf.code)


def _imported_only(code: Code, node: ast.expr, shown: str) -> None:
    for inner in ast.walk(node):
        if isinstance(inner, ast.Subscript):
            raise Declined(f"`{shown}` may be another one where the block stands")
        if isinstance(inner, ast.Attribute) and isinstance(inner.value, ast.Name):
            found = bindings(code.tree, inner.value.id)
            if not found or not isinstance(found[0], ast.alias):
                raise Declined(f"`{shown}` may be another one where the block stands")


def _same_at(code: Code, name: str, block_text: ast.Name, assignment: ast.stmt) -> bool:
    here, there = binder(code, assignment, name), binder(code, block_text, name)
    if here is not there or name in comprehension_targets(code, block_text):
        return False
    if here is None:
        return True
    if isinstance(here, ast.Module):
        return bound_once_at_import(code, name)
    found = bindings(here, name)
    in_loop = any(
        isinstance(parent, ast.For | ast.AsyncFor | ast.While)
        for _, parent in code.ancestors(found[0])
    )
    return len(found) == 1 and not in_loop


# -------------------------------------------------------------------- a block that is written out


def _split_written(
    op: SplitBlock, code: Code, text_node: ast.expr, text: _Text, taken: set[str]
) -> list[Edit]:
    block = block_at(op.block, code)
    entry = next((e for e in block.entries if e.value is text_node), None)
    if entry is None:
        raise Declined("the text is no entry of the block")
    marker = _marker(op, code, block)
    _must_be_quiet(code, block, entry)
    made = [*text.edits, *marker.edits, code.edit(*code.range(text_node), text.head)]
    if marker.added:
        new = f"{block.key(MARKER, code)}{block.between}{marker.value}"
        own_line = code.begins_line(block.entries[-1].start)
        made += code.insert_item(block.entries[-1].value, new, own_line=own_line)
    items = _tail_items(block, code, entry, marker.value if op.mark_tail else None)
    return made + place(code, block.node, _tail(op, code, block.node, text, taken), items)


def _tail(op: SplitBlock, code: Code, node: ast.AST, text: _Text, taken: set[str]) -> Tail:
    return Tail(
        code,
        node,
        text.tail,
        is_name=text.tail_is_name,
        may_be_blank=op.tail_may_be_blank,
        taken=taken,
    )


@dataclass
class _Marker:
    """The head's marker: its value as code, whether it is still to be added, what goes for it."""

    value: str
    added: bool
    edits: list[Edit]


def _marker(op: SplitBlock, code: Code, block: WrittenBlock) -> _Marker:
    if any(entry.key == "**" for entry in block.entries):
        raise Declined("the block takes entries from another dict")
    written = block.entry(MARKER)
    if op.marker is None:
        if written is not None:
            raise Declined("the block has a marker already")
        quote = quote_of(block.key(MARKER, code) if isinstance(block.node, ast.Dict) else '"')
        return _Marker(marker_value(op.ttl, quote), True, [])
    found = block.entry_at(op.marker, code)
    if found is None or found.name != MARKER:
        return _set_apart(op.marker, code, block)
    if op.mark_tail and not copyable(found.value):
        raise Declined("the marker is computed and can't be written twice")
    return _Marker(code.text[slice(*code.outer(found.value))], False, [])


def _set_apart(span: Span, code: Code, block: WrittenBlock) -> _Marker:
    """``blocks = [{...}]``, then ``blocks[-1]["cache_control"] = ...``: it moves to the block."""
    elsewhere = Declined(f"the block is marked from another place, line {span.line}")
    marker = remove_marker.find(span, code)
    holder = marker.holder
    listed = code.parents.get(block.node)
    here = code.statement(block.node)
    if not isinstance(holder, ast.Assign) or not isinstance(here, ast.Assign):
        raise elsewhere
    chosen = holder.targets[0]
    assert isinstance(chosen, ast.Subscript)  # that makes it a marker
    item = chosen.value
    suite = statements.suite_of(code, here)
    if (
        not isinstance(listed, ast.List)
        or here.value is not listed
        or listed.elts[-1] is not block.node
        or not isinstance(item, ast.Subscript)
        or ast.unparse(item.value) != ast.unparse(here.targets[0])
        or ast.unparse(item.slice) not in ("-1", str(len(listed.elts) - 1))
        or holder not in suite
        or block.entry(MARKER) is not None
    ):
        raise elsewhere
    name = ast.unparse(here.targets[0])
    for statement in suite[suite.index(here) + 1 : suite.index(holder)]:
        if any(isinstance(n, ast.expr) and ast.unparse(n) == name for n in ast.walk(statement)):
            raise elsewhere
    value = code.text[slice(*code.outer(marker.value))]
    return _Marker(value, True, [remove_marker.without(marker, code)])


def _must_be_quiet(code: Code, block: WrittenBlock, text: Entry) -> None:
    """What is evaluated behind the text must not run code: the tail now comes after it."""
    for entry in block.entries:
        if entry.start > text.start and not copyable(entry.value):
            raise Declined(f"`{code.slice(entry.value)}` would be evaluated in front of the tail")


def _tail_items(block: WrittenBlock, code: Code, text: Entry, marker: str | None) -> str:
    """The tail as a block of the same kind, with TEXT in the place of its text."""
    kind = block.entry("type")
    items = []
    if kind is not None:
        if not copyable(kind.value):
            raise Declined("the block's type is computed and can't be written twice")
        items.append((kind.key, code.slice(kind.value)))
    items.append((text.key, TEXT))
    if marker is not None:
        items.append((block.key(MARKER, code), marker))
    return block.written(items)


# -------------------------------------------------------------------- a bare string


def _split_string(
    op: SplitBlock, code: Code, node: ast.expr, text: _Text, taken: set[str]
) -> list[Edit]:
    _must_take_a_list(code, node)
    q = quote_of(code.slice(node))
    start, end = code.outer(node)
    indent = code.indent_at(start)
    deeper = indent + code.indent_unit
    marker = f", {q}{MARKER}{q}: {marker_value(op.ttl, q)}"
    head = f"{{{q}type{q}: {q}text{q}, {q}text{q}: {text.head}{marker}}}"
    block = f"{{{q}type{q}: {q}text{q}, {q}text{q}: {TEXT}{marker if op.mark_tail else ''}}}"
    tail = _tail(op, code, node, text, taken).element(block, deeper, True)
    line = f"[{head}, {tail}]"
    if "\n" not in line and start - code.text.rfind("\n", 0, start) + len(line) <= WIDTH:
        return [*text.edits, code.edit(start, end, line)]
    lines = f"[\n{deeper}{head},\n{deeper}{tail},\n{indent}]"
    return [*text.edits, code.edit(start, end, lines)]


def _must_take_a_list(code: Code, node: ast.expr) -> None:
    """Decline where somebody may rely on the text being a string."""
    parent = code.parents.get(node)
    if isinstance(parent, ast.keyword):
        call = code.parents.get(parent)
        if parent.arg not in ("system", "content") or not isinstance(call, ast.Call):
            raise Declined("the text is passed on in another way than as `system` or `content`")
        _must_not_pass_on(code, call, parent.arg)
        return
    key: ast.expr | None = None
    if isinstance(parent, ast.Dict):
        key = parent.keys[parent.values.index(node)]
    elif isinstance(parent, ast.Assign) and len(parent.targets) == 1:
        target = parent.targets[0]
        key = target.slice if isinstance(target, ast.Subscript) else None
    name = key.value if isinstance(key, ast.Constant) else None
    if name not in ("system", "content"):
        raise Declined("the text is passed on in another way than as `system` or `content`")
    for other in ast.walk(code.tree):
        if isinstance(other, ast.Subscript) and isinstance(other.ctx, ast.Load):
            read = other.slice
        elif isinstance(other, ast.Call) and isinstance(other.func, ast.Attribute) and other.args:
            read = other.args[0] if other.func.attr in ("get", "pop") else other.func
        else:
            continue
        if isinstance(read, ast.Constant) and read.value == name:
            raise Declined(f"`{name}` is read at line {read.lineno}, maybe as a string")


def _must_not_pass_on(code: Code, call: ast.Call, parameter: str) -> None:
    """Decline where the text goes to a function or class of this file."""
    called = call.func.id if isinstance(call.func, ast.Name) else ""
    if isinstance(call.func, ast.Attribute):
        called = call.func.attr
    for node in ast.walk(code.tree):
        if isinstance(node, ast.ClassDef) and node.name == called:
            raise Declined(f"the text is an argument of `{called}`, which may rely on a string")
        if isinstance(node, FunctionNode) and node.name == called:
            arguments = node.args
            named = {
                a.arg for a in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)
            }
            if parameter in named or arguments.kwarg is not None:
                raise Declined(f"the text is an argument of `{called}`, which may rely on a string")
