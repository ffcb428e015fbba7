"""Written by scripts/compile_catalog.py from data/retries.toml; not to be edited."""

from __future__ import annotations

from typing import Any


def tables() -> dict[str, Any]:
    """The tables of the file, new ones with each call."""
    return {
        "source": "documentation of tenacity 9.1, backoff 2.2, retrying 1.4, retry2 0.9",
        "date": "2026-11-25",
        "decorators": {
            "tenacity.retry": {"stops": ["stop"], "set": "", "bare": True},
            "backoff.on_exception": {
                "stops": ["max_tries", "max_time"],
                "set": "max_tries",
                "bare": False,
            },
            "backoff.on_predicate": {
                "stops": ["max_tries", "max_time"],
                "set": "max_tries",
                "bare": False,
            },
            "retrying.retry": {
                "stops": ["stop", "stop_max_attempt_number", "stop_max_delay", "stop_func"],
                "set": "stop_max_attempt_number",
                "bare": True,
            },
            "retry.retry": {"stops": ["tries"], "set": "tries", "bare": True},
        },
        "elsewhere": {
            "modules": "openai google groq mistralai cohere ollama replicate together vertexai"
        },
        "cap": {"unstreamed": 21333},
        "raised": {
            "names": "Exception BaseException AnthropicError APIError APIStatusError "
            "APIConnectionError APITimeoutError\n"
            "APIResponseValidationError NotFoundError BadRequestError "
            "AuthenticationError PermissionDeniedError\n"
            "ConflictError UnprocessableEntityError RateLimitError "
            "InternalServerError OverloadedError\n"
            "ServiceUnavailableError DeadlineExceededError TimeoutError "
            "HTTPStatusError HTTPError RequestError\n"
            "TimeoutException OSError\n"
        },
    }
