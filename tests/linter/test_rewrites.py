"""What changes messages that were sent before, and what only looks like it."""

from __future__ import annotations

import textwrap

import pytest
from reading import sent as requests_sent

HEAD = """\
import copy
import anthropic
from elsewhere import RULES, run, shorten, tokens

client = anthropic.Anthropic()
KEEP = 4
LIMIT = 100_000
"""

IN_A_LOOP = """
{helpers}

def work(task):
    messages = [{{"role": "user", "content": task}}]
    {ahead}
    while True:
        {each}
        reply = client.messages.create(
            model="claude-opus-5-5", max_tokens=100, system=RULES, messages={sent}
        )
        messages.append({{"role": "assistant", "content": reply.content}})
        if reply.stop_reason != "tool_use":
            return reply
        messages.append({{"role": "user", "content": run(reply)}})
"""


def edits(
    *, helpers: str = "", ahead: str = "", each: str = "", sent: str = "messages"
) -> list[str]:
    """How the conversation of a tool loop is edited."""
    source = IN_A_LOOP.format(
        helpers=textwrap.dedent(helpers),
        ahead=textwrap.indent(textwrap.dedent(ahead), "    ").strip(),
        each=textwrap.indent(textwrap.dedent(each), "        ").strip(),
        sent=sent,
    )
    (request,) = requests_sent(HEAD + source)
    assert request.conversation is not None
    return [f"{edit.how} {edit.where}" for edit in request.conversation.edits]


CHANGES = {
    "all but the newest": """
        for m in messages[:-4]:
            m["content"] = "..."
    """,
    "by a constant": """
        for m in messages[:-KEEP]:
            m["content"] = "..."
    """,
    "by a cut told before": """
        cut = max(0, len(messages) - KEEP)
        for i in range(cut):
            messages[i]["content"] = "..."
    """,
    "by an index": """
        for i, m in enumerate(messages):
            if i >= len(messages) - KEEP:
                continue
            m["content"] = "..."
    """,
    "a whole message": """
        for i, m in enumerate(messages):
            if i < len(messages) - 4 and m["role"] == "user":
                messages[i] = {"role": "user", "content": "..."}
    """,
    "blocks of it": """
        for m in messages[:-4]:
            for block in m["content"]:
                inner = block.get("content")
                inner[0]["text"] = "..."
    """,
    "the newest kept, counted from the end": """
        kept = 0
        for m in reversed(messages):
            if m["role"] == "user":
                kept += 1
                if kept > 3:
                    m["content"] = "..."
    """,
    "the third last": 'messages[-3]["content"] = "..."',
    "the last turn's question": """
        if len(messages) > 4:
            messages[-3]["content"] = "..."
    """,
    "assigned back": """
        messages = [
            shorten(m) if i < len(messages) - 4 else m for i, m in enumerate(messages)
        ]
    """,
    "assigned back in two parts": """
        messages = [shorten(m) for m in messages[:-4]] + messages[-4:]
    """,
    "when there are many": """
        if len(messages) > 10:
            for m in messages[:-10]:
                m["content"] = "..."
    """,
}


@pytest.mark.parametrize("each", CHANGES.values(), ids=CHANGES)
def test_changed_by_age(each: str) -> None:
    assert edits(each=each) == ["age loop"]


def test_in_a_helper_that_is_handed_the_list() -> None:
    helper = """
    def forget(said):
        if len(said) <= KEEP:
            return
        for m in said[:-KEEP]:
            m["content"] = "..."
    """
    assert edits(helpers=helper, each="forget(messages)") == ["age loop"]
    guarded = """
    if tokens(messages) > LIMIT:
        forget(messages)
    """
    assert edits(helpers=helper, each=guarded) == []


def test_in_a_copy_that_is_sent() -> None:
    each = """
        view = copy.deepcopy(messages)
        for m in view[:-4]:
            m["content"] = "..."
    """
    assert edits(each=each, sent="view") == ["age loop"]
    sent = "[*[shorten(m) for m in messages[:-4]], *messages[-4:]]"
    assert edits(sent=sent) == ["age loop"]


def test_in_front_of_all() -> None:
    each = 'messages.insert(0, {"role": "user", "content": run(messages)})'
    assert edits(each=each) == ["front loop"]
    assert edits(each=f"if not messages:\n    {each}") == []
    assert edits(ahead=each) == []
    view = f"view = list(messages)\nview{each.removeprefix('messages')}"
    assert edits(each=view, sent="view") == []


QUIET = {
    "every message alike": """
        for m in messages:
            m["content"] = str(m["content"])
    """,
    "the newest": 'messages[-1]["content"] = "..."',
    "at a budget of tokens": """
        if tokens(messages) > LIMIT:
            for m in messages[:-4]:
                m["content"] = "..."
    """,
    "in large steps": """
        for m in messages[: (len(messages) - 4) // 20 * 20]:
            m["content"] = "..."
    """,
    "after an error": """
        try:
            tokens(messages)
        except ValueError:
            for m in messages[:-4]:
                m["content"] = "..."
    """,
    "markers": """
        for m in messages[:-1]:
            for block in m["content"]:
                del block["cache_control"]
    """,
    "only read": """
        size = sum(len(m["content"]) for m in messages[:-4])
        for m in messages[:-4]:
            print(m["content"])
    """,
    "a summary of what is older": """
        text = "".join([str(m["content"]) for m in messages[:-4]])
    """,
    "other things than messages": """
        for m in messages[:-4]:
            seen = {}
            seen["content"] = "..."
    """,
}


@pytest.mark.parametrize("each", QUIET.values(), ids=QUIET)
def test_left_as_it_was(each: str) -> None:
    assert edits(each=each) == []


def test_before_the_first_is_sent() -> None:
    assert edits(ahead='for m in messages[:-1]:\n    m["content"] = "..."') == []


def test_from_turn_to_turn() -> None:
    source = """
    class Talk:
        def __init__(self):
            self.said = []

        def answer(self, words):
            self.said.append({"role": "user", "content": words})
            for m in self.said[:-KEEP]:
                m["content"] = shorten(m["content"])
            reply = client.messages.create(
                model="claude-opus-5-5", max_tokens=100, system=RULES, messages=self.said
            )
            self.said.append({"role": "assistant", "content": reply.content})
            return reply

    def main():
        talk = Talk()
        while True:
            print(talk.answer(input()))
    """
    (request,) = requests_sent(HEAD + textwrap.dedent(source))
    assert request.conversation is not None
    assert [(e.how, e.where) for e in request.conversation.edits] == [("age", "turns")]
