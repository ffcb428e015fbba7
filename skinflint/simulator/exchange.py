"""What the simulator keeps of each request: where it came from, what it read, what it is billed."""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import unquote

from skinflint.cache.model import Usage, usd
from skinflint.catalog.models import Catalog, Model
from skinflint.simulator.prompt import Prompt

#: The header in which a program that is proven says where it sends a request from.
SITE_HEADER = "x-skinflint-site"


class Caller(NamedTuple):
    """One frame of the program, innermost first: the lines of the call, and its function."""

    path: str
    line: int
    end_line: int
    function: str


class Exchange(NamedTuple):
    """One request and how it was answered."""

    number: int
    at: float  # seconds on the simulator's clock
    method: str  # "messages.create", "messages.stream", "messages.batches.create", ...
    callers: tuple[Caller, ...]  # empty: it is not known where the request came from
    model_id: str
    model: Model | None
    prompt: Prompt
    usage: Usage | None  # None: refused, or only counted
    error: str = ""  # why it was refused
    message_id: str = ""
    stop_reason: str = ""
    batch: bool = False
    fast: bool = False
    us_only: bool = False
    scope: str = ""
    begun: float | None = None  # when its response began, None while it has not

    def usd(self, catalog: Catalog | None = None) -> float | None:
        """The first party's bill, None where a price is not known."""
        if self.usage is None:
            return 0.0
        if self.model is None:
            return None
        return usd(
            self.usage,
            self.model,
            batch=self.batch,
            fast=self.fast,
            us_only=self.us_only,
            catalog=catalog,
        )


def hit_rate(usages: list[Usage]) -> float:
    """The share of all prompt tokens that was read from the cache; 0 without any."""
    prompt = sum(usage.prompt for usage in usages)
    return sum(usage.read for usage in usages) / prompt if prompt else 0.0


def read_callers(header: str) -> tuple[Caller, ...]:
    """The frames that ``SITE_HEADER`` names; what can't be read is left out."""
    found = []
    for part in header.split(";"):
        fields = part.split(":")
        if len(fields) == 4 and fields[1].isdigit() and fields[2].isdigit():
            path, function = unquote(fields[0]), unquote(fields[3])
            found.append(Caller(path, int(fields[1]), int(fields[2]), function))
    return tuple(found)
