"""The endpoints, as the real SDK meets them."""

from __future__ import annotations

import asyncio
import json
import os
import socket
from collections.abc import Iterator
from typing import Any

import anthropic
import pytest
from serving import HOUR, MARK, MODEL, Served, assistant, serving, text, tool, user

from skinflint.catalog import api
from skinflint.simulator.core import Simulator
from skinflint.simulator.replies import Agent, Echo, Script
from skinflint.simulator.server import Server


@pytest.fixture
def served() -> Iterator[Served]:
    with serving() as found:
        yield found


def test_a_stream_adds_up_to_the_message() -> None:
    with serving(Agent(1)) as served:
        request: dict[str, Any] = {
            "model": MODEL,
            "max_tokens": 200,
            "tools": [tool("look")],
            "messages": [user("Look around.")],
            "thinking": {"type": "adaptive"},
        }
        whole = served.client.messages.create(**request)
        with served.client.messages.stream(**request) as stream:
            kinds = [event.type for event in stream]
            streamed = stream.get_final_message()
        assert streamed.content == whole.content
        assert [block.type for block in whole.content] == ["thinking", "tool_use"]
        assert whole.stop_reason == streamed.stop_reason == "tool_use"
        assert streamed.usage.output_tokens == whole.usage.output_tokens > 1
        assert kinds[0] == "message_start"
        assert kinds[-1] == "message_stop"
        for event in served.client.messages.create(stream=True, **request):
            assert event.type.startswith(("message", "content_block"))


def test_200_streams_at_once_and_none_fails() -> None:
    async def whole(url: str) -> list[Any]:
        async with anthropic.AsyncAnthropic(base_url=url, api_key="x", max_retries=0) as client:

            async def one(number: int) -> str:
                async with client.messages.stream(
                    model=MODEL,
                    max_tokens=200,
                    system=[text("Rules.", mark=MARK)],  # type: ignore[list-item]
                    messages=[{"role": "user", "content": f"Say {number}."}],
                ) as stream:
                    return await stream.get_final_text()

            return await asyncio.gather(*(one(n) for n in range(200)))

    with serving(Echo(), latency=0.05) as served:
        texts = asyncio.run(whole(served.server.url))
        assert texts == [f"Say {number}." for number in range(200)]
        assert len(served.simulator.exchanges) == 200
        assert len({each.message_id for each in served.simulator.exchanges}) == 200
        assert all(each.usage is not None for each in served.simulator.exchanges)


def test_it_listens_on_loopback_only() -> None:
    for host in ("0.0.0.0", "::", "192.0.2.1", "8.8.8.8"):
        with pytest.raises(ValueError, match="reachable from elsewhere"):
            Server(Simulator(), host)
    with Server(Simulator()) as server:
        port = int(server.url.rpartition(":")[2])
        listening = _listening(port)
        assert listening in (None, {"127.0.0.1"})
        with socket.socket() as other:
            # the same port is free on every other address
            other.bind(("127.0.0.2", port))


def _listening(port: int) -> set[str] | None:
    """The addresses on which somebody listens at a port; None where the system does not tell."""
    found = set()
    for name in ("/proc/net/tcp", "/proc/net/tcp6"):
        if not os.path.exists(name):
            return None
        with open(name) as file:
            for line in file.readlines()[1:]:
                _, local, _, state, *_ = line.split()
                address, _, number = local.partition(":")
                if state == "0A" and int(number, 16) == port:
                    found.add(socket.inet_ntoa(bytes.fromhex(address)[::-1]))
    return found


def test_counting_answers_without_a_trace_in_the_cache(served: Served) -> None:
    request: dict[str, Any] = {"system": [text("Rules.", mark=MARK)], "messages": [user("Hello")]}
    counted = served.client.messages.count_tokens(model=MODEL, **request)
    assert counted.input_tokens > 1000
    assert served.used(**request)[0] == 0


def test_a_batch_is_answered_and_its_bad_requests_are_errors(served: Served) -> None:
    def params(**more: Any) -> Any:
        system = [text("Rules.", mark=HOUR)]
        return {
            "model": MODEL,
            "max_tokens": 10,
            "system": system,
            "messages": [user("Hi")],
            **more,
        }

    batches = served.client.messages.batches
    batch = batches.create(
        requests=[
            {"custom_id": "one", "params": params()},
            {"custom_id": "two", "params": params(messages=[user("Ho")])},
            {"custom_id": "bad", "params": params(messages=[user("")])},
            {"custom_id": "fast", "params": params(speed="fast")},
        ]
    )
    assert batch.processing_status == "in_progress"
    batch = batches.retrieve(batch.id)
    assert batch.processing_status == "ended"
    assert (batch.request_counts.succeeded, batch.request_counts.errored) == (2, 2)
    results = {each.custom_id: each.result for each in batches.results(batch.id)}
    assert {name: result.type for name, result in results.items()} == {
        "one": "succeeded",
        "two": "succeeded",
        "bad": "errored",
        "fast": "errored",
    }
    second: Any = results["two"]
    assert second.message.usage.service_tier == "batch"
    assert second.message.usage.cache_read_input_tokens > 1000
    assert [each.id for each in batches.list()] == [batch.id]
    half, _ = (each.usd() for each in served.simulator.exchanges if each.usage is not None)
    served.simulator.reset()
    served.ask(**{**params(), "max_tokens": 10})
    whole = served.simulator.exchanges[-1].usd()
    assert half is not None
    assert whole is not None
    assert half == pytest.approx(whole * 0.5)
    assert batches.delete(batch.id).id == batch.id
    with pytest.raises(anthropic.NotFoundError):
        batches.retrieve(batch.id)


@pytest.mark.parametrize(
    ("requests", "words"),
    [
        ([], "at least one"),
        ([{"custom_id": "no spaces", "params": {}}], "custom_id"),
        ([{"custom_id": "a", "params": {}}, {"custom_id": "a", "params": {}}], "more than once"),
    ],
)
def test_a_batch_that_is_refused(served: Served, requests: Any, words: str) -> None:
    with pytest.raises(anthropic.BadRequestError, match=words):
        served.client.messages.batches.create(requests=requests)


def test_models_are_those_of_the_catalogue(served: Served) -> None:
    listed = list(served.client.models.list())
    by_id = {each.id: each for each in listed}
    assert by_id[MODEL].lifecycle == "active"
    assert by_id["claude-opus-4-20250514"].lifecycle == "retired"
    assert by_id[MODEL].max_input_tokens == 1_000_000
    alias = served.client.models.retrieve("claude-sonnet-4-5")
    assert (alias.id, alias.lifecycle) == ("claude-sonnet-4-5-20250929", "deprecated")
    with pytest.raises(anthropic.NotFoundError):
        served.client.models.retrieve("claude-nothing-1")


@pytest.mark.filterwarnings("ignore:The model:DeprecationWarning")
@pytest.mark.parametrize("model", ["claude-3-opus-20240229", "claude-sonnet-4-5-20250514"])
def test_a_model_that_is_gone_or_never_was(served: Served, model: str) -> None:
    with pytest.raises(anthropic.NotFoundError, match=model):
        served.ask(model=model)


def test_a_model_newer_than_the_facts_is_answered(served: Served) -> None:
    reply = served.ask(model="claude-sonnet-7", system=[text("Rules.", mark=MARK)])
    assert reply.usage.cache_creation_input_tokens > 1000
    assert served.simulator.exchanges[-1].usd() is None


USE = {"type": "tool_use", "id": "t1", "name": "look", "input": {}}
RESULT = {"type": "tool_result", "tool_use_id": "t1", "content": "seen"}


@pytest.mark.parametrize(
    ("request_", "words"),
    [
        ({"system": [text(f"{n}", 1, MARK) for n in range(5)]}, "maximum of 4 .* Found 5"),
        (
            {"system": [text(f"{n}", 1, MARK) for n in range(4)], "cache_control": MARK},
            "all of them are used",
        ),
        ({"messages": [user([text("x", 1, HOUR)])], "cache_control": MARK}, "different ttl"),
        ({"system": [text("a", 1, MARK), text("b", 1, HOUR)]}, "must not come after"),
        ({"system": [{"type": "text", "text": "a", "cache_control": {**MARK, "ttl": "2h"}}]}, "2h"),
        ({"system": [{"type": "text", "text": ""}]}, "text content blocks must be non-empty"),
        (
            {"messages": [user([{"type": "text", "text": "", "cache_control": MARK}])]},
            "cache_control cannot be set for empty text blocks",
        ),
        ({"messages": [user("")]}, "non-empty content"),
        ({"messages": []}, "at least one message"),
        ({"messages": [user("a")] * 100_001}, "at most 100000"),
        ({"tools": [{**tool("look", MARK), "defer_loading": True}]}, "defer_loading"),
        (
            {
                "messages": [
                    user("Think."),
                    assistant(
                        [
                            {
                                "type": "thinking",
                                "thinking": "hm",
                                "signature": "s",
                                "cache_control": MARK,
                            },
                            {"type": "text", "text": "Yes."},
                        ]
                    ),
                    user("On."),
                ]
            },
            "thinking block can't have cache_control",
        ),
        ({"messages": [user("a"), assistant("The answer is")]}, "prefill"),
        ({"thinking": {"type": "enabled", "budget_tokens": 2000}}, "thinking.type.enabled"),
        ({"model": "claude-opus-5-5", "thinking": {"type": "disabled"}}, "thinking.type.disabled"),
        (
            {
                "model": "claude-haiku-4-5",
                "max_tokens": 1500,
                "thinking": {"type": "enabled", "budget_tokens": 2000},
            },
            "must be greater than",
        ),
        (
            {
                "model": "claude-haiku-4-5",
                "thinking": {"type": "enabled", "budget_tokens": 20},
            },
            "1024",
        ),
        ({"tools": [tool("look")], "tool_choice": {"type": "any"}}, "tool_choice"),
        ({"model": "claude-haiku-4-5", "output_config": {"effort": "low"}}, "effort"),
        (
            {
                "model": "claude-sonnet-5",
                "messages": [user("a"), {"role": "system", "content": "b"}],
            },
            "system",
        ),
        ({"extra_body": {"temperature": 1.0}}, "temperature"),
        ({"max_tokens": 200_000, "timeout": 9.0}, "maximum allowed number of output tokens"),
        ({"messages": [user([RESULT])]}, "unexpected `tool_use_id`"),
        ({"messages": [user("a"), assistant([USE]), user("b")]}, "without `tool_result`"),
        (
            {"model": "claude-haiku-4-5", "messages": [user("long " * 200_000)]},
            "prompt is too long",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_the_api_refuses(served: Served, request_: dict[str, Any], words: str) -> None:
    with pytest.raises(anthropic.BadRequestError, match=words) as refused:
        served.ask(**request_)
    assert refused.value.body["error"]["type"] == "invalid_request_error"  # type: ignore[index,call-overload]
    [exchange] = served.simulator.exchanges
    assert exchange.usage is None
    assert exchange.error


def test_older_callers_may_still_set_a_temperature(served: Served) -> None:
    old = {"anthropic-version": "2023-06-01"}
    more: dict[str, Any] = {"extra_headers": old, "extra_body": {"temperature": 0.2}}
    assert served.ask(model="claude-haiku-4-5", **more).content
    with pytest.raises(anthropic.BadRequestError, match="temperature"):
        served.ask(model="claude-opus-5", **more)


def test_tools_and_their_results_belong_together(served: Served) -> None:
    messages = [user("a"), assistant([USE]), user([RESULT, text("b", 1)])]
    assert served.ask(messages=messages, tools=[tool("look")]).content


def test_max_tokens_zero_warms_the_cache(served: Served) -> None:
    system = [text("Rules.", mark=MARK)]
    reply = served.ask(system=system, max_tokens=0)
    assert reply.content == []
    assert reply.usage.output_tokens == 0
    assert served.used(system=system)[0] > 1000


def test_diagnostics_name_what_differs_first(served: Served) -> None:
    base: dict[str, Any] = {
        "tools": [tool("look")],
        "system": [text("Rules.")],
        "messages": [user("One?")],
    }

    def reason(previous: str | None, **change: Any) -> Any:
        reply = served.ask(**{**base, **change}, diagnostics={"previous_message_id": previous})
        found = reply.diagnostics
        return None if found is None else (found.cache_miss_reason.type, reply.id)

    first = served.ask(**base, diagnostics={"previous_message_id": None})
    assert first.diagnostics is None
    grown = [user("One?"), assistant("Yes."), user("Two?")]
    assert reason(first.id, messages=grown) is None
    assert reason(first.id, model="claude-haiku-5-5")[0] == "model_changed"
    assert reason(first.id, tools=[tool("go")], system="Other")[0] == "system_changed"
    assert reason(first.id, tools=[tool("go")])[0] == "tools_changed"
    assert reason(first.id, messages=[user("Three?")])[0] == "messages_changed"
    assert reason(first.id, tool_choice={"type": "none"})[0] == "unavailable"
    assert reason("msg_nobody")[0] == "previous_message_not_found"
    changed = served.ask(
        **{**base, "system": [text("Others.")]}, diagnostics={"previous_message_id": first.id}
    )
    lost = changed.diagnostics.cache_miss_reason.cache_missed_input_tokens
    assert 1000 < lost <= changed.usage.input_tokens


def test_the_tool_runner_keeps_its_history_on_the_server() -> None:
    asked = []

    @anthropic.beta_tool
    def look(where: str) -> str:
        """Look somewhere.

        Args:
            where: the place
        """
        asked.append(where)
        return "A shed with two doors."

    with serving(Agent(2)) as served:
        runner = served.client.beta.messages.tool_runner(
            model=MODEL,
            max_tokens=100,
            tools=[look],
            messages=[{"role": "user", "content": "Look around."}],
        )
        assert runner.until_done().stop_reason == "end_turn"
        sizes = [each.prompt.tokens for each in served.simulator.exchanges]
    assert len(asked) == 2
    assert sizes == sorted(set(sizes))


def test_a_structured_reply_fits_its_schema() -> None:
    from pydantic import BaseModel

    class Bicycle(BaseModel):
        wheels: int
        colour: str

    with serving(Agent(0)) as served:
        reply = served.client.messages.parse(
            model=MODEL,
            max_tokens=500,
            messages=[{"role": "user", "content": "A bicycle."}],
            output_format=Bicycle,
        )
        assert isinstance(reply.parsed_output, Bicycle)


def test_a_script_is_played() -> None:
    script = Script(
        ["One.", [{"type": "tool_use", "name": "look"}], {"when": "who", "content": "I."}]
    )
    with serving(script) as served:
        assert served.ask().content[0].text == "One."
        assert served.ask(messages=[user("who?")]).content[0].text == "I."
        assert served.ask(tools=[tool("look")]).stop_reason == "tool_use"


def test_a_reply_ends_at_a_stop_sequence_and_at_max_tokens() -> None:
    with serving(Echo()) as served:
        reply = served.ask(messages=[user("one two three")], stop_sequences=["three", "two"])
        assert (reply.stop_reason, reply.stop_sequence) == ("stop_sequence", "two")
        assert reply.content[0].text == "one "
        reply = served.ask(messages=[user("word " * 500)], max_tokens=20)
        assert reply.stop_reason == "max_tokens"
        assert reply.usage.output_tokens <= 20


def test_what_is_not_there_is_said_to_be_elsewhere(served: Served) -> None:
    with pytest.raises(anthropic.NotFoundError, match="/v1/files"):
        served.client.beta.files.list()
    import urllib.error
    import urllib.request

    url = f"{served.server.url}/v1/messages"
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(urllib.request.Request(url, b"{", method="POST"))
    assert refused.value.code == api.load().status["invalid_request_error"]
    assert json.loads(refused.value.read())["type"] == "error"
    refused.value.close()
