"""Numbered copies of a program of which a later one is there: ``app_v3.py``, ``app_v4.py``."""

from __future__ import annotations

import os
import re

from skinflint.linter.tree import Tree

#: What stands before the number of a version, and the number.
_VERSION = re.compile(r"(?P<name>.*?)[-_. ]?v(?P<number>\d+)(?![a-z0-9])", re.IGNORECASE)


def is_superseded(path: str, tree: Tree) -> bool:
    """Whether a file is a numbered copy, nothing names it, and a later one lies beside it."""
    place, file = os.path.split(path)
    own = _VERSION.match(file)
    if own is None or not own["name"]:
        return False
    stem = file.removesuffix(".py")
    if tree.is_imported(os.fsencode(stem)) or _is_named(file, tree):
        return False
    others = [os.path.basename(each) for each in tree.files() if os.path.dirname(each) == place]
    return any(
        match["name"] == own["name"] and int(match["number"]) > int(own["number"])
        for match in map(_VERSION.match, others)
        if match is not None
    )


def _is_named(file: str, tree: Tree) -> bool:
    """Whether something beside the code names a file: a script, a page, settings."""
    word = os.fsencode(file)
    beside = tree.beside()
    return beside is None or any(word in data for _, data in beside)
