"""Send blocks as they are, where a text is made of them."""

from __future__ import annotations

from skinflint.fixers.code import Code
from skinflint.fixers.declined import Declined
from skinflint.fixers.scope import pure
from skinflint.linter.findings import Edit, PassBlocks


def edits(op: PassBlocks, code: Code) -> list[Edit]:
    """The edits that put the blocks in the place of the text. Raises Declined."""
    text = code.expression(op.text)
    blocks = code.expression(op.blocks)
    if not pure(blocks):
        raise Declined("the blocks are made where the text is")
    return [code.edit(*code.range(text), code.slice(blocks))]
