"""K1: something that changes stands in a cached prefix."""

from __future__ import annotations

import ast
from random import Random

from mutations.drafts import HERE, Draft, NotHere, fresh, sibling
from mutations.parts import block, changing, clock, elsewhere, fstring, prompt, random_id, system
from mutations.trees import Site, stores

RULES = [
    *("SKF101", "SKF102", "SKF103", "SKF104", "SKF105", "SKF106", "SKF107", "SKF108", "SKF109"),
    *("SKF110", "SKF113", "SKF114", "SKF202"),
]


def hole_in_front(site: Site, pick: Random, broken: bool) -> Draft:
    """A block that changes comes in front of the marked one, instead of behind it."""
    draft = Draft(site.tree)
    text = prompt(draft, site, pick)
    hole = block(fstring(changing(draft, site, pick)) + HERE)
    marked = block(text, marked=True, here=True)
    system(draft, site, [hole, marked] if broken else [marked, hole])
    return draft


def marker_behind_hole(site: Site, pick: Random, broken: bool) -> Draft:
    """The marker moves from the unchanging block to the one behind it."""
    draft = Draft(site.tree)
    text = prompt(draft, site, pick)
    hole = fstring(changing(draft, site, pick)) + HERE
    system(
        draft,
        site,
        [block(text, marked=not broken), block(hole, marked=broken, here=True)],
    )
    return draft


def tail_in_block(site: Site, pick: Random, broken: bool) -> Draft:
    """A tail that stood behind the marked block is glued to its text."""
    draft = Draft(site.tree)
    text = prompt(draft, site, pick)
    tail = changing(draft, site, pick)
    if not broken:
        system(draft, site, [block(text, marked=True), block(fstring(tail))])
        return draft
    glued = pick.choice(
        [
            f"{text} + {fstring(chr(92) + 'n' + tail)}{HERE}",
            f"{fstring('{' + text + '}' + chr(92) + 'n' + tail)}{HERE}",
            f'"\\n\\n".join([{text}, {fstring(tail)}]){HERE}',
        ]
    )
    system(draft, site, [block(glued, marked=True, here=True)])
    return draft


def tail_through_variable(site: Site, pick: Random, broken: bool) -> Draft:
    """The same, put together in steps in front of the call."""
    draft = Draft(site.tree)
    text = prompt(draft, site, pick)
    name = fresh(site.module, "instructions")
    more = fresh(site.module, "situation")
    tail = fstring(changing(draft, site, pick))
    lines = [f"{name} = {text}", f"{more} = {tail}{HERE}"]
    if broken:
        lines.append(
            pick.choice(
                [f'{name} += "\\n\\n" + {more}{HERE}', f'{name} = f"{{{name}}} {{{more}}}"{HERE}']
            )
        )
    draft.before(site.module, _outermost(site), "\n".join(lines))
    blocks = [block(name + HERE, marked=True, here=True)]
    if not broken:
        blocks.append(block(more))
    system(draft, site, blocks)
    return draft


def _outermost(site: Site) -> ast.stmt:
    """The statement in front of which the arguments of a call are not yet written."""
    first = site.statement
    system_slot = site.slots.get("system")
    if system_slot is not None and system_slot.value.lineno < first.lineno:
        node: ast.AST = system_slot.value
        while not isinstance(node, ast.stmt):
            node = site.module.parents[node]
        return node
    for slot in site.slots.values():
        if slot.value.lineno < first.lineno:
            node = slot.value
            while not isinstance(node, ast.stmt):
                node = site.module.parents[node]
            first = node
    return first


def clock_in_helper(site: Site, pick: Random, broken: bool) -> Draft:
    """A helper that the marked prompt calls begins to show the time."""
    draft = Draft(site.tree)
    text = prompt(draft, site, pick)
    name = fresh(site.module, "with_manners")
    last = "Be brief."
    if broken:
        last = f"It is {{{clock(draft, site.module, pick)}}}."
    draft.define(
        site.path,
        f"def {name}(text):\n    footer = {fstring(last) if broken else repr(last)}{HERE}\n"
        f'    return f"{{text}}\\n\\n{{footer}}"{HERE}',
    )
    system(draft, site, [block(f"{name}({text}){HERE}", marked=True, here=True)])
    return draft


def clock_one_file_away(site: Site, pick: Random, broken: bool) -> Draft:
    """The same, the helper in another module of the project."""
    draft = Draft(site.tree)
    text = prompt(draft, site, pick)
    name = fresh(site.module, "house_style")
    last = "f\"It is {time.strftime('%H:%M')}.\"" if broken else '"Be brief."'
    code = (
        f"def {name}(text):\n"
        + ("    import time\n\n" if broken else "")
        + f'    return text + "\\n\\n" + {last}{HERE}\n'
    )
    elsewhere(draft, site, name, code, "house_style_text", pick)
    system(draft, site, [block(f"{name}({text}){HERE}", marked=True, here=True)])
    return draft


def clock_two_files_away(site: Site, pick: Random, broken: bool) -> Draft:
    """The same, and that helper asks one in a third module."""
    draft = Draft(site.tree)
    text = prompt(draft, site, pick)
    name = fresh(site.module, "house_style")
    path, inner = sibling(site.tree, site.path, "house_footer")
    now = "datetime.now().strftime('%d.%m.%Y %H:%M')"
    footer = f'    return f"Written at {{{now}}}."{HERE}' if broken else '    return "Be brief."'
    draft.create(
        path,
        '"""What every prompt ends with."""\n\nfrom datetime import datetime\n\n\n'
        f"STARTED = datetime.now()\n\n\ndef footer():\n{footer}\n",
    )
    middle, outer = sibling(site.tree, site.path, "house_style_text")
    draft.create(
        middle,
        f'"""Texts of the house."""\n\nfrom {inner} import footer\n\n\n'
        f'def {name}(text):\n    parts = [text, footer()]{HERE}\n    return "\\n\\n".join(parts)\n',
    )
    draft.import_(site.path, f"from {outer} import {name}")
    system(draft, site, [block(f"{name}({text}){HERE}", marked=True, here=True)])
    return draft


def clock_instead_of_start(site: Site, pick: Random, broken: bool) -> Draft:
    """What was read once, when the module was imported, is read for each request."""
    draft = Draft(site.tree)
    text = prompt(draft, site, pick)
    name = fresh(site.module, "UP_SINCE")
    now = clock(draft, site.module, pick)
    if not broken:
        draft.define(site.path, f"{name} = {now}")
        now = name
    system(
        draft,
        site,
        [block(fstring("{" + text + "} Up since {" + now + "}.") + HERE, marked=True, here=True)],
    )
    return draft


def id_in_helper(site: Site, pick: Random, broken: bool) -> Draft:
    """A header with an id per process becomes one with an id per request."""
    draft = Draft(site.tree)
    text = prompt(draft, site, pick)
    name = fresh(site.module, "headed")
    ident = random_id(draft, site.module)
    if not broken:
        const = fresh(site.module, "PROCESS_ID")
        draft.define(site.path, f"{const} = str({ident})")
        ident = const
    draft.define(
        site.path,
        f'def {name}(text):\n    return f"[{{{ident}}}] {{text}}"{HERE}',
    )
    system(draft, site, [block(f"{name}({text}){HERE}", marked=True, here=True)])
    return draft


def unsorted_words(site: Site, pick: Random, broken: bool) -> Draft:
    """A list of words that is made of a set loses its `sorted`."""
    draft = Draft(site.tree)
    text = prompt(draft, site, pick)
    name = fresh(site.module, "SUBJECTS")
    draft.define(site.path, f'{name} = {{"billing", "delivery", "returns", "warranty"}}')
    order = name if broken else f"sorted({name})"
    tail = f"f\"{{{text}}} Subjects: {{', '.join({order})}}\"{HERE}"
    system(draft, site, [block(tail, marked=True, here=True)])
    return draft


def unsorted_tools(site: Site, pick: Random, broken: bool) -> Draft:
    """The tools are chosen by a set of names that is no longer sorted."""
    slot = site.slots.get("tools")
    if slot is None or stores(site, "tools") or not isinstance(slot.value, ast.Name):
        raise NotHere("no tools here that have a name")
    if _one_alone(site, slot.value.id):
        raise NotHere("one tool has no order")
    draft = Draft(site.tree)
    text = prompt(draft, site, pick)
    tools = site.module.segment(slot.value)
    names = f'{{tool["name"] for tool in {tools}}}'
    order = names if broken else f"sorted({names})"
    by_name = fresh(site.module, "by_name")
    draft.before(
        site.module,
        _outermost(site),
        f'{by_name} = {{tool["name"]: tool for tool in {tools}}}',
    )
    draft.replace(site.module, slot.value, f"[{by_name}[name] for name in {order}]{HERE}")
    system(draft, site, [block(text, marked=True, here=True)])
    return draft


def _one_alone(site: Site, name: str) -> bool:
    """Whether a name is bound to a list of one."""
    return any(
        isinstance(node, ast.Assign)
        and isinstance(node.value, ast.List)
        and len(node.value.elts) < 2
        and any(isinstance(target, ast.Name) and target.id == name for target in node.targets)
        for node in ast.walk(site.module.tree)
    )


MUTATIONS = (
    hole_in_front,
    marker_behind_hole,
    tail_in_block,
    tail_through_variable,
    clock_in_helper,
    clock_one_file_away,
    clock_two_files_away,
    clock_instead_of_start,
    id_in_helper,
    unsorted_words,
    unsorted_tools,
)
