"""Ratios and bills: the figures that findings and the verifier show."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skinflint.cache import ratio
from skinflint.cache.model import Block, Refusal
from skinflint.catalog.models import Model, load

relaxed = settings(deadline=None, max_examples=50)


def model(name: str) -> Model:
    return load().ids[name]


def test_forty_calls() -> None:
    none = ratio.uncached_vs_cached(40, None)
    assert none.now == pytest.approx(40)
    assert none.after == pytest.approx(5.15)
    broken = ratio.broken(40, None)
    assert broken.now == pytest.approx(50)
    assert broken.after == pytest.approx(5.15)
    assert round(broken.value, 1) == 9.7
    assert broken.value == pytest.approx(broken.now / broken.after)


@relaxed
@given(st.integers(1, 200), st.sampled_from(["5m", "1h"]))
def test_broken_is_the_arithmetic_of_the_price_table(calls: int, ttl: str) -> None:
    write = {"5m": 1.25, "1h": 2.0}[ttl]
    found = ratio.broken(calls, None, ttl)
    assert found.now == pytest.approx(write * calls)
    assert found.after == pytest.approx(write + 0.1 * (calls - 1))


def test_a_hit_costs_a_twelfth_of_a_write() -> None:
    limit = ratio.broken(2000, None)
    assert limit.value == pytest.approx(12.5, rel=0.01)
    assert ratio.marked_in_vain(7, None).value == pytest.approx(1.25)
    assert ratio.marked_in_vain(7, None, "1h").value == pytest.approx(2)


@pytest.mark.parametrize(("turns", "value"), [(1, 12.5), (5, 3.3), (20, 1.6)])
def test_a_shared_part_behind_a_users_own_text(turns: int, value: float) -> None:
    found = ratio.per_user(turns, None)
    assert round(found.value, 1) == value
    assert found.now == pytest.approx(1.25 + 0.1 * (turns - 1))
    assert found.after == pytest.approx(0.1 * turns)


def test_the_prices_of_the_model_count() -> None:
    assert ratio.broken(10, model("claude-opus-5")).value == pytest.approx(12.5 / 2.15)
    assert ratio.broken(10, model("claude-opus-5-5")).value == pytest.approx(12.5 / 1.7)
    assert ratio.broken(10, model("claude-fable-5-1")).value == pytest.approx(12.5 / 1.475)
    assert ratio.broken(10, model("claude-haiku-5-5")).value == pytest.approx(12.5 / 2.15)


def test_parallel_first_calls() -> None:
    found = ratio.cold_fan_out(8, None)
    assert found.now == pytest.approx(10)
    assert found.after == pytest.approx(1.25 + 0.7)


def test_a_changing_tail_in_the_marked_block() -> None:
    found = ratio.shared(10, 9000, 100, None)
    assert found.now == pytest.approx(10 * 9100 * 1.25)
    assert found.after == pytest.approx(9000 * (1.25 + 0.9) + 10 * 100)
    below = ratio.shared(10, 300, 100, model("claude-opus-5"))
    assert below.value == 1  # neither is cached
    assert ratio.shared(10, 300, 300, model("claude-opus-5")).value == pytest.approx(1.25)


def test_a_tail_that_is_reused_keeps_a_marker() -> None:
    """A profile over five tool rounds: without a marker of its own the split gains less."""
    plain = ratio.shared(10, 9000, 4000, None, rounds=5)
    marked = ratio.shared(10, 9000, 4000, None, rounds=5, tail_marked=True)
    assert plain.now == pytest.approx(13_000 * 2 * (1.25 + 0.4))
    assert plain.after == pytest.approx(9000 * (1.25 + 0.9) + 10 * 4000)
    assert marked.after == pytest.approx(9000 * (1.25 + 0.9) + 4000 * 2 * (1.25 + 0.4))
    assert plain.value < 1 < marked.value
    never_changes = ratio.shared(5, 9000, 100, None, rounds=5, tail_marked=True)
    assert never_changes.value == pytest.approx(1)


def test_a_conversation_with_an_uncached_tail() -> None:
    found = ratio.growing(3, 2000, 500, None)
    assert found.now == pytest.approx(2000 * (1.25 + 0.2) + 500 * (1 + 2 + 3))
    assert found.after == pytest.approx(2000 * (1.25 + 0.2) + 500 * (1.25 * 3 + 0.1 * 3))
    assert ratio.growing(20, 0, 1000, None).value > 1


def test_a_bill_takes_rows_and_blocks() -> None:
    row: ratio.Row = ("a", 1000, "5m", "system")
    rows = [[row, ("q", 10, None, "messages")]] * 2
    assert ratio.bill(rows) == pytest.approx(1250 + 100 + 20)
    assert ratio.bill([[Block("a", 1000, "5m")], [("a", 1000, None, "messages")]]) == 2250
    assert ratio.bill([]) == 0
    assert ratio.bill([[]]) == 0


def test_a_bill_with_automatic_caching_and_gaps() -> None:
    rows = [[("a", 1000, None, "messages")]] * 3
    assert ratio.bill(rows) == 3000
    assert ratio.bill(rows, automatic="5m") == pytest.approx(1450)
    assert ratio.bill(rows, automatic="5m", parallel=True) == pytest.approx(3750)
    assert ratio.bill(rows, automatic="5m", step=301) == pytest.approx(3750)
    assert ratio.bill(rows, automatic="1h", step=301) == pytest.approx(2200)


def test_a_request_that_is_refused_has_no_finite_bill() -> None:
    rows = [[(str(n), 10, "5m", "messages") for n in range(5)]]
    assert ratio.bill(rows) == math.inf
    assert isinstance(ratio.answers(rows)[0], Refusal)


def test_no_calls_cost_nothing() -> None:
    assert ratio.broken(0, None) == (0, 0, 1)


@relaxed
@given(st.integers(2, 60), st.sampled_from(sorted(load().models)))
def test_a_broken_prefix_is_always_dearer(calls: int, name: str) -> None:
    found = ratio.broken(calls, model(name))
    assert found.value > 1
    assert ratio.broken(calls + 1, model(name)).value > found.value
