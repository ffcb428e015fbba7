"""Paths to files: what a directory holds, less what is excluded or ignored by git.

A file that is named is taken, excluded or not (``force-exclude`` changes that). In a directory that
is named, exclusion is a matter of the entries below it, never of where it stands itself: a project
in ``~/build/venv`` is checked like any other.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Sequence

from skinflint.linter.config import (
    CONFIG_NAMES,
    DEFAULT_EXCLUDE,
    ConfigError,
    ConfigResolver,
    Settings,
    relative,
)
from skinflint.linter.patterns import Patterns
from skinflint.linter.problems import Problem
from skinflint.linter.source import NOTEBOOK
from skinflint.records import dataclass, field, replace

SUFFIXES = (".py", ".pyi", ".pyw", NOTEBOOK)

_SHEBANG = rb"#![^\n]*\b(?:python|pypy|uv +run)"
_DEFAULT_NAMES = frozenset(DEFAULT_EXCLUDE)
_CONFIG_NAMES = frozenset(CONFIG_NAMES)
# files that change what holds in their directory
_CONTEXT = _CONFIG_NAMES | {".git", ".gitignore"}


@dataclass(frozen=True, slots=True)
class Discovery:
    """The files to check, and what stood in the way.

    ``files`` are relative to the working directory, with "/", sorted, each real file once.
    ``all_excluded``: there is Python below the paths, but the project excludes all of it.
    """

    files: tuple[str, ...]
    problems: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()
    all_excluded: bool = False


@dataclass(frozen=True, slots=True)
class _Level:
    """Patterns, and how to make a path of the walk relative to the directory they belong to."""

    patterns: Patterns
    above: str = ""  # that directory lies above the walked root: the way down, "" or with "/" last
    depth: int = 0  # it lies below: how many characters of the path to cut

    def base(self, inside: str) -> str:
        """What stands in front of the names in the directory ``inside`` the walked root."""
        return self.above + inside[self.depth :]


@dataclass(frozen=True, slots=True)
class _Directory:
    path: str  # to open
    inside: str  # relative to the walked root, "" or with "/" last
    shown: str  # as reports show it, "" or with "/" last
    real: str  # with "/" last
    linked: bool  # whether a link leads here
    settings: Settings
    exclude: _Level
    ignores: tuple[_Level, ...]  # of git; the innermost first


@dataclass(slots=True)
class _Hidden:
    """What a walk left out, to tell "all excluded" from "no Python here"."""

    by_project: list[str] = field(default_factory=list)  # in .gitignore or written in the settings
    by_default: list[str] = field(default_factory=list)


def discover(
    paths: Sequence[str], settings: Settings, resolver: ConfigResolver | None = None
) -> Discovery:
    """The Python files that ``paths`` name or hold.

    ``settings`` hold everywhere, unless ``resolver`` finds closer ones. Directories are walked
    without following links to directories; a link to a file stands for that file, unless the file
    itself is found too.
    """
    return _Search(settings, resolver).run(paths)


class _Search:
    def __init__(self, settings: Settings, resolver: ConfigResolver | None) -> None:
        self.settings = settings
        self.resolver = resolver
        self.files: dict[str, str] = {}  # real path -> shown path
        self.links: dict[str, str] = {}  # shown path -> real path
        self.problems: dict[Problem, None] = {}
        self.excluded: list[str] = []  # of the paths given
        self.excludes: dict[int, tuple[Settings, Patterns]] = {}

    def run(self, paths: Sequence[str]) -> Discovery:
        for path in paths:
            self.path(path)
        for shown, real in sorted(self.links.items()):
            self.files.setdefault(real, shown)
        notes: tuple[str, ...] = ()
        all_excluded = bool(self.excluded) and not self.files and not self.problems
        if all_excluded:
            first = ", ".join(self.excluded[:3])
            more = len(self.excluded) - 3
            first += f" and {more} more" if more > 0 else ""
            notes = (f"nothing was checked: everything in {first} is excluded",)
        # from the working directory up and down again: ../here/x.py is x.py
        shown_files = (
            _shown(shown) if shown.startswith("../") else shown for shown in self.files.values()
        )
        return Discovery(
            tuple(sorted(shown_files)),
            tuple(sorted(self.problems, key=lambda each: (each.path, each.kind, each.message))),
            notes,
            all_excluded,
        )

    def path(self, path: str) -> None:
        if os.pardir in path.split(os.sep):
            # what ".." leads to is a question of links, not of spelling
            head, tail = os.path.split(path)
            if tail in ("", os.curdir, os.pardir):
                head, tail = path, ""
            path = os.path.join(os.path.realpath(head), tail) if tail else os.path.realpath(head)
        try:
            status = os.stat(path)
        except FileNotFoundError:
            return self.problem(path, "missing-path", "there is no such file or directory")
        except OSError as error:
            return self.problem(path, "unreadable", f"can't be read: {error.strerror or error}")
        except ValueError:
            return self.problem(path, "missing-path", "a path can't have a NUL character")
        directory = stat.S_ISDIR(status.st_mode)
        try:
            settings = self.settings_in(path if directory else os.path.dirname(path))
        except ConfigError as error:
            return self.problem(error.path, "config-error", error.message)
        if settings.force_exclude and self.exclude(settings).covers(
            relative(path, settings.root) or ""
        ):
            self.excluded.append(_shown(path))
        elif directory:
            self.directory(path, settings)
        elif not stat.S_ISREG(status.st_mode):
            self.problem(path, "unreadable", "not a regular file; use - to check standard input")
        elif path.endswith(SUFFIXES) or self.is_script(path):
            self.file(path)
        return None

    def file(self, path: str) -> None:
        real = os.path.realpath(path)
        if real != os.path.abspath(path):
            self.links[_shown(path)] = real.replace(os.sep, "/")
        else:
            self.files[real.replace(os.sep, "/")] = _shown(path)

    def is_script(self, path: str) -> bool:
        try:
            with open(path, "rb") as file:
                start = file.read(200)
        except OSError as error:
            self.problem(path, "unreadable", f"can't be read: {error.strerror}")
            return False
        if re.match(_SHEBANG, start):
            return True
        self.problem(
            path,
            "not-python",
            f"not Python: neither {', '.join(SUFFIXES)} nor a first line that runs python",
        )
        return False

    def directory(self, path: str, settings: Settings) -> None:
        """Walk the directory ``path`` that was given."""
        absolute = os.path.abspath(path)
        shown = _shown(path)
        above = relative(absolute, settings.root)
        stack = [
            _Directory(
                path,
                "",
                "" if shown == "." else shown.rstrip("/") + "/",
                os.path.realpath(path).replace(os.sep, "/").rstrip("/") + "/",
                os.path.realpath(path) != absolute,
                settings,
                _Level(self.exclude(settings), f"{above}/" if above else ""),
                self.ignores_above(absolute, settings),
            )
        ]
        before = len(self.problems)
        hidden = _Hidden()
        found = False
        while stack:
            found |= self.scan(stack.pop(), stack, hidden)
        if found or len(self.problems) > before:
            return
        if any(map(_holds_python, hidden.by_project)):
            self.excluded.append(shown)
            return
        message = "no Python files here"
        behind = next(filter(_holds_python, sorted(hidden.by_default)), None)
        if behind is not None:
            message += (
                f", other than in {_shown(behind)}, which is excluded by default; "
                "name it to check it"
            )
        self.problem(path, "no-python", message)

    def scan(self, directory: _Directory, stack: list[_Directory], hidden: _Hidden) -> bool:
        """Take the files of one directory and stack those below it; whether there was a file."""
        files: list[str] = []
        links: list[str] = []
        below: list[str] = []
        context: list[str] = []
        try:
            with os.scandir(directory.path) as entries:
                for entry in entries:
                    name = entry.name
                    if name.endswith(SUFFIXES) and entry.is_file(follow_symlinks=False):
                        files.append(name)
                    elif entry.is_dir(follow_symlinks=False):
                        below.append(name)
                        if name == ".git":
                            context.append(name)
                    elif name in _CONTEXT:
                        context.append(name)
                    elif name.endswith(SUFFIXES) and entry.is_symlink():
                        links.append(name)
        except FileNotFoundError:  # gone since its name was read
            return False
        except OSError as error:
            self.problem(directory.path, "unreadable", f"can't be read: {error.strerror}")
            return False
        if context:
            try:
                directory = self.entered(directory, context)
            except ConfigError as error:
                self.problem(error.path, "config-error", error.message)
                return False

        inside = directory.inside
        levels = [
            (level.patterns.decide, level.base(inside))
            for level in directory.ignores
            if level.patterns
        ]
        exclude = directory.exclude.patterns.decide
        base = directory.exclude.base(inside)

        def is_hidden(name: str, is_directory: bool) -> bool:
            if exclude(base + name, name, is_directory):
                default = directory.settings.exclude is DEFAULT_EXCLUDE and name in _DEFAULT_NAMES
                (hidden.by_default if default else hidden.by_project).append(
                    os.path.join(directory.path, name)
                )
                return True
            for decide, start in levels:
                verdict = decide(start + name, name, is_directory)
                if verdict is not None:
                    if verdict:
                        hidden.by_project.append(os.path.join(directory.path, name))
                    return verdict
            return False

        found = False
        for name in files:
            if not is_hidden(name, False):
                found = True
                if directory.linked:
                    self.links[directory.shown + name] = directory.real + name
                else:
                    self.files[directory.real + name] = directory.shown + name
        for name in links:
            path = os.path.join(directory.path, name)
            # a broken link is none of ours: editors leave such behind as locks
            if os.path.isfile(path) and not is_hidden(name, False):
                found = True
                self.links[directory.shown + name] = os.path.realpath(path).replace(os.sep, "/")
        for name in below:
            if not is_hidden(name, True):
                stack.append(
                    _Directory(
                        os.path.join(directory.path, name),
                        f"{inside}{name}/",
                        f"{directory.shown}{name}/",
                        f"{directory.real}{name}/",
                        directory.linked,
                        directory.settings,
                        directory.exclude,
                        directory.ignores,
                    )
                )
        return found

    def entered(self, directory: _Directory, context: list[str]) -> _Directory:
        """``directory`` with what its own files say: configuration, repository, .gitignore."""
        settings, exclude, ignores = directory.settings, directory.exclude, directory.ignores
        depth = len(directory.inside)
        if depth and self.resolver is not None and not _CONFIG_NAMES.isdisjoint(context):
            settings = self.settings_in(directory.path)
            if settings is not directory.settings:
                exclude = _Level(self.exclude(settings), depth=depth)
        if not settings.respect_gitignore:
            ignores = ()
        else:
            if depth and ".git" in context:  # a repository of its own
                ignores = self.level(_info_exclude(directory.path), depth=depth)
            if ".gitignore" in context:
                path = os.path.join(directory.path, ".gitignore")
                ignores = (*self.level(path, depth=depth), *ignores)
        return replace(directory, settings=settings, exclude=exclude, ignores=ignores)

    def ignores_above(self, directory: str, settings: Settings) -> tuple[_Level, ...]:
        """The levels of git that stand above the absolute ``directory``, up to its repository.

        Outside of a repository, those from the project's root down.
        """
        if not settings.respect_gitignore:
            return ()
        root: str | None = directory
        while root is not None and not os.path.lexists(os.path.join(root, ".git")):
            root = os.path.dirname(root) if os.path.dirname(root) != root else None
        levels: tuple[_Level, ...] = ()
        if root is not None:
            above = relative(directory, root)
            levels = self.level(_info_exclude(root), f"{above}/" if above else "")
        elif relative(directory, settings.root) is not None:
            root = settings.root
        else:
            return ()
        parts = (relative(directory, root) or "").split("/")
        for index, part in enumerate(parts if parts != [""] else []):
            path = os.path.join(root, ".gitignore")
            if os.path.isfile(path):
                levels = (*self.level(path, "/".join(parts[index:]) + "/"), *levels)
            root = os.path.join(root, part)
        return levels

    def level(self, path: str | None, above: str = "", depth: int = 0) -> tuple[_Level, ...]:
        """The level of one pattern file; none if there is no such file or nothing in it."""
        if path is None:
            return ()
        try:
            with open(path, "rb") as file:
                data = file.read()
        except FileNotFoundError:
            return ()
        except OSError as error:
            self.problem(path, "unreadable", f"can't be read: {error.strerror}")
            return ()
        patterns = Patterns.of(data)
        return (_Level(patterns, above, depth),) if patterns else ()

    def exclude(self, settings: Settings) -> Patterns:
        """``exclude`` and ``extend-exclude`` of ``settings``."""
        known = self.excludes.get(id(settings))
        if known is None:
            patterns = Patterns((*settings.exclude, *settings.extend_exclude))
            # the settings are kept as well, so that no other ones get their id
            known = self.excludes[id(settings)] = (settings, patterns)
        return known[1]

    def settings_in(self, directory: str) -> Settings:
        return self.settings if self.resolver is None else self.resolver.settings_in(directory)

    def problem(self, path: str, kind: str, message: str) -> None:
        self.problems[Problem(_shown(path), kind, message)] = None


def _shown(path: str) -> str:
    """``path`` relative to the working directory, with "/"."""
    try:
        path = os.path.relpath(path)
    except ValueError:  # an empty path, a NUL character, or another drive
        return path
    return path.replace(os.sep, "/")


def _info_exclude(root: str) -> str | None:
    """The file of the repository at ``root`` that ignores without being part of it."""
    git = os.path.join(root, ".git")
    if not os.path.isdir(git):
        # a worktree or submodule: a file that says "gitdir: ..."
        try:
            with open(git, encoding="utf-8", errors="surrogateescape") as file:
                said = file.read(5000).strip()
        except OSError:
            return None
        if not said.startswith("gitdir:"):
            return None
        git = os.path.join(root, said.removeprefix("gitdir:").strip())
        try:
            with open(
                os.path.join(git, "commondir"), encoding="utf-8", errors="surrogateescape"
            ) as file:
                git = os.path.join(git, file.read(5000).strip())
        except OSError:
            pass  # a submodule has no common directory
    return os.path.join(git, "info", "exclude")


def _holds_python(path: str) -> bool:
    """Whether ``path`` is a Python file or has one somewhere below."""
    if not os.path.isdir(path):
        return path.endswith(SUFFIXES)
    return any(name.endswith(SUFFIXES) for _, _, names in os.walk(path) for name in names)
