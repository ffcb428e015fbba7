"""The example agent under ``skinflint prove``, before and after its fixes."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[1]


def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("proof", ROOT / "scripts" / "prove_examples.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> str:
    found: str = script().table(tmp_path_factory.mktemp("proof"))
    return found


def test_the_fixes_raise_the_hit_rate_and_lower_the_bill(table: str) -> None:
    rates = re.search(r"all places .*?(\d+) % -> (\d+) %", table)
    bills = re.search(r"all places .*\$([\d.]+) -> \$([\d.]+)", table)
    assert rates is not None
    assert bills is not None
    assert int(rates[2]) > int(rates[1]) + 15
    assert float(bills[2]) < float(bills[1]) * 0.75


def test_what_is_quoted_is_what_came_out(table: str) -> None:
    module = script()
    quoted = {name: module.quoted(ROOT / name) for name in module.QUOTED_IN}
    assert quoted["docs/prove.md"] is not None
    for name, text in quoted.items():
        if text is not None:
            assert text == module.shown(table), f"{name}: run scripts/prove_examples.py"
