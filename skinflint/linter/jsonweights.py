"""How many lines JSON surely takes that is laid out: by what the code shows, not the most.

``jsonsizes.py`` says what the layout can't exceed. Here only what is seen counts: fields that are
written out, records that a loop or a comprehension makes of rows whose number nothing limits, what
an annotation says, the fields of a class. What nothing is seen of is one line, whatever its name.
"""

from __future__ import annotations

import ast
import math

from skinflint.catalog import jsons
from skinflint.linter.jsonlimits import (
    asked_of,
    call_behind,
    least_of,
    most_of,
    most_rounds,
    reply_cap,
)
from skinflint.linter.jsonsizes import (
    Sizes,
    annotation,
    element_of,
    is_flat,
    is_word_type,
    without_none,
)
from skinflint.linter.module import Module, last_name
from skinflint.linter.parameters import annotation_names
from skinflint.linter.values import (
    Choice,
    Known,
    Mapping,
    Object,
    Repeat,
    Sequence,
    Text,
    Uncounted,
    Unknown,
    Value,
)

#: Types of fields that json refuses to write, and that a mapping of the fields keeps.
_DATES = frozenset(("date", "datetime", "time", "timedelta", "UUID", "Decimal"))
#: Deeper than this nothing is looked at: what is there is one more line.
_DEEPEST = 6
#: Classes whose instances json writes without help.
_WRITABLE = frozenset(
    ("dict", "list", "tuple", "str", "int", "float", "NamedTuple", "TypedDict", "OrderedDict")
    + ("defaultdict", "Counter", "StrEnum", "IntEnum")
)


class Weights:
    """Judges what is written by what ``sizes`` sees of it."""

    def __init__(self, sizes: Sizes, facts: jsons.Jsons) -> None:
        """Count with the figures of ``facts``."""
        self._sizes, self._facts = sizes, facts

    def most(self, what: ast.expr, module: Module) -> float:
        """The lines that it can't exceed."""
        return self._sizes.of(what, module)

    def seen(self, what: ast.expr, module: Module, most: float, helped: bool) -> int:
        """The lines that what an expression gives surely takes.

        ``helped``: what writes it is told what to do with objects, and doesn't raise.
        """
        if most < math.inf:
            return int(most)
        name = _name(what)
        plain, *handed = self._sizes.values(what, module)
        hint = annotation(what, module)
        refused = hint is not None and not self._is_writable(hint, module)
        values = [
            each
            for each in handed or [plain]
            if helped or not (self._raises(each) or (refused and self._is_unseen(each)))
        ]
        declared = self._by_hint(hint, module, 0)
        asked = self._asked(what, module)
        # of many callers the one in the middle: what most of them hand in counts
        lines = sorted(
            max(self._lines(each, name, 0, asked), declared * self._is_unseen(each))
            for each in values
        )
        seen = lines[len(lines) // 2] if lines else 0
        cap = reply_cap(what, module)
        return seen if cap is None else min(seen, cap // self._facts.tokens)

    def _asked(self, what: ast.expr, module: Module) -> int | None:
        """How many items are asked for where an expression gets them: ``recent(limit=5)``."""
        call = call_behind(what, module)
        if call is None:
            return None
        most, found = most_of(call, module), self._sizes.functions(last_name(call.func), module)
        if len(found) != 1:
            return most
        return least_of(most, asked_of(call, *found[0]))

    # -- what is declared --------------------------------------------------------------------------

    def _by_hint(self, hint: ast.expr | None, module: Module, depth: int) -> int:
        """The lines of what is declared as a type: records in a list, and of a class its fields."""
        hint = without_none(hint)
        if hint is None or is_word_type(hint) or depth > _DEEPEST:
            return 1
        if is_flat(hint):
            return self._facts.words
        item = element_of(hint)
        if item is not None:
            return self._many(self._record(item, module, depth), None)
        return self._fields(hint, module, depth) or 1

    def _record(self, hint: ast.expr, module: Module, depth: int) -> int:
        """The lines of one of many that are declared as a type, 0 where it is no record."""
        names = [name.rpartition(".")[2] for name in annotation_names(hint)]
        if any(name in ("dict", "Dict", "Mapping") for name in names):
            return self._facts.record
        return self._fields(hint, module, depth)

    def _fields(self, hint: ast.expr, module: Module, depth: int) -> int:
        """The lines of an instance of the class that a type names, 0 where none is found."""
        for name in annotation_names(hint):
            fields = self._sizes.declared(name.rpartition(".")[2], module)
            if fields:
                return 2 + sum(self._by_hint(each, home, depth + 1) for each, home in fields)
        return 0

    # -- what is seen ------------------------------------------------------------------------------

    def _lines(self, value: Value, name: str, depth: int, asked: int | None = None) -> int:
        """The lines of one value under a name; ``asked``: for so many items at most."""
        if isinstance(value, (Known, Text)) or depth > _DEEPEST:
            return 1
        if isinstance(value, Choice):
            each = [one.value for one in value.alternatives]
            if not each or _stands_for_words(each):
                return 1
            listed = any(isinstance(one, Sequence) for one in each)
            return max(
                self._unknown(one, name, listed)
                if isinstance(one, Unknown)
                else self._lines(one, name, depth, asked)
                for one in each
            )
        if isinstance(value, Sequence):
            return 2 + sum(self._item(item, value, depth, asked) for item in value.items)
        if isinstance(value, Mapping):
            many = isinstance(value.open, Uncounted)
            return 2 + sum(
                self._entry(entry.key, entry.value, entry.per_item or many, depth)
                for entry in value.entries
            )
        if isinstance(value, Repeat):
            return self._item(value, value, depth)
        if isinstance(value, Object):
            return self._object(value, depth)
        return self._unknown(value, name, False)

    def _entry(self, key: Value | None, value: Value, many: bool, depth: int) -> int:
        """The lines of one entry, or of the many that one entry of the code makes."""
        if isinstance(key, Known):
            return self._lines(value, str(key.value), depth + 1)
        if isinstance(value, Repeat):
            return self._item(value, value, depth)
        lines = self._lines(value, "", depth + 1)
        return self._many(lines if self._is_record(value) else 0, None) if many else lines

    def _item(self, item: Value, within: Value, depth: int, asked: int | None = None) -> int:
        """The lines of an item of a list, or of the many that a loop makes."""
        if not isinstance(item, Repeat):
            return self._lines(item, "", depth + 1)
        lines = self._lines(item.body, "", depth + 1)
        if item.count is not None:
            return item.count * lines
        if not self._is_record(item.body):
            return 1
        if isinstance(item.body, Unknown) or _is_open(item.body):
            lines = max(lines, self._facts.record)
        return self._many(lines, least_of(self._most(item, within), asked))

    def _many(self, lines: int, most: int | None) -> int:
        """What comes any number of times: records of several fields count, words don't."""
        if lines < self._facts.several + 2:
            return 1
        return min(self._facts.many, self._facts.many if most is None else most) * lines

    def _is_record(self, value: Value) -> bool:
        if isinstance(value, Choice):
            each = [one.value for one in value.alternatives]
            return not _stands_for_words(each) and any(map(self._is_record, each))
        if isinstance(value, Unknown):
            return self._converted(value)
        return isinstance(value, (Mapping, Object, Sequence))

    def _unknown(self, value: Unknown, name: str, listed: bool) -> int:
        """The lines of what can't be seen; ``listed``: where it is missing there is a list."""
        if self._sizes.is_word(value):
            return 1
        if value.entry == "model reply" and value.reason == "parsed JSON":
            return self._facts.least if self._names_more(name) else 1
        node = self._sizes.node_at(value.span)
        module = self._sizes.module_at(value.span)
        hint = self._sizes.hint_at(value.span) if node is None else None
        if hint is not None:
            return self._by_hint(hint, module, 1)
        name = name or _name(node)
        if node is not None and self._converted(value) and not _is_listed(node):
            return self._of_converted(node, module)
        if self._facts.is_table(name) or (
            (listed or _is_listed(node)) and self._names_records(name)
        ):
            return self._many(self._facts.record, most_of(node, module))
        return 1

    def _of_converted(self, node: ast.expr, module: Module) -> int:
        """The lines of a record that was made a mapping: by its class where that is declared."""
        record: ast.expr | None = None
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            record = node.func.value
        elif isinstance(node, ast.Call) and node.args:
            record = node.args[0]
        hint = annotation(record, module) if record is not None else None
        return max(self._facts.record, self._by_hint(hint, module, 1))

    def _object(self, value: Object, depth: int) -> int:
        fields = self._sizes.fields_of(value)
        home = self._sizes.module_at(value.span)
        if fields is None:
            return 1
        return 2 + sum(self._by_hint(each, home, depth + 1) for each in fields)

    def _converted(self, value: Unknown) -> bool:
        """Whether a record was made a mapping of its fields."""
        node = self._sizes.node_at(value.span)
        return isinstance(node, ast.Call) and last_name(node.func) in self._facts.records

    def _is_unseen(self, value: Value) -> bool:
        """Whether what a value is can't be seen, but that nothing may take its place."""
        if isinstance(value, Choice):
            each = [one.value for one in value.alternatives if not _is_nothing(one.value)]
            return bool(each) and all(map(self._is_unseen, each))
        if isinstance(value, Sequence):
            return bool(value.items) and all(
                isinstance(item, Repeat)
                and self._is_unseen(item.body)
                and self._most(item, value) is None
                for item in value.items
            )
        return isinstance(value, Unknown) and not self._sizes.is_word(value)

    def _most(self, item: Repeat, within: Value) -> int | None:
        """How many items one place that makes them gives at most."""
        node = self._sizes.node_at(item.span)
        module = self._sizes.module_at(item.span)
        return most_rounds(node, module, within.span) if node is not None else None

    def _names_records(self, name: str) -> bool:
        return self._facts.is_plural(name) and not self._facts.names_words(name)

    def _names_more(self, name: str) -> bool:
        return self._facts.may_hold_more(name) and not self._facts.says_little(name)

    # -- what can't be written ---------------------------------------------------------------------

    def _raises(self, value: Value) -> bool:
        """Whether writing it raises: an instance of a class is in it, on each path."""
        if isinstance(value, Choice):
            each = [one.value for one in value.alternatives]
            return bool(each) and all(self._raises(one) or _is_nothing(one) for one in each)
        if isinstance(value, Sequence):
            return any(map(self._raises, value.items))
        if isinstance(value, Mapping):
            return any(self._raises(entry.value) for entry in value.entries if not entry.optional)
        if isinstance(value, Repeat):
            return self._raises(value.body)
        if isinstance(value, Unknown):
            return self._keeps_dates(value)
        if not isinstance(value, Object):
            return False
        bases = self._sizes.bases(value.type.rpartition(".")[2], self._sizes.module_at(value.span))
        return bases is not None and _WRITABLE.isdisjoint(bases)

    def _keeps_dates(self, value: Unknown) -> bool:
        """Whether a record was made a mapping that keeps a date as it is, by what is declared."""
        node = self._sizes.node_at(value.span)
        if not isinstance(node, ast.Call) or node.keywords:
            return False
        module, name = self._sizes.module_at(value.span), last_name(node.func)
        record: ast.expr | None = None
        if name in ("dict", "model_dump") and isinstance(node.func, ast.Attribute):
            record = node.func.value
        elif name == "asdict" and node.args:
            record = node.args[0]
        hint = without_none(self._sizes.hint_of(record, module)) if record is not None else None
        fields = [] if hint is None else self._sizes.declared(last_name(hint), module)
        return any(
            isinstance(each, (ast.Name, ast.Attribute)) and last_name(each) in _DATES
            for each, _ in fields
        )

    def _is_writable(self, hint: ast.expr, module: Module) -> bool:
        """Whether nothing that an annotation names is a class whose instances json refuses."""
        for node in ast.walk(hint):
            name = last_name(node) if isinstance(node, (ast.Name, ast.Attribute)) else ""
            bases = self._sizes.bases(name, module)
            if bases is not None and _WRITABLE.isdisjoint(bases):
                return False
        return True


def _is_open(value: Value) -> bool:
    """Whether the fields of another object are in a mapping as well."""
    return isinstance(value, Mapping) and bool(value.open)


def _is_nothing(value: Value) -> bool:
    if isinstance(value, (Sequence, Mapping)):
        return not value.open and not (
            value.items if isinstance(value, Sequence) else value.entries
        )
    return isinstance(value, Known) and not value.value


def _stands_for_words(each: list[Value]) -> bool:
    """Whether a word takes the place of what can't be seen, where that is missing."""
    return any(isinstance(one, Known) and isinstance(one.value, (str, int, float)) for one in each)


def _is_listed(node: ast.expr | None) -> bool:
    """Whether an expression gives a list: a part of one, the rows of a query, [] if none."""
    if isinstance(node, ast.Subscript):
        return isinstance(node.slice, ast.Slice)
    if not isinstance(node, ast.Call):
        return False
    name = last_name(node.func)
    if name in ("fetchall", "all", "to_dict", "to_list", "tolist", "list", "sorted"):
        return name != "to_dict" or any(
            isinstance(each, ast.Constant) and each.value == "records"
            for each in (*node.args, *(keyword.value for keyword in node.keywords))
        )
    if name in ("get", "pop", "getattr") and len(node.args) > 1:
        return isinstance(node.args[-1], ast.List)
    return False


def _name(what: ast.expr | None) -> str:
    """The name by which an expression takes what it gives, "" where there is none."""
    if isinstance(what, ast.Name):
        return what.id
    if isinstance(what, ast.Attribute):
        return what.attr
    if isinstance(what, ast.BoolOp):
        return _name(what.values[0])
    if isinstance(what, ast.IfExp):
        return _name(what.body)
    if isinstance(what, (ast.Await, ast.Starred)):
        return _name(what.value)
    if isinstance(what, ast.Subscript):
        key = what.slice
        if isinstance(key, ast.Constant) and isinstance(key.value, str):
            return key.value
        return _name(what.value) if isinstance(key, ast.Slice) else ""
    if isinstance(what, ast.Call):
        first = what.args[0] if what.args else None
        if last_name(what.func) in ("get", "pop", "getattr"):
            words = [a.value for a in what.args if isinstance(a, ast.Constant)]
            return next((word for word in words if isinstance(word, str)), "")
        if last_name(what.func) in ("list", "dict", "sorted", "copy", "deepcopy"):
            return _name(first) if first is not None else ""
    return ""
