"""Where the tail of a split block goes: behind its head, as one more element of the same list."""

from __future__ import annotations

import ast
from itertools import pairwise

from skinflint.fixers.code import COMPREHENSIONS, WIDTH, Code, FunctionNode
from skinflint.fixers.declined import Declined
from skinflint.fixers.scope import bindings, fresh_name, pure
from skinflint.linter.findings import Edit

_NAMES = ("tail", "text_tail", "block_tail", "prompt_tail")
#: Stands for the tail's text in a block that is not written out yet.
TEXT = "\0"


class Tail:
    """The tail of the block at ``node``: its text as code, and whether that may be blank.

    ``is_name``: the text is a plain name, which can be read twice.
    """

    def __init__(
        self, code: Code, node: ast.AST, text: str, *, is_name: bool, may_be_blank: bool,
        taken: set[str],
    ) -> None:  # fmt: skip
        self.code = code
        self.node = node
        self.text = text
        self.is_name = is_name
        self.may_be_blank = may_be_blank
        self.taken = taken
        self.chosen = ""

    def element(self, block: str, indent: str, own_line: bool) -> str:
        """``block`` as an element of a list, conditional where its text may be blank."""
        if not self.may_be_blank:
            return block.replace(TEXT, self.text)
        if self.is_name:
            shown, test = self.text, f"{self.text}.strip()"
        else:
            shown = self.chosen = self.chosen or self._name()
            test = f"({shown} := {self.text}).strip()"
        block = block.replace(TEXT, shown)
        line = f"*([{block}] if {test} else [])"
        limit = max(WIDTH, self.code.widest(*self.code.range(self.node)))
        if not own_line or len(indent) + len(line) + 1 <= limit:
            return line
        deeper = indent + self.code.indent_unit
        return f"*(\n{deeper}[{block}]\n{deeper}if {test}\n{deeper}else []\n{indent})"

    def _name(self) -> str:
        code = self.code
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


def place(code: Code, node: ast.expr, tail: Tail, block: str) -> list[Edit]:
    """The edits that put ``block`` (with TEXT in it) behind the block at ``node``.

    Raises Declined where the block stands in no list that could take it.
    """
    parent = code.parents.get(node)
    if isinstance(parent, ast.List | ast.Tuple) and isinstance(parent.ctx, ast.Load):
        if isinstance(parent, ast.Tuple) and code.slice(parent)[0] != "(":
            raise Declined("the block stands in a tuple without parentheses")
        return _in_list(code, parent, node, tail, block)
    if isinstance(parent, ast.Call) and isinstance(parent.func, ast.Attribute):
        return _in_call(code, parent, node, tail, block)
    if isinstance(parent, ast.Assign) and len(parent.targets) == 1:
        target = parent.targets[0]
        if isinstance(target, ast.Name):
            return _under_a_name(code, target, node, tail, block)
    if isinstance(parent, ast.IfExp):
        raise Declined("the block is one branch of a condition")
    if isinstance(parent, COMPREHENSIONS):
        raise Declined("the block stands in a comprehension")
    if isinstance(parent, ast.Return):
        raise Declined("the block is returned and put in a list elsewhere")
    raise Declined("the block does not stand in a list")


def _fits(code: Code, start: int, end: int, element: str) -> bool:
    """Whether ``element`` has room behind what stands between two offsets, on the same line."""
    widest = code.widest(start, end)
    return widest + len(element) + 2 <= max(WIDTH, widest)


def _in_list(
    code: Code, around: ast.List | ast.Tuple, node: ast.expr, tail: Tail, block: str
) -> list[Edit]:
    start, end = code.outer(node)
    own_line = code.begins_line(start)
    element = tail.element(block, code.indent_at(start), own_line)
    opening, closing = code.range(around)[0] + 1, code.range(around)[1] - 1
    if own_line or "\n" in code.text[opening:closing] or _fits(code, start, end, element):
        return code.insert_item(node, element)
    # a list on one line that gets too long: one element per line from now on
    indent = code.indent_at(start)
    deeper = indent + code.indent_unit
    element = tail.element(block, deeper, True)
    edits = [code.edit(opening, code.outer(around.elts[0])[0], f"\n{deeper}")]
    for one, other in pairwise(around.elts):
        extra = f"{element},\n{deeper}" if one is node else ""
        between = f",\n{deeper}{extra}"
        edits.append(code.edit(code.outer(one)[1], code.outer(other)[0], between))
    last = around.elts[-1]
    extra = f"{deeper}{element},\n" if last is node else ""
    edits.append(code.edit(code.outer(last)[1], closing, f",\n{extra}{indent}"))
    return edits


def _in_call(code: Code, call: ast.Call, node: ast.expr, tail: Tail, block: str) -> list[Edit]:
    """``.append(block)`` becomes ``.extend([...])``, ``.insert`` an assignment to a slice."""
    method = call.func
    assert isinstance(method, ast.Attribute)  # the caller looked
    start, end = code.outer(node)
    name_end = code.range(method)[1]
    if call.keywords or not isinstance(code.parents.get(call), ast.Expr):
        raise Declined(f"what `.{method.attr}(...)` gives back is used")
    opening, closing = _brackets(code, start, end, tail, block)
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


def _brackets(code: Code, start: int, end: int, tail: Tail, block: str) -> tuple[str, str]:
    """What makes a list of head and tail: in front of the head, and behind it."""
    indent = code.indent_at(start)
    element = tail.element(block, indent, False)
    if "\n" in code.text[start:end] or _fits(code, start, end, element):
        return "[", f", {element}]"
    deeper = indent + code.indent_unit
    element = tail.element(block, deeper, True)
    return f"[\n{deeper}", f",\n{deeper}{element},\n{indent}]"


def _under_a_name(
    code: Code, target: ast.Name, node: ast.expr, tail: Tail, block: str
) -> list[Edit]:
    """``block = {...}``, used as ``[block]``: the name gets both, and ``[*block]`` unpacks it."""
    scope = code.scope(target)
    if not isinstance(scope, FunctionNode) or len(bindings(scope, target.id)) != 1:
        raise Declined(f"`{target.id}` may be used elsewhere as one block")
    opening, closing = _brackets(code, *code.outer(node), tail, block)
    start, end = code.outer(node)
    edits = [code.edit(start, start, opening), code.edit(end, end, closing)]
    for use in ast.walk(scope):
        if not (isinstance(use, ast.Name) and use.id == target.id and use is not target):
            continue
        around = code.parents[use]
        if not isinstance(around, ast.List) or not isinstance(around.ctx, ast.Load):
            raise Declined(f"`{target.id}` is used as one block at line {use.lineno}")
        begin = code.outer(use)[0]
        edits.append(code.edit(begin, begin, "*"))
    return edits
