"""The figures about accuracy: what is counted for labels, and what for verdicts."""

from __future__ import annotations

import argparse
import datetime
import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "benchmarks"))

import accuracy  # noqa: E402
import checked  # noqa: E402
import corpus  # noqa: E402
import readable  # noqa: E402
import verdicts  # noqa: E402

from skinflint.rules.registry import all_rules  # noqa: E402
from skinflint.rules.uncached_tail import UncachedTail  # noqa: E402

BOT = """\
import anthropic

client = anthropic.Anthropic()
OLD = "claude-3-opus-20240229"
NEW = "claude-opus-4-8"


def answer(question):
    return client.messages.create(
        model=OLD, max_tokens=900, messages=[{"role": "user", "content": question}]
    )


def verse(theme):
    return client.messages.create(
        model=OLD, max_tokens=900, messages=[{"role": "user", "content": theme}]
    )


def rumour(place):
    return client.messages.create(
        model=OLD, max_tokens=900, messages=[{"role": "user", "content": place}]
    )


def letter(to):
    return client.messages.create(
        model=NEW, max_tokens=900, messages=[{"role": "user", "content": to}]
    )
"""
ANSWER, VERSE, RUMOUR, LETTER = 9, 15, 21, 27
LABELS = f"""\
source\tpath\tline\tkind\twhy\tconfidence
pypi own-bot==1.0\town_bot/bot.py\t{ANSWER}\tK6\tretired\tsure
pypi own-bot==1.0\town_bot/bot.py\t{LETTER}\tK6\tnot retired at all\tsure
pypi own-bot==1.0\town_bot/bot.py\t{LETTER}\tK4\tnothing is cached\targuable
pypi own-bot==1.0\town_bot/bot.py\t{VERSE}\tCLEAN\t[K1,K6] retired, whatever this says\tsure
pypi own-bot==1.0\town_bot/bot.py\t{RUMOUR}\tCLEAN\t[K1] one prompt\tsure
pypi own-bot==1.0\town_bot/raw.py\t5\tK6\tsent by hand\tsure
pypi own-bot==1.0\town_bot/gone.py\t1\tK5\tnot there\tsure
pypi missing==9\ta.py\t1\tK5\tnot there\tsure
github someone/tail@abc123\tloop.py\tLINE\tCLEAN\t[K4] the prefix is cached\tsure
github someone/tail@abc123\tloop.py\tLINE\tCLEAN\t[all] nothing at all\targuable
"""
SITES = """\
source\tpath\tline\tapi
pypi own-bot==1.0\town_bot/bot.py\t9\tcreate
pypi own-bot==1.0\town_bot/raw.py\t5\trawhttp
"""
RAW = """\
import requests

def ask(text):
    body = {"model": "claude-3-opus-20240229", "messages": []}
    return requests.post("https://api.anthropic.com/v1/messages", json=body)
"""


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A package and a repository with labels; a wheel of ``missing`` can't be had."""
    root = tmp_path_factory.mktemp("tree")
    bot = root / "packages" / "own_bot-1.0" / "own_bot"
    bot.mkdir(parents=True)
    (bot / "bot.py").write_text(BOT, "utf-8")
    (bot / "raw.py").write_text(RAW, "utf-8")
    tail = root / "repositories" / "someone+tail@abc123"
    tail.mkdir(parents=True)
    text = UncachedTail.examples[0].bad
    (tail / "loop.py").write_text(text, "utf-8")
    line = next(n for n, each in enumerate(text.split("\n"), 1) if ".messages.create(" in each)
    (root / "labels-own.tsv").write_text(LABELS.replace("LINE", str(line)), "utf-8")
    (root / "sites-own.tsv").write_text(SITES, "utf-8")
    return root


@pytest.fixture(scope="module")
def outcome(tree: Path) -> tuple[str, dict[str, object]]:
    """What the script prints and writes."""
    done = subprocess.run(
        [
            sys.executable,
            str(ROOT / "benchmarks" / "accuracy.py"),
            str(tree / "labels-own.tsv"),
            *("--packages", str(tree / "packages")),
            *("--repositories", str(tree / "repositories")),
            *("--as-of", "2026-08-21", "--json", str(tree / "out.json")),
        ],
        check=True,
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={"PIP_NO_INDEX": "1", "PATH": "", "PYTHONUTF8": "1"},
    )
    return done.stdout, json.loads((tree / "out.json").read_text("utf-8"))


def row(outcome: tuple[str, dict[str, object]], line: int, kind: str) -> dict[str, object]:
    labels = outcome[1]["labels"]
    assert isinstance(labels, list)
    [found] = [each for each in labels if each["line"] == line and each["kind"] == kind]
    return dict(found)


def test_a_row_is_true_when_a_finding_of_its_kind_hurts_its_request(
    outcome: tuple[str, dict[str, object]],
) -> None:
    assert row(outcome, ANSWER, "K6")["rules"] == ["SKF402"]
    assert row(outcome, LETTER, "K6")["rules"] == []
    assert "own_bot/bot.py:27 [sure, SDK] K6: not retired at all" in outcome[0]


def test_a_finding_in_a_clean_scope_is_a_false_alarm(
    outcome: tuple[str, dict[str, object]],
) -> None:
    assert row(outcome, VERSE, "CLEAN")["rules"] == ["SKF402"]
    assert "false alarms in all clean scopes: 2" in outcome[0]


def test_a_row_may_point_at_the_method_that_is_handed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)  # checking goes into the folder
    (tmp_path / "bot.py").write_text(
        "import asyncio\nimport anthropic\n\nclient = anthropic.Anthropic()\n\n\n"
        "async def ask(text):\n    return await asyncio.to_thread(\n"
        "        client.messages.create,\n        model='claude-3-opus-20240229',\n"
        "        max_tokens=9,\n        messages=[{'role': 'user', 'content': text}],\n    )\n"
    )
    found = checked.check(tmp_path, as_of=datetime.date(2026, 8, 21))
    assert found.sites == {("bot.py", 8)}
    assert found.place("bot.py", 8) == found.place("bot.py", 9) == ("bot.py", 8)
    assert found.place("bot.py", 10) == ("bot.py", 10)
    assert found.place("other.py", 9) == ("other.py", 9)


def test_a_kind_that_no_label_speaks_of_is_not_judged(
    outcome: tuple[str, dict[str, object]],
) -> None:
    assert row(outcome, RUMOUR, "CLEAN")["rules"] == []
    places = {(each["path"], each["line"], each["rule"]) for each in outcome[1]["unjudged"]}
    assert ("own_bot/bot.py", RUMOUR, "SKF402") in places
    assert ("own_bot/bot.py", VERSE, "SKF402") not in places


def test_an_uncached_tail_is_not_judged_where_missing_caching_is_clean(
    outcome: tuple[str, dict[str, object]],
) -> None:
    tails = [each for each in outcome[1]["labels"] if each["path"] == "loop.py"]
    assert [each["rules"] for each in tails] == [[], ["SKF203"]]
    assert [each["seen"] for each in tails] == [True, True]
    assert "SKF203" not in {each["rule"] for each in outcome[1]["unjudged"]}


def test_an_uncached_tail_is_of_two_kinds() -> None:
    def row(kind: str, why: str = "") -> accuracy.Label:
        return accuracy.label_of(
            {"source": "", "path": "", "line": "1", "kind": kind, "why": why, "confidence": "sure"}
        )

    assert accuracy.judged_by("SKF203", row("K4")) == "K4"
    assert accuracy.judged_by("SKF203", row("K7")) == "K7"
    assert accuracy.judged_by("SKF203", row("K1")) == ""
    assert accuracy.judged_by("SKF203", row("CLEAN", "[K4] cached")) == ""
    assert accuracy.judged_by("SKF203", row("CLEAN", "[K4,K7] cached")) == "K7"
    assert accuracy.judged_by("SKF201", row("K7")) == ""


def test_other_surfaces_count_in_the_total_and_apart(
    outcome: tuple[str, dict[str, object]],
) -> None:
    raw = row(outcome, 5, "K6")
    assert (raw["sdk"], raw["seen"], raw["rules"]) == (False, True, ["SKF402"])
    [line] = [each for each in outcome[0].splitlines() if each.startswith("K6")]
    assert line.split()[1:10] == ["2", "of", "3", "1", "of", "2", "1", "of", "1"]


def test_few_rows_give_no_percentage_and_the_mean_leaves_model_ids_out(
    outcome: tuple[str, dict[str, object]],
) -> None:
    assert "%" not in outcome[0]
    assert "mean over kinds but K6, sure rows, all: 0.00" in outcome[0]
    assert str(accuracy.Tally(9, 10)).split() == ["9", "of", "10", "90.0", "%"]


def test_what_is_not_here_is_said_and_left_out(outcome: tuple[str, dict[str, object]]) -> None:
    assert "not here, left out: pypi missing==9" in outcome[0]
    assert "no such file: pypi own-bot==1.0 own_bot/gone.py:1" in outcome[0]
    assert all(each["source"] != "pypi missing==9" for each in outcome[1]["labels"])


def test_model_ids_are_judged_on_the_day_asked_for(
    tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tree)
    directory = tree / "packages" / "own_bot-1.0"
    before = checked.check(directory, as_of=datetime.date(2025, 6, 1))
    behind = checked.check(directory, as_of=datetime.date(2026, 8, 21))
    assert "SKF402" not in {each.rule.id for each in before.findings}
    assert "SKF402" in {each.rule.id for each in behind.findings}
    assert before.sites == behind.sites


@pytest.mark.parametrize(
    ("rule", "kind"),
    [
        ("SKF101", "K1"),
        ("SKF115", "K1"),
        ("SKF202", "K1"),
        ("SKF201", "K4"),
        ("SKF203", "K4"),
        ("SKF204", "K7"),
        ("SKF213", "K7"),
        ("SKF701", "K7"),
        ("SKF302", "other"),
        ("SKF303", "K2"),
        ("SKF401", "K3"),
        ("SKF404", "other"),
        ("SKF406", "K6"),
        ("SKF501", "K5"),
        ("SKF502", "other"),
        ("SKF801", "other"),
        ("SKF901", "other"),
        ("SKF001", "other"),
    ],
)
def test_kinds_of_rules(rule: str, kind: str) -> None:
    assert accuracy.kind_of(rule) == kind


@pytest.mark.parametrize(
    ("kind", "why", "confidence", "said"),
    [
        ("CLEAN", "one prompt", "sure", "no scope"),
        ("CLEAN", "[K9] one prompt", "sure", "no scope"),
        ("K8", "odd", "sure", "no such kind"),
        ("K1", "a clock", "perhaps", "how sure"),
    ],
)
def test_a_label_that_means_nothing_is_an_error(
    kind: str, why: str, confidence: str, said: str
) -> None:
    row = {"source": "pypi a==1", "path": "a.py", "line": "1", "kind": kind, "why": why}
    with pytest.raises(ValueError, match=said):
        accuracy.label_of({**row, "confidence": confidence})


def test_a_finding_is_told_with_the_code_around_it(
    tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tree)
    found = checked.check(tree / "packages" / "own_bot-1.0", as_of=datetime.date(2026, 8, 21))
    [old, _] = [each for each in found.findings if each.rule.id == "SKF402"]
    reading = readable.Reading("pypi own-bot==1.0", old)
    text = readable.tell(reading, found)
    assert '>     4 OLD = "claude-3-opus-20240229"' in text
    assert f">{VERSE:6}     return client.messages.create(" in text
    target = tree / "findings.tsv"
    readable.write_table(target, [reading])
    head, line = target.read_text("utf-8").splitlines()
    columns = ["source", "path", "line", "rule", "verdict", "reader", "reason", "defect"]
    assert head.split("\t")[:8] == columns
    assert line.split("\t")[:7] == [
        "pypi own-bot==1.0",
        "own_bot/bot.py",
        "4",
        "SKF402",
        "",
        "",
        "",
    ]
    (tree / "filled.tsv").write_text(
        f"{head}\n" + line.replace("SKF402\t\t\t", "SKF402\tright\tsomebody\t") + "\n", "utf-8"
    )
    assert [each.key for each in verdicts.read_verdicts(tree / "filled.tsv")] == [reading.key]


def verdict(
    rule: str, said: str, reason: str = "", line: int = 1, *, defect: str = "", label: str = ""
) -> verdicts.Verdict:
    given = ("pypi a==1", "a.py", line, rule, said, "somebody", reason, defect, label)
    return verdicts.Verdict(*given)


def test_verdicts_are_counted_by_rule_and_without_model_ids() -> None:
    some = [
        verdict("SKF402", "right"),
        verdict("SKF402", "right", line=2),
        verdict("SKF303", "right"),
        verdict("SKF303", "wrong", "it is cut in b.py", line=3),
        verdict("SKF501", "arguable", "three rows at most"),
    ]
    page = verdicts.render(some, {})
    assert (
        "| [SKF303 unbounded-history](rules/unbounded-history.md) | 2 | 1 | 0 | 1 | 50 % |" in page
    )
    assert "| all | 5 | 3 | 1 | 1 | 60 % |" in page
    assert "| but for model ids | 3 | 1 | 1 | 1 | 33 % |" in page
    assert "- SKF303, pypi a==1, `a.py:3`: it is cut in b.py" in page
    assert "wrong: pypi a==1  a.py  3  SKF303: it is cut in b.py" in verdicts.summary(some)


def test_the_lists_are_told_apart() -> None:
    some = [
        verdict("SKF303", "wrong", "it is cut in b.py"),
        verdicts.Verdict("pypi b==1", "b.py", 1, "SKF303", "right", "somebody", ""),
    ]
    first, second = verdicts.LISTS[:2]
    page = verdicts.render(some, {"pypi a==1": first, "pypi b==1": second})
    old, new = page.split(f"## By rule, {first}")[1].split(f"## By rule, {second}")
    assert "| all | 1 | 0 | 0 | 1 | 0 % |" in old
    assert "| all | 1 | 1 | 0 | 0 | 100 % |" in new


def test_defects_are_counted_beside_verdicts() -> None:
    some = [
        verdict("SKF402", "right", defect="yes"),
        verdict("SKF402", "arguable", "all callers name another", line=2, defect="yes"),
        verdict("SKF303", "wrong", "it is cut in b.py", line=3, defect="no"),
        verdict("SKF303", "arguable", "as long as files are", line=4, defect="unclear"),
    ]
    page = verdicts.render(some, {})
    assert (
        "| rule | read | there | unclear | not there | there | right | arguable | wrong |" in page
    )
    assert "| all | 4 | 2 | 1 | 1 | 50 % | 1 | 2 | 1 | 25 % |" in page
    assert "| but for model ids | 2 | 0 | 1 | 1 | 0 % | 0 | 1 | 1 | 0 % |" in page


def test_readers_are_measured_with_labels() -> None:
    some = [
        verdict("SKF402", "right", label="sure"),
        verdict("SKF402", "arguable", "nothing calls it", defect="yes", label="sure"),
        verdict("SKF303", "wrong", "it is cut in b.py", defect="no", label="clean"),
    ]
    page = verdicts.render(some, {}, some)
    assert "| a defect that is labelled | 2 | 1 | 1 | 0 | 1 | 1 | 0 | 0 |" in page
    assert "| none by its labels | 1 | 0 | 0 | 1 | 1 | 0 | 0 | 1 |" in page
    assert "How strict" not in verdicts.render(some, {})


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (["a.py\t1\tSKF402\tfine\tsomebody\t"], "is none of"),
        (["a.py\t1\tSKF402\twrong\tsomebody\t"], "for what reason"),
        (["a.py\t1\tSKF402\tright\tme\t", "a.py\t1\tSKF402\twrong\tyou\tno"], "two verdicts"),
        (["a.py\t1\tSKF402\tright\tme\t\tmaybe"], "'maybe' is none of"),
        (["a.py\t1\tSKF402\tright\tme\t\tyes\tdirty"], "'dirty' is none of"),
    ],
)
def test_verdicts_that_mean_nothing_are_an_error(
    tmp_path: Path, rows: list[str], said: str
) -> None:
    table = tmp_path / "verdicts.tsv"
    lines = ["source\tpath\tline\trule\tverdict\treader\treason\tdefect\tlabel"]
    lines += [f"pypi a==1\t{each}" for each in rows]
    table.write_text("\n".join(lines) + "\n", "utf-8")
    with pytest.raises(ValueError, match=said):
        verdicts.read_verdicts(table)


def test_the_page_is_current() -> None:
    table = ROOT / "benchmarks" / "verdicts.tsv"
    page = (ROOT / "docs" / "accuracy.md").read_text("utf-8")
    lists = verdicts.lists_in(ROOT / "benchmarks")
    labelled = (
        verdicts.read_calibration(ROOT / "benchmarks" / f"{name}.tsv")
        for name in ("calibration", "controls")
    )
    assert page == verdicts.render(verdicts.read_verdicts(table), lists, *labelled)


def test_every_verdict_is_about_a_listed_source_and_a_rule() -> None:
    listed = [
        source
        for name in verdicts.LISTS
        for source in corpus.rows_of(ROOT / "benchmarks" / name, lambda each: each["source"])
    ]
    assert len({each.split("@")[0].split("==")[0] for each in listed}) == len(listed) >= 200
    lists = verdicts.lists_in(ROOT / "benchmarks")
    assert set(listed) == set(lists)
    rules = {rule.id for rule in all_rules()}
    for each in verdicts.read_verdicts(ROOT / "benchmarks" / "verdicts.tsv"):
        assert each.source in listed
        assert each.rule in rules
        assert each.defect or lists[each.source] not in verdicts.LISTS[-3:]
    for each in verdicts.read_calibration(ROOT / "benchmarks" / "calibration.tsv"):
        assert each.label
        assert each.rule in rules
        assert each.source not in lists


def test_every_control_is_a_labelled_request() -> None:
    kinds = {"SKF201": "K4", "SKF303": "K2", "SKF501": "K5"}
    labels: dict[tuple[str, str, str], list[tuple[str, str]]] = {}
    for name in ("labels9.tsv", "labels10.tsv", "labels11.tsv"):
        for row in corpus.rows_of(ROOT / "benchmarks" / name, dict):
            if row["confidence"] == "sure":
                key = (row["source"], row["path"], row["line"])
                labels.setdefault(key, []).append((row["kind"], row["why"]))
    controls = verdicts.read_calibration(ROOT / "benchmarks" / "controls.tsv")
    assert len(controls) >= 30
    for each in controls:
        rows = labels[each.source, each.path, str(each.line)]
        kind = kinds[each.rule]
        if each.label == "sure":
            assert kind in [row[0] for row in rows]
        else:
            ((clean, why),) = rows
            scope = why.partition("]")[0]
            assert clean == "CLEAN"
            assert kind in scope or scope == "[all"
        assert each.defect


def test_sources_lie_where_their_names_say(tree: Path) -> None:
    where = argparse.Namespace(
        packages=tree / "packages", repositories=tree / "repositories", only="own"
    )
    found = corpus.located(["pypi own-bot==1.0", "github someone/tail@abc123"] * 2, where)
    assert found == [("pypi own-bot==1.0", (tree / "packages" / "own_bot-1.0").resolve())]
    nowhere = argparse.Namespace(packages=None, repositories=None, only="")
    found = corpus.located(["pypi own-bot==1.0", "github someone/tail@abc123"], nowhere)
    assert [directory for _, directory in found] == [None, None]
