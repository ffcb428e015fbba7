"""What the rules about the size of a task share: which signals say that it is small."""

from __future__ import annotations

from skinflint.catalog import tasks
from skinflint.linter.request import ModelRef, Request, Signal, Use
from skinflint.linter.spans import Role, Span
from skinflint.linter.values import Known, Mapping, alternatives

#: Uses whose replies are small whatever is asked.
SMALL = (Use.LABEL, Use.ROUTING, Use.JUDGEMENT, Use.TITLE, Use.EXTRACTION)
CHOICES = (Use.LABEL, Use.ROUTING, Use.JUDGEMENT)
#: What is said of each.
SAYS = {
    Use.LABEL: "a label",
    Use.ROUTING: "a choice of where to go on",
    Use.JUDGEMENT: "a judgement",
    Use.TITLE: "a title",
    Use.EXTRACTION: "fields taken out of a text",
}


def small_signals(request: Request, ref: ModelRef) -> list[Signal]:
    """Those that say that the task is small.

    A model that is written in a helper serves every caller of it: what is seen in one of them
    doesn't count then.
    """
    use = request.task.use
    family = CHOICES if use in CHOICES else (use,)
    shared = serves_others(request, ref)
    found = []
    for signal in request.task.signals:
        if signal.kind in ("prompt", "class", "shown", "tools"):
            continue
        if signal.above and shared:
            continue
        agrees = signal.use in family or signal.kind == "max-tokens"
        if signal.kind == "parsed" and use in (Use.LABEL, Use.JUDGEMENT):
            agrees = True  # into fields of any name
        if agrees:
            found.append(signal)
    return found


def enough(use: Use, signals: list[Signal]) -> bool:
    """Two or more kinds; of fields, that they are asked for and read is one."""
    kinds = {signal.kind for signal in signals}
    if use is Use.EXTRACTION and "parsed" in kinds:
        kinds.discard("schema")
    return len(kinds) > 1


def serves_others(request: Request, ref: ModelRef) -> bool:
    """Whether a request is sent by a helper whose callers don't say which model."""
    return bool(request.chain) and not any(step.span.contains(ref.span) for step in request.chain)


def is_shared(ref: ModelRef, request: Request) -> bool:
    """Whether the literal may be read by requests for other tasks.

    One that stands in the call is not, nor is a constant that is named for the task.
    """
    if request.site.span.contains(ref.span):
        return False
    facts = tasks.load()
    for step in ref.trail:
        if step.role is Role.STEP and step.label.startswith("read as `"):
            name = step.label.removeprefix("read as `").rstrip("`").rpartition(".")[2]
            told = facts.of_name(name)
            if told is not None and Use(told.use) in SMALL:
                return False
    return not any(step.span.contains(ref.span) for step in request.chain)


def compares(request: Request) -> bool:
    """Whether it stands in code that sets models side by side."""
    facts = tasks.load()
    path = request.site.span.path.replace("\\", "/").rpartition("/")[2]
    names = (path.removesuffix(".py"), *request.site.function.split("."))
    return len(request.models) > 2 or any(facts.compares(name) for name in names)


def efforts(request: Request) -> list[Known] | None:
    """The levels that may be asked for, none where it is the default; None: they can't be seen."""
    config = request.params.get("output_config")
    if config is None:
        return None if request.unseen else []
    found: list[Known] = []
    for each in alternatives(config):
        if not isinstance(each, Mapping) or each.open:
            return None
        effort = each.get("effort")
        for level in alternatives(effort) if effort is not None else ():
            if not isinstance(level, Known):
                return None
            found.append(level)
    return found


def budget(request: Request) -> tuple[int, Span] | None:
    """The smallest budget of thinking that is asked for, None unless all paths ask for one."""
    thinking = request.params.get("thinking")
    found: list[tuple[int, Span]] = []
    for each in alternatives(thinking) if thinking is not None else ():
        tokens = each.get("budget_tokens") if isinstance(each, Mapping) else None
        if not isinstance(tokens, Known) or not isinstance(tokens.value, int):
            return None
        found.append((tokens.value, tokens.span))
    return min(found, default=None)
