"""Written by scripts/compile_catalog.py from data/cache.toml; not to be edited."""

from __future__ import annotations

import datetime
from typing import Any


def tables() -> dict[str, Any]:
    """The tables of the file, new ones with each call."""
    return {
        "sources": {
            "caching": {
                "at": "https://platform.claude.com/docs/en/build-with-claude/prompt-caching",
                "date": datetime.date(2026, 10, 8),
            },
            "pricing": {
                "at": "https://platform.claude.com/docs/en/about-claude/pricing",
                "date": datetime.date(2026, 10, 8),
            },
            "lifecycle": {
                "at": "https://platform.claude.com/docs/en/about-claude/model-deprecations",
                "date": datetime.date(2026, 10, 10),
            },
            "bedrock": {
                "at": "https://platform.claude.com/docs/en/build-with-claude/claude-on-amazon-bedrock-legacy",
                "date": datetime.date(2026, 8, 22),
            },
            "skills": {
                "at": "https://github.com/anthropics/skills, "
                "skills/claude-api/shared/prompt-caching.md",
                "date": datetime.date(2026, 9, 15),
            },
            "house": {"at": "a choice of this project", "date": datetime.date(2026, 11, 22)},
        },
        "price": {
            "source": "pricing",
            "write_5m": 1.25,
            "write_1h": 2.0,
            "read": 0.1,
            "batch": 0.5,
            "us_only": 1.1,
        },
        "limits": {
            "source": "caching",
            "markers": 4,
            "lookback": 20,
            "runs": ["tool_use", "tool_result"],
        },
        "ttl": {"source": "caching", "default": "5m", "5m": 300, "1h": 3600},
        "unmarkable": {
            "source": "caching",
            "kinds": ["thinking", "redacted_thinking"],
            "empty_text": True,
            "deferred_tool": True,
        },
        "invalidates": {
            "source": "caching",
            "model": ["tools", "system", "messages"],
            "tools": ["tools", "system", "messages"],
            "web_search": ["system", "messages"],
            "citations": ["system", "messages"],
            "speed": ["system", "messages"],
            "system": ["system", "messages"],
            "tool_choice": ["messages"],
            "images": ["messages"],
            "thinking": ["tools", "system", "messages"],
            "effort": ["tools", "system", "messages"],
        },
        "neutral": {
            "source": "skills",
            "parameters": [
                "max_tokens",
                "metadata",
                "stop_sequences",
                "stream",
                "temperature",
                "top_k",
                "top_p",
            ],
        },
        "tokens": {"source": "house", "chars": [2.0, 5.0], "dense": [0.5, 5.0], "dense_share": 0.1},
        "rounds": {
            "source": "house",
            "rounds": 5,
            "turns": 6,
            "call": 200,
            "line": 50,
            "typed": 100,
            "result": 400,
            "preamble": 500,
            "reply": 250,
            "whole": 1500,
            "much": 4000,
            "unnamed": 1024,
            "listed": 400,
            "spread": 1.25,
            "seeing": ["bash_", "computer_", "text_editor_"],
            "long": [
                "body",
                "code",
                "command",
                "content",
                "contents",
                "data",
                "file_text",
                "html",
                "markdown",
                "message",
                "new_content",
                "new_str",
                "patch",
                "prompt",
                "script",
                "sql",
                "text",
            ],
        },
        "lifecycle": {"source": "lifecycle", "notice_days": 60},
        "age": {"source": "house", "stale_days": 120},
        "routes": {
            "source": "house",
            "anthropic": "claude-api",
            "bedrock": "bedrock",
            "bedrock_converse": "bedrock",
            "vertex_ai": "vertex",
            "google-vertex": "vertex",
            "google_anthropic_vertex": "vertex",
            "azure_ai": "foundry",
        },
        "platforms": {
            "claude-api": {
                "source": "caching",
                "automatic": True,
                "runs": True,
                "isolation": "workspace",
                "calendar": "anthropic",
                "names": "ids",
            },
            "aws": {
                "source": "caching",
                "isolation": "workspace",
                "calendar": "anthropic",
                "names": "ids",
            },
            "google-cloud": {"source": "caching", "calendar": "anthropic", "names": "ids"},
            "foundry": {
                "source": "caching",
                "isolation": "workspace",
                "calendar": "anthropic",
                "names": "deployments",
            },
            "bedrock": {
                "source": "bedrock",
                "automatic": False,
                "isolation": "organization",
                "calendar": "partner",
                "names": "bedrock",
            },
            "bedrock-messages": {
                "source": "bedrock",
                "isolation": "organization",
                "calendar": "partner",
                "names": "bedrock",
            },
            "vertex": {
                "source": "caching",
                "isolation": "organization",
                "calendar": "partner",
                "names": "vertex",
            },
        },
    }
