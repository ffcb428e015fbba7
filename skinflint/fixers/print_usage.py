"""Show what a reply used, right behind the statement that gives it a name."""

from __future__ import annotations

import ast

from skinflint.fixers import statements
from skinflint.fixers.code import Code
from skinflint.fixers.declined import Declined
from skinflint.linter.findings import Edit, PrintUsage


def edits(op: PrintUsage, code: Code) -> list[Edit]:
    """The edits that put the line in. Raises Declined."""
    statement = code.node(op.statement, ast.Assign)
    if statement is None:
        raise Declined("the reply is given no name")
    line = f"print({op.name}.model, {op.name}.usage)"
    return [statements.add_behind(code, statement, [line])]
