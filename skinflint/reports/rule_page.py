"""The page of a rule, out of its docstring and its examples: Markdown, or JSON."""

from __future__ import annotations

import inspect
import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from skinflint.linter.findings import RuleInfo, Severity

    class Example(Protocol):
        """A module that shows the rule."""

        @property
        def title(self) -> str: ...
        @property
        def bad(self) -> str: ...
        @property
        def good(self) -> str: ...
        @property
        def fixed(self) -> str | None: ...


class Described(Protocol):
    """A rule class as its page needs it; reports know the linter's model, not the rules."""

    @property
    def id(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def summary(self) -> str: ...
    @property
    def severity(self) -> Severity: ...
    @property
    def since(self) -> str: ...
    @property
    def in_tests(self) -> bool: ...
    @property
    def examples(self) -> Sequence[Example]: ...
    def info(self) -> RuleInfo: ...
    def figure(self, title: str) -> str: ...


def markdown(rule: Described) -> str:
    """The page as Markdown, with a newline at its end."""
    info = rule.info()
    facts = [
        f"severity: {rule.severity.name.lower()}",
        f"tier: {info.tier.value}",
        f"since: {rule.since}",
        f"in test files: {'yes' if rule.in_tests else 'only when selected by id or name'}",
    ]
    parts = [f"# {rule.name} ({rule.id})", rule.summary, "; ".join(facts), explanation(rule)]
    for example in rule.examples:
        parts.append(f"## Example: {example.title}")
        if example.bad:
            parts += ["Reported (at the lines marked `# <-`):", _code(example.bad)]
        if example.fixed is not None:
            parts += ["After `--fix --unsafe-fixes`:", _code(example.fixed)]
        if example.good:
            parts += ["Not reported:", _code(example.good)]
        figure = rule.figure(example.title)
        if figure:
            parts.append(f"Proven: {figure}")
    return "\n\n".join(part for part in parts if part) + "\n"


def document(rules: Sequence[Described], *, every: bool) -> str:
    """JSON with a newline at its end: one object, or a list of them for ``every`` rule."""
    pages = [_page(rule) for rule in rules]
    return json.dumps(pages if every else pages[0], indent=2) + "\n"


def explanation(rule: Described) -> str:
    """The docstring without its indentation."""
    return inspect.cleandoc(rule.__doc__ or "")


def _page(rule: Described) -> Mapping[str, object]:
    info = rule.info()
    return {
        "id": rule.id,
        "name": rule.name,
        "summary": rule.summary,
        "severity": rule.severity.name.lower(),
        "tier": info.tier.value,
        "since": rule.since,
        "in_tests": rule.in_tests,
        "docs": info.docs,
        "explanation": explanation(rule),
        "examples": [
            {
                "title": example.title,
                "bad": example.bad,
                "good": example.good,
                "fixed": example.fixed,
                "proven": rule.figure(example.title),
            }
            for example in rule.examples
        ],
    }


def _code(text: str) -> str:
    return f"```python\n{text.strip()}\n```"
