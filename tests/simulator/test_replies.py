"""Replies: what is said, and that it is the same each time."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random
from typing import Any

import pytest
from serving import assistant, tool, user

from skinflint.simulator import schemas
from skinflint.simulator.replies import Agent, Echo, Fixed, Script

SCHEMA = {
    "type": "object",
    "properties": {
        "town": {"type": "string", "minLength": 3, "maxLength": 8},
        "kind": {"enum": ["city", "racing"]},
        "wheels": {"type": "integer", "minimum": 2, "maximum": 4},
        "weight": {"type": "number", "minimum": 10.5, "maximum": 12},
        "day": {"type": "string", "format": "date"},
        "parts": {"type": "array", "minItems": 2, "items": {"$ref": "#/$defs/part"}},
        "owner": {"anyOf": [{"type": "null"}, {"type": "string"}]},
        "stolen": {"type": ["null", "boolean"]},
        "status": {"const": "open"},
    },
    "required": ["town", "parts"],
    "$defs": {
        "part": {
            "type": "object",
            "properties": {
                "name": {"type": "string"},
                "parts": {"items": {"$ref": "#/$defs/part"}},
            },
            "required": ["name"],
        }
    },
}


def body(*messages: Any, **more: Any) -> dict[str, Any]:
    return {"messages": list(messages), **more}


def play(agent: Agent, **more: Any) -> list[Any]:
    """The replies of one conversation until it ends."""
    messages = [user("Look around.")]
    found = []
    for _ in range(20):
        reply = agent.reply(body(*messages, **more))
        found.append(reply)
        messages.append(assistant(list(reply.content)))
        if reply.stop_reason != "tool_use":
            return found
        [use] = [block for block in reply.content if block["type"] == "tool_use"]
        messages.append(
            user([{"type": "tool_result", "tool_use_id": use["id"], "content": "seen"}])
        )
    raise AssertionError("it does not end")


def test_an_agent_uses_tools_for_its_turns_and_ends() -> None:
    tools = [tool("look"), {**tool("note"), "input_schema": SCHEMA}]
    for turns in (0, 1, 4):
        replies = play(Agent(turns), tools=tools)
        assert [reply.stop_reason for reply in replies] == ["tool_use"] * turns + ["end_turn"]
        ids = [b["id"] for reply in replies for b in reply.content if b["type"] == "tool_use"]
        assert len(set(ids)) == turns


def test_an_agent_says_the_same_for_the_same_seed() -> None:
    tools = [tool(name) for name in ("look", "go", "note", "sing")]
    assert play(Agent(5, seed=1), tools=tools) == play(Agent(5, seed=1), tools=tools)
    others = [play(Agent(5, seed=seed), tools=tools) for seed in range(5)]
    assert any(other != others[0] for other in others)


def test_an_agent_uses_the_same_tools_whatever_the_system_prompt_says() -> None:
    tools = [tool("look"), tool("go")]
    assert play(Agent(3), tools=tools, system="It is noon.") == play(
        Agent(3), tools=list(reversed(tools)), system="It is one."
    )


def test_an_agent_heeds_the_choice_of_tools() -> None:
    tools = [tool("look"), tool("go")]

    def first(**choice: Any) -> Any:
        return Agent(0).reply(body(user("Hi"), tools=tools, tool_choice=choice))

    assert first(type="tool", name="go").content[-1]["name"] == "go"
    assert first(type="any").stop_reason == "tool_use"
    assert first(type="none").stop_reason == "end_turn"
    quiet = Agent(3).reply(body(user("Hi"), tools=tools, tool_choice={"type": "none"}))
    assert quiet.stop_reason == "end_turn"


def test_an_agent_never_uses_a_tool_of_the_server() -> None:
    search = {"type": "web_search_20260318", "name": "web_search"}
    assert Agent(3).reply(body(user("Hi"), tools=[search])).stop_reason == "end_turn"


def test_a_value_fits_its_schema() -> None:
    for seed in range(30):
        found = schemas.value(SCHEMA, Random(seed))
        assert 3 <= len(found["town"]) <= 8
        assert found["kind"] in ("city", "racing")
        assert 2 <= found["wheels"] <= 4
        assert 10.5 <= found["weight"] <= 12
        assert found["day"] == "2026-03-02"
        assert len(found["parts"]) == 2
        assert all(isinstance(part["name"], str) for part in found["parts"])
        assert isinstance(found["owner"], str)
        assert found["stolen"] in (True, False)
        assert found["status"] == "open"
        assert json.loads(json.dumps(found)) == found


@pytest.mark.parametrize("schema", [None, {}, {"type": "object"}, {"$ref": "#"}, {"type": []}, 3])
def test_an_odd_schema_gives_some_value(schema: Any) -> None:
    schemas.value(schema, Random(0))


def test_all_of_is_put_together() -> None:
    schema = {
        "allOf": [
            {"properties": {"a": {"const": 1}}, "required": ["a"]},
            {"properties": {"b": {"const": 2}}},
        ]
    }
    assert schemas.value(schema, Random(0)) == {"a": 1, "b": 2}


def test_echo_and_fixed() -> None:
    said = body(user("One"), assistant("Two"), user([{"type": "text", "text": "Three"}]))
    assert Echo().reply(said).content[0]["text"] == "Three"
    assert Echo().reply(body(user([]))).content[0]["text"] == "ok"
    assert Fixed("always").reply(said).content[0]["text"] == "always"


def test_a_script_repeats_its_last_reply() -> None:
    script = Script(["One", "Two"])
    said = [script.reply(body(user("?"))).content[0]["text"] for _ in range(4)]
    assert said == ["One", "Two", "Two", "Two"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("{", "not JSON"),
        ('{"a": 1}', "no list"),
        ("[]", "at least one"),
        ("[3]", "reply 0"),
        ('["ok", [3]]', "reply 1"),
    ],
)
def test_a_script_that_is_none(content: str, words: str, tmp_path: Path) -> None:
    path = tmp_path / "script.json"
    path.write_text(content)
    with pytest.raises(ValueError, match=words):
        Script.read(path)
