"""Where the messages of a request live, what makes them longer and what bounds them."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent, indent

import pytest
from linter.reading import HEAD, sent

from skinflint.linter import config, history
from skinflint.linter import lineage as lineage_of
from skinflint.linter.project import Project
from skinflint.linter.request import Conversation, Home, PairKind
from skinflint.linter.source import read

ASK = 'client.messages.create(model="claude-opus-5-5", max_tokens=9, messages={})'


def lineage(text: str, which: int = 0) -> Conversation | None:
    """The conversation of a request of a module; ``ASK(x)`` stands for one that sends ``x``."""
    text = dedent(text)
    for part in text.split("ASK(")[1:]:
        inside = part[: part.index(")ASK")] if ")ASK" in part else part[: part.index(")")]
        closing = ")ASK" if ")ASK" in part else ")"
        text = text.replace(f"ASK({inside}{closing}", ASK.format(inside), 1)
    return sent(HEAD + text)[which].conversation


def known(text: str, which: int = 0) -> Conversation:
    """The same, where there is one."""
    found = lineage(text, which)
    assert found is not None
    return found


def grown(text: str, which: int = 0) -> list[str]:
    """What makes it longer, in short: ``append loop``, with ``!`` where nothing ends the loop."""
    return [
        f"{g.how} {g.where}" + ("" if g.ends or g.where not in ("loop", "recursion") else "!")
        for g in known(text, which).grown_by
    ]


def bounds(text: str, which: int = 0) -> list[str]:
    """What bounds it."""
    return [limit.how for limit in known(text, which).bounded_by]


def bot(add: str, more: str = "", first: str = "self.history = []", sends: str = "") -> str:
    """A module with an object that keeps a history: how it adds, and what else the class has."""
    return "\n".join(
        [
            "class Bot:",
            "    def __init__(self):",
            indent(dedent(first), "        "),
            "    def ask(self, text):",
            indent(dedent(add), "        "),
            f"        return ASK({sends or 'self.history'})",
            indent(dedent(more), "    "),
        ]
    )


USER = '{"role": "user", "content": text}'


# -- no conversation -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        f"def ask(text):\n    return ASK([{USER}])",
        f"def ask(text):\n    messages = [{USER}]\n    return ASK(messages)",
        f"""
        def ask(text, question):
            messages = []
            messages.append({USER})
            messages.append({{"role": "assistant", "content": "{{"}})
            return ASK(messages)
        """,
        # Each record begins anew.
        f"""
        def run(texts):
            for text in texts:
                messages = [{USER}]
                messages.append({{"role": "assistant", "content": "["}})
                ASK(messages)
        """,
        # A list of examples that nobody changes.
        f"""
        EXAMPLES = [{{"role": "user", "content": "2+2"}}, {{"role": "assistant", "content": "4"}}]
        def ask(text):
            return ASK([*EXAMPLES, {USER}])
        """,
        # Parts of one text are put together in a loop of their own.
        """
        def ask(notes):
            prompt = "Notes:"
            for note in notes:
                prompt += note
            return ASK([{"role": "user", "content": prompt}])
        """,
    ],
)
def test_messages_made_for_one_call_are_no_conversation(text: str) -> None:
    assert lineage(text) is None


def test_a_list_that_is_appended_but_never_sent_is_no_conversation() -> None:
    text = bot('self.history.append({"q": text})', sends=f"[{USER}]")
    assert lineage(text) is None


def test_what_is_kept_for_display_alone_is_no_conversation() -> None:
    text = f"""
    import streamlit as st
    text = st.chat_input()
    st.session_state.shown.append(text)
    ASK([{USER}])
    """
    assert lineage(text) is None


# -- forms of growth -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("add", "how"),
    [
        (f"self.history.append({USER})", "append"),
        (f"self.history.extend([{USER}])", "extend"),
        (f"self.history.insert(len(self.history), {USER})", "insert"),
        (f"self.history += [{USER}]", "concatenation"),
        (f"self.history = self.history + [{USER}]", "concatenation"),
        (f"self.history = [*self.history, {USER}]", "concatenation"),
        (f"kept = self.history\nkept.append({USER})", "append"),
        (f"kept = list(self.history)\nkept.append({USER})\nself.history = kept", "append"),
        (
            f"kept = [m for m in self.history if m['content']]\nkept += [{USER}]\n"
            "self.history = kept",
            "concatenation",
        ),
        ("self.history.append(Message(role='user', content=text))", "append"),
        (f"put(self.history, {USER})", "helper"),
        (f"self.add({USER})", "helper"),
        (f"self.history = grown(self.history, {USER})", "concatenation"),
    ],
)
def test_every_form_of_growth_is_seen(add: str, how: str) -> None:
    helpers = (
        """
    def put(where, message):
        where.append(message)
    def grown(where, message):
        return where + [message]
    """
        if "(self.history," in add
        else ""
    )
    own = "def add(self, message):\n    self.history.append(message)" if "self.add" in add else ""
    text = bot(add, own)
    found = known(dedent(helpers) + text)
    assert [(g.how, g.where) for g in found.grown_by] == [(how, "method")]
    assert found.home is Home.ATTRIBUTE
    assert not found.bounded
    assert found.certain


def test_a_text_that_takes_the_conversation_in_grows() -> None:
    text = """
    def chat():
        prompt = ""
        while True:
            prompt += input()
            prompt += ASK([{"role": "user", "content": prompt}])ASK.content[0].text
    """
    assert grown(text) == ["concatenation turns", "concatenation turns"]
    assert all(growth.text for growth in known(text).grown_by)


def test_strings_joined_into_one_prompt_grow() -> None:
    text = bot(
        "self.lines.append(text)",
        first="self.lines = []",
        sends='[{"role": "user", "content": "\\n".join(self.lines)}]',
    )
    assert grown(text.replace("]}])", "]}]")) == ["append method"]


def test_a_helper_may_grow_an_attribute_of_another_object() -> None:
    text = """
    class Memory:
        def __init__(self):
            self.turns = []
        def remember(self, role, text):
            self.turns.append({"role": role, "content": text})
    class Bot:
        def __init__(self):
            self.memory = Memory()
        def ask(self, text):
            self.memory.remember("user", text)
            reply = ASK(self.memory.turns)
            self.memory.remember("assistant", reply)
    """
    assert grown(text) == ["helper method"]
    assert known(text).born is not None


def test_an_append_in_the_caller_is_seen() -> None:
    text = f"""
    def send(messages):
        return ASK(messages)
    def main():
        history = []
        while True:
            text = input()
            history.append({USER})
            history.append(send(history))
    """
    assert grown(text) == ["append turns", "append turns"]
    assert known(text).home is Home.LOCAL


def test_a_history_that_is_handed_back_and_forth_grows() -> None:
    text = f"""
    def send(history, text):
        history = history + [{USER}]
        reply = ASK(history)
        return reply, history + [{{"role": "assistant", "content": reply}}]
    def main():
        history = []
        while True:
            reply, history = send(history, input())
    """
    assert set(grown(text)) == {"concatenation turns"}


def test_recursion_is_a_loop() -> None:
    text = f"""
    def run(messages, text):
        reply = ASK(messages)
        if reply.stop_reason == "tool_use":
            messages.append({USER})
            return run(messages, text)
        return reply
    def start(text):
        return run([{USER}], text)
    """
    assert grown(text) == ["append recursion!"]
    assert known(text).uncapped


def test_a_depth_ends_the_recursion() -> None:
    text = f"""
    def run(messages, depth=0):
        if depth > 8:
            return None
        reply = ASK(messages)
        messages.append({{"role": "assistant", "content": reply}})
        return run(messages, depth + 1)
    def start(text):
        return run([{USER}])
    """
    assert grown(text) == ["append recursion"]
    assert not known(text).uncapped


RUN = """
class Desk:
    def run(self, messages, depth=0):
        reply = ASK(messages)
        if reply.stop_reason == "tool_use":
            return self.run({}, depth + 1)
        return reply
Desk().run([{}])
"""


@pytest.mark.parametrize(
    ("again", "how", "limits"),
    [
        (f"messages + [{USER}]", ["concatenation recursion!"], []),
        (f"[*messages, {USER}]", ["concatenation recursion!"], []),
        (f"messages[-6:] + [{USER}]", ["concatenation recursion!"], ["slice"]),
    ],
)
def test_what_calls_itself_may_hand_in_a_longer_list(
    again: str, how: list[str], limits: list[str]
) -> None:
    text = RUN.format(again, USER)
    assert grown(text) == how
    assert bounds(text) == limits
    (request,) = sent(HEAD + dedent(text.replace("ASK(messages)", ASK.format("messages"))))
    assert [pair.label for pair in request.pairs if pair.kind is PairKind.LOOP] == [
        "from round to round of run(), which calls itself"
    ]


@pytest.mark.parametrize("again", [f"[{USER}]", "[]"])
def test_what_calls_itself_may_begin_anew(again: str) -> None:
    assert lineage(RUN.format(again, USER)) is None


def test_a_long_prompt_hides_no_rounds(monkeypatch: pytest.MonkeyPatch) -> None:
    """It may use up what there is for the conversation, which is unsure then, and there."""
    text = f"""
    def run(things, first):
        text = tell(things) if first else ""
        messages = [{{"role": "user", "content": text}}]
        while True:
            reply = ASK(messages)
            if reply.stop_reason != "tool_use":
                return reply
            messages.append({USER})
    def tell(things):
        return ", ".join(things)
    run(open("things.txt").readlines(), bool(input()))
    """
    assert grown(text) == ["append loop!"]
    assert known(text).certain
    monkeypatch.setattr(history, "_EVALUATIONS", 0)
    assert grown(text) == ["append loop!"]
    assert not known(text).certain


def test_a_long_text_makes_nothing_of_its_list_unsure(monkeypatch: pytest.MonkeyPatch) -> None:
    """Texts have a share of what can be evaluated; what grows in them alone is unsure behind it."""
    listed = """
    def run(things):
        messages = [{"role": "user", "content": tell(things)}]
        while True:
            messages.append(ASK(messages))
    def tell(things):
        return ", ".join(things)
    run(open("things.txt").readlines())
    """
    written = """
    def chat():
        prompt = ""
        while True:
            prompt += input()
            prompt += ASK([{"role": "user", "content": prompt}])ASK.content[0].text
    """
    assert known(listed).certain
    assert known(written).certain
    monkeypatch.setattr(lineage_of, "_FOR_TEXTS", -1)
    assert known(listed).certain
    assert lineage(written) is None or not known(written).certain


# -- homes -----------------------------------------------------------------------------------------

LOOP = """
while True:
    text = input()
    {}
"""


def test_a_local_of_a_driver_is_its_home() -> None:
    text = f"""
    def main():
        history = []
        while True:
            text = input()
            history.append({USER})
            ASK(history)
    """
    found = known(text)
    assert found.home is Home.LOCAL
    assert found.born is not None
    assert found.born.line == HEAD.count("\n") + 3
    assert [g.where for g in found.grown_by] == ["turns"]


def test_a_module_global_is_its_home() -> None:
    text = f"""
    history = []
    def ask(text):
        history.append({USER})
        return ASK(history)
    """
    assert known(text).home is Home.GLOBAL
    assert grown(text) == ["append method"]


def test_a_handler_grows_a_global() -> None:
    text = f"""
    from fastapi import FastAPI
    app = FastAPI()
    sessions = {{}}
    @app.post("/chat")
    def chat(session_id: str, text: str):
        history = sessions.setdefault(session_id, [])
        history.append({USER})
        return ASK(history)
    """
    assert known(text).home is Home.GLOBAL
    assert grown(text) == ["append handler"]
    assert not known(text).bounded


def window(before: str, connects: str, add: str = USER, more: str = "") -> str:
    """A window of a program that keeps what was said in it."""
    return "\n".join(
        [
            before,
            "    def __init__(self):",
            "        super().__init__()",
            "        self.said = []",
            f"        {connects}",
            "    def go_on(self, *seen):",
            "        text = self.line.text()",
            f"        self.said.append({add})",
            f"        {more or 'pass'}",
            "        reply = ASK(self.said)",
            '        self.said.append({"role": "assistant", "content": reply.content[0].text})',
        ]
    )


_QT = "from PyQt6.QtWidgets import QWidget\nclass Window(QWidget):"
_TK = "import tkinter as tk\nclass Window(tk.Frame):"
_TUI = "from textual import on\nfrom textual.app import App\nclass Window(App):"


@pytest.mark.parametrize(
    ("before", "connects"),
    [
        (_QT, "self.send.clicked.connect(self.go_on)"),
        (_QT, "self.line.returnPressed.connect(self.go_on)"),
        (_TK, "tk.Button(self, text='Send', command=self.go_on).pack()"),
        (_TK, "self.line.bind('<Return>', self.go_on)"),
    ],
)
def test_a_window_is_used_again_and_again(before: str, connects: str) -> None:
    text = window(before, connects)
    assert grown(text) == ["append handler"] * 2
    assert known(text).served
    assert not known(text).bounded
    assert known(window(before, connects, more="del self.said[:-20]")).bounded


@pytest.mark.parametrize("name", ["on_input_submitted", "on_button_pressed"])
def test_a_screen_of_text_is_used_again_and_again(name: str) -> None:
    text = window(_TUI, "pass").replace("go_on", name)
    assert grown(text) == ["append handler"] * 2
    assert known(text).served
    mounted = window(_TUI, "pass").replace("go_on", "on_mount")
    assert lineage(mounted) is None or not known(mounted).served


@pytest.mark.parametrize(
    ("before", "connects"),
    [
        (_QT, "self.thread.started.connect(self.go_on)"),
        (_QT, "self.worker.finished.connect(self.go_on)"),
        (_QT.replace("PyQt6.QtWidgets", "kept.windows"), "self.send.clicked.connect(self.go_on)"),
        (_TK, "self.after(100, self.go_on)"),
    ],
)
def test_what_a_program_does_itself_is_done_once_for_all_that_is_known(
    before: str, connects: str
) -> None:
    text = window(before, connects)
    assert lineage(text) is None or not known(text).served


def by_visitor(hands_out: str, before: str = "pass") -> str:
    """A handler whose state of a visitor comes out of a function."""
    return "\n".join(
        [
            "import json, time",
            "from fastapi import FastAPI",
            "app = FastAPI()",
            "STATES: dict[str, dict] = {}",
            "def state_of(visitor):",
            indent(dedent(hands_out), "    "),
            "def go_on(state, text):",
            '    said = state["said"]',
            f"    {before}",
            f"    said.append({USER})",
            "    reply = ASK(said)",
            '    said.append({"role": "assistant", "content": reply.content})',
            '@app.post("/talk")',
            "def talk(visitor: str, text: str):",
            "    state = state_of(visitor)",
            "    go_on(state, text)",
        ]
    )


_NEW = 'STATES.setdefault(visitor, {"said": [], "seen": 0})'
_ASKED = """
state = STATES.get(visitor)
if state is None:
    state = {"said": [], "seen": 0}
    STATES[visitor] = state
"""


@pytest.mark.parametrize(
    "hands_out",
    [
        f"return {_NEW}",
        f"{_ASKED}\nreturn state",
        f'state = {_NEW}\nstate["seen"] += 1\nreturn state',
        """
        if visitor not in STATES:
            STATES[visitor] = {"said": [], "seen": 0}
        return STATES[visitor]
        """,
    ],
)
def test_a_function_may_hand_out_what_holds_the_list(hands_out: str) -> None:
    text = by_visitor(hands_out)
    assert known(text).home is Home.GLOBAL
    assert grown(text) == ["append handler"] * 2
    assert known(text).certain
    assert not known(text).bounded
    assert bounds(by_visitor(hands_out, "del said[:-20]")) == ["delete"]


@pytest.mark.parametrize(
    "cut",
    [
        'state["said"] = state["said"][-20:]',
        'if len(state["said"]) > 40:\n    state["said"] = []',
        'del state["said"][:-20]',
    ],
)
def test_the_function_that_hands_it_out_may_cut_it(cut: str) -> None:
    assert known(by_visitor(f"{_ASKED}\n{cut}\nreturn state")).bounded


def test_what_is_made_anew_or_read_is_not_kept_by_the_function_that_hands_it_out() -> None:
    assert lineage(by_visitor('return {"said": [], "seen": 0}')) is None
    read = known(by_visitor("return json.loads(open(visitor).read())"))
    assert not read.certain
    assert not read.served


def test_an_object_for_each_user_is_followed() -> None:
    text = f"""
    from collections import defaultdict
    class History:
        def __init__(self):
            self.messages = []
        def add(self, text):
            self.messages.append({USER})
            if len(self.messages) > LIMIT:
                self.messages = self.messages[-LIMIT:]
        def all(self):
            return self.messages.copy()
    LIMIT = 20
    class Bot:
        def __init__(self):
            self.users = defaultdict(History)
        def ask(self, user, text):
            history = self.users[user]
            history.add(text)
            return ASK(history.all())ASK
    """
    assert grown(text) == ["helper method"]
    assert bounds(text) == ["slice"]
    assert known(text).slides


def test_a_script_may_be_named_for_its_framework(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    streamlit = f"""
    import streamlit as st
    from app import Llm
    if text := st.chat_input():
        st.session_state.messages.append({USER})
        Llm().send(st.session_state.messages)
    """
    found = across(tmp_path, monkeypatch, app=LLM, streamlit=streamlit)[0]
    assert found.home is Home.SESSION
    assert [growth.where for growth in found.grown_by] == ["session"]


@pytest.mark.parametrize("store", ["st.session_state.messages", 'st.session_state["messages"]'])
def test_a_session_store_is_its_home(store: str) -> None:
    text = f"""
    import streamlit as st
    if "messages" not in st.session_state:
        {store} = []
    if text := st.chat_input():
        {store}.append({USER})
        reply = ASK({store})
        {store}.append({{"role": "assistant", "content": reply}})
    """
    found = known(text)
    assert found.home is Home.SESSION
    assert [g.where for g in found.grown_by] == ["session", "session"]
    assert not found.bounded
    assert found.certain
    assert found.sent_equals_stored is True


def test_a_session_store_may_be_asked_by_method() -> None:
    text = """
    import chainlit as cl
    @cl.on_chat_start
    async def start():
        cl.user_session.set("history", [])
    @cl.on_message
    async def ask(message):
        history = cl.user_session.get("history")
        history.append({"role": "user", "content": message.content})
        return ASK(history)
    """
    assert known(text).home is Home.SESSION
    assert grown(text) == ["append session"]


def test_a_query_is_its_home() -> None:
    text = f"""
    import sqlite3
    db = sqlite3.connect("chat.db")
    def ask(user, text):
        rows = db.execute("SELECT role, content FROM turns WHERE user = ?", (user,)).fetchall()
        history = [{{"role": r, "content": c}} for r, c in rows]
        return ASK(history + [{USER}])ASK
    """
    assert known(text).home is Home.DATABASE
    assert bounds(text) == []


@pytest.mark.parametrize("limit", ["LIMIT 20", "LIMIT ?", "limit {count}"])
def test_a_query_may_be_limited(limit: str) -> None:
    text = f"""
    import sqlite3
    db = sqlite3.connect("chat.db")
    def ask(user, text, count=20):
        sql = f"SELECT role, content FROM turns ORDER BY id DESC {limit}"
        rows = db.execute(sql, (user,)).fetchall()
        return ASK([{{"role": r, "content": c}} for r, c in rows])ASK
    """
    assert bounds(text) == ["query-limit"]
    assert known(text).slides


def test_a_parameter_without_callers_is_handed_in() -> None:
    text = f"""
    def ask(history, text):
        return ASK(history + [{USER}])ASK
    """
    found = known(text)
    assert found.home is Home.PARAMETER
    assert found.born is None
    assert not found.grows
    assert not found.certain


# -- one object, one conversation ------------------------------------------------------------------


def test_an_object_made_anew_for_each_item_begins_anew() -> None:
    driver = """
    def run(texts):
        for text in texts:
            bot = Bot()
            bot.ask(text)
    """
    assert lineage(bot(f"self.history.append({USER})") + dedent(driver)) is None


def test_an_object_that_a_loop_drives_goes_on() -> None:
    driver = """
    def main():
        bot = Bot()
        while True:
            bot.ask(input())
    """
    assert grown(bot(f"self.history.append({USER})") + dedent(driver)) == ["append turns"]


def test_a_list_begun_anew_in_each_run_is_bounded() -> None:
    text = bot(f"self.history = []\nself.history.append({USER})")
    assert lineage(text) is None
    loop = f"""
    class Agent:
        def run(self, text):
            self.messages = [{USER}]
            while True:
                reply = ASK(self.messages)
                if reply.stop_reason != "tool_use":
                    return reply
                self.messages.append({{"role": "assistant", "content": reply.content}})
    """
    assert grown(loop) == ["append loop!"]
    assert bounds(loop) == ["fresh-list"]


def test_a_reset_that_each_run_calls_begins_anew() -> None:
    text = bot(
        f"self.reset()\nself.history.append({USER})",
        "def reset(self):\n    self.history = []",
    )
    assert lineage(text) is None


# -- loops -----------------------------------------------------------------------------------------


def tools(head: str, more: str = "", before: str = "") -> str:
    """A tool loop with the given head; ``more`` stands at the end of each round."""
    return "\n".join(
        [
            "def run(text, max_turns=None, limit=10):",
            f"    messages = [{USER}]",
            indent(dedent(before), "    "),
            f"    {head}",
            "        reply = ASK(messages)",
            '        if reply.stop_reason != "tool_use":',
            "            break",
            '        messages.append({"role": "assistant", "content": reply.content})',
            indent(dedent(more), "        "),
            "    return reply",
        ]
    )


@pytest.mark.parametrize(
    ("head", "more", "before"),
    [
        ("for _ in range(10):", "", ""),
        ("for turn in range(limit):", "", ""),
        ("while turn < 10:", "turn += 1", "turn = 0"),
        ("while True:", "turn += 1\nif turn >= limit:\n    break", "turn = 0"),
        ("while True:", "turn += 1\nif turn >= limit:\n    raise RuntimeError", "turn = 0"),
        ("while left > 0:", "left -= 1", "left = 5"),
        ("while left:", "left -= 1", "left = 5"),
        ("while True:", "if budget.exceeded():\n    break", "budget = Budget()"),
        ("while True:", "budget.charge(reply)", "budget = Budget()"),
        ("while len(messages) < 40:", "", ""),
        ("while time.time() < deadline:", "", "import time\ndeadline = time.time() + 60"),
        ("for turn in itertools.count():", "if turn > 9:\n    break", "import itertools"),
    ],
)
def test_a_counter_ends_a_tool_loop(head: str, more: str, before: str) -> None:
    text = tools(head, more, before)
    assert grown(text) == ["append loop"]
    assert bounds(text) == ["stop"]
    assert known(text).bounded
    assert not known(text).uncapped


@pytest.mark.parametrize(
    ("head", "more", "before"),
    [
        ("while True:", "", ""),
        ("while not done:", "done = bool(reply.content)", "done = False"),
        ("while True:", "if max_turns and turn > max_turns:\n    break\nturn += 1", "turn = 0"),
        ("for turn in itertools.count():", "", "import itertools"),
        ("while True:", "total += reply.usage.output_tokens", "total = 0"),
    ],
)
def test_a_loop_that_only_the_model_ends_is_uncapped(head: str, more: str, before: str) -> None:
    text = tools(head, more, before) + "\n\ndef main():\n    return run('hello')\n"
    found = known(text)
    assert found.uncapped
    assert not found.bounded
    assert found.certain


def test_rounds_that_end_do_not_bound_the_turns() -> None:
    text = f"""
    history = []
    def ask(text):
        history.append({USER})
        for _ in range(5):
            reply = ASK(history)
            history.append({{"role": "assistant", "content": reply.content}})
    """
    found = known(text)
    assert not found.uncapped
    assert not found.bounded
    assert {g.where for g in found.grown_by} == {"method", "loop"}


def test_a_retry_is_no_round() -> None:
    text = f"""
    def ask(text):
        messages = [{USER}]
        for attempt in range(3):
            try:
                return ASK(messages)
            except Exception as error:
                messages.append({{"role": "user", "content": str(error)}})
    """
    assert lineage(text) is None


def test_being_asked_for_a_tool_makes_no_turns_of_rounds() -> None:
    text = f"""
    def run(text):
        messages = [{USER}]
        while True:
            reply = ASK(messages)
            if reply.stop_reason != "tool_use":
                return reply
            for block in reply.content:
                if input("run it?") == "y":
                    messages.append({{"role": "user", "content": block.text}})
    """
    assert grown(text) == ["append loop!"]


def test_what_is_kept_on_the_way_out_of_a_loop_is_kept_once() -> None:
    text = f"""
    def run(text):
        history = [{USER}]
        messages = list(history)
        while True:
            reply = ASK(messages + history)ASK
            if reply.stop_reason != "tool_use":
                history.append({{"role": "assistant", "content": reply.content}})
                return reply
            messages.append({{"role": "assistant", "content": reply.content}})
    """
    assert grown(text) == ["append loop!"]


def test_a_tool_runner_is_a_loop() -> None:
    text = """
    def run(text):
        return client.beta.messages.tool_runner(
            model="claude-opus-5-5", max_tokens=9, tools=[], {}
            messages=[{{"role": "user", "content": text}}],
        )
    """
    free = sent(HEAD + dedent(text.format("")))[0]
    capped = sent(HEAD + dedent(text.format("max_iterations=5,")))[0]
    assert free.conversation is not None
    assert free.conversation.uncapped
    assert capped.conversation is not None
    assert [limit.how for limit in capped.conversation.bounded_by] == ["max-iterations"]
    assert not capped.conversation.uncapped


# -- bounds ----------------------------------------------------------------------------------------

ADD = f"self.history.append({USER})\n"


@pytest.mark.parametrize(
    ("add", "how", "slides"),
    [
        (ADD + "self.history = self.history[-20:]", "slice", True),
        (ADD + "self.history[:] = self.history[-20:]", "slice", True),
        (ADD + "if len(self.history) > 20:\n    self.history = self.history[-20:]", "slice", True),
        (ADD + "if len(self.history) > 40:\n    self.history = self.history[-20:]", "slice", False),
        (ADD + "while len(self.history) > 20:\n    self.history.pop(0)", "pop", True),
        (ADD + "if len(self.history) > 20:\n    del self.history[0]", "delete", True),
        (ADD + "del self.history[:-20]", "delete", True),
        (ADD + "if len(self.history) > 20:\n    self.history.clear()", "clear", False),
        (ADD + "if self.tokens() > 9000:\n    self.history = []", "clear", False),
        (
            ADD + "if len(self.history) > 20:\n    summary = self.sum_up()\n"
            '    self.history = [{"role": "user", "content": summary}]',
            "summary",
            False,
        ),
        (ADD + "self._trim()", "slice", True),
        (ADD + "emptied(self.history)", "clear", False),
        (ADD + "self.history = shortened(self.history)", "slice", True),
        (ADD + "cut(self.history)", "delete", False),
        (ADD + "last_ones(self.history)", "slice", True),
        (ADD + "self.history = compacted(self.history)", "summary", False),
    ],
)
def test_every_bound_is_seen(add: str, how: str, slides: bool) -> None:
    more = """
    def _trim(self):
        if len(self.history) > 20:
            self.history = self.history[-20:]
    def tokens(self):
        return sum(len(m["content"]) for m in self.history)
    def sum_up(self):
        return "so far"
    """
    helpers = """
    def shortened(messages, most=20):
        return messages[-most:]
    def cut(messages):
        if len(messages) > 30:
            del messages[: len(messages) - 20]
    def last_ones(messages):
        messages[:] = messages[-20:]
    def emptied(messages):
        if size(messages) < MOST_TOKENS:
            return
        messages.clear()
        messages.append({"role": "user", "content": "so far"})
    def compacted(messages):
        if len(messages) < 20:
            return messages
        return [{"role": "user", "content": "so far"}]
    """
    text = bot(add, more) + dedent(helpers)
    assert bounds(text) == [how]
    found = known(text)
    assert found.grows
    assert found.bounded
    assert bool(found.slides) is slides
    assert not found.append_only
    assert found.rewritten


@pytest.mark.parametrize(
    ("add", "rare"),
    [
        ("if len(self.history) > 40:\n    self.history = self.history[-20:]", True),
        ("if len(self.history) > 40:\n    del self.history[:-20]", True),
        ("if len(self.history) > 40:\n    del self.history[: len(self.history) - 20]", True),
        ("if len(self.history) > 2 * KEEP:\n    self.history = self.history[-KEEP:]", True),
        ("if len(self.history) < 40:\n    return\nself.history = self.history[-20:]", True),
        ("if len(self.history) > 20:\n    self.history.clear()", True),
        ("if len(self.history) > 20:\n    self.history = self.history[-20:]", False),
        ("if len(self.history) > 21:\n    self.history = self.history[-20:]", False),
        ("if len(self.history) > 20:\n    del self.history[:2]", False),
        ("if len(self.history) > 20:\n    del self.history[1:3]", False),
        ("del self.history[:-20]", False),
        ("if len(self.history) > 20:\n    self.history.pop(0)", False),
        (
            "if text.isupper():\n    summary = fold()\n"
            "    self.history = [{'role': 'user', 'content': summary}]",
            False,
        ),
    ],
)
def test_what_is_cut_once_in_a_window_is_told(add: str, rare: bool) -> None:
    """Between two such cuts earlier messages stay, so that a cache of them is read."""
    (found,) = known("def fold():\n    return 'so far'\nKEEP = 20\n" + bot(ADD + add)).bounded_by
    assert found.rare is rare


@pytest.mark.parametrize(
    ("sends", "how"),
    [
        ("self.history[-10:]", "slice"),
        ("self.history[-self.most:]", "slice"),
        ("list(self.history)[-10:]", "slice"),
        ("self.recent(10)", "slice"),
        ("self.recent(limit=10)", "slice"),
        ("self.last_turns", "slice"),
    ],
)
def test_what_is_sent_may_be_bounded(sends: str, how: str) -> None:
    more = """
    def recent(self, limit=None):
        if limit:
            return self.history[-limit:]
        return self.history
    @property
    def last_turns(self):
        return self.history[-6:]
    """
    text = bot(ADD, more, first="self.history = []\nself.most = 12", sends=sends + ")ASK")
    text = text.replace(")ASK)", ")ASK")
    assert bounds(text) == [how]
    assert known(text).bounded


@pytest.mark.parametrize(
    "first",
    [
        "from collections import deque\nself.history = deque(maxlen=20)",
        "from collections import deque\nself.history = deque([], 20)",
    ],
)
def test_a_short_deque_bounds(first: str) -> None:
    text = bot(ADD, first=first, sends="list(self.history))ASK").replace(")ASK)", ")ASK")
    assert bounds(text) == ["maxlen"]
    assert known(text).slides


def test_a_dict_of_short_deques_bounds() -> None:
    text = f"""
    from collections import defaultdict, deque
    users = defaultdict(lambda: deque(maxlen=20))
    def ask(user, text):
        users[user].append({USER})
        return ASK(list(users[user]))ASK
    """
    assert bounds(text) == ["maxlen"]


def test_a_trim_in_the_caller_bounds() -> None:
    text = f"""
    def send(messages):
        return ASK(messages)
    def main():
        history = []
        while True:
            text = input()
            history.append({USER})
            history = history[-20:]
            send(history)
    """
    assert bounds(text) == ["slice"]


def test_the_server_may_keep_the_context_short() -> None:
    text = f"""
    history = []
    def ask(text):
        history.append({USER})
        return client.beta.messages.create(
            model="claude-opus-5-5", max_tokens=9, messages=history, betas=["b"],
            context_management={{"edits": [{{"type": "KIND"}}]}},
        )
    """
    assert bounds(text.replace("KIND", "clear_tool_uses_20250919")) == ["context-management"]
    assert bounds(text.replace("KIND", "compact_20260112")) == ["compaction"]


@pytest.mark.parametrize(
    ("add", "more"),
    [
        # Somebody has to ask for it.
        (ADD + 'if text == "/clear":\n    self.history.clear()', ""),
        (ADD + 'if text.startswith("/reset"):\n    self.history = []', ""),
        (ADD, "def clear(self):\n    self.history = []"),
        (ADD, "def clear(self):\n    self.history.clear()"),
        # Taken back, to try again.
        (ADD + "if not text:\n    self.history.pop()", ""),
        (ADD + "if not text:\n    self.history.pop(-1)", ""),
        # What is shown is cut, not what is sent.
        (ADD + "print(self.history[-5:])", ""),
        (ADD + 'print(self.history[-1]["content"][:80])', ""),
        # A filter is no limit.
        (ADD + "self.history = [m for m in self.history if m['content']]", ""),
        # The limit is off unless somebody sets it.
        (ADD + "if self.most:\n    self.history = self.history[-self.most:]", ""),
        (ADD + "self.history = self.history[0:]", ""),
        # A text is cut, not the list.
        ('self.history.append({"role": "user", "content": text[:400]})', ""),
        ("text = text[-400:]\n" + ADD, ""),
        # The system message is left out.
        (ADD + "self.history = self.history[1:] + self.history[:1]", ""),
    ],
)
def test_these_are_no_bounds(add: str, more: str) -> None:
    text = bot(add, more, first="self.history = []\nself.most = None")
    found = known(text)
    assert found.grows
    assert [limit.how for limit in found.bounded_by] in ([], ["slice"][:0])
    assert not found.bounded


def test_a_limit_that_the_caller_leaves_out_is_none() -> None:
    more = """
    def recent(self, limit=None):
        if limit:
            return self.history[-limit:]
        return self.history
    """
    text = bot(ADD, more, sends="self.recent())ASK").replace(")ASK)", ")ASK")
    assert not known(text).bounded
    assert known(text).certain


# -- what can't be seen ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "add",
    [
        ADD + "self.history = prepare(self.history)",
        ADD + "trim_messages(self.history)",
    ],
)
def test_code_that_is_not_here_makes_it_uncertain(add: str) -> None:
    text = "from elsewhere import prepare, trim_messages, Store\n" + bot(
        add, first="self.history = []\nself.store = Store()"
    )
    found = known(text)
    assert found.grows
    assert not found.certain


def test_a_list_that_is_loaded_anew_by_code_that_is_not_here_is_uncertain() -> None:
    text = "from elsewhere import Store\n" + bot(
        "self.history = self.store.load(text)\n" + ADD,
        first="self.history = []\nself.store = Store()",
    )
    assert not known(text).certain


def test_code_that_only_reads_leaves_it_certain() -> None:
    text = "from elsewhere import count_tokens, save\n" + bot(
        ADD + "count_tokens(self.history)\nsave(self.history)\nprint(len(self.history))"
    )
    assert known(text).certain


def test_an_object_that_is_handed_in_makes_it_uncertain() -> None:
    text = f"""
    def ask(session, text):
        session.messages.append({USER})
        return ASK(session.messages)
    """
    assert not known(text).certain


def test_a_global_of_another_module_makes_it_uncertain() -> None:
    text = f"""
    from state import history
    def ask(text):
        history.append({USER})
        return ASK(history)
    """
    found = lineage(text)
    assert found is None or not found.certain


def test_a_trim_that_nobody_here_calls_makes_it_uncertain() -> None:
    text = bot(ADD, "def shorten(self):\n    self.history = self.history[-20:]")
    found = known(text)
    assert not found.bounded
    assert not found.certain


# -- rewriting, and what is stored -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("add", "rewritten"),
    [
        (ADD, False),
        (ADD + 'self.history[0]["content"] = text', True),
        (ADD + 'self.history[0] = {"role": "user", "content": text}', True),
        (ADD + 'for message in self.history:\n    message["content"] = "x"', True),
        (f"self.history.insert(0, {USER})", True),
        (ADD + 'self.history[-1]["content"][-1]["cache_control"] = {"type": "ephemeral"}', False),
        (
            ADD + 'self.history[-1]["content"] = [{"type": "text", "text": text, '
            '"cache_control": {"type": "ephemeral"}}]',
            False,
        ),
        (ADD + 'last = self.history[-1]\nlast["cache_control"] = {"type": "ephemeral"}', False),
    ],
)
def test_rewriting_earlier_messages_is_told(add: str, rewritten: bool) -> None:
    found = known(bot(add))
    assert found.append_only is not rewritten
    assert bool(found.rewritten) is rewritten


def test_a_chat_that_keeps_the_bare_question_does_not_keep_what_it_sent() -> None:
    text = f"""
    class Bot:
        def __init__(self):
            self.history = []
        def ask(self, text):
            context = search(text)
            sent = self.history + [{{"role": "user", "content": context + text}}]
            reply = ASK(sent)
            self.history.append({USER})
            self.history.append({{"role": "assistant", "content": reply}})
    """
    assert known(text).sent_equals_stored is False


def test_a_chat_that_keeps_what_it_sends() -> None:
    text = f"""
    class Bot:
        def __init__(self):
            self.history = []
        def ask(self, text):
            sent = self.history + [{USER}]
            reply = ASK(sent)
            self.history.append({USER})
            self.history.append({{"role": "assistant", "content": reply}})
    """
    assert known(text).sent_equals_stored is True
    assert known(bot(ADD)).sent_equals_stored is True


def test_the_newest_message_put_back_is_another_one_than_was_sent() -> None:
    text = """
    class Bot:
        def __init__(self):
            self.history = []
        def ask(self, text):
            self.history.append({"role": "user", "content": search(text) + text})
            reply = ASK(self.history)
            self.history[-1]["content"] = text
            return reply
    """
    assert known(text).sent_equals_stored is False
    assert known(text).append_only


def test_a_loop_of_the_module_is_a_loop() -> None:
    text = f"""
    history = []
    while True:
        text = input()
        history.append({USER})
        ASK(history)
    """
    assert grown(text) == ["append turns"]


# -- across modules --------------------------------------------------------------------------------


def across(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, **files: str) -> list[Conversation]:
    """The conversations of ``app.py`` of a project of several files."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pyproject.toml").write_text("[project]\nname = 'bot'\n")
    for name, text in files.items():
        text = dedent(text)
        if "ASK(" in text:
            start = text.index("ASK(")
            end = text.index(")ASK") if ")ASK" in text else text.index(")", start)
            inside = text[start + 4 : end]
            rest = text[end:].removeprefix(")ASK").removeprefix(")")
            text = HEAD + text[:start] + ASK.format(inside) + rest
        (tmp_path / f"{name}.py").write_text(text)
    project = Project(config.load(None, None, isolated=True))
    found = [request.conversation for request in project.requests(read("app.py"))]
    assert all(each is not None for each in found)
    return [each for each in found if each is not None]


LLM = """
class Llm:
    def send(self, messages):
        kept = list(messages)
        return ASK(kept)
"""


def test_a_trim_in_another_file_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    chat = """
    from app import Llm
    from memory import Memory
    class Chat:
        def __init__(self):
            self.llm = Llm()
            self.memory = Memory()
        def say(self, text):
            self.memory.add(text)
            return self.llm.send(self.memory.messages())
    """
    memory = f"""
    MOST = 30
    class Memory:
        def __init__(self):
            self.turns = []
        def add(self, text):
            self.turns.append({USER})
            self._trim()
        def _trim(self):
            if len(self.turns) > MOST:
                self.turns = self.turns[-MOST:]
        def messages(self):
            return [dict(turn) for turn in self.turns]
    """
    found = across(tmp_path, monkeypatch, app=LLM, chat=chat, memory=memory)[0]
    assert found.home is Home.ATTRIBUTE
    assert [limit.span.path for limit in found.bounded_by] == ["memory.py"]
    assert [growth.where for growth in found.grown_by] == ["method"]
    without = memory.replace("            self._trim()\n", "")
    found = across(tmp_path, monkeypatch, app=LLM, chat=chat, memory=without)[0]
    assert found.grows
    assert not found.bounded


def test_a_query_in_another_file_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    app = """
    from storage import Storage
    storage = Storage()
    def ask(chat):
        rows = storage.recent(chat)
        return ASK([{"role": r["role"], "content": r["text"]} for r in rows])ASK
    """
    storage = """
    import pymongo
    class Storage:
        def __init__(self):
            self.turns = pymongo.MongoClient().db.turns
        def recent(self, chat):
            found = self.turns.find({"chat": chat}).sort("at", -1).limit(20)
            return list(reversed(list(found)))
    """
    found = across(tmp_path, monkeypatch, app=app, storage=storage)[0]
    assert found.home is Home.DATABASE
    assert [limit.how for limit in found.bounded_by] == ["query-limit"]
    assert found.slides


def test_a_global_of_another_file_is_followed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = f"""
    from state import history
    import state
    def ask(text):
        state.history.append({USER})
        return ASK(history)
    """
    state = "history = []\n"
    found = across(tmp_path, monkeypatch, app=app, state=state)[0]
    assert found.home is Home.GLOBAL
    assert [growth.where for growth in found.grown_by] == ["method"]
    assert not found.bounded
    assert found.certain
    state += "def trim():\n    del history[:-20]\n"
    found = across(tmp_path, monkeypatch, app=app, state=state)[0]
    assert not found.bounded
    assert not found.certain  # somebody may call it
    app = app.replace("    state.history", "    state.trim()\n        state.history")
    found = across(tmp_path, monkeypatch, app=app, state=state)[0]
    assert [limit.how for limit in found.bounded_by] == ["delete"]


def test_the_driver_may_stand_in_another_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    driver = f"""
    from app import Llm
    def main():
        llm = Llm()
        history = []
        while True:
            text = input()
            history.append({USER})
            llm.send(history)
    """
    found = across(tmp_path, monkeypatch, app=LLM, driver=driver)[0]
    assert found.home is Home.LOCAL
    assert [growth.where for growth in found.grown_by] == ["turns"]
    assert [growth.span.path for growth in found.grown_by] == ["driver.py"]
    assert found.certain


@pytest.mark.parametrize(
    "text",
    [
        "def ask(a, b):\n    a = b\n    b = a\n    a.append(b)\n    return ASK(a)",
        "def more():\n    return more() + more()\nASK(more())ASK",
        "class A:\n    @property\n    def all(self):\n        return self.all + [1]\n"
        "    def ask(self):\n        return ASK(self.all)",
        "class A(A):\n    def ask(self):\n        self.x = self.x + self.x\n"
        "        return ASK(self.x)",
        "def ask(**given):\n    return ASK(given['messages'])",
        "def ask(*given):\n    return ASK(list(given)[::-1])ASK",
        "a = a\nASK(a)",
        "ASK((lambda: x)())ASK",
        "ASK([*(x for x in y for z in x)])ASK",
        "def ask(x):\n    for x[0] in x:\n        x, *x[1:] = x\n    return ASK(x)",
        "h = {}\ndef ask(k):\n    h[k][k].append(h)\n    h[k] = h\n    return ASK(h[k][k])",
        "x = []\nx.append(x)\nwhile x:\n    x += x\n    ASK(x[x[0] : x[1]])ASK",
        "def ask():\n    nonlocal_ = yield\n    return ASK((yield nonlocal_))ASK",
        "match x:\n    case [a, *b]:\n        ASK(b)",
    ],
)
def test_odd_code_is_survived(text: str) -> None:
    found = lineage(text)
    assert found is None or found.home in Home


def test_the_work_for_one_request_is_bounded() -> None:
    hops = "\n".join(f"def f{n}(x):\n    return f{n + 1}(x) + f{n + 1}(x)" for n in range(40))
    text = hops + "\ndef f40(x):\n    return x\nhistory = []\ndef ask(t):\n"
    text += "    history.append(t)\n    return ASK(f0(history))ASK"
    assert not known(text).certain


@pytest.mark.parametrize(
    ("behind", "more", "expected"),
    [
        ("self.busy = False", "", []),
        ("", "def stop(self):\n    self.busy = False", []),
        ("", "", ["finished"]),
        ("", "def reset(self):\n    self.busy = False", ["finished"]),
    ],
)
def test_what_is_under_way_comes_to_no_end(behind: str, more: str, expected: list[str]) -> None:
    """A flag that keeps two turns from being taken at once is let down again."""
    text = f"""
class Bot:
    def __init__(self):
        self.history = []
        self.busy = False
    def ask(self, text):
        if self.busy:
            return
        self.busy = True
        self.history.append({USER})
        reply = ASK(self.history)
        self.history.append(reply)
        {behind or "pass"}
{indent(more, "    ")}
"""
    assert bounds(text) == expected
