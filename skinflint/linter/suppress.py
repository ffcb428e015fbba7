"""Suppression comments: what they hide, and which of them hide nothing.

The grammar, in a comment of its own or behind another one (``# noqa # skinflint: ...``)::

    # skinflint: ignore[clock-in-prefix, SKF202] why this is wanted
    # skinflint: file-ignore[no-cache] why, anywhere in the file on a line of its own

An ``ignore`` hides findings whose primary span has a line in common with the comment, or, on a line
of its own, findings that begin on the line below (below all such lines, if several are stacked).
Where no comment can stand, inside a string over several lines or behind a backslash, the first and
the last line of the whole count instead.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from typing import Final

from skinflint.linter.findings import (
    Applicability,
    Finding,
    Fix,
    RemoveSuppression,
    RuleInfo,
    Severity,
    Tier,
)
from skinflint.linter.source import SourceFile
from skinflint.linter.spans import Span
from skinflint.linter.values import Confidence
from skinflint.records import dataclass

UNUSED_IGNORE: Final = RuleInfo(
    "SKF001",
    "unused-ignore",
    Tier.DEFAULT,
    "https://github.com/skinflint/skinflint/blob/main/docs/rules/unused-ignore.md",
)

_NEEDLE: Final = "skinflint:"
_BEGIN: Final = re.compile(r"#\s*skinflint:\s*([A-Za-z-]*)")
# another tool's comment behind ours; a mere "#" may belong to the reason ("see #12")
_OTHER: Final = re.compile(
    r"\s*#\s*(?:codespell|flake8|fmt|isort|mypy|noqa|nosec|nosemgrep|pragma|pylint|pyre|pyright"
    r"|ruff|skinflint|type|yapf)\b"
)
_IDS: Final = re.compile(r"\s*\[([^\[\]]*)\]")
_ID: Final = re.compile(r"[^\s,](?:[^,]*[^\s,])?")
# words that can only be meant to hide something; any other text behind "skinflint:" is prose
_MEANT: Final = re.compile(r"(?:^|-)(?:ignored?|noqa|disable|skip|allow|off)(?:-|$)")


@dataclass(slots=True)
class _Entry:
    """One id or name in a comment."""

    written: str
    span: Span
    used: bool = False


@dataclass(frozen=True, slots=True)
class _Comment:
    span: Span  # from "#" to the end of the reason
    own_line: bool
    whole_file: bool
    target: int  # the first line below that is no comment, for one on its own line
    entries: tuple[_Entry, ...]
    fault: str = ""  # why it can't be understood


class Suppressions:
    """The suppression comments of one file. ``apply`` remembers which were of use."""

    def __init__(
        self, path: str, comments: Iterable[_Comment], joined: Mapping[int, tuple[int, int]]
    ) -> None:
        self.path = path
        self._comments = tuple(comments)
        self._joined = joined
        self._names: Mapping[str, str] = {}

    @classmethod
    def parse(cls, source: SourceFile) -> Suppressions:
        """The comments of ``source``. Text that isn't Python is read as far as it is."""
        if _NEEDLE not in source.text:
            return cls(source.path, (), {})
        found, joined = _scanned(source)
        own = {line for line, column, _ in found if not source.lines[line - 1][:column].strip()}
        own -= {cell.first - 1 for cell in source.cells}  # what separates cells is nobody's comment
        comments: list[_Comment] = []
        for line, column, text in found:
            if _NEEDLE in text:
                target = line + 1
                while target in own:
                    target += 1
                comments += _parsed(source.path, line, column, text, line in own, target)
        return cls(source.path, comments, joined)

    def __bool__(self) -> bool:
        return bool(self._comments)

    def apply(
        self, findings: Iterable[Finding], names: Mapping[str, str]
    ) -> tuple[list[Finding], int, frozenset[tuple[int, str]]]:
        """What is left, how many findings are hidden, and by what: line and id as written.

        ``names`` leads from each rule's id to its name and back. Findings of other files are left.
        """
        self._names = names
        kept: list[Finding] = []
        hidden = 0
        for finding in findings:
            entries = self._hiding(finding.rule.id, finding.primary)
            for entry in entries:
                entry.used = True
            if entries:
                hidden += 1
            else:
                kept.append(finding)
        used = frozenset(
            (comment.span.line, entry.written)
            for comment in self._comments
            for entry in comment.entries
            if entry.used
        )
        return kept, hidden, used

    def unused(self, rules_that_ran: Collection[str]) -> list[Finding]:
        """SKF001 for every comment that hid nothing, in part or at all; call ``apply`` first.

        An id is unused if its rule is among ``rules_that_ran`` (ids) and nothing was hidden by it.
        Comments that name no rule, or none that there is, are reported as well.
        """
        found: list[Finding] = []
        for comment in self._comments:
            if comment.fault:
                found.append(
                    _finding(comment.span, comment.fault, no_fix="only you know what is meant")
                )
                continue
            unused: list[_Entry] = []
            for entry in comment.entries:
                id_ = self._id(entry.written)
                if id_ is None:
                    found.append(
                        _finding(
                            entry.span,
                            self._unknown(entry.written),
                            no_fix="only you know which rule is meant",
                        )
                    )
                elif id_ in rules_that_ran and id_ != UNUSED_IGNORE.id and not entry.used:
                    unused.append(entry)
            if unused:
                found.append(self._unused(comment, unused))
        return [finding for finding in found if not self._hiding(UNUSED_IGNORE.id, finding.primary)]

    def _unused(self, comment: _Comment, unused: list[_Entry]) -> Finding:
        whole = len(unused) == len(comment.entries)
        first, last = unused[0].span, unused[-1].span
        ids = ", ".join(self._told(entry.written) for entry in unused)
        hides = "hides" if len(unused) == 1 else "hide"
        where = "in this file" if comment.whole_file else "here"
        return _finding(
            comment.span if whole else Span(*first[:3], *last[3:]),
            f"{ids} {hides} nothing {where}",
            fix=Fix(
                Applicability.SAFE,
                "Remove the comment" if whole else f"Remove {ids} from the comment",
                (RemoveSuppression(comment.span, tuple(entry.written for entry in unused)),),
            ),
        )

    def _hiding(self, id_: str, primary: Span) -> list[_Entry]:
        """The entries that hide a finding of rule ``id_`` at ``primary``."""
        if primary.path != self.path:
            return []
        first = self._joined.get(primary.line, (primary.line,))[0]
        last = self._joined.get(primary.end_line, (primary.end_line,))[-1]
        entries: list[_Entry] = []
        for comment in self._comments:
            if (
                comment.whole_file
                or first <= comment.span.line <= last
                or (comment.own_line and comment.target == first)
            ):
                # of an id that is written twice only the first one is of use
                same = (e for e in comment.entries if self._id(e.written) == id_)
                entries += list(same)[:1]
        return entries

    def _id(self, written: str) -> str | None:
        """The rule id for an id or a name, None if there is no such rule."""
        if (upper := written.upper()) in self._names:
            return upper
        return self._names.get(written.lower())

    def _told(self, written: str) -> str:
        other = self._names.get(written.upper()) or self._names.get(written.lower())
        return f"{written} ({other})" if other else written

    def _unknown(self, written: str) -> str:
        from difflib import get_close_matches

        known = {name.lower(): name for name in sorted(self._names)}
        near = get_close_matches(written.lower(), known, n=1)
        hint = f"did you mean {known[near[0]]}?" if near else "skinflint rule --all lists them"
        return f"no rule is called {written}, so nothing is hidden; {hint}"


def _finding(
    span: Span, message: str, fix: Fix | None = None, no_fix: str | None = None
) -> Finding:
    return Finding(
        rule=UNUSED_IGNORE,
        severity=Severity.WARNING,
        confidence=Confidence.HIGH,
        message=message,
        primary=span,
        fix=fix,
        no_fix=no_fix,
        identity=(UNUSED_IGNORE.id, span),
    )


def _parsed(
    path: str, line: int, column: int, text: str, own_line: bool, target: int
) -> list[_Comment]:
    """The suppressions in one comment token that starts at the 0-based ``column``."""
    comments: list[_Comment] = []

    def span(start: int, end: int) -> Span:
        return Span(path, line, column + start + 1, line, column + end + 1)

    for begin in _BEGIN.finditer(text):
        word = begin[1].lower()
        other = _OTHER.search(text, begin.end())
        end = len(text[: other.start() if other else len(text)].rstrip())
        whole = span(begin.start(), end)
        if word not in ("ignore", "file-ignore"):
            if _MEANT.search(word):
                fault = f"{word!r} is no word of skinflint's, so nothing is hidden; {_WRITE}"
                comments.append(_Comment(whole, own_line, False, target, (), fault))
            continue
        ids = _IDS.match(text, begin.end(), end)
        entries = tuple(
            _Entry(each[0], span(each.start(), each.end()))
            for each in (_ID.finditer(text, ids.start(1), ids.end(1)) if ids else ())
        )
        fault = ""
        if not entries:
            fault = f"this comment names no rule, so nothing is hidden; {_WRITE}"
        elif word == "file-ignore" and not own_line:
            fault = "file-ignore hides nothing behind code; put it on a line of its own"
            entries = ()
        comments.append(_Comment(whole, own_line, word == "file-ignore", target, entries, fault))
    return comments


_WRITE: Final = "write # skinflint: ignore[rule-name] and the reason"


def _scanned(
    source: SourceFile,
) -> tuple[list[tuple[int, int, str]], dict[int, tuple[int, int]]]:
    """All comments as (line, 0-based column, text), and the lines that no comment can divide.

    The latter lead from each line to the first and the last one of the string or the continued
    line that it is in.
    """
    import tokenize

    starts = {getattr(tokenize, f"{kind}STRING_START", None) for kind in "FT"} - {None}
    ends = {getattr(tokenize, f"{kind}STRING_END", None) for kind in "FT"} - {None}
    comments: list[tuple[int, int, str]] = []
    joins: list[tuple[int, int]] = []
    open_strings: list[int] = []  # first lines of the f-strings around
    lines = iter([f"{line}\n" for line in source.lines])
    try:
        for token in tokenize.generate_tokens(lambda: next(lines, "")):
            if token.type == tokenize.COMMENT:
                comments.append((*token.start, token.string))
            elif token.type == tokenize.STRING:
                joins.append((token.start[0], token.end[0]))
            elif token.type in starts:
                open_strings.append(token.start[0])
            elif token.type in ends and open_strings:
                joins.append((open_strings.pop(), token.end[0]))
    except (tokenize.TokenError, SyntaxError):
        pass  # the parser tells what is wrong; the comments up to there count
    commented = {line for line, _, _ in comments}
    joins += [
        (number, number + 1)
        for number, line in enumerate(source.lines, 1)
        if line.endswith("\\") and number not in commented
    ]
    joined: dict[int, tuple[int, int]] = {}
    for first, last in sorted(join for join in joins if join[0] < join[1]):
        group = joined.get(first, (first, last))
        group = (group[0], max(group[1], last))
        joined.update(dict.fromkeys(range(group[0], group[1] + 1), group))
    return comments, joined
