"""Parsing without a word about the user's code: its warnings are not ours to show."""

from __future__ import annotations

import ast
import symtable
import warnings
from types import CodeType

from skinflint.linter.source import NOTEBOOK


def module(text: str) -> ast.Module:
    """The tree of a module. Raises SyntaxError, ValueError, RecursionError, MemoryError."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(text)


def expression(text: str) -> ast.expr:
    """The tree of an expression, which may go over several lines. Raises as ``module``."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(f"({text})", mode="eval").body


def compiled(text: str, path: str) -> CodeType:
    """The compiled module: the compiler refuses more than the parser. Raises as ``module``."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        # the cells of a notebook may await
        flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT if path.endswith(NOTEBOOK) else 0
        code: CodeType = compile(text, path, "exec", flags, dont_inherit=True)
        return code


def symbols(text: str, path: str) -> symtable.SymbolTable:
    """The names of a module by scope. Raises as ``module``."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return symtable.symtable(text, path, "exec")


def constant(literal: str) -> object:
    """The value of a literal. Raises SyntaxError, ValueError."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.literal_eval(literal)
