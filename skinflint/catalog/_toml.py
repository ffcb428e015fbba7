"""Reading the catalogue's own data files."""

from __future__ import annotations

import os
import sys
from typing import Any

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

_DATA = os.path.join(os.path.dirname(os.path.abspath(__file__)), "data")


def read(name: str) -> dict[str, Any]:
    """The tables of ``data/<name>.toml``."""
    with open(os.path.join(_DATA, f"{name}.toml"), "rb") as file:
        return tomllib.load(file)
