"""Texts that are cut or put into blocks, numbers that are set, and calls that are gathered."""

from __future__ import annotations

import asyncio
from textwrap import dedent
from typing import Any

import pytest
from mending import PATH, find, mended, source

from skinflint.fixers import undone
from skinflint.fixers.plan import Declined
from skinflint.linter.findings import (
    Applicability,
    CapText,
    Fix,
    GatherAwaits,
    Op,
    SetNumber,
    TextToBlocks,
)


def after(text: str, op: Op) -> str:
    """The module when the operation is done, and nothing else than it."""
    new = mended(source(text), op)
    assert undone.alike(text, new, (Fix(Applicability.UNSAFE, "", (op,)),))
    return new


def run(text: str, /, **names: Any) -> dict[str, Any]:
    namespace: dict[str, Any] = dict(names)
    exec(compile(text, PATH, "exec"), namespace)
    return namespace


# -------------------------------------------------------------------- CapText


@pytest.mark.parametrize(
    "written",
    [
        "result",
        "use(name, given)",
        "self.last",
        "table[name]",
        "first + second",
        "text if text else 'none'",
        "f'{first}{second}'",
        "'a' 'b'",
    ],
)
def test_a_text_is_cut_and_its_beginning_stays(written: str) -> None:
    text = f"block = {{'content': {written}}}\n"
    new = after(text, CapText(find(source(text), written), 4))
    assert "[:4]" in new
    names = {
        "result": "abcdefgh",
        "use": lambda *_: "abcdefgh",
        "name": "n",
        "given": {},
        "self": type("It", (), {"last": "abcdefgh"}),
        "table": {"n": "abcdefgh"},
        "first": "abc",
        "second": "defgh",
        "text": "abcdefgh",
    }
    before = run(text, **names)["block"]["content"]
    assert run(new, **names)["block"]["content"] == before[:4]


def test_an_underscore_where_numbers_are_long() -> None:
    text = "block = dict(content=result)\n"
    assert after(text, CapText(find(source(text), "result"), 20_000)) == (
        "block = dict(content=result[:20_000])\n"
    )


# -------------------------------------------------------------------- TextToBlocks


def blocks(written: str, media: str = "image/png", kind: str = "image") -> list[dict[str, Any]]:
    """What a content becomes, with ``data`` and ``name`` at hand."""
    text = f'message = {{"role": "user", "content": {written}}}\n'
    new = after(text, TextToBlocks(find(source(text), written), media, kind))
    listed: list[dict[str, Any]] = run(new, data="QUJD", name="A")["message"]["content"]
    return listed


def test_text_on_both_sides_of_the_picture() -> None:
    first, picture, last = blocks('f"See {name}: data:image/png;base64,{data} What is it?"')
    assert first == {"type": "text", "text": "See A: "}
    assert picture == {
        "type": "image",
        "source": {"type": "base64", "media_type": "image/png", "data": "QUJD"},
    }
    assert last == {"type": "text", "text": " What is it?"}


def test_no_blank_blocks() -> None:
    (only,) = blocks('f"data:application/pdf;base64,{data}\\n"', "application/pdf", "document")
    assert only["type"] == "document"


def test_a_conversion_is_kept() -> None:
    (picture,) = blocks('f"data:image/png;base64,{data!s:>6}"')
    assert picture["source"]["data"] == "  QUJD"


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ('"data:image/png;base64," + data', "not written out"),
        ('f"data:image/gif;base64,{data}"', "no data URL"),
        ('f"{name}data:image/png;base64,{data}"', "may be empty"),
        ('f"""data:image/png;base64,{data}"""', "several pieces"),
    ],
)
def test_texts_that_are_left_alone(written: str, reason: str) -> None:
    with pytest.raises(Declined, match=reason):
        blocks(written)


# -------------------------------------------------------------------- SetNumber


def test_a_number_where_it_is_written() -> None:
    text = 'edits = {"trigger": {"value": 5_000}}  # early\n'
    op = SetNumber(find(source(text), "5_000"), "100_000", "context_management")
    assert mended(source(text), op) == 'edits = {"trigger": {"value": 100_000}}  # early\n'


@pytest.mark.parametrize("written", ["LOW = 5000", "LOW: int = 5000"])
def test_a_number_with_a_name_is_left_alone(written: str) -> None:
    code = source(f"{written}\n")
    with pytest.raises(Declined, match="has a name"):
        mended(code, SetNumber(find(code, "5000"), "100_000", "context_management"))


# -------------------------------------------------------------------- GatherAwaits


def gathered(text: str, first: str, second: str) -> str:
    code = source(text)
    return after(text, GatherAwaits(find(code, first), find(code, second)))


PAIR = """\
import json

async def work(ask):
    one = await ask("a")
    two = await ask("b")
    return json.dumps([one, two])
"""


def test_both_are_under_way_at_once() -> None:
    new = gathered(PAIR, 'one = await ask("a")', 'two = await ask("b")')
    assert new.startswith("import asyncio\nimport json\n")
    assert '    one, two = await asyncio.gather(ask("a"), ask("b"))\n' in new
    begun: list[str] = []

    async def ask(what: str) -> str:
        begun.append(what)
        while len(begun) < 2:
            await asyncio.sleep(0)
        return what.upper()

    assert asyncio.run(run(new)["work"](ask)) == '["A", "B"]'


def test_long_calls_get_lines_of_their_own() -> None:
    text = dedent(
        """\
        import asyncio

        async def work(ask):
            one = await ask(
                "a",
                more=1,
            )
            two = await ask("b")
            return one, two
        """
    )
    first = 'one = await ask(\n        "a",\n        more=1,\n    )'
    new = gathered(text, first, 'two = await ask("b")')
    assert new == dedent(
        """\
        import asyncio

        async def work(ask):
            one, two = await asyncio.gather(
                ask(
                    "a",
                    more=1,
                ),
                ask("b"),
            )
            return one, two
        """
    )


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (PAIR.replace('("a")\n', '("a")\n    # then the other\n'), "lose a comment"),
        (PAIR.replace('("b")\n', '("b")  # last\n'), "stands on their lines"),
        (PAIR.replace("import json", "asyncio = json = None"), "something else"),
        (PAIR.replace('ask("a")', 'ask("""a\nb""")'), "several lines"),
    ],
)
def test_pairs_that_are_left_alone(text: str, reason: str) -> None:
    first = text[text.index("one =") : text.index('")\n') + 2]
    if '"""' in text:
        first = 'one = await ask("""a\nb""")'
    with pytest.raises(Declined, match=reason):
        gathered(text, first, 'two = await ask("b")')


@pytest.mark.parametrize(
    "other",
    [
        PAIR.replace('("b")', '("c")'),
        PAIR.replace("import json", "import json\nimport os"),
        PAIR.replace("one, two", "two, one"),
    ],
)
def test_nothing_but_the_order_in_time_may_change(other: str) -> None:
    code = source(PAIR)
    op = GatherAwaits(find(code, 'one = await ask("a")'), find(code, 'two = await ask("b")'))
    assert not undone.alike(PAIR, other, (Fix(Applicability.UNSAFE, "", (op,)),))
