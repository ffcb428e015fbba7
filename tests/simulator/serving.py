"""A simulator, the real SDK talking to it, and requests to send."""

from __future__ import annotations

import asyncio
import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import anthropic

from skinflint.simulator.clock import Stopped
from skinflint.simulator.core import Simulator
from skinflint.simulator.replies import Fixed, Replies
from skinflint.simulator.server import DUMMY_KEY, Server

AS_OF = datetime.date(2026, 11, 22)
MODEL = "claude-sonnet-5-5"
MARK = {"type": "ephemeral"}
HOUR = {"type": "ephemeral", "ttl": "1h"}
SENTENCE = "Keep this in mind, whatever you are asked. "


class Served(NamedTuple):
    """A client, and the simulator that answers it; its clock moves only when it is turned."""

    client: anthropic.Anthropic
    simulator: Simulator
    server: Server

    def ask(self, **more: Any) -> Any:
        """One request, with whatever is given in place of the defaults."""
        request: dict[str, Any] = {"model": MODEL, "max_tokens": 100, "messages": [user("Hello")]}
        return self.client.messages.create(**{**request, **more})

    def used(self, **more: Any) -> tuple[int, int, int]:
        """Tokens read, written and neither of one request."""
        usage = self.ask(**more).usage
        return (
            usage.cache_read_input_tokens,
            usage.cache_creation_input_tokens,
            usage.input_tokens,
        )


class Together(Simulator):
    """Begins no response before ``count`` requests have come."""

    def __init__(self, count: int, **more: Any) -> None:
        super().__init__(**more)
        self._count = count

    async def wait(self) -> None:
        """Until all are there."""
        while len(self.exchanges) < self._count:
            await asyncio.sleep(0.01)


@contextmanager
def serving(replies: Replies | None = None, *, together: int = 0, **more: Any) -> Iterator[Served]:
    """A served simulator and a client for it; ``together`` requests are answered at once."""
    more = {"replies": replies or Fixed(), "clock": Stopped(), "as_of": AS_OF, **more}
    simulator = Together(together, **more) if together else Simulator(**more)
    with (
        Server(simulator) as server,
        anthropic.Anthropic(base_url=server.url, api_key=DUMMY_KEY, max_retries=0) as client,
    ):
        yield Served(client, simulator, server)


def text(words: str, times: int = 100, mark: Any = None) -> dict[str, Any]:
    """A long text block that begins with ``words``."""
    block = {"type": "text", "text": words + " " + SENTENCE * times}
    return block if mark is None else {**block, "cache_control": mark}


def tool(name: str, mark: Any = None) -> dict[str, Any]:
    """A tool without arguments."""
    found = {"name": name, "description": f"To {name}.", "input_schema": {"type": "object"}}
    return found if mark is None else {**found, "cache_control": mark}


def user(content: Any) -> dict[str, Any]:
    """A message of the user."""
    return {"role": "user", "content": content}


def assistant(content: Any) -> dict[str, Any]:
    """A message of the model."""
    return {"role": "assistant", "content": content}
