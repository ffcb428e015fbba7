"""What is asked of syntax alone."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import skinflint
from skinflint.linter.module import Module, children, walk
from skinflint.linter.shapes import holds_a_container
from skinflint.linter.source import from_bytes

ROOT = Path(skinflint.__file__).parent
#: Nodes that say how another one is used, and nothing besides.
BARE = (ast.expr_context, ast.operator, ast.unaryop, ast.cmpop, ast.boolop)


@pytest.mark.parametrize("name", ["linter/flow.py", "linter/module.py", "linter/source.py"])
def test_a_walk_meets_what_that_of_python_meets(name: str) -> None:
    tree = ast.parse((ROOT / name).read_text("utf-8"))
    expected = [node for node in ast.walk(tree) if not isinstance(node, BARE)]
    # the nodes for contexts are the same ones everywhere, so that they are compared one by one
    assert all(mine is theirs for mine, theirs in zip(walk(tree), expected, strict=True))
    for node in expected:
        below = [child for child in ast.iter_child_nodes(node) if not isinstance(child, BARE)]
        assert children(node) == below


FUNCTION = """\
from elsewhere import make

def work(given):
    {}
    found.add(1)
"""


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("found = set()", True),
        ("found = []", True),
        ("found: set[int] = set()", True),
        ("found = {k for k in given}", True),
        ("found = set()\n    found = {}", True),
        ("found = make()", False),
        ("found = set()\n    found = make()", False),
        ("found = set()\n    found |= make()", False),
        ("found, more = set(), 1", False),
        ("for found in given: pass", False),
        ("found = set()\n    with given as found: pass", False),
        ("found = set()\n    import found", False),
        ("found = set()\n    def found(): pass", False),
        ("found = set()\n    try: pass\n    except ValueError as found: pass", False),
        ("set = make\n    found = set()", False),
        ("global found\n    found = set()", False),
        ("found = set()\n    def more():\n        nonlocal found\n        found = make()", False),
        ("if (found := make()): found = set()", False),
        ("pass", False),
    ],
)
def test_a_local_that_holds_a_container(body: str, expected: bool) -> None:
    text = FUNCTION.format(body)
    module = Module(from_bytes("work.py", text.encode()), "work")
    assert holds_a_container(module, "found", module.top["work"]) is expected
    assert not holds_a_container(module, "given", module.top["work"])
