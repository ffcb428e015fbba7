"""Notebooks from the command line: where a finding is said to be, and what a fix writes."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from json_schema import SCHEMA, mismatches

Skinflint = Callable[..., int]
Captured = pytest.CaptureFixture[str]

AS_OF = "--as-of=2026-11-22"
CLIENT = "%pip install -q anthropic\nimport anthropic\n\nclient = anthropic.AsyncAnthropic()"
OLD = """\
reply = await client.messages.create(
    model="claude-3-opus-20240229",
    max_tokens=100,
    messages=[{"role": "user", "content": "Hi"}],
)
reply?"""
FIVE = """\
!echo "it's running"
reply = await client.messages.create(
    model="claude-sonnet-5-5",
    max_tokens=100,
    system=[
        {"type": "text", "text": A, "cache_control": {"type": "ephemeral"}},
        {"type": "text", "text": B, "cache_control": {"type": "ephemeral"}},
        {"type": "text", "text": C, "cache_control": {"type": "ephemeral"}},
        {"type": "text", "text": D, "cache_control": {"type": "ephemeral"}},
        {"type": "text", "text": "ü", "cache_control": {"type": "ephemeral"}},
    ],
    messages=[{"role": "user", "content": "Hi"}],
)"""
CLOCK = """\
from datetime import datetime

for question in questions:
    await client.messages.create(
        model="claude-sonnet-5-5",
        max_tokens=100,
        system=[
            {
                "type": "text",
                "text": f"It is {datetime.now()}." + GUIDE,
                "cache_control": {"type": "ephemeral"},
            }
        ],
        messages=[{"role": "user", "content": question}],
    )"""


def document(*cells: str, language: str = "python") -> str:
    made = [{"cell_type": "markdown", "metadata": {}, "source": ["# Title"]}]
    for number, cell in enumerate(cells, 1):
        made.append(
            {
                "cell_type": "code",
                "execution_count": number,
                "metadata": {},
                "outputs": [{"output_type": "stream", "text": ["claude-3-opus-20240229\n"]}],
                "source": cell.splitlines(keepends=True),
            }
        )
    metadata = {"language_info": {"name": language}}
    whole = {"cells": made, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(whole, indent=1, ensure_ascii=False) + "\n"


def write(path: Path, *cells: str, **more: Any) -> Path:
    path.write_text(document(*cells, **more), "utf-8")
    return path


def report(captured: Captured) -> Any:
    text = json.loads(captured.readouterr().out)
    assert mismatches(text, SCHEMA) == []
    return text


# --- where it is --------------------------------------------------------------------------------


def test_concise(project: Path, skinflint: Skinflint, capsys: Captured) -> None:
    write(project / "a.ipynb", CLIENT, OLD)
    assert skinflint("check", AS_OF, "--output-format=concise") == 1
    out, err = capsys.readouterr()
    assert out.startswith("a.ipynb:cell 3:2:11: error SKF402 retired-model: claude-3-opus")
    assert err == ""


def test_full_shows_the_cell_alone(project: Path, skinflint: Skinflint, capsys: Captured) -> None:
    line = '%time reply = client.messages.create(model="claude-2.1", max_tokens=9, messages=[])'
    write(project / "a.ipynb", CLIENT, line)
    assert skinflint("check", AS_OF, "--unsafe-fixes") == 1
    out, _ = capsys.readouterr()
    assert out.startswith("a.ipynb:cell 3:1:44: error SKF402 retired-model")
    assert f"   1 | {line}\n" in out
    assert "+%time reply = client.messages.create(model=" in out
    assert "# %%" not in out
    assert out.isascii()


def test_lines_in_texts_are_told_by_cell(
    project: Path, skinflint: Skinflint, capsys: Captured
) -> None:
    write(project / "a.ipynb", CLIENT + "\nGUIDE = open('guide.md').read()", CLOCK)
    assert skinflint("check", AS_OF, "--output-format=json") == 1
    (found,) = [f for f in report(capsys)["findings"] if f["rule"] == "SKF101"]
    assert (found["path"], found["cell"], found["line"]) == ("a.ipynb", 3, 10)
    assert found["end_line"] == 10
    assert found["requests"] == [{"path": "a.ipynb", "cell": 3, "line": 4}]
    assert {(step["cell"], step["line"] <= 15) for step in found["related"]} == {(3, True)}
    said = [found["message"], found["pair"], *(step["label"] for step in found["related"])]
    assert any("cell 3, line 3" in text for text in said), said
    assert not any("line 10" in text and "cell 3, line 10" not in text for text in said)


def test_edits_name_their_cell(project: Path, skinflint: Skinflint, capsys: Captured) -> None:
    write(project / "a.ipynb", CLIENT, OLD)
    assert skinflint("check", AS_OF, "--output-format=json") == 1
    (found,) = report(capsys)["findings"]
    (edit,) = found["fix"]["edits"]
    assert (edit["path"], edit["cell"], edit["start"]["line"]) == ("a.ipynb", 3, 2)
    assert edit["end"]["line"] == 2


def test_a_finding_keeps_its_fingerprint_when_a_cell_comes_in(
    project: Path, skinflint: Skinflint, capsys: Captured
) -> None:
    prints = []
    for cells in ((CLIENT, OLD), (CLIENT, "x = 1", "!ls", OLD)):
        write(project / "a.ipynb", *cells)
        skinflint("check", AS_OF, "--output-format=json")
        (found,) = report(capsys)["findings"]
        prints.append(found["fingerprint"])
    assert prints[0] == prints[1]


# --- comments -----------------------------------------------------------------------------------


def test_suppression(project: Path, skinflint: Skinflint, capsys: Captured) -> None:
    line = '    model="claude-3-opus-20240229",'
    hidden = OLD.replace(line, f"{line}  # skinflint: ignore[retired-model] shown as it was")
    above = OLD.replace(line, f"    # skinflint: ignore[retired-model] why\n{line}")
    for cells in ((hidden,), (above,), ("# skinflint: file-ignore[SKF402] old", OLD)):
        write(project / "a.ipynb", CLIENT, *cells)
        assert skinflint("check", AS_OF) == 0, cells
        assert "1 hidden by suppressions" in capsys.readouterr().out


def test_a_comment_ends_with_its_cell(
    project: Path, skinflint: Skinflint, capsys: Captured
) -> None:
    unused = "x = 1\n# skinflint: ignore[retired-model]"
    one_line = 'client.messages.create(model="claude-2.1", max_tokens=9, messages=[])'
    write(project / "a.ipynb", CLIENT, unused, one_line)
    assert skinflint("check", AS_OF, "--output-format=concise") == 1
    out, _ = capsys.readouterr()
    assert [line.split(" ")[1:4] for line in out.splitlines()[:2]] == [
        ["3:2:1:", "warning", "SKF001"],
        ["4:1:30:", "error", "SKF402"],
    ]
    assert skinflint("check", AS_OF, "--fix") == 1
    written = json.loads((project / "a.ipynb").read_text("utf-8"))
    assert ["".join(cell["source"]) for cell in written["cells"]][1:] == [
        CLIENT,
        "x = 1",
        one_line,
    ]


def test_a_comment_in_a_shell_command_is_none(
    project: Path, skinflint: Skinflint, capsys: Captured
) -> None:
    bash = "%%bash\n# skinflint: ignore[retired-model]\necho"
    write(project / "a.ipynb", CLIENT, bash, "!ls  # skinflint: ignore[SKF402]")
    assert skinflint("check", AS_OF) == 0
    assert "No Claude requests" in capsys.readouterr().out


# --- what can't be read ---------------------------------------------------------------------------


def test_a_broken_cell_and_the_others(
    project: Path, skinflint: Skinflint, capsys: Captured
) -> None:
    write(project / "a.ipynb", CLIENT, "# not yet\nx = (", OLD, "# skinflint: ignore[SKF402]")
    assert skinflint("check", AS_OF, "--output-format=concise") == 2
    out, err = capsys.readouterr()
    assert "a.ipynb:cell 4:2:11: error SKF402" in out
    assert "SKF001" not in out  # nothing is known of what the broken cell has
    assert err.startswith("error: a.ipynb:cell 3:2: '(' was never closed (read as Python 3.")
    assert err.count("\n") == 1
    skinflint("check", AS_OF, "--output-format=json")
    (problem,) = report(capsys)["errors"]
    assert (problem["path"], problem["kind"]) == ("a.ipynb", "syntax-error")
    assert problem["message"].startswith("cell 3, line 2: '(' was never closed")
    # and it is mended all the same
    assert skinflint("check", AS_OF, "--fix", "--unsafe-fixes") == 2
    mended = (project / "a.ipynb").read_text("utf-8")
    assert mended == document(
        CLIENT,
        "# not yet\nx = (",
        OLD.replace("claude-3-opus-20240229", "claude-opus-4-8"),
        "# skinflint: ignore[SKF402]",
    )


def test_a_broken_notebook(project: Path, skinflint: Skinflint, capsys: Captured) -> None:
    (project / "a.ipynb").write_text('{"cells": [{"source": "import anthropic"')
    (project / "b.ipynb").write_text('{"worksheets": ["anthropic"], "nbformat": 3}')
    (project / "c.ipynb").write_text("{")  # no word of it: nobody looks
    assert skinflint("check", AS_OF) == 2
    _, err = capsys.readouterr()
    first, second = err.splitlines()
    assert first.startswith("error: a.ipynb: not valid JSON, as a notebook must be (")
    assert second.startswith("error: b.ipynb: a notebook of format 3, and only format 4 is read")


def test_another_language_is_passed_over(
    project: Path, skinflint: Skinflint, capsys: Captured
) -> None:
    write(project / "a.ipynb", "library(anthropic)\nmessages <- 1", language="R")
    assert skinflint("check", AS_OF) == 0
    assert capsys.readouterr() == ("No Claude requests in 1 file.\n", "")


# --- fixes ----------------------------------------------------------------------------------------


def test_a_fix_writes_its_lines_and_no_other_byte(
    project: Path, skinflint: Skinflint, capsys: Captured
) -> None:
    path = write(project / "a.ipynb", CLIENT, FIVE, OLD)
    before = path.read_bytes()
    assert skinflint("check", AS_OF, "--fix", "--unsafe-fixes") == 0
    assert "2 fixed" in capsys.readouterr().out
    old, new = before.decode().splitlines(), path.read_text("utf-8").splitlines()
    changed = [(a, b) for a, b in zip(old, new, strict=True) if a != b]
    assert [b for _, b in changed] == [
        r"""    "        {\"type\": \"text\", \"text\": A},\n",""",
        r"""    "    model=\"claude-opus-4-8\",\n",""",
    ]


def test_diff(project: Path, skinflint: Skinflint, capsys: Captured) -> None:
    path = write(project / "a.ipynb", CLIENT, OLD)
    before = path.read_bytes()
    assert skinflint("check", AS_OF, "--diff", "--unsafe-fixes") == 1
    assert capsys.readouterr().out == (
        "--- a.ipynb:cell 3\n"
        "+++ a.ipynb:cell 3\n"
        "@@ -1,5 +1,5 @@\n"
        " reply = await client.messages.create(\n"
        '-    model="claude-3-opus-20240229",\n'
        '+    model="claude-opus-4-8",\n'
        "     max_tokens=100,\n"
        '     messages=[{"role": "user", "content": "Hi"}],\n'
        " )\n"
    )
    assert path.read_bytes() == before


def test_standard_input(
    project: Path, skinflint: Skinflint, capfdbinary: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = document(CLIENT, OLD)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
    arguments = ("check", "-", "--stdin-filename=x.ipynb", "--fix", "--unsafe-fixes", AS_OF)
    assert skinflint(*arguments) == 0
    out, _ = capfdbinary.readouterr()
    assert (
        out == document(CLIENT, OLD.replace("claude-3-opus-20240229", "claude-opus-4-8")).encode()
    )
