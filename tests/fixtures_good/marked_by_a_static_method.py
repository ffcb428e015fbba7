"""The messages are made anew for each call, and a static method marks the newest of them."""

import os
from dataclasses import dataclass, field

import anthropic

# stands in for six pages of rules
RULES = "Name the bird, the place and the hour, and say how sure you are of each. " * 90


@dataclass
class Said:
    who: str
    text: str
    calls: list[dict] = field(default_factory=list)


class Watcher:
    def __init__(self) -> None:
        self.client = anthropic.Anthropic()

    @staticmethod
    def _mark(sent: list[dict]) -> None:
        if not sent:
            return
        newest = sent[-1]
        content = newest["content"]
        if isinstance(content, str):
            newest["content"] = [
                {"type": "text", "text": content, "cache_control": {"type": "ephemeral"}}
            ]
        elif content:
            content[-1]["cache_control"] = {"type": "ephemeral"}

    def _written(self, said: list[Said]) -> list[dict]:
        found = []
        for each in said:
            if each.who == "keeper" and each.calls:
                found.append({"role": "assistant", "content": each.calls})
            elif each.who == "keeper":
                found.append({"role": "assistant", "content": each.text})
            else:
                found.append({"role": "user", "content": each.text})
        return found

    def _request(self, said: list[Said], tools: list[dict]) -> dict:
        sent = self._written(said)
        self._mark(sent)
        request = {"model": os.environ["MODEL"], "max_tokens": 900, "messages": sent}
        request["system"] = [
            {"type": "text", "text": RULES, "cache_control": {"type": "ephemeral"}}
        ]
        if tools:
            request["tools"] = tools
        return request

    def answer(self, said: list[Said], tools: list[dict]):
        return self.client.messages.create(**self._request(said, tools))


def watch(watcher: Watcher, question: str, tools: list[dict], use) -> str:
    said = [Said("visitor", question)]
    for _ in range(20):
        reply = watcher.answer(said, tools)
        if reply.stop_reason != "tool_use":
            return reply.content[-1].text
        said.append(Said("keeper", "", [block.to_dict() for block in reply.content]))
        said.append(Said("visitor", use(reply)))
    return ""
