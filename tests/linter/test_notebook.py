"""Notebooks: one text of all code cells, and the way back into the file."""

from __future__ import annotations

import ast
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from trees import plant, requests_of, system

from skinflint.linter.config import Settings
from skinflint.linter.engine import Options, check
from skinflint.linter.notebook import retold
from skinflint.linter.source import SourceError, SourceFile, from_bytes
from skinflint.linter.spans import Cell, Span


def cell(source: Any, kind: str = "code", **more: Any) -> dict[str, Any]:
    return {"cell_type": kind, "metadata": {}, "source": source, **more}


def document(*cells: Any, **more: Any) -> dict[str, Any]:
    made = [each if isinstance(each, dict) else cell(each) for each in cells]
    return {"cells": made, "metadata": {}, "nbformat": 4, "nbformat_minor": 5, **more}


def notebook(*cells: Any, **more: Any) -> SourceFile:
    return from_bytes("n.ipynb", json.dumps(document(*cells, **more), indent=1).encode())


def code(*sources: str) -> list[str]:
    """The lines of the cells as Python sees them, without the separators."""
    source = notebook(*sources)
    assert source.notebook is not None
    assert source.notebook.faults == ()
    ast.parse(source.text)
    return [line for line in source.lines[:-1] if not line.startswith("# %%")]


def sources_in(data: bytes) -> list[str]:
    return ["".join(each["source"]) for each in json.loads(data)["cells"]]


# --- one text ---------------------------------------------------------------------------------


def test_cells_are_joined_behind_one_line_each() -> None:
    source = notebook(
        cell(["# Title\n", "text"], "markdown"),
        ["import os\n", "x = 1"],
        cell("text", "raw"),
        "y = 2",
        [],
        "z = 3\n",
    )
    assert [line.startswith("# %%") for line in source.lines[:-1]] == [
        *(True, False, False),
        *(True, False),
        *(True, False),
        *(True, False, False),
    ]
    assert source.lines[1:3] == ["import os", "x = 1"]
    assert source.cells == (Cell(2, 2, 3), Cell(4, 5, 5), Cell(5, 7, 7), Cell(6, 9, 10))
    assert source.cell(2) == source.cell(3) == source.cell(1) == Cell(2, 2, 3)
    assert source.cell(5) == Cell(4, 5, 5)
    assert [Cell(2, 2, 3).line(line) for line in (1, 2, 3)] == [1, 1, 2]


def test_an_overlay_has_cells_of_its_own() -> None:
    source = notebook("a = 1", "b = 2")
    longer = source.replace_text(source.text.replace("a = 1", "a = 1\n\n\na2 = 1"))
    assert longer.cells == (Cell(1, 2, 5), Cell(2, 7, 7))
    assert source.cells == (Cell(1, 2, 2), Cell(2, 4, 4))


def test_a_separator_is_never_taken_from_a_cell() -> None:
    lines = "# %%\nx = 1\n# %% [markdown]\n# \U00010600"
    source = notebook(lines, "y = 2")
    assert [each.number for each in source.cells] == [1, 2]
    assert source.slice(Span("n.ipynb", 2, 1, 5, 4)) == lines


def test_a_python_file_has_no_cells() -> None:
    source = from_bytes("a.py", b"# %%\nx = 1\n")
    assert source.cells == ()
    assert source.cell(2) is None
    assert source.shown is source.lines


# --- what only IPython understands --------------------------------------------------------------

MAGICS = [
    "%pip install -q anthropic",
    "  %matplotlib inline",
    "%",
    "%cd 'it''s",
    '%env KEY="(',
    "!ls -la | grep '",
    "!!date",
    "?open",
    "open?",
    "frame.head??",
    "files = !ls *.py",
    "a, b = !cat x  # y",
    "rows = %sql select 1",
    "self.x[0] = !date",
    "!pip install \\\n  anthropic \\\n   # no comment",
    "/ask x",
    ",print a b",
    "%time",
    "%timeit -n 3 f()",
    "pip install -U anthropic",
    "ls *.py",
    "mkdir data",
]


@pytest.mark.parametrize("magic", MAGICS)
def test_a_magic_is_hidden_and_the_rest_is_read(magic: str) -> None:
    if magic.startswith("  "):
        magic = f"if True:\n  x = 1\n{magic}"
    source = notebook(f"before = 1\n{magic}\nafter = f(\n    2,\n)")
    assert source.notebook is not None
    assert source.notebook.faults == ()
    tree = ast.parse(source.text)
    assert ast.unparse(tree.body[0]) == "before = 1"
    assert ast.unparse(tree.body[-1]) == "after = f(2)"
    assert tree.body[-1].lineno == 3 + len(magic.split("\n"))
    assert "\n".join(source.shown[2:-4]) == magic
    assert not any(c in ast.unparse(tree) for c in ("ls", "anthropic", "date"))


def test_what_stands_in_front_of_a_command_keeps_its_place() -> None:
    tree = ast.parse(notebook("files = !ls").text)
    (statement,) = tree.body
    assert isinstance(statement, ast.Assign)
    assert ast.unparse(statement.targets[0]) == "files"
    assert statement.value.col_offset == len("files = ")


@pytest.mark.parametrize("magic", ["%time", "%timeit", "%prun", "%memit"])
def test_python_behind_a_line_magic_is_read_in_its_place(magic: str) -> None:
    source = notebook(f"if x:\n    {magic} reply = ask(1)")
    (call,) = [n for n in ast.walk(ast.parse(source.text)) if isinstance(n, ast.Call)]
    assert (call.lineno, call.end_lineno) == (3, 3)
    assert source.span(call)[1:3] == (3, len(f"    {magic} reply = ") + 1)
    assert source.shown[2] == f"    {magic} reply = ask(1)"


@pytest.mark.parametrize("magic", ["time", "timeit -n 2", "capture out", "prun", "python3"])
def test_a_cell_magic_over_python(magic: str) -> None:
    assert code(f"\n%%{magic}\nx = 1\n!ls")[2] == "x = 1"


@pytest.mark.parametrize("magic", ["bash", "writefile a.py", "html", "R", "javascript", "sql x"])
def test_a_cell_magic_over_something_else(magic: str) -> None:
    text = f"%%{magic}\nimport os\nos.system('')  # skinflint: ignore[x]\n\nfor"
    source = notebook(text, "y = 1")
    assert ast.unparse(ast.parse(source.text)) == "y = 1"
    assert "\n".join(source.shown[1:6]) == text
    assert "# skinflint" not in source.text


def test_a_cell_magic_alone() -> None:
    assert notebook("%%bash").shown[1] == "%%bash"
    assert notebook("%%time").shown[1] == "%%time"


NOT_MAGIC = [
    'x = """\n%pip install\n!ls\nwhat?\n"""',
    "x = (1\n% 2)",
    "x = [\n  '!',\n]  # really?",
    "x = 'a' \\\n% 3",
    "s = 'what = !ls'",
    "d = {'a': 1}  # ?",
    "x = 5 ; y = 6",
    "print(f'''\n!x {1}\n''')",
    "ls = [1]\ncat, mv = 1, 2\nman(1)\nless.x\nuv",
]


@pytest.mark.parametrize("text", NOT_MAGIC)
def test_python_is_left_as_it_is(text: str) -> None:
    assert "\n".join(code(text)) == text
    # beside a magic the lines are looked at one by one
    assert "\n".join(code(f"!date\n{text}\n!date")[1:-1]) == text


def test_await_at_the_top_of_a_cell() -> None:
    text = (
        "reply = await client.messages.create()\nasync with x as y:\n    pass\n[i async for i in z]"
    )
    assert "\n".join(code(text)) == text


def test_a_cell_that_is_no_python_is_a_fault_of_its_own() -> None:
    source = notebook(cell("# text", "markdown"), "x = (", "y = 1", 'z = """', "# ok\n>>> a\n", "w")
    assert source.notebook is not None
    assert [(f.cell, f.line) for f in source.notebook.faults] == [(2, 1), (4, 1), (5, 2)]
    assert ast.unparse(ast.parse(source.text)) == "y = 1\nw"
    assert source.shown[1] == "x = ("
    assert [each.number for each in source.cells] == [2, 3, 4, 5, 6]


@pytest.mark.parametrize("text", ["x = '\0'", "x = '\ud800'", f"{'(' * 5000}"])
def test_a_cell_that_no_parser_takes(text: str) -> None:
    source = notebook(text, "y = 1")
    assert source.notebook is not None
    assert [f.cell for f in source.notebook.faults] == [1]
    assert ast.unparse(ast.parse(source.text)) == "y = 1"
    changed = source.encode(source.text.replace("y = 1", "y = 2"))
    assert sources_in(changed) == [text, "y = 2"]


def test_python_behind_a_line_magic_may_go_over_lines() -> None:
    source = notebook("%time x = (\n%time y = 2")  # which IPython takes for two magics
    assert ast.unparse(ast.parse(source.text)).split("\n")[2:] == ["y = 2"]
    source = notebook("%timeit f(\n    1,\n)\n%time y = 2\n!ls")
    assert ast.unparse(ast.parse(source.text)).split("\n")[1:4:2] == ["f(1)", "y = 2"]
    assert source.shown[1:6] == ["%timeit f(", "    1,", ")", "%time y = 2", "!ls"]


# --- which notebooks ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "metadata",
    [
        {"language_info": {"name": "R"}},
        {"kernelspec": {"language": "julia", "name": "julia-1.10", "display_name": "Julia"}},
        {"kernelspec": {"name": "ir", "display_name": "R"}},
    ],
)
def test_a_notebook_in_another_language_has_no_cells(metadata: Any) -> None:
    source = notebook("import(anthropic) <- messages", metadata=metadata)
    assert (source.text, source.cells) == ("", ())
    assert source.encode("") == source.data


@pytest.mark.parametrize(
    "metadata",
    [
        {},
        {"language_info": {"name": "python", "version": "3.12"}},
        {"kernelspec": {"name": "conda_env", "language": "python"}},
        {"kernelspec": {"name": "mine"}, "language_info": {}},
        {"kernelspec": None},
        [],
    ],
)
def test_a_notebook_in_python(metadata: Any) -> None:
    assert notebook("x = 1", metadata=metadata).lines[1] == "x = 1"


def test_a_cell_in_another_language_is_hidden() -> None:
    shell = cell("ls *.py", metadata={"vscode": {"languageId": "shellscript"}})
    source = notebook(shell, cell("x = 1", metadata={"vscode": {"languageId": "python"}}))
    assert source.notebook is not None
    assert source.notebook.faults == ()
    assert ast.unparse(ast.parse(source.text)) == "x = 1"
    assert source.shown[1] == "ls *.py"


def test_a_cell_in_python_in_a_notebook_in_another_language() -> None:
    metadata = {"kernelspec": {"language": "coconut", "name": "coconut"}}
    python = cell("x = 1", metadata={"vscode": {"languageId": "python"}})
    source = notebook("1 |> print", python, metadata=metadata)
    assert source.notebook is not None
    assert source.notebook.faults == ()
    assert ast.unparse(ast.parse(source.text)) == "x = 1"
    assert [each.number for each in source.cells] == [1, 2]


def test_texts_are_told_by_cell() -> None:
    source = notebook(cell("x", "markdown"), "a = 1\nb = !ls", "c = 2")
    name = ast.unparse(ast.parse(source.text).body[1]).removeprefix("b = ")
    said = retold(source, f"`{name}` of line 3 (line 5) is not in line 2, line 99, offline 3")
    assert said == (
        "`!command` of cell 2, line 2 (cell 3, line 1) is not in cell 2, line 1, line 99, offline 3"
    )
    assert retold(source, said) == said


@pytest.mark.parametrize(
    ("data", "kind", "said"),
    [
        (b"", "broken-notebook", "line 1, column 1"),
        (b"{}", "broken-notebook", "no cells"),
        (b"[]", "broken-notebook", "not valid JSON"),
        (b'{"cells": [}', "broken-notebook", "line 1, column 12"),
        (b'{"cells": [],\n "nbformat": 4,}', "broken-notebook", "line 2"),
        (b'{"cells": []', "broken-notebook", "not valid JSON"),
        (b'{"cells": [], "nbformat": 4} x', "broken-notebook", "Extra data"),
        (b'{"cells": [], "nbformat": 4', "broken-notebook", "not valid JSON"),
        (b'{"cells": [{"cell_type": "code"', "broken-notebook", "not valid JSON"),
        (b'{"cells": [{"cell_type"', "broken-notebook", "not valid JSON"),
        (b'{"cells": [{3: 4}]}', "broken-notebook", "not valid JSON"),
        (b'{"cells": []}', "broken-notebook", "no nbformat"),
        (b'{"cells": [{"cell_type": "code"}], "nbformat": 4}', "broken-notebook", "cell 1"),
        (b'{"worksheets": [], "nbformat": 3}', "broken-notebook", "format 3"),
        (b'{"cells": [], "nbformat": 5}', "broken-notebook", "format 5"),
        (b'{"cells": "\xff"}', "encoding-error", "0xff"),
        (b'{"x": ' + b"[" * 100_000, "too-deep", "nested"),
    ],
)
def test_what_is_no_notebook(data: bytes, kind: str, said: str) -> None:
    with pytest.raises(SourceError) as error:
        from_bytes("n.ipynb", data)
    assert error.value.kind == kind
    assert said in error.value.message
    assert "\n" not in error.value.message


def test_outputs_don_t_count_for_the_size() -> None:
    image = "A" * (6 * 1024 * 1024)
    assert notebook(cell("x = 1", outputs=[{"data": {"image/png": image}}])).lines[1] == "x = 1"
    with pytest.raises(SourceError) as error:
        notebook("#" + image)
    assert error.value.kind == "too-large"


# --- the way back -------------------------------------------------------------------------------


def test_only_the_changed_line_is_written_anew() -> None:
    text = (
        '{\r\n\t"nbformat" : 4, "cells": [\r\n'
        '{"source": [ "a = \'\\u00e9\\/\'\\n",\r\n  "b = 1  # \\u003c\\n" , "!ls \\u00e9" ],\r\n'
        '  "metadata": {}, "cell_type": "code", "outputs": [1.50, 1e3]},\r\n'
        '{"cell_type": "code", "source": "c = \\"\\u0061\\"\\n%pip x\\nd = 2"}\r\n'
        '], "nbformat_minor": 5}\r\n\r\n'
    )
    for bom in (b"", b"\xef\xbb\xbf"):
        source = from_bytes("n.ipynb", bom + text.encode())
        assert source.encode(source.text) == source.data
        new = source.text.replace("b = 1 ", "b = 22 ").replace("d = 2", "d = 'ü'")
        expected = text.replace("b = 1 ", "b = 22 ").replace("d = 2", "d = '\\u00fc'")
        assert source.encode(new) == bom + expected.encode()
        new = source.text.replace("b = 1 ", "bb = 0\nb = 1 ")
        expected = text.replace('"b = 1 ', '"bb = 0\\n",\r\n  "b = 1 ')
        assert source.encode(new) == bom + expected.encode()


@pytest.mark.parametrize("indent", [1, 2, 4, "\t", None])
@pytest.mark.parametrize("ascii_only", [True, False])
@pytest.mark.parametrize("as_list", [True, False])
def test_the_style_of_the_file_stays(
    indent: int | str | None, ascii_only: bool, as_list: bool
) -> None:
    def written(source: str) -> str:
        lines = source.splitlines(keepends=True) if as_list else source
        made = document(cell("Ü", "markdown"), "x = 1", cell(lines, outputs=[{"text": "é\u2028"}]))
        return json.dumps(made, indent=indent, ensure_ascii=ascii_only) + "\n"

    old = "a = 'é'\n%pip install x\nb = 1\nb = 1\n\nc = 3"
    for new in (
        old.replace("b = 1\nb", "b = 1\nx = 'ö\U0001f600'\nb"),
        old.replace("a = 'é'", "a = 'è'"),
        old.replace("c = 3", "c = 3\nd = '\"\\\\'\n"),
        old.replace("a = 'é'\n", ""),
        old.replace("\n\nc = 3", ""),
        old.replace("b = 1\n", ""),
        "%pip install x",
    ):
        source = from_bytes("n.ipynb", written(old).encode())
        assert source.notebook is not None
        plain, _, masked = source.notebook.cells(source.text)[1].partition("\n")
        magic = masked.partition("\n")[0]
        assert plain == "a = 'é'"
        text = source.text.replace(
            source.notebook.cells(source.text)[1], new.replace("%pip install x", magic)
        )
        assert source.encode(text).decode() == written(new)


def test_newlines_inside_a_cell_stay() -> None:
    source = notebook("a = 1\r\nb = 2\r\n!ls\r\nc = 3", "d = 4\ne = 5\r\n")
    assert "\r" not in source.text
    new = source.text.replace("b = 2", "b = 2\nbb = 2").replace("e = 5", "e = 6")
    assert sources_in(source.encode(new)) == [
        "a = 1\r\nb = 2\r\nbb = 2\r\n!ls\r\nc = 3",
        "d = 4\ne = 6\r\n",
    ]


def test_a_cell_without_lines_takes_some() -> None:
    source = notebook([], "")
    lines = source.text.split("\n")
    lines[1], lines[3] = "a = 1", "b = 2"
    assert sources_in(source.encode("\n".join(lines))) == ["a = 1", "b = 2"]


def test_what_has_no_place_in_the_cells_is_refused() -> None:
    source = notebook("a = 1\n%pip x", "b = 2")
    lines = source.lines
    for wrong in (
        ["import os", *lines],  # above the first cell
        [*lines[:3], *lines[4:]],  # two cells become one
        [*lines[:3], lines[3], *lines[3:]],  # one becomes two
        [lines[0], lines[1], *lines[3:]],  # a magic is gone
        [lines[0], lines[1], lines[2], lines[2], *lines[3:]],  # or twice there
        lines[:-1],  # the end of the last cell
    ):
        with pytest.raises(SourceError):
            source.encode("\n".join(wrong))


PIECES = [
    *MAGICS,
    *NOT_MAGIC,
    "x = 1",
    "",
    "# %%",
    "if x:\n    y = '# no'  # yes",
    "%%bash",
    "%time x = f()",
    "\U00010600 = '\U00010601'",
    "x = 'é\u2028\x0c'",
    "(",
]


@settings(deadline=None, max_examples=200)
@given(
    st.lists(st.lists(st.sampled_from(PIECES), max_size=5).map("\n".join), max_size=4),
    st.booleans(),
    st.data(),
)
def test_every_cell_comes_back(cells: list[str], ascii_only: bool, data: Any) -> None:
    raw = json.dumps(
        document(*(text.splitlines(keepends=True) for text in cells)), ensure_ascii=ascii_only
    )
    source = from_bytes("n.ipynb", raw.encode())
    ast.parse(source.text)
    notebook = source.notebook
    assert notebook is not None
    assert [notebook.shown(text) for text in notebook.cells(source.text)] == cells
    # a comment behind any line that may have one
    lines = source.lines
    borders = {each.first - 2 for each in source.cells}
    free = [i for i in range(len(lines) - 1) if i not in borders and lines[i].isascii()]
    if not free:
        return
    at = data.draw(st.sampled_from(free))
    changed = source.replace_text("\n".join([*lines[:at], lines[at] + "  # é", *lines[at + 1 :]]))
    expected = ["\n".join(changed.shown[each.first - 1 : each.last]) for each in changed.cells]
    assert sources_in(source.encode(changed.text)) == expected
    assert "".join(expected).count("# é") == 1 + "".join(cells).count("# é")


# --- in the engine ------------------------------------------------------------------------------


def test_a_notebook_is_looked_at_without_the_first_look(tmp_path: Any) -> None:
    path = tmp_path / "n.ipynb"
    path.write_text(json.dumps(document("x = (")))
    with_it = check([str(path)], (), Settings(), None)
    without = check([str(path)], (), Settings(), None, options=Options(prefilter=False))
    assert with_it.problems == ()
    assert [(p.kind, p.cell, p.line) for p in without.problems] == [("syntax-error", 1, 1)]


# --- what another notebook has stored -------------------------------------------------------------


@pytest.mark.parametrize(
    ("magic", "told"),
    [
        ("%store -r S", "traced: `S` is restored by %store"),
        ("  %store  -r T S  # from the first", "traced: `S` is restored by %store"),
        ("%store -r T", "unknown: `S` is not bound here"),
        ("%store S", "unknown: `S` is not bound here"),
        ("# %store -r S", "unknown: `S` is not bound here"),
        ("%store -r S\nS = 'You sort.'", "known 'You sort.'"),
    ],
)
def test_a_name_that_is_restored(tmp_path: Any, magic: str, told: str) -> None:
    plant(tmp_path, "## x.py\nSEND(S)\n")
    body = (tmp_path / "x.py").read_text(encoding="utf-8")
    (tmp_path / "n.ipynb").write_text(json.dumps(document(magic, body)))
    assert [system(request) for request in requests_of(tmp_path, "n.ipynb")] == [told]
