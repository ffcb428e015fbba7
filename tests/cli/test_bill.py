"""The verifier's bill: what a request costs before and after, for each evidenced pair."""

from __future__ import annotations

import math

import pytest
from by_hand import CONTEXT

from skinflint.cli.bill import bill_for
from skinflint.linter.config import Settings
from skinflint.linter.project import Project
from skinflint.linter.request import PairKind, Request
from skinflint.linter.source import from_bytes

CODE = """\
import datetime

import anthropic

client = anthropic.Anthropic()
RULES = {rules!r}


def answer(profile, messages):
    for _ in range(5):
        client.messages.create(
            model="claude-sonnet-5-5", max_tokens=9, system=[{system}], messages=messages
        )
"""
MARK = '"cache_control": {"type": "ephemeral"}'
RULES = "You are patient and precise. " * 400


def request(system: str, rules: str = RULES) -> Request:
    code = CODE.format(rules=rules, system=system)
    (found,) = Project(Settings()).requests(from_bytes("a.py", code.encode()))
    return found


def block(text: str, marked: bool = True) -> str:
    return f'{{"type": "text", "text": {text}{", " + MARK if marked else ""}}}'


def changes(old: Request, new: Request) -> set[int]:
    """-1 where some pair gets cheaper, 1 where dearer, 0 where nothing changes."""
    bills = bill_for(CONTEXT)(old, new)
    assert bills
    return {(now > was) - (now < was) for _, was, now in bills}


WHOLE = block("RULES + profile")
SPLIT = f"{block('RULES')}, {block('profile')}"
LOST_TAIL = f"{block('RULES')}, {block('profile', marked=False)}"


def test_the_same_request_costs_the_same() -> None:
    assert changes(request(WHOLE), request(WHOLE)) == {0}


def test_a_split_with_both_marked_makes_nothing_dearer() -> None:
    made = changes(request(WHOLE), request(SPLIT))
    assert -1 in made
    assert 1 not in made


def test_a_reused_tail_that_loses_its_marker_is_dearer() -> None:
    assert 1 in changes(request(WHOLE), request(LOST_TAIL))


def test_a_marker_that_goes_is_dearer() -> None:
    assert 1 in changes(request(block("RULES")), request(block("RULES", marked=False)))


def test_text_that_moves_behind_the_breakpoint_is_cheaper() -> None:
    clock = 'f"It is {datetime.datetime.now()}."'
    before = request(block(f"{clock} + RULES"))
    after = request(f"{block('RULES')}, {block(clock, marked=False)}")
    assert changes(before, after) == {-1}


def test_more_markers_than_the_api_takes_have_no_finite_bill() -> None:
    five = ", ".join(block(f'"{n}" + RULES') for n in range(5))
    four = ", ".join(block(f'"{n}" + RULES', marked=n > 0) for n in range(5))
    for _, was, now in bill_for(CONTEXT)(request(five), request(four)):
        assert was == math.inf
        assert math.isfinite(now)


@pytest.mark.parametrize("system", [WHOLE, SPLIT, LOST_TAIL])
def test_a_bill_is_the_same_each_time(system: str) -> None:
    bill = bill_for(CONTEXT)
    assert bill(request(system), request(system)) == bill(request(system), request(system))


ROUNDS = """\
import anthropic

client = anthropic.Anthropic()


def answer(question):
    messages = []
    reply = first(question)
    for _ in range(5):
        messages.append({{"role": "assistant", "content": reply.content}})
        messages.append({{"role": "user", "content": {said}}})
        reply = client.messages.create(
            model="claude-sonnet-5-5", max_tokens=9, system={system}, messages=messages{more}
        )
"""


@pytest.mark.parametrize(
    "said",
    [
        '"Go on."',
        "input()",
        '[{"type": "tool_result", "tool_use_id": b.id, "content": run(b)} for b in reply.content]',
    ],
)
def test_a_breakpoint_that_moves_along_is_read_in_each_round(said: str) -> None:
    """What a round sends last is what the next one finds in front of its own, block by block."""
    system = f"[{block(repr(RULES))}]"

    def rounds(more: str = "") -> Request:
        code = ROUNDS.format(system=system, said=said, more=more)
        (found,) = Project(Settings()).requests(from_bytes("a.py", code.encode()))
        return found

    before, after = rounds(), rounds(', cache_control={"type": "ephemeral"}')
    assert after.automatic is not None
    inner = [pair.label for pair in before.pairs if pair.inner]
    bills = [each for each in bill_for(CONTEXT)(before, after) if each[0] in inner]
    assert bills
    assert all(now < was for _, was, now in bills)


SESSION = """\
import anthropic
import chainlit as cl

client = anthropic.Anthropic()


@cl.on_message
async def answer(message: cl.Message):
    said = cl.user_session.get("said")
    said.append({{"role": "user", "content": message.content}})
    reply = client.messages.create(
        model="claude-sonnet-5-5", max_tokens=9, system="Be brief.", messages=said{more}
    )
    said.append({{"role": "assistant", "content": reply.content}})
"""


def test_a_list_that_is_kept_elsewhere_is_read_in_each_turn() -> None:
    def turns(more: str = "") -> Request:
        code = SESSION.format(more=more)
        (found,) = Project(Settings()).requests(from_bytes("a.py", code.encode()))
        return found

    before, after = turns(), turns(', cache_control={"type": "ephemeral"}')
    kinds = {pair.label: pair.kind for pair in before.pairs}
    bills = bill_for(CONTEXT)(before, after)
    talks = [each for each in bills if kinds[each[0]] in (PairKind.TURN, PairKind.USER)]
    assert all(now <= was for _, was, now in talks)
    assert len({label for label, was, now in talks if now < was}) == 2
