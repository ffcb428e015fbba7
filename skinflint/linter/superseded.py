"""Copies of a program that was written anew: ``app_v3.py`` and a later one, ``main_legacy.py``."""

from __future__ import annotations

import os
import re

from skinflint.linter.tree import Tree

#: What stands before the number of a version, and the number.
_VERSION = re.compile(r"(?P<name>.*?)[-_. ]?v(?P<number>\d+)(?![a-z0-9])", re.IGNORECASE)
#: How the file is called that a program was kept in when it was written anew.
_FORMER = re.compile(
    r"(?P<name>.+)[-_.](?:legacy|old|orig|original|deprecated|previous|archived)$"
    r"|(?:legacy|old|orig|original|deprecated|previous)[-_](?P<rest>.+)$",
    re.IGNORECASE,
)
#: A line that starts a program.
_STARTS = rb"(?i:python|run|serve|start|corn\b|exec|cmd\b|streamlit).*\b%b\b"


def is_superseded(path: str, tree: Tree) -> bool:
    """Whether a file is a former copy that nothing uses, and the later one lies beside it."""
    place, file = os.path.split(path)
    stem = file.removesuffix(".py")
    own, former = _VERSION.match(file), _FORMER.match(stem)
    if tree.is_imported(os.fsencode(stem)):
        return False
    if former is not None and _is_beside(former["name"] or former["rest"], place):
        return not _is_said(re.compile(_STARTS % re.escape(os.fsencode(stem))), tree)
    if own is None or not own["name"] or _is_said(re.compile(re.escape(os.fsencode(file))), tree):
        return False
    others = [os.path.basename(each) for each in tree.files() if os.path.dirname(each) == place]
    return any(
        match["name"] == own["name"] and int(match["number"]) > int(own["number"])
        for match in map(_VERSION.match, others)
        if match is not None
    )


def _is_beside(name: str, place: str) -> bool:
    """Whether a module or a package of a name lies in a directory."""
    path = os.path.join(place, name)
    return os.path.isfile(f"{path}.py") or os.path.isfile(os.path.join(path, "__init__.py"))


def _is_said(pattern: re.Pattern[bytes], tree: Tree) -> bool:
    """Whether something beside the code says it: a script, a page, settings."""
    beside = tree.beside()
    return beside is None or any(pattern.search(data) for _, data in beside)
