"""What a paper rests on: what a notebook or a script sent is part of a study that is done.

Of a script it is told where the results are kept beside it: a file of data names the model, too.
"""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Iterator

from skinflint.linter.callers import Callers
from skinflint.linter.source import NOTEBOOK
from skinflint.linter.spans import Span
from skinflint.linter.tree import Tree

#: How the first page of a repository says that a paper was written with it.
_PAPER = re.compile(
    rb"@(?:article|inproceedings|misc|techreport|phdthesis|mastersthesis)\s*\{"
    rb"|\b(?:arxiv|bibtex|zenodo|manuscript|preprint|(?:our|this|accompanying) paper)\b",
    re.IGNORECASE,
)
_PAGE = re.compile(r"readme(?:\.(?:md|rst|txt))?$|citation\.cff$", re.IGNORECASE)
#: Bytes of a page that are looked through.
_MOST = 200_000
#: What results are kept in, and how many files are looked into, and how far into each.
_DATA = (".csv", ".json", ".jsonl", ".tsv")
_MOST_FILES = 3_000
_MOST_DATA = 1_000_000


def is_of_a_paper(about: Span, callers: Callers) -> bool:
    """Whether what is written at ``about`` is part of a study in a repository with a paper."""
    module = callers.ev.module_at(about.path)
    tree = callers.tree(module)
    if tree is None:
        return False
    if tree.of_a_paper is None:
        tree.of_a_paper = _has_a_paper(tree.root)
    if not tree.of_a_paper or about.path.endswith(NOTEBOOK):
        return tree.of_a_paper
    node = module.node_at(about)
    if not isinstance(node, ast.Constant) or not isinstance(node.value, str) or not node.value:
        return False
    return _has_results(node.value, tree)


def _has_a_paper(root: str) -> bool:
    try:
        names = sorted(filter(_PAGE.match, os.listdir(root)))
    except OSError:
        return False
    for name in names:
        try:
            with open(os.path.join(root, name), "rb") as file:
                if _PAPER.search(file.read(_MOST)):
                    return True
        except OSError:
            continue
    return False


def _has_results(model: str, tree: Tree) -> bool:
    """Whether data that the repository keeps names a model."""
    word = model.encode()
    if word not in tree.in_data:
        tree.in_data[word] = any(word in data for data in _data(tree.root))
    return tree.in_data[word]


def _data(root: str) -> Iterator[bytes]:
    left = _MOST_FILES
    for directory, below, names in os.walk(root):
        below[:] = sorted(name for name in below if not name.startswith("."))
        for name in sorted(names):
            if not name.endswith(_DATA):
                continue
            left -= 1
            if left < 0:
                return
            try:
                with open(os.path.join(directory, name), "rb") as file:
                    yield file.read(_MOST_DATA)
            except OSError:
                continue
