"""One request in full: how each part was found, its reuse pairs, and what each rule made of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from skinflint.linter.values import ENTRIES, Source
from skinflint.reports.full import CellOf, LinesOf, line_of, no_cell
from skinflint.reports.paint import Paint, clean, plain
from skinflint.reports.requests_text import header, part_line, tokens

if TYPE_CHECKING:
    from skinflint.linter.inventory import Entry, Reuse
    from skinflint.linter.request import Conversation, Leaf, Part
    from skinflint.linter.spans import Span, Step

_LONGEST = 70  # characters of an excerpt


class Verdict(NamedTuple):
    """What one rule makes of the request: its messages, or why it is silent."""

    id: str
    name: str
    found: bool
    says: tuple[str, ...]
    hidden: str = ""  # why `skinflint check` does not report what was found


def render(
    entry: Entry,
    lines_of: LinesOf,
    verdicts: Sequence[Verdict],
    *,
    paint: Paint = plain,
    cell_of: CellOf = no_cell,
) -> str:
    """All that is known of one request, with a newline at its end."""
    return "\n".join(_Page(entry, lines_of, paint, cell_of).lines(verdicts)) + "\n"


class _Page:
    """One request; each trail is told once, where it is first met."""

    def __init__(self, entry: Entry, lines_of: LinesOf, paint: Paint, cell_of: CellOf) -> None:
        self.entry = entry
        self.lines_of = lines_of
        self.paint = paint
        self.cell_of = cell_of
        self.told: set[tuple[Step, ...]] = set()

    def lines(self, verdicts: Sequence[Verdict]) -> Iterator[str]:
        entry = self.entry
        yield header(entry, self.paint, self.cell_of)
        yield from self._callers()
        models = ", ".join(clean(model) for model in entry.models) or "no id is seen"
        yield self._head("model", f"{entry.model.state.value}: {models}")
        yield from self._leaves(entry.model)
        for name, sized in (
            ("tools", entry.tools),
            ("system", entry.system),
            ("messages", entry.messages),
        ):
            yield self._head(name, part_line(sized, reason=False))
            yield from self._leaves(sized.part)
        yield from self._breakpoints()
        for reuse in entry.pairs:
            yield from self._pair(reuse)
        yield from self._conversation(entry.conversation)
        repetition = entry.repetition
        trips = f", {repetition.trips} rounds" if repetition.trips is not None else ""
        yield self._head("repetition", f"{repetition.kind.value}{trips}")
        yield from self._steps(repetition.evidence)
        yield self._head("task", entry.task.use.value)
        for signal in entry.task.signals:
            yield f"    {self._at(signal.span)}: {clean(signal.says)}"
        yield ""
        for verdict in verdicts:
            yield from self._verdict(verdict)

    def _callers(self) -> Iterator[str]:
        """The chains of callers that lead to it."""
        chains = list(dict.fromkeys(request.chain for request in self.entry.requests))
        if not any(chains):
            yield self._head("callers", "none is seen: its parameters are entries")
            return
        for number, chain in enumerate(chains, 1):
            of = f"chain {number} of {len(chains)}" if len(chains) > 1 else "one chain"
            yield self._head("callers", of if chain else f"{of}: from outside")
            yield from self._steps(chain)

    def _leaves(self, part: Part) -> Iterator[str]:
        """Each thing a part is made of: where it stands, and where a hole leads."""
        refs = {ref.span: ref for request in self.entry.requests for ref in request.models}
        for leaf in part.leaves:
            if leaf.reason:
                yield from self._hole(leaf)
                continue
            default = refs[leaf.span].default_of if leaf.span in refs else ""
            of = f" (default of {clean(default)})" if default else ""
            yield f"    {self._at(leaf.span)}: literal{of} {self._excerpt(leaf.span)}".rstrip()
        if part.left_out:
            yield f"    and at least {part.left_out} more that are not shown"
        if not part.leaves and part.reason:
            yield f"    {clean(part.reason)}"

    def _hole(self, leaf: Leaf) -> Iterator[str]:
        yield f"    {self._at(leaf.span)}: {clean(leaf.reason)} {self._excerpt(leaf.span)}".rstrip()
        if leaf.entry in ENTRIES:
            yield f"      traced to a listed entry: {leaf.entry}"
        else:
            yield "      open: it ends at no listed entry"
        for key in leaf.keys:
            if key.source is not Source.UNKNOWN:
                what = f"{key.source.value} {clean(key.name)}"
                yield f"      changes with {what}, {self._at(key.span)}"
            yield from self._trail(key.trail)

    def _trail(self, trail: tuple[Step, ...]) -> Iterator[str]:
        if trail in self.told:
            return
        self.told.add(trail)
        yield from self._steps(trail, " " * 8)

    def _breakpoints(self) -> Iterator[str]:
        count = len(self.entry.breakpoints)
        automatic = ", automatic caching" if self.entry.automatic else ""
        yield self._head("breakpoints", f"{count} explicit{automatic}")
        for marker in self.entry.breakpoints:
            ttl = marker.point.ttl or "ttl not known"
            maybe = ", on some paths only" if marker.point.optional else ""
            yield f"    {self._at(marker.point.span)}: behind {marker.at}, {ttl}{maybe}"

    def _pair(self, reuse: Reuse) -> Iterator[str]:
        yield self._head("pair", clean(reuse.pair.label))
        yield from self._steps(reuse.pair.evidence)
        at = reuse.divergence
        if at is None:
            more = " but what is new in the second call" if reuse.pair.inner else ""
            yield f"    nothing is seen to differ{more}"
            return
        key = at.moving.keys[0]
        yield (
            f"    diverges at {at.place.value}[{at.index}] after {tokens(at.tokens)}:"
            f" {key.source.value} {clean(key.name)}, {self._at(key.span)}"
        )
        yield from self._trail(key.trail)

    def _conversation(self, of: Conversation | None) -> Iterator[str]:
        if of is None:
            yield self._head("conversation", "none: the messages are made for this one call")
            return
        kept = {True: "sent as stored", False: "stored otherwise than sent", None: ""}
        said = [
            f"kept in {of.home.value}",
            "append-only" if of.append_only else "rewritten",
            kept[of.sent_equals_stored],
            "" if of.certain else "not all of it could be followed",
        ]
        yield self._head("conversation", ", ".join(filter(None, said)))
        if of.born is not None:
            yield f"    {self._at(of.born)}: born here"
        yield from self._steps([each.step for each in of.grown_by])
        yield from self._steps([each.step for each in of.bounded_by])
        yield from self._steps([*of.rewritten, *of.slides])

    def _verdict(self, verdict: Verdict) -> Iterator[str]:
        name = f"{self.paint(verdict.id, 'bold')} {verdict.name}"
        if not verdict.found:
            yield f"  {name}: silent: {clean('; or: '.join(verdict.says))}"
            return
        hidden = f", not reported: {clean(verdict.hidden)}" if verdict.hidden else ""
        yield f"  {name}: found{hidden}"
        for message in verdict.says:
            yield f"    {clean(message)}"

    def _head(self, name: str, text: str) -> str:
        return f"  {self.paint(f'{name}:', 'bold blue')} {text}"

    def _excerpt(self, span: Span) -> str:
        """The first line of what stands at a span."""
        try:
            line = self.lines_of(span.path)[span.line - 1]
        except Exception:
            return ""  # the file is gone or unreadable by now; its place is named all the same
        end = span.end_column - 1 if span.end_line == span.line else len(line)
        text = clean(line[span.column - 1 : end].strip())
        more = span.end_line > span.line or len(text) > _LONGEST
        return f"`{text[:_LONGEST]}{' ...' if more else ''}`"

    def _steps(self, steps: Sequence[Step], indent: str = "    ") -> Iterator[str]:
        for step in steps:
            yield f"{indent}{self._at(step.span)}: {clean(step.label)}"

    def _at(self, span: Span) -> str:
        return line_of(span, self.cell_of)
