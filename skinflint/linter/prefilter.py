"""Bytes to a guess: may this file hold a request?

Most files of a project have nothing to do with Claude, and reading one into a tree takes a thousand
times as long as this look. The guess may say yes in vain, but never no in vain. It rests on this: a
request is made by a method of a ``messages`` resource, so a file that makes one

- says ``anthropic`` somewhere (an import, an annotation, a URL), or
- gets its client from elsewhere. Then it names the method, as an attribute or in a string for
  ``getattr``, and it names ``messages``: likewise as attribute or string to get the resource from
  the client, or, handed the resource itself, as the argument or key that it passes. A batch handed
  over as ready-made requests is the exception: it names ``batches``.

What can't be seen from here is a call of a name that another file binds to the very method, or to
the resource while a third one binds all arguments. Nobody can tell such a call from any other; who
follows values from those files finds it.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

#: Methods that send a request or build one: those below ``messages``, and the bare ``client.post``.
METHODS: Final = ("count_tokens", "create", "parse", "post", "stream", "thread", "tool_runner")

# what may stand between the parts of an attribute access: space, line breaks, comments. The bounds
# (30 comments of 500 bytes, or 2000 bytes backwards) are there so that no input makes this slow
_GAP: Final = rb"[\s\\]*(?:#[^\r\n]{0,500}[\r\n][\s\\]*){0,30}"
_CLOSED_GAP: Final = _GAP.replace(rb"\s", rb")\s")
_BACK: Final = 2_000


def may_matter(data: bytes) -> bool:
    """Whether the file with these bytes may hold a request."""
    # plain "in" is several times as fast as any expression; this finds "Anthropic" as well
    if b"nthropic" in data:
        return True
    if b"messages" in data and _names_resource(data) and _method().search(data):
        return True
    return b"batches" in data and _batch().search(data) is not None


def _names_resource(data: bytes) -> bool:
    """Whether ``messages`` is an attribute, the end of a string, an argument, or has a method."""
    for match in _resource().finditer(data):
        if match[1] is not None:
            return True
        start = match.start()
        if data[start - 1 : start].isspace():
            before = data[max(0, start - _BACK) : start].rstrip(b" \t\f\r\n\\")
            while not before.endswith(b"."):
                line = before[max(before.rfind(b"\n"), before.rfind(b"\r")) + 1 :]
                if b"#" not in line:
                    break
                before = before[: before.rindex(b"#")].rstrip(b" \t\f\r\n\\")
            else:
                return True
        elif data.startswith(b".", start - 1):
            return True
    return False


@cache
def _resource() -> re.Pattern[bytes]:
    """Finds ``messages``; group 1 is what follows, where that alone tells."""
    # the leading literal lets the search skip at the speed of "in"
    return re.compile(
        rb"messages\b(['\"]|" + _GAP + rb"[=:]|"
        rb""
        + _CLOSED_GAP
        + rb"\."
        + _GAP
        + rb"(?:"
        + "|".join(METHODS).encode()
        + rb"|batches)\b)?"
    )


@cache
def _method() -> re.Pattern[bytes]:
    """Finds a method as an attribute or at the end of a string."""
    return re.compile(rb"(?:\." + _GAP + rb"|['\"])(?:" + "|".join(METHODS).encode() + rb")\b")


@cache
def _batch() -> re.Pattern[bytes]:
    return re.compile(rb"batches\w*" + _CLOSED_GAP + rb"\." + _GAP + rb"create\b")
