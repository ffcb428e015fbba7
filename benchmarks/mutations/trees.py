"""Source trees, and the places in them that send a request: found by syntax alone.

A site is a call of ``....messages.create`` or ``....messages.stream`` in a file that names
Anthropic. What it sends is told only as far as it stands there: in its keywords, or in the dict
display of the same function that it spreads.
"""

from __future__ import annotations

import ast
import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from skinflint.linter.project import is_test

Function = ast.FunctionDef | ast.AsyncFunctionDef

#: Directories that hold no code of the project.
_LEFT_OUT = {"node_modules", "__pycache__", "venv", "site-packages"}
_MOST_BYTES = 2_000_000
#: Files that code may be started from, and names that a platform starts.
_RUNNING = {".py", ".ipynb", ".toml", ".cfg", ".ini", ".yaml", ".yml", ".json", ".sh"}
_STARTED = {"main", "run", "start", "serve", "handler", "lambda_handler", "handle", "app"}
_STARTED |= {"get_assert", "call_api"}  # by promptfoo


class Module:
    """One file: its text, its tree, and where each node stands in the text."""

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self.text = text
        self.tree = ast.parse(text)
        self._lines = text.splitlines(keepends=True)

    @cached_property
    def parents(self) -> dict[ast.AST, ast.AST]:
        return {child: node for node in ast.walk(self.tree) for child in ast.iter_child_nodes(node)}

    @cached_property
    def _starts(self) -> list[int]:
        starts = [0]
        for line in self.text.split("\n"):
            starts.append(starts[-1] + len(line) + 1)
        return starts

    def offset(self, line: int, column: int) -> int:
        """Of a place as ast tells it (columns count bytes), in characters of the text."""
        start = self._starts[line - 1]
        end = self._starts[line] - 1 if line < len(self._starts) else len(self.text)
        return start + len(self.text[start:end].encode()[:column].decode())

    def range(self, node: ast.AST) -> tuple[int, int]:
        assert isinstance(node, (ast.expr, ast.stmt))
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        begin = self.offset(node.lineno, node.col_offset)
        return begin, self.offset(node.end_lineno, node.end_col_offset)

    def segment(self, node: ast.AST) -> str:
        begin, end = self.range(node)
        return self.text[begin:end]

    def line_start(self, line: int) -> int:
        return self._starts[line - 1]

    def indent(self, node: ast.stmt) -> str:
        start = self.line_start(node.lineno)
        return self.text[start : self.offset(node.lineno, node.col_offset)]

    @cached_property
    def bound(self) -> dict[str, str]:
        """Names bound at module level: an import's full name, "" for anything else."""
        found: dict[str, str] = {}
        for node in self.tree.body:
            if isinstance(node, ast.Import):
                for alias in node.names:
                    head = alias.name if alias.asname else alias.name.partition(".")[0]
                    found[alias.asname or head] = head
            elif isinstance(node, ast.ImportFrom):
                dots = "." * node.level
                for alias in node.names:
                    found[alias.asname or alias.name] = f"{dots}{node.module or ''}.{alias.name}"
            elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                found[node.name] = ""
            else:
                for each in ast.walk(node):
                    if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store):
                        found[each.id] = ""
        return found

    @cached_property
    def names(self) -> set[str]:
        """Every word of the text that could be a name."""
        found: set[str] = set()
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Name):
                found.add(node.id)
            elif isinstance(node, ast.arg):
                found.add(node.arg)
            elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                found.add(node.name)
            elif isinstance(node, ast.alias):
                found.add(node.asname or node.name.partition(".")[0])
        return found

    @cached_property
    def constants(self) -> dict[str, str]:
        """Module-level names bound once to a literal text."""
        found: dict[str, str] = {}
        seen: dict[str, int] = {}
        for node in self.tree.body:
            target = None
            if isinstance(node, ast.Assign) and len(node.targets) == 1:
                target = node.targets[0]
            elif isinstance(node, ast.AnnAssign):
                target = node.target
            if isinstance(target, ast.Name):
                seen[target.id] = seen.get(target.id, 0) + 1
                value = node.value  # type: ignore[union-attr]
                if isinstance(value, ast.Constant) and isinstance(value.value, str):
                    found[target.id] = value.value
        stored = [
            n.id
            for n in ast.walk(self.tree)
            if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)
        ]
        return {name: text for name, text in found.items() if stored.count(name) == 1}

    @cached_property
    def imports_end(self) -> int:
        """Where the imports at the head of the file end: an offset at the start of a line."""
        last = 0
        for node in self.tree.body:
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                break
            if isinstance(node, (ast.Import, ast.ImportFrom)):
                last = node.end_lineno or node.lineno
        if not last and ast.get_docstring(self.tree) is not None:
            last = self.tree.body[0].end_lineno or 1
        return self.line_start(last + 1) if last else 0


@dataclass
class Tree:
    """A copy of a project that may be written to."""

    source: str  # as it is named in what is printed
    root: Path
    _modules: dict[str, Module | None] = field(default_factory=dict)

    @property
    def project(self) -> str:
        """The name without the version: two states of one repository are one project."""
        return self.source.partition("@")[0].partition("==")[0]

    @cached_property
    def paths(self) -> list[str]:
        return sorted(
            path.relative_to(self.root).as_posix()
            for path in self.root.rglob("*.py")
            if path.is_file()
        )

    def module(self, path: str) -> Module | None:
        if path not in self._modules:
            try:
                text = (self.root / path).read_bytes().decode("utf-8")
                if "\r" in text or "\f" in text or text.startswith("\ufeff"):
                    raise ValueError
                self._modules[path] = Module(path, text)
            except (OSError, ValueError, SyntaxError, RecursionError):
                self._modules[path] = None
        return self._modules[path]

    @cached_property
    def is_installed(self) -> bool:
        """Whether it is built into a package, which code elsewhere may import."""
        if any(self.root.glob("*.dist-info")) or any(self.root.rglob("setup.py")):
            return True
        return any(
            b"[build-system]" in path.read_bytes() for path in self.root.rglob("pyproject.toml")
        )

    def leads_to(self, name: str, seen: frozenset[str] = frozenset()) -> bool:
        """Whether something that runs names a function or class: no test, nor code that none does.

        An import runs nothing; a text that is the name may.
        """
        seen |= {name}
        word = re.compile(rf"\b{re.escape(name)}\b")
        for path, text in self._running.items():
            if name not in text or not word.search(text):
                continue
            module = self.module(path) if path.endswith(".py") else None
            if module is None:
                return True
            for node in ast.walk(module.tree):
                if word.fullmatch(_written(node)) and self._runs(module, node, seen):
                    return True
        return False

    def _runs(self, module: Module, node: ast.AST, seen: frozenset[str]) -> bool:
        """Whether something leads to the code that a node stands in."""
        outer: Function | None = None
        around = module.parents.get(node)
        while around is not None:
            if isinstance(around, (ast.FunctionDef, ast.AsyncFunctionDef)):
                outer = around
            around = module.parents.get(around)
        if outer is None or is_entry(outer, module.parents.get(outer)):
            return True
        return outer.name not in seen and self.leads_to(outer.name, seen)

    @cached_property
    def _running(self) -> dict[str, str]:
        return {
            path.relative_to(self.root).as_posix(): path.read_text("utf-8", "replace")
            for path in sorted(self.root.rglob("*"))
            if path.suffix in _RUNNING
            and path.is_file()
            and not is_test(path.relative_to(self.root).as_posix())
        }

    def is_package(self, directory: str) -> bool:
        return (self.root / directory / "__init__.py").is_file()

    def imported(self, module: Module) -> Iterator[tuple[str, str]]:
        """(what stands behind ``from``, path) of the project's own modules it imports from."""
        for node in module.tree.body:
            if isinstance(node, ast.ImportFrom):
                text = "." * node.level + (node.module or "")
                path = self.resolve(module.path, text)
                if path is not None:
                    yield text, path

    def resolve(self, path: str, text: str) -> str | None:
        """The file that ``from text import`` in ``path`` means, if only one can be meant."""
        dots = len(text) - len(text.lstrip("."))
        rest = text[dots:].replace(".", "/")
        parts = path.split("/")[:-1]
        if dots:
            bases = ["/".join(parts[: len(parts) - dots + 1])]
        else:
            bases = ["/".join(parts[:count]) for count in range(len(parts), -1, -1)] + ["src"]
        found = {
            each
            for base in bases
            for each in ("/".join(filter(None, (base, rest))) + ".py",)
            if rest and (self.root / each).is_file()
        }
        return found.pop() if len(found) == 1 else None

    def dotted(self, path: str) -> tuple[str, str]:
        """The directory that a script can stand in to import a file, and the name it goes by."""
        parts = path.removesuffix(".py").split("/")
        first = len(parts) - 1
        while first > 0 and self.is_package("/".join(parts[:first])):
            first -= 1
        # A directory without an __init__ is a package all the same if the file imports from it.
        # What it imports must lie there: a directory may have the name of a library.
        module = self.module(path)
        heads: dict[str, list[str]] = {}
        for node in module.tree.body if module is not None else ():
            if isinstance(node, ast.ImportFrom) and node.module and not node.level:
                named = [f"{node.module}.{alias.name}" for alias in node.names]
                heads.setdefault(node.module.partition(".")[0], []).extend([node.module, *named])
        for index in range(first):
            base = self.root.joinpath(*parts[:index])
            if any(
                base.joinpath(f"{name.replace('.', '/')}.py").is_file()
                for name in heads.get(parts[index], ())
            ):
                first = index
                break
        return "/".join(parts[:first]), ".".join(parts[first:])


def copied(source: str, directory: Path, target: Path) -> Tree:
    """A copy of what the linter may read of a project."""

    def left_out(where: str, names: list[str]) -> set[str]:
        return {
            name
            for name in names
            if name in _LEFT_OUT
            or name.startswith(".git")
            or os.path.islink(os.path.join(where, name))
            or (
                os.path.isfile(os.path.join(where, name))
                and os.path.getsize(os.path.join(where, name)) > _MOST_BYTES
            )
        }

    shutil.copytree(directory, target, ignore=left_out)
    (target / ".git").mkdir()  # what tells where a project begins
    return Tree(source, target)


# --- sites ----------------------------------------------------------------------------------------


@dataclass
class Slot:
    """Where one argument of a request is written."""

    value: ast.expr


@dataclass
class Site:
    """One call that sends a request."""

    tree: Tree
    module: Module
    call: ast.Call
    functions: tuple[Function, ...]  # around it, the innermost first
    owner: ast.ClassDef | None
    slots: dict[str, Slot]
    spread: bool  # its arguments are (also) spread from something that isn't seen here
    statement: ast.stmt
    #: Where the real conversation is kept short and where it grows: path, line, column (from 1),
    #: the latter with how. Filled in by whoever has looked at the project.
    cuts: list[tuple[str, int, int, str]] = field(default_factory=list)
    growth: list[tuple[str, int]] = field(default_factory=list)

    @property
    def path(self) -> str:
        return self.module.path

    @property
    def line(self) -> int:
        return self.call.lineno

    @property
    def where(self) -> str:
        return f"{self.path}:{self.line}"

    @property
    def streams(self) -> bool:
        assert isinstance(self.call.func, ast.Attribute)
        return self.call.func.attr == "stream" or "stream" in self.slots

    @property
    def client(self) -> str:
        """The expression of the client."""
        text = self.module.segment(self.call.func)
        head = text[: text.rindex(".messages")].rstrip()
        return head.removesuffix(".beta").rstrip()

    @property
    def waits(self) -> bool:
        return isinstance(self.module.parents.get(self.call), ast.Await)

    def parameters(self) -> list[str]:
        """Names of the parameters of the innermost function."""
        if not self.functions:
            return []
        given = self.functions[0].args
        names = [arg.arg for arg in (*given.posonlyargs, *given.args, *given.kwonlyargs)]
        return [name for name in names if name not in ("self", "cls")]


def sites(tree: Tree) -> list[Site]:
    found: list[Site] = []
    for path in tree.paths:
        if is_test(path):
            continue
        data = (tree.root / path).read_bytes()
        if b".messages" not in data or b"nthropic" not in data:
            continue
        module = tree.module(path)
        if module is None:
            continue
        calls = [node for node in ast.walk(module.tree) if isinstance(node, ast.Call)]
        found += [site for call in calls if (site := _site(tree, module, call)) is not None]
    return sorted(found, key=lambda site: (site.path, site.line, site.call.col_offset))


def _site(tree: Tree, module: Module, call: ast.Call) -> Site | None:
    func = call.func
    if not isinstance(func, ast.Attribute) or func.attr not in ("create", "stream"):
        return None
    if not isinstance(func.value, ast.Attribute) or func.value.attr != "messages":
        return None
    if any(word in module.segment(func) for word in ("threads", "twilio", "(")) or call.args:
        return None
    functions: list[Function] = []
    owner = None
    statement: ast.stmt | None = None
    node: ast.AST | None = call
    while node is not None:
        if statement is None and isinstance(node, ast.stmt):
            statement = node
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and owner is None:
            functions.append(node)
        if isinstance(node, ast.Lambda):
            return None
        if isinstance(node, ast.ClassDef) and owner is None:
            owner = node
        node = module.parents.get(node)
    assert statement is not None
    slots: dict[str, Slot] = {}
    spread = False
    for keyword in call.keywords:
        if keyword.arg is not None:
            slots[keyword.arg] = Slot(keyword.value)
            continue
        display = _display(functions, keyword.value)
        if display is None:
            spread = True
            continue
        for key, value in zip(display.keys, display.values, strict=True):
            if isinstance(key, ast.Constant) and isinstance(key.value, str):
                slots[key.value] = Slot(value)
            else:
                spread = True
    if not spread and not {"messages", "max_tokens"} <= set(slots):
        return None
    return Site(tree, module, call, tuple(functions), owner, slots, spread, statement)


def _display(functions: list[Function], value: ast.expr) -> ast.Dict | None:
    """The one dict display that is bound to a name in the functions around a call."""
    if isinstance(value, ast.Dict):
        return value
    if not isinstance(value, ast.Name) or not functions:
        return None
    found = []
    for node in ast.walk(functions[-1]):
        if isinstance(node, ast.Assign):
            targets: list[ast.expr] = node.targets
        elif isinstance(node, ast.AnnAssign):
            targets = [node.target]
        else:
            continue
        if any(isinstance(target, ast.Name) and target.id == value.id for target in targets):
            found.append(node.value)
    return found[0] if len(found) == 1 and isinstance(found[0], ast.Dict) else None


def is_led_to(site: Site) -> bool:
    """Whether something in the project names the function, or the class, that a site stands in.

    A package that others install may be called by them.
    """
    if not site.functions:
        return True
    outer = site.functions[-1]
    if is_entry(outer, site.module.parents.get(outer)) or site.tree.is_installed:
        return True
    own = [outer.name]
    if site.owner is not None and not site.owner.decorator_list:
        own.append(site.owner.name)
    return all(site.tree.leads_to(name) for name in own)


def is_entry(function: Function, around: ast.AST | None) -> bool:
    """Whether what isn't the project may call a function: by its decorator, its name or its class.

    A method of a class that is made of another one may be called by that.
    """
    if function.name.startswith("__") or function.name in _STARTED:
        return True
    made_of = around.bases if isinstance(around, ast.ClassDef) else []
    return bool(function.decorator_list or made_of)


def _written(node: ast.AST) -> str:
    """The name that a node reads, or the text that it is."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return node.attr
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    return ""


def stores(site: Site, key: str) -> bool:
    """Whether ``name["key"] = ...`` stands in the functions around a site."""
    return any(
        isinstance(node, ast.Subscript)
        and isinstance(node.ctx, ast.Store)
        and isinstance(node.slice, ast.Constant)
        and node.slice.value == key
        for function in site.functions[-1:]
        for node in ast.walk(function)
    )


def is_list(site: Site, value: ast.expr) -> bool:
    """Whether an expression is a list, as far as it shows."""
    if isinstance(value, (ast.List, ast.ListComp)):
        return True
    if isinstance(value, ast.Name):
        for function in site.functions[-1:]:
            for node in ast.walk(function):
                if isinstance(node, ast.Assign) and isinstance(
                    node.value, (ast.List, ast.ListComp)
                ):
                    if any(isinstance(t, ast.Name) and t.id == value.id for t in node.targets):
                        return True
    return False
