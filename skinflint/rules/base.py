"""What a rule is: one file, one class, judged on rebuilt requests, never on syntax."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

from skinflint.linter.findings import (
    Cost,
    Finding,
    Fix,
    RuleInfo,
    Severity,
    Tier,
)
from skinflint.linter.request import Request
from skinflint.linter.spans import Span, Step
from skinflint.linter.values import Confidence
from skinflint.records import dataclass, field
from skinflint.rules._needs import Need
from skinflint.rules._unsent import is_refused_unsent

if TYPE_CHECKING:
    from skinflint.catalog.models import Catalog

#: How ids of Claude are called, also by gateways.
_CLAUDE = re.compile(r"claude|anthropic|opus|sonnet|haiku", re.IGNORECASE)
DOCS = "https://github.com/skinflint/skinflint/blob/main/docs/rules/"


@dataclass(frozen=True, slots=True)
class Example:
    """A module that shows the rule: ``bad`` is reported at each line that ends in ``# <-``.

    ``good`` must stay silent. ``fixed`` is ``bad`` after ``--fix --unsafe-fixes`` (the ``# <-``
    markers taken out of both), None where the rule has no fix.
    """

    title: str
    bad: str = ""
    good: str = ""
    fixed: str | None = None


@dataclass(frozen=True, slots=True)
class Context:
    """What a rule may ask besides the request."""

    as_of: datetime.date
    calls: int = 10  # calls within the ttl that ratios assume
    #: Calls of different callers count as close enough in time to read one another's prefix: it
    #: was said that so many come, or what hangs on it is asked for (``--preview``).
    paced: bool = False
    #: Findings of a class that is right less often than the default tier has to be are told as
    #: well (``--preview``); the page of each rule says which.
    preview: bool = False
    routing: dict[str, str] = field(default_factory=dict)
    single_user: bool = False
    catalog: Catalog | None = None  # with the overrides of the configuration

    @property
    def facts(self) -> Catalog:
        """The facts about models: those handed in, else the ones that come with skinflint."""
        if self.catalog is not None:
            return self.catalog
        from skinflint.catalog import models

        return models.load()


class Rule:
    """Base of all rules. The class docstring is the rule's page (fixed headings)."""

    id: ClassVar[str]
    name: ClassVar[str]
    summary: ClassVar[str]
    severity: ClassVar[Severity] = Severity.WARNING
    tier: ClassVar[Tier] = Tier.DEFAULT
    since: ClassVar[str] = "0.1.0"
    in_tests: ClassVar[bool] = False  # whether it reports in test files by default
    #: whether it also speaks of what requests share that nothing in the project runs: it asks then
    of_unused: ClassVar[bool] = False
    #: whether it also speaks of calls that the SDK refuses, or hasn't: they never send
    of_sdk: ClassVar[bool] = False
    supersedes: ClassVar[tuple[str, ...]] = ()
    examples: ClassVar[tuple[Example, ...]] = ()
    needs: ClassVar[tuple[Need, ...]] = ()  # what must be there before it can find anything

    def check(self, request: Request, context: Context) -> Iterator[Finding]:
        """The findings of this rule on one request."""
        raise NotImplementedError

    def is_told(self, request: Request, context: Context) -> bool:
        """Whether what it finds in ``request`` is told: it must be sent, and by default."""
        if not self.of_sdk and (request.lacked() or is_refused_unsent(request)):
            return False
        if self.of_unused:
            return True
        if request.unused(None):
            return False
        if context.preview:
            return True
        free = self.severity is not Severity.ERROR and _is_of_another_maker(request)
        return not (free or request.spare())

    def silence(self, request: Request, context: Context) -> str:
        """Why it finds nothing in ``request``: what is missing, or that nothing is amiss."""
        for need in self.needs:
            missing = need(request, context)
            if missing:
                return missing
        return "nothing that it looks for is here"

    @classmethod
    def info(cls) -> RuleInfo:
        """Identity for reports."""
        return RuleInfo(cls.id, cls.name, cls.tier, f"{DOCS}{cls.name}.md")

    @classmethod
    def figure(cls, title: str) -> str:
        """What came of running the example of that title, "" where nobody has."""
        from skinflint.rules._figures import FIGURES

        return FIGURES.get((cls.id, title), "")

    def finding(
        self,
        request: Request,
        primary: Span,
        message: str,
        *,
        related: tuple[Step, ...] = (),
        confidence: Confidence = Confidence.HIGH,
        severity: Severity | None = None,
        pair: str | None = None,
        cost: Cost | None = None,
        fix: Fix | None = None,
        no_fix: str | None = None,
        identity: tuple[object, ...] = (),
    ) -> Finding:
        """A finding of this rule about ``request``."""
        if request.site.through:
            # what its arguments may be is known to that function alone
            fix, no_fix = None, f"The request is sent by {request.site.through}(); mend it there."
        elif not request.site.by_sdk and fix is not None and not fix.shapeless:
            fix, no_fix = None, "Fixes write the shape of the SDK's requests; mend this by hand."
        return Finding(
            rule=self.info(),
            severity=self.severity if severity is None else severity,
            confidence=confidence,
            message=message,
            primary=primary,
            related=related,
            requests=(request.site.span,),
            pair=pair,
            cost=cost,
            fix=fix,
            no_fix=no_fix,
            identity=identity or (self.id, primary),
            supersedes=self.supersedes,
        )


def _is_of_another_maker(request: Request) -> bool:
    """Whether an Ollama on this machine is asked for models that aren't Claude: tokens are free."""
    if not request.local or not request.models:
        return False
    return not any(_CLAUDE.search(ref.id) for ref in request.models)
