"""Whether the calls of a pair belong to one conversation."""

from __future__ import annotations

from skinflint.linter.request import Conversation, Home, Pair, PairKind, Request
from skinflint.linter.values import MarkKind

#: Where a conversation grows that grows in the rounds of one turn.
_IN_ROUNDS = ("loop", "recursion")


def goes_on(request: Request, pair: Pair) -> bool:
    """Whether both calls of a pair belong to one conversation that is seen to grow.

    What grows from turn to turn only stands still in the rounds of a loop within one turn.
    """
    talk = request.conversation
    if not pair.inner or talk is None or not talk.grows or not _outlives(request, talk, pair):
        return False
    rounds = pair.kind is PairKind.LOOP
    return not rounds or any(growth.where in _IN_ROUNDS for growth in talk.grown_by)


def _outlives(request: Request, talk: Conversation, pair: Pair) -> bool:
    """Whether both calls of a pair can see one list: a local is gone with its function."""
    if talk.home is not Home.LOCAL:
        return True
    apart = request.host[pair.depth :]
    return not any(
        mark.kind is MarkKind.FUNCTION
        and (mark is apart[0] or (talk.born is not None and mark.span.contains(talk.born)))
        for mark in apart
    )
