"""Where prefixes part: what is a break, and what is only new."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from serving import MARK, Served, assistant, serving, text, tool, user

from skinflint.simulator.divergence import Break, breaks, misses


@pytest.fixture
def served() -> Iterator[Served]:
    with serving() as found:
        yield found


def found(served: Served, *requests: dict[str, Any]) -> list[Break]:
    """The breaks among requests that are sent one after the other."""
    for request in requests:
        served.ask(**request)
    return breaks(served.simulator.exchanges)


def test_a_changed_sentence_is_found_to_the_byte(served: Served) -> None:
    head = "Grüße. " * 400
    [broken] = found(
        served,
        {"system": [{"type": "text", "text": head + "One.", "cache_control": MARK}]},
        {"system": [{"type": "text", "text": head + "Two.", "cache_control": MARK}]},
    )
    assert broken.byte == len(head.encode())
    assert broken.offset == len(head)
    assert broken.differing.where == "system.0"
    assert broken.lost > 1000


def test_the_bytes_of_earlier_blocks_count(served: Served) -> None:
    tools = [tool("look")]
    first = text("Rules.")
    [broken] = found(
        served,
        {"tools": tools, "system": [first, text("One.", mark=MARK)]},
        {"tools": tools, "system": [first, text("Two.", mark=MARK)]},
    )
    sent = served.simulator.exchanges[0].prompt.pieces
    assert broken.byte == len(sent[0].text) + len(sent[1].text)
    assert broken.differing.where == "system.1"


def test_what_is_new_by_nature_is_no_break(served: Served) -> None:
    system = [text("Rules.", mark=MARK)]
    opening = [user([text("A letter.", mark=MARK)])]
    grown = [*opening, assistant("Yes."), user([text("And?", 1, MARK)])]
    other = [*opening, assistant("Yes."), user([text("But?", 1, MARK)])]
    assert (
        found(
            served,
            {"system": system, "messages": opening},
            {"system": system, "messages": grown},
            {"system": system, "messages": other},  # another newest turn
            {"system": system, "messages": [user([text("Another letter.", mark=MARK)])]},
        )
        == []
    )


def test_a_window_that_slides_is_a_break(served: Served) -> None:
    turns = []
    for number in range(6):
        turns += [user(text(f"{number}?")["text"]), assistant(f"Answer {number}.")]
    [broken] = found(
        served,
        {"messages": [*turns[:6], user("On.")], "cache_control": MARK},
        {"messages": [*turns[2:8], user("On.")], "cache_control": MARK},
    )
    assert broken.differing.where == "messages.0.content.0"


def test_a_setting_that_loses_the_cache_is_named(served: Served) -> None:
    request: dict[str, Any] = {"messages": [user([text("A letter.", mark=MARK)])]}
    [broken] = found(
        served,
        {**request, "tools": [tool("look")]},
        {**request, "tools": [tool("look")], "tool_choice": {"type": "none"}},
    )
    assert broken.setting == "tool_choice"


def test_another_model_is_named(served: Served) -> None:
    request = {"system": [text("Rules.", mark=MARK)]}
    [broken] = found(served, request, {**request, "model": "claude-opus-5-5"}, request)
    assert broken.setting == "model"
    assert broken.exchange.number == 2


def test_what_was_never_cached_can_not_break(served: Served) -> None:
    assert (
        found(
            served,
            {"system": [text("One.")]},
            {"system": [text("Two.")]},
            {"system": [text("Three.", 2, MARK)]},
            {"system": [text("Four.", 2, MARK)]},  # shorter than the model caches
        )
        == []
    )


def test_an_entry_that_expired_is_no_break(served: Served) -> None:
    request = {"system": [text("Rules.", mark=MARK)]}
    served.ask(**request)
    served.simulator.clock.advance(301)
    assert found(served, request) == []


def test_the_nearest_of_the_earlier_calls_is_compared(served: Served) -> None:
    head = "Rules. " * 500
    requests = [
        {"system": [{"type": "text", "text": head + tail, "cache_control": MARK}]}
        for tail in ("Ada likes rowing.", "Something else.", "Ada likes reading.")
    ]
    last = found(served, *requests)[-1]
    assert last.byte == len(head) + len("Ada likes r")
    assert last.earlier.number == 1


def test_what_was_written_and_yet_not_read_has_a_reason(served: Served) -> None:
    request: dict[str, Any] = {"system": [text("Rules.", mark=MARK)]}
    for _ in range(3):
        served.ask(**request)
    assert misses(served.simulator.exchanges) == {}
    served.simulator.clock.advance(301)
    served.ask(**request)
    served.ask(**request)
    assert misses(served.simulator.exchanges) == {"expired": 1}


def test_a_look_back_that_is_too_short_has_a_reason(served: Served) -> None:
    said = [text(f"{number}.", 1) for number in range(40)]
    long = text("Rules.")
    served.ask(messages=[user([long, {**said[0], "cache_control": MARK}])])
    served.ask(messages=[user([long, *said[:-1], {**said[-1], "cache_control": MARK}])])
    assert misses(served.simulator.exchanges) == {"out of reach": 1}


def test_calls_that_start_together_have_a_reason() -> None:
    import asyncio

    import anthropic

    async def together(url: str) -> None:
        async with anthropic.AsyncAnthropic(base_url=url, api_key="x", max_retries=0) as client:
            call: dict[str, Any] = {
                "model": "claude-sonnet-5-5",
                "max_tokens": 10,
                "system": [text("Rules.", mark=MARK)],
                "messages": [user("Hello")],
            }
            await asyncio.gather(*(client.messages.create(**call) for _ in range(3)))

    with serving(together=3) as served:
        asyncio.run(together(served.server.url))
        assert misses(served.simulator.exchanges) == {"in flight": 2}
