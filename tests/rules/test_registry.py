"""Which rules there are, and which are chosen."""

from __future__ import annotations

import importlib.util
import re
import sys
from pathlib import Path
from types import ModuleType

import pytest

from skinflint.linter.findings import Tier
from skinflint.rules import registry
from skinflint.rules.registry import UnknownRule, all_rules, find, names, select

ROOT = Path(__file__).resolve().parents[2]


def ids(rules: object) -> list[str]:
    return [rule.id for rule in rules]  # type: ignore[attr-defined]


def test_every_rule_file_is_registered() -> None:
    files = {
        path.stem
        for path in (ROOT / "skinflint" / "rules").glob("*.py")
        if not path.stem.startswith("_") and path.stem not in ("base", "registry")
    }
    assert files == {rule.module for rule in registry._RULES}
    for listed, rule in zip(registry._RULES, all_rules(), strict=True):
        assert rule.__module__.endswith("." + rule.name.replace("-", "_"))
        assert (listed.id, listed.name, listed.tier) == (rule.id, rule.name, rule.tier)


def test_ids_and_names_are_unique_and_sorted() -> None:
    found = ids(all_rules())
    assert found == sorted(set(found))
    assert len({rule.name for rule in all_rules()}) == len(found)
    for rule in all_rules():
        assert re.fullmatch(r"SKF\d{3}", rule.id)
        assert re.fullmatch(r"[a-z][a-z0-9]*(-[a-z]+)+", rule.name)
        assert rule.summary
        assert not rule.summary.endswith(".")
        assert rule.examples
        assert any(example.bad for example in rule.examples)
        assert any(example.good for example in rule.examples)


def test_superseded_rules_exist() -> None:
    known = {rule.id for rule in all_rules()}
    for rule in all_rules():
        assert set(rule.supersedes) <= known - {rule.id}


def test_names_lead_both_ways() -> None:
    found = names()
    assert found["SKF101"] == "clock-in-prefix"
    assert found["clock-in-prefix"] == "SKF101"


def test_find() -> None:
    assert ids(find("SKF101")) == ["SKF101"]
    assert ids(find("skf101")) == ["SKF101"]
    assert ids(find("clock-in-prefix")) == ["SKF101"]
    assert ids(find("SKF4")) == [f"SKF40{n}" for n in range(1, 7)]
    assert find("ALL") == all_rules()
    with pytest.raises(UnknownRule) as error:
        find("clock-in-prefx")
    assert error.value.near == "clock-in-prefix"
    assert "did you mean clock-in-prefix?" in str(error.value)
    for wrong in ("", "SKF999", "x"):
        with pytest.raises(UnknownRule):
            find(wrong)


def test_select() -> None:
    default = select()
    assert all(rule.tier is Tier.DEFAULT for rule in default)
    assert ids(select(["SKF101", "retired-model"])) == ["SKF101", "SKF402"]
    assert "SKF101" not in ids(select(ignore=["SKF1"]))
    assert ids(select(["SKF4"], ["SKF402"])) == ["SKF401", "SKF406"]
    assert ids(select(["SKF402"], ["SKF4"])) == ["SKF402"]
    assert ids(select(["SKF402"], ["retired-model"])) == []
    assert ids(select(["SKF402"], extend_select=["SKF101"])) == ["SKF101", "SKF402"]
    with pytest.raises(UnknownRule):
        select(["nothing"])


def test_a_preview_rule_has_to_be_asked_for() -> None:
    assert find("SKF102")[0].tier is Tier.PREVIEW
    assert "SKF102" not in ids(select())
    assert "SKF102" not in ids(select(["SKF1"]))
    assert "SKF102" in ids(select(preview=True))
    assert "SKF102" in ids(select(["SKF1"], preview=True))
    assert "SKF102" in ids(select(["date-in-prefix"]))


def rule_docs() -> ModuleType:
    spec = importlib.util.spec_from_file_location("rule_docs", ROOT / "scripts" / "rule_docs.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    before = list(sys.path)
    try:
        spec.loader.exec_module(module)
    finally:
        sys.path[:] = before
    return module


def test_the_pages_are_current() -> None:
    assert rule_docs().outdated() == [], "run python scripts/rule_docs.py"


def test_pages_have_all_headings_and_dated_references() -> None:
    docs = rule_docs()
    for rule in all_rules():
        _, parts = docs.sections(rule)
        assert all(parts.values()), rule.id
        if rule.id != "SKF001":
            assert re.search(r"20\d\d-\d\d-\d\d", parts["References"]), rule.id
            assert re.search(r"\d", parts["Why it costs"]), rule.id


def test_a_page_without_a_heading_is_refused() -> None:
    class Bare(find("SKF101")[0]):  # type: ignore[misc]
        """Nothing but a sentence."""

    with pytest.raises(ValueError, match="headings"):
        rule_docs().sections(Bare)
