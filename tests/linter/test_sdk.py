"""Which version of the SDK a project pins: every file that may say so, and which of them holds."""

from __future__ import annotations

from pathlib import Path

import pytest

from skinflint.catalog.versions import Versions
from skinflint.linter.config import Settings, load
from skinflint.linter.sdk import Pins


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout: nothing above it has a say."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".git").mkdir()
    return tmp_path


def write(path: str, text: str | bytes) -> None:
    file = Path(path)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(text if isinstance(text, bytes) else text.encode())


def said(directory: str = "", settings: Settings | None = None) -> str:
    """``version (path:line)``, then the notes."""
    pins = Pins(settings or Settings())
    version = pins.pinned(directory)
    words = [] if version is None else [f"{version.written} ({version.path}:{version.line})"]
    return " | ".join([*words, *pins.notes])


UV = """\
version = 1
requires-python = ">=3.11"

[[package]]
name = "anthropic-tools"
version = "9.9.9"

[[package]]
name = "anthropic"
version = "2.12.0"
source = { registry = "https://pypi.org/simple" }
dependencies = [
    { name = "anyio" },
]

[[package]]
name = "app"
version = "0.1.0"

[package.metadata]
requires-dist = [{ name = "anthropic", specifier = ">=1.0" }]
"""

FILES = {
    "uv.lock": (UV, "2.12.0 (uv.lock:10)"),
    "poetry.lock": (
        '[[package]]\nname = "anthropic"\nversion = "0.39.0"\ndescription = ""\n\n'
        '[package.extras]\nbedrock = ["boto3"]\n',
        "0.39.0 (poetry.lock:3)",
    ),
    "pdm.lock": (
        '[[package]]\nname = "anthropic"\nversion = "1.4.0"\n\n[[package]]\nname = "anthropic"\n'
        'version = "1.4.0"\nextras = ["vertex"]\n',
        "1.4.0 (pdm.lock:3)",
    ),
    "pylock.toml": (
        'lock-version = "1.0"\n[[packages]]\nname = "anthropic"\nversion = "2.0.0"\n',
        "2.0.0 (pylock.toml:4)",
    ),
    "Pipfile.lock": (
        '{"default": {\n "anthropic": {\n  "hashes": ["sha256:0"],\n  "version": "==0.40.0"\n },\n'
        ' "anyio": {"version": "==4"}}}\n',
        "0.40.0 (Pipfile.lock:4)",
    ),
    "Pipfile": ('[packages]\nanthropic = ">=0.40"\n', ">=0.40 (Pipfile:2)"),
    "requirements.txt": (
        "# anthropic==9\nanyio==4  # for anthropic\nAnthropic[bedrock] == 0.39.0 \\\n"
        "    --hash=sha256:abc \\\n    --hash=sha256:def\n",
        "0.39.0 (requirements.txt:3)",
    ),
    "requirements-dev.txt": ("anthropic>=0.39,<1 ; python_version > '3.9'\n", None),
    "dev-requirements.txt": ("anthropic ~= 1.2 # why\n", None),
    "requirements.in": ("anthropic\n", None),
    "requirements/base.txt": ("anthropic (>=1)\n", None),
    "setup.cfg": (
        "[metadata]\nname = x\n[options]\ninstall_requires =\n    anyio\n    anthropic>=1.0,<2\n",
        ">=1.0,<2 (setup.cfg:6)",
    ),
    "setup.py": (
        "from setuptools import setup\nNEEDS = ['anyio', 'anthropic==1.17.0']\n"
        "setup(name='x', install_requires=NEEDS)\n",
        "1.17.0 (setup.py:2)",
    ),
}
EXPECTED = {
    "requirements-dev.txt": ">=0.39,<1 (requirements-dev.txt:1)",
    "dev-requirements.txt": "~= 1.2 (dev-requirements.txt:1)",
    "requirements.in": " (requirements.in:1)",
    "requirements/base.txt": ">=1 (requirements/base.txt:1)",
}


@pytest.mark.parametrize("name", FILES)
def test_every_file(name: str) -> None:
    text, expected = FILES[name]
    write(name, text)
    assert said() == (expected or EXPECTED[name])
    assert said("src/app/deep") == (expected or EXPECTED[name])


PYPROJECTS = {
    '[project]\ndependencies = [\n  "anyio",\n  "anthropic>=2.0,<3",\n]\n': ">=2.0,<3 (P:4)",
    "[project]\ndependencies = [\"anthropic[vertex]==2.12.0; sys_platform != 'win32'\"]\n": (
        "2.12.0 (P:2)"
    ),
    '[project.optional-dependencies]\napi = ["anthropic>=1.0"]\n': ">=1.0 (P:2)",
    # what the package itself needs says more than what its tests need
    '[project]\ndependencies = ["anthropic>=1"]\n[dependency-groups]\ndev = ["anthropic==2.0"]\n': (
        ">=1 (P:2)"
    ),
    '[dependency-groups]\ndev = ["x", {include-group = "y"}]\ny = ["anthropic==2.0"]\n': (
        "2.0 (P:3)"
    ),
    '[tool.poetry.dependencies]\npython = "^3.11"\nanthropic = "^0.39"\n': "^0.39 (P:3)",
    '[tool.poetry.dependencies]\nanthropic = "0.39.1"\n': "0.39.1 (P:2)",
    '[tool.poetry.dependencies.anthropic]\nversion = "~1.2"\nextras = ["vertex"]\n': "~1.2 (P:1)",
    '[tool.poetry.dependencies]\nanthropic = {version = "*", optional = true}\n': " (P:2)",
    '[tool.poetry.dependencies]\nanthropic = {git = "https://x.org/y.git"}\n': " (P:2)",
    '[tool.poetry.dependencies]\nanthropic = [{version = "^1"}, {version = "^2"}]\n': (
        "^1 or ^2 (P:2)"
    ),
    '[tool.poetry.group.dev.dependencies]\nanthropic = "^1"\n': "^1 (P:2)",
    '[tool.poetry.dev-dependencies]\nanthropic = "^1"\n': "^1 (P:2)",
    '[tool.uv]\ndev-dependencies = ["anthropic>=1"]\n': ">=1 (P:2)",
    '[tool.pdm.dev-dependencies]\ntest = ["anthropic>=1"]\n': ">=1 (P:2)",
    '[project]\ndependencies = ["anthropic @ https://x.org/anthropic-0.39.0-py3-none-any.whl"]\n': (
        "0.39.0 (P:2)"
    ),
    '[project]\ndependencies = ["anthropic @ git+https://x.org/sdk@v1.4.0"]\n': "1.4.0 (P:2)",
    '[project]\ndependencies = ["anthropic @ file:///sdk"]\n': " (P:2)",
    # not this package, or not there at all
    '[project]\ndependencies = ["anthropic-bedrock>=1", "langchain-anthropic", "xanthropic"]\n': "",
    '[project]\ndependencies = "anthropic"\n': "",
    '[project]\nname = "anthropic-app"\n[tool]\nuv = 3\npoetry = []\n': "",
    'project = "anthropic"\n': "",
}


@pytest.mark.parametrize("text", PYPROJECTS)
def test_pyproject(text: str) -> None:
    write("pyproject.toml", text)
    assert said() == PYPROJECTS[text].replace("(P:", "(pyproject.toml:")


def test_included_requirements() -> None:
    write("requirements.txt", "-r base/more.txt\n--requirement=dev.txt\n-c https://x.org/c.txt\n")
    write("base/more.txt", "-r ../requirements.txt\n-cpins.txt\nanthropic>=1\n")
    write("base/pins.txt", "anthropic==1.4.0\n")
    write("dev.txt", "pytest\n")
    assert said() == "1.4.0 (base/pins.txt:1)"


def test_a_lock_says_more_than_a_range() -> None:
    write("pyproject.toml", '[project]\ndependencies = ["anthropic>=1"]\n')
    write("requirements.txt", "anthropic>=1\n")
    write("uv.lock", UV)
    assert said() == "2.12.0 (uv.lock:10)"


def test_a_frozen_requirement_says_more_than_a_range() -> None:
    write("pyproject.toml", '[project]\ndependencies = ["anthropic>=1"]\n')
    write("requirements.in", "anthropic>=1\n")
    write("requirements.txt", "anthropic==1.8.0\n    # via -r requirements.in\n")
    assert said() == "1.8.0 (requirements.txt:1)"


def test_the_nearest_file_holds() -> None:
    write("uv.lock", UV)
    write("services/a/requirements.txt", "anthropic==0.39.0\n")
    write("services/b/pyproject.toml", '[project]\ndependencies = ["anthropic>=2"]\n')
    write("services/c/pyproject.toml", '[project]\ndependencies = ["anthropic<1"]\n')
    write("services/d/pyproject.toml", '[project]\ndependencies = ["anyio"]\n')
    assert said("services/a/src") == "0.39.0 (services/a/requirements.txt:1)"
    # the lock of the workspace holds for its members, unless it can't be theirs
    assert said("services/b/src") == "2.12.0 (uv.lock:10)"
    assert said("services/c/src") == "<1 (services/c/pyproject.toml:2)"
    assert said("services/d") == said() == "2.12.0 (uv.lock:10)"


def test_nothing_above_the_checkout() -> None:
    write("uv.lock", UV)
    write("inner/.git/HEAD", "")
    assert said("inner/src") == ""
    assert said() != ""


def test_several_releases_are_a_range() -> None:
    write("uv.lock", UV + '\n[[package]]\nname = "anthropic"\nversion = "1.0.0"\n')
    pins = Pins(Settings())
    version = pins.pinned("")
    assert version is not None
    assert version.written == "2.12.0 or 1.0.0"
    assert version.allows == Versions((1, 0, 0), (2, 12, 0, 0))


def test_the_configuration_overrules_them() -> None:
    write("uv.lock", UV)
    write("pyproject.toml", '[tool.skinflint]\nignore = []\nsdk-version = ">=1.0,<2"\n')
    assert said("deep/below", load()) == ">=1.0,<2 (pyproject.toml:3)"


@pytest.mark.parametrize(
    ("name", "data", "why"),
    [
        ("pyproject.toml", "[project\ndependencies = ['anthropic']\n", "not valid TOML: "),
        ("pyproject.toml", "x = " + "[" * 3000 + "'anthropic'", ""),
        ("pyproject.toml", b"# anthropic \xff\n", "not UTF-8"),
        ("uv.lock", b'name = "anthropic"\nversion = "\xff"', "not UTF-8"),
        ("requirements.txt", b"anthropic==1\n\xff\n", "not UTF-8"),
        ("requirements.txt", b"\xff\xfea", "not UTF-8"),
        ("requirements.txt", "-r gone.txt\n", "there is no file gone.txt, which it includes"),
        ("setup.py", "setup(install_requires=['anthropic'\n", "not valid Python"),
        ("setup.py", b"setup(install_requires=['anthropic'])\0", "not valid Python"),
        ("setup.cfg", "anthropic\n", "File contains no section headers."),
        ("Pipfile", "[packages\nanthropic = '*'\n", "not valid TOML: "),
    ],
)
def test_files_that_cant_be_read_are_passed_over(name: str, data: str | bytes, why: str) -> None:
    write(name, data)
    heard = said("below")
    assert heard.startswith(f"{name} is not read for the version of anthropic: {why}")
    assert "\n" not in heard
    write("below/setup.cfg", "[options]\ninstall_requires = anthropic>=1\n")
    assert said("below").startswith(">=1 (below/setup.cfg:2)")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (
            "setup.py",
            "import anthropic\nsetup(install_requires=needs(), extras_require={**more})\n",
        ),
        ("setup.cfg", "[tool]\nx = anthropic\n[options.extras_require]\n"),
        ("Pipfile.lock", '{"anthropic": {'),
        ("uv.lock", "<<<<<<< ours\nname = 'anthropic'\n=======\n"),
        ("requirements.txt", "anthropic==\\\n"),
        ("requirements.txt", "anthropic nonsense\n"),
        ("requirements.txt", "-r .\n-r\nanthropic.sub\n"),
    ],
)
def test_odd_files_do_no_harm(name: str, text: str) -> None:
    write(name, text)
    pins = Pins(Settings())
    version = pins.pinned("")
    assert version is None or version.allows == Versions()


def test_a_file_of_windows() -> None:
    write("requirements.txt", "anyio==4\r\nanthropic==0.39.0\r\n".encode("utf-16"))
    assert said() == "0.39.0 (requirements.txt:2)"
    write("requirements.txt", "\N{BOM}anthropic==0.40.0\r\n".encode())
    assert said() == "0.40.0 (requirements.txt:1)"


def test_what_is_no_file() -> None:
    Path("requirements.txt").mkdir()
    Path("uv.lock").mkdir()
    Path("requirements").write_text("anthropic", "utf-8")
    assert said() == ""


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("anthropic==2.12.0\n", "anthropic 2.12.0 is pinned (requirements.txt:1)"),
        ("anthropic>=1\n", "anthropic >=1 is required (requirements.txt:1)"),
        ("anthropic\n", "anthropic is required in any version (requirements.txt:1)"),
    ],
)
def test_sentences(text: str, sentence: str) -> None:
    write("requirements.txt", text)
    write("a/requirements.txt", "anthropic==1.0.0\n")
    write("b/setup.cfg", "anthropic\n")
    pins = Pins(Settings())
    assert pins.sentences(["src/x.py", "y.py"]) == (sentence,)
    assert pins.sentences(["y.py", "b/x.py", "a/x.py"]) == (
        sentence,
        "anthropic 1.0.0 is pinned (a/requirements.txt:1)",
        "b/setup.cfg is not read for the version of anthropic: File contains no section headers.",
    )
