"""What becomes of the usage of a reply: where its counts go, and which calculations price them."""

from __future__ import annotations

from pathlib import Path

import pytest
from reading import sent

from skinflint.linter.config import Settings
from skinflint.linter.project import Project
from skinflint.linter.request import Request, Usage
from skinflint.linter.source import from_bytes

HEAD = """\
import anthropic

client = anthropic.Anthropic()
PRICE = 3e-6


def ask(question):
    reply = client.messages.create(
        model="claude-sonnet-5-5",
        max_tokens=500,
        cache_control={"type": "ephemeral"},
        messages=[{"role": "user", "content": question}],
    )
"""


def _one(text: str) -> Request:
    (request,) = sent(text)
    return request


def usage(body: str, rest: str = "") -> Usage:
    """What becomes of the usage, after the request the lines of ``body``."""
    lines = "".join(f"    {line}\n" for line in body.splitlines())
    return _one(f"{HEAD}{lines}\n\n{rest}").usage()


@pytest.mark.parametrize(
    "body",
    [
        "return reply.usage.input_tokens * PRICE",
        "cost = reply.usage.input_tokens * 3 / 1e6\nreturn cost",
        "u = reply.usage\ntokens = u.input_tokens\nreturn {'cost': tokens * 3e-6}",
        "tokens, other = reply.usage.input_tokens, 1\nspend = tokens / 1_000_000 * 3",
        "usage = reply.usage.model_dump()\nreturn usage['input_tokens'] * PRICE",
        "usage = reply.usage.to_dict()\nreturn usage.get('input_tokens', 0) * PRICE",
        "tokens = getattr(reply.usage, 'input_tokens', 0)\nreturn tokens * PRICE",
        "total = reply.usage.input_tokens + reply.usage.output_tokens\nreturn total * PRICE",
        "row = {'input_tokens': reply.usage.input_tokens}\nreturn row['input_tokens'] * PRICE",
        "spent = 0\nspent += reply.usage.input_tokens * 3e-6\nreturn spent",
        "n = int(reply.usage.input_tokens or 0)\nreturn round(n * PRICE, 4)",
    ],
)
def test_a_count_is_followed_to_its_price(body: str) -> None:
    assert len(usage(body).priced) == 1


@pytest.mark.parametrize(
    "body",
    [
        "return reply.usage.input_tokens",
        "print(reply.usage.input_tokens / 1000)",
        "return reply.usage.input_tokens * 100 / 200_000",
        "cost = reply.usage.output_tokens * 15e-6",
        "share = reply.usage.input_tokens * 100\nreturn share",
        "u = reply.usage\nread = u.cache_read_input_tokens\nreturn (u.input_tokens + read) * PRICE",
        "log(reply.usage)\nhit = reply.usage.cache_read_input_tokens > 0\n"
        "return reply.usage.input_tokens * PRICE",
    ],
)
def test_what_is_no_price_or_knows_the_cache(body: str) -> None:
    assert usage(body).priced == ()


def test_through_a_helper() -> None:
    helper = (
        "def cost_of(model, tokens_in, tokens_out):\n    return tokens_in * 3e-6 + tokens_out\n"
    )
    body = "return cost_of('x', reply.usage.input_tokens, reply.usage.output_tokens)"
    (priced,) = usage(body, helper).priced
    assert priced.function == "cost_of"
    assert priced.usage is None
    assert [step.label for step in priced.steps] == [
        "the input tokens are read here",
        "handed to cost_of()",
    ]
    # who calls the helper adds what the cache holds
    knows = (
        f"cost = {body.removeprefix('return ')}\nreturn cost + reply.usage.cache_read_input_tokens"
    )
    assert usage(knows, helper).priced == ()


def test_through_what_is_returned() -> None:
    rest = (
        "def main():\n    reply = ask('x')\n    print('cost', reply.usage.input_tokens * PRICE)\n"
    )
    (priced,) = usage("return reply", rest).priced
    assert priced.function == "main"


def test_the_usage_is_known_where_it_still_is() -> None:
    (priced,) = usage("u = reply.usage\nreturn u.input_tokens * PRICE").priced
    assert priced.usage is not None
    assert priced.usage.line == 15
    (priced,) = usage("n = reply.usage.input_tokens\nreturn n * PRICE").priced
    assert priced.usage is not None


METER = """\
import anthropic

client = anthropic.Anthropic()


class Meter:
    def __init__(self):
        self.tokens = 0
        self.stats = {"input_tokens": 0}

    def ask(self, question):
        reply = client.messages.create(
            model="claude-sonnet-5-5",
            max_tokens=500,
            messages=[{"role": "user", "content": question}],
        )
        KEEP
        return reply

    def cost(self):
        return READ * 3e-6


class Other:
    def cost(self):
        return self.tokens * 3e-6
"""


@pytest.mark.parametrize(
    ("keep", "read"),
    [
        ("self.tokens += reply.usage.input_tokens", "self.tokens"),
        ('self.stats["input_tokens"] += reply.usage.input_tokens', 'self.stats["input_tokens"]'),
    ],
)
def test_through_a_total(keep: str, read: str) -> None:
    found = _one(METER.replace("KEEP", keep).replace("READ", read)).usage()
    (priced,) = found.priced
    assert priced.function == "Meter.cost"
    assert "added up here" in [step.label for step in priced.steps]


def test_through_another_module(tmp_path: Path) -> None:
    (tmp_path / "prices.py").write_text(
        "def cost_of(usage):\n    return usage.input_tokens * 3e-6 + usage.output_tokens * 1e-5\n"
    )
    text = HEAD.replace("import anthropic\n", "import anthropic\nfrom prices import cost_of\n", 1)
    text += "    return cost_of(reply.usage)\n"
    (tmp_path / "app.py").write_text(text)
    file = from_bytes(str(tmp_path / "app.py"), text.encode())
    (request,) = Project(Settings(root=str(tmp_path))).requests(file)
    (priced,) = request.usage().priced
    assert priced.span.path.endswith("prices.py")


def test_priced_twice() -> None:
    body = """\
u = reply.usage
total = u.input_tokens + u.cache_read_input_tokens + u.cache_creation_input_tokens
cost = total * PRICE + u.cache_read_input_tokens * 3e-7
return cost
"""
    found = usage(body)
    assert found.priced == ()
    (twice,) = found.twice
    assert twice.sum
    assert twice.span.line == 16
    once = body.replace(" + u.cache_read_input_tokens * 3e-7", "")
    assert usage(once).twice == ()


@pytest.mark.parametrize(
    "cost",
    [
        "plain = usage.input_tokens - usage.cache_read_input_tokens",
        "n = usage.get('input_tokens')\nplain = n - (r + usage.cache_creation_input_tokens)",
        "plain = max(0, usage.input_tokens - cache_read - cache_written)",
        "if usage.cache_read_input_tokens:\n    plain = usage.input_tokens - cache_read",
        "if 'cache_read_input_tokens' in usage:\n    plain = usage.input_tokens - cache_read",
        "if usage.service_tier == 'standard':\n    plain = usage.input_tokens - cache_read",
        "if cache_read and service == 'own':\n    plain = usage.input_tokens - cache_read",
        "if cache_left != '':\n    plain = usage.input_tokens - cache_read",
    ],
)
def test_what_the_cache_holds_is_taken_out_of_the_input(cost: str) -> None:
    lines = "".join(f"    {line}\n" for line in cost.splitlines())
    (taken,) = usage("return cost_of(reply.usage)", f"def cost_of(usage):\n{lines}").taken
    assert taken.function == "cost_of"


@pytest.mark.parametrize(
    "cost",
    [
        "n = usage.input_tokens\nn += cache_read\nplain = n - cache_read",
        "n = usage.input_tokens + cache_read\nplain = n - cache_read",
        "u = usage\nn = u.input_tokens + cache_read if own else u.input_tokens\ny = n - cache_read",
        "if service == 'other':\n    plain = usage.input_tokens - cache_read",
        "plain = usage.input_tokens - cache_read if service == 'other' else usage.input_tokens",
        "if cache_accounting != 'apart':\n    plain = usage.input_tokens - cache_read",
        "if cache_in in ('input', 'all'):\n    plain = usage.input_tokens - cache_read",
        "if 'apart' != self.cache_kind:\n    plain = usage.input_tokens - cache_read",
        "plain = usage.prompt_tokens - cache_read",
        "plain = usage.output_tokens - cache_read",
        "plain = usage.cache_read_input_tokens - usage.input_tokens",
        "room = usage.input_tokens - reserved",
        "usage.total += usage.input_tokens\nplain = usage.total - cache_read",
    ],
)
def test_a_difference_that_may_be_right(cost: str) -> None:
    lines = "".join(f"    {line}\n" for line in cost.splitlines())
    found = usage("return cost_of(reply.usage)", f"def cost_of(usage):\n{lines}")
    assert found.taken == ()


def test_what_is_read_and_what_leaves() -> None:
    assert usage("return reply.content[0].text").read == ()
    assert usage("print(reply.usage)").read
    assert usage("record(reply)").handed_on
    assert usage("print(reply.content[0].text)").handed_on is False


def test_a_sum_from_which_the_cache_is_taken_again_is_priced_once() -> None:
    body = """\
u = reply.usage
read = u.cache_read_input_tokens
total = u.input_tokens + read
cost = (total - read) * PRICE + read * 0.1 * PRICE
return cost
"""
    assert usage(body).twice == ()


def test_a_reply_that_gets_a_name() -> None:
    bound = usage("return reply.content").bound
    assert bound is not None
    assert bound[0].line == 8
    assert bound[1] == "reply"
    assert _one(HEAD.replace("reply = ", "return ")).usage().bound is None


@pytest.mark.parametrize(
    ("other", "recorded"),
    [
        ("def cost(reply):\n    return reply.usage.output_tokens\n", True),
        ("from opentelemetry import trace\n", True),
        ('def show(row):\n    return row["usage"]\n', True),
        ('"""Usage: python app.py QUESTION"""\n', False),
    ],
)
def test_another_file_may_record_it(other: str, recorded: bool, tmp_path: Path) -> None:
    text = f"{HEAD}    return reply.content\n"
    (tmp_path / "app.py").write_text(text)
    (tmp_path / "other.py").write_text(other)
    file = from_bytes(str(tmp_path / "app.py"), text.encode())
    (request,) = Project(Settings(root=str(tmp_path))).requests(file)
    assert request.usage().recorded() is recorded
    # what tests look at is not recorded
    (tmp_path / "other.py").rename(tmp_path / "test_other.py")
    (request,) = Project(Settings(root=str(tmp_path))).requests(file)
    assert request.usage().recorded() is False
