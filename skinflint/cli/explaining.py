"""What ``skinflint requests --explain`` does: one request, part by part and rule by rule."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from skinflint.cli.listing import Listing, conclude, listing
from skinflint.cli.output import COULD_NOT, Output
from skinflint.cli.run import Arguments, calm_collector
from skinflint.linter import engine
from skinflint.records import replace
from skinflint.reports.full import line_of
from skinflint.rules._unsent import is_refused_unsent

if TYPE_CHECKING:
    from skinflint.cli.run import Group
    from skinflint.linter.inventory import Entry
    from skinflint.linter.problems import Problem
    from skinflint.linter.source import SourceFile
    from skinflint.reports.explain_text import Verdict
    from skinflint.rules.base import Context, Rule


class Place(NamedTuple):
    """What ``--explain`` was asked for."""

    path: str
    line: int
    cell: int | None = None  # of a notebook; ``line`` is one of the cell then

    def __str__(self) -> str:
        cell = "" if self.cell is None else f":cell {self.cell}"
        return f"{self.path}{cell}:{self.line}"


def explain(out: Output, arguments: Arguments, place: Place) -> int:
    """Print all that is known of the requests at a place, and the exit code."""
    calm_collector()
    found = listing(arguments, lasting=True)
    entries = [entry for entry in found.entries if _is_at(entry, place, found)]
    if not entries:
        if not found.problems:
            out.error(f"no Claude request at {place}; {_nearest(found, place)}")
        return conclude(out, found) or COULD_NOT
    from skinflint.reports import explain_text

    sources = found.sources
    problems: list[Problem] = []
    shown = [
        explain_text.render(
            entry,
            lambda each: sources.get(each).shown,
            tuple(_verdicts(entry, found, problems)),
            paint=out.paint(),
            cell_of=sources.cell,
        )
        for entry in entries
    ]
    out.write("\n".join(shown))
    return conclude(out, replace(found, problems=(*found.problems, *problems)))


def _is_at(entry: Entry, place: Place, found: Listing) -> bool:
    span = entry.site.span
    if not _same(span.path, place.path):
        return False
    first, last = span.line, span.end_line
    if place.cell is not None:
        cell = found.sources.cell(span.path, span.line)
        if cell is None or cell.number != place.cell:
            return False
        first, last = cell.line(first), cell.line(last)
    return first <= place.line <= last


def _same(one: str, other: str) -> bool:
    return os.path.abspath(one) == os.path.abspath(other)


def _nearest(found: Listing, place: Place) -> str:
    """What there is instead, in that file or anywhere."""
    spans = [e.site.span for e in found.entries if _same(e.site.span.path, place.path)]
    if not spans:
        return "skinflint requests lists them"
    near = sorted(spans, key=lambda span: abs(span.line - place.line))[:5]
    shown = dict.fromkeys(line_of(span, found.sources.cell) for span in sorted(near))
    return f"the nearest {'is' if len(shown) == 1 else 'are'} {', '.join(shown)}"


def _verdicts(entry: Entry, found: Listing, problems: list[Problem]) -> Iterator[Verdict]:
    """What each rule says of a request, also those that are off."""
    from skinflint.reports.explain_text import Verdict
    from skinflint.rules.registry import all_rules

    group = next(group for group in found.groups if _holds(group, entry))
    context = group.context()
    asked = replace(context, paced=True, preview=True)
    chosen = {rule.id: rule for rule in group.rules}
    reported = _reported(entry, group)
    for kind in all_rules():
        rule = chosen.get(kind.id) or kind()
        try:
            by_default = _said(rule, entry, context)
            said = by_default or _said(rule, entry, asked)
            silence = () if said else _silence(rule, entry, context)
        except Exception as error:
            what = f"rule {rule.id} {rule.name} failed on the request"
            problems.append(engine.crash(entry.site.span.path, what, error))
            yield Verdict(rule.id, rule.name, False, ("it failed",))
            continue
        off = ""
        if said and rule.id not in reported:
            off = _off(rule, entry, group, sure=bool(by_default))
        yield Verdict(rule.id, rule.name, bool(said), said or silence, off)


def _holds(group: Group, entry: Entry) -> bool:
    return any(_path(file) == entry.site.span.path for file in group.files)


def _path(file: SourceFile | str) -> str:
    return file if isinstance(file, str) else file.path


def _said(rule: Rule, entry: Entry, context: Context) -> tuple[str, ...]:
    """The messages of a rule about a request."""
    found = [f for request in entry.requests for f in rule.check(request, context)]
    return tuple(dict.fromkeys(f"{f.primary.path}:{f.primary.line}: {f.message}" for f in found))


def _silence(rule: Rule, entry: Entry, context: Context) -> tuple[str, ...]:
    """Why a rule says nothing, for each chain of callers that has a reason of its own."""
    return tuple(dict.fromkeys(rule.silence(request, context) for request in entry.requests))


def _reported(entry: Entry, group: Group) -> frozenset[str]:
    """Ids of the rules that ``skinflint check`` reports about a request."""
    path = entry.site.span.path
    files = [file for file in group.files if _path(file) == path]
    result = engine.check(files, group.rules, group.settings, group.context, options=group.options)
    return frozenset(f.rule.id for f in result.findings if entry.site.span in f.requests)


def _off(rule: Rule, entry: Entry, group: Group, sure: bool) -> str:
    """Why ``skinflint check`` does not report what a rule finds; ``sure``: without being asked."""
    if rule.id not in {each.id for each in group.rules}:
        if rule.tier.value == "preview":
            return "a preview rule: --preview runs it"
        return "the configuration does not select it"
    in_test = any(request.in_test for request in entry.requests)
    if in_test and not rule.in_tests and rule.id not in group.options.everywhere:
        return "the file is a test"
    if not rule.of_sdk and all(request.lacked() for request in entry.requests):
        return "the SDK that is required has no such method"
    if not rule.of_sdk and all(map(is_refused_unsent, entry.requests)):
        return "it fails before it is sent"
    if not rule.of_unused and all(request.unused(None) for request in entry.requests):
        return "nothing in the project runs this request"
    path = entry.site.span.path
    if any(
        rule.id.startswith(each.strip().upper()) or each.strip().lower() in (rule.name, "all")
        for each in group.settings.ignored_in(path)
    ):
        return "per-file-ignores hides it"
    if not sure:
        return "the rule is less sure of it: --preview tells it"
    return "a comment hides it, or another rule says more of it"
