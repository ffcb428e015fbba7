"""What the fixers are handed: a check of overlays that looks again only where it must."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from by_hand import CONTEXT

from skinflint.cli.mend import Recheck
from skinflint.cli.run import Group
from skinflint.cli.selection import Asked, Rules
from skinflint.linter import engine
from skinflint.linter.config import Settings
from skinflint.linter.project import Project

CLEAN = """\
import anthropic

MODEL = "claude-sonnet-5-5"


def answer(question):
    client = anthropic.Anthropic()
    return client.messages.create(
        model=MODEL, max_tokens=100, messages=[{"role": "user", "content": question}]
    )
"""
RETIRED = CLEAN.replace("claude-sonnet-5-5", "claude-3-opus-20240229")
IGNORED = RETIRED.replace('240229"', '240229"  # skinflint: ignore[SKF402] replay')


@pytest.fixture
def looked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The paths whose requests are rebuilt, as it happens."""
    seen: list[str] = []
    real = Project.requests

    def requests(self: Project, source: Any) -> Any:
        seen.append(source.path)
        return real(self, source)

    monkeypatch.setattr(Project, "requests", requests)
    return seen


@pytest.fixture
def recheck(project: Path) -> Recheck:
    texts = {"a.py": RETIRED, "b.py": IGNORED, "c.py": CLEAN, "d.py": "x = 1\n"}
    for path, text in texts.items():
        (project / path).write_text(text)
    settings = Settings()
    rules = Rules(settings, Asked())
    group = Group(settings, tuple(texts), rules, lambda: CONTEXT, engine.Options())
    sources = engine.Sources()
    first = engine.check(group.files, rules, settings, CONTEXT, sources=sources)
    return Recheck(group, first, sources)


def ids(recheck: Recheck, overlay: dict[str, str]) -> list[tuple[str, str]]:
    return [(f.primary.path, f.rule.id) for f in recheck(overlay).findings]


def test_without_an_overlay_it_says_what_check_says(recheck: Recheck) -> None:
    assert ids(recheck, {}) == [("a.py", "SKF402")]
    assert recheck.result({}).suppressed == 1
    assert len(recheck({}).requests) == 3


def test_overlays_stand_for_what_is_on_disk(recheck: Recheck, project: Path) -> None:
    assert ids(recheck, {"a.py": CLEAN, "c.py": RETIRED}) == [("c.py", "SKF402")]
    assert (project / "a.py").read_text() == RETIRED


def test_a_comment_that_hides_nothing_any_more_shows(recheck: Recheck) -> None:
    overlay = {"b.py": IGNORED.replace("claude-3-opus-20240229", "claude-sonnet-5-5")}
    assert ids(recheck, {}) == [("a.py", "SKF402")]
    assert ids(recheck, overlay) == [("a.py", "SKF402"), ("b.py", "SKF001")]
    assert ids(recheck, {}) == [("a.py", "SKF402")]


def test_an_overlay_that_is_no_python_is_a_problem(recheck: Recheck) -> None:
    checked = recheck({"a.py": "import anthropic\n("})
    assert [(problem.path, problem.kind) for problem in checked.problems] == [
        ("a.py", "syntax-error")
    ]


def test_a_file_is_looked_at_again_only_if_it_changed(recheck: Recheck, looked: list[str]) -> None:
    recheck({})
    assert looked == ["a.py", "b.py", "c.py"]  # not d.py, which sends nothing
    looked.clear()
    recheck({"a.py": CLEAN})
    assert looked == ["a.py"]
    looked.clear()
    recheck({"a.py": CLEAN, "c.py": RETIRED})
    assert looked == ["c.py"]
    looked.clear()
    recheck({"a.py": CLEAN})
    recheck({})
    assert looked == []
