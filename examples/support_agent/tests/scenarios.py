"""What happens to the agent on a day: each scenario drives it once against the stand-in.

``python -m support_agent.tests.scenarios [NAME]...`` plays them, or all, and prints the requests as
JSON, so that two versions of the agent can be compared.
"""

from __future__ import annotations

import asyncio
import importlib
import json
import os
import sys
import uuid
import warnings
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from datetime import datetime, tzinfo
from types import ModuleType, SimpleNamespace
from typing import Any, NamedTuple
from unittest import mock

from support_agent.store import Store
from support_agent.tests.standin import StandIn

NOON = datetime(2026, 3, 2, 12, 5, 30)
REQUEST_ID = uuid.UUID(int=0x5EED)
TERMS = '{"theft": "pays 400 at most", "cover": "6 a day", "late": "half a day after 30 minutes"}'
PAGES = ["Keys are counted at closing.", "Batteries stay on the ground floor.", "Call the boss."]


class FixedClock(datetime):
    """A datetime whose now() is always the same."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> FixedClock:
        """``NOON``, in whatever zone was asked for."""
        return cls.combine(NOON.date(), NOON.time(), tz)


class Workshop:
    """An MCP session, as far as the agent uses one, that lists its tools in a given order."""

    def __init__(self, *names: str) -> None:
        self._names = names

    async def list_tools(self) -> SimpleNamespace:
        """Its tools, in the order it was given."""
        tools = [
            SimpleNamespace(name=name, description=f"Does {name}.", inputSchema={"type": "object"})
            for name in self._names
        ]
        return SimpleNamespace(tools=tools)

    async def call_tool(self, name: str, arguments: Any) -> str:
        """Says what was called."""
        return f"{name} done"


class App(NamedTuple):
    """The agent's modules, freshly imported, and the server they talk to."""

    agent: ModuleType
    api: ModuleType
    desk: ModuleType
    nightly: ModuleType
    standin: StandIn


@contextmanager
def running() -> Iterator[App]:
    """The agent with the real SDK pointed at a stand-in, at a fixed time, with a fixed uuid."""
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith("ANTHROPIC_")
    }
    names = ("agent", "api", "desk", "nightly")
    with (
        StandIn() as standin,
        mock.patch.dict(os.environ, environment | standin.environment, clear=True),
        warnings.catch_warnings(),
    ):
        # One default of the agent is a model that is no longer served; the SDK says so.
        warnings.filterwarnings("ignore", "The model .* is deprecated", DeprecationWarning)
        # Clients read their address when they are made, some of them at import.
        for name in names:
            sys.modules.pop(f"support_agent.{name}", None)
        modules = {name: importlib.import_module(f"support_agent.{name}") for name in names}
        app = App(standin=standin, **modules)
        with (
            mock.patch.object(app.api, "datetime", FixedClock),
            mock.patch.object(app.api, "STARTED", "2026-03-02T08:00+00:00"),
            mock.patch.object(app.api.uuid, "uuid4", return_value=REQUEST_ID),
        ):
            yield app
            app.api.get_client().close()


def chat(app: App, first: str, profile: str) -> None:
    """A customer asks; the model looks twice before it answers."""
    store = Store()
    store.add("orders", id="R-1044", customer="c1", state="ready since Monday")
    app.standin.use_tool("find_order", order="R-1044")
    app.standin.use_tool("open_ticket", text="Lindau, city bicycle, squeaks")
    app.standin.say("It is ready.")
    app.agent.SupportAgent(store, app.api.get_client()).answer(
        "Is R-1044 ready? It squeaked.", first, profile
    )


def web(app: App, path: str, **body: Any) -> None:
    """A request to one of the web handlers."""
    app.api.app.handlers[path](body)


def workshop(app: App, *names: str) -> None:
    """A mechanic asks; the model uses one tool of the workshop's server."""
    app.standin.use_tool(names[0])
    app.standin.say("Done.")
    at_the_desk(app, app.desk.workshop(Workshop(*names), "Order two inner tubes."))


def handbook(app: App, *pages: str) -> None:
    """Somebody asks the handbook."""
    at_the_desk(app, app.desk.ask_handbook(list(pages), "Where do batteries go?"))


def at_the_desk(app: App, work: Coroutine[Any, Any, str]) -> None:
    """Run what the desk does in an event loop of its own."""

    async def whole() -> None:
        async with app.desk.client:
            await work

    asyncio.run(whole())


def night(app: App, terms: str) -> None:
    """The nightly job, over two tickets."""
    store = Store()
    store.add("terms", shop="lindau", body=terms)
    store.add("tickets", body="The chain fell off.")
    store.add("tickets", body="You charged me twice.")
    for text in ("repair", "Chain off: free.", "billing", "Paid twice: refund.", "No patterns."):
        app.standin.say(text)
    job = app.nightly.NightlyJob(store, "lindau")
    job.run()
    job.client.close()


def resend(app: App) -> None:
    """All open tickets as one batch."""
    store = Store()
    store.add("tickets", body="The chain fell off.")
    app.nightly.resend(store)


SCENARIOS: dict[str, Callable[[App], None]] = {
    "chat, customer with a profile": lambda app: chat(app, "Ada", "Rents by the month."),
    "chat, customer without a profile": lambda app: chat(app, "Ada", ""),
    "chat, profile without a name": lambda app: chat(app, "", "Rents by the month."),
    "chat, guest": lambda app: chat(app, "", ""),
    "web chat": lambda app: web(app, "/chat", message="Hello"),
    "draft": lambda app: web(app, "/draft", message="My saddle is gone."),
    "handover": lambda app: web(app, "/handover", turns=[{"who": "customer", "text": "Help!"}]),
    "hours": lambda app: web(app, "/hours", question="Are you open?"),
    "workshop": lambda app: workshop(app, "stock", "order_part"),
    "workshop, other order": lambda app: workshop(app, "order_part", "stock"),
    "handbook": lambda app: handbook(app, *PAGES),
    "handbook of one page": lambda app: handbook(app, *PAGES[:1]),
    "night": lambda app: night(app, TERMS),
    "resend": resend,
}


def play(name: str) -> list[dict[str, Any]]:
    """The bodies of all requests of one scenario, in order."""
    with running() as app:
        SCENARIOS[name](app)
        return app.standin.bodies


if __name__ == "__main__":
    json.dump({name: play(name) for name in sys.argv[1:] or SCENARIOS}, sys.stdout, indent=1)
