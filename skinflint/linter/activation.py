"""Activations: a function (or module, class) as it runs once, with its arguments bound."""

from __future__ import annotations

import ast
from typing import TypeAlias

from skinflint.linter.module import FunctionNode, Module
from skinflint.linter.spans import Span, Step
from skinflint.linter.values import Frame, Object, Value
from skinflint.records import dataclass, field


@dataclass(eq=False, slots=True)
class Thunk:
    """An expression that is evaluated when somebody asks, in the activation it was written in."""

    node: ast.expr
    activation: Activation
    step: Step | None = None  # how it got here


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
    memo: dict[object, Value] = field(default_factory=dict)


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
    memo: dict[object, Value] = field(default_factory=dict)


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
