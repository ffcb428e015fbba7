"""Another library's client under a telling name, and tables of ids that nobody sends."""

import uuid
from datetime import datetime

from anthropic import APIStatusError
from mailgun.client import Client

PRICES = {
    "claude-3-opus-20240229": (15.0, 75.0),
    "claude-3-5-sonnet-20240620": (3.0, 15.0),
    "claude-sonnet-4-5-20250514": (3.0, 15.0),
}
RETIRED = ["claude-2.0", "claude-instant-1.2"]

anthropic_client = Client(auth=("api", "key"))
client = anthropic_client


def send(to: str) -> None:
    try:
        anthropic_client.messages.create(
            data={"to": to, "subject": f"{datetime.now()}", "h:Reply-To": str(uuid.uuid4())},
            domain="example.org",
        )
        client.messages.create(
            model="claude-3-opus-20240229",
            system=[
                {
                    "type": "text",
                    "text": f"{datetime.now()}",
                    "cache_control": {"type": "ephemeral"},
                }
            ],
            messages=[{"role": "user", "content": to}],
        )
    except APIStatusError as error:
        print(error, PRICES, RETIRED)
