"""A source checked as ``skinflint check`` does it, in this process and without configuration."""

from __future__ import annotations

import datetime
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from skinflint.cli.run import Arguments, judged, read_input
from skinflint.cli.selection import Asked
from skinflint.linter import engine
from skinflint.linter.findings import Finding
from skinflint.linter.problems import Problem
from skinflint.linter.spans import Span

Place = tuple[str, int]

#: How a request's method is named where it is handed over to be called.
_METHOD = re.compile(r"\.(?:create|stream|parse|count_tokens)\s*,")


@dataclass(frozen=True)
class Checked:
    """What one source gave. Paths are relative to its root."""

    findings: tuple[Finding, ...]
    sites: frozenset[Place]  # where a request is seen to be sent
    spans: tuple[Span, ...]  # of the same
    problems: tuple[Problem, ...]
    sources: engine.Sources

    def place(self, path: str, line: int) -> Place:
        """The place of the request that names its method in a line.

        ``to_thread(client.messages.create, ...)`` begins a line or two above its method, which
        is what a reader points at.
        """
        if (path, line) not in self.sites and path in {path for path, _ in self.sites}:
            lines = self.lines(path)
            if line <= len(lines) and _METHOD.search(lines[line - 1]):
                around = [
                    each.line
                    for each in self.spans
                    if os.path.normpath(each.path) == path and each.line <= line <= each.end_line
                ]
                return path, max(around, default=line)
        return path, line

    def lines(self, path: str) -> list[str]:
        """The text of a file, by lines."""
        return self.sources.get(path).text.splitlines()


def check(
    directory: Path,
    *,
    as_of: datetime.date | None = None,
    preview: bool = False,
    paths: Sequence[str] = (".",),
) -> Checked:
    """Judge ``paths`` of the project in ``directory``, which becomes the working directory."""
    os.chdir(directory)
    asked = Asked(preview=preview)
    given = read_input(Arguments(tuple(paths), asked, as_of=as_of, isolated=True))
    sources = engine.Sources()
    results = judged(given, sources)
    result = engine.merged(results) if results else engine.NOTHING
    spans = tuple(dict.fromkeys(request.site.span for request in result.requests))
    sites = frozenset((os.path.normpath(span.path), span.line) for span in spans)
    return Checked(result.findings, sites, spans, (*given.problems, *result.problems), sources)


def places(finding: Finding) -> frozenset[Place]:
    """Where the requests are sent that a finding hurts."""
    return frozenset((os.path.normpath(each.path), each.line) for each in finding.requests)
