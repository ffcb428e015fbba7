"""SKF901: a parameter that the model, the API or the SDK refuses."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, NamedTuple

from skinflint.catalog import api
from skinflint.catalog.models import Model
from skinflint.linter.findings import (
    Applicability,
    Finding,
    Fix,
    Op,
    RemoveArgument,
    ReplaceArgument,
    Severity,
)
from skinflint.linter.request import Block, ModelRef, Place, Request, State, parts_of
from skinflint.linter.spans import Role, Span, Step
from skinflint.linter.values import Choice, Known, Mapping, Sequence, Value, alternatives
from skinflint.rules._models import (
    default_clause,
    first_party_ids,
    model_trail,
)
from skinflint.rules._unsent import always, number, too_long_to_wait_for
from skinflint.rules.base import Context, Example, Rule

_SAMPLING = """\
import anthropic

MODEL = "claude-opus-5-5"

client = anthropic.Anthropic()


def headline(article: str) -> str:
    reply = client.messages.create(
        model=MODEL,
        max_tokens=400,
        temperature=0.2,  # <-
        messages=[{"role": "user", "content": f"A headline for this article:\\n\\n{article}"}],
    )
    return reply.content[-1].text
"""

_SAMPLING_FIXED = """\
import anthropic

MODEL = "claude-opus-5-5"

client = anthropic.Anthropic()


def headline(article: str) -> str:
    reply = client.messages.create(
        model=MODEL,
        max_tokens=400,
        messages=[{"role": "user", "content": f"A headline for this article:\\n\\n{article}"}],
    )
    return reply.content[-1].text
"""

_THINKING = """\
import os

import anthropic

client = anthropic.Anthropic()


class Planner:
    def __init__(self, model: str = os.environ.get("PLANNER_MODEL", "claude-sonnet-5-5")):
        self.model = model

    def plan(self, goal: str) -> str:
        params = {
            "model": self.model,
            "max_tokens": 16000,
            "thinking": {"type": "enabled", "budget_tokens": 8000},  # <-
            "messages": [{"role": "user", "content": f"Plan, step by step: {goal}"}],
        }
        with client.messages.stream(**params) as stream:
            return stream.get_final_text()


planner = Planner()
"""

_THINKING_FIXED = """\
import os

import anthropic

client = anthropic.Anthropic()


class Planner:
    def __init__(self, model: str = os.environ.get("PLANNER_MODEL", "claude-sonnet-5-5")):
        self.model = model

    def plan(self, goal: str) -> str:
        params = {
            "model": self.model,
            "max_tokens": 16000,
            "thinking": {"type": "adaptive"},
            "messages": [{"role": "user", "content": f"Plan, step by step: {goal}"}],
        }
        with client.messages.stream(**params) as stream:
            return stream.get_final_text()


planner = Planner()
"""

_PREFILL = """\
from anthropic import AsyncAnthropic

client = AsyncAnthropic()


async def tags(title: str) -> str:
    reply = await client.messages.create(
        model="claude-sonnet-4-6",
        max_tokens=200,
        messages=[
            {"role": "user", "content": f"Tags of this title, as a JSON list: {title}"},
            {"role": "assistant", "content": "["},  # <-
        ],
    )
    return "[" + reply.content[0].text
"""

_BETA = """\
import anthropic

client = anthropic.Anthropic()


def research(question: str, tools: list[dict]) -> str:
    reply = client.messages.create(
        model="claude-opus-5-5",
        max_tokens=4000,
        tools=tools,
        context_management={"edits": [{"type": "clear_tool_uses_20250919"}]},  # <-
        messages=[{"role": "user", "content": question}],
    )
    return reply.content[-1].text
"""

_GOOD = """\
import anthropic
from anthropic import NOT_GIVEN

client = anthropic.Anthropic()


def takes_budgets(model: str) -> bool:
    return model.startswith("claude-haiku-4")


def ask(question: str, model: str = "claude-opus-5-5", budget: int | None = None) -> str:
    params = {"model": model, "max_tokens": 2000}
    if takes_budgets(model):
        params["thinking"] = {"type": "enabled", "budget_tokens": 1024}
    reply = client.messages.create(
        messages=[{"role": "user", "content": question}],
        output_config={"effort": "low"} if budget else NOT_GIVEN,
        **params,
    )
    return reply.content[-1].text


def label(mail: str) -> str:
    reply = client.messages.create(
        model="claude-haiku-4-5",
        max_tokens=5,
        tool_choice={"type": "tool", "name": "label"},
        tools=[{"name": "label", "input_schema": {"type": "object"}}],
        messages=[
            {"role": "user", "content": f"Label this mail: {mail}"},
            {"role": "assistant", "content": "Label:"},
        ],
    )
    return reply.content[0].text


def plain(question: str) -> str:
    reply = client.messages.create(
        model="claude-opus-5",
        max_tokens=2000,
        extra_body={"service_tier": "auto"},
        output_config={"effort": "low"},
        thinking={"type": "adaptive"},
        messages=[{"role": "user", "content": question}],
    )
    return reply.content[-1].text
"""


class _Amiss(NamedTuple):
    """One thing that is refused: where it stands, what is said of it, what mends it."""

    span: Span
    what: str  # "`temperature`"
    why: str  # ends the sentence "... <why>"
    op: Op | None = None
    title: str = ""
    hint: str = ""  # why there is no fix
    leaves: bool = False  # the fix only leaves out what is refused: nothing else changes
    weak: bool = False  # it may be meant for another maker's model
    by_the_api: bool = False  # the SDK sends it


class RejectedParameter(Rule):
    """The request sends a parameter that its model, the API or the SDK refuses.

    ## What it does
    Compares the parameters of each request with what the catalogue says of its model, and its
    keywords with the signatures of the SDK that the project pins. Reported are: `temperature`,
    `top_p` and `top_k` for models that take their defaults only, or under an SDK that has no such
    keywords any more; thinking that is `enabled` or `disabled` where the model decides by itself,
    and budgets below the least or not below `max_tokens`; a forced tool where the model can't be
    forced; a prefilled reply; `effort` for a model without it; the role `system` inside the
    messages for models that don't know it; more `max_tokens` than the model writes, or than the SDK
    waits for without streaming; keywords that only the beta methods take; a call without
    `max_tokens`, which the SDK asks for; and a method that the required SDK has not, or no more, of
    which no other rule speaks then.

    What is sent on some paths only, or left out there (`NOT_GIVEN`), is not reported: a test of
    the model may stand in front of it. Nor is a request whose rejection is caught and whose reply
    nobody wants, or what is looked for by name in a rejection that is caught. Where the same
    messages may go to another maker's model instead, a role of theirs is told with `--preview`
    only: which of the two they are for can't be seen. Test files are judged as well.

    ## Why it costs
    The request fails, every time: the API answers with a 400, or the SDK raises before anything
    is sent. It happens on the way to a newer model: every one since Claude Opus 4.7 refuses another
    `temperature` than 1, and since version 1.0.0 of the SDK there is no such keyword.

    ## Example
    A temperature that a model of the 5.5 generation no longer takes.

    ## Use instead
    Leave out what can't be set any more; `thinking={"type": "adaptive"}` with
    `output_config={"effort": ...}` for a budget; `output_config={"format": ...}` for a prefill.

    ## Fix safety
    Leaving a sampling parameter or an effort out is safe where the request can only fail as it
    is: one model, written in the code, or an SDK without that keyword. Where the model is a
    default or one of several, and where thinking or the choice of a tool changes, it is unsafe.
    For a prefill, a role and a beta keyword there is no fix.

    ## References
    - Models overview and migration, Anthropic documentation (2026-10-10):
      https://platform.claude.com/docs/en/about-claude/models/overview
    - Extended thinking, Anthropic documentation (2026-10-08):
      https://platform.claude.com/docs/en/build-with-claude/extended-thinking
    - Signatures of the anthropic package 2.14.0 (2026-11-25)
    """

    id = "SKF901"
    name = "rejected-parameter"
    summary = "The model, the API or the SDK refuses a parameter"
    severity = Severity.ERROR
    in_tests = True
    of_sdk = True
    examples: ClassVar[tuple[Example, ...]] = (
        Example("A temperature for a model without one", bad=_SAMPLING, fixed=_SAMPLING_FIXED),
        Example("A thinking budget, model from a default", bad=_THINKING, fixed=_THINKING_FIXED),
        Example("A prefilled reply", bad=_PREFILL),
        Example("A keyword of the beta method", bad=_BETA),
        Example("What older models take; a test of the model; adaptive thinking", good=_GOOD),
    )

    def check(self, request: Request, context: Context) -> Iterator[Finding]:
        """One finding per parameter that is refused."""
        if request.rejection_awaited:
            return  # it is sent to see that
        told: set[Span] = set()
        for amiss in _by_the_sdk(request):
            if amiss.span not in told and not (amiss.by_the_api and _is_foreseen(request, amiss)):
                told.add(amiss.span)
                yield self._finding(request, amiss, None, amiss.leaves and _own(request, amiss))
        for ref, resolution in first_party_ids(request, context):
            model = resolution.model
            if model is None or model.status(context.as_of) == "retired":
                continue  # it fails anyway, and another rule says so
            for amiss in _by_the_model(request, model):
                if amiss.weak and not context.preview:
                    continue
                if _is_foreseen(request, amiss):
                    continue
                if amiss.span not in told:
                    told.add(amiss.span)
                    safe = amiss.leaves and _own(request, amiss) and _settled(request, ref)
                    yield self._finding(request, amiss, ref, safe)

    def _finding(
        self, request: Request, amiss: _Amiss, ref: ModelRef | None, safe: bool
    ) -> Finding:
        does = "called" if amiss.what == request.site.method else "set"
        steps: tuple[Step, ...] = (Step(Role.SOURCE, amiss.span, f"{amiss.what} is {does} here"),)
        if ref is None:
            who = f"{request.site.method}()"
            steps += (Step(Role.SINK, request.site.span, f"sent by {request.site.method}"),)
        else:
            who = f"{ref.id}{default_clause(ref)}"
            steps += model_trail(request, ref)
        fails = "the request fails"
        if ref is not None and len(request.models) > 1:
            fails = "a request with that model fails"
        fix = None
        if amiss.op is not None:
            how = Applicability.SAFE if safe else Applicability.UNSAFE
            fix = Fix(how, amiss.title, (amiss.op,))
        return self.finding(
            request,
            amiss.span,
            f"{who} {amiss.why}: {fails}.",
            related=tuple(dict.fromkeys(steps)),
            fix=fix,
            no_fix=None if fix is not None else amiss.hint,
            identity=(self.id, amiss.span),
        )


def _is_foreseen(request: Request, amiss: _Amiss) -> bool:
    """Whether the code leaves out what is refused as soon as the API says so."""
    return amiss.what.strip("`") in request.foreseen


def _own(request: Request, amiss: _Amiss) -> bool:
    """Whether what is refused stands in the call itself, where no other request can read it."""
    return request.site.span.contains(amiss.span)


def _settled(request: Request, ref: ModelRef) -> bool:
    """Whether the request is sent to that model and no other."""
    one = len({other.id for other in request.models}) == 1
    return one and request.model.is_any(State.KNOWN) and not ref.default_of and not request.chain


# -------------------------------------------------------------------- what the SDK refuses


def _by_the_sdk(request: Request) -> Iterator[_Amiss]:
    facts = api.load()
    lacked = request.lacked()
    if lacked:
        why = f"is not there in the version of the SDK that is required, {lacked}"
        hint = "Require a version of anthropic that has it."
        yield _Amiss(request.site.span, request.site.method, why, hint=hint)
        return
    for name, written in request.written.items():
        refusal = request.refuses(name) if written.always else None
        if refusal is None or name == "cache_control":
            continue
        if refusal.gone:
            why = (
                f"takes no `{name}` since version {refusal.gone} of the SDK, and "
                f"{refusal.pinned} is required"
            )
        else:
            why = f"takes no `{name}`; {refusal.takers[0]}() does"
        op = title = None
        leaves = name in facts.sampling
        if leaves:
            op, title = RemoveArgument(written.span, name, name), f"Leave `{name}` out"
        hint = facts.instead.get(name) or f"Call {', '.join(_plain(refusal.takers))}."
        if request.site.method.rpartition(".")[2] == name:
            hint = f"Leave `{name}` out: {request.site.method}() does that by itself."
        yield _Amiss(written.span, f"`{name}`", why, op, title or "", hint, leaves)
    yield from _by_its_version(request)
    yield from _unstreamed(request)
    if request.lacking:
        names = " and ".join(f"`{name}`" for name in request.lacking)
        yield _Amiss(
            request.site.span,
            names,
            f"takes no request without {names}",
            hint=f"Pass {names}.",
        )


def _plain(takers: tuple[str, ...]) -> list[str]:
    return [f"{taker}()" for taker in takers[:2]]


def _by_its_version(request: Request) -> Iterator[_Amiss]:
    """Sampling parameters that get past the signatures, and that the API's version refuses."""
    facts = api.load()
    if not request.site.platform.first_party or not request.sdk_since(facts.client.strict_since):
        return
    extra = request.params.get("extra_body")
    for name in facts.sampling if isinstance(extra, Mapping) else ():
        entry = extra.entry(name) if isinstance(extra, Mapping) else None
        if entry is not None and not entry.optional and isinstance(entry.value, Known):
            yield _Amiss(
                entry.span,
                f"`{name}`",
                f"is refused `{name}`, whatever its value, with version "
                f"{facts.client.strict_since} of the SDK or a newer one",
                RemoveArgument(entry.span, name, "extra_body"),
                f"Leave `{name}` out",
                leaves=True,
                by_the_api=True,
            )


def _unstreamed(request: Request) -> Iterator[_Amiss]:
    facts = api.load().client
    asked = too_long_to_wait_for(request)
    if asked is None:
        return
    yield _Amiss(
        request.written["max_tokens"].span,
        "`max_tokens`",
        f"raises for {asked:,} tokens without streaming or a timeout of your own: more than "
        f"{facts.unstreamed:,} could take longer than the SDK waits",
        hint="Call messages.stream(), or set a timeout.",
    )


# -------------------------------------------------------------------- what the model refuses


def _by_the_model(request: Request, model: Model) -> Iterator[_Amiss]:
    yield from _sampling(request, model)
    yield from _thinking(request, model)
    yield from _forced_tool(request, model)
    yield from _effort(request, model)
    yield from _length(request, model)
    yield from _turns(request, model)


def _sampling(request: Request, model: Model) -> Iterator[_Amiss]:
    for name, neutral in api.load().sampling.items():
        if name not in model.rejects or not always(request, name):
            continue
        values = [v.value for v in alternatives(request.params[name]) if isinstance(v, Known)]
        if values and neutral not in values:
            span = request.written[name].span
            only = "" if neutral is None else f" other than {neutral:g}"
            op = RemoveArgument(span, name, name)
            yield _Amiss(
                span,
                f"`{name}`",
                f"rejects a `{name}`{only}",
                op,
                f"Leave `{name}` out",
                leaves=True,
            )


def _thinking(request: Request, model: Model) -> Iterator[_Amiss]:
    if not always(request, "thinking"):
        return
    facts = api.load()
    value = request.params["thinking"]
    span = request.written["thinking"].span
    kinds = {_said(each, "type") for each in alternatives(value)}
    for kind in sorted(kind for kind in kinds if isinstance(kind, str)):
        if f"thinking.{kind}" not in model.rejects or len(kinds) > 1:
            continue
        new, title = '{"type": "adaptive"}', "Let the model decide how much it thinks"
        op = ReplaceArgument(_written_at(value, span), "thinking", new)
        yield _Amiss(span, "`thinking`", f"rejects thinking of type {kind!r}", op, title)
        return
    budgets = [_said(each, "budget_tokens") for each in alternatives(value)]
    if len(budgets) != 1 or not isinstance(budgets[0], int) or kinds != {"enabled"}:
        return
    budget, most = budgets[0], number(request, "max_tokens")
    if budget < facts.least_thinking:
        least = facts.least_thinking
        why = f"rejects a thinking budget of {budget:,} tokens; {least:,} are the least"
        yield _Amiss(span, "`thinking`", why, hint="How much it may think is for you to say.")
    elif most is not None and budget >= most and not _betas(request):
        why = f"rejects a thinking budget of {budget:,} tokens with max_tokens {most:,}"
        yield _Amiss(span, "`thinking`", why, hint="max_tokens has to be larger than the budget.")


def _forced_tool(request: Request, model: Model) -> Iterator[_Amiss]:
    if not always(request, "tool_choice"):
        return
    value = request.params["tool_choice"]
    span = request.written["tool_choice"].span
    kinds = {_said(each, "type") for each in alternatives(value)}
    if kinds and all(f"tool_choice.{kind}" in model.rejects for kind in kinds):
        op = ReplaceArgument(_written_at(value, span), "tool_choice", '{"type": "auto"}')
        kind = min(str(kind) for kind in kinds)
        why = f"can't be forced to use a tool (tool_choice {kind!r})"
        yield _Amiss(span, "`tool_choice`", why, op, "Leave the choice to the model")


def _effort(request: Request, model: Model) -> Iterator[_Amiss]:
    config = request.params.get("output_config")
    if "effort" not in model.rejects or not isinstance(config, Mapping):
        return
    entry = config.entry("effort")
    if entry is None or entry.optional or not always(request, "output_config"):
        return
    if any(
        isinstance(each, Known) and each.value is not None for each in alternatives(entry.value)
    ):
        span, name = entry.span, "effort"
        if len(config.entries) == 1 and not config.open:
            span, name = request.written["output_config"].span, "output_config"
        yield _Amiss(
            entry.span,
            "`effort`",
            "has no `effort`",
            RemoveArgument(span, name, "output_config"),
            "Leave `effort` out",
            leaves=True,
        )


def _length(request: Request, model: Model) -> Iterator[_Amiss]:
    asked = number(request, "max_tokens")
    most = model.max_output
    if asked is None or most is None or asked <= most or "max_output" in model.inferred:
        return
    if model.batch_output is not None and asked <= model.batch_output and _betas(request):
        return
    yield _Amiss(
        request.written["max_tokens"].span,
        "`max_tokens`",
        f"writes at most {most:,} tokens, and max_tokens asks for {asked:,}",
        hint=f"Ask for {most:,} tokens or fewer.",
    )


def _turns(request: Request, model: Model) -> Iterator[_Amiss]:
    if request.conversation is not None and request.conversation.grows:
        return
    turns = [block for block in request.blocks if block.place is Place.MESSAGES]
    if not turns or any(block.repeated or block.message is None for block in turns):
        return
    first = None
    if "system-message" in model.rejects:
        first = next((b for b in turns if b.role == "system" and not b.optional), None)
    last = turns[-1]
    begun = "prefill" in model.rejects and last.last_message and _prefills(last)
    if (first is None and not begun) or not request.complete((Place.MESSAGES,)):
        return
    if first is not None:
        yield _Amiss(
            first.span,
            "the role",
            "knows no role `system` inside messages",
            hint="Pass it as `system`.",
            weak=request.for_others_too,
        )
    if begun:
        yield _Amiss(
            last.span,
            "the reply",
            "rejects a reply that is begun for it (a prefill)",
            hint="Say in the prompt how the answer begins, or ask for a format in output_config.",
        )


def _prefills(last: Block) -> bool:
    """Whether a turn of the model is begun with text that is written out."""
    if last.role != "assistant" or last.optional or last.kind != "text":
        return False
    first = next((leaf for leaf, _ in parts_of(last.value)), None)
    return isinstance(first, Known) and bool(str(first.value).strip())


# -------------------------------------------------------------------- small questions


def _said(value: Value, key: str) -> object:
    """The constant under a key of a mapping, None where it isn't one."""
    inner = value.get(key) if isinstance(value, Mapping) else None
    return inner.value if isinstance(inner, Known) else None


def _written_at(value: Value, span: Span) -> Span:
    """Where the value is written out: the argument itself, or what its name was given."""
    return span if isinstance(value, (Choice, Sequence)) else value.span


def _betas(request: Request) -> bool:
    """Whether beta features are asked for, which lift some limits."""
    named = ("betas", "extra_headers", "extra_body")
    return not set(named).isdisjoint(request.written) or "beta" in request.site.method
