"""A source checked as ``skinflint check`` does it, in this process and without configuration."""

from __future__ import annotations

import datetime
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from skinflint.cli.run import Arguments, judged, read_input
from skinflint.cli.selection import Asked
from skinflint.linter import engine
from skinflint.linter.findings import Finding
from skinflint.linter.problems import Problem

Place = tuple[str, int]


@dataclass(frozen=True)
class Checked:
    """What one source gave. Paths are relative to its root."""

    findings: tuple[Finding, ...]
    sites: frozenset[Place]  # where a request is seen to be sent
    problems: tuple[Problem, ...]
    sources: engine.Sources

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
    sites = frozenset(
        (os.path.normpath(request.site.span.path), request.site.span.line)
        for request in result.requests
    )
    return Checked(result.findings, sites, (*given.problems, *result.problems), sources)


def places(finding: Finding) -> frozenset[Place]:
    """Where the requests are sent that a finding hurts."""
    return frozenset((os.path.normpath(each.path), each.line) for each in finding.requests)
