"""Written by scripts/compile_catalog.py from data/json.toml; not to be edited."""

from __future__ import annotations

from typing import Any


def tables() -> dict[str, Any]:
    """The tables of the file, new ones with each call."""
    return {
        "source": "Python 3.13 documentation of json; pydantic 2.12 "
        "(BaseModel.model_dump_json), simplejson 3.20, ujson 5.11, pandas 2.3 "
        "(to_json)",
        "date": "2026-11-25",
        "functions": {
            "json.dumps": {"keyword": "indent", "compact": 'separators=(",", ":")'},
            "simplejson.dumps": {"keyword": "indent", "compact": 'separators=(",", ":")'},
            "ujson.dumps": {"keyword": "indent", "compact": ""},
        },
        "methods": {
            "model_dump_json": {"keyword": "indent", "compact": ""},
            "to_json": {"keyword": "indent", "compact": ""},
        },
        "forms": {
            "words": "schema schemas example examples template templates format formats "
            "sample samples skeleton\n"
        },
        "fields": {
            "numbers": "num number total count avg average mean max min sum is has pct "
            "percent percentage ratio rate share\n",
            "others": "data list items info history analysis context config "
            "configuration metadata meta payload result\n"
            "response input output profile plan schema state record structure "
            "content evidence detail breakdown\n"
            "distribution map mapping tree graph dict object json table report "
            "log inventory by feedback\n",
        },
    }
