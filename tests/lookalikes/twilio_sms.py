"""Text messages through Twilio: ``client.messages.create`` of another kind."""

import uuid
from datetime import datetime

from twilio.rest import Client

client = Client()
NUMBERS = {"+41550001111", "+41550002222"}


def remind(to: str, first: str) -> str:
    message = client.messages.create(
        to=to,
        from_=", ".join(NUMBERS),
        body=f"{datetime.now():%H:%M} Hello {first}, your bicycle is ready. ({uuid.uuid4()})",
    )
    return message.sid


def remind_all(customers: list[tuple[str, str]]) -> list[str]:
    return [remind(to, first) for to, first in customers]
