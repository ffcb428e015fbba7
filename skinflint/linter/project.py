"""The modules under analysis, and the requests each of them sends.

A value that leads to another module ends there for now: its content is unknown, an imported name
is fixed at import. ``Project.resolve`` is the door through which other modules will be reached.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING

from skinflint.catalog import sources as source_facts
from skinflint.catalog import surfaces as surface_facts
from skinflint.linter.callers import Callers
from skinflint.linter.evaluate import Evaluator
from skinflint.linter.module import Module
from skinflint.linter.request import Request
from skinflint.linter.sdk import Pins
from skinflint.linter.source import SourceFile
from skinflint.linter.surfaces import anthropic, configured

if TYPE_CHECKING:
    from skinflint.catalog.versions import Versions
    from skinflint.linter.config import Settings


#: Frames of the interpreter that an evaluation may nest; its own budget ends it well before.
_STACK = 6000


class ParseError(Exception):
    """A module that is not valid Python. ``line`` is 1-based, None when unknown."""

    def __init__(self, message: str, line: int | None) -> None:
        super().__init__(message)
        self.message = message
        self.line = line


class Project:
    """Modules by path, parsed when somebody asks. ``overlay`` replaces the text of some paths."""

    def __init__(self, settings: Settings, overlay: Mapping[str, str] | None = None) -> None:
        self.settings = settings
        self.overlay = dict(overlay or {})
        self._sources = source_facts.load(settings.catalog.get("sources"))
        own = settings.surfaces
        self._surfaces = surface_facts.load().with_clients(own.clients if own else ())
        self._functions = own.functions if own else ()
        self._pins = Pins(settings)
        self._stable = frozenset(settings.assume.stable)

    def module(self, source: SourceFile) -> Module:
        """The parsed module of a source. Raises ParseError."""
        text = self.overlay.get(source.path)
        if text is not None and text != source.text:
            source = source.replace_text(text)
        try:
            return Module(source, module_name(source.path))
        except SyntaxError as error:
            raise ParseError(error.msg or "invalid syntax", error.lineno) from None
        except ValueError as error:
            raise ParseError(str(error), None) from None

    def requests(self, source: SourceFile) -> tuple[Request, ...]:
        """The requests that a file sends, in order of lines. Raises ParseError."""
        module = self.module(source)
        evaluator = Evaluator(module, self._sources, self._surfaces, self._stable)
        callers = Callers(evaluator)

        def pinned() -> Versions | None:
            version = self._pins.pinned_for(source.path)
            return version.allows if version is not None else None

        limit = sys.getrecursionlimit()
        sys.setrecursionlimit(max(limit, _STACK))
        try:
            test = is_test(source.path)
            found = list(anthropic.requests(module, evaluator, callers, test, pinned))
            if self._functions:
                found += configured.requests(
                    module, evaluator, callers, test, pinned, self._functions
                )
                found.sort(key=lambda request: request.site.span)
            return tuple(found)
        finally:
            sys.setrecursionlimit(limit)

    def resolve(self, name: str) -> Module | None:
        """The module of the project that the dotted ``name`` means, None when it isn't here."""
        return None


def module_name(path: str) -> str:
    """The dotted name of the module at a path, relative to where skinflint runs."""
    stem = path.removesuffix(".py").replace(os.sep, "/").strip("/")
    return stem.removesuffix("/__init__").replace("/", ".").lstrip(".")


def is_test(path: str) -> bool:
    """Whether a file is a test: ``test_*.py``, ``*_test.py``, ``conftest.py``, below ``tests/``."""
    parts = path.replace(os.sep, "/").split("/")
    name = parts[-1]
    return (
        name.startswith("test_")
        or name.endswith("_test.py")
        or name == "conftest.py"
        or any(part in ("tests", "test") for part in parts[:-1])
    )
