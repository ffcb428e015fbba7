"""How well a part is known, where its holes end, and between which calls it changes."""

from __future__ import annotations

import pytest
from reading import HEAD, MODEL, REST, reader, seen, sent

from skinflint.linter.callers import Callers
from skinflint.linter.parts import judge
from skinflint.linter.request import Part, Request, State, Variation


def part(text: str) -> Part:
    """The judgement on what ``see(...)`` is handed."""
    return judge(seen(text), Callers(reader("")))


# --- where a hole ends ----------------------------------------------------------------------------

STATES = {
    "a literal": ("see('x' + 'y')", State.KNOWN),
    "literals in containers": ("see([{'role': 'user', 'content': 'x'}])", State.KNOWN),
    "several literals": ("import os\nsee('a' if os.name else 'b')", State.KNOWN),
    "nothing": ("see(None)", State.ABSENT),
    "an entry parameter": ("def f(q):\n    see(q)", State.TRACED),
    "a text with an entry in it": ("def f(q):\n    see(f'about {q}')", State.TRACED),
    "what was done to an entry": ("def f(q):\n    see(q.strip()[:9].upper())", State.TRACED),
    "a method of an entry": ("def f(q):\n    see(q.get('name').summary)", State.TRACED),
    "the clock": ("import datetime\nsee(str(datetime.datetime.now()))", State.TRACED),
    "the environment": ("import os\nsee(os.getenv('X', 'x'))", State.TRACED),
    "a file": ("see(open('a.txt').read())", State.TRACED),
    "a database": ("def f(db):\n    see(db.execute('select').fetchall())", State.TRACED),
    "a web request": ("import requests\nsee(requests.get('https://a.b').json())", State.TRACED),
    "somebody typing": ("see(input())", State.TRACED),
    "a reply": (f"{HEAD}r = client.messages.create({MODEL}, {REST})\nsee(r)", State.TRACED),
    "a round of a loop": ("for i in range(9):\n    see(f'round {i}')", State.TRACED),
    "a row of an entry": ("def f(rows):\n    for row in rows:\n        see(row)", State.TRACED),
    "worked out of literals": ("see(f\"{['a']}\")", State.TRACED),
    "an import": ("from elsewhere import X\nsee(X)", State.UNKNOWN),
    "an import in a text": ("from elsewhere import X\nsee(f'a {X}')", State.PARTIAL),
    "what was done to an import": ("from elsewhere import X\nsee(X.strip())", State.UNKNOWN),
    "a call that is not here": ("from elsewhere import f\nsee(f('x'))", State.UNKNOWN),
    "a call of it in a text": ("from elsewhere import f\nsee('a' + f('x'))", State.PARTIAL),
    "a name that nobody binds": ("see(mystery)", State.UNKNOWN),
    "an entry and a mystery": ("def f(q):\n    see(q + mystery)", State.UNKNOWN),
    "both in one text": ("def f(q):\n    see(f'{q} {mystery}')", State.PARTIAL),
    "a row of a mystery": ("for row in mystery:\n    see(row)", State.UNKNOWN),
    "a literal or a mystery": ("x = 'a' if mystery else mystery\nsee(x)", State.PARTIAL),
    "a random number": ("import random\nsee(f'{random.random()}')", State.TRACED),
}


@pytest.mark.parametrize("name", STATES)
def test_state(name: str) -> None:
    text, state = STATES[name]
    assert part(text).state is state


def test_a_part_is_judged_when_its_state_hangs_on_it() -> None:
    found = part("def f(q):\n    see(f'about {q}')")
    assert found.may_be == (State.PARTIAL, State.TRACED)
    assert not found.is_any(State.ABSENT, State.UNKNOWN)
    assert found.is_any(State.PARTIAL, State.TRACED)
    assert found.may_be
    assert not found.is_any(State.PARTIAL)
    assert not found.may_be
    assert found == part("def f(q):\n    see(f'about {q}')")


@pytest.mark.parametrize("name", STATES)
def test_what_a_state_may_be_is_what_it_turns_out_to_be(name: str) -> None:
    text, state = STATES[name]
    assert all(part(text).is_any(each) is (each is state) for each in State)
    may_be = part(text).may_be
    assert not may_be or state in may_be


CONTAINERS = {
    "cut": ("def f(q):\n    x = ['a', q]\n    see(x[-1:])", State.TRACED),
    "sorted": ("x = ['b', 'a']\nx.sort()\nsee(x)", State.KNOWN),
    "grown in a loop": (
        "def f(q):\n    x = []\n    for i in q:\n        x.append(f'n {i}')\n    see(x)",
        State.TRACED,
    ),
    "grown with a mystery": (
        "def f(q):\n    x = []\n    for i in q:\n        x.append(mystery)\n    see(x)",
        State.PARTIAL,
    ),
    "a list with an entry spread into it": ("def f(q):\n    see(['a', *q])", State.TRACED),
    "a list with an import spread into it": (
        "from elsewhere import X\nsee(['a', *X])",
        State.PARTIAL,
    ),
    "a dict with an entry spread into it": ("def f(q):\n    see({'a': 'b', **q})", State.TRACED),
    "a dict with an import spread into it": (
        "from elsewhere import f\nsee({'a': 'b', **f()})",
        State.PARTIAL,
    ),
    "changed where it can't be followed": (
        "def f(q):\n    x = ['a']\n    x[q] = mystery\n    see(x)",
        State.PARTIAL,
    ),
}


@pytest.mark.parametrize("name", CONTAINERS)
def test_what_an_open_container_may_hold(name: str) -> None:
    text, state = CONTAINERS[name]
    assert part(text).state is state


def test_a_marker_is_no_content() -> None:
    assert part("see({'type': 'text', 'text': 'x', 'cache_control': mystery})").state is State.KNOWN


def test_a_parameter_with_a_caller_is_no_entry() -> None:
    text = "def f(q):\n    see(q)\ndef g():\n    f({})\n"
    assert part(text.format("mystery")).state is State.UNKNOWN
    assert part(text.format("'x'")).state is State.KNOWN


def test_absent_on_some_paths_is_as_well_known_as_on_the_others() -> None:
    text = "def f(q):\n    see({} if q else None)"
    assert part(text.format("'x'")).state is State.KNOWN
    assert part(text.format("mystery")).state is State.UNKNOWN


# --- the reason -----------------------------------------------------------------------------------


def test_the_reason_is_where_the_way_ends() -> None:
    found = part("from elsewhere import f\nx = f()\nsee(x['a'].strip()[:9] + 'x')")
    assert found.reason == "result of elsewhere.f(), which is defined elsewhere"
    assert [leaf.reason for leaf in found.leaves] == [found.reason, ""]


def test_the_reason_of_a_traced_part_is_its_entry() -> None:
    found = part("def f(q):\n    see(f'about {q}')")
    assert found.reason == "parameter `q`, whose callers are not here"
    assert [leaf.entry for leaf in found.leaves] == ["", "parameter"]


def test_what_is_open_is_told_before_what_is_traced() -> None:
    assert "mystery" in part("def f(q):\n    see(f'{q} {mystery}')").reason


# --- variation ------------------------------------------------------------------------------------

VARIATIONS = {
    "a literal": ("see('x')", Variation.LITERAL),
    "an import": ("from elsewhere import X\nsee(X)", Variation.IMPORT),
    "the environment": ("import os\ndef f():\n    see(os.getenv('X'))", Variation.IMPORT),
    "a clock at import": ("import time\nX = time.time()\ndef f():\n    see(X)", Variation.IMPORT),
    "a constructor": (
        "class A:\n    def __init__(self, x):\n        self.x = x\n"
        "    def f(self):\n        see(self.x)",
        Variation.OBJECT,
    ),
    "a clock in a call": ("import time\ndef f():\n    see(time.time())", Variation.CALL),
    "a user": ("def f(user_id):\n    see(f'for {user_id}')", Variation.ENTITY),
    "a question": ("def f(question):\n    see(question)", Variation.TURN),
    "a user and a clock": (
        "import time\ndef f(user_id):\n    see(f'{user_id} {time.time()}')",
        Variation.CALL,
    ),
    "a mystery": ("def f():\n    see(mystery())", Variation.UNKNOWN),
    "a file read in a call": ("def f():\n    see(open('a').read())", Variation.UNKNOWN),
    "a user and a mystery": ("def f(user_id):\n    see(f'{user_id} {mystery}')", Variation.ENTITY),
}


@pytest.mark.parametrize("name", VARIATIONS)
def test_variation(name: str) -> None:
    text, variation = VARIATIONS[name]
    assert part(text).variation is variation


# --- parts of a request ---------------------------------------------------------------------------


def test_what_is_spread_into_the_call_is_judged_for_each_part_that_is_not_written() -> None:
    [request] = sent(f"{HEAD}def f(**more):\n    client.messages.create({MODEL}, {REST}, **more)")
    assert request.model.state is State.KNOWN
    assert (request.system.state, request.tools.state) == (State.TRACED, State.TRACED)
    [request] = sent(f"{HEAD}client.messages.create({MODEL}, {REST}, **mystery())")
    assert request.system.state is State.UNKNOWN


def test_the_model_is_judged_like_the_rest() -> None:
    def sends(model: str) -> Request:
        text = f"{HEAD}import os\ndef f(m):\n    client.messages.create(model={model}, {REST})"
        return sent(text)[0]

    request = sends("os.getenv('M', 'claude-opus-5-5')")
    assert request.model.state is State.TRACED
    assert [ref.id for ref in request.models] == ["claude-opus-5-5"]
    request = sends("m")
    assert request.model.state is State.TRACED
    assert request.models == ()
    request = sends("mystery")
    assert request.model.state is State.UNKNOWN


def test_what_the_project_fills_is_no_entry_where_it_is_looked_at_without_a_caller() -> None:
    text = f"""\
{HEAD}
class Agent:
    def __init__(self):
        self.rules = None

    def prepare(self, rules):
        if self.rules is None:
            self.rules = rules

    def ask(self):
        client.messages.create({MODEL}, {REST}, system=self.rules)
"""
    [request] = sent(text)
    assert request.system.state is State.TRACED
    [request] = sent(text + "def main():\n    agent = Agent()\n    agent.prepare(mystery)\n")
    assert request.system.state is State.UNKNOWN
    assert request.system.reason == (
        "parameter `rules`, which the project fills in a way that could not be followed"
    )


def test_what_is_too_far_up_is_no_entry() -> None:
    calls = "".join(f"def f{n}(q):\n    f{n + 1}(q)\n" for n in range(9))
    text = f"{HEAD}{calls}def f9(q):\n    client.messages.create({MODEL}, {REST}, system=q)\n"
    [request] = sent(text)
    assert request.system.state is State.UNKNOWN
    assert "which the project fills" in request.system.reason


def test_what_a_framework_calls_is_an_entry_whoever_calls_it_besides() -> None:
    text = (
        f"from fastapi import FastAPI\napp = FastAPI()\n{HEAD}@app.post('/')\ndef ask(q: str):\n"
        f"    client.messages.create({MODEL}, {REST}, system=q)\ndef again():\n    ask(mystery)\n"
    )
    assert sent(text)[0].system.state is State.TRACED


def test_fields_of_objects_that_the_project_makes_are_no_entries() -> None:
    text = (
        f"from dataclasses import dataclass\n{HEAD}@dataclass\nclass Job:\n    rules: str\n"
        f"def ask(job: Job):\n    client.messages.create({MODEL}, {REST}, system=job.rules)\n"
    )
    assert sent(text)[0].system.state is State.TRACED
    [request] = sent(text + "def other():\n    return Job(mystery)\n")
    assert request.system.state is State.UNKNOWN


OBJECTS = """\
class Note:
    def __init__(self, text):
        self.text = text

def ask(which):
    note = max([Note(%s)], key=len)
    client.messages.create(%s, %s, system=f"Read {note.text}")
"""


@pytest.mark.parametrize(
    ("given", "state"),
    [
        ("mystery()", State.PARTIAL),
        ("which", State.TRACED),
        ("open('a.txt').read()", State.TRACED),
    ],
)
def test_what_shows_of_an_object_ends_where_what_it_was_made_of_does(
    given: str, state: State
) -> None:
    [request] = sent(HEAD + OBJECTS % (given, MODEL, REST))
    assert request.system.state is state


def test_of_more_leaves_than_are_kept_the_open_ones_are() -> None:
    many = " + ".join(f"f'{{q}}{n}'" for n in range(60))
    found = part(f"def f(q):\n    see({many} + mystery)")
    assert found.left_out == 120 + 1 - 48 - 59
    assert any("mystery" in leaf.reason for leaf in found.leaves)
