"""Helpers, lambdas, partials, generators and memoised functions: what a call of them yields."""

from __future__ import annotations

import pytest
from reading import keys, look, seen, why

SHAPES = {
    "a helper": ("def h():\n    return 'a'\nsee(h())", "'a'"),
    "a helper further down": ("def f():\n    see(h())\ndef h():\n    return 'a'", "'a'"),
    "its arguments": ("def h(n, m='d'):\n    return f'{n}-{m}'\nsee(h('a'))", "'a-d'"),
    "arguments by name": ("def h(n, *, m):\n    return f'{n}-{m}'\nsee(h(m='a', n='b'))", "'b-a'"),
    "all kinds of arguments": (
        "def h(n, *args, m='d', **kw):\n    return (n, args, m, kw)\nsee(h('a', 1, 2, m='e', q=3))",
        "('a', (1, 2), 'e', {'q': 3})",
    ),
    "spread arguments": (
        "def h(a, *, b='x'):\n    return (a, b)\nsee(h(*['q'], **{'b': 'z'}))",
        "('q', 'z')",
    ),
    "a mutable default": ("def h(x=[]):\n    return [*x, 'a']\nsee(h())", "['a']"),
    "several results": ("def h():\n    return 'a', ['b']\nx, y = h()\nsee((x, y))", "('a', ['b'])"),
    "a settled test": (
        "def h(q):\n    if q == 'x':\n        return 'a'\n    elif q == 'y':\n        return 'b'\n"
        "    else:\n        return 'c'\nsee(h('y'))",
        "'b'",
    ),
    "an open test": (
        "def h(q):\n    if q:\n        return 'a'\n    return 'b'\ndef f(q):\n    see(h(q))",
        "<'a' | 'b'>",
    ),
    "a try": (
        "def h():\n    try:\n        return 'a'\n    except ValueError:\n        "
        "return 'b'\nsee(h())",
        "<'a' | 'b'>",
    ),
    "nothing returned": ("def h():\n    pass\nsee(h())", "None"),
    "code behind the return": ("def h():\n    x = 1\n    return x\n    x = 2\nsee(h())", "1"),
    "a helper that changes its argument": (
        "def h(kw):\n    kw['b'] = 2\nkw = {'a': 1}\nh(kw)\nsee(kw)",
        "{'a': 1, 'b': 2}",
    ),
    "a lambda": ("h = lambda n: f'<{n}>'\nsee(h('a'))", "'<a>'"),
    "a generator": (
        "def h():\n    yield 'a'\n    yield 'b'\nsee(list(h()))",
        "[*('a'), *('b'), ~]",
    ),
    "awaited": ("async def h():\n    return 'x'\nasync def f():\n    see(await h())", "'x'"),
    "gathered": (
        "import asyncio\nasync def h(n):\n    return 'x' + n\n"
        "async def f():\n    see(await asyncio.gather(h('a'), h('b')))",
        "['xa', 'xb']",
    ),
    "in a thread": (
        "import asyncio\ndef h(n):\n    return 'x' + n\nasync def f():\n    "
        "see(await asyncio.to_thread(h, 'a'))",
        "'xa'",
    ),
    "a partial": (
        "from functools import partial\ndef h(a, b):\n    return f'{a}{b}'\n"
        "p = partial(h, 'a')\nsee(p('b'))",
        "'ab'",
    ),
    "a partial by name": (
        "from functools import partial\ndef h(a, b):\n    return f'{a}{b}'\n"
        "p = partial(h, b='a')\nsee(p('b'))",
        "'ba'",
    ),
    "a partial whose names change": (
        "from functools import partial\ndef h(a, b='x'):\n    return f'{a}{b}'\n"
        "p = partial(h, b='y')\n"
        "see(p('a', b='z'))",
        "'az'",
    ),
    "a context manager": (
        "from contextlib import contextmanager\n@contextmanager\ndef h():\n    yield 'a'\n"
        "with h() as x:\n    see(x)",
        "'a'",
    ),
    "a parameter": ("def f(k):\n    see(k)\nf('a')", "'a'"),
    "a parameter two calls up": (
        "def f(k):\n    see(k)\ndef g(k):\n    f(k + 'b')\ng('a')",
        "'ab'",
    ),
    "a parameter of the function around": (
        "def f(n):\n    def g():\n        see(n)\n    g()\nf('a')",
        "'a'",
    ),
    "a default nobody overrides": ("def f(k='d'):\n    see(k)\ndef g():\n    f()", "'d'"),
    "a default of an entry": ("def f(k='d'):\n    see(k)", "<'d' | ?>"),
    "map": ("def h(n):\n    return n + '!'\nsee(list(map(h, ['a'])))", "[*('a!'), ~]"),
}


@pytest.mark.parametrize("name", SHAPES)
def test_what_a_call_yields(name: str) -> None:
    text, expected = SHAPES[name]
    assert look(text) == expected


REASONS = {
    "recursion": ("def f(n):\n    return f(n)\nsee(f(1))", "f() calls itself"),
    "a method of what isn't here": (
        "def f(db):\n    see(db.rows())",
        "result of .rows(), which can't be seen",
    ),
    "an unknown function": ("def f(g):\n    see(g())", "result of g(), which can't be seen"),
    "a generator": (
        "def h():\n    yield 'a'\nsee(h())",
        "yielded by a generator",
    ),
    "keywords that aren't here": (
        "def f(a, b='x'):\n    see(b)\ndef g(kw):\n    f('a', **kw)",
        "parameter `b`, whose callers are not here",
    ),
    "arguments that aren't here": (
        "def h(**kw):\n    return kw\ndef f(more):\n    see(h(**more))",
        "keywords that can't be seen",
    ),
    "a partial with stars": (
        "from functools import partial\ndef h(*args):\n    return args\nsee(partial(h, 1)(2))",
        "result of a partial that can't be seen",
    ),
    "helpers too deep": (
        "".join(f"def f{i}():\n    return f{i + 1}()\n" for i in range(12))
        + "def f12():\n    return 'a'\nsee(f0())",
        "helpers nested too deeply",
    ),
    "a reply": (
        "import anthropic\nc = anthropic.Anthropic()\nsee(c.messages.create(model='m'))",
        "the reply of a model",
    ),
}


@pytest.mark.parametrize("name", REASONS)
def test_why_a_call_is_unknown(name: str) -> None:
    text, reason = REASONS[name]
    assert reason in why(seen(text))


H = "import time, functools, uuid\n"
SOURCES = {
    "a helper that reads a clock": (
        "def h():\n    return time.time()\nsee(h())",
        ["clock:microsecond"],
    ),
    "code that isn't here may leave a clock out": (
        "from .x import render\nsee(render(now=time.time()))",
        ["unknown"],
    ),
    "code that isn't here is about whom it is given": (
        "from .x import render\ndef f(user):\n    see(render(user))",
        ["entity", "unknown"],
    ),
    "a template that isn't here": (
        "from .x import T\ndef f(user):\n    see(T.format(user=user))",
        ["entity", "unknown"],
    ),
    "a pure function of constants": ("see(str(3))", []),
    "a reply": (
        "import anthropic\nc = anthropic.Anthropic()\nsee(f\"{c.messages.create(model='m')}\")",
        ["call"],
    ),
    "a flag": ("def f(shout=False):\n    see(f'{shout}')", ["unknown"]),
    "a setting": ("def f(settings):\n    see(settings.prompt)", []),
    "an input": ("see(input())", ["turn"]),
    "a counter": ("for i in range(3):\n    see(f'{i}')", ["call"]),
}


@pytest.mark.parametrize("name", SOURCES)
def test_what_a_call_depends_on(name: str) -> None:
    text, expected = SOURCES[name]
    assert keys(H + text) == expected


@pytest.mark.parametrize(
    "decorator", ["functools.lru_cache", "functools.cache", "functools.lru_cache(maxsize=1)"]
)
def test_a_memoised_helper_runs_once(decorator: str) -> None:
    value = f"{H}@{decorator}\ndef h():\n    return time.time()\ndef f():\n    see(f'{{h()}}')"
    from skinflint.linter import operations as ops

    assert [key.frame for key in ops.keys_of(seen(value))] == [()]
