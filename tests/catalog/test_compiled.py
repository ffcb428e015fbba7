"""What a check reads of the catalogue is what the data files say."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

import skinflint.catalog
from skinflint.catalog.compiled import read

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

CATALOG = Path(skinflint.catalog.__file__).parent
FILES = sorted((CATALOG / "data").glob("*.toml"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_compiled_tables_are_those_of_the_file(path: Path) -> None:
    tables = read(path.stem)
    assert tables == tomllib.loads(path.read_text("utf-8")), "run scripts/compile_catalog.py"
    # a fact of another type may be equal: 1, 1.0 and True are
    assert repr(tables) == repr(tomllib.loads(path.read_text("utf-8")))


def test_nothing_is_compiled_that_has_no_file() -> None:
    compiled = {path.stem for path in (CATALOG / "compiled").glob("*.py")} - {"__init__"}
    assert compiled == {path.stem for path in FILES}


def test_every_reader_gets_tables_of_its_own() -> None:
    read("cache")["limits"]["markers"] = -1
    assert read("cache")["limits"]["markers"] > 0
