"""What is done with the reply of a request, followed forward from the call.

A reply goes through names, helpers that are here and the callers of the function it is sent in, as
far as this module shows; what is done with its text on the way is written down. Only nodes near the
call are looked at, and their number is bounded.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from enum import Enum
from typing import NamedTuple

from skinflint.catalog.tasks import Tasks
from skinflint.linter.callers import Callers
from skinflint.linter.module import FUNCTIONS, LOOPS, FunctionNode, Module, dotted, parameters
from skinflint.linter.shapes import RUNNERS, within
from skinflint.linter.spans import Span, Step

#: Places a reply is followed to; ordinary ones take less than a hundred.
MOST_PLACES = 500
DEEPEST = 3  # helpers entered within each other
HIGHEST = 2  # levels of callers gone up
_NESTED = 4  # displays and names looked through for literals


class Kind(Enum):
    """What a value that comes of the reply is."""

    REPLY = "reply"  # the message, a stream of its events, a raw response
    CONTENT = "content"  # its list of blocks
    BLOCK = "block"  # one block, or an event of a stream
    TEXT = "text"  # text of it, or a piece of that
    DATA = "data"  # what a parser made of it
    FIELD = "field"  # one field of that
    NUMBER = "number"
    BOXED = "boxed"  # a text in a record of its own
    TYPE = "type"  # of a block, or why the reply ended
    USAGE = "usage"  # the counts of tokens, or a record that keeps their names
    COUNT = "count"  # the number of input tokens
    SUM = "sum"  # the same with those read from the cache and written to it
    PAIRS = "pairs"  # the keys of data, each with what stands under it


class Did(Enum):
    """One thing that is done with the reply."""

    COMPARED = "compared"  # equal to a literal
    MEMBER = "member"  # looked for in a closed set of literals, made a member of an enum
    CONTAINS = "contains"  # a literal is looked for in it
    INDEXED = "indexed"
    PARSED = "parsed"
    CLASS = "class"  # made an instance of a class that is here
    NUMBER = "number"
    MATCHED = "matched"  # by a regular expression
    FIELD = "field"  # a field of what was parsed is read
    FIELD_COMPARED = "field-compared"
    PICKED = "picked"  # an item of what was parsed names an entry of what the program had before
    LEFT = "left"  # what was parsed goes where it isn't followed
    SHOWN = "shown"
    RETURNED = "returned"  # to code that isn't here
    HISTORY = "history"  # put into the conversation as the assistant's turn
    TOOL = "tool"  # looked through for calls of tools
    HANDED = "handed"  # to something else
    NAMED = "named"  # its text is given a name


class Deed(NamedTuple):
    """Something done with the reply, and where. ``detail`` is a literal, a reader or a name."""

    did: Did
    span: Span
    detail: str = ""
    module: Module | None = None
    above: bool = False  # in a caller of the function the request is sent in


class _At(NamedTuple):
    """A value of the reply on its way."""

    module: Module
    node: ast.AST
    kind: Kind
    stack: tuple[tuple[Module, ast.Call], ...] = ()  # helpers entered, innermost last
    up: int = 0
    item: int | None = None  # its place in a tuple
    came: tuple[tuple[Module, ast.expr], ...] = ()  # places on the way, as far as somebody asks


_REPLIES = frozenset(
    (
        *("parse", "get_final_message", "until_done", "json", "model_dump", "to_dict", "result"),
        *("__enter__", "__aenter__", "__anext__", "__next__", "dict", "copy", "http_response"),
    )
)
#: What hands on what stands in it.
_TRANSPARENT = (
    *(ast.Await, ast.Starred, ast.JoinedStr, ast.FormattedValue, ast.BoolOp, ast.BinOp),
    *(ast.ListComp, ast.SetComp, ast.GeneratorExp, ast.List, ast.Set),
)
_ELEMENTS = {Kind.REPLY: Kind.BLOCK, Kind.CONTENT: Kind.BLOCK}
_TABLES = (ast.Dict, ast.List, ast.Tuple)
_PARTS = ("values", "keys", "copy", "model_dump", "dict")  # of data
#: What puts something into a container.
_FILLS = ("add", "append", "extend", "insert", "update", "setdefault")
_WHOLE = (Kind.REPLY, Kind.CONTENT, Kind.BLOCK)
_TEXTS = (Kind.TEXT, Kind.FIELD)


class Follower:
    """Follows one reply. ``chain`` are the calls that led to the request, outermost first."""

    def __init__(self, callers: Callers, tasks: Tasks, chain: tuple[Step, ...]) -> None:
        self.callers = callers
        self.tasks = tasks
        self.chain = chain
        self.deeds: list[Deed] = []
        self.above: list[tuple[Module, ast.AST]] = []  # the call, and calls that lead to it
        self._work: list[_At] = []
        self._seen: set[tuple[ast.AST, Kind, int, int | None]] = set()

    def follow(self, module: Module, call: ast.AST) -> tuple[Deed, ...]:
        """What is done with the reply of ``call``, in order of places, each once."""
        self.above.append((module, call))
        self._push(_At(module, call, Kind.REPLY))
        while self._work and len(self._seen) < MOST_PLACES:
            self._step(self._work.pop())
        if self._work:
            self._did(Did.LEFT, self._work[-1], self._work[-1].node)
        return tuple(dict.fromkeys(sorted(self.deeds, key=lambda d: (d.span, d.did.value))))

    def _push(self, at: _At) -> None:
        key = (at.node, at.kind, hash(at.stack), at.item)
        if key not in self._seen:
            self._seen.add(key)
            self._work.append(at)

    def _did(self, did: Did, at: _At, node: ast.AST, detail: str = "") -> None:
        self.deeds.append(Deed(did, at.module.span(node), detail, at.module, at.up > 0))

    # -- one step up ------------------------------------------------------------------------------

    def _step(self, at: _At) -> None:
        module, node = at.module, at.node
        parent = module.parents.get(node)
        if parent is None:
            return
        if isinstance(parent, _TRANSPARENT):
            self._push(at._replace(node=parent))
        elif isinstance(parent, (ast.Assign, ast.AnnAssign, ast.AugAssign, ast.NamedExpr)):
            targets = parent.targets if isinstance(parent, ast.Assign) else [parent.target]
            for target in targets:
                self._bind(target, at, parent)
            if isinstance(parent, ast.NamedExpr):
                self._push(at._replace(node=parent))
        elif isinstance(parent, ast.withitem):
            if parent.optional_vars is not None:
                self._bind(parent.optional_vars, at, module.parents[parent])
        elif isinstance(parent, (ast.For, ast.AsyncFor, ast.comprehension)):
            if node is parent.iter:
                inner = at._replace(kind=_ELEMENTS.get(at.kind, at.kind))
                where = module.parents[parent] if isinstance(parent, ast.comprehension) else parent
                self._bind(parent.target, inner, where)
        elif isinstance(parent, ast.IfExp):
            if node is not parent.test:
                self._push(at._replace(node=parent))
        elif isinstance(parent, ast.Compare):
            self._compared(at, parent)
        elif isinstance(parent, ast.Subscript):
            self._subscripted(at, parent)
        elif isinstance(parent, ast.Attribute):
            above = module.parents.get(parent)
            call = above if isinstance(above, ast.Call) and above.func is parent else None
            self._attribute(at, parent.attr, call or parent, call)
        elif isinstance(parent, ast.Call):
            self._handed(at, parent, node)
        elif isinstance(parent, ast.keyword):
            above = module.parents[parent]
            if isinstance(above, ast.Call):
                self._handed(at, above, parent)
        elif isinstance(parent, ast.Dict):
            self._boxed(at, parent)
        elif isinstance(parent, ast.DictComp):
            if node is parent.value and at.kind in (Kind.DATA, Kind.FIELD):
                self._push(at._replace(node=parent))  # ``{each["id"]: each for each in data}``
        elif isinstance(parent, ast.Tuple):
            self._push(at._replace(node=parent, item=_position(parent, node)))
        elif isinstance(parent, (ast.Return, ast.Yield, ast.YieldFrom)):
            self._returned(at, parent)
        elif isinstance(parent, ast.Lambda):
            # ``retry(lambda: client.messages.create(...))``: what calls it hands on the reply.
            above = module.parents.get(parent)
            if isinstance(above, ast.Call) and parent in above.args and at.kind in _WHOLE:
                self._push(at._replace(node=above))
        elif isinstance(parent, ast.Match) and node is parent.subject and at.kind in _TEXTS:
            self._matched(at, parent)

    # -- names ------------------------------------------------------------------------------------

    def _bind(self, target: ast.expr, at: _At, where: ast.AST) -> None:
        if at.kind is Kind.PAIRS:
            at = at._replace(kind=Kind.DATA)
            if isinstance(target, ast.Tuple) and len(target.elts) == 2:
                target = target.elts[1]  # what keys are called says nothing of the answers
        if isinstance(target, (ast.Tuple, ast.List)):
            for index, element in enumerate(target.elts):
                if at.item is None or index == at.item:
                    self._bind(element, at._replace(item=None), where)
            return
        if isinstance(target, ast.Name):
            if at.kind is Kind.TEXT and at.item is None:
                self._did(Did.NAMED, at, target, target.id)
            for load in self._loads(at.module, target.id, target, where):
                self._push(at._replace(node=load))
        elif at.kind in (Kind.TEXT, Kind.BOXED):
            self._did(Did.HANDED, at, target, dotted(target) or "a record")
        elif at.kind is Kind.DATA:
            self._did(Did.LEFT, at, target)

    def _loads(
        self, module: Module, name: str, target: ast.expr, where: ast.AST
    ) -> Iterator[ast.expr]:
        """Where a name is read after it was bound at ``target`` by the statement ``where``."""
        compound = isinstance(where, (ast.For, ast.AsyncFor, ast.With, ast.AsyncWith))
        expression = isinstance(where, ast.expr)
        scope = where if expression and not isinstance(where, ast.NamedExpr) else None
        home = module.scope(target)
        after = target if compound else where
        line = getattr(after, "end_lineno", 0), getattr(after, "end_col_offset", 0)
        for load in module.loads.get(name, ()):
            if not isinstance(load, ast.Name):
                continue
            if scope is not None:
                if within(module, load, scope):
                    yield load
                continue
            if not self._sees(module, load, home, name):
                continue
            stmt = module.statement(where)
            before = (load.lineno, load.col_offset) < line
            if stmt is not None and self._reaches(module, load, stmt, name, before):
                yield load

    @staticmethod
    def _sees(module: Module, load: ast.AST, home: ast.AST, name: str) -> bool:
        scope: ast.AST = module.scope(load)
        while scope is not home:
            if isinstance(scope, ast.Module) or name in module.locals_of(scope):
                return False
            scope = module.scope(scope)
        return True

    @staticmethod
    def _reaches(
        module: Module, load: ast.AST, bound: ast.stmt, name: str, carried: bool = False
    ) -> bool:
        """Whether what ``bound`` gave a name is still there at ``load``.

        ``carried``: only the next round of a loop around both could bring it there.
        """
        stmt = module.statement(load)
        if stmt is bound and carried:
            return False
        while stmt is not None and stmt is not bound:
            try:
                block, index = module.place(stmt)
            except LookupError:
                return not carried
            for earlier in reversed(block[:index]):
                if not carried and (earlier is bound or within(module, bound, earlier)):
                    return True
                if isinstance(earlier, (ast.Assign, ast.AnnAssign)):
                    targets = (
                        earlier.targets if isinstance(earlier, ast.Assign) else [earlier.target]
                    )
                    if any(isinstance(t, ast.Name) and t.id == name for t in targets):
                        return False
            above = module.parents[stmt]
            if isinstance(above, (*FUNCTIONS, ast.Module, ast.ClassDef)):
                return not carried
            stmt = module.statement(above)
            if stmt is not None and stmt is not bound and within(module, bound, stmt):
                if isinstance(stmt, LOOPS):
                    return True
                if isinstance(stmt, (ast.If, ast.Match)):
                    carried = True  # it stands in the other branch
        return True

    # -- comparing and choosing -------------------------------------------------------------------

    def _compared(self, at: _At, node: ast.Compare) -> None:
        sides = [node.left, *node.comparators]
        literals = [s for side in sides if side is not at.node for s in self._literals(side, at)]
        if at.kind is Kind.TYPE:
            if "tool_use" in literals:
                self._did(Did.TOOL, at, node)
            return
        op = node.ops[0]
        if at.kind is Kind.DATA and isinstance(op, (ast.In, ast.NotIn)) and at.node is node.left:
            self._picked(at, node, node.comparators[0])
        if at.kind not in _TEXTS:
            return
        did = Did.FIELD_COMPARED if at.kind is Kind.FIELD else Did.COMPARED
        if isinstance(op, (ast.Eq, ast.NotEq)):
            for literal in literals:
                if literal:
                    self._did(did, at, node, literal)
        elif isinstance(op, (ast.In, ast.NotIn)):
            if at.node is node.left:
                closed = not isinstance(node.comparators[0], ast.Constant)
                if closed and (literals or self._is_closed(node.comparators[0])):
                    found = did if at.kind is Kind.FIELD else Did.MEMBER
                    self._did(found, at, node, ast.unparse(node.comparators[0])[:40])
                else:
                    self._did(Did.HANDED, at, node, "a test of membership")
            else:
                for literal in literals or [""]:
                    contains = Did.CONTAINS if at.kind is Kind.TEXT else did
                    self._did(contains, at, node, literal)

    def _picked(self, at: _At, node: ast.AST, container: ast.expr) -> None:
        """An item is looked for in something: a choice, if that was there before it was asked for.

        What is filled with items of the reply, to find those that come twice, offers no choice.
        """
        named = container.value if isinstance(container, ast.Subscript) else container
        if isinstance(named, ast.Call) and isinstance(named.func, ast.Attribute):
            named = named.func.value  # ``names.keys()``
        asked = next((call for module, call in self.above if module is at.module), None)
        if not isinstance(named, ast.Name) or asked is None:
            return
        module = at.module
        scope = module.scope(asked)
        line = getattr(asked, "end_lineno", 0)
        uses = [
            use
            for use in module.loads.get(named.id, ())
            if isinstance(use, ast.Name) and within(module, use, scope)
        ]
        if any(use.lineno <= line for use in uses) and not any(
            use.lineno > line and _is_filled(module, use) for use in uses
        ):
            self._did(Did.PICKED, at, node, named.id)

    def _matched(self, at: _At, node: ast.Match) -> None:
        for case in node.cases:
            for inner in ast.walk(case.pattern):
                if isinstance(inner, ast.MatchValue):
                    for literal in self._literals(inner.value, at):
                        did = Did.COMPARED if at.kind is Kind.TEXT else Did.FIELD_COMPARED
                        self._did(did, at, inner, literal)

    def _literals(self, node: ast.expr, at: _At, deep: int = 0) -> list[str]:
        """The texts an expression may be compared as: written here, or under a constant's name."""
        if deep > _NESTED:
            return []  # ``kinds = set(kinds)``
        if isinstance(node, ast.Constant):
            return [node.value] if isinstance(node.value, str) else []
        if isinstance(node, (ast.Tuple, ast.List, ast.Set)):
            return [s for each in node.elts for s in self._literals(each, at, deep + 1)]
        if isinstance(node, ast.Dict):
            return [
                s
                for each in node.keys
                if each is not None
                for s in self._literals(each, at, deep + 1)
            ]
        if isinstance(node, ast.Call) and dotted(node.func) in ("set", "frozenset", "tuple"):
            return [s for each in node.args[:1] for s in self._literals(each, at, deep + 1)]
        if isinstance(node, ast.Name):
            bound = self._display(node, at.module)
            return self._literals(bound, at, deep + 1) if bound is not None else []
        return []

    @staticmethod
    def _is_closed(node: ast.expr) -> bool:
        """Whether a container is a fixed set of names: a constant, the values of an enum."""
        name = (dotted(node) or "").rpartition(".")[2]
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            name = (dotted(node.func.value) or "").rpartition(".")[2]
        return bool(name) and name == name.upper() and name != name.lower()

    @staticmethod
    def _display(node: ast.Name, module: Module) -> ast.expr | None:
        """The display or call that a name is bound to once, in its function or in the module."""
        scope: ast.AST = module.scope(node)
        while True:
            body = getattr(scope, "body", None)
            found = [
                stmt.value
                for stmt in (body if isinstance(body, list) else ())
                if isinstance(stmt, (ast.Assign, ast.AnnAssign))
                for target in (stmt.targets if isinstance(stmt, ast.Assign) else [stmt.target])
                if isinstance(target, ast.Name) and target.id == node.id
            ]
            if found or isinstance(scope, ast.Module):
                return found[0] if len(found) == 1 else None
            scope = module.scope(scope)

    def _subscripted(self, at: _At, node: ast.Subscript) -> None:
        if node.value is not at.node:
            if at.kind is Kind.NUMBER or (at.kind is Kind.TEXT and self._is_table(node.value, at)):
                self._did(Did.INDEXED, at, node, ast.unparse(node.value)[:40])
            elif at.kind in _TEXTS:
                did = Did.HANDED if at.kind is Kind.TEXT else Did.FIELD_COMPARED
                self._did(did, at, node, "a key")
            elif at.kind is Kind.DATA and isinstance(node.ctx, ast.Load):
                self._picked(at, node, node.value)
            return
        key = node.slice.value if isinstance(node.slice, ast.Constant) else None
        if at.item is not None:
            if key == at.item:
                self._push(at._replace(node=node, item=None))
            return
        if at.kind is Kind.CONTENT:
            sliced = isinstance(node.slice, ast.Slice)
            self._push(at._replace(node=node, kind=Kind.CONTENT if sliced else Kind.BLOCK))
        elif at.kind in (Kind.DATA, Kind.FIELD) and isinstance(key, str):
            self._did(Did.FIELD, at, node, key)
            self._push(at._replace(node=node, kind=Kind.FIELD))
        elif at.kind in (Kind.REPLY, Kind.BLOCK) and isinstance(key, str):
            self._attribute(at, key, node, None)
        elif at.kind is not Kind.BOXED:
            self._push(at._replace(node=node))

    # -- attributes and methods -------------------------------------------------------------------

    def _attribute(self, at: _At, name: str, node: ast.expr, call: ast.Call | None) -> None:
        """``node`` is the whole: the attribute, or the call of it."""
        if at.kind in _WHOLE:
            self._of_reply(at, name, node)
        elif at.kind is Kind.TEXT:
            self._of_text(at, name, node, call)
        elif at.kind in (Kind.DATA, Kind.FIELD):
            self._of_data(at, name, node, call)

    def _of_reply(self, at: _At, name: str, node: ast.expr) -> None:
        if name == "content":
            kind = Kind.TEXT if at.kind is Kind.BLOCK else Kind.CONTENT
            self._push(at._replace(node=node, kind=kind))
        elif name in ("text", "text_stream", "get_final_text", "completion", "output_text"):
            self._push(at._replace(node=node, kind=Kind.TEXT))
        elif name in ("parsed_output", "parsed", "input"):
            if name != "input":
                self._did(Did.PARSED, at, node, name)
            self._push(at._replace(node=node, kind=Kind.DATA))
        elif name in ("stop_reason", "type"):
            self._push(at._replace(node=node, kind=Kind.TYPE))
        elif name in ("delta", "content_block", "event"):
            self._push(at._replace(node=node, kind=Kind.BLOCK))
        elif name in ("message", *_REPLIES):
            self._push(at._replace(node=node, kind=Kind.REPLY))

    def _of_text(self, at: _At, name: str, node: ast.expr, call: ast.Call | None) -> None:
        if call is None:
            return
        if name in ("startswith", "endswith"):
            for literal in (s for a in call.args[:1] for s in self._literals(a, at)):
                self._did(Did.CONTAINS, at, node, literal)
        elif self.tasks.reads("keeps", name):
            self._push(at._replace(node=node))
        elif name not in ("isdigit", "isnumeric", "isspace", "append", "count", "find", "rfind"):
            self._did(Did.HANDED, at, node, f".{name}()")

    def _of_data(self, at: _At, name: str, node: ast.expr, call: ast.Call | None) -> None:
        if call is None:
            self._did(Did.FIELD, at, node, name)
            self._push(at._replace(node=node, kind=Kind.FIELD))
        elif name in ("get", "pop", "setdefault") and call.args:
            key = call.args[0]
            if isinstance(key, ast.Constant) and isinstance(key.value, str):
                self._did(Did.FIELD, at, node, key.value)
                self._push(at._replace(node=node, kind=Kind.FIELD))
            elif at.kind is Kind.DATA:
                self._push(at._replace(node=node))  # what stands under some key
        elif name == "items" and at.kind is Kind.DATA:
            self._push(at._replace(node=node, kind=Kind.PAIRS))
        elif name == "items":
            self._push(at._replace(node=node))
        elif at.kind is Kind.DATA and self.tasks.reads("keeps", name):
            self._push(at._replace(node=node))  # a text in a list
        elif name in _PARTS or (at.kind is Kind.FIELD and self.tasks.reads("keeps", name)):
            self._push(at._replace(node=node))

    # -- calls ------------------------------------------------------------------------------------

    def _handed(self, at: _At, call: ast.Call, argument: ast.AST) -> None:
        name = _name(call)
        last = name.rpartition(".")[2]
        tasks = self.tasks
        textual = at.kind in _TEXTS
        if last == "getattr" and len(call.args) > 1 and call.args[0] is argument:
            key = call.args[1]
            if isinstance(key, ast.Constant) and isinstance(key.value, str):
                self._attribute(at, key.value, call, None)
            return
        if last == "isinstance" and at.kind is Kind.BLOCK and len(call.args) > 1:
            if "ToolUse" in ast.unparse(call.args[1]):
                self._did(Did.TOOL, at, call)
        if tasks.reads("neutral", last):
            return
        if isinstance(call.func, ast.Attribute) and last in ("append", "extend", "insert"):
            self._appended(at, call)
        elif at.kind is Kind.TEXT and tasks.reads("numbers", name):
            self._did(Did.NUMBER, at, call, last)
            self._push(at._replace(node=call, kind=Kind.NUMBER))
        elif textual and (tasks.reads("data", name) or tasks.reads("validators", last)):
            self._did(Did.PARSED, at, call, name)
            self._push(at._replace(node=call, kind=Kind.DATA))
        elif at.kind is Kind.TEXT and last in tasks.readers["searches"] and self._regex(at, call):
            self._push(at._replace(node=call))
        elif self._enter(at, call, argument):
            return
        elif tasks.reads("hands_on", name) or (
            last == "join" and isinstance(call.func, ast.Attribute)
        ):
            self._push(at._replace(node=call))
        elif self._is_record(name) or self._builds(at, call, last):
            return
        elif tasks.reads("shows", last):
            self._showed(at, call, last)
        elif (
            textual
            and last in ("get", "pop", "index")
            and isinstance(call.func, ast.Attribute)
            and call.args[:1] == [argument]
        ):
            self._looked_up(at, call, call.func.value)
        elif at.kind in (*_WHOLE, Kind.TEXT):
            self._to_stranger(at, call, last)
        elif (
            at.kind is Kind.DATA
            and last == "get"
            and isinstance(call.func, ast.Attribute)
            and call.args[:1] == [argument]
        ):
            self._picked(at, call, call.func.value)
        elif at.kind in (Kind.DATA, Kind.PAIRS):
            self._did(Did.LEFT, at, call)

    def _is_record(self, name: str) -> bool:
        """Whether a function notes what was sent and received, whatever the reply is for."""
        return self.tasks.speaks("records", ".".join(name.split(".")[-2:]))

    def _to_stranger(self, at: _At, call: ast.Call, last: str) -> None:
        """A function that isn't here: its name may tell whether it parses or hands on."""
        tasks = self.tasks
        if at.kind is Kind.TEXT and tasks.speaks("parsers", last):
            self._did(Did.PARSED, at, call, f"{last}()")
            self._push(at._replace(node=call, kind=Kind.DATA))
        elif at.kind in _WHOLE and tasks.reads("messages", last):
            self._push(at._replace(node=call, kind=Kind.REPLY))
        elif at.kind in _WHOLE and tasks.speaks("texts", last):
            self._push(at._replace(node=call, kind=Kind.TEXT))
        elif at.kind is Kind.TEXT and tasks.speaks("cleans", last):
            self._push(at._replace(node=call))
        elif last[:1].isupper():
            self._push(at._replace(node=call, kind=Kind.BOXED))
        elif at.kind is Kind.TEXT:
            self._did(Did.HANDED, at, call, f"{last}()")

    def _builds(self, at: _At, call: ast.Call, last: str) -> bool:
        """Whether a class that is here is made of it: an enum, a model of what was parsed."""
        node = at.module.classes.get(last)
        if node is None:
            return False
        bases = [(dotted(base) or "").rpartition(".")[2] for base in node.bases]
        if any(base.endswith("Enum") for base in bases):
            if at.kind in _TEXTS:
                did = Did.MEMBER if at.kind is Kind.TEXT else Did.FIELD_COMPARED
                self._did(did, at, call, last)
        elif at.kind is Kind.DATA:
            self._did(Did.CLASS, at, call, last)
        elif at.kind in (Kind.TEXT, *_WHOLE):
            self._push(at._replace(node=call, kind=Kind.BOXED))
        return True

    def _showed(self, at: _At, call: ast.Call, last: str) -> None:
        module = at.module
        if any(k.arg == "file" for k in call.keywords):
            return
        for above in module.ancestors(call):
            if isinstance(above, ast.ExceptHandler):
                return  # what went wrong is shown, not the reply
            if isinstance(above, FUNCTIONS):
                break
        if at.kind in (Kind.TEXT, Kind.BLOCK, Kind.CONTENT, Kind.BOXED):
            self._did(Did.SHOWN, at, call, last)

    def _appended(self, at: _At, call: ast.Call) -> None:
        assert isinstance(call.func, ast.Attribute)
        receiver = call.func.value
        if isinstance(receiver, ast.Name) and at.kind is not Kind.BOXED:
            # ``parts.append(block.text)``: read where the list is.
            stmt = at.module.statement(call)
            loads = (
                list(self._loads(at.module, receiver.id, receiver, stmt))
                if stmt is not None
                else []
            )
            for load in loads:
                self._push(at._replace(node=load))
            if not loads and at.kind is Kind.TEXT:
                self._did(Did.HANDED, at, call, "a list")
            elif not loads and at.kind is Kind.DATA:
                self._did(Did.LEFT, at, call)
        elif at.kind in (Kind.TEXT, Kind.BOXED):
            self._did(Did.HANDED, at, call, "a list")
        elif at.kind is Kind.DATA:
            self._did(Did.LEFT, at, call)

    def _boxed(self, at: _At, node: ast.Dict) -> None:
        if at.node not in node.values:
            if at.kind is Kind.TEXT:
                self._did(Did.HANDED, at, node, "a key")
            return
        if at.kind is Kind.DATA:
            self._did(Did.LEFT, at, node)
        if at.kind not in (*_WHOLE, Kind.TEXT, Kind.BOXED):
            return
        roles = {
            key.value: value
            for key, value in zip(node.keys, node.values, strict=True)
            if isinstance(key, ast.Constant)
        }
        role = roles.get("role")
        said = isinstance(role, ast.Constant) and role.value == "assistant"
        if said and roles.get("content") is at.node:
            self._did(Did.HISTORY, at, node)
            return
        typed = roles.get("type")
        if isinstance(typed, ast.Constant) and typed.value == "text" and at.kind is Kind.TEXT:
            # A block of text, on its way into a message.
            self._push(at._replace(node=node, kind=Kind.CONTENT))
            return
        self._push(at._replace(node=node, kind=Kind.BOXED))

    def _looked_up(self, at: _At, call: ast.Call, table: ast.expr) -> None:
        if self._is_table(table, at):
            did = Did.INDEXED if at.kind is Kind.TEXT else Did.FIELD_COMPARED
            self._did(did, at, call, ast.unparse(table)[:40])
        elif at.kind is Kind.TEXT:
            self._did(Did.HANDED, at, call, f"{ast.unparse(call.func)[:40]}()")

    def _is_table(self, node: ast.expr, at: _At) -> bool:
        """Whether something is a fixed table: written out here, or a constant."""
        if isinstance(node, ast.Name):
            bound = self._display(node, at.module)
            if bound is not None:
                # what starts empty is filled as it goes
                return isinstance(bound, _TABLES) and bool(ast.unparse(bound).strip("[](){}"))
        return isinstance(node, _TABLES) or self._is_closed(node)

    def _regex(self, at: _At, call: ast.Call) -> bool:
        """Whether a call matches a regular expression; the pattern is noted where it is here."""
        assert isinstance(call.func, (ast.Attribute, ast.Name))
        pattern: ast.expr | None = None
        if isinstance(call.func, ast.Name):
            return False
        receiver = call.func.value
        if isinstance(receiver, ast.Name) and receiver.id in ("re", "regex"):
            pattern = call.args[0] if call.args else None
        elif isinstance(receiver, ast.Call) and dotted(receiver.func) == "re.compile":
            pattern = receiver.args[0] if receiver.args else None
        elif isinstance(receiver, ast.Name):
            bound = self._display(receiver, at.module)
            if not (isinstance(bound, ast.Call) and dotted(bound.func) == "re.compile"):
                return False
            pattern = bound.args[0] if bound.args else None
        else:
            return False
        if isinstance(pattern, ast.Name):
            pattern = self._display(pattern, at.module)
        literal = pattern.value if isinstance(pattern, ast.Constant) else ""
        self._did(Did.MATCHED, at, call, literal if isinstance(literal, str) else "")
        return True

    # -- functions --------------------------------------------------------------------------------

    def _enter(self, at: _At, call: ast.Call, argument: ast.AST) -> bool:
        """Follow an argument into a function of this module."""
        if at.kind in (Kind.BOXED, Kind.NUMBER, Kind.TYPE) or len(at.stack) >= DEEPEST:
            return False
        function = self._function(at.module, call)
        if function is None:
            return False
        names = [p.arg for p in parameters(function)]
        static = any(dotted(d) == "staticmethod" for d in function.decorator_list)
        if at.module.enclosing_class(function) is not None and not static:
            names = names[1:]
        name = ""
        if isinstance(argument, ast.keyword):
            name = argument.arg or ""
        elif argument in call.args:
            place = call.args.index(argument)
            name = names[place] if place < len(names) else ""
        if name not in names:
            return True
        inner = at._replace(stack=(*at.stack, (at.module, call)), item=None)
        for load in at.module.loads.get(name, ()):
            if isinstance(load, ast.Name) and within(at.module, load, function):
                if self._sees(at.module, load, function, name):
                    first = function.body[0]
                    if self._reaches(at.module, load, first, name):
                        self._push(inner._replace(node=load))
        return True

    @staticmethod
    def _function(module: Module, call: ast.Call) -> FunctionNode | None:
        """The function of this module that a call means."""
        func = call.func
        if isinstance(func, ast.Name):
            found = [f for f in module.functions if f.name == func.id]
            found = [f for f in found if module.enclosing_class(f) is None]
        elif isinstance(func, ast.Attribute) and isinstance(func.value, ast.Name):
            owner: ast.AST | None = None
            if func.value.id in ("self", "cls"):
                scope: ast.AST = module.scope(call)
                while isinstance(scope, ast.Lambda) or (
                    isinstance(scope, FUNCTIONS) and module.enclosing_class(scope) is None
                ):
                    scope = module.scope(scope)
                owner = module.enclosing_class(scope)
            else:
                owner = module.classes.get(func.value.id)
            if owner is None:
                return None
            found = [
                f
                for f in module.functions
                if f.name == func.attr and module.enclosing_class(f) is owner
            ]
        else:
            return None
        return found[0] if len(found) == 1 else None

    def _returned(self, at: _At, node: ast.AST) -> None:
        module = at.module
        if at.stack:
            outer, call = at.stack[-1]
            self._push(at._replace(module=outer, node=call, stack=at.stack[:-1]))
            return
        scope = module.scope(node)
        if not isinstance(scope, FUNCTIONS):
            return
        entry = self.callers.of(module).entry(scope)
        if entry is not None:
            if at.kind in (Kind.TEXT, Kind.BOXED, Kind.CONTENT, Kind.BLOCK):
                self._did(Did.SHOWN, at, node, f"{scope.name}()")
            elif at.kind in (Kind.DATA, Kind.PAIRS):
                self._did(Did.LEFT, at, node)
            return
        calls = self._calls_of(scope, module, at.up) if at.up < HIGHEST else []
        for outer, call in calls:
            if (outer, call) not in self.above:
                self.above.append((outer, call))
            self._push(at._replace(module=outer, node=call, up=at.up + 1))
        if not calls and at.kind in (Kind.DATA, Kind.PAIRS):
            self._did(Did.LEFT, at, node)
        if calls or at.kind not in (Kind.CONTENT, Kind.BLOCK, Kind.TEXT, Kind.BOXED):
            return
        if isinstance(node, (ast.Yield, ast.YieldFrom)):
            self._did(Did.SHOWN, at, node, "yield")
        else:
            self._did(Did.RETURNED, at, node, f"{scope.name}()")

    def _calls_of(
        self, function: FunctionNode, module: Module, up: int
    ) -> list[tuple[Module, ast.Call]]:
        """The calls of a function: the one of this chain, where there is a chain."""
        sites = self.callers.of(module).sites(function)
        calls = [(site.module, site.call) for site in sites]
        if up < len(self.chain):
            span = self.chain[-1 - up].span
            mine = [(outer, call) for outer, call in calls if outer.span(call) == span]
            if mine:
                return mine
        if not calls:
            # Handed to something that isn't here, and runs it: ``retry(send)``.
            for load in module.loads.get(function.name, ()):
                parent = module.parents.get(load)
                if isinstance(parent, ast.Call) and load in parent.args:
                    if isinstance(load, ast.Name) or _last(parent) in RUNNERS:
                        calls.append((module, parent))
        return calls


def _is_filled(module: Module, use: ast.Name) -> bool:
    """Whether something is put into what a name stands for where it is read."""
    parent = module.parents.get(use)
    if isinstance(parent, ast.Subscript):
        return parent.value is use and not isinstance(parent.ctx, ast.Load)
    return isinstance(parent, ast.Attribute) and parent.attr in _FILLS


def _name(call: ast.Call) -> str:
    """The dotted name of what is called; its last name where it isn't a plain path."""
    return dotted(call.func) or str(getattr(call.func, "attr", ""))


def _last(call: ast.Call) -> str:
    return _name(call).rpartition(".")[2]


def _position(tuple_: ast.Tuple, node: ast.AST) -> int:
    return next(place for place, each in enumerate(tuple_.elts) if each is node)
