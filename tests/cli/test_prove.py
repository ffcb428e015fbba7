"""``skinflint prove``: programs of their own, run against the simulator."""

from __future__ import annotations

import html.parser
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from conftest import Skinflint

from skinflint.cli import prove
from skinflint.cli.sites import Site, Sites
from skinflint.simulator.exchange import Caller, Exchange
from skinflint.simulator.prompt import Prompt

Captured = pytest.CaptureFixture[str]

SHOP = """\
import datetime

import anthropic

RULES = "The shop opens at eight. " * 200
client = anthropic.Anthropic()


def answer(question):
    return client.messages.create(
        model="claude-sonnet-5-5",
        max_tokens=50,
        system=[
            {
                "type": "text",
                "text": f"{RULES}It is {datetime.datetime.now():%H:%M:%S.%f}.",
                "cache_control": {"type": "ephemeral"},
            }
        ],
        messages=[{"role": "user", "content": question}],
    )


def forecast(question):
    return client.messages.create(
        model="claude-haiku-5-5",
        max_tokens=50,
        messages=[{"role": "user", "content": question}],
    )
"""
MAIN = """\
import shop

for number in range(4):
    shop.answer(f"Are you open on day {number}?")
shop.forecast("Rain?")
"""
MENDED = SHOP.replace("It is {datetime.datetime.now():%H:%M:%S.%f}.", "Be brief.")


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a small program, which is the working directory."""
    (tmp_path / "shop.py").write_text(SHOP)
    (tmp_path / "main.py").write_text(MAIN)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_run_is_told_per_place_with_the_byte_and_the_expression(
    shop: Path, skinflint: Skinflint, capsys: Captured
) -> None:
    page = shop / "proof.html"
    assert skinflint("prove", "--html", str(page), "--", sys.executable, "main.py") == 0
    out, err = capsys.readouterr()
    assert "this runs your program" in err
    answer, forecast, everything = (part for part in out.split("\n\n")[:3])
    assert answer.startswith("shop.py:10  answer()  messages.create  claude-sonnet-5-5")
    assert "calls 4   read 0   written " in answer
    assert "hit rate 0 %" in answer
    assert "broken in 3 of 4 calls at byte " in answer
    # the clock differs in its seconds, or only in their fractions
    start = len("The shop opens at eight. ") * 200 + len("It is ")
    assert start <= _byte(answer) <= start + len("12:00:00.000000")
    assert "put there by {datetime.datetime.now():%H:%M:%S.%f} at shop.py:16:40" in answer
    assert "which comes from datetime.now() at shop.py:16:41" in answer
    assert answer.count("▒") > 40
    assert "shop.py:25  forecast()" in forecast
    assert "no request carries cache_control" in forecast
    assert "calls 5" in everything
    assert "Tokens are estimates" in out
    text = page.read_text("utf-8")
    assert _tags_balance(text)
    for part in ("shop.py:10", "answer()", "hit rate 0 %", "put there by"):
        assert part in text
    assert "<script" not in text
    assert "http" not in text.replace("http-equiv", "")


def _byte(text: str) -> int:
    """The byte at which a report says that a prefix broke."""
    return int(text.partition("at byte ")[2].partition(", in")[0].replace(",", ""))


def _tags_balance(text: str) -> bool:
    open_tags: list[str] = []

    class Reader(html.parser.HTMLParser):
        def handle_starttag(self, tag: str, attrs: Any) -> None:
            if tag not in ("meta", "br"):
                open_tags.append(tag)

        def handle_endtag(self, tag: str) -> None:
            assert open_tags.pop() == tag

    reader = Reader()
    reader.feed(text)
    reader.close()
    return not open_tags


def test_against_a_revision_both_are_shown(
    shop: Path, skinflint: Skinflint, capsys: Captured
) -> None:
    def git(*arguments: str) -> None:
        identity = ["-c", "user.name=Ada", "-c", "user.email=ada@example.com"]
        subprocess.run(["git", *identity, *arguments], cwd=shop, check=True, capture_output=True)

    git("init", "-q")
    git("add", ".")
    git("commit", "-q", "-m", "first")
    (shop / "shop.py").write_text(MENDED)
    arguments = ("--against", "HEAD", "--output-format", "json", "--", sys.executable, "main.py")
    assert skinflint("prove", *arguments) == 0
    report = json.loads(capsys.readouterr().out)
    before, after = report["against"]["places"][0], report["places"][0]
    assert (before["place"], after["place"]) == ("shop.py:10", "shop.py:10")
    assert before["hit_rate"] == 0
    assert after["hit_rate"] > 0.7
    assert after["usd"] < before["usd"]
    assert before["broken"]["at"] == "shop.py:16:40"
    assert after["broken"] is None
    assert report["against"]["notes"] == report["notes"] == []
    worktrees = subprocess.run(
        ["git", "worktree", "list"], cwd=shop, check=True, capture_output=True, text=True
    )
    assert len(worktrees.stdout.strip().split("\n")) == 1
    assert skinflint("prove", "--against", "no-such", "--", sys.executable, "main.py") == 2
    assert "no-such" in capsys.readouterr().err


def test_a_script_answers_and_time_passes_between_calls(
    shop: Path, skinflint: Skinflint, capfd: Any
) -> None:
    (shop / "shop.py").write_text(MENDED)
    (shop / "main.py").write_text(
        "import shop\n\n"
        "for number in range(4):\n"
        "    print(shop.answer(f'Are you open on day {number}?').content[0].text, flush=True)\n"
    )
    (shop / "replies.json").write_text('[{"when": "day 2", "content": "Closed."}, "Open."]')
    options = ("--script", "replies.json", "--as-of", "2026-11-22")
    assert skinflint("prove", *options, "--gap", "200", "--", sys.executable, "main.py") == 0
    out, _ = capfd.readouterr()
    assert out.startswith("Open.\nOpen.\nClosed.\nOpen.\n")
    assert "hit rate 75 %" in out
    assert skinflint("prove", *options, "--gap", "301", "--", sys.executable, "main.py") == 0
    out, _ = capfd.readouterr()
    assert "hit rate 0 %" in out
    assert "3 calls came after the entry had expired" in out


CONCURRENT = """\
import asyncio
import threading

import anthropic


async def ask(client, number):
    async with client.messages.stream(
        model="claude-sonnet-5-5", max_tokens=20, messages=[{"role": "user", "content": "Hi"}]
    ) as stream:
        await stream.get_final_message()


async def whole():
    async with anthropic.AsyncAnthropic() as client:
        await asyncio.gather(*(ask(client, n) for n in range(2)))
        await asyncio.gather(
            *(
                client.messages.create(
                    model="claude-sonnet-5-5",
                    max_tokens=20,
                    messages=[{"role": "user", "content": "Ho"}],
                )
                for _ in range(3)
            )
        )


def elsewhere():
    # a client that was given the address by hand is led to the simulator, too
    with anthropic.Anthropic(base_url="https://api.anthropic.com", api_key="real") as client:
        client.messages.create(
            model="claude-sonnet-5-5", max_tokens=20, messages=[{"role": "user", "content": "Hey"}]
        )
        runner = client.beta.messages.tool_runner(
            model="claude-sonnet-5-5",
            max_tokens=20,
            tools=[],
            messages=[{"role": "user", "content": "Go"}],
        )
        runner.until_done()


asyncio.run(whole())
thread = threading.Thread(target=elsewhere)
thread.start()
thread.join()
"""


def test_requests_of_tasks_threads_and_runners_find_their_place(
    tmp_path: Path, skinflint: Skinflint, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "many.py").write_text(CONCURRENT)
    monkeypatch.chdir(tmp_path)
    assert skinflint("prove", "--output-format", "json", "--", sys.executable, "many.py") == 0
    places = json.loads(capsys.readouterr().out)["places"]
    found = {place["place"]: (place["function"], place["calls"]) for place in places}

    def line(part: str) -> str:
        lines = CONCURRENT.split("\n")
        return f"many.py:{next(n for n, text in enumerate(lines, 1) if part in text)}"

    assert found == {
        line("client.messages.stream("): ("ask", 2),
        "many.py:19": ("whole", 3),
        "many.py:32": ("elsewhere", 1),
        line("tool_runner("): ("elsewhere", 1),
    }
    assert all(place["rebuilt"] for place in places)


def test_a_request_of_a_library_stands_where_the_project_calls_it(tmp_path: Path) -> None:
    """A library between the project and the SDK hides no place; alone it is one itself."""
    library = tmp_path / "lib" / "site-packages" / "gateway.py"
    library.parent.mkdir(parents=True)
    library.write_text(SHOP)
    project = tmp_path / "project"
    project.mkdir()
    (project / "app.py").write_text("import gateway\n\ngateway.answer('Hello')\n")
    inner = Caller(str(library), 10, 22, "answer")
    outer = Caller(str(project / "app.py"), 3, 3, "<module>")

    def site(*callers: Caller) -> Site:
        nothing = Prompt((), (), None)
        exchange = Exchange(1, 0.0, "messages.create", callers, "m", None, nothing, None)
        return Sites(str(project), str(project)).of(exchange)

    assert site(inner, outer).name == "app.py:3"
    assert site(inner, outer).requests == ()
    assert site(inner).name == "gateway.py:10"
    assert len(site(inner).requests) > 0
    assert site().name == "a place that is not known"


def test_a_sitecustomize_of_the_user_still_runs(
    tmp_path: Path, skinflint: Skinflint, capfd: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = tmp_path / "own"
    own.mkdir()
    (own / "sitecustomize.py").write_text("print('mine ran')\n")
    monkeypatch.setenv("PYTHONPATH", str(own))
    monkeypatch.chdir(tmp_path)
    code = "import os, sys; print(os.environ['ANTHROPIC_API_KEY']); sys.exit(3)"
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-ant-secret")
    monkeypatch.setenv("ANTHROPIC_AUTH_TOKEN", "secret")
    assert skinflint("prove", "--", sys.executable, "-c", code) == 2
    out, err = capfd.readouterr()
    assert "mine ran" in out
    assert "secret" not in out
    assert "exit code 3" in err
    assert "sent no request to the simulator; nothing was proven" in err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--", "no-such-program"], "no-such-program"),
        (["--script", "nowhere.json", "--", "true"], "nowhere.json"),
        (["--against", "HEAD", "--", "true"], "git"),
        (["--turns", "-1", "--", "true"], "turns"),
        ([], "command"),
    ],
)
def test_what_can_not_be_run(
    tmp_path: Path,
    skinflint: Skinflint,
    capsys: Captured,
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    words: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    assert skinflint("prove", *arguments) == 2
    assert words in capsys.readouterr().err.lower()


def test_without_the_extra_it_says_what_to_install(
    skinflint: Skinflint, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in sys.modules if name.startswith("skinflint.cli.proving")]:
        monkeypatch.delitem(sys.modules, name)
    for name in [name for name in sys.modules if name.startswith("skinflint.simulator")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "uvicorn", None)
    assert skinflint("prove", "--", "true") == 2
    assert "pip install 'skinflint[prove]'" in capsys.readouterr().err


def test_prove_says_that_it_executes() -> None:
    assert prove.command.help is not None
    assert "This executes COMMAND" in prove.command.help


def test_nothing_of_the_report_depends_on_the_hash_seed(shop: Path) -> None:
    (shop / "shop.py").write_text(MENDED)
    outputs = set()
    for seed in ("1", "2"):
        done = subprocess.run(
            [sys.executable, "-m", "skinflint", "prove", "--", sys.executable, "main.py"],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        )
        outputs.add(done.stdout)
    assert len(outputs) == 1
