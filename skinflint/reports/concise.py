"""One line per finding, for editors, hooks and grep."""

from __future__ import annotations

from typing import TYPE_CHECKING

from skinflint.reports.full import header
from skinflint.reports.paint import Paint, plain

if TYPE_CHECKING:
    from skinflint.linter.findings import Finding


def render(finding: Finding, *, paint: Paint = plain) -> str:
    """``path:line:column: severity ID name: message [safe fix]`` with a newline at its end."""
    mark = f" [{finding.fix.applicability.value} fix]" if finding.fix else ""
    return f"{header(finding, paint)}{paint(mark, 'cyan') if mark else ''}\n"
