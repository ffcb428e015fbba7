"""A stand-in for the Messages API on loopback: answers from a script and keeps every request.

It refuses what the real one refuses and these tests care about: empty text blocks and more than
four cache breakpoints, both with a 400 as the API does.
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from types import TracebackType
from typing import Any

MOST_BREAKPOINTS = 4


class StandIn:
    """The server, as a context manager. ``url`` goes into ``ANTHROPIC_BASE_URL``.

    ``requests`` holds ``(path, JSON body)`` of everything that was posted, refused or not. Replies
    are taken from ``script`` (lists of content blocks) and are a plain "ok" once it is empty.
    """

    def __init__(self) -> None:
        self.requests: list[tuple[str, dict[str, Any]]] = []
        self.script: deque[list[dict[str, Any]]] = deque()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._thread = Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    @property
    def bodies(self) -> list[dict[str, Any]]:
        """The JSON bodies in the order they came."""
        return [body for _, body in self.requests]

    @property
    def environment(self) -> dict[str, str]:
        """The variables that lead the SDK here."""
        return {
            "ANTHROPIC_BASE_URL": self.url,
            "ANTHROPIC_API_KEY": "not-a-key",
            "NO_PROXY": "127.0.0.1",
        }

    def say(self, text: str) -> None:
        """Script a reply of one text block."""
        self.script.append([{"type": "text", "text": text, "citations": None}])

    def use_tool(self, name: str, **arguments: Any) -> None:
        """Script a reply that uses one tool."""
        number = len(self.requests) + len(self.script) + 1
        self.script.append(
            [{"type": "tool_use", "id": f"toolu_{number:04}", "name": name, "input": arguments}]
        )

    def answer(self, path: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        """HTTP status and JSON body for one POST request."""
        self.requests.append((path, body))
        # The SDK adds a query such as ?beta=true on its beta surface.
        route = path.partition("?")[0]
        inside = [one["params"] for one in body.get("requests", [])]
        for params in inside or [body]:
            refusal = _refusal(params)
            if refusal:
                error = {"type": "invalid_request_error", "message": refusal}
                return 400, {"type": "error", "error": error}
        if route == "/v1/messages/batches":
            return 200, _batch(len(inside))
        if route == "/v1/messages/count_tokens":
            return 200, {"input_tokens": len(json.dumps(body)) // 4}
        if route != "/v1/messages":
            error = {"type": "not_found_error", "message": path}
            return 404, {"type": "error", "error": error}
        if self.script:
            content = self.script.popleft()
        else:
            content = [{"type": "text", "text": "ok", "citations": None}]
        uses_tool = any(block["type"] == "tool_use" for block in content)
        return 200, {
            "id": f"msg_{len(self.requests):04}",
            "type": "message",
            "role": "assistant",
            "model": body["model"],
            "content": content,
            "stop_reason": "tool_use" if uses_tool else "end_turn",
            "stop_sequence": None,
            "usage": {"input_tokens": 1, "output_tokens": 1},
        }

    def __enter__(self) -> StandIn:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


def _handler(standin: StandIn) -> type[BaseHTTPRequestHandler]:
    """The request handler class that answers for ``standin``."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            size = int(self.headers.get("Content-Length", 0))
            status, answer = standin.answer(self.path, json.loads(self.rfile.read(size)))
            data = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            # One connection for one request, so that no thread is left waiting at the end.
            self.send_header("Connection", "close")
            self.end_headers()
            self.wfile.write(data)
            self.close_connection = True

        def log_message(self, format: str, *args: object) -> None:
            """Keep the terminal quiet."""

    return Handler


def blocks(body: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """All tools and content blocks of a request in cache order; strings become text blocks."""
    yield from body.get("tools") or []
    yield from content_blocks(body.get("system") or [])
    for message in body.get("messages", []):
        yield from content_blocks(message["content"])


def content_blocks(content: Any) -> list[dict[str, Any]]:
    """The blocks of a ``system`` or ``content`` field."""
    return [{"type": "text", "text": content}] if isinstance(content, str) else list(content)


def _refusal(body: dict[str, Any]) -> str:
    """Why the API would answer this body with a 400, "" if it would not."""
    marked = 1 if body.get("cache_control") else 0
    for block in blocks(body):
        if block.get("type") == "text" and not block["text"]:
            return "text content blocks must be non-empty"
        marked += 1 if block.get("cache_control") else 0
    if marked > MOST_BREAKPOINTS:
        return f"at most {MOST_BREAKPOINTS} blocks may have cache_control, found {marked}"
    return ""


def _batch(size: int) -> dict[str, Any]:
    return {
        "id": "msgbatch_0001",
        "type": "message_batch",
        "processing_status": "in_progress",
        "request_counts": {
            "processing": size,
            "succeeded": 0,
            "errored": 0,
            "canceled": 0,
            "expired": 0,
        },
        "created_at": "2026-03-02T09:41:00Z",
        "expires_at": "2026-03-03T09:41:00Z",
        "archived_at": None,
        "cancel_initiated_at": None,
        "ended_at": None,
        "results_url": None,
    }
