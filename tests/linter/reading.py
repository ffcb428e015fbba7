"""Reads small modules and writes down, in short, what the linter makes of them.

A module says ``see(expression)`` where a value is asked for. Values are written as Python would
write them, with these signs for what it can't: ``?`` unknown, ``+`` between the parts of a text,
``<a | b>`` one of several, ``*x`` any number of x, ``~`` perhaps more, ``'key'?`` an entry that may
be absent.
"""

from __future__ import annotations

from textwrap import dedent

from skinflint.catalog import sources, surfaces
from skinflint.linter import config
from skinflint.linter import operations as ops
from skinflint.linter.callers import Callers
from skinflint.linter.evaluate import Evaluator
from skinflint.linter.module import Module
from skinflint.linter.project import Project
from skinflint.linter.request import Request, moving
from skinflint.linter.source import from_bytes
from skinflint.linter.values import (
    Choice,
    Key,
    Known,
    Mapping,
    Object,
    Repeat,
    Sequence,
    Text,
    Unknown,
    Value,
)

#: What most modules that send requests begin with.
HEAD = """\
import anthropic
client = anthropic.Anthropic()
"""
#: Arguments of a request that do not matter.
REST = 'max_tokens=9, messages=[{"role": "user", "content": "hi"}]'
MODEL = 'model="claude-opus-5-5"'


def reader(text: str, stable: frozenset[str] = frozenset()) -> Evaluator:
    """An evaluator of a module."""
    module = Module(from_bytes("app.py", dedent(text).encode()), "app")
    return Evaluator(module, sources.load(), surfaces.load(), stable)


def seen(text: str, stable: frozenset[str] = frozenset()) -> Value:
    """What ``see(...)`` is handed, in the first run that is found of the function around it."""
    evaluator = reader(text, stable)
    call = evaluator.module.calls_named["see"][0]
    evaluator.start()
    act = Callers(evaluator).activations(call)[0]
    evaluator.start()
    return evaluator.evaluate(call.args[0], act)


def written(value: Value) -> str:
    """A value in short."""
    if isinstance(value, Known):
        return repr(value.value)
    if isinstance(value, Unknown):
        return "?"
    if isinstance(value, Text):
        return " + ".join(written(part) for part in value.parts)
    if isinstance(value, Choice):
        return f"<{' | '.join(written(a.value) for a in value.alternatives)}>"
    if isinstance(value, Repeat):
        return f"*({written(value.body)})"
    more = ["~"] if not isinstance(value, Object) and value.open else []
    if isinstance(value, Sequence):
        inner = ", ".join([*(written(item) for item in value.items), *more])
        return f"({inner})" if value.type == "tuple" else f"[{inner}]"
    if isinstance(value, Mapping):
        rows = [
            f"{written(e.key)}{'?' if e.optional else ''}: {written(e.value)}"
            for e in value.entries
        ]
        return f"{{{', '.join([*rows, *more])}}}"
    return value.type


def look(text: str) -> str:
    """What ``see(...)`` is handed, in short."""
    return written(seen(text))


def named(key: Key) -> str:
    """A source of change in short: ``clock:minute``, ``entity user``."""
    unit = key.ordering if key.granularity is None else key.granularity
    return key.source.value + (f":{unit.name.lower()}" if unit is not None else "")


def keys(text: str) -> list[str]:
    """The sources of change in what ``see(...)`` is handed, in order."""
    return [named(key) for key in ops.keys_of(seen(text))]


def why(value: Value) -> list[str]:
    """The reasons of all that is unknown in a value."""
    if isinstance(value, Unknown):
        return [value.reason]
    if isinstance(value, Text):
        return [r for part in value.parts for r in why(part)]
    if isinstance(value, Choice):
        return [r for a in value.alternatives for r in why(a.value)]
    if isinstance(value, Repeat):
        return why(value.body)
    if isinstance(value, Sequence):
        return [*([value.open] if value.open else []), *(r for i in value.items for r in why(i))]
    if isinstance(value, Mapping):
        inner = [r for e in value.entries for r in why(e.value)]
        return [*([value.open] if value.open else []), *inner]
    return []


def sent(text: str, path: str = "app.py") -> list[Request]:
    """The requests that a module sends."""
    project = Project(config.load(None, None, isolated=True))
    return list(project.requests(from_bytes(path, dedent(text).encode())))


def methods(text: str) -> list[str]:
    """The methods by which a module sends requests."""
    return [request.site.method for request in sent(text)]


def pairs(text: str) -> list[str]:
    """The kinds of the reuse pairs of the first request."""
    return [pair.kind.value for pair in sent(text)[0].pairs]


def moved(text: str, kind: str) -> list[str]:
    """What moves in the first request between the calls of its pair of a kind."""
    request = sent(text)[0]
    pair = next(pair for pair in request.pairs if pair.kind.value == kind)
    return [
        named(key)
        for index in range(len(request.blocks))
        for part in request.moving_parts(pair, index)
        for key in moving(part.keys, pair, request.host)
    ]
