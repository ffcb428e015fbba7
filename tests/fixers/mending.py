"""What the tests of the fixers share: operations on real requests, and code that runs."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from skinflint.fixers.edits import applied
from skinflint.fixers.plan import edits_of
from skinflint.linter.config import Settings
from skinflint.linter.findings import Applicability, Edit, Fix, Op, SplitBlock
from skinflint.linter.project import Project
from skinflint.linter.request import Block, Request
from skinflint.linter.source import SourceFile, from_bytes
from skinflint.linter.spans import Span

PATH = "app.py"

#: What every piece of code in these tests begins with; ``tick`` notes that it was called.
PROLOGUE = """\
from anthropic import Anthropic

client = Anthropic(api_key="none")
SYSTEM = "You are the support agent of a shop. Be brief and friendly."
MARK = {"type": "ephemeral"}
"""


def source(text: str, path: str = PATH) -> SourceFile:
    """``text`` as a file."""
    return from_bytes(path, text.encode())


def requests(code: SourceFile) -> tuple[Request, ...]:
    """The requests of one file."""
    return Project(Settings()).requests(code)


def fix(*ops: Op, applicability: Applicability = Applicability.UNSAFE, **more: Any) -> Fix:
    """A fix of these operations."""
    return Fix(applicability, "a fix", ops, **more)


def edits(code: SourceFile, *ops: Op) -> tuple[Edit, ...]:
    """The edits of the operations."""
    return edits_of(fix(*ops), lambda path: {code.path: code}[path])


def mended(code: SourceFile, *ops: Op) -> str:
    """The text after the operations; it parses."""
    text = applied(code, edits(code, *ops))
    ast.parse(text)
    return text


def text_block(code: SourceFile) -> tuple[Request, Block]:
    """The first text block that is put together of several terms, and its request."""
    for request in requests(code):
        for block in request.blocks:
            if block.kind == "text" and len(block.terms) > 1:
                return request, block
    raise AssertionError("no request has a block of several terms")


def split(
    code: SourceFile, at: int, *, cut: int | None = None, moves: Sequence[int] = (), **more: Any
) -> SplitBlock:
    """The operation that splits the first text block of several terms."""
    request, block = text_block(code)
    assert block.text is not None
    index = request.blocks.index(block)
    markers = [p for p in request.breakpoints if p.block == index and not p.automatic]
    return SplitBlock(
        block=block.span,
        text=block.text,
        container=block.container,
        form=block.form.value,
        terms=tuple(term.span for term in block.terms),
        static=tuple(i < at for i in range(len(block.terms))),
        at=at,
        marker=markers[0].span if markers else None,
        cut=cut,
        moves=tuple(moves),
        **{"ttl": markers[0].ttl if markers else "5m", **more},
    )


def find(code: SourceFile, written: str, *, after: str = "") -> Span:
    """The span of ``written`` in the file, the first one behind ``after``."""
    start = code.text.index(written, code.text.index(after) if after else 0)
    return Span(code.path, *code.position(start), *code.position(start + len(written)))


class Recorder:
    """Stands where the client is, keeps what is sent."""

    def __init__(self) -> None:
        self.sent: list[dict[str, Any]] = []
        self.messages = self

    def create(self, **arguments: Any) -> Any:
        self.sent.append(arguments)
        return None


class Ran:
    """What running a piece of code did."""

    def __init__(self, text: str, calls: str, names: Mapping[str, object]) -> None:
        self.log: list[str] = []
        self.client = Recorder()
        namespace: dict[str, Any] = {"__name__": "app", "tick": self._tick, **names}
        exec(compile(text, PATH, "exec"), namespace)
        namespace["client"] = self.client
        exec(compile(calls, "calls.py", "exec"), namespace)

    def _tick(self, value: str, label: str = "") -> str:
        self.log.append(label or value)
        return value

    def system(self) -> Iterator[list[dict[str, Any]]]:
        """The system blocks of each call; a string is one block."""
        for arguments in self.client.sent:
            yield _blocks(arguments["system"])

    def texts(self) -> list[str]:
        """The system text of each call, as the model reads it."""
        return ["".join(block["text"] for block in blocks) for blocks in self.system()]


def _blocks(content: Any) -> list[dict[str, Any]]:
    if isinstance(content, str):
        return [{"type": "text", "text": content}]
    return list(content)


def same(before: str, after: str, calls: str, **names: object) -> Ran:
    """Run both; the model must read the same, and everything be evaluated as before.

    A part that is nothing but white space may be left out. Returns the run of ``after``, in which
    no block may be blank.
    """
    old, new = Ran(before, calls, names), Ran(after, calls, names)
    assert old.log == new.log
    assert len(old.client.sent) == len(new.client.sent)
    for was, now, blocks in zip(old.texts(), new.texts(), new.system(), strict=True):
        assert was == now or "".join(was.split()) == "".join(now.split())
        assert all(block["text"].strip() for block in blocks)
        assert all(block["type"] == "text" for block in blocks)
    return new
