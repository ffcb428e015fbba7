"""What is known of the models: ids, prices, limits, lifecycle, and the numbers of the cache.

All facts are data (``data/models.toml``, ``data/cache.toml``), each with a source and a date. This
module reads them, lets a project's configuration override them, and tells what an id stands for.
"""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from skinflint.catalog.compiled import read
from skinflint.records import dataclass, replace


@dataclass(frozen=True, slots=True)
class Source:
    """Where a fact was read, and when. ``settled``: about the past, it does not grow old."""

    at: str
    date: datetime.date
    settled: bool = False


class Prices(NamedTuple):
    """USD per million tokens for a request whose prompt is longer than ``above`` tokens.

    None where it is not known.
    """

    above: int
    input: float | None
    output: float | None
    write_5m: float | None
    write_1h: float | None
    read: float | None


@dataclass(frozen=True, slots=True)
class Model:
    """One snapshot of a model. What is not known is None, or left out of a tuple."""

    id: str
    line: str
    version: tuple[int, int]
    tier: int | None  # 1 is the cheapest line
    latest: bool
    aliases: tuple[str, ...]
    input: float | None  # USD per million tokens, as the other prices
    output: float | None
    write_5m: float | None
    write_1h: float | None
    read: float | None
    bands: tuple[Prices, ...]  # dearer or cheaper prices from a prompt length on, ascending
    fast: tuple[float, float] | None  # input and output at speed "fast"
    min_prefix: int | None  # tokens
    tokenizer_factor: float  # tokens for the same text, relative to the models before 4.7
    context: int | None  # tokens
    max_output: int | None  # tokens
    batch_output: int | None  # tokens in a batch, with the beta for long replies
    tool_preamble: tuple[int, ...]  # tokens that tools add: choice auto or none; any or tool
    effort: str | None  # when none is asked for
    xhigh: bool
    thinks: bool  # when the request does not say whether to
    rejects: tuple[str, ...]  # "prefill", "temperature", "thinking.enabled", "tool_choice.any", ...
    one_of: tuple[str, ...]  # parameters of which a request may name one
    no_tools: tuple[str, ...]  # types of the API's own tools, and the betas that bring them
    discourages: tuple[str, ...]
    keeps_thinking: bool | None  # across a plain user message
    binds_thinking: bool  # editing what stands before replayed thinking is a 400
    retired: datetime.date | None
    retires: datetime.date | None  # announced
    not_before: datetime.date | None  # no announcement
    deprecated: bool
    legacy: bool
    replacement: str | None  # as the documentation names it; Catalog.successor follows the chain
    bedrock: str | None  # on Bedrock's Messages endpoint
    bedrock_invoke: str | None  # on Bedrock's InvokeModel and Converse
    bedrock_end: datetime.date | None  # when the last region of Bedrock stops answering
    vertex: str | None
    inferred: tuple[str, ...]  # fields that no official page states
    sources: tuple[tuple[str, Source], ...]  # by field, sorted
    notice_days: int = 60

    def status(self, as_of: datetime.date) -> str:
        """``"active"``, ``"announced"`` (retires within the notice window) or ``"retired"``."""
        end = self.retired or self.retires
        if end is None:
            return "active"
        if as_of >= end:
            return "retired"
        return "announced" if (end - as_of).days <= self.notice_days else "active"

    def ended(self, platform: str, as_of: datetime.date) -> datetime.date | None:
        """When a service with a calendar of its own stopped answering; None if it hasn't, or if
        that isn't known."""
        end = self.bedrock_end if platform == "bedrock" else None
        return end if end is not None and as_of >= end else None

    def prices(self, prompt_tokens: int = 0) -> Prices:
        """The prices that hold for a request whose whole prompt has ``prompt_tokens`` tokens."""
        found = Prices(0, self.input, self.output, self.write_5m, self.write_1h, self.read)
        for band in self.bands:
            if prompt_tokens > band.above:
                found = band
        return found

    def source(self, name: str) -> Source | None:
        """Where the field ``name`` was read; None when the field is not known."""
        return dict(self.sources).get(name)

    def platform_id(self, platform: str, like: str = "") -> str | None:
        """This model's id in the form ``like`` is written in, None where that is not confirmed.

        ``platform`` is a ``Platform.value``; ``like`` the id it is to replace.
        """
        form = _split(like, load().routes) if like else _Form("", "", "", "", "", "")
        served_by = form.platform or platform
        if form.head and not form.platform:
            return None  # somebody else's service: its ids are its own
        own: str | None
        if served_by in ("bedrock", "bedrock-messages") or form.vendor:
            own = self._bedrock(served_by, form, like)
        elif served_by == "vertex" or form.at:
            own = None if form.suffix else self.vertex
        elif load().platform(served_by).names == "ids":
            own = self.id
        else:
            own = None
        return None if own is None else form.head + own

    def _bedrock(self, platform: str, form: _Form, like: str) -> str | None:
        if form.region:
            return None  # which regions have a profile of this model is not known
        if form.suffix:
            return self.bedrock_invoke
        if platform == "bedrock-messages":
            return self.bedrock
        written = like[len(form.head) :]
        if any(model.bedrock_invoke == written for model in load().models.values()):
            return self.bedrock_invoke
        return self.bedrock if written else None


@dataclass(frozen=True, slots=True)
class Platform:
    """Who serves a request. ``automatic`` is None where no page says whether it is accepted."""

    name: str
    automatic: bool | None
    isolation: str  # "workspace", "organization" or "" when not known
    calendar: str  # "anthropic", "partner" or ""
    names: str  # "ids", "deployments", "bedrock", "vertex"
    runs: bool  # a run of tool_use, or of tool_result, is one position in the look-back


@dataclass(frozen=True, slots=True)
class CacheFacts:
    """The numbers and tables of the prompt cache."""

    write_5m: float  # multiples of the input price
    write_1h: float
    read: float
    batch: float
    us_only: float
    max_markers: int
    lookback: int  # positions, the marked block being the first
    runs: tuple[str, ...]  # kinds of which a run counts as one position
    ttl_default: str
    ttl_seconds: Mapping[str, int]
    unmarkable: tuple[str, ...]  # kinds of block
    invalidates: Mapping[str, tuple[str, ...]]  # change -> places that are lost
    neutral: tuple[str, ...]  # parameters that are no part of the prompt
    rounds: RoundFacts
    stale_days: int
    notice_days: int


class RoundFacts(NamedTuple):
    """How many tokens a round of a tool loop adds at most where all that is seen is short."""

    rounds: int  # of a question that tools answer in a line each
    turns: int  # of a talk that somebody types
    call: int  # a reply that calls a tool
    line: int  # a time, a number, an id, the text of an error
    typed: int  # what a person types
    result: int  # usually, what a tool answers where nothing says how much that is
    preamble: int  # what the service puts in front of tools
    reply: int  # usually, what is said to somebody who types
    whole: int  # usually, a file, a page, what a program prints
    unnamed: int  # what a model caches from that the code doesn't name
    much: int  # a minimum that a file or page of unknown length hardly reaches
    listed: int  # usually, all tools where they come from elsewhere
    spread: float  # usually, a text over the fewest tokens it may come to
    margin: float  # how far above a minimum an estimate has to be
    seeing: tuple[str, ...]  # how the types of the API's own tools begin that show files or screens
    brief: tuple[str, ...]  # how a system prompt asks for short replies
    long: frozenset[str]  # arguments of tools that take whole texts


class Resolution(NamedTuple):
    """What an id as written stands for.

    ``model`` is None for an unknown id; then ``family_like`` says that it looks like one of
    Anthropic's own ids but never was one, and ``near`` is the best near match. ``partner_id``:
    somebody serves it whose calendar is its own, so that first-party lifecycle does not apply.
    ``alias``: another name of a dated snapshot.
    """

    id_as_written: str
    model: Model | None
    partner_id: bool
    family_like: bool
    near: str | None
    alias: bool = False


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Catalog:
    """All facts, with the overrides of one project."""

    models: Mapping[str, Model]  # by id, in the order of the data
    ids: Mapping[str, Model]  # by id and alias
    cache: CacheFacts
    platforms: Mapping[str, Platform]
    routes: Mapping[str, str]
    dated: datetime.date  # the oldest date of a source
    known_until: datetime.date  # the newest date of a source
    _chars: tuple[float, float]
    _dense: tuple[float, float]
    _dense_share: float
    _letters: tuple[int, int, int]
    _longest_word: int
    _newest: Mapping[str, tuple[int, int]]  # version, by line
    _factors: tuple[float, float]

    def stale(self, as_of: datetime.date) -> bool:
        """Whether some fact is older than the catalogue vouches for."""
        return (as_of - self.dated).days > self.cache.stale_days

    def platform(self, name: str) -> Platform:
        """Facts of a platform; one without facts when it is not listed."""
        return self.platforms.get(name) or Platform(name, None, "", "", "", False)

    def successor(self, model: Model, as_of: datetime.date) -> Model | None:
        """The documented replacement, followed on while it is itself retired or announced to be."""
        seen = {model.id}
        following = model
        while following.replacement is not None:
            found = self.ids.get(following.replacement)
            if found is None or found.id in seen:
                return None
            if found.status(as_of) == "active":
                return found
            seen.add(found.id)
            following = found
        return None

    def latest(self, line: str) -> Model | None:
        """The newest model of a line."""
        newest = (m for m in self.models.values() if m.latest and m.line == line)
        return max(newest, key=lambda m: m.version, default=None)

    def dense(self, text: str) -> bool:
        """Whether so much of ``text`` stands outside ASCII that it takes many tokens."""
        if text.isascii():
            return False
        return sum(not char.isascii() for char in text) > self._dense_share * len(text)

    def tokens(
        self, chars_low: int, chars_high: int | None, model: Model | None, *, dense: bool = False
    ) -> tuple[int, int | None]:
        """An estimate of how many tokens a text of that many characters is: at least, at most.

        The bounds are wide on purpose: characters per token differ by language and kind of text.
        Without a model they cover every tokenizer.
        """
        few, many = self._dense if dense else self._chars
        factors = self._factors
        if model is not None:
            factors = (model.tokenizer_factor, model.tokenizer_factor)
        low = math.floor(chars_low / many * factors[0])
        if chars_high is None:
            return low, None
        return low, math.ceil(chars_high / few * factors[1])

    def most_tokens(self, text: str, model: Model | None) -> int:
        """How many tokens a text is at most, by the words and signs that it is made of.

        Closer than ``tokens``, which knows its length alone. Without a model it holds for every
        tokenizer.
        """
        return self.scaled(self.most_plain(text), model)

    def most_plain(self, text: str) -> float:
        """The same in tokens of the tokenizer before 4.7."""
        small, capital, strange = self._letters
        found = sum(not char.isascii() for char in text) / self._dense[0]
        for piece in _PIECES.finditer(text):
            size = piece.end() - piece.start()
            if piece.lastgroup == "word":
                each = capital if text[piece.end() - 1].isupper() else small
                found += math.ceil(size / (each if size <= self._longest_word else strange))
            else:
                found += 1
        return found

    def scaled(self, plain: float, model: Model | None) -> int:
        """Tokens of a model that so many of the tokenizer before 4.7 may be."""
        factor = self._factors[1] if model is None else model.tokenizer_factor
        return math.ceil(plain * factor)

    def resolve(self, id: str, platform: str = "claude-api") -> Resolution:
        """What ``id`` stands for when it is sent to ``platform`` (a ``Platform.value``)."""
        names = self.platform(platform)
        elsewhere = names.calendar == "partner" or platform == "compatible"
        known = self.ids.get(id)
        if known is not None:
            return Resolution(id, known, elsewhere, False, None, id != known.id)
        if not re.match(_PLAIN, id):
            return Resolution(id, None, elsewhere, False, None)
        form = _split(id, self.routes)
        if form.suffix and form.name + form.suffix in self.ids:  # "claude-instant-v1"
            form = replace(form, name=form.name + form.suffix, suffix="")
        if form.head:
            route = self.platform(form.platform)
            elsewhere = route.calendar != "anthropic"
            names = route
        own = not (elsewhere or form.vendor or form.at or form.suffix)
        known = self.ids.get(form.name)
        shape = _shape(form.name, self._newest)
        if own and known is not None:
            return Resolution(id, known, False, False, None, form.name != known.id)
        # with a library's head, "claude-3.5-..." is a reseller's way of writing
        if not own or (form.head and shape is not None and shape.dotted):
            if known is None and shape is not None:
                known = self._by_shape(replace(shape, date=shape.date or form.at))
            partner = elsewhere or bool(form.vendor) or known is not None
            return Resolution(id, known, partner, False, None)
        if shape is None:
            return Resolution(id, None, False, False, None)
        if names.names != "ids" or not self._never_existed(shape):
            return Resolution(id, None, False, False, None)
        return Resolution(id, None, False, True, self._near(shape))

    def _never_existed(self, shape: _Shape) -> bool:
        """Whether the id can't have been released after the facts were collected."""
        if shape.version > self._newest[shape.line]:
            return False
        return not shape.date.isdigit() or shape.date <= self.known_until.strftime("%Y%m%d")

    def _by_shape(self, shape: _Shape) -> Model | None:
        same = [
            model
            for model in self.models.values()
            if model.line == shape.line and model.version == shape.version
        ]
        dated = [model for model in same if shape.date and model.id.endswith(shape.date)]
        return next(iter(dated or same), None)

    def _near(self, shape: _Shape) -> str | None:
        """The id of the nearest version; the one with the nearest date where there are several."""

        def distance(model: Model) -> tuple[int, int, int]:
            major, minor = model.version
            date = model.id.rsplit("-", 1)[-1]
            both = date.isdigit() and shape.date.isdigit() and len(date) == 8
            return (
                abs(major - shape.version[0]),
                abs(minor - shape.version[1]),
                abs(int(date) - int(shape.date)) if both else 0,
            )

        candidates = [m for m in self.models.values() if m.line == shape.line and m.version[0]]
        best = min(candidates, key=distance, default=None)
        if best is None:
            return None
        if not shape.date.isdigit() and best.aliases:
            return best.aliases[0]
        return best.id


@dataclass(frozen=True, slots=True)
class _Form:
    """An id taken apart: ``head`` + region + vendor + name + at + suffix."""

    head: str  # what a library puts in front, with its separator: "bedrock/"
    platform: str  # who serves that head, "" when it is not known
    region: str  # "us.", or the head of an ARN
    vendor: str  # "anthropic."
    name: str  # without a Vertex date and without a Bedrock version
    at: str  # the Vertex date
    suffix: str = ""  # the Bedrock version: "-v1:0"


@dataclass(frozen=True, slots=True)
class _Shape:
    """An id that is built like one of Anthropic's."""

    line: str
    version: tuple[int, int]
    date: str  # eight digits, "latest" or ""
    dotted: bool


# Compiled at their first use: an id as the catalogue lists it needs none of them.
#: What a text is made of, as far as tokens of their own are made of it; single spaces go along.
_PIECES = re.compile(r"(?P<word>[A-Z]?[a-z]+|[A-Z]+)|[!-/:-@\[-`{-~0-9]|\n+|[ \t]{2,}")
_PLAIN = r"(?a:[A-Za-z0-9][\w.:/@-]*)\Z"
_ARN = r"arn:aws[\w-]*:bedrock:[^/]*/(?:.*/)?"
_VENDOR = r"((?:[a-z]{2,6}(?:-gov)?\.)?)(anthropic\.)(?=claude)"
_SUFFIX = r"-v\d+(?::\d+k?)*\Z"
_SHAPE = (
    r"claude-(?:([a-z]+)-(\d{1,2})(?:([-.])(\d{1,2}))?|(\d{1,2})(?:([-.])(\d{1,2}))?-([a-z]+))"
    r"(?:-(\d{8}|latest))?\Z"
)


def _split(id: str, routes: Mapping[str, str]) -> _Form:
    rest, head, platform, region = id, "", "", ""
    arn = re.match(_ARN, rest)
    if arn:
        region, rest = arn.group(), rest[arn.end() :]
    elif "/" in rest:
        first = rest.split("/", 1)[0]
        cut = rest.rindex("/") + 1
        head, rest = rest[:cut], rest[cut:]
        platform = routes.get(first, "")
        if platform in ("claude-api", "foundry") and head.count("/") > 1:
            platform = ""
    elif ":" in rest and rest.split(":", 1)[0] in routes:
        first, rest = rest.split(":", 1)
        head, platform = first + ":", routes[first]
    vendor = ""
    match = re.match(_VENDOR, rest)
    if match:
        region, vendor, rest = region + match.group(1), match.group(2), rest[match.end() :]
    elif region:
        vendor = "arn"
    rest, _, at = rest.partition("@")
    version = re.search(_SUFFIX, rest)
    suffix = version.group() if version else ""
    return _Form(head, platform, region, vendor, rest[: len(rest) - len(suffix)], at, suffix)


def _shape(name: str, lines: Mapping[str, tuple[int, int]]) -> _Shape | None:
    match = re.match(_SHAPE, name)
    if match is None:
        return None
    line = match.group(1) or match.group(8)
    if line not in lines:
        return None
    major, minor = match.group(2) or match.group(5), match.group(4) or match.group(7) or "0"
    dotted = "." in (match.group(3) or "", match.group(6) or "")
    return _Shape(line, (int(major), int(minor)), match.group(9) or "", dotted)


# -------------------------------------------------------------------- reading the data

NUMBER = (int, float)
#: Field of the data -> (attribute of Model, accepted type).
FIELDS: dict[str, tuple[str, type | tuple[type, ...]]] = {
    "line": ("line", str),
    "v": ("version", str),
    "latest": ("latest", bool),
    "also": ("aliases", list),
    "in": ("input", NUMBER),
    "out": ("output", NUMBER),
    "w5": ("write_5m", NUMBER),
    "w1": ("write_1h", NUMBER),
    "read": ("read", NUMBER),
    "bands": ("bands", list),
    "fast": ("fast", list),
    "min": ("min_prefix", int),
    "tok": ("tokenizer_factor", NUMBER),
    "ctx": ("context", int),
    "max": ("max_output", int),
    "batch_max": ("batch_output", int),
    "preamble": ("tool_preamble", list),
    "effort": ("effort", str),
    "xhigh": ("xhigh", bool),
    "thinks": ("thinks", bool),
    "rejects": ("rejects", list),
    "one_of": ("one_of", list),
    "no_tools": ("no_tools", list),
    "discourages": ("discourages", list),
    "keeps": ("keeps_thinking", bool),
    "binds": ("binds_thinking", bool),
    "retired": ("retired", datetime.date),
    "retires": ("retires", datetime.date),
    "after": ("not_before", datetime.date),
    "deprecated": ("deprecated", bool),
    "legacy": ("legacy", bool),
    "to": ("replacement", str),
    "mantle": ("bedrock", str),
    "invoke": ("bedrock_invoke", str),
    "bedrock_end": ("bedrock_end", datetime.date),
    "vertex": ("vertex", str),
    "inferred": ("inferred", list),
}
#: Facts that follow from the input price when they are left out.
DERIVED = ("w5", "w1", "read")

_Table = dict[str, Any]
_cache: dict[str, Catalog] = {}


def load(overrides: Mapping[str, object] | None = None) -> Catalog:
    """The catalogue, read once per set of ``overrides``.

    ``overrides`` has the shape of the data: ``models.<id>.<field>`` with the fields of models.toml,
    the tables of cache.toml, and ``dated`` for the day on which the project checked its facts.
    Raises ValueError, with a near match, for a key that does not exist or a value of another type.
    """
    key = repr(overrides) if overrides else ""
    found = _cache.get(key)
    if found is None:
        found = _cache[key] = _build(overrides or {})
    return found


def tokens(
    chars_low: int, chars_high: int | None, model: Model | None, *, dense: bool = False
) -> tuple[int, int | None]:
    """``Catalog.tokens`` of the catalogue without overrides."""
    return load().tokens(chars_low, chars_high, model, dense=dense)


def _rounds(raw: Mapping[str, Any]) -> RoundFacts:
    return RoundFacts(
        rounds=raw["rounds"],
        turns=raw["turns"],
        call=raw["call"],
        line=raw["line"],
        typed=raw["typed"],
        result=raw["result"],
        preamble=raw["preamble"],
        reply=raw["reply"],
        whole=raw["whole"],
        listed=raw["listed"],
        unnamed=raw["unnamed"],
        much=raw["much"],
        spread=raw["spread"],
        margin=raw["margin"],
        seeing=tuple(raw["seeing"]),
        brief=tuple(raw["brief"]),
        long=frozenset(raw["long"]),
    )


def _build(overrides: Mapping[str, object]) -> Catalog:
    raw, rules = read("models"), read("cache")
    sources = {name: Source(**entry) for name, entry in raw["sources"].items()}
    behind = {Source(**entry) for entry in rules["sources"].values()} | set(sources.values())
    dates = sorted(source.date for source in behind if not source.settled)
    dated: datetime.date | None = None
    if overrides:
        from skinflint.catalog.overrides import apply

        dated = apply(raw, rules, overrides)

    source_of = {name: group for group, entry in raw["groups"].items() for name in entry["fields"]}
    prices, limits, ttl = rules["price"], rules["limits"], rules["ttl"]
    facts = CacheFacts(
        write_5m=prices["write_5m"],
        write_1h=prices["write_1h"],
        read=prices["read"],
        batch=prices["batch"],
        us_only=prices["us_only"],
        max_markers=limits["markers"],
        lookback=limits["lookback"],
        runs=tuple(limits["runs"]),
        ttl_default=ttl["default"],
        ttl_seconds={name: n for name, n in ttl.items() if isinstance(n, int)},
        unmarkable=tuple(rules["unmarkable"]["kinds"]),
        invalidates={
            change: tuple(places)
            for change, places in rules["invalidates"].items()
            if change != "source"
        },
        neutral=tuple(rules["neutral"]["parameters"]),
        rounds=_rounds(rules["rounds"]),
        stale_days=rules["age"]["stale_days"],
        notice_days=rules["lifecycle"]["notice_days"],
    )
    models: dict[str, Model] = {}
    ids: dict[str, Model] = {}
    newest: dict[str, tuple[int, int]] = {}
    for id, entry in raw["models"].items():
        by = entry.get("by", {})
        known = [name for name in entry if name in source_of]
        known += [name for name in DERIVED if name not in entry and "in" in entry]
        origin = sorted(
            (FIELDS[name][0], sources[by.get(group) or raw["groups"][group]["source"]])
            for name, group in ((name, source_of[name]) for name in known)
        )
        model = _model(id, entry, facts, raw["tiers"].get(entry["line"]), tuple(origin))
        models[id] = model
        for name in (id, *model.aliases):
            ids[name] = model
        newest[model.line] = max(newest.get(model.line, (0, 0)), model.version)
    factors = sorted(model.tokenizer_factor for model in models.values())
    return Catalog(
        models=models,
        ids=ids,
        cache=facts,
        platforms={
            name: Platform(
                name,
                entry.get("automatic"),
                entry.get("isolation", ""),
                entry.get("calendar", ""),
                entry.get("names", ""),
                entry.get("runs", False),
            )
            for name, entry in rules["platforms"].items()
        },
        routes={name: to for name, to in rules["routes"].items() if name != "source"},
        dated=dated or dates[0],
        known_until=dates[-1],
        _chars=(rules["tokens"]["chars"][0], rules["tokens"]["chars"][1]),
        _dense=(rules["tokens"]["dense"][0], rules["tokens"]["dense"][1]),
        _dense_share=rules["tokens"]["dense_share"],
        _letters=tuple(rules["tokens"]["letters"]),
        _longest_word=rules["tokens"]["longest_word"],
        _newest=newest,
        _factors=(factors[0], factors[-1]),
    )


def _model(
    id: str,
    entry: _Table,
    facts: CacheFacts,
    tier: int | None,
    origin: tuple[tuple[str, Source], ...],
) -> Model:
    base = _prices(entry, facts, 0)
    major, _, minor = entry.get("v", "0.0").partition(".")
    fast = entry.get("fast")
    return Model(
        id=id,
        line=entry["line"],
        version=(int(major), int(minor or 0)),
        tier=tier,
        latest=entry.get("latest", False),
        aliases=tuple(entry.get("also", ())),
        input=base.input,
        output=base.output,
        write_5m=base.write_5m,
        write_1h=base.write_1h,
        read=base.read,
        bands=tuple(_prices(band, facts, band["above"]) for band in entry.get("bands", ())),
        fast=(fast[0], fast[1]) if fast else None,
        min_prefix=entry.get("min"),
        tokenizer_factor=entry.get("tok", 1.0),
        context=entry.get("ctx"),
        max_output=entry.get("max"),
        batch_output=entry.get("batch_max"),
        tool_preamble=tuple(entry.get("preamble", ())),
        effort=entry.get("effort"),
        xhigh=entry.get("xhigh", False),
        thinks=entry.get("thinks", False),
        rejects=tuple(entry.get("rejects", ())),
        one_of=tuple(entry.get("one_of", ())),
        no_tools=tuple(entry.get("no_tools", ())),
        discourages=tuple(entry.get("discourages", ())),
        keeps_thinking=entry.get("keeps"),
        binds_thinking=entry.get("binds", False),
        retired=entry.get("retired"),
        retires=entry.get("retires"),
        not_before=entry.get("after"),
        deprecated=entry.get("deprecated", False),
        legacy=entry.get("legacy", False),
        replacement=entry.get("to"),
        bedrock=entry.get("mantle"),
        bedrock_invoke=entry.get("invoke"),
        bedrock_end=entry.get("bedrock_end"),
        vertex=entry.get("vertex"),
        inferred=tuple(FIELDS[name][0] for name in entry.get("inferred", ())),
        sources=origin,
        notice_days=facts.notice_days,
    )


def _prices(entry: _Table, facts: CacheFacts, above: int) -> Prices:
    """Prices of a model or of one of its bands, those left out derived from the input price."""
    base = entry.get("in")

    def price(name: str, multiple: float) -> float | None:
        given = entry.get(name)
        if given is not None:
            return float(given)
        return None if base is None else round(base * multiple, 9)

    return Prices(
        above,
        None if base is None else float(base),
        None if "out" not in entry else float(entry["out"]),
        price("w5", facts.write_5m),
        price("w1", facts.write_1h),
        price("read", facts.read),
    )
