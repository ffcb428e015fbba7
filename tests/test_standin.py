"""The stand-in answers, and refuses, as the tests that use it need it to."""

from __future__ import annotations

from pathlib import Path

import pytest
from standin import run

PROGRAM = """\
import sys
import anthropic

blocks = [{{"type": "text", "text": text{marker}}} for text in sys.argv[1:]]
with anthropic.Anthropic() as client:
    reply = client.messages.create(
        model="claude-sonnet-5-5",
        max_tokens=10,
        system=blocks,
        messages=[{{"role": "user", "content": "Hello"}}],
    )
    print(reply.content[0].text)
"""
PLAIN = PROGRAM.format(marker="")
MARKED = PROGRAM.format(marker=', "cache_control": {"type": "ephemeral"}')

BATCH = """\
import anthropic

with anthropic.Anthropic() as client:
    params = {"model": "claude-sonnet-5-5", "max_tokens": 10, "messages": []}
    batch = client.messages.batches.create(requests=[{"custom_id": "one", "params": params}])
    assert batch.request_counts.processing == 1
"""


def test_it_keeps_what_the_sdk_sends(tmp_path: Path) -> None:
    [body] = run(PLAIN, tmp_path, "One.", "Two.")
    assert [block["text"] for block in body["system"]] == ["One.", "Two."]
    assert body["messages"] == [{"role": "user", "content": "Hello"}]


def test_it_takes_batches(tmp_path: Path) -> None:
    [body] = run(BATCH, tmp_path)
    assert body["requests"][0]["custom_id"] == "one"


def test_it_takes_four_breakpoints(tmp_path: Path) -> None:
    [body] = run(MARKED, tmp_path, *"1234")
    assert all(block["cache_control"] for block in body["system"])


@pytest.mark.parametrize(
    ("code", "texts", "message"),
    [
        (PLAIN, ["One.", ""], "must be non-empty"),
        (MARKED, ["1", "2", "3", "4", "5"], "at most 4 blocks"),
    ],
)
def test_it_refuses_what_the_api_refuses(
    code: str, texts: list[str], message: str, tmp_path: Path
) -> None:
    with pytest.raises(AssertionError, match=message):
        run(code, tmp_path, *texts)
