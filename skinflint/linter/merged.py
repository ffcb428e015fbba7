"""Fallbacks that a table of defaults keeps from being sent.

``config.get("model", "...")`` asks a table that was made of ``DEFAULT_CONFIG``, which has a model
already; the same goes for the configuration that the project brings along.
"""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Iterator

from skinflint.linter.callers import Callers
from skinflint.linter.module import FUNCTIONS, Module, dotted
from skinflint.linter.spans import Span
from skinflint.linter.tree import Tree

_TABLE = re.compile(rb"^_?(?:[A-Z_]*_)?DEFAULTS?(?:_[A-Z_]+)?\s*(?::[^=\n]+)?=\s*\{", re.MULTILINE)
#: How a table of defaults comes to be the one that is asked.
_MERGED = (
    rb"\b%b\.copy\(\)|\b(?:copy|deepcopy|dict|\w*merge\w*|update)\(\s*(?:\w+\.)?%b\b"
    rb"|\*\*\s*(?:\w+\.)?%b\b"
)
#: What a table of settings is called.
_SETTINGS = re.compile(r"conf|cfg|setting|option|opts|pref|llm", re.IGNORECASE)
_FILES = re.compile(r"(?:config|settings|defaults?)[\w.-]*\.(?:ya?ml|toml|json)$")


def set_before(span: Span, callers: Callers) -> tuple[str, ...]:
    """What stands under the key that the text at ``span`` is the fallback of; () where nothing."""
    module = callers.ev.module_at(span.path)
    node = module.node_at(span)
    key = _key(node, module) if isinstance(node, ast.Constant) else None
    project = callers.ev.project
    tree = project.tree(module) if project is not None else None
    if key is None or project is None or tree is None or not isinstance(node, ast.Constant):
        return ()
    found = list(_of_tables(key, project.no_tests(module), tree))
    if not found:
        found = list(_of_files(key, project.no_tests(module), tree))
    if len(found) != 1 or not found[0] or found[0] == node.value:
        return ()
    return (found[0],)


def _key(node: ast.expr, module: Module) -> str | None:
    """The key under which something is looked for first."""
    parent = module.parents.get(node)
    if isinstance(parent, ast.Call) and node in parent.args[1:]:
        return _asked(parent)
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
    return _asked(first)


def _asked(call: ast.expr | None) -> str | None:
    """The key of ``config.get("model", ...)``."""
    if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Attribute) or not call.args:
        return None
    key = call.args[0]
    if call.func.attr != "get" or not isinstance(key, ast.Constant):
        return None
    if not _SETTINGS.search(str(dotted(call.func.value)).rpartition(".")[2]):
        return None  # what somebody sends, a row of a database, the environment
    return key.value if isinstance(key.value, str) else None


def _of_tables(key: str, files: list[str], tree: Tree) -> Iterator[str]:
    """The texts under a key of the tables of defaults that others are made of."""
    for file in files:
        data = tree.data(file) or b""
        if not _TABLE.search(data) or key.encode() not in data:
            continue
        try:
            parsed = ast.parse(data)
        except (SyntaxError, ValueError):
            continue
        for stmt in parsed.body:
            target = stmt.targets[0] if isinstance(stmt, ast.Assign) else None
            target = stmt.target if isinstance(stmt, ast.AnnAssign) else target
            value = getattr(stmt, "value", None)
            if not isinstance(target, ast.Name) or "DEFAULT" not in target.id:
                continue
            if isinstance(value, ast.Dict) and _is_merged(target.id, files, tree):
                yield from _under(key, value)


def _is_merged(name: str, files: list[str], tree: Tree) -> bool:
    word = re.escape(name.encode())
    merged = re.compile(_MERGED % (word, word, word))
    return any(merged.search(tree.data(file) or b"") for file in files)


def _under(key: str, table: ast.Dict) -> Iterator[str]:
    for each, value in zip(table.keys, table.values, strict=True):
        if isinstance(value, ast.Dict):
            yield from _under(key, value)
        elif isinstance(each, ast.Constant) and each.value == key:
            yield str(value.value) if isinstance(value, ast.Constant) else ""


def _of_files(key: str, files: list[str], tree: Tree) -> Iterator[str]:
    """The ids under a key of the files of settings that the project has and reads."""
    says = re.compile(
        rb"""^[ \t{,]*["']?%b["']?\s*[:=]\s*["']?([^\s"'#,]*)""" % re.escape(key.encode()),
        re.MULTILINE,
    )
    for place, data in tree.beside() or ():
        name = os.path.basename(place)
        if _FILES.match(name):
            found = says.findall(data)
            if found and any(name.encode() in (tree.data(file) or b"") for file in files):
                yield from (text.decode("utf-8", "replace") for text in found)
