"""The rules about how markers are set: where they may stand, how long they live, what becomes of
them. Each case is a small module with one defect, and its twin that is right."""

from __future__ import annotations

import datetime
from textwrap import dedent

import pytest

from skinflint.linter import config, engine
from skinflint.linter.findings import Finding, Severity
from skinflint.linter.source import from_bytes
from skinflint.rules.base import Context
from skinflint.rules.registry import all_rules

HEAD = """\
import asyncio
import copy
import time

import anthropic

from yard.texts import RULES, LOGBOOK, TOOLS, run_tool

client = anthropic.Anthropic()
MARK = {"type": "ephemeral"}
HOUR = {"type": "ephemeral", "ttl": "1h"}
"""
ASK = 'client.messages.create(model="claude-opus-5-5", max_tokens=99, '
NAMES = (
    "SKF205",
    "SKF206",
    "SKF207",
    "SKF209",
    "SKF210",
    "SKF211",
    "SKF212",
    "SKF213",
)


def told(body: str) -> list[Finding]:
    """What all rules say about a module that begins like all others here."""
    text = HEAD + dedent(body).replace("ASK(", ASK)
    result = engine.check(
        [from_bytes("app.py", text.encode())],
        [rule() for rule in all_rules()],
        config.load(None, None, isolated=True),
        Context(as_of=datetime.date(2026, 11, 22)),
    )
    assert result.problems == ()
    return list(result.findings)


def findings(body: str) -> list[Finding]:
    """What the rules about the setting of markers say about it."""
    return [found for found in told(body) if found.rule.id in NAMES]


def ids(body: str) -> list[str]:
    return [found.rule.id for found in findings(body)]


def block(text: str, marker: str = "") -> str:
    mark = f', "cache_control": {marker}' if marker else ""
    return f'{{"type": "text", "text": {text}{mark}}}'


def asked(system: str = "", user: str = "q", more: str = "") -> str:
    """A function that sends one request."""
    whole = f"system={system}, " if system else ""
    turn = f'messages=[{{"role": "user", "content": {user}}}]'
    return f"def ask(q, flag=False):\n    return ASK({whole}{turn}{more})\n"


# ---------------------------------------------------------------- SKF206: lifetimes in order


@pytest.mark.parametrize(
    ("body", "count"),
    [
        (asked(f"[{block('RULES', 'MARK')}, {block('LOGBOOK', 'HOUR')}]"), 1),
        (asked(f"[{block('RULES', 'HOUR')}, {block('LOGBOOK', 'MARK')}]"), 0),
        (asked(f"[{block('RULES', 'MARK')}]", f"[{block('LOGBOOK', 'HOUR')}]"), 1),
        (asked(f"[{block('RULES', 'MARK')}]", more=", cache_control=HOUR"), 1),
        (asked(f"[{block('RULES', 'HOUR')}]", more=", cache_control=MARK"), 0),
        (asked("", f"[{block('RULES', 'MARK')}]", ", cache_control=HOUR"), 1),
        (asked("", f"[{block('RULES', 'HOUR')}]", ", cache_control=HOUR"), 0),
        # which of the two it is can't be told
        (asked(f"[{block('RULES', 'HOUR if flag else MARK')}, {block('RULES', 'HOUR')}]"), 0),
        (asked(f"[{block('RULES', '{**MARK, **q}')}, {block('RULES', 'HOUR')}]"), 0),
    ],
)
def test_what_lives_longer_comes_first(body: str, count: int) -> None:
    found = [each for each in findings(body) if each.rule.id == "SKF206"]
    assert len(found) == count


def test_two_markers_that_come_and_go_may_never_meet() -> None:
    body = """
    def ask(q, short):
        system = []
        if short:
            system.append({"type": "text", "text": RULES, "cache_control": MARK})
        else:
            system.append({"type": "text", "text": LOGBOOK, "cache_control": HOUR})
        return ASK(system=system, messages=[{"role": "user", "content": q}])
    """
    assert ids(body) == []


def test_the_fix_names_a_marker_that_others_share() -> None:
    body = asked(f"[{block('RULES', 'MARK')}, {block('LOGBOOK', 'HOUR')}]")
    (found,) = findings(body)
    assert found.fix is not None
    assert found.fix.ops[0].ttl == "1h"  # type: ignore[union-attr]


# ---------------------------------------------------------------- SKF210: what can carry a marker

TOOL = '{"name": "look", "input_schema": {"type": "object"}, '
IMAGE = '{"type": "image", "source": {"type": "url", "url": q'
THOUGHT = '{"type": "thinking", "thinking": q, "signature": q, "cache_control": MARK}'


@pytest.mark.parametrize(
    ("body", "count"),
    [
        (asked("", f"[{THOUGHT}]"), 1),
        (asked(f"[{block(repr(''), 'MARK')}]"), 1),
        (asked(f"[{block(repr(' '), 'MARK')}]"), 1),
        (asked(f"[{block('q', 'MARK')}]"), 0),
        (asked(f"[{block('RULES if flag else ' + repr(''), 'MARK')}]"), 0),
        (asked(more=f', tools=[{TOOL}"defer_loading": True, "cache_control": MARK}}]'), 1),
        (asked(more=f', tools=[{TOOL}"defer_loading": False, "cache_control": MARK}}]'), 0),
        (asked(more=f', tools=[{TOOL}"defer_loading": flag, "cache_control": MARK}}]'), 0),
        (asked("", f'[{IMAGE}, "cache_control": MARK}}}}]'), 1),
        (asked("", f'[{IMAGE}}}, "cache_control": MARK}}]'), 0),
        (asked("", f"[{THOUGHT.replace('cache_control', 'note')}]"), 0),
    ],
)
def test_what_can_carry_a_marker(body: str, count: int) -> None:
    assert ids(body).count("SKF210") == count


def test_a_marker_on_a_message_that_was_set_afterwards() -> None:
    body = """
    def ask(q):
        messages = [{"role": "user", "content": LOGBOOK}, {"role": "user", "content": q}]
        messages[0]["cache_control"] = MARK
        return ASK(messages=messages)
    """
    (found,) = findings(body)
    assert found.rule.id == "SKF210"
    assert "stands on a message" in found.message


STATE = """
import dataclasses

@dataclasses.dataclass
class Talk:
    asked: str = ""
    persona: str = ""

def answer(q):
    talk = Talk()
    def take(note):
        %s
    listen(take)
    return say(talk, q)

def say(talk, q):
    return ASK(
        system=[{"type": "text", "text": talk.persona, "cache_control": MARK}],
        messages=[{"role": "user", "content": q}],
    )
"""


@pytest.mark.parametrize(
    ("event", "count"),
    [
        ("talk.persona = persona_of(note)", 0),
        ('talk.persona = ""', 1),
        ("talk.asked = note", 1),
    ],
)
def test_what_a_state_begins_with(event: str, count: int) -> None:
    """An event fills the state before anybody speaks."""
    assert ids(STATE % event).count("SKF210") == count


def test_what_is_written_in_the_call_is_set_by_nobody() -> None:
    """That some other block is given its text elsewhere says nothing of this one."""
    body = """
    ASK(
        system=[{"type": "text", "text": "", "cache_control": MARK}],
        messages=[{"role": "user", "content": q}],
    )
    other["text"] = "more"
"""
    assert ids(f"def f(q, other):{body}").count("SKF210") == 1


PICKED = """
def blocks(pieces):
    made = []
    for piece in pieces:
        if piece.kind == "thought":
            made.append({"type": "thinking", "thinking": piece.text, "signature": piece.sign})
        else:
            made.append({"type": "text", "text": piece.text})
    return made

def ask(pieces):
    content = blocks(pieces)
    for block in content:
        %sblock["cache_control"] = MARK
    return ASK(messages=[{"role": "user", "content": content}])
"""


@pytest.mark.parametrize(("test", "count"), [("", 1), ('if can_hold(block.get("type")): ', 0)])
def test_a_place_that_picks_what_it_marks(test: str, count: int) -> None:
    """Whether a thought is among what a condition picks can't be told."""
    assert ids(PICKED % test).count("SKF210") == count


@pytest.mark.parametrize(
    ("client", "method", "count"),
    [
        ("anthropic.AnthropicBedrock()", "create", 1),
        ("anthropic.AnthropicBedrock()", "parse", 1),
        ("anthropic.Anthropic()", "parse", 1),
        ("anthropic.Anthropic()", "create", 0),
        ("anthropic.Anthropic()", "stream", 0),
        ("anthropic.Anthropic().beta", "parse", 0),
        ("anthropic.AnthropicVertex()", "create", 0),  # no page says that it isn't taken
        ("anthropic.Anthropic(base_url='http://proxy.example')", "parse", 0),
    ],
)
def test_where_automatic_caching_is_taken(client: str, method: str, count: int) -> None:
    body = f"""
    def ask(q):
        return {client}.messages.{method}(
            model="claude-opus-5-5", max_tokens=99, cache_control=MARK,
            messages=[{{"role": "user", "content": q}}],
        )
    """
    assert ids(body).count("SKF210") == count


@pytest.mark.parametrize(
    ("test", "other", "count"),
    [
        ("not self.cloud", "anthropic.AsyncAnthropic()", 0),
        ("self.cloud", "anthropic.AsyncAnthropic()", 1),
        ("len(question) > 4000", "anthropic.AsyncAnthropic()", 1),
        ("True", "anthropic.AsyncAnthropic()", 1),
        ("not self.cloud", "anthropic.AsyncAnthropicBedrock(aws_region='eu')", 1),
    ],
)
def test_automatic_caching_for_one_of_two_clients(test: str, other: str, count: int) -> None:
    body = f"""
    class Agent:
        def __init__(self, address):
            if address.startswith("cloud://"):
                self.client = anthropic.AsyncAnthropicBedrock()
                self.cloud = True
            else:
                self.client = {other}
                self.cloud = False

        def options(self, question):
            chosen = {{"max_tokens": 99, "messages": [{{"role": "user", "content": question}}]}}
            if {test}:
                chosen["cache_control"] = MARK
            return chosen

        async def ask(self, question):
            return await self.client.messages.create(
                model="claude-opus-5-5", **self.options(question)
            )
    """
    assert ids(body).count("SKF210") == count


@pytest.mark.parametrize(
    ("places", "count"),
    [
        ("anchors(results)", 0),
        ("range(len(out))", 1),
        ("[i for i, each in enumerate(out) if each['role'] == 'user']", 1),
    ],
)
def test_markers_at_places_that_a_helper_picks(places: str, count: int) -> None:
    body = f"""
    def mark(entry):
        block = entry["content"][0]
        return {{**entry, "content": [{{**block, "cache_control": MARK}}]}}

    def marked_tail(entry):
        return mark(entry)

    def anchors(results):
        found = [i for i, shown in results if shown][-1:]
        if results:
            found.append(results[-1][0])
        return list(dict.fromkeys(found))

    def wire(history):
        out = []
        results = []
        for turn in history:
            results.append((len(out), turn.shown))
            out.append({{"role": "user", "content": [{{"type": "text", "text": turn.text}}]}})
        for i in {places}:
            out[i] = marked_tail(out[i])
        return out

    def chat(history):
        return client.messages.create(
            model="claude-opus-5-5", max_tokens=99, messages=wire(history)
        )
    """
    assert [found.rule.id for found in told(body)].count("SKF204") == count


# ---------------------------------------------------------------- SKF205: markers that stay

LOOP = """
def work(task):
    messages = [{{"role": "user", "content": [{{"type": "text", "text": task}}]}}]
    while True:
        {before}
        reply = ASK(messages={sent}, tools=TOOLS, system=RULES)
        messages.append({{"role": "assistant", "content": reply.content}})
        results = []
        for block in reply.content:
            if block.type == "tool_use":
                results.append(run_tool(block))
        if not results:
            return reply
        {after}
        messages.append({{"role": "user", "content": results}})
"""
HELPERS = """
def mark(messages):
    last = messages[-1]
    content = last["content"]
    if isinstance(content, list) and content:
        content[-1]["cache_control"] = MARK
    return messages

def mark_block(content):
    content[-1]["cache_control"] = MARK

def mark_newest_question(messages):
    for message in reversed(messages):
        if message["role"] == "user":
            message["content"][-1]["cache_control"] = MARK
            break

def mark_some(messages, count):
    for i in range(len(messages) - 1, -1, -1):
        if messages[i]["role"] == "user":
            messages[i]["content"][-1]["cache_control"] = MARK
            break

def mark_wrapped(messages):
    last = messages[-1]
    if isinstance(last["content"], str):
        last["content"] = [
            {"type": "text", "text": last["content"], "cache_control": MARK}
        ]

def mark_copy(messages):
    sent = copy.deepcopy(messages)
    sent[-1]["content"][-1]["cache_control"] = MARK
    return sent

def mark_shallow(messages):
    sent = list(messages)
    sent[-1]["content"][-1]["cache_control"] = MARK
    return sent

def mark_in_place_of_the_last(messages):
    sent = list(messages)
    for i in range(len(sent) - 1, -1, -1):
        if sent[i]["role"] == "user":
            content = sent[i]["content"]
            if isinstance(content, str):
                sent[i] = {
                    "role": "user",
                    "content": [{"type": "text", "text": content, "cache_control": MARK}],
                }
            break
    return sent

def mark_new_last(messages):
    last = {**messages[-1], "content": [{**messages[-1]["content"][-1], "cache_control": MARK}]}
    return [*messages[:-1], last]

def mark_once(messages):
    for message in messages:
        if "cache_control" not in message["content"][-1]:
            message["content"][-1]["cache_control"] = MARK
            break
"""


def in_loop(before: str = "pass", sent: str = "messages", after: str = "pass") -> str:
    return HELPERS + LOOP.format(before=before, sent=sent, after=after)


@pytest.mark.parametrize(
    "body",
    [
        in_loop(sent="mark(messages)"),
        in_loop(before="mark(messages)"),
        in_loop(before='mark_block(messages[-1]["content"])'),
        in_loop(before="mark_newest_question(messages)"),
        in_loop(before="mark_some(messages, 3)"),
        in_loop(before="mark_wrapped(messages)"),
        in_loop(before='messages[-1]["content"][-1]["cache_control"] = MARK'),
        in_loop(sent="mark_shallow(messages)"),
        in_loop(after='results[-1]["cache_control"] = MARK'),
        in_loop(after='results[-1].update({}); results[-1]["cache_control"] = MARK'),
    ],
)
def test_a_marker_that_stays_in_the_history(body: str) -> None:
    (found,) = findings(body)
    assert found.rule.id == "SKF205"
    assert "beyond 4 of them" in found.message


@pytest.mark.parametrize(
    "body",
    [
        in_loop(sent="mark_copy(messages)"),
        in_loop(sent="mark_new_last(messages)"),
        in_loop(sent="mark_in_place_of_the_last(messages)"),
        in_loop(before="mark_once(messages)"),
        in_loop(before='messages[0]["content"][-1]["cache_control"] = MARK'),
        in_loop(before='messages[-1]["content"][-1].pop("cache_control", None); mark(messages)'),
        in_loop(before="mark(messages)").replace("while True", "for _ in range(3)"),
        in_loop(before="if len(messages) == 1: mark(messages)"),
        in_loop().replace("    while True", "    mark(messages)\n    while True"),
        in_loop().replace(
            "    while True",
            '    messages[-1]["content"][-1]["cache_control"] = MARK\n    while True',
        ),
    ],
)
def test_a_marker_that_does_not_stay(body: str) -> None:
    assert "SKF205" not in ids(body)


def counted(asks: str, before: str = "marked, most = 0, 3") -> str:
    """A loop that marks its results behind a question, and counts."""
    body = in_loop(after=f"{asks}\n        marked += 1")
    return body.replace("    while True", f"    {before}\n    while True", 1)


@pytest.mark.parametrize(
    ("asks", "said"),
    [
        ("if marked < 4: results[-1]['cache_control'] = MARK", "no more than 4 of them"),
        ("if marked < MOST: results[-1]['cache_control'] = MARK", "no more than 2 of them"),
        ("if marked < most: results[-1]['cache_control'] = MARK", "no more than 3 of them"),
        ("if marked < many(): results[-1]['cache_control'] = MARK", "beyond 4"),
        ("if marked > 3: marked = 0\n        results[-1]['cache_control'] = MARK", "beyond 4"),
        (
            "if marked > 3: marked = 0; continue\n        results[-1]['cache_control'] = MARK",
            "beyond 4",
        ),
        ("if marked > 3: continue\n        results[-1]['cache_control'] = MARK", None),
        ("if marked >= 4: return\n        results[-1]['cache_control'] = MARK", None),
        ("if marked > 9: return\n        results[-1]['cache_control'] = MARK", "beyond 4 of them"),
        ("if len(results) > 3: return\n        results[-1]['cache_control'] = MARK", "beyond 4"),
    ],
)
def test_markers_that_are_counted(asks: str, said: str | None) -> None:
    found = [each for each in findings("MOST = 2\n" + counted(asks)) if each.rule.id == "SKF205"]
    assert [said in each.message for each in found if said] == [True] * (said is not None)
    assert len(found) == (said is not None)


STEP = """
def step(messages, question):
    messages.append({"role": "user", "content": [{"type": "text", "text": question}]})
    messages[-1]["content"][-1]["cache_control"] = MARK
    for _ in range(20):
        reply = client.messages.create(
            model="claude-opus-5-5", max_tokens=9, tools=TOOLS, messages=messages
        )
        messages.append({"role": "assistant", "content": reply.content})
        messages.append({"role": "user", "content": run(reply)})


def talk():
    messages = []
    while True:
        step(messages, input())
"""


def test_a_marker_that_is_set_once_for_each_question_of_one_talk() -> None:
    assert "SKF205" in ids(HELPERS + STEP)


def test_markers_elsewhere_leave_less_room() -> None:
    marked = f"system=[{block('RULES', 'MARK')}]"
    body = in_loop(before="mark(messages)").replace("system=RULES", marked)
    (found,) = findings(body)
    assert "beyond 3 of them" in found.message


def test_a_count_freezes_the_last_breakpoint() -> None:
    body = in_loop(before="if marks < 3: mark(messages); marks += 1").replace(
        "    while True:", "    marks = 0\n    while True:"
    )
    (found,) = findings(body)
    assert "no more than 3 of them" in found.message


CLAMP = """
def clamp(messages):
    seen = 0
    for message in {order}:
        for part in message["content"]:
            if "cache_control" in part:
                seen += 1
                if seen > 4:
                    del part["cache_control"]
"""


def test_a_clamp_that_keeps_the_oldest() -> None:
    body = CLAMP.format(order="messages") + in_loop(before="mark(messages); clamp(messages)")
    (found,) = findings(body)
    assert "no more than 4 of them" in found.message
    assert found.severity is Severity.WARNING
    newest = CLAMP.format(order="reversed(messages)")
    assert ids(newest + in_loop(before="mark(messages); clamp(messages)")) == []


def test_the_first_messages_marked_instead_of_the_last() -> None:
    """The breakpoints never move: what is said behind them is an uncached tail."""
    head = """for message in messages[:4]:
            message["content"][-1]["cache_control"] = MARK"""
    found = told(in_loop(before=head))
    assert [each.rule.id for each in found if each.rule.id.startswith("SKF2")] == ["SKF203"]
    newest = head.replace("[:4]", "[-4:]")
    assert "SKF203" not in [each.rule.id for each in told(in_loop(before=newest))]


def test_an_uncached_conversation_is_not_told_of_where_its_messages_are_marked() -> None:
    """The rules about missing markers know of those that are set in place."""
    body = in_loop(before="mark(messages)", sent="mark_copy(messages)")
    body = body.replace(
        "def mark_once", "def clean(b):\n    del b['cache_control']\n\ndef mark_once"
    )
    rules = {found.rule.id for found in told(body)}
    assert not rules & {"SKF201", "SKF203", "SKF204", "SKF205"}


# ---------------------------------------------------------------- SKF209: written, never read

EACH = """
def each(letters):
    for letter in letters:
        ASK({more}messages=[{{"role": "user", "content": {content}}}]{end})
"""


def for_each(content: str, more: str = "", end: str = "") -> str:
    return EACH.format(content=content, more=more, end=end)


LONG = "'Be kind to everybody who writes. ' * 400"


@pytest.mark.parametrize(
    ("body", "count"),
    [
        (for_each("letter", end=", cache_control=MARK"), 1),
        (for_each("letter", more=f"system={LONG}, ", end=", cache_control=MARK"), 1),
        (for_each(f"[{block('letter', 'MARK')}, {block(repr('Sum up.'))}]"), 1),
        # another block behind it may be another question about the same letter
        (for_each(f"[{block('letter', 'MARK')}, {block('input()')}]"), 0),
        # what stands in front is read
        (for_each("letter", f"system=[{block('RULES', 'MARK')}], ", ", cache_control=MARK"), 0),
        # only now and then
        (for_each("letter", end=", cache_control=MARK if len(letter) > 9 else anthropic.omit"), 0),
        # far too short to be cached at all
        (for_each("letter[:20]", end=", cache_control=MARK"), 1),
        (for_each("str(len(letter))[:2]", end=", cache_control=MARK"), 1),
        # the letter is asked about twice
        (
            for_each("letter", end=", cache_control=MARK")
            + "        " + ASK + 'messages=[{"role": "user", "content": letter}])\n',
            0,
        ),
        # several answers to one letter
        (
            for_each("letter", end=", cache_control=MARK").replace(
                "        client", "        for _ in range(5):\n            client"
            ).replace("        ASK(", "        for _ in range(5):\n            ASK("),
            0,
        ),
    ],
)  # fmt: skip
def test_what_is_new_each_time(body: str, count: int) -> None:
    assert ids(body).count("SKF209") == count


def test_other_callers_of_the_loop_read_nothing() -> None:
    twice = """

        def by_hand(folder):
            each(folder.letters())

        def by_night(folder):
            print("at night")
            each(folder.letters())
        """
    body = for_each("letter", end=", cache_control=MARK")
    assert ids(body + dedent(twice)).count("SKF209") == 1


def test_a_warm_up_writes_for_others() -> None:
    body = for_each("letter", end=", cache_control=MARK").replace("ASK(", "WARM(")
    body = body.replace("WARM(", ASK.replace("max_tokens=99", "max_tokens=0"))
    assert ids(body) == []


def test_the_part_that_recurs_is_marked_instead() -> None:
    (found,) = findings(for_each("letter", f"system={LONG}, ", ", cache_control=MARK"))
    assert found.fix is not None
    assert [type(op).__name__ for op in found.fix.ops] == ["RemoveMarker", "MarkBlock"]
    (found,) = findings(for_each("letter", "system='Be kind.', ", ", cache_control=MARK"))
    assert found.fix is not None
    assert [type(op).__name__ for op in found.fix.ops] == ["RemoveMarker"]


# ---------------------------------------------------------------- SKF213: lost on the way

BLOCKS = f"BLOCKS = [{block('RULES')}, {block('LOGBOOK', 'MARK')}]\n"
AS_TEXT = """
def as_text(content):
    return "\\n".join(part.get("text", "") for part in content if part.get("type") == "text")
"""


@pytest.mark.parametrize(
    ("system", "count"),
    [
        ("'\\n'.join(b['text'] for b in BLOCKS)", 1),
        ("''.join([b['text'] for b in BLOCKS])", 1),
        ("as_text(BLOCKS)", 1),
        ("as_text(BLOCKS).strip()", 1),
        ("BLOCKS[1]['text']", 1),
        ("BLOCKS[0]['text']", 0),  # that one has no marker
        ("[{'type': 'text', 'text': b['text']} for b in BLOCKS]", 1),
        ("[{'type': 'text', 'text': BLOCKS[1]['text']}]", 1),
        ("[{'type': 'text', 'text': as_text(BLOCKS), 'cache_control': MARK}]", 0),
        ("BLOCKS", 0),
        ("'\\n'.join(b['text'] for b in q)", 0),
        ("'\\n'.join(b['type'] for b in BLOCKS)", 0),
    ],
)
def test_a_marker_that_gets_lost(system: str, count: int) -> None:
    assert ids(BLOCKS + AS_TEXT + asked(system)).count("SKF213") == count


def test_nothing_is_lost_where_automatic_caching_is_asked_for() -> None:
    body = BLOCKS + AS_TEXT + asked("as_text(BLOCKS)", more=", cache_control=MARK")
    assert ids(body) == []


def test_the_list_is_sent_where_the_text_stays_the_same() -> None:
    (found,) = findings(BLOCKS + asked("''.join(b['text'] for b in BLOCKS)"))
    assert found.fix is not None
    (found,) = findings(BLOCKS + asked("' '.join(b['text'] for b in BLOCKS)"))
    assert found.fix is None
    (found,) = findings(BLOCKS + asked("''.join(b['text'] for b in BLOCKS if b)"))
    assert found.fix is None


# ---------------------------------------------------------------- SKF207: slower than a cache lives

WATCH = """
def watch():
    while True:
        ASK(system=[{{"type": "text", "text": RULES, "cache_control": {marker}}}],
            messages=[{{"role": "user", "content": open("state").read()}}])
        {pause}
"""


@pytest.mark.parametrize(
    ("pause", "marker", "count"),
    [
        ("time.sleep(600)", "MARK", 1),
        ("time.sleep(10 * 60)", "MARK", 1),
        ("time.sleep(3600)", "MARK", 1),
        ("time.sleep(300)", "MARK", 0),
        ("time.sleep(7200)", "MARK", 0),
        ("time.sleep(600)", "HOUR", 0),
        ("time.sleep(unknown())", "MARK", 0),
        ("if rare(): time.sleep(600)", "MARK", 0),
    ],
)
def test_a_loop_that_sleeps(pause: str, marker: str, count: int) -> None:
    assert ids(WATCH.format(pause=pause, marker=marker)).count("SKF207") == count


QUARTER = """
from datetime import datetime

class Market:
    def wait(self, stopped=None):
        now = datetime.now()
        minute = now.minute
        size = 15
        {until}
        seconds = until * 60 - now.second
        for _ in range(seconds):
            {pause}

def look():
    for attempt in range(3):
        try:
            reply = ASK(system=[{{"type": "text", "text": RULES, "cache_control": MARK}}],
                messages=[{{"role": "user", "content": open("state").read()}}])
            return reply.content[0].text
        except OSError:
            time.sleep(2)

def main():
    market = Market()
    while True:
        print(look())
        market.wait(lambda: False)
"""


@pytest.mark.parametrize(
    ("until", "pause", "count"),
    [
        ("until = (minute // 15 + 1) * 15 - minute", "time.sleep(1)", 1),
        ("until = 15 - minute % 15", "time.sleep(1)", 1),
        ("until = size - now.minute % size", "time.sleep(1)", 1),
        ("until = 5 - minute % 5", "time.sleep(1)", 0),  # five minutes: it is still there
        ("until = minute // 15 * 15", "print()", 0),  # waits for nothing
        ("until = 15 - minute % 5", "time.sleep(1)", 0),
        ("until = 15 - now.hour % 15", "time.sleep(1)", 0),
        ("until = minute * 15", "time.sleep(1)", 0),
    ],
)
def test_a_loop_that_waits_for_the_next_full_quarter(until: str, pause: str, count: int) -> None:
    assert ids(QUARTER.format(until=until, pause=pause)).count("SKF207") == count


def test_a_pace_is_told_by_default_where_the_prompt_is_long_enough() -> None:
    def watch(text: str, more: str = "") -> int:
        body = WATCH.format(pause="time.sleep(600)", marker="MARK").replace("RULES", text)
        source = from_bytes("app.py", (HEAD + dedent(body + more).replace("ASK(", ASK)).encode())
        result = engine.check(
            [source],
            [rule() for rule in all_rules()],
            config.load(None, None, isolated=True),
            Context(as_of=datetime.date(2026, 11, 22), preview=False),
        )
        return [found.rule.id for found in result.findings].count("SKF207")

    assert watch("RULES") == 1
    assert watch('"A letter of thanks goes to the team, one about a bill to the desk. " * 200') == 1
    assert watch('"Sort it. "') == 0
    assert watch('"A letter of thanks goes to the team. " * 40') == 0  # who knows


JOB = """
{imports}

{decorator}
def job():
    ASK(system=[{{"type": "text", "text": RULES, "cache_control": MARK}}],
        messages=[{{"role": "user", "content": open("state").read()}}])

{registered}
"""


@pytest.mark.parametrize(
    ("imports", "decorator", "registered", "count"),
    [
        ("from discord.ext import tasks", "@tasks.loop(minutes=10)", "", 1),
        ("from discord.ext import tasks", "@tasks.loop(minutes=2)", "", 0),
        ("from discord.ext import tasks", "@tasks.loop(hours=24)", "", 0),
        ("import schedule", "", "schedule.every(10).minutes.do(job)", 1),
        ("import schedule", "", "schedule.every().hour.do(job)", 1),
        ("import schedule", "", "schedule.every().day.do(job)", 0),
        (
            "from apscheduler.schedulers.blocking import BlockingScheduler\n"
            "from apscheduler.triggers.cron import CronTrigger\nscheduler = BlockingScheduler()",
            "",
            "scheduler.add_job(job, CronTrigger(minute='*/15'))",
            1,
        ),
        (
            "from apscheduler.schedulers.blocking import BlockingScheduler\n"
            "scheduler = BlockingScheduler()",
            "",
            "scheduler.add_job(job, 'interval', seconds=30)",
            0,
        ),
    ],
)
def test_a_job_at_a_pace(imports: str, decorator: str, registered: str, count: int) -> None:
    body = JOB.format(imports=imports, decorator=decorator or "# plain", registered=registered)
    assert ids(body).count("SKF207") == count


# ---------------------------------------------------------------- SKF211: all at once

FAN = """
    client = anthropic.AsyncAnthropic()

    async def one(piece):
        return await ASK(system=[{{"type": "text", "text": RULES, "cache_control": MARK}}],
                         messages=[{{"role": "user", "content": piece}}])

    async def all_of(pieces):
        {body}
"""


@pytest.mark.parametrize(
    ("body", "count"),
    [
        ("return await asyncio.gather(*[one(p) for p in pieces])", 1),
        ("return await asyncio.gather(*(one(p) for p in pieces))", 1),
        ("calls = [one(p) for p in pieces]; return await asyncio.gather(*calls)", 1),
        ("calls = [asyncio.create_task(one(p)) for p in pieces]; await asyncio.wait(calls)", 1),
        ("await one('first'); return await asyncio.gather(*[one(p) for p in pieces])", 0),
        ("return [await one(p) for p in pieces]", 0),
        ("return [await call for call in [one(p) for p in pieces]]", 0),
    ],
)
def test_requests_that_start_together(body: str, count: int) -> None:
    assert ids(dedent(FAN.format(body=body))).count("SKF211") == count


def test_a_semaphore_may_let_one_go_ahead() -> None:
    body = dedent(FAN.format(body="return await asyncio.gather(*[one(p) for p in pieces])"))
    body = body.replace(
        "    return await ASK", "    async with semaphore:\n        return await ASK"
    )
    assert ids(body) == []


def test_tasks_of_a_group_and_of_a_loop() -> None:
    group = """async with asyncio.TaskGroup() as group:
            for p in pieces:
                group.create_task(one(p))"""
    assert ids(dedent(FAN.format(body=group))) == ["SKF211"]
    waits = """for p in pieces:
            await asyncio.create_task(one(p))"""
    assert ids(dedent(FAN.format(body=waits))) == []


def test_each_with_a_prefix_of_its_own_is_no_fan_out() -> None:
    body = dedent(FAN.format(body="return await asyncio.gather(*[one(p) for p in pieces])"))
    assert "SKF211" not in ids(body.replace('"text": RULES', '"text": piece'))


# ---------------------------------------------------------------- SKF212: wide turns

WIDE = """
def talk():
    messages = []
    while True:
        content = [{{"type": "text", "text": input("? ")}}]
        for name in input().split():
            content.append({block})
        messages.append({{"role": "user", "content": content}})
        reply = ASK(messages=messages, cache_control=MARK)
        messages.append({{"role": "assistant", "content": reply.content}})
"""


@pytest.mark.parametrize(
    ("block", "count"),
    [
        ('{"type": "image", "source": {"type": "url", "url": name}}', 1),
        ('{"type": "text", "text": name}', 1),
        ('{"type": "tool_result", "tool_use_id": name, "content": name}', 0),
    ],
)
def test_turns_of_any_width(block: str, count: int) -> None:
    assert ids(WIDE.format(block=block)).count("SKF212") == count


GUIDE = "A late parcel is a complaint, a question for a price an order, thanks go to the team. "


@pytest.mark.parametrize(("times", "told_of"), [(28, True), (41, False)])
def test_words_say_more_about_a_prefix_than_its_length(times: int, told_of: bool) -> None:
    body = f"""
    GUIDE = {GUIDE!r} * {times}

    def sort(letter):
        return client.messages.create(
            model="claude-sonnet-4-6",
            max_tokens=9,
            system=[{{"type": "text", "text": GUIDE, "cache_control": MARK}}],
            messages=[{{"role": "user", "content": letter}}],
        )
    """
    found = [each for each in told(body) if each.rule.id == "SKF208"]
    assert bool(found) is told_of
