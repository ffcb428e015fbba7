"""What ``skinflint check`` does, from the paths to the exit code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from skinflint.cli.output import CLEAN, COULD_NOT, FOUND, Output
from skinflint.cli.selection import (
    Asked,
    Rules,
    named_in_full,
    selects_nothing,
    unknown_asked,
    unknown_settings,
)
from skinflint.linter import config, engine
from skinflint.linter.source import SourceError, SourceFile
from skinflint.records import dataclass, replace

if TYPE_CHECKING:
    import datetime
    from collections.abc import Callable, Mapping, Sequence

    from skinflint.cli.mend import Mended
    from skinflint.fixers.code import Code
    from skinflint.linter.config import ConfigResolver, Settings
    from skinflint.linter.findings import Finding
    from skinflint.linter.problems import Problem
    from skinflint.linter.spans import Span
    from skinflint.rules.base import Context

STDIN = "-"


@dataclass(frozen=True)
class Arguments:
    """The command line, parsed."""

    paths: tuple[str, ...]
    asked: Asked
    fix: bool = False
    unsafe_fixes: bool = False
    diff: bool = False
    as_of: datetime.date | None = None
    calls: int | None = None
    output_format: str | None = None
    statistics: bool = False
    exit_zero: bool = False
    exit_non_zero_on_fix: bool = False
    no_ignores: bool = False
    no_prefilter: bool = False
    config: str | None = None
    isolated: bool = False
    force_exclude: bool = False
    stdin_filename: str | None = None


@dataclass(frozen=True)
class Group:
    """Files that one configuration holds for, and what they are judged by."""

    settings: Settings
    files: tuple[SourceFile | str, ...]
    rules: Rules
    context: Callable[[], Context]
    options: engine.Options


@dataclass(frozen=True)
class Input:
    """What there is to check."""

    groups: tuple[Group, ...] = ()
    problems: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()
    stdin: bytes | None = None  # the bytes of standard input
    output_format: str = "full"


def run(out: Output, arguments: Arguments) -> int:
    """Check, mend where asked, report; the exit code."""
    calm_collector()
    given = read_input(arguments)
    sources = engine.Sources()
    results = judged(given, sources, bare=True)
    result = engine.merged(results) if results else engine.NOTHING
    mended: Mended | None = None
    if (arguments.fix or arguments.diff) and result.findings:
        from skinflint.cli.mend import mend

        mended = mend(given.groups, results, sources, arguments)
        result = mended.result
    problems = [*given.problems, *result.problems, *(mended.problems if mended else ())]
    findings = result.findings
    if _shows_edits(arguments, given):
        findings = _with_edits(findings, sources, problems)
    result = replace(result, findings=findings, problems=tuple(dict.fromkeys(problems)))
    notes = [*given.notes, *_age(result, given.groups)]
    if mended is not None and not _shows_edits(arguments, given):
        notes += mended.notes  # else each finding says why it is not fixed
    _report(out, arguments, given, result, mended, sources, notes)
    if result.problems:
        return COULD_NOT
    if arguments.exit_zero:
        return CLEAN
    if mended is not None and mended.fixed and (arguments.diff or arguments.exit_non_zero_on_fix):
        return FOUND
    return FOUND if result.findings else CLEAN


def judged(given: Input, sources: engine.Sources, *, bare: bool = False) -> list[engine.Result]:
    """What each group gives; ``bare``: of its requests only what reports say of them is kept."""
    return [
        engine.check(
            group.files,
            group.rules,
            group.settings,
            group.context,
            options=replace(group.options, bare=bare),
            sources=sources,
        )
        for group in given.groups
    ]


def calm_collector() -> None:
    """Syntax trees are many objects and no garbage: collect far less often."""
    import gc

    gc.freeze()
    gc.set_threshold(6_000_000, 20, 100)


# --- what there is to check -------------------------------------------------------------------


def read_input(arguments: Arguments) -> Input:
    problems = list(unknown_asked(arguments.asked))
    stdin = _read_stdin() if arguments.paths == (STDIN,) else None
    try:
        resolver = config.resolver(arguments.config, arguments.isolated)
    except config.ConfigError as error:
        problems.append(_config_problem(error))
        return Input((), tuple(problems), (), stdin, arguments.output_format or "full")
    if arguments.force_exclude:
        resolver = _forcing(resolver)
    try:
        here = resolver.settings_in("")
    except config.ConfigError:  # told by those whose files it holds for
        here = config.Settings(force_exclude=arguments.force_exclude)
    output_format = arguments.output_format or here.output_format or "full"
    if output_format == "json" and (arguments.statistics or arguments.diff):
        output_format = "full"  # from a configuration, which the command line overrules

    files: list[SourceFile | str] = []
    notes: tuple[str, ...] = ()
    if stdin is not None:
        name = _shown(arguments.stdin_filename) if arguments.stdin_filename else STDIN
        try:
            if _is_excluded(name, resolver.settings_for(name)):
                notes = (f"{name} is excluded; nothing was checked",)
            else:
                files.append(_from_stdin(name, stdin))
        except config.ConfigError as error:
            problems.append(_config_problem(error))
        except SourceError as error:
            problems.append(_problem(name, error.kind, error.message))
    else:
        from skinflint.linter.discover import discover

        found = discover(arguments.paths, here, resolver)
        files.extend(found.files)
        notes = found.notes
        problems.extend(found.problems)
    groups, more = _grouped(files, resolver, arguments)
    problems.extend(more)
    if not files and not notes and not problems:
        problems.append(_problem(arguments.paths[0], "no-python", "there is nothing to check"))
    return Input(groups, tuple(dict.fromkeys(problems)), notes, stdin, output_format)


def _grouped(
    files: Sequence[SourceFile | str], resolver: ConfigResolver, arguments: Arguments
) -> tuple[tuple[Group, ...], list[Problem]]:
    """The files by the configuration that holds for them; a broken one takes its files out."""
    import os

    problems: list[Problem] = []
    by_directory: dict[str, list[SourceFile | str]] = {}
    for file in files:
        path = file if isinstance(file, str) else file.path
        by_directory.setdefault(os.path.dirname(path), []).append(file)
    by_settings: dict[int, tuple[Settings, list[SourceFile | str]]] = {}
    for directory, members in by_directory.items():
        try:
            settings = resolver.settings_in(directory)
        except config.ConfigError as error:
            problems.append(_config_problem(error))
            continue
        by_settings.setdefault(id(settings), (settings, []))[1].extend(members)
    groups = []
    for settings, members in sorted(by_settings.values(), key=lambda pair: pair[0].path or ""):
        if settings.path is not None:
            problems.extend(unknown_settings(settings, _shown(settings.path)))
        if not problems and selects_nothing(settings, arguments.asked):
            said_here = arguments.asked.select or arguments.asked.ignore or settings.path is None
            where = "--select" if said_here else _shown(settings.path or "")
            problems.append(_problem(where, "no-rules", "no rule is selected; nothing is judged"))
        if settings.catalog:
            from skinflint.catalog.models import load

            try:
                load(settings.catalog)
            except ValueError as error:
                where = _shown(settings.path or "")
                problems.append(_problem(where, "config-error", str(error)))
                continue
        groups.append(
            Group(
                settings,
                tuple(members),
                Rules(settings, arguments.asked),
                lambda settings=settings: _context(settings, arguments),  # type: ignore[misc]
                engine.Options(
                    ignores=not arguments.no_ignores,
                    prefilter=not arguments.no_prefilter,
                    everywhere=named_in_full(settings, arguments.asked),
                    names=_names,
                ),
            )
        )
    return tuple(groups), problems


def _names() -> Mapping[str, str]:
    from skinflint.rules.registry import names

    return names()


def _context(settings: Settings, arguments: Arguments) -> Context:
    from skinflint.rules.base import Context

    preview = settings.preview or arguments.asked.preview
    context = Context(
        as_of=_as_of(settings, arguments.as_of),
        routing=dict(settings.routing),
        single_user=settings.assume.single_user,
        paced=preview,
        preview=preview,
    )
    calls = arguments.calls or settings.assume.calls_per_ttl
    if calls is not None:
        context = replace(context, calls=calls, paced=calls > 1 or context.paced)
    if settings.catalog:
        from skinflint.catalog.models import load

        context = replace(context, catalog=load(settings.catalog))
    return context


def _as_of(settings: Settings, asked: datetime.date | None) -> datetime.date:
    """The day that lifecycles are judged by; today is UTC's, so that CI and desk agree."""
    if asked or settings.as_of:
        return asked or settings.as_of  # type: ignore[return-value]
    from datetime import datetime, timezone

    return datetime.now(timezone.utc).date()


def _forcing(resolver: ConfigResolver) -> ConfigResolver:
    def force(settings: Settings) -> Settings:
        return replace(settings, force_exclude=True)

    return replace(resolver, override=force)


def _read_stdin() -> bytes:
    import sys

    return sys.stdin.buffer.read() if sys.stdin is not None else b""


def _from_stdin(name: str, data: bytes) -> SourceFile:
    from skinflint.linter.source import from_bytes

    return from_bytes(name, data)


def _is_excluded(name: str, settings: Settings) -> bool:
    if not settings.force_exclude:
        return False
    from skinflint.linter.patterns import Patterns

    inside = config.relative(name, settings.root)
    if inside is None:
        return False
    return bool(Patterns((*settings.exclude, *settings.extend_exclude)).covers(inside))


def _shown(path: str) -> str:
    """``path`` as reports show it: relative to the working directory, with "/"."""
    import os

    try:
        return os.path.relpath(path).replace(os.sep, "/")
    except ValueError:  # another drive
        return path.replace(os.sep, "/")


def _problem(path: str, kind: str, message: str) -> Problem:
    from skinflint.linter.problems import Problem

    return Problem(path, kind, message)


def _config_problem(error: config.ConfigError) -> Problem:
    return _problem(error.path, "config-error", error.message)


# --- what is said about it --------------------------------------------------------------------


def _report(
    out: Output,
    arguments: Arguments,
    given: Input,
    result: engine.Result,
    mended: Mended | None,
    sources: engine.Sources,
    notes: Sequence[str],
) -> None:
    to_error = arguments.diff or (given.stdin is not None and arguments.fix)
    if given.stdin is not None and arguments.fix and not arguments.diff:
        # an editor takes this for the new text: whatever went wrong, it must be whole
        outputs = mended.outputs.values() if mended else ()
        out.write_bytes(next(iter(outputs), given.stdin))
    if arguments.diff and mended is not None:
        out.write_bytes(mended.diff)
    findings = result.findings
    if given.output_format == "json":
        from skinflint.reports import json_v1

        out.write(
            json_v1.render(
                findings,
                result.problems,
                files=len(result.files),
                requests=result.sites,
                suppressed=result.suppressed,
                cell_of=sources.cell,
            ),
            error=to_error,
        )
        for note in notes:
            out.note(note)
        return
    if findings and arguments.statistics:
        from skinflint.reports import statistics

        out.write(statistics.render(findings), error=to_error)
    elif findings and (given.output_format == "concise" or arguments.diff):
        from skinflint.reports import concise

        paint = out.paint(error=to_error)
        lines = (concise.render(f, paint=paint, cell_of=sources.cell) for f in findings)
        out.write("".join(lines), error=to_error)
    elif findings:
        _full(out, findings, sources, to_error)
    for problem in result.problems:
        out.error(told(problem))
    for note in notes:
        out.note(note)
    if result.files:
        from skinflint.reports.summary import Tally, line, unseen

        unknown = result.unseen
        said = unseen(result.sites, len(unknown), _first(unknown, sources) if unknown else "")
        out.write(f"{said}\n" if said else "", error=to_error)
        tally = Tally(
            files=len(result.files),
            requests=result.sites,
            problems=len(result.problems),
            suppressed=result.suppressed,
            ignored=result.ignored,
            fixed=mended.fixed if mended else 0,
            would=arguments.diff,
        )
        out.write(line(findings, tally) + "\n", error=to_error)


def _first(places: Sequence[Span], sources: engine.Sources) -> str:
    """The first of the places as ``requests --explain`` takes it; "" of standard input."""
    if places[0].path == STDIN:
        return ""
    from skinflint.reports.full import line_of

    where = line_of(places[0], sources.cell)
    return f'"{where}"' if " " in where else where


def _full(
    out: Output, findings: Sequence[Finding], sources: engine.Sources, to_error: bool
) -> None:
    from skinflint.reports import full

    paint, columns = out.paint(error=to_error), out.columns()
    for finding in findings:
        text = full.render(
            finding,
            lambda path: sources.get(path).shown,
            columns=columns,
            paint=paint,
            diff=_diff(finding, sources) if finding.edits else "",
            cell_of=sources.cell,
        )
        out.write(text + "\n", error=to_error)


def _diff(finding: Finding, sources: engine.Sources) -> str:
    from skinflint.fixers.edits import applied, paths, shown_diff

    changed = map(sources.get, paths(finding.edits))
    return "".join(shown_diff(source, applied(source, finding.edits)) for source in changed)


def _shows_edits(arguments: Arguments, given: Input) -> bool:
    if given.output_format == "json":
        return True
    return given.output_format == "full" and not (arguments.statistics or arguments.diff)


def _with_edits(
    findings: Sequence[Finding], sources: engine.Sources, problems: list[Problem]
) -> tuple[Finding, ...]:
    """The findings with the edits of their fixes; a fix that can't be made is a reason instead.

    The fixers (and libcst with them) are imported here, and only if some finding has a fix.
    """
    if not any(finding.fix for finding in findings):
        return tuple(findings)
    from skinflint.fixers.declined import Declined
    from skinflint.fixers.plan import edits_of

    resolved = []
    path = ""
    codes: dict[str, Code] = {}
    for finding in findings:
        if finding.fix is not None:
            if finding.primary.path != path:
                path, codes = finding.primary.path, {}
            try:
                edits = edits_of(finding.fix, sources.get, codes)
                finding = replace(finding, edits=tuple(edits))
            except Declined as declined:
                told = sources.told(finding.primary.path, declined.reason)
                finding = replace(finding, fix=None, no_fix=told)
            except Exception as error:
                line = finding.primary.line
                what = f"the fix of {finding.rule.id} in line {line} could not be made"
                problems.append(engine.crash(finding.primary.path, what, error))
                finding = replace(finding, fix=None, no_fix="the fix could not be made")
        resolved.append(finding)
    return tuple(resolved)


def told(problem: Problem) -> str:
    """``path:line: what; what to do``; in a notebook ``path:cell N:line``."""
    where = problem.path
    if problem.cell is not None:
        where += f":cell {problem.cell}"
    if problem.line is not None:
        where += f":{problem.line}"
    return f"{where}: {problem.message}"


def _age(result: engine.Result, groups: Sequence[Group]) -> list[str]:
    """Say once that the facts about models are old, where they were used."""
    if not result.sent:
        return []
    notes = []
    for group in groups:
        context = group.context()
        if context.facts.stale(context.as_of):
            dated = context.facts.dated
            notes.append(
                f"the facts about models and prices are of {dated.isoformat()}, "
                f"{(context.as_of - dated).days} days before {context.as_of.isoformat()}; "
                "a newer skinflint has newer ones"
            )
    return list(dict.fromkeys(notes))
