"""Bytes to a guess: may this file hold a request?

Most files of a project have nothing to do with Claude, and reading one into a tree takes a thousand
times as long as this look. The guess may say yes in vain, but never no in vain. It rests on this: a
request is made by a method of a ``messages`` resource, so a file that makes one

- says ``anthropic`` somewhere (an import, an annotation, a URL), or
- gets its client from elsewhere. Then it names the method, as an attribute or in a string for
  ``getattr``, and it names ``messages``: likewise as attribute or string to get the resource from
  the client, or, handed the resource itself, as the argument or key that it passes. A batch handed
  over as ready-made requests is the exception: it names ``batches``.

Other libraries than the SDK are told by words of their own (``surfaces.OTHERS``), and a file that
says none of them is not looked at for them later, either.

What can't be seen from here is a call of a name that another file binds to the very method, or to
the resource while a third one binds all arguments. Nobody can tell such a call from any other; who
follows values from those files finds it.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from skinflint.linter import surfaces

#: Methods that send a request or build one: those below ``messages``, and the bare ``client.post``.
METHODS: Final = ("count_tokens", "create", "parse", "post", "stream", "thread", "tool_runner")

# What may stand between the parts of an attribute access: space, line breaks, comments. The bounds
# here and below are there so that no input makes this slow; no code comes near them.
_GAP: Final = rb"[\s\\]*(?:#[^\r\n]{0,200}[\r\n][\s\\]*){0,20}"
_CLOSED_GAP: Final = _GAP.replace(rb"\s", rb")\s")
_COMMENT: Final = 1_000  # bytes of a comment behind "messages"
_BACK: Final = 2_000  # bytes of space and comments in front of it


def may_matter(data: bytes, named: tuple[bytes, ...] = ()) -> bool:
    """Whether the file with these bytes may hold a request.

    ``named`` are the last names of functions that the configuration says send one: whoever calls
    such a function, or gives it another name, writes its own.
    """
    # plain "in" is several times as fast as any expression; this finds "Anthropic" as well
    if b"nthropic" in data:
        return True
    if b"messages" in data and _names_resource(data) and _method().search(data):
        return True
    if b"batches" in data and _batch().search(data) is not None:
        return True
    if next(surfaces.others(data), None) is not None:
        return True
    return any(name in data and _word(name).search(data) for name in named)


def may_hold(data: bytes, named: tuple[bytes, ...] = ()) -> bool:
    """Whether the cells of a notebook may hold what ``may_matter``, or a suppression comment.

    The cells are written as JSON there, so only the words themselves are looked for: of their
    letters none is escaped by any writer, and where one is nevertheless, the answer is yes. No
    writer breaks a line of a cell in two.
    """
    if b"nthropic" in data or b"messages" in data or b"batches" in data or b"skinflint:" in data:
        return True
    if any(name in data for name in named):
        return True
    if any(word in data for words in surfaces.OTHERS.values() for word in words.any_of):
        return True
    return b"\\u00" in data and _escaped_letter().search(data) is not None


def _names_resource(data: bytes) -> bool:
    """Whether ``messages`` is an attribute, the end of a string, an argument, or has a method."""
    resource, spaces, used = _resource()
    known: dict[int, int] = {}
    for match in resource.finditer(data):
        start, end = match.span()
        if data[end : end + 1] in (b"'", b'"') or _is_attribute(data, start):
            return True
        if used.match(data, _code_behind(data, end, spaces, known)):
            return True
    return False


def _is_attribute(data: bytes, start: int) -> bool:
    """Whether a dot stands in front of ``start``, perhaps with comments between."""
    if not data[start - 1 : start].isspace():
        return data.startswith(b".", start - 1)
    before = data[max(0, start - _BACK) : start].rstrip(b" \t\f\r\n\\")
    for _ in range(20):  # comments
        if before.endswith(b"."):
            return True
        mark = before.rfind(b"#")
        if mark <= max(before.rfind(b"\n"), before.rfind(b"\r")):
            break
        before = before[:mark].rstrip(b" \t\f\r\n\\")
    return False


def _code_behind(data: bytes, at: int, spaces: re.Pattern[bytes], known: dict[int, int]) -> int:
    """Where code goes on behind space, closing parentheses and comments.

    ``known`` remembers it for each comment, as many words may stand in front of the same ones.
    """
    passed: list[int] = []
    while match := spaces.match(data, at):
        at = match.end()
        if at in known:
            at = known[at]
            break
        if not data.startswith(b"#", at):
            break
        line = data[at : at + _COMMENT]
        ends = [end for end in (line.find(b"\n"), line.find(b"\r")) if end >= 0]
        if not ends:
            break
        passed.append(at)
        at += min(ends)
    known.update(dict.fromkeys(passed, at))
    return at


@cache
def _resource() -> tuple[re.Pattern[bytes], re.Pattern[bytes], re.Pattern[bytes]]:
    """Expressions for the word, for space behind it, and for what tells that it is the resource.

    The word is a literal, which lets the search skip at the speed of "in".
    """
    methods = "|".join(METHODS).encode()
    return (
        re.compile(rb"messages\b"),
        re.compile(rb"[)\s\\]*"),
        re.compile(rb"=|\." + _GAP + rb"(?:" + methods + rb"|batches)\b"),
    )


@cache
def _method() -> re.Pattern[bytes]:
    """Finds a method as an attribute or at the end of a string."""
    return re.compile(rb"(?:\." + _GAP + rb"|['\"])(?:" + "|".join(METHODS).encode() + rb")\b")


@cache
def _escaped_letter() -> re.Pattern[bytes]:
    """Finds what a word of ASCII could be written with in JSON; not the controls of a terminal."""
    return re.compile(rb"\\u00[2-7]")


@cache
def _batch() -> re.Pattern[bytes]:
    return re.compile(rb"batches\w*" + _CLOSED_GAP + rb"\." + _GAP + rb"create\b")


@cache
def _word(name: bytes) -> re.Pattern[bytes]:
    # a name outside ASCII stands between any bytes
    return re.compile(rb"\b" + name + rb"\b" if name.isascii() else re.escape(name))
