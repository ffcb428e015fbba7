"""The requests of the support agent, as the API receives them.

These tests hold before and after ``skinflint check --fix --unsafe-fixes``: they say what the model
has to see and where a cached prefix must not be broken, not how the text is cut into blocks.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from support_agent import prompts
from support_agent.tests.scenarios import PAGES, REQUEST_ID, SCENARIOS, TERMS, play
from support_agent.tests.standin import blocks, content_blocks

TAGS = ["billing", "cover", "damage", "delivery", "opening hours", "praise", "repair", "theft"]


def system_of(body: dict[str, Any]) -> str:
    """All system text, as the model reads it."""
    return "".join(block["text"] for block in content_blocks(body["system"]))


def seen(body: dict[str, Any]) -> str:
    """All system and message text, as the model reads it."""
    turns = [content_blocks(message["content"]) for message in body["messages"]]
    texts = [block.get("text", "") for turn in turns for block in turn]
    return system_of(body) + "\n".join(texts)


def tool_names(body: dict[str, Any]) -> list[str]:
    return [tool["name"] for tool in body.get("tools", [])]


@pytest.mark.parametrize("name", SCENARIOS)
def test_the_api_accepts_every_request(name: str) -> None:
    for body in play(name):
        for params in [one["params"] for one in body.get("requests", [])] or [body]:
            marked = [block for block in blocks(params) if block.get("cache_control")]
            texts = [block["text"] for block in blocks(params) if block.get("type") == "text"]
            assert len(marked) <= 4
            assert all(text.strip() for text in texts)


@pytest.mark.parametrize(
    ("name", "tail"),
    [
        ("chat, customer with a profile", "\n\nName: Ada\n\nRents by the month."),
        ("chat, customer without a profile", "\n\nName: Ada"),
        ("chat, profile without a name", "\n\nRents by the month."),
        ("chat, guest", ""),
    ],
)
def test_chat_tells_the_model_who_asks(name: str, tail: str) -> None:
    bodies = play(name)
    assert len(bodies) == 3
    for body in bodies:
        assert system_of(body) == prompts.SYSTEM_PROMPT + tail
        assert body["model"] == "claude-sonnet-5-5"
        assert tool_names(body) == ["find_order", "open_ticket"]


def test_chat_runs_the_tools_and_sends_their_results() -> None:
    first, second, third = play("chat, customer with a profile")
    assert [message["role"] for message in first["messages"]] == ["user"]
    assert second["messages"][:1] == first["messages"]
    assert third["messages"][:3] == second["messages"]
    [found] = second["messages"][-1]["content"]
    [opened] = third["messages"][-1]["content"]
    assert found["content"] == "R-1044: ready since Monday"
    assert opened["content"] == "ticket 1 opened"


def test_the_web_chat_serves_guests() -> None:
    [body] = play("web chat")
    assert system_of(body) == prompts.SYSTEM_PROMPT
    assert body["messages"] == [{"role": "user", "content": "Hello"}]


def test_a_draft_knows_the_time() -> None:
    [body] = play("draft")
    assert system_of(body).startswith("You write drafts for the staff of Pinewick")
    assert "- At most 120 words." in system_of(body)
    assert seen(body).count("It is now Monday, 02 March 2026, 12:05.") == 1
    assert "My saddle is gone." in seen(body)


def test_a_handover_names_its_request() -> None:
    [body] = play("handover")
    assert prompts.HANDOVER_PROMPT in system_of(body)
    assert seen(body).count(REQUEST_ID.hex) == 1
    assert "customer: Help!" in seen(body)


def test_opening_hours_keep_the_clock_in_the_question() -> None:
    [body] = play("hours")
    assert "12:05" not in system_of(body)
    assert body["messages"][-1]["content"] == "It is Monday, 12:05. Are you open?"


@pytest.mark.parametrize("name", ["workshop", "workshop, other order"])
def test_the_workshop_offers_all_tools_of_the_server(name: str) -> None:
    first, second = play(name)
    assert sorted(tool_names(first)) == ["order_part", "stock"]
    assert first["tools"] == second["tools"]
    assert system_of(first) == prompts.SYSTEM_PROMPT


def test_the_handbook_goes_in_page_by_page() -> None:
    [body] = play("handbook")
    assert [block["text"] for block in body["system"]] == PAGES
    assert body["system"][-1]["cache_control"] == {"type": "ephemeral"}


def test_the_night_tags_and_describes_each_ticket_and_reviews_them_once() -> None:
    tagged, described, tagged_too, described_too, review = play("night")
    for body in (tagged, tagged_too):
        head, _, listed = system_of(body).partition("\nTags: ")
        assert head == prompts.TRIAGE_PROMPT
        assert sorted(listed.split(", ")) == TAGS
    for body in (described, described_too):
        head, _, terms = system_of(body).partition("\nTerms: ")
        assert head == prompts.DIGEST_PROMPT
        assert json.loads(terms) == json.loads(TERMS)
    assert tagged["messages"] == [{"role": "user", "content": "The chain fell off."}]
    assert review["messages"][0]["content"] == "1: Chain off: free.\n2: Paid twice: refund."


def test_a_batch_shares_one_prefix() -> None:
    [body] = play("resend")
    [request] = body["requests"]
    assert request["custom_id"] == "ticket-1"
    assert system_of(request["params"]) == f"{prompts.TRIAGE_PROMPT}Tags: {', '.join(TAGS)}"
