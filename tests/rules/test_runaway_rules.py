"""SKF603, 802 and 803: what is sent again without an end, and tools that the server runs."""

from __future__ import annotations

from textwrap import dedent

import pytest
from judging import judged, mended

from skinflint.linter.findings import Finding
from skinflint.rules.retry_at_same_cap import RetryAtSameCap
from skinflint.rules.uncapped_retry import UncappedRetry
from skinflint.rules.uncapped_server_tool import UncappedServerTool

HEAD = """\
import anthropic
client = anthropic.Anthropic()
def send(text, tools):
    return client.beta.messages.create(model="claude-sonnet-5-5", max_tokens=900, tools=tools,
        messages=[{"role": "user", "content": text}]).content[0].text
"""


def found(text: str) -> tuple[Finding, ...]:
    return judged(UncappedServerTool, HEAD + dedent(text))


@pytest.mark.parametrize("kind", ["web_search_20250305", "web_fetch_20260318", "advisor_20260301"])
def test_each_tool_with_a_limit_of_its_own(kind: str) -> None:
    (finding,) = found(f'send("Go.", [{{"type": "{kind}", "name": "it"}}])')
    assert "`max_uses`" in finding.message
    assert ("10 dollars" in finding.message) is kind.startswith("web_search")


def test_it_is_told_where_it_is_defined() -> None:
    before = HEAD + dedent("""
        SEARCH = {
            "type": "web_search_20250305",
            "name": "web_search",
        }
        def ask(text):
            tools = [SEARCH.copy()]
            tools[-1]["cache_control"] = {"type": "ephemeral"}
            return send(text, tools)
        """)
    (finding,) = found(before.removeprefix(HEAD))
    assert finding.primary.line == 8
    assert '    "max_uses": 5,\n' in mended(UncappedServerTool, before)


@pytest.mark.parametrize(
    "tool",
    [
        '{"type": "web_search_20250305", "name": "web_search", "max_uses": 50}',
        '{"type": "web_search_20250305", "name": "web_search", "max_uses": limit}',
        '{"type": "web_search_20250305", "name": "web_search", **more}',
        '{"type": "code_execution_20260521", "name": "code_execution"}',
        '{"type": kind, "name": "web_search"}',
        '{"name": "web_search", "description": "Ours.", "input_schema": {"type": "object"}}',
    ],
)
def test_what_has_a_limit_may_have_one_or_takes_none(tool: str) -> None:
    assert found(f'def ask(limit, more, kind):\n    return send("Go.", [{tool}])') == ()


def test_a_limit_that_is_set_on_some_paths_may_be_meant() -> None:
    assert (
        found("""
        def ask(limit=None):
            tool = {"type": "web_search_20250305", "name": "web_search"}
            if limit:
                tool["max_uses"] = limit
            return send("Go.", [tool])
        """)
        == ()
    )


ASK = """\
import json, time
import anthropic
client = anthropic.Anthropic()
def ask(text, room=900):
    return client.messages.create(model="claude-sonnet-5-5", max_tokens=room,
        messages=[{"role": "user", "content": text}])
"""


@pytest.mark.parametrize(
    "body",
    [
        # an error of the API
        """
        while True:
            try:
                return ask(text)
            except anthropic.APIError:
                time.sleep(1)
        """,
        # the helper is called in front of what may fail
        """
        while True:
            reply = ask(text)
            try:
                found = json.loads(reply.content[0].text)
                break
            except ValueError:
                continue
        return found
        """,
        # some errors are passed on, the others are not
        """
        while True:
            try:
                return ask(text)
            except anthropic.BadRequestError:
                raise
            except Exception:
                pass
        """,
    ],
)
def test_a_loop_that_success_alone_ends(body: str) -> None:
    text = ASK + "def tell(text):" + body.replace("\n        ", "\n    ")
    (finding,) = judged(UncappedRetry, text)
    assert finding.message.startswith("Only success ends this loop")
    assert "for _ in range(5):" in mended(UncappedRetry, text)
    assert "no answer after 5 tries" in mended(UncappedRetry, text)


@pytest.mark.parametrize(
    "body",
    [
        # a count
        """
        for _ in range(3):
            try:
                return ask(text)
            except anthropic.APIError:
                time.sleep(1)
        """,
        """
        tries = 0
        while True:
            try:
                return ask(text)
            except anthropic.APIError:
                tries += 1
                if tries > 3:
                    raise
        """,
        """
        left = 3
        while True:
            if left == 0:
                raise RuntimeError("no answer")
            left -= 1
            try:
                reply = ask(text)
            except anthropic.APIError:
                continue
            return reply
        """,
        # a clock
        """
        end = time.monotonic() + 60
        while True:
            try:
                return ask(text)
            except anthropic.APIError:
                if time.monotonic() > end:
                    raise
        """,
        # nothing is tried again
        """
        while True:
            try:
                return ask(text)
            except anthropic.APIError:
                raise
        """,
        # it goes on after success: a worker, a chat
        """
        while True:
            try:
                print(ask(input("> ")).content)
            except anthropic.APIError as error:
                print(error)
        """,
        """
        while True:
            try:
                text.put(ask(text.get()))
            except anthropic.APIError as error:
                print(error)
        """,
    ],
)
def test_a_loop_that_ends_or_does_something_else(body: str) -> None:
    text = ASK + "def tell(text):" + body.replace("\n        ", "\n    ")
    assert judged(UncappedRetry, text) == ()


@pytest.mark.parametrize(
    ("decorator", "keyword"),
    [
        ("backoff.on_exception(backoff.expo, anthropic.APIError)", "max_tries=5"),
        ("backoff.on_exception(backoff.expo, (openai.APIError, ValueError))", "max_tries=5"),
        ("retrying.retry(wait_fixed=2000)", "stop_max_attempt_number=5"),
        ("retry.retry(ValueError, delay=2)", "tries=5"),
    ],
)
def test_a_decorator_without_an_end(decorator: str, keyword: str) -> None:
    text = (
        "import anthropic, backoff, openai, retrying, retry\n"
        + ASK
        + f"@{decorator}\ndef tell(text):\n    return ask(text)\n"
    )
    (finding,) = judged(UncappedRetry, text)
    assert "nothing says when to give up" in finding.message
    assert f", {keyword})" in mended(UncappedRetry, text)


def test_tenacity_takes_a_stop() -> None:
    for written in ("retry", "retry(wait=wait_fixed(2))"):
        text = (
            ASK + f"from tenacity import retry, wait_fixed, stop_after_attempt\n@{written}\n"
            "async def tell(text):\n    return ask(text)\n"
        )
        (finding,) = judged(UncappedRetry, text)
        assert finding.fix is None
        assert finding.no_fix == "Give tenacity a `stop`."
        stopped = text.replace(f"@{written}", "@retry(stop=stop_after_attempt(3))")
        assert judged(UncappedRetry, stopped) == ()


@pytest.mark.parametrize(
    "decorator",
    [
        "backoff.on_exception(backoff.expo, anthropic.APIError, max_time=60)",
        "backoff.on_exception(backoff.expo, openai.APIError)",
        "backoff.on_exception(backoff.expo, anthropic.APIError, **limits)",
        "stamina.retry(on=anthropic.APIError)",
        "retry(text)",
    ],
)
def test_decorators_that_end_or_are_about_others(decorator: str) -> None:
    text = (
        "import anthropic, backoff, openai, stamina\nfrom own import retry, limits\n"
        + ASK
        + f"@{decorator}\ndef tell(text):\n    return ask(text)\n"
    )
    assert judged(UncappedRetry, text) == ()


SAME = (
    ASK
    + """
def tell(text):
    MORE
    for attempt in range(3):
        reply = client.messages.create(model="claude-sonnet-5-5", max_tokens=CAP,
            messages=[{"role": "user", "content": text}])
        if reply.stop_reason != "max_tokens":
            return reply
        AGAIN
"""
)


def same(cap: str, more: str = "pass", again: str = "") -> str:
    text = SAME.replace("CAP", cap).replace("MORE", more)
    return text.replace("        AGAIN\n", f"        {again}\n" if again else "")


def test_the_cap_is_doubled_where_there_is_room() -> None:
    (finding,) = judged(RetryAtSameCap, same("1000"))
    assert finding.primary.line == 13
    assert "max_tokens=1000 * 2**attempt" in mended(RetryAtSameCap, same("1000"))
    (finding,) = judged(RetryAtSameCap, same("9000"))  # 36,000 need a stream
    assert finding.fix is None
    (finding,) = judged(RetryAtSameCap, same("room", "room = 1000"))
    assert finding.fix is None


@pytest.mark.parametrize(
    "text",
    [
        same("1000 * 2**attempt"),
        same("room", "room = 1000", "room *= 2"),
        same("room_for(attempt)"),
        same("1000", again='text += "Be brief."'),
        same("1000").replace('"max_tokens":\n', '"refusal":\n'),
    ],
)
def test_something_else_is_asked(text: str) -> None:
    assert judged(RetryAtSameCap, text) == ()
