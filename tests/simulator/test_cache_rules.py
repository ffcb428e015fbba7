"""The rules of the prompt cache, as the real SDK meets them: numbers, not code, are compared."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import anthropic
import pytest
from serving import HOUR, MARK, MODEL, Served, assistant, serving, text, tool, user

from skinflint.cache.model import units
from skinflint.catalog.models import load


@pytest.fixture
def served() -> Iterator[Served]:
    with serving() as found:
        yield found


def test_nothing_is_cached_without_a_marker(served: Served) -> None:
    for _ in range(2):
        read, written, plain = served.used(system=[text("Rules.")])
        assert (read, written) == (0, 0)
        assert plain > 1000


def test_a_marked_prefix_is_written_once_and_then_read(served: Served) -> None:
    _, written, _ = served.used(system=[text("Rules.", mark=MARK)])
    assert written > 1000
    for question in ("One?", "Two?"):
        read, again, plain = served.used(
            system=[text("Rules.", mark=MARK)], messages=[user(question)]
        )
        assert (read, again) == (written, 0)
        assert 0 < plain < 10


def test_the_prompt_is_rendered_tools_system_messages_whatever_was_written_first(
    served: Served,
) -> None:
    tools = [tool("look"), tool("go")]
    first: dict[str, Any] = {"system": [text("Rules.", mark=MARK)], "tools": tools}
    _, written, _ = served.used(**first)
    assert served.used(tools=tools, system=first["system"])[0] == written
    # another tool in front loses the system prompt behind it
    assert served.used(tools=[tool("fly"), *tools], system=first["system"])[0] == 0


def test_only_what_stands_in_front_of_a_marker_counts(served: Served) -> None:
    served.used(system=[text("Rules.", mark=MARK), text("It is noon.", 1)])
    read, written, _ = served.used(system=[text("Rules.", mark=MARK), text("It is one.", 1)])
    assert read > 1000
    assert written == 0


def test_a_string_is_one_text_block(served: Served) -> None:
    block = text("Rules.")
    said = user([{**block, "cache_control": MARK}])
    _, written, _ = served.used(messages=[said])
    plain = user(block["text"])
    read, _, _ = served.used(messages=[plain, assistant("Yes."), user([text("On.", 1, MARK)])])
    assert read == written


def test_a_prefix_below_the_minimum_is_silently_not_cached(served: Served) -> None:
    least = load().ids[MODEL].min_prefix
    assert least is not None
    for _ in range(2):
        read, written, plain = served.used(system=[text("Rules.", 10, MARK)])
        assert (read, written) == (0, 0)
        assert 0 < plain < least


def test_another_model_reads_nothing(served: Served) -> None:
    system = [text("Rules.", 400, MARK)]
    served.used(system=system)
    assert served.used(system=system, model="claude-haiku-5-5")[0] == 0
    assert served.used(system=system)[0] > 0


def test_an_entry_lives_for_five_minutes_and_a_read_renews_it(served: Served) -> None:
    system = [text("Rules.", mark=MARK)]
    served.used(system=system)
    for wait, hit in ((299, True), (299, True), (301, False), (0, True)):
        served.simulator.clock.advance(wait)
        assert bool(served.used(system=system)[0]) is hit, wait


def test_an_hour_is_an_hour_and_counted_apart(served: Served) -> None:
    system = [text("Rules.", mark=HOUR)]
    usage = served.ask(system=system).usage
    assert usage.cache_creation.ephemeral_1h_input_tokens > 1000
    assert usage.cache_creation.ephemeral_5m_input_tokens == 0
    served.simulator.clock.advance(3599)
    assert served.used(system=system)[0] > 0
    served.simulator.clock.advance(3601)
    assert served.used(system=system)[0] == 0


def test_both_lifetimes_in_one_request(served: Served) -> None:
    usage = served.ask(
        system=[text("Rules.", mark=HOUR)], messages=[user([text("A letter.", mark=MARK)])]
    ).usage
    created = usage.cache_creation
    assert created.ephemeral_1h_input_tokens > 1000
    assert created.ephemeral_5m_input_tokens > 1000
    both = created.ephemeral_1h_input_tokens + created.ephemeral_5m_input_tokens
    assert usage.cache_creation_input_tokens == both


def test_the_look_back_reaches_twenty_positions(served: Served) -> None:
    def turns(count: int) -> list[dict[str, Any]]:
        said = [text(f"{number}.", 1) for number in range(count)]
        return [user([*said[:-1], {**said[-1], "cache_control": MARK}])]

    system = [text("Rules.")]
    served.used(system=system, messages=turns(2))
    assert served.used(system=system, messages=turns(21))[0] > 0
    served.simulator.reset()
    served.used(system=system, messages=turns(2))
    assert served.used(system=system, messages=turns(22))[0] == 0


def test_a_tool_that_is_looked_for_first_is_no_part_of_the_prefix(served: Served) -> None:
    system = [text("Rules.", mark=MARK)]
    later = [{**tool(name), "defer_loading": True} for name in ("go", "sing")]
    served.used(system=system, tools=[tool("look"), later[0]])
    assert served.used(system=system, tools=[tool("look"), *later])[0] > 1000


def test_a_run_of_tool_results_is_one_position(served: Served) -> None:
    def called(count: int, mark: Any = None) -> list[dict[str, Any]]:
        uses = [
            {"type": "tool_use", "id": f"t{n}", "name": "look", "input": {}} for n in range(count)
        ]
        results: list[dict[str, Any]] = [
            {"type": "tool_result", "tool_use_id": f"t{n}", "content": "seen"} for n in range(count)
        ]
        if mark:
            results[-1]["cache_control"] = mark
        return [assistant(uses), user(results)]

    opening = [user([text("Look around.", mark=MARK)])]
    served.used(messages=opening, tools=[tool("look")])
    read, _, _ = served.used(messages=[*opening, *called(30, MARK)], tools=[tool("look")])
    assert read > 1000


def test_automatic_caching_moves_with_the_conversation(served: Served) -> None:
    messages = [user("First? " + text("")["text"])]
    seen = []
    for turn in range(4):
        seen.append(served.used(messages=messages, cache_control=MARK))
        messages += [assistant("Yes."), user(f"And then {turn}?")]
    assert seen[0][1] > 1000
    for before, now in itertools.pairwise(seen):
        assert now[0] == before[0] + before[1]
        assert 0 < now[1] < 30
        assert now[2] == 0


@pytest.mark.parametrize(
    ("change", "kept"),
    [
        ({"tools": [tool("look"), tool("go")]}, 0),
        ({"tool_choice": {"type": "none"}}, 2),
        ({"tool_choice": {"type": "auto", "disable_parallel_tool_use": True}}, 2),
        ({"speed": "fast"}, 1),
        ({"output_config": {"effort": "low"}}, 0),
        ({"output_config": {"effort": "high"}}, 3),  # the default of the model
        ({"thinking": {"type": "adaptive"}}, 0),
        ({"max_tokens": 50, "stop_sequences": ["x"], "metadata": {"user_id": "u"}}, 3),
    ],
    ids=lambda value: str(value)[:40],
)
def test_what_a_change_loses(served: Served, change: dict[str, Any], kept: int) -> None:
    """``kept`` of the three marked places are still read: tools, system, messages."""

    def request(**more: Any) -> dict[str, Any]:
        return {
            "model": "claude-opus-5",
            "tools": [
                {**tool("look"), "description": text("Look.")["text"], "cache_control": MARK}
            ],
            "system": [text("Rules.", mark=MARK)],
            "messages": [user([text("A letter.", mark=MARK)])],
            **more,
        }

    served.ask(**request())
    sizes = [sum(p.tokens for p in _pieces(served)[: n + 1]) for n in range(3)]
    read = served.used(**request(**change))[0]
    assert read == ([0, *sizes])[kept]


def _pieces(served: Served) -> Any:
    return served.simulator.exchanges[-1].prompt.pieces


def test_an_image_anywhere_loses_the_messages(served: Served) -> None:
    system = [text("Rules.", mark=MARK)]
    image = {
        "type": "image",
        "source": {"type": "url", "url": "https://example.com/bicycle.png"},
    }
    letter = [text("A letter.", mark=MARK)]
    _, written, _ = served.used(system=system, messages=[user(letter)])
    read, _, _ = served.used(system=system, messages=[user([*letter, image])])
    assert 0 < read < written


def test_markers_are_no_part_of_the_prefix(served: Served) -> None:
    blocks = [text("One."), text("Two."), text("Three.", mark=MARK)]
    served.used(system=blocks)
    read, written, _ = served.used(system=[text("One.", mark=MARK), *blocks[1:]])
    assert (read > 1000, written) == (True, 0)


def test_what_is_written_can_be_read_once_the_response_has_begun() -> None:
    """Calls that start together each pay for the write; one sent first spares the others."""
    import asyncio

    async def together(url: str, count: int) -> list[int]:
        async with anthropic.AsyncAnthropic(base_url=url, api_key="x", max_retries=0) as client:
            replies = await asyncio.gather(
                *(
                    client.messages.create(
                        model=MODEL,
                        max_tokens=10,
                        system=[text("Rules.", mark=MARK)],  # type: ignore[list-item]
                        messages=[{"role": "user", "content": f"{number}?"}],
                    )
                    for number in range(count)
                )
            )
        return [reply.usage.cache_read_input_tokens or 0 for reply in replies]

    with serving(together=4) as served:
        cold = asyncio.run(together(served.server.url, 4))
        warm = asyncio.run(together(served.server.url, 4))
    assert cold == [0, 0, 0, 0]
    assert all(warm)


# ------------------------------------------------------------ the published numbers


def spent(served: Served, calls: int, system: list[dict[str, Any]]) -> float:
    """What a prefix of some tokens costs over so many calls, in units of that prefix."""
    served.simulator.reset()
    sizes = set()
    for number in range(calls):
        block = dict(system[0])
        if "{number}" in block["text"]:
            block["text"] = block["text"].replace("{number}", f"{number:03}")
        served.ask(model="claude-sonnet-4-6", system=[block])
        sizes.add(_pieces(served)[0].tokens)
    assert len(sizes) == 1
    question = _pieces(served)[-1].tokens
    model = load().ids["claude-sonnet-4-6"]
    total = sum(units(each.usage, model) for each in served.simulator.exchanges if each.usage)
    return (total - calls * question) / sizes.pop()


def test_forty_calls_cost_40_or_5_15_or_50(served: Served) -> None:
    assert spent(served, 40, [text("Rules.", 200)]) == pytest.approx(40)
    assert spent(served, 40, [text("Rules.", 200, MARK)]) == pytest.approx(5.15)
    assert spent(served, 40, [text("{number} Rules.", 200, MARK)]) == pytest.approx(50)


def test_five_minutes_pay_back_after_one_read_and_an_hour_after_two(served: Served) -> None:
    plain, marked, hour = text("Rules.", 200), text("Rules.", 200, MARK), text("Rules.", 200, HOUR)
    assert spent(served, 1, [marked]) > spent(served, 1, [plain])
    assert spent(served, 2, [marked]) < spent(served, 2, [plain])
    assert spent(served, 2, [hour]) > spent(served, 2, [plain])
    assert spent(served, 3, [hour]) < spent(served, 3, [plain])


def test_the_counters_sum_up_to_the_prompt(served: Served) -> None:
    for number in range(5):
        request: dict[str, Any] = {
            "system": [text("Rules.", mark=HOUR), text(f"{number}.", 30, MARK)],
            "messages": [user([text("A letter.", 40, MARK), text("And?", 1)])],
        }
        usage = served.ask(**request).usage
        counted = served.client.messages.count_tokens(model=MODEL, **request).input_tokens
        assert counted == (
            usage.input_tokens + usage.cache_creation_input_tokens + usage.cache_read_input_tokens
        )


def test_the_bill_is_that_of_the_price_table(served: Served) -> None:
    served.ask(model="claude-sonnet-4-6", system=[text("Rules.", 200, HOUR)], inference_geo="us")
    [exchange] = served.simulator.exchanges
    usage, bill = exchange.usage, exchange.usd()
    assert usage is not None
    # 3 $ a million in, 6 to write for an hour, 15 out; a tenth more within the US
    expected = (usage.uncached * 3 + usage.write_1h * 6 + usage.output * 15) * 1.1 / 1_000_000
    assert bill == pytest.approx(expected)
