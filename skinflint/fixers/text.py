"""A text expression as the pieces it is written in, and any choice of them as an expression again.

``SYSTEM + f"Hello {name}" + "\\n".join([A, B])`` is a tree of concatenations, string tokens, joins
and templates; its leaves, in order of writing, are literal runs, fields and whole expressions. A
choice of leaves is written out again with the quotes, prefixes, escapes and format specs it had.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import TypeAlias

import libcst as cst

from skinflint.fixers import syntax
from skinflint.fixers.declined import Declined
from skinflint.fixers.scope import pure
from skinflint.records import dataclass, field

_ESCAPE = re.compile(
    r"\\(?:\n|N\{[^}]*\}|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[0-7]{1,3}|[^\n])",
    re.DOTALL,
)
_PARTS = re.compile(r"([a-zA-Z]*)('''|\"\"\"|'|\")(.*)\2", re.DOTALL)
_SLOT = re.compile(r"\{([^{}!:.\[]*)([^{}]*)\}")


@dataclass(eq=False)
class Run:
    """A literal run of a string token. ``units`` are its characters: (as written, value)."""

    start: int
    end: int
    units: tuple[tuple[str, str], ...]

    @property
    def value(self) -> str:
        """What the run stands for."""
        return "".join(value for _, value in self.units)


@dataclass(eq=False)
class Field:
    """A ``{field}`` of an f-string, or a slot of a template; ``name`` is that of the slot."""

    start: int
    end: int
    code: str
    name: str = ""


@dataclass(eq=False)
class Whole:
    """An expression that can't be looked into. ``loose``: it needs parentheses as an operand."""

    start: int
    end: int
    code: str
    loose: bool


Leaf: TypeAlias = Run | Field | Whole


@dataclass(eq=False)
class Token:
    """One string literal. ``braces``: ``{{`` stands for ``{`` in it."""

    start: int
    end: int
    code: str
    prefix: str
    quote: str
    parts: list[Run | Field]
    braces: bool


@dataclass(eq=False)
class Chain:
    """Texts joined by ``+`` (or, ``implicit``, by standing side by side)."""

    start: int
    end: int
    code: str
    children: list[Node]
    implicit: bool


@dataclass(eq=False)
class Join:
    """``separator.join([...])``; ``opening`` and ``closing`` stand inside the brackets' ends."""

    start: int
    end: int
    code: str
    separator: str
    separator_value: str
    elements: list[Node]
    starred: list[bool]
    brackets: tuple[str, str]
    opening: str
    closing: str


@dataclass
class Argument:
    """An argument of ``.format``: ``key`` is its keyword or its position."""

    key: str
    code: str
    start: int
    end: int
    pure: bool
    keyword: bool


@dataclass(eq=False)
class Template:
    """``"...".format(...)``. ``tokens`` are the literals of the template."""

    start: int
    end: int
    code: str
    tokens: list[Token]
    between: list[str]
    arguments: list[Argument]


Node: TypeAlias = Whole | Token | Chain | Join | Template


@dataclass
class Choice:
    """Which leaves to write out; ``cuts`` keeps only characters ``(from, to)`` of a run's value."""

    leaves: set[int]  # ids of leaves
    cuts: dict[int, tuple[int, int]] = field(default_factory=dict)

    def bounds(self, run: Run) -> tuple[int, int] | None:
        """The part of ``run`` that is chosen, None when nothing of it is."""
        if id(run) not in self.leaves:
            return None
        low, high = self.cuts.get(id(run), (0, len(run.units)))
        return (low, high) if low < high else None

    def whole(self, leaf: Leaf) -> bool:
        """Whether all of ``leaf`` is chosen."""
        if id(leaf) not in self.leaves:
            return False
        return not isinstance(leaf, Run) or self.cuts.get(id(leaf), (0, len(leaf.units))) == (
            0,
            len(leaf.units),
        )


@dataclass(frozen=True)
class Written:
    """An expression as code. ``loose``: it needs parentheses as an operand of ``+``.

    ``tokens`` is the number of string literals that stand side by side in it.
    """

    code: str
    loose: bool = False
    tokens: int = 1


class TextExpression:
    """The text expression that starts at offset ``start`` of a file and is written ``code``."""

    def __init__(self, code: str, start: int, lines: Callable[[int], int]) -> None:
        self.code = code
        self.start = start
        self._line_of = lines
        wrapped = f"({code})"
        module = cst.Module([])
        self._module = module
        try:
            parsed = cst.parse_expression(wrapped)
        except Exception:  # whatever libcst can't read is declined
            raise Declined("libcst can't read the text's expression") from None
        if module.code_for_node(parsed) != wrapped:
            raise Declined("the text's expression does not survive being read and written")
        self._source = wrapped
        self._shift = start - 1
        self.root = self._node(parsed, 0)
        self.leaves: list[Leaf] = list(_leaves(self.root))

    # ---------------------------------------------------------------- reading

    def _code(self, node: cst.CSTNode) -> str:
        return self._module.code_for_node(node)

    def _node(self, node: cst.BaseExpression, at: int) -> Node:
        """``node``, which is written at ``at`` of the wrapped code."""
        code = self._code(node)
        if self._source[at : at + len(code)] != code:
            raise Declined("the text's expression is laid out in an unexpected way")
        start, end = self._shift + at, self._shift + at + len(code)
        inner = at + sum(len(self._code(paren)) for paren in node.lpar)
        if isinstance(node, cst.SimpleString | cst.FormattedString):
            return self._token(node, inner, start, end, code)
        if isinstance(node, cst.ConcatenatedString):
            right = inner + len(self._code(node.left)) + len(self._code(node.whitespace_between))
            children = [self._node(node.left, inner), self._node(node.right, right)]
            return Chain(start, end, code, _flat(children, True), True)
        if isinstance(node, cst.BinaryOperation) and isinstance(node.operator, cst.Add):
            right = inner + len(self._code(node.left)) + len(self._code(node.operator))
            children = [self._node(node.left, inner), self._node(node.right, right)]
            return Chain(start, end, code, _flat(children, False), False)
        if isinstance(node, cst.Call) and isinstance(node.func, cst.Attribute):
            special: Node | None = None
            if node.func.attr.value == "join":
                special = self._join(node, inner, start, end, code)
            elif node.func.attr.value == "format":
                special = self._template(node, inner, start, end, code)
            if special is not None:
                return special
        tight = (cst.Name, cst.Attribute, cst.Call, cst.Subscript)
        return Whole(start, end, code, not node.lpar and not isinstance(node, tight))

    def _token(
        self, node: cst.SimpleString | cst.FormattedString, at: int, start: int, end: int, code: str
    ) -> Token:
        parts: list[Run | Field] = []
        if isinstance(node, cst.SimpleString):
            found = _PARTS.fullmatch(node.value)
            if found is None or "b" in found[1].lower():
                raise Declined("a literal of the text can't be read")
            prefix, quote, body = found[1], found[2], found[3]
            run_start = self._shift + at + len(prefix) + len(quote)
            units = _units(body, "r" in prefix.lower(), False)
            parts.append(Run(run_start, run_start + len(body), units))
            return Token(start, end, code, prefix, quote, parts, False)
        found = re.fullmatch(r"([a-zA-Z]*)('''|\"\"\"|'|\")", node.start)
        if found is None:
            raise Declined("an f-string of the text can't be read")
        prefix, quote = found[1], found[2]
        place = at + len(node.start)
        if not node.parts:
            parts.append(Run(self._shift + place, self._shift + place, ()))
        for part in node.parts:
            written = self._code(part)
            part_start = self._shift + place
            if isinstance(part, cst.FormattedStringText):
                units = _units(written, "r" in prefix.lower(), True)
                parts.append(Run(part_start, part_start + len(written), units))
            else:
                parts.append(Field(part_start, part_start + len(written), written))
            place += len(written)
        return Token(start, end, code, prefix, quote, parts, True)

    def _join(self, node: cst.Call, at: int, start: int, end: int, code: str) -> Join | None:
        assert isinstance(node.func, cst.Attribute)
        separator = node.func.value
        if not isinstance(separator, cst.SimpleString) or len(node.args) != 1:
            return None
        argument = node.args[0]
        items = argument.value
        if argument.keyword or argument.star or not isinstance(items, cst.List | cst.Tuple):
            return None
        if isinstance(items, cst.Tuple) and not items.lpar:
            return None
        value = syntax.constant(separator.value)
        if not isinstance(value, str):
            return None
        place = at + len(self._code(node.func)) + len(self._code(node.whitespace_after_func)) + 1
        place += len(self._code(node.whitespace_before_args))
        body_start, body_end = place, place + len(self._code(items))
        extra_parens = items.lpar[:-1] if isinstance(items, cst.Tuple) else items.lpar
        if extra_parens:
            return None
        if isinstance(items, cst.List):
            first = place + len(self._code(items.lbracket))
        else:
            first = place + len(self._code(items.lpar[0]))
        elements: list[Node] = []
        starred: list[bool] = []
        place = first
        for element in items.elements:
            if isinstance(element, cst.StarredElement):
                written = self._source[place:]
                length = len(self._code(element.with_changes(comma=cst.MaybeSentinel.DEFAULT)))
                piece = written[:length]
                elements.append(
                    Whole(self._shift + place, self._shift + place + length, piece, True)
                )
                starred.append(True)
            else:
                elements.append(self._node(element.value, place))
                length = len(self._code(element.value))
                starred.append(False)
            place += length
            if isinstance(element.comma, cst.Comma):
                place += len(self._code(element.comma))
        if not elements:
            return None
        opening = self._source[body_start + 1 : first]
        last_end = elements[-1].end - self._shift
        closing = self._source[last_end : body_end - 1]
        brackets = (self._source[body_start], self._source[body_end - 1])
        return Join(
            start,
            end,
            code,
            self._code(separator),
            value,
            elements,
            starred,
            brackets,
            opening,
            closing,
        )

    def _template(
        self, node: cst.Call, at: int, start: int, end: int, code: str
    ) -> Template | None:
        assert isinstance(node.func, cst.Attribute)
        literal = node.func.value
        if not isinstance(literal, cst.SimpleString | cst.ConcatenatedString):
            return None
        template = self._node(literal, at)
        tokens = [template] if isinstance(template, Token) else getattr(template, "children", [])
        if any(not isinstance(token, Token) or token.braces for token in tokens):
            return None
        between = [
            self._source[a.end - self._shift : b.start - self._shift] for a, b in pairwise(tokens)
        ]
        arguments: list[Argument] = []
        place = at + len(self._code(node.func)) + len(self._code(node.whitespace_after_func)) + 1
        place += len(self._code(node.whitespace_before_args))
        for number, argument in enumerate(node.args):
            if argument.star:
                return None
            written = self._code(argument.value)
            key = argument.keyword.value if argument.keyword else str(number)
            value_at = self._source.index(
                written, place + (len(argument.keyword.value) if argument.keyword else 0)
            )
            arguments.append(
                Argument(
                    key,
                    written,
                    self._shift + value_at,
                    self._shift + value_at + len(written),
                    pure(syntax.expression(written)),
                    argument.keyword is not None,
                )
            )
            place = value_at + len(written)
        try:
            slotted = _with_slots(tokens)
        except ValueError:
            return None
        keys = {argument.key for argument in arguments}
        for token in slotted:
            if any(isinstance(part, Field) and part.name not in keys for part in token.parts):
                return None
        return Template(start, end, code, slotted, between, arguments)

    # ---------------------------------------------------------------- finding

    def leaves_of(self, start: int, end: int) -> list[int]:
        """Indexes of the leaves that the characters from ``start`` to ``end`` belong to."""
        found = [i for i, leaf in enumerate(self.leaves) if leaf.start < end and start < leaf.end]
        if found:
            return found
        for template in _templates(self.root):
            for argument in template.arguments:
                if argument.start <= start and end <= argument.end:
                    slots = {
                        id(part)
                        for token in template.tokens
                        for part in token.parts
                        if isinstance(part, Field) and part.name == argument.key
                    }
                    return [i for i, leaf in enumerate(self.leaves) if id(leaf) in slots]
        return []

    def covers(self, start: int, end: int) -> bool:
        """Whether the characters from ``start`` to ``end`` lie within this expression."""
        return self.start <= start and end <= self.start + len(self.code)

    # ---------------------------------------------------------------- writing

    def write(self, choice: Choice) -> Written | None:
        """The chosen leaves as an expression, None when none is chosen. Raises Declined."""
        if all(choice.whole(leaf) for leaf in self.leaves):
            return Written(self.code, isinstance(self.root, Whole) and self.root.loose)
        written = self._write(self.root, choice)
        if written is None:
            return None
        self._check(written.code)
        return written

    def _check(self, code: str) -> None:
        wrapped = f"({code})"
        try:
            syntax.expression(code)
            parsed = cst.parse_expression(wrapped)
        except Exception:  # whatever can't be read again must not be written
            raise Declined("the text can't be cut at that place") from None
        if self._module.code_for_node(parsed) != wrapped:
            raise Declined("the text can't be cut at that place")

    def _write(self, node: Node, choice: Choice) -> Written | None:
        inner = list(_leaves(node))
        if all(choice.whole(leaf) for leaf in inner):
            return Written(node.code, _loose(node))
        if not any(id(leaf) in choice.leaves for leaf in inner):
            return None
        if isinstance(node, Whole):
            raise Declined(f"the expression in line {self._line_of(node.start)} can't be cut")
        if isinstance(node, Token):
            return _write_token(node, choice)
        if isinstance(node, Chain):
            return self._write_chain(node, choice)
        if isinstance(node, Join):
            return self._write_join(node, choice)
        return self._write_template(node, choice)

    def _write_chain(self, chain: Chain, choice: Choice) -> Written | None:
        parts: list[tuple[int, Written]] = []
        for index, child in enumerate(chain.children):
            written = self._write(child, choice)
            if written is not None:
                parts.append((index, written))
        if not parts:
            return None
        if len(parts) == 1:
            return parts[0][1]
        code = ""
        previous = -1
        for index, written in parts:
            piece = f"({written.code})" if written.loose else written.code
            if code:
                if index == previous + 1:
                    before, here = chain.children[previous], chain.children[index]
                    code += self._source[before.end - self._shift : here.start - self._shift]
                else:
                    code += " " if chain.implicit else " + "
            code += piece
            previous = index
        return Written(code)

    def _write_join(self, join: Join, choice: Choice) -> Written | None:
        pieces: list[str] = []
        run: list[int] = []

        def add(separated: bool, code: str) -> None:
            behind = separated and join.separator_value
            pieces.append(joined(join.separator, code) if behind else code)

        def close() -> None:
            if not run:
                return
            first, last = run[0], run[-1]
            if all(join.starred[i] for i in run) and len(run) < len(join.elements):
                raise Declined("a joined list is cut at a part that may be empty")
            if first == last and not join.starred[first]:
                element = join.elements[first]
                add(first > 0, f"({element.code})" if _loose(element) else element.code)
            else:
                start, end = join.elements[first].start, join.elements[last].end
                body = self._source[start - self._shift : end - self._shift]
                opening = join.opening if first == 0 else _plain(join.opening)
                closing = join.closing if last == len(join.elements) - 1 else _plain(join.closing)
                inside = f"{opening}{body}{closing}"
                brackets = join.brackets
                add(first > 0, f"{join.separator}.join({brackets[0]}{inside}{brackets[1]})")
            run.clear()

        for index, element in enumerate(join.elements):
            inner = list(_leaves(element))
            if all(choice.whole(leaf) for leaf in inner):
                run.append(index)
                continue
            close()
            written = self._write(element, choice)
            if written is None:
                continue
            first = inner[0]
            begins = id(first) in choice.leaves and (
                not isinstance(first, Run) or (choice.bounds(first) or (1, 1))[0] == 0
            )
            add(index > 0 and begins, f"({written.code})" if written.loose else written.code)
        close()
        return Written(" + ".join(pieces)) if pieces else None

    def _write_template(self, template: Template, choice: Choice) -> Written | None:
        chosen: set[str] = set()
        others: set[str] = set()
        for token in template.tokens:
            for part in token.parts:
                if isinstance(part, Field):
                    (chosen if id(part) in choice.leaves else others).add(part.name)
        for argument in template.arguments:
            if argument.pure:
                continue
            if argument.key in chosen and argument.key in others:
                raise Declined(f"`{argument.code}` would be evaluated twice")
            if argument.key not in chosen and argument.key not in others:
                raise Declined(f"`{argument.code}` is evaluated but stands nowhere in the text")
        impure = [a.key in chosen for a in template.arguments if not a.pure]
        if impure != sorted(impure) and impure != sorted(impure, reverse=True):
            raise Declined("the arguments of `.format` would be evaluated in another order")
        code, tokens = "", 0
        for index, token in enumerate(template.tokens):
            written = _write_token(token, choice, keep_braces=bool(chosen))
            if written is None:
                continue
            if code:
                code += template.between[index - 1] or " "
            code += written.code
            tokens += written.tokens
        if not code:
            return None
        if not chosen:
            return Written(code)
        arguments = []
        last = max((int(key) for key in chosen if key.isdigit()), default=-1)
        explicit = _numbered(template)
        for argument in template.arguments:
            if argument.keyword:
                if argument.key in chosen:
                    arguments.append(f"{argument.key}={argument.code}")
            elif explicit and int(argument.key) <= last:
                if not argument.pure and argument.key not in chosen:
                    raise Declined(f"`{argument.code}` would be evaluated twice")
                arguments.append(argument.code)
            elif not explicit and argument.key in chosen:
                arguments.append(argument.code)
        literal = f"({code})" if tokens > 1 else code
        return Written(f"{literal}.format({', '.join(arguments)})")


def tight(code: str) -> bool:
    """Whether ``code`` is one name, call or literal token: it needs no parentheses on any line."""
    try:
        parsed = cst.parse_expression(code)
    except cst.ParserSyntaxError:
        return False
    if isinstance(parsed, cst.ConcatenatedString):
        return False
    return isinstance(parsed, cst.BaseString | cst.Name | cst.Attribute | cst.Call | cst.Subscript)


def _numbered(template: Template) -> bool:
    """Whether the template numbers its positional slots itself (``{0}``)."""
    return any(
        isinstance(part, Field) and re.match(r"\{\d", part.code)
        for token in template.tokens
        for part in token.parts
    )


def _flat(children: list[Node], implicit: bool) -> list[Node]:
    """Operands of a left-nested chain as one list; parenthesised chains stay operands."""
    found: list[Node] = []
    for child in children:
        bare = isinstance(child, Chain) and child.children[0].start == child.start
        if isinstance(child, Chain) and bare and child.implicit == implicit:
            found += child.children
        else:
            found.append(child)
    return found


def _leaves(node: Node) -> Iterator[Leaf]:
    if isinstance(node, Whole):
        yield node
    elif isinstance(node, Token):
        yield from node.parts
    elif isinstance(node, Chain):
        for child in node.children:
            yield from _leaves(child)
    elif isinstance(node, Join):
        for child in node.elements:
            yield from _leaves(child)
    else:
        for token in node.tokens:
            yield from token.parts


def _templates(node: Node) -> Iterator[Template]:
    if isinstance(node, Template):
        yield node
    elif isinstance(node, Chain):
        for child in node.children:
            yield from _templates(child)
    elif isinstance(node, Join):
        for child in node.elements:
            yield from _templates(child)


def _loose(node: Node) -> bool:
    return isinstance(node, Whole) and node.loose


def _plain(space: str) -> str:
    """White space without the comments in it."""
    return re.sub(r"[ \t]*#[^\n]*", "", space)


def _units(body: str, raw: bool, braces: bool) -> tuple[tuple[str, str], ...]:
    """The characters of a literal: (as written, value). Raises Declined."""
    units: list[tuple[str, str]] = []
    index = 0
    while index < len(body):
        written = body[index]
        value = written
        if braces and written in "{}" and body.startswith(written * 2, index):
            written *= 2
        elif written == "\\" and not raw:
            found = _ESCAPE.match(body, index)
            if found is None:
                # a backslash in front of a field of an f-string
                units.append(("\\", "\\"))
                index += 1
                continue
            written = found.group()
            if braces and written in ("\\{", "\\}"):
                written = value = "\\"
            else:
                value = _evaluated(f'"""{written}"""')
                if len(value) > 1:  # an unknown escape stands for both of its characters
                    units += [("\\", "\\"), (written[1:], written[1:])]
                    index += len(written)
                    continue
        units.append((written, value))
        index += len(written)
    # a continued line stands for nothing: it goes with the character in front of it, or behind
    merged: list[tuple[str, str]] = []
    waiting = ""
    for written, value in units:
        if value:
            merged.append((waiting + written, value))
            waiting = ""
        elif merged:
            merged[-1] = (merged[-1][0] + written, merged[-1][1])
        else:
            waiting += written
    if waiting:
        merged.append((waiting, ""))
    return tuple(merged)


def _evaluated(literal: str) -> str:
    try:
        value = syntax.constant(literal)
    except (SyntaxError, ValueError):
        raise Declined("a literal of the text can't be read") from None
    assert isinstance(value, str)
    return value


def _with_slots(tokens: list[Token]) -> list[Token]:
    """The tokens of a ``.format`` template with its slots told apart. Raises ValueError."""
    result: list[Token] = []
    automatic = 0
    for token in tokens:
        parts: list[Run | Field] = []
        for part in token.parts:
            assert isinstance(part, Run)  # a plain literal has no fields
            automatic = _slots_of(part, parts, automatic)
        result.append(
            Token(token.start, token.end, token.code, token.prefix, token.quote, parts, True)
        )
    return result


def _slots_of(run: Run, parts: list[Run | Field], automatic: int) -> int:
    """Split ``run`` at its slots into ``parts``; returns the next automatic number."""
    units = list(run.units)
    text: list[tuple[str, str]] = []
    start = place = run.start
    index = 0

    def flush(end: int) -> None:
        if text:
            parts.append(Run(start, end, tuple(text)))
            text.clear()

    while index < len(units):
        written, value = units[index]
        following = units[index + 1][1] if index + 1 < len(units) else ""
        if value in ("{", "}") and following == value:
            text.append((written + units[index + 1][0], value))
            place += len(written) + len(units[index + 1][0])
            index += 2
            continue
        if value == "}":
            raise ValueError("a single brace")
        if value != "{":
            text.append((written, value))
            place += len(written)
            index += 1
            continue
        stop = index
        while units[stop][1] != "}":
            stop += 1
            if stop >= len(units) or units[stop][1] == "{":
                raise ValueError("a nested or unfinished slot")
        code = "".join(w for w, _ in units[index : stop + 1])
        found = _SLOT.fullmatch("".join(v for _, v in units[index : stop + 1]))
        if found is None or code != found.group():
            raise ValueError("an escaped slot")
        name = found[1]
        if not name:
            name = str(automatic)
            automatic += 1
        flush(place)
        parts.append(Field(place, place + len(code), code, name))
        place += len(code)
        start = place
        index = stop + 1
    flush(place)
    return automatic


# -------------------------------------------------------------------- writing string tokens


def _write_token(token: Token, choice: Choice, *, keep_braces: bool = True) -> Written | None:
    """The chosen parts of one literal: with its own quotes where that says the same."""
    chosen: list[tuple[str, str] | Field] = []  # units and fields
    for part in token.parts:
        if isinstance(part, Field):
            if id(part) in choice.leaves:
                chosen.append(part)
        elif (bounds := choice.bounds(part)) is not None:
            chosen += part.units[bounds[0] : bounds[1]]
    if not chosen:
        return None
    formatted = token.braces and "f" in token.prefix.lower()
    fields = any(isinstance(part, Field) for part in chosen)
    as_field = fields if formatted else (token.braces and keep_braces)
    prefix = token.prefix
    if formatted and not fields:
        prefix = prefix.replace("f", "").replace("F", "")
    code = prefix + token.quote + "".join(_as_written(p, as_field) for p in chosen) + token.quote
    doubled = token.braces and as_field
    if _says(code, chosen, formatted and fields, doubled):
        short = _on_one_line(prefix, token.quote, code)
        if short and _says(short, chosen, formatted and fields, doubled):
            return Written(short)
        return Written(code)
    # the cut brought characters together that mean something else now: escape the literal runs
    pieces: list[str] = []
    literal: list[str] = []
    quote = token.quote[0]

    def close() -> None:
        if literal:
            value = "".join(literal)
            if token.braces and as_field and not formatted:
                value = value.replace("{", "{{").replace("}", "}}")
            pieces.append(_quoted(value, quote))
            literal.clear()

    for piece in chosen:
        if isinstance(piece, Field):
            close()
            pieces.append(f"{token.prefix}{token.quote}{piece.code}{token.quote}")
        else:
            literal.append(piece[1])
    close()
    return Written(" ".join(pieces), tokens=len(pieces))


def _on_one_line(prefix: str, quote: str, code: str) -> str:
    """A triple-quoted literal whose only newlines are at its ends, without them; else ""."""
    body = code[len(prefix) + len(quote) : -len(quote)]
    if len(quote) == 1 or "r" in prefix.lower() or "\n" in body.strip("\n"):
        return ""
    if "\n" not in body or quote[0] in body:
        return ""
    return prefix + quote[0] + body.replace("\n", "\\n") + quote[0]


def joined(literal: str, code: str) -> str:
    """``literal + code``, in one literal where ``code`` begins with one that can take it."""
    node = syntax.expression(code)
    while isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        node = node.left
    inside = _PARTS.fullmatch(literal)
    first = re.match(r"([fF]?)('''|\"\"\"|'|\")(?!\2)", code)
    is_literal = isinstance(node, ast.Constant | ast.JoinedStr)
    plain = inside is not None and re.fullmatch(r"(?:[\w ,.;:|/*#=-]|\\n)+", inside[3])
    if not is_literal or not plain or inside is None or inside[1] or first is None:
        return f"{literal} + {code}"
    return f"{first.group()}{inside[3]}{code[first.end() :]}"


def _as_written(piece: tuple[str, str] | Field, braces: bool) -> str:
    if isinstance(piece, Field):
        return piece.code
    written, value = piece
    if not braces and value in ("{", "}") and len(written) > 1:
        return written[: len(written) // 2] if written == value * 2 else written
    return written


def _says(code: str, chosen: list[tuple[str, str] | Field], formatted: bool, doubled: bool) -> bool:
    """Whether the literal ``code`` stands for just the chosen pieces."""
    try:
        node = syntax.expression(code)
    except (SyntaxError, ValueError):
        return False
    if not formatted:
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
            return False
        expected = ""
        for piece in chosen:
            if isinstance(piece, Field):
                expected += piece.code
            else:
                expected += piece[1] * 2 if doubled and piece[1] in ("{", "}") else piece[1]
        return node.value == expected
    if not isinstance(node, ast.JoinedStr):
        return False
    got: list[str] = [""]
    for value in node.values:
        if isinstance(value, ast.Constant):
            got[-1] += str(value.value)
        else:
            got.append("")
    want: list[str] = [""]
    shown: list[str] = []
    for piece in chosen:
        if isinstance(piece, Field):
            want.append("")
            shown.append(piece.code)
        else:
            want[-1] += piece[1]
    if any(re.search(r"=\s*(![rsa])?(:.*)?\}$", code, re.DOTALL) for code in shown):
        return True  # f"{x=}" also makes literal text; the pieces can't be told apart here
    return got == want


def _quoted(value: str, quote: str) -> str:
    """``value`` as a literal in ``quote``, with escapes."""
    shown = repr(value)
    if shown[0] == quote:
        return shown
    body = shown[1:-1].replace(f"\\{shown[0]}", shown[0])
    return quote + re.sub(rf"(?<!\\)((?:\\\\)*){quote}", rf"\1\\{quote}", body) + quote
