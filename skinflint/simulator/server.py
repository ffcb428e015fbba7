"""Serving the simulator: on loopback, in a thread of its own, nowhere else."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Mapping
from threading import Thread
from types import TracebackType

import uvicorn

from skinflint.catalog import api
from skinflint.simulator.app import application
from skinflint.simulator.core import Simulator

#: What stands in for a key: it opens nothing.
DUMMY_KEY = "skinflint-simulator-no-key"
_WAIT = 30.0  # seconds for the server to come up, and to go down
_STEP = 0.01
_BACKLOG = 2048


class Server:
    """A simulator that listens, as a context manager. ``url`` is where.

    Raises ValueError for an address beyond loopback.
    """

    def __init__(self, simulator: Simulator, host: str = "127.0.0.1", port: int = 0) -> None:
        if not ipaddress.ip_address(host).is_loopback:
            raise ValueError(f"{host} is reachable from elsewhere; the simulator is not")
        self.simulator = simulator
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._socket = socket.socket(family, socket.SOCK_STREAM)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._socket.bind((host, port))
        config = uvicorn.Config(
            application(simulator),
            loop="asyncio",
            http="h11",
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            backlog=_BACKLOG,
        )
        self._server = uvicorn.Server(config)
        self._thread = Thread(
            target=self._server.run, args=([self._socket],), name="skinflint-simulator", daemon=True
        )

    @property
    def url(self) -> str:
        """What goes into ``ANTHROPIC_BASE_URL``."""
        host, port = self._socket.getsockname()[:2]
        return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"

    def environment(self, given: Mapping[str, str]) -> dict[str, str]:
        """The environment ``given``, made to lead the SDK here and to nobody else."""
        access = api.load().access
        kept = {name: value for name, value in given.items() if name not in access.credentials}
        kept[access.base_url] = self.url
        kept[access.key] = DUMMY_KEY
        for name in ("NO_PROXY", "no_proxy"):
            kept[name] = ",".join(filter(None, (given.get(name), "127.0.0.1", "localhost", "::1")))
        return kept

    def __enter__(self) -> Server:
        self._thread.start()
        _wait_for(self._server, self._thread)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.should_exit = True
        self._server.force_exit = True  # connections that are kept alive are not waited for
        self._thread.join(_WAIT)
        self._socket.close()


def _wait_for(server: uvicorn.Server, thread: Thread) -> None:
    """Until it serves."""
    waited = 0.0
    while not server.started:
        thread.join(_STEP)
        waited += _STEP
        if waited > _WAIT or not thread.is_alive():
            raise RuntimeError("the simulator did not come up")
