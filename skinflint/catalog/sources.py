"""What makes bytes change, as data: clocks, randomness, order, environment, retrieval, users.

Everything here is read from ``data/sources.toml`` and answers questions about *names*; nothing in
this module looks at code. All names are fully qualified and dotted (``datetime.datetime.now``);
builtins may be written with or without ``builtins.``. Kinds, granularities and orderings are the
plain strings that ``linter.values`` uses as the values of its enums.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple, TypeAlias

from skinflint.catalog.compiled import read
from skinflint.records import dataclass

Table: TypeAlias = Mapping[str, Any]

#: Units of time from the finest to the coarsest; the names of ``linter.values.Granularity``.
UNITS = ("microsecond", "second", "minute", "hour", "day", "month", "year")


class Argument(NamedTuple):
    """One argument of a call: its position (-1: by keyword only) and its keyword ("": none)."""

    position: int
    keyword: str


@dataclass(frozen=True, slots=True)
class SourceFact:
    """A call or an attribute whose value changes.

    ``kind`` is one of clock, random, order, environment, retrieval, file, process (the output of
    another program), database, http, turn (what somebody types now).
    """

    kind: str
    type: str  # qualified name of what it yields, "" when it isn't known
    name: str  # as a person would write it: "datetime.now()"
    granularity: str | None = None  # clock only, one of UNITS
    ordering: str | None = None  # order only: "process", "listing", "completion", "server"
    pure_with: Argument | None = None  # given this argument it only hands its arguments on
    format: Argument | None = None  # the argument that holds a format
    format_style: str = ""  # "strftime" or "tokens"
    only_with: frozenset[str] = frozenset()  # a source only if its first argument is one of these
    source: str = ""  # where the fact is from
    date: str = ""  # when it was read there, ISO


@dataclass(frozen=True, slots=True)
class MethodFact:
    """What a method (or an instance attribute) yields, and what it does to variation.

    ``effect``:
      keeps      everything its receiver and arguments depend on still shows
      coarsens   a clock shows nothing finer than ``granularity`` any more
      formats    a clock shows what the format in ``format`` (of ``format_style``) shows
      isoformat  a clock shows what ``timespec`` (``format``) shows: granularity_of_timespec
      replaces   fields set to constants no longer show: after_replace
      fixed      the result doesn't vary
      source     calling it is itself a source of change: ``source``
    """

    effect: str
    type: str
    granularity: str | None = None
    format: Argument | None = None
    format_style: str = ""
    source: SourceFact | None = None
    needs_turn: bool = False  # a source only when an argument comes from the user's turn
    imports: frozenset[str] = frozenset()  # holds only in a file that imports one of these


@dataclass(frozen=True, slots=True)
class PureFact:
    """A function whose result depends on its arguments alone.

    ``effect``: ``keeps`` (all of their variation), ``orders`` (all but their order), ``sizes``
    (only a number that still varies), ``fixed`` (none of it).
    """

    effect: str
    type: str  # qualified name of the result, "" the type of its first argument

    @property
    def keeps(self) -> bool:
        """Whether the content of its arguments still shows in the result."""
        return self.effect in ("keeps", "orders", "sizes")

    @property
    def orders(self) -> bool:
        """Whether the result has a fixed order, whatever the order of its arguments."""
        return self.effect == "orders"


@dataclass(frozen=True, slots=True)
class MemoFact:
    """A decorator that keeps the results of the function under it.

    ``keyed``: one result per arguments; otherwise one for good. ``expires``: the argument that, if
    given, lets results age (``always_expires`` where they do without it).
    """

    keyed: bool
    expires: Argument | None = None
    always_expires: bool = False


@dataclass(frozen=True, slots=True)
class EntryFact:
    """How a framework calls code: the group of the entry, and which parameters carry whom.

    ``group``: web, bot, job, cli, ui, tool, start (of a server or a container: once in a process).
    ``many``: one process serves many users or records. ``again``: where it doesn't, whether the one
    person there calls it again and again.
    """

    group: str
    framework: str  # "fastapi", "discord", ...
    many: bool
    user: frozenset[str] = frozenset()  # parameter names that carry the user or the user's turn
    methods: frozenset[str] = frozenset()  # of an entry base class: what the framework calls
    function: Argument | None = None  # of a registering call: the argument that is the function
    scheduled: bool = False  # a clock calls it, nobody waits
    again: bool = False  # what somebody does in a window or on a keyboard while a program runs
    events: frozenset[str] = frozenset()  # a call registers for one of these: ``x.clicked.connect``
    keywords: frozenset[str] = frozenset()  # a decorator counts with one of these: ``schedule=``


class Sources:
    """The loaded facts. Made by :func:`load`.

    Loading only notes which table holds a name; a fact is made when it is first asked for.
    """

    def __init__(self, data: Table) -> None:
        """Index the tables of ``sources.toml`` (or of the same shape in the configuration)."""
        self.date: str = data.get("date", "")
        self._tables: dict[str, dict[str, Table]] = {section: {} for section in _SECTIONS}
        self._by_attribute: dict[str, dict[str, list[Table]]] = {"decorator": {}, "registrar": {}}
        self._functions: dict[str, list[tuple[tuple[str, ...], Table]]] = {}
        self._parents: dict[str, str] = {}
        self._words: dict[str, str] = {}
        self._heads: dict[str, str] = {}
        self._first: frozenset[str] = frozenset()
        self._asked: frozenset[str] = frozenset()
        self._libraries: dict[str, str] = {}
        self._programs: dict[str, list[tuple[frozenset[str], bool]]] = {}
        self._gauges: frozenset[str] = frozenset()
        self._own_server: tuple[str, ...] = ()
        self._sessions: frozenset[str] = frozenset()
        self._session_names: frozenset[str] = frozenset()
        self._cookies: frozenset[str] = frozenset()
        self._on_server: tuple[str, ...] = ()
        self._shorteners: tuple[str, ...] = ()
        self._reruns: frozenset[str] = frozenset()
        self._sources: dict[tuple[str, str], SourceFact] = {}
        self._members: dict[tuple[str, str, str], MethodFact] = {}
        self._add(data)

    # --- sources of change ---------------------------------------------------------------------

    def call(self, name: str, first: str | None = None) -> SourceFact | None:
        """The source of change that calling ``name`` is, if it is one.

        ``first`` is the first argument where that is a literal str: ``numpy.datetime64("now")`` is
        a clock, ``numpy.datetime64("2020-01-01")`` is not.
        """
        fact = self._source("call", name, "()")
        if fact is None or (fact.only_with and first not in fact.only_with):
            return None
        return fact

    def attribute(self, name: str) -> SourceFact | None:
        """The source of change that reading the module attribute ``name`` is, if it is one."""
        return self._source("attribute", name, "")

    def method(
        self, type_name: str, method: str, imported: Collection[str] = ()
    ) -> MethodFact | None:
        """What ``method`` of an instance of ``type_name`` yields; "" asks for unknown receivers.

        Where the type is known and has no such fact, nothing is guessed from the name alone. Some
        names say it of an unknown receiver only where the file imports the library: ``imported``
        holds its top-level modules.
        """
        fact = self._member("method", type_name, method, "()")
        if fact is None or not fact.imports or not fact.imports.isdisjoint(imported):
            return fact
        return None

    def field(self, type_name: str, attribute: str) -> MethodFact | None:
        """What reading ``attribute`` of an instance of ``type_name`` yields."""
        return self._member("field", type_name, attribute, "")

    def pure(self, name: str) -> PureFact | None:
        """What the pure function ``name`` (``json.dumps``, ``str.upper``) does to variation."""
        table = self._tables["pure"].get(_plain(name))
        return PureFact(table["effect"], table.get("type", "")) if table else None

    def memoises(self, name: str) -> MemoFact | None:
        """The fact about a memoising decorator, if ``name`` is one."""
        table = self._tables["memoise"].get(name)
        if table is None:
            return None
        expires = _argument(table.get("expires"))
        return MemoFact(table["keyed"], expires, table.get("always_expires", False))

    # --- entry points --------------------------------------------------------------------------

    def entry_decorator(
        self, name: str, imported: Collection[str] | None = None
    ) -> EntryFact | None:
        """The entry that a function decorated with ``name`` is.

        ``name`` is a qualified name (``celery.shared_task``, ``fastapi.FastAPI.get``) or the bare
        attribute of an unknown receiver (``post``). ``imported`` holds the top-level modules that
        the file imports: with it, a bare attribute counts only for a framework among them; without
        it the commonest framework with such a decorator is taken.
        """
        return self._entry("decorator", name, imported)

    def entry_base(self, name: str) -> EntryFact | None:
        """The entry that a class with the base ``name`` is; ``methods`` are the ones called."""
        table = self._tables["base"].get(name)
        return _entry_fact(table, name.partition(".")[0]) if table else None

    def entry_call(self, name: str, imported: Collection[str] | None = None) -> EntryFact | None:
        """The entry that a function handed to ``name`` becomes (``add_job``, ``ChatInterface``).

        ``name`` and ``imported`` as in :meth:`entry_decorator`.
        """
        return self._entry("registrar", name, imported)

    def entry_function(self, name: str, parameters: Sequence[str]) -> EntryFact | None:
        """The entry that a bare module-level function is, by convention of its platform."""
        for expected, table in self._functions.get(name, ()):
            if tuple(parameters[: len(expected)]) == expected:
                return _entry_fact(table, "")
        return None

    def library(self, name: str) -> str:
        """The kind of source that objects of a library read from, by a qualified name of it.

        "database", "http" or "turn" (what people type or say); "literal" for one that only works
        on what it is handed; "" for other libraries.
        """
        return self._libraries.get(name.partition(".")[0], "")

    def program(self, command: Sequence[str]) -> bool | None:
        """Whether what a program prints surely changes as the work goes on; None: not known to.

        ``command`` is its name and its arguments, as far as they are known.
        """
        name = command[0].rpartition("/")[2]
        words = [word for word in command[1:] if not word.startswith("-")]
        for moves, sure in self._programs.get(name, ()):
            if not moves or any(word in moves for word in words[:2]):
                return sure
        return None

    def gauge(self, name: str) -> bool:
        """Whether a function says how the machine is doing at the moment."""
        return name in self._gauges

    # --- histories -----------------------------------------------------------------------------

    def session(self, name: str) -> bool:
        """Whether ``name`` is what a framework keeps for each user between two runs."""
        return name in self._sessions

    def in_cookie(self, name: str) -> bool:
        """Whether the browser keeps that, unless ``on_server`` says otherwise."""
        return name in self._cookies

    @property
    def on_server(self) -> tuple[str, ...]:
        """Words of a project that keeps on the server what a browser would keep otherwise."""
        return self._on_server

    def reruns(self, imported: Collection[str]) -> bool:
        """Whether a file that imports these modules is run as a whole for each input."""
        return not self._reruns.isdisjoint(imported)

    @property
    def own_server(self) -> tuple[str, ...]:
        """Words of a file that writes a server whose tools are listed."""
        return self._own_server

    @property
    def session_names(self) -> frozenset[str]:
        """The last names of all session stores."""
        return self._session_names

    def shortens(self, name: str) -> bool:
        """Whether a function's name says that it keeps a list short: ``_trim_history``."""
        return any(word.startswith(self._shorteners) for word in _words_of(name))

    def vocabulary(self, name: str) -> str:
        """What a parameter's name says it carries: "entity", "turn", "config" or "".

        The whole name decides, then its longest known ending, then its beginning: ``user_prompt``
        is a turn, ``user_locale`` an entity, ``system_prompt`` and ``max_items`` configuration.
        """
        tokens = _words_of(name)
        if not tokens:
            return ""
        whole = self._words.get("_".join(tokens))
        if whole is not None:
            return whole
        if tokens[0] in self._first:
            return "config"
        for start in range(1, len(tokens)):
            meaning = self._words.get("_".join(tokens[start:]))
            if meaning is not None:
                return meaning
        return self._heads.get(tokens[0], "") if len(tokens) > 1 else ""

    def asked(self, name: str) -> bool:
        """Whether a parameter's name says that somebody asks it: ``query``, ``user_question``."""
        return any(word in self._asked for word in _words_of(name)[-1:])

    # --- looking up ----------------------------------------------------------------------------

    def _source(self, section: str, name: str, brackets: str) -> SourceFact | None:
        name = _plain(name)
        fact = self._sources.get((section, name))
        if fact is None:
            table = self._tables[section].get(name)
            if table is None:
                return None
            label = ".".join(name.split(".")[-2:]) + brackets
            fact = self._sources[section, name] = _source_fact(table, label, self.date)
        return fact

    def _member(self, section: str, type_name: str, name: str, brackets: str) -> MethodFact | None:
        type_name = _plain(type_name)
        fact = self._members.get((section, type_name, name))
        if fact is None:
            for owner in self._ancestors(type_name):
                table = self._tables[section].get(f"{owner}:{name}")
                if table is not None:
                    fact = _method_fact(table, type_name, name, brackets, self.date)
                    self._members[section, type_name, name] = fact
                    break
        return fact

    def _ancestors(self, type_name: str) -> Iterator[str]:
        current: str | None = type_name
        while current is not None:
            yield current
            current = self._parents.get(current)

    def _entry(self, section: str, name: str, imported: Collection[str] | None) -> EntryFact | None:
        root, dot, _ = name.partition(".")
        exact = self._tables[section].get(name)
        if exact is not None:
            return _entry_fact(exact, root)
        for table in self._by_attribute[section].get(name.rpartition(".")[2], ()):
            for framework in table["frameworks"].split():
                known = framework in imported if imported is not None else not dot
                if known or framework == root:
                    return _entry_fact(table, framework)
        return None

    # --- loading -------------------------------------------------------------------------------

    def _add(self, data: Table) -> None:
        for section in ("call", "attribute", "pure", "memoise"):
            for table in data.get(section, ()):
                prefix = table.get("prefix", "")
                names = [prefix + name for name in table["names"].split()]
                self._tables[section].update(dict.fromkeys(names, table))
        for section in ("method", "field"):
            for table in data.get(section, ()):
                names = table["names"].split()
                for owner in table.get("types", "").split() or [""]:
                    self._tables[section].update((f"{owner}:{name}", table) for name in names)
        for table in data.get("entry", ()):
            self._add_entry(table)
        for table in data.get("library", ()):
            self._libraries.update(dict.fromkeys(table["names"].split(), table["kind"]))
        for table in data.get("program", ()):
            for name in table["names"].split():
                moves = frozenset(table["moves"].split())
                self._programs.setdefault(name, []).append((moves, table["sure"]))
        for table in data.get("gauge", ()):
            self._gauges |= frozenset(table["names"].split())
        for line in data.get("bases", {}).get("names", "").splitlines():
            child, _, parent = line.partition("=")
            if parent:
                self._parents[child.strip()] = parent.strip()
        words = data.get("vocabulary", {})
        for meaning in ("entity", "turn", "config"):
            self._words.update(dict.fromkeys(words.get(meaning, "").split(), meaning))
            self._heads.update(dict.fromkeys(words.get(f"{meaning}_heads", "").split(), meaning))
        self._first |= frozenset(words.get("config_first", "").split())
        self._asked |= frozenset(words.get("asked", "").split())
        self._own_server += tuple(data.get("servers", {}).get("words", "").split())
        histories = data.get("histories", {})
        self._sessions |= frozenset(histories.get("sessions", "").split())
        self._session_names = frozenset(n.rpartition(".")[2] for n in self._sessions)
        self._cookies |= frozenset(histories.get("cookies", "").split())
        self._on_server += tuple(histories.get("on_server", "").split())
        self._reruns |= frozenset(histories.get("reruns", "").split())
        self._shorteners += tuple(histories.get("shorteners", "").split())

    def _add_entry(self, table: Table) -> None:
        for section, field in (
            ("decorator", "decorators"),
            ("base", "bases"),
            ("registrar", "registrars"),
        ):
            self._tables[section].update(dict.fromkeys(table.get(field, "").split(), table))
        for section, field in (("decorator", "attributes"), ("registrar", "registrar_attributes")):
            for attribute in table.get(field, "").split():
                self._by_attribute[section].setdefault(attribute, []).append(table)
        for line in table.get("functions", ()):
            name, *parameters = line.split()
            self._functions.setdefault(name, []).append((tuple(parameters), table))


_SECTIONS = (
    "call",
    "attribute",
    "method",
    "field",
    "pure",
    "memoise",
    "decorator",
    "base",
    "registrar",
)


@lru_cache(maxsize=1)
def _shipped() -> Sources:
    return Sources(read("sources"))


def load(extra: Table | None = None) -> Sources:
    """The shipped facts, parsed once; ``extra`` (tables of the same shape) is laid over them.

    :raises KeyError: when a table of ``extra`` lacks a field that it needs.
    """
    if not extra:
        return _shipped()
    sources = Sources(read("sources"))
    sources._add(extra)
    return sources


def _plain(name: str) -> str:
    return name.removeprefix("builtins.")


def _argument(text: str | None) -> Argument | None:
    """Parse ``"1:t"``, ``"0"`` or ``":timespec"``: position and keyword."""
    if text is None:
        return None
    position, _, keyword = text.partition(":")
    return Argument(int(position) if position else -1, keyword)


def _source_fact(table: Table, label: str, date: str) -> SourceFact:
    return SourceFact(
        kind=table["kind"],
        type=table.get("type", ""),
        name=label,
        granularity=table.get("granularity"),
        ordering=table.get("ordering"),
        pure_with=_argument(table.get("pure_with")),
        format=_argument(table.get("format")),
        format_style="strftime" if "format" in table else "",
        only_with=frozenset(table.get("only_with", "").split()),
        source=table.get("source", ""),
        date=table.get("date", date),
    )


def _method_fact(table: Table, type_name: str, name: str, brackets: str, date: str) -> MethodFact:
    owner = type_name.rpartition(".")[2]
    label = (f"{owner}.{name}" if owner else name) + brackets
    type_ = table.get("type", "")
    return MethodFact(
        effect=table["effect"],
        type=type_name if type_ == "self" else type_,
        granularity=table.get("granularity"),
        format=_argument(table.get("format")),
        format_style=table.get("format_style", ""),
        source=_source_fact(table, label, date) if table["effect"] == "source" else None,
        needs_turn=table.get("needs_turn", False),
        imports=frozenset(table.get("imports", "").split()),
    )


def _entry_fact(table: Table, root: str) -> EntryFact:
    frameworks = table["frameworks"].split()
    return EntryFact(
        group=table["group"],
        framework=root if root in frameworks else frameworks[0],
        many=table["many"],
        user=frozenset(table.get("user", "").split()),
        methods=frozenset(table.get("methods", "").split()),
        function=_argument(table.get("function")),
        scheduled=table.get("scheduled", False),
        again=table.get("again", False),
        events=frozenset(table.get("events", "").split()),
        keywords=frozenset(table.get("keywords", "").split()),
    )


_CAMEL = r"(?<=[a-z0-9])(?=[A-Z])"


def _snake(name: str) -> str:
    return name if name.islower() else re.sub(_CAMEL, "_", name)


@lru_cache(maxsize=4096)
def _words_of(name: str) -> tuple[str, ...]:
    return tuple(word for word in _snake(name).lower().split("_") if word)


# --- granularity of formats -----------------------------------------------------------------------

#: strftime directive -> finest unit it shows. A week (and the ISO year, which turns with one) is
#: given as a day, the coarsest unit that is not coarser than it.
_DIRECTIVES = {
    **dict.fromkeys("fN", "microsecond"),
    **dict.fromkeys("SscXTr+", "second"),
    **dict.fromkeys("MR", "minute"),
    **dict.fromkeys("HIpPkl", "hour"),
    **dict.fromkeys("aAwudejUWVGgxDFv", "day"),
    **dict.fromkeys("bBhm", "month"),
    **dict.fromkeys("yYC", "year"),
}
_DIRECTIVE = r"(?s)%[-_0^#:]*\d*[EO]?(.)"

#: arrow, pendulum and moment tokens; text in square brackets is literal.
_TOKENS = {
    "microsecond": ("SSSSSS", "SSSSS", "SSSS", "SSS", "SS", "S", "x"),
    "second": ("ss", "s", "X", "LTS"),
    "minute": ("mm", "m", "LT", "LLLL", "LLL"),
    "hour": ("HH", "H", "hh", "h", "A", "a"),
    "day": ("DDDD", "DDD", "DD", "Do", "D", "dddd", "ddd", "dd", "d", "E", "W", "L", "LL"),
    "month": ("MMMM", "MMM", "MM", "Mo", "M", "Qo", "Q"),
    "year": ("YYYY", "YY", "Y"),
}
_UNIT_OF_TOKEN = {token: unit for unit, tokens in _TOKENS.items() for token in tokens}


def finest(units: Iterable[str | None]) -> str | None:
    """The finest of some units of time; None when there is none among them."""
    known = [unit for unit in units if unit is not None]
    return min(known, key=UNITS.index) if known else None


def granularity_of_format(fmt: str) -> str | None:
    """The finest clock field that a strftime format shows, or None when it shows none.

    The format specification of an f-string (``f"{now:%H:%M}"``) is such a format too; an empty one
    is ``str()`` and keeps all, which is the caller's case.
    """
    return finest(_DIRECTIVES.get(match) for match in re.findall(_DIRECTIVE, fmt))


def granularity_of_tokens(fmt: str) -> str | None:
    """The finest clock field that an arrow or pendulum format (``YYYY-MM-DD``) shows, or None."""
    return finest(_UNIT_OF_TOKEN.get(token) for token in _token_pattern().findall(fmt))


@lru_cache(maxsize=1)
def _token_pattern() -> re.Pattern[str]:
    longest_first = sorted(_UNIT_OF_TOKEN, key=lambda token: (-len(token), token))
    return re.compile(r"\[[^\]]*\]|\\.|" + "|".join(longest_first))


def granularity_of_timespec(timespec: str) -> str:
    """The finest unit that ``isoformat(timespec=...)`` shows."""
    return {"hours": "hour", "minutes": "minute", "seconds": "second"}.get(timespec, "microsecond")


def after_replace(granularity: str, fields: Collection[str]) -> str:
    """The finest unit left after ``replace()`` set ``fields`` (``minute``, ...) to constants.

    ``replace(second=0)`` alone leaves the microseconds: only an unbroken run from the finest
    field upwards makes a clock coarser.
    """
    for unit in UNITS[: UNITS.index("year")]:
        if UNITS.index(unit) >= UNITS.index(granularity):
            if unit not in fields:
                return unit
            granularity = UNITS[UNITS.index(unit) + 1]
    return granularity
