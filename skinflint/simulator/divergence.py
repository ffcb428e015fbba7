"""Where the prefix of a request parts from that of an earlier one, and what that cost."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from skinflint.catalog.models import Catalog, load
from skinflint.simulator.exchange import Exchange
from skinflint.simulator.prompt import Piece

#: How many of the calls before it a call is compared with.
_BACK = 50


class Break(NamedTuple):
    """The first byte at which a cached prefix and a later one of the same place part.

    ``setting`` names the parameter that lost the cache where the text is the same.
    """

    exchange: Exchange
    earlier: Exchange
    byte: int  # in the rendered prefix
    piece: int  # index into ``exchange.prompt.pieces``
    offset: int  # character within that piece
    lost: int  # tokens up to the last marker that were not read
    setting: str = ""

    @property
    def differing(self) -> Piece:
        """The piece that differs."""
        return self.exchange.prompt.pieces[self.piece]


def breaks(exchanges: Sequence[Exchange]) -> list[Break]:
    """One entry for each of the ``exchanges`` of one place whose prefix was broken, in order.

    What is new by nature is no break: the newest turn, another conversation, text behind what an
    earlier call has cached.
    """
    answered = [each for each in exchanges if each.usage is not None]
    found = []
    for index, exchange in enumerate(answered):
        if not exchange.prompt.marked:
            continue
        broken = _break(exchange, answered[max(index - _BACK, 0) : index])
        if broken is not None:
            found.append(broken)
    return found


def misses(exchanges: Sequence[Exchange], catalog: Catalog | None = None) -> dict[str, int]:
    """How many requests read less than they could have although nothing in front changed, by why.

    ``"in flight"``: the response of the request that wrote the prefix had not begun. ``"expired"``:
    it was too long ago. ``"out of reach"``: further back than a breakpoint looks.
    """
    facts = (catalog or load()).cache
    answered = [each for each in exchanges if each.usage is not None]
    found: dict[str, int] = {}
    for index, exchange in enumerate(answered):
        before = [e for e in answered[max(index - _BACK, 0) : index] if _reusable(e, exchange)]
        usage = exchange.usage
        if usage is None or not before:
            continue
        if max(marked_tokens(each) for each in before) <= usage.read:
            continue
        newest = before[-1]
        pieces = newest.prompt.pieces
        ttls = {piece.ttl for piece in pieces if piece.ttl} | {newest.prompt.automatic}
        alive = max(facts.ttl_seconds.get(ttl or "", 0) for ttl in ttls)
        if all(each.begun is None or each.begun >= exchange.at for each in before):
            why = "in flight"
        elif exchange.at - newest.at >= alive:
            why = "expired"
        else:
            why = "out of reach"
        found[why] = found.get(why, 0) + 1
    return found


def _reusable(earlier: Exchange, exchange: Exchange) -> bool:
    """Whether all that ``earlier`` cached stands at the head of ``exchange`` as well."""
    if earlier.scope != exchange.scope or earlier.model_id != exchange.model_id:
        return False
    last = _last_marked(earlier)
    if last < 0 or marked_tokens(earlier) < least(earlier) or _last_marked(exchange) < last:
        return False
    if _setting(earlier, exchange):
        return False
    return _common(earlier.prompt.pieces, exchange.prompt.pieces)[0] > last


def _break(exchange: Exchange, before: Sequence[Exchange]) -> Break | None:
    usage = exchange.usage
    last = _last_marked(exchange)
    size = marked_tokens(exchange)
    if usage is None or usage.read >= size or size < least(exchange):
        return None
    best: Exchange | None = None
    whole, chars = -1, -1
    cached = [e for e in before if e.scope == exchange.scope and e.prompt.marked]
    same = [each for each in cached if each.model_id == exchange.model_id]
    for earlier in same or cached:
        common = _common(earlier.prompt.pieces, exchange.prompt.pieces)
        if common >= (whole, chars):
            best, (whole, chars) = earlier, common
    if best is None:
        return None
    lost = size - usage.read
    if whole > min(last, _last_marked(best)):  # all that was cached is the same
        setting = _setting(best, exchange)
        if not setting:
            return None
        return Break(exchange, best, 0, last, 0, lost, setting)
    if _is_new(best, exchange, whole):
        return None
    text = "".join(piece.text for piece in exchange.prompt.pieces[:whole])
    text += exchange.prompt.pieces[whole].text[:chars]
    return Break(exchange, best, len(text.encode("utf-8", "replace")), whole, chars, lost)


def marked_tokens(exchange: Exchange) -> int:
    """Tokens up to and with the last breakpoint."""
    return sum(p.tokens for p in exchange.prompt.pieces[: _last_marked(exchange) + 1])


def least(exchange: Exchange) -> int:
    """The shortest prefix that the model of a request caches."""
    return (exchange.model.min_prefix if exchange.model is not None else None) or 1


def _last_marked(exchange: Exchange) -> int:
    """Index of the last piece that a breakpoint stands on."""
    pieces = exchange.prompt.pieces
    if exchange.prompt.automatic is not None:
        return len(pieces) - 1
    return max((index for index, piece in enumerate(pieces) if piece.ttl), default=-1)


def _common(old: Sequence[Piece], new: Sequence[Piece]) -> tuple[int, int]:
    """Leading pieces that are equal, and leading characters of the next one."""
    count = 0
    for mine, theirs in zip(new, old, strict=False):
        if _shown(mine) != _shown(theirs):
            break
        count += 1
    if count >= min(len(old), len(new)):
        return count, 0
    mine, theirs = new[count], old[count]
    if (mine.place, mine.kind, mine.role) != (theirs.place, theirs.kind, theirs.role):
        return count, 0
    return count, _same(mine.text, theirs.text)


def _same(one: str, other: str) -> int:
    """The length of the common head of two texts."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[:middle] == other[:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _shown(piece: Piece) -> tuple[str, str, str, str]:
    return piece.place, piece.kind, piece.role, piece.text


def _is_new(earlier: Exchange, exchange: Exchange, at: int) -> bool:
    """Whether what differs is new by nature rather than changed."""
    mine = exchange.prompt.pieces[at]
    theirs = earlier.prompt.pieces[at]
    if mine.place != "messages" or theirs.place != "messages":
        return False
    if mine.number == exchange.prompt.pieces[-1].number:
        return True  # the newest turn
    if theirs.number == earlier.prompt.pieces[-1].number:
        return True
    kept = {_shown(piece) for piece in earlier.prompt.pieces[at:] if piece.role == "assistant"}
    return not any(_shown(piece) in kept for piece in exchange.prompt.pieces[at:])


def _setting(earlier: Exchange, exchange: Exchange) -> str:
    """The parameter of the invalidation table that differs, "" if none does."""
    if earlier.model_id != exchange.model_id:
        return "model"
    old, new = dict(earlier.prompt.settings), dict(exchange.prompt.settings)
    return next(
        (name for name in sorted({*old, *new}) if old.get(name) != new.get(name)),
        "",
    )
