"""Paths to files."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from skinflint.linter import config
from skinflint.linter.config import ConfigResolver, Settings
from skinflint.linter.discover import Discovery, discover


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty repository as the working directory; its own parents may have names that matter."""
    project = tmp_path.resolve() / "build" / "venv" / "project"
    project.mkdir(parents=True)
    (project / ".git").mkdir()
    monkeypatch.chdir(project)
    return project


def tree(*names: str) -> None:
    """Make empty files; directories for names that end in a slash."""
    for name in names:
        path = Path(name)
        if name.endswith("/"):
            path.mkdir(parents=True, exist_ok=True)
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(b"")


def write(path: str, text: str) -> None:
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_bytes(text.encode())


def found(*paths: str, **changes: object) -> Discovery:
    settings = Settings(**changes)  # type: ignore[arg-type]
    return discover(paths or (".",), settings)


def files(*paths: str, **changes: object) -> tuple[str, ...]:
    result = found(*paths, **changes)
    assert not result.problems
    return result.files


def problem(*paths: str, **changes: object) -> tuple[str, str]:
    (only,) = found(*paths, **changes).problems
    return only.path, only.kind


# --- what is taken ----------------------------------------------------------------------------


def test_a_directory() -> None:
    tree("b.py", "a/x.py", "a/x.pyi", "a/x.pyw", "a/x.pyc", "a/x.txt", "a/n.ipynb", "a/b/c/d.py")
    tree("empty/", "py", ".hidden/x.py")
    assert files() == (
        ".hidden/x.py",
        "a/b/c/d.py",
        "a/n.ipynb",
        "a/x.py",
        "a/x.pyi",
        "a/x.pyw",
        "b.py",
    )


def test_names_are_relative_to_the_working_directory(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tree("a/x.py", "a/b/y.py")
    assert files("a") == files("./a/") == files(str(here / "a")) == ("a/b/y.py", "a/x.py")
    assert files("./a/../a/x.py") == files(str(here / "a/x.py")) == ("a/x.py",)
    monkeypatch.chdir("a/b")
    assert files("..") == ("../x.py", "y.py")
    assert files("../x.py") == ("../x.py",)


def test_the_order_of_the_paths_does_not_matter() -> None:
    tree("b/x.py", "a/x.py", "c.py")
    assert files("b", "c.py", "a") == files("a", "b", "c.py") == ("a/x.py", "b/x.py", "c.py")


def test_each_file_once() -> None:
    tree("a/x.py", "a/b/y.py")
    assert files("a", "a/x.py", "./a/b", "a") == ("a/b/y.py", "a/x.py")


def test_a_directory_that_is_called_like_a_file() -> None:
    tree("x.py/y.py")
    assert files() == files("x.py") == ("x.py/y.py",)


def test_named_files_are_taken_whatever_they_are_called() -> None:
    write("run", "#!/usr/bin/env python3\n")
    write("env-s", "#!/usr/bin/env -S uv run --script\n")
    write(".gitignore", "*.py\n")
    tree("build/x.py", "a.py")
    assert files("run", "env-s", "build/x.py", "a.py") == ("a.py", "build/x.py", "env-s", "run")
    assert found(".").files == ()


@pytest.mark.parametrize("text", ["", "python\n", "#!/bin/sh\npython\n", "# python\n", "\0\xff"])
def test_a_named_file_that_is_no_python(text: str) -> None:
    write("run", text)
    assert problem("run") == ("run", "not-python")


def test_a_notebook_is_found_and_named() -> None:
    tree("a.ipynb", "b/c.ipynb", ".ipynb_checkpoints/a-checkpoint.ipynb", "b/x.ipynb.bak")
    assert files() == ("a.ipynb", "b/c.ipynb")
    assert files("a.ipynb") == ("a.ipynb",)
    assert files("b") == ("b/c.ipynb",)


# --- what is not there ------------------------------------------------------------------------


def test_missing() -> None:
    tree("a.py")
    result = found("nope.py", "a.py", "no/where/", "", "a\0b")
    assert result.files == ("a.py",)
    assert [(each.path, each.kind) for each in result.problems] == [
        ("", "missing-path"),
        ("a\0b", "missing-path"),
        ("no/where", "missing-path"),
        ("nope.py", "missing-path"),
    ]
    assert not result.all_excluded


def test_a_file_as_a_directory() -> None:
    tree("a.py")
    assert problem("a.py/b.py") == ("a.py/b.py", "unreadable")


def test_a_directory_without_python() -> None:
    tree("a/x.txt", "b.py")
    result = found("a", "b.py")
    assert result.files == ("b.py",)
    assert [(each.path, each.kind) for each in result.problems] == [("a", "no-python")]
    assert not result.all_excluded


def test_python_that_only_a_default_hides_is_told() -> None:
    tree("node_modules/gyp/x.py", "venv/x.py", "app.js")
    (only,) = found(".").problems
    assert only.kind == "no-python"
    assert "other than in node_modules, which is excluded by default" in only.message


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_pipe() -> None:
    os.mkfifo("x.py")
    tree("y.py")
    assert files(".") == ("y.py",)
    assert problem("x.py") == ("x.py", "unreadable")


def test_an_unreadable_directory_is_said_and_the_rest_goes_on() -> None:
    tree("a/x.py", "b/x.py")
    Path("a").chmod(0)
    try:
        if os.access("a", os.R_OK):
            pytest.skip("this user may read everything")
        result = found(".")
        assert result.files == ("b/x.py",)
        assert [(each.path, each.kind) for each in result.problems] == [("a", "unreadable")]
        assert problem("a") == ("a", "unreadable")
        assert problem("a/x.py") == ("a/x.py", "unreadable")
    finally:
        Path("a").chmod(0o700)


# --- links ------------------------------------------------------------------------------------


def link(name: str, target: str) -> None:
    try:
        os.symlink(target, name)
    except OSError:
        pytest.skip("needs symbolic links")


def test_links_to_directories_are_not_followed() -> None:
    tree("a/x.py")
    link("a/loop", "..")
    link("b", "a")
    link("c.py", "a")
    assert files() == ("a/x.py",)


def test_a_directory_that_is_named_may_be_a_link() -> None:
    tree("a/x.py", "a/b/y.py")
    link("b", "a")
    assert files("b") == ("b/b/y.py", "b/x.py")
    assert files("b", "a") == files("b", "a/x.py", "a/b") == ("a/b/y.py", "a/x.py")


def test_links_to_files_stand_for_them() -> None:
    tree("a/x.py", "other.txt")
    write("script", "#!/usr/bin/python\n")
    link("b.py", "a/x.py")
    link("c.py", "a/x.py")
    link("d.py", "script")
    link("e.py", "d.py")
    link("broken.py", "nowhere")
    link("self.py", "self.py")
    assert files() == ("a/x.py", "d.py")
    assert files("b.py", "c.py") == ("b.py",)
    assert files("c.py", "a") == ("a/x.py",)
    assert problem("broken.py") == ("broken.py", "missing-path")
    assert problem("self.py") == ("self.py", "unreadable")


def test_up_from_a_link_is_up_from_where_it_leads(here: Path) -> None:
    tree("a/b/", "a/x.py", "x.py")
    link("c", "a/b")
    assert files("c/../x.py") == ("a/x.py",)
    assert files("c/..") == ("a/x.py",)


# --- exclusion by configuration ---------------------------------------------------------------


def test_defaults_hold_below_what_is_named_and_never_above() -> None:
    tree("a.py", "build/x.py", "a/dist/x.py", "a/.venv/lib/x.py", "a/builder/x.py")
    assert files() == ("a.py", "a/builder/x.py")
    assert files("build", "a/dist") == ("a/dist/x.py", "build/x.py")
    assert files("a/.venv/lib") == ("a/.venv/lib/x.py",)


def test_exclude_and_extend_exclude() -> None:
    tree("a.py", "build/x.py", "gen/x.py", "a/gen/x.py", "a/b/x_pb2.py", "dist/y.py")
    assert files(extend_exclude=("gen", "*_pb2.py")) == ("a.py",)
    assert files(exclude=("/gen", "*_pb2.py")) == (
        "a.py",
        "a/gen/x.py",
        "build/x.py",
        "dist/y.py",
    )
    assert files(exclude=()) == (
        "a.py",
        "a/b/x_pb2.py",
        "a/gen/x.py",
        "build/x.py",
        "dist/y.py",
        "gen/x.py",
    )
    assert files(extend_exclude=("a/**/gen/", "gen/*", "!gen/x.py")) == (
        "a.py",
        "a/b/x_pb2.py",
        "gen/x.py",
    )


def test_patterns_are_relative_to_the_configuration(monkeypatch: pytest.MonkeyPatch) -> None:
    tree("a/gen/x.py", "a/y.py", "gen/z.py")
    write("skinflint.toml", "extend-exclude = ['/a/gen']")
    settings = config.load()
    assert discover(["."], settings).files == ("a/y.py", "gen/z.py")
    assert discover(["a"], settings).files == ("a/y.py",)
    monkeypatch.chdir("a")
    assert discover(["."], settings).files == ("y.py",)
    assert discover([".."], settings).files == ("../gen/z.py", "y.py")


def test_all_excluded() -> None:
    tree("gen/x.py", "gen/deep/y.py", "b.txt")
    result = found(".", extend_exclude=("gen",))
    assert result == Discovery(
        (), (), ("nothing was checked: everything in . is excluded",), all_excluded=True
    )
    result = found("gen", extend_exclude=("*.py",))
    assert result.all_excluded
    assert result.notes == ("nothing was checked: everything in gen is excluded",)


def test_excluded_without_python_is_no_python() -> None:
    tree("gen/x.txt", "b.txt")
    assert problem(".", extend_exclude=("gen", "*.txt")) == (".", "no-python")


def test_force_exclude() -> None:
    tree("a.py", "build/x.py", "gen/y.py", "gen/z/w.py")
    changes = {"force_exclude": True, "extend_exclude": ("gen",)}
    assert files("a.py", "build/x.py", "gen/y.py", "gen/z", "gen", **changes) == ("a.py",)
    result = found("build/x.py", "gen/y.py", "gen/z", "gen", **changes)
    assert result.all_excluded
    assert not result.problems
    assert result.notes == (
        "nothing was checked: everything in build/x.py, gen/y.py, gen/z and 1 more is excluded",
    )


def test_a_problem_is_not_all_excluded() -> None:
    tree("gen/y.py")
    result = found("gen", "nope", force_exclude=True, extend_exclude=("gen",))
    assert not result.all_excluded
    assert not result.notes
    assert len(result.problems) == 1


# --- several configurations -------------------------------------------------------------------


def test_closer_configurations_hold_below_them() -> None:
    tree("gen/x.py", "a/gen/x.py", "a/out/x.py", "a/b/gen/x.py", "c/out/x.py")
    write("skinflint.toml", "extend-exclude = ['gen']")
    write("a/pyproject.toml", "[tool.skinflint]\nexclude = ['/out', '/b/gen']")
    resolver = ConfigResolver()
    for paths in (["."], ["a", "c"], ["a/gen", "a", "c/out"]):
        assert discover(paths, resolver.settings_in(""), resolver).files == (
            "a/gen/x.py",
            "c/out/x.py",
        )
    assert discover(["."], config.load()).files == ("a/out/x.py", "c/out/x.py")


def test_a_broken_configuration_takes_its_directory_out() -> None:
    tree("a/x.py", "a/b/y.py", "c.py")
    write("a/skinflint.toml", "preview = 1")
    resolver = ConfigResolver()
    for paths in (["."], ["a", "c.py"], ["a/x.py", "a/b", "c.py"]):
        result = discover(paths, Settings(), resolver)
        assert result.files == ("c.py",)
        assert [(each.path, each.kind) for each in result.problems] == [
            ("a/skinflint.toml", "config-error")
        ]


# --- .gitignore -------------------------------------------------------------------------------


def test_gitignore_of_each_level() -> None:
    tree("x.py", "a/x.py", "a/y.py", "a/b/x.py", "a/b/y.py", "a/b/z.py", "log/x.py", "a/log")
    write(".gitignore", "\ufeff# comment\r\nlog/\r\n/x.py\r\n\r\n*.tmp\r\n")
    write("a/.gitignore", "y.py\n/b/z.py")
    write("a/b/.gitignore", "!y.py\nx.py")
    assert files() == ("a/b/y.py", "a/x.py")
    assert files("a") == files("a", ".") == ("a/b/y.py", "a/x.py")
    assert files("a/b") == ("a/b/y.py",)


def test_negation_within_an_ignored_directory_has_no_say() -> None:
    tree("a/x.py", "a/b/y.py", "c/x.py", "c/d/x.py", "c/d/keep.py", "e/x.py", "e/x.txt")
    write(".gitignore", "a/\n!a/b/y.py\nc/**\n!c/**/\n!c/**/keep.py\n*.py\n!e/\n!keep.py")
    assert files() == ("c/d/keep.py",)


def test_info_exclude() -> None:
    tree("x.py", "y.py", "a/x.py")
    write(".git/info/exclude", "x.py\n")
    assert files() == ("y.py",)
    write("a/.gitignore", "!x.py\n")
    assert files() == ("a/x.py", "y.py")
    assert files("a") == ("a/x.py",)


def test_gitignore_can_be_left_aside() -> None:
    tree("x.py", "a/y.py")
    write(".gitignore", "*.py\n")
    write("a/.gitignore", "*\n")
    assert files(respect_gitignore=False) == files("a", ".", respect_gitignore=False)
    assert files(respect_gitignore=False) == ("a/y.py", "x.py")


def test_everything_ignored_is_all_excluded() -> None:
    tree("a/x.py", "a/y.py")
    write("a/.gitignore", "*\n")
    result = found("a")
    assert result.all_excluded
    assert not result.problems


def test_a_directory_that_is_named_is_walked_though_ignored() -> None:
    tree("gen/x.py", "gen/sub/gen/y.py")
    write(".gitignore", "gen\n")
    assert files("gen") == ("gen/x.py",)


def test_a_repository_within_has_its_own_rules() -> None:
    tree("x.py", "inner/x.py", "inner/y.py", "inner/.git/", "inner/z.py")
    write(".gitignore", "x.py\n")
    write("inner/.gitignore", "y.py\n")
    write("inner/.git/info/exclude", "z.py\n")
    assert files() == files("inner") == ("inner/x.py",)


def test_nothing_above_the_repository_counts(here: Path) -> None:
    tree("x.py")
    (here.parent / ".gitignore").write_text("*.py\n")
    assert files() == ("x.py",)


def test_without_a_repository_the_project_counts(here: Path) -> None:
    tree("a/x.py", "a/y.py", "a/b/x.py")
    (here / ".git").rmdir()
    write(".gitignore", "x.py\n")
    write("a/.gitignore", "!/b/x.py\n")
    assert files("a") == ("a/b/x.py", "a/y.py")
    assert files("a", root=str(here / "a")) == ("a/b/x.py", "a/x.py", "a/y.py")
    (here.parent / ".gitignore").write_text("*.py\n")
    assert files("a") == ("a/b/x.py", "a/y.py")


def test_a_worktree(here: Path) -> None:
    (here / ".git").rmdir()
    write("main/.git/info/exclude", "x.py\n")
    write("main/.git/worktrees/w/commondir", "../..\n")
    write("w/.git", f"gitdir: {here}/main/.git/worktrees/w\n")
    tree("w/x.py", "w/y.py", "w/a/x.py")
    assert files("w") == ("w/y.py",)
    assert found("w/a").all_excluded
    write("s/.git", "gitdir: ../main/.git/modules/s")
    write("main/.git/modules/s/info/exclude", "y.py\n")
    tree("s/x.py", "s/y.py")
    assert files("s") == ("s/x.py",)
    write("s/.git", "nonsense")
    assert files("s") == ("s/x.py", "s/y.py")


def test_against_git(here: Path) -> None:
    if shutil.which("git") is None:
        pytest.skip("needs git")
    subprocess.run(["git", "init", "-q", "."], check=True)
    tree("x.py", "a/x.py", "a/keep/x.py", "a/keep/deep/x.py", "b/c/d/x.py", "b/c/y.py", "b/z.py")
    tree("lib/x.py", "b/lib/x.py", "b/[x].py", "ä/ö.py", "b/with space.py")
    write(".gitignore", "/lib/\n**/d\nä/ö.*\n\\[x].py\n")
    write("a/.gitignore", "*\n!keep/\n!keep/**\nkeep/deep/*.py\n")
    write("b/.gitignore", "!d\nc/*\n!c/d\nwith\\ space.py\n")
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--others", "--exclude-standard"],
        check=True,
        capture_output=True,
        env={**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"},
    )
    names = os.fsdecode(listed.stdout).split("\0")
    assert files() == tuple(sorted(name for name in names if name.endswith(".py")))
