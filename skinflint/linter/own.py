"""``[tool.skinflint.surfaces]``: the user's own clients, and functions that send a request.

Read only where a configuration has the table; ``surfaces/configured.py`` does what it says.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final

from skinflint.linter.config import (
    Invalid,
    any_table,
    kind_of,
    string,
    strings,
    unknown_key,
)
from skinflint.records import dataclass

#: One step into an argument: a key of a dict or a position in a list; -1 is behind all others.
Place = tuple[str | int, ...]

_NAME: Final = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)+")
_STEPS: Final = re.compile(r"([a-z_]+)((?:\[(?:-1|\d{1,2})\]|\.[a-z_]+)*)")
_STEP: Final = re.compile(r"\[(-?\d+)\]|\.([a-z_]+)")
_PLATFORM: Final = "claude-api"


@dataclass(frozen=True, slots=True)
class OwnFunction:
    """A function of the user that sends a request."""

    name: str  # qualified: "myapp.llm.ask", "myapp.llm.Assistant.ask"
    method: str = "messages.create"
    platform: str = _PLATFORM
    parameters: tuple[str, ...] = ()  # names of the positional ones, in order
    arguments: tuple[tuple[str, Place], ...] = ()  # parameter -> where it goes in the request
    defaults: tuple[tuple[Place, Any], ...] = ()  # what is sent where a call says nothing


@dataclass(frozen=True, slots=True)
class Own:
    """The whole table."""

    clients: tuple[tuple[str, str], ...] = ()  # qualified name -> platform
    functions: tuple[OwnFunction, ...] = ()


def read_table(key: str, value: object) -> dict[str, Any]:
    """The table with its values checked one by one, so that ``extend`` can still merge it."""
    found: dict[str, Any] = {}
    for name, item in any_table(key, value).items():
        inner = f"{key}.{name}"
        if name == "clients":
            found[name] = _clients(inner, item)
        elif name == "functions":
            found[name] = {
                _qualified(inner, function): _function(f'{inner}."{function}"', written)
                for function, written in any_table(inner, item).items()
            }
        else:
            raise Invalid(unknown_key(name, ("clients", "functions"), f"{key}."))
    return found


def made_of(key: str, table: dict[str, Any]) -> Own:
    """The merged table as a whole; what hangs together is checked here."""
    return Own(
        tuple(table.get("clients", {}).items()),
        tuple(
            _checked(f'{key}.functions."{name}"', name, written)
            for name, written in table.get("functions", {}).items()
        ),
    )


def _clients(key: str, value: object) -> dict[str, str]:
    """An array of names, or a table from names to the platform that answers."""
    if isinstance(value, dict):
        return {
            _qualified(key, name): _platform(f'{key}."{name}"', platform)
            for name, platform in value.items()
        }
    return {_qualified(key, name): _PLATFORM for name in strings(key, value)}


def _qualified(key: str, name: str) -> str:
    if not _NAME.fullmatch(name):
        raise Invalid(f"{key}: {name!r} must be a name with its module, such as 'myapp.llm.ask'")
    return name


def _platform(key: str, value: object) -> str:
    from skinflint.linter.request import Platform

    known = [platform.value for platform in Platform if platform is not Platform.UNKNOWN]
    if value not in known:
        raise Invalid(f"{key} must be one of {', '.join(known)}, not {kind_of(value)}")
    return str(value)


def _function(key: str, value: object) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, item in any_table(key, value).items():
        read = _FUNCTION_KEYS.get(name)
        if read is None:
            raise Invalid(unknown_key(name, _FUNCTION_KEYS, f"{key}."))
        found[name] = read(f"{key}.{name}", item)
    return found


def _arguments(key: str, value: object) -> dict[str, str]:
    places = {}
    for name, place in any_table(key, value).items():
        places[name] = string(f"{key}.{name}", place)
        _place(f"{key}.{name}", place)
    return places


def _defaults(key: str, value: object) -> dict[str, Any]:
    table = any_table(key, value)
    for place in table:
        _place(key, place)
    return table


def _place(key: str, written: str) -> Place:
    match = _STEPS.fullmatch(written)
    if match is None:
        raise Invalid(
            f"{key}: {written!r} must be a place in the request, such as 'system' or "
            "'messages[0].content'"
        )
    steps = (int(m[1]) if m[1] else m[2] for m in _STEP.finditer(match[2]))
    return (match[1], *steps)


_FUNCTION_KEYS: Final[dict[str, Callable[[str, object], Any]]] = {
    "arguments": _arguments,
    "defaults": _defaults,
    "method": string,
    "parameters": strings,
    "platform": _platform,
}


def _checked(key: str, name: str, written: dict[str, Any]) -> OwnFunction:
    """One function, with its places held against what the method takes."""
    from skinflint.catalog.surfaces import load

    method = written.get("method", OwnFunction(name).method)
    surfaces = load()
    fact = surfaces.method(method.split("."))
    if fact is None or "messages" not in fact.required:
        fits = [each.name for each in surfaces.methods if "messages" in each.required]
        raise Invalid(
            f"{key}.method: {method!r} is no method that sends messages; "
            f"there are {', '.join(each for each in fits if each.startswith('messages.'))} "
            "and those behind beta."
        )
    accepted = fact.ever_accepted
    arguments = []
    for parameter, place in written.get("arguments", {}).items():
        arguments.append((parameter, _taken(f"{key}.arguments.{parameter}", place, accepted)))
    defaults = [
        (_taken(f"{key}.defaults", place, accepted), value)
        for place, value in written.get("defaults", {}).items()
    ]
    return OwnFunction(
        name,
        method,
        written.get("platform", _PLATFORM),
        written.get("parameters", ()),
        tuple(arguments),
        tuple(defaults),
    )


def _taken(key: str, written: str, accepted: frozenset[str]) -> Place:
    place = _place(key, written)
    if place[0] not in accepted:
        raise Invalid(f"{key}: {unknown_key(str(place[0]), tuple(sorted(accepted)), '')}")
    return place
