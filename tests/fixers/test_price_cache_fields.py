"""A price for input tokens that the counts of the cache are put beside."""

from __future__ import annotations

import pytest
from mending import find, mended, source

from skinflint.fixers.declined import Declined
from skinflint.linter.findings import PriceCacheFields

WEIGHTS = (("cache_read_input_tokens", 0.1), ("cache_creation_input_tokens", 1.25))
READ = "0.1 * (u.cache_read_input_tokens or 0)"
WRITTEN = "1.25 * (u.cache_creation_input_tokens or 0)"


def op(text: str, tokens: str, usage: str = "u", after: str = "") -> PriceCacheFields:
    code = source(text)
    return PriceCacheFields(
        find(code, tokens, after=after), find(code, usage, after=after), WEIGHTS
    )


def test_the_counts_stand_one_below_the_other() -> None:
    text = "def f(u):\n    the_cost = u.input_tokens * PRICE_IN + u.output_tokens * PRICE_OUT\n"
    new = mended(source(text), op(text, "u.input_tokens", after="= "))
    inner = f"        u.input_tokens\n        + {READ}\n        + {WRITTEN}\n    )"
    assert f"the_cost = (\n{inner} * PRICE_IN + " in new


def test_what_it_computes() -> None:
    text = "n = u.input_tokens\nc = n * 2\n"
    new = mended(source(text), named(text))

    class Use:
        input_tokens = 500
        cache_read_input_tokens = 9000
        cache_creation_input_tokens = None

    names: dict[str, object] = {"u": Use}
    exec(new, names)
    assert names["c"] == (500 + 900) * 2


def named(text: str) -> PriceCacheFields:
    code = source(text)
    return PriceCacheFields(find(code, "n", after="n * 2"), find(code, "u"), WEIGHTS)


def test_a_number_that_is_given_anew_is_left() -> None:
    text = "n = u.input_tokens\nn = n + 1\nc = n * 2\n"
    with pytest.raises(Declined, match="more than once"):
        mended(source(text), named(text))
    text = "c = getattr(u, 'input_tokens') * 2\n"
    with pytest.raises(Declined, match="computed"):
        mended(source(text), op(text, "getattr(u, 'input_tokens')"))
