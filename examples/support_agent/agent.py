"""The agent: answers one message of a customer, with up to five rounds of tools."""

from __future__ import annotations

from typing import Any

import anthropic
from anthropic.types import Message, MessageParam, TextBlockParam

from support_agent.prompts import SYSTEM_PROMPT
from support_agent.store import Store
from support_agent.tools import TOOLS, run_tool

MODEL = "claude-sonnet-5-5"
ROUNDS = 5


class SupportAgent:
    """Talks to customers. One agent serves all of them."""

    def __init__(self, store: Store, client: anthropic.Anthropic | None = None) -> None:
        self._store = store
        self._client = client or anthropic.Anthropic()

    def answer(self, question: str, first: str = "", profile: str = "") -> str:
        """The reply to ``question``; ``first`` and ``profile`` are empty for a guest."""
        system: list[TextBlockParam] = [
            {
                "type": "text",
                "text": SYSTEM_PROMPT
                + (f"\n\nName: {first}" if first else "")
                + (f"\n\n{profile}" if profile else ""),
                "cache_control": {"type": "ephemeral"},
            }
        ]
        messages: list[MessageParam] = [{"role": "user", "content": question}]
        reply = self._client.messages.create(
            model=MODEL,
            max_tokens=2048,
            system=system,
            tools=TOOLS,
            messages=messages,
        )
        for _ in range(ROUNDS):
            if reply.stop_reason != "tool_use":
                break
            messages.append({"role": "assistant", "content": reply.content})
            messages.append({"role": "user", "content": self._results(reply)})
            reply = self._client.messages.create(
                model=MODEL,
                max_tokens=2048,
                system=system,
                tools=TOOLS,
                messages=messages,
            )
        return text_of(reply)

    def _results(self, reply: Message) -> list[Any]:
        """One tool_result block for each tool the model used."""
        return [
            {
                "type": "tool_result",
                "tool_use_id": block.id,
                "content": run_tool(self._store, block.name, block.input),
            }
            for block in reply.content
            if block.type == "tool_use"
        ]


def text_of(reply: Message) -> str:
    """All text of a reply."""
    return "".join(block.text for block in reply.content if block.type == "text")
