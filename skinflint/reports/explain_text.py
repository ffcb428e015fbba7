"""One request in full: how each part was found, its reuse pairs, and what each rule made of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from skinflint.linter.values import ENTRIES
from skinflint.reports.paint import Paint, clean, plain
from skinflint.reports.requests_text import header, part_line, tokens

if TYPE_CHECKING:
    from skinflint.linter.inventory import Entry, Reuse
    from skinflint.linter.request import Conversation, Leaf, ModelRef, Part
    from skinflint.linter.spans import Span, Step

#: The lines of a file by its path; raises an exception of its own where there are none.
LinesOf = Callable[[str], Sequence[str]]

_LONGEST = 70  # characters of an excerpt


class Verdict(NamedTuple):
    """What one rule makes of the request: its messages, or why it is silent."""

    id: str
    name: str
    found: bool
    says: tuple[str, ...]
    hidden: str = ""  # why `skinflint check` does not report what was found


def render(
    entry: Entry, lines_of: LinesOf, verdicts: Sequence[Verdict], *, paint: Paint = plain
) -> str:
    """All that is known of one request, with a newline at its end."""
    return "\n".join(_lines(entry, lines_of, verdicts, paint)) + "\n"


def _lines(
    entry: Entry, lines_of: LinesOf, verdicts: Sequence[Verdict], paint: Paint
) -> Iterator[str]:
    yield header(entry, paint)
    yield from _reached(entry, paint)
    models = ", ".join(clean(model) for model in entry.models) or "no id is seen"
    yield from _head("model", f"{entry.model.state.value}: {models}", paint)
    refs = {ref.span: ref for request in entry.requests for ref in request.models}
    yield from _leaves(entry.model, lines_of, refs)
    for name, sized in (
        ("tools", entry.tools),
        ("system", entry.system),
        ("messages", entry.messages),
    ):
        yield from _head(name, part_line(sized, reason=False), paint)
        yield from _leaves(sized.part, lines_of, {})
    yield from _breakpoints(entry, paint)
    for reuse in entry.pairs:
        yield from _pair(reuse, paint)
    yield from _conversation(entry.conversation, paint)
    repetition = entry.repetition
    trips = f", {repetition.trips} rounds" if repetition.trips is not None else ""
    yield from _head("repetition", f"{repetition.kind.value}{trips}", paint)
    yield from _steps(repetition.evidence)
    yield from _head("task", entry.task.use.value, paint)
    for signal in entry.task.signals:
        yield f"    {_at(signal.span)}: {clean(signal.says)}"
    yield ""
    for verdict in verdicts:
        yield from _verdict(verdict, paint)


def _reached(entry: Entry, paint: Paint) -> Iterator[str]:
    """The chains of callers that lead to it."""
    chains = dict.fromkeys(request.chain for request in entry.requests)
    if not any(chains):
        yield from _head("callers", "none that is seen: its parameters are entries", paint)
        return
    for number, chain in enumerate(chains, 1):
        of = f"chain {number} of {len(chains)}" if len(chains) > 1 else "one chain"
        yield from _head("callers", of if chain else f"{of}: called from outside", paint)
        yield from _steps(chain)


def _leaves(part: Part, lines_of: LinesOf, refs: dict[Span, ModelRef]) -> Iterator[str]:
    """Each thing a part is made of: where it stands, and where a hole leads."""
    for leaf in part.leaves:
        if not leaf.reason:
            default = refs[leaf.span].default_of if leaf.span in refs else ""
            of = f" (default of {clean(default)})" if default else ""
            yield f"    {_at(leaf.span)}: literal{of} {_excerpt(leaf.span, lines_of)}".rstrip()
            continue
        yield from _hole(leaf, lines_of)
    if not part.leaves and part.reason:
        yield f"    unknown: {clean(part.reason)}"


def _hole(leaf: Leaf, lines_of: LinesOf) -> Iterator[str]:
    yield f"    {_at(leaf.span)}: {clean(leaf.how)} {_excerpt(leaf.span, lines_of)}".rstrip()
    end = leaf.end or leaf.span
    where = f" at {_at(end)}" if end != leaf.span else ""
    ends = clean(leaf.reason) if leaf.reason != leaf.how else "it"
    if leaf.entry in ENTRIES:
        yield f"      {ends}{where} is a listed entry: {leaf.entry}"
    else:
        kind = f" ({leaf.entry})" if leaf.entry else ""
        yield f"      unknown because {ends}{where} ends at no listed entry{kind}"
    for key in leaf.keys:
        yield f"      changes with {key.source.value} {clean(key.name)} ({_at(key.span)})"
        for step in key.trail:
            yield f"        {_at(step.span)}: {clean(step.label)}"


def _breakpoints(entry: Entry, paint: Paint) -> Iterator[str]:
    count = len(entry.breakpoints)
    said = f"{count} explicit" + (", automatic caching" if entry.automatic else "")
    yield from _head("breakpoints", said if count or entry.automatic else "none", paint)
    for marker in entry.breakpoints:
        ttl = marker.point.ttl or "ttl not known"
        maybe = ", on some paths only" if marker.point.optional else ""
        yield f"    {_at(marker.point.span)}: behind {marker.at}, {ttl}{maybe}"


def _pair(reuse: Reuse, paint: Paint) -> Iterator[str]:
    yield from _head("pair", clean(reuse.pair.label), paint)
    yield from _steps(reuse.pair.evidence)
    at = reuse.divergence
    if at is None:
        yield "    nothing is seen to differ but what is new in the second call"
        return
    key = at.moving.keys[0]
    yield (
        f"    diverges at {at.place.value}[{at.index}] after {tokens(at.tokens)}:"
        f" {key.source.value} {clean(key.name)} ({_at(key.span)})"
    )
    for step in key.trail:
        yield f"      {_at(step.span)}: {clean(step.label)}"


def _conversation(of: Conversation | None, paint: Paint) -> Iterator[str]:
    if of is None:
        yield from _head("conversation", "none: the messages are made for this one call", paint)
        return
    kept = {True: "sent as stored", False: "stored otherwise than sent", None: ""}
    said = [
        f"kept in {of.home.value}",
        "append-only" if of.append_only else "rewritten",
        kept[of.sent_equals_stored],
        "" if of.certain else "not all of it could be followed",
    ]
    yield from _head("conversation", ", ".join(filter(None, said)), paint)
    if of.born is not None:
        yield f"    {_at(of.born)}: born here"
    yield from _steps([growth.step for growth in of.grown_by])
    yield from _steps([limit.step for limit in of.bounded_by])
    yield from _steps(of.rewritten)
    yield from _steps(of.slides)


def _verdict(verdict: Verdict, paint: Paint) -> Iterator[str]:
    name = f"{paint(verdict.id, 'bold')} {verdict.name}"
    if not verdict.found:
        yield f"  {name}: silent: {clean('; or '.join(verdict.says))}"
        return
    yield f"  {name}: found{f', but not reported: {clean(verdict.hidden)}' if verdict.hidden else ''}"
    for message in verdict.says:
        yield f"    {clean(message)}"


def _steps(steps: Sequence[Step]) -> Iterator[str]:
    for step in steps:
        yield f"    {_at(step.span)}: {clean(step.label)}"


def _head(name: str, text: str, paint: Paint) -> Iterator[str]:
    yield f"  {paint(f'{name}:', 'bold blue')} {text}"


def _at(span: Span) -> str:
    return f"{clean(span.path)}:{span.line}"


def _excerpt(span: Span, lines_of: LinesOf) -> str:
    """The first line of what stands at a span."""
    try:
        line = lines_of(span.path)[span.line - 1]
    except Exception:
        return ""
    end = span.end_column - 1 if span.end_line == span.line else len(line)
    text = clean(line[span.column - 1 : end].strip())
    more = span.end_line > span.line or len(text) > _LONGEST
    return f"`{text[:_LONGEST]}{' ...' if more else ''}`"
