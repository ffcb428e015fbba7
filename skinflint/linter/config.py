"""Settings: the closest ``[tool.skinflint]`` or ``skinflint.toml``, read and never run.

Each file is judged by the closest configuration above it: ``skinflint.toml``, else a
``pyproject.toml`` that has a ``[tool.skinflint]`` table (one without is passed over). Paths are
strings here, as ``pathlib`` alone would cost the lint path some milliseconds.
"""

from __future__ import annotations

import datetime
import os
import sys
from collections.abc import Callable, Collection, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from skinflint.records import dataclass, field, replace

if TYPE_CHECKING:
    from skinflint.linter.own import Own
    from skinflint.linter.patterns import Patterns

CONFIG_NAMES: Final = ("skinflint.toml", "pyproject.toml")
OUTPUT_FORMATS: Final = ("full", "concise", "json")

#: Directories that hold no code of the project. ``exclude`` replaces them, ``extend-exclude`` adds.
DEFAULT_EXCLUDE: Final = (
    ".bzr",
    ".direnv",
    ".eggs",
    ".git",
    ".git-rewrite",
    ".hg",
    ".ipynb_checkpoints",
    ".mypy_cache",
    ".nox",
    ".pants.d",
    ".pyenv",
    ".pytest_cache",
    ".pytype",
    ".ruff_cache",
    ".svn",
    ".tox",
    ".venv",
    ".vscode",
    "__pycache__",
    "__pypackages__",
    "_build",
    "buck-out",
    "build",
    "dist",
    "node_modules",
    "site-packages",
    "venv",
)


class ConfigError(Exception):
    """A configuration that can't be used. ``path`` is the file, ``message`` says what to change."""

    def __init__(self, path: str, message: str) -> None:
        super().__init__(f"{path}: {message}")
        self.path = path
        self.message = message


@dataclass(frozen=True, slots=True)
class Assume:
    """What the project asserts about itself where the code can't prove it."""

    stable: tuple[str, ...] = ()  # names whose values don't change between calls
    single_user: bool = False  # one principal per deployment
    calls_per_ttl: int | None = None  # calls that share a prefix within one cache lifetime


@dataclass(frozen=True, eq=False)
class Settings:
    """One configuration with its defaults filled in; compared by identity.

    ``select`` is None where the configuration leaves the choice to the tiers. Rule ids are not
    checked here. Patterns are those of ``.gitignore``, relative to ``root``.
    """

    root: str = field(default_factory=os.getcwd)  # absolute; the directory of ``path``
    path: str | None = None  # the file that was read, absolute
    select: tuple[str, ...] | None = None
    extend_select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    exclude: tuple[str, ...] = DEFAULT_EXCLUDE
    extend_exclude: tuple[str, ...] = ()
    per_file_ignores: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    preview: bool = False
    as_of: datetime.date | None = None
    respect_gitignore: bool = True
    force_exclude: bool = False
    output_format: str | None = None
    routing: dict[str, str] = field(default_factory=dict)
    assume: Assume = Assume()
    catalog: dict[str, Any] = field(default_factory=dict)
    surfaces: Own | None = None  # the user's own clients and functions that send requests
    sdk_version: str | None = None  # of anthropic, in place of what the project pins

    def ignored_in(self, path: str) -> tuple[str, ...]:
        """Rule ids, names and prefixes that ``per-file-ignores`` turns off in ``path``, as written.

        ``path`` is absolute or relative to the working directory.
        """
        if not self.per_file_ignores:
            return ()
        inside = relative(path, self.root)
        if inside is None:
            return ()
        ids: dict[str, None] = {}
        for patterns, negated, ignored in self._per_file:
            if patterns.covers(inside) is not negated:
                ids.update(dict.fromkeys(ignored))
        return tuple(ids)

    @cached_property
    def _per_file(self) -> list[tuple[Patterns, bool, tuple[str, ...]]]:
        from skinflint.linter.patterns import Patterns

        return [
            (Patterns((pattern.removeprefix("!"),)), pattern.startswith("!"), ids)
            for pattern, ids in self.per_file_ignores.items()
        ]


@dataclass(frozen=True, eq=False)
class ConfigResolver:
    """The closest settings of each file; looks into every directory once.

    With ``fixed`` settings (``--config`` or ``--isolated``) these hold everywhere. ``override`` is
    applied to each configuration found, for what the command line says.
    """

    fixed: Settings | None = None
    override: Callable[[Settings], Settings] | None = None
    _found: dict[str, Settings | None] = field(default_factory=dict, init=False, repr=False)
    _default: list[Settings] = field(default_factory=list, init=False, repr=False)

    def settings_for(self, path: str) -> Settings:
        """The settings of the file or (not yet existing) path ``path``. Raises ConfigError."""
        return self.settings_in(os.path.dirname(path))

    def settings_in(self, directory: str) -> Settings:
        """The settings that hold in ``directory``. Raises ConfigError."""
        if self.fixed is None:
            found = self._closest(os.path.abspath(directory))
            if found is not None:
                return found
        if not self._default:
            self._default.append(self._overridden(self.fixed or Settings()))
        return self._default[0]

    def _closest(self, directory: str) -> Settings | None:
        missing: list[str] = []
        found: Settings | None = None
        while directory not in self._found:
            missing.append(directory)
            own = read_directory(directory)
            if own is not None:
                found = self._overridden(own)
                break
            above = os.path.dirname(directory)
            if above == directory:
                break
            directory = above
        else:
            found = self._found[directory]
        for each in missing:
            self._found[each] = found
        return found

    def _overridden(self, settings: Settings) -> Settings:
        return settings if self.override is None else self.override(settings)


def load(
    start: str | os.PathLike[str] | None = None,
    explicit: str | None = None,
    isolated: bool = False,
) -> Settings:
    """The settings that hold in the directory ``start`` (default: the working directory).

    ``explicit`` names the file to read instead of looking for one; its patterns are then relative
    to the working directory. ``isolated`` reads none. Raises ConfigError.
    """
    if isolated:
        return Settings()
    if explicit is not None:
        path = os.path.abspath(explicit)
        return _settings(path, _table_of(path), os.getcwd())
    return ConfigResolver().settings_in(os.fspath(start) if start is not None else "")


def resolver(explicit: str | None = None, isolated: bool = False) -> ConfigResolver:
    """A resolver as ``--config`` and ``--isolated`` ask for. Raises ConfigError."""
    if isolated or explicit is not None:
        return ConfigResolver(load(None, explicit, isolated))
    return ConfigResolver()


def read_directory(directory: str) -> Settings | None:
    """The settings written in this very directory, if any. Raises ConfigError."""
    for name in CONFIG_NAMES:
        path = os.path.join(directory, name)
        try:
            with open(path, "rb") as file:
                data = file.read()
        except OSError as error:
            # a directory above that may not be looked into has no say
            if os.path.isfile(path):
                raise ConfigError(_shown(path), f"can't be read: {error.strerror}") from None
            continue
        table = _table(path, data)
        if table is not None:
            return _settings(path, table, os.path.abspath(directory))
    return None


def relative(path: str, root: str) -> str | None:
    """``path`` relative to the absolute ``root`` with "/", None if it is not below ``root``."""
    path = os.path.abspath(path)
    if path == root:
        return ""
    prefix = root if root.endswith(os.sep) else root + os.sep
    if not path.startswith(prefix):
        return None
    inside = path[len(prefix) :]
    return inside if os.sep == "/" else inside.replace(os.sep, "/")


def _shown(path: str) -> str:
    """``path`` as messages show it: relative to the working directory, if it is below."""
    return relative(path, os.getcwd()) or path


def _settings(path: str, table: Mapping[str, object], root: str) -> Settings:
    """The settings of ``table``, read from ``path``, over those it extends."""
    values = _values(path, table)
    seen = [os.path.realpath(path)]
    named_in = path
    while (extended := values.pop("extend", None)) is not None:
        base = os.path.normpath(os.path.join(os.path.dirname(named_in), extended))
        real = os.path.realpath(base)
        if real in seen:
            chain = " -> ".join(_shown(each) for each in (*seen, real))
            raise ConfigError(_shown(named_in), f"extend goes round in a circle: {chain}")
        if not os.path.exists(base):
            raise ConfigError(_shown(named_in), f"extend: there is no file {_shown(base)}")
        seen.append(real)
        named_in = base
        values = _merged(_values(base, _table_of(base)), values)
    if "assume" in values:
        values["assume"] = Assume(**values["assume"])
    if "surfaces" in values:
        from skinflint.linter.own import made_of

        try:
            values["surfaces"] = made_of("surfaces", values["surfaces"])
        except Invalid as error:
            raise ConfigError(_shown(path), str(error)) from None
    return replace(Settings(root=root, path=path), **values)


def _merged(base: dict[str, Any], own: dict[str, Any]) -> dict[str, Any]:
    """``own`` over ``base``: the extend-* lists add up, tables merge key by key."""
    merged = {**base, **own}
    for key in base.keys() & own.keys():
        if key.startswith("extend_"):
            merged[key] = tuple(dict.fromkeys((*base[key], *own[key])))
        elif isinstance(base[key], dict) and isinstance(own[key], dict):
            merged[key] = _merged(base[key], own[key])
    return merged


def _table_of(path: str) -> dict[str, object]:
    """The table of a file that was named, where there has to be one."""
    try:
        with open(path, "rb") as file:
            data = file.read()
    except OSError as error:
        raise ConfigError(_shown(path), f"can't be read: {error.strerror}") from None
    table = _table(path, data)
    if table is None:
        raise ConfigError(_shown(path), "has no [tool.skinflint] table")
    return table


def _table(path: str, data: bytes) -> dict[str, object] | None:
    """skinflint's table in a TOML file, None where a ``pyproject.toml`` has none."""
    nested = os.path.basename(path) == "pyproject.toml"
    if nested and b"skinflint" not in data:
        return None
    document = parsed(path, data)
    if not nested:
        # a file of any other name may be written either way
        tool = document.get("tool")
        nested = isinstance(tool, dict) and "skinflint" in tool
    if not nested:
        return document
    tool = document.get("tool")
    table = tool.get("skinflint") if isinstance(tool, dict) else None
    if table is not None and not isinstance(table, dict):
        raise ConfigError(_shown(path), f"tool.skinflint must be a table, not {kind_of(table)}")
    return table


def parsed(path: str, data: bytes) -> dict[str, Any]:
    """A TOML file. Raises ConfigError."""
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib
    try:
        return tomllib.loads(data.decode("utf-8"))
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ConfigError(_shown(path), f"line {line}: not UTF-8, as TOML must be") from None
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(_shown(path), f"not valid TOML: {error}") from None
    except RecursionError:
        raise ConfigError(_shown(path), "not readable: nested too deeply") from None


class Invalid(Exception):
    """A value of the wrong type; the message starts with the key."""


def _values(path: str, table: Mapping[str, object]) -> dict[str, Any]:
    """Checked values by the field name of Settings; "extend" is there as written."""
    values: dict[str, Any] = {}
    try:
        for key, value in table.items():
            read = _KEYS.get(key)
            if read is None:
                raise Invalid(unknown_key(key, _KEYS, ""))
            values[key.replace("-", "_")] = read(key, value)
    except Invalid as error:
        raise ConfigError(_shown(path), str(error)) from None
    return values


def unknown_key(key: str, known: Collection[str], where: str) -> str:
    """What is wrong with a key, and which one may have been meant."""
    from difflib import get_close_matches

    near = get_close_matches(key.lower().replace("_", "-"), known, n=1)
    if near:
        return f"unknown key {where}{key}; did you mean {where}{near[0]}?"
    return f"unknown key {where}{key}; there are {', '.join(sorted(known))}"


def kind_of(value: object) -> str:
    """A value of a TOML file in words."""
    if isinstance(value, bool):
        return f"the boolean {str(value).lower()}"
    if isinstance(value, str):
        return f"the string {value!r}"
    if isinstance(value, list):
        return "an array"
    if isinstance(value, dict):
        return "a table"
    return f"the value {value}"  # numbers, dates and times


def _boolean(key: str, value: object) -> bool:
    if not isinstance(value, bool):
        raise Invalid(f"{key} must be true or false, not {kind_of(value)}")
    return value


def string(key: str, value: object) -> str:
    """A text that is not empty."""
    if not isinstance(value, str) or not value.strip():
        raise Invalid(f"{key} must be a string that is not empty, not {kind_of(value)}")
    return value


def strings(key: str, value: object) -> tuple[str, ...]:
    """An array of texts that are not empty."""
    if not isinstance(value, list):
        raise Invalid(f"{key} must be an array of strings, not {kind_of(value)}")
    for index, item in enumerate(value):
        if not isinstance(item, str) or not item.strip():
            raise Invalid(
                f"{key} must be an array of strings that are not empty, "
                f"but its item {index + 1} is {kind_of(item)}"
            )
    return tuple(value)


def any_table(key: str, value: object) -> dict[str, Any]:
    """A table, whatever is in it."""
    if not isinstance(value, dict):
        raise Invalid(f"{key} must be a table, not {kind_of(value)}")
    return value


def _date(key: str, value: object) -> datetime.date:
    if isinstance(value, datetime.date) and not isinstance(value, datetime.datetime):
        return value
    if isinstance(value, str) and len(value) == 10:  # 3.11 also takes 20260102
        try:
            return datetime.date.fromisoformat(value)
        except ValueError:
            pass
    raise Invalid(f"{key} must be a date such as 2026-01-31, not {kind_of(value)}")


def _format(key: str, value: object) -> str:
    if value not in OUTPUT_FORMATS:
        raise Invalid(f"{key} must be one of {', '.join(OUTPUT_FORMATS)}, not {kind_of(value)}")
    return string(key, value)


def _per_file_ignores(key: str, value: object) -> dict[str, tuple[str, ...]]:
    ignores = {}
    for pattern, ids in any_table(key, value).items():
        if not pattern.removeprefix("!").strip():
            raise Invalid(f"{key} has an empty pattern")
        ignores[pattern] = strings(f'{key}."{pattern}"', ids)
    return ignores


def _routing(key: str, value: object) -> dict[str, str]:
    return {
        model: string(f'{key}."{model}"', other) for model, other in any_table(key, value).items()
    }


def _positive(key: str, value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise Invalid(f"{key} must be a whole number of at least 1, not {kind_of(value)}")
    return value


def _assume(key: str, value: object) -> dict[str, Any]:
    """Keyword arguments of Assume; only those that are written, so that ``extend`` can merge."""
    assumed = {}
    for name, item in any_table(key, value).items():
        read = _ASSUME_KEYS.get(name)
        if read is None:
            raise Invalid(unknown_key(name, _ASSUME_KEYS, f"{key}."))
        assumed[name.replace("-", "_")] = read(f"{key}.{name}", item)
    return assumed


def _surfaces(key: str, value: object) -> dict[str, Any]:
    from skinflint.linter.own import read_table

    return read_table(key, value)


def _sdk_version(key: str, value: object) -> str:
    from skinflint.catalog.versions import parse

    written = string(key, value)
    if parse(written) is None:
        raise Invalid(
            f"{key} must be a version or a range such as 2.12.0 or >=1.0,<3, not {kind_of(value)}"
        )
    return written


_ASSUME_KEYS: Final[dict[str, Callable[[str, object], Any]]] = {
    "stable": strings,
    "single-user": _boolean,
    "calls-per-ttl": _positive,
}

_KEYS: Final[dict[str, Callable[[str, object], Any]]] = {
    "as-of": _date,
    "assume": _assume,
    "catalog": any_table,
    "exclude": strings,
    "extend": string,
    "extend-exclude": strings,
    "extend-select": strings,
    "force-exclude": _boolean,
    "ignore": strings,
    "output-format": _format,
    "per-file-ignores": _per_file_ignores,
    "preview": _boolean,
    "respect-gitignore": _boolean,
    "routing": _routing,
    "sdk-version": _sdk_version,
    "select": strings,
    "surfaces": _surfaces,
}
