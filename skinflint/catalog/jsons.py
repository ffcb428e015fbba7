"""Who writes JSON, and what in a call of it lays the text out for people (``data/json.toml``)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from skinflint.catalog.compiled import read
from skinflint.catalog.tasks import words


class Writer(NamedTuple):
    """A function that writes JSON: the keyword that lays it out, and what to write instead."""

    keyword: str
    compact: str


class Jsons:
    """The loaded facts. Made by :func:`load`."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        """Read the tables of ``json.toml``."""
        self.functions = {name: Writer(**entry) for name, entry in data["functions"].items()}
        self.methods = {name: Writer(**entry) for name, entry in data["methods"].items()}
        self._forms = frozenset(data["forms"]["words"].split())
        self._numbers = frozenset(data["fields"]["numbers"].split())
        self._others = frozenset(data["fields"]["others"].split())
        self._lists = frozenset(data["fields"]["lists"].split())
        self._tables = frozenset(data["fields"]["tables"].split())
        self._vague = frozenset(data["fields"]["vague"].split())
        self._words = frozenset(data["fields"]["words"].split())
        self._seldom = frozenset(data["seldom"]["words"].split())
        layout = data["layout"]
        self.again: int = layout["again"]
        self.few: int = layout["few"]
        self.least: int = layout["least"]
        self.many: int = layout["many"]
        self.record: int = layout["record"]
        self.several: int = layout["several"]
        self.tokens: int = layout["tokens"]
        self.words: int = layout["words"]
        self.records = frozenset(layout["records"].split())

    def shows_form(self, name: str) -> bool:
        """Whether a name says that its value is an example of a form."""
        return not self._forms.isdisjoint(words(name))

    def may_hold_more(self, name: str) -> bool:
        """Whether the name of a field says that it may hold others: a plural, a collection."""
        parts = words(name)
        if not parts or not self._numbers.isdisjoint(parts):
            return False
        return _is_plural(parts[-1]) or not self._others.isdisjoint(parts)

    def is_seldom(self, name: str) -> bool:
        """Whether a name says that something is done once a week or more seldom."""
        return not self._seldom.isdisjoint(words(name))

    def is_plural(self, name: str) -> bool:
        """Whether a name says that several of a kind are in it: a plural, a word for a list."""
        parts = words(name)
        if not parts or not self._numbers.isdisjoint(parts):
            return False
        return _is_plural(parts[-1]) or parts[-1] in self._lists

    def is_table(self, name: str) -> bool:
        """Whether a name is one that people give to the rows of a table."""
        return not self._tables.isdisjoint(words(name))

    def says_little(self, name: str) -> bool:
        """Whether a name may hold more, but would be the name of what is small just as well."""
        parts = words(name)
        return bool(parts) and parts[-1] in self._vague

    def names_words(self, name: str) -> bool:
        """Whether a plural is of what is a word or a line each: titles, names, tags."""
        parts = words(name)
        return bool(parts) and parts[-1] in self._words


def _is_plural(word: str) -> bool:
    return word.endswith("s") and not word.endswith(("ss", "us", "is"))


@lru_cache(maxsize=1)
def load() -> Jsons:
    """The facts that come with skinflint."""
    return Jsons(read("json"))
