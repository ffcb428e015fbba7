"""Request.breaks(): which pair can't read which breakpoint, and what that loses."""

from __future__ import annotations

import hand_built as hb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from skinflint.linter.request import Break, PairKind, Place, Request
from skinflint.linter.values import Alternative, Choice, Granularity, Known, Ordering, Text
from skinflint.records import replace


def kinds(request: Request) -> list[tuple[PairKind, int]]:
    """Pair and block of the breakpoint, per break."""
    return [(brk.pair.kind, brk.breakpoint.block) for brk in request.breaks()]


def only(request: Request) -> Break:
    """The one break of a request."""
    (found,) = request.breaks()
    return found


def test_a_clock_at_the_end_of_a_marked_block_loses_its_head() -> None:
    broken = only(
        hb.request(
            hb.text(10, hb.SENTENCE, hb.clock()),
            hb.turn(),
            marks=(hb.mark(0),),
            pairs=(hb.IN_LOOP,),
        )
    )
    assert broken.front.size == (len(hb.SENTENCE), len(hb.SENTENCE))
    assert broken.front.literal == len(hb.SENTENCE.strip())
    assert broken.same_block
    assert not broken.loses_tail
    assert broken.first.term == 1


def test_nothing_marked_nothing_broken() -> None:
    assert kinds(hb.request(hb.text(10, hb.SENTENCE, hb.clock()), hb.turn())) == []


def test_behind_the_last_breakpoint_nothing_is_broken() -> None:
    built = hb.request(
        hb.text(10, hb.SENTENCE), hb.text(11, hb.clock()), hb.turn(), marks=(hb.mark(0),)
    )
    assert kinds(built) == []


@pytest.mark.parametrize(
    ("unit", "breaks"),
    [
        (Granularity.MICROSECOND, True),
        (Granularity.MINUTE, True),
        (Granularity.HOUR, True),
        (Granularity.DAY, False),
        (Granularity.YEAR, False),
    ],
)
def test_a_clock_breaks_only_while_it_shows_less_than_a_day(
    unit: Granularity, breaks: bool
) -> None:
    built = hb.request(
        hb.text(10, hb.SENTENCE, hb.clock(granularity=unit)),
        marks=(hb.mark(0),),
        pairs=(hb.IN_LOOP,),
    )
    assert bool(kinds(built)) is breaks


def test_a_clock_read_before_the_loop_breaks_calls_but_not_rounds() -> None:
    built = hb.request(
        hb.text(10, hb.SENTENCE, hb.clock(frame=(hb.FUNCTION,))), hb.turn(), marks=(hb.mark(0),)
    )
    assert kinds(built) == [(PairKind.CALLS, 0)]


def test_a_clock_read_at_import_breaks_nothing() -> None:
    built = hb.request(hb.text(10, hb.SENTENCE, hb.clock(frame=())), hb.turn(), marks=(hb.mark(0),))
    assert kinds(built) == []


def test_a_users_value_breaks_between_users_only() -> None:
    built = hb.request(
        hb.text(10, hb.SENTENCE, hb.entity("name")),
        hb.turn(),
        marks=(hb.mark(0),),
        pairs=(hb.IN_LOOP, hb.IN_TURNS, hb.BY_USERS, hb.BY_CALLS),
    )
    assert kinds(built) == [(PairKind.USER, 0), (PairKind.CALLS, 0)]


def test_an_earlier_breakpoint_saves_the_text_it_covers() -> None:
    broken = only(
        hb.request(
            hb.text(10, hb.SENTENCE),
            hb.text(11, hb.entity("profile")),
            hb.turn(),
            marks=(hb.mark(0), hb.mark(1)),
            pairs=(hb.BY_USERS,),
        )
    )
    assert broken.breakpoint.block == 1
    assert broken.front.size == (0, 0)
    assert broken.prefix.size == (len(hb.SENTENCE), len(hb.SENTENCE))
    assert not broken.same_block


def test_tools_in_front_belong_to_what_is_lost() -> None:
    tools = hb.text(5, hb.LONG, place=Place.TOOLS, kind="tool")
    broken = only(
        hb.request(
            tools,
            hb.text(10, "For ", hb.entity("name")),
            marks=(hb.mark(1),),
            pairs=(hb.BY_USERS,),
        )
    )
    assert broken.front.low == len(hb.LONG) + len("For ")
    assert broken.same_block


def test_between_conversations_only_the_first_breakpoint_is_told() -> None:
    built = hb.request(
        hb.text(10, hb.SENTENCE, hb.entity("name")),
        hb.text(11, hb.SENTENCE, hb.entity("profile")),
        marks=(hb.mark(0), hb.mark(1)),
        pairs=(hb.BY_USERS,),
    )
    assert kinds(built) == [(PairKind.USER, 0)]


def test_within_a_conversation_each_breakpoint_with_a_cause_of_its_own_is_told() -> None:
    built = hb.request(
        hb.text(10, hb.SENTENCE, hb.clock()),
        hb.text(11, hb.SENTENCE, hb.retrieved()),
        hb.text(12, hb.SENTENCE),
        marks=(hb.mark(0), hb.mark(1), hb.mark(2)),
        pairs=(hb.IN_LOOP,),
    )
    assert kinds(built) == [(PairKind.LOOP, 0), (PairKind.LOOP, 1)]
    first, second = built.breaks()
    assert [part.block for part in first.parts] == [0]
    assert [part.block for part in second.parts] == [1]
    assert first.loses_tail
    assert second.loses_tail


def test_the_newest_turn_under_automatic_caching_is_no_break() -> None:
    built = hb.request(
        hb.text(10, hb.SENTENCE),
        hb.history(),
        hb.turn(),
        marks=(hb.automatic(2),),
        pairs=(hb.IN_LOOP, hb.IN_TURNS, hb.BY_USERS, hb.BY_CALLS),
    )
    assert kinds(built) == []


def test_a_marker_on_the_newest_turn_is_no_break() -> None:
    built = hb.request(
        hb.text(10, hb.SENTENCE),
        hb.history(),
        hb.turn(),
        marks=(hb.mark(0), hb.mark(2)),
        pairs=(hb.IN_LOOP, hb.BY_USERS),
    )
    assert kinds(built) == []


def test_a_clock_in_the_newest_turn_is_no_break() -> None:
    newest = hb.user(60, "Asked at ", hb.clock(), last_message=True, last=True)
    built = hb.request(hb.text(10, hb.SENTENCE), newest, marks=(hb.automatic(1),))
    assert kinds(built) == []


def test_a_clock_in_front_of_a_cached_conversation_loses_it() -> None:
    built = hb.request(
        hb.text(10, hb.SENTENCE, hb.clock()),
        hb.history(),
        hb.turn(),
        marks=(hb.automatic(2),),
        pairs=(hb.IN_LOOP,),
    )
    broken = only(built)
    assert broken.breakpoint.automatic
    assert broken.loses_tail


def test_a_marked_block_of_the_newest_message_with_more_behind_it_is_prefix() -> None:
    document = hb.user(40, hb.SENTENCE, hb.entity("document"), last_message=True, message=0)
    question = hb.user(41, "What does it say?", last_message=True, last=True, message=0)
    built = hb.request(document, question, marks=(hb.mark(0),), pairs=(hb.IN_LOOP, hb.BY_CALLS))
    assert kinds(built) == [(PairKind.CALLS, 0)]


def test_the_last_block_of_the_newest_message_is_not_prefix() -> None:
    document = hb.user(40, hb.SENTENCE, hb.entity("document"), last_message=True, message=0)
    built = hb.request(document, marks=(hb.mark(0),), pairs=(hb.IN_LOOP, hb.BY_CALLS))
    assert kinds(built) == []


def test_a_marked_block_of_an_earlier_message_is_prefix() -> None:
    shots = hb.user(40, hb.SENTENCE, hb.entity("profile"), message=0)
    built = hb.request(shots, hb.turn(), marks=(hb.mark(0),), pairs=(hb.BY_USERS,))
    assert kinds(built) == [(PairKind.USER, 0)]


def test_somebody_elses_history_is_no_break() -> None:
    built = hb.request(
        hb.text(10, hb.SENTENCE),
        hb.history(),
        hb.turn(),
        marks=(hb.mark(0), hb.mark(1)),
        pairs=(hb.BY_USERS, hb.IN_LOOP),
    )
    assert kinds(built) == []


def test_what_the_history_keeps_is_not_new_within_the_conversation() -> None:
    kept = hb.user(50, hb.clock(), stored=True)
    built = hb.request(
        hb.text(10, hb.SENTENCE), kept, hb.turn(), marks=(hb.automatic(2),), pairs=(hb.IN_LOOP,)
    )
    assert kinds(built) == []
    again = hb.user(50, hb.clock(), stored=False)
    built = hb.request(
        hb.text(10, hb.SENTENCE), again, hb.turn(), marks=(hb.automatic(2),), pairs=(hb.IN_LOOP,)
    )
    assert kinds(built) == [(PairKind.LOOP, 2)]


@pytest.mark.parametrize(
    ("ordering", "pairs"),
    [
        (Ordering.PROCESS, [PairKind.WORKER]),
        (Ordering.COMPLETION, [PairKind.LOOP, PairKind.CALLS, PairKind.WORKER]),
        (Ordering.SERVER, [PairKind.LOOP, PairKind.CALLS]),
        (Ordering.LISTING, []),
    ],
)
def test_orders(ordering: Ordering, pairs: list[PairKind]) -> None:
    built = hb.request(
        hb.text(10, hb.SENTENCE, hb.ordered(ordering)),
        marks=(hb.mark(0),),
        pairs=(hb.IN_LOOP, hb.BY_CALLS, hb.BY_WORKERS),
    )
    assert [kind for kind, _ in kinds(built)] == pairs


def test_the_head_of_a_choice_counts() -> None:
    whole = hb.maybe(hb.entity("name"), hb.key(hb.Source.ENTITY, 21, (hb.FUNCTION,), name="name"))
    broken = only(
        hb.request(hb.text(10, hb.imported(), whole), marks=(hb.mark(0),), pairs=(hb.BY_USERS,))
    )
    assert broken.front.named
    assert broken.front.high is None
    assert broken.first.term == 1


def test_text_behind_the_moving_part_is_told_apart() -> None:
    broken = only(
        hb.request(
            hb.text(10, "For ", hb.entity("name"), "\n" + hb.SENTENCE),
            hb.text(11, hb.SENTENCE),
            marks=(hb.mark(1),),
            pairs=(hb.BY_USERS,),
        )
    )
    assert broken.front.low == len("For ")
    assert broken.behind.low == 1 + 2 * len(hb.SENTENCE)


def test_what_stands_behind_in_the_alternative_that_moves_counts() -> None:
    at = hb.at(10)
    written = Text((Known("It is ", at), hb.clock(), Known(hb.LONG, at)), at)
    short = Alternative(Known("Help.", at))
    block = hb.text(10, Choice((Alternative(written), short), at))
    for each in (block, replace(block, terms=())):
        broken = only(hb.request(each, marks=(hb.mark(0),), pairs=(hb.IN_TURNS,)))
        assert broken.behind.low == len(hb.LONG)
        still = replace(each, value=short.value, terms=())
        assert not kinds(hb.request(still, marks=(hb.mark(0),), pairs=(hb.IN_TURNS,)))


def test_a_block_that_may_be_absent_or_repeated_has_no_sure_size() -> None:
    broken = only(
        hb.request(
            hb.text(9, hb.SENTENCE, optional=True),
            hb.text(10, hb.SENTENCE, repeated=True),
            hb.text(11, hb.entity("name")),
            marks=(hb.mark(2),),
            pairs=(hb.BY_USERS,),
        )
    )
    assert broken.front.size == (0, None)
    assert broken.front.named


def test_a_break_as_if_its_first_part_were_gone() -> None:
    built = hb.request(
        hb.text(10, "Time: ", hb.clock(), "\n" + hb.SENTENCE, hb.entity("name")),
        marks=(hb.mark(0),),
        pairs=(hb.BY_USERS,),
    )
    broken = only(built)
    rest = built.after(broken, 1)
    assert rest is not None
    assert rest.first.term == 3
    assert rest.front.low == len("Time: \n" + hb.SENTENCE)
    assert built.after(broken, 2) is None


def test_the_newest_turn() -> None:
    built = hb.request(hb.text(10, hb.SENTENCE), hb.history(), hb.turn())
    assert built.newest_turn() is built.blocks[2]
    assert hb.request(hb.text(10, hb.SENTENCE), hb.history()).newest_turn() is None
    assert hb.request(hb.text(10, hb.SENTENCE)).newest_turn() is None


PARTS = st.sampled_from(["still", "clock", "entity", "retrieved"])


@given(
    st.lists(st.lists(PARTS, min_size=1, max_size=4), min_size=1, max_size=4),
    st.sets(st.integers(0, 3), max_size=4),
)
def test_a_break_is_always_in_front_of_its_breakpoint(
    texts: list[list[str]], marked: set[int]
) -> None:
    made = {
        "still": hb.SENTENCE,
        "clock": hb.clock(),
        "entity": hb.entity("name"),
        "retrieved": hb.retrieved(),
    }
    blocks = [hb.text(10 + n, *(made[part] for part in parts)) for n, parts in enumerate(texts)]
    points = tuple(hb.mark(n) for n in sorted(marked) if n < len(blocks))
    built = hb.request(*blocks, marks=points, pairs=(hb.IN_LOOP, hb.BY_USERS))
    for brk in built.breaks():
        assert brk.parts
        assert all(part.block <= brk.breakpoint.block for part in brk.parts)
        assert brk.breakpoint in points
        places = [(part.block, part.term) for part in brk.parts]
        assert places == sorted(places)
        assert brk.front.low <= brk.prefix.low
    broken = {brk.breakpoint.block for brk in built.breaks() if brk.pair is hb.BY_USERS}
    still = all(part == "still" for parts in texts for part in parts)
    assert not (broken and still)
