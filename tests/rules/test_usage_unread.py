"""SKF703: once for a run, and only where nobody may look."""

from __future__ import annotations

from pathlib import Path

import pytest
from test_examples import AS_OF

from skinflint.fixers.plan import edits_of
from skinflint.linter import config, engine
from skinflint.linter.findings import Applicability, Finding
from skinflint.linter.source import read
from skinflint.rules.base import Context
from skinflint.rules.usage_unread import UsageUnread

CALL = """\
import anthropic

client = anthropic.Anthropic()


def ask(question):
    reply = client.messages.create(
        model="claude-sonnet-5-5",
        max_tokens=500,
        cache_control={"type": "ephemeral"},
        messages=[{"role": "user", "content": question}],
    )
    return reply.content[0].text
"""


def check(folder: Path, **files: str) -> tuple[Finding, ...]:
    for name, text in files.items():
        (folder / f"{name}.py").write_text(text)
    paths = [str(folder / f"{name}.py") for name in files]
    settings = config.load(None, None, isolated=True)
    result = engine.check(paths, [UsageUnread()], settings, Context(as_of=AS_OF))
    assert result.problems == ()
    return result.findings


def test_once_for_all_requests(tmp_path: Path) -> None:
    (found,) = check(tmp_path, a=CALL, b=CALL)
    assert [Path(span.path).name for span in found.requests] == ["a.py", "b.py"]


@pytest.mark.parametrize(
    "text",
    [
        CALL.replace('        cache_control={"type": "ephemeral"},\n', ""),
        CALL.replace("return reply.content[0].text", "return log(reply)"),
        CALL.replace("return reply.content[0].text", "return reply"),
        CALL.replace("return reply.content[0].text", "last.reply = reply"),
        CALL.replace("    return", "    print(reply.usage)\n    return"),
    ],
)
def test_what_may_be_read(text: str, tmp_path: Path) -> None:
    assert check(tmp_path, app=text) == ()


def test_the_fix_is_shown_only(tmp_path: Path) -> None:
    (found,) = check(tmp_path, app=CALL)
    assert found.fix is not None
    assert found.fix.applicability is Applicability.DISPLAY
    (edit,) = edits_of(found.fix, read)
    assert edit.text == "\n    print(reply.model, reply.usage)"
    assert edit.span.line == 12
