"""What comments and documents of a project say of models: somebody may have weighed which to take.

``# Opus: haiku loses digits`` stands beside a constant, "Model: ... - not to be changed" in a
docstring, "best accuracy" behind an id in ``.env.example``, and "only this one" in what a project
tells its tools and its readers.
"""

from __future__ import annotations

import os
import re
import tokenize
from collections.abc import Iterable
from io import StringIO

from skinflint.linter.callers import Callers
from skinflint.linter.module import Module

#: What a project tells those who work on it, and those who set it up.
_DOCUMENTS = re.compile(
    r"(?:README|CLAUDE|AGENTS|GEMINI|CONTRIBUTING|ARCHITECTURE|DESIGN)[\w.-]*\.(?:md|rst|txt)$"
    r"|README$|\.cursorrules$|\.?env[\w.-]*(?:example|sample|template|dist)$",
    re.IGNORECASE,
)
#: Nobody writes more into one of them.
_MOST = 400_000
#: How far above the code they are looked for, below the root of the project.
_UP = 6


def said_of(words: tuple[str, ...], paths: Iterable[str], callers: Callers) -> tuple[str, ...]:
    """The lines that name one of ``words`` (in lower case), each once.

    ``paths`` are the files whose comments and docstrings count; documents are looked for beside
    the module of ``callers`` and above it, up to the root of its project.
    """
    found: dict[str, None] = {}
    for path in dict.fromkeys(paths):
        for line in _prose(callers.ev.module_at(path)):
            if any(word in line.lower() for word in words):
                found[line] = None
    project = callers.ev.project
    tree = project.tree(callers.module) if project is not None else None
    if tree is not None:
        directory = os.path.dirname(os.path.abspath(callers.module.path))
        for data in tree.around(directory, _DOCUMENTS, _UP, _MOST):
            for line in data.decode("utf-8", "replace").splitlines():
                if any(word in line.lower() for word in words):
                    found[line.strip()] = None
    return tuple(found)


def _prose(module: Module) -> list[str]:
    """The lines of the comments and of the texts that stand by themselves (docstrings)."""
    found: list[str] = []
    before = tokenize.NEWLINE
    try:
        for token in tokenize.generate_tokens(StringIO(module.source.text).readline):
            if token.type == tokenize.COMMENT:
                found.append(token.string.strip("# \t"))
            elif token.type == tokenize.STRING and before in _STARTS:
                found += (line.strip() for line in token.string.splitlines())
            if token.type not in (tokenize.COMMENT, tokenize.NL):
                before = token.type
    except (tokenize.TokenError, SyntaxError):
        pass  # what was read up to there counts
    return found


#: Behind one of these a text is a statement of its own.
_STARTS = (tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENCODING)
