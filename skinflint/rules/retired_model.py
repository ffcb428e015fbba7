"""SKF402: a model that is no longer served, or won't be soon."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import ClassVar

from skinflint.catalog import api
from skinflint.catalog.models import Model
from skinflint.linter.findings import Applicability, Finding, Fix, ReplaceString, Severity
from skinflint.linter.request import ModelRef, Request
from skinflint.linter.values import Known, alternatives
from skinflint.rules._models import (
    begins_to_think,
    default_clause,
    elsewhere,
    ended_ids,
    fails,
    first_party_ids,
    is_registered,
    is_told,
    model_trail,
    platform_of,
    rejected,
    sender,
)
from skinflint.rules._needs import a_model
from skinflint.rules.base import Context, Example, Rule

#: Tokens of a reply below which thinking may leave none for the text.
_ROOM = 300
#: Tokens of a reply that nobody wants to read.
_PING = 64

_DEFAULTS = """\
import os
from dataclasses import dataclass

import anthropic


@dataclass
class Settings:
    model: str = os.getenv("SUMMARY_MODEL", "claude-3-5-sonnet-20241022")  # <-
    max_tokens: int = 800


class Summarizer:
    def __init__(self, settings: Settings):
        self._settings = settings
        self._client = anthropic.Anthropic()

    def summarize(self, text: str) -> str:
        reply = self._client.messages.create(
            model=self._settings.model,
            max_tokens=self._settings.max_tokens,
            messages=[{"role": "user", "content": f"Summarize in five lines:\\n\\n{text}"}],
        )
        return reply.content[0].text


summarizer = Summarizer(Settings())
"""

_DEFAULTS_FIXED = """\
import os
from dataclasses import dataclass

import anthropic


@dataclass
class Settings:
    model: str = os.getenv("SUMMARY_MODEL", "claude-sonnet-5-5")
    max_tokens: int = 800


class Summarizer:
    def __init__(self, settings: Settings):
        self._settings = settings
        self._client = anthropic.Anthropic()

    def summarize(self, text: str) -> str:
        reply = self._client.messages.create(
            model=self._settings.model,
            max_tokens=self._settings.max_tokens,
            messages=[{"role": "user", "content": f"Summarize in five lines:\\n\\n{text}"}],
        )
        return reply.content[0].text


summarizer = Summarizer(Settings())
"""


_CONSTANT = """\
from anthropic import AsyncAnthropic

CLASSIFIER_MODEL = "claude-3-haiku-20240307"  # <-
WRITER_MODEL = "claude-opus-4-20250514"  # <-

client = AsyncAnthropic()


async def _complete(model: str, prompt: str, max_tokens: int) -> str:
    params = {
        "model": model,
        "max_tokens": max_tokens,
        "messages": [{"role": "user", "content": prompt}],
    }
    reply = await client.messages.create(**params)
    return reply.content[0].text


async def answer(mail: str) -> str:
    kind = await _complete(CLASSIFIER_MODEL, f"One word: what is this about?\\n{mail}", 10)
    return await _complete(WRITER_MODEL, f"Answer this {kind} mail:\\n{mail}", 1000)
"""

_CONSTANT_FIXED = """\
from anthropic import AsyncAnthropic

CLASSIFIER_MODEL = "claude-haiku-4-5-20251001"
WRITER_MODEL = "claude-opus-4-8"

client = AsyncAnthropic()


async def _complete(model: str, prompt: str, max_tokens: int) -> str:
    params = {
        "model": model,
        "max_tokens": max_tokens,
        "messages": [{"role": "user", "content": prompt}],
    }
    reply = await client.messages.create(**params)
    return reply.content[0].text


async def answer(mail: str) -> str:
    kind = await _complete(CLASSIFIER_MODEL, f"One word: what is this about?\\n{mail}", 10)
    return await _complete(WRITER_MODEL, f"Answer this {kind} mail:\\n{mail}", 1000)
"""


_ANNOUNCED = """\
import argparse

import anthropic


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("question")
    parser.add_argument("--model", default="claude-sonnet-4-5")  # <-
    args = parser.parse_args()
    client = anthropic.Anthropic()
    with client.messages.stream(
        model=args.model,
        max_tokens=1024,
        messages=[{"role": "user", "content": args.question}],
    ) as stream:
        for text in stream.text_stream:
            print(text, end="", flush=True)


if __name__ == "__main__":
    main()
"""

_ANNOUNCED_FIXED = """\
import argparse

import anthropic


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("question")
    parser.add_argument("--model", default="claude-sonnet-5-5")
    args = parser.parse_args()
    client = anthropic.Anthropic()
    with client.messages.stream(
        model=args.model,
        max_tokens=1024,
        messages=[{"role": "user", "content": args.question}],
    ) as stream:
        for text in stream.text_stream:
            print(text, end="", flush=True)


if __name__ == "__main__":
    main()
"""


_GOOD = """\
import anthropic
from anthropic import AnthropicBedrock

RETIRED = {"claude-3-opus-20240229", "claude-2.1"}

client = anthropic.Anthropic()
bedrock = AnthropicBedrock()
elsewhere = anthropic.Anthropic(base_url="https://llm.example.org")


def ask(question: str, model: str = "claude-sonnet-4-6") -> str:
    if model in RETIRED:
        raise ValueError(f"{model} is no longer served")
    reply = client.messages.create(
        model=model,
        max_tokens=500,
        messages=[{"role": "user", "content": question}],
    )
    return reply.content[0].text


def ask_on_bedrock(question: str) -> str:
    reply = bedrock.messages.create(
        model="anthropic.claude-opus-4-1-20250805-v1:0",
        max_tokens=500,
        messages=[{"role": "user", "content": question}],
    )
    return reply.content[0].text


def ask_elsewhere(question: str) -> str:
    reply = elsewhere.messages.create(
        model="claude-3-opus-20240229",
        max_tokens=500,
        messages=[{"role": "user", "content": question}],
    )
    return reply.content[0].text
"""


class RetiredModel(Rule):
    """The request names a model that is retired, or whose retirement is announced.

    ## What it does
    Follows the model of each request to the literals it may come from (constants, defaults of
    parameters, of settings and of environment variables) and looks them up in the catalogue. A
    retired id is an error; an id that retires within 60 days of the day of the check
    (`--as-of`) a warning. Dates that say "not before" are no announcement. Partner clouds keep a
    calendar of their own: of Bedrock's, only what has ended is told; ids sent to Vertex or to a
    compatible server are left alone, and so is code of a program that nothing in it runs any more.
    So are ids that are written but not sent: a default for which all who make the object hand in
    another (an id handed in is told in its place), a fallback behind a setting or a table of
    defaults that has a model of its own (which is told in its place), and what is tried only after
    a model that is served; nor does it speak of a loop that asks one model after the other for a
    few tokens, or in a test, to see which are served.
    Where settings that the project brings along name a model in the place of a fallback, that model
    is judged, and told where the code falls back.
    Test files are judged as well. Notebooks of a repository whose first page speaks of a paper are
    part of a study, in which another model would answer another question, and so is code of it
    whose model the results name that are kept there: they are told of with `--preview`. So is what
    serves only programs that are run by hand: a project that is deployed (a Dockerfile, a compose
    file, a Procfile, commands of a package) starts them nowhere, and no page, script or workflow
    says how to (a history, a plan or a report tells of what was run once); and so is what stands
    for a key that a table has not (`settings.get("model", "...")`), or behind a parameter that all
    callers hand in (`model = model or "..."`): both may always be there. The same holds for a
    variable that the project's `.env.example`, compose file or Dockerfile gives a served model,
    and for the default of a parameter where each call by the name of its function or class hands
    one in. What no page of a package speaks of, its top doesn't hand on, no entry point names and
    nothing in it leads to is run by nobody; what the SDK surely refuses to send has no model.

    ## Why it costs
    A request for a retired model fails, every time: it is an outage with a date. In the labelled
    sites of real applications that this tool was built on, 42 % name a model that is retired
    (2026-08-21). Older models are often dearer, too: Claude Opus 4.1 cost 15 dollars per million
    input tokens, Claude Opus 5.5 costs 4.

    ## Example
    The default of a setting, several steps away from the request it breaks.

    ## Use instead
    The replacement that the documentation names, or the one that your own table names
    (`[tool.skinflint.routing]`).

    ## Fix safety
    Unsafe: another model answers. Where that one thinks before it answers unless told otherwise,
    the finding says so: the first block of a reply is no text then, and what reads
    `content[0].text` must look for the text; where a reply has room for a few tokens, its text
    may be cut off, and thinking has to be turned off or given room. There is none where the
    replacement rejects a parameter, or a version of one of the API's own tools, that one of the
    requests sends, or sends in some cases: both have to be changed then; none for text
    completions, which serve no model of today; and none where the id is an entry of a list of
    models under a name of its own (`CLAUDE_3_HAIKU`, `"sonnet-3.5"`).

    ## References
    - Model deprecations, Anthropic documentation (2026-10-10):
      https://platform.claude.com/docs/en/about-claude/model-deprecations
    - Prices (2026-10-08): https://platform.claude.com/docs/en/about-claude/pricing
    """

    id = "SKF402"
    name = "retired-model"
    summary = "The model is retired, or its retirement is announced"
    severity = Severity.ERROR
    in_tests = True
    of_unused = True
    supersedes = ("SKF403",)  # of the replacement it can be told only once that is there
    examples: ClassVar[tuple[Example, ...]] = (
        Example("The default of an environment variable", bad=_DEFAULTS, fixed=_DEFAULTS_FIXED),
        Example("Constants named for a task", bad=_CONSTANT, fixed=_CONSTANT_FIXED),
        Example(
            "A retirement that is announced, in a default of the command line",
            bad=_ANNOUNCED,
            fixed=_ANNOUNCED_FIXED,
        ),
        Example("A list of retired ids; partner clouds; another server", good=_GOOD),
    )

    needs = (a_model,)

    def check(self, request: Request, context: Context) -> Iterator[Finding]:
        """One finding per literal that names a retired model."""
        for ref, resolution in first_party_ids(request, context):
            model = resolution.model
            if model is None:
                continue
            status = model.status(context.as_of)
            if status != "active" and self._counts(request, context, ref):
                yield self._finding(request, context, ref, model, status)
        for ref, end in ended_ids(request, context):
            if self._counts(request, context, ref):
                yield self._ended(request, ref, end)

    @staticmethod
    def _counts(request: Request, context: Context, ref: ModelRef) -> bool:
        """Whether an id is told of: something sends it, and will again."""
        return is_told(request, context, ref) and not _is_probe(request, context)

    def _ended(self, request: Request, ref: ModelRef, end: datetime.date) -> Finding:
        """By the calendar of a partner cloud, which names its own ids."""
        return self.finding(
            request,
            ref.span,
            f"{ref.id}{default_clause(ref)} reached its end of life on Amazon Bedrock on "
            f"{end.isoformat()}: {fails(request, ref)}.",
            related=model_trail(request, ref),
            severity=Severity.ERROR,
            no_fix="Newer models are reached by a profile: name one that your region has.",
            identity=(self.id, ref.set_in or ref.span),
        )

    def _finding(
        self, request: Request, context: Context, ref: ModelRef, model: Model, status: str
    ) -> Finding:
        end = model.retired or model.retires
        when = end.isoformat() if end is not None else "an unknown date"
        if status == "retired":
            says = f"{ref.id}{default_clause(ref)} was retired on {when}: {fails(request, ref)}."
        else:
            days = (end - context.as_of).days if end is not None else 0
            in_days = "tomorrow" if days == 1 else f"in {days} days"
            says = f"{ref.id}{default_clause(ref)} retires on {when}, {in_days}."
        new = self._replacement(request, context, ref, model)
        fix = None
        no_fix = None
        if new is None:
            no_fix = (
                "No replacement is documented; name one under [tool.skinflint.routing] in the "
                "configuration."
            )
        else:
            says += f" The replacement is {new}."
            other = context.facts.resolve(new, platform_of(request, ref).value).model
            refused = rejected(request, other) if other is not None else ""
            if request.site.method in api.load().completions:
                no_fix = "Text completions serve no model of today: call messages.create()."
            elif ref.set_in:
                no_fix = elsewhere(ref)
            elif refused:
                who = sender(request, ref)
                no_fix = f"{new} rejects {refused}, which {who} sends, or may send."
            elif is_registered(ref, new, request):
                no_fix = f"`{ref.named}` is the name of this model: give {new} one of its own."
            else:
                if begins_to_think(request, model, other):
                    always = other is not None and "thinking.disabled" in other.rejects
                    says += " It thinks before it answers"
                    says += ", and can't be told not to" if always else " unless told otherwise"
                    room = _little_room(request)
                    says += f"; {room} tokens (max_tokens) may end there." if room else "."
                fix = Fix(
                    Applicability.UNSAFE,
                    f"Use {new}",
                    (ReplaceString(ref.span, ref.id, new),),
                    changes_model=True,
                )
        return self.finding(
            request,
            ref.span,
            says,
            related=model_trail(request, ref),
            severity=Severity.ERROR if status == "retired" else Severity.WARNING,
            fix=fix,
            no_fix=no_fix,
            identity=(self.id, ref.set_in or ref.span),
        )

    @staticmethod
    def _replacement(request: Request, context: Context, ref: ModelRef, model: Model) -> str | None:
        """What the project's own table says, else the documented successor, as written here."""
        for name in (ref.id, model.id):
            routed = context.routing.get(name)
            if routed is not None and routed != ref.id:
                return routed
        successor = context.facts.successor(model, context.as_of)
        if successor is None:
            return None
        return successor.platform_id(platform_of(request, ref).value, ref.id)


def _is_probe(request: Request, context: Context) -> bool:
    """Whether it asks which models are served: in a test, or for a few tokens where some are."""
    room = _little_room(request)
    if not request.probed:
        return False
    if request.in_test:
        return True
    found = (resolution.model for _, resolution in first_party_ids(request, context))
    return 0 < room <= _PING and any(
        each is not None and each.status(context.as_of) != "retired" for each in found
    )


def _little_room(request: Request) -> int:
    """The least of the tokens a reply may have, where they are few; else 0."""
    sent = request.params.get("max_tokens")
    found = [each.value for each in alternatives(sent) if isinstance(each, Known)] if sent else []
    numbers = [n for n in found if isinstance(n, int) and n < _ROOM]
    return min(numbers, default=0)
