"""``--fix`` and ``--diff``: hands the fixers what they need, and tells what came of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from skinflint.fixers import apply
from skinflint.fixers.edits import shown_diff, unified_diff
from skinflint.fixers.verify import Checked
from skinflint.fixers.write import WriteError
from skinflint.linter import engine
from skinflint.linter.findings import Finding
from skinflint.linter.problems import Problem
from skinflint.linter.project import Project
from skinflint.linter.request import Request, parts_of
from skinflint.linter.source import SourceFile
from skinflint.records import dataclass, field, replace
from skinflint.reports.full import line_of

if TYPE_CHECKING:
    from skinflint.cli.run import Arguments, Group


@dataclass
class Mended:
    """What came of the fixes."""

    result: engine.Result  # of the code as it is now; with --diff, less what would be fixed
    fixed: int = 0
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    outputs: dict[str, bytes] = field(default_factory=dict)  # new bytes of what came by stdin
    diff: bytes = b""


def mend(
    groups: Sequence[Group],
    results: Sequence[engine.Result],
    sources: engine.Sources,
    arguments: Arguments,
) -> Mended:
    """Apply the fixes of each group of files (with ``diff``: only tell what they would do).

    ``sources`` stands for the new texts afterwards, except with ``diff``.
    """
    mended = Mended(engine.NOTHING)
    after = [
        _group(group, result, sources, arguments, mended)
        for group, result in zip(groups, results, strict=True)
    ]
    mended.result = engine.merged(after)
    return mended


def _group(
    group: Group,
    result: engine.Result,
    sources: engine.Sources,
    arguments: Arguments,
    mended: Mended,
) -> engine.Result:
    unsafe = arguments.unsafe_fixes
    fixes = [finding.fix for finding in result.findings if finding.fix is not None]
    if not any(apply.applicable(fix, unsafe=unsafe) for fix in fixes):
        return result
    from skinflint.cli.bill import bill_for

    recheck = Recheck(group, result, sources)

    def crashed(finding: Finding, error: Exception) -> None:
        what = f"the fix of {finding.rule.id} in line {finding.primary.line} failed"
        mended.problems.append(engine.crash(finding.primary.path, what, error))

    stdin = {file.path for file in group.files if not isinstance(file, str)}
    try:
        outcome = apply.run(
            sources.get,
            recheck,
            unsafe=unsafe,
            write=not arguments.diff and not stdin,
            bill=bill_for(group.context()),
            on_error=crashed,
        )
    except WriteError as error:
        mended.problems.append(Problem(error.path, "not-written", error.message))
        return result
    except Exception as error:
        where = result.findings[0].primary.path
        mended.problems.append(engine.crash(where, "the fixes could not be made", error))
        return result
    mended.fixed += len(outcome.applied)
    for left in sorted(outcome.left, key=lambda each: each.finding.primary):
        place = line_of(left.finding.primary, sources.cell)
        rule = left.finding.rule
        reason = sources.told(left.finding.primary.path, left.reason)
        mended.notes.append(f"{place}: {rule.id} {rule.name} is not fixed: {reason}")
    for path, text in sorted(outcome.after.items()):
        source = outcome.before[path]
        data = source.encode(text)
        if path in stdin:
            mended.outputs[path] = data
        mended.diff += _diff(source, text, data)
        if not arguments.diff:
            sources.add(source.replace_text(text))
    if arguments.diff:
        done = {_key(applied.finding) for applied in outcome.applied}
        still = [finding for finding in result.findings if _key(finding) not in done]
        return replace(result, findings=_without_refused(still, outcome.left, sources))
    last = recheck.result(outcome.after)
    return replace(
        last,
        files=result.files,
        findings=_without_refused(outcome.checked.findings, outcome.left, sources),
        problems=tuple(dict.fromkeys((*result.problems, *last.problems))),
    )


def _key(finding: Finding) -> tuple[str, str, str]:
    return (finding.rule.id, finding.primary.path, finding.fingerprint)


def _diff(source: SourceFile, text: str, data: bytes) -> bytes:
    """The change as the bytes of the file have it: with its own newlines and encoding.

    Of a notebook it is the change of its cells.
    """
    if source.notebook is not None:
        return shown_diff(source, text).encode()
    old, new = source.data.decode(source.encoding), data.decode(source.encoding)
    return unified_diff(source.path, old, new).encode(source.encoding, "backslashreplace")


def _without_refused(
    findings: Sequence[Finding], left: Sequence[apply.Left], sources: engine.Sources
) -> tuple[Finding, ...]:
    """The findings, where a fix was tried and not made with the reason instead of the fix."""
    reasons = {(each.finding.rule.id, each.finding.primary): each.reason for each in left}
    shown = []
    for finding in findings:
        reason = reasons.get((finding.rule.id, finding.primary))
        if finding.fix is not None and reason is not None:
            told = sources.told(finding.primary.path, reason)
            finding = replace(finding, fix=None, no_fix=told)
        shown.append(finding)
    return tuple(shown)


@dataclass(frozen=True)
class _Known:
    """What a file gave with certain texts of the files that its requests reach."""

    texts: Mapping[str, str | None]
    seen: engine.Seen | None


class Recheck:
    """Checks the files of a group that have requests or findings, with overlays over some.

    A file is looked at anew only if the text of one that its requests reach has changed.
    """

    def __init__(self, group: Group, first: engine.Result, sources: engine.Sources) -> None:
        self._group = group
        self._sources = sources
        sites = {each.span.path for each in first.sent}
        own = {file if isinstance(file, str) else file.path for file in group.files}
        found = {finding.primary.path for finding in first.findings}
        self._paths = tuple(sorted((sites | found) & own))
        self._known: dict[str, list[_Known]] = {}

    def __call__(self, overlay: Mapping[str, str]) -> Checked:
        """What the check gives with the texts of ``overlay`` in place of those on disk."""
        result = self.result(overlay)
        return Checked(result.requests, result.findings, result.problems)

    def result(self, overlay: Mapping[str, str]) -> engine.Result:
        """The same in full."""
        sources = engine.Sources(self._sources)
        for path, text in overlay.items():
            sources.add(self._sources.get(path).replace_text(text))
        group = self._group
        looking = engine.Engine(
            group.rules,
            group.settings,
            group.context,
            group.options,
            Project(group.settings, overlay),
            sources,
        )
        seen = [self._look(path, overlay, looking.look, sources) for path in self._paths]
        return looking.conclude(self._paths, [each for each in seen if each is not None])

    def _look(
        self,
        path: str,
        overlay: Mapping[str, str],
        look: Callable[[SourceFile], engine.Seen | None],
        sources: engine.Sources,
    ) -> engine.Seen | None:
        for known in self._known.setdefault(path, []):
            if all(overlay.get(each) == text for each, text in known.texts.items()):
                return known.seen
        seen = look(sources.get(path))
        reached = {path} if seen is None else _reached(seen)
        texts = {each: overlay.get(each) for each in sorted(reached)}
        self._known[path].append(_Known(texts, seen))
        return seen


def _reached(seen: engine.Seen) -> set[str]:
    """The files that the requests of a file are made of."""
    paths = {seen.path}
    for request in seen.requests:
        paths.update(step.span.path for step in request.chain)
        paths.update(model.span.path for model in request.models)
        paths.update(point.span.path for point in request.breakpoints)
        paths.update(_of_blocks(request))
    for finding in seen.found:
        paths.update(step.span.path for step in finding.related)
        paths.add(finding.primary.path)
    return paths


def _of_blocks(request: Request) -> set[str]:
    paths = set()
    for block in request.blocks:
        paths.add(block.span.path)
        paths.update(term.span.path for term in block.terms)
        for value, keys in parts_of(block.value):
            paths.add(value.span.path)
            paths.update(step.span.path for key in keys for step in key.trail)
    return paths
