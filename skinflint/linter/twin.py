"""Routes of a server that its own pages have given up for one that streams.

``POST /chat`` beside ``POST /chat/stream``: the page in the project asks the second one only. Who
else may ask the first is not here, and how often it is asked nobody tells.
"""

from __future__ import annotations

import ast
import os
import re

from skinflint.linter.callers import Callers
from skinflint.linter.module import FunctionNode, Module, last_name
from skinflint.linter.project import is_test
from skinflint.linter.tree import Tree

#: Methods of an application, or of a router, that a route is made known with.
_ROUTES = frozenset(("post", "route", "api_route", "websocket", "get"))
#: The last two parts of a path of a route that streams.
_STREAM = re.compile(
    rb"(?<![\w-])([\w-]{1,60})/((?:\w{1,40}-)?(?:stream|streaming|sse)(?:-\w{1,40})?)(?![\w/-])"
)
#: One part of a path that isn't handed in.
_PART = re.compile(r"[\w-]+$")
#: Parts of paths, and names of modules, that say nothing of what is asked.
_ANY = re.compile(r"(api|v\d+|main|app|server|routes?|routers?|views?|endpoints?|index)$", re.I)


def is_given_up(function: FunctionNode, module: Module, callers: Callers) -> bool:
    """Whether pages of the project ask a streaming route beside this one, and nobody this one."""
    path = _path(function)
    parts = [part for part in path.split("/") if _PART.match(part)]
    if not parts or "stream" in path or parts[-1] != path.rstrip("/").rpartition("/")[2]:
        return False
    tree = callers.tree(module)
    pages = None if tree is None else tree.shown()
    if tree is None or not pages:
        return False
    stem = os.path.basename(module.path).removesuffix(".py")
    around = {part.encode() for part in (*parts, stem, *_prefixes(module)) if not _ANY.match(part)}
    beside = {end for parent, end in _streams(tree, pages) if parent in around}
    if not beside or not any(_is_served(end, tree) for end in beside):
        return False
    name = re.escape(parts[-1].encode())
    asks = re.compile(rb"""(?:/|\b(?:get|post|fetch|request)\(\s*["'`])%b(?![\w/-])""" % name)
    if any(asks.search(data) for data in pages):
        return False
    own = os.path.abspath(module.path)
    posts = re.compile(rb"""["'][^\s"']{0,200}/%b(?![\w/-])""" % name)
    others = (
        tree.data(file) or b""
        for file in tree.files()
        if file != own and not is_test(os.path.relpath(file, tree.root))
    )
    return not any(posts.search(data) for data in others)


def _streams(tree: Tree, pages: list[bytes]) -> set[tuple[bytes, bytes]]:
    """The streaming routes that pages ask: the last two parts of their paths."""
    if tree.streams is None:
        tree.streams = {
            (found[1], found[2])
            for data in pages
            if b"stream" in data or b"/sse" in data
            for found in _STREAM.finditer(data)
        }
    return tree.streams


def _is_served(end: bytes, tree: Tree) -> bool:
    """Whether a file of the project has a route whose path ends so."""
    route = re.compile(rb"""\(\s*["'](?:[\w{}/-]{0,200}/)?%b["']""" % re.escape(end))
    files = (tree.data(file) or b"" for file in tree.files())
    return any(end in data and route.search(data) is not None for data in files)


def _path(function: FunctionNode) -> str:
    """The path of a route, as it is written in the decorator, "" where there is none."""
    for decorator in function.decorator_list:
        if isinstance(decorator, ast.Call) and last_name(decorator.func) in _ROUTES:
            first = decorator.args[0] if decorator.args else None
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                return first.value
    return ""


def _prefixes(module: Module) -> set[str]:
    """The parts of what stands in front of all paths of a router of the module."""
    found: set[str] = set()
    for call in module.calls_named.get("APIRouter", ()):
        for keyword in call.keywords:
            if keyword.arg == "prefix" and isinstance(keyword.value, ast.Constant):
                found.update(part for part in str(keyword.value.value).split("/") if part)
    return found
