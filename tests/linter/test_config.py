"""Settings: where they are found, what they may say, and what is said about mistakes."""

from __future__ import annotations

import datetime
import os
from dataclasses import replace
from pathlib import Path

import pytest

from skinflint.linter import config
from skinflint.linter.config import DEFAULT_EXCLUDE, Assume, ConfigError, ConfigResolver, Settings


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty project as the working directory."""
    project = tmp_path.resolve() / "project"
    project.mkdir()
    monkeypatch.chdir(project)
    return project


def write(path: str, text: str) -> Path:
    file = Path(path)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return file


def error_in(text: str) -> ConfigError:
    write("skinflint.toml", text)
    with pytest.raises(ConfigError) as caught:
        config.load()
    assert caught.value.path == "skinflint.toml"
    assert "\n" not in caught.value.message
    return caught.value


# --- finding ----------------------------------------------------------------------------------


def test_defaults(here: Path) -> None:
    settings = config.load()
    assert settings.path is None
    assert settings.root == str(here)
    assert settings.select is None
    assert settings.exclude is DEFAULT_EXCLUDE
    assert settings.respect_gitignore
    assert not settings.force_exclude
    assert not settings.preview
    assert settings.assume == Assume()


def test_the_closest_file_holds(here: Path) -> None:
    write("pyproject.toml", "[tool.skinflint]\nignore = ['outer']\n")
    write("a/b/skinflint.toml", "ignore = ['inner']\n")
    assert config.load("a").ignore == ("outer",)
    assert config.load("a").root == str(here)
    inner = config.load(Path("a/b/c"))
    assert inner.ignore == ("inner",)
    assert inner.root == str(here / "a/b")
    assert inner.path == str(here / "a/b/skinflint.toml")


def test_skinflint_toml_comes_before_pyproject(here: Path) -> None:
    write("pyproject.toml", "[tool.skinflint]\nignore = ['pyproject']\n")
    write("skinflint.toml", "ignore = ['own']\n")
    assert config.load().ignore == ("own",)


def test_a_pyproject_without_our_table_is_passed_over(here: Path) -> None:
    write("pyproject.toml", "[tool.skinflint]\nignore = ['outer']\n")
    write("a/pyproject.toml", "[project]\nname = 'a'\ndependencies = ['skinflint']\n")
    write("a/b/pyproject.toml", "not toml at all, but not ours either")
    assert config.load("a/b").ignore == ("outer",)


def test_an_empty_table_is_a_configuration(here: Path) -> None:
    write("pyproject.toml", "[tool.skinflint]\nignore = ['outer']\n")
    write("a/pyproject.toml", "[tool.skinflint]\n")
    assert config.load("a").ignore == ()
    assert config.load("a").path == str(here / "a/pyproject.toml")


def test_explicit_file(here: Path) -> None:
    write("skinflint.toml", "ignore = ['found']\n")
    write("ci/lint.toml", "ignore = ['named']\n")
    write("ci/other.toml", "[tool.skinflint]\nignore = ['nested']\n")
    settings = config.load("a", explicit="ci/lint.toml")
    assert settings.ignore == ("named",)
    assert settings.root == str(here)
    assert config.load(explicit="ci/other.toml").ignore == ("nested",)
    assert config.resolver("ci/lint.toml").settings_for("deep/down/x.py").ignore == ("named",)


def test_explicit_file_must_be_one(here: Path) -> None:
    write("pyproject.toml", "[project]\nname = 'skinflint-user'\n")
    Path("directory").mkdir()
    for name, said in (
        ("pyproject.toml", "has no [tool.skinflint] table"),
        ("nope.toml", "No such file"),
        ("directory", "can't be read"),
    ):
        with pytest.raises(ConfigError) as caught:
            config.load(explicit=name)
        assert caught.value.path == name
        assert said in caught.value.message


def test_isolated() -> None:
    write("skinflint.toml", "ignore = ['found']\n")
    assert config.load(isolated=True).ignore == ()
    assert config.resolver(isolated=True).settings_for("x.py").ignore == ()


def test_an_unreadable_file_is_said(here: Path) -> None:
    path = write("skinflint.toml", "")
    path.chmod(0)
    if os.access(path, os.R_OK):
        pytest.skip("this user may read everything")
    with pytest.raises(ConfigError, match="can't be read: Permission denied"):
        config.load()


# --- the resolver -----------------------------------------------------------------------------


def test_resolver_finds_the_closest_of_each_file(here: Path) -> None:
    write("skinflint.toml", "ignore = ['outer']\n")
    write("a/skinflint.toml", "ignore = ['inner']\n")
    resolver = ConfigResolver()
    assert resolver.settings_for("x.py").ignore == ("outer",)
    assert resolver.settings_for("a/x.py").ignore == ("inner",)
    assert resolver.settings_for("a/b/c/x.py") is resolver.settings_for("a/x.py")
    assert resolver.settings_for(str(here / "b/x.py")) is resolver.settings_for("x.py")
    assert resolver.settings_in("") is resolver.settings_in(".") is resolver.settings_in(str(here))


def test_resolver_reads_a_directory_once(here: Path) -> None:
    path = write("skinflint.toml", "ignore = ['outer']\n")
    resolver = ConfigResolver()
    first = resolver.settings_for("a/x.py")
    path.unlink()
    assert resolver.settings_for("a/y.py") is first
    assert resolver.settings_for("b/c/y.py") is first


def test_resolver_without_any_file_has_one_default(here: Path) -> None:
    resolver = ConfigResolver(override=lambda settings: replace(settings, preview=True))
    assert resolver.settings_for("x.py") is resolver.settings_for("a/x.py")
    assert resolver.settings_for("x.py").preview


def test_override_holds_for_every_file(here: Path) -> None:
    write("a/skinflint.toml", "ignore = ['inner']\n")
    resolver = ConfigResolver(override=lambda settings: replace(settings, force_exclude=True))
    assert resolver.settings_for("a/x.py").force_exclude
    assert resolver.settings_for("a/x.py").ignore == ("inner",)
    changed = replace(resolver, override=lambda settings: replace(settings, preview=True))
    assert not changed.settings_for("a/x.py").force_exclude
    fixed = replace(resolver, fixed=Settings(ignore=("fixed",)))
    assert fixed.settings_for("a/x.py").ignore == ("fixed",)
    assert fixed.settings_for("a/x.py").force_exclude


# --- keys -------------------------------------------------------------------------------------

EVERYTHING = """
select = ["SKF1", "no-cache"]
extend-select = ["SKF102"]
ignore = ["SKF103"]
exclude = ["vendored"]
extend-exclude = ["gen/**"]
preview = true
as-of = 2026-11-22
respect-gitignore = false
force-exclude = true
output-format = "json"
[per-file-ignores]
"tests/*.py" = ["SKF2"]
[routing]
"claude-opus-5-5" = "claude-haiku-5"
[assume]
stable = ["settings.*"]
single-user = true
calls-per-ttl = 40
[catalog.models."claude-opus-5-5"]
input = 5
"""


def test_every_key(here: Path) -> None:
    write("skinflint.toml", EVERYTHING)
    settings = config.load()
    assert settings.select == ("SKF1", "no-cache")
    assert settings.extend_select == ("SKF102",)
    assert settings.ignore == ("SKF103",)
    assert settings.exclude == ("vendored",)
    assert settings.extend_exclude == ("gen/**",)
    assert settings.preview
    assert settings.as_of == datetime.date(2026, 11, 22)
    assert not settings.respect_gitignore
    assert settings.force_exclude
    assert settings.output_format == "json"
    assert settings.per_file_ignores == {"tests/*.py": ("SKF2",)}
    assert settings.routing == {"claude-opus-5-5": "claude-haiku-5"}
    assert settings.assume == Assume(("settings.*",), True, 40)
    assert settings.catalog == {"models": {"claude-opus-5-5": {"input": 5}}}


def test_nothing_selected_is_not_the_default() -> None:
    write("skinflint.toml", "select = []")
    assert config.load().select == ()


def test_a_date_may_be_a_string() -> None:
    write("skinflint.toml", "as-of = '2026-11-22'")
    assert config.load().as_of == datetime.date(2026, 11, 22)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("selct = []", "unknown key selct; did you mean select?"),
        ("per_file_ignores = {}", "unknown key per_file_ignores; did you mean per-file-ignores?"),
        ("Ignore = []", "unknown key Ignore; did you mean ignore?"),
        ("zzz = 1", "unknown key zzz; there are as-of, assume, catalog, exclude,"),
        ("assume.singleuser = true", "unknown key assume.singleuser; did you mean assume.single-"),
        ("assume.zzz = 1", "unknown key assume.zzz; there are calls-per-ttl, single-user, stable"),
        ("ignore = 'SKF101'", "ignore must be an array of strings, not the string 'SKF101'"),
        ("ignore = ['a', 1]", "but its item 2 is the value 1"),
        ("ignore = ['']", "but its item 1 is the string ''"),
        ("ignore = {}", "ignore must be an array of strings, not a table"),
        ("preview = 1", "preview must be true or false, not the value 1"),
        ("preview = 'yes'", "preview must be true or false, not the string 'yes'"),
        ("as-of = 2026-11-22T10:00:00", "as-of must be a date such as 2026-01-31, not the value"),
        ("as-of = '22.11.2026'", "as-of must be a date such as 2026-01-31, not the string"),
        ("as-of = '20261122'", "as-of must be a date"),
        ("as-of = '2026-02-30'", "as-of must be a date"),
        ("as-of = 2026", "not the value 2026"),
        ("output-format = 'xml'", "one of full, concise, json, not the string 'xml'"),
        ("output-format = []", "one of full, concise, json, not an array"),
        ("extend = 3", "extend must be a string that is not empty, not the value 3"),
        ("extend = ' '", "extend must be a string that is not empty"),
        ("routing = []", "routing must be a table, not an array"),
        ("routing.'a-b' = 1", 'routing."a-b" must be a string that is not empty, not the value 1'),
        ("assume = true", "assume must be a table, not the boolean true"),
        ("assume.single-user = 'no'", "assume.single-user must be true or false"),
        ("assume.calls-per-ttl = 0", "must be a whole number of at least 1, not the value 0"),
        ("assume.calls-per-ttl = true", "not the boolean true"),
        ("assume.calls-per-ttl = 1.5", "not the value 1.5"),
        ("assume.stable = 'x'", "assume.stable must be an array of strings"),
        ("per-file-ignores = ['x']", "per-file-ignores must be a table, not an array"),
        ("per-file-ignores.x = 'y'", 'per-file-ignores."x" must be an array of strings'),
        ("per-file-ignores.'!' = []", "per-file-ignores has an empty pattern"),
        ("catalog = 1", "catalog must be a table, not the value 1"),
    ],
)
def test_mistakes(text: str, message: str) -> None:
    assert message in error_in(text).message


def test_broken_toml_names_the_line() -> None:
    assert "not valid TOML" in error_in("a = 1\nb = = 2\n").message
    assert "line 2" in error_in("a = 1\nb = = 2\n").message
    assert "not readable" in error_in("x = " + "[" * 100_000).message


def test_a_broken_pyproject_that_may_be_ours_is_said() -> None:
    write("pyproject.toml", "[tool.skinflint]\nignore = [\n")
    with pytest.raises(ConfigError, match=r"^pyproject\.toml: not valid TOML"):
        config.load()


def test_not_utf8() -> None:
    Path("skinflint.toml").write_bytes(b"preview = true\n# \xe4\n")
    with pytest.raises(ConfigError, match="line 2: not UTF-8"):
        config.load()


@pytest.mark.parametrize("value", ["3", "[]", "'x'"])
def test_our_table_must_be_one(value: str) -> None:
    write("pyproject.toml", f"[tool]\nskinflint = {value}\n")
    with pytest.raises(ConfigError, match=r"tool\.skinflint must be a table"):
        config.load()


def test_tool_that_is_no_table() -> None:
    write("pyproject.toml", "tool = 'skinflint'\n")
    assert config.load().path is None


# --- extend -----------------------------------------------------------------------------------


def test_extend(here: Path) -> None:
    write(
        "base/skinflint.toml",
        "select = ['SKF1']\nignore = ['SKF101']\nextend-select = ['SKF2']\npreview = true\n"
        "extend-exclude = ['gen']\n"
        "per-file-ignores = {'tests/*' = ['SKF3'], 'old/*' = ['SKF4']}\n"
        "routing = {a = 'b', c = 'd'}\n"
        "assume = {single-user = true, stable = ['x']}\n"
        "[catalog.models.m]\ninput = 1\noutput = 2\n",
    )
    write(
        "app/pyproject.toml",
        "[tool.skinflint]\nextend = '../base/skinflint.toml'\nignore = ['SKF102']\n"
        "extend-select = ['SKF5']\nextend-exclude = ['out']\n"
        "per-file-ignores = {'tests/*' = ['SKF6']}\n"
        "routing = {c = 'e'}\nassume = {stable = ['y']}\n"
        "[tool.skinflint.catalog.models.m]\noutput = 3\n",
    )
    settings = config.load("app")
    assert settings.root == str(here / "app")
    assert settings.path == str(here / "app/pyproject.toml")
    assert settings.select == ("SKF1",)
    assert settings.ignore == ("SKF102",)
    assert settings.preview
    assert settings.extend_select == ("SKF2", "SKF5")
    assert settings.extend_exclude == ("gen", "out")
    assert settings.per_file_ignores == {"tests/*": ("SKF6",), "old/*": ("SKF4",)}
    assert settings.routing == {"a": "b", "c": "e"}
    assert settings.assume == Assume(("y",), True)
    assert settings.catalog == {"models": {"m": {"input": 1, "output": 3}}}


def test_extend_over_several_files() -> None:
    write("skinflint.toml", "extend = 'a/one.toml'\nignore = ['top']")
    write("a/one.toml", "extend = '../b/two.toml'\nextend-select = ['one']\npreview = false")
    write("b/two.toml", "extend-select = ['two']\npreview = true\nignore = ['low']")
    settings = config.load()
    assert settings.extend_select == ("two", "one")
    assert settings.ignore == ("top",)
    assert not settings.preview


def test_extend_goes_wrong() -> None:
    assert error_in("extend = 'nope.toml'").message == "extend: there is no file nope.toml"
    assert error_in("extend = 'skinflint.toml'").message == (
        "extend goes round in a circle: skinflint.toml -> skinflint.toml"
    )
    write("skinflint.toml", "extend = 'a.toml'")
    write("a.toml", "extend = 'b.toml'")
    write("b.toml", "extend = 'a.toml'")
    with pytest.raises(ConfigError) as caught:
        config.load()
    assert caught.value.path == "b.toml"
    assert "skinflint.toml -> a.toml -> b.toml -> a.toml" in caught.value.message


def test_a_mistake_in_an_extended_file_is_told_of_that_file() -> None:
    write("skinflint.toml", "extend = 'a.toml'")
    write("a.toml", "preview = 1")
    with pytest.raises(ConfigError) as caught:
        config.load()
    assert caught.value.path == "a.toml"
    write("pyproject.toml", "[project]")
    write("skinflint.toml", "extend = 'pyproject.toml'")
    with pytest.raises(ConfigError, match=r"pyproject\.toml: has no \[tool\.skinflint\] table"):
        config.load()


# --- per-file-ignores -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pattern", "path", "fits"),
    [
        ("tests/*.py", "tests/x.py", True),
        ("tests/*.py", "tests/deep/x.py", False),
        ("tests/**", "tests/deep/x.py", True),
        ("tests", "tests/deep/x.py", True),
        ("tests/", "pkg/tests/x.py", True),
        ("/tests/", "pkg/tests/x.py", False),
        ("x.py", "pkg/x.py", True),
        ("*_job.py", "pkg/night_job.py", True),
        ("!src/**", "src/x.py", False),
        ("!src/**", "scripts/x.py", True),
        ("tests/*.py", "/tests/x.py", False),
        ("*.py", "../x.py", False),
    ],
)
def test_per_file_ignores(pattern: str, path: str, fits: bool) -> None:
    settings = Settings(per_file_ignores={pattern: ("SKF101", "no-cache")})
    assert settings.ignored_in(path) == (("SKF101", "no-cache") if fits else ())


def test_per_file_ignores_are_relative_to_the_configuration(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write("app/skinflint.toml", "per-file-ignores = {'tests/*' = ['a'], '*' = ['b', 'a']}")
    settings = config.load("app")
    assert settings.ignored_in("app/tests/x.py") == ("a", "b")
    assert settings.ignored_in("tests/x.py") == ()
    (here / "app/tests").mkdir()
    monkeypatch.chdir(here / "app/tests")
    assert settings.ignored_in("x.py") == ("a", "b")
    assert settings.ignored_in(str(here / "app/x.py")) == ("b", "a")


def test_relative(here: Path) -> None:
    assert config.relative("a/b.py", str(here)) == "a/b.py"
    assert config.relative(".", str(here)) == ""
    assert config.relative("../x", str(here)) is None
    assert config.relative(f"{here}-twin/x", str(here)) is None
    assert config.relative("/x/y", os.sep) == "x/y"
