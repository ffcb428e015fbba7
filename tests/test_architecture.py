"""The arrows between the parts (docs/architecture.md), and what a check may import."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1] / "skinflint"
MODULES = sorted(ROOT.rglob("*.py"))

#: The linter's model: what other parts may know of it.
MODEL = {
    f"skinflint.linter.{name}"
    for name in ("findings", "inventory", "problems", "request", "source", "spans", "values")
}
#: Part -> the parts it may import. ``model`` is the linter's model alone.
ARROWS = {
    "cli": {"linter", "cache", "rules", "fixers", "reports", "catalog", "simulator"},
    "linter": {"catalog"},
    "cache": {"catalog"},
    "rules": {"model", "cache", "catalog"},
    "fixers": {"model", "catalog"},
    "reports": {"model", "catalog"},
    "catalog": set(),
    "simulator": {"cache", "catalog"},
}
#: Third party -> the parts that may import it.
OUTSIDE = {
    "click": {"cli"},
    "libcst": {"fixers"},
    "rich": {"reports"},
    "tomli": {"linter", "catalog"},
    "tomllib": {"linter", "catalog"},  # no part of the standard library before 3.11
}


def imports(path: Path) -> Iterator[str]:
    """Full names of what a module imports, anywhere in it; ``from a import b`` gives ``a.b``."""
    package = path.relative_to(ROOT.parent).parts[:-1]
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(package[: len(package) - node.level + 1]) if node.level else ""
            base = ".".join(part for part in (base, node.module) if part)
            yield from (f"{base}.{alias.name}" for alias in node.names)


def test_the_model_is_what_the_page_says() -> None:
    page = (ROOT.parent / "docs" / "architecture.md").read_text("utf-8")
    _, _, rest = page.partition("The linter's model is what other parts may know of it:")
    named = re.findall(r"`(\w+)`", rest.partition(".\n")[0])
    assert {f"skinflint.linter.{name}" for name in named} == MODEL


def part_of(name: str) -> str | None:
    parts = name.split(".")
    return parts[1] if parts[0] == "skinflint" and len(parts) > 1 and parts[1] in ARROWS else None


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_arrows_point_one_way(path: Path) -> None:
    part = path.relative_to(ROOT).parts[0]
    wrong = []
    for name in imports(path):
        target = part_of(name)
        if target is None or part not in ARROWS or target == part:
            continue
        allowed = ARROWS[part]
        model = any(name == each or name.startswith(f"{each}.") for each in MODEL)
        if target in allowed or (target == "linter" and "model" in allowed and model):
            continue
        wrong.append(name)
    assert wrong == []


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_third_parties_stay_where_they_belong(path: Path) -> None:
    part = path.relative_to(ROOT).parts[0]
    for name in imports(path):
        top = name.split(".")[0]
        if top in sys.stdlib_module_names or top in ("skinflint", "__future__"):
            continue
        assert part in OUTSIDE.get(top, {"simulator"}), f"{name} has no place in {part}"


HEAVY = {"libcst", "rich", "anthropic", "pydantic", "asyncio", "importlib.metadata", "difflib"}
HEAVY |= {"concurrent.futures", "multiprocessing", "json"}

CLEAN = "def double(x):\n    return 2 * x\n"
WITH_A_FINDING = """\
import datetime

import anthropic

client = anthropic.Anthropic()


def answer(question):
    return client.messages.create(
        model="claude-sonnet-4-5",
        max_tokens=100,
        system=[
            {
                "type": "text",
                "text": f"It is {datetime.datetime.now()}. You answer questions.",
                "cache_control": {"type": "ephemeral"},
            }
        ],
        messages=[{"role": "user", "content": question}],
    )
"""


def imported(folder: Path, *arguments: str) -> tuple[int, set[str]]:
    """Exit code, and the modules in memory when the command is done."""
    code = (
        "import sys\n"
        "from skinflint.cli.main import run\n"
        "code = run(sys.argv[1:])\n"
        "modules = sorted(sys.modules)\n"
        "import json\n"
        "print(json.dumps([code, modules]))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
    )
    exit_code, modules = json.loads(done.stdout.splitlines()[-1])
    return exit_code, set(modules)


def present(modules: set[str], names: set[str]) -> set[str]:
    return {name for name in names if name in modules}


def test_a_clean_check_imports_next_to_nothing(tmp_path: Path) -> None:
    for number in range(3):
        (tmp_path / f"clean{number}.py").write_text(CLEAN)
    cells = json.dumps([{"cell_type": "code", "source": CLEAN}])
    (tmp_path / "clean.ipynb").write_text(f'{{"cells": {cells}, "nbformat": 4}}')
    code, modules = imported(tmp_path, "check")
    assert code == 0
    assert present(modules, HEAVY) == set()
    ours = {name for name in modules if name.startswith("skinflint.")}
    for part in ("rules", "catalog", "cache", "fixers"):
        assert not any(name.startswith(f"skinflint.{part}") for name in ours), part
    for name in ("notebook", "project", "request"):
        assert f"skinflint.linter.{name}" not in ours


def test_a_check_with_findings_imports_no_fixer(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(WITH_A_FINDING)
    arguments = ("check", "--output-format", "concise", "--as-of", "2026-11-22")
    code, modules = imported(tmp_path, *arguments)
    assert code == 1
    assert present(modules, HEAVY - {"difflib", "json"}) == set()
    assert "skinflint.linter.project" in modules
    assert not any(name.startswith("skinflint.fixers") for name in modules)


@pytest.mark.parametrize("option", ["--version", "--help"])
def test_version_and_help_import_no_command_work(tmp_path: Path, option: str) -> None:
    code, modules = imported(tmp_path, option)
    assert code == 0
    ours = {name for name in modules if name.startswith("skinflint")}
    assert ours == {"skinflint", "skinflint.cli", "skinflint.cli.main", "skinflint.cli.output"}
