"""What brings whole texts and encoded bytes into a message, as data.

Everything here is read from ``data/contents.toml`` and answers questions about names; nothing in
this module looks at code.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from skinflint.catalog.compiled import read


class Contents:
    """The loaded facts. Made by :func:`load`."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        """Index the tables of ``contents.toml``."""
        self.date: str = data["date"]
        whole = data["whole"]
        #: kind of entry -> last names that yield all of it
        self.whole = {kind: _names(whole[kind]) for kind in ("file", "http", "process")}
        self.asks = _names(whole["asks"])
        through = data["through"]
        self.methods = _names(through["methods"])
        self.functions = _names(through["functions"])
        self._params = tuple(through["params"].split())
        short = data["short"]
        self.short_parameters = _names(short["parameters"])
        self.short_calls = _names(short["calls"])
        self.short_commands = _names(short["commands"])
        encoders = data["encoders"]
        self.encoders = _names(encoders["calls"])
        self.encoded = _names(encoders["attributes"])
        self.blocks = _names(encoders["blocks"])
        self.images = _names(encoders["images"])
        self.documents = _names(encoders["documents"])

    def holds(self, name: str) -> bool:
        """Whether a class, by its name, is a message or a block: it keeps what it is given."""
        return name.endswith(self._params)


def _names(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


@lru_cache(maxsize=1)
def load() -> Contents:
    """The shipped facts, read once."""
    return Contents(read("contents"))
