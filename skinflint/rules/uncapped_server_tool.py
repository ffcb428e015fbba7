"""SKF803: a tool that the server runs as often as the model asks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from skinflint.catalog import api
from skinflint.linter.findings import Applicability, Finding, Fix, SetEntry
from skinflint.linter.request import Block, Place, Request
from skinflint.linter.spans import Role, Step
from skinflint.linter.values import Known, Mapping, alternatives
from skinflint.rules.base import Context, Example, Rule

#: What the fix allows in one request.
USES = 5

_SEARCH = """\
import anthropic

client = anthropic.Anthropic()


def news_about(company: str) -> str:
    reply = client.messages.create(
        model="claude-sonnet-5-5",
        max_tokens=2000,
        tools=[{"type": "web_search_20250305", "name": "web_search"}],  # <-
        messages=[{"role": "user", "content": f"What is new about {company}?"}],
    )
    return "".join(block.text for block in reply.content if block.type == "text")
"""

_SEARCH_FIXED = """\
import anthropic

client = anthropic.Anthropic()


def news_about(company: str) -> str:
    reply = client.messages.create(
        model="claude-sonnet-5-5",
        max_tokens=2000,
        tools=[{"type": "web_search_20250305", "name": "web_search", "max_uses": 5}],
        messages=[{"role": "user", "content": f"What is new about {company}?"}],
    )
    return "".join(block.text for block in reply.content if block.type == "text")
"""

_TYPED = """\
import anthropic
from anthropic.types import WebFetchTool20260318Param, WebSearchTool20260318Param

client = anthropic.AsyncAnthropic()

SEARCH = WebSearchTool20260318Param(  # <-
    type="web_search_20260318",
    name="web_search",
    allowed_domains=["docs.python.org"],
)
FETCH = WebFetchTool20260318Param(type="web_fetch_20260318", name="web_fetch", max_uses=3)


async def look_up(question: str) -> str:
    reply = await client.messages.create(
        model="claude-opus-5-5",
        max_tokens=4000,
        tools=[SEARCH, FETCH],
        messages=[{"role": "user", "content": question}],
    )
    return reply.content[-1].text
"""

_TYPED_FIXED = """\
import anthropic
from anthropic.types import WebFetchTool20260318Param, WebSearchTool20260318Param

client = anthropic.AsyncAnthropic()

SEARCH = WebSearchTool20260318Param(
    type="web_search_20260318",
    name="web_search",
    allowed_domains=["docs.python.org"],
    max_uses=5,
)
FETCH = WebFetchTool20260318Param(type="web_fetch_20260318", name="web_fetch", max_uses=3)


async def look_up(question: str) -> str:
    reply = await client.messages.create(
        model="claude-opus-5-5",
        max_tokens=4000,
        tools=[SEARCH, FETCH],
        messages=[{"role": "user", "content": question}],
    )
    return reply.content[-1].text
"""

_GOOD = """\
import os

import anthropic

client = anthropic.Anthropic()
SEARCHES = int(os.environ.get("SEARCHES", "8"))


def search_tool(domains: list[str]) -> dict:
    tool = {"type": "web_search_20250305", "name": "web_search", "max_uses": SEARCHES}
    if domains:
        tool["allowed_domains"] = domains
    return tool


def look_up(question: str, domains: list[str], **extra) -> str:
    fetch = {"type": "web_fetch_20260318", "name": "web_fetch", **extra}
    own = {
        "name": "web_search",
        "description": "Searches the intranet.",
        "input_schema": {"type": "object", "properties": {"query": {"type": "string"}}},
    }
    code = {"type": "code_execution_20260521", "name": "code_execution"}
    reply = client.messages.create(
        model="claude-sonnet-5-5",
        max_tokens=4000,
        tools=[search_tool(domains), fetch, own, code],
        messages=[{"role": "user", "content": question}],
    )
    return reply.content[-1].text
"""


class UncappedServerTool(Rule):
    """A tool that the server runs by itself may run as often as the model likes.

    ## What it does
    Looks at the tools of a request that run on Anthropic's side (web search, web fetch, the
    advisor) and reports those whose definition has no `max_uses`. Silent where the definition may
    get one elsewhere, and for tools that your own code runs. A single request of a program that a
    deployed project says nothing of is told with `--preview`.

    ## Why it costs
    All of it happens inside one request: no loop of yours sees it, and no cap on rounds stops it. A
    thousand web searches cost 10 dollars, and what they find is input tokens, in that request and
    in each later turn that keeps it. Users report requests that grew ten- to twentyfold.

    ## Example
    A question about a company, with as many searches as the model sees fit.

    ## Use instead
    `"max_uses": 5`. The model is told when there are none left, and answers with what it has.

    ## Fix safety
    Unsafe: a question that takes more searches gets an answer from fewer. Choose the number by what
    your longest good answer needs.

    ## References
    - Web search tool, Anthropic documentation (2026-10-08):
      https://platform.claude.com/docs/en/agents-and-tools/tool-use/web-search-tool
    - Web fetch tool (2026-10-08):
      https://platform.claude.com/docs/en/agents-and-tools/tool-use/web-fetch-tool
    - Prices (2026-10-08): https://platform.claude.com/docs/en/about-claude/pricing
    """

    id = "SKF803"
    name = "uncapped-server-tool"
    summary = "A tool that the server runs by itself has no limit"
    examples: ClassVar[tuple[Example, ...]] = (
        Example("A web search without a limit", bad=_SEARCH, fixed=_SEARCH_FIXED),
        Example("A definition made by a class of the SDK", bad=_TYPED, fixed=_TYPED_FIXED),
        Example("A limit, one that may come from elsewhere, tools of one's own", good=_GOOD),
    )

    def check(self, request: Request, context: Context) -> Iterator[Finding]:
        """One finding per definition without a limit."""
        if "count_tokens" in request.site.method:
            return
        for block in request.blocks:
            if block.place is not Place.TOOLS or not isinstance(block.value, Mapping):
                continue
            tool = api.server_tool(block.kind)
            if block.repeated and block.optional:
                continue  # made of whatever tools are handed in: who does it has to cap it
            if tool is not None and self._is_open(block.value):
                if not context.preview and _is_tried_out(request):
                    return
                yield self._finding(request, block, tool)

    @staticmethod
    def _is_open(tool: Mapping) -> bool:
        """Whether it surely has no limit."""
        if tool.open:
            return False
        limit = tool.get(api.load().server_tool_limit)
        if limit is None:
            return True
        return all(isinstance(each, Known) and each.value is None for each in alternatives(limit))

    def _finding(self, request: Request, block: Block, tool: api.ServerTool) -> Finding:
        limit = api.load().server_tool_limit
        fee = f", and a thousand cost {tool.usd:g} dollars" if tool.usd else ""
        assert isinstance(block.value, Mapping)
        kind = block.value.get("type")
        named = kind.span if kind is not None else block.span
        # a copy of it may be sent
        primary = block.span if block.span.contains(named) else named
        return self.finding(
            request,
            primary,
            f"{tool.name} has no `{limit}`: within one request it runs as often as the model asks"
            f"{fee}; what it returns is input tokens.",
            related=(
                Step(Role.SOURCE, primary, "the tool is defined here"),
                Step(Role.SINK, request.site.span, f"sent by {request.site.method}"),
            ),
            fix=Fix(
                Applicability.UNSAFE,
                f"Allow {USES} uses",
                (SetEntry(named, limit, str(USES)),),
            ),
            identity=(self.id, primary),
        )


def _is_tried_out(request: Request) -> bool:
    """Whether it is a single request of a program that is run by hand."""
    return not any(pair.inner for pair in request.pairs) and request.by_hand()
