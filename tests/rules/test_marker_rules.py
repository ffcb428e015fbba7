"""SKF204 and SKF208 on requests built by hand."""

from __future__ import annotations

from dataclasses import replace

import hand_built as hb
import pytest
from judging import judged

from skinflint.linter.findings import (
    Applicability,
    Finding,
    MarkLastOnly,
    RemoveMarker,
    Severity,
)
from skinflint.linter.request import (
    Form,
    Part,
    Place,
    Platform,
    Request,
    State,
)
from skinflint.rules.marker_on_every_block import MarkerOnEveryBlock
from skinflint.rules.prefix_below_minimum import PrefixBelowMinimum


def every(request: Request) -> list[Finding]:
    return list(MarkerOnEveryBlock().check(request, hb.CONTEXT))


def short(request: Request) -> list[Finding]:
    return list(PrefixBelowMinimum().check(request, hb.CONTEXT))


def with_markers(count: int, automatic: bool = False) -> Request:
    blocks = [hb.text(10 + n, hb.SENTENCE) for n in range(count)]
    marks = [hb.mark(n) for n in range(count)]
    if automatic:
        marks.append(hb.automatic(count))
    return hb.request(*blocks, hb.turn(), marks=tuple(marks))


def test_four_are_allowed() -> None:
    assert every(with_markers(4)) == []
    assert every(with_markers(3, automatic=True)) == []


def test_five_are_an_error_and_the_first_goes() -> None:
    (found,) = every(with_markers(5))
    assert found.severity is Severity.ERROR
    assert "5 markers" in found.message
    assert found.fix is not None
    assert found.fix.applicability is Applicability.SAFE
    assert found.fix.ops == (RemoveMarker(hb.at(70)),)
    assert len(found.related) == 5


def test_automatic_caching_takes_one_of_the_four() -> None:
    (found,) = every(with_markers(4, automatic=True))
    assert "4 markers and automatic caching" in found.message
    assert found.fix is not None
    assert found.fix.ops == (RemoveMarker(hb.at(70)),)


def test_the_last_marker_of_each_part_stays() -> None:
    tool = hb.text(5, hb.SENTENCE, place=Place.TOOLS, kind="tool")
    system = [hb.text(10 + n, hb.SENTENCE) for n in range(3)]
    shots = [hb.user(30 + n, hb.SENTENCE) for n in range(3)]
    built = hb.request(tool, *system, *shots, marks=tuple(hb.mark(n) for n in range(7)))
    (found,) = every(built)
    assert found.fix is not None
    assert found.fix.ops == tuple(RemoveMarker(hb.at(70 + n)) for n in (1, 2, 4))


def test_markers_on_some_paths_do_not_count() -> None:
    built = with_markers(5)
    marks = (replace(built.breakpoints[0], optional=True), *built.breakpoints[1:])
    assert every(replace(built, breakpoints=marks)) == []
    blocks = (replace(built.blocks[0], optional=True), *built.blocks[1:])
    assert every(replace(built, blocks=blocks)) == []


def test_one_marker_in_the_code_for_several_in_the_request() -> None:
    built = with_markers(5)
    same = tuple(replace(mark, span=hb.at(70)) for mark in built.breakpoints)
    (found,) = every(replace(built, breakpoints=same))
    assert found.fix is None
    assert found.no_fix


def test_a_marker_per_item_of_a_loop() -> None:
    items = hb.user(30, hb.entity("document"), repeated=True)
    built = hb.request(items, hb.turn(), marks=(hb.mark(0, per_item=True),))
    (found,) = every(built)
    assert found.severity is Severity.WARNING
    assert found.primary == hb.at(70)
    assert found.fix is not None
    assert found.fix.applicability is Applicability.PRICE
    assert found.fix.ops == (MarkLastOnly(hb.at(70)),)


def test_a_short_prefix_is_mentioned() -> None:
    built = hb.request(hb.text(10, hb.SENTENCE), hb.turn(), marks=(hb.mark(0),))
    (found,) = short(built)
    assert found.severity is Severity.INFO
    assert "512" in found.message
    assert found.fix is None


def test_each_model_has_its_own_minimum() -> None:
    block = hb.text(10, hb.SENTENCE * 20)
    built = hb.request(block, hb.turn(), marks=(hb.mark(0),), models=("claude-haiku-4-5",))
    assert len(short(built)) == 1
    assert short(replace(built, models=hb.request(models=("claude-opus-5-5",)).models)) == []
    both = hb.request(models=("claude-haiku-4-5", "claude-opus-5-5")).models
    assert short(replace(built, models=both)) == []


def test_what_is_not_known_is_not_short() -> None:
    built = hb.request(hb.text(10, hb.SENTENCE), hb.turn(), marks=(hb.mark(0),))
    assert short(replace(built, models=())) == []
    assert short(replace(built, site=replace(built.site, platform=Platform.BEDROCK))) == []
    assert short(replace(built, tools=Part(State.TRACED))) == []
    assert short(replace(built, system=Part(State.PARTIAL))) == []
    unknown = hb.text(10, hb.SENTENCE, hb.imported())
    assert short(replace(built, blocks=(unknown, hb.turn()))) == []
    repeated = hb.text(10, hb.SENTENCE, repeated=True)
    assert short(replace(built, blocks=(repeated, hb.turn()))) == []


def test_long_text_outside_ascii_is_not_called_short() -> None:
    built = hb.request(hb.text(10, "私たちの店の規則です。" * 50), hb.turn(), marks=(hb.mark(0),))
    assert short(built) == []


def test_automatic_caching_grows() -> None:
    turn = hb.user(60, "Hello", last_message=True, last=True, form=Form.STRING)
    built = hb.request(hb.text(10, hb.SENTENCE), turn, marks=(hb.automatic(1),))
    assert len(short(built)) == 1
    assert short(replace(built, multi_turn=True)) == []
    grown = hb.request(hb.text(10, hb.SENTENCE), hb.history(), turn, marks=(hb.automatic(2),))
    assert short(grown) == []


def test_quiet_where_something_moves() -> None:
    built = hb.request(
        hb.text(10, hb.SENTENCE, hb.clock()), hb.turn(), marks=(hb.mark(0),), pairs=(hb.IN_LOOP,)
    )
    assert short(built) == []


def test_a_model_that_retires_is_judged_by_what_replaces_it() -> None:
    def marked(model: str) -> Request:
        block = hb.text(10, hb.SENTENCE * 28)
        return hb.request(block, hb.turn(), marks=(hb.mark(0),), models=(model,))

    assert short(marked("claude-sonnet-4-6"))
    assert not short(marked("claude-sonnet-4-20250514"))  # its successor caches from 512


NEWEST = """\
import anthropic

client = anthropic.Anthropic()


def marked(messages):
    out = list(messages)
    done = 0
    for i in range(len(out) - 1, -1, -1):
        ENOUGH
        blocks = [dict(block) for block in out[i]["content"]]
        blocks[-1] = {**blocks[-1], "cache_control": {"type": "ephemeral"}}
        out[i] = {**out[i], "content": blocks}
        done += 1
    return out


def ask(messages):
    return client.messages.create(
        model="claude-sonnet-5-5", max_tokens=900, messages=marked(messages)
    )
"""


@pytest.mark.parametrize(
    ("enough", "found"),
    [
        ("pass", True),
        ("if done == 2:\n            break", False),
        ("if not out[i]['content']:\n            break", True),
    ],
)
def test_a_loop_that_leaves_off_after_two(enough: str, found: bool) -> None:
    assert bool(judged(MarkerOnEveryBlock, NEWEST.replace("ENOUGH", enough), hb.CONTEXT)) is found
