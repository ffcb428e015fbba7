"""What rules about settings that change in a conversation share."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import ClassVar

from skinflint.linter.findings import Finding, Severity, Tier
from skinflint.linter.request import Breakpoint, Pair, Request, moving
from skinflint.linter.spans import Role, Span, Step
from skinflint.linter.values import Confidence, Key
from skinflint.rules._goes_on import goes_on
from skinflint.rules._needs import Need, a_breakpoint, a_second_call
from skinflint.rules._prefix import binding_model, differ, named, over_messages
from skinflint.rules.base import Context, Rule


def varying(request: Request, keys: Iterable[Key]) -> tuple[Pair, tuple[Key, ...]] | None:
    """The first pair of calls of one growing conversation between which some keys move."""
    given = tuple(key for key in keys if key.confidence > Confidence.LOW)
    for pair in request.pairs:
        if pair.confidence is Confidence.LOW or not goes_on(request, pair):
            continue
        moved = moving(given, pair, request.host)
        if moved:
            return pair, moved
    return None


class VaryingRule(Rule):
    """A rule about something that is another one in the next call of a cached conversation."""

    tier = Tier.PREVIEW
    needs: ClassVar[tuple[Need, ...]] = (a_breakpoint, a_second_call)

    def report(
        self,
        request: Request,
        context: Context,
        found: tuple[Pair, tuple[Key, ...]],
        place: Span,
        what: str,
        lost: str,
        no_fix: str,
        severity: Severity | None = None,
    ) -> Iterator[Finding]:
        """The finding that ``what`` varies with the keys found, where the messages are cached."""
        point = over_messages(request)
        if point is None:
            return
        pair, keys = found
        sentences = [
            f"{what} hangs on {named(keys)}, which {differ(keys)} {pair.label}: where it changes, "
            f"{lost} written again instead of read."
        ]
        refusing = binding_model(request, context)
        if refusing is not None:
            sentences.append(
                f"{refusing.id} binds its thinking to the prefix: replayed behind another one, it "
                f"is rejected (400)."
            )
            severity = Severity.ERROR
        yield self.finding(
            request,
            place,
            " ".join(sentences),
            related=_trail(keys, place, what, point),
            confidence=min(pair.confidence, max(key.confidence for key in keys)),
            severity=severity,
            pair=pair.label,
            no_fix=no_fix,
            identity=(self.id, place),
        )


def _trail(keys: tuple[Key, ...], place: Span, what: str, point: Breakpoint) -> tuple[Step, ...]:
    steps = [step for key in keys for step in key.trail]
    steps.append(Step(Role.SINK, place, f"{what[0].lower()}{what[1:]} is chosen here"))
    label = "automatic caching ends here" if point.automatic else "the breakpoint it breaks"
    steps.append(Step(Role.BREAKPOINT, point.span, label))
    return tuple(dict.fromkeys(steps))
