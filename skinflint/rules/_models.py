"""What the rules about model ids share."""

from __future__ import annotations

from collections.abc import Iterator

from skinflint.catalog.models import Resolution
from skinflint.linter.request import ModelRef, Request
from skinflint.linter.spans import Role, Step
from skinflint.rules.base import Context


def first_party_ids(request: Request, context: Context) -> Iterator[tuple[ModelRef, Resolution]]:
    """The ids that go to Anthropic itself, each literal once.

    Partner clouds and compatible servers have their own names and their own calendar.
    """
    platform = request.site.platform
    if not platform.first_party:
        return
    seen = set()
    for ref in request.models:
        if ref.span in seen or ref.platform_id:
            continue
        seen.add(ref.span)
        resolution = context.facts.resolve(ref.id, platform.value)
        if not resolution.partner_id:
            yield ref, resolution


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
    """ " (default of ...)" where the id is only a default."""
    return f" (default of {ref.default_of})" if ref.default_of else ""
