"""Which methods the SDK versions have that may be installed, and which keywords they take."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator

from skinflint.catalog.surfaces import MethodFact, Surfaces
from skinflint.catalog.versions import Versions, key
from skinflint.linter.bounds import deciding
from skinflint.linter.module import FUNCTIONS, Module, walk
from skinflint.linter.request import Refusal

#: What is caught, or asks which version of the SDK is there: `version("anthropic")`.
_OF_THE_SDK = (
    r"AttributeError|anthropic\.__version__|version\(\W*anthropic|(?i:anthropic|sdk)_?version"
)


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


def is_tried(module: Module, node: ast.AST, method: str) -> bool:
    """Whether code asks for a method, or for the version of the SDK, before it calls it."""
    parts = "|".join(map(re.escape, method.split(".")))
    asks = re.compile(rf"""(?:has|get)attr\(.*["'](?:{parts})["']|{_OF_THE_SDK}""", re.DOTALL)
    return any(asks.search(text) for test in _before(module, node) for text in _texts(test, module))


def _before(module: Module, node: ast.AST) -> Iterator[ast.AST]:
    """The tests that ``node`` has passed in its function, and what is caught around it."""
    around = (each for each in module.ancestors(node) if isinstance(each, FUNCTIONS))
    within = next(around, module.tree)
    yield from deciding(module, node, within)
    child = node
    for parent in module.ancestors(node):
        if isinstance(parent, ast.Try) and child in parent.body:
            yield from (each.type for each in parent.handlers if each.type is not None)
        if isinstance(parent, ast.BoolOp):
            yield from parent.values
        for name in ("body", "orelse", "finalbody"):
            block = getattr(parent, name, None)
            if isinstance(block, list) and child in block:
                ahead = block[: block.index(child)]
                yield from (stmt.test for stmt in ahead if isinstance(stmt, ast.Assert))
        if parent is within:
            return
        child = parent


def _texts(test: ast.AST, module: Module) -> Iterator[str]:
    """A test as it is written, and what its names stand for."""
    yield ast.unparse(test)
    names = {each.id for each in (test, *walk(test)) if isinstance(each, ast.Name)}
    for stmt in module.parents if names else ():
        if isinstance(stmt, ast.Assign) and isinstance(stmt.targets[0], ast.Name):
            if stmt.targets[0].id in names and isinstance(stmt.value, (ast.Call, ast.Compare)):
                yield ast.unparse(stmt.value)


def is_since(pinned: Callable[[], Versions | None], version: str) -> bool:
    """Whether every version that may be installed is that one or newer; nothing pinned: newest."""
    versions = pinned()
    return versions is None or versions.low >= key(version)


def _written(versions: Versions) -> str:
    low = ".".join(map(str, versions.low))
    if versions.exact:
        return low
    at_least = f"{low} or newer" if any(versions.low) or versions.high is None else ""
    if versions.high is None:
        return at_least
    release = ".".join(map(str, versions.high[:3]))
    at_most = f"older than {release}" if len(versions.high) == 3 else f"{release} or older"
    return ", ".join(filter(None, (at_least, at_most)))
