"""A loop that a script runs and a page too: the page's reader waits for it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

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
    command = [sys.executable, "-m", "skinflint", "check", "--isolated", "--select", "SKF501", "."]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert ("SKF501" in done.stdout) is found, done.stdout + done.stderr
