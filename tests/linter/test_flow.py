"""What a name is worth at a place: bindings, branches, loops, changes in place; and the limits."""

from __future__ import annotations

import ast
from textwrap import indent

import pytest
from reading import keys, look, reader, seen, why

from skinflint.linter import operations as ops
from skinflint.linter.evaluate import DEEPEST, MOST_PARTS, MOST_STEPS, Evaluator
from skinflint.linter.shapes import MOST_IN_FILE, STEPS_LEFT
from skinflint.linter.values import Known, Unknown, Value

BUILD = """\
kw = dict(a=1)
kw["b"] = 2
kw.update(c=3)
kw.update({"d": 4})
kw |= {"e": 5}
kw.setdefault("a", 9)
kw.setdefault("f", 6)
see(kw)
"""
SHAPES = {
    # changes in place
    "a dict that is built": (BUILD, "{'a': 1, 'b': 2, 'c': 3, 'd': 4, 'e': 5, 'f': 6}"),
    "a dict that is built in a function": (
        "def f():\n" + indent(BUILD, "    "),
        "{'a': 1, 'b': 2, 'c': 3, 'd': 4, 'e': 5, 'f': 6}",
    ),
    "a dict inside a dict": (
        "x = {'a': {'b': {'c': 1}}}\nx['a']['b']['c'] = 2\nx['a']['d'] = 3\nsee(x)",
        "{'a': {'b': {'c': 2}, 'd': 3}}",
    ),
    "a list inside a dict": ("x = {'a': [1]}\nx['a'].append(2)\nsee(x)", "{'a': [1, 2]}"),
    "entries taken out": (
        "x = {'a': 1, 'b': 2, 'c': 3}\nx.pop('a')\ndel x['b']\nsee(x)",
        "{'c': 3}",
    ),
    "a list that is built": (
        "x = [1]\nx.append(2)\nx.extend([3])\nx += [4]\nx.insert(0, 0)\nx[1] = 9\ndel x[2]\nsee(x)",
        "[0, 9, 3, 4]",
    ),
    "a list that is emptied": ("x = [1]\nx.clear()\nx.append(2)\nsee(x)", "[2]"),
    "a text that grows": ("x = 'a'\nx += 'b'\nx = x + 'c'\nsee(x)", "'abc'"),
    "an annotated name": ("x: str = 'a'\nsee(x)", "'a'"),
    "a name that is only declared": ("x = 'a'\nx: str\nsee(x)", "'a'"),
    "two targets": ("x = y = ['a']\nsee((x, y))", "(['a'], ['a'])"),
    # branches
    "if": ("def f(q):\n    x = 'a'\n    if q:\n        x = 'b'\n    see(x)", "<'b' | 'a'>"),
    "if and else": (
        "def f(q):\n    if q:\n        x = 'a'\n    else:\n        x = 'b'\n    see(x)",
        "<'a' | 'b'>",
    ),
    "an entry under a condition": (
        "def f(q):\n    x = {'a': 1}\n    if q:\n        x['b'] = 2\n    see(x)",
        "<{'a': 1, 'b': 2} | {'a': 1}>",
    ),
    "a branch that leaves": (
        "def f(q):\n    x = 'a'\n    if q:\n        x = 'b'\n        return\n    see(x)",
        "'a'",
    ),
    "a branch that raises": (
        "def f(q):\n    if q:\n        x = 'a'\n    else:\n        raise ValueError\n    see(x)",
        "'a'",
    ),
    "a branch that is settled": (
        "ON = False\ndef f():\n    x = 'a'\n    if ON:\n        x = 'b'\n    see(x)",
        "'a'",
    ),
    "inside a branch": (
        "def f(q):\n    x = 'a'\n    if q:\n        x += 'b'\n        see(x)",
        "'ab'",
    ),
    "match": (
        "def f(q):\n    match q:\n        case 'a':\n            x = 1\n"
        "        case _:\n            x = 2\n    see(x)",
        "<1 | 2>",
    ),
    "match without a rest": (
        "def f(q):\n    x = 0\n    match q:\n        case 'a':\n            x = 1\n    see(x)",
        "<1 | 0>",
    ),
    "try": ("try:\n    x = 'a'\nexcept ValueError:\n    x = 'b'\nsee(x)", "<'a' | 'b'>"),
    "try that raises again": ("try:\n    x = 'a'\nexcept ValueError:\n    raise\nsee(x)", "'a'"),
    "try, else and finally": (
        "try:\n    x = 'a'\nexcept ValueError:\n    raise\nelse:\n    x = 'c'\n"
        "finally:\n    y = 1\nsee(x)",
        "'c'",
    ),
    "with": ("def f(lock):\n    with lock:\n        x = 'a'\n    see(x)", "'a'"),
    "walrus": ("def f():\n    if (x := 'a'):\n        see(x)", "'a'"),
    "walrus in the same line": ("def f():\n    see((x := 'a') + x)", "'aa'"),
    # loops
    "a list that a loop fills": (
        "def f(xs):\n    x = ['s']\n    for y in xs:\n        x.append(y)\n    see(x)",
        "['s', *(?), ~]",
    ),
    "a text that a loop fills": (
        "def f(xs):\n    x = ''\n    for y in xs:\n        x += f'- {y}\\n'\n    see('head' + x)",
        "'head' + *('- ' + ? + '\\n')",
    ),
    "a text that grows round by round": (
        "def f():\n    x = 'a'\n    for i in range(3):\n        x = x + 'b'\n        see(x)",
        "'a' + *('b') + 'b'",
    ),
    "what an earlier round leaves": (
        "def f():\n    x = 'a'\n    while True:\n        see(x)\n        x = 'b'",
        "<'a' | 'b'>",
    ),
    "an item": ("for x in ['a', 'b']:\n    see(x)", "<'a' | 'b'>"),
    "pairs": ("for k, v in {'a': 1}.items():\n    see((k, v))", "('a', 1)"),
    "a counter": ("def f():\n    for i in range(3):\n        see(f'{i}')", "?"),
    "a conversation": (
        "def f():\n    x = []\n    while True:\n        "
        "x.append({'role': 'user'})\n        see(x)\n"
        "        x.append({'role': 'assistant'})",
        "[*({'role': 'user'}), *({'role': 'assistant'}), {'role': 'user'}, ~]",
    ),
    "a loop in a loop": (
        "def f(xs):\n    x = ''\n    for a in xs:\n        "
        "for b in a:\n            x += 'c'\n    see(x)",
        "*(*('c'))",
    ),
    # scopes
    "a closure": (
        "def f(n):\n    def g():\n        return f'<{n}>'\n    return g()\nsee(f('a'))",
        "'<a>'",
    ),
    "a default sees what is there already": (
        "X = 'a'\ndef f(y=X):\n    see(y)\nf()\nX = 'b'",
        "'a'",
    ),
    "a comprehension's own name": ("x = 'a'\ny = [x for x in ('b',)]\nsee((x, y))", "('a', ['b'])"),
    "a class body": ("class C:\n    a = 'x'\n    b = a + 'y'\nsee(C.b)", "'xy'"),
}


@pytest.mark.parametrize("name", SHAPES)
def test_what_a_name_is_worth(name: str) -> None:
    text, expected = SHAPES[name]
    assert look(text) == expected


REASONS = {
    "unbound": ("def f():\n    x = 1\n    del x\n    see(x)", "`x` may not be bound here"),
    "declared only": ("def f():\n    x: str\n    see(x)", "`x` may not be bound here"),
    "an exception": (
        "try:\n    foo()\nexcept ValueError as e:\n    see(e)",
        "an exception",
    ),
    "captured": (
        "def f(q):\n    match q:\n        case {'k': v}:\n            see(v)",
        "captured by a pattern",
    ),
    "itself": ("x = x\nsee(x)", "`x` is not bound here"),
    "a slice that is set": ("x = [1, 2]\nx[0:1] = [3, 4]\nsee(x)", "changed in place"),
    "an unknown index that is set": (
        "def f(i):\n    x = [1, 2]\n    x[i] = 3\n    see(x)",
        "an item of it is set",
    ),
    "items taken out": ("x = ['a']\nx.remove('a')\nsee(x)", "items taken out by .remove()"),
    "update with what isn't here": (
        "def f(more):\n    x = {'a': 1}\n    x.update(more)\n    see(x)",
        "parameter `more`, whose callers are not here",
    ),
    "a global that functions assign": (
        "X = 'a'\ndef f():\n    global X\n    X = foo()\ndef g():\n    see(X)",
        "`X` is assigned by functions at run time: `foo` is not bound here",
    ),
    "a global that only functions assign": (
        "def f():\n    global X\n    X = foo()\ndef g():\n    see(X)",
        "`X` is assigned by functions at run time: `foo` is not bound here",
    ),
    "a global that grows": (
        "X = []\ndef f(y):\n    X.append(y)\ndef g():\n    see(X)",
        "grows after import",
    ),
    "a list that grows in a loop": (
        "def f():\n    x = []\n    while foo():\n        x.append('a')\n    see(x)",
        "grows in the loop at line 3",
    ),
}


@pytest.mark.parametrize("name", REASONS)
def test_why_a_name_is_unknown(name: str) -> None:
    text, reason = REASONS[name]
    assert reason in why(seen(text))


def test_a_global_that_grows_is_an_event() -> None:
    text = "X = []\ndef f(y):\n    X.append(y)\ndef g():\n    see(X)"
    assert "event" in keys(text)


@pytest.mark.parametrize(
    "body",
    [
        "if X is None:\n        X = foo()\n    return X",
        "if not X:\n        X = foo()\n    return X",
        "if X is not None:\n        return X\n    X = foo()\n    return X",
    ],
)
def test_a_global_that_is_filled_once_is_fixed(body: str) -> None:
    text = (
        f"import time\nX = None\ndef foo():\n    return time.time()\n"
        f"def f():\n    global X\n    {body}\n"
    )
    assert keys(f"{text}def g():\n    see(X)\n") == []


# -- limits --------------------------------------------------------------------------------------


def parts(value: Value) -> int:
    return ops.weight(value, 1_000_000)


def worked(text: str) -> tuple[Value, int]:
    """A value and the steps that finding it took."""
    evaluator: Evaluator = reader(text)
    call = evaluator.module.calls_named["see"][0]
    evaluator.start()
    return evaluator.evaluate(call.args[0], evaluator.root_of(evaluator.module)), evaluator.steps


DOUBLING = {
    "+": "x = x + x",
    "+=": "x += x",
    "an f-string": "x = f'{x}{x}'",
    "join": "x = ''.join([x, x])",
    "join by itself": "x = x.join([x, x, x])",
    "format": "x = '{0}{0}{0}'.format(x)",
    "percent": "x = '%s%s' % (x, x)",
    "replace": "x = x.replace('a', 'aa')",
    "a list": "x = [x, x]",
    "stars": "x = [*x, *x]",
    "a dict": "x = {'a': x, 'b': x}",
    "a tuple of itself": "x = (x,) + (x,)",
    "times": "x = x * 1000",
    "alternatives": "x = [x, x] if foo else (x, x)",
    "entries": "x = {'a': x, **{'b': x}}",
}


@pytest.mark.parametrize("start", ["'ab'", "f'{foo}ab'"])
@pytest.mark.parametrize("name", DOUBLING)
def test_doubling_again_and_again_stays_small(name: str, start: str) -> None:
    value, steps = worked(f"x = {start}\n" + f"{DOUBLING[name]}\n" * 60 + "see(x)")
    assert steps <= MOST_STEPS + 2 * MOST_PARTS
    assert parts(value) <= 2 * MOST_PARTS
    if isinstance(value, Known) and isinstance(value.value, str):
        assert len(value.value) <= ops.MOST_TEXT


@pytest.mark.parametrize(
    "expression",
    [
        "'ab' * 1_000_000_000",
        "f\"{'a':>1000000000}\"",
        "f'{1.0:.1000000000f}'",
        "'{:>1000000000}'.format('a')",
        "10 ** 10_000_000",
        "('a' * 1_000_000).replace('a', 'b' * 1_000_000)",
        "['a'] * 1_000_000_000",
    ],
)
def test_a_huge_result_is_unknown(expression: str) -> None:
    assert look(f"see({expression})") == "?"


def test_numbers_stay_small() -> None:
    assert look("x = 9\n" + "x = x * x\n" * 60 + "see(x)") == "?"
    assert look("x = 9\n" + "x = x + x\n" * 2000 + "see(f'{x}')") == "?"


def test_a_chain_of_two_thousand_operands() -> None:
    text = " + ".join(f"'a{i} '" for i in range(2000))
    assert look(f"see({text})") == repr("".join(f"a{i} " for i in range(2000)))


def test_a_chain_with_holes() -> None:
    value, _ = worked("see('b' + " + " + ".join(["foo", "'a'"] * 500) + ")")
    assert parts(value) == 1002


def test_three_hundred_lists_in_each_other() -> None:
    names = "".join(f"x{i + 1} = [x{i}]\n" for i in range(300))
    value = seen(f"x0 = []\n{names}see(x300)")
    assert why(value) == ["nested too deeply"]


def test_a_name_that_is_bound_five_hundred_times() -> None:
    assert look("".join(f"x = {i}\n" for i in range(500)) + "see(x)") == "499"


def test_a_text_that_is_added_to_five_hundred_times() -> None:
    """Longer than any number of nested calls allows: one addition follows the other."""
    assert DEEPEST < 500
    assert look("x = 'a'\n" + "x += 'b'\n" * 500 + "see(x)") == repr("a" + "b" * 500)
    assert look("x = 'a'\n" + "x = x + 'b'\n" * 500 + "see(x)") == repr("a" + "b" * 500)


def test_a_list_that_is_appended_to_a_hundred_times() -> None:
    assert look("x = []\n" + "".join(f"x.append({i})\n" for i in range(100)) + "see(x)") == repr(
        list(range(100))
    )


def test_a_dict_of_a_hundred_assignments() -> None:
    text = "x = {}\n" + "".join(f"x['k{i}'] = {i}\n" for i in range(100)) + "see(x)"
    assert look(text) == repr({f"k{i}": i for i in range(100)})


def test_a_huge_dict_ends() -> None:
    text = "X = {" + ", ".join(f"'k{i}': 'v{i}'" for i in range(20_000)) + "}\nsee(X['k5'])"
    _, steps = worked(text)
    assert steps <= MOST_STEPS + MOST_PARTS


def test_a_dict_of_many_entries() -> None:
    text = "X = {" + ", ".join(f"'k{i}': 'v{i}'" for i in range(1000)) + "}\nsee(X['k500'])"
    assert look(text) == "'v500'"


CYCLES = {
    "names": "def f():\n    a = b\n    b = a\n    see(a)",
    "globals": "A = [B]\nB = [A]\ndef f():\n    see(A)",
    "classes": "class A(B): pass\nclass B(A): pass\nsee(A().x)",
    "attributes": "class A:\n    def __init__(self):\n        self.x = self.y\n        "
    "self.y = self.x\n"
    "    def f(self):\n        see(self.x)",
    "properties": "class A:\n    @property\n    def x(self):\n        return self.y\n    "
    "@property\n"
    "    def y(self):\n        return self.x\n    def f(self):\n        see(self.x)",
    "recursion": "def f(n):\n    return f(n - 1) + 'a' if n else 'b'\nsee(f(foo))",
    "helpers": "def f(n):\n    return g(n) + 'a'\ndef g(n):\n    return f(n) + 'b'\nsee(f(3))",
    "parameters": "def f(n):\n    see(n)\n    g(n)\ndef g(n):\n    f(n)",
    "closures": "def f():\n    def g():\n        return h()\n    def h():\n        "
    "return g()\n    return g()\nsee(f())",
    "lambdas": "f = lambda n: g(n)\ng = lambda n: f(n)\nsee(f(1))",
    "defaults": "def f(n=g()):\n    return n\ndef g(n=f()):\n    return n\nsee(f())",
    "loops": "def f():\n    a = 'x'\n    b = 'y'\n    while True:\n        "
    "a = b + a\n        b = a + b\n        see(a)",
}


@pytest.mark.parametrize("name", CYCLES)
def test_cycles_end_in_something_unknown(name: str) -> None:
    assert "?" in look(CYCLES[name]) or name == "loops"


WIDE = {
    "helpers that call helpers twice": "def f0(x):\n    return x + x\n"
    + "".join(
        f"def f{i}(x):\n    return f{i - 1}(x + 'a') + f{i - 1}(x + 'b')\n" for i in range(1, 30)
    )
    + "see(f29('a'))",
    "callers that call twice": "".join(
        f"def f{i}(x):\n    f{i + 1}(x)\n    f{i + 1}(x + 'a')\n" for i in range(12)
    )
    + "def f12(x):\n    see(x)\nf0('a')",
    "loops in loops": "def f(xs):\n    x = ''\n"
    + "".join(
        "    " * (i + 1) + f"for a{i} in xs:\n" + "    " * (i + 2) + "x = x + 'a'\n"
        for i in range(12)
    )
    + "    see(x)",
    "conditions": "def f(q):\n    x = 'a'\n"
    + "".join(f"    if q.a{i}:\n        x = x + 'b{i}'\n" for i in range(40))
    + "    see(x)",
    "branches": "def f(q):\n    if q == 0:\n        x = 'a'\n"
    + "".join(f"    elif q == {i}:\n        x = 'b{i}'\n" for i in range(1, 60))
    + "    see(x)",
    "comprehensions in comprehensions": "X = [" + ", ".join(map(str, range(32))) + "]\n"
    "see([[[(a, b, c) for a in X] for b in X] for c in X])",
    "attributes of attributes": "def f(x):\n    see(x" + ".a" * 400 + ")",
    "calls of calls": "def f(x):\n    see(x" + ".a()" * 200 + ")",
    "alternatives in a row": "def f(x):\n    see("
    + " or ".join(f"x.a{i}" for i in range(300))
    + ")",
}


@pytest.mark.parametrize("name", WIDE)
def test_wide_code_keeps_to_the_budget(name: str) -> None:
    assert parts(seen(WIDE[name])) <= 2 * MOST_PARTS


def test_a_request_begins_with_a_whole_budget() -> None:
    """What one request could not afford, the next one finds out."""
    text = (
        "X = [" + ", ".join(f"'{i}'" for i in range(2 * MOST_STEPS)) + "]\nY = 'a'\nsee(X)\nsee(Y)"
    )
    evaluator = reader(text)
    first, second = evaluator.module.calls_named["see"]
    evaluator.start()
    evaluator.evaluate(first.args[0], evaluator.root_of(evaluator.module))
    assert isinstance(
        evaluator.evaluate(second.args[0], evaluator.root_of(evaluator.module)), Unknown
    )
    evaluator.start()
    assert isinstance(
        evaluator.evaluate(second.args[0], evaluator.root_of(evaluator.module)), Known
    )


def test_after_many_costly_requests_the_next_ones_have_less() -> None:
    text = f"see([{', '.join(['0'] * 2 * STEPS_LEFT)}], 1 + 1)"

    def asked(before: int, *places: int) -> Value:
        evaluator = reader(text)
        evaluator.steps = before
        evaluator.start()
        assert evaluator.all_steps == before
        args = evaluator.module.calls_named["see"][0].args
        root = evaluator.root_of(evaluator.module)
        return [evaluator.evaluate(args[place], root) for place in places][-1]

    assert isinstance(asked(MOST_IN_FILE, 0, 1), Known)
    assert isinstance(asked(MOST_IN_FILE + 1, 1), Known)
    assert "budget" in why(asked(MOST_IN_FILE + 1, 0, 1))[0]


def test_a_value_too_deep_for_one_place_is_seen_from_another() -> None:
    names = "".join(f"x{i + 1} = x{i}\n" for i in range(DEEPEST))
    evaluator = reader(f"x0 = 'a'\n{names}see(x{DEEPEST})\nsee(x3)")
    first, second = evaluator.module.calls_named["see"]
    assert isinstance(
        evaluator.evaluate(first.args[0], evaluator.root_of(evaluator.module)), Unknown
    )
    value = evaluator.evaluate(second.args[0], evaluator.root_of(evaluator.module))
    assert isinstance(value, Known)
    assert isinstance(second.args[0], ast.Name)


def test_one_operand_decides_a_condition_wherever_it_stands() -> None:
    text = "def f(y, x=''):\n    if TEST:\n        x = 'marked'\n    see(x)\nf(ask())"
    assert look(text.replace("TEST", "isinstance(y, str) and x")) == "''"
    assert look(text.replace("TEST", "y or not x")) == "'marked'"
    assert look(text.replace("TEST", "y and not x")) == "<'marked' | ''>"


def test_a_list_that_a_round_puts_into_another_order_has_changed() -> None:
    sources = keys(
        "def f(more):\n    x = ['a', 'b']\n    while more():\n        see(x)\n"
        "        x = list(set(x))\n"
    )
    assert sources == ["order:process"]
