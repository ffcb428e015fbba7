"""Fallbacks that a table of defaults keeps from being sent.

``config.get("model", "...")`` asks a table that was made of ``DEFAULT_CONFIG``, which has a model
already; the same goes for a class of settings that a web framework was given, and for the
configuration that the project brings along.
"""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from skinflint.linter.callers import Callers
from skinflint.linter.module import FUNCTIONS, Module, dotted, last_name
from skinflint.linter.project import Project
from skinflint.linter.scheduled import taken_by
from skinflint.linter.spans import Span
from skinflint.linter.tree import Tree

#: What a table of defaults is called, in a module or in the function that loads a configuration.
_TABLE = re.compile(
    rb"^(?:_?(?:[A-Z_]*_)?DEFAULTS?(?:_[A-Z_]+)?|[ \t]+(?:\w+_)?defaults?(?:_\w+)?)"
    rb"\s*(?::[^=\n]+)?=\s*\{",
    re.MULTILINE,
)
#: How a table of defaults comes to be the one that is asked.
_MERGED = (
    rb"\b%b\.copy\(\)|\b(?:copy|deepcopy|dict|\w*merge\w*|update)\(\s*(?:\w+\.)?%b\b"
    rb"|\*\*\s*(?:\w+\.)?%b\b|\bin\s+(?:\w+\.)?%b(?:\.items\(\))?\s*:"
)
#: A class of settings, and how a framework is given it.
_CLASS = re.compile(rb"^class\s+\w*(?:Config|Settings)\w*", re.MULTILINE)
_GIVEN = re.compile(rb"\.config\.from_object\(")
#: What a table of settings is called.
_SETTINGS = re.compile(r"conf|cfg|setting|option|opts|pref|llm", re.IGNORECASE)
#: What reads a file of settings.
_READERS = frozenset(("load", "safe_load", "full_load"))
#: Where a table in them begins: `claude:`, `"claude": {`.
_TABLE_OF = re.compile(rb"""([ \t]*)["']?([\w-]+)["']?\s*:\s*(?:\{\s*)?(?:#.*)?$""")
_FILES = re.compile(r"(?:\w+[-_.])?(?:config|settings|defaults?)[\w.-]*\.(?:ya?ml|toml|json)$")
#: The same where it is its directory that says so: `config/letters.yaml`.
_PLACES = re.compile(r"(?:conf|config|configs|configuration|settings)$")
_OTHERS = re.compile(r"[\w.-]+\.(?:ya?ml|toml)$")
#: What the copy of a file of settings is called that others are to make theirs of.
_SHIPPED = re.compile(r"[-_.](?:example|sample|template|default|dist)(?=\.)")


class Before(NamedTuple):
    """What stands under a key before a fallback is taken.

    ``at`` is where, if in code; else ``line`` of the settings in ``file``, absolute, has it.
    """

    text: str
    at: Span | None = None
    file: str = ""
    line: int = 0


def set_before(span: Span, callers: Callers) -> Before | None:
    """What stands under the key that the text at ``span`` is the fallback of; None: nothing."""
    module = callers.ev.module_at(span.path)
    node = module.node_at(span)
    if not isinstance(node, ast.Constant):
        return None
    outermost = _is_whole(module.parents.get(node), module)
    question = _asked(_first(node, module), module, outermost)
    project = callers.ev.project
    tree = project.tree(module) if project is not None else None
    if question is None or project is None or tree is None:
        return None
    asked = (*question, outermost)
    if asked not in tree.keyed:
        files = project.no_tests(module)
        found: tuple[Before, ...] = ()
        if not question.section:
            found = tuple(_of_tables(question.key, files, tree, project))
        for holds in (_are_named, _are_placed):
            found = found or tuple(_of_files(question, files, tree, outermost, holds))
        tree.keyed[asked] = found[:2]
    found = tree.keyed[asked]
    if len(found) != 1 or not found[0].text or found[0].at == span:
        return None
    if found[0].at is None:
        file = found[0].file
        named = _are_named(os.path.relpath(file, tree.root))
        return found[0] if named or _is_of_its_program(file, module, tree, project) else None
    there = project.at(found[0].file)
    if there is None:
        return None
    callers.ev.root_of(there)  # what is written there can be asked for
    return found[0]


def _first(node: ast.expr, module: Module) -> ast.expr | None:
    """What is asked first: a table for a key."""
    parent = module.parents.get(node)
    if isinstance(parent, ast.Call) and node in parent.args[1:]:
        return parent
    first: ast.expr | None = None
    if isinstance(parent, ast.BoolOp) and isinstance(parent.op, ast.Or):
        first = parent.values[0] if parent.values[-1] is node else None
    elif isinstance(parent, ast.Assign) and isinstance(parent.targets[0], ast.Name):
        above = module.parents.get(parent)
        test = above.test if isinstance(above, ast.If) and parent in above.body else None
        if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
            first = test.operand
    if isinstance(first, ast.Name):
        scope = module.scope(node)
        made = [
            stmt.value
            for stmt in (ast.walk(scope) if isinstance(scope, FUNCTIONS) else ())
            if isinstance(stmt, ast.Assign)
            and isinstance(stmt.targets[0], ast.Name)
            and stmt.targets[0].id == first.id
            and stmt is not parent
        ]
        first = made[0] if len(made) == 1 else None
    return first


def _is_whole(call: ast.AST | None, module: Module) -> bool:
    """Whether what is asked for a key is a whole file, read for settings where it is asked."""
    if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Attribute):
        return False
    scope, read = module.scope(call), _made_here(call.func.value, module)
    if not isinstance(scope, FUNCTIONS) or not isinstance(call.func.value, ast.Name):
        return False
    if not isinstance(read, ast.Call):
        return False
    if str(dotted(read.func)).rpartition(".")[2] not in _READERS:
        return False
    cls = module.enclosing_class(scope)
    return any(_SETTINGS.search(each.name) for each in (scope, cls) if each is not None)


class _Question(NamedTuple):
    """A key, and the table of the settings that it is asked of; "": of all there is, as made."""

    key: str
    section: str


def _asked(call: ast.expr | None, module: Module, whole: bool) -> _Question | None:
    """What ``config.get("model", ...)`` asks, or ``self.get(...)`` in a class of settings.

    ``settings.claude.get(...)`` and ``load_settings()["claude"].get(...)`` ask one of its tables.
    """
    if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Attribute) or not call.args:
        return None
    key = call.args[0]
    if call.func.attr != "get" or not isinstance(key, ast.Constant):
        return None
    if not isinstance(key.value, str):
        return None
    asked = str(dotted(call.func.value)).rpartition(".")[2]
    cls = module.enclosing_class(module.scope(call)) if asked == "self" else None
    if whole or _SETTINGS.search(asked if cls is None else cls.name):
        return _Question(key.value, "")
    path = list(_path(_made_here(call.func.value, module)))
    if len(path) > 1 and any(map(_SETTINGS.search, path[1:])):
        return _Question(key.value, path[0])
    return None  # what somebody sends, a row of a database, the environment


def _made_here(table: ast.expr, module: Module) -> ast.expr:
    """What a name stands for that its function binds once: `made = config.get("model", {})`."""
    scope = module.scope(table)
    if not isinstance(table, ast.Name) or not isinstance(scope, FUNCTIONS):
        return table
    made = [
        stmt.value
        for stmt in ast.walk(scope)
        if isinstance(stmt, ast.Assign) and table.id in map(dotted, stmt.targets)
    ]
    if len(made) != 1:
        return table
    return made[0].values[0] if isinstance(made[0], ast.BoolOp) else made[0]


def _path(table: ast.expr) -> Iterator[str]:
    """The names on the way to a table, the last one first."""
    while True:
        if isinstance(table, ast.Attribute):
            yield table.attr
            table = table.value
        elif isinstance(table, ast.Subscript) and isinstance(table.slice, ast.Constant):
            yield str(table.slice.value)
            table = table.value
        elif isinstance(table, ast.Call) and isinstance(table.func, ast.Attribute) and table.args:
            if table.func.attr != "get" or not isinstance(table.args[0], ast.Constant):
                return
            yield str(table.args[0].value)
            table = table.func.value
        else:
            name = table.func if isinstance(table, ast.Call) else table
            if isinstance(name, (ast.Name, ast.Attribute)):
                yield last_name(name)
            return


def _of_tables(key: str, files: list[str], tree: Tree, project: Project) -> Iterator[Before]:
    """The texts under a key of the tables of defaults that others are made of."""
    given = key.isupper() and any(_GIVEN.search(tree.data(file) or b"") for file in files)
    for file in files:
        data = tree.data(file) or b""
        if key.encode() not in data:
            continue
        if not _TABLE.search(data) and not (given and _CLASS.search(data)):
            continue
        module = project.at(file)
        if module is None:
            continue
        for node in module.parents:
            target = node.targets[0] if isinstance(node, ast.Assign) else None
            target = node.target if isinstance(node, ast.AnnAssign) else target
            value = getattr(node, "value", None)
            if not isinstance(target, ast.Name) or not isinstance(value, ast.expr):
                continue
            above = module.parents.get(node)
            if isinstance(above, ast.ClassDef):
                if given and target.id == key and _CLASS.match(f"class {above.name}".encode()):
                    yield _written(value, module, file)
            elif isinstance(value, ast.Dict) and "default" in target.id.lower():
                own = module.scope(node) is not module.tree
                if _is_merged(target.id, [file] if own else files, tree):
                    yield from _under(key, value, module, file)


def _is_merged(name: str, files: list[str], tree: Tree) -> bool:
    word = re.escape(name.encode())
    merged = re.compile(_MERGED.replace(b"%b", word))
    return any(merged.search(tree.data(file) or b"") for file in files)


def _under(key: str, table: ast.Dict, module: Module, file: str) -> Iterator[Before]:
    for each, value in zip(table.keys, table.values, strict=True):
        if isinstance(value, ast.Dict):
            yield from _under(key, value, module, file)
        elif isinstance(each, ast.Constant) and each.value == key:
            yield _written(value, module, file)


def _written(value: ast.expr, module: Module, file: str) -> Before:
    """The text of an entry, or what it is where the environment says nothing."""
    if isinstance(value, ast.Call) and len(value.args) == 2:
        if str(dotted(value.func)).rpartition(".")[2] in ("get", "getenv"):
            value = value.args[1]
    if isinstance(value, ast.BoolOp):
        value = value.values[-1]
    if isinstance(value, ast.Constant) and isinstance(value.value, str):
        return Before(value.value, module.span(value), file)
    return Before("")


def _is_of_its_program(settings: str, module: Module, tree: Tree, project: Project) -> bool:
    """Whether a file that names the settings takes a module, or is taken by it."""
    name, own = os.path.basename(settings).encode(), os.path.abspath(module.path)
    taken = taken_by({own}, tree)
    return any(
        name in (tree.data(file) or b"") and (file in taken or own in taken_by({file}, tree))
        for file in project.no_tests(module)
    )


def _are_named(inside: str) -> bool:
    """Whether a file holds settings by its name."""
    return bool(_FILES.match(os.path.basename(inside)))


def _are_placed(inside: str) -> bool:
    """Whether a file holds settings by where it lies in the project."""
    above, name = os.path.split(inside)
    return bool(_OTHERS.match(name) and _PLACES.match(os.path.basename(above)))


def _of_files(
    question: _Question,
    files: list[str],
    tree: Tree,
    outermost: bool,
    holds: Callable[[str], bool],
) -> Iterator[Before]:
    """The ids under a key of the files of settings that the project has and reads.

    Of several in one file those in the table that is asked are taken, those that stand furthest
    out, or all.
    """
    key = question.key
    says = re.compile(
        rb"""^([ \t{,]*)["']?%b["']?\s*[:=]\s*["']?([^\s"'#,]*)"""
        % re.escape(key.rpartition(".")[2].encode()),  # "api.model": of a table in a table
        re.MULTILINE,
    )
    for place, data in tree.beside() or ():
        if holds(os.path.relpath(place, tree.root)):
            name = os.path.basename(place)
            found = list(says.finditer(data))
            names = {name.encode(), _SHIPPED.sub("", name).encode()}
            if found and any(n in (tree.data(file) or b"") for file in files for n in names):
                least = min(len(each[1]) for each in found)
                for each in found:
                    if question.section and _section(data, each) != question.section:
                        continue
                    if not outermost or len(each[1]) == least:
                        line = data.count(b"\n", 0, each.start(2)) + 1
                        yield Before(each[2].decode("utf-8", "replace"), None, place, line)


def _section(data: bytes, entry: re.Match[bytes]) -> str:
    """The name of the table that an entry of a file of settings stands in, "" for none."""
    for line in reversed(data[: entry.start()].splitlines()):
        begun = _TABLE_OF.match(line)
        if begun is not None and len(begun[1]) < len(entry[1]):
            return begun[2].decode("utf-8", "replace")
    return ""
