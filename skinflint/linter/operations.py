"""What operations on values yield: joining texts, spreading mappings, deriving the unknown."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator

from skinflint.catalog import sources
from skinflint.linter.spans import Span
from skinflint.linter.values import (
    ENTRIES,
    Alternative,
    Choice,
    Confidence,
    Entered,
    Entry,
    Frame,
    Granularity,
    Grows,
    Key,
    Known,
    Mapping,
    Object,
    Picked,
    Repeat,
    Sequence,
    Source,
    Text,
    Uncounted,
    Unknown,
    Value,
    alternatives,
    opened,
    with_keys,
)
from skinflint.records import replace

#: Why an item of a list is open to which nothing is seen to be added.
NOTHING_SEEN = "nothing is seen to be put into what it runs over"
#: What a list holds that grows from call to call.
_ADDED = (Source.TURN, Source.CALL, Source.EVENT)
MOST_ALTERNATIVES = 8
#: Functions and objects that are kept apart: a table of handlers is longer.
MOST_CALLABLES = 48
MOST_GATHERED = 32  # items that some of the many forms of a list have, and others don't
MOST_OBJECTS = 8  # that one unknown value is remembered to be made of
MOST_KEYS = 24
MOST_TEXT = 1_000_000  # characters of a text that is kept; of longer ones only the length is
MOST_BITS = 1024  # of an int
_DEEP = 12  # levels to which values are told apart
_TOLD_BY = Key._fields.index("span") + 1  # source, name and span: what tells keys apart


def keys_of(value: Value) -> tuple[Key, ...]:
    """Every source of change in a value, each once, in the order they are met."""
    if type(value) is Known:
        return ()
    if type(value) is Unknown:
        return value.keys  # each of them once, as they were merged
    if type(value) is Object:
        return _keys_met(value) if value.fields else ()
    met = value.met
    if met is None:
        met = _keys_met(value)
        object.__setattr__(value, "met", met)
    return met


def _keys_met(value: Value) -> tuple[Key, ...]:
    found: dict[tuple[object, ...], Key] = {}
    stack: list[Value] = [value]
    while stack and len(found) < MOST_KEYS:
        current = stack.pop()
        if type(current) is Known:
            continue
        own: tuple[Key, ...] = ()
        if type(current) is Unknown:
            own = current.keys
        elif type(current) is Text:
            stack.extend(current.parts[::-1])
        elif type(current) is Sequence:
            own = current.order
            stack.extend(current.items[::-1])
        elif type(current) is Mapping:
            own = current.order
            for entry in reversed(current.entries):
                stack.append(entry.value)
                stack.append(entry.key)
        elif type(current) is Choice:
            own = current.keys
            stack.extend([a.value for a in current.alternatives[::-1]])
        elif type(current) is Repeat:
            own = current.keys
            stack.append(current.body)
        elif type(current) is Object:
            stack.extend([v for _, v in current.fields[::-1]])
        for key in own:
            found.setdefault(key[:_TOLD_BY], key)
    return tuple(found.values())


def weight(value: Value, most: int) -> int:
    """The number of values inside a value; counting ends behind ``most``.

    It is kept: most of what a value is made of was counted when it was made.
    """
    if isinstance(value, (Known, Unknown, Object)):
        return 1
    if value.size:
        return value.size
    count = _count(value, most, kept=True)
    if count > most:
        return _count(value, most, kept=False)
    object.__setattr__(value, "size", count)
    return count


def _count(value: Value, most: int, kept: bool) -> int:
    count = 0
    stack: list[Value] = [value]
    while stack and count <= most:
        current = stack.pop()
        if type(current) is Known or type(current) is Unknown or type(current) is Object:
            count += 1
            continue
        if kept and current.size:
            count += current.size
            continue
        count += 1
        if isinstance(current, Text):
            stack.extend(current.parts)
        elif isinstance(current, Sequence):
            stack.extend(current.items)
        elif isinstance(current, Mapping):
            count += len(current.entries)
            stack.extend([entry.value for entry in current.entries])
        elif isinstance(current, Choice):
            stack.extend([a.value for a in current.alternatives])
        else:
            stack.append(current.body)
    return count


def merge_keys(*groups: tuple[Key, ...]) -> tuple[Key, ...]:
    """The union of several groups of keys, in order."""
    filled = [group for group in groups if group]
    if not filled:
        return ()
    if len(filled) == 1 and len(filled[0]) == 1:
        return filled[0]
    found: dict[tuple[object, ...], Key] = {}
    for group in filled:
        for key in group:
            found.setdefault(key[:_TOLD_BY], key)
    return tuple(found.values())[:MOST_KEYS]


def taken_at(keys: tuple[Key, ...], span: Span) -> tuple[Key, ...]:
    """The keys after the order of something is read out by the expression at ``span``."""
    if not any(key.source is Source.ORDER and key.taken is None for key in keys):
        return keys
    return tuple(
        key._replace(taken=span) if key.source is Source.ORDER and key.taken is None else key
        for key in keys
    )


def unknown_key(name: str, span: Span, frame: Frame) -> Key:
    """The key of something whose variation can't be known."""
    return Key(Source.UNKNOWN, name, span, confidence=Confidence.LOW, frame=frame)


def derived(
    reason: str,
    span: Span,
    frame: Frame,
    *values: Value,
    type: str = "",
    may_be_empty: bool = True,
) -> Unknown:
    """The unknown result of a pure operation on ``values``: it varies as they vary.

    Where one of them ends at no listed entry, that is the reason to tell.
    """
    entry, why = end_of(*values)
    if entry not in ENTRIES and why:
        reason = why
    keys, made_of = _all_keys(values), objects_in(*values)
    return Unknown(reason, span, frame, keys, entry, type, may_be_empty, (0, None), made_of)


def _all_keys(values: tuple[Value, ...]) -> tuple[Key, ...]:
    """The sources of change in all of several values."""
    groups = [keys for value in values if (keys := keys_of(value))]
    if not groups:
        return ()
    return groups[0][:MOST_KEYS] if len(groups) == 1 else merge_keys(*groups)


def objects_in(*values: Value) -> tuple[Object, ...]:
    """The objects constructed here that ``values`` are made of, each once; the first few."""
    found: dict[int, Object] = {}
    stack = list(reversed(values))
    while stack and len(found) < MOST_OBJECTS:
        value = stack.pop()
        if type(value) is Known:
            continue
        if type(value) is Unknown:
            if value.made_of:
                stack.extend(reversed(value.made_of))
        elif type(value) is Object:
            if getattr(value.handle, "arguments", None):
                found.setdefault(id(value.handle), value)
        elif type(value) is Text:
            stack.extend(reversed(value.parts))
        elif type(value) is Choice:
            stack.extend(a.value for a in reversed(value.alternatives))
        elif type(value) is Repeat:
            stack.append(value.body)
        elif type(value) is Sequence:
            stack.extend(reversed(value.items))
        elif type(value) is Mapping:
            stack.extend(e.value for e in reversed(value.entries))
    return tuple(found.values())


def orderless(value: Value) -> Value:
    """A result that does not show the order of what it was made of: a number, a test's outcome."""
    return with_keys(value, _without_order)


def keys_but_order(value: Value) -> tuple[Key, ...]:
    """The sources of change in what does not show the order of ``value``."""
    keys = keys_of(value)
    if len(keys) < MOST_KEYS and not any(key.source is Source.ORDER for key in keys):
        return keys
    return keys_of(orderless(value))


def _without_order(keys: tuple[Key, ...]) -> tuple[Key, ...]:
    kept = [key for key in keys if key.source is not Source.ORDER]
    return keys if len(kept) == len(keys) else tuple(kept)


def by_name(value: Mapping) -> Mapping:
    """A dict of which one entry is asked for by its name: in what order they stand, or were put in
    by going through something without one, doesn't show."""
    sources = [value.order]
    for entry in value.entries:
        sources += [part.keys for part in (entry.key, entry.value) if isinstance(part, Repeat)]
    hidden = {key.span for keys in sources for key in keys if key.source is Source.ORDER}
    if not hidden:
        return value

    def shown(keys: tuple[Key, ...]) -> tuple[Key, ...]:
        return tuple(k for k in keys if k.source is not Source.ORDER or k.span not in hidden)

    entries = tuple(
        replace(e, key=with_keys(e.key, shown), value=with_keys(e.value, shown))
        for e in value.entries
    )
    return replace(value, entries=entries, order=shown(value.order))


def compared(value: Value, *, by_age: bool) -> Value:
    """The outcome of a comparison: neither an order nor whose ``id()`` it is shows in it.

    Nor, with ``by_age``, does a clock that is read to the second or finer: whether something is too
    old by now has the same answer from one call to the next, but for one of them.
    """
    return with_keys(value, _compared_by_age if by_age else _compared)


def _compared_by_age(keys: tuple[Key, ...]) -> tuple[Key, ...]:
    keys = _compared(keys)
    kept = [key for key in keys if key.source is not Source.CLOCK or not _is_fine(key)]
    return keys if len(kept) == len(keys) else tuple(kept)


def _compared(keys: tuple[Key, ...]) -> tuple[Key, ...]:
    kept = [
        key
        for key in keys
        if key.source is not Source.ORDER
        and not (key.source is Source.RANDOM and key.name.removeprefix("builtins.") == "id()")
    ]
    return keys if len(kept) == len(keys) else tuple(kept)


def _is_fine(key: Key) -> bool:
    return key.granularity is None or key.granularity < Granularity.MINUTE


def end_of(*values: Value) -> tuple[str, str]:
    """The kind of entry at which what is made of ``values`` ends, and the reason given there.

    That is the worst of theirs: "" if one of them ends nowhere that is known, "import" or
    "attribute" before those of ``ENTRIES``; "literal" if all of them are written in the code.
    """
    found = why = ""
    for value in values:
        if type(value) is Known:
            continue
        ends = ((value.entry, value.reason),) if isinstance(value, Unknown) else _ends(value)
        for entry, reason in ends:
            if not entry:
                return "", reason
            if found in ("", "literal") or (found in ENTRIES and entry not in ENTRIES):
                found, why = entry, reason
    return found or "literal", why


def entry_of(*values: Value) -> str:
    """The kind of entry alone."""
    return end_of(*values)[0]


def _ends(value: Value) -> Iterator[tuple[str, str]]:
    if type(value) is Unknown:
        yield value.entry, value.reason
    elif type(value) is Object:
        yield _end_of_object(value)
    elif type(value) is Text:
        for part in value.parts:
            yield from _ends(part)
    elif type(value) is Choice:
        for alternative in value.alternatives:
            yield from _ends(alternative.value)
    elif type(value) is Repeat:
        yield from _ends(value.body)
    elif isinstance(value, (Sequence, Mapping)):
        if isinstance(value.open, Entered):
            yield value.open.entry, value.open
        elif value.open and not isinstance(value.open, Uncounted):
            yield "", value.open
        inner = value.items if type(value) is Sequence else [e.value for e in value.entries]
        for each in inner:
            yield from _ends(each)


#: Modules of Python whose objects hold what others put into them.
_HOLDERS = frozenset(
    (
        "asyncio",
        "contextvars",
        "io",
        "multiprocessing",
        "queue",
        "socket",
        "subprocess",
        "threading",
    )
)


def is_standard(name: str) -> bool:
    """Whether a qualified name is Python's own, and a value: not filled from elsewhere.

    So are those of a library that works on nothing but what it is handed.
    """
    top = name.partition(".")[0]
    if top in sys.stdlib_module_names:
        return top not in _HOLDERS
    return top == "builtins" or sources.load().library(top) == "literal"


def _end_of_object(value: Object) -> tuple[str, str]:
    """Functions, classes and what is made of them here are written in the code."""
    if value.type == "import":
        name = getattr(value.handle, "name", "something")
        if is_standard(name):
            return "literal", name
        return "import", f"`{name}`, which is imported from a module that isn't here"
    given = getattr(value.handle, "arguments", ()) is None or getattr(value.handle, "given", False)
    return ("parameter" if given else "literal"), f"an object of {value.type}"


def opaque(
    reason: str,
    span: Span,
    frame: Frame,
    *values: Value,
    type: str = "",
    standard: bool = False,
    library: str = "",
) -> Unknown:
    """The result of code that can't be seen, given ``values``.

    It may or may not depend on them. Whom it is about (entity, turn) likely shows in it; a clock or
    a random number handed in need not: a template may lack the field. Code of a library that works
    on what came in at an entry makes no entry of its own; what it yields without that ends in it,
    unless the library is Python's own (``standard``) or known to read from somewhere (``library``,
    a kind of entry).
    """
    entry, why = end_of(*values)
    if library and library != "literal":
        entry = library
    elif entry == "literal":
        entry = "literal" if standard or library else ""
    elif entry not in ENTRIES and why:
        reason = why
    kept = tuple(
        key._replace(confidence=min(key.confidence, Confidence.MEDIUM), whole=False)
        for key in _all_keys(values)
        if key.source in (Source.ENTITY, Source.TURN, Source.CALL, Source.RETRIEVAL)
    )
    keys = (*kept, unknown_key(reason, span, frame))
    return Unknown(reason, span, frame, keys, entry, type, made_of=objects_in(*values))


def choice(
    options: Iterable[tuple[Value, Span | None]],
    span: Span,
    frame: Frame = (),
    keys: tuple[Key, ...] = (),
) -> Value:
    """One of several values; equal ones count once, nested choices are flattened."""
    flat: list[Alternative] = []
    seen: dict[object, list[Value]] = {}  # by what a quick look tells apart
    inner: tuple[Key, ...] = keys
    for value, condition in options:
        branches: tuple[Alternative, ...]
        if isinstance(value, Choice) and len(value.alternatives) > 1:
            branches = value.alternatives
            inner = merge_keys(inner, value.keys)
        else:
            branches = (Alternative(value, condition),)
        for branch in branches:
            alike = seen.setdefault(_at_a_glance(branch.value), [])
            if not any(_same(branch.value, other) for other in alike):
                alike.append(branch.value)
                flat.append(branch)
    if len(flat) == 1:
        return flat[0].value
    few = MOST_ALTERNATIVES
    if len(flat) > few and all(_is_small(a.value) for a in flat):
        few = MOST_CALLABLES
        if len(flat) > few:  # the same functions, of several objects
            flat = list({_definition(a.value): a for a in reversed(flat)}.values())[::-1]
    if len(flat) > few:
        forms = [a.value for a in flat]
        merged = _merged(forms, frame, inner) or _gathered(forms, span, frame, inner)
        if merged is not None:
            return merged
        reason = f"more than {MOST_ALTERNATIVES} alternatives"
        flat = _by_display(_one_unknown(flat, reason, span, frame), frame, inner)
        if len(flat) > MOST_ALTERNATIVES:
            return derived(reason, span, frame, *(a.value for a in flat))
    return _headed(flat, span, frame, inner) or Choice(tuple(flat), span, frame, inner)


def _one_unknown(
    flat: list[Alternative], reason: str, span: Span, frame: Frame
) -> list[Alternative]:
    """The alternatives with all that can't be known as one of them: it varies as they do."""
    unseen = [a.value for a in flat if isinstance(a.value, Unknown)]
    if len(unseen) < 2:
        return flat
    seen = [a for a in flat if not isinstance(a.value, Unknown)]
    most = [each.chars[1] for each in unseen if each.chars[1] is not None]
    size = (
        min(each.chars[0] for each in unseen),
        max(most) if len(most) == len(unseen) else None,
    )
    kinds = {each.type for each in unseen}
    kind = kinds.pop() if len(kinds) == 1 else ""
    one = replace(derived(reason, span, frame, *unseen, type=kind), chars=size)
    return [*seen, Alternative(one)]


def _by_display(flat: list[Alternative], frame: Frame, keys: tuple[Key, ...]) -> list[Alternative]:
    """The alternatives with one dict for all forms of the same display, if there are too many."""
    if len(flat) <= MOST_ALTERNATIVES:
        return flat
    forms: dict[object, list[Alternative]] = {}
    for each in flat:
        told = each.value.span if isinstance(each.value, Mapping) else id(each)
        forms.setdefault(told, []).append(each)
    found: list[Alternative] = []
    for group in forms.values():
        one = _merged([a.value for a in group], frame, keys) if len(group) > 1 else None
        found += [Alternative(one, group[0].condition)] if one is not None else group
    return found


def is_queue(value: Value) -> bool:
    """Whether it is a queue of Python's own."""
    return isinstance(value, Sequence) and value.type == "queue"


def _is_small(value: Value) -> bool:
    """Whether it is a function, a class, an object or None."""
    return isinstance(value, Object) or (isinstance(value, Known) and value.value is None)


def _definition(value: Value) -> object:
    node = getattr(getattr(value, "handle", None), "node", None)
    return value if node is None else node


def _merged(values: list[Value], frame: Frame, keys: tuple[Key, ...]) -> Mapping | None:
    """One dict for the many forms that conditional writes give the same dict display.

    What the entries have to do with each other is lost, which is better than losing the entries.
    """
    forms: list[Mapping] = []
    entries: dict[object, list[Entry]] = {}
    for value in values:
        if not isinstance(value, Mapping) or value.span != values[0].span:
            return None
        forms.append(value)
        for entry in value.entries:
            if not isinstance(entry.key, Known):
                return None
            entries.setdefault((type(entry.key.value), entry.key.value), []).append(entry)
    merged: list[Entry] = []
    for group in entries.values():
        first = group[0]
        value = choice([(entry.value, None) for entry in group], first.span, frame, keys)
        optional = len(group) < len(forms) or any(entry.optional for entry in group)
        handle = first.handle if all(e.handle == first.handle for e in group) else None
        merged.append(replace(first, value=value, optional=optional, handle=handle))
    return replace(
        forms[0],
        entries=tuple(merged),
        open=opened(*(form.open for form in forms)),
        order=merge_keys(*(form.order for form in forms)),
    )


def one_form(value: Value) -> Mapping | None:
    """One dict for a choice of the forms of one display; None if it is something else."""
    if not isinstance(value, Choice):
        return None
    return _merged([a.value for a in value.alternatives], value.frame, value.keys)


def _gathered(
    values: list[Value], span: Span, frame: Frame, keys: tuple[Key, ...]
) -> Sequence | None:
    """One list for the many forms that conditional additions give the same list display.

    All begin with what was put in without a condition; the rest may be there or not.
    """
    forms = [value for value in values if isinstance(value, Sequence)]
    first = forms[0] if forms else None
    if first is None or len(forms) < len(values) or not first.items:
        return None
    if any((form.span, form.type) != (first.span, first.type) for form in forms):
        return None
    shared = 0
    for column in zip(*(form.items for form in forms), strict=False):
        if any(not _same(column[0], item) for item in column[1:]):
            break
        shared += 1
    added: dict[object, Value] = {}
    for form in forms:
        for item in form.items[shared:]:
            added.setdefault(_identity(item, _DEEP), item)
    if not shared or len(added) > MOST_GATHERED:
        return None
    empty = Alternative(Sequence((), span))
    return replace(
        first,
        items=(
            *first.items[:shared],
            *(
                item
                if isinstance(item, (Repeat, Choice))
                else Choice((Alternative(item), empty), item.span, frame, keys)
                for item in added.values()
            ),
        ),
        open=opened(*(form.open for form in forms)),
        order=merge_keys(*(form.order for form in forms)),
    )


def _headed(
    flat: list[Alternative], span: Span, frame: Frame, keys: tuple[Key, ...]
) -> Text | None:
    """Texts that begin alike as that beginning and a choice of what follows it."""
    if not all(isinstance(each.value, (Known, Text)) and is_text(each.value) for each in flat):
        return None
    rows = [each.value.parts if isinstance(each.value, Text) else (each.value,) for each in flat]
    shared = 0
    for column in zip(*rows, strict=False):
        if any(part is not column[0] and part != column[0] for part in column[1:]):
            break
        shared += 1
    if not shared:
        return None
    rest = tuple(
        Alternative(text(list(row[shared:]), each.value.span), each.condition)
        for row, each in zip(rows, flat, strict=True)
    )
    return Text((*rows[0][:shared], Choice(rest, span, frame, keys)), span)


def _same(one: Value, other: Value) -> bool:
    return one is other or _identity(one, _DEEP) == _identity(other, _DEEP)


def _at_a_glance(value: Value) -> object:
    """What is the same for two values that are the same, and mostly for no others."""
    if type(value) is Unknown:
        return value.reason, value.span
    return _identity(value)


def _identity(value: Value, depth: int = 2) -> object:
    """What tells two values apart, as deep as ``depth``."""
    if type(value) is Known:
        return (Known, type(value.value), value.value)
    if type(value) is Unknown:
        keys = tuple([key[:_TOLD_BY] for key in value.keys])
        return (Unknown, value.reason, value.span, keys)
    if type(value) is Object:
        return (Object, value.type, value.span, id(value.handle))
    if depth == 0:
        return (type(value), value.span)
    inner: list[object]
    if type(value) is Mapping:
        inner = [
            (_identity(e.key, depth - 1), _identity(e.value, depth - 1), e.optional)
            for e in value.entries
        ]
        return (Mapping, value.span, bool(value.open), tuple(inner))
    if type(value) is Repeat:
        return (Repeat, value.span, _identity(value.body, depth - 1))
    if type(value) is Choice:
        inner = [_identity(a.value, depth - 1) for a in value.alternatives]
        return (Choice, value.span, tuple(inner))
    if type(value) is Sequence:
        inner = [_identity(item, depth - 1) for item in value.items]
        return (Sequence, value.span, bool(value.open), tuple(inner))
    return (Text, value.span, tuple(_identity(part, depth - 1) for part in value.parts))


def truth(value: Value) -> bool | None:
    """Whether the value is true in a condition, None when it can't be known."""
    if isinstance(value, Known):
        return bool(value.value)
    if isinstance(value, Text):
        if any(isinstance(p, Known) and p.value for p in value.parts):
            return True
        return None
    if isinstance(value, Sequence):
        if any(not isinstance(item, (Repeat, Choice)) for item in value.items):
            return True
        return None if value.items or value.open else False
    if isinstance(value, Mapping):
        if any(not entry.optional for entry in value.entries):
            return True
        return None if value.entries or value.open else False
    if isinstance(value, Choice):
        truths = {truth(a.value) for a in value.alternatives}
        return truths.pop() if len(truths) == 1 else None
    return None


def truth_keys(value: Value) -> tuple[Key, ...]:
    """What it depends on whether the value is true in a condition.

    A pair that may be missing is true where it is there, whatever changes inside.
    """
    if truth(value) is not None:
        return ()
    if isinstance(value, Choice):
        return merge_keys(value.keys, *(truth_keys(each.value) for each in value.alternatives))
    return keys_but_order(value)


def is_text(value: Value) -> bool:
    """Whether the value surely is a str."""
    if isinstance(value, Known):
        return isinstance(value.value, str)
    if isinstance(value, Unknown):
        return value.type == "str"
    if isinstance(value, Choice):
        return all(is_text(a.value) for a in value.alternatives)
    return isinstance(value, Text)


def as_text(value: Value, span: Span) -> Value:
    """``str(value)`` as a part of a text."""
    if isinstance(value, Known):
        return value if isinstance(value.value, str) else Known(str(value.value), value.span)
    if isinstance(value, (Text, Repeat)):
        return value
    if isinstance(value, Unknown):
        empty = value.may_be_empty and value.type in ("", "str")
        return replace(value, type="str", may_be_empty=empty)
    if isinstance(value, Choice):
        return replace(
            value,
            alternatives=tuple(
                Alternative(as_text(a.value, span), a.condition) for a in value.alternatives
            ),
        )
    if isinstance(value, Object):
        entry = "import" if value.type == "import" else ""
        keys = keys_of(value)
        reason = "text form of an object"
        return Unknown(reason, value.span, value.frame, keys, entry, type="str")
    keys = taken_at(keys_of(written_out(value)), span)
    reason = "text form of a container"
    entry, made_of = entry_of(value), objects_in(value)
    size = (0, _most_written(value))
    return Unknown(reason, value.span, (), keys, entry, "str", False, size, made_of)


def _most_written(value: Value) -> int | None:
    """The characters that a container of constants has at most when it is written out."""
    most = 0
    stack: list[Value] = [value]
    while stack:
        each = stack.pop()
        if isinstance(each, Known):
            most += len(repr(each.value))
        elif isinstance(each, Mapping) and not each.open:
            stack += [part for entry in each.entries for part in (entry.key, entry.value)]
        elif isinstance(each, Sequence) and not each.open:
            stack += each.items
        elif isinstance(each, Choice):
            stack += [a.value for a in each.alternatives]
        else:
            return None
        most += 4  # what stands around and between them
    return most


def written_out(value: Value) -> Value:
    """A container that becomes a text: of a list that grows, each addition shows in it."""
    if isinstance(value, Sequence) and isinstance(value.open, Grows):
        return with_keys(value, lambda keys: tuple(key._replace(whole=True) for key in keys))
    if isinstance(value, Sequence) and isinstance(value.open, Picked):
        return with_keys(value, perhaps_same)
    return value


def perhaps_same(keys: tuple[Key, ...]) -> tuple[Key, ...]:
    """The keys of some of what a list that grows holds: its head stays as it is."""
    return tuple(
        key._replace(source=Source.UNKNOWN) if key.source in _ADDED else key for key in keys
    )


def text(parts: list[Value], span: Span) -> Value:
    """The parts one behind the other; a Known str when all of them are."""
    flat: list[Value] = []
    for part in parts:
        if isinstance(part, Text):
            flat.extend(part.parts)
        elif isinstance(part, Known) and part.value == "":
            continue
        else:
            flat.append(part)
    if not flat:
        return Known("", span)
    if all(isinstance(part, Known) for part in flat):
        size = sum(len(str(p.value)) for p in flat if isinstance(p, Known))
        if size > MOST_TEXT:
            return long_text(size, span)
        return Known("".join(str(p.value) for p in flat if isinstance(p, Known)), span)
    return Text(tuple(flat), span)


def long_text(size: int, span: Span) -> Unknown:
    """A literal text that is too long to be kept."""
    reason = f"a text of more than {MOST_TEXT:,} characters"
    return Unknown(reason, span, type="str", may_be_empty=False, chars=(size, size))


def add(left: Value, right: Value, span: Span, frame: Frame) -> Value:
    """``left + right``."""
    if isinstance(left, Sequence) and isinstance(right, Sequence):
        return Sequence(
            left.items + right.items,
            span,
            opened(left.open, right.open),
            left.frame,
            merge_keys(left.order, right.order),
            left.type,
        )
    if isinstance(left, Known) and isinstance(right, Known):
        try:
            if isinstance(left.value, str) and isinstance(right.value, str):
                return text([left, right], span)
            if isinstance(left.value, (int, float)) and isinstance(right.value, (int, float)):
                total = left.value + right.value
                if not isinstance(total, int) or total.bit_length() <= MOST_BITS:
                    return Known(total, span)
        except (OverflowError, ValueError):
            pass
    if is_text(left) or is_text(right):
        return text([as_text(left, span), as_text(right, span)], span)
    for one, other in ((left, right), (right, left)):
        if isinstance(one, Sequence) and not isinstance(other, Known):
            items = tuple(v for v in alternatives(other) if isinstance(v, Sequence))
            if len(items) == 1 and isinstance(other, Choice):
                # A list plus a list that may be another: the items that may be there are optional.
                extra = tuple(optional(item, span) for item in items[0].items)
                unseen = [v for v in alternatives(other) if not isinstance(v, (Sequence, Known))]
                if unseen:
                    hidden = derived("items of the other operand", span, frame, *unseen)
                    extra = (Repeat(hidden, span, frame, keys_of(other)), *extra)
                joined = one.items + extra if one is left else extra + one.items
                return Sequence(
                    joined,
                    span,
                    opened(one.open, items[0].open, Uncounted("may hold other items")),
                    one.frame,
                )
            rest = Repeat(
                derived("items of the other operand", span, frame, other),
                span,
                frame,
                keys_of(other),
            )
            joined = (*one.items, rest) if one is left else (rest, *one.items)
            return Sequence(
                joined, span, Uncounted("added to a list that can't be seen"), one.frame
            )
    return derived("sum of unknown values", span, frame, left, right)


def extension(before: Value, after: Value, span: Span) -> Value | None:
    """What ``after`` has behind all of ``before``: a text or a Sequence; None if it is no longer.

    The text of ``before`` may have run together with what was added to it.
    """
    if isinstance(before, Sequence) and isinstance(after, Sequence):
        count = len(before.items)
        if after.items[:count] != before.items or before.type != after.type:
            return None
        if after.order != before.order or (after.open and not before.open):
            return None
        return replace(after, items=after.items[count:], open="", order=())
    if not is_text(before) or not isinstance(after, (Known, Text)) or not is_text(after):
        return None
    if isinstance(before, Known) and before.value == "":
        return after
    head = before.parts if isinstance(before, Text) else (before,)
    whole = after.parts if isinstance(after, Text) else (after,)
    if whole[: len(head)] == head:
        return text(list(whole[len(head) :]), span)
    first = whole[0]
    if isinstance(before, Known) and isinstance(first, Known):
        was, now = str(before.value), str(first.value)
        if now.startswith(was):
            return text([Known(now[len(was) :], first.span), *whole[1:]], span)
    return None


def branched(
    before: Value,
    options: list[tuple[Value, Span | None]],
    span: Span,
    frame: Frame,
    keys: tuple[Key, ...],
) -> Value | None:
    """The branches of a condition as ``before`` and what some of them add to it.

    So ``if``s one behind the other that each add a section stay as many optional sections instead
    of a choice among all combinations. None where a branch does something else.
    """
    extras = [extension(before, value, span) for value, _ in options]
    if len(extras) < 2 or any(extra is None for extra in extras):
        return None
    added = [extra for extra in extras if extra is not None]
    if isinstance(before, Sequence):
        filled = [e for e in added if isinstance(e, Sequence) and e.items]
        if len(filled) != 1:
            return None
        empty = Alternative(Sequence((), span))
        more = tuple(
            item
            if isinstance(item, Repeat)
            else Choice((Alternative(item, options[0][1]), empty), item.span, frame, keys)
            for item in filled[0].items
        )
        return replace(before, items=(*before.items, *more))
    tail = choice([(e, o[1]) for e, o in zip(added, options, strict=True)], span, frame, keys)
    return text([before, tail], span)


def optional(value: Value, span: Span) -> Value:
    """A value that may be absent: as an item of a Sequence, an empty alternative says so."""
    if isinstance(value, (Choice, Repeat)):
        return value
    return Choice((Alternative(value), Alternative(Sequence((), span))), span)


def spread(value: Value, span: Span, frame: Frame) -> tuple[tuple[Value, ...], str]:
    """The items that ``*value`` puts into a sequence, and why there may be others."""
    if isinstance(value, Sequence):
        return value.items, value.open
    if isinstance(value, Choice):
        if all(isinstance(a.value, Sequence) for a in value.alternatives):
            filled = [
                a.value
                for a in value.alternatives
                if isinstance(a.value, Sequence) and a.value.items
            ]
            if len(filled) == 1:
                empty = Alternative(Sequence((), span))
                return (
                    tuple(
                        item
                        if isinstance(item, Repeat)
                        else Choice((Alternative(item), empty), value.span, value.frame, value.keys)
                        for item in filled[0].items
                    ),
                    filled[0].open,
                )
        keys = keys_of(value)
        body = derived("one of several lists", span, frame, value)
        return (Repeat(body, span, frame, keys),), Uncounted("one of several lists")
    if isinstance(value, Mapping):
        return tuple(entry.key for entry in value.entries), value.open
    body = derived("an item of something that can't be seen", span, frame, value)
    keys = keys_of(value)
    reason = value.reason if isinstance(value, Unknown) else "items that can't be seen"
    return (Repeat(body, span, frame, keys),), Uncounted(reason)


def item_of(value: Value, span: Span, frame: Frame) -> Value:
    """What one turn of a loop over ``value`` gets."""
    if isinstance(value, Sequence) and value.items:
        bodies = [
            (item.body if isinstance(item, Repeat) else item, None)
            for item in value.items[: MOST_ALTERNATIVES + 1]
        ]
        picked = choice(bodies, span, frame)
        if value.order:
            return derived("an item in an unreliable order", span, frame, picked, value)
        return picked
    if isinstance(value, Mapping):
        return (
            choice([(entry.key, None) for entry in value.entries], span)
            if value.entries
            else (derived("a key of a mapping", span, frame, value))
        )
    return derived("an item of something that can't be seen", span, frame, value)


def first_of(value: Value, otherwise: list[Value], span: Span, frame: Frame) -> Value | None:
    """``next(item for item in LIST if ...)``: the first that is there; None if that can't be told.

    ``otherwise``: what is taken where there is none. An item that a condition may leave out is a
    choice between it and no item at all.
    """
    if not isinstance(value, Sequence) or value.open or value.order:
        return None
    options: list[tuple[Value, Span | None]] = []
    keys: tuple[Key, ...] = ()
    for item in value.items:
        if isinstance(item, Repeat):
            return None
        forms = item.alternatives if isinstance(item, Choice) else (Alternative(item),)
        there = [each for each in forms if not _is_nothing(each.value)]
        options += [(each.value, each.condition) for each in there]
        keys = merge_keys(keys, item.keys if isinstance(item, Choice) else ())
        if len(there) == len(forms):
            break
    else:
        options += [(each, None) for each in otherwise[:1]]
    return choice(options, span, frame, keys) if options else None


def _is_nothing(value: Value) -> bool:
    return isinstance(value, Sequence) and not value.items


def lacks(value: Value) -> str:
    """Why a container may hold what isn't seen, "" if all that may be in it is."""
    if not isinstance(value, (Sequence, Mapping)) or isinstance(value.open, Uncounted):
        return ""
    return value.open


def in_groups(value: Mapping, key: Value) -> bool:
    """Whether a dict holds what it does under keys that aren't known, and is asked for one."""
    if isinstance(key, Known) or not value.entries or lacks(value):
        return False
    return not any(isinstance(entry.key, Known) for entry in value.entries)


def set_entry(value: Mapping, entry: Entry) -> Mapping:
    """``value[key] = ...``: the entry replaces the one under the same key, in its place."""
    if isinstance(entry.key, Known):
        for index, old in enumerate(value.entries):
            if isinstance(old.key, Known) and old.key.value == entry.key.value:
                kept = entry
                if entry.optional:
                    both = choice([(old.value, None), (entry.value, None)], entry.span)
                    kept = replace(entry, value=both, optional=old.optional)
                return replace(
                    value,
                    entries=(*value.entries[:index], kept, *value.entries[index + 1 :]),
                )
    return replace(value, entries=(*value.entries, entry))


def with_entries(value: Mapping, entries: Iterable[Entry]) -> Mapping:
    """``value`` with several entries set, each under another key."""
    if value.entries:
        for entry in entries:
            value = set_entry(value, entry)
        return value
    return replace(value, entries=tuple(entries))


def update(left: Mapping, right: Value, span: Span, sure: bool = True) -> Mapping:
    """``{**left, **right}``."""
    if isinstance(right, Choice):
        merged = left
        for branch in right.alternatives:
            merged = update(merged, branch.value, span, sure=False)
        return merged
    if isinstance(right, Mapping):
        merged = left
        for entry in right.entries:
            merged = set_entry(merged, entry if sure else replace(entry, optional=True))
        return replace(
            merged,
            open=opened(merged.open, right.open),
            order=merge_keys(merged.order, right.order),
        )
    if isinstance(right, Known) and right.value is None:
        return left
    kind, reason = end_of(right)
    reason = reason or "spread of something that can't be seen"
    if kind in ENTRIES:
        reason = Entered(reason, kind)
    # Nothing is known of its entries but what they depend on, the order of its keys included.
    order = merge_keys(left.order, keys_of(right))
    return replace(left, open=opened(left.open, reason), order=order)


def surely_not_blank(value: Value) -> bool:
    """Whether the text has a character that is no white space, in every alternative."""
    if isinstance(value, Known):
        return bool(str(value.value).strip())
    if isinstance(value, Text):
        return any(surely_not_blank(part) for part in value.parts)
    if isinstance(value, Choice):
        return all(surely_not_blank(a.value) for a in value.alternatives)
    if isinstance(value, Unknown):
        return not value.may_be_empty
    return False
