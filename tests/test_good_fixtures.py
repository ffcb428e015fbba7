"""Code that a hasty reader would report, and that is right: the command stays silent on it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

FIXTURES = sorted((Path(__file__).parent / "fixtures_good").glob("*.py"))


#: What makes a fixture bad: its name, what is written for what, and the rule that says so then.
TURNED = {
    "the newest message, not the first": (
        "system_text_by_role",
        'message["role"] == "system"',
        'message["role"] == "user"',
        "SKF202",
    ),
    "a budget of one question": (
        "talk_with_a_budget",
        "        if self.spent_tokens >= MOST_TOKENS:",
        "        self.spent_tokens = 0\n        if self.spent_tokens >= MOST_TOKENS:",
        "SKF303",
    ),
    "left out when somebody asks for it": (
        "talk_whose_results_are_left_out",
        "if self.count_tokens() > self.most_tokens:",
        'if question == "/short":',
        "SKF303",
    ),
    "a picture taken back": (
        "pictures_taken_out",
        "if count > MAX_PICTURES:",
        "if i == len(self.messages) - 1:",
        "SKF303",
    ),
    "a turn taken back": (
        "first_message_kept",
        "if len(self.messages) > 21:",
        'if question == "/undo":',
        "SKF303",
    ),
    "a loop that somebody goes on with": (
        "agents_on_a_bus",
        "while turns < self.most_turns:",
        "while True:",
        "SKF303",
    ),
    "the newest turn taken back by its owner": (
        "trimmed_by_its_owner",
        """        if len(self.planner.messages) > self.longest:
            self.planner.messages.pop(1)
            self.planner.messages.pop(1)
""",
        "        self.planner.messages.pop()\n",
        "SKF303",
    ),
    "a tool whose result is sent back": (
        "paused_and_taken_up",
        'return "tool_use", calls',
        "continue",
        "SKF801",
    ),
    "the newest message behind the rules": (
        "rules_of_the_first_message",
        "rules = messages[0]",
        "rules = messages[-1]",
        "SKF202",
    ),
    "parts of what the user says": (
        "system_parts_by_role",
        'if role == "system":',
        'if role == "user":',
        "SKF202",
    ),
    "a reply in a marked text that is long enough": (
        "language_in_a_short_prompt",
        'Titles are in "',
        'Titles are in " * 400',
        "SKF202",
    ),
    "a step that is not kept": (
        "steps_on_a_screen",
        '    messages.append({"role": "assistant", "content": said})\n',
        "",
        "SKF401",
    ),
}


def checked(code: str, name: str, folder: Path) -> tuple[list[str], list[str], int]:
    copy = folder / f"{name}.py"
    copy.write_text(code, "utf-8")
    done = subprocess.run(
        [
            *(sys.executable, "-m", "skinflint", "check", "--isolated"),
            *("--as-of", "2026-11-22", "--output-format", "json", copy.name),
        ],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    report = json.loads(done.stdout)
    found = [f"{f['line']}: {f['rule']} {f['message']}" for f in report["findings"]]
    return found, report["errors"], done.returncode


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.stem)
def test_nothing_is_reported(path: Path, tmp_path: Path) -> None:
    assert checked(path.read_text("utf-8"), path.stem, tmp_path) == ([], [], 0)


@pytest.mark.parametrize("why", TURNED)
def test_what_is_turned_around_is_reported(why: str, tmp_path: Path) -> None:
    name, good, bad, rule = TURNED[why]
    code = (FIXTURES[0].parent / f"{name}.py").read_text("utf-8")
    assert code.count(good) == 1
    found, errors, _ = checked(code.replace(good, bad), name, tmp_path)
    assert (any(rule in each for each in found), errors) == (True, [])
