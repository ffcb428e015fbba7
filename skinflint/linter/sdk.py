"""The anthropic version that a project pins: in a lock, a requirement, or the configuration.

Looked for from the directory of a module upwards, to the root of the checkout. What is nearest
holds; a lock says more than a range, and one further up still holds for the range below it (the
members of a workspace share one). A file that can't be read is passed over with a note. Nothing
here is read before somebody asks.
"""

from __future__ import annotations

import os
import re
import stat
import sys
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any, Final

from skinflint.catalog.versions import Versions, parse
from skinflint.records import dataclass

if TYPE_CHECKING:
    from skinflint.linter.config import Settings

PACKAGE: Final = "anthropic"
_LARGEST: Final = 32_000_000  # bytes of a file that is still read
_DEEPEST: Final = 10  # requirement files that include one another

_NAME: Final = re.compile(r"\s*([A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:\[[^\]]*\])?\s*")
_WORD: Final = re.compile(r"(?<![\w.-])anthropic(?![\w-]|\.\w)", re.I)
#: In the address of a file or a tag: ``anthropic-0.39.0-py3-none-any.whl``, ``...git@v0.39.0``.
_IN_ADDRESS: Final = re.compile(r"(?:anthropic-|@v?)(\d{1,9}(?:\.\d{1,9}){1,3})")


@dataclass(frozen=True, slots=True)
class SdkVersion:
    """What a project says of the version of the SDK, and where it says so."""

    written: str  # "2.12.0", ">=1.0,<3"; "" where any version will do
    allows: Versions
    path: str  # as shown
    line: int | None

    @property
    def sentence(self) -> str:
        """The same for people: ``anthropic 2.12.0 is pinned (uv.lock:120)``."""
        where = self.path if self.line is None else f"{self.path}:{self.line}"
        if self.allows.exact:
            return f"anthropic {self.written} is pinned ({where})"
        if not self.written:
            return f"anthropic is required in any version ({where})"
        return f"anthropic {self.written} is required ({where})"


class Pins:
    """The versions pinned for the modules of one configuration; each directory is read once."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._stated: list[SdkVersion] | None = None
        self._found: dict[str, SdkVersion | None] = {}
        self._read: dict[str, tuple[SdkVersion | None, SdkVersion | None]] = {}
        self._notes: dict[str, None] = {}

    @property
    def notes(self) -> tuple[str, ...]:
        """A line for each file that was passed over."""
        return tuple(self._notes)

    def pinned(self, root: str) -> SdkVersion | None:
        """The version pinned for what lies in the directory ``root``; None if nothing says so."""
        stated = self._configured()
        if stated is not None:
            return stated
        root = os.path.abspath(root)
        if root not in self._found:
            self._found[root] = self._upwards(root)
        return self._found[root]

    def pinned_for(self, path: str) -> SdkVersion | None:
        """The version pinned for the module at ``path``."""
        return self.pinned(os.path.dirname(path))

    def sentences(self, paths: Iterable[str]) -> tuple[str, ...]:
        """What is pinned for the modules at ``paths``, then what was passed over: a line each."""
        said: dict[str, None] = {}
        for directory in sorted({os.path.dirname(path) for path in paths}):
            version = self.pinned(directory)
            if version is not None:
                said[version.sentence] = None
        return (*said, *self._notes)

    def _configured(self) -> SdkVersion | None:
        written = self._settings.sdk_version
        if written is None:
            return None
        if self._stated is None:
            path = self._settings.path or ""
            text = self._text(path) or ""
            line = _line(text, re.compile(r"""^\s*["']?sdk-version\b"""))
            versions = parse(written) or Versions()
            self._stated = [SdkVersion(written, versions, _shown(path), line)]
        return self._stated[0]

    def _upwards(self, directory: str) -> SdkVersion | None:
        declared: SdkVersion | None = None
        home = os.path.expanduser("~")
        while True:
            lock, required = self._in(directory)
            if lock is not None and (declared is None or lock.allows.meets(declared.allows)):
                return lock
            declared = declared or required
            if declared is not None and declared.allows.exact:
                return declared
            above = os.path.dirname(directory)
            if directory in (above, home) or _is_checkout(directory):
                return declared
            directory = above

    def _in(self, directory: str) -> tuple[SdkVersion | None, SdkVersion | None]:
        """What the lock and what the requirements in this very directory say."""
        if directory not in self._read:
            self._read[directory] = (self._lock(directory), self._required(directory))
        return self._read[directory]

    # -- files -----------------------------------------------------------------------------------

    def _text(self, path: str, needed: bytes = b"") -> str | None:
        """The text of a file; None if it isn't there, can't be read or lacks what is ``needed``."""
        try:
            status = os.stat(path)
            if not stat.S_ISREG(status.st_mode):
                return None
            if status.st_size > _LARGEST:
                self._pass_over(path, f"larger than {_LARGEST // 1_000_000} MB")
                return None
            with open(path, "rb") as file:
                data = file.read()
        except FileNotFoundError:
            return None
        except (OSError, ValueError) as error:
            self._pass_over(path, getattr(error, "strerror", None) or "can't be read")
            return None
        encoding = "utf-8-sig"
        if data.startswith((b"\xff\xfe", b"\xfe\xff")):
            encoding = "utf-16"  # what a redirected `pip freeze` writes on Windows
        elif needed and needed not in data.lower():
            return None
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            self._pass_over(path, "not UTF-8")
            return None

    def _pass_over(self, path: str, why: str) -> None:
        note = f"{_shown(path)} is not read for the version of anthropic: {why}"
        self._notes[" ".join(note.split())] = None

    def _toml(self, path: str, text: str) -> dict[str, Any]:
        if sys.version_info >= (3, 11):
            import tomllib
        else:
            import tomli as tomllib
        try:
            return tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            self._pass_over(path, f"not valid TOML: {error}")
        except RecursionError:
            self._pass_over(path, "nested too deeply")
        return {}

    # -- locks -----------------------------------------------------------------------------------

    def _lock(self, directory: str) -> SdkVersion | None:
        for name, look in _LOCKS:
            path = os.path.join(directory, name)
            text = self._text(path, b"anthropic")
            if text is not None:
                found = _merged(path, look(text))
                if found is not None:
                    return found
        return None

    # -- requirements ----------------------------------------------------------------------------

    def _required(self, directory: str) -> SdkVersion | None:
        """The first file that names one release, else the first that names the package."""
        first: SdkVersion | None = None
        for found in self._requirements(directory):
            if found is not None:
                if found.allows.exact:
                    return found
                first = first or found
        return first

    def _requirements(self, directory: str) -> Iterator[SdkVersion | None]:
        path = os.path.join(directory, "pyproject.toml")
        text = self._text(path, b"anthropic")
        if text is not None:
            yield self._pyproject(path, text)
        for path in _requirement_files(directory):
            yield self._requirements_file(path)
        for name, look in (("setup.cfg", self._setup_cfg), ("setup.py", self._setup_py)):
            path = os.path.join(directory, name)
            text = self._text(path, b"anthropic")
            if text is not None:
                yield _merged(path, _in_text(look(path, text), text))
        path = os.path.join(directory, "Pipfile")
        text = self._text(path, b"anthropic")
        if text is not None:
            document = self._toml(path, text)
            tables = (_table(document, "packages"), _table(document, "dev-packages"))
            yield _merged(path, (row for t in tables for row in _in_table(t, text)))

    def _pyproject(self, path: str, text: str) -> SdkVersion | None:
        """What the package itself needs; if that isn't told, what its extras and groups need."""
        document = self._toml(path, text)
        project, poetry = _table(document, "project"), _table(document, "tool", "poetry")
        main = _merged(
            path,
            [
                *_in_text(_strings(project.get("dependencies")), text),
                *_in_table(_table(poetry, "dependencies"), text),
            ],
        )
        if main is not None:
            return main
        lists = [
            *_table(project, "optional-dependencies").values(),
            *_table(document, "dependency-groups").values(),
            *_table(document, "tool", "pdm", "dev-dependencies").values(),
            _table(document, "tool", "uv").get("dev-dependencies"),
        ]
        tables = [
            _table(poetry, "dev-dependencies"),
            *(_table(poetry, "group", name, "dependencies") for name in _table(poetry, "group")),
        ]
        rows = [row for each in lists for row in _in_text(_strings(each), text)]
        return _merged(path, rows + [row for each in tables for row in _in_table(each, text)])

    def _requirements_file(self, path: str) -> SdkVersion | None:
        rows = list(self._requirement_rows(path, (), {}))
        # a release from an included file, in front of a range in the file that includes it
        rows.sort(key=lambda row: not row[1].allows.exact)
        return rows[0][1] if rows else None

    def _requirement_rows(
        self, path: str, above: tuple[str, ...], seen: dict[str, None]
    ) -> Iterator[tuple[str, SdkVersion]]:
        """What a requirements file and those it includes say, each with the file that says it."""
        real = os.path.realpath(path)
        if real in seen or len(above) > _DEEPEST:
            return
        seen[real] = None
        text = self._text(path)
        if text is None:
            if above and not os.path.exists(path):
                self._pass_over(above[-1], f"there is no file {_shown(path)}, which it includes")
            return
        rows: list[tuple[str, int]] = []
        included: list[str] = []
        for number, line in _logical_lines(text):
            option = re.match(r"(?:-r|--requirement|-c|--constraint)(?:\s+|=|(?=\S))(.+)", line)
            if option is not None:
                included.append(option[1].strip().strip("\"'"))
                continue
            written = _requirement(line)
            if written is not None:
                rows.append((written, number))
        own = _merged(path, rows)
        if own is not None:
            yield path, own
        for name in included:
            if "://" not in name:
                inner = os.path.normpath(os.path.join(os.path.dirname(path), name))
                yield from self._requirement_rows(inner, (*above, path), seen)

    def _setup_cfg(self, path: str, text: str) -> Iterator[str]:
        import configparser

        parser = configparser.ConfigParser(interpolation=None, strict=False)
        try:
            parser.read_string(text)
        except configparser.Error as error:
            self._pass_over(path, str(error).split("\n", 1)[0])
            return
        yield from parser.get("options", "install_requires", fallback="").splitlines()
        if parser.has_section("options.extras_require"):
            for value in parser["options.extras_require"].values():
                yield from (value or "").splitlines()

    def _setup_py(self, path: str, text: str) -> Iterator[str]:
        """The texts in ``install_requires`` and ``extras_require``, written out there or above."""
        import ast
        import warnings

        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                tree = ast.parse(text)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            self._pass_over(path, "not valid Python")
            return
        bound = {
            target.id: node.value
            for node in tree.body
            if isinstance(node, ast.Assign)
            for target in node.targets
            if isinstance(target, ast.Name)
        }
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call):
                continue
            for keyword in node.keywords:
                if keyword.arg in ("install_requires", "extras_require"):
                    value = keyword.value
                    if isinstance(value, ast.Name):
                        value = bound.get(value.id, value)
                    for inner in ast.walk(value):
                        if isinstance(inner, ast.Constant) and isinstance(inner.value, str):
                            yield inner.value


def _locked_packages(text: str) -> Iterator[tuple[str, int]]:
    """The versions of the package in uv.lock, poetry.lock, pdm.lock and pylock.toml.

    These are written by machines, a key a line; reading megabytes of TOML would take seconds.
    """
    inside = False
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith("["):
            inside = False
        elif line.startswith("name = "):
            inside = line[7:].strip().strip("\"'").lower() == PACKAGE
        elif inside and line.startswith("version = "):
            yield line[10:].strip().strip("\"'"), number
            inside = False


def _locked_pipenv(text: str) -> Iterator[tuple[str, int]]:
    for match in re.finditer(r'"anthropic"\s*:\s*\{([^{}]*)\}', text, re.I):
        version = re.search(r'"version"\s*:\s*"([^"]*)"', match[1])
        if version is not None:
            yield version[1], text.count("\n", 0, match.start(1) + version.start()) + 1


_Look = Callable[[str], Iterator[tuple[str, int]]]
_LOCKS: Final[tuple[tuple[str, _Look], ...]] = (
    ("uv.lock", _locked_packages),
    ("poetry.lock", _locked_packages),
    ("pdm.lock", _locked_packages),
    ("pylock.toml", _locked_packages),
    ("Pipfile.lock", _locked_pipenv),
)


def _requirement_files(directory: str) -> list[str]:
    """The requirements files of a directory: requirements.txt first, then by name."""
    found: list[str] = []
    for folder, anything in ((directory, False), (os.path.join(directory, "requirements"), True)):
        try:
            names = sorted(os.listdir(folder))
        except OSError:
            continue
        found += [
            os.path.join(folder, name)
            for name in names
            if name.endswith((".txt", ".in"))
            and (anything or name.startswith("requirements") or name[:-4].endswith("requirements"))
        ]
    return sorted(found, key=lambda path: os.path.basename(path) != "requirements.txt")


def _logical_lines(text: str) -> Iterator[tuple[int, str]]:
    """Lines without comments, those that a backslash continues as one, each with its number."""
    start, kept = 0, ""
    for number, line in enumerate(text.splitlines(), 1):
        start = start if kept else number
        if line.endswith("\\"):
            kept += line[:-1] + " "
            continue
        whole = re.sub(r"(?:^|\s)#.*", "", kept + line).strip()
        kept = ""
        if whole:
            yield start, whole
    if kept.strip():
        yield start, kept.strip()


def _requirement(line: str) -> str | None:
    """What a requirement allows, as written; None if it is one of another package."""
    name = _NAME.match(line)
    if name is None or re.sub(r"[-_.]+", "-", name[1]).lower() != PACKAGE:
        return None
    rest = line[name.end() :]
    if rest.startswith("@"):
        address = _IN_ADDRESS.search(rest)
        return address[1] if address else ""
    # hashes and other options, then markers
    rest = re.split(r"\s--?[a-z]", rest, maxsplit=1)[0].partition(";")[0].strip()
    return rest[1:-1].strip() if rest.startswith("(") and rest.endswith(")") else rest


def _in_text(requirements: Iterable[str], text: str) -> Iterator[tuple[str, int]]:
    """Requirements that stand somewhere in ``text``, with their lines."""
    for requirement in requirements:
        written = _requirement(requirement)
        if written is not None:
            place = re.compile(rf"^[^#]*?{re.escape(requirement.strip())}")
            yield written, _line(text, place) or _line(text, _WORD) or 1


def _in_table(table: dict[str, Any], text: str) -> Iterator[tuple[str, int]]:
    """The same of a table of names, as Poetry and Pipenv have it."""
    for name, value in table.items():
        if re.sub(r"[-_.]+", "-", name).lower() != PACKAGE:
            continue
        place = re.compile(rf"""^\s*(?:\[[^#]*)?["']?{re.escape(name)}["']?\s*[=\].]""")
        line = _line(text, place) or _line(text, _WORD) or 1
        for one in value if isinstance(value, list) else [value]:
            written = one.get("version", "") if isinstance(one, dict) else one
            if isinstance(written, str):
                yield "" if written.strip() in ("*", "latest") else written.strip(), line


def _merged(path: str, rows: Iterable[tuple[str, int]]) -> SdkVersion | None:
    """What all these allow together: which of them holds depends on Python and the platform."""
    found: dict[str, tuple[Versions, int]] = {}
    for written, line in rows:
        versions = parse(written)
        found.setdefault(written, (Versions() if versions is None else versions, line))
    if not found:
        return None
    allows = [versions for versions, _ in found.values()]
    around = allows[0]
    for versions in allows[1:]:
        around = around.around(versions)
    written = " or ".join(found) if all(found) else ""
    if around.exact:
        written = written.lstrip("=").strip()
    return SdkVersion(written, around, _shown(path), next(iter(found.values()))[1])


def _line(text: str, place: re.Pattern[str]) -> int | None:
    for number, line in enumerate(text.splitlines(), 1):
        if place.search(line) and not line.lstrip().startswith("#"):
            return number
    return None


def _table(table: dict[str, Any], *path: str) -> dict[str, Any]:
    for name in path:
        inner = table.get(name)
        if not isinstance(inner, dict):
            return {}
        table = inner
    return table


def _strings(value: object) -> list[str]:
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []


def _is_checkout(directory: str) -> bool:
    return any(os.path.exists(os.path.join(directory, name)) for name in (".git", ".hg", ".svn"))


def _shown(path: str) -> str:
    """``path`` relative to the working directory if it lies below, with "/"."""
    from skinflint.linter.config import relative

    return relative(path, os.getcwd()) or path.replace(os.sep, "/")
