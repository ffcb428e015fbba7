"""Names that stand in the texts of a project: of its files, and of what they define.

All who ask share one look through the project.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from skinflint.linter.tree import Tree

#: What a file has in it that starts programs, or shows the pages that others are.
_STARTS = re.compile(
    rb"subprocess|os\.system|popen|runpy|\bexec[lv]*p?e?\(|\bspawn|import_module|importlib"
    rb"|[Pp]age(?:_link)?\(|\b[Ss]ystem\("
)
#: Where the name of a file ends, and what stands before it: it begins a text, or follows a
#: directory.
_FILE_ENDS = re.compile(rb"\.py\b")
_FILE_BEGINS = re.compile(rb"""["'/\\]([^"'/\\\n]+)\Z""")
#: Bytes of the name of a file.
_LONGEST = 100
#: The end of a dotted name that ends a text.
_DOTTED = re.compile(rb"""\.(\w+)["']""")
#: What a module lists for ``import *``: it isn't used by that.
LISTED = re.compile(rb"__all__\s*(?::[^=\n]+)?\+?=\s*[\[(][^\])]*[\])]")


class Quoted:
    """The names in the texts of some files of a project."""

    def __init__(self, tree: Tree, files: Iterable[str]) -> None:
        self._tree = tree
        self._naming: dict[bytes, list[str]] = {}  # by name of a file, those that name it
        self._dotted: set[bytes] = set()
        self._unread = False
        for path in files:
            data = tree.data(path)
            if data is None:
                self._unread = True
                continue
            for name in _files_named(data):
                self._naming.setdefault(name, []).append(path)
            self._dotted.update(_DOTTED.findall(LISTED.sub(b"", data)))

    def starts(self, own: str, name: str) -> bool:
        """Whether a file other than ``own`` starts programs and names the file ``name``."""
        return any(
            path != own and _STARTS.search(self._tree.data(path) or b"")
            for path in self._naming.get(name.encode(), ())
        )

    def ends(self, name: str) -> bool:
        """Whether some text ends in ``name`` behind a dot, or a file can't be read."""
        return self._unread or name.encode() in self._dotted


def _files_named(data: bytes) -> set[bytes]:
    """The names of Python files in the texts of a file."""
    names: set[bytes] = set()
    for end in _FILE_ENDS.finditer(data):
        begin = _FILE_BEGINS.search(data, max(0, end.start() - _LONGEST), end.start())
        if begin:
            names.add(begin[1] + end[0])
    return names
