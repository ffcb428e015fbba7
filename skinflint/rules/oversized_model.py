"""SKF401: a model of the top lines for a reply that is a label, a score or a few fields."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from skinflint.catalog import tasks
from skinflint.catalog.models import Model
from skinflint.linter.findings import (
    Applicability,
    Finding,
    Fix,
    ReplaceString,
    Severity,
)
from skinflint.linter.request import (
    ModelRef,
    PairKind,
    Place,
    Repeats,
    Request,
    Signal,
    State,
    Use,
    parts_of,
)
from skinflint.linter.spans import Role, Step
from skinflint.linter.values import Confidence, Known, Mapping, Value, alternatives
from skinflint.rules._models import (
    cheaper,
    default_clause,
    elsewhere,
    first_party_ids,
    model_trail,
    rejected,
    written,
)
from skinflint.rules._tasks import (
    CHOICES,
    SAYS,
    SMALL,
    budget,
    compares,
    efforts,
    enough,
    is_shared,
    small_signals,
)
from skinflint.rules.base import Context, Example, Rule

_LABEL = """\
import anthropic

client = anthropic.Anthropic()


def is_urgent(mail: str) -> bool:
    reply = client.messages.create(
        model="claude-opus-5-5",  # <-
        max_tokens=5,
        messages=[{"role": "user", "content": f"Is this mail urgent? Answer yes or no.\\n{mail}"}],
    )
    return reply.content[0].text.strip().lower().startswith("yes")


def look_through(mails: list[str]) -> dict[str, bool]:
    return {mail: is_urgent(mail) for mail in mails}
"""

_SCORE = """\
import json

from anthropic import AsyncAnthropic
from fastapi import FastAPI

SCORING_MODEL = "claude-opus-5-5"

app = FastAPI()
client = AsyncAnthropic()


@app.post("/offers/scores")
async def score_offers(offers: list[dict], wishes: str) -> dict[str, int]:
    reply = await client.messages.create(
        model=SCORING_MODEL,  # <-
        max_tokens=2000,
        messages=[{"role": "user", "content": f"{wishes}\\n\\n{json.dumps(offers)}"}],
    )
    return {each["id"]: each["score"] for each in json.loads(reply.content[0].text)}
"""

_TOOL = """\
import anthropic

client = anthropic.Anthropic()
ROUTE = {
    "name": "route",
    "description": "Say who shall answer.",
    "input_schema": {
        "type": "object",
        "properties": {"department": {"type": "string", "enum": ["sales", "support", "law"]}},
        "required": ["department"],
    },
}


def route_ticket(ticket: str) -> str:
    reply = client.messages.create(
        model="claude-opus-4-8",  # <-
        max_tokens=200,
        tools=[ROUTE],
        tool_choice={"type": "tool", "name": "route"},
        messages=[{"role": "user", "content": ticket}],
    )
    return next(b.input["department"] for b in reply.content if b.type == "tool_use")


def sort_out(tickets: list[str]) -> dict[str, list[str]]:
    departments: dict[str, list[str]] = {}
    for ticket in tickets:
        departments.setdefault(route_ticket(ticket), []).append(ticket)
    return departments
"""

_GOOD = """\
import json

import anthropic

client = anthropic.Anthropic()


def classify(mail: str) -> str:
    reply = client.messages.create(
        model="claude-haiku-5-5",
        max_tokens=200,
        messages=[{"role": "user", "content": f"Classify: {mail}"}],
    )
    return json.loads(reply.content[0].text)["category"]


def answer(mail: str) -> str:
    reply = client.messages.create(
        model="claude-opus-5-5",
        max_tokens=2000,
        messages=[{"role": "user", "content": f"Classify this mail, then answer it: {mail}"}],
    )
    return reply.content[0].text


def plan(goal: str) -> dict:
    reply = client.messages.create(
        model="claude-opus-5-5",
        max_tokens=4000,
        messages=[{"role": "user", "content": f"Plan this in JSON: {goal}"}],
    )
    return json.loads(reply.content[0].text)
"""

_CHOSEN = """\
import anthropic

client = anthropic.Anthropic()

# Haiku missed every third complaint in our tests, Opus none.
MODEL = "claude-opus-5-5"


def is_complaint(mail: str) -> bool:
    reply = client.messages.create(
        model=MODEL,
        max_tokens=5,
        messages=[{"role": "user", "content": f"Is this a complaint? Yes or no.\\n{mail}"}],
    )
    return reply.content[0].text.strip().lower() == "yes"


def look_through(mails: list[str]) -> dict[str, bool]:
    return {mail: is_complaint(mail) for mail in mails}
"""

_COMPARES = """\
import anthropic

client = anthropic.Anthropic()


def compare_models(mail: str) -> dict[str, bool]:
    found = {}
    for model in ("claude-haiku-5-5", "claude-sonnet-5-5", "claude-opus-5-5"):
        reply = client.messages.create(
            model=model,
            max_tokens=5,
            messages=[{"role": "user", "content": f"Is this spam? Answer yes or no.\\n{mail}"}],
        )
        found[model] = reply.content[0].text.strip().lower() == "yes"
    return found
"""

#: From this line of models on it is worth asking (opus); the smallest is what to ask for.
_TOP = "opus"
_SMALLEST = "haiku"
#: Signals that are no words: how a reply is read, and the form it has to have.
_PROVE = ("schema", "compared", "indexed", "parsed")
#: A loop of fewer rounds than this costs cents.
_FEW = 10


class OversizedModel(Rule):
    """A model of the top lines answers with a label, a score or a few fields.

    ## What it does
    Looks at what a reply is used for: compared with literals, parsed as a number or into fields,
    forced into the shape of a tool or schema, cut off after a few tokens, and what functions,
    variables and constants around it are called. Where two or more of these signals say that the
    task is small, and the model is of the opus line or above, it names the signals and what the
    smallest model would cost. Words of the prompt count for nothing here, and the model alone
    never does. Silent where signals disagree, where the same code runs smaller models as well, in
    scripts that compare models, where much effort or thinking is asked for, and where the model is
    retired (SKF402 names its successor first), unless the smallest line has been ahead of it since:
    then what is to be put in its place is chosen for what the reply is used for, and one signal of
    the reply or its form is enough. Silent as well where a comment near the model, or a
    line of the docstring of its module that names it, says that its size is meant, and where the
    reply is a verdict on other models' replies: a judge should be no weaker than what it judges.

    By default it reports such a retired model, and of models that answer one form alone: a reply
    that is used as one of few answers or as a number that rates, and as nothing else. It is
    compared or looked up whole, has room for little more than that, has to fill in a tool or schema
    of choices, or of its JSON nothing else is read. The request is sent again and again (for each
    record, in a handler); it is one turn without thinking, effort, documents, a conversation or
    tools to choose from; its model is not about to be retired, nor asked for on the command line.
    No name around it says that much hangs on the answer (a trade, a diagnosis, a verdict on
    somebody's work), and no comment, docstring or document of the project (README, CLAUDE.md,
    AGENTS.md, `.env.example`) that names a line of models says that one was weighed against others.
    `--preview` tells of the rest as well, fields taken out of a text among it: there, whether a
    small model does the task well enough, and whether the large one was chosen for that, is seldom
    in the code.

    ## Why it costs
    For the same text Claude Opus 5.5 costs 40 times what Claude Haiku 5.5 does, and 8 times in
    prompts of more than 100,000 tokens. Haiku 5.5 is documented for classification, extraction and
    routing. Whether it is good enough for yours, only your own examples can say.

    ## Example
    Yes or no, in five tokens, from a model made for long work.

    ## Use instead
    The smallest model that passes your own evals. Name it for a task or for a model, and the fix
    will use it:

        [tool.skinflint.routing]
        label = "claude-haiku-5-5"
        claude-opus-5-5 = "claude-sonnet-5-5"

    ## Fix safety
    Without a routing table of yours there is no fix: which model is good enough, your examples say.
    With one (`[tool.skinflint.routing]`) it is unsafe: another model answers. Gate the change by an
    eval. Only a literal that serves this request alone is replaced, and only by a model that takes
    the parameters the request sends. Haiku 5.5 thinks before it answers unless told otherwise, and
    that counts as output: a `max_tokens` of a few tokens needs thinking turned off.

    ## References
    - Choosing a model, Anthropic documentation (2026-10-08):
      https://platform.claude.com/docs/en/about-claude/models/choosing-a-model
    - Claude Haiku 5.5 (2026-10-10):
      https://platform.claude.com/docs/en/models/haiku-5-5/overview
    - Prices (2026-10-08): https://platform.claude.com/docs/en/about-claude/pricing
    """

    id = "SKF401"
    name = "oversized-model"
    summary = "A model of the top lines answers with a label, a score or a few fields"
    severity = Severity.WARNING
    examples: ClassVar[tuple[Example, ...]] = (
        Example("Yes or no in five tokens", bad=_LABEL),
        Example("Scores in JSON, from a constant named for the task", bad=_SCORE),
        Example("A forced tool with one enum", bad=_TOOL),
        Example("A small model; an open answer; a plan in JSON", good=_GOOD),
        Example("A script that compares models", good=_COMPARES),
        Example("A comment says why it is the large one", good=_CHOSEN),
    )

    def check(self, request: Request, context: Context) -> Iterator[Finding]:
        """One finding per top model of a request whose task is small."""
        if request.task.use not in SMALL or compares(request):
            return
        found = list(first_party_ids(request, context))
        top = context.facts.latest(_TOP)
        small = context.facts.latest(_SMALLEST)
        if top is None or top.tier is None or small is None:
            return
        models = [resolution.model for _, resolution in found]
        sent = {ref.span for ref in request.models if not ref.overridden}
        if len(models) < len(sent) or any(
            model is None or model.tier is None or model.tier < top.tier for model in models
        ):
            return  # the size is chosen elsewhere
        for ref, resolution in found:
            signals = small_signals(request, ref)
            model = resolution.model
            if model is None:
                continue
            if model.status(context.as_of) == "retired":
                # the request fails and costs nothing, until another model takes its place
                successor = context.facts.successor(model, context.as_of)
                if successor is not None and _is_outgrown(request, ref, model, signals, context):
                    yield self._finding(request, context, ref, successor, small, signals, model)
                continue
            if not enough(request.task.use, signals):
                continue
            if not _is_meant(request, ref) and (
                context.preview or _is_sure(request, ref, model, context)
            ):
                yield self._finding(request, context, ref, model, small, signals)

    # -- what is said -----------------------------------------------------------------------------

    def _finding(
        self,
        request: Request,
        context: Context,
        ref: ModelRef,
        model: Model,
        small: Model,
        signals: list[Signal],
        retired: Model | None = None,
    ) -> Finding:
        """``model`` answers, or is what takes the place of the ``retired`` one."""
        chosen: dict[str, Signal] = {}
        for signal in signals:
            chosen.setdefault(signal.kind, signal)
        reasons = [signal.says for signal in chosen.values()][:3]
        told = "; ".join(reasons)
        clause = default_clause(ref)
        says = f"{ref.id}{clause} answers with {SAYS[request.task.use]}: {told}."
        if retired is not None:
            says = (
                f"{model.id}, which replaces the retired {ref.id}{clause}, is more than this "
                f"takes: it answers with {SAYS[request.task.use]} ({told}), and "
                f"{small.line.title()} models have been ahead of {retired.id} since."
            )
        cost = None
        saved = cheaper(request, context, model, small)
        if saved is not None:
            price, cost = saved
            says += f" {price} Gate the change by an eval."
        fix, no_fix = self._fix(request, context, ref, retired or model)
        return self.finding(
            request,
            written(request, ref),
            says,
            related=(*_steps(list(chosen.values())), *model_trail(request, ref)),
            confidence=_confidence(request, ref, chosen),
            cost=cost,
            fix=fix,
            no_fix=no_fix,
            identity=(self.id, written(request, ref), ref.span),
        )

    def _fix(
        self, request: Request, context: Context, ref: ModelRef, model: Model
    ) -> tuple[Fix | None, str | None]:
        """By the user's own table, which may name a task or a model."""
        names = (request.task.use.value, ref.id, model.id)
        routed = next((context.routing[n] for n in names if n in context.routing), None)
        if routed is None or routed == ref.id:
            return None, (
                "Which model is good enough is for your evals to say; name it under "
                f"[tool.skinflint.routing] in the configuration ({request.task.use.value} or "
                f"{model.id} = ...)."
            )
        new = context.facts.resolve(routed, request.site.platform.value).model
        if new is None or new.tier is None or model.tier is None or new.tier >= model.tier:
            return None, f"{routed}, which the routing table names, is no smaller model."
        refused = rejected(request, new)
        if refused:
            return None, f"{routed} rejects {refused}, which this request sends."
        if ref.set_in:
            return None, elsewhere(ref)
        if is_shared(ref, request):
            return None, (
                f"{ref.id} may serve other requests as well; give this one a model of its own."
            )
        return (
            Fix(
                Applicability.UNSAFE,
                f"Use {routed}",
                (ReplaceString(ref.span, ref.id, routed),),
                changes_model=True,
            ),
            None,
        )


def _steps(signals: list[Signal]) -> list[Step]:
    return [Step(Role.STEP, signal.span, signal.says) for signal in signals]


def _confidence(request: Request, ref: ModelRef, chosen: dict[str, Signal]) -> Confidence:
    sure = request.task.use in CHOICES and not chosen.keys().isdisjoint(
        ("schema", "compared", "indexed", "parsed")
    )
    settled = request.model.is_any(State.KNOWN) and not ref.default_of
    return Confidence.HIGH if sure and settled else Confidence.MEDIUM


def _is_meant(request: Request, ref: ModelRef) -> bool:
    """Whether something says that the size is right: a comment, much thinking, a judge."""
    facts = tasks.load()
    if facts.is_meant(ref.comment) or _thinks_much(request):
        return True
    names = (request.site.function, *(s.says for s in request.task.signals if s.kind == "name"))
    return request.task.use is Use.JUDGEMENT and any(facts.referees(name) for name in names)


def _is_outgrown(
    request: Request, ref: ModelRef, model: Model, signals: list[Signal], context: Context
) -> bool:
    """Whether the smallest model is ahead of a retired one, and the task is small for all to see.

    What the retired model was good enough for, the smallest one is as well.
    """
    return (
        model.id in tasks.load().outgrown
        and not {signal.kind for signal in signals}.isdisjoint(_PROVE)
        and not request.for_others_too
        and not request.unused(ref.span)
        and not _is_asked_for(ref)
        and _is_plain(request)
        and not _is_meant(request, ref)
        and not _is_weighty(request)
        and not _is_weighed(request, ref, context)
    )


def _is_sure(request: Request, ref: ModelRef, model: Model, context: Context) -> bool:
    """Whether an expert would agree without running an eval first: see the page of the rule."""
    return (
        model.status(context.as_of) == "active"
        and not _is_asked_for(ref)
        and _chooses(request)
        and _recurs(request)
        and _is_plain(request)
        and not _is_weighty(request)
        and not _is_weighed(request, ref, context)
    )


def _is_asked_for(ref: ModelRef) -> bool:
    """Whether whoever starts the program says which model: a script that tries several."""
    return ref.default_of.startswith(("command line argument", "option of"))


def _chooses(request: Request) -> bool:
    """Whether its use proves the reply to be a choice among few, or a number that rates."""
    task = request.task
    return task.use in CHOICES and task.closed is not None and not request.for_others_too


def _recurs(request: Request) -> bool:
    """Whether it is sent again and again: for each record, for each request that comes in."""
    kinds = (PairKind.RECORD, PairKind.USER)
    again = request.repetition.kind is Repeats.REQUEST
    trips = request.repetition.trips
    return (again or any(pair.kind in kinds for pair in request.pairs)) and (
        trips is None or trips >= _FEW
    )


def _is_plain(request: Request) -> bool:
    """Whether one short turn is all there is: no thinking, no tools to choose from, no document."""
    facts = tasks.load()
    thinking = request.params.get("thinking")
    if request.unseen or efforts(request) != [] or request.site.span.path.endswith(".ipynb"):
        return False
    if thinking is not None and any(not _is_off(each) for each in alternatives(thinking)):
        return False
    if request.multi_turn or request.conversation is not None or request.rounds is not None:
        return False
    forced = any(signal.kind == "schema" for signal in request.task.signals)
    if request.tools.state is not State.ABSENT and not forced:
        return False
    return not any(
        block.kind in ("document", "tool_result")
        or any(
            isinstance(leaf, Known)
            and isinstance(leaf.value, str)
            and (facts.narrates(leaf.value) or ("",))[0] == "thinks"
            for leaf, _ in parts_of(block.value)
        )
        for block in request.blocks
        if block.place is not Place.TOOLS
    )


def _is_off(thinking: Value) -> bool:
    if isinstance(thinking, Known):
        return thinking.value is None
    kind = thinking.get("type") if isinstance(thinking, Mapping) else None
    return isinstance(kind, Known) and kind.value == "disabled"


def _is_weighty(request: Request) -> bool:
    """Whether names say that much hangs on it, or that other models are judged."""
    facts = tasks.load()
    path = request.site.span.path.replace("\\", "/").rpartition("/")[2].removesuffix(".py")
    said = [s.says for s in request.task.signals if s.kind in ("name", "class")]
    names = (path, request.site.function, *said)
    return any(facts.is_weighty(name) or facts.referees(name) for name in names)


def _is_weighed(request: Request, ref: ModelRef, context: Context) -> bool:
    """Whether a comment or document that names a line of models says that one was weighed."""
    facts = tasks.load()
    if facts.is_weighed(ref.comment):
        return True
    lines = {m.line for m in context.facts.models.values() if m.latest and m.tier is not None}
    return any(facts.is_weighed(said) for said in request.said_of(tuple(sorted(lines))))


def _thinks_much(request: Request) -> bool:
    """Whether a high effort or a large budget of thinking is written out."""
    facts = tasks.load()
    thought = budget(request)
    return (thought is not None and thought[0] >= facts.much_thinking) or any(
        level.value in facts.high_efforts for level in efforts(request) or ()
    )
