"""Call -> Request: one file per library.

``anthropic`` is the SDK and what all others are put together with, ``configured`` the functions
that a configuration names. A file that has anything to do with one of ``OTHERS`` says its word;
what says none of them is not looked at, by the prefilter or here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Final

#: Module here -> the words of which its files say one, and how it stands there ("" for anyhow).
OTHERS: Final[dict[str, tuple[tuple[bytes, ...], bytes]]] = {
    "litellm": ((b"litellm",), b""),
    "bedrock": (
        (b"converse", b"invoke_model"),
        rb"\b(?:converse(?:_stream)?|invoke_model(?:_with_response_stream)?)\b\s*[(,)]",
    ),
    "http": ((b"nthropic",), b""),
}
#: All of these words.
WORDS: Final = tuple(word for words, _ in OTHERS.values() for word in words)


def said(data: bytes) -> Iterator[str]:
    """The modules here whose words a file with these bytes says."""
    for name, (words, shape) in OTHERS.items():
        if any(word in data for word in words) and (not shape or _shape(shape).search(data)):
            yield name


@cache
def _shape(shape: bytes) -> re.Pattern[bytes]:
    return re.compile(shape)
