"""K6: a model that is gone, or never was."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from random import Random

from mutations.drafts import HERE, Draft, NotHere
from mutations.trees import Function, Module, Site

RULES = ["SKF402", "SKF406"]

CURRENT = ("claude-opus-5-5", "claude-sonnet-5-5", "claude-haiku-5-5")
RETIRED = (
    "claude-3-opus-20240229",
    "claude-3-5-sonnet-20241022",
    "claude-3-5-haiku-latest",
    "claude-3-7-sonnet-20250219",
    "claude-sonnet-4-20250514",
    "claude-opus-4-1-20250805",
)
UNKNOWN = ("claude-sonnet-4-7", "claude-opus-4-6-20260101", "claude-haiku-5", "claude-5-5-sonnet")


def _homes(site: Site) -> list[tuple[Module, ast.Constant]]:
    """The literals that the model of a request comes from, as far as names lead to them."""
    slot = site.slots.get("model")
    if slot is None:
        raise NotHere("the model is given elsewhere")
    found = list(_lead(site, site.module, slot.value, 0))
    ids = [
        (module, node)
        for module, node in found
        if node.value.startswith("claude-")  # type: ignore[union-attr]
    ]
    if not ids:
        raise NotHere("no id that names lead to")
    return ids


def _lead(
    site: Site, module: Module, value: ast.expr | None, depth: int
) -> Iterator[tuple[Module, ast.Constant]]:
    if value is None or depth > 4:
        return
    if isinstance(value, ast.Constant) and isinstance(value.value, str):
        yield module, value
    elif isinstance(value, ast.BoolOp):
        for each in value.values:
            yield from _lead(site, module, each, depth + 1)
    elif isinstance(value, ast.IfExp):
        yield from _lead(site, module, value.body, depth + 1)
        yield from _lead(site, module, value.orelse, depth + 1)
    elif isinstance(value, ast.Call) and "env" in module.segment(value.func):
        for each in value.args[1:]:
            yield from _lead(site, module, each, depth + 1)
    elif isinstance(value, ast.Name):
        yield from _named(site, module, value.id, depth)
    elif (
        isinstance(value, ast.Attribute)
        and isinstance(value.value, ast.Name)
        and value.value.id == "self"
        and site.owner is not None
    ):
        for node in ast.walk(site.owner):
            if isinstance(node, ast.Assign) and any(
                ast.unparse(target) == f"self.{value.attr}" for target in node.targets
            ):
                yield from _lead(site, module, node.value, depth + 1)


def _named(
    site: Site, module: Module, name: str, depth: int
) -> Iterator[tuple[Module, ast.Constant]]:
    for node in ast.walk(module.tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            inside = node in site.functions or (
                site.owner is not None and node in site.owner.body and node.name == "__init__"
            )
            if not inside:
                continue
            arguments = node.args
            if _always_handed_in(site, node, name):
                continue
            plain = [*arguments.posonlyargs, *arguments.args]
            for arg, default in zip(plain[::-1], arguments.defaults[::-1], strict=False):
                if arg.arg == name:
                    yield from _lead(site, module, default, depth + 1)
            for arg, given in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
                if arg.arg == name:
                    yield from _lead(site, module, given, depth + 1)
    for statement in module.tree.body:
        if isinstance(statement, (ast.Assign, ast.AnnAssign)):
            targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
            if any(isinstance(target, ast.Name) and target.id == name for target in targets):
                yield from _lead(site, module, statement.value, depth + 1)
        elif isinstance(statement, ast.ImportFrom):
            for alias in statement.names:
                if (alias.asname or alias.name) == name:
                    text = "." * statement.level + (statement.module or "")
                    path = site.tree.resolve(module.path, text)
                    other = site.tree.module(path) if path else None
                    if other is not None:
                        yield from _named(site, other, alias.name, depth + 1)


def _always_handed_in(site: Site, function: Function, name: str) -> bool:
    """Whether all who call a function, or make its object, hand in the argument themselves."""
    called, skipped = function.name, 0
    if site.owner is not None and function in site.owner.body:
        called, skipped = (site.owner.name, 1) if called == "__init__" else (called, 1)
    given = function.args
    plain = [arg.arg for arg in (*given.posonlyargs, *given.args)][skipped:]
    place = plain.index(name) if name in plain else len(plain)
    calls = [
        call
        for path in site.tree.paths
        if (module := site.tree.module(path)) is not None and called in module.text
        for call in ast.walk(module.tree)
        if isinstance(call, ast.Call)
        and (call.func.attr if isinstance(call.func, ast.Attribute) else ast.unparse(call.func))
        == called
    ]
    return bool(calls) and all(
        len(call.args) > place or any(keyword.arg == name for keyword in call.keywords)
        for call in calls
    )


def _swapped(site: Site, pick: Random, broken: bool, ids: tuple[str, ...]) -> Draft:
    draft = Draft(site.tree)
    homes = _homes(site)
    chosen = pick.randrange(len(homes))
    good, bad = pick.choice(CURRENT), pick.choice(ids)
    for index, (module, node) in enumerate(homes):
        wrong = broken and index == chosen
        if index == chosen or node.value not in CURRENT:
            text = f'"{bad if wrong else good}"'
            if index == chosen and module.text.count("\n", module.range(node)[1]) >= 0:
                text += HERE
            draft.replace(module, node, text)
    return draft


def retired(site: Site, pick: Random, broken: bool) -> Draft:
    """The id, where the project keeps it, is one that is answered no more."""
    return _swapped(site, pick, broken, RETIRED)


def misspelt(site: Site, pick: Random, broken: bool) -> Draft:
    """The id is one that never was."""
    return _swapped(site, pick, broken, UNKNOWN)


MUTATIONS = (retired, misspelt)
