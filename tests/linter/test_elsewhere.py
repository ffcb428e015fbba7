"""What code elsewhere in a project does to a list, told by its name alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from trees import plant, requests_of

from skinflint.linter.request import Conversation

AGENT = """
## core/agent.py
class Agent:
    def __init__(self):
        self.messages = []

    def ask(self, text):
        self.messages.append({"role": "user", "content": text})
        return client.messages.create(
            model="claude-opus-5-5", max_tokens=9, messages=self.messages
        )

## core/base.py
from core.agent import Agent

class Base:
    def make(self):
        return Agent()

"""


def conversation(root: Path, worker: str) -> Conversation:
    plant(
        root, AGENT + "## core/__init__.py\n\n## worker.py\nfrom core.base import Base\n" + worker
    )
    (request,) = requests_of(root, "core/agent.py")
    assert request.conversation is not None
    return request.conversation


@pytest.mark.parametrize(
    ("worker", "certain"),
    [
        (
            "def flush(agent):\n    if len(agent.messages) > 20:\n        agent.messages.pop(1)\n",
            False,
        ),
        ("def flush(agent):\n    del agent.messages[1:3]\n", False),
        ("def flush(agent):\n    agent.messages = agent.messages[-20:]\n", False),
        ("def flush(agent):\n    agent.messages[:] = short(agent.messages)\n", False),
        ("def flush(agent):\n    agent.messages.pop()\n", True),
        ("def flush(agent):\n    del agent.messages[-1]\n", True),
        ("def flush(agent):\n    agent.messages = []\n", True),
        ("def flush(agent):\n    print(len(agent.messages) > 0)\n", True),
        ("class Other:\n    def flush(self):\n        self.messages.pop(0)\n", True),
        (
            "def run(agent, text):\n    if text == '/short':\n        del agent.messages[:20]\n",
            True,
        ),
    ],
)
def test_what_makes_an_attribute_shorter(tmp_path: Path, worker: str, certain: bool) -> None:
    found = conversation(tmp_path, worker)
    assert (found.certain, found.bounded) == (certain, False)


@pytest.mark.parametrize(
    ("worker", "bounded"),
    [
        ("def run(agents):\n    for _ in range(9):\n        agents[0].ask('x')\n", True),
        ("def run(agents):\n    while True:\n        agents[0].ask(input())\n", False),
        ("def run(agents):\n    agents[0].ask('x')\n", False),
        (
            "def run(agents):\n    for _ in range(9):\n        agents[0].ask('x')\n\n"
            "def main(agents):\n    while True:\n        run(agents)\n",
            False,
        ),
    ],
)
def test_what_ends_the_loops_that_call_a_method(tmp_path: Path, worker: str, bounded: bool) -> None:
    assert conversation(tmp_path, worker).bounded is bounded


TRIED = """
## app.py
def reply(text, history):
    messages = list(history)
    messages.append({"role": "user", "content": text})
    return client.messages.create(model="claude-opus-5-5", max_tokens=9, messages=messages)


if __name__ == "__main__":
    history = []
    while True:
        text = input()
        said = reply(text, history)
        history.append({"role": "user", "content": text})
        history.append({"role": "assistant", "content": said})

"""


@pytest.mark.parametrize(
    ("other", "lasting"),
    [
        (
            "## web.py\nfrom app import reply\n\ndef hook(text):\n    return reply(text, [])\n",
            False,
        ),
        ("## web.py\nimport json\n", True),
    ],
)
def test_a_loop_that_tries_a_function_out(tmp_path: Path, other: str, lasting: bool) -> None:
    plant(tmp_path, TRIED + other)
    found = [r.conversation for r in requests_of(tmp_path)]
    assert any(c is not None and bool(c.lasting) for c in found) is lasting
