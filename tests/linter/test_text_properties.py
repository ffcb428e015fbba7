"""What texts may be, held against Python itself: each way to put one together, by chance.

An expression is made of literals, holes (parameters) and choices, each on a condition of its own.
Python runs it for all outcomes of the conditions; the value that the linter makes of it has to
stand for these texts and no others.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reading import look, reader, seen

from skinflint.linter import operations as ops
from skinflint.linter.callers import Callers
from skinflint.linter.shapes import MOST_STEPS
from skinflint.linter.spans import Span
from skinflint.linter.values import (
    Choice,
    Entry,
    Key,
    Known,
    Mapping,
    Repeat,
    Sequence,
    Source,
    Text,
    Unknown,
    Value,
)

HOLES = ("p0", "p1")
CONDITIONS = ("c0", "c1", "c2")
SPAN = Span("app.py", 1, 1, 1, 2)


# --- expressions ----------------------------------------------------------------------------------


def quoted(text: str) -> str:
    return repr(text)


LITERALS = st.text(alphabet="ab %{}\n'", max_size=4)


def written_as(parts: list[str], how: str) -> str:
    """Python for the texts of some expressions one behind the other."""
    if how == "+":
        return f"({' + '.join(parts)})"
    if how == "join":
        return f"''.join([{', '.join(parts)}])"
    if how == "tuple":
        return f"''.join(({', '.join(parts)},))"
    if how == "format":
        return f"'{'{}' * len(parts)}'.format({', '.join(parts)})"
    if how == "percent":
        return f"('{'%s' * len(parts)}' % ({', '.join(parts)},))"
    if how == "call":
        return f"put({', '.join([*parts, repr('')][:2])}){''.join(f' + {p}' for p in parts[2:])}"
    return "f'''" + "".join(f"{{{part}}}" for part in parts) + "'''"


WAYS = ("+", "join", "tuple", "format", "percent", "call")
LEAVES = st.one_of(LITERALS.map(quoted), st.sampled_from(HOLES))
EXPRESSIONS = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.tuples(st.lists(inner, min_size=1, max_size=3), st.sampled_from(WAYS)).map(
            lambda pair: f"({written_as(*pair)})"
        ),
        st.tuples(inner, inner, st.sampled_from(CONDITIONS)).map(
            lambda three: f"({three[0]} if {three[2]} else {three[1]})"
        ),
    ),
    max_leaves=8,
)
HEAD = "def put(first, second):\n    return first + second\n"


def program(body: str) -> str:
    lines = "".join(f"    {line}\n" for line in body.splitlines())
    return f"{HEAD}def f({', '.join((*HOLES, *CONDITIONS))}):\n{lines}"


def run(code: str) -> set[str]:
    """The texts that Python makes of it, for all outcomes of the conditions."""
    found: set[str] = set()
    names: dict[str, object] = {"see": found.add}
    exec(code, names)
    for outcome in product((True, False), repeat=len(CONDITIONS)):
        names["f"](*(f"<{hole}>" for hole in HOLES), *outcome)  # type: ignore[operator]
    return found


def meant(value: Value) -> set[str]:
    """The texts that a value stands for."""
    if isinstance(value, Known):
        return {str(value.value)}
    if isinstance(value, Choice):
        return {text for a in value.alternatives for text in meant(a.value)}
    if isinstance(value, Text):
        return {"".join(parts) for parts in product(*(meant(part) for part in value.parts))}
    assert isinstance(value, Unknown), value
    hole = next((hole for hole in HOLES if f"`{hole}`" in value.reason), None)
    return {f"<{hole}>"} if hole else {"?"}


def agrees(code: str) -> None:
    value = seen(code)
    texts = meant(value)
    real = run(code)
    if any("?" in text for text in texts):
        return  # more than eight alternatives somewhere
    assert real <= texts, code
    if all(code.count(condition) <= 2 for condition in CONDITIONS):
        # each decides once (it stands in the signature as well): nothing goes together
        assert real == texts, code


@given(EXPRESSIONS)
@settings(max_examples=300, deadline=None)
def test_expressions_mean_what_python_makes_of_them(expression: str) -> None:
    agrees(program(f"see({expression})"))


@given(st.lists(st.tuples(EXPRESSIONS, st.sampled_from((*CONDITIONS, ""))), max_size=4))
@settings(max_examples=150, deadline=None)
def test_texts_put_together_by_statements(parts: list[tuple[str, str]]) -> None:
    lines = ["text = ''"]
    for expression, condition in parts:
        if condition:
            lines += [f"if {condition}:", f"    text += {expression}"]
        else:
            lines.append(f"text = text + {expression}")
    agrees(program("\n".join([*lines, "see(text)"])))


@given(
    st.lists(st.tuples(EXPRESSIONS, st.sampled_from((*CONDITIONS, ""))), max_size=3),
    st.sampled_from(["", ", ", "\n"]),
)
@settings(max_examples=150, deadline=None)
def test_lists_that_are_joined(parts: list[tuple[str, str]], separator: str) -> None:
    lines = ["parts = ['A']"]
    for expression, condition in parts:
        lines += [f"if {condition}:"] if condition else []
        lines.append(f"{'    ' * bool(condition)}parts.append({expression})")
    agrees(program("\n".join([*lines, f"see({separator!r}.join(parts))"])))


@given(EXPRESSIONS)
@settings(max_examples=100, deadline=None)
def test_the_same_expression_gives_the_same_value(expression: str) -> None:
    code = program(f"see({expression})")
    assert seen(code) == seen(code)
    assert look(code) == look(code)


# --- alternatives ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        # dicts that differ in their keys alone
        (
            "d = {}\nif c0:\n    d['a'] = 'same'\nelse:\n    d['b'] = 'same'\nsee(d)",
            "<{'a': 'same'} | {'b': 'same'}>",
        ),
        ("see(one('a') if c0 else one('b'))", "<{'a': 'same'} | {'b': 'same'}>"),
        ("see(one('a') if c0 else one('a'))", "{'a': 'same'}"),
        # lists of any length whose items differ
        ("see(all_of('x', p0) if c0 else all_of('y', p0))", "<[*('x' + ?), ~] | [*('y' + ?), ~]>"),
    ],
)
def test_alternatives_that_differ_stay_apart(code: str, expected: str) -> None:
    helpers = "def one(k):\n    return {k: 'same'}\n"
    helpers += "def all_of(head, xs):\n    return [head + x for x in xs]\n"
    assert look(helpers + program(code)) == expected


def test_what_changes_in_each_alternative_is_kept() -> None:
    code = "from datetime import datetime\ndef clean(x):\n    return x.strip()\n" + program(
        "see(clean(p0) if c0 else clean(str(datetime.now())))"
    )
    sources = {key.source for key in ops.keys_of(seen(code))}
    assert {Source.ENTITY, Source.CLOCK} <= sources


VALUES = st.recursive(
    st.one_of(
        st.sampled_from(["", "a", "b", 0, 1, True, None]).map(lambda v: Known(v, SPAN)),
        st.sampled_from(["x", "y"]).map(
            lambda n: Unknown("?", SPAN, (), (Key(Source.CALL, n, SPAN),))
        ),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=2).map(lambda items: Sequence(tuple(items), SPAN)),
        st.lists(st.tuples(st.sampled_from("kl"), inner, st.booleans()), max_size=2).map(
            lambda rows: Mapping(
                tuple(Entry(Known(k, SPAN), v, SPAN, optional) for k, v, optional in rows), SPAN
            )
        ),
        inner.map(lambda body: Repeat(body, SPAN)),
    ),
    max_leaves=3,
)


@given(st.lists(VALUES, min_size=1, max_size=ops.MOST_ALTERNATIVES))
def test_a_choice_keeps_each_value_once(values: list[Value]) -> None:
    chosen = ops.choice([(value, None) for value in values], SPAN)
    if isinstance(chosen, Text):
        return  # what texts begin with is told once
    kept = [a.value for a in chosen.alternatives] if isinstance(chosen, Choice) else [chosen]
    for value in values:
        assert any(typed(value) == typed(other) for other in kept), (value, kept)
    assert len({repr(typed(value)) for value in kept}) == len(kept)


def typed(value: object) -> object:
    """A value in which 1 and True are not the same."""
    return repr(value)


@given(st.lists(VALUES, min_size=1, max_size=4), st.permutations(range(4)))
def test_a_choice_of_choices_is_flat(values: list[Value], order: list[int]) -> None:
    first = ops.choice([(value, None) for value in values[:2]], SPAN)
    nested = ops.choice([(first, None), *((value, None) for value in values[2:])], SPAN)
    assert nested == ops.choice([(value, None) for value in values], SPAN)
    again = ops.choice([(nested, None), (nested, None)], SPAN)
    assert again == nested


# --- limits ---------------------------------------------------------------------------------------

WRAPPERS = (
    "({} + 'a')",
    "f'{{{}}}b'",
    "[{}][0]",
    "({} if c0 else p0)",
    "({} or p1)",
    "str({})",
    "put({}, 'c')",
    "dict(k={})['k']",
    "(lambda: {})()",
    "''.join(x for x in [{}, p0])",
    "[y for y in [{}]][-1]",
)
DOUBLING = ("({0} + {0})", "''.join([{0}, {0}])", "({0} if c1 else {0} + 'd')", "[{0}, {0}]")


@given(st.lists(st.sampled_from(WRAPPERS), min_size=1, max_size=80))
@settings(max_examples=60, deadline=None)
def test_nesting_ends(wrappers: list[str]) -> None:
    expression = "p0"
    for wrapper in wrappers:
        if wrapper.startswith("f") and expression.count("'"):
            wrapper = WRAPPERS[0]  # before Python 3.12 quotes can't be nested
        expression = wrapper.format(expression)
    ends(program(f"see({expression})"))


@given(st.lists(st.sampled_from(DOUBLING), min_size=1, max_size=30))
@settings(max_examples=40, deadline=None)
def test_doubling_ends(wrappers: list[str]) -> None:
    lines = ["x = p0"] + [f"x = {wrapper.format('x')}" for wrapper in wrappers]
    ends(program("\n".join([*lines, "see(x)"])))


def ends(code: str) -> None:
    """The value is worked out within the budget of a request."""
    evaluator = reader(code)
    call = evaluator.module.calls_named["see"][0]
    act = Callers(evaluator).activations(call)[0]
    evaluator.start()
    value = evaluator.evaluate(call.args[0], act)
    assert ops.weight(value, 10_000) <= 10_000
    # what is written out is read on when the budget is used up; nothing else is
    assert evaluator.steps <= MOST_STEPS * 1.2


# --- hash seeds -----------------------------------------------------------------------------------


def by_chance(count: int) -> list[str]:
    """Some expressions, always the same."""
    chance = random.Random(7)
    made = ["p0", "p1", "'a'", "'b'", "str(datetime.now())", "''.join({p0, p1})"]
    for _ in range(count):
        parts = chance.sample(made[-12:], 2)
        if chance.random() < 0.4:
            made.append(f"({parts[0]} if {chance.choice(CONDITIONS)} else {parts[1]})")
        else:
            made.append(f"({written_as(parts, chance.choice(WAYS))})")
    return made


def test_values_do_not_hang_on_the_hash_seed() -> None:
    script = (
        "from reading import seen\nfrom test_text_properties import by_chance, program\n"
        "for each in by_chance(60):\n"
        "    print(repr(seen('from datetime import datetime\\n' + program(f'see({each})'))))\n"
    )
    outputs = set()
    for seed in ("0", "1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        environment["PYTHONPATH"] = str(Path(__file__).parent)
        done = subprocess.run(
            [sys.executable, "-c", script], env=environment, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
        outputs.add(done.stdout)
    assert len(outputs) == 1
