"""A pytest plugin: the simulator as a fixture, and an assertion about the hit rate.

    def test_the_prompt_is_cached(skinflint_simulator):
        for question in ("Is it open?", "Where are you?"):
            answer(question)
        skinflint_simulator.assert_cache_hits(min_ratio=0.4)

The plugin is there once skinflint is installed with its extra ``prove``; nothing is imported until
a test asks for the fixture.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from skinflint.simulator.exchange import Exchange
    from skinflint.simulator.replies import Replies
    from skinflint.simulator.server import Server


class ServedSimulator:
    """A simulator that is listening, with what tests ask of it."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._simulator = server.simulator

    @property
    def url(self) -> str:
        """Where it listens: what goes into ``ANTHROPIC_BASE_URL``."""
        return self._server.url

    @property
    def exchanges(self) -> list[Exchange]:
        """Every request so far, with its usage."""
        return self._simulator.exchanges

    @property
    def hit_rate(self) -> float:
        """The share of all prompt tokens that was read from the cache."""
        from skinflint.simulator.exchange import hit_rate

        return hit_rate([each.usage for each in self.exchanges if each.usage is not None])

    def reply_with(self, replies: Replies) -> None:
        """Answer with these from now on (``skinflint.simulator.replies``)."""
        self._simulator.replies = replies

    def advance(self, seconds: float) -> None:
        """Let time pass on the cache's clock, so that entries grow old."""
        self._simulator.clock.advance(seconds)

    def reset(self) -> None:
        """Forget all requests and all that is cached."""
        self._simulator.reset()

    def environment(self, **given: str) -> dict[str, str]:
        """An environment for a process of its own: this one's, ``given``, and the way here."""
        return self._server.environment({**os.environ, **given})

    def assert_cache_hits(self, min_ratio: float, *, skip: int = 0) -> None:
        """Fail if less than this share of the prompts was read from the cache.

        ``skip`` leaves the first requests out: they have nothing to read yet.
        """
        __tracebackhide__ = True
        answered = [each for each in self.exchanges if each.usage is not None][skip:]
        if not answered:
            pytest.fail("no request was answered, so there is no hit rate")
        from skinflint.simulator.exchange import hit_rate

        usages = [each.usage for each in answered if each.usage is not None]
        found = hit_rate(usages)
        if found < min_ratio:
            pytest.fail(_told(answered, found, min_ratio))


def _told(exchanges: list[Exchange], found: float, least: float) -> str:
    from skinflint.simulator.divergence import breaks

    lines = [f"{found:.0%} of the prompts were read from the cache, not {least:.0%}:"]
    for each in exchanges:
        usage = each.usage
        assert usage is not None
        written = usage.write_5m + usage.write_1h
        lines.append(
            f"  request {each.number} ({each.model_id}): read {usage.read}, written {written}, "
            f"uncached {usage.uncached}"
        )
    for broken in breaks(exchanges)[:3]:
        piece = broken.differing
        text = piece.text[max(broken.offset - 20, 0) : broken.offset + 20]
        lines.append(
            f"  request {broken.exchange.number} differs from request {broken.earlier.number} at "
            f"byte {broken.byte}, in {piece.where}: {text!r}"
        )
    return "\n".join(lines)


@pytest.fixture
def skinflint_simulator(monkeypatch: pytest.MonkeyPatch) -> Iterator[ServedSimulator]:
    """A simulator on loopback, to which clients that are made in the test are led.

    A client made before (at import, in a fixture of the session) keeps its address; give it
    ``skinflint_simulator.url``.
    """
    from skinflint.simulator.core import Simulator
    from skinflint.simulator.server import Server

    with Server(Simulator()) as server:
        wanted: dict[str, Any] = server.environment(os.environ)
        for name in set(os.environ) - set(wanted):
            monkeypatch.delenv(name)
        for name, value in wanted.items():
            if os.environ.get(name) != value:
                monkeypatch.setenv(name, value)
        yield ServedSimulator(server)


@pytest.fixture
def assert_cache_hits(skinflint_simulator: ServedSimulator) -> Any:
    """``skinflint_simulator.assert_cache_hits`` by itself."""
    return skinflint_simulator.assert_cache_hits
