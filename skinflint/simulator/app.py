"""The endpoints, as an ASGI application."""

from __future__ import annotations

import itertools
import json
from collections.abc import AsyncIterator
from typing import Any

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from skinflint.catalog import api
from skinflint.simulator.batches import Batches
from skinflint.simulator.core import Answer, Simulator, asked_by
from skinflint.simulator.refusals import Refused, refused
from skinflint.simulator.wire import events, model_info


def application(simulator: Simulator) -> Starlette:
    """The ASGI application that answers for ``simulator``."""
    pages = _Pages(simulator)
    return Starlette(
        routes=[
            Route("/v1/messages", pages.messages, methods=["POST"]),
            Route("/v1/messages/count_tokens", pages.count_tokens, methods=["POST"]),
            Route("/v1/messages/batches", pages.batch_create, methods=["POST"]),
            Route("/v1/messages/batches", pages.batch_list),
            Route("/v1/messages/batches/{id}", pages.batch_delete, methods=["DELETE"]),
            Route("/v1/messages/batches/{id}", pages.batch_get),
            Route("/v1/messages/batches/{id}/cancel", pages.batch_get, methods=["POST"]),
            Route("/v1/messages/batches/{id}/results", pages.batch_results),
            Route("/v1/models", pages.model_list),
            Route("/v1/models/{id}", pages.model_get),
            Route("/{path:path}", pages.nothing, methods=["GET", "POST", "PUT", "DELETE", "PATCH"]),
        ]
    )


class _Pages:
    """One method per endpoint."""

    def __init__(self, simulator: Simulator) -> None:
        self._simulator = simulator
        self._batches = Batches(simulator)
        self._ids = itertools.count(1)

    async def messages(self, request: Request) -> Response:
        body = await self._body(request, api.load().most_bytes)
        if isinstance(body, Refused):
            return self._error(body)
        stream = bool(body.get("stream"))
        beta = "beta." if request.query_params.get("beta") == "true" else ""
        method = f"{beta}messages.{'stream' if stream else 'create'}"
        answer = await self._simulator.create(body, asked_by(method, request.headers))
        if isinstance(answer, Refused):
            return self._error(answer)
        headers = {"request-id": self._id()}
        if not stream:
            return JSONResponse(answer.message, headers=headers)
        return StreamingResponse(_stream(answer), headers=headers, media_type="text/event-stream")

    async def count_tokens(self, request: Request) -> Response:
        body = await self._body(request, api.load().most_bytes)
        if isinstance(body, Refused):
            return self._error(body)
        found = self._simulator.count(body, asked_by("messages.count_tokens", request.headers))
        if isinstance(found, Refused):
            return self._error(found)
        return JSONResponse({"input_tokens": found}, headers={"request-id": self._id()})

    async def batch_create(self, request: Request) -> Response:
        body = await self._body(request, api.load().most_batch_bytes)
        if isinstance(body, Refused):
            return self._error(body)
        url = str(request.url).partition("?")[0].rstrip("/")
        asked = asked_by("messages.batches.create", request.headers)
        found = await self._batches.create(body, asked, url)
        return self._error(found) if isinstance(found, Refused) else JSONResponse(found)

    async def batch_list(self, request: Request) -> Response:
        return JSONResponse(_page(self._batches.all()))

    async def batch_get(self, request: Request) -> Response:
        found = self._batches.get(request.path_params["id"])
        return self._missing(request) if found is None else JSONResponse(found)

    async def batch_results(self, request: Request) -> Response:
        found = self._batches.results(request.path_params["id"])
        if found is None:
            return self._missing(request)
        lines = "".join(json.dumps(each, ensure_ascii=False) + "\n" for each in found)
        return Response(lines, media_type="application/x-jsonl")

    async def batch_delete(self, request: Request) -> Response:
        id = request.path_params["id"]
        if not self._batches.delete(id):
            return self._missing(request)
        return JSONResponse({"id": id, "type": "message_batch_deleted"})

    async def model_list(self, request: Request) -> Response:
        models = self._simulator.models()
        infos = [model_info(m, m.id, self._simulator.lifecycle(m)) for m in models]
        return JSONResponse(_page(infos))

    async def model_get(self, request: Request) -> Response:
        model = self._simulator.catalog.ids.get(request.path_params["id"])
        if model is None:
            id = request.path_params["id"]
            return self._error(refused("model", "not_found_error", model=id))
        return JSONResponse(model_info(model, model.id, self._simulator.lifecycle(model)))

    async def nothing(self, request: Request) -> Response:
        return self._missing(request)

    async def _body(self, request: Request, most: int) -> dict[str, Any] | Refused:
        try:
            data = await request.body()
        except ClientDisconnect:
            return refused("json")
        if len(data) > most:
            return refused("too-large", "request_too_large")
        try:
            body = json.loads(data)
        except ValueError:
            return refused("json")
        return body if isinstance(body, dict) else refused("json")

    def _missing(self, request: Request) -> Response:
        return self._error(refused("elsewhere", "not_found_error", path=request.url.path))

    def _error(self, found: Refused) -> Response:
        id = self._id()
        return JSONResponse(
            found.document(id), status_code=found.status, headers={"request-id": id}
        )

    def _id(self) -> str:
        return f"req_{next(self._ids):08}"


async def _stream(answer: Answer) -> AsyncIterator[bytes]:
    for event in events(answer):
        yield event


def _page(found: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "data": found,
        "has_more": False,
        "first_id": found[0]["id"] if found else None,
        "last_id": found[-1]["id"] if found else None,
    }
