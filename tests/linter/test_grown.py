"""Lists and dicts that methods fill, and how far what is in them can be told."""

from __future__ import annotations

import pytest
from reading import keys, look, reader, seen, why

from skinflint.linter.callers import Callers
from skinflint.linter.operations import keys_of
from skinflint.linter.parts import judge
from skinflint.linter.request import State
from skinflint.linter.values import ENTRIES, Entered, Mapping, Sequence, Source, Uncounted, opened


def state(text: str) -> State:
    """How well what ``see(...)`` is handed is known."""
    return judge(seen(text), Callers(reader(""))).state


# --- lists ----------------------------------------------------------------------------------------

LOG = """\
class A:
    def __init__(self):
        self.x = ['first']
    def say(self):
        see(self.x)
"""

LISTS = {
    "appended by a method": (
        f"{LOG}    def add(self, t):\n        self.x.append(t)\na = A()\na.add('b')\na.say()",
        "['first', *('b'), ~]",
        State.TRACED,
    ),
    "appended by several calls": (
        f"{LOG}    def add(self, t):\n        self.x.append(t)\na = A()\na.add('b')\na.add('c')\n"
        "a.say()",
        "['first', *('b'), *('c'), ~]",
        State.TRACED,
    ),
    "the same twice": (
        f"{LOG}    def add(self):\n        self.x.append('b')\na = A()\na.add()\na.add()\na.say()",
        "['first', *('b'), ~]",
        State.TRACED,
    ),
    "a dict appended": (
        f"{LOG}    def add(self, t):\n        self.x.append({{'role': 'user', 'content': t}})\n"
        "a = A()\na.add('b')\na.say()",
        "['first', *({'role': 'user', 'content': 'b'}), ~]",
        State.TRACED,
    ),
    "extended": (
        f"{LOG}    def add(self):\n        self.x.extend(['b', 'c'])\na = A()\na.add()\na.say()",
        "['first', *('b'), *('c'), ~]",
        State.TRACED,
    ),
    "added to": (
        f"{LOG}    def add(self):\n        self.x += ['b']\na = A()\na.add()\na.say()",
        "['first', *('b'), ~]",
        State.TRACED,
    ),
    "put into a queue": (
        "import queue\n"
        f"{LOG.replace(chr(91) + chr(39) + 'first' + chr(39) + chr(93), 'queue.Queue()')}"
        "    def add(self, t):\n        self.x.put(t)\na = A()\na.add('b')\na.say()",
        "[*('b'), ~]",
        State.TRACED,
    ),
    "inserted": (
        f"{LOG}    def add(self):\n        self.x.insert(0, 'b')\na = A()\na.add()\na.say()",
        "['first', *('b'), ~]",
        State.TRACED,
    ),
    "what is handed in": (
        f"{LOG}    def add(self, t):\n        self.x.append(t)\na = A()\n"
        "def f(t):\n    a.add(t)\n    a.say()",
        "['first', *(?), ~]",
        State.TRACED,
    ),
    "by a method that nobody calls": (
        f"{LOG}    def add(self, t):\n        self.x.append(t)\na = A()\na.say()",
        "['first', *(?), ~]",
        State.TRACED,
    ),
    "of what is not here": (
        f"from elsewhere import T\n{LOG}    def add(self):\n        self.x.append(T)\na = A()\n"
        "a.add()\na.say()",
        "['first', *(import), ~]",
        State.PARTIAL,
    ),
    "extended by what is not here": (
        f"from elsewhere import more\n{LOG}    def add(self):\n        self.x.extend(more())\n"
        "a = A()\na.add()\na.say()",
        "['first', *(?), ~]",
        State.PARTIAL,
    ),
    "of a module": (
        "x = ['first']\ndef add(t):\n    x.append(t)\nadd('b')\ndef f():\n    see(x)",
        "['first', *('b'), ~]",
        State.TRACED,
    ),
    "of a module, extended by what is not here": (
        "from elsewhere import more\nx = ['first']\ndef add():\n    x.extend(more())\nadd()\n"
        "def f():\n    see(x)",
        "['first', *(?), ~]",
        State.PARTIAL,
    ),
    "shortened too": (
        f"{LOG}    def add(self, t):\n        self.x.append(t)\n    def cut(self):\n"
        "        self.x.pop(0)\na = A()\na.add('b')\na.say()",
        "['first', *('b'), ~]",
        State.TRACED,
    ),
    "only shortened": (
        f"{LOG}    def cut(self):\n        self.x.pop()\na = A()\na.say()",
        "['first', ~]",
        State.KNOWN,
    ),
}


@pytest.mark.parametrize("name", LISTS)
def test_a_list_that_grows(name: str) -> None:
    text, shown, known = LISTS[name]
    assert look(text) == shown
    assert state(text) is known


def test_a_list_that_grows_moves_between_calls() -> None:
    text = f"{LOG}    def add(self, t):\n        self.x.append(t)\na = A()\na.add('b')\na.say()"
    assert keys(text) == ["event"]
    assert why(seen(text)) == ["grows over time"]


# --- dicts ----------------------------------------------------------------------------------------

TABLE = """\
class A:
    def __init__(self):
        self.x = {'a': 1}
    def say(self):
        see(self.x)
"""

DICTS = {
    "an entry": (
        f"{TABLE}    def put(self):\n        self.x['b'] = 2\na = A()\na.put()\na.say()",
        "{'a': 1, 'b'?: 2, ~}",
        State.KNOWN,
    ),
    "an entry by a name that is handed in": (
        f"{TABLE}    def put(self, k, v):\n        self.x[k] = v\na = A()\na.put('b', 2)\na.say()",
        "{'a': 1, 'b'?: 2, ~}",
        State.KNOWN,
    ),
    "one of two names": (
        f"{TABLE}    def put(self, q):\n        self.x['b' if q else 'c'] = 2\n"
        "a = A()\ndef f(q):\n    a.put(q)\n    a.say()",
        "{'a': 1, 'b'?: 2, 'c'?: 2, ~}",
        State.KNOWN,
    ),
    "set again": (
        f"{TABLE}    def put(self):\n        self.x['a'] = 2\na = A()\na.put()\na.say()",
        "{'a': <1 | 2>, ~}",
        State.KNOWN,
    ),
    "a list that stands there": (
        f"{TABLE}    def put(self, k, v):\n        self.x[k].append(v)\na = A()\n"
        "a.put('b', 2)\na.say()",
        "{'a': 1, 'b'?: [*(2), ~], ~}",
        State.TRACED,
    ),
    "of what is not here": (
        f"from elsewhere import v\n{TABLE}    def put(self):\n        self.x['b'] = v\n"
        "a = A()\na.put()\na.say()",
        "{'a': 1, 'b'?: import, ~}",
        State.PARTIAL,
    ),
    "updated by what is not here": (
        f"from elsewhere import more\n{TABLE}    def put(self):\n        self.x.update(more())\n"
        "a = A()\na.put()\na.say()",
        "{'a': 1, ~}",
        State.PARTIAL,
    ),
    "a name that is not here": (
        f"from elsewhere import k\n{TABLE}    def put(self):\n        self.x[k] = 2\n"
        "a = A()\na.put()\na.say()",
        "{'a': 1, import?: 2, ~}",
        State.PARTIAL,
    ),
    "updated": (
        f"{TABLE}    def put(self, v):\n        self.x.update({{'b': v}}, c=3)\na = A()\n"
        "a.put(2)\na.say()",
        "{'a': 1, 'b'?: 2, 'c'?: 3, ~}",
        State.KNOWN,
    ),
    "a default": (
        f"{TABLE}    def put(self):\n        self.x.setdefault('b', 2)\na = A()\na.put()\na.say()",
        "{'a': 1, 'b'?: 2, ~}",
        State.KNOWN,
    ),
    "merged": (
        f"{TABLE}    def put(self, more):\n        self.x |= more\na = A()\na.put({{'b': 2}})\n"
        "a.say()",
        "{'a': 1, ~}",
        State.PARTIAL,
    ),
    "updated in a module": (
        "x = {'a': 1}\ndef put(v):\n    x.update(b=v)\nput(2)\ndef f():\n    see(x)",
        "{'a': 1, 'b'?: 2, ~}",
        State.KNOWN,
    ),
    "only taken out": (
        f"{TABLE}    def cut(self):\n        self.x.pop('a')\na = A()\na.say()",
        "{'a': 1, ~}",
        State.KNOWN,
    ),
}


@pytest.mark.parametrize("name", DICTS)
def test_a_dict_that_grows(name: str) -> None:
    text, shown, known = DICTS[name]
    assert look(text) == shown
    assert state(text) is known


# --- why a container is open ----------------------------------------------------------------------


def test_the_unseen_comes_before_the_uncounted() -> None:
    assert opened("", Uncounted("a"), "b") == "b"
    assert opened(Uncounted("a"), Uncounted("b")) == "a"
    assert isinstance(opened(Uncounted("a"), Entered("b", "http")), Uncounted)
    assert opened("", "") == ""


def test_what_is_entered_says_where() -> None:
    reason = Entered("rows", "database")
    assert (reason, reason.entry) == ("rows", "database")
    assert isinstance(reason, Uncounted)


OPEN = {
    "a comprehension": ("def f(xs):\n    see(['a' for x in xs])", Uncounted, ""),
    "a generator": ("def h():\n    yield 'a'\nsee(list(h()))", Uncounted, ""),
    "a parameter spread": ("def f(kw):\n    see({'a': 1, **kw})", Entered, "parameter"),
    "rows of a database": (
        "def f(db):\n    see({'a': 1, **db.execute('select').fetchone()})",
        Entered,
        "database",
    ),
    "a web request": (
        "import requests\nsee({'a': 1, **requests.get('https://a.b').json()})",
        Entered,
        "http",
    ),
    "what is not here": ("from elsewhere import kw\nsee({'a': 1, **kw})", str, ""),
    "both": (
        "from elsewhere import kw\ndef f(more):\n    see({'a': 1, **more, **kw})",
        str,
        "",
    ),
}


@pytest.mark.parametrize("name", OPEN)
def test_why_it_is_open(name: str) -> None:
    text, kind, entry = OPEN[name]
    value = seen(text)
    assert isinstance(value, (Sequence, Mapping))
    assert type(value.open) is kind
    assert getattr(value.open, "entry", "") == entry
    told = state(text)
    assert told is (State.PARTIAL if kind is str else State.TRACED)
    assert not entry or entry in ENTRIES


# --- containers and records of libraries ----------------------------------------------------------

MODEL = "from pydantic import BaseModel\nclass M(BaseModel):\n    a: str = 'x'\n    b: int = 2\n"
RECORDS = {
    "a defaultdict": (
        "from collections import defaultdict\nd = defaultdict(list)\nsee(d)",
        "{??: [], ~}",
        State.TRACED,
    ),
    "an entry of a defaultdict": (
        "from collections import defaultdict\nd = defaultdict(lambda: 'x')\nd['a'] = 'y'\n"
        "see(d['a'])",
        "'y'",
        State.KNOWN,
    ),
    "any entry of a defaultdict": (
        "from collections import defaultdict\nd = defaultdict(lambda: 'x')\ndef f(k):\n"
        "    see(d[k])",
        "'x'",
        State.KNOWN,
    ),
    "dumped": (f"{MODEL}see(M(a='y').model_dump())", "{'a'?: 'y', 'b'?: 2}", State.KNOWN),
    "dumped in the old way": (f"{MODEL}see(M().dict())", "{'a'?: 'x', 'b'?: 2}", State.KNOWN),
    "a named tuple": (
        "from typing import NamedTuple\nclass T(NamedTuple):\n    a: str = 'x'\nsee(T()._asdict())",
        "{'a'?: 'x'}",
        State.KNOWN,
    ),
    "as a dict": (
        "from dataclasses import asdict, dataclass\n@dataclass\nclass D:\n    a: str = 'x'\n"
        "see(asdict(D()))",
        "{'a'?: 'x'}",
        State.KNOWN,
    ),
    "dumped as JSON": (f"{MODEL}see(M(a='y').model_dump_json())", "?", State.TRACED),
    "validated": (f"{MODEL}see(M.model_validate({{'a': 'y'}}).a)", "'y'", State.KNOWN),
    "validated, by default": (f"{MODEL}see(M.model_validate({{}}).a)", "'x'", State.KNOWN),
    "validated from a parameter": (
        f"{MODEL}def f(data):\n    see(M.model_validate(data).a)",
        "<'x' | ?>",
        State.TRACED,
    ),
    "validated from what is not here": (
        f"from elsewhere import data\n{MODEL}see(M.model_validate(data).a)",
        "<'x' | ?>",
        State.PARTIAL,
    ),
    "copied": (f"{MODEL}see(M(a='y').model_copy().a)", "'y'", State.KNOWN),
    "copied and changed": (
        f"{MODEL}see(M(a='y').model_copy(update={{'a': 'z'}}).a)",
        "'z'",
        State.KNOWN,
    ),
    "copied and changed elsewhere": (
        f"{MODEL}see(M(a='y').model_copy(update={{'a': 'z'}}).b)",
        "2",
        State.KNOWN,
    ),
    "replaced": (
        "from dataclasses import dataclass, replace\n@dataclass\nclass D:\n    a: str = 'x'\n"
        "see(replace(D('y'), a='z').a)",
        "'z'",
        State.KNOWN,
    ),
    "a named tuple replaced": (
        "from typing import NamedTuple\nclass T(NamedTuple):\n    a: str = 'x'\n"
        "see(T()._replace(a='z').a)",
        "'z'",
        State.KNOWN,
    ),
    "changed by what is not here": (
        f"from elsewhere import more\n{MODEL}see(M(a='y').model_copy(update=more).a)",
        "?",
        State.UNKNOWN,
    ),
    "a typed dict": (
        "from typing import TypedDict\nclass T(TypedDict):\n    a: str\nsee(T(a='x'))",
        "{'a': 'x'}",
        State.KNOWN,
    ),
    "a buffer": (
        "import io\ndef f():\n    b = io.StringIO()\n    b.write('x')\n    see(b.getvalue())",
        "?",
        State.TRACED,
    ),
    "a buffer of a parameter": (
        "import io\ndef f(q):\n    b = io.StringIO()\n    b.write(q)\n    see(b.getvalue())",
        "?",
        State.TRACED,
    ),
    "a buffer of what is not here": (
        "import io\nfrom elsewhere import Q\ndef f():\n    b = io.StringIO()\n    b.write(Q)\n"
        "    see(b.getvalue())",
        "?",
        State.UNKNOWN,
    ),
    "a model of keywords that are handed in": (
        f"{MODEL}def f(kw):\n    see(M(**kw).a)",
        "<'x' | ?>",
        State.TRACED,
    ),
    "a model of keywords": (f"{MODEL}see(M(**{{'a': 'y'}}).b)", "2", State.KNOWN),
    "a buffer that an object that is not here fills": (
        "import io\nfrom elsewhere import image\ndef f():\n    b = io.BytesIO()\n"
        "    image.save(b)\n    see(b.getvalue())",
        "?",
        State.UNKNOWN,
    ),
    "a buffer of an image that a library made smaller": (
        "import io\nfrom PIL import Image\ndef f(data):\n    image = Image.open(data)\n"
        "    if image.width > 9:\n        image = image.resize((9, 9), Image.LANCZOS)\n"
        "    b = io.BytesIO()\n"
        "    image.save(b)\n    see(b.getvalue())",
        "?",
        State.TRACED,
    ),
    "a buffer that a library fills": (
        "import io\ndef f(image):\n    b = io.BytesIO()\n    image.save(b)\n    see(b.getvalue())",
        "?",
        State.TRACED,
    ),
}


@pytest.mark.parametrize("name", RECORDS)
def test_records(name: str) -> None:
    text, shown, known = RECORDS[name]
    assert look(text) == shown
    assert state(text) is known


GROUPED = """\
def f(rows):
    groups = {}
    for row in rows:
        day = row['day']
        if day not in groups:
            groups[day] = []
        groups[day].append(row)
    lines = []
    for day in sorted(groups):
        lines.append(f'--- {day}')
        for row in groups[day][:9]:
            lines.append(f'{row}')
    see(lines)
"""


def test_what_is_put_into_a_group_is_in_it() -> None:
    found = judge(seen(GROUPED), Callers(reader("")))
    assert found.state is State.TRACED
    assert {leaf.entry for leaf in found.leaves if leaf.reason} == {"parameter"}
    assert state(GROUPED.replace("append(row)", "append(mystery)")) is State.PARTIAL


def test_a_change_under_a_key_that_is_not_known_is_not_lost() -> None:
    text = "def f(k):\n    x = {'a': ['b']}\n    x[k] = ['c']\n    x[k].append(mystery)\n    see(x)"
    assert state(text) is State.PARTIAL


def test_the_rounds_of_a_loop_are_seen_from_within_the_loops_behind_it() -> None:
    text = """\
def f(rows):
    found = []
    for row in rows:
        found.append(row)
    lines, seen = [], []
    for a in found:
        seen.append(a)
        for b in found:
            lines.append(f'{a} {b}')
    see(lines)
"""
    found = judge(seen(text), Callers(reader("")))
    assert {leaf.entry for leaf in found.leaves if leaf.reason} == {"parameter"}


# --- lists of many forms --------------------------------------------------------------------------


def test_what_a_list_of_many_forms_may_hold_is_kept() -> None:
    text = "def f(a):\n    x = ['head']\n" + "".join(
        f"    if a.n{n}:\n        x.append('yes{n}')\n    else:\n        x.append('no{n}')\n"
        for n in range(4)
    )
    found = judge(seen(f"{text}    see(x)"), Callers(reader("")))
    assert found.state is State.KNOWN
    assert len(found.leaves) == 9  # the head and what each of four branches adds
    mixed = text.replace("'no2'", "mystery")
    assert state(f"{mixed}    see('\\n'.join(x))") is State.PARTIAL


# --- nothing seen in them -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "x = []\nservice.on_row(lambda row: x.append(row))\nsee([f'a {r}' for r in x])",
            State.PARTIAL,
        ),
        ("x = {}\nservice.fill(x)\nfor r in x:\n    y = f'a {r}'\nsee(y)", State.PARTIAL),
        (
            "def f(x):\n    see(['a', *[f'{r}' for r in x]])\nf([])",
            State.KNOWN,
        ),
    ],
    ids=["filled by a callback", "filled by a service", "handed on empty"],
)
def test_an_item_of_a_named_list_that_nothing_is_seen_in_is_no_literal(
    text: str, expected: State
) -> None:
    assert state(text) is expected


# --- loops within loops ---------------------------------------------------------------------------

FOUND = """\
def rows(q):
    out = []
    for hit in input(q).split():
        out.append(f'<{hit}>')
    return out
def merged(qs):
    found, names = [], []
    for q in qs:
        names.append(q)
        for row in rows(q):
            found.append(row)
    return found
def ask(qs):
    lines, log = [], []
    for q in qs:
        for each in merged([q]):
            lines.append(f'- {each}')
            log.append(each)
    return lines
see(NEWLINE.join(ask([input()])))
""".replace("NEWLINE", repr("\n"))

HANDED_DOWN = """\
a, b, c, d, e, f = ['1'], [], [], [], [], []
for r in input().split():
    f = [f'{x}' for x in e]
    e = [x for x in d]
    d = [x for x in c]
    c = [x for x in b]
    b = [x for x in a]
    a = [r]
see('\\n'.join(f))
"""


def test_what_helpers_fill_in_loops_is_followed_through_the_loops_of_those_who_call_them() -> None:
    assert look(FOUND) == "*('\\n' + '- ' + ?)"
    assert state(FOUND) is State.TRACED
    assert why(seen(FOUND)) == ["an item of the loop at line 16"]
    (leaf,) = [leaf for leaf in judge(seen(FOUND), Callers(reader(""))).leaves if leaf.reason]
    assert leaf.entry == "turn"  # what somebody types, three functions away


def test_what_many_lists_of_one_loop_hand_to_each_other_is_open() -> None:
    assert state(HANDED_DOWN) is State.PARTIAL
    assert state(HANDED_DOWN.replace("for x in b]", "for x in a]")) is State.PARTIAL


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("see([f'a {r}' for r in x])", State.PARTIAL),
        ("y = 'b'\nfor r in x:\n    y += f'a {r}'\nsee(y)", State.PARTIAL),
        ("see([f'a {r}{q}' for q in ('c', 'd') for r in x])", State.PARTIAL),
    ],
    ids=["comprehension", "loop", "inner generator"],
)
def test_what_is_made_of_each_item_of_a_list_that_lacks_some_is_open(
    text: str, expected: State
) -> None:
    head = "x = ['one']\nx[2]['k'] = 'two'\n"
    assert state(f"{head}{text}") is expected
    assert state(f"x = ['one']\nx.append('two')\n{text}") is not State.PARTIAL


# --- set in place ---------------------------------------------------------------------------------

GROUPS = """\
from collections import defaultdict
x = defaultdict(lambda: {'n': 0, 'rows': []})
for r in input().split():
    x[r]['n'] += 1
    x[r]['rows'].extend([WHAT])
    x[r]['last'] = WHAT
see([f"{k}: {v['rows']} {v['last']}" for k, v in x.items()])
"""
REQUIRED = """\
from pydantic import BaseModel, Field
class Asked(BaseModel):
    text: str = Field(..., min_length=1)
def f(a: Asked):
    see(f'x {a.text}')
"""


@pytest.mark.parametrize(
    ("text", "expected", "is_state"),
    [
        (
            "x = input().split()\nfor i, p in enumerate(x):\n    x[i] = 'b'\nsee(' '.join(x))",
            "*(' ' + ?) + *(' b')",
            State.TRACED,
        ),
        (
            "x = input().split()\nx[0] = 'a'\nx[1] = 'b'\nsee(' '.join(x))",
            "'a' + *(' ' + ?) + ' ' + 'b'",
            State.TRACED,
        ),
        ("x = ['a', 'b']\nx[int(input())] = mystery()\nsee(x)", None, State.PARTIAL),
        (
            "x = [{'r': i} for i in input().split()]\nx[-1]['c'] = 'k'\nsee(x)",
            "[*({'r': ?, 'c'?: 'k'}), ~]",
            State.TRACED,
        ),
        (
            "x = [{'r': i} for i in input().split()]\nx[-1]['c'] = mystery()\nsee(x)",
            None,
            State.PARTIAL,
        ),
        (
            "x = [{'r': i} for i in input().split()]\nx[-1]['cache_control'] = {}\nsee(x)",
            "[*({'r': ?}), ~]",
            State.TRACED,
        ),
        ("x = {'a': 'one'}\nx['a'] += input()\nsee(x['a'])", "'one' + ?", State.TRACED),
        ("x = {'a': 'one'}\nx['a'] += mystery()\nsee(x['a'])", "'one' + ?", State.PARTIAL),
        ("x = {'a': [1]}\nx['a'] += [input()]\nsee(x)", "{'a': [1, ?]}", State.TRACED),
        ("x = {'a': 1}\nx['a'] -= 1\nsee(x)", "{'a': ?}", State.TRACED),
        (GROUPS.replace("WHAT", "r"), None, State.TRACED),
        (GROUPS.replace("WHAT", "mystery()"), None, State.PARTIAL),
        ("x = {'a': {'b': 1}}\nx[input()]['b'] = 2\nsee(x)", None, State.PARTIAL),
        (REQUIRED, "'x ' + <? | ?>", State.TRACED),
    ],
    ids=[
        *("an item", "items of a cut text", "an unseen item", "in an item", "unseen in an item"),
        *("a marker in an item", "added inside", "unseen added inside", "items added inside"),
        *("counted inside", "in groups", "unseen in groups", "under one of known keys"),
        "a field that has to be given",
    ],
)
def test_what_is_set_in_place_is_kept(text: str, expected: str | None, is_state: State) -> None:
    assert state(text) is is_state
    if expected is not None:
        assert look(text) == expected


# --- what stays empty -----------------------------------------------------------------------------

STUB = """\
class A:
    def decide(self, q, rows, n):
        if not rows:
            return q
        return BODY
    def say(self, q):
        rows = []
        q = self.decide(q, rows, n=2)
        y = ['first', *[f'- {r}' for r in rows]]
        for r in rows:
            y.append(f'- {r}')
        see(y)
A().say('q')
"""


@pytest.mark.parametrize(
    "body",
    ["[r for r in rows]", "len(rows)", "self.decide(q, rows[0], n)", "f'{rows}'", "sorted(rows)"],
)
def test_a_list_that_is_only_read_stays_empty(body: str) -> None:
    text = STUB.replace("BODY", body)
    assert look(text) == "['first']"
    assert state(text) is State.KNOWN


@pytest.mark.parametrize(
    "body",
    ["q.fill(rows)", "rows", "self.keep(rows)", "lambda r: rows.append(r)", "service.add(rows)"],
)
def test_a_list_that_somebody_else_gets_hold_of_may_be_filled(body: str) -> None:
    text = STUB.replace("BODY", body)
    if body == "lambda r: rows.append(r)":
        text = text.replace("q = self.decide(q, rows, n=2)", f"q.each({body})")
    assert state(text) is State.PARTIAL


# --- filled by functions inside -------------------------------------------------------------------

INSIDE = {
    "called": (
        "    def add(t):\n        x.append(f'- {t}')\n    add('a')\n    add(q)\n",
        "['h', *('- ' + ?), *('- a'), ~]",
        State.TRACED,
    ),
    "handed on": (
        "    def add(t):\n        x.append(f'- {t}')\n    service.each(add)\n",
        "['h', *('- ' + ?), ~]",
        State.TRACED,
    ),
    "made for it": (
        "    def make(y):\n        def add(t):\n            y.append(f'- {t}')\n"
        "        return add\n    service.each(make(x))\n",
        "['h', *('- ' + ?), ~]",
        State.TRACED,
    ),
    "with what isn't seen": (
        "    def add(t):\n        x.append(mystery(t))\n    service.each(add)\n",
        "['h', *(?), ~]",
        State.PARTIAL,
    ),
    "bound anew": (
        "    def add(t):\n        nonlocal x\n        x = mystery(t)\n    service.each(add)\n",
        None,
        State.PARTIAL,
    ),
    "of its own name": (
        "    def add(t):\n        x = []\n        x.append(t)\n    service.each(add)\n",
        "['h']",
        State.KNOWN,
    ),
}


@pytest.mark.parametrize("name", INSIDE)
def test_what_functions_inside_put_into_a_list_is_in_it(name: str) -> None:
    body, expected, is_state = INSIDE[name]
    text = f"def f(q):\n    x = ['h']\n{body}    see(x)\nf(input())\n"
    assert state(text) is is_state
    if expected is not None:
        assert look(text) == expected


# --- rounds that end early ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "expected", "is_state"),
    [
        ("if m:\n        x = m\n        break", "<'h' | ?>", State.TRACED),
        (
            "try:\n        x = mystery()\n        break\n    except E:\n        pass",
            None,
            State.PARTIAL,
        ),
        ("if m:\n        x = 'a'\n        continue\n    x = 'b'", "<'h' | 'b' | 'a'>", State.KNOWN),
        ("if not m:\n        continue\n    x = 'b'", "<'h' | 'b'>", State.KNOWN),
    ],
    ids=["break", "break in try", "continue", "nothing set in front"],
)
def test_what_a_branch_sets_before_it_ends_a_round_is_kept(
    body: str, expected: str | None, is_state: State
) -> None:
    text = f"x = 'h'\nfor m in input().split():\n    {body}\nsee(x)"
    assert state(text) is is_state
    if expected is not None:
        assert look(text) == expected


def test_what_is_added_before_a_round_ends_early_is_kept() -> None:
    text = (
        "x = ['h']\nfor m in input().split():\n    if m == 'a':\n        x.append('one')\n"
        "        continue\n    x.append('two')\nsee(x)"
    )
    assert look(text) == "['h', *('two'), *('one'), ~]"


def test_a_name_is_written_out_where_known_arguments_close_every_way_to_it() -> None:
    closed = "def f(a):\n    if a:\n        x = 'b'\n    else:\n        return\n    see(x)\n"
    assert state(f"{closed}f(None)") is State.TRACED
    text = "def f(a):\n    with mystery(a) as (y, z):\n        del x\n    see(x)\nf(input())"
    assert state(text) is State.UNKNOWN


# --- a loop with an else --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "rest", "expected"),
    [
        ("if m:\n        x = 'a'\n        break", "x = 'b'", "<'b' | 'a'>"),
        ("if m:\n        break\n    x = 'a'", "x = 'b'", "<'b' | 'h' | 'a'>"),
        ("x = 'a'", "x = 'b'", "'b'"),
        ("if m:\n        x = 'a'\n        break", "x = 'b'\n    raise E", "'a'"),
    ],
    ids=["set before the break", "left as it was", "no break", "an else that leaves"],
)
def test_behind_a_loop_the_else_has_run_or_a_break_left_it_out(
    body: str, rest: str, expected: str
) -> None:
    text = f"x = 'h'\nfor m in input().split():\n    {body}\nelse:\n    {rest}\nsee(x)"
    assert look(text) == expected


def test_what_is_set_before_a_break_and_is_not_seen_is_open() -> None:
    text = "for m in input().split():\n    if m:\n        x = mystery()\n        break\n"
    text += "else:\n    x = 'b'\n"
    assert state(f"{text}see(x)") is State.PARTIAL


def test_a_list_that_may_be_unseen_keeps_its_items_in_a_sum() -> None:
    text = "def f(s):\n    h = s.turns\n    if not h:\n        h = []\n    see(h + ['m'])"
    assert look(text) == "[*(?), 'm', ~]"
    assert state(text.replace("s.turns", "mystery()")) is State.PARTIAL


PICKED = """\
def answer(talk):
    while True:
        talk.append(Said("user", input()))
        see([each.content for each in talk if each.role == "system"])
"""


def test_what_is_added_need_not_be_of_the_kind_that_is_picked() -> None:
    def sources(code: str) -> set[Source]:
        return {key.source for key in keys_of(seen(code))}

    assert Source.TURN not in sources(PICKED)
    assert Source.UNKNOWN in sources(PICKED)
    # all that is added shows, or all but a kind
    assert Source.TURN in sources(PICKED.replace(' if each.role == "system"', ""))
    assert Source.TURN in sources(PICKED.replace("==", "!="))
