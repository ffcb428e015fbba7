"""What ``skinflint requests`` does, from the paths to the exit code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from skinflint.cli.output import CLEAN, COULD_NOT, Output
from skinflint.cli.run import Arguments, calm_collector, read_input, told
from skinflint.linter import engine
from skinflint.linter.inventory import Entry, inventory
from skinflint.records import dataclass, replace

if TYPE_CHECKING:
    from collections.abc import Iterable

    from skinflint.catalog.models import Catalog
    from skinflint.cli.run import Group
    from skinflint.linter.config import Settings
    from skinflint.linter.problems import Problem


@dataclass(frozen=True)
class Listing:
    """Every request that was found, and what could not be read."""

    entries: tuple[Entry, ...]
    groups: tuple[Group, ...]
    files: int
    sources: engine.Sources
    problems: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()


def listing(arguments: Arguments, *, lasting: bool = False) -> Listing:
    """The requests that the files of a command line send; ``lasting``: rules may judge them."""
    given = read_input(arguments)
    entries: list[Entry] = []
    problems = [problem for problem in given.problems if problem.kind != "no-rules"]
    notes = list(given.notes)
    files = 0
    sources = engine.Sources()
    for group in given.groups:
        for file in group.files:
            if not isinstance(file, str):
                sources.add(file)
        files += len(group.files)
        options = replace(group.options, ignores=False, lasting=lasting)
        own: list[Entry] = []
        facts: Catalog | None = None
        for seen in engine.each(group.files, engine.Engine((), group.settings, None, options)):
            problems += seen.problems
            if seen.requests:
                facts = facts or group.context().facts
                found = inventory(seen.requests, facts)
                # A request holds all that it was made of, which fills the memory in large projects.
                own += found if lasting else [replace(entry, requests=()) for entry in found]
        if own:
            notes += _pinned(own, group.settings)
            entries += own
    problems = sorted(dict.fromkeys(problems), key=engine.problem_order)
    entries.sort(key=lambda entry: (entry.site.span, entry.site.method))
    return Listing(
        tuple(entries),
        given.groups,
        files,
        sources,
        tuple(problems),
        tuple(dict.fromkeys(notes)),
    )


def _pinned(entries: Iterable[Entry], settings: Settings) -> tuple[str, ...]:
    """Which versions of the SDK the project pins for the modules that send requests."""
    from skinflint.linter.sdk import Pins

    return Pins(settings).sentences(entry.site.span.path for entry in entries)


def show(out: Output, arguments: Arguments, output_format: str) -> int:
    """Read, list; the exit code."""
    calm_collector()
    found = listing(arguments)
    if output_format == "json":
        from skinflint.reports import requests_json

        out.write(requests_json.render(found.entries))
    else:
        from skinflint.reports import requests_text

        paint, cell_of = out.paint(), found.sources.cell
        out.write(
            requests_text.render(found.entries, files=found.files, paint=paint, cell_of=cell_of)
        )
    return conclude(out, found)


def conclude(out: Output, found: Listing) -> int:
    """Say what could not be read; the exit code."""
    for problem in found.problems:
        out.error(told(problem))
    for note in found.notes:
        out.note(note)
    return COULD_NOT if found.problems else CLEAN
