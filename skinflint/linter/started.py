"""Functions that something else starts, with their arguments in one piece.

``Thread(target=work, args=(queue, model))``, ``pool.apply_async(work, (name,), {"model": model})``.
"""

from __future__ import annotations

import ast
from typing import NamedTuple

from skinflint.linter.module import last_name

#: By last name: under which names, and at which positions, the function, its arguments and its
#: keyword arguments are given.
_STARTERS = {
    "Thread": (("target", 1), ("args", 3), ("kwargs", 4)),
    "Process": (("target", 1), ("args", 3), ("kwargs", 4)),
    "Timer": (("function", 1), ("args", 2), ("kwargs", 3)),
    "apply": (("func", 0), ("args", 1), ("kwds", 2)),
    "apply_async": (("func", 0), ("args", 1), ("kwds", 2)),
}


class Started(NamedTuple):
    """What a call starts, and what it is given; ``open``: more than is seen here."""

    function: ast.expr
    args: list[ast.expr]
    keywords: list[ast.keyword]
    open: bool


def started(call: ast.Call) -> Started | None:
    """The function that ``call`` starts, None where it starts none by its name."""
    if last_name(call.func) not in _STARTERS:
        return None
    wanted = _STARTERS[last_name(call.func)]
    function, args, keywords = (_given(call, name, place) for name, place in wanted)
    if function is None:
        return None
    listed = args.elts if isinstance(args, (ast.Tuple, ast.List)) else []
    named = keywords if isinstance(keywords, ast.Dict) else None
    pairs = list(zip(named.keys, named.values, strict=True)) if named is not None else []
    texts = [
        ast.keyword(key.value, value)
        for key, value in pairs
        if isinstance(key, ast.Constant) and isinstance(key.value, str)
    ]
    unseen = (args is not None and not isinstance(args, (ast.Tuple, ast.List))) or (
        keywords is not None and len(texts) < max(len(pairs), named is None)
    )
    return Started(function, listed, texts, unseen)


def _given(call: ast.Call, name: str, place: int) -> ast.expr | None:
    for keyword in call.keywords:
        if keyword.arg == name:
            return keyword.value
    if len(call.args) > place and not any(isinstance(a, ast.Starred) for a in call.args):
        return call.args[place]
    return None
