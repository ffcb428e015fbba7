"""Written by scripts/compile_catalog.py from data/wild.toml; not to be edited."""

from __future__ import annotations

from typing import Any


def tables() -> dict[str, Any]:
    """The tables of the file, new ones with each call."""
    return {
        "returns_client": "with_options copy with_middleware",
        "client": {
            "Anthropic": {
                "platform": "claude-api",
                "base_url": "https://api.anthropic.com",
                "env": "ANTHROPIC_BASE_URL",
                "source": "anthropic 2.12.0, _client.py",
                "date": "2026-11-22",
            },
            "AnthropicAWS": {
                "platform": "aws",
                "base_url": "https://aws-external-anthropic.{region}.api.aws",
                "env": "ANTHROPIC_AWS_BASE_URL",
                "source": "anthropic 2.12.0, lib/aws",
                "date": "2026-11-22",
            },
            "AnthropicGoogleCloud": {
                "platform": "google-cloud",
                "base_url": "https://claude.googleapis.com/v1/projects/{project "
                "and workspace}/invoke",
                "env": "ANTHROPIC_GOOGLE_CLOUD_BASE_URL",
                "source": "anthropic 2.12.0, lib/google_cloud",
                "date": "2026-11-22",
            },
            "AnthropicFoundry": {
                "platform": "foundry",
                "base_url": "https://{resource}.services.ai.azure.com/anthropic/",
                "env": "ANTHROPIC_FOUNDRY_BASE_URL",
                "lacks": "batches",
                "source": "anthropic 2.12.0, lib/foundry.py: batches is None",
                "date": "2026-11-22",
            },
            "AnthropicBedrock": {
                "platform": "bedrock",
                "base_url": "https://bedrock-runtime.{region}.amazonaws.com",
                "env": "ANTHROPIC_BEDROCK_BASE_URL",
                "lacks": "batches count_tokens",
                "automatic_cache": False,
                "invokes": True,
                "source": "anthropic 2.12.0, lib/bedrock/_client.py; "
                "prompt-caching page for automatic caching",
                "date": "2026-11-22",
            },
            "AnthropicBedrockMantle": {
                "platform": "bedrock",
                "base_url": "https://bedrock-mantle.{region}.api.aws/anthropic",
                "env": "ANTHROPIC_BEDROCK_MANTLE_BASE_URL",
                "lacks": "batches",
                "source": "anthropic 2.12.0, "
                "lib/bedrock/_mantle.py: messages and "
                "count_tokens are what it serves",
                "date": "2026-11-22",
            },
            "AnthropicVertex": {
                "platform": "vertex",
                "base_url": "https://{region}-aiplatform.googleapis.com/v1",
                "env": "ANTHROPIC_VERTEX_BASE_URL",
                "lacks": "batches",
                "invokes": True,
                "source": "anthropic 2.12.0, lib/vertex/_client.py",
                "date": "2026-11-22",
            },
        },
        "old_methods": {
            "source": "anthropic 0.34.0, 0.26.0 and 0.125.0, resources/",
            "date": "2026-11-22",
            "names": "beta.prompt_caching.messages.create max_tokens* messages* "
            "model* metadata stop_sequences stream system temperature "
            "tool_choice tools top_k top_p betas\n"
            "beta.prompt_caching.messages.stream max_tokens* messages* "
            "model* metadata stop_sequences system temperature tool_choice "
            "tools top_k top_p\n"
            "beta.tools.messages.create max_tokens* messages* model* "
            "metadata stop_sequences stream system temperature tool_choice "
            "tools top_k top_p\n"
            "beta.tools.messages.stream max_tokens* messages* model* "
            "metadata stop_sequences system temperature tool_choice tools "
            "top_k top_p\n"
            "completions.create max_tokens_to_sample* model* prompt* "
            "metadata stop_sequences stream temperature top_k top_p "
            "betas\n",
        },
        "old_clients": {
            "source": "pypi.org/project/anthropic-bedrock, the package before the "
            "client moved into the SDK",
            "date": "2026-11-22",
            "names": "AnthropicBedrock anthropic_bedrock.AnthropicBedrock\n"
            "AsyncAnthropicBedrock "
            "anthropic_bedrock.AsyncAnthropicBedrock\n",
        },
        "old_types": {
            "source": "anthropic 0.34.0, types/beta; 0.26.0, types/beta/tools",
            "date": "2026-11-22",
            "prefixes": "anthropic.types.beta.prompt_caching.PromptCachingBeta "
            "anthropic.types.\n"
            "anthropic.types.beta.prompt_caching. anthropic.types.\n"
            "anthropic.types.beta.tools.ToolsBeta anthropic.types.\n"
            "anthropic.types.beta.tools. anthropic.types.\n",
        },
        "unions": {
            "source": "anthropic 1.17.0 and 2.0.0, types/",
            "date": "2026-11-22",
            "since": "2.0.0",
            "names": "anthropic.types.MessageParam|message content* role*\n"
            "anthropic.types.message_param.MessageParam|message content* role*\n"
            "anthropic.types.beta.BetaMessageParam|message content* role*\n"
            "anthropic.types.beta.beta_message_param.BetaMessageParam|message "
            "content* role*\n",
        },
        "endpoints": {
            "source": "platform.claude.com/docs/en/api, anthropic 2.12.0",
            "date": "2026-11-22",
            "paths": "/v1/messages/count_tokens messages.count_tokens\n"
            "/v1/messages/batches messages.batches.create\n"
            "/v1/messages messages.create\n"
            "/v1/complete completions.create\n",
            "hosts": "api.anthropic.com claude-api\n"
            "anthropic.helicone.ai claude-api\n"
            "gateway.ai.cloudflare.com claude-api\n"
            "aws-external-anthropic aws\n"
            "services.ai.azure.com foundry\n"
            "bedrock-mantle bedrock\n"
            "bedrock-runtime bedrock\n"
            "claude.googleapis.com google-cloud\n",
        },
    }
