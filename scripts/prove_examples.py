"""Prove the example agent before and after its fixes, and write the table where it is quoted.

    python scripts/prove_examples.py

The table stands between ``<!-- proof -->`` and ``<!-- /proof -->`` in the README and in
docs/prove.md; a test compares.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
QUOTED_IN = ("README.md", "docs/prove.md")
AS_OF = "2026-11-22"
COMMAND = ("python", "-m", "support_agent.tests.day")
OPENS, CLOSES = "<!-- proof -->\n", "<!-- /proof -->"


def table(folder: Path) -> str:
    """What ``skinflint prove --against HEAD`` prints first for the mended example.

    Raises:
        AssertionError: some step failed; its output is the message.
    """
    top = folder / "copy"
    shutil.copytree(
        ROOT / "examples", top / "examples", ignore=shutil.ignore_patterns("__pycache__", ".*")
    )
    _run(top, "git", "init", "-q")
    _run(top, "git", "add", ".")
    identity = ("-c", "user.name=Ada", "-c", "user.email=ada@example.com")
    _run(top, "git", *identity, "commit", "-q", "-m", "as it is")
    skinflint = (sys.executable, "-m", "skinflint")
    # what no fix could mend is left; it is the fixes that are measured
    fix = ("check", "--isolated", "--as-of", AS_OF, "--fix", "--unsafe-fixes", "examples")
    _run(top, *skinflint, *fix, codes=(0, 1))
    command = (sys.executable, *COMMAND[1:])
    asked = ("--turns", "2", "--against", "HEAD", "--as-of", AS_OF)
    out = _run(top / "examples", *skinflint, "prove", *asked, "--", *command)
    start = out.index("HEAD -> the working tree")
    return out[start:].split("\n\nsupport_agent/")[0].rstrip() + "\n"


def _run(folder: Path, *command: str, codes: tuple[int, ...] = (0,)) -> str:
    done = subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode in codes, done.stdout + done.stderr
    return done.stdout


def quoted(path: Path) -> str | None:
    """The table as a file quotes it, None if it does not."""
    _, opened, rest = path.read_text(encoding="utf-8").partition(OPENS)
    return rest.partition(CLOSES)[0] if opened else None


def shown(found: str) -> str:
    """The table with the command, as Markdown."""
    command = f"$ skinflint prove --turns 2 --against HEAD -- {' '.join(COMMAND)}"
    return f"```text\n{command}\n{found}```\n"


def main() -> None:
    """Measure, and write it into every file that quotes it."""
    with tempfile.TemporaryDirectory() as folder:
        text = shown(table(Path(folder)))
    for name in QUOTED_IN:
        path = ROOT / name
        if quoted(path) is None:
            continue
        head, _, rest = path.read_text(encoding="utf-8").partition(OPENS)
        tail = rest.partition(CLOSES)[2]
        path.write_text(head + OPENS + text + CLOSES + tail, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
