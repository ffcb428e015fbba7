"""The cache model against the documented rules, one by one, and its properties."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from skinflint.cache.model import (
    PLACES,
    Block,
    Call,
    Entry,
    Refusal,
    State,
    Usage,
    refusal_of,
    send,
    send_all,
    units,
    usd,
)
from skinflint.catalog.models import Model, load

FACTS = load().cache
relaxed = settings(
    deadline=None,
    max_examples=50,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)


def model(name: str) -> Model:
    return load().ids[name]


def block(key: str, tokens: int = 1000, ttl: str | None = None, **more: object) -> Block:
    return Block(key, tokens, ttl)._replace(**more)


def call(*blocks: Block, **more: object) -> Call:
    return Call(blocks)._replace(**more)


def usages(*calls: Call) -> list[tuple[int, int, int, int]]:
    """(read, write 5m, write 1h, uncached) of each call, all of which are accepted."""
    found = []
    for outcome in send_all(calls)[0]:
        assert isinstance(outcome, Usage)
        found.append(outcome[:4])
    return found


def reason(one: Call) -> str:
    outcome, state = send(State(), one)
    assert isinstance(outcome, Refusal)
    assert state == State()
    assert refusal_of(one) == outcome
    assert outcome.message
    return outcome.reason


# ------------------------------------------------------------------ what is written and read


def test_nothing_is_cached_without_a_marker() -> None:
    same = call(block("a"), block("b"))
    assert usages(same, same) == [(0, 0, 0, 2000)] * 2
    assert send(State(), same)[1].entries == {}


def test_a_marker_writes_and_the_next_call_reads() -> None:
    same = call(block("a", ttl="5m"), block("b", 10))
    assert usages(same, same) == [(0, 1000, 0, 10), (1000, 0, 0, 10)]


def test_entries_are_written_only_at_markers() -> None:
    first = call(block("a"), block("b", ttl="5m"))
    other = call(block("a", ttl="5m"), block("c"))
    assert usages(first, other) == [(0, 2000, 0, 0), (0, 1000, 0, 1000)]


def test_the_prefix_is_tools_then_system_then_messages() -> None:
    tool = block("t", place="tools", kind="tool")
    system = block("s", place="system", ttl="5m")
    message = block("m", 7)
    for order in itertools.permutations((tool, system, message)):
        assert usages(call(*order)) == [(0, 2000, 0, 7)]
    warm = send(State(), call(tool, system, message))[1]
    outcome, _ = send(warm, call(message, system, tool))
    assert outcome == Usage(2000, 0, 0, 7)


def test_any_change_before_the_marker_is_a_miss() -> None:
    first = call(block("a"), block("b", ttl="5m"))
    second = call(block("A"), block("b", ttl="5m"))
    assert usages(first, second)[1] == (0, 2000, 0, 0)


def test_markers_are_no_part_of_the_hash() -> None:
    first = call(block("a"), block("b", ttl="5m"))
    moved = call(block("a", ttl="5m"), block("b"), block("c", ttl="5m"))
    assert usages(first, moved)[1] == (2000, 1000, 0, 0)


def test_a_moving_marker_reads_what_the_turn_before_wrote() -> None:
    calls = [
        call(*(block(str(n), ttl="5m" if n == last else None) for n in range(last + 1)))
        for last in range(3)
    ]
    assert usages(*calls) == [(0, 1000, 0, 0), (1000, 1000, 0, 0), (2000, 1000, 0, 0)]


# ------------------------------------------------------------------ look-back


def grown(by: int, kind: str = "text", marks: tuple[int, ...] = ()) -> tuple[Call, Call]:
    """A call marked at block 0, and one that has ``by`` more blocks, marked at the last."""
    more = [
        block(f"m{n}", 10, "5m" if n in marks or n == by - 1 else None, kind=kind)
        for n in range(by)
    ]
    return call(block("a", ttl="5m")), call(block("a"), *more)


def test_twenty_positions_are_looked_at_the_marked_one_being_the_first() -> None:
    assert FACTS.lookback == 20
    assert usages(*grown(19))[1] == (1000, 190, 0, 0)
    assert usages(*grown(20))[1] == (0, 1200, 0, 0)


def test_a_second_marker_extends_the_reach() -> None:
    assert usages(*grown(30, marks=(10,)))[1] == (1000, 300, 0, 0)


@pytest.mark.parametrize("kind", ["tool_use", "tool_result"])
def test_a_run_counts_as_one_position_on_the_claude_api(kind: str) -> None:
    first, second = grown(60, kind)
    assert usages(first, second)[1] == (1000, 600, 0, 0)
    elsewhere = [one._replace(platform="bedrock") for one in (first, second)]
    assert usages(*elsewhere)[1] == (0, 1600, 0, 0)


def test_runs_of_two_kinds_are_two_positions() -> None:
    kinds = ["tool_use", "tool_use", "tool_result", "tool_result"] * 5
    more = [block(f"m{n}", 10, kind=kind) for n, kind in enumerate(kinds)]
    tail = [block(f"t{n}", 10, "5m" if n == 9 else None) for n in range(10)]
    wide = call(block("a"), *more, *tail)  # 10 runs and 10 blocks stand behind the entry
    assert usages(call(block("a", ttl="5m")), wide)[1] == (0, 1300, 0, 0)
    fits = call(block("a"), *more, *tail[1:])
    assert usages(call(block("a", ttl="5m")), fits)[1] == (1000, 290, 0, 0)


# ------------------------------------------------------------------ minimum


@pytest.mark.parametrize(
    ("name", "minimum"),
    [("claude-opus-5-5", 512), ("claude-sonnet-5", 1024), ("claude-haiku-4-5", 4096)],
)
def test_below_the_minimum_nothing_is_cached_and_nothing_is_said(name: str, minimum: int) -> None:
    short = call(block("a", minimum - 1, "5m"), model=model(name))
    assert usages(short, short) == [(0, 0, 0, minimum - 1)] * 2
    enough = call(block("a", minimum, "5m"), model=model(name))
    assert usages(enough, enough) == [(0, minimum, 0, 0), (minimum, 0, 0, 0)]


def test_the_minimum_counts_from_the_start_of_the_prompt() -> None:
    same = call(block("a", 300, "5m"), block("b", 300, "5m"), model=model("claude-opus-5-5"))
    assert usages(same, same) == [(0, 600, 0, 0), (600, 0, 0, 0)]


# ------------------------------------------------------------------ time


def test_lifetime_runs_from_the_start_of_the_request() -> None:
    assert FACTS.ttl_seconds == {"5m": 300, "1h": 3600}
    for ttl, seconds in FACTS.ttl_seconds.items():
        first = call(block("a", ttl=ttl), at=0.0, begins=200.0)
        assert usages(first, first._replace(at=seconds - 1.0, begins=None))[1][0] == 1000
        assert usages(first, first._replace(at=float(seconds), begins=None))[1][0] == 0


def test_a_read_refreshes_the_entry() -> None:
    same = call(block("a", ttl="5m"))
    times = [same._replace(at=n * 299.0) for n in range(5)]
    assert usages(*times) == [(0, 1000, 0, 0)] + [(1000, 0, 0, 0)] * 4


def test_a_read_keeps_the_lifetime_the_entry_was_written_with() -> None:
    hour = call(block("a", ttl="1h"))
    five = call(block("a", ttl="5m"))
    assert usages(hour, five._replace(at=3000.0), five._replace(at=6000.0)) == [
        (0, 0, 1000, 0),
        (1000, 0, 0, 0),
        (1000, 0, 0, 0),
    ]
    # and a marker of an hour on what is already cached for five minutes is not billed as one
    assert usages(five, hour._replace(at=1.0), hour._replace(at=400.0)) == [
        (0, 1000, 0, 0),
        (1000, 0, 0, 0),
        (0, 0, 1000, 0),
    ]


def test_readable_only_once_the_writers_reply_has_begun() -> None:
    writer = call(block("a", ttl="5m"), at=0.0, begins=2.0)
    assert usages(writer, writer._replace(at=1.9, begins=3.0))[1] == (0, 1000, 0, 0)
    assert usages(writer, writer._replace(at=2.0, begins=3.0))[1] == (1000, 0, 0, 0)


def test_parallel_first_calls_each_write() -> None:
    burst = [call(block("a", ttl="5m"), at=n / 100, begins=1.0 + n) for n in range(5)]
    assert usages(*burst) == [(0, 1000, 0, 0)] * 5
    late = call(block("a", ttl="5m"), at=1.5)  # the first of them has begun
    assert usages(*burst, late)[-1] == (1000, 0, 0, 0)


def test_expired_entries_are_forgotten() -> None:
    state = send(State(), call(block("a", ttl="5m")))[1]
    assert len(state.entries) == 1
    assert state.after(299.0) is state
    assert state.after(300.0).entries == {}
    assert Entry(1.0, 2.0, "5m", 10).live(1.0)
    assert not Entry(1.0, 2.0, "5m", 10).live(2.0)


# ------------------------------------------------------------------ scope


def test_caches_belong_to_a_model_and_a_workspace() -> None:
    one = call(block("a", 5000, "5m"), model=model("claude-opus-5"), scope="w1")
    for other in (
        one._replace(model=model("claude-opus-5-5")),
        one._replace(scope="w2"),
        one._replace(model=None),
    ):
        assert usages(one, other)[1] == (0, 5000, 0, 0)
    assert usages(one, one)[1] == (5000, 0, 0, 0)


# ------------------------------------------------------------------ two lifetimes in one request


def test_mixed_lifetimes_are_billed_at_three_positions() -> None:
    mixed = call(
        block("a", 1000, "1h"), block("b", 500, "1h"), block("c", 200, "5m"), block("d", 30)
    )
    assert usages(mixed) == [(0, 200, 1500, 30)]
    only_a = call(block("a", 1000, "1h"))
    assert usages(only_a, mixed)[1] == (1000, 200, 500, 30)
    up_to_b = call(block("a", 1000, "1h"), block("b", 500, "1h"))
    assert usages(up_to_b, mixed)[1] == (1500, 200, 0, 30)
    assert usages(mixed, mixed)[1] == (1700, 0, 0, 30)


def test_an_hour_behind_five_minutes_is_refused() -> None:
    assert reason(call(block("a", ttl="5m"), block("b", ttl="1h"))) == "ttl-order"
    late_tool = block("t", ttl="5m", place="tools", kind="tool")
    assert reason(call(block("m", ttl="1h"), late_tool)) == "ttl-order"
    assert refusal_of(call(block("m", ttl="5m"), late_tool._replace(ttl="1h"))) is None


# ------------------------------------------------------------------ markers that are refused


def test_four_markers_at_most() -> None:
    marked = [block(str(n), ttl="5m") for n in range(5)]
    assert refusal_of(call(*marked[:4])) is None
    assert reason(call(*marked)) == "too-many-markers"
    assert refusal_of(call(*marked)) == Refusal(
        "too-many-markers", "5 blocks carry cache_control, at most 4 may", 4
    )


@pytest.mark.parametrize("kind", ["thinking", "redacted_thinking"])
def test_thinking_can_not_be_marked(kind: str) -> None:
    assert reason(call(block("a", ttl="5m", kind=kind, role="assistant"))) == "unmarkable-kind"


def test_empty_text_and_deferred_tools_can_not_be_marked() -> None:
    assert reason(call(block("", 0, "5m", empty=True))) == "empty-text"
    assert reason(call(block("t", ttl="5m", place="tools", deferred=True))) == "deferred"


def test_only_two_lifetimes_exist() -> None:
    assert reason(call(block("a", ttl="10m"))) == "unknown-ttl"
    assert reason(call(block("a"), automatic="10m")) == "unknown-ttl"


def test_places_and_settings_that_do_not_exist_are_mistakes_of_the_caller() -> None:
    with pytest.raises(ValueError, match="no place 'head'"):
        send(State(), call(block("a", place="head")))
    for name in ("tool_chioce", "model", "system"):
        with pytest.raises(ValueError, match="no setting"):
            send(State(), call(block("a"), settings=((name, "x"),)))


# ------------------------------------------------------------------ automatic caching


def test_automatic_caching_marks_the_last_block_and_moves() -> None:
    calls = [call(*(block(str(n)) for n in range(length)), automatic="5m") for length in (1, 2, 3)]
    assert usages(*calls) == [(0, 1000, 0, 0), (1000, 1000, 0, 0), (2000, 1000, 0, 0)]


def test_automatic_caching_takes_one_of_the_four_slots() -> None:
    marked = [block(str(n), ttl="5m") for n in range(4)]
    tail = block("tail", 10)
    assert usages(call(*marked[:3], tail, automatic="5m")) == [(0, 3010, 0, 0)]
    assert reason(call(*marked, tail, automatic="5m")) == "no-slot-for-automatic"


def test_automatic_on_a_marked_last_block() -> None:
    last = block("b", ttl="5m")
    assert usages(call(block("a"), last, automatic="5m")) == [(0, 2000, 0, 0)]
    assert reason(call(block("a"), last, automatic="1h")) == "automatic-ttl-clash"


def test_automatic_caching_obeys_the_order_of_lifetimes() -> None:
    assert reason(call(block("a", ttl="5m"), block("b"), automatic="1h")) == "ttl-order"
    assert usages(call(block("a", ttl="1h"), block("b", 5), automatic="5m")) == [(0, 5, 1000, 0)]


def test_automatic_caching_walks_back_from_what_can_not_carry_it() -> None:
    thinking = block("t", 50, kind="thinking", role="assistant")
    empty = block("", 0, empty=True)
    assert usages(call(block("a"), thinking, empty, automatic="5m")) == [(0, 1000, 0, 50)]
    assert usages(call(thinking, empty, automatic="5m")) == [(0, 0, 0, 50)]
    assert usages(call(automatic="5m")) == [(0, 0, 0, 0)]


def test_automatic_caching_where_it_is_not_supported() -> None:
    assert reason(call(block("a"), automatic="5m", platform="bedrock")) == "automatic-unsupported"
    assert refusal_of(call(block("a", ttl="5m"), platform="bedrock")) is None
    assert refusal_of(call(block("a"), automatic="5m", platform="vertex")) is None


def test_automatic_caching_on_a_tail_that_varies_never_reads() -> None:
    calls = [call(block("long", 9000), block(f"q{n}", 100), automatic="5m") for n in range(3)]
    assert usages(*calls) == [(0, 9100, 0, 0)] * 3
    marked = [one._replace(blocks=(block("long", 9000, "5m"), one.blocks[1])) for one in calls]
    assert usages(*marked) == [(0, 9100, 0, 0)] + [(9000, 100, 0, 0)] * 2


# ------------------------------------------------------------------ what a change loses

PREFIX = (
    block("t", 1000, "5m", place="tools", kind="tool"),
    block("s", 100, "5m", place="system"),
    block("m", 10, "5m"),
)


def read_after(before: Call, after: Call) -> tuple[str, ...]:
    """The places that survive the step from ``before`` to ``after``."""
    read = usages(before, after)[1][0]
    return PLACES[: {0: 0, 1000: 1, 1100: 2, 1110: 3}[read]]


@pytest.mark.parametrize(
    ("setting", "survives"),
    [
        ("web_search", ("tools",)),
        ("citations", ("tools",)),
        ("speed", ("tools",)),
        ("tool_choice", ("tools", "system")),
        ("thinking", ()),
        ("effort", ()),
        ("max_tokens", PLACES),
        ("stop_sequences", PLACES),
        ("metadata", PLACES),
        ("stream", PLACES),
    ],
)
def test_a_changed_setting(setting: str, survives: tuple[str, ...]) -> None:
    off = call(*PREFIX)
    on = call(*PREFIX, settings=((setting, "x"),))
    other = call(*PREFIX, settings=((setting, "y"),))
    assert read_after(off, on) == read_after(on, off) == read_after(on, other) == survives
    assert read_after(on, on) == PLACES


def test_a_changed_place() -> None:
    same = call(*PREFIX)
    for index in range(3):
        blocks = list(PREFIX)
        blocks[index] = blocks[index]._replace(key="new")
        assert read_after(same, call(*blocks)) == PLACES[:index]
    assert read_after(same, same._replace(model=model("claude-opus-5"))) == ()


def test_an_image_anywhere_loses_the_messages() -> None:
    with_image = call(*PREFIX, block("i", 1, kind="image"))
    assert read_after(call(*PREFIX), with_image) == ("tools", "system")
    assert read_after(with_image, with_image) == PLACES


def test_the_default_effort_is_as_good_as_none() -> None:
    opus = model("claude-opus-5")
    plain = call(block("a", 5000, "5m"), model=opus)
    assert opus.effort == "high"
    assert usages(plain, plain._replace(settings=(("effort", "high"),)))[1][0] == 5000
    assert usages(plain, plain._replace(settings=(("effort", "low"),)))[1][0] == 0


def test_the_table_can_be_overridden() -> None:
    facts = load({"invalidates": {"speed": [], "effort": ["messages"]}, "limits": {"markers": 2}})
    for setting, read in (("speed", 1110), ("effort", 1100)):
        changed = call(*PREFIX[:1], PREFIX[1]._replace(ttl=None), PREFIX[2])
        first = call(PREFIX[0], PREFIX[1], PREFIX[2]._replace(ttl=None))
        state = send(send(State(), first, facts)[1], changed, facts)[1]
        outcome, _ = send(state, changed._replace(settings=((setting, "x"),)), facts)
        assert isinstance(outcome, Usage)
        assert outcome.read == read
    assert isinstance(send(State(), call(*PREFIX), facts)[0], Refusal)


def test_order_of_settings_does_not_matter() -> None:
    settings = (("speed", "fast"), ("tool_choice", "auto"))
    one = call(*PREFIX, settings=settings)
    assert read_after(one, one._replace(settings=settings[::-1])) == PLACES


def conversation(*tail: Block) -> tuple[Block, ...]:
    return (
        block("question", 5000, "5m"),
        block("thought", 300, kind="thinking", role="assistant"),
        block("use", 20, kind="tool_use", role="assistant"),
        block("result", 400, "5m", kind="tool_result"),
        *tail,
    )


@pytest.mark.parametrize(
    ("name", "keeps"),
    [
        ("claude-opus-4-5", True),
        ("claude-sonnet-4-6", True),
        ("claude-haiku-5-5", True),
        ("claude-haiku-4-5", False),
        ("claude-sonnet-4-5", False),
    ],
)
def test_a_plain_user_message_after_thinking(name: str, keeps: bool) -> None:
    first = call(*conversation(), model=model(name), thinks=True)
    more = block("answer", 10, role="assistant"), block("and now?", 6)
    second = first._replace(blocks=conversation(*more))
    expected = (5720, 0, 0, 16) if keeps else (5000, 420, 0, 16)
    assert usages(first, second)[1] == expected
    silent = [one._replace(thinks=False) for one in (first, second)]
    assert usages(*silent)[1] == (5720, 0, 0, 16)
    results_only = first._replace(
        blocks=conversation(
            block("use 2", 9, kind="tool_use", role="assistant"),
            block("result 2", 9, kind="tool_result"),
        )
    )
    assert usages(first, results_only)[1] == (5720, 0, 0, 18)


# ------------------------------------------------------------------ the bill


def test_bill_in_usd() -> None:
    opus = model("claude-opus-5-5")
    million = 1_000_000
    assert usd(Usage(0, 0, 0, million), opus) == 4
    assert usd(Usage(0, million, 0, 0), opus) == 5
    assert usd(Usage(0, 0, million, 0), opus) == 8
    assert usd(Usage(million, 0, 0, 0), opus) == pytest.approx(0.2)
    assert usd(Usage(0, 0, 0, 0, million), opus) == 20
    every = Usage(million, million, million, million, million)
    assert usd(every, opus) == pytest.approx(37.2)
    assert usd(every, opus, batch=True) == pytest.approx(18.6)
    assert usd(every, opus, us_only=True) == pytest.approx(37.2 * 1.1)
    assert usd(every, opus, batch=True, us_only=True) == pytest.approx(18.6 * 1.1)
    assert usd(Usage(million, million, 0, million, million), opus, fast=True) == pytest.approx(
        0.4 + 10 + 8 + 40
    )


def test_bill_in_usd_where_a_price_is_not_known() -> None:
    assert usd(Usage(0, 0, 0, 10), model("claude-mythos-preview")) is None
    assert usd(Usage(0, 0, 0, 0, 10), model("claude-mythos-preview")) is None
    assert usd(Usage(0, 0, 0, 10), model("claude-haiku-5-5"), fast=True) is None
    assert usd(Usage(0, 0, 0, 0), model("claude-mythos-preview")) == 0


def test_the_band_follows_the_whole_prompt() -> None:
    haiku = model("claude-haiku-5-5")
    assert usd(Usage(90_000, 0, 0, 10_000, 1000), haiku) == pytest.approx(
        (90_000 * 0.01 + 10_000 * 0.10 + 1000 * 0.50) / 1e6
    )
    assert usd(Usage(90_000, 0, 0, 10_001, 1000), haiku) == pytest.approx(
        (90_000 * 0.05 + 10_001 * 0.50 + 1000 * 2.50) / 1e6
    )
    assert units(Usage(0, 0, 0, 100_000), haiku) == pytest.approx(100_000)
    assert units(Usage(0, 0, 0, 200_000), haiku) == pytest.approx(1_000_000)
    assert units(Usage(200_000, 0, 0, 0), haiku) == pytest.approx(100_000)


@pytest.mark.parametrize(
    ("name", "read"),
    [
        (None, 0.1),
        ("claude-mythos-preview", 0.1),
        ("claude-opus-5", 0.1),
        ("claude-fable-5", 0.1),
        ("claude-opus-5-5", 0.05),
        ("claude-sonnet-5-5", 0.05),
        ("claude-fable-5-1", 0.025),
        ("claude-fable-5-2", 0.025),
    ],
)
def test_bill_in_units_of_plain_input(name: str | None, read: float) -> None:
    one = None if name is None else model(name)
    assert units(Usage(100, 0, 0, 0), one) == pytest.approx(100 * read)
    assert units(Usage(0, 100, 0, 0), one) == pytest.approx(125)
    assert units(Usage(0, 0, 100, 0), one) == pytest.approx(200)
    assert units(Usage(0, 0, 0, 100, 99), one) == pytest.approx(100)
    assert units(Usage(100, 100, 100, 100), one, batch=True) == pytest.approx(
        (425 + 100 * read) / 2
    )


# ------------------------------------------------------------------ properties

KINDS = {
    "tools": [("tool", "")],
    "system": [("text", "")],
    "messages": [
        ("text", "user"),
        ("text", "assistant"),
        ("tool_use", "assistant"),
        ("tool_result", "user"),
        ("thinking", "assistant"),
        ("image", "user"),
    ],
}


@st.composite
def blocks(draw: st.DrawFn) -> Block:
    place = draw(st.sampled_from(PLACES))
    kind, role = draw(st.sampled_from(KINDS[place]))
    markable = kind not in FACTS.unmarkable
    ttl = draw(st.sampled_from([None, None, None, "5m", "1h"])) if markable else None
    key = draw(st.sampled_from("abcdef"))
    tokens = draw(st.integers(1, 3000))
    return Block(f"{key}{tokens}", tokens, ttl, place, kind, role)


MODELS = [None, *(model(n) for n in ("claude-opus-5-5", "claude-haiku-4-5", "claude-haiku-5-5"))]


@st.composite
def calls(draw: st.DrawFn) -> Call:
    """A call that is accepted."""
    one = Call(
        tuple(draw(st.lists(blocks(), max_size=40))),
        draw(st.sampled_from(MODELS)),
        draw(st.sampled_from([None, "5m", "1h"])),
        draw(st.sampled_from([(), (("tool_choice", "any"),), (("effort", "low"),)])),
        thinks=draw(st.booleans()),
    )
    kept = 0
    trimmed = []
    for each in one.blocks:  # so that not nearly all are refused for their number of markers
        kept += each.ttl is not None
        trimmed.append(each if kept <= 3 else each._replace(ttl=None))
    one = one._replace(blocks=tuple(trimmed))
    if refusal_of(one) is not None:
        one = one._replace(
            automatic=None,
            blocks=tuple(b if b.ttl is None else b._replace(ttl="5m") for b in trimmed),
        )
    assume(refusal_of(one) is None)
    return one


def answered(state: State, one: Call) -> tuple[Usage, State]:
    outcome, after = send(state, one)
    assert isinstance(outcome, Usage)
    return outcome, after


@relaxed
@given(calls(), calls())
def test_every_token_is_billed_once(one: Call, other: Call) -> None:
    state = answered(State(), other)[1]
    usage, _ = answered(state, one)
    total = sum(b.tokens for b in one.blocks)
    assert min(usage) >= 0
    if one.thinks and one.model is not None and one.model.keeps_thinking is False:
        thought = sum(b.tokens for b in one.blocks if b.kind == "thinking")
        assert total - thought <= usage.prompt <= total
    else:
        assert usage.prompt == total


@relaxed
@given(calls())
def test_the_same_call_again_reads_all_it_wrote(one: Call) -> None:
    first, state = answered(State(), one)
    again, later = answered(state, one)
    assert first.read == 0
    assert again == Usage(first.write_5m + first.write_1h, 0, 0, first.uncached)
    assert later.entries == state.entries


@relaxed
@given(calls(), st.integers(0, 40))
def test_more_of_a_shared_prefix_never_costs_more(warm: Call, shared: int) -> None:
    warm = warm._replace(
        blocks=tuple(sorted(warm.blocks, key=lambda b: PLACES.index(b.place))), thinks=False
    )
    state = answered(State(), warm)[1]

    def sharing(count: int) -> float:
        mixed = [
            b if n < count else b._replace(key=f"{b.key}, other {n}")
            for n, b in enumerate(warm.blocks)
        ]
        return units(answered(state, warm._replace(blocks=tuple(mixed)))[0], warm.model)

    assert sharing(shared + 1) <= sharing(shared) + 1e-6


@relaxed
@given(st.data())
def test_only_the_order_within_a_place_matters(data: st.DataObject) -> None:
    one = data.draw(calls())
    usage, state = answered(State(), one)
    by_place = {p: [b for b in one.blocks if b.place == p] for p in PLACES}
    places = data.draw(st.permutations([b.place for b in one.blocks]))
    mixed = one._replace(blocks=tuple(by_place[p].pop(0) for p in places))
    assert answered(State(), mixed)[0] == usage
    assert answered(state, mixed)[0].read == usage.write_5m + usage.write_1h


@relaxed
@given(calls(), calls())
def test_a_state_is_never_changed(one: Call, other: Call) -> None:
    state = answered(State(), one)[1]
    before = dict(state.entries)
    first = send(state, other)
    assert dict(state.entries) == before
    assert send(state, other) == first
    with pytest.raises(TypeError):
        state.entries[b""] = Entry(0, 1, "5m", 1)  # type: ignore[index]


@relaxed
@given(calls(), st.floats(3600, 10**6))
def test_nothing_outlives_the_longest_ttl(one: Call, later: float) -> None:
    state = answered(State(), one)[1]
    assert answered(state, one._replace(at=later))[0].read == 0
    assert state.after(later).entries == {}


@relaxed
@given(calls())
def test_a_reply_that_never_begins_is_never_read(one: Call) -> None:
    state = answered(State(), one._replace(begins=10.0**9))[1]
    assert answered(state, one._replace(at=1.0))[0].read == 0


@relaxed
@given(calls())
def test_a_cold_marker_costs_at_most_the_dearest_write(one: Call) -> None:
    usage, _ = answered(State(), one)
    plain = units(usage._replace(write_5m=0, write_1h=0, uncached=usage.prompt), one.model)
    assert plain - 1e-6 <= units(usage, one.model) <= plain * FACTS.write_1h + 1e-6


def test_the_numbers_of_the_documentation() -> None:
    assert (FACTS.write_5m, FACTS.write_1h, FACTS.read) == (1.25, 2.0, 0.1)
    assert (FACTS.batch, FACTS.us_only) == (0.5, 1.1)
    assert (FACTS.max_markers, FACTS.lookback, FACTS.ttl_default) == (4, 20, "5m")
    assert load().cache.notice_days == 60
    assert load().cache.stale_days == 120
