"""What conditions let through: dicts of one kind in a loop, names that a run never binds."""

from __future__ import annotations

from pathlib import Path

import pytest
from trees import plant, requests_of, system

_MESSAGES = (
    "## app.py\ndef ask(question):\n"
    "    convert([{'role': 'system', 'content': 'You sort.'},\n"
    "             *[{'role': 'user', 'content': q} for q in question]])\n"
)


def _converted(body: str) -> str:
    lines = "".join(f"        {line}\n" for line in body.splitlines())
    start = "def convert(messages):\n    s = ''\n    for m in messages:\n"
    return f"{_MESSAGES}{start}{lines}    SEND('-' + s)"


TOLD_APART = {
    "by role": (
        _converted("if m['role'] == 'system':\n    s = m['content']"),
        "known '-' + <'' | 'You sort.'>",
    ),
    "by what get gives": (
        _converted("if m.get('role') == 'system':\n    s = m['content']"),
        "known '-' + <'' | 'You sort.'>",
    ),
    "in the other branch": (
        _converted("if m['role'] in ('user', 'assistant'):\n    pass\nelse:\n    s = m['content']"),
        "known '-' + <'' | <'' | 'You sort.'>>",
    ),
    "by a name of the role": (
        _converted("role = m['role']\nif 'system' == role and m:\n    s = m['content']"),
        "known '-' + <'' | 'You sort.'>",
    ),
    "the others go on": (
        _converted("if not m['role'] == 'system':\n    continue\ns = m['content']"),
        "known '-' + <'' | 'You sort.'>",
    ),
    "by a conditional": (
        _converted("s = m['content'] if m['role'] == 'system' else s"),
        "known '-' + <'' | 'You sort.'>",
    ),
    "by what nobody asks of a key": (
        _converted("if m['role'] == 'user' or chosen(m):\n    s = m['content']"),
        "traced '-' + <'' | 'You sort.' | ?>",
    ),
    "the name means another one since": (
        _converted("if m['role'] == 'system':\n    m = messages[-1]\n    s = m['content']"),
        "traced '-' + <'' | ?>",
    ),
    "a role that is changed since": (
        _converted("role = m['role']\nrole = pick(m)\nif role == 'system':\n    s = m['content']"),
        "traced '-' + <'' | 'You sort.' | ?>",
    ),
    "none of the kind": (
        "## app.py\ndef convert(messages):\n    s = 'none'\n    for m in messages:\n"
        "        if m['role'] == 'system':\n            s = m['content']\n    SEND(f'-{s}')\n"
        "def ask(q, p):\n    convert([{'role': r, 'content': t} for r, t in (('user', q),"
        " ('assistant', p))])",
        "known '-none'",
    ),
    "what else is in the list can't be seen": (
        "## app.py\nfrom elsewhere import load\ndef convert(messages):\n    s = ''\n"
        "    for m in messages:\n        if m['role'] == 'system':\n            s = m['content']\n"
        "    SEND(f'-{s}')\ndef ask(q):\n    convert([{'role': 'system', 'content': 'You sort.'},"
        " {'role': 'user', 'content': q}, *load()])",
        "partial: result of elsewhere.load(), which is defined elsewhere",
    ),
}


@pytest.mark.parametrize("name", TOLD_APART)
def test_a_loop_that_tells_dicts_apart(tmp_path: Path, name: str) -> None:
    text, told = TOLD_APART[name]
    plant(tmp_path, text)
    found = [system(request) for request in requests_of(tmp_path)]
    assert [each.replace("<'You sort.' | ''>", "'You sort.'") for each in found] == [told]


NEVER = {
    "a branch that these arguments don't take": (
        "## app.py\ndef f(who=None, all=None):\n    if who:\n        s = 'a'\n    elif all:\n"
        "        s = 'b'\n    else:\n        s = 'c'\n        return ''\n    SEND(f'You {s}')\nf()",
        "traced 'You ' + ?",
    ),
    "what binds it is left out": (
        "## app.py\ndef f(who=None):\n    if who:\n        s = 'a'\n    SEND(f'You {s}')\nf()",
        "traced 'You ' + ?",
    ),
    "another condition is known": (
        "## app.py\ndef f(who=None):\n    if who:\n        t = 'a'\n    s: str\n"
        "    SEND(f'You {s}')\nf()",
        "partial: `s` may not be bound here",
    ),
    "one of two that bind it is left out": (
        "## app.py\ndef f(who=None):\n    if who:\n        s = 'a'\n    s = 'b'\n    del s\n"
        "    SEND(f'You {s}')\nf()",
        "partial: `s` may not be bound here",
    ),
}


@pytest.mark.parametrize("name", NEVER)
def test_a_name_that_a_run_never_binds(tmp_path: Path, name: str) -> None:
    text, told = NEVER[name]
    plant(tmp_path, text)
    assert [system(request) for request in requests_of(tmp_path)] == [told]


#: What a text of several is like where a condition asks how it begins, ends or what is in it.
LIKE = {
    "ends so": ("s.endswith('c')", "'-abc'", "'-' + <'xy' | 'a'>"),
    "begins so": ("s.startswith(('a', 'q'))", "'-' + <'a' | 'abc'>", "'-xy'"),
    "has it": ("'b' in s", "'-abc'", "'-' + <'xy' | 'a'>"),
    "has it not": ("'b' not in s", "'-' + <'xy' | 'a'>", "'-abc'"),
    "doesn't end so": ("not s.endswith('c')", "'-' + <'xy' | 'a'>", "'-abc'"),
    "ends as somebody says": (
        "s.endswith(END)",
        "'-' + <'xy' | 'a' | 'abc'>",
        "'-' + <'xy' | 'a' | 'abc'>",
    ),
    "is so as well": ("s == 'a'", "'-a'", "'-' + <'xy' | 'abc'>"),
}


@pytest.mark.parametrize("name", LIKE)
def test_a_text_that_a_condition_asks_for_a_part(tmp_path: Path, name: str) -> None:
    asks, true, false = LIKE[name]
    body = (
        "## app.py\nimport sys\nEND = sys.argv[1]\ndef f(n):\n    s = 'abc'\n    if n > 1:\n"
        "        s = 'xy'\n    elif n:\n        s = 'a'\n    if {}:\n        SEND('-' + s)\n"
    )
    for test, told in ((asks, true), (f"not ({asks})", false)):
        plant(tmp_path, body.format(test))
        (sent,) = [system(request) for request in requests_of(tmp_path)]
        assert sent.partition(" ")[2] == told
