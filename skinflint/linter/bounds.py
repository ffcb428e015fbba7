"""What keeps a list from growing for ever: cuts of it, and ends of the loops that fill it.

A limit that may be None, zero or endless is none; neither is what somebody has to ask for.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterable, Iterator

from skinflint.linter.activation import Activation
from skinflint.linter.evaluate import Evaluator
from skinflint.linter.module import (
    FUNCTIONS,
    LOOPS,
    FunctionNode,
    Module,
    children,
    dotted,
    last_name,
    parameters,
    walk,
)
from skinflint.linter.request import Limit
from skinflint.linter.shapes import leaves, reads
from skinflint.linter.spans import Role, Step
from skinflint.linter.values import Known, alternatives

#: Words in the name of what is compared with a budget.
_COUNTED = re.compile(
    r"(?i)(token|cost|spent|budget|turn|step|iter|round|depth|elapsed|deadline|calls|count|usage"
    r"|length|size|chars|loops?$|limit|max_)"
)
#: Texts that are commands, and names of what somebody typed or chose.
_COMMAND = re.compile(r"(?i)[/!:.\\]\w*|(clear|reset|restart|new|forget|compact|start over)\b")
_ASKED = re.compile(r"(?i)(^|_)(cmd|command|choice|action|intent|option|input|line)$")
_SIZED = re.compile(r"(?i)(token|cost|budget|length|size|chars|count|messages|history|turns)")
#: What says how long it is since somebody said something.
_SILENT = re.compile(r"(?i)(elapsed|idle|inactiv|silen(t|ce)|since_last)")
#: What holds the name of the tool that is asked for.
_TOOL = re.compile(r"(?i)(tool|func(tion)?)(_?name|\.name)$")
#: What a talk is measured by.
_TALKED = re.compile(r"(?i)(history|messages|conversation|turns|tokens)")
_BUDGET = re.compile(r"(?i)(budget|quota|exhaust|exceed|over_?limit|limit_?reached)")
_SPENT = re.compile(r"(?i)(token|cost|spent|usage|budget)")
#: Names of functions that begin a conversation anew.
BEGINS = re.compile(r"(?i)(^|_)(init|new|clear|reset|restart|begin|forget)(_|$)")
#: Names of functions that end one for good: what it was for is done.
ENDS = re.compile(
    r"(?i)(^|_)(end(ed)?|finish(ed)?|completed?|concluded?|hang_?up|submit|evaluate|evict|expired?)(_|$)"
)
#: Fields in which a reply says how the talk goes on.
_FINISHED = re.compile(
    r"(?i)(^|_)(action|done|completed?|finish(ed)?|final|phase|stage|state|ready|end(ed|s)?|over)$"
)
#: A field that is set to such a word says so as well, whatever else it may say.
_PROGRESS = re.compile(rf"{_FINISHED.pattern}|(?i:(^|_)status$)")
#: What it says there when all is said.
_ENDED = re.compile(r"(?i)(complete|completed|done|finished|ended|closed|final)$")
#: What somebody says who takes what is shown.
_CONTENT = ("y", "yes", "ok", "okay", "accept", "accepted", "approve", "approved", "lgtm")
_CLOCKS = ("time", "monotonic", "perf_counter", "now", "utcnow", "loop_time")
#: Iterables without an end.
_ENDLESS = ("count", "cycle", "repeat", "iter", "stdin")
_SQL_LIMIT = re.compile(r"(?i)\b(limit\s+(\?|%s|:\w+|\$\d|\d+|\{)|select\s+top\b|fetch\s+first\b)")
#: Messages that a cut has to leave room for, so that a few turns pass until the next one.
_A_STEP = 6
_QUERY_LIMITS = ("limit", "fetchmany", "head", "tail")


class Bounds:
    """Reads limits for the lineage of a request's messages."""

    def __init__(self, evaluator: Evaluator) -> None:
        self.ev = evaluator
        self._tests: dict[ast.AST, tuple[ast.expr, ...]] = {}  # that lead out of a loop

    def _exits(self, loop: ast.AST) -> tuple[ast.expr, ...]:
        found = self._tests.get(loop)
        if found is None:
            found = self._tests[loop] = tuple(_exits(loop))
        return found

    # -- numbers -----------------------------------------------------------------------------------

    def finite(self, node: ast.expr | None, act: Activation) -> bool:
        """Whether an expression is a limit: not None, zero or endless on any path."""
        if node is None:
            return False
        name = dotted(node) or ""
        if name in ("sys.maxsize", "math.inf", "float.inf") or _is_endless(node):
            return False
        value = self.ev.evaluate(node, act)
        for each in alternatives(value):
            if not isinstance(each, Known):
                continue
            number = each.value
            if not number or not isinstance(number, (int, float)):
                return False
            if number == float("inf") or number >= sys.maxsize:
                return False
        return True

    # -- cuts --------------------------------------------------------------------------------------

    def slice(self, node: ast.Subscript, act: Activation) -> Limit | None:
        """The limit that a slice is: ``[-20:]``, ``[:limit]``, ``[a:b]``."""
        cut = node.slice
        assert isinstance(cut, ast.Slice)
        lower, upper = cut.lower, cut.upper
        limited = False
        if lower is not None and _negative(lower) is not None:
            limited = self.finite(_negative(lower), act) and upper is None
        elif upper is not None and _negative(upper) is None:
            limited = self.finite(upper, act)
        elif lower is not None and upper is None:
            value = self.ev.evaluate(lower, act)
            limited = not isinstance(value, Known) and not _is_overlap(lower, act)
        if not limited:
            return None
        return limit(act.module, node, "slice", "it is cut here")

    def maxlen(self, node: ast.AST, act: Activation) -> Limit | None:
        """The limit of a ``deque(maxlen=...)`` somewhere in an expression."""
        for call in walk(node):
            if isinstance(call, ast.Call) and last_name(call.func) in ("deque", "partial"):
                if last_name(call.func) == "partial" and not _names_deque(call):
                    continue
                size = next((k.value for k in call.keywords if k.arg == "maxlen"), None)
                if size is None and len(call.args) > 1 and last_name(call.func) == "deque":
                    size = call.args[1]
                if size is not None and self.finite(size, act):
                    return limit(act.module, call, "maxlen", "a deque drops the oldest")
        return None

    def query(self, function: ast.AST, module: Module, act: Activation) -> Limit | None:
        """The limit of a query in a function: ``.limit(20)``, ``LIMIT ?``, ``fetchmany``."""
        for node in walk(function):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                if node.func.attr in _QUERY_LIMITS and node.args:
                    if self.finite(node.args[0], act):
                        return limit(module, node, "query-limit", "the query takes so many")
                if node.func.attr == "to_list":
                    given = [*node.args, *(k.value for k in node.keywords)]
                    if given and self.finite(given[0], act):
                        return limit(module, node, "query-limit", "the query takes so many")
                for keyword in node.keywords:
                    if keyword.arg == "limit" and self.finite(keyword.value, act):
                        return limit(module, node, "query-limit", "the query takes so many")
            elif isinstance(node, (ast.Constant, ast.JoinedStr)):
                if _SQL_LIMIT.search(_written(node)):
                    return limit(module, node, "query-limit", "the query takes so many")
        return None

    # -- loops -------------------------------------------------------------------------------------

    def loop(self, module: Module, loop: ast.AST, act: Activation) -> Limit | None:
        """What ends a loop after a number of rounds, None when nothing does."""
        if isinstance(loop, (ast.For, ast.AsyncFor)):
            if not _is_endless(loop.iter):
                if not isinstance(loop.iter, ast.Call) or dotted(loop.iter.func) != "range":
                    return limit(module, loop.iter, "stop", "the loop ends with these")
                if all(self._ends(each, act) for each in loop.iter.args[:2]):
                    return limit(module, loop.iter, "stop", "the loop ends after so many rounds")
        elif isinstance(loop, ast.While):
            if isinstance(loop.test, (ast.Name, ast.Attribute)):
                if self._counts(loop.test, loop, down=True):
                    return limit(module, loop.test, "stop", "the loop counts down")
            if any(isinstance(n, ast.Call) and dotted(n.func) == "all" for n in walk(loop.test)):
                return limit(module, loop.test, "stop", "the loop ends once all is there")
            if not (isinstance(loop.test, ast.BoolOp) and isinstance(loop.test.op, ast.Or)):
                if self._counter(loop.test, loop, act):
                    return limit(module, loop.test, "stop", "the loop ends after so many rounds")
        else:
            return limit(module, loop, "stop", "it ends with the items")
        for test in self._exits(loop):
            if self._counter(test, loop, act):
                return limit(module, test, "stop", "a counter ends the loop here")
            if any(_BUDGET.search(last_name(node)) for node in walk(test)):
                return limit(module, test, "stop", "a budget ends the loop here")
            if any(_accepts(node) for node in walk(test)):
                return limit(module, test, "stop", "it ends once somebody is content")
        for stmt in walk(loop):
            # ``self._check_budget(usage)``: it raises when that is used up.
            if isinstance(stmt, ast.Expr):
                call = stmt.value.value if isinstance(stmt.value, ast.Await) else stmt.value
                if isinstance(call, ast.Call) and _BUDGET.search(dotted(call.func) or ""):
                    return limit(module, call, "stop", "a budget may end the loop here")
        return None

    def finished(self, module: Module, loop: ast.AST, asks: ast.AST) -> Limit | None:
        """What ends a talk once all is said: a field of the reply that ``asks`` gets says so.

        ``if answer.action == Action.DONE: break`` ends an interview by itself.
        """
        stmt = module.statement(asks)
        said = _named_by(stmt) if stmt is not None and stmt is not loop else set()
        for node in walk(loop) if said else ():
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call):
                given = [*node.value.args, *(k.value for k in node.value.keywords)]
                if any(isinstance(n, ast.Name) and n.id in said for g in given for n in walk(g)):
                    said |= _named_by(node)
        for test in self._exits(loop):
            if any(_is_field(node, said) for node in walk(test)):
                return limit(module, test, "stop", "the reply ends the talk here")
        return None

    def completed(self, module: Module) -> Limit | None:
        """What ends an interview: once a reply says that all is there, that is kept, and asked.

        ``if answer["status"] == "complete": session.status = "complete"``, and elsewhere
        ``if session.status == "complete": show_the_result()``.
        """
        node = module.once(_completing)
        if node is None:
            return None
        return limit(module, node.test, "finished", "the reply ends the talk here")

    def full(self, module: Module, loop: ast.AST, act: Activation) -> Limit | None:
        """What ends a loop over messages before it has gone through all: their number, or size."""
        for test in self._exits(loop):
            if self._counter(test, loop, act):
                return limit(module, test, "slice", "no more than this is taken over")
        return None

    def spent(self, module: Module, function: FunctionNode, act: Activation) -> Limit | None:
        """A budget of the whole conversation: summed up on the object, held against a limit."""
        for test in self._exits(function):
            for node in walk(test):
                if not isinstance(node, ast.Compare):
                    continue
                path = dotted(node.left) or ""
                if not path.startswith("self.") or not _SPENT.search(path):
                    continue
                if isinstance(node.ops[0], (ast.Gt, ast.GtE)) and _is_summed(
                    module, function, path
                ):
                    if self._bounds(node.comparators[0], act):
                        return limit(module, node, "budget", "a budget ends the conversation")
        return None

    def recursion(self, module: Module, function: FunctionNode, act: Activation) -> Limit | None:
        """What ends the recursion of a function after a number of calls."""
        names = {parameter.arg for parameter in parameters(function)}
        for node in walk(function):
            if isinstance(node, ast.Compare):
                paths = {dotted(n) for n in walk(node)}
                counted = {p for p in paths if p in names and _COUNTED.search(str(p))}
                if counted:
                    return limit(module, node, "stop", "the recursion ends at a depth")
        return None

    def _ends(self, node: ast.expr, act: Activation) -> bool:
        if dotted(node) == "sys.maxsize":
            return False
        return not any(
            isinstance(v, Known) and isinstance(v.value, int) and v.value >= sys.maxsize
            for v in alternatives(self.ev.evaluate(node, act))
        )

    def _counter(self, test: ast.expr, loop: ast.AST, act: Activation) -> bool:
        """Whether a test compares something that each round moves on with a limit."""
        for node in walk(test):
            if not isinstance(node, ast.Compare) or len(node.ops) != 1:
                continue
            if not isinstance(node.ops[0], (ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.Eq, ast.NotEq)):
                continue
            sides = (node.left, node.comparators[0])
            for counter, bound in (sides, sides[::-1]):
                if self._counts(counter, loop) and self._bounds(bound, act):
                    return True
        return False

    def _bounds(self, node: ast.expr, act: Activation) -> bool:
        if isinstance(node, ast.Constant):
            return isinstance(node.value, (int, float)) and not isinstance(node.value, bool)
        return self.finite(node, act)

    def _counts(self, node: ast.expr, loop: ast.AST, *, down: bool = False) -> bool:
        """Whether a loop moves ``node`` on: a counter, a length, a clock, a budget by its name."""
        for each in walk(node):
            if isinstance(each, ast.Call):
                if last_name(each.func) in _CLOCKS and not down:
                    return True
                if last_name(each.func) == "len" and each.args and not down:
                    path = dotted(each.args[0])
                    if path and _grows(loop, path):
                        return True
            path = dotted(each)
            if not path:
                continue
            if isinstance(loop, (ast.For, ast.AsyncFor)):
                names = {n.id for n in walk(loop.target) if isinstance(n, ast.Name)}
                if path in names:
                    return True
            for stmt in walk(loop):
                if isinstance(stmt, ast.AugAssign) and dotted(stmt.target) == path:
                    if isinstance(stmt.op, ast.Sub) or not down:
                        return True
                if isinstance(stmt, ast.Assign) and not down:
                    if any(dotted(t) == path for t in stmt.targets):
                        if any(dotted(n) == path for n in walk(stmt.value)):
                            return True
            if not down and "." in path and _COUNTED.search(path):
                return True
        return False


def _is_overlap(node: ast.expr, act: Activation) -> bool:
    """Whether a number says how much of one list stands in another: ``if old[-n:] == new[:n]``."""
    return (
        isinstance(node, ast.Name)
        and isinstance(act.node, FUNCTIONS)
        and act.module.once(_is_found_by_comparing, node.id, act.node)
    )


def _is_found_by_comparing(module: Module, name: str, function: FunctionNode) -> bool:
    begun, found = False, False
    for stmt in walk(function):
        if not isinstance(stmt, (ast.Assign, ast.AnnAssign, ast.AugAssign, ast.NamedExpr)):
            continue
        targets = stmt.targets if isinstance(stmt, ast.Assign) else [stmt.target]
        if not any(isinstance(each, ast.Name) and each.id == name for each in targets):
            continue
        if isinstance(stmt.value, ast.Constant) and module.scope(stmt) is function:
            begun = True
        elif isinstance(stmt.value, ast.Name) and _compares_ends(stmt, stmt.value.id, module):
            found = True
        else:
            return False
    return begun and found


def _compares_ends(stmt: ast.AST, size: str, module: Module) -> bool:
    """Whether a statement is reached where so many items of two lists are the same."""
    around = module.parents.get(stmt)
    if not isinstance(around, ast.If) or stmt not in around.body:
        return False
    test = around.test
    if not isinstance(test, ast.Compare) or not isinstance(test.ops[0], ast.Eq):
        return False
    sides = (test.left, *test.comparators)
    cuts = [side for side in sides if isinstance(side, ast.Subscript)]
    return (
        len(cuts) == len(sides) == 2
        and all(isinstance(cut.slice, ast.Slice) and reads(cut.slice, size) for cut in cuts)
        and ast.dump(cuts[0].value) != ast.dump(cuts[1].value)
    )


def _completing(module: Module) -> ast.If | None:
    """Where a reply says that all is there, and that is kept, and asked elsewhere."""
    for node in walk(module.tree):
        if not isinstance(node, ast.If) or not _says_so(node.test):
            continue
        for stmt in node.body:
            if not (isinstance(stmt, ast.Assign) and _over(stmt.value)):
                continue
            kept = {_field(target) for target in stmt.targets} - {""}
            if any(
                isinstance(other, ast.If)
                and other is not node
                and any(_field(each) in kept for each in walk(other.test))
                for other in walk(module.tree)
            ):
                return node
    return None


def limit(module: Module, node: ast.AST, how: str, label: str, *, rare: bool = False) -> Limit:
    """A limit at a place in the source."""
    span = module.span(node)
    return Limit(span, how, Step(Role.STEP, span, label), rare)


def guards(module: Module, node: ast.AST, within: ast.AST) -> Iterator[tuple[ast.expr, bool]]:
    """The tests under which ``node`` runs, nearest first, and whether it is the branch for true."""
    child = node
    for parent in module.ancestors(node):
        if isinstance(parent, (ast.If, ast.While, ast.IfExp)):
            if child is not parent.test:
                body = parent.body if isinstance(parent.body, list) else [parent.body]
                yield parent.test, child in body
        elif isinstance(parent, ast.match_case) and isinstance(parent.pattern, ast.MatchValue):
            yield parent.pattern.value, True
        if parent is within:
            return
        child = parent


def deciding(module: Module, node: ast.AST, within: ast.AST) -> Iterator[ast.expr]:
    """The tests that decide whether ``node`` runs, also those that return before it."""
    for test, _ in guards(module, node, within):
        yield test
    child = node
    for parent in module.ancestors(node):
        for name in ("body", "orelse"):
            block = getattr(parent, name, None)
            if isinstance(block, list) and child in block:
                for earlier in block[: block.index(child)]:
                    if isinstance(earlier, ast.If) and leaves(earlier.body):
                        yield earlier.test
        if parent is within:
            return
        child = parent


def conditional(module: Module, node: ast.AST, within: ast.AST) -> bool:
    """Whether something may keep ``node`` from running when ``within`` does."""
    for parent in module.ancestors(node):
        if parent is within:
            return False
        if isinstance(parent, (ast.If, ast.IfExp, ast.ExceptHandler, ast.match_case, *FUNCTIONS)):
            return True
    return False


def by_size(module: Module, node: ast.AST, within: ast.AST) -> bool:
    """Whether ``node`` runs when something has become too large."""
    for test in deciding(module, node, within):
        for each in walk(test):
            if isinstance(each, ast.Compare):
                if _measures(each) or _computes(each.left, (ast.Mod,)):  # once in so many
                    return True
            elif isinstance(each, ast.Call) and re.match(
                r"(?i)_?(should|needs?|must|exceed|is_(too|over|full))", last_name(each.func)
            ):
                return True
    return False


def by_tokens(module: Module, node: ast.AST, within: ast.AST) -> bool:
    """Whether ``node`` runs only when there are too many tokens, or too much has been paid."""
    for test, holds in guards(module, node, within):
        for each in walk(test):
            if not holds or not isinstance(each, ast.Compare) or len(each.ops) != 1:
                continue
            more, less = each.left, each.comparators[0]
            if isinstance(each.ops[0], (ast.Lt, ast.LtE)):
                more, less = less, more
            elif not isinstance(each.ops[0], (ast.Gt, ast.GtE)):
                continue
            if isinstance(less, ast.Constant) and less.value in (0, 1):
                continue  # as long as there is some left
            if any(_SPENT.search(dotted(part) or last_name(part)) for part in walk(more)):
                return True
    return False


def by_silence(module: Module, node: ast.AST, within: ast.AST) -> bool:
    """Whether ``node`` runs when nobody has said anything for a while."""
    return any(
        holds
        and isinstance(each, ast.Compare)
        and isinstance(each.ops[0], (ast.Gt, ast.GtE))
        and any(_SILENT.search(dotted(part) or last_name(part)) for part in walk(each.left))
        for test, holds in guards(module, node, within)
        for each in walk(test)
    )


def once_in_a_while(module: Module, node: ast.AST, within: ast.AST) -> bool:
    """Whether ``node`` runs in few rounds of a loop: once a talk is long, or each so many steps.

    ``if len(history) >= most: summary = ask(...)``, ``if step % 20 == 0: ...``. So does what stands
    for one tool of several: ``if tool_name == "find_way": return find_way(...)``.
    """
    for test, holds in guards(module, node, within):
        if not holds or not isinstance(module.parents.get(test), ast.If):
            continue
        for each in walk(test):
            if not isinstance(each, ast.Compare) or len(each.ops) != 1:
                continue
            if isinstance(each.ops[0], ast.Eq):
                if _computes(each.left, (ast.Mod,)):
                    return True
                said = each.comparators[0]
                if isinstance(said, ast.Constant) and isinstance(said.value, str):
                    if _TOOL.search(dotted(each.left) or ""):
                        return True
            if isinstance(each.ops[0], (ast.Gt, ast.GtE)) and _measures(each):
                if any(_TALKED.search(dotted(n) or "") for n in walk(each.left)):
                    return True
    return False


def _measures(test: ast.Compare) -> bool:
    """Whether a comparison asks if something is too large; not: whether there is any of it."""
    sides = (test.left, test.comparators[0])
    if not isinstance(test.ops[0], (ast.Gt, ast.GtE, ast.Lt, ast.LtE)):
        return False
    if any(isinstance(side, ast.Constant) and side.value in (0, 1) for side in sides):
        return False
    for node in walk(test):
        name = last_name(node.func) if isinstance(node, ast.Call) else (dotted(node) or "")
        if name == "len" or _SIZED.search(name):
            return True
    return False


def asked_for(module: Module, node: ast.AST, within: ast.AST) -> bool:
    """Whether ``node`` runs only when somebody asks for it: a command, a button."""
    for test, _ in guards(module, node, within):
        if isinstance(test, ast.Call) and last_name(test.func).endswith("button"):
            return True
        texts = [
            n.value for n in walk(test) if isinstance(n, ast.Constant) and type(n.value) is str
        ]
        if any(_COMMAND.match(text) for text in texts):
            return True
        names = {last_name(n) for n in walk(test) if isinstance(n, (ast.Name, ast.Attribute))}
        if texts and any(_ASKED.search(name) for name in names):
            return True
    return False


def keeps_less(module: Module, cut: ast.AST, within: ast.AST) -> bool:
    """Whether a cut leaves room: once it is full, it goes down to a lower mark.

    ``if len(x) > 40: x = x[-20:]`` slides once in twenty messages; with one number for both, the
    oldest is dropped each time. ``x[len(x) // 20 * 20 - 20 :]`` begins at the same message for
    twenty messages.
    """
    if _computes(cut, (ast.FloorDiv, ast.Mod)):
        return True
    kept = {ast.dump(n) for n in _numbers(cut)}
    for test in deciding(module, cut, within):
        for each in walk(test):
            if isinstance(each, ast.Compare):
                # ``len(x) > 2 * n`` leaves room for n as well.
                more = _computes(each, (ast.Mult, ast.Add))
                return more or not kept & {ast.dump(n) for n in _numbers(each)}
    return False


def in_steps(module: Module, cut: ast.Subscript, within: ast.AST) -> bool:
    """Whether a cut to the newest messages comes once in a whole window of them.

    ``x[-20:]`` or ``del x[:-20]`` when there are 40, not when there are 21.
    """
    if _computes(cut.slice, (ast.FloorDiv, ast.Mod)):
        return True
    if not by_size(module, cut, within) or not keeps_less(module, cut, within):
        return False
    at = cut.slice
    edge = (at.lower or at.upper) if isinstance(at, ast.Slice) else None
    if edge is None or not (_negative(edge) or _counts_back(edge)):
        return False
    kept = _literals([edge])
    most = _literals(deciding(module, cut, within))
    return len(kept) != 1 or len(most) != 1 or most[0] - kept[0] >= _A_STEP


def _literals(nodes: Iterable[ast.AST]) -> list[int]:
    """The whole numbers that are written out in some expressions."""
    return [
        n.value
        for node in nodes
        for n in walk(node)
        if isinstance(n, ast.Constant) and type(n.value) is int
    ]


def _counts_back(node: ast.expr) -> bool:
    """``len(x) - 20``."""
    return isinstance(node, ast.BinOp) and isinstance(node.op, ast.Sub)


def _computes(node: ast.AST, operators: tuple[type[ast.operator], ...]) -> bool:
    return any(isinstance(n, ast.BinOp) and isinstance(n.op, operators) for n in walk(node))


def _numbers(node: ast.AST) -> Iterator[ast.AST]:
    for each in walk(node):
        if isinstance(each, ast.Constant) and isinstance(each.value, int):
            yield each
        elif isinstance(each, (ast.Name, ast.Attribute)) and isinstance(each.ctx, ast.Load):
            name = last_name(each)
            if name.isupper() or _COUNTED.search(name) or "max" in name or "keep" in name:
                yield each


def _exits(loop: ast.AST) -> Iterator[ast.expr]:
    """The tests in a loop that lead out of it."""
    stack: list[tuple[ast.AST, bool]] = [(stmt, True) for stmt in getattr(loop, "body", ())]
    while stack:
        node, own = stack.pop()
        if isinstance(node, (*FUNCTIONS, ast.Lambda, ast.ClassDef)):
            continue
        if isinstance(node, ast.If):
            if any(_leaves(stmt, own) for stmt in node.body):
                yield node.test
        inner = own and not isinstance(node, LOOPS)
        stack += [(child, inner) for child in children(node)]


def _leaves(stmt: ast.stmt, own: bool) -> bool:
    if isinstance(stmt, (ast.Return, ast.Raise)):
        return True
    return own and isinstance(stmt, ast.Break)


def _accepts(test: ast.AST) -> bool:
    """``answer.lower() in ("y", "yes")``: what somebody was shown is taken."""
    if not isinstance(test, ast.Compare) or len(test.ops) != 1:
        return False
    if not isinstance(test.ops[0], (ast.Eq, ast.In)):
        return False
    written = [n.value for n in walk(test.comparators[0]) if isinstance(n, ast.Constant)]
    return any(type(each) is str and each.lower() in _CONTENT for each in written)


def _field(node: ast.AST) -> str:
    """The field of something that is read or set: how far a talk has come, or an empty text."""
    name: object = None
    if isinstance(node, ast.Call) and last_name(node.func) == "get" and node.args:
        name = getattr(node.args[0], "value", None)
    elif isinstance(node, ast.Subscript):
        name = getattr(node.slice, "value", None)
    elif isinstance(node, ast.Attribute):
        name = node.attr
    return name if isinstance(name, str) and _PROGRESS.search(name) else ""


def _over(value: ast.AST) -> bool:
    return isinstance(value, ast.Constant) and (
        value.value is True or (isinstance(value.value, str) and bool(_ENDED.match(value.value)))
    )


def _says_so(test: ast.expr) -> bool:
    """Whether a field of an answer is found to say that all is done."""
    if isinstance(test, ast.Compare) and len(test.ops) == 1 and isinstance(test.ops[0], ast.Eq):
        return bool(_field(test.left)) and _over(test.comparators[0])
    return False


def _named_by(stmt: ast.stmt) -> set[str]:
    """The names that a statement binds."""
    targets: list[ast.expr] = []
    if isinstance(stmt, ast.Assign):
        targets = stmt.targets
    elif isinstance(stmt, ast.AnnAssign):
        targets = [stmt.target]
    return {target.id for target in targets if isinstance(target, ast.Name)}


def _is_field(node: ast.AST, said: set[str]) -> bool:
    """``answer.done``, ``answer["done"]``, ``answer.get("done")``; not what every reply has."""
    field: object = None
    if isinstance(node, ast.Call) and last_name(node.func) == "get" and node.args:
        field = getattr(node.args[0], "value", None)
        node = node.func
    elif isinstance(node, ast.Subscript):
        field = getattr(node.slice, "value", None)
    elif isinstance(node, ast.Attribute):
        field = node.attr
    if not isinstance(node, (ast.Attribute, ast.Subscript)) or type(field) is not str:
        return False
    named = isinstance(node.value, ast.Name) and node.value.id in said
    return named and bool(_FINISHED.search(field))


def _is_summed(module: Module, function: FunctionNode, path: str) -> bool:
    """Whether an attribute only gets larger while a conversation goes on."""
    around = next((n for n in module.ancestors(function) if isinstance(n, ast.ClassDef)), None)
    summed = False
    for node in walk(around) if around is not None else ():
        if isinstance(node, ast.AugAssign) and dotted(node.target) == path:
            if not isinstance(node.op, ast.Add):
                return False
            summed = True
        elif isinstance(node, (ast.Assign, ast.AnnAssign)):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            if any(dotted(target) == path for target in targets):
                scope = module.scope(node)
                if not isinstance(scope, FUNCTIONS) or not BEGINS.search(scope.name.strip("_")):
                    return False
    return summed


def _grows(loop: ast.AST, path: str) -> bool:
    for node in walk(loop):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            if node.func.attr in ("append", "extend", "insert", "add"):
                if dotted(node.func.value) == path:
                    return True
        if isinstance(node, ast.AugAssign) and dotted(node.target) == path:
            return True
        if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store):
            if dotted(node.value) == path:  # one more key
                return True
    return False


def _negative(node: ast.expr) -> ast.expr | None:
    """What is taken from the end: ``n`` of ``-n``, of ``-(n * 2)``, of ``-2 * n``."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return node.operand
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult):
        if _negative(node.left) is not None:
            return node.right
        if _negative(node.right) is not None:
            return node.left
    return None


def _is_endless(node: ast.expr) -> bool:
    if isinstance(node, ast.Call):
        name = last_name(node.func)
        if name == "float":
            return bool(node.args) and isinstance(node.args[0], ast.Constant)
        if name == "iter":
            return len(node.args) == 2
        if name == "repeat":
            return len(node.args) == 1
        return name in _ENDLESS
    return (dotted(node) or "").rpartition(".")[2] == "stdin"


def _written(node: ast.Constant | ast.JoinedStr) -> str:
    """A text as written, ``{`` for each field of it."""
    parts = node.values if isinstance(node, ast.JoinedStr) else [node]
    return "".join(
        str(part.value) if isinstance(part, ast.Constant) else "{"
        for part in parts
        if not isinstance(part, ast.Constant) or isinstance(part.value, str)
    )


def _names_deque(call: ast.Call) -> bool:
    return bool(call.args) and last_name(call.args[0]) == "deque"
