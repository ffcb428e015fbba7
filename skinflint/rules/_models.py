"""What the rules about model ids share."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from skinflint.catalog import api
from skinflint.catalog.models import Model, Prices, Resolution
from skinflint.linter.findings import Cost
from skinflint.linter.request import ModelRef, Place, Platform, Request, State
from skinflint.linter.spans import Role, Span, Step
from skinflint.linter.values import (
    Known,
    Sequence,
    Unknown,
    Value,
    alternatives,
)
from skinflint.rules.base import Context

#: What a text is the default of that `table.get("model", "...")` ends with.
_OF_A_KEY = ("key ", "a key")


def first_party_ids(request: Request, context: Context) -> Iterator[tuple[ModelRef, Resolution]]:
    """The ids that go to Anthropic itself, each literal once.

    Partner clouds and compatible servers have their own names and their own calendar. A default
    that nobody leaves in place is sent to nobody, and what comes after another id (in a list that
    is gone through, behind a table of defaults) is sent only if that one is no longer served.
    """
    seen = set()
    for ref in request.models:
        platform = platform_of(request, ref)
        if not platform.first_party or ref.span in seen or ref.platform_id or ref.overridden:
            continue
        seen.add(ref.span)
        if "/" in ref.id and request.site.by_sdk and len(request.models) > 1:
            continue  # "anthropic/...": a gateway's name, among those of another client
        if any(_works(id_, platform, context) for id_ in ref.behind):
            continue
        resolution = context.facts.resolve(ref.id, platform.value)
        if not resolution.partner_id:
            yield ref, resolution


def is_told(request: Request, context: Context, ref: ModelRef) -> bool:
    """Whether what is wrong with an id is told of: something sends it, and will again.

    By default nothing is told of code that belongs to a study that is done or to a program that is
    only run by hand, nor of what stands for a key of a table that others fill, for what all callers
    hand in, or for a variable that settings of the project give a served model: whether that is
    ever missing, the code doesn't say.
    """
    if request.unused(ref.span):
        return False
    if context.preview:
        return True
    if ref.default_of.startswith(_OF_A_KEY) and not ref.set_in:
        return False
    return not (request.seldom(ref.span) or _is_set_to_another(request, context, ref))


def _is_set_to_another(request: Request, context: Context, ref: ModelRef) -> bool:
    """Whether settings that the project brings along name a served model in the place of an id.

    Its ``.env.example``, which whoever sets it up copies, or its ``docker-compose.yml``.
    """
    said = request.given(ref)
    if any("/" in id_ for id_ in said):
        return False  # a gateway's name
    found = [context.facts.resolve(id_, platform_of(request, ref).value).model for id_ in said]
    return bool(found) and all(
        model is not None and model.status(context.as_of) == "active" for model in found
    )


def platform_of(request: Request, ref: ModelRef) -> Platform:
    """Who is sent one of the models of a request: several clients may send it."""
    return ref.platform or request.site.platform


def _works(id_: str, platform: Platform, context: Context) -> bool:
    """Whether an id is one that is served today; those of other makers are taken for it."""
    found = context.facts.resolve(id_, platform.value)
    if found.model is None:
        return "claude" not in id_
    return found.model.status(context.as_of) != "retired"


def ended_ids(request: Request, context: Context) -> Iterator[tuple[ModelRef, datetime.date]]:
    """The ids that a partner cloud no longer answers, by its own calendar, each literal once."""
    seen = set()
    for ref in request.models:
        if ref.span in seen:
            continue
        seen.add(ref.span)
        platform = platform_of(request, ref)
        found = context.facts.resolve(ref.id, platform.value)
        if found.model is None or not found.partner_id:
            continue
        end = found.model.ended(platform.value, context.as_of)
        if end is not None and _is_of_bedrock(ref.id, found.model):
            yield ref, end


def _is_of_bedrock(id_: str, model: Model) -> bool:
    """Whether an id is that of the model on Bedrock, whatever stands in front of it.

    One of another date or version was never served there, so it can't have ended.
    """
    if id_ == model.id:
        return True  # what makes it Bedrock's is put around it on the way
    if model.bedrock_invoke is not None:
        return id_.endswith(model.bedrock_invoke)
    return f"anthropic.{model.id}" in id_


def model_trail(request: Request, ref: ModelRef) -> tuple[Step, ...]:
    """From the literal to the call."""
    steps = list(ref.trail)
    if not steps or steps[0].span != ref.span:
        role = Role.SOURCE
        label = f"the default of {ref.default_of}" if ref.default_of else "the id is written here"
        steps.insert(0, Step(role, ref.span, label))
    steps.append(Step(Role.SINK, request.site.span, f"sent by {request.site.method}"))
    return tuple(dict.fromkeys(steps))


def default_clause(ref: ModelRef) -> str:
    """ " (default of ...)" where the id is only a default, " (in ...)" where settings name it."""
    if ref.set_in:
        return f" (in {ref.set_in})"
    return f" (default of {ref.default_of})" if ref.default_of else ""


def elsewhere(ref: ModelRef) -> str | None:
    """Why an id can't be replaced where the code has one: settings name it."""
    return f"Settings name it: change {ref.set_in}." if ref.set_in else None


def fails(request: Request, ref: ModelRef) -> str:
    """What becomes of a request with an id that isn't served; some may be sent with another."""
    if ref.default_of and not ref.set_in:
        return "the request fails unless another is given"
    if len(request.models) > 1 or not request.model.is_any(State.KNOWN):
        return "a request that names it fails"
    return "the request fails"


def is_registered(ref: ModelRef, new: str, request: Request) -> bool:
    """Whether the literal is an entry of a list of models: another model isn't of that name."""
    if not ref.named:
        return False
    return any(c.isdigit() for c in ref.named) or any(other.id == new for other in request.models)


def sender(request: Request, ref: ModelRef) -> str:
    """Which request it is, told from the literal: an id may be sent by several."""
    site = request.site.span
    if site.contains(ref.span):
        return "this request"
    if site.path == ref.span.path:
        return f"the request in line {site.line}"
    return f"the request in {site.path}:{site.line}"


#: What is meant where not every value of a parameter is rejected.
_SPOKEN = {
    "thinking.enabled": "a thinking budget",
    "thinking.disabled": "thinking that is turned off",
    "tool_choice.any": "a forced tool_choice",
    "tool_choice.tool": "a forced tool_choice",
}


def rejected(request: Request, new: Model) -> str:
    """All that the request sends and ``new`` answers with an error, "" when there is none."""
    found = [name for name in dict.fromkeys(_rejected(request, new)) if name]
    if len(new.one_of) > 1 and all(_may_send(request, name) for name in new.one_of):
        if not set(new.one_of) <= set(found):
            found.append(f"{' and '.join(new.one_of)} together")
    if len(found) > 1:
        return f"{', '.join(found[:-1])} and {found[-1]}"
    return "".join(found)


def _rejected(request: Request, new: Model) -> Iterator[str]:
    """Each parameter the request sends that ``new`` doesn't take, and a tool of another time."""
    for name in new.rejects:
        parameter, _, kind = name.partition(".")
        if parameter == "prefill":
            last = [block for block in request.blocks if block.place is Place.MESSAGES][-1:]
            if any(block.role == "assistant" and block.last_message for block in last):
                yield "a prefilled reply"
            continue
        sent = request.params.get(parameter)
        if parameter == "effort":
            config = request.params.get("output_config")
            sent = getattr(config, "get", lambda _: None)("effort")
        neutral = api.load().sampling.get(parameter)  # that value is taken everywhere
        if sent is not None and any(_is_sent(each, kind, neutral) for each in alternatives(sent)):
            yield _SPOKEN.get(name, parameter)
    yield _old_tool(request, new)


def _old_tool(request: Request, new: Model) -> str:
    """A version of one of the API's own tools, or its beta, that ``new`` doesn't take."""
    named = []
    for block in request.blocks:
        if block.place is Place.TOOLS:
            for each in alternatives(block.value):
                named.append(getattr(each, "get", lambda _: None)("type"))
    betas = request.params.get("betas")
    for each in alternatives(betas) if betas is not None else ():
        named += each.items if isinstance(each, Sequence) else ()
    for value in named:
        for each in alternatives(value) if value is not None else ():
            if isinstance(each, Known) and each.value in new.no_tools:
                return str(each.value)
    return ""


def _may_send(request: Request, name: str) -> bool:
    sent = request.params.get(name)
    return sent is not None and any(_is_sent(each, "", None) for each in alternatives(sent))


def begins_to_think(request: Request, old: Model, new: Model | None) -> bool:
    """Whether ``new`` thinks by itself where ``old`` didn't: replies begin with another block."""
    if new is None or old.thinks or not new.thinks:
        return False
    return "thinking" not in request.params


def _is_sent(value: Value, kind: str, neutral: float | None) -> bool:
    if isinstance(value, Known) and value.value in (None, neutral):
        return False
    if not kind or isinstance(value, Unknown):
        return True
    written = getattr(value, "get", lambda _: None)("type")
    return isinstance(written, Known) and written.value == kind


def price_ratio(model: Model, small: Model, now: Prices, then: Prices) -> float | None:
    """Cost now over cost then; the tokenizers may count the same text differently."""
    factor = model.tokenizer_factor / small.tokenizer_factor
    ratios = [
        old * factor / new
        for old, new in ((now.input, then.input), (now.output, then.output))
        if old is not None and new
    ]
    return min(ratios) if len(ratios) == 2 else None


def times(ratio: float) -> str:
    return f"{ratio:.0f} times" if ratio >= 10 else f"{ratio:.1f} times".replace(".0 ", " ")


def written(request: Request, ref: ModelRef) -> Span:
    """Where the request names its model: the literal, or the name it is read under."""
    if any(step.span.contains(ref.span) for step in request.chain):
        return ref.span  # its caller does
    return next((s.span for s in ref.trail if s.role is Role.STEP), ref.span)


def cheaper(
    request: Request, context: Context, model: Model, small: Model, least: float = 1.5
) -> tuple[str, Cost] | None:
    """What a smaller or newer model costs for the same text, as a sentence and as a ratio.

    None where that is less than ``least`` times as cheap.
    """
    facts = context.facts
    low, high = request.extent(len(request.blocks) - 1).size
    if high is not None and not request.complete((Place.TOOLS, Place.SYSTEM, Place.MESSAGES)):
        high = None
    at_least, at_most = facts.tokens(low, high, small)
    bands = [band for band in small.bands if at_most is None or band.above < at_most]
    now = price_ratio(model, small, model.prices(at_least), small.prices(at_least))
    if now is None or now < least:
        return None
    text = f"For the same text it costs {times(now)} as much as {small.id}"
    assumption = "the same text to both models"
    for band in bands:
        if band.above <= at_least:
            continue
        beyond = price_ratio(model, small, model.prices(band.above + 1), band)
        if beyond is not None:
            text += f" ({times(beyond)} in prompts of more than {band.above:,} tokens)"
            assumption += f", in prompts of at most {band.above:,} tokens"
    return f"{text}.", Cost(round(now, 2), assumption)
