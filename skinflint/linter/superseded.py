"""Copies of a program that was written anew: ``app_v3.py`` and a later one, ``main_legacy.py``.

One that is the same to the byte is a copy under whatever name, if something speaks of the other.

And what a page of the project calls old: ``rag.py  # Legacy pipeline, superseded by the agent``.
"""

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
#: Pages that say what the files of a project are.
_PAGES = re.compile(
    r"(?:README|CLAUDE|AGENTS|DEPRECATED|TECH_DEBT)(?:\.(?:md|rst|txt))?$", re.IGNORECASE
)
#: What they say of old ones, and of those that are of use all the same.
_OLD = re.compile(
    rb"(?i)^\W*(?:(?:the|an?|former) )?(?:legacy|deprecated|superseded|obsolete|veraltet\w*"
    rb"|old(?:er)?,? (?:code|version|program|agent)|alter (?:\w+-)?code)\b"
    rb"|\b(?:superseded by|kept (?:only )?for reference|no longer (?:used|maintained|run))\b"
)
#: The name of a file or of a directory in one of their lines.
_NAMED = re.compile(rb"(?<![\w./-])((?:[\w.-]+/)*(?:[\w-]+\.py\b|[\w.-]+/))(?=[\s`|)\]:*,;]|$)")
_STILL = re.compile(rb"(?i)\b(?:still|compat\w*|supported)\b")


def is_called_old(path: str, tree: Tree) -> bool:
    """Whether a page says of a file, or of the first directory it lies in, that it is old."""
    if path not in tree.called_old:
        tree.called_old[path] = _is_called_old(path, tree)
    return tree.called_old[path]


def _is_called_old(path: str, tree: Tree) -> bool:
    if tree.first_pages is None:
        tree.first_pages = tuple(
            data
            for page, data in tree.beside() or ()
            if os.path.dirname(page) == tree.root and _PAGES.match(os.path.basename(page))
        )
    inside = os.fsencode(os.path.relpath(path, tree.root)).replace(os.fsencode(os.sep), b"/")
    return any(
        _is_tail(named[1], inside) and _OLD.search(said) and not _STILL.search(said)
        for data in tree.first_pages
        for line in data.splitlines()
        for named in _NAMED.finditer(line)
        for said in (_NAMED.split(line[named.end() :], 1)[0],)
    )


def _is_tail(said: bytes, inside: bytes) -> bool:
    """Whether a path as a page has it is that of a file, or of the first directory it lies in."""
    said = said.removeprefix(b"./")
    if said.endswith(b"/"):
        return said.count(b"/") == 1 and inside.startswith(said)
    return inside == said or inside.endswith(b"/" + said)


def is_superseded(path: str, tree: Tree) -> bool:
    """Whether a file is a former copy that nothing uses, and the later one lies beside it."""
    place, file = os.path.split(path)
    stem = file.removesuffix(".py")
    own, former = _VERSION.match(file), _FORMER.match(stem)
    if tree.is_imported(os.fsencode(stem)):
        return False
    if former is not None and _is_beside(former["name"] or former["rest"], place):
        return not _is_said(re.compile(_STARTS % re.escape(os.fsencode(stem))), tree)
    if _is_a_twin(path, tree):
        return True
    if own is None or not own["name"] or _is_said(re.compile(re.escape(os.fsencode(file))), tree):
        return False
    others = [os.path.basename(each) for each in tree.files() if os.path.dirname(each) == place]
    return any(
        match["name"] == own["name"] and int(match["number"]) > int(own["number"])
        for match in map(_VERSION.match, others)
        if match is not None
    )


def _is_a_twin(path: str, tree: Tree) -> bool:
    """Whether a file that nothing speaks of is the same as one beside it that something uses.

    In the first directory alone: elsewhere frameworks find what they run by where it lies.
    """
    data = tree.data(path)
    place, size = os.path.dirname(path), len(data or b"")
    if not data or place != tree.root or _is_spoken_of(path, tree):
        return False
    others = (other for other in tree.files() if os.path.dirname(other) == place and other != path)
    return any(
        os.path.getsize(other) == size and tree.data(other) == data and _is_spoken_of(other, tree)
        for other in others
        if os.path.isfile(other)
    )


def _is_spoken_of(path: str, tree: Tree) -> bool:
    """Whether code imports or names a file, or something beside the code does."""
    file = os.fsencode(os.path.basename(path))
    stem = file.removesuffix(b".py")
    if tree.is_imported(stem) or _is_said(re.compile(rb"\b%b\b" % re.escape(stem)), tree):
        return True
    return any(file in (tree.data(each) or b"") for each in tree.naming(stem))


def _is_beside(name: str, place: str) -> bool:
    """Whether a module or a package of a name lies in a directory."""
    path = os.path.join(place, name)
    return os.path.isfile(f"{path}.py") or os.path.isfile(os.path.join(path, "__init__.py"))


def _is_said(pattern: re.Pattern[bytes], tree: Tree) -> bool:
    """Whether something beside the code says it: a script, a page, settings."""
    beside = tree.beside()
    return beside is None or any(pattern.search(data) for _, data in beside)
