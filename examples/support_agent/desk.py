"""The staff's desk: a mechanic's helper with the workshop's tools, and the handbook."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import anthropic
from anthropic.types import MessageParam, ToolParam

from support_agent.agent import text_of
from support_agent.prompts import SYSTEM_PROMPT

if TYPE_CHECKING:
    from mcp import ClientSession

MODEL = "claude-opus-5-5"
MOST_ROUNDS = 20

client = anthropic.AsyncAnthropic()


async def workshop(session: ClientSession, question: str) -> str:
    """Answer a mechanic, with whatever tools the workshop's server offers."""
    listed = await session.list_tools()
    tools: list[ToolParam] = [
        {
            "name": tool.name,
            "description": tool.description or "",
            "input_schema": tool.inputSchema,
        }
        for tool in listed.tools
    ]
    messages: list[MessageParam] = [{"role": "user", "content": question}]
    for _ in range(MOST_ROUNDS):
        reply = await client.messages.create(
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
                "content": str(await session.call_tool(block.name, block.input)),
            }
            for block in reply.content
            if block.type == "tool_use"
        ]
        messages.append({"role": "user", "content": results})
    raise RuntimeError(f"no answer after {MOST_ROUNDS} rounds of tools")


async def ask_handbook(pages: list[str], question: str) -> str:
    """Answer a question from the staff handbook, whole."""
    reply = await client.messages.create(
        model=MODEL,
        max_tokens=2048,
        system=[
            {"type": "text", "text": page, "cache_control": {"type": "ephemeral"}} for page in pages
        ],
        messages=[{"role": "user", "content": question}],
    )
    return text_of(reply)
