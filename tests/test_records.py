"""``skinflint.records`` does what ``dataclasses`` does, in all that is used of it."""

from __future__ import annotations

import ast
import dataclasses
from pathlib import Path
from typing import Any, ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

import skinflint
from skinflint import records

ROOT = Path(skinflint.__file__).parent


class Plain:
    """The body that both kinds of class are made of."""

    kind: ClassVar[str] = "plain"
    left: int
    right: Any = 7
    more: list[int] = records.field(default_factory=list)
    handle: object = records.field(default=None, compare=False, repr=False)

    def total(self) -> int:
        """A method and a docstring stay."""
        return self.left + int(self.right)


class Standard:
    kind: ClassVar[str] = "plain"
    left: int
    right: Any = 7
    more: list[int] = dataclasses.field(default_factory=list)
    handle: object = dataclasses.field(default=None, compare=False, repr=False)


OPTIONS = [
    {},
    {"slots": True},
    {"frozen": True},
    {"frozen": True, "slots": True},
    {"eq": False, "slots": True},
    {"frozen": True, "slots": True, "eq": False, "repr": False},
]
CALLS: list[tuple[tuple[Any, ...], dict[str, Any]]] = [
    ((1,), {}),
    ((1, 2, [3], 4), {}),
    ((1,), {"more": [2], "right": 3}),
    ((), {"left": 1, "handle": 5}),
]
WRONG: list[tuple[tuple[Any, ...], dict[str, Any]]] = [
    ((), {}),
    ((1, 2, 3, 4, 5), {}),
    ((1,), {"left": 2}),
    ((1,), {"middle": 2}),
]


_OF_TYPES = ("__dict__", "__weakref__", "__qualname__")


def both(options: dict[str, bool]) -> tuple[Any, Any]:
    """The class as made here and as made by dataclasses."""
    ours, theirs = (
        type("Pair", (), {k: v for k, v in vars(body).items() if k not in _OF_TYPES})
        for body in (Plain, Standard)
    )
    return records.dataclass(**options)(ours), dataclasses.dataclass(**options)(theirs)


def shown(made: Any) -> tuple[object, ...]:
    return made.left, made.right, made.more, made.handle, made.kind


@pytest.mark.parametrize("options", OPTIONS, ids=str)
def test_instances_are_the_same(options: dict[str, bool]) -> None:
    ours, theirs = both(options)
    for _ in range(12):  # before and after an __init__ is written
        for args, kwargs in CALLS:
            mine, other = ours(*args, **kwargs), theirs(*args, **kwargs)
            assert shown(mine) == shown(other)
            assert hasattr(mine, "__dict__") == hasattr(other, "__dict__")
            if options.get("repr", True):
                assert repr(mine) == repr(other)
    assert ours(1).total() == 8
    assert ours(1).more is not ours(1).more


@pytest.mark.parametrize("options", OPTIONS, ids=str)
@pytest.mark.parametrize(("args", "kwargs"), WRONG)
def test_wrong_arguments_say_what_is_wrong(
    options: dict[str, bool], args: tuple[Any, ...], kwargs: dict[str, Any]
) -> None:
    ours, theirs = both(options)
    for _ in range(2):
        with pytest.raises(TypeError) as mine:
            ours(*args, **kwargs)
        with pytest.raises(TypeError) as other:
            theirs(*args, **kwargs)
        assert str(mine.value) == str(other.value)
    assert shown(ours(1)) == shown(theirs(1))


@pytest.mark.parametrize("options", OPTIONS, ids=str)
def test_equality_and_hash(options: dict[str, bool]) -> None:
    for made in both(options):
        equal = options.get("eq", True)
        assert (made(1, handle=2) == made(1, handle=3)) is equal
        assert made(1) != made(2)
        assert made(1) != 1
        if equal and options.get("frozen"):
            assert hash(made(1, more=())) == hash(made(1, more=()))
        elif equal:
            with pytest.raises(TypeError, match="unhashable"):
                hash(made(1))
        else:
            assert len({made(1), made(1)}) == 2


def test_frozen_means_frozen() -> None:
    ours, _ = both({"frozen": True, "slots": True})
    one = ours(1)
    with pytest.raises(dataclasses.FrozenInstanceError):
        one.left = 2
    with pytest.raises(dataclasses.FrozenInstanceError):
        del one.left
    assert one.left == 1


@given(
    left=st.integers(),
    right=st.integers(),
    changes=st.dictionaries(st.sampled_from(["left", "right", "handle"]), st.integers()),
)
def test_replace(left: int, right: int, changes: dict[str, int]) -> None:
    ours, theirs = both({"frozen": True, "slots": True})
    one = ours(left, right)
    expected = shown(dataclasses.replace(theirs(left, right), **changes))
    for _ in range(24):  # before and after a function is written for it
        assert shown(records.replace(one, **changes)) == expected
    assert shown(one)[:2] == (left, right)
    assert shown(dataclasses.replace(one, **changes)) == expected
    assert [field.name for field in dataclasses.fields(ours)] == ["left", "right", "more", "handle"]


def test_nobody_pays_for_dataclasses() -> None:
    """The real ones are used nowhere, so that no check imports what writes them."""
    users = [
        path.name
        for path in sorted(ROOT.rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.ImportFrom) and node.module == "dataclasses"
    ]
    assert set(users) <= {"records.py"}
