"""What comes into a message from outside, and whether anything keeps it short.

Followed backwards from the expression of a message's content: through names, helpers, tables of
handlers and callers to the files, pages and programs it is read from, and to bytes written as text.
What can't be followed yields nothing, so a content that is told of is one that surely may be there.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import NamedTuple

from skinflint.catalog import contents as facts
from skinflint.linter.activation import FunctionHandle
from skinflint.linter.callers import Callers
from skinflint.linter.evaluate import Evaluator
from skinflint.linter.module import (
    COMPREHENSIONS,
    FUNCTIONS,
    FunctionNode,
    Module,
    last_name,
    own_nodes,
    parameters,
    walk,
)
from skinflint.linter.request import Block, Content, Intake, Place
from skinflint.linter.shapes import RUNNERS, is_negative, within
from skinflint.linter.spans import Role, Span, Step
from skinflint.linter.values import Known, Mapping, Object, Text, Unknown, Value, alternatives

#: Expressions looked at for one message, and functions entered inside one another.
_MOST = 700
_DEEPEST = 6
_MOST_SITES = 4
#: How short: not at all, only let in when it is, cut.
_WHOLE, _GUARDED, _CUT = 0, 1, 2
_DATA_URL = re.compile(r"data:([\w.+-]+/[\w.+-]+);base64,$")
_PRECISION = re.compile(r"\.\d+s?$")
_KINDS = ("file", "http", "process")
#: On a way into a value: whichever one of its elements a loop has in hand.
_EACH = -1


class _Entered(NamedTuple):
    """A helper that was entered, and the call that led there."""

    function: FunctionNode | ast.Lambda
    module: Module
    call: ast.Call


class _At(NamedTuple):
    """An expression on the way back from the message."""

    module: Module
    node: ast.AST
    short: int = _WHOLE
    want: str = ""  # only this key or field of it
    way: tuple[int, ...] = ()  # where in it, before that key: positions, or `_EACH`
    stack: tuple[_Entered, ...] = ()
    trail: tuple[Step, ...] = ()
    media: str = ""  # what a data URL in front of it says


class _Bound(NamedTuple):
    """One thing that a name holds: its expression, and under which key of the name."""

    value: ast.expr
    stmt: ast.AST
    key: str = ""
    adds: bool = False  # to what is there already
    way: tuple[int, ...] = ()  # where in that expression: it is taken apart


def contents(blocks: tuple[Block, ...], ev: Evaluator, callers: Callers) -> tuple[Content, ...]:
    """What comes into the messages of a request from outside, in the order of its blocks."""
    ev.start()
    found: list[Content] = []
    seen: set[Span] = set()
    for index, block in enumerate(blocks):
        if block.place is not Place.MESSAGES or block.role == "assistant":
            continue
        if not block.kind and not block.role:
            continue  # messages that can't be told apart
        span, value = _content_of(block)
        if span is None or span in seen:
            continue
        seen.add(span)
        module = ev.module_at(span.path)
        node = module.node_at(span)
        if node is None:
            continue
        walk = _Walk(ev, callers)
        try:
            walk.follow(_At(module, node))
        except RecursionError:
            continue
        intakes = walk.result()
        if intakes:
            found.append(Content(index, span, intakes, _is_text(value)))
    return tuple(found)


def _content_of(block: Block) -> tuple[Span | None, Value]:
    """Where the content of a block is written, and what it is."""
    value = block.value
    if block.kind == "tool_result" and isinstance(value, Mapping):
        entry = value.entry("content")
        return (entry.span, entry.value) if entry is not None else (None, value)
    if block.kind in ("text", ""):
        return block.text or block.span, value
    return None, value


def _is_text(value: Value) -> bool:
    """Whether it is a str, whatever branch is taken."""
    return all(
        isinstance(each, Text)
        or (isinstance(each, Known) and isinstance(each.value, str))
        or (isinstance(each, Unknown) and each.type == "str")
        for each in alternatives(value)
    )


class _Walk:
    def __init__(self, ev: Evaluator, callers: Callers) -> None:
        self.ev = ev
        self.callers = callers
        self.facts = facts.load()
        self.found: dict[tuple[str, Span], Intake] = {}
        self.keys: dict[tuple[str, Span], str] = {}  # of base64: the key it stands under
        self.taken: set[str] = set()  # keys that somebody on the way reads by name
        self._seen: set[tuple[ast.AST, int, str, tuple[int, ...], tuple[ast.AST, ...]]] = set()

    def result(self) -> tuple[Intake, ...]:
        """What was found; what is taken out again by its key isn't part of the text."""
        kept = [
            intake
            for key, intake in self.found.items()
            if not (self.keys.get(key) and self.keys[key] in self.taken)
        ]
        return tuple(sorted(kept, key=lambda each: (each.span, each.kind)))

    def _add(self, kind: str, name: str, at: _At, key: str = "") -> None:
        span = at.module.span(at.node)
        step = Step(Role.SOURCE, span, f"{name} comes in here")
        new = Intake(kind, name, span, (step, *reversed(at.trail)), at.short, at.media)
        known = self.found.get((kind, span))
        if known is None or known.short < new.short:
            # One way on which it is cut is enough to doubt the others.
            self.found[kind, span] = new
        if key:
            self.keys[kind, span] = key

    # -- one expression ----------------------------------------------------------------------------

    def follow(self, at: _At) -> None:
        """Look at one expression and at all it is made of."""
        mark = (at.node, at.short, at.want, at.way, tuple(each.call for each in at.stack))
        if mark in self._seen or len(self._seen) > _MOST:
            return
        self._seen.add(mark)
        node = at.node
        if isinstance(node, (ast.JoinedStr, ast.BinOp, ast.Dict)):
            at = at._replace(way=())  # of a text, or of what is sorted otherwise
        if isinstance(node, ast.JoinedStr):
            self._joined(at, node)
        elif isinstance(node, ast.FormattedValue):
            cut = any(
                isinstance(each, ast.Constant) and _PRECISION.search(str(each.value))
                for each in getattr(node.format_spec, "values", ())
            )
            self.follow(at._replace(node=node.value, short=_CUT if cut else at.short, want=""))
        elif isinstance(node, ast.BinOp):
            if isinstance(node.op, (ast.Add, ast.Mod, ast.BitOr)):
                self.follow(at._replace(node=node.left))
                self.follow(at._replace(node=node.right))
        elif isinstance(node, ast.BoolOp):
            for each in node.values:
                self.follow(at._replace(node=each))
        elif isinstance(node, (ast.List, ast.Tuple, ast.Set)):
            for each in _at_hand(node.elts, at.way):
                self.follow(at._replace(node=each, way=at.way[1:]))
        elif isinstance(node, ast.IfExp):
            short = max(at.short, _GUARDED) if _measures(node.test) else at.short
            self.follow(at._replace(node=node.body, short=short))
            self.follow(at._replace(node=node.orelse, short=short))
        elif isinstance(node, (ast.Starred, ast.Await, ast.NamedExpr)):
            self.follow(at._replace(node=node.value))
        elif isinstance(node, ast.Dict):
            self._dict(at, node)
        elif isinstance(node, COMPREHENSIONS):
            made = getattr(node, "elt", None) or node.value  # type: ignore[union-attr]
            self.follow(at._replace(node=made, way=at.way[1:]))
        elif isinstance(node, ast.Subscript):
            self._subscript(at, node)
        elif isinstance(node, ast.Attribute):
            self._attribute(at, node)
        elif isinstance(node, ast.Name):
            self._name(at, node)
        elif isinstance(node, ast.Call):
            self._call(at, node)

    def _joined(self, at: _At, node: ast.JoinedStr) -> None:
        before = ""
        for each in node.values:
            url = _DATA_URL.search(before)
            media = url.group(1) if url is not None else ""
            self.follow(at._replace(node=each, media=media, want=""))
            text = isinstance(each, ast.Constant) and isinstance(each.value, str)
            before = each.value if text else ""  # type: ignore[attr-defined]

    def _dict(self, at: _At, node: ast.Dict) -> None:
        kind = next(
            (
                value.value
                for key, value in zip(node.keys, node.values, strict=True)
                if isinstance(key, ast.Constant)
                and key.value == "type"
                and isinstance(value, ast.Constant)
            ),
            "",
        )
        if kind in self.facts.blocks:
            return
        for key, value in zip(node.keys, node.values, strict=True):
            name = str(key.value) if isinstance(key, ast.Constant) else ""
            if kind == "tool_result" and name != "content":
                continue
            if name in ("type", "role", "source") or (at.want and name and name != at.want):
                continue
            want = at.want if key is None or not name else ""
            self._keyed(at._replace(node=value, want=want), name)

    def _keyed(self, at: _At, name: str) -> None:
        before = set(self.found)
        self.follow(at)
        for key in set(self.found) - before:
            if key[0] == "base64" and name:
                self.keys.setdefault(key, name)

    def _subscript(self, at: _At, node: ast.Subscript) -> None:
        part = node.slice
        if isinstance(part, ast.Slice):
            short = _CUT if part.upper is not None or is_negative(part.lower) else at.short
            way = at.way if at.way[:1] == (_EACH,) else ()
            self.follow(at._replace(node=node.value, short=short, way=way))
        elif isinstance(part, ast.Constant) and isinstance(part.value, str):
            self.follow(at._replace(node=node.value, want=part.value, way=()))
        elif isinstance(part, ast.Constant) and isinstance(part.value, int):
            self.follow(at._replace(node=node.value, way=(part.value, *at.way)))
        else:
            self.follow(at._replace(node=node.value, want="", way=()))

    def _attribute(self, at: _At, node: ast.Attribute) -> None:
        if node.attr in self.facts.encoded:
            self._add("base64", f".{node.attr}", at)
        elif not self._whole(at, node, node.attr, node.value):
            if not (isinstance(node.value, ast.Name) and node.value.id in ("self", "cls")):
                self.follow(at._replace(node=node.value, want=node.attr, way=()))

    # -- calls -------------------------------------------------------------------------------------

    def _call(self, at: _At, node: ast.Call) -> None:
        known = self.facts
        name = last_name(node.func)
        if name in known.encoders:
            if not any(self._was_text(at.module, each) for each in node.args[:1]):
                self._add("base64", f"{name}()", at)
            return
        if name in known.short_calls or self.ev.sources.shortens(name):
            return
        receiver = node.func.value if isinstance(node.func, ast.Attribute) else None
        position = RUNNERS.get(name)
        if position is not None and position < len(node.args):
            self._enter(at, node, node.args[position], position + 1)
            return
        if self._enter(at, node, node.func, 0):
            return
        if receiver is not None and self._whole(at, node, name, receiver):
            return
        if receiver is None and self._whole(at, node, name, None):
            return
        if receiver is None and name in ("enumerate", "zip") and at.way[:1] == (_EACH,):
            self._paired(at, node, name)
            return
        at = at._replace(way=())
        arguments = [*node.args, *(k.value for k in node.keywords)]
        if known.holds(name) or (at.want and name[:1].isupper()):
            for keyword in node.keywords:
                if (not at.want or keyword.arg == at.want) and keyword.arg not in ("type", "role"):
                    if keyword.arg != "source":
                        self._keyed(at._replace(node=keyword.value, want=""), keyword.arg or "")
        elif receiver is not None and name in known.methods:
            first = node.args[0] if node.args else None
            if name in ("get", "pop") and isinstance(first, ast.Constant):
                self.follow(at._replace(node=receiver, want=str(first.value)))
                return
            if name != "join":
                self.follow(at._replace(node=receiver))
            if name in ("join", "format", "handle"):
                for each in arguments:
                    self.follow(at._replace(node=each, want=""))
        elif name in known.functions:
            for each in arguments[:2] if name != "sub" else arguments[2:3]:
                self.follow(at._replace(node=each, want=""))

    def _paired(self, at: _At, node: ast.Call, name: str) -> None:
        """What a loop over ``enumerate(...)`` or ``zip(...)`` has in hand; a number is nothing."""
        place, rest = at.way[1:2], (_EACH, *at.way[2:])
        if name == "enumerate":
            if place != (0,):
                for each in node.args[:1]:
                    self.follow(at._replace(node=each, way=rest))
            return
        for each in _at_hand(node.args, place):
            self.follow(at._replace(node=each, way=rest))

    def _was_text(self, module: Module, node: ast.expr) -> bool:
        """Whether bytes are those of a text: a key, a header, a codec's own argument."""
        if isinstance(node, ast.Name):
            bound = list(self._bound(module, node))
            return bool(bound) and all(
                not isinstance(b.value, ast.Name) and self._was_text(module, b.value) for b in bound
            )
        if isinstance(node, ast.Constant):
            return True
        return isinstance(node, ast.Call) and (
            last_name(node.func) == "encode"
            or (last_name(node.func) == "bytes" and len(node.args) > 1)
        )

    def _whole(self, at: _At, node: ast.expr, name: str, receiver: ast.expr | None) -> bool:
        """Whether an expression yields all of a file, a page or an output; then it is noted."""
        kinds = [kind for kind in _KINDS if name in self.facts.whole[kind]]
        if not kinds or (isinstance(node, ast.Call) and name == "read" and node.args):
            return False
        entry = self._entry(at.module, node)
        if entry not in kinds:
            return False
        origin: ast.expr | None = None
        if isinstance(node, ast.Call) and receiver is None:
            origin = node
        if receiver is not None:
            called = isinstance(node, ast.Call) and entry != "http"
            origin = self._asked(at, receiver, entry) or (node if called else None)
        if not isinstance(origin, ast.Call):
            return True
        if entry == "http" and not self._is_page(at, origin):
            return True
        given: list[ast.expr] = [*origin.args, *(k.value for k in origin.keywords)]
        if entry == "file" and origin is node and receiver is not None:
            given = [receiver]
        if all(self._fixed(at, each) for each in given[: 1 if entry != "http" else 2]):
            return True
        if entry == "process" and self._says_short(origin):
            return True
        short = at.short
        scope = at.module.scope(node)
        if isinstance(scope, FUNCTIONS) and self._weighs(scope):
            short = max(short, _GUARDED)
        said = f"{last_name(origin.func)}()" if entry != "process" else "the output of a program"
        self._add(entry, said, at._replace(short=short))
        return True

    def _is_page(self, at: _At, call: ast.Call) -> bool:
        """Whether a call asks for any page: its address is handed in as a whole.

        What is written out around a town or a number is an API, and answers in a few lines.
        """
        if last_name(call.func) not in self.facts.asks:
            return False
        given = [*call.args, *(k.value for k in call.keywords if k.arg == "url")]
        return any(self._is_address(at, each, 0) for each in given[:2])

    def _is_address(self, at: _At, node: ast.expr, depth: int) -> bool:
        if isinstance(node, ast.Subscript):
            return not isinstance(node.slice, ast.Slice)
        if isinstance(node, ast.Call):
            return last_name(node.func) in ("get", "str", "strip")
        if not isinstance(node, ast.Name) or depth > 3:
            return False
        bound = [b for b in self._bound(at.module, node) if b.value is not node]
        scope: ast.AST = at.module.scope(node)
        if not bound and node.id in _handed(scope):
            top = at.stack[-1] if at.stack else None
            given = _argument(top, node.id) if top is not None and top.function is scope else None
            if top is None or given is None:
                return True
            outer = at._replace(module=top.module, stack=at.stack[:-1])
            return self._is_address(outer, given, depth + 1)
        return any(self._is_address(at, each.value, depth + 1) for each in bound)

    def _entry(self, module: Module, node: ast.expr) -> str:
        there = self.callers.of(module)
        value = self.ev.evaluate(node, there.plain(node))
        for each in alternatives(value):
            if isinstance(each, Unknown) and each.entry in _KINDS:
                return each.entry
        return ""

    def _asked(self, at: _At, node: ast.expr, kind: str, depth: int = 0) -> ast.Call | None:
        """The call that opens the file, asks for the page or starts the program."""
        if depth > 8:
            return None
        if isinstance(node, (ast.Await, ast.Attribute)):
            return self._asked(at, node.value, kind, depth + 1)
        if isinstance(node, ast.Subscript):
            return self._asked(at, node.value, kind, depth + 1)
        if isinstance(node, ast.Name):
            for bound in self._bound(at.module, node):
                found = self._asked(at, bound.value, kind, depth + 1)
                if found is not None:
                    return found
            return None
        if isinstance(node, ast.Call):
            inner = node.func.value if isinstance(node.func, ast.Attribute) else None
            if inner is not None and last_name(node.func) in (*self.facts.methods, "communicate"):
                if last_name(node.func) not in self.facts.asks:
                    return self._asked(at, inner, kind, depth + 1)
                if self._entry(at.module, inner) == kind and not node.args:
                    return self._asked(at, inner, kind, depth + 1)
            return node if self._entry(at.module, node) == kind else None
        return None

    def _says_short(self, call: ast.Call) -> bool:
        """Whether a command that is written out asks for a few lines."""
        words = [
            word
            for argument in call.args
            for each in walk(argument)
            if isinstance(each, ast.Constant) and isinstance(each.value, str)
            for word in re.split(r"[\s=|]+", each.value)
        ]
        return any(
            word in self.facts.short_commands or re.fullmatch(r"-n?\d+", word) for word in words
        )

    def _weighs(self, function: ast.AST) -> bool:
        """Whether a function asks for the size of a file, or takes a part of it if it is told."""
        if isinstance(function, FUNCTIONS):
            if any(p.arg in self.facts.short_parameters for p in parameters(function)):
                return True
            if "memory" in function.name.lower():  # what a model has noted down itself
                return True
        return any(
            isinstance(each, ast.Attribute) and each.attr in ("st_size", "getsize", "file_size")
            for each in walk(function)
        )

    def _fixed(self, at: _At, node: ast.expr, depth: int = 0) -> bool:
        """Whether an expression names the same thing in each call: nothing is handed in."""
        if depth > 5:
            return True
        for each in walk(node):
            if not isinstance(each, ast.Name):
                continue
            scope: ast.AST = at.module.scope(each)
            if each.id in _handed(scope):
                top = at.stack[-1] if at.stack else None
                if top is None or top.function is not scope:
                    return False
                outer = at._replace(module=top.module, stack=at.stack[:-1])
                given = _argument(top, each.id)
                if given is None or not self._fixed(outer, given, depth + 1):
                    return False
                continue
            for bound in self._bound(at.module, each):
                if isinstance(bound.stmt, (ast.For, ast.AsyncFor, ast.comprehension)):
                    return False
                if bound.value is not node and not self._fixed(at, bound.value, depth + 1):
                    return False
        return True

    # -- functions ---------------------------------------------------------------------------------

    def _enter(self, at: _At, call: ast.Call, callee: ast.expr, shift: int) -> bool:
        """Follow what a function of the project returns."""
        found = self._functions(at.module, callee)
        if len(at.stack) >= _DEEPEST:
            return bool(found)
        if shift:
            moved = ast.Call(func=callee, args=call.args[shift:], keywords=call.keywords)
            call = ast.copy_location(moved, call)
        for module, function in found:
            if any(each.function is function for each in at.stack):
                continue
            name = getattr(function, "name", "a lambda")
            if self.ev.sources.shortens(name) or self._decorated_short(function):
                continue
            step = Step(Role.STEP, at.module.span(call), f"handed on by {name}()")
            stack = (*at.stack, _Entered(function, at.module, call))
            inner = at._replace(module=module, stack=stack, trail=(*at.trail, step))
            if isinstance(function, ast.Lambda):
                self.follow(inner._replace(node=function.body))
                continue
            for node in own_nodes(function):
                if isinstance(node, (ast.Return, ast.Yield)) and node.value is not None:
                    way = at.way[1:] if isinstance(node, ast.Yield) else at.way
                    self.follow(inner._replace(node=node.value, way=way))
        return bool(found)

    def _decorated_short(self, function: FunctionNode | ast.Lambda) -> bool:
        return any(
            self.ev.sources.shortens(last_name(d.func if isinstance(d, ast.Call) else d))
            for d in getattr(function, "decorator_list", ())
        )

    def _functions(
        self, module: Module, callee: ast.expr
    ) -> list[tuple[Module, FunctionNode | ast.Lambda]]:
        """The functions of the project that a callee may mean, those of a table among them."""
        there = self.callers.of(module)
        value = self.ev.evaluate(callee, there.plain(callee))
        found = list(_handles(value))
        if found or not isinstance(callee, (ast.Name, ast.Subscript, ast.Call)):
            return found
        for table in self._tables(module, callee):
            held = self.ev.evaluate(table, there.plain(callee))
            for each in alternatives(held):
                if isinstance(each, Mapping):
                    for entry in each.entries:
                        found += _handles(entry.value)
            found += self._registered(module, table)
        return list(dict.fromkeys(found))

    def _registered(
        self, module: Module, table: ast.expr
    ) -> Iterator[tuple[Module, FunctionNode | ast.Lambda]]:
        """The functions that a decorator puts into a table: ``@register_tool(name="read")``."""
        if not isinstance(table, ast.Name):
            return
        fillers = {
            each.name
            for load in module.loads.get(table.id, ())
            if isinstance(module.parents.get(load), ast.Subscript)
            and isinstance(getattr(module.parents[load], "ctx", None), ast.Store)
            for each in module.ancestors(load)
            if isinstance(each, FUNCTIONS)
        }
        for function in module.functions if fillers else ():
            for decorator in function.decorator_list:
                named = decorator.func if isinstance(decorator, ast.Call) else decorator
                if last_name(named) in fillers:
                    yield module, function

    def _tables(self, module: Module, callee: ast.expr) -> Iterator[ast.expr]:
        if isinstance(callee, ast.Subscript):
            yield callee.value
        elif isinstance(callee, ast.Call) and last_name(callee.func) == "get":
            if isinstance(callee.func, ast.Attribute):
                yield callee.func.value
        elif isinstance(callee, ast.Name):
            for bound in self._bound(module, callee):
                if not isinstance(bound.value, ast.Name):
                    yield from self._tables(module, bound.value)

    # -- names -------------------------------------------------------------------------------------

    def _name(self, at: _At, node: ast.Name) -> None:
        scope: ast.AST = at.module.scope(node)
        self._read_keys(at.module, scope)
        short = at.short
        if isinstance(scope, FUNCTIONS) and _asks_size(at.module, scope, node.id):
            short = max(short, _GUARDED)
        bound = list(self._bound(at.module, node))
        if any(self._cuts_itself(each, node.id) for each in bound):
            short = _CUT
        for each in bound:
            if at.want and each.key and each.key != at.want:
                continue
            want = at.want if not each.key or each.adds else ""
            way = _into(each, at.way)
            inner = at._replace(node=each.value, short=short, want=want, way=way)
            if each.key and not each.adds:
                self._keyed(inner, each.key)
            else:
                self.follow(inner)
        if isinstance(scope, (*FUNCTIONS, ast.Lambda)) and node.id in _handed(scope):
            self._handed_in(at._replace(short=short), scope, node.id)

    def _cuts_itself(self, bound: _Bound, name: str) -> bool:
        """``text = text[:2000]``, ``text = clip(text)``"""
        for each in walk(bound.value):
            part: ast.AST | None = None
            if isinstance(each, ast.Subscript) and isinstance(each.slice, ast.Slice):
                if each.slice.upper is not None or is_negative(each.slice.lower):
                    part = each.value
            elif isinstance(each, ast.Call) and (
                self.ev.sources.shortens(last_name(each.func))
                or last_name(each.func) in self.facts.short_calls
            ):
                part = each
            if part is not None and any(
                isinstance(inner, ast.Name) and inner.id == name for inner in walk(part)
            ):
                return True
        return False

    def _handed_in(self, at: _At, function: FunctionNode | ast.Lambda, name: str) -> None:
        top = at.stack[-1] if at.stack else None
        if top is not None:
            if top.function is function:
                given = _argument(top, name)
                if given is not None:
                    outer, trail = at.stack[:-1], at.trail[:-1]
                    self.follow(
                        at._replace(module=top.module, node=given, stack=outer, trail=trail)
                    )
            return
        if isinstance(function, ast.Lambda):
            return
        for site in self.callers.of(at.module).sites(function)[:_MOST_SITES]:
            if site.shift >= 0:
                continue
            given = _argument(_Entered(function, site.module, site.call), name)
            if given is not None:
                step = Step(Role.STEP, site.module.span(site.call), f"handed to {function.name}()")
                self.follow(at._replace(module=site.module, node=given, trail=(*at.trail, step)))

    def _read_keys(self, module: Module, scope: ast.AST) -> None:
        """Note the keys that a function reads by name: what stands under them is taken out."""
        if not isinstance(scope, FUNCTIONS):
            return
        read = module.keys_read.get(scope)
        if read is None:
            read = module.keys_read[scope] = frozenset(_keys_read(scope))
        self.taken |= read

    def _bound(self, module: Module, name: ast.Name) -> Iterator[_Bound]:
        """What a name may hold where it is read."""
        for parent in module.ancestors(name):
            for generator in getattr(parent, "generators", ()):
                taken = dict(_targets(generator.target, generator.iter, generator, (_EACH,)))
                if name.id in taken:
                    yield taken[name.id]
                    return
            if isinstance(parent, (*FUNCTIONS, ast.Module)):
                break
        scope: ast.AST | None = module.scope(name)
        use: ast.AST = name
        while scope is not None:
            held = self._held(module, scope).get(name.id, ())
            if held:
                yield from _reaching(module, list(held), use, scope)
                return
            if isinstance(scope, ast.Module) or name.id in _handed(scope):
                return
            use = scope
            scope = module.scope(scope)

    def _held(self, module: Module, scope: ast.AST) -> dict[str, list[_Bound]]:
        found: dict[str, list[_Bound]] | None = module.held.get(scope)
        if found is None:
            found = module.held[scope] = {}
            for node in own_nodes(scope) if not isinstance(scope, ast.Lambda) else ():
                for name, bound in _bindings(module, node):
                    found.setdefault(name, []).append(bound)
        return found


# -- syntax ----------------------------------------------------------------------------------------


def _bindings(module: Module, node: ast.AST) -> Iterator[tuple[str, _Bound]]:
    if isinstance(node, (ast.Assign, ast.AnnAssign, ast.NamedExpr)) and node.value is not None:
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        for target in targets:
            yield from _targets(target, node.value, node)
    elif isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
        yield node.target.id, _Bound(node.value, node, "", True)
    elif isinstance(node, (ast.For, ast.AsyncFor)):
        yield from _targets(node.target, node.iter, node, (_EACH,))
    elif isinstance(node, (ast.With, ast.AsyncWith)):
        for item in node.items:
            if item.optional_vars is not None:
                yield from _targets(item.optional_vars, item.context_expr, node)
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        base = node.func.value
        if isinstance(base, ast.Name) and node.func.attr in ("append", "extend", "insert", "add"):
            for argument in node.args[-1:]:
                yield base.id, _Bound(argument, node, "", True)
        elif isinstance(base, ast.Name) and node.func.attr == "update":
            for argument in node.args[:1]:
                yield base.id, _Bound(argument, node, "", True)


def _targets(
    target: ast.expr, value: ast.expr, stmt: ast.AST, way: tuple[int, ...] = ()
) -> Iterator[tuple[str, _Bound]]:
    if isinstance(target, ast.Name):
        yield target.id, _Bound(value, stmt, way=way)
    elif isinstance(target, (ast.Tuple, ast.List)):
        same = not way and isinstance(value, ast.Tuple) and len(value.elts) == len(target.elts)
        starred = any(isinstance(each, ast.Starred) for each in target.elts)
        for index, each in enumerate(target.elts):
            if same and isinstance(value, ast.Tuple):
                yield from _targets(each, value.elts[index], stmt)
            elif starred:
                inner = each.value if isinstance(each, ast.Starred) else each
                yield from _targets(inner, value, stmt)
            else:
                yield from _targets(each, value, stmt, (*way, index))
    elif isinstance(target, ast.Subscript) and isinstance(target.value, ast.Name):
        key = target.slice.value if isinstance(target.slice, ast.Constant) else ""
        yield target.value.id, _Bound(value, stmt, str(key), not key)


def _into(bound: _Bound, way: tuple[int, ...]) -> tuple[int, ...]:
    """The way into what a name was given, that leads to a place in what the name holds."""
    if bound.key:
        return ()
    if bound.adds:
        added = isinstance(bound.stmt, ast.Call) and last_name(bound.stmt.func) != "extend"
        return way[1:] if added else way
    return (*bound.way, *way)


def _at_hand(elements: list[ast.expr], way: tuple[int, ...]) -> list[ast.expr]:
    """Those elements that a way may lead to."""
    place = way[0] if way else _EACH
    if place == _EACH or any(isinstance(each, ast.Starred) for each in elements):
        return elements
    return elements[place : place + 1]


def _reaching(module: Module, held: list[_Bound], use: ast.AST, scope: ast.AST) -> Iterator[_Bound]:
    """Those bindings of a name that may be the ones that are read at ``use``."""
    line = getattr(use, "lineno", 0)
    inside = within(module, use, scope) and not isinstance(use, FUNCTIONS)
    around = [use, *module.ancestors(use)] if inside else []
    first = 0
    for each in held:
        stmt = module.statement(each.stmt) if not isinstance(each.stmt, ast.stmt) else each.stmt
        if each.adds or each.key or stmt is None or not inside or stmt.lineno >= line:
            continue
        if isinstance(stmt, (ast.For, ast.AsyncFor, ast.With, ast.AsyncWith)):
            sure = stmt in around
        else:
            sure = module.parents.get(stmt) in around and not _other_branch(module, stmt, around)
        if sure:
            first = max(first, stmt.lineno)
    for each in held:
        place = getattr(each.stmt, "lineno", 0)
        if first and not first <= place <= line:
            continue
        if inside and _other_branch(module, each.stmt, around):
            continue
        yield each


def _other_branch(module: Module, node: ast.AST, around: list[ast.AST]) -> bool:
    """Whether a statement stands in another branch than the place that is looked at."""
    child = node
    for parent in module.ancestors(node):
        if parent in around:
            if not isinstance(parent, ast.If):
                return False
            mine = child in parent.body
            at = around.index(parent)
            theirs = at > 0 and around[at - 1] in parent.body
            in_test = at > 0 and around[at - 1] is parent.test
            return not in_test and mine != theirs
        child = parent
    return False


def _handles(value: Value) -> Iterator[tuple[Module, FunctionNode | ast.Lambda]]:
    for each in alternatives(value):
        handle = each.handle if isinstance(each, Object) else None
        if isinstance(handle, FunctionHandle) and isinstance(handle.node, (*FUNCTIONS, ast.Lambda)):
            yield handle.module, handle.node


def _handed(scope: ast.AST) -> frozenset[str]:
    """The names of a function's parameters, what it is called on left out."""
    if not isinstance(scope, (*FUNCTIONS, ast.Lambda)):
        return frozenset()
    return frozenset(p.arg for p in parameters(scope) if p.arg not in ("self", "cls"))


def _argument(entered: _Entered, name: str) -> ast.expr | None:
    """What a call hands to a parameter, as far as it is written there."""
    for keyword in entered.call.keywords:
        if keyword.arg == name:
            return keyword.value
    listed = entered.function.args
    names = [p.arg for p in (*listed.posonlyargs, *listed.args)]
    if names[:1] in (["self"], ["cls"]):
        names = names[1:]
    if name in names:
        index = names.index(name)
        given = entered.call.args
        if index < len(given) and not any(isinstance(a, ast.Starred) for a in given[: index + 1]):
            return given[index]
    return None


def _keys_read(scope: ast.AST) -> Iterator[str]:
    for node in walk(scope):
        key: ast.AST | None = None
        if isinstance(node, ast.Subscript) and not isinstance(node.ctx, ast.Store):
            key = node.slice
        elif isinstance(node, ast.Call) and last_name(node.func) in ("get", "pop") and node.args:
            key = node.args[0]
        elif isinstance(node, ast.Compare) and isinstance(node.ops[0], (ast.In, ast.NotIn)):
            key = node.left
        if isinstance(key, ast.Constant) and isinstance(key.value, str):
            yield key.value


def _asks_size(module: Module, scope: ast.AST, name: str) -> bool:
    """Whether what a function does with what a name holds hangs on its length.

    What is shown of it in a log may do so as well, and says nothing.
    """
    measured = module.measured.get(scope)
    if measured is None:
        measured = module.measured[scope] = [
            node
            for node in walk(scope)
            if isinstance(node, (ast.If, ast.While)) and _measures(node.test)
        ]
    return any(
        any(isinstance(n, ast.Name) and n.id == name for n in walk(node.test))
        and any(_decides(each, name) for stmt in node.body for each in walk(stmt))
        for node in measured
    )


def _decides(node: ast.AST, name: str) -> bool:
    if isinstance(node, (ast.Return, ast.Raise, ast.Continue, ast.Break)):
        return True
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        return last_name(node.func.value) == name
    return isinstance(node, ast.Name) and node.id == name and not isinstance(node.ctx, ast.Load)


def _measures(test: ast.AST) -> bool:
    return any(
        isinstance(each, ast.Compare)
        and any(isinstance(op, (ast.Lt, ast.LtE, ast.Gt, ast.GtE)) for op in each.ops)
        and any(isinstance(side, ast.Call) and last_name(side.func) == "len" for side in walk(each))
        and not any(
            isinstance(side, ast.Constant) and side.value in (0, 1)
            for side in (each.left, *each.comparators)
        )
        for each in walk(test)
    )
