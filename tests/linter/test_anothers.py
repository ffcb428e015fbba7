"""A method that nobody calls, though others of its name are called."""

from __future__ import annotations

from pathlib import Path

import pytest
from test_unused import LETTERS, silent

READS = LETTERS.replace("letters = Letters()", "").replace(
    "    def write_letter",
    "    def first(self):\n        return client\n\n    def write_letter",
) + ("letters = Letters()\nletters.first()\n")

CARDS = """\
import old_letters


class Cards:
    def write_letter(self, topic):
        return topic.upper()


cards = Cards()
"""
CALLS = "from cards import cards\nimport old_letters\nprint(cards.write_letter('rain'))\n"


@pytest.mark.parametrize(
    ("cards", "app", "unused"),
    [
        (CARDS, CALLS, True),
        (CARDS, CALLS.replace("cards.write", "old_letters.letters.write"), False),
        (CARDS, CALLS + "\ndef run(some):\n    return some.write_letter('rain')\n", False),
        (CARDS, CALLS + "\nprint(getattr(old_letters.letters, 'write_letter')('rain'))\n", False),
        (CARDS, CALLS + "\nWRITE = old_letters.letters.write_letter\n", False),
        (CARDS.replace("Cards:", "Cards(old_letters.Letters):"), CALLS, False),
        (
            CARDS + "\nfor each in (cards, old_letters.letters):\n    each.write_letter('x')\n",
            "",
            0,
        ),
    ],
    ids=["another", "its own", "somebody's", "by text", "as a value", "a subclass", "either"],
)
def test_what_the_name_is_called_on(cards: str, app: str, unused: bool, tmp_path: Path) -> None:
    app = app or CALLS
    assert silent(tmp_path, {"cards.py": cards, "app.py": app}, READS) is bool(unused)


PROTOCOL = """\
from typing import Protocol


class Writer(Protocol):
    def write_letter(self, topic): ...


def run(writer: Writer):
    return writer.write_letter("rain")
"""


@pytest.mark.parametrize(
    "files",
    [
        {"run.py": PROTOCOL},
        {"run.py": "import old_letters\n\n\ndef run(w):\n    getattr(w, input())('rain')\n"},
        {"jobs.yaml": "job: old_letters.letters.write_letter\n"},
    ],
    ids=["a protocol", "a name that is made up", "settings"],
)
def test_what_may_mean_it_all_the_same(files: dict[str, str], tmp_path: Path) -> None:
    assert silent(tmp_path, {"cards.py": CARDS, "app.py": CALLS}, READS)
    assert not silent(tmp_path, {"cards.py": CARDS, "app.py": CALLS, **files}, READS)
