"""A house's own message service with the very shape of the Messages API."""

import json
import uuid
from datetime import datetime
from typing import Any


class Messages:
    def __init__(self) -> None:
        self.kept: list[dict[str, Any]] = []

    def create(
        self, *, model: str, max_tokens: int, system: Any, messages: Any, **more: Any
    ) -> str:
        self.kept.append({"model": model, "system": system, "messages": messages, **more})
        return f"{model}/{max_tokens}/{len(self.kept)}"


class Mailroom:
    def __init__(self) -> None:
        self.messages = Messages()


client = Mailroom()


def post(text: str, options: str) -> str:
    return client.messages.create(
        model="claude-3-opus-20240229",
        max_tokens=100,
        system=[
            {
                "type": "text",
                "text": f"Now {datetime.now()}, {uuid.uuid4()}, {json.dumps(json.loads(options))}",
                "cache_control": {"type": "ephemeral"},
            }
        ],
        messages=[{"role": "user", "content": text}],
    )
