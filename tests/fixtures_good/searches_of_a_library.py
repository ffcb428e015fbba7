"""A library that turns the tools its users hand in into those of the interface.

Facts: whether there is a search among them is for the program to say that uses the library.
"""

import anthropic

client = anthropic.Anthropic()


class Search:
    """Asks the server to search the web."""


def converted(tool):
    if isinstance(tool, Search):
        return {"type": "web_search_20250305", "name": "web_search"}
    return {"name": tool.name, "description": tool.text, "input_schema": tool.schema}


def ask(messages, tools):
    return client.messages.create(
        model="claude-opus-4-8",
        max_tokens=800,
        cache_control={"type": "ephemeral"},
        tools=[converted(tool) for tool in tools],
        messages=messages,
    )
