"""Leave out an argument: a keyword, an entry of a dict, or an item assignment."""

from __future__ import annotations

from skinflint.fixers.code import Code
from skinflint.fixers.remove_marker import find, without
from skinflint.linter.findings import Edit, RemoveArgument


def edits(op: RemoveArgument, code: Code) -> list[Edit]:
    """The edits that leave the argument out. Raises Declined."""
    return [without(find(op.value, code, op.name), code)]
