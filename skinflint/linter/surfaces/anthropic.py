"""The anthropic SDK: from a call of one of its methods to the request that will be sent."""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache, partial

from skinflint.catalog.surfaces import ClientFact, MethodFact
from skinflint.catalog.versions import Versions
from skinflint.linter import operations as ops
from skinflint.linter.activation import (
    Activation,
    ClientHandle,
    ExternalHandle,
    PartialHandle,
    qualified_name,
    runs,
)
from skinflint.linter.bounds import guards
from skinflint.linter.branches import decided, left_out
from skinflint.linter.callers import Callers
from skinflint.linter.calls import client_of
from skinflint.linter.deciding import deciding
from skinflint.linter.endings import is_sent_anew
from skinflint.linter.evaluate import Evaluator
from skinflint.linter.fanout import fan_out
from skinflint.linter.forks import with_forks
from skinflint.linter.history import Histories
from skinflint.linter.interval import interval
from skinflint.linter.lost import lost_markers
from skinflint.linter.misplaced import in_block, in_message, in_request
from skinflint.linter.module import (
    COMPREHENSIONS,
    FUNCTIONS,
    LOOPS,
    FunctionNode,
    Module,
    default_of,
    dotted,
    last_name,
    parameters,
    walk,
)
from skinflint.linter.parts import is_absent as _absent
from skinflint.linter.parts import judge, unwritten
from skinflint.linter.repetition import repetition
from skinflint.linter.request import (
    Awaited,
    Block,
    Breakpoint,
    Content,
    Conversation,
    Form,
    JsonText,
    LostMarker,
    Misplaced,
    ModelRef,
    Pair,
    PairKind,
    Part,
    Place,
    Platform,
    Refusal,
    Request,
    Retry,
    Rounds,
    Site,
    State,
    Term,
    Usage,
    Written,
)
from skinflint.linter.shapes import (
    ENVIRONMENT,
    RUNNERS,
    comments_near,
    foreseen,
    introduced,
    is_for_others_too,
    is_patched,
    is_probed,
    never_awaited,
    never_entered,
    rejection_awaited,
    reply_unread,
    within,
)
from skinflint.linter.spans import Role, Span, Step
from skinflint.linter.taken import is_since, is_tried, lacked, refusal
from skinflint.linter.task import Tasks
from skinflint.linter.values import (
    Choice,
    Entry,
    Frame,
    Key,
    Known,
    Mapping,
    MarkKind,
    Object,
    Repeat,
    Sequence,
    Source,
    Text,
    Unknown,
    Value,
    alternatives,
    with_keys,
)
from skinflint.records import dataclass, replace

#: Last names of the methods that build a request; the index is asked for these alone.
_METHODS = ("create", "stream", "parse", "count_tokens", "tool_runner", "send", "thread")
#: Those of them that take nothing but keywords.
_BY_KEYWORD = ("create", "stream", "parse", "count_tokens", "tool_runner")
#: Resources on the way to them.
_OTHERS = (("chat", "completions"),)  # resources of the same name that no client here has
_RESOURCES = ("messages", "batches", "completions", "with_raw_response", "with_streaming_response")


#: As ``Site.surface`` names it.
SURFACE = "anthropic"

#: Where Ollama answers on the machine that a program runs on, unless it is told otherwise.
_OLLAMA = re.compile(
    r"https?://(?:localhost|127(?:\.\d+){3}|0\.0\.0\.0|host\.docker\.internal):11434\b"
)
#: Tells the SDK versions that the project pins for the module; None where nothing says so.
Pinned = Callable[[], Versions | None]


@dataclass(frozen=True, slots=True)
class Found:
    """A call that sends a request: the method, the client and the arguments."""

    node: ast.Call
    fact: MethodFact
    client: Object
    arguments: Mapping
    activation: Activation
    through: str = ""  # the user's own function that sends it, and who answers it then
    platform: Platform | None = None
    surface: str = SURFACE
    clients: tuple[Object, ...] = ()  # all that may send it, where there are several


def requests(
    module: Module, evaluator: Evaluator, callers: Callers, in_test: bool, pinned: Pinned
) -> Iterator[Request]:
    """Every request that ``module`` sends through the anthropic SDK, in order of lines."""
    kept = _kept_references(module)
    nodes = (node for node in module.calls if _candidate(node, kept))
    made = sent_by(nodes, _found, evaluator, callers, in_test, pinned)
    yield from with_forks(list(made))


def sent_by(
    nodes: Iterable[ast.Call],
    found: Callable[[ast.Call, Activation, Evaluator], Found | None],
    evaluator: Evaluator,
    callers: Callers,
    in_test: bool,
    pinned: Pinned,
) -> Iterator[Request]:
    """The requests that calls send: each is rebuilt for every chain of callers that leads to it."""
    tasks = Tasks(callers)
    histories = Histories(evaluator, callers)
    for node in nodes:
        evaluator.start()
        made: list[Request] = []
        acts = callers.activations(node)
        come = [each for each in acts if not left_out(node, each, evaluator)]
        for act in come or callers.by_nobody_here(node) or acts:
            evaluator.start()
            this = found(node, decided(node, act, evaluator), evaluator)
            if this is not None:
                made.extend(built(this, evaluator, callers, tasks, histories, in_test, pinned))
        if callers.is_cut(node):

            def parts_of(act: Activation, node: ast.Call = node) -> Iterator[_Builder]:
                this = found(node, act, evaluator)
                if this is None:
                    return
                for arguments, at in _each_request(this):
                    yield _Builder(
                        this, arguments, evaluator, callers, tasks, histories, in_test, at, pinned
                    )

            evaluator.start()  # one budget for all of them
            unseen = _unseen_of(made, callers.others(node), parts_of)
            made = [_as_one_of_many(request, unseen) for request in made]
        yield from made


_PARTS = ("model", "tools", "system", "messages")
_SEEN = (State.KNOWN, State.TRACED, State.ABSENT)


def _unseen_of(
    made: list[Request],
    acts: list[Activation] | None,
    parts_of: Callable[[Activation], Iterator[_Builder]],
) -> set[str]:
    """The parts of a place with more callers than are followed of which not all is seen.

    That is so where those that are followed differ, and what another one sends isn't seen.
    """
    differing = {
        name
        for name in _PARTS
        if len({getattr(each, name).leaves for each in made}) > 1
        and any(getattr(each, name).is_any(State.KNOWN, State.TRACED) for each in made)
    }
    asked = {n for n in differing if all(getattr(each, n).is_any(*_SEEN) for each in made)}
    unseen = differing - asked
    if acts is None:
        return differing
    for act in acts:
        if not asked:
            break
        builders = list(parts_of(act))
        lacking = {n for n in asked if any(b.state(n) not in _SEEN for b in builders)}
        lacking = lacking if builders else asked
        unseen |= lacking
        asked = asked - lacking
    return unseen


def _as_one_of_many(request: Request, unseen: set[str]) -> Request:
    """A request of a place with more callers than are followed, not all of which are seen."""
    reason = "it is called from more places than are followed"

    def unsure(name: str) -> Part:
        part: Part = getattr(request, name)
        if name in unseen and part.is_any(State.KNOWN, State.TRACED):
            return replace(part, state=State.PARTIAL, reason=reason)
        return part

    return replace(
        request,
        model=unsure("model"),
        tools=unsure("tools"),
        system=unsure("system"),
        messages=unsure("messages"),
    )


def built(
    found: Found,
    evaluator: Evaluator,
    callers: Callers,
    tasks: Tasks,
    histories: Histories,
    in_test: bool,
    pinned: Pinned,
) -> Iterator[Request]:
    """The requests that a call sends, put together."""
    for arguments, position in _each_request(found):
        builder = _Builder(
            found, arguments, evaluator, callers, tasks, histories, in_test, position, pinned
        )
        yield builder.request()


def keeper_of(module: Module, load: ast.expr) -> ast.AST | None:
    """What takes a value that is read: past the calls, conditionals and keywords it is handed to.

    A call of the value itself ends the way.
    """
    child: ast.AST = load
    parent = module.parents.get(load)
    while isinstance(parent, (ast.Call, ast.keyword, ast.IfExp, ast.BoolOp)):
        if isinstance(parent, ast.Call) and child is parent.func:
            break
        child, parent = parent, module.parents.get(parent)
    return parent


def targets_of(keeper: ast.AST | None) -> list[ast.expr]:
    """What an assignment binds; nothing for any other keeper."""
    if isinstance(keeper, ast.Assign):
        return keeper.targets
    return [keeper.target] if isinstance(keeper, ast.AnnAssign) else []


def _kept_references(module: Module) -> frozenset[str]:
    """Last names under which the module keeps a method or resource instead of calling it.

    ``send = client.messages.create`` keeps ``send``, ``self.api = client.messages`` keeps ``api``.
    """
    kept: set[str] = set()
    for name in (*_METHODS, *_RESOURCES):
        for load in module.loads.get(name, ()):
            keeper = keeper_of(module, load)
            kept.update(last_name(target) for target in targets_of(keeper))
            if isinstance(keeper, ast.Return):
                kept.add("*")
    for name in ("Messages", "AsyncMessages", "Batches", "AsyncBatches"):
        if name in module.loads:
            kept.add("*")
    return frozenset(kept)


def _candidate(node: ast.Call, kept: frozenset[str]) -> bool:
    func = node.func
    if isinstance(func, ast.Attribute) and func.attr in _METHODS:
        receiver = func.value
        while isinstance(receiver, (ast.Attribute, ast.Call, ast.Await)):
            if isinstance(receiver, ast.Attribute):
                above = receiver.value
                if isinstance(above, ast.Attribute) and (above.attr, receiver.attr) in _OTHERS:
                    return False
                if receiver.attr in _RESOURCES or receiver.attr in kept:
                    return True
                receiver = above
            elif isinstance(receiver, ast.Call):
                receiver = receiver.func
            else:
                receiver = receiver.value
        if func.attr in _BY_KEYWORD and not node.keywords:
            return False  # whatever takes what it is handed like this, it is none of the SDK's
        name = receiver.id if isinstance(receiver, ast.Name) else ""
        return name in kept or "*" in kept
    name = func.attr if isinstance(func, ast.Attribute) else getattr(func, "id", "")
    if name in RUNNERS:
        position = RUNNERS[name]
        handed = node.args[position : position + 1] if name != "partial" else ()
        return any(_hands_over(argument, kept) for argument in handed)
    # A name that was bound to a method or a partial: ``send = client.messages.create``.
    return name in kept


def _may_grow(block: Block) -> bool:
    """Whether a block stands for messages that can't be counted."""
    return block.place is Place.MESSAGES and (block.repeated or not block.kind)


def _hands_over(node: ast.expr, kept: frozenset[str]) -> bool:
    """Whether an argument may be a method that sends, or ``partial`` of one."""
    if isinstance(node, ast.Call) and last_name(node.func) == "partial" and node.args:
        node = node.args[0]
    return isinstance(node, (ast.Attribute, ast.Name)) and (
        last_name(node) in _METHODS or last_name(node) in kept
    )


def _found(node: ast.Call, act: Activation, ev: Evaluator) -> Found | None:
    """The request that ``node`` sends, if its receiver resolves to a client."""
    callee: ast.expr = node.func
    call = node
    name = last_name(callee)
    if name in RUNNERS and name != "partial":
        position = RUNNERS[name]
        if len(node.args) <= position:
            return None
        callee = node.args[position]
        call = ast.copy_location(
            ast.Call(func=callee, args=node.args[position + 1 :], keywords=node.keywords), node
        )
    elif name == "partial":
        return None
    if _is_stood_in(callee, act.module):
        return None
    value = ev.evaluate(callee, act)
    bound: Mapping | None = None
    for each in alternatives(value):
        if isinstance(each, Object) and isinstance(each.handle, PartialHandle):
            bound = ev.calls.keywords(each.handle.call, each.handle.activation)
            value = each.handle.callee
    client = client_of(value) or _own_client(value, act, ev)
    if client is None:
        client = _by_proof(call, callee, value, act, ev)
        if client is None:
            return None
    handle = client.handle
    assert isinstance(handle, ClientHandle)
    fact = ev.surfaces.method(handle.path)
    if fact is None:
        return None
    client_fact = ev.surfaces.client(handle.name)
    if client_fact is not None and not ev.surfaces.offers(client_fact, fact):
        return None
    arguments = ev.calls.keywords(call, act, fresh=True)
    if bound is not None:
        arguments = ops.update(bound, arguments, arguments.span)
    clients = [each for each in alternatives(value) if isinstance(each, Object)]
    able = tuple(each for each in clients if isinstance(each.handle, ClientHandle))
    return Found(node, fact, client, arguments, act, clients=able if len(able) > 1 else ())


#: How a test says what a stand-in for a method returns.
_STOOD_IN = r"\.(?:return_value|side_effect)\s*="


def _is_stood_in(callee: ast.expr, module: Module) -> bool:
    """Whether the module says what the method returns: then nothing is sent by it."""
    path = dotted(callee)
    if path is None or "." not in path or f"{path}." not in module.source.text:
        return False
    return re.search(rf"(?<![\w.]){re.escape(path)}{_STOOD_IN}", module.source.text) is not None


def _own_client(value: Value, act: Activation, ev: Evaluator) -> Object | None:
    """A method of an imported object that the configuration calls a client."""
    for each in alternatives(value) if ev.surfaces.own else ():
        name = qualified_name(each, act.module)
        for own in ev.surfaces.own:
            head, found, path = name.partition(f"{own}.")
            if found and (not head or head.endswith(".")):
                handle = ClientHandle(own, {}, tuple(path.split(".")), given=True)
                return Object("anthropic.resource", each.span, (), (), handle)
    return None


def _by_proof(
    node: ast.Call, callee: ast.expr, value: Value, act: Activation, ev: Evaluator
) -> Object | None:
    """A receiver of unknown making whose call proves what it is.

    Proof is a Claude id as model, the arguments this method can't do without in a file that imports
    the SDK, or something that no other SDK has: the beta resource, automatic caching, a batch of
    requests. A receiver that is known to be something else is never overruled.
    """
    path: list[str] = []
    current = callee
    while isinstance(current, ast.Attribute):
        path.append(current.attr)
        current = current.value
    path.reverse()
    for start in range(len(path)):
        tail = tuple(path[start:])
        fact = ev.surfaces.method(tail)
        if fact is None or len(tail) < 2:
            continue
        receiver = callee
        for _ in tail:
            assert isinstance(receiver, ast.Attribute)
            receiver = receiver.value
        base = ev.evaluate(receiver, act)
        if not _could_be_client(base):
            return None
        if not _proves(node, fact, act, ev):
            return None
        span = act.module.span(receiver)
        handle = ClientHandle("", {}, tail, proven=False)
        return Object("anthropic.resource", span, (), (), handle)
    return None


def _could_be_client(value: Value) -> bool:
    for each in alternatives(value):
        if isinstance(each, Known) and each.value is None:
            continue
        if isinstance(each, Object):
            # Something made in another module: nothing says what it is.
            if isinstance(each.handle, ExternalHandle):
                continue
            return False
        if isinstance(each, Unknown):
            # The type is known and it is no client, or it was made by a class of another library.
            if each.type and not each.type.startswith(("anthropic", "typing.", "object")):
                return False
            continue
        return False
    return True


def _beside(path: str, file: str) -> str:
    """The absolute path of a file, said as that of the module is: relative to the same place."""
    directory = os.path.dirname(path)
    return os.path.normpath(os.path.join(directory, os.path.relpath(file, directory or ".")))


def _is_ours(id: str) -> bool:
    from skinflint.catalog.models import load

    return load().resolve(id).model is not None


def _proves(node: ast.Call, fact: MethodFact, act: Activation, ev: Evaluator) -> bool:
    arguments = ev.calls.keywords(node, act)
    if not {"messages", "requests"} & fact.required:
        return False
    if any(arguments.get(name) is None for name in fact.required) and not arguments.open:
        return False
    model = arguments.get("model")
    named = foreign = False
    for each in alternatives(model) if model is not None else ():
        if isinstance(each, Known) and isinstance(each.value, str):
            ours = _is_ours(each.value)
            named, foreign = named or ours, foreign or not ours
    if foreign and not (named or fact.beta):  # no other SDK has the beta resource
        return False
    if named and not foreign:
        return True
    sure = {e.key.value for e in arguments.entries if isinstance(e.key, Known) and not e.optional}
    if not sure <= fact.ever_accepted:
        return False
    own = fact.batch or fact.beta or arguments.get("cache_control") is not None
    return own or _imports_sdk(act.module)


def _imports_sdk(module: Module) -> bool:
    """Whether ``module`` imports anthropic, or something from a module named for it."""
    return any(
        isinstance(node, (ast.Import, ast.ImportFrom))
        and (
            "anthropic" in (getattr(node, "module", "") or "")
            or any("anthropic" in alias.name.lower() for alias in node.names)
        )
        for node in module.parents
    )


#: What sets how long a client waits: an argument or an attribute of its own.
_WAITS = re.compile(r"\b(?:timeout|http_client)\b")
#: How the reasons begin that say where a setting is read, whose default the rest then is.
_VARIABLE = "environment variable "
_SETTINGS = (_VARIABLE.strip(), "command line argument")


def _variable(ref: ModelRef) -> str:
    """The variable that an id is the default of; fields of settings are named for variables."""
    if ref.default_of.startswith("field"):
        return ref.default_of.partition("`")[2].rstrip("`").upper()
    if ref.default_of.startswith(_VARIABLE):
        return ref.default_of.removeprefix(_VARIABLE).strip("`")
    return ""


def _each_request(found: Found) -> Iterator[tuple[Mapping, int | None]]:
    """The arguments of each request a call sends: one, or those of a batch."""
    if not found.fact.batch:
        yield found.arguments, None
        return
    listed = found.arguments.get("requests")
    if isinstance(listed, Choice):
        listed = next((v for v in alternatives(listed) if isinstance(v, Sequence)), listed)
    if not isinstance(listed, Sequence):
        yield Mapping((), found.arguments.span, "requests of a batch that can't be seen"), None
        return
    any_seen = False
    for index, item in enumerate(listed.items):
        body = item.body if isinstance(item, Repeat) else item
        for each in alternatives(body):
            if isinstance(each, Mapping):
                params = each.get("params")
                for inner in alternatives(params) if params is not None else ():
                    if isinstance(inner, Mapping):
                        any_seen = True
                        yield inner, index
    if not any_seen:
        yield Mapping((), found.arguments.span, "requests of a batch that can't be seen"), None


class _Builder:
    """Puts one request together."""

    def __init__(
        self,
        found: Found,
        arguments: Mapping,
        evaluator: Evaluator,
        callers: Callers,
        tasks: Tasks,
        histories: Histories,
        in_test: bool,
        position: int | None,
        pinned: Pinned,
    ) -> None:
        self.pinned = pinned
        self.found = found
        self.arguments = _settled(arguments)
        self.ev = evaluator
        self.callers = callers
        self.tasks = tasks
        self.histories = histories
        self.in_test = in_test
        self.act = found.activation
        self.module = found.activation.module
        self.blocks: list[Block] = []
        self.breakpoints: list[Breakpoint] = []
        self.misplaced: list[Misplaced] = []
        self.position = position
        self.handed_in = True  # the history outlives this run of the function

    def request(self) -> Request:
        host = self.ev.frame_at(self.found.node, self.act)
        if self.found.fact.batch and len(self.arguments.frame) > len(host):
            # A request of a batch that a loop puts together: there is one for each record.
            host = self.arguments.frame
        tools = self._tools()
        system = self._system()
        talk = self.histories.conversation(
            self.found.node, self.act, self.arguments, self.found.fact.name
        )
        messages, multi_turn = self._messages(talk)
        self._automatic()
        models, model = self._models()
        chosen = self._is_chosen_by_keywords()
        return Request(
            site=self._site(),
            host=host,
            models=models,
            model=model,
            tools=tools,
            system=system,
            messages=messages,
            blocks=tuple(self.blocks),
            # Counting neither reads nor writes a cache, so its markers cost nothing.
            breakpoints=() if self.found.fact.counts_only else tuple(self.breakpoints),
            misplaced=tuple(dict.fromkeys(self.misplaced)),
            lost=self._lost(),
            interval=interval(self.ev, self.callers, self.found.node, self.act)
            if self.breakpoints
            else None,
            fan_out=fan_out(self.ev, self.found.node, self.act) if self.breakpoints else None,
            pairs=tuple(self._pairs(host, multi_turn, talk)),
            params={
                str(e.key.value): e.value
                for e in self.arguments.entries
                if isinstance(e.key, Known)
                and e.key.value not in ("messages", "system", "tools", "model")
            },
            deciding={name: deciding(self._argument(name)) for name in ("model", "tools")},
            chain=self.act.chain,
            multi_turn=multi_turn,
            task=self.tasks.of(
                self.found.node, self.found.fact, self.arguments, self.act, self.blocks
            ),
            conversation=talk,
            repetition=repetition(
                self.ev,
                self.callers,
                self.found.node,
                self.act,
                host,
                self.arguments,
                runner=self.found.fact.name.endswith("tool_runner"),
            ),
            rounds=self._rounds(host, tools, multi_turn),
            in_test=self.in_test,
            probed=is_probed(self.module, self.found.node),
            anew=is_sent_anew(self.module, self.found.node),
            rejection_awaited=rejection_awaited(self.module, self.found.node),
            foreseen=foreseen(self.module, self.found.node),
            for_others_too=is_for_others_too(self.module, self.found.node),
            reply_unread=self._reply_unread(),
            unseen=self.arguments.open,
            lacking=self._lacking(),
            names_marker=self._names_marker(),
            marks_messages=self._marks_messages(),
            accepts_automatic=self._surely_automatic(),
            json_texts=self._json_texts(),
            retries=self._retries(host),
            contents=self._contents(),
            blind_cuts=self._blind_cuts(talk),
            awaited=self._awaited(),
            written={
                str(e.key.value): Written(
                    e.span,
                    not (e.optional or chosen) and not any(map(_absent, alternatives(e.value))),
                )
                for e in self.arguments.entries
                if isinstance(e.key, Known)
            },
            lacked=self._lacked(),
            refuses=self._refuses(),
            usage=self._usage(),
            sdk_since=partial(is_since, self.pinned) if self._by_sdk() else lambda _: False,
            local=self._is_local(),
            waits_by_default=self._waits_by_default(),
            unused=self._unused(),
            spare=self._spare(),
            by_hand=self._by_hand(),
            within=self._within(),
            seldom=self._seldom(),
            asked_about=self._asked_about(),
            set_later=self._set_later(),
            shipped=self._shipped(models),
            given=self._given(),
            said_of=self._said_of(models),
        )

    def _reply_unread(self) -> bool:
        """Whether reading the reply raises; only where the class of the client is beyond doubt."""
        client = self._sure_client()
        if client is None:
            return False
        method = self.found.fact.name
        return reply_unread(self.module, self.found.node, method, client.is_async)

    def _sure_client(self) -> ClientFact | None:
        """What is known of the class of the client, where that is beyond doubt."""
        handle = self.found.client.handle
        if not isinstance(handle, ClientHandle) or not handle.proven:
            return None
        return self.ev.surfaces.client(handle.name)

    def _unused(self) -> Callable[[Span | None], bool]:
        """Whether nothing runs it, looked for when somebody asks."""
        node, act, callers = self.found.node, self.act, self.callers

        @cache  # each rule that finds something asks, and the answer takes all files of the project
        def found(about: Span | None) -> bool:
            from skinflint.linter.unused import is_unused

            if self._is_lost():
                return True
            return is_unused(node, act, callers, about)

        return found

    def _spare(self) -> Callable[[], bool]:
        """Whether another maker's model is the default, looked for when somebody asks."""
        node, act, callers = self.found.node, self.act, self.callers

        @cache
        def found() -> bool:
            from skinflint.linter.spare import is_spare

            return is_spare(node, act, callers)

        return found

    def _is_lost(self) -> bool:
        """Whether it is never sent, or sent to no avail.

        Nobody awaits it or enters it, a test puts in a client of its own, or no reply of it can be
        read.
        """
        if self.in_test and is_patched(self.module, self.found.node):
            return True
        if self.found.fact.name.endswith("stream") and never_entered(self.module, self.found.node):
            return True
        if not self.found.clients and self._reply_unread():
            return True
        client = self._sure_client()
        if client is None or not client.is_async or self.found.fact.name.endswith("stream"):
            return False
        node = self.found.node
        if not (dotted(node.func) or "").endswith(f".{self.found.fact.name}"):
            return False
        return never_awaited(self.module, node)

    def _within(self) -> Callable[[str], str]:
        """Where a file lies in its project, looked up when somebody asks."""
        callers = self.callers

        def found(path: str) -> str:
            tree = callers.tree(callers.ev.module_at(path))
            return path if tree is None else os.path.relpath(os.path.abspath(path), tree.root)

        return found

    def _by_hand(self) -> Callable[[], bool]:
        """Whether a program that is run by hand alone sends it, looked for when somebody asks."""
        callers, node, act = self.callers, self.found.node, self.act

        def found() -> bool:
            from skinflint.linter.byhand import is_by_hand  # for tools of the server alone

            return any(is_by_hand(run.module.span(run.node), callers) for run, _ in runs(node, act))

        return found

    def _seldom(self) -> Callable[[Span], bool]:
        """Whether what is written somewhere is hardly ever sent, looked for when somebody asks."""
        callers = self.callers

        def found(about: Span) -> bool:
            from skinflint.linter.byhand import is_by_hand  # for ids of models alone
            from skinflint.linter.published import is_of_a_paper
            from skinflint.linter.second import is_handed_over
            from skinflint.linter.standing import is_always_replaced

            asked = (is_of_a_paper, is_by_hand, is_handed_over, is_always_replaced)
            return any(each(about, callers) for each in asked)

        return found

    def _shipped(self, models: tuple[ModelRef, ...]) -> Callable[[], tuple[str, ...]]:
        """What settings say for the variables that the model is read from, when asked."""
        read: dict[str, list[str]] = {}
        value = self.arguments.get("model")
        for each in alternatives(value) if value is not None else ():
            said = each.reason if isinstance(each, Unknown) else ""
            if said.startswith(_VARIABLE):
                read.setdefault(each.span.path, []).append(said.removeprefix(_VARIABLE))
        for ref in models:
            if ref.default_of.startswith("field"):
                read.setdefault(ref.span.path, []).append(_variable(ref))
        callers = self.callers

        @cache  # each rule that knows a minimum asks
        def found() -> tuple[str, ...]:
            from skinflint.linter.shipped import set_by_the_project  # few models are settings

            said: dict[str, None] = {}
            for path, names in read.items():
                said.update(dict.fromkeys(set_by_the_project(tuple(names), path, callers)))
            return tuple(said)

        return found

    def _given(self) -> Callable[[ModelRef], tuple[str, ...]]:
        """What settings say for the variable that an id is the default of, when asked."""
        callers = self.callers

        def found(ref: ModelRef) -> tuple[str, ...]:
            from skinflint.linter.shipped import set_by_the_project  # few models are settings

            name = _variable(ref)
            if not name or (ref.default_of.startswith("field") and "_" not in name):
                return ()  # a field called so may be of anything
            return set_by_the_project((name,), ref.span.path, callers)

        return found

    def _said_of(
        self, models: tuple[ModelRef, ...]
    ) -> Callable[[tuple[str, ...]], tuple[str, ...]]:
        """What is said of models where this one was chosen, looked for when somebody asks."""
        paths = [self.module.path]
        for ref in models:
            paths += [ref.span.path, *(step.span.path for step in ref.trail)]
        callers = self.callers

        def found(words: tuple[str, ...]) -> tuple[str, ...]:
            from skinflint.linter.chosen import said_of  # for a rule about what was chosen

            return said_of(words, paths, callers)

        return found

    def _asked_about(self) -> Callable[[Span, Span], bool]:
        """Whether code asks about a text before it marks it, looked for when somebody asks."""
        ev = self.ev

        def found(block: Span, marker: Span) -> bool:
            from skinflint.linter.asked import is_asked_about  # for a rule about empty texts

            return is_asked_about(block, marker, ev)

        return found

    def _set_later(self) -> Callable[[Span], bool]:
        """Whether a text only stands where something begins, looked for when somebody asks."""
        ev, callers, sent = self.ev, self.callers, self.module.span(self.found.node)

        def found(text: Span) -> bool:
            from skinflint.linter.asked import is_set_later  # for a rule about empty texts

            return is_set_later(text, sent, ev, callers)

        return found

    def _retries(self, host: Frame) -> Callable[[], tuple[Retry, ...]]:
        """What sends it again when it failed, looked for when somebody asks."""
        module, node, callers = self.module, self.found.node, self.callers

        def found() -> tuple[Retry, ...]:
            from skinflint.linter.retries import retries_of

            return retries_of(module, node, host, callers)

        return found

    def _json_texts(self) -> Callable[[], tuple[JsonText, ...]]:
        """The calls that lay JSON out in what it says, looked for when somebody asks."""
        blocks, callers = tuple(self.blocks), self.callers

        def found() -> tuple[JsonText, ...]:
            from skinflint.linter.jsontexts import json_texts

            return json_texts(blocks, callers)

        return found

    def _awaited(self) -> Callable[[], Awaited | None]:
        """Another request that is awaited right behind this one, when asked."""
        node, act = self.found.node, self.act

        def looked_for() -> Awaited | None:
            from skinflint.linter.serial import awaited_in_row  # for a rule about waiting alone

            return awaited_in_row(node, act)

        return looked_for

    def _blind_cuts(self, talk: Conversation | None) -> Callable[[], tuple[Span, ...]]:
        """Cuts of the conversation that don't look at what they cut, when asked."""
        limits = talk.bounded_by if talk is not None else ()
        ev, callers = self.ev, self.callers

        def looked_for() -> tuple[Span, ...]:
            from skinflint.linter.cuts import blind  # for a rule about cuts alone

            return blind(limits, ev, callers)

        return looked_for

    def _contents(self) -> Callable[[], tuple[Content, ...]]:
        """What comes into the messages from outside, when asked."""
        blocks, ev, callers = tuple(self.blocks), self.ev, self.callers

        def followed() -> tuple[Content, ...]:
            from skinflint.linter.contents import contents  # for rules about contents alone

            return contents(blocks, ev, callers)

        return followed

    def _lost(self) -> tuple[LostMarker, ...]:
        """Markers of what the system prompt is taken out of, where none is left of them."""
        entry = self.arguments.entry("system")
        if entry is None or self.breakpoints or "cache_control" not in self.module.source.text:
            return ()
        return lost_markers(entry, self.ev)

    def _names_marker(self) -> bool:
        """Whether a module that takes part in making the request writes a marker somewhere."""
        spans = [step.span for step in self.act.chain]
        for block in self.blocks:
            spans.append(block.span)
        paths = {self.module.path, *(span.path for span in spans)}
        return any("cache_control" in self.callers.text_of(path) for path in paths)

    def _marks_messages(self) -> Callable[[], bool]:
        """Whether a marker is written on the way of the messages, looked for when asked."""
        entry, ev, act = self.arguments.entry("messages"), self.ev, self.act

        def found() -> bool:
            from skinflint.linter.marking import marks

            return entry is not None and marks(entry, ev, act)

        return found

    def _rounds(self, host: Frame, tools: Part, multi_turn: bool) -> Rounds | None:
        """The loop that sends the results of tools back, where there are tools."""
        fact = self.found.fact
        if tools.is_any(State.ABSENT) or fact.batch or fact.counts_only or not fact.sends:
            return None
        limit = self.arguments.get("max_iterations")
        capped = bool(self.arguments.open) or (limit is not None and not _absent(limit))
        runner = fact.name.endswith("tool_runner")
        if not runner and not (multi_turn or any(_may_grow(block) for block in self.blocks)):
            return None  # each round asks something of its own
        from skinflint.linter.rounds import rounds_of  # only where there are tools

        return rounds_of(
            self.module, self.found.node, host, self.callers, runner=runner, capped=capped
        )

    def _pairs(self, host: Frame, multi_turn: bool, talk: Conversation | None) -> Iterator[Pair]:
        if self.found.fact.name.endswith("tool_runner"):
            step = Step(Role.STEP, self.module.span(self.found.node), "the runner sends each round")
            label = f"from round to round of the tool runner at line {step.span.line}"
            yield Pair(PairKind.LOOP, len(host), label, (step,))
        again = talk.grown_by if talk is not None else ()
        for growth in again:
            around = [
                depth
                for depth, mark in enumerate(host)
                if mark.kind is MarkKind.FUNCTION and mark.span.contains(growth.span)
            ]
            if growth.where == "recursion" and around:
                name = host[around[-1]].name
                label = f"from round to round of {name}(), which calls itself"
                yield Pair(PairKind.LOOP, around[-1], label, (growth.step,))
                break
        yield from self.callers.pairs(self.found.node, host, multi_turn and self.handed_in)

    # -- where it is sent -------------------------------------------------------------------------

    def _site(self) -> Site:
        scope = self.module.scope(self.found.node)
        handle = self.found.client.handle
        assert isinstance(handle, ClientHandle)
        return Site(
            self.module.span(self.found.node),
            self.module.qualname(scope),
            self.found.surface,
            self.found.fact.name,
            self._platform(handle),
            handle.name,
            self.found.through,
        )

    def _platform(self, handle: ClientHandle) -> Platform:
        if self.found.platform is not None:
            return self.found.platform
        if self.in_test and (handle.given or not handle.proven):
            # A fixture: whether anything is sent to anybody can't be told.
            return Platform.UNKNOWN
        if not handle.name:
            return Platform.CLAUDE_API
        fact = self.ev.surfaces.client(handle.name)
        if fact is None:
            return Platform.UNKNOWN
        platform = Platform(fact.platform)
        base = handle.keywords.get(fact.base_url_keyword) if fact.base_url_keyword else None
        if platform is not Platform.CLAUDE_API:
            return platform
        if base is None:
            return self._addressed(fact.base_url_env)
        outcomes = set()
        for each in alternatives(base):
            if isinstance(each, Known) and each.value is None:
                outcomes.add(Platform.CLAUDE_API)
            elif isinstance(each, Known) and isinstance(each.value, str):
                own = self.ev.surfaces.answering(each.value) == Platform.CLAUDE_API.value
                outcomes.add(Platform.CLAUDE_API if own else Platform.COMPATIBLE)
            else:
                outcomes.add(Platform.UNKNOWN)
        if Platform.COMPATIBLE in outcomes:
            return Platform.COMPATIBLE
        if Platform.CLAUDE_API in outcomes:
            return Platform.CLAUDE_API
        return Platform.UNKNOWN

    def _is_local(self) -> bool:
        """Whether each address that is written for a client is that of an Ollama beside it."""
        handle = self.found.client.handle
        fact = self.ev.surfaces.client(handle.name) if isinstance(handle, ClientHandle) else None
        if fact is None or not fact.base_url_keyword or not isinstance(handle, ClientHandle):
            return False
        base = handle.keywords.get(fact.base_url_keyword)
        said = (
            [each.value for each in alternatives(base) if isinstance(each, Known)] if base else []
        )
        return bool(said) and all(isinstance(each, str) and _OLLAMA.match(each) for each in said)

    def _addressed(self, variable: str) -> Platform:
        """Who answers where no address is written in the code: the SDK asks the environment."""
        if not variable:
            return Platform.CLAUDE_API
        from skinflint.linter.shipped import set_by_the_project

        said = set_by_the_project((variable,), self.module.path, self.callers)
        own = Platform.CLAUDE_API.value
        if all(self.ev.surfaces.answering(each) == own for each in said):
            return Platform.CLAUDE_API
        return Platform.COMPATIBLE

    # -- the model --------------------------------------------------------------------------------

    def _models(self) -> tuple[tuple[ModelRef, ...], Part]:
        value = self.arguments.get("model")
        if value is None:
            return (), self._missing("model")
        found: list[ModelRef] = []
        entry = self.arguments.entry("model")
        variable = ""
        for each in alternatives(value):
            if isinstance(each, Unknown) and each.reason.startswith(_SETTINGS):
                variable = variable or each.reason
        if sum(isinstance(each, Known) for each in alternatives(value)) > 1:
            variable = ""  # which of them it falls back to isn't told
        for each in alternatives(value):
            if isinstance(each, Known) and isinstance(each.value, str):
                default = self._default_at(each.span) or variable
                found.append(self._ref(each, each.value, entry, default))
        if self.found.clients:  # equal ids count once, and yet each goes with a client of its own
            from skinflint.linter.paired import written_again

            for ref in tuple(found):
                for span in written_again(ref.span, self.ev):
                    default = self._default_at(span)
                    found.append(self._ref(Known(ref.id, span), ref.id, entry, default))
        written = {ref.span for ref in found}
        for each in alternatives(value):
            if isinstance(each, (Unknown, Object)):
                from skinflint.linter.homes import fallbacks  # few models end at what isn't known

                for known, default in fallbacks(each, self.ev):
                    if known.span not in written:
                        written.add(known.span)
                        found.append(self._ref(known, str(known.value), entry, default))
        return tuple(self._handed_in(found, entry)), judge(value, self.callers)

    def _handed_in(self, found: list[ModelRef], entry: Entry | None) -> Iterator[ModelRef]:
        """The ids, and in the place of defaults that are never sent what is handed in for them."""
        written = {ref.span for ref in found}
        for ref in found:
            given = None
            if ref.default_of.startswith(("parameter", "field")):
                from skinflint.linter.overridden import handed_in  # few models are such a default

                given = handed_in(ref.span, self.callers)
            if given is None:
                from skinflint.linter.second import sent_first  # few ids stand behind others

                given = sent_first(ref.span, self.callers)
            yield ref if given is None else replace(ref, overridden=True)
            for known in given or ():
                if known.span not in written:
                    written.add(known.span)
                    yield self._ref(known, str(known.value), entry, self._default_at(known.span))

    def _ref(self, known: Known, id: str, entry: Entry | None, default: str) -> ModelRef:
        trail, set_in = [Step(Role.SOURCE, known.span, f"the id {id!r}")], ""
        if entry is not None and entry.span != known.span:
            written = self.ev.module_at(entry.span.path).source.slice(entry.span)
            if "\n" not in written and len(written) <= 60:
                trail.append(Step(Role.STEP, entry.span, f"read as `{written}`"))
        spans = [known.span, *([entry.span] if entry is not None else [])]
        comments = [comments_near(self.module, [*spans, self._statement()])]
        comments += introduced(self.module, id)
        home = self.ev.module_at(known.span.path)
        if home is not self.module:
            node = home.node_at(known.span)
            whole = home.statement(node) if node is not None else None
            there = [known.span, *([home.span(whole)] if whole is not None else [])]
            comments += [comments_near(home, there), *introduced(home, id)]
        comment = " ".join(comments).strip()
        named = self._named_at(known.span)
        from skinflint.linter.merged import set_before  # few ids stand in the place of others
        from skinflint.linter.tried import tried_before

        before = tried_before(known.span, self.found.node, self.act, self.callers)
        if not before:
            first = set_before(known.span, self.callers)
            if first is not None and first.at is None and _is_ours(first.text):
                id, set_in = first.text, f"{_beside(home.path, first.file)}:{first.line}"
                trail[0] = Step(Role.SOURCE, known.span, f"{set_in} names {id!r} in its place")
            elif first is not None:
                before = (first.text,)
            elif default.startswith(_VARIABLE):
                before = self._of_others(default.removeprefix(_VARIABLE), home.path)
        return ModelRef(
            id,
            known.span,
            False,
            tuple(trail),
            default,
            comment,
            named,
            set_in,
            behind=before,
            platform=self._sent_to(known.span, id),
        )

    def _of_others(self, variable: str, path: str) -> tuple[str, ...]:
        """The models of other makers that all settings of the project name in a variable."""
        from skinflint.catalog import stored  # few models are such a default
        from skinflint.linter.shipped import set_by_the_project

        facts = stored.load()
        if facts.is_ours(variable):
            return ()
        said = set_by_the_project((variable,), path, self.callers)
        others = all(map(facts.is_another, said))
        return said if others else ()

    def _sent_to(self, span: Span, id: str) -> Platform | None:
        """Who is sent a model, where clients of several may send the request."""
        if not self.found.clients:
            return None
        from skinflint.linter.paired import platform_for  # few requests have several clients

        return platform_for(span, id, [self._maker(each) for each in self.found.clients], self.ev)

    def _maker(self, client: Object) -> tuple[Span | None, Platform]:
        """Where one of several clients is made, and who answers it."""
        handle = client.handle
        assert isinstance(handle, ClientHandle)
        platform = self._platform(handle)
        made = next((mark.span for mark in client.frame[::-1] if mark.name == handle.name), None)
        fact = self.ev.surfaces.client(handle.name)
        if made is not None and fact is not None and platform is Platform.CLAUDE_API:
            from skinflint.linter.paired import is_addressed

            base = handle.keywords.get(fact.base_url_keyword)
            other = base is not None and not all(isinstance(b, Known) for b in alternatives(base))
            if other and is_addressed(made, fact.base_url_keyword, self.ev):
                platform = Platform.UNKNOWN
        return made, platform

    def _statement(self) -> Span:
        """The statement that sends the request."""
        return self.module.span(self.module.statement(self.found.node) or self.found.node)

    def _named_at(self, span: Span) -> str:
        """The member of a class or the key of a table whose value stands at ``span``, or ""."""
        module = self.ev.module_at(span.path)
        node = module.node_at(span)
        parent = module.parents.get(node) if node is not None else None
        if isinstance(parent, ast.Assign) and len(parent.targets) == 1:
            target = parent.targets[0]
            if isinstance(target, ast.Name) and isinstance(
                module.parents.get(parent), ast.ClassDef
            ):
                return target.id
        if isinstance(parent, ast.Dict):
            for key, value in zip(parent.keys, parent.values, strict=True):
                if value is node and isinstance(key, ast.Constant):
                    return str(key.value)
        return ""

    def _default_at(self, span: Span) -> str:
        """Of which parameter or field the literal at ``span`` is the default, "" if of none."""
        module = self.ev.module_at(span.path)
        node = module.node_at(span)
        parent = module.parents.get(node) if node is not None else None
        if isinstance(parent, ast.arguments):
            function = module.parents[parent]
            if isinstance(function, (*FUNCTIONS, ast.Lambda)):
                for parameter in parameters(function):
                    if default_of(function, parameter.arg) is node:
                        return f"parameter `{parameter.arg}`"
        if isinstance(parent, ast.AnnAssign) and isinstance(parent.target, ast.Name):
            if isinstance(module.parents.get(parent), ast.ClassDef):
                return f"field `{parent.target.id}`"
        if isinstance(parent, ast.Call) and dotted(parent.func) in ENVIRONMENT:
            name = parent.args[0]
            if node in parent.args[1:] and isinstance(name, ast.Constant):
                return f"{_VARIABLE}{name.value!s}"
        return ""

    # -- tools and system -------------------------------------------------------------------------

    def _tools(self) -> Part:
        value = self._argument("tools")
        if value is None:
            return self._missing("tools")
        chosen, part = self._pick(value)
        if isinstance(chosen, Sequence):
            order = chosen.order
            for item in chosen.items:
                for tool, repeated, optional in _each(item):
                    kept = replace(tool, order=order) if isinstance(tool, Mapping) else tool
                    self._add(
                        Place.TOOLS,
                        kept,
                        container=chosen.span,
                        repeated=repeated,
                        optional=optional,
                    )
            if order and self.blocks:
                first = self.blocks[0]
                self.blocks[0] = replace(
                    first, value=Sequence((first.value,), chosen.span, "", chosen.frame, order)
                )
            if chosen.open and not self.blocks:
                hole = Unknown(chosen.open, chosen.span, chosen.frame, order)
                self._add(Place.TOOLS, hole, repeated=True)
        elif not _absent(chosen):
            self._add(Place.TOOLS, chosen, repeated=True)
        return part

    def _system(self) -> Part:
        value = self._argument("system")
        if value is None:
            return self._missing("system")
        chosen, part = self._pick(value)
        points = len(self.breakpoints)
        entry = self.arguments.entry("system")
        if isinstance(chosen, Sequence):
            for item in chosen.items:
                for block, repeated, optional in _each(item):
                    self._add(
                        Place.SYSTEM,
                        block,
                        container=chosen.span,
                        repeated=repeated,
                        optional=optional,
                    )
        elif not _absent(chosen):
            self._text_block(Place.SYSTEM, chosen, entry)
        if any(not _marked(each) for each in alternatives(value)):
            # Another branch sends it without a marker, or sends none.
            self.breakpoints[points:] = [
                replace(point, optional=True) for point in self.breakpoints[points:]
            ]
        return part

    def state(self, name: str) -> State:
        """How much of a part is seen, without what stands in it."""
        value = self._argument(name)
        if value is None:
            return self._missing(name).state
        if name == "model":
            return judge(value, self.callers).state
        return self._pick(value)[1].state

    def _argument(self, name: str) -> Value | None:
        return self.arguments.get(name)

    def _missing(self, name: str) -> Part:
        return unwritten(self.arguments)

    def _pick(self, value: Value) -> tuple[Value, Part]:
        """The alternative that says most of a part, and how well the part is known."""
        options = [v for v in alternatives(value) if not _absent(v)]
        if not options:
            return Known(None, value.span), Part(State.ABSENT)
        options.sort(key=lambda v: (-_marked(v), isinstance(v, Unknown) or _is_empty_list(v)))
        chosen = options[0]
        return chosen, judge(value, self.callers)

    # -- messages ---------------------------------------------------------------------------------

    def _messages(self, talk: Conversation | None) -> tuple[Part, bool]:
        value = self._argument("messages")
        if value is None:
            return self._missing("messages"), self.found.fact.name.endswith("thread")
        chosen, part = self._pick(value)
        if not isinstance(chosen, Sequence):
            if _absent(chosen):
                return part, False
            hole = chosen
            self.blocks.append(
                Block(Place.MESSAGES, "", hole, chosen.span, message=None, last=True)
            )
            return part, _history(chosen)
        multi_turn = bool(chosen.open) or any(isinstance(i, Repeat) for i in chosen.items)
        self.handed_in = len(chosen.frame) < len(self.act.frame) or any(
            isinstance(i, Repeat) and len(i.frame) <= len(chosen.frame) and not _grown_by(talk, i)
            for i in chosen.items
        )
        if not multi_turn and len(chosen.items) > 2:
            multi_turn = any(_history(item) for item in chosen.items)
        count = len(chosen.items)
        if chosen.open and not chosen.items:
            hole = Unknown(chosen.open, chosen.span, chosen.frame, chosen.order)
            self.blocks.append(Block(Place.MESSAGES, "", hole, chosen.span, last=True))
        for index, item in enumerate(chosen.items):
            newest = index == count - 1
            history = isinstance(item, Repeat) and (
                len(item.frame) > len(chosen.frame) or _grown_by(talk, item)
            )
            if history and isinstance(item, Repeat):
                item = _said_before(item, chosen.frame)
            before = len(self.blocks)
            for message, repeated, optional in _each(item):
                self._message(message, index, newest, repeated, optional)
            if history:
                self.blocks[before:] = [replace(b, history=True) for b in self.blocks[before:]]
        spans = {block.span for block in self.blocks if block.history}
        self.blocks = [
            replace(b, stored=True) if b.last_message and b.span in spans else b
            for b in self.blocks
        ]
        return part, multi_turn

    def _message(
        self,
        value: Value,
        index: int,
        newest: bool,
        repeated: bool,
        optional: bool,
    ) -> None:
        if not isinstance(value, Mapping):
            self.blocks.append(
                Block(
                    Place.MESSAGES,
                    "",
                    value,
                    value.span,
                    message=index,
                    repeated=repeated,
                    optional=optional,
                    last_message=newest,
                    last=newest,
                )
            )
            return
        self.misplaced.extend(in_message(value, optional))
        role = value.get("role")
        name = str(role.value) if isinstance(role, Known) else ""
        content = value.get("content")
        entry = value.entry("content")
        if content is None:
            content = Unknown("a message without content", value.span)
        chosen = next((v for v in alternatives(content) if _marked(v)), None)
        if chosen is None:
            chosen = next(alternatives(content), content)
        before = len(self.blocks)
        if isinstance(chosen, Sequence):
            for item in chosen.items:
                for block, again, maybe in _each(item):
                    self._add(
                        Place.MESSAGES,
                        block,
                        container=chosen.span,
                        repeated=repeated or again,
                        optional=optional or maybe,
                        role=name,
                        message=index,
                        newest=newest,
                    )
        else:
            self._text_block(
                Place.MESSAGES, content, entry, name, index, newest, repeated, optional
            )
        if newest and len(self.blocks) > before:
            self.blocks[-1] = replace(self.blocks[-1], last=True)

    # -- blocks -----------------------------------------------------------------------------------

    def _add(
        self,
        place: Place,
        value: Value,
        *,
        container: Span | None = None,
        repeated: bool = False,
        optional: bool = False,
        role: str = "",
        message: int | None = None,
        newest: bool = False,
    ) -> None:
        """One tool or one block written as a mapping."""
        if not isinstance(value, Mapping):
            kind = "text" if ops.is_text(value) else ""
            self.blocks.append(
                Block(
                    place,
                    kind,
                    value,
                    value.span,
                    role=role,
                    message=message,
                    repeated=repeated,
                    optional=optional,
                    last_message=newest,
                )
            )
            return
        self.misplaced.extend(in_block(value, place, optional))
        kind_value = value.get("type")
        kind = str(kind_value.value) if isinstance(kind_value, Known) else ""
        if place is Place.TOOLS:
            kind = kind or "tool"
        elif not kind:
            fact = self.ev.surfaces.typed(value.type)
            kind = "text" if fact is not None and "text" in fact.kind else ""
        entry = value.entry("text") if kind == "text" else None
        content: Value = value
        terms: tuple[Term, ...] = ()
        described: tuple[Term, ...] = ()
        if place is Place.TOOLS:
            said = value.entry("description")
            if said is not None and isinstance(said.value, Text):
                described = self._terms(said)
        if entry is not None:
            content = ops.as_text(entry.value, entry.span)
            terms = self._terms(entry)
        elif place is not Place.TOOLS or value.entry("cache_control") is not None:
            content = replace(
                value,
                entries=tuple(
                    e
                    for e in value.entries
                    if not (isinstance(e.key, Known) and e.key.value == "cache_control")
                ),
            )
        form = Form.CALL if value.type != "dict" else self._form(value.span)
        inside = container if container is not None and container.contains(value.span) else None
        self.blocks.append(
            Block(
                place,
                kind,
                content,
                value.span,
                form,
                entry.span if entry is not None else None,
                inside or self._list_around(value.span),
                terms,
                role,
                message,
                repeated,
                optional,
                newest,
                described=described,
            )
        )
        marker = value.entry("cache_control")
        if marker is not None:
            self._marker(marker, repeated)

    def _form(self, span: Span) -> Form:
        node = self.ev.module_at(span.path).node_at(span)
        if isinstance(node, ast.Dict):
            return Form.DICT
        if isinstance(node, ast.Call):
            return Form.CALL
        return Form.OTHER

    def _list_around(self, span: Span) -> Span | None:
        """The list display or the append/insert/extend call that a block stands in."""
        module = self.ev.module_at(span.path)
        node = module.node_at(span)
        if node is None:
            return None
        parent = module.parents.get(node)
        if isinstance(parent, (ast.List, ast.Tuple)):
            return module.span(parent)
        if isinstance(parent, ast.Call) and isinstance(parent.func, ast.Attribute):
            if parent.func.attr in ("append", "insert") and node in parent.args:
                return module.span(parent)
        return None

    def _marker(self, entry: Entry, repeated: bool) -> None:
        values = [v for v in alternatives(entry.value) if not _absent(v)]
        if not values:
            return
        ttl = _ttl(values)
        absent = any(_absent(v) for v in alternatives(entry.value))
        self.breakpoints.append(
            Breakpoint(
                len(self.blocks) - 1,
                entry.span,
                ttl,
                optional=entry.optional or absent or self.blocks[-1].optional,
                per_item=(repeated or entry.per_item)
                and not (entry.optional or absent or self._chosen(entry.span)),
            )
        )

    def _chosen(self, marker: Span) -> bool:
        """Whether a loop marks some of its items only: there is another way through its round."""
        module = self.ev.module_at(marker.path)
        node = module.node_at(marker)
        child: ast.AST | None = node
        for parent in module.ancestors(node) if node is not None else ():
            if isinstance(parent, FUNCTIONS):
                callers = self.callers.of(module)
                return _leaves_unmarked(parent, child) or _is_for_picked(parent, callers, _HOPS)
            if isinstance(parent, (*LOOPS, *COMPREHENSIONS)):
                return _is_left_early(parent)
            if isinstance(parent, (ast.If, ast.IfExp)) and child is not parent.test:
                held, other = _branches(parent)
                if child in other:
                    other = held
                if not _marks_always(other):
                    return True
            child = parent
        return False

    def _text_block(
        self,
        place: Place,
        value: Value,
        entry: Entry | None,
        role: str = "",
        message: int | None = None,
        newest: bool = False,
        repeated: bool = False,
        optional: bool = False,
    ) -> None:
        """A block written as a plain text."""
        text = ops.as_text(value, value.span)
        terms = self._terms(entry) if entry is not None else ()
        span = entry.span if entry is not None else value.span
        self.blocks.append(
            Block(
                place,
                "text",
                text,
                span,
                Form.STRING,
                span,
                None,
                terms,
                role,
                message,
                repeated,
                optional,
                newest,
            )
        )

    def _automatic(self) -> None:
        entry = self.arguments.entry("cache_control")
        if entry is None or not self.blocks:
            return
        if not self._automatic_is_taken(self.found.client):
            from skinflint.linter.paired import is_kept_from  # few markers are refused

            for client in self.found.clients or (self.found.client,):
                if self._automatic_is_taken(client):
                    continue
                made, _ = self._maker(client)
                if made is None or not is_kept_from(made, entry.span, self.ev):
                    self.misplaced.extend(in_request(entry))
                    return
        values = [v for v in alternatives(entry.value) if not _absent(v)]
        if not values:
            return
        ttl = _ttl(values)
        absent = len(values) < sum(1 for _ in alternatives(entry.value))
        self.breakpoints.append(
            Breakpoint(
                len(self.blocks) - 1,
                entry.span,
                ttl,
                automatic=True,
                optional=entry.optional or absent,
            )
        )

    def _automatic_is_taken(self, made: Object) -> bool:
        """Whether a client's service and the SDK that is pinned may take a top-level marker."""
        handle = made.handle
        client = self.ev.surfaces.client(handle.name) if isinstance(handle, ClientHandle) else None
        if client is not None and not client.automatic_cache:
            return False
        return (
            self.ev.surfaces.accepts(self.found.fact, "cache_control", self.pinned()) is not False
        )

    def _surely_automatic(self) -> Callable[[], bool]:
        """The same of every version that may be installed, when asked; keeps no evaluator alive."""
        surfaces, fact, pinned = self.ev.surfaces, self.found.fact, self.pinned
        return lambda: surfaces.accepts(fact, "cache_control", pinned()) is True

    def _lacked(self) -> Callable[[], str]:
        """Whether the SDK that is required has the method, looked for when somebody asks."""
        if not self._is_proven():
            return lambda: ""
        surfaces, fact, pinned = self.ev.surfaces, self.found.fact, self.pinned
        module, node = self.module, self.found.node

        @cache  # each rule that finds something asks
        def found() -> str:
            said = lacked(surfaces, fact, pinned)
            return "" if said and is_tried(module, node, fact.name) else said

        return found

    def _refuses(self) -> Callable[[str], Refusal | None]:
        """Which keywords the method takes, looked for when somebody asks."""
        if self.found.fact.batch or not self._is_proven():
            return lambda _: None
        return partial(refusal, self.ev.surfaces, self.found.fact, self.pinned)

    def _is_proven(self) -> bool:
        """Whether the receiver is a client of the SDK for sure."""
        handle = self.found.client.handle
        if not isinstance(handle, ClientHandle) or not handle.proven or not handle.name:
            return False
        return not (self.found.through or (self.in_test and handle.given))

    def _is_chosen_by_keywords(self) -> bool:
        """Whether a test above the call asks what is in the mapping that it is handed (`**`)."""
        handed = {dotted(each.value) for each in self.found.node.keywords if each.arg is None}
        handed.discard(None)
        if not handed:
            return False
        for test, _ in guards(self.module, self.found.node, self.module.scope(self.found.node)):
            for each in ast.walk(test):
                if isinstance(each, ast.Compare) and isinstance(each.ops[0], (ast.In, ast.NotIn)):
                    if dotted(each.comparators[0]) in handed:
                        return True
                elif isinstance(each, ast.Call) and isinstance(each.func, ast.Attribute):
                    if each.func.attr == "get" and dotted(each.func.value) in handed:
                        return True
        return False

    def _lacking(self) -> tuple[str, ...]:
        """The keywords that the method can't do without and that the call surely doesn't have.

        What a mapping hands in (`**`) may have come from code that isn't followed to its end.
        """
        handle = self.found.client.handle
        fact = self.found.fact
        if not isinstance(handle, ClientHandle) or not handle.proven or not handle.name:
            return ()
        if fact.batch or self.found.through or self.in_test or self.arguments.open:
            return ()
        node = self.found.node
        if any(each.arg is None for each in node.keywords):
            return ()
        if isinstance(node.func, ast.Attribute):
            receiver = self.callers.ev.evaluate(node.func.value, self.found.activation)
            if len(list(alternatives(receiver))) > 1:
                return ()  # another client may do without
        return tuple(sorted(n for n in fact.required if self.arguments.entry(n) is None))

    def _by_sdk(self) -> bool:
        return self.found.surface == SURFACE

    def _usage(self) -> Callable[[], Usage]:
        """What becomes of the usage; of a batch it comes with results that are fetched later."""
        fact, node, act, callers = self.found.fact, self.found.node, self.act, self.callers
        if fact.batch or fact.counts_only or not fact.sends or not fact.own_reply:
            return Usage

        def follow() -> Usage:
            from skinflint.linter.usage import usage_of  # only where a rule asks

            return usage_of(callers, act, node)

        return follow

    def _waits_by_default(self) -> Callable[[], bool]:
        """Whether no timeout is set: neither the call's module nor the client's speaks of one."""
        client = self.found.client
        handle = client.handle
        if not isinstance(handle, ClientHandle) or not handle.proven or handle.given:
            return lambda: False
        made = client.frame[-1] if client.frame else None
        if made is None or made.name != handle.name:
            return lambda: False
        source = self.ev.module_at(made.span.path).source
        texts = (self.module.source.text, source.text)
        silent = "**" not in source.slice(made.span) and not any(map(_WAITS.search, texts))
        return lambda: silent

    # -- terms ------------------------------------------------------------------------------------

    def _terms(self, entry: Entry) -> tuple[Term, ...]:
        """The operands that the text under ``entry`` is written as."""
        if not isinstance(entry.handle, tuple):
            return ()
        node, act = entry.handle
        assert isinstance(node, ast.expr)
        assert isinstance(act, Activation)
        return tuple(self._operands(node, act))

    def _operands(self, node: ast.expr, act: Activation) -> Iterator[Term]:
        module = act.module
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
            yield from self._operands(node.left, act)
            yield from self._operands(node.right, act)
        elif isinstance(node, ast.JoinedStr) or (
            isinstance(node, ast.Constant) and isinstance(node.value, str)
        ):
            fields = (
                [v for v in node.values if isinstance(v, ast.FormattedValue)]
                if isinstance(node, ast.JoinedStr)
                else []
            )
            pieces = module.pieces(node)
            if len(fields) != sum(piece.field for piece in pieces):
                yield Term(module.span(node), self.ev.evaluate(node, act), False)
                return
            for piece in pieces:
                if piece.field:
                    yield Term(piece.span, self.ev.field(fields.pop(0), act), False)
                else:
                    yield Term(piece.span, Known(piece.text, piece.span), True)
        elif self._is_join(node):
            assert isinstance(node, ast.Call)
            listed = node.args[0]
            assert isinstance(listed, (ast.List, ast.Tuple))
            for element in listed.elts:
                value = self.ev.evaluate(element, act)
                literal = isinstance(element, ast.Constant)
                yield Term(module.span(element), ops.as_text(value, value.span), literal)
        elif isinstance(node, ast.Name):
            yield from self._named(node, act)
        else:
            value = self.ev.evaluate(node, act)
            yield Term(module.span(node), ops.as_text(value, module.span(node)), False)

    @staticmethod
    def _is_join(node: ast.expr) -> bool:
        return (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr == "join"
            and isinstance(node.func.value, ast.Constant)
            and isinstance(node.func.value.value, str)
            and len(node.args) == 1
            and isinstance(node.args[0], (ast.List, ast.Tuple))
            and not any(isinstance(e, ast.Starred) for e in node.args[0].elts)
        )

    def _named(self, node: ast.Name, act: Activation) -> Iterator[Term]:
        """A local name: the operands of its one binding, and what is added to it behind that."""
        module = act.module
        value = self.ev.evaluate(node, act)
        whole = Term(module.span(node), ops.as_text(value, module.span(node)), False)
        scope = act.node
        if not isinstance(scope, FUNCTIONS) or node.id not in module.locals_of(scope):
            yield whole
            return
        bindings: list[ast.Assign | ast.AnnAssign] = []
        added: list[ast.AugAssign] = []
        for child in module.named(node.id):
            if isinstance(child, ast.Name) and within(module, child, scope):
                if isinstance(child.ctx, ast.Load):
                    continue
                stmt = module.statement(child)
                if isinstance(stmt, ast.AugAssign) and isinstance(stmt.op, ast.Add):
                    added.append(stmt)
                elif isinstance(stmt, (ast.Assign, ast.AnnAssign)) and stmt.value is not None:
                    bindings.append(stmt)
                else:
                    yield whole
                    return
        simple = len(bindings) == 1 and not module.loops(bindings[0], scope)
        if simple and isinstance(bindings[0], ast.Assign):
            targets = bindings[0].targets
            simple = len(targets) == 1 and isinstance(targets[0], ast.Name)
        if not simple or any(
            module.loops(stmt, scope) or stmt.lineno < bindings[0].lineno for stmt in added
        ):
            yield whole
            return
        if any(p.arg == node.id for p in [*scope.args.args, *scope.args.kwonlyargs]):
            yield whole
            return
        bound = bindings[0].value
        assert bound is not None
        yield from self._operands(bound, act)
        for stmt in sorted(added, key=lambda s: (s.lineno, s.col_offset)):
            right = self.ev.evaluate(stmt.value, act)
            text = ops.as_text(right, module.span(stmt.value))
            keys: tuple[Key, ...] = ()
            for parent in module.ancestors(stmt):
                if parent is scope:
                    break
                if isinstance(parent, ast.If):
                    keys = ops.merge_keys(keys, self.ev.test(parent.test, act)[1])
            if module.parents.get(stmt) is not scope:
                text = ops.choice(
                    [(text, None), (Known("", text.span), None)],
                    module.span(stmt),
                    act.frame,
                    keys,
                )
            yield Term(module.span(stmt.value), text, False)


def _grown_by(talk: Conversation | None, item: Repeat) -> bool:
    """Whether the loop that sends a conversation appends this to it."""
    return talk is not None and any(growth.span.contains(item.span) for growth in talk.grown_by)


def _said_before(item: Repeat, frame: Frame) -> Repeat:
    """What earlier rounds appended: it stays as it is for as long as the list lives."""

    def settled(keys: tuple[Key, ...]) -> tuple[Key, ...]:
        return tuple(
            key._replace(frame=frame) if len(key.frame) > len(frame) else key for key in keys
        )

    return replace(item, body=with_keys(item.body, settled), keys=settled(item.keys))


def _settled(arguments: Mapping) -> Mapping:
    """The arguments, with system and tools told apart from the conversation they came out of."""
    messages = arguments.get("messages")
    conversation = _conversation(messages) if messages is not None else frozenset()
    if not conversation:
        return arguments
    entries = (
        _entry_apart(entry, conversation)
        if isinstance(entry.key, Known) and entry.key.value in ("system", "tools")
        else entry
        for entry in arguments.entries
    )
    return replace(arguments, entries=tuple(entries))


def _conversation(messages: Value) -> frozenset[Span]:
    """Where the conversation as a whole is handed in."""
    found: set[Span] = set()
    for each in alternatives(messages):
        if isinstance(each, Unknown):
            found.update(key.span for key in each.keys)
        elif isinstance(each, Sequence):
            for item in each.items:
                if isinstance(item, Repeat):
                    found.update(key.span for key in item.keys)
    return frozenset(found)


def _apart(value: Value, conversation: frozenset[Span]) -> Value:
    """A part that code which can't be seen took out of the conversation.

    The system prompt that stands at the head of a list of messages is the same in each turn, so
    that the list grows says nothing of it. A text that has the list itself in it is left as it is.
    """

    def unsure(keys: tuple[Key, ...]) -> tuple[Key, ...]:
        return tuple(
            k._replace(source=Source.UNKNOWN) if k.span in conversation and not k.whole else k
            for k in keys
        )

    if isinstance(value, Unknown) and any(
        key.source in (Source.CLOCK, Source.RANDOM) and key.name == value.reason
        for key in value.keys
    ):
        return value  # the very source, which stands in a text that is seen
    if isinstance(value, Repeat) or (isinstance(value, Unknown) and value.entry != "parameter"):
        return with_keys(value, unsure)
    if isinstance(value, Text):
        return replace(value, parts=tuple(_apart(part, conversation) for part in value.parts))
    if isinstance(value, Choice):
        branches = (replace(a, value=_apart(a.value, conversation)) for a in value.alternatives)
        return replace(value, alternatives=tuple(branches))
    if isinstance(value, Sequence):
        return replace(value, items=tuple(_apart(i, conversation) for i in value.items))
    if isinstance(value, Mapping):
        entries = tuple(_entry_apart(entry, conversation) for entry in value.entries)
        return replace(value, entries=entries)
    return value


def _entry_apart(entry: Entry, conversation: frozenset[Span]) -> Entry:
    value = _apart(entry.value, conversation)
    # What the evaluator would read again by itself isn't told apart; nothing else is lost.
    return entry if value == entry.value else replace(entry, value=value, handle=None)


def _each(item: Value) -> Iterator[tuple[Value, bool, bool]]:
    """The values an item of a list stands for: (value, made by a loop, may be absent)."""
    if isinstance(item, Repeat):
        for value, _, optional in _each(item.body):
            yield value, True, optional
        return
    if isinstance(item, Choice):
        filled = [
            a.value
            for a in item.alternatives
            if not (isinstance(a.value, Sequence) and not a.value.items) and not _absent(a.value)
        ]
        absent = len(filled) < len(item.alternatives)
        if not filled:
            return
        filled.sort(key=lambda v: -_marked(v))
        value = filled[0]
        if isinstance(value, Sequence) and value.type == "list":
            for inner in value.items:
                for each, repeated, _ in _each(inner):
                    yield each, repeated, True
            return
        yield value, False, absent or len(filled) > 1
        return
    yield item, False, False


def _is_empty_list(value: Value) -> bool:
    return isinstance(value, Sequence) and not value.items and not value.open


def _marked(value: Value) -> int:
    """Whether a cache marker stands in a value."""
    if isinstance(value, Mapping):
        if value.entry("cache_control") is not None:
            return 1
        content = value.get("content")
        return _marked(content) if content is not None else 0
    if isinstance(value, Sequence):
        return max((_marked(item) for item in value.items), default=0)
    if isinstance(value, Repeat):
        return _marked(value.body)
    if isinstance(value, Choice):
        return max(_marked(a.value) for a in value.alternatives)
    return 0


def _ttl(values: list[Value]) -> str:
    """The lifetime that a marker asks for, "" where it can't be known or isn't always the same."""
    found = {_lifetime(value) for value in values}
    return found.pop() if len(found) == 1 else ""


def _lifetime(value: Value) -> str:
    if not isinstance(value, Mapping):
        return ""
    entry = value.entry("ttl")
    if entry is None:
        return "" if value.open else "5m"
    if isinstance(entry.value, Known) and not entry.optional:
        return "5m" if entry.value.value is None else str(entry.value.value)
    return ""


def _history(value: Value) -> bool:
    """Whether a value may carry earlier turns: handed in or kept, not made for this call."""
    if isinstance(value, Unknown):
        return True
    if isinstance(value, Mapping):
        role = value.get("role")
        return isinstance(role, Known) and role.value == "assistant"
    return isinstance(value, (Choice, Repeat, Object))


def _branches(node: ast.If | ast.IfExp) -> tuple[list[ast.AST], list[ast.AST]]:
    """What runs when the test holds, and what runs otherwise."""
    if isinstance(node, ast.IfExp):
        return [node.body], [node.orelse]
    return list(node.body), list(node.orelse)


def _leaves_unmarked(function: FunctionNode, before: ast.AST | None) -> bool:
    """Whether a function returns on some path above without a marker: items it leaves alone."""
    for stmt in function.body:
        if stmt is before:
            break
        if isinstance(stmt, ast.If) and isinstance(stmt.body[-1], ast.Return):
            if not _marks_always(list(stmt.body)):
                return True
    return False


#: Through how many functions that hand on what they return a marker is followed to its loop.
_HOPS = 3


def _is_for_picked(function: FunctionNode, callers: Callers, hops: int) -> bool:
    """Whether a function is only called for the items at places that another one has picked.

    ``for i in anchors(results): out[i] = mark(out[i])``.
    """
    sites = callers.sites(function)
    for module, call, *_ in sites:
        parent = module.parents.get(call)
        if isinstance(parent, ast.Return):
            outer = module.scope(parent)
            if not hops or not isinstance(outer, FUNCTIONS):
                return False
            if not _is_for_picked(outer, callers.of(module), hops - 1):
                return False
        elif not _is_set_at_picked(parent, module):
            return False
    return bool(sites)


def _is_set_at_picked(stmt: ast.AST | None, module: Module) -> bool:
    """Whether ``x[i] = ...`` stands in no loop over all places of a list."""
    if not isinstance(stmt, ast.Assign) or not isinstance(stmt.targets[0], ast.Subscript):
        return False
    place = stmt.targets[0].slice
    if not isinstance(place, ast.Name):
        return False
    for loop in module.loops(stmt, module.scope(stmt)):
        if not isinstance(loop, (ast.For, ast.AsyncFor)):
            return False
        if isinstance(loop.target, ast.Name) and loop.target.id == place.id:
            picked = loop.iter.func if isinstance(loop.iter, ast.Call) else None
            return isinstance(picked, ast.Name) and picked.id not in _COUNTING
        return False
    return True


#: The builtins that go through all places.
_COUNTING = ("range", "enumerate", "reversed", "sorted", "list")


def _marks_always(way: list[ast.AST]) -> bool:
    """Whether whichever branches are taken a marker is written on the way."""
    for each in way:
        if isinstance(each, (ast.If, ast.IfExp)):
            held, other = _branches(each)
            if _marks_always(held) and _marks_always(other):
                return True
        elif _writes_marker(each):
            return True
    return False


def _writes_marker(node: ast.AST) -> bool:
    return any(isinstance(n, ast.Constant) and n.value == "cache_control" for n in walk(node))


def _is_left_early(loop: ast.AST) -> bool:
    """Whether a loop ends itself once it has marked a few: ``if marked == 2: break``."""
    counted: set[str] = set()
    tests: list[ast.expr] = []
    queue = list(ast.iter_child_nodes(loop))
    while queue:
        node = queue.pop()
        if isinstance(node, ast.AugAssign) and isinstance(node.op, ast.Add):
            counted.add(dotted(node.target) or "")
        elif isinstance(node, ast.If) and any(isinstance(s, ast.Break) for s in node.body):
            tests.append(node.test)
        if isinstance(node, LOOPS):
            queue += node.orelse
        elif not isinstance(node, FUNCTIONS):
            queue += ast.iter_child_nodes(node)
    return any(
        isinstance(test, ast.Compare)
        and isinstance(test.ops[0], (ast.Eq, ast.GtE, ast.Gt))
        and dotted(test.left) in counted - {""}
        for test in tests
    )
