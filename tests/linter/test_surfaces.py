"""Which calls send a request to Claude, through which client: every form, and every look-alike."""

from __future__ import annotations

import inspect
from pathlib import Path

import anthropic
import pytest
from reading import HEAD, MODEL, REST, methods, sent, written

from skinflint.catalog import surfaces
from skinflint.linter.request import Place, Platform, State
from skinflint.linter.sdk import Pins, SdkVersion

FACTS = surfaces.load()
ARGS = f"{MODEL}, {REST}"
PARAMS = (
    "{'model': 'claude-opus-5-5', 'max_tokens': 9, 'messages': [{'role': 'user', 'content': 'hi'}]}"
)
CREATE = "messages.create"

CLIENTS = sorted(
    name for name in FACTS.types_of_client if name.startswith("anthropic.") and name.count(".") == 1
)
METHODS = [
    "messages.create",
    "messages.stream",
    "messages.parse",
    "messages.count_tokens",
    "beta.messages.create",
    "beta.messages.stream",
    "beta.messages.parse",
    "beta.messages.count_tokens",
    "beta.messages.tool_runner",
    "beta.messages.thread",
]
BATCHES = ["messages.batches.create", "beta.messages.batches.create"]


def test_every_client_the_sdk_offers_is_among_them() -> None:
    offered = {
        f"anthropic.{name}"
        for name, value in vars(anthropic).items()
        if inspect.isclass(value)
        and issubclass(value, (anthropic.Anthropic, anthropic.AsyncAnthropic))
    }
    assert offered <= set(CLIENTS)


@pytest.mark.parametrize("client", CLIENTS)
def test_every_client(client: str) -> None:
    fact = FACTS.client(client)
    assert fact is not None
    name = client.rpartition(".")[2]
    text = (
        f"from anthropic import {name}\nc = {name}()\nasync def f():\n    "
        f"c.messages.create({ARGS})\n"
    )
    (request,) = sent(text)
    assert request.site.client == fact.name
    assert request.site.platform is Platform(fact.platform)
    assert request.site.method == CREATE
    assert [model.id for model in request.models] == ["claude-opus-5-5"]


@pytest.mark.parametrize("client", CLIENTS)
@pytest.mark.parametrize("method", METHODS)
def test_every_method_of_every_client(method: str, client: str) -> None:
    fact, way = FACTS.client(client), FACTS.method(method.split("."))
    assert fact is not None
    assert way is not None
    text = f"import anthropic\nc = {client}()\nc.{method}({ARGS})\n"
    assert methods(text) == ([method] if FACTS.offers(fact, way) else [])


@pytest.mark.parametrize("client", CLIENTS)
@pytest.mark.parametrize("method", BATCHES)
def test_batches_where_there_are_any(method: str, client: str) -> None:
    fact, way = FACTS.client(client), FACTS.method(method.split("."))
    assert fact is not None
    assert way is not None
    one = f"{{'custom_id': 'a', 'params': {PARAMS}}}"
    text = f"import anthropic\nc = {client}()\nc.{method}(requests=[{one}, {one}])\n"
    assert methods(text) == ([method, method] if FACTS.offers(fact, way) else [])


LISTS = {
    "a list": f"requests=[{{'custom_id': 'a', 'params': {PARAMS}}}]",
    "a comprehension": f"requests=[{{'custom_id': x, 'params': {PARAMS}}} for x in xs]",
    "typed": (
        "requests=[anthropic.types.messages.batch_create_params.Request(custom_id='a', "
        f"params=anthropic.types.message_create_params.MessageCreateParamsNonStreaming({ARGS}))]"
    ),
    "dict()": f"requests=[dict(custom_id='a', params=dict({ARGS}))]",
    "a helper": "requests=[one(x) for x in xs]",
    "a name": "requests=built",
}


@pytest.mark.parametrize("name", LISTS)
def test_each_request_of_a_batch(name: str) -> None:
    text = (
        f"{HEAD}def one(x):\n    return {{'custom_id': x, 'params': {PARAMS}}}\n"
        f"def f(xs):\n    built = []\n    for x in xs:\n        built.append(one(x))\n"
        f"    client.messages.batches.create({LISTS[name]})\n"
    )
    (request,) = sent(text)
    assert [model.id for model in request.models] == ["claude-opus-5-5"]
    assert [block.place for block in request.blocks] == [Place.MESSAGES]


def test_a_batch_that_cant_be_seen_says_so() -> None:
    (request,) = sent(f"{HEAD}def f(xs):\n    client.messages.batches.create(requests=xs)\n")
    assert request.model.state is State.UNKNOWN
    assert request.model.reason == "requests of a batch that can't be seen"


FORMS = {
    "at import": "client.messages.create(ARGS)",
    "with_raw_response": "client.messages.with_raw_response.create(ARGS)",
    "with_streaming_response": (
        "with client.messages.with_streaming_response.create(ARGS) as r:\n    pass"
    ),
    "with_raw_response of the client": "client.with_raw_response.messages.create(ARGS)",
    "with_options": "client.with_options(timeout=3).messages.create(ARGS)",
    "with_options in between": "c = client.with_options(timeout=3)\nc.messages.create(ARGS)",
    "copy": "c = client.copy(max_retries=3)\nc.messages.create(ARGS)",
    "awaited": "async def f():\n    return await client.messages.create(ARGS)",
    # by reference
    "to_thread": "import asyncio\nasync def f():\n    "
    "await asyncio.to_thread(client.messages.create, ARGS)",
    "an executor with a lambda": "def f(loop):\n    "
    "loop.run_in_executor(None, lambda: client.messages.create(ARGS))",
    "an executor with a partial": (
        "import functools\ndef f(loop):\n"
        "    loop.run_in_executor(None, functools.partial(client.messages.create, ARGS))"
    ),
    "the running loop": (
        "import asyncio\nfrom functools import partial\nasync def f():\n"
        "    await asyncio.get_running_loop().run_in_executor(None, "
        "partial(client.messages.create, ARGS))"
    ),
    "an executor with a kept partial": (
        "from functools import partial\ndef f(loop):\n    "
        "call = partial(client.messages.create, ARGS)\n"
        "    loop.run_in_executor(None, call)"
    ),
    "submit": "def f(pool):\n    pool.submit(client.messages.create, ARGS)",
    "submit of a lambda": "def f(pool):\n    pool.submit(lambda: client.messages.create(ARGS))",
    "a partial": "import functools\ndef f():\n    "
    "ask = functools.partial(client.messages.create, MODEL)\n    ask(REST)",
    "a partial at import": (
        "import functools\n"
        "ask = functools.partial(client.messages.create, MODEL)\ndef f():\n    "
        "ask(REST)"
    ),
    # aliases
    "the resource in a name": "def f():\n    m = client.messages\n    m.create(ARGS)",
    "the method in a name": "def f():\n    send = client.messages.create\n    send(ARGS)",
    "the method in a global": "send = client.messages.create\ndef f():\n    send(ARGS)",
    "the resource on self": (
        "class C:\n    def __init__(self):\n        self.api = client.messages\n"
        "    def f(self):\n        self.api.create(ARGS)"
    ),
    # clients
    "a context manager": "def f():\n    with anthropic.Anthropic() as c:\n        "
    "c.messages.create(ARGS)",
    "an async context manager": (
        "async def f():\n    "
        "async with anthropic.AsyncAnthropic() as c:\n        "
        "await c.messages.create(ARGS)"
    ),
    "a factory": "def get():\n    return anthropic.Anthropic()\ndef f():\n    "
    "get().messages.create(ARGS)",
    "a memoised factory": (
        "import functools\n@functools.lru_cache\ndef get():\n    return anthropic.Anthropic()\n"
        "def f():\n    c = get()\n    c.messages.create(ARGS)"
    ),
    "a factory that may fail": (
        "def get(k):\n    if k:\n        return anthropic.Anthropic(api_key=k)\n    return None\n"
        "def f(k):\n    c = get(k)\n    if not c:\n        return\n    c.messages.create(ARGS)"
    ),
    "a factory of several": (
        "def make():\n    return anthropic.Anthropic(), 3\ndef f():\n    "
        "c, n = make()\n    c.messages.create(ARGS)"
    ),
    "on self": (
        "class C:\n    def __init__(self):\n        self.client = anthropic.Anthropic()\n"
        "    def f(self):\n        self.client.messages.create(ARGS)"
    ),
    "on self, from a parameter": (
        "class C:\n    def __init__(self, client: anthropic.Anthropic):\n        "
        "self.client = client\n"
        "    def f(self):\n        self.client.messages.create(ARGS)"
    ),
    "on self, unless one is handed in": (
        "class C:\n    def __init__(self, client=None):\n        "
        "self.client = client or anthropic.Anthropic()\n"
        "    def f(self):\n        self.client.messages.create(ARGS)"
    ),
    "on self, filled late": (
        "class C:\n    def __init__(self):\n        self.client = None\n    def start(self):\n"
        "        self.client = anthropic.Anthropic()\n    def f(self):\n        "
        "self.client.messages.create(ARGS)"
    ),
    "on self, filled lazily": (
        "class C:\n    _c = None\n    @property\n    def client(self):\n        "
        "if self._c is None:\n"
        "            self._c = anthropic.Anthropic()\n        return self._c\n"
        "    def f(self):\n        self.client.messages.create(ARGS)"
    ),
    "a cached property": (
        "from functools import cached_property\nclass C:\n    "
        "@cached_property\n    def client(self):\n"
        "        return anthropic.Anthropic()\n    def f(self):\n        "
        "self.client.messages.create(ARGS)"
    ),
    "a method that gives it": (
        "class C:\n    def _get(self):\n        return anthropic.Anthropic()\n"
        "    def f(self):\n        self._get().messages.create(ARGS)"
    ),
    "a class attribute": "class C:\n    client = anthropic.Anthropic()\n    def f(self):\n        "
    "self.client.messages.create(ARGS)",
    "a class attribute from a class method": (
        "class C:\n    client = anthropic.Anthropic()\n    @classmethod\n    "
        "def f(cls):\n        cls.client.messages.create(ARGS)"
    ),
    "a class attribute from outside": (
        "class C:\n    client = anthropic.Anthropic()\ndef f():\n    C.client.messages.create(ARGS)"
    ),
    "made by a base": (
        "class B:\n    def __init__(self):\n        "
        "self.client = anthropic.Anthropic()\nclass C(B):\n"
        "    def __init__(self):\n        super().__init__()\n    "
        "def f(self):\n        self.client.messages.create(ARGS)"
    ),
    "an annotated parameter": "def f(c: anthropic.Anthropic):\n    c.messages.create(ARGS)",
    "a quoted annotation": "def f(c: 'anthropic.Anthropic'):\n    c.messages.create(ARGS)",
    "an optional parameter": (
        "def f(c: anthropic.Anthropic | None = None):\n    "
        "c = c or anthropic.Anthropic()\n    c.messages.create(ARGS)"
    ),
    "one of two": (
        "from typing import Union\n"
        "def f(c: Union[anthropic.Anthropic, anthropic.AsyncAnthropic]):\n"
        "    c.messages.create(ARGS)"
    ),
    "an import for the type alone": (
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from anthropic import Anthropic\n"
        "def f(c: 'Anthropic'):\n    c.messages.create(ARGS)"
    ),
    "an annotated resource": "from anthropic.resources import Messages\ndef f(m: Messages):\n    "
    "m.create(ARGS)",
    "a parameter that a caller binds": (
        "def f(c):\n    c.messages.create(ARGS)\ndef main():\n    f(anthropic.Anthropic())"
    ),
    "a guarded import": (
        "try:\n    from anthropic import Anthropic\nexcept ImportError:\n    "
        "Anthropic = None\nc = None\n"
        "if Anthropic:\n    c = Anthropic()\ndef f():\n    c.messages.create(ARGS)"
    ),
    "a guard in an expression": (
        "try:\n    import anthropic\nexcept ImportError:\n    anthropic = None\n"
        "c = anthropic.Anthropic() if anthropic else None\ndef f():\n    "
        "if c:\n        c.messages.create(ARGS)"
    ),
    "wrapped": (
        "from langsmith.wrappers import wrap_anthropic\nc = wrap_anthropic(anthropic.Anthropic())\n"
        "def f():\n    c.messages.create(ARGS)"
    ),
    "wrapped by a library": (
        "import instructor\n"
        "c = instructor.from_anthropic(anthropic.Anthropic())\ndef f():\n    "
        "c.messages.create(ARGS)"
    ),
    "a global that is filled lazily": (
        "_c = None\ndef get():\n    global _c\n    if _c is None:\n        "
        "_c = anthropic.Anthropic()\n    return _c\n"
        "def f():\n    get().messages.create(ARGS)"
    ),
    "a global that another function fills": (
        "_c = None\ndef start():\n    global _c\n    _c = anthropic.Anthropic()\n"
        "def f():\n    _c.messages.create(ARGS)"
    ),
    "a global further down": "def f():\n    c.messages.create(ARGS)\nc = anthropic.Anthropic()",
    "under the guard of a script": (
        "def f():\n    c.messages.create(ARGS)\nif __name__ == '__main__':\n    "
        "c = anthropic.Anthropic()\n    f()"
    ),
    "a lambda": "ask = lambda q: client.messages.create(ARGS)",
    "a nested function": (
        "def outer():\n    c = anthropic.Anthropic()\n    def inner():\n        "
        "return c.messages.create(ARGS)\n    return inner"
    ),
    "an import in a function": "def f():\n    from anthropic import Anthropic\n    "
    "Anthropic().messages.create(ARGS)",
    "an import under another name": (
        "import anthropic as a\ndef f():\n    a.Anthropic().messages.create(ARGS)"
    ),
    "a walrus": "def f():\n    if (c := anthropic.Anthropic()):\n        c.messages.create(ARGS)",
    "in a dict": "CLIENTS = {'a': anthropic.Anthropic()}\ndef f():\n    "
    "CLIENTS['a'].messages.create(ARGS)",
    # arguments
    "a dict of arguments": "def f():\n    kw = dict(ARGS)\n    client.messages.create(**kw)",
    "a dict from a helper": "def build():\n    return dict(ARGS)\ndef f():\n    "
    "client.messages.create(**build())",
    "a wrapper of one's own": "def ask(**kw):\n    return client.messages.create(**kw)\nask(ARGS)",
    "typed parameters": (
        "from anthropic.types.message_create_params import MessageCreateParamsNonStreaming\n"
        "def f():\n    client.messages.create(**MessageCreateParamsNonStreaming(ARGS))"
    ),
}


@pytest.mark.parametrize("name", FORMS)
def test_every_form_of_one_request(name: str) -> None:
    body = (
        FORMS[name]
        .replace("ARGS", ARGS)
        .replace("(REST", f"({REST}")
        .replace(", MODEL", f", {MODEL}")
    )
    (request,) = sent(HEAD + body)
    assert request.site.method == CREATE
    assert request.site.client in ("anthropic.Anthropic", "anthropic.AsyncAnthropic")
    assert request.site.platform is Platform.CLAUDE_API
    assert [model.id for model in request.models] == ["claude-opus-5-5"]
    assert [block.place for block in request.blocks] == [Place.MESSAGES]
    assert request.messages.state is State.KNOWN


OLD = {
    "client.beta.prompt_caching.messages.create(ARGS)": "beta.prompt_caching.messages.create",
    "client.completions.create(model='claude-2', prompt='x', "
    "max_tokens_to_sample=3)": "completions.create",
}


@pytest.mark.parametrize("call", OLD)
def test_forms_of_older_sdks(call: str) -> None:
    assert methods(HEAD + call.replace("ARGS", ARGS)) == [OLD[call]]


BASES = {
    "": Platform.CLAUDE_API,
    "base_url=None": Platform.CLAUDE_API,
    "base_url='https://api.anthropic.com'": Platform.CLAUDE_API,
    "base_url='https://anthropic.helicone.ai'": Platform.CLAUDE_API,
    "base_url='http://localhost:8080'": Platform.COMPATIBLE,
    "base_url=URL": Platform.COMPATIBLE,
    "**{'base_url': 'http://x'}": Platform.COMPATIBLE,
    "base_url=os.environ.get('U', 'https://api.deepseek.com/anthropic')": Platform.COMPATIBLE,
    "base_url=os.environ.get('U')": Platform.UNKNOWN,
    "base_url=foo": Platform.UNKNOWN,
}


@pytest.mark.parametrize("base", BASES)
def test_who_answers(base: str) -> None:
    text = (
        f"import anthropic, os\nURL = 'https://proxy.example'\n"
        f"c = anthropic.Anthropic({base})\nc.messages.create({ARGS})\n"
    )
    assert sent(text)[0].site.platform is BASES[base]


@pytest.mark.parametrize("method", ["with_options", "copy"])
def test_another_base_url_for_a_copy(method: str) -> None:
    text = (
        f"{HEAD}client.{method}(base_url='http://x').messages.create({ARGS})\n"
        f"client.messages.create({ARGS})"
    )
    assert [request.site.platform for request in sent(text)] == [
        Platform.COMPATIBLE,
        Platform.CLAUDE_API,
    ]


LOOKALIKES = {
    "twilio": "from twilio.rest import Client\nclient = Client()\n"
    "client.messages.create(to='x', body='y')",
    "twilio, with a model": "from twilio.rest import Client\nclient = Client()\n"
    "client.messages.create(ARGS)",
    "another vendor": "from openai import OpenAI\nc = OpenAI()\n"
    "c.chat.completions.create(model='gpt-4', messages=[])",
    "another vendor's threads": (
        "from openai import OpenAI\nc = OpenAI()\n"
        "c.beta.threads.messages.create(thread_id='x', role='user', content='y')"
    ),
    "another vendor's completions": "from openai import OpenAI\nc = OpenAI()\n"
    "c.completions.create(model='claude-2', prompt='y')",
    "one's own class": (
        "class M:\n    def create(self, **kw): pass\nclass C:\n    "
        "def __init__(self):\n        self.messages = M()\n"
        "client = C()\nclient.messages.create(ARGS)"
    ),
    "a mock": "from unittest.mock import Mock\nclient = Mock()\nclient.messages.create(ARGS)",
    "a database": "Message.objects.create(ARGS)",
    "a parameter, without proof": "def f(client, m):\n    client.messages.create(to=m)",
    "a list of models": "import anthropic\nanthropic.Anthropic().models.list()",
    "the state of a batch": (
        "import anthropic\nanthropic.Anthropic().messages.batches.retrieve('x')"
    ),
    "a helper's name": "from .x import create\ncreate(ARGS)",
    "a name that hides the SDK": (
        "from .x import anthropic\nanthropic.Anthropic().messages.create(to='x')"
    ),
}


@pytest.mark.parametrize("name", LOOKALIKES)
def test_look_alikes_are_no_requests(name: str) -> None:
    assert methods(LOOKALIKES[name].replace("ARGS", ARGS)) == []


@pytest.mark.parametrize(
    "text",
    [
        "def f(llm):\n    llm.messages.create(ARGS)",
        "from .clients import client\ndef f():\n    client.messages.create(ARGS)",
        "class C:\n    def f(self):\n        self.provider.client.messages.create(ARGS)",
    ],
)
def test_a_call_that_proves_what_its_receiver_is(text: str) -> None:
    assert methods(text.replace("ARGS", ARGS)) == [CREATE]


def test_typed_blocks_are_dicts() -> None:
    text = (
        f"{HEAD}from anthropic.types import TextBlockParam, "
        f"CacheControlEphemeralParam, MessageParam, ToolParam\n"
        "client.messages.create(\n"
        f"    {MODEL}, max_tokens=9,\n"
        "    tools=[ToolParam(name='t', input_schema={'type': 'object'})],\n"
        "    system=[TextBlockParam(type='text', text='s', "
        "cache_control=CacheControlEphemeralParam(type='ephemeral', "
        "ttl='1h'))],\n"
        "    messages=[MessageParam(role='user', content='hi')],\n)"
    )
    (request,) = sent(text)
    assert [(block.place.value, block.kind) for block in request.blocks] == [
        ("tools", "tool"),
        ("system", "text"),
        ("messages", "text"),
    ]
    assert [(mark.block, mark.ttl, mark.automatic) for mark in request.breakpoints] == [
        (1, "1h", False)
    ]


def test_the_prefix_is_in_the_order_of_the_cache() -> None:
    text = (
        f"{HEAD}client.messages.create(\n"
        "    messages=[{'role': 'user', 'content': [{'type': 'text', 'text': 'a'},"
        " {'type': 'text', 'text': 'b'}]}],\n"
        f"    system='s', tools=[{{'name': 't', 'input_schema': {{}}}}], max_tokens=9, {MODEL},\n"
        "    cache_control={'type': 'ephemeral'},\n)"
    )
    (request,) = sent(text)
    assert [block.place.value for block in request.blocks] == [
        "tools",
        "system",
        "messages",
        "messages",
    ]
    assert request.automatic is not None
    assert (request.automatic.block, request.automatic.ttl) == (3, "5m")
    assert request.blocks[3].last
    assert sorted(request.params) == ["cache_control", "max_tokens"]


PARTS = {
    "known": ("system='s'", State.KNOWN),
    "absent": ("", State.ABSENT),
    "not given": ("system=anthropic.NOT_GIVEN", State.ABSENT),
    "a parameter": ("system=user", State.TRACED),
    "an import": ("system=SYSTEM", State.UNKNOWN),
    "not to be seen": ("system=foo()", State.UNKNOWN),
    "spread": ("**foo()", State.UNKNOWN),
}


@pytest.mark.parametrize("name", PARTS)
def test_how_much_of_the_system_prompt_is_known(name: str) -> None:
    written_as, state = PARTS[name]
    text = (
        f"{HEAD}from .x import SYSTEM\ndef f(user):\n    "
        f"client.messages.create({ARGS}, {written_as})\n"
    )
    assert sent(text)[0].system.state is state


MODELS = {
    "a literal": ("'claude-opus-5-5'", ["claude-opus-5-5"]),
    "a constant": ("MODEL", ["claude-haiku-5-5"]),
    "a default": ("model", ["claude-sonnet-5-5"]),
    "an alternative": (
        "'claude-opus-5-5' if user else MODEL",
        ["claude-opus-5-5", "claude-haiku-5-5"],
    ),
    "the environment": ("os.environ.get('M', 'claude-opus-5-5')", ["claude-opus-5-5"]),
    "a table": ("TABLE[user]", ["claude-opus-5-5", "claude-haiku-5-5"]),
    "an enum": ("Names.FAST.value", ["claude-haiku-5-5"]),
    "not to be seen": ("user", []),
}


@pytest.mark.parametrize("name", MODELS)
def test_which_models_it_may_be(name: str) -> None:
    expression, ids = MODELS[name]
    text = (
        f"{HEAD}import enum, os\nMODEL = 'claude-haiku-5-5'\n"
        f"TABLE = {{'a': 'claude-opus-5-5', 'b': MODEL}}\n"
        "class Names(enum.Enum):\n    FAST = 'claude-haiku-5-5'\n"
        "def f(user, model='claude-sonnet-5-5'):\n"
        f"    client.messages.create(model={expression}, {REST})\n"
    )
    assert [model.id for model in sent(text)[0].models] == ids


def test_an_optional_argument() -> None:
    text = (
        f"{HEAD}def f(system):\n    kw = dict({ARGS})\n    if system:\n        "
        f"kw['system'] = system\n"
        "    client.messages.create(**kw)\n"
    )
    (request,) = sent(text)
    assert [block.place for block in request.blocks] == [Place.SYSTEM, Place.MESSAGES]
    assert written(request.blocks[1].value) == "'hi'"


# --- what the pinned SDK takes --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pinned", "automatic"),
    [
        ("anthropic==2.12.0", True),
        ("anthropic==0.75.0", False),
        ("anthropic>=0.75", True),  # perhaps: it stands in the code
        ("anthropic<0.80", False),
        ("other==1", True),
    ],
)
def test_automatic_caching_needs_an_sdk_that_takes_it(
    pinned: str, automatic: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".git").mkdir()
    (tmp_path / "requirements.txt").write_text(pinned, "utf-8")
    call = f"client.messages.create({ARGS}, cache_control={{'type': 'ephemeral'}})"
    (request,) = sent(HEAD + call)
    assert (request.automatic is not None) is automatic


def test_automatic_caching_needs_a_service_that_takes_it() -> None:
    call = f"{ARGS}, cache_control={{'type': 'ephemeral'}})"
    for client in ("AnthropicBedrock", "AnthropicFoundry"):
        (request,) = sent(f"import anthropic\nanthropic.{client}().messages.create({call}")
        assert (request.automatic is None) is (client == "AnthropicBedrock")


def test_no_requirement_is_read_where_nothing_asks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    read: list[str] = []
    real = Pins.pinned

    def noted(self: Pins, root: str) -> SdkVersion | None:
        read.append(root)
        return real(self, root)

    monkeypatch.setattr(Pins, "pinned", noted)
    sent(f"{HEAD}client.messages.create({ARGS})")
    assert read == []
    sent(f"{HEAD}client.messages.create({ARGS}, cache_control={{'type': 'ephemeral'}})")
    assert read == [""]


def test_what_the_pinned_version_takes_is_told_when_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (request,) = sent(f"{HEAD}client.messages.create({ARGS})")
    assert request.accepts_automatic()
    Path("requirements.txt").write_text("anthropic==0.40.0\n", "utf-8")
    (request,) = sent(f"{HEAD}client.messages.create({ARGS})")
    assert not request.accepts_automatic()
