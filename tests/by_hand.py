"""Findings, requests, rules and a project made by hand, for tests of what stands around them."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from typing import Any

from skinflint.linter.findings import (
    Applicability,
    Cost,
    Finding,
    Fix,
    RemoveMarker,
    RuleInfo,
    Severity,
    Tier,
)
from skinflint.linter.request import Part, Platform, Request, Site, State
from skinflint.linter.source import SourceFile
from skinflint.linter.spans import Role, Span, Step
from skinflint.linter.values import Confidence
from skinflint.rules.base import Context, Rule

CONTEXT = Context(as_of=datetime.date(2026, 11, 22))


def span(path: str, line: int, column: int = 1, end_column: int | None = None) -> Span:
    """A span within one line, five characters long unless said."""
    return Span(path, line, column, line, column + 5 if end_column is None else end_column)


def request(path: str, line: int, *, in_test: bool = False) -> Request:
    """A request of which only the place is known."""
    nothing = Part(State.ABSENT)
    site = Site(span(path, line), "", "anthropic", "messages.create", Platform.CLAUDE_API)
    return Request(site, (), (), nothing, nothing, nothing, nothing, (), (), (), in_test=in_test)


def finding(
    path: str = "app.py",
    line: int = 2,
    column: int = 1,
    *,
    id: str = "SKF901",
    name: str = "made-by-hand",
    message: str = "something changes",
    **more: Any,
) -> Finding:
    """A finding with nothing but a rule, a message and a place, unless ``more`` says so."""
    primary = more.pop("primary", span(path, line, column))
    more.setdefault("requests", (primary,))
    more.setdefault("severity", Severity.WARNING)
    more.setdefault("confidence", Confidence.HIGH)
    more.setdefault("identity", (id, primary))
    return Finding(
        RuleInfo(id, name, Tier.DEFAULT, "https://docs"), message=message, primary=primary, **more
    )


def fix(applicability: Applicability = Applicability.UNSAFE, **more: Any) -> Fix:
    """A fix that would remove a marker."""
    return Fix(applicability, "Take it out", (RemoveMarker(span("app.py", 2)),), **more)


def full_finding() -> Finding:
    """A finding with everything that a report can show."""
    return finding(
        message="the prompt holds the time",
        primary=Span("app.py", 2, 5, 2, 9),
        related=(
            Step(Role.SOURCE, Span("lib.py", 1, 1, 1, 4), "the clock is read here"),
            Step(Role.BREAKPOINT, Span("app.py", 3, 1, 4, 2), "this marker is never read"),
        ),
        requests=(span("app.py", 2), span("other.py", 7)),
        pair="from call to call",
        cost=Cost(12.5, "10 calls within 5 minutes"),
        fix=fix(),
        fingerprint="0123",
    )


class ByHand(Rule):
    """Reports every request; tests subclass it."""

    id = "SKF901"
    name = "made-by-hand"
    summary = "A request."

    def check(self, request: Request, context: Context) -> Iterator[Finding]:
        """One finding at the site."""
        yield self.finding(request, request.site.span, "a request")


class Crashing(ByHand):
    """Crashes on every request."""

    id = "SKF902"
    name = "crashing"

    def check(self, request: Request, context: Context) -> Iterator[Finding]:
        """Never returns."""
        raise KeyError("no such\nthing")


class FakeProject:
    """Sees a request in each line that says ``CALL``; raises what a line ``RAISE`` names."""

    def __init__(self, errors: dict[str, BaseException] | None = None, *, in_test: bool = False):
        self.errors = errors or {}
        self.in_test = in_test
        self.seen: list[str] = []

    def requests(self, source: SourceFile) -> tuple[Request, ...]:
        """The requests of one file."""
        self.seen.append(source.path)
        if source.path in self.errors:
            raise self.errors[source.path]
        return tuple(
            request(source.path, number, in_test=self.in_test)
            for number, line in enumerate(source.lines, 1)
            if "CALL" in line
        )


def lines_of(**files: Sequence[str]) -> Any:
    """``lines_of(app=[...])`` gives the lines of ``app.py``."""
    return lambda path: files[path.removesuffix(".py")]
