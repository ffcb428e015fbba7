"""Fixes in rounds: choose, plan, verify, apply, look again, until nothing applies."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from skinflint.fixers import edits as editing
from skinflint.fixers import plan
from skinflint.fixers.declined import Declined
from skinflint.fixers.verify import Bill, Checked, Moment, Refused, gone_too, verify
from skinflint.fixers.write import write as write_files
from skinflint.linter.findings import Applicability, Edit, Finding, Fix
from skinflint.linter.source import SourceFile
from skinflint.records import dataclass

__all__ = ["Applied", "Bill", "Checked", "Left", "Outcome", "Recheck", "applicable", "run"]

ROUNDS = 10


class Recheck(Protocol):
    """Checks all files under consideration, those in ``overlay`` (path -> text) as given there."""

    def __call__(self, overlay: Mapping[str, str]) -> Checked: ...


@dataclass(frozen=True)
class Applied:
    """A finding that was mended. The edits' spans are those of the code the round began with.

    There are no edits where the fix of another finding mended this one too.
    """

    finding: Finding
    edits: tuple[Edit, ...]
    round: int


@dataclass(frozen=True)
class Left:
    """A finding whose fix was to be applied and was not, and why.

    ``kind`` is "declined" (the edit can't be made), "rolled back" (it did not survive the
    verifier), "not converged" (its turn did not come) or "failed" (a defect of skinflint).
    """

    finding: Finding
    kind: str
    reason: str


@dataclass(frozen=True)
class Outcome:
    """What came of it."""

    applied: tuple[Applied, ...]
    left: tuple[Left, ...]
    checked: Checked  # of the code as it is now
    before: Mapping[str, SourceFile]  # the changed files as they were
    after: Mapping[str, str]  # path -> new text of the changed files
    converged: bool
    written: tuple[str, ...] = ()  # the files on disk that were changed

    def diff(self) -> str:
        """The change of all files as a unified diff."""
        return "".join(
            editing.unified_diff(path, self.before[path].text, self.after[path])
            for path in sorted(self.after)
        )


def applicable(fix: Fix, *, unsafe: bool) -> bool:
    """Whether a fix may be applied."""
    if fix.applicability is Applicability.SAFE:
        return True
    if fix.applicability is Applicability.PRICE:
        return unsafe or fix.reuse_proven
    return fix.applicability is Applicability.UNSAFE and unsafe


def run(
    sources: Mapping[str, SourceFile] | Callable[[str], SourceFile],
    recheck: Recheck,
    *,
    unsafe: bool,
    write: bool,
    bill: Bill | None = None,
    on_error: Callable[[Finding, Exception], None] | None = None,
    rounds: int = ROUNDS,
) -> Outcome:
    """Apply the fixes of what ``recheck`` finds, in rounds, until nothing more applies.

    ``sources`` gives a file by its path, as it is on disk. ``bill`` is the verifier's: the cost of
    each evidenced pair before and after. With ``write`` the changed files are written, all or none
    (raises ``write.WriteError``); without, they are only told. ``on_error`` is told of a fix that
    crashed, and the others go on; without it the crash is the caller's, and nothing is written.
    """
    source_of = sources.__getitem__ if isinstance(sources, Mapping) else sources
    work = _Run(source_of, recheck, unsafe, bill, on_error)
    converged = False
    for number in range(1, rounds + 1):
        if not work.round(number):
            converged = True
            break
    left = work.left() if converged else work.left_over()
    after = {
        path: text for path, text in sorted(work.texts.items()) if text != source_of(path).text
    }
    before = {path: source_of(path) for path in after}
    written: tuple[str, ...] = ()
    if write and after:
        written = write_files({path: (before[path], text) for path, text in after.items()})
    return Outcome(tuple(work.applied), left, work.checked, before, after, converged, written)


@dataclass(frozen=True)
class _Planned:
    finding: Finding
    fix: Fix
    edits: tuple[Edit, ...]

    @property
    def key(self) -> tuple[object, ...]:
        told = self.finding.fingerprint or self.finding.message
        return (self.finding.rule.id, told, tuple(edit.text for edit in self.edits))


class _Run:
    def __init__(
        self,
        source_of: Callable[[str], SourceFile],
        recheck: Recheck,
        unsafe: bool,
        bill: Bill | None,
        on_error: Callable[[Finding, Exception], None] | None,
    ) -> None:
        self._on_disk = source_of
        self.recheck = recheck
        self.unsafe = unsafe
        self.bill = bill
        self.on_error = on_error
        self.texts: dict[str, str] = {}  # of the files changed so far
        self.checked = recheck({})
        self.applied: list[Applied] = []
        self._refused: dict[tuple[object, ...], str] = {}
        self._left: list[Left] = []
        self._number = 0
        # of the round: the texts it began with, and the edits accepted so far
        self._start: dict[str, str] = {}
        self._accepted: list[Edit] = []
        self._sources: dict[str, SourceFile] = {}

    # ---------------------------------------------------------------- one round

    def round(self, number: int) -> bool:
        """Plan, verify and apply what fits together; whether anything was applied."""
        self._number = number
        self._start = dict(self.texts)
        self._accepted = []
        self._sources = {}
        self._left = []
        count = len(self.applied)
        plans = self._plans()
        # a declared change is compared less strictly: it must not cover what others do
        strict = [p for p in plans if not p.fix.reorders and not p.fix.changes_model]
        models = [p for p in plans if p.fix.changes_model and not p.fix.reorders]
        alone = [[p] for p in plans if p.fix.reorders]
        for together in (strict, models, *alone):
            while group := self._compatible(together):
                self._attempt(group)
                together = [p for p in together if all(p is not one for one in group)]
        return len(self.applied) > count

    def _plans(self) -> list[_Planned]:
        found = []
        for finding in sorted(self.checked.findings, key=_order):
            fix = finding.fix
            if fix is None or not applicable(fix, unsafe=self.unsafe):
                continue
            try:
                planned = _Planned(finding, fix, plan.edits_of(fix, self._source_at_start))
            except Declined as declined:
                self._left.append(Left(finding, "declined", declined.reason))
                continue
            except Exception as error:
                self._failed(finding, error)
                continue
            reason = self._refused.get(planned.key)
            if reason is not None:
                self._left.append(Left(finding, "rolled back", reason))
                continue
            found.append(planned)
        return found

    def _compatible(self, group: Sequence[_Planned]) -> list[_Planned]:
        """Those of ``group`` that touch neither each other nor what is accepted; the rest waits."""
        chosen: list[_Planned] = []
        edits = list(self._accepted)
        for planned in group:
            if not editing.clash(planned.edits, edits):
                chosen.append(planned)
                edits += planned.edits
        return chosen

    def _attempt(self, wanted: Sequence[_Planned]) -> None:
        """Apply a group if it survives; else its halves, down to the single fixes."""
        mended = [(planned, self._now(planned.finding)) for planned in wanted]
        group = [planned for planned, finding in mended if finding is not None]
        findings = [(f, planned.fix) for planned, f in mended if f is not None]
        if not group:
            return
        edits = [*self._accepted, *(edit for planned in group for edit in planned.edits)]
        texts = self._with(edits)
        before = self._moment(self.texts, texts, self.checked)
        try:
            checked = self.recheck(texts)
            after = self._moment(texts, texts, checked)
            verify(findings, before, after, self.bill)
        except Exception as error:
            if len(group) == 1:
                only = group[0]
                if isinstance(error, Refused):
                    self._refused[only.key] = error.reason
                    self._left.append(Left(only.finding, "rolled back", error.reason))
                else:
                    self._failed(only.finding, error)
                return
            middle = len(group) // 2
            self._attempt(group[:middle])
            self._attempt(group[middle:])
            return
        also = gone_too([finding for finding, _ in findings], before, after)
        self._accepted = edits
        self.texts, self.checked = texts, checked
        self.applied += [Applied(p.finding, p.edits, self._number) for p in group]
        self.applied += [Applied(finding, (), self._number) for finding in also]

    def _failed(self, finding: Finding, error: Exception) -> None:
        """A defect in one fix: raised, or told so that the rest can go on."""
        if self.on_error is None:
            raise error
        self.on_error(finding, error)
        reason = f"the fix failed ({type(error).__name__}: {error})"
        self._left.append(Left(finding, "failed", reason))

    def _now(self, finding: Finding) -> Finding | None:
        """A finding of the round's beginning as it is now; None when it has gone already."""
        if not self._accepted:
            return finding
        path = finding.primary.path
        start = self._source_at_start(path)
        place = start.offset(*finding.primary.start)
        for edit in self._accepted:
            if edit.span.path == path and edit.span.end <= finding.primary.start:
                begin, end = start.offset(*edit.span.start), start.offset(*edit.span.end)
                place += len(edit.text) - (end - begin)
        now = start.replace_text(self.texts.get(path, start.text)).position(place)
        for other in self.checked.findings:
            primary = other.primary
            if (other.rule.id, primary.path, primary.start) == (finding.rule.id, path, now):
                return other
        return None

    # ---------------------------------------------------------------- texts

    def _source_at_start(self, path: str) -> SourceFile:
        if path not in self._sources:
            source = self._on_disk(path)
            text = self._start.get(path)
            self._sources[path] = source if text is None else source.replace_text(text)
        return self._sources[path]

    def _with(self, edits: Sequence[Edit]) -> dict[str, str]:
        """The texts of the round's beginning with ``edits`` made in them."""
        texts = dict(self._start)
        for path in editing.paths(edits):
            texts[path] = editing.applied(self._source_at_start(path), edits)
        return texts

    def _moment(
        self, texts: Mapping[str, str], changed: Mapping[str, str], checked: Checked
    ) -> Moment:
        """A state with the texts of all files that ``changed`` names."""
        overlays: dict[str, SourceFile] = {}

        def source_of(path: str) -> SourceFile:
            if path not in overlays:
                source = self._on_disk(path)
                text = texts.get(path)
                overlays[path] = source if text is None else source.replace_text(text)
            return overlays[path]

        return Moment({path: source_of(path).text for path in changed}, source_of, checked)

    # ---------------------------------------------------------------- what is left

    def left(self) -> tuple[Left, ...]:
        """What the last round, in which nothing applied, could not apply."""
        return tuple(sorted(self._left, key=lambda left: _order(left.finding)))

    def left_over(self) -> tuple[Left, ...]:
        """What is still to be applied after the last round that was allowed."""
        reason = f"something was still changing after {self._number} rounds"
        return tuple(
            Left(finding, "not converged", reason)
            for finding in sorted(self.checked.findings, key=_order)
            if finding.fix is not None and applicable(finding.fix, unsafe=self.unsafe)
        )


def _order(finding: Finding) -> tuple[object, ...]:
    rank = list(Applicability)
    at = rank.index(finding.fix.applicability) if finding.fix else len(rank)
    return (at, finding.primary, finding.rule.id, finding.message)
