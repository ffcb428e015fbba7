"""SKF405: much effort or thinking for a label, a score or a few fields."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from skinflint.catalog import tasks
from skinflint.catalog.models import Model
from skinflint.linter.findings import (
    Applicability,
    Finding,
    Fix,
    SetEntry,
    SetKeyword,
    Severity,
    Tier,
)
from skinflint.linter.request import ModelRef, Request, Signal
from skinflint.linter.spans import Role, Span, Step
from skinflint.linter.values import Confidence, Known, Mapping, alternatives
from skinflint.rules._models import first_party_ids
from skinflint.rules._needs import a_model
from skinflint.rules._tasks import SAYS, SMALL, budget, compares, efforts, enough, small_signals
from skinflint.rules.base import Context, Example, Rule

_EFFORT = """\
import anthropic

client = anthropic.Anthropic()


def is_urgent(mail: str) -> bool:
    reply = client.messages.create(
        model="claude-haiku-5-5",
        max_tokens=2000,
        output_config={"effort": "high"},  # <-
        messages=[{"role": "user", "content": f"Is this mail urgent? Answer yes or no.\\n{mail}"}],
    )
    return reply.content[-1].text.strip().lower() == "yes"
"""

_DEFAULT = """\
import anthropic

client = anthropic.Anthropic()


def classify_ticket(ticket: str) -> str:
    reply = client.messages.create(  # <-
        model="claude-sonnet-5-5",
        max_tokens=2000,
        messages=[{"role": "user", "content": f"sales, support or law?\\n{ticket}"}],
    )
    answer = reply.content[-1].text.strip()
    return answer if answer in ("sales", "support", "law") else "support"
"""

_DEFAULT_FIXED = """\
import anthropic

client = anthropic.Anthropic()


def classify_ticket(ticket: str) -> str:
    reply = client.messages.create(
        model="claude-sonnet-5-5",
        max_tokens=2000,
        messages=[{"role": "user", "content": f"sales, support or law?\\n{ticket}"}],
        output_config={"effort": "low"},
    )
    answer = reply.content[-1].text.strip()
    return answer if answer in ("sales", "support", "law") else "support"
"""

_BUDGET = """\
import anthropic

client = anthropic.Anthropic()


def score_answer(answer: str) -> int:
    reply = client.messages.create(
        model="claude-sonnet-4-6",
        max_tokens=20000,
        thinking={"type": "enabled", "budget_tokens": 16000},  # <-
        messages=[{"role": "user", "content": f"A score from 1 to 10, no words:\\n{answer}"}],
    )
    score = int(reply.content[-1].text)
    return score
"""

_GOOD = """\
import anthropic

client = anthropic.Anthropic()


def is_urgent(mail: str) -> bool:
    reply = client.messages.create(
        model="claude-sonnet-5-5",
        max_tokens=2000,
        output_config={"effort": "low"},
        messages=[{"role": "user", "content": f"Is this mail urgent? Answer yes or no.\\n{mail}"}],
    )
    return reply.content[-1].text.strip().lower() == "yes"


def is_spam(mail: str) -> bool:
    reply = client.messages.create(
        model="claude-haiku-5-5",
        max_tokens=2000,
        messages=[{"role": "user", "content": f"Is this mail spam? Answer yes or no.\\n{mail}"}],
    )
    return reply.content[-1].text.strip().lower() == "yes"


def write_answer(mail: str) -> str:
    reply = client.messages.create(
        model="claude-sonnet-5-5",
        max_tokens=20000,
        output_config={"effort": "high"},
        messages=[{"role": "user", "content": f"Answer this mail:\\n{mail}"}],
    )
    return reply.content[-1].text
"""


class OversizedEffort(Rule):
    """Much effort or thinking goes into a label, a score or a few fields.

    ## What it does
    Looks at what a reply is used for, as SKF401 does, and where two or more signals say that the
    task is small, at what is spent on it: an `effort` of high or more, thinking with a budget of
    4,000 tokens or more, or no effort at all on a model that thinks by default and whose effort is
    high when none is asked for (info). Silent on models that know no effort, and where comments say
    that it is meant.

    ## Why it costs
    Thinking is output, at five times the price of input, and effort decides how much of it there
    is. Measured by Anthropic on harder work than this: medium effort at half the cost of high for 2
    points less, and low with a second run of what failed at $0.70 against $1.39.

    ## Example
    Yes or no, after 16,000 tokens of thinking at the most.

    ## Use instead
    `output_config={"effort": "low"}`, which is documented for simple tasks; then see whether your
    evals notice.

    ## Fix safety
    Unsafe: the model thinks less, and replies may differ. A level of effort that is part of the
    prompt of a conversation starts its cache anew once. Budgets of thinking are left to you.

    ## References
    - Effort, Anthropic documentation (2026-10-08):
      https://platform.claude.com/docs/en/build-with-claude/effort
    - Optimizing for cost and intelligence (2026-09-02):
      https://platform.claude.com/docs/en/build-with-claude/optimizing-for-cost-and-intelligence
    """

    id = "SKF405"
    name = "oversized-effort"
    summary = "Much effort or thinking goes into a label, a score or a few fields"
    tier = Tier.PREVIEW
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            "High effort for yes or no",
            bad=_EFFORT,
            fixed=_EFFORT.replace('"high"', '"low"').replace("  # <-", ""),
        ),
        Example("The default of the model", bad=_DEFAULT, fixed=_DEFAULT_FIXED),
        Example("A large budget of thinking", bad=_BUDGET),
        Example("Low effort; a default of medium; an open answer", good=_GOOD),
    )

    needs = (a_model,)

    def check(self, request: Request, context: Context) -> Iterator[Finding]:
        """At most one finding per request whose task is small."""
        if request.task.use not in SMALL or compares(request):
            return
        found = list(first_party_ids(request, context))
        models = [resolution.model for _, resolution in found if resolution.model is not None]
        if not found or len(models) < len({ref.span for ref in request.models}):
            return
        if any(tasks.load().is_meant(ref.comment) for ref, _ in found):
            return
        ref = found[0][0]
        signals = small_signals(request, ref)
        if not enough(request.task.use, signals):
            return
        yield from self._of_effort(request, ref, models, signals)

    def _of_effort(
        self, request: Request, ref: ModelRef, models: list[Model], signals: list[Signal]
    ) -> Iterator[Finding]:
        facts = tasks.load()
        thought = budget(request)
        if thought is not None and thought[0] >= facts.much_thinking:
            yield self._finding(
                request,
                thought[1],
                f"up to {thought[0]:,} tokens of thinking",
                signals,
                None,
                "How much thinking is enough is for your evals to say.",
            )
            return
        if any(model.effort is None for model in models) or _thinks_not(request):
            return
        levels = efforts(request)
        if levels is None:
            return
        if not levels:
            if not all(m.thinks and m.effort in facts.high_efforts for m in models):
                return
            free = not request.unseen and "output_config" not in request.params
            config = f'{{"effort": "{facts.low_effort}"}}'
            fix = Fix(
                Applicability.UNSAFE,
                f"Ask for {facts.low_effort} effort",
                (SetKeyword(request.site.span, "output_config", config),),
            )
            callable_ = free and "batches" not in request.site.method
            yield self._finding(
                request,
                request.site.span,
                f"{models[0].effort} effort (the default of {ref.id})",
                signals,
                fix if callable_ else None,
                None if callable_ else "The effort belongs beside what else is configured.",
                Severity.INFO,
            )
        elif all(level.value in facts.high_efforts for level in levels):
            first = levels[0]
            fix = Fix(
                Applicability.UNSAFE,
                f"Ask for {facts.low_effort} effort",
                tuple(SetEntry(e.span, "effort", f'"{facts.low_effort}"') for e in levels),
            )
            yield self._finding(request, first.span, f"{first.value} effort", signals, fix, None)

    def _finding(
        self,
        request: Request,
        primary: Span,
        spent: str,
        signals: list[Signal],
        fix: Fix | None,
        no_fix: str | None,
        severity: Severity | None = None,
    ) -> Finding:
        chosen: dict[str, Signal] = {}
        for signal in signals:
            chosen.setdefault(signal.kind, signal)
        told = "; ".join([signal.says for signal in chosen.values()][:3])
        steps = [Step(Role.STEP, s.span, s.says) for s in chosen.values()]
        return self.finding(
            request,
            primary,
            f"{spent[0].upper()}{spent[1:]} for {SAYS[request.task.use]}: {told}. Gate the change "
            f"by an eval.",
            related=(*steps, Step(Role.SINK, request.site.span, "sent here")),
            confidence=Confidence.MEDIUM,
            severity=severity,
            fix=fix,
            no_fix=no_fix,
            identity=(self.id, primary),
        )


def _thinks_not(request: Request) -> bool:
    """Whether thinking is turned off on some path, or it can't be told."""
    thinking = request.params.get("thinking")
    for each in alternatives(thinking) if thinking is not None else ():
        kind = each.get("type") if isinstance(each, Mapping) else None
        if not isinstance(kind, Known) or kind.value == "disabled":
            return True
    return False
