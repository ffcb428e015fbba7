"""The Messages API without any SDK: a POST to its URL with the request as JSON."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from skinflint.catalog.libraries import Http, load
from skinflint.catalog.surfaces import MethodFact
from skinflint.linter.activation import Activation, ExternalHandle
from skinflint.linter.callers import Callers
from skinflint.linter.evaluate import Evaluator
from skinflint.linter.module import Module, last_name
from skinflint.linter.request import Platform, Request
from skinflint.linter.surfaces import foreign
from skinflint.linter.surfaces.anthropic import Found, Pinned, sent_by
from skinflint.linter.surfaces.foreign import Call
from skinflint.linter.values import Known, Mapping, Object, Text, Unknown, Value, alternatives

SURFACE = "http"
_MOST = 8  # ways to write a URL


def requests(
    module: Module, evaluator: Evaluator, callers: Callers, in_test: bool, pinned: Pinned
) -> Iterator[Request]:
    """Every request that ``module`` posts to the Messages API itself, in order of lines."""
    facts = load().http
    mocked = in_test or any(word in module.source.text for word in facts.mocks)

    def found(node: ast.Call, act: Activation, ev: Evaluator) -> Found | None:
        return _found(node, act, ev, facts, mocked)

    functions = {name.rpartition(".")[2] for name in facts.functions}
    nodes = foreign.candidates(module, frozenset(facts.methods) | functions)
    # whatever SDK is installed has no part in it
    yield from sent_by(nodes, found, evaluator, callers, in_test, lambda: None)


def _found(
    node: ast.Call, act: Activation, ev: Evaluator, facts: Http, mocked: bool
) -> Found | None:
    call = foreign.called(node, act, ev)
    if call is None:
        return None
    place = _place(call, ev, facts)
    if place is None:
        return None
    names = ("method", facts.url) if place else (facts.url,)
    arguments = call.arguments(ev, names)
    verb = arguments.get("method") if place else None
    if verb is not None and not (isinstance(verb, Known) and verb.value in facts.verbs):
        return None
    fact, platform = _endpoint(arguments.get(facts.url), ev)
    if fact is None:
        return None
    body = _body(arguments, facts, ev)
    if body is None:
        return None
    platform = Platform.UNKNOWN if mocked else platform
    client = foreign.nobody(act.module, node)
    return Found(node, fact, client, body, act, platform=platform, surface=SURFACE)


def _place(call: Call, ev: Evaluator, facts: Http) -> int | None:
    """Where the URL stands among the arguments, None where nothing is sent by it."""
    for each in alternatives(call.callee):
        if isinstance(each, Object) and isinstance(each.handle, ExternalHandle):
            name = each.handle.name
            if name in facts.functions:
                return facts.functions[name]
            if name.startswith(facts.types):
                return facts.methods.get(name.rpartition(".")[2])
    func = call.func
    if not isinstance(func, ast.Attribute):
        return None
    for each in alternatives(ev.evaluate(func.value, call.activation)):
        if isinstance(each, Known) and each.value is None:
            continue
        if not isinstance(each, Unknown):
            return None
        if each.type and not each.type.startswith((*facts.types, "typing.", "object")):
            return None
    return facts.methods.get(last_name(func))


def _endpoint(url: Value | None, ev: Evaluator) -> tuple[MethodFact | None, Platform]:
    """The method and who answers, where the URL surely is that of Anthropic's own API.

    A part that a setting may replace is taken for its default.
    """
    fact: MethodFact | None = None
    for each in _texts(url) if url is not None else ():
        told = ev.surfaces.endpoint(each)
        if told is None or told[1] != Platform.CLAUDE_API.value:
            return None, Platform.UNKNOWN
        fact = ev.surfaces.method(told[0].split("."))
    if fact is None or fact.batch or not fact.sends:
        return None, Platform.UNKNOWN
    return fact, Platform.CLAUDE_API


def _texts(value: Value) -> list[str]:
    """What a text may be, as far as that is written out: none where some part of it never is."""
    if isinstance(value, Text):
        found = [""]
        for part in value.parts:
            found = [head + tail for head in found for tail in _texts(part)][:_MOST]
        return found
    known = [each for each in alternatives(value) if isinstance(each, Known)]
    return [str(each.value) for each in known] + [
        text for each in alternatives(value) if isinstance(each, Text) for text in _texts(each)
    ]


def _body(arguments: Mapping, facts: Http, ev: Evaluator) -> Mapping | None:
    """The request that is sent, in the shape of the SDK's arguments."""
    found: list[Value] = []
    given = arguments.get(facts.json)
    if given is not None:
        found = list(alternatives(given))
    for name in facts.raw:
        for value in foreign.written_as_json(arguments.entry(name), ev):
            found += alternatives(value)
    bodies = [each for each in found if isinstance(each, Mapping)]
    whole = [each for each in bodies if each.entry("messages") is not None]
    return next(iter(whole or bodies), None)
