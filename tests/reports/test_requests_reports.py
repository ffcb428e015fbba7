"""The inventory in JSON, in text, and one request in full."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from by_hand import span
from json_schema import REQUESTS, mismatches

from skinflint.catalog import models
from skinflint.linter import config
from skinflint.linter.inventory import Entry, inventory
from skinflint.linter.project import Project
from skinflint.linter.request import (
    Conversation,
    Growth,
    Home,
    Limit,
    Repeats,
    Repetition,
    Request,
    Signal,
    Task,
    Use,
)
from skinflint.linter.source import from_bytes
from skinflint.linter.spans import Role, Step
from skinflint.reports import explain_text, requests_json, requests_text
from skinflint.reports.explain_text import Verdict

TEXT = """\
import anthropic
client = anthropic.Anthropic()
import time
from elsewhere import RULES
def ask(question):
    return client.messages.create(
        model="claude-opus-5-5",
        max_tokens=100,
        system=[
            {
                "type": "text",
                "text": f"Be brief. It is {time.time()}.",
                "cache_control": {"type": "ephemeral"},
            },
            RULES,
        ],
        messages=[{"role": "user", "content": question}],
    )
"""


BARE = """\
import anthropic
anthropic.Anthropic().messages.create(model="claude-opus-5-5", **mystery)
"""


def sent(text: str, path: str = "app.py") -> tuple[Request, ...]:
    project = Project(config.load(None, None, isolated=True))
    return project.requests(from_bytes(path, text.encode()))


def full() -> Request:
    """A request with everything around it."""
    [request] = sent(TEXT)
    step = Step(Role.STEP, span("app.py", 9), "the loop at line 9 repeats it")
    grows = Growth(span("app.py", 7), "append", "loop", step)
    trimmed = Limit(span("app.py", 8), "slice", step)
    return replace(
        request,
        conversation=Conversation(Home.ATTRIBUTE, None, (grows,), (trimmed,)),
        repetition=Repetition(Repeats.LOOP, (step,), 5),
        task=Task(Use.LABEL, (Signal("compared", Use.LABEL, span("app.py", 6), "it is compared"),)),
    )


def entries(*requests: Request) -> tuple[Entry, ...]:
    return inventory(requests, models.load())


def document(*requests: Request) -> Any:
    return json.loads(requests_json.render(entries(*requests)))


# --- JSON -----------------------------------------------------------------------------------------


def test_every_key_in_its_order() -> None:
    found = document(full())
    [entry] = found["requests"]
    low, high = entry["system"].pop("tokens")
    assert (low, high) == (4, None)
    after = entry["pairs"][0]["first_divergence"].pop("after_tokens")
    assert 3 <= after[0] < after[1] < 15
    low, high = entry["messages"].pop("tokens")
    assert (low, high) == (0, None)
    here = {"path": "app.py", "line": 6}
    assert entry == {
        **here,
        "function": "ask",
        "surface": "anthropic",
        "method": "messages.create",
        "platform": "claude-api",
        "model": {"state": "known", "values": ["claude-opus-5-5"], "reason": ""},
        "system": {
            "state": "partial",
            "variation": "call",
            "reason": "`elsewhere.RULES` is imported, and its module is not here",
        },
        "tools": {"state": "absent", "variation": "literal", "tokens": [0, 0], "reason": ""},
        "messages": {
            "state": "traced",
            "variation": "turn",
            "reason": "parameter `question`, whose callers are not here",
        },
        "breakpoints": [{"at": "system[0]", "ttl": "5m", "path": "app.py", "line": 13}],
        "automatic_cache": False,
        "pairs": [
            {
                "pair": "from one call of ask() to the next",
                "evidence": [{"path": "app.py", "line": 5}],
                "first_divergence": {
                    "at": "system[0]",
                    "source": "clock",
                    "name": "time.time()",
                    "path": "app.py",
                    "line": 12,
                },
            },
            {
                "pair": "from one process to the next (another worker, a restart)",
                "evidence": [],
                "first_divergence": None,
            },
        ],
        "conversation": {
            "grown_by": [{"path": "app.py", "line": 7, "how": "append", "where": "loop"}],
            "bounded_by": [{"path": "app.py", "line": 8, "how": "slice"}],
            "append_only": True,
            "sent_equals_stored": None,
        },
        "repetition": {"kind": "loop", "evidence": [{"path": "app.py", "line": 9}]},
        "task": {
            "kind": "label",
            "signals": [
                {"kind": "compared", "says": "it is compared", "path": "app.py", "line": 6}
            ],
        },
    }


def test_the_schema_holds() -> None:
    [bare] = sent(BARE, "bare.py")
    found = document(full(), bare)
    assert mismatches(found, REQUESTS) == []
    assert len(found["requests"]) == 2


def test_the_schema_does_not_hold_for_anything_else() -> None:
    found = document(full())
    found["requests"][0]["system"]["state"] = "seen"
    found["requests"][0]["automatic_cache"] = "no"
    del found["requests"][0]["task"]
    assert mismatches(found, REQUESTS)
    assert mismatches({"version": 2, "requests": []}, REQUESTS) == ["$.version: not 1"]


def test_no_requests() -> None:
    assert json.loads(requests_json.render(())) == {"version": 1, "requests": []}


# --- text -----------------------------------------------------------------------------------------


def test_text() -> None:
    assert requests_text.render(entries(full()), files=2) == (
        "app.py:6: anthropic messages.create in ask(), claude-api\n"
        "  model:         claude-opus-5-5\n"
        "  tools:         absent\n"
        "  system:        partial, call, 4 tokens or more (`elsewhere.RULES` is imported, and its "
        "module is not here)\n"
        "  messages:      traced, turn, 0 tokens or more (parameter `question`, whose callers are "
        "not here)\n"
        "  breakpoints:   system[0] 5m\n"
        "  conversation:  kept in attribute, grows at app.py:7, bounded by slice\n"
        "  repetition:    loop\n"
        "  task:          label\n"
        "\n"
        "1 Claude request in 2 files.\n"
    )


@pytest.mark.parametrize(
    ("size", "said"),
    [
        ((3, None), "3 tokens or more"),
        ((1200, 2400), "1,200 to 2,400 tokens"),
        ((7, 7), "7 tokens"),
    ],
)
def test_tokens(size: tuple[int, int | None], said: str) -> None:
    assert requests_text.tokens(size) == said


def test_nothing_there() -> None:
    assert requests_text.render((), files=1) == "No Claude requests in 1 file.\n"


# --- one request in full --------------------------------------------------------------------------

VERDICTS = (
    Verdict("SKF901", "by-hand", False, ("no breakpoint",)),
    Verdict("SKF902", "found-by-hand", True, ("app.py:6: too much.",)),
    Verdict("SKF903", "off-by-hand", True, ("app.py:6: more.",), "a preview rule"),
)


def explained(request: Request) -> list[str]:
    [entry] = entries(request)
    text = explain_text.render(entry, lambda path: TEXT.splitlines(), VERDICTS)
    assert text.endswith("\n")
    return text.splitlines()


def test_each_hole_says_where_it_ends() -> None:
    lines = explained(full())
    at = lines.index("    app.py:5: parameter `question`, whose callers are not here `question`")
    assert lines[at + 1 : at + 3] == [
        "      traced to a listed entry: parameter",
        "      changes with turn question, app.py:5",
    ]
    [imported] = [number for number, line in enumerate(lines) if "elsewhere.RULES" in line]
    assert lines[imported + 1].startswith("      open: it ends at no listed entry")


def test_literals_show_what_is_written() -> None:
    lines = explained(full())
    assert '    app.py:7: literal `"claude-opus-5-5"`' in lines


def test_a_trail_is_told_once() -> None:
    lines = explained(full())
    trail = [line for line in lines if "time.time() is another one each time it is read" in line]
    assert len(trail) == 1


def test_pairs_say_where_they_diverge() -> None:
    lines = explained(full())
    at = lines.index("  pair: from one call of ask() to the next")
    assert "diverges at system[0] after " in lines[at + 2]
    assert lines[at + 2].endswith("clock time.time(), app.py:12")
    at = lines.index("  pair: from one process to the next (another worker, a restart)")
    assert lines[at + 1] == "    nothing is seen to differ"


def test_what_is_around_it() -> None:
    lines = explained(full())
    assert "  conversation: kept in attribute, append-only" in lines
    assert "  repetition: loop, 5 rounds" in lines
    at = lines.index("  task: label")
    assert lines[at + 1] == "    app.py:6: it is compared"
    assert "  conversation: none: the messages are made for this one call" in explained(
        replace(full(), conversation=None)
    )


def test_what_each_rule_says() -> None:
    assert explained(full())[-5:] == [
        "  SKF901 by-hand: silent: no breakpoint",
        "  SKF902 found-by-hand: found",
        "    app.py:6: too much.",
        "  SKF903 off-by-hand: found, not reported: a preview rule",
        "    app.py:6: more.",
    ]


def test_a_file_that_is_gone_has_no_excerpts() -> None:
    def lines_of(path: str) -> list[str]:
        raise OSError(path)

    [entry] = entries(full())
    assert "app.py:7: literal\n" in explain_text.render(entry, lines_of, ())


def test_what_a_terminal_would_act_on_is_shown() -> None:
    request = full()
    evil = replace(request, site=replace(request.site, function="\x1b[31mask"))
    text = requests_text.render(entries(evil), files=1)
    assert "\x1b" not in text
    assert "\\x1b[31mask()" in text
