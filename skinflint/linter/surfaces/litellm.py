"""LiteLLM: ``completion``, ``acompletion`` and a ``Router``, where the model is Claude.

Its messages are OpenAI's: the system prompt stands among them, a marker may stand on a message as a
whole, and tools are functions. Which service answers is told by the head of the model id.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator

from skinflint.catalog.libraries import LiteLLM, load
from skinflint.linter.activation import Activation, qualified_name
from skinflint.linter.callers import Callers
from skinflint.linter.evaluate import Evaluator
from skinflint.linter.module import Module
from skinflint.linter.request import Platform, Request
from skinflint.linter.surfaces import foreign
from skinflint.linter.surfaces.anthropic import Found, Pinned, sent_by
from skinflint.linter.surfaces.foreign import Call, Named
from skinflint.linter.values import (
    Alternative,
    Choice,
    Entry,
    Known,
    Mapping,
    Repeat,
    Sequence,
    Unknown,
    Value,
    alternatives,
)
from skinflint.records import replace

SURFACE = "litellm"


def requests(
    module: Module, evaluator: Evaluator, callers: Callers, in_test: bool, pinned: Pinned
) -> Iterator[Request]:
    """Every request to Claude that ``module`` sends through LiteLLM, in order of lines."""
    facts = load().litellm

    def found(node: ast.Call, act: Activation, ev: Evaluator) -> Found | None:
        return _found(node, act, ev, facts, in_test)

    nodes = foreign.candidates(module, facts.methods)
    yield from sent_by(nodes, found, evaluator, callers, in_test, pinned)


def _found(
    node: ast.Call, act: Activation, ev: Evaluator, facts: LiteLLM, in_test: bool
) -> Found | None:
    call = foreign.called(node, act, ev)
    method, routed = _method(call, ev, facts) if call is not None else ("", False)
    if call is None or not method:
        return None
    model = call.named("model", ev)
    if model is not None and not _is_claude(model):
        return None  # as it mostly is: what else is sent needn't be looked up
    arguments = call.arguments(ev, facts.positional)
    named = foreign.claude(arguments.get("model"))
    if named is None or not named.said:
        return None
    platform = Platform.UNKNOWN if in_test or routed else _platform(named, arguments, facts)
    made = _as_sdk(arguments, facts)
    client = foreign.nobody(act.module, node)
    fact = foreign.fact_of(method)
    return Found(node, fact, client, made, act, platform=platform, surface=SURFACE)


def _is_claude(model: Value) -> bool:
    named = foreign.claude(model)
    return named is not None and named.said


def _method(call: Call, ev: Evaluator, facts: LiteLLM) -> tuple[str, bool]:
    """The method that is called, and whether a router picks who answers; "" if it is none."""
    for each in alternatives(call.callee):
        name = qualified_name(each, call.activation.module)
        if name in facts.functions:
            return name.rpartition(".")[2], False
    func = call.func
    if isinstance(func, ast.Attribute) and func.attr in facts.methods:
        for each in alternatives(ev.evaluate(func.value, call.activation)):
            if isinstance(each, Unknown) and each.type in facts.classes:
                return func.attr, True
    return "", False


def _platform(named: Named, arguments: Mapping, facts: LiteLLM) -> Platform:
    """Who answers, as far as that is sure."""
    if not named.sure:
        return Platform.UNKNOWN
    for name in facts.elsewhere:
        value = arguments.get(name)
        if value is not None and not all(_is_none(each) for each in alternatives(value)):
            return Platform.UNKNOWN
    found = {_answers(id, facts) for id in named.ids}
    return found.pop() if len(found) == 1 else Platform.UNKNOWN


def _answers(id: str, facts: LiteLLM) -> Platform:
    head = id.rpartition("/")[0]
    while head and head not in facts.heads:
        head = head.rpartition("/")[0]
        if not head:
            return Platform.COMPATIBLE
    return Platform(facts.heads[head])


def _is_none(value: Value) -> bool:
    return isinstance(value, Known) and value.value is None


# -- OpenAI's shape into the SDK's -----------------------------------------------------------------


def _as_sdk(arguments: Mapping, facts: LiteLLM) -> Mapping:
    made = replace(arguments, entries=())
    model, messages = arguments.entry("model"), arguments.entry("messages")
    made = foreign.with_entry(made, "model", model)
    if messages is not None:
        value = arguments.get("messages")
        assert value is not None
        system, rest = _split(_injected(value, arguments), facts)
        if system is not None:
            span = messages.span
            made = foreign.with_entry(made, "system", Entry(Known("system", span), system, span))
        made = foreign.with_entry(made, "messages", replace(messages, value=rest))
    tools = arguments.entry("tools")
    if tools is not None:
        value = arguments.get("tools")
        assert value is not None
        tools = replace(tools, value=foreign.each_item(value, _tool))
        made = foreign.with_entry(made, "tools", tools)
    for name, own in facts.same:
        entry = arguments.entry(name)
        if entry is not None and made.entry(own) is None:
            made = foreign.with_entry(made, own, entry)
    return made


def _split(value: Value, facts: LiteLLM) -> tuple[Value | None, Value]:
    """The system prompt, and the messages without it."""
    options = list(value.alternatives) if isinstance(value, Choice) else [Alternative(value)]
    systems: list[Value] = []
    rests: list[Value] = []
    for option in options:
        each = option.value
        if isinstance(each, Choice):
            system, rest = _split(each, facts)
            systems.append(Known(None, each.span) if system is None else system)
            rests.append(rest)
        elif isinstance(each, Sequence):
            blocks: list[Value] = []
            kept: list[Value] = []
            for item in each.items:
                told, other = _told_apart(item, facts)
                blocks += told
                kept += other
            kept = [foreign.inside(item, _message) for item in kept]
            reason = each.open if not blocks and not _begins(kept) else ""
            if reason and not blocks:
                systems.append(foreign.unseen("messages of which not all are seen", each))
            else:
                systems.append(Sequence(tuple(blocks), each.span, "", each.frame))
            rests.append(replace(each, items=tuple(kept)))
        elif _is_none(each):
            systems.append(each)
            rests.append(each)
        else:
            systems.append(foreign.unseen("messages that can't be seen", each))
            rests.append(each)
    if all(isinstance(s, Sequence) and not s.items for s in systems):
        return None, foreign.choice_of(rests, value)
    return foreign.choice_of(systems, value), foreign.choice_of(rests, value)


def _begins(items: list[Value]) -> bool:
    """Whether the first of the messages is written out, so that no system prompt is before it."""
    return bool(items) and isinstance(items[0], Mapping) and isinstance(items[0].get("role"), Known)


def _told_apart(item: Value, facts: LiteLLM) -> tuple[list[Value], list[Value]]:
    """The system blocks of an item of the messages, and what is left of it."""
    if isinstance(item, Mapping):
        role = item.get("role")
        if isinstance(role, Known) and role.value in facts.system_roles:
            return _blocks(item), []
        return [], [item]
    if isinstance(item, Choice):
        blocks: list[Value] = []
        left: list[Alternative] = []
        for option in item.alternatives:
            told, other = _told_apart(option.value, facts)
            if told:
                blocks.append(Sequence(tuple(told), option.value.span))
            if other:
                left.append(option)
        if not blocks:
            return [], [item]
        absent = Sequence((), item.span)
        branches = [*blocks, *([absent] if left else [])]
        made = replace(item, alternatives=tuple(Alternative(branch) for branch in branches))
        made_item: Value = branches[0] if len(branches) == 1 else made
        told = list(made_item.items) if isinstance(made_item, Sequence) else [made_item]
        return told, [replace(item, alternatives=tuple(left))] if left else []
    if isinstance(item, Repeat):
        told, other = _told_apart(item.body, facts)
        return told, [replace(item, body=each) for each in other]
    return [], [item]


def _blocks(message: Mapping) -> list[Value]:
    """The blocks that the content of a system message is."""
    content = message.entry("content")
    marker = message.entry("cache_control")
    if content is None:
        return []
    listed = [v for v in alternatives(content.value) if isinstance(v, Sequence)]
    if listed:
        return list(listed[0].items)
    kind = foreign.literal("type", "text", message.span)
    return [foreign.made_of(message, type=kind, text=content, cache_control=marker)]


def _message(message: Mapping) -> Value:
    """One message that is none of the system's."""
    marker = message.entry("cache_control")
    entries = tuple(
        e
        for e in message.entries
        if not (isinstance(e.key, Known) and e.key.value in ("cache_control", "tool_calls"))
    )
    content = message.entry("content")
    calls = message.entry("tool_calls")
    role = message.get("role")
    made = replace(message, entries=entries)
    span = message.span
    if isinstance(role, Known) and role.value in ("tool", "function"):
        kind = foreign.literal("type", "tool_result", span)
        block = foreign.made_of(message, type=kind, content=content, cache_control=marker)
        made = foreign.with_entry(made, "role", foreign.literal("role", "user", span))
        return _with_content(made, Sequence((block,), span))
    texts: list[Value] = []
    if content is not None:
        listed = [v for v in alternatives(content.value) if isinstance(v, Sequence)]
        if listed:
            texts = [foreign.inside(item, _block) for item in listed[0].items]
        elif marker is None and calls is None:
            return made
        elif not _is_none(content.value):
            kind = foreign.literal("type", "text", span)
            texts = [foreign.made_of(message, type=kind, text=content, cache_control=marker)]
    if calls is not None:
        kind = foreign.literal("type", "tool_use", span)
        texts.append(foreign.made_of(message, type=kind, input=calls))
    return _with_content(made, Sequence(tuple(texts), span)) if texts else made


def _with_content(message: Mapping, content: Value) -> Mapping:
    entry = Entry(Known("content", message.span), content, message.span)
    return foreign.with_entry(message, "content", entry)


def _block(block: Mapping) -> Value:
    kind = block.get("type")
    own = load().litellm.blocks.get(str(kind.value)) if isinstance(kind, Known) else None
    if own is None:
        return block
    return foreign.with_entry(block, "type", foreign.literal("type", own, block.span))


def _tool(tool: Mapping) -> Value:
    """``{"type": "function", "function": {...}}`` as a tool of the Messages API."""
    function = tool.get("function")
    if not isinstance(function, Mapping):
        return tool
    marker = tool.entry("cache_control") or function.entry("cache_control")
    made = foreign.made_of(
        tool,
        name=function.entry("name"),
        description=function.entry("description"),
        input_schema=function.entry("parameters"),
        cache_control=marker,
    )
    return replace(made, open=tool.open or function.open, order=function.order)


# -- markers that LiteLLM puts in ------------------------------------------------------------------


def _injected(value: Value, arguments: Mapping) -> Value:
    """The messages with the markers that ``cache_control_injection_points`` asks for."""
    points = arguments.get("cache_control_injection_points")
    for each in alternatives(points) if points is not None else ():
        for point in each.items if isinstance(each, Sequence) else ():
            if not isinstance(point, Mapping):
                continue
            role, index = point.get("role"), point.get("index")
            if isinstance(index, Known) and isinstance(index.value, int):
                value = _at(value, index.value, point)
            elif isinstance(role, Known):
                value = foreign.each_item(value, _marking(role.value, point))
    return value


def _marking(role: object, point: Mapping) -> Callable[[Mapping], Value]:
    def change(message: Mapping) -> Value:
        own = message.get("role")
        same = isinstance(own, Known) and own.value == role
        return _marked(message, point) if same else message

    return change


def _at(value: Value, index: int, point: Mapping) -> Value:
    if not isinstance(value, Sequence) or not -len(value.items) <= index < len(value.items):
        return value
    items = list(value.items)
    item = items[index]
    if isinstance(item, Mapping):
        items[index] = _marked(item, point)
    return replace(value, items=tuple(items))


def _marked(message: Mapping, point: Mapping) -> Mapping:
    """A message whose last block carries a marker, which stands where it is asked for."""
    control = point.entry("control")
    marker = control
    if marker is None:
        kind = foreign.literal("type", "ephemeral", point.span)
        made = Mapping((kind,), point.span)
        marker = Entry(Known("cache_control", point.span), made, point.span)
    content = message.get("content")
    if isinstance(content, Sequence) and content.items:
        last = content.items[-1]
        if not isinstance(last, Mapping):
            return message
        items = (*content.items[:-1], foreign.with_entry(last, "cache_control", marker))
        return _with_content(message, replace(content, items=items))
    return foreign.with_entry(message, "cache_control", marker)
