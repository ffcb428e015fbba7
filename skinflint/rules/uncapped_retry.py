"""SKF802: a request that is sent again until it succeeds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from skinflint.linter.findings import Applicability, CapLoop, Finding, Fix, SetKeyword, Tier
from skinflint.linter.request import Request, Retry
from skinflint.linter.spans import Role, Step
from skinflint.linter.values import Confidence
from skinflint.rules.base import Context, Example, Rule

#: How often the fix lets a request be sent.
TRIES = 5

_PARSED = """\
import json

import anthropic

client = anthropic.Anthropic()


def recipe(dish: str) -> dict:
    messages = [{"role": "user", "content": f"A recipe for {dish}, as JSON."}]
    while True:  # <-
        reply = client.messages.create(
            model="claude-sonnet-5-5",
            max_tokens=4000,
            messages=messages,
        )
        text = reply.content[-1].text
        try:
            return json.loads(text)
        except ValueError as error:
            print("no JSON:", error)
"""

_PARSED_FIXED = """\
import json

import anthropic

client = anthropic.Anthropic()


def recipe(dish: str) -> dict:
    messages = [{"role": "user", "content": f"A recipe for {dish}, as JSON."}]
    for _ in range(5):
        reply = client.messages.create(
            model="claude-sonnet-5-5",
            max_tokens=4000,
            messages=messages,
        )
        text = reply.content[-1].text
        try:
            return json.loads(text)
        except ValueError as error:
            print("no JSON:", error)
    else:
        raise RuntimeError("no answer after 5 tries")
"""

_BACKOFF = """\
import anthropic
import backoff

client = anthropic.Anthropic()


@backoff.on_exception(backoff.expo, (anthropic.APIError, ValueError))  # <-
def headline(article: str) -> str:
    reply = client.messages.create(
        model="claude-haiku-5-5",
        max_tokens=300,
        messages=[{"role": "user", "content": f"A headline of at most 60 letters:\\n{article}"}],
    )
    text = reply.content[-1].text
    if len(text) > 60:
        raise ValueError(text)
    return text
"""

_GOOD = """\
import json
import time

import anthropic
import backoff
import openai
from tenacity import retry, stop_after_attempt

client = anthropic.Anthropic()


def ask(text: str):
    return client.messages.create(
        model="claude-sonnet-5-5",
        max_tokens=4000,
        messages=[{"role": "user", "content": text}],
    )


@retry(stop=stop_after_attempt(3))
def recipe(dish: str) -> dict:
    return json.loads(ask(f"A recipe for {dish}, as JSON.").content[-1].text)


@backoff.on_exception(backoff.expo, openai.RateLimitError)
def either(text: str, own: bool) -> str:
    if own:
        return ask(text).content[-1].text
    reply = openai.OpenAI().responses.create(model="gpt-5", input=text)
    return reply.output_text


def patient(text: str) -> str:
    tries = 0
    while True:
        try:
            return ask(text).content[-1].text
        except anthropic.APIError:
            tries += 1
            if tries > 4:
                raise
            time.sleep(2**tries)


def watch(jobs) -> None:
    while True:
        job = jobs.get()
        try:
            job.answer(ask(job.text).content[-1].text)
        except anthropic.APIError as error:
            job.fail(error)
"""


class UncappedRetry(Rule):
    """A request is sent again and again until it succeeds.

    ## What it does
    Reports endless loops that only a reply that could be read ends, while every failure (an error
    of the API, a reply that can't be parsed or does not hold) starts another round, and retry
    decorators without a stop: `tenacity.retry` without `stop`, `backoff` without `max_tries` and
    `max_time`. Silent where anything else may end it: a count, a clock, a person, a budget; and
    where it retries on errors of other services alone.

    ## Why it costs
    A reply that never fits, because the prompt asks for what the check forbids, is paid for until
    somebody looks. Each round sends all of the prompt again, and where failures are put into the
    conversation, more than the round before. The SDK by itself tries a request that fails 2 more
    times, which multiplies with the loop around it.

    ## Example
    JSON, or try again.

    ## Use instead
    Three to five tries, then an error. A schema (`output_config` with a format, or a strict tool)
    makes most of these loops unnecessary.

    ## Fix safety
    Unsafe: what would have succeeded at the sixth try is an error now.

    ## References
    - A loop of retries without a cap: https://github.com/langchain-ai/langchain/issues/40753
    - Retries of the SDK, anthropic 2.14.0, `max_retries` (2026-11-25):
      https://github.com/anthropics/anthropic-sdk-python#retries
    """

    id = "SKF802"
    name = "uncapped-retry"
    summary = "A request is sent again until it succeeds, however long that takes"
    tier = Tier.PREVIEW
    examples: ClassVar[tuple[Example, ...]] = (
        Example("Until the reply can be parsed", bad=_PARSED, fixed=_PARSED_FIXED),
        Example(
            "A decorator without an end",
            bad=_BACKOFF,
            fixed=_BACKOFF.replace("ValueError))  # <-", "ValueError), max_tries=5)"),
        ),
        Example("Limits, errors of others, a worker", good=_GOOD),
    )

    def check(self, request: Request, context: Context) -> Iterator[Finding]:
        """One finding per loop or decorator without an end."""
        for retry in request.retries():
            if retry.kind == "failure":
                yield self._finding(request, retry)

    def _finding(self, request: Request, retry: Retry) -> Finding:
        fix = None
        no_fix = None
        if not retry.library:
            says = "Only success ends this loop: every failure sends the request again."
            ops = (CapLoop(retry.span, TRIES, "tries"),)
            fix = Fix(Applicability.UNSAFE, f"Give up after {TRIES} tries", ops)
        else:
            says = (
                f"{retry.library} sends the request again until it succeeds: nothing says when to "
                f"give up."
            )
            if retry.keyword:
                set_ = (SetKeyword(retry.span, retry.keyword, str(TRIES)),)
                fix = Fix(Applicability.UNSAFE, f"Give up after {TRIES} tries", set_)
            else:
                no_fix = f"Give {retry.library} a `{retry.stop}`."
        return self.finding(
            request,
            retry.head,
            says,
            related=(
                *retry.steps,
                Step(Role.SINK, request.site.span, f"sent by {request.site.method}"),
            ),
            confidence=Confidence.MEDIUM,
            fix=fix,
            no_fix=no_fix,
            identity=(self.id, retry.span),
        )
