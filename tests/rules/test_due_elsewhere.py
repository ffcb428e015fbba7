"""A loop that a script runs and a page too: the page's reader waits for it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from skinflint.rules.unordered_tools import UnorderedTools

POST = """\
import asyncio
import csv

import anthropic

client = anthropic.AsyncAnthropic()


async def shelve(letters):
    shelves = {}
    for number, letter in enumerate(letters, 1):
        reply = await client.messages.create(
            model="claude-haiku-4-5",
            max_tokens=20,
            messages=[{"role": "user", "content": f"One word for the shelf: {letter}"}],
        )
        shelves[number] = reply.content[0].text
    return shelves


async def sort_post():
    with open("post.csv", newline="") as file:
        return await shelve(list(csv.DictReader(file)))


if __name__ == "__main__":
    print(asyncio.run(sort_post()))
"""

PAGES = """\
from fastapi import APIRouter

from post import sort_post

router = APIRouter()


@router.post("/post/sorted")
async def sorted_post():
    return await sort_post()
"""


@pytest.mark.parametrize(("pages", "found"), [(False, True), (True, False)])
def test_a_handler_above_another_chain_counts(tmp_path: Path, pages: bool, found: bool) -> None:
    (tmp_path / "post.py").write_text(POST)
    if pages:
        (tmp_path / "pages.py").write_text(PAGES)
    command = [
        sys.executable,
        "-m",
        "skinflint",
        "check",
        "--isolated",
        "--preview",
        "--select",
        "SKF501",
        ".",
    ]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert ("SKF501" in done.stdout) is found, done.stdout + done.stderr


CASES = """\
import json
import webbrowser

import anthropic

client = anthropic.Anthropic()


def _sent(prompt):
    return client.messages.create(
        model="claude-sonnet-5-5",
        max_tokens=300,
        messages=[{"role": "user", "content": prompt}],
    ).content[0].text


def _judged(case, answer):
    reply = client.messages.create(
        model="claude-sonnet-5-5",
        max_tokens=300,
        messages=[{"role": "user", "content": f"{case['wanted']}: is that said in {answer}?"}],
    )
    return reply.content[0].text


def main():
    with open("cases.json") as file:
        cases = json.load(file)
    judged = {}
    for case in cases:
        judged[case["name"]] = _judged(case, ANSWER)
    with open("judged.json", "w") as file:
        json.dump(judged, file)


if __name__ == "__main__":
    main()
"""
ENDS = "        json.dump(judged, file)\n"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (CASES.replace("ANSWER", "case['answer']"), True),
        (CASES.replace("ANSWER", "_sent(case['question'])"), False),  # needs a reply first
        (
            CASES.replace("ANSWER", "case['answer']").replace(
                ENDS, ENDS + '    webbrowser.open("judged.json")\n'
            ),
            False,
        ),
    ],
)
def test_what_is_due_in_the_same_round(tmp_path: Path, text: str, found: bool) -> None:
    (tmp_path / "judge.py").write_text(text)
    command = [
        sys.executable,
        "-m",
        "skinflint",
        "check",
        "--isolated",
        "--preview",
        "--select",
        "SKF501",
        ".",
    ]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert ("judge.py:18" in done.stdout) is found, done.stdout + done.stderr


def test_whoever_runs_a_notebook_waits(tmp_path: Path) -> None:
    lines = CASES.replace("ANSWER", "case['answer']").splitlines(keepends=True)
    cell = {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": []}
    notebook = {"cells": [{**cell, "source": lines}], "metadata": {}, "nbformat": 4}
    (tmp_path / "judge.ipynb").write_text(json.dumps({**notebook, "nbformat_minor": 5}))
    command = [
        sys.executable,
        "-m",
        "skinflint",
        "check",
        "--isolated",
        "--preview",
        "--select",
        "SKF501",
        ".",
    ]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert "SKF501" not in done.stdout
    assert done.returncode == 0, done.stdout + done.stderr


OWN_SERVER = """\
from mcp.server.fastmcp import FastMCP

server = FastMCP("letters")


@server.tool()
def letter_of(day: str) -> str:
    return open(f"letters/{day}.txt").read()
"""


STARTED = """\
from mcp import StdioServerParameters

SERVER = StdioServerParameters(command="npx", args=["-y", "letters-server"])
"""


def test_a_server_that_is_started_here_lists_in_the_order_of_its_code(tmp_path: Path) -> None:
    asks = next(example.bad for example in UnorderedTools.examples if "list_tools" in example.bad)
    (tmp_path / "asks.py").write_text(asks)
    (tmp_path / "letters.py").write_text(STARTED)
    command = [sys.executable, "-m", "skinflint", "check", "--isolated", "--select", "SKF108", "."]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert "SKF108" not in done.stdout, done.stdout + done.stderr


@pytest.mark.parametrize("own", [False, True])
def test_a_server_of_the_project_lists_in_the_order_of_its_code(tmp_path: Path, own: bool) -> None:
    asks = next(example.bad for example in UnorderedTools.examples if "list_tools" in example.bad)
    (tmp_path / "asks.py").write_text(asks)
    if own:
        (tmp_path / "letters.py").write_text(OWN_SERVER)
    command = [sys.executable, "-m", "skinflint", "check", "--isolated", "--select", "SKF108", "."]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert ("SKF108" in done.stdout) is not own, done.stdout + done.stderr
