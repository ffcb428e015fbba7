"""What a call yields: known functions by the catalogue, functions that are here by looking in."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import TYPE_CHECKING

from skinflint.catalog.sources import (
    MethodFact,
    SourceFact,
    after_replace,
    granularity_of_format,
    granularity_of_timespec,
    granularity_of_tokens,
)
from skinflint.catalog.surfaces import ClientFact
from skinflint.linter import operations as ops
from skinflint.linter.activation import (
    Activation,
    Argument,
    ClassHandle,
    ClientHandle,
    ExternalHandle,
    FunctionHandle,
    InstanceHandle,
    PartialHandle,
    Thunk,
    close_circle,
)
from skinflint.linter.decorators import changes_result
from skinflint.linter.module import (
    FUNCTIONS,
    PUTTING,
    FunctionNode,
    Module,
    dotted,
    exits,
    parameters,
)
from skinflint.linter.ondisk import Files
from skinflint.linter.programs import told
from skinflint.linter.shapes import is_enum, is_plain_dict, is_typed_dict, members_of
from skinflint.linter.spans import Role, Span, Step
from skinflint.linter.values import (
    ENTRIES,
    UNFILLED,
    Alternative,
    Choice,
    Confidence,
    Entry,
    Frame,
    Granularity,
    Key,
    Known,
    Mapping,
    Mark,
    MarkKind,
    Object,
    Passage,
    Repeat,
    Sequence,
    Source,
    Text,
    Uncounted,
    Unknown,
    Value,
    alternatives,
    opened,
    through,
    with_keys,
)
from skinflint.records import replace

if TYPE_CHECKING:
    from skinflint.linter.evaluate import Evaluator

#: Functions that run another one for its result, with the position of the function argument.
_BY_REFERENCE = {
    "asyncio.to_thread": 0,
    "anyio.to_thread.run_sync": 0,
    "starlette.concurrency.run_in_threadpool": 0,
    "fastapi.concurrency.run_in_threadpool": 0,
    "asgiref.sync.sync_to_async": 0,
    "asyncio.run": -1,
    "asyncio.create_task": -1,
    "asyncio.ensure_future": -1,
    "asyncio.wait_for": -1,
    "asyncio.shield": -1,
    "anyio.run": 0,
}
#: Methods of executors and event loops that do, with the position of the function argument.
_BY_REFERENCE_METHODS = {"run_in_executor": 1, "submit": 0, "run_sync": 0, "apply_async": 0}
#: Names of functions that wrap a client for logging, tracing or patching and hand it back.
_WRAPPING = (
    "wrap",
    "patch",
    "instrument",
    "trace",
    "observe",
    "from_anthropic",
    "guard",
    "monitor",
)

#: Helpers that call helpers.
DEEPEST_CALLS = 10
#: Functions that parse JSON text into dicts in the order of the text.
_PARSERS = ("json.loads", "orjson.loads", "ujson.loads", "simplejson.loads")

#: Classes of Python that hold what is written to them.
_BUFFERS = ("io.BytesIO", "io.StringIO")
#: Classes of Python that hand on, one at a time, what is put into them.
_QUEUES = (
    *("asyncio.LifoQueue", "asyncio.PriorityQueue", "asyncio.Queue", "multiprocessing.Queue"),
    *("queue.LifoQueue", "queue.PriorityQueue", "queue.Queue", "queue.SimpleQueue"),
)

#: Methods of data classes and models that give their fields, those that give them as JSON last.
_FROM_DATA = ("model_validate", "model_validate_json", "parse_obj", "parse_raw", "from_dict")
_COPYING = ("model_copy", "copy", "_replace", "__copy__", "__deepcopy__")
_AS_JSON = ("model_dump_json", "json", "to_json")
_AS_DICT = ("model_dump", "dict", "to_dict", "_asdict", *_AS_JSON)

#: Methods that take nothing off a setting that means something.
_TRIMMING = ("strip", "lstrip", "rstrip")
#: Methods that cut a text into parts.
_CUTTING = ("split", "rsplit", "splitlines", "partition", "rpartition")

_TEXT_CASE: dict[str, Callable[[str], str]] = {
    "upper": str.upper,
    "lower": str.lower,
    "title": str.title,
    "capitalize": str.capitalize,
    "strip": str.strip,
    "lstrip": str.lstrip,
    "rstrip": str.rstrip,
    "casefold": str.casefold,
}


class Calls:
    """Evaluates calls for an :class:`Evaluator`."""

    def __init__(self, evaluator: Evaluator) -> None:
        self.ev = evaluator
        self.files = Files(evaluator)
        self._passages: dict[ast.Return, Passage] = {}
        self._handed: dict[tuple[ast.expr, str, str], Passage] = {}

    # -- the call expression --------------------------------------------------------------

    def call(self, node: ast.Call, act: Activation) -> Value:
        """What the call yields."""
        ev = self.ev
        span = act.module.span(node)
        frame = ev.frame_at(node, act)
        func = node.func
        if isinstance(func, ast.Attribute):
            if isinstance(func.value, ast.Call) and dotted(func.value.func) == "super":
                return self._super(func, node, act, span)
            base = ev.evaluate(func.value, act)
            if isinstance(base, Choice):
                results = [
                    (self.method(a.value, func.attr, node, act, span, frame), a.condition)
                    for a in base.alternatives
                    if not (isinstance(a.value, Known) and a.value.value is None)
                ]
                return (
                    ops.choice(results, span, frame, base.keys)
                    if results
                    else (ev.unknown("a method of None", node, act))
                )
            return self.method(base, func.attr, node, act, span, frame)
        return self.invoke(ev.evaluate(func, act), node, act, span, frame)

    def invoke(
        self, callee: Value, node: ast.Call, act: Activation, span: Span, frame: Frame
    ) -> Value:
        """A call of ``callee`` with the arguments written in ``node``."""
        ev = self.ev
        if isinstance(callee, Choice):
            called = [
                (self.invoke(a.value, node, act, span, frame), a.condition)
                for a in callee.alternatives
                if not (isinstance(a.value, Known) and a.value.value is None)
            ]
            return (
                ops.choice(called, span, frame, callee.keys)
                if called
                else ev.unknown("a call of None", node, act)
            )
        if isinstance(callee, Object):
            handle = callee.handle
            own = ev.own_client(callee, act.module)
            if own is not None:
                return self._client(own, node, act, span, frame)
            if isinstance(handle, ExternalHandle):
                return self.external(handle.name, node, act, span, frame)
            if isinstance(handle, FunctionHandle):
                return self.function(handle, node, act, span, frame)
            if isinstance(handle, ClassHandle):
                return self.construct(handle, node, act, span, frame)
            if isinstance(handle, PartialHandle):
                inner = handle.callee.handle if isinstance(handle.callee, Object) else None
                if isinstance(inner, FunctionHandle):
                    return self._partial(inner, handle, node, act, span, frame)
                return self.invoke(handle.callee, handle.call, handle.activation, span, frame)
            if isinstance(handle, ClientHandle):
                if callee.type == "anthropic.with":
                    given = self.keywords(node, act).entries
                    changed = {str(e.key.value): e.value for e in given if isinstance(e.key, Known)}
                    again = replace(handle, keywords={**handle.keywords, **changed})
                    return Object(handle.name, span, callee.frame, (), again)
                return Unknown(
                    "the reply of a model",
                    span,
                    frame,
                    (_reply_key(span, frame),),
                    "model reply",
                    "anthropic.reply",
                )
            if isinstance(handle, InstanceHandle):
                function = ev.instances.instance_attribute(callee, handle, "__call__", span)
                if isinstance(function, Object) and isinstance(function.handle, FunctionHandle):
                    return self.function(function.handle, node, act, span, frame)
        reason = f"result of {_name(node)}(), which can't be seen"
        return ops.opaque(reason, span, frame, callee, *self.values(node, act))

    def values(self, node: ast.Call, act: Activation) -> list[Value]:
        """The values of all arguments, in order of writing."""
        found = []
        for argument in node.args:
            inner = argument.value if isinstance(argument, ast.Starred) else argument
            found.append(self.ev.evaluate(inner, act))
        found.extend(self.ev.evaluate(keyword.value, act) for keyword in node.keywords)
        return found

    def positional(
        self, node: ast.Call, act: Activation, index: int, name: str = ""
    ) -> Value | None:
        """The argument at a position or under a keyword."""
        if 0 <= index < len(node.args) and not any(
            isinstance(a, ast.Starred) for a in node.args[: index + 1]
        ):
            return self.ev.evaluate(node.args[index], act)
        if name:
            for keyword in node.keywords:
                if keyword.arg == name:
                    return self.ev.evaluate(keyword.value, act)
        return None

    def keywords(self, node: ast.Call, act: Activation, fresh: bool = False) -> Mapping:
        """The keyword arguments of a call as a Mapping, ``**`` spread in.

        ``fresh``: each has a budget of its own, so that a costly one leaves the others known.
        """
        ev = self.ev
        span = act.module.span(node)
        value = Mapping((), span, "", ev.frame_at(node, act))
        for keyword in node.keywords:
            if fresh:
                ev.start()
            if keyword.arg is None:
                value = ops.update(value, ev.evaluate(keyword.value, act), span)
            else:
                value = ops.set_entry(
                    value,
                    Entry(
                        Known(keyword.arg, act.module.span(keyword)),
                        ev.evaluate(keyword.value, act),
                        act.module.span(keyword.value),
                        handle=(keyword.value, act),
                    ),
                )
        return value

    # -- functions and classes that are here ----------------------------------------------

    def function(
        self, handle: FunctionHandle, node: ast.Call, act: Activation, span: Span, frame: Frame
    ) -> Value:
        """A call of a function that is here."""
        bound = self.bind(handle, node.args, node.keywords, act)
        return self.run(handle, bound, span, frame, act)

    def _partial(
        self,
        handle: FunctionHandle,
        made: PartialHandle,
        node: ast.Call,
        act: Activation,
        span: Span,
        frame: Frame,
    ) -> Value:
        """A call of what ``functools.partial`` made of a function that is here."""
        args = handle.node.args
        first = made.call.args
        if args.vararg or args.kwarg or any(isinstance(a, ast.Starred) for a in first):
            values = [*self.values(made.call, made.activation), *self.values(node, act)]
            return ops.opaque("result of a partial that can't be seen", span, frame, *values)
        before = self.bind(handle, first, made.call.keywords, made.activation)
        # The positions that are taken already are bound in vain, then overwritten.
        after = self.bind(handle, [*first, *node.args], node.keywords, act)
        taken = set(self.bind(handle, first, [], made.activation))
        bound = {**before, **{k: v for k, v in after.items() if k not in taken}}
        return self.run(handle, bound, span, frame, act)

    def run(
        self,
        handle: FunctionHandle,
        bound: dict[str, Argument],
        span: Span,
        frame: Frame,
        act: Activation,
        open_arguments: str = "",
    ) -> Value:
        """The result of running a function with its arguments bound."""
        function = handle.node
        if act.depth >= DEEPEST_CALLS:
            return ops.opaque("helpers nested too deeply", span, frame)
        name = function.name if isinstance(function, FUNCTIONS) else "a lambda"
        where = handle.module.span(function)
        memoised = isinstance(function, FUNCTIONS) and self._memoised(function, handle)
        inner_frame: Frame = (*frame, Mark(MarkKind.FUNCTION, name, where))
        if memoised:
            inner_frame = handle.instance.frame if handle.instance is not None else ()
        inner = self.ev.run(
            Activation(
                handle.module,
                function,
                inner_frame,
                bound,
                handle.lexical,
                handle.instance,
                act.chain,
                act.depth + 1,
                open_arguments,
            )
        )
        if isinstance(function, ast.Lambda):
            return self.ev.evaluate(function.body, inner)
        busy = ("run", function)
        if busy in self.ev.busy:
            again = ops.opaque(f"{name}() calls itself", span, frame)
            return replace(again, entry="literal")  # it ends where its other results end
        self.ev.busy.add(busy)
        begun = self.ev.steps
        try:
            value = self.returned(function, inner, span)
        finally:
            self.ev.busy.discard(busy)
            self.ev.left(inner)
        self.ev.charge(inner, begun)
        changed = self._changed_on_the_way(function, handle)
        if changed:
            reason = f"result of {name}(), which @{changed} changes"
            return ops.opaque(reason, span, frame, value)
        return value

    def _changed_on_the_way(self, function: FunctionNode, handle: FunctionHandle) -> str:
        """The decorator of the project that changes what a function returns, "" if none does."""
        for decorator in function.decorator_list:
            called = isinstance(decorator, ast.Call)
            target = decorator.func if isinstance(decorator, ast.Call) else decorator
            made = self.ev.evaluate(target, handle.lexical)
            found = made.handle if isinstance(made, Object) else None
            if isinstance(found, FunctionHandle) and isinstance(found.node, FUNCTIONS):
                if changes_result(found.node, called):
                    return found.node.name
        return ""

    def _is_found(self, tried: ast.AST, act: Activation) -> bool:
        """Whether all that is tried is a look-up in a table, and the table has that key."""
        first = tried.body[0] if isinstance(tried, ast.Try) and len(tried.body) == 1 else None
        if not isinstance(first, ast.Return) or not isinstance(first.value, ast.Subscript):
            return False
        return isinstance(self.ev.evaluate(first.value, act), Known)

    def returned(self, function: FunctionNode, act: Activation, span: Span) -> Value:
        """What a function returns (or yields) when it runs as ``act``."""
        module = act.module
        ev = self.ev
        options: list[tuple[Value, Span | None]] = []
        keys: tuple[Key, ...] = ()
        ends = module.once(exits, function)
        yielded = [
            node.value
            for node in ends
            if isinstance(node, (ast.Yield, ast.YieldFrom)) and node.value is not None
        ]
        yields = [
            ops.item_of(ev.evaluate(node, act), module.span(node), act.frame)
            if isinstance(module.parents[node], ast.YieldFrom)
            else ev.evaluate(node, act)
            for node in yielded
        ]
        if yields:
            decorated = {
                (dotted(d.func if isinstance(d, ast.Call) else d) or "").rpartition(".")[2]
                for d in function.decorator_list
            }
            if decorated & {"contextmanager", "asynccontextmanager", "fixture"}:
                return yields[0]
            rounds = tuple(Repeat(value, value.span, act.frame) for value in yields)
            return Sequence(
                rounds, span, Uncounted("yielded by a generator"), act.frame, (), "generator"
            )
        for node in ends:
            if not isinstance(node, ast.Return) or node.value is None:
                continue
            guard: tuple[Key, ...] = ()
            reachable = True
            condition: Span | None = None
            child: ast.AST = node
            for parent in module.ancestors(node):
                if parent is function:
                    break
                if isinstance(parent, ast.If):
                    known, why = ev.test(parent.test, act)
                    guard = ops.merge_keys(guard, why)
                    condition = condition or module.span(parent.test)
                    inside = child in parent.body
                    if known is not None and known is not inside:
                        reachable = False
                elif isinstance(parent, ast.ExceptHandler):
                    reachable = reachable and not self._is_found(module.parents[parent], act)
                child = parent
            if not reachable:
                continue
            value = ev.evaluate(node.value, act)
            passage = self._passages.get(node)
            if passage is None:
                step = Step(Role.STEP, module.span(node), f"returned by {function.name}()")
                passage = self._passages[node] = Passage(step)
            options.append((through(value, passage), condition))
            keys = ops.merge_keys(keys, guard)
            body = module.place(node)[0]
            if body is function.body:
                break
            decided = [
                parent
                for parent in module.ancestors(node)
                if isinstance(parent, ast.If) and ev.test(parent.test, act)[0] is True
            ]
            if decided and module.parents[decided[-1]] is function:
                break
        if not options:
            return Known(None, span)
        if len(options) == 1:
            return options[0][0]
        return ops.choice(options, span, act.frame, keys)

    def _memoised(self, function: FunctionNode, handle: FunctionHandle) -> bool:
        for decorator in function.decorator_list:
            target = decorator.func if isinstance(decorator, ast.Call) else decorator
            name = self.qualified(target, handle.lexical)
            fact = self.ev.sources.memoises(name) if name else None
            if fact is None or fact.always_expires:
                continue
            if fact.expires is not None and isinstance(decorator, ast.Call):
                if any(k.arg == fact.expires.keyword for k in decorator.keywords):
                    continue
            return True
        return False

    def qualified(self, node: ast.expr, act: Activation) -> str:
        """The qualified name of what an expression refers to, as far as it is imported."""
        value = self.ev.evaluate(node, act)
        if isinstance(value, Object) and isinstance(value.handle, ExternalHandle):
            return value.handle.name
        return dotted(node) or ""

    def bind(
        self,
        handle: FunctionHandle,
        args: list[ast.expr],
        keywords: list[ast.keyword],
        act: Activation,
    ) -> dict[str, Argument]:
        """Parameter name -> argument, as Python binds them."""
        function = handle.node
        ev = self.ev
        names = [p.arg for p in (*function.args.posonlyargs, *function.args.args)]
        bound: dict[str, Argument] = {}
        called = function.name if isinstance(function, FUNCTIONS) else "a lambda"
        static = isinstance(function, FUNCTIONS) and any(
            dotted(d) == "staticmethod" for d in function.decorator_list
        )
        if handle.instance is not None and names and not static:
            bound[names.pop(0)] = handle.instance

        def thunk(node: ast.expr, name: str) -> Thunk:
            passage = self._handed.get((node, called, name))
            if passage is None:
                span = act.module.span(node)
                step = Step(Role.STEP, span, f"passed to {called}() as `{name}`")
                passage = self._handed[node, called, name] = Passage(step)
            return Thunk(node, act, passage)

        rest: list[Value] = []
        index = 0
        for argument in args:
            if isinstance(argument, ast.Starred):
                items, _ = ops.spread(
                    ev.evaluate(argument.value, act), act.module.span(argument), act.frame
                )
                for item in items:
                    if index < len(names) and not isinstance(item, Repeat):
                        bound[names[index]] = item
                        index += 1
                    else:
                        rest.append(item)
            elif index < len(names):
                bound[names[index]] = thunk(argument, names[index])
                index += 1
            else:
                rest.append(ev.evaluate(argument, act))
        allowed = set(names) | {p.arg for p in function.args.kwonlyargs}
        extra: list[Entry] = []
        reason = ""
        for keyword in keywords:
            if keyword.arg is None:
                value = ev.evaluate(keyword.value, act)
                if isinstance(value, Mapping):
                    for entry in value.entries:
                        key = entry.key.value if isinstance(entry.key, Known) else None
                        if isinstance(key, str) and key in allowed:
                            bound[key] = entry.value
                        else:
                            extra.append(entry)
                    reason = reason or value.open
                else:
                    reason = reason or "keywords that can't be seen"
            elif keyword.arg in allowed:
                bound[keyword.arg] = thunk(keyword.value, keyword.arg)
            else:
                extra.append(
                    Entry(
                        Known(keyword.arg, act.module.span(keyword)),
                        ev.evaluate(keyword.value, act),
                        act.module.span(keyword.value),
                        handle=(keyword.value, act),
                    )
                )
        where = handle.module.span(function)
        if function.args.vararg is not None:
            bound[function.args.vararg.arg] = Sequence(tuple(rest), where, "", (), (), "tuple")
        if function.args.kwarg is not None:
            bound[function.args.kwarg.arg] = Mapping(tuple(extra), where, reason)
        return bound

    def construct(
        self, cls: ClassHandle, node: ast.Call, act: Activation, span: Span, frame: Frame
    ) -> Value:
        """An instance of a class that is here."""
        ev = self.ev
        arguments: dict[str, Argument] | None = None
        for base in ev.instances.bases(cls):
            init = ev.instances.method(base, "__init__")
            if init is not None:
                handle = FunctionHandle(
                    init, base.module, base.lexical, Object(cls.node.name, span, frame)
                )
                arguments = self.bind(handle, node.args, node.keywords, act)
                own = parameters(init)[0].arg if parameters(init) else ""
                arguments.pop(own, None)
                break
        else:
            fields = [
                stmt.target.id
                for base in reversed(ev.instances.bases(cls))
                for stmt in base.node.body
                if isinstance(stmt, ast.AnnAssign) and isinstance(stmt.target, ast.Name)
            ]
            arguments = {}
            for name, argument in zip(fields, node.args, strict=False):
                if not isinstance(argument, ast.Starred):
                    arguments[name] = Thunk(argument, act)
            for keyword in node.keywords:
                if keyword.arg is not None:
                    arguments[keyword.arg] = Thunk(keyword.value, act)
                else:
                    self._spread_fields(ev.evaluate(keyword.value, act), arguments)
        if any(is_typed_dict(base.node) for base in ev.instances.bases(cls)):
            return replace(self.keywords(node, act), span=span)
        if is_plain_dict(cls.node):
            return self.builtin("dict", node, act, span, frame)
        if is_enum(cls.node):
            given = self.values(node, act)
            if len(given) == 1 and not node.keywords and self._are_members(given[0], cls):
                return given[0]  # a member is known as its value
            return ops.derived(f"a member of {cls.node.name}", span, frame, *given)
        inner = (*frame, Mark(MarkKind.OBJECT, cls.node.name, span))
        handle_ = InstanceHandle(cls, arguments, inner, span)
        made = Object(cls.node.name, span, inner, (), handle_)
        if arguments is not None:
            self._rebind_self(made, handle_)
        return made

    def _are_members(self, value: Value, cls: ClassHandle) -> bool:
        """Whether each value that this may be is that of a member of an enumeration."""
        ev = self.ev
        members = [
            made.value
            for name, _ in members_of(cls.node)
            for made in (ev.instances.class_attribute(cls, name, None),)
            if isinstance(made, Known)
        ]
        return all(isinstance(e, Known) and e.value in members for e in alternatives(value))

    @staticmethod
    def _spread_fields(value: Value, arguments: dict[str, Argument]) -> None:
        """``Model(**value)``: its entries are fields; under "**" what any other field is of."""
        if isinstance(value, Mapping):
            for entry in value.entries:
                if isinstance(entry.key, Known) and not entry.optional:
                    arguments[str(entry.key.value)] = entry.value
            if not value.open:
                return
        arguments["**"] = value

    def _changed(
        self,
        base: Object,
        handle: InstanceHandle,
        node: ast.Call,
        act: Activation,
        span: Span,
        frame: Frame,
    ) -> Value:
        """A copy of an instance, with the fields changed that the call names."""
        given = self.keywords(node, act)
        update = given.get("update")
        fields = update if isinstance(update, Mapping) else given
        if fields.open or not isinstance(update, (Mapping, Known, type(None))):
            return ops.opaque(f"a changed copy of {base.type}", span, frame, base, given)
        changed: dict[str, Argument] = {
            str(e.key.value): e.value
            for e in fields.entries
            if isinstance(e.key, Known) and e.key.value not in ("deep", "update")
        }
        if not changed:
            return base
        if handle.arguments is None:
            changed["**"] = Unknown("a field of an object", span, handle.frame, (), "parameter")
        inner: Frame = (*frame, Mark(MarkKind.OBJECT, handle.cls.node.name, span))
        again = InstanceHandle(handle.cls, {**(handle.arguments or {}), **changed}, inner, span)
        return Object(base.type, span, inner, (), again)

    def as_dict(
        self, base: Object, handle: InstanceHandle, text: bool, span: Span, frame: Frame
    ) -> Value:
        """The fields of an instance as a dict, or as JSON."""
        ev = self.ev
        names = dict.fromkeys(
            stmt.target.id
            for cls in reversed(ev.instances.bases(handle.cls))
            for stmt in cls.node.body
            if isinstance(stmt, ast.AnnAssign) and isinstance(stmt.target, ast.Name)
        )
        entries = []
        for name in names:
            value = ev.instances.instance_attribute(base, handle, name, span)
            entries.append(Entry(Known(name, span), value, span, optional=True))
        fields = Mapping(tuple(entries), span, "" if entries else "fields of an object", frame)
        if text:
            return ops.derived("fields of an object as JSON", span, frame, fields, type="str")
        return fields

    def _rebind_self(self, made: Object, handle: InstanceHandle) -> None:
        init = self.ev.instances.method(handle.cls, "__init__")
        if init is not None and parameters(init) and handle.arguments is not None:
            close_circle(handle, parameters(init)[0].arg, made)

    def _super(self, func: ast.Attribute, node: ast.Call, act: Activation, span: Span) -> Value:
        instance, behind = self._behind(act)
        for base in behind:
            method = self.ev.instances.method(base, func.attr)
            if method is not None:
                bound = FunctionHandle(method, base.module, base.lexical, instance)
                return self.function(bound, node, act, span, self.ev.frame_at(node, act))
        return self.ev.unknown("a method of a base class that isn't here", node, act)

    def super_attribute(self, node: ast.Attribute, act: Activation) -> Value:
        """``super().name``, read and not called."""
        instance, behind = self._behind(act)
        for base in behind:
            assert instance is not None
            assert isinstance(instance.handle, InstanceHandle)
            value = self.ev.instances.own_attribute(
                instance, instance.handle, base, node.attr, act.module.span(node)
            )
            if value is not None:
                return value
        return self.ev.unknown("an attribute of a base class that isn't here", node, act)

    def _behind(self, act: Activation) -> tuple[Object | None, list[ClassHandle]]:
        """The object of the method that ``act`` runs in, and the classes ``super()`` looks at."""
        current: Activation | None = act
        while current is not None and current.instance is None:
            current = current.lexical
        if current is None or current.instance is None:
            return None, []
        handle = current.instance.handle
        if not isinstance(handle, InstanceHandle):
            return None, []
        here = act.module.enclosing_class(current.node)
        chain = self.ev.instances.bases(handle.cls)
        behind = [base for i, base in enumerate(chain) if any(b.node is here for b in chain[:i])]
        return current.instance, behind

    # -- methods --------------------------------------------------------------------------

    def method(
        self,
        base: Value,
        name: str,
        node: ast.Call,
        act: Activation,
        span: Span,
        frame: Frame,
    ) -> Value:
        """``base.name(...)``."""
        ev = self.ev
        if ops.is_text(base) and not isinstance(base, Unknown):
            return self.text_method(base, name, node, act, span, frame)
        if isinstance(base, Unknown) and base.type in ("str", ""):
            if name in ("format", "join", *_CUTTING, *_TEXT_CASE) and (
                base.type == "str" or name == "format" or self._cuts_text(name, node, act)
            ):
                return self.text_method(base, name, node, act, span, frame)
        if isinstance(base, Sequence):
            return self.sequence_method(base, name, node, act, span, frame)
        if isinstance(base, Mapping):
            return self.mapping_method(base, name, node, act, span, frame)
        if isinstance(base, Object):
            handle = base.handle
            if isinstance(handle, ExternalHandle):
                if handle.name == "os.environ" and name == "get":
                    key = self.positional(node, act, 0) or Known("", span)
                    return self.environment(key, self.positional(node, act, 1), span, frame)
                return self.external(f"{handle.name}.{name}", node, act, span, frame)
            if isinstance(handle, PartialHandle):
                return ev.unknown("an attribute of a partial", node, act)
            if isinstance(handle, ClientHandle) and name in _BY_REFERENCE_METHODS:
                return ev.unknown("a method of a client", node, act)
            if isinstance(handle, FunctionHandle) and name in ("delay", "apply_async", "remote"):
                return ev.unknown("runs elsewhere", node, act)
            found = ev.attribute(base, name, span, frame)
            if isinstance(found, Object):
                return self.invoke(found, node, act, span, frame)
            if isinstance(handle, InstanceHandle) and name in _COPYING:
                return self._changed(base, handle, node, act, span, frame)
            if isinstance(handle, InstanceHandle) and name in _AS_DICT:
                return self.as_dict(base, handle, name in _AS_JSON, span, frame)
            if isinstance(handle, ClassHandle) and name in _FROM_DATA and node.args:
                made: dict[str, Argument] = {}
                self._spread_fields(ev.evaluate(node.args[0], act), made)
                inner: Frame = (*frame, Mark(MarkKind.OBJECT, handle.node.name, span))
                instance = InstanceHandle(handle, made, inner, span)
                return Object(handle.node.name, span, inner, (), instance)
        if isinstance(base, Unknown):
            return self.unknown_method(base, name, node, act, span, frame)
        if name in _BY_REFERENCE_METHODS:
            return self._by_reference(node, act, _BY_REFERENCE_METHODS[name], span, frame)
        library = ""
        if isinstance(base, Object) and isinstance(base.handle, InstanceHandle):
            library = ev.instances.library_of(base.handle.cls)
        reason = f"result of .{name}(), which can't be seen"
        values = self.values(node, act)
        return ops.opaque(reason, span, frame, base, *values, library=library)

    def _cuts_text(self, name: str, node: ast.Call, act: Activation) -> bool:
        """Whether this cuts a text, whatever is known of it: of other things nobody asks it without
        a word, or with one that is written out."""
        return name in _CUTTING and all(isinstance(v, Known) for v in self.values(node, act))

    def unknown_method(
        self,
        base: Unknown,
        name: str,
        node: ast.Call,
        act: Activation,
        span: Span,
        frame: Frame,
    ) -> Value:
        """A method of something whose content isn't known, perhaps not even its type."""
        ev = self.ev
        arguments = self.values(node, act)
        if name in _BY_REFERENCE_METHODS:
            found = self._by_reference(node, act, _BY_REFERENCE_METHODS[name], span, frame)
            if not isinstance(found, Unknown):
                return found
        if base.type == "file" and name in ("read", "readline", "readlines"):
            return replace(base, span=span, reason="the content of a file", type="str")
        if base.type == "argparse.ArgumentParser" and name.startswith("parse_"):
            reason = "the command line"
            return Unknown(reason, span, (), (), "environment", "argparse.Namespace")
        fact = ev.sources.method(base.type, name, act.module.imported())
        if fact is not None:
            if fact.effect == "source" and fact.needs_turn:
                turn = [k for a in arguments for k in ops.keys_of(a) if k.source is Source.TURN]
                if not turn:
                    fact = None
            if fact is not None:
                made = self.effect(base, fact, self._arguments(node, act), span, frame)
                if name == "read_text" and isinstance(node.func, ast.Attribute):
                    return self._measured(made, node.func.value, act)
                return made
        if name in _TRIMMING and base.reason.startswith("environment variable"):
            return base  # the same setting
        if base.type == "str" or name in ("strip", "lower", "upper", "title", "format", "replace"):
            kind = "str" if base.type == "str" or name != "format" else ""
            return ops.derived(
                f"text changed by .{name}()", span, frame, base, *arguments, type=kind
            )
        wrapped = _wrapped(name, arguments)
        if wrapped is not None:
            return wrapped
        if base.type in _BUFFERS:
            arguments.extend(self._written(node, act))
        reason = f"result of .{name}(), which can't be seen"
        standard = base.entry == "literal" or bool(arguments and base.type in _BUFFERS)
        made = ops.opaque(reason, span, frame, base, *arguments, standard=standard)
        if name == "get" and arguments and isinstance(arguments[0], Known):
            return ev.narrowed(made, str(arguments[0].value))
        if not base.entry and "." in base.type and made.entry not in ENTRIES:
            # An object of a library works on what it is handed.
            handed, _ = ops.end_of(*arguments)
            if handed in ENTRIES and handed != "literal":
                return replace(made, entry=handed, reason=reason)
        return made

    def _written(self, node: ast.Call, act: Activation) -> list[Value]:
        """What this function writes to the buffer that a method is called of."""
        assert isinstance(node.func, ast.Attribute)
        path = dotted(node.func.value)
        found: list[Value] = []
        if path is None or not isinstance(act.node, FUNCTIONS):
            return found
        for call in act.module.calls:
            if call.lineno > node.lineno or act.module.scope(call) is not act.node:
                continue
            given = [*call.args, *(keyword.value for keyword in call.keywords)]
            if not isinstance(call.func, ast.Attribute):
                continue
            if any(dotted(each) == path for each in given):
                filler = self.ev.evaluate(call.func.value, act)
                # Options of a library are imported too: ``image.resize(size, Image.LANCZOS)``.
                if isinstance(filler, Object) or ops.entry_of(filler) != "import":
                    found.append(filler)
            elif dotted(call.func.value) == path and call.func.attr.startswith("write"):
                found.extend(self.values(call, act))
        return found

    def _arguments(self, node: ast.Call, act: Activation) -> list[tuple[str, Value]]:
        found: list[tuple[str, Value]] = [
            ("", self.ev.evaluate(a.value if isinstance(a, ast.Starred) else a, act))
            for a in node.args
        ]
        found.extend((k.arg or "", self.ev.evaluate(k.value, act)) for k in node.keywords)
        return found

    def effect(
        self,
        base: Unknown,
        fact: MethodFact,
        arguments: list[tuple[str, Value]],
        span: Span,
        frame: Frame,
    ) -> Value:
        """What a method or attribute of a known type does to variation."""
        values = [value for _, value in arguments]
        kind = fact.type or base.type
        if fact.effect == "source" and fact.source is not None:
            made = self.ev.source(fact.source, span, frame)
            kept = tuple(
                k._replace(confidence=min(k.confidence, Confidence.MEDIUM))
                for k in ops.keys_of(base)
                if k.source in (Source.ENTITY, Source.TURN)
            )
            return replace(made, keys=ops.merge_keys(made.keys, kept))
        if fact.effect == "fixed":
            return Unknown("a fixed value", span, frame, (), base.entry, kind)
        result = ops.derived(base.reason, span, frame, base, *values, type=kind)
        unit: str | None = None
        changes = False
        if fact.effect == "coarsens":
            unit, changes = fact.granularity, True
        elif fact.effect in ("formats", "isoformat"):
            written = self._literal_argument(fact, arguments)
            if fact.effect == "isoformat":
                if written is not None:
                    unit, changes = granularity_of_timespec(written), True
            elif written is not None:
                unit = _unit_shown(written, fact.format_style)
                if unit is None:
                    return Unknown("a fixed value", span, frame, (), base.entry, "str")
                changes = True
            elif values:
                return _shown_somehow(result, span)
        elif fact.effect == "replaces":
            fields = tuple(name for name, value in arguments if name and isinstance(value, Known))
            now = next((k.granularity for k in base.keys if k.source is Source.CLOCK), None)
            if now is not None and fields:
                unit, changes = after_replace(now.name.lower(), fields), True
        if not changes or unit is None:
            return result
        coarse = Granularity[unit.upper()]
        return replace(
            result,
            keys=tuple(
                k._replace(granularity=max(coarse, k.granularity or coarse))
                if k.source is Source.CLOCK
                else k
                for k in result.keys
            ),
        )

    @staticmethod
    def _literal_argument(fact: MethodFact, arguments: list[tuple[str, Value]]) -> str | None:
        if fact.format is None:
            return None
        plain = [value for name, value in arguments if not name]
        value: Value | None = None
        if 0 <= fact.format.position < len(plain):
            value = plain[fact.format.position]
        for name, each in arguments:
            if name and name == fact.format.keyword:
                value = each
        if isinstance(value, Known) and isinstance(value.value, str):
            return value.value
        return None

    def formatted(self, value: Value, spec: Value, span: Span) -> Value:
        """``format(value, spec)``: a clock shows no more than its format does."""
        if isinstance(value, Choice):
            return replace(
                value,
                alternatives=tuple(
                    Alternative(self.formatted(a.value, spec, span), a.condition)
                    for a in value.alternatives
                ),
            )
        if isinstance(value, Known) and isinstance(spec, Known) and isinstance(spec.value, str):
            if _very_wide(spec.value):
                return ops.derived("a text of great width", span, (), value, type="str")
            try:
                return Known(format(value.value, spec.value), span)
            except (ValueError, TypeError):
                return value
        if isinstance(value, Unknown) and isinstance(spec, Known) and isinstance(spec.value, str):
            if any(k.source is Source.CLOCK for k in value.keys) and "%" in spec.value:
                unit = granularity_of_format(spec.value)
                if unit is None:
                    return Unknown("a fixed value", span, value.frame, (), value.entry, "str")
                coarse = Granularity[unit.upper()]
                return replace(
                    value,
                    type="str",
                    keys=tuple(
                        k._replace(granularity=max(coarse, k.granularity or coarse))
                        if k.source is Source.CLOCK
                        else k
                        for k in value.keys
                    ),
                )
            return replace(value, type="str") if spec.value else value
        if isinstance(value, Unknown) and not isinstance(spec, Known):
            return _shown_somehow(value, span)
        return value

    # -- texts ----------------------------------------------------------------------------

    def text_method(
        self,
        base: Value,
        name: str,
        node: ast.Call,
        act: Activation,
        span: Span,
        frame: Frame,
    ) -> Value:
        """A method of a str."""
        arguments = self.values(node, act)
        if isinstance(base, Choice):
            return ops.choice(
                [
                    (self.text_method(a.value, name, node, act, span, frame), a.condition)
                    for a in base.alternatives
                ],
                span,
                frame,
                base.keys,
            )
        if name == "join" and len(arguments) == 1:
            joined = _read_out(arguments[0], act.module.span(node.args[0]))
            return self.join(base, joined, span, frame)
        if name == "format":
            return self._format(base, node, act, span, frame)
        if name in _TEXT_CASE:
            if isinstance(base, Known) and not arguments:
                changed = _TEXT_CASE[name](str(base.value))
                return base if changed == base.value else Known(changed, span)
            if isinstance(base, Text) and name in ("strip", "rstrip", "lstrip"):
                return self._stripped(base, name)
            if isinstance(base, Unknown) and base.most is not None and not arguments:
                kept = ops.derived(base.reason, span, frame, base, type="str")
                return replace(kept, chars=base.chars, most=base.most)
        if isinstance(base, Known) and all(isinstance(a, Known) for a in arguments):
            plain = [a.value for a in arguments if isinstance(a, Known)]
            if name in (
                "replace",
                "removeprefix",
                "removesuffix",
                "encode",
                "split",
                "splitlines",
                "startswith",
                "endswith",
                "count",
                "strip",
                "rstrip",
                "lstrip",
            ):
                if name == "replace" and _grows_long(base.value, plain):
                    return ops.derived("a very long text", span, frame, base, type="str")
                try:
                    result = getattr(str(base.value), name)(*plain)
                except (TypeError, ValueError):
                    return ops.derived(f"text changed by .{name}()", span, frame, base)
                if isinstance(result, list):
                    return Sequence(tuple(Known(each, span) for each in result), span)
                return Known(result, span)
        if name in _CUTTING:
            # Of a time only the date may be left in a part.
            whole = with_keys(
                base,
                lambda keys: tuple(
                    k._replace(source=Source.UNKNOWN) if k.source is Source.CLOCK else k
                    for k in keys
                ),
            )
            return Sequence(
                (Repeat(ops.derived("a part of a text", span, frame, whole), span, frame, ()),),
                span,
                Uncounted("a text cut into parts"),
            )
        if isinstance(base, Text) and name == "replace" and arguments:
            return self._replaced(base, arguments, span, frame)
        kind = "bool" if name.startswith(("is", "startswith", "endswith")) else "str"
        return ops.derived(f"text changed by .{name}()", span, frame, base, *arguments, type=kind)

    def _replaced(self, base: Text, arguments: list[Value], span: Span, frame: Frame) -> Value:
        """``text.replace(old, new)``: literal parts change one by one."""
        old = arguments[0]
        if isinstance(old, Known) and isinstance(old.value, str) and len(arguments) == 2:
            new = arguments[1]
            parts: list[Value] = []
            for part in base.parts:
                if isinstance(part, Known) and isinstance(part.value, str) and old.value:
                    pieces = part.value.split(old.value)
                    for i, piece in enumerate(pieces):
                        if i:
                            parts.append(ops.as_text(new, span))
                        parts.append(Known(piece, part.span))
                else:
                    parts.append(part)
            return ops.text(parts, span)
        return ops.derived("text changed by .replace()", span, frame, base, *arguments, type="str")

    @staticmethod
    def _stripped(base: Text, name: str) -> Value:
        parts = list(base.parts)
        if name in ("strip", "lstrip") and isinstance(parts[0], Known):
            parts[0] = Known(str(parts[0].value).lstrip(), parts[0].span)
        if name in ("strip", "rstrip") and isinstance(parts[-1], Known):
            parts[-1] = Known(str(parts[-1].value).rstrip(), parts[-1].span)
        return replace(base, parts=tuple(parts))

    def join(self, separator: Value, items: Value, span: Span, frame: Frame) -> Value:
        """``separator.join(items)``."""
        if isinstance(items, Choice):
            return ops.choice(
                [
                    (self.join(separator, a.value, span, frame), a.condition)
                    for a in items.alternatives
                ],
                span,
                frame,
                items.keys,
            )
        if not isinstance(items, Sequence):
            return ops.derived("a joined text", span, frame, separator, items, type="str")
        items = ops.written_out(items)
        assert isinstance(items, Sequence)
        if items.order:
            # One text in one of many orders: the parts are known, their order hangs on the keys.
            fixed = self._sorted(items, items.span, frame)
            joined = self.join(separator, fixed, span, frame)
            return Choice((Alternative(joined),), span, frame, items.order)
        parts: list[Value] = []
        for index, item in enumerate(items.items):
            if isinstance(item, Repeat):
                body = ops.text([separator, ops.as_text(item.body, span)], span)
                parts.append(replace(item, body=body))
                continue
            if isinstance(item, Choice) and any(
                isinstance(a.value, Sequence) for a in item.alternatives
            ):
                parts.append(
                    replace(
                        item,
                        alternatives=tuple(
                            Alternative(
                                Known("", span)
                                if isinstance(a.value, Sequence)
                                else ops.text([separator, ops.as_text(a.value, span)], span),
                                a.condition,
                            )
                            for a in item.alternatives
                        ),
                    )
                )
                continue
            if index:
                parts.append(separator)
            parts.append(ops.as_text(item, span))
        if items.open and not any(isinstance(i, Repeat) for i in items.items):
            keys = (ops.unknown_key(items.open, span, frame),)
            parts.append(Unknown(items.open, span, frame, keys, ops.entry_of(items)))
        return ops.text(parts, span)

    def _format(
        self, base: Value, node: ast.Call, act: Activation, span: Span, frame: Frame
    ) -> Value:
        """``template.format(...)``: literal text stays, fields become their arguments."""
        arguments = self.values(node, act)
        if not isinstance(base, Known) or not isinstance(base.value, str):
            if isinstance(base, Text):
                return self._format_parts(base, node, act, span, frame)
            # A template that isn't here may lack any field.
            kept = ops.opaque("a template that can't be seen", span, frame, *arguments, type="str")
            return replace(kept, keys=ops.merge_keys(ops.keys_of(base), kept.keys))
        named = self.keywords(node, act)
        parts = self._format_fields(base.value, base.span, node, named, act, span, frame)
        if parts is None:
            return self._not_filled(node, span, frame, base, *arguments)
        return ops.text(parts, span)

    @staticmethod
    def _not_filled(node: ast.Call, span: Span, frame: Frame, *values: Value) -> Value:
        """A text whose fields aren't all given: the call fails, whatever else it is handed."""
        why = "a formatted text"
        if any(isinstance(argument, ast.Starred) for argument in node.args):
            return ops.derived(why, span, frame, *values, type="str")
        return replace(ops.opaque(why, span, frame, *values, type="str"), reason=UNFILLED)

    def _format_parts(
        self, base: Text, node: ast.Call, act: Activation, span: Span, frame: Frame
    ) -> Value:
        named = self.keywords(node, act)
        parts: list[Value] = []
        for part in base.parts:
            if isinstance(part, Known):
                inner = self._format_fields(
                    str(part.value), part.span, node, named, act, span, frame
                )
                if inner is None:
                    return self._not_filled(node, span, frame, base, named)
                parts.extend(inner)
            else:
                parts.append(part)
        return ops.text(parts, span)

    def _format_fields(
        self,
        template: str,
        where: Span,
        node: ast.Call,
        named: Mapping,
        act: Activation,
        span: Span,
        frame: Frame,
    ) -> list[Value] | None:
        import string

        parts: list[Value] = []
        automatic = 0
        try:
            fields = list(string.Formatter().parse(template))
        except ValueError:
            return None
        for literal, name, spec, _ in fields:
            if literal:
                parts.append(Known(literal, where))
            if name is None:
                continue
            head = name.replace("[", ".").split(".")[0]
            if head == "" or head.isdigit():
                index = int(head) if head else automatic
                automatic += 1
                value = self.positional(node, act, index)
            else:
                value = named.get(head)
            if value is None:
                if named.open:
                    value = Unknown(named.open, span, frame, (ops.unknown_key(head, span, frame),))
                else:
                    return None
            if name != head and head:
                value = ops.derived("an attribute in a template", span, frame, value)
            if spec:
                value = self.formatted(value, Known(spec, span), span)
            parts.append(ops.as_text(value, span))
        return parts

    def percent(
        self, template: Value, right: ast.expr, span: Span, frame: Frame, act: Activation
    ) -> Value:
        """``template % right``."""
        import re

        value = self.ev.evaluate(right, act)
        if not isinstance(template, Known) or not isinstance(template.value, str):
            return ops.derived("a formatted text", span, frame, template, value, type="str")
        if isinstance(value, Sequence) and value.type == "tuple":
            operands = list(value.items)
        else:
            operands = [value]
        mapping = value if isinstance(value, Mapping) else None
        parts: list[Value] = []
        position = 0
        pattern = re.compile(r"%(?:\((\w+)\))?[-#0 +]*\d*(?:\.\d+)?([sdrifeEgGxXoc%])")
        for match in pattern.finditer(template.value):
            parts.append(Known(template.value[position : match.start()], template.span))
            position = match.end()
            if match.group(2) == "%":
                parts.append(Known("%", template.span))
                continue
            if match.group(1) and mapping is not None:
                found = mapping.get(match.group(1))
            else:
                found = operands.pop(0) if operands else None
            if found is None:
                return ops.derived("a formatted text", span, frame, template, value, type="str")
            plain = match.group(0).replace(f"({match.group(1)})", "")
            if isinstance(found, Known) and plain not in ("%s", "%d", "%i"):
                try:
                    shown = None if _very_wide(plain) else plain % (found.value,)
                except (TypeError, ValueError):
                    shown = None
                if shown is None:
                    found = ops.derived("a formatted text", span, frame, found, type="str")
                else:
                    found = Known(shown, span)
            parts.append(ops.as_text(found, span))
        parts.append(Known(template.value[position:], template.span))
        return ops.text(parts, span)

    # -- containers -----------------------------------------------------------------------

    def sequence_method(
        self,
        base: Sequence,
        name: str,
        node: ast.Call,
        act: Activation,
        span: Span,
        frame: Frame,
    ) -> Value:
        """A method of a list, tuple or set that yields something."""
        if name in ("copy", "__copy__"):
            return replace(base, span=span)
        if name in ("union", "intersection", "difference", "symmetric_difference"):
            others = self.values(node, act)
            items = [*base.items]
            for other in others:
                items.extend(ops.spread(other, span, frame)[0])
            return self.ev.unordered(tuple(items), span, frame, "")
        if name in ("pop", "popleft", "get", "get_nowait"):
            return ops.item_of(base, span, frame)
        return ops.derived(f"result of .{name}()", span, frame, base, *self.values(node, act))

    def mapping_method(
        self,
        base: Mapping,
        name: str,
        node: ast.Call,
        act: Activation,
        span: Span,
        frame: Frame,
    ) -> Value:
        """A method of a dict that yields something."""
        if name in ("get", "pop", "setdefault"):
            base = ops.by_name(base)
            key = self.positional(node, act, 0)
            default = self.positional(node, act, 1) or Known(None, span)
            if key is None:
                return ops.derived("an entry", span, frame, base)
            if isinstance(key, Known):
                entry = base.entry(key.value) if isinstance(key.value, str) else None
                if entry is not None and not entry.optional:
                    return entry.value
                if entry is None and not base.open:
                    return default
                if entry is not None:
                    return ops.choice([(entry.value, None), (default, None)], span, frame)
            elif base.entries and (not base.open or isinstance(base.open, Uncounted)):
                options: list[tuple[Value, Span | None]] = [
                    (entry.value, None) for entry in base.entries
                ]
                options += [(each, None) for each in _left_over(node, default, base)]
                return ops.choice(options, span, frame, ops.keys_of(key))
            other = ops.derived("an entry that can't be seen", span, frame, base, key)
            if isinstance(default, Known) and default.value is None:
                return other
            return ops.choice([(other, None), (default, None)], span, frame)
        if name == "copy":
            return replace(base, span=span)
        if name in ("keys", "values", "items"):
            items: list[Value] = []
            for entry in base.entries:
                item: Value
                if name == "keys":
                    item = entry.key
                elif name == "values":
                    item = entry.value
                else:
                    item = Sequence((entry.key, entry.value), entry.span, "", (), (), "tuple")
                items.append(ops.optional(item, span) if entry.optional else item)
            kind = f"dict_{name}"
            return Sequence(tuple(items), span, base.open, base.frame, base.order, kind)
        return ops.derived(f"result of .{name}()", span, frame, base, *self.values(node, act))

    def mutated(
        self, value: Value, node: ast.Call, where: list[ast.expr], act: Activation
    ) -> Value:
        """``value`` after a call of a mutator of ``value[where[0]][where[1]]...``."""
        ev = self.ev
        assert isinstance(node.func, ast.Attribute)
        name = node.func.attr
        span = act.module.span(node)
        if name in PUTTING and not (ops.is_queue(value) or isinstance(value, Choice)):
            return value
        if where:
            return self._mutated_inside(value, where, node, act)
        if isinstance(value, Choice):
            return replace(
                value,
                alternatives=tuple(
                    Alternative(self.mutated(a.value, node, [], act), a.condition)
                    for a in value.alternatives
                ),
            )
        if isinstance(value, Object) and isinstance(value.handle, InstanceHandle):
            return value  # a method of its own: ``self.add(...)``
        frame = ev.frame_at(node, act)
        arguments = self.values(node, act)
        if isinstance(value, Sequence):
            if name in ("append", "add", "appendleft", *PUTTING) and arguments:
                item = arguments[0]
                items = (item, *value.items) if name == "appendleft" else (*value.items, item)
                if value.type in ("set", "frozenset"):
                    return ev.unordered(items, value.span, frame, value.open)
                return replace(value, items=items)
            if name in ("extend", "update") and len(arguments) == 1:
                more, reason = ops.spread(arguments[0], span, frame)
                order: tuple[Key, ...] = value.order
                if isinstance(arguments[0], Sequence):
                    order = ops.merge_keys(order, arguments[0].order)
                elif isinstance(arguments[0], Unknown):
                    order = ops.merge_keys(
                        order, tuple(k for k in arguments[0].keys if k.source is Source.ORDER)
                    )
                if value.type in ("set", "frozenset"):
                    return ev.unordered((*value.items, *more), value.span, frame, reason)
                return replace(
                    value, items=(*value.items, *more), open=opened(value.open, reason), order=order
                )
            if name == "insert" and len(arguments) == 2:
                index = arguments[0]
                if isinstance(index, Known) and isinstance(index.value, int) and not value.open:
                    rows = list(value.items)
                    rows.insert(index.value, arguments[1])
                    return replace(value, items=tuple(rows))
                if isinstance(index, Known) and index.value == 0:
                    return replace(value, items=(arguments[1], *value.items))
            if name == "clear":
                return replace(value, items=(), open="", order=())
            if name == "sort":
                return replace(
                    value,
                    order=(),
                    open=value.open or Uncounted("sorted"),
                )
            if name in ("pop", "popleft", "remove", "discard", "reverse"):
                if name == "pop" and not value.open and value.items and not arguments:
                    return replace(value, items=value.items[:-1])
                return replace(value, open=value.open or Uncounted(f"items taken out by .{name}()"))
        if isinstance(value, Mapping):
            if name == "update":
                for argument in [*arguments[: len(node.args)]]:
                    value = ops.update(value, argument, span)
                if node.keywords:
                    value = ops.update(value, self.keywords(node, act), span)
                return value
            if name == "setdefault" and arguments and isinstance(value, Mapping):
                key = arguments[0]
                if isinstance(key, Known) and isinstance(key.value, str):
                    entry = value.entry(key.value)
                    if entry is None or entry.optional:
                        default = arguments[1] if len(arguments) > 1 else Known(None, span)
                        made = Entry(key, default, span, False)
                        if entry is not None or value.open:
                            made = replace(made, optional=True)
                        return ops.set_entry(value, made)
                return value
            if name in ("pop", "popitem") and arguments:
                key = arguments[0]
                if isinstance(key, Known):
                    return replace(
                        value,
                        entries=tuple(
                            e
                            for e in value.entries
                            if not (isinstance(e.key, Known) and e.key.value == key.value)
                        ),
                    )
            if name == "clear":
                return replace(value, entries=(), open="")
        if isinstance(value, (Known, Text)):
            return value
        return ops.derived(f"changed by .{name}()", span, frame, value, *arguments)

    def _mutated_inside(
        self, current: Value, rest: list[ast.expr], node: ast.Call, act: Activation
    ) -> Value:
        """``value[k].append(...)``: the change happens to an element."""
        if not rest:
            return self.mutated(current, node, [], act)
        if isinstance(current, Choice):
            return replace(
                current,
                alternatives=tuple(
                    Alternative(self._mutated_inside(a.value, rest, node, act), a.condition)
                    for a in current.alternatives
                ),
            )
        key = self.ev.evaluate(rest[0], act)
        if isinstance(current, Mapping) and isinstance(key, Known):
            entry = current.entry(key.value) if isinstance(key.value, str) else None
            if entry is not None:
                return ops.set_entry(
                    current,
                    replace(entry, value=self._mutated_inside(entry.value, rest[1:], node, act)),
                )
        elif isinstance(current, Mapping):
            if ops.in_groups(current, key):
                # Groups under keys that aren't known: what is put into one may be in each.
                return replace(
                    current,
                    entries=tuple(
                        replace(each, value=self._mutated_inside(each.value, rest[1:], node, act))
                        for each in current.entries
                    ),
                )
        if isinstance(current, Sequence) and isinstance(key, Known):
            index = key.value
            if isinstance(index, int) and -len(current.items) <= index < len(current.items):
                at = index % len(current.items)
                changed = self._mutated_inside(current.items[at], rest[1:], node, act)
                return replace(
                    current, items=(*current.items[:at], changed, *current.items[at + 1 :])
                )
        if isinstance(current, Mapping) and not (current.entries or current.open):
            return current  # nothing is under the key: it raises
        if isinstance(current, (Sequence, Mapping)):
            return replace(current, open=opened(current.open, "changed in place"))
        return current

    def changed_by(
        self,
        value: Value,
        node: ast.Call,
        function: FunctionNode,
        parameter: str,
        act: Activation,
    ) -> Value:
        """``value`` after it was passed to a function that changes it in place."""
        ev = self.ev
        if act.depth >= DEEPEST_CALLS:
            return value
        cls = act.module.enclosing_class(function)
        lexical = ev.root_of(act.module)
        handle = FunctionHandle(function, act.module, lexical)
        if cls is not None and isinstance(node.func, ast.Attribute):
            receiver = ev.evaluate(node.func.value, act)
            if not (isinstance(receiver, Object) and isinstance(receiver.handle, InstanceHandle)):
                return value
            handle.instance = receiver
        bound = self.bind(handle, node.args, node.keywords, act)
        bound[parameter] = value
        frame = (
            *ev.frame_at(node, act),
            Mark(MarkKind.FUNCTION, function.name, act.module.span(function)),
        )
        depth = act.depth + 1
        inner = ev.run(
            Activation(
                act.module, function, frame, bound, lexical, handle.instance, act.chain, depth
            )
        )
        after = ev.flow.at_end(parameter, function, inner)
        ev.left(inner)
        return after or value

    # -- functions that are not here ------------------------------------------------------

    def external(
        self, name: str, node: ast.Call, act: Activation, span: Span, frame: Frame
    ) -> Value:
        """A call of something imported (or built in), by its qualified name."""
        ev = self.ev
        if name.startswith("builtins."):
            return self.builtin(name.removeprefix("builtins."), node, act, span, frame)
        client = ev.surfaces.client(name)
        if client is not None:
            return self._client(client, node, act, span, frame)
        typed = ev.surfaces.typed(name)
        if typed is not None:
            value = self.keywords(node, act)
            if node.args:
                first = ev.evaluate(node.args[0], act)
                if isinstance(first, Mapping):
                    value = ops.update(first, value, span)
            return replace(value, span=span, type=name)
        if name in ("os.getenv", "os.environ.get"):
            key = self.positional(node, act, 0, "key") or Known("", span)
            return self.environment(key, self.positional(node, act, 1, "default"), span, frame)
        head = self.positional(node, act, 0)
        text = head.value if isinstance(head, Known) and isinstance(head.value, str) else None
        fact = ev.sources.call(name, text)
        if fact is not None:
            return self._source_call(fact, node, act, span, frame)
        if name == "functools.partial" and node.args:
            callee = ev.evaluate(node.args[0], act)
            rest = ast.copy_location(
                ast.Call(func=node.args[0], args=node.args[1:], keywords=node.keywords), node
            )
            return Object("partial", span, frame, (), PartialHandle(callee, rest, act))
        if name in _BY_REFERENCE:
            return self._by_reference(node, act, _BY_REFERENCE[name], span, frame)
        if name in ("asyncio.gather",):
            items = tuple(self.values(node, act))
            return Sequence(items, span, "", frame, (), "list")
        if name in ("dataclasses.asdict", "attrs.asdict", "attr.asdict") and node.args:
            given = ev.evaluate(node.args[0], act)
            if isinstance(given, Object) and isinstance(given.handle, InstanceHandle):
                return self.as_dict(given, given.handle, False, span, frame)
        if name in ("dataclasses.replace", "copy.replace", "attrs.evolve", "attr.evolve"):
            given = ev.evaluate(node.args[0], act) if node.args else Known(None, span)
            if isinstance(given, Object) and isinstance(given.handle, InstanceHandle):
                return self._changed(given, given.handle, node, act, span, frame)
        if name == "importlib.import_module":
            if text is None:
                return ev.unknown("a module that is named at run time", node, act)
            imported = ev.imported(text, 0, "", act)
            return imported or Object("import", span, (), (), ExternalHandle(text))
        if name in ("copy.copy", "copy.deepcopy") and node.args:
            return ev.evaluate(node.args[0], act)
        if name in ("collections.OrderedDict", "types.MappingProxyType", "typing.cast"):
            index = 1 if name == "typing.cast" else 0
            value_ = self.positional(node, act, index)
            return value_ if value_ is not None else self.keywords(node, act)
        if name in ("textwrap.dedent", "inspect.cleandoc") and node.args:
            return self._dedent(ev.evaluate(node.args[0], act), name)
        if name == "collections.defaultdict" and node.args:
            made = self.call_value(ev.evaluate(node.args[0], act), [], span, act)
            unset = Unknown("any key", span, frame, (), "literal")
            entries = (Entry(unset, made, span, True),)
            return Mapping(entries, span, Uncounted("a defaultdict"), frame)
        if name in _QUEUES:
            return Sequence((), span, Uncounted("a queue"), frame, (), "queue")
        if name in ("collections.deque",):
            value_ = self.positional(node, act, 0)
            return (
                value_
                if isinstance(value_, Sequence)
                else Sequence((), span, Uncounted("a deque"), frame)
            )
        if name == "json.dumps":
            return self._json(node, act, span, frame)
        if name in _PARSERS:
            inner_ = self.positional(node, act, 0, "s")
            return self._parsed(inner_, f"{name}()", span, frame)
        if name in ("os.path.join", "pathlib.Path"):
            values = self.values(node, act)
            kind = "pathlib.Path" if name == "pathlib.Path" else "str"
            return ops.derived("a path", span, frame, *values, type=kind)
        pure = ev.sources.pure(name)
        arguments = self.values(node, act)
        if pure is not None:
            kind = name if name in _BUFFERS else pure.type
            if not kind and arguments and isinstance(arguments[0], Unknown):
                kind = arguments[0].type
            if not pure.keeps:
                return Unknown(f"result of {name}()", span, frame, (), "literal", kind)
            result = ops.derived(f"result of {name}()", span, frame, *arguments, type=kind)
            return ops.orderless(result) if pure.orders else result
        last = name.rpartition(".")[2]
        wrapped = _wrapped(last, arguments)
        if wrapped is not None:
            return wrapped
        if isinstance(node.func, ast.Attribute):
            # ``store.search(question)`` with an imported ``store``: its type isn't known.
            found = ev.sources.method("", last, act.module.imported())
            turn = any(k.source is Source.TURN for a in arguments for k in ops.keys_of(a))
            if found is not None and found.effect == "source" and (turn or not found.needs_turn):
                receiver = Unknown(f"imported `{name}`", span, (), ())
                return self.effect(receiver, found, self._arguments(node, act), span, frame)
        kind = name if last[:1].isupper() else ""
        reason = f"result of {name}(), which is defined elsewhere"
        return ops.opaque(
            reason,
            span,
            frame,
            *arguments,
            type=kind,
            standard=ops.is_standard(name),
            library=ev.sources.library(name),
        )

    def _client(
        self, fact: ClientFact, node: ast.Call, act: Activation, span: Span, frame: Frame
    ) -> Value:
        """A client, made by this call."""
        keywords = self.keywords(node, act)
        made = {str(e.key.value): e.value for e in keywords.entries if isinstance(e.key, Known)}
        inner = (*frame, Mark(MarkKind.OBJECT, fact.name, span))
        return Object(fact.name, span, inner, (), ClientHandle(fact.name, made))

    def _source_call(
        self, fact: SourceFact, node: ast.Call, act: Activation, span: Span, frame: Frame
    ) -> Value:
        ev = self.ev
        arguments = self._arguments(node, act)
        if fact.pure_with is not None:
            given = self.positional(node, act, fact.pure_with.position, fact.pure_with.keyword)
            if given is not None:
                result = ops.derived(
                    f"result of {fact.name}",
                    span,
                    frame,
                    *(v for _, v in arguments),
                    type=fact.type,
                )
                if fact.format is not None:
                    return self._as_formatted(result, fact.format_style, fact.format, arguments)
                return result
        made = ev.source(fact, span, frame)
        if fact.kind == "process":
            made = told(made, fact, arguments, ev.sources)
        if fact.format is not None:
            return self._as_formatted(made, fact.format_style, fact.format, arguments)
        kept = tuple(
            k._replace(confidence=min(k.confidence, Confidence.MEDIUM))
            for _, v in arguments
            for k in ops.keys_of(v)
            if k.source in (Source.ENTITY, Source.TURN)
        )
        return replace(made, keys=ops.merge_keys(made.keys, kept)) if kept else made

    def _as_formatted(
        self,
        value: Unknown,
        style: str,
        where: object,
        arguments: list[tuple[str, Value]],
    ) -> Unknown:
        fact = MethodFact("formats", "str", format=where, format_style=style)  # type: ignore[arg-type]
        written = self._literal_argument(fact, arguments)
        if written is None:
            return _shown_somehow(value, value.span) if arguments else value
        unit = _unit_shown(written, style)
        if unit is None:
            return replace(value, keys=tuple(k for k in value.keys if k.source is not Source.CLOCK))
        coarse = Granularity[unit.upper()]
        return replace(
            value,
            keys=tuple(
                k._replace(granularity=coarse) if k.source is Source.CLOCK else k
                for k in value.keys
            ),
        )

    def environment(self, key: Value, default: Value | None, span: Span, frame: Frame) -> Value:
        """An environment variable: set by the deployment, the same for the life of a process."""
        name = str(key.value) if isinstance(key, Known) else "a variable"
        value = Unknown(f"environment variable {name}", span, (), (), "environment", "str")
        if default is None or (isinstance(default, Known) and default.value is None):
            return value
        return ops.choice([(default, span), (value, span)], span, frame)

    def command_line(self, name: str, span: Span, module: Module) -> Value:
        """An argument that argparse read: its default, or what stands on the command line."""
        value = Unknown(f"command line argument {name}", span, (), (), "environment")
        default = added_argument(name, module).get("default")
        if default is None:
            return value
        act = self.ev.root_of(module)
        return ops.choice([(self.ev.evaluate(default, act), span), (value, span)], span)

    def _json(self, node: ast.Call, act: Activation, span: Span, frame: Frame) -> Value:
        """``json.dumps``: without ``sort_keys`` the key order of its argument shows."""
        value = self.positional(node, act, 0, "obj") or Known(None, span)
        ordered = self.positional(node, act, -1, "sort_keys")
        if isinstance(value, Choice) and not any(
            isinstance(b.value, (Sequence, Mapping)) for b in value.alternatives
        ):
            # what is no container stays as short as it is
            texts = [
                (self._json_text(b.value, ordered, span, frame), b.condition)
                for b in value.alternatives
            ]
            return ops.choice(texts, span, frame, value.keys)
        return self._json_text(value, ordered, span, frame)

    def _json_text(self, value: Value, ordered: Value | None, span: Span, frame: Frame) -> Value:
        whole = ops.written_out(value)
        result = ops.derived("a JSON text", span, frame, whole, type="str", may_be_empty=False)
        if isinstance(value, Known):
            import json

            try:
                return Known(json.dumps(value.value), span)
            except (TypeError, ValueError):
                return result
        if isinstance(ordered, Known) and ordered.value:
            return replace(
                result,
                keys=tuple(k for k in result.keys if k.source is not Source.JSON_ORDER),
            )
        return replace(
            result,
            keys=tuple(
                k.via(Step(Role.STEP, span, "json.dumps() keeps the order of the keys"))
                if k.source is Source.JSON_ORDER
                else k
                for k in result.keys
            ),
        )

    def _parsed(self, value: Value | None, name: str, span: Span, frame: Frame) -> Value:
        """What a JSON text that comes from outside is parsed into: its key order is its own."""
        if isinstance(value, Known):
            return Unknown("a parsed JSON literal", span, frame, ())
        base = ops.derived("parsed JSON", span, frame, *([value] if value is not None else []))
        fixed = (Source.FILE, Source.ENVIRONMENT)
        if all(key.source in fixed for key in base.keys):
            return replace(base, type="")  # the same text each time has the same order of keys
        key = Key(
            Source.JSON_ORDER,
            name,
            span,
            confidence=Confidence.MEDIUM,
            trail=(
                Step(Role.SOURCE, span, f"{name} keeps the key order of whoever wrote the text"),
            ),
            frame=frame,
        )
        return replace(base, keys=(*base.keys, key), type="")

    def _dedent(self, value: Value, name: str) -> Value:
        import inspect
        import textwrap

        if isinstance(value, Known) and isinstance(value.value, str):
            change = textwrap.dedent if name.startswith("textwrap") else inspect.cleandoc
            return Known(change(value.value), value.span)
        return value

    def _by_reference(
        self, node: ast.Call, act: Activation, position: int, span: Span, frame: Frame
    ) -> Value:
        """A function that runs the function it is given, or awaits what it is given."""
        if position < 0:
            return self.ev.evaluate(node.args[0], act) if node.args else Known(None, span)
        if len(node.args) <= position:
            return self.ev.unknown("nothing to run", node, act)
        callee = self.ev.evaluate(node.args[position], act)
        rest = ast.copy_location(
            ast.Call(
                func=node.args[position],
                args=node.args[position + 1 :],
                keywords=node.keywords,
            ),
            node,
        )
        return self.invoke(callee, rest, act, span, frame)

    def call_value(
        self, callee: Value, arguments: list[Value], span: Span, act: Activation
    ) -> Value:
        """The result of calling ``callee`` without written arguments (a default factory)."""
        empty = ast.Call(func=ast.Name(id="_", ctx=ast.Load()), args=[], keywords=[])
        ast.copy_location(
            empty, act.node if isinstance(act.node, ast.stmt) else act.module.tree.body[0]
        )
        ast.fix_missing_locations(empty)
        return self.invoke(callee, empty, act, span, act.frame)

    def entered(self, value: Value, node: ast.expr, act: Activation) -> Value:
        """What ``with value as x`` binds."""
        if isinstance(value, Object):
            handle = value.handle
            if isinstance(handle, InstanceHandle):
                for name in ("__enter__", "__aenter__"):
                    for cls in self.ev.instances.bases(handle.cls):
                        if self.ev.instances.method(cls, name) is not None:
                            return value
            return value
        return value

    def is_counter(self, node: ast.expr, act: Activation) -> bool:
        """Whether a loop runs over ``range()`` or ``itertools.count()``: rounds, not records."""
        if not isinstance(node, ast.Call):
            return False
        name = dotted(node.func) or ""
        return name in ("range", "trange", "itertools.count", "count", "tqdm.trange")

    # -- builtins -------------------------------------------------------------------------

    def builtin(
        self, name: str, node: ast.Call, act: Activation, span: Span, frame: Frame
    ) -> Value:
        """A built-in function."""
        ev = self.ev
        arguments = self.values(node, act)
        first = arguments[0] if arguments else None
        if name == "dict" and isinstance(first, Choice) and node.args:
            # A copy of the one dict or the other; each stays where it is written.
            given = self.keywords(node, act)
            copies = tuple(
                replace(a, value=ops.update(_copy_of(a.value, span, frame), given, span))
                for a in first.alternatives
            )
            return replace(first, alternatives=copies)
        if name == "dict":
            value = Mapping((), span, "", frame)
            if first is not None and node.args:
                if isinstance(first, Sequence) and all(
                    isinstance(i, Sequence) and len(i.items) == 2 for i in first.items
                ):
                    for item in first.items:
                        assert isinstance(item, Sequence)
                        value = ops.set_entry(value, Entry(item.items[0], item.items[1], item.span))
                    value = replace(value, open=first.open)
                else:
                    value = ops.update(value, first, span)
            return ops.update(value, self.keywords(node, act), span)
        if name in ("list", "tuple", "reversed", "iter", "aiter"):
            if first is None:
                return Sequence((), span, "", frame, (), "tuple" if name == "tuple" else "list")
            read = _read_out(first, act.module.span(node.args[0])) if node.args else first
            return self._listed(read, name, span, frame)
        if name in ("set", "frozenset"):
            if first is None:
                return Sequence((), span, "", frame, (), "set")
            items, reason = ops.spread(first, span, frame)
            return ev.unordered(items, span, frame, reason)
        if name == "sorted" and first is not None:
            return self._sorted(first, span, frame)
        if name == "str":
            if first is None:
                return Known("", span)
            return ops.as_text(first, span)
        if name in ("enumerate", "zip"):
            return self._paired(name, arguments, span, frame)
        if name in ("map", "filter") and len(node.args) == 2:
            return self._mapped(name, node, act, span, frame)
        if name == "getattr" and len(node.args) >= 2 and first is not None:
            attribute = arguments[1]
            if isinstance(attribute, Known) and isinstance(attribute.value, str):
                value_ = ev.attribute(first, attribute.value, span, frame)
                if len(arguments) > 2 and isinstance(first, Unknown):
                    return ops.choice([(value_, None), (arguments[2], None)], span, frame)
                return value_
            return ops.derived("an attribute chosen at run time", span, frame, *arguments)
        if name == "chr" and isinstance(first, Known) and isinstance(first.value, int):
            if 0 <= first.value <= 0x10FFFF:
                return Known(chr(first.value), span)
        if name == "repr" and isinstance(first, Known):
            return Known(repr(first.value), span)
        if name in ("len", "sum", "abs", "round", "int", "float", "bool", "ord", "hash"):
            if name == "len" and isinstance(first, Known) and isinstance(first.value, str):
                return Known(len(first.value), span)
            if name in ("int", "float") and isinstance(first, Known):
                try:
                    return Known((int if name == "int" else float)(str(first.value)), span)
                except (TypeError, ValueError):
                    return ops.derived("a number", span, frame, first, type=name)
            kept = ops.derived("a number", span, frame, *arguments, type="int")
            return ops.orderless(kept)
        if name == "format" and first is not None:
            spec = arguments[1] if len(arguments) > 1 else Known("", span)
            return ops.as_text(self.formatted(first, spec, span), span)
        if name == "open":
            file = self._file(first, span, frame)
            return self._measured(file, node.args[0], act) if node.args else file
        if name == "range":
            return Sequence(
                (Repeat(Unknown("a number", span, frame, (), "loop", "int"), span, frame, ()),),
                span,
                Uncounted("a range"),
                frame,
                (),
                "list",
            )
        if name == "isinstance" and act.picked and first is not None and len(node.args) == 2:
            # Of one item of a list; elsewhere more may come in than is seen.
            known = _is_of(first, node.args[1])
            if known is not None:
                return Known(known, span)
        if name == "isinstance" and len(node.args) == 2 and first is not None:
            if _is_plain(first) and self._is_reply(node.args[1], act):
                return Known(False, span)
        if name in ("isinstance", "issubclass", "callable", "hasattr", "type", "id", "any", "all"):
            if name == "id":
                fact = ev.sources.call("builtins.id") or ev.sources.call("id")
                if fact is not None:
                    return ev.source(fact, span, frame)
            return ops.orderless(
                ops.derived("the outcome of a test", span, frame, *arguments, type="bool")
            )
        fact = ev.sources.call(f"builtins.{name}") or ev.sources.call(name)
        if fact is not None:
            return ev.source(fact, span, frame)
        if name == "next" and node.args and isinstance(node.args[0], ast.GeneratorExp):
            found = ops.first_of(first, arguments[1:], span, frame) if first is not None else None
            if found is not None:
                return found
        if name in ("min", "max", "next"):
            inner = ops.item_of(first, span, frame) if first is not None else Known(None, span)
            result = ops.derived(f"result of {name}()", span, frame, inner, *arguments)
            return ops.orderless(result) if name != "next" else result
        if name == "print":
            return Known(None, span)
        return ops.derived(f"result of {name}()", span, frame, *arguments)

    def _is_reply(self, cls: ast.expr, act: Activation) -> bool:
        """Whether only classes of what the API sends are asked for."""
        classes = cls.elts if isinstance(cls, ast.Tuple) else [cls]
        return all(self.qualified(each, act).startswith("anthropic.types.") for each in classes)

    def _file(self, path: Value | None, span: Span, frame: Frame) -> Value:
        """An opened file: what is read from it depends on which one it is."""
        values = [path] if path is not None else []
        value = ops.derived("a file", span, frame, *values, type="file")
        return replace(value, entry="file")

    def _measured(self, value: Value, path: ast.expr, act: Activation) -> Value:
        """A text that is read from a file: its length is known where the file lies there."""
        if not isinstance(value, Unknown):
            return value
        size = self.files.size(path, act)
        if size is None:
            return value
        least, chars, most = size
        return replace(value, chars=(least, chars), most=most)

    def _listed(self, value: Value, name: str, span: Span, frame: Frame) -> Value:
        kind = "tuple" if name == "tuple" else "list"
        if isinstance(value, Sequence):
            items = value.items[::-1] if name == "reversed" else value.items
            return replace(value, items=items, span=span, type=kind)
        if isinstance(value, Choice):
            return ops.choice(
                [
                    (self._listed(a.value, name, span, frame), a.condition)
                    for a in value.alternatives
                ],
                span,
                frame,
                value.keys,
            )
        items, reason = ops.spread(value, span, frame)
        order = tuple(k for k in ops.keys_of(value) if k.source is Source.ORDER)
        return Sequence(items, span, reason, frame, order, kind)

    def _sorted(self, value: Value, span: Span, frame: Frame) -> Value:
        items, reason = ops.spread(value, span, frame)
        cleaned = tuple(ops.orderless(item) for item in items)
        if isinstance(value, Sequence) and all(
            isinstance(i, Known) and isinstance(i.value, str) for i in items
        ):
            cleaned = tuple(sorted(cleaned, key=lambda i: str(getattr(i, "value", ""))))
            return Sequence(cleaned, span, reason, frame, (), "list")
        return Sequence(cleaned, span, reason or Uncounted("sorted"), frame, (), "list")

    def _paired(self, name: str, arguments: list[Value], span: Span, frame: Frame) -> Value:
        if not arguments:
            return Sequence((), span)
        bodies = [ops.item_of(value, span, frame) for value in arguments]
        if name == "enumerate":
            bodies = [Unknown("a counter", span, frame, (), "loop", "int"), bodies[0]]
        exact = all(
            isinstance(v, Sequence)
            and not v.open
            and not any(isinstance(i, (Repeat, Choice)) for i in v.items)
            for v in arguments
        )
        order = ops.merge_keys(*(v.order for v in arguments if isinstance(v, (Sequence, Mapping))))
        if exact:
            rows: list[Value] = []
            columns = [v.items for v in arguments if isinstance(v, Sequence)]
            if name == "enumerate":
                columns = [tuple(Known(i, span) for i in range(len(columns[0]))), columns[0]]
            for row in zip(*columns, strict=False):
                rows.append(Sequence(tuple(row), span, "", (), (), "tuple"))
            return Sequence(tuple(rows), span, "", frame, order, "list")
        keys = ops.merge_keys(*(ops.keys_of(v) for v in arguments))
        row_ = Sequence(tuple(bodies), span, "", (), (), "tuple")
        return Sequence(
            (Repeat(row_, span, frame, keys),),
            span,
            Uncounted("items that can't be counted"),
            frame,
            order,
        )

    def _mapped(
        self, name: str, node: ast.Call, act: Activation, span: Span, frame: Frame
    ) -> Value:
        source = self.ev.evaluate(node.args[1], act)
        item = ops.item_of(source, span, frame)
        order = source.order if isinstance(source, (Sequence, Mapping)) else ()
        if name == "map":
            callee = self.ev.evaluate(node.args[0], act)
            if isinstance(callee, Object) and isinstance(callee.handle, FunctionHandle):
                names = [p.arg for p in parameters(callee.handle.node)]
                if callee.handle.instance is not None:
                    names = names[1:]
                bound: dict[str, Argument] = {names[0]: item} if names else {}
                if callee.handle.instance is not None:
                    bound[parameters(callee.handle.node)[0].arg] = callee.handle.instance
                item = self.run(callee.handle, bound, span, frame, act)
            else:
                item = ops.derived("the result of map()", span, frame, item)
        keys = ops.keys_of(source)
        return Sequence(
            (Repeat(item, span, frame, keys),), span, Uncounted("made by a loop"), frame, order
        )


def _wrapped(name: str, arguments: list[Value]) -> Object | None:
    """The client that a function of this name wraps and hands back, if it is given one."""
    first = arguments[0] if arguments else None
    if isinstance(first, Object) and isinstance(first.handle, ClientHandle):
        if any(word in name.lower() for word in _WRAPPING):
            return first
    return None


def _name(node: ast.Call) -> str:
    return dotted(node.func) or "a function"


def _reply_key(span: Span, frame: Frame) -> Key:
    return Key(
        Source.CALL,
        "the model's reply",
        span,
        trail=(Step(Role.SOURCE, span, "the reply of a model is another one each time"),),
        frame=frame,
    )


def _unit_shown(written: str, style: str) -> str | None:
    """The finest unit of time that a format shows."""
    return granularity_of_tokens(written) if style == "tokens" else granularity_of_format(written)


def _is_of(value: Value, kinds: ast.expr) -> bool | None:
    """Whether a value is of one of these built-in types, None where that can't be told."""
    named = kinds.elts if isinstance(kinds, ast.Tuple) else [kinds]
    wanted = {each.id for each in named if isinstance(each, ast.Name)}
    if len(wanted) < len(named) or not wanted <= _BUILT_IN:
        return None
    found = {_is_one_of(each, wanted) for each in alternatives(value)}
    return found.pop() if len(found) == 1 else None


def _is_one_of(value: Value, wanted: set[str]) -> bool | None:
    if isinstance(value, Known):
        # A member of an enumeration is known as its value, and a flag is an int as well.
        return None if wanted & {"str", "int", "float", "bytes"} else False
    kind = "str" if isinstance(value, Text) else getattr(value, "type", "")
    if not isinstance(value, (Text, Sequence, Mapping)) or kind not in _BUILT_IN:
        return None
    return kind in wanted


#: Types that are told apart where code asks what it has been handed.
_BUILT_IN = frozenset(("str", "list", "dict", "tuple", "set", "frozenset", "int", "float", "bytes"))


def _copy_of(value: Value, span: Span, frame: Frame) -> Mapping:
    """``dict(value)``."""
    if isinstance(value, Mapping):
        return replace(value, type="dict")
    return ops.update(Mapping((), span, "", frame), value, span)


def _read_out(value: Value, span: Span) -> Value:
    """A container whose order is read out at ``span``."""
    if isinstance(value, (Sequence, Mapping)) and value.order:
        return replace(value, order=ops.taken_at(value.order, span))
    if isinstance(value, Unknown) and value.keys:
        return replace(value, keys=ops.taken_at(value.keys, span))
    return value


def _shown_somehow(value: Unknown, span: Span) -> Unknown:
    """A clock in a format that can't be seen: it may show the second, or the year alone."""
    return replace(
        value,
        keys=tuple(
            ops.unknown_key(k.name, span, k.frame) if k.source is Source.CLOCK else k
            for k in value.keys
        ),
    )


def _very_wide(spec: str) -> bool:
    """Whether a format pads to a width or precision of ten thousand and more."""
    run = 0
    for char in spec:
        run = run + 1 if char.isdigit() else 0
        if run > 4:
            return True
    return False


def _grows_long(text: object, arguments: list[object]) -> bool:
    """Whether ``text.replace(old, new)`` makes more of it than is kept of a text."""
    old, new = (*arguments, None, None)[:2]
    if not (isinstance(text, str) and isinstance(old, str) and isinstance(new, str)):
        return False
    return text.count(old) * len(new) > ops.MOST_TEXT


def client_of(value: Value) -> Object | None:
    """The client (or resource of one) that a value is in one of its alternatives."""
    for inner in alternatives(value):
        if isinstance(inner, Object) and isinstance(inner.handle, ClientHandle):
            return inner
    return None


def added_argument(name: str, module: Module) -> dict[str | None, ast.expr]:
    """What ``add_argument`` is told of the argument that is read under a name."""
    for call in module.calls_named.get("add_argument", ()):
        flags = [
            a.value.lstrip("-").replace("-", "_")
            for a in call.args
            if isinstance(a, ast.Constant) and isinstance(a.value, str)
        ]
        keywords = {k.arg: k.value for k in call.keywords}
        given = keywords.get("dest")
        if isinstance(given, ast.Constant):
            flags = [str(given.value)]
        if name in flags:
            return keywords
    return {}


def _is_plain(value: Value) -> bool:
    """Whether a value surely is a text, a list or a dict that is made here."""
    return all(isinstance(each, (Known, Text, Sequence, Mapping)) for each in alternatives(value))


def _left_over(node: ast.Call, default: Value, base: Mapping) -> list[Value]:
    """What is left of the default of ``table.get(name, name)``: what the table doesn't name."""
    if len(node.args) != 2 or ast.dump(node.args[0]) != ast.dump(node.args[1]):
        return [default]
    found = []
    for each in alternatives(default):
        key = each.value if isinstance(each, Known) else None
        entry = base.entry(key) if isinstance(key, str) else None
        if entry is None or entry.optional:
            found.append(each)
    return found
