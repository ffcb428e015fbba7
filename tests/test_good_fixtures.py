"""Code that a hasty reader would report, and that is right: the command stays silent on it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

FIXTURES = sorted((Path(__file__).parent / "fixtures_good").glob("*.py"))


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.stem)
def test_nothing_is_reported(path: Path, tmp_path: Path) -> None:
    copy = tmp_path / f"{path.stem}.py"
    copy.write_bytes(path.read_bytes())
    done = subprocess.run(
        [
            *(sys.executable, "-m", "skinflint", "check", "--isolated"),
            *("--as-of", "2026-11-22", "--output-format", "json", copy.name),
        ],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    report = json.loads(done.stdout)
    found = [f"{f['line']}: {f['rule']} {f['message']}" for f in report["findings"]]
    assert (found, report["errors"], done.returncode) == ([], [], 0)
