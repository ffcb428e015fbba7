"""Functions whose every call fails on its arguments."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from skinflint.linter import config, engine
from skinflint.linter.misfit import fits
from skinflint.linter.module import Module
from skinflint.linter.source import from_bytes
from skinflint.rules.base import Context
from skinflint.rules.retired_model import RetiredModel

CONTEXT = Context(as_of=datetime.date(2026, 11, 22))
SERVICE = """\
import anthropic


class Service:
    def __init__(self):
        self.client = anthropic.Anthropic()

    def structured(self, inputs, schema, pdf=None, model="claude-3-opus-20240229"):
        return self.client.messages.create(
            model=model, max_tokens=900, messages=[{"role": "user", "content": inputs}]
        )


service = Service()
"""
CALLS = "from service import service\n\nprint(service.structured(inputs='a', pdf_path='b'))\n"


def silent(folder: Path, text: str, users: str, more: dict[str, str]) -> bool:
    for name, said in {"requirements.txt": "", "app.py": users, **more}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(said)
    path = folder / "service.py"
    path.write_text(text)
    result = engine.check(
        [from_bytes(str(path), text.encode())],
        [RetiredModel()],
        config.load(None, None, isolated=True),
        CONTEXT,
    )
    assert result.problems == ()
    assert result.requests
    return not result.findings


@pytest.mark.parametrize(
    ("users", "more"),
    [
        (CALLS, {}),
        (CALLS.replace("inputs='a', pdf_path='b'", "'a'"), {}),
        (CALLS.replace("inputs='a', pdf_path='b'", "'a', inputs='b', schema={}"), {}),
        (CALLS.replace("inputs='a', pdf_path='b'", "1, 2, 3, 4, 5, 6"), {}),
        (CALLS + "service.structured('c')\n", {}),
        (CALLS, {"tests/test_service.py": CALLS.replace("pdf_path=", "schema=")}),
    ],
)
def test_no_call_fits(users: str, more: dict[str, str], tmp_path: Path) -> None:
    assert silent(tmp_path, SERVICE, users, more)


@pytest.mark.parametrize(
    ("text", "users", "more"),
    [
        (SERVICE, CALLS.replace("pdf_path=", "schema="), {}),
        (SERVICE, CALLS + "service.structured('c', {})\n", {}),
        (SERVICE, CALLS, {"more.py": "def ask(any, **more):\n    any.structured(**more)\n"}),
        (SERVICE, CALLS, {"more.py": "def ask(any, *more):\n    any.structured(*more)\n"}),
        (SERVICE, CALLS, {"more.py": "from service import service as s\nRUN = s.structured\n"}),
        (SERVICE, CALLS, {"more.py": "import app\ngetattr(app.service, 'structured')('c', {})\n"}),
        (SERVICE.replace("pdf=None", "pdf_path=None").replace(", schema", ""), CALLS, {}),
        (SERVICE.replace("    def structured", "    @kept\n    def structured"), CALLS, {}),
        (
            SERVICE.replace('20240229"', '20240229", **more').replace("schema,", "schema=None,"),
            CALLS,
            {},
        ),
        (SERVICE, "from service import service\nprint(service)\n", {}),
        (
            SERVICE,
            CALLS,
            {"more.py": "from service import Service as S\nS.structured(S(), 1, 2)\n"},
        ),
    ],
)
def test_a_call_may_fit(text: str, users: str, more: dict[str, str], tmp_path: Path) -> None:
    assert not silent(tmp_path, text, users, more)


def test_others_may_call_it(tmp_path: Path) -> None:
    packed = {
        "pyproject.toml": '[build-system]\nrequires = ["hatchling"]\n'
        'build-backend = "hatchling.build"\n\n[project]\nname = "service"\n'
    }
    assert not silent(tmp_path, SERVICE, CALLS, packed)


@pytest.mark.parametrize(
    ("signature", "given", "takes"),
    [
        ("a, b", "1, 2", True),
        ("a, b", "1", False),
        ("a, b", "1, 2, 3", False),
        ("a, b=1", "1", True),
        ("a, *rest", "1, 2, 3", True),
        ("a, *, key", "1", False),
        ("a, *, key", "1, key=2", True),
        ("a, *, key=1", "1, 2", False),
        ("a, /, b", "a=1, b=2", False),
        ("a, /, **more", "1, a=2", True),
        ("a, **more", "1, a=2", False),
        ("a", "*those", True),
        ("a", "b=1, **those", True),
        ("", "1", False),
        ("", "", True),
    ],
)
def test_what_a_signature_takes(signature: str, given: str, takes: bool) -> None:
    text = f"def f({signature}):\n    pass\n\n\nf({given})\n"
    module = Module(from_bytes("app.py", text.encode()))
    (function,) = module.functions
    (call,) = module.calls
    assert fits(call, function, module) is takes


LATE = SERVICE.replace("    def structured", "    async def structured")
LATE = LATE.replace("pdf=None", "pdf=None, pdf_path=None").replace("schema,", "schema='',")
LOST = CALLS.replace("print(", "reply = ").rstrip(")\n") + ")\nprint(reply.content)\n"


@pytest.mark.parametrize(
    ("text", "users", "lost"),
    [
        (LATE, LOST, True),
        # cell by cell, in a console
        (LATE, "# %%\n" + LOST.replace("reply = ", "reply = await "), False),
        (LATE, "import asyncio\n" + LOST.replace("reply.content", "asyncio.run(reply)"), False),
        (LATE, LOST.replace("print(reply.content)", "reply.close()"), False),
        (LATE.replace("async def", "def"), LOST, False),
    ],
)
def test_a_coroutine_that_nobody_awaits(text: str, users: str, lost: bool, tmp_path: Path) -> None:
    assert silent(tmp_path, text, users, {}) is lost


@pytest.mark.parametrize(
    ("does", "lost"),
    [
        ("assert hasattr(manager, '__enter__')", True),
        ("print(type(manager), f'{manager}')", True),
        ("pass", True),
        ("assert manager is not None", True),
        ("with manager as stream: print(stream)", False),
        ("return manager", False),
        ("manager.__enter__()", False),
        ("run(manager)", False),
        ("managers.append(manager)", False),
        ("screen.print(manager)", False),
    ],
)
def test_a_stream_that_nobody_enters(does: str, lost: bool, tmp_path: Path) -> None:
    text = (
        "import anthropic\n\nclient = anthropic.Anthropic()\n\n\ndef ask(text):\n"
        "    manager = client.messages.stream(\n"
        '        model="claude-3-opus-20240229", max_tokens=9, messages=[{"role": "user", '
        f'"content": text}}]\n    )\n    {does}\n'
    )
    calls = "from service import ask\n\nprint(ask('a'))\n"
    assert silent(tmp_path, text, calls, {}) is lost
    kept = text.replace("def ask(text):\n", "def ask(text):\n    global manager\n")
    assert not silent(tmp_path, kept, calls, {})


@pytest.mark.parametrize(
    ("old", "new", "lost"),
    [
        ("", "", True),
        ("reply = client", "reply = await client", False),
        ("return reply.content", "return await reply", False),
        ("return reply.content", "return reply", False),
        ("AsyncAnthropic", "Anthropic", False),
        ("messages.create", "messages.stream", False),
    ],
)
def test_a_request_that_nobody_awaits(old: str, new: str, lost: bool, tmp_path: Path) -> None:
    text = (
        "import anthropic\n\nclient = anthropic.AsyncAnthropic()\n\n\nasync def ask(text):\n"
        "    reply = client.messages.create(\n"
        '        model="claude-3-opus-20240229", max_tokens=9, messages=[{"role": "user", '
        '"content": text}]\n    )\n    return reply.content\n'
    ).replace(old, new)
    assert silent(tmp_path, text, "from service import ask\n\nprint(ask('a'))\n", {}) is lost


@pytest.mark.parametrize(
    ("old", "new", "lost"),
    [
        ("", "", True),
        ("anthropic.Anthropic()", "anthropic.AsyncAnthropic()", False),
        ("reply = await ", "reply = ", False),
        ("client = anthropic.Anthropic()", "from desk import client", False),
        ("Anthropic()\n", "Anthropic() if text else anthropic.AsyncAnthropic()\n", False),
        ("await client.messages.create(", "await to_thread(client.messages.create, ", False),
    ],
)
def test_a_reply_that_cannot_be_awaited(old: str, new: str, lost: bool, tmp_path: Path) -> None:
    text = (
        "import anthropic\nfrom asyncio import to_thread\n\nclient = anthropic.Anthropic()\n\n\n"
        "async def ask(text):\n    reply = await client.messages.create(\n"
        '        model="claude-3-opus-20240229", max_tokens=9, messages=[{"role": "user", '
        '"content": text}]\n    )\n    return reply.content\n'
    ).replace(old, new)
    users = "import asyncio\nfrom service import ask\n\nprint(asyncio.run(ask('a')))\n"
    desk = "import anthropic\n\nclient = anthropic.AsyncAnthropic()\n"
    assert silent(tmp_path, text, users, {"desk.py": desk}) is lost
