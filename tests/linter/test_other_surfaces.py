"""LiteLLM, Bedrock's own client and plain HTTP: what is a request to Claude, and what is not."""

from __future__ import annotations

import datetime
from pathlib import Path
from textwrap import dedent

import pytest
from reading import named, written

from skinflint.linter import config, engine
from skinflint.linter import operations as ops
from skinflint.linter.findings import Finding
from skinflint.linter.prefilter import may_hold, may_matter
from skinflint.linter.project import Project
from skinflint.linter.request import Place, Platform, Request, State
from skinflint.linter.source import from_bytes
from skinflint.rules.base import Context, Rule
from skinflint.rules.clock_in_prefix import ClockInPrefix
from skinflint.rules.no_cache import NoCache
from skinflint.rules.rejected_parameter import RejectedParameter
from skinflint.rules.retired_model import RetiredModel
from skinflint.rules.unbounded_history import UnboundedHistory

AS_OF = datetime.date(2026, 11, 26)
HI = '[{"role": "user", "content": "hi"}]'
TEXT = '[{"role": "user", "content": [{"text": "hi"}]}]'
URL = "https://api.anthropic.com/v1/messages"
BODY = '{"model": "claude-opus-5-5", "max_tokens": 9, "messages": ' + HI + "}"


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def sent(code: str, path: str = "app.py") -> list[Request]:
    data = dedent(code).encode()
    found = list(Project(config.Settings()).requests(from_bytes(path, data)))
    if found:
        assert may_matter(data)
        assert may_hold(data)
    return found


def one(code: str, path: str = "app.py") -> Request:
    (request,) = sent(code, path)
    return request


def parts(request: Request, place: Place) -> list[str]:
    return [written(block.value) for block in request.blocks if block.place is place]


def marked(request: Request) -> list[tuple[str, int, str]]:
    return [
        (place.value, index, point.ttl)
        for point in request.breakpoints
        for place, index in [request.position(point.block)]
    ]


def check(code: str, rule: type[Rule], *, preview: bool = False) -> list[Finding]:
    Path("app.py").write_text(dedent(code), "utf-8")
    context = Context(as_of=AS_OF, paced=True, preview=preview)
    result = engine.check(["app.py"], [rule()], config.Settings(), context)
    assert result.problems == ()
    return list(result.findings)


# -- LiteLLM ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "method"),
    [
        ("import litellm\nlitellm.completion(model=M, messages=HI)", "completion"),
        ("import litellm as ll\nll.acompletion(M, HI)", "acompletion"),
        ("from litellm import acompletion\nacompletion(model=M, messages=HI)", "acompletion"),
        ("from litellm import completion as ask\nask(model=M, messages=HI)", "completion"),
        (
            "from functools import partial\nimport litellm\n"
            "ask = partial(litellm.completion, model=M)\nask(messages=HI)",
            "completion",
        ),
        (
            "import asyncio, litellm\n"
            "async def run():\n    await asyncio.to_thread(litellm.completion, M, messages=HI)",
            "completion",
        ),
        (
            "import litellm\nrouter = litellm.Router(model_list=[])\n"
            "class A:\n    async def f(self):\n"
            "        await router.acompletion(model=M, messages=HI)",
            "acompletion",
        ),
        (
            "import litellm\nkwargs = {'model': M, 'messages': HI}\nlitellm.completion(**kwargs)",
            "completion",
        ),
    ],
)
def test_ways_to_call_litellm(code: str, method: str) -> None:
    request = one(
        code.replace("HI", HI)
        .replace("M,", "'anthropic/claude-opus-5-5',")
        .replace("=M)", "='anthropic/claude-opus-5-5')")
    )
    assert (request.site.surface, request.site.method) == ("litellm", method)
    assert [ref.id for ref in request.models] == ["anthropic/claude-opus-5-5"]
    assert request.messages.state is State.KNOWN


@pytest.mark.parametrize(
    ("model", "more", "platform"),
    [
        ("'claude-opus-5-5'", "", Platform.CLAUDE_API),
        ("'anthropic/claude-opus-5-5'", "", Platform.CLAUDE_API),
        ("'bedrock/us.anthropic.claude-sonnet-4-6'", "", Platform.BEDROCK),
        ("'bedrock/converse/anthropic.claude-sonnet-4-6'", "", Platform.BEDROCK),
        ("'vertex_ai/claude-sonnet-4-6'", "", Platform.VERTEX),
        ("'azure_ai/claude-sonnet-4-6'", "", Platform.FOUNDRY),
        ("'openrouter/anthropic/claude-sonnet-4.6'", "", Platform.COMPATIBLE),
        ("'somebody/claude-sonnet-4-6'", "", Platform.COMPATIBLE),
        ("'claude-opus-5-5'", ", api_base=BASE", Platform.UNKNOWN),
        ("'claude-opus-5-5'", ", api_base=None", Platform.CLAUDE_API),
        ("os.environ.get('M', 'claude-opus-5-5')", "", Platform.UNKNOWN),
        (
            "'claude-opus-5-5' if FAST else 'bedrock/anthropic.claude-opus-4-8'",
            "",
            Platform.UNKNOWN,
        ),
    ],
)
def test_who_answers_is_told_by_the_head(model: str, more: str, platform: Platform) -> None:
    request = one(
        f"import os, litellm\nfrom conf import BASE, FAST\n"
        f"litellm.completion(model={model}, messages={HI}{more})"
    )
    assert request.site.platform is platform


@pytest.mark.parametrize(
    "model",
    [
        "'gpt-5'",
        "MODEL",
        "os.environ['MODEL']",
        "'gpt-5' if FAST else 'claude-opus-5-5'",
        "{'a': 'anthropic/claude-opus-5-5', 'o': 'openai/gpt-5'}[NAME]",
        "'gemini/claude'",
        "''",
    ],
)
def test_a_model_that_may_be_another_is_no_request(model: str) -> None:
    code = "import os, litellm\nfrom conf import FAST, MODEL, NAME\n"
    assert sent(f"{code}litellm.completion(model={model}, messages={HI})") == []


@pytest.mark.parametrize(
    "code",
    [
        "def completion(model, messages): ...\ncompletion(MODEL, HI)  # litellm",
        "import openai  # not litellm\nopenai.completion(model=MODEL, messages=HI)",
        "import litellm\nlitellm.embedding(model=MODEL, input=[])",
        "import litellm\nlitellm.completion_cost(model=MODEL, messages=HI)",
        "from mine import Router  # litellm\nRouter().completion(model=MODEL, messages=HI)",
        "def f(completion):  # litellm\n    completion(model=MODEL, messages=HI)",
    ],
)
def test_look_alikes_of_litellm(code: str) -> None:
    assert sent(code.replace("MODEL", "'claude-opus-5-5'").replace("HI", HI)) == []


def test_the_system_prompt_is_taken_out_of_the_messages() -> None:
    request = one(
        """
        import litellm
        def ask(question, history):
            messages = [{"role": "system", "content": "Be brief."}]
            messages += history
            messages.append({"role": "user", "content": question})
            return litellm.completion(model="claude-opus-5-5", messages=messages)
        """
    )
    assert parts(request, Place.SYSTEM) == ["'Be brief.'"]
    assert "Be brief" not in "".join(parts(request, Place.MESSAGES))
    assert request.system.state is State.KNOWN


def test_messages_that_are_handed_in_may_hold_a_system_prompt() -> None:
    request = one(
        """
        import litellm
        def ask(messages):
            return litellm.completion(model="claude-opus-5-5", messages=messages)
        """
    )
    assert request.system.state is not State.ABSENT
    assert request.breakpoints == ()


def test_markers_on_blocks_messages_and_tools_of_litellm() -> None:
    request = one(
        """
        import litellm
        MARK = {"type": "ephemeral"}
        litellm.completion(
            model="anthropic/claude-opus-5-5",
            messages=[
                {
                    "role": "system",
                    "content": [{"type": "text", "text": "a", "cache_control": MARK}],
                },
                {"role": "user", "content": "b", "cache_control": {**MARK, "ttl": "1h"}},
                {"role": "assistant", "content": "c"},
                {"role": "user", "content": "d"},
            ],
            tools=[
                {"type": "function", "function": {"name": "t", "parameters": {}}},
                {
                    "type": "function",
                    "function": {"name": "u", "description": "does", "parameters": {}},
                    "cache_control": MARK,
                },
            ],
        )
        """
    )
    assert marked(request) == [("tools", 1, "5m"), ("system", 0, "5m"), ("messages", 0, "1h")]
    assert request.misplaced == ()
    assert "'input_schema'" in parts(request, Place.TOOLS)[0]
    assert parts(request, Place.MESSAGES) == ["'b'", "'c'", "'d'"]


@pytest.mark.parametrize(
    ("points", "where"),
    [
        ('[{"location": "message", "role": "system"}]', [("system", 0, "5m")]),
        ('[{"location": "message", "index": -1}]', [("messages", 0, "5m")]),
        (
            '[{"location": "message", "role": "user", '
            '"control": {"type": "ephemeral", "ttl": "1h"}}]',
            [("messages", 0, "1h")],
        ),
        ('[{"location": "message", "index": 7}]', []),
        ("POINTS", []),
    ],
)
def test_markers_that_litellm_puts_in(points: str, where: list[tuple[str, int, str]]) -> None:
    request = one(
        f"""
        import litellm
        from conf import POINTS
        litellm.completion(
            model="claude-opus-5-5",
            messages=[{{"role": "system", "content": "a"}}, {{"role": "user", "content": "b"}}],
            cache_control_injection_points={points},
        )
        """
    )
    assert marked(request) == where


def test_results_and_calls_of_tools_become_blocks() -> None:
    request = one(
        """
        import litellm
        litellm.completion(
            model="claude-opus-5-5",
            messages=[
                {"role": "user", "content": [{"type": "image_url", "image_url": {"url": "u"}}]},
                {"role": "assistant", "content": None, "tool_calls": [{"id": "1"}]},
                {"role": "tool", "tool_call_id": "1", "content": "42"},
            ],
        )
        """
    )
    kinds = [(block.role, block.kind) for block in request.blocks]
    assert kinds == [("user", "image"), ("assistant", "tool_use"), ("user", "tool_result")]


# -- Bedrock ---------------------------------------------------------------------------------------

BEDROCK = "import boto3, json\nclient = boto3.client('bedrock-runtime')\n"
ON_BEDROCK = "anthropic.claude-sonnet-4-6"


def test_converse_in_the_shape_of_the_sdk() -> None:
    request = one(
        BEDROCK
        + """
def ask(question, spec):
    return client.converse(
        modelId="us.anthropic.claude-sonnet-4-6",
        system=[{"text": "a"}, {"cachePoint": {"type": "default"}}, {"text": "b"}],
        messages=[
            {"role": "user", "content": [
                {"text": "c"}, {"cachePoint": {"type": "default", "ttl": "1h"}}, {"text": question}
            ]},
            {"role": "assistant", "content": [{"toolUse": {"toolUseId": "1", "name": "t"}}]},
            {"role": "user", "content": [{"toolResult": {"toolUseId": "1", "content": []}}]},
        ],
        toolConfig={"tools": [
            {"toolSpec": {"name": "t", "description": "does", "inputSchema": {"json": {}}}},
            {"cachePoint": {"type": "default"}},
        ]},
        inferenceConfig={"maxTokens": 77},
    )
"""
    )
    site = request.site
    assert (site.surface, site.method) == ("bedrock", "converse")
    assert site.platform is Platform.BEDROCK
    assert marked(request) == [("tools", 0, "5m"), ("system", 0, "5m"), ("messages", 0, "1h")]
    assert parts(request, Place.SYSTEM) == ["'a'", "'b'"]
    kinds = [block.kind for block in request.blocks if block.place is Place.MESSAGES]
    assert kinds == ["text", "text", "tool_use", "tool_result"]
    assert written(request.params["max_tokens"]) == "77"


def test_a_cache_point_behind_a_loop_marks_one_block() -> None:
    request = one(
        BEDROCK
        + """
tools = [{"toolSpec": {"name": n}} for n in NAMES]
tools.append({"cachePoint": {"type": "default"}})
client.converse(modelId="anthropic.claude-sonnet-4-6", messages=[], toolConfig={"tools": tools})
"""
    )
    (point,) = request.breakpoints
    assert not point.per_item


@pytest.mark.parametrize(
    "call",
    [
        "client.invoke_model(modelId=M, body=json.dumps(BODY))",
        "client.invoke_model(modelId=M, body=json.dumps(BODY).encode())",
        "body = json.dumps(BODY)\nclient.invoke_model(body=body, modelId=M)",
        "client.invoke_model_with_response_stream(\n"
        "    modelId=M, body=bytes(json.dumps(BODY), 'utf-8'))",
        "from conf import ID\nclient.invoke_model(modelId=ID, body=json.dumps(BODY))",
        "def go(body):\n    client.invoke_model(modelId=M, body=body)\ngo(json.dumps(BODY))",
        "class A:\n    def f(self):\n        self.c.invoke_model(modelId=M, body=json.dumps(BODY))",
    ],
)
def test_ways_to_invoke(call: str) -> None:
    body = f'{{"anthropic_version": "bedrock-2023-05-31", "max_tokens": 9, "messages": {HI}}}'
    request = one(BEDROCK + call.replace("BODY", body).replace("=M", f"={ON_BEDROCK!r}"))
    assert request.site.surface == "bedrock"
    assert request.site.platform is Platform.BEDROCK
    assert request.messages.state is State.KNOWN


@pytest.mark.parametrize(
    "code",
    [
        "client.converse(modelId='amazon.nova-pro-v1:0', messages=TEXT)",
        "client.converse(modelId=MODEL, messages=TEXT)",
        "client.invoke_model(modelId='meta.llama3-8b', body=json.dumps({'prompt': 'hi'}))",
        "client.invoke_model(modelId=MODEL, body=json.dumps({'prompt': 'hi'}))",
        "client.invoke_model(modelId=MODEL, body=BODY)",
        "converse('hi')",
        "class Friend:\n    def converse(self, modelId): ...\n"
        "Friend().converse(modelId='anthropic.claude-sonnet-4-6', messages=TEXT)",
        "from unittest.mock import MagicMock\n"
        "MagicMock().converse(modelId='anthropic.claude-sonnet-4-6', messages=TEXT)",
        "client.converse(modelId='amazon.nova-pro-v1:0' if X else 'anthropic.claude-sonnet-4-6', "
        "messages=TEXT)",
    ],
)
def test_look_alikes_of_bedrock(code: str) -> None:
    head = BEDROCK + "from conf import BODY, MODEL, X\n"
    assert sent(head + code.replace("TEXT", TEXT)) == []


# -- HTTP ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "code",
    [
        "import requests\nrequests.post(URL, headers={'anthropic-version': '1'}, json=BODY)",
        "import requests\nrequests.post(url=URL, data=json.dumps(BODY))",
        "from requests import post\npost(URL, json=BODY)",
        "import requests\nwith requests.Session() as s:\n    s.post(URL, json=BODY)",
        "import requests\nrequests.request('POST', URL, json=BODY)",
        "import httpx\nhttpx.post(URL, content=json.dumps(BODY))",
        "import httpx\nasync def f():\n"
        "    async with httpx.AsyncClient() as c:\n        await c.post(URL, json=BODY)",
        "import httpx\ndef f(c: httpx.Client):\n"
        "    with c.stream('POST', URL, json=BODY) as r: pass",
        "import aiohttp\nasync def f():\n    async with aiohttp.ClientSession() as s:\n"
        "        async with s.post(URL, json=BODY) as r: pass",
        "from urllib.request import Request, urlopen\n"
        "urlopen(Request(URL, data=json.dumps(BODY).encode(), method='POST'))",
        "import os, requests\nbase = os.environ.get('BASE', 'https://api.anthropic.com')\n"
        "requests.post(f'{base}/v1/messages', json=BODY)",
        "import requests\nclass A:\n    url = URL\n    def f(self, session):\n"
        "        session.post(self.url, json=BODY)",
    ],
)
def test_ways_to_post(code: str) -> None:
    code = "import json\n" + code.replace("URL", repr(URL)).replace("BODY", BODY)
    request = one(code)
    site = request.site
    assert (site.surface, site.method) == ("http", "messages.create")
    assert site.platform is Platform.CLAUDE_API
    assert [ref.id for ref in request.models] == ["claude-opus-5-5"]
    assert request.messages.state is State.KNOWN


@pytest.mark.parametrize(
    "code",
    [
        "requests.post('https://api.openai.com/v1/chat/completions', json=BODY)",
        "requests.post('https://llm.example.org/v1/messages', json=BODY)",
        "requests.post('https://api.anthropic.com/v1/messages/count_tokens', json=BODY)",
        "requests.post('https://api.anthropic.com/v1/models', json=BODY)",
        "requests.post('/v1/messages', json=BODY)",
        "requests.post(URLS[provider], json=BODY)",
        "requests.post('https://api.openai.com/v1' if X else URL, json=BODY)",
        "requests.post(base + '/v1/messages', json=BODY)",
        "requests.get(URL, json=BODY)",
        "requests.request('GET', URL, json=BODY)",
        "requests.request(verb, URL, json=BODY)",
        "requests.post(URL, json=payload)",
        "requests.post(URL, data=BODY)",
        "respond.post(URL, json=BODY)",
        "class Web:\n    def post(self, url, json): ...\nWeb().post(URL, json=BODY)",
    ],
)
def test_look_alikes_of_http(code: str) -> None:
    head = (
        "import requests  # anthropic\nimport respond_to as respond_module\n"
        "from conf import X, base, payload, provider, verb\n"
        "respond = respond_module.Board()\n"
        "URLS = {'anthropic': URL, 'openai': 'https://api.openai.com/v1/chat/completions'}\n"
    )
    assert sent((head + code).replace("URL,", f"{URL!r},").replace("BODY", BODY)) == []


@pytest.mark.parametrize(
    "path", ["tests/test_app.py", "test_app.py", "conftest.py"], ids=["folder", "name", "conftest"]
)
@pytest.mark.parametrize(
    "call",
    [
        f"import requests\nrequests.post({URL!r}, json={BODY})",
        f"import litellm\nlitellm.completion(model='claude-opus-5-5', messages={HI})",
        f"{BEDROCK}client.converse(modelId={ON_BEDROCK!r}, messages={TEXT})",
    ],
    ids=["http", "litellm", "bedrock"],
)
def test_who_answers_a_test_is_not_known(call: str, path: str) -> None:
    assert one("def test_it():\n    " + call.replace("\n", "\n    "), path).site.platform is (
        Platform.UNKNOWN
    )


def test_a_transport_that_is_mocked_answers_itself() -> None:
    request = one(
        f"""
        import httpx
        client = httpx.Client(transport=httpx.MockTransport(lambda request: None))
        client.post({URL!r}, json={BODY})
        """
    )
    assert request.site.platform is Platform.UNKNOWN


# -- what the rules make of it ---------------------------------------------------------------------

CHAT = """
{head}
def chat():
    messages = []
    while True:
        messages.append({{"role": "user", "content": {text}}})
        reply = {call}
        messages.append({{"role": "assistant", "content": {text}}})
"""


@pytest.mark.parametrize(
    ("head", "text", "call"),
    [
        ("import litellm", "input()", 'litellm.completion("claude-opus-5-5", messages)'),
        (
            BEDROCK,
            '[{"text": input()}]',
            'client.converse(modelId="anthropic.claude-opus-4-8", messages=messages)',
        ),
        (
            "import requests",
            "input()",
            f"requests.post({URL!r}, json={{'model': 'claude-opus-5-5', 'max_tokens': 9, "
            "'messages': messages})",
        ),
    ],
    ids=["litellm", "bedrock", "http"],
)
def test_a_history_without_end_is_one_on_every_surface(head: str, text: str, call: str) -> None:
    code = CHAT.format(head=head, text=text, call=call)
    assert check(code, UnboundedHistory) == []  # it is only typed
    (finding,) = check(code, UnboundedHistory, preview=True)
    assert finding.fix is None
    assert "client.beta" not in (finding.no_fix or "")


def test_a_retired_model_keeps_the_head_it_is_written_with() -> None:
    (finding,) = check(
        f"import litellm\nlitellm.completion('anthropic/claude-3-5-haiku-20241022', {HI})",
        RetiredModel,
    )
    assert finding.fix is not None
    assert finding.fix.title == "Use anthropic/claude-haiku-4-5-20251001"


def test_bedrock_has_a_calendar_of_its_own() -> None:
    code = BEDROCK + f"client.converse(modelId='ID', messages={TEXT})"
    ended = code.replace("ID", "us.anthropic.claude-3-7-sonnet-20250219-v1:0")
    (finding,) = check(ended, RetiredModel)
    assert "Amazon Bedrock on 2026-04-28" in finding.message
    # gone from Anthropic's own API since August
    other = code.replace("ID", "anthropic.claude-opus-4-1-20250805-v1:0")
    assert check(other, RetiredModel) == []


LONG = "Rules of the house. " * 2000


def test_a_clock_in_a_marked_prefix_breaks_it_and_no_fix_is_written() -> None:
    (finding,) = check(
        f"""
        from datetime import datetime
        import litellm
        RULES = {LONG!r}
        def ask(question):
            system = [
                {{
                    "type": "text",
                    "text": f"{{RULES}} It is {{datetime.now()}}.",
                    "cache_control": {{"type": "ephemeral"}},
                }}
            ]
            return litellm.completion(
                model="anthropic/claude-opus-5-5",
                messages=[
                    {{"role": "system", "content": system}},
                    {{"role": "user", "content": question}},
                ],
            )
        """,
        ClockInPrefix,
    )
    assert finding.fix is None
    assert finding.no_fix


def test_only_what_posts_to_the_api_itself_is_asked_to_cache() -> None:
    """LiteLLM and Converse mark in a shape of their own; the API's is the SDK's."""
    http = f"""
        import requests
        RULES = {LONG!r}
        def ask(question):
            return requests.post({URL!r}, json={{
                "model": "claude-opus-5-5", "max_tokens": 9, "system": RULES,
                "messages": [{{"role": "user", "content": question}}],
            }})
        from fastapi import FastAPI
        app = FastAPI()
        @app.post("/ask")
        def handler(question: str):
            return ask(question).json()
        """
    (finding,) = check(http, NoCache)
    assert finding.fix is None
    lite = http.replace("import requests", "import litellm").replace(
        f"requests.post({URL!r}, json={{",
        "litellm.completion(**{",
    )
    assert len(sent(lite)) == 1
    assert check(lite, NoCache) == []


def test_what_the_sdk_refuses_is_sent_by_http() -> None:
    body = BODY.replace('"max_tokens": 9', '"max_tokens": 60000, "metadata": {}')
    assert check(f"import requests\nrequests.post({URL!r}, json={body})", RejectedParameter) == []


def test_moving_text_is_followed_through_blocks_of_converse() -> None:
    request = one(
        BEDROCK
        + """
from datetime import datetime
def ask(q):
    return client.converse(
        modelId="anthropic.claude-sonnet-4-6",
        system=[{"text": f"It is {datetime.now()}."}],
        messages=[{"role": "user", "content": [{"text": q}]}],
    )
"""
    )
    (term, *_) = [t for block in request.blocks for t in block.terms if not t.literal]
    assert [named(key) for key in ops.keys_of(term.value)] == ["clock:microsecond"]


# -- the prefilter ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "data",
    [
        b"We converse about it; conversely, nothing is sent.",
        b"reinvoke_models(x)",
        b"def completion(x): return x",
        b"requests.post('https://api.example.org/v1/things', json=body)",
    ],
)
def test_other_files_are_passed_over(data: bytes) -> None:
    assert not may_matter(data)
