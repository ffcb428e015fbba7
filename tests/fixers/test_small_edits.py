"""Sorting, keywords, markers, strings, suppressions: one kind of edit each."""

from __future__ import annotations

import ast
import textwrap
from typing import Any

import pytest
from mending import find, mended, source

from skinflint.fixers.plan import Declined
from skinflint.linter.findings import (
    MarkLastOnly,
    PassBlocks,
    RemoveMarker,
    RemoveSuppression,
    ReplaceString,
    SetKeyword,
    SetTtl,
    WrapSorted,
)


def run(text: str, **names: Any) -> dict[str, Any]:
    namespace: dict[str, Any] = dict(names)
    exec(compile(text, "app.py", "exec"), namespace)
    return namespace


# -------------------------------------------------------------------- sorted


@pytest.mark.parametrize(
    ("before", "target", "after"),
    [
        ('text = ", ".join(words)\n', "words", 'text = ", ".join(sorted(words))\n'),
        ("for x in {*words}:\n    y(x)\n", "{*words}", "for x in sorted({*words}):\n    y(x)\n"),
        ('text = " ".join({w for w in words})\n', "{w for w in words}",
         'text = " ".join(sorted({w for w in words}))\n'),
        ('text = " ".join(w for w in words)\n', "(w for w in words)",
         'text = " ".join(sorted(w for w in words))\n'),
        ("text = [\n    *(  # all\n        words\n    ),\n]\n", "words",
         "text = [\n    *(  # all\n        sorted(words)\n    ),\n]\n"),
    ],
)  # fmt: skip
def test_wrap_sorted(before: str, target: str, after: str) -> None:
    file = source(before)
    assert mended(file, WrapSorted(find(file, target))) == after


def test_wrap_sorted_by_key() -> None:
    file = source("async def f(s):\n    tools = await s.list_tools()\n    return tools\n")
    span = find(file, "await s.list_tools()")
    assert 'sorted(await s.list_tools(), key=lambda tool: tool["name"])' in mended(
        file, WrapSorted(span, "name")
    )
    assert "sorted(await s.list_tools(), key=lambda tool: tool.name)" in mended(
        file, WrapSorted(span, "name", attribute=True)
    )
    generator = source("tools = list(t for t in found)\n")
    after = mended(generator, WrapSorted(find(generator, "(t for t in found)"), "name"))
    assert run(after, found=[{"name": "b"}, {"name": "a"}])["tools"][0]["name"] == "a"


@pytest.mark.parametrize(
    ("before", "target", "reason"),
    [
        ("x = words.keys()\n", "words", "taken of it"),
        ("x = words | other\n", "words", "operator"),
        ("async def f():\n    x = await words\n", "words", "awaited"),
        ("def f():\n    x = set(w)\n    x.add(1)\n", "set(w)", "x.add"),
        ("def sorted(x): ...\ny = f(words)\n", "words", "something else"),
        ("class A:\n    def f(self):\n        self.x = set(w)\n", "set(w)", "kept in an attribute"),
    ],
)
def test_wrap_sorted_declines(before: str, target: str, reason: str) -> None:
    file = source(before)
    with pytest.raises(Declined, match=reason):
        mended(file, WrapSorted(find(file, target)))


# -------------------------------------------------------------------- keywords


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("x = dumps(data)\n", "x = dumps(data, sort_keys=True)\n"),
        ("x = dumps()\n", "x = dumps(sort_keys=True)\n"),
        ("x = dumps(data, indent=2,)\n", "x = dumps(data, indent=2, sort_keys=True,)\n"),
        ("x = dumps(data, sort_keys=False)\n", "x = dumps(data, sort_keys=True)\n"),
        ("x = dumps((data))\n", "x = dumps((data), sort_keys=True)\n"),
        (
            "x = dumps(\n    data,\n    indent=2,  # wide\n)\n",
            "x = dumps(\n    data,\n    indent=2,  # wide\n    sort_keys=True,\n)\n",
        ),
        (
            "x = dumps(\n    data,\n    indent=(\n        2\n    )  # wide\n)\n",
            "x = dumps(\n    data,\n    indent=(\n        2\n    ),  # wide\n"
            "    sort_keys=True\n)\n",
        ),
    ],
)
def test_set_keyword(before: str, after: str) -> None:
    file = source(before)
    call = next(n for n in ast.walk(ast.parse(before)) if isinstance(n, ast.Call))
    assert mended(file, SetKeyword(file.span(call), "sort_keys", "True")) == after


@pytest.mark.parametrize(
    ("before", "reason"),
    [
        ("x = dumps(data, **more)\n", "may set"),
        ("x = dumps(data, sort_keys=f())\n", "computed"),
        ("x = dumps(d for d in data)\n", "generator"),
    ],
)
def test_set_keyword_declines(before: str, reason: str) -> None:
    file = source(before)
    call = next(n for n in ast.walk(ast.parse(before)) if isinstance(n, ast.Call))
    with pytest.raises(Declined, match=reason):
        mended(file, SetKeyword(file.span(call), "sort_keys", "True"))


# -------------------------------------------------------------------- markers

MARK = '{"type": "ephemeral"}'


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (f'b = {{"a": 1, "cache_control": {MARK}}}\n', 'b = {"a": 1}\n'),
        (f'b = {{"cache_control": {MARK}, "a": 1}}\n', 'b = {"a": 1}\n'),
        (f'b = {{"a": 1, "cache_control": {MARK}, "b": 2}}\n', 'b = {"a": 1, "b": 2}\n'),
        (f'b = {{"cache_control": {MARK}}}\n', "b = {}\n"),
        (f'b = {{"a": 1, "cache_control": {MARK},}}\n', 'b = {"a": 1}\n'),
        (f'b = {{\n    "a": 1,  # one\n    "cache_control": {MARK},\n}}\n',
         'b = {\n    "a": 1,  # one\n}\n'),
        (f'b = {{\n    "a": 1,\n    "cache_control": {MARK}\n}}\n', 'b = {\n    "a": 1\n}\n'),
        (f'b = {{\n    "cache_control": {MARK},\n    "a": 1,\n}}\n', 'b = {\n    "a": 1,\n}\n'),
        (f"b = block(a=1, cache_control={MARK})\n", "b = block(a=1)\n"),
        (f"b = block(cache_control={MARK}, a=1)\n", "b = block(a=1)\n"),
        (f"b = block(cache_control=({MARK}))\n", "b = block()\n"),
    ],
)  # fmt: skip
def test_remove_marker(before: str, after: str) -> None:
    file = source(before)
    assert mended(file, RemoveMarker(find(file, MARK))) == after


def test_remove_marker_assignments() -> None:
    statement = f'b["cache_control"] = {MARK}'
    file = source(f"b = {{}}\n{statement}\nuse(b)\n")
    assert mended(file, RemoveMarker(find(file, statement))) == "b = {}\nuse(b)\n"
    assert mended(file, RemoveMarker(find(file, MARK))) == "b = {}\nuse(b)\n"
    file = source(f"b = {{}}\nif cached:\n    {statement}\nuse(b)\n")
    assert mended(file, RemoveMarker(find(file, MARK))) == "b = {}\nuse(b)\n"
    file = source(f"def f(b):\n    {statement}\n")
    with pytest.raises(Declined, match="nothing would be left"):
        mended(file, RemoveMarker(find(file, MARK)))
    file = source(f"b = 1; {statement}\n")
    with pytest.raises(Declined, match="another statement"):
        mended(file, RemoveMarker(find(file, MARK)))


def test_remove_marker_keeps_comments_or_declines() -> None:
    file = source(f'b = {{\n    "a": 1,\n    "cache_control": {MARK},  # why\n}}\n')
    assert mended(file, RemoveMarker(find(file, MARK))) == 'b = {\n    "a": 1,\n    # why\n}\n'
    file = source('b = {\n    "cache_control": {  # why\n        "type": "ephemeral",\n    },\n}\n')
    marker = '{  # why\n        "type": "ephemeral",\n    }'
    with pytest.raises(Declined, match="lose a comment"):
        mended(file, RemoveMarker(find(file, marker)))


def test_remove_marker_that_is_computed_declines() -> None:
    file = source('b = {"cache_control": marker()}\n')
    with pytest.raises(Declined, match="computed"):
        mended(file, RemoveMarker(find(file, "marker()")))


# -------------------------------------------------------------------- one marker for a list

COMPREHENSION = f'[{{"type": "text", "text": d, "cache_control": {MARK}}} for d in docs if d]'


@pytest.mark.parametrize("docs", [[], ["a"], ["a", "b", "", "c"]], ids=["none", "one", "some"])
@pytest.mark.parametrize(
    "body",
    [
        f"content = {COMPREHENSION}\nuse(content)\n",
        f"content: list = (\n    {COMPREHENSION}  # the documents\n)\nuse(content)\n",
        f"use({COMPREHENSION})\n",
        f"use([*{COMPREHENSION}])\n",
        f"use({COMPREHENSION.replace('d, ', 'str(d), ')})\n",
        f"docs and use({COMPREHENSION})\ndocs or use([])\n",
        f'content = []\nfor d in docs:\n    if not d:\n        d = "-"\n    content.append('
        f'{{"type": "text", "text": d, "cache_control": {MARK}}})\nuse(content)\n',
        f"blocks = [dict(text=d) for d in docs]\nfor block in blocks:\n"
        f'    block["cache_control"] = {MARK}\nuse(blocks)\n',
        f"blocks = [dict(text=d) for d in docs]\nfor block in blocks:\n    seen.append(block)\n"
        f'    block["cache_control"] = {MARK}\nuse(blocks)\n',
    ],
)
def test_mark_last_only(body: str, docs: list[str]) -> None:
    before = "def work(docs, use, seen):\n" + textwrap.indent(body, "    ")
    file = source(before)
    after = mended(file, MarkLastOnly(find(file, MARK)))
    got: dict[str, list[Any]] = {}
    for name, text in (("before", before), ("after", after)):
        used: list[Any] = []
        run(text)["work"](docs, used.append, [])
        got[name] = used[0]
    assert len(got["before"]) == len(got["after"])
    assert [b["text"] for b in got["before"]] == [b["text"] for b in got["after"]]
    assert all("cache_control" in b for b in got["before"])
    marked = ["cache_control" in b for b in got["after"]]
    assert marked == [False] * (len(marked) - 1) + [True] * bool(marked)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (f'for b in blocks:\n        b["cache_control"] = {MARK}', "not known to be a list"),
        (f'for b in [x]:\n        b["cache_control"] = {MARK}', "list that has a name"),
        (f'for b in blocks:\n        if b:\n            b["cache_control"] = {MARK}', "directly"),
        (f'for d in blocks:\n        out.append({{"cache_control": {MARK}}})', "other blocks"),
        (f'x = {{"a": {{"cache_control": {MARK}}} for b in blocks}}', "not understood"),
    ],
)
def test_mark_last_only_declines(body: str, reason: str) -> None:
    file = source(f"def work(blocks, x, out):\n    {body}\n")
    with pytest.raises(Declined, match=reason):
        mended(file, MarkLastOnly(find(file, MARK)))


# -------------------------------------------------------------------- strings


@pytest.mark.parametrize(
    ("literal", "new"),
    [
        ('"claude-a"', '"claude-b"'),
        ("'claude-a'", "'claude-b'"),
        ("r'claude-a'", "r'claude-b'"),
        ('"""claude-a"""', '"""claude-b"""'),
        ("u'claude-a'", "u'claude-b'"),
    ],
)
def test_replace_string(literal: str, new: str) -> None:
    file = source(f"m = f({literal}, x)  # claude-a\n")
    op = ReplaceString(find(file, literal), "claude-a", "claude-b")
    assert mended(file, op) == f"m = f({new}, x)  # claude-a\n"


def test_replace_string_declines() -> None:
    file = source('m = "claude-" "a"\nn = f"claude-a"\n')
    with pytest.raises(Declined, match="several pieces"):
        mended(file, ReplaceString(find(file, '"claude-" "a"'), "claude-a", "b"))
    with pytest.raises(Declined, match="not a plain"):
        mended(file, ReplaceString(find(file, 'f"claude-a"'), "claude-a", "b"))
    file = source('m = "other"\n')
    with pytest.raises(Declined, match="any more"):
        mended(file, ReplaceString(find(file, '"other"'), "claude-a", "b"))


# -------------------------------------------------------------------- suppressions


@pytest.mark.parametrize(
    ("before", "ids", "after"),
    [
        ("x = 1  # skinflint: ignore[SKF101] why\n", ("SKF101",), "x = 1\n"),
        ("x = 1  # skinflint: ignore[SKF101, no-cache] why\n", ("SKF101",),
         "x = 1  # skinflint: ignore[no-cache] why\n"),
        ("# skinflint: ignore[SKF101]\nx = 1\n", ("SKF101",), "x = 1\n"),
        ("if x:\n    # skinflint: ignore[a, b] both\n    y = 1\n", ("a", "b"),
         "if x:\n    y = 1\n"),
        ("# skinflint: file-ignore[SKF101]\nx = 1\n", ("SKF101",), "x = 1\n"),
    ],
)  # fmt: skip
def test_remove_suppression(before: str, ids: tuple[str, ...], after: str) -> None:
    file = source(before)
    start = before.index("#")
    comment = find(file, before[start : before.index("\n", start)])
    assert mended(file, RemoveSuppression(comment, ids)) == after


def test_remove_suppression_leaves_other_comments() -> None:
    file = source("x = 1  # skinflint: ignore[a] why  # noqa: E501\n")
    comment = find(file, "# skinflint: ignore[a] why  ")
    assert mended(file, RemoveSuppression(comment, ("a",))) == "x = 1  # noqa: E501\n"


def test_remove_suppression_that_changed_declines() -> None:
    file = source("x = 1  # skinflint: ignore[b]\n")
    with pytest.raises(Declined, match="any more"):
        mended(file, RemoveSuppression(find(file, "# skinflint: ignore[b]"), ("a",)))


# -------------------------------------------------------------------- lifetimes and blocks


@pytest.mark.parametrize(
    ("before", "marker", "after"),
    [
        (f'b = {{"cache_control": {MARK}}}\n', MARK,
         'b = {"cache_control": {"type": "ephemeral", "ttl": "1h"}}\n'),
        ('b = {"cache_control": {"type": "ephemeral", "ttl": "5m"}}\n',
         '{"type": "ephemeral", "ttl": "5m"}',
         'b = {"cache_control": {"type": "ephemeral", "ttl": "1h"}}\n'),
        ("b = {'cache_control': {\n    'type': 'ephemeral',\n}}\n",
         "{\n    'type': 'ephemeral',\n}",
         "b = {'cache_control': {\n    'type': 'ephemeral',\n    'ttl': '1h',\n}}\n"),
        ('b = {"cache_control": SHORT}\n', "SHORT",
         'b = {"cache_control": {"type": "ephemeral", "ttl": "1h"}}\n'),
        ('b = {"cache_control": P(type="ephemeral")}\n'.replace("P(", "EphemeralParam("),
         'EphemeralParam(type="ephemeral")',
         'b = {"cache_control": EphemeralParam(type="ephemeral", ttl="1h")}\n'),
        ('b["cache_control"] = dict(type="ephemeral", ttl="5m")\n',
         'dict(type="ephemeral", ttl="5m")',
         'b["cache_control"] = dict(type="ephemeral", ttl="1h")\n'),
    ],
)  # fmt: skip
def test_set_ttl(before: str, marker: str, after: str) -> None:
    file = source(before)
    assert mended(file, SetTtl(find(file, marker), "1h")) == after


@pytest.mark.parametrize("marker", ["marker()", "dict()", "{}"])
def test_set_ttl_declines(marker: str) -> None:
    file = source(f'b = {{"cache_control": {marker}}}\n')
    with pytest.raises(Declined):
        mended(file, SetTtl(find(file, marker), "1h"))


def test_pass_blocks() -> None:
    text = '"".join(b["text"] for b in self.blocks)'
    file = source(f"send(system={text})\n")
    op = PassBlocks(find(file, text), find(file, "self.blocks"))
    assert mended(file, op) == "send(system=self.blocks)\n"
    text = '"".join(b["text"] for b in blocks())'
    file = source(f"send(system={text})\n")
    with pytest.raises(Declined, match="made where"):
        mended(file, PassBlocks(find(file, text), find(file, "blocks()")))
