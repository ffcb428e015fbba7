"""The Messages API as its callers meet it: limits, refusals, how tokens are estimated.

All of it is data (``data/api.toml``), each with a source and a date; the simulator answers with it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from skinflint.catalog.compiled import read


class Access(NamedTuple):
    """Where the first party answers, and the variables that lead a client of the SDK there."""

    host: str
    base_url: str
    key: str
    credentials: tuple[str, ...]  # further variables with credentials or an address
    strict_since: str  # anthropic-version from which on sampling parameters are refused


class ServerTool(NamedTuple):
    """A tool that the server runs by itself, as often as the model asks."""

    name: str
    heads: tuple[str, ...]  # of its types
    usd: float  # fee for a thousand uses


class Client(NamedTuple):
    """What the SDK refuses by itself, before anything is sent."""

    unstreamed: int  # most max_tokens of a reply that isn't streamed
    unstreamed_since: str  # SDK version
    unstreamed_methods: tuple[str, ...]
    strict_since: str  # SDK version from which on sampling parameters are refused for every model


class UsageFacts(NamedTuple):
    """The counts that come with a reply, and how programs that price them name things."""

    input: tuple[str, ...]  # without what was read from the cache or written to it
    cached: tuple[str, ...]
    others: tuple[str, ...]
    kept: tuple[str, ...]  # keys of records that hold the first
    prices: tuple[str, ...]  # words
    record: tuple[str, ...]  # what a program that records usage says somewhere


class Batches(NamedTuple):
    """Limits of the batches endpoint."""

    requests: int
    hours: int
    days: int
    custom_id: str
    refused: tuple[str, ...]


class Images(NamedTuple):
    """How many tokens an image is. Pairs: models before 4.7, and from 4.7 on."""

    patch: int
    edge: tuple[int, int]
    tokens: tuple[int, int]
    unseen: int


class ContextEdits(NamedTuple):
    """Clearing of results of tools by the server; triggers below ``eager_...`` clear too often."""

    head: str  # of the type of such an edit
    trigger: int  # input tokens, where none is given
    eager_tokens: int
    eager_uses: int


class Api(NamedTuple):
    """All of it."""

    access: Access
    status: Mapping[str, int]  # by type of error
    most_bytes: int
    most_batch_bytes: int
    most_messages: int
    least_thinking: int
    sampling: Mapping[str, float | None]  # with the value that changes nothing
    later: tuple[str, ...]  # methods whose request leaves after their call has returned
    completions: tuple[str, ...]  # methods that serve retired models only
    web_tools: tuple[str, ...]  # heads of the types of tools that read the web
    server_tools: tuple[ServerTool, ...]
    server_tool_limit: str  # the entry that caps the uses of one
    client: Client
    usage: UsageFacts
    instead: Mapping[str, str]  # what to write for a keyword that isn't taken
    batches: Batches
    compared: tuple[str, ...]  # by cache diagnostics, in order
    compared_as_model: tuple[str, ...]
    compared_settings: tuple[str, ...]
    chars: float  # characters per token
    dense: float  # of text outside ASCII
    images: Images
    context_edits: ContextEdits
    page: int  # tokens of a page
    unseen_pages: int
    refusals: Mapping[str, str]


_loaded: list[Api] = []


def server_tool(kind: str) -> ServerTool | None:
    """The tool of the server that a type names: ``web_search_20250305``; None for any other."""
    return next(
        (tool for tool in load().server_tools if any(kind.startswith(h) for h in tool.heads)), None
    )


def load() -> Api:
    """The facts, read once."""
    if not _loaded:
        _loaded.append(_build(read("api")))
    return _loaded[0]


def _build(raw: dict[str, Any]) -> Api:
    access, batches, images = raw["access"], raw["batches"], raw["images"]
    return Api(
        access=Access(
            access["host"],
            access["base_url"],
            access["key"],
            tuple(access["credentials"]),
            access["strict_since"],
        ),
        status={name: code for name, code in raw["status"].items() if isinstance(code, int)},
        most_bytes=raw["limits"]["bytes"],
        most_batch_bytes=raw["limits"]["batch_bytes"],
        most_messages=raw["messages"]["most"],
        least_thinking=raw["messages"]["thinking_least"],
        sampling={
            name: raw["messages"]["neutral"].get(name) for name in raw["messages"]["sampling"]
        },
        later=tuple(raw["messages"]["later"]),
        completions=tuple(raw["completions"]["methods"]),
        web_tools=tuple(raw["messages"]["web_tools"]),
        server_tools=tuple(
            ServerTool(name, tuple(entry["heads"]), entry["usd"])
            for name, entry in raw["server_tools"].items()
            if isinstance(entry, dict)
        ),
        server_tool_limit=raw["server_tools"]["limit"],
        client=Client(
            raw["client"]["unstreamed"],
            raw["client"]["unstreamed_since"],
            tuple(raw["client"]["unstreamed_methods"]),
            raw["client"]["strict_since"],
        ),
        usage=UsageFacts(*(tuple(raw["usage"][name]) for name in UsageFacts._fields)),
        instead={name: text for name, text in raw["instead"].items() if name != "source"},
        batches=Batches(
            batches["requests"],
            batches["hours"],
            batches["days"],
            batches["custom_id"],
            tuple(batches["refused"]),
        ),
        compared=tuple(raw["diagnostics"]["order"]),
        compared_as_model=tuple(raw["diagnostics"]["model"]),
        compared_settings=tuple(raw["diagnostics"]["others"]),
        chars=raw["estimate"]["chars"],
        dense=raw["estimate"]["dense"],
        images=Images(
            images["patch"],
            (images["edge"][0], images["edge"][1]),
            (images["tokens"][0], images["tokens"][1]),
            images["unseen"],
        ),
        context_edits=ContextEdits(*(raw["context_edits"][name] for name in ContextEdits._fields)),
        page=raw["documents"]["page"],
        unseen_pages=raw["documents"]["unseen_pages"],
        refusals={name: text for name, text in raw["refusals"].items() if name != "source"},
    )
