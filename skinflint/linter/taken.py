"""Which methods the SDK versions have that may be installed, and which keywords they take."""

from __future__ import annotations

import ast
from collections.abc import Callable

from skinflint.catalog.surfaces import MethodFact, Surfaces
from skinflint.catalog.versions import Versions, key
from skinflint.linter.module import Module, walk
from skinflint.linter.request import Refusal


def refusal(
    surfaces: Surfaces, fact: MethodFact, pinned: Callable[[], Versions | None], keyword: str
) -> Refusal | None:
    """Why ``fact`` takes no ``keyword``, None where it does or where that can't be told.

    Names that no method of the SDK has ever taken are those of whatever wraps it.
    """
    if keyword in fact.keywords:
        return None
    last = fact.name.rpartition(".")[2]
    takers = tuple(
        sorted(
            (m.name for m in surfaces.methods if m.sends and not m.until and keyword in m.keywords),
            key=lambda name: (name.rpartition(".")[2] != last, name.count("."), name),
        )
    )
    gone = next((until for name, _, until in fact.history if name == keyword), "")
    if not gone and not takers:
        return None
    versions = pinned()
    if versions is not None and versions.low > key(surfaces.sdk):
        return None  # newer than the signatures that were read
    if not gone:
        return Refusal("", "", takers)
    if versions is None or surfaces.accepts(fact, keyword, versions) is not False:
        return None
    if versions.low < key(gone):
        return None  # the method itself came later than that: it is another call that fails
    return Refusal(gone, _written(versions), takers)


def lacked(surfaces: Surfaces, fact: MethodFact, pinned: Callable[[], Versions | None]) -> str:
    """The SDK that is required where none that may be installed has ``fact``, "" otherwise."""
    versions = pinned()
    if versions is None or versions.low > key(surfaces.sdk) or surfaces.has(fact, versions):
        return ""
    return _written(versions)


def is_tried(module: Module, node: ast.AST) -> bool:
    """Whether code asks for a method, or for the version of the SDK, before it calls it."""
    child = node
    for parent in module.ancestors(node):
        if isinstance(parent, ast.Try) and child in parent.body:
            caught = [each.type for each in parent.handlers if each.type is not None]
            if any(_says(each, "AttributeError") for each in caught):
                return True
        tests = [parent.test] if isinstance(parent, (ast.If, ast.IfExp)) else []
        for name in ("body", "orelse", "finalbody"):
            block = getattr(parent, name, None)
            if isinstance(block, list) and child in block:
                tests += [
                    each.test for each in block[: block.index(child)] if isinstance(each, ast.If)
                ]
        if any(_says(test, "hasattr", "getattr", "version", "__version__") for test in tests):
            return True
        child = parent
    return False


def _says(node: ast.AST, *words: str) -> bool:
    return any(
        (isinstance(each, ast.Name) and each.id in words)
        or (isinstance(each, ast.Attribute) and each.attr in words)
        for each in walk(node)
    )


def is_since(pinned: Callable[[], Versions | None], version: str) -> bool:
    """Whether every version that may be installed is that one or newer; nothing pinned: newest."""
    versions = pinned()
    return versions is None or versions.low >= key(version)


def _written(versions: Versions) -> str:
    low = ".".join(map(str, versions.low))
    if versions.exact:
        return low
    if any(versions.low) or versions.high is None:
        return f"{low} or newer"
    *last, behind = versions.high
    release = ".".join(map(str, versions.high[:3]))
    return f"{release} or older" if len(last) == 3 and not behind else f"older than {release}"
