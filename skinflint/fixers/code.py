"""One file as the fixers look at it: its text, its tree, its brackets and its layout."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from bisect import bisect_left
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import NamedTuple, TypeVar

from skinflint.fixers import syntax
from skinflint.fixers.declined import Declined
from skinflint.linter.findings import Edit
from skinflint.linter.source import SourceFile
from skinflint.linter.spans import Span

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef
ScopeNode = ast.Module | ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef
COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
#: Lines that a fix writes anew stay within this width where the code it stands in does.
WIDTH = 100

_Node = TypeVar("_Node", bound=ast.AST)


class Token(NamedTuple):
    """A token that carries meaning (no comment, no newline), by offsets into the text."""

    type: int
    text: str
    start: int
    end: int


class Code:
    """The parsed text of one source file. Raises Declined where it can't be read."""

    def __init__(self, source: SourceFile) -> None:
        self.source = source
        self.path = source.path
        self.text = source.text
        try:
            self.tree = syntax.module(source.text)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            raise Declined(f"{source.path} can't be parsed") from None

    # ---------------------------------------------------------------- places

    def range(self, node: ast.AST) -> tuple[int, int]:
        """Offsets of the first character of ``node`` and behind its last."""
        return self.range_of(self.source.span(node))

    def range_of(self, span: Span) -> tuple[int, int]:
        """Offsets of ``span``. Raises Declined where the text has no such place."""
        if span.path != self.path:
            raise Declined(f"it reaches into another file, {span.path}")
        try:
            return self.source.offset(*span.start), self.source.offset(*span.end)
        except ValueError:
            raise Declined("the code has changed since it was read") from None

    def slice(self, node: ast.AST) -> str:
        """The text of ``node`` as written, without parentheses around it."""
        start, end = self.range(node)
        return self.text[start:end]

    def edit(self, start: int, end: int, text: str) -> Edit:
        """The edit that puts ``text`` in the place of the characters from ``start`` to ``end``."""
        span = Span(self.path, *self.source.position(start), *self.source.position(end))
        return Edit(span, text)

    def line_of(self, offset: int) -> int:
        """The 1-based line an offset stands in."""
        return self.source.position(offset)[0]

    def indent_at(self, offset: int) -> str:
        """The white space that the line around ``offset`` begins with."""
        start = self.text.rfind("\n", 0, offset) + 1
        found = re.compile(r"[ \t\f]*").match(self.text, start)
        assert found is not None  # it matches the empty string
        return found.group()

    def begins_line(self, offset: int) -> bool:
        """Whether nothing but white space stands in front of ``offset`` on its line."""
        return not self.text[self.text.rfind("\n", 0, offset) + 1 : offset].strip()

    @cached_property
    def indent_unit(self) -> str:
        """What one level of this file is indented by."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.If):
                outer, inner = self.range(node)[0], self.range(node.body[0])[0]
                if not self.begins_line(inner):
                    continue
                before, after = self.indent_at(outer), self.indent_at(inner)
                if after.startswith(before) and len(after) > len(before):
                    return after[len(before) :]
        return "    "

    def widest(self, start: int, end: int) -> int:
        """Length of the longest line between two offsets."""
        first = self.text.rfind("\n", 0, start) + 1
        last = self.text.find("\n", end)
        lines = self.text[first : len(self.text) if last < 0 else last].split("\n")
        return max(len(line) for line in lines)

    # ---------------------------------------------------------------- nodes

    @cached_property
    def parents(self) -> dict[ast.AST, ast.AST]:
        """Every node's parent."""
        found: dict[ast.AST, ast.AST] = {}
        for node in ast.walk(self.tree):
            for child in ast.iter_child_nodes(node):
                found[child] = node
        return found

    @cached_property
    def _by_span(self) -> dict[tuple[int, int, int, int], list[ast.AST]]:
        found: dict[tuple[int, int, int, int], list[ast.AST]] = {}
        for node in ast.walk(self.tree):
            if hasattr(node, "lineno"):
                span = self.source.span(node)
                found.setdefault((*span.start, *span.end), []).append(node)
        return found

    def nodes(self, span: Span) -> list[ast.AST]:
        """The nodes that cover exactly ``span``, outermost first."""
        if span.path != self.path:
            raise Declined(f"it reaches into another file, {span.path}")
        return self._by_span.get((*span.start, *span.end), [])

    def node(self, span: Span, *types: type[_Node]) -> _Node | None:
        """The outermost node of one of ``types`` that covers exactly ``span``."""
        for node in self.nodes(span):
            if isinstance(node, types):
                return node
        return None

    def expression(self, span: Span) -> ast.expr:
        """The expression that covers exactly ``span``. Raises Declined where there is none."""
        start, end = self.range_of(span)
        while True:
            for node in self.nodes(self.edit(start, end, "").span):
                if isinstance(node, ast.Expr):
                    return node.value
                if isinstance(node, ast.expr):
                    return node
            inner = self.text[start:end]
            if not (inner.startswith("(") and inner.endswith(")")):
                break
            start += len(inner) - len(inner[1:].lstrip())
            end -= len(inner) - len(inner[:-1].rstrip())
        raise Declined(f"the expression in line {span.line} can't be found again")

    def ancestors(self, node: ast.AST) -> Iterator[tuple[ast.AST, ast.AST]]:
        """``(child, parent)`` from ``node`` outwards to the module."""
        while node in self.parents:
            parent = self.parents[node]
            yield node, parent
            node = parent

    def scope(self, node: ast.AST) -> ScopeNode:
        """The function, lambda, class or module whose names ``node`` sees first.

        Decorators, defaults, annotations and bases belong to the scope around their definition.
        """
        for child, parent in self.ancestors(node):
            if isinstance(parent, ast.Module):
                return parent
            if isinstance(parent, ast.Lambda):
                if child is parent.body:
                    return parent
            elif isinstance(parent, FunctionNode | ast.ClassDef) and child in parent.body:
                return parent
        return self.tree

    def statement(self, node: ast.AST) -> ast.stmt:
        """The innermost statement around ``node``, or ``node`` itself."""
        if isinstance(node, ast.stmt):
            return node
        for _, parent in self.ancestors(node):
            if isinstance(parent, ast.stmt):
                return parent
        raise Declined("it stands in no statement")

    @cached_property
    def names(self) -> set[str]:
        """Every name that is read or bound anywhere in the file."""
        return set(identifiers(self.tree))

    # ---------------------------------------------------------------- brackets

    @cached_property
    def tokens(self) -> list[Token]:
        """The meaningful tokens of the file, in order."""
        skipped = (
            tokenize.COMMENT,
            tokenize.NL,
            tokenize.NEWLINE,
            tokenize.INDENT,
            tokenize.DEDENT,
            tokenize.ENCODING,
            tokenize.ENDMARKER,
        )
        offset = self.source.offset
        found = []
        for token in _tokens(self.text):
            if token.type not in skipped and token.string:
                start = offset(token.start[0], token.start[1] + 1)
                found.append(
                    Token(token.type, token.string, start, offset(token.end[0], token.end[1] + 1))
                )
        return found

    @cached_property
    def comments(self) -> list[str]:
        """The comments of the file, sorted. Raises Declined where it can't be tokenised."""
        return comments(self.text)

    @cached_property
    def _starts(self) -> list[int]:
        return [token.start for token in self.tokens]

    def token_before(self, offset: int) -> Token | None:
        """The last token that ends at or in front of ``offset``."""
        index = bisect_left(self._starts, offset) - 1
        return self.tokens[index] if index >= 0 else None

    def token_behind(self, offset: int) -> Token | None:
        """The first token that starts at or behind ``offset``."""
        index = bisect_left(self._starts, offset)
        return self.tokens[index] if index < len(self.tokens) else None

    def outer(self, node: ast.AST) -> tuple[int, int]:
        """Offsets of ``node`` with the parentheses that stand around it alone."""
        start, end = self.range(node)
        parent = self.parents.get(node)
        if parent is None or not hasattr(parent, "lineno"):
            return start, end
        outer_start, outer_end = self.range(parent)
        while True:
            before, behind = self.token_before(start), self.token_behind(end)
            if before is None or behind is None or before.text != "(" or behind.text != ")":
                return start, end
            own = isinstance(parent, ast.Call) and behind.end == outer_end
            if own or before.start < outer_start or behind.end > outer_end:
                return start, end
            start, end = before.start, behind.end

    def behind_item(self, node: ast.AST) -> Gap:
        """What stands between one item of a bracketed list and whatever follows it."""
        end = self.outer(node)[1]
        comma = self.token_behind(end)
        has_comma = comma is not None and comma.text == ","
        line = comma.end if comma is not None and has_comma else end
        rest = re.compile(r"[ \t]*(#[^\n]*)?(?=\n)").match(self.text, line)
        return Gap(end, line if has_comma else None, rest.end() if rest else None)

    def insert_item(self, node: ast.AST, item: str, *, own_line: bool | None = None) -> list[Edit]:
        """The edits that put ``item`` behind ``node`` in the brackets that ``node`` stands in.

        It gets a line of its own where ``node`` has one, and a comma where ``node`` has one.
        """
        start = self.outer(node)[0]
        gap = self.behind_item(node)
        on_own_line = self.begins_line(start) if own_line is None else own_line
        if not on_own_line or (gap.line_end is None and gap.comma_end is not None):
            return [self.edit(gap.end, gap.end, f", {item}")]
        line = f"\n{self.indent_at(start)}{item}"
        if gap.comma_end is not None and gap.line_end is not None:
            return [self.edit(gap.line_end, gap.line_end, f"{line},")]
        if gap.line_end is None or gap.line_end == gap.end:
            return [self.edit(gap.end, gap.end, f",{line}")]
        return [self.edit(gap.end, gap.end, ","), self.edit(gap.line_end, gap.line_end, line)]

    def remove_item(self, start: int, end: int, open_end: int) -> Edit:
        """The edit that takes the item at ``start`` to ``end`` out of its brackets.

        ``open_end`` is the offset behind the opening bracket. A line that held nothing else goes.
        """
        comma = self.token_behind(end)
        if comma is not None and comma.text == ",":
            stop = comma.end
            rest = re.compile(r"[ \t]*\n").match(self.text, stop)
            if rest and self.begins_line(start):
                return self.edit(self.text.rfind("\n", 0, start) + 1, rest.end(), "")
            blank = re.compile(r"[ \t]*").match(self.text, stop)
            assert blank is not None  # it matches the empty string
            behind = blank.end()
            if self.text[behind : behind + 1] in ("\n", ""):
                behind = stop
            if self.text[behind : behind + 1] in (")", "]", "}"):
                return self._with_comma_before(start, end if behind > stop else stop, open_end)
            return self.edit(start, behind, "")
        return self._with_comma_before(start, end, open_end)

    def _with_comma_before(self, start: int, end: int, open_end: int) -> Edit:
        before = self.token_before(start)
        if before is not None and before.text == "," and before.start >= open_end:
            return self.edit(before.start, end, "")
        return self.edit(start, end, "")


class Gap(NamedTuple):
    """Offsets behind an item: of the item, of its comma, and of its line (with a comment)."""

    end: int
    comma_end: int | None
    line_end: int | None  # None: something else stands on that line


def identifiers(tree: ast.AST) -> Iterator[str]:
    """Every name that is read or bound in ``tree``, not those of attributes and keywords."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.alias):
            yield (node.asname or node.name).split(".")[0]
        elif isinstance(node, FunctionNode | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.Global | ast.Nonlocal):
            yield from node.names
        elif isinstance(node, ast.ExceptHandler | ast.MatchAs | ast.MatchStar) and node.name:
            yield node.name
        elif isinstance(node, ast.MatchMapping) and node.rest:
            yield node.rest


def comments(text: str) -> list[str]:
    """The comments of a module, sorted. Raises Declined where it can't be tokenised."""
    return sorted(t.string for t in _tokens(text) if t.type == tokenize.COMMENT)


def _tokens(text: str) -> Iterator[tokenize.TokenInfo]:
    lines = iter(text.split("\n"))
    pending = [line + "\n" for line in lines]
    pending[-1] = pending[-1][:-1]
    try:
        yield from tokenize.generate_tokens(_reader(pending))
    except (tokenize.TokenError, SyntaxError):
        raise Declined("the code can't be split into tokens") from None


def _reader(lines: list[str]) -> Callable[[], str]:
    return io.StringIO("".join(lines), newline="\n").readline
