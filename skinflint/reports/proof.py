"""What ``skinflint prove`` saw, for a terminal: per place its tokens, its bill, and bars."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from skinflint.reports.paint import Paint, clean, plain

#: Calls of one place that are drawn: the first ones and the last ones.
_FIRST, _LAST = 12, 4
_BAR = 48
_READ, _WRITTEN, _PLAIN = "█", "▒", "·"
_COLUMNS = ("calls", "hit rate", "bill")


class Bar(NamedTuple):
    """One call: the tokens of its prompt, apart by how they are billed."""

    number: int
    read: int
    written: int
    uncached: int
    output: int
    refused: str = ""

    @property
    def prompt(self) -> int:
        """Tokens of the whole prompt."""
        return self.read + self.written + self.uncached


class Broken(NamedTuple):
    """The break that cost a place most."""

    calls: int
    byte: int
    where: str  # "system block 0"
    now: str  # what stands there, and what stood there before
    before: str
    expression: str = ""  # the code that put it there
    at: str = ""  # "app.py:12:5"
    source: str = ""  # "datetime.now(), app.py:10:11"


class Place(NamedTuple):
    """One place that sends requests."""

    name: str  # "app.py:12", or what is known of it
    function: str
    method: str
    models: tuple[str, ...]
    calls: int
    refused: int
    written_5m: int
    written_1h: int
    read: int
    uncached: int
    output: int
    usd: float | None  # None: some price is not known
    broken: Broken | None
    bars: tuple[Bar, ...]
    hints: tuple[str, ...] = ()  # why nothing was cached, in words
    known: bool = True  # it is one of the rebuilt requests
    key: tuple[str, ...] = ()  # the same place at another revision

    @property
    def written(self) -> int:
        """Tokens written to the cache."""
        return self.written_5m + self.written_1h

    @property
    def prompt(self) -> int:
        """Tokens of all prompts."""
        return self.read + self.written + self.uncached

    @property
    def hit_rate(self) -> float:
        """Share of the prompts that was read from the cache."""
        return self.read / self.prompt if self.prompt else 0.0


class Proof(NamedTuple):
    """One run."""

    title: str  # "working tree", or the revision
    places: tuple[Place, ...]
    notes: tuple[str, ...] = ()
    dated: str = ""  # the day of the prices


def total(places: Sequence[Place], key: tuple[str, ...] = ()) -> Place:
    """All places as one."""
    costs = [place.usd for place in places]
    return Place(
        name="all",
        function="",
        method="",
        models=tuple(sorted({model for place in places for model in place.models})),
        calls=sum(place.calls for place in places),
        refused=sum(place.refused for place in places),
        written_5m=sum(place.written_5m for place in places),
        written_1h=sum(place.written_1h for place in places),
        read=sum(place.read for place in places),
        uncached=sum(place.uncached for place in places),
        output=sum(place.output for place in places),
        usd=None if None in costs else sum(cost for cost in costs if cost is not None),
        broken=None,
        bars=(),
        key=key,
    )


def pairs(before: Proof, after: Proof) -> list[tuple[Place | None, Place | None]]:
    """The places of two runs side by side: those of the second in order, then what is gone."""
    old = {place.key: place for place in before.places}
    found: list[tuple[Place | None, Place | None]] = [
        (old.pop(place.key, None), place) for place in after.places
    ]
    return [*found, *((place, None) for place in old.values())]


def render(proof: Proof, *, paint: Paint = plain, columns: int = 100) -> str:
    """One run as text."""
    lines: list[str] = []
    for place in proof.places:
        lines += [*_heading(place, paint), *_figures(place), *_broken(place, paint)]
        lines += [*_bars(place, paint, columns), ""]
    if len(proof.places) > 1:
        lines += [paint("all places", "bold"), *_figures(total(proof.places)), ""]
    lines += [_key(paint), *_small_print(proof)]
    return "\n".join(lines) + "\n"


def render_both(before: Proof, after: Proof, *, paint: Paint = plain, columns: int = 100) -> str:
    """Two runs side by side, and then the later one in full."""
    lines = [paint(f"{before.title} -> {after.title}", "bold"), ""]
    rows: list[tuple[str, ...]] = [("", *_COLUMNS)]
    both = pairs(before, after)
    for old, new in both:
        rows.append(_row(clean(_label(new or old)), old, new))
    if len(both) > 1:
        rows.append(_row("all places", total(before.places), total(after.places)))
    lines += [*_table(rows, columns), ""]
    return "\n".join(lines) + "\n" + render(after, paint=paint, columns=columns)


def _label(place: Place | None) -> str:
    if place is None:
        return ""
    return f"{place.function}() in {place.name}" if place.function else place.name


def _row(label: str, old: Place | None, new: Place | None) -> tuple[str, ...]:
    def both(show: str) -> str:
        was, now = (_cell(place, show) for place in (old, new))
        return was if was == now else f"{was} -> {now}"

    return (label, *(both(column) for column in _COLUMNS))


def _cell(place: Place | None, column: str) -> str:
    if place is None:
        return "-"
    if column == "hit rate":
        return percent(place.hit_rate)
    if column == "bill":
        return money(place.usd)
    return f"{place.calls:,}"


def _table(rows: Sequence[tuple[str, ...]], columns: int) -> Iterator[str]:
    """The rows in columns; where they are too wide, each label stands above its figures."""
    widths = [max(len(row[index]) for row in rows) for index in range(len(rows[0]))]
    wide = sum(widths) + 2 * (len(widths) - 1) <= columns
    for label, *cells in rows:
        figures = "  ".join(
            text.ljust(width) for text, width in zip(cells, widths[1:], strict=True)
        )
        if wide:
            yield f"{label:<{widths[0]}}  {figures}".rstrip()
            continue
        if label:
            yield label
        yield f"    {figures}".rstrip()


def _heading(place: Place, paint: Paint) -> Iterator[str]:
    what = f"{place.function}()" if place.function else ""
    parts = [paint(clean(place.name), "bold"), clean(what), place.method, ", ".join(place.models)]
    yield "  ".join(part for part in parts if part)
    if not place.known:
        yield "  no rebuilt request stands at this place"


def _figures(place: Place) -> Iterator[str]:
    written = f"written {place.written:,}"
    if place.written_1h:
        written += f" ({place.written_1h:,} for an hour)"
    parts = [
        f"calls {place.calls:,}",
        f"read {place.read:,}",
        written,
        f"uncached {place.uncached:,}",
        f"output {place.output:,}",
        f"hit rate {percent(place.hit_rate)}",
        f"bill {money(place.usd)}",
    ]
    if place.refused:
        parts.insert(1, f"refused {place.refused:,}")
    yield "  " + "   ".join(parts)
    for hint in place.hints:
        yield f"  {clean(hint)}"


def _broken(place: Place, paint: Paint) -> Iterator[str]:
    broken = place.broken
    if broken is None:
        return
    times = f"{broken.calls} of {place.calls} calls"
    yield paint(f"  broken in {times} at byte {broken.byte:,}, in {broken.where}", "yellow")
    if broken.before or broken.now:
        yield f"    before: {clean(broken.before)}"
        yield f"    then:   {clean(broken.now)}"
    if broken.at:
        yield f"    put there by {clean(broken.expression)} at {clean(broken.at)}"
    if broken.source:
        yield f"    which comes from {clean(broken.source)}"


def _bars(place: Place, paint: Paint, columns: int) -> Iterator[str]:
    most = max((bar.prompt for bar in place.bars), default=0)
    width = min(_BAR, max(columns - 40, 10))
    digits = len(str(max((bar.number for bar in place.bars), default=0)))
    left_out = len(place.bars) - _FIRST - _LAST
    for index, bar in enumerate(place.bars):
        if left_out > 1 and _FIRST <= index < len(place.bars) - _LAST:
            if index == _FIRST:
                yield f"  {'':>{digits}} ... {left_out} more"
            continue
        if bar.refused:
            yield f"  {bar.number:>{digits}} {paint('refused: ' + clean(bar.refused), 'red')}"
            continue
        read, written, rest = cells(bar, most, width)
        drawn = paint(_READ * read, "green") + paint(_WRITTEN * written, "yellow") + _PLAIN * rest
        pad = " " * (width - read - written - rest)
        yield f"  {bar.number:>{digits}} {drawn}{pad} {bar.prompt:,}"


def cells(bar: Bar, most: int, width: int) -> tuple[int, int, int]:
    """How many cells each part of a bar gets; a part that is there gets at least one."""
    if not most:
        return 0, 0, 0
    ends = []
    summed = 0
    for part in (bar.read, bar.written, bar.uncached):
        summed += part
        ends.append(round(summed * width / most))
    sizes = [ends[0], ends[1] - ends[0], ends[2] - ends[1]]
    for index, part in enumerate((bar.read, bar.written, bar.uncached)):
        if part and not sizes[index]:
            sizes[index] = 1
    while sum(sizes) > width:
        sizes[sizes.index(max(sizes))] -= 1
    return sizes[0], sizes[1], sizes[2]


def _key(paint: Paint) -> str:
    read, written = paint(_READ, "green"), paint(_WRITTEN, "yellow")
    return f"{read} read from the cache  {written} written to it  {_PLAIN} neither"


def _small_print(proof: Proof) -> Iterator[str]:
    yield (
        "Tokens are estimates from the number of characters; the cache follows the published rules."
    )
    day = f" of {proof.dated}" if proof.dated else ""
    yield f"The bill is what these tokens cost at Anthropic's own prices{day}. Nothing was billed."
    for note in proof.notes:
        yield f"note: {clean(note)}"


def percent(share: float) -> str:
    """A share in words."""
    return f"{share * 100:.0f} %"


def money(usd: float | None) -> str:
    """An amount, with as many digits as it takes."""
    if usd is None:
        return "unknown"
    if not usd:
        return "$0"
    return f"${usd:,.2f}" if usd >= 1 else f"${usd:.4f}" if usd >= 0.001 else f"${usd:.6f}"
