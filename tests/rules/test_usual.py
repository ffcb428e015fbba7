"""Which conversations the usual run reads back, and which are told of with --preview only."""

from __future__ import annotations

import datetime

import pytest
from judging import judged

from skinflint.rules.base import Context
from skinflint.rules.no_cache import NoCache
from skinflint.rules.uncached_tail import UncachedTail

DEFAULT = Context(as_of=datetime.date(2026, 11, 22))
PREVIEW = Context(as_of=datetime.date(2026, 11, 22), preview=True)

_AGENT = """\
import anthropic

client = anthropic.Anthropic()

LIMIT = 6
TOOLS = [
    {
        "name": name,
        "description": "Looks up what the workshop has noted down about a bicycle or a part. " * 8,
        "input_schema": {"type": "object", "properties": {"number": {"type": "string"}}},
    }
    for name in ("bicycle", "part", "shelf")
]


def look_up(call):
    return SHELVES[call.input["number"]]


def ask(question: str, limit: int) -> str:
    messages = [{"role": "user", "content": question}]
    for _ in range(limit):
        reply = client.messages.create(
            model="claude-sonnet-5-5", max_tokens=900, tools=TOOLS, messages=messages
        )
        messages.append({"role": "assistant", "content": reply.content})
        results = [
            {"type": "tool_result", "tool_use_id": b.id, "content": look_up(b)}
            for b in reply.content
            if b.type == "tool_use"
        ]
        if not results:
            return reply.content[0].text
        messages.append({"role": "user", "content": results})
    return ""


def main(questions: list[str]) -> None:
    for question in questions:
        print(ask(question, limit=LIMIT))
"""

_TALK = """\
import anthropic

client = anthropic.Anthropic()


def talk() -> None:
    messages = []
    while True:
        messages.append({"role": "user", "content": input("You: ")})
        reply = client.messages.create(
            model="claude-opus-5-5", max_tokens=900, messages=messages
        )
        messages.append({"role": "assistant", "content": reply.content})
        print(reply.content[0].text)
"""

_POLISHED = """\
import anthropic

client = anthropic.Anthropic()

RULES = "Answer in one sentence, and name the shelf. " * 60


def polish(text: str, holds) -> str:
    messages = [{"role": "user", "content": text}]
    while True:
        reply = client.messages.create(
            model="claude-opus-5-5", max_tokens=900, system=RULES, messages=messages
        )
        said = reply.content[0].text
        if holds(said):
            return said
        messages.append({"role": "assistant", "content": said})
        messages.append({"role": "user", "content": "That breaks a rule. Once more."})
"""


def tiers(text: str) -> tuple[int, int]:
    """How many findings there are by default, and with --preview."""
    return len(judged(NoCache, text, DEFAULT)), len(judged(NoCache, text, PREVIEW))


def tails(text: str) -> tuple[int, int]:
    """The same of a task whose tools are marked, which speaks of what comes behind them."""
    text = text.replace('"input_schema"', '"cache_control": {"type": "ephemeral"}, "input_schema"')
    default, preview = (len(judged(UncachedTail, text, each)) for each in (DEFAULT, PREVIEW))
    return default, preview


@pytest.mark.parametrize(
    ("model", "told"),
    [
        ("claude-sonnet-5-5", (1, 1)),
        ("claude-haiku-4-5", (0, 0)),  # four rounds never come near to what it caches from
        ("claude-3-haiku-20240307", (0, 1)),  # the same as what takes its place
        ("claude-sonnet-4-20250514", (1, 1)),
    ],
)
def test_the_first_request_of_a_tool_loop_has_to_be_long_enough(
    model: str, told: tuple[int, int]
) -> None:
    assert tiers(_AGENT.replace("claude-sonnet-5-5", model)) == told


def test_whole_files_are_long_enough_by_the_second_request() -> None:
    known = _AGENT.replace("claude-sonnet-5-5", "claude-sonnet-4-6").replace('." * 8', '."')
    assert tiers(known) == (0, 1)
    files = known.replace('SHELVES[call.input["number"]]', "open(call.id).read()")
    assert tiers(files) == (1, 1)


def test_the_figure_is_that_of_as_many_rounds_as_callers_let_it_have() -> None:
    (found,) = judged(NoCache, _AGENT, DEFAULT)
    assert found.cost is not None
    assert "6 rounds" in found.cost.assumption
    (found,) = judged(NoCache, _AGENT.replace("LIMIT = 6", "LIMIT = 60"), DEFAULT)
    assert found.cost is not None
    assert "10 rounds" in found.cost.assumption
    assert tiers(_AGENT.replace("LIMIT = 6", "LIMIT = 2")) == (0, 1)


@pytest.mark.parametrize(("limit", "told"), [("limit: int = 6", "6"), ("limit: int", "10")])
def test_callers_that_are_not_here_leave_the_limit_as_it_is(limit: str, told: str) -> None:
    text = _AGENT.partition("def main(")[0].replace("limit: int", limit)
    (found,) = judged(NoCache, text, DEFAULT)
    assert found.cost is not None
    assert f"({told} rounds" in f"({found.cost.assumption}"


@pytest.mark.parametrize(
    ("rounds", "told"),
    [
        ("range(1, limit + 1)", "6 rounds"),
        ("range(1, limit + 2)", "7 rounds"),
        ("range(start, limit)", "10 rounds"),  # nobody says where it begins
        ("range(0, limit, 2)", "10 rounds"),
    ],
)
def test_rounds_that_are_counted_from_somewhere(rounds: str, told: str) -> None:
    text = _AGENT.replace("range(limit)", rounds)
    (found,) = judged(NoCache, text, DEFAULT)
    assert found.cost is not None
    assert told in found.cost.assumption


def test_a_marked_head_alone_is_enough_where_the_usual_run_is_short() -> None:
    marked = _AGENT.replace(
        '"input_schema"', '"cache_control": {"type": "ephemeral"}, "input_schema"'
    )
    for model, count in (("claude-sonnet-5-5", (1, 1)), ("claude-3-haiku-20240307", (0, 1))):
        text = marked.replace("claude-sonnet-5-5", model)
        found = [len(judged(UncachedTail, text, context)) for context in (DEFAULT, PREVIEW)]
        assert tuple(found) == count


def test_a_form_that_is_asked_for_again_is_mostly_right_at_once() -> None:
    one = _AGENT.replace('("bicycle", "part", "shelf")', '("bicycle",)').replace(
        '. " * 8', '. " * 20'
    )
    assert tails(one) == (1, 1)
    wrong = one.replace('"type": "tool_result",', '"type": "tool_result", "is_error": True,')
    assert tails(wrong) == (0, 1)


def test_the_prompt_of_a_talk_has_to_be_long_enough() -> None:
    assert tiers(_TALK) == (0, 1)
    asked = _TALK.replace("max_tokens=900", "max_tokens=900, system=SYSTEM")
    long = f'SYSTEM = "You are the guide of a museum of clocks. " * 60\n{asked}'
    assert tiers(long) == (1, 1)
    assert tiers(long.replace("claude-opus-5-5", "claude-haiku-4-5")) == (0, 1)


def test_rounds_without_tools_are_nobody_knows_how_many() -> None:
    assert tiers(_POLISHED) == (0, 1)


def test_a_loop_that_keeps_nothing_is_come_back_to_some_time() -> None:
    forgets = _POLISHED.replace("        messages.append", "        print")
    assert tiers(forgets) == (0, 1)


def test_what_a_caller_hands_in_may_be_the_same_each_time() -> None:
    text = """\
import anthropic

client = anthropic.Anthropic()

RULES = "Never promise a delivery before the carrier has confirmed it in writing. " * 60


class Desk:
    def __init__(self):
        self.messages = []

    def say(self, question: str, notes: str) -> str:
        self.messages.append({"role": "user", "content": question})
        reply = client.messages.create(
            model="claude-opus-5-5",
            max_tokens=400,
            system=f"{notes}\\n\\n{RULES}",
            messages=self.messages,
        )
        self.messages.append({"role": "assistant", "content": reply.content})
        return reply.content[0].text


desk = Desk()
while True:
    print(desk.say(input("? "), input("notes: ")))
"""
    assert tiers(text) == (0, 1)
    clock = text.replace("{notes}", "{datetime.datetime.now()}")
    assert tiers("import datetime\n" + clock) == (1, 1)


def test_where_reading_the_first_reply_raises_there_is_no_second_round() -> None:
    awaited = _AGENT.replace("def ask", "async def ask").replace(
        "client.messages.create", "await client.messages.create"
    )
    assert tiers(awaited) == (0, 0)
    aside = awaited.replace(
        "client.messages.create(", "asyncio.to_thread(\n            client.messages.create,"
    )
    assert tiers("import asyncio\n" + aside) == (1, 1)
    right = awaited.replace("anthropic.Anthropic()", "anthropic.AsyncAnthropic()")
    assert tiers(right) == (1, 1)
    streamed = right.replace(
        "reply = await client.messages.create(", "async with client.messages.stream("
    )
    streamed = streamed.replace(
        "messages=messages\n        )\n",
        "messages=messages\n        ) as stream:\n            reply = stream.get_final_message()\n"
        "            print(reply.stop_reason)\n",
    )
    assert tiers(streamed) == (0, 0)
    assert tiers(streamed.replace("= stream.get", "= await stream.get")) == (1, 1)


def test_a_request_that_is_refused_is_sent_once() -> None:
    assert tiers(_AGENT.replace("tools=TOOLS,", "tools=TOOLS, betas=['a-beta'],")) == (0, 0)


@pytest.mark.parametrize(
    ("counted", "told"),
    [
        ("while rounds < limit:", "6 rounds"),
        ("while rounds <= limit:", "7 rounds"),
        ("while limit > rounds:", "6 rounds"),
        ("while True:\n        if rounds >= limit:\n            break", "6 rounds"),
        ("while True:\n        if rounds == limit:\n            raise RuntimeError", "6 rounds"),
        ("while rounds < limit or question:", "10 rounds"),
        ("while True:\n        if rounds >= limit:\n            print(rounds)", "10 rounds"),
    ],
)
def test_rounds_that_the_loop_counts_itself(counted: str, told: str) -> None:
    text = _AGENT.replace("    for _ in range(limit):", f"    rounds = 0\n    {counted}")
    text = text.replace("        reply =", "        rounds += 1\n        reply =")
    (found,) = judged(NoCache, text, DEFAULT)
    assert found.cost is not None
    assert told in found.cost.assumption
    (other,) = judged(NoCache, text.replace("rounds += 1", "rounds += found(rounds)"), DEFAULT)
    assert other.cost is not None
    assert "10 rounds" in other.cost.assumption  # it isn't one more each time


def test_files_of_unknown_length_hardly_reach_what_is_cached_from_much() -> None:
    files = _AGENT.replace("def ask(question: str", "def ask(path: str").replace(
        '"content": question', '"content": open(path).read() + open(path + ".md").read()'
    )
    files = files.replace('. " * 8', '. " * 12').replace(
        'SHELVES[call.input["number"]]', "open(call.id).read()"
    )
    assert tiers(files) == (1, 1)
    assert tiers(files.replace("claude-sonnet-5-5", "claude-haiku-4-5")) == (0, 1)
    long = files.replace('. " * 12', '. " * 200').replace("claude-sonnet-5-5", "claude-haiku-4-5")
    assert tiers(long) == (1, 1)


def test_a_tool_that_only_says_that_it_was_called() -> None:
    one = _AGENT.replace('("bicycle", "part", "shelf")', '("bicycle",)').replace(
        '. " * 8', '. " * 20'
    )
    begin, end = one.index("        results = ["), one.index("        if not results:")
    one = (
        one[:begin]
        + """\
        results = []
        for b in reply.content:
            if b.type == "tool_use":
                said = look_up(b.input)
                results.append({"type": "tool_result", "tool_use_id": b.id, "content": said})
"""
        + one[end:]
    )
    for said, told in (
        ("'Noted down.'", (0, 1)),
        ("f'Noted down: {call[\"number\"]}.'", (0, 1)),
        ("'Noted down.' if call['number'] else 'Not noted down.'", (0, 1)),
        ("f'Noted down: {SHELVES[call[\"number\"]]}.'", (1, 1)),
    ):
        assert tails(one.replace('SHELVES[call.input["number"]]', said)) == told
    noted = one.replace('SHELVES[call.input["number"]]', "'Noted down.'")
    talk = noted.replace(
        '    messages = [{"role": "user", "content": question}]',
        """\
    messages = []
    for said in json.loads(question):
        if said["role"] == "assistant":
            messages.append({"role": "assistant", "content": said["content"]})
        else:
            messages.append({"role": "user", "content": said["content"]})""",
    )
    assert tails("import json\n" + talk) == (1, 1)  # the page sends all of it with the next turn
    two = _AGENT.replace('"content": look_up(b)', '"content": "Noted down."')
    assert tiers(two) == (1, 1)


_PAGE = """\
import anthropic
import streamlit as st

client = anthropic.Anthropic()

RULES = "Answer in one sentence, and name the shelf. " * 240


def ask(text: str) -> str:
    reply = client.messages.create(
        model="claude-opus-5-5",
        max_tokens=900,
        system=RULES,
        messages=[{"role": "user", "content": text}],
    )
    return reply.content[0].text


def offer(text: str) -> None:
    if st.button("Explain", key=text):
        st.write(ask(text))


for said in st.session_state.said:
    st.write(said)
    offer(said)
"""


def test_a_button_next_to_each_item_is_pressed_once() -> None:
    assert tiers(_PAGE)[0] == 0
    assert tiers(_PAGE.replace('if st.button("Explain", key=text)', "if text"))[0] == 1
    behind = _PAGE.replace(
        "        st.write(ask(text))",
        "        def explain() -> None:\n            st.write(ask(text))\n\n"
        "        threading.Thread(target=explain).start()",
    )
    assert tiers("import threading\n" + behind)[0] == 0


def test_a_model_that_nobody_names_is_taken_for_a_common_one() -> None:
    short = _AGENT.replace('." * 8', '." * 1')
    assert tiers(short.replace('"claude-sonnet-5-5"', "MODEL")) == (0, 1)
    assert tiers(_AGENT.replace('. " * 8', '. " * 40').replace('"claude-sonnet-5-5"', "MODEL"))[0]


def test_a_request_in_front_of_the_loop_is_named() -> None:
    begin, end = _AGENT.index("    for _ in range"), _AGENT.index("def main")
    text = (
        _AGENT[:begin]
        + """\
    reply = client.messages.create(
        model="claude-sonnet-5-5", max_tokens=900, tools=TOOLS, messages=messages
    )
    while reply.stop_reason == "tool_use":
        messages.append({"role": "assistant", "content": reply.content})
        results = [
            {"type": "tool_result", "tool_use_id": b.id, "content": look_up(b)}
            for b in reply.content
            if b.type == "tool_use"
        ]
        messages.append({"role": "user", "content": results})
        reply = client.messages.create(
            model="claude-sonnet-5-5", max_tokens=900, tools=TOOLS, messages=messages
        )
    return reply.content[0].text


"""
        + _AGENT[end:]
    )
    (found,) = judged(NoCache, text, DEFAULT)
    line = text[: text.index("    reply = client")].count("\n") + 1
    assert line in {step.span.line for step in found.related}
    marked = text.replace(
        '"input_schema"', '"cache_control": {"type": "ephemeral"}, "input_schema"'
    )
    (tail,) = judged(UncachedTail, marked, DEFAULT)
    assert line in {step.span.line for step in tail.related}
    other = text.replace("\n    reply = client", "\n    first = client")
    (found,) = judged(NoCache, other, DEFAULT)
    assert line not in {step.span.line for step in found.related}


def test_what_wants_much_has_to_be_written_in_tools_and_prompt() -> None:
    """A file, or rows of a database, may be short, and this model caches from 4,096 tokens."""
    haiku = _AGENT.replace("claude-sonnet-5-5", "claude-haiku-4-5")
    files = " ".join(f"{{open(question + '{n}').read()}}" for n in range(12))
    text = haiku.replace('"content": question', f'"content": f"{files}"')
    assert tiers(text)[0] == 0
    assert tiers(text.replace('. " * 8', '. " * 80')) == (1, 1)


def test_of_a_model_that_nobody_names_it_has_to_be_written() -> None:
    """Who brings the model brings the files, and may bring short ones."""
    files = " ".join(f"{{open(question + '{n}').read()}}" for n in range(12))
    told = "Looks up what the workshop has noted down about a bicycle or a part. "
    text = _AGENT.replace('"content": question', f'"content": f"{files}"')
    short = text.replace(f'"{told}" * 8', '"Looks."')
    assert tiers(short)[0] == 1
    assert tiers(short.replace('"claude-sonnet-5-5"', "MODEL"))[0] == 0
    assert tiers(text.replace('"claude-sonnet-5-5"', "MODEL"))[0] == 1


def test_a_marker_on_what_a_call_takes_out_of_the_messages() -> None:
    marked = _AGENT.replace(
        '"input_schema"', '"cache_control": {"type": "ephemeral"}, "input_schema"'
    )
    assert len(judged(UncachedTail, marked, DEFAULT)) == 1
    for taken, told in (("content_of(messages[-1])", 0), ("content_of(TOOLS)", 1)):
        moved = marked.replace(
            "        reply = client",
            f"        newest = {taken}\n"
            '        newest[0]["cache_control"] = {"type": "ephemeral"}\n'
            "        reply = client",
        )
        assert len(judged(UncachedTail, moved, DEFAULT)) == told


def test_who_is_asked_about_each_call_takes_no_turn() -> None:
    asked = _AGENT.replace("for _ in range(limit)", "while True").replace(
        "        if not results:",
        "        for block in reply.content:\n"
        '            input("Run it? ")\n'
        "        if not results:",
    )
    (found,) = judged(NoCache, asked, PREVIEW)
    assert "from round to round" in found.message
    typed = asked.replace("        reply =", '        input("Go on? ")\n        reply =')
    (found,) = judged(NoCache, typed, PREVIEW)
    assert "from turn to turn" in found.message


def test_an_only_tool_is_hardly_called_as_often_as_it_may_be() -> None:
    one = _AGENT.replace('("bicycle", "part", "shelf")', '("bicycle",)').replace(
        '. " * 8', '. " * 20'
    )
    assert tails(one) == (1, 1)
    assert tails(one.replace("LIMIT = 6", "LIMIT = 3")) == (0, 1)


def test_one_answer_of_what_looks_a_question_up_is_enough() -> None:
    pages = _AGENT.replace("claude-sonnet-5-5", "claude-sonnet-4-6").replace('." * 8', '."')
    pages = "import httpx\n" + pages.replace(
        'SHELVES[call.input["number"]]', "httpx.get(call.input['number']).text"
    )
    assert tails(pages) == (1, 1)
    two = pages.replace('("bicycle", "part", "shelf")', '("bicycle", "part")')
    assert tails(two) == (0, 1)
    written = two.replace('"content": question', '"content": "Which bicycles lack a part?"')
    assert tails(written) == (1, 1)  # that may take several of them


_SCALED = """\
import anthropic

client = anthropic.Anthropic()

RULES = "Think about what the gardener asks, and doubt each step before you take one more. " * 24


def think(earlier: list[dict], question: str, rounds: int) -> str:
    thought = "Well"
    messages = [{"role": said["role"], "content": said["content"]} for said in earlier]
    messages.append({"role": "user", "content": question})
    while rounds > 0:
        rounds -= 1
        sent = messages.copy()
        sent.append({"role": "assistant", "content": thought})
        reply = client.messages.create(
            model="claude-sonnet-4-5", max_tokens=900, system=RULES, messages=sent
        )
        thought += reply.content[0].text
    return thought
"""


def test_rounds_that_nothing_cuts_short_send_what_stands_in_front_again() -> None:
    (found,) = judged(NoCache, _SCALED, DEFAULT)
    assert "the messages in front of the one that grows are sent again" in found.message
    assert found.fix is None
    assert "a breakpoint behind that is never read" in (found.no_fix or "")
    enough = _SCALED.replace(
        "        thought += ",
        "        if reply.stop_reason == 'end_turn':\n            return thought\n"
        "        thought += ",
    )
    assert tiers(enough) == (0, 1)  # mostly the first is good enough
    assert tiers(_SCALED.replace("while rounds > 0", "while not thought.endswith('.')")) == (0, 1)
    counted = _SCALED.replace("while rounds > 0:", "for _ in range(rounds):")
    assert tiers(counted) == (1, 1)
    some = counted.replace(
        "        reply =", "        if not sent:\n            continue\n        reply ="
    )
    assert tiers(some) == (0, 1)
    short = _SCALED.replace('. " * 24', '. "').replace("Think about", "Say in one sentence")
    assert tiers(short) == (0, 1)


_ERRANDS = """\
import json
from dataclasses import dataclass
from pathlib import Path

import anthropic

TOOLS = [
    {
        "name": name,
        "description": "Looks up what the house has noted down about its errands. " * 12,
        "input_schema": {"type": "object", "properties": {"number": {"type": "string"}}},
    }
    for name in ("errand", "shop", "road")
]
RULES = "Help with the errands of this house. " * 370


@dataclass
class Talk:
    said: list


class Worker:
    def __init__(self) -> None:
        self.client = anthropic.Anthropic()

    def run(self, messages: list[dict]) -> str:
        working = list(messages)
        for _ in range(10):
            reply = self.client.messages.create(
                model="claude-opus-4-6",
                max_tokens=900,
                system=RULES,
                tools=TOOLS,
                messages=working,
            )
            working.append({"role": "assistant", "content": reply.content})
            results = [
                {"type": "tool_result", "tool_use_id": b.id, "content": look_up(b)}
                for b in reply.content
                if b.type == "tool_use"
            ]
            if not results:
                return reply.content[0].text
            working.append({"role": "user", "content": results})
        return ""


class Errands:
    def __init__(self, talk: Talk) -> None:
        self.talk = talk
        self.worker = Worker()

    def answer(self, text: str) -> str:
        self.talk.said.append({"role": "user", "content": text})
        told = self.worker.run(self.messages())
        self.talk.said.append({"role": "assistant", "content": told})
        self.shorten()
        return told

    def messages(self) -> list[dict]:
        return [{"role": each["role"], "content": each["content"]} for each in self.talk.said]

    def shorten(self) -> None:
        self.talk.said = self.talk.said[-30:]


def handle(who: str, text: str) -> str:
    path = Path(who)
    talk = Talk(json.loads(path.read_text()))
    told = Errands(talk).answer(text)
    path.write_text(json.dumps(talk.said))
    return told
"""


def test_what_shortens_the_list_leaves_the_copy_as_it_is_that_the_rounds_send() -> None:
    (found,) = judged(NoCache, _ERRANDS, DEFAULT)
    assert "from round to round" in found.message
    assert "the tools, the system prompt and the conversation" in found.message
    same = _ERRANDS.replace("working = list(messages)", "working = messages")
    inside = same.replace(
        "        for _ in range(10):\n",
        "        for _ in range(10):\n            working = working[-30:]\n",
    )
    assert judged(NoCache, inside, PREVIEW) == ()


def test_a_talk_that_is_handed_in_is_as_long_as_its_first_few_turns() -> None:
    """Nothing else reaches what this model caches from."""
    for times, told in ((330, 1), (270, 0)):
        text = _ERRANDS.replace("* 370", f"* {times}")
        assert len(judged(NoCache, text, DEFAULT)) == told
        bare = text.replace("self.worker.run(self.messages())", "self.worker.run([USER])")
        assert judged(NoCache, bare, DEFAULT) == ()


def test_a_list_of_tools_that_is_empty_brings_none() -> None:
    text = _AGENT.replace("tools=TOOLS", "tools=[]").replace("question}]", "question * 900}]")
    assert tiers(text) == (0, 0)


def test_the_fields_of_what_was_written_for_a_prompt_are_short() -> None:
    fields = " ".join(f"{{house.part{n}}}" for n in range(2))
    text = "import json\n" + _AGENT.replace("claude-sonnet-5-5", "claude-sonnet-4-6").replace(
        "    messages = [", "    house = json.loads(open(question).read())\n    messages = ["
    ).replace("messages=messages", f'messages=messages, system=f"{fields}"').replace(
        '. " * 8', '. " * 2'
    )
    assert tiers(text) == (0, 1)
    files = " ".join(f"{{open('{n}').read()}}" for n in range(2))
    assert tiers(text.replace(fields, files)) == (1, 1)


@pytest.mark.parametrize(
    ("tools", "limit", "told"),
    [
        ('("bicycle",)', 9, (0, 1)),
        ('("bicycle", "part")', 9, (0, 1)),
        ('("bicycle", "part", "shelf")', 6, (1, 1)),
        ('("bicycle", "part", "shelf")', 5, (0, 1)),
        ('("bicycle", "part", "shelf", "row")', 5, (1, 1)),
        ('("bicycle", "part", "shelf", "row")', 4, (0, 1)),
        ("open(input())", 5, (1, 1)),  # nobody knows how many
    ],
)
def test_a_task_of_few_tools_or_rounds(tools: str, limit: int, told: tuple[int, int]) -> None:
    text = _AGENT.replace('("bicycle", "part", "shelf")', tools).replace('. " * 8', '. " * 30')
    text = text.partition("def main(")[0] + f"print(ask(input(), limit={limit}))\n"
    assert tiers(text) == told


#: A search on the server's side that is taken up where it was paused.
_SEARCH = """\
import anthropic

client = anthropic.Anthropic()
GUIDE = "Say what the parts of a bicycle cost, and where they are sold. " * 300


def find(question: str, tools: list) -> str:
    messages = [{"role": "user", "content": question}]
    for _ in range(9):
        reply = client.messages.create(
            model="claude-sonnet-5-5",
            max_tokens=900,
            system=[{"type": "text", "text": GUIDE, "cache_control": {"type": "ephemeral"}}],
            tools=tools,
            messages=messages,
        )
        if reply.stop_reason != "pause_turn":
            break
        messages.append({"role": "assistant", "content": reply.content})
    return reply.content[-1].text
"""


def test_replies_that_are_taken_up_where_they_were_paused() -> None:
    assert judged(UncachedTail, _SEARCH, DEFAULT) == ()
    assert judged(UncachedTail, _SEARCH, PREVIEW)
    rounds = _SEARCH.replace('!= "pause_turn"', '== "end_turn"')
    assert judged(UncachedTail, rounds, DEFAULT)
    warned = rounds.replace(
        "        if reply",
        '        if reply.stop_reason == "max_tokens":\n            print("cut")\n        if reply',
    )
    assert judged(UncachedTail, warned, DEFAULT)
    looked = rounds.replace('== "end_turn"', '!= "max_tokens" and question')
    assert judged(UncachedTail, looked.replace("break", "print(reply)"), DEFAULT)


def test_what_programs_print_leads_to_what_to_run_next() -> None:
    one = _AGENT.replace('("bicycle", "part", "shelf")', '("bicycle",)').replace(
        '. " * 8', '. " * 20'
    )
    one = one.partition("def main(")[0] + "print(ask(input(), limit=20))\n"
    assert tiers(one) == (0, 1)
    shell = one.replace(
        'SHELVES[call.input["number"]]',
        'subprocess.run(call.input["number"], capture_output=True, shell=True).stdout',
    )
    assert tiers("import subprocess\n" + shell) == (1, 1)
    assert tiers("import subprocess\n" + shell.replace("limit=20", "limit=9")) == (0, 1)


_LAST = """\
import anthropic

client = anthropic.Anthropic()
RULES = "Never promise a delivery before the carrier has confirmed it in writing. " * 150


def prompt(more):
    blocks = [{"type": "text", "text": RULES}]
    if more:
        blocks.append({"type": "text", "text": more})
    blocks[-1]["cache_control"] = {"type": "ephemeral"}
    return blocks


def ask(letters, more):
    for letter in letters:
        print(
            client.messages.create(
                model="claude-sonnet-5-5",
                max_tokens=900,
                system=prompt(more),
                messages=[{"role": "user", "content": letter}],
            )
        )
"""


def test_a_marker_on_the_last_of_blocks_that_may_be_absent() -> None:
    assert judged(NoCache, _LAST, PREVIEW) == ()
    assert len(judged(NoCache, _LAST.replace("    blocks[-1]", "    {}"), DEFAULT)) == 1
