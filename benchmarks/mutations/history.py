"""K2: a conversation loses what kept it short."""

from __future__ import annotations

import ast
import re
from random import Random

from mutations.drafts import HERE, Draft, NotHere, fresh
from mutations.parts import elsewhere
from mutations.trees import Function, Module, Site, stores

RULES = ["SKF303"]

#: How a list is kept short, in place; {0} is the list.
_TRIMS = (
    "if len({0}) > 40:\n    del {0}[:20]",
    "if len({0}) > 40:\n    {0}[:] = {0}[-20:]",
    "while len({0}) > 40:\n    {0}.pop(0)",
    "{0}[:] = {0}[-40:]",
    "if len({0}) > 40:\n    {0}[:-20] = []",
)


#: Parameters that say whose conversation it is; what is asked would be another one each time.
_WHO = re.compile(r"^(user|channel|chat|session|thread|guild|tenant|person)(_id|_name)?$")


def _entry(site: Site) -> str:
    """The newest message of a request, as an expression."""
    slot = site.slots.get("messages")
    if slot is None or stores(site, "messages"):
        raise NotHere("the messages are put together elsewhere")
    value = slot.value
    if isinstance(value, ast.List) and len(value.elts) == 1:
        if isinstance(value.elts[0], ast.Dict):
            return site.module.segment(value.elts[0])
    if isinstance(value, ast.Name):
        return f"{value.id}[-1]"
    raise NotHere("the messages are neither one display nor a name")


def _reply(site: Site) -> str:
    """The message that holds the reply, as an expression for behind the statement."""
    statement, call = site.statement, site.call
    if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
        target = statement.targets[0]
        value = statement.value.value if isinstance(statement.value, ast.Await) else statement.value
        if isinstance(target, ast.Name) and value is call:
            return f'{{"role": "assistant", "content": {target.id}.content}}'
    if isinstance(statement, (ast.With, ast.AsyncWith)):
        for item in statement.items:
            if item.context_expr is call and isinstance(item.optional_vars, ast.Name):
                wait = "await " if isinstance(statement, ast.AsyncWith) else ""
                name = item.optional_vars.id
                text = f"{wait}{name}.get_final_message()"
                return f'{{"role": "assistant", "content": ({text}).content}}'
    raise NotHere("what the reply is called can't be told")


def _place(site: Site) -> ast.stmt:
    """The statement in front of which the messages of the call are written."""
    node: ast.AST = site.slots["messages"].value
    while not isinstance(node, ast.stmt):
        node = site.module.parents[node]
    return node


def _kept(site: Site, draft: Draft, list_: str, entry: str, *, sent: str | None = None) -> None:
    """Append the newest message to a list, and send that list."""
    draft.before(site.module, _place(site), f"{HERE}{list_}.append({entry})")
    draft.replace(site.module, site.slots["messages"].value, sent or list_)


def _behind(site: Site, draft: Draft, list_: str, trim: str | None) -> None:
    code = f"{HERE}{list_}.append({_reply(site)})"
    draft.after(site.module, site.statement, code + (f"\n{trim}" if trim else ""))


def _sound(site: Site) -> None:
    _entry(site)
    if not site.functions:
        raise NotHere("it is sent at module level")
    if "streamlit" in site.module.bound.values():
        raise NotHere("each run of the session begins the module anew")
    if any(
        isinstance(node, (ast.ListComp, ast.GeneratorExp, ast.Lambda)) for node in _around(site)
    ):
        raise NotHere("it is sent in a comprehension")


def _around(site: Site) -> list[ast.AST]:
    found: list[ast.AST] = []
    node: ast.AST | None = site.call
    while node is not None and not isinstance(node, ast.stmt):
        found.append(node)
        node = site.module.parents.get(node)
    return found


def global_list(site: Site, pick: Random, broken: bool) -> Draft:
    """A list of the module, cut where it grows."""
    _sound(site)
    draft = Draft(site.tree)
    talk = fresh(site.module, "talk")
    trim = pick.choice(_TRIMS).format(talk)
    draft.define(site.path, f"{talk} = []")
    _kept(site, draft, talk, _entry(site))
    _behind(site, draft, talk, None if broken else trim)
    return draft


def cut_in_front(site: Site, pick: Random, broken: bool) -> Draft:
    """The same, cut before the newest message comes."""
    _sound(site)
    draft = Draft(site.tree)
    talk = fresh(site.module, "turns")
    trim = pick.choice(_TRIMS).format(talk)
    draft.define(site.path, f"{talk}: list[dict] = []")
    if not broken:
        draft.before(site.module, _place(site), trim)
    _kept(site, draft, talk, _entry(site))
    _behind(site, draft, talk, None)
    return draft


def cut_in_helper(site: Site, pick: Random, broken: bool) -> Draft:
    """The trim is a function of the same module, or of another one."""
    _sound(site)
    draft = Draft(site.tree)
    talk, shorten = fresh(site.module, "talk"), fresh(site.module, "shorten")
    body = pick.choice(
        [
            "if len(turns) > 40:\n    del turns[:-20]",
            "while len(turns) > 40:\n    turns.pop(0)",
            "turns[:] = turns[-40:]",
        ]
    )
    other = pick.random() < 0.5
    draft.define(site.path, f"{talk} = []")
    if not broken:
        code = f"def {shorten}(turns):\n" + "\n".join("    " + x for x in body.split("\n"))
        if other:
            elsewhere(draft, site, shorten, code, "house_turns", pick)
        else:
            draft.define(site.path, code)
    _kept(site, draft, talk, _entry(site))
    _behind(site, draft, talk, None if broken else f"{shorten}({talk})")
    return draft


def sent_cut(site: Site, pick: Random, broken: bool) -> Draft:
    """All is kept, but only the end is sent."""
    _sound(site)
    draft = Draft(site.tree)
    talk = fresh(site.module, "talk")
    count = pick.choice([10, 20, 40])
    draft.define(site.path, f"{talk} = []")
    _kept(site, draft, talk, _entry(site), sent=talk if broken else f"{talk}[-{count}:]")
    _behind(site, draft, talk, None)
    return draft


def deque_maxlen(site: Site, pick: Random, broken: bool) -> Draft:
    """A deque loses its `maxlen`."""
    _sound(site)
    draft = Draft(site.tree)
    talk = fresh(site.module, "talk")
    if "deque" not in site.module.names:
        draft.import_(site.path, "from collections import deque")
    elif site.module.bound.get("deque") != "collections.deque":
        raise NotHere("deque means something else here")
    size = pick.choice([20, 40])
    draft.define(site.path, f"{talk} = deque({'' if broken else f'maxlen={size}'})")
    _kept(site, draft, talk, _entry(site), sent=f"list({talk})")
    _behind(site, draft, talk, None)
    return draft


def summed_up(site: Site, pick: Random, broken: bool) -> Draft:
    """What is old is replaced by its last word."""
    _sound(site)
    draft = Draft(site.tree)
    talk = fresh(site.module, "talk")
    draft.define(site.path, f"{talk} = []")
    _kept(site, draft, talk, _entry(site))
    rest = pick.choice(
        [
            f"if len({talk}) > 40:\n"
            f'    {talk}[:] = [{{"role": "user", "content": "We spoke before."}}]',
            f"if len({talk}) > 40:\n    {talk}.clear()",
        ]
    )
    _behind(site, draft, talk, None if broken else rest)
    return draft


def by_key(site: Site, pick: Random, broken: bool) -> Draft:
    """A list for each user, channel or whatever the first text of the function is."""
    _sound(site)
    keys = [name for name in site.parameters() if _WHO.search(name)]
    if not keys:
        raise NotHere("the function isn't told for whom it is")
    draft = Draft(site.tree)
    key = keys[0]
    talks, talk = fresh(site.module, "TALKS"), fresh(site.module, "own_talk")
    trim = pick.choice(_TRIMS).format(talk)
    draft.define(site.path, f"{talks}: dict = {{}}")
    draft.before(site.module, _place(site), f"{talk} = {talks}.setdefault({key}, []){HERE}")
    _kept(site, draft, talk, _entry(site))
    _behind(site, draft, talk, None if broken else trim)
    return draft


def on_self(site: Site, pick: Random, broken: bool) -> Draft:
    """A list that an object keeps; the object is made once, when a module is imported."""
    _sound(site)
    init = _init(site)
    if init is None or not _kept_object(site):
        raise NotHere("no object that lasts")
    draft = Draft(site.tree)
    own = init.args.args[0].arg
    talk = f"{site.functions[-1].args.args[0].arg}.kept_turns"
    trim = pick.choice(
        [*_TRIMS, "{0} = {0}[-40:]", "if len({0}) > 40:\n    {0} = {0}[-20:]"]
    ).format(talk)
    draft.before(site.module, _first(init), f"{own}.kept_turns = []")
    _kept(site, draft, talk, _entry(site))
    _behind(site, draft, talk, None if broken else trim)
    return draft


def remembered(site: Site, pick: Random, broken: bool) -> Draft:
    """The same, grown and cut in a method of its own."""
    _sound(site)
    init = _init(site)
    if init is None or site.owner is None or not _kept_object(site):
        raise NotHere("no object that lasts")
    draft = Draft(site.tree)
    module = site.module
    own = init.args.args[0].arg
    me = site.functions[-1].args.args[0].arg
    draft.before(module, _first(init), f"{own}.kept_turns = []")
    trim = pick.choice(
        [
            "if len(self.kept_turns) > 40:\n            self.kept_turns = self.kept_turns[-20:]",
            "while len(self.kept_turns) > 40:\n            self.kept_turns.pop(0)",
            "del self.kept_turns[:-40]",
        ]
    )
    method = (
        "def remember_turn(self, message):\n"
        f"        self.kept_turns.append(message){HERE}\n" + ("" if broken else f"        {trim}\n")
    )
    first = min([init.lineno, *(d.lineno for d in init.decorator_list)])
    indent = module.indent(init)
    if len(indent) != 4 or indent.strip():
        raise NotHere("a class indented otherwise")
    draft.insert(module, module.line_start(first), f"{indent}{method}\n")
    draft.before(module, _place(site), f"{HERE}{me}.remember_turn({_entry(site)})")
    draft.replace(module, site.slots["messages"].value, f"{me}.kept_turns")
    draft.after(module, site.statement, f"{HERE}{me}.remember_turn({_reply(site)})")
    return draft


def _first(function: Function) -> ast.stmt:
    body = function.body
    if ast.get_docstring(function) is not None:
        if len(body) == 1:
            raise NotHere("a constructor that does nothing")
        return body[1]
    return body[0]


def _init(site: Site) -> Function | None:
    if site.owner is None or not site.functions or not site.functions[-1].args.args:
        return None
    if site.module.parents.get(site.functions[-1]) is not site.owner:
        return None
    return next(
        (
            node
            for node in site.owner.body
            if isinstance(node, ast.FunctionDef) and node.name == "__init__" and node.args.args
        ),
        None,
    )


def _kept_object(site: Site) -> bool:
    """Whether an object of the class is made at module level, or kept in a global."""
    assert site.owner is not None
    made = re.compile(rf"^\w+(?:: [\w\[\] |.\"]+)? = (?:\w+\.)?{site.owner.name}\(", re.M)
    single = re.compile(
        rf"global (\w+)\b(?:(?!\ndef |\nclass ).)*?\n\s+\1 = (?:\w+\.)?{site.owner.name}\(", re.S
    )
    for path in site.tree.paths:
        text = (site.tree.root / path).read_text("utf-8", "replace")
        if f"{site.owner.name}(" in text and (made.search(text) or single.search(text)):
            return True
    return False


def real_cut(site: Site, pick: Random, broken: bool) -> Draft:
    """What keeps the project's own conversation short is taken out of it."""
    if not site.cuts or not site.growth:
        raise NotHere("no conversation that is kept short")
    draft = Draft(site.tree)
    for path, line in site.growth:
        module = site.tree.module(path)
        if module is None:
            raise NotHere("it grows where it can't be read")
        draft.insert(module, module.line_start(line), HERE)
    for path, line, column, how in site.cuts:
        module = site.tree.module(path)
        if module is None:
            raise NotHere("it is cut where it can't be read")
        _uncut(draft, module, line, column, how, broken)
    return draft


def _uncut(draft: Draft, module: Module, line: int, column: int, how: str, broken: bool) -> None:
    at = module.line_start(line) + column - 1
    nodes = [
        node
        for node in ast.walk(module.tree)
        if isinstance(node, (ast.expr, ast.stmt)) and module.range(node)[0] == at
    ]
    for node in nodes:
        text = None
        target: ast.AST = node
        parent = module.parents.get(node)
        if how == "slice" and isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Slice):
            text = module.segment(node.value)
        elif isinstance(parent, {"delete": ast.Delete, "pop": ast.Expr}.get(how, ())):
            text, target = "pass", parent
        elif how == "maxlen" and isinstance(node, ast.Call):
            if [keyword.arg for keyword in node.keywords] == ["maxlen"]:
                given = ", ".join(module.segment(argument) for argument in node.args[:1])
                text = f"{module.segment(node.func)}({given})"
        if text is not None:
            if broken:
                draft.replace(module, target, text)
            return
    raise NotHere(f"a cut that is no expression of its own: {how}")


MUTATIONS = (
    global_list,
    cut_in_front,
    cut_in_helper,
    sent_cut,
    deque_maxlen,
    summed_up,
    by_key,
    on_self,
    remembered,
    real_cut,
)
