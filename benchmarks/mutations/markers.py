"""K7: markers that the API rejects, or that are set where they do nothing."""

from __future__ import annotations

import ast
import re
from random import Random

from mutations.drafts import HERE, Draft, NotHere, fresh
from mutations.parts import block, elsewhere, prompt, system
from mutations.trees import Site, Tree, stores

RULES = ["SKF204", "SKF205", "SKF206", "SKF210", "SKF213"]

_PIECES = (
    "Answer in one sentence.",
    "Name your source.",
    "Write plain text, no Markdown.",
    "Numbers as digits.",
)


def five_markers(site: Site, pick: Random, broken: bool) -> Draft:
    """Each of five blocks is marked, instead of the last of them."""
    draft = Draft(site.tree)
    text = prompt(draft, site, pick)
    texts = [text, *(repr(piece) for piece in _PIECES)]
    system(
        draft,
        site,
        [block(each, marked=broken or each == texts[-1], here=True) for each in texts],
    )
    return draft


def _of_texts(name: str, broken: bool, pick: Random) -> str:
    style = pick.randrange(3)
    if broken:
        return [
            f"def {name}(texts):\n"
            "    return [\n"
            '        {"type": "text", "text": text, "cache_control": {"type": "ephemeral"}}'
            f"{HERE}\n        for text in texts\n    ]",
            f"def {name}(texts):\n    blocks = []\n    for text in texts:\n"
            "        blocks.append(\n            {\n"
            '                "type": "text",\n                "text": text,\n'
            f'                "cache_control": {{"type": "ephemeral"}},{HERE}\n'
            "            }\n        )\n    return blocks",
            f"def {name}(texts):\n"
            '    blocks = [{"type": "text", "text": text} for text in texts]\n'
            "    for block in blocks:\n"
            f'        block["cache_control"] = {{"type": "ephemeral"}}{HERE}\n'
            "    return blocks",
        ][style]
    return (
        f"def {name}(texts):\n"
        '    blocks = [{"type": "text", "text": text} for text in texts]\n'
        '    blocks[-1]["cache_control"] = {"type": "ephemeral"}\n'
        "    return blocks"
    )


def marked_in_helper(site: Site, pick: Random, broken: bool) -> Draft:
    """A helper that makes blocks marks each of them, instead of the last."""
    draft = Draft(site.tree)
    text = prompt(draft, site, pick)
    name = fresh(site.module, "as_blocks")
    code = _of_texts(name, broken, pick)
    if pick.random() < 0.5:
        draft.define(site.path, code)
    else:
        elsewhere(draft, site, name, code, "house_blocks", pick)
    pieces = _many(site, draft, pick)
    system(draft, site, [f"*{name}([{text}, *{pieces}])"])
    return draft


def _many(site: Site, draft: Draft, pick: Random) -> str:
    """An expression for some texts, how many nobody knows."""
    name = fresh(site.module, "RULE_FILES")
    if site.module.bound.get("Path") != "pathlib.Path":
        if "Path" in site.module.names:
            raise NotHere("Path means something else here")
        draft.import_(site.path, "from pathlib import Path")
    draft.define(
        site.path,
        f'{name} = [path.read_text() for path in sorted(Path("rules").glob("*.md"))]',
    )
    return name


def four_and_automatic(site: Site, pick: Random, broken: bool) -> Draft:
    """Automatic caching on top of four markers, instead of one."""
    if site.spread or "cache_control" in site.slots or "**" in site.module.segment(site.call):
        raise NotHere("the arguments of the call are not written there")
    if _pins_old(site.tree):
        raise NotHere("the library that the project pins has no such argument")
    draft = Draft(site.tree)
    text = prompt(draft, site, pick)
    texts = [text, *(repr(piece) for piece in _PIECES[:3])]
    system(
        draft,
        site,
        [block(each, marked=broken or each == texts[-1], here=True) for each in texts],
    )
    draft.keyword(site.module, site.call, "cache_control", '{"type": "ephemeral"}' + HERE)
    return draft


def _few(site: Site, name: str) -> bool:
    """Whether a name is bound to a list of four at most."""
    return any(
        isinstance(node, ast.Assign)
        and isinstance(node.value, ast.List)
        and len(node.value.elts) <= 4
        and any(isinstance(target, ast.Name) and target.id == name for target in node.targets)
        for node in ast.walk(site.module.tree)
    )


_OLD = re.compile(r"""\banthropic\b[\[\]\w]*["']?[\s=<>~^,"']*(?:version\s*=\s*")?0\.\d""")


def _pins_old(tree: Tree) -> bool:
    """Whether some list of requirements names a version of the library before 1.0."""
    names = ("requirements*.txt", "pyproject.toml", "uv.lock", "poetry.lock", "METADATA")
    return any(
        _OLD.search(path.read_text("utf-8", "replace"))
        for name in names
        for path in sorted(tree.root.rglob(name))
    )


def every_tool(site: Site, pick: Random, broken: bool) -> Draft:
    """Each tool is marked, instead of the last one."""
    slot = site.slots.get("tools")
    if slot is None or stores(site, "tools"):
        raise NotHere("no tools here")
    draft = Draft(site.tree)
    tools = site.module.segment(slot.value)
    if isinstance(slot.value, ast.Name) and _few(site, slot.value.id):
        raise NotHere("no more tools than a request may have markers")
    if isinstance(slot.value, ast.Name) and not broken:
        text = f'[*{tools}[:-1], {{**{tools}[-1], "cache_control": {{"type": "ephemeral"}}}}]'
    elif broken:
        text = f'[{{**tool, "cache_control": {{"type": "ephemeral"}}}} for tool in {tools}]{HERE}'
    else:
        raise NotHere("the tools have no name")
    draft.replace(site.module, slot.value, text)
    return draft


def every_message(site: Site, pick: Random, broken: bool) -> Draft:
    """Each message that is sent gets a marked block, instead of the newest."""
    slot = site.slots.get("messages")
    if slot is None or not isinstance(slot.value, ast.Name) or stores(site, "messages"):
        raise NotHere("the messages have no name")
    if not _many_messages(site, slot.value.id):
        raise NotHere("it is one message")
    draft = Draft(site.tree)
    name = fresh(site.module, "with_markers")
    each = (
        '        {**message, "content": [{"type": "text", "text": message["content"], '
        f'"cache_control": {{"type": "ephemeral"}}}}]}}{HERE}\n'
    )
    if broken:
        code = f"def {name}(messages):\n    return [\n{each}        for message in messages\n    ]"
    else:
        code = (
            f"def {name}(messages):\n    *earlier, message = messages\n"
            f"    return [\n        *earlier,\n{each.rstrip()},\n    ]"
        )
    draft.define(site.path, code)
    draft.replace(site.module, slot.value, f"{name}({slot.value.id})")
    return draft


def _many_messages(site: Site, name: str) -> bool:
    """Whether a list grows in a loop where it is sent."""
    return any(
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in ("append", "extend")
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == name
        and any(
            isinstance(each, (ast.For, ast.While, ast.AsyncFor)) and node in ast.walk(each)
            for each in ast.walk(function)
        )
        for function in site.functions
        for node in ast.walk(function)
    )


def ttl_order(site: Site, pick: Random, broken: bool) -> Draft:
    """A marker of five minutes in front of one of an hour."""
    draft = Draft(site.tree)
    text = prompt(draft, site, pick)
    first, second = ("5m", "1h") if broken else ("1h", "5m")
    system(
        draft,
        site,
        [
            block(text, marked=True, here=True, ttl=first),
            block(repr(_PIECES[0]), marked=True, here=True, ttl=second),
        ],
    )
    return draft


def empty_block(site: Site, pick: Random, broken: bool) -> Draft:
    """The marker sits on a text that is empty, instead of on the prompt."""
    draft = Draft(site.tree)
    text = prompt(draft, site, pick)
    if broken:
        blocks = [block(text), block('""' + HERE, marked=True, here=True)]
    else:
        blocks = [block(text, marked=True)]
    system(draft, site, blocks)
    return draft


MUTATIONS = (
    five_markers,
    marked_in_helper,
    four_and_automatic,
    every_tool,
    every_message,
    ttl_order,
    empty_block,
)
#: Which rules a mutation needs, where not all of the kind can tell it.
NEEDS = {"ttl_order": "SKF206", "empty_block": "SKF210"}
