"""The staff's desk: a mechanic's helper with the workshop's tools, and the handbook."""

from __future__ import annotations

from typing import Any

import anthropic
from anthropic.types import MessageParam, ToolParam

from support_agent.agent import text_of
from support_agent.prompts import SYSTEM_PROMPT
from support_agent.tools import ToolSession

MODEL = "claude-opus-5-5"

client = anthropic.Anthropic()


def workshop(session: ToolSession, question: str) -> str:
    """Answer a mechanic, with whatever tools the workshop's server offers."""
    tools: list[ToolParam] = []
    for tool in session.list_tools().tools:
        tools.append(
            {
                "name": tool.name,
                "description": tool.description,
                "input_schema": tool.input_schema,
            }
        )
    messages: list[MessageParam] = [{"role": "user", "content": question}]
    while True:
        reply = client.messages.create(
            model=MODEL,
            max_tokens=4096,
            tools=tools,
            system=[
                {
                    "type": "text",
                    "text": SYSTEM_PROMPT,
                    "cache_control": {"type": "ephemeral"},
                }
            ],
            messages=messages,
        )
        if reply.stop_reason != "tool_use":
            return text_of(reply)
        messages.append({"role": "assistant", "content": reply.content})
        results: list[Any] = [
            {
                "type": "tool_result",
                "tool_use_id": block.id,
                "content": session.call_tool(block.name, block.input),
            }
            for block in reply.content
            if block.type == "tool_use"
        ]
        messages.append({"role": "user", "content": results})


def ask_handbook(pages: list[str], question: str) -> str:
    """Answer a question from the staff handbook, whole."""
    reply = client.messages.create(
        model=MODEL,
        max_tokens=2048,
        system=[
            {"type": "text", "text": page, "cache_control": {"type": "ephemeral"}} for page in pages
        ],
        messages=[{"role": "user", "content": question}],
    )
    return text_of(reply)
