"""Write docs/rules/ from the rules themselves.

python scripts/rule_docs.py          # write the pages
python scripts/rule_docs.py --check  # exit 1 if one of them is not current
"""

from __future__ import annotations

import inspect
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from skinflint.rules.base import Example, Rule  # noqa: E402
from skinflint.rules.registry import all_rules  # noqa: E402

PAGES = ROOT / "docs" / "rules"

#: The headings of every page, in order.
HEADINGS = (
    "What it does",
    "Why it costs",
    "Example",
    "Use instead",
    "Fix safety",
    "References",
)


def sections(rule: type[Rule]) -> tuple[str, dict[str, str]]:
    """The first paragraph of a rule's docstring and its text below each heading.

    Raises ValueError when a heading is missing, unknown or out of order.
    """
    page = inspect.cleandoc(rule.__doc__ or "")
    first, *rest = page.split("\n## ")
    found = {}
    for part in rest:
        heading, _, text = part.partition("\n")
        found[heading.strip()] = text.strip()
    if tuple(found) != HEADINGS:
        raise ValueError(f"{rule.id}: the headings are {list(found)}, not {list(HEADINGS)}")
    return first.strip(), found


def render(rule: type[Rule]) -> str:
    """The page of one rule."""
    first, parts = sections(rule)
    lines = [
        "<!-- Written by scripts/rule_docs.py; edit the rule instead. -->",
        f"# {rule.name} ({rule.id})",
        "",
        f"{rule.summary}.",
        "",
        f"Severity: {rule.severity.name.lower()}. Tier: {rule.tier.value}. "
        f"Since {rule.since}.{' Also judges test files.' if rule.in_tests else ''}",
        "",
        first,
    ]
    for heading in HEADINGS:
        lines += ["", f"## {heading}", "", parts[heading]]
        if heading == "Example":
            for example in rule.examples:
                if example.bad:
                    lines += ["", f"{example.title} (reported where `# <-` stands):", ""]
                    lines += _code(example.bad)
        elif heading == "Why it costs":
            lines += _proven(rule)
        elif heading == "Use instead":
            lines += _instead(rule.examples)
    return "\n".join(lines) + "\n"


def _proven(rule: type[Rule]) -> list[str]:
    """What came of running the examples below (scripts/prove_rules.py)."""
    told = [(example.title, rule.figure(example.title)) for example in rule.examples]
    lines = [f"- {title}: {figure}" for title, figure in told if figure]
    how = "Proven by running the examples against the simulator ([how](../prove.md)):"
    return ["", how, "", *lines] if lines else []


def _instead(examples: tuple[Example, ...]) -> list[str]:
    lines: list[str] = []
    for example in examples:
        if example.fixed is not None:
            lines += ["", f"{example.title}, after `--fix --unsafe-fixes`:", ""]
            lines += _code(example.fixed)
        if example.good:
            lines += ["", f"{example.title} (not reported):", ""]
            lines += _code(example.good)
    return lines


def _code(text: str) -> list[str]:
    return ["```python", *text.rstrip("\n").split("\n"), "```"]


def index() -> str:
    """The list of all rules."""
    lines = [
        "<!-- Written by scripts/rule_docs.py; edit the rules instead. -->",
        "# Rules",
        "",
        "| id | name | what it reports | severity | tier |",
        "|---|---|---|---|---|",
    ]
    lines += [
        f"| {rule.id} | [{rule.name}]({rule.name}.md) | {rule.summary} "
        f"| {rule.severity.name.lower()} | {rule.tier.value} |"
        for rule in all_rules()
    ]
    return "\n".join(lines) + "\n"


def pages() -> dict[Path, str]:
    """Path -> text of everything below docs/rules/."""
    found = {PAGES / f"{rule.name}.md": render(rule) for rule in all_rules()}
    found[PAGES / "README.md"] = index()
    return found


def outdated() -> list[str]:
    """Names of pages that are missing, differ from what the rules say, or belong to no rule."""
    wanted = pages()
    names = {
        path.name
        for path, text in wanted.items()
        if not path.is_file() or path.read_text(encoding="utf-8") != text
    }
    names.update(path.name for path in PAGES.glob("*.md") if path not in wanted)
    return sorted(names)


def main(arguments: list[str]) -> int:
    """Write the pages, or with ``--check`` only say which are outdated."""
    if arguments not in ([], ["--check"]):
        print(__doc__, file=sys.stderr)
        return 2
    old = outdated()
    if arguments:
        for name in old:
            print(f"docs/rules/{name} is not current; run python scripts/rule_docs.py")
        return 1 if old else 0
    PAGES.mkdir(parents=True, exist_ok=True)
    wanted = pages()
    for path in PAGES.glob("*.md"):
        if path not in wanted:
            path.unlink()
    for path, text in wanted.items():
        path.write_text(text, encoding="utf-8", newline="\n")
    print(f"{len(wanted)} pages, {len(old)} changed")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
