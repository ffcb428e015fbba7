"""How often a request is sent, and whether somebody waits for the reply."""

from __future__ import annotations

from textwrap import dedent

import pytest
from linter.reading import HEAD, sent

from skinflint.linter.request import Repeats, Repetition

SEND = (
    'client.messages.create(model="claude-opus-5-5", max_tokens=9, '
    'messages=[{"role": "user", "content": text}])'
)


def repeated(text: str) -> Repetition:
    """How often the first request of a module is sent; ``SEND`` stands for it."""
    return sent(HEAD + dedent(text).replace("SEND", SEND))[0].repetition


@pytest.mark.parametrize(
    ("text", "kind", "waiting"),
    [
        ("text = 'hi'\nSEND", Repeats.ONCE, None),
        ("def ask(text):\n    return SEND\nask('hi')", Repeats.ONCE, None),
        ("def main(text='hi'):\n    return SEND", Repeats.ONCE, None),
        ("text = input()\nSEND", Repeats.ONCE, True),
        ("def ask(text):\n    return SEND", Repeats.OBJECT, None),
        ("class A:\n    def ask(self, text):\n        return SEND", Repeats.OBJECT, None),
        ("for text in open('rows.txt'):\n    SEND", Repeats.LOOP, False),
        (
            "def ask(text):\n    return SEND\ndef main():\n    for row in rows():\n"
            "        ask(row)\nmain()",
            Repeats.LOOP,
            False,
        ),
        ("answers = [SEND for text in texts()]", Repeats.LOOP, False),
        ("while True:\n    text = input()\n    SEND", Repeats.TURNS, True),
        (
            "def chat():\n    while True:\n        text = input()\n        SEND\nchat()",
            Repeats.TURNS,
            True,
        ),
        (
            "def run(text):\n    while True:\n        reply = SEND\n"
            "        if reply.stop_reason != 'tool_use':\n            break\n"
            "        text = 'go on'",
            Repeats.LOOP,
            None,
        ),
        (
            "from fastapi import FastAPI\napp = FastAPI()\n@app.post('/ask')\n"
            "def ask(text: str):\n    return SEND",
            Repeats.REQUEST,
            True,
        ),
        (
            "from flask import Flask\napp = Flask(__name__)\ndef ask(text):\n    return SEND\n"
            "@app.route('/')\ndef page():\n    return ask('hi')",
            Repeats.REQUEST,
            True,
        ),
        (
            "import discord\nclass Bot(discord.Client):\n"
            "    async def on_message(self, message):\n        text = message.content\n"
            "        SEND",
            Repeats.REQUEST,
            True,
        ),
        (
            "from celery import shared_task\n@shared_task\ndef job(text):\n    return SEND",
            Repeats.REQUEST,
            None,
        ),
        (
            "import pika\ndef handle(channel, method, properties, body):\n    text = body\n"
            "    SEND\n"
            "pika.channel().basic_consume(queue='q', on_message_callback=handle)",
            Repeats.REQUEST,
            None,
        ),
        (
            "from flask_socketio import SocketIO\nsocketio = SocketIO()\n@socketio.on('ask')\n"
            "def ask(text):\n    SEND",
            Repeats.REQUEST,
            True,
        ),
        (
            "import schedule\ndef job():\n    text = 'hi'\n    SEND\nschedule.every().day.do(job)",
            Repeats.SCHEDULED,
            False,
        ),
        (
            "from apscheduler.schedulers.blocking import BlockingScheduler\n"
            "def job():\n    text = 'hi'\n    SEND\nBlockingScheduler().add_job(job, 'cron')",
            Repeats.SCHEDULED,
            False,
        ),
        (
            "from celery.task import periodic_task\n@periodic_task\ndef job():\n    text = 'hi'\n"
            "    SEND",
            Repeats.SCHEDULED,
            False,
        ),
        (
            "import time\ndef watch():\n    while True:\n        text = 'hi'\n        SEND\n"
            "        time.sleep(3600)\nwatch()",
            Repeats.SCHEDULED,
            False,
        ),
        (
            "import time\ndef watch(text):\n    while True:\n        SEND\n        time.sleep(1)",
            Repeats.LOOP,
            None,
        ),
        (
            "import click\n@click.command()\ndef ask(text):\n    SEND",
            Repeats.ONCE,
            None,
        ),
        (
            "import click\n@click.command()\ndef score(path):\n    for text in open(path):\n"
            "        SEND",
            Repeats.LOOP,
            None,  # whoever gave the command may wait for what it prints
        ),
        (
            "import sys\nfor text in sys.argv[1:]:\n    SEND",
            Repeats.LOOP,
            None,  # each of them was typed
        ),
        (
            "import argparse\ndef main():\n    parser = argparse.ArgumentParser()\n"
            "    parser.add_argument('texts', nargs='+')\n    given = parser.parse_args()\n"
            "    for text in list(given.texts):\n        SEND\nmain()",
            Repeats.LOOP,
            None,
        ),
        (
            "import argparse\nfrom pathlib import Path\ndef main():\n"
            "    parser = argparse.ArgumentParser()\n    parser.add_argument('folder')\n"
            "    given = parser.parse_args()\n"
            "    for path in Path(given.folder).glob('*.txt'):\n"
            "        text = path.read_text()\n        SEND\nmain()",
            Repeats.LOOP,
            False,  # a folder is named, not what is in it
        ),
        (
            "from pathlib import Path\nfolder = Path(__file__).parent / 'notes'\n"
            "def main():\n    texts = sorted(folder.glob('*.txt'))\n"
            "    for text in texts:\n        SEND\nmain()",
            Repeats.LOOP,
            False,
        ),
        (
            "import os\nfor text in os.environ['TEXTS'].split(','):\n    SEND",
            Repeats.LOOP,
            None,
        ),
        (
            "import streamlit as st\nif text := st.chat_input():\n    SEND",
            Repeats.REQUEST,
            True,
        ),
        (
            "def walk(text):\n    reply = SEND\n    for part in reply.content:\n"
            "        walk(part.text)\n",
            Repeats.RECURSION,
            None,
        ),
    ],
)
def test_how_often_it_is_sent(text: str, kind: Repeats, waiting: bool | None) -> None:
    found = repeated(text)
    assert found.kind is kind
    assert found.waiting is waiting
    assert found.evidence


@pytest.mark.parametrize(
    ("head", "trips"),
    [
        ("for _ in range(5):", 5),
        ("for text in ['a', 'b', 'c']:", 3),
        ("for text in texts():", None),
        ("for _ in range(count):", None),
    ],
)
def test_the_trip_count_where_it_is_literal(head: str, trips: int | None) -> None:
    found = repeated(f"text, count = 'hi', number()\n{head}\n    SEND")
    assert found.kind is Repeats.LOOP
    assert found.trips == trips


def test_a_retry_is_no_loop() -> None:
    text = """
    def ask(text):
        for attempt in range(3):
            try:
                reply = SEND
                if reply.content:
                    return reply
                else:
                    raise ValueError("empty")
            except ValueError:
                pass
    """
    assert repeated(text).kind is Repeats.OBJECT


def test_the_loop_may_be_in_a_caller() -> None:
    text = """
    def ask(text):
        return SEND
    def each(row):
        return ask(row)
    def run(rows):
        for row in rows:
            each(row)
    """
    found = repeated(text)
    assert found.kind is Repeats.LOOP
    assert [step.span.line for step in found.evidence] == [9, 8]


def test_a_tool_runner_repeats() -> None:
    text = """
    def run(text):
        return client.beta.messages.tool_runner(
            model="claude-opus-5-5", max_tokens=9, tools=[], max_iterations=4,
            messages=[{"role": "user", "content": text}],
        )
    """
    found = sent(HEAD + dedent(text))[0].repetition
    assert found.kind is Repeats.LOOP
    assert found.trips == 4


def test_requests_of_a_batch_are_one_for_each_record() -> None:
    text = """
    def submit(texts):
        return client.messages.batches.create(
            requests=[
                {"custom_id": text, "params": {"model": "claude-opus-5-5", "max_tokens": 9,
                 "messages": [{"role": "user", "content": text}]}}
                for text in texts
            ]
        )
    """
    found = sent(HEAD + dedent(text))[0].repetition
    assert found.kind in (Repeats.LOOP, Repeats.OBJECT)
