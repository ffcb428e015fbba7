"""Room on the stack of the interpreter for functions that call one another many levels deep."""

from __future__ import annotations

from collections.abc import Callable
from types import FunctionType
from typing import ParamSpec, TypeVar, cast

_P = ParamSpec("_P")
_T = TypeVar("_T")

#: Words that a frame is said to need: with a little more than a mebibyte it gets a piece of memory
#: of two, and the rest is for the frames of those it calls.
_WORDS = 132_000


def roomy(function: Callable[_P, _T]) -> Callable[_P, _T]:
    """The function, with a mebibyte of stack for the frames of what it calls.

    From Python 3.11 on frames stand in pieces of memory of 16 kB; a call over the end of one asks
    the system for the next and gives it back on return. Evaluations go up and down over such ends
    all the time: it took a tenth of a long run. Memory that no frame ever stood in costs nothing.
    """
    assert isinstance(function, FunctionType)
    function.__code__ = function.__code__.replace(co_stacksize=_WORDS)
    return cast("Callable[_P, _T]", function)
