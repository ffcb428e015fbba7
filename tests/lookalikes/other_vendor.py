"""Another vendor's models behind a class that is named, and shaped, like Anthropic's client."""

from datetime import datetime
from typing import Any

from openai import OpenAI


class _Messages:
    def __init__(self, inner: OpenAI) -> None:
        self._inner = inner

    def create(self, model: str, max_tokens: int, system: Any, messages: Any) -> Any:
        head = [{"role": "system", "content": "".join(block["text"] for block in system)}]
        return self._inner.chat.completions.create(
            model=model, max_tokens=max_tokens, messages=head + messages
        )


class Anthropic:
    """Grok, for code that was written for somebody else."""

    def __init__(self, key: str) -> None:
        self.messages = _Messages(OpenAI(api_key=key, base_url="https://api.example/v1"))


client = Anthropic("key")


def ask(question: str, tags: set[str]) -> Any:
    return client.messages.create(
        model="claude-2.1",
        max_tokens=100,
        system=[
            {
                "type": "text",
                "text": f"It is {datetime.now().isoformat()}. Tags: {', '.join(tags)}",
                "cache_control": {"type": "ephemeral"},
            }
        ],
        messages=[{"role": "user", "content": question}],
    )
