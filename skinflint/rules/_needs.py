"""What must be there before a rule can speak: the first thing that is missing is its silence.

A rule names its needs in order; ``skinflint requests --explain`` asks them why nothing was found.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

from skinflint.linter.request import PairKind, Request, State

if TYPE_CHECKING:
    from skinflint.rules.base import Context

#: Asks one request for one thing; the answer is why it is missing, "" where it is there.
Need: TypeAlias = "Callable[[Request, Context], str]"


def a_breakpoint(request: Request, context: Context) -> str:
    """Something of the prompt is cached."""
    if request.breakpoints:
        return ""
    if "count_tokens" in request.site.method:
        return "counting tokens neither reads nor writes a cache"
    return "no breakpoint: nothing of it is cached"


def a_second_call(request: Request, context: Context) -> str:
    """Some code here sends it again."""
    if any(pair.kind is not PairKind.WORKER for pair in request.pairs):
        return ""
    return "nothing that is seen here sends it a second time"


def a_model(request: Request, context: Context) -> str:
    """A model id is seen, and its facts are those of the first party."""
    if not request.models:
        why = f": {request.model.reason}" if request.model.reason else ""
        return f"the model is {request.model.state.value}{why}"
    platform = request.site.platform
    if not platform.first_party:
        return f"ids, prices and lifecycles of {platform.value} are not the first party's"
    return ""


def unseen(request: Request) -> str:
    """The parts that are not wholly seen, for a rule that finds nothing in the rest."""
    parts = (("tools", request.tools), ("system", request.system), ("messages", request.messages))
    found = [
        f"{name} ({part.reason})"
        for name, part in parts
        if part.state in (State.PARTIAL, State.UNKNOWN)
    ]
    return f"; not all is seen of {' and '.join(found)}" if found else ""
