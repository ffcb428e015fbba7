"""Other libraries than the SDK that ask for a reply of Claude (``data/libraries.toml``)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from skinflint.catalog.compiled import read


class LiteLLM(NamedTuple):
    """``litellm.completion`` and what is called like it."""

    functions: frozenset[str]
    classes: frozenset[str]
    methods: frozenset[str]
    positional: tuple[str, ...]
    elsewhere: tuple[str, ...]
    same: tuple[tuple[str, str], ...]  # its argument, the one of a request
    system_roles: frozenset[str]
    heads: Mapping[str, str]
    blocks: Mapping[str, str]


class Bedrock(NamedTuple):
    """The methods of the client that boto3 makes for bedrock-runtime."""

    converse: frozenset[str]
    invoke: frozenset[str]
    model: str
    body: str
    version: str
    types: tuple[str, ...]
    blocks: Mapping[str, str]
    inference: Mapping[str, str]


class Http(NamedTuple):
    """What sends HTTP, each with the position of the URL."""

    methods: Mapping[str, int]
    functions: Mapping[str, int]
    verbs: frozenset[str]
    url: str
    json: str
    raw: tuple[str, ...]
    types: tuple[str, ...]
    mocks: tuple[str, ...]


class Libraries(NamedTuple):
    """All of it."""

    litellm: LiteLLM
    bedrock: Bedrock
    http: Http
    writers: frozenset[str]  # functions that write JSON


@lru_cache(maxsize=1)
def load() -> Libraries:
    """The facts that come with skinflint."""
    data: dict[str, Any] = read("libraries")
    lite, aws, http = data["litellm"], data["bedrock"], data["http"]
    return Libraries(
        LiteLLM(
            frozenset(lite["functions"].split()),
            frozenset(lite["classes"].split()),
            frozenset(lite["methods"].split()),
            tuple(lite["positional"].split()),
            tuple(lite["elsewhere"].split()),
            tuple(_pair(word) for word in lite["same"].split()),
            frozenset(lite["system_roles"].split()),
            _table(lite["heads"]),
            _table(lite["blocks"]),
        ),
        Bedrock(
            frozenset(aws["converse"].split()),
            frozenset(aws["invoke"].split()),
            aws["model"],
            aws["body"],
            aws["version"],
            tuple(aws["types"].split()),
            _table(aws["blocks"]),
            _table(aws["inference"]),
        ),
        Http(
            _places(http["methods"]),
            _places(http["functions"]),
            frozenset(http["verbs"].split()),
            http["url"],
            http["json"],
            tuple(http["raw"].split()),
            tuple(http["types"].split()),
            tuple(http["mocks"].split()),
        ),
        frozenset(data["json"]["writers"].split()),
    )


def is_claude(id: str) -> bool:
    """Whether a model id, without what a library puts in front of it, surely is one of Claude."""
    return re.match(_CLAUDE, id.rpartition("/")[2]) is not None


def names_claude(text: str) -> bool:
    """Whether a piece of a model id (of an ARN, of an id with its region left open) says so."""
    return re.search(_CLAUDE, text) is not None


#: A region, a vendor, the name: ``us.anthropic.claude-...``, ``claude-...@date``.
_CLAUDE = r"(?a:\b(?:[a-z]{2,6}(?:-gov)?\.)?(?:anthropic\.)?claude[-:])"


def _table(entries: Mapping[str, str]) -> dict[str, str]:
    return {key: value for key, value in entries.items() if key not in ("source", "date")}


def _pair(word: str) -> tuple[str, str]:
    name, _, other = word.partition("-")
    return name, other or name


def _places(words: str) -> dict[str, int]:
    found = (word.rpartition(":") for word in words.split())
    return {name: int(position) for name, _, position in found}
