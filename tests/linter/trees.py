"""Plants small projects on disk and writes down, in short, what their requests are made of.

A project is one text: each of its files begins with a line ``## path``. ``SEND(x)`` stands for a
request whose system prompt is ``x``, ``CALL(...)`` for one with these keywords besides those that
do not matter; ``client`` is made where a file uses it without binding it.
"""

from __future__ import annotations

import re
from pathlib import Path
from textwrap import dedent

import pytest
from reading import HEAD, MODEL, REST, written

from skinflint.linter import config
from skinflint.linter.project import Project
from skinflint.linter.request import Part, Place, Request, State
from skinflint.linter.source import read

_SEND = f"client.messages.create({MODEL}, {REST}, system="
_CALL = f"client.messages.create({REST}, "


def files(text: str) -> dict[str, str]:
    """The files of a project by path."""
    found: dict[str, str] = {}
    for piece in re.split(r"^## ", dedent(text), flags=re.MULTILINE)[1:]:
        path, _, body = piece.partition("\n")
        sends = body.replace("SEND(", _SEND).replace("CALL(", _CALL)
        bound = re.search(r"\bclient\b *[=:,)]|import .*\bclient\b|as client\b", body)
        found[path.strip()] = HEAD + sends if sends != body and not bound else sends
    return found


def plant(root: Path, text: str, mark: str = "pyproject.toml") -> None:
    """Write a project below ``root``, which ``mark`` makes the root of one."""
    if mark:
        (root / mark).write_bytes(b"")
    for path, body in files(text).items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(body, encoding="utf-8")


def project(overlay: dict[str, str] | None = None) -> Project:
    """A project without any configuration."""
    return Project(config.load(None, None, isolated=True), overlay)


def requests_of(root: Path, path: str = "app.py") -> list[Request]:
    """The requests that one file of a planted project sends, as seen from its root."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(root)
        found = list(project().requests(read(path)))
        for request in found:
            request.settle()  # its files are found from here alone
        return found


def part_told(part: Part, shown: str) -> str:
    """A part in short: its state, and what is seen of it or why it is not."""
    if part.state is State.ABSENT:
        return "absent"
    if part.state in (State.KNOWN, State.TRACED) and shown != "?":
        return f"{part.state.value} {shown}"
    return f"{part.state.value}: {part.reason}"


def system(request: Request) -> str:
    """The system prompt of a request in short."""
    blocks = [block.value for block in request.blocks if block.place is Place.SYSTEM]
    return part_told(request.system, " ".join(written(value) for value in blocks))


def model(request: Request) -> str:
    """The models of a request in short."""
    return part_told(request.model, " ".join(ref.id for ref in request.models))
