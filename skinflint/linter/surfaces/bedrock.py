"""Amazon Bedrock through boto3: ``converse`` and ``invoke_model``, where the model is Claude.

Converse has a shape of its own, in which a ``cachePoint`` stands behind what it marks. The body of
``invoke_model`` has that of the Messages API, written as JSON, with the version of it inside.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import partial

from skinflint.catalog.libraries import Bedrock, load
from skinflint.linter.activation import Activation, ExternalHandle
from skinflint.linter.callers import Callers
from skinflint.linter.evaluate import Evaluator
from skinflint.linter.module import Module, last_name
from skinflint.linter.request import Platform, Request
from skinflint.linter.surfaces import foreign
from skinflint.linter.surfaces.anthropic import Found, Pinned, sent_by
from skinflint.linter.values import (
    Choice,
    Entry,
    Known,
    Mapping,
    Object,
    Repeat,
    Sequence,
    Unknown,
    Value,
    alternatives,
)
from skinflint.records import replace

SURFACE = "bedrock"


def requests(
    module: Module, evaluator: Evaluator, callers: Callers, in_test: bool, pinned: Pinned
) -> Iterator[Request]:
    """Every request to Claude that ``module`` sends to Bedrock, in order of lines."""
    facts = load().bedrock

    def found(node: ast.Call, act: Activation, ev: Evaluator) -> Found | None:
        return _found(node, act, ev, facts, in_test)

    nodes = foreign.candidates(module, facts.converse | facts.invoke)
    yield from sent_by(nodes, found, evaluator, callers, in_test, pinned)


def _found(
    node: ast.Call, act: Activation, ev: Evaluator, facts: Bedrock, in_test: bool
) -> Found | None:
    call = foreign.called(node, act, ev)
    if call is None:
        return None
    func = call.func
    method = last_name(func)
    if method not in facts.converse | facts.invoke or not isinstance(func, ast.Attribute):
        return None
    if not _may_be_client(ev.evaluate(func.value, call.activation), facts):
        return None
    arguments = call.arguments(ev)
    model = arguments.entry(facts.model)
    named = foreign.claude(arguments.get(facts.model))
    if named is None:
        return None
    made = (
        _conversed(arguments, facts) if method in facts.converse else _invoked(arguments, facts, ev)
    )
    if made is None or not (named.said or method in facts.invoke):
        return None
    made = foreign.with_entry(made, "model", model)
    fact = foreign.fact_of(method)
    if method in facts.invoke:
        fact = replace(fact, own_reply=True)
    platform = Platform.UNKNOWN if in_test else Platform.BEDROCK
    client = foreign.nobody(act.module, node)
    return Found(node, fact, client, made, act, platform=platform, surface=SURFACE)


def _may_be_client(value: Value, facts: Bedrock) -> bool:
    """Whether nothing says that the receiver is something else than a client of boto3."""
    for each in alternatives(value):
        if isinstance(each, Known) and each.value is None:
            continue
        if isinstance(each, Unknown):
            if each.type and not each.type.startswith((*facts.types, "typing.", "object")):
                return False
        elif not (isinstance(each, Object) and isinstance(each.handle, ExternalHandle)):
            return False
    return True


# -- invoke_model ----------------------------------------------------------------------------------


def _invoked(arguments: Mapping, facts: Bedrock, ev: Evaluator) -> Mapping | None:
    """The body, where it is one that Claude reads."""
    for value in foreign.written_as_json(arguments.entry(facts.body), ev):
        for each in alternatives(value):
            if isinstance(each, Mapping) and each.entry(facts.version) is not None:
                return each
    return None


# -- converse --------------------------------------------------------------------------------------


def _conversed(arguments: Mapping, facts: Bedrock) -> Mapping:
    made = replace(arguments, entries=())
    for name in ("system", "messages"):
        entry = arguments.entry(name)
        if entry is not None:
            value = arguments.get(name)
            assert value is not None
            change = _blocks if name == "system" else _messages
            made = foreign.with_entry(made, name, replace(entry, value=change(value)))
    tools = foreign.pick(arguments, ("toolConfig", "tools"))
    if tools is not None:
        made = foreign.with_entry(made, "tools", replace(tools, value=_tools(tools.value)))
    elif arguments.entry("toolConfig") is not None:
        entry = arguments.entry("toolConfig")
        assert entry is not None
        hidden = foreign.unseen("a toolConfig that can't be seen", entry.value)
        made = foreign.with_entry(made, "tools", replace(entry, value=hidden, handle=None))
    for name, own in facts.inference.items():
        made = foreign.with_entry(made, own, foreign.pick(arguments, ("inferenceConfig", name)))
    return made


def _messages(value: Value) -> Value:
    return foreign.each_item(value, _message)


def _message(message: Mapping) -> Value:
    entry = message.entry("content")
    if entry is None:
        return message
    value = message.get("content")
    assert value is not None
    return foreign.with_entry(message, "content", replace(entry, value=_blocks(value)))


def _blocks(value: Value) -> Value:
    return _marked(value, _block)


def _tools(value: Value) -> Value:
    return _marked(value, _tool)


def _marked(value: Value, change: foreign.Change) -> Value:
    """A list with each ``cachePoint`` put on the block in front of it, as the SDK writes it."""
    if isinstance(value, Choice):
        branches = (replace(a, value=_marked(a.value, change)) for a in value.alternatives)
        return replace(value, alternatives=tuple(branches))
    if not isinstance(value, Sequence):
        return value
    items: list[Value] = []
    for item in value.items:
        marker = _point(item)
        if marker is None:
            items.append(foreign.inside(item, change))
        elif items:
            if isinstance(items[-1], Repeat):  # it marks the last of them alone
                marker = replace(marker, optional=True)
            items[-1] = foreign.inside(items[-1], partial(_with, marker))
    return replace(value, items=tuple(items))


def _with(marker: Entry, block: Mapping) -> Value:
    return foreign.with_entry(block, "cache_control", marker)


def _point(item: Value) -> Entry | None:
    """The ``cachePoint`` that an item of a list is; optional where a branch leaves it out."""
    if isinstance(item, Mapping):
        return item.entry("cachePoint")
    if isinstance(item, Choice):
        found = [_point(each) for each in alternatives(item) if not _is_empty(each)]
        if found and found[0] is not None and all(point is not None for point in found):
            return replace(found[0], optional=True)
    if isinstance(item, Sequence) and len(item.items) == 1:
        return _point(item.items[0])
    return None


def _is_empty(value: Value) -> bool:
    if isinstance(value, Known):
        return value.value is None
    return isinstance(value, Sequence) and not value.items


def _block(block: Mapping) -> Value:
    """``{"text": ...}`` as ``{"type": "text", "text": ...}``, and so on."""
    for name, kind in load().bedrock.blocks.items():
        entry = block.entry(name)
        if entry is None:
            continue
        told = foreign.literal("type", kind, block.span)
        if name == "text":
            return foreign.made_of(block, type=told, text=entry)
        inner = entry.value
        if isinstance(inner, Mapping):
            entries = (told, *inner.entries)
            return replace(block, entries=entries, open=inner.open, order=inner.order)
        return foreign.made_of(block, type=told, input=entry)
    return block


def _tool(tool: Mapping) -> Value:
    spec = tool.get("toolSpec")
    if not isinstance(spec, Mapping):
        return tool
    made = foreign.made_of(
        tool,
        name=spec.entry("name"),
        description=spec.entry("description"),
        input_schema=foreign.pick(spec, ("inputSchema", "json")),
    )
    return replace(made, open=tool.open or spec.open, order=spec.order)
