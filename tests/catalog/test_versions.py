"""Ranges of versions as packaging tools write them, held against the reference for them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.specifiers import SpecifierSet
from packaging.version import Version

from skinflint.catalog import surfaces
from skinflint.catalog.versions import Versions, after, key, parse

FACTS = surfaces.load()
NUMBERS = st.lists(st.integers(0, 3), min_size=1, max_size=3).map(
    lambda parts: ".".join(map(str, parts))
)
RELEASES = [f"{a}.{b}.{c}" for a in range(5) for b in range(5) for c in range(5)]


def allows(versions: Versions, release: str) -> bool:
    return Versions(key(release), after(key(release))).meets(versions)


@given(
    st.lists(st.tuples(st.sampled_from(["==", ">=", "<=", ">", "<", "==="]), NUMBERS), max_size=3)
)
def test_as_pip_reads_it(clauses: list[tuple[str, str]]) -> None:
    # as a word, === compares text, which no release but the one written that way can meet
    written = ",".join(f"{op if op != '===' else '=='}{number}" for op, number in clauses)
    versions = parse(written)
    assert versions is not None
    reference = SpecifierSet(written)
    for release in RELEASES:
        assert allows(versions, release) == (Version(release) in reference), release


@given(NUMBERS)
def test_compatible_and_wild_releases(number: str) -> None:
    wild = parse(f"=={number}.*")
    assert wild is not None
    for release in RELEASES:
        assert allows(wild, release) == (Version(release) in SpecifierSet(f"=={number}.*"))
    if "." in number:
        near = parse(f"~={number}")
        assert near is not None
        for release in RELEASES:
            assert allows(near, release) == (Version(release) in SpecifierSet(f"~={number}"))


@pytest.mark.parametrize(
    ("written", "low", "high"),
    [
        ("^1.2.3", "1.2.3", "2.0.0"),
        ("^0.39", "0.39.0", "0.40.0"),
        ("^0.0.3", "0.0.3", "0.0.4"),
        ("^0.0", "0.0.0", "0.1.0"),
        ("^0", "0.0.0", "1.0.0"),
        ("~1.2.3", "1.2.3", "1.3.0"),
        ("~1", "1.0.0", "2.0.0"),
        ("1.*", "1.0.0", "2.0.0"),
        ("1.2.x", "1.2.0", "1.3.0"),
        (">=1 <2", "1.0.0", "2.0.0"),
        (">= 1.0, < 2", "1.0.0", "2.0.0"),
        ("^1 || ^2", "1.0.0", "3.0.0"),
        (">=1.0,!=1.5,<2", "1.0.0", "2.0.0"),
    ],
)
def test_ranges_of_poetry(written: str, low: str, high: str) -> None:
    assert parse(written) == Versions(key(low), key(high))


@pytest.mark.parametrize("written", ["2.12.0", "==2.12", "=2.12.0", "v2.12", "2.12.0rc1", "2.12+x"])
def test_one_release(written: str) -> None:
    versions = parse(written)
    assert versions is not None
    assert versions.exact
    assert versions.low == key("2.12.0")


@pytest.mark.parametrize("written", ["", "*", "!=1.0", "*, *"])
def test_everything(written: str) -> None:
    assert parse(written) == Versions()
    assert not Versions().exact


@pytest.mark.parametrize("written", ["newest", ">=", "1.0 or 2.0", "@x", "==1.0;", "(1)"])
def test_what_is_no_range(written: str) -> None:
    assert parse(written) is None


@given(st.text(alphabet="0123456789.<>=~^!*|, vx", max_size=40))
def test_any_text_ends_in_a_range_or_none(written: str) -> None:
    parse(written)


# --- asked of the SDK -----------------------------------------------------------------------------

CREATE = FACTS.method(("messages", "create"))
PARSE = FACTS.method(("messages", "parse"))


@pytest.mark.parametrize(
    ("keyword", "written", "answer"),
    [
        # it came between 0.82.0, which was read, and 0.83.0
        ("cache_control", "0.83.0", True),
        ("cache_control", "0.82.0", False),
        ("cache_control", "0.82.1", None),
        ("cache_control", ">=0.83", True),
        ("cache_control", ">=0.39", None),
        ("cache_control", "<0.82", False),
        ("cache_control", "", None),
        ("cache_control", "99.0", True),
        # it went between 0.125.0 and 1.0.0
        ("temperature", "0.39.0", True),
        ("temperature", "<=0.125", True),
        ("temperature", "0.126.0", None),
        ("temperature", "2.12.0", False),
        ("temperature", ">=1", False),
        ("max_tokens", ">=0.18", True),
        ("colour", "2.12.0", False),
    ],
)
def test_keywords_per_range(keyword: str, written: str, answer: bool | None) -> None:
    assert CREATE is not None
    versions = parse(written)
    assert versions is not None
    assert FACTS.accepts(CREATE, keyword, versions) is answer


def test_without_a_range_the_newest_is_meant() -> None:
    assert CREATE is not None
    assert PARSE is not None
    assert FACTS.accepts(CREATE, "cache_control", None)
    assert not FACTS.accepts(CREATE, "temperature", None)
    assert not FACTS.accepts(PARSE, "cache_control", None)


@pytest.mark.parametrize("fact", FACTS.methods, ids=lambda fact: fact.name)
def test_each_version_read_has_an_answer(fact: surfaces.MethodFact) -> None:
    for version in FACTS.versions_read:
        versions = parse(version)
        assert versions is not None
        for keyword in sorted(fact.ever_accepted):
            assert FACTS.accepts(fact, keyword, versions) is not None, (version, keyword)
    newest = parse(FACTS.sdk)
    assert newest is not None
    if not fact.until:
        accepted = {k for k in fact.ever_accepted if FACTS.accepts(fact, k, newest)}
        assert accepted == fact.keywords
