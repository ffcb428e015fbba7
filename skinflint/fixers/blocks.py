"""A content block as written: its entries, its marker, and further blocks like it."""

from __future__ import annotations

import ast
import re

from skinflint.fixers.code import Code
from skinflint.fixers.declined import Declined
from skinflint.fixers.scope import pure
from skinflint.linter.spans import Span
from skinflint.records import dataclass

MARKER = "cache_control"


@dataclass(frozen=True)
class Entry:
    """One entry of a dict display or keyword of a call. ``name`` is "" where it isn't literal."""

    name: str
    key: str  # as written: '"text"' or 'text'
    value: ast.expr
    start: int
    end: int  # with the parentheses around the value


@dataclass(frozen=True)
class WrittenBlock:
    """A block that is a dict display or a call of a params class."""

    node: ast.Dict | ast.Call
    entries: tuple[Entry, ...]
    opening: str  # "{" or "TextBlockParam("
    closing: str
    between: str  # what stands between a key and its value: ": " or "="

    def entry(self, name: str) -> Entry | None:
        """The last entry of that name."""
        return next((e for e in reversed(self.entries) if e.name == name), None)

    def entry_at(self, span: Span, code: Code) -> Entry | None:
        """The entry that ``span`` is (the whole of it, or its value)."""
        start, end = code.range_of(span)
        for entry in self.entries:
            value = code.range(entry.value)
            if entry.start <= start and end <= entry.end and value[1] <= end:
                return entry
        return None

    def key(self, name: str, code: Code) -> str:
        """``name`` as a key of this block, with the quotes its other keys have."""
        if isinstance(self.node, ast.Call):
            return name
        quotes = [e.key[0] for e in self.entries if e.key[:1] in ("'", '"')]
        quote = quotes[0] if quotes else '"'
        return f"{quote}{name}{quote}"

    def written(self, items: list[tuple[str, str]]) -> str:
        """A block of the same kind with the entries ``(key as written, value)``."""
        inside = ", ".join(f"{key}{self.between}{value}" for key, value in items)
        return f"{self.opening}{inside}{self.closing}"


def block_at(span: Span, code: Code) -> WrittenBlock:
    """The dict display or call that covers ``span``. Raises Declined."""
    node = code.expression(span)
    if isinstance(node, ast.Dict):
        return dict_block(node, code)
    if isinstance(node, ast.Call):
        return _call_block(node, code)
    raise Declined("the block is not written out as a dict or a call")


def dict_block(node: ast.Dict, code: Code) -> WrittenBlock:
    """A dict display as a block. Raises Declined where it takes entries from another dict."""
    entries = []
    for key, value in zip(node.keys, node.values, strict=True):
        end = code.outer(value)[1]
        if key is None:
            start = code.outer(value)[0]
            stars = code.token_before(start)
            assert stars is not None  # a value without a key stands behind "**"
            entries.append(Entry("", "**", value, stars.start, end))
            continue
        name = key.value if isinstance(key, ast.Constant) and isinstance(key.value, str) else ""
        entries.append(Entry(name, code.slice(key), value, code.range(key)[0], end))
    return WrittenBlock(node, tuple(entries), "{", "}", ": ")


def _call_block(node: ast.Call, code: Code) -> WrittenBlock:
    if node.args:
        raise Declined("the block is built by a call with positional arguments")
    entries = []
    for keyword in node.keywords:
        end = code.outer(keyword.value)[1]
        if keyword.arg is None:
            raise Declined("the block takes entries from another dict")
        start = code.range(keyword)[0]
        entries.append(Entry(keyword.arg, keyword.arg, keyword.value, start, end))
    return WrittenBlock(node, tuple(entries), f"{code.slice(node.func)}(", ")", "=")


def marker_value(ttl: str, quote: str) -> str:
    """A new marker's value; the default ttl is not spelled out."""
    q = quote
    lasting = "" if ttl in ("", "5m") else f", {q}ttl{q}: {q}{ttl}{q}"
    return f"{{{q}type{q}: {q}ephemeral{q}{lasting}}}"


def copyable(node: ast.expr) -> bool:
    """Whether a marker's value may be written twice: constants, names, a params class of such."""
    if isinstance(node, ast.Call):
        name = node.func.attr if isinstance(node.func, ast.Attribute) else None
        name = node.func.id if isinstance(node.func, ast.Name) else name
        return (
            name is not None
            and (name == "dict" or name.endswith("Param"))
            and not node.args
            and all(k.arg is not None and copyable(k.value) for k in node.keywords)
        )
    return pure(node)


def quote_of(code: str) -> str:
    """The quote that ``code`` writes its first string in; double quotes where it has none."""
    found = re.search(r"['\"]", code)
    return found.group() if found else '"'
