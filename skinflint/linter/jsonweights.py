"""How many lines JSON likely takes that is laid out: by what the code shows, not the most.

``jsonsizes.py`` says what the layout can't exceed. Here is counted what speaks for a long one:
records in a list, fields that hold others, a name that says so, JSON that was parsed. An object
of which nothing says that it is large counts as a few fields.
"""

from __future__ import annotations

import ast
import math

from skinflint.catalog import jsons
from skinflint.linter.jsonsizes import Sizes, annotation, is_flat, is_word_type, most_items
from skinflint.linter.module import Module, last_name
from skinflint.linter.parameters import annotation_names
from skinflint.linter.values import (
    Choice,
    Known,
    Mapping,
    Object,
    Repeat,
    Sequence,
    Source,
    Text,
    Uncounted,
    Unknown,
    Value,
)

_LISTS = ("list", "List", "Sequence", "Iterable", "tuple", "Tuple", "set", "Set")
_NOTHING = ("None", "Optional", "Any", "object")
#: Deeper than this nothing is looked at: what is there is one more record.
_DEEPEST = 6


class Weights:
    """Judges what is written by what ``sizes`` sees of it."""

    def __init__(self, sizes: Sizes, facts: jsons.Jsons) -> None:
        """Count with the figures of ``facts``."""
        self._sizes, self._facts = sizes, facts

    def most(self, what: ast.expr, module: Module) -> float:
        """The lines that it can't exceed."""
        return self._sizes.of(what, module)

    def worth(self, what: ast.expr, module: Module, most: float) -> bool:
        """Whether the layout of what an expression gives is likely long enough to matter."""
        if most < math.inf:
            return most >= self._facts.least
        name = _name(what)
        plain, *handed = self._sizes.values(what, module)
        lines = sorted(self._lines(value, name, 0) for value in handed or [plain])
        # of many callers the one in the middle: what most of them hand in counts
        likely = max(lines[len(lines) // 2], self._by_hint(annotation(what, module), name))
        if self._sizes.are_examples(what, module, handed):
            likely = max(likely, self._named(name, 0))
        return likely >= self._facts.likely

    def _by_hint(self, hint: ast.expr | None, name: str) -> int:
        """What the annotation of a parameter says: a list of records, if it says a list at all."""
        if isinstance(hint, ast.BinOp) and isinstance(hint.right, ast.Constant):
            hint = hint.left  # ``| None``
        if isinstance(hint, ast.Subscript) and last_name(hint.value) == "Optional":
            hint = hint.slice
        if isinstance(hint, ast.Subscript) and last_name(hint.value) in _LISTS:
            inner = hint.slice.elts[0] if isinstance(hint.slice, ast.Tuple) else hint.slice
            if is_flat(hint) or is_word_type(inner):
                return 0
            if all(kind.rpartition(".")[2] in _NOTHING for kind in annotation_names(inner)):
                return self._named(name, 0)
            return self._facts.many * self._facts.record
        return 0

    def _lines(self, value: Value, name: str, depth: int) -> int:
        """The lines of one value under a name."""
        if isinstance(value, (Known, Text)):
            return 1
        if depth > _DEEPEST:
            return self._facts.record
        if isinstance(value, Choice):
            each = [one.value for one in value.alternatives]
            if _stands_for_words(each):
                return 1
            return max(self._lines(one, name, depth) for one in each) if each else 1
        if isinstance(value, Sequence):
            return 2 + sum(self._item(item, name, depth) for item in value.items)
        if isinstance(value, Mapping):
            many = isinstance(value.open, Uncounted)
            return 2 + sum(
                self._entry(entry.key, entry.value, entry.per_item or many, name, depth)
                for entry in value.entries
            )
        if isinstance(value, Repeat):
            return self._item(value, name, depth)
        if isinstance(value, Object):
            return self._object(value)
        return self._unknown(value, name, depth) if isinstance(value, Unknown) else 1

    def _entry(self, key: Value | None, value: Value, many: bool, name: str, depth: int) -> int:
        """The lines of one entry, or of the many that one entry of the code makes."""
        if isinstance(key, Known):
            return self._lines(value, str(key.value), depth + 1)
        if isinstance(value, Repeat):
            return self._item(value, name, depth)
        return self._many(value, name, depth) if many else self._lines(value, "", depth + 1)

    def _item(self, item: Value, name: str, depth: int) -> int:
        """The lines of an item of a list, or of the many that a loop makes."""
        if not isinstance(item, Repeat):
            return self._lines(item, "", depth + 1)
        if item.count is not None:
            return item.count * self._lines(item.body, "", depth + 1)
        most = most_items(self._sizes.node_at(item.span), self._sizes.module_at(item.span))
        return self._many(item.body, name, depth, most)

    def _many(self, body: Value, name: str, depth: int, most: int | None = None) -> int:
        """What comes any number of times: records count, words are laid out a word to the line."""
        count = min(self._facts.many, most) if most else self._facts.many
        if isinstance(body, (Mapping, Sequence, Object, Repeat)):
            return count * self._lines(body, "", depth + 1)
        if isinstance(body, Choice):
            each = [one.value for one in body.alternatives]
            if _stands_for_words(each):
                return 0
            return max((self._many(one, name, depth, most) for one in each), default=0)
        if not isinstance(body, Unknown) or self._sizes.is_word(body):
            return 0
        if self._converted(body):
            return count * self._facts.record
        return self._named(name, depth)

    def _unknown(self, value: Unknown, name: str, depth: int) -> int:
        if self._sizes.is_word(value):
            return 1
        if value.reason == "parsed JSON" and any(
            key.source is Source.JSON_ORDER for key in value.keys
        ):
            return self._facts.least  # whoever wrote it decides what is in it
        node = self._sizes.node_at(value.span)
        return max(
            self._facts.record if self._converted(value) else 1,
            self._named(name, depth),
            self._named(_name(node), depth),
        )

    def _object(self, value: Object) -> int:
        fields = self._sizes.fields_of(value)
        if fields is None:
            return self._facts.least  # its class holds objects of other classes
        return 2 + sum(
            1
            if is_word_type(each) or is_flat(each)
            else max(self._facts.record, self._by_hint(each, ""))
            for each in fields
        )

    def _converted(self, value: Unknown) -> bool:
        """Whether a record was made a mapping of its fields."""
        node = self._sizes.node_at(value.span)
        return isinstance(node, ast.Call) and last_name(node.func) in self._facts.records

    def _named(self, name: str, depth: int) -> int:
        """What the name of something says whose content can't be seen; of a field it says less."""
        if not name or self._facts.names_words(name) or not self._facts.may_hold_more(name):
            return 0
        return self._facts.many if depth or self._facts.says_little(name) else self._facts.least


def _stands_for_words(each: list[Value]) -> bool:
    """Whether a word takes the place of what can't be seen, where that is missing."""
    return any(isinstance(one, Known) and isinstance(one.value, (str, int, float)) for one in each)


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
