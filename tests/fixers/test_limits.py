"""Caps on loops, and windows that are cut in large steps: the code before and after, run."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from mending import PATH, find, mended, source

from skinflint.fixers import undone
from skinflint.fixers.plan import Declined
from skinflint.linter.findings import Applicability, CapLoop, Fix, TrimInSteps

ROUNDS = 50


def run(text: str, **names: Any) -> dict[str, Any]:
    namespace: dict[str, Any] = dict(names)
    exec(compile(text, PATH, "exec"), namespace)
    return namespace


def capped(text: str, loop: str = "while") -> str:
    """``text`` with its loop capped; the loop is all lines from ``loop`` that are indented."""
    code = source(text)
    start = text.index(loop)
    indent = len(text[:start].split("\n")[-1])
    lines = text[start:].split("\n")
    inside = [lines[0]]
    for line in lines[1:]:
        if line.strip() and len(line) - len(line.lstrip()) <= indent:
            break
        inside.append(line)
    while inside[-1].strip() == "" or inside[-1].strip().startswith("#"):
        inside.pop()
    written = "\n".join(inside).split("  # end")[0]
    after = mended(code, CapLoop(find(code, written), ROUNDS))
    fix = Fix(Applicability.UNSAFE, "", (CapLoop(find(code, written), ROUNDS),))
    assert undone.alike(text, after, (fix,))
    return after


LOOPS = {
    "an endless one": """\
def work(step):
    while True:  # until it is done
        state = step()
        if state == "skip":
            continue
        if state == "done":
            break
    return "after"
""",
    "a condition": """\
def work(step):
    state = step()
    while state != "done":
        state = step()
        if state == "leave":
            return state
    return "after"
""",
    "a negated condition": """\
def work(step):
    done = False
    while not done:
        done = step() == "done"
    return "after"
""",
    "a condition of two parts": """\
def work(step):
    state = step()
    while state == "skip" or state == "go":
        state = step()
        # and so on

    return "after"
""",
    "a call": """\
def work(step):
    def more():
        return step() == "go"

    while more():
        pass
    return "after"
""",
}


@pytest.mark.parametrize("before", LOOPS.values(), ids=LOOPS)
@pytest.mark.parametrize("count", [1, 2, ROUNDS - 1])
@pytest.mark.parametrize("last", ["done", "leave"])
def test_up_to_the_cap_nothing_changes(before: str, count: int, last: str) -> None:
    if count == 1 or "leave" not in before:
        last = "done"
    after = capped(before)
    results = []
    for text in (before, after):
        states = iter(["go"] * (count - 1) + [last])
        taken: list[str] = []

        def step(states: Any = states, taken: list[str] = taken) -> str:
            taken.append(next(states))
            return taken[-1]

        results.append((run(text)["work"](step), taken))
    assert results[0] == results[1]


@pytest.mark.parametrize("before", LOOPS.values(), ids=LOOPS)
def test_beyond_the_cap_it_fails(before: str) -> None:
    with pytest.raises(RuntimeError, match="50 rounds"):
        run(capped(before))["work"](lambda: "go")


def test_the_layout_is_kept() -> None:
    assert capped(LOOPS["an endless one"]) == (
        "def work(step):\n"
        "    for _ in range(50):  # until it is done\n"
        "        state = step()\n"
        '        if state == "skip":\n'
        "            continue\n"
        '        if state == "done":\n'
        "            break\n"
        "    else:\n"
        '        raise RuntimeError("no answer after 50 rounds of tools")\n'
        '    return "after"\n'
    )


def test_comments_at_its_end_stay_in_it() -> None:
    after = capped(LOOPS["a condition of two parts"])
    assert "        # and so on\n    else:\n" in after
    assert 'if not (state == "skip" or state == "go"):\n            break' in after


def test_a_name_that_is_taken() -> None:
    before = (
        "from gettext import gettext as _\n\n\ndef f():\n    while True:\n        print(_(1))\n"
    )
    assert "for _round in range(50):" in capped(before)


@pytest.mark.parametrize(
    ("before", "loop", "reason"),
    [
        ("while True: work()\n", "while True: work()", "one line"),
        ("while go():\n    work()\nelse:\n    end()\n", "while go():\n    work()\nelse:\n    end()",
         "else"),
        ("while (\n    a and b\n):\n    work()\n", "while (\n    a and b\n):\n    work()",
         None),
        ("while f(\n    a\n):\n    work()\n", "while f(\n    a\n):\n    work()", "several lines"),
        ("class A:\n    while True:\n        work()\n", "while True:\n        work()", "class"),
        ("for n in count():\n    work()\n", "for n in count():\n    work()", "counts"),
        ("while True:\n    work(); more()\n", "while True:\n    work(); more()", None),
    ],
)  # fmt: skip
def test_layouts_that_are_declined(before: str, loop: str, reason: str | None) -> None:
    code = source(before)
    op = CapLoop(find(code, loop), ROUNDS)
    if reason is None:
        assert "range(50)" in mended(code, op)
        return
    with pytest.raises(Declined, match=reason):
        mended(code, op)


# -------------------------------------------------------------------- windows


@pytest.mark.parametrize(
    ("before", "window", "after"),
    [
        ("h = h[-20:]\n", "h[-20:]", "if len(h) > 40:\n    h = h[-20:]\n"),
        ("s.h[:] = s.h[-KEEP:]\n", "s.h[-KEEP:]",
         "if len(s.h) > 2 * KEEP:\n    s.h[:] = s.h[-KEEP:]\n"),
        ("del h[:-20]  # old\n", "del h[:-20]", "if len(h) > 40:\n    del h[:-20]  # old\n"),
        ("if len(h) > 20:\n    h = h[-20:]\n", "h[-20:]", "if len(h) > 40:\n    h = h[-20:]\n"),
        ("if len(h) > KEEP:\n    del h[:-KEEP]\n", "del h[:-KEEP]",
         "if len(h) > 2 * KEEP:\n    del h[:-KEEP]\n"),
        ("if fresh:\n    h = h[-20:]\n", "h[-20:]",
         "if fresh:\n    if len(h) > 40:\n        h = h[-20:]\n"),
        ("send(h[-20:])\n", "h[-20:]", "send(h[max(len(h) // 20 - 1, 0) * 20 :])\n"),
        ("sent = [*s.h[-KEEP:], new]\n", "s.h[-KEEP:]",
         "sent = [*s.h[max(len(s.h) // KEEP - 1, 0) * KEEP :], new]\n"),
    ],
)  # fmt: skip
def test_windows(before: str, window: str, after: str) -> None:
    code = source(before)
    op = TrimInSteps(find(code, window))
    assert mended(code, op) == after
    fix = Fix(Applicability.UNSAFE, "", (op,))
    assert undone.alike(before, after, (fix,))


def test_what_is_sent_begins_at_the_same_message_for_a_whole_window() -> None:
    begin = source("def sent(h):\n    return h[-20:]\n")
    sent = run(mended(begin, TrimInSteps(find(begin, "h[-20:]"))))["sent"]
    kept = source("def add(h, m):\n    h.append(m)\n    del h[:-20]\n    return h\n")
    add = run(mended(kept, TrimInSteps(find(kept, "del h[:-20]"))))["add"]
    stored: list[int] = []
    starts: dict[str, list[int]] = {"sent": [], "kept": []}
    for number in range(1, 400):
        window = sent(list(range(number)))
        add(stored, number)
        assert window[-1] == number - 1
        for listed in (window, stored):
            assert min(number, 20) <= len(listed) <= 40
        starts["sent"].append(window[0])
        starts["kept"].append(stored[0])
    for begins in starts.values():
        moves = sum(1 for one, other in itertools.pairwise(begins) if one != other)
        assert moves <= 400 // 20


@pytest.mark.parametrize(
    ("before", "window", "reason"),
    [
        ("h = h[-n:]\n", "h[-n:]", "size"),
        ("h = h[-20:-1]\n", "h[-20:-1]", "plain slice"),
        ("h = load()[-20:]\n", "load()[-20:]", "computed"),
        ("h.pop(0)\n", "h.pop(0)", "one slice"),
        ("del h[:20]\n", "del h[:20]", "size"),
        ("a = 1; h = h[-20:]\n", "h[-20:]", "its line"),
        ("def f(h, len):\n    return h[-20:]\n", "h[-20:]", "built-in"),
    ],
)
def test_windows_that_are_declined(before: str, window: str, reason: str) -> None:
    code = source(before)
    with pytest.raises(Declined, match=reason):
        mended(code, TrimInSteps(find(code, window)))


@pytest.mark.parametrize(
    "after",
    [
        "for _ in range(50):\n    play()\nelse:\n    raise RuntimeError\n",
        "for _ in range(49):\n    work()\nelse:\n    raise RuntimeError\n",
        "for _ in range(50):\n    work()\n",
        "for _ in range(50):\n    work()\nelse:\n    work()\n",
    ],
)
def test_nothing_but_the_limit_may_change(after: str) -> None:
    before = "while True:\n    work()\n"
    fix = Fix(Applicability.UNSAFE, "", (CapLoop(find(source(before), before), ROUNDS),))
    assert not undone.alike(before, after, (fix,))
