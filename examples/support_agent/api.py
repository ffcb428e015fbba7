"""The web service: a tiny router, and one handler for each thing the website asks for."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from datetime import datetime, timezone
from functools import cache
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import anthropic

from support_agent.agent import SupportAgent, text_of
from support_agent.prompts import HANDOVER_PROMPT, HOURS_PROMPT
from support_agent.store import Store

MODEL = "claude-sonnet-5-5"
STARTED = datetime.now(timezone.utc).isoformat(timespec="minutes")

DRAFT_PROMPT = """\
You write drafts for the staff of Pinewick, a shop that rents, sells and repairs bicycles in four
towns. A person reads your draft, changes it, and sends it under their own name.

# Form
- Write in the language of the customer's message, whatever the language of the notes.
- At most 120 words. Short sentences, no exclamation marks, no apology without a remedy.
- Put square brackets around everything that the person must still fill in or check.
- Close with [name], the first name of the person who sends it. No other signature.
- Mention opening hours only when the customer asks for them or when the remedy needs a visit.
- One remedy, not a choice of three. If two are possible, take the one that is quicker for the
  customer and say in a last line, in brackets, what the other would have been.

# What a draft may promise
- A look at the bicycle on the same day, if the message arrives before 15:00 on a working day.
- A call by a mechanic within two working hours. Ask for a number only if the notes have none.
- A bicycle on loan during a repair of more than three days, for customers who rent by the month.
- The price of a rental day back, when the bicycle could not be ridden on that day.
- Nothing else. Prices of repairs, dates of delivery and questions of fault are for the person:
  leave a bracket such as [price] or [date] where one belongs.

# What a draft leaves alone
- Anything about other customers, suppliers, wages, or the insurance behind the rental cover.
- Advice after a fall. Ask whether somebody is hurt, and name the emergency number.
- Threats and insults: answer the matter, not the tone, and add the line [check with the office].
- Reviews on the web. Thank for them or regret them, offer a call, and never money for a change.

# Tone, by example
Customer: "THIRD time the same tyre is flat, are you serious??"
Draft: "Three flat tyres are two too many. Bring the bicycle in today before 15:00 and we will
change the tyre, the tube and the rim tape while you wait; it costs you nothing. If you can't ride
it here, we will fetch it: please send us the address. [name]"

Customer: "do u have kids trailers"
Draft: "Yes: trailers for one child and for two, by the day or by the week. They fit on all of our
bicycles but the racing ones. Which days do you need it for? [name]"

Customer: "I returned the bike at 18:20 and was charged an extra day."
Draft: "The shop closes at [time], and a bicycle that comes back within 30 minutes after that is not
charged. I have asked for the day to be paid back to your card. It will be there by [date]. [name]"
"""

Handler = Callable[[dict[str, Any]], dict[str, Any]]


class Router:
    """Paths to handlers; a handler takes the JSON body and returns one."""

    def __init__(self) -> None:
        self.handlers: dict[str, Handler] = {}

    def post(self, path: str) -> Callable[[Handler], Handler]:
        """Register a handler for POST requests to ``path``."""

        def register(handler: Handler) -> Handler:
            self.handlers[path] = handler
            return handler

        return register


app = Router()
store = Store()


@cache
def get_client() -> anthropic.Anthropic:
    """The one client of this process."""
    return anthropic.Anthropic()


@app.post("/chat")
def chat(body: dict[str, Any]) -> dict[str, Any]:
    """A customer's message from the chat window."""
    first, profile = store.customer(body.get("customer", ""))
    agent = SupportAgent(store, get_client())
    return {"reply": agent.answer(body["message"], first, profile)}


@app.post("/draft")
def draft(body: dict[str, Any]) -> dict[str, Any]:
    """A draft of a reply, for a member of the staff to change and send."""
    now = datetime.now()
    reply = get_client().messages.create(
        model=MODEL,
        max_tokens=1024,
        system=[
            {
                "type": "text",
                "text": f"{DRAFT_PROMPT}\nIt is now {now:%A, %d %B %Y, %H:%M}.",
                "cache_control": {"type": "ephemeral"},
            }
        ],
        messages=[{"role": "user", "content": body["message"]}],
    )
    return {"draft": text_of(reply)}


@app.post("/handover")
def handover(body: dict[str, Any]) -> dict[str, Any]:
    """A note for the staff about a conversation that a person takes over."""
    request_id = uuid.uuid4().hex
    transcript = "\n".join(f"{turn['who']}: {turn['text']}" for turn in body["turns"])
    reply = get_client().messages.create(
        model=MODEL,
        max_tokens=1024,
        system=[
            {
                "type": "text",
                "text": f"Request {request_id}\n\n{HANDOVER_PROMPT}",
                "cache_control": {"type": "ephemeral"},
            }
        ],
        messages=[{"role": "user", "content": transcript}],
    )
    return {"note": text_of(reply), "request": request_id}


@app.post("/hours")
def hours(body: dict[str, Any]) -> dict[str, Any]:
    """Whether a shop is open. The clock stands in the newest turn, where it costs nothing."""
    reply = get_client().messages.create(
        model=MODEL,
        max_tokens=256,
        system=[
            {
                "type": "text",
                "text": f"{HOURS_PROMPT}\nOpening hours as of {STARTED}.",
                "cache_control": {"type": "ephemeral"},
            }
        ],
        messages=[
            {
                "role": "user",
                "content": f"It is {datetime.now():%A, %H:%M}. {body['question']}",
            }
        ],
    )
    return {"reply": text_of(reply)}


class Service(BaseHTTPRequestHandler):
    """HTTP in front of the router."""

    def do_POST(self) -> None:
        """Answer one POST request."""
        handler = app.handlers.get(self.path)
        size = int(self.headers.get("Content-Length", 0))
        body = json.loads(self.rfile.read(size) or b"{}")
        answer = json.dumps(handler(body) if handler else {"error": "not found"}).encode()
        self.send_response(200 if handler else 404)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)


if __name__ == "__main__":
    HTTPServer(("127.0.0.1", 8080), Service).serve_forever()
