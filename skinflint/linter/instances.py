"""Attributes of instances and classes that are here: constructors, fields, setters, bases."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from skinflint.linter import operations as ops
from skinflint.linter.activation import (
    Activation,
    ClassHandle,
    ExternalHandle,
    FunctionHandle,
    InstanceHandle,
    Thunk,
)
from skinflint.linter.module import (
    FUNCTIONS,
    FunctionNode,
    dotted,
    parameters,
)
from skinflint.linter.shapes import (
    ALWAYS,
    MOST_RUNS,
    accumulates,
    fills_once,
    frozen,
    is_enum,
    members_of,
)
from skinflint.linter.spans import Role, Span, Step
from skinflint.linter.values import (
    Confidence,
    Frame,
    Key,
    Known,
    Mapping,
    Mark,
    MarkKind,
    Object,
    Sequence,
    Source,
    Uncounted,
    Unknown,
    Value,
    opened,
    with_keys,
)
from skinflint.records import replace

if TYPE_CHECKING:
    from skinflint.linter.evaluate import Evaluator


#: Methods that set an object up, before others read what it has.
_SETTERS = ("__init__", "__post_init__", "__new__", "__aenter__", "__enter__", "setUp")
#: Kinds of entry that objects of a library stand for, which read from there.
_SERVICES = ("database", "http", "turn", "model reply")
#: Assignments of one attribute that are looked at, outside of the constructor.
MOST_WRITES = 4


class Instances:
    """Evaluates attributes of instances for an :class:`Evaluator`."""

    def __init__(self, evaluator: Evaluator) -> None:
        self.ev = evaluator
        #: Runs of constructors, by the object and the class: what one attribute needed of it is
        #: there for the next one.
        self._making: dict[tuple[int, ast.ClassDef, FunctionNode], Activation] = {}

    def instance_attribute(
        self,
        base: Object,
        handle: InstanceHandle,
        name: str,
        span: Span,
        frame: Frame | None = None,
    ) -> Value:
        """An attribute of an instance of a class that is here, read in ``frame``.

        A property runs each time it is read; everything else belongs to the object.
        """
        if frame is not None:
            run = self._property(base, handle, name, span, frame)
            if run is not None:
                return run
        memo = handle.memo.get(name)
        if memo is not None:
            return memo
        written = handle.written.get(name) if handle.written is not None else None
        if written is not None:
            set_since = written()
            if set_since is not None:
                handle.memo[name] = set_since
                return set_since
        busy = ("instance", id(handle), name)
        if busy in self.ev.busy:
            keys = (ops.unknown_key(name, span, ()),)
            return Unknown("depends on itself", span, (), keys, "literal")
        self.ev.busy.add(busy)
        try:
            value = self._instance_attribute(base, handle, name, span)
        finally:
            self.ev.busy.discard(busy)
        handle.memo[name] = value
        return value

    def _property(
        self, base: Object, handle: InstanceHandle, name: str, span: Span, frame: Frame
    ) -> Value | None:
        for cls in self.bases(handle.cls):
            method = self.method(cls, name)
            if method is None:
                continue
            names = [(dotted(d) or "").rpartition(".")[2] for d in method.decorator_list]
            if "property" not in names or ("property", method) in self.ev.busy:
                return None
            act = self.method_activation(method, base, handle, cls, {})
            act.frame = (*frame, Mark(MarkKind.FUNCTION, name, cls.module.span(method)))
            act.arguments = {parameters(method)[0].arg: base} if parameters(method) else {}
            act = self.ev.run(act)
            self.ev.busy.add(("property", method))
            try:
                return self.ev.calls.returned(method, act, span)
            finally:
                self.ev.busy.discard(("property", method))
        return None

    def _instance_attribute(
        self, base: Object, handle: InstanceHandle, name: str, span: Span
    ) -> Value:
        if name in ("value", "name") and is_enum(handle.cls.node):
            return self._member(handle, name, span)
        if handle.arguments is None:
            # Somebody hands it in; as the project makes such objects, so it is.
            made = [] if self._is_method(handle.cls, name) else self.ev.made(handle.cls)
            if made:
                return ops.choice(
                    [(self.ev.attribute(each, name, span, handle.frame), None) for each in made],
                    span,
                    handle.frame,
                )
        for cls in self.bases(handle.cls):
            value = self.own_attribute(base, handle, cls, name, span)
            if value is not None:
                return value
        return Unknown(
            f"attribute `{name}` of `{handle.cls.node.name}` is set elsewhere",
            span,
            handle.frame,
            (ops.unknown_key(name, span, handle.frame),),
            self.library_of(handle.cls) or "attribute",
        )

    def library_of(self, cls: ClassHandle) -> str:
        """The kind of source that the library reads from which a base of the class is of."""
        for each in self.bases(cls):
            for base in each.node.bases:
                value = self.ev.evaluate(base, each.lexical)
                name = getattr(value, "type", "")
                if isinstance(value, Object) and isinstance(value.handle, ExternalHandle):
                    name = value.handle.name
                if self.ev.sources.library(name):
                    return self.ev.sources.library(name)
                if isinstance(value, Unknown) and value.entry in ("database", "http", "turn"):
                    return value.entry
        return ""

    def bases(self, cls: ClassHandle) -> list[ClassHandle]:
        """The class and those of its bases that are here, in order of lookup."""
        if not cls.node.bases:
            return [cls]
        found = [cls]
        seen = {cls.node}
        queue = [(base, cls) for base in cls.node.bases]
        while queue and len(found) < 16:
            base, derived = queue.pop(0)
            value = self.ev.evaluate(base, derived.lexical)
            if isinstance(value, Object) and isinstance(value.handle, ClassHandle):
                handle = value.handle
                if handle.node not in seen:
                    seen.add(handle.node)
                    found.append(handle)
                    queue.extend((base, handle) for base in handle.node.bases)
        return found

    def _member(self, handle: InstanceHandle, name: str, span: Span) -> Value:
        """The value (or name) of some member of an enumeration."""
        cls = handle.cls
        options: list[tuple[Value, Span | None]] = []
        for member, stmt in members_of(cls.node):
            made = self.class_attribute(cls, member, None) if name == "value" else None
            options.append((made or Known(member, cls.module.span(stmt)), None))
        if not options:
            return Unknown(f"a member of `{cls.node.name}`", span, handle.frame, (), "literal")
        return ops.choice(options, span, handle.frame)

    def _is_method(self, cls: ClassHandle, name: str) -> bool:
        return any(self.method(base, name) is not None for base in self.bases(cls))

    def method(self, cls: ClassHandle, name: str) -> FunctionNode | None:
        """The function that ``cls`` itself defines under ``name``."""
        return cls.module.method(cls.node, name)

    def own_attribute(
        self, base: Object, handle: InstanceHandle, cls: ClassHandle, name: str, span: Span
    ) -> Value | None:
        """What ``cls``, one of the classes of an instance, says of an attribute, if it does."""
        method = self.method(cls, name)
        if method is not None:
            return self._method_value(method, base, handle, cls, span)
        options: list[tuple[Value, Span | None]] = []
        path = ""
        init_found = False
        for setter in _SETTERS:
            function = self.method(cls, setter)
            if function is None or not parameters(function):
                continue
            path = f"{parameters(function)[0].arg}.{name}"
            if cls.module.touching(function.body, path):
                act = self._constructor(function, base, handle, cls)
                value = self.ev.flow.after_body(path, function.body, act, lambda: None)
                if value is not None:
                    options.append((value, None))
                    init_found = True
                    break
        writes = self._attribute_writes(cls, name)
        if not init_found:
            value = self.class_attribute(cls, name, handle)
            if value is not None:
                options.append((value, None))
        if not options and not writes:
            return None
        if writes:
            queue = bool(options) and ops.is_queue(options[0][0])
            grows = [stmt for stmt, own in writes if accumulates(stmt, f"{own}.{name}", queue)]
            if grows:
                where = cls.module.span(grows[0])
                key = Key(
                    Source.EVENT,
                    f"self.{name}",
                    where,
                    confidence=Confidence.MEDIUM,
                    trail=(Step(Role.SOURCE, where, f"`self.{name}` changes here"),),
                    frame=ALWAYS,
                )
                first = options[0][0] if options else None
                paths = [(stmt, f"{own}.{name}") for stmt, own in writes if stmt in grows]
                why = "grows over time"
                if isinstance(first, (Sequence, Mapping)):
                    filled: Sequence | Mapping
                    if isinstance(first, Sequence):
                        filled = self.ev.flow.with_added(first, paths, cls.module, key, why)
                    else:
                        filled = self.ev.flow.with_entries(first, paths, cls.module, key, why)
                    if all(self._constructs(s, cls) for s in grows):
                        return _constructed(replace(filled, order=first.order), key, handle.frame)
                    return filled
                if first is not None and self._is_service(first):
                    return first  # ``session.add(row)``: no list, but something that is told of it
                added: list[Value] = []
                whole = first is not None
                for stmt, path in paths:
                    runs = self.ev.runs(stmt, cls.module)
                    whole = whole and 0 < len(runs) < MOST_RUNS
                    for act in runs if whole else ():
                        more = self.ev.flow.put_in(stmt, path, act)
                        whole = whole and more is not None
                        added.extend(more or ())
                entry = "attribute"
                if first is not None and whole:
                    entry = ops.entry_of(first, *added)
                return Unknown(f"`self.{name}` {why}", where, handle.frame, (key,), entry)
            plain = [v for v, _ in options if not (isinstance(v, Known) and v.value is None)]
            once = all(fills_once(stmt, f"{own}.{name}", cls.module) for stmt, own in writes)
            if once and not plain:
                options = []
                for stmt, _ in writes[:2]:
                    if isinstance(stmt, (ast.Assign, ast.AnnAssign)) and stmt.value is not None:
                        filler = cls.module.scope(stmt)
                        if isinstance(filler, FUNCTIONS):
                            act = self.method_activation(filler, base, handle, cls, None)
                            act.frame = handle.frame
                            options.append((frozen(self.ev.evaluate(stmt.value, act)), None))
            elif not once:
                where = cls.module.span(writes[0][0])
                binding = [stmt for stmt, own in writes if _binds(stmt, f"{own}.{name}")]
                first = options[0][0] if options else None
                if not binding and isinstance(first, (Sequence, Mapping)):
                    why = Uncounted("items are changed or taken out")
                    order = (*first.order, ops.unknown_key(name, where, ALWAYS))
                    return replace(first, open=opened(first.open, why), order=order)
                for stmt in (binding or [stmt for stmt, _ in writes])[:MOST_WRITES]:
                    options.append((self._setter_value(stmt, base, handle, cls, name), None))
                return ops.choice(
                    options, where, handle.frame, (ops.unknown_key(name, where, ALWAYS),)
                )
        return ops.choice(options, span) if options else None

    def declared(self, path: str, act: Activation) -> Value | None:
        """What ``self.name`` is worth when a constructor begins: a field, or what the class has."""
        function, base = act.node, act.instance
        handle = base.handle if isinstance(base, Object) else None
        if not isinstance(handle, InstanceHandle) or not isinstance(function, FUNCTIONS):
            return None
        own = parameters(function)[:1]
        if function.name not in _SETTERS or not own or path.count(".") != 1:
            return None
        owner, _, name = path.partition(".")
        if owner != own[0].arg:
            return None
        for each in self.bases(handle.cls):
            value = self.class_attribute(each, name, handle)
            if value is not None:
                return value
        return None

    def _init_arguments(
        self, base: Object, handle: InstanceHandle, cls: ClassHandle
    ) -> dict[str, Thunk | Value] | None:
        """What the constructor of ``cls`` is handed: by the code that makes the instance, or by
        the constructor of a derived class."""
        owner = next((c for c in self.bases(handle.cls) if self.method(c, "__init__")), None)
        if owner is None or owner.node is cls.node:
            return handle.arguments
        derived, inherited = self.method(owner, "__init__"), self.method(cls, "__init__")
        assert derived is not None
        assert inherited is not None
        for node in ast.walk(derived):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
                continue
            if node.func.attr != "__init__":
                continue
            receiver = node.func.value
            through_super = isinstance(receiver, ast.Call) and dotted(receiver.func) == "super"
            if through_super or dotted(receiver) == cls.node.name:
                act = self.method_activation(derived, base, handle, owner, handle.arguments)
                called = FunctionHandle(inherited, cls.module, cls.lexical, base)
                args = node.args if through_super else node.args[1:]
                return self.ev.calls.bind(called, args, node.keywords, act)
        return None

    def _setter_value(
        self, stmt: ast.stmt, base: Object, handle: InstanceHandle, cls: ClassHandle, name: str
    ) -> Value:
        """What a method other than the constructor assigns: its kind shows, its variation not."""
        where = cls.module.span(stmt)
        reason = f"`self.{name}` is assigned by another method"
        keys = (ops.unknown_key(name, where, ALWAYS),)
        unseen = Unknown(reason, where, handle.frame, keys, "attribute")
        if isinstance(stmt, (ast.Assign, ast.AnnAssign)) and stmt.value is not None:
            function = cls.module.scope(stmt)
            if isinstance(function, FUNCTIONS):
                runs = self.ev.runs(stmt, cls.module)
                runs = runs or [self.method_activation(function, base, handle, cls, None)]
                return self.ev.flow.assigned_in(stmt.value, runs, unseen)
        return unseen

    def _is_service(self, value: Value) -> bool:
        """Whether a value is an object that is told things, no container."""
        if isinstance(value, Unknown):
            library = self.ev.sources.library(value.type)
            return value.entry in _SERVICES or library not in ("", "literal")
        return isinstance(value, Object)

    def _constructs(self, stmt: ast.stmt, cls: ClassHandle) -> bool:
        """Whether a statement stands in a method that only the constructor calls."""
        module = cls.module
        function = module.scope(stmt)
        if not isinstance(function, FUNCTIONS):
            return False
        init = self.method(cls, "__init__")
        calls = module.calls_named.get(function.name, ())
        return bool(calls) and all(module.scope(call) is init for call in calls)

    def _attribute_writes(self, cls: ClassHandle, name: str) -> list[tuple[ast.stmt, str]]:
        """Statements in methods other than the constructor that assign or change ``self.name``."""
        known = cls.module.written.get((cls.node, name))
        if known is None:
            known = cls.module.written[cls.node, name] = list(self._writes(cls, name))
        return known

    def _writes(self, cls: ClassHandle, name: str) -> Iterator[tuple[ast.stmt, str]]:
        for function in cls.node.body:
            if not isinstance(function, FUNCTIONS) or function.name in (
                "__init__",
                "__post_init__",
                "__new__",
                "__aenter__",
                "__enter__",
                "__exit__",
                "__aexit__",
                "close",
                "aclose",
            ):
                continue
            own = parameters(function)[:1]
            if not own:
                continue
            path = f"{own[0].arg}.{name}"
            if not cls.module.touching(function.body, path):
                continue
            from skinflint.linter.module import _simple_statements

            for stmt in _simple_statements(function.body):
                if path in cls.module.touched(stmt):
                    yield stmt, own[0].arg

    def method_activation(
        self,
        function: FunctionNode,
        base: Object,
        handle: InstanceHandle,
        cls: ClassHandle,
        arguments: dict[str, Thunk | Value] | None,
    ) -> Activation:
        """A run of a method of an instance; constructors run in the frame of the object."""
        constructor = function.name in ("__init__", "__post_init__", "__new__")
        frame = handle.frame
        if not constructor:
            frame = (*frame, Mark(MarkKind.FUNCTION, function.name, cls.module.span(function)))
        return Activation(cls.module, function, frame, arguments, cls.lexical, base)

    def _method_value(
        self,
        method: FunctionNode,
        base: Object,
        handle: InstanceHandle,
        cls: ClassHandle,
        span: Span,
    ) -> Value:
        names = [dotted(d) or "" for d in method.decorator_list]
        if any(n.endswith("property") for n in names):
            act = self.method_activation(method, base, handle, cls, {})
            if any("cached" in n for n in names):
                act.frame = handle.frame
            act.arguments = {parameters(method)[0].arg: base} if parameters(method) else {}
            return self.ev.calls.returned(method, act, span)
        function = FunctionHandle(method, cls.module, cls.lexical, base)
        return Object("function", span, handle.frame, (), function)

    def class_attribute(
        self, cls: ClassHandle, name: str, handle: InstanceHandle | None
    ) -> Value | None:
        """A binding in the body of a class: a constant, or a field of a dataclass or model."""
        node = cls.node
        declared = None
        for stmt in node.body:
            if (
                isinstance(stmt, ast.AnnAssign)
                and isinstance(stmt.target, ast.Name)
                and stmt.target.id == name
            ):
                declared = stmt
        act = self.ev.run(Activation(cls.module, node, cls.lexical.frame, None, cls.lexical))
        if declared is not None and handle is not None and self.is_record(cls):
            if handle.arguments is not None and name in handle.arguments:
                return self.ev.argument(handle.arguments[name])
            span = cls.module.span(declared)
            given: Value | None = None
            if handle.arguments is None:
                given = Unknown(f"field `{name}`", span, handle.frame, (), "parameter", "")
            elif "**" in handle.arguments:
                whole = self.ev.argument(handle.arguments["**"])
                given = ops.derived(f"field `{name}`", span, handle.frame, whole)
            if declared.value is not None:
                value = self._field_default(declared.value, act)
                if given is None and self._is_empty_setting(value, cls):
                    reason = f"environment variable {name}"  # set by whoever runs the program
                    return Unknown(reason, span, (), (), "environment", "str")
                return value if given is None else ops.choice([(value, None), (given, None)], span)
            if given is not None and handle.arguments is not None:
                return given
            typed = self.ev.parameters.annotated(declared.annotation, span, act)
            if typed is not None and not isinstance(typed, Unknown):
                return typed
            kind = typed.type if isinstance(typed, Unknown) else ""
            return Unknown(f"field `{name}`", span, handle.frame, (), "parameter", kind)
        if not cls.module.touching(node.body, name):
            return None
        if declared is not None and declared.value is None:
            span = cls.module.span(declared)
            return self.ev.parameters.annotated(declared.annotation, span, act)
        return self.ev.flow.after_body(name, node.body, act, lambda: None)

    def _constructor(
        self, function: FunctionNode, base: Object, handle: InstanceHandle, cls: ClassHandle
    ) -> Activation:
        """The run of what sets up an object."""
        key = (id(base), cls.node, function)
        found = self._making.get(key)
        if found is None:
            own = function.name == "__init__"
            arguments = self._init_arguments(base, handle, cls) if own else None
            found = self.method_activation(function, base, handle, cls, arguments)
            self._making[key] = found  # it keeps the object, whose identity is in the key
        return found

    def _is_empty_setting(self, value: Value, cls: ClassHandle) -> bool:
        """Whether a default holds the place of what the environment says: ``key: str = ""``."""
        if not isinstance(value, Known) or value.value not in (None, ""):
            return False
        return any(
            (dotted(base) or "").rpartition(".")[2] == "BaseSettings"
            for each in self.bases(cls)
            for base in each.node.bases
        )

    def is_record(self, cls: ClassHandle) -> bool:
        """Whether a class declares the fields that its objects have."""
        return any(_has_fields(base.node) for base in self.bases(cls))

    def _field_default(self, node: ast.expr, act: Activation) -> Value:
        """What ``field(...)``, ``Field(...)`` or a plain value makes the default of a field."""
        if isinstance(node, ast.Call):
            name = (dotted(node.func) or "").rpartition(".")[2]
            if name in ("field", "Field", "PrivateAttr", "attrib", "ib"):
                for keyword in node.keywords:
                    if keyword.arg == "default" and not _is_ellipsis(keyword.value):
                        return self.ev.evaluate(keyword.value, act)
                    if keyword.arg in ("default_factory", "factory"):
                        return self.ev.calls.call_value(
                            self.ev.evaluate(keyword.value, act), [], act.module.span(node), act
                        )
                if (
                    node.args
                    and name in ("Field", "PrivateAttr")
                    and not _is_ellipsis(node.args[0])
                ):
                    return self.ev.evaluate(node.args[0], act)
                made = self.ev.unknown("a field without a default", node, act)
                return replace(made, entry="parameter")
        return self.ev.evaluate(node, act)


def _is_ellipsis(node: ast.expr) -> bool:
    """``...``, with which pydantic is told that a field has no default."""
    return isinstance(node, ast.Constant) and node.value is ...


def _constructed(value: Value, growth: Key, frame: Frame) -> Value:
    """What the constructor has filled: as old as the object, and it grows no more."""
    return with_keys(
        value,
        lambda keys: tuple(k._replace(frame=frame, rounds=False) for k in keys if k != growth),
    )


def _binds(stmt: ast.stmt, path: str) -> bool:
    """Whether a statement assigns to ``path`` itself, not to an element of what it holds."""
    if isinstance(stmt, ast.Assign):
        targets = list(stmt.targets)
    elif isinstance(stmt, (ast.AnnAssign, ast.AugAssign)):
        targets = [stmt.target]
    else:
        targets = [child.target for child in ast.walk(stmt) if isinstance(child, ast.NamedExpr)]
    return any(path == dotted(node) for target in targets for node in ast.walk(target))


def _has_fields(node: ast.ClassDef) -> bool:
    """Whether annotated names in the class body become arguments of its constructor."""
    for decorator in node.decorator_list:
        target = decorator.func if isinstance(decorator, ast.Call) else decorator
        name = (dotted(target) or "").rpartition(".")[2]
        if name in ("dataclass", "define", "frozen", "attrs", "s", "mutable"):
            return True
    return any(
        (dotted(base) or "").rpartition(".")[2]
        in ("BaseModel", "BaseSettings", "NamedTuple", "TypedDict", "SQLModel", "Struct")
        for base in node.bases
    )
