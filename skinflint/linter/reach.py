"""Which code of a program something leads to, asked from the code upwards.

It goes by names: what stands under a name is reached if the name is used in code that is reached
itself: in a statement of a module that somebody imports or starts, in a function that is called,
in a page of settings. An import alone is no use of a name, nor is a test, a comment or a page for
people. What anybody may call who isn't here is reached with its module: what a decorator takes
in hand, a method that a base class may call, an entry by its name.
"""

from __future__ import annotations

import ast
import os
import re
from typing import NamedTuple

from skinflint.linter.callers import ONE_SHOT
from skinflint.linter.module import FunctionNode, last_name
from skinflint.linter.project import is_test
from skinflint.linter.source import SourceError, from_bytes, read_bytes
from skinflint.linter.tree import Targets, Tree

#: Decorators that hand the function on to nobody.
PLAIN = ("staticmethod", "classmethod", "property", "cached_property", "lru_cache", "cache")
#: Names that whoever runs a module looks for.
STARTED = (*ONE_SHOT, "run", "start", "serve", "handler", "application", "app", "register")
#: Calls at the top of a module that start nothing.
_HARMLESS = ("load_dotenv", "basicConfig")
#: Code that reaches modules by names it makes up: ``import_module(f"tools.{name}")``.
_BY_NAME = re.compile(
    rb"""\b(?:import_module|__import__)\s*\(\s*(?:[fF]["']|["'][^"']*["']\s*[+%]|[^()"',]*\+)"""
    rb"|\b(?:pkgutil|spec_from_file_location|runpy|walk_packages|entry_points)\b"
)
#: Code that imports what a name stands for, which may come from a directory: mostly it asks
#: whether some package of others is there.
_BY_ANY_NAME = re.compile(rb"""\b(?:import_module|__import__)\s*\(\s*(?!["'\s])""")
_LISTS = re.compile(rb"\b(?:listdir|scandir|iterdir|r?glob|walk)\(")
#: Code that goes through all that a module holds, or reaches it by a name that isn't written out.
_MADE_UP = re.compile(
    rb"""\bgetattr\(\s*[^,()]+,\s*(?!["'\s])|\b(?:getmembers|globals|locals|vars)\(|\bfire\b"""
)
#: Directories in which frameworks look for modules by themselves.
_FOUND_IN = ("commands", "migrations", "versions", "pages", "dags", "plugins", "cogs", "extensions")
#: Classes that know nothing of those made of them.
_PLAIN_BASES = frozenset(
    (
        *("object", "ABC", "Protocol", "Generic", "NamedTuple", "TypedDict", "BaseModel"),
        *("Exception", "ValueError", "RuntimeError", "Enum", "IntEnum", "StrEnum", "str", "dict"),
    )
)
#: Code that finds the classes made of a class.
_SUBCLASSES = re.compile(rb"__subclasses__|__init_subclass__")
#: How a page for people says that a module is used, and not only that it is there.
_RUN = re.compile(rb"python|import|-m\b|run\b|serve|start")
#: What a file of tests has in it.
_TESTS = re.compile(rb"\bdef test|\bclass Test|\b(?:pytest|unittest)\b")
#: Text that may name something: a word, a dotted path, `module:name`.
_PATH = re.compile(r"[A-Za-z_][\w.:]{0,120}\Z")
_WORD = re.compile(r"\w+")
_PAGES = (".md", ".rst", ".txt")
#: What one question may look into before it is taken to be reached.
_MOST = 150


class Place(NamedTuple):
    """Where code stands: in a function of a module, in a method, at the top of either."""

    cls: str | None
    function: str | None


TOP = Place(None, None)


class _File:
    """What one file names, and where."""

    def __init__(self, tree: ast.Module) -> None:
        self.uses: dict[str, set[Place]] = {}
        self.imports: dict[str, set[Place]] = {}  # by each word of what is imported
        self.strings: dict[str, set[Place]] = {}
        self.handed_on: set[Place] = set()
        self.classes: dict[str, ast.ClassDef] = {}
        self.defines_only = all(map(_only_defines, tree.body))
        stack: list[tuple[ast.AST, Place]] = [(tree, TOP)]
        while stack:
            node, place = stack.pop()
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and not place.function:
                inside = Place(place.cls, node.name)
                if is_handed_on(node):
                    self.handed_on.add(inside)
                # its decorators and defaults are evaluated where it stands
                outer = [*node.decorator_list, node.args]
                stack += [(each, place) for each in outer]
                stack += [(each, inside) for each in node.body]
                continue
            if isinstance(node, ast.ClassDef) and place == TOP:
                self.classes[node.name] = node
                stack += [(each, TOP) for each in (*node.decorator_list, *node.bases)]
                stack += [(each, TOP) for each in node.keywords]
                stack += [(each, Place(node.name, None)) for each in node.body]
                continue
            self._note(node, place)
            if isinstance(node, ast.Assign) and _is_all(node):
                continue
            stack += [(each, place) for each in ast.iter_child_nodes(node)]

    def _note(self, node: ast.AST, place: Place) -> None:
        if isinstance(node, (ast.Name, ast.Attribute)):
            if isinstance(node.ctx, ast.Load):
                self.uses.setdefault(last_name(node), set()).add(place)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            words = _WORD.findall(getattr(node, "module", None) or "")
            for alias in node.names:
                words += _WORD.findall(alias.name)
                if alias.asname and alias.asname != alias.name:
                    self.uses.setdefault(alias.name, set()).add(place)
            for word in words:
                self.imports.setdefault(word, set()).add(place)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            if _PATH.match(node.value):
                for word in _WORD.findall(node.value):
                    self.strings.setdefault(word, set()).add(place)


def _is_all(node: ast.Assign) -> bool:
    return any(isinstance(each, ast.Name) and each.id == "__all__" for each in node.targets)


def is_handed_on(function: FunctionNode) -> bool:
    """Whether a decorator may make it known to somebody."""
    for decorator in function.decorator_list:
        name = ast.unparse(decorator.func if isinstance(decorator, ast.Call) else decorator)
        if name.rpartition(".")[2] not in PLAIN:
            return True
    return False


def _only_defines(stmt: ast.stmt) -> bool:
    """Whether running a statement of a module starts nothing."""
    if isinstance(stmt, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return True
    if isinstance(stmt, ast.If):
        return "__name__" not in ast.unparse(stmt.test)
    if isinstance(stmt, (ast.Import, ast.ImportFrom, ast.Assign, ast.AnnAssign, ast.Try)):
        return True
    if isinstance(stmt, ast.Expr) and isinstance(stmt.value, ast.Call):
        return ast.unparse(stmt.value.func).rpartition(".")[2] in _HARMLESS
    return isinstance(stmt, ast.Expr) and isinstance(stmt.value, ast.Constant)


class Reach:
    """The same for one project. What can't be looked through is taken to be reached."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self._files: dict[str, _File | None] = {}
        self._reached: set[tuple[str, Place]] = set()
        self._asked: set[tuple[str, Place]] = set()
        self._left = 0
        self._said: dict[re.Pattern[bytes], bool] = {}
        self._from_directory: bool | None = None
        self._found_by_name: set[str] = set()  # modules that nothing but a made-up name leads to

    def code(self, path: str, place: Place) -> bool:
        """Whether something leads to the code at a place of the file at ``path``, absolute."""
        self._left = _MOST
        self._asked.clear()
        return self._code(path, place)

    def name(self, path: str, name: str) -> bool:
        """Whether reached code reads what the file at ``path`` binds to a name."""
        self._left = _MOST
        self._asked.clear()
        return self._name(path, name, None)

    def _code(self, path: str, place: Place) -> bool:
        asked = (path, place)
        if asked in self._reached:
            return True
        if asked in self._asked:
            return False  # what leads to it is being looked for
        self._asked.add(asked)
        self._left -= 1
        if self._left < 0 or self._is_reached(path, place):
            self._reached.add(asked)
            return True
        return False

    def _is_reached(self, path: str, place: Place) -> bool:
        file = self._file(path)
        if file is None:
            return True
        if place == TOP:
            return self._module(path, file)
        if not self._code(path, TOP):
            return False
        if path in self._found_by_name:
            return True
        cls = file.classes.get(place.cls) if place.cls else None
        if place.function is None:
            if cls is None or self._is_registered(cls, file):
                return True
            return self._name(path, cls.name, place)
        if place.cls and not self._code(path, Place(place.cls, None)):
            return False
        name = place.function
        if name.startswith("__") or name in STARTED or place in file.handed_on:
            return True
        if cls is not None and cls.bases:
            return True
        return self._name(path, name, place)

    def _is_registered(self, cls: ast.ClassDef, file: _File) -> bool:
        """Whether something other than its name may lead to a class: what it is made of."""
        if cls.decorator_list or cls.keywords:
            return True
        if any(place.cls == cls.name for place in file.handed_on):
            return True
        for base in cls.bases:
            name = last_name(base.value if isinstance(base, ast.Subscript) else base)
            if name in _PLAIN_BASES:
                continue
            if not name or self._says(_SUBCLASSES):
                return True
            if not self._says(re.compile(rb"\bclass\s+" + name.encode() + rb"\b")):
                return True  # a framework's
        return False

    def _name(self, path: str, name: str, own: Place | None) -> bool:
        """Whether reached code uses a name. ``own`` is what it stands for, which may use itself."""
        word = name.encode()
        for where in self._naming(word):
            file = self._file(where)
            if file is None:
                return True
            for uses in (file.uses, file.strings):
                for place in sorted(uses.get(name, ()), key=_shallow):
                    inside = own is not None and where == path and _within(place, own)
                    if not inside and self._code(where, place):
                        return True
        if self._is_set_beside(word, module=False):
            return True
        data = self.tree.data(path)
        return data is None or bool(_MADE_UP.search(data))

    def _module(self, path: str, file: _File) -> bool:
        name = os.path.basename(path).removesuffix(".py")
        if name.startswith("_") or name in STARTED or not file.defines_only:
            return True
        inside = os.path.relpath(path, self.tree.root).split(os.sep)[:-1]
        if any(part in _FOUND_IN for part in inside):
            return True
        word = name.encode()
        targets = Targets([path])
        for where in self._naming(word):
            other = self._file(where)
            if other is None:
                return True
            if where == path:
                continue
            places = set(other.strings.get(name, ()))
            if name in other.imports and self.tree.imports(where, targets):
                places |= other.imports[name]
            if any(self._code(where, place) for place in sorted(places, key=_shallow)):
                return True
        if self._is_set_beside(word, module=True):
            return True
        if self._says(_BY_NAME) or self._imports_what_is_there():
            self._found_by_name.add(path)
            return True
        return False

    def _imports_what_is_there(self) -> bool:
        """Whether some file imports what it finds in a directory."""
        if self._from_directory is None:
            self._from_directory = any(
                _BY_ANY_NAME.search(data) and _LISTS.search(data)
                for word in (b"import_module", b"__import__")
                for data in map(self.tree.data, self._naming(word))
                if data is not None
            )
        return self._from_directory

    def _says(self, pattern: re.Pattern[bytes]) -> bool:
        """Whether some file of the project has a pattern in it."""
        if pattern not in self._said:
            self._said[pattern] = self.tree.has(pattern)
        return self._said[pattern]

    def _is_set_beside(self, word: bytes, *, module: bool) -> bool:
        """Whether what is written beside the code names it, as no page for people does."""
        beside = self.tree.beside()
        if beside is None:
            return True
        for path, data in beside:
            if word not in data:
                continue
            if not path.endswith(_PAGES):
                if re.search(rb"\b" + word + rb"\b", data):
                    return True
            elif module:
                lines = (line for line in data.splitlines() if word in line)
                if any(_RUN.search(line) for line in lines):
                    return True
        return False

    def _naming(self, word: bytes) -> list[str]:
        """The files, no tests, that have a word in them."""
        return [path for path in self.tree.naming(word) if not self._is_test(path)]

    def _is_test(self, path: str) -> bool:
        """Whether a file is a test by its name, and tests something."""
        if not is_test(os.path.relpath(path, self.tree.root)):
            return False
        data = self.tree.data(path)
        return data is not None and bool(_TESTS.search(data))

    def _file(self, path: str) -> _File | None:
        """What a file names; None where it can't be read."""
        if path not in self._files:
            found = None
            try:
                source = from_bytes(path, read_bytes(path))
                found = _File(ast.parse(source.text))
            except (SourceError, SyntaxError, ValueError, RecursionError, MemoryError):
                pass
            self._files[path] = found
        return self._files[path]


def _shallow(place: Place) -> tuple[bool, bool, str, str]:
    """In which order places are asked: the top of a module first, it is mostly reached."""
    return (
        place.cls is not None,
        place.function is not None,
        place.cls or "",
        place.function or "",
    )


def _within(place: Place, own: Place) -> bool:
    return place == own or (own.function is None and place.cls == own.cls)
