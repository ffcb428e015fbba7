"""Notebooks that a paper rests on: what they sent is part of a study that is done."""

from __future__ import annotations

import os
import re

from skinflint.linter.callers import Callers
from skinflint.linter.source import NOTEBOOK
from skinflint.linter.spans import Span

#: How the first page of a repository says that a paper was written with it.
_PAPER = re.compile(
    rb"@(?:article|inproceedings|misc|techreport|phdthesis|mastersthesis)\s*\{"
    rb"|\b(?:arxiv|bibtex|zenodo|manuscript|preprint|(?:our|this|accompanying) paper)\b",
    re.IGNORECASE,
)
_PAGE = re.compile(r"readme(?:\.(?:md|rst|txt))?$|citation\.cff$", re.IGNORECASE)
#: Bytes of a page that are looked through.
_MOST = 200_000


def is_of_a_paper(about: Span, callers: Callers) -> bool:
    """Whether what is written at ``about`` stands in a notebook of a repository with a paper."""
    if not about.path.endswith(NOTEBOOK):
        return False
    module = callers.ev.module_at(about.path)
    project = callers.ev.project
    tree = project.tree(module) if project is not None else None
    if tree is None:
        return False
    if tree.of_a_paper is None:
        tree.of_a_paper = _has_a_paper(tree.root)
    return tree.of_a_paper


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
