"""Small questions about syntax that several rooms of the evaluator ask."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from skinflint.linter.module import (
    COMPREHENSIONS,
    FUNCTIONS,
    GROWING,
    LOOPS,
    PUTTING,
    FunctionNode,
    Module,
    dotted,
    parameters,
    walk,
)
from skinflint.linter.spans import Span
from skinflint.linter.values import (
    Frame,
    Value,
    with_keys,
)

MOST_STEPS = 96_000  # evaluations per argument of a request; most take a few hundred
MOST_IN_FILE = 300_000  # after so many for the requests of one file, an argument has only
STEPS_LEFT = 12_000
STEPS_IN_RESERVE = 3_000  # for results that stand behind one that has used up the budget


MOST_USERS = 24  # modules that are parsed to find the callers of one function
MOST_RUNS = 10  # of a function that changes what is asked for
DEEPEST = 140  # nested evaluations
STACK = 6000  # frames of the interpreter that they may nest; their budget ends them well before


#: Functions that run (or keep, to run it later) the function they are handed, by last name, with
#: the position of that function among their arguments.
RUNNERS = {
    "to_thread": 0,
    "run_in_executor": 1,
    "submit": 0,
    "run_sync": 0,
    "run_in_threadpool": 0,
    "partial": 0,
}

#: A frame no other shares more than nothing with: the source moves between any two calls.
ALWAYS: Frame = ()


def loop_name(loop: ast.AST) -> str:
    return f"the loop at line {getattr(loop, 'lineno', 0)}"


def element_of(node: ast.AST) -> ast.expr:
    if isinstance(node, ast.DictComp):
        return node.value
    assert isinstance(node, (ast.ListComp, ast.SetComp, ast.GeneratorExp))
    return node.elt


def within(module: Module, node: ast.AST, outer: ast.AST) -> bool:
    parents = module.parents
    current: ast.AST | None = node
    while current is not None:
        if current is outer:
            return True
        current = parents.get(current)
    return False


#: What a test replaces so that nothing is sent: the client, or what it sends with.
_REPLACED = re.compile(r"(?:Anthropic|messages|create|stream)\Z")
#: What a coroutine has itself.
_OF_A_COROUTINE = ("close", "send", "throw")
#: Built-in functions that make a container, and what is written out as one.
_CONTAINERS = ("dict", "list", "set")
_WRITTEN_OUT = (ast.List, ast.Tuple, ast.Set, ast.Dict, ast.JoinedStr, *COMPREHENSIONS)


def holds_a_container(module: Module, name: str, owner: ast.AST) -> bool:
    """Whether a local of a function holds nothing but containers that are made right there.

    That can be told from the statements that bind it; what is in them isn't asked.
    """
    known = module.containers.get((name, owner))
    if known is None:
        known = module.containers[name, owner] = _holds_a_container(module, name, owner)
    return known


def _holds_a_container(module: Module, name: str, owner: ast.AST) -> bool:
    if not isinstance(owner, FUNCTIONS) or name in module.parameter_names(owner):
        return False
    if name not in module.locals_of(owner):
        return False
    made = False
    for node in module.named(name):
        if not isinstance(node, ast.Name) or isinstance(node.ctx, ast.Load):
            continue
        if module.scope(node) is not owner:
            continue
        stmt = module.parents[node]
        if isinstance(stmt, ast.Assign):
            value: ast.expr | None = stmt.value
        elif isinstance(stmt, ast.AnnAssign) and stmt.target is node:
            value = stmt.value
            if value is None:
                continue
        else:
            return False
        if isinstance(value, ast.Call) and isinstance(value.func, ast.Name):
            maker = value.func.id
            if maker not in _CONTAINERS or maker in module.locals_of(module.tree):
                return False
            if maker in module.locals_of(owner) or module.star_imports:
                return False
        elif not isinstance(value, _WRITTEN_OUT):
            return False
        made = True
    return made and not module.declared_outside(name) and _bound_by_names_alone(module, name, owner)


def _bound_by_names_alone(module: Module, name: str, owner: FunctionNode) -> bool:
    """Whether no definition, import, handler or pattern in a function binds a name."""
    for node in walk(owner):
        if isinstance(node, (*FUNCTIONS, ast.ClassDef)):
            if node is not owner and node.name == name:
                return False
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            if any((a.asname or a.name.partition(".")[0]) == name for a in node.names):
                return False
        elif isinstance(node, (ast.ExceptHandler, ast.MatchAs, ast.MatchStar)):
            if node.name == name:
                return False
        elif isinstance(node, ast.MatchMapping) and node.rest == name:
            return False
    return True


def is_negative(node: ast.expr | None) -> bool:
    """Whether an index or a bound is written with a minus: it counts from the end."""
    return isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub)


def leaves(body: list[ast.stmt]) -> bool:
    """Whether a block never runs to its end."""
    if not body:
        return False
    last = body[-1]
    if isinstance(last, (ast.Return, ast.Raise, ast.Continue, ast.Break)):
        return True
    if isinstance(last, ast.If):
        return bool(last.orelse) and leaves(last.body) and leaves(last.orelse)
    if isinstance(last, (ast.With, ast.AsyncWith)):
        return leaves(last.body)
    return False


def accumulates(stmt: ast.stmt, path: str, queue: bool = False) -> bool:
    """Whether a statement adds to what ``path`` holds (not: clears or replaces it).

    ``put`` counts only for a ``queue``.
    """
    if isinstance(stmt, ast.AugAssign):
        target = stmt.target
        return dotted(target.value if isinstance(target, ast.Subscript) else target) == path
    if isinstance(stmt, ast.Assign):
        stored = [t for t in stmt.targets if isinstance(t, ast.Subscript)]
        if any(dotted(target.value) == path for target in stored):
            return True
    for node in walk(stmt):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            grows = node.func.attr in GROWING or node.func.attr in ("setdefault", "update")
            if grows or (queue and node.func.attr in PUTTING):
                holder = node.func.value
                if isinstance(holder, ast.Subscript):  # ``lists[key].append(item)``
                    holder = holder.value
                if dotted(holder) == path:
                    return True
    return False


def fills_once(stmt: ast.stmt, path: str, module: Module) -> bool:
    """Whether an assignment is guarded by a test of the very name: ``if X is None: X = ...``."""
    if not isinstance(stmt, (ast.Assign, ast.AnnAssign)):
        return False
    for parent in module.ancestors(stmt):
        if isinstance(parent, FUNCTIONS):
            # ``if X is not None: return X`` in front of it says the same.
            for earlier in parent.body:
                if earlier is stmt or earlier.lineno >= stmt.lineno:
                    break
                if isinstance(earlier, ast.If) and leaves(earlier.body):
                    if path in {dotted(n) for n in walk(earlier.test)}:
                        return True
            return False
        if isinstance(parent, ast.If) and path in {dotted(n) for n in walk(parent.test)}:
            return True
    return False


def comments_near(module: Module, spans: list[Span]) -> str:
    """What comments behind the end of each span and right above its line say."""
    lines = module.source.lines
    found: dict[int, str] = {}
    for span in spans:
        if span.path != module.path:
            continue
        behind = lines[span.end_line - 1][span.end_column - 1 :]
        if "#" in behind:
            found[span.end_line] = behind.partition("#")[2].strip()
        above = span.line - 1
        while above and lines[above - 1].lstrip().startswith("#"):
            found[above] = lines[above - 1].strip(" \t#")
            above -= 1
    return " ".join(found[line] for line in sorted(found))


def introduced(module: Module, word: str) -> list[str]:
    """The lines of a module's docstring that name ``word``."""
    told = ast.get_docstring(module.tree) or ""
    return [line.strip() for line in told.splitlines() if word in line]


def frozen(value: Value) -> Value:
    """A value that is worked out once and kept: what it depended on no longer moves it."""
    return with_keys(value, lambda keys: ())


def is_typed_dict(node: ast.ClassDef) -> bool:
    """Whether what a class makes is a plain dict."""
    return any((dotted(base) or "").rpartition(".")[2] == "TypedDict" for base in node.bases)


#: What a kind of dict may define, and still be read as the dict that it is made of.
_OF_A_DICT = frozenset(("update", "pop", "popitem", "clear", "setdefault"))
_READING = frozenset(("__init__", "__new__", "__getitem__", "__missing__", "__getattr__"))


def is_plain_dict(node: ast.ClassDef) -> bool:
    """Whether a class makes a dict that is read as any: ``class FrozenDict(dict[K, V])``."""
    bases = [base.value if isinstance(base, ast.Subscript) else base for base in node.bases]
    if not any(isinstance(base, ast.Name) and base.id == "dict" for base in bases):
        return False
    names = {stmt.name for stmt in node.body if isinstance(stmt, FUNCTIONS)}
    return _READING.isdisjoint(names) and all(
        name.startswith("_") or name in _OF_A_DICT for name in names
    )


def is_enum(node: ast.ClassDef) -> bool:
    """Whether a class is an enumeration."""
    return any(
        (dotted(base) or "").rpartition(".")[2] in ("Enum", "StrEnum", "IntEnum", "Flag")
        for base in node.bases
    )


def members_of(node: ast.ClassDef) -> Iterator[tuple[str, ast.Assign]]:
    """The members of an enumeration, by name."""
    for stmt in node.body:
        if isinstance(stmt, ast.Assign) and isinstance(stmt.targets[0], ast.Name):
            yield stmt.targets[0].id, stmt


#: What the SDK raises where the API takes no request of that kind.
_REJECTIONS = ("BadRequestError", "APIStatusError", "APIError")
_CATCHING = frozenset((*_REJECTIONS, "AnthropicError", "Exception", "BaseException"))


def rejection_awaited(module: Module, node: ast.AST) -> bool:
    """Whether nobody wants the reply of a request, and its rejection is caught right around it."""
    sent: ast.AST | None = module.parents.get(node)
    while isinstance(sent, ast.Await):
        sent = module.parents.get(sent)
    around = module.parents.get(sent) if isinstance(sent, ast.Expr) else None
    return (
        isinstance(around, ast.Try)
        and sent in around.body
        and any("BadRequestError" in _kinds(handler) for handler in around.handlers)
    )


def foreseen(module: Module, node: ast.AST) -> frozenset[str]:
    """The words that are looked for in what the API says when it rejects a request.

    ``except BadRequestError as error: if "temperature" in str(error): ...`` sends it once more. A
    handler of any exception counts for the words that it looks for in its text.
    """
    said: set[str] = set()
    child = node
    for parent in module.ancestors(node):
        if isinstance(parent, FUNCTIONS):
            break
        if isinstance(parent, ast.Try) and child in parent.body:
            handler = next(filter(_catches_rejections, parent.handlers), None)
            if handler is not None:
                said |= _looked_for(handler)
                if not any(isinstance(e, ast.Raise) for s in handler.body for e in walk(s)):
                    break  # nothing is left of it for those around
        child = parent
    return frozenset(said)


def _catches_rejections(handler: ast.ExceptHandler) -> bool:
    return handler.type is None or not _CATCHING.isdisjoint(_kinds(handler))


def _kinds(handler: ast.ExceptHandler) -> set[str]:
    named = walk(handler.type) if handler.type is not None else ()
    return {(dotted(each) or "").rpartition(".")[2] for each in named}


def _looked_for(handler: ast.ExceptHandler) -> set[str]:
    """The words that a handler asks about; one of any exception has to look in its text."""
    tests = [e for s in handler.body for e in walk(s) if isinstance(e, ast.Compare)]
    if _kinds(handler).isdisjoint(_REJECTIONS):
        if handler.name is None or isinstance(handler.body[-1], ast.Raise):
            return set()
        tests = [test for test in tests if _looks_in(test, handler.name)]
    return {
        each.value.lower()
        for test in tests
        for each in walk(test)
        if isinstance(each, ast.Constant) and isinstance(each.value, str)
    }


def _looks_in(test: ast.Compare, name: str) -> bool:
    """Whether a word is looked for in the text of what a name holds: ``"max" in str(error)``."""
    return (
        isinstance(test.left, ast.Constant)
        and isinstance(test.ops[0], (ast.In, ast.NotIn))
        and reads(test.comparators[0], name)
    )


def reads(node: ast.AST, name: str) -> bool:
    """Whether a name is read somewhere in an expression."""
    return any(isinstance(each, ast.Name) and each.id == name for each in walk(node))


def is_probed(module: Module, node: ast.AST) -> bool:
    """Whether a loop asks one model after the other, and goes on where one isn't answered.

    The request may stand in a function of its own, which is called for each of them.
    """
    keywords = node.keywords if isinstance(node, ast.Call) else []
    model = next((each.value for each in keywords if each.arg == "model"), None)
    whole = isinstance(model, ast.Name)
    if isinstance(model, (ast.Attribute, ast.Subscript)):
        model = model.value  # each of them has more to it: a name, a prompt
    if not isinstance(model, ast.Name):
        return False
    tried: ast.Try | None = None
    around: ast.AST | None = None
    for parent in module.ancestors(node):
        if isinstance(parent, ast.Try) and tried is None:
            tried = parent
        elif isinstance(parent, (ast.For, ast.AsyncFor, *FUNCTIONS, ast.While)):
            around = parent
            break
    if around is None or tried is None or not tried.handlers or isinstance(around, ast.While):
        return False
    if tried not in getattr(around, "body", ()):
        return False
    handled = (each for h in tried.handlers for stmt in h.body for each in walk(stmt))
    if any(isinstance(each, ast.Raise) for each in handled):
        return False
    if isinstance(around, FUNCTIONS):
        return whole and _is_called_for_each(around, model.id, module)
    return _is_bound_by(around, model.id)


def _is_called_for_each(function: FunctionNode, name: str, module: Module) -> bool:
    """Whether a module calls a function of its own only for each of what a loop goes through."""
    calls = module.calls_named.get(function.name, ())
    if module.scope(function) is not module.tree:
        return False
    called = {call.func for call in calls}
    if any(load not in called for load in module.loads.get(function.name, ())):
        return False
    for call in calls:
        given = given_for(call, function, name)
        around = next(
            (e for e in module.ancestors(call) if isinstance(e, (*LOOPS, *COMPREHENSIONS))), None
        )
        if not isinstance(given, ast.Name) or around is None or not _is_bound_by(around, given.id):
            return False
    return bool(calls)


def given_for(call: ast.Call, function: FunctionNode, name: str) -> ast.expr | None:
    """What a call hands in for a parameter, None where that isn't written there."""
    for keyword in call.keywords:
        if keyword.arg == name:
            return keyword.value
    names = [each.arg for each in (*function.args.posonlyargs, *function.args.args)]
    if name not in names or any(isinstance(each, ast.Starred) for each in call.args):
        return None
    bound = isinstance(call.func, ast.Attribute) and names[0] in ("self", "cls")
    place = names.index(name) - bound
    return call.args[place] if 0 <= place < len(call.args) else None


def _is_bound_by(loop: ast.AST, name: str) -> bool:
    """Whether a loop, or a comprehension, binds a name to each of what it goes through."""
    if isinstance(loop, (ast.For, ast.AsyncFor)):
        targets = [loop.target]
    else:
        targets = [each.target for each in getattr(loop, "generators", ())]
    return any(isinstance(each, ast.Name) and each.id == name for t in targets for each in walk(t))


def is_patched(module: Module, node: ast.AST) -> bool:
    """Whether a test puts something in the place of the client, or of its method, around a call."""
    function = module.scope(node)
    if not isinstance(function, FUNCTIONS):
        return False
    around: list[ast.expr] = list(function.decorator_list)
    for parent in module.ancestors(node):
        if isinstance(parent, (ast.With, ast.AsyncWith)):
            around += [item.context_expr for item in parent.items]
        elif parent is function:
            break
    return any(
        isinstance(each, ast.Call)
        and (dotted(each.func) or "").split(".")[-2:][0] in ("patch", "mock", "mocker")
        and any(
            isinstance(part, ast.Constant)
            and isinstance(part.value, str)
            and _REPLACED.search(part.value)
            for part in walk(each)
        )
        for each in around
    )


def is_for_others_too(module: Module, node: ast.AST) -> bool:
    """Whether the function that is handed the messages may send them to another maker's model."""
    function = module.scope(node)
    if not isinstance(node, ast.Call) or not isinstance(function, FUNCTIONS):
        return False
    own = _messages(node)
    if own is None or own not in [each.arg for each in parameters(function)]:
        return False
    return any(
        isinstance(each, ast.Call)
        and each is not node
        and _messages(each) == own
        and isinstance(each.func, ast.Attribute)
        and getattr(each.func.value, "attr", "") == "completions"
        for each in walk(function)
    )


def _messages(call: ast.Call) -> str | None:
    """The name that a call hands on as its messages."""
    for keyword in call.keywords:
        if keyword.arg == "messages" and isinstance(keyword.value, ast.Name):
            return keyword.value.id
    return None


def reply_unread(module: Module, node: ast.AST, method: str, is_async: bool) -> bool:
    """Whether the first reply raises where it is read, so that no second request ever follows.

    That of a plain client is no coroutine and can't be awaited; what an async stream gives as its
    last word is one, and has no fields until it is awaited. ``asyncio.to_thread(create, ...)`` is
    awaited by right.
    """
    if not isinstance(node, ast.Call) or not (dotted(node.func) or "").endswith(f".{method}"):
        return False
    parent = module.parents.get(node)
    if not is_async:
        return isinstance(parent, ast.Await)
    stream = parent.optional_vars if isinstance(parent, ast.withitem) else None
    around = module.parents.get(parent) if parent is not None else None
    if not isinstance(stream, ast.Name) or not isinstance(around, ast.AsyncWith):
        return False
    asked = {f"{stream.id}.{name}" for name in ("get_final_message", "get_final_text")}
    for each in walk(around):
        if isinstance(each, ast.Call) and dotted(each.func) in asked:
            kept = module.parents.get(each)
            if isinstance(kept, ast.Assign) and _is_read(around, kept.targets[0]):
                return True
    return False


#: What reads a variable of the environment.
ENVIRONMENT = ("os.getenv", "os.environ.get", "getenv", "environ.get")
#: Functions that look at what they are handed, and do nothing with it.
_LOOKS = frozenset(("callable", "hasattr", "isinstance", "print", "repr", "type"))


def never_awaited(module: Module, call: ast.Call) -> bool:
    """Whether fields are read of the coroutine that a call makes: nothing ever runs it.

    ``reply = client.messages.create(...)`` and then ``reply.content``. Handed on it may be run.
    """
    parent = module.parents.get(call)
    if isinstance(parent, ast.Attribute):
        return parent.attr not in _OF_A_COROUTINE
    kept = _kept_as(module, call)
    read = False
    for use in _uses(module, kept) if kept is not None else ():
        value = use.value if isinstance(use, (ast.Attribute, ast.Subscript)) else None
        if kept is None or not isinstance(value, ast.Name) or value.id != kept.id:
            return False
        read = read or not isinstance(use, ast.Attribute) or use.attr not in _OF_A_COROUTINE
    return read


def never_entered(module: Module, call: ast.Call) -> bool:
    """Whether the manager that a call makes is looked at alone: only entered it sends anything.

    ``manager = client.messages.stream(...)`` and then ``assert hasattr(manager, "__enter__")``.
    """
    kept, scope = _kept_as(module, call), module.scope(call)
    if kept is None or not isinstance(scope, FUNCTIONS):
        return False
    if kept.id not in module.locals_of(scope):
        return False  # another function may enter it
    return all(
        isinstance(use, (ast.Compare, ast.FormattedValue))
        or (isinstance(use, ast.Call) and isinstance(use.func, ast.Name) and use.func.id in _LOOKS)
        for use in _uses(module, kept)
    )


def _kept_as(module: Module, call: ast.Call) -> ast.Name | None:
    """The one name that a statement binds to what a call returns."""
    stmt = module.parents.get(call)
    if not isinstance(stmt, ast.Assign) or len(stmt.targets) != 1:
        return None
    return stmt.targets[0] if isinstance(stmt.targets[0], ast.Name) else None


def _uses(module: Module, kept: ast.Name) -> Iterator[ast.AST | None]:
    """What a name stands in elsewhere in its function."""
    for each in walk(module.scope(kept)):
        if isinstance(each, ast.Name) and each.id == kept.id and each is not kept:
            yield module.parents.get(each)


def _is_read(within: ast.AST, name: ast.expr) -> bool:
    """Whether fields of what a name stands for are read, and it is nowhere awaited."""
    if not isinstance(name, ast.Name):
        return False
    read = awaited = False
    for each in walk(within):
        if isinstance(each, (ast.Attribute, ast.Await)) and isinstance(each.value, ast.Name):
            if each.value.id == name.id:
                awaited = awaited or isinstance(each, ast.Await)
                read = read or isinstance(each, ast.Attribute)
    return read and not awaited
