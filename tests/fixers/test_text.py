"""Cutting text expressions: any cut gives two expressions whose texts are the whole."""

from __future__ import annotations

import ast
import warnings

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skinflint.fixers import syntax
from skinflint.fixers.declined import Declined
from skinflint.fixers.text import Choice, Run, TextExpression

NAMES = {"x": "Ann", "y": 3.5, "z": "{é}\n", "w": 9, "P": "a constant"}


def text(code: str, start: int = 0) -> TextExpression:
    return TextExpression(code, start, lambda _: 1)


def value(code: str) -> str:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        result = eval(f"({code})", dict(NAMES))
    assert isinstance(result, str)
    return result


QUOTES = ("'", '"', "'''", '"""')
LITERAL = st.text(
    alphabet=st.sampled_from(list("ab \n\t\\{}'\"#é漢🙂01xNu")) | st.characters(codec="utf-8"),
    max_size=12,
)
FIELDS = st.sampled_from(
    ["{x}", "{x!r}", "{y:>8.2f}", "{y:{w}.1f}", "{ z }", "{x!s:^{w}}", "{w:d}", "{x if w else z}"]
)


@st.composite
def literal_tokens(draw: st.DrawFn, *, fields: bool) -> str:
    """A string token as somebody may write it: any quotes, prefixes, escapes, fields."""
    quote = draw(st.sampled_from(QUOTES))
    prefix = draw(st.sampled_from(["f", "F", "rf", "fR"] if fields else ["", "r", "u", "R"]))
    raw = "r" in prefix.lower()
    parts = []
    for _ in range(draw(st.integers(0, 4))):
        body = draw(LITERAL)
        if fields:
            body = body.replace("{", "{{").replace("}", "}}")
        if raw:
            body = body.replace("\\", "/").replace(quote[0], "-").replace("\r", "")
            body = body if len(quote) == 3 else body.replace("\n", " ")
        else:
            style = draw(st.integers(0, 3))
            if style == 0 and len(quote) == 3:
                body = body.replace("\\", "\\\\").replace(quote[0], f"\\{quote[0]}")
            elif style == 1:
                body = "".join(f"\\x{ord(c):02x}" if ord(c) < 256 else c for c in body)
                body = body.replace("\\x7b\\x7b", "{{") if fields else body
                body = body.replace("\\x7d\\x7d", "}}") if fields else body
            elif style == 2:
                body = "".join(
                    f"\\{ord(c):o}" if ord(c) < 128 and c not in "{}" else c for c in body
                )
                body = body.replace("\\12", "\\n")
            else:
                body = body.replace("\\", "\\\\").replace(quote[0], f"\\{quote[0]}")
                body = body.replace("\n", "\\n")
            body = body.replace("\r", "\\r").replace("\0", "\\000")
        parts.append(body)
        if fields:
            parts.append(draw(FIELDS))
    return f"{prefix}{quote}{''.join(parts)}{quote}"


TOKENS = literal_tokens(fields=False) | literal_tokens(fields=True)
OPERANDS = TOKENS | st.sampled_from(["P", "(x if w else z)", "str(y)", "x.upper()", "(P + z)"])
JOINS = st.builds(
    lambda sep, items: f'"{sep}".join([{", ".join(items)}])',
    st.sampled_from(["", "\\n", ", "]),
    st.lists(OPERANDS, min_size=1, max_size=4),
)
EXPRESSIONS = (
    st.lists(TOKENS, min_size=1, max_size=3).map(" ".join)
    | st.lists(OPERANDS | JOINS, min_size=1, max_size=4).map(" + ".join)
    | JOINS
)


def valid(code: str) -> bool:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            compile(f"({code})", "x", "eval")
        except (SyntaxError, ValueError):
            return False
    return True


@settings(max_examples=300, deadline=None)
@given(EXPRESSIONS.filter(valid), st.data())
def test_any_cut_gives_head_and_tail(code: str, data: st.DataObject) -> None:
    parsed = text(code)
    border = data.draw(st.integers(0, len(parsed.leaves)))
    head = Choice({id(leaf) for leaf in parsed.leaves[:border]})
    tail = Choice({id(leaf) for leaf in parsed.leaves[border:]})
    last = parsed.leaves[border - 1] if border else None
    if isinstance(last, Run) and last.units and data.draw(st.booleans()):
        at = data.draw(st.integers(1, len(last.units)))
        head.cuts[id(last)] = (0, at)
        if at < len(last.units):
            tail.leaves.add(id(last))
            tail.cuts[id(last)] = (at, len(last.units))
    written = [w.code for w in (parsed.write(head), parsed.write(tail)) if w is not None]
    assert "".join(value(w) for w in written) == value(code)


@settings(max_examples=200, deadline=None)
@given(st.lists(TOKENS, min_size=1, max_size=3).map(" ".join).filter(valid), st.data())
def test_any_choice_of_parts_says_their_text(code: str, data: st.DataObject) -> None:
    parsed = text(code)
    kept = [leaf for leaf in parsed.leaves if data.draw(st.booleans())]
    written = parsed.write(Choice({id(leaf) for leaf in kept}))
    expected = ""
    for leaf in kept:
        expected += leaf.value if isinstance(leaf, Run) else value(f"f'''{leaf.code}'''")
    assert (value(written.code) if written else "") == expected


@settings(max_examples=100, deadline=None)
@given(TOKENS.filter(valid))
def test_the_units_of_a_literal_say_its_value(code: str) -> None:
    runs = [leaf for leaf in text(code).leaves if isinstance(leaf, Run)]
    node = syntax.expression(code)
    if isinstance(node, ast.Constant):
        assert "".join(run.value for run in runs) == node.value
    assert all(len(unit) == 1 for run in runs for _, unit in run.units)


def cut(code: str, border: int) -> tuple[str, str]:
    """Head and tail as written, cut in front of the leaf at ``border``."""
    parsed = text(code)
    head = parsed.write(Choice({id(leaf) for leaf in parsed.leaves[:border]}))
    tail = parsed.write(Choice({id(leaf) for leaf in parsed.leaves[border:]}))
    assert head is not None
    assert tail is not None
    return head.code, tail.code


@pytest.mark.parametrize(
    ("code", "border", "head", "tail"),
    [
        ('f"a {x!r:>{w}} b"', 1, '"a "', 'f"{x!r:>{w}} b"'),
        ('f"a {{b}} {x}"', 1, '"a {b} "', 'f"{x}"'),
        ('rf"\\d{x}"', 1, 'r"\\d"', 'rf"{x}"'),
        ("f'''a\n\"b\"{x}'''", 1, "'''a\n\"b\"'''", "f'''{x}'''"),
        ('"a" f"{x}" "b"', 1, '"a"', 'f"{x}" "b"'),
        ('P + (z + f"{x}") + "b"', 2, "P + z", 'f"{x}" + "b"'),
        ('"\\n".join([P, z, f"{x}"])', 2, '"\\n".join([P, z])', 'f"\\n{x}"'),
        ('"\\n".join([P, z, x])', 1, "P", '"\\n" + "\\n".join([z, x])'),
        ('"{} {}".format(x, z)', 2, '"{} ".format(x)', '"{}".format(z)'),
        ('"{{}} {a} {b}".format(b=z, a=x)', 1, '"{} "', '"{a} {b}".format(b=z, a=x)'),
        ('f"a\\0{x}1"', 1, '"a\\0"', 'f"{x}1"'),
        ("(P if w else z) + x", 1, "(P if w else z)", "x"),
    ],
)
def test_what_is_written(code: str, border: int, head: str, tail: str) -> None:
    assert cut(code, border) == (head, tail)
    assert value(head) + value(tail) == value(code) if "a=" not in code else True


def test_parts_that_mean_something_else_together_are_kept_apart() -> None:
    parsed = text('f"a\\0{x}1b"')
    kept = {id(leaf) for leaf in parsed.leaves if isinstance(leaf, Run)}
    written = parsed.write(Choice(kept))
    assert written is not None
    assert value(written.code) == "a\x001b"


@pytest.mark.parametrize(
    ("code", "border", "reason"),
    [
        ('"\\n".join([*x, P])', 1, "may be empty"),
        ('"{a} {a}".format(a=x())', 2, "evaluated twice"),
        ('"{a} {b}".format(a=x(), b=x(), c=x())', 2, "stands nowhere"),
        ('"{b} {a} {c}".format(a=x(), b=y(), c=z())', 2, "another order"),
    ],
)
def test_what_declines(code: str, border: int, reason: str) -> None:
    parsed = text(code)
    with pytest.raises(Declined, match=reason):
        parsed.write(Choice({id(leaf) for leaf in parsed.leaves[:border]}))


def test_an_expression_that_is_no_text_of_its_own_has_one_leaf() -> None:
    for code in ('"%s" % x', "a if b else c", 'f(x, "y")', '"{a:{b}}".format(a=1, b=2)'):
        assert len(text(code).leaves) == 1


def test_what_libcst_cannot_read_declines() -> None:
    with pytest.raises(Declined):
        text("a +")


def test_offsets_are_those_of_the_file() -> None:
    code = 'P + f"ab{x}c"'
    file = f"text = {code}\n"
    parsed = text(code, 7)
    assert [file[leaf.start : leaf.end] for leaf in parsed.leaves] == ["P", "ab", "{x}", "c"]
    assert parsed.leaves_of(file.index("{x}"), file.index("{x}") + 3) == [2]
    assert parsed.leaves_of(file.index("b"), file.index("b") + 1) == [1]
