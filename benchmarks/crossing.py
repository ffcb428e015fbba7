"""What it costs to follow values from one file into another: CPU seconds and memory.

    python benchmarks/crossing.py TREE [--runs N] [--assert]

TREE is a folder of real code: the larger the better, at least 5,000 files with requests in many
modules. ``skinflint check --isolated`` reads it in processes of its own, once as it is, once with
each file as a project of its own, where no value leads anywhere else. With ``--assert`` the exit
code is 1 when the whole tree takes more than three times the CPU of its files alone, or more than
400 MiB at its peak.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

#: The whole tree over its files alone, in CPU seconds.
BAR = 3.0
#: MiB that the check of the whole tree may take.
MOST_MEMORY = 400

#: What the processes run. Without a tree no file is found beside the one that is checked.
ALONE = """\
from skinflint.linter.project import Project
Project._tree = lambda self, module: None
"""
CHECK = """\
import sys
from skinflint.cli import main
sys.argv[1:] = ["check", "--isolated", "--exit-zero", "."]
main()
"""


class Cost(NamedTuple):
    """User and system time in seconds, and the peak of resident memory in MiB."""

    seconds: float
    memory: float


def cost(root: Path, code: str) -> Cost:
    """What a process takes that runs ``code`` in a tree.

    Raises:
        SystemExit: it ended as no check ends; then nothing was measured.
    """
    process = subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=root,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 2):  # 2: some file of a real tree is no Python, as a rule
        raise SystemExit(f"skinflint check exited with {process.returncode} in {root}")
    unit = 1 << 20 if sys.platform == "darwin" else 1 << 10
    return Cost(usage.ru_utime + usage.ru_stime, usage.ru_maxrss / unit)


def median(root: Path, codes: tuple[str, ...], runs: int) -> list[Cost]:
    """The medians of several runs of each code, which take turns."""
    taken: list[list[Cost]] = [[] for _ in codes]
    for _ in range(runs):
        for index, code in enumerate(codes):
            taken[index].append(cost(root, code))
    return [Cost(*map(statistics.median, zip(*each, strict=True))) for each in taken]


def main() -> int:
    """Measure, print the table, and judge it if asked to."""
    parser = argparse.ArgumentParser(description="The cost of following values between files.")
    parser.add_argument("tree", type=Path)
    parser.add_argument("--runs", type=int, default=1, help="runs of each (median)")
    parser.add_argument("--assert", dest="judge", action="store_true", help="exit 1 over a bar")
    options = parser.parse_args()
    whole, alone = median(options.tree, (CHECK, ALONE + CHECK), options.runs)
    print(f"{'check of':24}{'CPU':>9}{'MiB':>7}")
    print(f"{'the whole tree':24}{whole.seconds:9.2f}{whole.memory:7.0f}")
    print(f"{'each file alone':24}{alone.seconds:9.2f}{alone.memory:7.0f}")
    ratio = whole.seconds / alone.seconds
    print(f"CPU: {ratio:.2f}x {'ok' if ratio <= BAR else 'missed'} (bar {BAR:.0f}x)")
    fits = whole.memory <= MOST_MEMORY
    print(f"memory: {whole.memory:.0f} MiB {'ok' if fits else 'missed'} (bar {MOST_MEMORY} MiB)")
    return 1 if options.judge and not (ratio <= BAR and fits) else 0


if __name__ == "__main__":
    sys.exit(main())
