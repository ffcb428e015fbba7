"""Activations: a function (or module, class) as it runs once, with its arguments bound."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping
from typing import TypeAlias

from skinflint.linter.module import FunctionNode, Module
from skinflint.linter.spans import Span, Step
from skinflint.linter.values import Frame, Object, Passage, Value
from skinflint.records import dataclass, field

#: What runs and objects keep of what they were worth: results and runs lead to one another, and
#: such circles are told apart by the collector alone, or cut here.
_KEPT: list[dict[object, Value]] = []
_CIRCLES: list[tuple[dict[str, Argument], str]] = []
_PASSED: list[Thunk] = []


def memory(known: Mapping[object, Value] | None = None) -> dict[object, Value]:
    """What a run or an object remembers from now on, until all is let go of."""
    made = dict(known or {})
    _KEPT.append(made)
    return made


def let_go() -> None:
    """Forget what runs and objects are worth; who asks again has it worked out again."""
    for kept in _KEPT:
        kept.clear()
    _KEPT.clear()
    for arguments, name in _CIRCLES:
        arguments.pop(name, None)
    _CIRCLES.clear()
    for thunk in _PASSED:
        thunk.passed = None
    _PASSED.clear()


def close_circle(handle: InstanceHandle, name: str, made: Object) -> None:
    """Bind an object as an argument of its own constructor."""
    assert handle.arguments is not None
    handle.arguments[name] = made
    _CIRCLES.append((handle.arguments, name))


LONGEST_CHAIN = 12  # runs within runs that are followed outwards


@dataclass(eq=False, slots=True)
class Thunk:
    """An expression that is evaluated when somebody asks, in the activation it was written in."""

    node: ast.expr
    activation: Activation
    passage: Passage | None = None  # how it got here
    passed: tuple[Value, Value] | None = None  # what it was worth last, there and behind that

    def keep(self, there: Value, behind: Value) -> None:
        """Note what it is worth until all is let go of."""
        if self.passed is None:
            _PASSED.append(self)
        self.passed = (there, behind)


Argument: TypeAlias = "Thunk | Value"


@dataclass(eq=False, slots=True)
class Activation:
    """One run of a scope.

    ``arguments`` are the parameters a caller bound, None when no caller is known: the parameters
    are entry parameters then. ``lexical`` is the activation of the scope around it, ``frame`` what
    is entered anew with it, ``chain`` the calls that led here.
    """

    module: Module
    node: ast.AST
    frame: Frame
    arguments: dict[str, Argument] | None = None
    lexical: Activation | None = None
    instance: Object | None = None
    chain: tuple[Step, ...] = ()
    depth: int = 0
    open_arguments: str = ""  # why more arguments may have been passed than are bound
    memo: dict[object, Value] = field(default_factory=memory)
    caller: Activation | None = None  # the run that made this one, and the call it was made by
    site: ast.Call | None = None
    #: Rounds that are worked out for one of the items of a loop alone: that item, by the loop.
    picked: dict[ast.AST, Value] | None = None
    #: What parameters are where a condition that asks for them has been decided.
    decided: dict[str, Value] | None = None


def runs(node: ast.AST, act: Activation) -> Iterator[tuple[Activation, ast.AST]]:
    """The runs in which ``node`` is reached, innermost first, each with what leads on inwards."""
    current: Activation | None = act
    for _ in range(LONGEST_CHAIN):
        if current is None:
            return
        yield current, node
        if current.site is not None:
            node, current = current.site, current.caller
        elif isinstance(current.node, ast.Lambda):
            # It is run by something that the function around it hands it to.
            node, current = current.node, current.lexical
        else:
            return


@dataclass(eq=False, slots=True)
class FunctionHandle:
    """A function, lambda or bound method that code refers to."""

    node: FunctionNode | ast.Lambda
    module: Module
    lexical: Activation
    instance: Object | None = None


@dataclass(eq=False, slots=True)
class ClassHandle:
    """A class defined in code that is here."""

    node: ast.ClassDef
    module: Module
    lexical: Activation


@dataclass(eq=False, slots=True)
class InstanceHandle:
    """An instance of such a class; ``call`` and ``caller`` say how it was made, if known."""

    cls: ClassHandle
    arguments: dict[str, Argument] | None
    frame: Frame
    call: Span | None = None
    memo: dict[object, Value] = field(default_factory=memory)
    stable: bool = False  # by configuration: nothing in it changes
    #: What a function has set on it since, by attribute, worked out when somebody asks.
    written: dict[str, Callable[[], Value | None]] | None = None


@dataclass(eq=False, slots=True)
class ExternalHandle:
    """Something imported from a module that isn't here, by its qualified name."""

    name: str


@dataclass(eq=False, slots=True)
class ModuleHandle:
    """A module of the project, or a package without ``__init__.py`` (``directory`` alone)."""

    module: Module | None
    directory: str  # where its submodules stand, "" for a plain module
    name: str


@dataclass(eq=False, slots=True)
class ClientHandle:
    """A client of a surface: its class, and the arguments it was made with."""

    name: str
    keywords: dict[str, Value]
    path: tuple[str, ...] = ()  # the resource or method reached so far
    proven: bool = True
    given: bool = False  # handed in as a parameter: only its type is known, not how it was made


@dataclass(eq=False, slots=True)
class PartialHandle:
    """``functools.partial(callee, ...)``."""

    callee: Value
    call: ast.Call
    activation: Activation


def qualified_name(value: Value, module: Module) -> str:
    """The name, with its module, of a function or class that ``module`` refers to; "" if of none.

    It is the same whether the code of that function is here or not. Where a class is known only as
    the type of a value, that is no reference to it.
    """
    handle = value.handle if isinstance(value, Object) else None
    if isinstance(handle, ExternalHandle):
        name = handle.name
        level = len(name) - len(name.lstrip("."))
        if not level:
            return name
        # a relative import, as written
        parts = module.name.split(".")
        keep = len(parts) - level + module.path.endswith("__init__.py")
        return ".".join((*parts[: max(keep, 0)], name[level:]))
    if isinstance(handle, (FunctionHandle, ClassHandle)):
        return f"{handle.module.name}.{handle.module.qualname(handle.node)}"
    return ""


def means(name: str, wanted: str) -> bool:
    """Whether a qualified name is the one that a configuration gives.

    The name of a module that is here is made from its path: it may say more in front than the
    name it is imported by (``src.myapp.llm``).
    """
    return name == wanted or name.endswith(f".{wanted}")
