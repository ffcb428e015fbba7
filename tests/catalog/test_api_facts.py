"""The facts about the API: each with a source, none of them idle, and in line with the others."""

from __future__ import annotations

import re
from pathlib import Path

from skinflint.catalog import api
from skinflint.catalog.compiled import read
from skinflint.catalog.models import load

PACKAGE = Path(api.__file__).parents[1]


def test_every_table_names_a_source_with_a_date() -> None:
    raw = read("api")
    sources = raw.pop("sources")
    for name, table in raw.items():
        assert table["source"] in sources, name
    assert {table["source"] for table in raw.values()} <= set(sources)
    for name, entry in sources.items():
        assert entry["at"], name
        assert entry["date"].year >= 2026, name


def test_every_refusal_is_made_somewhere() -> None:
    code = "".join(path.read_text("utf-8") for path in (PACKAGE / "simulator").glob("*.py"))
    code += (PACKAGE / "cache" / "model.py").read_text("utf-8")
    kinds = ("thinking-enabled", "thinking-disabled")  # put together from the type that was sent
    for name in api.load().refusals:
        assert f'"{name}"' in code or name in kinds, name


def test_the_estimate_lies_within_the_bounds_of_the_catalogue() -> None:
    tokens = read("cache")["tokens"]
    facts = api.load()
    assert tokens["chars"][0] < facts.chars < tokens["chars"][1]
    assert tokens["dense"][0] < facts.dense < tokens["dense"][1]


def test_what_is_compared_and_refused_is_known_elsewhere() -> None:
    facts = api.load()
    assert set(facts.compared) <= {"model", "tools", "system", "messages"}
    assert set(facts.sampling) <= set(load().cache.neutral)
    assert re.fullmatch(facts.batches.custom_id, "ticket-1_A")
    assert facts.access.base_url in {"ANTHROPIC_BASE_URL"}
    assert facts.access.key not in facts.access.credentials
