"""What the settings that a project brings along say for the variables it reads.

``os.getenv("MODEL", "...")`` is worth its default only where nobody sets the variable, and a
project's ``.env.example`` or ``docker-compose.yml`` does: whoever copies the one or starts the
other sends that model.
"""

from __future__ import annotations

import os
import re

from skinflint.linter.callers import Callers
from skinflint.linter.tree import Tree

#: Files that set variables: of the environment, of containers, of services that run a program.
_FILES = re.compile(
    r"\.?env(?:[-_.]\w+)*$|[\w-]+\.env(?:\.\w+)*$|(?:docker-)?compose[\w.-]*\.ya?ml$"
    r"|(?:[\w-]+\.)?Dockerfile(?:\.\w+)?$|render-[\w-]+\.ya?ml$"
    r"|(?:render|app|fly|railway|Procfile)(?:\.(?:ya?ml|toml))?$"
)
#: Nobody writes more into one of them.
_MOST = 200_000
#: How far above the code they are looked for, below the root of the project.
_UP = 4


def set_by_the_project(names: tuple[str, ...], path: str, callers: Callers) -> tuple[str, ...]:
    """The texts that files of settings give the variables ``names``, which ``path`` reads."""
    module = callers.ev.module_at(path)
    tree = callers.tree(module)
    if tree is None:
        return ()
    directory = os.path.dirname(os.path.abspath(module.path))
    if (directory, names) not in tree.shipped:
        tree.shipped[directory, names] = _said(directory, names, tree)
    return tree.shipped[directory, names]


def _said(directory: str, names: tuple[str, ...], tree: Tree) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for data in tree.around(directory, _FILES, _UP, _MOST):
        for name in names:
            for text in _says(name, data):
                found[text.decode("utf-8", "replace")] = None
    return tuple(found)


def _says(name: str, data: bytes) -> list[bytes]:
    """``MODEL=x``, ``export MODEL="x"``, ``ENV MODEL x``, ``- MODEL=${MODEL:-x}``, ``MODEL: x``.

    And what lists of variables have in two lines: ``- key: MODEL``, ``value: x``.
    """
    word = re.escape(name.encode())
    in_a_line = re.compile(
        rb"""^[ \t]*(?:-[ \t]+|export[ \t]+|ENV[ \t]+)?["']?%b["']?[ \t]*(?:[:=]|[ \t])[ \t]*"""
        rb"""["']?(?:\$\{%b:?-)?["']?([^\s"'#}$]+)""" % (word, word),
        re.MULTILINE,
    )
    in_two = re.compile(
        rb"""^[ \t]*-[ \t]+(?:key|name)[ \t]*:[ \t]*["']?%b["']?[ \t]*\r?\n"""
        rb"""[ \t]*value[ \t]*:[ \t]*["']?([^\s"'#}$]+)""" % word,
        re.MULTILINE,
    )
    return in_a_line.findall(data) + in_two.findall(data)
