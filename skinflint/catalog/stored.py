"""Facts about records that are stored: what reads many, and what tells that each takes its time.

Everything here is read from ``data/stored.toml``.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from skinflint.catalog.compiled import read
from skinflint.catalog.tasks import words

#: A text of more letters is none that names a maker or a model.
_LONGEST = 60


class Stored:
    """The loaded facts. Made by :func:`load`."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        """Index the tables of ``stored.toml``."""
        reads, long = data["reads"], data["long"]
        self._reads = frozenset(reads["all"].split())
        self._of = frozenset(reads["of"].split())
        self._sets = frozenset(reads["sets"].split())
        self._sets_of = frozenset(reads["sets_of"].split())
        self._sets_up = frozenset(reads["sets_up"].split())
        self.hands_on = frozenset(reads["hands_on"].split())
        self.cuts = frozenset(reads["cuts"].split())
        self.picks = frozenset(reads["picks"].split())
        self.queries = frozenset(reads["queries"].split())
        self.bars = frozenset(long["bars"].split())
        self.sleeps = frozenset(long["sleeps"].split())
        self.there = frozenset(long["there"].split())
        self._done = frozenset(long["done"].split())
        keeps = data["keeps"]
        self._keeps = frozenset(keeps["all"].split())
        self._keeps_of = frozenset(keeps["of"].split())
        self.placed = frozenset(keeps["placed"].split())
        self.asks = frozenset(keeps["queries"].split())
        self.writing = tuple(keeps["words"].split())
        self.opens = frozenset(keeps["opens"].split())
        self.modes = frozenset(keeps["modes"])
        self.tells = frozenset(data["telling"]["all"].split())
        self.others = tuple(data["others"]["modules"].split())
        self._ours = tuple(data["others"]["ours"].split())
        self._theirs = frozenset(data["others"]["theirs"].split())

    def is_ours(self, said: str) -> bool:
        """Whether a text of settings, or a name in code, speaks of Claude or its maker."""
        return any(word in said.lower() for word in self._ours)

    def is_another(self, said: str) -> bool:
        """Whether it speaks of another maker, or of a service of another."""
        if len(said) > _LONGEST or self.is_ours(said):
            return False
        return any(word.rstrip("0123456789") in self._theirs for word in words(said))

    def reads(self, name: str) -> bool:
        """Whether a callee, as it is written, reads what is stored."""
        return name in self._of or name.rpartition(".")[2] in self._reads

    def reads_all(self, name: str) -> bool:
        """Whether a callee, as it is written, yields the records of a whole data set."""
        return name in self._sets_of or name.rpartition(".")[2] in self._sets

    def keeps(self, name: str) -> bool:
        """Whether a callee, as it is written, writes down what it is given."""
        return name in self._keeps_of or name.rpartition(".")[2] in self._keeps

    def sets_up(self, name: str) -> bool:
        """Whether a name says that it holds what sets a program up."""
        return not self._sets_up.isdisjoint(words(name))

    def was_done(self, name: str) -> bool:
        """Whether a name says that it holds what an earlier run did."""
        return not self._done.isdisjoint(words(name))


@lru_cache(maxsize=1)
def load() -> Stored:
    """The facts that come with skinflint."""
    return Stored(read("stored"))
