"""An empty project to run the command line in."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from skinflint.cli.main import run

Skinflint = Callable[..., int]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The working directory: empty, below no other configuration, no colour asked for."""
    for name in ("NO_COLOR", "FORCE_COLOR", "SKINFLINT_DEBUG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    thresholds = gc.get_threshold()
    yield tmp_path
    gc.set_threshold(*thresholds)
    gc.unfreeze()


@pytest.fixture
def skinflint(project: Path) -> Skinflint:
    """Run a command line in this process; its exit code."""

    def skinflint(*arguments: str | os.PathLike[str]) -> int:
        return run([os.fspath(each) for each in arguments])

    return skinflint
