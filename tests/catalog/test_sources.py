"""The sources of change: real names, real result types, and granularities that clocks bear out."""

from __future__ import annotations

import builtins
import importlib
import string
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skinflint.catalog import sources
from skinflint.catalog.compiled import read
from skinflint.catalog.sources import (
    UNITS,
    Argument,
    after_replace,
    finest,
    granularity_of_format,
    granularity_of_timespec,
    granularity_of_tokens,
)
from skinflint.linter.values import Granularity, Ordering

FACTS = sources.load()
DATA = read("sources")
KINDS = {
    "clock",
    "random",
    "order",
    "environment",
    "retrieval",
    "file",
    "process",
    "database",
    "http",
    "turn",
}
#: Names of the standard library that some supported Python doesn't have.
NEWER = {
    "uuid.uuid6",
    "uuid.uuid7",
    "os.process_cpu_count",
    "pathlib.Path.walk",
    "itertools.batched",
    "locale.getencoding",
    "random.binomialvariate",
    "importlib.resources.abc.Traversable",
}
#: Names of some operating systems only.
ELSEWHERE = {"os.getlogin", "os.ctermid", "pathlib.WindowsPath"}


def named(section: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for table in DATA[section]:
        for name in table["names"].split():
            yield table.get("prefix", "") + name, table


def resolve(name: str) -> Any:
    parts = name.split(".")
    if hasattr(builtins, parts[0]):
        value = getattr(builtins, parts[0])
        for part in parts[1:]:
            value = getattr(value, part)
        return value
    for end in range(len(parts), 0, -1):
        try:
            value = importlib.import_module(".".join(parts[:end]))
        except ModuleNotFoundError:
            continue
        for part in parts[end:]:
            value = getattr(value, part)
        return value
    raise AssertionError(f"{name} can't be imported")


def of_the_standard_library(name: str) -> bool:
    root = name.split(".")[0]
    return root in sys.stdlib_module_names or "." not in name or hasattr(str, name[4:])


@pytest.mark.parametrize("section", ["call", "attribute", "pure", "memoise"])
def test_names_of_the_standard_library_exist(section: str) -> None:
    for name, _ in named(section):
        if of_the_standard_library(name) and name not in NEWER | ELSEWHERE:
            resolve(name)


@pytest.mark.parametrize("section", ["method", "field"])
def test_methods_of_standard_types_exist(section: str) -> None:
    for table in DATA[section]:
        for owner in table.get("types", "").split():
            if not of_the_standard_library(owner) or owner in NEWER:
                continue
            cls = resolve(owner)
            if not isinstance(cls, type):  # multiprocessing.Pool makes a multiprocessing.pool.Pool
                cls = importlib.import_module("multiprocessing.pool").Pool
            names = table["names"].split()
            assert any(hasattr(_instance(cls), name) for name in names), (owner, names)


def _instance(cls: type) -> object:
    """An instance where class attributes don't show: the fields of a CompletedProcess."""
    if cls.__name__ == "CompletedProcess":
        return cls([], 0)
    return cls


def test_facts_are_well_formed() -> None:
    assert {table["kind"] for section in ("call", "attribute") for table in DATA[section]} <= KINDS
    for section in ("call", "attribute"):
        for name, table in named(section):
            first = table.get("only_with", "").split()[:1]
            fact = FACTS.call(name, *first) if section == "call" else FACTS.attribute(name)
            assert fact is not None, name
            assert fact.kind in KINDS
            assert (fact.granularity is not None) == (fact.kind == "clock")
            assert (fact.ordering is not None) == (fact.kind == "order")
            assert fact.source
            assert fact.date
            if fact.ordering:
                Ordering(fact.ordering)
            if fact.granularity:
                assert fact.granularity in UNITS
    effects = {"keeps", "coarsens", "formats", "isoformat", "replaces", "fixed", "source"}
    for section, look_up in (("method", FACTS.method), ("field", FACTS.field)):
        for table in DATA[section]:
            for owner in table.get("types", "").split() or [""]:
                for name in table["names"].split():
                    imported = table.get("imports", "").split()
                    found = look_up(owner, name, *([imported] if imported else []))
                    assert found is not None
                    assert found.effect in effects
                    assert (found.granularity is not None) == (found.effect == "coarsens")
                    assert (found.source is not None) == (found.effect == "source")
                    assert found.source is None or (found.source.kind in KINDS)
    for name, _ in named("pure"):
        pure = FACTS.pure(name)
        assert pure is not None
        assert pure.effect in {"keeps", "orders", "sizes", "fixed"}


def test_no_name_is_both_a_source_and_pure_nor_listed_twice() -> None:
    for section in ("call", "attribute", "pure", "memoise"):
        seen: dict[str, str] = {}
        for name, table in named(section):
            key = f"{name} {table.get('only_with', '')}"
            assert key not in seen, name
            seen[key] = name
    pure = {name for name, _ in named("pure")}
    assert not pure & {name for name, table in named("call") if "only_with" not in table}


def test_units_are_those_of_the_values() -> None:
    assert [unit.upper() for unit in UNITS] == [member.name for member in Granularity]


# --- sources --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "kind", "label"),
    [
        ("datetime.datetime.now", "clock", "datetime.now()"),
        ("datetime.date.today", "clock", "date.today()"),
        ("django.utils.timezone.now", "clock", "timezone.now()"),
        ("time.time", "clock", "time.time()"),
        ("uuid.uuid4", "random", "uuid.uuid4()"),
        ("id", "random", "id()"),
        ("builtins.id", "random", "id()"),
        ("set", "order", "set()"),
        ("os.listdir", "order", "os.listdir()"),
        ("asyncio.as_completed", "order", "asyncio.as_completed()"),
        ("os.getcwd", "environment", "os.getcwd()"),
        ("subprocess.check_output", "process", "subprocess.check_output()"),
        ("open", "file", "open()"),
        ("input", "turn", "input()"),
        ("django.shortcuts.get_object_or_404", "database", "shortcuts.get_object_or_404()"),
        ("requests.get", "http", "requests.get()"),
    ],
)
def test_calls(name: str, kind: str, label: str) -> None:
    fact = FACTS.call(name)
    assert fact is not None
    assert (fact.kind, fact.name) == (kind, label)


@pytest.mark.parametrize(
    "name",
    ["random.seed", "datetime.datetime.strptime", "calendar.timegm", "uuid.uuid5", "now", ""],
)
def test_what_is_no_source(name: str) -> None:
    assert FACTS.call(name) is None


def test_a_literal_argument_decides() -> None:
    assert FACTS.call("numpy.datetime64") is None
    assert FACTS.call("numpy.datetime64", "2020-01-01") is None
    fact = FACTS.call("numpy.datetime64", "now")
    assert fact is not None
    assert fact.kind == "clock"


def test_arguments_that_make_a_call_pure() -> None:
    for name, expected in (
        ("time.strftime", Argument(1, "t")),
        ("time.localtime", Argument(0, "")),
        ("random.Random", Argument(0, "x")),
        ("numpy.random.default_rng", Argument(0, "seed")),
        ("datetime.datetime.now", None),
    ):
        fact = FACTS.call(name)
        assert fact is not None
        assert fact.pure_with == expected
    strftime = FACTS.call("time.strftime")
    assert strftime is not None
    assert strftime.format == Argument(0, "format")
    assert strftime.format_style == "strftime"


CLOCKS = [
    name
    for name, table in named("call")
    if table["kind"] == "clock" and name.split(".")[0] in sys.stdlib_module_names
]


# utcnow() is deprecated from Python 3.12 on and read all the same.
@pytest.mark.filterwarnings("ignore:datetime.datetime.utc:DeprecationWarning")
@pytest.mark.parametrize("name", CLOCKS)
def test_clocks_yield_the_type_they_say(name: str) -> None:
    fact = FACTS.call(name)
    assert fact is not None
    function = resolve(name)
    if name == "time.clock_gettime_ns":
        value = function(resolve("time.CLOCK_REALTIME"))
    elif fact.format:
        value = function("%H")
    else:
        value = function()
    kind = type(value)
    module = "" if kind.__module__ == "builtins" else kind.__module__ + "."
    assert fact.type == module + kind.__name__


def test_attributes() -> None:
    fact = FACTS.attribute("os.environ")
    assert fact is not None
    assert (fact.kind, fact.name) == ("environment", "os.environ")
    assert FACTS.attribute("os.path") is None


# --- methods --------------------------------------------------------------------------------------


def test_methods_of_a_clock() -> None:
    strftime = FACTS.method("datetime.datetime", "strftime")
    assert strftime is not None
    assert (strftime.effect, strftime.type) == ("formats", "str")
    date = FACTS.method("datetime.datetime", "date")
    assert date is not None
    assert (date.effect, date.granularity, date.type) == ("coarsens", "day", "datetime.date")
    hour = FACTS.field("datetime.datetime", "hour")
    assert hour is not None
    assert (hour.effect, hour.granularity) == ("coarsens", "hour")
    replaced = FACTS.method("arrow.Arrow", "replace")
    assert replaced is not None
    assert replaced.type == "arrow.Arrow"


def test_a_subtype_has_what_its_parent_has() -> None:
    glob = FACTS.method("pathlib.PosixPath", "glob")
    assert glob is not None
    assert glob.source is not None
    assert (glob.source.kind, glob.source.ordering) == ("order", "listing")
    day = FACTS.method("pandas.Timestamp", "toordinal")
    assert day is not None
    assert day.granularity == "day"


def test_unknown_receivers_are_judged_by_the_name_alone() -> None:
    sure = FACTS.method("", "similarity_search")
    asked = FACTS.method("", "search")
    assert sure is not None
    assert asked is not None
    assert (sure.needs_turn, asked.needs_turn) == (False, True)
    for name in ("append", "get", "create", "format", "match", "replace"):
        assert FACTS.method("", name) is None, name


def test_a_known_type_without_such_a_fact_is_not_guessed_at() -> None:
    assert FACTS.method("re.Pattern", "search") is None
    assert FACTS.method("shop.Basket", "similarity_search") is None


@pytest.mark.parametrize(
    ("type_name", "method"),
    [
        ("mcp.ClientSession", "list_tools"),
        ("langchain_mcp_adapters.client.MultiServerMCPClient", "get_tools"),
        ("fastmcp.Client", "list_tools"),
        ("", "list_tools"),
    ],
)
def test_tools_of_a_server_come_in_no_promised_order(type_name: str, method: str) -> None:
    fact = FACTS.method(type_name, method, {"mcp"})
    assert fact is not None
    assert fact.source is not None
    assert fact.source.ordering == "server"


def test_list_tools_of_an_unknown_receiver_needs_the_library() -> None:
    assert FACTS.method("", "list_tools") is None
    assert FACTS.method("", "list_tools", {"registry"}) is None
    assert FACTS.method("mcp.ClientSession", "list_tools") is not None


@pytest.mark.parametrize(
    ("name", "effect", "keeps", "orders"),
    [
        ("str", "keeps", True, False),
        ("builtins.str", "keeps", True, False),
        ("json.dumps", "keeps", True, False),
        ("str.upper", "keeps", True, False),
        ("sorted", "orders", True, True),
        ("len", "sizes", True, False),
        ("isinstance", "fixed", False, False),
    ],
)
def test_pure_functions(name: str, effect: str, keeps: bool, orders: bool) -> None:
    fact = FACTS.pure(name)
    assert fact is not None
    assert (fact.effect, fact.keeps, fact.orders) == (effect, keeps, orders)
    assert FACTS.pure("os.system") is None


def test_memoising_decorators() -> None:
    plain, property_ = (
        FACTS.memoises("functools.cache"),
        FACTS.memoises("functools.cached_property"),
    )
    aged, always = (
        FACTS.memoises("streamlit.cache_data"),
        FACTS.memoises("cachetools.func.ttl_cache"),
    )
    assert plain is not None
    assert property_ is not None
    assert aged is not None
    assert always is not None
    assert (plain.keyed, plain.expires, plain.always_expires) == (True, None, False)
    assert not property_.keyed
    assert aged.expires == Argument(-1, "ttl")
    assert always.always_expires
    assert FACTS.memoises("functools.wraps") is None


# --- granularity ----------------------------------------------------------------------------------

LITERAL = st.text(alphabet=string.ascii_letters + " -:/.,", max_size=4)
DIRECTIVE = st.sampled_from(
    ["%" + letter for letter in "YmdHMSfAaBbjpIyUwcxX%"]
    + (["%" + letter for letter in "DFTReklsrhguVGC"] if sys.platform == "linux" else [])
    + ["%-d", "%-H", "%_H", "%-M"] * (sys.platform == "linux")
)
FORMAT = st.lists(st.one_of(DIRECTIVE, LITERAL), max_size=5).map("".join)
MOMENT = st.datetimes(datetime(2001, 1, 1), datetime(2037, 12, 31))
START = {
    "microsecond": {},
    "second": {"microsecond": 0},
    "minute": {"second": 0, "microsecond": 0},
    "hour": {"minute": 0, "second": 0, "microsecond": 0},
    "day": {"hour": 0, "minute": 0, "second": 0, "microsecond": 0},
    "month": {"day": 1, "hour": 0, "minute": 0, "second": 0, "microsecond": 0},
    "year": {"month": 1, "day": 1, "hour": 0, "minute": 0, "second": 0, "microsecond": 0},
}


def start_of(moment: datetime, unit: str) -> datetime:
    return moment.replace(**START[unit])  # type: ignore[arg-type]


def next_of(moment: datetime, unit: str) -> datetime:
    """The start of the next unit of time."""
    steps = {
        "microsecond": timedelta(microseconds=1),
        "second": timedelta(seconds=1),
        "minute": timedelta(minutes=1),
        "hour": timedelta(hours=1),
        "day": timedelta(days=1),
        "month": timedelta(days=32),
        "year": timedelta(days=366),
    }
    return start_of(start_of(moment, unit) + steps[unit], unit)


@settings(deadline=None)
@given(FORMAT, MOMENT)
def test_a_format_shows_nothing_finer_than_its_granularity(fmt: str, moment: datetime) -> None:
    unit = granularity_of_format(fmt)
    shown = moment.strftime(fmt)
    if unit is None:
        assert shown == datetime(1999, 7, 9, 1, 2, 3, 4).strftime(fmt)
    else:
        assert shown == start_of(moment, unit).strftime(fmt)
        assert shown == f"{start_of(moment, unit):{fmt}}" or not fmt


@settings(deadline=None)
@given(FORMAT, MOMENT)
def test_a_format_does_show_its_granularity(fmt: str, moment: datetime) -> None:
    unit = granularity_of_format(fmt)
    if unit is None:
        return
    first = moment.strftime(fmt)
    for _ in range(400):  # %p turns twice a day, %G once a year, %C once a century
        moment = next_of(moment, unit)
        if moment.strftime(fmt) != first:
            return
    raise AssertionError(f"{fmt!r} shows no change of its {unit}")


@pytest.mark.parametrize(
    ("fmt", "unit"),
    [
        ("%Y-%m-%d %H:%M", "minute"),
        ("%Y-%m-%d", "day"),
        ("%A", "day"),
        ("%c", "second"),
        ("%f", "microsecond"),
        ("%s", "second"),
        ("%X", "second"),
        ("%T", "second"),
        ("%R", "minute"),
        ("%D", "day"),
        ("%F", "day"),
        ("%I %p", "hour"),
        ("%B %Y", "month"),
        ("%Y", "year"),
        ("%-d. %B", "day"),
        ("%%d", None),
        ("100%", None),
        ("", None),
        ("%Z%z", None),
        ("%:z", None),
        ("today", None),
    ],
)
def test_formats(fmt: str, unit: str | None) -> None:
    assert granularity_of_format(fmt) == unit


@pytest.mark.parametrize(
    ("fmt", "unit"),
    [
        ("YYYY-MM-DD", "day"),
        ("YYYY-MM-DD HH:mm", "minute"),
        ("YYYY-MM-DD HH:mm:ss.SSS", "microsecond"),
        ("dddd, MMMM Do", "day"),
        ("MMMM YYYY", "month"),
        ("YYYY", "year"),
        ("HH", "hour"),
        ("X", "second"),
        ("LL", "day"),
        ("LT", "minute"),
        ("[HH:mm]", None),
        ("[at] YYYY", "year"),
        (r"\D YYYY", "year"),
        ("", None),
    ],
)
def test_token_formats(fmt: str, unit: str | None) -> None:
    assert granularity_of_tokens(fmt) == unit


@settings(deadline=None)
@given(
    MOMENT, st.sampled_from(["auto", "hours", "minutes", "seconds", "milliseconds", "microseconds"])
)
def test_isoformat(moment: datetime, timespec: str) -> None:
    unit = granularity_of_timespec(timespec)
    assert moment.isoformat(timespec=timespec) == start_of(moment, unit).isoformat(
        timespec=timespec
    )


@settings(deadline=None)
@given(MOMENT, st.sets(st.sampled_from(UNITS[:-1])))
def test_replace(moment: datetime, fields: set[str]) -> None:
    unit = after_replace("microsecond", fields)
    constants = {field: int(field in ("day", "month")) for field in fields}
    if "month" in fields and "day" not in fields:
        moment = moment.replace(day=1)
    replaced = moment.replace(**constants)  # type: ignore[arg-type]
    assert replaced == start_of(replaced, unit)
    assert unit not in fields


def test_replace_starts_from_what_still_shows() -> None:
    assert after_replace("day", {"day"}) == "month"
    assert after_replace("day", {"hour"}) == "day"
    assert after_replace("microsecond", {"second"}) == "microsecond"
    assert after_replace("year", {"month"}) == "year"


def test_the_finest_unit() -> None:
    assert finest([]) is None
    assert finest([None, "day", "minute"]) == "minute"


# --- entry points ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "imported", "expected"),
    [
        ("get", None, ("web", "fastapi")),
        ("post", {"flask", "os"}, ("web", "flask")),
        ("get", {"os"}, None),
        ("app.post", {"fastapi"}, ("web", "fastapi")),
        ("app.post", None, None),
        ("fastapi.FastAPI.post", None, ("web", "fastapi")),
        ("fastapi.APIRouter.get", {"fastapi"}, ("web", "fastapi")),
        ("celery.shared_task", None, ("job", "celery")),
        ("task", {"celery"}, ("job", "celery")),
        ("command", {"click"}, ("cli", "click")),
        ("command", {"discord"}, ("bot", "discord")),
        ("command", {"slack_bolt"}, ("bot", "slack_bolt")),
        ("click.command", None, ("cli", "click")),
        ("on_message", {"chainlit"}, ("bot", "chainlit")),
        ("chainlit.on_message", None, ("bot", "chainlit")),
        ("message", {"aiogram"}, ("bot", "aiogram")),
        ("event", {"discord"}, ("bot", "discord")),
        ("tool", {"mcp"}, ("tool", "mcp")),
        ("property", None, None),
        ("functools.wraps", {"fastapi"}, None),
        ("", None, None),
    ],
)
def test_entry_decorators(
    name: str, imported: set[str] | None, expected: tuple[str, str] | None
) -> None:
    fact = FACTS.entry_decorator(name, imported)
    assert (fact and (fact.group, fact.framework)) == expected


def test_entries_say_who_they_serve() -> None:
    web, cli = FACTS.entry_decorator("post"), FACTS.entry_decorator("click.command")
    assert web is not None
    assert cli is not None
    assert (web.many, cli.many) == (True, False)
    assert {"request", "user"} <= web.user
    window = FACTS.entry_call("connect", {"PySide6"})
    assert window is not None
    assert (window.many, window.again, web.again, cli.again) == (False, True, False, False)
    assert "clicked" in window.events


def test_entry_bases() -> None:
    view = FACTS.entry_base("rest_framework.views.APIView")
    bot = FACTS.entry_base("discord.Client")
    command = FACTS.entry_base("django.core.management.base.BaseCommand")
    assert view is not None
    assert bot is not None
    assert command is not None
    assert (view.group, bot.group, command.group) == ("web", "bot", "cli")
    assert "post" in view.methods
    assert "on_message" in bot.methods
    assert "handle" in command.methods
    assert FACTS.entry_base("object") is None


def test_entries_by_registration() -> None:
    job = FACTS.entry_call("add_job", {"apscheduler"})
    handler = FACTS.entry_call("telegram.ext.MessageHandler")
    chat = FACTS.entry_call("gradio.ChatInterface")
    assert job is not None
    assert handler is not None
    assert chat is not None
    assert (job.group, job.function) == ("job", Argument(0, "func"))
    assert (handler.group, handler.function) == ("bot", Argument(1, "callback"))
    assert (chat.group, chat.function) == ("ui", Argument(0, "fn"))
    assert FACTS.entry_call("submit", {"concurrent"}) is None
    start = FACTS.entry_call("fastapi.FastAPI")
    nightly = FACTS.entry_decorator("modal.App.function")
    assert start is not None
    assert nightly is not None
    assert (start.group, start.many, nightly.group, nightly.many) == (
        *("start", False),
        *("start", False),
    )
    assert nightly.keywords == {"schedule"}


def test_entries_by_convention() -> None:
    fact = FACTS.entry_function("lambda_handler", ["event", "context"])
    assert fact is not None
    assert (fact.group, fact.many) == ("web", True)
    assert FACTS.entry_function("handler", ["event", "context"]) is not None
    assert FACTS.entry_function("handler", ["signal", "frame"]) is None
    assert FACTS.entry_function("main", []) is None


# --- vocabulary -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("meaning", "names"),
    [
        (
            "entity",
            "user user_id userId name first_name profile tenant customer account org session_id "
            "chat_id document doc row record item ticket order user_locale current_user "
            "patient_age customerName tenant_slug new_ticket",
        ),
        (
            "turn",
            "message messages question query prompt text user_input content utterance request "
            "instruction user_prompt userMessage chat_history new_question history context state",
        ),
        (
            "config",
            "self cls client settings config cfg options logger db model llm system_prompt tools "
            "temperature model_name max_items max_messages is_admin use_history default_user "
            "system_message api_key instructions examples num_items has_user",
        ),
        ("", "foo x value result current_time _ __ language tone"),
    ],
)
def test_vocabulary(meaning: str, names: str) -> None:
    assert {name: FACTS.vocabulary(name) for name in names.split()} == dict.fromkeys(
        names.split(), meaning
    )


@settings(deadline=None)
@given(st.text(max_size=30))
def test_vocabulary_takes_any_name(name: str) -> None:
    assert FACTS.vocabulary(name) in ("entity", "turn", "config", "")


# --- loading --------------------------------------------------------------------------------------


def test_loading_is_cached_and_extra_tables_lie_on_top() -> None:
    assert sources.load() is sources.load()
    assert sources.load({}) is sources.load()
    mine = sources.load(
        {
            "call": [{"kind": "clock", "granularity": "day", "names": "shop.today time.time"}],
            "vocabulary": {"config": "question"},
            "bases": {"names": "shop.Moment = datetime.datetime"},
        }
    )
    added = mine.call("shop.today")
    changed = mine.call("time.time")
    assert added is not None
    assert changed is not None
    assert (added.name, changed.granularity) == ("shop.today()", "day")
    assert mine.vocabulary("question") == "config"
    assert mine.method("shop.Moment", "strftime") is not None
    assert mine.call("uuid.uuid4") == FACTS.call("uuid.uuid4")
    assert FACTS.call("shop.today") is None
    with pytest.raises(KeyError):
        sources.load({"call": [{"kind": "clock"}]})


def test_listings_are_generators_or_lists(tmp_path: Path) -> None:
    for name in ("os.listdir", "os.scandir", "os.walk", "glob.glob", "glob.iglob"):
        fact = FACTS.call(name)
        assert fact is not None
        value = resolve(name)(str(tmp_path))
        assert isinstance(value, list) == (fact.type == "list"), name
        if hasattr(value, "close"):
            value.close()


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("sqlalchemy.orm.Session", "database"),
        ("redis", "database"),
        ("httpx.AsyncClient", "http"),
        ("ollama.Client", "model reply"),
        ("telegram.ext.Application", "turn"),
        ("sqlalchemy_like.Session", ""),
        ("my.sqlalchemy", ""),
        ("json", ""),
        ("", ""),
    ],
)
def test_what_a_library_reads_from(name: str, kind: str) -> None:
    assert sources.load().library(name) == kind
