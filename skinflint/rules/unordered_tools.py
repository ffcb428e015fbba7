"""SKF108: tool definitions in an order that isn't fixed."""

from __future__ import annotations

from typing import ClassVar

from skinflint.linter.findings import Op, WrapSorted
from skinflint.linter.request import Break, Place, Request
from skinflint.linter.values import (
    Known,
    Mapping,
    Ordering,
    Repeat,
    Sequence,
    Value,
    alternatives,
)
from skinflint.rules._prefix import Culprit, PrefixRule, named
from skinflint.rules.base import Context, Example

_MCP = """\
from anthropic import AsyncAnthropic
from mcp import ClientSession

from desk.texts import DESK_RULES


class Desk:
    def __init__(self, session: ClientSession):
        self.session = session
        self.client = AsyncAnthropic()

    async def tools(self):
        listed = await self.session.list_tools()  # <-
        return [
            {"name": t.name, "description": t.description, "input_schema": t.inputSchema}
            for t in listed.tools
        ]

    async def handle(self, request_text: str):
        messages = [{"role": "user", "content": request_text}]
        for _ in range(30):
            reply = await self.client.messages.create(
                model="claude-sonnet-5-5",
                max_tokens=2000,
                system=[
                    {"type": "text", "text": DESK_RULES, "cache_control": {"type": "ephemeral"}}
                ],
                tools=await self.tools(),
                messages=messages,
                cache_control={"type": "ephemeral"},
            )
            messages.append({"role": "assistant", "content": reply.content})
            calls = [block for block in reply.content if block.type == "tool_use"]
            if not calls:
                return reply
            results = [await self.session.call_tool(c.name, c.input) for c in calls]
            messages.append({"role": "user", "content": str(results)})
"""

_MCP_FIXED = """\
from anthropic import AsyncAnthropic
from mcp import ClientSession

from desk.texts import DESK_RULES


class Desk:
    def __init__(self, session: ClientSession):
        self.session = session
        self.client = AsyncAnthropic()

    async def tools(self):
        listed = await self.session.list_tools()
        return sorted([
            {"name": t.name, "description": t.description, "input_schema": t.inputSchema}
            for t in listed.tools
        ], key=lambda tool: tool["name"])

    async def handle(self, request_text: str):
        messages = [{"role": "user", "content": request_text}]
        for _ in range(30):
            reply = await self.client.messages.create(
                model="claude-sonnet-5-5",
                max_tokens=2000,
                system=[
                    {"type": "text", "text": DESK_RULES, "cache_control": {"type": "ephemeral"}}
                ],
                tools=await self.tools(),
                messages=messages,
                cache_control={"type": "ephemeral"},
            )
            messages.append({"role": "assistant", "content": reply.content})
            calls = [block for block in reply.content if block.type == "tool_use"]
            if not calls:
                return reply
            results = [await self.session.call_tool(c.name, c.input) for c in calls]
            messages.append({"role": "user", "content": str(results)})
"""


_GOOD = """\
from anthropic import AsyncAnthropic
from mcp import ClientSession

from desk.texts import DESK_RULES

client = AsyncAnthropic()


async def handle(session: ClientSession, request_text: str):
    listed = await session.list_tools()
    tools = [
        {"name": t.name, "description": t.description, "input_schema": t.inputSchema}
        for t in sorted(listed.tools, key=lambda t: t.name)
    ]
    return await client.messages.create(
        model="claude-sonnet-5-5",
        max_tokens=2000,
        system=[{"type": "text", "text": DESK_RULES, "cache_control": {"type": "ephemeral"}}],
        tools=tools,
        messages=[{"role": "user", "content": request_text}],
    )
"""


class UnorderedTools(PrefixRule):
    """The tool definitions of a cached request come in an order that isn't fixed.

    ## What it does
    Follows what a remote registry lists (`list_tools` of an MCP session), what concurrent code
    collects and what stands in a set into `tools=` of a request with a breakpoint. A `sorted` on
    the way ends it; a list written out in the code is fine. What
    the code hands on through more than ten places is told with `--preview` only: on so long a
    way it has mostly picked a provider or a branch.

    ## Why it costs
    Tools stand at the very front of the prefix, in front of the system prompt and the messages:
    the same tools in another order lose the whole cache. Everything is then written again at 1.25
    times the input price instead of read at a tenth. Agent frameworks have sorted their tools for
    that reason since 2026, and the MCP specification asks servers for a fixed order.

    ## Example
    The server may list its tools in another order the next time it is asked.

    ## Use instead
    Sort the definitions by name where they are collected.

    ## Fix safety
    Unsafe: the model reads the same tools in another, from then on fixed, order.

    ## References
    - Prompt caching: tools, system, messages (2026-10-08):
      https://platform.claude.com/docs/en/build-with-claude/prompt-caching
    - Sorted tools in an agent framework: https://github.com/langchain-ai/deepagents/pull/2497
    """

    id = "SKF108"
    name = "unordered-tools"
    summary = "Tool definitions come in an order that isn't fixed, which loses the whole prefix"
    supersedes = ("SKF202", "SKF203")
    examples: ClassVar[tuple[Example, ...]] = (
        Example("Tools as an MCP server lists them", bad=_MCP, fixed=_MCP_FIXED),
        Example("The same tools sorted by name", good=_GOOD),
    )

    def subject(self, culprit: Culprit) -> str:
        """Speaks of the order, not of the content."""
        return f"The order of the tools from {named(culprit.keys)} may differ"

    def loss(self, request: Request, brk: Break) -> str:
        """Tools come first, so everything is lost."""
        return "the whole prefix is paid"

    def mend(
        self, request: Request, context: Context, culprit: Culprit
    ) -> tuple[tuple[Op, ...] | None, str | None]:
        """``sorted`` by name around the list, where its items are dicts made here."""
        tools = [block for block in request.blocks if block.place is Place.TOOLS]
        listed = tools[0].container
        if any(key.ordering is Ordering.LISTING for key in culprit.keys):
            return None, "Sort the tools by name where they are collected."
        if listed is None or not all(
            tool.container == listed and _named(_plain(tool.value)) for tool in tools
        ):
            return None, "What the tools are can't be seen here; sort them by name."
        return (WrapSorted(listed, by="name"),), None

    def fix_title(self, ops: tuple[Op, ...]) -> str:
        """What the fix does, in a few words."""
        return "Sort the tools by name"


def _plain(tool: Value) -> Value:
    """A tool without the sequence that carries the order of all of them."""
    if isinstance(tool, Sequence) and len(tool.items) == 1:
        return tool.items[0]
    return tool


def _named(tool: Value) -> bool:
    """Whether a tool surely is a dict with a name that is a str."""
    body = tool.body if isinstance(tool, Repeat) else tool
    for value in alternatives(body):
        if not isinstance(value, Mapping) or value.get("name") is None:
            return False
        name = value.get("name")
        if isinstance(name, Known) and not isinstance(name.value, str):
            return False
    return True
