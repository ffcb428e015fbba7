"""JSON that is laid out for people on its way into a prompt, and where it is written.

A hole of a message or of the system prompt that ends at a call which writes JSON: its keyword says
how it is laid out. What is cut to a length behind the call is left alone, if only where it is too
long, as are examples of a form, short constants and flat lists of words, each a line anyway.
"""

from __future__ import annotations

import ast
import math
import re
from collections.abc import Iterable
from pathlib import PurePosixPath

from skinflint.catalog import jsons
from skinflint.linter.callers import Callers
from skinflint.linter.evaluate import Evaluator
from skinflint.linter.jsonsizes import Sizes
from skinflint.linter.jsonweights import Weights
from skinflint.linter.module import FUNCTIONS, Module, dotted, last_name
from skinflint.linter.request import Block, JsonText, Place, parts_of
from skinflint.linter.scheduled import runs_weekly
from skinflint.linter.values import Known, Unknown

#: Methods that leave a text laid out as it is.
_KEEPS = ("strip", "rstrip", "lstrip", "replace", "decode")
_SOURCES = ("str", "bytes")
#: Functions that cut a text to a length, by their names.
_SHORTENS = re.compile(r"(?i)truncat|shorten|(^|_)(clip|cut|trim)(_|$)")


def json_texts(blocks: Iterable[Block], callers: Callers) -> tuple[JsonText, ...]:
    """The calls that lay JSON out in what the request says, in prefix order, each once."""
    facts, ev = jsons.load(), callers.ev
    sizes = Sizes(callers, facts)
    weights = Weights(sizes, facts)
    ev.start()
    found: dict[object, JsonText] = {}
    for index, block in enumerate(blocks):
        if block.place is Place.TOOLS or block.role == "assistant":
            continue  # an earlier reply shows the model the form to keep to
        for leaf, _ in parts_of(block.value):
            if not isinstance(leaf, Unknown) or leaf.span in found:
                continue
            module = ev.module_at(leaf.span.path)
            node = module.node_at(leaf.span)
            text = _written(node, module, index, ev, facts, weights) if node else None
            if text is not None:
                found[leaf.span] = text
    return tuple({text.call: text for text in found.values()}.values())


def _written(
    node: ast.expr, module: Module, block: int, ev: Evaluator, facts: jsons.Jsons, weights: Weights
) -> JsonText | None:
    while isinstance(node, ast.Call):
        if isinstance(node.func, ast.Attribute) and node.func.attr in _KEEPS:
            node = node.func.value
        elif isinstance(node.func, ast.Name) and node.func.id in _SOURCES and node.args:
            node = node.args[0]
        else:
            break
    if not isinstance(node, ast.Call):
        return None
    name = ev.calls.qualified(node.func, ev.root_of(module))
    writer = facts.functions.get(name)
    what: ast.expr | None = node.args[0] if node.args else None
    if writer is None and isinstance(node.func, ast.Attribute):
        writer = facts.methods.get(node.func.attr)
        what = node.func.value
    if writer is None:
        return None
    layout = next((k for k in node.keywords if k.arg == writer.keyword), None)
    if layout is None or not _lays_out(layout.value, module, ev):
        return None
    if what is None or _is_form(what, module, facts) or _cut_later(node, module):
        return None
    most = weights.most(what, module)
    if most <= facts.few:
        return None
    return JsonText(
        module.span(node),
        block,
        dotted(node.func) or f".{getattr(node.func, 'attr', '')}",
        writer.keyword,
        "" if any(k.arg == "separators" for k in node.keywords) else writer.compact,
        _other_use(node, module),
        None if most == math.inf else int(most),
        0
        if _is_seldom(node, module, facts) or runs_weekly(module, ev.project)
        else weights.seen(what, module, most, writer.compact == "" or _is_helped(node)),
    )


def _is_seldom(node: ast.expr, module: Module, facts: jsons.Jsons) -> bool:
    """Whether a name around it says that it is done once a week or more seldom."""
    around = [n.name for n in module.ancestors(node) if isinstance(n, (*FUNCTIONS, ast.ClassDef))]
    return any(map(facts.is_seldom, (PurePosixPath(module.path).stem, *around)))


def _is_helped(node: ast.Call) -> bool:
    """Whether a call says what becomes of what JSON doesn't know, or may say it."""
    return any(keyword.arg in ("default", "cls", None) for keyword in node.keywords)


def _lays_out(value: ast.expr, module: Module, ev: Evaluator) -> bool:
    known = ev.evaluate(value, ev.root_of(module))
    if not isinstance(known, Known) or isinstance(known.value, bool):
        return False
    return bool(known.value) and isinstance(known.value, (int, str))


def _cut_later(node: ast.expr, module: Module) -> bool:
    """Whether the text is cut to a length: by a helper, or under the name that it is given."""
    if _cut_by_helper(node, module):
        return True
    stmt = module.statement(node)
    if not isinstance(stmt, ast.Assign):
        return False
    return any(
        _cuts(load, module) or _cut_by_helper(load, module)
        for target in stmt.targets
        if isinstance(target, ast.Name)
        for load in module.loads.get(target.id, ())
        if module.scope(load) is module.scope(node)
    )


def _cuts(load: ast.expr, module: Module) -> bool:
    cut = module.parents.get(load)
    return (
        isinstance(cut, ast.Subscript)
        and cut.value is load
        and isinstance(cut.slice, ast.Slice)
        and cut.slice.lower is None
        and cut.slice.upper is not None
    )


def _cut_by_helper(node: ast.expr, module: Module) -> bool:
    """Whether a text is handed to a function that cuts it: by its name, or by what it does here."""
    call = module.parents.get(node)
    if not isinstance(call, ast.Call) or node not in call.args:
        return False
    name = last_name(call.func)
    if _SHORTENS.search(name):
        return True
    position = call.args.index(node)
    for function in module.functions:
        if function.name != name:
            continue
        args = [arg.arg for arg in (*function.args.posonlyargs, *function.args.args)]
        if module.enclosing_class(function) is not None and args[:1] in (["self"], ["cls"]):
            args = args[1:]
        if position < len(args) and any(
            module.scope(load) is function and _cuts(load, module)
            for load in module.loads.get(args[position], ())
        ):
            return True
    return False


def _is_form(what: ast.expr, module: Module, facts: jsons.Jsons) -> bool:
    """Whether what is written shows a form: a schema, an example, something written out here."""
    for node in ast.walk(what):
        if isinstance(node, (ast.Name, ast.Attribute)):
            name = node.id if isinstance(node, ast.Name) else node.attr
            if facts.shows_form(name):
                return True
    return isinstance(what, (ast.Dict, ast.List, ast.Tuple)) and not any(
        isinstance(node, (ast.Name, ast.Call)) for node in ast.walk(what)
    )


def _other_use(node: ast.expr, module: Module) -> str:
    """What else may read the text that a call writes; "" where only the prompt does."""
    stmt = module.statement(node)
    if isinstance(stmt, ast.Return) and stmt.value is node:
        scope = module.scope(stmt)
        named = scope.name if isinstance(scope, FUNCTIONS) else "a lambda"
        return f"it is returned by {named}(), which may serve others"
    if isinstance(stmt, (ast.Assign, ast.AnnAssign)):
        targets = stmt.targets if isinstance(stmt, ast.Assign) else [stmt.target]
        for target in targets:
            if not isinstance(target, ast.Name):
                if stmt.value is node:
                    return "it is kept for others to read"
                continue
            scope = module.scope(target)
            loads = [
                load
                for load in module.loads.get(target.id, ())
                if isinstance(load, ast.Name) and scope in (module.scope(load), module.tree)
            ]
            if len(loads) != 1:
                return f"`{target.id}` is read in several places"
    return ""
