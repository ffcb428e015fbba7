"""Cuts that don't look, conversations behind two prefixes, and requests in a row."""

from __future__ import annotations

from textwrap import dedent, indent

import pytest
from reading import HEAD, sent

from skinflint.linter.request import Request

# -------------------------------------------------------------------- cuts


def cuts(cut: str, helpers: str = "") -> list[int]:
    """The lines of the blind cuts of an agent that runs ``cut`` in front of each request."""
    text = f"""{HEAD}
{dedent(helpers)}
class Agent:
    def __init__(self):
        self.messages = []

    def shorten(self):
{indent(dedent(cut), "        ")}

    def ask(self, question):
        self.messages.append({{"role": "user", "content": question}})
        for _ in range(9):
            self.shorten()
            reply = client.messages.create(
                model="claude-opus-5-5", max_tokens=9, tools=TOOLS, messages=self.messages
            )
            self.messages.append({{"role": "assistant", "content": reply.content}})
            results = [
                {{"type": "tool_result", "tool_use_id": b.id, "content": run(b)}}
                for b in reply.content
            ]
            self.messages.append({{"role": "user", "content": results}})
"""
    (request,) = sent(text)
    return [span.line for span in request.blind_cuts()]


@pytest.mark.parametrize(
    "cut",
    [
        "self.messages = self.messages[-20:]",
        "if len(self.messages) > 40:\n    del self.messages[:-20]",
        "while len(self.messages) > 40:\n    self.messages.pop(0)",
    ],
)
def test_cuts_that_count(cut: str) -> None:
    assert len(cuts(cut)) == 1


@pytest.mark.parametrize(
    "cut",
    [
        "n = 0\nwhile self.messages[n]['role'] != 'user':\n    n += 1\ndel self.messages[:n - 20]",
        "self.messages = self.messages[-20:]\nself.drop_orphans()",
        "self.messages = self.messages[-20:]\nif begins_badly(self.messages[0]):\n    pass",
    ],
)
def test_cuts_that_look(cut: str) -> None:
    helpers = """
    def begins_badly(message):
        return any(block.get("type") == "tool_result" for block in message["content"])
    """
    assert cuts(cut, helpers) == []


def test_somebody_mends_it_later() -> None:
    helpers = "def repair_history(messages):\n    return messages\n"
    assert cuts("self.messages = self.messages[-20:]", helpers) == []


# -------------------------------------------------------------------- forks

TALK = """
class Talk:
    def __init__(self):
        self.messages = []

    def ask(self, question):
        self.messages.append({"role": "user", "content": question})
        reply = client.messages.create(
            model="claude-opus-5-5", max_tokens=9, system=GUIDE, messages=self.messages,
            cache_control={"type": "ephemeral"},
        )
        self.messages.append({"role": "assistant", "content": reply.content[0].text})

    def title(self):
        return client.messages.create(
            model=MODEL, max_tokens=9, SYSTEM
            messages=[*self.messages, {"role": "user", "content": "A title?"}],
        )

def main():
    talk = Talk()
    while True:
        talk.ask(input())
        print(talk.title())
"""


def forks(system: str, model: str = '"claude-opus-5-5"') -> list[tuple[str, ...]]:
    text = TALK.replace("SYSTEM", system).replace("MODEL", model)
    return [fork.differs for request in sent(HEAD + text) for fork in request.forks]


def test_another_system_prompt() -> None:
    assert forks('system="You find titles.",') == [("system",)]


def test_no_system_prompt_where_there_is_one() -> None:
    assert forks("") == [("system",)]


@pytest.mark.parametrize(
    ("system", "model"),
    [
        ("system=GUIDE,", '"claude-opus-5-5"'),
        ('system="You find titles.",', '"claude-haiku-5-5"'),
        ("**options,", '"claude-opus-5-5"'),
    ],
)
def test_no_fork(system: str, model: str) -> None:
    assert forks(system, model) == []


def test_nothing_is_lost_where_nothing_is_cached() -> None:
    text = TALK.replace('            cache_control={"type": "ephemeral"},\n', "")
    text = text.replace("SYSTEM", 'system="You find titles.",').replace("MODEL", '"claude-opus-5"')
    assert all(not request.forks for request in sent(HEAD + text))


# -------------------------------------------------------------------- awaits


def in_a_row(body: str) -> tuple[int, int] | None:
    """The lines of two requests in a row in an async function of this body."""
    text = f"""
import anthropic
client = anthropic.AsyncAnthropic()

async def ask(text, messages=None):
    reply = await client.messages.create(
        model="claude-opus-5-5", max_tokens=9, messages=[{{"role": "user", "content": text}}]
    )
    return reply.content[0].text

async def work(x, y, lock, rate_limit):
{indent(dedent(body), "    ")}
"""
    requests: list[Request] = sent(text)
    found = requests[0].awaited()
    return None if found is None else (found.first.line - 11, found.second.line - 11)


def test_two_in_a_row() -> None:
    assert in_a_row("a = await ask(x)\nb = await ask(y)\nreturn a, b") == (1, 2)


@pytest.mark.parametrize(
    "body",
    [
        "a = await ask(x)\nb = await ask(a)",
        "a = await ask(x)\nb = await ask(f'{y} {a}')",
        "a = await ask(x)\nlog(a)\nb = await ask(y)",
        "a = await ask(x)\nb = await other(y)",
        "a = await ask(x)\na = await ask(y)",
        "async with lock:\n    a = await ask(x)\n    b = await ask(y)",
        "async with rate_limit():\n    a = await ask(x)\n    b = await ask(y)",
        "a = await ask(x, messages)\nb = await ask(y, messages)",
        "return await ask(x)",
        "await ask(x)\nawait ask(y)",
    ],
)
def test_they_need_each_other_or_might(body: str) -> None:
    assert in_a_row(body) is None
