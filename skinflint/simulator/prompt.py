"""The body of a request as the model reads it: its pieces in render order, and the cache's call.

Render order is tools, system, messages. A piece is one cacheable position; its text stands for all
the model sees of it, without markers. The cache itself is ``cache.model``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from skinflint.cache.model import PLACES, Block, Call
from skinflint.catalog import api
from skinflint.catalog.models import Catalog, Model, load
from skinflint.simulator import tokens

Body = Mapping[str, Any]


class Piece(NamedTuple):
    """One position of the prompt, and where it stands in the body."""

    place: str  # "tools", "system", "messages"
    number: int  # of the tool, of the system block, of the message
    part: int  # of the block within its message, else 0
    role: str
    kind: str
    text: str  # what the model sees
    tokens: int
    ttl: str | None = None  # of its marker
    deferred: bool = False

    @property
    def where(self) -> str:
        """Its path in the body, as the API's messages write it."""
        if self.place == "messages":
            return f"messages.{self.number}.content.{self.part}"
        return f"{self.place}.{self.number}"

    @property
    def empty(self) -> bool:
        """Whether it is a text without text."""
        return self.kind == "text" and not self.text


class Prompt(NamedTuple):
    """A rendered request."""

    pieces: tuple[Piece, ...]  # in render order
    settings: tuple[tuple[str, str], ...]  # parameters of the invalidation table
    automatic: str | None  # ttl of a top-level cache_control

    @property
    def tokens(self) -> int:
        """The estimate for the whole prompt."""
        return sum(piece.tokens for piece in self.pieces)

    @property
    def marked(self) -> bool:
        """Whether the request asks for caching anywhere."""
        return self.automatic is not None or any(piece.ttl for piece in self.pieces)

    def call(
        self, model: Model | None, *, scope: str, at: float, begins: float | None = None
    ) -> Call:
        """What ``cache.model`` answers."""
        blocks = tuple(
            Block(
                key=piece.text,
                tokens=piece.tokens,
                ttl=piece.ttl,
                place=piece.place,
                kind=piece.kind,
                role=piece.role,
                empty=piece.empty,
                deferred=piece.deferred,
            )
            for piece in self.pieces
        )
        thinks = dict(self.settings).get("thinking", "")
        return Call(
            blocks,
            model,
            self.automatic,
            self.settings,
            thinks=_is_on(thinks, model),
            scope=scope,
            at=at,
            begins=begins,
        )


def render(body: Body, model: Model | None, catalog: Catalog) -> Prompt:
    """The prompt that a body makes for ``model``."""
    pieces = [*_tools(body, model, catalog), *_system(body, model), *_messages(body, model)]
    pieces.sort(key=lambda piece: PLACES.index(piece.place))
    control = body.get("cache_control")
    automatic = None
    if isinstance(control, Mapping):
        automatic = str(control.get("ttl") or catalog.cache.ttl_default)
    return Prompt(tuple(pieces), tuple(_settings(body, pieces)), automatic)


def content_blocks(content: Any) -> list[dict[str, Any]]:
    """The blocks of a ``system`` or ``content`` field; a string is one text block."""
    if isinstance(content, str):
        return [{"type": "text", "text": content}]
    return [block for block in content or () if isinstance(block, dict)]


def _tools(body: Body, model: Model | None, catalog: Catalog) -> Iterator[Piece]:
    preamble = _preamble(body, model)
    for index, tool in enumerate(body.get("tools") or ()):
        if not isinstance(tool, Mapping):
            continue
        text = _json(tool)
        # what the API itself writes around the tools counts with the first of them
        size = tokens.of_text(text, model, catalog) + (preamble if index == 0 else 0)
        deferred = bool(tool.get("defer_loading"))
        if deferred and _ttl(tool) is None:
            continue  # no part of the prompt until the model looks for it
        yield Piece("tools", index, 0, "", "tool", text, size, _ttl(tool), deferred)


def _preamble(body: Body, model: Model | None) -> int:
    """The tokens that having tools adds; where one of the two is not known, the other one."""
    if model is None or not model.tool_preamble:
        return 0
    forced = (body.get("tool_choice") or {}).get("type") in ("any", "tool")
    return model.tool_preamble[-1 if forced else 0]


def _system(body: Body, model: Model | None) -> Iterator[Piece]:
    system = body.get("system")
    if not system:
        return  # an empty string is as good as none
    for index, block in enumerate(content_blocks(system)):
        yield _piece("system", index, 0, "", block, model)


def _messages(body: Body, model: Model | None) -> Iterator[Piece]:
    for index, message in enumerate(body.get("messages") or ()):
        if not isinstance(message, Mapping):
            continue
        role = str(message.get("role", ""))
        scoped = bool(message.get("clear_at"))
        for part, block in enumerate(content_blocks(message.get("content"))):
            piece = _piece("messages", index, part, role, block, model)
            yield piece._replace(deferred=True) if scoped else piece


def _piece(
    place: str, index: int, part: int, role: str, block: Mapping[str, Any], model: Model | None
) -> Piece:
    kind = str(block.get("type", "text"))
    if kind == "text" and not block.get("citations"):
        text = str(block.get("text", ""))
        size = tokens.of_text(text, model)
    else:
        text = _json(block)
        size = _weigh(kind, block, text, model)
    return Piece(place, index, part, role, kind, text, size, _ttl(block))


def _weigh(kind: str, block: Mapping[str, Any], text: str, model: Model | None) -> int:
    """Tokens of a block that is not plain text; images within it count as images."""
    if kind == "image":
        return tokens.of_image(block.get("source") or {}, model)
    if kind == "document":
        return tokens.of_document(block, model)
    if kind == "tool_result":
        inner = block.get("content")
        if isinstance(inner, str) or inner is None:
            return tokens.of_text(text, model)
        parts = content_blocks(inner)
        frame = _json({**block, "content": []})
        return tokens.of_text(frame, model) + sum(
            _piece("messages", 0, 0, "", each, model).tokens for each in parts
        )
    if kind == "tool_use":
        seen = {name: block.get(name) for name in ("name", "input")}
        return tokens.of_text(_json(seen), model)
    if kind == "thinking":  # the signature stands for what was thought
        return tokens.of_text(str(block.get("thinking") or block.get("signature") or ""), model)
    return tokens.of_text(text, model)


def _ttl(block: Mapping[str, Any]) -> str | None:
    """The ttl of a block's marker. One inside a tool result counts as the result's own."""
    control = block.get("cache_control")
    if isinstance(control, Mapping):
        return str(control.get("ttl") or load().cache.ttl_default)
    if block.get("type") == "tool_result" and not isinstance(block.get("content"), str):
        for inner in content_blocks(block.get("content")):
            found = _ttl(inner)
            if found is not None:
                return found
    return None


def _json(value: Any) -> str:
    """JSON in the order it was sent, without markers and without what is null."""
    return json.dumps(_seen(value), ensure_ascii=False, separators=(",", ":"))


def _seen(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {
            key: _seen(inner)
            for key, inner in value.items()
            if key != "cache_control" and inner is not None
        }
    if isinstance(value, (list, tuple)):
        return [_seen(inner) for inner in value]
    return value


def _settings(body: Body, pieces: Sequence[Piece]) -> Iterator[tuple[str, str]]:
    """The parameters of the invalidation table that are set, sorted by name.

    A structured output's schema is left out: what it does to the cache is not documented.
    """
    found: dict[str, str] = {}
    choice = body.get("tool_choice")
    if choice and _seen(choice) != {"type": "auto"}:
        found["tool_choice"] = _json(choice)
    if body.get("thinking"):
        found["thinking"] = _json(body["thinking"])
    effort = (body.get("output_config") or {}).get("effort")
    if effort:
        found["effort"] = str(effort)
    if body.get("speed") not in (None, "standard"):
        found["speed"] = str(body["speed"])
    names = [str(t.get("type", "")) for t in body.get("tools") or () if isinstance(t, Mapping)]
    if any(name.startswith(api.load().web_tools) for name in names):
        found["web_search"] = "on"
    if any('"citations":{"enabled":true' in piece.text for piece in pieces):
        found["citations"] = "on"
    if any(piece.kind == "tool_result" and '"type":"image"' in piece.text for piece in pieces):
        found["images"] = "present"
    yield from sorted(found.items())


def _is_on(thinking: str, model: Model | None) -> bool:
    if not thinking:
        return model is not None and "thinking.disabled" in model.rejects
    return '"type":"disabled"' not in thinking
