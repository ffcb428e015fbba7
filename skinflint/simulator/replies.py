"""What the simulator answers: the last message again, a fixed text, a script, or an agent's rounds.

Every kind is deterministic: the same conversation gets the same reply for the same seed, whatever
else is sent at the same time.
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Mapping, Sequence
from hashlib import blake2b
from pathlib import Path
from random import Random
from threading import Lock
from typing import Any, NamedTuple, Protocol

from skinflint.simulator import schemas
from skinflint.simulator.prompt import Body, content_blocks

_SENTENCE = (
    "the order of the day is short and the answer follows from what was said before it so the next"
    " step is to look at each part in turn and to write down what it means for the whole"
)


class Reply(NamedTuple):
    """Content blocks as the API returns them, and why the model stopped."""

    content: tuple[dict[str, Any], ...]
    stop_reason: str = "end_turn"
    stop_sequence: str | None = None  # the one that ended it


class Replies(Protocol):
    """Makes the reply to a request."""

    def reply(self, body: Body) -> Reply:
        """The reply to the request with this body."""
        ...


class Echo:
    """Says the last text of the user again."""

    def reply(self, body: Body) -> Reply:
        """The text of the newest user message."""
        return _text(_last_said(body) or "ok")


class Fixed:
    """Always says the same."""

    def __init__(self, text: str = "ok") -> None:
        self._text = text

    def reply(self, body: Body) -> Reply:
        """The text."""
        return _text(self._text)


class Script:
    """Replies out of a list, one after the other; the last one is repeated.

    An entry is a text, a list of content blocks, or an object with ``content``, and optionally
    ``stop_reason`` and ``when``: an entry with ``when`` answers every request whose newest user
    message contains that text, and is not used up.
    """

    def __init__(self, entries: Sequence[Any]) -> None:
        self._lock = Lock()
        self._when: list[tuple[str, Reply]] = []
        self._queue: deque[Reply] = deque()
        for number, entry in enumerate(entries):
            when = entry.get("when") if isinstance(entry, Mapping) else None
            reply = _scripted(entry, number)
            if when is None:
                self._queue.append(reply)
            else:
                self._when.append((str(when), reply))
        if not self._queue and not self._when:
            raise ValueError("a script needs at least one reply")

    @classmethod
    def read(cls, path: str | Path) -> Script:
        """The script in a JSON file. Raises ValueError for a file that is none."""
        try:
            entries = json.loads(Path(path).read_text("utf-8"))
        except (json.JSONDecodeError, UnicodeDecodeError) as error:
            raise ValueError(f"{path} is not JSON: {error}") from None
        if not isinstance(entries, list):
            raise ValueError(f"{path} holds no list of replies")
        return cls(entries)

    def reply(self, body: Body) -> Reply:
        """The reply whose ``when`` is met, else the next one."""
        said = _last_said(body)
        for when, reply in self._when:
            if when in said:
                return reply
        with self._lock:
            if not self._queue:
                return _text("ok")
            return self._queue.popleft() if len(self._queue) > 1 else self._queue[0]


class Agent:
    """Uses the offered tools for ``turns`` rounds, then ends with a text.

    Inputs are made from the tools' schemas. A server tool, which has none, is never used. A request
    for structured output is answered with what its schema describes.
    """

    def __init__(self, turns: int = 3, seed: int = 0) -> None:
        if turns < 0:
            raise ValueError("the number of turns can't be negative")
        self._turns = turns
        self._seed = seed

    def reply(self, body: Body) -> Reply:
        """A use of a tool while there are turns left, else the end of the turn."""
        tools = [tool for tool in body.get("tools") or () if _callable(tool)]
        rounds, told = _rounds(body)
        names = " ".join(sorted(str(tool["name"]) for tool in tools))
        rng = Random(f"{self._seed}|{names}|{told}|{rounds}")
        thought = _thought(body, rng)
        choice = body.get("tool_choice") or {}
        kind = choice.get("type", "auto")
        forced = kind in ("any", "tool")
        if kind == "tool":
            tools = [tool for tool in tools if tool["name"] == choice.get("name")]
        if tools and kind != "none" and (forced or rounds < self._turns):
            tool = rng.choice(sorted(tools, key=lambda each: str(each["name"])))
            use = {
                "type": "tool_use",
                "id": f"toolu_{_digest(body, self._seed)}",
                "name": tool["name"],
                "input": schemas.value(tool.get("input_schema"), rng),
            }
            return Reply((*thought, use), "tool_use")
        schema = _output_schema(body)
        if schema is not None:
            return Reply((*thought, _block(json.dumps(schemas.value(schema, rng)))))
        count = rng.randint(30, 60)
        known = _SENTENCE.split()
        start = rng.randrange(len(known))
        words = [known[(start + index) % len(known)] for index in range(count)]
        return Reply((*thought, _block(" ".join(words).capitalize() + ".")))


def _text(text: str) -> Reply:
    return Reply((_block(text),))


def _block(text: str) -> dict[str, Any]:
    return {"type": "text", "text": text, "citations": None}


def _scripted(entry: Any, number: int) -> Reply:
    content = entry.get("content") if isinstance(entry, Mapping) else entry
    if isinstance(content, str):
        content = [_block(content)]
    if not isinstance(content, list) or not all(isinstance(block, Mapping) for block in content):
        raise ValueError(f"reply {number} of the script is neither a text nor a list of blocks")
    blocks = []
    for index, block in enumerate(content):
        block = dict(block)
        if block.get("type") == "tool_use":
            block.setdefault("id", f"toolu_{number:04}{index:02}")
            block.setdefault("input", {})
        elif block.get("type") == "text":
            block.setdefault("citations", None)
        blocks.append(block)
    uses = any(block.get("type") == "tool_use" for block in blocks)
    stop = entry.get("stop_reason") if isinstance(entry, Mapping) else None
    return Reply(tuple(blocks), str(stop or ("tool_use" if uses else "end_turn")))


def _last_said(body: Body) -> str:
    """The text of the newest user message."""
    for message in reversed(body.get("messages") or ()):
        if isinstance(message, Mapping) and message.get("role") == "user":
            blocks = content_blocks(message.get("content"))
            return "\n".join(str(b.get("text", "")) for b in blocks if b.get("type") == "text")
    return ""


def _rounds(body: Body) -> tuple[int, int]:
    """Rounds with tools since a person last spoke, and how often a person has spoken."""
    rounds = told = 0
    for message in body.get("messages") or ():
        if not isinstance(message, Mapping) or message.get("role") != "user":
            continue
        kinds = [block.get("type") for block in content_blocks(message.get("content"))]
        if "tool_result" in kinds:
            rounds += 1
        else:
            rounds, told = 0, told + 1
    return rounds, told


def _callable(tool: Any) -> bool:
    return isinstance(tool, Mapping) and isinstance(tool.get("input_schema"), Mapping)


def _thought(body: Body, rng: Random) -> tuple[dict[str, Any], ...]:
    """A thinking block where the request asks for thinking."""
    thinking = body.get("thinking")
    if not isinstance(thinking, Mapping) or thinking.get("type") not in ("enabled", "adaptive"):
        return ()
    shown = thinking.get("display") != "omitted"
    words = " ".join(rng.choice(_SENTENCE.split()) for _ in range(12))
    signature = blake2b(words.encode(), digest_size=12).hexdigest()
    return ({"type": "thinking", "thinking": words if shown else "", "signature": signature},)


def _output_schema(body: Body) -> Mapping[str, Any] | None:
    for place in ((body.get("output_config") or {}).get("format"), body.get("output_format")):
        if isinstance(place, Mapping) and isinstance(place.get("schema"), Mapping):
            schema: Mapping[str, Any] = place["schema"]
            return schema
    return None


def _digest(body: Body, seed: int) -> str:
    """An id that differs with what was said so far."""
    text = json.dumps([seed, body.get("messages")], sort_keys=True, default=str)
    return blake2b(text.encode(), digest_size=10).hexdigest()
