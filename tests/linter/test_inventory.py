"""One entry per place that sends, whatever leads to it."""

from __future__ import annotations

from dataclasses import replace

from reading import HEAD, MODEL, REST, sent

from skinflint.catalog import models
from skinflint.linter.inventory import Entry, inventory, united
from skinflint.linter.request import (
    Conversation,
    Home,
    Part,
    Repeats,
    Repetition,
    Request,
    State,
    Task,
    Use,
    Variation,
)

ASK = f"""\
{HEAD}
def ask(model, system):
    client.messages.create(model=model, system=system, {REST})
"""


def listed(*requests: Request) -> list[Entry]:
    return list(inventory(requests, models.load()))


def entry(text: str) -> Entry:
    [only] = listed(*sent(text))
    return only


def test_chains_of_callers_are_one_entry() -> None:
    found = entry(
        ASK + "def a():\n    ask('claude-opus-5-5', 'be brief')\n"
        "def b(user_id):\n    ask('claude-haiku-4-5', f'for {user_id}')\n"
    )
    assert len(found.requests) == 2
    assert found.models == ("claude-opus-5-5", "claude-haiku-4-5")
    assert found.model.state is State.KNOWN
    assert found.system.part.state is State.TRACED
    assert found.system.part.variation is Variation.ENTITY
    assert found.tools.tokens is None


def test_a_part_that_one_chain_leaves_out_is_as_known_as_in_the_others() -> None:
    found = entry(
        ASK + "def a():\n    ask('claude-opus-5-5', None)\n"
        "def b():\n    ask('claude-opus-5-5', 'be brief')\n"
    )
    assert found.system.part.state is State.KNOWN
    assert found.system.tokens == (2, 6)


def test_the_worst_chain_counts() -> None:
    states = [State.KNOWN, State.UNKNOWN, State.ABSENT, State.TRACED, State.PARTIAL]
    parts = [Part(state, state.value) for state in states]
    assert united(parts).reason == "unknown"
    assert united(parts[2:]).reason == "partial"
    assert united(parts[2:4]).reason == "traced"
    assert united(parts[2:3]).state is State.ABSENT


def test_entries_are_in_order_of_place() -> None:
    text = f"{HEAD}client.messages.create({MODEL}, {REST})\n"
    requests = [*sent(text, "b.py"), *sent(text * 1 + "\n" + text[len(HEAD) :], "a.py")]
    places = [(e.site.span.path, e.site.span.line) for e in listed(*requests)]
    assert places == [("a.py", 3), ("a.py", 5), ("b.py", 3)]


def test_breakpoints_are_named_by_their_place() -> None:
    block = '{"type": "text", "text": "x", "cache_control": {"type": "ephemeral", "ttl": "1h"}}'
    found = entry(
        f"{HEAD}client.messages.create({MODEL}, system=[{{'type': 'text', 'text': 'a'}}, {block}], "
        f'max_tokens=9, messages=[{{"role": "user", "content": [{block}]}}])'
    )
    markers = [(marker.at, marker.point.ttl) for marker in found.breakpoints]
    assert markers == [("system[1]", "1h"), ("messages[0]", "1h")]
    assert not found.automatic


def test_automatic_caching_is_no_explicit_breakpoint() -> None:
    found = entry(f"{HEAD}client.messages.create({MODEL}, {REST}, cache_control={{'type': 'x'}})")
    assert found.automatic
    assert found.breakpoints == ()


def test_where_a_pair_diverges() -> None:
    found = entry(
        f"{HEAD}import time\ndef ask(user_id):\n    client.messages.create({MODEL}, {REST}, "
        "system=f'Be brief and kind to everybody. Now: {time.time()}')\n"
    )
    by_kind = {reuse.pair.kind.value: reuse.divergence for reuse in found.pairs}
    at = by_kind["calls"]
    assert at is not None
    assert (at.place.value, at.index, at.moving.keys[0].name) == ("system", 0, "time.time()")
    assert 3 < at.tokens[0] < (at.tokens[1] or 0) < 40
    assert by_kind["worker"] is None


def test_what_is_said_in_a_conversation_is_no_divergence() -> None:
    found = entry(
        f"{HEAD}def chat():\n    history = []\n    while True:\n"
        "        history.append({'role': 'user', 'content': input()})\n"
        f"        r = client.messages.create({MODEL}, max_tokens=9, messages=history)\n"
        "        history.append({'role': 'assistant', 'content': r.content})\n"
    )
    turn = next(reuse for reuse in found.pairs if reuse.pair.kind.value == "turn")
    assert turn.divergence is None


def test_the_most_telling_of_what_is_around_it() -> None:
    [request] = sent(f"{HEAD}client.messages.create({MODEL}, {REST})")
    step = request.site.span
    kept = Conversation(Home.LOCAL, step)
    once = replace(request, repetition=Repetition(Repeats.ONCE))
    loop = replace(
        request,
        conversation=kept,
        repetition=Repetition(Repeats.LOOP, trips=3),
        task=Task(Use.LABEL),
    )
    [found] = listed(once, loop)
    assert found.conversation is kept
    assert (found.repetition.kind, found.repetition.trips) == (Repeats.LOOP, 3)
    assert found.task.use is Use.LABEL
