"""The mutator of real projects, on a small one of our own."""

from __future__ import annotations

import ast
import json
import sys
from pathlib import Path
from random import Random

import pytest

sys.path.insert(0, str(Path(__file__).parent.parent / "benchmarks"))

import mutate
from mutations import loops, models, prefix
from mutations.drafts import HERE, Draft, NotHere, filled
from mutations.trees import Site, Tree, copied, is_led_to, sites

DESK = '''\
"""A help desk."""

import anthropic
from flask import Flask, request

from desk.texts import HANDBOOK

app = Flask(__name__)
TOOLS = [
    {"name": "find", "description": "Find an order.", "input_schema": {"type": "object"}},
    {"name": "stop", "description": "Stop an order.", "input_schema": {"type": "object"}},
]


class Desk:
    def __init__(self, model="claude-sonnet-5-5"):
        self.model = model
        self.client = anthropic.Anthropic()

    def answer(self, question: str, user_id: str):
        reply = self.client.messages.create(
            model=self.model,
            max_tokens=800,
            system=HANDBOOK,
            tools=TOOLS,
            messages=[{"role": "user", "content": question}],
        )
        return reply.content[0].text


desk = Desk()


@app.post("/ask")
def ask():
    return desk.answer(request.json["question"], request.json["user"])


client = anthropic.Anthropic()


def sorted_in(text: str):
    params = {
        "model": "claude-haiku-5-5",
        "max_tokens": 20,
        "messages": [{"role": "user", "content": text}],
    }
    reply = client.messages.create(**params)
    return reply.content[0].text


@app.post("/sort")
def sort():
    return sorted_in(request.json["text"])
'''

CHAT = """\
import anthropic
from flask import Flask, request

app = Flask(__name__)
client = anthropic.Anthropic()


class Chat:
    def __init__(self):
        self.turns = []

    def say(self, text):
        self.turns.append({"role": "user", "content": text})
        if len(self.turns) > 40:
            self.turns = self.turns[-20:]
        reply = client.messages.create(
            model="claude-sonnet-5-5", max_tokens=800, messages=self.turns
        )
        self.turns.append({"role": "assistant", "content": reply.content})
        return reply.content[0].text


chat = Chat()


@app.post("/chat")
def talk():
    return chat.say(request.json["text"])
"""

TEXTS = f'''\
HANDBOOK = """{"Say what you know and name the page. " * 20}"""
'''


@pytest.fixture
def projects(tmp_path: Path) -> Path:
    package = tmp_path / "projects" / "helpdesk@1" / "desk"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("")
    (package / "app.py").write_text(DESK)
    (package / "texts.py").write_text(TEXTS)
    (package / "test_app.py").write_text(DESK)
    (tmp_path / "projects" / "empty").mkdir()
    return tmp_path / "projects"


@pytest.fixture
def tree(projects: Path, tmp_path: Path) -> Tree:
    return copied("helpdesk@1", projects / "helpdesk@1", tmp_path / "copy")


MUTATIONS = [(kind, each) for kind, (own, _) in mutate.KINDS.items() for each in own]


def drafted(site: Site, mutation: mutate.Mutation, broken: bool) -> Draft | None:
    try:
        return mutation(site, Random(1), broken)
    except NotHere:
        return None


def test_sites_are_calls_outside_of_tests(tree: Tree) -> None:
    first, second = sites(tree)
    lines = DESK.split("\n")
    assert [first.path, second.path] == ["desk/app.py"] * 2
    assert "self.client.messages.create(" in lines[first.line - 1]
    assert "client.messages.create(**params)" in lines[second.line - 1]
    assert set(first.slots) == {"model", "max_tokens", "system", "tools", "messages"}
    assert set(second.slots) == {"model", "max_tokens", "messages"}
    assert not second.spread
    assert first.owner is not None
    assert first.owner.name == "Desk"
    assert first.client == "self.client"


@pytest.mark.parametrize(
    ("kind", "mutation"), MUTATIONS, ids=[mutation.__name__ for _, mutation in MUTATIONS]
)
def test_each_mutation_fits_somewhere_and_changes_one_thing(
    tree: Tree, kind: str, mutation: mutate.Mutation
) -> None:
    fits = [site for site in sites(tree) if drafted(site, mutation, False) is not None]
    if mutation.__name__ in ("every_message", "every_tool", "real_cut"):
        assert not fits  # one message, two tools, no conversation
        return
    assert fits
    twin, _ = mutation(fits[0], Random(1), False).rendered()
    defect, lines = mutation(fits[0], Random(1), True).rendered()
    assert twin != defect
    assert lines
    for path, line in lines:
        assert 1 <= line <= len(defect.get(path, "").split("\n"))
    for text in (*twin.values(), *defect.values()):
        assert HERE not in text
        ast.parse(text)
    assert (twin, lines) == (
        mutation(fits[0], Random(1), False).rendered()[0],
        mutation(fits[0], Random(1), True).rendered()[1],
    )


def run(monkeypatch: pytest.MonkeyPatch, projects: Path, *more: str) -> int:
    where = ["mutate.py", "--repositories", str(projects), *more]
    monkeypatch.setattr(sys, "argv", where)
    return mutate.main()


def test_defects_are_found_and_twins_are_silent(
    projects: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "cases.json"
    assert run(monkeypatch, projects, "--per-site", "20", "--json", str(out)) == 0
    cases = json.loads(out.read_text())["cases"]
    assert {case["kind"] for case in cases} == set(mutate.KINDS)
    wrong = [
        (case["mutation"], case["site"], case["outcome"], case["by"])
        for case in cases
        if case["outcome"] != mutate.FOUND and case["counted"]
    ]
    assert not wrong
    assert not [case for case in cases if case["twin"]]
    for case in cases:
        assert set(case["expected"]) & {by.partition(" ")[2] for by in case["by"]}


def test_the_cut_of_a_real_conversation_is_taken_out(
    projects: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (projects / "empty" / "chat.py").write_text(CHAT)
    out = tmp_path / "cases.json"
    assert run(monkeypatch, projects, "--mutation", "real_cut", "--json", str(out)) == 0
    (only,) = json.loads(out.read_text())["cases"]
    assert (only["site"], only["outcome"], only["twin"]) == ("chat.py:16", mutate.FOUND, [])


def test_the_same_seed_gives_the_same_cases(
    projects: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    said = []
    for seed in ("1", "1", "2", "3"):
        assert run(monkeypatch, projects, "--seed", seed, "--kind", "K1") == 0
        said.append(capsys.readouterr().out)
    assert said[0] == said[1]
    assert len(set(said)) > 1


def test_bars_fail_where_there_is_too_little(
    projects: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, projects, "--kind", "K7", "--assert") == 1
    assert "K7: in fewer than 10 projects" in capsys.readouterr().err


def case(outcome: str, twin: bool = False, counted: bool = True, number: int = 0) -> mutate.Case:
    project = f"p{number % 10}"
    found = ["SKF501 a.py:2"] if twin else []
    return mutate.Case(
        project, project, "K5", "m", "a.py:1", ["a.py:2"], outcome, [], found, counted
    )


def test_what_is_missed_or_flagged_fails_the_bars() -> None:
    good = [case(mutate.FOUND, number=number) for number in range(20)]
    assert mutate.unmet(good, ["K5"]) == []
    assert mutate.unmet([*good, case(mutate.MISSED)], ["K5"]) == []  # 20 of 21
    few = [*good, *(case(mutate.MISSED), case(mutate.ELSEWHERE), case(mutate.MISSED))]
    assert mutate.unmet(few, ["K5"]) == ["K5: 20 of 23 found, fewer than 90%"]
    assert mutate.unmet([*good, case(mutate.FOUND, twin=True)], ["K5"]) == [
        "K5: 1 clean twins flagged"
    ]
    assert mutate.unmet([*good, case(mutate.MISSED, twin=True, counted=False)], ["K5"]) == []


def judged(tree: Tree, before: str, after: str, lines: set[int]) -> mutate.Case:
    site = sites(tree)[1]
    seen = mutate.look(tree, [site.path])
    path = site.path
    return mutate.judge(
        tree,
        site,
        "K6",
        "m",
        seen,
        {path: DESK.replace("claude-haiku-5-5", before)},
        {path: DESK.replace("claude-haiku-5-5", after)},
        {(path, line) for line in lines},
    )


def test_a_case_is_judged_by_line_and_by_what_the_twin_has(
    tree: Tree, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tree.root)
    line = DESK[: DESK.index("claude-haiku-5-5")].count("\n") + 1
    gone = "claude-3-opus-20240229"
    found = judged(tree, "claude-haiku-5-5", gone, {line})
    assert (found.outcome, found.twin) == (mutate.FOUND, [])
    assert judged(tree, "claude-haiku-5-5", gone, {line + 1}).outcome == mutate.ELSEWHERE
    assert judged(tree, "claude-haiku-5-5", "claude-opus-5-5", {line}).outcome == mutate.MISSED
    flagged = judged(tree, gone, gone, {line})
    assert flagged.outcome == mutate.MISSED
    assert flagged.twin == [f"SKF402 desk/app.py:{line}"]
    assert (tree.root / "desk/app.py").read_text() == DESK


def test_a_copy_is_as_it_was_after_a_look(tree: Tree) -> None:
    texts = {"desk/app.py": "broken(", "desk/new.py": "x = 1\n"}
    overlaid = mutate.Overlaid(tree, texts)
    with overlaid:
        assert (tree.root / "desk/new.py").read_text() == "x = 1\n"
    assert (tree.root / "desk/app.py").read_text() == DESK
    assert not (tree.root / "desk/new.py").exists()


def test_a_template_keeps_the_indentation_of_what_fills_a_line() -> None:
    template = """
        if a:
            @body@
            @none@
            f(@x@)
    """
    text = filled(template, body="b()\n\nc()", none="", x="1")
    assert text == "if a:\n    b()\n\n    c()\n    f(1)\n"


def project(root: Path, **files: str) -> Tree:
    for name, text in files.items():
        path = root / "projects" / "small@1" / f"{name.replace('__', '/')}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return copied("small@1", root / "projects" / "small@1", root / "small")


def only_site(tree: Tree) -> Site:
    (site,) = sites(tree)
    return site


SENDING = """\
import anthropic

client = anthropic.Anthropic()


def told(text, stream=True):
    reply = client.messages.create(
        model="claude-sonnet-5-5",
        max_tokens=800,
        messages=[{"role": "user", "content": text}],
    )
    return reply.content[0].text
"""


def test_code_that_nothing_names_has_no_defect(tmp_path: Path) -> None:
    assert not is_led_to(only_site(project(tmp_path / "a", tool=SENDING)))
    used = "from tool import told\nprint(told(input()))\n"
    assert is_led_to(only_site(project(tmp_path / "b", tool=SENDING, app=used)))
    passed_on = f"{used.splitlines()[0]}\ndef ask():\n    return told(input())\n"
    assert not is_led_to(only_site(project(tmp_path / "e", tool=SENDING, app=passed_on)))
    asked = project(tmp_path / "f", tool=SENDING, app=f"{passed_on}ask()\n")
    assert is_led_to(only_site(asked))
    only_tried = project(tmp_path / "c", tool=SENDING, test_tool=used)
    assert not is_led_to(only_site(only_tried))
    installed = project(tmp_path / "d", tool=SENDING, setup="")
    assert is_led_to(only_site(installed))


def batched(tree: Tree, name: str) -> str:
    """Why a mutation of loops doesn't fit, or an empty text."""
    mutation = next(each for each in loops.MUTATIONS if each.__name__ == name)
    try:
        mutation(only_site(tree), Random(1), True)
    except NotHere as error:
        return str(error)
    return ""


def test_what_no_batch_takes(tmp_path: Path) -> None:
    assert not batched(project(tmp_path / "a", tool=SENDING), "unrolled_here")
    assert not batched(project(tmp_path / "b", tool=SENDING), "own_function")
    cloud = SENDING.replace("anthropic.Anthropic()", "anthropic.AnthropicBedrock()")
    for name in ("unrolled_here", "own_function"):
        assert "takes no batches" in batched(project(tmp_path / name, tool=cloud), name)
    call, sent = SENDING.split("    reply = ")
    chosen = f"{call}    if stream:\n        return None\n    else:\n        reply = {sent}"
    chosen = chosen.replace("    return reply", "        return reply")
    assert "decides" in batched(project(tmp_path / "c", tool=chosen), "own_function")
    timed = f"{call}    start = time.monotonic()\n    reply = {sent}"
    assert "measured" in batched(project(tmp_path / "d", tool=timed), "own_function")
    late = """\
import anthropic


class Teller:
    def __init__(self):
        self.client = None

    def start(self):
        self.client = anthropic.Anthropic()

    def told(self, text):
        return self.client.messages.create(
            model="claude-sonnet-5-5",
            max_tokens=800,
            messages=[{"role": "user", "content": text}],
        )
"""
    assert "makes the client" in batched(project(tmp_path / "e", tool=late), "unrolled_here")


def test_a_directory_that_has_the_name_of_a_library(tmp_path: Path) -> None:
    tree = project(tmp_path, anthropic__page="from anthropic import Anthropic\n")
    assert tree.dotted("anthropic/page.py") == ("anthropic", "page")
    tree = project(
        tmp_path / "b", desk__page="from desk.texts import HANDBOOK\n", desk__texts=TEXTS
    )
    assert tree.dotted("desk/page.py") == ("", "desk.page")


def test_the_clean_twin_has_no_marker_behind_what_changes(tmp_path: Path) -> None:
    marked = SENDING.replace(
        "        messages=",
        '        system=[{"type": "text", "text": "Be kind.", "cache_control": '
        '{"type": "ephemeral"}}],\n        messages=',
    )
    site = only_site(project(tmp_path, tool=marked))
    for mutation in (prefix.hole_in_front, prefix.marker_behind_hole):
        twin, _ = mutation(site, Random(1), False).rendered()
        assert twin["tool.py"].count("cache_control") == 1
        assert '{"type": "text", "text": "Be kind."}' in twin["tool.py"]


def test_a_default_that_nobody_leaves_is_no_home_of_a_model(tmp_path: Path) -> None:
    named = SENDING.replace("stream=True", 'model="claude-haiku-5-5"').replace(
        'model="claude-sonnet-5-5"', "model=model"
    )
    users = ("told(input())", "told(input(), model=argv[1])", "told(input(), argv[1])")
    fits = [
        drafted(only_site(project(tmp_path / str(n), tool=named, app=use)), models.retired, True)
        for n, use in enumerate(users)
    ]
    assert [fit is not None for fit in fits] == [True, False, False]
