"""The rules about missing breakpoints and batches, on requests built by hand."""

from __future__ import annotations

from dataclasses import replace

import hand_built as hb
import pytest
from judging import judged, mended

from skinflint.linter.findings import Applicability, Finding, MarkBlock, MarkRequest
from skinflint.linter.request import (
    Block,
    Conversation,
    Form,
    Growth,
    Home,
    Limit,
    Pair,
    PairKind,
    Part,
    Place,
    Platform,
    Repeats,
    Repetition,
    Request,
    State,
    Task,
    Use,
)
from skinflint.linter.spans import Role, Step
from skinflint.linter.values import (
    Alternative,
    Choice,
    Confidence,
    Entry,
    Known,
    Mapping,
    Source,
    Unknown,
)
from skinflint.rules.batchable_loop import BatchableLoop
from skinflint.rules.no_cache import NoCache
from skinflint.rules.uncached_tail import UncachedTail

RECORD = Pair(
    PairKind.RECORD, 1, "from one `row` to the next of the loop at line 10", independent=True
)
GROWS = Growth(hb.at(66), "append", "loop", Step(Role.STEP, hb.at(66), "grows here"))
TALK = Conversation(Home.LOCAL, hb.at(5), (GROWS,), sent_equals_stored=True)
#: A list that goes through code which can't be seen, and grows there.
UNSEEN = replace(TALK, certain=False, grown_by=(GROWS._replace(where="method"),))
#: Two runs of the function that has the list.
AROUND = Pair(PairKind.TURN, 0, "from turn to turn of a conversation (answer())")
SCRIPT = Repetition(Repeats.LOOP, waiting=False)
#: What is told of is judged, not how likely the usual run is to be that long.
PREVIEW = replace(hb.CONTEXT, paced=False)


#: A beta call on one branch and a stable one on the other.
_BRANCHES = """
import anthropic

client = anthropic.Anthropic()


def watch(question: str, careful: bool, find) -> str:
    messages = [{"role": "user", "content": question}]
    while True:
        if careful:
            reply = client.beta.messages.create(
                model="claude-opus-5-5", max_tokens=900, messages=messages, betas=["a-beta"]
            )
        else:
            reply = client.messages.create(
                model="claude-opus-5-5", max_tokens=900, messages=messages)
        said = {"role": "assistant", "content": reply.content}
        messages.append(said)
        if reply.stop_reason != "tool_use":
            return reply.content[0].text
        messages.append({"role": "user", "content": find(reply)})
"""


def told(rule: type, request: Request) -> list[Finding]:
    """What one rule says about a request."""
    return list(rule().check(request, hb.CONTEXT))


def nothing_or(name: str) -> Choice:
    """None, or a dict with that one key."""
    entry = Entry(Known(name, hb.at(9)), Known("something", hb.at(9)), hb.at(9))
    body = Mapping((entry,), hb.at(9))
    return Choice((Alternative(Known(None, hb.at(9))), Alternative(body)), hb.at(9))


def only(rule: type, request: Request) -> Finding:
    """The one finding of a rule."""
    (found,) = told(rule, request)
    return found


def chat(*system: object, talk: Conversation | None = TALK, **more: object) -> Request:
    """A conversation in a loop, with one system block written as a plain string."""
    blocks = [hb.text(10, *system, form=Form.STRING)] if system else []  # type: ignore[arg-type]
    more.setdefault("pairs", (hb.IN_LOOP, hb.BY_CALLS))
    return hb.request(
        *blocks,
        replace(hb.history(), history=True),
        hb.turn(),
        conversation=talk,
        multi_turn=True,
        **more,  # type: ignore[arg-type]
    )


def single(*system: object, **more: object) -> Request:
    """A request of one message, with one system block written as a plain string."""
    more.setdefault("pairs", (hb.BY_USERS,))
    block = hb.text(10, *system, form=Form.STRING)  # type: ignore[arg-type]
    return hb.request(block, hb.turn(), **more)  # type: ignore[arg-type]


# --- SKF201 -------------------------------------------------------------------------------------


def test_a_conversation_without_breakpoints_is_cached_as_a_whole() -> None:
    found = only(NoCache, chat(hb.SENTENCE))
    assert found.fix is not None
    assert found.fix.applicability is Applicability.PRICE
    assert found.fix.ops == (MarkRequest(hb.at(65)),)
    assert "the system prompt and the conversation so far are sent again" in found.message
    assert "the conversation so far is sent again" in only(NoCache, chat()).message
    assert found.cost is not None
    assert found.cost.ratio == round(55 / (10 * 1.25 + 45 * 0.05), 2)
    assert "10 rounds of equal length" in found.cost.assumption


def test_calls_on_two_branches_of_one_conversation_are_one_defect() -> None:
    (found,) = judged(NoCache, _BRANCHES, PREVIEW)
    assert len(found.requests) == 2
    assert found.fix is not None
    assert [type(op) for op in found.fix.ops] == [MarkRequest, MarkRequest]
    assert mended(NoCache, _BRANCHES, PREVIEW).count("cache_control=") == 2
    # two calls, each with a list of its own
    apart = _BRANCHES.replace("messages=messages)", "messages=others)").replace(
        "    while True:", '    others = [{"role": "user", "content": question}]\n    while True:'
    )
    grown = apart.replace(
        "        messages.append(said)",
        "        messages.append(said)\n        others.append(said)",
    )
    assert len(judged(NoCache, grown, PREVIEW)) == 2


def test_a_long_system_prompt_gets_a_marker_of_its_own() -> None:
    found = only(NoCache, chat(hb.LONG, pairs=(hb.IN_LOOP,)))
    assert found.fix is not None
    assert found.fix.ops == (MarkBlock(hb.at(10, 20, 60), "string"), MarkRequest(hb.at(65)))


def test_a_prefix_that_all_users_share() -> None:
    found = only(NoCache, single(hb.LONG))
    assert "tokens of the system prompt are the same from user to user" in found.message
    assert found.fix is not None
    assert found.fix.ops == (MarkBlock(hb.at(10, 20, 60), "string"),)
    assert not found.fix.reuse_proven
    assert found.cost is not None
    assert found.cost.ratio == round(10 / (1.25 + 9 * 0.05), 2)


def test_how_soon_the_next_caller_comes_is_not_in_the_code() -> None:
    """Nobody has said it, and nothing that hangs on it is asked for."""
    asked = replace(hb.CONTEXT, paced=False)
    for pair in (hb.BY_USERS, hb.BY_CALLS):
        assert list(NoCache().check(single(hb.LONG, pairs=(pair,)), asked)) == []
    assert list(NoCache().check(single(hb.LONG, pairs=(RECORD,)), asked))


def test_only_the_text_in_front_of_what_differs_counts() -> None:
    assert told(NoCache, single(hb.SENTENCE, hb.entity("profile"), hb.LONG)) == []
    found = only(NoCache, single(hb.LONG, hb.entity("profile")))
    assert found.fix is None
    assert found.no_fix is not None
    assert "a block of its own" in found.no_fix


def test_text_at_the_head_of_the_first_message_counts() -> None:
    question = hb.hole(hb.key(Source.TURN, 60, name="question"))
    block = hb.user(40, hb.LONG, question, message=0, last_message=True, last=True)
    found = only(NoCache, hb.request(block, pairs=(hb.BY_USERS,)))
    assert "tokens of the messages are the same" in found.message
    assert found.fix is None


def test_what_changes_in_front_is_said_to_be_out_of_order() -> None:
    found = only(NoCache, chat("It is ", hb.clock(), "\n", hb.LONG))
    assert "cannot be cached as ordered: `datetime.now()` differs" in found.message
    assert f"{len(hb.LONG.strip()):,} characters that never change" in found.message
    assert found.fix is None
    assert found.related[0].span == hb.at(20)


@pytest.mark.parametrize(
    "request_",
    [
        chat(hb.LONG, repetition=Repetition(Repeats.ONCE)),
        chat(hb.LONG, marks=(hb.mark(0),)),
        chat(hb.LONG, marks=(hb.automatic(2),)),
        chat(hb.LONG, platform=Platform.COMPATIBLE),
        chat(hb.LONG, platform=Platform.UNKNOWN),
        chat(hb.LONG, system=Part(State.UNKNOWN, "a helper")),
        chat(hb.LONG, tools=Part(State.PARTIAL, "too many parts"), names_marker=True),
        chat(hb.LONG, unseen="keywords from a caller"),
        chat(hb.LONG, params={"cache_control": Unknown("a setting", hb.at(9))}),
        chat(hb.LONG, pairs=(hb.BY_WORKERS,)),
        chat(hb.LONG, params={"extra_body": Unknown("settings", hb.at(9))}),
        chat(hb.LONG, params={"extra_body": nothing_or("cache_control")}),
        chat(hb.SENTENCE, talk=None),
        chat(hb.SENTENCE, talk=UNSEEN),
        chat(hb.SENTENCE, talk=replace(TALK, home=Home.LOCAL), pairs=(AROUND,)),
        chat(hb.SENTENCE, talk=replace(TALK, append_only=False)),
        chat(hb.SENTENCE, talk=replace(TALK, slides=(GROWS.step,))),
        chat(hb.SENTENCE, talk=replace(TALK, grown_by=())),
        chat(hb.SENTENCE, talk=replace(TALK, grown_by=(GROWS._replace(where="turns"),))),
        chat(hb.SENTENCE, pairs=(replace(hb.IN_LOOP, rounds=2),)),
        chat(hb.SENTENCE, hb.hole(hb.key(Source.UNKNOWN, 9))),
        chat(hb.hole(hb.key(Source.EVENT, 9)), hb.LONG),
        single(hb.SENTENCE),
        single(hb.clock(), hb.LONG),
        single(hb.LONG, pairs=(replace(hb.BY_USERS, confidence=Confidence.LOW),)),
        single(hb.LONG, models=("some-model",)),
    ],
)
def test_no_cache_keeps_quiet(request_: Request) -> None:
    assert told(NoCache, request_) == []


def test_what_takes_the_place_of_a_retired_model_caches() -> None:
    found = only(NoCache, chat(hb.SENTENCE, models=("claude-2.1",)))
    assert "the system prompt and the conversation so far are sent again" in found.message
    assert told(NoCache, single(hb.SENTENCE * 20, models=("claude-2.1",))) == []


def test_a_prefix_has_to_be_long_enough_for_what_takes_the_place_of_a_retired_model() -> None:
    retired = ("claude-3-5-sonnet-20241022",)  # nothing is known of when it cached
    rules = hb.SENTENCE * 60
    assert only(NoCache, single(rules, models=retired, pairs=(RECORD,)))
    assert told(NoCache, single(hb.SENTENCE, models=retired, pairs=(RECORD,))) == []


def test_records_that_only_the_next_model_would_cache_are_told_in_preview() -> None:
    named = ("claude-sonnet-4-20250514",)  # from 1,024 tokens on, what replaces it from 512
    default = replace(hb.CONTEXT, preview=False)
    short, long = (single(hb.SENTENCE * n, models=named, pairs=(RECORD,)) for n in (60, 300))
    assert told(NoCache, short)
    assert list(NoCache().check(short, default)) == []
    assert list(NoCache().check(long, default))


def test_a_marker_that_is_seen_on_another_way_to_the_call() -> None:
    plain = replace(chat(hb.LONG), names_marker=False)
    marked = replace(plain, breakpoints=(hb.mark(0),))
    default = replace(hb.CONTEXT, preview=False)
    for state, count in ((State.KNOWN, 1), (State.PARTIAL, 0)):
        asked = replace(plain, system=Part(state), kin=lambda: (plain, marked))
        assert len(list(NoCache().check(asked, default))) == count, state
        assert told(NoCache, asked)
        alone = replace(asked, kin=lambda: (plain,))
        assert list(NoCache().check(alone, default))


def test_a_body_that_asks_for_no_caching_in_any_case() -> None:
    assert told(NoCache, chat(hb.SENTENCE, params={"extra_body": nothing_or("betas")}))


def test_a_system_prompt_from_elsewhere_may_be_marked_there() -> None:
    handed = hb.hole(hb.key(Source.ENTITY, 4, (hb.FUNCTION,), name="system"))
    known = chat(handed)
    assert only(NoCache, known).fix is not None
    unknown = replace(handed, type="")  # type: ignore[type-var]
    assert told(NoCache, chat(unknown)) == []


def test_reuse_is_proven_by_a_literal_loop_only() -> None:
    loop = replace(RECORD, rounds=12)
    found = only(NoCache, single(hb.LONG, pairs=(loop,)))
    assert found.fix is not None
    assert found.fix.reuse_proven
    for pair in (RECORD, replace(loop, independent=None)):
        other = only(NoCache, single(hb.LONG, pairs=(pair,)))
        assert other.fix is not None
        assert not other.fix.reuse_proven


def test_where_automatic_caching_is_not_taken_nothing_asks_for_it() -> None:
    for more in (
        {"platform": Platform.BEDROCK},
        {"accepts_automatic": lambda: False},
        {"talk": replace(TALK, sent_equals_stored=None)},
    ):
        found = only(NoCache, chat(hb.SENTENCE, **more))  # type: ignore[arg-type]
        assert found.fix is None
        assert found.no_fix


def test_rounds_that_append_themselves_leave_the_rest_of_the_list_as_it_is() -> None:
    found = only(NoCache, chat(hb.SENTENCE, talk=replace(TALK, certain=False)))
    assert found.fix is None
    assert found.no_fix is not None
    assert "isn't certain" in found.no_fix


def test_messages_out_of_sight_are_unmarked_where_nothing_writes_a_marker() -> None:
    hidden = Block(Place.MESSAGES, "", Unknown("a helper", hb.at(50)), hb.at(50), last=True)
    request = hb.request(hidden, conversation=TALK, multi_turn=True)
    assert told(NoCache, request) == []
    assert only(NoCache, replace(request, names_marker=False)).fix is not None


def test_tools_that_are_registered_are_settled_in_a_conversation() -> None:
    registered = hb.hole(hb.key(Source.EVENT, 9, (), name="TOOLS"))
    tool = Block(Place.TOOLS, "tool", registered, hb.at(8), repeated=True)
    request = chat(hb.SENTENCE, names_marker=False)
    assert told(NoCache, replace(request, blocks=(tool, *request.blocks)))


def test_what_is_done_ahead_of_the_loop_is_done_when_its_rounds_begin() -> None:
    ahead = Step(Role.STEP, hb.at(7), "it is cut here")
    inside = Step(Role.STEP, hb.at(40), "it is cut here")
    elsewhere = Step(Role.STEP, hb.at(7)._replace(path="other.py"), "it is cut here")
    for step, told_of in ((ahead, 1), (inside, 0), (elsewhere, 0)):
        talk = replace(TALK, append_only=False, rewritten=(step,), slides=(step,))
        assert len(told(NoCache, chat(hb.SENTENCE, talk=talk))) == told_of


def test_a_cut_once_in_a_window_leaves_the_conversation_to_the_cache() -> None:
    cut = Step(Role.STEP, hb.at(40), "messages are deleted here")
    for rare, told_of in ((True, 1), (False, 0)):
        limits = (Limit(cut.span, "delete", cut, rare),)
        talk = replace(TALK, append_only=False, rewritten=(cut,), bounded_by=limits)
        assert len(told(NoCache, chat(hb.SENTENCE, talk=talk))) == told_of
        # A window that slides as well is another one in each turn.
        slid = Step(Role.STEP, hb.at(41), "the oldest is dropped here")
        talk = replace(talk, rewritten=(cut, slid), slides=(slid,))
        assert told(NoCache, chat(hb.SENTENCE, talk=talk)) == []


_PICTURES = """\
import anthropic

client = anthropic.Anthropic()


def leave_out(messages, keep, at_once=10):
    results = [b for m in messages for b in m["content"] if b["type"] == "tool_result"]
    surplus = sum(b["content"][0]["type"] == "image" for b in results) - keep
    surplus -= surplus % at_once
    for block in results:
        kept = []
        for part in block["content"]:
            if part["type"] == "image" and surplus > 0:
                surplus -= 1
                continue
            kept.append(part)
        block["content"] = kept


def look_on(task, screen):
    messages = [{"role": "user", "content": task}]
    while True:
        leave_out(messages, 10)
        reply = client.messages.create(
            model="claude-opus-5-5", max_tokens=900, messages=messages
        )
        messages.append({"role": "assistant", "content": reply.content})
        if reply.stop_reason != "tool_use":
            return reply.content[0].text
        messages.append({"role": "user", "content": [screen(reply)]})
"""


def test_pictures_left_out_many_at_once_leave_the_rest_to_the_cache() -> None:
    (found,) = judged(NoCache, _PICTURES, PREVIEW)
    assert "the conversation so far is sent again" in found.message
    one = _PICTURES.replace("    surplus -= surplus % at_once\n", "")  # no two rounds send the same
    assert not judged(NoCache, one, PREVIEW)


_SERVED = """\
import anthropic
from mcp import ClientSession

client = anthropic.AsyncAnthropic()


async def served(session: ClientSession):
    listed = await session.list_tools()
    return [
        {"name": tool.name, "description": tool.description, "input_schema": tool.inputSchema}
        for tool in listed.tools
    ]


async def work(session: ClientSession, task, carry_out):
    messages = [{"role": "user", "content": task}]
    while True:
        reply = await client.messages.create(
            model="claude-opus-5-5",
            max_tokens=900,
            tools=await served(session),
            messages=messages,
        )
        messages.append({"role": "assistant", "content": reply.content})
        if reply.stop_reason != "tool_use":
            return reply.content[0].text
        messages.append({"role": "user", "content": await carry_out(session, reply)})
"""


def test_a_server_asked_in_each_round_lists_the_same_tools() -> None:
    (found,) = judged(NoCache, _SERVED)
    assert "the tools and the conversation so far are sent again" in found.message
    # what differs from round to round for sure stands in front of the conversation
    live = _SERVED.replace("tool.description,", "f'{tool.description} {datetime.now()}',")
    (found,) = judged(NoCache, f"from datetime import datetime\n{live}")
    assert "cannot be cached as ordered: `datetime.now()` differs" in found.message


def test_a_tool_that_may_not_be_marked_is_left_alone() -> None:
    def tool(*more: str) -> Block:
        entries = {"name": hb.LONG, **dict.fromkeys(more, "x")}
        value = Mapping(
            tuple(hb_entry(name, text) for name, text in entries.items()),
            hb.at(8),
        )
        return Block(Place.TOOLS, "tool", value, hb.at(8), Form.DICT)

    marked = only(NoCache, hb.request(tool(), hb.turn(), pairs=(hb.BY_USERS,)))
    assert marked.fix is not None
    assert marked.fix.ops == (MarkBlock(hb.at(8), "dict"),)
    deferred = only(NoCache, hb.request(tool("defer_loading"), hb.turn(), pairs=(hb.BY_USERS,)))
    assert deferred.fix is None


def hb_entry(name: str, text: str) -> object:
    """One entry of a tool."""
    from skinflint.linter.values import Entry

    return Entry(Known(name, hb.at(8)), Known(text, hb.at(8)), hb.at(8))


# --- SKF203 -------------------------------------------------------------------------------------


def test_a_marked_head_leaves_the_tail_uncached() -> None:
    found = only(UncachedTail, chat(hb.LONG, marks=(hb.mark(0),)))
    assert found.fix is not None
    assert found.fix.ops == (MarkRequest(hb.at(65)),)
    assert found.confidence is Confidence.HIGH
    assert found.cost is not None
    assert found.cost.ratio == round(55 / (10 * 1.25 + 45 * 0.05), 2)


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"talk": replace(TALK, sent_equals_stored=False)}, "isn't kept as it was sent"),
        ({"talk": replace(TALK, sent_equals_stored=None)}, "isn't certain"),
        ({"platform": Platform.BEDROCK}, "isn't known to be taken"),
        ({"accepts_automatic": lambda: False}, "isn't known to be taken"),
        ({"marks": (hb.mark(0, optional=True),)}, "can be switched off"),
        ({"marks": tuple(hb.mark(0) for _ in range(4))}, "are in use"),
    ],
)
def test_where_no_breakpoint_can_be_put_the_tail_is_told_only(
    more: dict[str, object], why: str
) -> None:
    more.setdefault("marks", (hb.mark(0),))
    found = only(UncachedTail, chat(hb.LONG, **more))  # type: ignore[arg-type]
    assert found.fix is None
    assert found.no_fix is not None
    assert why in found.no_fix


def test_one_breakpoint_that_is_always_there_says_that_caching_is_on() -> None:
    marks = (hb.mark(0), hb.mark(0, optional=True))
    assert only(UncachedTail, chat(hb.LONG, marks=marks)).fix is not None
    assert only(UncachedTail, chat(hb.LONG, marks=marks[1:])).fix is None


@pytest.mark.parametrize(
    "request_",
    [
        chat(hb.LONG),
        chat(hb.LONG, marks=(hb.mark(0), hb.automatic(2))),
        chat(hb.LONG, marks=(hb.mark(0), hb.mark(2))),
        chat(hb.LONG, marks=(hb.mark(0),), talk=None),
        chat(hb.LONG, marks=(hb.mark(0),), talk=replace(TALK, append_only=False)),
        chat(hb.LONG, marks=(hb.mark(0),), talk=replace(TALK, slides=(GROWS.step,))),
        chat(hb.LONG, marks=(hb.mark(0),), talk=UNSEEN),
        chat(hb.LONG, marks=(hb.mark(0),), pairs=(replace(hb.IN_LOOP, rounds=2),)),
        chat(hb.LONG, marks=(hb.mark(0),), pairs=(hb.BY_USERS,)),
        chat(hb.LONG, marks=(hb.mark(0),), messages=Part(State.UNKNOWN, "a helper")),
        chat(hb.clock(), hb.LONG, marks=(hb.mark(0),)),
    ],
)
def test_uncached_tail_keeps_quiet(request_: Request) -> None:
    assert told(UncachedTail, request_) == []


# --- SKF501 -------------------------------------------------------------------------------------


def test_independent_records_could_be_a_batch() -> None:
    found = only(BatchableLoop, single(hb.SENTENCE, pairs=(RECORD,), repetition=SCRIPT))
    assert found.confidence is Confidence.HIGH
    assert found.fix is None
    assert found.cost is not None
    assert found.cost.ratio == 2.0
    assert told(BatchableLoop, single(hb.SENTENCE, pairs=(RECORD,))) == [], "somebody may wait"


@pytest.mark.parametrize(
    "more",
    [
        {"pairs": (replace(RECORD, independent=False),)},
        {"pairs": (replace(RECORD, independent=None),)},
        {"pairs": (replace(RECORD, rounds=9),)},
        {"pairs": (replace(hb.IN_LOOP, depth=2), RECORD)},
        {"pairs": (hb.IN_LOOP,)},
        {"pairs": (RECORD, hb.BY_USERS)},
        {"repetition": Repetition(Repeats.REQUEST, waiting=True)},
        {"repetition": Repetition(Repeats.SCHEDULED)},
        {"repetition": Repetition(Repeats.LOOP, waiting=True)},
        {"platform": Platform.BEDROCK},
        {"platform": Platform.COMPATIBLE},
        {"params": {"stream": Known(True, hb.at(9))}},
        {"params": {"stream": Unknown("an option", hb.at(9))}},
        {"unseen": "keywords from a caller"},
        {"conversation": TALK},
        {"task": Task(Use.AGENT_LOOP)},
        {"marks": (hb.mark(0),)},
    ],
)
def test_batchable_loop_keeps_quiet(more: dict[str, object]) -> None:
    settings: dict[str, object] = {"pairs": (RECORD,), "repetition": SCRIPT, **more}
    assert told(BatchableLoop, single(hb.SENTENCE, **settings)) == []


def test_a_loop_of_unknown_length_is_told_of_with_preview() -> None:
    request = single(hb.SENTENCE, pairs=(RECORD,), repetition=SCRIPT)
    default = replace(hb.CONTEXT, preview=False)
    assert told(BatchableLoop, request)
    assert list(BatchableLoop().check(request, default)) == []
    read = (Step(Role.STEP, hb.at(9), "read"), Step(Role.STEP, hb.at(12), "a pause is made"))
    long = replace(request, pairs=(replace(RECORD, long=read),))
    (found,) = BatchableLoop().check(long, default)
    assert set(read) <= set(found.related)
    shared = replace(long, repetition=replace(SCRIPT, shared=True))
    assert list(BatchableLoop().check(shared, default)) == []
    assert told(BatchableLoop, shared)


def test_samples_of_one_record_go_into_the_batch() -> None:
    again = replace(hb.IN_LOOP, depth=2)
    settings: dict[str, object] = {"repetition": SCRIPT, "pairs": (again, RECORD)}
    assert told(BatchableLoop, single(hb.SENTENCE, **settings)) == []
    settings["pairs"] = (replace(again, independent=True), RECORD)
    assert told(BatchableLoop, single(hb.SENTENCE, **settings))


def test_a_stream_that_is_switched_off_is_none() -> None:
    request = single(
        hb.SENTENCE, pairs=(RECORD,), repetition=SCRIPT, params={"stream": Known(False, hb.at(9))}
    )
    assert told(BatchableLoop, request)


@pytest.mark.parametrize(
    "method",
    ["messages.stream", "messages.batches.create", "messages.odd", "completions.create"],
)
def test_other_methods_are_no_loop_to_batch(method: str) -> None:
    request = single(hb.SENTENCE, pairs=(RECORD,), repetition=SCRIPT)
    site = replace(request.site, method=method)
    assert told(BatchableLoop, replace(request, site=site)) == []


def test_a_client_without_batches() -> None:
    request = single(hb.SENTENCE, pairs=(RECORD,), repetition=SCRIPT)
    site = replace(request.site, client="anthropic.AnthropicBedrock")
    assert told(BatchableLoop, replace(request, site=site)) == []
