"""What was made for a file is let go of when the next one begins, without the collector."""

from __future__ import annotations

import gc
import weakref
from pathlib import Path

import pytest

from skinflint.linter import config, project
from skinflint.linter.source import read

AGENT = """\
import anthropic


class Agent:
    def __init__(self, name, client=None):
        self.name = name
        self.client = client or anthropic.Anthropic()
        self.history = []

    def system(self):
        return f"You are {self.name}."

    def ask(self, question):
        self.history.append({"role": "user", "content": question})
        for _ in range(5):
            reply = self.client.messages.create(
                model="claude-sonnet-5-5",
                max_tokens=1024,
                system=self.system(),
                messages=self.history,
            )
            self.history.append({"role": "assistant", "content": reply.content})
        return reply


agent = Agent("Ada")
while True:
    agent.ask(input())
"""

#: Dicts are copied, lists changed item by item, and a flag decides whether it streams.
WRITER = """\
import anthropic

client = anthropic.Anthropic()
KEPT = ("role", "content")


def cleaned(messages):
    made = []
    for message in messages:
        made.append({key: value for key, value in message.items() if key in KEPT})
    return made


def send(text, name, stream=False):
    messages = [
        {"role": "user", "content": [{"type": "text", "text": f"{name} says"}], "id": 1},
        {"role": "user", "content": [{"type": "text", "text": text}], "id": 2},
    ]
    for block in messages[-1]["content"]:
        block["cache_control"] = {"type": "ephemeral"}
    for message in messages:
        message["name"] = name
    system = [{"type": "text", "text": part} for part in ("Be brief.", f"You are {name}.")]
    for block in system:
        if block["text"].startswith("You"):
            block["text"] = block["text"].strip()
    if not stream:
        return client.messages.create(
            model="claude-sonnet-5-5",
            max_tokens=1024,
            system=system,
            messages=cleaned(messages),
        )
    with client.messages.stream(
        model="claude-sonnet-5-5", max_tokens=1024, system=system, messages=cleaned(messages)
    ) as reply:
        return reply.get_final_message()


def talk(name):
    while True:
        text = input()
        send(text, name)


talk("Ada")
"""


@pytest.mark.parametrize(("text", "sends"), [(AGENT, 1), (WRITER, 2)])
def test_trees_and_runs_are_freed_without_the_collector(
    text: str, sends: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(project, "_KEPT", 0)
    monkeypatch.chdir(tmp_path)
    Path("pyproject.toml").write_text("", encoding="utf-8")
    Path("agent.py").write_text(text, encoding="utf-8")
    Path("other.py").write_text("x = 1\n", encoding="utf-8")
    one = project.Project(config.Settings())
    gc.collect()
    gc.disable()
    try:
        source = read("agent.py")
        assert len(one.requests(source)) == sends
        module = weakref.ref(one.module(source))
        assert module() is not None
        one.requests(read("other.py"))
        assert module() is None
    finally:
        gc.enable()
