"""Call -> Request: one file per library.

``anthropic`` is the SDK and what all others are put together with, ``configured`` the functions
that a configuration names. A file that has anything to do with one of ``OTHERS`` says a word of
its own; what says none of them is not looked at, by the prefilter or here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Final, NamedTuple


class Words(NamedTuple):
    """By what a file is known. ``shape``: how one of ``any_of`` stands there, if not anyhow;
    ``beside``: what else is said there, where that takes one look instead of several."""

    any_of: tuple[bytes, ...]
    shape: bytes = b""
    beside: bytes = b""


#: Module here -> the words of its files.
OTHERS: Final[dict[str, Words]] = {
    "litellm": Words((b"litellm",)),
    "bedrock": Words(
        (b"converse", b"invoke_model"),
        rb"\b(?:converse(?:_stream)?|invoke_model(?:_with_response_stream)?)\b\s*[(,)]",
        b"odel",  # ``modelId``, or a comment on models
    ),
}
#: The same of those whose files the SDK's name lets through the prefilter.
ALONGSIDE: Final[dict[str, Words]] = {
    "http": Words((b"anthropic.com", b"anthropic-version")),
}


def others(data: bytes) -> Iterator[str]:
    """The modules among OTHERS whose words a file with these bytes says."""
    yield from (name for name, words in OTHERS.items() if _says(data, words))


def said(data: bytes) -> Iterator[str]:
    """All modules here whose words a file with these bytes says."""
    yield from others(data)
    yield from (name for name, words in ALONGSIDE.items() if _says(data, words))


def _says(data: bytes, words: Words) -> bool:
    if words.beside not in data or not any(word in data for word in words.any_of):
        return False
    return not words.shape or _shape(words.shape).search(data) is not None


@cache
def _shape(shape: bytes) -> re.Pattern[bytes]:
    return re.compile(shape)
