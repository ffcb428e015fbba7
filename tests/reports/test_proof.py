"""What prove saw, in the terminal, as HTML and as JSON: made by hand, with text that bites."""

from __future__ import annotations

import html.parser
import json
from typing import Any

import pytest

from skinflint.reports import proof_html, proof_json
from skinflint.reports.proof import (
    Bar,
    Broken,
    Place,
    Proof,
    cells,
    money,
    pairs,
    render,
    render_both,
    total,
)

BITES = '</code><script>alert("1")</script>\x1b[31m'


def place(name: str = "app.py:3", calls: int = 2, **more: Any) -> Place:
    """A place with some calls, half of whose prompts was read."""
    bars = tuple(Bar(n, 500, 300, 200, 10) for n in range(1, calls + 1))
    values: dict[str, Any] = {
        "function": "ask",
        "method": "messages.create",
        "models": ("claude-sonnet-5-5",),
        "refused": 0,
        "written_5m": 300 * calls,
        "written_1h": 0,
        "read": 500 * calls,
        "uncached": 200 * calls,
        "output": 10 * calls,
        "usd": 0.0125,
        "broken": None,
        "bars": bars,
        "key": (name,),
    }
    return Place(name, calls=calls, **{**values, **more})


BROKEN = Broken(3, 1234, "system[0]", f"now {BITES}", "then", f"{{{BITES}}}", "app.py:4:5", BITES)
PROOF = Proof("here", (place(calls=40, broken=BROKEN), place("b.py:1")), (BITES,), "2026-10-08")


def test_long_runs_are_cut_in_the_middle() -> None:
    lines = render(PROOF).split("\n")
    numbers = [line.split()[0] for line in lines if line.endswith(" 1,000")]
    assert numbers == [*map(str, range(1, 13)), "37", "38", "39", "40", "1", "2"]
    assert "     ... 24 more" in lines
    assert "  broken in 3 of 40 calls at byte 1,234, in system[0]" in lines


def test_nothing_of_the_program_acts_on_the_terminal_or_the_page() -> None:
    assert "\x1b" not in render(PROOF)
    page = proof_html.render(PROOF, PROOF)
    assert "<script>" not in page
    seen: list[str] = []

    class Reader(html.parser.HTMLParser):
        def handle_starttag(self, tag: str, attrs: Any) -> None:
            seen.append(tag)

    Reader().feed(page)
    assert "script" not in seen
    assert seen.count("div") > 80


def test_every_line_fits() -> None:
    text = render(Proof("here", (place(calls=40),)), columns=60)
    bars = [line for line in text.split("\n") if line.endswith("1,000")]
    assert bars
    assert max(map(len, bars)) <= 60


@pytest.mark.parametrize(
    ("bar", "drawn"),
    [
        (Bar(1, 500, 300, 200, 1), (5, 3, 2)),
        (Bar(1, 998, 1, 1, 1), (8, 1, 1)),  # what is there is drawn
        (Bar(1, 0, 0, 0, 1), (0, 0, 0)),
        (Bar(1, 0, 500, 0, 1), (0, 5, 0)),
    ],
)
def test_a_bar_is_as_long_as_its_prompt(bar: Bar, drawn: tuple[int, int, int]) -> None:
    assert cells(bar, 1000, 10) == drawn
    assert cells(bar, 0, 10) == (0, 0, 0)


def test_refused_calls_say_why() -> None:
    bars = (Bar(1, 0, 0, 0, 0, "too long"),)
    text = render(Proof("here", (place(calls=1, refused=1, bars=bars),)))
    assert "  1 refused: too long" in text
    assert "refused 1" in text


def test_both_runs_stand_side_by_side() -> None:
    before = Proof("HEAD", (place(read=0, written_5m=1600, usd=0.5), place("gone.py:1")))
    after = Proof("here", (place(), place("new.py:1", usd=None)))
    assert [(o and o.name, n and n.name) for o, n in pairs(before, after)] == [
        ("app.py:3", "app.py:3"),
        (None, "new.py:1"),
        ("gone.py:1", None),
    ]
    table = render_both(before, after).split("\n\n")[1].split("\n")
    assert [line.split()[0] for line in table] == ["calls", "ask()", "ask()", "ask()", "all"]
    assert table[1].endswith("2       0 % -> 50 %   $0.5000 -> $0.0125")
    assert table[4].endswith("unknown")
    narrow = render_both(before, after, columns=40)
    assert "ask() in app.py:3\n    2 " in narrow


def test_sums() -> None:
    everything = total((place(), place("b.py:1", usd=None)))
    assert (everything.calls, everything.read, everything.usd) == (4, 2000, None)
    assert everything.hit_rate == 0.5
    assert total(()).hit_rate == 0


@pytest.mark.parametrize(
    ("usd", "words"),
    [
        (None, "unknown"),
        (0, "$0"),
        (0.000012, "$0.000012"),
        (0.0123, "$0.0123"),
        (1234.5, "$1,234.50"),
    ],
)
def test_money(usd: float | None, words: str) -> None:
    assert money(usd) == words


def test_json_holds_the_same() -> None:
    found = json.loads(proof_json.render(PROOF, PROOF))
    assert (found["version"], found["tokens"], found["prices"]) == (1, "estimated", "2026-10-08")
    assert found["total"]["calls"] == 42
    assert found["against"]["places"] == found["places"]
    first = found["places"][0]
    assert first["hit_rate"] == 0.5
    assert first["broken"]["byte"] == 1234
    assert len(first["requests"]) == 40
