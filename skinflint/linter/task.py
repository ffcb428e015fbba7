"""What a request is made for: label, extraction, judgement, open answer and so on, with signals.

What is done with the reply, and the shape that is asked of it, decide; names refine that, the room
for the reply supports it, and words of the prompt are only listed. Where strong signals disagree
the task stays unknown: taking a request for a small one costs more than missing one.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from skinflint.catalog import tasks as task_facts
from skinflint.catalog.surfaces import MethodFact
from skinflint.linter.activation import Activation, ClassHandle
from skinflint.linter.callers import Callers, runs_once
from skinflint.linter.module import FUNCTIONS, LOOPS, Module, dotted
from skinflint.linter.reply import Deed, Did, Follower
from skinflint.linter.request import Block, Place, Signal, Task, Use, parts_of
from skinflint.linter.spans import Span
from skinflint.linter.values import (
    Known,
    Mapping,
    Object,
    Repeat,
    Sequence,
    Unknown,
    Value,
    alternatives,
)

#: Signals of these kinds tell by themselves what a reply is used for.
STRONG = ("tools", "schema", "compared", "parsed", "indexed")
_ORDER = ("schema", "compared", "parsed", "indexed", "shown", "max-tokens", "stop-sequence")
_RANK = {kind: rank for rank, kind in enumerate((*_ORDER, "tools", "name", "class", "prompt"))}
MOST_SIGNALS = 16
#: Characters of one block that are looked through for words.
_READ = 6000

#: What a choice among few may be called.
_CHOICES = (Use.LABEL, Use.ROUTING, Use.JUDGEMENT)
_TEXTS = (Use.TITLE, Use.SUMMARY, Use.TRANSLATION)

_DIGITS = re.compile(r"\\d|\[0-9|\[1-9")
_WORDS = re.compile(r"\(?(?:\?:|\?i:)?[A-Za-z_ ]+(?:\|[A-Za-z_ ]+)+\)?")
_CARVES = re.compile(r"```|\\\{|\\\[|\{\.|\.\*|<")


class _Field(NamedTuple):
    """A field of a reply's shape; ``kind``: enum, boolean, number, text, other."""

    name: str
    kind: str


class Tasks:
    """Tells the tasks of the requests of a module."""

    def __init__(self, callers: Callers) -> None:
        self.callers = callers
        self.facts = task_facts.load()
        self._followed: dict[tuple[object, ...], tuple[tuple[Deed, ...], Follower]] = {}

    def of(
        self,
        node: ast.Call,
        fact: MethodFact,
        arguments: Mapping,
        act: Activation,
        blocks: list[Block],
    ) -> Task:
        """The task of the request that ``node`` sends."""
        if fact.counts_only:
            return Task()
        reader = _Reader(self, node, act, arguments, blocks)
        if not fact.batch:
            reader.read_reply(fact.name.endswith("tool_runner"))
        return reader.task()

    def followed(self, node: ast.Call, act: Activation) -> tuple[tuple[Deed, ...], Follower]:
        """What is done with the reply; kept, as a request may be rebuilt once per caller."""
        key = (node, *(step.span for step in act.chain[-2:]))
        found = self._followed.get(key)
        if found is None:
            follower = Follower(self.callers, self.facts, act.chain)
            found = self._followed[key] = (follower.follow(act.module, node), follower)
        return found


class _Reader:
    """Puts the signals of one request together."""

    def __init__(
        self,
        tasks: Tasks,
        node: ast.Call,
        act: Activation,
        arguments: Mapping,
        blocks: list[Block],
    ) -> None:
        self.tasks = tasks
        self.facts = tasks.facts
        self.node = node
        self.module: Module = act.module
        self.act = act
        self.arguments = arguments
        self.blocks = blocks
        self.signals: list[Signal] = []
        self.variables: list[Deed] = []
        self.above: list[tuple[Module, ast.AST]] = [(act.module, node)]
        self.returned = False
        self.kept = False
        self.numbers: list[Signal] = []  # what reads it as a number, or as one of few words
        self.narrow: Signal | None = None  # the shape of the reply has room for choices alone

    def _say(
        self,
        kind: str,
        use: Use,
        span: Span,
        says: str,
        above: bool = False,
        whole: bool = False,
    ) -> None:
        self.signals.append(Signal(kind, use, span, says, above, whole))

    # -- all together -----------------------------------------------------------------------------

    def task(self) -> Task:
        self._schema()
        cap = self._cap()
        self._stops()
        names = list(self._names())
        prompts = list(self._prompts())
        name = next((each for each in names if each.kind == "name"), None)
        use = self._decide(cap, name, prompts)
        closed = self._closed(cap, names)
        found = sorted(
            dict.fromkeys((*self.signals, *names, *prompts)),
            key=lambda s: (_RANK.get(s.kind, 0), s.span, s.use.value, s.says),
        )
        return Task(use, tuple(found[:MOST_SIGNALS]), closed)

    def _closed(self, cap: int | None, names: list[Signal]) -> Signal | None:
        """What shows that nothing but a choice, a number and reasons for them is taken of it."""
        if any(s.kind == "shown" for s in self.signals) and not self.returned:
            return None
        brief = cap is not None and cap <= self.facts.brief_tokens
        for signal in self.signals:
            choice = signal.kind in ("compared", "indexed") and signal.use is Use.LABEL
            # a number may be anything, unless something is called a score or the like
            number = signal in self.numbers and any(name.use in _CHOICES for name in names)
            if (choice or number) and (signal.whole or brief):
                return signal
        return self.narrow

    def _decide(self, cap: int | None, name: Signal | None, prompts: list[Signal]) -> Use:
        called = name.use if name is not None else Use.UNKNOWN
        by_kind = {kind: {s.use for s in self.signals if s.kind == kind} for kind in STRONG}
        if by_kind["schema"] - {Use.UNKNOWN}:
            by_kind["parsed"] = set()  # what is read of a shape is told by the shape
        strong = set().union(*by_kind.values()) - {Use.UNKNOWN}
        shown = any(s.kind == "shown" for s in self.signals) and not self.returned
        short = cap is not None and cap <= self.facts.short_tokens
        tiny = cap is not None and cap <= self.facts.label_tokens
        if Use.AGENT_LOOP in strong:
            return Use.UNKNOWN if strong - {Use.AGENT_LOOP, Use.EXTRACTION} else Use.AGENT_LOOP
        if strong == {Use.LABEL, Use.ROUTING}:
            strong = {Use.ROUTING}
        if len(strong) > 1:
            return Use.UNKNOWN
        for use in strong:
            if shown and use is not Use.EXTRACTION and not tiny:
                return Use.UNKNOWN
            if use is Use.EXTRACTION and self.kept:
                return Use.UNKNOWN  # it may say what to do next in a long task
            parsed = not by_kind["schema"] and use is Use.EXTRACTION and called is Use.UNKNOWN
            if parsed and not self._instructed():
                return Use.UNKNOWN  # a helper that parses whatever it is asked for
            return _refined(use, called)
        if shown:
            if called in _TEXTS or (tiny and called in _CHOICES):
                return called
            return Use.OPEN_ANSWER if called in (Use.UNKNOWN, Use.OPEN_ANSWER) else Use.UNKNOWN
        if called in _CHOICES:
            return called if short else Use.UNKNOWN
        if called is not Use.UNKNOWN:
            return called if called is not Use.OPEN_ANSWER or self._instructed() else Use.UNKNOWN
        asked = {s.use for s in prompts}
        if tiny and len(asked) == 1:
            return next(iter(asked))
        shaped = any(s.kind == "schema" for s in self.signals)
        if self.returned and not (tiny or shaped) and self._instructed():
            return Use.OPEN_ANSWER
        return Use.UNKNOWN

    def _instructed(self) -> bool:
        """Whether some of the prompt is of this code: else the request serves anything."""
        return any(
            (isinstance(leaf, Known) and isinstance(leaf.value, str) and len(leaf.value) > 12)
            or (isinstance(leaf, Unknown) and leaf.entry in ("import", "file", "template"))
            for block in self.blocks
            if block.place is not Place.TOOLS
            for leaf, _ in parts_of(block.value)
        )

    # -- the reply --------------------------------------------------------------------------------

    def read_reply(self, runner: bool) -> None:
        """The signals of what is done with the reply."""
        deeds, follower = self.tasks.followed(self.node, self.act)
        self.above = follower.above
        self.variables = [d for d in deeds if d.did is Did.NAMED]
        did: dict[Did, list[Deed]] = {}
        for deed in deeds:
            did.setdefault(deed.did, []).append(deed)
        if runner:
            span = self.module.span(self.node)
            self._say("tools", Use.AGENT_LOOP, span, "a tool runner sends it, round by round")
        else:
            self._loop(did)
        self._choices(did)
        self._parsed(did)
        self._shown(did)

    def _loop(self, did: dict[Did, list[Deed]]) -> None:
        tools = did.get(Did.TOOL)
        if not tools:
            return
        for module, call in self.above:
            scope = module.scope(call)
            around = [
                loop
                for loop in module.loops(call, scope)
                if isinstance(loop, LOOPS) and not runs_once(module, call, loop)
            ]
            recursive = isinstance(scope, FUNCTIONS) and any(
                scope in module.ancestors(each) for each in module.calls_named.get(scope.name, ())
            )
            if not around and not recursive:
                continue
            answered = Did.HISTORY in did or '"tool_result"' in self._source(module, scope)
            if answered:
                span = tools[0].span
                how = f"the loop at line {getattr(around[0], 'lineno', 0)}" if around else "itself"
                says = f"calls of tools in the reply (line {span.line}) are answered by {how}"
                self._say("tools", Use.AGENT_LOOP, span, says)
                return

    @staticmethod
    def _source(module: Module, node: ast.AST) -> str:
        text = module.source.slice(module.span(node))
        return text.replace("'", '"')

    def _choices(self, did: dict[Did, list[Deed]]) -> None:
        for deed in did.get(Did.MEMBER, ()):
            says = f"the reply is looked for in `{deed.detail}` in line {deed.span.line}"
            self._say("compared", Use.LABEL, deed.span, says, deed.above, not _of_a_part(deed))
        for deed in did.get(Did.PICKED, ())[:2]:
            says = f"items of the reply are looked up in `{deed.detail}` in line {deed.span.line}"
            self._say("indexed", Use.LABEL, deed.span, says, deed.above, whole=True)
        for deed in did.get(Did.INDEXED, ()):
            says = f"the reply picks an entry of `{deed.detail}` in line {deed.span.line}"
            self._say("indexed", Use.LABEL, deed.span, says, deed.above, not _of_a_part(deed))
        elsewhere = any(
            d in did for d in (Did.SHOWN, Did.RETURNED, Did.HISTORY, Did.HANDED, Did.PARSED)
        )
        equal = [d for d in did.get(Did.COMPARED, ()) if _is_label(d.detail)]
        if len({d.detail for d in equal}) > 1 or not elsewhere:
            for deed in equal:
                says = f"the reply is compared with {deed.detail!r} in line {deed.span.line}"
                self._say("compared", Use.LABEL, deed.span, says, deed.above, not _of_a_part(deed))
        if not elsewhere:
            for deed in did.get(Did.CONTAINS, ()):
                if _is_label(deed.detail):
                    says = f"{deed.detail!r} is looked for in the reply in line {deed.span.line}"
                    self._say("compared", Use.LABEL, deed.span, says, deed.above)

    def _parsed(self, did: dict[Did, list[Deed]]) -> None:
        if Did.INDEXED not in did:
            for deed in did.get(Did.NUMBER, ()):
                says = f"the reply is read as a number by {deed.detail}() in line {deed.span.line}"
                whole = Did.MATCHED not in did and not _of_a_part(deed)
                self._say("parsed", Use.JUDGEMENT, deed.span, says, deed.above, whole)
                self.numbers.append(self.signals[-1])
        for deed in did.get(Did.MATCHED, ()):
            self._by_pattern(deed, did)
        parsed = did.get(Did.PARSED, ())
        if not parsed:
            return
        use = self._use_of_fields(did)
        for deed in parsed:
            name = deed.detail.removesuffix("()")
            told = self.facts.of_field(name)
            own = Use(told) if use is Use.EXTRACTION and told not in ("", "explains") else use
            says = f"the reply is parsed by {name} in line {deed.span.line}"
            read = list(dict.fromkeys(d.detail for d in did.get(Did.FIELD, ())))
            if read:
                more = "" if len(read) <= 4 else " and more"
                says += f", and {', '.join(read[:4])}{more} read from it"
            self._say("parsed", own, deed.span, says, deed.above)
            if Did.LEFT not in did and Did.CLASS not in did and self._is_narrow(map(_named, read)):
                self.narrow = self.signals[-1]

    def _by_pattern(self, deed: Deed, did: dict[Did, list[Deed]]) -> None:
        where = f"in line {deed.span.line}"
        pattern = deed.detail
        goes_on = any(d in did for d in (Did.SHOWN, Did.RETURNED, Did.HISTORY, Did.PARSED))
        if _WORDS.search(pattern) and not _CARVES.search(pattern) and not goes_on:
            says = f"one of few words is looked for in the reply {where}"
            self._say("parsed", Use.LABEL, deed.span, says, deed.above)
            self.numbers.append(self.signals[-1])
        elif _DIGITS.search(pattern) and Did.NUMBER in did:
            self._say(
                "parsed",
                Use.JUDGEMENT,
                deed.span,
                f"a number is taken out of it {where}",
                deed.above,
            )
            self.numbers.append(self.signals[-1])

    def _use_of_fields(self, did: dict[Did, list[Deed]]) -> Use:
        for deed in did.get(Did.CLASS, ()):
            assert deed.module is not None
            return self._of_shape(_fields_of(deed.module.classes[deed.detail], deed.module))
        names = dict.fromkeys(d.detail for d in did.get(Did.FIELD, ()))
        if not names and Did.PICKED in did:
            return Use.LABEL
        told = {name: self.facts.of_field(name) for name in names}
        decisive = [name for name in names if told[name] != "explains"]
        if not decisive and any(self.facts.speaks("prose", name) for name in names):
            return Use.OPEN_ANSWER  # what was decided elsewhere is explained
        uses = {told[name] for name in decisive}
        if len(uses) == 1 and "" not in uses:
            return Use(next(iter(uses)))
        if len(decisive) == 1 and did.get(Did.FIELD_COMPARED):
            return Use.LABEL
        return Use.EXTRACTION

    def _shown(self, did: dict[Did, list[Deed]]) -> None:
        for deed in did.get(Did.SHOWN, ())[:3]:
            how = "handed out piece by piece" if deed.detail == "yield" else "shown"
            by = "" if deed.detail == "yield" else f" by {deed.detail}"
            says = f"the reply is {how}{by} in line {deed.span.line}"
            self._say("shown", Use.OPEN_ANSWER, deed.span, says, deed.above)
        returned = did.get(Did.RETURNED, [])[:1]
        kept = did.get(Did.HISTORY, [])[:1]
        self.returned = Did.SHOWN not in did and bool(returned or kept)
        self.kept = bool(kept)
        if Did.SHOWN in did or Did.PARSED in did:
            return
        for deed in returned:
            says = f"the reply is returned as it is in line {deed.span.line}"
            self._say("shown", Use.OPEN_ANSWER, deed.span, says, deed.above)
        for deed in kept:
            says = f"the reply is kept as a turn of the conversation in line {deed.span.line}"
            self._say("shown", Use.OPEN_ANSWER, deed.span, says, deed.above)

    # -- the shape asked for ----------------------------------------------------------------------

    def _schema(self) -> None:
        for name in ("output_config", "output_format"):
            value = self.arguments.get(name)
            for each in alternatives(value) if value is not None else ():
                if name == "output_config" and isinstance(each, Mapping):
                    inner = each.get("format")
                    each = inner if inner is not None else each
                self._format(each)
        choice = self.arguments.get("tool_choice")
        for each in alternatives(choice) if choice is not None else ():
            if isinstance(each, Mapping):
                kind, forced = each.get("type"), each.get("name")
                if isinstance(kind, Known) and kind.value == "tool" and isinstance(forced, Known):
                    self._forced(str(forced.value), each.span)

    def _format(self, value: Value) -> None:
        if isinstance(value, Object) and isinstance(value.handle, ClassHandle):
            fields = _fields_of(value.handle.node, value.handle.module)
            self._shape(fields, value.span, f"the reply is a {value.handle.node.name}")
        elif isinstance(value, Mapping):
            schema = value.get("schema")
            kind = value.get("type")
            if isinstance(schema, Mapping):
                self._shape(_fields_in(schema), value.span, "the reply follows a schema")
            elif isinstance(kind, Known) and kind.value == "json_schema":
                says = "the reply follows a schema that can't be seen"
                self._say("schema", Use.UNKNOWN, value.span, says)

    def _forced(self, name: str, span: Span) -> None:
        schema: Value | None = None
        tools = self.arguments.get("tools")
        for each in alternatives(tools) if tools is not None else ():
            for item in each.items if isinstance(each, Sequence) else ():
                body = item.body if isinstance(item, Repeat) else item
                if isinstance(body, Mapping):
                    its_name = body.get("name")
                    if isinstance(its_name, Known) and its_name.value == name:
                        schema = body.get("input_schema") or body.get("parameters")
        says = f"the reply has to call the tool {name}"
        if isinstance(schema, Mapping):
            self._shape(_fields_in(schema), span, says)
        else:
            self._say("schema", Use.UNKNOWN, span, says)

    def _shape(self, fields: list[_Field], span: Span, says: str) -> None:
        use = self._of_shape(fields)
        listed = ", ".join(field.name for field in fields[:4])
        if listed:
            says += f" ({listed}{', ...' if len(fields) > 4 else ''})"
        self._say("schema", use, span, says)
        if self._is_narrow(fields):
            self.narrow = self.signals[-1]

    def _is_narrow(self, fields: Iterable[_Field]) -> bool:
        """Whether fields have room for choices, numbers that rate, and reasons for them alone."""
        chosen = False
        for field in fields:
            told = self.facts.of_field(field.name)
            if self.facts.is_weighty(field.name) or self.facts.tells(field.name):
                return False
            if field.kind in ("enum", "boolean") or self.facts.is_choice(field.name):
                chosen = True
            elif told != "explains":
                return False
        return chosen

    def _of_shape(self, fields: list[_Field]) -> Use:
        told = {f.name: self.facts.of_field(f.name) for f in fields}
        decisive = [
            f for f in fields if told[f.name] != "explains" or f.kind in ("enum", "boolean")
        ]
        uses = {told[f.name] for f in decisive}
        if len(decisive) == 1:
            only = decisive[0]
            if told[only.name] not in ("", "explains"):
                return Use(told[only.name])
            if only.kind in ("enum", "boolean"):
                return Use.LABEL
            return Use.JUDGEMENT if only.kind == "number" else Use.EXTRACTION
        if len(uses) == 1 and not uses & {"", "explains"}:
            return Use(next(iter(uses)))
        return Use.EXTRACTION

    # -- sizes, names, words ----------------------------------------------------------------------

    def _cap(self) -> int | None:
        entry = self.arguments.entry("max_tokens")
        if entry is None:
            return None
        caps = [v.value if isinstance(v, Known) else None for v in alternatives(entry.value)]
        known = [cap for cap in caps if isinstance(cap, int)]
        if not known or len(known) < len(caps):
            return None
        cap = max(known)
        says = f"the reply has room for {cap} tokens (max_tokens)"
        if cap <= self.facts.label_tokens:
            self._say("max-tokens", Use.LABEL, entry.span, says)
        elif cap <= self.facts.short_tokens:
            self._say("max-tokens", Use.UNKNOWN, entry.span, says)
        return cap

    def _stops(self) -> None:
        entry = self.arguments.entry("stop_sequences")
        if entry is None or not isinstance(entry.value, Sequence):
            return
        for item in entry.value.items:
            if isinstance(item, Known) and isinstance(item.value, str):
                told = self.facts.of_field(item.value)
                use = Use.LABEL if not item.value.strip() else Use.UNKNOWN
                if told not in ("", "explains"):
                    use = Use(told)
                says = f"the reply ends at {item.value!r} (stop_sequences)"
                self._say("stop-sequence", use, entry.span, says)

    def _names(self) -> Iterator[Signal]:
        """What names around the request say; the one that counts most comes first."""
        classes: list[ast.ClassDef] = []
        for place, (outer, call) in enumerate(self.above):
            inner: ast.AST = outer.scope(call)
            while not isinstance(inner, ast.Module):
                if isinstance(inner, FUNCTIONS):
                    how = "it is sent in" if not place else "its reply goes to"
                    yield from self._named(
                        inner.name, outer.span(inner), f"{how} {inner.name}()", place > 0
                    )
                    cls = outer.enclosing_class(inner)
                    if cls is not None and not place:
                        classes.append(cls)
                inner = outer.scope(inner)
            if not place:
                yield from self._variables()
                yield from self._constants()
        for cls in classes:
            told = self.facts.of_name(cls.name)
            if told is not None:
                says = f"it is sent in {cls.name}"
                yield Signal("class", Use(told.use), self.module.span(cls), says)

    def _variables(self) -> Iterator[Signal]:
        for deed in self.variables:
            says = f"the reply is called {deed.detail} in line {deed.span.line}"
            told = self.facts.of_thing(deed.detail)
            if told is not None:
                yield Signal("name", Use(told.use), deed.span, says, deed.above)

    def _constants(self) -> Iterator[Signal]:
        """Constants the call is made with: ``model=JUDGE_MODEL``, ``system=CLASSIFY_PROMPT``."""
        seen: set[str] = set()
        for keyword in self.node.keywords:
            if keyword.arg not in ("model", "system", "messages", "tools"):
                continue
            for node in ast.walk(keyword.value):
                name = (dotted(node) or "").rpartition(".")[2]
                if name and name == name.upper() and name not in seen:
                    seen.add(name)
                    span = self.module.span(node)
                    yield from self._named(name, span, f"it is made with {name}")

    def _named(self, name: str, span: Span, says: str, above: bool = False) -> Iterator[Signal]:
        told = self.facts.of_name(name)
        if told is not None:
            yield Signal("name", Use(told.use), span, says, above)

    def _prompts(self) -> Iterator[Signal]:
        seen: set[str] = set()
        for block in self.blocks:
            if block.place is Place.TOOLS or block.kind != "text" or block.history:
                continue
            texts = [
                leaf.value[:_READ]
                for leaf, _ in parts_of(block.value)
                if isinstance(leaf, Known) and isinstance(leaf.value, str)
            ]
            for told in self.facts.of_prompt("\n".join(texts)[:_READ]):
                if told.word not in seen:
                    seen.add(told.word)
                    yield Signal(
                        "prompt", Use(told.use), block.span, f"the prompt says {told.word!r}"
                    )


def _refined(use: Use, called: Use) -> Use:
    """What the reply shows it is used for, made more exact by what names call it."""
    if use is Use.EXTRACTION:
        if called is Use.OPEN_ANSWER:
            return Use.UNKNOWN  # something made up, in the form of data
        return called if called in (*_CHOICES, Use.TITLE, Use.SUMMARY) else use
    if use in _CHOICES:
        if called in _TEXTS:
            return Use.UNKNOWN
        return called if use is Use.LABEL and called in _CHOICES else use
    return use


def _of_a_part(deed: Deed) -> bool:
    """Whether it is done with a line or word of the reply, as far as the expression shows."""
    return deed.module is None or "split" in deed.module.source.slice(deed.span)


def _is_label(literal: str) -> bool:
    """Whether a literal may be an answer rather than a mark of form: a fence, a bracket, a tag."""
    bare = literal.strip(" .,!?:\"'")
    return bool(bare) and len(bare) <= 40 and not re.search(r"[`{}\[\]<>\n#*=/\\|]", literal)


def _named(name: str) -> _Field:
    """A field that is read, of which nothing but its name is known."""
    return _Field(name, "other")


def _fields_in(schema: Mapping) -> list[_Field]:
    """The fields of a JSON schema; its own enum is a field without a name."""
    properties = schema.get("properties")
    if not isinstance(properties, Mapping):
        return [_Field("", "enum")] if schema.get("enum") is not None else []
    found = []
    for entry in properties.entries:
        if not (isinstance(entry.key, Known) and isinstance(entry.key.value, str)):
            continue
        kind = "other"
        if isinstance(entry.value, Mapping):
            written = entry.value.get("type")
            if entry.value.get("enum") is not None or entry.value.get("const") is not None:
                kind = "enum"
            elif isinstance(written, Known):
                kind = _KINDS.get(str(written.value), "other")
        found.append(_Field(entry.key.value, kind))
    return found


def _fields_of(cls: ast.ClassDef, module: Module) -> list[_Field]:
    """The annotated fields of a class."""
    found = []
    for stmt in cls.body:
        if isinstance(stmt, ast.AnnAssign) and isinstance(stmt.target, ast.Name):
            written = ast.unparse(stmt.annotation)
            head = written.partition("[")[0].rpartition(".")[2]
            kind = _KINDS.get(head, "other")
            enum = module.classes.get(head)
            if head == "Literal" or (
                enum is not None and any("Enum" in (dotted(b) or "") for b in enum.bases)
            ):
                kind = "enum"
            found.append(_Field(stmt.target.id, kind))
    return found


_KINDS = {
    "boolean": "boolean",
    "bool": "boolean",
    "integer": "number",
    "number": "number",
    "int": "number",
    "float": "number",
    "string": "text",
    "str": "text",
}
