"""Run the rules' examples before and after their fix, and write down what came of it.

    python scripts/prove_rules.py

Writes skinflint/rules/_figures.py; the pages of the rules quote it (scripts/rule_docs.py). A test
fails when an example gives another figure.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "rules")]

from proving import figures  # noqa: E402

TARGET = ROOT / "skinflint" / "rules" / "_figures.py"
HEAD = '''\
"""Written by scripts/prove_rules.py: what the rules' examples gave when they were run."""

from __future__ import annotations

#: (rule, title of the example) -> the figure.
FIGURES = {
'''


def main() -> None:
    """Measure all of them and write the file."""
    with tempfile.TemporaryDirectory() as folder:
        found = figures(Path(folder))
    lines = [f"    ({rule!r}, {title!r}): {text!r},\n" for (rule, title), text in found.items()]
    TARGET.write_text(HEAD + "".join(lines) + "}\n", encoding="utf-8")
    subprocess.run([sys.executable, "-m", "ruff", "format", "-q", str(TARGET)], check=True)
    print(f"{len(found)} figures")


if __name__ == "__main__":
    main()
