"""The catalogue's data as Python, written by scripts/compile_catalog.py from data/*.toml."""

from __future__ import annotations

from importlib import import_module
from typing import Any


def read(name: str) -> dict[str, Any]:
    """The tables of ``data/<name>.toml``, new ones with each call."""
    tables: dict[str, Any] = import_module(f"skinflint.catalog.compiled.{name}").tables()
    return tables
