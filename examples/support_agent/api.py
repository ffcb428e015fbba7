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
from support_agent.prompts import DRAFT_PROMPT, HANDOVER_PROMPT, HOURS_PROMPT
from support_agent.store import Store

MODEL = "claude-sonnet-5-5"
STARTED = datetime.now(timezone.utc).isoformat(timespec="minutes")

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
