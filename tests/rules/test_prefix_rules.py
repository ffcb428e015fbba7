"""The rules about the prefix on requests built by hand: who reports what, and how it is mended."""

from __future__ import annotations

from dataclasses import replace

import hand_built as hb
import pytest
from test_examples import OF_PROJECTS

from skinflint.linter.findings import (
    Finding,
    MoveToTurn,
    Severity,
    SplitBlock,
    WrapSorted,
    united,
)
from skinflint.linter.request import (
    Block,
    Breakpoint,
    Conversation,
    Edited,
    Form,
    Home,
    Pair,
    PairKind,
    Place,
    Platform,
    Request,
)
from skinflint.linter.spans import Role, Step
from skinflint.linter.values import Confidence, Entry, Mapping, Ordering
from skinflint.rules.base import Context
from skinflint.rules.registry import all_rules


def findings(request: Request, context: Context = hb.CONTEXT) -> list[Finding]:
    """What all rules say about a request."""
    rules = [rule() for rule in all_rules() if rule.id not in OF_PROJECTS]
    return [found for rule in rules for found in rule.check(request, context)]


def ids(request: Request, context: Context = hb.CONTEXT) -> list[str]:
    """The rules that report, sorted."""
    return sorted(found.rule.id for found in findings(request, context))


def only(request: Request, context: Context = hb.CONTEXT) -> Finding:
    """The one finding about a request."""
    (found,) = findings(request, context)
    return found


def split(finding: Finding) -> SplitBlock:
    """The one split that mends a finding."""
    assert finding.fix is not None
    (op,) = finding.fix.ops
    assert isinstance(op, SplitBlock)
    return op


def marked(*parts: object, pairs: tuple[object, ...] = (hb.BY_USERS,), **more: object) -> Request:
    """A request with one marked system block and the newest turn."""
    return hb.request(
        hb.text(10, *parts),  # type: ignore[arg-type]
        hb.turn(),
        marks=(hb.mark(0),),
        pairs=pairs,  # type: ignore[arg-type]
        **more,  # type: ignore[arg-type]
    )


def test_each_source_has_its_rule() -> None:
    for part, rule, pair in (
        (hb.clock(), "SKF101", hb.IN_LOOP),
        (hb.hole(hb.key(hb.Source.RANDOM, 20, name="uuid4()")), "SKF103", hb.IN_LOOP),
        (hb.entity("name"), "SKF104", hb.BY_USERS),
        (hb.ordered(Ordering.COMPLETION), "SKF106", hb.IN_LOOP),
        (hb.ordered(Ordering.PROCESS), "SKF106", hb.BY_WORKERS),
        (hb.hole(hb.key(hb.Source.JSON_ORDER, 20)), "SKF107", hb.BY_CALLS),
        (hb.retrieved(), "SKF105", hb.IN_LOOP),
        (hb.hole(hb.key(hb.Source.TURN, 20)), "SKF202", hb.BY_CALLS),
        (hb.hole(hb.key(hb.Source.EVENT, 20)), "SKF202", hb.IN_TURNS),
    ):
        built = marked(hb.imported(), part, pairs=(pair,))
        assert ids(built) == [rule], rule


def test_what_went_through_many_places_is_told_with_preview() -> None:
    key = hb.key(hb.Source.ENTITY, 20, (hb.FUNCTION,), name="profile")
    for places, found in ((10, ["SKF104"]), (11, [])):
        steps = tuple(Step(Role.STEP, hb.at(40 + each), "handed on") for each in range(places))
        built = marked(hb.LONG, hb.hole(key._replace(trail=steps)))
        assert ids(built, replace(hb.CONTEXT, preview=False)) == found
        assert ids(built) == ["SKF104"]


def test_what_is_found_is_told_before_whom_it_is_about() -> None:
    found = hb.hole(
        hb.key(hb.Source.ENTITY, 20, (hb.FUNCTION,), name="user"),
        hb.key(hb.Source.RETRIEVAL, 20, (hb.FUNCTION,), name="search()"),
    )
    told = only(marked(hb.LONG, found))
    assert told.rule.id == "SKF105"
    assert told.message.startswith("What `search()` finds differs from user to user")
    far = hb.hole(hb.key(hb.Source.RETRIEVAL, 20, confidence=Confidence.MEDIUM))
    assert ids(marked(hb.LONG, far, pairs=(hb.IN_LOOP,))) == ["SKF202"]
    key = hb.key(hb.Source.RETRIEVAL, 20)
    read = hb.Unknown("the content of a file", hb.at(20), keys=(key,), entry="file", type="str")
    assert ids(marked(hb.LONG, read, pairs=(hb.IN_LOOP,))) == ["SKF202"]
    in_a_message = hb.request(
        hb.user(30, hb.LONG, hb.retrieved(), message=0),
        hb.turn(),
        marks=(hb.mark(0),),
        pairs=(hb.BY_CALLS,),
    )
    assert ids(in_a_message) == ["SKF202"]


@pytest.mark.parametrize(
    ("before", "behind", "wrap"),
    [
        ("Be kind.\n\nPassages:\n", "", (10, 0)),
        ("Be kind.\n## Passages\n\n", "\nBe brief.", (13, 0)),
        ("Be kind.\n<passages>\n", "\n</passages>\nBe brief.", (11, 12)),
        ("Be kind.\n<passages>\n", "\nBe brief.\n</passages>", (0, 0)),
        ("Be kind.\nAnd brief.\n", "", (0, 0)),
        ("Be kind. Passages: ", "", (0, 0)),
        ("Be kind.\nPassages:\n", " and no more", (0, 0)),
        ("", "", (0, 0)),
    ],
)
def test_a_heading_moves_with_what_it_announces(
    before: str, behind: str, wrap: tuple[int, int]
) -> None:
    parts = [part for part in (before, hb.retrieved(), behind) if part != ""]
    built = hb.request(
        hb.text(10, hb.LONG, *parts),
        hb.turn(),
        marks=(hb.automatic(1),),
        pairs=(hb.IN_TURNS,),
    )
    fix = only(built).fix
    assert fix is not None
    (op,) = fix.ops
    assert isinstance(op, MoveToTurn)
    assert op.wraps == (wrap,)


def test_nothing_is_said_where_nothing_is_known_to_move() -> None:
    for source in (hb.Source.UNKNOWN, hb.Source.FILE, hb.Source.ENVIRONMENT):
        assert ids(marked(hb.imported(), hb.hole(hb.key(source, 20)), pairs=ALL)) == []


ALL = (hb.IN_LOOP, hb.IN_TURNS, hb.BY_USERS, hb.BY_CALLS, hb.BY_WORKERS)


def test_a_listing_is_silent() -> None:
    assert ids(marked(hb.imported(), hb.ordered(Ordering.LISTING), pairs=ALL)) == []


def test_the_order_of_tools_has_a_rule_of_its_own() -> None:
    tool = hb.text(5, hb.ordered(Ordering.SERVER), place=Place.TOOLS, kind="tool")
    built = hb.request(
        tool, hb.text(10, hb.imported()), hb.turn(), marks=(hb.mark(1),), pairs=(hb.IN_LOOP,)
    )
    assert ids(built) == ["SKF108"]


def test_the_message_names_source_pair_breakpoint_and_loss() -> None:
    found = only(marked(hb.LONG, hb.clock(), pairs=(hb.IN_LOOP,)))
    assert "`datetime.now()`" in found.message
    assert hb.IN_LOOP.label in found.message
    assert "line 70" in found.message
    assert f"{len(hb.LONG):,} characters" in found.message
    assert found.pair == hb.IN_LOOP.label
    assert [step.role for step in found.related] == [Role.SOURCE, Role.SINK, Role.BREAKPOINT]
    assert found.primary == hb.at(10, 30)


def test_the_worst_pair_speaks() -> None:
    found = only(marked(hb.LONG, hb.clock(), pairs=(hb.BY_WORKERS, hb.BY_CALLS, hb.IN_LOOP)))
    assert found.pair == hb.IN_LOOP.label
    found = only(marked(hb.LONG, hb.clock(), pairs=(hb.BY_CALLS, hb.IN_TURNS)))
    assert found.pair == hb.IN_TURNS.label


def test_confidence_is_that_of_the_less_sure() -> None:
    unsure = replace(hb.BY_USERS, confidence=Confidence.MEDIUM)
    assert only(marked(hb.LONG, hb.entity("name"), pairs=(unsure,))).confidence == 1
    hidden = replace(hb.BY_USERS, confidence=Confidence.LOW)
    assert ids(marked(hb.LONG, hb.entity("name"), pairs=(hidden,))) == []
    guess = hb.hole(
        hb.key(hb.Source.ENTITY, 20, (hb.FUNCTION,), name="x", confidence=Confidence.LOW)
    )
    assert ids(marked(hb.LONG, guess)) == []


def test_name_and_profile_are_one_finding_with_both_in_the_trail() -> None:
    found = only(marked(hb.LONG, hb.entity("name", 21), hb.entity("profile", 22)))
    assert found.rule.id == "SKF104"
    assert "`name` and `profile` differ" in found.message
    sources = [step.span.line for step in found.related if step.role is Role.SOURCE]
    assert sources == [21, 22]


def test_a_wrapper_in_front_of_a_users_document_is_silent() -> None:
    for wrapper in ("<document>", "Here is the document:\n"):
        assert ids(marked(wrapper, hb.entity("document"))) == []


def test_a_short_head_is_silent_while_the_conversation_reads_it_again() -> None:
    again = marked(hb.SENTENCE, hb.entity("document"), pairs=(hb.IN_LOOP, hb.BY_USERS))
    assert ids(again) == []
    long = only(marked(hb.LONG, hb.entity("document"), pairs=(hb.IN_LOOP, hb.BY_USERS)))
    assert long.rule.id == "SKF104"


def test_a_head_that_is_never_cached_is_silent() -> None:
    assert ids(marked(hb.SENTENCE, hb.entity("document"))) == []
    assert ids(marked(hb.SENTENCE, hb.clock(), pairs=(hb.IN_LOOP,))) == []
    conversation = hb.request(
        hb.text(10, hb.SENTENCE, hb.clock()),
        hb.history(),
        hb.turn(),
        marks=(hb.mark(0), hb.automatic(2)),
        pairs=(hb.IN_TURNS,),
    )
    assert ids(conversation) == ["SKF101"], "the turns behind it would be read"


def test_an_imported_head_is_worth_a_finding_though_its_size_is_unknown() -> None:
    found = only(marked(hb.imported(), hb.entity("name"), pairs=(hb.IN_LOOP, hb.BY_USERS)))
    assert found.cost is None


def test_nothing_in_front_nothing_lost() -> None:
    assert ids(marked(hb.entity("whole prompt"))) == []


def test_a_users_text_ahead_of_the_marked_block() -> None:
    built = hb.request(
        hb.text(10, "User: ", hb.entity("name")),
        hb.text(11, hb.LONG),
        hb.turn(),
        marks=(hb.mark(1),),
        pairs=(hb.BY_USERS,),
    )
    found = only(built)
    assert found.rule.id == "SKF104"
    assert "behind it" in found.message


def test_a_model_that_binds_its_thinking_refuses_a_changed_prefix() -> None:
    blocks = (hb.text(10, hb.LONG, hb.clock()), hb.history(), hb.turn())
    for model, severity in (
        ("claude-fable-5-2", Severity.ERROR),
        ("claude-opus-5-5", Severity.WARNING),
    ):
        built = hb.request(
            *blocks, marks=(hb.mark(0),), pairs=(hb.IN_LOOP, hb.BY_CALLS), models=(model,)
        )
        found = only(built)
        assert found.severity is severity
        assert ("400" in found.message) is (severity is Severity.ERROR)
    once = only(
        replace(built, models=hb.request(models=("claude-fable-5-2",)).models, pairs=(hb.BY_CALLS,))
    )
    assert once.severity is Severity.WARNING


def test_single_user() -> None:
    context = replace(hb.CONTEXT, single_user=True)
    assert ids(marked(hb.LONG, hb.entity("name")), context) == []
    assert ids(marked(hb.LONG, hb.clock(), pairs=(hb.IN_LOOP,)), context) == ["SKF101"]


def test_cost_is_that_of_the_cache_model() -> None:
    between = only(marked(hb.LONG, hb.entity("name"))).cost
    assert between is not None
    # ten writes at 1.25 against one and nine reads at 0.05
    assert between.ratio == pytest.approx(12.5 / (1.25 + 9 * 0.05), abs=0.01)
    assert between.assumption == "10 calls with this prefix within 5 minutes"
    inner = only(marked(hb.LONG, hb.entity("name"), pairs=(hb.IN_LOOP, hb.BY_USERS))).cost
    assert inner is not None
    # five turns: 1.25 + 4 * 0.05 against 5 * 0.05
    assert inner.ratio == pytest.approx(1.45 / 0.25, abs=0.01)
    assert inner.assumption.startswith("5 turns per user")
    rounds = replace(hb.IN_LOOP, rounds=5)
    literal = only(marked(hb.LONG, hb.clock(), pairs=(rounds,))).cost
    assert literal is not None
    assert literal.assumption.startswith("5 calls")


def test_no_cost_where_facts_are_not_first_party() -> None:
    found = only(marked(hb.LONG, hb.clock(), pairs=(hb.IN_LOOP,), platform=Platform.BEDROCK))
    assert found.cost is None


def test_the_split_stands_in_front_of_the_first_moving_term() -> None:
    op = split(only(marked(hb.imported(), "\n", hb.entity("name"), ".\n", hb.entity("profile"))))
    assert op.at == 2
    assert op.static == (True, True, False, True, False)
    assert op.marker == hb.at(70)
    assert op.moves == ()
    assert op.cut is None
    assert not op.mark_tail
    assert not op.tail_may_be_blank


def test_a_label_goes_with_its_value() -> None:
    front = hb.LONG + "\n\nThe name: "
    op = split(only(marked(front, hb.entity("name"))))
    assert op.at == 1
    assert op.cut == front.index("The name")
    assert not op.tail_may_be_blank


@pytest.mark.parametrize(
    ("front", "label"),
    [
        ("Be kind and brief, and keep to the rules.\n\nThe name: ", "The name: "),
        ("Be kind and brief, and keep to the rules.\n\nProfile:\n", "Profile:\n"),
        ("Be kind and brief, and keep to the rules.\n\n## Profile\n\n", "## Profile\n\n"),
        ("Be kind and brief, and keep to the rules.\n<profile>\n", "<profile>\n"),
        ("Be kind and brief, and keep to the rules.\n</rules>\n", None),
        ("Be kind and brief, and keep to the rules.\n\n", None),
        ("Be kind and brief, and keep to the rules. The name: ", None),
    ],
)
def test_labels(front: str, label: str | None) -> None:
    front = hb.LONG + front
    op = split(only(marked(front, hb.entity("profile"))))
    assert op.at == 1
    assert op.cut == (None if label is None else len(front) - len(label))


def test_a_tail_of_holes_may_be_blank() -> None:
    whole = hb.maybe(hb.entity("name"))
    assert split(only(marked(hb.imported(), whole))).tail_may_be_blank
    assert not split(only(marked(hb.imported(), hb.clock(), pairs=(hb.IN_LOOP,)))).tail_may_be_blank


def test_a_tail_that_is_read_again_is_marked() -> None:
    again = marked(hb.imported(), hb.entity("profile"), pairs=(hb.IN_LOOP, hb.BY_USERS))
    assert split(only(again)).mark_tail
    once = marked(hb.imported(), hb.entity("profile"), pairs=(hb.BY_USERS,))
    assert not split(only(once)).mark_tail


def test_a_tail_that_another_breakpoint_covers_is_not_marked() -> None:
    built = hb.request(
        hb.text(10, hb.imported(), hb.entity("profile")),
        hb.history(),
        hb.turn(),
        marks=(hb.mark(0), hb.automatic(2)),
        pairs=(hb.IN_LOOP, hb.BY_USERS),
    )
    op = split(only(built))
    assert not op.mark_tail
    assert op.marker == hb.at(70)


def test_under_automatic_caching_the_head_gets_a_marker() -> None:
    built = hb.request(
        hb.text(10, hb.imported(), hb.entity("profile"), form=Form.STRING),
        hb.history(),
        hb.turn(),
        marks=(hb.automatic(2, ttl="1h"),),
        pairs=(hb.IN_LOOP, hb.BY_USERS),
    )
    op = split(only(built))
    assert op.marker is None
    assert op.ttl == "1h"


def test_no_marker_is_added_where_none_is_left() -> None:
    front = [hb.text(n, hb.SENTENCE) for n in range(3, 7)]
    built = hb.request(
        *front,
        hb.text(10, hb.imported(), hb.entity("profile")),
        hb.turn(),
        marks=(*(hb.mark(n) for n in range(3)), hb.mark(4)),
        pairs=(hb.IN_LOOP, hb.BY_USERS),
    )
    found = next(f for f in findings(built) if f.rule.id == "SKF104")
    assert not split(found).mark_tail


def test_lines_behind_the_value_join_a_shorter_head() -> None:
    op = split(
        only(marked("You help ", hb.entity("name"), ".\n", "\n" + hb.LONG, hb.entity("mail")))
    )
    assert op.at == 1
    assert op.moves == ()  # its last line would go on with the mail
    op = split(only(marked("You help ", hb.entity("name"), "\n" + hb.LONG)))
    assert op.moves == (2,)


def test_the_rest_of_a_line_stays_with_its_value() -> None:
    found = only(marked("You help ", hb.entity("name"), " with this. " + hb.LONG))
    assert split(found).moves == ()


def test_a_clock_in_front_of_a_cached_conversation_moves_into_the_turn() -> None:
    built = hb.request(
        hb.text(10, hb.imported(), "\nIt is ", hb.clock()),
        hb.history(),
        hb.turn(),
        marks=(hb.automatic(2),),
        pairs=(hb.IN_LOOP, hb.BY_CALLS),
    )
    found = only(built)
    assert found.fix is not None
    (op,) = found.fix.ops
    assert isinstance(op, MoveToTurn)
    assert op.moved == (2,)
    assert op.turn == built.blocks[2].text
    assert found.fix.reorders
    assert "conversation behind it" in found.message


def test_without_a_turn_to_move_to_the_reason_is_given() -> None:
    built = hb.request(
        hb.text(10, hb.imported(), hb.clock()),
        hb.history(),
        marks=(hb.automatic(1),),
        pairs=(hb.IN_LOOP,),
    )
    found = only(built)
    assert found.fix is None
    assert found.no_fix is not None
    assert found.no_fix.endswith(".")
    kept = replace(hb.turn(), stored=False)
    built = replace(built, blocks=(*built.blocks, kept), breakpoints=(hb.automatic(2),))
    assert "history keeps another text" in (only(built).no_fix or "")


def test_what_stands_behind_a_clock_that_moves_away_is_told_at_once() -> None:
    built = hb.request(
        hb.text(10, hb.imported(), "\nIt is ", hb.clock(), "\nUser: ", hb.entity("name")),
        hb.history(),
        hb.turn(),
        marks=(hb.automatic(2),),
        pairs=(hb.IN_LOOP, hb.BY_USERS),
    )
    assert ids(built) == ["SKF101", "SKF104"]


def test_between_conversations_the_first_place_speaks_for_all() -> None:
    built = marked(hb.imported(), hb.entity("name"), hb.clock(), pairs=(hb.BY_USERS,))
    assert ids(built) == ["SKF104"]
    same_user = hb.Pair(PairKind.CONVERSATION, 0, "from conversation to conversation")
    built = marked(hb.imported(), hb.entity("name"), hb.clock(), pairs=(hb.BY_USERS, same_user))
    assert ids(built) == ["SKF104"]


def test_a_set_of_strings_is_sorted_where_it_stands() -> None:
    found = only(marked(hb.imported(), hb.ordered(Ordering.PROCESS), pairs=ALL))
    assert found.pair == hb.BY_WORKERS.label
    assert found.fix is not None
    assert found.fix.ops == (WrapSorted(hb.at(23)),)
    assert found.cost is None


def test_results_as_they_complete_can_only_be_explained() -> None:
    found = only(marked(hb.imported(), hb.ordered(Ordering.COMPLETION), pairs=(hb.IN_LOOP,)))
    assert found.fix is None
    assert "executor.map" in (found.no_fix or "")


def test_a_block_that_two_requests_share_is_one_defect() -> None:
    once = only(marked(hb.imported(), hb.entity("profile")))
    loop = only(
        replace(
            marked(hb.imported(), hb.entity("profile"), pairs=(hb.IN_LOOP, hb.BY_USERS)),
            site=replace(marked().site, span=hb.at(66)),
        )
    )
    assert once.identity == loop.identity
    assert not split(once).mark_tail
    for order in ((once, loop), (loop, once)):
        both = united(order)
        assert both.requests == (hb.at(65), hb.at(66))
        assert split(both).mark_tail


def test_uniting_nothing_is_an_error() -> None:
    with pytest.raises(ValueError, match="no finding"):
        united(())


def test_the_same_findings_come_out_in_the_same_order_twice() -> None:
    built = marked(hb.imported(), hb.entity("name"), hb.clock(), pairs=ALL)
    assert findings(built) == findings(built)


def tool(line: int, *description: object, name: str = "find") -> Block:
    """A tool that is written out, with a description of these parts."""
    parts = tuple(
        hb.Known(part, hb.at(line, 30 + n)) if isinstance(part, str) else part
        for n, part in enumerate(description)
    )
    said = hb.Text(parts, hb.at(line, 30, 60))  # type: ignore[arg-type]
    entries = tuple(
        Entry(hb.Known(key, hb.at(line)), value, hb.at(line, 30, 60))
        for key, value in (("name", hb.Known(name, hb.at(line))), ("description", said))
    )
    terms = tuple(hb.Term(p.span, p, isinstance(p, hb.Known)) for p in parts)  # type: ignore[union-attr]
    return Block(
        Place.TOOLS, "tool", Mapping(entries, hb.at(line)), hb.at(line), Form.DICT, described=terms
    )


@pytest.mark.parametrize(
    ("source", "pair", "rule"),
    [
        (hb.Source.CALL, hb.IN_LOOP, ["SKF110"]),
        (hb.Source.TURN, hb.IN_TURNS, ["SKF110"]),
        (hb.Source.ENTITY, hb.BY_USERS, ["SKF110"]),
        (hb.Source.ENTITY, hb.IN_LOOP, []),
        (hb.Source.CLOCK, hb.IN_LOOP, ["SKF101"]),
        (hb.Source.RANDOM, hb.IN_LOOP, ["SKF103"]),
        (hb.Source.FILE, hb.IN_LOOP, []),
    ],
)
def test_live_data_in_a_tool(source: hb.Source, pair: Pair, rule: list[str]) -> None:
    live = hb.hole(hb.key(source, 20))
    built = hb.request(
        tool(5, "Finds a part. Asked ", live, " times."),
        hb.text(10, hb.LONG),
        hb.turn(),
        marks=(hb.mark(1),),
        pairs=(pair,),
    )
    assert ids(built) == rule
    handed = hb.request(
        tool(5, live), hb.text(10, hb.LONG), hb.turn(), marks=(hb.mark(1),), pairs=(pair,)
    )
    assert "SKF110" not in ids(handed)


def test_a_sentence_of_a_description_moves() -> None:
    live = hb.hole(hb.key(hb.Source.ENTITY, 20), hb.key(hb.Source.ENTITY, 20))
    built = hb.request(
        tool(5, "Finds a part. For ", live, "."),
        hb.text(10, hb.LONG),
        hb.turn(),
        marks=(hb.mark(1),),
        pairs=(hb.BY_USERS,),
    )
    found = only(built)
    assert found.primary == hb.at(5, 30, 60)
    assert found.fix is not None
    (op,) = found.fix.ops
    assert isinstance(op, MoveToTurn)
    assert (op.moved, op.sentences) == ((1,), True)


def edited(*marks: Breakpoint, model: str = "claude-opus-5-5", where: str = "loop") -> Request:
    """A conversation whose older messages are changed."""
    edit = Edited(Step(Role.STEP, hb.at(40), "messages are changed here"), "age", where)
    talk = Conversation(Home.LOCAL, hb.at(5), edits=(edit,))
    return hb.request(
        hb.text(10, hb.LONG),
        hb.history(),
        hb.turn(),
        marks=marks,
        pairs=(hb.IN_LOOP, hb.IN_TURNS, hb.BY_CALLS),
        models=(model,),
        conversation=talk,
        multi_turn=True,
    )


def test_old_messages_that_are_changed() -> None:
    found = only(edited(hb.automatic(2)))
    assert (found.rule.id, found.severity) == ("SKF113", Severity.WARNING)
    assert found.primary == hb.at(40)
    assert found.pair == hb.IN_LOOP.label
    assert only(edited(hb.mark(2), where="turns")).pair == hb.IN_TURNS.label
    bound = only(edited(hb.automatic(2), model="claude-fable-5-2"))
    assert bound.severity is Severity.ERROR
    assert "rejected (400)" in bound.message


def test_changes_cost_nothing_where_no_message_is_cached() -> None:
    assert "SKF113" not in ids(edited(hb.mark(0)))
    assert "SKF113" not in ids(edited())


def printed(*marks: hb.Mark) -> hb.Value:
    """What `git status` prints, read in these marks."""
    return hb.hole(hb.key(hb.Source.PROGRAM, 20, marks, name="`git status`"))


OBJECT = hb.Mark(hb.MarkKind.OBJECT, "Agent", hb.Span("app.py", 2, 1, 3, 1))


@pytest.mark.parametrize(
    ("marks", "pairs", "told"),
    [
        ((hb.FUNCTION, hb.LOOP), (hb.IN_LOOP,), True),
        ((hb.FUNCTION, hb.LOOP), (hb.IN_LOOP, hb.BY_CALLS), True),
        ((hb.FUNCTION,), (hb.IN_LOOP, hb.BY_CALLS), False),  # once when a conversation begins
        ((hb.FUNCTION,), (hb.BY_CALLS,), True),
        ((OBJECT,), (hb.BY_CALLS,), False),
        ((), (hb.IN_LOOP, hb.BY_CALLS), False),
    ],
)
def test_what_a_program_prints(
    marks: tuple[hb.Mark, ...], pairs: tuple[Pair, ...], told: bool
) -> None:
    built = marked(hb.LONG, printed(*marks), pairs=pairs)
    assert ids(built) == (["SKF114"] if told else [])


def test_an_order_of_keys_matters_only_where_the_rest_stays() -> None:
    order = hb.hole(hb.key(hb.Source.JSON_ORDER, 12, name="`json.loads()`"))
    reply = hb.hole(hb.key(hb.Source.CALL, 14, name="the model's reply"))
    beside = marked(hb.LONG, order, pairs=(hb.IN_LOOP,))
    assert ids(beside) == ["SKF107"]
    assert ids(marked(hb.LONG, order, reply, pairs=(hb.IN_LOOP,))) == ["SKF202"]
