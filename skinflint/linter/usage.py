"""What becomes of the usage that comes with a reply: which of its counts are read, and priced.

The reply is followed as for its task (``reply.py``); from the usage on, counts are followed through
names, records that keep their names, attributes that they are added to, and functions, also those
of other modules.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from skinflint.catalog import api
from skinflint.catalog import tasks as task_facts
from skinflint.linter.activation import Activation, FunctionHandle
from skinflint.linter.callers import Callers
from skinflint.linter.module import FUNCTIONS, FunctionNode, Module, dotted, parameters
from skinflint.linter.reply import DEEPEST, Follower, Kind, _At
from skinflint.linter.request import Priced, Usage
from skinflint.linter.shapes import within
from skinflint.linter.spans import Role, Span, Step
from skinflint.linter.values import Object, alternatives

_COUNTED = (Kind.USAGE, Kind.COUNT, Kind.SUM)
#: Calls that hand a number on as it is.
_SAME = ("int", "float", "round", "max", "min", "abs", "Decimal")
#: Calls that hand a record on as it is.
_RECORDS = ("dict", "vars", "asdict", "model_dump", "to_dict", "copy")
#: Calls that keep nothing of what they are handed.
_LOOKS = ("print", "len", "str", "repr", "type", "isinstance", "hasattr", "getattr")
#: Names of counts of what was read from the cache, or written to it.
_HELD = re.compile(r"cache_?(?:read|creat|writ)|cached_(?:input_)?tokens", re.IGNORECASE)
_WORDS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")


def usage_of(callers: Callers, act: Activation, node: ast.Call) -> Usage:
    """What becomes of the usage of the request that ``node`` sends."""
    follower = _UsageFollower(callers, act, node)
    follower.follow(act.module, node)
    project = callers.ev.project
    words = follower.facts.record
    module, text = act.module, act.module.source.text
    return Usage(
        tuple(sorted(dict.fromkeys(follower.priced), key=lambda p: p.span)),
        tuple(sorted(dict.fromkeys(follower.twice), key=lambda p: p.span)),
        tuple(sorted(dict.fromkeys(follower.differences()), key=lambda p: p.span)),
        tuple(sorted(follower.read)),
        follower.away,
        _bound(act.module, node),
        lambda: project.says(module, words) if project else any(word in text for word in words),
    )


def _bound(module: Module, node: ast.Call) -> tuple[Span, str] | None:
    """The statement that gives a reply a name right away, and that name."""
    stmt = module.statement(node)
    if not isinstance(stmt, ast.Assign) or len(stmt.targets) != 1:
        return None
    value = stmt.value.value if isinstance(stmt.value, ast.Await) else stmt.value
    target = stmt.targets[0]
    if value is not node or not isinstance(target, ast.Name):
        return None
    return module.span(stmt), target.id


class _UsageFollower(Follower):
    """Follows the usage of one reply."""

    def __init__(self, callers: Callers, act: Activation, sent: ast.Call) -> None:
        super().__init__(callers, task_facts.load(), act.chain)
        self.facts = api.load().usage
        self.act = act
        self.sent = sent
        self.priced: list[Priced] = []
        self.twice: list[Priced] = []
        self.taken: list[tuple[ast.AST, Priced]] = []
        self.read: set[Span] = set()
        self.away = False

    # -- one step up ------------------------------------------------------------------------------

    def _step(self, at: _At) -> None:
        parent = at.module.parents.get(at.node)
        if at.kind in (Kind.COUNT, Kind.SUM):
            if at.kind is Kind.COUNT and isinstance(parent, ast.BinOp):
                self._take(at, parent)
            if self._is_priced(at):
                return
            if at.kind is Kind.COUNT and isinstance(parent, ast.BinOp):
                if isinstance(parent.op, ast.Add) and self._tells_cache(at.module, parent):
                    self._push(at._replace(node=parent, kind=Kind.SUM))
                    return
        super()._step(at)

    def _bind(self, target: ast.expr, at: _At, where: ast.AST) -> None:
        plain = isinstance(target, (ast.Tuple, ast.List, ast.Name))
        if at.kind not in _COUNTED or plain:
            self.away = self.away or (at.kind is Kind.REPLY and not plain)
            super()._bind(target, at, where)
            return
        # ``self.total += usage.input_tokens``, ``stats["input"] += ...``: read under that name.
        at = at._replace(came=(*at.came, (at.module, target)))
        if isinstance(target, ast.Attribute):
            for load in at.module.loads.get(target.attr, ()):
                if isinstance(load, ast.Attribute) and self._same_owner(at.module, load, target):
                    self._push(at._replace(node=load, stack=()))
        elif isinstance(target, ast.Subscript) and isinstance(target.slice, ast.Constant):
            name = (dotted(target.value) or "").rpartition(".")[2]
            for load in at.module.loads.get(name, ()):
                above = at.module.parents.get(load)
                if (
                    isinstance(above, ast.Subscript)
                    and isinstance(above.ctx, ast.Load)
                    and isinstance(above.slice, ast.Constant)
                    and above.slice.value == target.slice.value
                ):
                    self._push(at._replace(node=above, stack=()))

    @staticmethod
    def _same_owner(module: Module, load: ast.Attribute, target: ast.Attribute) -> bool:
        """Whether both mean an attribute of the same object: ``self`` of one class, one name."""
        if ast.dump(load.value) != ast.dump(_loaded(target.value)):
            return False
        if dotted(load.value) != "self":
            return True
        classes = [_class_of(module, node) for node in (load, target)]
        return classes[0] is classes[1]

    # -- what is read of it -----------------------------------------------------------------------

    def _attribute(self, at: _At, name: str, node: ast.expr, call: ast.Call | None) -> None:
        if at.kind is Kind.USAGE:
            if call is not None and name in ("get", "pop") and call.args:
                key = call.args[0]
                if isinstance(key, ast.Constant) and isinstance(key.value, str):
                    self._field(at, key.value, call)
            elif call is not None and name in _RECORDS:
                self._push(at._replace(node=node))
            else:
                self._field(at, name, node)
        elif at.kind in (Kind.REPLY, Kind.BLOCK) and name == "usage":
            self.read.add(at.module.span(node))
            self._push(at._replace(node=node, kind=Kind.USAGE))
        elif at.kind not in (Kind.COUNT, Kind.SUM):
            super()._attribute(at, name, node, call)

    def _subscripted(self, at: _At, node: ast.Subscript) -> None:
        key = node.slice.value if isinstance(node.slice, ast.Constant) else None
        if at.kind is Kind.USAGE and node.value is at.node and isinstance(key, str):
            self._field(at, key, node)
        elif at.kind not in _COUNTED or at.item is not None:
            super()._subscripted(at, node)

    def _field(self, at: _At, name: str, node: ast.expr) -> None:
        self.read.add(at.module.span(node))
        if name in self.facts.input or name in self.facts.kept:
            came = (*at.came, (at.module, node))
            self._push(at._replace(node=node, kind=Kind.COUNT, came=came))
        elif name == "usage":
            self._push(at._replace(node=node))

    def _boxed(self, at: _At, node: ast.Dict) -> None:
        if at.kind not in _COUNTED:
            super()._boxed(at, node)
            return
        for key, value in zip(node.keys, node.values, strict=True):
            if value is at.node and isinstance(key, ast.Constant) and isinstance(key.value, str):
                self._keep(at, key.value, node)

    def _keep(self, at: _At, name: str, record: ast.expr) -> None:
        """A record that keeps a count, or the whole, under a name."""
        if at.kind is Kind.USAGE:
            kind = Kind.REPLY if "usage" in name else Kind.USAGE
            self._push(at._replace(node=record, kind=kind))
        elif name in self.facts.kept and at.kind is Kind.COUNT:
            self._push(at._replace(node=record, kind=Kind.USAGE))

    # -- calls ------------------------------------------------------------------------------------

    def _handed(self, at: _At, call: ast.Call, argument: ast.AST) -> None:
        last = (dotted(call.func) or str(getattr(call.func, "attr", ""))).rpartition(".")[2]
        if at.kind not in _COUNTED:
            if (
                at.kind is Kind.REPLY
                and last not in _LOOKS
                and self._meant(at.module, call) is None
            ):
                self.away = True
            super()._handed(at, call, argument)
            return
        if last == "getattr" and len(call.args) > 1 and call.args[0] is argument:
            super()._handed(at, call, argument)
        elif last in (_RECORDS if at.kind is Kind.USAGE else _SAME):
            self._push(at._replace(node=call))
        elif self._enter(at, call, argument):
            return
        elif isinstance(argument, ast.keyword) and argument.arg and last[:1].isupper():
            self._keep(at, argument.arg, call)
        elif last not in _LOOKS:
            self.away = True

    def _enter(self, at: _At, call: ast.Call, argument: ast.AST) -> bool:
        if at.kind not in (*_COUNTED, Kind.REPLY):
            return super()._enter(at, call, argument)
        found = self._meant(at.module, call)
        if found is None or len(at.stack) >= DEEPEST:
            return False
        function, module, bound = found
        names = [p.arg for p in parameters(function)][1 if bound else 0 :]
        name = ""
        if isinstance(argument, ast.keyword):
            name = argument.arg or ""
        elif argument in call.args and call.args.index(argument) < len(names):
            name = names[call.args.index(argument)]
        if name in names:
            inner = at._replace(
                module=module,
                stack=(*at.stack, (at.module, call)),
                item=None,
                came=(*at.came, (at.module, call)),
            )
            for load in module.loads.get(name, ()):
                if isinstance(load, ast.Name) and within(module, load, function):
                    if self._sees(module, load, function, name):
                        self._push(inner._replace(node=load))
        return True

    def _meant(self, module: Module, call: ast.Call) -> tuple[FunctionNode, Module, bool] | None:
        """The function that a call means, here or in another module; whether it is bound."""
        here = self._function(module, call)
        if here is not None:
            static = any(dotted(d) == "staticmethod" for d in here.decorator_list)
            return here, module, module.enclosing_class(here) is not None and not static
        if dotted(call.func) is None:
            return None
        inside = module is self.act.module and within(module, call, self.act.node)
        callers = self.callers.of(module)
        value = callers.ev.evaluate(call.func, self.act if inside else callers.root)
        for each in alternatives(value):
            handle = each.handle if isinstance(each, Object) else None
            if isinstance(handle, FunctionHandle) and isinstance(handle.node, FUNCTIONS):
                return handle.node, handle.module, handle.instance is not None
        return None

    def _returned(self, at: _At, node: ast.AST) -> None:
        before = len(self._work)
        super()._returned(at, node)
        if at.kind in (*_COUNTED, Kind.REPLY) and len(self._work) == before:
            self.away = True

    # -- prices -----------------------------------------------------------------------------------

    def _is_priced(self, at: _At) -> bool:
        """Whether a count is multiplied by a price here; if so it is written down."""
        module, top = at.module, at.node
        times = False
        for above in module.ancestors(at.node):
            if isinstance(above, ast.BinOp):
                times = times or isinstance(above.op, ast.Mult)
            elif not isinstance(above, (ast.BoolOp, ast.IfExp, ast.UnaryOp)) and not (
                isinstance(above, ast.Call) and dotted(above.func) in _SAME
            ):
                break
            top = above
        if not times or not isinstance(top, ast.expr) or not isinstance(at.node, ast.expr):
            return False
        if not self._speaks_of_prices(module, top):
            return False
        function = module.scope(top)
        places = (*at.came, *at.stack, (module, top))
        knows = any(_tells(m, m.scope(node)) for m, node in places)
        usage = at.came[-1][1] if at.came else None
        same = usage is not None and at.came[-1][0] is module and module.scope(usage) is function
        whole = _usage_under(usage) if same and usage is not None else None
        steps = tuple(
            Step(Role.SOURCE if not place else Role.STEP, m.span(n), _says(n))
            for place, (m, n) in enumerate(at.came)
        )
        found = Priced(
            module.span(top),
            module.span(at.node),
            steps,
            module.qualname(function),
            module.span(whole) if whole is not None else None,
            at.kind is Kind.SUM,
        )
        if not knows:
            self.priced.append(found)
        elif at.kind is Kind.SUM and _prices_cache(top):
            self.twice.append(found)
        return True

    # -- differences ------------------------------------------------------------------------------

    def _take(self, at: _At, parent: ast.BinOp) -> None:
        """Write down a difference between the input tokens and what the cache holds.

        A total may have got what the cache holds before, in another branch or round; and what
        stands under a condition may be meant for another service, whose input has all of it.
        """
        module, left = at.module, at.node
        if not isinstance(parent.op, ast.Sub) or parent.left is not left or not at.came:
            return
        if isinstance(left, ast.BinOp) or not isinstance(left, ast.expr):
            return  # of ``a - b - c`` the first is written down
        if not any(_HELD.search(name) for name in _names(parent.right)):
            return
        read = next((node for _, node in at.came if _is_field(node)), None)
        if read is None or not any(name in self.facts.input for name in _names(read)):
            return
        if any(isinstance(getattr(node, "ctx", None), ast.Store) for _, node in at.came):
            return
        function = module.scope(left)
        if isinstance(left, ast.Name) and _bound_again(function, left.id):
            return
        top: ast.expr = parent
        for above in module.ancestors(left):
            if isinstance(above, ast.BinOp) and isinstance(above.op, ast.Sub) and top is above.left:
                top = above
            elif isinstance(above, (ast.If, ast.IfExp, ast.While)):
                if not any("cache" in name or "usage" in name for name in _names(above.test)):
                    return
                asks_both = module is self.act.module and within(module, self.sent, above)
                if not asks_both and _asks_for_a_kind(above.test):
                    return
            elif isinstance(above, (*FUNCTIONS, ast.match_case)):
                if isinstance(above, ast.match_case):
                    return
                break
        steps = tuple(
            Step(Role.SOURCE if not place else Role.STEP, m.span(n), _says(n))
            for place, (m, n) in enumerate(at.came)
        )
        found = Priced(module.span(top), module.span(left), steps, module.qualname(function))
        self.taken.append((left, found))

    def differences(self) -> list[Priced]:
        """Those whose input has what the cache holds on no way that leads there."""
        sums = {key[0] for key in self._seen if key[1] is Kind.SUM}
        return [found for left, found in self.taken if left not in sums]

    def _speaks_of_prices(self, module: Module, top: ast.expr) -> bool:
        names = list(_names(top))
        for above in module.ancestors(top):
            if isinstance(above, (ast.Assign, ast.AnnAssign, ast.AugAssign)):
                targets = above.targets if isinstance(above, ast.Assign) else [above.target]
                names += [name for target in targets for name in _names(target)]
            elif isinstance(above, ast.keyword):
                names.append(above.arg or "")
            elif isinstance(above, ast.Dict):
                names += _key_of(above, top)
            elif isinstance(above, FUNCTIONS):
                names.append(above.name)
                break
            elif isinstance(above, (ast.Call, ast.ClassDef)):
                break
        words = {word.lower() for name in names for word in _WORDS.findall(name)}
        return not words.isdisjoint(self.facts.prices)

    def _tells_cache(self, module: Module, node: ast.expr) -> bool:
        return any("cache" in name for name in _names(node))


def _prices_cache(cost: ast.expr) -> bool:
    """Whether a sum multiplies what was read from the cache, or written to it, by something."""
    terms: list[ast.expr] = [cost]
    if any(isinstance(node, ast.BinOp) and isinstance(node.op, ast.Sub) for node in ast.walk(cost)):
        return False  # what is priced apart may be taken out first
    while terms:
        term = terms.pop()
        if isinstance(term, ast.BinOp) and isinstance(term.op, ast.Add):
            terms += [term.left, term.right]
        elif isinstance(term, ast.BinOp) and isinstance(term.op, (ast.Mult, ast.Div)):
            if isinstance(term.op, ast.Div):
                terms.append(term.left)
            elif any("cache" in name.lower() for name in _names(term)) and not _adds(term):
                return True
    return False


def _is_field(node: ast.expr) -> bool:
    """``usage.input_tokens``, ``usage["input_tokens"]``, ``getattr(usage, "input_tokens", 0)``."""
    if isinstance(node, ast.Call):
        return (dotted(node.func) or "").rpartition(".")[2] in ("getattr", "get", "pop")
    return isinstance(node, (ast.Attribute, ast.Subscript))


def _asks_for_a_kind(test: ast.expr) -> bool:
    """Whether a condition asks how the cache is counted: ``cache_accounting == "separate"``.

    What is compared with a text is a name of the program's own that speaks of the cache. A field of
    the reply or of its usage (``usage.service_tier == "standard"``) tells of this request instead.
    """
    for node in ast.walk(test):
        if isinstance(node, ast.Compare) and len(node.ops) == 1:
            (operator,), (other,) = node.ops, node.comparators
            if isinstance(operator, (ast.Eq, ast.NotEq)):
                pairs = [(node.left, [other]), (other, [node.left])]
            elif isinstance(operator, (ast.In, ast.NotIn)):
                several = other.elts if isinstance(other, (ast.Tuple, ast.List, ast.Set)) else []
                pairs = [(node.left, several)]
            else:
                continue
            if any(_is_own(own) and any(map(_is_text, texts)) for own, texts in pairs):
                return True
    return False


def _is_own(node: ast.expr) -> bool:
    """A variable, or an attribute of ``self``, whose name speaks of the cache."""
    path = dotted(node) or ""
    return "cache" in path and (isinstance(node, ast.Name) or path.startswith("self."))


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value != ""


def _bound_again(function: ast.AST, name: str) -> bool:
    """Whether a name gets more than one value in a function."""
    values = sum(isinstance(n, ast.arg) and n.arg == name for n in ast.walk(function))
    for node in ast.walk(function):
        if isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Store):
            values += 1
    return values > 1


def _adds(term: ast.expr) -> bool:
    return any(
        isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add) for node in ast.walk(term)
    )


def _tells(module: Module, function: ast.AST) -> bool:
    """Whether a function speaks of the cache in another way than by asking for it."""
    if isinstance(function, ast.Module):
        return True  # a script: everything may hang together
    text = module.source.slice(module.span(function)).lower()
    return "cache" in text.replace("cache_control", "")


def _usage_under(count: ast.expr) -> ast.expr | None:
    """The usage in ``usage.input_tokens``, where it is a plain path."""
    if isinstance(count, ast.Attribute) and dotted(count.value) is not None:
        return count.value
    return None


def _key_of(record: ast.Dict, value: ast.AST) -> list[str]:
    """The key that a value stands under, if it is a text."""
    keys = (k for k, v in zip(record.keys, record.values, strict=True) if v is value)
    return [k.value for k in keys if isinstance(k, ast.Constant) and isinstance(k.value, str)]


def _names(node: ast.AST) -> Iterator[str]:
    """Names, attributes and keys in an expression."""
    for inner in ast.walk(node):
        if isinstance(inner, ast.Name):
            yield inner.id
        elif isinstance(inner, ast.Attribute):
            yield inner.attr
        elif isinstance(inner, ast.Constant) and isinstance(inner.value, str):
            yield inner.value[:60]


def _says(node: ast.expr) -> str:
    if isinstance(getattr(node, "ctx", None), ast.Store):
        return "added up here"
    name = (dotted(node.func) or "").rpartition(".")[2] if isinstance(node, ast.Call) else ""
    if not name or name in ("getattr", "get", "pop"):
        return "the input tokens are read here"
    return f"handed to {name}()"


def _class_of(module: Module, node: ast.AST) -> ast.AST | None:
    return next((n for n in module.ancestors(node) if isinstance(n, ast.ClassDef)), None)


def _loaded(node: ast.expr) -> ast.expr:
    """The same expression as it is read."""
    return ast.parse(ast.unparse(node), mode="eval").body
