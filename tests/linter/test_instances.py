"""What attributes of instances are worth: constructors, bases, fields, properties, methods."""

from __future__ import annotations

import pytest
from reading import keys, look, seen, why

from skinflint.linter import operations as ops

MADE = """\
class C:
    T = "t"
    def __init__(self, n="d"):
        self.n = n
        self.s = f"<{n}>"
"""
FIELDS = """\
from dataclasses import dataclass, field
@dataclass
class S:
    a: str
    b: str = "b"
    c: list = field(default_factory=list)
    d: list = field(default_factory=lambda: ["x"])
"""
SHAPES = {
    "what the constructor sets": (
        f"{MADE}    def f(self):\n        see((self.n, self.s, self.T))\nC('a').f()",
        "('a', '<a>', 't')",
    ),
    "a default of the constructor": (f"{MADE}c = C()\nsee(c.n)", "'d'"),
    "never constructed here": (f"{MADE}    def f(self):\n        see(self.n)", "<'d' | ?>"),
    "a base that is handed more": (
        "class B:\n    def __init__(self, n):\n        self.n = n\n"
        "class C(B):\n    def __init__(self, m):\n        "
        "super().__init__(m + '!')\n        self.m = m\n"
        "c = C('a')\nsee((c.n, c.m))",
        "('a!', 'a')",
    ),
    "a base called by its name": (
        "class B:\n    def __init__(self, n):\n        self.n = n\n"
        "class C(B):\n    def __init__(self):\n        B.__init__(self, 'b')\nsee(C().n)",
        "'b'",
    ),
    "a base handed another value of the same name": (
        "class B:\n    def __init__(self, n):\n        self.n = n\n"
        "class C(B):\n    def __init__(self, n):\n        "
        "super().__init__(n='fixed')\nsee(C('a').n)",
        "'fixed'",
    ),
    "an inherited constructor": (
        "class B:\n    def __init__(self, n):\n        self.n = n\n"
        "class C(B):\n    pass\nsee(C('a').n)",
        "'a'",
    ),
    "an inherited method": (
        "class B:\n    def f(self):\n        see(self.t())\nclass C(B):\n    "
        "def t(self):\n        return 'c'\nC().f()",
        "'c'",
    ),
    "super()": (
        "class B:\n    def t(self):\n        return 'b'\n"
        "class C(B):\n    def t(self):\n        return super().t() + '+'\nsee(C().t())",
        "'b+'",
    ),
    "class attributes": (
        "class C:\n    M = 'm'\n    class D:\n        X = 1\nsee((C.M, C.D.X))",
        "('m', 1)",
    ),
    "inherited class attributes": (
        "class B:\n    M = 'm'\nclass C(B):\n    pass\nsee((C.M, C().M))",
        "('m', 'm')",
    ),
    "a class attribute that is changed in the body": (
        "class C:\n    x = {'a': 1}\n    x['b'] = 2\nsee(C.x)",
        "{'a': 1, 'b': 2}",
    ),
    "static and class methods": (
        "class C:\n    K = 'k'\n    @staticmethod\n    def s(n):\n        return f's{n}'\n"
        "    @classmethod\n    def c(cls, n):\n        return f'c{n}{cls.K}'\n"
        "    def f(self):\n        see((self.s(1), self.c(2), C.s(3), C.c(4)))",
        "('s1', 'c2k', 's3', 'c4k')",
    ),
    "another constructor": (
        "class C:\n    def __init__(self, n):\n        self.n = n\n    @classmethod\n"
        "    def of(cls, n):\n        return cls(n + '!')\nsee(C.of('a').n)",
        "'a!'",
    ),
    "a property": (
        "class C:\n    @property\n    def t(self):\n        return 'x'\nsee(C().t)",
        "'x'",
    ),
    "a property that is filled once": (
        "class C:\n    _t = None\n    @property\n    def t(self):\n        if self._t is None:\n"
        "            self._t = 'x'\n        return self._t\n    def f(self):\n        see(self.t)",
        "'x'",
    ),
    "set in the same method": (
        "class C:\n    def f(self):\n        self.x = 'a'\n        "
        "self.x += 'b'\n        see(self.x)",
        "'ab'",
    ),
    "keywords": (
        "class C:\n    def __init__(self, **kw):\n        self.kw = kw\nsee(C(a=1).kw)",
        "{'a': 1}",
    ),
    "fields of a dataclass": (
        f"{FIELDS}s = S('a', b='q')\nsee((s.a, s.b, s.c, s.d))",
        "('a', 'q', [], ['x'])",
    ),
    "defaults of a dataclass": (f"{FIELDS}s = S('a')\nsee(s.b)", "'b'"),
    "fields of a model": (
        "from pydantic import BaseModel, Field\nclass S(BaseModel):\n    "
        "a: str = 'x'\n    b: str = Field('y')\n"
        "    c: str = Field(default='z')\ns = S(a='w')\nsee((s.a, s.b, s.c))",
        "('w', 'y', 'z')",
    ),
    "settings": (
        "from pydantic_settings import BaseSettings\nclass S(BaseSettings):\n    "
        "model: str = 'm'\ns = S()\nsee(s.model)",
        "'m'",
    ),
    "a named tuple": (
        "from typing import NamedTuple\nclass P(NamedTuple):\n    a: str\n    "
        "b: str = 'z'\np = P('x')\nsee((p.a, p.b))",
        "('x', 'z')",
    ),
    "an instance of an instance": (
        f"{MADE}class D:\n    def __init__(self):\n        self.c = C('q')\nsee(D().c.s)",
        "'<q>'",
    ),
    "an annotated parameter": (f"{MADE}def f(c: C):\n    see(c.T)", "'t'"),
    "called": (
        "class C:\n    def __call__(self, n):\n        return n + '!'\nsee(C()('a'))",
        "'a!'",
    ),
}


@pytest.mark.parametrize("name", SHAPES)
def test_what_an_attribute_is_worth(name: str) -> None:
    text, expected = SHAPES[name]
    assert look(text) == expected


REASONS = {
    "nobody sets it": ("class C:\n    pass\nsee(C().x)", "attribute `x` of `C` is set elsewhere"),
    "a class without it": ("class C:\n    pass\nsee(C.x)", "class attribute `x`"),
    "another method sets it": (
        "class C:\n    def __init__(self):\n        self.h = 'a'\n    "
        "def g(self, x):\n        self.h = x\n"
        "    def f(self):\n        see(self.h)",
        "`self.h` is assigned by another method",
    ),
    "a method that the constructor calls sets it": (
        "class C:\n    def __init__(self):\n        self.g()\n    "
        "def g(self):\n        self.x = foo()\n"
        "    def f(self):\n        see(self.x)",
        "`self.x` is assigned by another method: `foo` is not bound here",
    ),
    "it grows": (
        "class C:\n    def __init__(self):\n        self.h = []\n    "
        "def g(self, x):\n        self.h.append(x)\n"
        "    def f(self):\n        see(self.h)",
        "grows over time",
    ),
    "never constructed here": (
        "class C:\n    def __init__(self, n):\n        self.n = n\n    "
        "def f(self):\n        see(self.n)",
        "parameter `n`, whose callers are not here",
    ),
    "a base that isn't here": (
        "from .x import B\nclass C(B):\n    def f(self):\n        see(super().t())",
        "a method of a base class that isn't here",
    ),
    "a base that is handed what can't be seen": (
        "class B:\n    def __init__(self, n):\n        self.n = n\n"
        "class C(B):\n    def __init__(self):\n        pass\nsee(C().n)",
        "parameter `n`, whose callers are not here",
    ),
    "a setting that is empty until the environment says it": (
        "from pydantic_settings import BaseSettings\nclass S(BaseSettings):\n    "
        "key: str | None = None\nsee(S().key)",
        "environment variable key",
    ),
    "a required field": (
        "from pydantic import BaseModel, Field\nclass S(BaseModel):\n    "
        "a: str = Field(max_length=3)\nsee(S().a)",
        "a field without a default",
    ),
}


@pytest.mark.parametrize("name", REASONS)
def test_why_an_attribute_is_unknown(name: str) -> None:
    text, reason = REASONS[name]
    assert reason in why(seen(text))


def test_what_grows_is_an_event() -> None:
    assert keys(REASONS["it grows"][0]) == ["event", "entity"]


@pytest.mark.parametrize("decorator", ["functools.cached_property", "cached_property"])
def test_a_cached_property_is_read_once_per_object(decorator: str) -> None:
    text = (
        "import functools, time\nfrom functools import cached_property\n"
        f"class C:\n    @{decorator}\n    def t(self):\n        return time.time()\n"
        "    def f(self):\n        see(f'{self.t}')\nc = C()\ndef g():\n    c.f()"
    )
    assert [[mark.kind.value for mark in key.frame] for key in ops.keys_of(seen(text))] == [
        ["object"]
    ]


@pytest.mark.parametrize(
    ("place", "frame"),
    [
        ("c = C()\ndef g():\n    c.f()", ["object"]),
        ("def g():\n    C().f()", ["function", "object"]),
        ("def g(xs):\n    for x in xs:\n        C().f()", ["function", "loop", "object"]),
        ("def g(xs):\n    c = C()\n    for x in xs:\n        c.f()", ["function", "object"]),
        ("", ["object"]),
    ],
)
def test_what_a_constructor_reads_is_as_old_as_the_object(place: str, frame: list[str]) -> None:
    text = (
        "import time\nclass C:\n    def __init__(self):\n        self.t = time.time()\n"
        f"    def f(self):\n        see(f'{{self.t}}')\n{place}\n"
    )
    assert [[mark.kind.value for mark in key.frame] for key in ops.keys_of(seen(text))] == [frame]
