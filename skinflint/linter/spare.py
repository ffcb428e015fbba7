"""Requests that are sent only if somebody changes what the project is set to.

``make(settings.provider)`` with ``provider = "gemini"`` makes a Gemini client, and what the class
for Claude beside it would send is sent by those alone who set another provider. What the project's
own settings say (``.env.example``) counts before the default in the code. So it is with what
stands behind a flag that a committed file of settings turns off, or behind a variable of the
environment that has to be on and that no settings of the project set, and with a function of which
it is written that it is kept for those who still call it.
"""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Iterator

from skinflint.catalog import stored
from skinflint.linter.activation import Activation, runs
from skinflint.linter.byhand import is_a_record
from skinflint.linter.callers import Callers
from skinflint.linter.homes import fallbacks
from skinflint.linter.module import (
    FUNCTIONS,
    FunctionNode,
    Module,
    default_of,
    dotted,
    parameters,
    walk,
)
from skinflint.linter.overridden import argument, makers, of_parameter
from skinflint.linter.project import is_test
from skinflint.linter.shapes import ENVIRONMENT
from skinflint.linter.shipped import set_by_the_project
from skinflint.linter.shut import conditions, parts
from skinflint.linter.superseded import is_called_old
from skinflint.linter.tree import PAGES, Tree
from skinflint.linter.values import Known, Object, Unknown, alternatives

#: How the reason begins that says which variable of the environment is read.
_VARIABLE = "environment variable "
#: Through how many functions and names what is asked about is followed.
_DEPTH = 6
#: Methods that change the case of a text, or the space around it.
_SAME = ("lower", "strip", "casefold", "upper")
_ASKS = ("startswith", "endswith", "find")
#: What is written of code that is left for those who still call it.
_PUT_BY = re.compile(
    r"(?i)\b(deprecated|obsolete|superseded by|no longer used|(currently|now) (not used|unused)"
    r"|kept for|for backwards? compat\w*|for compatibility"
    r"|legacy (endpoint|route|method|function|path|version|api|code|handler))\b"
)
_ABOVE = 8  # lines above a function in which a comment on it may stand
#: A flag of a shorter name may mean something else where it is set.
_LONG = 8
_SETTINGS = (".yaml", ".yml", ".json", ".toml", ".ini", ".cfg", ".env", ".example", ".sample")
_OFF = frozenset((b"false", b"off", b"no", b"0"))
_ON = frozenset(("1", "true", "yes", "on"))
#: Variables that are on wherever some platform runs a program.
_OF_PLATFORMS = frozenset(("CI", "GITHUB_ACTIONS", "GITLAB_CI", "RENDER", "VERCEL"))


def is_spare(call: ast.Call, act: Activation, callers: Callers) -> bool:
    """Whether ``call`` sends nothing in ``act`` where nobody says otherwise."""
    for run, inner in runs(call, act):
        if not isinstance(run.node, FUNCTIONS):
            continue
        if _is_kept_for_others(run.node, run.module) or _is_off(inner, run.module, callers):
            return True
        if _is_of_an_old_file(run.module, callers):
            return True
        if _is_chosen(inner, run.module, callers):
            return True
        cls = run.module.enclosing_class(run.node)
        if cls is not None and _is_made_by_choice(cls, run.module, callers):
            return True
    return False


def _is_of_an_old_file(module: Module, callers: Callers) -> bool:
    """Whether a page of the project calls a file old, or the directory it lies in."""
    tree = callers.tree(module)
    return tree is not None and is_called_old(os.path.abspath(module.path), tree)


def _is_kept_for_others(function: FunctionNode, module: Module) -> bool:
    """Whether a docstring, or a comment above, says that nobody should call a function any more."""
    said = (ast.get_docstring(function) or "").partition("\n")[0]
    first = min([function.lineno, *(each.lineno for each in function.decorator_list)])
    lines = module.source.text.splitlines()[max(0, first - 1 - _ABOVE) : first - 1]
    while lines and not lines[-1].strip():
        lines.pop()
    while lines and lines[-1].lstrip().startswith("#"):
        said += "\n" + lines.pop()
    return _PUT_BY.search(said) is not None


def _is_off(node: ast.AST, module: Module, callers: Callers) -> bool:
    """Whether ``node`` stands behind a flag that a file of settings in the project turns off."""
    function = module.scope(node)
    tree = callers.tree(module)
    if not isinstance(function, FUNCTIONS) or tree is None:
        return False
    names: set[str] = set()
    for test, holds in parts(conditions(node, module, function)):
        if holds and isinstance(test, (ast.Name, ast.Attribute)):
            names.update(_flags(test, function, module))
        if holds and isinstance(test, ast.Compare):
            variable = _asked_to_be_on(test)
            if variable and not (
                set_by_the_project((variable,), module.path, callers)
                or _is_set_somewhere(variable, module, tree)
            ):
                return True
    names = {name for name in names if "_" in name.strip("_") and len(name) >= _LONG}
    beside = tree.beside() if names else None
    if not beside:
        return False
    for name in sorted(names):
        word = re.escape(name.encode())
        says = re.compile(rb"""(?im)^[ \t]*["']?%b["']?[ \t]*[:=][ \t]*["']?(\w+)""" % word)
        found = {
            each.lower()
            for path, data in beside
            if path.lower().endswith(_SETTINGS)
            for each in says.findall(data)
        }
        if found and found <= _OFF:
            return True
    return False


def _is_set_somewhere(variable: str, module: Module, tree: Tree) -> bool:
    """Whether anything of the project may set a variable, or a platform does."""
    if variable in _OF_PLATFORMS:
        return True
    beside, word = tree.beside(), re.escape(variable.encode())
    if beside is None:
        return True
    said, given = re.compile(rb"\b%b\b" % word), re.compile(rb"\b%b[\"'\]]*\s*=[^=]" % word)
    for path, data in beside:
        page = path.endswith(PAGES)
        if page and is_a_record(os.path.relpath(path, tree.root)):
            continue  # of how it was tried
        if (given if page else said).search(data):
            return True
    own = os.path.abspath(module.path)
    sets = re.compile(
        rb"""["']%b["']\]\s*=[^=]|(?:setdefault|putenv|setenv)\(\s*["']%b\b""" % (word, word)
    )
    return any(
        each != own or sets.search(tree.data(each) or b"")
        for each in tree.naming(variable.encode())
        if not is_test(os.path.relpath(each, tree.root))
    )


def _asked_to_be_on(test: ast.Compare) -> str:
    """The variable of a flag that nobody has on who doesn't say so: ``getenv("X") == "1"``."""
    read, wanted = test.left, test.comparators[0]
    texts = wanted.elts if isinstance(wanted, (ast.Tuple, ast.List, ast.Set)) else [wanted]
    if not isinstance(test.ops[0], (ast.Eq, ast.In)) or len(test.ops) > 1:
        return ""
    if not all(isinstance(each, ast.Constant) and str(each.value).lower() in _ON for each in texts):
        return ""
    while isinstance(read, ast.Call) and isinstance(read.func, ast.Attribute) and not read.args:
        if read.func.attr not in _SAME:
            return ""
        read = read.func.value
    if not isinstance(read, ast.Call) or dotted(read.func) not in ENVIRONMENT or not read.args:
        return ""
    name, *default = read.args
    off = not default or (
        isinstance(default[0], ast.Constant)
        and (not default[0].value or str(default[0].value).lower().encode() in _OFF)
    )
    if off and isinstance(name, ast.Constant) and isinstance(name.value, str):
        return name.value
    return ""


def _flags(test: ast.expr, function: FunctionNode, module: Module) -> Iterator[str]:
    """The names under which a flag is kept: its own, and that of what decides whether it is set."""
    if isinstance(test, ast.Attribute):
        yield test.attr
        return
    assert isinstance(test, ast.Name)
    yield test.id
    for stmt in walk(function):
        if isinstance(stmt, ast.Assign) and isinstance(stmt.value, ast.IfExp):
            if any(isinstance(each, ast.Name) and each.id == test.id for each in stmt.targets):
                inner = stmt.value.test
                empty = isinstance(stmt.value.orelse, (ast.Constant, ast.List))
                if empty and isinstance(inner, (ast.Name, ast.Attribute)):
                    yield inner.id if isinstance(inner, ast.Name) else inner.attr


def _is_made_by_choice(cls: ast.ClassDef, module: Module, callers: Callers) -> bool:
    """Whether each place that makes objects of a class is for those who choose it."""
    project = callers.ev.project
    users = project.every_user(module, cls.name) if project is not None else None
    found = False
    for user in (module, *(users or ())):
        for known in user.known_as(cls.name):
            for load in user.loads.get(known, ()):
                if cls in user.ancestors(load):
                    continue  # a class method, or what is made of itself
                parent = user.parents.get(load)
                if isinstance(parent, ast.Call) and parent.func is load:
                    if not _is_chosen(parent, user, callers):
                        return False
                elif isinstance(parent, ast.Dict) and load in parent.values:
                    if not _is_entry_by_choice(parent, load, user, callers):
                        return False
                elif isinstance(parent, ast.ClassDef):
                    return False  # classes are made of it
                else:
                    continue
                found = True
    return found


def _is_chosen(node: ast.AST, module: Module, callers: Callers) -> bool:
    """Whether conditions in its function let by those alone who choose Claude."""
    function = module.scope(node)
    if not isinstance(function, FUNCTIONS):
        return False
    return any(
        _says_otherwise(_subject(test), module, callers)
        for test, holds in parts(conditions(node, module, function))
        if _asks_for(test, holds)
    )


def _is_entry_by_choice(table: ast.Dict, entry: ast.expr, module: Module, callers: Callers) -> bool:
    """Whether a class is an entry of a table that is asked for another one by default."""
    key = table.keys[table.values.index(entry)]
    if not isinstance(key, ast.Constant) or not stored.load().is_ours(str(key.value)):
        return False
    owners: list[ast.expr] = [table]
    stmt = module.parents.get(table)
    targets = stmt.targets if isinstance(stmt, ast.Assign) else [getattr(stmt, "target", None)]
    names = {getattr(each, "id", getattr(each, "attr", "")) for each in targets} - {""}
    owners += [load for name in names for load in module.loads.get(name, ())]
    asked = [key for owner in owners for key in _keys_asked(owner, module)]
    return bool(asked) and all(_says_otherwise(each, module, callers) for each in asked)


def _keys_asked(table: ast.expr, module: Module) -> Iterator[ast.expr]:
    """What a table is asked for where it stands."""
    parent = module.parents.get(table)
    if isinstance(parent, ast.Attribute) and parent.value is not table:
        return
    if isinstance(parent, ast.Subscript) and parent.value is table:
        yield parent.slice
    elif isinstance(parent, ast.Attribute) and parent.attr == "get":
        call = module.parents.get(parent)
        if isinstance(call, ast.Call) and call.args:
            yield call.args[0]


def _asks_for(test: ast.expr, holds: bool) -> bool:
    """Whether a condition that holds, or doesn't, asks for Claude, or for no other maker."""
    turned = (
        isinstance(test, ast.Compare)
        and len(test.ops) == 1
        and isinstance(test.ops[0], (ast.NotEq, ast.NotIn))
    )
    facts = stored.load()
    said = list(_words(test))
    return any(map(facts.is_ours if holds is not turned else facts.is_another, said))


def _words(test: ast.expr) -> Iterator[str]:
    """The texts that a condition compares with, and the names of what holds them."""
    if isinstance(test, ast.Compare):
        for each in (test.left, *test.comparators):
            for node in walk(each):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    yield node.value
                elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load):
                    yield node.attr  # a member of an enumeration
    elif isinstance(test, ast.Call):
        for node in walk(test):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value
            elif isinstance(node, ast.Name):
                yield node.id


def _subject(test: ast.expr) -> ast.expr | None:
    """What a condition asks about: the provider, or the model, that somebody has chosen."""
    if isinstance(test, ast.Compare):
        if len(test.ops) != 1:
            return None
        left, right = test.left, test.comparators[0]
        return right if isinstance(left, ast.Constant) else left
    if not isinstance(test, ast.Call):
        return None
    if isinstance(test.func, ast.Attribute) and test.func.attr in _ASKS:
        return test.func.value
    if isinstance(test.func, ast.Name) and test.func.id == "any" and test.args:
        inner = test.args[0]
        return _subject(inner.elt) if isinstance(inner, ast.GeneratorExp) else None
    return None


def _says_otherwise(node: ast.expr | None, module: Module, callers: Callers) -> bool:
    """Whether all that is known of an expression names other makers, or their models."""
    if node is None:
        return False
    facts = stored.load()
    worth = _Worth(callers)
    written = list(worth.of(node, module, _DEPTH))
    for said in (worth.settings, written):
        if any(facts.is_ours(each) for each in said):
            return False
        if any(facts.is_another(each) for each in said):
            return True
    return False


class _Worth:
    """What an expression is worth where nobody says otherwise."""

    def __init__(self, callers: Callers) -> None:
        self.callers = callers
        self.seen: set[ast.AST] = set()
        self.settings: list[str] = []  # what files of settings say, which counts first

    def of(self, node: ast.expr, module: Module, depth: int) -> Iterator[str]:
        """The texts it may be."""
        if not depth or node in self.seen:
            return
        self.seen.add(node)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            if node.func.attr in _SAME:
                yield from self.of(node.func.value, module, depth)
                return
        if isinstance(node, ast.BoolOp):
            for each in node.values:
                yield from self.of(each, module, depth)
            return
        if isinstance(node, ast.IfExp):
            yield from self.of(node.body, module, depth)
            yield from self.of(node.orelse, module, depth)
            return
        if isinstance(node, ast.Name) and isinstance(module.scope(node), FUNCTIONS):
            found = list(self._of_name(node, module, depth))
        elif isinstance(node, ast.Attribute):
            found = list(self._of_attribute(node, module, depth))
        else:
            found = []
        yield from found or self._evaluated(node, module)

    def _evaluated(self, node: ast.expr, module: Module) -> Iterator[str]:
        there = self.callers.of(module)
        for each in alternatives(there.ev.evaluate(node, there.plain(node))):
            if isinstance(each, Known):
                if isinstance(each.value, str):
                    yield each.value
                continue
            if not isinstance(each, (Unknown, Object)):
                continue
            said = each.reason if isinstance(each, Unknown) else ""
            if said.startswith(_VARIABLE):
                name = said.removeprefix(_VARIABLE)
                self._ask_settings(name, each.span.path)
            for known, _ in fallbacks(each, there.ev):
                if isinstance(known.value, str):
                    yield known.value

    def _of_name(self, node: ast.Name, module: Module, depth: int) -> Iterator[str]:
        function = module.scope(node)
        if not isinstance(function, FUNCTIONS):
            return
        stored_here = [
            stmt.value
            for stmt in walk(function)
            if isinstance(stmt, (ast.Assign, ast.AnnAssign)) and stmt.value is not None
            for target in (stmt.targets if isinstance(stmt, ast.Assign) else [stmt.target])
            if isinstance(target, ast.Name) and target.id == node.id
        ]
        for value in stored_here:
            yield from self.of(value, module, depth - 1)
        if not stored_here and node.id in [each.arg for each in parameters(function)]:
            yield from self._handed_in(function, node.id, module, depth)

    def _handed_in(
        self, function: FunctionNode, name: str, module: Module, depth: int
    ) -> Iterator[str]:
        """What callers, or who makes the object, give for a parameter."""
        flag = of_parameter(function, name, module)
        default = default_of(function, name)
        given = [] if flag is None else makers(flag, module, self.callers) or []
        for each in given:
            handed = argument(each.call, flag) if flag is not None else None
            if handed is not None:
                yield from self.of(handed, each.module, depth - 1)
        if default is not None and (
            not given or any(argument(each.call, flag) is None for each in given if flag)
        ):
            yield from self.of(default, module, depth - 1)

    def _of_attribute(self, node: ast.Attribute, module: Module, depth: int) -> Iterator[str]:
        """What the constructor keeps under it; else what settings of that name are."""
        cls = module.enclosing_class(module.scope(node))
        own = isinstance(node.value, ast.Name) and node.value.id == "self" and cls is not None
        for stmt in walk(cls) if own and cls is not None else ():
            if isinstance(stmt, ast.Assign):
                for target in stmt.targets:
                    if isinstance(target, ast.Attribute) and target.attr == node.attr:
                        yield from self.of(stmt.value, module, depth - 1)
        if not own:
            self._ask_settings(node.attr.upper(), module.path)

    def _ask_settings(self, name: str, path: str) -> None:
        self.settings += set_by_the_project((name,), path, self.callers)
