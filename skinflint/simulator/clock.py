"""The simulator's clock: real time that tests, and ``prove --gap``, can turn forward."""

from __future__ import annotations

import time
from collections.abc import Callable


class Clock:
    """Seconds since it was made, plus whatever it was turned by."""

    def __init__(self, source: Callable[[], float] = time.monotonic) -> None:
        self._source = source
        self._start = source()
        self._turned = 0.0

    def now(self) -> float:
        """The time in seconds."""
        return self._source() - self._start + self._turned

    def advance(self, seconds: float) -> None:
        """Let ``seconds`` pass at once. Time does not run backwards."""
        if seconds < 0:
            raise ValueError("time does not run backwards")
        self._turned += seconds


class Stopped(Clock):
    """A clock that moves only when it is turned."""

    def __init__(self) -> None:
        super().__init__(lambda: 0.0)
