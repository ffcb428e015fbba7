"""The surfaces hold against the installed SDK: its classes, signatures, refusals and types."""

from __future__ import annotations

import importlib
import importlib.util
import inspect
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import anthropic
import pytest
import typing_extensions
from anthropic.lib.threads._beta_threads import BetaMessageThread

from skinflint.catalog import surfaces
from skinflint.catalog.surfaces import ClientFact
from skinflint.linter.request import Platform

ROOT = Path(__file__).resolve().parents[2]
FACTS = surfaces.load()
OPTIONS = ("extra_headers", "extra_query", "extra_body", "timeout")

#: What each client class needs to be built without credentials of the machine.
ARGUMENTS: dict[str, dict[str, Any]] = {
    "Anthropic": {"api_key": "k"},
    "AnthropicAWS": {"api_key": "k", "aws_region": "eu-west-1", "workspace_id": "w"},
    "AnthropicBedrock": {"api_key": "k", "aws_region": "eu-west-1"},
    "AnthropicBedrockMantle": {"api_key": "k", "aws_region": "eu-west-1"},
    "AnthropicFoundry": {"api_key": "k", "resource": "r"},
    "AnthropicGoogleCloud": {
        "skip_auth": True,
        "project": "p",
        "location": "global",
        "workspace_id": "w",
    },
    "AnthropicVertex": {"access_token": "t", "project_id": "p", "region": "eu-west1"},
}


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in tuple(os.environ):
        if name.startswith(("ANTHROPIC_", "AWS_", "GOOGLE_", "CLOUD_ML_")):
            monkeypatch.delenv(name)


def sync_clients() -> list[ClientFact]:
    facts = {FACTS.client(name) for name in FACTS.types_of_client}
    return sorted(
        (fact for fact in facts if fact is not None and not fact.is_async), key=lambda f: f.name
    )


def build(fact: ClientFact, **more: Any) -> Any:
    short = fact.name.removeprefix("anthropic.")
    arguments = {**ARGUMENTS[short.removeprefix("Async")], **more}
    if "base_url" in more:
        arguments.pop("resource", None)
    return getattr(anthropic, short)(**arguments)


def resolve(name: str) -> Any:
    """Import the longest module in front of a dotted name, and read the rest as attributes."""
    parts = name.split(".")
    for end in range(len(parts), 0, -1):
        try:
            value: Any = importlib.import_module(".".join(parts[:end]))
        except ModuleNotFoundError:
            continue
        for part in parts[end:]:
            value = getattr(value, part)
        return value
    raise AssertionError(f"{name} can't be imported")


def generator() -> ModuleType:
    path = ROOT / "scripts" / "refresh_surfaces.py"
    spec = importlib.util.spec_from_file_location("refresh_surfaces", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_committed_file_is_what_the_installed_sdk_gives() -> None:
    module = generator()
    if anthropic.__version__ != FACTS.sdk:
        pytest.fail(f"written for anthropic {FACTS.sdk}; run scripts/refresh_surfaces.py")
    assert module.TARGET.read_text("utf-8") == module.render()


# --- clients --------------------------------------------------------------------------------------


def test_every_client_class_of_the_package_is_known_by_every_name() -> None:
    exported = {
        f"anthropic.{name}": value
        for name, value in vars(anthropic).items()
        if inspect.isclass(value) and hasattr(value, "with_options")
    }
    for name in ("Client", "AsyncClient", "AnthropicVertex", "AsyncAnthropicGoogleCloud"):
        exported[f"anthropic.{name}"] = getattr(anthropic, name)
    for name, value in exported.items():
        fact = FACTS.client(name)
        assert fact is not None, name
        assert resolve(fact.name) is value


@pytest.mark.parametrize("name", sorted(FACTS.types_of_client))
def test_client_paths_import_the_class_they_name(name: str) -> None:
    fact = FACTS.client(name)
    assert fact is not None
    if name.startswith("anthropic_bedrock."):  # the package before the client moved here
        assert fact.platform == "bedrock"
        return
    cls = resolve(name)
    assert cls is resolve(fact.name)
    assert fact.is_async == issubclass(cls, anthropic._base_client.AsyncAPIClient)
    parameters = set(inspect.signature(cls.__init__).parameters) - {"self"}
    assert fact.keywords == parameters
    Platform(fact.platform)


@pytest.mark.parametrize("fact", sync_clients(), ids=lambda fact: fact.name)
def test_base_url_of_a_client(fact: ClientFact, monkeypatch: pytest.MonkeyPatch) -> None:
    url = str(build(fact).base_url)
    head, _, tail = fact.base_url.partition("{")
    assert url.startswith(head)
    assert tail.partition("}")[2].strip("/") in url
    assert fact.base_url_keyword in fact.keywords
    changed = build(fact, **{fact.base_url_keyword: "http://localhost:1"})
    assert str(changed.base_url).startswith("http://localhost:1")
    monkeypatch.setenv(fact.base_url_env, "http://localhost:2")
    if fact.name.endswith("Foundry"):  # a resource and a URL exclude each other
        client = anthropic.AnthropicFoundry(api_key="k")
    else:
        client = build(fact)
    assert str(client.base_url).startswith("http://localhost:2")


@pytest.mark.parametrize("fact", sync_clients(), ids=lambda fact: fact.name)
def test_what_a_client_lacks_is_refused_before_anything_is_sent(fact: ClientFact) -> None:
    if fact.name == "anthropic.AnthropicBedrockMantle":
        assert fact.lacks == {"batches"}  # refused by the service, not by the SDK
        return
    client = build(fact)
    question: Any = {"model": "m", "messages": [{"role": "user", "content": "q"}]}
    calls: dict[str, Callable[[], object]] = {
        "batches": lambda: client.messages.batches.create(
            requests=[{"custom_id": "a", "params": {**question, "max_tokens": 1}}]
        ),
        "count_tokens": lambda: client.messages.count_tokens(**question),
    }
    for name, call in calls.items():
        if name in fact.lacks:
            with pytest.raises((anthropic.AnthropicError, AttributeError)) as caught:
                call()
            assert not isinstance(caught.value, anthropic.APIConnectionError)


def test_offers_combines_client_and_method() -> None:
    first, bedrock = FACTS.client("anthropic.Anthropic"), FACTS.client("anthropic.AnthropicBedrock")
    batch = FACTS.method(("messages", "batches", "create"))
    count = FACTS.method(("messages", "count_tokens"))
    create = FACTS.method(("messages", "create"))
    assert first is not None
    assert bedrock is not None
    assert batch is not None
    assert count is not None
    assert create is not None
    assert FACTS.offers(first, batch)
    assert FACTS.offers(first, count)
    assert FACTS.offers(bedrock, create)
    assert not FACTS.offers(bedrock, batch)
    assert not FACTS.offers(bedrock, count)
    assert not bedrock.automatic_cache


@pytest.mark.parametrize("method", ["with_options", "copy", "with_middleware"])
def test_methods_that_return_a_client_do(method: str) -> None:
    assert FACTS.returns_client(method)
    client = anthropic.Anthropic(api_key="k")
    assert isinstance(getattr(client, method)(), anthropic.Anthropic)


@pytest.mark.parametrize(
    "name", ["twilio.rest.Client", "anthropic", "Anthropic", "anthropic.Message", "openai.OpenAI"]
)
def test_other_names_are_no_clients(name: str) -> None:
    assert FACTS.client(name) is None


# --- methods --------------------------------------------------------------------------------------


def real_method(client: Any, path: str) -> Any:
    if path.startswith("beta.messages.thread."):
        return getattr(BetaMessageThread, path.rpartition(".")[2])
    for part in path.split("."):
        client = getattr(client, part)
    return client


@pytest.mark.parametrize("path", [fact.name for fact in FACTS.methods if not fact.until])
def test_keywords_are_those_of_the_signature(path: str) -> None:
    fact = FACTS.method(path.split("."))
    assert fact is not None
    parameters = inspect.signature(
        real_method(anthropic.Anthropic(api_key="k"), path)
    ).parameters.values()
    named = {
        p.name
        for p in parameters
        if p.name != "self" and p.kind not in (p.VAR_KEYWORD, p.VAR_POSITIONAL)
    }
    assert named <= fact.keywords
    if not any(p.kind is p.VAR_KEYWORD for p in parameters):
        assert fact.keywords == named
    required = {p.name for p in parameters if p.kind is p.KEYWORD_ONLY and p.default is p.empty}
    assert fact.required == required
    assert fact.automatic_cache == ("cache_control" in fact.keywords)


@pytest.mark.parametrize("platform", ["Anthropic", "AsyncAnthropic"])
@pytest.mark.parametrize("wrapper", ["with_raw_response", "with_streaming_response"])
def test_response_wrappers_stand_anywhere(platform: str, wrapper: str) -> None:
    client = getattr(anthropic, platform)(api_key="k")
    assert callable(getattr(client.messages, wrapper).create)
    assert callable(getattr(client, wrapper).messages.create)
    kind = wrapper.split("_")[1]
    for path in (("messages", wrapper, "create"), (wrapper, "messages", "create")):
        fact = FACTS.method(path)
        assert fact is not None
        assert fact.name == "messages.create"
        assert fact.wrapper == {"raw": "raw", "streaming": "streaming"}[kind]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("messages.create", {"sends": True, "stream": "argument", "beta": False}),
        ("messages.stream", {"sends": True, "stream": "always"}),
        ("messages.parse", {"sends": True, "stream": "", "automatic_cache": False}),
        ("messages.count_tokens", {"sends": False, "counts_only": True}),
        ("messages.batches.create", {"sends": True, "batch": True, "stream": ""}),
        ("beta.messages.create", {"sends": True, "beta": True, "automatic_cache": True}),
        ("beta.messages.parse", {"sends": True, "automatic_cache": True}),
        ("beta.messages.tool_runner", {"sends": True, "stream": "argument"}),
        ("beta.messages.thread", {"sends": False, "positional_messages": False}),
        ("beta.messages.thread.send", {"sends": True, "positional_messages": True}),
        ("beta.messages.batches.create", {"batch": True, "beta": True}),
        ("with_options.messages.create", {"name": "messages.create"}),
        ("beta.prompt_caching.messages.create", {"sends": True, "until": "0.41.0"}),
        ("beta.tools.messages.create", {"sends": True, "until": "0.34.0"}),
        ("completions.create", {"sends": True, "until": "1.0.0"}),
    ],
)
def test_methods(path: str, expected: dict[str, object]) -> None:
    fact = FACTS.method(path.split("."))
    assert fact is not None
    assert {name: getattr(fact, name) for name in expected} == expected


@pytest.mark.parametrize(
    "path",
    [
        (),
        ("messages",),
        ("messages", "batches"),
        ("messages", "list"),
        ("messages", "batches", "retrieve"),
        ("create",),
        ("chat", "completions", "create"),
        ("beta", "create"),
        ("messages", "create", "create"),
    ],
)
def test_other_paths_are_no_methods(path: tuple[str, ...]) -> None:
    assert FACTS.method(path) is None


def test_prefixes_of_methods() -> None:
    for path in ((), ("messages",), ("beta",), ("beta", "messages"), ("messages", "batches")):
        assert FACTS.is_prefix(path), path
    assert FACTS.is_prefix(("with_raw_response", "messages"))
    for path in (("models",), ("messages", "create"), ("beta", "files"), ("message",)):
        assert not FACTS.is_prefix(path), path


def test_history_of_keywords() -> None:
    fact = FACTS.method(("messages", "create"))
    assert fact is not None
    history = {keyword: (since, until) for keyword, since, until in fact.history}
    assert history["temperature"] == (fact.since, "1.0.0") == ("0.18.0", "1.0.0")
    assert history["cache_control"] == ("0.83.0", "")
    assert "temperature" in fact.ever_accepted
    assert "temperature" not in fact.keywords
    for keyword, (since, until) in history.items():
        assert (keyword in fact.keywords) == (not until), (keyword, since)
    assert FACTS.versions_read[-1] == FACTS.sdk


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("anthropic.resources.Messages", ("messages",)),
        ("anthropic.resources.messages.AsyncMessages", ("messages",)),
        ("anthropic.resources.beta.messages.Messages", ("beta", "messages")),
        ("anthropic.resources.messages.batches.Batches", ("messages", "batches")),
        ("anthropic.resources.Beta", ("beta",)),
    ],
)
def test_resource_classes(name: str, path: tuple[str, ...]) -> None:
    assert FACTS.resource(name) == path
    client: Any = anthropic.AsyncAnthropic if "Async" in name else anthropic.Anthropic
    value = client(api_key="k")
    for part in path:
        value = getattr(value, part)
    assert isinstance(value, resolve(name))


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://api.anthropic.com/v1/messages", ("messages.create", "claude-api")),
        ("https://api.anthropic.com/v1/messages?beta=true", ("messages.create", "claude-api")),
        ("/v1/messages", ("messages.create", "")),
        ("/v1/messages/batches", ("messages.batches.create", "")),
        (
            "https://api.anthropic.com/v1/messages/count_tokens",
            ("messages.count_tokens", "claude-api"),
        ),
        ("https://api.anthropic.com/v1/complete", ("completions.create", "claude-api")),
        (
            "https://r.services.ai.azure.com/anthropic/v1/messages",
            ("messages.create", "foundry"),
        ),
        ("http://localhost:4000/v1/messages", ("messages.create", "compatible")),
        ("https://api.openai.com/v1/chat/completions", None),
        ("https://api.anthropic.com/v1/models", None),
        ("", None),
    ],
)
def test_raw_endpoints(url: str, expected: tuple[str, str] | None) -> None:
    assert FACTS.endpoint(url) == expected


# --- types ----------------------------------------------------------------------------------------


def test_typed_classes_hold_against_the_sdk() -> None:
    assert len(FACTS.typed_names) > 300
    for name in sorted(FACTS.typed_names):
        fact = FACTS.typed(name)
        assert fact is not None
        value = resolve(name)
        if fact.union_since:
            assert not typing_extensions.is_typeddict(value), name
            with pytest.raises(TypeError):
                value(role="user", content="")
            continue
        assert typing_extensions.is_typeddict(value), name
        assert fact.fields == set(value.__annotations__) | set(
            typing_extensions.get_type_hints(value)
        ), name
        assert fact.required <= fact.fields
        made = value(**dict.fromkeys(fact.fields))
        assert type(made) is dict


@pytest.mark.parametrize(
    ("name", "kind", "type_", "marked"),
    [
        ("anthropic.types.TextBlockParam", "text block", "text", True),
        ("anthropic.types.text_block_param.TextBlockParam", "text block", "text", True),
        ("anthropic.types.ToolResultBlockParam", "tool_result block", "tool_result", True),
        ("anthropic.types.ThinkingBlockParam", "thinking block", "thinking", False),
        ("anthropic.types.DocumentBlockParam", "document block", "document", True),
        ("anthropic.types.ToolParam", "tool", "", True),
        ("anthropic.types.beta.BetaToolParam", "tool", "", True),
        ("anthropic.types.beta.BetaMCPToolsetParam", "tool", "mcp_toolset", True),
        ("anthropic.types.UserMessageParam", "message", "", False),
        ("anthropic.types.MessageParam", "message", "", False),
        ("anthropic.types.CacheControlEphemeralParam", "cache control", "ephemeral", False),
        ("anthropic.types.ThinkingConfigEnabledParam", "thinking", "enabled", False),
        ("anthropic.types.ToolChoiceToolParam", "tool choice", "tool", False),
        ("anthropic.types.OutputConfigParam", "output config", "", False),
        (
            "anthropic.types.beta.BetaClearToolUses20250919EditParam",
            "context edit",
            "clear_tool_uses_20250919",
            False,
        ),
        (
            "anthropic.types.message_create_params.MessageCreateParamsNonStreaming",
            "request params",
            "",
            True,
        ),
        ("anthropic.types.messages.batch_create_params.Request", "batch request", "", False),
        ("anthropic.types.beta.messages.batch_create_params.Request", "batch request", "", False),
        ("anthropic.types.Base64ImageSourceParam", "part", "base64", False),
        (
            "anthropic.types.beta.prompt_caching.PromptCachingBetaTextBlockParam",
            "text block",
            "text",
            True,
        ),
        (
            "anthropic.types.beta.prompt_caching.PromptCachingBetaCacheControlEphemeralParam",
            "cache control",
            "ephemeral",
            False,
        ),
        ("anthropic.types.beta.tools.ToolParam", "tool", "", True),
        ("anthropic.types.beta.tools.ToolsBetaMessageParam", "message", "", False),
    ],
)
def test_kinds_of_typed_classes(name: str, kind: str, type_: str, marked: bool) -> None:
    fact = FACTS.typed(name)
    assert fact is not None
    assert (fact.kind, fact.type) == (kind, type_)
    assert ("cache_control" in fact.fields) == marked


@pytest.mark.parametrize(
    "name",
    [
        "anthropic.types.Message",
        "anthropic.types.beta.prompt_caching.PromptCachingBetaMessage",
        "TextBlockParam",
        "openai.types.chat.ChatCompletionMessageParam",
    ],
)
def test_other_names_are_no_typed_classes(name: str) -> None:
    assert FACTS.typed(name) is None


def test_roles_of_messages() -> None:
    roles = {
        name: getattr(FACTS.typed(f"anthropic.types.{name}"), "role", None)
        for name in ("UserMessageParam", "AssistantMessageParam", "SystemMessageParam")
    }
    assert list(roles.values()) == ["user", "assistant", "system"]


# --- loading --------------------------------------------------------------------------------------


def test_reading_the_facts_imports_neither_the_sdk_nor_ours() -> None:
    code = (
        "import sys; from skinflint.catalog import sources, surfaces\n"
        "surfaces.load().typed('anthropic.types.TextBlockParam'); sources.load()\n"
        "print(sorted(m for m in sys.modules if m.split('.')[0] in ('anthropic', 'libcst', 'rich',"
        " 'pydantic', 'asyncio') or m.startswith(('skinflint.linter', 'skinflint.rules'))))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert done.stdout.strip() == "[]"


def test_loading_is_cached() -> None:
    assert surfaces.load() is surfaces.load()
