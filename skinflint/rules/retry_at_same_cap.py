"""SKF603: a reply that was cut off is asked for again with the cap that cut it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from skinflint.catalog import retries
from skinflint.linter.findings import Applicability, Finding, Fix, SetKeyword, Tier
from skinflint.linter.request import Request, Retry
from skinflint.linter.spans import Role, Step
from skinflint.linter.values import Known
from skinflint.rules.base import Context, Example, Rule

_COUNTED = """\
import anthropic

client = anthropic.Anthropic()


def minutes(transcript: str) -> str:
    for attempt in range(3):
        reply = client.messages.create(
            model="claude-sonnet-5-5",
            max_tokens=2000,
            messages=[{"role": "user", "content": f"Minutes of this meeting:\\n{transcript}"}],
        )
        if reply.stop_reason == "max_tokens":  # <-
            continue
        return reply.content[-1].text
    raise RuntimeError("the minutes are too long")
"""

_COUNTED_FIXED = """\
import anthropic

client = anthropic.Anthropic()


def minutes(transcript: str) -> str:
    for attempt in range(3):
        reply = client.messages.create(
            model="claude-sonnet-5-5",
            max_tokens=2000 * 2**attempt,
            messages=[{"role": "user", "content": f"Minutes of this meeting:\\n{transcript}"}],
        )
        if reply.stop_reason == "max_tokens":
            continue
        return reply.content[-1].text
    raise RuntimeError("the minutes are too long")
"""

_WHILE = """\
import anthropic

client = anthropic.Anthropic()
LIMIT = 1024


def letter(wishes: str) -> str:
    messages = [{"role": "user", "content": f"Write this letter:\\n{wishes}"}]
    reply = client.messages.create(
        model="claude-sonnet-5-5", max_tokens=LIMIT, messages=messages
    )
    while reply.stop_reason == "max_tokens":  # <-
        reply = client.messages.create(
            model="claude-sonnet-5-5", max_tokens=LIMIT, messages=messages
        )
    return reply.content[-1].text
"""

_GOOD = """\
import anthropic

client = anthropic.Anthropic()


def letter(wishes: str) -> str:
    room = 1024
    while True:
        reply = client.messages.create(
            model="claude-sonnet-5-5",
            max_tokens=room,
            messages=[{"role": "user", "content": f"Write this letter:\\n{wishes}"}],
        )
        if reply.stop_reason != "max_tokens" or room > 8000:
            return reply.content[-1].text
        room *= 2


def story(wishes: str) -> str:
    messages = [{"role": "user", "content": f"Write this story:\\n{wishes}"}]
    told = ""
    for _ in range(4):
        reply = client.messages.create(
            model="claude-sonnet-5-5",
            max_tokens=4000,
            cache_control={"type": "ephemeral"},
            messages=messages,
        )
        told += reply.content[-1].text
        if reply.stop_reason != "max_tokens":
            break
        messages.append({"role": "assistant", "content": reply.content})
        messages.append({"role": "user", "content": "Go on where you stopped."})
    return told
"""


class RetryAtSameCap(Rule):
    """A reply that was cut off is asked for once more with the cap that cut it.

    ## What it does
    Reports loops that see a reply end with `stop_reason` of max_tokens and send the very same
    request again: neither `max_tokens` nor the messages have changed. Silent where the cap grows,
    or the reply goes into the conversation to be continued.

    ## Why it costs
    The whole reply that was thrown away is paid for, and so is the prompt, each time; the next one
    is most likely cut at the same place. Measured by Anthropic: of attempts that a cap of 16,384
    tokens had ended (15 % of those of Claude Opus 5) none had solved its task.

    ## Example
    Three tries, each with room for 2,000 tokens.

    ## Use instead
    More room: what is not used is not billed. Or let the model go on from where it stopped.

    ## Fix safety
    Unsafe: longer replies are let through, and paid for. The cap is doubled with each round where
    the loop counts them and it stays below what the model and the SDK allow.

    ## References
    - Handling stop reasons, Anthropic documentation (2026-10-08):
      https://platform.claude.com/docs/en/build-with-claude/handling-stop-reasons
    - Optimizing for cost and intelligence (2026-09-02):
      https://platform.claude.com/docs/en/build-with-claude/optimizing-for-cost-and-intelligence
    """

    id = "SKF603"
    name = "retry-at-same-cap"
    summary = "A reply that was cut off is asked for again with the cap that cut it"
    tier = Tier.PREVIEW
    examples: ClassVar[tuple[Example, ...]] = (
        Example("Three tries with the same room", bad=_COUNTED, fixed=_COUNTED_FIXED),
        Example("As long as it is cut off", bad=_WHILE),
        Example("A cap that grows; a reply that is continued", good=_GOOD),
    )

    def check(self, request: Request, context: Context) -> Iterator[Finding]:
        """One finding per loop that asks again with the same cap."""
        for retry in request.retries():
            if retry.kind == "cut-off":
                yield self._finding(request, context, retry)

    def _finding(self, request: Request, context: Context, retry: Retry) -> Finding:
        fix = self._grown(request, context, retry)
        return self.finding(
            request,
            retry.head,
            "A reply that was cut off is asked for again with the same `max_tokens`: what was said "
            "is paid for and thrown away, and the next is likely cut at the same place.",
            related=(
                *retry.steps,
                Step(Role.SINK, request.site.span, "sent again with the same cap"),
            ),
            fix=fix,
            no_fix=None if fix else "Raise `max_tokens`, or let the model go on where it stopped.",
            identity=(self.id, retry.span),
        )

    @staticmethod
    def _grown(request: Request, context: Context, retry: Retry) -> Fix | None:
        """The cap doubled with each round, where it is literal and there is room for that."""
        cap = request.params.get("max_tokens")
        if not retry.counter or not retry.rounds or not isinstance(cap, Known):
            return None
        if not isinstance(cap.value, int) or not request.site.span.contains(cap.span):
            return None
        most = cap.value * 2 ** (retry.rounds - 1)
        for ref in request.models:
            model = context.facts.resolve(ref.id, request.site.platform.value).model
            if model is None or model.max_output is None or most > model.max_output:
                return None
        streams = "stream" in request.site.method or "stream" in request.params
        if not request.models or (not streams and most > retries.load().unstreamed):
            return None
        grown = f"{cap.value} * 2**{retry.counter}"
        ops = (SetKeyword(request.site.span, "max_tokens", grown),)
        return Fix(Applicability.UNSAFE, "Double the room with each round", ops)
