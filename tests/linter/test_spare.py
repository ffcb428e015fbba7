"""Requests that nobody sends unless the settings are changed."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from skinflint.linter import config, engine
from skinflint.linter.source import from_bytes
from skinflint.rules.base import Context
from skinflint.rules.retired_model import RetiredModel
from skinflint.rules.uncapped_tool_loop import UncappedToolLoop

DAY = datetime.date(2026, 11, 22)
WRITER = """\
import anthropic


class ClaudeWriter:
    def __init__(self, config=None):
        self.client = anthropic.Anthropic()

    def write(self, tools, letter):
        messages = [{"role": "user", "content": letter}]
        while True:
            reply = self.client.messages.create(
                model="claude-sonnet-5-5", max_tokens=900, tools=tools, messages=messages
            )
            messages.append({"role": "assistant", "content": reply.content})
            calls = [block for block in reply.content if block.type == "tool_use"]
            if not calls:
                return reply
            messages.append({"role": "user", "content": [look_up(call) for call in calls]})


def look_up(call):
    return {"type": "tool_result", "tool_use_id": call.id, "content": open(call.input).read()}
"""
OTHER = "class GeminiWriter:\n    def write(self, tools, letter):\n        return letter\n"
MAKES = """\
import os
from writer import ClaudeWriter
from other import GeminiWriter


def make(settings):
    maker = settings.get("maker", "gemini")
    if maker == "claude":
        return ClaudeWriter(settings)
    return GeminiWriter()
"""
BY_LETTERS = """\
import argparse
from writer import ClaudeWriter
from other import GeminiWriter

OURS = ("claude",)


def make(model):
    name = model.lower()
    if any(name.startswith(each) for each in OURS + ("anthropic",)):
        return ClaudeWriter()
    return GeminiWriter()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--model", default="gemini-2.5-pro")
    args = parser.parse_args()
    print(make(args.model).write([], "Dear Sir"))


main()
"""
TABLE = """\
import os
from writer import ClaudeWriter
from other import GeminiWriter

WRITERS = {"claude": ClaudeWriter, "gemini": GeminiWriter}


def make():
    return WRITERS[os.getenv("LETTER_MAKER", "gemini")]()
"""
INNER = """\
import os
from writer import ClaudeWriter

MAKER = os.getenv("LETTER_MAKER", "openai")


def answer(tools, letter):
    if MAKER == "anthropic":
        return ClaudeWriter().write(tools, letter)
    return letter
"""


def told(folder: Path, files: dict[str, str], *, preview: bool = False) -> bool:
    for name, text in {"writer.py": WRITER, "other.py": OTHER, **files}.items():
        (folder / name).write_text(text)
    path = str(folder / "writer.py")
    result = engine.check(
        [from_bytes(path, (folder / "writer.py").read_bytes())],
        [UncappedToolLoop()],
        config.load(None, None, isolated=True),
        Context(as_of=DAY, preview=preview),
    )
    assert result.problems == ()
    assert result.requests
    return bool(result.findings)


@pytest.mark.parametrize("text", [MAKES, BY_LETTERS, TABLE, INNER])
def test_another_maker_is_the_default(tmp_path: Path, text: str) -> None:
    assert not told(tmp_path, {"app.py": text})
    assert told(tmp_path, {"app.py": text}, preview=True)


@pytest.mark.parametrize(
    "text",
    [
        MAKES.replace('"gemini")', '"claude")'),
        BY_LETTERS.replace("gemini-2.5-pro", "claude-opus-5-5"),
        TABLE.replace('"gemini")]', '"claude")]'),
        INNER.replace('"openai")', '"anthropic")'),
        MAKES.replace('maker = settings.get("maker", "gemini")', 'maker = settings["maker"]'),
        MAKES.replace('"gemini"', '"plain"'),
    ],
)
def test_claude_is_the_default_or_none_is_known(tmp_path: Path, text: str) -> None:
    assert told(tmp_path, {"app.py": text})


def test_settings_of_the_project_count_before_the_code(tmp_path: Path) -> None:
    assert told(tmp_path, {"app.py": TABLE, ".env.example": "LETTER_MAKER=claude\n"})
    claude = TABLE.replace('"gemini")]', '"claude")]')
    assert not told(tmp_path, {"app.py": claude, ".env.example": "LETTER_MAKER=gemini\n"})


def test_who_makes_it_without_a_choice_sends_it(tmp_path: Path) -> None:
    plain = "from writer import ClaudeWriter\n\nprint(ClaudeWriter().write([], 'x'))\n"
    assert told(tmp_path, {"app.py": MAKES, "now.py": plain})


def test_a_flag_that_the_settings_turn_off(tmp_path: Path) -> None:
    flagged = WRITER.replace(
        '        messages = [{"role"',
        "        if not self.letters_by_model:\n            return None\n"
        '        messages = [{"role"',
    ).replace(
        "        self.client",
        "        self.letters_by_model = config.letters_by_model\n        self.client",
    )
    assert told(tmp_path, {"writer.py": flagged})
    assert told(tmp_path, {"writer.py": flagged, "desk.yaml": "letters_by_model: true\n"})
    assert not told(tmp_path, {"writer.py": flagged, "desk.yaml": "letters_by_model: false\n"})


@pytest.mark.parametrize(
    ("test", "said", "sent"),
    [
        ('os.environ.get("LETTERS_ON") == "1"', "", False),
        ('os.getenv("LETTERS_ON", "").lower() in ("1", "true")', "", False),
        ('letter and os.getenv("LETTERS_ON", "false") == "true"', "", False),
        ('os.environ.get("LETTERS_ON") == "1"', "LETTERS_ON=1\n", True),
        ('os.getenv("LETTERS_ON", "true") == "true"', "", True),
        ('os.getenv("LETTERS_ON") == "model"', "", True),
        ('os.getenv("LETTERS_ON")', "", True),
        ('not os.getenv("LETTERS_ON") == "1"', "", True),
    ],
)
def test_a_variable_that_has_to_be_on(tmp_path: Path, test: str, said: str, sent: bool) -> None:
    flagged = "import os\n" + WRITER.replace(
        '        messages = [{"role"',
        f'        if not ({test}):\n            return None\n        messages = [{{"role"',
    )
    assert told(tmp_path, {"writer.py": flagged, ".env.example": said}) is sent
    assert told(tmp_path, {"writer.py": flagged, ".env.example": said}, preview=True)


@pytest.mark.parametrize(
    "files",
    [
        {"README.md": "Run it with `LETTERS_ON=1 python app.py`.\n"},
        {"run.sh": "export LETTERS_ON=1\n"},
        {"run.yml": "env:\n  LETTERS_ON: '1'\n"},
        {"pod.yaml": "- name: LETTERS_ON\n  value: '1'\n"},
        {"start.py": "import os\n\nos.environ['LETTERS_ON'] = '1'\n"},
    ],
)
def test_a_variable_that_something_has_on(tmp_path: Path, files: dict[str, str]) -> None:
    flagged = "import os\n" + WRITER.replace(
        '        messages = [{"role"',
        '        if os.getenv("LETTERS_ON") != "1" and True:\n            pass\n'
        '        if not (os.getenv("LETTERS_ON") == "1"):\n            return None\n'
        '        messages = [{"role"',
    )
    pages = {"NOTES.md": "`LETTERS_ON` is a flag.\n", "PLAN_2026.md": "LETTERS_ON=1\n"}
    flagged = "# when LETTERS_ON=1\n" + flagged
    assert not told(tmp_path, {"writer.py": flagged, **pages})
    assert told(tmp_path, {"writer.py": flagged, **files})
    by_platform = flagged.replace("LETTERS_ON", "GITHUB_ACTIONS")
    assert told(tmp_path, {"writer.py": by_platform})


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ('        """Deprecated: the desk calls answer() now."""\n', False),
        ('        """Write an answer to a letter."""\n', True),
        ('        """Explain a legacy contract in plain words."""\n', True),
    ],
)
def test_what_is_kept_for_those_who_still_call_it(tmp_path: Path, said: str, kept: bool) -> None:
    head = "    def write(self, tools, letter):\n"
    assert told(tmp_path, {"writer.py": WRITER.replace(head, head + said)}) is kept


@pytest.mark.parametrize(
    ("page", "line", "of_use"),
    [
        ("README.md", "`writer.py`  the former agent, superseded by desk.py", False),
        ("README.md", "├── writer.py      # Legacy, kept for reference", False),
        ("CLAUDE.md", "- writer.py - deprecated", False),
        ("README.md", "writer.py   # Legacy command line (still supported)", True),
        ("README.md", "├── old_writer.py   # Legacy", True),
        ("README.md", "writer.py   # reads legacy files", True),
        ("README.md", "writer.py   # writes letters", True),
        ("NOTES.md", "writer.py   # Legacy", True),
        ("README.md", "- `examples/writer.py` - legacy version", True),
        ("README.md", "`writer.py` runs now: `letters.py` is no longer used", True),
    ],
)
def test_what_a_page_calls_old(tmp_path: Path, page: str, line: str, of_use: bool) -> None:
    files = {"pyproject.toml": "", page: f"# Letters\n\n{line}\n"}
    assert told(tmp_path, files) is of_use
    assert told(tmp_path, files, preview=True)


def test_a_comment_above_counts_as_well(tmp_path: Path) -> None:
    head = "    def write(self, tools, letter):\n"
    old = WRITER.replace(head, f"    # blocking, kept for compatibility\n\n{head}")
    assert not told(tmp_path, {"writer.py": old})


def test_a_retired_model_is_told_of_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(MAKES)
    (tmp_path / "other.py").write_text(OTHER)
    text = WRITER.replace("claude-sonnet-5-5", "claude-3-opus-20240229")
    (tmp_path / "writer.py").write_text(text)
    result = engine.check(
        [from_bytes(str(tmp_path / "writer.py"), text.encode())],
        [RetiredModel()],
        config.load(None, None, isolated=True),
        Context(as_of=DAY),
    )
    assert result.findings
