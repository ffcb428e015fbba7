"""Libraries that call a function again when it failed (``data/retries.toml``)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from skinflint.catalog.compiled import read


class Decorator(NamedTuple):
    """A decorator that calls a function again: what ends that, and what a fix may set."""

    stops: tuple[str, ...]
    set: str
    bare: bool


class Facts(NamedTuple):
    """All of it."""

    decorators: Mapping[str, Decorator]
    elsewhere: frozenset[str]  # modules whose errors no request to Claude raises
    unstreamed: int  # most tokens of a reply that the SDK waits for
    raised: frozenset[str]  # last names of the errors by which the failure of a request is caught


@lru_cache(maxsize=1)
def load() -> Facts:
    """The facts that come with skinflint."""
    data: dict[str, Any] = read("retries")
    return Facts(
        {
            name: Decorator(tuple(entry["stops"]), entry["set"], entry["bare"])
            for name, entry in data["decorators"].items()
        },
        frozenset(data["elsewhere"]["modules"].split()),
        data["cap"]["unstreamed"],
        frozenset(data["raised"]["names"].split()),
    )
