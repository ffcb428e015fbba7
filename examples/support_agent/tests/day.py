"""A day at the shop, for ``skinflint prove``: every part of the agent is used a few times.

``python -m support_agent.tests.day`` talks to whatever ``ANTHROPIC_BASE_URL`` names. The agent's
clock goes on by a minute with every draft, as it would at a busy desk.
"""

from __future__ import annotations

import asyncio
import warnings
from datetime import datetime, timedelta, tzinfo
from unittest import mock

import anthropic

# One default of the agent is a model that is no longer served; the SDK says so.
warnings.filterwarnings("ignore", "The model .* is deprecated", DeprecationWarning)

from support_agent import api, desk, nightly  # noqa: E402
from support_agent.store import Store  # noqa: E402
from support_agent.tests.scenarios import PAGES, TERMS, Workshop  # noqa: E402

CUSTOMERS = {
    "c1": ("Ada", "Rents a city bicycle by the month since 2024. Pays by direct debit."),
    "c2": ("Bea", ""),
    "c3": ("", "Company account of a bakery: four cargo bicycles. Invoices go to the office."),
    "c4": ("Cem", "Bought a racing bicycle in May. Prefers to be called in the evening."),
    "guest": ("", ""),
}
MESSAGES = (
    "My saddle is gone, what now?",
    "The chain fell off on the way home.",
    "You charged me twice for one day.",
    "Can I keep the trailer until Sunday?",
    "The new light does not charge.",
    "Thank you for the quick repair!",
)
TICKETS = ("The chain fell off.", "You charged me twice.", "A spoke is broken.", "Lovely shop!")


class Clock(datetime):
    """A clock that shows one minute later each time it is read."""

    read = 0

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> datetime:
        """The next minute after five past twelve."""
        cls.read += 1
        return datetime(2026, 3, 2, 12, 5, tzinfo=tz) + timedelta(minutes=cls.read)


def in_the_shop() -> None:
    """Customers chat; the staff asks for drafts, notes and opening hours."""
    post = api.app.handlers
    for customer, (first, profile) in CUSTOMERS.items():
        api.store.add("customers", id=customer, first=first, profile=profile)
        post["/chat"]({"customer": customer, "message": "Is R-1044 ready? It squeaked."})
    for message in MESSAGES:
        post["/draft"]({"message": message})
        post["/handover"]({"turns": [{"who": "customer", "text": message}]})
    for day in ("Sunday", "Monday", "a holiday"):
        post["/hours"]({"question": f"Are you open on {day}?"})


async def at_the_desk() -> None:
    """Mechanics ask the workshop's tools and the handbook."""
    async with desk.client:
        for names in (("stock", "order_part"), ("order_part", "stock"), ("stock", "order_part")):
            await desk.workshop(Workshop(*names), "Order two inner tubes.")
        for question in ("Where do batteries go?", "Who counts the keys?", "Whom do I call?"):
            await desk.ask_handbook(PAGES, question)


def at_night() -> None:
    """The nightly job, once per shop, and the batch."""
    for shop in ("lindau", "aarau"):
        store = Store()
        store.add("terms", shop=shop, body=TERMS)
        for ticket in TICKETS:
            store.add("tickets", body=ticket)
        nightly.resend(store)
        try:
            nightly.NightlyJob(store, shop).run()
        except anthropic.NotFoundError as error:
            print(f"the night in {shop} failed: {error.message}")


if __name__ == "__main__":
    with mock.patch.object(api, "datetime", Clock):
        in_the_shop()
    asyncio.run(at_the_desk())
    at_night()
