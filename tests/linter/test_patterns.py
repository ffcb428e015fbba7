"""Patterns, held against git itself."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from skinflint.linter.patterns import Patterns

FILES = [
    "a.py",
    "b.py",
    "a/a.py",
    "a/b.py",
    "a/b/a.py",
    "a/b/c.txt",
    "a/b/a/b.py",
    "b/a/c.py",
    "b/b/.env",
    "ab/a b.py",
    "ab/[a].py",
    "ab/a-b.py",
    "c/#a",
    "c/!a",
    "c/a ",
    "c/A.PY",
    "c/9",
]


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if shutil.which("git") is None:
        pytest.skip("needs git")
    root = tmp_path_factory.mktemp("repository")
    for name in FILES:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(b"")
    git(root, "init", "-q", ".")
    return root


def git(root: Path, *arguments: str, given: str = "") -> str:
    done = subprocess.run(
        ["git", *arguments],
        cwd=root,
        input=given.encode(),
        capture_output=True,
        env={
            **{key: value for key, value in os.environ.items() if not key.startswith("GIT_")},
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_CONFIG_GLOBAL": os.devnull,
            "HOME": str(root),
        },
        check=False,
    )
    assert done.returncode in (0, 1), done.stderr
    return done.stdout.decode()


def ignored_by_git(root: Path, patterns: str) -> set[str]:
    (root / ".gitignore").write_bytes(patterns.encode())
    shown = git(root, "check-ignore", "--no-index", "-z", "--stdin", given="\0".join(FILES))
    return set(shown.split("\0")) - {""}


def ignored_by_us(patterns: str) -> set[str]:
    matcher = Patterns(patterns.split("\n"))
    return {name for name in FILES if matcher.covers(name)}


PART = st.sampled_from(
    [
        *(
            "a",
            "b",
            "c",
            "ab",
            "py",
            ".",
            ".py",
            "*",
            "**",
            "***",
            "?",
            "\\*",
            "\\a",
            "\\",
            "!",
            "#",
            "-",
        ),
        *(
            "[ab]",
            "[a-c]",
            "[!a]",
            "[^b]",
            "[a",
            "]",
            "[]a]",
            "[b-a]",
            "[\\]a]",
            "[a-",
            "[[:alpha:]]",
        ),
        *("[![:digit:]]", "[[:x:]]"),
    ]
)
LINES = st.lists(
    st.builds(
        lambda negated, parts, end: negated + "".join(parts) + end,
        st.sampled_from(["", "", "!", "#", "/"]),
        st.lists(st.one_of(PART, st.just("/")), max_size=5),
        st.sampled_from(["", "", "/", "/**", " ", "\\ ", ".py"]),
    ),
    max_size=5,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(LINES)
@example(["a/**", "!a/**/", "!a/**/*.py"])
@example(["*", "!*/", "!*.py"])
@example(["*.py", "!a/"])
@example(["a/*", "!a/b"])
@example(["a/b", "!a/b/a.py"])
@example(["**/a", "b/**/c.py", "ab/**"])
@example(["/*.py", "a/**/b.py"])
@example(["a**//", "ab/a**/b.py", "a**/b"])
@example(["\\#a", "\\!a", "a\\ ", "c/a "])
@example(["#a", "!", "/", "//", "", " ", "a//"])
@example(["[a-b].py", "ab/[[]a].py", "ab/\\[a\\].py"])
@example(["*.py[cod]", "*$py.class", ".env", "a b.py"])
def test_as_git_does(repository: Path, lines: list[str]) -> None:
    patterns = "\n".join(lines)
    assert ignored_by_us(patterns) == ignored_by_git(repository, patterns)


def test_nothing_to_match() -> None:
    assert not Patterns([])
    assert not Patterns(["", "# comment", "!", "/"])
    assert Patterns(["a"])


@pytest.mark.parametrize(
    ("lines", "path", "is_directory", "verdict"),
    [
        (["build"], "a/build", True, True),
        (["build/"], "a/build", False, None),
        (["build/"], "a/build", True, True),
        (["/build"], "a/build", True, None),
        (["*.log", "!keep.log"], "keep.log", False, False),
        (["!keep.log", "*.log"], "keep.log", False, True),
        (["*", "!*/"], "a", True, False),
        (["a/**"], "a", True, None),
        (["a/**"], "a/b", True, True),
        (["*.log"], "x.py", False, None),
    ],
)
def test_verdicts(lines: list[str], path: str, is_directory: bool, verdict: bool | None) -> None:
    name = path.rpartition("/")[2]
    assert Patterns(lines).decide(path, name, is_directory) is verdict


def test_covers_looks_at_the_directories_above() -> None:
    patterns = Patterns(["build/", "!build/keep.py"])
    assert patterns.covers("a/build/keep.py")
    assert not patterns.covers("a/build.py")
    assert not patterns.covers("")
