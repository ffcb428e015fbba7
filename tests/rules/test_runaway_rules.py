"""SKF803: tools that the server runs as often as the model asks."""

from __future__ import annotations

from textwrap import dedent

import pytest
from judging import judged, mended

from skinflint.linter.findings import Finding
from skinflint.rules.uncapped_server_tool import UncappedServerTool

HEAD = """\
import anthropic
client = anthropic.Anthropic()
def send(text, tools):
    return client.beta.messages.create(model="claude-sonnet-5-5", max_tokens=900, tools=tools,
        messages=[{"role": "user", "content": text}]).content[0].text
"""


def found(text: str) -> tuple[Finding, ...]:
    return judged(UncappedServerTool, HEAD + dedent(text))


@pytest.mark.parametrize("kind", ["web_search_20250305", "web_fetch_20260318", "advisor_20260301"])
def test_each_tool_with_a_limit_of_its_own(kind: str) -> None:
    (finding,) = found(f'send("Go.", [{{"type": "{kind}", "name": "it"}}])')
    assert "`max_uses`" in finding.message
    assert ("10 dollars" in finding.message) is kind.startswith("web_search")


def test_it_is_told_where_it_is_defined() -> None:
    before = HEAD + dedent("""
        SEARCH = {
            "type": "web_search_20250305",
            "name": "web_search",
        }
        def ask(text):
            tools = [SEARCH.copy()]
            tools[-1]["cache_control"] = {"type": "ephemeral"}
            return send(text, tools)
        """)
    (finding,) = found(before.removeprefix(HEAD))
    assert finding.primary.line == 8
    assert '    "max_uses": 5,\n' in mended(UncappedServerTool, before)


@pytest.mark.parametrize(
    "tool",
    [
        '{"type": "web_search_20250305", "name": "web_search", "max_uses": 50}',
        '{"type": "web_search_20250305", "name": "web_search", "max_uses": limit}',
        '{"type": "web_search_20250305", "name": "web_search", **more}',
        '{"type": "code_execution_20260521", "name": "code_execution"}',
        '{"type": kind, "name": "web_search"}',
        '{"name": "web_search", "description": "Ours.", "input_schema": {"type": "object"}}',
    ],
)
def test_what_has_a_limit_may_have_one_or_takes_none(tool: str) -> None:
    assert found(f'def ask(limit, more, kind):\n    return send("Go.", [{tool}])') == ()


def test_a_limit_that_is_set_on_some_paths_may_be_meant() -> None:
    assert (
        found("""
        def ask(limit=None):
            tool = {"type": "web_search_20250305", "name": "web_search"}
            if limit:
                tool["max_uses"] = limit
            return send("Go.", [tool])
        """)
        == ()
    )
