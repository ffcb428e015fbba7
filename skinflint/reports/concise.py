"""One line per finding, for editors, hooks and grep."""

from __future__ import annotations

from typing import TYPE_CHECKING

from skinflint.reports.full import CellOf, header, no_cell
from skinflint.reports.paint import Paint, plain

if TYPE_CHECKING:
    from skinflint.linter.findings import Finding


def render(finding: Finding, *, paint: Paint = plain, cell_of: CellOf = no_cell) -> str:
    """``path:line:column: severity ID name: message [safe fix]`` with a newline at its end."""
    mark = f" [{finding.fix.applicability.value} fix]" if finding.fix else ""
    return f"{header(finding, paint, cell_of)}{paint(mark, 'cyan') if mark else ''}\n"
