"""Which code of a program something leads to, asked from the code upwards.

It goes by names: what stands under a name is reached if the name is used in code that is reached
itself: in a statement of a module that somebody imports or starts, in a function that is called,
in a page of settings. Where the imports of a file tell what a name means there, another thing of
that name is no use of it; where nothing tells, it may be. An import alone is no use of a name, nor
is a test, a comment or a page for people, nor a package that hands names on. What anybody may call
who isn't here is reached with its module: what a decorator takes in hand, a method that a base
class may call, an entry by its name. A method needs an object that somebody holds.
"""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Iterator
from typing import NamedTuple

from skinflint.linter.broken import fails
from skinflint.linter.callers import ONE_SHOT
from skinflint.linter.madeup import MadeUp, loads_what_it_lists, made_up
from skinflint.linter.module import FunctionNode, dotted, last_name
from skinflint.linter.packed import (
    has_programs,
    is_described,
    is_for_others,
    is_left_to_itself,
    is_plugged_in,
)
from skinflint.linter.project import is_test
from skinflint.linter.sdk import PACKAGE
from skinflint.linter.source import SourceError, from_bytes, read_bytes
from skinflint.linter.tree import PAGES, Tree, goes_by

#: Decorators that hand the function on to nobody.
PLAIN = ("staticmethod", "classmethod", "property", "cached_property", "lru_cache", "cache")
#: What decorators are called that do something beside the function they hand on to nobody.
_BESIDE = re.compile(r"cache|retr(?:y|ies)|trace|tim(?:ed|er|eit|ing)\b|rate_?limit|deprecated")
#: Names that whoever runs a module looks for.
STARTED = (
    *(*ONE_SHOT, "run", "start", "serve", "handler", "application", "app", "register"),
    "load_ipython_extension",
)
#: Calls at the top of a module that start nothing.
_HARMLESS = ("load_dotenv", "basicConfig")
#: Functions that go through all that something holds, or reach it by a name that isn't written out.
_MADE_UP = frozenset(("getattr", "getmembers", "vars", "dir", "globals", "locals", "attrgetter"))
#: What they may be handed that is, or may be, the module itself.
_A_MODULE = re.compile(r"mod|import")
#: What directories and copies of code are called that is kept for the record.
_AWAY = re.compile(
    r"_?(archived?|backups?|attic|trash)(?:[-_].*)?$|\w+_(?:history|backup|bak|old)(?:_\d+)?$",
    re.IGNORECASE,
)
_COPY = re.compile(
    r"[-_.](?:backup|bak|old)(?:[-_]?(?:\d{6,8}|\d{4}-\d\d-\d\d)(?:[-_]\d+)*)?\.py$|^backup_",
    re.IGNORECASE,
)
#: How a copy of the file beside it is called, by people and by file managers.
_SECOND = re.compile(
    r"(.+?)(?:[-_.](?:backup|bak|old)[-_]?\d+"
    r"| \d| copy(?: \d)?| - copy(?: \(\d\))?| ?\(\d\))\.py$",
    re.IGNORECASE,
)
#: Directories in which frameworks look for modules by themselves.
_FOUND_IN = ("commands", "migrations", "versions", "pages", "dags", "plugins", "cogs", "extensions")
#: Those of them whose modules a bot loads one by one, and how it does so by names that are written.
_LOADED = ("cogs", "extensions")
_LOADS = re.compile(rb"""\bload_extension\(\s*["']""")
_LOADS_ANY = re.compile(rb"""\bload_extensions?\(\s*[^"'\s)]""")
#: Classes that know nothing of those made of them.
_PLAIN_BASES = frozenset(
    (
        *("object", "ABC", "Protocol", "Generic", "NamedTuple", "TypedDict", "BaseModel"),
        *("Exception", "ValueError", "RuntimeError", "Enum", "IntEnum", "StrEnum", "str", "dict"),
    )
)
#: What stands above a class and gives it methods, or says something of it to a checker.
_PLAIN_OF_CLASSES = frozenset(
    ("attrs", "dataclass", "define", "final", "frozen", "runtime_checkable", "total_ordering")
)
#: What the classes of tables are made of, whose code calls few methods by their names.
_TABLES = frozenset(("Base", "DeclarativeBase", "Model", "SQLModel"))
#: How the names of those begin that it does call.
_OF_A_TABLE = frozenset(
    ("clean", "from", "full", "get", "pre", "post", "refresh", "save", "to", "validate")
)
#: What makes a command of each method of a class.
_COMMAND_OF_EACH = re.compile(rb"\bfire\.Fire\(|\bfrom\s+fire\s+import\b")
#: Code that finds the classes made of a class.
_SUBCLASSES = re.compile(rb"__subclasses__|__init_subclass__")
#: How a page for people says that a module is used, and not only that it is there.
_USED = (
    rb"(?:\b(?:from|import)|-m|%%load_ext)\b[ \t]+(?:[\w.]+[ \t]+import[ \t]+)?"
    rb"(?:[\w.]+(?:[ \t]+as[ \t]+\w+)?,[ \t]*)*[\w.]*?\b%b\b"
    rb"|\b(?i:i?pythonw?[\d.]*|run(?:s|ning)?|serves?|starts?)\b.*\b%b\.py\b|\b%b:\w+"
)
#: What starts something that a line of settings names.
_STARTS = re.compile(
    rb"python|import|run\b|serve|start|celery|corn\b|exec\b|-[mA]\b", re.IGNORECASE
)
#: What stands before a word of a sentence.
_WENT_ON = re.compile(rb"[a-z][,;]?\s+\Z")
#: What a file of tests has in it.
_TESTS = re.compile(rb"\bdef test|\bclass Test|\b(?:pytest|unittest)\b")
#: Text that may name something: a word, a dotted path, `module:name`.
_PATH = re.compile(r"[A-Za-z_][\w.:]{0,120}\Z")
_WORD = re.compile(r"\w+")
#: Settings, in which a text may be prose, and those that know no comments.
_SETTINGS = (".yaml", ".yml", ".json", ".toml", ".ini", ".cfg")
_NO_COMMENTS = (".json", ".ipynb", ".bat")
#: What one question may look into before it is taken to be reached.
_MOST = 150


class Place(NamedTuple):
    """Where code stands: in a function of a module, in a method, at the top of either."""

    cls: str | None
    function: str | None


TOP = Place(None, None)
#: Of a class: somebody has an object of it.
_HELD = ""
#: What is raised where an import fails.
_OF_IMPORTS = ("ImportError", "ModuleNotFoundError", "Exception")
#: What a method calls its object or its class.
_OWN = ("self", "cls")


class _Use(NamedTuple):
    """Where a name is read, and of what: of a dotted name, of anything else (""), by itself."""

    place: Place
    of: str | None = None
    kept_as: str = ""  # the variable of the module that what it makes is bound to, and no more
    alias: str = ""  # the variable of the module that it is bound to itself, and no more
    onward: bool = False  # something of it is read in turn: ``client.chat.completions``


class _Origin(NamedTuple):
    """What an import binds: a name of a module, or a module."""

    level: int
    module: str
    name: str | None


class _File:
    """What one file names, and where."""

    def __init__(self, tree: ast.Module) -> None:
        self.uses: dict[str, set[_Use]] = {}
        self.imports: dict[str, set[tuple[Place, _Origin]]] = {}  # by each of their words
        self.strings: dict[str, set[Place]] = {}
        self.paths: dict[str, set[Place]] = {}  # those of them that are dotted
        self.handed_on: set[Place] = set()
        self.computed: set[Place] = set()  # what is read like a variable
        self.classes: dict[str, ast.ClassDef] = {}
        self.methods: dict[str, set[str]] = {}
        self.origins: dict[str, set[_Origin]] = {}  # by what an import binds; "*": all there is
        self.guarded: set[_Origin] = set()  # those that may fail
        self.renamed: dict[str, set[str]] = {}
        self.defined: set[str] = set()
        self.bound: dict[Place, set[str]] = {}
        self.compared: set[str] = set()  # strings
        self.dynamic: set[tuple[Place, str]] = set()  # what is gone through, or by made-up names
        rest = [each for each in tree.body if not _only_defines(each)]
        self.defines_only = not rest
        self.is_program = bool(rest) and all(map(_is_main, rest))  # below what it defines
        self.lazy = _hands_on(tree)
        self._onward: set[ast.expr] = set()
        self._tried: set[ast.AST] = set()
        stack: list[tuple[ast.AST, Place]] = [(tree, TOP)]
        while stack:
            node, place = stack.pop()
            if node is self.lazy:
                self._note_lazy(self.lazy)
                continue
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and not place.function:
                inside = Place(place.cls, node.name)
                if place.cls is None:
                    self.defined.add(node.name)
                else:
                    self.methods.setdefault(place.cls, set()).add(node.name)
                if is_handed_on(node):
                    self.handed_on.add(inside)
                if any("property" in last_name(each) for each in node.decorator_list):
                    self.computed.add(inside)
                stack += [(each, place) for each in node.decorator_list]
                stack += [(each, inside) for each in node.body]
                if node.returns is not None and node.decorator_list:
                    stack.append((node.returns, place))  # a framework may read it
                self._push_arguments(node.args, place, inside, stack)
                continue
            if isinstance(node, ast.ClassDef) and place == TOP:
                self.classes[node.name] = node
                self.defined.add(node.name)
                stack += [(each, TOP) for each in (*node.decorator_list, *node.bases)]
                stack += [(each, TOP) for each in node.keywords]
                stack += [(each, Place(node.name, None)) for each in node.body]
                continue
            self._note(node, place)
            alias = _alias(node) if place == TOP else ""
            if alias:
                assert isinstance(node, ast.Assign)
                self._use(node.value, place, alias=alias)
                stack.append((node.targets[0], place))
                continue
            if isinstance(node, (ast.Assign, ast.AnnAssign)) and place == TOP:
                if isinstance(node, ast.Assign) and _is_all(node):
                    continue
                if self.lazy is not None:
                    self._note_lazy(node)
                elif _makes(node):
                    assert isinstance(node.value, ast.Call)
                    func = node.value.func
                    target = node.targets[0] if isinstance(node, ast.Assign) else node.target
                    self._note(node.value, place)
                    self._use(func, place, last_name(target))
                    self.defined.add(last_name(target))
                    stack += [(each, place) for each in (*node.value.args, *node.value.keywords)]
                    if isinstance(func, ast.Attribute):
                        stack.append((func.value, place))
                    continue
                if isinstance(node, ast.AnnAssign):  # nobody reads what it is said to be
                    stack += [(each, place) for each in (node.target, node.value) if each]
                    continue
            stack += [(each, place) for each in ast.iter_child_nodes(node)]

    def _push_arguments(
        self, args: ast.arguments, place: Place, inside: Place, stack: list[tuple[ast.AST, Place]]
    ) -> None:
        """Defaults are evaluated where a function stands; what one merely names is read inside."""
        bound = self.bound.setdefault(inside, set())
        for each in (*args.posonlyargs, *args.args, *args.kwonlyargs, args.vararg, args.kwarg):
            if each is not None:
                bound.add(each.arg)
                if each.annotation is not None:
                    stack.append((each.annotation, place))
        for default in (*args.defaults, *args.kw_defaults):
            if default is not None:
                names = isinstance(default, (ast.Name, ast.Attribute))
                stack.append((default, inside if names else place))

    def _note(self, node: ast.AST, place: Place) -> None:
        if isinstance(node, (ast.Name, ast.Attribute)):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Attribute):
                self._onward.add(node.value)
            if isinstance(node.ctx, ast.Load):
                self._use(node, place)
            elif isinstance(node, ast.Name):
                self._bind(node.id, place)
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            self._bind(node.name, place)
        elif isinstance(node, ast.arg):
            self._bind(node.arg, place)
        elif isinstance(node, ast.Global):
            self.defined.update(node.names)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            self._import(node, place)
        elif isinstance(node, ast.Try):
            if any(map(_catches_imports, node.handlers)):
                self._tried.update(node.body)
        elif isinstance(node, (ast.Compare, ast.MatchValue)):
            self.compared.update(
                each.value
                for each in ast.walk(node)
                if isinstance(each, ast.Constant) and isinstance(each.value, str)
            )
        elif isinstance(node, ast.Call):
            if last_name(node.func) in _MADE_UP:
                written = len(node.args) > 1 and isinstance(node.args[1], ast.Constant)
                about = ast.unparse(node.args[0]) if node.args else last_name(node.func)
                if not written:
                    self.dynamic.add((place, about))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            if _PATH.match(node.value):
                found = _WORD.findall(node.value)
                for word in found:
                    self.strings.setdefault(word, set()).add(place)
                    if len(found) > 1:
                        self.paths.setdefault(word, set()).add(place)

    def _bind(self, name: str, place: Place) -> None:
        if place.function is not None:
            self.bound.setdefault(place, set()).add(name)
        elif place.cls is None:
            self.defined.add(name)

    def _use(self, node: ast.expr, place: Place, kept_as: str = "", alias: str = "") -> None:
        if isinstance(node, ast.Name):
            self.uses.setdefault(node.id, set()).add(_Use(place, None, kept_as, alias))
        elif isinstance(node, ast.Attribute):
            onward = node in self._onward
            use = _Use(place, dotted(node.value) or "", kept_as, alias, onward)
            self.uses.setdefault(node.attr, set()).add(use)

    def _import(self, node: ast.Import | ast.ImportFrom, place: Place) -> None:
        for alias in node.names:
            name = alias.name
            if isinstance(node, ast.ImportFrom):
                bound = full = _Origin(node.level, node.module or "", name)
                if alias.asname and alias.asname != name:
                    self.renamed.setdefault(name, set()).add(alias.asname)
            else:
                full = _Origin(0, name, None)
                name = name.partition(".")[0]
                bound = full if alias.asname else _Origin(0, name, None)
            self.origins.setdefault(alias.asname or name, set()).add(bound)
            if node in self._tried:
                self.guarded.update((bound, full))
            for word in _WORD.findall(f"{full.module} {full.name or ''}"):
                self.imports.setdefault(word, set()).add((place, full))

    def said(self, name: str) -> list[_Use]:
        """Where a string names something that may be looked up by it.

        A string that others are compared with tells them apart: what is called stands there.
        """
        if name in self.compared and not self.dynamic:
            return []
        return [_Use(place) for place in sorted(self.strings.get(name, ()), key=_shallow)]

    def _note_lazy(self, top: ast.stmt) -> None:
        """What a package hands on when it is asked for: modules, no use of what is in them."""
        for node in ast.walk(top):
            if isinstance(node, (ast.Import, ast.ImportFrom)):
                self._import(node, TOP)
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                for word in _WORD.findall(node.value):
                    self.paths.setdefault(word, set()).add(TOP)
            elif isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
                self.defined.add(node.id)


def _hands_on(tree: ast.Module) -> ast.stmt | None:
    """The function that a module answers with when it is asked for a name that it hasn't."""
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    return next(
        (each for each in tree.body if isinstance(each, functions) and each.name == "__getattr__"),
        None,
    )


def _alias(node: ast.AST) -> str:
    """The name that a statement binds another one to, if it does no more; "" if it does."""
    if isinstance(node, ast.Assign) and isinstance(node.value, ast.Name) and not _is_all(node):
        targets = node.targets
        return last_name(targets[0]) if len(targets) == 1 and _is_name(targets[0]) else ""
    return ""


def _is_name(node: ast.expr) -> bool:
    return isinstance(node, ast.Name)


def _makes(node: ast.Assign | ast.AnnAssign) -> bool:
    """Whether a statement binds what a call of a name returns to one name."""
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    if len(targets) != 1 or not _is_name(targets[0]):
        return False
    return isinstance(node.value, ast.Call) and dotted(node.value.func) is not None


def _is_all(node: ast.Assign) -> bool:
    return any(isinstance(each, ast.Name) and each.id == "__all__" for each in node.targets)


def is_handed_on(function: FunctionNode) -> bool:
    """Whether a decorator may make it known to somebody."""
    for decorator in function.decorator_list:
        name = ast.unparse(decorator.func if isinstance(decorator, ast.Call) else decorator)
        last = name.rpartition(".")[2]
        if last not in PLAIN and not _BESIDE.search(last.lower()):
            return True
    return False


def _makes_known(decorator: ast.expr) -> bool:
    """Whether what stands above a class may do more than to give it methods."""
    name = decorator.func if isinstance(decorator, ast.Call) else decorator
    return last_name(name) not in _PLAIN_OF_CLASSES


def _catches_imports(handler: ast.ExceptHandler) -> bool:
    """Whether a handler goes on where an import has failed."""
    caught = handler.type
    listed = caught.elts if isinstance(caught, ast.Tuple) else [caught]
    return any(each is None or last_name(each) in _OF_IMPORTS for each in listed)


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


def _is_main(stmt: ast.stmt) -> bool:
    return isinstance(stmt, ast.If) and "__main__" in ast.unparse(stmt.test)


class Reach:
    """The same for one project. What can't be looked through is taken to be reached.

    ``demos``: a module of a package for others that has a program below it, which nothing names, is
    there to be started.
    """

    def __init__(self, tree: Tree, *, demos: bool = True) -> None:
        self.tree = tree
        self._demos = demos
        self._files: dict[str, _File | None] = {}
        self._reached: set[tuple[str, Place]] = set()
        self._asked: dict[tuple[str, Place], None] = {}  # in order
        self._left = 0
        self._led: dict[tuple[str, str, str, str], bool] = {}
        self._said: dict[re.Pattern[bytes], bool] = {}
        self._from_directory: bool | None = None
        self._made_up: MadeUp | None = None
        self._found_by_name: set[str] = set()  # modules that nothing but a made-up name leads to

    def code(self, path: str, place: Place) -> bool:
        """Whether something leads to the code at a place of the file at ``path``, absolute."""
        self._left = _MOST
        self._asked.clear()
        return self._code(path, place)

    def starts(self, path: str) -> bool:
        """Whether a file does more than to define things, or has what others start."""
        file = self._file(path)
        return file is None or not file.defines_only or not file.defined.isdisjoint(STARTED)

    def name(self, path: str, name: str, member: str | None) -> bool:
        """Whether reached code reads what the file at ``path`` binds to a name.

        ``member`` is the class that the name belongs to; None: it is one of the module.
        """
        self._left = _MOST
        self._asked.clear()
        return self._name(path, name, None, member)

    def _code(self, path: str, place: Place) -> bool:
        asked = (path, place)
        if asked in self._reached:
            return True
        if asked in self._asked:
            return False  # what leads to it is being looked for
        before = len(self._asked)
        self._asked[asked] = None
        self._left -= 1
        if self._left < 0 or self._is_told_of(path, place) or self._is_reached(path, place):
            self._reached.add(asked)
            # what was asked meanwhile may have waited for this one, and is asked again
            for each in list(self._asked)[before + 1 :]:
                del self._asked[each]
            return True
        return False

    def _is_reached(self, path: str, place: Place) -> bool:
        file = self._file(path)
        if file is None:
            return True
        if place == TOP:
            if fails(path, self.tree):
                return False
            return self._module(path, file)
        if not self._code(path, TOP):
            return False
        if path in self._found_by_name:
            return True
        cls = file.classes.get(place.cls) if place.cls else None
        if place.function is None:
            if cls is None or self._is_registered(cls, file):
                return True
            return self._name(path, cls.name, place, None)
        if place.cls and not self._code(path, Place(place.cls, None)):
            return False
        if cls is not None and place.function == _HELD:
            return self._is_registered(cls, file) or self._is_held(path, cls.name)
        name = place.function
        if name.startswith(("__", "pytest_")) or name in STARTED or place in file.handed_on:
            return True
        if cls is not None and self._is_of_others(cls) and not _is_own_of_a_table(cls, name):
            return True
        return self._name(path, name, place, place.cls)

    def _is_told_of(self, path: str, place: Place) -> bool:
        """Whether code is there for whoever imports a package: its pages or its top hand it on."""
        if place.function and place.function.startswith("_"):
            return False
        if not is_for_others(path, self.tree) or fails(path, self.tree):
            return False
        name = place.cls or place.function
        if is_plugged_in(path, self.tree):
            return True
        if name is not None:
            of_it = not (place.cls and place.function) or not has_programs(path, self.tree)
            of_it = of_it or self._is_spoken_of(path, place.function or "")
            return of_it and self._is_spoken_of(path, name)
        above = os.path.join(os.path.dirname(os.path.dirname(path)), "__init__.py")
        if os.path.basename(path) == "__init__.py" and not os.path.isfile(above):
            return True
        file = self._file(path)
        if file is None:
            return True
        if not self._demos and not is_described(self.tree):
            return not file.is_program  # what else others use, nothing tells
        return any(self._is_spoken_of(path, name) for name in sorted(file.defined))

    def _is_spoken_of(self, path: str, name: str) -> bool:
        return not (name.startswith("_") or is_left_to_itself(path, self.tree, name))

    def _is_of_others(self, cls: ast.ClassDef) -> bool:
        """Whether a class may be made of one that isn't here, whose code may call its methods."""
        if any(keyword.arg != "metaclass" for keyword in cls.keywords):
            return True
        for base in cls.bases:
            name = last_name(base.value if isinstance(base, ast.Subscript) else base)
            if name in _PLAIN_BASES:
                continue
            found = [
                file.classes[name]
                for where in self._naming(name.encode())
                if (file := self._file(where)) is not None and name in file.classes
            ]
            if not found or any(each is cls or self._is_of_others(each) for each in found):
                return True
        return False

    def _is_registered(self, cls: ast.ClassDef, file: _File) -> bool:
        """Whether something other than its name may lead to a class: what it is made of."""
        if cls.keywords or any(map(_makes_known, cls.decorator_list)):
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

    def _name(self, path: str, name: str, own: Place | None, member: str | None) -> bool:
        """Whether reached code uses a name. ``own`` is what it stands for, which may use itself."""
        method = own is not None and own.cls is not None and own.function is not None
        mine = self._file(path)
        called = method and mine is not None and own not in mine.computed
        for where in self._naming(name.encode()):
            file = self._file(where)
            if file is None:
                return True
            uses = sorted(self._uses(where, file, path, name, member), key=_in_order)
            for use in (*uses, *file.said(name)):
                inside = own is not None and where == path and _within(use.place, own)
                if called and use.onward:
                    continue  # of a method nothing is read
                if inside or not self._code(where, use.place) or not self._is_read(where, use):
                    continue
                if not method or self._code(path, Place(member, _HELD)):
                    return True
                if use.of is None and self._has_module(where, file, path):
                    return True  # of what may be in it: by a name that is made up
        return self._is_named_elsewhere(path, name, member)

    def _has_module(self, where: str, file: _File, path: str) -> bool:
        """Whether one of the names in the file at ``where`` is the module at ``path``."""
        return any(
            self._module_of(where, origin, "") == path
            for origins in file.origins.values()
            for origin in origins
        )

    def _is_held(self, path: str, name: str) -> bool:
        """Whether reached code has an object of a class, in more than a variable nobody reads."""
        own = Place(name, None)
        for where in self._naming(name.encode()):
            file = self._file(where)
            if file is None:
                return True
            uses = sorted(self._uses(where, file, path, name, None), key=_in_order)
            for use in (*uses, *file.said(name)):
                inside = where == path and _within(use.place, own)
                if inside or not self._code(where, use.place):
                    continue
                kept = use.kept_as
                if self._is_read(where, use) and (not kept or self._is_variable_read(where, kept)):
                    return True
        return self._is_named_elsewhere(path, name, None)

    def _is_read(self, where: str, use: _Use) -> bool:
        """Whether what a name that is read is merely bound to is read in turn."""
        return not use.alias or self._is_variable_read(where, use.alias)

    def _is_variable_read(self, where: str, name: str) -> bool:
        return name in STARTED or self._name(where, name, None, None)

    def _is_named_elsewhere(self, path: str, name: str, member: str | None) -> bool:
        if self._is_set_beside(name.encode(), module=False, member=member is not None):
            return True
        file = self._file(path)
        return file is None or self._is_gone_through(file, member)

    def _uses(
        self, where: str, file: _File, path: str, name: str, member: str | None
    ) -> Iterator[_Use]:
        """Where the file at ``where`` may read a name that the one at ``path`` binds."""
        for use in file.uses.get(name, ()):
            if use.of is not None and use.of.partition(".")[0] in file.bound.get(use.place, ()):
                of = use.of if use.of in _OWN else ""
                use = use._replace(of=of)
            elif use.of is None and name in file.bound.get(use.place, ()):
                continue
            if member is None:
                means = self._means_global(where, file, use, path, name)
            else:
                means = self._means_member(where, file, use, path, name, member)
            if means:
                yield use
        if member is None:
            for alias in file.renamed.get(name, ()):
                if not self._leads(where, alias, path, name):
                    continue
                yield from (use for use in file.uses.get(alias, ()) if use.of is None)
                if alias not in file.uses:
                    yield _Use(TOP)  # others may take it from here

    def _means_global(self, where: str, file: _File, use: _Use, path: str, name: str) -> bool:
        """Whether a name that is read may be what the module at ``path`` binds to it."""
        if use.of is None:
            return where == path or self._leads(where, name, path, name)
        if use.of in _OWN:
            return False
        first, _, rest = use.of.partition(".")
        if first not in file.origins:
            return True  # who knows what is in it
        for origin in file.origins[first]:
            found = self._module_of(where, origin, rest)
            if found == path or (found and self._leads(found, name, path, name)):
                return True
            if found is None and self._is_unclear(where, origin):
                return True
        return False

    def _means_member(
        self, where: str, file: _File, use: _Use, path: str, name: str, member: str
    ) -> bool:
        """Whether a name that is read may be one of a class of the module at ``path``."""
        if use.of is None:
            return where == path and use.place.cls == member and use.place.function is None
        mine = self._file(path)
        owner = mine.classes.get(member) if mine is not None else None
        if mine is None or owner is None:
            return True
        if use.of in _OWN:
            own = use.place.cls
            cls = file.classes.get(own) if own is not None else None
            if own is None or cls is None or owner.bases or (where == path and own == member):
                return True
            return bool(cls.bases) and name not in file.methods.get(own, ())
        if use.of not in file.origins or self._is_registered(owner, mine):
            return True
        return any(
            self._module_of(where, origin, "") is None and self._is_unclear(where, origin)
            for origin in file.origins[use.of]
        )

    def _module_of(self, where: str, origin: _Origin, rest: str) -> str | None:
        """The module that an imported name stands for, with ``rest`` behind a dot, if one."""
        dotted = ".".join(part for part in (origin.module, origin.name, rest) if part)
        found = self.tree.find(where, dotted, origin.level)
        if found is not None and found.endswith(os.sep):
            return None
        return found

    def _is_unclear(self, where: str, origin: _Origin) -> bool:
        """Whether what is imported may be something of this project, no module of it."""
        if self.tree.find(where, origin.module, origin.level) is not None:
            return True
        last = origin.module.rpartition(".")[2]
        return any(
            os.path.basename(file) == f"{last}.py" and not self._is_missed(where, origin, file)
            for file in self.tree.files()
        )

    def _is_missed(self, where: str, origin: _Origin, path: str) -> bool:
        """Whether an import that may fail doesn't find the module of its name: it is in a package.

        Unless something puts the directory of the package where modules are looked for.
        """
        file = self._file(where)
        if file is None or origin not in file.guarded or origin.level or "." in origin.module:
            return False
        directory = os.path.dirname(path)
        if directory == os.path.dirname(where) or not os.path.isfile(
            os.path.join(directory, "__init__.py")
        ):
            return False
        word = re.escape(os.path.basename(directory).encode())
        said = re.compile(rb"(?:sys\.path|PYTHONPATH|pythonpath)[^\n]*\b%b\b" % word)
        own = re.compile(rb"\bsys\.path\b")
        if self._says(said) or any(said.search(data) for _, data in self.tree.beside() or ()):
            return False
        return not any(
            own.search(self.tree.data(each) or b"")
            for each in self.tree.files()
            if os.path.dirname(each) == directory
        )

    def _leads(self, where: str, name: str, path: str, target: str) -> bool:
        """Whether a name of one module may be what the one at ``path`` binds to ``target``."""
        key = (where, name, path, target)
        if key not in self._led:
            self._led[key] = False  # while it is being looked for
            self._led[key] = self._is_led(where, name, path, target)
        return self._led[key]

    def _is_led(self, where: str, name: str, path: str, target: str) -> bool:
        if where == path and name == target:
            return True
        file = self._file(where)
        if file is None:
            return True
        origins = file.origins.get(name, set())
        for origin in sorted(origins | file.origins.get("*", set()), key=str):
            if origin.name is None:
                continue
            found = self.tree.find(where, origin.module, origin.level)
            taken = name if origin.name == "*" else origin.name
            if found is None or found.endswith(os.sep):
                if origin.name != "*" and self._is_unclear(where, origin):
                    return True
            elif self._leads(found, taken, path, target):
                return True
        if origins or "*" in file.origins:
            return False
        # bound by nothing that is seen
        return name not in file.defined or file.lazy is not None

    def _is_gone_through(self, file: _File, member: str | None) -> bool:
        """Whether a file reaches what it holds by names that aren't written out."""
        for place, about in file.dynamic:
            first = about.partition(".")[0]
            if member is None:
                if about == "globals" or _A_MODULE.search(about):
                    return True
                if place == TOP and about in ("locals", "vars", "dir"):
                    return True
            elif about not in _MADE_UP and first not in file.origins:
                if first not in _OWN or place.cls == member or place.cls is None:
                    return True
                if file.classes[place.cls].bases or file.classes[member].bases:
                    return True
        return "fire" in file.origins or (member is not None and self._says(_COMMAND_OF_EACH))

    def _module(self, path: str, file: _File) -> bool:
        name = os.path.basename(path).removesuffix(".py")
        package = name == "__init__" and os.path.dirname(path) != self.tree.root
        if package:
            name = os.path.basename(os.path.dirname(path))
        elif name.startswith("_") or name in STARTED:
            return True
        if not file.defines_only and (self._demos or not self._is_demo(path, file)):
            return True
        inside = os.path.relpath(path, self.tree.root).split(os.sep)[:-1]
        if any(part in _FOUND_IN for part in inside) and not (
            inside[-1] in _LOADED and self._says(_LOADS) and not self._says(_LOADS_ANY)
        ):
            return True
        if is_put_away(path, self.tree.root):
            return False
        word = name.encode()
        alone = not os.path.exists(os.path.join(os.path.dirname(path), "__init__.py"))
        below = os.path.dirname(path) + os.sep if package else ""
        for where in self._naming(word):
            other = self._file(where)
            if other is None:
                return True
            if where == path:
                continue
            places = set(other.paths.get(name, ()))
            if name in other.strings and alone and self.tree.find(where, name, 0) == path:
                places |= other.strings[name]
            for place, origin in other.imports.get(name, ()):
                if self._imports(where, origin, path, below):
                    places.add(place)
            if any(self._code(where, place) for place in sorted(places, key=_shallow)):
                return True
        if self._is_set_beside(word, module=True, member=not alone, path=path):
            return True
        if self._has_made_up(path) or self._imports_what_is_there():
            self._found_by_name.add(path)
            return True
        return False

    def _is_demo(self, path: str, file: _File) -> bool:
        """Whether a module of a package does no more by itself than what stands below it."""
        return file.is_program and is_for_others(path, self.tree)

    def _imports(self, where: str, origin: _Origin, path: str, below: str) -> bool:
        """Whether an import in the file at ``where`` leads to the module at ``path``.

        A package is run with each module in its directory, ``below``.
        """
        inside = os.path.relpath(path, self.tree.root)
        for name in (origin.module, ".".join(filter(None, (origin.module, origin.name)))):
            if name == PACKAGE and not origin.level and _is_of_the_sdk(where, path):
                continue
            found = self.tree.find(where, name, origin.level)
            if found == path or (found is not None and below and found.startswith(below)):
                return True
            if found is None and below and os.path.basename(below[:-1]) in name.split("."):
                return True
            if found is None and not origin.level and _ends_in(inside, name):
                return not self._is_missed(where, origin, path)
        return False

    def _has_made_up(self, path: str) -> bool:
        """Whether a name that some file makes up may be that of the module at ``path``."""
        if self._made_up is None:
            self._made_up = made_up(self.tree, self._is_test)
        return self._made_up.leads_to(path, self.tree.root)

    def _imports_what_is_there(self) -> bool:
        """Whether some file imports what it finds in a directory."""
        if self._from_directory is None:
            self._from_directory = any(
                loads_what_it_lists(data)
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

    def _is_set_beside(
        self, word: bytes, *, module: bool, member: bool = False, path: str = ""
    ) -> bool:
        """Whether what is written beside the code names it, as no page for people does.

        A ``member`` of a class or package is named behind a dot, a module also by its file; and
        nothing is read of a method.
        """
        plain = re.escape(word)
        named = re.compile(plain)
        if member and module:
            named = re.compile(rb"[./\\]%b\b|\b%b(?:\.py|:\w)" % (plain, plain))
        elif member:
            named = re.compile(rb"\.%b\b(?!\.)" % plain)
        beside = self.tree.beside()
        if beside is None:
            return True
        for where, data in beside:
            page = where.endswith(PAGES)
            if (page and not module) or word not in data:
                continue
            for line in data.splitlines():
                if not (page or named.search(line)) or not _is_use(word, line, where, page):
                    continue
                if not path or not _is_of_another(word, line, path):
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


def _is_of_the_sdk(where: str, path: str) -> bool:
    """Whether ``import anthropic`` in one file can't mean another one of that name."""
    directory = os.path.dirname(path)
    return directory != os.path.dirname(where) or os.path.isfile(
        os.path.join(directory, "__init__.py")
    )


def _ends_in(path: str, name: str) -> bool:
    """Whether a path ends in that of a module, the directories at its top called otherwise."""
    parts, wanted = path.removesuffix(".py").split(os.sep)[-2:], name.split(".")
    return parts[-len(wanted) :] == wanted[-len(parts) :]


def _is_of_another(word: bytes, line: bytes, path: str) -> bool:
    """Whether a line starts something of a module of that name that lies elsewhere."""
    name = re.escape(word)
    started = re.findall(rb"\b((?:\w+\.)+%b):\w" % name, line)
    if not started or len(started) < len(re.findall(rb"\b%b\b" % name, line)):
        return False
    return not any(goes_by(path, os.fsdecode(each)) for each in started)


def _is_use(word: bytes, line: bytes, path: str, page: bool) -> bool:
    """Whether a line of a file beside the code does more than to speak of a name."""
    if page:
        return bool(re.search(_USED % ((re.escape(word),) * 3), line))
    if not path.endswith(_NO_COMMENTS):
        line = line.partition(b"#")[0]
    for found in re.finditer(rb"\b" + re.escape(word) + rb"\b", line):
        before, behind = line[: found.start()], line[found.end() :]
        spoken = _WENT_ON.search(before) or behind.startswith(b"(")
        if not spoken or not path.endswith(_SETTINGS) or _STARTS.search(before):
            return True
    return False


def _shallow(place: Place) -> tuple[bool, bool, str, str]:
    """In which order places are asked: the top of a module first, it is mostly reached."""
    return (
        place.cls is not None,
        place.function is not None,
        place.cls or "",
        place.function or "",
    )


def _in_order(use: _Use) -> tuple[tuple[bool, bool, str, str], str, str]:
    return _shallow(use.place), use.of or "", use.kept_as + use.alias


def _within(place: Place, own: Place) -> bool:
    return place == own or (own.function is None and place.cls == own.cls)


def _is_own_of_a_table(cls: ast.ClassDef, name: str) -> bool:
    """Whether a method of a table does something of the program: it is named at some length."""
    long = name.count("_") > 1 or (
        "_" in name.strip("_") and name.partition("_")[0] not in _OF_A_TABLE
    )
    return long and any(last_name(base) in _TABLES for base in cls.bases)


def is_put_away(path: str, root: str) -> bool:
    """Whether a file lies where code is kept that is in use no more, or is a copy of another."""
    *places, name = os.path.relpath(path, root).split(os.sep)
    if any(_AWAY.match(place) for place in places) or _COPY.search(name):
        return True
    copied = _SECOND.match(name)
    return copied is not None and os.path.isfile(
        os.path.join(os.path.dirname(path), f"{copied[1]}.py")
    )
