"""Written by scripts/compile_catalog.py from data/libraries.toml; not to be edited."""

from __future__ import annotations

from typing import Any


def tables() -> dict[str, Any]:
    """The tables of the file, new ones with each call."""
    return {
        "litellm": {
            "source": "docs.litellm.ai/docs/completion/input, docs.litellm.ai/docs/routing",
            "date": "2026-11-26",
            "functions": "litellm.completion litellm.acompletion "
            "litellm.main.completion litellm.main.acompletion",
            "classes": "litellm.Router litellm.router.Router",
            "methods": "completion acompletion",
            "positional": "model messages",
            "elsewhere": "api_base base_url custom_llm_provider",
            "same": "max_tokens max_completion_tokens-max_tokens stop-stop_sequences stream-stream",
            "system_roles": "system developer",
            "heads": {
                "source": "docs.litellm.ai/docs/providers/anthropic, /bedrock, "
                "/vertex_partner, /azure_ai, /openrouter",
                "date": "2026-11-26",
                "": "claude-api",
                "anthropic": "claude-api",
                "bedrock": "bedrock",
                "bedrock/converse": "bedrock",
                "bedrock/invoke": "bedrock",
                "bedrock/us-gov": "bedrock",
                "vertex_ai": "vertex",
                "azure_ai": "foundry",
                "openrouter/anthropic": "compatible",
                "openrouter": "compatible",
                "databricks": "compatible",
                "litellm_proxy": "compatible",
            },
            "blocks": {
                "source": "docs.litellm.ai/docs/completion/vision, "
                "docs.litellm.ai/docs/completion/document_understanding",
                "date": "2026-11-26",
                "image_url": "image",
                "file": "document",
            },
        },
        "bedrock": {
            "source": "botocore data/bedrock-runtime/2023-09-30, "
            "docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html",
            "date": "2026-11-26",
            "converse": "converse converse_stream",
            "invoke": "invoke_model invoke_model_with_response_stream",
            "model": "modelId",
            "body": "body",
            "version": "anthropic_version",
            "types": "boto3. botocore. aioboto3. aiobotocore. types_boto3 mypy_boto3 "
            "types_aiobotocore",
            "blocks": {
                "source": "docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ContentBlock.html",
                "date": "2026-11-26",
                "text": "text",
                "image": "image",
                "document": "document",
                "toolUse": "tool_use",
                "toolResult": "tool_result",
                "reasoningContent": "thinking",
            },
            "inference": {
                "source": "docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_InferenceConfiguration.html",
                "date": "2026-11-26",
                "maxTokens": "max_tokens",
                "stopSequences": "stop_sequences",
            },
        },
        "http": {
            "source": "documentation of requests 2.32, httpx 0.28, aiohttp 3.13, urllib of "
            "Python 3.14",
            "date": "2026-11-26",
            "methods": "post:0 request:1 stream:1",
            "functions": "urllib.request.Request:0",
            "verbs": "POST",
            "url": "url",
            "json": "json",
            "raw": "data content",
            "types": "requests. httpx. httpx2. aiohttp. urllib3. curl_cffi. niquests. "
            "cloudscraper.",
            "mocks": "MockTransport requests_mock aioresponses respx import_responses "
            "pytest_httpx unittest.mock monkeypatch",
        },
        "json": {
            "source": "documentation of json, orjson 3.11, ujson 5.11, simplejson 3.20",
            "date": "2026-11-26",
            "writers": "json.dumps orjson.dumps ujson.dumps simplejson.dumps",
        },
    }
