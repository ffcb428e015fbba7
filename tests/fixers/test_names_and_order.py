"""What the verifier knows of names and of the order of calls."""

from __future__ import annotations

import ast

import pytest

from skinflint.fixers.names import difference
from skinflint.fixers.order import evaluated

BEFORE = """\
import os

LIMIT = 3

def ask(name):
    text = name + str(LIMIT)
    return [len(x) for x in text], os.name

class Agent:
    size = LIMIT
"""


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("", "", ""),
        ("return [", "tail = text\n    return [", ""),
        ("return [", "name = text\n    return [", ""),
        ("return [", "LIMIT = text\n    return [", "`LIMIT` would be bound anew"),
        ("return [", "os = text\n    return [", "`os` would be bound anew"),
        ("text = name + str(LIMIT)", "pass", "`text` would be read but not bound any more"),
        ("str(LIMIT)", "str(LIMITS)", "`LIMITS` would not be bound"),
        ("import os\n", "", "`os` would not be bound"),
        ("size = LIMIT", "size = print", ""),
        ("[len(x) for x in text]", "[len(y) for y in text]", ""),
    ],
)
def test_names(old: str, new: str, said: str) -> None:
    assert difference(BEFORE, BEFORE.replace(old, new) if old else BEFORE, "app.py") == said


def test_a_name_bound_through_global_counts() -> None:
    text = "def f():\n    global total\n    total = 1\n\ndef g():\n    return total\n"
    assert difference("x = 1\n", "x = 1\n" + text, "app.py") == ""


def calls(code: str) -> list[str]:
    """The calls in order, each with its conditions."""
    found = []
    for what, where in evaluated(ast.parse(code)):
        name = what.split("'")[1] if "'" in what else what
        found.append(".".join([*where, name]))
    return found


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("x = a(b(), c=d())", ["b", "d", "a"]),
        ("a().x = b()", ["b", "a"]),
        ("x = a() if b() else c()", ["b", "if.a", "else.c"]),
        ("x = a() and b() or c()", ["a", "and.b", "and.c"]),
        ("x = {a(): b(), c(): d()}", ["a", "b", "c", "d"]),
        ("x = [a() for y in b() if c()]", ["b", "each.c", "each.a"]),
        ("x = {a(): b() for y in c()}", ["c", "each.a", "each.b"]),
        ("for x in a():\n    b()\nelse:\n    c()", ["a", "each.b", "else.c"]),
        ("while a():\n    b()", ["each.a", "each.b"]),
        ("try:\n    a()\nexcept b():\n    c()\nfinally:\n    d()",
         ["try body.a", "try handlers.b", "try handlers.c", "try finalbody.d"]),
        ("def f(x=a()):\n    b()", ["f.b", "a"]),
        ("x = lambda: a()", ["lambda.a"]),
        ("x: int = a()", ["a"]),
        ('x = "".join(a()).strip()', ["a"]),
        ("async def f():\n    await a()", ["f.a", "f.Await"]),
    ],
)  # fmt: skip
def test_order(code: str, expected: list[str]) -> None:
    assert sorted(calls(code)) == sorted(expected)
    if "def" not in code:
        assert calls(code) == expected
