"""Edits of what a prompt says: JSON without layout, entries of a dict, a sentence less."""

from __future__ import annotations

import pytest
from mending import find, mended, source

from skinflint.fixers.declined import Declined
from skinflint.linter.findings import CompactJson, DropSentence, SetEntry

COMPACT = 'separators=(",", ":")'


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("x = dumps(a, indent=2)\n", f"x = dumps(a, {COMPACT})\n"),
        ("x = dumps(a, indent=(2), default=str)\n", f"x = dumps(a, {COMPACT}, default=str)\n"),
        ("x = f'{dumps(a, indent=2)}'\n", f"x = f'{{dumps(a, {COMPACT})}}'\n"),
    ],
)
def test_the_layout_goes(before: str, after: str) -> None:
    code = source(before)
    call = next(
        c for c in ("dumps(a, indent=2)", "dumps(a, indent=(2), default=str)") if c in before
    )
    assert mended(code, CompactJson(find(code, call), "indent", COMPACT)) == after


def test_a_layout_that_is_computed_stays() -> None:
    code = source("x = dumps(a, indent=width())\n")
    with pytest.raises(Declined, match="computed"):
        mended(code, CompactJson(find(code, "dumps(a, indent=width())"), "indent", COMPACT))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("t = {'type': 'web'}\n", "t = {'type': 'web', 'max_uses': 5}\n"),
        ("t = Tool(type='web')\n", "t = Tool(type='web', max_uses=5)\n"),
        ("t = {'type': 'web', 'max_uses': None}\n", "t = {'type': 'web', 'max_uses': 5}\n"),
    ],
)
def test_an_entry_is_set_beside_another(before: str, after: str) -> None:
    code = source(before)
    assert mended(code, SetEntry(find(code, "'web'"), "max_uses", "5")) == after


@pytest.mark.parametrize(
    "before", ["t = {'type': 'web', **more}\n", "KIND = 'web'\n", "t = [('type', 'web')]\n"]
)
def test_an_entry_that_may_be_there_or_has_no_place(before: str) -> None:
    code = source(before)
    with pytest.raises(Declined):
        mended(code, SetEntry(find(code, "'web'"), "max_uses", "5"))


def test_a_sentence_goes_out_of_an_f_string() -> None:
    code = source('s = f"Score {a}. Be fair. Explain why."\n')
    op = DropSentence(find(code, 'f"Score {a}. Be fair. Explain why."'), " Explain why.")
    assert mended(code, op) == 's = f"Score {a}. Be fair."\n'


@pytest.mark.parametrize(
    "text", ['"Explain " "why."', '"Explain why. Explain why."', '"Explain\\x20why."']
)
def test_a_sentence_in_pieces_or_twice_stays(text: str) -> None:
    code = source(f"s = {text}\n")
    with pytest.raises(Declined):
        mended(code, DropSentence(find(code, text), "Explain why."))
