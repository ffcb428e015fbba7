"""The inventory of requests for people: one paragraph per place that sends."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from skinflint.reports.paint import Paint, clean, plain

if TYPE_CHECKING:
    from skinflint.linter.inventory import Entry, SizedPart, Tokens

_FIELD = 16  # columns up to the text of a field


def render(entries: Sequence[Entry], *, files: int, paint: Paint = plain) -> str:
    """All entries and a last line that counts them."""
    lines = [line for entry in entries for line in (*_entry(entry, paint), "")]
    return "\n".join([*lines, _count(len(entries), files)]) + "\n"


def _count(sites: int, files: int) -> str:
    of = f"{files} file{'' if files == 1 else 's'}"
    if not sites:
        return f"No Claude requests in {of}."
    return f"{sites} Claude request{'' if sites == 1 else 's'} in {of}."


def _entry(entry: Entry, paint: Paint) -> Iterator[str]:
    site = entry.site
    where = f"{clean(site.span.path)}:{site.span.line}"
    function = f" in {clean(site.function)}()" if site.function else ""
    platform = f", {site.platform.value}"
    yield f"{paint(where, 'bold')}: {site.surface} {site.method}{function}{platform}"
    models = ", ".join(clean(model) for model in entry.models)
    said = models or entry.model.state.value
    if entry.model.reason:
        said += f" ({clean(entry.model.reason)})"
    yield from _field("model", said, paint)
    for name, part in (
        ("tools", entry.tools),
        ("system", entry.system),
        ("messages", entry.messages),
    ):
        yield from _field(name, _part(part), paint)
    markers = [f"{marker.at} {marker.point.ttl or '?'}" for marker in entry.breakpoints]
    if entry.automatic:
        markers.append("automatic")
    yield from _field("breakpoints", ", ".join(markers) or "none", paint)


def _part(sized: SizedPart) -> str:
    part = sized.part
    if sized.tokens is None:
        return part.state.value
    said = f"{part.state.value}, {part.variation.value}, {tokens(sized.tokens)}"
    return f"{said} ({clean(part.reason)})" if part.reason else said


def tokens(size: Tokens) -> str:
    """``299 to 748 tokens``."""
    low, high = size
    if high is None:
        return f"{low:,} tokens or more"
    return f"{low:,} to {high:,} tokens" if high != low else f"{low:,} tokens"


def _field(name: str, text: str, paint: Paint) -> Iterator[str]:
    yield paint(f"  {name}:".ljust(_FIELD), "bold blue") + text
