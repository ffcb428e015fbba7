"""Written by scripts/compile_catalog.py from data/stored.toml; not to be edited."""

from __future__ import annotations

from typing import Any


def tables() -> dict[str, Any]:
    """The tables of the file, new ones with each call."""
    return {
        "source": "docs.python.org/3/library, pandas.pydata.org/docs, "
        "huggingface.co/docs/datasets, github.com/tqdm/tqdm, rich.readthedocs.io; "
        "read in the loops of public projects",
        "date": "2026-11-26",
        "reads": {
            "all": "listdir scandir iterdir glob iglob rglob walk DictReader reader "
            "readlines open\n"
            "read_csv read_excel read_json read_jsonl read_parquet read_table "
            "read_pickle read_feather read_sql\n"
            "read_sql_query load_dataset load_from_disk read_text load_workbook "
            "scroll\n"
            "fetchall fetch execute\n",
            "of": "json.load pickle.load jsonlines.open csv.reader",
            "sets_up": "config configs configuration settings setting cfg conf options "
            "params args env",
            "hands_on": "list tuple set sorted reversed enumerate zip iter filter map "
            "dict loads load chain from_iterable\n"
            "DataFrame Series deepcopy\n",
            "cuts": "head sample tail islice nlargest nsmallest most_common choices take "
            "first limit",
            "picks": "select",
            "queries": "fetchall fetch execute read_sql read_sql_query",
        },
        "long": {
            "bars": "tqdm trange atqdm tqdm_notebook track alive_it alive_bar progressbar "
            "ProgressBar",
            "sleeps": "sleep",
            "there": "exists is_file isfile isdir is_dir",
            "done": "done processed completed complete existing finished already cached "
            "cache checkpoint resume",
        },
    }
