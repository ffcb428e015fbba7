"""The Messages API without the wire: bodies in, answers out, and a record of every exchange.

The cache is ``cache.model``; here is only what surrounds it: who asks, when a response begins, what
is said. An entry can be read once the response of the request that wrote it has begun.
"""

from __future__ import annotations

import asyncio
import datetime
import json
from collections.abc import Mapping
from threading import Lock
from typing import Any, NamedTuple

from skinflint.cache.model import PENDING, State, Usage, begun, send, written
from skinflint.catalog import api
from skinflint.catalog.models import Catalog, Model, load
from skinflint.simulator import diagnostics, tokens
from skinflint.simulator.clock import Clock
from skinflint.simulator.exchange import SITE_HEADER, Exchange, read_callers
from skinflint.simulator.prompt import Body, Prompt, render
from skinflint.simulator.refusals import Refused, model_of, of_request
from skinflint.simulator.replies import Fixed, Replies, Reply

#: The smallest step between two requests: none of them start at the very same time.
_STEP = 1e-6
#: Fields that a thread keeps: the SDK sends them once.
_HELD = ("tools", "system")


class Answer(NamedTuple):
    """A message, ready to be sent whole or as a stream."""

    message: dict[str, Any]
    output: int  # tokens


class Asked(NamedTuple):
    """Who asks: what the headers of a request say."""

    method: str = "messages.create"
    site: str = ""  # the value of SITE_HEADER
    version: str = ""
    workspace: str = ""
    batch: bool = False


class Simulator:
    """Answers requests, and keeps a record of them in ``exchanges``.

    ``latency`` is the time until a response begins: requests that arrive within it can't read what
    the first of them writes. ``as_of`` is the day on which models are served or retired.
    ``overrides`` of a project are handed in as its ``catalog``.
    """

    def __init__(
        self,
        replies: Replies | None = None,
        *,
        clock: Clock | None = None,
        latency: float = 0.0,
        gap: float = 0.0,
        catalog: Catalog | None = None,
        as_of: datetime.date | None = None,
    ) -> None:
        self.replies: Replies = replies or Fixed()
        self.clock = clock or Clock()
        self.catalog = catalog or load()
        self.exchanges: list[Exchange] = []
        self._latency = latency
        self._gap = gap
        self._as_of = as_of or datetime.datetime.now(datetime.timezone.utc).date()
        self._state = State()
        self._last = -_STEP
        self._numbers = 0
        self._known: dict[str, diagnostics.Fingerprint] = {}
        self._threads: dict[str, Body] = {}
        self._lock = Lock()

    def reset(self) -> None:
        """Forget every request and every entry of the cache."""
        with self._lock:
            self.exchanges.clear()
            self._known.clear()
            self._threads.clear()
            self._state = State()

    async def create(self, body: Body, asked: Asked) -> Answer | Refused:
        """Answer a request, once its response begins."""
        started = self._start(body, asked)
        if isinstance(started, Refused):
            return started
        await self.wait()
        with self._lock:
            at = self._instant()
            self._state = begun(self._state, started.hashes, at)
            if started.place < len(self.exchanges):  # else all was forgotten meanwhile
                kept = self.exchanges[started.place]
                self.exchanges[started.place] = kept._replace(begun=at)
        return started.answer

    async def wait(self) -> None:
        """What lies between a request and its response."""
        if self._latency:
            await asyncio.sleep(self._latency)

    def count(self, body: Body, asked: Asked) -> int | Refused:
        """The size of a prompt."""
        model, prompt, refusal = self._read(body, asked, counts_only=True)
        if refusal is not None:
            self._keep(asked, body, model, prompt, None, error=refusal.message)
            return refusal
        assert prompt is not None
        return prompt.tokens

    def models(self) -> list[Model]:
        """The models of the catalogue, the newest of each line first."""
        return list(self.catalog.models.values())

    def lifecycle(self, model: Model) -> str:
        """``"active"``, ``"deprecated"`` or ``"retired"``."""
        if model.status(self._as_of) == "retired":
            return "retired"
        return "deprecated" if model.deprecated or model.retires else "active"

    # ------------------------------------------------------------ what happens to a request

    def _start(self, body: Body, asked: Asked) -> _Started | Refused:
        """Everything up to the moment at which the response begins."""
        with self._lock:
            if self._gap and self.exchanges:
                self.clock.advance(self._gap)
            body = self._with_thread(body)
            model, prompt, refusal = self._read(body, asked)
            if refusal is not None or prompt is None:
                assert refusal is not None
                self._keep(asked, body, model, prompt, None, error=refusal.message)
                return refusal
            reply = self._reply(body, model)
            output = _output(reply, model, self.catalog)
            call = prompt.call(
                model, scope=_scope(body, asked, model), at=self._instant(), begins=PENDING
            )
            outcome, state = send(self._state, call._replace(output=output), self.catalog)
            assert isinstance(outcome, Usage)  # what it refuses was refused above
            hashes = written(self._state, state)
            self._state = state
            kept = self._keep(asked, body, model, prompt, outcome, reply=reply)
            message = _message(kept, reply, outcome, asked)
            mine = diagnostics.fingerprint(body, prompt)
            told, found = diagnostics.answer(body.get("diagnostics"), mine, self._known)
            if told:
                message["diagnostics"] = found
            self._known[kept.message_id] = mine
            if body.get("thread"):
                said = {"role": "assistant", "content": message["content"]}
                self._threads[kept.message_id] = {
                    **{name: value for name, value in body.items() if name in _HELD},
                    "messages": [*body["messages"], said],
                }
            return _Started(Answer(message, output), hashes, len(self.exchanges) - 1)

    def _with_thread(self, body: Body) -> Body:
        """The body with what a thread keeps on the server: tools, system, and messages in front.

        How a thread is billed is not documented: its history counts as if it were sent again. A
        message that no thread ended with is passed over.
        """
        thread = body.get("thread")
        previous = thread.get("previous_message_id") if isinstance(thread, Mapping) else None
        kept = self._threads.get(str(previous))
        messages = body.get("messages")
        if kept is None or not isinstance(messages, list):
            return body
        return {**kept, **body, "messages": [*kept["messages"], *messages]}

    def _read(
        self, body: Body, asked: Asked, *, counts_only: bool = False
    ) -> tuple[Model | None, Prompt | None, Refused | None]:
        model, refusal = model_of(body.get("model"), self.catalog, self._as_of)
        if refusal is not None:
            return model, None, refusal
        prompt = render(body, model, self.catalog)
        call = prompt.call(model, scope="", at=0.0)
        refusal = of_request(
            body,
            prompt,
            call,
            model,
            self.catalog,
            version=asked.version,
            counts_only=counts_only,
        )
        return model, prompt, refusal

    def _reply(self, body: Body, model: Model | None) -> Reply:
        """The reply, cut off at max_tokens and at a stop sequence as the API would."""
        most = body["max_tokens"]
        if most == 0:
            return Reply((), "max_tokens")
        factor = 1.0 if model is None else model.tokenizer_factor
        room = int(most * api.load().chars / factor)
        return _cut(self.replies.reply(body), room, body.get("stop_sequences") or ())

    def _keep(
        self,
        asked: Asked,
        body: Body,
        model: Model | None,
        prompt: Prompt | None,
        usage: Usage | None,
        *,
        error: str = "",
        reply: Reply | None = None,
    ) -> Exchange:
        self._numbers += 1
        exchange = Exchange(
            number=self._numbers,
            at=self._last if usage is not None else self.clock.now(),
            method=asked.method,
            callers=read_callers(asked.site),
            model_id=str(body.get("model", "")),
            model=model,
            prompt=prompt or Prompt((), (), None),
            usage=usage,
            error=error,
            message_id="" if usage is None else f"msg_{self._numbers:08}",
            stop_reason=reply.stop_reason if reply else "",
            batch=asked.batch,
            fast=body.get("speed") == "fast",
            us_only=body.get("inference_geo") == "us",
            scope=_scope(body, asked, model),
        )
        self.exchanges.append(exchange)
        return exchange

    def _instant(self) -> float:
        self._last = max(self.clock.now(), self._last + _STEP)
        return self._last


class _Started(NamedTuple):
    answer: Answer
    hashes: tuple[bytes, ...]  # entries that become readable when the response begins
    place: int  # of its exchange in the record


def asked_by(method: str, headers: Mapping[str, str]) -> Asked:
    """Who asks, from the headers of an HTTP request (names in lower case)."""
    return Asked(
        method,
        headers.get(SITE_HEADER, ""),
        headers.get("anthropic-version", ""),
        headers.get("anthropic-workspace-id", ""),
    )


def _scope(body: Body, asked: Asked, model: Model | None) -> str:
    """Caches are apart by workspace and by model; all keys count as of one workspace."""
    name = "" if model is not None else str(body.get("model", ""))
    return f"{asked.workspace}|{name}"


def _output(reply: Reply, model: Model | None, catalog: Catalog) -> int:
    """Tokens of a reply; an empty one has one, as the API counts it."""
    found = 0
    for block in reply.content:
        kind = block.get("type")
        text = block.get("text") if kind == "text" else block.get("thinking")
        if kind == "tool_use":
            text = json.dumps([block.get("name"), block.get("input")], ensure_ascii=False)
        found += tokens.of_text(str(text or ""), model, catalog)
    return max(found, 1 if reply.content else 0)


def _cut(reply: Reply, left: int, stops: Any) -> Reply:
    """The reply as far as it goes: ``left`` characters of text, and up to a stop sequence."""
    blocks: list[dict[str, Any]] = []
    stop_reason, hit = reply.stop_reason, None
    for block in reply.content:
        if block.get("type") != "text":
            blocks.append(block)
            continue
        text = str(block.get("text", ""))
        found = min(
            ((text.find(stop), stop) for stop in stops if stop and stop in text), default=None
        )
        if found is not None:
            text, hit, stop_reason = text[: found[0]], found[1], "stop_sequence"
        if len(text) > left:
            text, stop_reason = text[: max(left, 1)], "max_tokens"
        left -= len(text)
        blocks.append({**block, "text": text})
        if stop_reason != reply.stop_reason:
            break
    return Reply(tuple(blocks), stop_reason, hit)


def _message(kept: Exchange, reply: Reply, usage: Usage, asked: Asked) -> dict[str, Any]:
    """The message as the API writes it, with all fields of its usage."""
    return {
        "id": kept.message_id,
        "type": "message",
        "role": "assistant",
        "model": kept.model_id,
        "content": [dict(block) for block in reply.content],
        "stop_reason": reply.stop_reason,
        "stop_sequence": reply.stop_sequence,
        "stop_details": None,
        "container": None,
        "usage": {
            "input_tokens": usage.uncached,
            "cache_creation_input_tokens": usage.write_5m + usage.write_1h,
            "cache_read_input_tokens": usage.read,
            "cache_creation": {
                "ephemeral_5m_input_tokens": usage.write_5m,
                "ephemeral_1h_input_tokens": usage.write_1h,
            },
            "output_tokens": usage.output,
            "server_tool_use": None,
            "service_tier": "batch" if asked.batch else "standard",
            "speed": "fast" if kept.fast else "standard",
            "inference_geo": "us" if kept.us_only else "global",
        },
    }
