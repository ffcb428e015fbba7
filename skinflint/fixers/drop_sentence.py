"""Take a sentence out of a literal text."""

from __future__ import annotations

import ast

from skinflint.fixers.code import Code
from skinflint.fixers.declined import Declined
from skinflint.linter.findings import DropSentence, Edit


def edits(op: DropSentence, code: Code) -> list[Edit]:
    """The edit that takes the sentence out. Raises Declined.

    It has to be written in one piece, as it reads: without escapes, on one line of the source.
    """
    start, end = code.range_of(op.literal)
    at = code.text.find(op.sentence, start, end)
    if at < 0:
        raise Declined("the sentence is written in several pieces")
    if code.text.find(op.sentence, at + 1, end) >= 0:
        raise Declined("the sentence stands there twice")
    spot = code.edit(at, at + len(op.sentence), "")
    inside = any(
        isinstance(node, ast.JoinedStr)
        or (isinstance(node, ast.Constant) and isinstance(node.value, str))
        for node in ast.walk(code.tree)
        if hasattr(node, "lineno") and code.source.span(node).contains(spot.span)
    )
    if not inside:
        raise Declined("the sentence stands in no literal any more")
    return [spot]
