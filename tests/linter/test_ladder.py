"""What must be followed to see the requests of real programs, one step of the ladder after another.

Each group is one step; in each, at least one case ends where nothing can be seen, with the reason.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from trees import model, plant, requests_of, system

from skinflint.linter.callers import LONGEST_CHAIN, MOST_CHAINS


def systems(root: Path, text: str) -> list[str]:
    """The system prompts of all requests of ``app.py``."""
    plant(root, text)
    return [system(request) for request in requests_of(root)]


def models(root: Path, text: str) -> list[str]:
    """The models of all requests of ``app.py``."""
    plant(root, text)
    return [model(request) for request in requests_of(root)]


# --- the call, its module, its function -----------------------------------------------------------

IN_PLACE = {
    "a literal": ("## app.py\nSEND('You sort mail.')", "known 'You sort mail.'"),
    "literals side by side": ("## app.py\nSEND('You ' 'sort.')", "known 'You sort.'"),
    "a block": (
        "## app.py\nSEND([{'type': 'text', 'text': 'You sort.'}])",
        "known 'You sort.'",
    ),
    "a typed block": (
        "## app.py\nfrom anthropic.types import TextBlockParam\n"
        "SEND([TextBlockParam(type='text', text='You sort.')])",
        "known 'You sort.'",
    ),
    "nothing": ("## app.py\nSEND(None)", "absent"),
    "a name that nobody binds": (
        "## app.py\nSEND(NOWHERE)",
        "unknown: `NOWHERE` is not bound here",
    ),
    "such a name in a text": (
        "## app.py\nSEND('You ' + NOWHERE)",
        "partial: `NOWHERE` is not bound here",
    ),
    # constants of the module
    "a constant": ("## app.py\nS = 'You sort.'\ndef f():\n    SEND(S)", "known 'You sort.'"),
    "a constant further down": (
        "## app.py\ndef f():\n    SEND(S)\nS = 'You sort.'",
        "known 'You sort.'",
    ),
    "constants made of constants": (
        "## app.py\nA = 'You'\nS = f'{A} sort.'\ndef f():\n    SEND(S)",
        "known 'You sort.'",
    ),
    "a constant by condition": (
        "## app.py\nimport os\nS = 'a' if os.name == 'nt' else 'b'\ndef f():\n    SEND(f'-{S}')",
        "known '-' + <'a' | 'b'>",
    ),
    "a typed constant": (
        "## app.py\nfrom typing import Final\nS: Final[str] = 'You sort.'\ndef f():\n    SEND(S)",
        "known 'You sort.'",
    ),
    "a constant of a call that is not here": (
        "## app.py\nfrom elsewhere import load\nS = load('system')\ndef f():\n    SEND(S)",
        "unknown: result of elsewhere.load(), which is defined elsewhere",
    ),
    # locals and texts
    "a local": ("## app.py\ndef f():\n    s = 'You sort.'\n    SEND(s)", "known 'You sort.'"),
    "the newest of two": (
        "## app.py\ndef f():\n    s = 'old'\n    s = 'new'\n    SEND(s)",
        "known 'new'",
    ),
    "one of two": (
        "## app.py\ndef f(q):\n    if q:\n        s = 'a'\n    else:\n        s = 'b'\n"
        "    SEND(f'-{s}')",
        "known '-' + <'a' | 'b'>",
    ),
    "an f-string with a parameter": (
        "## app.py\ndef f(q):\n    s = f'About {q}.'\n    SEND(s)",
        "traced 'About ' + ? + '.'",
    ),
    "a format": (
        "## app.py\nT = 'About {topic}.'\ndef f(q):\n    SEND(T.format(topic='mail'))",
        "known 'About mail.'",
    ),
    "percent": ("## app.py\ndef f():\n    SEND('About %s.' % 'mail')", "known 'About mail.'"),
    "joined lines": (
        "## app.py\ndef f():\n    lines = ['a']\n    lines.append('b')\n    SEND('-'.join(lines))",
        "known 'a-b'",
    ),
    "added to": ("## app.py\ndef f():\n    s = 'a'\n    s += 'b'\n    SEND(s)", "known 'ab'"),
    "a local of a call that is not here": (
        "## app.py\nimport elsewhere\ndef f():\n    s = elsewhere.load()\n    SEND(f'You {s}')",
        "partial: result of elsewhere.load(), which is defined elsewhere",
    ),
}


#: What a script sends between two bindings of a name of its own, as it is called.
CALLED_BETWEEN = {
    "before it is bound anew": ("f()\nS = 'You tell.'", ["known 'You sort.'"]),
    "before and behind": ("f()\nS = 'You tell.'\nf()", ["known 'You sort.'", "known 'You tell.'"]),
    "by another function": (
        "def g():\n    f()\ng()\nS = 'You tell.'",
        ["known 'You sort.'"],
    ),
    "in a loop": ("for each in range(3):\n    f()\nS = 'You tell.'", ["known 'You sort.'"]),
    "bound by a function as well": (
        "def g():\n    global S\n    S = 'You tell.'\nf()\nS = 'You tell.'",
        ["known 'You tell.'"],
    ),
    "bound to what can't be seen before": (
        "from elsewhere import S\nf()\nS = 'You tell.'",
        ["unknown: `elsewhere.S` is imported, and its module is not here"],
    ),
}


@pytest.mark.parametrize("name", CALLED_BETWEEN)
def test_a_name_of_a_script_when_it_calls(tmp_path: Path, name: str) -> None:
    text, told = CALLED_BETWEEN[name]
    start = "## app.py\nS = 'You sort.'\ndef f():\n    SEND(S)\n"
    assert systems(tmp_path, start + text) == told


@pytest.mark.parametrize("name", IN_PLACE)
def test_in_the_module(tmp_path: Path, name: str) -> None:
    text, told = IN_PLACE[name]
    assert systems(tmp_path, text) == [told]


# --- attributes of objects ------------------------------------------------------------------------

SENDER = """\
    async def send(self):
        SEND(self.s)
"""
ON_SELF = {
    "in the constructor": (
        f"## app.py\nclass A:\n    def __init__(self):\n        self.s = 'You sort.'\n{SENDER}",
        "known 'You sort.'",
    ),
    "the default of the constructor": (
        f"## app.py\nclass A:\n    def __init__(self, s='You sort.'):\n        self.s = s\n{SENDER}"
        "A()",
        "known 'You sort.'",
    ),
    "what the constructor is handed": (
        f"## app.py\nclass A:\n    def __init__(self, s=''):\n        self.s = s\n"
        f"{SENDER}A('You.')",
        "known 'You.'",
    ),
    "handed in another module": (
        f"## app.py\nclass A:\n    def __init__(self, s):\n        self.s = s\n{SENDER}"
        "## main.py\nfrom app import A\nasync def main():\n    await A('You.').send()",
        "known 'You.'",
    ),
    "a default or": (
        f"## app.py\nclass A:\n    def __init__(self, s=None):\n        self.s = s or 'You.'\n"
        f"{SENDER}"
        "A()",
        "known 'You.'",
    ),
    "of the class": (f"## app.py\nclass A:\n    s = 'You sort.'\n{SENDER}", "known 'You sort.'"),
    "of a dataclass": (
        "## app.py\nfrom dataclasses import dataclass\n@dataclass\nclass A:\n"
        f"    s: str = 'You sort.'\n{SENDER}A()",
        "known 'You sort.'",
    ),
    "a field of a dataclass": (
        "## app.py\nfrom dataclasses import dataclass, field\n@dataclass\nclass A:\n"
        f"    s: str = field(default='You sort.')\n{SENDER}A()",
        "known 'You sort.'",
    ),
    "a field handed in": (
        "## app.py\nfrom dataclasses import dataclass\n@dataclass\nclass A:\n    n: int\n"
        f"    s: str = 'You sort.'\n{SENDER}A(3, 'You.')",
        "known 'You.'",
    ),
    "a model of pydantic": (
        "## app.py\nfrom pydantic import BaseModel, Field\nclass A(BaseModel):\n"
        f"    s: str = Field('You sort.', description='x')\n{SENDER}A()",
        "known 'You sort.'",
    ),
    "a base": (
        "## app.py\nclass B:\n    def __init__(self):\n        self.s = 'You sort.'\n"
        f"class A(B):\n{SENDER}",
        "known 'You sort.'",
    ),
    "a base in another module": (
        "## app.py\nfrom base import B\n"
        f"class A(B):\n{SENDER}"
        "## base.py\nclass B:\n    def __init__(self, s='You sort.'):\n        self.s = s\n",
        "traced 'You sort.'",
    ),
    "through super": (
        "## app.py\nfrom base import B\nclass A(B):\n    def __init__(self):\n"
        f"        super().__init__(s='You.')\n{SENDER}"
        "## base.py\nclass B:\n    def __init__(self, s='You sort.'):\n        self.s = s\n",
        "known 'You.'",
    ),
    "a class default in another module": (
        f"## app.py\nimport base\nclass A(base.B):\n{SENDER}## base.py\nclass B:\n    s = 'You.'\n",
        "known 'You.'",
    ),
    "the derived class says it": (
        "## app.py\nclass B:\n    s = 'b'\n" + SENDER + "## main.py\nfrom app import B\n"
        "class A(B):\n    s = 'a'\nasync def main():\n    await A().send()",
        "known 'a'",
    ),
    "a property": (
        f"## app.py\nclass A:\n    @property\n    def s(self):\n        return 'You.'\n{SENDER}",
        "known 'You.'",
    ),
    "a cached property": (
        "## app.py\nfrom functools import cached_property\nclass A:\n    @cached_property\n"
        f"    def s(self):\n        return 'You.'\n{SENDER}",
        "known 'You.'",
    ),
    "a property of a base in another module": (
        "## app.py\nfrom base import B\nclass A(B):\n    @property\n    def s(self):\n"
        f"        return super().s + '!'\n{SENDER}"
        "## base.py\nclass B:\n    @property\n    def s(self):\n        return 'You'",
        "known 'You!'",
    ),
    "a property of a base that is not here": (
        "## app.py\nfrom elsewhere import B\nclass A(B):\n    @property\n    def s(self):\n"
        f"        return super().s\n{SENDER}",
        "unknown: an attribute of a base class that isn't here",
    ),
    "set when entered": (
        "## app.py\nclass A:\n    async def __aenter__(self):\n        self.s = 'You.'\n"
        f"        return self\n{SENDER}",
        "known 'You.'",
    ),
    "a base that is not here": (
        f"## app.py\nfrom elsewhere import B\nclass A(B):\n{SENDER}",
        "unknown: attribute `s` of `A` is set elsewhere",
    ),
    "an attribute that nobody sets": (
        f"## app.py\nclass A:\n    t = 'x'\n{SENDER}",
        "unknown: attribute `s` of `A` is set elsewhere",
    ),
    "the constructor is handed what is not here": (
        f"## app.py\nclass A:\n    def __init__(self, s):\n        self.s = s\n{SENDER}"
        "## main.py\nfrom app import A\nfrom elsewhere import S\nA(S)",
        "unknown: `elsewhere.S` is imported, and its module is not here",
    ),
}


@pytest.mark.parametrize("name", ON_SELF)
def test_on_self(tmp_path: Path, name: str) -> None:
    text, told = ON_SELF[name]
    assert systems(tmp_path, text) == [told]


# --- keyword arguments that are put together apart ------------------------------------------------

_SPREAD = "    client.messages.create(**kw)\n"
_KW = "'model': 'claude-opus-5-5', 'max_tokens': 9, 'messages': [], 'system': 'You.'"
SPREAD = {
    "a dict": (f"## app.py\ndef f(client):\n    kw = {{{_KW}}}\n{_SPREAD}", "known 'You.'"),
    "dict()": (
        "## app.py\ndef f(client):\n    kw = dict(model='claude-opus-5-5', max_tokens=9, "
        f"messages=[], system='You.')\n{_SPREAD}",
        "known 'You.'",
    ),
    "an item set": (
        f"## app.py\ndef f(client):\n    kw = {{{_KW}}}\n    kw['system'] = 'Me.'\n{_SPREAD}",
        "known 'Me.'",
    ),
    "updated": (
        f"## app.py\ndef f(client):\n    kw = {{}}\n    kw.update({{{_KW}}})\n{_SPREAD}",
        "known 'You.'",
    ),
    "merged": (
        f"## app.py\nBASE = {{{_KW}}}\ndef f(client):\n    kw = BASE | {{'system': 'Me.'}}\n"
        f"{_SPREAD}",
        "known 'Me.'",
    ),
    "spread into another": (
        f"## app.py\nBASE = {{{_KW}}}\ndef f(client):\n    kw = {{**BASE, 'stream': True}}\n"
        f"{_SPREAD}",
        "known 'You.'",
    ),
    "a default set": (
        f"## app.py\ndef f(client):\n    kw = {{{_KW}}}\n    kw.setdefault('system', 'Me.')\n"
        f"{_SPREAD}",
        "known 'You.'",
    ),
    "set on some paths": (
        "## app.py\ndef f(client, q):\n    kw = {'model': 'claude-opus-5-5', 'max_tokens': 9, "
        f"'messages': []}}\n    if q:\n        kw['system'] = 'You.'\n{_SPREAD}",
        "known 'You.'",
    ),
    "from a helper": (
        f"## app.py\nfrom args import build\ndef f(client):\n    kw = build('You.')\n{_SPREAD}"
        "## args.py\ndef build(system):\n    kw = {'model': 'claude-opus-5-5', 'max_tokens': 9, "
        "'messages': []}\n    if system:\n        kw['system'] = system\n    return kw",
        "known 'You.'",
    ),
    "handed in as keywords": (
        "## app.py\ndef f(client, **kw):\n    client.messages.create(**kw)\n"
        "## main.py\nfrom app import f\ndef main(client):\n    f(client, model='claude-opus-5-5', "
        "max_tokens=9, messages=[], system='You.')",
        "known 'You.'",
    ),
    "handed on twice": (
        "## app.py\ndef f(client, **kw):\n    client.messages.create(**kw)\n"
        "## inner.py\nfrom app import f\ndef g(client, **kw):\n    f(client, system='You.', **kw)\n"
        "## main.py\nfrom inner import g\ndef main(client):\n    g(client, "
        "model='claude-opus-5-5', max_tokens=9, messages=[])",
        "known 'You.'",
    ),
    "from a helper that is not here": (
        f"## app.py\nimport anthropic\nfrom elsewhere import build\n"
        f"def f(client: anthropic.Anthropic):\n    kw = build('You.')\n{_SPREAD}",
        "unknown: result of elsewhere.build(), which is defined elsewhere",
    ),
}


@pytest.mark.parametrize("name", SPREAD)
def test_spread(tmp_path: Path, name: str) -> None:
    text, told = SPREAD[name]
    assert systems(tmp_path, text) == [told]


# --- helpers --------------------------------------------------------------------------------------

HELPERS = {
    "in the same file": (
        "## app.py\ndef text():\n    return 'You.'\ndef f():\n    SEND(text())",
        "known 'You.'",
    ),
    "in another file": (
        "## app.py\nfrom helpers import text\ndef f():\n    SEND(text())\n"
        "## helpers.py\ndef text():\n    return 'You.'",
        "known 'You.'",
    ),
    "with arguments": (
        "## app.py\nimport helpers\ndef f():\n    SEND(helpers.text('mail', end='!'))\n"
        "## helpers.py\ndef text(topic, *, end='.'):\n    return f'About {topic}{end}'",
        "known 'About mail!'",
    ),
    "several levels": (
        "## app.py\nfrom one import text\ndef f():\n    SEND(text())\n"
        "## one.py\nfrom two import inner\ndef text():\n    return 'a' + inner()\n"
        "## two.py\nimport three\ndef inner():\n    return 'b' + three.last()\n"
        "## three.py\nX = 'c'\ndef last():\n    return X",
        "known 'abc'",
    ),
    "blocks": (
        "## app.py\nfrom helpers import blocks\ndef f():\n    SEND(blocks('You.'))\n"
        "## helpers.py\ndef blocks(s):\n    return [{'type': 'text', 'text': s}]",
        "known 'You.'",
    ),
    "a tuple": (
        "## app.py\nfrom helpers import both\ndef f():\n    s, m = both()\n    SEND(s)\n"
        "## helpers.py\ndef both():\n    return 'You.', []",
        "known 'You.'",
    ),
    "a dict": (
        "## app.py\nfrom helpers import parts\ndef f():\n    p = parts()\n    SEND(p['system'])\n"
        "## helpers.py\ndef parts():\n    return {'system': 'You.', 'messages': []}",
        "known 'You.'",
    ),
    "a dict in a dict": (
        "## app.py\nfrom helpers import parts\ndef f():\n    SEND(parts()['a'].get('b'))\n"
        "## helpers.py\ndef parts():\n    return {'a': {'b': 'You.'}}",
        "known 'You.'",
    ),
    "one of two": (
        "## app.py\nfrom helpers import text\ndef f(q):\n    SEND(f'-{text(q)}')\n"
        "## helpers.py\ndef text(q):\n    if q:\n        return 'a'\n    return 'b'",
        "known '-' + <'a' | 'b'>",
    ),
    "a settled test": (
        "## app.py\nfrom helpers import text\ndef f():\n    SEND(text('x'))\n"
        "## helpers.py\ndef text(q):\n    if q == 'x':\n        return 'a'\n    return 'b'",
        "known 'a'",
    ),
    "awaited": (
        "## app.py\nfrom helpers import text\nasync def f():\n    SEND(await text())\n"
        "## helpers.py\nasync def text():\n    return 'You.'",
        "known 'You.'",
    ),
    "a method of self": (
        "## app.py\nclass A:\n    def text(self):\n        return 'You.'\n    def f(self):\n"
        "        SEND(self.text())",
        "known 'You.'",
    ),
    "a method of a base in another module": (
        "## app.py\nfrom base import B\nclass A(B):\n    name = 'mail'\n    def f(self):\n"
        "        SEND(self.text())\n"
        "## base.py\nclass B:\n    name = ''\n    def text(self):\n"
        "        return f'About {self.name}'",
        "known 'About mail'",
    ),
    "a static method": (
        "## app.py\nfrom helpers import H\ndef f():\n    SEND(H.text('You'))\n"
        "## helpers.py\nclass H:\n    @staticmethod\n    def text(s):\n        return s + '.'",
        "known 'You.'",
    ),
    "a class method": (
        "## app.py\nfrom helpers import H\ndef f():\n    SEND(H.text())\n"
        "## helpers.py\nclass H:\n    S = 'You'\n    @classmethod\n    def text(cls):\n"
        "        return cls.S + '.'",
        "known 'You.'",
    ),
    "a lambda": (
        "## app.py\nfrom helpers import text\ndef f():\n    SEND(text('You'))\n"
        "## helpers.py\ntext = lambda s: s + '.'",
        "known 'You.'",
    ),
    "a generator": (
        "## app.py\nfrom helpers import lines\ndef f():\n    SEND(''.join(lines()))\n"
        "## helpers.py\ndef lines():\n    yield 'a'",
        "traced *('a')",
    ),
    "a generator of a generator": (
        "## app.py\nfrom helpers import lines\ndef f():\n    SEND(''.join(lines()))\n"
        "## helpers.py\ndef inner():\n    yield 'a'\ndef lines():\n    yield from inner()",
        "traced *('a')",
    ),
    "a generator of what is not here": (
        "## app.py\nfrom helpers import lines\ndef f():\n    SEND('\\n'.join(lines()))\n"
        "## helpers.py\nfrom elsewhere import inner\ndef lines():\n    yield from inner()",
        "partial: result of elsewhere.inner(), which is defined elsewhere",
    ),
    "an enum": (
        "## app.py\nfrom helpers import P\ndef f():\n    SEND(P.SORT.value)\n"
        "## helpers.py\nfrom enum import Enum\nclass P(Enum):\n    SORT = 'You.'",
        "known 'You.'",
    ),
    "an enum of str": (
        "## app.py\nfrom helpers import P\ndef f():\n    SEND(P.SORT)\n"
        "## helpers.py\nfrom enum import StrEnum\nclass P(StrEnum):\n    SORT = 'You.'",
        "known 'You.'",
    ),
    "a member handed in": (
        "## app.py\nfrom helpers import P\ndef f(p: P):\n    SEND(f'-{p.value}')\n"
        "## helpers.py\nfrom enum import Enum\nclass P(Enum):\n    SORT = 'a'\n    TELL = 'b'",
        "known '-' + <'a' | 'b'>",
    ),
    "a helper that is not here": (
        "## app.py\nfrom helpers import text\ndef f():\n    SEND(text())\n"
        "## helpers.py\nfrom elsewhere import deep\ndef text():\n    return 'You ' + deep()",
        "partial: result of elsewhere.deep(), which is defined elsewhere",
    ),
    "calls itself": (
        "## app.py\nfrom helpers import text\ndef f():\n    SEND(text(3))\n"
        "## helpers.py\ndef text(n):\n    return text(n - 1)",
        "traced: text() calls itself",
    ),
    "a helper that is not there": (
        "## app.py\nfrom helpers import text\ndef f():\n    SEND(text())\n"
        "## helpers.py\ndef other():\n    return 'You.'",
        "unknown: result of helpers.text(), which is defined elsewhere",
    ),
    "too deep": (
        "## app.py\nfrom helpers import h0\ndef f():\n    SEND(h0())\n## helpers.py\n"
        + "".join(f"def h{n}():\n    return h{n + 1}()\n" for n in range(12))
        + "def h12():\n    return 'You.'",
        "unknown: helpers nested too deeply",
    ),
}


@pytest.mark.parametrize("name", HELPERS)
def test_helpers(tmp_path: Path, name: str) -> None:
    text, told = HELPERS[name]
    assert systems(tmp_path, text) == [told]


# --- from the callee to those who call ------------------------------------------------------------

WORKER = "## app.py\ndef f(s):\n    SEND(s)\n"
METHOD = "## app.py\nclass A:\n    def f(self, s):\n        SEND(s)\n"
#: Only one of two classes takes a ``user``, and only it can do without a ``kind``.
TWO_KINDS = (
    "## app.py\nclass A:\n    def f(self, s, *, kind):\n        SEND(s)\n"
    "class B:\n    def f(self, s, kind=0, user=''):\n        pass\n"
)

CALLED = {
    "a function": (WORKER + "## main.py\nfrom app import f\nf('You.')", "known 'You.'"),
    "by keyword": (WORKER + "## main.py\nimport app\napp.f(s='You.')", "known 'You.'"),
    "under another name": (
        WORKER + "## main.py\nfrom app import f as ask\nask('You.')",
        "known 'You.'",
    ),
    "through an __init__": (
        "## pkg/__init__.py\nfrom .inner import f\n"
        "## pkg/inner.py\nfrom app import f\n"
        + WORKER
        + "## main.py\nfrom pkg import f\nf('You.')",
        "known 'You.'",
    ),
    "the default": (
        "## app.py\ndef f(s='You.'):\n    SEND(s)\n## main.py\nfrom app import f\nf()",
        "known 'You.'",
    ),
    "a constant of the caller": (
        WORKER + "## main.py\nfrom app import f\nS = 'You.'\ndef main():\n    f(S)",
        "known 'You.'",
    ),
    "a parameter of the caller": (
        WORKER + "## mid.py\nfrom app import f\ndef g(t):\n    f('About ' + t)\n"
        "## main.py\nfrom mid import g\ng('mail')",
        "known 'About mail'",
    ),
    "a method": (METHOD + "## main.py\nfrom app import A\nA().f('You.')", "known 'You.'"),
    "a method of an attribute": (
        METHOD + "## main.py\nfrom app import A\nclass B:\n    def __init__(self):\n"
        "        self.a = A()\n    def run(self):\n        self.a.f('You.')",
        "known 'You.'",
    ),
    "a method of a parameter by its type": (
        METHOD + "## main.py\nfrom app import A\ndef main(a: A):\n    a.f('You.')",
        "known 'You.'",
    ),
    "a method of a derived class": (
        METHOD + "## main.py\nfrom app import A\nclass B(A):\n    def run(self):\n"
        "        self.f('You.')",
        "known 'You.'",
    ),
    "async": (
        "## app.py\nasync def f(s):\n    SEND(s)\n"
        "## main.py\nfrom app import f\nasync def main():\n    await f('You.')",
        "known 'You.'",
    ),
    "gathered": (
        "## app.py\nasync def f(s):\n    SEND(s)\n"
        "## main.py\nimport asyncio\nfrom app import f\nasync def main():\n"
        "    await asyncio.gather(f('You.'))",
        "known 'You.'",
    ),
    "in a thread": (
        WORKER + "## main.py\nimport asyncio\nfrom app import f\nasync def main():\n"
        "    await asyncio.to_thread(f, 'You.')",
        "known 'You.'",
    ),
    "a method in a thread": (
        METHOD + "## main.py\nimport asyncio\nfrom app import A\nasync def main():\n    a = A()\n"
        "    await asyncio.to_thread(a.f, s='You.')",
        "known 'You.'",
    ),
    "by an executor": (
        WORKER + "## main.py\nfrom app import f\ndef main(pool):\n    pool.submit(f, 'You.')",
        "known 'You.'",
    ),
    "by a loop": (
        WORKER + "## main.py\nimport asyncio\nfrom app import f\nasync def main():\n"
        "    await asyncio.get_running_loop().run_in_executor(None, f, 'You.')",
        "known 'You.'",
    ),
    "a partial": (
        WORKER + "## main.py\nfrom functools import partial\nfrom app import f\n"
        "run = partial(f, 'You.')\nrun()",
        "known 'You.'",
    ),
    "a helper that is handed it": (
        "## app.py\ndef f(s):\n    SEND(s)\ndef g(s):\n    f(s + '.')\n"
        "## main.py\nfrom app import g\ng('You')",
        "known 'You.'",
    ),
    "nobody calls it": (WORKER, "traced: parameter `s`, whose callers are not here"),
    "only a test calls it": (
        WORKER + "## tests/test_app.py\nfrom app import f\ndef test():\n    f('You.')",
        "traced: parameter `s`, whose callers are not here",
    ),
    "handed what is not here": (
        WORKER + "## main.py\nfrom app import f\nfrom elsewhere import S\nf(S)",
        "unknown: `elsewhere.S` is imported, and its module is not here",
    ),
    "a call of one of two classes alone": (
        TWO_KINDS + "def g(q):\n    (A() if q else B()).f('no', user=q)\n",
        "traced: parameter `s`, whose callers are not here",
    ),
    "a call that leaves out what one of them needs": (
        TWO_KINDS + "def g(q):\n    (A() if q else B()).f('no')\n",
        "traced: parameter `s`, whose callers are not here",
    ),
    "a call of both": (
        TWO_KINDS + "def g(q):\n    (A() if q else B()).f('You.', kind=q)\n",
        "known 'You.'",
    ),
    "a call of both that spreads": (
        TWO_KINDS + "from elsewhere import load\ndef g(q):\n"
        "    (A() if q else B()).f(user=q, **load())\n",
        "unknown: parameter `s`, which the project fills in a way that could not be followed",
    ),
    "spread by the caller": (
        WORKER + "## main.py\nfrom app import f\nfrom elsewhere import build\nf(**build())",
        "unknown: parameter `s`, which the project fills in a way that could not be followed",
    ),
}


@pytest.mark.parametrize("name", CALLED)
def test_callers(tmp_path: Path, name: str) -> None:
    text, told = CALLED[name]
    assert systems(tmp_path, text) == [told]


def test_each_caller_is_a_request(tmp_path: Path) -> None:
    text = WORKER + "## a.py\nfrom app import f\nf('a')\n## b.py\nfrom app import f\nf('b')"
    assert systems(tmp_path, text) == ["known 'a'", "known 'b'"]


# --- settings -------------------------------------------------------------------------------------

SETTINGS = {
    "an attribute of a class": (
        "## app.py\nfrom conf import Config\ndef f():\n    SEND(Config.S)\n"
        "## conf.py\nclass Config:\n    S = 'You.'",
        "known 'You.'",
    ),
    "an instance in a module": (
        "## app.py\nfrom conf import settings\ndef f():\n    SEND(settings.s)\n"
        "## conf.py\nclass Settings:\n    s: str = 'You.'\nsettings = Settings()",
        "known 'You.'",
    ),
    "pydantic settings": (
        "## app.py\nfrom conf import settings\ndef f():\n    SEND(settings.s)\n"
        "## conf.py\nfrom pydantic_settings import BaseSettings\nclass Settings(BaseSettings):\n"
        "    s: str = 'You.'\nsettings = Settings()",
        "known 'You.'",
    ),
    "a nested object": (
        "## app.py\nfrom conf import settings\ndef f():\n    SEND(settings.llm.s)\n"
        "## conf.py\nfrom dataclasses import dataclass, field\n@dataclass\nclass Llm:\n"
        "    s: str = 'You.'\n@dataclass\nclass Settings:\n"
        "    llm: Llm = field(default_factory=Llm)\nsettings = Settings()",
        "known 'You.'",
    ),
    "a getter that is memoised": (
        "## app.py\nfrom conf import get\ndef f():\n    SEND(get().s)\n"
        "## conf.py\nfrom functools import lru_cache\nclass Settings:\n    s = 'You.'\n"
        "@lru_cache\ndef get():\n    return Settings()",
        "known 'You.'",
    ),
    "on self": (
        "## app.py\nfrom conf import Settings\nclass A:\n    def __init__(self, conf: Settings):\n"
        "        self.conf = conf\n    def f(self):\n        SEND(self.conf.s)\n"
        "## conf.py\nclass Settings:\n    s = 'You.'",
        "known 'You.'",
    ),
    "a module as settings": (
        "## app.py\nimport conf\ndef f():\n    SEND(conf.S)\n## conf.py\nS = 'You.'",
        "known 'You.'",
    ),
    "a table in a module": (
        "## app.py\nfrom conf import PROMPTS\ndef f():\n    SEND(PROMPTS['sort'])\n"
        "## conf.py\nPROMPTS = {'sort': 'You.', 'tell': 'Me.'}",
        "known 'You.'",
    ),
    "a table by a key that is not known": (
        "## app.py\nfrom conf import PROMPTS\ndef f(kind):\n    SEND(f'-{PROMPTS[kind]}')\n"
        "## conf.py\nPROMPTS = {'sort': 'You.', 'tell': 'Me.'}",
        "known '-' + <'You.' | 'Me.'>",
    ),
    "the environment or a default": (
        "## app.py\nimport os\nS = os.environ.get('S', 'You.')\ndef f():\n    SEND(f'-{S}')",
        "traced '-' + <'You.' | ?>",
    ),
    "the environment in another module": (
        "## app.py\nfrom conf import S\ndef f():\n    SEND(f'-{S}')\n"
        "## conf.py\nimport os\nS = os.getenv('S') or 'You.'",
        "traced '-' + <? | 'You.'>",
    ),
    "the environment alone": (
        "## app.py\nimport os\ndef f():\n    SEND(os.environ['S'])",
        "traced: environment variable S",
    ),
    "the command line": (
        "## app.py\nimport argparse\nparser = argparse.ArgumentParser()\n"
        "parser.add_argument('--s', default='You.')\n"
        "def main():\n    args = parser.parse_args()\n    SEND(f'-{args.s}')",
        "traced '-' + <'You.' | ?>",
    ),
    "settings that are not here": (
        "## app.py\nfrom elsewhere import settings\ndef f():\n    SEND(settings.s)",
        "unknown: `elsewhere.settings.s` is imported, and its module is not here",
    ),
    "a field that they don't have": (
        "## app.py\nfrom conf import settings\ndef f():\n    SEND(settings.t)\n"
        "## conf.py\nclass Settings:\n    s = 'You.'\nsettings = Settings()",
        "unknown: attribute `t` of `Settings` is set elsewhere",
    ),
}


@pytest.mark.parametrize("name", SETTINGS)
def test_settings(tmp_path: Path, name: str) -> None:
    text, told = SETTINGS[name]
    assert systems(tmp_path, text) == [told]


# --- imports --------------------------------------------------------------------------------------

USE = "def f():\n    SEND(S)\n"
EITHER = "def f():\n    SEND(f'-{S}')\n"
SAID = "S = 'You.'\n"
IMPORTED = {
    "absolute": (f"## app.py\nfrom prompts import S\n{USE}## prompts.py\n{SAID}", "known 'You.'"),
    "under another name": (
        f"## app.py\nfrom prompts import T as S\n{USE}## prompts.py\nT = 'You.'",
        "known 'You.'",
    ),
    "a module": (
        f"## app.py\nimport prompts\ndef f():\n    SEND(prompts.S)\n## prompts.py\n{SAID}",
        "known 'You.'",
    ),
    "a module under another name": (
        f"## app.py\nimport pkg.prompts as p\ndef f():\n    SEND(p.S)\n## pkg/__init__.py\n"
        f"## pkg/prompts.py\n{SAID}",
        "known 'You.'",
    ),
    "a chain of attributes": (
        f"## app.py\nimport a.b.c\ndef f():\n    SEND(a.b.c.S)\n## a/__init__.py\n"
        f"## a/b/__init__.py\n## a/b/c.py\n{SAID}",
        "known 'You.'",
    ),
    "a chain without __init__": (
        f"## app.py\nimport a.b.c\ndef f():\n    SEND(a.b.c.S)\n## a/b/c.py\n{SAID}",
        "known 'You.'",
    ),
    "a module of a package": (
        f"## app.py\nfrom pkg import prompts\ndef f():\n    SEND(prompts.S)\n## pkg/__init__.py\n"
        f"## pkg/prompts.py\n{SAID}",
        "known 'You.'",
    ),
    "a namespace package": (
        f"## app.py\nfrom pkg.prompts import S\n{USE}## pkg/prompts.py\n{SAID}",
        "known 'You.'",
    ),
    "re-exported": (
        f"## app.py\nfrom pkg import S\n{USE}## pkg/__init__.py\nfrom .prompts import S\n"
        f"## pkg/prompts.py\n{SAID}",
        "known 'You.'",
    ),
    "re-exported under another name": (
        f"## app.py\nfrom pkg import S\n{USE}## pkg/__init__.py\nfrom .prompts import T as S\n"
        "## pkg/prompts.py\nT = 'You.'",
        "known 'You.'",
    ),
    "re-exported twice": (
        f"## app.py\nfrom pkg import S\n{USE}## pkg/__init__.py\nfrom .inner import *\n"
        "## pkg/inner/__init__.py\nfrom pkg.inner.prompts import S\n__all__ = ['S']\n"
        f"## pkg/inner/prompts.py\n{SAID}",
        "known 'You.'",
    ),
    "with a star": (
        f"## app.py\nfrom prompts import *\n{USE}## prompts.py\n{SAID}",
        "known 'You.'",
    ),
    "with a star and __all__": (
        f"## app.py\nfrom prompts import *\n{USE}## prompts.py\n__all__ = ['S']\n{SAID}",
        "known 'You.'",
    ),
    "the last star": (
        f"## app.py\nfrom one import *\nfrom two import *\n{USE}## one.py\nS = 'a'\n"
        "## two.py\nS = 'b'",
        "known 'b'",
    ),
    "a star that does not have it": (
        f"## app.py\nfrom one import *\nfrom two import *\n{USE}## one.py\nS = 'a'\n"
        "## two.py\nT = 'b'",
        "known 'a'",
    ),
    "its own name goes before a star": (
        f"## app.py\nfrom one import *\nS = 'own'\n{USE}## one.py\nS = 'a'",
        "known 'own'",
    ),
    "a star does not bring what __all__ lacks": (
        f"## app.py\nfrom prompts import *\n{USE}## prompts.py\n__all__ = ['T']\n{SAID}",
        "unknown: `S` is not bound here",
    ),
    "a star does not bring private names": (
        "## app.py\nfrom prompts import *\ndef f():\n    SEND(_S)\n## prompts.py\n_S = 'You.'",
        "unknown: `_S` is not bound here",
    ),
    "a star of what is not here": (
        f"## app.py\nfrom elsewhere import *\n{USE}",
        "unknown: `S` is not bound here",
    ),
    "stars in a cycle": (
        f"## app.py\nfrom one import *\n{USE}## one.py\nfrom two import *\n"
        "## two.py\nfrom one import *\nS = 'You.'",
        "known 'You.'",
    ),
    "stars in a cycle that nobody binds": (
        f"## app.py\nfrom one import *\n{USE}## one.py\nfrom two import *\n"
        "## two.py\nfrom one import *\n",
        "unknown: `S` is not bound here",
    ),
    "for type checkers": (
        "## app.py\nfrom typing import TYPE_CHECKING\nif TYPE_CHECKING:\n"
        "    from conf import Settings\ndef f(c: 'Settings'):\n    SEND(c.s)\n"
        "## conf.py\nclass Settings:\n    s = 'You.'",
        "known 'You.'",
    ),
    "one of two modules": (
        f"## app.py\ntry:\n    from one import S\nexcept ImportError:\n    from two import S\n"
        f"{EITHER}"
        "## one.py\nS = 'a'\n## two.py\nS = 'b'",
        "known '-' + <'a' | 'b'>",
    ),
    "a module or a literal": (
        f"## app.py\ntry:\n    from one import S\nexcept ImportError:\n    S = 'b'\n{EITHER}"
        "## one.py\nS = 'a'",
        "known '-' + <'a' | 'b'>",
    ),
    "in a function": (
        f"## app.py\ndef f():\n    from prompts import S\n    SEND(S)\n## prompts.py\n{SAID}",
        "known 'You.'",
    ),
    "by condition": (
        f"## app.py\nimport os\nif os.name == 'nt':\n    from one import S\nelse:\n"
        f"    from two import S\n{EITHER}## one.py\nS = 'a'\n## two.py\nS = 'b'",
        "known '-' + <'a' | 'b'>",
    ),
    "by its name": (
        "## app.py\nimport importlib\np = importlib.import_module('prompts')\n"
        f"def f():\n    SEND(p.S)\n## prompts.py\n{SAID}",
        "known 'You.'",
    ),
    "by a name that is not known": (
        "## app.py\nfrom importlib import import_module\ndef f(kind):\n"
        f"    SEND(import_module(f'prompts.{{kind}}').S)\n## prompts/a.py\n{SAID}",
        "unknown: a module that is named at run time",
    ),
    "modules that import each other": (
        "## app.py\nimport prompts\nNAME = 'mail'\ndef f():\n    SEND(prompts.S)\n"
        "## prompts.py\nimport app\nS = 'About ' + app.NAME",
        "known 'About mail'",
    ),
    "constants in a cycle": (
        f"## app.py\nfrom one import S\n{USE}## one.py\nfrom two import S\n"
        "## two.py\nfrom one import S",
        "traced: depends on itself",
    ),
    "a module that is not valid": (
        f"## app.py\nfrom prompts import S\n{USE}## prompts.py\nS = 'You.\n",
        "unknown: `prompts.S` is imported, and its module is not here",
    ),
    "a module that is missing": (
        f"## app.py\nfrom .prompts import S\n{USE}",
        "unknown: `.prompts.S` is imported, and its module is not here",
    ),
    "a name that a module lacks": (
        f"## app.py\nfrom prompts import S\n{USE}## prompts.py\nT = 'You.'",
        "unknown: `prompts.S` is imported, and its module is not here",
    ),
}


@pytest.mark.parametrize("name", IMPORTED)
def test_imports(tmp_path: Path, name: str) -> None:
    text, told = IMPORTED[name]
    assert systems(tmp_path, text) == [told]


# --- loops and unpacking --------------------------------------------------------------------------

LOOPS = {
    "over a literal list": (
        "## app.py\nfor s in ['a', 'b']:\n    SEND(f'-{s}')",
        "known '-' + <'a' | 'b'>",
    ),
    "over a constant of another module": (
        "## app.py\nfrom prompts import ALL\ndef f():\n    for s in ALL:\n        SEND(f'-{s}')\n"
        "## prompts.py\nALL = ('a', 'b')",
        "known '-' + <'a' | 'b'>",
    ),
    "over pairs": (
        "## app.py\nfrom prompts import ALL\ndef f():\n    for name, s in ALL:\n"
        "        SEND(f'-{s}')\n"
        "## prompts.py\nALL = [('x', 'a'), ('y', 'b')]",
        "known '-' + <'a' | 'b'>",
    ),
    "over the items of a dict": (
        "## app.py\nfrom prompts import ALL\ndef f():\n    for name, s in ALL.items():\n"
        "        SEND(f'-{s}')\n## prompts.py\nALL = {'x': 'a', 'y': 'b'}",
        "known '-' + <'a' | 'b'>",
    ),
    "numbered": (
        "## app.py\nfor n, s in enumerate(['a', 'b']):\n    SEND(f'-{s}')",
        "known '-' + <'a' | 'b'>",
    ),
    "a comprehension": (
        "## app.py\nfrom prompts import ALL\ndef f():\n    return [SEND(f'-{s}') for s in ALL]\n"
        "## prompts.py\nALL = ('a', 'b')",
        "known '-' + <'a' | 'b'>",
    ),
    "rows that are handed in": (
        "## app.py\ndef f(rows):\n    for name, s in rows:\n        SEND(f'You {s}')",
        "traced 'You ' + ?",
    ),
    "unpacked": (
        "## app.py\nfrom prompts import PAIR\ns, other = PAIR\ndef f():\n    SEND(s)\n"
        "## prompts.py\nPAIR = 'a', 'b'",
        "known 'a'",
    ),
    "unpacked with a rest": (
        "## app.py\ndef f():\n    s, *rest = ['a', 'b', 'c']\n    SEND(s)",
        "known 'a'",
    ),
    "over what is not here": (
        "## app.py\nfrom elsewhere import ALL\ndef f():\n    for s in ALL:\n        SEND(s)",
        "unknown: an item of the loop at line 5: `elsewhere.ALL`, which is imported from a "
        "module that isn't here",
    ),
    "unpacked from what is not here": (
        "## app.py\nfrom elsewhere import both\ndef f():\n    s, other = both()\n    SEND(s)",
        "unknown: result of elsewhere.both(), which is defined elsewhere",
    ),
}


@pytest.mark.parametrize("name", LOOPS)
def test_loops(tmp_path: Path, name: str) -> None:
    text, told = LOOPS[name]
    assert systems(tmp_path, text) == [told]


# --- calls by reference ---------------------------------------------------------------------------

_ASYNC = "## app.py\nimport asyncio\nimport anthropic\nfrom prompts import S\n"
_ARGS = "model='claude-opus-5-5', max_tokens=9, messages=[], system=S"
_PROMPTS = "## prompts.py\nS = 'You.'\n"
BY_REFERENCE = {
    "in a thread": (
        f"{_ASYNC}async def f(client: anthropic.Anthropic):\n"
        "    await asyncio.to_thread(client.messages.create, "
        f"{_ARGS})\n{_PROMPTS}",
        "known 'You.'",
    ),
    "submitted": (
        f"{_ASYNC}def f(client: anthropic.Anthropic, pool):\n"
        f"    pool.submit(client.messages.create, {_ARGS})\n{_PROMPTS}",
        "known 'You.'",
    ),
    "a partial": (
        f"{_ASYNC}from functools import partial\ndef f(client: anthropic.Anthropic):\n"
        f"    call = partial(client.messages.create, {_ARGS})\n    call()\n{_PROMPTS}",
        "known 'You.'",
    ),
    "a partial for a loop": (
        f"{_ASYNC}from functools import partial\nasync def f(client: anthropic.Anthropic):\n"
        "    loop = asyncio.get_running_loop()\n    await loop.run_in_executor(None, "
        f"partial(client.messages.create, {_ARGS}))\n{_PROMPTS}",
        "known 'You.'",
    ),
    "a lambda for a loop": (
        f"{_ASYNC}async def f(client: anthropic.Anthropic):\n"
        "    loop = asyncio.get_running_loop()\n"
        f"    await loop.run_in_executor(None, lambda: client.messages.create({_ARGS}))\n"
        f"{_PROMPTS}",
        "known 'You.'",
    ),
    "handed what is not here": (
        "## app.py\nimport asyncio\nimport anthropic\nfrom elsewhere import S\n"
        "async def f(client: anthropic.Anthropic):\n"
        f"    await asyncio.to_thread(client.messages.create, {_ARGS})\n",
        "unknown: `elsewhere.S` is imported, and its module is not here",
    ),
}


@pytest.mark.parametrize("name", BY_REFERENCE)
def test_by_reference(tmp_path: Path, name: str) -> None:
    text, told = BY_REFERENCE[name]
    assert systems(tmp_path, text) == [told]


# --- where the client comes from ------------------------------------------------------------------

_USES = (
    "client.messages.create(model='claude-opus-5-5', max_tokens=9, messages=[], system='You.')\n"
)
_INNER = f"inner.{_USES}"
_MAKES = "import anthropic\n"
CLIENTS = {
    "of another module": (
        f"## app.py\nfrom llm import client\ndef f():\n    {_USES}"
        f"## llm.py\n{_MAKES}client = anthropic.Anthropic()",
        "known 'You.'",
    ),
    "a factory": (
        f"## app.py\nfrom llm import get_client\ndef f():\n    client = get_client()\n    {_USES}"
        f"## llm.py\n{_MAKES}def get_client():\n    return anthropic.Anthropic()",
        "known 'You.'",
    ),
    "a memoised factory": (
        f"## app.py\nfrom llm import make\ndef f():\n    x = make()\n    x.{_INNER[6:]}"
        f"## llm.py\n{_MAKES}from functools import cache\n@cache\ndef make():\n"
        "    return anthropic.AsyncAnthropic()",
        "known 'You.'",
    ),
    "a singleton": (
        f"## app.py\nfrom llm import make\ndef f():\n    x = make()\n    x.{_INNER[6:]}"
        f"## llm.py\n{_MAKES}_it = None\ndef make():\n    global _it\n    if _it is None:\n"
        "        _it = anthropic.Anthropic()\n    return _it",
        "known 'You.'",
    ),
    "an object that holds it": (
        f"## app.py\nfrom llm import Llm\ndef f(llm: Llm):\n    llm.{_INNER}"
        f"## llm.py\n{_MAKES}class Llm:\n    def __init__(self):\n"
        "        self.inner = anthropic.Anthropic()",
        "known 'You.'",
    ),
    "an object of a module that holds it": (
        f"## app.py\nfrom llm import llm\ndef f():\n    llm.{_INNER}"
        f"## llm.py\n{_MAKES}class Llm:\n    def __init__(self, inner):\n"
        "        self.inner = inner\nllm = Llm(anthropic.Anthropic())",
        "known 'You.'",
    ),
    "a property": (
        f"## app.py\nfrom llm import Llm\nclass A(Llm):\n    def f(self):\n        self.{_INNER}"
        f"## llm.py\n{_MAKES}class Llm:\n    @property\n    def inner(self):\n"
        "        return anthropic.Anthropic()",
        "known 'You.'",
    ),
    "a context manager of the project": (
        f"## app.py\nfrom llm import opened\ndef f():\n    with opened() as x:\n        "
        f"x.{_INNER[6:]}"
        f"## llm.py\n{_MAKES}from contextlib import contextmanager\n@contextmanager\n"
        "def opened():\n    yield anthropic.Anthropic()",
        "known 'You.'",
    ),
    "an async context manager of the project": (
        f"## app.py\nfrom llm import opened\nasync def f():\n    async with opened() as x:\n"
        "        "
        f"x.{_INNER[6:]}"
        f"## llm.py\n{_MAKES}from contextlib import asynccontextmanager\n@asynccontextmanager\n"
        "async def opened():\n    async with anthropic.AsyncAnthropic() as it:\n        yield it",
        "known 'You.'",
    ),
    "the client as a context manager": (
        f"## app.py\n{_MAKES}async def f():\n    async with anthropic.AsyncAnthropic() as x:\n"
        f"        x.{_INNER[6:]}",
        "known 'You.'",
    ),
    "a class that is entered": (
        f"## app.py\nfrom llm import Llm\nasync def f():\n    async with Llm() as llm:\n"
        f"        llm.{_INNER}"
        f"## llm.py\n{_MAKES}class Llm:\n    async def __aenter__(self):\n"
        "        self.inner = anthropic.AsyncAnthropic()\n        return self",
        "known 'You.'",
    ),
    "options": (
        f"## app.py\nfrom llm import x\ndef f():\n    x.with_options(timeout=3).{_INNER[6:]}"
        f"## llm.py\n{_MAKES}x = anthropic.Anthropic()",
        "known 'You.'",
    ),
    "a class with a method that sends": (
        "## app.py\nimport anthropic\nclass Llm:\n    def __init__(self):\n"
        "        self.inner = anthropic.Anthropic()\n    def ask(self, system):\n"
        "        self.inner.messages.create(model='claude-opus-5-5', max_tokens=9, messages=[], "
        "system=system)\n## main.py\nfrom app import Llm\ndef main():\n    Llm().ask('You.')",
        "known 'You.'",
    ),
    "the one object of its module": (
        "## app.py\nimport anthropic\nclass Llm:\n    def __init__(self):\n"
        "        self.inner = anthropic.Anthropic()\n    def ask(self, system):\n"
        "        self.inner.messages.create(model='claude-opus-5-5', max_tokens=9, messages=[], "
        "system=system)\nllm = Llm()\n"
        "## main.py\nfrom app import llm\ndef main():\n    llm.ask('You.')",
        "known 'You.'",
    ),
    "a factory of such objects": (
        "## app.py\nimport anthropic\nclass Llm:\n    def __init__(self):\n"
        "        self.inner = anthropic.Anthropic()\n    def ask(self, system):\n"
        "        self.inner.messages.create(model='claude-opus-5-5', max_tokens=9, messages=[], "
        "system=system)\ndef get_llm():\n    return Llm()\n"
        "## main.py\nfrom app import get_llm\ndef main():\n    llm = get_llm()\n"
        "    llm.ask('You.')",
        "known 'You.'",
    ),
}


@pytest.mark.parametrize("name", CLIENTS)
def test_clients(tmp_path: Path, name: str) -> None:
    text, told = CLIENTS[name]
    assert systems(tmp_path, text) == [told]


def test_a_client_of_another_library_is_none(tmp_path: Path) -> None:
    text = (
        f"## app.py\nfrom sms import client\ndef f():\n    {_USES}"
        "## sms.py\nfrom twilio.rest import Client\nclient = Client()"
    )
    assert systems(tmp_path, text) == []


# --- decorators -----------------------------------------------------------------------------------

WRAPS = """
## deco.py
import asyncio
from functools import wraps
def logged(f):
    @wraps(f)
    def inner(*args, **kwargs):
        print("called")
        return f(*args, **kwargs)
    return inner
def shouted(f):
    @wraps(f)
    def inner(*args, **kwargs):
        return f(*args, **kwargs).upper()
    return inner
def again(times):
    def decorate(f):
        @wraps(f)
        async def inner(*args, **kwargs):
            for n in range(times):
                try:
                    result = await f(*args, **kwargs)
                    return result if result else None
                except ValueError:
                    continue
            return None
        return inner
    return decorate
KEPT = {}
def kept(f):
    def inner(*args):
        if args not in KEPT:
            KEPT[args] = f(*args)
        return KEPT[args]
    return inner
def threaded(f):
    async def inner(*args, **kwargs):
        return await asyncio.to_thread(f, *args, **kwargs)
    return inner
def registered(f):
    KEPT[f.__name__] = f
    return f
def signed(name):
    def decorate(f):
        def inner(*args, **kwargs):
            return f"{f(*args, **kwargs)} {name}"
        return inner
    return decorate
def trimmed(f):
    def inner(*args, **kwargs):
        text = f(*args, **kwargs)
        text = text.strip()
        return text
    return inner
"""
DECORATED = {
    "memoised": (
        "## app.py\nfrom helpers import text\ndef f():\n    SEND(text())\n"
        "## helpers.py\nimport functools\n@functools.cache\ndef text():\n    return 'You.'",
        "known 'You.'",
    ),
    "a wrapper of the project": (
        "## app.py\nfrom deco import logged\n@logged\ndef text():\n    return 'You.'\n"
        f"def f():\n    SEND(text())\n{WRAPS}",
        "known 'You.'",
    ),
    "a wrapper around the function that sends": (
        "## app.py\nfrom deco import logged\n@logged\ndef f(s):\n    SEND(s)\n"
        f"## main.py\nfrom app import f\nf('You.')\n{WRAPS}",
        "known 'You.'",
    ),
    "a retry of a library": (
        "## app.py\nfrom tenacity import retry, stop_after_attempt\n"
        "@retry(stop=stop_after_attempt(3))\ndef f(s):\n    SEND(s)\n"
        "## main.py\nfrom app import f\nf('You.')\n",
        "known 'You.'",
    ),
    "a retry of a library around a method": (
        "## app.py\nimport backoff\nclass A:\n    @backoff.on_exception(backoff.expo, Exception)\n"
        "    async def f(self, s):\n        SEND(s)\n"
        "## main.py\nfrom app import A\nasync def main():\n    await A().f('You.')\n",
        "known 'You.'",
    ),
    "a wrapper with arguments": (
        "## app.py\nfrom deco import again\n@again(3)\ndef text():\n    return 'You.'\n"
        f"def f():\n    SEND(text())\n{WRAPS}",
        "known 'You.'",
    ),
    "a wrapper that keeps results": (
        "## app.py\nfrom deco import kept\n@kept\ndef text():\n    return 'You.'\n"
        f"def f():\n    SEND(text())\n{WRAPS}",
        "known 'You.'",
    ),
    "a wrapper that runs it in a thread": (
        "## app.py\nfrom deco import threaded\n@threaded\ndef text():\n    return 'You.'\n"
        f"async def f():\n    SEND(await text())\n{WRAPS}",
        "known 'You.'",
    ),
    "a wrapper that only registers": (
        "## app.py\nfrom deco import registered\n@registered\ndef text():\n    return 'You.'\n"
        f"def f():\n    SEND(text())\n{WRAPS}",
        "known 'You.'",
    ),
    "a wrapper that changes the result": (
        "## app.py\nfrom deco import shouted\n@shouted\ndef text():\n    return 'You.'\n"
        f"def f():\n    SEND(text())\n{WRAPS}",
        "unknown: result of text(), which @shouted changes",
    ),
    "a wrapper with arguments that changes it": (
        "## app.py\nimport deco\n@deco.signed('me')\ndef text():\n    return 'You.'\n"
        f"def f():\n    SEND('I. ' + text())\n{WRAPS}",
        "partial: result of text(), which @signed changes",
    ),
    "a wrapper that changes it on the way": (
        "## app.py\nfrom deco import trimmed\nclass A:\n    @trimmed\n    def text(self):\n"
        f"        return 'You.'\n    def f(self):\n        SEND(self.text())\n{WRAPS}",
        "unknown: result of text(), which @trimmed changes",
    ),
}


@pytest.mark.parametrize("name", DECORATED)
def test_decorators(tmp_path: Path, name: str) -> None:
    text, told = DECORATED[name]
    assert systems(tmp_path, text) == [told]


# --- registries -----------------------------------------------------------------------------------

FILLED = {
    "a table filled at import": (
        "## app.py\nfrom reg import TABLE\ndef f():\n    SEND(TABLE['a'])\n"
        "## reg.py\nTABLE = {}\nTABLE['a'] = 'You.'",
        "known 'You.'",
    ),
    "a table filled by a function": (
        "## app.py\nfrom reg import TABLE\ndef f():\n    SEND(TABLE['a'])\n"
        "## reg.py\nTABLE = {}\ndef register(name, text):\n    TABLE[name] = text\n"
        "register('a', 'You.')\n",
        "known 'You.'",
    ),
    "a list filled by a function": (
        "## app.py\nfrom reg import PARTS\ndef f():\n    SEND(' '.join(PARTS))\n"
        "## reg.py\nPARTS = ['You']\ndef add(text):\n    PARTS.append(text)\n"
        "## main.py\nfrom reg import add\nadd('sort.')\n",
        "traced 'You' + *(' sort.')",
    ),
    "filled with what is not here": (
        "## app.py\nfrom reg import TABLE\ndef f():\n    SEND(TABLE['a'])\n"
        "## reg.py\nfrom elsewhere import load\nTABLE = {}\ndef register(name):\n"
        "    TABLE[name] = load(name)\nregister('a')\n",
        "unknown: result of elsewhere.load(), which is defined elsewhere",
    ),
}


@pytest.mark.parametrize("name", FILLED)
def test_registries(tmp_path: Path, name: str) -> None:
    text, told = FILLED[name]
    assert systems(tmp_path, text) == [told]


# --- limits ---------------------------------------------------------------------------------------


def test_a_recursion_with_an_end(tmp_path: Path) -> None:
    text = (
        "## app.py\nfrom helpers import text\ndef f(n):\n    SEND(text(n) + '!')\n"
        "## helpers.py\ndef text(n):\n    if n == 0:\n        return 'You.'\n"
        "    return text(n - 1) + '.'"
    )
    assert systems(tmp_path, text) == ["traced <'You.' | ? + '.'> + '!'"]


def test_helpers_that_call_each_other(tmp_path: Path) -> None:
    text = (
        "## app.py\nfrom one import a\ndef f():\n    SEND('You ' + a())\n"
        "## one.py\nimport two\ndef a():\n    return two.b()\n"
        "## two.py\nimport one\ndef b():\n    return one.a()"
    )
    assert systems(tmp_path, text) == ["traced 'You ' + ?"]


def test_callers_that_call_each_other(tmp_path: Path) -> None:
    text = (
        f"{WORKER}## one.py\nfrom app import f\nfrom two import b\n"
        "def a(s):\n    f(s)\n    b(s)\n"
        "## two.py\nfrom one import a\ndef b(s):\n    a(s)\n"
        "## main.py\nfrom two import b\nb('You.')"
    )
    assert systems(tmp_path, text) == ["known 'You.'"]


def test_callers_too_far_up(tmp_path: Path) -> None:
    steps = LONGEST_CHAIN + 2
    text = f"{WORKER}## c0.py\nfrom app import f\ndef g0(s):\n    f(s)\n" + "".join(
        f"## c{n}.py\nfrom c{n - 1} import g{n - 1}\ndef g{n}(s):\n    g{n - 1}(s)\n"
        for n in range(1, steps)
    )
    text += f"## main.py\nfrom c{steps - 1} import g{steps - 1}\ng{steps - 1}('You.')"
    told = "unknown: parameter `s`, which the project fills in a way that could not be followed"
    assert systems(tmp_path, text) == [told]


def test_the_budget_ends_it(tmp_path: Path) -> None:
    lines = "".join(f"T{n} = f'{{T{n - 1}}} {{T{n - 1}}}'\n" for n in range(1, 40))
    text = f"## app.py\nfrom big import T39\nSEND('You ' + T39)\n## big.py\nT0 = 'a'\n{lines}"
    (told,) = systems(tmp_path, text)
    assert told == "partial: a value of too many parts"


#: What is said of a part that each of too many callers makes another one.
MORE = "partial: it is called from more places than are followed"


def test_many_callers(tmp_path: Path) -> None:
    calls = "".join(f"## c{n:02}.py\nfrom app import f\nf('{n:02}')\n" for n in range(60))
    first = systems(tmp_path, WORKER + calls)
    assert first == [MORE] * MOST_CHAINS


def test_many_calls_in_one_module(tmp_path: Path) -> None:
    calls = "".join(f"f('{n:02}')\n" for n in range(60))
    found = systems(tmp_path, f"{WORKER}## main.py\nfrom app import f\n{calls}")
    assert found == [MORE] * MOST_CHAINS


def _callers(*given: str) -> str:
    return "".join(
        f"## c{n:02}.py\nfrom app import f\nfrom elsewhere import S, build\nf({each})\n"
        for n, each in enumerate(given)
    )


def test_callers_that_are_not_followed_are_judged(tmp_path: Path) -> None:
    found = systems(tmp_path, WORKER + _callers(*(f"'{n:02}'" for n in range(12))))
    assert found == [f"known '{n:02}'" for n in range(MOST_CHAINS)]


def test_callers_of_callers_that_are_not_followed_are_judged(tmp_path: Path) -> None:
    calls = "".join(f"def g{n:02}():\n    f('{n:02}')\ng{n:02}()\n" for n in range(12))
    found = systems(tmp_path, f"{WORKER}## main.py\nfrom app import f\n{calls}")
    assert found == [f"known '{n:02}'" for n in range(MOST_CHAINS)]


@pytest.mark.parametrize("last", ["S", "build('a')", "**build()", "*build()"])
def test_one_that_is_not_followed_can_not_be_seen(tmp_path: Path, last: str) -> None:
    found = systems(tmp_path, WORKER + _callers(*(f"'{n:02}'" for n in range(12)), last))
    assert found == [MORE] * MOST_CHAINS


def test_what_no_caller_changes_stays_known(tmp_path: Path) -> None:
    calls = "".join(f"## c{n:02}.py\nfrom app import f\nf('{n:02}')\n" for n in range(60))
    text = "## app.py\nS = 'You are terse.'\ndef f(x):\n    SEND(S)\n"
    assert set(systems(tmp_path, text + calls)) == {"known 'You are terse.'"}


def test_no_module_breaks_another(tmp_path: Path) -> None:
    text = (
        "## app.py\nimport broken, deep, binary\nfrom broken import A\nfrom deep import B\n"
        "from binary import C\ndef f():\n"
        "    SEND([{'type': 'text', 'text': x} for x in (A, B, C)])\n"
        "## broken.py\ndef (:\n"
    )
    plant(tmp_path, text)
    (tmp_path / "deep.py").write_text("B = " + "(" * 5_000 + ")" * 5_000)
    (tmp_path / "binary.py").write_bytes(b"C = '\xff\xfe\x00'\n")
    (request,) = requests_of(tmp_path)
    assert [leaf.reason for leaf in request.system.leaves if leaf.reason] == [
        f"`{name}` is imported, and its module is not here"
        for name in ("broken.A", "deep.B", "binary.C")
    ]


# --- objects that a function makes, and sets something on -----------------------------------------

SET_SINCE = {
    "set and returned": ("    c.note = 'You sort.'\n    return c", "known '-You sort.'"),
    "set and handed on": (
        "    c.note = 'You sort.'\n    show(c)\n    return C()\n"
        "def show(c):\n    SEND('+' + c.note)",
        "known '+You sort.'",
    ),
    "set in a branch": (
        "    if q:\n        c.note = 'You sort.'\n    return c",
        "known '-' + <'none' | 'You sort.'>",
    ),
    "added to": ("    c.note += ' at all'\n    return c", "known '-none at all'"),
    "read by a method": (
        "    c.note = 'You sort.'\n    return C(c.said())",
        "known '-You sort.!'",
    ),
    "set on another one": ("    c.note = q\n    c = C()\n    return c", "known '-none'"),
    "set to what can't be seen": (
        "    c.note = load()\n    return c",
        "partial: result of elsewhere.load(), which is defined elsewhere",
    ),
    "set to it in a loop": (
        "    for each in q:\n        c.note = load()\n    return c",
        "partial: result of elsewhere.load(), which is defined elsewhere",
    ),
}


@pytest.mark.parametrize("name", SET_SINCE)
def test_what_is_set_on_an_object_since(tmp_path: Path, name: str) -> None:
    text, told = SET_SINCE[name]
    start = (
        "## app.py\nfrom dataclasses import dataclass\nfrom elsewhere import load\n"
        "@dataclass\nclass C:\n    note: str = 'none'\n"
        "    def said(self):\n        return self.note + '!'\n"
        "def f(q):\n    SEND('-' + make(q).note)\ndef make(q):\n    c = C()\n"
    )
    assert told in systems(tmp_path, start + text)


# --- classes that a factory makes, fixtures that a runner hands in --------------------------------

ASKS = "    def ask(self, q):\n        SEND(q)\n"
CALLED_SOMEHOW = (
    "unknown: parameter `q`, which the project fills in a way that could not be followed"
)

FACTORIES = {
    "in a table": (
        f"## app.py\nclass Backend:\n{ASKS}"
        "## make.py\nfrom app import Backend\nTABLE = {'b': (Backend, 1)}\n"
        "from elsewhere import pick\ndef make(kind):\n    return pick(TABLE, kind)()\n"
        "## use.py\nfrom make import make\ndef run(kind):\n    make(kind).ask('x')\n",
        CALLED_SOMEHOW,
    ),
    "by a dotted name in a text": (
        f"## app.py\nclass Backend:\n{ASKS}"
        "## make.py\nimport importlib\nTABLE = {'b': 'app.Backend'}\n"
        "def make(kind):\n    a, b = TABLE[kind].rsplit('.', 1)\n"
        "    return getattr(importlib.import_module(a), b)()\n"
        "## use.py\nfrom make import make\ndef run(kind):\n    make(kind).ask('x')\n",
        CALLED_SOMEHOW,
    ),
    "registered by a decorator": (
        "## registry.py\nALL = {}\ndef register(name):\n    def deco(cls):\n"
        "        ALL[name] = cls\n        return cls\n    return deco\n"
        f"## app.py\nfrom registry import register\n@register('b')\nclass Backend:\n{ASKS}"
        "## use.py\nfrom registry import ALL\ndef run(kind):\n    ALL[kind]().ask('x')\n",
        CALLED_SOMEHOW,
    ),
    "nothing calls the method": (
        f"## app.py\nclass Backend:\n{ASKS}## make.py\nfrom app import Backend\n"
        "TABLE = {'b': Backend}\n",
        "traced: parameter `q`, whose callers are not here",
    ),
    "only named where it is checked": (
        f"## app.py\nclass Backend:\n{ASKS}## use.py\nfrom app import Backend\n"
        "def run(x):\n    assert isinstance(x, Backend)\n    other.ask('x')\n",
        "traced: parameter `q`, whose callers are not here",
    ),
}


@pytest.mark.parametrize("name", FACTORIES)
def test_what_a_factory_makes_has_callers(tmp_path: Path, name: str) -> None:
    text, expected = FACTORIES[name]
    [told] = systems(tmp_path, text)
    assert told == expected


FIXTURES = {
    "in the module": (
        "## app.py\nimport pytest\n@pytest.fixture\ndef rules():\n    return 'You sort.'\n"
        "def test_it(rules):\n    SEND(rules)",
        "known 'You sort.'",
    ),
    "made of another one": (
        "## app.py\nimport pytest\n@pytest.fixture()\ndef who():\n    return 'You'\n"
        "@pytest.fixture(scope='module')\ndef rules(who):\n    yield who + ' sort.'\n"
        "class TestIt:\n    def test_it(self, rules):\n        SEND(rules)",
        "known 'You sort.'",
    ),
    "in conftest.py": (
        "## tests/__init__.py\n## tests/conftest.py\nimport pytest\n@pytest.fixture\n"
        "def rules():\n    return 'You sort.'\n"
        "## app.py\ndef run():\n    pass\n"
        "## tests/test_it.py\ndef test_it(rules):\n    SEND(rules)",
        "known 'You sort.'",
    ),
    "of something that isn't here": (
        "## app.py\nimport pytest\nfrom elsewhere import Rules\n@pytest.fixture\n"
        "def rules():\n    return Rules()\ndef test_it(rules):\n    SEND(rules.text())",
        "unknown: result of elsewhere.Rules(), which is defined elsewhere",
    ),
    "none of that name": (
        "## app.py\ndef test_it(rules):\n    SEND(rules)",
        "traced: parameter `rules`, whose callers are not here",
    ),
    "no test": (
        "## app.py\nimport pytest\n@pytest.fixture\ndef rules():\n    return 'You sort.'\n"
        "def ask(rules):\n    SEND(rules)",
        "traced: parameter `rules`, whose callers are not here",
    ),
}


@pytest.mark.parametrize("name", FIXTURES)
def test_a_fixture_hands_in_what_it_makes(tmp_path: Path, name: str) -> None:
    text, expected = FIXTURES[name]
    plant(tmp_path, text)
    path = "tests/test_it.py" if "## tests/test_it.py" in text else "app.py"
    [told] = [system(request) for request in requests_of(tmp_path, path)]
    assert told == expected
