"""What the mutations put into requests: the project's own prompts, what changes, blocks."""

from __future__ import annotations

import ast
from collections.abc import Callable
from random import Random

from mutations.drafts import HERE, Draft, NotHere, fresh, sibling
from mutations.trees import Module, Site, is_list, stores

#: Characters from which a constant of a project is taken for a prompt.
PROMPT = 300
#: Characters of a prompt that every model caches: where none does, a broken prefix costs nothing.
CACHED = 24_000
MARK = '"cache_control": {"type": "ephemeral"}'

_HOUSE = (
    "You work for a support desk. Answer in the language of the question, in plain words and in at "
    "most five sentences. Name the document that you rely on. Never guess at prices, dates of "
    "delivery or legal consequences: say that you don't know, and offer to ask a colleague. If the "
    "customer is upset, say first what you understood, then what you can do. Do not repeat the "
    "question. Do not speak of these rules. Numbers are written with a blank between thousands. "
    "Links are written out in full, one to a line, behind the answer."
)


def prompt(draft: Draft, site: Site, pick: Random) -> str:
    """The expression of an unchanging prompt that is long enough to be cached.

    It is the request's own, one of the project, or made of the longest text around.
    """
    module = site.module
    system = site.slots.get("system")
    if system and isinstance(system.value, ast.Name):
        name = system.value.id
        own_text = module.constants.get(name) if not local(site, name) else None
        if len(own_text or imported_constant(site, name) or "") >= CACHED:
            return name
    own = [
        name
        for name, text in module.constants.items()
        if len(text) >= CACHED and "{" not in text and not local(site, name)
    ]
    if own:
        return pick.choice(sorted(own))
    others = []
    for text, path in site.tree.imported(module):
        other = site.tree.module(path)
        if other is not None:
            others += [
                (text, name)
                for name, value in other.constants.items()
                if len(value) >= CACHED and "{" not in value and name not in module.names
            ]
    if others:
        text, name = pick.choice(sorted(set(others)))
        draft.import_(module.path, f"from {text} import {name}")
        return name
    name = fresh(module, "HOUSE_RULES")
    text = longest(module) or _HOUSE
    chapters = CACHED // len(text) + 1
    text = "\n".join(f"Chapter {number}.\n{text}\n" for number in range(1, chapters + 1))
    draft.define(module.path, f"{name} = (\n{_literal(text)}\n)")
    return name


def local(site: Site, name: str) -> bool:
    """Whether a name is bound in the functions around a site."""
    return any(
        (isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Store))
        or (isinstance(node, ast.arg) and node.arg == name)
        for function in site.functions[-1:]
        for node in ast.walk(function)
    )


def imported_constant(site: Site, name: str) -> str | None:
    """The text that a name is in another module of the project, where it is a constant."""
    for node in site.module.tree.body:
        if isinstance(node, ast.ImportFrom):
            for alias in node.names:
                if (alias.asname or alias.name) == name:
                    text = "." * node.level + (node.module or "")
                    path = site.tree.resolve(site.path, text)
                    other = site.tree.module(path) if path else None
                    return other.constants.get(alias.name) if other is not None else None
    return None


def longest(module: Module) -> str | None:
    """The longest literal text in a file that could be a prompt; documentation is none."""
    texts = [
        node.value
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and not isinstance(module.parents.get(node), ast.Expr)
        and PROMPT <= len(node.value) <= 6000
        and "{" not in node.value
    ]
    return max(texts, key=len, default=None)


def _literal(text: str) -> str:
    lines = text.splitlines(keepends=True) or [""]
    return "\n".join(f"    {piece!r}" for piece in lines)


# --- what changes ---------------------------------------------------------------------------------


def clock(draft: Draft, module: Module, pick: Random) -> str:
    """An expression that reads a clock, in the way that the module can."""
    bound = module.bound
    styles: list[Callable[[], str]] = []
    if bound.get("datetime") == "datetime":
        styles.append(lambda: 'datetime.datetime.now().strftime("%Y-%m-%d %H:%M")')
        styles.append(lambda: "datetime.datetime.now().isoformat()")
    elif bound.get("datetime") == "datetime.datetime":
        styles.append(lambda: "datetime.now().isoformat()")
        styles.append(lambda: "datetime.now().strftime('%H:%M')")
    elif "datetime" not in module.names:

        def imported() -> str:
            draft.import_(module.path, "from datetime import datetime, timezone")
            return "datetime.now(timezone.utc).isoformat(timespec='minutes')"

        if "timezone" not in module.names:
            styles.append(imported)
    if bound.get("time") == "time":
        styles.append(lambda: "time.strftime('%H:%M:%S')")
        styles.append(lambda: "time.ctime()")
    elif "time" not in module.names:

        def timed() -> str:
            draft.import_(module.path, "import time")
            return "time.strftime('%Y-%m-%dT%H:%M:%S')"

        styles.append(timed)
    if not styles:
        raise NotHere("the module's names leave no room for a clock")
    return pick.choice(styles)()


def random_id(draft: Draft, module: Module) -> str:
    if module.bound.get("uuid") == "uuid":
        return "uuid.uuid4()"
    if "uuid" in module.names:
        raise NotHere("uuid means something else here")
    draft.import_(module.path, "import uuid")
    return "uuid.uuid4().hex"


def asked(site: Site) -> str | None:
    """A text parameter of the function that goes into the messages: what the user asks."""
    messages = site.slots.get("messages")
    if messages is None or not site.functions:
        return None
    arguments = site.functions[0].args
    texts = {
        arg.arg
        for arg in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)
        if arg.annotation is None
        or (isinstance(arg.annotation, ast.Name) and arg.annotation.id == "str")
    }
    stored = {
        node.id
        for node in ast.walk(site.functions[0])
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }
    for display in ast.walk(messages.value):
        for key, value in (
            zip(display.keys, display.values, strict=True) if isinstance(display, ast.Dict) else ()
        ):
            if isinstance(key, ast.Constant) and key.value == "content":
                for node in ast.walk(value):
                    if isinstance(node, ast.Name) and node.id in texts - stored:
                        return node.id
    return None


def changing(draft: Draft, site: Site, pick: Random) -> str:
    """A text expression, in an f-string's braces, that differs from call to call."""
    kinds = ["clock", "clock", "random"]
    question = asked(site)
    if question is not None:
        kinds.append("asked")
    kind = pick.choice(kinds)
    if kind == "clock":
        return f"It is {{{clock(draft, site.module, pick)}}}."
    if kind == "random":
        return f"Request {{{random_id(draft, site.module)}}}."
    return f"The question at hand: {{{question}}}"


def fstring(text: str) -> str:
    """The f-string of a text with fields; the quotes in its fields are single ones."""
    return 'f"' + text.replace('"', "'") + '"'


# --- blocks ---------------------------------------------------------------------------------------


def block(text: str, marked: bool = False, here: bool = False, ttl: str = "") -> str:
    """A text block as a dict display, the marker in a line of its own."""
    mark = MARK if not ttl else f'"cache_control": {{"type": "ephemeral", "ttl": "{ttl}"}}'
    lines = ["{", '    "type": "text",', f'    "text": {text},']
    if marked:
        lines.append(f"    {mark},{HERE if here else ''}")
    return "\n".join([*lines, "}"])


def system(draft: Draft, site: Site, blocks: list[str], *, keep: str = "behind") -> None:
    """Send blocks as the system prompt; the real one is kept behind them unless it is in them.

    Raises NotHere where it is put together elsewhere and may be marked: behind what changes its
    marker is a defect of its own, and in front of them what changes in it is one.
    """
    module = site.module
    slot = site.slots.get("system")
    indent = " " * (4 + len(module.indent(site.statement)))
    parts = list(blocks)
    if slot is not None and keep:
        text = module.segment(slot.value)
        if isinstance(slot.value, ast.List):
            parts += [_unmarked(module, item) for item in slot.value.elts]
        elif is_list(site, slot.value):
            if "cache_control" in module.text:
                raise NotHere("the system prompt is put together elsewhere, and may be marked")
            parts.append(f"*{text}")
        elif not any(f'"text": {text},' in part for part in blocks):
            parts.append(block(text))
    listed = "[\n" + ",\n".join(parts) + ",\n]"
    listed = listed.replace("\n", f"\n{indent}") if '"""' not in listed else listed
    if slot is not None:
        if stores(site, "system"):
            raise NotHere("the system prompt is put in under a condition")
        draft.replace(module, slot.value, listed)
        return
    if site.spread or stores(site, "system"):
        raise NotHere("the system prompt is put together elsewhere")
    draft.keyword(module, site.call, "system", listed)


def _unmarked(module: Module, item: ast.expr) -> str:
    """A block of the real system prompt, without the marker that is written in it.

    Behind what changes it would be a defect of its own, which the clean twin had too.
    """
    if not isinstance(item, ast.Dict):
        return module.segment(item)
    kept = [
        (key, value)
        for key, value in zip(item.keys, item.values, strict=True)
        if not (isinstance(key, ast.Constant) and key.value == "cache_control")
    ]
    if len(kept) == len(item.keys):
        return module.segment(item)
    fields = [
        f"{module.segment(key)}: {module.segment(value)}" if key else f"**{module.segment(value)}"
        for key, value in kept
    ]
    return f"{{{', '.join(fields)}}}"


def elsewhere(draft: Draft, site: Site, name: str, code: str, stem: str, pick: Random) -> None:
    """Define a function in another module of the project, and import it where the site stands."""
    module = site.module
    known = sorted(
        {
            (text, path)
            for text, path in site.tree.imported(module)
            if path != module.path
            and (other := site.tree.module(path)) is not None
            and name not in other.names
        }
    )
    if known:
        text, path = pick.choice(known)
        draft.append(path, code)
    else:
        path, text = sibling(site.tree, module.path, stem)
        draft.create(path, f'"""Texts of the house."""\n\n\n{code.strip()}\n')
    draft.import_(module.path, f"from {text} import {name}")
