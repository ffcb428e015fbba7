"""Files in, findings out: the one loop that every command runs.

Per file: read, prefilter, rebuild the requests, let each rule judge them. Then, over all files:
one defect becomes one finding, what is suppressed goes, what is left is sorted. A file that can't
be read and a rule that crashes become problems of their own; the rest goes on.

Only what a clean tree needs is imported at the top: a file that the prefilter rejects costs a read
and a search.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from skinflint.linter.prefilter import may_hold, may_matter
from skinflint.linter.source import (
    NOTEBOOK,
    SourceError,
    SourceFile,
    from_bytes,
    read,
    read_bytes,
)
from skinflint.linter.stack import roomy
from skinflint.records import dataclass

if TYPE_CHECKING:
    from typing import Any, Protocol

    from skinflint.linter.config import Settings
    from skinflint.linter.findings import Finding
    from skinflint.linter.notebook import Fault
    from skinflint.linter.problems import Problem
    from skinflint.linter.request import Request
    from skinflint.linter.spans import Cell, Span
    from skinflint.linter.suppress import Suppressions

    class Rule(Protocol):
        """A rule as the engine needs it; the linter is handed the rules and imports none."""

        @property
        def id(self) -> str: ...
        @property
        def name(self) -> str: ...
        @property
        def in_tests(self) -> bool: ...
        def is_told(self, request: Request, context: Any) -> bool: ...
        def check(self, request: Request, context: Any) -> Iterator[Finding]: ...

    class Requests(Protocol):
        """What rebuilds the requests of a file: ``project.Project``, or a stand-in for it."""

        def requests(self, source: SourceFile) -> tuple[Request, ...]: ...


UNUSED_IGNORE = "SKF001"


class Sent(NamedTuple):
    """A place that sends a request."""

    span: Span
    unseen: bool  # nothing of some part could be seen; not asked of tests


@dataclass(frozen=True)
class Result:
    """What one run over the files gave. Everything in it is sorted."""

    files: tuple[str, ...]  # every file that was looked at, also those with a problem
    requests: tuple[Request, ...]  # none where the run was to be bare
    findings: tuple[Finding, ...]
    suppressed: int  # findings that a comment hides
    problems: tuple[Problem, ...]
    ignored: int = 0  # findings that per-file-ignores hide
    sent: tuple[Sent, ...] = ()  # the places of all requests

    @property
    def sites(self) -> int:
        """The number of places that send a request; one place may be reached in several ways."""
        return len({each.span for each in self.sent})

    @property
    def unseen(self) -> tuple[Span, ...]:
        """The places outside of tests at which nothing of some part could be seen, sorted."""
        return tuple(sorted({each.span for each in self.sent if each.unseen}))


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
        tuple(sorted(dict.fromkeys(problems), key=problem_order)) if problems else (),
        sum(r.ignored for r in results),
        tuple(sent for r in results for sent in r.sent),
    )


@dataclass(frozen=True)
class Options:
    """How a run differs from the usual one."""

    ignores: bool = True  # False: suppression comments have no effect (and none is unused)
    prefilter: bool = True  # False: every file is parsed
    #: The requests are judged and then let go of: what they are made of leads to the syntax trees,
    #: which a run over many files can't keep.
    bare: bool = False
    lasting: bool = False  # what requests tell when asked they can tell after the run as well
    everywhere: frozenset[str] = frozenset()  # ids of rules that report in test files as well
    names: Callable[[], Mapping[str, str]] | None = None  # id <-> name of all rules there are


_USUAL = Options()


class Sources:
    """Source files by path: what was added first, then those of ``below``, then the disk."""

    def __init__(self, below: Sources | None = None) -> None:
        self._files: dict[str, SourceFile] = {}
        self._below = below

    def add(self, source: SourceFile) -> None:
        """Keep ``source`` as what its path stands for."""
        self._files[source.path] = source

    def get(self, path: str) -> SourceFile:
        """The file shown as ``path``. Raises SourceError."""
        found = self._files.get(path)
        if found is None:
            found = self._below.get(path) if self._below is not None else read(path)
            self._files[path] = found
        return found

    def cell(self, path: str, line: int) -> Cell | None:
        """The cell of a notebook that ``line`` of ``path`` stands in; None in any other file."""
        source = _notebook(path, self.get)
        return source.cell(line) if source is not None else None

    def told(self, path: str, text: str) -> str:
        """A text about ``path`` as its user reads it: of a notebook with lines told by cell."""
        source = _notebook(path, self.get)
        if source is None:
            return text
        from skinflint.linter.notebook import retold

        return retold(source, text)


def check(
    files: Iterable[SourceFile | str],
    rules: Sequence[Rule],
    settings: Settings,
    context: object,
    *,
    options: Options = _USUAL,
    project: Requests | None = None,
    sources: Sources | None = None,
) -> Result:
    """Judge the requests that ``files`` send.

    A path is read from disk, a SourceFile is taken as it is (stdin, an overlay). ``rules`` is first
    looked into when some file sends a request, so it may be a sequence that loads itself, and
    ``context`` a function that makes it. ``project`` defaults to a new one; ``sources`` receives
    every file that has a finding.
    """
    engine = Engine(rules, settings, context, options, project, sources)
    files = sorted(files, key=_path)
    return engine.conclude(tuple(map(_path, files)), tuple(each(files, engine)))


def each(files: Iterable[SourceFile | str], engine: Engine) -> Iterator[Seen]:
    """What each of ``files`` gives by itself, in the order of their paths."""
    for file in sorted(files, key=_path):
        looked = engine.look(file)
        if looked is not None:
            yield looked


def _path(file: SourceFile | str) -> str:
    return file if isinstance(file, str) else file.path


@dataclass(frozen=True)
class Seen:
    """What one file gave by itself, before it is set against the others."""

    path: str
    requests: tuple[Request, ...] = ()
    found: tuple[Finding, ...] = ()
    problems: tuple[Problem, ...] = ()
    comments: SourceFile | None = None  # the file, if suppression comments may be in it
    #: ids of the rules that did not judge all of it; None if the file could not be judged at all
    left_out: frozenset[str] | None = frozenset()
    sent: tuple[Sent, ...] = ()


class Engine:
    """Looks at files one by one, and concludes from what it saw; arguments are those of check."""

    def __init__(
        self,
        rules: Sequence[Rule],
        settings: Settings,
        context: object,
        options: Options,
        project: Requests | None = None,
        sources: Sources | None = None,
    ) -> None:
        self.rules = rules
        self.settings = settings
        self.context = context
        self.options = options
        self.project = project
        self.sources = Sources() if sources is None else sources
        own = settings.surfaces.functions if settings.surfaces else ()
        self._named = tuple({f.name.rpartition(".")[2].encode(): None for f in own})

    def look(self, file: SourceFile | str) -> Seen | None:
        """Read and judge one file; None if there is nothing in it that could matter.

        Whatever goes wrong is a problem of that file.
        """
        path = file if isinstance(file, str) else file.path
        named = isinstance(file, str)
        try:
            if isinstance(file, str):
                data = read_bytes(file)
                if file.endswith(NOTEBOOK):
                    if self.options.prefilter and not may_hold(data, self._named):
                        return None
                    file = from_bytes(file, data)
            if not isinstance(file, str):
                data = file.text.encode()
            matters = not self.options.prefilter or may_matter(data, self._named)
            comments = self.options.ignores and b"skinflint:" in data
            if not matters and not comments:
                return None
            source = from_bytes(file, data) if isinstance(file, str) else file
        except SourceError as error:
            return _unseen(path, _problem(path, error.kind, error.message))
        commented = source if comments else None
        requests: tuple[Request, ...] = ()
        if matters:
            try:
                requests = self._requests(source)
            except Exception as error:
                return _unseen(path, _unparsed(path, error), commented)
        seen = self._judged(path, requests, commented)
        if matters and source.notebook is not None and source.notebook.faults:
            seen = _with_faults(seen, source.notebook.faults)
        if seen.found or not named:
            self.sources.add(source)
        return seen

    @roomy
    def _requests(self, source: SourceFile) -> tuple[Request, ...]:
        import warnings

        if self.project is None:
            from skinflint.linter.project import Project

            self.project = Project(self.settings, lasting=self.options.lasting)
        with warnings.catch_warnings():
            # what Python's compiler thinks of the user's escapes and comparisons is no news here
            warnings.simplefilter("ignore")
            return self.project.requests(source)

    @roomy
    def _judged(
        self, path: str, requests: tuple[Request, ...], comments: SourceFile | None
    ) -> Seen:
        if not requests:
            return Seen(path, comments=comments)
        found: list[Finding] = []
        problems: list[Problem] = []
        left_out: set[str] = set()
        if callable(self.context):
            self.context = self.context()
        for rule in self.rules:
            for request in requests:
                if request.in_test and not rule.in_tests and rule.id not in self.options.everywhere:
                    left_out.add(rule.id)
                    continue
                try:
                    told = list(rule.check(request, self.context))
                    if told and rule.is_told(request, self.context):
                        found += told
                except Exception as error:
                    left_out.add(rule.id)
                    line = request.site.span.line
                    what = f"rule {rule.id} {rule.name} failed on the request in line {line}"
                    problems.append(crash(path, what, error))
        try:
            sent = tuple(dict.fromkeys(map(_sent, requests)))
            for request in () if self.options.bare or self.options.lasting else requests:
                request.settle()
        except Exception as error:
            return _unseen(path, _unparsed(path, error), comments)
        if self.options.bare:
            requests = ()
        return Seen(
            path, requests, tuple(found), tuple(problems), comments, frozenset(left_out), sent
        )

    def conclude(self, files: tuple[str, ...], seen: Sequence[Seen]) -> Result:
        """Merge, suppress, number and sort what was seen in ``files``."""
        found = [finding for each in seen for finding in each.found]
        findings = one_per_defect(found) if found else []
        if (self.settings.assume.calls_per_ttl or 0) > 1:
            findings = [_reused(finding) for finding in findings]
        findings, ignored = self._per_file_ignores(findings)
        problems = [problem for each in seen for problem in each.problems]
        findings, suppressed = self._suppress(findings, seen, problems)
        if findings:
            findings.sort(key=_finding_order)
            findings = with_fingerprints(findings, self.sources.get, self.settings.root)
            findings = in_cells(findings, self.sources.get)
        return Result(
            files,
            tuple(request for each in seen for request in each.requests),
            tuple(findings),
            suppressed,
            tuple(sorted(dict.fromkeys(problems), key=problem_order)),
            ignored,
            tuple(sent for each in seen for sent in each.sent),
        )

    def _per_file_ignores(self, findings: list[Finding]) -> tuple[list[Finding], int]:
        if not self.settings.per_file_ignores:
            return findings, 0
        kept = [f for f in findings if not self._ignored(f.rule.id, f.rule.name, f.primary.path)]
        return kept, len(findings) - len(kept)

    def _ignored(self, id_: str, name: str, path: str) -> bool:
        selectors = self.settings.ignored_in(path)
        return any(_fits(selector, id_, name) for selector in selectors)

    def _suppress(
        self, findings: list[Finding], seen: Sequence[Seen], problems: list[Problem]
    ) -> tuple[list[Finding], int]:
        """Take out what comments hide; add the comments that hide nothing, as SKF001."""
        if not self.options.ignores:
            return findings, 0
        files = {each.path: each for each in seen}
        by_path: dict[str, list[Finding]] = {each.path: [] for each in seen if each.comments}
        for finding in findings:
            by_path.setdefault(finding.primary.path, []).append(finding)
        kept: list[Finding] = []
        hidden = 0
        for path, members in sorted(by_path.items()):
            file = files.get(path)
            source = file.comments if file else self._elsewhere(path)
            if source is None:
                kept += members
                continue
            from skinflint.linter.suppress import Suppressions

            try:
                suppressions = Suppressions.parse(source)
                left, count, _ = suppressions.apply(members, self._names())
                unused = self._unused(file, suppressions) if file else []
            except Exception as error:
                problems.append(crash(path, "reading the suppression comments failed", error))
                kept += members
                continue
            if unused:
                self.sources.add(source)
            kept += left
            kept += unused
            hidden += count
        return kept, hidden

    def _unused(self, file: Seen, suppressions: Suppressions) -> list[Finding]:
        if file.left_out is None:
            return []  # nothing is known of what its comments could hide
        ran = {
            rule.id
            for rule in self.rules
            if rule.id not in file.left_out and not self._ignored(rule.id, rule.name, file.path)
        }
        return list(suppressions.unused(ran)) if UNUSED_IGNORE in ran else []

    def _elsewhere(self, path: str) -> SourceFile | None:
        """A file that was not asked for but has a finding, if it has suppression comments."""
        try:
            source = self.sources.get(path)
        except SourceError:
            return None
        return source if "skinflint:" in source.text else None

    def _names(self) -> Mapping[str, str]:
        if self.options.names is not None:
            return self.options.names()
        by_id = {rule.id: rule.name for rule in self.rules}
        return {**by_id, **{name: id_ for id_, name in by_id.items()}}


def _sent(request: Request) -> Sent:
    return Sent(request.site.span, not request.in_test and request.has_unknown)


def _problem(path: str, kind: str, message: str) -> Problem:
    from skinflint.linter.problems import Problem

    return Problem(path, kind, message)


def _unseen(path: str, problem: Problem, comments: SourceFile | None = None) -> Seen:
    return Seen(path, problems=(problem,), comments=comments, left_out=None)


def _unparsed(path: str, error: Exception) -> Problem:
    """Why the requests of a file could not be read."""
    if isinstance(error, SyntaxError):
        return _not_python(path, error.msg or "invalid syntax", error.lineno)
    if type(error).__name__ == "ParseError":  # of linter.project, which is imported only if needed
        return _not_python(path, str(error), getattr(error, "line", None))
    if isinstance(error, (RecursionError, MemoryError)):
        advice = "simplify the file or exclude it (extend-exclude)"
        return _problem(path, "too-deep", f"nested too deeply to be read; {advice}")
    return crash(path, "reading the requests failed", error)


def _not_python(path: str, message: str, line: int | None, cell: int | None = None) -> Problem:
    import sys

    from skinflint.linter.problems import Problem

    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    what = "the file or exclude it" if cell is None else "the cell or exclude the notebook"
    newer = "or run skinflint under a newer Python if it is written for one"
    told = f"{message} (read as Python {version}); mend {what} (extend-exclude), {newer}"
    return Problem(path, "syntax-error", told, line, cell)


def _with_faults(seen: Seen, faults: Sequence[Fault]) -> Seen:
    """What a notebook gave some of whose cells are not Python."""
    from skinflint.records import replace

    problems = tuple(
        _not_python(seen.path, fault.message, fault.line, fault.cell) for fault in faults
    )
    return replace(seen, problems=(*seen.problems, *problems), left_out=None)


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

    Findings of one identity are the same defect seen from several requests. A finding that another
    one supersedes goes, its requests stay.
    """
    from skinflint.linter.findings import united
    from skinflint.records import replace

    groups: dict[tuple[object, ...], list[Finding]] = {}
    for finding in sorted(found, key=_finding_order):
        groups.setdefault((finding.rule.id, *finding.identity), []).append(finding)
    kin: dict[tuple[object, ...], list[Finding]] = {}
    for group in groups.values():
        speaker = united(group)
        kin.setdefault(speaker.kin or (speaker.rule.id, *speaker.identity), []).append(speaker)
    speakers = [united(group) for group in kin.values()]
    requests = [set(speaker.requests) for speaker in speakers]
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


def _reused(finding: Finding) -> Finding:
    """The finding where the configuration asserts that its prefix is used again within the ttl."""
    from skinflint.records import replace

    fix = finding.fix
    return finding if fix is None else replace(finding, fix=replace(fix, reuse_proven=True))


def _supersedes(one: Finding, other: Finding) -> bool:
    if other.rule.id not in one.supersedes:
        return False
    same = len(one.identity) > 1 and one.identity[1:] == other.identity[1:]
    return same or one.primary == other.primary


def _finding_order(finding: Finding) -> tuple[object, ...]:
    primary = finding.primary
    place = (primary.path, primary.line, primary.column, finding.rule.id, primary.end)
    return (*place, finding.message, finding.requests)


def problem_order(problem: Problem) -> tuple[object, ...]:
    """The key that problems are sorted by."""
    return (problem.path, problem.cell or 0, problem.line or 0, problem.kind, problem.message)


def with_fingerprints(
    findings: Sequence[Finding], source_of: Callable[[str], SourceFile], root: str
) -> list[Finding]:
    """The findings (sorted) with their fingerprints: the same text gives the same one wherever
    it moves.

    Made of the rule, the path relative to ``root``, the text of the lines of the primary span
    without its layout, and the number of the occurrence among findings that share all of these.
    """
    from hashlib import blake2b

    from skinflint.linter.config import relative
    from skinflint.records import replace

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
        lines = source_of(span.path).shown[span.line - 1 : span.end_line]
    except SourceError:
        return ""
    return " ".join(" ".join(lines).split())


def in_cells(findings: Sequence[Finding], source_of: Callable[[str], SourceFile]) -> list[Finding]:
    """The findings, where they stand in a notebook with their cell, and lines told by cell."""
    if not any(finding.primary.path.endswith(NOTEBOOK) for finding in findings):
        return list(findings)
    from skinflint.linter.notebook import retold
    from skinflint.records import replace

    placed = []
    for finding in findings:
        source = _notebook(finding.primary.path, source_of)
        cell = source.cell(finding.primary.line) if source is not None else None
        if source is not None and cell is not None:
            cost = finding.cost
            finding = replace(
                finding,
                cell=cell.number,
                message=retold(source, finding.message),
                related=tuple(
                    step._replace(label=retold(source, step.label)) for step in finding.related
                ),
                pair=retold(source, finding.pair) if finding.pair else None,
                cost=replace(cost, assumption=retold(source, cost.assumption)) if cost else None,
                no_fix=retold(source, finding.no_fix) if finding.no_fix else None,
            )
        placed.append(finding)
    return placed


def _notebook(path: str, source_of: Callable[[str], SourceFile]) -> SourceFile | None:
    if not path.endswith(NOTEBOOK):
        return None
    try:
        return source_of(path)
    except SourceError:
        return None
