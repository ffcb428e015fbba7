"""New markers: on a block, in place of a plain text, at the top level of a request."""

from __future__ import annotations

import pytest
from mending import PROLOGUE, find, mended, requests, source

from skinflint.fixers.plan import Declined
from skinflint.linter.findings import MarkBlock, MarkRequest
from skinflint.linter.request import Form, Place

MARKER = {"type": "ephemeral"}


def marked(text: str, written: str, form: str) -> str:
    """A module after the block written so got a marker."""
    file = source(text)
    return mended(file, MarkBlock(find(file, written), form))


def test_a_plain_text_becomes_a_marked_block() -> None:
    after = marked("send(system=SYSTEM)\n", "SYSTEM", "string")
    assert after == (
        'send(system=[{"type": "text", "text": SYSTEM, "cache_control": {"type": "ephemeral"}}])\n'
    )
    assert eval_system(after, SYSTEM="Be kind.") == [
        {"type": "text", "text": "Be kind.", "cache_control": MARKER}
    ]


def eval_system(text: str, **names: object) -> object:
    """What a module passes to ``send`` as ``system``."""
    passed: dict[str, object] = {}
    exec(compile(text, "app.py", "exec"), {"send": passed.update, **names})
    return passed["system"]


@pytest.mark.parametrize(
    "written",
    [
        '"Be kind."',
        "'Be kind.'",
        '("Be "\n      "kind.")',
        'f"Be {HOW}."',
        '"""Be\nkind."""',
        '"Be " + HOW',
        'HOW or "rude"',
        'HOW if HOW else "rude"',
        "lines[0]",
    ],
)
def test_any_expression_keeps_its_text(written: str) -> None:
    text = f"send(\n    system={written},\n    messages=[],\n)\n"
    names = {"HOW": "kind", "lines": ["Be kind."]}
    before = eval_system(text, **names)
    after = eval_system(marked(text, written, "string"), **names)
    assert after == [{"type": "text", "text": before, "cache_control": MARKER}]


def test_a_long_text_gets_lines_of_its_own() -> None:
    name = "THE_RULES_OF_THE_HOUSE_AS_THEY_ARE_WRITTEN_ON_THE_WALL"
    after = marked(f"send(\n    system={name},\n    messages=[],\n)\n", name, "string")
    assert after.split("\n")[1:8] == [
        "    system=[",
        "        {",
        '            "type": "text",',
        f'            "text": {name},',
        '            "cache_control": {"type": "ephemeral"},',
        "        }",
        "    ],",
    ]


@pytest.mark.parametrize(
    ("before", "written", "form", "after"),
    [
        ('b = {"type": "text", "text": T}\n', '{"type": "text", "text": T}', "dict",
         'b = {"type": "text", "text": T, "cache_control": {"type": "ephemeral"}}\n'),
        ("b = {'name': N}\n", "{'name': N}", "dict",
         "b = {'name': N, 'cache_control': {'type': 'ephemeral'}}\n"),
        ('b = {\n    "name": N,\n}\n', '{\n    "name": N,\n}', "dict",
         'b = {\n    "name": N,\n    "cache_control": {"type": "ephemeral"},\n}\n'),
        ('b = Block(type="text", text=T)\n', 'Block(type="text", text=T)', "call",
         'b = Block(type="text", text=T, cache_control={"type": "ephemeral"})\n'),
    ],
)  # fmt: skip
def test_a_block_gets_an_entry(before: str, written: str, form: str, after: str) -> None:
    assert marked(before, written, form) == after


@pytest.mark.parametrize(
    ("text", "written", "form", "reason"),
    [
        ("b = {}\n", "{}", "dict", "empty"),
        ('b = {**base, "name": N}\n', '{**base, "name": N}', "dict", "may have a marker"),
        ('b = {"cache_control": C, "n": N}\n', '{"cache_control": C, "n": N}', "dict", "already"),
        ("b = BLOCK\n", "BLOCK", "dict", "not written out"),
        ('b = Block("text", T)\n', 'Block("text", T)', "call", "positional"),
    ],
)
def test_a_block_that_is_not_understood_is_left(
    text: str, written: str, form: str, reason: str
) -> None:
    with pytest.raises(Declined, match=reason):
        marked(text, written, form)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("c.messages.create(model=M)\n",
         'c.messages.create(model=M, cache_control={"type": "ephemeral"})\n'),
        ("c.messages.create(model='m')\n",
         "c.messages.create(model='m', cache_control={'type': 'ephemeral'})\n"),
        ("c.messages.create(\n    model=M,\n    messages=H,\n)\n",
         "c.messages.create(\n    model=M,\n    messages=H,\n"
         '    cache_control={"type": "ephemeral"},\n)\n'),
        ("c.messages.create(**params)\n",
         'c.messages.create(**params, cache_control={"type": "ephemeral"})\n'),
        ("to_thread(c.messages.create, model=M)\n",
         'to_thread(c.messages.create, model=M, cache_control={"type": "ephemeral"})\n'),
    ],
)  # fmt: skip
def test_a_request_asks_for_automatic_caching(before: str, after: str) -> None:
    file = source(before)
    assert mended(file, MarkRequest(find(file, before.strip()))) == after


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("c.messages.create(model=M, cache_control=C)\n", "already"),
        ("run_in_executor(None, c.messages.create)\n", "takes its arguments"),
        ("c.messages.create()\n", "no arguments"),
    ],
)
def test_a_request_that_cannot_ask_is_left(text: str, reason: str) -> None:
    file = source(text)
    with pytest.raises(Declined, match=reason):
        mended(file, MarkRequest(find(file, text.strip())))


def test_the_rebuilt_request_has_the_marker() -> None:
    text = (
        PROLOGUE
        + "reply = client.messages.create(\n"
        + '    model="claude-opus-5-5", max_tokens=9, system=SYSTEM,\n'
        + '    messages=[{"role": "user", "content": "Hi"}],\n)\n'
    )
    file = source(text)
    (before,) = requests(file)
    system = next(block for block in before.blocks if block.place is Place.SYSTEM)
    assert system.form is Form.STRING
    assert system.text is not None
    after = mended(file, MarkBlock(system.text, "string"), MarkRequest(before.site.span))
    (now,) = requests(source(after))
    assert [(p.block, p.automatic, p.ttl) for p in now.breakpoints] == [
        (0, False, "5m"),
        (1, True, "5m"),
    ]
