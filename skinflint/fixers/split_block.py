"""Split a text block in two: a head that stays the same between calls, and a tail that moves.

The head keeps the marker. A tail that may be blank becomes a conditional element, because the API
rejects an empty text block; it is bound by ``:=`` so that every part of it is evaluated as often
as before, and in the same order.
"""

from __future__ import annotations

import ast
from collections.abc import Collection
from dataclasses import dataclass

from skinflint.fixers import syntax
from skinflint.fixers.blocks import (
    MARKER,
    Entry,
    WrittenBlock,
    block_at,
    copyable,
    marker_value,
    quote_of,
)
from skinflint.fixers.bound import built, inside, leaves_of_terms
from skinflint.fixers.code import COMPREHENSIONS, WIDTH, Code, FunctionNode
from skinflint.fixers.declined import Declined
from skinflint.fixers.scope import (
    binder,
    bindings,
    bound_once_at_import,
    comprehension_targets,
    fresh_name,
    pure,
)
from skinflint.fixers.text import Choice, Leaf, Run, TextExpression, Whole, Written, tight
from skinflint.linter.findings import Edit, SplitBlock
from skinflint.linter.spans import Span

_NAMES = ("tail", "text_tail", "block_tail", "prompt_tail")


def edits(op: SplitBlock, code: Code, taken: set[str], others: Collection[Span] = ()) -> list[Edit]:
    """The edits that make the split. Raises Declined.

    ``taken`` are names that other operations of the same fix chose; ``others`` the text
    expressions of blocks that the same fix splits at the same place.
    """
    text_node = code.expression(op.text)
    text = _text(op, code, text_node, others)
    if op.form == "string":
        return _split_string(op, code, text_node, text, taken)
    return _split_written(op, code, text_node, text, taken)


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
    return _Text(head.code, tail.code, tail.code.isidentifier(), [])


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
    for moved in op.moves:
        if moved < op.at or moved >= len(where) or not where[moved]:
            raise Declined("a part that should join the head can't be found again")
        for index in where[moved]:
            tail.leaves.discard(id(leaves[index]))
            head.leaves.add(id(leaves[index]))
    written = expression.write(head)
    if written is None:
        raise Declined("nothing of the text stands in front of the part that moves")
    taken = [leaf for leaf in leaves if id(leaf) in head.leaves]
    return written, expression.write(tail), taken


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
    return _Text(head.code, name.id, True, [_rebind(code, value, new)])


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
    made = list(text.edits)
    made.append(code.edit(*code.range(text_node), text.head))
    if marker is None:
        quote = quote_of(block.key(MARKER, code) if isinstance(block.node, ast.Dict) else '"')
        marker_text = marker_value(op.ttl, quote)
        new = f"{block.key(MARKER, code)}{block.between}{marker_text}"
        made += code.insert_item(block.entries[-1].value, new, own_line=_on_own_line(code, block))
    else:
        marker_text = code.text[slice(*code.outer(marker.value))]
    items = _tail_items(block, code, entry, marker_text if op.mark_tail else None)
    return _place(op, code, block, made, items, text, taken)


def _on_own_line(code: Code, block: WrittenBlock) -> bool:
    return code.begins_line(block.entries[-1].start)


def _marker(op: SplitBlock, code: Code, block: WrittenBlock) -> Entry | None:
    if any(entry.key == "**" for entry in block.entries):
        raise Declined("the block takes entries from another dict")
    written = block.entry(MARKER)
    if op.marker is None:
        if written is not None:
            raise Declined("the block has a marker already")
        return None
    found = block.entry_at(op.marker, code)
    if found is None or found.name != MARKER:
        raise Declined(f"the block is marked from another place, line {op.marker.line}")
    if op.mark_tail and not copyable(found.value):
        raise Declined("the marker is computed and can't be written twice")
    return found


def _must_be_quiet(code: Code, block: WrittenBlock, text: Entry) -> None:
    """What is evaluated behind the text must not run code: the tail now comes after it."""
    for entry in block.entries:
        if entry.start > text.start and not copyable(entry.value):
            raise Declined(f"`{code.slice(entry.value)}` would be evaluated in front of the tail")


def _tail_items(
    block: WrittenBlock, code: Code, text: Entry, marker: str | None
) -> list[tuple[str, str]]:
    """The tail's entries as ``(key, value)``; the value NUL stands for the text."""
    kind = block.entry("type")
    items = []
    if kind is not None:
        if not copyable(kind.value):
            raise Declined("the block's type is computed and can't be written twice")
        items.append((kind.key, code.slice(kind.value)))
    items.append((text.key, "\0"))
    if marker is not None:
        items.append((block.key(MARKER, code), marker))
    return items


def _place(
    op: SplitBlock,
    code: Code,
    block: WrittenBlock,
    made: list[Edit],
    items: list[tuple[str, str]],
    text: _Text,
    taken: set[str],
) -> list[Edit]:
    node: ast.AST = block.node
    parent = code.parents.get(node)
    tail = _Tail(op, code, node, text, taken)
    if isinstance(parent, ast.List | ast.Tuple) and isinstance(parent.ctx, ast.Load):
        if isinstance(parent, ast.Tuple) and code.slice(parent)[0] != "(":
            raise Declined("the block stands in a tuple without parentheses")
        start, end = code.outer(node)
        own_line = code.begins_line(start)
        element = tail.element(block.written(items), code.indent_at(start), own_line)
        opening, closing = code.range(parent)[0] + 1, code.range(parent)[1] - 1
        alone = len(parent.elts) == 1 and "\n" not in code.text[opening:closing]
        if own_line or not alone or _fits(code, start, end, element):
            return made + code.insert_item(node, element)
        indent = code.indent_at(start)
        deeper = indent + code.indent_unit
        element = tail.element(block.written(items), deeper, True)
        made.append(code.edit(opening, start, f"\n{deeper}"))
        made.append(code.edit(end, closing, f",\n{deeper}{element},\n{indent}"))
        return made
    if isinstance(parent, ast.Call) and isinstance(parent.func, ast.Attribute):
        return made + _into_call(code, parent, node, tail, block.written(items))
    if isinstance(parent, ast.IfExp):
        raise Declined("the block is one branch of a condition")
    if isinstance(parent, COMPREHENSIONS):
        raise Declined("the block stands in a comprehension")
    if isinstance(parent, ast.Assign | ast.AnnAssign | ast.NamedExpr):
        raise Declined("the block has a name of its own and is put in a list elsewhere")
    if isinstance(parent, ast.Return):
        raise Declined("the block is returned and put in a list elsewhere")
    raise Declined("the block does not stand in a list")


def _fits(code: Code, start: int, end: int, element: str) -> bool:
    """Whether ``element`` has room behind what stands between two offsets, on the same line."""
    widest = code.widest(start, end)
    return widest + len(element) + 2 <= max(WIDTH, widest)


def _into_call(code: Code, call: ast.Call, node: ast.AST, tail: _Tail, block: str) -> list[Edit]:
    method = call.func
    assert isinstance(method, ast.Attribute)  # the caller looked
    start, end = code.outer(node)
    name_end = code.range(method)[1]
    if call.keywords or not isinstance(code.parents.get(call), ast.Expr):
        raise Declined(f"what `.{method.attr}(...)` gives back is used")
    indent = code.indent_at(start)
    element = tail.element(block, indent, False)
    opening, closing = "[", f", {element}]"
    if "\n" not in code.text[start:end] and not _fits(code, start, end, element):
        deeper = indent + code.indent_unit
        element = tail.element(block, deeper, True)
        opening, closing = f"[\n{deeper}", f",\n{deeper}{element},\n{indent}]"
    if method.attr == "append" and call.args == [node]:
        return [
            code.edit(name_end - len("append"), name_end, "extend"),
            code.edit(start, start, opening),
            code.edit(end, end, closing),
        ]
    if method.attr == "insert" and len(call.args) == 2 and call.args[1] is node:
        index = call.args[0]
        if not isinstance(index, ast.Constant) or not pure(method.value):
            raise Declined("the block is inserted at a computed place")
        at = code.slice(index)
        receiver_end = code.range(method.value)[1]
        return [
            code.edit(receiver_end, start, f"[{at}:{at}] = {opening}"),
            code.edit(end, code.range(call)[1], closing),
        ]
    raise Declined("the block is handed to a call, not put in a list")


class _Tail:
    """The tail as an element of a list."""

    def __init__(
        self, op: SplitBlock, code: Code, node: ast.AST, text: _Text, taken: set[str]
    ) -> None:
        self.op = op
        self.code = code
        self.node = node
        self.text = text
        self.taken = taken
        self.chosen = ""

    def element(self, block: str, indent: str, own_line: bool) -> str:
        """``block`` with its text in place of the NUL, conditional where that may be blank."""
        if not self.op.tail_may_be_blank:
            return block.replace("\0", self.text.tail)
        if self.text.tail_is_name:
            shown, test = self.text.tail, f"{self.text.tail}.strip()"
        else:
            shown = self.chosen = self.chosen or self._name()
            test = f"({shown} := {self.text.tail}).strip()"
        block = block.replace("\0", shown)
        line = f"*([{block}] if {test} else []),"
        limit = max(WIDTH, self.code.widest(*self.code.range(self.node)))
        if not own_line or len(indent) + len(line) <= limit:
            return line[:-1]
        deeper = indent + self.code.indent_unit
        return f"*(\n{deeper}[{block}]\n{deeper}if {test}\n{deeper}else []\n{indent})"

    def _name(self) -> str:
        code = self.code
        child: ast.AST
        in_comprehension = False
        for child, parent in code.ancestors(self.node):
            if isinstance(parent, ast.comprehension) and child is parent.iter:
                raise Declined("the block stands where no name can be bound")
            in_comprehension = in_comprehension or isinstance(parent, COMPREHENSIONS)
            if isinstance(parent, ast.stmt):
                break
        scope = code.scope(self.node)
        if isinstance(scope, ast.ClassDef):
            where = "a comprehension of a class" if in_comprehension else "the body of a class"
            raise Declined(f"the block stands in {where}, where the tail can't be named")
        prefix = "_" if isinstance(scope, ast.Module) else ""
        return fresh_name(code, tuple(f"{prefix}{name}" for name in _NAMES), self.taken)


# -------------------------------------------------------------------- a bare string


def _split_string(
    op: SplitBlock, code: Code, node: ast.expr, text: _Text, taken: set[str]
) -> list[Edit]:
    parent = code.parents.get(node)
    name: object = None
    if isinstance(parent, ast.keyword):
        name = parent.arg
        _must_not_pass_on(code, parent)
    elif isinstance(parent, ast.Dict):
        index = parent.values.index(node)
        key = parent.keys[index]
        name = key.value if isinstance(key, ast.Constant) else None
    elif isinstance(parent, ast.Assign) and isinstance(parent.targets[0], ast.Subscript):
        key = parent.targets[0].slice
        name = key.value if isinstance(key, ast.Constant) else None
        if len(parent.targets) > 1:
            name = None
    if name not in ("system", "content"):
        raise Declined("the text is passed on in another way than as `system` or `content`")
    quote = quote_of(code.slice(node))
    start, end = code.outer(node)
    indent = code.indent_at(start)
    deeper = indent + code.indent_unit
    q = quote
    marker = f", {q}cache_control{q}: {marker_value(op.ttl, q)}"
    head = f"{{{q}type{q}: {q}text{q}, {q}text{q}: {text.head}{marker}}}"
    block = f"{{{q}type{q}: {q}text{q}, {q}text{q}: \0{marker if op.mark_tail else ''}}}"
    tail = _Tail(op, code, node, text, taken).element(block, deeper, True)
    line = f"[{head}, {tail}]"
    if "\n" not in line and start - code.text.rfind("\n", 0, start) + len(line) <= WIDTH:
        return [*text.edits, code.edit(start, end, line)]
    lines = f"[\n{deeper}{head},\n{deeper}{tail},\n{indent}]"
    return [*text.edits, code.edit(start, end, lines)]


def _must_not_pass_on(code: Code, keyword: ast.keyword) -> None:
    """Decline where the text goes to a function of this file, which may rely on a string."""
    call = code.parents.get(keyword)
    if not isinstance(call, ast.Call):
        return
    called = call.func.id if isinstance(call.func, ast.Name) else None
    if (
        isinstance(call.func, ast.Attribute)
        and isinstance(call.func.value, ast.Name)
        and call.func.value.id in ("self", "cls")
    ):
        called = call.func.attr
    if called is None:
        return
    for node in ast.walk(code.tree):
        if isinstance(node, FunctionNode) and node.name == called:
            raise Declined(f"the text is an argument of `{called}`, which may rely on a string")
