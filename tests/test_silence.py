"""Nothing is reported where nothing is sent to Claude: large real code, and five look-alikes."""

from __future__ import annotations

import importlib.util
import json
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path
from typing import Any

import pytest

LOOKALIKES = Path(__file__).parent / "lookalikes"

#: the same call as in the look-alikes, sent by a real client
REAL = """\
from datetime import datetime

import anthropic
from house.texts import RULES

client = anthropic.Anthropic()


def ask(question):
    return client.messages.create(
        model="claude-3-opus-20240229",
        max_tokens=100,
        system=[
            {
                "type": "text",
                "text": f"{RULES} It is {datetime.now()}.",
                "cache_control": {"type": "ephemeral"},
            }
        ],
        messages=[{"role": "user", "content": question}],
    )
"""


def check(cwd: Path, *paths: str) -> tuple[int, dict[str, Any]]:
    """Exit code and JSON report of ``skinflint check --no-ignores PATHS`` run in ``cwd``."""
    command = [sys.executable, "-m", "skinflint", "check", "--no-ignores"]
    done = subprocess.run(
        [*command, "--output-format", "json", *paths],
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout, done.stderr
    return done.returncode, json.loads(done.stdout)


def complaints(report: dict[str, Any]) -> list[str]:
    """Findings and errors, one line each, so that a failure can be read."""
    found = [f"{f['path']}:{f['line']}: {f['rule']} {f['message']}" for f in report["findings"]]
    return found + [f"{e['path']}: {e['kind']} {e['message']}" for e in report["errors"]]


def test_nothing_is_reported_on_the_standard_library(tmp_path: Path) -> None:
    stdlib = Path(sysconfig.get_path("stdlib"))
    paths = sorted(
        str(path)
        for path in stdlib.iterdir()
        if path.name not in ("site-packages", "dist-packages", "__pycache__")
        and (path.is_dir() or path.suffix == ".py")
        and any(path.rglob("*.py") if path.is_dir() else [path])
    )
    code, report = check(tmp_path, *paths)
    assert complaints(report) == []
    assert code == 0
    assert report["summary"]["requests"] == 0
    assert report["summary"]["files"] > 500


@pytest.mark.parametrize("package", ["twilio", "boto3", "click", "slack_sdk"])
def test_nothing_is_reported_on_installed_packages(package: str, tmp_path: Path) -> None:
    spec = importlib.util.find_spec(package)
    assert spec is not None
    assert spec.submodule_search_locations
    # A copy: a virtual environment may lie in a folder that is excluded by default.
    shutil.copytree(
        spec.submodule_search_locations[0],
        tmp_path / package,
        ignore=shutil.ignore_patterns("__pycache__"),
    )
    code, report = check(tmp_path, package)
    assert complaints(report) == []
    assert code == 0
    assert report["summary"]["requests"] == 0
    # All but what lies in folders whose names are excluded by default, such as build/.
    assert report["summary"]["files"] > 0.95 * len(list((tmp_path / package).rglob("*.py")))


@pytest.mark.parametrize("path", sorted(LOOKALIKES.glob("*.py")), ids=lambda path: path.stem)
def test_a_look_alike_stays_silent(path: Path, tmp_path: Path) -> None:
    # Not under tests/, where fewer rules report.
    app = tmp_path / "app"
    app.mkdir()
    shutil.copy(path, app)
    code, report = check(app, ".")
    assert complaints(report) == []
    assert code == 0
    assert report["summary"]["requests"] == 0
    assert report["summary"]["files"] == 1


def test_the_same_call_on_a_real_client_is_reported(tmp_path: Path) -> None:
    app = tmp_path / "app"
    app.mkdir()
    (app / "real.py").write_text(REAL, encoding="utf-8")
    code, report = check(app, ".")
    assert code == 1
    assert report["errors"] == []
    assert report["summary"]["requests"] == 1
    assert {finding["name"] for finding in report["findings"]} == {
        "clock-in-prefix",
        "retired-model",
    }
