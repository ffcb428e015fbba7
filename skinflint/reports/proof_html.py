"""What ``skinflint prove`` saw, as one HTML file without scripts and without anything remote."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from skinflint.reports.proof import Bar, Broken, Place, Proof, money, pairs, percent, total

_STYLE = """\
body { font: 15px/1.5 system-ui, sans-serif; max-width: 70rem; margin: 2rem auto; padding: 0 1rem;
  color: #1c1c1c; background: #fff; }
h2 { font-size: 1.05rem; margin: 2.5rem 0 .3rem; }
code, .call { font-family: ui-monospace, monospace; font-size: .9em; }
table { border-collapse: collapse; } td, th { padding: .2rem .8rem .2rem 0; text-align: right; }
td:first-child, th:first-child { text-align: left; }
.broken { border-left: 3px solid #c77700; padding-left: .8rem; margin: .6rem 0; }
.call { display: flex; align-items: center; gap: .6rem; height: 1.3rem; }
.call > span:first-child { width: 3rem; text-align: right; color: #666; }
.bar { display: flex; flex: 1; height: .8rem; background: none; }
.read { background: #2e8b57; } .written { background: #e0a030; } .plain { background: #c8c8c8; }
.key span { display: inline-block; width: .9rem; height: .7rem; margin: 0 .4rem 0 1rem; }
.refused { color: #b00020; } footer { margin-top: 2rem; color: #555; }
@media (prefers-color-scheme: dark) { body { color: #e6e6e6; background: #161616; }
  .plain { background: #555; } footer, .call > span:first-child { color: #aaa; } }
"""


def render(proof: Proof, before: Proof | None = None) -> str:
    """The page of a run, and of an earlier revision's beside it."""
    parts = [
        "<!doctype html>",
        '<html lang="en"><head><meta charset="utf-8"><title>skinflint prove</title>',
        f"<style>\n{_STYLE}</style></head><body>",
        "<h1>skinflint prove</h1>",
        '<p class="key"><span class="read"></span>read from the cache'
        '<span class="written"></span>written to it<span class="plain"></span>neither</p>',
    ]
    if before is not None:
        parts += _comparison(before, proof)
    for place in proof.places:
        parts += _place(place)
    parts += [f"<h2>{escape('all places')}</h2>", _figures(total(proof.places))]
    parts += _footer(proof)
    parts.append("</body></html>")
    return "\n".join(parts) + "\n"


def _comparison(before: Proof, after: Proof) -> Iterator[str]:
    yield f"<h2>{escape(before.title)} &rarr; {escape(after.title)}</h2><table>"
    yield '<tr><th></th><th colspan="2">hit rate</th><th colspan="2">bill</th></tr>'
    rows = [(_title(new or old), old, new) for old, new in pairs(before, after)]
    rows.append(("all places", total(before.places), total(after.places)))
    for label, old, new in rows:
        cells = [_share(old), _share(new), _bill(old), _bill(new)]
        yield f"<tr><td>{label}</td>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"
    yield "</table>"


def _share(place: Place | None) -> str:
    return "&ndash;" if place is None else percent(place.hit_rate)


def _bill(place: Place | None) -> str:
    return "&ndash;" if place is None else money(place.usd)


def _title(place: Place | None) -> str:
    if place is None:
        return ""
    function = f" {escape(place.function)}()" if place.function else ""
    return f"<code>{escape(place.name)}</code>{function}"


def _place(place: Place) -> Iterator[str]:
    models = escape(", ".join(place.models))
    yield f"<h2>{_title(place)} <small>{escape(place.method)} {models}</small></h2>"
    yield _figures(place)
    for hint in place.hints:
        yield f"<p>{escape(hint)}</p>"
    if place.broken is not None:
        yield _broken(place, place.broken)
    most = max((bar.prompt for bar in place.bars), default=0)
    for bar in place.bars:
        yield _bar(bar, most)


def _figures(place: Place) -> str:
    refused = f" &middot; refused {place.refused:,}" if place.refused else ""
    return (
        f"<p>calls {place.calls:,}{refused} &middot; read {place.read:,} &middot; "
        f"written {place.written:,} &middot; uncached {place.uncached:,} &middot; "
        f"output {place.output:,} &middot; <b>hit rate {percent(place.hit_rate)}</b> &middot; "
        f"<b>bill {money(place.usd)}</b></p>"
    )


def _broken(place: Place, broken: Broken) -> str:
    lines = [
        f"Broken in {broken.calls} of {place.calls} calls at byte {broken.byte:,}, "
        f"in {escape(broken.where)}"
    ]
    if broken.before or broken.now:
        lines.append(f"before: <code>{escape(broken.before)}</code>")
        lines.append(f"then: <code>{escape(broken.now)}</code>")
    if broken.at:
        code = f"<code>{escape(broken.expression)}</code>"
        lines.append(f"put there by {code} at {escape(broken.at)}")
    if broken.source:
        lines.append(f"which comes from {escape(broken.source)}")
    return f'<div class="broken">{"<br>".join(lines)}</div>'


def _bar(bar: Bar, most: int) -> str:
    if bar.refused:
        return (
            f'<div class="call"><span>{bar.number}</span>'
            f'<span class="refused">{escape(bar.refused)}</span></div>'
        )
    parts = "".join(
        f'<div class="{kind}" style="width:{size / most * 100:.2f}%" title="{name} {size:,}"></div>'
        for kind, name, size in (
            ("read", "read", bar.read),
            ("written", "written", bar.written),
            ("plain", "uncached", bar.uncached),
        )
        if size
    )
    return (
        f'<div class="call"><span>{bar.number}</span><div class="bar">{parts}</div>'
        f"<span>{bar.prompt:,}</span></div>"
    )


def _footer(proof: Proof) -> Iterator[str]:
    day = f" of {escape(proof.dated)}" if proof.dated else ""
    yield (
        "<footer><p>Tokens are estimates from the number of characters; the cache follows the "
        f"published rules. The bill is what these tokens cost at Anthropic's own prices{day}. "
        "Nothing was billed.</p>"
    )
    for note in proof.notes:
        yield f"<p>{escape(note)}</p>"
    yield "</footer>"
