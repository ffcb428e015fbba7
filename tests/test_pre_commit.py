"""Both hooks under real pre-commit, installed from this checkout, on staged files."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ["skinflint", "pyproject.toml", "README.md", "LICENSE", ".pre-commit-hooks.yaml"]

#: five breakpoints are one more than the API takes; the fix is safe
DIRTY = '''\
"""Ask about five documents."""

import anthropic
from house.guides import CHAINS, FRAMES, LIGHTS, LOCKS, TYRES

client = anthropic.Anthropic()


def ask(question: str) -> anthropic.types.Message:
    return client.messages.create(
        model="claude-sonnet-5-5",
        max_tokens=1024,
        system=[
            {"type": "text", "text": CHAINS, "cache_control": {"type": "ephemeral"}},
            {"type": "text", "text": FRAMES, "cache_control": {"type": "ephemeral"}},
            {"type": "text", "text": LIGHTS, "cache_control": {"type": "ephemeral"}},
            {"type": "text", "text": LOCKS, "cache_control": {"type": "ephemeral"}},
            {"type": "text", "text": TYRES, "cache_control": {"type": "ephemeral"}},
        ],
        messages=[{"role": "user", "content": question}],
    )
'''


class Repo:
    """A git repository in a folder of the test's."""

    def __init__(self, path: Path, home: Path) -> None:
        self.path = path
        self.environment = {
            name: value for name, value in os.environ.items() if not name.startswith("GIT_")
        }
        self.environment |= {
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_AUTHOR_NAME": "Test",
            "GIT_AUTHOR_EMAIL": "test@example.org",
            "GIT_COMMITTER_NAME": "Test",
            "GIT_COMMITTER_EMAIL": "test@example.org",
            "PRE_COMMIT_HOME": str(home),
            "PRE_COMMIT_COLOR": "never",
        }
        path.mkdir(exist_ok=True)
        self.run("git", "init", "-q")

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Run a command in the repository."""
        done = subprocess.run(
            command,
            cwd=self.path,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        if command[0] == "git":
            assert done.returncode == 0, done.stdout
        return done

    def try_hooks(self, hooks: Path) -> tuple[int, dict[str, str]]:
        """Run all hooks of the repository at ``hooks`` on the staged files: exit code, outputs."""
        done = self.run(sys.executable, "-m", "pre_commit", "try-repo", str(hooks), "--verbose")
        parts: dict[str, str] = {}
        name = ""
        for line in done.stdout.splitlines():
            head = line.partition("..")[0]
            if head in ("skinflint", "skinflint (fix)"):
                name = head
            if name:
                parts[name] = parts.get(name, "") + line + "\n"
        assert set(parts) == {"skinflint", "skinflint (fix)"}, done.stdout
        return done.returncode, parts


@pytest.fixture
def hooks(tmp_path: Path) -> Path:
    """This checkout as it stands, committed in a repository of its own."""
    repo = Repo(tmp_path / "hooks", tmp_path / "home")
    for name in PACKAGE:
        if (ROOT / name).is_dir():
            shutil.copytree(
                ROOT / name, repo.path / name, ignore=shutil.ignore_patterns("__pycache__")
            )
        else:
            shutil.copy(ROOT / name, repo.path / name)
    repo.run("git", "add", "--all")
    repo.run("git", "commit", "-q", "-m", "The checkout under test")
    return repo.path


def test_the_hooks_check_and_mend_staged_files(hooks: Path, tmp_path: Path) -> None:
    repo = Repo(tmp_path / "project", tmp_path / "home")
    ask = repo.path / "ask.py"
    ask.write_text(DIRTY, encoding="utf-8")
    (repo.path / "notes.md").write_text("client.messages.create\n", encoding="utf-8")
    repo.run("git", "add", "--all")

    code, outputs = repo.try_hooks(hooks)
    assert code == 1
    assert "Failed" in outputs["skinflint"].splitlines()[0]
    assert "marker-on-every-block" in outputs["skinflint"]
    assert "Failed" in outputs["skinflint (fix)"].splitlines()[0]
    assert "files were modified by this hook" in outputs["skinflint (fix)"]
    mended = ask.read_text(encoding="utf-8")
    assert mended.count("cache_control") <= 4

    repo.run("git", "add", "--all")
    code, outputs = repo.try_hooks(hooks)
    assert code == 0, outputs
    assert "Passed" in outputs["skinflint"].splitlines()[0]
    assert "Passed" in outputs["skinflint (fix)"].splitlines()[0]
    assert ask.read_text(encoding="utf-8") == mended
