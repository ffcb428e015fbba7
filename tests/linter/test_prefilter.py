"""The first look at a file loses no request, and lets little else through."""

from __future__ import annotations

import ast
import json
import sysconfig
from collections.abc import Collection
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skinflint.catalog.compiled import read
from skinflint.linter.config import Settings
from skinflint.linter.engine import Options, check
from skinflint.linter.prefilter import METHODS, may_hold, may_matter
from skinflint.linter.source import from_bytes

# what the grammar allows between the parts of an attribute access, in parentheses
GAPS = [
    "",
    " ",
    "\n    ",
    "\\\n",
    "  # the resource\n  ",
    " # a.b # c\n\n# more\n\t",
    "\r\n",
    "\f",
    "\r",
]

SURFACES = [line.split()[0] for line in read("surfaces")["methods"].strip().splitlines()]


def matters(text: str) -> bool:
    return may_matter(text.encode())


def test_every_surface_of_the_catalogue_is_seen() -> None:
    assert len(SURFACES) > 10
    for path in SURFACES:
        assert matters(f"reply = client.{path}(**params)\n"), path
        assert matters(f"ask = partial(self._client.{path})\n"), path
        assert matters(f"with shared.{path}(**params) as s:\n    pass\n"), path
        *resource, method = path.split(".")
        assert matters(f"api = client.{'.'.join(resource)}\nr = api.{method}(**params)\n"), path
        assert matters(f"attrgetter('{path}')(client)(**params)\n"), path


def test_every_method_of_the_catalogue_is_known() -> None:
    assert {path.rsplit(".", 1)[1] for path in SURFACES} - {"send"} <= set(METHODS)


@pytest.mark.parametrize("chain", ["messages.create", "beta.messages.batches.create"])
def test_whatever_stands_between_the_parts(chain: str) -> None:
    parts = ["client", *chain.split(".")]
    for before, after in product(GAPS, repeat=2):
        text = "(" + f"{before}.{after}".join(parts) + ")(**params)\n"
        if "\\\n" not in text:
            ast.parse(text)
        assert matters(text), text


@pytest.mark.parametrize(
    "text",
    [
        "import anthropic\n",
        "from shop.clients import Anthropic\n",
        "def f(client: 'AsyncAnthropic'): ...\n",
        "requests.post('https://api.anthropic.com/v1/messages', json=body)\n",
        "client.post('/v1/messages', body=body, cast_to=Message)\n",
        # aliases of the resource
        "m = client.messages\nm.create(**params)\n",
        "m = client.  # the resource\\\n  messages\nm.create(**params)\n",
        "m = client. # see #12: 'x'.\n # again\n messages\nm . stream(**params)\n",
        "m = (client\n     .beta\n     .messages)\nm.parse(**params)\n",
        "m, n = client.messages, 1\nm.count_tokens(**params)\n",
        "run(client.messages)\ndef run(api): api.create(**params)\n",
        "(client.messages).create(**params)\n",
        "(\n client.messages\n # why\n).create(**params)\n",
        "messages = client().messages ; messages.create(**p)\n",
        "from shop.clients import messages\nmessages.create(**params)\n",
        "from shop.clients import messages as api\napi.create(model=m, messages=[])\n",
        # the resource comes in by name, the arguments say what it is
        "def ask(api):\n    return api.create(model=m, max_tokens=9, messages=[turn])\n",
        "def ask(api):\n    p = {'model': m, \"messages\": turns}\n    return api.create(**p)\n",
        "def ask(api, messages):\n    return api.stream(model=m, messages = messages)\n",
        "p = dict(messages=x)\nawait api.create(**p)\n",
        "p = {}\np['messages'] = x\nawait api.create(**p)\n",
        # by name
        'getattr(client, "messages").create(**params)\n',
        "getattr(client.messages, 'create')(**params)\n",
        "getattr(getattr(client, 'beta'), 'messages').tool_runner(**params)\n",
        "operator.methodcaller('create', **p)(client.messages)\n",
        'attrgetter("beta.messages.create")(client)(**p)\n',
        # by reference
        "await asyncio.to_thread(client.messages.create, **params)\n",
        "send = client.messages.create\nsend(**params)\n",
        "functools.partial(self.client.messages.stream, model=m)\n",
        # wrappers
        "client.messages.with_raw_response.create(**params)\n",
        "client.with_options(timeout=1).beta.messages.with_streaming_response.parse(**p)\n",
        "client.beta.prompt_caching.messages.create(**params)\n",
        "client['a'].messages.create(**p)\n",
        "chat = client.beta.messages.thread(**p)\nchat.send('hi')\n",
        # batches
        "client.messages.batches.create(requests=[])\n",
        "batches = client.messages.batches\nbatches.create(requests=r)\n",
        "self.batches.create(requests=r)\n",
        "self.batches_api \\\n . create(requests=r)\n",
    ],
)
def test_shapes_of_requests(text: str) -> None:
    assert matters(text)
    assert matters("x = 1\r\n" * 50 + text.replace("\n", "\r\n"))
    assert may_matter(b"# coding: latin-1\n'\xe4'\n" + text.encode())


@pytest.mark.parametrize(
    "text",
    [
        "",
        "import os\n",
        "messages.error(request, 'no')\n",
        "from django.contrib import messages\nmessages.success(r, 'x')\nUser.objects.create()\n",
        "for message in self.messages_for(user):\n    parse(message)\n",
        "'''Prints messages. Uses parse and create.'''\nx.create()\n",
        "batches = make()\nfor batch in batches:\n    batch.create()\n",
        "self.messages.append(x)\n",
        "messages: list\n",
    ],
)
def test_what_is_no_request(text: str) -> None:
    assert not matters(text)


def test_little_of_the_standard_library_gets_through() -> None:
    root = Path(sysconfig.get_path("stdlib"))
    read_files = [*root.glob("*.py"), *root.glob("[a-l]*/*.py")]
    through = [path.name for path in read_files if may_matter(path.read_bytes())]
    assert len(read_files) > 100
    assert len(through) * 100 < len(read_files), through


@given(st.binary(), st.sampled_from([b"", b"messages", b".messages ", b"batches.", b"# messages"]))
def test_any_bytes(data: bytes, needle: bytes) -> None:
    assert may_matter(data + needle + data) in (True, False)


def test_no_input_is_slow() -> None:
    """Ends at once; a look that goes back to the start for every needle would take minutes."""
    assert not may_matter(b"# messages\n " * 10_000)
    assert not may_matter(b"x.  # # # # messages\n" * 10_000)
    assert not may_matter(b"messages" + b" " * 500_000)
    assert not may_matter((b"messages" + b" \\\n" * 300) * 1_000)
    assert not may_matter(b"messages" * 300_000)
    assert not may_matter(b"'messages'" + b"." * 100_000)


# --- notebooks ----------------------------------------------------------------------------------


def in_json(text: str, escaped: Collection[int]) -> str:
    """``text`` as JSON string, the characters at ``escaped`` written as ``\\u....``."""
    return "".join(
        f"\\u{ord(char):04{'xX'[index % 2]}}" if index in escaped else json.dumps(char)[1:-1]
        for index, char in enumerate(text)
    )


WORDS = [
    "import anthropic\n",
    "from shop.clients import Anthropic\n",
    'getattr(client, "messages").create(**params)\n',
    "p = {'model': m, \"messages\": turns}\napi.create(**p)\n",
    "m = client.messages\nm.create(**p)\n",
    "m = (client\n     .beta\n     .messages)\nm.parse(**params)\n",
    "(client.messages\n # why\n).create(**params)\n",
    "batches = client.messages.batches\nbatches.create(requests=r)\n",
    "x = 1  # skinflint: ignore[SKF402]\n",
    "%time client.messages.create(**p)\n",
]


@pytest.mark.parametrize("text", WORDS)
@given(escaped=st.sets(st.integers(0, 80)), by_line=st.booleans())
def test_a_cell_is_seen_however_it_is_escaped(text: str, escaped: set[int], by_line: bool) -> None:
    source = f'"{in_json(text, escaped)}"'
    if by_line:
        lines = text.splitlines(keepends=True)
        source = "[" + ",\n ".join(f'"{in_json(line, escaped)}"' for line in lines) + "]"
    data = f'{{"cells": [{{"cell_type": "code", "source": {source}}}], "nbformat": 4}}'
    read_text = from_bytes("n.ipynb", data.encode()).text
    assert "skinflint:" in text or matters(read_text)
    assert may_hold(data.encode())


@pytest.mark.parametrize(
    "text",
    [
        "import os\n",
        "print('\\u001b[31m')",
        "x = 'é\u2028'  # <b>&'",
        "message = batch\n",
    ],
)
def test_a_notebook_without_the_words_is_not_read(text: str) -> None:
    for escaped in ((), [i for i, char in enumerate(text) if not char.isascii()]):
        assert not may_hold(f'{{"source": "{in_json(text, escaped)}"}}'.encode())
    assert not may_hold(rb'{"text": "\u001b[31m \u0003 \u00e9 \u2028"}')


# --- recall: what is found with it and without ---------------------------------------------------

CLIENT = "import anthropic\n\nclient = anthropic.Anthropic()\n"
ASK = 'client.messages.create(model="claude-opus-5-5", max_tokens=9, messages=[turn])'
PROJECT = {
    "plain.py": f"{CLIENT}{ASK}\n",
    "annotated.py": f"def ask(client: 'anthropic.Anthropic', turn):\n    return {ASK}\n",
    "factory.py": "import anthropic as a\n\n\ndef client():\n    return a.AsyncAnthropic()\n",
    "spread.py": f"{CLIENT}m = (\n    client  # here\n    .beta  # there\n    .messages\n)\n"
    "m.create(**params)\n",
    "batch.py": f"{CLIENT}client.messages.batches.create(requests=[])\n",
    "bound.py": f"{CLIENT}send = client.messages.create\nsend(model=m, messages=[])\n",
    "latin.py": f"# -*- coding: latin-1 -*-\n'\xe4'\n{CLIENT}{ASK}\n",
    "other.py": "from django.contrib import messages\nmessages.success(r, 'x')\n",
    "none.py": "x = 1\n",
}
CELLS = {
    "plain.ipynb": [CLIENT, f"%time reply = {ASK}"],
    "spread.ipynb": [CLIENT + "!pip list", "m = (client\n  .messages\n)", "m.stream(model=m)"],
    "quoted.ipynb": [CLIENT, 'p = {"model": m, "messages": []}', "client.messages.create(**p)"],
    "broken.ipynb": [CLIENT, "x = (", f"await {ASK}"],
    "none.ipynb": ["x = 1"],
}


def test_nothing_is_lost(tmp_path: Path) -> None:
    for name, text in PROJECT.items():
        (tmp_path / name).write_bytes(text.encode("latin-1"))
    for name, cells in CELLS.items():
        made = [{"cell_type": "code", "source": cell.splitlines(keepends=True)} for cell in cells]
        document = json.dumps({"cells": made, "nbformat": 4})
        (tmp_path / name).write_text(document)
        # ASCII escaped as no writer does it
        odd = document.replace("messages", "m\\u0065ssages").replace("nthropic", "nthr\\u006fpic")
        (tmp_path / f"odd_{name}").write_text(odd)
    files = [str(path) for path in tmp_path.iterdir()]
    found, everything = (
        check(files, (), Settings(), None, options=Options(prefilter=on)) for on in (True, False)
    )
    sites = [(Path(r.site.span.path).name, r.site.span.line) for r in everything.requests]
    assert [(Path(r.site.span.path).name, r.site.span.line) for r in found.requests] == sites
    for name in ("plain.py", "annotated.py", "spread.py", "batch.py", "bound.py", "latin.py"):
        assert name in dict(sites), name
    for name in ("plain.ipynb", "spread.ipynb", "quoted.ipynb", "broken.ipynb"):
        assert name in dict(sites), name
        assert f"odd_{name}" in dict(sites), name
    assert found.problems == everything.problems
    assert len(found.problems) == 2  # one cell, in two notebooks
