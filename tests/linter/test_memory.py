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


def test_trees_and_runs_are_freed_without_the_collector(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(project, "_KEPT", 0)
    monkeypatch.chdir(tmp_path)
    Path("pyproject.toml").write_text("", encoding="utf-8")
    Path("agent.py").write_text(AGENT, encoding="utf-8")
    Path("other.py").write_text("x = 1\n", encoding="utf-8")
    one = project.Project(config.Settings())
    gc.collect()
    gc.disable()
    try:
        source = read("agent.py")
        assert len(one.requests(source)) == 1
        module = weakref.ref(one.module(source))
        assert module() is not None
        one.requests(read("other.py"))
        assert module() is None
    finally:
        gc.enable()
