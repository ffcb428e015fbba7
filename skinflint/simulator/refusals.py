"""The documented 400s: why the API would not answer a request. Wordings are the catalogue's."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from skinflint.cache.model import Call, Refusal, refusal_of
from skinflint.catalog import api
from skinflint.catalog.models import Catalog, Model
from skinflint.simulator.prompt import Body, Prompt, content_blocks


class Refused(NamedTuple):
    """An error of the API: its type, its words, and a short stable name for reports."""

    reason: str
    message: str
    type: str = "invalid_request_error"

    @property
    def status(self) -> int:
        """The HTTP status."""
        return api.load().status[self.type]

    def document(self, request_id: str) -> dict[str, Any]:
        """The body of the response."""
        error = {"type": self.type, "message": self.message}
        return {"type": "error", "error": error, "request_id": request_id}


def refused(reason: str, type: str = "invalid_request_error", /, **values: object) -> Refused:
    """A refusal in the catalogue's words."""
    return Refused(reason, api.load().refusals[reason].format(**values), type)


def model_of(
    id: object, catalog: Catalog, as_of: datetime.date
) -> tuple[Model | None, Refused | None]:
    """The model an id means, or why there is none; an id newer than the facts has no model."""
    if not isinstance(id, str) or not id:
        return None, refused("required", name="model")
    found = catalog.resolve(id)
    gone = found.model is not None and found.model.status(as_of) == "retired"
    if gone or found.family_like or found.partner_id:
        return found.model, refused("model", "not_found_error", model=id)
    return found.model, None


def of_request(
    body: Body,
    prompt: Prompt,
    call: Call,
    model: Model | None,
    catalog: Catalog,
    *,
    version: str,
    counts_only: bool = False,
) -> Refused | None:
    """The first reason for which the API would answer with a 400, None if it would answer."""
    return next(_reasons(body, prompt, call, model, catalog, version, counts_only), None)


def _reasons(
    body: Body,
    prompt: Prompt,
    call: Call,
    model: Model | None,
    catalog: Catalog,
    version: str,
    counts_only: bool,
) -> Iterator[Refused]:
    messages = body.get("messages")
    if not isinstance(messages, list):
        yield refused("required", name="messages")
        return
    if not messages:
        yield refused("no-messages")
    most = api.load().most_messages
    if len(messages) > most:
        yield refused("many-messages", most=most)
    if not counts_only:
        yield from _max_tokens(body, model)
    yield from _empty(messages, prompt)
    marker = refusal_of(call, catalog)
    if marker is not None:
        yield _marker(marker, prompt, catalog)
    yield from _pairing(messages)
    yield from _roles(messages, model)
    yield from _thinking(body, model, counts_only)
    yield from _parameters(body, model, version)
    if model is not None and model.context is not None and prompt.tokens > model.context:
        yield refused("too-long", tokens=prompt.tokens, most=model.context)


def _max_tokens(body: Body, model: Model | None) -> Iterator[Refused]:
    asked = body.get("max_tokens")
    if not isinstance(asked, int) or isinstance(asked, bool) or asked < 0:
        yield refused("required", name="max_tokens")
    elif model is not None and model.max_output is not None and asked > model.max_output:
        yield refused("max-tokens", asked=asked, most=model.max_output, model=model.id)


def _empty(messages: Sequence[Any], prompt: Prompt) -> Iterator[Refused]:
    for index, message in enumerate(messages):
        if not isinstance(message, Mapping) or message.get("content"):
            continue
        last_reply = index == len(messages) - 1 and message.get("role") == "assistant"
        if not last_reply:
            yield refused("empty-message", index=index)
    for piece in prompt.pieces:
        if piece.empty and piece.ttl:
            yield refused("empty-marked", where=f"{piece.where}.text")
        elif piece.empty:
            yield refused("empty-text", place=piece.place)


def _marker(found: Refusal, prompt: Prompt, catalog: Catalog) -> Refused:
    """The cache model's refusal in the API's words."""
    facts = catalog.cache
    piece = None if found.block is None else prompt.pieces[found.block]
    ttls = sorted(facts.ttl_seconds, key=lambda ttl: facts.ttl_seconds[ttl])
    return refused(
        found.reason,
        most=facts.max_markers,
        found=sum(1 for each in prompt.pieces if each.ttl),
        where="" if piece is None else piece.where,
        kind="" if piece is None else piece.kind,
        ttl=prompt.automatic if piece is None else piece.ttl,
        ttls=", ".join(ttls),
        longer=ttls[-1],
        shorter=ttls[0],
    )


def _pairing(messages: Sequence[Any]) -> Iterator[Refused]:
    """Every use of a tool is answered in the next message, and nothing else is."""
    asked: list[str] = []
    for index, message in enumerate(messages):
        if not isinstance(message, Mapping):
            continue
        blocks = content_blocks(message.get("content"))
        answered = []
        for part, block in enumerate(blocks):
            if block.get("type") != "tool_result":
                continue
            id = str(block.get("tool_use_id"))
            answered.append(id)
            if id not in asked:
                yield refused("tool-result-first", index=index, block=part, id=id)
        missing = [id for id in asked if id not in answered]
        if missing and message.get("role") != "system":
            yield refused("tool-result-missing", index=index - 1, ids=", ".join(missing))
        asked = [str(b.get("id")) for b in blocks if b.get("type") == "tool_use"]


def _roles(messages: Sequence[Any], model: Model | None) -> Iterator[Refused]:
    rejects = () if model is None else model.rejects
    for index, message in enumerate(messages):
        if not isinstance(message, Mapping):
            continue
        role = message.get("role")
        if role == "system" and "system-message" in rejects:
            yield refused("system-message", index=index)
        blocks = content_blocks(message.get("content"))
        if role == "assistant" and any(b.get("type") == "document" for b in blocks):
            yield refused("document-role", index=index)
    last = messages[-1] if messages else None
    if isinstance(last, Mapping) and last.get("role") == "assistant" and "prefill" in rejects:
        yield refused("prefill")


def _thinking(body: Body, model: Model | None, counts_only: bool) -> Iterator[Refused]:
    thinking = body.get("thinking")
    if not isinstance(thinking, Mapping):
        return
    kind = str(thinking.get("type"))
    if model is not None and f"thinking.{kind}" in model.rejects:
        known = f"thinking-{kind}" in api.load().refusals
        yield refused(f"thinking-{kind}" if known else "thinking-other", kind=kind)
    budget = thinking.get("budget_tokens")
    if kind == "enabled" and isinstance(budget, int):
        least = api.load().least_thinking
        if budget < least:
            yield refused("thinking-least", least=least)
        most = body.get("max_tokens")
        if not counts_only and isinstance(most, int) and budget >= most:
            yield refused("thinking-most")


def _parameters(body: Body, model: Model | None, version: str) -> Iterator[Refused]:
    facts = api.load()
    rejects = () if model is None else model.rejects
    for name, neutral in facts.sampling.items():
        if body.get(name) is None:
            continue
        if version >= facts.access.strict_since or (name in rejects and body[name] != neutral):
            yield refused("sampling", name=name)
    choice = body.get("tool_choice")
    if isinstance(choice, Mapping) and f"tool_choice.{choice.get('type')}" in rejects:
        yield refused("forced-tool")
    effort = (body.get("output_config") or {}).get("effort")
    if effort and "effort" in rejects:
        yield refused("effort")
