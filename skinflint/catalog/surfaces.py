"""The anthropic SDK's clients, methods and parameter types, as data.

``data/surfaces.toml`` is written by ``scripts/refresh_surfaces.py`` from the signatures of the
installed SDK; ``data/wild.toml`` is kept by hand and holds what signatures don't say: platforms,
base URLs, which methods a partner cloud lacks, and forms of older SDKs that are still written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from copy import copy
from functools import lru_cache
from typing import Any

from skinflint.catalog.compiled import read
from skinflint.catalog.versions import Versions, after, key
from skinflint.records import dataclass, replace


@dataclass(frozen=True, slots=True)
class ClientFact:
    """One client class of the SDK."""

    name: str  # canonical: "anthropic.AnthropicBedrock"
    platform: str  # a value of linter.request.Platform
    is_async: bool
    base_url: str  # default; "{...}" where a region or project is put in
    base_url_keyword: str  # constructor argument that changes it
    base_url_env: str  # environment variable that changes it
    keywords: frozenset[str]  # all constructor arguments
    lacks: frozenset[str] = frozenset()  # "batches", "count_tokens"
    automatic_cache: bool = True  # the service takes a top-level cache_control
    invokes: bool = False  # a model-in-URL integration (Bedrock InvokeModel, Vertex rawPredict)
    since: str = ""  # as in MethodFact


@dataclass(frozen=True, slots=True)
class MethodFact:
    """One method that builds a request, reached from a client."""

    name: str  # canonical path: "beta.messages.tool_runner"
    keywords: frozenset[str]
    required: frozenset[str]
    sends: bool  # a billed request leaves; False for count_tokens and for making a thread
    counts_only: bool = False
    batch: bool = False  # its requests stand in ``requests=[{"custom_id", "params"}]``
    stream: str = ""  # "always", "argument" (``stream=True``), ""
    automatic_cache: bool = False  # takes a top-level cache_control
    beta: bool = False
    positional_messages: bool = False  # the messages are positional arguments (thread.send)
    since: str = ""  # first SDK version read that has it, "" when the oldest one read has
    until: str = ""  # first SDK version read that no longer has it, "" when it is there today
    wrapper: str = ""  # "raw" or "streaming" when reached through with_*_response
    history: tuple[tuple[str, str, str], ...] = ()  # (keyword, since, until) of what came and went
    own_reply: bool = True  # the reply has Claude's own shape, its counts of tokens among it

    @property
    def ever_accepted(self) -> frozenset[str]:
        """Every keyword that some SDK version read accepts here."""
        return self.keywords | {keyword for keyword, _, _ in self.history}


@dataclass(frozen=True, slots=True)
class TypedFact:
    """A TypedDict of the SDK: calling it makes an ordinary dict.

    ``kind``: "text block", "tool_result block", ..., "tool", "message", "request params",
    "batch request", "cache control", "thinking", "tool choice", "output config", "context edit",
    "part" (anything below those).
    """

    name: str  # class name
    kind: str
    fields: frozenset[str]
    required: frozenset[str]
    type: str = ""  # the value its "type" field must have
    role: str = ""  # the value its "role" field must have
    beta: bool = False
    union_since: str = ""  # SDK version from which on it is a Union: calling it is a TypeError


_WRAPPERS = {"with_raw_response": "raw", "with_streaming_response": "streaming"}


class Surfaces:
    """The loaded facts. Made by :func:`load`."""

    def __init__(self, generated: Mapping[str, Any], wild: Mapping[str, Any]) -> None:
        """Index both files; the table of typed classes is split only when it is asked for."""
        self.sdk: str = generated["sdk"]  # the version the signatures are of
        self.date: str = generated["date"]
        self.versions_read: tuple[str, ...] = tuple(generated["history"].split())
        self._generated = generated
        self._wild = wild
        self._clients = dict(self._read_clients())
        self._methods = dict(self._read_methods())
        self._resources = {
            name: tuple(path.split("."))
            for path, names in _lines(generated["resources"])
            for name in names
        }
        self._returns_client = frozenset(wild["returns_client"].split())
        self._typed: dict[str, TypedFact] | None = None
        self._libraries: frozenset[str] | None = None
        self.own: tuple[str, ...] = ()  # names of the clients that a configuration adds

    def with_clients(self, own: Sequence[tuple[str, str]]) -> Surfaces:
        """The same facts with clients of the user's own: their names and platforms."""
        if not own:
            return self
        more = copy(self)
        more.own = tuple(name for name, _ in own)
        more._clients = dict(self._clients)
        more._libraries = None
        for name, platform in own:
            more._clients[name] = ClientFact(name, platform, False, "", "", "", frozenset())
        return more

    # --- clients -------------------------------------------------------------------------------

    def client(self, name: str) -> ClientFact | None:
        """The client class that ``name`` is, under any of its import paths."""
        return self._clients.get(name)

    @property
    def types_of_client(self) -> frozenset[str]:
        """Every qualified name that annotates a client."""
        return frozenset(self._clients)

    def is_library(self, top: str) -> bool:
        """Whether ``top`` is the package that a client comes from."""
        if self._libraries is None:
            self._libraries = frozenset(name.partition(".")[0] for name in self._clients)
        return top in self._libraries

    def returns_client(self, method: str) -> bool:
        """Whether this method of a client returns a client (``with_options``)."""
        return method in self._returns_client

    def offers(self, client: ClientFact, method: MethodFact) -> bool:
        """Whether the service behind ``client`` answers ``method``."""
        return not (
            (method.batch and "batches" in client.lacks)
            or (method.counts_only and "count_tokens" in client.lacks)
        )

    def accepts(self, method: MethodFact, keyword: str, versions: Versions | None) -> bool | None:
        """Whether ``method`` takes ``keyword`` in all of ``versions`` that have the method.

        False if in none of them; None if only in some, or if nobody read which. Without
        ``versions`` the newest SDK is meant.
        """
        if versions is None:
            return keyword in method.keywords
        if keyword not in method.ever_accepted:
            return False
        changed = (change[1:] for change in method.history if change[0] == keyword)
        since, until = next(changed, (method.since, method.until))
        if self._misses(since, until, versions):
            return False
        # where the method itself came later, no call of it is made without the keyword
        begun = not since or since == method.since or versions.low >= key(since)
        lasts = not until or (
            versions.high is not None and versions.high <= after(self._before(until))
        )
        return True if begun and lasts else None

    def has(self, method: MethodFact, versions: Versions) -> bool:
        """Whether one of ``versions`` may have ``method``.

        Between the two oldest that were read, methods came that were gone again (``beta.messages``
        from 0.8 to 0.15), and come back later: of what may be one of those nothing is known.
        """
        oldest, next_one = (key(each) for each in self.versions_read[:2])
        if versions.low < next_one and (versions.high is None or versions.high > after(oldest)):
            return True
        return not self._misses(method.since, method.until, versions)

    def _misses(self, since: str, until: str, versions: Versions) -> bool:
        """Whether none of ``versions`` has what came with ``since`` and was gone with ``until``."""
        if until and versions.low >= key(until):
            return True
        first = after(self._before(since)) if since else None
        return first is not None and versions.high is not None and versions.high <= first

    def _before(self, version: str) -> tuple[int, ...]:
        """The last SDK version read in front of ``version``."""
        return key(self.versions_read[self.versions_read.index(version) - 1])

    # --- methods -------------------------------------------------------------------------------

    def method(self, path: Sequence[str]) -> MethodFact | None:
        """The method at ``path`` behind a client: ``("beta", "messages", "tool_runner")``.

        Response wrappers may stand anywhere in it, and methods that return a client in front.
        """
        wrapper = ""
        parts: list[str] = []
        for part in path:
            if part in _WRAPPERS:
                wrapper = _WRAPPERS[part]
            elif parts or part not in self._returns_client:
                parts.append(part)
        fact = self._methods.get(".".join(parts))
        if fact is None or not wrapper:
            return fact
        return replace(fact, wrapper=wrapper)

    def is_prefix(self, path: Sequence[str]) -> bool:
        """Whether some method lies below ``path``: a resource that may be kept in a name."""
        parts = [
            part for part in path if part not in _WRAPPERS and part not in self._returns_client
        ]
        head = "".join(part + "." for part in parts)
        return any(name.startswith(head) for name in self._methods)

    @property
    def methods(self) -> tuple[MethodFact, ...]:
        """All methods, by name."""
        return tuple(self._methods[name] for name in sorted(self._methods))

    def resource(self, name: str) -> tuple[str, ...] | None:
        """The path of the resource class ``name`` (``anthropic.resources.Messages``)."""
        return self._resources.get(name)

    def endpoint(self, url: str) -> tuple[str, str] | None:
        """``(method name, platform)`` of a raw HTTP request to ``url``, if it is the Messages API.

        A bare path (``/v1/messages``, as in ``client.post``) gives the platform ""; a host that
        isn't known gives "compatible".
        """
        bare = url.split("?", 1)[0].rstrip("/")
        for path, words in _lines(self._wild["endpoints"]["paths"]):
            if not bare.endswith(path):
                continue
            host = bare[: -len(path)]
            return words[0], self.answering(host) if host else ""
        return None

    def answering(self, host: str) -> str:
        """The platform that answers at a host, or behind it; "compatible" where it isn't known."""
        for part, platforms in _lines(self._wild["endpoints"]["hosts"]):
            if part in host:
                return platforms[0]
        return "compatible"

    # --- types ---------------------------------------------------------------------------------

    def typed(self, name: str) -> TypedFact | None:
        """The typed parameter class that ``name`` is, under any import path of any SDK read."""
        if not name.startswith("anthropic."):
            return None
        if self._typed is None:
            self._typed = dict(self._read_typed())
        fact = self._typed.get(name)
        if fact is None:
            for prefix, twin in _lines(self._wild["old_types"]["prefixes"]):
                if name.startswith(prefix):
                    return self._typed.get(twin[0] + name[len(prefix) :])
        return fact

    @property
    def typed_names(self) -> frozenset[str]:
        """Every qualified name that :meth:`typed` knows."""
        if self._typed is None:
            self._typed = dict(self._read_typed())
        return frozenset(self._typed)

    # --- reading -------------------------------------------------------------------------------

    def _read_clients(self) -> Iterator[tuple[str, ClientFact]]:
        hand = self._wild["client"]
        keywords = {name: frozenset(words) for name, words in _lines(self._generated["keywords"])}
        since = dict(_lines(self._generated["since"]))
        names = (*_lines(self._generated["clients"]), *_lines(self._wild["old_clients"]["names"]))
        for name, paths in names:
            sync = name.removeprefix("Async")
            table = hand[sync]
            fact = ClientFact(
                name=f"anthropic.{name}",
                platform=table["platform"],
                is_async=name != sync,
                base_url=table["base_url"],
                base_url_keyword="base_url",
                base_url_env=table["env"],
                keywords=keywords[sync],
                lacks=frozenset(table.get("lacks", "").split()),
                automatic_cache=table.get("automatic_cache", True),
                invokes=table.get("invokes", False),
                since=since.get(sync, ("-",))[0].strip("-"),
            )
            for path in paths:
                yield path, fact

    def _read_methods(self) -> Iterator[tuple[str, MethodFact]]:
        common = frozenset(self._generated["common"].split())
        since = dict(_lines(self._generated["since"]))
        old = dict(_lines(self._generated["old_keywords"]))
        now = _lines(self._generated["methods"])
        for name, words in (*now, *_lines(self._wild["old_methods"]["names"])):
            last = name.rpartition(".")[2]
            keywords = common.union(word.rstrip("*") for word in words)
            first, gone = since.get(name, ("-", "-"))
            stream = "argument" if "stream" in keywords else ""
            fact = MethodFact(
                name=name,
                keywords=keywords,
                required=frozenset(word[:-1] for word in words if word.endswith("*")),
                sends=last not in ("count_tokens", "thread"),
                counts_only=last == "count_tokens",
                batch="requests" in keywords,
                stream="always" if last == "stream" else stream,
                automatic_cache="cache_control" in keywords,
                beta=name.startswith("beta."),
                positional_messages=".thread." in name and last != "tool_runner",
                since=first.strip("-"),
                until=gone.strip("-"),
                history=tuple(_change(word) for word in old.get(name, ())),
            )
            yield name, fact

    def _read_typed(self) -> Iterator[tuple[str, TypedFact]]:
        fields_of: dict[str, tuple[str, ...]] = {}
        rows = sorted(_lines(self._generated["typed"]), key=lambda row: row[1] == ("=",))
        for head, fields in rows:
            name, where, category, type_, role = head.split("|")
            if fields == ("=",):
                fields = fields_of[name.removeprefix("Beta")]
            else:
                fields_of[name] = fields
            package, _, own = where.partition(":")
            exported = not package.endswith("!")
            root = ".".join(filter(None, ("anthropic.types", package.rstrip("!"))))
            kind = f"{type_} block" if category == "block" else category.replace("_", " ")
            fact = _typed_fact(name, kind, fields, type_, role, package.startswith("beta"))
            yield f"{root}.{own or module_of(name)}.{name}", fact
            if exported:
                yield f"{root}.{name}", fact
        for head, fields in _lines(self._wild["unions"]["names"]):
            path, kind = head.split("|")
            name = path.rpartition(".")[2]
            fact = _typed_fact(name, kind, fields, "", "", name.startswith("Beta"))
            yield path, replace(fact, union_since=self._wild["unions"]["since"])


def _lines(table: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The rows of a table: the first word, and the words behind it."""
    for line in table.splitlines():
        head, *rest = line.split() or [""]
        if head:
            yield head, tuple(rest)


def _change(word: str) -> tuple[str, str, str]:
    keyword, since, until = word.split(":")
    return keyword, since, until


def _typed_fact(
    name: str, kind: str, fields: tuple[str, ...], type_: str, role: str, beta: bool
) -> TypedFact:
    return TypedFact(
        name=name,
        kind=kind,
        fields=frozenset(field.rstrip("*") for field in fields),
        required=frozenset(field[:-1] for field in fields if field.endswith("*")),
        type=type_,
        role=role,
        beta=beta,
    )


_WORD = r"\d{8}|[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+\d{0,7}(?!\d)|[A-Z]?[a-z]+|[A-Z]+|\d+"


def module_of(name: str) -> str:
    """The module the SDK keeps a class in: ``TextBlockParam`` is in ``text_block_param``."""
    return "_".join(word.lower() for word in re.findall(_WORD, name))


@lru_cache(maxsize=1)
def load() -> Surfaces:
    """The shipped facts, parsed once."""
    return Surfaces(read("surfaces"), read("wild"))
