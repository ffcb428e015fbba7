"""Files in, findings out: the one loop that every command runs.

Per file: read, prefilter, rebuild the requests, let each rule judge them. Then, over all files:
one defect becomes one finding, what is suppressed goes, what is left is sorted. A file that can't
be read and a rule that crashes become problems of their own; the rest goes on.

Only what a clean tree needs is imported at the top: a file that the prefilter rejects costs a read
and a search.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from skinflint.linter.prefilter import may_matter
from skinflint.linter.source import SourceError, SourceFile, from_bytes, read, read_bytes

if TYPE_CHECKING:
    from typing import Any, Protocol

    from skinflint.linter.config import Settings
    from skinflint.linter.findings import Finding
    from skinflint.linter.problems import Problem
    from skinflint.linter.request import Request
    from skinflint.linter.spans import Span
    from skinflint.linter.suppress import Suppressions

    class Rule(Protocol):
        """A rule as the engine needs it; the linter is handed the rules and imports none."""

        @property
        def id(self) -> str: ...
        @property
        def name(self) -> str: ...
        @property
        def in_tests(self) -> bool: ...
        def check(self, request: Request, context: Any) -> Iterator[Finding]: ...

    class Requests(Protocol):
        """What rebuilds the requests of a file: ``project.Project``, or a stand-in for it."""

        def requests(self, source: SourceFile) -> tuple[Request, ...]: ...


UNUSED_IGNORE = "SKF001"


@dataclass(frozen=True)
class Result:
    """What one run over the files gave. Everything in it is sorted."""

    files: tuple[str, ...]  # every file that was looked at, also those with a problem
    requests: tuple[Request, ...]
    findings: tuple[Finding, ...]
    suppressed: int  # findings that a comment hides
    problems: tuple[Problem, ...]
    ignored: int = 0  # findings that per-file-ignores hide

    @property
    def sites(self) -> int:
        """The number of places that send a request; one place may be reached in several ways."""
        return len({request.site.span for request in self.requests})


NOTHING = Result((), (), (), 0, ())


def merged(results: Sequence[Result]) -> Result:
    """Several runs over different files as one."""
    if len(results) == 1:
        return results[0]
    problems = tuple(p for r in results for p in r.problems)
    return Result(
        tuple(sorted(f for r in results for f in r.files)),
        tuple(request for r in results for request in r.requests),
        tuple(sorted((f for r in results for f in r.findings), key=_finding_order)),
        sum(r.suppressed for r in results),
        tuple(sorted(dict.fromkeys(problems), key=_problem_order)) if problems else (),
        sum(r.ignored for r in results),
    )


@dataclass(frozen=True)
class Options:
    """How a run differs from the usual one."""

    ignores: bool = True  # False: suppression comments have no effect (and none is unused)
    prefilter: bool = True  # False: every file is parsed
    everywhere: frozenset[str] = frozenset()  # ids of rules that report in test files as well
    names: Callable[[], Mapping[str, str]] | None = None  # id <-> name of all rules there are


class Sources:
    """Source files by path: overlays first, then what was read before, then the disk."""

    def __init__(self, overlays: Mapping[str, SourceFile] | None = None) -> None:
        self._files: dict[str, SourceFile] = dict(overlays or {})

    def add(self, source: SourceFile) -> None:
        """Keep ``source`` as what its path stands for."""
        self._files[source.path] = source

    def get(self, path: str) -> SourceFile:
        """The file shown as ``path``. Raises SourceError."""
        found = self._files.get(path)
        if found is None:
            found = self._files[path] = read(path)
        return found


def check(
    files: Iterable[SourceFile | str],
    rules: Sequence[Rule],
    settings: Settings,
    context: object,
    *,
    options: Options = Options(),
    project: Requests | None = None,
    sources: Sources | None = None,
) -> Result:
    """Judge the requests that ``files`` send.

    A path is read from disk, a SourceFile is taken as it is (stdin, an overlay). ``rules`` is first
    looked into when some file sends a request, so it may be a sequence that loads itself, and
    ``context`` a function that makes it. ``project`` defaults to a new one; ``sources`` receives
    every file that has a finding.
    """
    run = _Run(rules, settings, context, options, project, sources or Sources())
    for file in sorted(files, key=lambda f: f if isinstance(f, str) else f.path):
        run.file(file)
    return run.result()


class _Run:
    def __init__(
        self,
        rules: Sequence[Rule],
        settings: Settings,
        context: object,
        options: Options,
        project: Requests | None,
        sources: Sources,
    ) -> None:
        self.rules = rules
        self.settings = settings
        self.context = context
        self.options = options
        self.project = project
        self.sources = sources
        self.files: list[str] = []
        self.requests: list[Request] = []
        self.found: list[Finding] = []
        self.problems: list[Problem] = []
        self.suppressions: dict[str, Suppressions] = {}
        #: path -> ids of the rules that did not judge all of it; an unreadable file is absent
        self.left_out: dict[str, set[str]] = {}

    def file(self, file: SourceFile | str) -> None:
        """Read and judge one file; whatever goes wrong is a problem of that file."""
        path = file if isinstance(file, str) else file.path
        self.files.append(path)
        try:
            data = read_bytes(file) if isinstance(file, str) else file.text.encode()
            matters = not self.options.prefilter or may_matter(data)
            comments = self.options.ignores and b"skinflint:" in data
            if not matters and not comments:
                return
            source = from_bytes(file, data) if isinstance(file, str) else file
        except SourceError as error:
            self.problem(path, error.kind, error.message)
            return
        requests = self._requests(source) if matters else ()
        if requests is None:
            return
        if comments:
            self._read_suppressions(source)
        before = len(self.found)
        self._judge(path, requests)
        if len(self.found) > before or not isinstance(file, str):
            self.sources.add(source)

    def _requests(self, source: SourceFile) -> tuple[Request, ...] | None:
        """The requests of one file; None when it can't be judged."""
        path = source.path
        try:
            if self.project is None:
                from skinflint.linter.project import Project

                self.project = Project(self.settings)
            return self.project.requests(source)
        except SyntaxError as error:
            self.problem(path, "syntax-error", error.msg or str(error), error.lineno)
        except (RecursionError, MemoryError):
            self.problem(
                path,
                "too-deep",
                "nested too deeply to be read; simplify the file or exclude it (extend-exclude)",
            )
        except Exception as error:
            if type(error).__name__ == "ParseError":
                line = getattr(error, "line", None)
                self.problem(path, "syntax-error", getattr(error, "message", str(error)), line)
            else:
                self.problems.append(crash(path, "reading the requests failed", error))
        return None

    def _judge(self, path: str, requests: tuple[Request, ...]) -> None:
        left_out = self.left_out.setdefault(path, set())
        if not requests:
            return
        self.requests.extend(requests)
        for rule in self.rules:
            for request in requests:
                if request.in_test and not rule.in_tests and rule.id not in self.options.everywhere:
                    left_out.add(rule.id)
                    continue
                try:
                    self.found.extend(rule.check(request, self._judged_by()))
                except Exception as error:
                    left_out.add(rule.id)
                    site = request.site.span
                    what = f"rule {rule.id} {rule.name} failed on the request in line {site.line}"
                    self.problems.append(crash(site.path, what, error))

    def _judged_by(self) -> object:
        if callable(self.context):
            self.context = self.context()
        return self.context

    def _read_suppressions(self, source: SourceFile) -> None:
        from skinflint.linter.suppress import Suppressions

        try:
            self.suppressions[source.path] = Suppressions.parse(source)
        except Exception as error:
            what = "reading the suppression comments failed"
            self.problems.append(crash(source.path, what, error))

    def result(self) -> Result:
        """Merge, suppress, number and sort what was found."""
        findings = one_per_defect(self.found) if self.found else []
        findings, ignored = self._per_file_ignores(findings)
        findings, suppressed = self._suppress(findings)
        if findings:
            findings.sort(key=_finding_order)
            findings = with_fingerprints(findings, self.sources.get, self.settings.root)
        return Result(
            tuple(self.files),
            tuple(self.requests),
            tuple(findings),
            suppressed,
            tuple(sorted(dict.fromkeys(self.problems), key=_problem_order)),
            ignored,
        )

    def _per_file_ignores(self, findings: list[Finding]) -> tuple[list[Finding], int]:
        if not self.settings.per_file_ignores:
            return findings, 0
        kept = [f for f in findings if not self._ignored(f.rule.id, f.rule.name, f.primary.path)]
        return kept, len(findings) - len(kept)

    def _ignored(self, id_: str, name: str, path: str) -> bool:
        selectors = self.settings.ignored_in(path)
        return any(_fits(selector, id_, name) for selector in selectors)

    def _suppress(self, findings: list[Finding]) -> tuple[list[Finding], int]:
        """Take out what comments hide; add the comments that hide nothing, as SKF001."""
        if not self.options.ignores:
            return findings, 0
        by_path: dict[str, list[Finding]] = {path: [] for path in self.suppressions}
        for finding in findings:
            by_path.setdefault(finding.primary.path, []).append(finding)
        kept: list[Finding] = []
        hidden = 0
        for path, members in sorted(by_path.items()):
            suppressions = self._suppressions_of(path)
            if suppressions is None:
                kept += members
                continue
            left, count, _ = suppressions.apply(members, self._names())
            kept += left
            hidden += count
            kept += self._unused(path, suppressions)
        return kept, hidden

    def _unused(self, path: str, suppressions: Suppressions) -> list[Finding]:
        if path not in self.left_out:
            return []  # nothing is known of what its comments could hide
        ran = {
            rule.id: rule
            for rule in self.rules
            if rule.id not in self.left_out[path] and not self._ignored(rule.id, rule.name, path)
        }
        return list(suppressions.unused(set(ran))) if UNUSED_IGNORE in ran else []

    def _suppressions_of(self, path: str) -> Suppressions | None:
        """The comments of a file, also of one that was not asked for but has a finding."""
        if path not in self.suppressions and path not in self.left_out:
            try:
                source = self.sources.get(path)
            except SourceError:
                return None
            if "skinflint:" in source.text:
                self._read_suppressions(source)
        return self.suppressions.get(path)

    def _names(self) -> Mapping[str, str]:
        if self.options.names is not None:
            return self.options.names()
        by_id = {rule.id: rule.name for rule in self.rules}
        return {**by_id, **{name: id_ for id_, name in by_id.items()}}

    def problem(self, path: str, kind: str, message: str, line: int | None = None) -> None:
        """Note what kept one file from being judged."""
        from skinflint.linter.problems import Problem

        self.problems.append(Problem(path, kind, message, line))


def _fits(selector: str, id_: str, name: str) -> bool:
    """Whether a selector (an id, a name, the beginning of an id, ALL) means this rule."""
    folded = selector.strip().upper()
    return folded == "ALL" or selector.strip().lower() == name or id_.startswith(folded)


def crash(path: str, what: str, error: BaseException) -> Problem:
    """A defect of skinflint itself as a problem; SKINFLINT_DEBUG=1 shows its traceback."""
    import os

    from skinflint.linter.problems import Problem

    if os.environ.get("SKINFLINT_DEBUG") == "1":
        import traceback

        traceback.print_exception(type(error), error, error.__traceback__)
    text = " ".join(str(error).split())
    text = f": {text[:120]}..." if len(text) > 120 else f": {text}" if text else ""
    return Problem(
        path,
        "internal-error",
        f"{what} ({type(error).__name__}{text}); this is a defect of skinflint, please report it "
        "(SKINFLINT_DEBUG=1 shows the traceback)",
    )


def one_per_defect(found: Sequence[Finding]) -> list[Finding]:
    """One finding per defect, with all the requests it hurts.

    Findings of one identity are the same defect seen from several requests; the surest and
    costliest of them speaks. A finding that another one supersedes goes, its requests stay.
    """
    from dataclasses import replace

    groups: dict[tuple[object, ...], list[Finding]] = {}
    for finding in found:
        groups.setdefault((finding.rule.id, *finding.identity), []).append(finding)
    speakers = [min(group, key=_weight) for group in groups.values()]
    requests = [
        {span for finding in group for span in finding.requests} for group in groups.values()
    ]
    superseding = [index for index, speaker in enumerate(speakers) if speaker.supersedes]
    gone: set[int] = set()
    for index, speaker in enumerate(speakers):
        for other in superseding:
            if other not in gone and other != index and _supersedes(speakers[other], speaker):
                gone.add(index)
                requests[other] |= requests[index]
                break
    return [
        replace(speaker, requests=tuple(sorted(requests[index])))
        for index, speaker in enumerate(speakers)
        if index not in gone
    ]


def _supersedes(one: Finding, other: Finding) -> bool:
    if other.rule.id not in one.supersedes:
        return False
    same = len(one.identity) > 1 and one.identity[1:] == other.identity[1:]
    return same or one.primary == other.primary


def _weight(finding: Finding) -> tuple[object, ...]:
    """Sorts the finding that speaks for a defect first; equal ones in a fixed order."""
    ratio = finding.cost.ratio if finding.cost else 0.0
    return (
        -finding.confidence,
        -finding.severity,
        -ratio,
        finding.fix is None,
        finding.primary,
        finding.requests,
        finding.message,
        finding.pair or "",
    )


def _finding_order(finding: Finding) -> tuple[object, ...]:
    primary = finding.primary
    return (
        primary.path,
        primary.line,
        primary.column,
        finding.rule.id,
        primary.end,
        finding.message,
    )


def _problem_order(problem: Problem) -> tuple[object, ...]:
    return (problem.path, problem.line or 0, problem.kind, problem.message)


def with_fingerprints(
    findings: Sequence[Finding], source_of: Callable[[str], SourceFile], root: str
) -> list[Finding]:
    """The findings (sorted) with their fingerprints: the same text gives the same one wherever
    it moves.

    Made of the rule, the path relative to ``root``, the text of the lines of the primary span
    without its layout, and the number of the occurrence among findings that share all of these.
    """
    from dataclasses import replace
    from hashlib import blake2b

    from skinflint.linter.config import relative

    seen: dict[tuple[str, str, str], int] = {}
    numbered = []
    for finding in findings:
        path = relative(finding.primary.path, root) or finding.primary.path
        key = (finding.rule.id, path, _statement(finding.primary, source_of))
        occurrence = seen[key] = seen.get(key, 0) + 1
        text = "\0".join((*key, str(occurrence)))
        digest = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
        numbered.append(replace(finding, fingerprint=digest))
    return numbered


def _statement(span: Span, source_of: Callable[[str], SourceFile]) -> str:
    try:
        lines = source_of(span.path).lines[span.line - 1 : span.end_line]
    except SourceError:
        return ""
    return " ".join(" ".join(lines).split())
