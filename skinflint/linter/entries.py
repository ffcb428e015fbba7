"""Whether a parameter is an entry into the program, or something in the project fills it.

Values that are looked at without a caller (what another method assigns, what is too far up to be
followed) show parameters as entries. A parameter that has a caller in the project never is one.
"""

from __future__ import annotations

import ast

from skinflint.linter.activation import InstanceHandle
from skinflint.linter.callers import Callers
from skinflint.linter.module import FUNCTIONS, FunctionNode, Module, parameters
from skinflint.linter.spans import Span

_CONSTRUCTORS = ("__init__", "__post_init__", "__new__")


def filled(callers: Callers, span: Span) -> bool:
    """Whether the project fills the parameter, or the field of a class, that stands at ``span``.

    Of a constructor and of fields it asks who makes instances. What a framework calls is an entry,
    whoever calls it besides.
    """
    module = callers.ev.module_at(span.path)
    if module.path != span.path:
        return False
    there = callers.of(module)
    function = _function_at(module, span)
    if function is None:
        cls = _class_at(module, span)
    else:
        cls = module.enclosing_class(function)
        if cls is None or function.name not in _CONSTRUCTORS:
            return there.entry(function) is None and bool(there.sites(function))
    return cls is not None and any(
        isinstance(made.handle, InstanceHandle) and made.handle.arguments is not None
        for made in there.instances(cls)
    )


def _function_at(module: Module, span: Span) -> FunctionNode | None:
    """The function that has a parameter at ``span``."""
    for function in module.functions:
        if isinstance(function, FUNCTIONS) and function.lineno <= span.line:
            if any(module.span(each) == span for each in parameters(function)):
                return function
    return None


def _class_at(module: Module, span: Span) -> ast.ClassDef | None:
    """The class that declares a field at ``span``."""
    for cls in module.classes.values():
        for stmt in cls.body:
            if isinstance(stmt, ast.AnnAssign) and module.span(stmt) == span:
                return cls
    return None
