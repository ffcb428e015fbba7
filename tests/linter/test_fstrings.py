"""The pieces of strings as written, held against the parser: same texts, same fields, in place."""

from __future__ import annotations

import ast
import sys
from typing import NamedTuple

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from skinflint.linter.fstrings import Piece, pieces_of
from skinflint.linter.module import Module
from skinflint.linter.source import SourceFile, from_bytes

#: What may stand between the braces of a field, whatever quotes stand around it.
FIELDS = [
    "{x}",
    "{ x }",
    "{x!r}",
    "{x:>10}",
    "{x!s:^{w}}",
    "{x:%H:%M}",
    "{x:{w}.{p}}",
    "{a.b[0]}",
    "{f(x, y=[1, 2])}",
    "{ {1: 2}[1] }",
    "{(lambda: 1)()}",
    "{(y := 3)}",
    "{a != b}",
    "{a if b else c}",
    "{*a, b}",
    "{[n for n in a if n]}",
]
RUNS = ["a", "Grüße ", "日本 ", " ", "#", ":", "!", "=", "%s", "{{", "}}", "{{x}}", "()", "🙂"]
ESCAPES = ["\\n", "\\\\", "\\'", '\\"', "\\x41", "\\u00e9", "\\N{BULLET}", "\\t"]


class Written(NamedTuple):
    """One literal, and which quote it is in."""

    text: str
    quote: str


@st.composite
def literals(draw: st.DrawFn) -> Written:
    quote = draw(st.sampled_from(["'", '"', "'''", '"""']))
    prefix = draw(st.sampled_from(["", "f", "F", "r", "rf", "fR", "u"]))
    formatted, raw = "f" in prefix.lower(), "r" in prefix.lower()
    runs = [run for run in RUNS if formatted or "{" not in run]
    pieces = st.sampled_from(runs)
    if not raw:
        escapes = ESCAPES if formatted else [*ESCAPES, "\\N{BULLET}"]
        pieces |= st.sampled_from(escapes)
    if formatted:
        pieces |= st.sampled_from(FIELDS)
        other = '"' if quote[0] == "'" else "'"
        pieces |= st.just(f"{{d[{other}k{other}]}}") | st.just(f"{{{other}:{other}.join(d)}}")
        pieces |= st.just(f"{{f{other}<{{y}}>{other}}}")
    if len(quote) == 3:
        pieces |= st.sampled_from(["\n", "\n    ", quote[0] + "q"])
    body = "".join(draw(st.lists(pieces, max_size=6)))
    if body.endswith(quote[0]):
        body += " "
    return Written(f"{prefix}{quote}{body}{quote}", quote)


@st.composite
def expressions(draw: st.DrawFn) -> str:
    """One or several literals, joined by standing next to each other."""
    parts = draw(st.lists(literals(), min_size=1, max_size=3))
    between = st.sampled_from([" ", "\n    ", '  # it\'s a "note"\n  ', "\n\n"])
    text = parts[0].text
    for part in parts[1:]:
        text += draw(between) + part.text
    return text


def source_of(text: str) -> SourceFile:
    return from_bytes("app.py", text.encode())


def pieces(source: SourceFile, node: ast.expr) -> list[Piece]:
    return pieces_of(source, source.span(node))


def by_parser(node: ast.expr) -> list[tuple[str, str]]:
    """Runs and fields as the parser tells them."""
    if isinstance(node, ast.Constant):
        return [("run", str(node.value))] if node.value else []
    assert isinstance(node, ast.JoinedStr)
    found: list[tuple[str, str]] = []
    for part in node.values:
        if isinstance(part, ast.Constant):
            found.append(("run", str(part.value)))
        elif isinstance(part, ast.FormattedValue):
            found.append(("field", ast.dump(part.value)))
    return found


def by_scanner(source: SourceFile, found: list[Piece]) -> list[tuple[str, str]]:
    told: list[tuple[str, str]] = []
    for piece in found:
        if piece.field:
            expression = source.slice(piece.expression)
            told.append(("field", ast.dump(ast.parse(f"({expression}\n)", mode="eval").body)))
        elif told and told[-1][0] == "run":
            told[-1] = ("run", told[-1][1] + piece.text)
        else:
            told.append(("run", piece.text))
    return told


@settings(max_examples=300, deadline=None)
@given(expressions(), st.sampled_from(["", "é = 1; ", "    \n"]))
@example("f'a{x}b' \"c\" rf'''{y}\\d'''", "")
@example("f'\\N{BULLET}{x}'", "")
@example("f'{{{x}}}'", "")
@example("'it''s'", "")
def test_the_scanner_and_the_parser_agree(written: str, before: str) -> None:
    source = source_of(f"{before.strip(' ')}it = ({written})\n")
    statement = ast.parse(source.text).body[-1]
    assert isinstance(statement, ast.Assign)
    node = statement.value
    found = pieces(source, node)
    assert by_scanner(source, found) == by_parser(node)
    edge = (0, 0)
    for piece in found:
        assert edge <= piece.span.start < piece.span.end
        edge = piece.span.end
        if piece.field:
            text = source.slice(piece.span)
            assert text[0] == "{"
            assert text[-1] == "}"
            assert piece.span.contains(piece.expression)


CASES = {
    "a plain text": ("'abc'", ["abc"]),
    "nothing": ("''", []),
    "a field between runs": ("f'a{n}b'", ["a", "{n}", "b"]),
    "a format": ("f'{t:%H:%M}'", ["{t:%H:%M}"]),
    "a format in a format": ("f'{t:{w}}!'", ["{t:{w}}", "!"]),
    "a text in a field": ("f\"{d['}']}\"", ["{d['}']}"]),
    "a comparison is no conversion": ("f'{a!=b}'", ["{a!=b}"]),
    "a field that says its name": ("f'{n=}'", ["{n=}"]),
    "doubled braces": ("f'{{n}}'", ["{n}"]),
    "a raw text": ("r'\\d'", ["\\d"]),
    "joined literals": ("'a' f'{b}' 'c'", ["a", "{b}", "c"]),
    "joined over lines": ("'a'\n  f'{b}'  # 'no'\n  'c'", ["a", "{b}", "c"]),
    "a line that goes on": ("'''a\\\nb'''", ["ab"]),
}


@pytest.mark.parametrize("name", CASES)
def test_pieces(name: str) -> None:
    written, expected = CASES[name]
    source = source_of(f"it = ({written})\n")
    statement = ast.parse(source.text).body[0]
    assert isinstance(statement, ast.Assign)
    told = [
        source.slice(piece.span) if piece.field else piece.text
        for piece in pieces(source, statement.value)
    ]
    assert told == expected


SINCE_3_12 = {
    "the same quotes": ("f'a{d['k']}b'", ["a", "{d['k']}", "b"]),
    "an escape in a field": ("f'{'\\n'.join(d)}!'", ["{'\\n'.join(d)}", "!"]),
    "a brace in a text in a field": ("f'{d['}']}!'", ["{d['}']}", "!"]),
    "f-strings in f-strings": ("f'{f'{f'{n}'}'}!'", ["{f'{f'{n}'}'}", "!"]),
    "the same quotes twice deep": ("f'{f'{d['k']}'}!'", ["{f'{d['k']}'}", "!"]),
    "a note in a field": ("f'{n # so\n}!'", ["{n # so\n}", "!"]),
}


@pytest.mark.skipif(sys.version_info < (3, 12), reason="Python before 3.12 can't read it")
@pytest.mark.parametrize("name", SINCE_3_12)
def test_pieces_that_python_reads_since_3_12(name: str) -> None:
    written, expected = SINCE_3_12[name]
    source = source_of(f"it = ({written})\n")
    statement = ast.parse(source.text).body[0]
    assert isinstance(statement, ast.Assign)
    found = pieces(source, statement.value)
    # What the scanner can't tell apart it leaves alone; it never tells it wrongly.
    if found:
        told = [source.slice(p.span) if p.field else p.text for p in found]
        assert told == expected


@settings(max_examples=100, deadline=None)
@given(expressions())
@example("f'''\n{x} and {y}\n'''")
def test_the_nodes_of_fields_stand_where_they_are_written(written: str) -> None:
    """Before Python 3.12 the parser itself says otherwise."""
    module = Module(source_of(f"it = ({written})\n"))
    for node in module.parents:
        if not isinstance(node, ast.JoinedStr) or isinstance(
            module.parents[node], ast.FormattedValue
        ):
            continue
        for part in node.values:
            if isinstance(part, ast.FormattedValue) and isinstance(part.value, ast.Name):
                assert module.source.slice(module.span(part.value)) == part.value.id
