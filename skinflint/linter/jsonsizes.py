"""How many lines JSON takes at most that is laid out, as far as the code says.

What may hold any number of records, or nothing is known of, has no bound. A field that is written
out takes one line unless its name or its type says that it may hold others; a list or a mapping of
words is laid out a word to the line, of which the layout is the smallest part.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Callable

from skinflint.catalog import jsons
from skinflint.linter.activation import InstanceHandle
from skinflint.linter.callers import Callers
from skinflint.linter.module import (
    COMPREHENSIONS,
    FUNCTIONS,
    FunctionNode,
    Module,
    last_name,
)
from skinflint.linter.parameters import annotation_names
from skinflint.linter.spans import Span
from skinflint.linter.values import (
    Choice,
    Entered,
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

#: Types of what is written in one line.
_WORDS = ("str", "int", "float", "bool", "None", "Decimal", "datetime", "date", "UUID")
_LISTS = ("list", "List", "Sequence", "Iterable", "tuple", "Tuple", "set", "Set", "frozenset")
_MAPS = ("dict", "Dict", "Mapping", "MutableMapping")
#: Calls that end in one word, by the name of what is called.
_MAKE_WORDS = frozenset(
    ("str", "int", "float", "bool", "len", "round", "abs", "sum", "min", "max", "join", "strip")
    + ("lower", "upper", "title", "capitalize", "format", "isoformat", "strftime", "hexdigest")
)
_ARITHMETIC = (ast.Sub, ast.Mult, ast.Div, ast.FloorDiv, ast.Mod, ast.Pow)
#: The lines of a list or a mapping of words whose number isn't known.
_OF_WORDS = 2


class Sizes:
    """Counts lines of layout for one evaluator."""

    def __init__(self, callers: Callers, facts: jsons.Jsons) -> None:
        """Read types, names and values as ``callers`` sees them."""
        self._callers, self._ev, self._facts = callers, callers.ev, facts
        self._fields: dict[str, list[ast.expr]] | None = None
        self._hints: dict[str, dict[Span, ast.expr]] = {}

    def of(self, what: ast.expr, module: Module) -> float:
        """The most lines that what an expression gives takes, by itself or whoever calls."""
        if is_flat(annotation(what, module)):
            return _OF_WORDS
        callers = self._callers.of(module)
        alone = self._lines(self._ev.evaluate(what, callers.plain(what)))
        if alone < math.inf:
            return alone
        values = [self._ev.evaluate(what, run) for run in callers.activations(what)]
        if not values or callers.is_cut(what):
            return math.inf
        if self.are_examples(what, module, values):
            return math.inf
        return max(map(self._lines, values))

    def are_examples(self, what: ast.expr, module: Module, values: list[Value]) -> bool:
        """Whether a trial run hands in constants: others hand in what they have."""
        return _is_parameter(what, module) and any(map(_is_example, values))

    def values(self, what: ast.expr, module: Module) -> list[Value]:
        """What an expression gives, by itself and for whoever calls."""
        callers = self._callers.of(module)
        runs = [callers.plain(what), *callers.activations(what)]
        return [self._ev.evaluate(what, run) for run in runs]

    def _lines(self, value: Value) -> float:
        if isinstance(value, (Known, Text)):
            return 1
        if isinstance(value, Unknown):
            return self._of_unknown(value)
        if isinstance(value, Choice):
            return max((self._lines(each.value) for each in value.alternatives), default=math.inf)
        if isinstance(value, Sequence):
            return self._of_list(value)
        if isinstance(value, Mapping):
            return self._of_mapping(value)
        if isinstance(value, Object):
            return self._of_object(value)
        return math.inf

    def _of_unknown(self, value: Unknown) -> float:
        if self.is_word(value):
            return 1
        node = self.node_at(value.span)
        if isinstance(node, ast.Attribute) and self._declared(node.attr, is_flat):
            return _OF_WORDS
        return math.inf

    def _of_list(self, value: Sequence) -> float:
        if value.open and not (value.items and _is_by_the_way(value.open)):
            return math.inf
        return 2 + sum(self._of_item(item) for item in value.items)

    def _of_item(self, item: Value) -> float:
        if not isinstance(item, Repeat):
            return self._lines(item)
        node = self.node_at(item.span)
        if self._are_words(item.body) or _gives_keys(node):
            return item.count or 0
        count = item.count
        if count is None:
            most = most_items(node, self.module_at(item.span))
            count = max(1, most // 2) if most else None  # it is the most: mostly there are fewer
        return math.inf if count is None else count * self._lines(item.body)

    def _of_mapping(self, value: Mapping) -> float:
        if value.open and not (value.entries and _is_by_the_way(value.open)):
            return math.inf
        lines: float = 2
        for entry in value.entries:
            name = entry.key.value if isinstance(entry.key, Known) else None
            if entry.per_item:
                return math.inf
            if isinstance(entry.value, Repeat) or name is None:
                body = entry.value.body if isinstance(entry.value, Repeat) else entry.value
                if not self._are_words(body):
                    return math.inf
                continue
            lines += self._of_field(str(name), entry.value)
        return lines

    def _of_field(self, name: str, value: Value) -> float:
        if isinstance(value, Choice):
            return max(
                (self._of_field(name, each.value) for each in value.alternatives),
                default=math.inf,
            )
        lines = self._lines(value)
        if lines < math.inf or not isinstance(value, Unknown) or _is_container(value.type):
            return lines
        node = self.node_at(value.span)
        if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Slice):
            return lines  # some of many
        return lines if self._facts.may_hold_more(name) else 1

    def _of_object(self, value: Object) -> float:
        """The lines of an instance of a class whose fields are all declared as words."""
        fields = self.fields_of(value)
        if not fields or not all(map(is_word_type, fields)):
            return math.inf
        return 2 + len(fields)

    def fields_of(self, value: Object) -> list[ast.expr] | None:
        """The types of the fields that the class of an instance declares, None if it has others."""
        if not isinstance(value.handle, InstanceHandle):
            return None
        cls = value.handle.cls
        if any(last_name(base) in cls.module.classes for base in cls.node.bases):
            return None  # it has the fields of another class as well
        return [stmt.annotation for stmt in cls.node.body if isinstance(stmt, ast.AnnAssign)]

    def declared(self, name: str, module: Module) -> list[tuple[ast.expr, Module]]:
        """The types of the fields that a class of the project declares, and where they stand."""
        return self._fields_in(name, module, ())

    def _fields_in(
        self, name: str, module: Module, below: tuple[str, ...]
    ) -> list[tuple[ast.expr, Module]]:
        homes = [each for each in (module, *self._callers.looked_into()) if name in each.classes]
        if not homes or name in below:
            return []
        cls = homes[0].classes[name]
        found = [
            each
            for base in cls.bases
            for each in self._fields_in(last_name(base), homes[0], (*below, name))
        ]
        found.extend((s.annotation, homes[0]) for s in cls.body if isinstance(s, ast.AnnAssign))
        return found

    def functions(self, name: str, module: Module) -> list[tuple[FunctionNode, Module]]:
        """The functions of the project that have a name, of what was looked into."""
        homes = dict.fromkeys((module, *self._callers.looked_into()))
        return [(each, home) for home in homes for each in home.functions if each.name == name]

    def hint_of(self, record: ast.expr, module: Module) -> ast.expr | None:
        """What an object is declared as: a parameter, or each of those that are gone through."""
        found = annotation(record, module)
        if found is not None or not isinstance(record, ast.Name):
            return found
        for parent in module.ancestors(record):
            if isinstance(parent, COMPREHENSIONS):
                for each in parent.generators:
                    if isinstance(each.target, ast.Name) and each.target.id == record.id:
                        return self._element(each.iter, module)
        return None

    def _element(self, listed: ast.expr, module: Module) -> ast.expr | None:
        hint = annotation(listed, module)
        if hint is None and isinstance(listed, ast.Attribute):
            hints = self._hints_of(listed.attr)
            hint = hints[0] if len(hints) == 1 else None
        hint = without_none(hint)
        return element_of(hint) if hint is not None else None

    def bases(self, name: str, module: Module) -> set[str] | None:
        """The names of the bases of a class of the project, None where it isn't here."""
        for home in (module, *self._callers.looked_into()):
            if name in home.classes:
                return {last_name(base) for base in home.classes[name].bases}
        return None

    def _are_words(self, value: Value) -> bool:
        if isinstance(value, Choice):
            return all(self._are_words(each.value) for each in value.alternatives)
        return isinstance(value, (Known, Text)) or (
            isinstance(value, Unknown) and self.is_word(value)
        )

    def is_word(self, value: Unknown) -> bool:
        """Whether what is unknown is surely one word, number or text."""
        kind = value.type.rpartition(".")[2]
        if kind in _WORDS:
            return True
        if _is_container(value.type):
            return False
        node = self.node_at(value.span)
        if isinstance(node, ast.Call):
            name = last_name(node.func)
            if name in ("get", "pop", "getattr") and len(node.args) > 1:
                default = node.args[-1]
                return isinstance(default, ast.Constant) and default.value is not None
            return name in _MAKE_WORDS
        if isinstance(node, ast.BinOp):
            return isinstance(node.op, _ARITHMETIC) or any(
                isinstance(side, ast.Constant) and isinstance(side.value, (int, float, str))
                for side in (node.left, node.right)
            )
        if isinstance(node, ast.Attribute):
            return node.attr == "text" or self._declared(node.attr, is_word_type)
        return isinstance(node, (ast.Compare, ast.JoinedStr))

    def node_at(self, span: Span) -> ast.expr | None:
        """The expression that stands at ``span``."""
        return self.module_at(span).node_at(span)

    def hint_at(self, span: Span) -> ast.expr | None:
        """What the field or parameter that stands at ``span`` is declared as."""
        found = self._hints.get(span.path)
        if found is None:
            module = self.module_at(span)
            found = self._hints[span.path] = {
                module.span(node): node.annotation
                for node in ast.walk(module.tree)
                if isinstance(node, (ast.AnnAssign, ast.arg)) and node.annotation is not None
            }
        return found.get(span)

    def module_at(self, span: Span) -> Module:
        """The module that ``span`` is in."""
        return self._ev.module_at(span.path)

    def _declared(self, name: str, test: Callable[[ast.expr], bool]) -> bool:
        """Whether each class that declares a field of this name says the same of it."""
        hints = self._hints_of(name)
        return bool(hints) and all(map(test, hints))

    def _hints_of(self, name: str) -> list[ast.expr]:
        """What the classes that were looked into declare a field of this name as."""
        if self._fields is None:
            self._fields = {}
            for module in self._callers.looked_into():
                for cls in module.classes.values():
                    for stmt in cls.body:
                        if isinstance(stmt, ast.AnnAssign) and isinstance(stmt.target, ast.Name):
                            self._fields.setdefault(stmt.target.id, []).append(stmt.annotation)
                        elif isinstance(stmt, ast.Assign):  # a column: nothing is declared
                            for target in stmt.targets:
                                if isinstance(target, ast.Name):
                                    self._fields.setdefault(target.id, []).append(stmt.value)
        return self._fields.get(name, [])


def _is_by_the_way(open: str) -> bool:
    """Whether a list or mapping is open only because nobody knows how often its items come."""
    return isinstance(open, Uncounted) and not isinstance(open, Entered)


def _is_container(kind: str) -> bool:
    return kind.rpartition(".")[2] in (*_LISTS, *_MAPS)


def is_word_type(hint: ast.expr) -> bool:
    """Whether an annotation is of what is written in one line."""
    if isinstance(hint, ast.Subscript) and last_name(hint.value) == "Literal":
        return True
    names = annotation_names(hint)
    return bool(names) and all(name.rpartition(".")[2] in _WORDS for name in names)


def is_flat(hint: ast.expr | None) -> bool:
    """Whether an annotation is a list or a mapping of words or numbers."""
    if isinstance(hint, ast.BinOp) and isinstance(hint.right, ast.Constant):
        hint = hint.left  # ``| None``
    if not isinstance(hint, ast.Subscript):
        return False
    kind = last_name(hint.value)
    inner = hint.slice.elts if isinstance(hint.slice, ast.Tuple) else [hint.slice]
    if kind == "Optional":
        return is_flat(hint.slice)
    return kind in (*_LISTS, *_MAPS) and all(map(is_word_type, inner))


def without_none(hint: ast.expr | None) -> ast.expr | None:
    """An annotation without the None that it may be as well."""
    if isinstance(hint, ast.Constant) and isinstance(hint.value, str):
        try:
            hint = ast.parse(hint.value, mode="eval").body
        except SyntaxError:
            return None
    if isinstance(hint, ast.BinOp) and isinstance(hint.right, ast.Constant):
        return hint.left  # ``| None``
    if isinstance(hint, ast.Subscript) and last_name(hint.value) in ("Optional", "Annotated"):
        inner = hint.slice
        return inner.elts[0] if isinstance(inner, ast.Tuple) else inner
    return hint


def element_of(hint: ast.expr) -> ast.expr | None:
    """What a list is declared of, or the values of a mapping; None of anything else."""
    if not isinstance(hint, ast.Subscript):
        return None
    kind, inner = last_name(hint.value), hint.slice
    if kind in _LISTS:
        return inner.elts[0] if isinstance(inner, ast.Tuple) else inner
    if kind in _MAPS and isinstance(inner, ast.Tuple) and len(inner.elts) == 2:
        return inner.elts[1]
    return None


def _is_example(value: Value) -> bool:
    """Whether something is in a list or a mapping, and all of it is constant."""
    return isinstance(value, (Sequence, Mapping)) and _is_constant(value)


def _is_constant(value: Value) -> bool:
    if isinstance(value, Sequence):
        return bool(value.items) and not value.open and all(map(_is_constant, value.items))
    if isinstance(value, Mapping):
        inner = [entry.value for entry in value.entries]
        return bool(inner) and not value.open and all(map(_is_constant, inner))
    return isinstance(value, Known)


def _is_parameter(what: ast.expr, module: Module) -> bool:
    scope = module.scope(what)
    if not isinstance(what, ast.Name) or not isinstance(scope, FUNCTIONS):
        return False
    args = (*scope.args.posonlyargs, *scope.args.args, *scope.args.kwonlyargs)
    return any(arg.arg == what.id for arg in args)


def annotation(what: ast.expr, module: Module) -> ast.expr | None:
    """What a parameter is annotated as; None of anything else."""
    scope = module.scope(what)
    if not isinstance(what, ast.Name) or not isinstance(scope, FUNCTIONS):
        return None
    args = (*scope.args.posonlyargs, *scope.args.args, *scope.args.kwonlyargs)
    return next((arg.annotation for arg in args if arg.arg == what.id), None)


def _gives_keys(node: ast.expr | None) -> bool:
    """Whether a comprehension gives the keys of a mapping."""
    if not isinstance(node, (ast.ListComp, ast.SetComp, ast.GeneratorExp)):
        return False
    target, source = node.generators[-1].target, node.generators[-1].iter
    if not isinstance(source, ast.Call) or not isinstance(node.elt, ast.Name):
        return False
    if isinstance(target, ast.Tuple) and last_name(source.func) == "items":
        target = target.elts[0]
    elif last_name(source.func) != "keys":
        return False
    return isinstance(target, ast.Name) and target.id == node.elt.id


def most_items(node: ast.expr | None, module: Module) -> int | None:
    """The most items that a comprehension over a slice gives."""
    if not isinstance(node, (ast.ListComp, ast.GeneratorExp)) or len(node.generators) > 1:
        return None
    source = node.generators[0].iter
    if isinstance(source, ast.Name):
        scope = module.scope(source)
        while not isinstance(scope, (*FUNCTIONS, ast.Module)):
            scope = module.scope(scope)
        made = [
            stmt.value
            for stmt in ast.walk(scope)
            if isinstance(stmt, ast.Assign)
            for target in stmt.targets
            if isinstance(target, ast.Name) and target.id == source.id
        ]
        if len(made) != 1:
            return None
        source = made[0]
    if not isinstance(source, ast.Subscript) or not isinstance(source.slice, ast.Slice):
        return None
    lower, upper = source.slice.lower, source.slice.upper
    if lower is None and isinstance(upper, ast.Constant) and isinstance(upper.value, int):
        return upper.value
    if (
        upper is None
        and isinstance(lower, ast.UnaryOp)
        and isinstance(lower.operand, ast.Constant)
        and isinstance(lower.operand.value, int)
    ):
        return lower.operand.value
    return None
