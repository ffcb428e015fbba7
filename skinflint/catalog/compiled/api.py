"""Written by scripts/compile_catalog.py from data/api.toml; not to be edited."""

from __future__ import annotations

import datetime
from typing import Any


def tables() -> dict[str, Any]:
    """The tables of the file, new ones with each call."""
    return {
        "sources": {
            "sdk": {
                "at": "anthropic 2.14.0, types/ and resources/",
                "date": datetime.date(2026, 11, 25),
            },
            "errors": {
                "at": "https://platform.claude.com/docs/en/api/errors",
                "date": datetime.date(2026, 9, 2),
            },
            "server-tools": {
                "at": "anthropic 2.14.0, types/ and types/beta/ "
                "(max_uses); "
                "https://platform.claude.com/docs/en/agents-and-tools/tool-use/web-search-tool "
                "(fee)",
                "date": datetime.date(2026, 11, 25),
            },
            "diagnostics": {
                "at": "https://platform.claude.com/docs/en/build-with-claude/cache-diagnostics",
                "date": datetime.date(2026, 5, 29),
            },
            "batches": {
                "at": "https://platform.claude.com/docs/en/build-with-claude/batch-processing",
                "date": datetime.date(2026, 8, 14),
            },
            "vision": {
                "at": "https://platform.claude.com/docs/en/build-with-claude/vision, "
                "a copy without a date; the limits from 4.7 on as users "
                "quote them",
                "date": datetime.date(2026, 11, 25),
            },
            "pages": {
                "at": "https://huggingface.co/datasets/JOHNISKING/pdf-token-cost",
                "date": datetime.date(2026, 10, 18),
            },
            "context-editing": {
                "at": "https://platform.claude.com/docs/en/build-with-claude/context-editing",
                "date": datetime.date(2026, 8, 22),
            },
            "completions": {
                "at": "anthropic 0.125.0, resources/completions.py",
                "date": datetime.date(2026, 11, 26),
            },
            "seen": {
                "at": "wordings quoted by users of the API in public repositories",
                "date": datetime.date(2026, 11, 25),
            },
            "house": {"at": "a choice of this project", "date": datetime.date(2026, 11, 25)},
        },
        "access": {
            "source": "sdk",
            "host": "api.anthropic.com",
            "base_url": "ANTHROPIC_BASE_URL",
            "key": "ANTHROPIC_API_KEY",
            "credentials": [
                "ANTHROPIC_AUTH_TOKEN",
                "ANTHROPIC_PROFILE",
                "ANTHROPIC_CONFIG_DIR",
                "ANTHROPIC_IDENTITY_TOKEN",
                "ANTHROPIC_IDENTITY_TOKEN_FILE",
                "ANTHROPIC_CUSTOM_HEADERS",
            ],
            "strict_since": "2026-10-21",
        },
        "status": {
            "source": "errors",
            "invalid_request_error": 400,
            "authentication_error": 401,
            "not_found_error": 404,
            "request_too_large": 413,
        },
        "limits": {"source": "errors", "bytes": 33554432, "batch_bytes": 268435456},
        "messages": {
            "source": "sdk",
            "most": 100000,
            "thinking_least": 1024,
            "sampling": ["temperature", "top_p", "top_k"],
            "neutral": {"temperature": 1.0, "top_p": 1.0},
            "later": ["stream", "thread", "tool_runner"],
            "web_tools": ["web_search", "web_fetch"],
        },
        "server_tools": {
            "source": "server-tools",
            "limit": "max_uses",
            "web_search": {"heads": ["web_search_20"], "usd": 10.0},
            "web_fetch": {"heads": ["web_fetch_20"], "usd": 0.0},
            "advisor": {"heads": ["advisor_20"], "usd": 0.0},
        },
        "completions": {"source": "completions", "methods": ["completions.create"]},
        "client": {
            "source": "sdk",
            "unstreamed": 21333,
            "unstreamed_since": "0.47.0",
            "unstreamed_methods": [
                "messages.create",
                "messages.parse",
                "beta.messages.create",
                "beta.messages.parse",
            ],
            "strict_since": "2.0.0",
        },
        "instead": {
            "source": "sdk",
            "temperature": "Leave it out: sampling can't be set any more.",
            "top_p": "Leave it out: sampling can't be set any more.",
            "top_k": "Leave it out: sampling can't be set any more.",
            "compaction_control": "Pass an edit of type compact_20260112 in context_management.",
            "output_format": "Pass output_config={'format': ...}.",
            "stream": "Call messages.stream().",
        },
        "batches": {
            "source": "batches",
            "requests": 100000,
            "hours": 24,
            "days": 29,
            "custom_id": "^[A-Za-z0-9_-]{1,64}$",
            "refused": ["stream", "speed"],
        },
        "diagnostics": {
            "source": "diagnostics",
            "order": ["model", "system", "tools", "messages"],
            "model": ["model", "speed"],
            "others": [
                "tool_choice",
                "thinking",
                "context_management",
                "output_config",
                "output_format",
            ],
        },
        "context_edits": {
            "source": "context-editing",
            "head": "clear_tool_uses",
            "trigger": 100000,
            "eager_tokens": 30000,
            "eager_uses": 5,
        },
        "estimate": {"source": "house", "chars": 3.8, "dense": 1.3},
        "images": {
            "source": "vision",
            "patch": 28,
            "edge": [1568, 2576],
            "tokens": [1600, 4784],
            "unseen": 1600,
        },
        "documents": {"source": "pages", "page": 2350, "unseen_pages": 10},
        "refusals": {
            "source": "seen",
            "too-many-markers": "A maximum of {most} blocks with cache_control may be "
            "provided. Found {found}.",
            "empty-marked": "{where}: cache_control cannot be set for empty text blocks",
            "empty-text": "{place}: text content blocks must be non-empty",
            "ttl-order": "{where}.cache_control.ttl: a ttl='{longer}' cache_control "
            "block must not come after a ttl='{shorter}' cache_control "
            "block. Note that blocks are processed in the following "
            "order: `tools`, `system`, `messages`.",
            "prefill": "This model does not support assistant message prefill. The "
            "conversation must end with a user message.",
            "thinking-enabled": '"thinking.type.enabled" is not supported for this '
            'model. Use "thinking.type.adaptive" and '
            '"output_config.effort" to control thinking behavior.',
            "thinking-disabled": '"thinking.type.disabled" is not supported for this '
            "model. Thinking defaults to adaptive mode when not "
            "specified.",
            "thinking-other": "{kind} thinking is not supported on this model",
            "forced-tool": 'tool_choice: type "tool" and "any" are not supported for this model.',
            "sampling": "`{name}` is not supported for this model.",
            "effort": "This model does not support the effort parameter.",
            "system-message": "messages.{index}: role 'system' is not supported for this model.",
            "tool-result-first": "messages.{index}.content.{block}: unexpected "
            "`tool_use_id` found in `tool_result` blocks: {id}. "
            "Each `tool_result` block must have a corresponding "
            "`tool_use` block in the previous message.",
            "tool-result-missing": "messages.{index}: `tool_use` ids were found "
            "without `tool_result` blocks immediately after: "
            "{ids}. Each `tool_use` block must have a "
            "corresponding `tool_result` block in the next "
            "message.",
            "model": "model: {model}",
            "required": "{name}: Field required",
            "many-messages": "messages: at most {most} messages are allowed",
            "no-messages": "messages: at least one message is required",
            "empty-message": "messages.{index}: all messages must have non-empty "
            "content except for the optional final assistant message",
            "max-tokens": "max_tokens: {asked} > {most}, which is the maximum allowed "
            "number of output tokens for {model}",
            "too-long": "prompt is too long: {tokens} tokens > {most} maximum",
            "thinking-least": "thinking.enabled.budget_tokens: Input should be greater "
            "than or equal to {least}",
            "thinking-most": "`max_tokens` must be greater than `thinking.budget_tokens`.",
            "document-role": "messages.{index}: document blocks are not supported in "
            "assistant messages",
            "automatic-ttl-clash": "cache_control: the last cacheable block already "
            "has cache_control with a different ttl",
            "no-slot-for-automatic": "cache_control: automatic caching needs one of "
            "the {most} breakpoints, and all of them are used",
            "unmarkable-kind": "{where}: a {kind} block can't have cache_control",
            "deferred": "{where}: a tool with defer_loading, or a system message "
            "scoped to a turn, can't have cache_control",
            "unknown-ttl": "{where}: there is no ttl '{ttl}'; there are {ttls}",
            "batch-size": "requests: a batch may hold at most {most} requests",
            "batch-empty": "requests: a batch needs at least one request",
            "batch-id": "requests.{index}.custom_id: String should match pattern '{pattern}'",
            "batch-twice": "requests.{index}.custom_id: {id} is used more than once",
            "batch-parameter": "{name}: not allowed in a batch",
            "json": "The request body is not valid JSON",
            "too-large": "Request exceeds the maximum size",
            "elsewhere": "The simulator has no {path}",
        },
        "usage": {
            "source": "sdk",
            "input": ["input_tokens"],
            "cached": ["cache_read_input_tokens", "cache_creation_input_tokens", "cache_creation"],
            "others": ["output_tokens", "server_tool_use", "service_tier"],
            "kept": [
                "input_tokens",
                "tokens_in",
                "input",
                "prompt_tokens",
                "in_tokens",
                "total_input_tokens",
            ],
            "prices": [
                "cost",
                "costs",
                "price",
                "prices",
                "pricing",
                "usd",
                "dollar",
                "dollars",
                "spend",
                "spent",
                "charge",
                "charged",
                "bill",
                "billing",
                "fee",
            ],
            "record": [
                ".usage",
                '"usage"',
                "'usage'",
                "usage_metadata",
                "opentelemetry",
                "langfuse",
                "langsmith",
                "helicone",
                "logfire",
                "traceloop",
                "openinference",
                "openlit",
                "ddtrace",
                "newrelic",
                "braintrust",
                "weave",
                "agentops",
                "mlflow",
                "phoenix",
                "wandb",
                "posthog",
            ],
        },
    }
