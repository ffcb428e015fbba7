"""Whether a fix did what it said and nothing else. Always on, before anything is written.

The verifier is handed two states of the code under consideration, before and after, each as text
and as rebuilt requests and findings. It knows nothing of how the edits were made.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TypeAlias

from skinflint.fixers import names, syntax, undone
from skinflint.fixers.order import Evaluated, evaluated
from skinflint.linter.findings import (
    CapText,
    CompactJson,
    DropSentence,
    Finding,
    FirstThenRest,
    Fix,
    MarkLastOnly,
    MarkRequest,
    MoveToTurn,
    Op,
    Problem,
    RemoveArgument,
    RemoveMarker,
    ReplaceArgument,
    SetEntry,
    SetKeyword,
    SetNumber,
    Severity,
    TextToBlocks,
    TrimInSteps,
    WrapSorted,
)
from skinflint.linter.request import Block, Part, Place, Request, State
from skinflint.linter.source import SourceError, SourceFile
from skinflint.linter.spans import Span
from skinflint.linter.values import (
    Choice,
    Known,
    Object,
    Repeat,
    Text,
    Unknown,
    Value,
)
from skinflint.linter.values import Mapping as MappingValue
from skinflint.linter.values import Sequence as SequenceValue
from skinflint.records import dataclass

#: (name of the pair, cost before, cost after), in units of one uncached input token
Bill: TypeAlias = Callable[[Request, Request], Sequence[tuple[str, float, float]]]

#: Operations after which nothing but what they put around or into an expression may differ.
_WRAPS = (WrapSorted, SetKeyword, SetEntry, CompactJson, DropSentence)
#: Operations that change what the messages show; that nothing else changes is held by ``undone``.
_TRIMS = (TrimInSteps, CapText, TextToBlocks)
_ALTERNATIVES = 64  # combinations of choices that are compared one by one


@dataclass(frozen=True)
class Checked:
    """What a check of all files under consideration gave."""

    requests: tuple[Request, ...]
    findings: tuple[Finding, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True)
class Moment:
    """The code at one moment: the changed files' texts, and what a check of everything gave."""

    texts: Mapping[str, str]
    source_of: Callable[[str], SourceFile]  # of this moment
    checked: Checked


class Refused(Exception):
    """A fix that did not survive. ``reason`` is one clause, for people."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def verify(
    mended: Sequence[tuple[Finding, Fix]], before: Moment, after: Moment, bill: Bill | None
) -> None:
    """Raise Refused unless the step from ``before`` to ``after`` mends just these findings."""
    fixes = [fix for _, fix in mended]
    changed = sorted(path for path in after.texts if after.texts[path] != before.texts[path])
    for path in changed:
        _must_be_code(path, after)
    _must_have_no_new_problem(before.checked, after.checked)
    pairs = _pairs(before.checked.requests, after.checked.requests)
    ops = [op for fix in fixes for op in fix.ops]
    wraps = all(isinstance(op, _WRAPS) for op in ops)
    if wraps:
        _must_only_wrap(changed, fixes, before, after)
    for old, new in pairs:
        _must_be_as_known(old, new)
        _must_be_equal(old, new, fixes, before, after, texts=not wraps)
    _must_be_gone([finding for finding, _ in mended], before, after)
    for path in changed:
        _must_run_alike(path, fixes, before, after)
    limits = all(isinstance(op, SetEntry) for op in ops)  # what they save, no bill of tokens shows
    # How many letters the bytes took isn't known, nor what the block takes that stands for them.
    reshaped = any(isinstance(op, TextToBlocks) for op in ops)
    priced = not limits and not reshaped and not any(fix.changes_model for fix in fixes)
    if bill is not None and priced:
        for old, new in pairs:
            _must_not_cost_more(old, new, bill)


# -------------------------------------------------------------------- the text


def _must_be_code(path: str, after: Moment) -> None:
    text = after.texts[path]
    try:
        syntax.module(text)
        syntax.compiled(text, path)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise Refused(f"the new text is not valid Python ({error})") from None
    try:
        after.source_of(path).encode(text)
    except SourceError as error:
        raise Refused(error.message) from None


def _must_have_no_new_problem(before: Checked, after: Checked) -> None:
    old = Counter((p.path, p.kind) for p in before.problems)
    for problem in after.problems:
        old[problem.path, problem.kind] -= 1
        if old[problem.path, problem.kind] < 0:
            raise Refused(f"{problem.path} can't be read any more ({problem.message})")


# -------------------------------------------------------------------- the findings


def _key(finding: Finding, moment: Moment) -> tuple[str, str, str]:
    """What a finding is about, also after lines have moved: its rule, its file, its lines.

    Not its fingerprint, which counts findings on equal lines: the second would become the first.
    """
    try:
        lines = _lines(finding, moment)
    except (SourceError, KeyError):
        lines = [finding.message]
    return (finding.rule.id, finding.primary.path, " ".join(" ".join(lines).split()))


def _must_be_gone(mended: Sequence[Finding], before: Moment, after: Moment) -> None:
    left = Counter(_key(f, after) for f in after.checked.findings)
    had = Counter(_key(f, before) for f in before.checked.findings)
    ours = Counter(_key(f, before) for f in mended)
    expected = had - ours
    if any(left[key] > expected[key] for key in ours):
        raise Refused("the finding is still there afterwards")
    # an edit may also change the lines of another finding: then one of the same rule has gone
    appeared, gone = left - expected, expected - left
    room = Counter((rule, path) for rule, path, _ in gone.elements())
    for key in sorted(appeared.elements()):
        room[key[:2]] -= 1
        if room[key[:2]] < 0:
            shown = next(f for f in after.checked.findings if _key(f, after) == key)
            if shown.severity is Severity.INFO:
                continue  # advice that the mended finding outranked comes to light
            if _stood_behind(shown, mended, before, after):
                continue
            if any(shown.rule.id in one.supersedes for one in mended):
                continue  # it could not be told as long as the mended one stood
            raise Refused(f"it would bring a new finding, {shown.rule.id} {shown.rule.name}")


def _stood_behind(shown: Finding, mended: Sequence[Finding], before: Moment, after: Moment) -> bool:
    """Whether a finding says of untouched lines what a mended one said: both were told as one."""
    path = shown.primary.path
    lines = after.source_of(path).lines[shown.primary.line - 1 : shown.primary.end_line]
    untouched = set(before.source_of(path).lines)
    return all(line in untouched for line in lines) and any(
        (one.rule.id, one.message) == (shown.rule.id, shown.message) and one.primary.path == path
        for one in mended
        if not (set(_lines(one, before)) & set(lines))
    )


def _lines(finding: Finding, moment: Moment) -> list[str]:
    primary = finding.primary
    return moment.source_of(primary.path).lines[primary.line - 1 : primary.end_line]


def gone_too(mended: Sequence[Finding], before: Moment, after: Moment) -> list[Finding]:
    """The findings that went along with the mended ones: nothing of their rule came instead."""
    had = Counter(_key(f, before) for f in before.checked.findings)
    left = Counter(_key(f, after) for f in after.checked.findings)
    appeared = {(rule, path) for rule, path, _ in left - had}
    gone = had - left - Counter(_key(f, before) for f in mended)
    found = []
    for finding in before.checked.findings:
        key = _key(finding, before)
        if gone[key] > 0 and key[:2] not in appeared and all(finding is not one for one in mended):
            gone[key] -= 1
            found.append(finding)
    return found


# -------------------------------------------------------------------- the requests


def _pairs(before: Sequence[Request], after: Sequence[Request]) -> list[tuple[Request, Request]]:
    old, new = sorted(before, key=_site), sorted(after, key=_site)
    if [_identity(r) for r in old] != [_identity(r) for r in new]:
        raise Refused("other requests would be found in the changed code")
    return list(zip(old, new, strict=True))


def _identity(request: Request) -> tuple[str, str, str, str]:
    site = request.site
    return (site.span.path, site.function, site.surface, site.method)


def _site(request: Request) -> tuple[object, ...]:
    chain = tuple((step.span.path, step.label, step.span.start) for step in request.chain)
    return (request.site.span.path, request.site.span.start, request.site.span.end, chain)


_KNOWN = {State.KNOWN: 3, State.TRACED: 2, State.PARTIAL: 1, State.UNKNOWN: 0}


def _must_be_as_known(old: Request, new: Request) -> None:
    parts: tuple[tuple[str, Part, Part], ...] = (
        ("model", old.model, new.model),
        ("tools", old.tools, new.tools),
        ("system", old.system, new.system),
        ("messages", old.messages, new.messages),
    )
    for name, was, now in parts:
        if State.ABSENT in (was.state, now.state):
            worse = was.state is not now.state
        else:
            worse = _KNOWN[now.state] < _KNOWN[was.state]
        if worse:
            raise Refused(
                f"the {name} of the request in line {old.site.span.line} could be read before "
                f"({was.state.value}) and less well afterwards ({now.state.value})"
            )


def _must_be_equal(
    old: Request,
    new: Request,
    fixes: Sequence[Fix],
    before: Moment,
    after: Moment,
    *,
    texts: bool,
) -> None:
    line = old.site.span.line
    if not any(fix.changes_model for fix in fixes):
        if [m.id for m in old.models] != [m.id for m in new.models]:
            raise Refused(f"the model of the request in line {line} would change")
    marked = {"cache_control"} if any(_asks_for_caching(fix) for fix in fixes) else set()
    marked -= set(old.params)
    declared = {op.name for fix in fixes for op in fix.ops if isinstance(op, SetKeyword)}
    declared |= {op.parameter for fix in fixes for op in fix.ops if isinstance(op, SetNumber)}
    if any(isinstance(op, RemoveMarker) for fix in fixes for op in fix.ops):
        declared |= {"cache_control"} - set(new.params)  # the request's own marker
    declared |= {
        op.parameter
        for fix in fixes
        for op in fix.ops
        if isinstance(op, RemoveArgument | ReplaceArgument)
    }
    if set(old.params) - declared != set(new.params) - declared - marked:
        raise Refused(f"the parameters of the request in line {line} would change")
    if not texts:
        return
    reader, new_reader = _Reader(before), _Reader(after)
    reorders = any(fix.reorders for fix in fixes)
    if reorders:
        # What moves into a turn is stored with it, so earlier rounds of that turn show it as well.
        once = any(isinstance(op, MoveToTurn) for fix in fixes for op in fix.ops)
        was, now = reader.content(old, once), new_reader.content(new, once)
        if _bag(was) != _bag(now):
            raise Refused(f"the text of the request in line {line} would change")
    else:
        trims = any(isinstance(op, _TRIMS) for fix in fixes for op in fix.ops)
        for place in Place:
            if trims and place is Place.MESSAGES:
                continue  # how much of them is sent, and in what form, is what it changes
            was, now = reader.place(old, place), new_reader.place(new, place)
            if was != now and _combinations(was) != _combinations(now):
                raise Refused(f"the {place.value} of the request in line {line} would change")
    for name in sorted(set(old.params) - declared):
        value = reader.pieces(old.params[name])
        other = new_reader.pieces(new.params[name])
        if value != other and _bag(value) != _bag(other):
            raise Refused(f"`{name}` of the request in line {line} would change")


def _asks_for_caching(fix: Fix) -> bool:
    return any(isinstance(op, MarkRequest) for op in fix.ops)


def _must_only_wrap(
    changed: Sequence[str], fixes: Sequence[Fix], before: Moment, after: Moment
) -> None:
    """Without ``sorted`` and the keywords and entries that are set, the code is the same.

    The texts can't be compared for that: a sorted thing can be read better than an unsorted one.
    """
    dropped = frozenset(name for fix in fixes for op in fix.ops for name in _names_set(op))
    sentences = tuple(
        op.sentence for fix in fixes for op in fix.ops if isinstance(op, DropSentence)
    )
    for path in changed:
        old, new = (
            ast.dump(_Plain(dropped, sentences).visit(syntax.module(moment.texts[path])))
            for moment in (before, after)
        )
        if old != new:
            raise Refused("more than the order would change")


Piece: TypeAlias = tuple[object, ...]


class _Reader:
    """Values as sequences of pieces: literal text, and holes by their expressions."""

    def __init__(self, state: Moment) -> None:
        self.state = state

    def content(self, request: Request, once: bool = False) -> list[Piece]:
        """Everything the model reads; ``once``: of the rounds of one message only the first."""
        return [piece for place in Place for piece in self.place(request, place, once)]

    def place(self, request: Request, place: Place, once: bool = False) -> list[Piece]:
        """What the model reads at one place; the borders of text blocks don't count."""
        found: list[Piece] = []
        turn: tuple[str, int | None] | None = None
        seen: set[Span] = set()
        for block in request.blocks:
            if block.place is not place:
                continue
            if once and place is Place.MESSAGES and block.span in seen:
                continue
            seen.add(block.span)
            if place is Place.MESSAGES and (block.role, block.message) != turn:
                turn = (block.role, block.message)
                found.append(("role", block.role))
            inside = self._block(block)
            if block.optional and found and found[-1] == ("repeat", tuple(inside)):
                continue  # any number of it, and perhaps one more
            found += inside
        return _merged(found)

    def _block(self, block: Block) -> list[Piece]:
        if block.kind == "text":
            inside = self.pieces(block.value)
        else:
            inside = [("block", block.kind), *self.pieces(block.value), ("end",)]
        return [("repeat", tuple(inside))] if block.repeated else inside

    def pieces(self, value: Value) -> list[Piece]:
        """One value, as the model would read it."""
        return _merged(list(self._pieces(value)))

    def _pieces(self, value: Value) -> Iterator[Piece]:
        if isinstance(value, Known):
            if isinstance(value.value, str):
                yield ("text", value.value)
            else:
                yield ("constant", repr(value.value))
        elif isinstance(value, Unknown):
            yield ("hole", self._expression(value))
        elif isinstance(value, Text):
            for part in value.parts:
                yield from self._pieces(part)
        elif isinstance(value, Choice):
            if len(value.alternatives) == 1:  # one content in some order
                yield from self._pieces(value.alternatives[0].value)
                return
            branches = [tuple(self.pieces(a.value)) for a in value.alternatives]
            yield ("choice", tuple(branches))
        elif isinstance(value, Repeat):
            yield ("repeat", tuple(self.pieces(value.body)))
        elif isinstance(value, SequenceValue):
            yield ("[",)
            for item in value.items:
                yield ("item",)
                yield from self._pieces(item)
            yield ("]", value.open)
        elif isinstance(value, MappingValue):
            yield ("{",)
            for entry in value.entries:
                if isinstance(entry.key, Known) and entry.key.value == "cache_control":
                    continue  # the bill judges where markers stand
                yield ("entry", entry.optional)
                yield from self._pieces(entry.key)
                yield from self._pieces(entry.value)
            yield ("}", value.open)
        else:
            yield from self._object(value)

    def _object(self, value: Object) -> Iterator[Piece]:
        yield ("object", value.type)
        for name, inner in value.fields:
            yield ("field", name)
            yield from self._pieces(inner)
        yield ("end",)

    def _expression(self, value: Unknown) -> str:
        span = value.span
        text = self._slice(span)
        if text is None:
            return value.reason
        try:
            tree: ast.AST = syntax.expression(text)
        except (SyntaxError, ValueError):
            return " ".join(text.split())
        return ast.dump(_Plain(frozenset()).visit(tree))

    def _slice(self, span: Span) -> str | None:
        try:
            return self.state.source_of(span.path).slice(span)
        except (SourceError, ValueError, KeyError):
            return None


def _names_set(op: Op) -> Iterator[str]:
    """The keywords and keys that an operation writes, or takes out."""
    if isinstance(op, SetKeyword):
        yield op.name
    elif isinstance(op, SetEntry):
        yield op.key
    elif isinstance(op, CompactJson):
        yield op.keyword
        yield op.compact.partition("=")[0]


class _Plain(ast.NodeTransformer):
    """An expression without what a declared change puts around or into it."""

    def __init__(self, dropped: frozenset[str], sentences: tuple[str, ...] = ()) -> None:
        self.dropped = dropped
        self.sentences = sentences

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        if isinstance(node.value, str):
            for sentence in self.sentences:
                node.value = node.value.replace(sentence, "")
        return node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        if isinstance(node.func, ast.Name) and node.func.id == "sorted" and len(node.args) == 1:
            return node.args[0]
        node.keywords = [k for k in node.keywords if k.arg is None or k.arg not in self.dropped]
        return node

    def visit_Dict(self, node: ast.Dict) -> ast.AST:
        self.generic_visit(node)
        kept = [
            (key, value)
            for key, value in zip(node.keys, node.values, strict=True)
            if not (isinstance(key, ast.Constant) and key.value in self.dropped)
        ]
        node.keys, node.values = [key for key, _ in kept], [value for _, value in kept]
        return node

    def visit_NamedExpr(self, node: ast.NamedExpr) -> ast.AST:
        self.generic_visit(node)
        return node.value


def _merged(pieces: list[Piece]) -> list[Piece]:
    """Neighbouring literal text as one piece; empty text is none."""
    found: list[Piece] = []
    for piece in pieces:
        if piece[0] == "text":
            if not piece[1]:
                continue
            if found and found[-1][0] == "text":
                found[-1] = ("text", str(found[-1][1]) + str(piece[1]))
                continue
        if piece[0] == "repeat" and found and found[-1] == piece:
            continue  # any number of it, then any number of it
        found.append(piece)
    return found


def _combinations(pieces: Sequence[Piece]) -> set[tuple[Piece, ...]] | list[Piece]:
    """Every sequence the choices allow; the pieces themselves where these are too many."""
    results: list[list[Piece]] = [[]]
    for piece in pieces:
        if piece[0] != "choice":
            results = [[*before, piece] for before in results]
            continue
        branches = piece[1]
        assert isinstance(branches, tuple)  # that is what a choice is made of
        grown = []
        for branch in branches:
            inner = _combinations(branch)
            if isinstance(inner, list):
                return list(pieces)
            grown += [
                [*before, *option] for before in results for option in sorted(inner, key=repr)
            ]
        results = grown
        if len(results) > _ALTERNATIVES:
            return list(pieces)
    return {tuple(_merged(result)) for result in results}


def _bag(pieces: Sequence[Piece]) -> Counter[object]:
    """Words and holes without their order."""
    bag: Counter[object] = Counter()
    for piece in pieces:
        if piece[0] == "text":
            bag.update(str(piece[1]).split())
        elif piece[0] in ("choice", "repeat"):
            branches = piece[1]
            assert isinstance(branches, tuple)  # that is what both are made of
            for inner in branches if piece[0] == "choice" else (branches,):
                bag.update(_bag(inner))
        elif piece[0] not in ("item", "[", "]", "role"):
            bag[piece] += 1
    return bag


# -------------------------------------------------------------------- the code


def _must_run_alike(path: str, fixes: Sequence[Fix], before: Moment, after: Moment) -> None:
    old_text, new_text = before.texts[path], after.texts[path]
    old, new = syntax.module(old_text), syntax.module(new_text)
    problem = names.difference(old_text, new_text, path)
    if problem:
        raise Refused(problem)
    was, now = list(evaluated(old)), list(evaluated(new))
    ops = [op for fix in fixes for op in fix.ops]
    if any(isinstance(op, undone.RESHAPING) for op in ops):
        if not undone.alike(old_text, new_text, tuple(fixes)):
            raise Refused("more than the declared limit would change")
        return
    if any(isinstance(op, MoveToTurn) for op in ops):
        same = Counter(e.what for e in was) == Counter(e.what for e in now)
    elif any(isinstance(op, MarkLastOnly | RemoveMarker) for op in ops):
        # the marker's own value goes, or is written in another place
        same = _without_params(was) == _without_params(now)
    elif any(isinstance(op, FirstThenRest) for op in ops):
        # one more of them is waited for by itself
        same = _without_awaits(was) == _without_awaits(now)
    else:
        same = was == now
    if not same:
        raise Refused("calls would be made in another order, or not as often")


def _without_params(found: Sequence[Evaluated]) -> list[Evaluated]:
    return [e for e in found if not e.builds_params]


def _without_awaits(found: Sequence[Evaluated]) -> list[Evaluated]:
    return [e for e in found if e.what != ast.Await.__name__]


def _must_not_cost_more(old: Request, new: Request, bill: Bill) -> None:
    for pair, was, now in bill(old, new):
        if now > was * (1 + 1e-9):
            raise Refused(f"the bill would rise {pair}, from {was:,.0f} to {now:,.0f} units")
