"""Take parts out of a block's text and put them behind the text of the newest user turn."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable

from skinflint.fixers import statements, syntax
from skinflint.fixers.blocks import dict_block, quote_of
from skinflint.fixers.bound import bare, built, inside
from skinflint.fixers.code import Code, FunctionNode
from skinflint.fixers.declined import Declined
from skinflint.fixers.qualified import qualified
from skinflint.fixers.scope import (
    binder,
    bindings,
    bound_once_at_import,
    comprehension_targets,
    free_names,
    is_builtin,
    pure,
)
from skinflint.fixers.text import Choice, Leaf, Run, TextExpression, Whole, Written, joined, tight
from skinflint.linter.findings import Edit, MoveToTurn
from skinflint.linter.spans import Span

_SENTENCE_END = re.compile(r"[.!?]\s+")
_SEPARATOR = r'"\n\n"'  # as written
#: Methods that format a clock or a text and do nothing else.
_FORMATTING = frozenset(
    ("isoformat", "strftime", "date", "time", "timestamp", "astimezone", "replace", "hex", "ctime")
    + ("strip", "upper", "lower", "title", "format", "join", "rstrip", "lstrip")
)


def edits(op: MoveToTurn, code_of: Callable[[Span], Code]) -> list[Edit]:
    """The edits that move the parts. Raises Declined."""
    code, turn_code = code_of(op.block), code_of(op.turn)
    text_node = code.expression(op.text)
    turn = turn_code.expression(op.turn)
    moved = [op.terms[index] for index in op.moved]
    if not moved:
        raise Declined("nothing is to be moved")
    value, holder = _holder(code, text_node, moved)
    expression = TextExpression(code.slice(value), code.range(value)[0], code.line_of)
    plan = _Plan(code, expression, moved, op)
    new = plan.moved()
    _must_mean_the_same(code, value, expression, plan.leaves, turn_code, turn)
    _must_run_with(code, holder, turn_code, turn)
    rest = plan.rest()
    return [*_without(code, value, holder, rest), *_appended(turn_code, turn, new)]


# -------------------------------------------------------------------- where the parts are now


def _holder(code: Code, text: ast.expr, moved: list[Span]) -> tuple[ast.expr, ast.stmt]:
    """The expression that the parts stand in, and its statement."""
    if inside(code, moved, text):
        return text, code.statement(text)
    reason = "the text is put together in another place than the block"
    for name in ast.walk(text):
        if not isinstance(name, ast.Name):
            continue
        try:
            how = built(code, name, ())
        except Declined as declined:
            reason = declined.reason
            continue
        for statement in (how.assignment, *how.additions):
            assert statement.value is not None  # ``built`` gives none without a value
            if inside(code, moved, statement.value):
                return statement.value, statement
    raise Declined(reason)


class _Plan:
    """Which characters of which leaves move."""

    def __init__(
        self, code: Code, expression: TextExpression, moved: list[Span], op: MoveToTurn
    ) -> None:
        self.expression = expression
        self.whole_lines = op.whole_lines
        self.sentences = op.sentences
        #: how much more than its line a leaf takes of the literal in front, or behind
        self._ahead: dict[int, int] = {}
        self._after: dict[int, int] = {}
        indexes: set[int] = set()
        for number, span in enumerate(moved):
            found = expression.leaves_of(*code.range_of(span))
            if not found:
                raise Declined(f"the part of the text in line {span.line} can't be found again")
            indexes.update(found)
            if number < len(op.wraps):
                self._ahead[min(found)], self._after[max(found)] = op.wraps[number]
        self.indexes = sorted(indexes)
        #: what goes into the turn, one choice per line
        self.lines: list[Choice] = []
        self._rest = Choice({id(leaf) for leaf in expression.leaves})
        self._arrange()

    @property
    def leaves(self) -> list[Leaf]:
        """The leaves that move whole."""
        return [self.expression.leaves[i] for i in self.indexes]

    def _value(self, index: int) -> str | None:
        """The value of the leaf at ``index`` where it is a literal that stays, else None."""
        leaves = self.expression.leaves
        if index < 0 or index >= len(leaves) or index in self.indexes:
            return None
        leaf = leaves[index]
        return leaf.value if isinstance(leaf, Run) else None

    def _arrange(self) -> None:
        leaves = self.expression.leaves
        groups = self._groups()
        for first, last in groups:
            choice = Choice({id(leaves[i]) for i in range(first, last + 1)})
            if self.whole_lines:
                self._extend(choice, first, last)
                _trim(choice, leaves[first], leaves[last])
            for leaf in leaves[first : last + 1]:
                self._rest.leaves.discard(id(leaf))
            self.lines.append(choice)

    def _groups(self) -> list[tuple[int, int]]:
        """Runs of leaves that move together: a literal between two of them that has no newline
        joins them, one that is nothing but newlines as well."""
        groups: list[tuple[int, int]] = []
        for index in self.indexes:
            if groups and self._joins(groups[-1][1] + 1, index):
                groups[-1] = (groups[-1][0], index)
            else:
                groups.append((index, index))
        return groups

    def _joins(self, start: int, end: int) -> bool:
        values = [self._value(i) for i in range(start, end)]
        if not values:
            return True
        if not self.whole_lines or any(value is None for value in values):
            return False
        between = "".join(value or "" for value in values)
        return between.strip("\n").count("\n") == 0 and not (
            between.startswith("\n\n") or between.endswith("\n\n")
        )

    def _extend(self, choice: Choice, first: int, last: int) -> None:
        """Take the literal text of the same line along, and close the gap it leaves."""
        leaves = self.expression.leaves
        before, behind = self._value(first - 1), self._value(last + 1)
        stays_before, stays_behind = "", ""
        if before is not None:
            cut = min(self._begin(before), len(before) - self._ahead.get(first, 0))
            stays_before = before[:cut]
        if behind is not None:
            stays_behind = behind[self._end(behind, self._after.get(last, 0)) :]
        at_start = first - (before is not None) <= 0 and not stays_before
        at_end = last + (behind is not None) >= len(leaves) - 1 and not stays_behind
        blank = "\n " if self.sentences else "\n"
        trailing = len(stays_before) - len(stays_before.rstrip(blank))
        leading = len(stays_behind) - len(stays_behind.lstrip(blank))
        drop_before, drop_behind = 0, min(trailing, leading)
        if at_end:
            drop_before = trailing
        if at_start:
            drop_behind = leading
        if before is not None:
            run = leaves[first - 1]
            assert isinstance(run, Run)  # it has a value
            start = len(stays_before)
            if start < len(before):
                choice.leaves.add(id(run))
                choice.cuts[id(run)] = (start, len(before))
            self._keep(run, 0, start - drop_before)
        if behind is not None:
            run = leaves[last + 1]
            assert isinstance(run, Run)  # it has a value
            end = len(behind) - len(stays_behind)
            if end > 0:
                choice.leaves.add(id(run))
                choice.cuts[id(run)] = (0, end)
            self._keep(run, end + drop_behind, len(behind))

    def _begin(self, before: str) -> int:
        """Where what moves along begins in the literal in front."""
        line = before.rfind("\n") + 1
        if not self.sentences:
            return line
        return max([line, *(found.end() for found in _SENTENCE_END.finditer(before))])

    def _end(self, behind: str, start: int) -> int:
        """Where it ends in the literal behind."""
        line = behind.find("\n", start)
        ends = [line] if line >= 0 else []
        if self.sentences:
            found = _SENTENCE_END.search(behind, start)
            if found is not None:
                ends.append(len(behind[: found.end()].rstrip()))
        return min(ends, default=len(behind))

    def _keep(self, run: Run, start: int, end: int) -> None:
        had = self._rest.cuts.get(id(run), (0, len(run.units)))
        low, high = max(had[0], start), min(had[1], end)
        self._rest.cuts[id(run)] = (low, max(low, high))
        if low >= high:
            self._rest.leaves.discard(id(run))

    def moved(self) -> Written:
        """What goes into the turn, as an expression."""
        written = [w for w in map(self.expression.write, self.lines) if w is not None]
        if len(written) == 1:
            return written[0]
        pieces = [f"({w.code})" if w.loose else w.code for w in written]
        return Written(' + "\\n" + '.join(pieces))

    def rest(self) -> Written | None:
        """What stays, as an expression; None when nothing does."""
        return self.expression.write(self._rest)


def _trim(choice: Choice, first: Leaf, last: Leaf) -> None:
    """Leave out the newlines at both ends of what moves: it gets a blank line in front anyway."""
    for leaf, left in ((first, True), (last, False)):
        if not isinstance(leaf, Run):
            continue
        low, high = choice.cuts.get(id(leaf), (0, len(leaf.units)))
        value = leaf.value[low:high]
        if left:
            low += len(value) - len(value.lstrip("\n"))
        else:
            high -= len(value) - len(value.rstrip("\n"))
        choice.cuts[id(leaf)] = (low, max(low, high))


def _without(code: Code, value: ast.expr, holder: ast.stmt, rest: Written | None) -> list[Edit]:
    if rest is not None:
        new = bare(rest.code, code, value)
        is_value = isinstance(holder, ast.Assign | ast.AnnAssign) and holder.value is value
        open_ended = is_value and code.outer(value) == code.range(value)
        if open_ended and "\n" in new and not tight(new):
            new = f"({new})"
        return [code.edit(*code.range(value), new)]
    if isinstance(holder, ast.AugAssign) and holder.value is value:
        return [statements.remove(code, holder)]
    if isinstance(holder, ast.Assign | ast.AnnAssign) and holder.value is value:
        return [code.edit(*code.outer(value), quote_of(code.slice(value)) * 2)]
    raise Declined("nothing would be left of the block's text")


# -------------------------------------------------------------------- whether they may move


def _must_mean_the_same(
    code: Code,
    value: ast.expr,
    expression: TextExpression,
    leaves: list[Leaf],
    turn_code: Code,
    turn: ast.expr,
) -> None:
    for leaf in leaves:
        if isinstance(leaf, Run):
            continue
        shown = leaf.code
        source = shown if isinstance(leaf, Whole) else f"f'''{shown}'''"
        try:
            node = syntax.expression(source)
        except SyntaxError:
            raise Declined(f"`{shown}` can't be moved") from None
        _must_be_quiet(code, value, node, shown)
        for name in sorted(free_names(node)):
            if not _same_name(code, value, turn_code, turn, name):
                raise Declined(f"`{name}` is not at hand where the turn is written")


def _must_be_quiet(code: Code, at: ast.expr, node: ast.expr, shown: str) -> None:
    """Decline what may do more than read a clock or a random source."""
    from skinflint.catalog.sources import load

    sources = load()
    calls = [inner for inner in ast.walk(node) if isinstance(inner, ast.Call)]
    for call in calls:
        name = qualified(code, at, call.func)
        if name is not None and (sources.call(name) is not None or sources.pure(name) is not None):
            continue
        if isinstance(call.func, ast.Attribute) and call.func.attr in _FORMATTING:
            continue
        raise Declined(f"`{shown}` may do more than give a value, so it can't be moved")
    plain = _NoCalls().visit(syntax.expression(ast.unparse(node)))
    if not pure(plain):
        raise Declined(f"`{shown}` may do more than give a value, so it can't be moved")


class _NoCalls(ast.NodeTransformer):
    """A call as the list of what it is made of, for the question whether the rest is pure."""

    def visit_Call(self, node: ast.Call) -> ast.AST:
        parts = [node.func, *node.args, *(keyword.value for keyword in node.keywords)]
        return ast.List([self.visit(part) for part in parts], ast.Load())


def _same_name(code: Code, here: ast.expr, turn_code: Code, turn: ast.expr, name: str) -> bool:
    if name in comprehension_targets(code, here) or name in comprehension_targets(turn_code, turn):
        return False
    if code is not turn_code:
        return is_builtin(code, here, name) and is_builtin(turn_code, turn, name)
    scope, other = binder(code, here, name), binder(code, turn, name)
    if scope is not other:
        return False
    if scope is None:
        return True
    found = bindings(scope, name)
    if isinstance(scope, ast.Module):
        return bound_once_at_import(code, name)
    if len(found) != 1:
        return False
    if isinstance(found[0], ast.arg):
        return True
    binding = code.statement(found[0])
    return code.range(binding)[1] <= code.range(turn)[0] and _encloses(code, binding, turn)


def _encloses(code: Code, statement: ast.stmt, node: ast.AST) -> bool:
    """Whether whoever reaches ``node`` has passed ``statement``: its suite is around both."""
    around = {parent for _, parent in code.ancestors(node)}
    return code.parents[statement] in around


def _must_run_with(code: Code, holder: ast.stmt, turn_code: Code, turn: ast.expr) -> None:
    """Decline where the text is built under a condition that the turn is not under."""
    parent = code.parents[holder]
    if code is turn_code and (_encloses(code, holder, turn) or code.statement(turn) is holder):
        return
    if isinstance(parent, FunctionNode | ast.Module):
        return
    raise Declined("the text is put together under a condition that the turn does not depend on")


# -------------------------------------------------------------------- the turn


def _appended(code: Code, turn: ast.expr, new: Written) -> list[Edit]:
    content = _content_list(code, turn)
    if content is not None:
        return _one_more_block(code, content, new)
    if not _is_text(code, turn):
        shown = " ".join(code.slice(turn).split())
        raise Declined(f"`{shown}` is not known to be text (an annotation `str` would tell)")
    start, end = code.range(turn)
    glued = joined(_SEPARATOR, f"({new.code})" if new.loose else new.code)
    closed = isinstance(
        turn,
        ast.Name | ast.Attribute | ast.Call | ast.Subscript | ast.Constant | ast.JoinedStr,
    ) or (isinstance(turn, ast.BinOp) and isinstance(turn.op, ast.Add))
    if closed:
        return [code.edit(end, end, f" + {glued}")]
    return [code.edit(start, start, "("), code.edit(end, end, f") + {glued}")]


def _content_list(code: Code, turn: ast.expr) -> ast.List | None:
    """The list of content blocks that ``turn`` is, or whose text block it is the text of."""
    if isinstance(turn, ast.List):
        return turn
    around = code.parents.get(turn)
    if not isinstance(around, ast.Dict):
        return None
    names = [entry.name for entry in dict_block(around, code).entries]
    place = code.parents.get(around)
    if "type" in names and isinstance(place, ast.List):
        return place
    return None


def _one_more_block(code: Code, content: ast.List, new: Written) -> list[Edit]:
    if not content.elts:
        raise Declined("the newest turn has no text yet")
    quote = quote_of(code.slice(content))
    block = f"{{{quote}type{quote}: {quote}text{quote}, {quote}text{quote}: {new.code}}}"
    return code.insert_item(content.elts[-1], block)


def _is_text(code: Code, node: ast.expr) -> bool:
    """Whether an expression surely gives a ``str``."""
    if isinstance(node, ast.Constant):
        return isinstance(node.value, str)
    if isinstance(node, ast.JoinedStr):
        return True
    if isinstance(node, ast.BinOp):
        if isinstance(node.op, ast.Add):
            return _is_text(code, node.left) or _is_text(code, node.right)
        return isinstance(node.op, ast.Mod) and _is_text(code, node.left)
    if isinstance(node, ast.IfExp):
        return _is_text(code, node.body) and _is_text(code, node.orelse)
    if isinstance(node, ast.Call):
        if isinstance(node.func, ast.Attribute):
            return node.func.attr in ("join", "format", "strip", "rstrip", "lstrip", "read_text")
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        return name in ("str", "input", "dedent", "repr")
    if isinstance(node, ast.Name):
        return _name_is_text(code, node)
    return False


def _name_is_text(code: Code, name: ast.Name) -> bool:
    scope = binder(code, name, name.id)
    found = bindings(scope, name.id) if scope is not None else []
    if not found or name.id in comprehension_targets(code, name):
        return False
    for target in found:
        if isinstance(target, ast.arg):
            if not _says_str(target.annotation):
                return False
            continue
        statement = code.parents.get(target)
        if isinstance(statement, ast.AnnAssign) and _says_str(statement.annotation):
            continue
        if not isinstance(statement, ast.Assign | ast.NamedExpr) or statement.value is name:
            return False
        if any(isinstance(n, ast.Name) and n.id == name.id for n in ast.walk(statement.value)):
            return False
        if not _is_text(code, statement.value):
            return False
    return True


def _says_str(annotation: ast.expr | None) -> bool:
    if isinstance(annotation, ast.Constant):
        return annotation.value == "str"
    return isinstance(annotation, ast.Name) and annotation.id == "str"
