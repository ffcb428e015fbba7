"""The line of real code that hurts most: one marked block = constant + name + profile.

It is sent in a handler and again in a five-round tool loop. The fix must cache the constant across
users, keep the profile cached over the rounds, and never send an empty block. Behind it the rounds
of the loop are not cached at all, which is a defect of its own: each round then pays for its own
messages alone.
"""

from __future__ import annotations

import json
import subprocess
import sys
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from standin import run

from skinflint.cache.model import Block, Call, State, Usage, send_all
from skinflint.catalog.models import load

PROMPT = "Be kind, be brief, and never promise what the shop can't keep. " * 60
TAIL = '(f"\\n\\nName: {first}" if first else "") + (f"\\n\\n{profile}" if profile else "")'

HEAD = f"""\
import json
import os
import sys

import anthropic

SYSTEM_PROMPT = {PROMPT!r}
TOOLS = [
    {{
        "name": "look_up",
        "description": "Look an order up.",
        "input_schema": {{"type": "object", "properties": {{"id": {{"type": "string"}}}}}},
    }}
]
MARKER = {{"type": "ephemeral"}}
client = anthropic.Anthropic()


def state_of(block):
    return os.environ.get("STATE", "shipped")


def run_tools(response):
    return [
        {{"type": "tool_result", "tool_use_id": block.id, "content": state_of(block)}}
        for block in response.content
        if block.type == "tool_use"
    ]

"""

LOOP = """
    messages = [{"role": "user", "content": question}]
    response = client.messages.create(
        model="claude-sonnet-5-5", max_tokens=256, system=system, messages=messages, tools=TOOLS
    )
    for _ in range(5):
        if response.stop_reason != "tool_use":
            break
        messages.append({"role": "assistant", "content": response.content})
        messages.append({"role": "user", "content": run_tools(response)})
        response = client.messages.create(
            model="claude-sonnet-5-5", max_tokens=256, system=system, messages=messages, tools=TOOLS
        )
    return response


if __name__ == "__main__":
    for first_name, profile_text in json.loads(sys.argv[1]):
        on_message({"first_name": first_name, "profile": profile_text}, "Where is my order?")
"""

INLINE = (
    HEAD
    + f"""
def on_message(user, question):
    first, profile = user["first_name"], user["profile"]
    system = [
        {{
            "type": "text",
            "text": SYSTEM_PROMPT + {TAIL},
            "cache_control": {{"type": "ephemeral"}},
        }}
    ]"""
    + LOOP
)

HELPER = (
    HEAD
    + f"""
def blocks(first, profile):
    return [{{"type": "text", "text": SYSTEM_PROMPT + {TAIL}, "cache_control": MARKER}}]


def on_message(user, question):
    system = blocks(user["first_name"], user["profile"])"""
    + LOOP
)

LOCAL = (
    HEAD
    + f"""
def on_message(user, question):
    first = user["first_name"]
    profile = user["profile"]
    text = SYSTEM_PROMPT + {TAIL}
    system = [{{"type": "text", "text": text, "cache_control": {{"type": "ephemeral"}}}}]"""
    + LOOP
)

TYPED = (
    HEAD.replace(
        "import anthropic\n",
        "import anthropic\nfrom anthropic.types import TextBlockParam\n",
        1,
    )
    + f"""
def on_message(user, question):
    first = user["first_name"]
    profile = user["profile"]
    system = [
        TextBlockParam(
            type="text",
            text=SYSTEM_PROMPT + {TAIL},
            cache_control={{"type": "ephemeral"}},
        ),
    ]"""
    + LOOP
)

LAYOUTS = {"inline": INLINE, "helper": HELPER, "local": LOCAL, "typed": TYPED}
#: The size of a block of a message, in tokens.
EACH = 20
ALTERNATIVES = list(product(("", "Ann"), ("", "Likes tea, orders twice a month.")))


def skinflint(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "skinflint", "check", "--isolated", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(params=sorted(LAYOUTS), scope="module")
def folders(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, Path, dict[str, Any]]:
    """The program as written, as mended, and what was found in it."""
    before, after = tmp_path_factory.mktemp("before"), tmp_path_factory.mktemp("after")
    for folder in (before, after):
        (folder / "bot.py").write_text(LAYOUTS[request.param])
    found = skinflint(before, "--output-format", "json", "bot.py")
    assert found.returncode == 1, found.stderr
    mended = skinflint(after, "--fix", "--unsafe-fixes", "bot.py")
    assert mended.returncode == 0, mended.stdout + mended.stderr
    return before, after, json.loads(found.stdout)


def sent(folder: Path, users: list[tuple[str, str]]) -> list[list[dict[str, Any]]]:
    """The bodies of the six calls that each user causes."""

    def script(standin: Any) -> None:
        for _ in users:
            for _ in range(5):
                standin.use_tool("look_up", id="7")
            standin.say("It is on its way.")

    code = "import runpy; runpy.run_path('bot.py', run_name='__main__')"
    bodies = run(code, folder, json.dumps(users), script=script)
    assert len(bodies) == 6 * len(users)
    return [bodies[i : i + 6] for i in range(0, len(bodies), 6)]


def text_of(body: dict[str, Any]) -> str:
    return "".join(block["text"] for block in body["system"])


def usages(bodies: list[dict[str, Any]]) -> list[Usage]:
    """What the cache answers when the bodies arrive one after the other, a second apart."""
    model = load().resolve("claude-sonnet-5-5").model
    calls = []
    for index, body in enumerate(bodies):
        blocks = [Block(json.dumps(tool), 40, place="tools", kind="tool") for tool in body["tools"]]
        for block in body["system"]:
            ttl = "5m" if "cache_control" in block else None
            blocks.append(Block(block["text"], len(block["text"]), ttl, "system"))
        for message in body["messages"]:
            content = message["content"]
            listed = [content] if isinstance(content, str) else content
            blocks.extend(Block(json.dumps(each), EACH, role=message["role"]) for each in listed)
        if "cache_control" in body:
            blocks[-1] = blocks[-1]._replace(ttl="5m")
        calls.append(Call(tuple(blocks), model, at=float(index)))
    outcomes, _ = send_all(calls, State())
    assert all(isinstance(outcome, Usage) for outcome in outcomes), outcomes
    return [outcome for outcome in outcomes if isinstance(outcome, Usage)]


def test_one_finding_with_two_requests(folders: tuple[Path, Path, dict[str, Any]]) -> None:
    report = folders[2]
    finding, tail = report["findings"]
    assert finding["rule"] == "SKF104"
    assert len(finding["requests"]) == 2
    assert finding["fix"]["applicability"] == "unsafe"
    roles = [step["role"] for step in finding["related"]]
    assert roles[0] == "source"
    assert roles[-2:] == ["sink", "breakpoint"]
    assert tail["rule"] == "SKF203"
    assert len(tail["requests"]) == 1, "the rounds, not the question"
    assert tail["fix"] is not None


def test_same_text_and_no_blank_block(folders: tuple[Path, Path, dict[str, Any]]) -> None:
    before, after, _ = folders
    for user, old, new in zip(
        ALTERNATIVES, sent(before, ALTERNATIVES), sent(after, ALTERNATIVES), strict=True
    ):
        for was, now in zip(old, new, strict=True):
            assert text_of(now) == text_of(was), user
            assert all(block["text"].strip() for block in now["system"]), user
            assert len(now["system"]) == (2 if any(user) else 1), user
            assert now["system"][0]["text"] == PROMPT
            assert now["system"][0]["cache_control"] == {"type": "ephemeral"}
            marked = ("system", "cache_control")
            assert {k: v for k, v in now.items() if k not in marked} == {
                k: v for k, v in was.items() if k not in marked
            }
        assert ["cache_control" in body for body in new] == [False] + [True] * 5


def test_constant_is_read_by_the_next_user(folders: tuple[Path, Path, dict[str, Any]]) -> None:
    before, after, _ = folders
    users = [("Ann", "Likes tea."), ("Bob", "Likes coffee.")]
    old = usages([body for bodies in sent(before, users) for body in bodies])
    new = usages([body for bodies in sent(after, users) for body in bodies])
    assert old[6].read == 0
    assert new[6].read >= len(PROMPT)


def test_profile_stays_cached_over_the_rounds(
    folders: tuple[Path, Path, dict[str, Any]],
) -> None:
    _, after, _ = folders
    profile = "Likes tea. " * 200
    (bodies,) = sent(after, [("Ann", profile)])
    first, *rounds = usages(bodies)
    assert first.write_5m >= len(PROMPT) + len(profile)
    front = first.write_5m
    assert [usage.read for usage in rounds] == [front, *(front + EACH * n for n in (3, 5, 7, 9))]
    assert [usage.write_5m for usage in rounds] == [3 * EACH] + [2 * EACH] * 4
    assert [usage.uncached for usage in rounds] == [0] * 5


def test_second_run_is_clean(folders: tuple[Path, Path, dict[str, Any]]) -> None:
    done = skinflint(folders[1], "bot.py")
    assert done.returncode == 0, done.stdout
