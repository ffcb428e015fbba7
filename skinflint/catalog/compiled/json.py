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
            "log inventory by feedback\n"
            "df dataframe\n",
            "lists": "list items history log inventory df dataframe",
            "tables": "df dataframe",
            "vague": "data info context config configuration metadata meta payload input "
            "output profile structure object\n"
            "dict json\n",
            "words": "titles names ids keys tags labels keywords terms words phrases "
            "urls links domains hosts paths emails\n"
            "categories types kinds topics indicators statuses languages "
            "locales currencies tickers symbols codes\n"
            "colors flags skills hashtags roles permissions scopes weights "
            "scores counts totals numbers amounts\n"
            "prices percentages dates years months days\n",
        },
        "seldom": {"words": "weekly fortnightly monthly quarterly yearly annual annually"},
        "layout": {
            "few": 18,
            "least": 35,
            "again": 20,
            "many": 10,
            "record": 6,
            "several": 3,
            "tokens": 12,
            "words": 3,
            "records": "to_dict as_dict asdict _asdict dict model_dump to_json_dict "
            "serialize jsonable_encoder vars",
        },
    }
