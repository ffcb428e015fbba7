"""The user's own clients and functions: what the configuration may say, and what it leads to."""

from __future__ import annotations

import datetime
from pathlib import Path
from textwrap import dedent

import pytest
from reading import named, why, written

from skinflint.catalog import sources, surfaces
from skinflint.linter import config, engine
from skinflint.linter.activation import qualified_name
from skinflint.linter.config import ConfigError
from skinflint.linter.evaluate import Evaluator
from skinflint.linter.project import Project
from skinflint.linter.request import Platform, Request, State
from skinflint.linter.source import from_bytes
from skinflint.rules.base import Context
from skinflint.rules.clock_in_prefix import ClockInPrefix

AS_OF = datetime.date(2026, 11, 22)
ASK = """
[surfaces.functions."myapp.llm.ask"]
parameters = ["prompt", "system_prompt"]
arguments = {prompt = "messages[0].content", system_prompt = "system"}
defaults = {model = "claude-opus-5-5", max_tokens = 500, tools = []}
"""


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def settings(text: str) -> config.Settings:
    Path("skinflint.toml").write_text(dedent(text), "utf-8")
    return config.load()


def sent(table: str, code: str, path: str = "app.py") -> list[Request]:
    project = Project(settings(table))
    return list(project.requests(from_bytes(path, dedent(code).encode())))


def shown(request: Request) -> dict[str, str]:
    """The request in short: its blocks by place, its models, its parameters."""
    seen = [block for block in request.blocks if "left to" not in "".join(why(block.value))]
    found = {
        f"{block.place.value}.{i}": f"{block.role}:{written(block.value)}"
        for i, block in enumerate(seen)
    }
    found["model"] = ",".join(model.id for model in request.models)
    return {**found, **{name: written(value) for name, value in request.params.items()}}


USUAL = {
    "system.0": ":'Be brief.'",
    "messages.1": "user:'hi'",
    "model": "claude-opus-5-5",
    "max_tokens": "500",
}

CALLS = {
    "imported": "from myapp.llm import ask\nask('hi', 'Be brief.')",
    "by keywords": "from myapp.llm import ask\nask(system_prompt='Be brief.', prompt='hi')",
    "under another name": "from myapp.llm import ask as q\nq('hi', system_prompt='Be brief.')",
    "its module": "import myapp.llm\nmyapp.llm.ask('hi', 'Be brief.')",
    "its module under another name": "import myapp.llm as m\nm.ask('hi', 'Be brief.')",
    "kept in a name": "from myapp import llm\nsend = llm.ask\nsend('hi', 'Be brief.')",
    "in a function": (
        "from myapp.llm import ask\ndef f():\n    text = 'hi'\n    return ask(text, 'Be brief.')"
    ),
    "awaited": (
        "from myapp.llm import ask\nasync def f():\n    return await ask('hi', 'Be brief.')"
    ),
    "spread": ("from myapp.llm import ask\nkw = {'system_prompt': 'Be brief.'}\nask('hi', **kw)"),
    "to_thread": (
        "import asyncio\nfrom myapp.llm import ask\nasync def f():\n"
        "    await asyncio.to_thread(ask, 'hi', 'Be brief.')"
    ),
    "partial": (
        "from functools import partial\nfrom myapp.llm import ask\n"
        "brief = partial(ask, system_prompt='Be brief.')\nbrief('hi')"
    ),
    "None is left out": "from myapp.llm import ask\nask('hi', 'Be brief.', model=None)",
    "what it doesn't know": "from myapp.llm import ask\nask('hi', 'Be brief.', retries=3)",
}


@pytest.mark.parametrize("name", CALLS)
def test_calls(name: str) -> None:
    (request,) = sent(ASK, CALLS[name])
    assert shown(request) == USUAL
    assert request.site.method == "messages.create"
    assert request.site.surface == "anthropic"
    assert request.site.through == "myapp.llm.ask"
    assert request.site.platform is Platform.CLAUDE_API
    assert request.model.state is request.system.state is request.messages.state is State.KNOWN


def test_a_relative_import() -> None:
    code = "from .llm import ask\nask('hi', 'Be brief.')"
    assert [shown(r) for r in sent(ASK, code, "src/myapp/jobs.py")] == [USUAL]
    code = "from ..llm import ask\nask('hi', 'Be brief.')"
    assert [shown(r) for r in sent(ASK, code, "myapp/jobs/__init__.py")] == [USUAL]
    assert [shown(r) for r in sent(ASK, code, "myapp/jobs/nightly.py")] == [USUAL]
    assert sent(ASK, code, "myapp/jobs.py") == []


def test_a_function_that_is_here() -> None:
    code = """
        def ask(prompt, system_prompt=None):
            return backend(prompt, system_prompt)
        def run():
            ask('hi', 'Be brief.')
    """
    table = ASK.replace('parameters = ["prompt", "system_prompt"]\n', "")
    assert [shown(r) for r in sent(table, code, "src/myapp/llm.py")] == [USUAL]
    assert sent(table, code, "src/myapp/other.py") == []


@pytest.mark.parametrize(
    "code",
    [
        "from myapp.llm import ask\nask('hi', 'Be brief.')",
        "from .llm import ask\nask('hi', 'Be brief.')",
        "from . import llm\nllm.ask('hi', 'Be brief.')",
        "import myapp\nmyapp.ask('hi', 'Be brief.')",
    ],
)
def test_a_function_of_another_module_of_the_project(code: str) -> None:
    Path("src/myapp").mkdir(parents=True)
    Path("src/myapp/__init__.py").write_text("from .llm import ask\n", "utf-8")
    Path("src/myapp/llm.py").write_text(
        "def ask(prompt, system_prompt=None):\n    return backend(prompt)\n", "utf-8"
    )
    Path("src/myapp/jobs.py").write_text(code, "utf-8")
    table = ASK.replace('parameters = ["prompt", "system_prompt"]\n', "")
    assert [shown(r) for r in sent(table, code, "src/myapp/jobs.py")] == [USUAL]


@pytest.mark.parametrize("name", ["make", "shared", "Client"])
def test_a_client_of_another_module_of_the_project(name: str) -> None:
    Path("myapp").mkdir()
    Path("myapp/__init__.py").touch()
    Path("myapp/llm.py").write_text(
        "from registry import lookup\nclass Client(lookup('base')):\n    pass\n"
        "def make():\n    return lookup('claude')\nshared = lookup('claude')\n",
        "utf-8",
    )
    call = name if name == "shared" else f"{name}()"
    code = f"from myapp.llm import {name}\n{call}.messages.create({ARGS})\n"
    Path("app.py").write_text(code, "utf-8")
    (request,) = sent(f"surfaces.clients = ['myapp.llm.{name}']", code)
    assert request.site.client == f"myapp.llm.{name}"
    code = code.replace(".messages.", ".chat.")
    Path("app.py").write_text(code, "utf-8")
    assert sent(f"surfaces.clients = ['myapp.llm.{name}']", code) == []


@pytest.mark.parametrize(
    "code",
    [
        "from other.llm import ask\nask('hi')",
        "from myapp.llm import asks\nasks('hi')",
        "from myapp.llm import ask\nask = print\nask('hi')",
        "from myapp.llm import ask\nhandlers.register(ask)",
        "def ask(prompt): ...\nask('hi')",
        "ask('hi')",
        "from functools import partial\nfrom myapp.llm import ask\npartial(ask, 'hi')",
    ],
)
def test_other_calls(code: str) -> None:
    assert sent(ASK, code) == []


METHOD = """
[surfaces.functions."myapp.llm.Assistant.ask"]
parameters = ["prompt"]
arguments = {prompt = "messages[0].content"}
defaults = {system = [], tools = []}
platform = "bedrock"
"""


@pytest.mark.parametrize(
    "code",
    [
        "from myapp.llm import Assistant\nAssistant().ask('hi')",
        "from myapp.llm import Assistant\na = Assistant(1)\na.ask('hi')",
        "from myapp.llm import Assistant\ndef f(a: Assistant):\n    a.ask('hi')",
        "from myapp.llm import Assistant\ndef f(a: 'Assistant | None'):\n    a.ask(prompt='hi')",
        "from myapp.llm import Assistant\nclass C:\n    def __init__(self):\n"
        "        self.a = Assistant()\n    def run(self):\n        self.a.ask('hi')",
    ],
)
def test_a_method(code: str) -> None:
    (request,) = sent(METHOD, code)
    assert shown(request) == {"messages.0": "user:'hi'", "model": ""}
    assert request.site.platform is Platform.BEDROCK
    assert request.model.state is State.UNKNOWN
    assert request.model.reason == "left to myapp.llm.Assistant.ask()"
    assert request.system.state is State.KNOWN


def test_a_method_of_a_class_that_is_here() -> None:
    code = """
        class Assistant:
            def ask(self, prompt):
                return send(prompt)
        class Other:
            def ask(self, prompt): ...
        Assistant().ask('hi')
        Other().ask('hi')
    """
    (request,) = sent(METHOD, code, "myapp/llm.py")
    assert request.site.span.line == 7


PLACES = {
    "a history and what is new": (
        'arguments = {history = "messages", prompt = "messages[-1].content"}',
        "ask(history=[{'role': 'user', 'content': 'a'}, {'role': 'assistant', 'content': 'b'}],"
        " prompt='hi')",
        {"messages.0": "user:'a'", "messages.1": "assistant:'b'", "messages.2": "user:'hi'"},
    ),
    "a prefilled answer": (
        'arguments = {prompt = "messages[0].content", start = "messages[1].content"}',
        "ask(prompt='hi', start='{')",
        {"messages.0": "user:'hi'", "messages.1": "assistant:'{'"},
    ),
    "a role": (
        'arguments = {prompt = "messages[0].content"}\n'
        'defaults = {"messages[0].role" = "assistant"}',
        "ask(prompt='hi')",
        {"messages.0": "assistant:'hi'"},
    ),
    "blocks": (
        'arguments = {rules = "system[0].text", who = "system[1].text"}\n'
        'defaults = {"system[0].cache_control" = {type = "ephemeral", ttl = "1h"}}',
        "ask(rules='R', who='W')",
        {"system.0": ":'R'", "system.1": ":'W'"},
    ),
    "arguments of the method under their own names": (
        "",
        "ask(messages=[{'role': 'user', 'content': 'hi'}], tools=[{'name': 't'}], stream=True)",
        {"tools.0": ":{'name': 't'}", "messages.1": "user:'hi'", "stream": "True"},
    ),
    "a default that a call replaces": (
        'defaults = {system = "S", max_tokens = 5}',
        "ask(system='T')",
        {"system.0": ":'T'", "max_tokens": "5"},
    ),
}


@pytest.mark.parametrize("name", PLACES)
def test_places(name: str) -> None:
    table, call, expected = PLACES[name]
    (request,) = sent(
        f'[surfaces.functions."myapp.llm.ask"]\n{table}\n', f"from myapp.llm import ask\n{call}"
    )
    assert shown(request) == {"model": "", **expected}


def test_markers_come_from_the_defaults() -> None:
    table, call, _ = PLACES["blocks"]
    code = f"from myapp.llm import ask\n{call}"
    (request,) = sent(f'[surfaces.functions."myapp.llm.ask"]\n{table}\n', code)
    marks = [(written(request.blocks[p.block].value), p.ttl) for p in request.breakpoints]
    assert marks == [("'R'", "1h")]


def test_what_the_configuration_leaves_open_is_unknown() -> None:
    table = '[surfaces.functions."a.ask"]\narguments = {prompt = "messages[0].content"}\n'
    (request,) = sent(table, "from a import ask\nask(prompt='hi', model='claude-opus-5-5')")
    for part in (request.tools, request.system):
        assert (part.state, part.reason) == (State.UNKNOWN, "left to a.ask()")
    assert request.messages.state is request.model.state is State.KNOWN
    (request,) = sent(
        table + "defaults = {system = [], tools = []}", "from a import ask\nask(prompt='hi')"
    )
    assert [block.place.value for block in request.blocks] == ["messages"]


@pytest.mark.parametrize(
    ("call", "reason"),
    [
        ("ask(*rest)", "arguments that can't be seen"),
        ("ask(**rest)", "keywords that can't be seen"),
        ("ask('hi', 'S', 'more')", ""),
    ],
)
def test_what_cant_be_seen(call: str, reason: str) -> None:
    code = f"from myapp.llm import ask\ndef f(*rest, **more):\n    {call}\n"
    (request,) = sent(ASK, code)
    if reason:
        assert request.system.state is State.UNKNOWN
        assert request.system.reason == reason
    assert request.model.state is State.KNOWN


def test_positions_without_names() -> None:
    (request,) = sent('[surfaces.functions."a.ask"]\n', "from a import ask\nask('hi')")
    assert request.messages.reason == "a positional argument that the configuration doesn't name"


CLOCK = """
from datetime import datetime
from myapp.llm import ask

def handle(question):
    while True:
        now = datetime.now()
        ask(question, f"{'You answer in one line. ' * 400} It is {now}.", cache_control=MARK)

MARK = {"type": "ephemeral"}
"""


def test_rules_judge_it_and_offer_no_fix() -> None:
    table = ASK.replace(
        'system_prompt = "system"',
        'system_prompt = "system[0].text", cache_control = "system[0].cache_control"',
    )
    Path("skinflint.toml").write_text(table, "utf-8")
    Path("app.py").write_text(CLOCK, "utf-8")
    loaded = config.load()
    context = Context(as_of=AS_OF)
    result = engine.check(["app.py"], [ClockInPrefix()], loaded, context)
    assert result.problems == ()
    (finding,) = result.findings
    assert finding.fix is None
    assert finding.no_fix == "The request is sent by myapp.llm.ask(); mend it there."
    (request,) = result.requests
    moved = [m for p in request.pairs for b in range(2) for m in request.moving_parts(p, b)]
    assert "clock:microsecond" in {named(key) for part in moved for key in part.keys}


def test_the_first_look_at_a_file_lets_calls_through() -> None:
    Path("app.py").write_text("from myapp.llm import ask\nask('hi', 'S')\n", "utf-8")
    Path("task.py").write_text("from myapp.llm import tasks\ntasks('hi', 'S')\n", "utf-8")
    loaded = settings(ASK)
    context = Context(as_of=AS_OF)
    result = engine.check(["app.py", "task.py"], [], loaded, context)
    assert [request.site.span.path for request in result.requests] == ["app.py"]
    assert engine.check(["app.py"], [], config.Settings(), context).requests == ()


# --- clients --------------------------------------------------------------------------------------

ARGS = 'model="claude-opus-5-5", max_tokens=9, messages=[{"role": "user", "content": "hi"}]'

CLIENTS = {
    "a factory": f"from myapp.llm import make\nc = make()\nc.messages.create({ARGS})",
    "a factory of its module": f"from myapp import llm\nllm.make(3).messages.create({ARGS})",
    "awaited": f"from myapp.llm import make\nasync def f():\n    c = await make()\n"
    f"    await c.messages.create({ARGS})",
    "an annotation": f"from myapp.llm import make\ndef f(c: make):\n    c.messages.create({ARGS})",
    "an object": f"from myapp.llm import make\nmake.messages.create({ARGS})",
    "a beta method": f"from myapp import llm\nllm.make.beta.messages.create({ARGS})",
    "a resource kept": f"from myapp.llm import make\nm = make().messages\nm.create({ARGS})",
    "with_options": f"from myapp.llm import make\nmake().with_options(timeout=3)"
    f".messages.create({ARGS})",
}


@pytest.mark.parametrize("name", CLIENTS)
@pytest.mark.parametrize("platform", ["vertex", "compatible", "claude-api"])
def test_clients(name: str, platform: str) -> None:
    table = f'[surfaces.clients]\n"myapp.llm.make" = "{platform}"\n'
    (request,) = sent(table, CLIENTS[name])
    assert request.site.platform.value == platform
    assert request.site.client == "myapp.llm.make"
    assert request.site.through == ""


def test_clients_that_are_here() -> None:
    code = f"""
        class Client(Base):
            pass
        def make():
            return registry["claude"]
        make().messages.create({ARGS})
        Client().messages.create({ARGS})
        def f(c: Client):
            c.messages.create({ARGS})
    """
    table = 'surfaces.clients = ["myapp.llm.make", "myapp.llm.Client"]'
    assert [r.site.client.rpartition(".")[2] for r in sent(table, code, "src/myapp/llm.py")] == [
        "make",
        "Client",
        "Client",
    ]


def test_an_array_of_clients_means_the_claude_api() -> None:
    (request,) = sent('surfaces.clients = ["myapp.llm.make"]', CLIENTS["a factory"])
    assert request.site.platform is Platform.CLAUDE_API


def test_qualified_names_of_what_is_here_and_what_is_not() -> None:
    code = "from .b import C\nfrom x.y import z\ndef f(): ...\nclass D:\n    def m(self): ...\n"
    project = Project(config.Settings())
    module = project.module(from_bytes("p/a.py", code.encode()))
    ev = Evaluator(module, sources.load(), surfaces.load())
    names = {}
    for name in ("C", "z", "f", "D"):
        value = ev.names.module_global(name, module)
        assert value is not None
        names[name] = qualified_name(value, module)
    assert names == {"C": "p.b.C", "z": "x.y.z", "f": "p.a.f", "D": "p.a.D"}


# --- what may be written --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("surfaces = 1", "surfaces must be a table, not the value 1"),
        ("surfaces.client = []", "unknown key surfaces.client; did you mean surfaces.clients?"),
        ("surfaces.clients = 'a.b'", "surfaces.clients must be an array of strings"),
        ("surfaces.clients = ['make']", "'make' must be a name with its module, such as"),
        ("surfaces.clients = ['a.b()']", "'a.b()' must be a name with its module"),
        ("surfaces.clients.'a.b' = 'azure'", 'surfaces.clients."a.b" must be one of claude-api,'),
        ("surfaces.functions = []", "surfaces.functions must be a table, not an array"),
        ("surfaces.functions.'a.b' = 1", 'surfaces.functions."a.b" must be a table'),
        ("surfaces.functions.ask = {}", "'ask' must be a name with its module"),
        ("surfaces.functions.'a.b'.x = 1", 'unknown key surfaces.functions."a.b".x; there are arg'),
        ("surfaces.functions.'a.b'.methd = 'x'", 'did you mean surfaces.functions."a.b".method?'),
        ("surfaces.functions.'a.b'.method = 'chat.create'", "is no method that sends messages"),
        (
            "surfaces.functions.'a.b'.method = 'messages.batches.create'",
            "there are messages.count_tokens, messages.create,",
        ),
        (
            "surfaces.functions.'a.b'.arguments = {p = 'messages[0]content'}",
            "surfaces.functions.\"a.b\".arguments.p: 'messages[0]content' must be a place",
        ),
        ("surfaces.functions.'a.b'.arguments = {p = 'messages[-2]'}", "must be a place"),
        ("surfaces.functions.'a.b'.arguments = {p = 3}", "must be a string that is not empty"),
        (
            "surfaces.functions.'a.b'.arguments = {p = 'mesages[0].content'}",
            "unknown key mesages; did you mean messages?",
        ),
        ("surfaces.functions.'a.b'.defaults = {modell = 'x'}", "did you mean model?"),
        ("surfaces.functions.'a.b'.defaults = {'a b' = 'x'}", "'a b' must be a place"),
        ("surfaces.functions.'a.b'.parameters = 'p'", "must be an array of strings"),
        ("surfaces.functions.'a.b'.platform = 3", "not the value 3"),
        ("sdk-version = 2", "sdk-version must be a string"),
        ("sdk-version = 'newest'", "must be a version or a range such as 2.12.0 or >=1.0,<3"),
    ],
)
def test_mistakes(text: str, message: str) -> None:
    Path("skinflint.toml").write_text(text, "utf-8")
    with pytest.raises(ConfigError) as caught:
        config.load()
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_extend_merges_function_by_function() -> None:
    Path("base.toml").write_text(
        "surfaces.clients = ['a.one']\n"
        "surfaces.functions.'a.ask'.method = 'beta.messages.create'\n"
        "surfaces.functions.'a.tell' = {}\n",
        "utf-8",
    )
    loaded = settings(
        "extend = 'base.toml'\nsurfaces.clients.'a.two' = 'vertex'\n"
        "surfaces.functions.'a.ask'.arguments = {p = 'betas'}\n"
    )
    assert loaded.surfaces is not None
    assert loaded.surfaces.clients == (("a.one", "claude-api"), ("a.two", "vertex"))
    ask, tell = loaded.surfaces.functions
    assert (ask.name, ask.method, ask.arguments) == (
        "a.ask",
        "beta.messages.create",
        (("p", ("betas",)),),
    )
    assert (tell.name, tell.method) == ("a.tell", "messages.create")
