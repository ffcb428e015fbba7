"""A server is asked for its tools once, whatever order it may tell them in next week."""

import asyncio
import sys
from pathlib import Path

from anthropic import AsyncAnthropic
from mcp import ClientSession
from mcp.client.streamable_http import streamablehttp_client

client = AsyncAnthropic()
RULES = Path("rules.md").read_text()


async def definitions(session: ClientSession) -> list[dict]:
    return [
        {"name": tool.name, "description": tool.description, "input_schema": tool.inputSchema}
        for tool in (await session.list_tools()).tools
    ]


async def work(session: ClientSession, tools: list[dict], task: str) -> str:
    messages = [{"role": "user", "content": task}]
    for _ in range(20):
        reply = await client.messages.create(
            model="claude-opus-5-5",
            max_tokens=2000,
            system=[{"type": "text", "text": RULES, "cache_control": {"type": "ephemeral"}}],
            tools=tools,
            messages=messages,
            cache_control={"type": "ephemeral"},
        )
        messages.append({"role": "assistant", "content": reply.content})
        results = []
        for block in reply.content:
            if block.type == "tool_use":
                done = await session.call_tool(block.name, block.input)
                said = str(done.content)[:20_000]
                results.append({"type": "tool_result", "tool_use_id": block.id, "content": said})
        if not results:
            return reply.content[-1].text
        messages.append({"role": "user", "content": results})
    return ""


async def main(address: str, task: str) -> None:
    async with streamablehttp_client(address) as (read, write, _), ClientSession(read, write) as it:
        await it.initialize()
        tools = await definitions(it)
        print(await work(it, tools, task))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2]))
