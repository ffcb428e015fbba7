"""What a model falls back to, where the value itself can't be known.

``options.get("model", "...")`` ends at what somebody hands in, and yet an id is written there that
is sent when nobody says otherwise. The same goes for the options of a command, and for the choices
that somebody is offered.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from skinflint.linter.activation import Activation, ClassHandle
from skinflint.linter.calls import added_argument
from skinflint.linter.evaluate import Evaluator
from skinflint.linter.module import FunctionNode, Module, default_of, dotted, parameters
from skinflint.linter.shapes import is_enum
from skinflint.linter.spans import Span
from skinflint.linter.values import Known, Mapping, Object, Unknown, alternatives

#: Calls whose last argument is what they yield where nothing else is there.
_GETTERS = {"get": 2, "pop": 2, "getattr": 3}
#: Calls in the place of a default, and decorators, that say what an option is worth when not given.
_OPTIONS = ("Option", "Argument", "Field", "Query", "Form", "Body", "Header", "option", "argument")


def fallbacks(value: Unknown | Object, ev: Evaluator) -> Iterator[tuple[Known, str]]:
    """The texts that are written where ``value`` ends, and of what each is the default."""
    module = ev.module_at(value.span.path)
    root = ev.root_of(module)
    node = module.node_at(value.span)
    if isinstance(value, Object) or value.entry == "parameter":
        yield from _of_parameter(value.span, module, root, ev)
    yield from _of_session(node, module, root, ev)
    if isinstance(value, Object):
        return
    yield from _of_table(node, root, ev)
    if isinstance(node, ast.Call):
        name = str(dotted(node.func) or getattr(node.func, "attr", "")).rpartition(".")[2]
        if len(node.args) == _GETTERS.get(name):
            key = node.args[-2]
            named = isinstance(key, ast.Constant) and isinstance(key.value, str)
            said = f"key `{ast.literal_eval(key)}`" if named else "a key"
            set_first = list(_of_settings(node, key, module, root, ev)) if named else []
            if set_first:
                yield from ((each, said) for each in set_first)  # the second is never asked for
            else:
                yield from _texts(node.args[-1], root, ev, said)
        elif value.entry == "turn":
            for argument in (*node.args, *(k.value for k in node.keywords)):
                yield from _of_choices(argument, module, root, ev)
    elif isinstance(node, ast.Attribute):
        yield from _of_members(node, root, ev)
        if value.entry == "environment":
            choices = added_argument(node.attr, module).get("choices")
            if choices is not None:
                yield from _of_choices(choices, module, root, ev)


def _of_table(node: ast.AST | None, root: Activation, ev: Evaluator) -> Iterator[tuple[Known, str]]:
    """``MODELS[name]``, ``MODELS.get(name, name)``: any entry of a table of names."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        owner = node.func.value if node.func.attr == "get" and node.args else None
        key = node.args[0] if node.args else None
    elif isinstance(node, ast.Subscript):
        owner, key = node.value, node.slice
    else:
        return
    if not isinstance(owner, (ast.Name, ast.Attribute)) or isinstance(key, ast.Constant):
        return
    for table in alternatives(ev.evaluate(owner, root)):
        for entry in table.entries if isinstance(table, Mapping) else ():
            for each in alternatives(entry.value):
                if isinstance(each, Known) and isinstance(each.value, str):
                    yield each, ""


def _of_session(
    node: ast.AST | None, module: Module, root: Activation, ev: Evaluator
) -> Iterator[tuple[Known, str]]:
    """What the module puts under a key of a session: ``st.session_state.model = MODELS[kind]``."""
    store, key = _kept_under(node)
    if store is None or not _is_session(store, module, ev):
        return
    for stmt in module.parents:
        if not isinstance(stmt, ast.Assign):
            continue
        for target in stmt.targets:
            other, name = _kept_under(target)
            if other is not None and name == key and dotted(other) == dotted(store):
                yield from _of_table(stmt.value, root, ev)
                yield from _texts(stmt.value, root, ev, f"session key `{key}`")


def _kept_under(node: ast.AST | None) -> tuple[ast.expr | None, str]:
    """The store and the key of ``store.key``, ``store["key"]`` and ``store.get("key")``."""
    if isinstance(node, ast.Attribute):
        return node.value, node.attr
    store: ast.expr | None = None
    key: ast.expr | None = None
    if isinstance(node, ast.Subscript):
        store, key = node.value, node.slice
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        if node.func.attr == "get" and node.args:
            store, key = node.func.value, node.args[0]
    known = isinstance(key, ast.Constant) and isinstance(key.value, str)
    return (store, ast.literal_eval(key)) if known and key is not None else (None, "")


def _is_session(node: ast.expr, module: Module, ev: Evaluator) -> bool:
    """Whether an expression is the store that a framework keeps for each user.

    By the import as written: a script is often named for the framework it uses.
    """
    name, _, rest = (dotted(node) or "").partition(".")
    stmt = module.imports_at_top.get(name)
    if stmt is None or (isinstance(stmt, ast.ImportFrom) and stmt.level):
        return False
    for alias in stmt.names:
        if (alias.asname or alias.name) == name:
            whole = (getattr(stmt, "module", ""), alias.name, rest)
            return ev.sources.session(".".join(part for part in whole if part))
    return False


def _of_choices(
    node: ast.expr, module: Module, root: Activation, ev: Evaluator
) -> Iterator[tuple[Known, str]]:
    """What somebody is offered to choose from: a list that is written there, or under a name."""
    if isinstance(node, ast.Name):
        lists = [
            stmt.value
            for stmt in module.parents
            if isinstance(stmt, ast.Assign)
            and any(isinstance(t, ast.Name) and t.id == node.id for t in stmt.targets)
        ]
        if len(lists) != 1:
            return
        node = lists[0]
    if isinstance(node, (ast.List, ast.Tuple)):
        for element in node.elts:
            yield from _texts(element, root, ev, "")


def _of_settings(
    node: ast.Call, key: ast.expr, module: Module, root: Activation, ev: Evaluator
) -> Iterator[Known]:
    """``SETTINGS.get("model", ..)``: what a table of the module has there to begin with.

    Later changes may set another, so it is a default all the same.
    """
    base = node.func.value if isinstance(node.func, ast.Attribute) else None
    made = [
        stmt.value
        for stmt in module.tree.body
        if isinstance(stmt, ast.Assign)
        and isinstance(base, ast.Name)
        and any(isinstance(t, ast.Name) and t.id == base.id for t in stmt.targets)
    ]
    if len(made) != 1:
        return
    for table in alternatives(ev.evaluate(made[0], root)):
        found = table.get(ast.literal_eval(key)) if isinstance(table, Mapping) else None
        for each in alternatives(found) if found is not None else ():
            if isinstance(each, Known) and isinstance(each.value, str):
                yield each


def _of_parameter(
    span: Span, module: Module, root: Activation, ev: Evaluator
) -> Iterator[tuple[Known, str]]:
    for function in module.functions:
        if not module.span(function).contains(span):
            continue
        for parameter in parameters(function):
            if module.span(parameter) == span:
                yield from _defaults(function, parameter.arg, root, ev)


def _defaults(
    function: FunctionNode, name: str, root: Activation, ev: Evaluator
) -> Iterator[tuple[Known, str]]:
    default = default_of(function, name)
    if default is not None:
        written = option_default(default, 0) if isinstance(default, ast.Call) else default
        if written is not None:
            yield from _texts(written, root, ev, f"parameter `{name}`")
    for decorator in _options_of(function, name):
        written = option_default(decorator, None)
        if written is not None:
            yield from _texts(written, root, ev, f"option of `{name}`")


def is_option(call: ast.Call) -> bool:
    """Whether a call stands for what whoever starts or calls a program may leave out."""
    return str(dotted(call.func)).rpartition(".")[2] in _OPTIONS


def option_default(call: ast.Call, place: int | None) -> ast.expr | None:
    """What an option is worth when it isn't given; ``place`` is that of the argument, if any."""
    if not is_option(call):
        return None
    named = next((k.value for k in call.keywords if k.arg == "default"), None)
    if named is None and place is not None and len(call.args) > place:
        return call.args[place]
    return named


def _options_of(function: FunctionNode, name: str) -> Iterator[ast.Call]:
    """The decorators that fill a parameter of a command: ``@click.option("--name")``."""
    for decorator in function.decorator_list:
        if isinstance(decorator, ast.Call):
            words = [a.value for a in decorator.args if isinstance(a, ast.Constant)]
            if any(str(word).lstrip("-").replace("-", "_") == name for word in words):
                yield decorator


def _of_members(
    node: ast.Attribute, root: Activation, ev: Evaluator
) -> Iterator[tuple[Known, str]]:
    """``Model[name].value``, ``Model(name).value``: any member of an enumeration that is here."""
    inner = node.value
    owner = inner.value if isinstance(inner, ast.Subscript) else getattr(inner, "func", None)
    if node.attr != "value" or not isinstance(owner, ast.Name):
        return
    cls = ev.evaluate(owner, root)
    handle = cls.handle if isinstance(cls, Object) else None
    if isinstance(handle, ClassHandle) and is_enum(handle.node):
        for stmt in handle.node.body:
            if isinstance(stmt, ast.Assign):
                yield from _texts(stmt.value, handle.lexical, ev, "")


def _texts(node: ast.expr, act: Activation, ev: Evaluator, of: str) -> Iterator[tuple[Known, str]]:
    """The texts that an expression of the module may be."""
    for each in alternatives(ev.evaluate(node, act)):
        if isinstance(each, Known) and isinstance(each.value, str):
            yield each, of
