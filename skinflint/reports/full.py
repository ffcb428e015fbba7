"""The report that shows everything: excerpt, trail, pair, cost and the fix as a diff."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from skinflint.reports.paint import Paint, clean, plain, width

if TYPE_CHECKING:
    from skinflint.linter.findings import Cost, Finding, Fix
    from skinflint.linter.spans import Cell, Span

#: The lines of a file by its path; raises an exception of its own where there are none.
LinesOf = Callable[[str], Sequence[str]]
#: The cell of a notebook by its path and a line of the cells joined; None for any other file.
CellOf = Callable[[str, int], "Cell | None"]

_SEVERITY = {"error": "bold red", "warning": "bold yellow", "info": "bold cyan"}
_FIELD = 14  # columns up to the text of a field: two blanks, "breakpoint:", one blank
_EXCERPT_LINES = 4  # of a long span only its head is shown


def no_cell(path: str, line: int) -> Cell | None:
    """Where there are no notebooks."""
    return None


def header(finding: Finding, paint: Paint = plain, cell_of: CellOf = no_cell) -> str:
    """``path:line:column: severity ID name: message`` on one line, as editors and grep want it."""
    severity = finding.severity.name.lower()
    return (
        f"{paint(place(finding.primary, cell_of), 'bold')}: {paint(severity, _SEVERITY[severity])} "
        f"{paint(finding.rule.id, 'bold')} {finding.rule.name}: {clean(finding.message)}"
    )


def place(span: Span, cell_of: CellOf = no_cell) -> str:
    """``path:line:column`` where a span begins; in a notebook ``path:cell N:line:column``."""
    return f"{line_of(span, cell_of)}:{span.column}"


def line_of(span: Span, cell_of: CellOf) -> str:
    """``path:line`` where a span begins; in a notebook ``path:cell N:line``."""
    cell = cell_of(span.path, span.line)
    if cell is None:
        return f"{clean(span.path)}:{span.line}"
    return f"{clean(span.path)}:cell {cell.number}:{cell.line(span.line)}"


def render(
    finding: Finding,
    lines_of: LinesOf,
    *,
    columns: int = 100,
    paint: Paint = plain,
    diff: str = "",
    cell_of: CellOf = no_cell,
) -> str:
    """One finding in full, with a newline at its end; ``diff`` is its fix as a unified diff."""
    return "\n".join(_lines(finding, lines_of, columns, paint, diff, cell_of)) + "\n"


def _lines(
    finding: Finding,
    lines_of: LinesOf,
    columns: int,
    paint: Paint,
    diff: str,
    cell_of: CellOf,
) -> Iterator[str]:
    yield header(finding, paint, cell_of)

    def excerpt(span: Span, indent: str, around: int) -> Iterator[str]:
        return _excerpt(span, lines_of, cell_of, columns, paint, indent=indent, around=around)

    yield from excerpt(finding.primary, "", 1)
    for step in finding.related:
        text = f"{place(step.span, cell_of)}: {clean(step.label)}"
        yield from _field(step.role.value, text, columns, paint)
        yield from excerpt(step.span, " " * _FIELD, 0)
    others = [span for span in finding.requests if span != finding.primary]
    if len(finding.requests) > 1 and others:
        text = ", ".join(line_of(span, cell_of) for span in finding.requests)
        yield from _field("requests", text, columns, paint)
    if finding.pair:
        yield from _field("pair", clean(finding.pair), columns, paint)
    if finding.cost:
        yield from _field("cost", cost(finding.cost), columns, paint)
    if finding.fix:
        yield from _field("fix", fix(finding.fix), columns, paint)
        for line in diff.splitlines():
            yield "    " + _painted_diff_line(line, paint)
    elif finding.no_fix:
        yield from _field("no fix", clean(finding.no_fix), columns, paint)


def cost(of: Cost) -> str:
    """``12.5x the cost after the fix (assumption)``."""
    ratio = f"{of.ratio:.1f}" if of.ratio < 100 else f"{of.ratio:.0f}"
    return f"{ratio}x the cost after the fix ({clean(of.assumption)})"


def fix(of: Fix) -> str:
    """Applicability and title, and what applies it."""
    how = {
        "safe": "--fix applies it",
        "price": "--fix applies it"
        if of.reuse_proven
        else "two calls within the ttl are not proven: --fix --unsafe-fixes applies it",
        "unsafe": "--fix --unsafe-fixes applies it",
        "display": "shown, never applied",
    }
    kind = of.applicability.value
    return f"{kind}: {clean(of.title)} ({how[kind]})"


def _painted_diff_line(line: str, paint: Paint) -> str:
    text = clean(line)
    if line.startswith(("---", "+++")):
        return paint(text, "bold")
    style = {"+": "green", "-": "red", "@": "cyan"}.get(line[:1])
    return paint(text, style) if style else text


def _field(name: str, text: str, columns: int, paint: Paint) -> Iterator[str]:
    """``  name:     text``, wrapped with a hanging indent; a word that is too long stays whole."""
    head = f"  {name}:".ljust(_FIELD)
    room = max(columns - _FIELD, 30)
    first = True
    for line in _wrapped(text, room):
        yield (paint(head, "bold blue") if first else " " * _FIELD) + line
        first = False


def _wrapped(text: str, room: int) -> Iterator[str]:
    line, used = "", 0
    for word in text.split(" "):
        size = width(word)
        if line and used + 1 + size > room:
            yield line
            line, used = word, size
        elif line:
            line, used = f"{line} {word}", used + 1 + size
        else:
            line, used = word, size
    yield line


def _excerpt(
    span: Span,
    lines_of: LinesOf,
    cell_of: CellOf,
    columns: int,
    paint: Paint,
    *,
    indent: str,
    around: int,
) -> Iterator[str]:
    """The lines of ``span`` with carets below, ``around`` lines of context on both sides."""
    try:
        lines = lines_of(span.path)
    except Exception:
        return  # the file is gone or unreadable by now; its place is named all the same
    if not 1 <= span.line <= len(lines):
        return
    cell = cell_of(span.path, span.line)
    if cell is not None:  # as if it were all there is
        lines = lines[cell.first - 1 : cell.last]
        end_line = min(cell.line(span.end_line), len(lines))
        span = span._replace(line=cell.line(span.line), end_line=end_line)
    last = min(span.end_line if around else span.line, span.line + _EXCERPT_LINES - 1, len(lines))
    first_shown = span.line
    last_shown = last
    if around:
        first_shown = max(1, span.line - around)
        last_shown = min(len(lines), last + around)
        while first_shown < span.line and not lines[first_shown - 1].strip():
            first_shown += 1
        while last_shown > last and not lines[last_shown - 1].strip():
            last_shown -= 1
    margin = max(len(str(last_shown)), 4)
    bar = paint("|", "blue")
    room = max(columns - len(indent) - margin - 3, 30)
    for number in range(first_shown, last_shown + 1):
        line = lines[number - 1]
        inside = span.line <= number <= last
        start = span.column - 1 if number == span.line else len(line) - len(line.lstrip())
        ends_here = number == span.end_line
        end = span.end_column - 1 if ends_here else len(line.rstrip())
        text, carets = _window(line, start, max(end, start + 1), room, inside)
        number_text = paint(str(number).rjust(margin), "blue")
        yield f"{indent}{number_text} {bar} {text}".rstrip()
        if inside and carets.strip():
            yield f"{indent}{' ' * margin} {bar} {paint(carets, 'bold red')}"
    if last < span.end_line and around:
        yield f"{indent}{' ' * margin} {bar} ... to line {span.end_line}"


def _window(line: str, start: int, end: int, room: int, keep_start: bool) -> tuple[str, str]:
    """The part of ``line`` around ``start`` that fits ``room`` columns, and the carets below it."""
    before, marked, after = clean(line[:start]), clean(line[start:end]), clean(line[end:])
    ahead = width(before)
    cut = ""
    if keep_start and ahead + min(max(width(marked), 1), room // 2) > room:
        kept: list[str] = []
        used = 0
        for char in reversed(before):
            used += width(char)
            if used > room // 3:
                break
            kept.append(char)
        before = "".join(reversed(kept))
        cut = "... "
        ahead = width(before)
    whole = cut + before + marked + after
    carets = " " * (len(cut) + ahead) + "^" * max(width(marked), 1)
    if width(whole) > room:
        shown, used = [], 0
        for char in whole:
            used += width(char)
            if used > room - 4:
                break
            shown.append(char)
        whole = "".join(shown) + " ..."
        carets = carets[: room - 4]
    return whole.rstrip(), carets.rstrip()
