"""What tests of one rule share: what it says about a module, and what its fix makes of it."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from textwrap import dedent

from skinflint.cli.bill import bill_for
from skinflint.fixers import apply
from skinflint.fixers.verify import Checked
from skinflint.linter import config, engine
from skinflint.linter.findings import Finding
from skinflint.linter.source import from_bytes
from skinflint.rules.base import Context, Rule

CONTEXT = Context(as_of=datetime.date(2026, 11, 22))
SETTINGS = config.load(None, None, isolated=True)


def judged(rule: type[Rule], text: str, context: Context = CONTEXT) -> tuple[Finding, ...]:
    """What one rule says about a module; nothing may go wrong on the way."""
    result = engine.check(
        [from_bytes("app.py", dedent(text).encode())], [rule()], SETTINGS, context
    )
    assert result.problems == ()
    return result.findings


def mended(rule: type[Rule], text: str, context: Context = CONTEXT) -> str:
    """A module after the unsafe fixes of one rule, every one of which was made."""
    whole = from_bytes("app.py", dedent(text).encode())

    def recheck(overlay: Mapping[str, str]) -> Checked:
        now = whole.replace_text(overlay[whole.path]) if whole.path in overlay else whole
        result = engine.check([now], [rule()], SETTINGS, context)
        return Checked(result.requests, result.findings, result.problems)

    outcome = apply.run(
        {whole.path: whole}, recheck, unsafe=True, write=False, bill=bill_for(context)
    )
    assert outcome.left == ()
    return outcome.after.get("app.py", whole.text)
