"""The support agent of examples/: what is found in it, and what it sends before and after."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

import pytest

EXAMPLES = Path(__file__).parents[1] / "examples"

Bodies = dict[str, list[dict[str, Any]]]


class Copies(NamedTuple):
    """Two folders, each with a copy of examples/: as it is, and mended."""

    before: Path
    after: Path


@pytest.fixture(scope="module")
def copies(tmp_path_factory: pytest.TempPathFactory) -> Copies:
    """The examples as they are, and after ``skinflint check --fix --unsafe-fixes``."""
    folders = Copies(tmp_path_factory.mktemp("before"), tmp_path_factory.mktemp("after"))
    for folder in folders:
        shutil.copytree(
            EXAMPLES, folder / "examples", ignore=shutil.ignore_patterns("__pycache__", ".*")
        )
    run(folders.after, "-m", "skinflint", "check", "--fix", "--unsafe-fixes", "examples")
    return folders


@pytest.fixture(scope="module")
def before(copies: Copies) -> Bodies:
    return bodies_of(copies.before)


@pytest.fixture(scope="module")
def after(copies: Copies) -> Bodies:
    return bodies_of(copies.after)


def run(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run Python with ``arguments`` in ``folder``, without writing bytecode."""
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1", **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def bodies_of(folder: Path, *names: str, seed: str = "0") -> Bodies:
    """The requests of the named scenarios, or of all, as the stand-in received them."""
    module = "support_agent.tests.scenarios"
    done = run(folder / "examples", "-m", module, *names, PYTHONHASHSEED=seed)
    assert done.returncode == 0, done.stderr
    bodies: Bodies = json.loads(done.stdout)
    return bodies


def check(folder: Path) -> tuple[int, dict[str, Any]]:
    """Exit code and JSON report of ``skinflint check examples``."""
    done = run(folder, "-m", "skinflint", "check", "--output-format", "json", "examples")
    assert done.stdout, done.stderr
    return done.returncode, json.loads(done.stdout)


def text_of(content: Any) -> str:
    """The text of a system or content field, as the model reads it."""
    if isinstance(content, str):
        return content
    return "".join(block.get("text", "") for block in content)


def cached_text(body: dict[str, Any]) -> str:
    """The system text up to the last marked block: what the next call could read."""
    blocks = body["system"]
    marked = [index for index, block in enumerate(blocks) if "cache_control" in block]
    return text_of(blocks[: marked[-1] + 1]) if marked else ""


def without_markers(value: Any) -> Any:
    """The same JSON without any ``cache_control``."""
    if isinstance(value, dict):
        return {k: without_markers(v) for k, v in value.items() if k != "cache_control"}
    if isinstance(value, list):
        return [without_markers(item) for item in value]
    return value


def shape(body: dict[str, Any]) -> dict[str, Any]:
    """A request as the model sees it: markers and the cuts between text blocks taken out."""
    seen: dict[str, Any] = without_markers(body)
    if "requests" in seen:
        return {"requests": [{**r, "params": shape(r["params"])} for r in seen["requests"]]}
    seen["system"] = text_of(seen["system"])
    seen["messages"] = [
        {**message, "content": text_of(message["content"])}
        if isinstance(message["content"], str)
        or all(block["type"] == "text" for block in message["content"])
        else message
        for message in seen["messages"]
    ]
    return seen


def test_what_is_found(copies: Copies) -> None:
    code, report = check(copies.before)
    found = [(Path(f["path"]).name, f["rule"], len(f["requests"])) for f in report["findings"]]
    assert code == 1
    assert report["errors"] == []
    assert sorted(found) == [
        ("agent.py", "SKF104", 2),
        ("agent.py", "SKF203", 1),
        ("api.py", "SKF101", 1),
        ("api.py", "SKF103", 1),
        ("desk.py", "SKF108", 1),
        ("desk.py", "SKF203", 1),
        ("desk.py", "SKF204", 1),
        ("nightly.py", "SKF106", 1),
        ("nightly.py", "SKF107", 1),
        ("nightly.py", "SKF402", 1),
    ]
    assert report["summary"]["suppressed"] == 1


def test_every_finding_shows_its_trail_and_has_a_fix(copies: Copies) -> None:
    _, report = check(copies.before)
    for finding in report["findings"]:
        assert finding["fix"] is not None, finding["no_fix"]
        assert finding["fix"]["edits"], finding["rule"]
        if finding["rule"].startswith("SKF10"):
            roles = [step["role"] for step in finding["related"]]
            assert roles[0] == "source"
            assert roles[-1] == "breakpoint"
            assert finding["pair"]


def test_the_mended_copy_is_clean(copies: Copies) -> None:
    code, report = check(copies.after)
    assert (code, report["findings"], report["errors"]) == (0, [], [])


@pytest.mark.parametrize("which", ["before", "after"])
def test_its_own_request_tests_pass(copies: Copies, which: str) -> None:
    folder: Path = getattr(copies, which)
    done = run(folder, "-m", "pytest", "-q", "-p", "no:cacheprovider", "examples")
    assert done.returncode == 0, done.stdout + done.stderr


def test_only_the_declared_moves_change_what_the_model_sees(before: Bodies, after: Bodies) -> None:
    moved = {"draft", "handover", "workshop", "workshop, other order", "night"}
    assert before.keys() == after.keys()
    for name in before:
        assert len(before[name]) == len(after[name]), name
        if name not in moved:
            assert [shape(b) for b in before[name]] == [shape(b) for b in after[name]], name


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("draft", "It is now Monday, 02 March 2026, 12:05."),
        ("handover", "Request 00000000000000000000000000005eed"),
    ],
)
def test_a_moved_value_is_still_seen_once_and_no_longer_cached(
    before: Bodies, after: Bodies, name: str, sentence: str
) -> None:
    [old], [new] = before[name], after[name]
    assert sentence in cached_text(old)

    def words(body: dict[str, Any]) -> list[str]:
        texts = [text_of(body["system"]), *(text_of(m["content"]) for m in body["messages"])]
        return sorted(" ".join(texts).split())

    assert words(new) == words(old)
    value = sentence.split()[-1]
    assert value not in cached_text(new)
    # What is left of the prompt is still cached, from its first word on.
    assert len(cached_text(new)) > 400
    others = {"system", "messages"}
    assert {k: v for k, v in new.items() if k not in others} == {
        k: v for k, v in old.items() if k not in others
    }


def test_the_prompt_is_shared_by_all_customers_and_the_profile_by_all_rounds(
    after: Bodies,
) -> None:
    chats = {name: bodies for name, bodies in after.items() if "chat" in name}
    heads = {json.dumps(body["system"][0]) for bodies in chats.values() for body in bodies}
    assert len(heads) == 1
    assert "cache_control" in json.loads(heads.pop())
    for name, bodies in chats.items():
        for body in bodies:
            assert all(block["text"] for block in body["system"])
            assert body["system"] == bodies[0]["system"]
            # Everything in front of the messages stands behind a marker, whatever it is made of.
            assert "cache_control" in body["system"][-1], name
            assert cached_text(body) == text_of(body["system"])
    assert len(chats["chat, guest"][0]["system"]) == 1
    assert len(chats["chat, customer with a profile"][0]["system"]) > 1


def test_each_round_of_tools_can_read_the_one_before(before: Bodies, after: Bodies) -> None:
    def asking(bodies: list[dict[str, Any]]) -> list[bool]:
        return ["cache_control" in body for body in bodies]

    for name in ("chat, guest", "chat, customer with a profile", "workshop"):
        assert not any(asking(before[name])), name
    for name in ("chat, guest", "chat, customer with a profile"):
        assert asking(after[name]) == [False, True, True], "the question, and what the tools say"
    assert asking(after["workshop"]) == [True, True]


def test_the_tools_of_a_server_come_in_one_order(before: Bodies, after: Bodies) -> None:
    names = ("workshop", "workshop, other order")
    assert before[names[0]][0]["tools"] != before[names[1]][0]["tools"]
    assert after[names[0]][0]["tools"] == after[names[1]][0]["tools"]
    for name in names:
        for old, new in zip(before[name], after[name], strict=True):
            assert sorted(t["name"] for t in old["tools"]) == [t["name"] for t in new["tools"]]
            rest = {k: v for k, v in shape(old).items() if k != "tools"}
            assert rest == {k: v for k, v in shape(new).items() if k != "tools"}


def test_only_the_last_page_of_the_handbook_is_marked(before: Bodies, after: Bodies) -> None:
    for name in ("handbook", "handbook of one page"):
        [old], [new] = before[name], after[name]
        assert all("cache_control" in block for block in old["system"])
        assert ["cache_control" in block for block in new["system"]] == [
            index == len(old["system"]) - 1 for index in range(len(old["system"]))
        ]


def test_the_night_is_the_same_in_every_process(copies: Copies) -> None:
    def night(folder: Path) -> list[list[dict[str, Any]]]:
        return [bodies_of(folder, "night", seed=seed)["night"] for seed in ("1", "2")]

    one, two = night(copies.before)
    assert one != two
    assert without_order(one) == without_order(two)
    mended, again = night(copies.after)
    assert mended == again
    assert without_order(mended, model="*") == without_order(one, model="*")
    old = {body["model"] for body in one}
    new = {body["model"] for body in mended}
    assert "claude-sonnet-4-20250514" in old
    assert "claude-sonnet-4-20250514" not in new
    assert len(new - old) == 1


def without_order(bodies: list[dict[str, Any]], model: str = "") -> list[dict[str, Any]]:
    """The night's requests with tags and terms in one order; ``model`` replaces the tagger's."""
    seen = []
    for body in map(shape, bodies):
        head, tags, listed = body["system"].partition("\nTags: ")
        if tags:
            body["system"] = head + tags + ", ".join(sorted(listed.split(", ")))
            body["model"] = model or body["model"]
        head, terms, text = body["system"].partition("\nTerms: ")
        if terms:
            body["system"] = head + terms + json.dumps(json.loads(text), sort_keys=True)
        seen.append(body)
    return seen
