"""Where requests were sent from: frames of a running program, matched to the rebuilt requests."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from skinflint.catalog import api
from skinflint.linter.config import ConfigError, ConfigResolver, Settings
from skinflint.linter.prefilter import may_matter
from skinflint.linter.source import SourceError, SourceFile, from_bytes, read_bytes

if TYPE_CHECKING:
    from skinflint.linter.project import Project
    from skinflint.linter.request import Request
    from skinflint.linter.spans import Span
    from skinflint.simulator.exchange import Caller, Exchange


class Site(NamedTuple):
    """One place of the program that sends requests."""

    path: str  # as shown
    line: int
    function: str
    method: str
    requests: tuple[Request, ...] = ()  # as rebuilt, one for each chain of callers; () if none is

    @property
    def name(self) -> str:
        """How a report names it."""
        return f"{self.path}:{self.line}" if self.path else "a place that is not known"


class Sites:
    """The sites of the files that a run went through; each file is read once.

    ``root`` is where the project lies; paths in it are shown relative to ``folder``.
    """

    def __init__(self, root: str, folder: str) -> None:
        self._root = os.path.realpath(root)
        self._folder = os.path.realpath(folder)
        self._files: dict[str, tuple[Request, ...]] = {}
        self._sources: dict[str, SourceFile] = {}
        self._projects: dict[int, tuple[Settings, Project]] = {}
        self._resolver = ConfigResolver()
        self.problems: list[str] = []  # files that could not be rebuilt, and why

    def of(self, exchange: Exchange) -> Site:
        """Where a request came from.

        The innermost frame that stands in a rebuilt request counts; else the innermost whose
        function made one that is sent later (a stream, a runner), or holds only one; else the
        innermost. Libraries count only where none of the project's own code is on the way.
        """
        if not exchange.callers:
            return Site("", 0, "", exchange.method)
        own = [frame for frame in exchange.callers if self._inside(frame.path)]
        frames = own or exchange.callers
        for exact in (True, False):
            for frame in frames:
                found = self._at(frame, exact)
                if found is not None:
                    return found
        innermost = frames[0]
        path = self._shown(innermost.path)
        return Site(path, innermost.line, innermost.function, exchange.method)

    def lines(self, path: str) -> Sequence[str]:
        """The lines of a file that was read."""
        source = self._sources.get(path)
        return () if source is None else source.lines

    def _at(self, caller: Caller, exact: bool) -> Site | None:
        requests = self._requests(caller.path)
        if exact:
            near = [r for r in requests if _overlaps(r.site.span, caller)]
        else:
            near = [r for r in requests if _last(r.site.function) == _last(caller.function)]
            late = [r for r in near if _last(r.site.method) in api.load().later]
            made = [r for r in late if r.site.span.line <= caller.line] or late
            if made:
                newest = max(r.site.span.start for r in made)
                near = [r for r in made if r.site.span.start == newest]
            if len({r.site.span for r in near}) != 1:
                return None
        if not near:
            return None
        site = min(near, key=lambda r: (_size(r.site.span), r.site.span)).site
        same = tuple(r for r in near if r.site.span == site.span)
        return Site(site.span.path, site.span.line, site.function, site.method, same)

    def _requests(self, path: str) -> tuple[Request, ...]:
        found = self._files.get(path)
        if found is None:
            found = self._files[path] = self._read(path)
        return found

    def _read(self, path: str) -> tuple[Request, ...]:
        """The rebuilt requests of a file; none for a file that can't be read or rebuilt."""
        import warnings

        from skinflint.linter.project import ParseError, Project

        if not path.endswith(".py") or not os.path.isfile(path):
            return ()
        try:
            data = read_bytes(path)
            if not may_matter(data):
                return ()
            source = from_bytes(self._shown(path), data)
            settings = self._resolver.settings_for(path)
        except (SourceError, ConfigError):
            return ()
        _, project = self._projects.setdefault(id(settings), (settings, Project(settings)))
        self._sources[source.path] = source
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # what Python's compiler thinks of the user's code
                return project.requests(source)
        except ParseError:
            return ()  # it runs with another Python than this one
        except Exception as error:
            said = f"{type(error).__name__}: {error}"
            self.problems.append(f"{source.path} could not be rebuilt ({said}); please report it")
            return ()

    def _inside(self, path: str) -> bool:
        real = os.path.realpath(path)
        return real.startswith(self._root + os.sep) and "site-packages" not in path

    def _shown(self, path: str) -> str:
        if self._inside(path):
            return os.path.relpath(os.path.realpath(path), self._folder).replace(os.sep, "/")
        _, found, rest = path.rpartition(os.sep + "site-packages" + os.sep)
        return (rest if found else path).replace(os.sep, "/")


def _overlaps(span: Span, caller: Caller) -> bool:
    return span.line <= caller.end_line and caller.line <= span.end_line


def _size(span: Span) -> int:
    return span.end_line - span.line


def _last(name: str) -> str:
    return name.rpartition(".")[2]
