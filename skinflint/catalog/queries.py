"""Facts about databases: how libraries ask for rows, add some, and delete some.

Everything here is read from ``data/queries.toml``.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from skinflint.catalog.compiled import read


class Queries:
    """The loaded facts. Made by :func:`load`."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        """Index the tables of ``queries.toml``."""
        query, relation, change = data["query"], data["relation"], data["change"]
        self.managers = frozenset(query["managers"].split())
        self.begins = frozenset(query["begins"].split())
        self.named = frozenset(query["named"].split())
        self.executes = frozenset(query["executes"].split())
        self.fetches = frozenset(query["fetches"].split())
        self.texts = frozenset(query["texts"].split())
        self.keeps = frozenset(query["keeps"].split())
        self.orders = frozenset(query["orders"].split())
        self.filters = frozenset(query["filters"].split())
        self.parts = frozenset(query["parts"].split())
        self.limits = frozenset(query["limits"].split())
        self.one = frozenset(query["one"].split())
        self.one_of = frozenset(query["one_of"].split())
        self.lists = frozenset(relation["lists"].split())
        self.points = frozenset(relation["points"].split())
        self.names = tuple(relation["names"].split())
        self._columns = tuple(relation["columns"].split())
        self.adds = tuple(change["adds"].split())
        self.deletes = tuple(change["deletes"].split())
        self.keys = frozenset(change["keys"].split())

    def is_column(self, name: str) -> bool:
        """Whether a call by this name declares a column of a table."""
        return name.endswith(self._columns)


@lru_cache(maxsize=1)
def load() -> Queries:
    """The facts that come with skinflint."""
    return Queries(read("queries"))
