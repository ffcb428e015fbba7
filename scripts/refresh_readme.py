"""Write into the README what the program prints: the example, and the table of rules.

    python scripts/refresh_readme.py

A test compares; run this when it says that the README is not current.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from skinflint.rules.registry import all_rules

ROOT = Path(__file__).parents[1]
#: the finding that opens the README
SHOWN = ("examples/support_agent/api.py", "SKF101")


def example() -> str:
    """One finding of ``skinflint check examples`` as it is printed.

    Raises:
        ValueError: that finding is not there (any more).
    """
    done = subprocess.run(
        [sys.executable, "-m", "skinflint", "check", "--isolated", "examples"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    for part in done.stdout.split("\n\n"):
        head = part.partition("\n")[0]
        if all(word in head for word in SHOWN):
            return f"```text\n{part.rstrip()}\n```\n"
    raise ValueError(f"no {SHOWN[1]} in {SHOWN[0]}: {done.stdout}{done.stderr}")


def rules() -> str:
    """All rules as a table."""
    rows = [
        f"| [{rule.id}](docs/rules/{rule.name}.md) | `{rule.name}`"
        f" | {rule.severity.name.lower()} | {rule.tier.value} | {rule.summary} |\n"
        for rule in all_rules()
    ]
    return "| rule | name | severity | tier | what it finds |\n|---|---|---|---|---|\n" + "".join(
        rows
    )


def refreshed(text: str) -> str:
    """The README with both parts as they are now; each stands between two HTML comments."""
    for name, part in (("example", example()), ("rules", rules())):
        head, start, rest = text.partition(f"<!-- {name} -->\n")
        _, end, tail = rest.partition(f"<!-- /{name} -->")
        text = head + start + part + end + tail
    return text


if __name__ == "__main__":
    path = ROOT / "README.md"
    path.write_text(refreshed(path.read_text(encoding="utf-8")), encoding="utf-8")
