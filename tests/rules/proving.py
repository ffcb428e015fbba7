"""The rules' examples as running programs: what each sends, before and after its fix.

A case is an example, the modules that stand around it, and a program that uses it. ``measure`` runs
it against the simulator with the real SDK; ``figure`` says in words what came of it. The figures on
the rules' pages are these (scripts/prove_rules.py writes them, a test compares them).
"""

from __future__ import annotations

import contextlib
import datetime
import importlib
import io
import os
import subprocess
import sys
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple
from unittest import mock

from skinflint.cache.model import Usage, units
from skinflint.rules.base import Example
from skinflint.rules.registry import all_rules
from skinflint.simulator.core import Simulator
from skinflint.simulator.exchange import Exchange, hit_rate
from skinflint.simulator.replies import Agent
from skinflint.simulator.server import Server

MARK = "# <-"
AS_OF = datetime.date(2026, 11, 22)
#: About two thousand tokens: longer than any current model's minimum.
_LONG = "LONG = ' '.join(f'{n}. Keep this in mind whatever is asked of you.' for n in range(140))\n"
_FASTAPI = """\
class FastAPI:
    def post(self, path):
        return lambda function: function

def Depends(what):
    return what

class Request:
    def __init__(self, body):
        self._body = body

    async def json(self):
        return self._body
"""
_TICKING = """\
from datetime import datetime, timedelta

class Ticking(datetime):
    minutes = 0

    @classmethod
    def now(cls, tz=None):
        cls.minutes += 1
        return datetime(2026, 3, 2, 12, 5, 17, tzinfo=tz) + timedelta(minutes=cls.minutes)
"""
_TYPED = """\
lines = iter({lines!r})

def typed(prompt=""):
    try:
        return next(lines)
    except StopIteration:
        raise EOFError
"""


class Case(NamedTuple):
    """An example and how it is used. ``ways`` are the alternatives: programs of their own."""

    rule: str
    title: str
    files: dict[str, str]
    ways: dict[str, str]
    cure: tuple[tuple[str, str], ...] = ()  # replacements by hand, where no fix is made
    module: str = "app"
    workers: int = 1  # processes, each with another order of strings in a set
    turns: int = 0  # rounds with tools
    refused: bool = False  # before the fix the API refuses some of it
    keeps: bool = False  # after the fix more of the history is sent

    @property
    def example(self) -> Example:
        """The example itself."""
        rule = next(each for each in all_rules() if each.id == self.rule)
        return next(each for each in rule.examples if each.title == self.title)

    @property
    def before(self) -> str:
        """The module as it is reported."""
        return "\n".join(
            line.removesuffix(MARK).rstrip() if line.endswith(MARK) else line
            for line in self.example.bad.split("\n")
        )

    @property
    def after(self) -> str:
        """The module as the fix leaves it, or as somebody would write it."""
        if self.example.fixed is not None:
            return self.example.fixed
        text = self.before
        for old, new in self.cure:
            assert text.count(old) == 1, old
            text = text.replace(old, new)
        assert text != self.before
        return text


class Measured(NamedTuple):
    """What one version sent."""

    exchanges: tuple[Exchange, ...]

    @property
    def usages(self) -> list[Usage]:
        """Of the requests that were answered."""
        return [each.usage for each in self.exchanges if each.usage is not None]

    @property
    def refused(self) -> int:
        """Requests that were not."""
        return len(self.exchanges) - len(self.usages)

    @property
    def hit_rate(self) -> float:
        """Share of the prompts that was read."""
        return hit_rate(self.usages)

    @property
    def cost(self) -> float:
        """The prompts, in tokens of plain input."""
        return sum(units(each.usage, each.model) for each in self.exchanges if each.usage)


def measure(case: Case, text: str, way: str, folder: Path) -> Measured:
    """Run one version of an example in ``folder``."""
    written = {**case.files, case.module.replace(".", "/") + ".py": text}
    for name, content in written.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    program = "import warnings\nwarnings.simplefilter('ignore')\n" + case.ways[way]
    with Server(Simulator(Agent(case.turns), as_of=AS_OF)) as server:
        environment = server.environment(os.environ)
        for worker in range(case.workers):
            if case.workers == 1:
                _run_here(program, folder, environment)
            else:
                _run_apart(program, folder, environment, worker)
        return Measured(tuple(server.simulator.exchanges))


def _run_apart(program: str, folder: Path, environment: dict[str, str], worker: int) -> None:
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=folder,
        env={**environment, "PYTHONHASHSEED": str(worker), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def _run_here(program: str, folder: Path, environment: dict[str, str]) -> None:
    with (
        mock.patch.dict(os.environ, environment, clear=True),
        _importing(folder),
        warnings.catch_warnings(),
        contextlib.redirect_stdout(io.StringIO()),
        contextlib.chdir(folder) if sys.version_info >= (3, 11) else _chdir(folder),
    ):
        exec(compile(program, "driver", "exec"), {"__name__": "driver"})


@contextlib.contextmanager
def _chdir(folder: Path) -> Iterator[None]:
    here = os.getcwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(here)


@contextlib.contextmanager
def _importing(folder: Path) -> Iterator[None]:
    """Import from ``folder`` first, and forget what was imported from there."""
    hidden = {
        name: module
        for name, module in sys.modules.items()
        if name.partition(".")[0] in ("fastapi", "mcp", "slack_bolt", "app")
    }
    for name in hidden:
        del sys.modules[name]
    sys.path.insert(0, str(folder))
    importlib.invalidate_caches()
    try:
        with mock.patch.object(sys, "dont_write_bytecode", True):
            yield
    finally:
        sys.path.remove(str(folder))
        for name, module in list(sys.modules.items()):
            place = getattr(module, "__file__", None) or ""
            paths = list(getattr(module, "__path__", ()))
            if any(each.startswith(str(folder)) for each in (place, *paths)):
                del sys.modules[name]
        sys.modules.update(hidden)


def figure(case: Case, before: Measured, after: Measured) -> str:
    """What the page of the rule says."""
    calls = len(after.exchanges)
    by = "after the fix" if case.example.fixed is not None else "mended by hand"
    if before.refused:
        return (
            f"{before.refused} of {calls} calls are refused; {by}, "
            f"{after.refused or 'none'} {'is' if after.refused < 2 else 'are'}."
        )
    if before.usages == after.usages:
        return f"{calls} calls: hit rate {before.hit_rate:.0%}; without the marker it is the same."
    less = before.cost / after.cost
    return (
        f"{calls} calls: hit rate {before.hit_rate:.0%}, {by} {after.hit_rate:.0%}; "
        f"the prompts then cost {less:.1f} times less."
    )


def _text_modules(*names: str) -> dict[str, str]:
    """Modules that hold a long text each: ``"shop/prompts.py:RETURNS_POLICY"``."""
    files: dict[str, str] = {}
    for name in names:
        path, _, constants = name.partition(":")
        body = _LONG + "".join(f"{each} = {each!r} + LONG\n" for each in constants.split(","))
        files[path] = body
        files[str(Path(path).parent / "__init__.py")] = ""
    return files


def _calls(count: int, call: str) -> str:
    return f"for number in range({count}):\n    {call}\n"


def _talk(function: str, count: int) -> str:
    """A program that types ``count`` long questions into a chat."""
    lines = [f"Tell me about clock {number}, please. " * 20 for number in range(count)]
    return (
        _TYPED.format(lines=lines)
        + "import app\napp.input = typed\n"
        + f"with app.client:\n    try:\n        app.{function}()\n"
        + "    except EOFError:\n        pass\n"
    )


def _asynchronous(*lines: str) -> str:
    """A program that runs ``lines`` in an event loop."""
    body = "".join(f"    {line}\n" for line in lines)
    return f"import asyncio\nimport app\n\nasync def whole():\n{body}\nasyncio.run(whole())\n"


_COACH = {
    **_text_modules("coach/prompts.py:SYSTEM_PROMPT"),
    "fastapi.py": _FASTAPI,
    "coach/store.py": (
        "PROFILES = {}\n\nclass Store:\n    async def profile(self, id):\n"
        "        return PROFILES.get(id, '')\n\ndef current_user():\n    return None\n"
    ),
}
_PEOPLE = {
    "name and profile": ("'Ada{n}'", "'Likes rowing, number {n}.'"),
    "name only": ("'Ada{n}'", "''"),
    "profile only": ("''", "'Likes rowing, number {n}.'"),
    "neither": ("''", "''"),
}


def _coach(first: str, profile: str) -> str:
    lines = [
        "from types import SimpleNamespace",
        "from coach.store import PROFILES",
        "for n in range(10):",
        f"    name, profile = {_formatted(first)}, {_formatted(profile)}",
        "    PROFILES[n] = profile",
        "    user = SimpleNamespace(id=n, first_name=name)",
        "    await app.coach('What shall I do today?', user)",
        "await app.client.close()",
    ]
    return _asynchronous(*lines)


def _formatted(text: str) -> str:
    return f"f{text}"


_MCP = """\
class ClientSession:
    pass
"""
_SESSION = """\
from types import SimpleNamespace

class Session:
    def __init__(self):
        self.listed = 0

    async def list_tools(self):
        self.listed += 1
        names = ["book", "cancel", "find"]
        turn = self.listed % 3
        tools = [
            SimpleNamespace(name=n, description=f"To {n} a desk.", inputSchema={"type": "object"})
            for n in names[turn:] + names[:turn]
        ]
        return SimpleNamespace(tools=tools)

    async def call_tool(self, name, arguments):
        return "done"
"""

CASES: tuple[Case, ...] = (
    Case(
        "SKF101",
        "A clock at the end of the marked policy of a web handler",
        {**_text_modules("shop/prompts.py:RETURNS_POLICY"), "fastapi.py": _FASTAPI},
        {
            "ten questions": _TICKING
            + _asynchronous(
                "app.datetime = Ticking",
                "for number in range(10):",
                "    await app.returns(f'May I return order {number}?')",
                "await app.client.close()",
            )
        },
    ),
    Case(
        "SKF101",
        "A clock in a helper that a tool loop calls in every round",
        {
            **_text_modules("operator_app/prompts.py:OPERATOR_GUIDE"),
            "operator_app/tools.py": (
                "TOOLS = [{'name': 'look', 'description': 'Look.', 'input_schema': "
                "{'type': 'object', 'properties': {}}}]\n\n"
                "def run_tool(block):\n    return {'type': 'tool_result', "
                "'tool_use_id': block.id, 'content': 'A shed with two doors.'}\n"
            ),
        },
        {
            "eight rounds": (
                "import itertools\nfrom types import SimpleNamespace\nimport anthropic\n"
                "from operator_app import app\n"
                "clock = itertools.count(1772452800)\n"
                "app.time = SimpleNamespace(time=lambda: next(clock))\n"
                "with anthropic.Anthropic() as client:\n"
                "    app.Operator(client).run('Look around.')\n"
            )
        },
        cure=(
            (
                '        return f"{OPERATOR_GUIDE}\\n\\nSeconds since the epoch: {time.time()}"',
                "        return OPERATOR_GUIDE",
            ),
            (
                'messages = [{"role": "user", "content": task}]',
                'messages = [{"role": "user", "content": f"{task}\\n\\n{time.time()}"}]',
            ),
        ),
        module="operator_app.app",
        turns=7,
    ),
    Case(
        "SKF101",
        "A clock in front of a cached conversation",
        _text_modules("assistant/texts.py:HOUSE_RULES"),
        {
            "ten questions": _TICKING
            + _TYPED.format(lines=[f"What about room {number}?" for number in range(10)])
            + "import app\napp.datetime = Ticking\napp.input = typed\n"
            "with app.client:\n    try:\n        app.chat()\n    except EOFError:\n        pass\n"
        },
    ),
    Case(
        "SKF103",
        "An id at the head of a marked prompt",
        _text_modules("reviewer/guidelines.py:GUIDELINES"),
        {
            "ten files": "import app\nreviewer = app.Reviewer()\n"
            + _calls(10, "reviewer.review(f'- a\\n+ {number}')")
            + "reviewer.client.close()\n"
        },
    ),
    Case(
        "SKF103",
        "A token at its end, new in every round of a tool loop",
        {
            **_text_modules("agent/texts.py:BRIEFING"),
            "agent/tools.py": (
                "TOOLS = [{'name': 'look', 'description': 'Look.', 'input_schema': "
                "{'type': 'object', 'properties': {}}}]\n\n"
                "async def call(block):\n    return {'type': 'tool_result', "
                "'tool_use_id': block.id, 'content': 'A shed with two doors.'}\n"
            ),
        },
        {
            "eight rounds": _asynchronous(
                "await app.work('Look around.')", "await app.client.close()"
            )
        },
        turns=7,
    ),
    Case(
        "SKF104",
        "Name and profile glued to the shared prompt of a web handler",
        _COACH,
        {way: _coach(first, profile) for way, (first, profile) in _PEOPLE.items()},
    ),
    Case(
        "SKF104",
        "A record glued to the instructions of a nightly job",
        {
            "prompts/screening.md": "".join(f"{n}. Read the letter twice.\n" for n in range(200)),
            "applicants.csv": "id,letter\n"
            + "".join(f"{n},I have mended bicycles for {n} years.\n" for n in range(10)),
        },
        {"ten letters": "import app\napp.main()\n"},
    ),
    Case(
        "SKF105",
        "Passages found for the question in the marked system prompt",
        {
            **_text_modules("library/texts.py:LIBRARIAN"),
            "library/index.py": (
                "from types import SimpleNamespace\n\n"
                "class Store:\n"
                "    def similarity_search(self, question, k):\n"
                "        text = f'About {question} ' * 20\n"
                "        texts = [f'{n}: {text}' for n in range(k)]\n"
                "        return [SimpleNamespace(page_content=text) for text in texts]\n\n"
                "vector_store = Store()\n"
            ),
        },
        {
            "ten questions": "import app\nlibrarian = app.Librarian()\n"
            + _calls(10, "librarian.ask(f'Where is book {number}?')")
            + "app.client.close()\n"
        },
    ),
    Case(
        "SKF105",
        "Memories in front of a cached conversation",
        {
            **_text_modules("companion/texts.py:COMPANION"),
            "mem0.py": (
                "class Memory:\n"
                "    def search(self, words, user_id, limit):\n"
                "        return {'results': [{'memory': f'{n}: {words}'} for n in range(limit)]}\n"
            ),
        },
        {
            "ten turns": "import app\ncompanion = app.Companion()\n"
            + _calls(10, "companion.answer(f'What did I say on day {number}?')")
            + "app.client.close()\n"
        },
        keeps=True,
    ),
    Case(
        "SKF106",
        "A set of strings joined into the marked prompt",
        {
            **_text_modules("triage/texts.py:GUIDE"),
            "triage/mailboxes.py": (
                "from types import SimpleNamespace\n"
                "NAMES = ['Billing', 'Delivery', 'Returns', 'Warranty', 'Praise', 'Other']\n"
                "MAILBOXES = [SimpleNamespace(queue=name) for name in NAMES]\n"
            ),
        },
        {
            "three workers, two mails each": "import app\n"
            + _calls(2, "app.triage(f'Where is order {number}?')")
        },
        workers=3,
    ),
    Case(
        "SKF106",
        "Pages in the order in which they arrived",
        {
            **_text_modules("research/texts.py:METHOD"),
            "research/sources.py": (
                "SITES = ['one', 'two', 'three']\n\n"
                "def fetch(site):\n"
                "    return f'{site}: ' + 'What the page says. ' * 40\n"
            ),
        },
        {
            # each time another one of the three is the first to arrive
            "six questions": (
                "import itertools\nimport app\n"
                "asked = itertools.count()\n\n"
                "def as_completed(futures):\n"
                "    turn = next(asked) % 3\n"
                "    return futures[turn:] + futures[:turn]\n\n"
                "app.as_completed = as_completed\n"
                "researcher = app.Researcher()\n"
            )
            + _calls(6, "researcher.answer(f'Is it {number}?')")
            + "researcher.client.close()\n"
        },
        cure=(
            (
                "            for future in as_completed(futures):\n",
                "            for future in futures:\n",
            ),
        ),
    ),
    Case(
        "SKF107",
        "Stored options merged into the marked prompt",
        {
            **_text_modules("forms/texts.py:FORM_HELP"),
            "fastapi.py": _FASTAPI,
            "forms/store.py": (
                "import itertools, json\n"
                "saved = itertools.count()\n\n"
                "class Redis:\n"
                "    async def get(self, name):\n"
                "        options = {'units': 'imperial', 'tone': 'calm', 'size': 'large'}\n"
                "        names = sorted(options)\n"
                "        turn = next(saved) % 3\n"
                "        names = names[turn:] + names[:turn]\n"
                "        return json.dumps({n: options[n] for n in names})\n\n"
                "redis = Redis()\n"
            ),
        },
        {
            "nine questions": _asynchronous(
                "from fastapi import Request",
                "for number in range(9):",
                "    await app.help_with_form(Request({'question': f'What is box {number}?'}))",
                "await app.client.close()",
            )
        },
    ),
    Case(
        "SKF108",
        "Tools as an MCP server lists them",
        {**_text_modules("desk/texts.py:DESK_RULES"), "mcp.py": _MCP},
        {
            "nine requests": _SESSION
            + _asynchronous(
                "desk = app.Desk(Session())",
                "for number in range(9):",
                "    await desk.handle(f'A desk for {number}, please.')",
                "await desk.client.close()",
            )
        },
    ),
    Case(
        "SKF110",
        "A counter in a description, in every round of a tool loop",
        {
            **_text_modules("workshop/texts.py:FOREMAN"),
            "workshop/tools.py": (
                "def run(reply):\n"
                "    return [{'type': 'tool_result', 'tool_use_id': block.id, 'content': '12'}\n"
                "            for block in reply.content if block.type == 'tool_use']\n"
            ),
        },
        {"eight rounds": "import app\napp.work('How many bolts are there?')\napp.client.close()\n"},
        cure=((' Asked {calls} times so far."', '"'),),
        turns=7,
    ),
    Case(
        "SKF110",
        "The name of the user in a description",
        {
            **_text_modules("office/texts.py:CLERK"),
            "office/people.py": "def current_user():\n    pass\n",
            "fastapi.py": _FASTAPI,
        },
        {
            "ten users": "from types import SimpleNamespace\nimport app\n"
            + _calls(10, "app.clerk('Is there a room?', SimpleNamespace(name=f'Ann {number}'))")
            + "app.client.close()\n"
        },
    ),
    Case(
        "SKF113",
        "Old tool results emptied in every round",
        {
            **_text_modules("survey/texts.py:SURVEYOR"),
            "survey/tools.py": (
                "TOOLS = [{'name': 'read', 'input_schema': {'type': 'object'}}]\n\n"
                "def run(reply):\n"
                "    text = 'Field seven is flat and wet. ' * 60\n"
                "    return [{'type': 'tool_result', 'tool_use_id': block.id, 'content': text}\n"
                "            for block in reply.content if block.type == 'tool_use']\n"
            ),
        },
        {"twenty rounds": "import app\napp.survey('How wet is it?')\napp.client.close()\n"},
        cure=(("        forget_old_results(messages)\n", ""),),
        turns=19,
        keeps=True,
    ),
    Case(
        "SKF114",
        "The working tree in every round of an agent",
        {
            **_text_modules("coder/texts.py:CODER"),
            "coder/tools.py": (
                "TOOLS = [{'name': 'edit', 'input_schema': {'type': 'object'}}]\n\n"
                "def run(reply):\n"
                "    return [{'type': 'tool_result', 'tool_use_id': block.id, 'content': 'Done.'}\n"
                "            for block in reply.content if block.type == 'tool_use']\n"
            ),
        },
        {
            "ten rounds": "from itertools import count\nfrom types import SimpleNamespace\n"
            "import app\nnumbers = count()\n"
            "def run(*words, **more):\n"
            "    return SimpleNamespace(stdout=f' M file{next(numbers)}.py')\n"
            "app.subprocess = SimpleNamespace(run=run)\n"
            "app.work('Mend the tests.')\napp.client.close()\n"
        },
        turns=9,
    ),
    Case(
        "SKF114",
        "The load of the machine, with each question",
        _text_modules("watch/texts.py:WATCHMAN"),
        {
            "ten questions": "from itertools import count\nfrom types import SimpleNamespace\n"
            "import app\nnumbers = count()\n"
            "app.os = SimpleNamespace(getloadavg=lambda: next(numbers))\n"
            "watchman = app.Watchman()\n"
            + _calls(10, "watchman.answer(f'How busy was it {number} minutes ago?')")
            + "app.client.close()\n"
        },
        keeps=True,
    ),
    Case(
        "SKF201",
        "A chat without any breakpoint",
        {},
        {"twelve questions": _talk("guide", 12)},
    ),
    Case(
        "SKF201",
        "A long system prompt for every part",
        {},
        {
            "ten parts": "with open('parts.txt', 'w') as parts:\n"
            "    parts.writelines(f'Where is part {number}?\\n' for number in range(10))\n"
            "import app\n"
            "app.client.close()\n"
        },
    ),
    Case(
        "SKF201",
        "A clock in front of rules that never change",
        {},
        {"twelve questions": _talk("desk", 12)},
        cure=(
            (
                '            system=f"It is {now}.\\n\\n{RULES}",\n',
                '            system=RULES,\n            cache_control={"type": "ephemeral"},\n',
            ),
            ('"content": input("You: ")', '"content": f"{datetime.datetime.now()} {input()}"'),
        ),
        keeps=True,
    ),
    Case(
        "SKF202",
        "The sentence to work on in the marked system prompt",
        _text_modules("translator/style.py:STYLE_GUIDE"),
        {
            "ten sentences": _TYPED.format(lines=[f"Das ist Satz {n}." for n in range(10)] + [""])
            + "import app\napp.input = typed\napp.translate()\napp.client.close()\n"
        },
    ),
    Case(
        "SKF203",
        "An agent that marks its system prompt only",
        {
            "workshop/__init__.py": "",
            "workshop/tools.py": (
                "TOOLS = [{'name': 'stock', 'description': 'How many there are.', 'input_schema': "
                "{'type': 'object', 'properties': {'part': {'type': 'string'}}}}]\n\n"
                "def run(block):\n    return 'Shelf four holds twelve of them. ' * 30\n"
            ),
        },
        {
            "twelve rounds": "import app\n"
            "app.answer('How many inner tubes are there?')\napp.client.close()\n"
        },
        turns=11,
    ),
    Case(
        "SKF204",
        "A helper that marks each document",
        _text_modules("notes/texts.py:ARCHIVIST"),
        {
            f"{count} documents": "import anthropic\nimport app\n"
            f"documents = [f'{{n}}: ' + 'A note of the archive. ' * 60 for n in range({count})]\n"
            "for number in range(5):\n"
            "    try:\n"
            "        app.ask(f'What says note {number}?', documents)\n"
            "    except anthropic.BadRequestError:\n"
            "        pass\n"
            "app.client.close()\n"
            for count in (6, 4, 1, 0)
        },
        refused=True,
    ),
    Case(
        "SKF204",
        "Five markers in one request",
        _text_modules("lawyer/texts.py:CLAUSES,GLOSSARY,PRECEDENTS,ROLE,STYLE"),
        {
            "five briefs": "import anthropic\nimport app\n"
            "for number in range(5):\n"
            "    try:\n"
            "        app.draft(f'A lease of {number} years.')\n"
            "    except anthropic.BadRequestError:\n"
            "        pass\n"
            "app.client.close()\n"
        },
        refused=True,
    ),
    Case(
        "SKF205",
        "Questions that are stored with their marker",
        _text_modules("garden/texts.py:RULES"),
        {
            # the fifth question finds four markers in the history
            "five questions": _TYPED.format(
                lines=[f"Tell me about rose {number}. " * 20 for number in range(5)]
            )
            + "import anthropic\nimport app\napp.input = typed\n"
            "with app.client:\n    try:\n        app.talk()\n"
            "    except (EOFError, anthropic.BadRequestError):\n        pass\n"
        },
        refused=True,
    ),
    Case(
        "SKF205",
        "The newest message marked in place",
        _text_modules("garden/texts.py:RULES"),
        {
            "five questions": "import anthropic\nimport app\nguide = app.Guide()\n"
            "for number in range(5):\n"
            "    try:\n"
            "        guide.answer(f'Tell me about rose {number}. ' * 20)\n"
            "    except anthropic.BadRequestError:\n"
            "        pass\n"
            "app.client.close()\n"
        },
        refused=True,
    ),
    Case(
        "SKF206",
        "Tools for five minutes, rules for an hour",
        {
            **_text_modules("harbour/texts.py:RULES"),
            "harbour/tools.py": (
                "BERTHS = 'Free berths for ships up to a length. ' * 20\n"
                "TIDES = {'name': 'tides', 'input_schema': {'type': 'object', 'properties': {}}}\n"
            ),
        },
        {
            "five questions": "import anthropic\nimport app\n"
            "for number in range(5):\n"
            "    try:\n"
            "        app.advise(f'May a ship of {number}0 metres come in?')\n"
            "    except anthropic.BadRequestError:\n"
            "        pass\n"
            "app.client.close()\n"
        },
        refused=True,
    ),
    Case(
        "SKF208",
        "Two pages, marked for a model with a high minimum",
        {},
        {
            "ten mails": "import app\n"
            + _calls(10, "app.sort_mail(f'Where is order {number}?')")
            + "app.client.close()\n"
        },
        cure=(('                "cache_control": {"type": "ephemeral"},\n', ""),),
    ),
    Case(
        "SKF209",
        "Automatic caching for single letters",
        {"fastapi.py": _FASTAPI},
        {
            "ten letters": "import app\n"
            + _calls(10, "app.sort(f'Where is my parcel {number}?')")
            + "app.client.close()\n"
        },
    ),
    Case(
        "SKF210",
        "A marker on what the model thought",
        _text_modules("observatory/texts.py:RULES"),
        {
            "three questions": "import anthropic\nimport app\n"
            "for number in range(3):\n"
            "    try:\n"
            "        app.go_on(f'What is star {number}?', 'A star.', 'signed', 'Vega.', 'Why?')\n"
            "    except anthropic.BadRequestError:\n"
            "        pass\n"
            "app.client.close()\n"
        },
        refused=True,
    ),
    Case(
        "SKF210",
        "A marker on a tool that is loaded later",
        _text_modules("observatory/texts.py:RULES"),
        {
            "three questions": "import anthropic\nimport app\n"
            "for number in range(3):\n"
            "    try:\n"
            "        app.ask(f'Where is planet {number}?')\n"
            "    except anthropic.BadRequestError:\n"
            "        pass\n"
            "app.client.close()\n"
        },
        refused=True,
    ),
    Case(
        "SKF213",
        "A marked block joined into a string",
        _text_modules("lighthouse/texts.py:RULES"),
        {
            "ten questions": "import app\n"
            + _calls(10, "app.answer(f'Is lamp {number} lit?')")
            + "app.client.close()\n"
        },
    ),
    Case(
        "SKF301",
        "The newest thirty messages",
        _text_modules("tower/texts.py:HANDBOOK"),
        {
            "forty calls": "import app\ntower = app.Tower()\n"
            + _calls(40, "tower.answer(f'Call {number}: may we land? ' * 20)")
            + "app.client.close()\n"
        },
        keeps=True,
    ),
    Case(
        "SKF301",
        "The end of a longer list",
        {
            **_text_modules("desk/texts.py:DESK"),
            "slack_bolt.py": (
                "class App:\n    def event(self, name):\n        return lambda function: function\n"
            ),
        },
        {
            "forty messages": "import app\n"
            + _calls(
                40,
                "app.on_message({'channel': 'c', 'text': f'Where is {number}? ' * 20}, print)",
            )
            + "app.client.close()\n"
        },
        keeps=True,
    ),
    Case(
        "SKF402",
        "The default of an environment variable",
        {},
        {
            "three texts": "import anthropic\nimport app\n"
            "for number in range(3):\n"
            "    try:\n"
            "        app.summarizer.summarize(f'Text {number}.')\n"
            "    except anthropic.NotFoundError:\n"
            "        pass\n"
            "app.summarizer._client.close()\n"
        },
        refused=True,
    ),
    Case(
        "SKF402",
        "Constants named for a task",
        {},
        {
            "three mails": _asynchronous(
                "import anthropic",
                "for number in range(3):",
                "    for model in (app.CLASSIFIER_MODEL, app.WRITER_MODEL):",
                "        try:",
                "            await app._complete(model, f'Mail {number}', 10)",
                "        except anthropic.NotFoundError:",
                "            pass",
                "await app.client.close()",
            )
        },
        refused=True,
    ),
    Case(
        "SKF406",
        "One model's name with another's date",
        {},
        {
            "three titles": "import anthropic\nimport app\n"
            "tagger = app.Tagger()\n"
            "for number in range(3):\n"
            "    try:\n"
            "        tagger.tags(f'Title {number}')\n"
            "    except anthropic.NotFoundError:\n"
            "        pass\n"
            "tagger.client.close()\n"
        },
        cure=(("claude-sonnet-4-5-20250514", "claude-sonnet-5-5"),),
        refused=True,
    ),
)


def figures(folder: Path, cases: Sequence[Case] = CASES) -> dict[tuple[str, str], str]:
    """The figure of each case, in its first way."""
    found = {}
    for number, case in enumerate(cases):
        way = next(iter(case.ways))
        before = measure(case, case.before, way, folder / f"{number}a")
        after = measure(case, case.after, way, folder / f"{number}b")
        found[case.rule, case.title] = figure(case, before, after)
    return found
