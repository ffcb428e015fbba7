"""Who sends a request, how often: chains of callers, frames, entry points, loops, retries."""

from __future__ import annotations

import pytest
from reading import HEAD, MODEL, REST, moved, pairs, sent

from skinflint.linter.callers import LONGEST_CHAIN, MOST_CHAINS
from skinflint.linter.request import PairKind, Request

CALL = f"client.messages.create({MODEL}, {REST})"
WORKER = "worker"


def read(text: str) -> list[Request]:
    return sent(HEAD + text.replace("CALL", CALL))


def frames(request: Request) -> str:
    return " ".join(f"{mark.kind.value}:{mark.name.partition(' at ')[0]}" for mark in request.host)


PAIRS = {
    "at import": ("CALL", []),
    "a function nobody calls": ("def f():\n    CALL", ["calls"]),
    "a script": (
        "def f():\n    CALL\ndef main():\n    f()\nif __name__ == '__main__':\n    main()",
        [],
    ),
    "records at import": ("for x in xs:\n    CALL", ["record"]),
    "records": ("def f(xs):\n    for x in xs:\n        CALL", ["record", "calls"]),
    "what a reply asks for": (
        "def f(r):\n    for x in r.content:\n        if x.type == 'tool_use':\n"
        "            done(x.id, x.input, CALL)",
        ["calls"],
    ),
    "what a reply asks for, as dicts": (
        "def f(xs):\n    for x in xs:\n        done(CALL, x['input'], tool_use_id=x['id'])",
        ["calls"],
    ),
    "cases with an input": (
        "def f(xs):\n    for x in xs:\n        done(x['id'], x['type'], x['input'], CALL)",
        ["record", "calls"],
    ),
    "one step of several": (
        "def f(xs):\n    for x in xs:\n        if x == 'sum':\n            CALL",
        ["calls"],
    ),
    "one kind of several": (
        "def f(xs):\n    for x in xs:\n        if x.kind == 'sum':\n            CALL",
        ["record", "calls"],
    ),
    "records with an id": (
        "def f(xs):\n    for x in xs:\n        done(x.id, CALL)",
        ["record", "calls"],
    ),
    "async records": (
        "async def f(xs):\n    async for x in xs:\n        CALL",
        ["record", "calls"],
    ),
    "rounds": ("def f():\n    for i in range(5):\n        CALL", ["loop", "calls"]),
    "rounds of tools": (
        "def f():\n    while True:\n        r = CALL\n        "
        "if r.stop_reason != 'tool_use':\n            break",
        ["loop", "calls"],
    ),
    "rounds with a way out": (
        "def f():\n    for i in range(3):\n        r = CALL\n        "
        "if ok(r):\n            return r",
        ["loop", "calls"],
    ),
    "questions": (
        "def f():\n    while True:\n        q = input()\n        CALL",
        ["turn", "calls"],
    ),
    "questions that are waited for": (
        "from aioconsole import ainput\nasync def f():\n    while True:\n        "
        "q = await ainput('> ')\n        CALL",
        ["turn", "calls"],
    ),
    "a socket": (
        "async def f(ws):\n    while True:\n        q = await ws.receive_text()\n        CALL",
        ["turn", "calls"],
    ),
    "a comprehension": ("def f(xs):\n    return [CALL for x in xs]", ["record", "calls"]),
    "loops in loops": (
        "def f(xs):\n    for x in xs:\n        for i in range(3):\n            CALL",
        ["loop", "record", "calls"],
    ),
    # the loop is in a caller
    "a caller's loop": (
        "def f(x):\n    return CALL\ndef g(xs):\n    for x in xs:\n        f(x)",
        ["record", "calls"],
    ),
    "a caller's comprehension": (
        "def f(x):\n    return CALL\ndef g(xs):\n    return [f(x) for x in xs]",
        ["record", "calls"],
    ),
    "gather": (
        "import asyncio\nasync def f(x):\n    return CALL\nasync def g(xs):\n    "
        "await asyncio.gather(*(f(x) for x in xs))",
        ["record", "calls"],
    ),
    "submit": (
        "def f(x):\n    CALL\ndef g(pool, xs):\n    for x in xs:\n        pool.submit(f, x)",
        ["record", "calls"],
    ),
    "a method in a loop": (
        "class A:\n    def f(self):\n        CALL\na = A()\nfor x in xs:\n    a.f()",
        ["record"],
    ),
    "a nested function": (
        "def g(xs):\n    def f(x):\n        return CALL\n    for x in xs:\n        f(x)",
        ["record", "calls"],
    ),
    "a loop two calls up": (
        "def f():\n    return CALL\ndef g():\n    return f()\ndef h(xs):\n    "
        "for x in xs:\n        g()",
        ["record", "calls"],
    ),
    # retries are no rounds
    "a retry by attempts": (
        "def f():\n    for attempt in range(3):\n        try:\n            "
        "return CALL\n        except E:\n            pass",
        ["calls"],
    ),
    "a retry that breaks": (
        "def f():\n    for i in range(3):\n        try:\n            "
        "r = CALL\n            break\n        except E:\n"
        "            continue\n    return r",
        ["calls"],
    ),
    "a retry for ever": (
        "def f():\n    while True:\n        try:\n            "
        "return CALL\n        except E:\n            sleep(1)",
        ["calls"],
    ),
    "a retry with else": (
        "def f():\n    for i in range(3):\n        try:\n            "
        "r = CALL\n        except E:\n            continue\n"
        "        else:\n            return r",
        ["calls"],
    ),
    "a retry that counts": (
        "def f():\n    n = 0\n    while n < 3:\n        try:\n            "
        "r = CALL\n            return r.content\n"
        "        except E:\n            n += 1",
        ["calls"],
    ),
    "a retry that leaves either way": (
        "def f():\n    while True:\n        r = CALL\n        "
        "if ok(r):\n            return r\n        else:\n            break",
        ["calls"],
    ),
    "a retry that reads a stream": (
        "def f():\n    while True:\n        for event in CALL:\n            "
        "print(event)\n        return",
        ["calls"],
    ),
    "a retry that breaks within a stream": (
        "def f():\n    for i in range(3):\n        try:\n            "
        "with CALL as stream:\n                for text in stream.text_stream:\n"
        "                    print(text)\n                done = stream.get_final_message()\n"
        "                break\n        except E as e:\n            last = e\n"
        "    return done",
        ["calls"],
    ),
    "a stream in each round": (
        "def f():\n    for i in range(3):\n        with CALL as stream:\n            "
        "done = stream.get_final_message()\n            if not done.tools:\n"
        "                break\n        more(done)\n    return done",
        ["loop", "calls"],
    ),
    "a caller's retry": (
        "def f(x):\n    return CALL\ndef g():\n    "
        "for attempt in range(3):\n        try:\n            return f(1)\n"
        "        except E:\n            pass",
        ["calls"],
    ),
    "tries of one request in each round": (
        "def f():\n    while True:\n        for attempt in range(3):\n            try:\n"
        "                r = CALL\n                break\n            except E:\n"
        "                sleep(1)\n        else:\n            return\n        more(r)",
        ["loop", "calls"],
    ),
    "tries of one request for each record": (
        "def f(xs):\n    for x in xs:\n        while True:\n            try:\n"
        "                r = CALL\n                break\n            except E:\n"
        "                continue\n        keep(r)",
        ["record", "calls"],
    ),
    "tries in a round that come back with the reply": (
        "def f(xs):\n    for x in xs:\n        for attempt in range(3):\n            try:\n"
        "                return CALL\n            except E:\n                continue",
        ["calls"],
    ),
    "the last of some servers that answers": (
        "def f(xs):\n    for x in xs:\n        for attempt in range(3):\n            try:\n"
        "                r = CALL\n                break\n            except E:\n"
        "                sleep(1)\n        else:\n            continue\n        return r",
        ["calls"],
    ),
    # entry points
    "what a server begins": (
        "from contextlib import asynccontextmanager\nfrom fastapi import FastAPI\n"
        "@asynccontextmanager\nasync def opening(app):\n    CALL\n    yield\n"
        "app = FastAPI(lifespan=opening)",
        [],
    ),
    "what a clock runs in a container": (
        "import modal\napp = modal.App('x')\n@app.function(schedule=modal.Cron('0 4 * * *'))\n"
        "def nightly():\n    CALL",
        [],
    ),
    "what somebody runs in a container": (
        "import modal\napp = modal.App('x')\n@app.function(cpu=2)\ndef nightly():\n    CALL",
        ["calls"],
    ),
    "flask": (
        "from flask import Flask\napp = Flask('a')\n@app.route('/')\ndef f():\n    CALL",
        ["user"],
    ),
    "fastapi": (
        "from fastapi import FastAPI\napp = FastAPI()\n@app.post('/')\nasync def f(q):\n    CALL",
        ["user"],
    ),
    "a router": (
        "from fastapi import APIRouter\nrouter = APIRouter()\n@router.get('/')\n"
        "async def f(q):\n    CALL",
        ["user"],
    ),
    "celery": ("from celery import shared_task\n@shared_task\ndef f(q):\n    CALL", ["user"]),
    "a command": ("import click\n@click.command()\ndef f(q):\n    CALL", []),
    "a chat bot": (
        "import discord\nbot = discord.Client()\n@bot.event\nasync def on_message(m):\n    CALL",
        ["user"],
    ),
    "a handler that is registered": (
        "from telegram.ext import Application, MessageHandler\n"
        "async def f(update, context):\n    CALL\n"
        "app = Application.builder().build()\napp.add_handler(MessageHandler(None, f))",
        ["user"],
    ),
    "a function in the cloud": ("def lambda_handler(event, context):\n    CALL", ["user"]),
    "an entry that others call": (
        "from flask import Flask\napp = Flask('a')\n@app.route('/')\n"
        "def f():\n    CALL\ndef test():\n    f()",
        ["user"],
    ),
    "an unknown decorator": ("@foo\ndef f():\n    CALL", ["calls"]),
}


@pytest.mark.parametrize("name", PAIRS)
def test_pairs(name: str) -> None:
    text, expected = PAIRS[name]
    found = pairs(HEAD + text.replace("CALL", CALL))
    assert found == [*expected, WORKER]


MANY_TURNS = {
    "on self": (
        "class A:\n    def __init__(self):\n        self.h = []\n    def f(self, q):\n"
        "        self.h.append({'role': 'user', 'content': q})\n"
        f"        r = client.messages.create({MODEL}, max_tokens=3, messages=self.h)\n"
        "        self.h.append({'role': 'assistant', 'content': r.content})"
    ),
    "in a global": (
        "H = []\ndef f(q):\n    H.append({'role': 'user', 'content': q})\n"
        f"    r = client.messages.create({MODEL}, max_tokens=3, messages=H)\n"
        "    H.append({'role': 'assistant', 'content': r.content})"
    ),
    "handed in": f"def f(messages):\n    "
    f"client.messages.create({MODEL}, max_tokens=3, messages=messages)",
    "handed in and added to": (
        "def f(history, q):\n"
        f"    client.messages.create({MODEL}, max_tokens=3, messages=history + "
        f"[{{'role': 'user', 'content': q}}])"
    ),
}


@pytest.mark.parametrize("name", MANY_TURNS)
def test_a_history_makes_turns(name: str) -> None:
    request = sent(HEAD + MANY_TURNS[name])[0]
    assert request.multi_turn
    assert PairKind.TURN in [pair.kind for pair in request.pairs]


def test_a_history_of_one_run_makes_rounds() -> None:
    text = (
        "def f(q):\n    h = [{'role': 'user', 'content': q}]\n    while True:\n"
        f"        r = client.messages.create({MODEL}, max_tokens=3, messages=h)\n"
        "        if r.stop_reason == 'end_turn':\n            break\n"
        "        h.append({'role': 'assistant', 'content': r.content})\n"
        "        h.append({'role': 'user', 'content': run(r)})"
    )
    request = sent(HEAD + text)[0]
    assert request.multi_turn
    assert request.pairs[0].kind is PairKind.LOOP
    assert PairKind.TURN not in [pair.kind for pair in request.pairs]


@pytest.mark.parametrize(
    ("loop", "rounds"),
    [
        ("range(5)", 5),
        ("range(1, 4)", 3),
        ("range(0, 10, 5)", 2),
        ("range(n)", None),
        ("['a', 'b', 'c']", 3),
        ("['a', *n]", None),
        ("n", None),
    ],
)
def test_the_number_of_rounds(loop: str, rounds: int | None) -> None:
    request = read(f"def f(n):\n    for i in {loop}:\n        CALL")[0]
    assert request.pairs[0].rounds == rounds


def test_frames_and_chains() -> None:
    requests = read(
        "def f(x):\n    return CALL\ndef g(xs):\n    for x in xs:\n        f(x)\ndef h():\n    f(1)"
    )
    assert [frames(request) for request in requests] == [
        "function:g loop:the loop function:f",
        "function:h function:f",
    ]
    assert [[step.span.line for step in request.chain] for request in requests] == [[7], [9]]


def test_a_nested_function_runs_inside_the_one_around_it() -> None:
    request = read("def g():\n    def f():\n        return CALL\n    return f")[0]
    assert frames(request) == "function:g function:f"


def test_a_lambda_is_a_function() -> None:
    request = read("ask = lambda q: CALL")[0]
    assert frames(request) == "function:a lambda"


def test_chains_are_bounded() -> None:
    long = "".join(f"def f{i}():\n    f{i + 1}()\n" for i in range(20)) + "def f20():\n    CALL"
    request = read(long)[0]
    assert len(request.chain) < LONGEST_CHAIN
    wide = "def f(x):\n    CALL\n" + "".join(f"def g{i}():\n    f({i})\n" for i in range(40))
    assert len(read(wide)) == MOST_CHAINS


@pytest.mark.parametrize(
    "text",
    [
        "def f(n):\n    CALL\n    f(n + 1)",
        "def f(n):\n    CALL\n    g(n)\ndef g(n):\n    f(n)",
        "class A:\n    def f(self):\n        CALL\n        self.g()\n    "
        "def g(self):\n        self.f()",
        "def f(n):\n    def g():\n        CALL\n        f(n)\n    g()",
    ],
)
def test_recursion_ends(text: str) -> None:
    assert len(read(text)) == 1


def system(text: str) -> str:
    return f"[{{'type': 'text', 'text': {text}, 'cache_control': {{'type': 'ephemeral'}}}}]"


def asks(text: str) -> str:
    return f"client.messages.create({MODEL}, system={system(text)}, {REST})"


CLOCK = f"{HEAD}from datetime import datetime\n"
MOVES = {
    "read once before the loop": (
        f"def f(xs):\n    now = datetime.now()\n    for x in xs:\n        {asks('f{now}')}".replace(
            "f{now}", "f'{now}'"
        ),
        "record",
        [],
    ),
    "read once, in the next run": (
        f"def f(xs):\n    now = datetime.now()\n    for x in xs:\n        {asks('f{now}')}".replace(
            "f{now}", "f'{now}'"
        ),
        "calls",
        ["clock:microsecond"],
    ),
    "read in each round": (
        "def f(xs):\n    for x in xs:\n        " + asks("f'{datetime.now()}'"),
        "record",
        ["clock:microsecond"],
    ),
    "read at import": (
        "NOW = datetime.now()\ndef f(xs):\n    " + asks("f'{NOW}'"),
        "calls",
        [],
    ),
    "a day is long": ("def f():\n    " + asks("f'{datetime.now():%Y-%m-%d}'"), "calls", []),
    "another record": (
        "def f(docs):\n    for doc in docs:\n        " + asks("f'{doc}'"),
        "record",
        ["entity"],
    ),
    "the same document": (
        "def f(doc):\n    for i in range(3):\n        " + asks("f'{doc}'"),
        "loop",
        [],
    ),
    "a parameter that a caller's loop binds": (
        "def f(doc):\n    "
        + asks("f'{doc}'")
        + "\ndef g(docs):\n    for doc in docs:\n        f(doc)",
        "record",
        ["entity"],
    ),
    "a parameter that a caller binds once": (
        "def f(doc):\n    "
        + asks("f'{doc}'")
        + "\ndef g(doc):\n    for i in range(3):\n        f(doc)",
        "loop",
        [],
    ),
    "a set is fixed in a process": (
        "NAMES = {'a', 'b'}\ndef f():\n    " + asks("', '.join(NAMES)"),
        "calls",
        [],
    ),
}


@pytest.mark.parametrize("name", MOVES)
def test_what_moves_between_two_calls(name: str) -> None:
    text, kind, expected = MOVES[name]
    assert moved(CLOCK + text, kind) == expected


DEFINED_AGAIN = """
def ask(x):
    r = CALL
    print(r.content[0].text)

ask("one")

def ask(x):
    r = CALL
    return r.content[0].text

def work(xs):
    for x in xs:
        print(ask(x))

for x in open("rows.txt"):
    ask(x)
"""


def test_a_name_that_is_defined_again_means_the_last_definition_in_front_of_the_call() -> None:
    found = [
        (r.site.span.line, any(p.kind is PairKind.RECORD for p in r.pairs))
        for r in read(DEFINED_AGAIN)
    ]
    assert found == [(5, False), (11, True), (11, True)]


def test_a_function_defined_in_both_branches_is_either() -> None:
    text = "if FLAG:\n    def ask(x):\n        CALL\nelse:\n    def ask(x):\n        CALL\n"
    found = read(f"{text}for x in xs:\n    ask(x)\n")
    assert [len(r.chain) for r in found] == [1, 1]


def test_the_number_of_records_that_are_handed_in() -> None:
    text = "def work(xs):\n    for x in xs:\n        CALL\nROWS = ['a', 'b']\n"
    (request,) = read(f"{text}work(ROWS)\n")
    assert [p.rounds for p in request.pairs if p.kind is PairKind.RECORD] == [2]
    for more in ("work(open('rows'))", "work(ROWS)\nwork(load())"):
        assert {
            p.rounds for r in read(f"{text}{more}\n") for p in r.pairs if p.kind is PairKind.RECORD
        } == {None}


ASKED_AHEAD = """
def main(files):
    words = input().split()
    for file in files:
        listed = []
        for word in words:
            listed.append(f"Keep {word}.")
        DEPTHclient.messages.create(system=", ".join(listed), REST)

main(open("files").read().split())
"""


@pytest.mark.parametrize("depth", ["", "    "])
def test_a_whole_loop_over_what_was_asked_makes_the_same(depth: str) -> None:
    text = HEAD + ASKED_AHEAD.replace("DEPTH", depth).replace("REST", f"{MODEL}, {REST}")
    assert set(moved(text, "record")) == ({"turn"} if depth else set())
