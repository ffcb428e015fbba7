"""What a parameter is: what a caller bound, its default, or an entry from outside."""

from __future__ import annotations

import ast
from functools import lru_cache
from typing import TYPE_CHECKING

from skinflint.linter import operations as ops
from skinflint.linter.activation import (
    Activation,
    ClassHandle,
    ClientHandle,
    ExternalHandle,
    FunctionHandle,
    InstanceHandle,
)
from skinflint.linter.module import (
    FUNCTIONS,
    FunctionNode,
    default_of,
    dotted,
    parameters,
)
from skinflint.linter.spans import Role, Span, Step
from skinflint.linter.values import (
    Confidence,
    Key,
    Known,
    Mapping,
    Mark,
    MarkKind,
    Object,
    Sequence,
    Source,
    Text,
    Unknown,
    Value,
    alternatives,
)

if TYPE_CHECKING:
    from skinflint.linter.evaluate import Evaluator

#: Default values that only tell a framework where to take the argument from.
_INJECTING = frozenset(
    (
        *("Depends", "Security", "Query", "Path", "Body", "Header", "Cookie", "Form", "File"),
        *("Provide", "Inject", "FromDishka", "Parameter", "Option", "Argument"),
    )
)


#: Folders above a test in which its fixtures are looked for.
_HIGHEST = 4


class Parameters:
    """Evaluates parameters and annotations for an :class:`Evaluator`."""

    def __init__(self, evaluator: Evaluator) -> None:
        self.ev = evaluator

    def parameter(self, name: str, act: Activation) -> Value:
        """A parameter: what the caller of this activation bound, its default, or an entry."""
        if act.decided is not None and name in act.decided:
            return act.decided[name]
        function = act.node
        assert isinstance(function, (*FUNCTIONS, ast.Lambda))
        arguments = function.args
        if arguments.vararg is not None and arguments.vararg.arg == name:
            if act.arguments is not None and name in act.arguments:
                return self.ev.argument(act.arguments[name])
            return self._entry_parameter(arguments.vararg, act, None)
        if act.arguments is not None:
            bound = act.arguments.get(name)
            if bound is not None:
                given = self._typed(self.ev.argument(bound), function, name, act)
                return self._or_default(given, function, name, act)
            default = default_of(function, name)
            if default is not None:
                outer = act.lexical or self.ev.root_of(act.module)
                value = self.ev.evaluate(default, outer)
                if act.open_arguments:
                    span = act.module.span(function)
                    other = self._entry_parameter(_parameter_node(function, name), act, None)
                    return ops.choice([(value, None), (other, None)], span)
                return value
        parameter = _parameter_node(function, name)
        return self._entry_parameter(parameter, act, default_of(function, name))

    def _typed(
        self, value: Value, function: FunctionNode | ast.Lambda, name: str, act: Activation
    ) -> Value:
        """What a caller hands on from who knows where: an object of the class that is asked for.

        ``add_cog(Chat(bot))`` is called with a bot of the library; ``Chat`` says whose bot it is.
        """
        if not isinstance(value, Unknown) or value.entry != "parameter":
            return value
        annotation = _parameter_node(function, name).annotation
        if annotation is None:
            return value
        typed = self.annotated(annotation, value.span, act)
        own = isinstance(typed, Object) and isinstance(typed.handle, InstanceHandle)
        return typed if own and typed is not None else value

    def _or_default(
        self, value: Value, function: FunctionNode | ast.Lambda, name: str, act: Activation
    ) -> Value:
        """What a constructor is handed; its written-out default too, if that can't be seen.

        A class is made in other files as well: that the one caller here takes the text from
        elsewhere does not put its default out of use.
        """
        default = default_of(function, name)
        if (
            not isinstance(default, ast.Constant)
            or not isinstance(default.value, str)
            or not default.value
            or not (isinstance(function, FUNCTIONS) and function.name == "__init__")
            or any(_is_written(each) for each in alternatives(value))
        ):
            return value
        other = self.ev.evaluate(default, act.lexical or self.ev.root_of(act.module))
        return ops.choice([(value, None), (other, None)], act.module.span(default))

    def _entry_parameter(
        self, parameter: ast.arg, act: Activation, default: ast.expr | None
    ) -> Value:
        """A parameter whose callers are not here: content unknown, differs per call."""
        name = parameter.arg
        span = act.module.span(parameter)
        function = act.node
        if act.instance is not None and isinstance(function, FUNCTIONS):
            first = parameters(function)[:1]
            if first and first[0] is parameter and not _is_static(function):
                return act.instance
        made = self._fixture(name, act)
        if made is not None and not isinstance(made, Unknown):
            return made
        typed = self.annotated(parameter.annotation, span, act) if parameter.annotation else None
        if made is not None and (typed is None or isinstance(typed, Unknown)):
            return made
        if typed is not None and not isinstance(typed, Unknown):
            return typed
        kind = typed.type if isinstance(typed, Unknown) else ""
        if isinstance(default, ast.Call) and not isinstance(function, ast.Lambda):
            # ``user=Depends(current_user)``: a framework fills it in, anew for each call.
            last = (dotted(default.func) or "").rpartition(".")[2]
            if last in _INJECTING:
                default = None
        value = self._entry_value(name, span, kind, act, default)
        if default is None:
            return value
        fallback = self.ev.evaluate(default, act.lexical or self.ev.root_of(act.module))
        if isinstance(fallback, Known) and fallback.value is None:
            return ops.choice([(value, None), (fallback, None)], span)
        return ops.choice([(fallback, None), (value, None)], span)

    def _fixture(self, name: str, act: Activation) -> Value | None:
        """What the fixture of pytest that a parameter is named after makes; None without one."""
        function = act.node
        if not isinstance(function, FUNCTIONS):
            return None
        if not (function.name.startswith("test") or _is_fixture(function)):
            return None
        found: Value | None = self.ev.names.module_global(name, act.module)
        for level in range(1, _HIGHEST + 1):
            handle = found.handle if isinstance(found, Object) else None
            if isinstance(handle, FunctionHandle) and isinstance(handle.node, FUNCTIONS):
                if _is_fixture(handle.node) and handle.node is not function:
                    span = act.module.span(function)
                    return self.ev.calls.run(handle, {}, span, act.frame, act)
            found = self.ev.imported("conftest", level, name, act)
        return None

    def _entry_value(
        self, name: str, span: Span, kind: str, act: Activation, default: ast.expr | None
    ) -> Unknown:
        word = self.ev.sources.vocabulary(name)
        constructor = (
            isinstance(act.node, FUNCTIONS)
            and act.node.name in ("__init__", "__post_init__", "__new__")
            and act.instance is not None
        )
        reason = f"parameter `{name}`, whose callers are not here"
        if name in self.ev.stable or word == "config":
            return Unknown(reason, span, act.frame[:-1], (), "parameter", kind)
        if isinstance(default, ast.Constant) and default.value == "":
            default = None  # an optional text: what is given differs as without the default
        flag = kind in ("bool", "int", "float") or (
            isinstance(default, ast.Constant) and isinstance(default.value, (bool, int, float))
        )
        if constructor and word != "entity":
            return Unknown(reason, span, act.frame, (), "parameter", kind)
        if flag or (default is not None and word != "entity" and not _is_none(default)):
            return Unknown(
                reason,
                span,
                act.frame,
                (ops.unknown_key(name, span, act.frame),),
                "parameter",
                kind,
            )
        source = Source.TURN if word == "turn" else Source.ENTITY
        confidence = Confidence.HIGH if word else Confidence.MEDIUM
        if constructor:
            confidence = Confidence.MEDIUM
        key = Key(
            source,
            name,
            span,
            confidence=confidence,
            trail=(Step(Role.SOURCE, span, f"`{name}` is another one for each call"),),
            frame=act.frame,
        )
        return Unknown(reason, span, act.frame, (key,), "parameter", kind)

    def annotated(self, node: ast.expr, span: Span, act: Activation) -> Value | None:
        """What an annotation proves: a client, an instance of a class that is here, a type."""
        for name in annotation_names(node):
            value = self._annotation(name, act)
            own = self.ev.own_client(value, act.module) if isinstance(value, Object) else None
            if own is not None:
                return Object(own.name, span, act.frame, (), ClientHandle(own.name, {}, given=True))
            if isinstance(value, Object) and isinstance(value.handle, ExternalHandle):
                qualified = value.handle.name
                fact = self.ev.surfaces.client(qualified)
                if fact is not None:
                    return Object(
                        fact.name, span, act.frame, (), ClientHandle(fact.name, {}, given=True)
                    )
                path = self.ev.surfaces.resource(qualified)
                if path is not None:
                    handle = ClientHandle("anthropic.Anthropic", {}, tuple(path))
                    return Object("anthropic.resource", span, act.frame, (), handle)
                if qualified.startswith("builtins."):
                    return Unknown("", span, type=qualified.removeprefix("builtins."))
                return Unknown("", span, type=qualified)
            if isinstance(value, Object) and isinstance(value.handle, ClassHandle):
                frame = (*act.frame[:-1], Mark(MarkKind.OBJECT, value.handle.node.name, span))
                return Object(
                    value.handle.node.name,
                    span,
                    frame,
                    (),
                    InstanceHandle(value.handle, None, frame),
                )
        return None

    def _annotation(self, name: str, act: Activation) -> Value | None:
        node = _parsed(name)
        value: Value | None = None
        if isinstance(node, ast.Name):
            value = self.ev.names.module_global(node.id, act.module)
        elif isinstance(node, ast.Attribute):
            head, _, rest = name.partition(".")
            value = self.ev.names.module_global(head, act.module)
            for attribute in rest.split("."):
                if value is None:
                    return None
                value = self.ev.attribute(value, attribute, act.module.span(act.node), ())
        return value


@lru_cache(maxsize=1024)
def _parsed(text: str) -> ast.expr | None:
    """An expression written as text, None if it isn't one."""
    try:
        return ast.parse(text, mode="eval").body
    except (SyntaxError, ValueError):
        return None


def annotation_names(node: ast.expr) -> list[str]:
    """The dotted names in an annotation, without what only wraps them (Optional, Annotated...)."""
    found: list[str] = []
    stack: list[ast.expr] = [node]
    while stack:
        current = stack.pop()
        if isinstance(current, ast.Constant) and isinstance(current.value, str):
            parsed = _parsed(current.value)
            if parsed is not None:
                stack.append(parsed)
        elif isinstance(current, ast.BinOp):
            stack.extend((current.right, current.left))
        elif isinstance(current, ast.Subscript):
            head = (dotted(current.value) or "").rpartition(".")[2]
            if head in ("Optional", "Union", "Annotated", "Final", "ClassVar", "Mapped"):
                inner = current.slice
                stack.extend(reversed(inner.elts) if isinstance(inner, ast.Tuple) else [inner])
            else:
                stack.append(current.value)
        else:
            name = dotted(current)
            if name and name != "None":
                found.append(name)
    return found


def _parameter_node(function: FunctionNode | ast.Lambda, name: str) -> ast.arg:
    return next(parameter for parameter in parameters(function) if parameter.arg == name)


def _is_static(function: FunctionNode) -> bool:
    return any((dotted(d) or "") == "staticmethod" for d in function.decorator_list)


def _is_fixture(function: FunctionNode) -> bool:
    targets = (d.func if isinstance(d, ast.Call) else d for d in function.decorator_list)
    return any((dotted(t) or "").rpartition(".")[2] == "fixture" for t in targets)


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _is_written(value: Value) -> bool:
    """Whether something of the value stands in the code."""
    if isinstance(value, Known):
        return value.value is not None
    return isinstance(value, (Text, Sequence, Mapping))
