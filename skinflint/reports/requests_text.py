"""The inventory of requests for people: one paragraph per place that sends."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from skinflint.reports.full import CellOf, line_of, no_cell
from skinflint.reports.paint import Paint, clean, plain

if TYPE_CHECKING:
    from skinflint.linter.inventory import Entry, SizedPart, Tokens
    from skinflint.linter.request import Conversation

_FIELD = 17  # columns up to the text of a field


def render(
    entries: Sequence[Entry], *, files: int, paint: Paint = plain, cell_of: CellOf = no_cell
) -> str:
    """All entries and a last line that counts them."""
    lines = [line for entry in entries for line in (*_entry(entry, paint, cell_of), "")]
    return "\n".join([*lines, _count(len(entries), files)]) + "\n"


def header(entry: Entry, paint: Paint = plain, cell_of: CellOf = no_cell) -> str:
    """``path:line: surface method in function(), platform`` on one line."""
    site = entry.site
    where = paint(line_of(site.span, cell_of), "bold")
    function = f" in {clean(site.function)}()" if site.function else ""
    return f"{where}: {site.surface} {site.method}{function}, {site.platform.value}"


def part_line(sized: SizedPart, *, reason: bool = True) -> str:
    """``traced, turn, 40 to 90 tokens (parameter `question`)``."""
    part = sized.part
    if sized.tokens is None:
        return part.state.value
    said = f"{part.state.value}, {part.variation.value}, {tokens(sized.tokens)}"
    return f"{said} ({clean(part.reason)})" if reason and part.reason else said


def tokens(size: Tokens) -> str:
    """``299 to 748 tokens``."""
    low, high = size
    if high is None:
        return f"{low:,} tokens or more"
    return f"{low:,} to {high:,} tokens" if high != low else f"{low:,} tokens"


def _count(sites: int, files: int) -> str:
    of = f"{files} file{'' if files == 1 else 's'}"
    if not sites:
        return f"No Claude requests in {of}."
    return f"{sites} Claude request{'' if sites == 1 else 's'} in {of}."


def _entry(entry: Entry, paint: Paint, cell_of: CellOf) -> Iterator[str]:
    yield header(entry, paint, cell_of)
    model = ", ".join(clean(each) for each in entry.models) or entry.model.state.value
    if entry.model.reason:
        model += f" ({clean(entry.model.reason)})"
    yield _field("model", model, paint)
    yield _field("tools", part_line(entry.tools), paint)
    yield _field("system", part_line(entry.system), paint)
    yield _field("messages", part_line(entry.messages), paint)
    markers = [f"{marker.at} {marker.point.ttl or 'ttl not known'}" for marker in entry.breakpoints]
    if entry.automatic:
        markers.append("automatic")
    yield _field("breakpoints", ", ".join(markers) or "none", paint)
    if entry.conversation is not None:
        yield _field("conversation", _conversation(entry.conversation, cell_of), paint)
    if entry.repetition.kind.value != "unknown":
        yield _field("repetition", entry.repetition.kind.value, paint)
    if entry.task.use.value != "unknown":
        yield _field("task", entry.task.use.value, paint)


def _conversation(of: Conversation, cell_of: CellOf) -> str:
    grown = dict.fromkeys(line_of(each.span, cell_of) for each in of.grown_by)
    bounds = list(dict.fromkeys(each.how for each in of.bounded_by))
    said = [f"kept in {of.home.value}"]
    if grown:
        said.append(f"grows at {', '.join(grown)}")
    if bounds:
        said.append(f"bounded by {', '.join(bounds)}")
    elif grown:
        said.append("nothing bounds it")
    return ", ".join(said)


def _field(name: str, text: str, paint: Paint) -> str:
    return paint(f"  {name}:".ljust(_FIELD), "bold blue") + text
