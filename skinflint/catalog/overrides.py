"""A project's own facts: checked, and written over those of the catalogue."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias

from skinflint.catalog.models import DERIVED, FIELDS, NUMBER

_Table: TypeAlias = dict[str, Any]
_Kind: TypeAlias = "type | tuple[type, ...]"

#: Tables of the configuration's catalogue section that other readers of the catalogue own.
OF_OTHERS = ("sources", "surfaces")


def apply(raw: _Table, rules: _Table, overrides: Mapping[str, object]) -> datetime.date | None:
    """Write ``overrides`` into the tables of models.toml and cache.toml; ``dated`` if it is given.

    Raises ValueError, with a near match, for a key that does not exist or a wrong value.
    """
    tables = [name for name in rules if name != "sources"]
    dated: datetime.date | None = None
    for key in overrides:
        value = overrides[key]
        if key in OF_OTHERS:
            continue
        if key == "dated":
            _check("catalog.dated", value, datetime.date)
            dated = value if isinstance(value, datetime.date) else None
        elif key == "models":
            for id, entry in _table("catalog.models", value).items():
                _override_model(raw["models"], id, entry)
        elif key in tables:
            for inner, to in _table(f"catalog.{key}", value).items():
                _override_rule(rules[key], key, inner, to)
        else:
            raise ValueError(_unknown("catalog", key, ["dated", "models", *tables, *OF_OTHERS]))
    return dated


def _override_model(models: _Table, id: str, entry: object) -> None:
    where = f"catalog.models.{id}"
    fields = _table(where, entry)
    for name, value in fields.items():
        if name not in FIELDS:
            raise ValueError(_unknown(where, name, FIELDS))
        _check(f"{where}.{name}", value, FIELDS[name][1])
        if isinstance(value, list):
            _check_items(f"{where}.{name}", name, value)
    if "v" in fields and not re.fullmatch(r"\d+(\.\d+)?", fields["v"]):
        raise ValueError(f'{where}.v: expected a version such as "5.5"')
    if id not in models:
        if "line" not in fields:
            raise ValueError(_unknown("catalog.models", id, models) + "; a new model needs a line")
        models[id] = {}
    before = models[id]
    if "in" in fields:  # prices that are multiples of the input price follow it
        for name in (*DERIVED, "bands"):
            if name not in fields:
                before.pop(name, None)
    before.update(fields)


def _override_rule(table: _Table, key: str, name: str, value: object) -> None:
    where = f"catalog.{key}"
    if key == "platforms":
        fields = table.get(name)
        if fields is None:
            raise ValueError(_unknown(where, name, table))
        for inner, to in _table(f"{where}.{name}", value).items():
            kinds = {
                "automatic": bool,
                "isolation": str,
                "calendar": str,
                "names": str,
                "runs": bool,
            }
            if inner not in kinds:
                raise ValueError(_unknown(f"{where}.{name}", inner, kinds))
            _check(f"{where}.{name}.{inner}", to, kinds[inner])
            fields[inner] = to
        return
    if name not in table and key == "routes":
        _check(f"{where}.{name}", value, str)
    elif name not in table or name == "source":
        raise ValueError(_unknown(where, name, [n for n in table if n != "source"]))
    else:
        kind = type(table[name])
        _check(f"{where}.{name}", value, NUMBER if kind is float else kind)
        if isinstance(value, list):
            _check_list(f"{where}.{name}", key, table, value)
        if (key, name) == ("ttl", "default") and not isinstance(table.get(str(value)), int):
            raise ValueError(f"{where}.default: there is no ttl {value!r}")
    table[name] = value


def _check_list(where: str, key: str, table: _Table, items: list[Any]) -> None:
    if key == "tokens":
        for item in items:
            _check(where, item, NUMBER)
        if len(items) != 2 or not 0 < items[0] <= items[1]:
            raise ValueError(f"{where}: expected the lowest and the highest number")
        return
    for item in items:
        _check(where, item, str)
        if key == "invalidates" and item not in table["tools"]:
            raise ValueError(_unknown(where, item, table["tools"]))


def _table(where: str, value: object) -> _Table:
    if not isinstance(value, Mapping):
        raise ValueError(f"{where}: expected a table")
    return {str(key): inner for key, inner in value.items()}


def _check(where: str, value: object, kind: _Kind) -> None:
    is_subtype = (isinstance(value, bool) and kind is not bool) or isinstance(
        value, datetime.datetime
    )
    if is_subtype or not isinstance(value, kind):
        kinds = kind if isinstance(kind, tuple) else (kind,)
        raise ValueError(f"{where}: expected {' or '.join(k.__name__ for k in kinds)}")
    if isinstance(value, int | float) and value < 0:
        raise ValueError(f"{where}: {value} is negative")


def _check_items(where: str, name: str, items: list[object]) -> None:
    if name == "bands":
        for item in items:
            band = _table(where, item)
            for key in ("above", "in", "out"):
                if key not in band:
                    raise ValueError(f"{where}: a band needs {key!r}")
            for key, value in band.items():
                if key not in ("above", "in", "out", *DERIVED):
                    raise ValueError(_unknown(where, key, ["above", "in", "out", *DERIVED]))
                _check(f"{where}.{key}", value, int if key == "above" else NUMBER)
        return
    kinds: dict[str, _Kind] = {"fast": NUMBER, "preamble": int}
    for item in items:
        _check(where, item, kinds.get(name, str))
    if name == "fast" and len(items) != 2:
        raise ValueError(f"{where}: expected the input and the output price")
    if name == "inferred":
        for item in items:
            if item not in FIELDS:
                raise ValueError(_unknown(where, str(item), FIELDS))


def _unknown(where: str, key: str, known: Iterable[str]) -> str:
    from difflib import get_close_matches

    close = get_close_matches(key, list(known), n=1)
    hint = f"; did you mean {close[0]!r}?" if close else ""
    return f"{where}: unknown key {key!r}{hint}"
