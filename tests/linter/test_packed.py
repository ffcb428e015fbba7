"""Which files of a project are packed, as what builds it would do."""

from __future__ import annotations

from pathlib import Path

import pytest

from skinflint.linter.packed import is_for_others, is_packed
from skinflint.linter.tree import Tree

BUILT = "[build-system]\nrequires = ['{0}']\nbuild-backend = '{1}'\n"
SETUPTOOLS = BUILT.format("setuptools", "setuptools.build_meta")
POETRY = BUILT.format("poetry-core", "poetry.core.masonry.api")
HATCH = BUILT.format("hatchling", "hatchling.build")
FLIT = BUILT.format("flit_core", "flit_core.buildapi")
NAMED = "[project]\nname = 'Desk-Letters'\n"
SETUP = "from setuptools import find_packages, setup\nsetup({})\n"
PYPROJECT, SETUP_PY, SETUP_CFG = "pyproject.toml", "setup.py", "setup.cfg"


@pytest.mark.parametrize(
    ("name", "text", "packed"),
    [
        (PYPROJECT, "[tool.ruff]\n", ()),
        (PYPROJECT, SETUPTOOLS, ()),  # two packages: it refuses to choose
        (PYPROJECT, SETUPTOOLS + "[tool.setuptools]\npackages = ['desk.inner']\n", ("inner",)),
        (
            PYPROJECT,
            SETUPTOOLS + "[tool.setuptools]\npackages = ['d', 'd.inner']\n"
            "[tool.setuptools.package-dir]\nd = 'desk'\n",
            ("desk", "inner"),
        ),
        (PYPROJECT, SETUPTOOLS + "[tool.setuptools]\npy-modules = ['app']\n", ("app",)),
        (PYPROJECT, SETUPTOOLS + "[tool.setuptools.packages.find]\nwhere = ['more']\n", ("more",)),
        (
            PYPROJECT,
            SETUPTOOLS + "[tool.setuptools.packages.find]\ninclude = ['desk*']\n",
            ("desk", "inner"),
        ),
        (PYPROJECT, POETRY + "[tool.poetry]\nname = 'desk'\n", ("desk", "inner")),
        (PYPROJECT, POETRY + "[tool.poetry]\npackage-mode = false\n", ()),
        (
            PYPROJECT,
            POETRY + "[tool.poetry]\nname = 'x'\n"
            "packages = [{ include = 'inner', from = 'desk' }]\n",
            ("inner",),
        ),
        (PYPROJECT, HATCH + NAMED, ()),  # none is called so
        (PYPROJECT, HATCH, ("app", "desk", "inner", "more")),
        (PYPROJECT, HATCH + "[project]\nname = 'more'\n", ("more",)),
        (
            PYPROJECT,
            HATCH + "[tool.hatch.build.targets.wheel]\npackages = ['desk/inner']\n",
            ("inner",),
        ),
        (
            PYPROJECT,
            HATCH + "[tool.hatch.build]\nexclude = ['x']\n",
            ("app", "desk", "inner", "more"),
        ),
        (PYPROJECT, FLIT + "[tool.flit.module]\nname = 'more'\n", ("more",)),
        (PYPROJECT, BUILT.format("maturin", "maturin"), ("app", "desk", "inner", "more")),
        (PYPROJECT, "build-system = 3\n", ("app", "desk", "inner", "more")),
        (PYPROJECT, "[build-system\n", ("app", "desk", "inner", "more")),
        (SETUP_PY, SETUP.format("packages=find_packages()"), ("app", "desk", "inner", "more")),
        (SETUP_PY, SETUP.format("packages=find_packages(where='more')"), ("more",)),
        (SETUP_PY, SETUP.format("packages=find_packages('more', include=['a*'])"), ()),
        (SETUP_PY, SETUP.format("packages=['more']"), ("more",)),
        (SETUP_PY, SETUP.format("py_modules=['app']"), ("app",)),
        (SETUP_PY, SETUP.format("packages=found()"), ("app", "desk", "inner", "more")),
        (SETUP_PY, SETUP.format("**known"), ("app", "desk", "inner", "more")),
        (SETUP_PY, "def (", ("app", "desk", "inner", "more")),
        (
            SETUP_CFG,
            "[options]\npackages = find:\n[options.packages.find]\nwhere = more\n",
            ("more",),
        ),
        (SETUP_CFG, "[options]\npackages =\n    desk\n", ("desk", "inner")),
        (SETUP_CFG, "[flake8]\nmax-line-length = 99\n", ()),
        (SETUP_CFG, "no section", ("app", "desk", "inner", "more")),
    ],
)
def test_what_is_packed(tmp_path: Path, name: str, text: str, packed: tuple[str, ...]) -> None:
    files = {
        "app": tmp_path / "app.py",
        "desk": tmp_path / "desk" / "letters.py",
        "inner": tmp_path / "desk" / "inner" / "stamps.py",
        "more": tmp_path / "more" / "seals.py",
        "tests": tmp_path / "tests" / "test_app.py",
    }
    for path in files.values():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("")
    (tmp_path / name).write_text(text)
    del files["tests"]
    found = tuple(key for key, path in files.items() if is_packed(str(path), str(tmp_path)))
    assert found == packed


@pytest.mark.parametrize(
    ("places", "packed"),
    [
        (("src/desk", "tools"), "src/desk"),
        (("desk", "tests", "docs", "scripts"), "desk"),
        (("desk", "more"), ""),
    ],
)
def test_what_setuptools_finds_by_itself(
    tmp_path: Path, places: tuple[str, ...], packed: str
) -> None:
    (tmp_path / PYPROJECT).write_text(SETUPTOOLS)
    for place in places:
        (tmp_path / place).mkdir(parents=True)
        (tmp_path / place / "part.py").write_text("")
    found = [p for p in places if is_packed(str(tmp_path / p / "part.py"), str(tmp_path))]
    assert found == [packed][: bool(packed)]


DESK = HATCH + "[project]\nname = 'desk'\n"
COMMAND = DESK + "[project.scripts]\ndesk = 'desk.letters:main'\n"


@pytest.mark.parametrize(
    ("files", "others"),
    [
        ({PYPROJECT: COMMAND, "README.md": "Run `desk rain`.\n"}, False),
        ({PYPROJECT: COMMAND, "README.md": "```python\nfrom desk import letters\n```\n"}, True),
        ({PYPROJECT: COMMAND, "README.md": "", "docs/use.rst": "import desk\n"}, True),
        # what is told to those who work on it alone
        ({PYPROJECT: COMMAND, "README.md": "", "specs/1/quickstart.md": "import desk\n"}, False),
        ({PYPROJECT: COMMAND, "README.md": "", "CLAUDE.md": "import desk\n"}, False),
        ({PYPROJECT: COMMAND, "README.md": "", "docs/desk-plan.md": "import desk\n"}, False),
        ({PYPROJECT: COMMAND, "README.md": "", "docs/planning.md": "import desk\n"}, True),
        ({PYPROJECT: COMMAND}, True),  # nothing tells how it is used
        ({PYPROJECT: DESK, "README.md": "Run `desk rain`.\n"}, True),
        ({SETUP_PY: SETUP.format("packages=['desk'], entry_points={'console_scripts': []}")}, True),
        (
            {
                SETUP_PY: SETUP.format("packages=['desk'], entry_points={'console_scripts': []}"),
                "README.rst": "Run it.\n",
            },
            False,
        ),
        ({"desk-1.0.dist-info/METADATA": "Name: desk\n"}, True),
        (
            {
                "desk-1.0.dist-info/METADATA": "Name: desk\n\nRun it.\n",
                "desk-1.0.dist-info/entry_points.txt": "[console_scripts]\ndesk = desk:main\n",
            },
            False,
        ),
        (
            {
                "desk-1.0.dist-info/METADATA": "Name: desk\n\n    import desk\n",
                "desk-1.0.dist-info/entry_points.txt": "[console_scripts]\ndesk = desk:main\n",
            },
            True,
        ),
        ({"README.md": "import desk\n"}, False),
        # a server is started, by whatever starts it
        (
            {PYPROJECT: DESK, "README.md": "", "Dockerfile": 'CMD ["uvicorn", "desk.api:app"]'},
            False,
        ),
        ({PYPROJECT: DESK, "README.md": "streamlit run desk/app.py --server.port 1"}, False),
        ({PYPROJECT: DESK, "README.md": "", "Procfile": "web: gunicorn -w 4 desk.api:app"}, False),
        ({PYPROJECT: DESK, "README.md": "uvicorn examples.desk:app"}, True),
        ({PYPROJECT: DESK, "README.md": "import desk\nuvicorn desk.api:app"}, True),
        # notebooks of those who work on it, and for others
        ({PYPROJECT: COMMAND, "README.md": "", "notebooks/look.ipynb": "import desk"}, False),
        ({PYPROJECT: COMMAND, "README.md": "", "examples/look.ipynb": "import desk"}, True),
    ],
)
def test_a_package_that_is_there_to_be_started(
    tmp_path: Path, files: dict[str, str], others: bool
) -> None:
    for name, text in {"desk/letters.py": "", "desk/__init__.py": "", **files}.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    tree = Tree(str(tmp_path), lambda: iter([str(tmp_path / "desk" / "letters.py")]))
    assert is_for_others(str(tmp_path / "desk" / "letters.py"), tree) is others


SERVICES = SETUPTOOLS + "[tool.setuptools]\npackages = ['services']\n"
BOTH = SETUPTOOLS + "[tool.setuptools]\npackages = ['services', 'desk']\n"
TOOLS = BOTH.replace("services", "tools")


@pytest.mark.parametrize(
    ("file", "files", "others"),
    [
        ("services/letters.py", {PYPROJECT: SERVICES, "README.md": ""}, False),
        ("services/letters.py", {PYPROJECT: SERVICES, "README.md": "import services\n"}, True),
        (
            "services/letters.py",
            {PYPROJECT: SERVICES, "README.md": "", "docs/a.md": "import services"},
            False,
        ),
        # a program is packed as a whole
        ("desk/letters.py", {PYPROJECT: BOTH, "README.md": ""}, False),
        ("desk/letters.py", {PYPROJECT: TOOLS, "README.md": ""}, True),
        (
            "desk/letters.py",
            {PYPROJECT: BOTH, "README.md": "import desk\n"},
            True,
        ),
        (
            "src/desk/letters.py",
            {PYPROJECT: SETUPTOOLS, "run.py": "import src.desk.letters\n"},
            False,
        ),
        ("src/desk/letters.py", {PYPROJECT: SETUPTOOLS, "run.py": "import desk.letters\n"}, True),
        (
            "src/main/desk/letters.py",
            {PYPROJECT: SETUPTOOLS, "src/main/setup.py": SETUP, "run.py": "import src.main\n"},
            True,
        ),
    ],
)
def test_a_package_that_nobody_else_would_import(
    tmp_path: Path, file: str, files: dict[str, str], others: bool
) -> None:
    for name, text in {file: "", **files}.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    python = [str(tmp_path / name) for name in (file, *files) if name.endswith(".py")]
    assert is_for_others(str(tmp_path / file), Tree(str(tmp_path), lambda: iter(python))) is others
