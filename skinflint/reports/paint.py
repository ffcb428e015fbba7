"""Colour, where the reader sees colour; the text itself never depends on it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

#: ``paint(text, style)``: the text with the escapes of ``style`` (a style of rich) around it.
Paint: TypeAlias = Callable[[str, str], str]


def plain(text: str, style: str) -> str:
    """The text as it is."""
    return text


def wants_colour(terminal: bool, environ: Mapping[str, str]) -> bool:
    """Whether to colour: on a terminal, unless NO_COLOR says no; FORCE_COLOR does so anywhere.

    Both count only when set and not empty (no-color.org, force-color.org); NO_COLOR wins.
    """
    if environ.get("NO_COLOR"):
        return False
    if environ.get("FORCE_COLOR"):
        return True
    return terminal and environ.get("TERM") != "dumb"


def coloured() -> Paint:
    """The painter for a terminal: the sixteen colours that every theme defines."""
    from rich.color import ColorSystem
    from rich.style import Style

    def paint(text: str, style: str) -> str:
        return Style.parse(style).render(text, color_system=ColorSystem.STANDARD)

    return paint


def clean(text: str) -> str:
    """The text with every character that a terminal would act on written as an escape.

    Source files are somebody else's: an escape sequence in an excerpt must not reach the terminal.
    Tabs become spaces one for one, so that carets stand below what they mean.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(_shown(char) for char in text)


def _shown(char: str) -> str:
    if char.isprintable():
        return char
    if char in "\t\u00a0\u3000":
        return " "
    code = ord(char)
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def width(text: str) -> int:
    """How many columns of a terminal ``text`` (as :func:`clean` gives it) takes."""
    if text.isascii():
        return len(text)
    from unicodedata import combining, east_asian_width

    return sum(
        0 if combining(char) else 2 if east_asian_width(char) in "WF" else 1 for char in text
    )
