"""Attributes of a base class that each class made of it has for itself."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from skinflint.linter import config, engine
from skinflint.linter.source import from_bytes
from skinflint.rules.base import Context
from skinflint.rules.retired_model import RetiredModel

CONTEXT = Context(as_of=datetime.date(2026, 11, 22))
BASE = """\
import anthropic


class Writer:
    model = "claude-3-opus-20240229"

    def write(self, topic):
        return anthropic.Anthropic().messages.create(
            model=self.model, max_tokens=900, messages=[{"role": "user", "content": topic}]
        )
"""
POET = "from writer import Writer\n\n\nclass Poet(Writer):\n    model = 'claude-sonnet-5-5'\n"
USES = "import shelf\nfrom poet import Poet\n\nprint(shelf.keep(Poet).write('rain'))\n"


@pytest.mark.parametrize(
    ("files", "silent"),
    [
        ({}, True),
        ({"poet.py": POET.replace("model =", "model: str =")}, True),
        ({"poet.py": POET.replace("(Writer)", "(Writer[str])")}, True),
        ({"poet.py": POET.replace("    model =", "    kind =")}, False),
        ({"other.py": "from writer import Writer\n\n\nclass Other(Writer):\n    pass\n"}, False),
        ({"other.py": "from writer import Writer\n\n\ndef f(writer: Writer): ...\n"}, True),
        ({"other.py": "from writer import Writer\n\nprint(Writer().write('a'))\n"}, False),
        ({"other.py": "from writer import Writer\n\nKINDS = {'plain': Writer}\n"}, False),
        ({"tests/test_it.py": "from writer import Writer\n\nWriter().write('a')\n"}, True),
        ({"poet.py": "", "app.py": "from writer import Writer\n"}, False),
    ],
)
def test_each_class_made_of_it_has_its_own(
    files: dict[str, str], silent: bool, tmp_path: Path
) -> None:
    written = {"requirements.txt": "", "writer.py": BASE, "poet.py": POET, "app.py": USES, **files}
    for name, said in written.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(said)
    path = str(tmp_path / "writer.py")
    result = engine.check(
        [from_bytes(path, BASE.encode())],
        [RetiredModel()],
        config.load(None, None, isolated=True),
        CONTEXT,
    )
    assert result.problems == ()
    assert (not result.findings) is silent
