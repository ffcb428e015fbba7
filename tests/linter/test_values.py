"""Expression -> value, one step of reading after the other; what can't be seen says why."""

from __future__ import annotations

import pytest
from reading import keys, look, seen, why

from skinflint.linter import operations as ops
from skinflint.linter.spans import Span
from skinflint.linter.values import Known, Source, Text, Unknown

HERE = Span("app.py", 1, 1, 1, 2)

SHAPES = {
    # texts
    "a constant": ("X = 'a'\nsee(X)", "'a'"),
    "a constant that stands further down": ("def f():\n    see(X)\nX = 'a'", "'a'"),
    "a constant bound again": ("X = 'a'\ndef f():\n    see(X)\nX = 'b'", "'b'"),
    "a local name hides it": ("X = 'a'\ndef f():\n    X = 'b'\n    see(X)", "'b'"),
    "an f-string of constants": ("X = 1\ndef f():\n    y = 'u'\n    see(f'{y}{X}')", "'u1'"),
    "an f-string with a hole": ("def f(n):\n    see(f'a{n}b')", "'a' + ? + 'b'"),
    "joined literals": ("see('a' 'b' f'c{1}' 'd')", "'abc1d'"),
    "conversions and formats": (
        "see(f\"{'a'!r} {3.14159:.2f} {5:03d} {'a':>3}\")",
        "\"'a' 3.14 005   a\"",
    ),
    "plus": ("see('a' + 'b' + str(3))", "'ab3'"),
    "plus with a hole": ("def f(n):\n    see('a' + n + 'b')", "'a' + ? + 'b'"),
    "times": ("see('ab' * 3)", "'ababab'"),
    "percent": ("see('%s-%d%%' % ('a', 3))", "'a-3%'"),
    "percent with a width": ("see('%5.1f|%03d|%r' % (3.14159, 7, 'a'))", "\"  3.1|007|'a'\""),
    "percent by name": ("see('%(a)s!' % {'a': 'x'})", "'x!'"),
    "percent with a hole": ("def f(n):\n    see('a%sb' % n)", "'a' + ? + 'b'"),
    "format": ("see('{}-{x}'.format('a', x=2))", "'a-2'"),
    "format by number": ("see('{0}{1}{0}'.format('a', 'b'))", "'aba'"),
    "format of doubled braces": ("see('{{}} {}'.format(1))", "'{} 1'"),
    "format with a hole": ("def f(n):\n    see('a{n}b'.format(n=n))", "'a' + ? + 'b'"),
    "join": ("see(', '.join(['a', 'b']))", "'a, b'"),
    "join of a generator": ("see('-'.join(x for x in ['a', 'b']))", "'a-b'"),
    "join with more": ("def f(xs):\n    see('-'.join(['a', *xs]))", "'a' + *('-' + ?)"),
    "dedent": ("import textwrap\nsee(textwrap.dedent('  a\\n    b'))", "'a\\n  b'"),
    "cleandoc": ("from inspect import cleandoc\nsee(cleandoc('a\\n    b'))", "'a\\nb'"),
    "methods of a text": ("see(' Ab '.strip().upper().replace('B', 'x'))", "'Ax'"),
    "split": ("see('a,b'.split(','))", "['a', 'b']"),
    "replace around a hole": ("def f(n):\n    see(f'a{n}a'.replace('a', 'b'))", "'b' + ? + 'b'"),
    "str of anything": ("see(str(None) + str(1.5) + str(True))", "'None1.5True'"),
    # conditions
    "a conditional": ("def f(q):\n    see('a' if q else 'b')", "<'a' | 'b'>"),
    "a conditional that is settled": ("ON = False\nsee('a' if ON else 'b')", "'b'"),
    "a conditional in a text": ("def f(q):\n    see('a' + ('b' if q else ''))", "'a' + <'b' | ''>"),
    "or": ("see(None or 'd')", "'d'"),
    "or of a parameter": ("def f(q):\n    see(q or 'd')", "<? | 'd'>"),
    "and": ("see('a' and 'b')", "'b'"),
    "not": ("see(not 'a')", "False"),
    # mappings
    "a dict": ("see({'a': 1, 'b': {'c': 2}})", "{'a': 1, 'b': {'c': 2}}"),
    "dict()": ("see(dict(a=1, **{'b': 2}))", "{'a': 1, 'b': 2}"),
    "dict() of pairs": ("see(dict([('a', 1), ('b', 2)]))", "{'a': 1, 'b': 2}"),
    "spread": ("X = {'a': 1, 'b': 1}\nsee({**X, 'b': 2})", "{'a': 1, 'b': 2}"),
    "spread under a condition": (
        "def f(q):\n    see({'a': 1, **({'b': 2} if q else {})})",
        "{'a': 1, 'b'?: 2}",
    ),
    "the union of dicts": ("see({'a': 1} | {'b': 2})", "{'a': 1, 'b': 2}"),
    "an entry": ("X = {'a': {'b': 'c'}}\nsee(X['a']['b'])", "'c'"),
    "one of the entries": (
        "X = {'a': '1', 'b': '2'}\ndef f(name):\n    see(X[name])",
        "<'1' | '2'>",
    ),
    "get": ("X = {'a': 1}\nsee((X.get('a'), X.get('b'), X.get('b', 3)))", "(1, None, 3)"),
    "items": ("see({k: v.upper() for k, v in {'a': 'x'}.items()})", "{'a': 'X'}"),
    # sequences
    "stars": ("see([*['a'], *('b',), 'c'])", "['a', 'b', 'c']"),
    "sums of lists": ("see(['a'] + ['b'])", "['a', 'b']"),
    "slices": (
        "X = [1, 2, 3, 4]\nsee((X[0], X[-1], X[1:], X[:-1], X[::2]))",
        "(1, 4, [2, 3, 4], [1, 2, 3], [1, 3])",
    ),
    "unpacking": ("a, b = 'x', 'y'\na, b = b, a\nsee(a + b)", "'yx'"),
    "starred unpacking": ("a, *b, c = 1, 2, 3, 4\nsee((a, b, c))", "(1, [2, 3], 4)"),
    "starred unpacking of one": ("a, *b = [1, 2]\nsee(b)", "[2]"),
    "nested unpacking": ("(a, b), c = (1, 2), 3\nsee((a, b, c))", "(1, 2, 3)"),
    "a comprehension of literals": (
        "see([{'t': x} for x in ('a', 'b')])",
        "[{'t': 'a'}, {'t': 'b'}]",
    ),
    "a comprehension with a test": ("see([x for x in (1, 2, 3) if x != 2])", "[1, 3]"),
    "a comprehension of what isn't here": (
        "def f(xs):\n    see([{'t': x} for x in xs])",
        "[*({'t': ?}), ~]",
    ),
    "list()": ("see(list(('a', 'b')))", "['a', 'b']"),
    "copies": (
        "import copy\nX = [1]\nsee((copy.copy(X), copy.deepcopy(X), X.copy(), X[:]))",
        "([1], [1], [1], [1])",
    ),
    "enumerate and zip": (
        "see([(i, x, y) for i, (x, y) in enumerate(zip('a b'.split(), (1, 2)))])",
        "[(0, 'a', 1), (1, 'b', 2)]",
    ),
    "sorted": ("see(sorted({'b', 'a'}))", "['a', 'b']"),
    # outside
    "an environment variable": ("import os\nsee(os.environ['M'])", "?"),
    "its default": ("import os\nsee(os.environ.get('M', 'd'))", "<'d' | ?>"),
    "its default by or": ("import os\nsee(os.getenv('M') or 'd')", "<? | 'd'>"),
    # enums
    "a member of an enum": ("import enum\nclass M(enum.Enum):\n    A = 'a'\nsee(M.A.value)", "'a'"),
    "a member that is looked up by its value": (
        "import enum\nclass M(enum.Enum):\n    A = 'a'\n    B = 'b'\nP = {M.A: 1, M.B: 2}\n"
        "see(P[M('b')])",
        "2",
    ),
    "a look-up that can't fail": (
        "P = {'a': 1, 'b': 2}\ndef f(key):\n    try:\n        return P[key]\n"
        "    except KeyError:\n        return 3\nsee(f('b'))",
        "2",
    ),
    "a look-up that may fail": (
        "P = {'a': 1, 'b': 2}\ndef f(key):\n    try:\n        return P[key]\n"
        "    except KeyError:\n        return 3\nsee(f(key))",
        "<1 | 2 | 3>",
    ),
    "a look-up that fails": (
        "P = {'a': 1, 'b': 2}\ndef f(key):\n    try:\n        return P[key]\n"
        "    except KeyError:\n        return 3\nsee(f('c'))",
        "<? | 3>",
    ),
    "a value that no member has": (
        "import enum\nclass M(enum.Enum):\n    A = 'a'\nsee(M('c'))",
        "?",
    ),
    "a StrEnum": ("from enum import StrEnum\nclass M(StrEnum):\n    A = 'a'\nsee(M.A)", "'a'"),
    "a str that is an enum": (
        "from enum import Enum\nclass M(str, Enum):\n    A = 'a'\nsee(M.A)",
        "'a'",
    ),
}


@pytest.mark.parametrize("name", SHAPES)
def test_what_a_value_is(name: str) -> None:
    text, expected = SHAPES[name]
    assert look(text) == expected


REASONS = {
    "a name nobody binds": ("see(foo)", "`foo` is not bound here"),
    "an imported name": ("from .x import foo\nsee(f'{foo}')", "text form of an object"),
    "a parameter": ("def f(n):\n    see(n)", "parameter `n`, whose callers are not here"),
    "an unknown template": (
        "from .x import T\ndef f(n):\n    see(T.format(n=n))",
        "result of .x.T.format(), which is defined elsewhere",
    ),
    "an unbound field": ("see('{a}'.format(b=1))", "a template that lacks a field"),
    "a broken template": ("see('{a'.format(a=1))", "a template that lacks a field"),
    "too few values for percent": ("see('%s %s' % ('a',))", "a formatted text"),
    "a sum of what isn't here": ("def f(a, b):\n    see(a + b)", "sum of unknown values"),
    "a slice of what isn't here": ("def f(a):\n    see(a[:3])", "a slice"),
    "an unknown index": (
        "def f(a):\n    see([1, 2][a])",
        "an element of something that can't be seen",
    ),
    "an index out of range": ("see([1][3])", "an element of something that can't be seen"),
    "a key that isn't there": ("see({'a': 1}['b'])", "an element of something that can't be seen"),
    "what can't be unpacked": (
        "a, b = foo()\nsee(a)",
        "`foo` is not bound here",
    ),
    "a starred target": (
        "def f(xs):\n    a, *b = [1, *xs]\n    see(b)",
        "an element of something that can't be seen",
    ),
    "a comparison": ("def f(a):\n    see(a > 3)", "the outcome of a test"),
    "a list that is multiplied": ("see([0] * 3)", "arithmetic on values"),
    "a function of another module": (
        "from .x import foo\nsee(foo())",
        "result of .x.foo(), which is defined elsewhere",
    ),
    "an attribute of a parameter": (
        "def f(a):\n    see(a.b)",
        "attribute `b` of something that can't be seen",
    ),
    "what a generator is sent": ("def f():\n    see((yield))", "what a generator is sent"),
    "too many alternatives": (
        "X = {'a': 1, 'b': 2, 'c': 3, 'd': 4, 'e': 5, 'f': 6, 'g': 7, 'h': 8, 'i': 9}\n"
        "def f(name):\n    see(X[name])",
        "more than 8 alternatives",
    ),
    "an environment variable": ("import os\nsee(os.environ['M'])", "environment variable M"),
    "spread of what isn't here": (
        "def f(a):\n    see({**a})",
        "parameter `a`, whose callers are not here",
    ),
    "an integer of a thousand digits": ("see(0x" + "f" * 1000 + ")", "a very large number"),
}


@pytest.mark.parametrize("name", REASONS)
def test_why_a_value_is_unknown(name: str) -> None:
    text, reason = REASONS[name]
    assert reason in why(seen(text))


def test_a_declared_name_is_fixed() -> None:
    value = seen("def f(a):\n    see(a)", frozenset({"a"}))
    assert isinstance(value, Unknown)
    assert (value.entry, value.keys) == ("configuration", ())


SOURCES = {
    "nothing": ("see('a')", []),
    "an imported name is fixed": ("from .x import A\nsee(f'a {A}')", []),
    "the environment is fixed": ("import os\nsee(os.environ['A'])", []),
    "who it is about": ("def f(user):\n    see(f'{user.name}')", ["entity"]),
    "what is said": ("def f(question):\n    see(question)", ["turn"]),
    "a condition": ("def f(user):\n    see('a' if user.admin else 'b')", ["entity"]),
    "a random number": ("import random\nsee(random.random())", ["random"]),
    "one of many": ("import random\nsee(random.choice(['a', 'b']))", ["random"]),
    "a uuid": ("import uuid\nsee(f'{uuid.uuid4()}')", ["random"]),
    "a part of a uuid": ("import uuid\nsee(str(uuid.uuid4())[:8])", ["random"]),
    "a uuid of a name": ("import uuid\nsee(uuid.uuid5(uuid.NAMESPACE_DNS, 'x'))", []),
    "a token": ("import secrets\nsee(secrets.token_hex(8))", ["random"]),
    "the place it runs at": ("import os\nsee(os.getcwd())", ["environment"]),
    "a process": ("import os\nsee(os.getpid())", ["environment"]),
    "a clock": ("import time\nsee(time.time())", ["clock:microsecond"]),
    "a condition on the clock": (
        "from datetime import datetime\nsee('a' if datetime.now().hour < 12 else 'b')",
        ["clock:hour"],
    ),
    "whether something has grown old": (
        "import time\ndef f(made, text):\n    see('a' if time.time() - made < 60 else 'b')",
        ["entity"],
    ),
    "whether a pair is there": (
        "import time\ndef f(name):\n    hit = ('a', time.time()) if name else None\n"
        "    see('b' if hit else 'c')",
        ["entity"],
    ),
    # orders
    "a set of texts": ("see(list({'a', 'b'}))", ["order:process"]),
    "a set of one": ("see({'a'})", []),
    "a set of numbers": ("see({1, 2})", []),
    "a set of what isn't here": (
        "def f(tags):\n    see(list(set(tags)))",
        ["order:process", "entity"],
    ),
    "a sorted set": ("see(sorted({'a', 'b'}))", []),
    "the size of a set": ("see(len({'a', 'b'}))", []),
    "whether a set is empty": (
        "def f(q):\n    found = {w for w in q.split()}\n    if not found:\n        return 'none'\n"
        "    return 'some'\ndef g(q):\n    see(f(q))",
        ["entity"],
    ),
    "whether a set is filled": (
        "def f(q):\n    found = {w for w in q.split()}\n    see('some' if found else 'none')",
        ["entity"],
    ),
    "one name of a table made of a set": (
        "def f(names, name):\n    table = {n: n for n in set(names)}\n    see(table[name])",
        ["entity"],
    ),
    "one name that such a table may lack": (
        "def f(names, name):\n    table = {n: n for n in set(names)}\n"
        "    see(table.get(name, 'x'))",
        ["entity", "entity"],
    ),
    "all names of such a table": (
        "def f(names):\n    see(list({n: n for n in set(names)}))",
        ["order:process", "entity"],
    ),
    "an unordered text in a table": (
        "def f(names, name):\n    table = {n: ', '.join(set(n)) for n in names}\n"
        "    see(table[name])",
        ["entity", "order:process"],
    ),
    "a joined set": ("see(', '.join({'a', 'b'}))", ["order:process"]),
    "a set that is filled": (
        "x = set()\nx.add('a')\nx.add('b')\nsee(', '.join(x))",
        ["order:process"],
    ),
    "a directory": ("import os\nsee(os.listdir('.'))", ["order:listing"]),
    "a sorted directory": ("import os\nsee(sorted(os.listdir('.')))", []),
    "a directory's names": (
        "from pathlib import Path\nsee([p.name for p in Path('.').iterdir()])",
        ["order:listing"],
    ),
    "a directory's sorted names": (
        "from pathlib import Path\nsee(sorted(p.name for p in Path('.').iterdir()))",
        [],
    ),
}


@pytest.mark.parametrize("name", SOURCES)
def test_what_a_value_depends_on(name: str) -> None:
    text, expected = SOURCES[name]
    assert keys(text) == expected


def test_results_that_come_in_any_order() -> None:
    text = """\
    from concurrent.futures import as_completed
    def f(jobs):
        see([job.result() for job in as_completed(jobs)])
    """
    assert "order:completion" in keys(text)


NOW = "from datetime import datetime, date, timedelta, timezone\nimport time\n"
CLOCKS = {
    "now": ("f'{datetime.now()}'", "microsecond"),
    "utcnow": ("f'{datetime.utcnow()}'", "microsecond"),
    "a format in an f-string": ("f'{datetime.now():%Y-%m-%d}'", "day"),
    "a finer format in an f-string": ("f'{datetime.now():%Y-%m-%d %H:%M}'", "minute"),
    "a name in the format": ("f'{datetime.now():%Y {foo}}'", None),
    "format()": ("format(datetime.now(), '%Y')", "year"),
    "str.format": ("'{:%H:%M}'.format(datetime.now())", "minute"),
    "str.format by name": ("'{t:%Y}'.format(t=datetime.now())", "year"),
    "percent": ("'%s' % datetime.now()", "microsecond"),
    "strftime": ("datetime.now().strftime('%B %Y')", "month"),
    "strftime in a name": ("datetime.now().strftime(FORMAT)", "day"),
    "strftime that isn't here": ("datetime.now().strftime(foo)", None),
    "strftime of no time": ("datetime.now().strftime('day')", None),
    "isoformat": ("datetime.now().isoformat()", "microsecond"),
    "timespec": ("datetime.now().isoformat(timespec='minutes')", "minute"),
    "timespec by position": ("datetime.now().isoformat(' ', 'seconds')", "second"),
    "date": ("datetime.now().date().isoformat()", "day"),
    "today": ("date.today()", "day"),
    "replace": ("datetime.now(timezone.utc).replace(minute=0, second=0, microsecond=0)", "hour"),
    "year": ("datetime.now().year", "year"),
    "yesterday": ("(datetime.now() - timedelta(days=1)).date()", "day"),
    "another zone": ("datetime.now().astimezone().strftime('%d.%m.')", "day"),
    "the head of str": ("str(datetime.now())[:10]", "day"),
    "the head of isoformat": ("datetime.now().isoformat()[:16]", "minute"),
    "the tail of str": ("str(datetime.now())[11:]", None),
    "a head of unknown length": ("str(datetime.now())[:foo]", None),
    "the head of another format": ("datetime.now().strftime('%d %H:%M')[:10]", None),
    "time.strftime": ("time.strftime('%Y-%m-%d')", "day"),
    "time.strftime of a time": ("time.strftime('%H', time.localtime())", "hour"),
    "time.strftime that isn't here": ("time.strftime(foo)", None),
    "whole seconds": ("int(time.time())", "microsecond"),
    "a fixed date": ("datetime(2020, 1, 1)", None),
    "a fixed time": ("datetime.fromtimestamp(0)", None),
}


@pytest.mark.parametrize("name", CLOCKS)
def test_how_fine_a_clock_shows(name: str) -> None:
    """None: no clock surely shows."""
    expression, unit = CLOCKS[name]
    value = seen(f"{NOW}FORMAT = '%Y-%m-%d'\nsee({expression})")
    units = [
        key.granularity.name.lower() if key.granularity is not None else "microsecond"
        for key in ops.keys_of(value)
        if key.source is Source.CLOCK
    ]
    assert units == ([unit] if unit else [])


class TestOperations:
    """What the operations promise whoever calls them."""

    def test_a_choice_of_one_is_that_one(self) -> None:
        one = Known("a", HERE)
        assert ops.choice([(one, None), (one, HERE)], HERE) is one

    def test_a_choice_of_many_is_unknown(self) -> None:
        values = [(Known(i, HERE), None) for i in range(ops.MOST_ALTERNATIVES + 1)]
        assert isinstance(ops.choice(values, HERE), Unknown)

    def test_true_and_one_are_two(self) -> None:
        value = ops.choice([(Known(True, HERE), None), (Known(1, HERE), None)], HERE)
        assert not isinstance(value, Known)

    def test_a_text_of_constants_is_a_constant(self) -> None:
        assert ops.text([Known("a", HERE), Known("b", HERE)], HERE) == Known("ab", HERE)

    def test_a_text_of_nothing(self) -> None:
        assert ops.text([], HERE) == Known("", HERE)

    def test_a_text_keeps_its_parts(self) -> None:
        hole = Unknown("x", HERE)
        value = ops.text([Known("a", HERE), Text((hole, Known("b", HERE)), HERE)], HERE)
        assert value == Text((Known("a", HERE), hole, Known("b", HERE)), HERE)

    def test_of_a_very_long_text_the_length_is_kept(self) -> None:
        half = Known("a" * ops.MOST_TEXT, HERE)
        value = ops.add(half, half, HERE, ())
        assert isinstance(value, Unknown)
        assert value.chars == (2 * ops.MOST_TEXT, 2 * ops.MOST_TEXT)
        assert value.keys == ()

    def test_counting_the_parts_ends(self) -> None:
        value = ops.add(Known("a", HERE), Unknown("x", HERE, type="str"), HERE, ())
        for _ in range(200):
            value = Text((value, value), HERE)
        assert 100 < ops.weight(value, 100) < 110
