"""Delete ids from a suppression comment; the whole comment where none is left."""

from __future__ import annotations

import re

from skinflint.fixers.code import Code
from skinflint.fixers.declined import Declined
from skinflint.linter.findings import Edit, RemoveSuppression

_COMMENT = re.compile(r"#\s*skinflint:\s*[A-Za-z-]*\s*\[([^\[\]]*)\]")


def edits(op: RemoveSuppression, code: Code) -> list[Edit]:
    """The edits that delete the ids. Raises Declined."""
    start, end = code.range_of(op.comment)
    found = _COMMENT.match(code.text, start, end)
    if found is None:
        raise Declined("the comment has changed")
    names = [name.strip() for name in found[1].split(",")]
    gone = {name.casefold() for name in op.ids}
    kept = [name for name in names if name and name.casefold() not in gone]
    if len(kept) == len([name for name in names if name]):
        raise Declined("the comment does not name these rules any more")
    if kept:
        return [code.edit(found.start(1), found.end(1), ", ".join(kept))]
    return [_whole(code, found.start(), end)]


def _whole(code: Code, start: int, end: int) -> Edit:
    text = code.text
    line_end = text.find("\n", end)
    line_end = len(text) if line_end < 0 else line_end
    if text[end:line_end].strip():  # another comment behind it on the same line
        return code.edit(start, end, "")
    if code.begins_line(start):
        return code.edit(text.rfind("\n", 0, start) + 1, min(line_end + 1, len(text)), "")
    while start > 0 and text[start - 1] in " \t":
        start -= 1
    return code.edit(start, line_end, "")
