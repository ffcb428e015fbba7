"""The files around a module: where an import leads, and which files may use what a file defines.

Nothing is imported: an import leads to a file if Python, started in one of the usual places, would
find it there. Those places are the directory that holds the package of the importing file, the
directories above it up to the root of the project (each with its ``src``), those inside the
package, for programs that are started there, and those that the file itself adds to ``sys.path``.
Modules of the standard library are never looked for.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Final, NamedTuple

from skinflint.linter.source import SourceError, read_bytes

if TYPE_CHECKING:
    from skinflint.linter.broken import Top
    from skinflint.linter.merged import Before
    from skinflint.linter.reach import Reach

#: What marks the root of a project that is no repository.
_MARKS: Final = ("pyproject.toml", "skinflint.toml", "setup.py", "setup.cfg", "requirements.txt")
#: Directories beside the packages of a project that hold packages themselves.
_SOURCES: Final = ("", "src", "lib", "python")
_WORD: Final = re.compile(rb"[^\W\d]\w*")
#: Words of an import statement that are no names.
_KEYWORDS: Final = frozenset((b"from", b"import", b"as"))
#: An import of more names than this is generated.
_LONGEST: Final = 4_000
#: Bytes of layout between a dot and the name behind it.
_LAYOUT: Final = 200
#: Files that one question may read.
_MOST_READ: Final = 160
#: Bytes of the files of a project that are kept: its files are asked again and again.
_MOST_KEPT: Final = 6_000_000
#: The same of what is written beside them.
_MOST_BESIDE: Final = 20_000_000
#: Endings of files that start, build, configure or explain a program ("": Dockerfile, Procfile).
_WRITTEN: Final = frozenset(
    ("", ".bat", ".cfg", ".conf", ".ini", ".ipynb", ".json", ".md", ".ps1", ".rst", ".service")
) | {".sh", ".toml", ".txt", ".yaml", ".yml"}
#: The description of a package that is installed: mostly the first page of its project.
DESCRIBES: Final = ("METADATA", "PKG-INFO")
#: Pages for people, and for what helps them to write code.
PAGES: Final = (
    *(".md", ".rst", ".txt", ".cursorrules", ".windsurfrules", ".clinerules"),
    *DESCRIBES,
)
#: Lists of all that a package that is installed has, whether it is used or not.
_LISTS: Final = ("RECORD", "SOURCES.txt")
#: How the directories end that tell of a package that is installed.
INSTALLED: Final = (".dist-info", ".egg-info")
#: Others by their names: `Dockerfile.worker`, what pm2 reads.
_NAMED_SO: Final = re.compile(r"Dockerfile\.[\w-]+$|ecosystem\.config\.c?js$")
#: Bytes of what nobody writes to start, build, configure or explain a program.
_BOOK: Final = 400_000
#: Stands for what an import statement means until somebody asks.
_UNASKED: Final = "?"
#: Directories of what others wrote.
_ELSEWHERE: Final = frozenset((".git", ".venv", "venv", "env", "node_modules", "site-packages"))


def root_of(path: str) -> str:
    """The root of the project that the file at ``path`` belongs to, absolute.

    The repository it stands in; else the closest directory that a build or configuration file
    marks, else the working directory, if the file stands below it, else the directory around its
    package.
    """
    start = os.path.dirname(os.path.abspath(path))
    marked = ""
    directory = start
    while True:
        if os.path.lexists(os.path.join(directory, ".git")):
            return directory
        if not marked and any(os.path.isfile(os.path.join(directory, m)) for m in _MARKS):
            marked = directory
        above = os.path.dirname(directory)
        if above == directory:
            break
        directory = above
    if marked:
        return marked
    here = os.getcwd()
    if start == here or start.startswith(here.rstrip(os.sep) + os.sep):
        return here
    while os.path.isfile(os.path.join(start, "__init__.py")):
        start = os.path.dirname(start)
    return start


class Statement(NamedTuple):
    """An import statement: how the name of its module ends, and what it takes from that."""

    end: str
    level: int
    module: str
    imported: frozenset[str]  # none: the module


class Targets:
    """Modules whose users are looked for: their files, and by package the names in it."""

    def __init__(self, files: list[str]) -> None:
        self.files = frozenset(files)
        self.below: dict[str, set[str]] = {}
        #: How the names of modules end that may lead to one of them, or to its package.
        self.ends = {""}
        for file in files:
            stem = file.removesuffix(f"{os.sep}__init__.py").removesuffix(".py")
            package, name = os.path.split(stem)
            self.below.setdefault(package, set()).add(name)
            self.ends |= {name, os.path.basename(package)}


class Tree:
    """The files of one project, and what they import. ``listed`` yields their absolute paths."""

    def __init__(self, root: str, listed: Callable[[], Iterator[str]]) -> None:
        self.root = root
        self._listed = listed
        self._found: dict[tuple[str, str], str | None] = {}
        self._added: dict[str, tuple[str, ...]] = {}  # by file: what it adds to ``sys.path``
        self._files: tuple[str, ...] | None = None
        self._by_name: dict[str, list[str]] | None = None
        self._importing: dict[bytes, list[int]] | None = None
        self._imports_of: dict[str, list[Statement]] = {}  # by file
        self._statements: dict[Statement, Statement] = {}  # one for all that are equal
        self._meant: dict[str, list[str | None]] = {}  # by file: what its statements lead to
        self._below: dict[tuple[str, str], str | None] = {}
        self._read: dict[str, bytes] = {}  # what was read last, up to `_MOST_KEPT` bytes
        self._read_size = 0
        self._users: dict[tuple[str, tuple[str, ...], str, bool], list[str]] = {}
        self._is_file: dict[str, bool] = {}  # where the name is there
        self._names: dict[str, frozenset[str]] = {}  # by directory, see `_names_in`
        self._beside: list[tuple[str, bytes]] | None = None
        self._installed: bool | None = None
        self._reach: Reach | None = None
        self._named: Reach | None = None
        self.programs: dict[str, bool] = {}  # of packages: there to be started (packed.py)
        self.called_old: dict[str, bool] = {}  # files: a page says so (superseded.py)
        self.first_pages: tuple[bytes, ...] | None = None  # those that say it
        #: files and names: nothing tells others of them, they may use them (packed.py)
        self.left: dict[tuple[str, str], bool] = {}
        self.elsewhere: dict[tuple[str, str], bool] = {}
        self.spoken_of: dict[tuple[str, str], bool] = {}
        self.looked_up: dict[tuple[str, str], bool] = {}  # classes, by path
        #: files, classes and names: their objects have nothing of that name (misfit.py)
        self.without: dict[tuple[str, str, str], bool] = {}
        self.starting: frozenset[str] | None = None  # files that start something (packed.py)
        self.pages: list[bytes] | None = None  # those for people (packed.py)
        self.plugged_in: frozenset[str] | None = None  # modules that others load (packed.py)
        self.quoted: dict[str, bool] = {}  # names of classes: written as a text (overridden.py)
        #: keys, and whether the outermost is meant: what settings have there (merged.py)
        self.keyed: dict[tuple[str, str, bool], tuple[Before, ...]] = {}
        self.daily: frozenset[str] | None = None  # what schedules start (scheduled.py)
        self.is_program: bool | None = None  # some file starts, and imports others (unused.py)
        self.by_hand: frozenset[str] | None = None  # modules that such programs take (byhand.py)
        self.of_a_paper: bool | None = None  # its first page speaks of one (published.py)
        #: what settings give variables, seen from a directory (shipped.py)
        self.shipped: dict[tuple[str, tuple[str, ...]], tuple[str, ...]] = {}
        #: files, their classes and what those have: each class made of it has its own (below.py)
        self.replaced: dict[tuple[str, str, str], bool] = {}
        self.broken: dict[str, bool] = {}  # files: their import fails (broken.py)
        self.tops: dict[str, Top | None] = {}  # what files do when they are imported (broken.py)
        self.required: frozenset[bytes] | None = None  # words of what it needs (broken.py)
        self.in_data: dict[bytes, bool] = {}  # models: data that it keeps names them (published.py)
        self.amiss: dict[tuple[str, int], bool] = {}  # functions: no call fits them (misfit.py)

    # -- from an import to a file -------------------------------------------------------------

    def find(self, path: str, name: str, level: int) -> str | None:
        """The file that ``name`` means when the module at ``path`` imports it, None if none.

        ``level`` is the number of leading dots. A package is its ``__init__.py``, a package
        without one (a namespace) its directory, with a separator at the end.
        """
        directory = os.path.dirname(path)
        key = (directory, "." * level + name)
        if key not in self._found:
            self._found[key] = (
                self._relative(directory, name, level) if level else self._absolute(path, name)
            )
        found = self._found[key]
        if found is None and not level and name.partition(".")[0] not in sys.stdlib_module_names:
            found = self._where_added(path, name)
        return found

    def _where_added(self, path: str, name: str) -> str | None:
        """The file that ``name`` means in a directory that its importer adds to ``sys.path``."""
        added = self._added.get(path)
        if added is None:
            from skinflint.linter.ondisk import searched_also

            added = searched_also(self.data(path) or b"", path)
            self._added[path] = added = tuple(each for each in added if self._inside(each))
        for base in added if name else ():
            found = self._at(base, name)
            if found is not None and not self._is_namespace_of_others(found, name):
                return found
        return None

    def _relative(self, directory: str, name: str, level: int) -> str | None:
        for _ in range(level - 1):
            directory = os.path.dirname(directory)
        if not self._inside(directory):
            return None
        return self._at(directory, name)

    def _absolute(self, path: str, name: str) -> str | None:
        top = name.partition(".")[0]
        if not top or top in sys.stdlib_module_names:
            return None
        for base in self._bases(os.path.dirname(path)):
            found = self._at(base, name)
            if found is not None and not self._is_namespace_of_others(found, name):
                return found
        return self._by_suffix(path, name)

    def _bases(self, directory: str) -> Iterator[str]:
        """Where Python may look for packages, seen from a file in ``directory``."""
        inner: list[str] = []
        outer = directory
        while self._inside(outer) and self._exists(os.path.join(outer, "__init__.py")):
            inner.append(outer)
            outer = os.path.dirname(outer)
        while self._inside(outer):
            for below in _SOURCES:
                yield os.path.join(outer, below) if below else outer
            if outer == self.root:
                break
            outer = os.path.dirname(outer)
        yield from inner

    def _at(self, base: str, name: str) -> str | None:
        first = name.partition(".")[0]
        there = self._names_in(base)
        if first and first not in there and f"{first}.py" not in there:
            return None  # as it mostly is: what is imported was written by others
        key = (base, name)
        if key not in self._below:
            self._below[key] = self._look_at(base, name)
        return self._below[key]

    def _look_at(self, base: str, name: str) -> str | None:
        stem = os.path.join(base, *name.split(".")) if name else base
        for candidate in (os.path.join(stem, "__init__.py"), f"{stem}.py"):
            if (name or candidate != f"{stem}.py") and self._exists(candidate):
                return candidate
        return stem + os.sep if os.path.isdir(stem) else None

    def _is_namespace_of_others(self, found: str, name: str) -> bool:
        """Whether a bare directory merely has the name of a package that is installed.

        ``docs``, ``openai`` or ``tests`` may be any folder; with Python files directly below a
        folder, or a dotted name that leads there, it is a package of the project.
        """
        if not found.endswith(os.sep) or "." in name:
            return False
        try:
            return not any(entry.endswith(".py") for entry in os.listdir(found))
        except OSError:
            return True

    def _by_suffix(self, path: str, name: str) -> str | None:
        """The one file of the project that ends in the path that ``name`` stands for.

        A project may hold several packages, each with a place of its own for its sources.
        """
        if "." not in name:
            return None
        tail = os.path.join(*name.split("."))
        ends = (f"{os.sep}{tail}.py", os.path.join(f"{os.sep}{tail}", "__init__.py"))
        last = name.rpartition(".")[2]
        found = [each for each in self.called(last) if each.endswith(ends) and each != path]
        return found[0] if len(found) == 1 else None

    def around(
        self, directory: str, named: re.Pattern[str], levels: int, most: int
    ) -> Iterator[bytes]:
        """What the files with such names begin with, ``most`` bytes of each.

        Those in ``directory``, which is absolute, come first, then those above it, ``levels`` in
        all and none above the root.
        """
        root = os.path.abspath(self.root)
        for _ in range(levels):
            try:
                names = sorted(os.listdir(directory))
            except OSError:
                return
            for name in names:
                file = os.path.join(directory, name)
                if named.match(name) and os.path.isfile(file):
                    with open(file, "rb") as stream:
                        yield stream.read(most)
            if directory == root or os.path.dirname(directory) == directory:
                return
            directory = os.path.dirname(directory)

    def holds(self, path: str) -> bool:
        """Whether there is a file at the absolute ``path``, in the project and written for it."""
        if not self._inside(path) or not os.path.isfile(path):
            return False
        parts = os.path.relpath(path, self.root).split(os.sep)
        return _ELSEWHERE.isdisjoint(parts)

    def _inside(self, directory: str) -> bool:
        return directory == self.root or directory.startswith(self.root.rstrip(os.sep) + os.sep)

    def _exists(self, path: str) -> bool:
        directory, _, name = path.rpartition(os.sep)
        if name not in self._names_in(directory):
            return False
        known = self._is_file.get(path)
        if known is None:
            known = self._is_file[path] = os.path.isfile(path)
        return known

    def _names_in(self, directory: str) -> frozenset[str]:
        """What of a directory an import may lead to, by name; nothing of one that isn't there."""
        found = self._names.get(directory)
        if found is None:
            try:
                entries = os.listdir(directory or os.sep)
            except OSError:
                entries = []
            names = [each for each in entries if each.endswith(".py") or "." not in each]
            found = self._names[directory] = frozenset(names)
        return found

    # -- from a definition to the files that may use it -----------------------------------------

    def files(self) -> tuple[str, ...]:
        """The Python files of the project, absolute, sorted."""
        if self._files is None:
            self._files = tuple(sorted(self._listed()))
        return self._files

    def users(self, path: str, names: tuple[str, ...], called: str, deep: bool) -> list[str]:
        """The files that may use ``called``, which the file at ``path`` defines; nearest first.

        Near is a file that imports one of ``names`` from it, or the module itself; then those that
        get it from such a file. With ``deep`` a file that imports anything of them counts as well:
        it may be handed an object. All of them mention ``called``,
        with ``deep`` as an attribute.
        """
        question = (path, names, called, deep)
        known = self._users.get(question)
        if known is None:
            known = self._users[question] = self._look_for_users(path, names, called, deep)
        return known

    def _look_for_users(
        self, path: str, names: tuple[str, ...], called: str, deep: bool
    ) -> list[str]:
        if self._importing is None:
            self._importing = self._index()
        files = self.files()
        mentions = _reads if deep else _mentions
        wanted = called.encode()
        seen = {path}
        level = [path]
        found: list[str] = []
        read = 0
        for distance in range(3):
            words = {_tail(file) for file in level}
            if not deep or distance == 0:
                words |= {name.encode() for name in names}
            near = sorted({index for word in words for index in self._importing.get(word, ())})
            targets, level = Targets(level), []
            for index in near:
                file = files[index]
                if file in seen or read >= _MOST_READ:
                    continue
                read += 1
                if not self._imports(file, targets, None if deep else names):
                    continue
                seen.add(file)
                level.append(file)
                data = self.data(file)
                if data is not None and mentions(data, wanted):
                    found.append(file)
            if not level:
                break
        return found

    def _imports(self, file: str, targets: Targets, names: tuple[str, ...] | None) -> bool:
        """Whether a file imports one of the modules ``targets``, or (of) ``names`` from them."""
        statements = self._imports_of.get(file)
        if statements is None:
            statements = self._imports_of[file] = self._statements_of(file)
        meant, ends = self._meant.get(file), targets.ends
        for place, (end, level, module, imported) in enumerate(statements):
            if end not in ends:
                continue  # as it mostly is: what it means needn't be looked up
            if meant is None:
                meant = self._meant[file] = [_UNASKED] * len(statements)
            found = meant[place]
            if found is _UNASKED:
                found = meant[place] = self.find(file, module, level)
            if found is None:
                continue
            if found in targets.files and (
                not imported or names is None or "*" in imported or not imported.isdisjoint(names)
            ):
                return True
            if imported and found.endswith(("__init__.py", os.sep)):  # from package import module
                below = targets.below.get(found.removesuffix("__init__.py").rstrip(os.sep))
                if below and not imported.isdisjoint(below):
                    return True
        return False

    def _statements_of(self, file: str) -> list[Statement]:
        """The import statements of a file that may lead to one of the project."""
        found = []
        for level, module, imported in import_statements(self.data(file) or b""):
            if level or module.partition(".")[0] not in sys.stdlib_module_names:
                made = Statement(module.rpartition(".")[2], level, module, imported)
                found.append(self._statements.setdefault(made, made))
        return found

    def _mentions(self, file: str, name: bytes) -> bool:
        """Whether ``name`` stands somewhere in a file as a whole word."""
        data = self.data(file)
        return data is not None and _mentions(data, name)

    def naming(self, word: bytes) -> Iterator[str]:
        """The Python files of the project that have ``word`` in them as a word."""
        return (file for file in self.files() if self._mentions(file, word))

    def called(self, name: str) -> list[str]:
        """The modules and packages of the project that go by a name."""
        if self._by_name is None:
            self._by_name = {}
            for file in self.files():
                last = os.path.basename(file)
                if last == "__init__.py":  # a package goes by the name of its directory
                    last = os.path.basename(os.path.dirname(file))
                else:
                    last = last.removesuffix(".py")
                self._by_name.setdefault(last, []).append(file)
        return self._by_name.get(name, [])

    def packages(self, path: str, below: str) -> Iterator[str]:
        """The packages that are run before the file at ``path``, from the inside out.

        By their ``__init__.py``; those that lie in ``below``, a directory above it.
        """
        place = os.path.dirname(path)
        while place != below and self._exists(os.path.join(place, "__init__.py")):
            package = os.path.join(place, "__init__.py")
            if package != path:
                yield package
            place = os.path.dirname(place)

    def imported(self, file: str) -> set[str]:
        """The modules of the project that import statements of a file name."""
        found: set[str] = set()
        for level, name, taken in import_statements(self.data(file) or b""):
            for each in (name, *(f"{name}.{one}" if name else one for one in taken)):
                module = self.find(file, each, level)
                if module is not None and not module.endswith(os.sep):
                    found.add(module)
        return found

    def imports(self, file: str, targets: Targets) -> bool:
        """Whether a file imports one of the modules ``targets``, or anything of them."""
        return self._imports(file, targets, None)

    def is_imported(self, word: bytes) -> bool:
        """Whether some import statement of the project has a word in it."""
        if self._importing is None:
            self._importing = self._index()
        return word in self._importing

    def neighbours(self, path: str) -> int:
        """How many Python files beside ``path`` some import statement of the project names."""
        if self._importing is None:
            self._importing = self._index()
        own = os.path.abspath(path)
        place = os.path.dirname(own)
        near = (f for f in self.files() if f != own and os.path.dirname(f) == place)
        return sum(_tail(file) in self._importing for file in near)

    def has(self, pattern: re.Pattern[bytes]) -> bool:
        """Whether a Python file of the project has ``pattern`` in it, or can't be read."""
        found = map(self.data, self.files())
        return any(data is None or pattern.search(data) for data in found)

    def is_installed(self) -> bool:
        """Whether the project is a package as it was installed, and no checkout."""
        if self._installed is None:
            try:
                names = os.listdir(self.root)
            except OSError:
                names = []
            self._installed = any(name.endswith(".dist-info") for name in names)
        return self._installed

    def beside(self) -> list[tuple[str, bytes]] | None:
        """What else the project has written: scripts, settings, notebooks, pages for people.

        None where it is too much to be looked through.
        """
        if self._beside is None:
            self._beside = list(_beside(self.root))
        enough = sum(len(data) for _, data in self._beside) <= _MOST_BESIDE
        return self._beside if enough else None

    def reach(self) -> Reach:
        """What tells which code of the project something leads to."""
        if self._reach is None:
            from skinflint.linter.reach import Reach

            self._reach = Reach(self)
        return self._reach

    def named(self) -> Reach:
        """The same where nobody starts a module of a package for others that nothing names."""
        if self._named is None:
            from skinflint.linter.reach import Reach

            self._named = Reach(self, demos=False)
        return self._named

    def let_go(self) -> None:
        """Keep no bytes of its files, and no answers: another project is looked at."""
        self._reach = self._named = None
        self.programs.clear()
        self.called_old.clear()
        self.left.clear()
        self.elsewhere.clear()
        self.spoken_of.clear()
        self.looked_up.clear()
        self.without.clear()
        self.quoted.clear()
        self.keyed.clear()
        self.amiss.clear()
        self.broken.clear()
        self.tops.clear()
        self.required = None
        self.in_data.clear()
        self.shipped.clear()
        self.replaced.clear()
        self.daily = self.by_hand = self.is_program = self.of_a_paper = None
        self.first_pages = self.starting = self.pages = self.plugged_in = None
        self._users.clear()
        self._beside = None
        self._read.clear()
        self._read_size = 0

    def data(self, file: str) -> bytes | None:
        """The bytes of a file of the project; None where it can't be read.

        A link that leads nowhere has none in it.
        """
        data = self._read.get(file)
        if data is None:
            try:
                data = read_bytes(file)
            except SourceError:
                if os.path.lexists(file) and not os.path.exists(file):
                    return b""
                return None
            self._read_size += len(data)
            while self._read and self._read_size > _MOST_KEPT:
                self._read_size -= len(self._read.pop(next(iter(self._read))))
            self._read[file] = data
        return data

    def _index(self) -> dict[bytes, list[int]]:
        """By word, the files (as indices) whose import statements have it."""
        index: dict[bytes, list[int]] = {}
        for number, file in enumerate(self.files()):
            try:
                data = read_bytes(file)
            except SourceError:
                continue
            for word in imported_words(data):
                index.setdefault(word, []).append(number)
        return index


def _beside(root: str) -> Iterator[tuple[str, bytes]]:
    """The files below ``root`` that are no Python, and what they say."""
    size = 0
    for directory, below, names in os.walk(root):
        below[:] = sorted(name for name in below if name not in _ELSEWHERE)
        for name in sorted(names):
            if os.path.splitext(name)[1].lower() not in _WRITTEN and not _NAMED_SO.match(name):
                continue
            if name in _LISTS and directory.endswith(INSTALLED):
                continue
            path = os.path.join(directory, name)
            notebook = name.endswith(".ipynb")
            try:
                with open(path, "rb") as file:
                    data = file.read(_MOST_KEPT if notebook else _BOOK + 1)
            except OSError:
                continue
            if len(data) > _BOOK and not notebook:
                continue  # what the program works on
            size += len(data)
            yield path, data
            if size > _MOST_BESIDE:
                return


def goes_by(path: str, dotted: str) -> bool:
    """Whether a dotted name may be that of the module at ``path``."""
    place = path.removesuffix(".py").removesuffix(f"{os.sep}__init__").replace(os.sep, ".")
    return f".{place}".endswith(f".{dotted}")


def imported_words(data: bytes) -> set[bytes]:
    """The names in the import statements of a module, dotted ones in parts."""
    words: set[bytes] = set()
    for start, end in _imports_in(data):
        words.update(_WORD.findall(data, start, end))
    return words - _KEYWORDS


def import_statements(data: bytes) -> list[tuple[int, str, frozenset[str]]]:
    """Of each import statement the leading dots, the module, and the names taken from it.

    ``import a.b`` takes none: ``(0, "a.b", frozenset())``.
    """
    found: list[tuple[int, str, frozenset[str]]] = []
    for start, end in _imports_in(data):
        text = data[start:end].decode("utf-8", "replace").strip()
        if text.startswith("from "):
            module, _, names = text[5:].partition(" import ")
            if not names and " import(" in text:
                module, _, names = text[5:].partition(" import(")
            module = module.strip()
            bare = module.lstrip(".")
            listed = re.sub(r"#[^\n]*", "", names).strip("()\\ \n\r\t").split(",")
            taken = frozenset(part.split()[0] for part in listed if part.split())
            if taken:
                found.append((len(module) - len(bare), bare, taken))
        else:
            for part in text.removeprefix("import ").split(","):
                name = part.split()[0] if part.split() else ""
                if name:
                    found.append((0, name, frozenset()))
    return found


def _imports_in(data: bytes) -> Iterator[tuple[int, int]]:
    """Where the import statements of a module stand."""
    at = data.find(b"import")
    while at >= 0:
        start = max(data.rfind(b"\n", 0, at), data.rfind(b";", 0, at)) + 1
        head = data[start:at].lstrip()
        if (not head or head.startswith(b"from ")) and data[at + 6 : at + 7] in b" (\\\t":
            end = data.find(b"\n", at)
            end = len(data) if end < 0 else end
            if data.find(b"(", at, end) >= 0:
                closing = data.find(b")", at, at + _LONGEST)
                end = closing if closing >= 0 else end
            elif data[end - 1 : end] == b"\\":
                end = min(end + 200, len(data))
            yield start, end
            at = data.find(b"import", end)
        else:
            at = data.find(b"import", at + 6)


def _tail(path: str) -> bytes:
    """The last part of the name of the module at ``path``."""
    stem = os.path.basename(path).removesuffix(".py")
    if stem == "__init__":
        stem = os.path.basename(os.path.dirname(path))
    return os.fsencode(stem)


def _mentions(data: bytes, name: bytes) -> bool:
    """Whether ``name`` stands somewhere as a whole word."""
    return next(_places(data, name), None) is not None


def _reads(data: bytes, name: bytes) -> bool:
    """Whether ``name`` stands somewhere behind a dot: on its line, or at the end of one above.

    Names of methods are often plain words, which comments and descriptions are full of.
    """
    for at in _places(data, name):
        before = data[:at] if at < _LAYOUT else data[at - _LAYOUT : at]
        rest = before.rstrip(b" \t\r\n\\")
        if rest.endswith(b".") and (len(rest) == len(before) or b"\n" in before[len(rest) :]):
            return True
    return False


def _places(data: bytes, name: bytes) -> Iterator[int]:
    """Where ``name`` stands as a whole word."""
    at = data.find(name)
    while at >= 0:
        end = at + len(name)
        if not _in_word(data[at - 1 : at] if at else b"") and not _in_word(data[end : end + 1]):
            yield at
        at = data.find(name, at + 1)


def _in_word(char: bytes) -> bool:
    """Whether a byte is part of a word: a letter or digit of ASCII, or ``_``."""
    return char.isalnum() or char == b"_"
