"""The pytest plugin, in a test run of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

TESTS = """\
import itertools
import os

import anthropic
import pytest

RULES = "The shop opens at eight. " * 200
COUNT = itertools.count()


def ask(client, prompt):
    return client.messages.create(
        model="claude-sonnet-5-5",
        max_tokens=20,
        system=[{"type": "text", "text": prompt, "cache_control": {"type": "ephemeral"}}],
        messages=[{"role": "user", "content": "Hello"}],
    )


def test_stable(skinflint_simulator):
    with anthropic.Anthropic() as client:
        for _ in range(5):
            ask(client, RULES)
    skinflint_simulator.assert_cache_hits(min_ratio=0.7)
    skinflint_simulator.assert_cache_hits(min_ratio=0.99, skip=1)
    assert 0.7 < skinflint_simulator.hit_rate < 0.9


def test_broken(skinflint_simulator, assert_cache_hits):
    with anthropic.Anthropic() as client:
        for _ in range(3):
            ask(client, f"{RULES}Call {next(COUNT)}")
    assert_cache_hits(min_ratio=0.5)


def test_unused(assert_cache_hits):
    assert_cache_hits(min_ratio=0.5)


def test_time_passes(skinflint_simulator):
    with anthropic.Anthropic() as client:
        ask(client, RULES)
        skinflint_simulator.advance(301)
        assert ask(client, RULES).usage.cache_read_input_tokens == 0
        skinflint_simulator.reset()
        assert skinflint_simulator.exchanges == []
        assert ask(client, RULES).usage.cache_read_input_tokens == 0


def test_replies(skinflint_simulator):
    from skinflint.simulator.replies import Echo

    skinflint_simulator.reply_with(Echo())
    with anthropic.Anthropic() as client:
        assert ask(client, RULES).content[0].text == "Hello"
    found = skinflint_simulator.environment(EXTRA="1")
    assert found["ANTHROPIC_BASE_URL"] == skinflint_simulator.url
    assert found["EXTRA"] == "1"


def test_the_environment_is_as_before():
    assert os.environ["ANTHROPIC_API_KEY"] == "mine"
    assert "ANTHROPIC_BASE_URL" not in os.environ
    assert os.environ["ANTHROPIC_AUTH_TOKEN"] == "token"
"""


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What pytest says about those tests."""
    folder: Path = tmp_path_factory.mktemp("project")
    (folder / "test_hits.py").write_text(TESTS)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-v", "-W", "error", "-p", "no:cacheprovider", "."],
        cwd=folder,
        env={**os.environ, "ANTHROPIC_API_KEY": "mine", "ANTHROPIC_AUTH_TOKEN": "token"},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout


def test_what_holds_passes_and_what_does_not_fails(output: str) -> None:
    verdicts = dict(
        line.removeprefix("test_hits.py::").split(" ")[:2]
        for line in output.split("\n")
        if line.startswith("test_hits.py::")
    )
    assert verdicts == {
        "test_stable": "PASSED",
        "test_broken": "FAILED",
        "test_unused": "FAILED",
        "test_time_passes": "PASSED",
        "test_replies": "PASSED",
        "test_the_environment_is_as_before": "PASSED",
    }


def test_a_failure_says_what_was_read_and_where_it_broke(output: str) -> None:
    assert "0% of the prompts were read from the cache, not 50%:" in output
    assert "request 2 (claude-sonnet-5-5): read 0, written " in output
    byte = len("The shop opens at eight. ") * 200 + len("Call ")
    assert f"request 2 differs from request 1 at byte {byte}, in system.0: " in output
    assert "no request was answered, so there is no hit rate" in output


def test_the_plugin_loads_nothing_until_it_is_used(tmp_path: Path) -> None:
    (tmp_path / "test_nothing.py").write_text(
        "import sys\n\n"
        "def test_nothing():\n"
        "    heavy = {'starlette', 'uvicorn', 'anthropic', 'skinflint.catalog'}\n"
        "    assert heavy & set(sys.modules) == set()\n"
        "    assert 'skinflint.testing' in sys.modules\n"
    )
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "."],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
