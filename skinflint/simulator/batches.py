"""Batches: kept until their results are fetched.

The requests of a batch are answered one after the other when it is made, so that the later ones can
read what the first one wrote: the best case. It has ended when it is next looked at.
"""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from typing import Any

from skinflint.catalog import api
from skinflint.simulator.core import Answer, Asked, Simulator
from skinflint.simulator.refusals import Refused, refused
from skinflint.simulator.wire import stamp

_HOUR = 3600


class Batches:
    """The batches of one simulator, by id."""

    def __init__(self, simulator: Simulator) -> None:
        self._simulator = simulator
        self._batches: dict[str, dict[str, Any]] = {}
        self._results: dict[str, list[dict[str, Any]]] = {}

    async def create(self, body: Any, asked: Asked, url: str) -> dict[str, Any] | Refused:
        """Take a batch on, or say why not."""
        requests = body.get("requests") if isinstance(body, Mapping) else None
        if not isinstance(requests, list):
            return refused("required", name="requests")
        wrong = _wrong(requests)
        if wrong is not None:
            return wrong
        results = []
        for request in requests:
            result = await self._result(request.get("params") or {}, asked)
            results.append({"custom_id": request["custom_id"], "result": result})
        id = f"msgbatch_{len(self._batches) + 1:06}"
        now = time.time()
        self._results[id] = results
        self._batches[id] = {
            "id": id,
            "type": "message_batch",
            "processing_status": "in_progress",
            "request_counts": _counts(processing=len(results)),
            "created_at": stamp(now),
            "expires_at": stamp(now + api.load().batches.hours * _HOUR),
            "ended_at": None,
            "archived_at": None,
            "cancel_initiated_at": None,
            "results_url": None,
            "url": f"{url}/{id}/results",
        }
        return _shown(self._batches[id])

    async def _result(self, params: Mapping[str, Any], asked: Asked) -> dict[str, Any]:
        """What became of one request: its parameters are looked at when it is processed."""
        wrong = _parameter(params)
        answer: Answer | Refused
        answer = wrong or await self._simulator.create(params, asked._replace(batch=True))
        if isinstance(answer, Refused):
            return {"type": "errored", "error": answer.document("")}
        return {"type": "succeeded", "message": answer.message}

    def get(self, id: str) -> dict[str, Any] | None:
        """A batch; by now it has ended."""
        batch = self._batches.get(id)
        if batch is None:
            return None
        if batch["processing_status"] != "ended":
            kinds = [each["result"]["type"] for each in self._results[id]]
            batch |= {
                "processing_status": "ended",
                "request_counts": _counts(
                    succeeded=kinds.count("succeeded"), errored=kinds.count("errored")
                ),
                "ended_at": stamp(time.time()),
                "results_url": batch["url"],
            }
        return _shown(batch)

    def results(self, id: str) -> list[dict[str, Any]] | None:
        """The results of a batch."""
        return self._results.get(id)

    def all(self) -> list[dict[str, Any]]:
        """Every batch, the newest first."""
        return [found for id in reversed(self._batches) if (found := self.get(id)) is not None]

    def delete(self, id: str) -> bool:
        """Forget a batch; False if there is none."""
        self._results.pop(id, None)
        return self._batches.pop(id, None) is not None


def _wrong(requests: list[Any]) -> Refused | None:
    facts = api.load().batches
    if not requests:
        return refused("batch-empty")
    if len(requests) > facts.requests:
        return refused("batch-size", most=facts.requests)
    seen: set[str] = set()
    for index, request in enumerate(requests):
        id = request.get("custom_id") if isinstance(request, Mapping) else None
        if not isinstance(id, str) or not re.fullmatch(facts.custom_id, id):
            return refused("batch-id", index=index, pattern=facts.custom_id)
        if id in seen:
            return refused("batch-twice", index=index, id=id)
        seen.add(id)
    return None


def _parameter(params: Mapping[str, Any]) -> Refused | None:
    for name in api.load().batches.refused:
        if params.get(name):
            return refused("batch-parameter", name=name)
    if params.get("max_tokens") == 0:
        return refused("batch-parameter", name="max_tokens")
    return None


def _counts(processing: int = 0, succeeded: int = 0, errored: int = 0) -> dict[str, int]:
    return {
        "processing": processing,
        "succeeded": succeeded,
        "errored": errored,
        "canceled": 0,
        "expired": 0,
    }


def _shown(batch: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in batch.items() if name != "url"}
